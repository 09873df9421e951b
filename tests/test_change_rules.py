"""What became known between two days, in a made-up truce: on the first day nothing again, on the last all, and what weighs most first."""

import math
from collections.abc import Callable

import pandas as pd
import pytest
from made_up import tidy

from tradelib import truce
from tradelib.errors import DayError
from tradelib.phrases import changes

NOTHING = dict.fromkeys(
    ("tariff_steps", "tariff_measures", "proposals", "deadlines", "commitments", "evidence", "nontariff_steps", "events", "statistics"), ()
)


def ledger(reading: Callable, **tables: list[dict[str, object]]) -> None:
    """A data package in which only these ledgers hold rows."""
    reading(**{name: list(tables.get(name, ())) for name in NOTHING})


def between(since: str, until: str, group: str | None = None) -> pd.DataFrame:
    rows = tidy(changes.told(truce.changes(since=since, until=until)))
    return rows[rows["group"].eq(group)].reset_index(drop=True) if group else rows


def text(value: str) -> str:
    return value.replace("\N{NARROW NO-BREAK SPACE}", " ")


def event(name: str, published: str, **said: object) -> dict[str, object]:
    return {
        "event_id": name, "published_on": published, "starts_on": published, "kind": "talks", "actor": "both", "title": f"title of {name}",
        "confidence": "high",
    } | said  # fmt: skip


def test_changes_begin_after_the_first_day_and_end_with_the_last(read: Callable) -> None:
    days = ("2025-05-11", "2025-05-12", "2025-05-13")
    ledger(read, events=[event(name, day) for name, day in zip("ABC", days, strict=True)])
    assert between("2025-05-11", "2025-05-12")["item"].tolist() == ["B"]
    assert between("2025-05-10", "2025-05-13")["item"].tolist() == ["A", "B", "C"]
    assert between("2025-05-13", "2025-05-13").empty
    with pytest.raises(DayError, match="reversed"):
        truce.changes(since="2025-05-13", until="2025-05-12")


def test_within_a_day_what_weighs_most_comes_first(read: Callable) -> None:
    events = [event("A", "2025-05-12"), event("B", "2025-05-12", is_major=True), event("C", "2025-05-11"), event("D", "2025-05-12")]
    promises = [promise("P"), promise("Q", what="lower its tariffs"), promise("R")]
    ledger(read, events=events, commitments=promises)
    rows = between("2025-05-01", "2025-06-01")
    assert rows["item"].tolist() == ["Q", "P", "R", "C", "B", "A", "D"]
    assert rows["group"].tolist() == ["commitments"] * 3 + ["events"] * 4
    assert rows["unit"].tolist() == ["day"] * 3 + [""] * 4


# Promises, and what is said of them.


def promise(name: str, announced: str = "2025-05-12", **said: object) -> dict[str, object]:
    return {
        "commitment_id": name, "announced_on": announced, "agreement": "Geneva", "party": "CN", "what": f"keep promise {name}",
        "made_on": "2025-05-12", "confirmed_by_other_side": "no",
    } | said  # fmt: skip


def test_a_promise_is_new_once_and_then_dated_or_confirmed(read: Callable) -> None:
    ledger(
        read,
        commitments=[
            promise("A", "2025-05-30", due_on="2025-08-01", confirmed_by_other_side="partly"),
            promise("A"),
            promise("A", "2025-05-25", due_on="2025-07-01", confirmed_by_other_side="yes"),
            promise("A", "2025-05-20", due_on="2025-07-01"),
        ],
    )
    rows = between("2025-05-01", "2025-06-01")
    found = [(text(row.what), row.before, row.after) for row in rows.itertuples()]
    assert found == [
        ("China: keep promise A", "", "no day named"),
        ("China: keep promise A", "no day named", "by 1 July 2025"),
        ("China: keep promise A, now confirmed by the other side", "", ""),
        ("China: keep promise A, now confirmed in part by the other side", "by 1 July 2025", "by 1 August 2025"),
    ]
    assert rows["before_on"].dt.strftime("%F").fillna("").tolist() == ["", "", "", "2025-07-01"]
    assert rows["after_on"].dt.strftime("%F").fillna("").tolist() == ["", "2025-07-01", "", "2025-08-01"]


def test_evidence_is_told_with_the_promise_and_what_it_rests_on(read: Callable) -> None:
    def word(number: int, by: str, standing: str) -> dict[str, object]:
        return {
            "evidence_id": f"A-{number}", "commitment_id": "A", "observed_on": f"2025-05-2{number}", "observation": f"Word {number}",
            "direction": "kept", "claimed_by": by, "standing": standing,
        }  # fmt: skip

    words = [
        word(1, "CN", "instrument"),
        word(2, "third party", "statistics"),
        word(3, "third party", "report"),
        word(4, "US", "statement"),
    ]
    versions = [promise("A"), promise("A", "2025-05-24", what="keep it, as dated")]
    ledger(read, commitments=versions, evidence=words)
    rows = between("2025-05-20", "2025-05-23", "evidence")
    assert rows["after"].tolist() == ["kept, by a legal text", "kept, by official statistics", "kept, by report"]
    assert rows["what"].iloc[0] == "China promised: keep promise A. Word 1"
    late = between("2025-05-23", "2025-06-01", "evidence")
    assert late[["what", "after"]].to_numpy().tolist() == [["China promised: keep it, as dated. Word 4", "kept, says US"]]


def test_who_promises_and_who_speaks_is_named(read: Callable) -> None:
    word = {
        "evidence_id": "A-1", "commitment_id": "A", "observed_on": "2025-05-21", "observation": "Word", "direction": "partly",
        "claimed_by": "third party", "standing": "statement",
    }  # fmt: skip
    ledger(read, commitments=[promise("A", party="both"), promise("B", party="US")], evidence=[word])
    rows = between("2025-05-01", "2025-06-01").set_index("group")
    assert rows.loc["commitments", "what"].tolist() == ["Both sides: keep promise A", "US: keep promise B"]
    assert rows.loc["evidence", ["what", "after"]].tolist() == ["Both sides promised: keep promise A. Word", "partly, says third party"]


# Clocks.


def clock(announced: str, expires: str | None, **said: object) -> dict[str, object]:
    return {
        "clock": "A", "basis": "legal", "side": "US", "what_expires": "The pause", "kind": "suspension", "announced_on": announced,
        "expires_on": expires, "confidence": "high",
    } | said  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "later", "before", "after", "before_on", "after_on"),
    [
        (None, clock("2025-05-20", "2025-08-12"), "", "12 August 2025", "", "2025-08-12"),
        # A suspension by the first day without it; a promise by its last day.
        (None, clock("2025-05-20", "2025-08-11", is_last_day=True), "", "12 August 2025", "", "2025-08-12"),
        (None, clock("2025-05-20", "2025-08-11", is_last_day=True, kind="promise"), "", "by 11 August 2025", "", "2025-08-11"),
        (clock("2025-05-10", "2025-07-01"), clock("2025-05-20", "2025-08-12"), "1 July 2025", "12 August 2025", "2025-07-01", "2025-08-12"),
        # The same day again is no other; another basis or side of the clock has days of its own, but what both said counts for each.
        (clock("2025-05-10", "2025-08-12"), clock("2025-05-20", "2025-08-12"), "", "12 August 2025", "", "2025-08-12"),
        (clock("2025-05-10", "2025-07-01", basis="political"), clock("2025-05-20", "2025-08-12"), "", "12 August 2025", "", "2025-08-12"),
        (clock("2025-05-10", "2025-07-01", side="CN"), clock("2025-05-20", "2025-08-12"), "", "12 August 2025", "", "2025-08-12"),
        (
            clock("2025-05-10", "2025-07-01", side="both"),
            clock("2025-05-20", "2025-08-12"),
            "1 July 2025",
            "12 August 2025",
            "2025-07-01",
            "2025-08-12",
        ),
        (clock("2025-05-10", "2025-07-01"), clock("2025-05-20", None), "1 July 2025", "stopped", "2025-07-01", ""),
        (
            clock("2025-05-10", "2025-07-01"),
            clock("2025-05-20", None, term="one more year"),
            "1 July 2025",
            "one more year",
            "2025-07-01",
            "",
        ),
    ],
)
def test_a_clock_is_told_beside_the_day_it_had(
    read: Callable, earlier: dict | None, later: dict, before: str, after: str, before_on: str, after_on: str
) -> None:
    ledger(read, deadlines=[row for row in (earlier, later) if row])
    (row,) = between("2025-05-15", "2025-06-01").itertuples()
    assert (text(row.what), text(row.before), text(row.after)) == ("The pause (by legal text)", before, after)
    shown = [f"{day:%F}" if pd.notna(day) else "" for day in (row.before_on, row.after_on)]
    assert (shown, row.unit, row.item, row.group) == ([before_on, after_on], "day", "A", "deadlines")
    notes = [text(words) if not on else "by" if words.startswith("by ") else "" for words, on in ((before, before_on), (after, after_on))]
    assert [row.before_note, row.after_note] == notes


def test_what_is_law_is_told_apart_from_what_is_said(read: Callable) -> None:
    said = {"standing": "statement"}
    ledger(
        read,
        deadlines=[clock("2025-05-20", "2025-08-12"), clock("2025-05-21", "2025-08-12", basis="political", side="both")],
        nontariff_steps=[measure("2025-05-20", "2025-05-21"), measure("2025-05-22", "2025-05-23", "ended", item_id="B", **said)],
    )
    assert truce.changes(since="2025-05-15", until="2025-06-01")["rests_on"].tolist() == ["law", "statement", "law", "statement"]
    assert between("2025-05-15", "2025-06-01", "deadlines")["what"].tolist() == ["The pause (by legal text)", "The pause (as stated)"]


def test_a_measure_that_stays_as_it_was_has_no_state_before(read: Callable) -> None:
    ledger(read, nontariff_steps=[measure("2025-05-12", "2025-05-14", "suspended"), measure("2025-05-20", "2025-05-21", "suspended")])
    assert between("2025-05-15", "2025-06-01")[["before", "after"]].to_numpy().tolist() == [["", "suspended"]]


def test_the_newest_day_before_is_the_one_that_is_told(read: Callable) -> None:
    ledger(read, deadlines=[clock("2025-05-12", "2025-07-05"), clock("2025-05-10", "2025-07-01"), clock("2025-05-20", "2025-08-12")])
    assert text(between("2025-05-15", "2025-06-01")["before"].iloc[0]) == "5 July 2025"


# Measures beyond tariffs.


def measure(announced: str, effective: str, state: str = "in force", **said: object) -> dict[str, object]:
    return {
        "item_id": "A", "party": "CN", "measure": "Export control", "what": "magnets", "announced_on": announced, "effective_on": effective,
        "state": state, "standing": "instrument", "confidence": "high",
    } | said  # fmt: skip


def test_a_measure_is_told_beside_what_was_known_for_its_day(read: Callable) -> None:
    ledger(
        read,
        nontariff_steps=[
            measure("2025-04-04", "2025-04-04"),
            measure("2025-05-12", "2025-05-14", "suspended"),
            measure("2025-05-12", "2025-08-12", is_snap_back=True),
            measure("2025-05-13", "2025-08-12", "suspended", standing="statement"),
        ],
    )
    rows = between("2025-05-01", "2025-06-01", "measures beyond tariffs")
    assert [text(what) for what in rows["what"]] == [
        "China: Export control, magnets, from 14 May 2025",
        "China: Export control, magnets, from 12 August 2025",
        "China: Export control, magnets, from 12 August 2025 (stated, not in law)",
    ]
    assert rows[["before", "after"]].to_numpy().tolist() == [
        ["in force", "suspended"],
        ["suspended", "in force again"],
        ["in force", "suspended"],
    ]
    # Where the words name no number and no day, all of them are the note.
    assert rows[["before_note", "after_note"]].to_numpy().tolist() == rows[["before", "after"]].to_numpy().tolist()
    assert rows["holds_on"].dt.strftime("%F").tolist() == ["2025-05-14", "2025-08-12", "2025-08-12"]
    first = between("2025-04-01", "2025-04-10")
    assert first[["before", "after"]].to_numpy().tolist() == [["", "in force"]]


# Duties.


def step(name: str, announced: str, effective: str, rate: float | None, **said: object) -> dict[str, object]:
    return {
        "measure_id": name, "announced_on": announced, "effective_on": effective, "rate_frac": rate, "scope": "all",
        "standing": "instrument", "basis": "ended" if rate is None else "full_value", "confidence": "high",
        "instrument": f"text of {announced}", "url": f"https://example.org/{name}",
    } | said  # fmt: skip


def duties(reading: Callable, *steps: dict[str, object], **particular: dict[str, object]) -> None:
    names = sorted({row["measure_id"] for row in steps})
    measures = [
        {"measure_id": name, "importer": name[:2].upper(), "exporter": "CN" if name[:2] == "us" else "US", "authority": "Act",
         "programme": f"Act {name[3:]}", "family": name[3], "kind": "duty", "within_family": "add", "announced_on": "2025-01-01"}
        | particular.get(name, {})
        for name in names
    ]  # fmt: skip
    ledger(reading, tariff_steps=list(steps), tariff_measures=measures)


def test_a_step_is_told_beside_what_was_known_of_its_day_on_the_day_before_the_text(read: Callable) -> None:
    duties(
        read,
        step("us_a", "2025-01-10", "2025-02-01", 0.1),
        step("us_a", "2025-03-10", "2025-07-01", 0.5),
        step("us_a", "2025-03-10", "2025-04-01", 0.3),
        step("us_a", "2025-05-10", "2025-07-01", 0.3),
        step("us_a", "2025-05-20", "2025-07-01", 0.3),
        step("us_a", "2025-05-25", "2025-08-01", None),
    )
    rows = between("2025-03-01", "2025-06-01", "tariffs")
    found = [(text(row.what), text(row.before), text(row.after)) for row in rows.itertuples()]
    assert found == [
        ("US: Act a, from 1 July 2025", "10%", "50%"),
        ("US: Act a, from 1 April 2025 to 1 July 2025", "10%", "30%"),
        ("US: Act a, from 1 July 2025", "50%", "30%"),
        ("US: Act a, from 1 August 2025", "30%", "ended"),
    ]
    assert rows["before_value"].tolist() == [0.1, 0.1, 0.5, 0.3]
    assert rows["after_value"].fillna(-1).tolist() == [0.5, 0.3, 0.3, -1]
    assert rows["holds_on"].dt.strftime("%F").tolist() == ["2025-07-01", "2025-04-01", "2025-07-01", "2025-08-01"]
    assert rows["known_on"].dt.strftime("%F").tolist() == ["2025-03-10", "2025-03-10", "2025-05-10", "2025-05-25"]
    assert rows["unit"].eq("fraction").all()
    assert between("2025-03-10", "2025-06-01", "tariffs")["known_on"].dt.strftime("%F").tolist() == ["2025-05-10", "2025-05-25"]
    first = between("2025-01-01", "2025-01-10")
    assert (first["before"].tolist(), math.isnan(first["before_value"].iloc[0])) == ([""], True)


def test_words_are_told_as_words_and_a_text_that_says_them_as_law(read: Callable) -> None:
    duties(
        read,
        step("us_a", "2025-01-10", "2025-02-01", 0.1),
        step("us_a", "2025-03-10", "2025-04-01", 0.3, standing="statement"),
        step("us_a", "2025-03-20", "2025-04-01", 0.3),
        step("us_a", "2025-03-25", "2025-04-01", 0.3, standing="statement"),
        step("us_a", "2025-03-28", "2025-05-01", 0, basis="suspended"),
        step("us_a", "2025-03-30", "2025-05-02", 0.4),
        step("us_a", "2025-03-31", "2025-05-04", math.nan, basis="to_be_announced"),
    )
    rows = between("2025-03-01", "2025-06-01", "tariffs")
    found = [(text(row.what).removeprefix("US: Act a, from "), text(row.before), text(row.after)) for row in rows.itertuples()]
    assert found == [
        ("1 April 2025 (stated, not in law)", "10%", "30%"),
        ("1 April 2025", "30%, as stated", "30%"),
        ("1 May 2025", "30%", "suspended"),
        ("2 May 2025", "suspended", "40%"),
        ("4 May 2025", "40%", "to be announced"),
    ]
    assert rows["before_note"].tolist() == ["", "as stated", "", "suspended", ""]
    assert rows["after_note"].tolist() == ["", "", "suspended", "", "to be announced"]


def test_a_duty_that_had_ended_is_told_as_ended_and_an_exclusion_as_in_force(read: Callable) -> None:
    duties(
        read,
        step("us_a", "2025-01-10", "2025-02-01", 0.1),
        step("us_a", "2025-01-20", "2025-03-01", None),
        step("us_a", "2025-03-10", "2025-04-01", 0.2),
        step("us_b", "2025-01-20", "2025-03-01", None, standing="statement"),
        step("us_b", "2025-01-10", "2025-02-01", 0.1),
        step("us_b", "2025-03-10", "2025-04-02", 0.3),
        step("us_c", "2025-03-10", "2025-04-03", 0, basis="exclusion", scope="ieepa_electronics_apr11"),
        us_c={"kind": "exclusion"},
    )
    rows = between("2025-03-01", "2025-06-01", "tariffs").set_index("item")
    assert text(rows.loc["us_a", "before"]) == "ended"
    assert text(rows.loc["us_b", "before"]) == "ended, as stated"
    assert rows.loc["us_c", ["before", "after"]].tolist() == ["", "in force"]
    assert rows["after_value"].fillna(-1).to_dict() == {"us_b": 0.3, "us_a": 0.2, "us_c": -1}


def test_steps_of_one_text_that_do_the_same_are_one_row_and_duties_on_all_goods_come_first(read: Callable) -> None:
    listed = {"scope": "ieepa_electronics_apr11"}
    duties(
        read,
        step("us_l1", "2025-03-10", "2025-04-01", 0.25, **listed),
        step("us_l2", "2025-03-10", "2025-04-01", 0.25, **listed),
        step("us_l3", "2025-03-10", "2025-04-02", 0.25, **listed),
        step("us_l4", "2025-03-10", "2025-04-01", 0.5, **listed),
        step("cn_l5", "2025-03-10", "2025-04-01", 0.25, **listed),
        step("us_w1", "2025-03-10", "2025-04-01", 0.01),
        # A list of a family that falls on all goods goes with it.
        step("us_w2", "2025-03-10", "2025-04-01", 0.02, **listed),
        step("us_l7", "2025-03-10", "2025-04-05", 0.15, **listed),
        step("us_l8", "2025-03-10", "2025-04-05", 0.15, **listed),
        us_l2={"programme": "Act l1"},
        us_w2={"authority": "Other act"},
    )
    rows = between("2025-03-01", "2025-06-01", "tariffs")
    assert rows["item"].tolist() == [
        "us_w2", "us_w1", "us_l4", "us_l1|us_l2", "us_l3", "cn_l5", "us_l7|us_l8",
    ]  # fmt: skip
    assert text(rows["what"].iloc[-1]) == "US: Act: Act l7; Act l8, from 5 April 2025"
    one = rows.set_index("item").loc["us_l1|us_l2"]
    assert text(one["what"]) == "US: Act l1, from 1 April 2025"
    assert (one["source"], one["url"]) == ("text of 2025-03-10", "https://example.org/us_l1|https://example.org/us_l2")
    assert text(rows.set_index("item").loc["cn_l5", "what"]).startswith("China: ")


def test_of_the_duties_of_one_day_that_which_moves_farthest_comes_first(read: Callable) -> None:
    listed = {"scope": "ieepa_electronics_apr11"}
    duties(
        read,
        step("us_a", "2025-01-10", "2025-02-01", 0.1, **listed),
        step("us_b", "2025-01-10", "2025-02-01", 0.4, **listed),
        step("us_b", "2025-01-20", "2025-03-01", None, **listed),
        step("us_e", "2025-01-10", "2025-02-01", 0.15, **listed),
        step("us_f", "2025-01-10", "2025-02-01", 0.6, **listed),
        step("us_a", "2025-03-10", "2025-04-01", 0.5, **listed),  # by 40 points
        step("us_b", "2025-03-10", "2025-04-01", 0.3, **listed),  # by 30, as it had ended
        step("us_c", "2025-03-10", "2025-04-01", 0.45, **listed),  # by 45, as there was none
        step("us_e", "2025-03-10", "2025-04-01", None, **listed),  # by 15, as it ends
        step("us_f", "2025-03-10", "2025-04-01", 0.35, **listed),  # by 25, down
        step("us_g", "2025-03-10", "2025-04-01", 0.2, **listed),  # by 20, as there was none
    )
    assert between("2025-03-01", "2025-06-01", "tariffs")["item"].tolist() == ["us_c", "us_a", "us_b", "us_f", "us_g", "us_e"]


def test_a_row_of_several_steps_stands_where_the_weightiest_would(read: Callable) -> None:
    listed = {"scope": "ieepa_electronics_apr11"}
    duties(
        read,
        step("us_a", "2025-03-10", "2025-04-01", 0.1, **listed),
        step("us_b", "2025-03-10", "2025-04-01", 0.1),
        step("us_c", "2025-03-10", "2025-04-01", 0.5, **listed),
    )
    assert between("2025-03-01", "2025-06-01", "tariffs")["item"].tolist() == ["us_a|us_b", "us_c"]


def test_steps_of_one_text_with_other_annexes_are_one_row_that_names_them_all(read: Callable) -> None:
    duties(
        read,
        step("us_a", "2025-03-10", "2025-04-01", 0.25, instrument="Order 1; Annex A", url="https://example.org/1|https://example.org/a"),
        step("us_b", "2025-03-10", "2025-04-01", 0.25, instrument="Order 1; Annex B", url="https://example.org/1|https://example.org/b"),
        step("us_c", "2025-03-10", "2025-04-01", 0.25, instrument="Order 2; Annex B", url="https://example.org/2"),
    )
    rows = between("2025-03-01", "2025-06-01", "tariffs").set_index("item")
    assert sorted(rows.index) == ["us_a|us_b", "us_c"]
    assert rows.loc["us_a|us_b", "source"] == "Order 1; Annex A; Annex B"
    assert rows.loc["us_a|us_b", "url"] == "https://example.org/1|https://example.org/a|https://example.org/b"


# Statistics.


def test_a_figure_is_new_or_revised_by_as_much_as_shows(read: Callable) -> None:
    def figure(series: str, period: str, value: float, published: str, vintage: str = "") -> dict[str, object]:
        return {
            "series_id": series, "period": period, "value": value, "published_on": published, "vintage_on": vintage or published,
            "published_basis": "observed", "confidence": "high",
        }  # fmt: skip

    yoy, usd, tonnes = "china_exports_yoy_frac", "us_imports_from_china_usd", "china_magnet_exports_tonnes"
    ledger(
        read,
        statistics=[
            figure(yoy, "2025-04-01", 0.08, "2025-05-09"),
            figure(yoy, "2025-04-01", 0.081, "2025-05-09", "2025-06-09"),
            figure(yoy, "2025-05-01", 0.048, "2025-06-09"),
            figure(usd, "2025-03-01", 29.38e9, "2025-05-06"),
            figure(usd, "2025-03-01", 29.3801e9, "2025-05-06", "2025-06-05"),
            figure(usd, "2025-04-01", 25.4e9, "2025-06-05", "2026-02-07"),
            figure(tonnes, "2025-04-01", 2626.0, "2025-05-20"),
        ],
    )
    rows = between("2025-05-19", "2025-06-09", "statistics")
    found = [(row.item, f"{row.holds_on:%m}", text(row.before), text(row.after)) for row in rows.itertuples()]
    assert found == [
        (tonnes, "04", "", "2,626 t"),
        (usd, "04", "", "USD 25.4 billion, as later revised"),
        (yoy, "04", "+8.0%", "+8.1%"),
        (yoy, "05", "", "+4.8%"),
    ]
    assert rows["unit"].tolist() == ["tonnes", "usd", "fraction", "fraction"]
    assert rows["after_note"].tolist() == ["", "as later revised", "", ""]
    assert rows["before_note"].tolist() == ["", "", "", ""]
    assert rows["before_value"].fillna(-1).tolist() == [-1, -1, 0.08, -1]
    assert rows["after_value"].tolist() == [2626, 25.4e9, 0.081, 0.048]
    assert rows["known_on"].dt.strftime("%F").tolist() == ["2025-05-20", "2025-06-05", "2025-06-09", "2025-06-09"]
    assert between("2025-06-09", "2025-06-30").empty
