"""The data dictionary: what each column of a table is, from the description of the package."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from tradelib.catalogue.descriptor import description, key_of
from tradelib.catalogue.loading import load

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
    resource = description(name, folder=folder)
    schema, key = resource["schema"], key_of(resource)
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
    described: list[dict[str, Any]] = description(name, folder=folder)["schema"]["fields"]
    if as_of is None:
        return described
    held = load(name, as_of=as_of, folder=folder).columns
    known = {field["name"]: field for field in described}
    added = {column: {"name": column, "type": kind, "description": words} for column, (kind, words) in _ADDED.items()}
    return [known.get(column) or added[column] for column in held]


def _allowed(field: dict[str, Any]) -> str:
    given = field.get("constraints", {})
    if "enum" in given:
        return ", ".join(given["enum"])
    bounds = [given.get(word, field.get(f"tradelib:{word}")) for word in ("minimum", "maximum")]
    words = " ".join(f"{side} {bound}" for side, bound in zip(("from", "to"), bounds, strict=True) if bound is not None)
    several = f"several, separated by {field['tradelib:separator']}" if "tradelib:separator" in field else ""
    return words or several
