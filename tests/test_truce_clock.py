"""The truce and its end in all their forms, from findings and without any data."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from tradelib import catalogue, ledger, tariffs, truce
from tradelib.phrases import duty_moves, truce_clock
from tradelib.truce import TruceClock

JUNE, AUGUST, NOVEMBER, JANUARY = date(2025, 6, 9), date(2025, 8, 12), date(2026, 11, 10), date(2027, 1, 10)
LAW = TruceClock(
    as_of=JUNE, word="running", begun_on=date(2025, 5, 14), ends_on=AUGUST, days_left=64, said_by="both", has_instrument=True,
    law_ends_on={"US": AUGUST, "CN": AUGUST},
)  # fmt: skip
STATED = TruceClock(
    as_of=date(2026, 10, 9), word="running", begun_on=date(2025, 5, 14), ends_on=JANUARY, days_left=93, said_by="US",
    law_ends_on={"CN": NOVEMBER},
)  # fmt: skip
UNWRITTEN = TruceClock(as_of=JUNE, word="running", begun_on=date(2025, 5, 14), ends_on=AUGUST, days_left=1, said_by="CN")
TERM = TruceClock(
    as_of=date(2025, 10, 31), word="running", begun_on=date(2025, 5, 14), ends_on=date(2025, 11, 10), days_left=10, said_by="both",
    has_instrument=True, law_ends_on={"US": date(2025, 11, 10)}, term="one more year", term_on=date(2025, 10, 30), term_by="both",
)  # fmt: skip
OVER = TruceClock(as_of=date(2027, 1, 20), word="run out", begun_on=date(2025, 5, 14), ends_on=JANUARY)
SET = replace(LAW, as_of=date(2025, 5, 12), days_left=92, law_ends_on={"US": AUGUST})
SAID = replace(SET, has_instrument=False, law_ends_on={"CN": date(2025, 7, 1)})
PAUSE = TruceClock(as_of=date(2018, 12, 15), pause="Pause of new duties", pause_ends_on=date(2019, 3, 2))
NONE = TruceClock(as_of=date(2018, 6, 1))


@pytest.mark.parametrize(
    ("clock", "title", "message", "fact", "line"),
    [
        (
            LAW,
            "26 days of truce, 64 days left",
            "The truce runs until 12 August 2025, 64 days from now",
            "64 days to 12 August 2025, when the truce ends",
            "to 12 August 2025, 64 days left",
        ),
        (
            SET,
            "A truce from 14 May to 12 August 2025 is set",
            "The truce is to run from 14 May to 12 August 2025: it begins in 2 days",
            "92 days to 12 August 2025, when the truce ends; it begins on 14 May 2025",
            "from 14 May to 12 August 2025, it begins in 2 days",
        ),
        (
            SAID,
            "The truce is to run from 14 May to 12 August 2025, both sides say; in Chinese law it ends on 1 July 2025",
            "Officials say the truce will run from 14 May to 12 August 2025 (it begins in 2 days); under China's law the higher tariff is "
            "to be suspended from 14 May to 1 July 2025",
            "92 days to 12 August 2025, when the truce ends as announced; it begins on 14 May 2025; under China's law the higher tariff "
            "returns on 1 July 2025",
            "from 14 May to 12 August 2025, it begins in 2 days, as stated; in law to 1 Jul 2025",
        ),
        (
            STATED,
            "The truce runs to 10 January 2027, the US says; in Chinese law it ends on 10 November 2026",
            "Officials say the truce will run to 10 January 2027 (93 days are left); under China's law the higher tariff is suspended to "
            "10 "
            "November 2026",
            "93 days to 10 January 2027, when the truce ends as announced; under China's law the higher tariff returns on 10 November 2026",
            "to 10 January 2027, 93 days left, as stated; in law to 10 Nov 2026",
        ),
        (
            UNWRITTEN,
            "The truce runs to 12 August 2025, China says; no law says so yet",
            "Officials say the truce will run to 12 August 2025 (1 day is left); no law says so yet",
            "1 day to 12 August 2025, when the truce ends as announced",
            "to 12 August 2025, 1 day left, as stated; not yet in law",
        ),
        (
            TERM,
            "6 months of truce, 10 days left",
            "One more year of truce was agreed by 30 October 2025, as both sides say, with no end date named; by the last day named, 10 "
            "November 2025, 10 days are left",
            "10 days to 10 November 2025, the last day named; one more year was agreed by 30 October 2025",
            "one more year agreed by 30 Oct 2025, no day; in law to 10 Nov 2025",
        ),
    ],
)
def test_a_running_truce_in_all_its_forms(clock: TruceClock, title: str, message: str, fact: str, line: str) -> None:
    (number,) = truce_clock.fact(clock, whose=True)
    assert (truce_clock.title(clock), truce_clock.message(clock)) == (title, message)
    assert (f"{number.value} {number.words}", truce_clock.line(clock)) == (fact, line)


@pytest.mark.parametrize(
    ("clock", "told", "line"),
    [
        (
            OVER,
            "The truce was last announced to 10 January 2027, and no later extension is in our data",
            "last announced to 10 January 2027, no later extension in our data",
        ),
        (PAUSE, "Pause of new duties, to 2 March 2019", "to 2 March 2019: Pause of new duties"),
        (NONE, "No truce with an end date is in force", "none with an end date is in force"),
    ],
)
def test_without_a_running_truce_title_and_message_agree(clock: TruceClock, told: str, line: str) -> None:
    """Nobody has seen a truce run out whose end lies after the evidence: no form says so."""
    assert truce_clock.idle(clock) == truce_clock.message(clock) == told
    assert truce_clock.line(clock) == line
    assert truce_clock.fact(clock) == []


def test_the_law_that_has_passed_is_told_in_the_past() -> None:
    clock = TruceClock(as_of=date(2026, 11, 29), word="running", ends_on=JANUARY, days_left=42, said_by="US", law_ends_on={"CN": NOVEMBER})
    assert "was suspended to" in truce_clock.message(clock)
    assert "was to return on 10 November 2026" in truce_clock.fact(clock, whose=True)[0].words
    assert "the higher tariffs were suspended to 10 November 2026 in China" in truce_clock.sentences(clock, source="a", url="#b")[-1]


def test_on_the_day_of_the_law_its_higher_duty_has_returned() -> None:
    clock = replace(STATED, as_of=NOVEMBER, days_left=61)
    assert "the higher tariff was suspended to 10 November 2026" in truce_clock.message(clock)
    assert "the higher tariff was to return on 10 November 2026" in truce_clock.fact(clock, whose=True)[0].words
    assert truce_clock.sentences(clock, source="a", url="#b")[-1].startswith("In law, the higher tariffs were suspended to")
    assert truce_clock.fact(clock)[0].words == "to 10 January 2027, when the truce ends as announced (not yet in law)"


JULY = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("ends", "title"),
    [
        ({"US": AUGUST}, ""),
        ({"US": AUGUST, "CN": JULY}, ""),
        ({"CN": JULY}, "The truce runs to 12 August 2025, both sides say; in Chinese law it ends on 1 July 2025"),
        ({"CN": JUNE}, "The truce runs to 12 August 2025, both sides say; in Chinese law it ended on 9 June 2025"),
        ({"US": JULY, "CN": JULY}, "The truce runs to 12 August 2025, both sides say; in law it ends on 1 July 2025"),
        ({"US": JULY, "CN": date(2025, 7, 2)}, "The truce runs to 12 August 2025, both sides say; in US law it ends on 1 July 2025"),
        ({}, "The truce runs to 12 August 2025, both sides say; no law says so yet"),
    ],
)
def test_a_truce_that_no_text_carries_to_its_day_is_said_to_run(ends: dict[str, date], title: str) -> None:
    assert truce_clock.said_to_run(replace(LAW, law_ends_on=ends, has_instrument=AUGUST in ends.values())) == title


@pytest.mark.parametrize(("begun", "age"), [(59, "59 days"), (60, "2 months"), (1, "1 day"), (365, "12 months")])
def test_the_age_of_a_truce_is_told_in_days_and_then_in_months(begun: int, age: str) -> None:
    assert truce_clock.age(replace(LAW, begun_on=JUNE - timedelta(days=begun))) == age


def test_an_older_pause_in_all_its_forms() -> None:
    (fact,) = truce_clock.pause_fact(PAUSE)
    assert f"{fact.value} {fact.words}" == "77 days to 2 March 2019, when the pause ends"
    assert truce_clock.pause_fact(NONE) == truce_clock.pause_fact(LAW) == []


BOTH_SAY = "The truce is to run to 12 August 2025, both sides have said ([a](#b)): 64 days are left."


@pytest.mark.parametrize(
    ("clock", "sentences"),
    [
        (NONE, ["No truce with an end date is in force on this day."]),
        (
            PAUSE,
            [
                "No truce on tariffs on all goods has been announced by this day. An older pause is running: [Pause of new duties](#b), to "
                "2 March 2019."
            ],
        ),
        (OVER, ["The truce was last announced to 10 January 2027 ([a](#b)); our data have no later extension."]),
        (LAW, [BOTH_SAY, "In law, the higher tariffs are suspended to 12 August 2025 on both sides."]),
        (
            SET,
            [
                "The truce is to run from 14 May to 12 August 2025, both sides have said ([a](#b)): it begins in 2 days.",
                "In law, the higher tariffs are to be suspended from 14 May to 12 August 2025 in the United States.",
            ],
        ),
        (
            replace(LAW, phase="second", phase_on=JULY, law_ends_on={"US": JUNE, "CN": AUGUST}),
            [
                BOTH_SAY.replace("truce", "truce, in its second phase since 1 July 2025,"),
                "In law, the higher tariffs are suspended to 9 June 2025 in the United States and to 12 August 2025 in China.",
            ],
        ),
        (
            STATED,
            [
                "The truce is to run to 10 January 2027, the United States has said, which China has not confirmed by this day ([a](#b)): "
                "93 days are left.",
                "No legal text to that effect has been published, as far as we know.",
                "In law, the higher tariffs are suspended to 10 November 2026 in China.",
            ],
        ),
        (
            UNWRITTEN,
            [
                "The truce is to run to 12 August 2025, China has said ([a](#b)): 1 day is left.",
                "No legal text to that effect has been published, as far as we know.",
            ],
        ),
        (
            TERM,
            [
                "The truce is to run to 10 November 2025, both sides have said ([a](#b)): 10 days are left.",
                "One more year of truce was agreed by 30 October 2025, as both sides say, with no end date named.",
                "In law, the higher tariffs are suspended to 10 November 2025 in the United States.",
            ],
        ),
    ],
)
def test_the_state_of_the_truce_in_sentences(clock: TruceClock, sentences: list[str]) -> None:
    assert truce_clock.sentences(clock, source="a", url="#b") == sentences


def test_each_statement_of_the_last_day_is_cited() -> None:
    """ "Both sides have said" stood beside the newest text alone, which was of one of them."""
    told = truce_clock.sentences(LAW, source="a", url="#b", said=[("Bessent", "#us"), ("MOFCOM", "#cn")])
    assert told[0] == BOTH_SAY.replace("[a](#b)", "[Bessent](#us) and [MOFCOM](#cn)")
    said = truce.status(as_of=date(2026, 10, 9)).said
    assert list(said["announced_on"].dt.date) == [date(2026, 9, 23), date(2026, 9, 28)]
    assert list(said["side"]) == ["US", "both"]
    assert list(truce.status(as_of=date(2026, 9, 27)).said["side"]) == ["US"]


@pytest.mark.parametrize(
    ("clock", "unknown", "question"),
    [
        (
            LAW,
            ["Whether the suspension is extended: we know of no text that extends it beyond 12 August 2025."],
            ["Whether, and by which text, the truce is extended beyond 12 August 2025."],
        ),
        (
            STATED,
            ["Whether and when either side will put the extension beyond 10 November 2026 into law."],
            ["Whether, and by which text, the truce is extended beyond 10 January 2027."],
        ),
        (
            UNWRITTEN,
            ["Whether and when either side will put the truce into law."],
            ["Whether, and by which text, the truce is extended beyond 12 August 2025."],
        ),
        (PAUSE, [], ["Whether the two sides agree before 2 March 2019, when their pause ends."]),
        (OVER, [], []),
        (NONE, [], []),
    ],
)
def test_what_is_open_about_the_end_of_a_truce(clock: TruceClock, unknown: list[str], question: list[str]) -> None:
    assert (truce_clock.unknown(clock), truce_clock.question(clock)) == (unknown, question)


def _higher_duty(side: str, as_of: date, on: date) -> float:
    """What the tariff that the truce holds back adds by the texts known on a day, from the steps alone."""
    measure = {"US": "us_ieepa_reciprocal", "CN": "cn_2025_rec"}[side]
    steps = catalogue.load("tariff_steps", as_of=as_of)
    held = ledger.replay(steps[steps["measure_id"].eq(measure)], as_of=as_of, standing=ledger.LAW)
    day = pd.Timestamp(on)
    (rate,) = held.loc[(held["effective_from"] <= day) & ~(held["effective_to"] <= day), "rate_frac"]
    return float(rate)


DAYS_SET = [
    *pd.date_range("2025-05-09", "2025-05-16"),
    *pd.date_range("2025-08-09", "2025-08-14"),
    *pd.date_range("2025-10-29", "2025-11-12"),
]


@pytest.mark.parametrize("as_of", [day.date() for day in DAYS_SET], ids=str)
def test_a_tariff_is_said_to_be_suspended_where_the_law_of_the_day_holds_it_back(as_of: date) -> None:
    """On 12 and 13 May 2025 the tariffs that were to be suspended from 14 May (EO 14298; Tariff Commission No. 7) were in force."""
    clock = truce.status(as_of=as_of)
    told = " ".join([truce_clock.message(clock), *truce_clock.sentences(clock, source="a", url="#b")])
    for side, end in clock.law_ends_on.items():
        is_held_back = _higher_duty(side, as_of, as_of) < _higher_duty(side, as_of, end)
        assert is_held_back == clock.has_begun
        assert ("are suspended to" in told, "are to be suspended from" in told) == (is_held_back, not is_held_back)
    if clock.word == "running":
        moves = tariffs.duty_moves(tariffs.schedule_ahead(as_of=as_of))
        assert "suspended" not in " ".join(duty_moves.sentences_by_kind(moves))
        assert ("days left" in truce_clock.line(clock)) == clock.has_begun or clock.term
        assert "-" not in truce_clock.title(clock).replace("90-day", "")
