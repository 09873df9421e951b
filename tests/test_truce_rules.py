"""Clocks, promises, measures beyond tariffs and events of a made-up truce, by cases with days on both sides of each bound."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest
from made_up import tidy

from tradelib import truce
from tradelib.errors import DayError, ParameterError
from tradelib.truce.clocks import UNSEEN

END = "2025-06-30"


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def days(column: pd.Series) -> list[str]:
    return column.dt.strftime("%F").fillna("").tolist()


def clock(name: str, announced: str, expires: str | None, **said: object) -> dict[str, object]:
    """One announcement of a clock: by law, of the United States, a suspension, unless said otherwise."""
    return {
        "clock": name, "basis": "legal", "side": "US", "what_expires": f"what {name} counts", "kind": "suspension",
        "announced_on": announced, "expires_on": expires, "confidence": "high", "source": f"text of {announced}",
        "url": f"https://example.org/{announced}",
    } | said  # fmt: skip


STATED = {"basis": "political", "side": "both"}


@pytest.mark.parametrize(
    ("expires", "last", "as_of", "state", "left"),
    [
        ("2025-06-10", False, "2025-06-09", "running", 1),
        ("2025-06-10", False, "2025-06-10", "run out", None),
        ("2025-06-10", True, "2025-06-10", "running", 1),
        ("2025-06-10", True, "2025-06-11", "run out", None),
        (None, False, "2025-06-10", "open", None),
        # Days after the last observed one: that they passed is known, and nothing of what came of them.
        ("2025-06-30", False, "2025-07-02", "run out", None),
        ("2025-06-30", True, "2025-07-02", UNSEEN, None),
        ("2025-07-01", False, "2025-07-01", UNSEEN, None),
        ("2025-07-01", False, "2025-07-02", UNSEEN, None),
        ("2025-07-03", False, "2025-07-02", "running", 1),
    ],
)
def test_a_clock_runs_to_its_day(read: Callable, expires: str, last: bool, as_of: str, state: str, left: int | None) -> None:
    read(through=END, deadlines=[clock("A", "2025-05-01", expires, is_last_day=last)])
    (row,) = truce.clocks(as_of=as_of).itertuples()
    assert (row.state, None if pd.isna(row.days_left) else row.days_left) == (state, left)


def test_clocks_that_run_come_first_and_the_next_to_expire_on_top(read: Callable) -> None:
    rows = [clock("B", "2025-05-01", "2025-06-20"), clock("A", "2025-05-01", "2025-06-25"), clock("C", "2025-05-01", None)]
    rows += [
        clock("D", "2025-05-01", "2025-06-20"),
        clock("E", "2025-05-01", "2025-06-01"),
        clock("A", "2025-05-01", "2025-06-21", **STATED),
    ]
    read(through="2025-06-05", deadlines=rows)
    found = tidy(truce.clocks(as_of="2025-06-10"))
    assert found["clock"].tolist() == ["B", "D", "A", "A", "C", "E"]
    assert found["basis"].tolist()[2:4] == ["political", "legal"]
    late = truce.clocks(as_of="2025-06-22")
    assert list(zip(late["clock"], late["state"], strict=True)) == [
        ("A", "running"), ("C", "open"), ("B", UNSEEN), ("D", UNSEEN), ("A", UNSEEN), ("E", "run out"),
    ]  # fmt: skip


def test_a_clock_keeps_the_days_it_had_before_and_a_suspension_gives_the_first_day_without(read: Callable) -> None:
    read(
        deadlines=[
            clock("A", "2025-03-01", "2025-04-09", is_last_day=True),
            clock("A", "2025-04-01", "2025-06-10"),
            clock("A", "2025-04-02", None),
            clock("A", "2025-04-03", "2025-05-10"),
            clock("A", "2025-04-04", "2025-05-10"),
            clock("A", "2025-04-05", "2025-04-20"),
            clock("A", "2025-05-01", "2025-06-10"),
            clock("A", "2025-05-01", "2025-08-10", **STATED),
            clock("P", "2025-03-01", "2025-04-09", is_last_day=True, kind="promise"),
            clock("P", "2025-04-01", "2025-07-09", is_last_day=True, kind="promise"),
        ]
    )
    rows = truce.clocks(as_of="2025-06-01").set_index(["clock", "basis"])
    assert rows.loc[("A", "legal"), "earlier_ends"] == "2025-04-10|2025-04-20|2025-05-10"
    assert rows.loc[("A", "political"), "earlier_ends"] == ""
    assert rows.loc[("P", "legal"), "earlier_ends"] == "2025-04-09"
    assert truce.clocks(as_of="2025-03-31").set_index("clock").loc["A", "earlier_ends"] == ""


def test_the_same_end_said_again_is_none_it_had_before(read: Callable) -> None:
    said = [(day, name, kind) for day in ("2025-03-01", "2025-04-01") for name, kind in (("P", "promise"), ("S", "suspension"))]
    read(deadlines=[clock(name, day, "2025-07-09", is_last_day=True, kind=kind) for day, name, kind in said])
    assert truce.clocks(as_of="2025-06-01")["earlier_ends"].tolist() == ["", ""]


TRUCE = clock("TRUCE", "2025-05-12", "2025-08-12", **STATED, phase="One", starts_on="2025-05-14")


def test_law_and_statement_of_one_clock_are_one_row_by_the_nearer_day(read: Callable) -> None:
    read(
        through="2025-06-12",
        deadlines=[
            TRUCE,
            clock("US-RECIP", "2025-05-12", "2025-08-12"),
            clock("CN-TARIFF", "2025-05-13", "2025-08-10", side="CN"),
            clock("CN-OTHER", "2025-05-13", "2025-08-01", side="CN"),
            clock("S", "2025-05-01", "2025-07-09", is_last_day=True),
            clock("S", "2025-05-02", "2025-07-20", is_last_day=True, **STATED),
            clock("P", "2025-05-01", "2025-07-15", is_last_day=True, kind="promise"),
            clock("P", "2025-05-20", "2025-07-12", is_last_day=True, kind="promise", **STATED),
            clock("T", "2025-05-01", None, term="one more year", **STATED),
            clock("U", "2025-05-01", None, **STATED),
            clock("V", "2025-05-01", "2025-06-14"),
            clock("W", "2025-05-01", "2025-06-12"),
        ],
    )
    rows = tidy(truce.law_and_statement(as_of="2025-06-15"))
    assert rows["clock"].tolist() == ["TRUCE", "V", "S", "P", "CN-OTHER", "CN-TARIFF", "US-RECIP", "T"]
    table = rows.set_index("clock")
    assert days(table["legal_on"]) == ["2025-08-10", "2025-06-14", "2025-07-10", "2025-07-15", "2025-08-01", "2025-08-10", "2025-08-12", ""]
    assert days(table["stated_on"]) == ["2025-08-12", "", "2025-07-21", "2025-07-12", "", "", "", ""]
    assert table["days_left"].fillna(-99).tolist() == [56, -1, 25, 27, 47, 56, 58, -99]
    assert table["legal_side"].tolist() == ["CN", "US", "US", "US", "CN", "CN", "US", ""]
    assert table["is_last_day"].tolist() == [False, False, False, True, False, False, False, False]
    assert table["stated_term"].tolist() == [*[""] * 7, "one more year"]
    assert table.loc["P", ["source", "url"]].tolist() == ["text of 2025-05-20", "https://example.org/2025-05-20"]
    assert table.loc["S", ["source", "legal_source", "stated_source"]].tolist() == [
        "text of 2025-05-01",
        "text of 2025-05-01",
        "text of 2025-05-02",
    ]
    assert f"{table.loc['P', 'legal_known_on']:%F} {table.loc['P', 'stated_known_on']:%F}" == "2025-05-01 2025-05-20"
    assert table.loc["TRUCE", ["legal_source", "side"]].tolist() == ["text of 2025-05-13", "both"]


def test_the_ends_that_a_clock_had_in_law_or_by_words_are_listed_once(read: Callable) -> None:
    read(
        deadlines=[
            clock("A", "2025-03-01", "2025-07-01"),
            clock("A", "2025-03-02", "2025-06-20"),
            clock("A", "2025-03-03", "2025-09-01"),
            clock("A", "2025-03-04", "2025-07-15"),
            clock("A", "2025-05-01", "2025-08-01"),
            clock("A", "2025-03-01", "2025-07-01", **STATED),
            clock("A", "2025-05-01", "2025-08-10", **STATED),
            clock("B", "2025-03-01", "2025-07-01"),
            clock("B", "2025-05-01", "2025-08-01"),
            clock("B", "2025-05-01", "2025-08-10", **STATED),
        ]
    )
    rows = truce.law_and_statement(as_of="2025-06-01").set_index("clock")
    assert rows["earlier_ends"].to_dict() == {"A": "2025-06-20|2025-07-01|2025-07-15|2025-09-01", "B": "2025-07-01"}
    none = truce.law_and_statement(as_of="2025-02-01")
    assert none.empty
    assert none.filter(regex="_on$").dtypes.eq("datetime64[us]").all()


@pytest.mark.parametrize(
    ("ends", "law_on", "side"),
    [
        ({}, None, "both"),
        ({"US": "2025-08-12"}, "2025-08-12", "US"),
        ({"CN": "2025-08-12"}, "2025-08-12", "CN"),
        ({"US": "2025-08-12", "CN": "2025-08-12"}, "2025-08-12", "both"),
        ({"US": "2025-08-12", "CN": "2025-08-10"}, "2025-08-10", "CN"),
        ({"US": "2025-08-10", "CN": "2025-08-12"}, "2025-08-10", "US"),
    ],
)
def test_the_law_ends_with_the_first_text_that_does(ends: dict[str, str], law_on: str | None, side: str) -> None:
    held = truce.TruceClock(as_of=date(2025, 6, 9), law_ends_on={each: date.fromisoformat(text) for each, text in ends.items()})
    assert (held.law_on, held.law_side) == (day(law_on), side)


def test_where_both_orders_name_one_day_the_law_is_of_both(read: Callable) -> None:
    orders = [clock("US-RECIP", "2025-05-12", "2025-08-12"), clock("CN-TARIFF", "2025-05-13", "2025-08-11", side="CN", is_last_day=True)]
    read(deadlines=[TRUCE, *orders, clock("US-RECIP", "2025-05-12", "2025-07-01", **STATED)])
    row = truce.law_and_statement(as_of="2025-06-15").iloc[0]
    assert row[["clock", "legal_side", "legal_source"]].tolist() == ["TRUCE", "both", "text of 2025-05-12; text of 2025-05-13"]
    assert f"{row['legal_on']:%F} {row['legal_known_on']:%F}" == "2025-08-12 2025-05-13"


def test_phases_are_those_of_the_truce_and_a_text_carries_one_that_ends_on_its_day(read: Callable) -> None:
    read(
        deadlines=[
            TRUCE,
            clock("TRUCE", "2025-08-01", "2025-11-10", **STATED, phase="Two", starts_on="2025-08-12"),
            clock("TRUCE", "2025-08-05", "2025-11-12", basis="political", side="US", phase="Two", starts_on="2025-08-12"),
            clock("US-RECIP", "2025-05-12", "2025-08-12"),
            clock("CN-OTHER", "2025-08-05", "2025-11-12", side="CN"),
            clock("CN-TARIFF", "2025-08-05", "2025-11-12", basis="political"),
        ]
    )
    rows = tidy(truce.phases(as_of="2025-08-06"))
    assert rows["phase"].tolist() == ["One", "Two"]
    assert days(rows["ends_on"]) == ["2025-08-12", "2025-11-12"]
    assert rows["has_instrument"].tolist() == [True, False]
    assert truce.phases(as_of="2025-08-04")["ends_on"].iloc[1] == pd.Timestamp("2025-11-10")
    assert truce.phases(as_of="2025-07-31")["phase"].tolist() == ["One"]
    assert truce.phases(as_of="2025-05-11").empty


def test_phases_are_in_order_of_their_first_day_and_one_without_an_end_has_no_text(read: Callable) -> None:
    read(
        deadlines=[
            TRUCE,
            clock("TRUCE", "2025-06-01", None, **STATED, phase="Two", starts_on="2025-08-12"),
            clock("TRUCE", "2025-06-05", "2025-08-10", **STATED, phase="One", starts_on="2025-05-14"),
            clock("US-RECIP", "2025-05-12", "2025-08-10"),
            clock("CN-TARIFF", "2025-05-12", None, side="CN"),
        ]
    )
    rows = truce.phases(as_of="2025-06-10")
    assert list(zip(rows["phase"], days(rows["ends_on"]), rows["has_instrument"], strict=True)) == [
        ("One", "2025-08-10", True), ("Two", "", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "word", "phase", "left"),
    [
        ("2025-05-11", "none", "", None),
        ("2025-05-12", "running", "", 92),
        ("2025-05-13", "running", "", 91),
        ("2025-05-14", "running", "One", 90),
        ("2025-08-11", "running", "One", 1),
        ("2025-08-12", "run out", "", None),
    ],
)
def test_the_truce_stands_as_last_announced(read: Callable, as_of: str, word: str, phase: str, left: int | None) -> None:
    read(deadlines=[TRUCE, clock("US-RECIP", "2025-05-12", "2025-08-12")])
    now = truce.status(as_of=as_of)
    assert (now.word, now.phase, now.days_left, now.as_of) == (word, phase, left, day(as_of))
    assert now.phase_on == (day("2025-05-14") if phase else None)
    assert now.begun_on == (None if word == "none" else day("2025-05-14"))
    assert (now.ends_on, now.said_by, now.has_instrument) == ((None, "", False) if word == "none" else (day("2025-08-12"), "both", True))
    assert now.law_ends_on == ({"US": day("2025-08-12")} if word == "running" else {})


@pytest.mark.parametrize(
    ("as_of", "phase", "begun", "ends"),
    [
        ("2025-07-31", "One", "2025-05-14", "2025-08-12"),
        ("2025-08-01", "One", "2025-05-14", "2025-11-10"),
        ("2025-08-11", "One", "2025-05-14", "2025-11-10"),
        ("2025-08-12", "Two", "2025-08-12", "2025-11-10"),
    ],
)
def test_a_truce_that_goes_on_has_the_phase_of_its_day_and_the_last_end(
    read: Callable, as_of: str, phase: str, begun: str, ends: str
) -> None:
    read(deadlines=[TRUCE, clock("TRUCE", "2025-08-01", "2025-11-10", **STATED, phase="Two", starts_on="2025-08-12")])
    now = truce.status(as_of=as_of)
    assert (now.phase, now.phase_on, now.ends_on, now.begun_on) == (phase, day(begun), day(ends), day("2025-05-14"))
    assert (now.has_instrument, now.word) == (False, "running")


def test_a_phase_holds_by_the_last_observed_day_and_a_term_is_told_with_who_says_it(read: Callable) -> None:
    rows = [TRUCE, clock("US-RECIP", "2025-05-12", "2025-08-10"), clock("CN-TARIFF", "2025-05-12", "2025-08-20", side="CN")]
    read(through="2025-08-11", deadlines=rows)
    now = truce.status(as_of="2025-08-12")
    assert (now.word, now.phase, now.term, now.term_on, now.term_by) == ("run out", "One", "", None, "")
    # What the evidence does not reach stays the law's day; what had ended before does not.
    assert now.law_ends_on == {"CN": day("2025-08-20")}
    said = clock("TRUCE", "2025-08-09", None, basis="political", side="US", term="one more year")
    read(through="2025-08-11", deadlines=[*rows, said])
    now = truce.status(as_of="2025-08-11")
    assert (now.term, now.term_on, now.term_by) == ("one more year", day("2025-08-09"), "US")
    read(deadlines=[TRUCE, clock("CN-TARIFF", "2025-05-12", "2025-08-10", side="CN"), clock("US-RECIP", "2025-05-12", "2025-08-12")])
    assert list(truce.status(as_of="2025-06-01").law_ends_on) == ["US", "CN"]
    # Neither another clock of the law nor what is said of the tariffs carries them.
    others = [
        clock("CN-OTHER", "2025-05-12", "2025-09-01", side="CN"),
        clock("CN-TARIFF", "2025-05-12", "2025-09-01", basis="political", side="CN"),
    ]
    read(deadlines=[TRUCE, clock("US-RECIP", "2025-05-12", "2025-08-12"), *others])
    assert truce.status(as_of="2025-06-01").law_ends_on == {"US": day("2025-08-12")}


@pytest.mark.parametrize(
    ("said", "pause", "ends"),
    [
        ({"side": "both"}, "what A counts", "2025-06-10"),
        ({"side": "both", "is_last_day": True}, "what A counts", "2025-06-11"),
        ({"side": "US"}, "", None),
        ({"side": "both", "kind": "measure"}, "", None),
    ],
)
def test_before_a_truce_a_pause_of_both_sides_is_told(read: Callable, said: dict[str, object], pause: str, ends: str | None) -> None:
    read(deadlines=[clock("A", "2025-05-01", "2025-06-10", basis="political", **said), clock("B", "2025-05-01", "2025-06-20", **said)])
    now = truce.status(as_of="2025-06-05")
    assert (now.word, now.ends_on, now.pause, now.pause_ends_on) == ("none", None, pause, day(ends))
    assert not now.has_instrument


# Measures beyond tariffs.


def measure(item: str, announced: str, effective: str, state: str = "in force", **said: object) -> dict[str, object]:
    return {
        "item_id": item, "party": "CN", "measure": "Export control", "what": f"goods {item}", "announced_on": announced,
        "effective_on": effective, "state": state, "standing": "instrument", "instrument": f"notice of {announced}",
        "url": f"https://example.org/{item}", "confidence": "high",
    } | said  # fmt: skip


HELD_BACK = (
    measure("A", "2025-04-01", "2025-04-04"),
    measure("A", "2025-05-12", "2025-05-14", "suspended"),
    measure("A", "2025-05-12", "2025-08-12", is_snap_back=True),
)


@pytest.mark.parametrize(
    ("as_of", "state", "since", "returns"),
    [
        ("2025-04-03", "scheduled", "2025-04-04", ""),
        ("2025-04-04", "in force", "2025-04-04", ""),
        ("2025-05-13", "in force", "2025-04-04", ""),
        ("2025-05-14", "suspended", "2025-05-14", "2025-08-12"),
        ("2025-08-11", "suspended", "2025-05-14", "2025-08-12"),
        ("2025-08-12", "in force", "2025-08-12", ""),
    ],
)
def test_a_measure_is_in_the_state_that_the_newest_text_gives_it(read: Callable, as_of: str, state: str, since: str, returns: str) -> None:
    read(nontariff_steps=list(HELD_BACK))
    rows = tidy(truce.measures(as_of=as_of))
    assert (rows["state"].tolist(), days(rows["since"]), days(rows["returns_on"])) == ([state], [since], [returns])
    assert days(rows["stated_returns_on"]) == [""]


def test_a_measure_that_has_not_begun_is_one_row_of_its_first_day(read: Callable) -> None:
    read(
        nontariff_steps=[
            measure("A", "2025-04-01", "2025-04-04"),
            measure("A", "2025-04-01", "2025-05-14", "suspended"),
            measure("A", "2025-04-01", "2025-08-12", is_snap_back=True),
        ]
    )
    rows = tidy(truce.measures(as_of="2025-04-02"))
    assert (rows["state"].tolist(), days(rows["since"]), days(rows["returns_on"])) == (["scheduled"], ["2025-04-04"], [""])


def test_a_suspended_measure_returns_on_the_first_day_that_a_text_names(read: Callable) -> None:
    again = [measure("A", "2025-05-12", "2025-09-01", "suspended"), measure("A", "2025-05-12", "2025-11-10", is_snap_back=True)]
    read(nontariff_steps=[*HELD_BACK, *again])
    assert days(truce.measures(as_of="2025-06-01")["returns_on"]) == ["2025-08-12"]
    assert days(truce.measures(as_of="2025-10-01")["returns_on"]) == ["2025-11-10"]


def test_measures_are_in_order_of_side_and_name_and_counted_by_both(read: Callable) -> None:
    read(
        nontariff_steps=[
            measure("B", "2025-05-01", "2025-05-02", party="US"),
            measure("D", "2025-05-01", "2025-05-02", "suspended", party="US"),
            measure("A", "2025-05-01", "2025-05-02", party="US"),
            measure("C", "2025-05-01", "2025-05-02", "reported", standing="statement"),
        ]
    )
    rows = tidy(truce.measures(as_of="2025-06-01"))
    assert rows["item_id"].tolist() == ["C", "A", "B", "D"]
    assert rows["known_on"].dtype == "datetime64[us]"
    counts = truce.count_by_party(rows)
    assert list(counts) == ["US", "CN"]
    assert [count.by_state for count in counts.values()] == [{"in force": 2, "suspended": 1}, {"reported": 1}]
    assert [count.in_force for count in counts.values()] == [2, 0]
    assert list(truce.count_by_party(rows[rows["party"].eq("CN")])) == ["CN"]
    assert truce.count_measures(rows).by_state == {"in force": 2, "suspended": 1, "reported": 1}


def test_words_never_change_what_a_text_set_and_stand_alone_only_without_one(read: Callable) -> None:
    said = {"standing": "statement"}
    read(
        nontariff_steps=[
            *HELD_BACK,
            measure("A", "2025-06-01", "2025-06-02", "suspended", **said),
            measure("A", "2025-06-01", "2026-08-12", is_snap_back=True, **said),
            measure("B", "2025-05-01", "2025-05-02", "reported", party="US", **said),
            measure("C", "2025-05-01", "2025-05-02", "ended"),
            measure("C", "2025-05-03", "2025-05-04", "in force", **said),
        ],
        through="2025-06-10",
    )
    rows = tidy(truce.measures(as_of="2025-06-05"))
    assert rows[["party", "item_id", "state", "standing"]].to_numpy().tolist() == [
        ["CN", "A", "suspended", "instrument"], ["CN", "C", "ended", "instrument"], ["US", "B", "reported", "statement"],
    ]  # fmt: skip
    assert days(rows["returns_on"]) == ["2025-08-12", "", ""]
    assert days(rows["stated_returns_on"]) == ["2026-08-12", "", ""]
    # After the end of the evidence the state is that of its last day, unless a day is asked for.
    assert truce.measures(as_of="2025-08-20")["since"].iloc[0] == pd.Timestamp("2025-05-14")
    assert truce.measures(as_of="2025-08-20", on="2025-08-20")["since"].iloc[0] == pd.Timestamp("2025-08-12")


def test_export_controls_are_those_of_china_on_goods_in_order_of_their_first_text(read: Callable) -> None:
    read(
        nontariff_steps=[
            measure("B", "2025-03-01", "2025-03-02"),
            *HELD_BACK,
            measure("C", "2025-02-01", "2025-02-02", measure="Unreliable entity list"),
            measure("D", "2025-02-01", "2025-02-02", party="US"),
            measure("E", "2025-02-15", "2025-02-16", measure="Export ban"),
            measure("B", "2025-05-01", "2025-05-02", "eased", standing="statement"),
        ]
    )
    assert tidy(truce.export_controls(as_of="2025-06-01"))["item_id"].tolist() == ["E", "B", "A"]
    steps = tidy(truce.export_control_steps(as_of="2025-06-01"))
    assert list(zip(steps["item_id"], steps["state"], strict=True)) == [
        ("E", "in force"), ("B", "in force"), ("A", "in force"), ("A", "suspended"),
    ]  # fmt: skip


# Promises.


def promise(name: str, **said: object) -> dict[str, object]:
    return {
        "commitment_id": name, "announced_on": "2025-05-12", "agreement": "Geneva", "party": "CN", "what": f"promise {name}",
        "made_on": "2025-05-12", "confirmed_by_other_side": "yes", "source": "the joint text", "url": "https://example.org/joint",
    } | said  # fmt: skip


def word(number: int, by: str, direction: str, on: str = "2025-05-20", **said: object) -> dict[str, object]:
    return {
        "evidence_id": f"A-{number}", "commitment_id": "A", "observed_on": on, "observation": f"word {number}", "direction": direction,
        "claimed_by": by, "standing": "statement", "source": f"source {number}", "url": f"https://example.org/{number}",
    } | said  # fmt: skip


LAW, FIGURES = {"standing": "instrument"}, {"standing": "statistics"}


@pytest.mark.parametrize(
    ("words", "status", "rests_on", "shown"),
    [
        ([], "no evidence", "", ""),
        ([word(1, "CN", "noted")], "no evidence", "", "word 1"),
        ([word(1, "CN", "kept")], "kept", "CN", "word 1"),
        ([word(1, "CN", "kept"), word(2, "US", "kept", "2025-05-21")], "kept", "both", "word 1"),
        # Kept by one and in part by another is in part; any other difference is disputed.
        ([word(1, "CN", "kept"), word(2, "US", "partly")], "partly", "both", "word 2"),
        ([word(1, "CN", "kept"), word(2, "US", "breached")], "disputed", "both", "word 2"),
        ([word(1, "CN", "partly"), word(2, "third party", "breached")], "disputed", "CN", "word 2"),
        ([word(1, "CN", "kept"), word(2, "US", "partly"), word(3, "third party", "breached")], "disputed", "both", "word 3"),
        # That it is breached is no finding where the other party alone says so.
        ([word(1, "US", "breached")], "disputed", "US", "word 1"),
        ([word(1, "CN", "breached")], "breached", "CN", "word 1"),
        ([word(1, "third party", "breached")], "breached", "third party", "word 1"),
        ([word(1, "US", "breached"), word(2, "third party", "breached")], "breached", "US", "word 2"),
        ([word(1, "US", "breached"), word(2, "CN", "breached")], "breached", "both", "word 2"),
        ([word(1, "US", "disputed")], "disputed", "US", "word 1"),
        # A text that does it later keeps it once it does, and for both sides only when both do.
        ([word(1, "CN", "scheduled", **LAW)], "scheduled", "legal text", "word 1"),
        ([word(1, "CN", "scheduled", **LAW), word(2, "CN", "kept", "2025-05-21", **LAW)], "kept", "legal text", "word 2"),
        ([word(1, "CN", "scheduled", **LAW), word(2, "US", "kept")], "scheduled", "legal text", "word 1"),
        # What shows it kept is the first that does since it was last in doubt, and never a newer text on the same measure.
        ([word(1, "CN", "kept", **LAW), word(2, "CN", "kept", "2025-05-21", **LAW)], "kept", "legal text", "word 1"),
        ([word(1, "CN", "kept"), word(2, "CN", "breached", "2025-05-21"), word(3, "CN", "kept", "2025-05-22")], "kept", "CN", "word 3"),
        # What events took away is neither kept nor broken, whatever was said before.
        ([word(1, "US", "kept", **LAW), word(2, "third party", "overtaken", "2025-05-21", **LAW)], "overtaken", "legal text", "word 2"),
        ([word(1, "CN", "breached"), word(2, "US", "overtaken")], "overtaken", "both", "word 2"),
        # Of one speaker the newest word counts; what was only noted takes nothing back.
        ([word(1, "CN", "kept"), word(2, "CN", "breached", "2025-05-21")], "breached", "CN", "word 2"),
        ([word(2, "CN", "breached"), word(1, "CN", "kept", "2025-05-21")], "kept", "CN", "word 1"),
        ([word(1, "CN", "kept"), word(2, "CN", "noted", "2025-05-21")], "kept", "CN", "word 1"),
        # A legal text is shown before newer words, and what is said rests on it; figures speak before no side.
        ([word(1, "CN", "kept", **LAW), word(2, "US", "kept", "2025-05-21")], "kept", "legal text", "word 1"),
        ([word(1, "third party", "kept", **FIGURES)], "kept", "statistics", "word 1"),
        ([word(1, "third party", "kept", **FIGURES), word(2, "US", "kept")], "kept", "US", "word 1"),
        ([word(1, "third party", "kept", standing="report")], "kept", "third party", "word 1"),
        ([word(1, "CN", "noted", **LAW), word(2, "US", "kept")], "kept", "US", "word 2"),
        # What a speaker has taken back carries nothing, though a text is still what is shown.
        ([word(1, "CN", "kept", **LAW), word(2, "CN", "breached", "2025-05-21")], "breached", "CN", "word 1"),
    ],
)
def test_the_status_of_a_promise(read: Callable, words: list[dict], status: str, rests_on: str, shown: str) -> None:
    read(commitments=[promise("A"), promise("B")], evidence=[*words, word(9, "US", "kept", commitment_id="B")])
    rows = tidy(truce.commitments(as_of="2025-06-01"))
    row = rows.iloc[0]
    assert row[["commitment_id", "status", "rests_on", "evidence"]].tolist() == ["A", status, rests_on, shown]
    newest = max((item["observed_on"] for item in words), default="2025-05-12")
    assert f"{row['known_on']:%F}" == newest
    assert rows.loc[1, ["status", "us_says", "cn_says", "us_evidence"]].tolist() == ["kept", "kept", "", "word 9"]
    before = truce.commitments(as_of="2025-05-19").iloc[0]
    assert (before["status"], f"{before['known_on']:%F}") == ("no evidence", "2025-05-12")


def test_where_both_sides_promise_a_breach_is_what_either_calls_it(read: Callable) -> None:
    read(commitments=[promise("A", party="both")], evidence=[word(1, "US", "breached")])
    assert truce.commitments(as_of="2025-06-01")["status"].tolist() == ["breached"]


def test_words_of_each_speaker_stand_in_their_own_columns(read: Callable) -> None:
    words = [word(1, "US", "partly"), word(2, "CN", "kept"), word(3, "third party", "breached"), word(4, "US", "noted", "2025-05-25")]
    read(commitments=[promise("A")], evidence=words)
    row = truce.commitments(as_of="2025-06-01").iloc[0]
    assert row[["us_says", "cn_says", "others_say"]].tolist() == ["partly", "kept", "breached"]
    assert row[["us_evidence", "cn_evidence", "others_evidence"]].tolist() == ["word 4", "word 2", "word 3"]
    assert row[["evidence", "evidence_by", "evidence_source", "evidence_url"]].tolist() == [
        "word 3", "third party", "source 3", "https://example.org/3",
    ]  # fmt: skip
    assert f"{row['evidence_on']:%F} {row['known_on']:%F}" == "2025-05-20 2025-05-25"


@pytest.mark.parametrize(
    ("due", "as_of", "status"),
    [
        ("2025-06-01", "2025-05-31", "not yet due"),
        ("2025-06-01", "2025-06-01", "no evidence"),
        ("2025-06-01", "2025-06-02", "lapsed"),
        # Of days after the evidence nobody looked for any.
        ("2026-11-30", "2026-12-15", "no evidence"),
        (None, "2025-06-01", "no evidence"),
    ],
)
def test_a_promise_is_due_on_its_day_and_lapses_after_it(read: Callable, due: str, as_of: str, status: str) -> None:
    read(commitments=[promise("A", due_on=due)], evidence=[word(1, "CN", "noted")])
    assert truce.commitments(as_of=as_of)["status"].tolist() == [status]


def test_promises_stand_in_order_of_their_agreements_and_in_their_newest_version(read: Callable) -> None:
    read(
        commitments=[
            promise("C", agreement="London", made_on="2025-06-10", announced_on="2025-06-10", what="Sell RARE earths"),
            promise("B", made_on="2025-05-14"),
            promise("A"),
            promise("A", announced_on="2025-06-01", what="promise A, dated (all)", due_on="2025-07-01"),
        ],
        evidence=[word(1, "US", "kept", "2025-05-30")],
    )
    rows = tidy(truce.commitments(as_of="2025-06-15"))
    assert rows["commitment_id"].tolist() == ["A", "B", "C"]
    assert days(rows["known_on"]) == ["2025-06-01", "2025-05-12", "2025-06-10"]
    assert truce.agreements(as_of="2025-06-15") == ["Geneva", "London"]
    assert truce.agreements(as_of="2025-06-09") == ["Geneva"]
    assert truce.commitments(as_of="2025-06-15", agreement="London")["commitment_id"].tolist() == ["C"]
    assert tidy(truce.about(["rare", "gallium"], as_of="2025-06-15"))["commitment_id"].tolist() == ["C"]
    assert truce.about(["(all)"], as_of="2025-06-15")["commitment_id"].tolist() == ["A"]
    with pytest.raises(ParameterError, match="agreement must be all or one known on 2025-05-11 \\(none\\)"):
        truce.commitments(as_of="2025-05-11", agreement="Geneva")
    with pytest.raises(ParameterError, match="agreement must be all or one known on 2025-06-15 \\(Geneva, London\\), not 'Paris'"):
        truce.commitments(as_of="2025-06-15", agreement="Paris")


def test_promises_are_counted_by_status_and_by_what_they_rest_on(read: Callable) -> None:
    told = {"A": "yes", "B": "no", "C": "no", "D": "partly", "E": "yes"}
    words = [
        word(1, "CN", "kept", **LAW),
        word(2, "CN", "kept", commitment_id="B"),
        word(3, "CN", "breached", commitment_id="C", **LAW),
    ]
    read(commitments=[promise(name, confirmed_by_other_side=by) for name, by in told.items()], evidence=words)
    count = truce.count_promises(truce.commitments(as_of="2025-06-01"))
    assert count.by_status == {"kept": 2, "breached": 1, "no evidence": 2}
    assert (count.total, count.kept, count.by_text, count.kept_by_text, count.by_one) == (5, 2, 2, 1, 2)
    none = truce.count_promises(truce.commitments(as_of="2025-05-11"))
    assert (none.by_status, none.total, none.kept, none.by_text, none.by_one) == ({}, 0, 0, 0, 0)


# Events.


def event(name: str, published: str, starts: str, kind: str = "talks", **said: object) -> dict[str, object]:
    return {
        "event_id": name, "published_on": published, "starts_on": starts, "kind": kind, "actor": "both", "title": f"title of {name}",
        "source": "a source", "url": f"https://example.org/{name}", "confidence": "high",
    } | said  # fmt: skip


@pytest.mark.parametrize(
    ("published", "kind", "as_of", "phase"),
    [
        ("2025-06-07", "talks", "2025-06-08", "ahead"),
        ("2025-06-07", "talks", "2025-06-09", "open"),
        ("2025-06-07", "talks", "2025-06-10", "open"),
        ("2025-06-07", "talks", "2025-06-11", "outcome not known"),
        ("2025-06-07", "hearing", "2025-06-11", "outcome not known"),
        ("2025-06-07", "ruling", "2025-06-11", "outcome not known"),
        ("2025-06-07", "relief", "2025-06-11", "held"),
        ("2025-06-09", "talks", "2025-06-09", "held"),
        ("2025-06-10", "talks", "2025-06-12", "held"),
    ],
)
def test_a_meeting_is_ahead_then_open_and_held_only_once_it_is_reported(
    read: Callable, published: str, kind: str, as_of: str, phase: str
) -> None:
    read(events=[event("A", published, "2025-06-09", kind, ends_on="2025-06-10")])
    assert truce.events(as_of=as_of)["phase_of_event"].tolist() == [phase]


def test_a_meeting_without_a_last_day_is_over_after_its_first(read: Callable) -> None:
    read(events=[event("A", "2025-06-07", "2025-06-09")])
    phases = [truce.events(as_of=f"2025-06-{number:02d}")["phase_of_event"].iloc[0] for number in (8, 9, 10)]
    assert phases == ["ahead", "open", "outcome not known"]


def story(reading: Callable) -> None:
    reading(
        events=[
            event("A", "2025-05-10", "2025-05-10", participants="Ann (US trade); Bo (CN minister)"),
            event("B", "2025-05-12", "2025-05-12", "agreement", is_major=True),
            event("C", "2025-05-20", "2025-05-20", "accusation", actor="US"),
            event("D", "2025-05-20", "2025-05-20", "accusation", actor="CN"),
            event("E", "2025-05-25", "2025-05-25", "accusation", actor="US"),
            event("F", "2025-05-28", "2025-05-28", "ruling", actor="court"),
            event("G", "2025-06-01", "2025-06-05", "call", participants="Ann (US president); Cy; Bo (CN minister)"),
            event("G", "2025-06-06", "2025-06-05", "call", participants="Ann (US president); Bo (CN minister)", title="the call"),
            event("H", "2025-06-06", "2025-06-20", "summit", participants="Ann (US president)"),
            event("I", "2025-06-01", "2025-06-02", "hearing", actor="court"),
            event("J", "2025-06-03", "2025-06-03", "talks", actor="US", participants="Di (US trade)"),
            event("K", "2025-06-04", "2025-06-04", "statement", actor="both"),
            event("L", "2025-06-07", "2025-06-07", "summit", participants="Zoe (US trade)"),
        ]
    )


def test_who_met_counts_meetings_of_both_sides_that_were_held_and_none_under_way(read: Callable) -> None:
    story(read)
    rows = tidy(truce.participants(as_of="2025-06-10"))
    columns = ["side", "name", "office", "meetings", "talks", "summits", "calls", "last_meeting"]
    assert rows[columns].to_numpy().tolist() == [
        ["US", "Ann", "president", 2, 1, 0, 1, "the call"],
        ["US", "Zoe", "trade", 1, 0, 1, 0, "title of L"],
        ["CN", "Bo", "minister", 2, 1, 0, 1, "the call"],
    ]
    assert days(rows["first_on"]) == ["2025-05-10", "2025-06-07", "2025-05-10"]
    assert days(rows["last_on"]) == ["2025-06-05", "2025-06-07", "2025-06-05"]
    assert days(rows["known_on"]) == ["2025-06-06", "2025-06-07", "2025-06-06"]
    later = truce.participants(as_of="2025-06-10", since="2025-06-05")
    assert (later["name"].tolist(), later["meetings"].tolist()) == (["Ann", "Zoe", "Bo"], [1, 1, 1])
    assert truce.participants(as_of="2025-06-10", since="2025-06-06")["name"].tolist() == ["Zoe"]
    assert truce.participants(as_of="2025-06-05")["calls"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("named", "people"),
    [
        ("Ann (USTR)", [("Ann", "US", "USTR")]),
        ("Ann (US Treasury);Bo (CN vice premier) ", [("Ann", "US", "Treasury"), ("Bo", "CN", "vice premier")]),
        ("Ann (US)", [("Ann", "US", "")]),
        ("MOFCOM; Cy (WTO (US desk))", [("MOFCOM", "", ""), ("Cy", "", "WTO (US desk)")]),
        ("", []),
        (" ; ", []),
    ],
)
def test_who_is_named_at_an_event_by_side_and_office(named: str, people: list[tuple[str, str, str]]) -> None:
    assert truce.delegates(pd.Series({"participants": named})) == people


def test_where_nobody_met_the_table_of_people_is_empty(read: Callable) -> None:
    story(read)
    rows = truce.participants(as_of="2025-05-09")
    assert rows.empty
    assert rows[["first_on", "last_on", "known_on"]].dtypes.eq("datetime64[us]").all()


def test_accusations_of_a_side_in_order_and_the_newest_of_each(read: Callable) -> None:
    story(read)
    assert tidy(truce.accusations(as_of="2025-06-10"))["event_id"].tolist() == ["C", "D", "E"]
    assert tidy(truce.accusations(as_of="2025-06-10", only_newest=True))["event_id"].tolist() == ["D", "E"]
    assert truce.accusations(as_of="2025-06-10", since="2025-05-21")["event_id"].tolist() == ["E"]
    assert truce.accusations(as_of="2025-06-10", since="2025-05-20")["event_id"].tolist() == ["C", "D", "E"]


def test_accusations_are_in_order_of_the_day_they_became_known(read: Callable) -> None:
    """One of a later day may be about an earlier one."""
    kinds = {"kind": "accusation", "actor": "US"}
    read(
        events=[
            event("A", "2025-05-22", "2025-05-22", **kinds),
            event("B", "2025-05-25", "2025-05-19", **kinds),
            event("C", "2025-05-22", "2025-05-20", **kinds),
            event("D", "2025-05-24", "2025-05-24", **kinds | {"actor": "court"}),
        ]
    )
    assert truce.accusations(as_of="2025-06-10")["event_id"].tolist() == ["A", "C", "B"]
    assert truce.accusations(as_of="2025-06-10", only_newest=True)["event_id"].tolist() == ["B"]


def test_milestones_and_meetings(read: Callable) -> None:
    story(read)
    rows = tidy(truce.milestones(as_of="2025-06-10", since="2025-05-12"))
    assert rows["event_id"].tolist() == ["B", "F", "L"]
    assert truce.milestones(as_of="2025-06-10", since="2025-05-13")["event_id"].tolist() == ["F", "L"]
    assert tidy(truce.meetings(as_of="2025-06-10"))["event_id"].tolist() == ["A", "G", "L", "H"]
    line = tidy(truce.timeline(as_of="2025-06-10", since="2025-05-20")).set_index("event_id")
    assert line["lane"].to_dict() == {
        "C": "escalation", "D": "escalation", "E": "escalation", "F": "rulings", "I": "rulings", "J": "talks", "K": "", "G": "talks",
        "L": "talks", "H": "talks",
    }  # fmt: skip
    assert line["weight"].to_dict() == {"C": 2, "D": 2, "E": 2, "F": 3, "I": 2, "J": 1, "K": 1, "G": 1, "L": 4, "H": 4}
    assert truce.timeline(as_of="2025-06-10", since="2025-05-12")["weight"].iloc[0] == 7


def test_dates_ahead_are_clocks_measures_and_events_after_the_day(read: Callable) -> None:
    steps = [measure("A", "2025-05-12", "2025-06-15"), measure("B", "2025-05-12", "2025-06-16", standing="statement")]
    steps += [measure("C", "2025-05-12", "2025-06-10"), measure("D", "2025-05-12", "2025-06-11")]
    read(
        through="2025-06-10",
        deadlines=[TRUCE, clock("A", "2025-05-12", "2025-06-20"), clock("B", "2025-05-01", "2025-06-11"),
                   clock("T", "2025-05-01", None, term="one more year", **STATED)],
        nontariff_steps=steps,
        events=[
            event("S", "2025-05-01", "2025-06-25", "summit"),
            event("R", "2025-05-01", "2025-06-11", "summit"),
            # This one rests on the text of measure A and is of its day.
            event("X", "2025-05-12", "2025-06-15", "escalation", url="https://example.org/A|https://example.org/B"),
            event("Y", "2025-05-12", "2025-06-17", "escalation", url="https://example.org/A"),
        ],
    )  # fmt: skip
    rows = tidy(truce.dates_ahead(as_of="2025-06-11"))
    assert rows[["kind", "what", "days_left"]].fillna(-1).to_numpy().tolist() == [
        ["suspension", "what TRUCE counts", 62],
        ["measure", "Export control to begin: goods A", 4],
        ["event", "title of Y", 6],
        ["suspension", "what A counts", 9],
        ["event", "title of S", 14],
        ["suspension", "what T counts", -1],
    ]
    assert days(rows["legal_on"]) == ["", "2025-06-15", "", "2025-06-20", "", ""]
    assert days(rows["stated_on"]) == ["2025-08-12", "", "2025-06-17", "", "2025-06-25", ""]
    assert rows["legal_source"].tolist() == ["", "notice of 2025-05-12", "", "text of 2025-05-12", "", ""]
    assert rows["side"].tolist() == ["both", "CN", "both", "US", "both", "both"]
    assert not rows["is_last_day"].any()


# Chapters.


def test_chapters_run_from_agreement_to_agreement_and_begin_with_the_nearest_meeting(read: Callable) -> None:
    read(
        commitments=[
            promise("A", agreement="Stockholm"),
            promise("B", agreement="Stockholm", made_on="2025-05-20", due_on="2025-07-01"),
            promise("C", agreement="London", made_on="2025-06-10", announced_on="2025-06-10"),
        ],
        evidence=[word(1, "US", "kept")],
        events=[
            event("O", "2025-05-02", "2025-05-02"),
            event("M", "2025-05-03", "2025-05-03"),
            event("N", "2025-05-13", "2025-05-13"),
            event("P", "2025-06-01", "2025-06-10", "summit"),
            event("Q", "2025-05-31", "2025-05-31", "talks"),
            event("U", "2025-06-09", "2025-06-09", "talks", actor="US"),
            event("V", "2025-06-09", "2025-06-09", "call"),
        ],
    )
    rows = tidy(truce.chapters(as_of="2025-06-20", since="2025-05-01"))
    assert rows["chapter"].tolist() == [truce.BEFORE, "Stockholm", "London"]
    assert days(rows["starts_on"]) == ["2025-05-01", "2025-05-12", "2025-06-10"]
    assert days(rows["ends_on"]) == ["2025-05-12", "2025-06-10", "2025-06-21"]
    assert rows["title"].tolist() == ["", "title of M", "title of P"]
    assert rows["promises"].tolist() == [0, 2, 1]
    assert rows["known_on"].dtype == "datetime64[us]"
    assert rows[["kept", "not yet due", "no evidence"]].to_numpy().tolist() == [[0, 0, 0], [1, 1, 0], [0, 0, 1]]
    assert truce.chapters(as_of="2025-06-09", since="2025-05-01")["title"].tolist() == ["", "title of M"]
    assert truce.chapters(as_of="2025-06-20", since="2025-05-01", agreement="London")["chapter"].tolist() == ["London"]
    later = truce.chapters(as_of="2025-06-20", since="2025-05-12")
    assert later["chapter"].tolist() == ["Stockholm", "London"]
    assert truce.chapters(as_of="2025-06-20", since="2025-06-11")["chapter"].tolist() == ["London"]


@pytest.mark.parametrize(
    ("held", "actor", "title"),
    [("2025-05-02", "both", ""), ("2025-05-03", "both", "title of A"), ("2025-05-12", "both", "title of A"), ("2025-05-12", "US", "")],
)
def test_a_chapter_begins_with_a_meeting_of_less_than_ten_days_before(read: Callable, held: str, actor: str, title: str) -> None:
    read(commitments=[promise("A")], evidence=[], events=[event("A", held, held, actor=actor)])
    row = truce.chapters(as_of="2025-06-01", since="2025-05-01").iloc[1]
    assert (row["title"], row["url"], pd.notna(row["known_on"])) == (title, "https://example.org/A" if title else "", bool(title))


@pytest.mark.parametrize(
    ("since", "as_of", "first"),
    [
        ("auto", "2025-06-20", "2025-01-14"),
        ("auto", "2025-05-11", "2023-05-12"),
        ("auto", "2018-06-01", "2018-01-01"),
        ("2025-06-20", "2025-06-20", "2025-06-20"),
        ("2018-01-01", "2025-06-20", "2018-01-01"),
    ],
)
def test_the_first_day_of_the_story(read: Callable, since: str, as_of: str, first: str) -> None:
    read(deadlines=[TRUCE, clock("TRUCE", "2025-06-15", "2025-11-10", **STATED, phase="Two", starts_on="2025-08-12")])
    assert truce.first_day(since, as_of=as_of) == day(first)
    with pytest.raises(DayError, match="since must be 2018-01-01 or later"):
        truce.first_day("2017-12-31", as_of=as_of)
    with pytest.raises(DayError, match="since must not lie after as_of"):
        truce.first_day("2025-06-21", as_of="2025-06-20")
