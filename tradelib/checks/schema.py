"""What the description itself asks of a table, in the words of Table Schema: bounds, patterns, keys into other tables, order.

Some words are our own, since other tools find faults where there are none. `tradelib:separator` on a field says that its cells hold several
values, and `tradelib:foreignKeys` holds for each of them. `tradelib:minimum` and `tradelib:maximum` bound days (frictionless 5.21 writes
these into SQL without quotes) and numbers of Parquet that may be missing (which it takes for NaN); `tradelib:pattern` is for cells that may
be empty (which its REGEXP does not take).
"""

from collections.abc import Collection, Iterator
from typing import Any

import pandas as pd

from tradelib import catalogue
from tradelib.checks.rule import Fault, Tables, plain


def faults(tables: Tables, *, names: Collection[str] | None = None) -> Iterator[Fault]:
    """Faults of tables (by default every one) against their description, in the order of the package."""
    for name, table in tables.frames.items():
        if names is not None and name not in names:
            continue
        if table.empty:
            yield Fault("rows", tables.path(name), 0, "it holds no row", "Restore it, or take it out of the description.")
        schema = tables.resources[name]["schema"]
        for field in schema["fields"]:
            yield from _bounds(tables, name, table[field["name"]], field)
            yield from _pattern(tables, name, table[field["name"]], field)
            yield from _emptied(tables, name, table[field["name"]])
        for key in [*schema.get("foreignKeys", []), *schema.get("tradelib:foreignKeys", [])]:
            yield from _foreign(tables, name, table, key)
        yield from _order(tables, name, table)


def _bounds(tables: Tables, name: str, column: pd.Series, field: dict[str, Any]) -> Iterator[Fault]:
    for word, below in (("minimum", True), ("maximum", False)):
        bound = field.get("constraints", {}).get(word, field.get(f"tradelib:{word}"))
        if bound is None:
            continue
        limit = pd.Timestamp(bound) if field["type"] == "date" else bound
        outside = column < limit if below else column > limit
        for position in outside.to_numpy().nonzero()[0]:
            found = f"{column.name} {plain(column.iloc[position])} is {'below' if below else 'above'} {bound}"
            yield _fault(tables, name, int(position), word, found, _unit_hint(field))


def _pattern(tables: Tables, name: str, column: pd.Series, field: dict[str, Any]) -> Iterator[Fault]:
    pattern = field.get("constraints", {}).get("pattern", field.get("tradelib:pattern"))
    if pattern is None:
        return
    wrong = column.ne("") & ~column.str.fullmatch(pattern)
    for position in wrong.to_numpy().nonzero()[0]:
        found = f"{column.name} {plain(column.iloc[position])} has not the form {pattern}"
        yield _fault(tables, name, int(position), "pattern", found, f"It is: {field['description']}.")


def _emptied(tables: Tables, name: str, column: pd.Series) -> Iterator[Fault]:
    """A column of Parquet without a value in any row: nobody reads these files as they are, and sees that another program lost them."""
    if tables.resources[name]["format"] == "parquet" and len(column) and (column.isna() | column.eq("")).all():
        asked = "Restore the file; or take the column out of it, and out of the description."
        yield Fault("emptied", tables.path(name), 0, f"{column.name} holds no value in any row", asked)


def _foreign(tables: Tables, name: str, table: pd.DataFrame, key: dict[str, Any]) -> Iterator[Fault]:
    target = key["reference"]["resource"]
    if target not in tables:
        return
    field = key["fields"][0]
    separator = next(item for item in tables.resources[name]["schema"]["fields"] if item["name"] == field).get("tradelib:separator")
    held = set(tables[target][key["reference"]["fields"][0]])
    for position, cell in enumerate(table[field]):
        parts = cell.split(separator) if separator else [cell]
        for part in parts:
            if cell and part not in held:
                found = f"{field} {plain(part)} is not held by {tables.path(target)}"
                several = f" Several are separated by {separator}." if separator else ""
                yield _fault(tables, name, position, "foreignKey", found, f"Mend the name, or add it there first.{several}")


def _order(tables: Tables, name: str, table: pd.DataFrame) -> Iterator[Fault]:
    """Rows stand in the order of their key, of CSV cell by cell as text; few tables have an order of their own, and say so."""
    resource, key = tables.resources[name], catalogue.key_of(tables.resources[name])
    if "tradelib:order" in resource:
        return
    is_text = resource["format"] == "csv"
    cells = table[key].astype(object).where(table[key].notna(), "").map(_as_text) if is_text else table[key]
    placed = cells.sort_values(key, kind="stable").index.to_numpy()
    wrong = placed != range(len(table))
    if wrong.any():
        position = int(placed[wrong.nonzero()[0][0]])
        found = f"the row {', '.join(plain(table[column].iloc[position]) for column in key)} does not stand in its place"
        asked = f"`tradelib data sort {name}` does it" if is_text else "write the file anew"
        yield _fault(tables, name, position, "order", found, f"Rows are sorted by {', '.join(key)}: {asked}.")


def _as_text(cell: object) -> str:
    return cell if isinstance(cell, str) else plain(cell)


def _unit_hint(field: dict[str, Any]) -> str:
    fraction = field.get("tradelib:unit") == "fraction"
    return "Shares and rates are fractions: 0.25 is 25 per cent." if fraction else f"It is: {field['description']}."


def _fault(tables: Tables, name: str, position: int, word: str, found: str, asked: str) -> Fault:
    return Fault(word, tables.path(name), tables.row(name, position), found, asked)
