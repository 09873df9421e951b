"""Where parts are done: in this process, in processes beside it, on a cluster. The outcome of a part is the same wherever it is done."""

import concurrent.futures
import contextlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol, TypeVar

from tradelib.errors import SweepError
from tradelib.report import pool

P = TypeVar("P")
O = TypeVar("O")  # noqa: E741, what comes out
# A part whose process has ended so often is not begun again.
_TRIES = 3


class Engine(Protocol):
    """Something that does parts."""

    def run(self, function: Callable[[P], O], parts: Sequence[P]) -> Iterator[tuple[P, O | SweepError]]:
        """Each part with what came of it, as they are done; an error where the process that did it ended each time."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...


class Local:
    """An engine of this machine: it holds nothing between two runs.

    Attributes
    ----------
    workers
        processes at once.
    """

    workers = 1

    def close(self) -> None:
        """See `Engine.close`."""


class Here(Local):
    """One part after another, in this process."""

    def run(self, function: Callable[[P], O], parts: Sequence[P]) -> Iterator[tuple[P, O | SweepError]]:
        """See `Engine.run`."""
        for part in parts:
            yield part, function(part)


class Pool(Local):
    """Processes beside this one, which keep what they have read from part to part.

    Parameters
    ----------
    workers
        processes at once; see `pool.at_once`.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = pool.at_once(workers)

    def run(self, function: Callable[[P], O], parts: Sequence[P]) -> Iterator[tuple[P, O | SweepError]]:
        """See `Engine.run`."""
        left, workers, tries = dict(enumerate(parts)), self.workers, 0
        while left:
            before = len(left)
            for place, outcome in self._round(function, left, workers):
                del left[place]
                yield parts[place], outcome
            if len(left) < before:
                tries = 0
                continue
            # A process ended, and all others with it. One at a time, the first is the one at fault.
            tries, workers = tries + (workers == 1), 1
            if tries == _TRIES:
                place = next(iter(left))
                yield left.pop(place), SweepError("its process ended each time, perhaps for lack of memory.")
                tries, workers = 0, self.workers

    def _round(self, function: Callable[[P], O], left: Mapping[int, P], workers: int) -> Iterator[tuple[int, O]]:
        """Places of parts with what came of them, until all are done or a process has ended."""
        processes = self._processes(min(workers, len(left)))
        try:
            begun = {processes.submit(function, part): place for place, part in left.items()}
            while begun:
                done = concurrent.futures.wait(begun, return_when=concurrent.futures.FIRST_COMPLETED).done
                for future in done:
                    place = begun.pop(future)
                    with contextlib.suppress(BrokenProcessPool):
                        yield place, future.result()
            processes.shutdown()
        finally:
            for each in list((processes._processes or {}).values()):  # what is stopped, or has failed, is not waited for
                each.kill()
            processes.shutdown(wait=False, cancel_futures=True)

    def _processes(self, workers: int) -> concurrent.futures.ProcessPoolExecutor:
        method = "forkserver" if pool.CAN_FORK else "spawn"
        context = multiprocessing.get_context(method)
        with pool.with_environment({**pool.ONE_THREAD, "PYTHONPATH": pool.search_path(), "PYTHONSAFEPATH": "1"}):
            if method == "forkserver":
                from multiprocessing import forkserver

                # What is imported once need not be in each process.
                context.set_forkserver_preload(["tradelib.sweep.work"])
                forkserver.ensure_running()
            return concurrent.futures.ProcessPoolExecutor(workers, context, _begin, (pool.search_path(),))


def _begin(search_path: str) -> None:
    """Make a new process ready: it ends with the one that made it, and imports the package that runs there."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the matter of who made this process
    pool.end_with_parent()
    sys.path[:] = list(dict.fromkeys([*search_path.split(os.pathsep), *sys.path]))
