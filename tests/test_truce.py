"""Clocks, phases, talks, accusations: what was known on a day, and nothing else."""

from datetime import date

import pandas as pd
import pytest
from conftest import DAYS

from tradelib import truce
from tradelib.errors import ParameterError


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_truce_on_9_june_2025_ends_on_12_august_with_64_days_left() -> None:
    """Geneva Joint Statement of 12 May 2025 and EO 14298: 90 days from 14 May."""
    now = truce.status(as_of=day("2025-06-09"))
    assert (now.word, now.phase, now.ends_on, now.days_left) == ("running", "Geneva", day("2025-08-12"), 64)
    assert now.has_instrument
    assert now.law_ends_on == {"US": day("2025-08-12"), "CN": day("2025-08-12")}


def test_extension_of_september_2026_is_a_statement_without_a_text() -> None:
    """MOFCOM reading of the eighth round, 28 September 2026; no instrument seen by 9 October 2026."""
    now = truce.status(as_of=day("2026-10-09"))
    assert (now.ends_on, now.said_by, now.has_instrument) == (day("2027-01-10"), "both", False)
    assert now.law_ends_on == {"CN": day("2026-11-10")}
    one_side = truce.status(as_of=day("2026-09-25"))
    assert (one_side.ends_on, one_side.said_by) == (day("2027-01-10"), "US")


@pytest.mark.parametrize(
    ("as_of", "word", "ends_on"),
    [
        ("2025-05-11", "none", None),
        ("2025-05-12", "running", "2025-08-12"),
        ("2025-08-10", "running", "2025-08-12"),
        ("2025-08-11", "running", "2025-11-10"),
        ("2025-10-31", "running", "2025-11-10"),
        ("2025-11-01", "running", "2026-11-10"),
        ("2026-09-22", "running", "2026-11-10"),
        ("2027-02-01", "run out", "2027-01-10"),
    ],
)
def test_status_follows_the_announcements(as_of: str, word: str, ends_on: str | None) -> None:
    now = truce.status(as_of=day(as_of))
    assert (now.word, now.ends_on) == (word, day(ends_on) if ends_on else None)


def test_london_talks_are_open_on_their_day_with_the_delegations_as_announced() -> None:
    """Trump's post of 6 June and the Chinese foreign ministry of 7 June 2025; the press named more only later."""
    rows = truce.meetings(as_of=day("2025-06-09"))
    london = rows[rows["location"].eq("London")].iloc[-1]
    assert london["phase_of_event"] == "open"
    assert [name for name, _ in truce.participants(london)] == ["Scott Bessent", "Howard Lutnick", "Jamieson Greer", "He Lifeng"]
    next_day = truce.meetings(as_of=day("2025-06-10"))
    held = next_day[next_day["event_id"].eq(london["event_id"])].iloc[0]
    assert held["phase_of_event"] == "held"
    assert "Wang Wentao" in held["participants"]


def test_accusations_of_both_sides_as_of_9_june_2025() -> None:
    rows = truce.accusations(as_of=day("2025-06-09"))
    assert dict(zip(rows["actor"], rows["published_on"].dt.date, strict=True)) == {"US": day("2025-05-30"), "CN": day("2025-06-02")}


def test_a_last_day_counts_as_a_day_that_is_left() -> None:
    rows = truce.clocks(as_of=day("2026-10-09")).set_index(["clock", "basis"])
    through_the_9th, to_the_10th = rows.loc[("US-SHIP", "legal")], rows.loc[("CN-SHIP", "legal")]
    assert (through_the_9th["expires_on"], bool(through_the_9th["is_last_day"])) == (pd.Timestamp("2026-11-09"), True)
    assert through_the_9th["days_left"] == to_the_10th["days_left"] == 32
    assert rows.loc[("US-RECIP", "legal"), "state"] == "open"


def test_legal_and_stated_days_stand_side_by_side() -> None:
    rows = truce.dates_ahead(as_of=day("2026-10-09")).set_index("clock")
    assert rows.loc["CN-EXPORT", ["legal_on", "stated_on"]].tolist() == [pd.Timestamp("2026-11-10"), pd.Timestamp("2027-01-10")]
    assert rows.index[0] == truce.TRUCE
    assert rows["days_left"].gt(0).all()


@pytest.mark.parametrize("as_of", DAYS)
def test_nothing_shown_became_known_later(as_of: date) -> None:
    frames = [
        truce.clocks(as_of=as_of), truce.phases(as_of=as_of), truce.events(as_of=as_of), truce.meetings(as_of=as_of),
        truce.accusations(as_of=as_of), truce.dates_ahead(as_of=as_of), truce.news(as_of=as_of, window_days=90),
    ]  # fmt: skip
    for frame in frames:
        assert (frame["known_on"] <= pd.Timestamp(as_of)).all()


def test_milestones_are_numbered_in_order_and_only_held_ones() -> None:
    rows = truce.milestones(as_of=day("2025-06-09"), since=day("2025-02-04"))
    assert rows["number"].tolist() == list(range(1, len(rows) + 1))
    assert rows["starts_on"].is_monotonic_increasing
    assert rows["title"].tolist() == ["Geneva Joint Statement", "CIT rules IEEPA tariffs unlawful"]


def test_news_holds_the_window_and_no_more() -> None:
    rows = truce.news(as_of=day("2025-06-09"), window_days=7)
    assert rows["published_on"].min() >= pd.Timestamp("2025-06-03")
    assert rows["published_on"].is_monotonic_decreasing
    with pytest.raises(ParameterError, match="window_days must be 1 or more, not 0"):
        truce.news(as_of=day("2025-06-09"), window_days=0)
