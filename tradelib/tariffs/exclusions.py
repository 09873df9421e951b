"""Goods that a notice describes and excludes from a list: what share of imports claims it, where that has been published.

An exclusion of described goods is part of a statistical line, and no statistics tell the parts. What can be measured is the duty that was
not collected on such lines: the list duty that the law asks for, less what is left of the duty collected after all other duties, as a
share of the list duty. Whatever else lowers the duty collected counts as a claim too, so the share is a measurement with a bias, and the
choice to count with it (`Assumptions.claimed_exclusions`) is never the default. It lies between no described goods and all of them.
"""

import functools
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from tradelib import catalogue, ledger, wording
from tradelib.doors import LATEST, Day, door
from tradelib.rows import each

DESCRIBED = "described goods"


@door
def exclusion_claims(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Shares of imports that claim an exclusion, as published up to a day.

    Parameters
    ----------
    as_of
        shares published later do not count.

    Returns
    -------
    DataFrame
        One row per (scope, goods), its newest share: as the table `exclusion_claims`, without later knowledge, and known_on. Fractions of
        the customs value of imports on the lines counted; period_to is exclusive. Sorted by that key.
    """
    rows = catalogue.load("exclusion_claims", as_of=as_of)
    newest = ledger.newest_versions(rows, key=["scope", "goods"], by="published_on")
    return newest.sort_values(["scope", "goods"]).reset_index(drop=True)


def claim_shares(as_of: date) -> dict[str, float]:
    """{scope: share of the imports on its lines of described goods that claims it}, as published up to a day."""
    return _shares(as_of, catalogue.data_folder())


@functools.lru_cache(maxsize=64)
def _shares(as_of: date, _folder: Path) -> dict[str, float]:
    rows = exclusion_claims(as_of=as_of)
    rows = rows[rows["goods"].eq(DESCRIBED)]
    return dict(zip(rows["scope"], rows["claimed_frac"], strict=True))


class _Claim(NamedTuple):
    period_from: pd.Timestamp
    period_to: pd.Timestamp
    lines: float
    claimed_frac: float
    source: str


def told(titles: dict[str, str], *, as_of: date) -> list[str]:
    """What is known of exclusions that name some goods of a line, in sentences.

    Parameters
    ----------
    titles
        the exclusions that hold and name described goods of the line, by scope, and what each covers in words.
    as_of
        day of knowledge.

    See Also
    --------
    claims_named : the rows that these sentences rest on, with their links.
    """
    if not titles:
        return []
    said = [f"Some goods of this line are excluded from the list and owe none of its duty: {'; '.join(titles.values())}."]
    rows = exclusion_claims(as_of=as_of)
    for row in each(rows[rows["scope"].isin(titles) & rows["goods"].eq(DESCRIBED)], _Claim):
        last = row.period_to - pd.Timedelta(days=1)
        said.append(
            f"On {int(row.lines)} lines of which described goods are excluded, {wording.percent(row.claimed_frac)} of imports were free of "
            f"the duty of the list from {wording.month(row.period_from)} to {wording.month(last)} ({row.source}); the total "
            "counts that only if asked to."
        )
    return said


@door
def claims_named(sentences: Sequence[str], *, as_of: Day = LATEST) -> pd.DataFrame:
    """Rows of `exclusion_claims` whose source one of some sentences names: what a page that prints `Stack.not_modelled` rests on.

    Returns
    -------
    DataFrame
        As `exclusion_claims`.
    """
    rows = exclusion_claims(as_of=as_of)
    text = " ".join(sentences)
    return rows[np.array([f"({source})" in text for source in rows["source"]], dtype=bool)].reset_index(drop=True)
