"""Figures of the same months beside one another: how far apart, which way and when; and the sentence on each."""

from collections.abc import Callable

import pandas as pd
import pytest

from tradelib import tariffs, trade
from tradelib.phrases import differences as phrases
from tradelib.trade.differences import ALIKE

CHINA, US = "china_exports_usd", "us_imports_from_china_usd"


def figure(series: str, period: str, value: float, published: str, vintage: str = "") -> dict[str, object]:
    return {
        "series_id": series, "period": f"{period}-01", "value": value, "published_on": published, "vintage_on": vintage or published,
        "published_basis": "observed", "confidence": "high", "source": "release", "url": "https://example.org/",
    }  # fmt: skip


def rows(read: Callable, as_of: str = "2025-12-31") -> pd.DataFrame:
    levels = [figure(CHINA, f"{year}-0{month}", value, f"{year}-07-01") for year, month, value in
              ((2024, 1, 100.0), (2024, 2, 100.0), (2024, 3, 100.0), (2025, 1, 112.0), (2025, 2, 105.0), (2025, 3, 90.0))]  # fmt: skip
    growth = [
        figure("china_exports_yoy_frac", "2025-01", 0.10, "2025-02-09"),
        figure("china_exports_yoy_frac", "2025-01", 0.12, "2025-02-09", "2025-08-01"),
        figure("china_exports_yoy_frac", "2025-02", 0.05 + 0.9 * ALIKE, "2025-03-09"),
        figure("china_exports_yoy_frac", "2025-03", -0.07, "2025-04-09"),
        figure("china_exports_ytd_yoy_frac", "2025-02", 0.085, "2025-03-09"),
    ]
    us = [
        figure(US, "2025-01", 50.0, "2025-03-05"),
        figure(US, "2025-01", 51.0, "2025-03-05", "2025-06-05"),
        figure(US, "2025-02", 40.0, "2025-04-05"),
        figure("china_exports_to_us_usd", "2025-01", 60.0, "2025-07-01"),
    ]
    read(statistics=[*levels, *growth, *us])
    return trade.differences(as_of=as_of).set_index(["what", "flow"])


def test_growth_as_first_published_stands_beside_the_levels_as_known_now(read: Callable) -> None:
    found = rows(read)
    row = found.loc[("growth", "exports")]
    assert row[["months", "alike", "above", "below"]].tolist() == [3, 1, 1, 1]
    assert row[["lowest_frac", "highest_frac"]].tolist() == pytest.approx([-0.02, 0.03])
    assert [f"{row[name]:%Y-%m}" for name in ("lowest_on", "highest_on")] == ["2025-01", "2025-03"]
    assert found.loc[("year_to_date", "exports"), "months":"below"].tolist() == [1, 1, 0, 0]
    assert ("growth", "imports") not in found.index


def test_a_month_in_one_release_alone_was_not_revised_and_a_later_one_is_not_known_yet(read: Callable) -> None:
    found = rows(read)
    assert found.loc[("revision", "us_imports"), ["months", "above"]].tolist() == [1, 1]
    assert found.loc[("revision", "us_imports"), "highest_frac"] == pytest.approx(0.02)
    assert found.loc[("mirror", "us_imports"), "lowest_frac"] == pytest.approx(51 / 60 - 1)
    assert ("revision", "us_imports") not in rows(read, "2025-06-04").index


def test_each_difference_is_told(read: Callable) -> None:
    found = {row.what: row for row in rows(read).reset_index().itertuples() if row.flow == "exports" or row.what != "growth"}
    assert phrases.growth([found["growth"]]) == (
        "China's customs publish growth beside the levels, and revise the levels later. Growth as first published agrees to 0.1 points "
        "with the levels we have now in 1 of 3 for exports (from 2.0 points below in January 2025 to 3.0 points above in March 2025)."
    )
    said = phrases.revision(found["revision"])
    assert said.endswith("1 were revised up by more than 0.1% and 0 down; the largest change is +2% (January 2025).")
    assert phrases.mirror(found["mirror"], pd.Series(dtype="datetime64[us]")) == (
        "US imports from China exceed China's exports to the United States in 0 of 1 months. "
        "They fell short of them most in January 2025, by 15%."
    )


def test_more_collected_than_the_law_says_is_counted_against_both_of_its_averages() -> None:
    gap = pd.DataFrame(
        {
            "period": pd.to_datetime(["2025-04-01", "2025-05-01", "2025-06-01"]),
            "collected_frac": [0.40, 0.48, None],
            "statutory_frac": [0.50, 0.40, 0.40],
            "statutory_mean_frac": [0.45, 0.60, 0.40],
        }
    )
    found = tariffs.excess(gap)
    assert (found.months, found.last_day, found.mean) == (2, 1, 0)
    assert phrases.excess(found) == (
        "More was collected than the law's average of the month's last day in 1 of 2 months, most in May 2025, by 8.0 points: a rate that "
        "changes within a month is not that of the month. Against the mean of the days it was more in 0."
    )
    assert tariffs.excess(gap.assign(collected_frac=None)) is None
