"""What the duties come to: identities, known totals, published figures, and nothing of later knowledge."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tradelib import catalogue, strings, tariffs
from tradelib.errors import ParameterError
from tradelib.tariffs import collection, protection, validation

LATEST = catalogue.edition().evidence_through
DAYS = [date(2018, 9, 24), date(2019, 9, 1), date(2025, 4, 10), date(2025, 6, 9), date(2026, 7, 24)]


@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_contributions_add_up_to_the_weighted_average(importer: str) -> None:
    table = tariffs.averages(importer=importer, as_of=LATEST, on=DAYS).set_index("on")
    for day in DAYS:
        row = table.loc[pd.Timestamp(day)]
        for by in ("family", "section"):
            parts = tariffs.contributions(importer=importer, on=day, as_of=LATEST, by=by)
            assert parts["rate_frac"].sum() == pytest.approx(row["weighted_frac"])
        assert row["mfn_frac"] + row["additional_frac"] == pytest.approx(row["weighted_frac"])


@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_measures_keep_their_order(importer: str) -> None:
    """A root mean square is no less than the mean; the bounds hold what they bound; shares are shares."""
    table = tariffs.averages(importer=importer, as_of=LATEST)
    assert (table["uniform_frac"] >= table["weighted_frac"] - 1e-12).all()
    assert (table["lowest_frac"] <= table["weighted_frac"] + 1e-12).all()
    assert (table["highest_frac"] >= table["weighted_frac"] - 1e-12).all()
    for name in ("covered_frac", "matched_frac", "certain_frac"):
        assert table[name].between(0, 1 + 1e-12).all()
    assert (table["certain_frac"] <= table["matched_frac"] + 1e-12).all()
    assert table["on"].is_monotonic_increasing


def test_averages_by_hand() -> None:
    """The definitions, computed again from the line rates."""
    on = date(2025, 6, 9)
    rates = tariffs.line_rates(on=on, importer="US", as_of=LATEST)
    trade = pd.Series(tariffs.lines("US").weights["2024"], index=rates.index)
    known = rates["total_frac"].notna()
    share = trade[known] / trade[known].sum()
    row = tariffs.averages(importer="US", as_of=LATEST, on=[on]).iloc[0]
    assert row["weighted_frac"] == pytest.approx((share * rates.loc[known, "total_frac"]).sum())
    assert row["uniform_frac"] == pytest.approx(np.sqrt((share * rates.loc[known, "total_frac"] ** 2).sum()))
    assert row["matched_frac"] == pytest.approx(trade[known].sum() / trade.sum())
    by_line = rates.loc[known, "total_frac"].groupby(rates.index[known].str[:8]).mean()
    assert row["simple_frac"] == pytest.approx(by_line.mean())


def test_rods_carry_the_totals_of_their_sources() -> None:
    """Census, China 2024: 429.426 billion of imports, 46.661 billion of duty; 97.3% of trade matches the schedule (facts, CHECKS)."""
    table = catalogue.load("us_lines")
    assert table["imports_2024_usd"].sum() == pytest.approx(429.426e9, rel=1e-5)
    assert table["duty_2024_usd"].sum() == pytest.approx(46.661e9, rel=1e-4)
    row = tariffs.averages(importer="US", as_of=LATEST, on=[date(2025, 6, 9)]).iloc[0]
    assert round(row["matched_frac"], 3) == 0.973
    exports = catalogue.load("cn_lines")
    assert exports["exports_2017_usd"].sum() == pytest.approx(129.80e9, rel=1e-3)


def test_the_headline_is_that_of_the_country_wide_layers() -> None:
    for importer in tariffs.IMPORTERS:
        table = tariffs.averages(importer=importer, as_of=LATEST, on=DAYS)
        expected = [tariffs.headline(on=day, as_of=LATEST, importer=importer).rate_frac for day in DAYS]
        assert table["headline_frac"].tolist() == pytest.approx(expected)


@pytest.mark.parametrize("as_of", [date(2018, 7, 10), date(2025, 6, 9), date(2026, 2, 22)])
def test_nothing_known_later_is_in_an_average(as_of: date) -> None:
    for importer in tariffs.IMPORTERS:
        table = tariffs.averages(importer=importer, as_of=as_of)
        assert (table["known_on"] <= pd.Timestamp(as_of)).all()
    gap = tariffs.gap(as_of=as_of)
    assert (gap["known_on"] <= pd.Timestamp(as_of)).all()
    assert (validation.comparisons(as_of=as_of)["known_on"] <= pd.Timestamp(as_of)).all()


def test_scheduled_days_are_called_so() -> None:
    table = tariffs.averages(importer="US", as_of=date(2025, 5, 20)).set_index("on")
    assert table.loc["2025-08-12", "state"] == "scheduled"
    assert table.loc["2025-08-12", "headline_frac"] == pytest.approx(0.54)
    assert table.loc["2025-05-14", "state"] == "in force"


def test_weights_that_are_not_held_are_an_error() -> None:
    with pytest.raises(ParameterError, match="weights must be 2024 or 2017 for the importer US, not '2019'"):
        tariffs.averages(importer="US", as_of=LATEST, on=DAYS[:1], weights="2019")
    with pytest.raises(ParameterError, match="weights must be 2024 or 2017 for the importer CN, not '2020'"):
        tariffs.averages(importer="CN", as_of=LATEST, on=DAYS[:1], weights="2020")
    with pytest.raises(ParameterError, match="by must be family or section, not 'country'"):
        tariffs.contributions(importer="US", on=DAYS[0], as_of=LATEST, by="country")


def test_a_month_is_the_mean_of_its_days() -> None:
    table = pd.DataFrame({"on": pd.to_datetime(["2025-01-01", "2025-02-15"]), "rate": [0.1, 0.3]})
    months = tariffs.monthly(table, "rate", until=date(2025, 2, 28))
    assert months.tolist() == pytest.approx([0.1, (14 * 0.1 + 14 * 0.3) / 28])


def test_the_gap_is_the_sum_of_its_parts() -> None:
    gap = tariffs.gap(as_of=LATEST)
    parts = gap["timing_frac"] + gap["composition_frac"].fillna(0) + gap["remainder_frac"]
    np.testing.assert_allclose(parts, gap["collected_frac"] - gap["statutory_frac"], atol=1e-12)


def test_the_collected_rate_is_that_of_census() -> None:
    """China 2024: 10.87%; and 47 months as another publisher tabulated them from the same source."""
    months = collection.collected(as_of=LATEST)
    year = months[months["period"].dt.year.eq(2024)]
    assert year["calculated_duty_usd"].sum() / year["customs_value_usd"].sum() == pytest.approx(0.108660, abs=5e-7)
    check = validation.collected_check(as_of=LATEST)
    assert len(check) == 47
    assert check["difference_frac"].abs().max() < 1e-6


def test_contributions_agree_with_the_yale_tracker() -> None:
    """Within half a percentage point at equal days and weights, or explained by causes of known size; but for what it projected."""
    table = validation.comparisons(as_of=LATEST)
    yale = table[table["publisher"].str.startswith("Yale")]
    assert len(yale) == 24
    # Their figure for the end of September 2026 projects the law of June; that for 4 June 2025 is 0.53 points above ours, for which no
    # cause of that day is held.
    assert yale.loc[yale["verdict"].eq("open"), "benchmark_id"].tolist() == ["B0853", "B0911"]
    parts = yale[yale["measure"].eq("contribution_frac")]
    assert parts["verdict"].eq("close").sum() >= 8
    # Theirs on Section 232 before 6 April 2026 counts two metals in full on one line and whole headings for single lines of the lists,
    # with a smaller share of metal than ours: errors that cancelled against a flat share of one half, and no longer do.
    metals = parts["family"].isin(["s232", "s122"]) & parts["applies_on"].between("2025-03-12", "2026-04-05")
    assert parts.loc[~metals, "difference_frac"].abs().max() < 0.01
    assert parts.loc[metals, "difference_frac"].abs().max() < 0.016


def test_chinese_averages_follow_piie() -> None:
    """Levels differ by the base of July 2018, changes do not."""
    table = validation.comparisons(as_of=LATEST).query("importer == 'CN' and measure == 'weighted_frac'").sort_values("on")
    base = table.iloc[0]
    changes = (table["ours_frac"] - base["ours_frac"]) - (table["theirs_frac"] - base["theirs_frac"])
    assert changes.abs().max() < 0.01


def test_chinese_lines_agree_with_the_wto() -> None:
    table = validation.wto_check(as_of=LATEST)
    assert table["on"].nunique() == 5
    agree = table[table["cause"].eq("agree")]
    assert (agree["subheadings_frac"] > 0.89).all()
    assert (agree["trade_frac"] > 0.65).all()
    assert (table.loc[table["cause"].eq("other"), "trade_frac"] < 0.02).all()
    np.testing.assert_allclose(table.groupby("on")["trade_frac"].sum(), 1.0)


@pytest.mark.parametrize("importer", ["US", "CN"])
@pytest.mark.parametrize("as_of", [date(2019, 12, 20), date(2025, 6, 9), date(2026, 10, 9)])
def test_the_short_way_to_the_weighted_average_gives_what_the_long_one_gives(importer: str, as_of: date) -> None:
    long, short = tariffs.averages(importer=importer, as_of=as_of), tariffs.weighted_path(importer=importer, as_of=as_of)
    assert list(short["on"]) == list(long["on"])
    assert short["weighted_frac"].to_numpy() == pytest.approx(long["weighted_frac"].to_numpy(), abs=1e-12)


@pytest.mark.parametrize(("importer", "weights"), [("US", "2024"), ("US", "2017"), ("CN", "2024")])
def test_a_path_of_averages_alone_is_that_of_all_measures(importer: str, weights: str) -> None:
    names = ["on", "weighted_frac", "matched_frac"]
    for days in (None, DAYS):
        path = strings.alike(protection.known_path)(importer, date(2025, 6, 9), days, weights)
        table = tariffs.averages(importer=importer, as_of=date(2025, 6, 9), on=days, weights=weights)
        pd.testing.assert_frame_equal(path, table[names], check_dtype=False, check_exact=True)
