"""Commitments, evidence, measures beyond tariffs, and what changed between two days."""

from datetime import date

import pandas as pd
import pytest
from conftest import DAYS

from tradelib import catalogue, narrate, truce
from tradelib.errors import DayError, ParameterError
from tradelib.phrases import changes

LATEST = catalogue.edition().evidence_through
# The days at which the story of the truce is told, with the commitments known and how they stood.
STORY = {
    date(2025, 6, 9): {"kept": 4, "no evidence": 1, "disputed": 1},
    date(2025, 5, 12): {"scheduled": 2, "not yet due": 2, "no evidence": 2},
    date(2025, 8, 11): {"kept": 7, "scheduled": 1, "not yet due": 1, "disputed": 1},
    date(2025, 8, 13): {"kept": 9, "disputed": 1},
    date(2025, 10, 11): {"kept": 8, "disputed": 2, "no evidence": 2},
    date(2025, 10, 31): {"kept": 8, "disputed": 2, "no evidence": 14},
    date(2026, 2, 21): {"kept": 18, "overtaken": 1, "partly": 4, "disputed": 3, "no evidence": 2, "not yet due": 4},
    date(2026, 7, 25): {"kept": 18, "overtaken": 1, "partly": 7, "disputed": 5, "no evidence": 7, "not yet due": 7},
    LATEST: {"kept": 18, "overtaken": 1, "partly": 8, "disputed": 5, "no evidence": 9, "not yet due": 9},
}


@pytest.mark.parametrize(("as_of", "counted"), STORY.items())
def test_commitments_as_of_a_day(as_of: date, counted: dict[str, int]) -> None:
    rows = truce.commitments(as_of=as_of)
    assert rows["status"].value_counts().to_dict() == counted
    assert set(rows["status"]) <= set(truce.STATUSES)
    assert (rows["known_on"] <= pd.Timestamp(as_of)).all()
    assert rows["url"].str.startswith("http").all()
    assert rows.loc[rows["evidence"].ne(""), "evidence_url"].str.startswith("http").all()
    # A status that somebody's words made says whose; one without evidence rests on nothing.
    judged = rows["status"].isin(["kept", "scheduled", "partly", "breached", "disputed", "overtaken"])
    assert rows.loc[judged, "rests_on"].ne("").all()
    assert rows.loc[~judged, "rests_on"].eq("").all()
    # What shows a promise kept was known by the day on which it was due.
    kept = rows[rows["status"].eq("kept") & rows["due_on"].notna()]
    assert (kept["evidence_on"] <= kept["due_on"]).all()


def test_a_promise_is_shown_kept_by_what_first_showed_it() -> None:
    row = truce.commitments(as_of=LATEST).set_index("commitment_id").loc["KLB-US-1"]
    assert row["evidence"] == "EO 14357 sets the fentanyl duty at 10%"
    assert row["evidence_on"] == row["due_on"] == pd.Timestamp("2025-11-10")


def test_a_promise_whose_object_a_court_took_away_is_overtaken_and_no_longer_kept() -> None:
    before, after = (truce.commitments(as_of=day).set_index("commitment_id").loc["KLB-US-2"] for day in ("2026-02-19", "2026-02-20"))
    assert (before["status"], after["status"]) == ("kept", "overtaken")
    assert (before["rests_on"], after["rests_on"]) == ("legal text", "legal text")


def test_every_commitment_has_party_and_source() -> None:
    rows = truce.commitments(as_of=LATEST)
    assert len(rows) == catalogue.load("commitments")["commitment_id"].nunique()
    assert rows["party"].isin(["US", "CN", "both"]).all()
    assert rows["source"].ne("").all()
    assert rows["due_on"].notna().sum() > 20


def test_a_claim_of_the_other_party_is_disputed_where_one_s_own_says_otherwise() -> None:
    """On 30 May 2025 the US said China had violated Geneva; on 14 May China had suspended 28 and 17 listings, and had not answered yet."""
    row = truce.commitments(as_of=date(2025, 5, 31)).set_index("commitment_id").loc["GEN-CN-3"]
    assert (row["us_says"], row["cn_says"], row["status"], row["evidence_by"]) == ("breached", "partly", "disputed", "US")


def test_soybeans_called_complete_by_one_side_stay_disputed() -> None:
    row = truce.commitments(as_of=LATEST).set_index("commitment_id").loc["KLB-CN-5"]
    assert (row["us_says"], row["cn_says"], row["status"]) == ("kept", "disputed", "disputed")
    assert row["rests_on"] == "both"
    assert row["us_evidence"] == "Greer: 12 million t filled"
    assert "names no tonnage" in row["cn_evidence"]


def test_a_claim_is_never_promoted_to_a_finding() -> None:
    rows = truce.commitments(as_of=LATEST).set_index("commitment_id")
    assert rows.loc["GEN-US-1", "rests_on"] == "legal text"  # EO 14298 does what was promised
    assert rows.loc["BEI-CN-4", ["status", "rests_on"]].tolist() == ["partly", "US"]  # the White House says so; MOFCOM: still to come


def test_what_was_only_noted_decides_nothing() -> None:
    """The press of 2026 on soybeans says what was not yet bought; the promise runs to the end of the year."""
    row = truce.commitments(as_of=LATEST).set_index("commitment_id").loc["KLB-CN-6a"]
    assert (row["status"], row["us_says"], row["others_say"]) == ("not yet due", "", "")
    assert row["evidence"] != ""


def test_the_evidence_shown_decides_the_status_where_any_does() -> None:
    rows = truce.commitments(as_of=LATEST)
    decided = rows[~rows["status"].isin(["no evidence", "not yet due"])]
    evidence = catalogue.load("evidence", as_of=LATEST)
    telling = evidence[evidence["direction"].ne("noted")]
    assert not decided.empty
    assert set(zip(decided["commitment_id"], decided["evidence"], strict=True)) <= set(
        zip(telling["commitment_id"], telling["observation"], strict=True)
    )


@pytest.mark.parametrize("as_of", STORY)
def test_a_promise_is_known_since_its_newest_evidence_shown_or_not(as_of: date) -> None:
    rows = truce.commitments(as_of=as_of).set_index("commitment_id")
    newest = catalogue.load("evidence", as_of=as_of).groupby("commitment_id")["observed_on"].max()
    assert (rows.loc[newest.index, "known_on"] >= newest).all()
    assert (rows["known_on"] <= pd.Timestamp(as_of)).all()


def test_the_day_of_a_promise_is_known_only_once_it_was_named() -> None:
    """MOFCOM named no day on 30 October 2025; the White House did on 1 November, announcement No. 70 on 7 November."""
    then, now = (truce.commitments(as_of=day).set_index("commitment_id") for day in (date(2025, 10, 31), LATEST))
    assert then.loc[["KLB-CN-1", "KLB-US-1", "KLB-US-2", "KLB-US-4"], "due_on"].isna().all()
    assert then.loc["KLB-CN-1", "confirmed_by_other_side"] == "no"
    assert now.loc["KLB-CN-1", "due_on"] == pd.Timestamp("2026-11-10")
    assert now.loc["KLB-CN-1", "confirmed_by_other_side"] == "yes"
    assert (now["made_on"] <= now["announced_on"]).all()


def test_one_agreement_can_be_asked_for_and_only_a_known_one() -> None:
    assert set(truce.commitments(as_of=LATEST, agreement="Geneva")["agreement"]) == {"Geneva"}
    with pytest.raises(ParameterError, match=r"agreement must be all or one known on 2025-06-09 \(Geneva\), not 'Beijing'"):
        truce.commitments(as_of=date(2025, 6, 9), agreement="Beijing")


def test_what_was_suspended_in_geneva_is_never_called_in_force() -> None:
    rows = truce.measures(as_of=date(2025, 6, 9)).set_index("item_id")
    assert rows.loc["L05", "state"] == "suspended"
    assert rows.loc["L05", "returns_on"] == pd.Timestamp("2025-08-12")
    assert rows.loc["X06", "state"] == "in force"
    assert rows.loc["U10", "state"] == "scheduled"
    assert "X07" not in rows.index


def test_law_and_statement_stay_apart_for_both_sides_alike() -> None:
    rows = truce.measures(as_of=LATEST).set_index("item_id")
    for item in ("X07", "P01", "U08", "U10"):
        assert rows.loc[item, "state"] == "suspended"
        assert rows.loc[item, "returns_on"] == pd.Timestamp("2026-11-10")
        assert rows.loc[item, "stated_returns_on"] == pd.Timestamp("2027-01-10")
    assert rows.loc["X04", "returns_on"] == pd.Timestamp("2026-11-27")
    assert pd.isna(rows.loc["X04", "stated_returns_on"])
    assert rows.loc["H01", "standing"] == "statement"


def test_a_fact_sheet_suspends_nothing_until_its_notice_is_out() -> None:
    """Fact sheet of 1 November 2025; USTR notice of 9 November, BIS rule 90 FR 50857 of 10 November."""
    for day, state in ((date(2025, 11, 2), "in force"), (date(2025, 11, 10), "suspended")):
        rows = truce.measures(as_of=day).set_index("item_id")
        assert rows.loc[["U08", "U10"], "state"].eq(state).all()
    assert truce.measures(as_of=date(2025, 11, 2)).set_index("item_id").loc["U08", "standing"] == "instrument"


@pytest.mark.parametrize("as_of", DAYS)
def test_states_and_their_days_agree(as_of: date) -> None:
    rows = truce.measures(as_of=as_of)
    on = pd.Timestamp(catalogue.observed_through(as_of))
    assert rows["item_id"].is_unique
    assert (rows.loc[rows["state"].ne("scheduled"), "since"] <= on).all()
    assert (rows.loc[rows["state"].eq("scheduled"), "since"] > on).all()
    assert rows.loc[rows["state"].ne("suspended"), "returns_on"].isna().all()
    assert (rows["returns_on"].dropna() > on).all()
    # What no text carries is never called suspended, ended or in force.
    assert not rows.loc[rows["standing"].eq("statement"), "state"].isin(["suspended", "ended", "in force"]).any()


def told(*, since: str | date, until: str | date) -> pd.DataFrame:
    return changes.told(truce.changes(since=since, until=until))


def test_geneva_week_holds_both_orders_the_listings_and_the_chip_guidance() -> None:
    rows = told(since=date(2025, 5, 11), until=date(2025, 5, 15))
    assert (rows["known_on"] > pd.Timestamp("2025-05-11")).all()
    assert (rows["known_on"] <= pd.Timestamp("2025-05-15")).all()
    law = rows[rows["group"].eq("tariffs")]
    us = law[law["what"].str.contains("Reciprocal tariff on China, from 14 May 2025")].iloc[0]
    assert us["before"].startswith("125")
    assert us["after"].startswith("10")
    assert law["what"].str.contains("Reciprocal retaliation Apr 2025, from 14 May 2025").any()
    assert law["what"].str.contains("from 12 August 2025").sum() >= 2
    beyond = rows[rows["group"].eq("measures beyond tariffs")]
    assert beyond["what"].str.contains("Huawei Ascend").any()
    suspended = beyond[beyond["what"].str.contains("from 14 May")]
    assert len(suspended) == 4
    assert suspended["before"].eq("in force").all()
    assert suspended["after"].eq("suspended").all()
    back = beyond[beyond["what"].str.contains("from 12 August")]
    assert back["before"].eq("suspended").all()
    assert back["after"].eq("in force again").all()
    assert rows[rows["group"].eq("events")]["what"].str.contains("Geneva Joint Statement").any()
    assert set(rows.loc[rows["group"].eq("commitments"), "after"]) == {"by 14 May 2025", "no day named"}
    assert rows["source"].ne("").all()


def test_a_promise_that_is_confirmed_or_dated_later_is_a_change() -> None:
    rows = told(since=date(2025, 10, 31), until=date(2025, 11, 7))
    promise = rows[rows["group"].eq("commitments") & rows["what"].str.contains("export controls announced on 9 October 2025")]
    assert promise["what"].str.contains("now confirmed by the other side").tolist() == [True, False]
    assert promise[["before", "after"]].to_numpy().tolist() == [["", ""], ["no day named", "by 10 November 2026"]]


def test_a_revision_names_the_old_and_the_new_value() -> None:
    rows = told(since=date(2026, 7, 6), until=LATEST)
    may = rows[rows["group"].eq("statistics") & rows["what"].str.contains("goods exports, change on a year earlier, May 2025")]
    assert may["before"].iloc[0].startswith("+4.8")
    assert may["after"].iloc[0].startswith("+4.6")


def test_nothing_changes_between_equal_days_and_reversed_days_are_an_error() -> None:
    assert truce.changes(since=date(2025, 6, 9), until=date(2025, 6, 9)).empty
    with pytest.raises(DayError, match="reversed"):
        truce.changes(since=date(2025, 6, 9), until=date(2025, 6, 8))


@pytest.mark.parametrize(("first", "second", "third"), [(date(2025, 5, 1), date(2025, 8, 12), date(2025, 11, 12))])
def test_changes_of_two_spans_add_up(first: date, second: date, third: date) -> None:
    groups = ["tariffs", "proposals", "deadlines", "commitments", "evidence", "measures beyond tariffs", "events"]
    whole = truce.changes(since=first, until=third)
    parts = pd.concat([truce.changes(since=first, until=second), truce.changes(since=second, until=third)])
    for group in groups:
        assert whole["group"].eq(group).sum() == parts["group"].eq(group).sum()


def test_a_value_known_only_in_a_later_revision_says_so_among_the_changes() -> None:
    """GACC on 9 June 2025: exports of May are held as revised in July 2026, their growth and the balance as first published."""
    rows = told(since="2025-05-10", until="2025-06-09")
    rows = rows[rows["group"].eq("statistics")].set_index("what")["after"]
    assert rows["China: goods exports, May 2025"].endswith("billion, as later revised")
    assert rows["China: goods imports, year to date, May 2025"].endswith(", as later revised")
    assert "later" not in rows["China: goods trade balance, May 2025"] + rows["China: goods exports, change on a year earlier, May 2025"]
    # The revision of May 2025 moved old months by less than is printed.
    assert not rows.index.str.contains("January 2018").any()


def test_duties_that_are_no_law_are_told_as_proposals_with_what_became_of_them() -> None:
    """Threats stood in no list of changes, and what officials had stated stood under the heading Law."""
    rows = told(since="2018-01-01", until="latest")
    proposals = catalogue.load("proposals")
    held = rows[rows["group"].eq("proposals")].sort_values(["known_on", "item"])
    expected = proposals.sort_values(["announced_on", "proposal_id"])
    assert held["item"].tolist() == expected["proposal_id"].tolist()
    assert held["after"].tolist() == expected["state"].tolist()
    first = ~expected["proposal_id"].duplicated()
    assert (held["before"].eq("").to_numpy() == (first | expected.groupby("proposal_id")["state"].shift().eq(expected["state"]))).all()
    words = changes.sentences(truce.changes(since="2026-10-01", until="2026-10-09"))
    assert "US: Section 301 excess-capacity duty on China: action said to come within weeks (threatened, before: reported)." in set(words)
    assert "law" not in set(rows["group"])


def test_a_level_has_no_sign_and_a_growth_has_one() -> None:
    rows = told(since="2026-09-06", until="2026-10-09")
    rows = rows[rows["group"].eq("statistics")].set_index("what")["after"]
    assert rows["US: collected rate on Chinese goods, August 2026"].startswith("22.8")
    assert rows["China: goods exports, change on a year earlier, August 2026"].startswith("+")


def test_steps_of_one_text_that_do_the_same_are_one_change() -> None:
    """Proclamation 10947 of 3 June 2025: steel, aluminium and their derivatives from 25 to 50%, in one row."""
    rows = told(since="2025-06-02", until="2025-06-03")
    doubled = rows[rows["group"].eq("tariffs") & rows["before"].str.startswith("25")]
    assert len(doubled) == 1
    assert {"Steel", "Aluminium"} <= set(doubled["what"].iloc[0].split(": ", 2)[2].split(", from ")[0].split("; "))


def test_a_step_that_says_what_was_known_is_no_change() -> None:
    rows = told(since="2026-09-09", until="2026-10-09")
    law = rows[rows["group"].eq("tariffs")]
    assert law["before"].ne(law["after"]).all()
    china = law[law["what"].str.startswith("China: Reciprocal retaliation")]
    assert china["what"].str.contains("from 10 November 2026 to 10 January 2027").tolist() == [True]
    # A legal text that enacts what was stated is one: the fact sheet of 1 November 2025, then Executive Order 14358.
    law = told(since="2025-11-03", until="2025-11-04").query("group == 'tariffs'")
    assert law["before"].str.endswith(", as stated").any()


def test_what_changed_is_found_without_words_and_told_with_them() -> None:
    """A finding names states and marks; sentences, and what is said beside a number or a day, are of `phrases`."""
    spans = (("2025-01-01", LATEST), ("2025-05-10", "2025-06-09"))
    found = pd.concat([truce.changes(since=since, until=until) for since, until in spans])
    assert len(found) > 1000
    assert set(found["before_mark"]) | set(found["after_mark"]) == {"", "last_day", "later_revised", "statement"}
    assert set(found["rests_on"]) <= {"", "law", "statement", "statistics", "report", "US", "CN", "third party"}
    named = found[found["before_value"].notna() | found["before_on"].notna()]
    assert named["before_state"].eq("").all()
    rows = changes.told(found)
    assert {"as stated", "as later revised", "by", "ended, as stated"} <= set(rows["before_note"]) | set(rows["after_note"])


@pytest.mark.parametrize(
    ("as_of", "told"),
    [
        ("2025-05-12", "1 round of talks since January 2025"),
        ("2018-12-31", "1 summit since"),
        ("2026-10-09", "15 rounds of talks and summits since"),
    ],
)
def test_meetings_are_counted_by_what_they_were(as_of: str, told: str) -> None:
    rows = truce.timeline(as_of=as_of, since="2025-01-01" if as_of > "2025" else "2018-12-01")
    facts = narrate.truce_facts(truce.status(as_of=as_of), truce.commitments(as_of=as_of), truce.measures(as_of=as_of), rows)
    assert any(f"{fact.value} {fact.words}".startswith(told) for fact in facts)
