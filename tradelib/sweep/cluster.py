"""Dask distributed as an engine: a scheduler that runs already, or one with workers on this machine."""

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlsplit

from tradelib import extras
from tradelib.days import shown
from tradelib.errors import SweepError, TradelibError
from tradelib.sweep import identity as identities

P = TypeVar("P")
O = TypeVar("O")  # noqa: E741, what comes out
# A scheduler that does not answer, or has no worker, is refused after so many seconds.
PATIENCE = 8
# Without any worker for so many seconds, a run that has begun is given up; what is finished is kept.
_DESERTED = 60
_PLAIN = re.compile("[!-~]{1,200}")
_LOOK = 5


class Cluster:
    """The workers of a Dask scheduler.

    Parameters
    ----------
    scheduler
        its address, such as `tcp://127.0.0.1:8786`; or a cluster of Dask, such as `coiled.Cluster` or `KubeCluster` makes.
    local
        in its place the number of workers to start on this machine.
    expected
        what the results rest on here, and has to be the same on every worker; see `identity`.
    describe
        what gives that of a worker.

    Raises
    ------
    SweepError
        the scheduler cannot be reached or has no worker; a worker has another edition, data, code or libraries, or several threads.
    """

    def __init__(
        self, scheduler: object = None, *, local: int = 0, expected: Mapping[str, str], describe: Callable[[], Mapping[str, str]]
    ) -> None:
        extras.need("cluster")
        self._expected, self._describe = dict(expected), describe
        self._held = contextlib.ExitStack()
        try:
            self._held.enter_context(_silenced())
            self._client = self._held.enter_context(_client(scheduler, local, self._held))
            self._check_workers()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave the scheduler, and end the workers that were started here."""
        self._held.close()

    def run(self, function: Callable[[P], O], parts: Sequence[P]) -> Iterator[tuple[P, O | SweepError]]:
        """See `engines.Engine.run`. What a worker that ended had begun is done by another."""
        from distributed import wait

        begun = {
            self._client.submit(on_worker, function, part, self._expected, self._describe, pure=False): place
            for place, part in enumerate(parts)
        }
        seen = time.monotonic()
        while begun:
            try:
                with self._client.as_current():
                    done = wait(list(begun), timeout=_LOOK, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                done = set()
            except CancelledError:
                raise _gone() from None
            if done or self._client.scheduler_info(n_workers=-1)["workers"]:
                seen = time.monotonic()
            elif time.monotonic() - seen > _DESERTED:
                message = f"The scheduler has had no worker for {_DESERTED} seconds. What is finished is kept: give the same command again."
                raise SweepError(message)
            for future in done:
                yield parts[begun.pop(future)], _outcome(future)
                future.release()

    def _check_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            message = f"The scheduler {self._client.scheduler.address} has no worker. Start some: dask worker ADDRESS --nthreads 1."
            raise SweepError(message) from None
        try:
            found = self._client.run(_about, self._describe)
        except Exception as error:
            message = f"A worker cannot run tradelib ({_said(error)}). Install the same release there."
            raise SweepError(message) from None
        for worker, (threads, identity) in found.items():
            _check(worker, threads, identity, self._expected)


def on_worker(function: Callable[[P], O], part: P, expected: Mapping[str, str], describe: Callable[[], Mapping[str, str]]) -> O:
    """Do a part on a worker, once it was seen to be fit for it: one may have joined after the run began."""
    from distributed import get_worker

    worker = get_worker()
    if worker.address not in _FIT:
        _check(worker.address, worker.state.nthreads, describe(), expected)
        _FIT.add(worker.address)
    return function(part)


_FIT: set[str] = set()


def _about(describe: Callable[[], Mapping[str, str]], dask_worker: Any = None) -> tuple[int, dict[str, str]]:
    """Threads of a worker, and what its results rest on; Dask gives the worker by the name of the argument."""
    return dask_worker.state.nthreads, dict(describe())


def _check(worker: str, threads: int, identity: Mapping[str, str], expected: Mapping[str, str]) -> None:
    if threads != 1:
        message = f"The worker {worker} has {threads} threads, and notebooks run in processes, not in threads: start it with --nthreads 1."
        raise SweepError(message)
    identities.check(expected, identity, f"The worker {worker}")


@contextlib.contextmanager
def _silenced() -> Iterator[None]:
    """What goes wrong is told here, in a sentence: Dask writes tracebacks of it to standard error as well."""
    import distributed  # it sets the levels of its loggers when it is imported

    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] == distributed.__name__]
    levels = {logger: logger.level for logger in map(logging.getLogger, names)}
    for logger in levels:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)


def _client(scheduler: object, local: int, held: contextlib.ExitStack) -> Any:
    from distributed import Client, LocalCluster

    if scheduler is None:
        how = {"threads_per_worker": 1, "processes": True, "dashboard_address": None, "silence_logs": logging.CRITICAL}
        where = held.enter_context(LocalCluster(n_workers=local, **how))
        return Client(where, timeout=PATIENCE, set_as_default=False)
    try:
        if isinstance(scheduler, str):
            _port(scheduler)  # else a client that never was complains when it goes
            _greet(scheduler)
        return Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except Exception as error:
        name = scheduler if _PLAIN.fullmatch(str(scheduler)) else shown(scheduler)
        message = f"The scheduler {name} cannot be reached ({_why(error)}). Give the address that `dask scheduler` prints."
        raise SweepError(message) from None


def _greet(address: str) -> None:
    """Exchange the first words with a scheduler in the time there is: a client waits for ever for one that takes the call and is silent."""
    from distributed.comm import connect
    from distributed.security import Security

    async def greeted() -> None:
        said = await connect(address, timeout=PATIENCE, **Security().get_connection_args("client"))
        await said.close()

    with ThreadPoolExecutor(1) as one:  # where a loop runs already, as in a notebook, none can begin
        one.submit(asyncio.run, asyncio.wait_for(greeted(), PATIENCE)).result()


def _why(error: Exception) -> str:
    """Why there is no scheduler; what speaks otherwise is read as nonsense, such as a message of exabytes."""
    if isinstance(error, TimeoutError):
        return f"it does not answer within {PATIENCE:g} seconds"
    return _said(error) if isinstance(error, OSError | ValueError | TypeError) else "what answers there is no scheduler of Dask"


def _port(address: str) -> int | None:
    """The port of an address; ValueError where it has none that can be."""
    from distributed.comm import resolve_address

    if not _PLAIN.fullmatch(address):
        message = "it has signs that no address has" if address else "it is empty"
        raise ValueError(message)
    return urlsplit(str(resolve_address(address))).port


def _outcome(future: Any) -> Any:
    try:
        return future.result()
    except TradelibError:
        raise  # a worker that is not fit: what it would give is not the same
    except CancelledError:
        raise _gone() from None
    except Exception as error:
        return SweepError(f"{_said(error)}.")


def _gone() -> SweepError:
    return SweepError("The scheduler is gone. What is finished is kept: give the same command again.")


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:200].rstrip(".")
