"""What others may build on: the names of `tradelib.__all__`, those of its subjects, and what README says of them."""

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import tradelib

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
SECTION = README.split("## As a library\n")[1].split("\n## ")[0]
ROWS = [re.split(r"(?<!\\) ?\| ?", line)[1:-1] for line in SECTION.splitlines() if line.startswith("| `")]
SUBJECTS = {name: item for name in tradelib.__all__ if isinstance(item := getattr(tradelib, name), ModuleType)}


def named(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_the_table_of_readme_is_the_contract() -> None:
    assert sorted(name for row in ROWS for name in named(row[0])) == sorted(tradelib.__all__)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_readme_names_of_a_subject_is_public(row: list[str]) -> None:
    subjects = [SUBJECTS[name] for name in named(row[0]) if name in SUBJECTS]
    if subjects:
        assert set(named(row[1])) <= {name for subject in subjects for name in subject.__all__}


def test_every_name_with_its_subject_in_readme_is_public() -> None:
    found = set(re.findall(rf"`({'|'.join(SUBJECTS)})\.(\w+)[`(]", README))
    assert len(found) > 10
    assert {f"{subject}.{name}" for subject, name in found if name not in SUBJECTS[subject].__all__} == set()


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_subject_lists_what_it_offers(name: str) -> None:
    """Each name is there, once and in order; functions and classes say what they are."""
    subject = importlib.import_module(f"tradelib.{name}")
    assert subject.__all__ == sorted(subject.__all__, key=lambda word: (not word.isupper(), word))
    assert len(set(subject.__all__)) == len(subject.__all__)
    told = [getattr(subject, word) for word in subject.__all__]
    assert [item for item in told if (inspect.isfunction(item) or inspect.isclass(item)) and not item.__doc__] == []


def test_the_example_of_readme_gives_what_it_says() -> None:
    lines = re.findall(r"^(tradelib\.\S.*?)  # ([\d.]+):", SECTION.split("```python\n")[1], flags=re.MULTILINE)
    assert len(lines) == 3
    for call, value in lines:
        assert eval(call, {"tradelib": tradelib}) == pytest.approx(float(value)), call  # noqa: S307, our own README


def test_importing_the_package_imports_nothing_heavy_and_offers_every_name() -> None:
    code = (
        "import sys, tradelib\n"
        "assert not {'numpy', 'pandas', 'yaml', 'tradelib.errors'} & set(sys.modules), sorted(sys.modules)\n"
        "assert set(tradelib.__all__) <= set(dir(tradelib))\n"
        "tradelib.DayError\n"
        "assert 'pandas' not in sys.modules\n"
        "from tradelib import *\n"
        "assert tariffs.IMPORTERS == ('US', 'CN')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_name_that_is_not_offered_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'tarifs'"):
        tradelib.tarifs  # noqa: B018
    assert not hasattr(tradelib, "pandas")
