"""Where US imports come from: shares, what each partner gained or lost, and the rate collected on each.

All figures are imports for consumption at customs value, as Census counts them for its duties; over a year they lie within 3% of the
general imports of the bilateral balance, below or above, in a month up to a tenth; the two are never added or compared here.
"""

import pandas as pd

from tradelib import catalogue
from tradelib.doors import LATEST, Day, door
from tradelib.errors import ParameterError
from tradelib.kept import kept

WORLD = "World"
GROUPS = ("European Union", "USMCA", WORLD)
REST = "All other partners"
SOURCE = "US Census Bureau, imports for consumption and calculated duty, by month and partner"
URL = "https://www.census.gov/foreign-trade/data/index.html"
# The last year before the duties of 2025, and the goods brought in ahead of them: what later years are compared with.
BASE_YEAR = 2024
_MOST_PARTNERS = 5


def partners() -> list[str]:
    """Countries that the table of duties holds, without groups."""
    return sorted(set(catalogue.load("duties_by_partner")["partner"]) - set(GROUPS))


@door
@kept(maxsize=64, rests_on={"duties_by_partner": ()})
def imports_by_partner(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Imports for consumption by month and partner, with the duty calculated on them.

    Returns
    -------
    DataFrame
        One row per (partner, period), sorted: customs_value_usd, calculated_duty_usd, collected_frac, is_later_revised, source, url,
        known_on.
    """
    rows = catalogue.load("duties_by_partner", as_of=as_of)
    rows = rows.assign(collected_frac=rows["calculated_duty_usd"] / rows["customs_value_usd"], source=SOURCE, url=URL)
    columns = [
        "partner", "period", "customs_value_usd", "calculated_duty_usd", "collected_frac", "is_later_revised", "source", "url", "known_on",
    ]  # fmt: skip
    return rows[columns]


@door
def collected_by_year(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Collected rate by partner and year: calculated duty over customs value.

    Returns
    -------
    DataFrame
        One row per (partner, year): customs_value_usd, calculated_duty_usd, months (held; twelve make a year), is_later_revised (any of
        them was current only later), collected_frac.
    """
    rows = imports_by_partner(as_of=as_of)
    rows = rows.assign(year=rows["period"].dt.year)
    sums = rows.groupby(["partner", "year"]).agg(
        customs_value_usd=("customs_value_usd", "sum"),
        calculated_duty_usd=("calculated_duty_usd", "sum"),
        months=("period", "size"),
        is_later_revised=("is_later_revised", "any"),
    )
    return sums.assign(collected_frac=sums["calculated_duty_usd"] / sums["customs_value_usd"]).reset_index()


@door
def chosen_partners(names: list[str]) -> list[str]:
    """Partners that a parameter names, beside China and the world.

    Raises
    ------
    ParameterError
        a partner that the table does not hold, or more than can be told apart in a figure.
    """
    held = catalogue.load("duties_by_partner")["partner"].unique()
    for name in names:
        if name not in held:
            message = f"There is no partner {name!r}; held are {', '.join(sorted(held))}."
            raise ParameterError(message)
    if len(names) > _MOST_PARTNERS:
        message = f"At most {_MOST_PARTNERS} partners can be told apart in a figure, not {len(names)}."
        raise ParameterError(message)
    return list(names)


@door
def diversion(*, as_of: Day = LATEST, base: int = 0) -> pd.DataFrame:
    """Who gained what China lost: imports of the newest year's months beside the same months of a base year, by partner.

    A plain decomposition: the change of the total is the sum of the partners' changes. It says who sold more, and not that goods came in
    China's place.

    Parameters
    ----------
    base
        year to compare with; 0: 2024, before the duties of 2025 and the goods brought in ahead of them, or the year before the newest month
        held where that is earlier.

    Returns
    -------
    DataFrame
        One row a country, the largest gain first, then `REST` and `WORLD`: partner, now_usd, base_usd, change_usd, share_now_frac,
        share_base_frac, share_change_pp, base (the year), first, last (months compared), is_later_revised, source, url, known_on.

    Raises
    ------
    ParameterError
        a base year of which those months are not held, or which is not before the newest one.
    """
    rows = imports_by_partner(as_of=as_of)
    table = rows.pivot_table(index="period", columns="partner", values="customs_value_usd")
    now, then = same_months(pd.DatetimeIndex(table.index), base)
    # A month that one partner lacks makes its sums unknown, and not small.
    sums = pd.DataFrame({"now_usd": table.loc[now].sum(skipna=False), "base_usd": table.loc[then].sum(skipna=False)})
    sums["change_usd"] = sums["now_usd"] - sums["base_usd"]
    world = sums.T[WORLD]
    countries = sums.drop(index=list(GROUPS)).sort_values("change_usd", ascending=False)
    rest: pd.Series = world - countries.sum(skipna=False)
    result: pd.DataFrame = pd.concat([countries, pd.DataFrame({REST: rest, WORLD: world}).T])
    result["share_now_frac"] = result["now_usd"] / world["now_usd"]
    result["share_base_frac"] = result["base_usd"] / world["base_usd"]
    result["share_change_pp"] = 100 * (result["share_now_frac"] - result["share_base_frac"])
    result = result.rename_axis("partner").reset_index()
    later = bool(rows.loc[rows["period"].isin([*now, *then]), "is_later_revised"].any())
    result = result.assign(base=then[0].year, first=now[0], last=now[-1], is_later_revised=later, source=SOURCE, url=URL)
    result["known_on"] = rows["known_on"].max()
    columns = [
        "partner", "now_usd", "base_usd", "change_usd", "share_now_frac", "share_base_frac", "share_change_pp", "base", "first", "last",
        "is_later_revised", "source", "url", "known_on",
    ]  # fmt: skip
    return result[columns]


def same_months(periods: pd.DatetimeIndex, base: int) -> tuple[list[pd.Timestamp], list[pd.Timestamp]]:
    """Months of the newest year among `periods`, and the same months of a base year (0: the year before, 2024 at the latest).

    Raises
    ------
    ParameterError
        a base year of which those months are not held, or which is not before the newest one.
    """
    newest = periods.max().year
    base = base or min(newest - 1, BASE_YEAR)
    now = sorted(set(periods[periods.year == newest]))
    then = [pd.Timestamp(base, period.month, 1) for period in now] if base in set(periods.year) else []
    if base >= newest or not then or not set(then) <= set(periods):
        message = f"basis must be a year before {newest}, of which the same months are held (from {periods.min().year} on), not {base}."
        raise ParameterError(message)
    return now, then


@door
def revenue(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Duty calculated on US imports by month: on those from China, and on all.

    Returns
    -------
    DataFrame
        One row a month: period, china_usd, world_usd, china_share_frac, is_later_revised, source, url, known_on. Calculated duty is an
        estimate of Census from the entries of the month, not cash of the Treasury.
    """
    rows = imports_by_partner(as_of=as_of)
    table = rows.pivot_table(index="period", columns="partner", values="calculated_duty_usd")[["China", WORLD]]
    marks = rows[rows["partner"].eq(WORLD)].set_index("period")[["is_later_revised", "source", "url", "known_on"]]
    table = table.rename(columns={"China": "china_usd", WORLD: "world_usd"})
    return table.assign(china_share_frac=table["china_usd"] / table["world_usd"]).join(marks).reset_index()
