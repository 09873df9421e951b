"""Rows as they were recorded: `data/ROWS` holds a short hash of each row of a ledger that people edit; what changed needs a correction.

A line is the key of a row and the row, both hashed, and how many corrections of it were listed then; the line above those of a table names
its columns. Links and what is hidden as later knowledge are no part of a row: they may change with no word.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tradelib import catalogue
from tradelib.catalogue import csv_files, descriptor, integrity
from tradelib.checks.rule import Fault

ROWS = "ROWS"
CORRECTIONS = "corrections"
_ASKED = (
    "A row is not edited when the world changes: append another. A mistake of ours is listed in data/reference/corrections.csv, a line for "
    "each cell, or one without a column for a row that was taken out; the row there is {row!r}."
)


class _Row(NamedTuple):
    name: str  # as corrections name it
    cells: dict[str, str]
    place: int  # as an editor counts it


def _short(*words: str) -> str:
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:10]


def _tables(folder: Path) -> Iterator[tuple[descriptor.Json, list[str], list[_Row]]]:
    """Ledgers and statistics that are text, with the columns that count, and their rows."""
    for resource in catalogue.as_written(folder)["resources"]:
        if resource["format"] != "csv" or resource["tradelib:kind"] == "reference":
            continue
        head, *rows = csv_files.rows((folder / resource["path"]).read_bytes())
        free = {field["name"] for field in resource["schema"]["fields"] if field.get("tradelib:later")} | {"url", "other_sources"}
        key = catalogue.key_of(resource)
        cells = [dict(zip(head, row, strict=True)) for row in rows]
        named = ["; ".join(f"{column}={row[column]}" for column in key) for row in cells]
        columns = [column for column in head if column not in free]
        yield resource, columns, [_Row(name, row, place) for place, (name, row) in enumerate(zip(named, cells, strict=True), start=2)]


def _corrected(folder: Path) -> Counter[tuple[str, str]]:
    """How often each (table, row) is in the list of corrections."""
    resource = next(one for one in catalogue.as_written(folder)["resources"] if one["name"] == CORRECTIONS)
    head, *rows = csv_files.rows((folder / resource["path"]).read_bytes())
    table, row = head.index("table"), head.index("row")
    return Counter((cells[table], cells[row]) for cells in rows)


def record(folder: Path) -> None:
    """Write the hash of every row as it stands; for `seal`, once nothing is wrong."""
    corrected, lines = _corrected(folder), []
    for resource, columns, rows in _tables(folder):
        name = resource["name"]
        lines.append(f"{name} {','.join(columns)}")
        lines += sorted(f"{_short(name, row.name)} {_hashed(row, columns)} {corrected[name, row.name]}" for row in rows)
    integrity.replace_text(folder / ROWS, "\n".join([*lines, ""]))


def faults(folder: Path) -> list[Fault]:
    """Rows that are not as they were recorded, or are gone, with no correction listed since; none where no rows were recorded."""
    recorded = _recorded(folder)
    corrected = _corrected(folder)
    return [
        fault
        for resource, _, rows in _tables(folder)
        if resource["name"] in recorded
        for fault in _of(resource, rows, recorded[resource["name"]], corrected)
    ]


_Lines = dict[str, list[tuple[str, int]]]


def _of(
    resource: descriptor.Json, rows: list[_Row], recorded: tuple[list[str], _Lines], corrected: Counter[tuple[str, str]]
) -> Iterator[Fault]:
    name, path = resource["name"], f"data/{resource['path']}"
    columns, held = recorded
    there = {_short(name, row.name): row for row in rows}
    listed = {_short(name, row): count for (table, row), count in corrected.items() if table == name}
    for key, lines in held.items():
        # After two branches were joined a row may have several lines: one that fits is enough.
        is_listed = listed.get(key, 0) > max(count for _, count in lines)
        row = there.get(key)
        if is_listed or (row is not None and any(_hashed(row, columns) == digest for digest, _ in lines)):
            continue
        if row is None:
            told = _ASKED.format(row="; ".join(f"{column}=..." for column in catalogue.key_of(resource)))
            yield Fault("in place", path, 0, f"a row is gone that was recorded as {key} in data/{ROWS}, or its key was changed", told)
        else:
            yield Fault("in place", path, row.place, "the row is not what it was when it was recorded", _ASKED.format(row=row.name))


def _hashed(row: _Row, columns: Sequence[str]) -> str:
    return _short(*(row.cells.get(column, "") for column in columns))


def _recorded(folder: Path) -> dict[str, tuple[list[str], _Lines]]:
    """Of each table its columns and the lines of its rows: key, (row, corrections listed then)."""
    file = folder / ROWS
    found: dict[str, tuple[list[str], _Lines]] = {}
    lines: _Lines = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else []:
        words = line.split(" ")
        if len(words) == 2:  # noqa: PLR2004, table and columns
            lines = found.setdefault(words[0], (words[1].split(","), {}))[1]
        elif len(words) == 3 and words[2].isdecimal():  # noqa: PLR2004, key, row, corrections
            lines.setdefault(words[0], []).append((words[1], int(words[2])))
    return found
