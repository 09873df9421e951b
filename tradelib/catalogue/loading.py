"""Load a table as of a day, and keep it as it was read."""

import bisect
import functools
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from tradelib import ledger, strings
from tradelib.catalogue import csv_files, integrity, parquet, typed
from tradelib.catalogue.descriptor import DESCRIPTOR, Json, data_folder, description, fault, package
from tradelib.catalogue.editions import edition, resolve_as_of
from tradelib.days import Day


def load(name: str, *, as_of: Day | None = None, folder: Path | None = None) -> pd.DataFrame:
    """Table of the data package, as typed columns.

    Parameters
    ----------
    name
        one of `names()`.
    as_of
        with a day, only what was known on it: later rows are left out, columns that hold later knowledge are dropped, and statistics come
        as `ledger.latest_known` gives them. Without, every row and column: for those who keep the data.

    Returns
    -------
    DataFrame
        Sorted by the table's key. Days are datetime64, numbers float64, booleans bool, words str (empty where nothing is held). Tables that
        carry knowledge have `known_on`, the day the row became known.

    Raises
    ------
    CatalogueError
        an unknown table, or a file that is missing, damaged or disagrees with its description; the message names the file, the row and the
        remedy.
    DayError
        `as_of` is not a day, or lies before the edition.
    """
    folder = folder or data_folder()
    resource = description(name, folder=folder)
    stamp = _stamp(folder, resource)
    if as_of is None:
        table = _read(folder, name, stamp)
    else:
        day = resolve_as_of(as_of, folder=folder)
        days = _days_of_knowledge(folder, name, stamp)
        table = _known(folder, name, stamp, bisect.bisect_right(days, day))
    # Shallow: pandas copies a column when somebody writes to it.
    return table.copy(deep=False)


def known_since(as_of: Day, tables: Mapping[str, Sequence[str]]) -> date:
    """First of the days up to one on which some tables say of it what they say of this one.

    Parameters
    ----------
    as_of
        the day of knowledge.
    tables
        by name, the columns with days on which something begins or ends: an answer that compares those with `as_of` changes on them.

    Returns
    -------
    date
        The newest day, not after `as_of`, on which a row of one of the tables became known or a day of one of the columns came; or else the
        first day of the edition.
    """
    folder, day = data_folder(), resolve_as_of(as_of)
    found = [edition(folder=folder).evidence_from]
    for name, columns in tables.items():
        stamp = _stamp(folder, description(name, folder=folder))
        for days in (_days_of_knowledge(folder, name, stamp), _days_of(folder, name, stamp, tuple(columns))):
            found += days[: bisect.bisect_right(days, day)][-1:]
    return max(found)


def read_all(*, folder: Path | None = None) -> None:
    """Read every table that is text and keep it, so that processes forked from this one need not.

    Tables in parquet are left to them: what reads those has threads, which a fork does not inherit.
    """
    for resource in package(folder=folder)["resources"]:
        if resource["format"] == "csv":
            read(resource["name"], folder=folder)


def read(name: str, *, folder: Path | None = None) -> pd.DataFrame:
    """Table as its file holds it: kept until the file changes, shared, and not to be changed."""
    folder = folder or data_folder()
    return _read(folder, name, _stamp(folder, description(name, folder=folder)))


def read_columns(name: str, columns: Sequence[str], *, folder: Path | None = None) -> pd.DataFrame:
    """Some columns of a table, as `read`: of a large one in Parquet, few are read several times faster than all."""
    folder = folder or data_folder()
    return _columns_of(folder, name, _stamp(folder, description(name, folder=folder)), tuple(columns))


def _stamp(folder: Path, resource: Json) -> tuple[int, ...]:
    """What tells one state of the file of a table, and of what the description says of it, from another."""
    try:
        status = (folder / resource["path"]).stat()
    except OSError:
        raise fault(resource, "the file is missing") from None
    return status.st_mtime_ns, status.st_size, (folder / DESCRIPTOR).stat().st_mtime_ns


@functools.lru_cache(maxsize=64)
def _days_of_knowledge(folder: Path, name: str, stamp: tuple[int, ...]) -> list[date]:
    """Days on which rows of a table became known, in order: between two of them the same rows are known."""
    resource = description(name, folder=folder)
    kind = resource["tradelib:kind"]
    columns = (resource["tradelib:known_on"],) if kind == "ledger" else ("published_on", "vintage_on") if kind == "statistics" else ()
    return _days_of(folder, name, stamp, columns)


@functools.lru_cache(maxsize=64)
def _days_of(folder: Path, name: str, stamp: tuple[int, ...], columns: tuple[str, ...]) -> list[date]:
    """Days that columns of a table hold, in order."""
    table = _read(folder, name, stamp)
    return sorted({day.date() for column in columns for day in table[column].dropna().unique()})


@functools.lru_cache(maxsize=256)
@strings.alike
def _known(folder: Path, name: str, stamp: tuple[int, ...], number: int) -> pd.DataFrame:
    """Table as known from the day with a number among those on which its rows became known; shared, and not to be changed."""
    resource, table = description(name, folder=folder), _read(folder, name, stamp)
    day = [date.min, *_days_of_knowledge(folder, name, stamp)][number]
    kind = resource["tradelib:kind"]
    if kind == "ledger":
        table = ledger.known(table, as_of=day, by=resource["tradelib:known_on"])
        table["known_on"] = table[resource["tradelib:known_on"]]
    elif kind == "statistics":
        table = ledger.latest_known(table, as_of=day, key=resource["tradelib:key"])
    later = [field["name"] for field in resource["schema"]["fields"] if field.get("tradelib:later")]
    return table.drop(columns=later) if later else table


@functools.lru_cache(maxsize=64)
@strings.alike
def _read(folder: Path, name: str, _stamp: tuple[int, ...]) -> pd.DataFrame:
    resource = description(name, folder=folder)
    content, intact = _content(folder, resource)
    if resource["format"] == "parquet":
        table = _of_parquet(resource, content, intact=intact)
        typed.check_key(resource, table)
        return table
    try:
        rows = csv_files.rows(content)
    except ValueError as error:
        raise fault(resource, str(error)) from None
    table = typed.typed(resource, rows)
    typed.check_key(resource, table)
    if not intact:
        raise fault(resource, "its content is not what the package recorded, although every row can be read")
    return table


@functools.lru_cache(maxsize=64)
@strings.alike
def _columns_of(folder: Path, name: str, stamp: tuple[int, ...], columns: tuple[str, ...]) -> pd.DataFrame:
    resource = description(name, folder=folder)
    if resource["format"] != "parquet":
        return _read(folder, name, stamp)[list(columns)]
    content, intact = _content(folder, resource)
    held = tuple(field["name"] for field in resource["schema"]["fields"] if field["name"] in columns)
    return _of_parquet(resource, content, held, intact=intact)[list(columns)]


def _content(folder: Path, resource: Json) -> tuple[bytes, bool]:
    """Content of the file of a table, and whether it is what the package recorded."""
    content = (folder / resource["path"]).read_bytes()
    return content, integrity.digest(content) == integrity.recorded(folder).get(resource["path"])


def _of_parquet(resource: Json, content: bytes, columns: tuple[str, ...] | None = None, *, intact: bool) -> pd.DataFrame:
    """A table, or some of its columns, held against the description. Nobody edits Parquet by hand: what was changed is damaged."""
    if not intact:
        raise fault(resource, "its content is not what the package recorded")
    try:
        return typed.checked(resource, parquet.read(content, columns), columns)
    except ValueError as error:
        raise fault(resource, str(error)) from None
