"""The tables for other tools: one SQLite or DuckDB database, one workbook, or a folder of CSV that is a data package itself.

Codes stay text, days are days, and what is not held is empty (NULL in a database). A database and a workbook also hold `about` and
`data_dictionary`; the folder holds the description that every data package has.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from tradelib import catalogue, extras, wording
from tradelib.catalogue import csv_files, dictionary, integrity, parquet
from tradelib.days import Day
from tradelib.errors import ParameterError

_MOST_ROWS, _MOST_SIGNS, _MOST_LETTERS = 1_048_576, 32_767, 31
_SQL = {
    "sqlite": {"string": "TEXT", "date": "TEXT", "number": "REAL", "boolean": "INTEGER"},
    "duckdb": {"string": "VARCHAR", "date": "DATE", "number": "DOUBLE", "boolean": "BOOLEAN"},
}


@dataclass(frozen=True)
class Shown:
    """A table as it is handed out.

    Attributes
    ----------
    name : of the table.
    frame : as `catalogue.load` gives it.
    fields : its columns in the words of Table Schema.
    key : columns that name a row, and none of which is ever empty; else none.
    """

    name: str
    frame: pd.DataFrame
    fields: list[dict[str, Any]]
    key: list[str]


def export(to: str, target: Path, *, names: Sequence[str] = (), as_of: Day | None = None) -> tuple[int, int]:
    """Write tables for another tool, whole or not at all.

    Parameters
    ----------
    to : `sqlite`, `duckdb`, `xlsx` (one file, which is written over) or `csv` (a folder, new or empty).
    target : the file or folder.
    names : tables; none for all.
    as_of : with a day, the tables as known on it; without, every row and column.

    Returns
    -------
    (tables, rows) that were written.

    Raises
    ------
    ParameterError : another form, a package that is missing, a target that cannot be written, or more than a workbook holds.
    CatalogueError : an unknown table.
    """
    if to not in _WRITERS:
        message = f"--to must be one of {', '.join(_WRITERS)}, not {to!r}."
        raise ParameterError(message)
    day = None if as_of is None else catalogue.resolve_as_of(as_of)
    tables = [_shown(name, day) for name in names or catalogue.names()]
    target = target.absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as scratch:
            made = Path(scratch) / "made"
            _WRITERS[to](made, tables, day)
            _put(made, target)
    except OSError as error:
        message = f"{target} cannot be written: {error.strerror or error}."
        raise ParameterError(message) from error
    return len(tables), sum(len(table.frame) for table in tables)


def _put(made: Path, target: Path) -> None:
    if made.is_file():
        if target.is_dir():
            message = f"{target} is a folder; name a file."
            raise ParameterError(message)
        made.replace(target)
        return
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        message = f"{target} is there already, and is not empty; name a new folder."
        raise ParameterError(message)
    if target.exists():
        target.rmdir()
    made.rename(target)


def _shown(name: str, day: date | None) -> Shown:
    frame = catalogue.load(name, as_of=day)
    resource = catalogue.description(name)
    key = catalogue.key_of(resource) if day is None else resource.get("tradelib:key", catalogue.key_of(resource))
    return Shown(name, frame, dictionary.fields(name, as_of=day), key if "primaryKey" in resource["schema"] else [])


def _about(day: date | None) -> dict[str, str]:
    edition = catalogue.edition()
    known = f"as known on {wording.day(day)}" if day else "every row, whenever it became known"
    return {"title": edition.title, "edition": edition.version, "holds": known, "licence": edition.licence, "cite": edition.cite}


def _dictionary(tables: Sequence[Shown], day: date | None) -> pd.DataFrame:
    parts = [dictionary.columns(table.name, as_of=day).assign(table_name=table.name) for table in tables]
    rows = pd.concat(parts, ignore_index=True)[["table_name", *dictionary.COLUMNS]]
    return rows.rename(columns={"column": "column_name"})  # in SQL `table` and `column` are words of the language


def _described(tables: Sequence[Shown], day: date | None) -> Iterator[Shown]:
    """`about` and `data_dictionary` as tables of their own, and then the tables."""
    about = pd.DataFrame(_about(day).items(), columns=["name", "value"])
    for name, frame in (("about", about), ("data_dictionary", _dictionary(tables, day))):
        kinds = {"bool": "boolean"}
        yield Shown(name, frame, [{"name": word, "type": kinds.get(str(kind), "string")} for word, kind in frame.dtypes.items()], [])
    yield from tables


def _create(table: Shown, kinds: Mapping[str, str]) -> str:
    required = {field["name"] for field in table.fields if field.get("constraints", {}).get("required")} | set(table.key)
    parts = [f'"{item["name"]}" {kinds[item["type"]]}{" NOT NULL" if item["name"] in required else ""}' for item in table.fields]
    if table.key:
        parts.append(f"PRIMARY KEY ({', '.join(chr(34) + name + chr(34) for name in table.key)})")
    return f'CREATE TABLE "{table.name}" ({", ".join(parts)})'


def _sqlite(made: Path, tables: Sequence[Shown], day: date | None) -> None:
    import contextlib
    import sqlite3

    with contextlib.closing(sqlite3.connect(made)) as base, base:
        for table in _described(tables, day):
            base.execute(_create(table, _SQL["sqlite"]))
            columns = [_stored(table.frame[field["name"]], field["type"]) for field in table.fields]
            places = ", ".join("?" * len(columns))
            base.executemany(f'INSERT INTO "{table.name}" VALUES ({places})', zip(*columns, strict=True))  # noqa: S608, names of ours


def _stored(column: pd.Series, kind: str) -> list[object]:
    """Cells for SQLite: days as ISO text, truth values as 0 and 1, None where nothing is held."""
    if kind in ("string", "date"):
        return [cell or None for cell in csv_files.texts(column, kind)]
    return [int(cell) for cell in column] if kind == "boolean" else [None if pd.isna(cell) else float(cell) for cell in column]


def _duckdb(made: Path, tables: Sequence[Shown], day: date | None) -> None:
    extras.need(extras.DUCKDB)
    import duckdb

    with duckdb.connect(str(made)) as base:
        for table in _described(tables, day):
            base.execute(_create(table, _SQL["duckdb"]))
            words = [field["name"] for field in table.fields if field["type"] == "string"]
            frame = table.frame.assign(**{name: table.frame[name].where(table.frame[name].ne(""), None) for name in words})
            base.register("given", parquet.arrow(frame[[field["name"] for field in table.fields]]))
            base.execute(f'INSERT INTO "{table.name}" SELECT * FROM given')  # noqa: S608, names of ours
            base.unregister("given")


def _xlsx(made: Path, tables: Sequence[Shown], day: date | None) -> None:
    extras.need("files")
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    for table in _described(tables, day):
        if len(table.frame) >= _MOST_ROWS:
            message = f"A sheet of a workbook holds {_MOST_ROWS - 1:,} rows, and {table.name} has {len(table.frame):,}; leave it out."
            raise ParameterError(message)
        sheet = book.create_sheet(table.name[:_MOST_LETTERS])
        sheet.freeze_panes = "A2"
        sheet.append([field["name"] for field in table.fields])
        columns = [_shown_in_sheet(sheet, table.frame[field["name"]], field["type"]) for field in table.fields]
        for row in zip(*columns, strict=True):
            sheet.append(row)
    book.save(made)


def _shown_in_sheet(sheet: object, column: pd.Series, kind: str) -> Iterator[object]:
    """Cells for a sheet: text stays text, whatever it begins with; days are days."""
    from openpyxl.cell import WriteOnlyCell

    for cell in column:
        if kind == "string":
            text = WriteOnlyCell(sheet, value=str(cell)[:_MOST_SIGNS] or None)
            text.data_type = "s" if cell else "n"
            yield text
        elif kind == "date":
            yield None if pd.isna(cell) else cell.date()
        else:
            yield None if pd.isna(cell) else cell


def _csv(made: Path, tables: Sequence[Shown], day: date | None) -> None:
    """A folder of CSV with its description, which this library reads too (`TRADELIB_DATA`)."""
    made.mkdir()
    held = json.loads((catalogue.data_folder() / catalogue.DESCRIPTOR).read_text(encoding="utf-8"))
    names = [table.name for table in tables]
    resources = {item["name"]: item for item in held["resources"] if item["name"] in names}
    columns = {table.name: [field["name"] for field in table.fields] for table in tables}
    digests = {}
    for table in tables:
        path, content = f"{table.name}.csv", csv_files.content(table.frame, {item["name"]: item["type"] for item in table.fields})
        (made / path).write_bytes(content)
        digests[path] = integrity.digest(content)
        resources[table.name] = _as_csv(resources[table.name], table, path, columns)
    if day is not None:
        held["title"] += f", as known on {wording.day(day)}"
        held["tradelib:evidence_through"] = min(held["tradelib:evidence_through"], day.isoformat())
    held["resources"] = [resources[name] for name in names]
    (made / catalogue.DESCRIPTOR).write_bytes((json.dumps(held, indent=2, ensure_ascii=False) + "\n").encode())
    integrity.record(made, digests)


def _as_csv(resource: dict[str, Any], table: Shown, path: str, columns: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    about = resource | {"path": path, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    schema = resource["schema"] | {"fields": table.fields}
    if "primaryKey" in schema:
        schema["primaryKey"] = table.key
    for word in ("foreignKeys", "tradelib:foreignKeys"):
        kept = [key for key in schema.pop(word, []) if _leads(key, columns[table.name], columns)]
        if kept:
            schema[word] = kept
    return about | {"schema": schema}


def _leads(key: dict[str, Any], own: Sequence[str], columns: Mapping[str, Sequence[str]]) -> bool:
    """Whether both ends of a foreign key are handed out: as of a day, columns of later knowledge are not."""
    target = key["reference"]
    return set(key["fields"]) <= set(own) and set(target["fields"]) <= set(columns.get(target["resource"], ()))


_WRITERS: dict[str, Callable[[Path, Sequence[Shown], date | None], None]] = {
    "sqlite": _sqlite,
    "duckdb": _duckdb,
    "xlsx": _xlsx,
    "csv": _csv,
}
FORMS = tuple(_WRITERS)
