"""Scenarios over a made-up law: what stays, comes back or ends, by cases with days on both sides of each bound; comparisons by hand."""

import math
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest
from made_up import tidy

from tradelib import catalogue, ledger, scenarios, tariffs
from tradelib.errors import ParameterError

AS_OF = "2025-06-10"  # so every scenario begins on 11 June
NAN = math.nan


def step(measure: str, effective: str, rate: float | None, **said: object) -> dict[str, object]:
    """One step of a text of January; without a rate it ends the measure."""
    return {
        "measure_id": measure, "announced_on": "2025-01-01", "effective_on": effective, "rate_frac": rate, "scope": "all",
        "basis": "ended" if rate is None else "full_value", "standing": "instrument", "confidence": "high",
        "instrument": f"text on {measure}", "url": "https://example.org",
    } | said  # fmt: skip


def excluded(measure: str, effective: str, **said: object) -> dict[str, object]:
    return step(measure, effective, 0.0, basis="exclusion", scope="q", **said)


LAW = [
    step("us_a1", "2025-03-01", 0.1),
    # On a list, with a rise to come; another to come; one that is over; one that ends.
    step("us_b1", "2025-02-01", 0.25, scope="f", exempt="q"),
    step("us_b1", "2025-08-01", 0.3, scope="f"),
    step("us_d1", "2025-09-01", 0.05, scope="f"),
    step("us_g1", "2025-01-15", 0.07, scope="f"),
    step("us_g1", "2025-05-01", None),
    step("us_h1", "2025-01-15", 0.08, scope="f"),
    step("us_h1", "2025-07-01", None),
    # On all goods: suspended in May but for 10 points, until 12 August; and one to come.
    step("us_c1", "2025-04-01", 0.2),
    step("us_c1", "2025-05-14", 0.1, announced_on="2025-05-10"),
    step("us_c1", "2025-08-12", 0.34, announced_on="2025-05-10", is_snap_back=True),
    step("us_e1", "2025-06-01", 0.05),
    step("us_i1", "2025-10-01", 0.06),
    # An exclusion that ends, and a duty on the metal in goods.
    excluded("us_x1", "2025-01-15"),
    step("us_x1", "2025-08-31", None),
    step("us_m1", "2025-01-15", 0.5, scope="f", basis="metal_content_value"),
    step("us_n1", AS_OF, 0.03, scope="f"),
    step("us_o1", "2025-01-15", 0.02, scope="f"),
    step("us_o1", AS_OF, 0.04, scope="f"),
    step("cn_k1", "2025-03-01", 0.1),
]  # fmt: skip
NOW = {
    "us_a1": 0.1,
    "us_b1": 0.25,
    "us_h1": 0.08,
    "us_c1": 0.1,
    "us_e1": 0.05,
    "us_x1": 0.0,
    "us_m1": 0.5,
    "us_n1": 0.03,
    "us_o1": 0.04,
    "cn_k1": 0.1,
}


def measure(name: str, **said: object) -> dict[str, object]:
    importer = name[:2].upper()
    return {
        "measure_id": name, "importer": importer, "exporter": "CN" if importer == "US" else "US", "authority": name[3].upper(),
        "programme": name[3:].upper(), "family": name[3], "kind": "exclusion" if name[3] == "x" else "duty", "within_family": "add",
        "announced_on": "2025-01-01",
    } | said  # fmt: skip


def enact(reading: Callable, steps: list[dict] = LAW, more: dict[str, dict] | None = None, **tables: list[dict]) -> None:
    names = sorted({row["measure_id"] for row in steps} | set(more or {}))
    scopes = [
        {"scope": name, "what": name, "held": held}
        for name, held in (("all", "none"), ("f", "codes"), ("cnf", "codes"), ("q", "codes"), ("z", "none"))
    ]
    given = {
        "tariff_steps": steps,
        "tariff_measures": [measure(name, **(more or {}).get(name, {})) for name in names],
        "families": [{"family": letter, "importer": "US", "title": letter} for letter in "abc"],
        "scopes": scopes,
        "product_scopes": [
            {"scope": name, "code": code, "coverage": "full"} for name, code in (("f", "940320"), ("cnf", "940320"), ("q", "94032000"))
        ],
    }
    reading(**(given | tables))


def supposed(text: str = "") -> scenarios.Scenario:
    return scenarios.parse(f"title: T\nquestion: Q?\nurl: https://example.org/s\n{text}", name="own", file="own.yaml")


def held(text: str, on: str, as_of: str = AS_OF) -> dict[str, float]:
    """Rates of the measures that hold on a day under a scenario."""
    rows = ledger.in_force(scenarios.schedule(supposed(text), as_of=as_of), on=date.fromisoformat(on))
    return dict(zip(rows["measure_id"], rows["rate_frac"].round(9), strict=True))


TODAY = "over: today\n"
LAPSE = TODAY + "keeps: [suspensions]\n"


@pytest.mark.parametrize(
    ("text", "on", "changed"),
    [
        ("", "2025-06-10", {}),
        ("", "2025-07-01", {"us_h1": None}),
        ("", "2025-08-12", {"us_h1": None, "us_b1": 0.3, "us_c1": 0.34}),
        ("", "2025-12-31", {"us_h1": None, "us_b1": 0.3, "us_c1": 0.34, "us_x1": None, "us_d1": 0.05, "us_i1": 0.06}),
        # What holds stays, and what has not begun does not come.
        (TODAY, "2025-06-11", {}),
        (TODAY, "2025-08-12", {}),
        (TODAY, "2030-01-01", {}),
        # What is suspended with a day comes back, and exclusions end on theirs; nothing else moves.
        (LAPSE, "2025-08-11", {}),
        (LAPSE, "2025-08-12", {"us_c1": 0.34}),
        (LAPSE, "2025-08-30", {"us_c1": 0.34}),
        (LAPSE, "2025-08-31", {"us_c1": 0.34, "us_x1": None}),
        (LAPSE, "2030-01-01", {"us_c1": 0.34, "us_x1": None}),
        # Every duty ends, and none begins; exclusions are no duties.
        ("ends: all\n", "2025-06-10", {}),
        ("ends: all\n", "2025-06-11", dict.fromkeys(NOW) | {"us_x1": 0.0}),
        ("ends: all\n", "2030-01-01", dict.fromkeys(NOW)),
        # The country-wide duties of a day, in place of those that hold or are to come.
        ("country_wide_of: 2025-05-13\n", "2025-06-10", {}),
        ("country_wide_of: 2025-05-13\n", "2025-06-11", {"us_c1": 0.2, "us_e1": None}),
        ("country_wide_of: 2025-05-14\n", "2025-06-11", {"us_e1": None}),
        ("country_wide_of: 2025-06-01\n", "2025-06-11", {}),
        ("country_wide_of: 2025-05-13\n", "2030-01-01",
         {"us_c1": 0.2, "us_e1": None, "us_b1": 0.3, "us_h1": None, "us_d1": 0.05, "us_x1": None}),
        ("country_wide_of: 2025-02-28\n", "2025-06-11", {"us_a1": None, "us_c1": None, "us_e1": None, "cn_k1": None}),
        (TODAY + "country_wide_of: 2025-05-13\n", "2030-01-01", {"us_c1": 0.2, "us_e1": None}),
        # Of several announcements on one measure the later counts.
        ("ends: all\ncountry_wide_of: 2025-05-13\n", "2025-06-11",
         dict.fromkeys(NOW) | {"us_x1": 0.0, "us_a1": 0.1, "us_c1": 0.2, "cn_k1": 0.1}),
    ],
)  # fmt: skip
def test_what_holds_under_a_scenario(read: Callable, text: str, on: str, changed: dict[str, float | None]) -> None:
    enact(read)
    assert held(text, on) == {name: rate for name, rate in (NOW | changed).items() if rate is not None}


@pytest.mark.parametrize(
    ("steps", "on", "changed"),
    [
        ("  - {measure: us_a1, from: start, rate: 0.4}\n", "2025-06-10", {}),
        ("  - {measure: us_a1, from: start, rate: 0.4}\n", "2025-06-11", {"us_a1": 0.4}),
        ("  - {measure: us_a1, from: 2025-06-11, rate: 0.4}\n", "2025-06-11", {"us_a1": 0.4}),
        ("  - {measure: us_a1, from: 2025-06-20, rate: ends}\n", "2025-06-19", {}),
        ("  - {measure: us_a1, from: 2025-06-20, rate: ends}\n", "2025-06-20", {"us_a1": None}),
        ("  - {measure: us_a1, from: 2025-06-20, rate: 0}\n", "2025-06-20", {"us_a1": 0.0}),
        # What the texts hold before the first day supposed still comes, what they hold after it does not.
        ("  - {measure: us_c1, from: 2025-09-01, rate: 0.5}\n", "2025-08-31", {"us_c1": 0.34, "us_b1": 0.3, "us_h1": None, "us_x1": None}),
        ("  - {measure: us_c1, from: start, rate: 0.5}\n", "2025-08-30", {"us_c1": 0.5, "us_b1": 0.3, "us_h1": None}),
        ("  - {measure: us_g1, from: start, rate: 0.5}\n", "2025-06-11", {"us_g1": 0.5}),
    ],
)
def test_a_step_of_ones_own_holds_from_its_day(read: Callable, steps: str, on: str, changed: dict[str, float | None]) -> None:
    enact(read)
    assert held(f"steps:\n{steps}", on) == {name: rate for name, rate in (NOW | changed).items() if rate is not None}


def said(text: str, name: str, on: str = "2025-06-11") -> list[object]:
    rows = ledger.in_force(scenarios.schedule(supposed(text), as_of=AS_OF), on=date.fromisoformat(on))
    return rows.set_index("measure_id").loc[name, ["basis", "scope", "exempt", "standing"]].tolist()


def test_what_a_step_does_not_say_is_as_the_measure_last_had_it(read: Callable) -> None:
    enact(read)
    assert said("steps: [{measure: us_m1, from: start, rate: 0.4}]", "us_m1") == ["metal_content_value", "f", "", "supposed"]
    assert said("steps: [{measure: us_h1, from: start, rate: 0.4}]", "us_h1") == ["full_value", "f", "", "supposed"]
    # The last of its intervals: from August on the list is without exemption.
    assert said("steps: [{measure: us_b1, from: start, rate: 0.4}]", "us_b1") == ["full_value", "f", "", "supposed"]
    assert said("steps: [{measure: us_b1, from: start, rate: 0.4, scope: all}]", "us_b1")[1:3] == ["all", ""]
    assert said("steps: [{measure: us_b1, from: start, rate: 0.4, scope: [f, q], exempt: q}]", "us_b1")[1:3] == ["f|q", "q"]
    assert said('steps: [{measure: us_b1, from: start, rate: 0.4, codes: ["8471.30", "85"]}]', "us_b1")[1] == "codes:847130,85"
    # What began on the last observed day stays as it is.
    assert said(TODAY, "us_n1")[3] == said(TODAY, "us_o1")[3] == "instrument"
    # A day of which the texts say nothing leaves the law's own words and standing.
    assert said("", "us_b1") == ["full_value", "f", "q", "instrument"]
    assert said(TODAY, "us_b1") == ["full_value", "f", "q", "supposed"]
    assert said(TODAY, "us_a1")[3] == "instrument"


def test_an_exemption_stays_where_a_step_sets_a_rate_alone_and_goes_with_new_goods(read: Callable) -> None:
    enact(read, [step("us_b1", "2025-02-01", 0.25, scope="f", exempt="q"), step("us_o1", "2025-02-01", 0.1, basis="floor_total_incl_mfn")])
    assert said("steps: [{measure: us_b1, from: start, rate: 0.4}]", "us_b1")[1:3] == ["f", "q"]
    assert said("steps: [{measure: us_b1, from: start, rate: 0.4, scope: f}]", "us_b1")[1:3] == ["f", ""]
    assert said("steps: [{measure: us_b1, from: start, rate: 0.4, exempt: []}]", "us_b1")[1:3] == ["f", ""]
    assert said("steps: [{measure: us_o1, from: start, rate: 0.4}]", "us_o1")[0] == "floor_total_incl_mfn"


def test_a_supposed_duty_names_the_scenario_and_what_stays_its_text(read: Callable) -> None:
    enact(read)
    own = "measures: [{id: own1, importer: CN, title: My duty, yields_to: [a, b]}]\n"
    own += "steps: [{measure: own1, from: 2025-07-01, rate: 0.2, scope: cnf}]"
    rows = scenarios.schedule(supposed(TODAY + own), as_of=AS_OF)
    row = rows[rows["measure_id"].eq("own1")].iloc[0]
    assert row[["importer", "authority", "programme", "family", "kind", "within_family", "yields_to"]].tolist() == [
        "CN", "Supposed", "My duty", "own1", "duty", "add", "a|b",
    ]  # fmt: skip
    assert row[["instrument", "url", "basis", "confidence"]].tolist() == ["Supposed: T", "https://example.org/s", "full_value", ""]
    assert [row["effective_from"], row["known_on"]] == [pd.Timestamp("2025-07-01")] * 2
    assert not row["is_snap_back"]
    assert math.isnan(row["priority"])
    stays = rows[rows["measure_id"].eq("us_b1")].iloc[-1]
    assert stays[["instrument", "url", "standing"]].tolist() == ["text on us_b1", "https://example.org", "supposed"]
    assert [stays["effective_from"], stays["known_on"]] == [pd.Timestamp("2025-06-11"), pd.Timestamp("2025-01-01")]
    assert pd.isna(stays["effective_to"])
    assert not rows["is_country_wide"][rows["measure_id"].eq("own1")].any()
    back = scenarios.schedule(supposed(LAPSE), as_of=AS_OF).query("measure_id == 'us_c1'").iloc[-1]
    assert back["is_snap_back"]
    assert back["known_on"] == pd.Timestamp("2025-05-10")


def test_a_snap_back_on_the_first_day_comes_in_place_of_what_holds(read: Callable) -> None:
    enact(read)
    eve = "2025-08-11"
    assert held(LAPSE, "2025-08-12", eve)["us_c1"] == 0.34
    assert held(TODAY, "2025-08-12", eve)["us_c1"] == 0.1
    assert held(LAPSE, "2025-08-13", "2025-08-12")["us_c1"] == 0.34
    assert held(TODAY, "2025-08-13", "2025-08-12")["us_c1"] == 0.34


def test_a_measure_that_was_suspended_whole_stays_so_and_one_to_come_is_called_off(read: Callable) -> None:
    steps = [
        step("us_a1", "2025-02-01", 0.1, scope="f"),
        step("us_a1", "2025-05-01", 0.1, scope="f", basis="suspended", announced_on="2025-04-20"),
        step("us_a1", "2025-11-10", 0.1, scope="f", announced_on="2025-04-20", is_snap_back=True),
        step("us_d1", "2025-06-11", 0.05, scope="f"),
        step("us_h1", "2025-01-15", 0.08, scope="f"),
        step("us_h1", "2025-06-11", None),
    ]
    enact(read, steps)
    for text, basis in ((TODAY, "suspended"), (LAPSE, "full_value"), ("", "full_value")):
        rows = scenarios.schedule(supposed(text), as_of=AS_OF)
        last = ledger.in_force(rows, on=date(2025, 11, 10)).set_index("measure_id")["basis"]
        assert last["us_a1"] == basis
        assert ("us_d1" in last.index) == (text == "")
        assert ("us_h1" in last.index) == (text != "")


@pytest.mark.parametrize(
    ("as_of", "asked"),
    [("2025-06-09", False), ("2025-06-10", True), ("2025-06-11", True)],
)
def test_a_scenario_may_be_asked_from_the_day_on_which_what_it_rests_on_is_known(read: Callable, as_of: str, asked: bool) -> None:
    enact(read)
    for text in ("known_from: 2025-06-10\n", "country_wide_of: 2025-06-10\n", "known_from: 2025-06-10\ncountry_wide_of: 2025-05-01\n",
                 "known_from: 2025-02-01\ncountry_wide_of: 2025-06-10\n"):  # fmt: skip
        own = supposed(text)
        refusal = scenarios.why_not(own, as_of=as_of)
        if asked:
            assert refusal == ""
            scenarios.schedule(own, as_of=as_of)
        else:
            assert "The scenario own rests on what became known on 10 June 2025" in refusal.replace("\xa0", " ")
            with pytest.raises(ParameterError, match="rests on what became known"):
                scenarios.schedule(own, as_of=as_of)
    assert scenarios.why_not(supposed(), as_of="2018-01-01") == ""


def test_a_scenario_begins_on_the_day_after_the_last_that_is_observed(read: Callable) -> None:
    enact(read, through="2025-06-30")
    days = {as_of: scenarios.begins_on(as_of) for as_of in ("2025-06-10", "2025-06-30", "2025-07-05")}
    assert list(days.values()) == [date(2025, 6, 11), date(2025, 7, 1), date(2025, 7, 1)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("steps: [{measure: us_a1, from: 2025-06-10, rate: 0.4}]", r"^own\.yaml, line 4: the day 2025-06-10 lies before the scenario"),
        ("steps: [{measure: us_z1, from: start, rate: 0.4, scope: all}]", r"line 4: the measure 'us_z1' was not known on this day"),
        ("steps: [{measure: us_y1, from: start, rate: 0.4}]", r"line 4: the measure 'us_y1' has ended, and its scope with it"),
    ],
)  # fmt: skip
def test_a_step_that_cannot_be_laid_over_the_law_of_the_day_is_refused(read: Callable, text: str, words: str) -> None:
    """Of us_z1 the first text is of 11 June; of us_y1 no step was ever made."""
    enact(read, more={"us_z1": {"announced_on": "2025-06-11"}, "us_y1": {"announced_on": AS_OF}})
    with pytest.raises(ParameterError, match=words):
        scenarios.schedule(supposed(text), as_of=AS_OF)
    assert held("steps: [{measure: us_y1, from: start, rate: 0.4, scope: all}]", "2025-06-11")["us_y1"] == 0.4


@pytest.mark.parametrize(
    ("ends", "told"),
    [("2025-06-11", True), ("2025-06-12", True), ("2026-06-11", True), ("2026-06-12", False), ("2025-06-10", False)],
)
def test_a_country_wide_duty_that_a_text_ends_within_a_year_is_told_where_it_is_kept(read: Callable, ends: str, told: bool) -> None:
    steps = [
        step("us_b1", "2025-02-01", 0.1), step("us_b1", ends, None),
        step("us_a1", "2025-02-01", 0.2), step("us_a1", ends, None),
        step("us_d1", "2025-02-01", 0.2), step("us_d1", "2025-08-01", 0.3),
        step("us_f1", "2025-02-01", 0.2, scope="f"), step("us_f1", ends, None),
    ]  # fmt: skip
    enact(read, steps)
    rows = tidy(scenarios.ended_by_law(scenarios.schedule(supposed(TODAY), as_of=AS_OF), as_of=AS_OF))
    assert rows.columns.tolist() == ["importer", "authority", "rate_frac", "ends_on", "instrument", "url", "known_on"]
    assert sorted(zip(rows["authority"], rows["rate_frac"], strict=True)) == ([("A", 0.2), ("B", 0.1)] if told else [])
    assert set(rows["ends_on"]) == ({pd.Timestamp(ends)} if told else set())
    assert scenarios.ended_by_law(scenarios.schedule(supposed(), as_of=AS_OF), as_of=AS_OF).empty


# The files.


def test_a_file_is_read_field_by_field(read: Callable) -> None:
    enact(read)
    text = """
about: Much.
over: today
keeps: suspensions
country_wide_of: 2025-05-01
known_from: 2025-06-01
source: S
measures:
  - {id: own1, importer: CN, title: Mine}
  - {id: own2, importer: US, title: Yours, yields_to: a}
steps:
  - {measure: own1, from: start, rate: 5, scope: all}
  - measure: own2
    from: 2025-12-01
    rate: 0
    codes: "8471.30"
    exempt: [f, q]
  - {measure: us_a1, from: start, rate: ends}
"""
    own = supposed(text)
    assert (own.name, own.title, own.question, own.about, own.source, own.url) == ("own", "T", "Q?", "Much.", "S", "https://example.org/s")
    assert (own.over, own.keeps, own.ends_all) == ("today", ("suspensions",), False)
    assert (own.country_wide_of, own.known_from) == (date(2025, 5, 1), date(2025, 6, 1))
    assert [(item.id, item.importer, item.title, item.yields_to) for item in own.measures] == [
        ("own1", "CN", "Mine", ()), ("own2", "US", "Yours", ("a",)),
    ]  # fmt: skip
    first, second, third = own.steps
    assert (first.measure, first.starts_on, first.rate_frac, first.scopes, first.exempt) == ("own1", None, 5.0, ("all",), None)
    assert (second.starts_on, second.rate_frac, second.scopes) == (date(2025, 12, 1), 0.0, ("codes:847130",))
    assert second.exempt == ("f", "q")
    assert (third.rate_frac, third.scopes, third.exempt) == (None, None, None)
    assert [item.where for item in own.steps] == ["own.yaml, line 15", "own.yaml, line 16", "own.yaml, line 21"]
    bare = supposed()
    assert (bare.over, bare.keeps, bare.ends_all, bare.country_wide_of, bare.known_from) == ("schedule", (), False, None, None)
    assert (bare.about, bare.source, bare.measures, bare.steps) == ("", "", (), ())
    assert supposed("ends: all\n").ends_all


OWN = "measures: [{id: own1, importer: US, title: Mine}]\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OWN + "steps: [{measure: own1, from: start, rate: 5.01, scope: all}]", "line 5: rate must be a fraction from 0 to 5"),
        (OWN + "steps: [{measure: own1, from: start, rate: 0.1, scope: z}]", "line 5: the codes of the scope 'z' are not held"),
        (OWN + "steps: [{measure: own1, from: start, rate: 0.1, exempt: z, scope: f}]", "line 5: the codes of the scope 'z'"),
        (OWN + 'steps: [{measure: own1, from: start, rate: 0.1, scope: f, codes: ["01"]}]', "line 5: give either"),
        (OWN + "steps: [{measure: own1, from: start, rate: 0.1}]", "line 5: the new duty 'own1' needs `scope` or `codes`"),
        (OWN + "steps: [{measure: own2, from: start, rate: 0.1, scope: f}]", "line 5: there is no measure 'own2'. Did you mean own1"),
        ("steps: [{measure: us_x1, from: start, rate: 0.1, scope: f}]", "line 4: 'us_x1' is no duty but 'exclusion'"),
        ("measures: [{id: us_a1, importer: US, title: Mine}]", "line 4: the measure 'us_a1' exists already"),
        (OWN + "steps: []\nabout: A\nkeeps: suspensions", "line 7: `keeps` goes with `over: today` only"),
        (OWN.replace("[", "[{id: own1, importer: CN, title: Too}, "), "line 4: the measure 'own1' exists already"),
        ("measures: [{id: own1, importer: US, title: Mine, yields_to: [a, y]}]", "line 4: there is no family of duties 'y'. The"),
        ("over: tomorrow", "line 4: 'tomorrow' is not allowed here; write schedule or today"),
        ("ends: some", "line 4: 'some' is not allowed here; write all"),
    ],
)  # fmt: skip
def test_a_file_that_supposes_what_cannot_be_is_refused_with_its_line(read: Callable, text: str, words: str) -> None:
    enact(read)
    with pytest.raises(ParameterError, match=words):
        supposed(text)


def test_files_of_the_package_come_in_the_order_of_pages_and_others_behind(read: Callable) -> None:
    enact(read, through="2025-12-30")  # an edition of its own, as files are written into it
    from tradelib.catalogue import home

    folder = home.data_folder() / "scenarios"
    folder.mkdir(exist_ok=True)
    for name, more in (("zeal", ""), ("status_quo", ""), ("as_scheduled", ""), ("band", "known_from: 2025-06-11\n")):
        (folder / f"{name}.yaml").write_text(f"title: {name}\nquestion: Q?\n{more}", encoding="utf-8")
    catalogue.seal(folder=folder.parent)
    assert scenarios.names() == ["as_scheduled", "status_quo", "band", "zeal"]
    assert [item.title for item in scenarios.available(as_of="2025-06-10")] == ["as_scheduled", "status_quo", "zeal"]
    assert [item.name for item in scenarios.available(as_of="2025-06-11")] == ["as_scheduled", "status_quo", "band", "zeal"]
    own = folder.parent / "mine.yml"
    own.write_text("title: M\nquestion: Q?\n", encoding="utf-8")
    assert scenarios.load(own).name == "mine"
    own.write_bytes(b"title: \xff\n")
    with pytest.raises(ParameterError, match=r"mine\.yml cannot be read \(UnicodeDecodeError\)"):
        scenarios.load(own)
    with pytest.raises(ParameterError, match=r"There is no scenario 'mine\.txt'\. The scenarios are as_scheduled, status_quo, band, zeal"):
        scenarios.load("mine.txt")


# Two schedules side by side, written by hand.


def row(name: str, rate: float, start: str, end: str | None = None, **more: object) -> dict[str, object]:
    return {
        "measure_id": name, "importer": "US", "authority": "A", "programme": name, "kind": "duty", "rate_frac": rate, "basis": "full_value",
        "scope": "all", "exempt": "", "effective_from": pd.Timestamp(start), "effective_to": pd.Timestamp(end),
        "instrument": f"text {rate}", "url": "https://example.org", "known_on": pd.Timestamp("2025-01-01"),
    } | more  # fmt: skip


def rows_of(*given: dict[str, object]) -> pd.DataFrame:
    days = dict.fromkeys(("effective_from", "effective_to"), "datetime64[us]")
    return pd.DataFrame(list(given), columns=list(row("m", 0.0, "2025-01-01"))).astype(days)


def told(before: list[dict], after: list[dict]) -> list[tuple]:
    found = tidy(scenarios.differences(rows_of(*before), rows_of(*after), as_of=AS_OF))
    rates = found[["before_frac", "after_frac"]].astype(object).where(found[["before_frac", "after_frac"]].notna(), None)
    return list(zip(found["on"].dt.strftime("%F"), found["what"], rates["before_frac"], rates["after_frac"], strict=True))


M = row("m", 0.1, "2025-01-01")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([M], [M], []),
        ([M], [M | {"rate_frac": 0.2}], [("2025-06-11", "rate", 0.1, 0.2)]),
        ([M], [], [("2025-06-11", "rate", 0.1, None)]),
        ([], [M], [("2025-06-11", "rate", None, 0.1)]),
        ([], [row("m", 0.2, "2025-08-01")], [("2025-08-01", "rate", None, 0.2)]),
        ([], [row("m", 0.2, "2025-06-11")], [("2025-06-11", "rate", None, 0.2)]),
        # What is past is no difference, and neither is what comes after a year.
        ([], [row("m", 0.2, "2025-01-01", "2025-06-11")], []),
        ([], [row("m", 0.2, "2025-01-01", "2025-06-12")], [("2025-06-11", "rate", None, 0.2), ("2025-06-12", "alike again", None, None)]),
        ([], [row("m", 0.2, "2026-06-11")], [("2026-06-11", "rate", None, 0.2)]),
        ([], [row("m", 0.2, "2026-06-12")], []),
        # A difference begins, is another, and is none.
        (
            [M],
            [row("m", 0.1, "2025-01-01", "2025-08-01"), row("m", 0.2, "2025-08-01", "2025-10-01"), row("m", 0.1, "2025-10-01")],
            [("2025-08-01", "rate", 0.1, 0.2), ("2025-10-01", "alike again", 0.1, 0.1)],
        ),
        (
            [row("m", 0.1, "2025-01-01", "2025-08-01"), row("m", 0.2, "2025-08-01")],
            [row("m", 0.3, "2025-01-01", "2025-08-01"), row("m", 0.4, "2025-08-01")],
            [("2025-06-11", "rate", 0.1, 0.3), ("2025-08-01", "rate", 0.2, 0.4)],
        ),
        # A text that says the same again is no difference anew.
        (
            [row("m", 0.1, "2025-01-01", "2025-08-01"), row("m", 0.1, "2025-08-01")],
            [M | {"rate_frac": 0.2}],
            [("2025-06-11", "rate", 0.1, 0.2)],
        ),
        ([M], [M | {"scope": "f"}], [("2025-06-11", "goods", 0.1, 0.1)]),
        ([M], [M | {"exempt": "q"}], [("2025-06-11", "goods", 0.1, 0.1)]),
        ([M], [M | {"scope": "f", "rate_frac": 0.2}], [("2025-06-11", "rate", 0.1, 0.2)]),
        ([M], [M | {"basis": "suspended"}], [("2025-06-11", "rate", 0.1, None)]),
        ([M | {"basis": "suspended"}], [], []),
        ([M], [M | {"basis": "to_be_announced", "rate_frac": NAN}], [("2025-06-11", "unnamed rate", 0.1, None)]),
        ([], [M | {"basis": "to_be_announced", "rate_frac": NAN}], [("2025-06-11", "new unnamed rate", None, None)]),
        ([M | {"basis": "to_be_announced", "rate_frac": NAN}], [], [("2025-06-11", "unnamed rate ends", None, None)]),
        ([M | {"rate_frac": NAN}], [M | {"rate_frac": NAN, "scope": "f"}], [("2025-06-11", "goods", None, None)]),
        # Exclusions have no rate; fees and small shipments are no duties.
        ([M | {"kind": "exclusion"}], [], [("2025-06-11", "exclusion", None, None)]),
        ([], [M | {"kind": "exclusion"}], [("2025-06-11", "new exclusion", None, None)]),
        ([], [M | {"kind": "fee"}], []),
        ([], [M | {"kind": "low_value_regime"}], []),
    ],
)
def test_differences_of_one_measure(before: list[dict], after: list[dict], expected: list[tuple]) -> None:
    assert told(before, after) == expected


def test_differences_stand_by_day_side_authority_and_programme_with_the_text_of_the_new_schedule() -> None:
    before = [row("a", 0.1, "2025-01-01", programme="P2"), row("b", 0.1, "2025-01-01", importer="CN", programme="P1")]
    after = [
        row("a", 0.2, "2025-01-01", programme="P2"),
        row("c", 0.3, "2025-01-01", programme="P1"),
        row("d", 0.3, "2025-01-01", authority="B", programme="P0"),
        row("e", 0.4, "2025-01-01", "2025-07-01"),
        row("b", 0.1, "2025-01-01", "2025-08-01", importer="CN", programme="P1"),
    ]
    found = tidy(scenarios.differences(rows_of(*before), rows_of(*after), as_of=AS_OF))
    assert found.columns.tolist() == [
        "on", "importer", "authority", "programme", "before_frac", "after_frac", "what", "instrument", "url", "known_on",
    ]  # fmt: skip
    listed = found[["importer", "authority", "programme", "what"]].to_numpy().tolist()
    assert listed == [
        ["US", "A", "P1", "rate"], ["US", "A", "P2", "rate"], ["US", "A", "e", "rate"], ["US", "B", "P0", "rate"],
        ["US", "A", "e", "alike again"], ["CN", "A", "P1", "rate"],
    ]  # fmt: skip
    # Where the new schedule holds nothing the text is that of the old one, and where neither does the last of the new.
    assert found["instrument"].tolist() == ["text 0.3", "text 0.2", "text 0.4", "text 0.3", "text 0.4", "text 0.1"]


def test_two_schedules_have_settled_on_the_last_day_of_a_named_difference() -> None:
    later = [M, row("n", 0.2, "2025-08-01"), row("o", NAN, "2025-12-01", basis="to_be_announced")]
    assert scenarios.settled_on(rows_of(M), rows_of(*later), as_of=AS_OF) == date(2025, 8, 1)
    assert scenarios.settled_on(rows_of(M), rows_of(M, later[-1]), as_of=AS_OF) == date(2025, 6, 11)
    assert scenarios.settled_on(rows_of(M), rows_of(M), as_of=AS_OF) == date(2025, 6, 11)


def test_average_duties_by_section_of_the_goods_whose_duties_are_known() -> None:
    lines = [
        ("0101210010", 10, 0.1, 0.2), ("0101300000", 30, 0.1, 0.1), ("0102210000", 60, NAN, 0.1), ("0102290000", 60, 0.1, NAN),
        ("8471300100", 100, 0.1, 0.05), ("6101200010", 100, 0.1, 0.10004), ("9403200010", 100, 0.1, 0.10006), ("2709000000", 10, 0.1, 0.1),
        ("7208100000", 50, 0.0, 0.019), ("2801100000", 1, 0.0, 0.00005),
    ]  # fmt: skip
    table = pd.DataFrame(lines, columns=["code", "value_usd", "before_frac", "after_frac"]).set_index("code")
    found = tidy(scenarios.by_section(table))
    assert found["section"].str.split(" ").str[0].tolist() == ["XVI", "I", "XV", "XX"]
    assert found["value_usd"].tolist() == [100, 40, 50, 100]
    assert found["before_frac"].tolist() == pytest.approx([0.1, 0.1, 0.0, 0.1])
    assert found["after_frac"].tolist() == pytest.approx([0.05, 0.125, 0.019, 0.10006])
    assert found["change_frac"].tolist() == pytest.approx([-0.05, 0.025, 0.019, 0.00006])
    assert found.columns.tolist() == ["section", "value_usd", "before_frac", "after_frac", "change_frac"]


# Lines and averages.

TRADE = {"8471300110": 40.0, "9403200010": 60.0, "9801001000": 10.0, "9701210000": 0.0}
GENERAL = {"8471300110": 0.0, "9403200010": 0.05, "9801001000": NAN, "9701210000": 0.0}
PARTNERS = [
    ("847130", "China", 30.0), ("847130", "Mexico", 90.0), ("940320", "Mexico", 5.0), ("970121", "China", 0.0), ("980100", "China", 7.0),
]  # fmt: skip


def trade(reading: Callable, steps: list[dict], through: str = "2025-12-31") -> None:
    chinese = [("010121", 10.0, 0.1), ("010130", 30.0, 0.2)]
    names = [f"mfn_{name}_frac" for name in ("2018_01", "2018_05", "2018_07", "2018_11", "2019_01", "2019_01_low", "2019_01_high")]
    tables = {
        "us_lines": [
            {"code": code, "mfn_kind": "free", "mfn_frac": GENERAL[code], "imports_2024_usd": TRADE[code], "duty_2024_usd": 0.0}
            for code in sorted(TRADE)
        ],
        "cn_lines": [
            {"code": code, "exports_2024_usd": value, "mfn_frac": rate, "mfn_evidence": "confirmed"} for code, value, rate in chinese
        ],
        "cn_tariff_2019": [{"code": f"{code}00"} | dict.fromkeys(names, rate) for code, _, rate in chinese],
        "us_imports_2024_by_partner": [
            {"hs6": subheading, "partner": partner, "imports_2024_usd": value} for subheading, partner, value in PARTNERS
        ],
    }
    empty = ("cn_interim_rates", "cn_line_trade", "cn_tariff_quotas", "cn_waivers", "wto_exclusions", "exclusion_claims")
    enact(reading, steps, {"us_a1": {"announced_on": "2024-06-01"}}, through=through, **tables, **{name: [] for name in empty})


STEPS = [step("us_a1", "2024-07-01", 0.1, announced_on="2024-06-01"), step("us_a1", "2024-07-02", 0.2, announced_on="2024-06-01"),
         step("us_b1", "2025-07-01", 0.3, scope="f"), step("cn_k1", "2025-03-01", 0.1)]  # fmt: skip


def test_lines_hold_the_trade_of_2024_and_the_duties_of_its_middle_before_and_after(read: Callable) -> None:
    trade(read, STEPS)
    before, after = (scenarios.schedule(supposed(text), as_of=AS_OF) for text in (TODAY, ""))
    table = scenarios.lines(before, after, importer="US", on="2025-07-01", as_of=AS_OF)
    assert table.columns.tolist() == ["value_usd", "base_frac", "before_frac", "after_frac", "share_frac"]
    # Without trade in 2024 there is no line.
    assert table.index.tolist() == ["8471300110", "9403200010", "9801001000"]
    assert table["value_usd"].tolist() == [40, 60, 10]
    assert table["base_frac"].tolist() == pytest.approx([0.1, 0.15, NAN], nan_ok=True)
    assert table["before_frac"].tolist() == pytest.approx([0.2, 0.25, NAN], nan_ok=True)
    assert table["after_frac"].tolist() == pytest.approx([0.2, 0.55, NAN], nan_ok=True)
    assert table["share_frac"].tolist() == pytest.approx([0.25, 0.0, 1.0])
    assert scenarios.known_trade_frac(table) == pytest.approx(100 / 110)
    assert scenarios.lines(before, after, importer="US", on="2025-06-30", as_of=AS_OF)["after_frac"].iloc[1] == pytest.approx(0.25)
    china = scenarios.lines(before, after, importer="CN", on="2025-07-01", as_of=AS_OF)
    assert china["base_frac"].tolist() == pytest.approx([0.1, 0.2])
    assert china["after_frac"].tolist() == pytest.approx([0.2, 0.3])
    assert china["share_frac"].isna().all()
    early = tariffs.schedule(as_of="2024-07-01")
    assert scenarios.lines(early, early, importer="US", on="2024-07-01", as_of="2024-07-01")["base_frac"].iloc[0] == pytest.approx(0.1)
    early = tariffs.schedule(as_of="2024-06-30")
    assert scenarios.lines(early, early, importer="US", on="2024-07-01", as_of="2024-06-30")["base_frac"].iloc[0] == pytest.approx(0.0)


def test_average_duties_rest_on_the_lines_known_in_all_three(read: Callable) -> None:
    trade(read, STEPS)
    before, after = (scenarios.schedule(supposed(text), as_of=AS_OF) for text in (TODAY, ""))
    rows = tidy(scenarios.average_duties(before, after, on="2025-07-01", as_of=AS_OF, base_on="2024-07-01")).set_index("importer")
    assert rows.index.tolist() == ["US", "CN"]
    assert rows.loc["US"].tolist() == pytest.approx([0.1 + 0.03, 0.2 + 0.03, 0.2 + 0.6 * 0.35])
    assert rows.loc["CN"].tolist() == pytest.approx([0.175, 0.275, 0.275])
    # A base after the last observed day is that day.
    later = scenarios.average_duties(before, after, on="2025-07-01", as_of=AS_OF, base_on="2025-07-01")
    assert later["base_frac"].tolist() == pytest.approx([0.23, 0.275])


def test_a_path_has_a_row_for_every_day_on_which_either_schedule_changes(read: Callable) -> None:
    unnamed = step("us_c1", "2025-09-01", NAN, scope="q", basis="to_be_announced")
    trade(read, [*STEPS, step("us_b1", "2025-10-01", None), unnamed, step("us_d1", "2025-08-01", 0.1)])
    before, after = (scenarios.schedule(supposed(text), as_of=AS_OF) for text in (TODAY, ""))
    paths = tidy(scenarios.paths(before, after, as_of=AS_OF, until="2025-10-01"))
    assert paths.columns.tolist() == [
        "importer", "on", "before_frac", "after_frac", "before_headline_frac", "after_headline_frac",
    ]  # fmt: skip
    us = paths[paths["importer"].eq("US")]
    assert us["on"].dt.strftime("%F").tolist() == ["2025-06-11", "2025-07-01", "2025-08-01", "2025-09-01", "2025-10-01"]
    # Furniture has no rate from September on: it counts on no day.
    assert us["before_frac"].tolist() == pytest.approx([0.2] * 5)
    assert us["after_frac"].tolist() == pytest.approx([0.2, 0.2, 0.3, 0.3, 0.3])
    assert us["before_headline_frac"].tolist() == pytest.approx([0.2] * 5)
    assert us["after_headline_frac"].tolist() == pytest.approx([0.2, 0.2, 0.3, 0.3, 0.3])
    china = paths[paths["importer"].eq("CN")]
    assert china["on"].dt.strftime("%F").tolist() == ["2025-06-11"]
    assert china["after_frac"].tolist() == pytest.approx([0.275])
    assert china["after_headline_frac"].tolist() == pytest.approx([0.1])
    short = scenarios.paths(before, after, as_of=AS_OF, until="2025-01-01")
    assert short["on"].dt.strftime("%F").tolist() == ["2025-06-11"] * 2
    until = scenarios.paths(before, after, as_of=AS_OF, until="2025-07-31")
    assert until.loc[until["importer"].eq("US"), "after_frac"].tolist() == pytest.approx([0.2 + 0.03, 0.2 + 0.03 + 0.18])


# Responses: what is refused, and tables by hand.


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ((0, 0, 0), True), ((1, 20, 1), True), ((1.001, 1, 1), False), ((-0.001, 1, 1), False), ((1, 20.001, 1), False),
        ((1, -0.001, 1), False), ((1, 1, 1.001), False), ((1, 1, -0.001), False), ((True, 1, 1), False), ((NAN, 1, 1), False),
        ((1, np.float64(1), 1), True), (("1", 1, 1), False),
    ],
)  # fmt: skip
def test_parameters_have_bounds(given: tuple, allowed: bool) -> None:
    if allowed:
        assert scenarios.Behaviour(*given).elasticity == given[1]
    else:
        with pytest.raises(ParameterError):
            scenarios.Behaviour(*given)


@pytest.mark.parametrize(
    ("draws", "seed", "words"),
    [
        (1, 0, ""), (100_000, 7, ""), (100_001, 0, "draws must be"), (0, 0, "draws must be"), (True, 0, "draws must be"),
        (1.0, 0, "draws must be"), (1, -1, "seed must be"), (1, True, "seed must be"), (1, 0.0, "seed must be"),
    ],
)  # fmt: skip
def test_draws_and_seeds_have_bounds(draws: object, seed: object, words: str) -> None:
    if words:
        with pytest.raises(ParameterError, match=words):
            scenarios.check_draws(draws, seed)
    else:
        scenarios.check_draws(draws, seed)


def lines_of(*given: tuple[float, ...]) -> pd.DataFrame:
    columns = ["value_usd", "base_frac", "before_frac", "after_frac", "share_frac"]
    return pd.DataFrame(given, columns=columns, index=pd.Index([f"{number:06d}" for number in range(len(given))], name="code"))


@pytest.mark.parametrize(("rate", "allowed"), [(10.0, True), (10.01, False), (-0.99, True), (-1.0, False)])
def test_a_duty_that_is_a_mistake_in_units_is_refused_with_its_line(rate: float, allowed: bool) -> None:
    for place, name in enumerate(("base_frac", "before_frac", "after_frac"), 1):
        line = [100.0, 0.1, 0.1, 0.1, 0.5]
        line[place] = rate
        table = lines_of((100.0, 0.1, 0.1, 0.1, 0.5), tuple(line))
        if allowed:
            assert len(scenarios.effects(table, scenarios.Behaviour(0.5, 2.0, 0.5))) == 2
        else:
            with pytest.raises(ParameterError, match=f"{name} of 000001 is {rate:g}; duties are fractions"):
                scenarios.effects(table, scenarios.Behaviour(0.5, 2.0, 0.5))


def test_the_interval_runs_from_the_twentieth_to_the_nineteen_twentieth_of_the_draws() -> None:
    draws = pd.DataFrame({"one": np.arange(101.0), "other": 2 * np.arange(101.0)[::-1]})
    table = scenarios.intervals(draws)
    assert table.columns.tolist() == ["median", "low", "high"]
    assert table.loc["one"].tolist() == pytest.approx([50, 5, 95])
    assert table.loc["other"].tolist() == pytest.approx([100, 10, 190])
    assert table.index.name == "outcome"


def test_outcomes_by_hand_of_two_lines() -> None:
    """Prices move by 0.25 of 1 and not at all: 100 dollars of either; half of the first market is China's."""
    how = scenarios.Behaviour(pass_through_frac=1.0, elasticity=2.0, home_foreign_ratio=0.5)
    whole = scenarios.totals(scenarios.effects(lines_of((100.0, 0.0, 0.0, 0.25, 0.5), (100.0, 0.0, 0.0, 0.0, 0.5)), how))
    assert whole["imports_change_usd"] == pytest.approx(-36)
    assert whole["imports_change_frac"] == pytest.approx(-0.18)
    assert whole["price_change_frac"] == pytest.approx(0.125)
    assert whole["revenue_change_usd"] == pytest.approx(16)
    assert whole["own_loss_usd"] == pytest.approx(20 - 16)
    assert whole["deadweight_curve_usd"] == pytest.approx(4.5 + 20 - 20.5)
    assert whole["diversion_share_frac"] == pytest.approx(1 / 3)
    none = scenarios.totals(scenarios.effects(lines_of((100.0, 0.0, 0.1, 0.1, 0.5)), how))
    assert math.isnan(none["diversion_share_frac"])
    cut = scenarios.totals(scenarios.effects(lines_of((100.0, 0.0, 0.25, 0.0, 0.5)), how))
    assert cut["diversion_share_frac"] == pytest.approx(1 / 3)
    assert cut["own_loss_usd"] == pytest.approx(-20 + 16)
    unknown = scenarios.totals(scenarios.effects(lines_of((100.0, 0.0, 0.0, 0.25, NAN), (100.0, 0.0, 0.0, 0.0, 0.5)), how))
    assert math.isnan(unknown["diversion_share_frac"])
    assert unknown["imports_change_usd"] == pytest.approx(-36)


def test_the_response_of_both_sides_rests_on_the_same_draws() -> None:
    table = lines_of((100.0, 0.0, 0.1, 0.4, 0.5), (50.0, 0.0, 0.0, 0.2, 0.2))
    how = scenarios.behaviour()
    rows = tidy(scenarios.response({"CN": table, "US": table}, how, draws=40, seed=3))
    assert rows.columns.tolist() == ["importer", "outcome", "title", "given", "median", "low", "high"]
    assert rows["outcome"].tolist() == list(scenarios.OUTCOMES) * 2
    assert rows["title"].tolist() == list(scenarios.OUTCOMES.values()) * 2
    assert rows["importer"].tolist() == ["CN"] * len(scenarios.OUTCOMES) + ["US"] * len(scenarios.OUTCOMES)
    numbers = rows.groupby("importer")[["given", "median", "low", "high"]]
    np.testing.assert_array_equal(numbers.get_group("CN"), numbers.get_group("US"))
    given = scenarios.totals(scenarios.effects(table, how))
    assert rows["given"].tolist()[: len(scenarios.OUTCOMES)] == pytest.approx([given[name] for name in scenarios.OUTCOMES])
    assert (rows["low"] <= rows["median"]).all()
    assert (rows["median"] <= rows["high"]).all()
    # Whose own loss moves most, either way, whatever else does.
    loss = rows["outcome"].eq("own_loss_usd") & rows["importer"].eq("US")
    assert (
        scenarios.most_affected(
            rows.assign(given=rows["given"].mask(loss, -2 * rows["given"]).mask(~loss & rows["importer"].eq("US"), 0.0))
        )
        == "US"
    )
    assert scenarios.most_affected(rows.assign(given=rows["given"].mask(loss, 0.5 * rows["given"]))) == "CN"


def test_a_draw_is_the_answer_for_its_parameters_where_lines_share_some_of_their_duties() -> None:
    table = lines_of((100.0, 0.0, 0.1, 0.5, 0.5), (50.0, 0.0, 0.1, 0.9, 0.2), (70.0, 0.0, 0.2, 0.9, 0.3), (30.0, 0.0, 0.1, 0.5, 0.9))
    drawn = scenarios.simulate(table, scenarios.behaviour(), draws=3, rng=np.random.default_rng(5))
    for row in drawn.itertuples():
        how = scenarios.Behaviour(row.pass_through_frac, row.elasticity, row.home_foreign_ratio)
        whole = scenarios.totals(scenarios.effects(table, how))
        found = [getattr(row, name) for name in scenarios.OUTCOMES]
        assert found == pytest.approx([whole[name] for name in scenarios.OUTCOMES])


def test_a_parameter_given_replaces_the_default_and_nan_keeps_it() -> None:
    held_ = scenarios.ranges()
    assert held_.index.tolist() == ["pass_through_frac", "elasticity", "home_foreign_ratio"]
    default = scenarios.behaviour()
    assert [default.pass_through_frac, default.elasticity, default.home_foreign_ratio] == held_["default"].tolist()
    other = scenarios.behaviour(elasticity=2.0, pass_through_frac=NAN)
    assert (other.elasticity, other.pass_through_frac) == (2.0, default.pass_through_frac)


def test_the_tornado_names_the_range_and_where_the_ends_lie() -> None:
    """With no pass-through at all the price does not move: the outcome is then the least."""
    how = scenarios.Behaviour(0.5, 2.0, 0.5)
    rows = tidy(scenarios.tornado(lines_of((100.0, 0.0, 0.0, 0.2, 0.5)), how, outcome="price_change_frac")).set_index("parameter")
    held_ = scenarios.ranges()
    assert rows.index[0] == "pass_through_frac"
    first = rows.iloc[0]
    low, high = min(held_.loc["pass_through_frac", "low"], 0.5), held_.loc["pass_through_frac", "high"]
    assert first[["low", "high", "lowest_at", "highest_at"]].tolist() == pytest.approx([low, high, low, high])
    assert first[["lowest", "highest", "centre"]].tolist() == pytest.approx([0.2 * low, 0.2 * high, 0.1])
    assert first["title"] == held_.loc["pass_through_frac", "title"]
    others = rows.iloc[1:]
    assert (others["lowest"] == others["highest"]).all()
    assert others.index.tolist() == ["elasticity", "home_foreign_ratio"]
