"""Every command with streams and places that are not as they should be: one sentence, a status, and nothing of anybody else touched."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import REPOSITORY

from tradelib import cli

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each command runs in a fork of one that has imported everything")

# Every command, with arguments that give an answer; of those that take long, such as are refused before they begin.
COMMANDS: dict[str, list[str]] = {
    "": ["--help"],
    "status": ["status", "--as-of", "2025-06-09"],
    "changes": ["changes", "--from", "2025-05-11", "--to", "2025-05-15"],
    "rate": ["rate", "7326.90.8688", "--on", "2025-06-09"],
    "find": ["find", "lithium", "battery", "--as-of", "2025-06-09"],
    "average": ["average", "--on", "2025-06-09", "--by", "none"],
    "price": ["price", "goods.csv", "--on", "2025-06-09"],
    "scenario": ["scenario"],
    "publish": ["publish", "no_such"],
    "run": ["run", "no_such"],
    "sweep": ["sweep", "averages", "--as-of", "2017-01-01"],
    "notebooks copy": ["notebooks", "copy", "mine"],
    "data list": ["data", "list"],
    "data describe": ["data", "describe", "deadlines"],
    "data export": ["data", "export", "--to", "csv", "--table", "deadlines", "out"],
    "data verify": ["data", "cite", "families"],
    "data cite": ["data", "cite", "deadlines"],
    "data seal": ["data", "describe", "families"],
    "data annex": ["data", "annex", "s232_steel", "empty.txt", "--source", "A text"],
    "data sort": ["data", "sort", "no_such"],
    "refresh": ["refresh", "--due", "--on", "2026-11-01"],
}
ENDS = {"publish": 2, "run": 2, "sweep": 2, "data annex": 2, "data sort": 2, "refresh": 1}
# What these write must be new.
NEW = ("notebooks copy", "data export")
# With these every kind of stream is tried; with the others those that an answer is most likely to meet.
SEVERAL = ("", "changes", "rate", "scenario", "publish")
# Says what each answer was given to: a file, a pipe whose reader has left, a full disk, nothing at all, another encoding.
STREAMS = ["plain", "left", "full", "closed", "errors left", "errors full", "errors closed", "all closed", "cp1252", "gbk", "ascii"]

DRIVER = """
import contextlib, io, json, os, sys, traceback
from tradelib.cli import main

def left():
    read, write = os.pipe()
    os.close(read)
    return write

def child(arguments, how, place):
    out, err = (os.open(os.path.join(place, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for name in ("out", "err"))
    gone = []
    which, _, what = how.rpartition(" ")
    if what == "left":
        out, err = (out, left()) if which else (left(), err)
    if what == "full":
        out, err = (out, os.open("/dev/full", os.O_WRONLY)) if which else (os.open("/dev/full", os.O_WRONLY), err)
    os.dup2(out, 1)
    os.dup2(err, 2)
    if what == "closed":
        gone = {"": [1], "errors": [2], "all": [0, 1, 2]}[which]
    encoding = how if how in ("cp1252", "gbk", "ascii") else "utf-8"
    for number in gone:
        os.close(number)
    sys.stdin = sys.__stdin__ = None if 0 in gone else open(0, closefd=False)
    sys.stdout = sys.__stdout__ = None if 1 in gone else open(1, "w", encoding=encoding, closefd=False)
    sys.stderr = sys.__stderr__ = None if 2 in gone else open(2, "w", encoding=encoding, errors="backslashreplace", closefd=False)
    try:
        status = main(arguments)
        sys.stdout.flush()
    except SystemExit as end:
        status = end.code or 0
    except BaseException:
        with open(os.path.join(place, "trace"), "w") as file:
            traceback.print_exc(file=file)
        status = 99
    os._exit(status)

asked, first = map(json.loads, sys.argv[1:])
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    for arguments in first:
        with contextlib.suppress(SystemExit):
            main(arguments)  # what it reads is kept, and the forks have it

for number, (arguments, how) in enumerate(asked):
    place = os.path.abspath(f"said {number}")
    os.mkdir(place)
    process = os.fork()
    if not process:
        child(arguments, how, place)
    with open(os.path.join(place, "status"), "w") as file:
        file.write(str(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])))
"""


def drive(folder: Path, asked: list[tuple[list[str], str]], first: list[list[str]]) -> list[tuple[int, str, str]]:
    """(status, output, errors) of each command, given to streams of each kind, in one folder; the first are run to read what all read."""
    (folder / "goods.csv").write_text("code,value_usd\n8507.60.0020,1000\n", encoding="utf-8")
    (folder / "empty.txt").write_text("no code here\n", encoding="utf-8")
    held = {name: value for name, value in os.environ.items() if not name.startswith("TRADELIB")}
    held |= {"PYTHONPATH": str(REPOSITORY), "TRADELIB_DATA": "edition", "TRADELIB_DATA_HOME": str(folder / "home"), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", DRIVER, json.dumps(asked), json.dumps(first)]
    ended = subprocess.run(command, cwd=folder, env=held, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    answers = []
    for number in range(len(asked)):
        place = folder / f"said {number}"
        trace = (place / "trace").read_text(encoding="utf-8") if (place / "trace").exists() else ""
        assert trace == "", (asked[number], trace)
        encoding = asked[number][1] if asked[number][1] in ("cp1252", "gbk", "ascii") else "utf-8"
        out, err = ((place / name).read_text(encoding=encoding) for name in ("out", "err"))
        answers.append((int((place / "status").read_text(encoding="utf-8")), out, err))
    return answers


def parsers(parser: argparse.ArgumentParser, name: str = "") -> Iterator[str]:
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield name
    for action in below:
        for word, child in action.choices.items():
            yield from parsers(child, f"{name} {word}".strip())


def test_every_command_is_tried() -> None:
    assert set(parsers(cli._parser())) == set(COMMANDS) - {""}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[int, str, str]]:
    asked = [(name, how) for name in COMMANDS for how in (STREAMS if name in SEVERAL else STREAMS[:4])]
    folder = tmp_path_factory.mktemp("streams")
    given = [[*COMMANDS[name][:-1], f"{COMMANDS[name][-1]}-{how}"] if name in NEW else COMMANDS[name] for name, how in asked]
    told = drive(folder, list(zip(given, (how for _, how in asked), strict=True)), list(COMMANDS.values()))
    return dict(zip(asked, told, strict=True))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_reader_who_leaves_or_a_full_disk_ends_a_command_without_a_traceback(
    answers: dict[tuple[str, str], tuple[int, str, str]], name: str
) -> None:
    status, out, err = answers[name, "plain"]
    assert status == ENDS.get(name, 0), err
    assert bool(out) == (status != 2), (out, err)
    wrote = bool(out)
    assert answers[name, "left"][0] in ((0,) if wrote else (status,)), answers[name, "left"]
    assert answers[name, "left"][2] == ("" if wrote else err)
    for how, words in (("full", "No space left on device"), ("closed", "Bad file descriptor")):
        ended, _, said = answers[name, how]
        assert (ended, said) == ((1, f"tradelib: the answer cannot be written: {words}.\n") if wrote else (status, err)), how


@pytest.mark.parametrize("name", SEVERAL)
def test_that_nobody_can_be_told_of_the_work_does_not_end_it(answers: dict[tuple[str, str], tuple[int, str, str]], name: str) -> None:
    status, out, _ = answers[name, "plain"]
    for how in ("errors left", "errors full", "errors closed"):
        assert answers[name, how][:2] == (status, out), how
    assert answers[name, "all closed"][0] == (1 if out else status)


@pytest.mark.parametrize("encoding", ["cp1252", "gbk", "ascii"])
@pytest.mark.parametrize("name", SEVERAL)
def test_an_answer_is_whole_in_an_old_encoding(answers: dict[tuple[str, str], tuple[int, str, str]], name: str, encoding: str) -> None:
    status, out, err = answers[name, encoding]
    plain = answers[name, "plain"]
    assert status == plain[0]
    assert len(out.split()) >= len(plain[1].split()) * 0.9
    assert "Traceback" not in err
    assert err.count("\n") == plain[2].count("\n")


# A place that is none, after which command; `{file}` is a file, `{folder}` a folder that holds something, `{gone}` is not there.
PLACES = [
    ["publish", "01_briefing", "--out", "{file}"],
    ["publish", "01_briefing", "--out", "{file}/site"],
    ["publish", "01_briefing", "--out", "{folder}"],
    ["publish", "01_briefing", "--notebooks", "{file}"],
    ["publish", "01_briefing", "--notebooks", "{gone}"],
    ["run", "01_briefing", "--notebooks", "{file}"],
    ["notebooks", "copy", "{file}"],
    ["notebooks", "copy", "{file}/notebooks"],
    ["sweep", "averages", "--as-of", "2025-06-09", "-p", "importer=US", "--out", "{file}"],
    ["sweep", "averages", "--as-of", "2025-06-09", "-p", "importer=US", "--out", "{file}/sweep"],
    ["sweep", "averages", "--as-of", "2025-06-09", "-p", "importer=US", "--out", "{folder}"],
    ["price", "{folder}"],
    ["price", "{gone}"],
    ["price", "{gone}.csv"],
    ["price", "goods.csv", "--output", "{folder}"],
    ["price", "goods.csv", "--output", "{folder}.csv"],
    ["price", "goods.csv", "--output", "{file}/priced.csv"],
    ["price", "goods.csv", "--output", "{gone}/priced.csv"],
    ["scenario", "{folder}.yaml"],
    ["scenario", "{gone}.yaml"],
    ["average", "--weights", "{folder}.csv"],
    ["average", "--weights", "{gone}.csv"],
    ["data", "export", "--to", "csv", "{file}"],
    ["data", "export", "--to", "csv", "{folder}"],
    ["data", "export", "--to", "sqlite", "--table", "families", "{folder}"],
    ["data", "export", "--to", "sqlite", "--table", "families", "{file}/all.sqlite"],
    ["data", "annex", "s232_steel", "{gone}", "--source", "A text"],
    ["data", "annex", "s232_steel", "{folder}", "--source", "A text"],
    ["data", "annex", "s232_steel", "{bytes}", "--source", "A text"],
    ["refresh", "--from", "{file}"],
    ["refresh", "--from", "{gone}"],
]


@pytest.fixture(scope="module")
def in_place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[int, str, str]]]:
    folder = tmp_path_factory.mktemp("places")
    for name in ("folder", "folder.csv", "folder.yaml"):
        (folder / name).mkdir()
        (folder / name / "thesis.txt").write_text("years of work", encoding="utf-8")
    (folder / "file").write_text("here first", encoding="utf-8")
    (folder / "bytes").write_bytes(b"8507.60.00\xff\xfe")
    words = {name: str(folder / name) for name in ("file", "folder", "gone", "bytes")}
    asked = [([word.format(**words) for word in arguments], "plain") for arguments in PLACES]
    of_each = {tuple(arguments[: 2 if arguments[0] in ("data", "notebooks") else 1]): arguments for arguments, _ in asked}
    return folder, drive(folder, asked, [COMMANDS["price"], *of_each.values()])


@pytest.mark.parametrize("number", range(len(PLACES)), ids=[" ".join(arguments) for arguments in PLACES])
def test_a_place_that_is_none_is_refused_in_one_sentence(in_place: tuple[Path, list[tuple[int, str, str]]], number: int) -> None:
    status, out, err = in_place[1][number]
    assert status in (1, 2), (status, out, err)
    assert out == ""
    assert err.startswith("tradelib: "), err
    assert err.count("\n") == 1, err


def test_and_nothing_there_was_touched(in_place: tuple[Path, list[tuple[int, str, str]]]) -> None:
    folder = in_place[0]
    assert (folder / "file").read_text(encoding="utf-8") == "here first"
    for name in ("folder", "folder.csv", "folder.yaml"):
        assert [path.read_text(encoding="utf-8") for path in (folder / name).iterdir()] == ["years of work"]
    left = {path.name for path in folder.iterdir() if not path.name.startswith("said ")}
    assert left == {"bytes", "empty.txt", "file", "folder", "folder.csv", "folder.yaml", "goods.csv", "home"}
