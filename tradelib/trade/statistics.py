"""The ledger of statistics, asked in one place: what was known, what was published first, and every value in between."""

from datetime import date

import pandas as pd
from pandas.api.typing import NaTType

from tradelib import catalogue, ledger
from tradelib.doors import LATEST, Day, door, opened
from tradelib.errors import ParameterError
from tradelib.kept import kept

KEY = ["series_id", "period"]
# What a reader asks for first, in the order of a table.
HEADLINE_SERIES = [
    "china_exports_yoy_frac", "china_imports_yoy_frac", "china_balance_usd", "china_exports_to_us_yoy_frac", "us_imports_from_china_usd",
    "us_exports_to_china_usd", "us_collected_rate_on_china_frac", "china_rare_earth_exports_tonnes", "china_magnet_exports_tonnes",
    "china_soybean_imports_from_us_tonnes",
]  # fmt: skip
RARE_EARTH_SERIES = ["china_rare_earth_exports_tonnes", "china_magnet_exports_tonnes", "china_magnet_exports_to_us_tonnes"]
_SEEN = 3


@door
def observations(as_of: Day = LATEST, series: list[str] | None = None) -> pd.DataFrame:
    """Every observation as known on a day, with the words of its series and its first release.

    Parameters
    ----------
    as_of
        day of knowledge.
    series
        only these series.

    Returns
    -------
    DataFrame
        As the table `statistics` is read on a day (see `ledger.latest_known`), with title, flow, valuation, unit and frequency of the
        series, and first_value (NaN where the value first published is not held).

    Raises
    ------
    ParameterError
        a series that the dictionary does not hold.
    """
    words = dictionary()
    unknown = sorted(set(series or []) - set(words["series_id"]))
    if unknown:
        message = f"There is no series {unknown[0]!r}; `trade.dictionary()` lists them all."
        raise ParameterError(message)
    rows = _observed(as_of=opened(as_of))
    return rows if series is None else rows[rows["series_id"].isin(series)].reset_index(drop=True)


@kept(maxsize=16, rests_on={"statistics": ()})
def _observed(*, as_of: date) -> pd.DataFrame:
    """Every observation as known on a day; see `observations`."""
    rows, words = catalogue.load("statistics", as_of=as_of), dictionary()
    first = ledger.first_releases(catalogue.load("statistics"), as_of=as_of, key=KEY)[[*KEY, "value"]]
    rows = rows.merge(words[["series_id", "title", "flow", "valuation", "unit", "frequency"]], on="series_id", validate="many_to_one")
    return rows.merge(first.rename(columns={"value": "first_value"}), on=KEY, how="left", validate="one_to_one")


def dictionary() -> pd.DataFrame:
    """What each series measures.

    Returns
    -------
    DataFrame
        One row a series: series_id, title, publisher, frequency, release, unit, flow, valuation, adjustment, coverage, trap, source, url.
    """
    return catalogue.load("series")


@door
def vintages(series: str, *, as_of: Day = LATEST) -> pd.DataFrame:
    """Every value of one series that was known by a day: first releases, revisions, and what holds on that day.

    Parameters
    ----------
    series
        one of the dictionary.
    as_of
        only values that were current by this day.

    Returns
    -------
    DataFrame
        One row per (period, vintage_on), sorted by both: period, vintage_on, value, published_on, published_basis, is_first_release,
        is_latest (the value known on `as_of`), source, url, confidence, known_on.

    Raises
    ------
    ParameterError
        a series that the dictionary does not hold.
    """
    observations(as_of, [series])
    rows = catalogue.load("statistics")
    rows = rows[rows["series_id"].eq(series) & (rows["vintage_on"] <= pd.Timestamp(as_of))].sort_values(["period", "vintage_on"])
    rows = rows.assign(
        is_first_release=rows["vintage_on"].eq(rows["published_on"]),
        is_latest=~rows.duplicated("period", keep="last"),
        known_on=rows["vintage_on"],
    )
    columns = [
        "period", "vintage_on", "value", "published_on", "published_basis", "is_first_release", "is_latest", "source", "url", "confidence",
        "known_on",
    ]  # fmt: skip
    return rows[columns].reset_index(drop=True)


@door
def monthly(series: str, *, as_of: Day = LATEST) -> pd.DataFrame:
    """One monthly series as known on a day, on an unbroken index: a month that is not held is NaN, and never filled in.

    Returns
    -------
    DataFrame
        Indexed by period (first days of months): value, is_later_revised, known_on.
    """
    rows = observations(as_of, [series]).set_index("period").sort_index()
    if rows.empty:
        return pd.DataFrame({"value": [], "is_later_revised": [], "known_on": []}, index=pd.DatetimeIndex([], name="period"))
    months = pd.date_range(rows.index.min(), rows.index.max(), freq="MS", name="period")
    table = rows[["value", "is_later_revised", "known_on"]].reindex(months)
    return table.assign(is_later_revised=table["is_later_revised"].eq(True))


@door
def releases(*, as_of: Day = LATEST, series: list[str]) -> pd.DataFrame:
    """The newest release of each series by a day, and when the next one is usual.

    Returns
    -------
    DataFrame
        One row a series that had been released, in the order asked for: series_id, title, unit, frequency, period, value, first_value,
        is_later_revised, published_on, published_basis, next_period, next_usual_on (see `next_release`; NaT where nothing is known),
        next_basis (`calendar`, `year before`, `median delay`, or empty), source, url, known_on.
    """
    return _releases(tuple(series), as_of=opened(as_of))


@kept(maxsize=64, rests_on={"statistics": (), "release_days": ()})
def _releases(series: tuple[str, ...], *, as_of: date) -> pd.DataFrame:
    """See `releases`."""
    rows = observations(as_of, list(series))
    calendar = release_days(as_of=as_of)
    released_by = dictionary().set_index("series_id")[["publisher", "release"]]
    newest = []
    for name in series:
        part = rows[rows["series_id"].eq(name)].sort_values("period")
        if len(part):
            period = part["period"].iloc[-1] + pd.DateOffset(months=1)
            day, basis = next_release(part, period, calendar, *released_by.loc[name])
            due = pd.Series([day], index=part.index[-1:], dtype="datetime64[us]")
            newest.append(part.tail(1).assign(next_period=period, next_usual_on=due, next_basis=basis))
    columns = [
        "series_id", "title", "unit", "frequency", "period", "value", "first_value", "is_later_revised", "published_on", "published_basis",
        "next_period", "next_usual_on", "next_basis", "source", "url", "known_on",
    ]  # fmt: skip
    return pd.concat(newest)[columns].reset_index(drop=True) if newest else pd.DataFrame(columns=columns)


def release_days(*, as_of: Day = LATEST) -> pd.DataFrame:
    """The newest day known for each release of a period: publisher, release, period, due_on, basis, source, url, seen_on, known_on."""
    rows = catalogue.load("release_days", as_of=as_of).sort_values("seen_on")
    return rows.drop_duplicates(["publisher", "release", "period"], keep="last").reset_index(drop=True)


def next_release(
    held: pd.DataFrame, period: pd.Timestamp, calendar: pd.DataFrame, publisher: str, release: str
) -> tuple[pd.Timestamp | NaTType, str]:
    """Day on which a period of a series is to be released, and what that rests on.

    Parameters
    ----------
    held
        rows of the series as known on a day, sorted by period: period, published_on, published_basis.
    period
        first day of the month asked for.
    calendar
        `release_days` as known on that day.
    publisher, release
        names of the release, as the dictionary of series gives them.

    Returns
    -------
    tuple[Timestamp, str]
        The day of the publisher's `calendar`; else the day on which the same month of the `year before` was released, a year later; else
        the end of the period and the `median delay` of the last releases; NaT and nothing where too few were seen.
    """
    named = calendar[calendar["publisher"].eq(publisher) & calendar["release"].eq(release) & calendar["period"].eq(period)]
    if len(named):
        return named["due_on"].iloc[0], "calendar"
    seen = held[held["published_basis"].isin(["observed", "calendar"])]
    before = seen.loc[seen["period"].eq(period - pd.DateOffset(years=1)), "published_on"]
    if len(before):
        return before.iloc[0] + pd.DateOffset(years=1), "year before"
    delay = (seen["published_on"] - (seen["period"] + pd.offsets.MonthEnd())).dt.days.tail(12)
    if len(delay) < _SEEN:
        return pd.NaT, ""
    return period + pd.offsets.MonthEnd() + pd.Timedelta(days=round(delay.median())), "median delay"
