"""Rules of the table of corrections: what it names is there, or is gone."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue
from tradelib.checks.rule import Tables, rule
from tradelib.rows import each


class _Correction(NamedTuple):
    corrected_on: pd.Timestamp
    table: str
    row: str
    column: str


def names_of(tables: Tables, name: str) -> list[str]:
    """The rows of a table by their keys, as `corrections` writes them: column=value, in the order of the description."""
    key, table = catalogue.key_of(tables.resources[name]), tables[name]
    cells = [[f"{column}={_cell(value)}" for value in table[column]] for column in key]
    return ["; ".join(parts) for parts in zip(*cells, strict=True)]


@rule("corrections")
def a_correction_names_its_row(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The table, the row by its whole key and the column of a correction are there; a row that was taken out is gone.

    Write the key as `event_id=EV20250514a; published_on=2025-05-14`; the newest correction of a row counts.
    """
    rows = list(each(tables["corrections"], _Correction))
    newest: dict[tuple[str, str], pd.Timestamp] = {}
    for row in rows:
        newest[row.table, row.row] = max(row.corrected_on, newest.get((row.table, row.row), row.corrected_on))
    held = {name: set(names_of(tables, name)) for name in {row.table for row in rows} if name in tables}
    for position, row in enumerate(rows):
        if row.table in tables.resources and row.table not in held:
            continue  # the table could not be read, which is told
        last = row.corrected_on == newest[row.table, row.row]
        there = row.table in held and (not row.column or row.column in tables[row.table])
        if not there or (last and (row.row in held[row.table]) != (row.column != "")):
            yield "corrections", position, f"table {row.table!r}, row {row.row!r}, column {row.column!r}"


def _cell(value: object) -> str:
    """A cell of a key as the file writes it."""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:g}"
    if value is pd.NaT:
        return ""
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
