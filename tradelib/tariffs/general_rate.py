"""The general rate as a row before the layers of additional duties: what it is called there, and where it comes from."""

import math
from typing import TypedDict

TITLE = "Normal (most-favoured-nation) tariff"
# Title and link of the tariff of each importer; China's rates are of several sources, which the data page names.
_TARIFFS = {"US": ("Harmonized Tariff Schedule 2025", "https://hts.usitc.gov/"), "CN": ("Applied rates of China", "")}


class GeneralRate(TypedDict):
    """The row, with those columns of `explanation.Stack.layers` that it fills."""

    programme: str
    announced_frac: float
    rate_frac: float
    outcome: str
    why: str
    instrument: str
    url: str


def row(importer: str, rate_frac: float, *, announced_frac: float = math.nan, outcome: str = "applies", why: str = "") -> GeneralRate:
    """The row of an importer's rate; see `GeneralRate`.

    Examples
    --------
    >>> held = row("CN", 0.05)
    >>> held["programme"], held["rate_frac"], held["instrument"]
    ('Normal (most-favoured-nation) tariff', 0.05, 'Applied rates of China')
    """
    instrument, url = _TARIFFS[importer]
    return GeneralRate(
        programme=TITLE,
        announced_frac=announced_frac,
        rate_frac=rate_frac,
        outcome=outcome,
        why=why,
        instrument=instrument,
        url=url,
    )
