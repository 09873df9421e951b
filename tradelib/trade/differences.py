"""How far two figures of the same months stand apart: printed growth and levels, a year and its months, revisions, counts of imports."""

import pandas as pd

from tradelib import catalogue
from tradelib.doors import LATEST, Day, door, opened
from tradelib.trade.bilateral import US_IMPORTS, mirror
from tradelib.trade.statistics import observations, vintages

# Figures that print alike: a tenth of a percentage point, or of a per cent.
ALIKE = 0.001
_YEAR = 12
_COLUMNS = [
    "what", "flow", "months", "alike", "above", "below", "median_frac", "lowest_frac", "lowest_on", "highest_frac", "highest_on", "source",
    "url", "known_on",
]  # fmt: skip


@door
def differences(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Differences between figures of the same months, as known on a day.

    Returns
    -------
    DataFrame
        One row a comparison of which a month is known: what, flow, months (compared), alike (apart by at most `ALIKE`), above, below
        (further apart, the first figure the higher or the lower), median_frac (of the sizes), lowest_frac, lowest_on, highest_frac,
        highest_on (first days of months), source, url, known_on. By what: `growth`, China's growth on a year earlier as first published
        less the ratio of the levels; `year_to_date`, the same of the year to date and the months' sums; `revision`, the newest value of US
        imports over the first one known; `count`, general imports over imports for consumption; `mirror`, US imports over China's exports.
    """
    as_of = opened(as_of)
    rows = observations(as_of)
    found = []
    for flow in ("exports", "imports"):
        levels = rows[rows["series_id"].eq(f"china_{flow}_usd")].set_index("period")["value"].sort_index().asfreq("MS")
        if levels.empty:
            continue
        for what, series, level in (
            ("growth", f"china_{flow}_yoy_frac", levels),
            ("year_to_date", f"china_{flow}_ytd_yoy_frac", _to_date(levels)),
        ):
            printed = rows[rows["series_id"].eq(series)].set_index("period")
            apart = printed["first_value"] - (level / level.shift(_YEAR, freq="MS") - 1).reindex(printed.index)
            found.append(_row(what, flow, apart, printed))
    us = rows[rows["series_id"].eq(US_IMPORTS)].set_index("period")
    seen = vintages(US_IMPORTS, as_of=as_of).groupby("period")["value"].agg(["first", "last", "size"])
    found.append(_row("revision", "us_imports", (seen["last"] / seen["first"] - 1).where(seen["size"] > 1), us))
    consumed = catalogue.load("duties_china", as_of=as_of).groupby("period")["customs_value_usd"].sum()
    found.append(_row("count", "us_imports", us["value"] / consumed - 1, us))
    both = mirror(as_of=as_of).set_index("period")
    found.append(_row("mirror", "us_imports", both["us_imports_customs_usd"] / both["china_exports_fob_usd"] - 1, both))
    return pd.DataFrame([row for row in found if row["months"]], columns=_COLUMNS)


def _to_date(levels: pd.Series) -> pd.Series:
    """Sums of months from January on; NaN from the first month on that is missing."""
    years = levels.groupby(pd.DatetimeIndex(levels.index).year)
    sums: pd.Series = years.transform(lambda year: year.cumsum().where(year.notna().cummin() & (year.index[0].month == 1)))
    return sums


def _row(what: str, flow: str, apart: pd.Series, rows: pd.DataFrame) -> dict[str, object]:
    """One comparison; `rows`, by period, say where the first figure comes from."""
    apart = apart.dropna()
    if apart.empty:
        return {"months": 0}
    newest = rows.loc[apart.index].sort_values("known_on").iloc[-1]
    return {
        "what": what,
        "flow": flow,
        "months": len(apart),
        "alike": int(apart.abs().le(ALIKE).sum()),
        "above": int(apart.gt(ALIKE).sum()),
        "below": int(apart.lt(-ALIKE).sum()),
        "median_frac": apart.abs().median(),
        "lowest_frac": apart.min(),
        "lowest_on": apart.idxmin(),
        "highest_frac": apart.max(),
        "highest_on": apart.idxmax(),
        "source": newest["source"],
        "url": newest["url"],
        "known_on": rows.loc[apart.index, "known_on"].max(),
    }
