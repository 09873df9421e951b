"""Rules of the statistics: units, jumps, identities."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from tradelib.checks.rule import Tables, rule, where

# All months held lie between 0.38 and 1.71 of the median of the months around them, the front-loading and the standstill of 2020 and
# 2025 included.
_LEAST, _MOST = 0.25, 2.5
_AROUND = 13

# A growth that is revised by more, or is further from what the levels give, has a slip; in fractions.
_REVISED_POINTS, _GROWTH_POINTS = 0.05, 0.1


def _latest(table: pd.DataFrame) -> pd.DataFrame:
    """Each value that is held of each period, with its position."""
    return table.assign(position=np.arange(len(table)))


@rule("statistics", "series")
def a_level_is_near_those_around_it(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A monthly value in dollars lies between a quarter and two and a half times the median of the year around it.

    Is it in another unit, or in the row of another series? If the publisher prints it so, widen this rule and cite the release there.
    """
    table = _latest(tables["statistics"]).merge(tables["series"][["series_id", "unit", "frequency"]], on="series_id")
    # Soybeans come in seasons, and a balance changes its sign.
    table = table[table["unit"].eq("usd") & table["frequency"].eq("month") & ~table["series_id"].str.contains("soybean|balance")]
    for _, rows in table.groupby("series_id"):
        by_month = rows.sort_values(["period", "vintage_on"])
        around = by_month["value"].rolling(_AROUND, center=True, min_periods=4).median()
        ratio = by_month["value"] / around
        for row in by_month[(ratio < _LEAST) | (ratio > _MOST)].itertuples():
            yield "statistics", int(row.position), f"{row.series_id} of {row.period:%Y-%m} is {row.value:g}"


@rule("statistics")
def vintages_of_a_value_agree(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A revision changes a level by at most a tenth, and a growth rate by at most five points."""
    table = _latest(tables["statistics"])
    first = table.sort_values("vintage_on").groupby(["series_id", "period"])["value"].transform("first").reindex(table.index)
    growth = table["series_id"].str.endswith("_frac")
    wrong = np.where(growth, (table["value"] - first).abs() > _REVISED_POINTS, (table["value"] - first).abs() > 0.1 * first.abs() + 1e-9)
    yield from where("statistics", table, pd.Series(wrong, index=table.index), "series_id", "period", "value")


@rule("statistics")
def growth_agrees_with_the_levels(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Growth on a year earlier lies within ten points of what the levels held give.

    Is its sign or its decimal point wrong?
    """
    table = _latest(tables["statistics"])
    levels = (
        table.sort_values("vintage_on").drop_duplicates(["series_id", "period"], keep="last").set_index(["series_id", "period"])["value"]
    )
    for row in table[table["series_id"].str.endswith("_yoy_frac")].itertuples():
        name = row.series_id.removesuffix("_yoy_frac") + "_usd"
        now, before = (levels.get((name, row.period - pd.DateOffset(years=years))) for years in (0, 1))
        if now is not None and before and abs(now / before - 1 - row.value) > _GROWTH_POINTS:
            yield (
                "statistics",
                int(row.position),
                f"{row.series_id} of {row.period:%Y-%m} is {row.value:g}, and the levels give {now / before - 1:.3f}",
            )


@rule("statistics")
def a_published_day_follows_the_month(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Monthly statistics come out after their month has ended, within half a year where the day is known."""
    table = tables["statistics"]
    days = (table["published_on"] - table["period"]).dt.days
    late = days.gt(250) & table["published_basis"].eq("observed")
    yield from where("statistics", table, days.lt(28) | late, "series_id", "period", "published_on")


@rule("rare_earths")
def no_country_mines_more_than_the_world(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """What one country mines or holds in a year is at most what the world does, in the same edition."""
    table = tables["rare_earths"]
    table = table.assign(position=np.arange(len(table)))
    keys = ["quantity", "period", "vintage_on"]
    world = table[table["country"].eq("World")].set_index(keys)["value"]
    for row in table[table["country"].ne("World")].itertuples():
        whole = world.get((row.quantity, row.period, row.vintage_on))
        if whole is not None and row.unit == "tonnes" and row.value > whole:
            yield "rare_earths", int(row.position), f"{row.country} in {row.period}: {row.value:g}, of {whole:g} in the world"


@rule("rare_earths")
def shares_are_fractions_and_quantities_are_tonnes(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A share is a fraction from 0 to 1, a quantity is in tonnes, and a quantity keeps its unit."""
    table = tables["rare_earths"]
    share = table["quantity"].isin(["us_net_import_reliance", "us_import_source_share"])
    wrong = share.ne(table["unit"].eq("fraction")) | (table["unit"].eq("fraction") & table["value"].gt(1)) | table["value"].lt(0)
    yield from where("rare_earths", table, wrong, "quantity", "unit", "value")


@rule("duties_china", "duties_by_partner")
def no_duty_is_above_the_value(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The duty calculated on imports is at most their value, and neither is negative."""
    for name in ("duties_china", "duties_by_partner"):
        table = tables[name]
        value, duty = table["customs_value_usd"], table["calculated_duty_usd"]
        yield from where(name, table, (duty > value) | (duty < 0) | (value < 0), "period", "customs_value_usd", "calculated_duty_usd")
