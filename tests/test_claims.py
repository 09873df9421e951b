"""Claims of June 2025, held against our tables, those of the news item told apart."""

from datetime import date

import pandas as pd
import pytest

from tradelib import claims

NEWS_DAY, LATEST = date(2025, 6, 9), date(2026, 10, 9)


def test_there_is_nothing_to_check_before_the_news() -> None:
    assert claims.check(as_of=date(2025, 6, 8)).empty


@pytest.mark.parametrize("as_of", [NEWS_DAY, LATEST])
def test_our_tables_hold_what_was_claimed_but_for_the_wire_that_was_wrong(as_of: date) -> None:
    """GACC release of 9 June 2025: USD 28.8 billion after about USD 44 billion; the first AP wire said nearly 10%."""
    rows = claims.check(as_of=as_of).set_index("claim_id")
    assert rows.index[rows["agrees"].eq("no")].tolist() == ["SC-16"]
    assert rows.index[rows["agrees"].eq("not held")].tolist() == ["SC-04", "SC-19", "SC-20", "SC-21", "SC-22", "SC-23"]  # no figure of ours
    assert rows.index[rows["verdict"].eq("contradicted")].tolist() == ["SC-16"]
    assert rows.loc["SC-16", "ours"].startswith("\N{MINUS SIGN}34.5")
    assert rows.loc[["SC-06", "SC-07"], "verdict"].eq("in part").all()
    # The item names neither 125%, nor a fall of exports to the US, nor 90 minutes.
    assert rows.index[~rows["in_news_item"]].tolist() == ["SC-10", "SC-16", "SC-17"]


def test_a_meeting_that_lay_ahead_is_announced_and_afterwards_confirmed() -> None:
    then, now = (claims.check(as_of=day).set_index("claim_id").loc["SC-01"] for day in (NEWS_DAY, LATEST))
    assert (then["verdict"], now["verdict"]) == ("announced", "confirmed")
    assert "two days" not in then["official"]


@pytest.mark.parametrize("as_of", [NEWS_DAY, LATEST])
def test_only_claims_of_the_item_are_counted_as_its(as_of: date) -> None:
    from tradelib import narrate, tables

    rows = claims.check(as_of=as_of)
    text = narrate.claims_text(rows).text
    assert f"Of {rows['in_news_item'].sum()} press claims" in text
    assert "Of 3 claims of other reports of those days they confirm 2 and contradict 1" in text
    assert "contradicted" not in text.partition("other reports")[0]
    assert " | other reports | " in tables.claims(rows)._repr_mimebundle_()["text/plain"]


def test_a_reproach_is_checked_as_a_reproach() -> None:
    """The US said China had not resumed exports of critical minerals; a Chinese announcement cannot confirm what the quarrel is about."""
    row = claims.check(as_of=LATEST).set_index("claim_id").loc["SC-18"]
    assert row["claim"].startswith("US: ")


def test_figures_stay_those_of_the_first_release() -> None:
    """May 2025 reads +4.6% after the revision; the claim was about the release of that morning."""
    rows = claims.check(as_of=LATEST).set_index("claim_id")
    assert rows.loc["SC-14", "ours"].startswith("+4.8")


def test_a_claim_that_our_tables_contradict_is_said_to_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame(
        {
            "claim_id": ["X"], "published_on": pd.to_datetime(["2025-06-01"]), "claim": ["c"], "in_news_item": [True],
            "figure": ["us_peak"], "claimed": ["1.55"], "official": ["o"],
            "verdict": ["confirmed"], "source": ["s"], "url": ["u"], "known_on": pd.to_datetime(["2025-06-01"]),
        }
    )  # fmt: skip
    load = claims.catalogue.load
    monkeypatch.setattr(claims.catalogue, "load", lambda name, **rest: table if name == "claims" else load(name, **rest))
    row = claims.check(as_of=NEWS_DAY).iloc[0]
    assert (row["claimed"], row["ours"]) == ("155%", "145%")
    assert row["agrees"] == "no"
