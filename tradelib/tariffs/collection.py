"""What Census says was due on the imports of a month, beside what the law said.

The collected rate is calculated duty over customs value of imports for consumption. It is an estimate by the Census Bureau from the
entries of the month, not cash. The statutory rate here is the weighted average with the imports of 2024 over all trade: goods of
chapters 98 and 99, whose most-favoured-nation rate is not held, are taken at the rate Census calculated for them in 2024.

Between the two:

- timing: the rate quoted on the last day of a month less the mean over its days;
- composition: the collected rate less what it would have been with the industries' shares of 2024; what shifts within an industry
  is not in it;
- remainder: what no table here can part: goods on the water when a duty began, exclusions and uses, metal contents, shifts within
  industries, entries under special programmes.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tradelib import catalogue
from tradelib.doors import LATEST, Day, door, opened
from tradelib.kept import kept
from tradelib.shown import Shown
from tradelib.tariffs.protection import known_path, monthly
from tradelib.tariffs.tariff_lines import lines

BASE_YEAR = 2024
_MONTHS = 12
_GAP = [
    "period", "statutory_frac", "statutory_mean_frac", "collected_frac", "timing_frac", "composition_frac", "remainder_frac",
    "is_later_revised", "source", "url", "known_on",
]  # fmt: skip


@door
@kept(maxsize=64)
def collected(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Collected rate on imports from China by month.

    Parameters
    ----------
    as_of
        only months released by this day.

    Returns
    -------
    DataFrame
        One row a month: period (first day), customs_value_usd, calculated_duty_usd (NaN where only a published rate is held),
        collected_frac, fixed_weights_frac (with the industries' shares of 2024; NaN before that year is complete), is_later_revised,
        source, url, known_on.
    """
    table = catalogue.load("duties_china", as_of=as_of)
    source = "US Census Bureau, imports for consumption from China and calculated duty, by month and industry"
    totals = table.groupby("period").agg(
        customs_value_usd=("customs_value_usd", "sum"),
        calculated_duty_usd=("calculated_duty_usd", "sum"),
        is_later_revised=("is_later_revised", "any"),
        known_on=("known_on", "max"),
    )
    totals["collected_frac"] = totals["calculated_duty_usd"] / totals["customs_value_usd"]
    totals["fixed_weights_frac"] = _fixed_weights(table)
    totals = totals.reset_index().assign(source=source, url="https://www.census.gov/foreign-trade/data/index.html")
    published = catalogue.load("statistics", as_of=as_of)
    published = published[published["series_id"].eq("us_collected_rate_on_china_frac")].rename(columns={"value": "collected_frac"})
    published = published[~published["period"].isin(totals["period"])]
    columns = [
        "period", "customs_value_usd", "calculated_duty_usd", "collected_frac", "fixed_weights_frac", "is_later_revised", "source", "url",
        "known_on",
    ]  # fmt: skip
    both = pd.concat([totals, published.reindex(columns=columns)]) if len(published) else totals
    return both[columns].sort_values("period").reset_index(drop=True)


@door
@kept(maxsize=64)
def gap(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Statutory and collected rate on imports from China by month, and what stands between them.

    Parameters
    ----------
    as_of
        day of knowledge, of law and statistics alike.

    Returns
    -------
    DataFrame
        One row a month from the first of the edition to the last one released: period, statutory_frac (on its last day),
        statutory_mean_frac (over its days), collected_frac, timing_frac, composition_frac, remainder_frac, is_later_revised, source, url,
        known_on. The three parts sum to collected_frac - statutory_frac; where composition cannot be told it is NaN and the remainder holds
        it; in a month that is not held all but the statutory rates are NaN.
    """
    seen = collected(as_of=as_of)
    seen = seen[seen["period"] >= pd.Timestamp(catalogue.edition().evidence_from)].set_index("period")
    if seen.empty:
        return pd.DataFrame(columns=_GAP).astype({"period": "datetime64[us]", "known_on": "datetime64[us]"})
    months = pd.date_range(seen.index.min(), seen.index.max(), freq="MS", name="period")
    held = seen.reindex(months)
    provenance = held[["is_later_revised", "source", "url", "known_on"]].ffill()
    table = known_path("US", opened(as_of))
    table["all_trade_frac"] = over_all_trade(table)
    steps = table.set_index(pd.DatetimeIndex(table["on"]))["all_trade_frac"]
    mean = monthly(table, "all_trade_frac", until=(months[-1] + pd.offsets.MonthEnd()).date())
    result = pd.DataFrame(
        {
            "statutory_frac": steps.reindex(months + pd.offsets.MonthEnd(), method="ffill").to_numpy(),
            "statutory_mean_frac": mean.reindex(months).to_numpy(),
            "collected_frac": held["collected_frac"].to_numpy(),
        },
        index=months,
    )
    result["timing_frac"] = result["statutory_mean_frac"] - result["statutory_frac"]
    result["composition_frac"] = held["collected_frac"] - held["fixed_weights_frac"]
    explained = result["timing_frac"] + result["composition_frac"].fillna(0.0)
    result["remainder_frac"] = result["collected_frac"] - result["statutory_frac"] - explained
    return pd.concat([result, provenance], axis=1).reset_index()[_GAP]


@dataclass(frozen=True, repr=False)
class Excess(Shown):
    """Months in which more was collected than the law's average says.

    Attributes
    ----------
    months
        of which both are known.
    last_day, mean
        in how many the collected rate lies above the average of the last day, and above the mean of the days.
    last_day_frac, last_day_on, mean_frac, mean_on
        the largest difference, and the first day of its month; it may be below 0.
    """

    months: int
    last_day: int
    last_day_frac: float
    last_day_on: pd.Timestamp
    mean: int
    mean_frac: float
    mean_on: pd.Timestamp


def excess(rows: pd.DataFrame) -> Excess | None:
    """Where the collected rate exceeds the statutory one, of the rows of `gap`; None where no month is known."""
    held = rows.dropna(subset=["collected_frac"]).set_index("period")
    if held.empty:
        return None
    last_day, mean = (held["collected_frac"] - held[name] for name in ("statutory_frac", "statutory_mean_frac"))
    return Excess(
        months=len(held),
        last_day=int(last_day.gt(0).sum()),
        last_day_frac=float(last_day.max()),
        last_day_on=held.index[int(last_day.argmax())],
        mean=int(mean.gt(0).sum()),
        mean_frac=float(mean.max()),
        mean_on=held.index[int(mean.argmax())],
    )


def over_all_trade(table: pd.DataFrame) -> pd.Series:
    """Weighted average of the US side over all trade of 2024, from `averages`: lines without a held rate at their rate of 2024."""
    return table["weighted_frac"] * table["matched_frac"] + unmatched_duty()


def unmatched_duty() -> float:
    """What Census calculated in 2024 on the lines without a held rate, as a fraction of all trade with China."""
    table = catalogue.load("us_lines")
    unmatched = np.isnan(lines("US").mfn(catalogue.edition().evidence_from))
    return float(table.loc[unmatched, "duty_2024_usd"].sum() / table["imports_2024_usd"].sum())


def _fixed_weights(table: pd.DataFrame) -> pd.Series:
    base = table[table["period"].dt.year.eq(BASE_YEAR)]
    values = table.pivot_table(index="period", columns="naics3", values="customs_value_usd", aggfunc="sum", fill_value=0.0)
    if base["period"].nunique() < _MONTHS:
        return pd.Series(np.nan, index=values.index)
    duties = table.pivot_table(index="period", columns="naics3", values="calculated_duty_usd", aggfunc="sum", fill_value=0.0)
    share = base.groupby("naics3")["customs_value_usd"].sum().reindex(values.columns)
    rates = duties / values.where(values > 0)
    # An industry without imports in a month has no rate: the others stand for it, in both sums.
    weights = rates.notna() * share
    mean: pd.Series = (rates * weights).sum(axis=1) / weights.sum(axis=1)
    return mean
