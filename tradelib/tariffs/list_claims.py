"""What a list says beside its codes and values that no duty can follow: goods of another origin, values in another currency."""

import numpy as np
import pandas as pd

from tradelib import cells, lists, sides
from tradelib.cells.columns import NONE, Column, Reader, Words

_DOLLARS = {"usd", "us$", "$", "us dollar", "us dollars", "u.s. dollar", "u.s. dollars", "dollar", "dollars", "usd $"}
_SIDE = Reader(cells.side)


def foreign(frame: pd.DataFrame, importers: Column[cells.Cell[str]]) -> dict[int, str]:
    """Why rows are not answered whose origin is not the side whose goods the importer's duties are on; by the number of the row.

    Parameters
    ----------
    frame
        the list; columns such as `Country of origin` are looked at, and an empty cell says nothing.
    importers
        who collects the duty on each row.
    """
    found = {}
    collects = np.array([item.value or "" for item in importers.told], dtype=object)[importers.numbers]
    for place in lists.told_beside(list(frame.columns))["origin"]:
        column = frame.iloc[:, place]
        origins = _SIDE.column(column)
        for at in np.flatnonzero(origins.numbers >= 0):
            item, importer = origins.told[origins.numbers[at]], collects[at]
            exporter = sides.pair(importer).exporter if importer else None
            if exporter and (item.value or item.reason) and item.value != exporter.code:
                found[int(at)] = f"the origin is {cells.shown(column.iloc[at])}, and these are duties on goods of {exporter.name}"
    return found


def other_money(frame: pd.DataFrame) -> Words:
    """Why the values of rows are not read that a column such as `Currency` says to be no dollars."""
    words = Words.of(np.full(len(frame), NONE), [])
    for place in lists.told_beside(list(frame.columns))["currency"]:
        column = frame.iloc[:, place].astype(object)
        which, kinds = pd.factorize(column)
        told = [
            ""
            if cells.is_blank(kind) or " ".join(str(kind).lower().split()) in _DOLLARS
            else f"its value is in {cells.shown(kind)}: give dollars"
            for kind in kinds
        ]
        words = words.beside(Words.of(which, told))
    return words
