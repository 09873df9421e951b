"""The two time axes: known cases, and properties that must hold for any ledger."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradelib import catalogue, ledger
from tradelib.errors import LedgerError

START = date(2025, 1, 1)


def steps(*rows: tuple) -> pd.DataFrame:
    """Steps from (measure, announced, effective, rate[, standing]); a rate of None ends the measure."""
    records = []
    for measure, announced, effective, rate, *standing in rows:
        records.append(
            {
                "measure_id": measure,
                "announced_on": pd.Timestamp(announced),
                "effective_on": pd.Timestamp(effective),
                "rate_frac": rate if rate is not None else float("nan"),
                "basis": "full_value" if rate is not None else "ended",
                "scope": "all",
                "exempt": "",
                "is_snap_back": False,
                "standing": standing[0] if standing else "instrument",
                "instrument": f"text of {announced}",
                "url": "",
            }
        )
    return pd.DataFrame(records)


@st.composite
def step_tables(draw: st.DrawFn) -> pd.DataFrame:
    """Ledgers of up to three measures, with announcements in any order, retroactive ones and ends included."""
    rows = {}
    for _ in range(draw(st.integers(1, 14))):
        measure = draw(st.sampled_from("abc"))
        announced = START + timedelta(days=draw(st.integers(0, 12)))
        effective = START + timedelta(days=draw(st.integers(-5, 25)))
        rate = draw(st.one_of(st.none(), st.integers(0, 20).map(lambda percent: percent / 100)))
        # All steps of one announcement share its standing, as in the data.
        standing = "instrument" if (announced.toordinal() + ord(measure)) % 3 else "statement"
        rows[measure, announced, effective] = (measure, announced, effective, rate, standing)
    return steps(*rows.values())


def replayed_by_hand(table: pd.DataFrame, as_of: date, standing: tuple[str, ...]) -> dict[str, list[tuple]]:
    """The rule of replay word by word: each announcement removes steps from its own earliest day on, then adds its own."""
    table = table[(table["announced_on"] <= pd.Timestamp(as_of)) & table["standing"].isin(standing)]
    result: dict[str, list[tuple]] = {}
    for measure, rows in table.groupby("measure_id"):
        held: list[tuple] = []
        for _, announcement in rows.groupby("announced_on"):
            earliest = announcement["effective_on"].min()
            held = [step for step in held if step[0] < earliest]
            held += sorted((row.effective_on, row.basis, row.rate_frac) for row in announcement.itertuples())
        result[measure] = held
    return result


@settings(deadline=None, max_examples=60)
@given(step_tables(), st.integers(0, 12), st.sampled_from([ledger.LAW, ledger.LAW_AND_STATEMENTS]))
def test_replay_follows_the_rule_word_by_word(table: pd.DataFrame, day: int, standing: tuple[str, ...]) -> None:
    as_of = START + timedelta(days=day)
    schedule = ledger.replay(table, as_of=as_of, standing=standing)
    expected = [
        (measure, effective, rate)
        for measure, held in sorted(replayed_by_hand(table, as_of, standing).items())
        for effective, basis, rate in held
        if basis != "ended"
    ]
    got = list(zip(schedule["measure_id"], schedule["effective_from"], schedule["rate_frac"], strict=True))
    assert got == expected


@settings(deadline=None, max_examples=60)
@given(step_tables(), st.integers(0, 12))
def test_intervals_of_one_measure_never_overlap(table: pd.DataFrame, day: int) -> None:
    schedule = ledger.replay(table, as_of=START + timedelta(days=day), standing=ledger.LAW_AND_STATEMENTS)
    for _, rows in schedule.groupby("measure_id"):
        assert (rows["effective_to"].isna() | (rows["effective_from"] < rows["effective_to"])).all()
        assert (rows["effective_to"].iloc[:-1].to_numpy() <= rows["effective_from"].iloc[1:].to_numpy()).all()
        assert rows["effective_to"].iloc[:-1].notna().all()


@settings(deadline=None, max_examples=60)
@given(step_tables(), st.integers(0, 12), st.randoms(use_true_random=False))
def test_row_order_does_not_matter(table: pd.DataFrame, day: int, random: object) -> None:
    order = list(range(len(table)))
    random.shuffle(order)
    shuffled = table.iloc[order].reset_index(drop=True)
    as_of = START + timedelta(days=day)
    pd.testing.assert_frame_equal(ledger.replay(table, as_of=as_of), ledger.replay(shuffled, as_of=as_of))
    known, known_shuffled = (ledger.known(rows, as_of=as_of) for rows in (table, shuffled))
    states = ledger.states(known, as_of=as_of).sort_values().tolist()
    assert states == ledger.states(known_shuffled, as_of=as_of).sort_values().tolist()


@settings(deadline=None, max_examples=60)
@given(step_tables(), st.integers(0, 12), st.integers(0, 12))
def test_knowledge_only_grows(table: pd.DataFrame, one: int, other: int) -> None:
    earlier, later = sorted((one, other))
    first = ledger.known(table, as_of=START + timedelta(days=earlier))
    second = ledger.known(table, as_of=START + timedelta(days=later))
    assert set(first.itertuples(index=False, name=None)) <= set(second.itertuples(index=False, name=None)) or first.isna().any(axis=None)
    assert len(first) <= len(second)


@settings(deadline=None, max_examples=60)
@given(step_tables(), st.integers(0, 12))
def test_nothing_announced_later_changes_what_was_known(table: pd.DataFrame, day: int) -> None:
    as_of = START + timedelta(days=day)
    without = table[table["announced_on"] <= pd.Timestamp(as_of)].reset_index(drop=True)
    pd.testing.assert_frame_equal(ledger.replay(table, as_of=as_of), ledger.replay(without, as_of=as_of))


@settings(deadline=None, max_examples=60)
@given(step_tables(), st.integers(-5, 30))
def test_states_agree_with_the_schedule(table: pd.DataFrame, day: int) -> None:
    as_of = START + timedelta(days=12)
    on = START + timedelta(days=day)
    words = ledger.states(table, as_of=as_of, on=on)
    holding = ledger.in_force(ledger.replay(table, as_of=as_of), on=on)
    key = ["measure_id", "announced_on", "effective_on"]
    in_force = table.loc[words.eq("in force"), key].sort_values(key).reset_index(drop=True)
    expected = holding.rename(columns={"effective_from": "effective_on"})[key].sort_values(key).reset_index(drop=True)
    pd.testing.assert_frame_equal(in_force, expected, check_dtype=False)


def test_replay_leaves_its_input_alone() -> None:
    table = steps(("a", "2025-01-02", "2025-01-05", 0.1), ("a", "2025-01-01", "2025-01-03", 0.2))
    before = table.copy(deep=True)
    ledger.replay(table, as_of=date(2025, 2, 1))
    ledger.states(table, as_of=date(2025, 2, 1))
    pd.testing.assert_frame_equal(table, before)


def test_two_steps_of_one_announcement_on_one_day_raise_with_their_names() -> None:
    table = steps(("a", "2025-01-01", "2025-01-05", 0.1), ("a", "2025-01-01", "2025-01-05", 0.2))
    with pytest.raises(LedgerError, match=r"measure_id a, announced_on 2025-01-01, effective_on 2025-01-05"):
        ledger.replay(table, as_of=date(2025, 2, 1))


def test_an_end_that_carries_a_rate_raises() -> None:
    table = steps(("a", "2025-01-01", "2025-01-05", 0.1)).assign(basis="ended")
    with pytest.raises(LedgerError, match="ends the measure and carries a rate"):
        ledger.replay(table, as_of=date(2025, 2, 1))


def test_statement_never_enters_the_law() -> None:
    table = steps(("a", "2025-01-01", "2025-01-05", 0.1), ("a", "2025-01-02", "2025-01-08", 0.5, "statement"))
    as_of = date(2025, 2, 1)
    assert ledger.replay(table, as_of=as_of)["rate_frac"].tolist() == [0.1]
    assert ledger.replay(table, as_of=as_of, standing=ledger.LAW_AND_STATEMENTS)["rate_frac"].tolist() == [0.1, 0.5]
    assert ledger.states(table, as_of=as_of).tolist() == ["in force", "stated"]


def test_states_tell_apart_what_held_what_never_came_and_what_was_said_again() -> None:
    table = steps(
        ("a", "2025-01-01", "2025-01-05", 0.1),  # held until the 10th
        ("a", "2025-01-01", "2025-01-20", 0.3),  # withdrawn on the 9th
        ("a", "2025-01-09", "2025-01-10", 0.2),
        ("b", "2025-01-02", "2025-01-04", 0.1, "statement"),
        ("b", "2025-01-03", "2025-01-04", 0.1),
        ("b", "2025-01-03", "2025-01-30", None),
    )
    words = ledger.states(table, as_of=date(2025, 1, 12))
    assert words.tolist() == ["replaced", "never applied", "in force", "enacted", "in force", "end scheduled"]


def test_next_changes_hold_starts_and_ends_with_the_rates_on_both_sides() -> None:
    table = steps(("a", "2025-01-01", "2025-01-05", 0.1), ("a", "2025-01-01", "2025-01-20", 0.3), ("a", "2025-01-01", "2025-02-01", None))
    changes = ledger.next_changes(ledger.replay(table, as_of=date(2025, 1, 10)), after=date(2025, 1, 10))
    assert changes["changes_on"].dt.strftime("%m-%d").tolist() == ["01-20", "02-01"]
    assert changes["rate_before_frac"].tolist() == [0.1, 0.3]
    assert changes["rate_after_frac"].fillna(-1).tolist() == [0.3, -1]


def test_latest_known_prefers_the_newest_vintage_and_marks_later_copies() -> None:
    rows = pd.DataFrame(
        {
            "series_id": "s",
            "period": pd.to_datetime(["2025-05-01"] * 3 + ["2020-01-01"]),
            "value": [4.8, 4.6, 4.5, 1.0],
            "published_on": pd.to_datetime(["2025-06-09"] * 3 + ["2020-03-31"]),
            "vintage_on": pd.to_datetime(["2025-06-09", "2026-07-07", "2026-08-01", "2026-07-07"]),
        }
    )
    key = ["series_id", "period"]
    then = ledger.latest_known(rows, as_of=date(2025, 6, 9), key=key).set_index("period")
    assert then.loc["2025-05-01", ["value", "is_first_release", "is_later_revised"]].tolist() == [4.8, True, False]
    assert then.loc["2020-01-01", ["value", "is_first_release", "is_later_revised"]].tolist() == [1.0, False, True]
    assert ledger.latest_known(rows, as_of=date(2025, 6, 8), key=key)["period"].dt.year.tolist() == [2020]
    assert ledger.latest_known(rows, as_of=date(2026, 7, 31), key=key).set_index("period").loc["2025-05-01", "value"] == 4.6


def test_replaying_the_shipped_steps_gives_schedules_without_overlap_on_every_day_of_announcement() -> None:
    table = catalogue.load("tariff_steps")
    for day in table["announced_on"].drop_duplicates():
        schedule = ledger.replay(table, as_of=day.date(), standing=ledger.LAW_AND_STATEMENTS)
        following = schedule.groupby("measure_id")["effective_from"].shift(-1)
        assert (schedule["effective_to"].isna() | following.isna() | (schedule["effective_to"] <= following)).all()
        assert (schedule["announced_on"] <= day).all()
