"""The share of metal in goods by industry, estimated from duties collected. The table `metal_shares` is what this module prints.

On 18 August 2025 a list of derivative articles joined the metals duties; between July and September of that year hardly anything else
changed. For an industry, with the trade of 2024 as weights,

    collected rate of September - of July = change of the other duties + share of metal x reach + what moved by itself

where the other duties and the reach (what the total would change by if the goods on the metals lists were all metal rather than none)
are computed line by line from the law, the mean over the days of each month. Industries that the list did not touch show how much a
collected rate moves by itself: the noise. An industry stands alone where the noise is small beside its reach; all others share one
estimate over all touched industries, each weighted with the square of its reach. The interval of an industry is one noise to both sides;
that of the others spans those intervals.

What it cannot see: goods whose imports fell because they were listed weigh less in September than in 2024, and the metal of goods that
were on the lists before August may be more, or less, than of those that joined.

    python -m tradelib.tariffs.metal_estimate > data/reference/metal_shares.csv
"""

import sys
from typing import NamedTuple

import numpy as np
import pandas as pd

from tradelib import catalogue
from tradelib.tariffs.metal_content import AFTER, BEFORE, OTHER, industries
from tradelib.tariffs.rates import panel
from tradelib.tariffs.stacking import Assumptions
from tradelib.tariffs.tariff_lines import lines

MONTHS = "July to September of 2025"
# A reach of less than half a percentage point is no reach.
_TOUCHED = 0.005
# An industry stands alone where the noise could move its share by no more than this.
_ALONE = 0.2
# Industries with less than a thousandth of the imports are left out, and what is no industry: scrap, used and returned goods.
_LEAST_TRADE = 0.001
_NO_INDUSTRY = "9"
_NORMAL = 1.4826  # the standard deviation of a normal distribution is as many times its median absolute deviation
_DECIMALS = 2
_NAMES = {"333": "Machinery", "336": "Transport equipment", "337": "Furniture"}
_SOURCE = "own estimate from US Census Bureau, imports for consumption from China and calculated duty, by month and industry"


def changes() -> pd.DataFrame:
    """What moved between the two months, by industry.

    Returns
    -------
    DataFrame
        Indexed by naics3: collected_frac (change of the collected rate), other_frac (change of the statutory rate if nothing on the metals
        lists outside the metal chapters were metal), reach_frac (see the module), rest_frac (collected less other), is_touched.
    """
    table = catalogue.load("duties_china")
    table = table[table["period"].isin([BEFORE, AFTER]) & ~table["naics3"].str.startswith(_NO_INDUSTRY)]
    sums = table.pivot_table(index="naics3", columns="period", values=["calculated_duty_usd", "customs_value_usd"], aggfunc="sum")
    collected = sums["calculated_duty_usd"] / sums["customs_value_usd"]
    none, every = (_statutory(Assumptions(share, metal_chapters_frac=1.0)) for share in (0.0, 1.0))
    result = pd.DataFrame(
        {
            "collected_frac": collected[AFTER] - collected[BEFORE],
            "other_frac": none[AFTER] - none[BEFORE],
            "reach_frac": (every - none)[AFTER] - (every - none)[BEFORE],
        }
    )
    value = sums["customs_value_usd"][AFTER]
    result = result.reindex(value.index[value >= _LEAST_TRADE * value.sum()]).dropna()
    result["rest_frac"] = result["collected_frac"] - result["other_frac"]
    result["is_touched"] = result["reach_frac"] >= _TOUCHED
    return result


def estimate() -> pd.DataFrame:
    """The table `metal_shares`: one row an industry that stands alone, and one for all others; see the module.

    Returns
    -------
    DataFrame
        naics3, industry, metal_content_frac, low_frac, high_frac, months, reach_frac, rest_frac, noise_frac, note, source.
    """
    moved = changes()
    noise = float(_NORMAL * moved.loc[~moved["is_touched"], "rest_frac"].abs().median())
    touched = moved[moved["is_touched"]]
    spread = noise / touched["reach_frac"]
    share = touched["rest_frac"] / touched["reach_frac"]
    alone = touched.index[(spread <= _ALONE) & share.between(0, 1)]
    rows = [_row(name, _NAMES[name], share[name], spread[name], touched.loc[name], noise) for name in alone]
    squares = (touched["reach_frac"] ** 2).sum()
    pooled = float((touched["reach_frac"] * touched["rest_frac"]).sum() / squares)
    together = pd.Series({"reach_frac": squares**0.5, "rest_frac": pooled * squares**0.5})
    last = _row(OTHER, "All other industries", pooled, noise / squares**0.5, together, noise)
    last = last._replace(
        low_frac=min(row.low_frac for row in (*rows, last)),
        high_frac=max(row.high_frac for row in (*rows, last)),
        note=f"over {len(touched)} industries, weighted with the square of their reach; the interval spans theirs",
    )
    return pd.DataFrame([*rows, last])


class _Row(NamedTuple):
    naics3: str
    industry: str
    metal_content_frac: float
    low_frac: float
    high_frac: float
    months: str
    reach_frac: float
    rest_frac: float
    noise_frac: float
    note: str
    source: str


def _row(naics3: str, industry: str, share: float, spread: float, moved: pd.Series, noise: float) -> _Row:
    low, high = np.clip([share - spread, share + spread], 0.0, 1.0)
    return _Row(
        naics3,
        industry,
        metal_content_frac=round(float(share), _DECIMALS),
        low_frac=round(float(low), _DECIMALS),
        high_frac=round(float(high), _DECIMALS),
        months=MONTHS,
        reach_frac=round(float(moved["reach_frac"]), 4),
        rest_frac=round(float(moved["rest_frac"]), 4),
        noise_frac=round(noise, 4),
        note="",
        source=_SOURCE,
    )


def _statutory(assumptions: Assumptions) -> pd.DataFrame:
    """Statutory rate by industry (rows) over the days of the two months (columns), weighted with the trade of 2024."""
    over = lines("US")
    trade, names = over.weights["2024"], industries(over)
    columns = {}
    for month in (BEFORE, AFTER):
        last = month + pd.offsets.MonthEnd()
        table = panel(
            importer="US", as_of=catalogue.edition().evidence_through, since=month.date(), until=last.date(), assumptions=assumptions
        )
        days = pd.DatetimeIndex([*table.columns, last + pd.Timedelta(days=1)])
        length = np.diff(days.to_numpy()) / np.timedelta64(1, "D")
        due = table.to_numpy() @ (length / length.sum())
        known = np.where(np.isnan(due), 0.0, trade)
        sums = pd.DataFrame({"duty": known * np.nan_to_num(due), "value": known}).groupby(names).sum()
        columns[month] = sums["duty"] / sums["value"]
    return pd.DataFrame(columns)


if __name__ == "__main__":
    estimate().to_csv(sys.stdout, index=False, lineterminator="\n")
