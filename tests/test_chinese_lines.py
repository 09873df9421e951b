"""China's side line by line: own rates, interim rates, quotas, younger codes, lines that carry the trade, and the end with exclusions."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradelib import catalogue, exposure, tariffs
from tradelib.errors import ParameterError
from tradelib.phrases import chinese_rate
from tradelib.tariffs import chinese_rates, granted, validation
from tradelib.terminal import answers

LATEST = date(2026, 10, 9)
LINES = list(csv.DictReader((Path(__file__).parent / "cases" / "chinese_lines.csv").read_text(encoding="utf-8").splitlines()))
WTO_KNOWN = date(2026, 6, 30)


def due(code: str, on: str, as_of: date = LATEST, exclusions: str = "listed") -> tariffs.Stack:
    assumptions = tariffs.Assumptions(exclusions=exclusions)
    return tariffs.explain(code, on=date.fromisoformat(on), importer="CN", as_of=as_of, assumptions=assumptions)


def average(on: str, as_of: date = LATEST) -> pd.Series:
    return tariffs.averages(importer="CN", as_of=as_of, on=[date.fromisoformat(on)]).iloc[0]


@pytest.mark.parametrize("case", LINES, ids=lambda case: f"{case['code']}-{case['on']}-{case['kind'][:2]}")
def test_a_given_line_owes_its_published_total(case: dict[str, str]) -> None:
    """Totals of USDA FAS and others, and of a review of the texts; where a buyer with a waiver is meant, the lower end."""
    if "with waiver" in case["kind"]:
        assert due(case["code"], case["on"]).low_frac == pytest.approx(float(case["total_frac"]))
        return
    assert due(case["code"], case["on"]).total_frac == pytest.approx(float(case["total_frac"]))


def test_a_line_keeps_its_own_rate_where_its_subheading_kept_the_mean() -> None:
    """Pears 10% (Northwest Horticultural Council); coking coal 3%, other bituminous coal 6; aircraft to 45 tonnes 5, larger ones 1."""
    for code, rate in {"08083090": 0.10, "27011210": 0.03, "27011290": 0.06, "88024010": 0.05, "88024020": 0.01}.items():
        stack = due(code, "2025-06-10")
        assert stack.mfn_frac == pytest.approx(rate)
        assert "own rate of 2019" in chinese_rate.words(stack.mfn_origin)


def test_every_line_has_its_own_rate_or_says_that_it_is_a_mean() -> None:
    over = tariffs.lines("CN", digits=8)
    own, now = over.mfn(date(2019, 1, 1)), over.mfn(date(2024, 1, 1))
    low, high = over.mfn_ends(date(2024, 1, 1))
    interim = set(catalogue.load("cn_interim_rates")["code"])
    differs = (np.abs(own - now) > 1e-9) & ~np.isin(over.codes, list(interim))
    assert 100 < differs.sum() < 800
    for at in np.flatnonzero(differs)[::25]:
        said = chinese_rate.words(chinese_rates.origin(str(over.codes[at]), date(2024, 1, 1), str(over.kinds[at]), (low[at], high[at])))
        assert "rate of the subheading" in said
        assert "may be" in said
    held = ~np.isnan(now)
    assert (low[held] <= now[held] + 1e-12).all()
    assert (now[held] <= high[held] + 1e-12).all()


def test_the_mean_of_a_subheading_is_that_of_its_lines() -> None:
    """Where a subheading kept its rate, the mean of the lines' own rates gives it back."""
    over, parents = tariffs.lines("CN", digits=8), tariffs.lines("CN")
    day = date(2022, 6, 1)
    old = over.held_in_2019
    means = pd.Series(over.mfn(day)[old], index=over.index[old]).groupby(over.index[old].str[:6]).mean()
    whole = pd.Series(parents.general(day), index=parents.index).reindex(means.index)
    interim = catalogue.load("cn_interim_rates")["code"].str[:6]
    gap = (means - whole).abs()[~means.index.isin(interim)].dropna()
    assert gap.max() < 2e-4


@pytest.mark.parametrize(
    ("code", "rate", "high"), [("27111200", 0.01, 0.05), ("74040000", 0.0, 0.0), ("76020000", 0.0, 0.0), ("30021500", 0.0, 0.0)]
)
def test_an_interim_rate_that_a_source_shows_takes_the_place_of_the_general_rate(code: str, rate: float, high: float) -> None:
    """Argus, SMM (recycled copper and aluminium 2025); Reuters (propane); copies of the customs schedule (immunological products)."""
    stack = due(code, "2025-06-10")
    assert stack.mfn_frac == pytest.approx(rate)
    assert "interim rate" in chinese_rate.words(stack.mfn_origin)
    assert due(code[:6], "2025-06-10").mfn_frac == pytest.approx(rate)
    over = tariffs.lines("CN", digits=8)
    assert over.mfn_ends(date(2025, 6, 10))[1][over.codes == code][0] == pytest.approx(high)


def test_an_interim_rate_of_2019_without_a_later_source_is_the_lower_end() -> None:
    """Cod, frozen: 2% applied in 2019, 7% general; no plan from 2022 on is held."""
    stack = due("030363", "2025-02-09")
    assert stack.mfn_frac == pytest.approx(0.07)
    assert stack.low_frac <= stack.total_frac - 0.05 + 1e-9
    assert "2% to 7%" in chinese_rate.words(stack.mfn_origin).replace("\u202f", " ")


def test_quota_goods_are_shown_outside_the_quota_on_every_day() -> None:
    """China's accession: wheat, maize, rice 65%, sugar 50%, cotton 40%, wool 38%, fertilisers 50%."""
    rates = {"10019900": 0.65, "10059000": 0.65, "10063090": 0.65, "17019910": 0.50, "52010000": 0.40, "51011100": 0.38, "31021000": 0.50,
             "31052000": 0.50, "31053000": 0.50, "51052900": 0.38}  # fmt: skip
    for code, rate in rates.items():
        for on in ("2018-02-01", "2018-12-01", "2020-06-01", "2026-01-01"):
            stack = due(code, on)
            assert stack.mfn_frac == pytest.approx(rate), (code, on)
            assert "outside the tariff quota" in chinese_rate.words(stack.mfn_origin)


def test_every_line_of_a_quota_good_has_the_rate_outside_it() -> None:
    over = tariffs.lines("CN", digits=8)
    for row in catalogue.load("cn_tariff_quotas").itertuples():
        at = over.index.str.startswith(row.code)
        assert at.any(), row.code
        assert np.nanmax(np.abs(over.mfn(date(2019, 6, 1))[at] - row.outside_frac)) < 1e-9, row.code


def test_a_code_that_was_split_off_is_covered_as_its_predecessor() -> None:
    """12019010 (lists 1 and 4A) became 12019011 and 12019019; 20039010 (list 3) 20039011 and 20039019; 03072190 03072191 and 03072199."""
    for code, before in {"12019011": "12019010", "12019019": "12019010", "20039011": "20039010", "03072199": "03072190"}.items():
        for on in ("2020-06-01", "2025-02-09", "2026-08-15"):
            young, old = due(code, on), due(before, on)
            family = granted.FAMILY
            assert young.layers.loc[young.layers["family"].eq(family), "rate_frac"].sum() == pytest.approx(
                old.layers.loc[old.layers["family"].eq(family), "rate_frac"].sum()
            )


def test_a_code_without_a_predecessor_stays_not_known_where_its_subheading_is_covered_in_part() -> None:
    assert np.isnan(due("20089950", "2025-06-10").total_frac)


def test_a_subheading_of_2022_is_covered_as_those_its_goods_came_from() -> None:
    """8541.41 (light-emitting diodes) came from 8541.40, all of which list 3 covers; of 9027.80 it covers parts: 9027.89 is not known."""
    assert due("854141", "2025-06-09").total_frac == pytest.approx(0.35)
    assert "coverage not known" in set(due("902789", "2025-06-09").layers["outcome"])
    origins = chinese_rates.subheading_origins()
    assert origins["854141"] == ["854140"]
    over, family = tariffs.lines("CN"), granted.FAMILY
    rates = tariffs.line_rates(on=date(2025, 6, 9), importer="CN", as_of=LATEST)[family]
    young = [code for code in over.index[~over.placed()] if code in origins and not np.isnan(rates[code])]
    assert len(young) > 100
    for code in young:
        assert rates[origins[code]].to_numpy() == pytest.approx(rates[code])


@given(st.lists(st.integers(10_000_000, 99_999_999), min_size=1, max_size=20))
def test_no_line_of_2019_has_a_predecessor(numbers: list[int]) -> None:
    codes = pd.Index(sorted({str(number) for number in numbers}))
    assert chinese_rates.predecessors(codes, codes).eq("").all()


@pytest.mark.parametrize(("on", "rate"), [("2019-09-02", 0.33), ("2020-02-14", 0.305), ("2025-11-20", 0.405), ("2025-06-10", 0.505)])
def test_soybeans_at_six_digits_owe_what_the_traded_line_owes(on: str, rate: float) -> None:
    """Reuters, 7 February 2020: additional duties of 30 and then 27.5%."""
    assert due("1201.90", on).total_frac == pytest.approx(rate)


def test_a_buyer_of_soybeans_with_a_waiver_owes_the_figure_of_the_press() -> None:
    """3 + 10% from 10 November 2025 (Reuters, 5 November 2025), known on the day itself."""
    for code in ("120190", "12019011", "12019019"):
        stack = due(code, "2025-11-20", date(2025, 11, 20))
        assert (stack.low_frac, stack.total_frac) == pytest.approx((0.13, 0.405))
        assert any("13%" in said for said in stack.not_modelled)
    assert "13% to 40.5%" in answers.rate(due("120190", "2025-11-20"), "table")


@pytest.mark.parametrize(
    ("on", "as_of", "low"),
    [
        ("2020-03-01", "2026-10-09", 0.305),  # the programme begins on 2 March 2020
        ("2020-03-02", "2026-10-09", 0.03),
        ("2020-03-02", "2020-02-17", 0.305),  # not announced yet
        ("2025-09-14", "2026-10-09", 0.23),
        ("2025-09-15", "2026-10-09", 0.505),  # ended
        ("2025-11-10", "2026-10-09", 0.13),  # resumed, as stated
        ("2025-11-10", "2025-10-31", 0.505),  # nobody had said so yet, and the law then stepped back to 34%
    ],
)
def test_waivers_hold_as_far_as_they_were_announced(on: str, as_of: str, low: float) -> None:
    stack = due("12019010", on, date.fromisoformat(as_of))
    if as_of == "2025-10-31":
        assert stack.low_frac == pytest.approx(stack.total_frac)
        return
    assert stack.low_frac == pytest.approx(low)


def test_exclusions_as_the_wto_counts_them_are_the_other_end() -> None:
    """The WTO shows polyethylene of high density at 6.5% on 10 February 2025, our lists 34."""
    stack = due("390120", "2025-10-01")
    assert stack.low_frac == pytest.approx(0.165)
    assert due("390120", "2025-02-10").total_frac == pytest.approx(0.34)
    assert due("390120", "2025-02-10", exclusions="granted").total_frac == pytest.approx(0.065)
    assert any("WTO counts the whole subheading" in said for said in stack.not_modelled)


@pytest.mark.parametrize(("on", "rate"), [("2024-12-31", 0.34), ("2025-01-01", 0.065)])
def test_the_wto_s_exclusions_hold_from_the_first_day_of_its_rates(on: str, rate: float) -> None:
    """The WTO's table shows the rates of 1 January 2025: before that day it says nothing of polyethylene."""
    assert due("390120", on, exclusions="granted").total_frac == pytest.approx(rate)
    assert any("WTO counts the whole subheading" in said for said in due("390120", on).not_modelled) == (rate < 0.1)


def test_the_wto_s_table_is_not_used_before_it_was_public() -> None:
    before = date(2026, 6, 29)
    # Between the two programmes of waivers nothing but the WTO's table takes the duty off.
    assert due("390120", "2025-10-01", before).low_frac == pytest.approx(0.44)
    assert due("390120", "2025-10-01", WTO_KNOWN).low_frac == pytest.approx(0.165)
    assert not any("WTO" in said for said in due("390120", "2025-10-01", before).not_modelled)
    row = average("2025-10-01", before)
    assert row["granted_frac"] == pytest.approx(row["weighted_frac"])
    assert average("2025-10-01", WTO_KNOWN)["granted_frac"] < row["weighted_frac"] - 0.01


def test_the_range_of_the_average_holds_the_figures_of_others() -> None:
    """A review of 2026: about 27 per cent with exclusions and waivers, 29.4 without, on 20 November 2025."""
    then = average("2025-11-20", date(2025, 11, 20))
    assert then["granted_frac"] == pytest.approx(0.264, abs=0.002)
    assert then["lowest_frac"] < 0.27
    assert then["highest_frac"] > 0.294
    now = average("2025-11-20")
    assert now["lowest_frac"] <= now["granted_frac"] <= then["granted_frac"] < now["weighted_frac"] <= now["highest_frac"]


def test_the_table_of_exclusions_is_what_its_derivation_gives() -> None:
    held = catalogue.load("wto_exclusions")
    made = validation.wto_exclusions()
    assert held["code"].tolist() == made["code"].tolist()
    assert held["share_frac"].to_numpy() == pytest.approx(made["share_frac"].to_numpy(), abs=1e-4)
    assert held["effective_on"].eq(made["effective_on"]).all()
    assert held["published_on"].eq(made["published_on"]).all()


def test_the_wto_s_missing_answer_to_section_232_has_its_own_cause() -> None:
    """73 subheadings differ by exactly that duty, and no exclusion accounts for them: pork, wine, nuts, scrap."""
    table = validation.wto_check(as_of=LATEST)
    for _, rows in table.groupby("on"):
        causes = rows.set_index("cause")
        assert causes.loc[validation._NO_232, "subheadings"] >= 70
        assert causes.loc["agree", "subheadings_frac"] > 0.9
        assert validation._OLD_CODES in causes.index
    first = catalogue.load("wto_exclusions").set_index("code")["share_frac"]
    assert "020329" not in first.index
    assert "120190" not in first.index


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["2019-09-02", "2021-01-01", "2025-02-10", "2025-06-09", "2025-10-01", "2026-08-15"]), st.booleans())
def test_exclusions_only_ever_lower_a_duty(on: str, eight: bool) -> None:
    over = tariffs.lines("CN", digits=8 if eight else None)
    day = date.fromisoformat(on)
    shares = [granted.shares(over, on=day, as_of=LATEST, exclusions=way) for way in granted.EXCLUSIONS]
    assert (shares[0] == 0).all()
    assert (shares[0] <= shares[1]).all()
    assert (shares[1] <= shares[2]).all()
    rates = [
        tariffs.line_rates(on=day, importer="CN", as_of=LATEST, assumptions=tariffs.Assumptions(exclusions=way))["total_frac"]
        for way in granted.EXCLUSIONS
    ]
    assert (rates[1] <= rates[0] + 1e-12).to_numpy()[rates[0].notna()].all()
    assert (rates[2] <= rates[1] + 1e-12).to_numpy()[rates[0].notna()].all()


def test_exclusions_of_china_do_not_touch_the_united_states() -> None:
    day = date(2025, 6, 9)
    choices = [tariffs.Assumptions(exclusions=way) for way in ("listed", "waived")]
    plain, other = (tariffs.line_rates(on=day, importer="US", as_of=LATEST, assumptions=choice) for choice in choices)
    pd.testing.assert_frame_equal(plain, other)


def test_an_unknown_way_to_count_exclusions_is_refused() -> None:
    with pytest.raises(ParameterError, match="exclusions must be listed, granted or waived, not 'all'"):
        tariffs.Assumptions(exclusions="all")


def test_a_product_page_gives_both_ends_of_a_chinese_duty() -> None:
    day = date(2025, 11, 20)
    product = exposure.chosen(basket="", codes=["1201.90"], importer="CN")
    duty = exposure.duty(exposure.duties(product, on=day, as_of=day))
    assert (duty.mean_frac, duty.granted_frac, duty.waived_frac) == pytest.approx((0.405, 0.13, 0.13))
    us = exposure.chosen(basket="", codes=["8507.60"], importer="US")
    assert np.isnan(exposure.duty(exposure.duties(us, on=day, as_of=day)).waived_frac)
