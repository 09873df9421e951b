"""Commitments, evidence, measures beyond tariffs, and what changed between two days."""

from datetime import date

import pandas as pd
import pytest

from tradelib import catalogue, truce
from tradelib.errors import DayError

LATEST = catalogue.edition().evidence_through
# The days at which the story of the truce is told, with the commitments known and how they stood.
STORY = {
    date(2025, 6, 9): {"kept": 4, "no evidence": 1, "disputed": 1},
    date(2025, 8, 11): {"kept": 6, "not yet due": 2, "disputed": 1, "no evidence": 1},
    date(2025, 10, 11): {"kept": 7, "disputed": 3, "no evidence": 2},
    date(2026, 2, 21): {"kept": 19, "disputed": 6, "no evidence": 4, "not yet due": 3},
    LATEST: {"kept": 20, "disputed": 11, "partly": 7, "no evidence": 6, "not yet due": 6},
}


@pytest.mark.parametrize(("as_of", "counted"), STORY.items())
def test_commitments_as_of_a_day(as_of: date, counted: dict[str, int]) -> None:
    rows = truce.commitments(as_of=as_of)
    assert rows["status"].value_counts().to_dict() == counted
    assert set(rows["status"]) <= set(truce.STATUSES)
    assert (rows["known_on"] <= pd.Timestamp(as_of)).all()
    assert rows["url"].str.startswith("http").all()


def test_fifty_commitments_each_with_party_and_source() -> None:
    rows = truce.commitments(as_of=LATEST)
    assert len(rows) == 50
    assert rows["party"].isin(["US", "CN", "both"]).all()
    assert rows["source"].ne("").all()
    assert rows["due_on"].notna().sum() > 20


def test_a_claim_of_the_other_party_alone_is_disputed() -> None:
    """On 30 May 2025 the US said China had violated Geneva; China had not answered yet."""
    row = truce.commitments(as_of=date(2025, 5, 31)).set_index("commitment_id").loc["GEN-CN-3"]
    assert (row["us_says"], row["cn_says"], row["status"], row["evidence_by"]) == ("breached", "", "disputed", "US")


def test_soybeans_called_complete_by_one_side_stay_disputed() -> None:
    row = truce.commitments(as_of=LATEST).set_index("commitment_id").loc["KLB-CN-5"]
    assert (row["us_says"], row["cn_says"], row["status"]) == ("kept", "disputed", "disputed")


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


def test_geneva_week_holds_both_orders_the_listings_and_the_chip_guidance() -> None:
    rows = truce.changes(since=date(2025, 5, 11), until=date(2025, 5, 15))
    assert (rows["known_on"] > pd.Timestamp("2025-05-11")).all()
    assert (rows["known_on"] <= pd.Timestamp("2025-05-15")).all()
    law = rows[rows["group"].eq("law")]
    us = law[law["what"].str.contains("Reciprocal tariff on China, from 14 May 2025")].iloc[0]
    assert us["before"].startswith("125")
    assert us["after"].startswith("10")
    assert law["what"].str.contains("Reciprocal retaliation Apr 2025, from 14 May 2025").any()
    assert law["what"].str.contains("from 12 August 2025").sum() >= 2
    beyond = rows[rows["group"].eq("measures beyond tariffs")]
    assert beyond["what"].str.contains("Huawei Ascend").any()
    assert (beyond.loc[beyond["what"].str.contains("Unreliable entity list, 11 US firms, from 14 May"), "after"] == "suspended").all()
    assert rows[rows["group"].eq("events")]["what"].str.contains("Geneva Joint Statement").any()
    assert rows["source"].ne("").all()


def test_a_revision_names_the_old_and_the_new_value() -> None:
    rows = truce.changes(since=date(2026, 7, 6), until=LATEST)
    may = rows[rows["group"].eq("statistics") & rows["what"].str.contains("goods exports, change on a year earlier, May 2025")]
    assert may["before"].iloc[0].startswith("+4.8")
    assert may["after"].iloc[0].startswith("+4.6")


def test_nothing_changes_between_equal_days_and_reversed_days_are_an_error() -> None:
    assert truce.changes(since=date(2025, 6, 9), until=date(2025, 6, 9)).empty
    with pytest.raises(DayError, match="reversed"):
        truce.changes(since=date(2025, 6, 9), until=date(2025, 6, 8))


@pytest.mark.parametrize(("first", "second", "third"), [(date(2025, 5, 1), date(2025, 8, 12), date(2025, 11, 12))])
def test_changes_of_two_spans_add_up(first: date, second: date, third: date) -> None:
    groups = ["law", "deadlines", "commitments", "evidence", "measures beyond tariffs", "events"]
    whole = truce.changes(since=first, until=third)
    parts = pd.concat([truce.changes(since=first, until=second), truce.changes(since=second, until=third)])
    for group in groups:
        assert whole["group"].eq(group).sum() == parts["group"].eq(group).sum()
