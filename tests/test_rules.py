"""Every named rule finds its mistake, and none goes untried."""

from pathlib import Path

import pandas as pd
import pytest
from test_checks import LIST_3, MISTAKES, YOY, Edit, _found, faults_after, put, tables, times, with_row

from tradelib import checks
from tradelib.checks.rule import Tables, rules
from tradelib.errors import CatalogueError

__all__ = ["tables"]

REC, FL = {"measure_id": "cn_2025_rec"}, {"measure_id": "us_301_fl"}
DAY = pd.Timestamp
JUNE_2025, YEAR_2024 = DAY("2025-06-01"), DAY("2024-01-01")

CASES: dict[str, tuple[str, Edit]] = {
    "a_code_is_in_a_schedule": ("baskets", put("code", "857060", basket="lithium_ion_batteries")),
    "the_lists_of_section_301_share_no_line": ("product_scopes", put("code", "28452000", scope="s301_list2")),
    "a_list_of_lines_names_no_chapter": ("product_scopes", put("code", "85", scope="s301_list2")),
    "a_chinese_list_names_its_edition": ("scopes", put("nomenclature", "", scope="cn301_l1")),
    "a_successor_is_in_the_schedule_from_its_day": ("hts_successions", put("successor", "97609000", code="97060000")),
    "a_rate_of_the_schedule_is_what_its_text_says": ("hts_codes", put("general_frac", 0.55, general_text="5.5%")),
    "a_duty_of_nothing_is_no_step": ("tariff_steps", put("rate_frac", 0.0, **LIST_3)),
    "a_rate_changes_less_than_fourfold": ("tariff_steps", times(0.1, "rate_frac", **LIST_3)),
    "what_returns_was_set_before": ("tariff_steps", put("rate_frac", 0.43, **REC, is_snap_back=True, rate_frac=0.34)),
    "law_is_made_by_its_own_side": ("tariff_steps", put("instrument", "Tariff Commission announcement No. 10 of 2025", **FL)),
    "a_list_is_levied_or_excluded": ("tariff_steps", put("scope", "s301_excl_20vvv", **LIST_3)),
    "a_duty_that_tops_up_is_one_on_a_list": ("tariff_steps", put("basis", "floor_total_incl_mfn", **FL)),
    "a_family_of_lists_is_not_on_every_good": ("tariff_steps", put("scope", "all", measure_id="us_232_metals_1b")),
    "a_list_has_one_measure_at_a_time": ("tariff_steps", put("scope", "s301_list2", measure_id="us_301_list1")),
    "a_list_does_not_fall_back_to_an_older_version": (
        "tariff_steps",
        put("exempt", "ieepa_annex2_v1", measure_id="us_ieepa_reciprocal", announced_on=DAY("2025-11-14")),
    ),
    "an_exemption_is_said_again": ("tariff_steps", put("exempt", "", measure_id="us_ieepa_fentanyl", announced_on=DAY("2025-11-04"))),
    "duties_of_one_family_rest_on_one_authority": ("tariff_measures", put("authority", "Section 301", measure_id="us_232_uas_parts")),
    "a_heading_stands_where_its_law_does": ("headings", put("heading", "9903.10.25", heading="9903.01.25")),
    "a_heading_has_a_rate_and_goods_of_its_measure": ("headings", put("rate_frac", 0.43, rate_frac=0.34)),
    "goods_that_are_left_out_claim_an_exemption": ("headings", put("role", "duty", goods="informational_materials")),
    "goods_on_their_way_are_spared_a_step": ("in_transit", put("rate_frac", 1.0, rule="us_list3_2019")),
    "a_ruling_is_about_measures_that_were_known": ("legal_status", put("event_id", "EV20250829a", status_id="ieepa_scotus_2026")),
    "a_named_day_knows_its_event": ("named_days", put("event_id", "EV20250512a", name="Fentanyl duty")),
    "a_correction_names_its_row": ("corrections", put("row", "event_id=EV20190601a", why="A hearing is no ruling")),
    "industries_add_up_to_the_country": ("duties_china", times(10, "calculated_duty_usd", naics3="334", period=JUNE_2025)),
    "a_collected_rate_is_duty_over_value": (
        "statistics",
        put("value", 0.5, series_id="us_collected_rate_world_frac", period=JUNE_2025),
    ),
    "a_balance_is_exports_less_imports": ("statistics", times(-1, "value", series_id="china_balance_usd", period=DAY("2025-05-01"))),
    "a_year_to_date_grows_by_its_month": ("statistics", times(1.12, "value", series_id="china_exports_usd", period=DAY("2025-05-01"))),
    "a_heading_is_of_one_programme": ("headings", put("heading", "9903.88.03", measure_id="us_301_list1", role="duty")),
    "headings_add_up_to_the_year": (
        "us_china_goods_by_heading",
        times(1e3, "value_usd", flow="imports_cif", heading="8517", period=YEAR_2024),
    ),
    "weights_add_up_to_the_headings": ("us_imports_2017", times(1e3, "imports_2017_usd", code="843850")),
    "lines_add_up_to_their_subheading": ("us_lines", times(1e-3, "imports_2024_usd", code="6104420010")),
    "countries_add_up_to_the_world": ("rare_earths", times(0.1, "value", country="Vietnam", quantity="reserves", period="2025")),
    "a_published_collected_rate_is_ours": ("benchmarks", times(0.1, "value_frac", measure="collected_frac")),
    "an_economy_trades_within_its_means": ("economies", times(1e-6, "gdp_usd", iso3="CHN")),
    "chinese_rates_agree": ("cn_tariff_quotas", times(0.1, "outside_frac", code="1001")),
    "a_rate_moves_with_the_others": ("wto_china_rates", times(0.1, "rate_frac", code="850990", on=DAY("2026-05-01"))),
    "versions_of_a_proposal_keep_its_rate": ("proposals", put("rate_frac", 0.75, proposal_id="US-301-XCAP")),
    "a_clock_named_after_a_side_is_of_it": ("deadlines", put("side", "US", clock="CN-PECANS")),
    "a_fact_is_typed_once": ("evidence", with_row(evidence_id="WAS-US-1-9")),
    "a_link_is_about_as_old_as_its_row": (
        "tariff_steps",
        put("url", "https://gss.mof.gov.cn/gzdt/zhengcefabu/202504/t20250404_3961451.htm", **REC, announced_on=DAY("2025-11-05")),
    ),
    "an_act_told_by_the_us_is_not_of_china": ("events", put("actor", "CN", source="White House, 83 FR 13099")),
    "a_round_of_talks_has_its_days": ("commitments", put("agreement", "London", commitment_id="GEN-CN-1")),
    "what_the_press_reports_is_no_instrument": ("nontariff_steps", put("standing", "instrument", item_id="X10")),
    "what_ends_has_begun": ("nontariff_steps", put("state", "ended", item_id="U20")),
    "a_claimed_figure_is_what_its_words_say": ("claims", put("claimed", "0.034", claim_id="SC-15")),
    "a_value_is_of_its_month_and_publisher": ("statistics", put("source", "US Census Bureau, FT-900", **YOY)),
    "a_month_of_imports_is_near_those_around_it": ("duties_by_partner", times(0.1, "customs_value_usd", partner="USMCA")),
    "a_series_is_what_its_name_says": ("series", put("release", "FT900", series_id="us_exports_to_china_usd")),
    "a_name_is_spelt_like_the_others": ("duties_by_partner", put("partner", "Germnay", partner="Germany")),
    "an_edition_is_of_its_year": ("rare_earths", lambda table: table.assign(period=table["period"].replace("2025", "2026"))),
    "a_model_rate_is_the_announced_one_or_a_tenth": ("economies", put("announced_rate_frac", 0.1, iso3="AFG")),
    "a_figure_and_its_causes_name_the_same": ("benchmark_causes", put("publisher", "Yale Budget Lab", cause_id="BC001")),
    "a_share_of_metal_is_the_rest_over_the_reach": ("metal_shares", put("metal_content_frac", 0.18, naics3="333")),
    "a_printed_value_has_its_decimals": ("equilibrium_targets", put("value", -3.75, value=-3.7)),
    "a_parameter_that_is_a_share_is_a_fraction": ("model_parameters", put("high", 100.0, parameter="pass_through_frac")),
    "a_measured_list_has_so_many_lines": ("exclusion_claims", put("lines", 1390.0, goods="all lines")),
    "a_table_is_published_after_its_day": ("wto_exclusions", put("published_on", "2024-06-30", code="030313")),
    "what_a_clock_lets_return_is_marked": (
        "tariff_steps",
        put("is_snap_back", False, **REC, announced_on=DAY("2025-11-05"), rate_frac=0.34),
    ),
}  # fmt: skip


SEPTEMBER = {"period": DAY("2026-09-01"), "published_on": DAY("2026-10-09"), "vintage_on": DAY("2026-10-09")}


def newest(series: str, **cells: object) -> Edit:
    """A row more of a series, like its last one but for some cells."""
    return lambda table: pd.concat([table, table[table["series_id"].eq(series)].iloc[[-1]].assign(**cells)], ignore_index=True)


@pytest.mark.parametrize(
    ("rule", "name", "edit"),
    [
        # Per cent for a fraction, where no level is held yet that would tell.
        ("growth_agrees_with_the_levels", "statistics", newest("china_exports_yoy_frac", value=24.1, **SEPTEMBER)),
        ("growth_agrees_with_the_levels", "statistics", newest("china_exports_yoy_frac", value=0.9, **SEPTEMBER)),
        ("growth_agrees_with_the_levels", "statistics", newest("china_imports_from_us_yoy_frac", value=-0.95, **SEPTEMBER)),
        # A balance with its sign turned, thousands of tonnes, and a revision known before the month was published.
        ("a_level_is_near_those_around_it", "statistics", newest("china_balance_usd", value=-119090000000.0, **SEPTEMBER)),
        ("a_level_is_near_those_around_it", "statistics", newest("china_magnet_exports_tonnes", value=5.238, period=DAY("2026-04-01"))),
        (
            "a_value_is_of_its_month_and_publisher",
            "statistics",
            newest("china_exports_usd", value=391440000000.0, published_on=DAY("2026-09-05"), vintage_on=DAY("2026-09-05")),
        ),
        # What the press reports, as law.
        ("law_is_made_by_its_own_side", "tariff_steps", put("instrument", "CNN, 1 October 2026", **FL)),
        ("law_is_made_by_its_own_side", "tariff_steps", put("instrument", "Xinhua, 5 November 2025", **REC)),
    ],
)
def test_what_a_stranger_made_look_right_is_found(tables: Tables, rule: str, name: str, edit: Edit) -> None:
    assert rule in {fault.rule for fault in faults_after(tables, name, edit)}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_its_mistake(tables: Tables, rule: str) -> None:
    name, edit_ = CASES[rule]
    assert rule in {fault.rule for fault in faults_after(tables, name, edit_)}


def test_every_rule_finds_something_in_some_mistake(tables: Tables) -> None:
    """A rule that no mistake here breaks is not known to find anything."""
    broken = {fault.rule for mistake in MISTAKES for fault in _found(tables, mistake)}
    untried = {function.__name__ for function in rules()} - broken - set(CASES)
    assert untried <= {
        # tried in test_twins.py
        "a_clock_names_measures_that_are_held", "the_end_of_a_clock_is_a_step_of_its_measures", "the_end_of_a_measure_is_that_of_its_clock",
        "a_text_that_undoes_a_return_moves_its_clock",
        # tried on their own in test_checks.py
        "the_edition_ends_where_its_evidence_does", "nothing_is_known_after_the_evidence_ends", "the_steps_can_be_replayed",
        "the_list_of_days_ahead_holds_what_is_needed", "a_code_joins_before_it_leaves", "versions_of_an_event_agree_when_it_was",
        "a_proposal_stays_on_one_side", "a_basket_is_of_one_side", "a_gdp_is_of_a_recent_year", "the_name_of_a_promise_says_its_party",
        "vintages_of_a_value_agree", "a_measure_is_of_one_side", "an_end_ends_something",
    }, untried  # fmt: skip


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        ("law/texts/2026-07-23-ustr-notice-of-actions.yaml", "on: 2026-07-23", "on: 2025-07-23", "begins with its day.* 2025-07-23"),
        ("law/scopes/s301_list1.csv", "28452000,full,,", "28452000,full,10/05/2019,", "s301_list1.csv: entry_from of code 28452000"),
    ],
)
def test_what_a_program_did_to_a_file_is_named(data_copy: Path, path: str, old: str, new: str, words: str) -> None:
    file = data_copy / path
    file.write_bytes(file.read_text(encoding="utf-8").replace(old, new, 1).encode("utf-8"))
    with pytest.raises(CatalogueError, match=words):
        checks.seal(folder=data_copy)
