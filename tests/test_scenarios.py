"""Scenarios: the duties they bring, worked out by hand; their files, refused with the line; and what nobody knew on the day."""

import dataclasses
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from tradelib import asked, ledger, scenarios, tariffs
from tradelib.errors import ParameterError
from tradelib.scenarios.schedules import apart, check_begun
from tradelib.sweep import quantity

LATEST = date(2026, 10, 9)
TRUCE = date(2025, 5, 20)
SMALL = """
title: A duty on laptops
question: What if the United States put 10% on laptops?
measures:
  - id: laptops
    importer: US
    title: A duty on laptops
steps:
  - measure: laptops
    from: start
    rate: 0.10
    codes: ["8471.30"]
"""


def made(text: str) -> scenarios.Scenario:
    return scenarios.parse(text, name="own", file="own.yaml")


def headline(rates: pd.DataFrame, importer: str, on: date, as_of: date) -> float:
    return float(tariffs.averages(importer=importer, as_of=as_of, on=[on], rates=rates)["headline_frac"].iloc[0])


def due(rates: pd.DataFrame, importer: str, code: str, on: date, as_of: date) -> float:
    return float(tariffs.line_rates(on=on, importer=importer, as_of=as_of, rates=rates)["total_frac"].loc[code])


@pytest.mark.parametrize("as_of", [date(2018, 6, 1), TRUCE, date(2025, 8, 11), date(2025, 11, 2), LATEST])
def test_as_scheduled_is_the_schedule_of_the_legal_texts(as_of: date) -> None:
    rates = scenarios.schedule(scenarios.load("as_scheduled"), as_of=as_of)
    pd.testing.assert_frame_equal(rates, tariffs.schedule(as_of=as_of))


def test_as_scheduled_of_may_2025_brings_34_points_back_on_12_august() -> None:
    rates = scenarios.schedule(scenarios.load("as_scheduled"), as_of=TRUCE)
    # The US: 20% fentanyl, and 10% reciprocal that becomes 34%. China: 10% that becomes 34%.
    for importer, before, after in (("US", 0.20 + 0.10, 0.20 + 0.34), ("CN", 0.10, 0.34)):
        assert headline(rates, importer, date(2025, 8, 11), TRUCE) == pytest.approx(before)
        assert headline(rates, importer, date(2025, 8, 12), TRUCE) == pytest.approx(after)


@pytest.mark.parametrize("name", ["as_scheduled", "status_quo", "truce_lapses", "excess_capacity", "full_rollback"])
def test_no_scenario_of_the_newest_day_brings_an_emergency_duty_back(name: str) -> None:
    rates = scenarios.schedule(scenarios.load(name), as_of=LATEST)
    emergency = rates[rates["family"].str.startswith("ieepa")]
    assert (emergency["effective_to"] <= pd.Timestamp(LATEST)).all()
    assert len(emergency)


def test_under_the_status_quo_nothing_changes_after_the_first_day() -> None:
    for as_of in (TRUCE, date(2019, 12, 20), LATEST):
        rates = scenarios.schedule(scenarios.load("status_quo"), as_of=as_of)
        first = scenarios.begins_on(as_of)
        assert all(day <= first for day in ledger.change_days(rates))
        for importer in tariffs.IMPORTERS:
            now = tariffs.line_rates(on=as_of, importer=importer, as_of=as_of)["total_frac"]
            later = tariffs.line_rates(on=date(2028, 1, 1), importer=importer, as_of=as_of, rates=rates)["total_frac"]
            pd.testing.assert_series_equal(now, later)


def test_when_the_truce_lapses_only_what_is_suspended_with_a_day_comes_back() -> None:
    rates = scenarios.schedule(scenarios.load("truce_lapses"), as_of=LATEST)
    quiet = scenarios.schedule(scenarios.load("status_quo"), as_of=LATEST)
    found = scenarios.differences(quiet, rates, as_of=LATEST)
    assert set(found["on"]) == {pd.Timestamp("2026-11-10")}
    duties = found[found["what"].eq("rate")].set_index("programme")["after_frac"]
    assert duties.loc["Reciprocal retaliation Apr 2025"] == 0.34
    assert sorted(duties) == [0.34, 1.0, 1.0]  # the other two: cranes, and chassis
    # Section 232 on furniture rises on 1 January 2027 by law; that is no part of the truce.
    assert scenarios.schedule(scenarios.load("as_scheduled"), as_of=LATEST)["effective_from"].max() > pd.Timestamp("2027-01-01")
    assert headline(rates, "US", date(2026, 11, 10), LATEST) == 0.125


def test_a_snap_back_on_the_very_first_day_of_the_scenario_comes() -> None:
    as_of = date(2025, 8, 11)  # China's text known then suspends to 12 August
    rates = scenarios.schedule(scenarios.load("truce_lapses"), as_of=as_of)
    assert headline(rates, "CN", date(2025, 8, 12), as_of) == 0.34


def test_april_2025_puts_the_peak_of_both_sides_in_place_of_what_holds() -> None:
    rates = scenarios.schedule(scenarios.load("april_2025"), as_of=LATEST)
    first = scenarios.begins_on(LATEST)
    assert headline(rates, "US", first, LATEST) == pytest.approx(0.20 + 1.25)
    assert headline(rates, "CN", first, LATEST) == pytest.approx(1.25)
    # Toys, general rate 0: 20% + 125%. Smartphones were exempt from the reciprocal duty: 20%.
    assert due(rates, "US", "9503000073", first, LATEST) == pytest.approx(1.45)
    assert due(rates, "US", "8517130000", first, LATEST) == pytest.approx(0.20)
    # A car with an electric motor: general rate 2.5%, list of 2024 100%, Section 232 25%, fentanyl 20%; the reciprocal duty gives way.
    assert due(rates, "US", "8703800020", first, LATEST) == pytest.approx(0.025 + 1.00 + 0.25 + 0.20)


def test_excess_capacity_adds_to_goods_outside_section_232_only() -> None:
    rates = scenarios.schedule(scenarios.load("excess_capacity"), as_of=LATEST)
    first = scenarios.begins_on(LATEST)
    now = tariffs.line_rates(on=LATEST, importer="US", as_of=LATEST)
    then = tariffs.line_rates(on=first, importer="US", as_of=LATEST, rates=rates)
    added = (then["total_frac"] - now["total_frac"]).round(9)
    assert added["9503000073"] == 0.075  # toys: 12.5% and 7.5%
    assert added["8703800020"] == 0.0  # a car: Section 232 takes its whole value
    assert set(added[now["s232"].eq(0) & (now.index.str[:2] <= "97")].dropna()) == {0.075}
    china = tariffs.line_rates(on=first, importer="CN", as_of=LATEST, rates=rates)
    pd.testing.assert_frame_equal(china, tariffs.line_rates(on=first, importer="CN", as_of=LATEST))


def test_full_rollback_leaves_the_general_rate_alone() -> None:
    rates = scenarios.schedule(scenarios.load("full_rollback"), as_of=LATEST)
    for importer in tariffs.IMPORTERS:
        table = tariffs.line_rates(on=scenarios.begins_on(LATEST), importer=importer, as_of=LATEST, rates=rates)
        assert table["additional_frac"].eq(0).all()
        pd.testing.assert_series_equal(table["total_frac"], table["mfn_frac"], check_names=False)


def test_a_scenario_of_ones_own_reaches_its_codes_and_nothing_else() -> None:
    rates = scenarios.schedule(made(SMALL), as_of=LATEST)
    first = scenarios.begins_on(LATEST)
    law = tariffs.line_rates(on=first, importer="US", as_of=LATEST)["total_frac"]
    then = tariffs.line_rates(on=first, importer="US", as_of=LATEST, rates=rates)["total_frac"]
    changed = (then - law).round(9)
    assert set(changed[changed.ne(0)].dropna().index.str[:6]) == {"847130"}
    assert set(changed[changed.index.str.startswith("847130")]) == {0.10}
    layer = tariffs.explain("8471.30", on=first, importer="US", as_of=LATEST, rates=rates).layers.set_index("measure_id").loc["laptops"]
    assert (layer["outcome"], layer["rate_frac"], layer["instrument"]) == ("applies", 0.10, "Supposed: A duty on laptops")


def test_a_step_on_a_measure_of_the_ledger_replaces_what_the_texts_hold() -> None:
    own = made(
        "title: t\nquestion: q\nsteps:\n  - {measure: cn_2025_rec, from: 2026-12-01, rate: 0.05}\n  - "
        "{measure: us_301_fl, from: start, rate: ends}\n"
    )
    rates = scenarios.schedule(own, as_of=LATEST)
    assert headline(rates, "CN", date(2026, 11, 30), LATEST) == 0.34  # the snap-back of 10 November stays before
    assert headline(rates, "CN", date(2026, 12, 1), LATEST) == 0.05
    assert headline(rates, "US", scenarios.begins_on(LATEST), LATEST) == 0.0


BAD = {
    "unknown measure": (SMALL.replace("measure: laptops", "measure: us_301_fll"), r"line 9: there is no measure 'us_301_fll'. Did "
                                                                                  r"you mean us"),
    "unknown scope": (SMALL.replace('codes: ["8471.30"]', "scope: s301_list33"), r"line 12: there is no scope 's301_list33'. Did "
                                                                                 r"you mean s3"),
    "rate of 30": (SMALL.replace("rate: 0.10", "rate: 30"), r"line 11: rate must be a fraction from 0 to 5, and 30 is none: write "
                                                            r"0.30 for 30%."),
    "negative rate": (SMALL.replace("rate: 0.10", "rate: -0.1"), "line 11: rate must be a fraction from 0 to 5"),
    "rate in words": (SMALL.replace("rate: 0.10", "rate: 10%"), "line 11: rate must be a fraction such as 0.30 for 30%"),
    "bare code": (SMALL.replace('["8471.30"]', "[8471.30]"), "line 12: write product codes in quotes"),
    "bad code": (SMALL.replace("8471.30", "847"), "line 12: A product code has 2, 4, 6, 8 or 10 digits"),
    "no scope": (SMALL.replace('    codes: ["8471.30"]\n', ""), "line 9: the new duty 'laptops' needs `scope` or `codes`"),
    "bad day": (SMALL.replace("from: start", "from: tomorrow"), "line 10: a day is written as 2026-12-01"),
    "misspelt field": (SMALL.replace("    rate:", "    rat:"), "line 11: there is no field 'rat' here. Did you mean rate?"),
    "missing field": (SMALL.replace("question: What if the United States put 10% on laptops?\n", ""), "the field `question` is missing"),
    "unknown family": (SMALL.replace("importer: US", "importer: US\n    yields_to: [s233]"), "line 7: there is no family of duties 's233'"),
    "unknown importer": (SMALL.replace("importer: US", "importer: EU"), "line 6: 'EU' is not allowed here; write US or CN"),
    "taken id": (SMALL.replace("laptops\n", "us_301_fl\n"), "line 5: the measure 'us_301_fl' exists already"),
    "an exclusion": ("title: t\nquestion: q\nsteps:\n  - "
                     "{measure: us_301_excl_178s, from: start, rate: 0}\n", "line 4: 'us_301_excl_178s' is no duty"),
    "not YAML": ("title: [\n", "this is not valid YAML"),
    "twice": ("title: t\ntitle: u\nquestion: q\n", "line 2: the field 'title' is given twice"),
    "keeps": ("title: t\nquestion: q\nkeeps: [suspensions]\n", "`keeps` goes with `over: today` only"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_says_something_impossible_is_refused_with_its_line(case: str) -> None:
    text, words = BAD[case]
    with pytest.raises(ParameterError, match=words) as caught:
        made(text.lstrip("\n") if text.startswith("title") else text)
    assert str(caught.value).startswith("own.yaml")


def test_a_step_before_the_scenario_begins_or_on_an_unknown_measure_is_refused() -> None:
    early = made(SMALL.replace("from: start", "from: 2026-10-01"))
    with pytest.raises(ParameterError, match=r"own\.yaml, line 9: the day 2026-10-01 lies before the scenario begins, on 2026-10-10"):
        scenarios.schedule(early, as_of=LATEST)
    later = made("title: t\nquestion: q\nsteps:\n  - {measure: us_301_fl, from: start, rate: 0.2, scope: all}\n")
    with pytest.raises(ParameterError, match="'us_301_fl' was not known on this day"):
        scenarios.schedule(later, as_of=TRUCE)


def test_a_scenario_that_rests_on_later_knowledge_cannot_be_asked() -> None:
    names = [scenario.name for scenario in scenarios.available(as_of=date(2025, 4, 11))]
    assert names == ["as_scheduled", "status_quo", "truce_lapses", "full_rollback"]
    assert "april_2025" in [scenario.name for scenario in scenarios.available(as_of=date(2025, 4, 12))]
    assert "excess_capacity" in [scenario.name for scenario in scenarios.available(as_of=LATEST)]
    with pytest.raises(ParameterError, match="excess_capacity rests on what became known on 24 August 2026"):
        scenarios.schedule(scenarios.load("excess_capacity"), as_of=TRUCE)


def test_an_unknown_scenario_or_file_is_refused_with_what_there_is() -> None:
    with pytest.raises(ParameterError, match=r"There is no scenario 'lapse'. The scenarios are as_scheduled, status_quo"):
        scenarios.load("lapse")
    with pytest.raises(ParameterError, match="cannot be read"):
        scenarios.load("nowhere/own.yaml")


def test_shipped_scenarios_ask_a_question_and_say_what_they_suppose() -> None:
    for name in scenarios.names():
        scenario = scenarios.load(name)
        assert scenario.question.endswith("?")
        assert scenario.about.endswith(".")


def test_the_day_of_comparison_is_the_last_on_which_the_two_differ_and_say_how() -> None:
    law, april, peace, over = (
        scenarios.schedule(scenarios.load(name), as_of=LATEST) for name in ("as_scheduled", "april_2025", "status_quo", "excess_capacity")
    )
    assert scenarios.settled_on(law, april, as_of=LATEST) == date(2026, 11, 10)  # not 2027, when both change alike
    assert scenarios.settled_on(peace, over, as_of=LATEST) == scenarios.begins_on(LATEST)
    assert scenarios.settled_on(law, law, as_of=LATEST) == scenarios.begins_on(LATEST)
    unnamed = scenarios.differences(peace, law, as_of=LATEST).loc[lambda rows: rows["what"].eq("unnamed rate")]
    assert set(unnamed["on"]) == {pd.Timestamp("2027-06-23")}
    assert scenarios.settled_on(peace, law, as_of=LATEST) > date(2027, 6, 23)  # quartz, in August


def test_averages_of_a_path_are_those_of_the_same_lines_on_every_day() -> None:
    peace, law = (scenarios.schedule(scenarios.load(name), as_of=LATEST) for name in ("status_quo", "as_scheduled"))
    paths = scenarios.paths(peace, law, as_of=LATEST, until=date(2027, 8, 1)).set_index(["importer", "on"]).loc["US"]
    # Semiconductors have no rate from 23 June 2027 on: without them the other goods must not look as if their duty had fallen.
    assert np.ptp(paths["before_frac"]) == 0
    assert paths["after_frac"].diff().dropna().ge(-1e-12).all()


def test_what_the_status_quo_keeps_against_a_known_text_is_named() -> None:
    ruling = date(2026, 2, 21)  # the emergency duties end on the 24th, by an order of the 20th
    kept = scenarios.ended_by_law(scenarios.schedule(scenarios.load("status_quo"), as_of=ruling), as_of=ruling)
    assert list(zip(kept["authority"], kept["rate_frac"], kept["ends_on"].dt.date, strict=True)) == [
        ("IEEPA fentanyl", 0.10, date(2026, 2, 24)), ("IEEPA reciprocal", 0.10, date(2026, 2, 24)),
    ]  # fmt: skip
    assert scenarios.ended_by_law(tariffs.schedule(as_of=ruling), as_of=ruling).empty
    assert scenarios.ended_by_law(scenarios.schedule(scenarios.load("status_quo"), as_of=LATEST), as_of=LATEST).empty


def test_differences_end_where_both_say_the_same_again() -> None:
    law = scenarios.schedule(scenarios.load("as_scheduled"), as_of=LATEST)
    lapse = scenarios.schedule(scenarios.load("truce_lapses"), as_of=LATEST)
    found = scenarios.differences(lapse, law, as_of=LATEST)
    # What both bring on 10 November is no difference; what only the law brings later is.
    assert pd.Timestamp("2026-11-10") not in set(found["on"])
    assert {"Timber: kitchen cabinets and vanities", "Timber: upholstered wooden furniture"} & set(found["programme"])
    assert scenarios.differences(law, law, as_of=LATEST).empty


def test_a_difference_that_ends_again_is_told() -> None:
    ruling = date(2026, 2, 21)
    law, kept = (scenarios.schedule(scenarios.load(name), as_of=ruling) for name in ("as_scheduled", "status_quo"))
    rows = scenarios.differences(kept, law, as_of=ruling)
    surcharge = rows[rows["authority"].eq("Section 122")]
    assert list(surcharge["what"]) == ["rate", "alike again"]
    # In force on 24 February, 150 days: the first day without it is 24 July.
    assert list(surcharge["on"]) == [pd.Timestamp("2026-02-24"), pd.Timestamp("2026-07-24")]


def test_the_excess_capacity_duty_brings_nothing_else() -> None:
    rows = scenarios.differences(
        *(scenarios.schedule(scenarios.load(name), as_of=LATEST) for name in ("status_quo", "excess_capacity")), as_of=LATEST
    )
    assert list(rows["importer"]) == ["US"]
    assert list(rows["after_frac"]) == [0.075]


@pytest.mark.parametrize(
    ("as_of", "pair"),
    [
        ("2018-07-10", ("full_rollback", "as_scheduled")),
        ("2025-04-11", ("as_scheduled", "status_quo")),
        ("2025-06-09", ("truce_lapses", "status_quo")),
        ("2026-02-21", ("as_scheduled", "status_quo")),
        ("2026-10-09", ("truce_lapses", "status_quo")),
    ],
)
def test_what_is_supposed_fits_the_day_unless_it_is_asked_for(as_of: str, pair: tuple[str, str]) -> None:
    assert tuple(each.name for each in scenarios.of_the_day("auto", "auto", as_of=as_of)) == pair
    asked = scenarios.of_the_day("full_rollback", "auto", as_of=as_of)
    assert tuple(each.name for each in asked) == ("full_rollback", pair[1])


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (
            '{measure: laptops, from: start, rate: 0.1, codes: ["8599.99"]}',
            "line 9: '8599.99' would reach no line of US. No US tariff line",
        ),
        ('{measure: laptops, from: start, rate: 0.1, codes: ["8471.30.90"]}', "line 9: '8471.30.90' would reach no line of US"),
        ("{measure: laptops, from: start, rate: 0.1, scope: cn301_l2}", "line 9: the list 'cn301_l2' holds goods of the other side's"),
        ("{measure: us_301_fl, from: start, rate: 0.1, scope: all, exempt: [cn301_l2]}", "holds goods of the other side's"),
        ("{measure: cn_2025_rec, from: start, rate: 0.1, scope: s301_list2}", "and the duty is one of CN"),
    ],
)
def test_a_step_that_reaches_no_good_of_its_side_is_refused_with_the_line(step: str, told: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(told)):
        made(SMALL.partition("steps:")[0] + f"steps:\n  - {step}\n")


@pytest.mark.parametrize("code", ["84", "8471.30", "8471.30.01", "8471.30.0100", "8517.12.00", "8504.40.95"])
def test_a_code_of_any_length_and_one_that_was_split_reaches_its_lines(code: str) -> None:
    assert made(SMALL.replace("8471.30", code)).steps[0].scopes


def test_what_does_not_hold_cannot_end() -> None:
    ended = made("title: T\nquestion: Q?\nsteps:\n  - {measure: us_ieepa_fentanyl, from: start, rate: ends}\n")
    with pytest.raises(ParameterError, match=r"own\.yaml, line 4: 'us_ieepa_fentanyl' does not hold on 2026-10-10, so nothing of it ends"):
        scenarios.schedule(ended, as_of=LATEST)
    assert len(scenarios.schedule(ended, as_of=TRUCE))


def test_a_day_before_a_scenario_is_the_laws_and_its_title_is_its_own() -> None:
    with pytest.raises(ParameterError, match=r"A scenario begins on 2026-10-10, .* on is 2026-10-09"):
        check_begun(LATEST, as_of=LATEST)
    with pytest.raises(ParameterError, match="have one title, 'As scheduled'"):
        apart(made(SMALL.replace("A duty on laptops\nq", "As scheduled\nq")), scenarios.load("as_scheduled"))


@pytest.mark.parametrize(
    ("values", "told"),
    [({"on": "2026-10-01"}, "A scenario begins on 2026-10-10"), ({"compare_with": "status_quo"}, ""), ({"on": "2026-10-10"}, "")],
)
def test_a_page_is_not_asked_of_a_day_before_its_scenario(values: dict[str, str], told: str) -> None:
    asked_for = {"scenario": "truce_lapses", "compare_with": "auto", "on": ""} | values
    if not told:
        asked.judge(asked_for, values, LATEST)
        return
    with pytest.raises(ParameterError, match=told):
        asked.judge(asked_for, values, LATEST)


def test_a_sweep_leaves_out_days_before_its_scenario() -> None:
    question = quantity.Question(TRUCE, {"importer": "US", "compare_with": "as_scheduled"}, (scenarios.load("truce_lapses"),), ())
    days = (date(2025, 5, 1), date(2025, 8, 12))
    found = quantity._scenario_of(dataclasses.replace(question, on=days))
    assert found["on"].dt.date.tolist() == [date(2025, 8, 12)]
    with pytest.raises(ParameterError, match="A scenario begins on 2025-05-21"):
        quantity._scenario_of(dataclasses.replace(question, on=days[:1]))
