"""The rows that are held, as texts: those of the edition, and those that were appended to it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from tradelib import catalogue
from tradelib.catalogue import csv_files, parquet
from tradelib.catalogue.descriptor import package

Row = dict[str, str]


@dataclass
class Table:
    """One table of statistics: its columns, key and rows as texts; rows of a key are sorted by vintage."""

    name: str
    resource: dict[str, Any]
    rows: list[Row]
    by_key: dict[tuple[str, ...], list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows:
            self.by_key.setdefault(self.key(row), []).append(row)
        for rows in self.by_key.values():
            rows.sort(key=lambda row: row["vintage_on"])

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return [item["name"] for item in self.resource["schema"]["fields"]]

    @property
    def key_columns(self) -> list[str]:
        """Columns that name an observation."""
        return list(self.resource["tradelib:key"])

    @property
    def key_in_full(self) -> list[str]:
        """Columns that name a row."""
        return catalogue.key_of(self.resource)

    def key(self, row: Row) -> tuple[str, ...]:
        """Key of a row's observation."""
        return tuple(row[name] for name in self.key_columns)

    def append(self, row: Row) -> None:
        """Take a row over."""
        self.rows.append(row)
        held = self.by_key.setdefault(self.key(row), [])
        held.append(row)
        held.sort(key=lambda item: item["vintage_on"])

    def latest(self, key: tuple[str, ...]) -> Row | None:
        """The row with the newest vintage of an observation."""
        held = self.by_key.get(key)
        return held[-1] if held else None


class Ledger:
    """The tables that a refresh may append to, read once."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.package = package(folder=base)
        self._resources: dict[str, dict[str, Any]] = {item["name"]: item for item in self.package["resources"]}
        self._tables: dict[str, Table] = {}

    def has(self, name: str) -> bool:
        """The edition holds such a table."""
        return name in self._resources

    def table(self, name: str) -> Table:
        """A table of statistics."""
        if name not in self._tables:
            resource = self._resources[name]
            self._tables[name] = Table(name, resource, read_rows(self.base, resource))
        return self._tables[name]

    def resource(self, name: str) -> dict[str, Any]:
        """Description of a table."""
        return self._resources[name]

    def reference(self, name: str) -> list[Row]:
        """Rows of any other table, none if the edition does not hold it."""
        return read_rows(self.base, self._resources[name]) if name in self._resources else []

    def newest_period(self, table: str, key: Iterable[str], *, of: str = "period") -> str:
        """Newest period held of all observations whose other key columns are these; empty if none."""
        rows, names = self.table(table), [name for name in self.table(table).key_columns if name != of]
        wanted = tuple(key)
        return max((row[of] for row in rows.rows if tuple(row[name] for name in names) == wanted), default="")


def read_rows(folder: Path, resource: dict[str, Any]) -> list[Row]:
    """Rows of a table as texts, in the order of the file."""
    path = folder / resource["path"]
    if resource["format"] == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    frame = parquet.read(path)
    columns = {item["name"]: csv_files.texts(frame[item["name"]], item["type"]) for item in resource["schema"]["fields"]}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def write_rows(folder: Path, resource: dict[str, Any], rows: list[Row]) -> bytes:
    """Content of the file of a table: CSV or parquet, as the edition has it."""
    names = [item["name"] for item in resource["schema"]["fields"]]
    if resource["format"] == "csv":
        return csv_bytes(names, rows)
    old = parquet.read(folder / resource["path"])
    columns = {item["name"]: typed([row[item["name"]] for row in rows], item["type"]) for item in resource["schema"]["fields"]}
    return parquet.content(pd.DataFrame({name: column.astype(old[name].dtype) for name, column in columns.items()}))


def csv_bytes(names: list[str], rows: Iterable[Row]) -> bytes:
    """A table as CSV: LF, UTF-8, quotes only where needed."""
    file = io.StringIO()
    writer = csv.DictWriter(file, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def day(text: str) -> date:
    """A day of a table."""
    return date.fromisoformat(text)


def typed(cells: list[str], kind: str) -> pd.Series:
    """A column of texts as what it holds: days, numbers, truths or words."""
    column = pd.Series(cells, dtype="object")
    if kind == "date":
        return pd.to_datetime(column.where(column.ne(""), None))
    if kind == "number":
        return pd.to_numeric(column.where(column.ne(""), None)).astype("float64")
    if kind == "boolean":
        return column.eq("true")
    return column.astype("str")
