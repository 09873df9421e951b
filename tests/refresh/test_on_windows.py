"""Rows are appended on Windows too: there folders cannot be opened, files read alone not synced, and no process asked whether it lives."""

import errno
import fcntl
import os
from pathlib import Path

import pytest
from refresh_samples import Clock, at, base, clock, no_other_socket, statistic, where, world

from tradelib import catalogue
from tradelib.catalogue import home
from tradelib.refresh import append, lock
from tradelib.refresh.append import Addition, locked
from tradelib.refresh.errors import RefreshError
from tradelib.refresh.world import World

SERIES = "us_imports_from_china_usd"


class Windows:
    """The system as these modules meet it there."""

    name = "nt"

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)

    def open(self, path: Path, flags: int, *rest: int) -> int:
        if Path(path).is_dir():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return os.open(path, flags, *rest)

    def fsync(self, number: int) -> None:
        if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        os.fsync(number)

    def kill(self, process: int, signal: int) -> None:
        pytest.fail(f"signal {signal} to {process} would be Ctrl-C")


@pytest.fixture(autouse=True)
def on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (append, lock):
        monkeypatch.setattr(module, "os", Windows())


def test_rows_are_appended_one_after_another(world: World) -> None:
    for period, value in (("2026-08", "22000000000"), ("2026-09", "23000000000")):
        rows = [Addition("statistics", statistic(SERIES, f"{period}-01", value, "2026-11-04"), "0" * 64)]
        with locked(world):
            folder = append.write(world, rows, run=period, evidence={"statistics": world.today})
    assert folder == home.current(world.home, world.base)
    catalogue.verify(folder=folder)
    assert len(catalogue.load("statistics", folder=folder)) == 2


def test_the_lock_of_a_process_that_cannot_be_asked_counts_for_an_hour(world: World, clock: Clock) -> None:
    with locked(world):
        with pytest.raises(RefreshError, match="at work: process"), locked(world):
            pass
        left = (world.home / "lock").read_bytes()
    (world.home / "lock").write_bytes(left)
    clock.set("2026-11-29T15:01:00")
    with pytest.raises(RefreshError, match="at work: process"), locked(world):
        pass
    clock.set("2026-11-29T15:03:00")
    with locked(world):
        assert (world.home / "lock").read_bytes() != left
