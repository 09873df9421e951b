"""Processes that execute notebooks: as many as asked, stopped together when one fails or a person interrupts."""

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TextIO, TypeVar

from tradelib.errors import ReportError
from tradelib.report import nursery

Job = TypeVar("Job")
Result = TypeVar("Result")

_GRACE_SECONDS = 5


def run_jobs(
    function: Callable[[Job], Result],
    jobs: Sequence[Job],
    *,
    workers: int | None,
    describe: Callable[[Job], str],
    stream: TextIO,
    door: socket.socket | None = None,
) -> list[Result]:
    """Results of a function on each job, in the order of the jobs.

    Parameters
    ----------
    function : importable, as the processes are new ones; its results travel by pickle.
    jobs : what to do.
    workers : processes at most; without it the number of processors, or of jobs if there are fewer.
    describe : short name of a job, for the progress line.
    stream : where progress goes: a bar on a terminal, else one line a finished job.
    door : of the `nursery` that the kernels come from; without it every kernel starts by itself.

    Raises
    ------
    TradelibError : the first failure; what was not begun is dropped, what runs is stopped.
    ReportError : a process ended unexpectedly.
    """
    from multiprocessing import get_context

    if not jobs:
        return []
    count = max(1, min(workers or os.cpu_count() or 1, len(jobs)))
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin, initargs=(door,))
    progress = _Progress(len(jobs), stream)
    processes: dict[int, Any] = {}
    try:
        futures: dict[Future[Result], Job] = {pool.submit(_call, function, job): job for job in jobs}
        # The executor forgets its processes when it breaks or is shut down; hold them, so that they can be ended.
        processes = dict(getattr(pool, "_processes", None) or {})
        for future in as_completed(futures):
            future.result()
            progress.step(describe(futures[future]))
        pool.shutdown()
        return [future.result() for future in futures]
    except BrokenProcessPool:
        _stop(pool, processes)
        message = "A process that executes notebooks ended unexpectedly, perhaps for lack of memory; try again with one worker."
        raise ReportError(message) from None
    except BaseException:
        _stop(pool, processes)
        raise
    finally:
        progress.close()


class _Progress:
    """A bar on a terminal, plain lines elsewhere."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self.total, self.done, self.stream = total, 0, stream
        self.bar: Any = None
        if stream.isatty():
            from tqdm import tqdm

            self.bar = tqdm(total=total, file=stream, unit="report", bar_format="{n_fmt}/{total_fmt} |{bar:24}| {elapsed} {desc}")

    def step(self, name: str) -> None:
        self.done += 1
        if self.bar is None:
            print(f"[{self.done}/{self.total}] {name}", file=self.stream, flush=True)
        else:
            self.bar.set_description_str(name, refresh=False)
            self.bar.update()

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()


def _begin(door: socket.socket | None) -> None:
    """Prepare a process: Ctrl-C is the parent's matter, a request to end tidies up, and no parent means no work."""
    from multiprocessing import parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if door is not None:
        nursery.join(door)
    # Libraries take two packages if they are there, for what no notebook has: jsonschema one for addresses, which compiles a grammar for
    # longer than all the rest takes to import, and papermill one for files in a cloud.
    for name in ("rfc3987_syntax", "pyarrow"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    signal.signal(signal.SIGTERM, _leave)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()


def _call(function: Callable[[Job], Result], job: Job) -> Result:
    try:
        return function(job)
    except SystemExit:  # asked to end: the kernel is stopped by now, and no other job may begin
        os._exit(1)


def _leave(*_: Any) -> None:
    sys.exit(1)


def _leave_with(sentinel: Any) -> None:
    from multiprocessing.connection import wait

    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    os._exit(1)


def _stop(pool: ProcessPoolExecutor, processes: dict[int, Any]) -> None:
    processes = {**processes, **(getattr(pool, "_processes", None) or {})}
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes.values():
        with contextlib.suppress(OSError, ValueError):
            process.terminate()
    for process in processes.values():
        with contextlib.suppress(OSError, ValueError, AssertionError):
            process.join(_GRACE_SECONDS)
            if process.is_alive():
                process.kill()
                process.join()
    pool.shutdown(wait=True)
