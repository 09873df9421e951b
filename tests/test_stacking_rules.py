"""How duties add up, by cases of a made-up law: one table a rule, and the rule itself read word by word."""

import math
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import BEGIN, book, duty, exclusion, lines, stacked

from tradelib.errors import ParameterError
from tradelib.tariffs import books, stacking
from tradelib.tariffs.membership import Membership
from tradelib.tariffs.stacking import Assumptions

# An animal with a general rate of 2%, steel, a machine free of duty, one with 20%, and a chapter that is entered under rules of its own.
ANIMAL, STEEL, MACHINE, DEAR, SPECIAL = "0101210000", "7208100000", "8471300100", "8543700000", "9801001000"
LINES = lines({ANIMAL: 0.02, STEEL: 0.0, MACHINE: 0.0, DEAR: 0.20, SPECIAL: 0.0})
HALF = Assumptions(metal_content_frac=0.5)
ONLY = {code: f"codes:{code}" for code in LINES.codes}
NAN = math.nan


def of(code: str, *rows: dict[str, object], **choices: object) -> dict[str, float]:
    """Duty of every family on one line."""
    at = LINES.codes.tolist().index(code)
    return {family: layer[at] for family, layer in stacked(LINES, *rows, **choices).items()}


def same(one: dict[str, float], other: dict[str, float]) -> bool:
    return one == pytest.approx(other, abs=1e-12, nan_ok=True)


METAL = {"basis": "metal_content_value"}


@pytest.mark.parametrize(
    ("rows", "layers"),
    [
        # What displaces what: b gives way to a by as much of the value as a falls on, and no duty gives way to one that fell on nothing.
        ([duty("a", 0.25), duty("b", 0.1, yields_to="a")], {"a": 0.25, "b": 0.0}),
        ([duty("a", 0.25), duty("b", 0.1, yields_to="a"), duty("c", 0.05, yields_to="b")], {"a": 0.25, "b": 0.0, "c": 0.05}),
        ([duty("a", 0.5, **METAL), duty("b", 0.1, yields_to="a")], {"a": 0.25, "b": 0.05}),
        ([duty("a", 0.5, **METAL), duty("b", 0.1, yields_to="a"), duty("c", 0.2, yields_to="b")], {"a": 0.25, "b": 0.05, "c": 0.1}),
        # The duty on the metal alone displaces others for the whole good.
        ([duty("a", 0.5, basis="metal_content_value_alone"), duty("b", 0.1, yields_to="a")], {"a": 0.25, "b": 0.0}),
        # Two duties that each fall on all of it, or on half, displace no more than all.
        ([duty("a1", 0.1), duty("a2", 0.2), duty("b", 0.1, yields_to="a")], {"a": 0.3, "b": 0.0}),
        ([duty("a", 0.1, **METAL), duty("c", 0.2, **METAL), duty("b", 0.1, yields_to="a|c")], {"a": 0.05, "c": 0.1, "b": 0.0}),
        ([duty("a", 0.1, **METAL), duty("c", 0.2), duty("b", 0.1, yields_to="a|c")], {"a": 0.05, "c": 0.2, "b": 0.0}),
        # Only where it falls, only while it holds, only if it is collected; a family that is not there displaces nothing.
        ([duty("a", 0.25, scope=ONLY[STEEL]), duty("b", 0.1, yields_to="a")], {"a": 0.0, "b": 0.1}),
        ([duty("a", NAN, basis="suspended"), duty("b", 0.1, yields_to="a")], {"a": 0.0, "b": 0.1}),
        ([duty("a", 0.25, basis="suspended"), duty("b", 0.1, yields_to="a")], {"a": 0.0, "b": 0.1}),
        ([duty("b", 0.1, yields_to="a|x")], {"b": 0.1}),
        # A rate that is not known falls on the good all the same.
        ([duty("a", NAN, basis="to_be_announced"), duty("b", 0.1, yields_to="a")], {"a": NAN, "b": 0.0}),
        # So does one that adds nothing since the general rate is as high.
        ([duty("a", 0.0, basis="floor_total_incl_mfn"), duty("b", 0.1, yields_to="a")], {"a": 0.0, "b": 0.0}),
        # Whichever was announced first.
        ([duty("b", 0.1, yields_to="a"), duty("a", 0.25, announced_on="2025-02-01")], {"a": 0.25, "b": 0.0}),
        # One of two measures of a family gives way, the other does not.
        ([duty("a", 0.25), duty("b1", 0.1, yields_to="a"), duty("b2", 0.04)], {"a": 0.25, "b": 0.04}),
    ],
)
def test_a_duty_gives_way_by_as_much_as_the_other_falls_on(rows: list[dict], layers: dict[str, float]) -> None:
    assert same(of(MACHINE, *rows, assumptions=HALF), layers)
    assert same(of(MACHINE, *reversed(rows), assumptions=HALF), layers)


@pytest.mark.parametrize(
    ("rows", "rate"),
    [
        ([duty("a1", 0.1), duty("a2", 0.25)], 0.35),
        # One holds where any of the family says so: the highest.
        ([duty("a1", 0.1, within_family="highest"), duty("a2", 0.25, within_family="highest")], 0.25),
        ([duty("a1", 0.25, within_family="highest"), duty("a2", 0.1)], 0.25),
        # The lowest number goes first, whatever the rate; one without a number goes last.
        ([duty("a1", 0.1, within_family="highest", priority=1), duty("a2", 0.25, within_family="highest", priority=2)], 0.1),
        ([duty("a1", 0.25, within_family="highest", priority=2), duty("a2", 0.1, within_family="highest", priority=1)], 0.1),
        ([duty("a1", 0.25, within_family="highest"), duty("a2", 0.1, within_family="highest", priority=9)], 0.1),
        ([duty("a1", 0.3, within_family="highest", priority=2), duty("a2", 0.4, within_family="highest", priority=2)], 0.4),
        # A floor that adds nothing goes first all the same; what is suspended, or covers other goods, does not.
        (
            [duty("a1", 0.0, within_family="highest", priority=1, basis="floor_total_incl_mfn"), duty("a2", 0.25, priority=2)],
            0.0,
        ),
        ([duty("a1", 0.5, within_family="highest", priority=1, basis="suspended"), duty("a2", 0.25, priority=2)], 0.25),
        ([duty("a1", 0.5, within_family="highest", priority=1, scope=ONLY[STEEL]), duty("a2", 0.25, priority=2)], 0.25),
        # A rate that is not known does not hide behind a known one.
        ([duty("a1", NAN, within_family="highest", basis="to_be_announced"), duty("a2", 0.25)], NAN),
        ([duty("a1", 0.25, within_family="highest"), duty("a2", NAN, basis="to_be_announced")], NAN),
        ([duty("a1", NAN, within_family="highest", priority=2, basis="to_be_announced"), duty("a2", 0.25, priority=1)], 0.25),
        # A third one is looked at after two: the first rank that covers the good decides.
        (
            [
                duty("a1", 0.5, within_family="highest", priority=1, scope=ONLY[STEEL]),
                duty("a2", 0.1, priority=2),
                duty("a3", 0.15, priority=2),
                duty("a4", 0.9, priority=3),
            ],
            0.15,
        ),
    ],
)
def test_within_a_family_all_add_or_one_holds(rows: list[dict], rate: float) -> None:
    assert same(of(MACHINE, *rows), {"a": rate})
    assert same(of(MACHINE, *reversed(rows)), {"a": rate})


def test_of_equal_rates_one_holds_and_it_is_the_first_by_name() -> None:
    effects: list[stacking.StepEffect] = []
    held = book(duty("a2", 0.25, within_family="highest"), duty("a1", 0.25, within_family="highest"))
    stacking.stack(held, LINES, Membership(LINES), on=date(2025, 6, 1), effects=effects)
    assert {effect.step.measure_id: effect.applied.tolist()[0] for effect in effects} == {"a1": 0.25, "a2": 0.0}
    assert [effect.offered.tolist()[0] for effect in effects] == [0.25, 0.25]


def test_what_does_not_hold_displaces_nothing() -> None:
    """a1 holds on half of the good's value, so a2, which would fall on all of it, leaves b the other half."""
    rows = [duty("a1", 0.5, within_family="highest", priority=1, **METAL), duty("a2", 0.9, priority=2), duty("b", 0.1, yields_to="a")]
    assert same(of(MACHINE, *rows, assumptions=HALF), {"a": 0.25, "b": 0.05})


@pytest.mark.parametrize(("code", "rate"), [(MACHINE, 0.15), (ANIMAL, 0.13), (DEAR, 0.0)])
def test_a_floor_tops_the_general_rate_up_and_takes_nothing_off(code: str, rate: float) -> None:
    assert same(of(code, duty("a", 0.15, basis="floor_total_incl_mfn")), {"a": rate})


def test_every_good_ends_with_chapter_97() -> None:
    assert same(of(SPECIAL, duty("a", 0.1)), {"a": 0.0})
    assert same(of(SPECIAL, duty("a", 0.1, scope=ONLY[SPECIAL])), {"a": 0.1})


def test_scopes_of_one_step_cover_a_good_once() -> None:
    assert same(of(STEEL, duty("a", 0.1, scope=f"{ONLY[STEEL]}|all")), {"a": 0.1})


@pytest.mark.parametrize(
    ("choice", "machine", "steel"),
    [
        (Assumptions(metal_content_frac=0.5), 0.2, 0.2),
        (Assumptions(metal_content_frac=0.0), 0.0, 0.0),
        (Assumptions(metal_content_frac=1.0), 0.4, 0.4),
        (Assumptions(metal_content_frac=0.5, metal_chapters_frac=0.25), 0.2, 0.1),
        (Assumptions(metal_content_frac=0.5, metal_chapters_frac=0.0), 0.2, 0.0),
        (Assumptions(metal_content_frac=0.5, metal_chapters_frac=1), 0.2, 0.4),
    ],
)
def test_a_duty_on_the_metal_falls_on_its_share(choice: Assumptions, machine: float, steel: float) -> None:
    row = duty("a", 0.4, **METAL)
    assert of(MACHINE, row, assumptions=choice)["a"] == pytest.approx(machine)
    assert of(STEEL, row, assumptions=choice)["a"] == pytest.approx(steel)


def test_a_metal_chapter_is_all_metal_unless_a_share_is_given() -> None:
    row = duty("a", 0.4, **METAL)
    low, middle, high = (of(MACHINE, row, assumptions=Assumptions(end))["a"] for end in ("low", None, "high"))
    assert 0 < low < middle < high < 0.4
    assert [of(STEEL, row, assumptions=Assumptions(end))["a"] for end in ("low", None, "high")] == [0.4] * 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"metal_content_frac": "half"},
        {"metal_content_frac": -0.01},
        {"metal_content_frac": 1.01},
        {"metal_chapters_frac": 1.01},
        {"metal_chapters_frac": -0.01},
        {"metal_chapters_frac": "low"},
        {"exclusions": "some"},
    ],
)
def test_a_choice_outside_what_is_allowed_is_refused(wrong: dict[str, object]) -> None:
    name = next(iter(wrong))
    with pytest.raises(ParameterError, match=name) as refused:
        Assumptions(**wrong)
    assert ("`low` or `high`" in str(refused.value)) == (name == "metal_content_frac")
    for share in (0, 1, 0.5, None):
        Assumptions(metal_content_frac=share, metal_chapters_frac=share)


FIRST, PAST = "2025-03-10", "2025-03-20"


@pytest.mark.parametrize(("on", "holds"), [("2025-03-09", False), (FIRST, True), ("2025-03-19", True), (PAST, False)])
def test_a_duty_holds_from_its_first_day_to_the_one_before_its_end(on: str, holds: bool) -> None:
    row = duty("a", 0.1, effective_from=FIRST, effective_to=PAST)
    assert of(MACHINE, row, on=on)["a"] == (0.1 if holds else 0.0)
    assert len(book(row).active(date.fromisoformat(on))) == holds
    # One book is asked about many days: what it remembers of one is not the answer for the next.
    held = book(row)
    assert [len(held.active(date(2025, 3, number))) for number in (9, 10, 19, 20, 15, 1)] == [0, 1, 1, 0, 1, 0]


@pytest.mark.parametrize(("on", "free"), [("2025-03-09", False), (FIRST, True), ("2025-03-19", True), (PAST, False)])
def test_an_exclusion_frees_a_good_from_its_first_day_to_its_last(on: str, free: bool) -> None:
    rows = [duty("a", 0.1, exempt=ONLY[MACHINE]), exclusion("x", ONLY[MACHINE], effective_from=FIRST, effective_to=PAST)]
    assert of(MACHINE, *rows, on=on)["a"] == (0.0 if free else 0.1)
    assert of(DEAR, *rows, on=on)["a"] == 0.1


def test_an_exclusion_frees_only_from_the_duty_that_names_its_goods() -> None:
    rows = [duty("a", 0.1, exempt=ONLY[MACHINE]), duty("b", 0.2), exclusion("x", ONLY[MACHINE])]
    assert same(of(MACHINE, *rows), {"a": 0.0, "b": 0.2})


def test_goods_that_a_text_exempts_are_free_without_an_exclusion() -> None:
    rows = [duty("a", 0.1, exempt=f"{ONLY[MACHINE]}|{ONLY[STEEL]}"), exclusion("x", ONLY[STEEL], effective_to=PAST)]
    assert of(MACHINE, *rows)["a"] == 0.0
    assert of(STEEL, *rows)["a"] == 0.1


@pytest.mark.parametrize(("on", "b"), [("2025-03-09", 0.0), (FIRST, 0.05), ("2025-03-19", 0.05), (PAST, 0.0)])
def test_goods_of_a_displacing_duty_are_exempt_until_it_begins_and_then_displaced(on: str, b: float) -> None:
    a = duty("a", 0.5, scope=ONLY[MACHINE], effective_from=FIRST, effective_to=PAST, **METAL)
    rows = [a, duty("b", 0.1, exempt=ONLY[MACHINE], yields_to="a")]
    assert of(MACHINE, *rows, on=on, assumptions=HALF)["b"] == pytest.approx(b)
    # A duty to which b does not give way leaves the goods exempt.
    assert of(MACHINE, a, duty("b", 0.1, exempt=ONLY[MACHINE]), on=on, assumptions=HALF)["b"] == 0.0


def test_days_of_change_are_those_of_duties_and_exclusions_without_the_open_end() -> None:
    held = book(
        duty("a", 0.1, effective_from="2025-02-01", effective_to="2025-05-01"),
        duty("a", 0.2, effective_from="2025-05-01"),
        exclusion("x", ONLY[STEEL], effective_from="2025-03-01", effective_to="2025-04-01"),
    )
    expected = [date(2025, month, 1) for month in (2, 3, 4, 5)]
    assert held.change_days() == expected
    assert held.days == frozenset(expected)
    assert held.excluding == {ONLY[STEEL]}


def test_only_what_is_a_duty_of_the_importer_is_bound() -> None:
    held = book(
        duty("a", 0.1, exempt=ONLY[DEAR]),
        duty("b", 0.2, importer="CN"),
        duty("c", NAN, basis="ended"),
        duty("d", 0.1, kind="fee"),
        exclusion("x", ONLY[STEEL]),
        exclusion("y", ONLY[MACHINE]) | {"basis": "ended"},
    )
    assert [step.measure_id for step in held.duties] == ["a"]
    assert [step.measure_id for step in held.exclusions] == ["x"]
    assert held.families == ("a",)
    assert held.scopes() == {"all", ONLY[DEAR]}
    assert [row["measure_id"] for row in held.texts] == ["a", "c", "d", "x", "y"]
    assert all(held.texts[step.row]["measure_id"] == step.measure_id for step in (*held.duties, *held.exclusions))


def test_a_table_that_is_no_schedule_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(ParameterError, match="they have no column yields_to, basis"):
        books.bind(pd.DataFrame([duty("a", 0.1)]).drop(columns=["basis", "yields_to"]), "US")


def test_families_stand_in_order_of_their_announcement_but_after_those_they_yield_to() -> None:
    rows = [
        duty("c", 0.1, announced_on="2025-01-01", yields_to="a|z"),
        duty("d", 0.1, announced_on="2025-01-02", yields_to="d"),
        duty("b", 0.1, announced_on="2025-01-03", yields_to="c"),
        duty("a", 0.1, announced_on="2025-01-04"),
    ]
    assert book(*rows).families == ("d", "a", "c", "b")
    assert list(stacked(LINES, *rows)) == ["d", "a", "c", "b"]


def test_claims_count_for_the_exemptions_that_have_them() -> None:
    held = book(duty("a", 0.1), claims={"one": 0.4, "other": 0.7})
    assert held.claimed(("other", "none")) == (("other", 0.7),)
    assert held.claimed(()) == ()


def test_without_a_duty_nothing_is_added() -> None:
    assert stacking.added({}, 3).tolist() == [0, 0, 0]
    assert stacking.added({"a": np.array([0.1, 0.2]), "b": np.array([0.0, NAN])}, 2) == pytest.approx([0.1, NAN], nan_ok=True)


def test_families_that_displace_one_another_in_a_circle_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"in a circle: a, b\."):
        book(duty("a", 0.1, yields_to="b"), duty("b", 0.1, yields_to="a"), duty("c", 0.1, yields_to="x"))


# Goods covered in part: two of the five lines of a Chinese subheading, described goods of another, and a third in full.

PARTS = lines({"010121": 0.05, "010130": 0.0, "720810": 0.0}, importer="CN", parts=[5, 1, 1])


def parts(reading: Callable, *rows: dict[str, object], claims: dict[str, float] | None = None, **choices: object) -> dict[str, list[float]]:
    """Duties on the three subheadings, of which the list `s` covers 0.4, perhaps all, and all."""
    codes = [("01012110", "full"), ("01012190", "full"), ("010130", "partial"), ("720810", "full")]
    names = {"what": "s", "held": "codes", "nomenclature": "HS 2022"}
    reading(
        scopes=[{"scope": "s"} | names, {"scope": "all"} | names],
        product_scopes=[{"scope": "s", "code": code, "coverage": coverage} for code, coverage in codes],
        wto_exclusions=[
            {"code": "010121", "effective_on": "2025-01-01", "share_frac": 0.5, "published_on": "2025-01-01"},
            {"code": "720810", "effective_on": "2025-01-01", "share_frac": 0.2, "published_on": "2025-01-01"},
        ],
        cn_waivers=[],
    )
    held = book(*(row | {"importer": "CN"} for row in rows), importer="CN", claims=claims)
    layers = stacking.stack(held, PARTS, Membership(PARTS), on=date(2025, 6, 1), **choices)
    return {family: layer.round(12).tolist() for family, layer in layers.items()}


@pytest.mark.parametrize(
    ("rows", "choices", "layers"),
    [
        ([duty("a", 0.25, scope="s")], {}, {"a": [0.1, 0, 0.25]}),
        ([duty("a", 0.25, scope="s", basis="floor_total_incl_mfn")], {}, {"a": [0.08, 0, 0.25]}),
        ([duty("a", 0.25, scope="s"), duty("b", 0.1, yields_to="a")], {}, {"a": [0.1, 0, 0.25], "b": [0.06, 0.1, 0]}),
        ([duty("a", 0.25, scope="s", **METAL)], {"assumptions": HALF}, {"a": [0.05, 0, 0.125]}),
        # Described goods count only where that is asked for.
        ([duty("a", 0.25, scope="s")], {"assumptions": Assumptions(partial_duties=True)}, {"a": [0.1, 0.25, 0.25]}),
        ([duty("a", 0.1, exempt="s")], {}, {"a": [0.06, 0.1, 0]}),
        ([duty("a", 0.1, exempt="s")], {"assumptions": Assumptions(partial_exemptions=True)}, {"a": [0.06, 0, 0]}),
        ([duty("a", 0.1, exempt="s")], {"assumptions": Assumptions(claimed_exclusions=True)}, {"a": [0.06, 0.1, 0]}),
        ([duty("a", 0.1, exempt="s")], {"claims": {"s": 0.3}}, {"a": [0.06, 0.1, 0]}),
        ([duty("a", 0.1, exempt="s")], {"claims": {"s": 0.3}, "assumptions": Assumptions(claimed_exclusions=True)}, {"a": [0.06, 0.07, 0]}),
    ],
)
def test_a_good_covered_in_part_owes_its_part(read: Callable, rows: list[dict], choices: dict, layers: dict[str, list[float]]) -> None:
    assert parts(read, *rows, **choices) == layers


def test_exclusions_as_the_wto_counts_them_are_taken_off_china_s_answer_to_section_301_alone(read: Callable) -> None:
    rows = [duty("cn", 0.2, family="cn_s301_retaliation"), duty("b", 0.1)]
    assert parts(read, *rows) == {"b": [0.1] * 3, "cn_s301_retaliation": [0.2] * 3}
    effects: list[stacking.StepEffect] = []
    granted = {"assumptions": Assumptions(exclusions="granted")}
    assert parts(read, *rows, effects=effects, **granted) == {"b": [0.1] * 3, "cn_s301_retaliation": [0.1, 0.2, 0.16]}
    assert {effect.step.measure_id: effect.applied.round(12).tolist() for effect in effects} == {"b": [0.1] * 3, "cn": [0.1, 0.2, 0.16]}
    assert parts(read, *rows, only=np.array([0, 2]), **granted) == {"b": [0.1] * 2, "cn_s301_retaliation": [0.1, 0.16]}


def test_goods_that_only_a_later_exclusion_names_are_not_exempt_before_it(read: Callable) -> None:
    """The exclusion is in the ledger and not in the schedule that is known: its goods owe the duty."""
    said = {"announced_on": BEGIN, "importer": "US", "exporter": "CN", "within_family": "add"}
    step = {"announced_on": BEGIN, "effective_on": BEGIN, "standing": "instrument", "confidence": "high"}
    read(
        tariff_measures=[{"measure_id": "x", "kind": "exclusion"} | said, {"measure_id": "a", "kind": "duty"} | said],
        tariff_steps=[
            {"measure_id": "x", "basis": "exclusion", "scope": f"{ONLY[MACHINE]}|{ONLY[DEAR]}", "rate_frac": 0.0} | step,
            {"measure_id": "a", "basis": "full_value", "scope": ONLY[STEEL], "rate_frac": 0.1} | step,
        ],
    )
    rate = duty("a", 0.1, exempt="|".join(ONLY[code] for code in (MACHINE, DEAR, STEEL)))
    assert [of(code, rate)["a"] for code in (ANIMAL, MACHINE, DEAR, STEEL)] == [0.1, 0.1, 0.1, 0.0]


# The rule word by word, for one good, against any law of a few measures.

BASES = (
    "full_value",
    "full_value",
    "metal_content_value",
    "metal_content_value_alone",
    "floor_total_incl_mfn",
    "suspended",
    "to_be_announced",
)
SCOPES = ("all", ONLY[ANIMAL], f"{ONLY[STEEL]}|{ONLY[DEAR]}", ONLY[MACHINE])


@st.composite
def laws(draw: st.DrawFn) -> list[dict[str, object]]:
    """Up to six measures of three families, of which later ones give way to earlier ones; and an exclusion."""
    rows = []
    for number in range(draw(st.integers(1, 6))):
        family = draw(st.sampled_from("abc"))
        before = draw(st.sets(st.sampled_from("abc"[: "abc".index(family)]))) if family != "a" else set()
        start = date(2025, 1, 1) + timedelta(days=draw(st.integers(0, 3)))
        past = draw(st.one_of(st.none(), st.integers(1, 3).map(lambda length, start=start: start + timedelta(days=length))))
        rows.append(
            duty(
                f"{family}{number}", draw(st.sampled_from([0.0, 0.05, 0.1, 0.1, 0.25])), basis=draw(st.sampled_from(BASES)),
                scope=draw(st.sampled_from(SCOPES)), exempt=draw(st.sampled_from(["", "", ONLY[ANIMAL], SCOPES[2], ONLY[MACHINE]])),
                yields_to="|".join(sorted(before)), within_family=draw(st.sampled_from(["add", "add", "highest"])),
                priority=draw(st.sampled_from([NAN, 1.0, 2.0])), effective_from=start, effective_to=past,
                announced_on=date(2025, 1, 1) + timedelta(days=draw(st.integers(0, 2))),
            )
        )  # fmt: skip
    if draw(st.booleans()):
        rows.append(exclusion("x", ONLY[ANIMAL], effective_from="2025-01-02", effective_to="2025-01-04"))
    return rows


def by_hand(rows: list[dict[str, object]], code: str, mfn: float, on: date) -> dict[str, float]:
    """Duty of each family on one good, from the rule as `stacking` words it."""
    day = pd.Timestamp(on)
    held = [row for row in rows if row["effective_from"] <= day and not row["effective_to"] <= day]
    excluded = {row["scope"] for row in rows if row["kind"] == "exclusion"}
    granted = {row["scope"] for row in held if row["kind"] == "exclusion"}
    layers, fell = {}, {}
    for family in "abc":
        steps = [row for row in held if row["family"] == family and row["kind"] == "duty"]
        one_holds = any(row["within_family"] == "highest" for row in steps)
        offers = []
        for row in steps:
            displacing = {scope for other in held if other["family"] in row["yields_to"].split("|") for scope in other["scope"].split("|")}
            exempt = {
                scope for scope in row["exempt"].split("|") if scope not in displacing and (scope not in excluded or scope in granted)
            }
            covered = "all" in row["scope"] or code in row["scope"]
            if covered and not any(code in scope for scope in exempt):
                offers.append((row, *offered(row, mfn)))
        if one_holds:
            collected = [offer for offer in offers if offer[0]["basis"] != "suspended"]
            offers = sorted(collected, key=rank)[:1]
        layers[family] = fell[family] = 0.0
        for row, rate, share in offers:
            left = 1 - min(1, sum(fell[other] for other in row["yields_to"].split("|") if other))
            layers[family] += rate * left
            fell[family] += share * left
    return layers


def offered(row: dict[str, object], mfn: float) -> tuple[float, float]:
    """(rate, share of the value) that a measure would fall with; half of every good is metal."""
    rate = row["rate_frac"]
    return {
        "full_value": (rate, 1.0), "metal_content_value": (rate / 2, 0.5), "metal_content_value_alone": (rate / 2, 1.0),
        "floor_total_incl_mfn": (max(rate - mfn, 0.0), 1.0), "suspended": (0.0, 0.0), "to_be_announced": (NAN, 1.0),
    }[row["basis"]]  # fmt: skip


def rank(offer: tuple[dict[str, object], float, float]) -> tuple[float, float, str]:
    row, rate, _ = offer
    return (math.inf if math.isnan(row["priority"]) else row["priority"], -math.inf if math.isnan(rate) else -rate, row["measure_id"])


@settings(deadline=None, max_examples=120)
@given(laws(), st.integers(0, 6))
def test_any_law_adds_up_as_the_rule_says(rows: list[dict[str, object]], days: int) -> None:
    on, scopes, held = date(2025, 1, 1) + timedelta(days=days), Membership(LINES), book(*rows)
    layers = stacking.stack(held, LINES, scopes, on=on, assumptions=HALF)
    for at, (code, mfn) in enumerate(zip(LINES.codes[:-1], LINES.mfn(on)[:-1], strict=True)):
        expected = by_hand(rows, code, mfn, on)
        assert same({family: layers[family][at] for family in layers}, {family: expected[family] for family in layers})
    only = np.array([0, 2, 3])
    some = stacking.stack(held, LINES, scopes, on=on, assumptions=HALF, only=only)
    effects: list[stacking.StepEffect] = []
    stacking.stack(held, LINES, scopes, on=on, assumptions=HALF, effects=effects)
    for family, layer in layers.items():
        np.testing.assert_array_equal(some[family], layer[only])
        told = np.zeros(len(LINES.codes))
        for effect in effects:
            if effect.step.family == family:
                np.add.at(told, effect.positions, effect.applied)
        np.testing.assert_allclose(told, layer, atol=1e-12)
    assert len(effects) == len(held.active(on))
