"""Rows of a list that are no goods but the sum of others: a value counted there would count twice."""

import re

import numpy as np
import pandas as pd

from tradelib.cells.base import cleaned

# What is said of such a row; `totals` knows it by this.
SUM = "the row looks like a total, and its value is in no sum"
_WORDS = r"(?:grand|overall|net|sheet|page|invoice|list|running)?[\s_-]*(?:sub[\s_-]*)?(?:totals?|sums?)"
_BEHIND = r"(?:value|amount|customs|entered|declared|invoice|usd|us|dollars|of|all|rows|goods|lines|items|\$|[\s:.,()=\-\d])*"
_IN_ROW = re.compile(rf"{_WORDS}\b{_BEHIND}|合计|总计|小计|總計|合計|小計", re.IGNORECASE)
_IN_CODE = re.compile(rf"{_WORDS}\b.*|合计.*|总计.*|小计.*|總計.*|合計.*|小計.*", re.IGNORECASE | re.DOTALL)
_ROUNDING_USD = 0.005
_LEAST_ROWS = 2


def sum_rows(frame: pd.DataFrame, place: int, unread: np.ndarray, blank: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Rows without a code that look like a total.

    Parameters
    ----------
    frame, place
        the list, and where its column of codes stands.
    unread
        rows whose cell of the code holds no code.
    blank
        those of them where it is empty.
    values
        customs values in US dollars, NaN where there is none.

    Returns
    -------
    ndarray
        True where a cell of such a row says so (`TOTAL`, `Grand total`, `Sum:`), or where its code is empty and its value is the sum of at
        least two rows above it: of all, or of those since the last total.
    """
    found = np.zeros(len(frame), dtype=bool)
    rows = np.flatnonzero(unread)
    for column in range(frame.shape[1]) if len(rows) else ():
        pattern = _IN_CODE if column == place else _IN_ROW
        found[rows] |= [isinstance(cell, str) and bool(pattern.fullmatch(cleaned(cell)[0])) for cell in frame.iloc[rows, column]]
    has = ~blank & ~found & ~np.isnan(values)
    money, counted = np.cumsum(np.where(has, values, 0.0)), np.cumsum(has)
    last_money, last_count = 0.0, 0
    for at in np.flatnonzero(found | (blank & ~np.isnan(values))):
        sums = ((money[at], counted[at]), (money[at] - last_money, counted[at] - last_count))
        found[at] |= any(_is_sum(values[at], *above) for above in sums)
        if found[at]:
            last_money, last_count = money[at], counted[at]
    return found


def _is_sum(value: float, money: float, rows: int) -> bool:
    return rows >= _LEAST_ROWS and value > 0 and abs(value - money) < _ROUNDING_USD * rows
