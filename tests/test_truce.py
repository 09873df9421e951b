"""Clocks, phases, talks, accusations: what was known on a day, and nothing else."""

import re
from datetime import date

import pandas as pd
import pytest
from conftest import DAYS

from tradelib import claims, narrate, tables, tariffs, truce
from tradelib.errors import DayError
from tradelib.phrases import lanes
from tradelib.show import display


def day(text: str) -> date:
    return date.fromisoformat(text)


COUNTED_ON = ["2025-05-12", "2025-06-09", "2025-06-10", "2025-07-29", "2025-09-14", "2025-11-05", "2026-02-20", "2026-05-14", "2026-10-09"]
COUNTED_AS = {"escalation": "steps? of escalation", "relief": "steps? of relief", "talks": "talks? or deals?", "rulings": "court rulings?"}


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
    assert [name for name, _, _ in truce.delegates(london)] == ["Scott Bessent", "Howard Lutnick", "Jamieson Greer", "He Lifeng"]
    next_day = truce.meetings(as_of=day("2025-06-10"))
    held = next_day[next_day["event_id"].eq(london["event_id"])].iloc[0]
    assert held["phase_of_event"] == "held"
    assert "Wang Wentao" in held["participants"]


def test_accusations_of_both_sides_as_of_9_june_2025() -> None:
    rows = truce.accusations(as_of=day("2025-06-09"), only_newest=True)
    assert dict(zip(rows["actor"], rows["published_on"].dt.date, strict=True)) == {"US": day("2025-05-30"), "CN": day("2025-06-02")}


def test_all_accusations_stand_in_order_and_from_a_day_on() -> None:
    everything = truce.accusations(as_of=day("2026-10-09"))
    assert everything["published_on"].is_monotonic_increasing
    assert set(everything["actor"]) == {"US", "CN"}
    later = truce.accusations(as_of=day("2026-10-09"), since=day("2025-10-01"))
    assert 0 < len(later) < len(everything)
    assert later["published_on"].min() == pd.Timestamp("2025-10-10")


def test_a_last_day_counts_as_a_day_that_is_left() -> None:
    rows = truce.clocks(as_of=day("2026-10-09")).set_index(["clock", "basis"])
    through_the_9th, to_the_10th = rows.loc[("US-SHIP", "legal")], rows.loc[("CN-SHIP", "legal")]
    assert (through_the_9th["expires_on"], bool(through_the_9th["is_last_day"])) == (pd.Timestamp("2026-11-09"), True)
    assert through_the_9th["days_left"] == to_the_10th["days_left"] == 32
    assert rows.loc[("US-RECIP", "legal"), "state"] == "open"


def test_law_and_statement_stand_side_by_side_alike_for_both_sides() -> None:
    """Written days of No. 70, 90 FR 50857, the USTR notice and No. 10 of 2025; MOFCOM and Bessent in September 2026."""
    rows = truce.law_and_statement(as_of=day("2026-10-09")).set_index("clock")
    for clock in ("CN-EXPORT", "CN-SHIP", "US-AFFIL", "US-SHIP", truce.TRUCE):
        assert rows.loc[clock, ["legal_on", "stated_on"]].tolist() == [pd.Timestamp("2026-11-10"), pd.Timestamp("2027-01-10")]
        assert rows.loc[clock, "legal_source"]
        assert rows.loc[clock, "stated_source"]
        assert rows.loc[clock, "legal_url"] != rows.loc[clock, "stated_url"]
    assert rows.loc[truce.TRUCE, "legal_side"] == "CN"
    assert rows.loc["CN-GALLIUM", "legal_on"] == pd.Timestamp("2026-11-27")
    assert pd.isna(rows.loc["CN-GALLIUM", "stated_on"])
    assert "US-RECIP" not in rows.index
    assert rows.index[0] == truce.TRUCE
    assert rows["days_left"].gt(0).all()


def test_a_clock_keeps_the_days_it_named_before() -> None:
    rows = truce.law_and_statement(as_of=day("2026-10-09")).set_index("clock")
    assert rows.loc[truce.TRUCE, "earlier_ends"] == "2025-08-12|2025-11-10|2026-11-10"
    assert rows.loc["CN-TARIFF", "earlier_ends"] == "2025-08-12|2025-11-10"
    then = truce.law_and_statement(as_of=day("2025-06-09")).set_index("clock")
    assert then.loc[truce.TRUCE, "earlier_ends"] == ""
    assert then.loc[truce.TRUCE, ["legal_side", "days_left"]].tolist() == ["both", 64]


def test_between_two_signatures_the_truce_ends_in_law_with_the_earlier_text() -> None:
    """EO 14334 of 11 August 2025; the Tariff Commission followed on the next day."""
    rows = truce.law_and_statement(as_of=day("2025-08-11")).set_index("clock")
    assert rows.loc[truce.TRUCE, ["legal_on", "stated_on"]].tolist() == [pd.Timestamp("2025-08-12"), pd.Timestamp("2025-11-10")]
    assert rows.loc[truce.TRUCE, ["legal_side", "days_left"]].tolist() == ["CN", 1]


def test_the_pause_of_buenos_aires_is_no_truce_on_all_goods() -> None:
    """White House, 1 December 2018; USTR, 83 FR 65198: List 3 to rise on 2 March 2019; 84 FR 7966 puts it off."""
    now = truce.status(as_of=day("2018-12-31"))
    assert (now.word, now.pause_ends_on) == ("none", day("2019-03-02"))
    assert truce.status(as_of=day("2018-11-30")).pause == ""
    assert truce.status(as_of=day("2019-02-28")).pause == ""


def test_dates_ahead_hold_clocks_measures_and_events() -> None:
    rows = truce.dates_ahead(as_of=day("2025-06-09"))
    assert rows["kind"].iloc[0] == "suspension"
    assert set(rows["kind"]) == {"suspension", "measure"}
    assert "event" in set(truce.dates_ahead(as_of=day("2026-10-09"))["kind"])
    assert rows["days_left"].gt(0).all()
    assert truce.dates_ahead(as_of=day("2018-01-01")).empty


@pytest.mark.parametrize("as_of", DAYS)
def test_nothing_shown_became_known_later(as_of: date) -> None:
    frames = [
        truce.clocks(as_of=as_of), truce.phases(as_of=as_of), truce.events(as_of=as_of), truce.meetings(as_of=as_of),
        truce.accusations(as_of=as_of), truce.dates_ahead(as_of=as_of), truce.participants(as_of=as_of), truce.measures(as_of=as_of),
        truce.commitments(as_of=as_of), truce.timeline(as_of=as_of, since=date(2018, 1, 1)), claims.check(as_of=as_of),
    ]  # fmt: skip
    for frame in frames:
        assert (frame["known_on"] <= pd.Timestamp(as_of)).all()
    law = truce.law_and_statement(as_of=as_of)
    for name in ("legal_known_on", "stated_known_on"):
        assert (law[name].dropna() <= pd.Timestamp(as_of)).all()


def test_milestones_are_in_order_and_only_held_ones_under_a_sentence_that_says_what_they_are() -> None:
    rows = truce.milestones(as_of=day("2025-06-09"), since=day("2025-02-04"))
    assert narrate.milestones(rows).text.startswith(
        "Agreements, summits and court rulings in the time of the figure, the earliest first:\n\n- "
    )
    assert rows["starts_on"].is_monotonic_increasing
    assert rows["title"].tolist() == [
        "Geneva Joint Statement", "CIT rules IEEPA tariffs unlawful", "Federal Circuit stays the CIT ruling for now",
        "Federal district court in Washington, D.C.: IEEPA does not authorise tariffs",
    ]  # fmt: skip


def test_every_event_has_a_link_and_none_rests_on_memory() -> None:
    rows = truce.events(as_of=day("2026-10-09"))
    assert rows["url"].str.startswith("http").all()
    assert rows["verification"].ne("citation_not_reread").all()


def test_every_step_runs_on_one_lane() -> None:
    rows = truce.timeline(as_of=day("2026-10-09"), since=day("2025-05-12"))
    assert set(rows["lane"]) == {*truce.LANES, ""}
    assert rows["starts_on"].min() >= pd.Timestamp("2025-05-12")
    lanes = rows.drop_duplicates("kind").set_index("kind")["lane"].to_dict()
    assert (lanes["summit"], lanes["threat"], lanes["extension"], lanes["ruling"], lanes["statement"]) == (
        "talks", "escalation", "relief", "rulings", "",
    )  # fmt: skip


def test_who_sat_at_the_table_by_9_june_2025() -> None:
    rows = truce.participants(as_of=day("2025-06-09"), since=day("2025-05-01")).set_index("name")
    assert rows.loc["Scott Bessent", ["side", "office", "talks", "calls"]].tolist() == ["US", "Treasury", 1, 0]
    assert rows.loc["He Lifeng", "last_on"] == pd.Timestamp("2025-05-10")
    # London opens on this day, and is not held yet.
    assert "Howard Lutnick" not in rows.index
    assert rows.loc["Xi Jinping", ["summits", "calls"]].tolist() == [0, 1]
    # The press named him in London only on the next day.
    assert "Wang Wentao" not in rows.index
    assert list(dict.fromkeys(rows["side"])) == ["US", "CN"]
    assert truce.participants(as_of=day("2018-01-01")).empty


def test_the_story_begins_four_months_before_the_truce_or_where_it_is_asked_to() -> None:
    assert truce.first_day("auto", as_of=day("2025-06-09")) == day("2025-01-14")
    assert truce.first_day("auto", as_of=day("2025-04-11")) == day("2023-04-12")
    assert truce.first_day("auto", as_of=day("2018-01-01")) == day("2018-01-01")
    assert truce.first_day("2025-05-12", as_of=day("2025-06-09")) == day("2025-05-12")
    with pytest.raises(DayError, match="since must not lie after as_of"):
        truce.first_day("2025-06-10", as_of=day("2025-06-09"))
    with pytest.raises(DayError, match="since must be an ISO day"):
        truce.first_day("May", as_of=day("2025-06-09"))


def test_chapters_follow_each_other_without_gaps_and_count_every_promise() -> None:
    since = day("2025-01-14")
    rows = truce.chapters(as_of=day("2026-10-09"), since=since)
    assert rows["chapter"].tolist() == [
        truce.BEFORE, "Geneva", "London", "Stockholm", "Madrid", "Kuala Lumpur-Busan", "Beijing", "Washington",
    ]  # fmt: skip
    assert rows["starts_on"].iloc[1:].tolist() == rows["ends_on"].iloc[:-1].tolist()
    assert rows["promises"].sum() == 50
    assert rows[list(truce.STATUSES)].sum().sum() == 50
    then = truce.chapters(as_of=day("2025-06-09"), since=since)
    assert then["chapter"].tolist() == [truce.BEFORE, "Geneva"]
    assert then["title"].iloc[1] == "Geneva Joint Statement"
    assert truce.chapters(as_of=day("2026-10-09"), since=since, agreement="London")["chapter"].tolist() == ["London"]


def test_a_clock_stops_when_a_text_ends_what_it_counts() -> None:
    """Tariff Commission announcement No. 9 of 2025 ended the farm duties of March 2025 on 5 November."""
    clocks = [set(truce.law_and_statement(as_of=day(known))["clock"]) for known in ("2025-11-04", "2025-11-05")]
    assert ["CN-FARM" in each for each in clocks] == [True, False]


def test_hearings_are_no_rulings_and_a_meeting_under_way_is_not_counted_as_held() -> None:
    since = day("2025-01-14")
    told = narrate.timeline_message(truce.timeline(as_of=day("2025-06-09"), since=since), since=since)
    assert told == (
        "Since January 2025: 33 steps of escalation (7 of them threats or accusations), 6 steps of relief, 5 talks or deals and 3 court "
        "rulings or hearings; a meeting is under way"
    )
    rows = truce.timeline(as_of=day("2026-10-09"), since=since)
    assert rows.loc[rows["title"].str.contains(" hears "), "kind"].tolist() == ["hearing", "hearing"]
    assert "16 court rulings or hearings" in narrate.timeline_message(rows, since=since)


def test_the_timeline_is_titled_with_the_month_of_most_escalations_and_what_came_since() -> None:
    since = day("2025-01-14")
    told = narrate.timeline_title(truce.timeline(as_of=day("2025-06-09"), since=since), since=since)
    assert told == (
        "Escalation peaked in April 2025, with 17 steps; since 1 May 2025: 6 steps of escalation, 4 steps of relief and 3 talks or deals"
    )
    # A handful of steps has no peak.
    early = day("2018-01-01")
    rows = truce.timeline(as_of=day("2018-07-06"), since=early)
    assert narrate.timeline_title(rows, since=early) == narrate.timeline_message(rows, since=early)


@pytest.mark.parametrize("as_of", COUNTED_ON)
def test_message_list_and_table_count_the_same_steps(as_of: str) -> None:
    """On 9 June 2025 the title had 3 escalations, and the list below it 5: accusations were of the lane, and not counted."""
    since = truce.first_day("auto", as_of=as_of)
    rows = truce.timeline(as_of=as_of, since=since)
    chapters = truce.chapters(as_of=as_of, since=since)
    told = narrate.timeline_message(rows, since=since)
    text = narrate.story(chapters, rows, peaks=tariffs.peaks(tariffs.headline_paths(as_of=as_of))).text
    # An event that opens a chapter stands above its list, if it is of the chapter's own time.
    heads = rows.merge(chapters, on="title", suffixes=("", "_of_chapter"))
    heads = heads[heads["starts_on"] >= heads["starts_on_of_chapter"]]
    table = tables.timeline(rows, as_of=day(as_of))
    written = [[column.write(row) for column in table.columns[:3]] for row in table.data.itertuples()]
    for lane, name in lanes.NAMES.items():
        lines = [line for line in text.splitlines() if line.startswith(f"- **{name}:**")]
        more = [int(found) for line in lines for found in re.findall(r"; and (\d+) more\.$", line)]
        marked = sum(line.count(mark) for line in lines for mark in (", under way)", ", announced, outcome not known)"))
        listed = sum(line.count("](") for line in lines) - marked + sum(more) + int(heads["lane"].eq(lane).sum())
        in_table = sum(of == name and "announced" not in when and "under way" not in when for when, _, of in written)
        (said,) = re.findall(rf"(\d+) {COUNTED_AS[lane]}", told) or ["0"]
        assert int(said) == listed == in_table, lane


@pytest.mark.parametrize("as_of", COUNTED_ON)
def test_tile_and_table_of_people_count_the_same_meetings(as_of: str) -> None:
    """On 9 June 2025 the tile had one round of talks, and four people had sat at two: London opened on that day."""
    since = truce.first_day("auto", as_of=as_of)
    rows = truce.timeline(as_of=as_of, since=since)
    facts = narrate.truce_facts(truce.status(as_of=as_of), truce.commitments(as_of=as_of), truce.measures(as_of=as_of), rows)
    rounds = [int(fact.value) for fact in facts if re.search(r"rounds? of talks|summits? since", fact.words)]
    people = truce.participants(as_of=as_of, since=since)
    held = truce.meetings(as_of=as_of)
    held = held[held["phase_of_event"].eq("held") & (held["starts_on"] >= pd.Timestamp(since))]
    assert sum(rounds) == held["kind"].isin(["talks", "summit"]).sum()
    assert (people["talks"] + people["summits"]).max() <= sum(rounds)
    assert set(people["last_meeting"]) <= set(held["title"])


def test_the_day_of_the_truce_is_told_where_something_else_ends_first() -> None:
    told = narrate.clocks_text(truce.law_and_statement(as_of=day("2025-06-09")), as_of=day("2025-06-09")).text
    assert told.index("On 19 June 2025 this ends in law") < told.index("On 12 August 2025 these end in law")


def test_a_tariff_that_begins_today_is_no_open_question() -> None:
    """List 1 of 6 July 2018 took effect by itself; a meeting under way has an end to wait for."""
    for known, asked in (("2018-07-06", False), ("2025-06-09", True)):
        on = day(known)
        rows = truce.timeline(as_of=on, since=day("2018-01-01"))
        now = truce.status(as_of=on), truce.law_and_statement(as_of=on), truce.commitments(as_of=on)
        assert ("How this ends" in narrate.open_questions(*now, rows).text) is asked


def test_what_changed_leaves_out_trade_with_others() -> None:
    rows = truce.changes(since=day("2026-01-22"), until=day("2026-02-21"))
    assert set(rows.loc[rows["group"].eq("statistics"), "item"]) == {
        "us_collected_rate_on_china_frac", "us_collected_rate_world_frac", "us_exports_to_china_usd", "us_imports_from_china_usd",
    }  # fmt: skip


@pytest.mark.parametrize(("known", "side", "ends"), [("2025-06-09", "both", "2025-08-12"), ("2026-10-09", "CN", "2026-11-10")])
def test_whose_legal_text_ends_first_is_said(known: str, side: str, ends: str) -> None:
    now = truce.status(as_of=day(known))
    assert (now.law_side, now.law_on) == (side, day(ends))


def test_days_left_are_given_by_law_and_as_stated() -> None:
    table = tables.clocks(truce.law_and_statement(as_of=day("2026-10-09")), as_of=day("2026-10-09"))
    shown = dict(zip(table.data["clock"], table._repr_mimebundle_()["text/plain"].splitlines()[1:], strict=True))
    assert shown[truce.TRUCE].split(" | ")[3] == "32 / 93"
    assert shown["CN-GALLIUM"].split(" | ")[3] == "49"
    assert display.days(pd.Timestamp("2026-11-10")) not in shown["US-EXCL"].split(" | ")[4]
    assert "left" not in table.data


def test_a_measure_that_a_text_lets_begin_later_is_a_day_ahead_by_law() -> None:
    """USTR notice of 17 April 2025, 90 FR 17114: port fees from 14 October 2025; the event of the same text is not told again."""
    rows = truce.dates_ahead(as_of=day("2025-06-09"))
    october = rows[rows["legal_on"].eq(pd.Timestamp("2025-10-14")) | rows["stated_on"].eq(pd.Timestamp("2025-10-14"))]
    assert october[["what", "side", "kind"]].to_numpy().tolist() == [["Port fee to begin: Section 301 ship fees", "US", "measure"]]
    assert pd.isna(october["stated_on"].iloc[0])
    both = truce.dates_ahead(as_of=day("2025-10-11"))
    assert set(both.loc[both["what"].str.startswith("Port fee to begin"), "side"]) == {"US", "CN"}


def test_an_accusation_names_its_speaker_once() -> None:
    rows = truce.accusations(as_of=day("2026-10-09"))
    speakers = rows["title"].str.extract(r"^([^:]+): ")[0].fillna("-")
    assert not [row for row, who in zip(rows["detail"], speakers, strict=True) if row.startswith(f"{who}:")]
