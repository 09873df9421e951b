"""What a duty is under two schedules, in words; a row of `scenarios.differences` says each."""

import pandas as pd

from tradelib import wording
from tradelib.show.display import Row

_NONE, _UNNAMED = "none", "not named"


def terms(row: Row) -> tuple[str, str]:
    """What stands under the first schedule, and under the second."""
    before, after = _rate(row.before_frac, _NONE), _rate(row.after_frac, _NONE)
    return {
        "rate": (before, after),
        "unnamed rate": (_rate(row.before_frac, _UNNAMED), _rate(row.after_frac, _UNNAMED)),
        "new unnamed rate": (_NONE, _UNNAMED),
        "unnamed rate ends": (_UNNAMED, _NONE),
        "goods": (before, "other goods"),
        "exclusion": ("goods excluded", "exclusion ends"),
        "new exclusion": ("no exclusion", "goods excluded"),
        "alike again": (before, "the same again"),
    }[row.what]


def _rate(rate: float, none: str) -> str:
    return none if pd.isna(rate) else wording.percent(rate)
