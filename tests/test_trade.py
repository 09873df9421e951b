"""What is worked out of the statistics: growth, diversion, the mirror gap, collected rates, concentration; and what is never filled in."""

import importlib
from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import DAYS
from hypothesis import given
from hypothesis import strategies as st

from tradelib import catalogue, minerals, narrate, tariffs, trade, truce, wording
from tradelib.errors import ParameterError

NEWS, LATEST = date(2025, 6, 9), date(2026, 10, 9)
CONSUMPTION, GENERAL = "imports_for_consumption", "general_imports"


def test_first_release_and_revision_are_one_query() -> None:
    """GACC, 9 June 2025: exports of May +4.8%, imports -3.4%; the history shown on 7 July 2026 has +4.6% for exports."""
    rows = trade.vintages("china_exports_yoy_frac", as_of=LATEST)
    may = rows[rows["period"].eq("2025-05-01")]
    assert may["value"].tolist() == [0.048, 0.046]
    assert may["is_first_release"].tolist() == [True, False]
    assert may["is_latest"].tolist() == [False, True]
    then = trade.vintages("china_exports_yoy_frac", as_of=NEWS)
    assert then.loc[then["period"].eq("2025-05-01"), "value"].tolist() == [0.048]
    imports = trade.vintages("china_imports_yoy_frac", as_of=NEWS)
    assert imports.loc[imports["period"].eq("2025-05-01"), "value"].tolist() == [-0.034]
    moved = trade.revised(as_of=LATEST).set_index("period").loc["2025-05-01"]
    assert moved["revision_pp"] == pytest.approx(-0.2)


def test_exports_to_the_united_states_keep_their_first_source() -> None:
    row = trade.observations(NEWS, ["china_exports_to_us_yoy_frac"]).set_index("period").loc["2025-05-01"]
    assert (row["value"], row["first_value"], row["published_on"]) == (-0.345, -0.345, pd.Timestamp("2025-06-09"))
    assert row["source"]
    assert row["url"].startswith("http")


@pytest.mark.parametrize(("year", "rate"), [(2017, 0.027), (2024, 0.109)])
def test_collected_rate_of_a_year_is_duty_over_value(year: int, rate: float) -> None:
    """US Census Bureau, calculated duty and customs value of imports for consumption from China."""
    rows = trade.collected_by_year(as_of=LATEST)
    china = rows[rows["partner"].eq("China") & rows["year"].eq(year)].iloc[0]
    assert china["months"] == 12
    assert china["collected_frac"] == pytest.approx(china["calculated_duty_usd"] / china["customs_value_usd"])
    assert round(china["collected_frac"], 3) == rate


def test_collected_rate_of_may_2025_and_the_dispatch_of_june_2026() -> None:
    """Census, May 2025: 48.2% in the copy of February 2026, 47.9% after the revision of June 2026; August 2026: 22.8%."""
    rows = trade.imports_by_partner(as_of=LATEST)
    china = rows[rows["partner"].eq("China")].set_index("period")["collected_frac"].round(3)
    assert (china["2025-05-01"], china["2026-07-01"], china["2026-08-01"]) == (0.479, 0.214, 0.228)
    copy = trade.imports_by_partner(as_of=date(2026, 2, 10)).set_index(["partner", "period"])["collected_frac"].round(3)
    assert copy["China", "2025-05-01"] == 0.482
    # As known on 10 August 2026 the rate was one that somebody quotes; the copy of September gives it from Census itself.
    then, now = (tariffs.collected(as_of=day).set_index("period").loc["2026-06-01"] for day in (date(2026, 8, 10), LATEST))
    assert (then["collected_frac"], round(now["collected_frac"], 3)) == (0.217, 0.217)
    assert pd.isna(then["customs_value_usd"])
    assert "as read by" in then["source"]
    assert "as read by" not in now["source"]
    assert rows["period"].max() == pd.Timestamp("2026-08-01")


def test_the_two_counts_of_imports_are_never_mixed() -> None:
    """They differ by a few per cent either way: which one a series is must be said, and no calculation may take from both."""
    words = trade.dictionary().set_index("series_id")
    assert words.loc[words.index.str.contains("imports_from_(?:china|germany|japan|korea|taiwan)_usd$"), "flow"].eq(GENERAL).all()
    assert words.loc[words.index.str.contains("collected_rate|consumption"), "flow"].eq(CONSUMPTION).all()
    assert words.loc[words.index.str.startswith("us_") & words["flow"].eq("imports"), "flow"].empty
    for column in ("title", "publisher", "unit", "flow", "valuation", "adjustment", "coverage", "trap", "source", "url"):
        assert words[column].ne("").all()
    assert {words.loc[name, "flow"] for name in (trade.bilateral.US_IMPORTS,)} == {GENERAL}
    general = trade.us_china_goods(as_of=LATEST).set_index("period")["imports_usd"]
    rows = trade.imports_by_partner(as_of=LATEST)
    consumed = rows[rows["partner"].eq("China")].set_index("period")["customs_value_usd"]
    both = pd.concat([general, consumed], axis=1, join="inner")
    assert len(both) > 100
    assert not np.allclose(both.iloc[:, 0], both.iloc[:, 1], rtol=1e-4)


def test_a_month_that_is_not_held_is_missing_and_said_to_be() -> None:
    held = trade.us_china_goods(as_of=LATEST)
    goods = held[held["period"].ne("2023-12-01")]
    months = trade.unbroken(goods)
    assert months.loc["2023-12-01", ["exports_usd", "imports_usd", "balance_usd"]].isna().all()
    assert months.index.max() == pd.Timestamp("2026-08-01")
    growth = trade.growth(months["imports_usd"])
    assert growth.loc[["2023-12-01", "2024-12-01"], "yoy_frac"].isna().all()
    assert growth.loc[["2024-01-01", "2024-02-01"], "three_month_yoy_frac"].isna().all()
    assert growth.loc["2024-12-01", "ytd_yoy_frac"] != growth.loc["2024-12-01", "ytd_yoy_frac"]
    years = trade.by_year(goods)
    assert not years.loc[2023, "is_complete"]
    text = narrate.balance_text(goods, years).text
    assert "December 2023 is missing" in text
    assert "Our data on both flows end in July 2026; for August 2026 we have imports only." in text


def test_every_month_from_2001_on_is_held_and_of_december_2023_the_published_values() -> None:
    """Census as FRED series IMPCH and EXPCH: imports 34,167.5 and exports 12,056.3 million dollars."""
    goods = trade.us_china_goods(as_of=LATEST).set_index("period")
    assert len(goods) == len(pd.date_range(goods.index.min(), goods.index.max(), freq="MS"))
    assert tuple(goods.loc["2023-12-01", ["imports_usd", "exports_usd"]]) == (34167.5e6, 12056.3e6)


@given(st.lists(st.one_of(st.none(), st.floats(1, 1e6)), min_size=1, max_size=60))
def test_growth_is_missing_exactly_where_a_month_that_counts_is(values: list[float | None]) -> None:
    months = pd.Series(
        [np.nan if value is None else value for value in values], index=pd.date_range("2020-01-01", periods=len(values), freq="MS")
    )
    growth = trade.growth(months)
    for place, found in enumerate(growth["yoy_frac"]):
        held = place >= 12 and pd.notna(months.iloc[place]) and pd.notna(months.iloc[place - 12])
        assert pd.notna(found) == held
    for place, found in enumerate(growth["three_month_yoy_frac"]):
        held = place >= 14 and months.iloc[place - 2 : place + 1].notna().all() and months.iloc[place - 14 : place - 11].notna().all()
        assert pd.notna(found) == held
    for place, found in enumerate(growth["ytd_yoy_frac"]):
        first = place - place % 12
        held = first >= 12 and months.iloc[first : place + 1].notna().all() and months.iloc[first - 12 : place - 11].notna().all()
        assert pd.notna(found) == held
        if held:
            assert found == pytest.approx(months.iloc[first : place + 1].sum() / months.iloc[first - 12 : place - 11].sum() - 1)


def test_growth_refuses_a_series_that_leaves_out_a_month() -> None:
    months = pd.to_datetime(["2024-01-01", "2024-03-01"])
    with pytest.raises(ParameterError, match="leaves out a month"):
        trade.growth(pd.Series([1.0, 2.0], index=months))


def test_an_index_needs_its_whole_base() -> None:
    months = trade.unbroken(trade.us_china_goods(as_of=LATEST))["imports_usd"]
    assert trade.index_of(months, base="2024").loc["2024"].mean() == pytest.approx(100)
    assert trade.index_of(months, base="2024-05").loc["2024-05-01"] == pytest.approx(100)
    for base in ("2026", "1999", "2026-09", "May 2024"):
        with pytest.raises(ParameterError, match="not held in full"):
            trade.index_of(months, base=base)


@pytest.mark.parametrize("base", [0, 2017, 2024])
def test_what_all_partners_gained_or_lost_is_what_the_whole_did(base: int) -> None:
    rows = trade.diversion(as_of=LATEST, base=base).set_index("partner")
    parts = rows.drop(index=trade.WORLD)
    for column in ("now_usd", "base_usd", "change_usd"):
        assert parts[column].sum() == pytest.approx(rows.loc[trade.WORLD, column])
    assert parts["share_now_frac"].sum() == pytest.approx(1)
    assert parts["share_change_pp"].sum() == pytest.approx(0, abs=1e-9)
    assert not {"European Union", "USMCA"} & set(rows.index)


@pytest.mark.parametrize("base", [0, 2017, 2024])
def test_product_groups_add_up_to_what_china_lost_over_the_same_months(base: int) -> None:
    """On 10 February 2026 both tables are held in the copy of February 2026."""
    day = date(2026, 2, 10)
    china = trade.diversion(as_of=day, base=base).set_index("partner").loc["China"]
    groups = trade.china_by_product_group(as_of=day, base=base)
    assert (groups["first"].iloc[0], groups["last"].iloc[0], groups["base"].iloc[0]) == (china["first"], china["last"], china["base"])
    assert groups["change_usd"].sum() == pytest.approx(china["change_usd"])
    assert groups["now_usd"].sum() == pytest.approx(china["now_usd"])


def test_the_base_is_2024_and_said_and_each_comparison_names_its_own_months() -> None:
    """Early in 2025 goods were brought in ahead of the duties, so 2026 is not compared with it unless that is asked."""
    from tradelib import tables

    shift, groups = trade.diversion(as_of=LATEST), trade.china_by_product_group(as_of=LATEST)
    assert (shift["base"].iloc[0], shift["last"].iloc[0]) == (2024, pd.Timestamp("2026-08-01"))
    assert (groups["base"].iloc[0], groups["last"].iloc[0]) == (2024, pd.Timestamp("2025-11-01"))
    assert "We compare with 2024 because early in 2025" in narrate.diversion_text(shift).text
    assert "January 2026 to August 2026" in tables.diversion(shift).caption
    table = tables.product_groups(groups)
    assert "January 2025 to November 2025" in table.caption
    assert "Our data by group end in November 2025" in table.note
    assert trade.diversion(as_of=LATEST, base=2025)["base"].iloc[0] == 2025
    assert trade.china_by_product_group(as_of=LATEST, base=2025)["base"].iloc[0] == 2024
    assert trade.diversion(as_of=NEWS)["base"].iloc[0] == 2024
    assert "The base is" not in narrate.diversion_text(trade.diversion(as_of=NEWS)).text


def flows_title(as_of: date) -> str:
    growth = trade.growth(trade.unbroken(trade.us_china_goods(as_of=as_of))["imports_usd"])
    exports = trade.observations(as_of, ["china_exports_yoy_frac"])
    title = narrate.flows_title(growth, exports, trade.china_headlines(as_of=as_of), as_of=as_of)
    return title.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_the_page_leads_with_the_news_or_one_month_of_both_sides_and_the_newest_count_and_rate() -> None:
    """Census, imports for consumption: +34.9% in June 2026 on the low of June 2025, +13.3% in August; 22.8% collected in August."""
    assert (
        flows_title(LATEST) == "In August 2026 US imports from China rose 6.9% on a year earlier; China's exports to the world rose 25.0%"
    )
    assert flows_title(NEWS) == (
        "China's exports to the world rose 4.8% in May 2025 on a year earlier; US imports from China fell 19.7% (as later revised) in "
        "April 2025"
    )
    assert flows_title(date(2025, 3, 20)).startswith(
        "China's exports to the world rose 2.3% in January to February 2025 on a year earlier; US"
    )
    assert flows_title(date(2025, 6, 20)).startswith("In April 2025 US imports from China fell 19.7% (as later revised) on a year earlier")
    partners = trade.imports_by_partner(as_of=LATEST)
    words = narrate.consumption_message(partners).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "rose 13.3% in August 2026" in words
    assert "the steepest rise of six months was +34.9% in June 2026, from the low of 2025" in words
    rate = narrate.collected_by_partner_message(partners).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "duties averaged 22.8% on goods from China, after 21.4% in July 2026" in rate


def test_the_side_that_counts_less_is_named() -> None:
    row = {"period": pd.Timestamp("2025-05-01"), "source": "made up", "url": "https://example.org", "known_on": pd.Timestamp("2025-07-03")}
    for ours, word in ((19e9, "9.0 billion less"), (30e9, "2.0 billion more")):
        rows = pd.DataFrame([row | {"china_exports_fob_usd": 28e9, "us_imports_customs_usd": ours, "gap_usd": ours - 28e9}])
        rows = rows.assign(is_later_revised=False)
        assert f"USD {word}" in narrate.mirror_text(rows).text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def consumption(changed: dict[str, float], *, until: str) -> pd.DataFrame:
    """Imports for consumption from China of 2024 and 2025: 10 and 9 billion a month, but for those given."""
    months = pd.date_range("2024-01-01", until, freq="MS")
    billions = [changed.get(f"{month:%Y-%m}", 10.0 if month.year == 2024 else 9.0) for month in months]
    rows = pd.DataFrame({"partner": "China", "period": months, "customs_value_usd": np.array(billions) * 1e9, "is_later_revised": False})
    return rows.assign(source="made up", url="https://example.org", known_on=months)


@pytest.mark.parametrize(
    ("changed", "until", "after"),
    [
        ({"2024-06": 8.0, "2025-06": 12.0}, "2025-11-01", "; the steepest rise of six months was +50% in June 2025, from the low of 2024"),
        # March was lower than June: June is no low of its year.
        ({"2024-03": 7.0, "2024-06": 8.0, "2025-06": 12.0}, "2025-11-01", "; the steepest rise of six months was +50% in June 2025"),
        # The half year to December begins in July.
        ({"2024-06": 8.0, "2025-06": 12.0}, "2025-12-01", ""),
        # A month that fell least is no rise.
        ({"2025-09": 9.5}, "2025-12-01", ""),
    ],
)
def test_the_steepest_rise_of_the_half_year_stands_beside_the_newest_month(changed: dict[str, float], until: str, after: str) -> None:
    words = narrate.consumption_message(consumption(changed, until=until)).replace("\N{NARROW NO-BREAK SPACE}", " ")
    month = "November" if until < "2025-12" else "December"
    assert words == f"US imports for consumption from China fell 10.0% in {month} 2025 on a year earlier{after}"


def test_each_month_stands_beside_its_own_dollars_of_a_year_earlier() -> None:
    rows = consumption({"2024-06": 8.0, "2025-06": 12.0}, until="2025-11-01")
    words = narrate.consumption_text(rows).text.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "USD 12.0 billion in June 2025 after USD 8.0 billion a year earlier (+50%)" in words
    assert "USD 9.0 billion in November 2025 after USD 10.0 billion a year earlier (−10%)" in words
    assert words.count("a year earlier") == 2


def test_the_rate_of_a_year_is_told_once_it_has_twelve_months() -> None:
    years = pd.DataFrame({"partner": "China", "year": [2024, 2025, 2026], "months": [12, 12, 8], "collected_frac": [0.11, 0.3, 0.2]})
    years["is_later_revised"] = False
    newest = consumption({}, until="2025-12-01").tail(1).assign(collected_frac=0.25)
    words = narrate.collected_by_partner_text(years, newest).text.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert words.startswith("Duties on goods from China came to 30% of their value in 2025")
    assert "2026" not in words


def test_a_sum_to_september_is_no_whole_year() -> None:
    rows = pd.DataFrame(
        {"frequency": "year_to_date", "period": pd.to_datetime(["2024-12-01", "2025-09-01"]), "value": [22.1e6, 16.8e6]}
    ).assign(source="made up", url="https://example.org", known_on=pd.Timestamp("2025-10-20"))
    words = narrate.soybeans_text(rows, pd.DataFrame()).text
    assert "In the whole of 2024, 22.1" in words
    assert "2025" not in words


def test_two_tables_of_the_same_imports_agree() -> None:
    """What one table holds by partner, the other by industry, a third by product and a fourth as balance is the same trade.

    A wrong unit, a month put twice or a partner mixed up would show in one of them alone.
    """
    partners = trade.imports_by_partner(as_of=LATEST)
    assert set(partners.groupby("partner").size()) == {partners["period"].nunique()}  # every partner has every month
    china = partners[partners["partner"].eq("China")].set_index("period")
    by_industry = catalogue.load("duties_china", as_of=LATEST).groupby("period")[["customs_value_usd", "calculated_duty_usd"]].sum()
    copy = trade.imports_by_partner(as_of=date(2026, 2, 10))
    copy = copy[copy["partner"].eq("China")].set_index("period")
    for column in by_industry:
        assert by_industry[column].to_numpy() == pytest.approx(copy[column].to_numpy(), rel=1e-6)
    goods = trade.us_china_goods(as_of=LATEST).set_index("period")
    ratio = (goods["imports_usd"] / china["customs_value_usd"]).dropna()
    assert ratio.between(0.9, 1.1).all()  # furthest when duties changed by the month: February, June and August 2025
    years = goods["imports_usd"].groupby(goods.index.year).sum() / china["customs_value_usd"].groupby(china.index.year).sum()
    assert years.loc[2013:2024].between(0.985, 1.03).all()
    products = catalogue.load("us_imports_2024_by_partner").groupby("partner")[["imports_2024_usd", "duty_2024_usd"]].sum()
    year = trade.collected_by_year(as_of=LATEST).query("year == 2024").set_index("partner")
    products = products.loc[products.index.intersection(year.index)]
    assert len(products) == 15
    assert products["imports_2024_usd"].to_numpy() == pytest.approx(year.loc[products.index, "customs_value_usd"].to_numpy(), rel=0.01)
    assert products["duty_2024_usd"].to_numpy() == pytest.approx(year.loc[products.index, "calculated_duty_usd"].to_numpy(), rel=0.02)


def test_goods_by_heading_add_up_to_the_balance_of_the_year() -> None:
    """Exports are FAS in both; imports are CIF by heading, so freight and insurance lie on top of customs value."""
    years = trade.by_year(trade.us_china_goods(as_of=LATEST))
    rows = catalogue.load("us_china_goods_by_heading", as_of=LATEST)
    sums = rows.pivot_table(index=rows["period"].dt.year, columns="flow", values="value_usd", aggfunc="sum")
    both = sums.join(years[years["is_complete"]], how="inner")
    assert len(both) >= 7
    assert (both["exports_fas"] / both["exports_usd"]).between(0.985, 1.015).all()
    assert (both["imports_cif"] / both["imports_usd"]).between(1.0, 1.1).all()


def test_a_month_that_a_partner_lacks_is_no_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = trade.imports_by_partner(as_of=LATEST)
    lacking = whole[~(whole["partner"].eq("Mexico") & whole["period"].eq(whole["period"].max()))]
    monkeypatch.setattr(importlib.import_module("tradelib.trade.partners"), "imports_by_partner", lambda **_: lacking)
    rows = trade.diversion(as_of=LATEST).set_index("partner")
    assert rows.loc[["Mexico", trade.REST], "change_usd"].isna().all()
    assert rows.loc["China", "change_usd"] < 0


def test_impossible_partners_and_years_are_refused_in_a_sentence() -> None:
    with pytest.raises(ParameterError, match="There is no partner 'Atlantis'; held are Australia"):
        trade.chosen_partners(["Atlantis"])
    with pytest.raises(ParameterError, match="At most 5 partners"):
        trade.chosen_partners(["Mexico", "Vietnam", "Taiwan", "Germany", "Japan", "India"])
    for base in (2012, 2030):
        with pytest.raises(ParameterError, match="basis must be a year before 2026"):
            trade.diversion(as_of=LATEST, base=base)
        with pytest.raises(ParameterError, match="basis must be a year before 2025"):
            trade.china_by_product_group(as_of=LATEST, base=base)
    with pytest.raises(ParameterError, match="start must lie before the last month"):
        trade.us_china_goods(as_of=LATEST, start=date(2026, 9, 1))
    with pytest.raises(ParameterError, match="There is no series 'gdp'"):
        trade.vintages("gdp", as_of=LATEST)
    with pytest.raises(ParameterError, match=r"year must be one that is held as known on 2025-06-09 \(.*2024\)"):
        minerals.chosen_year("2031", as_of=NEWS)


def test_imports_before_and_after_the_peak_of_the_duty() -> None:
    rows = trade.front_loading(as_of=LATEST, day=date(2025, 4, 10)).set_index("span")
    goods = trade.us_china_goods(as_of=LATEST).set_index("period")["imports_usd"]
    assert rows.loc["before", ["first", "last"]].tolist() == [pd.Timestamp("2025-01-01"), pd.Timestamp("2025-03-01")]
    assert rows.loc["before", "imports_usd"] == pytest.approx(goods["2025-01-01":"2025-03-01"].sum())
    assert rows.loc["after", "year_earlier_usd"] == pytest.approx(goods["2024-05-01":"2024-07-01"].sum())
    assert trade.front_loading(as_of=NEWS, day=date(2025, 4, 10)).set_index("span").loc["after", "imports_usd"] != 0
    assert pd.isna(trade.front_loading(as_of=NEWS, day=date(2025, 4, 10)).set_index("span").loc["after", "imports_usd"])


def test_the_same_months_a_year_later_are_told_once_they_are_known() -> None:
    for known, told in ((date(2025, 12, 1), False), (LATEST, True)):
        goods = trade.us_china_goods(as_of=known)
        peak = pd.Series({"effective_from": pd.Timestamp("2025-04-10"), "rate_frac": 1.45})
        rows = trade.front_loading(as_of=known, day=date(2025, 4, 10))
        assert ("From May 2026 to July 2026 imports were" in narrate.front_loading_text(rows, peak=peak, goods=goods).text) is told


def test_the_mirror_gap_is_the_difference_of_the_two_sides() -> None:
    rows = trade.mirror(as_of=LATEST)
    assert len(rows) > 10
    assert (rows["us_imports_customs_usd"] - rows["china_exports_fob_usd"] - rows["gap_usd"]).abs().max() < 1
    assert rows["period"].is_unique


def test_the_next_release_is_worked_out_of_seen_ones_only() -> None:
    rows = trade.releases(as_of=NEWS, series=trade.HEADLINE_SERIES).set_index("series_id")
    row = rows.loc["china_exports_yoy_frac"]
    assert (row["period"], row["published_on"]) == (pd.Timestamp("2025-05-01"), pd.Timestamp(NEWS))
    assert row["next_period"] == pd.Timestamp("2025-06-01")
    assert pd.Timestamp("2025-07-07") <= row["next_usual_on"] <= pd.Timestamp("2025-07-15")
    assert (rows["published_on"] <= pd.Timestamp(NEWS)).all()


def test_goods_of_a_section_add_up_and_wait_for_their_release() -> None:
    rows = trade.by_section(as_of=LATEST, flow="imports")
    assert rows["share_frac"].sum() == pytest.approx(1)
    assert rows[["year", "base"]].drop_duplicates().to_numpy().tolist() == [[2025, 2017]]
    assert trade.by_section(as_of=date(2026, 2, 18), flow="imports")["year"].unique().tolist() == [2024]
    assert trade.by_section(as_of=date(2018, 12, 31), flow="imports").empty
    assert trade.suppliers_2024(as_of=date(2025, 2, 4)).empty
    machines = trade.suppliers_2024(as_of=date(2025, 2, 5)).iloc[0]
    assert machines["section"].startswith("XVI")
    values = [value for _, value in machines["others"]]
    assert values == sorted(values, reverse=True)
    with pytest.raises(ParameterError, match=r"held by heading; use four digits of 1201\.90"):
        trade.years_of("1201.90", as_of=LATEST, flow="exports")
    beans = trade.years_of("1201", as_of=LATEST, flow="exports").set_index("year")
    assert beans.loc[2025, "value_usd"] < beans.loc[2024, "value_usd"]


def test_concentration_of_mining_in_2024() -> None:
    """USGS 2025: shares of 390,000 t: China 270,000, US 45,000, Burma 31,000 and others; sum of squares by hand."""
    rows = minerals.mine_production(as_of=NEWS)
    found = minerals.concentration(rows)
    named = rows[rows["country"].ne("Other")]
    by_hand = sum((100 * tonnes / 390_000) ** 2 for tonnes in named["production_tonnes"])
    assert found.low == pytest.approx(by_hand)
    assert round(found.high) == 5024
    assert found.low <= found.high
    assert minerals.concentration(rows.iloc[:0]) is None


@given(st.lists(st.floats(0.01, 1e5), min_size=1, max_size=12))
def test_concentration_lies_between_even_shares_and_one_producer(tonnes: list[float]) -> None:
    world = sum(tonnes)
    rows = pd.DataFrame({"country": [f"C{place}" for place in range(len(tonnes))], "period": "2024", "production_tonnes": tonnes})
    rows["share_frac"] = rows["production_tonnes"] / world
    found = minerals.concentration(rows)
    assert 10_000 / len(tonnes) - 1e-6 <= found.low <= 10_000 + 1e-6


# Magnets to the United States, General Administration of Customs as the press reported it: 46 tonnes in May 2025, 353 in June, 619 in July,
# 590 in August, 656 in October, 582 in November, 564 in December, 406 in March 2026; none between the last two in our data.
@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2025-06-25", "46 tonnes of magnets to the United States in May 2025, the lowest month in our data since"),
        ("2025-07-25", "353 tonnes of magnets to the United States in June 2025, up from a low of 46 tonnes in May 2025"),
        ("2025-08-25", "in July 2025, up from 353 tonnes in June 2025; the low was 46 tonnes in May 2025"),
        ("2025-12-25", "in November 2025, down from 656 tonnes in October 2025; the low was 46 tonnes in May 2025"),
        ("2026-10-09", "in March 2026, down from 564 tonnes in December 2025; the low was 46 tonnes in May 2025"),
    ],
)
def test_the_newest_month_of_magnets_stands_beside_the_one_before_and_the_lowest(as_of: str, said: str) -> None:
    rows = trade.observations(date.fromisoformat(as_of), trade.RARE_EARTH_SERIES)
    assert said in narrate.exports_message(rows, since=date(2019, 10, 1)).replace(wording.THIN, " ")


@pytest.mark.parametrize("day", pd.date_range("2019-11-15", "2026-10-09", freq="97D").date)
def test_the_month_before_that_is_told_has_the_sign_of_the_change(day: date) -> None:
    rows = trade.observations(day, trade.RARE_EARTH_SERIES)
    since = minerals.first_month_shown(rows)
    said = narrate.exports_message(rows, since=since)
    name = "china_magnet_exports_to_us_tonnes" if "magnets" in said else "china_rare_earth_exports_tonnes"
    values = rows[rows["series_id"].eq(name) & (rows["period"] >= pd.Timestamp(since))].sort_values("period")["value"]
    assert ("down from" in said) <= (values.iloc[-1] < values.iloc[-2])
    assert ("up from" in said) <= (values.iloc[-1] > values.iloc[-2])
    assert ("the lowest month" in said) == (values.idxmin() == values.index[-1])


def test_export_controls_of_minerals_and_their_states() -> None:
    """MOFCOM No. 18 of 4 April 2025 stays; No. 61 of October 2025 is suspended to 10 November 2026."""
    now = truce.export_controls(as_of=LATEST).set_index("item_id")
    assert now.loc["X06", "state"] == "in force"
    assert now.loc["X07", "state"] == "suspended"
    then = truce.export_controls(as_of=NEWS).set_index("item_id")
    assert then.loc["X06", "state"] == "in force"
    assert "X07" not in then.index
    steps = truce.export_control_steps(as_of=NEWS)
    assert (steps["announced_on"] <= pd.Timestamp(NEWS)).all()
    marks = minerals.control_marks(steps, since=date(2025, 1, 1))
    assert marks.drop_duplicates("announced_on")["number"].tolist() == list(range(1, marks["announced_on"].nunique() + 1))
    assert now.index[1] == "X11"  # graphite, October 2023, after gallium and germanium
    october = minerals.control_marks(truce.export_control_steps(as_of=LATEST), since=date(2025, 10, 9)).query("number == 1")
    assert set(october["instrument"]) == {"MOFCOM/GACC announcements 55, 56, 57, 58 of 2025", "MOFCOM announcements 61 and 62 of 2025"}
    assert (marks["announced_on"] >= pd.Timestamp("2025-01-01")).all()


def test_months_of_exports_that_nobody_quoted_stay_open() -> None:
    rows = trade.monthly("china_magnet_exports_to_us_tonnes", as_of=LATEST)
    assert rows["value"].isna().any()
    assert not rows["value"].eq(0).any()
    assert trade.monthly("china_magnet_exports_to_us_tonnes", as_of=date(2018, 1, 1)).empty


@pytest.mark.parametrize("as_of", DAYS)
def test_nothing_worked_out_rests_on_later_figures(as_of: date) -> None:
    frames = [
        trade.observations(as_of), trade.imports_by_partner(as_of=as_of), trade.mirror(as_of=as_of), trade.revised(as_of=as_of),
        trade.diversion(as_of=as_of), trade.china_by_product_group(as_of=as_of), trade.suppliers_2024(as_of=as_of),
        trade.by_section(as_of=as_of, flow="exports"), trade.years_of("1201", as_of=as_of, flow="imports"), trade.revenue(as_of=as_of),
        minerals.us_reliance(as_of=as_of), minerals.us_import_sources(as_of=as_of), minerals.reserves(as_of=as_of),
        trade.releases(as_of=as_of, series=trade.HEADLINE_SERIES), truce.export_control_steps(as_of=as_of),
    ]  # fmt: skip
    for frame in frames:
        assert (frame["known_on"] <= pd.Timestamp(as_of)).all()
    assert (trade.vintages("us_imports_from_china_usd", as_of=as_of)["vintage_on"] <= pd.Timestamp(as_of)).all()


def test_values_known_only_from_a_later_copy_are_marked() -> None:
    rows = catalogue.load("duties_by_partner", as_of=NEWS)
    assert rows["is_later_revised"].all()
    assert trade.us_china_goods(as_of=NEWS)["is_later_revised"].any()


@pytest.mark.parametrize(
    ("as_of", "told"), [("2026-03-05", "orders refunds"), ("2026-10-09", "USD 94.9 billion in refunds"), ("2026-02-21", "")]
)
def test_duties_calculated_are_told_with_the_newest_event_about_their_refund(as_of: str, told: str) -> None:
    text = narrate.revenue_text(trade.revenue(as_of=as_of), truce.events(as_of=as_of)).text.replace(wording.THIN, " ")
    assert ("On refunds: " in text) == bool(told)
    assert told in text
