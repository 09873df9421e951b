"""The duty on a product over time: as it was and is scheduled, and under scenarios."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from tradelib import catalogue, scenarios, tariffs
from tradelib.doors import LATEST, Day, door, opened
from tradelib.exposure.products import Product
from tradelib.exposure.rates import DECIMALS, Duty, duties, duty, mean

SAME = scenarios.SAME
_FIGURES = ("mean_frac", "lowest_frac", "highest_frac")


@door
def history(product: Product, *, as_of: Day = LATEST, panel: pd.DataFrame | None = None) -> pd.DataFrame:
    """Total duty on the product over time, as known on a day, later steps of legal texts included.

    Parameters
    ----------
    panel
        duties of all lines of its importer, where they are at hand for several products; see `tariffs.panel`.

    Returns
    -------
    DataFrame
        One row a day on which it changes: on, mean_frac, lowest_frac, highest_frac (NaN from a day on which a rate is set and not named),
        is_ahead (after the last observed day). Empty where the duty of no line is known.
    """
    table = tariffs.panel(importer=product.importer, as_of=as_of) if panel is None else panel
    table = table.iloc[product.lines]
    weights = product.values_usd
    last = pd.Timestamp(catalogue.observed_through(as_of))
    over = table.loc[:, :last].iloc[:, -1].notna().to_numpy()
    if not over.any():
        return pd.DataFrame({"on": pd.DatetimeIndex([]), **{name: [] for name in _FIGURES}, "is_ahead": []})
    values, weights = table.to_numpy()[over], weights[over]
    # A line without a rate in the past, such as a code that did not exist, is left out of those days; ahead it makes the mean unknown.
    days = pd.DatetimeIndex(table.columns)
    then = [column[~np.isnan(column)] if day <= last else column for day, column in zip(days, values.T, strict=True)]
    traded = [weights[~np.isnan(column)] if day <= last else weights for day, column in zip(days, values.T, strict=True)]
    rows = pd.DataFrame(
        {
            "on": table.columns,
            "mean_frac": [mean(rates, shares, product.least_usd) for rates, shares in zip(then, traded, strict=True)],
            "lowest_frac": [rates.min() if len(rates) else np.nan for rates in then],
            "highest_frac": [rates.max() if len(rates) else np.nan for rates in then],
        }
    )
    figures = rows[list(_FIGURES)].round(DECIMALS)
    rows = rows[figures.ne(figures.shift()).any(axis="columns") & ~(figures.isna() & figures.shift().isna()).all(axis="columns")]
    return rows.assign(is_ahead=rows["on"] > last).reset_index(drop=True)


@door
def under_scenarios(product: Product, *, as_of: Day = LATEST) -> pd.DataFrame:
    """Duty on the product under every scenario that can be asked on the day.

    Returns
    -------
    DataFrame
        One row a scenario: scenario, title, question, on (the day by which everything within a year has come that it brings to this
        product; its first day where nothing changes), mean_frac, lowest_frac, highest_frac, change_frac (of the mean, from the last
        observed day), days (of change within that year), unnamed_on (first day of a rate that a text sets and does not name: nothing is
        said beyond it).
    """
    last = catalogue.observed_through(as_of)
    today = duties(product, on=last, as_of=as_of)
    over = today["total_frac"].notna().to_numpy()
    now = duty(today, over=over)
    rows = []
    for scenario in scenarios.available(as_of=as_of):
        path = _path(product, scenarios.schedule(scenario, as_of=as_of), now, over, as_of=opened(as_of))
        named = [(day, step) for day, step in path if not np.isnan(step.mean_frac)]
        on, final = named[-1] if named else (scenarios.begins_on(as_of), now)
        rows.append(
            {
                "scenario": scenario.name,
                "title": scenario.title,
                "question": scenario.question,
                "on": pd.Timestamp(on),
                "mean_frac": final.mean_frac,
                "lowest_frac": final.lowest_frac,
                "highest_frac": final.highest_frac,
                "change_frac": final.mean_frac - now.mean_frac,
                "days": [day for day, _ in named],
                "unnamed_on": next((pd.Timestamp(day) for day, step in path if np.isnan(step.mean_frac)), pd.NaT),
            }
        )
    return pd.DataFrame(rows)


def _path(product: Product, rates: pd.DataFrame, now: Duty, over: np.ndarray, *, as_of: date) -> list[tuple[date, Duty]]:
    """Days within a year on which the duty on the product changes, and what it changes to; the last where a rate is not named."""
    first = scenarios.begins_on(as_of)
    bound = tariffs.bind(rates, product.importer)
    days = tariffs.change_days(
        importer=product.importer, as_of=as_of, since=first, until=first + timedelta(days=scenarios.WITHIN_DAYS), rates=bound
    )
    path: list[tuple[date, Duty]] = []
    for day in days:
        step = duty(duties(product, on=day, as_of=as_of, rates=bound), over=over)
        before = path[-1][1] if path else now
        if not np.array_equal(step.figures, before.figures, equal_nan=True):
            path.append((day, step))
        if np.isnan(step.mean_frac):
            break
    return path
