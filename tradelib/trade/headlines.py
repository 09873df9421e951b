"""China's customs headlines: the newest figures, their growth, and what was first published beside what is known now."""

import math
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from tradelib.doors import LATEST, Day, door
from tradelib.kept import kept
from tradelib.rows import each
from tradelib.shown import Shown
from tradelib.trade.statistics import observations

MONTHLY = {"exports": "china_exports_yoy_frac", "imports": "china_imports_yoy_frac", "balance": "china_balance_usd"}
YEAR_TO_DATE = {
    "exports": "china_exports_ytd_yoy_frac",
    "imports": "china_imports_ytd_yoy_frac",
    "balance": "china_balance_ytd_usd",
}
WITH_US = {"exports_to_us": "china_exports_to_us_yoy_frac", "imports_from_us": "china_imports_from_us_yoy_frac"}


@door
@kept(maxsize=64, rests_on={"statistics": ()})
def china_headlines(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Newest customs figures of China as known on a day: exports, imports, balance, and trade with the US where it is held.

    January and February are released together as a year-to-date figure; then that is the newest.

    Returns
    -------
    DataFrame
        One row a figure, as `observations`, with figure: `exports`, `imports`, `balance`, `exports_to_us`, `imports_from_us`. Values are
        fractions or US dollars. Empty before the first period held.
    """
    rows = observations(as_of)
    newest = _newest_release(rows)
    if newest is None:
        return rows.assign(figure="").iloc[:0]
    frequency, period = newest
    wanted = YEAR_TO_DATE if frequency == "year_to_date" else MONTHLY | WITH_US
    rows = rows[rows["series_id"].isin(wanted.values()) & rows["period"].eq(period)]
    figures = {series: figure for figure, series in wanted.items()}
    rows = rows.assign(figure=rows["series_id"].map(figures))
    order = {figure: position for position, figure in enumerate(wanted)}
    return rows.sort_values("figure", key=lambda names: names.map(order)).reset_index(drop=True)


@dataclass(frozen=True, repr=False)
class Growth(Shown):
    """A change on a year earlier.

    Attributes
    ----------
    flow
        `us_imports` (from China) and `us_consumption` (imports for consumption), `china_exports` and `china_imports` (of all partners),
        `china_exports_to_us`.
    period
        first day of the month, or of the last month of a year to date.
    change_frac
        the change.
    is_to_date, is_later_revised
        a year to date; a value that was current only later.
    base_frac
        change of the base, a year earlier, on the year before it; NaN where it is not told.
    """

    flow: str
    period: date
    change_frac: float
    is_to_date: bool = False
    is_later_revised: bool = False
    base_frac: float = math.nan


class _Figure(NamedTuple):
    figure: str
    period: pd.Timestamp
    value: float
    frequency: str
    is_later_revised: bool


def headline_growth(rows: pd.DataFrame) -> dict[str, Growth]:
    """Growth by flow, of the figures of China that `china_headlines` gives; without its balance."""
    grown = rows[rows["unit"].eq("fraction")]
    return {
        f"china_{row.figure}": Growth(
            f"china_{row.figure}", row.period, row.value, row.frequency == "year_to_date", bool(row.is_later_revised)
        )
        for row in each(grown, _Figure)
    }


@door
@kept(maxsize=64, rests_on={"statistics": ()})
def china_growth(*, as_of: Day = LATEST, months: int = 24) -> pd.DataFrame:
    """Growth on a year earlier of China's exports and imports, month by month, as known on a day.

    January and February are released together, because the Lunar New Year moves between them: they are one observation, at
    February.

    Returns
    -------
    DataFrame
        One row per (figure, period) for `exports` and `imports`, over the last `months` months; columns as `china_headlines`.
    """
    rows = observations(as_of)
    names = {table[figure]: figure for table in (MONTHLY, YEAR_TO_DATE) for figure in ("exports", "imports")}
    rows = rows[rows["series_id"].isin(names)]
    month = rows["period"].dt.month
    together = rows["frequency"].eq("year_to_date")
    rows = rows[(together & month.eq(2)) | (~together & month.gt(2))]
    rows = rows.assign(figure=rows["series_id"].map(names))
    first = rows["period"].max() - pd.DateOffset(months=months - 1)
    shown: pd.DataFrame = rows[rows["period"] >= first]
    return shown.sort_values(["figure", "period"]).reset_index(drop=True)


@door
def revised(*, as_of: Day = LATEST, figure: str = "exports", months: int = 36) -> pd.DataFrame:
    """Growth on a year earlier of one figure, as first published and as known on a day.

    Parameters
    ----------
    figure
        `exports` or `imports`.
    months
        how many months back.

    Returns
    -------
    DataFrame
        One row a month in order, January and February as one at February: figure, period, first_value (NaN where the first release is not
        held), value (as known on `as_of`), revision_pp (value less first_value, in percentage points), is_later_revised, published_on,
        vintage_on, source, url, known_on.
    """
    rows = china_growth(as_of=as_of, months=months)
    rows = rows[rows["figure"].eq(figure)].reset_index(drop=True)
    columns = ["figure", "period", "first_value", "value", "is_later_revised", "published_on", "vintage_on", "source", "url", "known_on"]
    return rows[columns].assign(revision_pp=100 * (rows["value"] - rows["first_value"]))


def _newest_release(rows: pd.DataFrame) -> tuple[str, pd.Timestamp] | None:
    """Frequency and period of the newest release: real first releases before values that were current only later."""
    exports = rows[rows["series_id"].isin([MONTHLY["exports"], YEAR_TO_DATE["exports"]])]
    if exports.empty:
        return None
    newest = exports[exports["published_on"].eq(exports["published_on"].max())]
    newest = newest.sort_values(["is_later_revised", "frequency", "period"], ascending=[True, True, False])
    return newest["frequency"].iloc[0], newest["period"].iloc[0]
