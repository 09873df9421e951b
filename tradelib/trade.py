"""Trade statistics as they stood on a day: China's customs headlines and the goods balance of the US with China."""

from datetime import date

import pandas as pd

from tradelib import catalogue, ledger

MONTHLY = {"exports": "china_exports_yoy_frac", "imports": "china_imports_yoy_frac", "balance": "china_balance_usd"}
YEAR_TO_DATE = {
    "exports": "china_exports_ytd_yoy_frac",
    "imports": "china_imports_ytd_yoy_frac",
    "balance": "china_balance_ytd_usd",
}
WITH_US = {"exports_to_us": "china_exports_to_us_yoy_frac", "imports_from_us": "china_imports_from_us_yoy_frac"}
KEY = ["series_id", "period"]


def china_headlines(*, as_of: date) -> pd.DataFrame:
    """Newest customs figures of China as known on a day: exports, imports, balance, and trade with the US where it is held.

    January and February are released together as a year-to-date figure; then that is the newest.

    Returns
    -------
    One row a figure: figure (`exports`, `imports`, `balance`, `exports_to_us`, `imports_from_us`), series_id, title, concept, unit,
    frequency, period, value (a fraction or US dollars), first_value (missing where the first release is not held),
    is_first_release, is_later_revised, published_on, source, url, known_on, confidence. Empty before the first period held.
    """
    rows = _observations(as_of)
    newest = _newest_release(rows)
    if newest is None:
        return rows.assign(figure="").iloc[:0]
    frequency, period = newest
    wanted = YEAR_TO_DATE if frequency == "year_to_date" else MONTHLY | WITH_US
    rows = rows[rows["series_id"].isin(wanted.values()) & rows["period"].eq(period)]
    figures = {series: figure for figure, series in wanted.items()}
    rows = rows.assign(figure=rows["series_id"].map(figures))
    order = {figure: position for position, figure in enumerate(wanted)}
    return rows.sort_values("figure", key=lambda names: names.map(order)).reset_index(drop=True)


def china_growth(*, as_of: date, months: int = 24) -> pd.DataFrame:
    """Growth on a year earlier of China's exports and imports, month by month, as known on a day.

    January and February are released together, because the new year of the moon moves between them: they are one observation, at
    February.

    Returns
    -------
    One row per (figure, period) for `exports` and `imports`, over the last `months` months; columns as `china_headlines`.
    """
    rows = _observations(as_of)
    names = {table[figure]: figure for table in (MONTHLY, YEAR_TO_DATE) for figure in ("exports", "imports")}
    rows = rows[rows["series_id"].isin(names)]
    month = rows["period"].dt.month
    together = rows["frequency"].eq("year_to_date")
    rows = rows[(together & month.eq(2)) | (~together & month.gt(2))]
    rows = rows.assign(figure=rows["series_id"].map(names))
    first = rows["period"].max() - pd.DateOffset(months=months - 1)
    return rows[rows["period"] >= first].sort_values(["figure", "period"]).reset_index(drop=True)


def us_china_goods(*, as_of: date) -> pd.DataFrame:
    """US goods trade with China month by month, as the US records it and as known on a day.

    Exports are total exports at FAS value, imports general imports at customs value; Census basis, not seasonally adjusted.

    Returns
    -------
    One row a month that is held, in order: period, exports_usd, imports_usd, balance_usd (exports less imports), is_later_revised
    (either value was current only later), published_on, source, url, known_on. A month that is not held is absent.
    """
    rows = _observations(as_of)
    exports = rows[rows["series_id"].eq("us_exports_to_china_usd")]
    imports = rows[rows["series_id"].eq("us_imports_from_china_usd")]
    both = exports.merge(imports, on="period", suffixes=("", "_imports"), validate="one_to_one").sort_values("period")
    return pd.DataFrame(
        {
            "period": both["period"],
            "exports_usd": both["value"],
            "imports_usd": both["value_imports"],
            "balance_usd": both["value"] - both["value_imports"],
            "is_later_revised": both["is_later_revised"] | both["is_later_revised_imports"],
            "published_on": both["published_on"],
            "source": both["source"],
            "url": both["url"],
            "known_on": both[["known_on", "known_on_imports"]].max(axis=1),
        }
    ).reset_index(drop=True)


def _observations(as_of: date) -> pd.DataFrame:
    """Every observation as known on a day, with the words of its series and its first release."""
    rows = catalogue.load("statistics", as_of=as_of)
    series = catalogue.load("series")[["series_id", "title", "concept", "unit", "frequency"]]
    first = ledger.first_releases(catalogue.load("statistics"), as_of=as_of, key=KEY)[[*KEY, "value"]]
    rows = rows.merge(series, on="series_id", validate="many_to_one")
    return rows.merge(first.rename(columns={"value": "first_value"}), on=KEY, how="left", validate="one_to_one")


def _newest_release(rows: pd.DataFrame) -> tuple[str, pd.Timestamp] | None:
    """Frequency and period of the newest release: real first releases before values that were current only later."""
    exports = rows[rows["series_id"].isin([MONTHLY["exports"], YEAR_TO_DATE["exports"]])]
    if exports.empty:
        return None
    newest = exports[exports["published_on"].eq(exports["published_on"].max())]
    newest = newest.sort_values(["is_later_revised", "frequency", "period"], ascending=[True, True, False])
    return newest["frequency"].iloc[0], newest["period"].iloc[0]
