"""Signs choose the verbs of the averages' findings, and a day chooses what they may name."""

from datetime import date

import pandas as pd
import pytest

from tradelib import narrate, tables, tariffs, wording


def message(*rates: float) -> str:
    """The finding for the US side with one rate a day from 1 January 2018 on."""
    days = pd.date_range("2018-01-01", periods=len(rates), freq="D")
    table = pd.DataFrame({"on": days, "weighted_frac": rates})
    return narrate.averages_message({"US": table}, on=date(2018, 12, 31)).replace(wording.THIN, " ")


def test_the_finding_says_which_way_the_average_went() -> None:
    assert message(0.026, 0.25) == "US tariffs on Chinese goods average 25%, up from 2.6% on 1 January 2018"
    assert message(0.053, 0.05) == "US tariffs on Chinese goods average 5%, down from 5.3% on 1 January 2018"
    assert message(0.026, 0.02601) == "US tariffs on Chinese goods average 2.6%"
    assert message(0.026) == "US tariffs on Chinese goods average 2.6%"


@pytest.mark.parametrize(
    ("as_of", "named", "not_named"),
    [
        # Proclamations 9704 and 9705 of 8 March 2018 leave exclusions to the Department of Commerce.
        ("2018-03-07", "Our data have every product list that a text known by this day names.", "Commerce"),
        ("2018-03-08", "Commerce product exclusions: granted to single importers.", "9903.88"),
        # The first exclusions from List 1 are those of 83 FR 67463, published on 28 December 2018.
        ("2018-12-27", "Commerce product exclusions", "9903.88"),
        ("2018-12-28", "Products excluded from List 1 by 9903.88.05", "lists of exclusions"),
        # By Labor Day of 2019 USTR had excluded products seven times from Lists 1 and 2, and once from List 3; China not yet.
        ("2019-09-02", "8 US lists of exclusions: whole lines", "9903.88"),
        # China's first two lists are of 11 September and 19 December 2019.
        ("2019-09-11", "Exclusion list EX1-1: code list not in our data", "EX1-2"),
        ("2019-12-19", "2 Chinese lists of exclusions: code list not in our data", "EX1-1"),
    ],
)
def test_the_limits_of_a_page_name_no_list_before_the_text_that_brings_it(as_of: str, named: str, not_named: str) -> None:
    text = narrate.limits(date.fromisoformat(as_of)).text
    assert named in text
    assert not_named not in text


def averages(*rates: float) -> pd.DataFrame:
    """Measures of China's duties with one rate a day from 1 April 2025 on."""
    days = pd.date_range("2025-04-01", periods=len(rates), freq="D")
    names = ("mfn", "additional", "covered", "simple", "matched", "certain", "lowest", "highest", "granted")
    return pd.DataFrame({"on": days, "weighted_frac": rates} | {f"{name}_frac": rates for name in names})


def test_the_highest_average_is_one_that_has_been_in_force() -> None:
    """A higher rate that a text has set for a later day is none yet."""
    known = tariffs.announcements(as_of="2025-04-04")
    text = narrate.averages_text({"CN": averages(0.3, 0.2, 0.25, 0.9)}, known, on=date(2025, 4, 3)).text.replace(wording.THIN, " ")
    assert "averaged 25% on 3 April 2025" in text
    assert "The peak was 30% from 1 April 2025." in text
    assert "The highest" not in narrate.averages_text({"CN": averages(0.2, 0.3, 0.9)}, known, on=date(2025, 4, 2)).text


def test_the_widest_open_difference_may_lie_below() -> None:
    rows = pd.DataFrame(
        {
            "verdict": ["open", "open", "close"],
            "remainder_frac": [0.02, -0.031, -0.4],
            "publisher": ["A", "B", "C"],
            "on": pd.to_datetime(["2025-04-01", "2025-04-02", "2025-04-03"]),
        }
    )
    text = narrate.open_differences(rows).text
    assert "2 differences from A and B remain unexplained" in text
    assert "at most −3.1 points (for 2 April 2025)" in text


def test_the_parts_of_the_widest_gap_have_the_sign_of_the_whole() -> None:
    """The collected rate of April 2025 was 69.2 points lower, and so are its parts but the mix of industries: -19.9 + 0.5 - 49.7."""
    text = narrate.collected_text(tariffs.gap(as_of="2025-06-09"), tariffs.announcements(as_of="2025-06-09", importer="US")).text
    assert (
        "−69.2 points: −19.9 from the days of the month, +0.5 from the mix of industries, and −49.7 that our data cannot explain further"
        in text
    )


def test_a_share_of_trade_just_short_of_all_is_not_all() -> None:
    known = tariffs.announcements(as_of="2025-04-04")
    table = averages(0.3).assign(covered_frac=0.998)
    assert "99.8% of the trade we can match paid" in narrate.averages_text({"CN": table}, known, on=date(2025, 4, 3)).text.replace(
        wording.THIN, " "
    )


@pytest.mark.parametrize(
    ("later", "words"),
    [
        ([False, False, False], ""),
        ([True, True, False], "months to February 2025 as later revised, because our data lack their first releases"),
        ([False, False, True], "March 2025 as later revised, because our data lack its first release"),
        ([False, True, True], "months from February 2025 to March 2025 as later revised, because our data lack their first releases"),
    ],
)
def test_months_that_were_revised_later_are_those_that_are(later: list[bool], words: str) -> None:
    rows = pd.DataFrame({"period": pd.date_range("2025-01-01", periods=3, freq="MS"), "is_later_revised": later})
    assert wording.later_revised(rows) == words


@pytest.mark.parametrize(
    ("side", "on", "words"),
    [
        ("CN", "2019-12-20", "the doubtful cases one way or the other, with normal tariffs among them, gives"),
        ("CN", "2025-06-09", "the doubtful cases one way or the other, with normal tariffs and waivers for soybeans among them, gives"),
        (
            "CN",
            "2026-10-09",
            "one way or the other, with normal tariffs, exclusions as the WTO counts them and waivers for soybeans among them, gives",
        ),
        ("US", "2025-06-09", "the doubtful cases one way or the other, with the share of metal at either end of its estimate, gives"),
        ("US", "2026-10-09", "the doubtful cases one way or the other gives"),
    ],
)
def test_the_range_of_an_average_says_what_it_counts(side: str, on: str, words: str) -> None:
    day = date.fromisoformat(on)
    table = averages(0.3).assign(on=pd.Timestamp("2018-01-01"), lowest_frac=0.2)
    assert words in narrate.averages_text({side: table}, tariffs.announcements(as_of=on), on=day).text
    alike = narrate.averages_text({side: table.assign(lowest_frac=0.3)}, tariffs.announcements(as_of=on), on=day).text
    assert "changes it by less than 0.1 points." in alike


@pytest.mark.parametrize(("code", "why"), [("7326.90.8688", ""), ("8471.30.0100", ""), ("0303.33.0000", "1.1¢/kg")])
def test_the_worked_case_prints_the_schedule_only_where_its_rate_was_turned_into_a_share_of_value(code: str, why: str) -> None:
    stack = tariffs.explain(code, on=date(2026, 10, 9), as_of=date(2026, 10, 9), importer="US")
    assert tables.stack(stack).data["why"].iloc[0] == why
