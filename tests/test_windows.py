"""What another system makes of names, paths, texts and streams, as far as it can be tried here; see also tests/test_installed.py."""

import ast
import errno
import io
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from conftest import REPOSITORY

from tradelib import cli
from tradelib.report import pool, site
from tradelib.sweep import engines

# Below a folder of 100 signs a path may have 260.
LONGEST = 150
DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])( *\..*)?", re.IGNORECASE)
FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$')


def listed(*options: str) -> list[str]:
    asked = subprocess.run(["git", "ls-files", *options], cwd=REPOSITORY, capture_output=True, text=True, check=False)  # noqa: S607
    if asked.returncode:
        pytest.skip("no checkout of git")
    return asked.stdout.splitlines()


def names_that_fail(paths: list[str]) -> list[str]:
    """Those that Windows would refuse, change, or take for another."""
    seen = Counter(path.lower() for path in paths)
    return [
        path
        for path in paths
        if len(path) > LONGEST
        or seen[path.lower()] > 1
        or any(FORBIDDEN.search(part) or DEVICE.fullmatch(part) for part in path.split("/"))
    ]


def test_every_file_can_be_checked_out() -> None:
    assert names_that_fail(listed()) == []
    assert names_that_fail(["a/Con.csv", "b/x.", "c/d", "C/D", "e:f", "g/aux/h", "x" * 151, "i/console"]) == [
        "a/Con.csv", "b/x.", "c/d", "C/D", "e:f", "g/aux/h", "x" * 151,
    ]  # fmt: skip


def test_files_of_data_stand_in_one_order_whatever_letters_count() -> None:
    """Where the case of letters does not count, files are sorted otherwise."""
    paths = [name for name in listed("data", "notebooks", "tradelib") if Path(name).name not in ("ROWS", "SHA256SUMS")]
    assert [name for name in paths if name != name.lower()] == []


def test_every_text_is_checked_out_with_line_feeds() -> None:
    """Whatever `core.autocrlf` says: the bytes are those that were recorded."""
    attributes = {re.split(r"\s+", line, maxsplit=2)[2].partition("\t")[0].strip() for line in listed("--eol")}
    assert {word for word in attributes if "eol=lf" not in word.split()} <= {"attr/-text"}, attributes


def test_every_text_is_written_with_its_line_ends() -> None:
    """As bytes, or with `newline`: else a line would end in two signs."""
    found = []
    for path in sorted((REPOSITORY / "tradelib").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if re.search("open[(]|write_text", source) else ():
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            modes = [item.value for item in ast.walk(node) if isinstance(item, ast.Constant) and isinstance(item.value, str)]
            writes = name == "write_text" or (name in ("open", "fdopen") and any(re.fullmatch("[wax][+t]*", mode) for mode in modes))
            if writes and not {"newline", "closefd"} & {keyword.arg for keyword in node.keywords}:
                found.append(f"{path.relative_to(REPOSITORY)}:{node.lineno}")
    assert found == []


@pytest.mark.parametrize(
    "values",
    [
        {"code": "8507.60."},
        {"word": "..."},
        {"file": "C:\\Users\\ü\\own.csv"},
        {"word": "x" * 80 + "." * 9},
        {"word": "a:b"},
        {"word": "aux"},
    ],
)
def test_the_folder_of_a_page_is_one_that_every_system_keeps(values: dict[str, str]) -> None:
    slug = site.slug("2025-06-09", values)
    assert names_that_fail([slug]) == []
    assert slug != site.slug("2025-06-09", {name: value.rstrip(".") for name, value in values.items()}) or not slug.endswith(".")


def test_no_more_processes_than_can_be_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 96)
    assert (pool.at_once(None), pool.at_once(200), engines.Pool().workers) == (96, 200, 96)
    monkeypatch.setattr(pool, "_MOST", 61)
    assert (pool.at_once(None), pool.at_once(200), pool.at_once(2), engines.Pool(200).workers) == (61, 61, 2, 61)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert pool.at_once(None) == 1


class Broken(io.RawIOBase):
    """A pipe of Windows whose reader has left."""

    def __init__(self, number: int) -> None:
        self._number, self.has_left = number, True

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def write(self, content: bytes) -> int:
        if self.has_left:
            raise OSError(errno.EINVAL, "Invalid argument")
        return len(content)


def test_a_reader_of_a_pipe_who_leaves_is_no_fault_on_windows(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = ["data", "describe", "families"]
    monkeypatch.setattr(cli, "_WINDOWS", True)
    with (tmp_path / "pipe").open("wb") as file, monkeypatch.context() as patched:
        pipe = Broken(file.fileno())
        patched.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(pipe), encoding="utf-8"))
        assert cli.main(asked) == 0
        pipe.has_left = False  # it leads nowhere now
    assert capfd.readouterr().err == ""


def test_what_is_wrong_elsewhere_is_not_taken_for_a_reader_who_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_arguments: object) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(cli, "_WINDOWS", True)
    monkeypatch.setattr(cli, "_run", fails)
    with pytest.raises(OSError, match="Invalid argument"):
        cli.main([])
