"""Rows as they were recorded: `data/ROWS` holds a short hash of each row of a ledger that people edit; what changed needs a correction.

A line is the key of a row and the row, both hashed, and how many corrections of it were listed then; the line above those of a table names
its columns. Links and what is hidden as later knowledge are no part of a row: they may change with no word.

Of reference data, tables whose rows an editor types are held the same way, and each list of goods as a whole: what it covered until a day
is hashed with that day, so that codes may join or leave it later. A list that changed is corrected by any one of its codes.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue
from tradelib.catalogue import csv_files, descriptor, integrity, parquet
from tradelib.checks.rule import Fault

ROWS = "ROWS"
CORRECTIONS = "corrections"
LISTS = "product_scopes"
# Words about pages, or rows that are worked out from others: nothing that a duty or an average rests on as it is typed.
_FREE = {CORRECTIONS, "glossary", "report_notes", "hosts", "days_ahead", "metal_shares", "scopes"}
# A law that lets codes join or leave a list is typed within so many days of its first day, and counts from then on.
_LATELY = pd.Timedelta(days=180)
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
    """Tables of text that people edit, with the columns that count, and their rows."""
    for resource in catalogue.as_written(folder)["resources"]:
        if resource["format"] != "csv" or resource["name"] in _FREE:
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
    until = pd.Timestamp(catalogue.as_written(folder)["tradelib:evidence_through"]) - _LATELY
    of_list = _corrected_lists(corrected)
    lines += [
        f"{LISTS}:{name} {until:%Y-%m-%d} {_until(rows, until)} {of_list[str(name)]}"
        for name, rows in _lists(folder).groupby("scope", sort=True)
    ]
    integrity.replace_text(folder / ROWS, "\n".join([*lines, ""]))


def _lists(folder: Path) -> pd.DataFrame:
    """The rows of all lists of goods; none in a package that has no lists."""
    resource = next((one for one in catalogue.as_written(folder)["resources"] if one["name"] == LISTS), None)
    nothing = pd.DataFrame(columns=["scope", "code", "coverage", "entry_from", "entry_to"])
    return nothing if resource is None else parquet.read((folder / resource["path"]).read_bytes())


def _until(rows: pd.DataFrame, day: pd.Timestamp) -> str:
    """Hash of what a list covered until a day, as it was told: codes, how far, and from when to when."""
    held = rows[~(rows["entry_from"] >= day)]
    days = [held[name].where(held[name] < day) for name in ("entry_from", "entry_to")]
    cells = zip(held["code"], held["coverage"], *(column.dt.strftime("%Y-%m-%d").fillna("") for column in days), strict=True)
    return _short(*sorted(" ".join(row) for row in cells))


def _corrected_lists(corrected: Counter[tuple[str, str]]) -> Counter[str]:
    """How many corrections each list of goods has."""
    found: Counter[str] = Counter()
    for (table, row), count in corrected.items():
        if table == LISTS:
            found[row.partition("; ")[0].removeprefix("scope=")] += count
    return found


def _of_lists(folder: Path, corrected: Counter[tuple[str, str]]) -> Iterator[Fault]:
    """Lists of goods that are not what they were until the day that was recorded with them, with no correction since."""
    of_list = _corrected_lists(corrected)
    recorded: dict[str, list[list[str]]] = {}
    for line in _lines(folder):
        if line.startswith(f"{LISTS}:"):
            name, *words = line.removeprefix(f"{LISTS}:").split(" ")
            recorded.setdefault(name, []).append(words)
    groups = dict(list(_lists(folder).groupby("scope")))
    for name, lines in recorded.items():
        rows = groups.get(name)
        fits = rows is not None and any(_until(rows, pd.Timestamp(day)) == digest for day, digest, _ in lines)
        if not fits and of_list[name] <= max(int(count) for _, _, count in lines):
            asked = (
                "A code that a later law adds or takes out has its day in entry_from or entry_to. A mistake of ours is listed in "
                f"data/reference/corrections.csv, by one of its codes: the table is {LISTS}, the row 'scope={name}; code=...; entry_from='."
            )
            yield Fault("in place", f"data/law/scopes/{name}.csv", 0, "the list is not what it was when it was recorded", asked)


def faults(folder: Path, *, known: Collection[str] = ()) -> list[Fault]:
    """Rows and lists that are not as they were recorded, or are gone, with no correction listed since.

    Parameters
    ----------
    known : paths of tables that are no new ones: what was recorded of their rows has to be there, else nothing could be held against it.
    """
    recorded = _recorded(folder)
    corrected = _corrected(folder)
    found: list[Fault] = []
    for resource, _, rows in _tables(folder):
        if resource["name"] in recorded:
            found += _of(resource, rows, recorded[resource["name"]], corrected)
        elif resource["path"] in known:
            asked = f"Restore it with `git checkout -- data/{ROWS}`."
            found.append(Fault("in place", f"data/{ROWS}", 0, f"it holds no rows of {resource['name']}, or is missing", asked))
    return [*found, *_of_lists(folder, corrected)]


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


def _lines(folder: Path) -> list[str]:
    file = folder / ROWS
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def _recorded(folder: Path) -> dict[str, tuple[list[str], _Lines]]:
    """Of each table its columns and the lines of its rows: key, (row, corrections listed then)."""
    found: dict[str, tuple[list[str], _Lines]] = {}
    lines: _Lines = {}
    for line in _lines(folder):
        words = line.split(" ")
        if len(words) == 2:  # noqa: PLR2004, table and columns
            lines = found.setdefault(words[0], (words[1].split(","), {}))[1]
        elif len(words) == 3 and words[2].isdecimal():  # noqa: PLR2004, key, row, corrections
            lines.setdefault(words[0], []).append((words[1], int(words[2])))
    return found
