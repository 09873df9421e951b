"""Lines under one code that owe different duties, and duties of which a part is no share of value: the range that can be said."""

import math
import operator
import re

import numpy as np
import pandas as pd

from tradelib.tariffs.stacking import DECIMALS
from tradelib.tariffs.tariff_lines import Lines

SPECIFIC = ("specific", "compound", "other")
_SPECIFIC_AND_PERCENTAGE = re.compile(r"(?:[\d.]+\s?(?:¢|\$)|\$\s?[\d.]+)[^%+]*\+ ([\d.]+)%")


def groups(over: Lines, positions: np.ndarray, mfn: np.ndarray, layers: dict[str, np.ndarray]) -> pd.DataFrame:
    """Lines that owe the same, layer by layer.

    Parameters
    ----------
    over
        the lines of an importer.
    positions
        of the lines asked about.
    mfn
        their general rates; NaN where one is not held.
    layers
        their duties, as `stacking.stack` gives them for `only` these.

    Returns
    -------
    DataFrame
        One row a group, by `total_frac`, those not known last: total_frac, low_frac and high_frac (what the duty is at least and at most:
        where the general rate is an amount a unit, its percentage part counts, and high_frac is NaN), mfn_frac, a column a family, specific
        (the text of a general rate that is no share of value, else empty), at (position of its first line) and lines (tuple of codes).
    """
    stacks = np.column_stack([mfn, *layers.values()])
    texts = [_amount(over, at, rate) for at, rate in zip(positions, mfn, strict=True)]
    first, which = _alike(stacks, texts)
    rows = [_row(over, positions, stacks[at], texts[at], int(at), which == number, list(layers)) for number, at in enumerate(first)]
    return pd.DataFrame([row for _, row in sorted(rows, key=operator.itemgetter(0))])


def _alike(stacks: np.ndarray, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """(number of the first line of each group, number of the group of each line) of lines with the same rates and text."""
    if len(texts) == 1:
        return np.zeros(1, dtype=int), np.zeros(1, dtype=int)
    filled = np.nan_to_num(np.round(stacks, DECIMALS), nan=-1.0)
    keys = pd.factorize(np.array(texts, dtype=object))[0]
    _, first, which = np.unique(np.column_stack([filled, keys]), axis=0, return_index=True, return_inverse=True)
    return first, which.reshape(-1)


_Key = tuple[bool, float, bool, float, int]


def _order(total: float, low: float, at: int) -> _Key:
    """Key that puts groups in order of their duty, those not known last."""
    unknown, low_unknown = math.isnan(total), math.isnan(low)
    return unknown, 0.0 if unknown else total, low_unknown, 0.0 if low_unknown else low, at


def _row(
    over: Lines, positions: np.ndarray, stack: np.ndarray, amount: str, at: int, members: np.ndarray, families: list[str]
) -> tuple[_Key, dict[str, object]]:
    """(key of its place in the order, row of one group)."""
    total = round(float(stack.sum()), DECIMALS)
    low = total
    if amount:
        low = round(float(stack[1:].sum()) + percentage(amount), DECIMALS)
    return _order(total, low, int(positions[at])), {
        "total_frac": total,
        "low_frac": low,
        "high_frac": total,
        "mfn_frac": float(stack[0]),
        **dict(zip(families, (float(rate) for rate in stack[1:]), strict=True)),
        "specific": amount,
        "at": int(positions[at]),
        "lines": tuple(str(code) for code in over.codes[positions[members]]),
    }


def span(table: pd.DataFrame) -> tuple[float, float, float]:
    """(total, lowest, highest) over `groups`: the total where all owe the same in sum; the highest is NaN where that of one is."""
    total, low, high = (table[name].to_numpy() for name in ("total_frac", "low_frac", "high_frac"))
    same = not np.isnan(total).any() and len(np.unique(total)) == 1
    # Of unknown ends nothing is least or most: NaN stays NaN.
    return float(total[0]) if same else np.nan, float(low.min()), float(high.max())


def percentage(text: str) -> float:
    """The part of a general rate that is a percentage of the whole value beside an amount a unit; 0 where there is none.

    Examples
    --------
    >>> percentage("90¢/pr. + 20%"), percentage("4.4¢/kg"), percentage("51¢ each + 6.25% on the case"), percentage("$1.104/kg + 15%")
    (0.2, 0.0, 0.0, 0.15)
    """
    found = _SPECIFIC_AND_PERCENTAGE.fullmatch(text)
    return float(found[1]) / 100 if found else 0.0


def beside(text: str) -> str:
    """The amount a unit of a general rate, without the percentage of the whole value beside it.

    Examples
    --------
    >>> beside("90¢/pr. + 20%"), beside("4.4¢/kg")
    ('90¢/pr.', '4.4¢/kg')
    """
    return re.sub(r" ?\+ ?[\d.]+%$", "", text) if percentage(text) else text


def _amount(over: Lines, at: int, mfn: float) -> str:
    """Text of a general rate that is held and is no share of value."""
    return str(over.texts[at]) if np.isnan(mfn) and over.kinds[at] in SPECIFIC else ""
