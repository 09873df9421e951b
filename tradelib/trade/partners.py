"""Where US imports come from: shares, what each partner gained or lost, and the rate collected on each.

All figures are imports for consumption at customs value, as Census counts them for its duties; they are 2 to 3 % below the general
imports of the bilateral balance, and the two are never added or compared here.
"""

from datetime import date

import pandas as pd

from tradelib import catalogue
from tradelib.errors import ParameterError

WORLD = "World"
GROUPS = ("European Union", "USMCA", WORLD)
REST = "All other partners"
SOURCE = "US Census Bureau, imports for consumption and calculated duty, by month and partner"
URL = "https://www.census.gov/foreign-trade/data/index.html"
_MOST_PARTNERS = 5


def partners() -> list[str]:
    """Countries that the table of duties holds, without groups."""
    return sorted(set(catalogue.load("duties_by_partner")["partner"]) - set(GROUPS))


def imports_by_partner(*, as_of: date) -> pd.DataFrame:
    """Imports for consumption by month and partner, with the duty calculated on them.

    Returns
    -------
    One row per (partner, period), sorted: customs_value_usd, calculated_duty_usd, collected_frac, is_later_revised, source, url, known_on.
    """
    rows = catalogue.load("duties_by_partner", as_of=as_of)
    rows = rows.assign(collected_frac=rows["calculated_duty_usd"] / rows["customs_value_usd"], source=SOURCE, url=URL)
    columns = [
        "partner", "period", "customs_value_usd", "calculated_duty_usd", "collected_frac", "is_later_revised", "source", "url", "known_on",
    ]  # fmt: skip
    return rows[columns]


def collected_by_year(*, as_of: date) -> pd.DataFrame:
    """Collected rate by partner and year: calculated duty over customs value.

    Returns
    -------
    One row per (partner, year): customs_value_usd, calculated_duty_usd, collected_frac, months (held; twelve make a year).
    """
    rows = imports_by_partner(as_of=as_of)
    rows = rows.assign(year=rows["period"].dt.year)
    sums = rows.groupby(["partner", "year"]).agg(
        customs_value_usd=("customs_value_usd", "sum"), calculated_duty_usd=("calculated_duty_usd", "sum"), months=("period", "size")
    )
    return sums.assign(collected_frac=sums["calculated_duty_usd"] / sums["customs_value_usd"]).reset_index()


def chosen_partners(names: list[str]) -> list[str]:
    """Partners that a parameter names, beside China and the world.

    Raises
    ------
    ParameterError : a partner that the table does not hold, or more than can be told apart in a figure.
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


def diversion(*, as_of: date, base: int = 0) -> pd.DataFrame:
    """Who gained what China lost: imports of the newest year's months beside the same months of a base year, by partner.

    A plain decomposition: the change of the total is the sum of the partners' changes. It says who sold more, and not that goods came in
    China's place.

    Parameters
    ----------
    base : year to compare with; 0: the year before the newest month held.

    Returns
    -------
    One row a country, the largest gain first, then `REST` and `WORLD`: partner, now_usd, base_usd, change_usd, share_now_frac,
    share_base_frac, share_change_pp, base (the year), first, last (months compared), source, url, known_on.

    Raises
    ------
    ParameterError : a base year of which those months are not held, or which is not before the newest one.
    """
    rows = imports_by_partner(as_of=as_of)
    table = rows.pivot_table(index="period", columns="partner", values="customs_value_usd")
    newest = table.index.max().year
    base = base or newest - 1
    now = table[table.index.year == newest]
    same = [pd.Timestamp(base, period.month, 1) for period in now.index]
    if base >= newest or not set(same) <= set(table.index):
        message = f"basis must be a year before {newest}, of which the same months are held (from {table.index.min().year} on), not {base}."
        raise ParameterError(message)
    sums = pd.DataFrame({"now_usd": now.sum(), "base_usd": table.loc[same].sum()})
    sums["change_usd"] = sums["now_usd"] - sums["base_usd"]
    world = sums.loc[WORLD]
    countries = sums.drop(index=list(GROUPS)).sort_values("change_usd", ascending=False)
    result = pd.concat([countries, (world - countries.sum()).rename(REST).to_frame().T, world.to_frame().T])
    result["share_now_frac"] = result["now_usd"] / world["now_usd"]
    result["share_base_frac"] = result["base_usd"] / world["base_usd"]
    result["share_change_pp"] = 100 * (result["share_now_frac"] - result["share_base_frac"])
    result = result.rename_axis("partner").reset_index()
    result = result.assign(base=base, first=now.index[0], last=now.index[-1], source=SOURCE, url=URL, known_on=rows["known_on"].max())
    columns = [
        "partner", "now_usd", "base_usd", "change_usd", "share_now_frac", "share_base_frac", "share_change_pp", "base", "first", "last",
        "source", "url", "known_on",
    ]  # fmt: skip
    return result[columns]


def revenue(*, as_of: date) -> pd.DataFrame:
    """Duty calculated on US imports by month: on those from China, and on all.

    Returns
    -------
    One row a month: period, china_usd, world_usd, china_share_frac, is_later_revised, source, url, known_on. Calculated duty is an
    estimate of Census from the entries of the month, not cash of the Treasury.
    """
    rows = imports_by_partner(as_of=as_of)
    table = rows.pivot_table(index="period", columns="partner", values="calculated_duty_usd")[["China", WORLD]]
    marks = rows[rows["partner"].eq(WORLD)].set_index("period")[["is_later_revised", "source", "url", "known_on"]]
    table = table.rename(columns={"China": "china_usd", WORLD: "world_usd"})
    return table.assign(china_share_frac=table["china_usd"] / table["world_usd"]).join(marks).reset_index()
