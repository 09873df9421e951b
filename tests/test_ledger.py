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
    """Ledgers of up to two measures on a few days, so that days meet: in any order, retroactive ones and ends included."""
    rows = {}
    for _ in range(draw(st.integers(1, 10))):
        measure = draw(st.sampled_from("ab"))
        announced = START + timedelta(days=draw(st.integers(0, 4)))
        effective = START + timedelta(days=draw(st.integers(-2, 6)))
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
@given(step_tables(), st.integers(0, 5), st.sampled_from([ledger.LAW, ledger.LAW_AND_STATEMENTS]))
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
@given(step_tables(), st.integers(0, 5))
def test_intervals_of_one_measure_never_overlap(table: pd.DataFrame, day: int) -> None:
    schedule = ledger.replay(table, as_of=START + timedelta(days=day), standing=ledger.LAW_AND_STATEMENTS)
    for _, rows in schedule.groupby("measure_id"):
        assert (rows["effective_to"].isna() | (rows["effective_from"] < rows["effective_to"])).all()
        assert (rows["effective_to"].iloc[:-1].to_numpy() <= rows["effective_from"].iloc[1:].to_numpy()).all()
        assert rows["effective_to"].iloc[:-1].notna().all()


@settings(deadline=None, max_examples=60)
@given(step_tables(), st.integers(0, 5), st.randoms(use_true_random=False))
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
@given(step_tables(), st.integers(0, 5), st.integers(0, 5))
def test_knowledge_only_grows(table: pd.DataFrame, one: int, other: int) -> None:
    earlier, later = sorted((one, other))
    first = ledger.known(table, as_of=START + timedelta(days=earlier))
    second = ledger.known(table, as_of=START + timedelta(days=later))
    assert set(first.itertuples(index=False, name=None)) <= set(second.itertuples(index=False, name=None)) or first.isna().any(axis=None)
    assert len(first) <= len(second)


@settings(deadline=None, max_examples=60)
@given(step_tables(), st.integers(0, 5))
def test_nothing_announced_later_changes_what_was_known(table: pd.DataFrame, day: int) -> None:
    as_of = START + timedelta(days=day)
    without = table[table["announced_on"] <= pd.Timestamp(as_of)].reset_index(drop=True)
    pd.testing.assert_frame_equal(ledger.replay(table, as_of=as_of), ledger.replay(without, as_of=as_of))


@settings(deadline=None, max_examples=60)
@given(step_tables(), st.integers(-3, 7))
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


# Days on both sides of each bound.


def row_of(text: str) -> tuple:
    measure, announced, effective, rate, *standing = text.split()
    return (measure, f"2025-01-{announced}", f"2025-01-{effective}", None if rate == "ends" else float(rate), *standing)


@pytest.mark.parametrize(
    ("rows", "on", "words"),
    [
        # A step holds from its first day until the one before the next.
        ("a 01 05 0.1", "04", ["scheduled"]),
        ("a 01 05 0.1", "05", ["in force"]),
        ("a 01 05 0.1; a 01 08 0.2", "07", ["in force", "scheduled"]),
        ("a 01 05 0.1; a 01 08 0.2", "08", ["replaced", "in force"]),
        # Withdrawn on the day before its first or on that day itself it never applied; a day later it had.
        ("a 01 05 0.1; a 04 05 0.2", "09", ["never applied", "in force"]),
        ("a 01 05 0.1; a 05 05 0.2", "09", ["never applied", "in force"]),
        ("a 01 05 0.1; a 06 05 0.2", "09", ["replaced", "in force"]),
        ("a 01 05 0.1; a 06 05 0.2", "04", ["never applied", "scheduled"]),
        # The first text that removes a step counts, not a later one.
        ("a 01 05 0.1; a 04 05 0.2; a 08 03 0.3", "09", ["never applied", "replaced", "in force"]),
        # A text removes what lies at or after its earliest day, not its last.
        ("a 01 05 0.1; a 04 03 0.2; a 04 08 0.3", "09", ["never applied", "replaced", "in force"]),
        # Of another measure, or a step that begins later, nothing is removed.
        ("a 01 05 0.1; b 02 05 0.2; a 03 06 0.3", "05", ["in force", "in force", "scheduled"]),
        # An end holds from its day; one that is taken back never applied, unless its day had passed.
        ("a 01 02 0.1; a 03 05 ends", "04", ["in force", "end scheduled"]),
        ("a 01 02 0.1; a 03 05 ends", "05", ["replaced", "ended"]),
        ("a 01 02 0.1; a 03 08 ends; a 04 07 0.2", "05", ["in force", "never applied", "scheduled"]),
        ("a 01 02 0.1; a 03 08 ends; a 04 07 0.2", "09", ["replaced", "never applied", "in force"]),
        ("a 01 02 0.1; a 03 05 ends; a 07 05 0.2", "09", ["replaced", "ended", "in force"]),
        ("a 01 02 0.1; a 03 05 ends; a 07 08 0.2", "09", ["replaced", "ended", "in force"]),
        # Said again by a later text, and not by another measure, rate or day.
        ("a 01 05 0.1; a 02 05 0.1", "06", ["restated", "in force"]),
        ("a 01 05 0.1; a 02 05 0.2", "06", ["never applied", "in force"]),
        ("a 01 05 0.1; b 02 05 0.1", "06", ["in force", "in force"]),
        ("a 01 05 0.1; a 02 04 0.1; a 02 05 0.1", "06", ["restated", "replaced", "in force"]),
        # Words are no law, until a later text says the same; a text from before does not enact them.
        ("a 01 05 0.1 statement; a 03 05 0.1", "06", ["enacted", "in force"]),
        ("a 01 05 0.1; a 03 05 0.1 statement", "06", ["in force", "stated"]),
        ("a 01 05 0.1; a 03 05 ends statement", "06", ["in force", "stated"]),
        ("a 01 05 0.1 statement; a 03 05 0.1 statement", "06", ["stated", "stated"]),
    ],
)  # fmt: skip
def test_a_state_is_that_of_the_day_it_is_asked_for(rows: str, on: str, words: list[str]) -> None:
    """Each row: measure, day of the announcement and first day in January 2025, rate or that it ends, and whether it is a statement."""
    table = steps(*map(row_of, rows.split("; ")))
    found = ledger.states(table, as_of=date(2025, 1, 10), on=date(2025, 1, int(on)))
    assert found.tolist() == words
    # Rows that come in another order, or numbered otherwise, keep their own words.
    turned = table.iloc[::-1].set_axis(range(5, 5 + len(table)))
    again = ledger.states(turned, as_of=date(2025, 1, 10), on=date(2025, 1, int(on)))
    assert again.tolist() == words[::-1]
    assert again.index.tolist() == turned.index.tolist()


@pytest.mark.parametrize(("on", "word"), [("2025-01-09", "suspended"), ("2025-01-10", "in force")])
def test_a_rate_held_back_is_suspended_until_its_day(on: str, word: str) -> None:
    table = steps(("a", "2025-01-01", "2025-01-02", 0.1), ("a", "2025-01-01", "2025-01-10", 0.3)).assign(is_snap_back=[False, True])
    assert ledger.states(table, as_of=date(2025, 1, 9), on=date.fromisoformat(on)).tolist()[1] == word
    assert ledger.states(table, as_of=date.fromisoformat(on)).tolist()[1] == word


@pytest.mark.parametrize("changed", ["rate_frac", "basis", "scope", "exempt"])
def test_a_text_that_changes_a_detail_says_nothing_again(changed: str) -> None:
    table = steps(("a", "2025-01-01", "2025-01-05", 0.1), ("a", "2025-01-02", "2025-01-05", 0.1))
    table[changed] = [0.1, 0.2] if changed == "rate_frac" else ["full_value", "suspended"] if changed == "basis" else ["all", "s1"]
    assert ledger.states(table, as_of=date(2025, 1, 10)).tolist() == ["never applied", "in force"]


@pytest.mark.parametrize(("as_of", "rates"), [("2025-01-01", []), ("2025-01-02", [0.1]), ("2025-01-03", [0.1, 0.2])])
def test_an_announcement_is_known_from_its_own_day_on(as_of: str, rates: list[float]) -> None:
    table = steps(("a", "2025-01-02", "2025-02-01", 0.1), ("a", "2025-01-03", "2025-03-01", 0.2))
    known = date.fromisoformat(as_of)
    assert ledger.replay(table, as_of=known)["rate_frac"].tolist() == rates
    found = ledger.known(table.iloc[::-1], as_of=known)
    assert found["rate_frac"].tolist() == rates[::-1]
    assert found.index.tolist() == list(range(len(rates)))
    assert list(found) == list(table)


def test_replay_gives_intervals_from_the_first_day_to_the_next_and_says_what_else_the_step_says() -> None:
    table = steps(
        ("a", "2025-01-01", "2025-01-05", 0.1),
        ("a", "2025-01-01", "2025-01-08", None),
        ("b", "2025-01-01", "2025-01-06", 0.2),
        ("b", "2025-01-03", "2025-01-06", 0.3),
        ("b", "2025-01-03", "2025-01-09", 0.4),
    )
    schedule = ledger.replay(table, as_of=date(2025, 1, 10))
    assert list(schedule)[:3] == ["measure_id", "effective_from", "effective_to"]
    assert sorted(schedule) == sorted([*table.columns.drop("effective_on"), "effective_from", "effective_to"])
    days = [schedule[name].dt.day.fillna(0).tolist() for name in ("effective_from", "effective_to")]
    assert list(zip(schedule["measure_id"], *days, schedule["rate_frac"], strict=True)) == [
        ("a", 5, 8, 0.1),
        ("b", 6, 9, 0.3),
        ("b", 9, 0, 0.4),
    ]
    assert schedule.index.tolist() == [0, 1, 2]
    assert ledger.change_days(schedule) == [date(2025, 1, day) for day in (5, 6, 8, 9)]
    for day, rates in ((4, []), (5, [0.1]), (6, [0.1, 0.3]), (7, [0.1, 0.3]), (8, [0.3]), (9, [0.4])):
        held = ledger.in_force(schedule, on=date(2025, 1, day))
        assert held["rate_frac"].tolist() == rates
        assert held.index.tolist() == list(range(len(rates)))
        assert list(held) == list(schedule)


def test_changes_ahead_lie_after_the_day_and_name_the_text_that_sets_or_else_the_one_that_had_set() -> None:
    table = steps(
        ("b", "2025-01-01", "2025-01-05", 0.1), ("b", "2025-01-02", "2025-01-08", 0.2), ("b", "2025-01-02", "2025-01-20", None),
        ("a", "2025-01-01", "2025-01-08", 0.3),
    ).assign(is_snap_back=[False, True, False, False])  # fmt: skip
    schedule = ledger.replay(table, as_of=date(2025, 1, 3))
    changes = ledger.next_changes(schedule, after=date(2025, 1, 5))
    assert changes.index.tolist() == [0, 1, 2]
    assert list(changes) == [
        "changes_on", "measure_id", "rate_before_frac", "rate_after_frac", "is_snap_back", "announced_on", "instrument", "url",
    ]  # fmt: skip
    found = changes[["measure_id", "instrument", "is_snap_back"]].to_numpy().tolist()
    assert found == [["a", "text of 2025-01-01", False], ["b", "text of 2025-01-02", True], ["b", "text of 2025-01-02", False]]
    assert changes["announced_on"].dt.day.tolist() == [1, 2, 2]
    assert changes["rate_before_frac"].fillna(-1).tolist() == [-1, 0.1, 0.2]
    assert ledger.next_changes(schedule, after=date(2025, 1, 4))["changes_on"].dt.day.tolist() == [5, 8, 8, 20]
    assert ledger.next_changes(schedule, after=date(2025, 1, 20)).empty


def test_the_newest_version_of_each_thing_stands_in_order_of_its_day() -> None:
    days = pd.to_datetime(["2025-03-01", "2025-01-01", "2025-02-01", "2025-02-01"])
    table = pd.DataFrame({"name": ["b", "b", "a", "c"], "said_on": days, "word": ["new", "old", "one", "two"]})
    newest = ledger.newest_versions(table, key=["name"], by="said_on")
    assert newest[["name", "word"]].to_numpy().tolist() == [["a", "one"], ["c", "two"], ["b", "new"]]
    assert newest.index.tolist() == [0, 1, 2]
    assert list(newest) == list(table)
    with pytest.raises(LedgerError, match="2 rows share the key name b, said_on 2025-03-01;"):
        ledger.newest_versions(table.assign(said_on=days[0]), key=["name"], by="said_on")


KEY = ["series", "period"]


def released(*rows: tuple[str, int, float, str, str]) -> pd.DataFrame:
    """Statistics from (series, month of 2025, value, published, vintage), days as month and day."""
    table = pd.DataFrame(rows, columns=["series", "month", "value", "published_on", "vintage_on"])
    table.insert(1, "period", pd.to_datetime([f"2025-{month:02d}-01" for month in table.pop("month")]))
    for name in ("published_on", "vintage_on"):
        table[name] = pd.to_datetime("2025-" + table[name])
    return table


REVISED = (("s", 1, 1.0, "02-10", "02-10"), ("s", 1, 1.1, "02-10", "03-10"), ("s", 1, 1.2, "02-10", "04-10"))


@pytest.mark.parametrize(
    ("as_of", "value", "first", "later", "known_on"),
    [
        ("02-10", 1.0, True, False, "02-10"),
        ("03-09", 1.0, True, False, "02-10"),
        ("03-10", 1.1, False, False, "03-10"),
        ("04-09", 1.1, False, False, "03-10"),
        ("04-10", 1.2, False, False, "04-10"),
    ],
)
def test_a_value_stands_until_the_day_of_its_revision(as_of: str, value: float, first: bool, later: bool, known_on: str) -> None:
    day = date.fromisoformat(f"2025-{as_of}")
    for rows in (REVISED, REVISED[::-1]):
        (found,) = ledger.latest_known(released(*rows), as_of=day, key=KEY).itertuples()
        assert (found.value, found.is_first_release, found.is_later_revised, f"{found.known_on:%m-%d}") == (value, first, later, known_on)


def test_before_its_day_a_figure_is_not_known_and_a_later_copy_stands_in_with_the_earliest_value() -> None:
    assert ledger.latest_known(released(*REVISED), as_of=date(2025, 2, 9), key=KEY).empty
    copies = released(("t", 2, 3.0, "02-20", "05-01"), ("s", 2, 9.0, "02-10", "05-01"), ("s", 2, 8.0, "02-10", "04-01"))
    found = ledger.latest_known(copies, as_of=date(2025, 3, 1), key=KEY)
    assert found[["series", "value", "is_later_revised", "is_first_release"]].to_numpy().tolist() == [
        ["s", 8, True, False],
        ["t", 3, True, False],
    ]
    assert found["known_on"].dt.strftime("%m-%d").tolist() == ["02-10", "02-20"]
    assert found.index.tolist() == [0, 1]
    assert sorted(found) == sorted([*copies, "is_first_release", "is_later_revised", "known_on"])
    mixed = released(("t", 1, 7.0, "02-10", "02-10"), ("s", 1, 8.0, "02-10", "05-01"))
    assert ledger.latest_known(mixed, as_of=date(2025, 3, 1), key=KEY)["series"].tolist() == ["s", "t"]
    # From its vintage on the copy is what was known.
    (now,) = ledger.latest_known(copies.tail(1), as_of=date(2025, 4, 1), key=KEY).itertuples()
    assert (now.is_later_revised, f"{now.known_on:%m-%d}") == (False, "04-01")


def test_one_vintage_says_one_thing_of_one_month() -> None:
    with pytest.raises(LedgerError, match="2 rows share the key series s, period 2025-01-01, vintage_on 2025-02-10;"):
        ledger.latest_known(released(REVISED[0], REVISED[0]), as_of=date(2025, 1, 1), key=KEY)


@pytest.mark.parametrize(("as_of", "periods"), [("02-09", []), ("02-10", [1]), ("03-14", [1]), ("03-15", [1, 2])])
def test_first_releases_are_those_published_up_to_the_day(as_of: str, periods: list[int]) -> None:
    table = released(("s", 2, 2.0, "03-15", "03-15"), *REVISED, ("s", 3, 2.0, "02-10", "05-01"))
    found = ledger.first_releases(table, as_of=date.fromisoformat(f"2025-{as_of}"), key=KEY)
    assert found["period"].dt.month.tolist() == periods
    assert found["value"].tolist() == [1.0, 2.0][: len(periods)]
    assert found["known_on"].tolist() == found["published_on"].tolist()
    assert found["is_first_release"].all()
    assert not found["is_later_revised"].any()
    assert found.index.tolist() == list(range(len(periods)))
    assert sorted(found) == sorted([*table, "is_first_release", "is_later_revised", "known_on"])


def test_a_frame_of_rows() -> None:
    assert ledger.frame([(1, "a"), (2, "b")], ["number", "letter"]).to_dict("list") == {"number": [1, 2], "letter": ["a", "b"]}
    assert list(ledger.frame([], ["number", "letter"])) == ["number", "letter"]


def test_two_steps_of_one_announcement_without_a_day_are_refused() -> None:
    with pytest.raises(LedgerError, match="2 rows share the key measure_id a"):
        ledger.replay(steps(("a", "2025-01-01", None, 0.1), ("a", "2025-01-01", None, 0.2)), as_of=date(2025, 2, 1))
