"""Rules of the statistics: units, jumps, identities."""

import difflib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from tradelib.checks.rule import Tables, rule, where
from tradelib.rows import each

# All months held lie between 0.38 and 1.71 of the median of the months around them, the front-loading and the standstill of 2020 and
# 2025 included.
_LEAST, _MOST, _MOST_TONNES = 0.25, 2.5, 5
# China's magnets to the US of May 2025 were a tenth of what was usual: less than half of that is a slip of units.
_LEAST_TONNES = 0.05
_DEFICIT = 0.5
_UNEVEN_USD = 1e8
_AROUND = 13

# A growth that is revised by more, or is further from what the levels give, has a slip; in fractions.
_REVISED_POINTS, _GROWTH_POINTS = 0.05, 0.04
# Without levels, growth has never been further from that of the year around it than 39 points.
_APART_POINTS = 0.5

# A name in no more rows than this that is so like another is looked at.
_FEW, _LIKENESS = 3, 0.8
_SPELT = (
    ("duties_by_partner", "partner"),
    ("us_imports_2024_by_partner", "partner"),
    ("rare_earths", "country"),
    ("release_days", "publisher"),
    ("release_days", "release"),
)


def _latest(table: pd.DataFrame) -> pd.DataFrame:
    """Each value that is held of each period, with its position."""
    return table.assign(position=np.arange(len(table)))


@rule("statistics", "series")
def a_level_is_near_those_around_it(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A monthly value or rate lies between a quarter and two and a half times the median of the year around it.

    Tonnes, where there are any, lie between a twentieth and five times, and a deficit is at most half of a usual surplus.
    Is it in another unit, or in the row of another series? If the publisher prints it so, widen this rule and cite the release there.
    """
    table = _latest(tables["statistics"]).merge(tables["series"][["series_id", "unit", "frequency"]], on="series_id")
    # Soybeans come in seasons, magnets by licence, and China's balance was in deficit by a fifth of what was usual in February of 2017.
    small = table["unit"].eq("tonnes")
    rate = table["series_id"].str.startswith("us_collected_rate")
    table = table.assign(
        least=np.select(
            [table["series_id"].str.contains("_balance_"), small & table["value"].eq(0), small], [-_DEFICIT, 0, _LEAST_TONNES], _LEAST
        ),
        most=np.where(small, _MOST_TONNES, _MOST),
    )
    table = table[(table["unit"].ne("fraction") | rate) & table["frequency"].eq("month")]
    table = table[~table["series_id"].str.contains("soybean_exports")]
    by_month = table.sort_values(["series_id", "period", "vintage_on"], ignore_index=True)
    windows = by_month.groupby("series_id")["value"].rolling(_AROUND, center=True, min_periods=4)
    ratio = by_month["value"] / windows.median().droplevel(0)
    for row in each(by_month[(ratio < by_month["least"]) | (ratio > by_month["most"])], _Value):
        yield "statistics", row.position, f"{row.series_id} of {row.period:%Y-%m} is {row.value:g}"


@rule("statistics")
def vintages_of_a_value_agree(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A revision changes a level by at most a tenth, and a growth rate by at most five points."""
    table = _latest(tables["statistics"])
    first = table.sort_values("vintage_on").groupby(["series_id", "period"])["value"].transform("first").reindex(table.index)
    growth = table["series_id"].str.endswith("_frac")
    wrong = np.where(growth, (table["value"] - first).abs() > _REVISED_POINTS, (table["value"] - first).abs() > 0.1 * first.abs() + 1e-9)
    yield from where("statistics", table, pd.Series(wrong, index=table.index), "series_id", "period", "value")


class _Value(NamedTuple):
    series_id: str
    period: pd.Timestamp
    value: float
    position: int


@rule("statistics")
def growth_agrees_with_the_levels(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Growth on a year earlier lies within four points of what the levels held give, or else within fifty of the median of the year around.

    Is its sign or its decimal point wrong, or is it in per cent? 0.25 is 25 per cent.
    """
    table = _latest(tables["statistics"])
    last = table.sort_values("vintage_on").drop_duplicates(["series_id", "period"], keep="last").set_index(["series_id", "period"])["value"]
    growth = table[table["series_id"].str.endswith("_yoy_frac")].sort_values(["series_id", "period", "vintage_on"])
    names = growth["series_id"].str.replace("_yoy_frac$", "_usd", regex=True)
    now, before = (
        last.reindex(pd.MultiIndex.from_arrays([names, growth["period"] - pd.DateOffset(years=years)])).to_numpy() for years in (0, 1)
    )
    given = now / np.where(before == 0, np.nan, before) - 1
    around = growth.groupby("series_id")["value"].rolling(_AROUND, center=True, min_periods=4).median().to_numpy()
    for row, level, usual in zip(each(growth, _Value), given, around, strict=True):
        if np.isnan(level) and abs(row.value - usual) > _APART_POINTS:
            yield "statistics", row.position, f"{row.series_id} of {row.period:%Y-%m} is {row.value:g}, near months of {usual:.3g}"
        if abs(level - row.value) > _GROWTH_POINTS:
            yield (
                "statistics",
                row.position,
                f"{row.series_id} of {row.period:%Y-%m} is {row.value:g}, and the levels give {level:.3f}",
            )


@rule("statistics", "series")
def a_value_is_of_its_month_and_publisher(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A level of more than four digits differs from that of the month before, and a release comes out after that of the month before.

    All vintages of a value have the day on which its month was first published. The source of a value is the publisher of its series.
    """
    table, series = tables["statistics"], tables["series"].set_index("series_id")
    ordered = table.sort_values(["series_id", "period", "vintage_on"], kind="stable")
    last = ordered.drop_duplicates(["series_id", "period"], keep="last")
    level = last["series_id"].map(series["unit"]).ne("fraction") & last["value"].ne(0)
    # Values of few digits can be the same in two months.
    exact = last["value"].abs().mod(10 ** np.floor(np.log10(last["value"].abs().clip(lower=1)) - 3)).gt(0)
    same = level & exact & last["value"].eq(last.groupby("series_id")["value"].shift())
    seen = ordered[ordered["published_basis"].eq("observed")]
    early = seen["published_on"] < seen.groupby("series_id")["published_on"].cummax()
    early |= seen.groupby(["series_id", "period"])["published_on"].transform("nunique").gt(1)
    census = table["source"].str.contains("Census").ne(table["series_id"].map(series["publisher"]).str.contains("Census"))
    wrong = same.reindex(table.index, fill_value=False) | early.reindex(table.index, fill_value=False) | census
    yield from where("statistics", table, wrong, "series_id", "period", "value", "published_on", "source")


@rule("series", "release_days")
def a_series_is_what_its_name_says(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The name of a series ends in its unit, says whether it is a year to date, and names its flow; its release is in release_days."""
    table, releases = tables["series"], tables["release_days"]
    name = table["series_id"]
    unit = name.str.extract(r"_(usd|frac|tonnes)$", expand=False).replace("frac", "fraction")
    flow = name.str.extract(r"_(balance|exports|imports)(?=_)", expand=False)
    held = set(zip(releases["publisher"], releases["release"], strict=True))
    wrong = unit.ne(table["unit"]) | name.str.contains("_ytd_").ne(table["frequency"].eq("year_to_date"))
    wrong |= np.array([isinstance(own, str) and own not in said for own, said in zip(flow, table["flow"], strict=True)])
    wrong |= np.array([pair not in held for pair in zip(table["publisher"], table["release"], strict=True)])
    yield from where("series", table, wrong, "series_id", "unit", "frequency", "flow", "release")


@rule(*dict.fromkeys(name for name, _ in _SPELT))
def a_name_is_spelt_like_the_others(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A partner, country, publisher or release that stands in few rows is no other one misspelt."""
    for name, column in _SPELT:
        counts = tables[name][column].value_counts()
        usual = [value for value in counts.index if counts[value] > _FEW]
        for value in counts.index[counts <= _FEW]:
            close = [other for other in difflib.get_close_matches(value, usual, cutoff=_LIKENESS) if other != value]
            if close:
                yield from where(name, tables[name], tables[name][column].eq(value), column)


@rule("rare_earths")
def an_edition_is_of_its_year(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The edition of a summary is that of its vintage and of its link, and tells of earlier years alone."""
    table = tables["rare_earths"]
    edition = table["source"].str.extract(r"Summaries (20\d\d)", expand=False).astype(float)
    link = table["url"].str.extract(r"/mcs(20\d\d)", expand=False).astype(float)
    wrong = edition.notna() & (edition.ne(table["vintage_on"].dt.year) | (link.notna() & link.ne(edition)))
    wrong |= table["period"].str[-4:].astype(int) >= table["vintage_on"].dt.year
    yield from where("rare_earths", table, wrong, "quantity", "country", "period", "vintage_on", "source", "url")


@rule("statistics")
def a_published_day_follows_the_month(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Monthly statistics come out after their month has ended, within half a year where the day is known."""
    table = tables["statistics"]
    days = (table["published_on"] - table["period"]).dt.days
    late = days.gt(250) & table["published_basis"].eq("observed")
    yield from where("statistics", table, days.lt(28) | late, "series_id", "period", "published_on")


class _Mined(NamedTuple):
    quantity: str
    period: str
    vintage_on: pd.Timestamp
    country: str
    unit: str
    value: float
    position: int


@rule("rare_earths")
def no_country_mines_more_than_the_world(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """What one country mines or holds in a year is at most what the world does, in the same edition."""
    table = tables["rare_earths"]
    table = table.assign(position=np.arange(len(table)))
    keys = ["quantity", "period", "vintage_on"]
    world = table[table["country"].eq("World")].set_index(keys)["value"]
    for row in each(table[table["country"].ne("World")], _Mined):
        whole = world.get((row.quantity, row.period, row.vintage_on))
        if whole is not None and row.unit == "tonnes" and row.value > whole:
            yield "rare_earths", row.position, f"{row.country} in {row.period}: {row.value:g}, of {whole:g} in the world"


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


@rule("duties_china", "duties_by_partner")
def a_month_of_imports_is_near_those_around_it(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Imports of an industry or from a partner lie between a fifth and five times the median of the year around them.

    Industries of less than 100 million dollars a month are too uneven. Is the row of another industry or partner, or in another unit?
    """
    for name, key in (("duties_china", "naics3"), ("duties_by_partner", "partner")):
        table = _latest(tables[name]).sort_values([key, "period", "vintage_on"], ignore_index=True)
        values = table.groupby(key)["customs_value_usd"]
        around = values.rolling(_AROUND, center=True, min_periods=4).median().droplevel(0)
        ratio = (table["customs_value_usd"] / around).where(values.transform("median") > _UNEVEN_USD)
        for row in table[(ratio < 1 / _MOST_TONNES) | (ratio > _MOST_TONNES)].to_dict("records"):
            yield name, int(row["position"]), f"{row[key]} in {row['period']:%Y-%m}: {row['customs_value_usd']:.4g}"
