"""The edition of the data, and the days that it and its tables cover."""

import functools
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tradelib.catalogue.descriptor import DESCRIPTOR, data_folder, description, package
from tradelib.days import LATEST, Day, parse_day
from tradelib.errors import DayError

_HORIZON_YEARS = 10


@dataclass(frozen=True)
class Edition:
    """One edition of the data: its version, and the days its evidence covers.

    `evidence_through` is the day up to which law, events and statements were looked for; a table of statistics may reach further, see
    the function of that name. `refreshed_on` is the day on which a user's copy was refreshed last, None for the edition as published, and
    `refreshed_rows` the number of rows that were appended to it.
    """

    version: str
    title: str
    evidence_from: date
    evidence_through: date
    licence: str
    cite: str
    refreshed_on: date | None = None
    refreshed_rows: int = 0

    @property
    def horizon(self) -> date:
        """Last day that may be asked about: ten years after the evidence ends. No text held says anything of a later one."""
        return date(self.evidence_through.year + _HORIZON_YEARS, 12, 31)


def edition(*, folder: Path | None = None) -> Edition:
    """The edition of the data package."""
    folder = folder or data_folder()
    return _edition_at(folder, _descriptor(folder).stat().st_mtime_ns)


@functools.lru_cache(maxsize=64)
def _descriptor(folder: Path) -> Path:
    """The file that describes a package: asked for thousands of times, and joining a path takes longer than looking at the file."""
    return folder / DESCRIPTOR


def evidence_through(table: str | None = None, *, folder: Path | None = None) -> date:
    """Last day that a table covers: its own where it has been refreshed, else that of the edition; without a table, the newest of all."""
    whole = package(folder=folder)
    resources = whole["resources"] if table is None else [description(table, folder=folder)]
    days = (resource.get("tradelib:evidence_through", whole["tradelib:evidence_through"]) for resource in resources)
    return date.fromisoformat(max(map(str, days)))


def refreshed(*, folder: Path | None = None) -> dict[str, int]:
    """Tables that were refreshed on this machine, and how many rows were appended to each."""
    tables = package(folder=folder).get("tradelib:refresh", {}).get("tables", {})
    return {name: item["counted"] for name, item in tables.items() if item["counted"]}


def resolve_as_of(value: Day, *, folder: Path | None = None) -> date:
    """Day of knowledge that a reader asked for.

    Parameters
    ----------
    value
        `"latest"` (the day the evidence of this edition ends, never the clock of the machine; of a refreshed copy, the newest day that one
        of its tables covers) or a day in any form that `days.parse_day` takes. A day after the end of the evidence is accepted: what is
        shown must then say that the evidence ends earlier.

    Raises
    ------
    DayError
        not an ISO day, before the first day that the edition covers, or more than ten years after its evidence ends.
    """
    if isinstance(value, str) and value == LATEST:
        return evidence_through(folder=folder)
    return within(parse_day(value), "as_of", folder=folder)


def within(day: date, name: str, *, earlier: bool = False, folder: Path | None = None) -> date:
    """A day, where the edition may be asked about it.

    Parameters
    ----------
    name
        what messages call it.
    earlier
        whether days before the edition begins may be asked for too, as the first of a span may be.

    Raises
    ------
    DayError
        before the first day that the edition covers, or more than ten years after its evidence ends.
    """
    covered = edition(folder=folder)
    if day < covered.evidence_from and not earlier:
        message = f"{name} must be {covered.evidence_from} or later, the first day that this edition covers, not {day}."
        raise DayError(message)
    if day > covered.horizon:
        ends = covered.evidence_through
        message = f"{name} must be {covered.horizon} or earlier, not {day}: the evidence of this edition ends on {ends}."
        raise DayError(message)
    return day


def observed_through(as_of: Day = LATEST, *, table: str | None = None, folder: Path | None = None) -> date:
    """Last day that a report as of a day may present as observed: the day itself, or the end of the evidence if that is earlier.

    Without a table it is the evidence on law, events and statements that counts; with one, that of the table.
    """
    through = edition(folder=folder).evidence_through if table is None else evidence_through(table, folder=folder)
    return through if isinstance(as_of, str) and as_of == LATEST else min(resolve_as_of(as_of, folder=folder), through)


@functools.lru_cache(maxsize=8)
def _edition_at(folder: Path, _changed: int) -> Edition:
    whole = package(folder=folder)
    refresh = whole.get("tradelib:refresh", {})
    # The edition as people name it; the `version` of the package is that of its release, in the form that tools ask for.
    suffix = f"+{whole['version'].partition('+')[2]}" if refresh else ""
    return Edition(
        version=whole["tradelib:edition"] + suffix,
        title=whole["title"],
        evidence_from=date.fromisoformat(whole["tradelib:evidence_from"]),
        evidence_through=date.fromisoformat(whole["tradelib:evidence_through"]),
        licence=whole["licenses"][0]["title"],
        cite=whole["tradelib:cite"],
        refreshed_on=date.fromisoformat(refresh["on"]) if refresh else None,
        refreshed_rows=sum(table["counted"] for table in refresh.get("tables", {}).values()),
    )
