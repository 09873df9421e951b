"""The data package: what tables there are, load one as of a day, verify it, cite it.

The tables are described once, in `data/datapackage.json` (Data Package standard, with a few properties of our own that start with
`tradelib:`). Nothing is read that disagrees with its description.
"""

import csv
import functools
import io
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.api.typing import NaTType

from tradelib import home, integrity, ledger, parquet
from tradelib.days import LATEST, Day, parse_day
from tradelib.errors import CatalogueError, DayError

__all__ = [
    "Edition",
    "cite",
    "data_folder",
    "edition",
    "evidence_through",
    "hashes",
    "load",
    "names",
    "observed_through",
    "refreshed",
    "resolve_as_of",
    "sources",
    "tables",
    "verify",
]

DESCRIPTOR = home.DESCRIPTOR

# What a reader of JSON gives: the standard of data packages says which types its values have.
Json = dict[str, Any]
_DTYPES = {"string": "str", "date": "datetime64[us]", "number": "float64", "boolean": "bool"}
# Most tables are small, and small columns of Python's own strings are several times faster to select and join than Arrow's.
_WORDS = pd.StringDtype("python", na_value=math.nan)
PROVENANCE = ["source", "url", "known_on"]


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


def data_folder() -> Path:
    """Folder that holds the data package: the edition, or what `tradelib refresh` made of it; see `home.data_folder`."""
    return home.data_folder()


def edition(*, folder: Path | None = None) -> Edition:
    """The edition of the data package."""
    folder = folder or data_folder()
    return _edition_at(folder, (folder / DESCRIPTOR).stat().st_mtime_ns)


def evidence_through(table: str | None = None, *, folder: Path | None = None) -> date:
    """Last day that a table covers: its own where it has been refreshed, else that of the edition; without a table, the newest of all."""
    folder = folder or data_folder()
    package = _descriptor(folder)
    resources = package["resources"] if table is None else [_resource(folder, table)]
    days = (resource.get("tradelib:evidence_through", package["tradelib:evidence_through"]) for resource in resources)
    return date.fromisoformat(max(map(str, days)))


def refreshed(*, folder: Path | None = None) -> dict[str, int]:
    """Tables that were refreshed on this machine, and how many rows were appended to each."""
    tables = _descriptor(folder or data_folder()).get("tradelib:refresh", {}).get("tables", {})
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
        not an ISO day, or before the first day that the edition covers.
    """
    covered = edition(folder=folder)
    if isinstance(value, str) and value == LATEST:
        return evidence_through(folder=folder)
    day = parse_day(value)
    if day < covered.evidence_from:
        message = f"as_of must be {covered.evidence_from} or later, the first day that this edition covers, not {day}."
        raise DayError(message)
    return day


def observed_through(as_of: Day = LATEST, *, table: str | None = None, folder: Path | None = None) -> date:
    """Last day that a report as of a day may present as observed: the day itself, or the end of the evidence if that is earlier.

    Without a table it is the evidence on law, events and statements that counts; with one, that of the table.
    """
    through = edition(folder=folder).evidence_through if table is None else evidence_through(table, folder=folder)
    return through if isinstance(as_of, str) and as_of == LATEST else min(parse_day(as_of), through)


def names(*, folder: Path | None = None) -> list[str]:
    """Names of the tables, in the order of the package."""
    return [resource["name"] for resource in _descriptor(folder or data_folder())["resources"]]


def tables(*, folder: Path | None = None) -> list[dict[str, object]]:
    """Every table as readers are told of it.

    Returns
    -------
    list[dict[str, object]]
        One item a table: name, title, description, path (inside the package), rows, first and last (ISO days on which its rows became
        known; empty for rods), publishers, sha256.
    """
    folder = folder or data_folder()
    report = verify(folder=folder).set_index("name")
    found = []
    for resource in _descriptor(folder)["resources"]:
        row = report.loc[resource["name"]]
        first, last = ("" if pd.isna(row[name]) else f"{row[name]:%Y-%m-%d}" for name in ("first_known_on", "last_known_on"))
        found.append(
            {
                "name": resource["name"],
                "title": resource["title"],
                "description": resource["description"],
                "path": resource["path"],
                "rows": int(row["rows"]),
                "first": first,
                "last": last,
                "publishers": "; ".join(source["title"] for source in resource["sources"]),
                "sha256": hashes(folder=folder)[resource["path"]],
            }
        )
    return found


def hashes(*, folder: Path | None = None) -> dict[str, str]:
    """Recorded sha256 of every file of the package, by its path inside it."""
    return dict(integrity.recorded(folder or data_folder()))


def description(name: str, *, folder: Path | None = None) -> dict[str, Any]:
    """What the package says of a table, in the words of the Data Package standard; to be read, and not to be changed.

    Raises
    ------
    CatalogueError
        an unknown table.
    """
    return _resource(folder or data_folder(), name)


def key_of(resource: Mapping[str, Any]) -> list[str]:
    """Columns that name a row of a table: its `primaryKey`, or its `uniqueKeys` where one may be empty, as in no primary key."""
    schema = resource["schema"]
    key: list[str] = schema.get("primaryKey") or schema["uniqueKeys"][0]
    return key


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
    resource = _resource(folder, name)
    # Shallow: pandas copies a column when somebody writes to it.
    table = _read(folder, name, _stamp(folder, resource)).copy(deep=False)
    if as_of is None:
        return table
    day = resolve_as_of(as_of, folder=folder)
    kind = resource["tradelib:kind"]
    if kind == "ledger":
        table = ledger.known(table, as_of=day, by=resource["tradelib:known_on"])
        table["known_on"] = table[resource["tradelib:known_on"]]
    elif kind == "statistics":
        table = ledger.latest_known(table, as_of=day, key=resource["tradelib:key"])
    later = [field["name"] for field in resource["schema"]["fields"] if field.get("tradelib:later")]
    return table.drop(columns=later)


def read_all(*, folder: Path | None = None) -> None:
    """Read every table that is text and keep it, so that processes forked from this one need not.

    Tables in parquet are left to them: what reads those has threads, which a fork does not inherit.
    """
    folder = folder or data_folder()
    for resource in _descriptor(folder)["resources"]:
        if resource["format"] == "csv":
            _read(folder, resource["name"], _stamp(folder, resource))


def verify(*, folder: Path | None = None) -> pd.DataFrame:
    """Check that every table is whole: hash, columns, types, key, and a source for every row. What the rows mean is checked in `checks`.

    Returns
    -------
    DataFrame
        One row a table: name, path, rows, first_known_on, last_known_on.

    Raises
    ------
    CatalogueError
        the first fault found, with the file, the row and the remedy.
    """
    folder = folder or data_folder()
    report = []
    for name in names(folder=folder):
        resource = _resource(folder, name)
        table = _read(folder, name, _stamp(folder, resource))
        _check_sources(resource, table)
        by = resource.get("tradelib:known_on")
        days = table[by] if by else pd.Series(dtype="datetime64[us]")
        report.append(
            {
                "name": name,
                "path": resource["path"],
                "rows": len(table),
                "first_known_on": days.min(),
                "last_known_on": days.max(),
            }
        )
    return pd.DataFrame(report)


def cite(name: str, *, folder: Path | None = None) -> str:
    """How to cite one table: its title, publishers, edition and licence."""
    folder = folder or data_folder()
    resource = _resource(folder, name)
    publishers = "; ".join(source["title"] for source in resource["sources"])
    covered = edition(folder=folder)
    return (
        f"{resource['title']}, from {publishers}. In: {covered.title}, edition {covered.version}, "
        f"evidence to {covered.evidence_through}. {covered.licence}."
    )


def sources(*frames: pd.DataFrame) -> pd.DataFrame:
    """Distinct sources of the rows of frames: what a page made from them must list.

    Parameters
    ----------
    frames
        each with `url`, `known_on`, and `instrument` or `source`.

    Returns
    -------
    DataFrame
        Columns source, url (one link; several are separated by `|`), known_on (the newest day of its rows); in order of first appearance.

    Raises
    ------
    CatalogueError
        a frame that does not say where its rows come from.
    """
    parts = []
    for frame in frames:
        name = "instrument" if "instrument" in frame else "source"
        missing = {name, "url", "known_on"} - set(frame.columns)
        if missing:
            message = f"A frame with the columns {list(frame.columns)} does not say where its rows come from: {sorted(missing)} missing."
            raise CatalogueError(message)
        parts.append(frame[[name, "url", "known_on"]].rename(columns={name: "source"}))
    if not parts:
        return pd.DataFrame(columns=PROVENANCE)
    rows = pd.concat(parts, ignore_index=True)
    rows["known_on"] = rows.groupby(["source", "url"])["known_on"].transform("max")
    return rows.drop_duplicates(["source", "url"]).reset_index(drop=True)


def seal(*, folder: Path | None = None) -> list[str]:
    """Record the sha256 of every file in `SHA256SUMS`; for those who change the data on purpose.

    Returns
    -------
    list[str]
        Names of the tables whose file had changed.
    """
    folder = folder or data_folder()
    paths = {resource["name"]: resource["path"] for resource in _descriptor(folder)["resources"]}
    fresh = {path: integrity.digest((folder / path).read_bytes()) for path in paths.values()}
    held = set(integrity.each_recorded(folder))
    integrity.record(folder, fresh)
    return [name for name, path in paths.items() if (path, fresh[path]) not in held]


def _descriptor(folder: Path) -> Json:
    return _descriptor_at(folder, (folder / DESCRIPTOR).stat().st_mtime_ns)


@functools.lru_cache(maxsize=8)
def _edition_at(folder: Path, changed: int) -> Edition:
    package = _descriptor_at(folder, changed)
    refresh = package.get("tradelib:refresh", {})
    # The edition as people name it; the `version` of the package is that of its release, in the form that tools ask for.
    suffix = f"+{package['version'].partition('+')[2]}" if refresh else ""
    return Edition(
        version=package["tradelib:edition"] + suffix,
        title=package["title"],
        evidence_from=date.fromisoformat(package["tradelib:evidence_from"]),
        evidence_through=date.fromisoformat(package["tradelib:evidence_through"]),
        licence=package["licenses"][0]["title"],
        cite=package["tradelib:cite"],
        refreshed_on=date.fromisoformat(refresh["on"]) if refresh else None,
        refreshed_rows=sum(table["counted"] for table in refresh.get("tables", {}).values()),
    )


@functools.lru_cache(maxsize=8)
def _descriptor_at(folder: Path, _changed: int) -> Json:
    try:
        package: Json = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except ValueError as error:
        message = f"data/{DESCRIPTOR} is not valid JSON ({error}). Restore it with: git checkout -- data/{DESCRIPTOR}"
        raise CatalogueError(message) from None
    return package


def _resource(folder: Path, name: str) -> Json:
    resources: dict[str, Json] = {resource["name"]: resource for resource in _descriptor(folder)["resources"]}
    if not isinstance(name, str) or name not in resources:
        message = f"There is no table {name!r}. The tables are: {', '.join(resources)}."
        raise CatalogueError(message)
    return resources[name]


def _stamp(folder: Path, resource: Json) -> tuple[int, int]:
    path = folder / resource["path"]
    try:
        status = path.stat()
    except OSError:
        raise _fault(resource, "the file is missing") from None
    return status.st_mtime_ns, status.st_size


@functools.lru_cache(maxsize=64)
def _read(folder: Path, name: str, _stamp: tuple[int, int]) -> pd.DataFrame:
    resource = _resource(folder, name)
    content = (folder / resource["path"]).read_bytes()
    intact = integrity.digest(content) == integrity.recorded(folder).get(resource["path"])
    if resource["format"] == "parquet":
        # Nobody edits parquet by hand: a changed file is a damaged one, and is not opened.
        if not intact:
            raise _fault(resource, "its content is not what the package recorded")
        try:
            table = _checked(resource, parquet.read(content))
        except ValueError as error:
            raise _fault(resource, str(error)) from None
        _check_key(resource, table)
        return table
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _fault(resource, f"byte {error.start} is not UTF-8") from None
    table = _typed(resource, list(csv.reader(io.StringIO(text))))
    _check_key(resource, table)
    if not intact:
        raise _fault(resource, "its content is not what the package recorded, although every row can be read")
    return table


def _checked(resource: Json, table: pd.DataFrame) -> pd.DataFrame:
    """A table that came with types of its own, held against its description."""
    fields = resource["schema"]["fields"]
    if list(table.columns) != [field["name"] for field in fields]:
        raise _fault(resource, "its columns disagree with the description")
    for field in fields:
        name, constraints = field["name"], field.get("constraints", {})
        column = table[name]
        if column.dtype != _DTYPES[field["type"]]:
            raise _fault(resource, f"column {name} holds {column.dtype}, and the description says {field['type']}")
        blank = column.eq("") if field["type"] == "string" else column.isna()
        if constraints.get("required") and blank.any():
            raise _fault(resource, f"row {_place(blank) + 1}, column {name}: empty, and a value is required")
        strange = ~blank & ~column.isin(constraints["enum"]) if "enum" in constraints else blank & False
        if strange.any():
            raise _fault(resource, f"row {_place(strange) + 1}, column {name}: {column[strange.idxmax()]!r} is not allowed")
    return table


def _typed(resource: Json, rows: list[list[str]]) -> pd.DataFrame:
    fields = resource["schema"]["fields"]
    expected = [field["name"] for field in fields]
    header = rows[0] if rows else []
    if header != expected:
        missing = [name for name in expected if name not in header]
        extra = [name for name in header if name not in expected]
        detail = f"columns missing: {missing}; not described: {extra}" if missing or extra else "its columns are in another order"
        raise _fault(resource, f"row 1, the header, disagrees with the description ({detail})")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(expected):
            raise _fault(resource, f"row {number} has {len(row)} cells and should have {len(expected)}")
    columns = {}
    for position, field in enumerate(fields):
        cells = [row[position] for row in rows[1:]]
        columns[field["name"]] = _column(resource, field, cells)
    return pd.DataFrame(columns)


def _column(resource: Json, field: Json, cells: list[str]) -> pd.Series:
    constraints = field.get("constraints", {})
    allowed = constraints.get("enum")
    convert = _CONVERT[field["type"]]
    values = []
    for number, cell in enumerate(cells, start=2):
        where = f"row {number}, column {field['name']}"
        if cell == "" and constraints.get("required"):
            raise _fault(resource, f"{where}: empty, and a value is required")
        if allowed and cell and cell not in allowed:
            raise _fault(resource, f"{where}: {cell!r} is none of {', '.join(allowed)}")
        try:
            values.append(convert(cell))
        except ValueError:
            raise _fault(resource, f"{where}: {cell!r} is no {field['type']}") from None
    return pd.Series(values, dtype=_WORDS if field["type"] == "string" else _DTYPES[field["type"]])


def _day(cell: str) -> pd.Timestamp | NaTType:
    return pd.Timestamp(date.fromisoformat(cell)) if cell else pd.NaT


def _number(cell: str) -> float:
    value = float(cell) if cell else math.nan
    if cell and not math.isfinite(value):
        raise ValueError(cell)
    return value


def _truth(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise ValueError(cell)
    return cell == "true"


_CONVERT: dict[str, Callable[[str], object]] = {"string": str, "date": _day, "number": _number, "boolean": _truth}


def _place(marks: pd.Series) -> int:
    """Place of the first row that is marked, from 0."""
    return int(marks.to_numpy().argmax())


def _check_key(resource: Json, table: pd.DataFrame) -> None:
    key = key_of(resource)
    doubled = table.duplicated(key)
    if doubled.any():
        row = _place(doubled)
        words = ", ".join(f"{name} {str(table[name][row]).removesuffix(' 00:00:00')}" for name in key)
        raise _fault(resource, f"row {row + 2} repeats the key {words}")


def _check_sources(resource: Json, table: pd.DataFrame) -> None:
    name = next((name for name in ("instrument", "source") if name in table), None)
    if name is None:
        # A large table has one source for all its rows: the description names it.
        if not resource.get("sources"):
            raise _fault(resource, "neither its rows nor its description name a source")
        return
    bare = table[name].eq("")
    if bare.any():
        raise _fault(resource, f"row {_place(bare) + 2} has no {name}")


def _fault(resource: Json, what: str) -> CatalogueError:
    path = f"data/{resource['path']}"
    if resource.get("tradelib:refreshed"):
        return CatalogueError(
            f"{path} of your refreshed data: {what}. `tradelib refresh --write` builds them anew; "
            "TRADELIB_DATA=edition reads the edition alone."
        )
    return CatalogueError(
        f"{path}: {what}. Restore it with `git checkout -- {path}`; or, if the change is meant, mend it and run `tradelib data seal`."
    )
