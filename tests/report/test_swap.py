"""A folder that is replaced whole or not at all: swaps, locks, and what stands in the way."""

import ctypes
import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from report_samples import environment, names, tree
from test_site import days_of, of_four, page, publish

from tradelib.errors import ReportError
from tradelib.report import site, swap


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return of_four(tmp_path / "site")


def test_a_failure_before_the_swap_leaves_the_site_as_it_was(target: Path) -> None:
    before = tree(target)
    with pytest.raises(KeyboardInterrupt):
        publish(target, page("2025-11-10"), interrupted=True)
    assert tree(target) == before
    assert names(target.parent) == ["site"]


def test_a_failing_swap_puts_the_old_site_back(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swap, "_exchange", lambda *_: False)
    before, rename = tree(target), Path.rename

    def refuse(path: Path, to: Path) -> Path:
        if path.name == ".site.staging":
            raise OSError(28, "No space left on device")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ReportError, match=r"site could not be written: No space left on device\. The site is as it was"):
        publish(target, page("2025-11-10"))
    assert tree(target) == before
    assert names(target.parent) == ["site"]


def test_a_swap_that_was_killed_half_way_is_undone_by_the_next_run(target: Path) -> None:
    before = tree(target)
    target.rename(target.with_name(".site.previous"))
    (target.with_name(".site.staging") / "reports").mkdir(parents=True)
    (target.with_name(".site.staging") / swap.MARKER).touch()
    with swap.locked(target):
        assert tree(target) == before
        assert names(target.parent) == [".site.lock", "site"]


def test_two_runs_at_once_are_refused_and_the_first_goes_on(target: Path) -> None:
    with swap.locked(target):
        with (
            pytest.raises(ReportError, match=rf"Another run \(process {os.getpid()}\) is publishing to site"),
            swap.locked(target),
        ):
            pass
        with pytest.raises(ReportError, match="Another run"), swap.locked(target):
            pass
    with swap.locked(target):
        pass
    assert names(target.parent) == ["site"]


def test_the_lock_of_a_dead_process_is_taken_over(target: Path) -> None:
    code = "import os, sys\nfrom pathlib import Path\nfrom tradelib.report import swap\n"
    code += "with swap.locked(Path(sys.argv[1])): os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code, str(target)], check=False, env=environment()).returncode == 9
    assert target.with_name(".site.lock").exists()
    with swap.locked(target):
        pass
    assert names(target.parent) == ["site"]


SWAPS = int(os.environ.get("SWAPS", "20"))


def test_a_reader_finds_every_page_at_every_moment_of_many_swaps(target: Path) -> None:
    """`SWAPS=300 python -m pytest tests/report/test_swap.py` swaps that often."""
    if not exchanges(target.parent):
        pytest.skip("two names cannot be exchanged here; for a moment between two renames there is no page")
    pages, missed, reads, ended = list(target.rglob("*.html")), [], [], threading.Event()

    def read() -> None:
        while not ended.is_set():
            for path in pages:
                try:
                    reads.append(len(path.read_bytes()) > 0)
                except OSError as error:
                    missed.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(SWAPS):
        with swap.locked(target), swap.staged(target) as folder:
            (folder / "number.txt").write_text(str(number), encoding="utf-8")
    ended.set()
    reader.join()
    assert missed == []
    assert all(reads)
    assert len(reads) > SWAPS
    assert (target / "number.txt").read_text(encoding="utf-8") == str(SWAPS - 1)
    assert names(target.parent) == ["site"]


def exchanges(folder: Path) -> bool:
    one, other = folder / "one", folder / "other"
    for path in (one, other):
        path.mkdir()
    try:
        return swap._exchange(one, other)
    finally:
        one.rmdir()
        other.rmdir()


def test_where_names_cannot_be_exchanged_the_site_is_moved_away_first(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swap, "_exchanging", lambda: None)
    publish(target, page("2025-11-10"))
    assert days_of(target, "2025-06-09")[0] == "10 November 2025"
    assert names(target.parent) == ["site"]


@pytest.mark.parametrize("number", ["EINVAL", "EACCES"])
def test_an_exchange_that_is_unknown_is_none_and_one_that_fails_is_told(target: Path, monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    def fails(*_: bytes) -> int:
        ctypes.set_errno(getattr(errno, number))
        return -1

    monkeypatch.setattr(swap, "_exchanging", lambda: fails)
    before = tree(target)
    if number == "EINVAL":
        publish(target, page("2025-11-10"))
        assert tree(target) != before
    else:
        with pytest.raises(ReportError, match=r"site could not be written: Permission denied\. The site is as it was"):
            publish(target, page("2025-11-10"))
        assert tree(target) == before
    assert names(target.parent) == ["site"]


def as_file(path: Path, _other: Path) -> None:
    path.write_text("years of work", encoding="utf-8")


def as_folder(path: Path, _other: Path) -> None:
    path.mkdir()
    (path / "thesis.txt").write_text("years of work", encoding="utf-8")


def as_link(path: Path, other: Path) -> None:
    path.symlink_to(other)


def as_hard_link(path: Path, other: Path) -> None:
    path.hardlink_to(other / "of.txt")


def as_broken_link(path: Path, _other: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize(
    ("name", "put"),
    [
        *((f".site.{name}", put) for name in ("lock", "staging", "previous")
          for put in (as_file, as_folder, as_link, as_hard_link, as_broken_link)),
        *(("site", put) for put in (as_file, as_folder, as_hard_link)),
        *((f"site/{site.MARKER}", put) for put in (as_folder, as_link, as_broken_link)),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_is_named_and_left_alone(tmp_path: Path, name: str, put: Callable[[Path, Path], None]) -> None:
    (tmp_path / "another").mkdir()
    (tmp_path / "another" / "of.txt").write_text("another's", encoding="utf-8")
    (tmp_path / "site").mkdir()
    if name == "site":
        (tmp_path / "site").rmdir()
    put(tmp_path / name, tmp_path / "another")
    before = {path: (os.lstat(path).st_mode, path.is_file() and path.read_bytes()) for path in tmp_path.rglob("*")}
    with pytest.raises(ReportError) as caught:
        publish(tmp_path / "site", page("2025-06-09"))
    said = str(caught.value)
    assert "name another folder" in said or "name an empty or a new folder" in said, said
    assert "\n" not in said
    if name.startswith("."):
        assert name in said
    assert {path: (os.lstat(path).st_mode, path.is_file() and path.read_bytes()) for path in tmp_path.rglob("*")} == before


def test_a_link_in_a_site_is_never_written_through(target: Path, tmp_path: Path) -> None:
    (tmp_path / "another.html").write_text("another's", encoding="utf-8")
    (target / "index.html").unlink()
    (target / "index.html").symlink_to(tmp_path / "another.html")
    with pytest.raises(ReportError, match=r"site could not be written: index\.html in it is a link\. The site is as it was"):
        publish(target, page("2025-11-10"))
    assert (tmp_path / "another.html").read_text(encoding="utf-8") == "another's"
    assert names(tmp_path) == ["another.html", "site"]


def test_a_link_to_a_site_is_followed_and_stays_a_link(target: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(target)
    found = site.check_target(tmp_path / "link")
    with swap.locked(found), swap.staged(found) as folder:
        site.write_page(folder, page("2025-11-10"))
        site.assemble(folder)
    assert (tmp_path / "link").is_symlink()
    assert (target / "reports" / "01_briefing" / "2025-11-10" / "index.html").is_file()
