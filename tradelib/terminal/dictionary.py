"""The data dictionary: what a table holds, and what each of its columns is, from the description of the package."""

import textwrap
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from tradelib import catalogue
from tradelib.terminal import forms

_WIDTH = 100
# Columns that `catalogue.load` adds as of a day.
_ADDED = {
    "known_on": ("date", "day the row became known"),
    "is_first_release": ("boolean", "the value is the one that was published first"),
    "is_later_revised": ("boolean", "the value was current only after the day; none of the day is held"),
}
COLUMNS = ["column", "type", "unit", "in_key", "required", "allowed", "refers_to", "description"]


def columns(name: str, *, as_of: date | None = None, folder: Path | None = None) -> pd.DataFrame:
    """Every column of a table, in the order of the frame that `catalogue.load` gives.

    Parameters
    ----------
    name : a table.
    as_of : with a day, the columns of the frame as of it.

    Returns
    -------
    column; type (`string`, `date`, `number` or `boolean`); unit (empty where it has none); in_key, required (booleans); allowed (values,
    bounds or the form of a cell); refers_to (table and column, or empty); description.

    Raises
    ------
    CatalogueError : an unknown table.
    """
    resource = catalogue.description(name, folder=folder)
    schema, key = resource["schema"], catalogue.key_of(resource)
    keys = [*schema.get("foreignKeys", []), *schema.get("tradelib:foreignKeys", [])]
    targets = {item["fields"][0]: f"{item['reference']['resource']}.{item['reference']['fields'][0]}" for item in keys}
    rows = [
        {
            "column": field["name"],
            "type": field["type"],
            "unit": field.get("tradelib:unit", ""),
            "in_key": field["name"] in key,
            "required": bool(field.get("constraints", {}).get("required")),
            "allowed": _allowed(field),
            "refers_to": targets.get(field["name"], ""),
            "description": field["description"],
        }
        for field in fields(name, as_of=as_of, folder=folder)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def fields(name: str, *, as_of: date | None = None, folder: Path | None = None) -> list[dict[str, Any]]:
    """Fields of a table, in the words of Table Schema; as of a day, those of the frame as of it."""
    described: list[dict[str, Any]] = catalogue.description(name, folder=folder)["schema"]["fields"]
    if as_of is None:
        return described
    held = catalogue.load(name, as_of=as_of, folder=folder).columns
    known = {field["name"]: field for field in described}
    added = {column: {"name": column, "type": kind, "description": words} for column, (kind, words) in _ADDED.items()}
    return [known.get(column) or added[column] for column in held]


def answer(name: str, form: str) -> str:
    """A table and its columns, as `tradelib data describe` prints them: `table`, `json` or `csv`.

    Returns
    -------
    JSON: name, title, description, path, kind, known_by (the column of knowledge time, or null), rows, first, last (days on which rows
    became known), publishers, key, columns (as `columns` gives them), edition. CSV: one row a column.
    """
    rows: list[dict[str, Any]] = [{str(word): value for word, value in row.items()} for row in columns(name).to_dict("records")]
    resource = catalogue.description(name)
    about = next(item for item in catalogue.tables() if item["name"] == name)
    shown = {word: about[word] for word in ("name", "title", "description", "path")}
    shown |= {"kind": resource["tradelib:kind"], "known_by": resource.get("tradelib:known_on")}
    shown |= {word: about[word] or None for word in ("rows", "first", "last", "publishers")} | {"key": catalogue.key_of(resource)}
    record = shown | {"columns": rows, "edition": catalogue.edition().version}
    return forms.answer(form, table=_table(shown, rows), record=record, rows=rows, columns=COLUMNS)


def _table(about: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    reach = f", known from {about['first']} to {about['last']} ({about['known_by']})" if about["first"] else ""
    lines = [f"{about['name']}: {about['title']}", *textwrap.wrap(about["description"], _WIDTH), ""]
    lines += [f"data/{about['path']}: {about['rows']:,} rows{reach}", f"Key: {', '.join(about['key'])}"]
    lines += [*textwrap.wrap(f"From: {about['publishers']}", _WIDTH), ""]
    wide = max(len(row["column"]) for row in rows)
    for row in rows:
        head = f"{row['column']:<{wide}}  {row['type']:<7}  "
        lines += textwrap.wrap(_words(row), _WIDTH, initial_indent=head, subsequent_indent=" " * len(head))
    return forms.plain(lines)


def _words(row: dict[str, Any]) -> str:
    empty = "" if row["required"] or row["type"] == "boolean" else "may be empty"
    more = [row["unit"], row["allowed"], f"in {row['refers_to']}" if row["refers_to"] else "", empty]
    return f"{row['description']} [{'; '.join(word for word in more if word)}]" if any(more) else row["description"]


def _allowed(field: dict[str, Any]) -> str:
    given = field.get("constraints", {})
    if "enum" in given:
        return ", ".join(given["enum"])
    bounds = [given.get(word, field.get(f"tradelib:{word}")) for word in ("minimum", "maximum")]
    words = " ".join(f"{side} {bound}" for side, bound in zip(("from", "to"), bounds, strict=True) if bound is not None)
    several = f"several, separated by {field['tradelib:separator']}" if "tradelib:separator" in field else ""
    return words or several
