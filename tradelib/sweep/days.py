"""Days of a sweep: ranges as people write them, and the days on which something became known or begins to hold."""

import bisect
import calendar
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tradelib import catalogue, tariffs
from tradelib.days import Day
from tradelib.errors import DayError, ParameterError
from tradelib.kept import kept

EVERY = ("day", "change", "month")
LISTS = "product_scopes"

# Columns that say from or to when something holds, of the tables that have such.
_HOLDS = {
    "commitments": ("due_on",),
    "deadlines": ("starts_on", "expires_on"),
    "legal_status": ("entry_from", "entry_to"),
    "nontariff_steps": ("effective_on",),
    LISTS: ("entry_from", "entry_to"),
    "tariff_steps": ("effective_on",),
}


@dataclass(frozen=True)
class Span:
    """The days from one to another, both counted."""

    first: date
    last: date


def spans(written: str | Iterable[Day], name: str, read: Callable[[str], date]) -> tuple[Span, ...]:
    """Ranges of days as somebody wrote them.

    Parameters
    ----------
    written
        days and ranges `FIRST..LAST`, separated by commas or in a list.
    name
        what messages call it.
    read
        from a day as text to the day; refuses one that may not be asked for.

    Raises
    ------
    DayError
        a day that is none, or may not be asked for; a range that runs backwards.
    ParameterError
        no day at all.
    """
    parts = written.split(",") if isinstance(written, str) else [str(item) for item in written]
    found = []
    for part in filter(None, (part.strip() for part in parts)):
        ends = [read(end.strip()) for end in part.split("..", 1)]
        if ends[-1] < ends[0]:
            message = f"{name} runs from an earlier day to a later one, and {ends[-1]} lies before {ends[0]}."
            raise DayError(message)
        found.append(Span(ends[0], ends[-1]))
    if not found:
        message = f"{name} must be a day or a range of days, such as 2025-01-01..2026-10-09."
        raise ParameterError(message)
    return tuple(dict.fromkeys(found))


def chosen(ranges: Iterable[Span], every: str, moves: Collection[date]) -> tuple[date, ...]:
    """The days of some ranges, in order.

    Parameters
    ----------
    every
        `day`: all of them; `change`: the first day of a range and those of `moves`; `month`: the last day of each month, and of the range.
    """
    found: set[date] = set()
    for span in ranges:
        if every == "change":
            found |= {span.first, *(day for day in moves if span.first < day <= span.last)}
            continue
        days = [span.first + timedelta(days=number) for number in range((span.last - span.first).days + 1)]
        found.update(day for day in days if every == "day" or day == span.last or _ends_month(day))
    return tuple(sorted(found))


@kept()
def known_days(tables: tuple[str, ...]) -> tuple[date, ...]:
    """Days on which a row of some tables became known, in order, the first day of the edition before them.

    A list of codes has no such day: what it holds counts once its day has come, so that its days of change are counted in their place, and
    those of the general rates with them.
    """
    found = {catalogue.edition().evidence_from}
    for name in tables:
        column = catalogue.description(name).get("tradelib:known_on")
        if column is not None:
            found.update(catalogue.load(name)[column].dropna().dt.date)
    if LISTS in tables:
        found.update(_days_of(LISTS))
        for importer in tariffs.IMPORTERS:
            found.update([*tariffs.lines(importer).mfn_days(), *tariffs.lines(importer).end_days()])
    return tuple(sorted(day for day in found if day >= catalogue.edition().evidence_from))


@kept()
def moves(tables: tuple[str, ...]) -> tuple[date, ...]:
    """Days on which a row of some tables became known, or on which what a row says begins or ends, in order."""
    return tuple(sorted({*known_days(tables), *(day for name in tables if name in _HOLDS for day in _days_of(name))}))


def newest(days: tuple[date, ...], day: date) -> date:
    """The newest of some days in order that is not after another; the first of them at least."""
    return days[max(bisect.bisect_right(days, day) - 1, 0)]


def ledgers() -> tuple[str, ...]:
    """Names of all tables whose rows became known on a day, and of the lists."""
    return tuple(name for name in catalogue.names() if name == LISTS or catalogue.description(name).get("tradelib:known_on"))


def _days_of(name: str) -> set[date]:
    table = catalogue.load(name)
    return {day for column in _HOLDS[name] for day in table[column].dropna().dt.date.unique()}


def _ends_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]
