"""Processes that execute notebooks: one for each, or for several that leave nothing behind; stopped together when one fails.

On Linux they are forked from a process of `multiprocessing` that has imported what notebooks need, which costs seconds each time; no
notebook has run in it. Elsewhere they start the plain way, with the same bytes as result.
"""

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Generator, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TextIO, TypeVar

from tradelib.errors import ReportError, TradelibError
from tradelib.report.progress import Progress

Job = TypeVar("Job")
Result = TypeVar("Result")

# One thread a process: processes share the cores already, and sums keep their order on every machine.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
PLAN = "TRADELIB_PRELOAD"

_GRACE_SECONDS = 5
CAN_FORK = sys.platform == "linux"
# What a process has remembered goes with it: one that did so many jobs gives way to another, and a long run takes no more memory.
_MOST_JOBS = 50
# Windows waits for no more at once.
_MOST = 61 if sys.platform == "win32" else sys.maxsize


@dataclass
class Child:
    """What a process that was made for one job knows of it: the pipe to who made it, and a scratch folder that goes with it."""

    pipe: Connection
    folder: Path

    def beat(self) -> None:
        """Say that a step begins: from now on its time runs. Who made this process may have gone: then nobody wants the rest."""
        try:
            self.pipe.send(("step", None))
        except OSError:
            os._exit(1)


_child: Child | None = None


def child() -> Child | None:
    """What this process knows of its job, if it was made for one and ends with it; else None."""
    return _child


def preload(modules: Sequence[str], prepare: Sequence[str] = ()) -> None:
    """Begin to prepare the process from which others are forked, while this one goes on; nothing where none are forked.

    The first call of a process counts.

    Parameters
    ----------
    modules : what it imports; those that cannot be imported are left to the notebooks.
    prepare : functions it calls then, as "module:function": such as read tables that every notebook needs.
    """
    if not CAN_FORK:
        return
    from multiprocessing import forkserver

    plan = json.dumps({"modules": list(modules), "prepare": list(prepare)})
    # No module of the folder where a person stands may come first.
    with with_environment({**ONE_THREAD, "PYTHONPATH": search_path(), "PYTHONSAFEPATH": "1", PLAN: plan}):
        forkserver.set_forkserver_preload(["tradelib.report.preload"])
        forkserver.ensure_running()


def run_jobs(
    function: Callable[[Job], Result],
    jobs: Sequence[Job],
    *,
    workers: int | None,
    describe: Callable[[Job], str],
    stream: TextIO,
    step_seconds: float | None = None,
    shared_imports: bool = False,
    kin: Callable[[Job], Hashable] | None = None,
) -> list[Result]:
    """Results of a function on each job, in the order of the jobs.

    Parameters
    ----------
    stream : where progress goes: a bar on a terminal, else one line a finished job.
    function, jobs, workers, describe, step_seconds, shared_imports, kin : as for `finished`.

    Raises
    ------
    TradelibError : the first failure; what was not begun is dropped, what runs is stopped.
    ReportError : a process ended unexpectedly, or a step took too long.
    """
    how: dict[str, Any] = {"step_seconds": step_seconds, "shared_imports": shared_imports, "kin": kin}
    doing = finished(function, jobs, workers=workers, describe=describe, **how)
    results = {}
    with contextlib.closing(Progress(len(jobs), stream)) as progress, contextlib.closing(doing) as outcomes:
        for place, outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome
            results[place] = outcome
            progress.step(describe(jobs[place]))
    return [results[place] for place in range(len(jobs))]


def finished(
    function: Callable[[Job], Result],
    jobs: Sequence[Job],
    *,
    workers: int | None,
    describe: Callable[[Job], str],
    step_seconds: float | None = None,
    shared_imports: bool = False,
    kin: Callable[[Job], Hashable] | None = None,
) -> Generator[tuple[int, Result | Exception], None, None]:
    """Place of each job with what came of it, as they are done: its result, or what went wrong, which ends no other job.

    Each job has a process of its own, but for `kin`. What runs is stopped when this is closed.

    Parameters
    ----------
    function : importable, as the processes are new ones; its results travel by pickle.
    jobs : what to do.
    workers : processes at once at most; see `at_once`.
    describe : short name of a job, for what went wrong.
    step_seconds : time between two calls of `Child.beat`, after which a process is ended; without it there is no limit.
    shared_imports : fork the processes from one that has imported what notebooks need, where the system can.
    kin : for jobs that leave nothing behind but what tradelib remembers, what those have in common that ask alike, such as their day; None
        for others. A process does one such job after another, alike ones first, and so is warm for all but its first.
    """
    if not jobs:
        return
    context = multiprocessing.get_context("forkserver" if shared_imports and CAN_FORK else "spawn")
    count = min(at_once(workers), len(jobs))
    waiting = list(enumerate(jobs))[::-1]
    running: dict[Any, _Running] = {}
    with tempfile.TemporaryDirectory(prefix="tradelib-", ignore_cleanup_errors=True) as folder:
        try:
            while waiting or running:
                while waiting and len(running) < count:
                    place, job = waiting.pop()
                    begun = _Running(context, function, job, place, describe(job), Path(folder) / str(place), step_seconds)
                    begun.kin = None if kin is None else kin(job)
                    running[begun.pipe] = begun
                ready = wait(list(running), _patience(running.values()))
                for pipe, one in list(running.items()):
                    if not (one.hear() if pipe in ready else one.is_late()):
                        continue
                    place, outcome = one.place, one.outcome
                    is_over = isinstance(outcome, Exception) or one.jobs >= _MOST_JOBS
                    following = None if is_over else _following(one.kin, waiting, kin)
                    if following is None:
                        one.end()
                        del running[pipe]
                    else:
                        then, job = waiting.pop(following)
                        one.go_on(job, then, describe(job), kin(job) if kin else None)
                    yield place, outcome
        finally:
            for one in running.values():
                one.stop()


def at_once(workers: int | None) -> int:
    """How many processes may be at work at once: as many as asked for, else one a processor, as far as the system can wait for them."""
    return max(1, min(workers or os.cpu_count() or 1, _MOST))


def _following(held: Hashable, waiting: Sequence[tuple[int, Job]], kin: Callable[[Job], Hashable] | None) -> int | None:
    """Place of the job that a process may do after one of some kin: the next of this kin, else the next that leaves nothing behind."""
    if held is None or kin is None:
        return None
    theirs = [kin(job) for _, job in waiting]
    alike = [place for place, other in enumerate(theirs) if other == held]
    return max(alike or [place for place, other in enumerate(theirs) if other is not None], default=None)


class _Running:
    """One job at work in its process."""

    kin: Hashable = None
    jobs = 1

    def __init__(self, context: Any, function: Any, job: Any, place: int, words: str, folder: Path, seconds: float | None) -> None:
        self.place, self.words, self.outcome, self._limit, self._seconds = place, words, None, seconds, _limit_of(job, seconds)
        self._renew()
        folder.mkdir()
        self.pipe, theirs = context.Pipe()
        held = {name: value for name, value in os.environ.items() if name not in ("PYTHONSTARTUP", PLAN)}
        environment = {**held, **ONE_THREAD, "PYTHONPATH": search_path()}
        self._process = context.Process(target=_work, args=(theirs, function, job, environment, folder), daemon=True)
        with theirs, with_environment(environment):
            self._process.start()

    def _renew(self) -> None:
        self.deadline = None if self._seconds is None else time.monotonic() + self._seconds

    def hear(self) -> bool:
        """Take what the process says; whether it was what came of its job."""
        try:
            kind, self.outcome = self.pipe.recv()
        except (EOFError, OSError):
            self.stop()
            message = f"The process of {self.words} ended unexpectedly, perhaps for lack of memory; try again with one worker."
            self.outcome = ReportError(message)
            return True
        if kind == "step":
            self._renew()
            return False
        return True

    def go_on(self, job: Any, place: int, words: str, kin: Hashable) -> None:
        """Hand the process another job."""
        self.place, self.words, self.kin, self.jobs = place, words, kin, self.jobs + 1
        self._seconds = _limit_of(job, self._limit)
        self._renew()
        self.pipe.send(job)

    def end(self) -> None:
        """Let the process go, which has no more to do."""
        with contextlib.suppress(OSError):
            self.pipe.send(None)
        self._process.join(_GRACE_SECONDS)
        self.stop()

    def is_late(self) -> bool:
        """Whether the step of the process has taken too long; then it is ended."""
        if self.deadline is None or time.monotonic() <= self.deadline:
            return False
        self.stop()
        message = f"{self.words} was stopped because a cell took too long and could not be interrupted."
        self.outcome = ReportError(message)
        return True

    def stop(self) -> None:
        """End the process, if it has not ended."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _limit_of(job: Any, seconds: float | None) -> float | None:
    """Time between two steps of a job; none for one that has no steps, and says so."""
    return None if getattr(job, "has_no_steps", False) else seconds


def _patience(running: Any) -> float | None:
    """Seconds until the next step has taken too long."""
    ends = [one.deadline for one in running if one.deadline is not None]
    return max(0.0, min(ends) - time.monotonic()) if ends else None


def search_path() -> str:
    """PYTHONPATH for a process that is to import the package that is running here, wherever it was started from."""
    return os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]))


@contextlib.contextmanager
def with_environment(values: Mapping[str, str]) -> Iterator[None]:
    """Environment for a process that is started meanwhile; variables of this process are as before afterwards."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _work(pipe: Connection, function: Any, job: Any, environment: Mapping[str, str], folder: Path) -> None:
    """Do one job in this process, say what came of it, and so on as long as another one comes."""
    global _child  # noqa: PLW0603, one for each job
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the matter of who made this process
    end_with_parent()
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:] = list(dict.fromkeys([*filter(None, environment["PYTHONPATH"].split(os.pathsep)), *sys.path]))
    with Path(os.devnull).open("r+b", buffering=0) as nowhere:
        os.dup2(nowhere.fileno(), 0)
        os.dup2(nowhere.fileno(), 2)
    number = 0
    while job is not None:
        number, scratch = number + 1, folder / str(number)
        scratch.mkdir()
        _child = Child(pipe, scratch)
        try:
            outcome = function(job)
        except Exception as error:  # whatever it is, it is told where the work was asked for
            outcome = error
            if not isinstance(error, TradelibError):
                error.add_note(traceback.format_exc())
        pipe.send(("done", outcome))
        job = pipe.recv()
    os._exit(0)  # nothing that a notebook left behind, such as a thread, may hold the process


def end_with_parent() -> None:
    """End this process when the one that made it has gone: no parent means no work."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()


def _leave_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
