"""Goods trade between the two countries: the balance, its growth, front-loading, and the gap between the two sides' figures."""

import pandas as pd

from tradelib.doors import LATEST, Day, door
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.trade.statistics import monthly, observations

US_EXPORTS, US_IMPORTS = "us_exports_to_china_usd", "us_imports_from_china_usd"
CHINA_EXPORTS = "china_exports_to_us_usd"
_QUARTER, _YEAR = 3, 12


@door
@kept(maxsize=64)
def us_china_goods(*, as_of: Day = LATEST, start: Day | None = None) -> pd.DataFrame:
    """US goods trade with China month by month, as the US records it and as known on a day.

    Exports are total exports at FAS value, imports general imports at customs value; Census basis, not seasonally adjusted.

    Parameters
    ----------
    start
        only months that begin on or after this day.

    Returns
    -------
    DataFrame
        One row a month of which a flow is held, in order: period, exports_usd, imports_usd, balance_usd (exports less imports; NaN, as the
        other flow, where one alone is held), is_later_revised (either value was current only later), published_on, source, url, known_on. A
        month that is not held is absent.
    """
    rows = observations(as_of, [US_EXPORTS, US_IMPORTS])
    exports = rows[rows["series_id"].eq(US_EXPORTS)]
    imports = rows[rows["series_id"].eq(US_IMPORTS)]
    both = exports.merge(imports, on="period", how="outer", suffixes=("", "_imports"), validate="one_to_one").sort_values("period")
    if start is not None:
        both = both[both["period"] >= pd.Timestamp(start)]
        if both.dropna(subset=["value", "value_imports"]).empty:
            message = f"start must lie before the last month of trade known on {as_of}, not on {start}."
            raise ParameterError(message)
    return pd.DataFrame(
        {
            "period": both["period"],
            "exports_usd": both["value"],
            "imports_usd": both["value_imports"],
            "balance_usd": both["value"] - both["value_imports"],
            "is_later_revised": both["is_later_revised"].eq(True) | both["is_later_revised_imports"].eq(True),
            "published_on": both["published_on"].fillna(both["published_on_imports"]),
            "source": both["source"].fillna(both["source_imports"]),
            "url": both["url"].fillna(both["url_imports"]),
            "known_on": both[["known_on", "known_on_imports"]].max(axis=1),
        }
    ).reset_index(drop=True)


@door
def unbroken(goods: pd.DataFrame) -> pd.DataFrame:
    """The months of `us_china_goods` on an unbroken index; a month that is not held is NaN in every figure."""
    rows = goods.set_index("period")
    if rows.empty:
        return rows
    months = pd.date_range(rows.index.min(), rows.index.max(), freq="MS", name="period")
    return rows[["exports_usd", "imports_usd", "balance_usd", "is_later_revised"]].reindex(months)


@door
def by_year(goods: pd.DataFrame) -> pd.DataFrame:
    """Years of `us_china_goods`.

    Returns
    -------
    DataFrame
        Indexed by year: exports_usd, imports_usd, balance_usd, months (of how many both flows are held), is_complete (all twelve; sums of
        other years are of the months held, and no year's figure).
    """
    rows = goods.dropna(subset=["balance_usd"]).assign(year=goods["period"].dt.year)
    years = rows.groupby("year")[["exports_usd", "imports_usd", "balance_usd"]].sum()
    years["months"] = rows.groupby("year").size()
    return years.assign(is_complete=years["months"].eq(_YEAR))


@door
def growth(values: pd.Series) -> pd.DataFrame:
    """Change on a year earlier of a monthly series: of the month, of three months, and of the year to date.

    Parameters
    ----------
    values
        indexed by first days of months without a break, NaN where a month is not held.

    Returns
    -------
    DataFrame
        Indexed by period as `values`: yoy_frac, three_month_yoy_frac, ytd_yoy_frac; NaN wherever a month that counts is not held.

    Raises
    ------
    ParameterError
        the index leaves out a month, so that twelve rows are not a year.

    Examples
    --------
    >>> months = pd.date_range("2024-01-01", periods=13, freq="MS")
    >>> growth(pd.Series([100.0] * 12 + [110.0], index=months))["yoy_frac"].iloc[-1].round(2)
    np.float64(0.1)
    """
    if len(values) and not values.index.equals(pd.date_range(values.index.min(), values.index.max(), freq="MS")):
        message = "The series leaves out a month; growth needs an unbroken index with NaN where a month is not held."
        raise ParameterError(message)
    years = pd.DatetimeIndex(values.index).year
    quarter = values.rolling(_QUARTER, min_periods=_QUARTER).sum()
    to_date = values.groupby(years).transform(lambda year: year.cumsum() if year.notna().all() else _until_gap(year))
    to_date = to_date.where(values.groupby(years).transform(lambda year: year.index[0].month == 1).astype(bool))
    return pd.DataFrame(
        {
            "yoy_frac": values / values.shift(_YEAR) - 1,
            "three_month_yoy_frac": quarter / quarter.shift(_YEAR) - 1,
            "ytd_yoy_frac": to_date / to_date.shift(_YEAR) - 1,
        }
    )


@door
def index_of(values: pd.Series, *, base: str) -> pd.Series:
    """A series against the mean of a base year or month (such as `2024` or `2024-05`), which is 100.

    Raises
    ------
    ParameterError
        no value, or not every month, of the base is held.
    """
    is_year = len(base) == len("2024")
    months = values[pd.DatetimeIndex(values.index).strftime("%Y" if is_year else "%Y-%m") == base]
    if months.isna().any() or len(months) != (_YEAR if is_year else 1):
        message = f"The base {base} is not held in full; choose a year or month that is."
        raise ParameterError(message)
    against: pd.Series = 100 * values / months.mean()
    return against


@door
def front_loading(*, as_of: Day = LATEST, day: Day, months: int = 3) -> pd.DataFrame:
    """US imports from China in the months before a day and after it, beside the same months a year earlier.

    A plain comparison: it says what came sooner or less, and not why.

    Parameters
    ----------
    day
        such as the day a duty begins; its own month belongs to neither span.
    months
        length of each span.

    Returns
    -------
    DataFrame
        Two rows, `before` and `after`: span, first, last (first days of months), imports_usd, year_earlier_usd, difference_usd,
        change_frac; NaN where a month is not held.
    """
    values = monthly(US_IMPORTS, as_of=as_of)["value"]
    month = pd.Timestamp(day).replace(day=1)
    rows = []
    for name, first in (("before", month - pd.DateOffset(months=months)), ("after", month + pd.DateOffset(months=1))):
        span = pd.date_range(first, periods=months, freq="MS")
        now, then = (values.reindex(span - pd.DateOffset(years=back)).sum(min_count=months) for back in (0, 1))
        rows.append({"span": name, "first": span[0], "last": span[-1], "imports_usd": now, "year_earlier_usd": then})
    table = pd.DataFrame(rows)
    return table.assign(
        difference_usd=table["imports_usd"] - table["year_earlier_usd"], change_frac=table["imports_usd"] / table["year_earlier_usd"] - 1
    )


@door
@kept(maxsize=64, rests_on={"statistics": ()})
def mirror(*, as_of: Day = LATEST) -> pd.DataFrame:
    """China's exports to the United States beside US imports from China, month by month where both are held.

    The two differ by definition: China counts at FOB value the goods whose last known destination is the United States, when they leave;
    the United States counts at customs value (without freight) the goods that originate in China, wherever they come from, when they
    arrive: trade through Hong Kong and third places, time at sea and re-pricing stand between them.

    Returns
    -------
    DataFrame
        In order: period, china_exports_fob_usd, us_imports_customs_usd, gap_usd (US imports less Chinese exports), gap_frac (of the US
        imports), is_later_revised, source, url, known_on.
    """
    rows = observations(as_of, [CHINA_EXPORTS, US_IMPORTS])
    china, us = (rows[rows["series_id"].eq(name)] for name in (CHINA_EXPORTS, US_IMPORTS))
    both = china.merge(us, on="period", suffixes=("_china", "_us"), validate="one_to_one").sort_values("period")
    gap = both["value_us"] - both["value_china"]
    return pd.DataFrame(
        {
            "period": both["period"],
            "china_exports_fob_usd": both["value_china"],
            "us_imports_customs_usd": both["value_us"],
            "gap_usd": gap,
            "gap_frac": gap / both["value_us"],
            "is_later_revised": both["is_later_revised_china"] | both["is_later_revised_us"],
            "source": both["source_china"] + "; " + both["source_us"],
            "url": both["url_china"] + "|" + both["url_us"],
            "known_on": both[["known_on_china", "known_on_us"]].max(axis=1),
        }
    ).reset_index(drop=True)


def _until_gap(year: pd.Series) -> pd.Series:
    """Running sum of a year up to its first missing month; NaN from there on."""
    return year.cumsum().where(year.notna().cummin())
