"""A sweep over a quantity from what was asked to its folder."""

import functools
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tradelib import catalogue, extras
from tradelib.days import Day
from tradelib.errors import SweepError
from tradelib.report import site
from tradelib.shown import Shown
from tradelib.sweep import grid, identity, work
from tradelib.sweep.engines import Engine, Here, Pool
from tradelib.sweep.progress import Progress
from tradelib.sweep.store import Store
from tradelib.sweep.work import Failure, Outcome


@dataclass(frozen=True, repr=False)
class Swept(Shown):
    """What came of a sweep.

    Attributes
    ----------
    folder
        where it lies.
    kind
        what it is made of: a `part` of a data set, or a `page`.
    parts, held
        how many of these in all; those that were there before.
    days
        days of knowledge.
    failed
        days that could not be answered, and why; the others are there.
    """

    folder: Path
    kind: str
    parts: int
    held: int
    days: int
    failed: tuple[Failure, ...]


def calculate(  # noqa: PLR0913, all but the first are named
    quantity: str,
    *items: str,
    as_of: str | Iterable[Day],
    out: str | Path,
    every: str = "day",
    on: str | Iterable[Day] | None = None,
    on_every: str = "change",
    parameters: Mapping[str, str | Sequence[str]] | None = None,
    workers: int | None = None,
    scheduler: object = None,
    cluster: int = 0,
    stream: TextIO | None = None,
) -> Swept:
    """A quantity for all days of knowledge and all values of its parameters, as a folder of Parquet files; see `store.read`.

    The same call goes on where an earlier one was stopped, however it was: parts that are finished are not done again. The files are the
    same, byte for byte, whatever does the work.

    Parameters
    ----------
    quantity, items
        `averages`, `headline`, `line` with codes, `clocks`, `commitments`, or `scenario` with scenarios.
    as_of
        days of knowledge: days and ranges `FIRST..LAST`, separated by commas or in a list.
    out
        the folder; it need not be there.
    every
        which days of a range: each `day`; the first and those of a `change` in what is known, or in what it says of the day; or the last of
        each `month`. On a day on which nothing became known the answer is that of the day in the column computed_as_of.
    on
        days of entry, in the same form; None for the day of knowledge itself. A scenario is then asked of the day on which it has settled.
    on_every
        which of a range of these; `change`: those on which a duty changes, as known on the day of knowledge.
    parameters
        values to vary, by name: a list, or text separated by commas.
    workers
        processes; without it one a core, and 1 for this process.
    scheduler, cluster
        in their place a Dask scheduler, by its address or as a cluster of Dask; or a number of Dask workers to start on this machine.
    stream
        where progress goes, if it is a terminal; stderr without it.

    Raises
    ------
    ParameterError, DayError
        what was asked cannot be answered; nothing has begun.
    SweepError
        the folder or the scheduler cannot be used; what is finished stays.
    """
    extras.need("files")
    asked = grid.plan(quantity, items, as_of=as_of, every=every, on=on, on_every=on_every, parameters=parameters)
    catalogue.verify()
    expected = identity.of_calculations()
    store = Store(site.named(out), asked.told, expected)
    engine = chosen(workers, scheduler, cluster, expected, identity.of_calculations)
    try:
        with store.opened():
            return _done(asked, store, engine, expected, stream or sys.stderr)
    finally:
        engine.close()


def chosen(
    workers: int | None, scheduler: object, cluster: int, expected: Mapping[str, str], describe: Callable[[], Mapping[str, str]]
) -> Engine:
    """The engine that was asked for."""
    if [workers is None, scheduler is None, cluster == 0].count(False) > 1:
        message = "Give one of workers, scheduler and cluster: each says where the work is done."
        raise SweepError(message)
    if scheduler is not None or cluster:
        from tradelib.sweep.cluster import Cluster

        return Cluster(scheduler, local=cluster, expected=expected, describe=describe)
    count = workers or os.cpu_count() or 1
    return Here() if count == 1 else Pool(count)


def _done(asked: grid.Asked, store: Store, engine: Engine, expected: Mapping[str, str], stream: TextIO) -> Swept:
    wanted = [part for part in asked.parts if not store.has(part)]
    total = sum(len(part.as_of) for part in asked.parts)
    progress = Progress(total, total - sum(len(part.as_of) for part in wanted), stream)
    failed: list[Failure] = []
    try:
        for part, outcome in engine.run(functools.partial(work.do, identity=dict(expected)), wanted):
            if isinstance(outcome, Outcome):
                store.put(part, outcome)
                failed += outcome.failed
            else:
                failed += [Failure(day, part.words, str(outcome)) for day in part.as_of]
            progress.step(len(part.as_of))
    finally:
        progress.close()
    order = sorted(failed, key=lambda each: (each.as_of, each.part))
    days = len({day for part in asked.parts for day in part.as_of})
    return Swept(store.folder, "part", len(asked.parts), len(asked.parts) - len(wanted), days, tuple(order))
