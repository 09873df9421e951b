"""What a file holds as typed columns, held against the description of its table; the first fault is told."""

import math
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from tradelib.catalogue.descriptor import Json, fault, key_of

_DTYPES = {"string": "str", "date": "datetime64[us]", "number": "float64", "boolean": "bool"}
# Most tables are small, and small columns of Python's own strings are several times faster to select and join than Arrow's.
_WORDS = pd.StringDtype("python", na_value=math.nan)


def checked(resource: Json, table: pd.DataFrame, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """A table that came with types of its own, or some of its columns, held against its description."""
    fields = [field for field in resource["schema"]["fields"] if columns is None or field["name"] in columns]
    if list(table.columns) != [field["name"] for field in fields]:
        raise fault(resource, "its columns disagree with the description")
    for field in fields:
        name, constraints = field["name"], field.get("constraints", {})
        column = table[name]
        if column.dtype != _DTYPES[field["type"]]:
            raise fault(resource, f"column {name} holds {column.dtype}, and the description says {field['type']}")
        if field["type"] == "number" and (endless := column.abs().eq(math.inf)).any():
            raise fault(resource, f"row {place(endless) + 1}, column {name}: {column[endless.idxmax()]} is no number of a table")
        absent = column.isna()
        if field["type"] == "string" and absent.any():
            raise fault(resource, f"row {place(absent) + 1}, column {name}: no text, and one that is empty is a text without a letter")
        if not constraints or (field["type"] == "string" and _is_allowed(column, constraints)):
            continue
        blank = column.eq("") if field["type"] == "string" else absent
        if constraints.get("required") and blank.any():
            raise fault(resource, f"row {place(blank) + 1}, column {name}: empty, and a value is required")
        strange = ~blank & ~column.isin(constraints["enum"]) if "enum" in constraints else blank & False
        if strange.any():
            raise fault(resource, f"row {place(strange) + 1}, column {name}: {column[strange.idxmax()]!r} is not allowed")
    return table


def _is_allowed(words: pd.Series, constraints: Json) -> bool:
    """Whether a column of words holds what it may, told by the words that it holds: where they are is looked for only if it does not."""
    held = set(words.tolist())
    return not (constraints.get("required") and "" in held) and ("enum" not in constraints or held <= {*constraints["enum"], ""})


def typed(resource: Json, rows: list[list[str]]) -> pd.DataFrame:
    """A table of texts, header first."""
    fields = resource["schema"]["fields"]
    expected = [field["name"] for field in fields]
    header = rows[0] if rows else []
    if header != expected:
        missing = [name for name in expected if name not in header]
        extra = [name for name in header if name not in expected]
        detail = f"columns missing: {missing}; not described: {extra}" if missing or extra else "its columns are in another order"
        raise fault(resource, f"row 1, the header, disagrees with the description ({detail})")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(expected):
            raise fault(resource, f"row {number} has {len(row)} cells and should have {len(expected)}")
    columns = {}
    for position, field in enumerate(fields):
        cells = [row[position] for row in rows[1:]]
        columns[field["name"]] = _column(resource, field, cells)
    return pd.DataFrame(columns)


def _column(resource: Json, field: Json, cells: list[str]) -> pd.Series:
    # Each text is read once: most columns repeat a few.
    read: dict[str, object] = {}
    for cell in dict.fromkeys(cells):
        try:
            read[cell] = _value(field, cell)
        except ValueError as error:
            where = f"row {cells.index(cell) + 2}, column {field['name']}"
            raise fault(resource, f"{where}: {error}") from None
    values = [read[cell] for cell in cells]
    if field["type"] == "date":
        return pd.Series(np.array(values, dtype="datetime64[us]"))
    return pd.Series(values, dtype=_WORDS if field["type"] == "string" else _DTYPES[field["type"]])


def _value(field: Json, cell: str) -> object:
    """What a cell holds.

    Raises
    ------
    ValueError
        not what the description allows; says why not.
    """
    constraints = field.get("constraints", {})
    allowed = constraints.get("enum")
    if cell == "" and constraints.get("required"):
        message = "empty, and a value is required"
        raise ValueError(message)
    if allowed and cell and cell not in allowed:
        message = f"{cell!r} is none of {', '.join(allowed)}"
        raise ValueError(message)
    try:
        return _CONVERT[field["type"]](cell)
    except ValueError:
        message = f"{cell!r} is no {field['type']}"
        raise ValueError(message) from None


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


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


def place(marks: pd.Series) -> int:
    """Place of the first row that is marked, from 0."""
    return int(marks.to_numpy().argmax())


def check_key(resource: Json, table: pd.DataFrame) -> None:
    """Refuse a table that repeats a key."""
    key = key_of(resource)
    doubled = table.duplicated(key)
    if doubled.any():
        row = place(doubled)
        words = ", ".join(f"{name} {str(table[name][row]).removesuffix(' 00:00:00')}" for name in key)
        raise fault(resource, f"row {row + 2} repeats the key {words}")
