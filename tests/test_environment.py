"""The files that say what to install agree with one another."""

import re
import tomllib
from collections.abc import Iterable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tradelib import extras

ROOT = Path(__file__).parent.parent

# What conda-forge calls otherwise, or what is there only because conda needs it named.
CONDA_NAMES = {"matplotlib-base": "matplotlib"}
CONDA_OWN = {"python", "pip"}

HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
PIN = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;]+)(?:\s*;\s*(?P<marker>.+))?")
ADDRESS = re.compile(
    r"://|--(?:extra-)?index-url|--find-links|--trusted-host|\s@\s|file:"  # an index, a link, a direct reference
    r"|^-[a-z]\s|(?<![A-Za-z0-9])/|[A-Za-z]:\\",  # an option of pip, a path
    re.MULTILINE,
)


def read_project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def bounds(requirements: Iterable[str]) -> dict[str, frozenset[str]]:
    """Bounds of each package, by normalised name; a package named twice is an error."""
    found: dict[str, frozenset[str]] = {}
    for text in requirements:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        assert name not in found, f"{name} is named twice"
        found[name] = frozenset(str(part) for part in requirement.specifier)
    return found


def project_requirements(*extras: str) -> list[str]:
    """Requirements of the package with some extras, each once; an extra may name others."""
    project = read_project()["project"]
    found = list(project["dependencies"])
    for extra in extras:
        for text in project["optional-dependencies"][extra]:
            requirement = Requirement(text)
            found += project_requirements(*sorted(requirement.extras)) if requirement.name == project["name"] else [text]
    return list(dict.fromkeys(found))


def locked_requirements() -> list[str]:
    """What the lock has to hold: what runs, the tests, and what builds the package."""
    return project_requirements("all", "test") + read_project()["dependency-groups"]["build"]


def conda_requirements(environment: dict) -> list[str]:
    specs = [spec for spec in environment["dependencies"] if isinstance(spec, str)]
    parts = [re.fullmatch(r"(?P<name>[A-Za-z0-9._-]+)(?P<bounds>.*)", spec) for spec in specs]
    return [CONDA_NAMES.get(part["name"], part["name"]) + part["bounds"] for part in parts if part["name"] not in CONDA_OWN]


def differences(left: Iterable[str], right: Iterable[str]) -> list[str]:
    """One line for each package that only one side names, or that the sides bound differently."""
    ours, theirs = bounds(left), bounds(right)
    return [
        f"{name}: {sorted(ours.get(name, ['missing']))} / {sorted(theirs.get(name, ['missing']))}"
        for name in sorted(ours.keys() | theirs.keys())
        if ours.get(name) != theirs.get(name)
    ]


def lock_faults(lock: str, requirements: Iterable[str]) -> list[str]:
    """One line for each thing wrong with a lock: a package missing, without hash or out of bounds, an address, a path."""
    faults = [f"address or path: {match.group()!r}" for match in ADDRESS.finditer(lock)]
    body = "\n".join(line for line in lock.splitlines() if not line.lstrip().startswith("#"))
    pins: dict[str, list[re.Match]] = {}
    for entry in filter(None, (part.strip() for part in re.split(r"\n(?=\S)", body.replace("\\\n", " ")))):
        pin = PIN.fullmatch(HASH.sub("", entry).strip())
        if pin is None:
            faults.append(f"not a pin: {entry[:60]}")
            continue
        if not HASH.search(entry):
            faults.append(f"{pin['name']}: no hash")
        pins.setdefault(canonicalize_name(pin["name"]), []).append(pin)
    for requirement in map(Requirement, requirements):
        found = pins.get(canonicalize_name(requirement.name), [])
        if not found:
            faults.append(f"{requirement.name}: missing")
        if len(found) == 1 and found[0]["marker"] and requirement.marker is None:
            faults.append(f"{requirement.name}: only where {found[0]['marker']}")
        versions = [Version(pin["version"]) for pin in found]
        faults += [f"{requirement.name}: {each} is not {requirement.specifier}" for each in versions if each not in requirement.specifier]
    return faults


def test_environment_names_the_packages_and_bounds_of_the_project() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert differences(project_requirements("all", "test"), conda_requirements(environment)) == []


def test_environment_has_the_python_of_the_project_and_installs_the_package_itself() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert "python" + read_project()["project"]["requires-python"] in environment["dependencies"]
    assert [spec for spec in environment["dependencies"] if isinstance(spec, dict)] == [{"pip": ["-e ."]}]
    assert environment["channels"] == ["conda-forge"]


@pytest.mark.parametrize(
    ("left", "right", "named"),
    [
        (["pandas>=3.0,<4"], ["pandas>=3.0"], "pandas"),
        (["pandas>=3.0,<4", "tqdm"], ["pandas>=3.0,<4"], "tqdm"),
        (["pandas>=3.0,<4"], ["pandas>=3.0,<4", "tqdm"], "tqdm"),
        (["Jinja2>=3.1"], ["jinja2>=3.0"], "jinja2"),
    ],
)
def test_differences_names_the_package_that_differs(left: list[str], right: list[str], named: str) -> None:
    found = differences(left, right)
    assert len(found) == 1
    assert found[0].startswith(f"{named}:")


def test_differences_ignores_order_and_spelling() -> None:
    assert differences(["Jinja2>=3.1", "pandas<4,>=3.0"], ["pandas>=3.0,<4", "jinja2 >= 3.1"]) == []


def test_lock_holds_every_requirement_with_hashes_within_bounds_and_no_address() -> None:
    assert lock_faults((ROOT / "requirements.lock").read_text(encoding="utf-8"), locked_requirements()) == []


@pytest.mark.parametrize("group", ["browser", "docs", "tools", "types"])
def test_the_lock_of_a_group_is_as_good_and_agrees_with_the_other(group: str) -> None:
    small, large = ((ROOT / name).read_text(encoding="utf-8") for name in (f"requirements-{group}.lock", "requirements.lock"))
    assert lock_faults(small, read_project()["dependency-groups"][group]) == []
    pins = [{match["name"]: match["version"] for match in PIN.finditer(lock)} for lock in (small, large)]
    assert {name: version for name, version in pins[0].items() if pins[1].get(name, version) != version} == {}


GOOD_LOCK = f"""\
pandas==3.1.1 \\
    --hash=sha256:{"a" * 64} \\
    --hash=sha256:{"b" * 64}
    # via tradelib (pyproject.toml)
pywinpty==3.1.2 ; os_name == 'nt' \\
    --hash=sha256:{"c" * 64}
    # via
    #   jupyter-server
    #   terminado
"""


def test_lock_faults_finds_nothing_in_a_good_lock() -> None:
    assert lock_faults(GOOD_LOCK, ["pandas>=3.0,<4"]) == []


@pytest.mark.parametrize(
    ("lock", "requirements", "fault"),
    [
        (GOOD_LOCK, ["pandas>=3.0,<4", "tqdm>=4"], "tqdm: missing"),
        (GOOD_LOCK, ["pandas>=4"], "pandas: 3.1.1 is not >=4"),
        (GOOD_LOCK, ["pywinpty>=3"], "pywinpty: only where os_name == 'nt'"),
        (GOOD_LOCK + "tqdm==4.70.1\n", [], "tqdm: no hash"),
        (GOOD_LOCK + f"tqdm>=4 --hash=sha256:{'d' * 64}\n", [], "not a pin: tqdm>=4"),
        ("--index-url https://packages.example/simple\n" + GOOD_LOCK, [], "address or path: '--index-url'"),
        ("# made by uv pip compile --output-file /home/someone/requirements.lock\n" + GOOD_LOCK, [], "address or path: '/'"),
        (GOOD_LOCK + f"tqdm @ file:///wheels/tqdm.whl --hash=sha256:{'d' * 64}\n", [], "address or path: ' @ '"),
    ],
)
def test_lock_faults_names_what_is_wrong(lock: str, requirements: list[str], fault: str) -> None:
    assert any(found.startswith(fault) for found in lock_faults(lock, requirements))


# Modules that are called otherwise than what brings them.
MODULES = {"beautifulsoup4": "bs4"}


def test_the_modules_that_are_looked_for_are_those_of_the_extras() -> None:
    declared = read_project()["project"]["optional-dependencies"]
    for extra, modules in extras.MODULES.items():
        if extra != extras.DUCKDB:
            named = [Requirement(text).name for text in declared[extra]]
            assert sorted(MODULES.get(name, name) for name in named if name != "tradelib") == sorted(modules), extra
    assert set(extras.MODULES) - {extras.DUCKDB} == set(declared) - {"all", "test", "dev"}
    (everything,) = map(Requirement, declared["all"])
    assert project_requirements(*sorted(everything.extras)) == project_requirements(*sorted(set(extras.MODULES) - {extras.DUCKDB}))


def test_the_list_of_licences_follows_the_lock_and_the_metadata() -> None:
    """A version that is not installed here is said to be so where the list was made, or has the licence found there."""
    found = spec_from_file_location("licences", ROOT / "tools" / "licences.py")
    assert found is not None
    assert found.loader is not None
    licences = module_from_spec(found)
    found.loader.exec_module(licences)
    text = (ROOT / "LICENSES.md").read_text(encoding="utf-8")
    assert text.startswith(licences.HEAD)
    held = [line.strip("| ").replace("**", "").split(" | ") for line in text.removeprefix(licences.HEAD).splitlines()]
    made = [line.strip("| \n").replace("**", "").split(" | ") for line in licences.lines()]
    assert [row[:2] for row in held] == [list(row) for row in licences.locked()] == [row[:2] for row in made]
    assert [row for row, now in zip(held, made, strict=True) if licences.MISSING not in (row[2], now[2]) and row != now] == []
    assert sum(row[2] == licences.MISSING for row in held) < len(held) / 5


def test_what_is_promised_names_no_address_that_is_not_ours_and_the_files_it_leads_to_are_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert not re.search(r"[\w.]+@[\w.]+|https?://", text)
    named = re.findall(r"`([\w.-]+(?:/[\w.-]*)+|\w+\.md)`", text)
    assert {"data/SHA256SUMS", "LICENSES.md", ".github/workflows/ci.yml"} <= set(named)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_build_backend_is_locked_as_the_project_asks_for_it() -> None:
    project = read_project()
    assert set(project["build-system"]["requires"]) <= set(project["dependency-groups"]["build"])


def test_version_is_the_same_in_the_citation_and_the_changelog() -> None:
    version = read_project()["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert citation["version"] == version
    assert f"## [{version}] - {citation['date-released'].isoformat()}" in changelog


def test_edition_and_release_are_the_same_wherever_they_stand() -> None:
    """The recipe of a new edition in CONTRIBUTING, steps 1 to 4."""
    import json
    from datetime import date

    import tradelib

    version = read_project()["project"]["version"]
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    edition = version.rpartition(".")[0]
    through = date.fromisoformat(package["tradelib:evidence_through"])
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert tradelib.__version__ == version
    assert (package["tradelib:edition"], package["version"]) == (edition, version)
    assert f"edition {edition}." in package["tradelib:cite"]
    assert (f"Edition {edition}" in readme) == ("Edition 20" in readme)
    assert "evidence ends on" not in readme or f"evidence ends on {through.day} {through:%B %Y}" in readme
