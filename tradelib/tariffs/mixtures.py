"""Lines under one code that owe different duties, and duties of which a part is no share of value: the range that can be said."""

import re

import numpy as np
import pandas as pd

from tradelib.tariffs.tariff_lines import Lines

# Rates are announced in tenths of a per cent at most; below this, a difference is what binary addition leaves behind.
DECIMALS = 9
_SPECIFIC = ("specific", "compound", "other")
_SPECIFIC_AND_PERCENTAGE = re.compile(r"[\d.]+\s?(?:¢|\$)[^%+]*\+ ([\d.]+)%")


def groups(over: Lines, positions: np.ndarray, mfn: np.ndarray, layers: dict[str, np.ndarray]) -> pd.DataFrame:
    """Lines that owe the same, layer by layer.

    Parameters
    ----------
    over : the lines of an importer.
    positions : of the lines asked about.
    mfn : general rates of all lines; NaN where one is not held.
    layers : as `stacking.stack` gives them.

    Returns
    -------
    One row a group, by `total_frac`, those not known last: total_frac, low_frac and high_frac (what the duty is at least and at most:
    where the general rate is an amount a unit, its percentage part counts, and high_frac is NaN), mfn_frac, a column a family, specific
    (the text of a general rate that is no share of value, else empty), at (position of its first line) and lines (tuple of codes).
    """
    stacks = np.column_stack([mfn, *layers.values()])[positions]
    texts = np.array([_amount(over, at, mfn[at]) for at in positions], dtype=object)
    filled = np.nan_to_num(np.round(stacks, DECIMALS), nan=-1.0)
    keys = pd.factorize(texts)[0]
    _, first, which = np.unique(np.column_stack([filled, keys]), axis=0, return_index=True, return_inverse=True)
    which = which.reshape(-1)
    rows = [_row(over, positions, stacks[at], texts[at], int(at), which == number, list(layers)) for number, at in enumerate(first)]
    return pd.DataFrame(rows).sort_values(["total_frac", "low_frac", "at"], na_position="last", ignore_index=True)


def _row(
    over: Lines, positions: np.ndarray, stack: np.ndarray, amount: str, at: int, members: np.ndarray, families: list[str]
) -> dict[str, object]:
    total = round(float(stack.sum()), DECIMALS)
    low = total
    if amount:
        low = round(float(stack[1:].sum()) + percentage(amount), DECIMALS)
    return {
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
    total = table["total_frac"]
    same = total.notna().all() and total.nunique() == 1
    return (
        float(total.iloc[0]) if same else np.nan,
        float(table["low_frac"].min()) if table["low_frac"].notna().all() else np.nan,
        float(table["high_frac"].max()) if table["high_frac"].notna().all() else np.nan,
    )


def percentage(text: str) -> float:
    """The part of a general rate that is a percentage of the whole value beside an amount a unit; 0 where there is none.

    Examples
    --------
    >>> percentage("90¢/pr. + 20%"), percentage("4.4¢/kg"), percentage("51¢ each + 6.25% on the case")
    (0.2, 0.0, 0.0)
    """
    found = _SPECIFIC_AND_PERCENTAGE.fullmatch(text)
    return float(found[1]) / 100 if found else 0.0


def _amount(over: Lines, at: int, mfn: float) -> str:
    """Text of a general rate that is held and is no share of value."""
    return str(over.texts[at]) if np.isnan(mfn) and over.kinds[at] in _SPECIFIC else ""
