"""Sweeps on Dask: a scheduler and workers started from the shell, one of them killed on the way; who is refused."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
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
    with scheduling(tmp_path_factory.mktemp("dask"), 2) as (address, running):
        yield address, running[1:]


@contextlib.contextmanager
def scheduling(folder: Path, workers: int) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    """Address of a scheduler with workers of one thread; its process, and theirs."""
    file = folder / "scheduler.json"
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
            for _ in range(workers)
        ]
        until(file.is_file)
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        with distributed.Client(address, timeout=90, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=90)
        yield address, running
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


def test_a_scheduler_that_goes_on_the_way_is_told_in_a_sentence_and_what_is_finished_is_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The wait for the next part ended in a traceback, and Dask logged another."""
    put = sweep.store.Store.put
    (tmp_path / "dask").mkdir()
    with scheduling(tmp_path / "dask", 1) as (address, running), pytest.MonkeyPatch.context() as patched:

        def putting(store: Any, part: Any, outcome: Any) -> None:
            put(store, part, outcome)
            running[0].kill()
            running[0].wait()

        patched.setattr(sweep.store.Store, "put", putting)
        with pytest.raises(SweepError, match=r"^The scheduler is gone\. What is finished is kept"):
            sweep.calculate("headline", out=tmp_path / "out", scheduler=address, **ASKED)
    assert [record for record in caplog.records if record.name.startswith("distributed")] == []
    assert sweep.calculate("headline", out=tmp_path / "out", workers=1, **ASKED).held >= 1
    sweep.calculate("headline", out=tmp_path / "here", workers=1, **ASKED)
    assert files(tmp_path / "out") == files(tmp_path / "here")


@pytest.mark.parametrize(
    ("says", "why"), [(b"", "it does not answer within 0.5 seconds"), (b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9, "no scheduler of Dask")]
)
def test_what_takes_the_call_and_is_no_scheduler_is_refused_in_time(
    says: bytes, why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A client waited for ever for one that is silent, and called the answer of a web server a lack of memory."""
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    held: list[socket.socket] = []

    def serve(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                call, _ = server.accept()
                held.append(call)
                call.sendall(says)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        address, begun = f"tcp://127.0.0.1:{server.getsockname()[1]}", time.monotonic()
        with pytest.raises(SweepError, match=rf"The scheduler {address} cannot be reached \(.*{why}"):
            sweep.calculate("headline", out=tmp_path / "out", scheduler=address, **ASKED)
        assert time.monotonic() - begun < 30
    for call in held:
        call.close()
    assert list(tmp_path.iterdir()) == []


def test_an_empty_address_is_no_wish_to_work_here(tmp_path: Path) -> None:
    """As of a variable of a shell that is not set."""
    with pytest.raises(SweepError, match="it is empty"):
        sweep.calculate("headline", out=tmp_path / "out", scheduler="", **ASKED)
