"""Trade figures and rare earths as first published and as revised, with their published values."""

from datetime import date

import pandas as pd
import pytest
from conftest import DAYS

from tradelib import minerals, trade


def value(rows: pd.DataFrame, figure: str) -> float:
    return float(rows.set_index("figure").loc[figure, "value"])


def test_may_2025_as_first_published_on_9_june_2025() -> None:
    """GACC release of 9 June 2025, as carried by AP and Reuters; exports to the US as reported the same day."""
    rows = trade.china_headlines(as_of=date(2025, 6, 9))
    assert rows["period"].eq("2025-05-01").all()
    assert value(rows, "exports") == 0.048
    assert value(rows, "imports") == -0.034
    assert value(rows, "balance") == 103.22e9
    assert value(rows, "exports_to_us") == -0.345
    assert not rows["is_later_revised"].any()
    assert trade.china_headlines(as_of=date(2025, 6, 8))["period"].eq("2025-04-01").all()


def test_may_2025_reads_4_6_per_cent_once_revised_and_keeps_its_first_release() -> None:
    """GACC history as shown on 7 July 2026."""
    rows = trade.china_growth(as_of=date(2026, 10, 9), months=24)
    may = rows[rows["figure"].eq("exports") & rows["period"].eq("2025-05-01")].iloc[0]
    assert (may["value"], may["first_value"], may["is_first_release"]) == (0.046, 0.048, False)


def test_january_and_february_are_one_release() -> None:
    """GACC release of 7 March 2025: January and February together, exports +2.3%, imports -8.4%."""
    rows = trade.china_headlines(as_of=date(2025, 3, 20))
    assert set(rows["frequency"]) == {"year_to_date"}
    assert (value(rows, "exports"), value(rows, "imports")) == (0.023, -0.084)
    growth = trade.china_growth(as_of=date(2025, 6, 9))
    assert growth["period"].dt.month.ne(1).all()


def test_census_balance_is_exports_less_imports_and_marks_later_copies() -> None:
    """US Census Bureau, Trade in Goods with China: March 2025 as read on 7 February 2026, 11,458.2 and 29,383.7 million dollars."""
    goods = trade.us_china_goods(as_of=date(2026, 2, 20)).set_index("period")
    march = goods.loc["2025-03-01"]
    assert (march["exports_usd"], march["imports_usd"]) == (11458.2e6, 29383.7e6)
    assert march["balance_usd"] == march["exports_usd"] - march["imports_usd"]
    then = trade.us_china_goods(as_of=date(2025, 6, 9)).set_index("period")
    assert then.index.max() == pd.Timestamp("2025-04-01")
    assert bool(then.loc["2025-03-01", "is_later_revised"])
    assert pd.Timestamp("2026-02-01") not in goods.index  # not released by then; never filled in


def test_china_mined_69_per_cent_of_rare_earths_in_2024() -> None:
    """USGS, Mineral Commodity Summaries 2025, January 2025: 270,000 of 390,000 tonnes."""
    rows = minerals.mine_production(as_of=date(2025, 6, 9))
    china = rows[rows["country"].eq("China")].iloc[0]
    assert (china["period"], china["production_tonnes"], china["world_tonnes"]) == ("2024", 270_000, 390_000)
    assert round(china["share_frac"], 2) == 0.69


def test_earlier_readers_see_the_earlier_edition() -> None:
    """Mineral Commodity Summaries 2024 gave 240,000 of 350,000 tonnes for 2023; the edition of 2025 revised both."""
    rows = minerals.mine_production(as_of=date(2024, 6, 1))
    assert rows.loc[rows["country"].eq("China"), ["period", "production_tonnes", "world_tonnes"]].iloc[0].tolist() == [
        "2023",
        240_000,
        350_000,
    ]
    revised = minerals.mine_production(as_of=date(2025, 6, 9), year="2023")
    assert revised.loc[revised["country"].eq("China"), "production_tonnes"].tolist() == [255_000]
    assert minerals.mine_production(as_of=date(2018, 1, 1)).empty


@pytest.mark.parametrize("as_of", DAYS)
def test_no_figure_is_newer_than_the_day(as_of: date) -> None:
    frames = [trade.china_headlines(as_of=as_of), trade.china_growth(as_of=as_of), trade.us_china_goods(as_of=as_of)]
    frames.append(minerals.mine_production(as_of=as_of))
    for frame in frames:
        assert (frame["known_on"] <= pd.Timestamp(as_of)).all()
        assert (frame["published_on"] <= pd.Timestamp(as_of)).all()
