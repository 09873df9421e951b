"""Faults at the worst moment: whatever happens to a run, the site of before is there afterwards, byte by byte, and whole."""

import errno
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from report_samples import environment, names, running, tree, two_reports, until, write_report

from tradelib.days import parse_day
from tradelib.errors import ReportError
from tradelib.report import publish as publishing
from tradelib.report import swap
from tradelib.report.page_checks import broken_links

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals that Windows does not have")

# A run that stops at a stage, says so in a file, and waits to be killed.
RUN = """\
import sys, time
from pathlib import Path
from tradelib.days import parse_day
from tradelib.report import publish, site, swap

def wait(*_, **__):
    Path(sys.argv[4]).touch()
    time.sleep(3600)

def halfway(folder, target):
    target.rename(swap.beside(target, "previous"))
    wait()

def swapped(folder, target):
    real(folder, target)
    wait()

real = swap._swap
stages = {
    "a cell runs": lambda: None,
    "pages are put together": lambda: setattr(publish, "site_page", wait),
    "pages are written": lambda: setattr(site, "write_page", wait),
    "links are made": lambda: setattr(site, "assemble", wait),
    "the old site is moved away": lambda: setattr(swap, "_swap", halfway),
    "the new site is in place": lambda: setattr(swap, "_swap", swapped),
}
if __name__ == "__main__":
    stages[sys.argv[3]]()
    publish.publish([], days=["2025-06-10"], out=sys.argv[1], notebooks_dir=sys.argv[2], resolve_as_of=parse_day)
"""
STAGES = [
    "a cell runs",
    "pages are put together",
    "pages are written",
    "links are made",
    "the old site is moved away",
    "the new site is in place",
]


def publish(out: Path, notebooks: Path, *, days: tuple[str, ...] = ("2025-06-09",), **options: Any) -> Any:
    return publishing.publish(
        [], days=days, out=out, notebooks_dir=notebooks, resolve_as_of=parse_day, **{"stream": io.StringIO(), **options}
    )


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A site of two pages and its notebooks."""
    folder = tmp_path_factory.mktemp("faults")
    notebooks = two_reports(folder / "notebooks")
    publish(folder / "site", notebooks)
    return folder / "site", notebooks


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_that_is_killed_leaves_the_old_site_or_the_new_one_whole(published: tuple[Path, Path], tmp_path: Path, stage: str) -> None:
    place = shutil.copytree(published[0].parent, tmp_path / "place")  # one stage leaves the new pages, and another then had none to make
    old, notebooks = place / published[0].name, place / published[1].name
    before, reached = tree(old), tmp_path / "reached"
    if stage == "a cell runs":
        notebooks = two_reports(tmp_path / "notebooks")
        write_report(notebooks, extra=f"import os, time\nopen({str(reached)!r}, 'w').write(str(os.getpid()))\ntime.sleep(3600)")
    (tmp_path / "run.py").write_text(RUN)
    run = subprocess.Popen(
        [sys.executable, str(tmp_path / "run.py"), str(old), str(notebooks), stage, str(reached)],
        stderr=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    until(lambda: run.poll() is not None or reached.exists())
    assert run.poll() is None
    run.send_signal(signal.SIGKILL)
    run.wait()
    if stage == "a cell runs":
        kernel = int(reached.read_text() or 0)
        until(lambda: not running(kernel))
    with swap.locked(old):  # the next run puts back what the killed one had moved
        pass
    if stage == "the new site is in place":
        assert before.keys() < tree(old).keys()
        assert broken_links(old) == []
        for folder in old.glob("reports/*/2025-06-10"):
            assert (folder / "build.json").is_file()
    else:
        assert tree(old) == before
    assert names(old.parent) == ["notebooks", "site"]


def test_a_full_disk_leaves_the_old_site_and_is_told_in_a_sentence(published: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    old, notebooks = published
    before, write, written = tree(old), Path.write_bytes, []

    def on_a_full_disk(path: Path, content: bytes) -> int:
        written.append(path)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", on_a_full_disk)
    with pytest.raises(ReportError, match=r"could not be written: No space left on device\. The site is as it was; make room"):
        publish(old, notebooks, days=("2025-06-11",))
    monkeypatch.undo()
    assert tree(old) == before
    assert names(old.parent) == ["notebooks", "site"]


def test_a_disk_that_is_really_full_leaves_the_old_site(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount, unmount = (shutil.which(name) or name for name in ("mount", "umount"))
    mounted = (
        sys.platform == "linux"
        and os.geteuid() == 0
        and not subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(small)], check=False, capture_output=True).returncode
    )
    if not mounted:
        pytest.skip("a small file system cannot be mounted here; the full disk is tried with an error in its place")
    try:
        notebooks = two_reports(tmp_path / "notebooks")
        publish(small / "site", notebooks)
        before = tree(small / "site")
        write_report(notebooks, "03_large", extra="print('x' * 900_000)")
        with pytest.raises(ReportError, match="No space left on device"):
            publish(small / "site", notebooks)
        assert tree(small / "site") == before
        assert names(small) == ["site"]
    finally:
        subprocess.run([unmount, str(small)], check=True)


def test_a_cell_that_hangs_is_stopped_named_and_leaves_the_old_site(published: tuple[Path, Path], tmp_path: Path) -> None:
    old, _ = published
    before = tree(old)
    notebooks = two_reports(tmp_path / "notebooks")
    pid = tmp_path / "pid"
    write_report(notebooks, "02_duties", extra=f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(3600)")
    with pytest.raises(ReportError, match=r"02_duties with as_of=2025-06-12.* was stopped because a cell took longer than 3 seconds"):
        publish(old, notebooks, days=("2025-06-12",), timeout=3)
    until(lambda: not running(int(pid.read_text())))
    assert tree(old) == before
    shutil.rmtree(old.with_name("site.failed"))  # the copy to look at; other tests of the module list this folder


def test_two_folders_and_times_give_the_same_bytes(tmp_path: Path) -> None:
    trees = []
    for name in ("one", "another place"):
        folder = tmp_path / name
        folder.mkdir()
        publish(folder / "site", two_reports(folder / "notebooks"))
        trees.append(tree(folder / "site"))
        time.sleep(1.1)  # so that no second is the same
    assert trees[0] == trees[1]
