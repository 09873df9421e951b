"""The news of a day: its rank by made-up events, and its words on days that are known."""

import re
from datetime import date

import pandas as pd
import pytest

from tradelib import catalogue, narrate, tariffs, truce, wording
from tradelib.errors import ParameterError
from tradelib.news import RANKS, Item, day_news
from tradelib.news.day import first, news_items
from tradelib.phrases.day_news import standfirst, told

DAY = date(2025, 6, 9)
_SLOT = re.compile(r"\{(?:from |on )?\d{1,2} [A-Z][a-z]+ \d{4}\}")
# What a title may not say: bookkeeping of ours, a score, and a rate of nothing while lists of goods pay.
BANNED = re.compile(
    r"-\d+ day|with a clock|\d+ of \d+ .*kept|(?<![\d.])0%|no (?:country-wide )?(?:duty|tariff) on either|\bseen\b|\bheld\b"
)


def event(kind: str, published: str, *, starts: str = "", actor: str = "US", major: bool = False, phase: str = "held") -> Item:
    days = [pd.Timestamp(day) for day in (published, starts or published)]
    named = f" {{from {wording.day(days[1])}}}" if starts else ""
    return Item(f"{kind} {published}", kind, actor, major, f"{kind} of {published}{named}", "London", *days, phase, "a source", "", days[0])


RULING = event("ruling", "2025-06-07", actor="court", major=True)
DEAL = event("agreement", "2025-06-09", actor="both", major=True)
MEETING = event("talks", "2025-06-06", starts="2025-06-09", actor="both", phase="open")
TARIFF = event("escalation", "2025-06-08", major=True)
TALKS = event("talks", "2025-06-08", actor="both", major=True)
BEGINS = event("escalation", "2025-05-20", starts="2025-06-09")
SMALL = event("relief", "2025-06-08")
SOON = event("escalation", "2025-05-20", starts="2025-06-20")
THREAT = event("threat", "2025-06-09", major=True)
WORD = event("statement", "2025-06-09")


def test_news_ranks_from_a_ruling_down_to_what_is_only_said() -> None:
    """The order of the table, by one event for each rank; what comes first is taken away in turn."""
    items = [THREAT, WORD, SOON, SMALL, BEGINS, TALKS, TARIFF, MEETING, DEAL, RULING]
    found = []
    while items:
        name, item = first(items, as_of=DAY)
        assert item is not None
        found.append(name)
        items.remove(item)
    assert found == ["ruling", "deal", "meeting", "measure", "talks", "effect", "event", "soon", "said", "statement"]


@pytest.mark.parametrize(
    ("items", "law", "rank"),
    [
        ([], [], "holds"),
        ([WORD], [date(2025, 6, 24)], "date"),
        ([THREAT], [date(2025, 6, 24)], "said"),
        ([THREAT], [date(2025, 6, 23)], "date"),
        ([SOON], [date(2025, 6, 19)], "date"),
        ([SOON], [date(2025, 6, 20)], "soon"),
        ([SOON._replace(news="A law is passed")], [], "holds"),
        ([BEGINS._replace(news="A law is passed")], [], "holds"),
        ([], [date(2025, 7, 24)], "date"),
        ([], [date(2025, 7, 25)], "holds"),
        ([event("ruling", "2025-06-06", actor="court", major=True)], [], "ruling"),
        ([event("ruling", "2025-06-05", actor="court", major=True)], [], "holds"),
        ([event("relief", "2025-06-07")], [], "holds"),
        ([event("data_release", "2025-06-09")], [], "holds"),
    ],
)
def test_news_grows_old_and_law_ahead_counts_by_its_distance(items: list[Item], law: list[date], rank: str) -> None:
    assert first(items, as_of=DAY, law_days=law)[0] == rank


def test_the_newest_of_a_rank_is_the_news() -> None:
    older = event("ruling", "2025-06-06", actor="court", major=True)
    assert first([RULING, older], as_of=DAY)[1] == RULING


def test_a_subject_without_news_has_no_title() -> None:
    assert narrate.news_title(day_news(as_of="2021-05-05", about="minerals")) == ""
    with pytest.raises(ParameterError, match="about must be one of all, tariffs, truce, minerals"):
        day_news(as_of="2021-05-05", about="weather")


def words(as_of: str) -> tuple[str, str]:
    news = day_news(as_of=as_of)
    return narrate.news_title(news), narrate.news_standfirst(news).text


@pytest.mark.parametrize(
    ("as_of", "title", "under"),
    [
        ("2018-07-06", "US and China put 25% on USD 34 billion each from today", "the US charges 25% on lists of Chinese goods"),
        ("2019-12-14", "US and China agree Phase One; US suspends its next tariffs", "The news is of 13 December. In law"),
        ("2025-03-04", "US doubles its added tariff on Chinese goods to 20% from today", "China answers with 10% or 15% on US farm goods"),
        (
            "2025-04-02",
            "US adds a reciprocal tariff of 34% on China to its 20%",
            "(30% from 5 April, 54% from 9 April)",
        ),
        (
            "2025-04-11",
            "China raises its added tariff to 125% from 12 April; US adds 145%",
            "84% to its own on US goods that are not exempt (125% from 12 April)",
        ),
        ("2025-05-12", "US and China to cut added tariffs to 30% and 10% from 14 May", "China has published no legal text yet."),
        ("2025-06-09", "US and China open talks in London, 64 days before the truce ends", "unless another text comes first"),
        ("2025-10-11", "China widens its controls on rare earths and batteries", "Trump threatens a further 100% on Chinese goods from 1"),
        ("2025-10-31", "Trump and Xi agree a one-year truce in Busan", "the truce goes on for one more year; no legal text says so"),
        (
            "2026-02-21",
            "US Supreme Court rules the emergency tariffs on China unlawful",
            "of the two added tariffs only China's can snap back",
        ),
        (
            "2025-02-01",
            "US adds 10% on Chinese goods from 4 February",
            "By law the US adds 10% on Chinese goods from 4 Feb",
        ),
        (
            "2026-10-09",
            "By law China's added tariff returns to 34% on 10 November",
            "the truce runs to 10 January 2027; no legal text says so",
        ),
    ],
)
def test_days_of_which_the_news_is_known(as_of: str, title: str, under: str) -> None:
    lead, told_under = words(as_of)
    assert lead == title
    assert under in told_under


def test_a_return_that_another_text_may_stop_says_so_once_and_last() -> None:
    _, under = words("2025-11-04")
    assert "and China 10% to its own on US goods that are not exempt (34% from 10 November, unless another text comes first)" in under
    assert under.count("unless") == 1


def test_what_is_suspended_before_it_began_is_no_change() -> None:
    _, under = words("2019-12-14")
    assert under.endswith("By law China's tariffs on 4 lists of goods change on 15 December.")


def days(step: int, *columns: str) -> list[date]:
    """Days on which an event became known or took effect, and one day in `step`."""
    rows, edition = catalogue.load("events"), catalogue.edition()
    start, end = edition.evidence_from, edition.evidence_through
    known = {day.date() for column in columns for day in rows[column]}
    return sorted(day for day in known | {day.date() for day in pd.date_range(start, end, freq=f"{step}D")} if start <= day <= end)


def test_on_every_day_the_event_that_leads_was_known_and_reads_as_a_sentence() -> None:
    for day in days(97, "published_on", "starts_on"):
        _, lead = first(news_items(truce.events(as_of=day), "all"), as_of=day)
        if lead is not None:
            title = told(lead.news, day)
            assert lead.known_on <= pd.Timestamp(day)
            assert 4 <= len(title.split()) <= 15, (day, title)
            assert not BANNED.search(title), (day, title)


@pytest.mark.parametrize("day", days(73), ids=str)
def test_a_day_has_a_title_and_a_standfirst_that_know_nothing_later(day: date) -> None:
    news = day_news(as_of=day)
    title, under = narrate.news_title(news), narrate.news_standfirst(news)
    assert 4 <= len(title.split()) <= 14, title
    assert 1 <= len(standfirst(news)) <= 4, under.text
    assert 20 < len(under.text) <= 750, under.text
    assert not BANNED.search(title), title
    assert not re.search(r"[{}]|nan|NaT|  ", under.text), under.text
    assert (under.sources["known_on"].dropna() <= pd.Timestamp(day)).all()


def test_the_news_of_an_event_is_a_short_sentence_with_days_that_can_be_read() -> None:
    cells = catalogue.load("events")["news"].dropna()
    for cell in cells[cells.ne("")]:
        assert len(_SLOT.sub("from 1 May", cell).split()) <= 15, cell
        assert not re.search(r"[{}]", _SLOT.sub("", cell)), cell
        assert not re.search(r"\.$|\bheld\b|\bseen\b|\d %", cell), cell


def test_every_rank_is_named_once() -> None:
    assert len({rank.name for rank in RANKS}) == len(RANKS)


@pytest.mark.parametrize("as_of", ["2025-02-04", "2025-04-11", "2025-05-12", "2025-07-10", "2026-01-28", "2026-10-09"])
def test_a_country_wide_rate_is_told_as_what_is_added(as_of: str) -> None:
    title, under = words(as_of)
    rates = tariffs.headlines(on=as_of, as_of=as_of)
    assert any(rate.rate_frac for rate in rates)
    assert not re.search(
        r"\bcharges?\b|(?<!added )\btariffs? (?:returns?|rises?|falls?) to|on (?:most|all) (?:US|Chinese)", f"{title} {under}"
    )
    assert f"adds {wording.percent(rates[0].rate_frac)} to its tariffs on Chinese goods that are not exempt" in under


def test_both_rates_that_return_fit_one_title() -> None:
    assert words("2025-07-10")[0] == "By law added tariffs return to 54% (US) and 34% (China) on 12 August"
