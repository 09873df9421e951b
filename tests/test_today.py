"""The front page of a day: what happened, what comes next, what goods owe; each as it was known."""

import html
import re
from datetime import date

import pandas as pd
import pytest

from tradelib import narrate, news, tables, tariffs, today, truce, wording
from tradelib.show.display import words

JUNE = "2025-06-09"


def shown(as_of: str) -> str:
    return words(tables.coming(today.coming(as_of=as_of), today.ahead(as_of=as_of), as_of=date.fromisoformat(as_of)))


def comes(as_of: str) -> list[tuple[str, str, str]]:
    rows = today.coming(as_of=as_of)
    return [("" if pd.isna(row.on) else row.on.date().isoformat(), row.standing, row.kind) for row in rows.itertuples()]


def test_what_comes_next_holds_the_duty_in_law_and_the_truce_that_was_only_announced() -> None:
    assert ("2026-11-10", "in law", "duty") in comes("2026-10-09")
    assert ("2027-01-10", "announced", "truce") in comes("2026-10-09")
    rows = today.coming(as_of="2026-10-09").set_index("on")
    assert rows.loc["2026-11-10", ["cn_before_frac", "cn_after_frac"]].tolist() == pytest.approx([0.10, 0.34])
    assert pd.isna(rows.loc["2026-11-10", "us_after_frac"])


def test_a_duty_that_one_side_only_announced_stands_beside_the_law_of_the_other() -> None:
    assert [row for row in comes("2025-05-12") if row[0] == "2025-08-12"] == [
        ("2025-08-12", "in law", "duty"),
        ("2025-08-12", "announced", "duty"),
    ]


def test_a_threat_is_no_law_and_may_name_no_day() -> None:
    assert ("2025-11-01", "threatened", "threat") in comes("2025-10-11")
    assert comes("2026-02-21")[-1] == ("", "threatened", "threat")
    assert "no day" in shown("2026-02-21")


@pytest.mark.parametrize("as_of", ["2018-01-02", "2018-07-06", "2019-12-14", JUNE, "2026-02-21"])
def test_nothing_of_a_day_became_known_later(as_of: str) -> None:
    for rows in (today.happened(as_of=as_of), today.coming(as_of=as_of), today.named_days(as_of=as_of)):
        assert not (rows["known_on"] > as_of).any()
    assert not (today.coming(as_of=as_of)["on"] <= as_of).any()  # a threat without a day has none


def test_what_happened_is_the_news_of_the_day_first() -> None:
    assert "Supreme Court" in " ".join(today.happened(as_of="2026-02-21")["title"])
    assert "rare-earth" in " ".join(today.happened(as_of="2025-10-11")["title"])
    # What the head of the page names is in the table too, a statement that is news among it.
    assert "EV20261007a" in set(today.happened(as_of="2026-10-09")["event_id"])
    assert today.happened(as_of="2018-07-06")["title"].iloc[0].startswith("List 1")
    assert today.happened(as_of=JUNE)["starts_on"].is_monotonic_decreasing


def test_goods_go_from_the_lowest_to_the_highest_with_their_peak() -> None:
    rows = today.goods(as_of=JUNE).set_index("basket")
    assert rows.loc["toys", ["now_frac", "base_frac", "peak_frac", "next_frac"]].tolist() == pytest.approx([0.30, 0.0, 1.45, 0.54])
    assert rows.loc["toys", "peak_on"] == pd.Timestamp("2025-04-10")
    assert len(rows) == 15
    assert all(part["now_frac"].is_monotonic_increasing for _, part in rows.groupby("importer"))


def test_goods_that_owe_nothing_say_why() -> None:
    told = {
        day: tables.goods(today.goods(as_of=day), tariffs.announcements(as_of=day), as_of=date.fromisoformat(day)).note
        for day in ("2018-07-06", "2026-10-09")
    }
    assert "Laptops and smartphones are at 0.0%: exempt from what is added on other goods" in told["2026-10-09"]
    # Without a country-wide tariff there is nothing to be exempt from.
    assert "exempt" not in told["2018-07-06"]


@pytest.mark.parametrize("as_of", ["2019-12-14", JUNE])
@pytest.mark.parametrize("importer", ["US", "CN"])
def test_the_averages_are_those_of_the_report_on_duties(as_of: str, importer: str) -> None:
    path = today.averages(as_of=as_of)[importer].set_index("on")["weighted_frac"]
    days = [day.date() for day in path.index]
    assert path.tolist() == pytest.approx(tariffs.averages(importer=importer, as_of=as_of, on=days)["weighted_frac"].tolist())


def test_what_comes_is_written_with_its_verb_and_what_else_comes_that_day() -> None:
    told = shown("2026-10-09")
    assert "China's added tariff on US goods rises from 10% to 34%; more on that day" in told
    assert "China's pause in its ban on exports of gallium, germanium and antimony to the US ends" in told
    told = shown("2018-07-06")
    assert "US duty on large residential washers (covered parts over quota): from 50% to 45%; more on that day" in told


@pytest.mark.parametrize(
    ("as_of", "day", "said"),
    [
        # One clock holds both lists of exclusions: its end is told once (notice of 31 May 2025).
        (JUNE, "2025-09-01", ["US Section 301 product exclusions end"]),
        ("2019-09-12", "2019-09-17", ["China's tariff exclusions (first batch, first list) begin"]),
        ("2025-02-20", "2025-03-01", ["China's tariff exclusions (extension 16) end"]),
        ("2022-04-10", "2023-01-01", ["US exclusions of 352 products (reinstated) end"]),
    ],
)
def test_exclusions_begin_and_end_and_are_no_duty(as_of: str, day: str, said: list[str]) -> None:
    """A page of 2019 said of China's first exclusions that a duty begins at 0%, and one of 2020 of those that begin that they end."""
    rows = today.ahead(as_of=as_of)
    table = tables.ahead(rows[rows["on"].eq(pd.Timestamp(day))], as_of=date.fromisoformat(as_of))._repr_mimebundle_()["text/html"]
    found = re.findall(r"[^<>]*[Ee]xclusions [^<>]*(?:begin|end)(?= <small)", table)
    assert [html.unescape(words).strip() for words in found] == said
    assert "duty on first batch" not in table


def test_exclusions_that_begin_do_not_end() -> None:
    """USTR, 85 FR 85831: 99 medical products from 1 January 2021, when most others ended."""
    rows = today.ahead(as_of="2020-12-26")
    rows = rows[rows["on"].eq(pd.Timestamp("2021-01-01")) & rows["change"].eq("begins")]
    assert rows["what"].tolist() == ["Exclusions of COVID-19 medical products"]
    assert (
        "US exclusions of COVID-19 medical products begin" in tables.ahead(rows, as_of=date(2020, 12, 26))._repr_mimebundle_()["text/html"]
    )


def test_a_threat_names_its_rate_once() -> None:
    assert "Extra duty on all Chinese goods on top of those in force, 100%; more on that day" in shown("2025-10-11")
    assert shown("2026-02-21").count("15%") == 1


def test_what_was_announced_for_no_day_has_a_row_with_its_words() -> None:
    told = shown("2026-10-09")
    assert "action said to come within weeks (known since 2 Oct 2026)" in told.replace(wording.FIXED, " ")
    assert "lower duties on 77 categories of Chinese goods" in told
    assert ("", "announced", "term") in comes("2025-10-31")
    assert "for one more year" in shown("2025-10-31")


def test_a_rate_that_a_text_does_not_name_is_no_end() -> None:
    told = words(tables.ahead(today.ahead(as_of="2026-10-09"), as_of=date(2026, 10, 9)))
    assert "four-year review: semiconductors: rate to be named" in told


AHEAD = ["2018-07-06", "2019-08-23", "2021-05-05", "2025-02-01", "2025-05-12", JUNE, "2025-11-04", "2026-09-28", "2026-10-09"]


@pytest.mark.parametrize("as_of", AHEAD)
def test_no_day_that_the_page_names_elsewhere_is_left_out_of_what_comes(as_of: str) -> None:
    coming, everything = today.coming(as_of=as_of), today.ahead(as_of=as_of)
    dated, until = everything[everything["on"].notna()], coming["on"].max()
    # Up to the last day shown none is skipped, and what else falls on a day is counted; the rest is listed below.
    assert set(coming["on"].dropna()) == set(dated.loc[dated["on"] <= until, "on"])
    assert dated["on"].is_monotonic_increasing
    assert set(today.goods(as_of=as_of)["next_on"].dropna()) <= set(dated["on"])
    assert set(tariffs.lists_ahead(as_of=as_of)["changes_on"]) <= set(dated["on"])
    known = set(zip(everything["on"], everything["what"], strict=True))
    dates = truce.dates_ahead(as_of=as_of)
    dates = dates[~dates["clock"].isin(truce.TARIFF_CLOCKS)]
    for name in ("legal_on", "stated_on"):
        later = dates[dates[name] > as_of]
        assert set(zip(later[name], later["what"], strict=True)) <= known


NAMED = [
    "2018-07-06", "2018-12-01", "2019-12-14", "2020-01-15", "2025-02-01", "2025-04-11", "2025-05-12", JUNE, "2025-10-11", "2025-11-07",
    "2026-02-21", "2026-03-06", "2026-09-28", "2026-10-09",
]  # fmt: skip


@pytest.mark.parametrize("as_of", NAMED)
def test_what_happened_holds_what_the_head_names_and_the_turns_of_three_weeks(as_of: str) -> None:
    found = set(today.happened(as_of=as_of)["event_id"])
    the_news = news.day_news(as_of=as_of)
    assert {item.event_id for item in the_news.told} <= found
    events = truce.events(as_of=as_of)
    turns = events[events["is_major"] & (events["published_on"] > pd.Timestamp(as_of) - pd.Timedelta(days=21))]
    assert set(turns.loc[turns["phase_of_event"].ne("ahead"), "event_id"]) <= found


def test_what_happened_keeps_the_summit_and_the_lists_of_the_last_weeks() -> None:
    # The summit in Washington, both lists of USD 30 billion, and the newest statements.
    assert {"EV20260923b", "EV20260928b", "EV20261007a", "EV20261006a"} <= set(today.happened(as_of="2026-10-09")["event_id"])


def test_what_happened_has_the_newest_steps_of_the_week_beside_many_turns() -> None:
    """The call of 5 June, from which the talks in London came, gave way to five major events of three weeks."""
    found = today.happened(as_of=JUNE)
    assert {"EV20250605a", "EV20250603a"} <= set(found["event_id"])
    # An older step without weight does not come with them: chip-design software, 28 May.
    assert "EV20250528a" not in set(found["event_id"])
    assert len(found) == 7


def test_an_event_that_became_known_later_tells_both_days() -> None:
    told = words(tables.happened(today.happened(as_of="2025-05-12"), as_of=date(2025, 5, 12))).replace(wording.FIXED, " ")
    assert "US opens a Section 232 case on aircraft and engines (known on 9 May 2025)" in told
    assert "10-11 May 2025" in told


def test_a_title_says_where_law_takes_an_average() -> None:
    now = {side: tariffs.averages(importer=side, as_of=JUNE, on=[JUNE]).iloc[0] for side in ("US", "CN")}
    title = narrate.averages_title(now, today.averages(as_of=JUNE))
    assert title.endswith(
        "by law the US average is to rise to 57.7% on 12 August 2025 and China's average is to rise to 55.1% on 12 August 2025"
    )
