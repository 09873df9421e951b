"""The package as others install it: what the wheel holds, and that it works far from the checkout, with what a rate needs and no more."""

import ast
import json
import os
import re
import stat
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from tradelib import extras
from tradelib.errors import ReportError, TradelibError
from tradelib.report import shipped, swap

ROOT = Path(__file__).parent.parent
PLACES = {"data": "tradelib/_data", "notebooks": "tradelib/_notebooks", "tradelib": "tradelib"}
CORE = {"arro3-core", "arro3-io", "numpy", "pandas", "platformdirs", "pyyaml"}

# Read by Python before anything else: what an empty machine, one without a network, or Windows has not.
ELSEWHERE = """
import importlib.machinery, os, signal, socket, sys

MISSING = set(os.environ.get("MISSING", "").split())
found = importlib.machinery.PathFinder.find_spec
importlib.machinery.PathFinder.find_spec = classmethod(
    lambda cls, name, path=None, target=None: None if name.partition(".")[0] in MISSING else found(name, path, target)
)

def refuse(*args, **named):
    raise OSError("there is no network")

if "network" in MISSING:
    socket.create_connection = socket.getaddrinfo = refuse
if "unix" in MISSING:
    import random, multiprocessing.util  # they would set themselves up for forks
    for module, names in {os: ["fork", "forkpty", "pwrite", "pread", "killpg", "setsid", "sched_getaffinity"],
                          signal: ["setitimer", "SIGALRM", "SIGHUP"]}.items():
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    MISSING.update(["fcntl", "grp", "resource", "termios"])
    sys.modules.pop("fcntl", None)
    class msvcrt:  # the locks of Windows, as far as they are asked for
        LK_NBLCK = 2
        @staticmethod
        def locking(handle, mode, size): pass
    sys.modules["msvcrt"] = msvcrt
    import builtins, io
    plainly, renamed = io.open, os.rename
    def opened(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
        if "b" not in mode:  # a code page, and two signs at the end of a line
            encoding = "cp1252" if encoding in (None, "locale") else encoding
            newline = "\\r\\n" if newline is None and "+" not in mode and not set(mode).isdisjoint("wax") else newline
        return plainly(file, mode, buffering, encoding, errors, newline, closefd, opener)
    def rename(one, other, **given):  # never over what is there
        if os.path.lexists(other):
            raise FileExistsError(17, "File exists", other)
        renamed(one, other, **given)
    io.open = builtins.open = opened
    os.rename = rename
    import tradelib.cli, tradelib.report.pool, tradelib.report.swap
    tradelib.cli._WINDOWS, tradelib.report.pool.CAN_FORK = True, False
    tradelib.report.swap._exchanging = lambda: None  # two names cannot be exchanged
"""
FIRST = """
import contextlib, io, json, sys
from tradelib.cli import main
told = []
for arguments in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    told.append([status, out.getvalue(), err.getvalue()])
sys.stdout.buffer.write(json.dumps(told).encode())
"""
# What a rate needs is always there; all else is taken away.
ALL_EXTRAS = " ".join(sorted({name for modules in extras.MODULES.values() for name in modules} | {"IPython", "nbclient", "yarl"}))
QUESTIONS = [
    ["status", "--as-of", "2025-06-09"],
    ["rate", "7326.90.8688", "--on", "2026-07-25"],
    ["rate", "1201.90", "--importer", "CN", "--on", "2025-06-09"],
    ["changes", "--from", "2025-05-11", "--to", "2025-05-15"],
    ["average", "--importer", "US", "--on", "2025-06-09", "--by", "section", "--format", "csv"],
    ["find", "lithium", "battery"],
    ["scenario", "truce_lapses"],
    ["price", "goods ü 中.csv", "--scenario", "truce_lapses", "--on", "2026-12-01"],
    ["data", "list"],
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("dist")), versions=["standard"])))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked wheel, read-only, in a folder with a space and letters of other scripts."""
    folder = tmp_path_factory.mktemp("else where ü 中") / "site packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)  # noqa: S202, our own
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    return folder


def run(folder: Path, questions: list[list[str]], work: Path, *, missing: str = "", **environment: str) -> list[list]:
    """(status, output, errors) of each question, asked of the package in a folder from another one."""
    start = work.parent / f"{work.name} start"
    start.mkdir(exist_ok=True)
    (start / "sitecustomize.py").write_text(ELSEWHERE, encoding="utf-8")
    work.mkdir(exist_ok=True)
    (work / "goods ü 中.csv").write_text("code,value_usd,Größe\n8507.60.0020,1000,中\n9503,5,ü\n", encoding="utf-8")
    held = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TRADELIB"))}
    paths = {"PYTHONPATH": os.pathsep.join([str(start), str(folder)]), "TRADELIB_DATA_HOME": str(work / "no home"), "MISSING": missing}
    environment = {**held, **paths, "PYTHONDONTWRITEBYTECODE": "1", **environment}
    command = [sys.executable, "-c", FIRST, json.dumps(questions)]
    answer = subprocess.run(command, cwd=work, env=environment, capture_output=True, check=False)
    assert answer.returncode == 0, answer.stderr.decode(errors="replace")[-2000:]
    return json.loads(answer.stdout)


def about(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def tracked() -> set[str]:
    listed = subprocess.run(["git", "ls-files", "-z", *PLACES], cwd=ROOT, capture_output=True, check=False)  # noqa: S607, as people call it
    if listed.returncode:
        pytest.skip("no checkout of git")
    return {name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).exists()}


def test_the_wheel_holds_code_data_and_notebooks_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == {PLACES[name.partition("/")[0]] + "/" + name.partition("/")[2] for name in tracked()}
    assert {"tradelib/py.typed", "tradelib/_notebooks/01_briefing.ipynb", "tradelib/_data/datapackage.json"} <= held


def test_the_sdist_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = next(SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "sdist", filter="data")
    (folder,) = (tmp_path / "sdist").iterdir()
    again = next(WheelBuilder(str(folder)).build(directory=str(tmp_path / "again"), versions=["standard"]))
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert {item.filename: item.CRC for item in one.infolist()} == {item.filename: item.CRC for item in other.infolist()}


def test_the_wheel_asks_for_what_a_rate_needs_and_names_the_extras(wheel: Path) -> None:
    held = about(wheel)
    always = {re.split(r"[<>=!~;\[ ]", text)[0].lower() for text in held.get_all("Requires-Dist", []) if "extra ==" not in text}
    assert always == CORE
    assert {"files", "report", "lab", "refresh", "all"} <= set(held.get_all("Provides-Extra", []))
    assert held["License-Expression"] == "MIT AND CC-BY-4.0"
    assert held.get_all("Project-URL") is None, "an address that is not known to be true must not be named"


def test_questions_are_answered_as_in_the_checkout_with_the_core_alone_elsewhere_read_only_and_offline(
    installed: Path, tmp_path: Path
) -> None:
    here = run(ROOT, QUESTIONS, tmp_path / "here")
    there = run(installed, QUESTIONS, tmp_path / "there", missing=f"{ALL_EXTRAS} network")
    assert [status for status, _, _ in there] == [0] * len(QUESTIONS)
    assert there == here
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == ["goods ü 中.csv"], "nothing was left behind"


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_answers_can_be_written_in_an_old_code_page(encoding: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tradelib", "status", "--as-of", "2025-06-09"]
    answer = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding}, capture_output=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert "exports +4.8%, imports -3.4% on a year earlier" in answer.stdout.decode(encoding)


@pytest.mark.parametrize(
    ("question", "extra"),
    [
        (["publish", "01_briefing"], "report"),
        (["run", "01_briefing", "--notebooks", "."], "report"),
        (["sweep", "01_briefing", "--as-of", "latest"], "report"),
        (["sweep", "averages", "--as-of", "latest"], "files"),
        (["refresh", "--due"], "refresh"),
        (["price", "goods.xlsx"], "files"),
        (["price", "goods ü 中.csv", "--output", "priced.parquet"], "files"),
        (["price", "goods ü 中.csv", "--output", "priced.xlsx"], "files"),
        (["data", "export", "--to", "xlsx", "all.xlsx"], "files"),
        (["data", "seal"], "files"),
    ],
)
def test_a_missing_extra_is_one_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, question: list[str], extra: str
) -> None:
    from tradelib import cli

    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    monkeypatch.setattr("tradelib.lawbook.same", lambda *_: False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "goods.xlsx").write_bytes(b"PK")
    (tmp_path / "goods ü 中.csv").write_text("code\n9503\n", encoding="utf-8")
    assert cli.main(question) == 2
    said = capsys.readouterr().err
    assert said.endswith(f': pip install "tradelib[{extra}]".\n')
    assert said.count("\n") == 1


def test_a_figure_without_its_extra_is_an_import_error_with_the_sentence(installed: Path, tmp_path: Path) -> None:
    code = "import tradelib.tariffs\ntry:\n    import tradelib.charts\nexcept ImportError as error:\n    print(type(error).__name__, error)"
    start = tmp_path / "start"
    start.mkdir()
    (start / "sitecustomize.py").write_text(ELSEWHERE, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(start), str(installed)]), "MISSING": ALL_EXTRAS}
    said = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    assert said.startswith("ExtraError Figures and reports need packages that are not installed (bs4, ipykernel,")
    assert said.endswith('pip install "tradelib[report]".\n')


def test_a_report_is_published_from_the_wheel_without_what_windows_lacks(installed: Path, tmp_path: Path) -> None:
    """And a list, tables, a sweep: with the bytes that they have here, in a folder that would end a text of Python or JSON."""
    publish = ["publish", "05_rare_earths", "--as-of", "2025-06-09", "--out", "the site"]
    smaller = [
        ["price", "goods ü 中.csv", "--on", "2025-06-09", "--output", "priced.csv"],
        ["data", "export", "--to", "csv", "--table", "deadlines", "tables"],
        ["sweep", "headline", "--as-of", "2025-06-09", "--out", "swept", "--workers", "1"],
    ]
    questions = [["notebooks", "copy", "my notebooks"], publish, [*publish, "--address", "https://example.org/"], *smaller]
    there, here = tmp_path / "Wörk 中\\new\\'U0\"", tmp_path / "here"
    for answer in [*run(installed, questions, there, missing="unix", PYTHONUTF8="0"), *run(ROOT, smaller, here)]:
        assert answer[0] == 0, answer
    assert len(list((there / "my notebooks").glob("*.ipynb"))) == len(list(shipped.folder().glob("*.ipynb")))
    page = there / "the site" / "reports" / "05_rare_earths" / "2025-06-09" / "index.html"
    assert "China mined 69" in page.read_text(encoding="utf-8")
    written = {path: path.read_bytes() for path in there.rglob("*") if path.is_file()}
    assert [path.name for path, held in written.items() if b"\r" in held and path.suffix not in (".ics", ".parquet", ".png")] == []
    for path in (path for name in ("priced.csv", "tables", "swept") for path in [here / name, *(here / name).rglob("*")] if path.is_file()):
        assert written[there / path.relative_to(here)] == path.read_bytes(), path.name


def test_notebooks_are_copied_whole_and_never_over_others(tmp_path: Path) -> None:
    made = shipped.copy(tmp_path / "own" / "notebooks")
    assert [path.read_bytes() for path in made] == [(shipped.folder() / path.name).read_bytes() for path in made]
    assert all(os.access(path, os.W_OK) for path in made)
    made[0].write_text("mine", encoding="utf-8")
    made[1].unlink()
    with pytest.raises(ReportError, match=r"holds 00_today\.ipynb, 02_truce\.ipynb, .* already; .* Nothing was copied\."):
        shipped.copy(tmp_path / "own" / "notebooks")
    assert made[0].read_text(encoding="utf-8") == "mine"
    assert not made[1].exists()
    (tmp_path / "file").touch()
    with pytest.raises(ReportError, match="cannot be copied to"):
        shipped.copy(tmp_path / "file" / "notebooks")


def test_notebooks_of_an_installed_package_are_not_run_in_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert shipped.own_folder() == ROOT / "notebooks"
    monkeypatch.setattr(shipped, "folder", lambda: tmp_path / "_notebooks")
    with pytest.raises(ReportError, match=r"`tradelib notebooks copy`, then `tradelib run --notebooks notebooks`"):
        shipped.own_folder()


def test_the_lock_of_a_site_lies_behind_its_words_on_windows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is locked there cannot be read by the run that wants to say who holds it."""
    places = []

    class Locks:
        LK_NBLCK = 2

        @staticmethod
        def locking(handle: int, _mode: int, size: int) -> None:
            places.append((os.lseek(handle, 0, os.SEEK_CUR), size))
            if len(places) > 1:
                raise OSError

    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", Locks)
    monkeypatch.delattr(os, "pwrite")
    with (
        swap.locked(tmp_path / "site"),
        pytest.raises(ReportError, match=rf"Another run \(process {os.getpid()}\)"),
        swap.locked(tmp_path / "site"),
    ):
        pass
    assert places == [(1024, 1), (1024, 1)]


def test_every_text_is_opened_with_its_encoding() -> None:
    """Elsewhere than on Unix it would be read in the code page of the machine."""
    found = []
    for path in sorted((ROOT / "tradelib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
            if not isinstance(node, ast.Call) or name not in ("read_text", "write_text", "open"):
                continue
            literals = [item.value for item in ast.walk(node) if isinstance(item, ast.Constant) and isinstance(item.value, str)]
            named = {keyword.arg for keyword in node.keywords}
            if "encoding" not in named and not any(re.fullmatch(r"[rwxa]\+?b\+?", item) for item in literals) and "buffering" not in named:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)[:60]}")
    assert [item for item in found if not re.search(r"os\.open\(|archive\.open\(", item)] == []


def test_what_has_not_been_run_has_the_right_form() -> None:
    text = (ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    container = json.loads(re.sub(r"^//.*$", "", text, flags=re.MULTILINE))
    assert container["postCreateCommand"].startswith("make .venv/.ready ")
    assert "Not run anywhere yet" in text
    binder = ROOT / "binder"
    assert "-r ../requirements.lock" in (binder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"python-3\.1[1-4]\n", (binder / "runtime.txt").read_text(encoding="utf-8"))
    assert os.access(binder / "postBuild", os.X_OK)
    assert subprocess.run(["bash", "-n", str(binder / "postBuild")], check=False).returncode == 0  # noqa: S607, as people call it


def test_a_report_needs_an_error_of_ours_for_what_is_missing() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extras, "find_spec", lambda _: None)
        with pytest.raises(TradelibError, match=r"packages that are not installed \(jupyterlab\): pip install \"tradelib\[lab\]\"\."):
            extras.need("lab")
