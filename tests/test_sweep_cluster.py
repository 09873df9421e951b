"""Sweeps on Dask: a scheduler and workers started from the shell, one of them killed on the way; who is refused."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tradelib import sweep
from tradelib.errors import SweepError
from tradelib.sweep import cluster, identity

distributed = pytest.importorskip("distributed")
ASKED: dict[str, Any] = {"as_of": "2025-03-31,2025-04-09,2025-05-09..2025-05-12", "parameters": {"importer": "US,CN"}}
ROOT = Path(__file__).parents[1]


def started(*words: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:], "--no-dashboard"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """Address of a scheduler with two workers of one thread, and these, without the nanny that would start them anew."""
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    running = [started("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))]
    try:
        running += [
            started(
                "worker",
                "--scheduler-file",
                str(file),
                "--nthreads",
                "1",
                "--no-nanny",
                "--host",
                "127.0.0.1",
                "--local-directory",
                str(file.parent),
            )
            for _ in range(2)
        ]
        until(file.is_file)
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        with distributed.Client(address, timeout=90, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=90)
        yield address, running[1:]
    finally:
        for process in running[::-1]:
            process.kill()
            process.wait()


def until(condition: Any) -> None:
    for _ in range(1800):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it did not come to pass")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_worker_of_another_edition_or_with_threads_is_refused(scheduler: Any, tmp_path: Path) -> None:
    address, _ = scheduler
    held = identity.of_calculations()
    with pytest.raises(SweepError, match=r"The worker tcp://\S+ has another edition of the data \(\S+ in place of 2031.01\)"):
        cluster.Cluster(address, expected=held | {"edition": "2031.01"}, describe=identity.of_calculations)
    with pytest.raises(SweepError, match="has 2 threads, and notebooks run in processes"):
        cluster._check("tcp://worker", 2, held, held)
    with pytest.raises(SweepError, match="has another code of tradelib"):
        cluster._check("tcp://worker", 1, held | {"code": "x"}, held)
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_is_killed_leaves_the_same_bytes(scheduler: Any, tmp_path: Path) -> None:
    address, workers = scheduler
    put = sweep.store.Store.put
    done = []

    def putting(store: Any, part: Any, outcome: Any) -> None:
        put(store, part, outcome)
        done.append(part.name)
        if len(done) == 1:
            workers[0].kill()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sweep.store.Store, "put", putting)
        swept = sweep.calculate("headline", out=tmp_path / "dask", scheduler=address, **ASKED)
    assert (swept.parts, swept.held, swept.failed, len(done)) == (6, 0, (), 6)
    assert workers[0].wait(10) is not None
    sweep.calculate("headline", out=tmp_path / "here", workers=1, **ASKED)
    assert files(tmp_path / "dask") == files(tmp_path / "here")


def test_a_scheduler_that_cannot_be_reached_is_refused_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cluster.PATIENCE < 10
    monkeypatch.setattr(cluster, "PATIENCE", 0.3)
    for address in ("tcp://127.0.0.1:9", "nonsense", "carrier://pigeon:1"):
        with pytest.raises(SweepError, match=rf"The scheduler {address} cannot be reached \("):
            sweep.calculate("headline", out=tmp_path / "out", scheduler=address, **ASKED)
    assert list(tmp_path.iterdir()) == []
