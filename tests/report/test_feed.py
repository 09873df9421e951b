"""News in the feed: what became known, one entry a source, with identities that stay."""

import re
from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tradelib import catalogue, cli, truce
from tradelib.report import companions, publish
from tradelib.report.listing import Entry
from tradelib.stories import feed

SPACE = "{http://www.w3.org/2005/Atom}"
PAGE = Entry("01_briefing", "2025-06-09", "Briefing", "The truce", "Where it stands.", date(2025, 6, 9), date(2025, 6, 9), "2026.10", "")
FACT = {
    "key": "2025-06-09/law/https://example.org/order",
    "day": date(2025, 6, 9),
    "kind": "law",
    "title": "Law: a duty: 10%",
    "lines": ["A duty: 10% (before: 20%)", "Another: ended"],
    "source": "Federal Register",
    "url": "https://example.org/order",
}


def entries(xml: str) -> list[ET.Element]:
    return ET.fromstring(xml).findall(f"{SPACE}entry")  # noqa: S314 - written here


def words(entry: ET.Element, name: str) -> str:
    return entry.find(f"{SPACE}{name}").text


def test_a_fact_is_an_entry_with_day_source_and_identity() -> None:
    page, fact = entries(companions.feed_xml([PAGE], news=[FACT]))
    assert words(page, "title") == "Briefing: The truce"
    assert words(fact, "title") == FACT["title"]
    assert words(fact, "updated") == "2025-06-09T00:00:00Z"
    assert words(fact, "content") == "A duty: 10% (before: 20%)\nAnother: ended\nSource: Federal Register."
    assert fact.find(f"{SPACE}link").attrib == {"rel": "alternate", "href": FACT["url"]}
    assert fact.find(f"{SPACE}category").get("term") == "law"
    (again,) = entries(companions.feed_xml([], address="https://example.org/", news=[{**FACT, "title": "Other words", "lines": []}]))
    assert words(again, "id") == words(fact, "id") != words(page, "id")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", words(fact, "id"))


def test_the_newest_day_comes_first_and_the_feed_is_as_new_as_it() -> None:
    later = {**FACT, "key": "later", "day": date(2025, 6, 10)}
    earlier = {**FACT, "key": "earlier", "day": date(2025, 6, 1)}
    xml = companions.feed_xml([PAGE], news=[earlier, later])
    assert [words(entry, "updated")[:10] for entry in entries(xml)] == ["2025-06-10", "2025-06-09", "2025-06-01"]
    assert ET.fromstring(xml).find(f"{SPACE}updated").text == "2025-06-10T00:00:00Z"  # noqa: S314


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "see the annex", "https://"])
def test_what_is_no_address_is_no_link_and_the_entry_still_holds_its_text(url: str) -> None:
    (fact,) = entries(companions.feed_xml([], news=[{**FACT, "url": url}]))
    assert fact.find(f"{SPACE}link") is None
    assert words(fact, "content").startswith("A duty")


def test_hostile_words_and_characters_that_xml_forbids_do_not_break_the_feed() -> None:
    row = {**FACT, "title": "<b>&\x00\x0b]]>\ud800", "lines": ["\x1b[31m\ufffe"], "url": 'https://example.org/?a=1&b="2"'}
    (fact,) = entries(companions.feed_xml([], news=[row]))
    assert words(fact, "title") == "<b>&  ]]> "
    assert fact.find(f"{SPACE}link").get("href") == row["url"]


LAST = date(2025, 8, 12)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return feed.news([date(2025, 6, 9), LAST])


def test_every_change_of_the_span_is_in_the_news_once_and_none_that_became_known_later(rows: list[dict[str, Any]]) -> None:
    spans = pairwise([date(2025, 5, 14), date(2025, 6, 9), LAST])
    facts = sum(len(truce.changes(since=since, until=until)) for since, until in spans)
    assert sum(len(row["lines"]) for row in rows) == facts > 50
    assert all(date(2025, 5, 14) < row["day"] <= LAST for row in rows)
    assert len({(row["key"], row["title"]) for row in rows}) == len(rows)
    assert [row["day"] for row in rows] == sorted((row["day"] for row in rows), reverse=True)


@pytest.mark.parametrize(
    "said",
    [
        "The US measure “IEEPA reciprocal: Reciprocal tariff on China” is 10% from 14 May 2025 to 12 August 2025 (as known before: 125%).",
        "The Chinese measure “Reciprocal retaliation Apr 2025” is 34% from 12 August 2025 (as known before: 125%) (stated, not in law).",
        "Tariff truce between the United States and China runs to 12 August 2025, as stated.",
        "China promises to remove announcements No. 5 and No. 6 of 2025, by 14 May 2025.",
        "The US measure “Port fee, Section 301 ship fees” is in force from 14 October 2025.",
    ],
)
def test_what_became_known_is_said_in_sentences(said: str) -> None:
    rows = feed.between(date(2025, 4, 9), date(2025, 5, 12))
    assert said in {line.replace("\xa0", " ") for row in rows for line in row["lines"]}
    law = [row for row in rows if row["kind"].startswith("tariffs") and row["day"] == date(2025, 5, 12)]
    assert [(row["is_stated"], row["title"].split(":")[0]) for row in law] == [(True, "Tariffs as stated"), (False, "Tariffs in law")]


def test_the_extension_of_august_2025_is_news_with_what_was_known_before(rows: list[dict[str, Any]]) -> None:
    """Executive Order 14334 of 11 August 2025 moved the end of the suspension from 12 August to 10 November 2025."""
    found = [line for row in rows if row["day"] == date(2025, 8, 11) and row["kind"] == "deadlines" for line in row["lines"]]
    assert any("runs to 10 November 2025, not to 12 August 2025" in line for line in found)


def test_an_earlier_day_that_is_published_later_changes_no_identity(rows: list[dict[str, Any]]) -> None:
    assert {row["key"] for row in feed.news([LAST])} == {row["key"] for row in rows}
    assert feed.news([]) == []


def test_the_whole_feed_is_valid_atom(rows: list[dict[str, Any]]) -> None:
    """RFC 4287, 4.1: what feed and entry must hold, how often, and that identities are unique."""
    xml = companions.feed_xml([PAGE], news=rows)
    atom = ET.fromstring(xml)  # noqa: S314
    found = atom.findall(f"{SPACE}entry")
    for element in (atom, *found):
        assert [len(element.findall(f"{SPACE}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", words(element, "updated"))
        assert words(element, "title").strip()
    assert len(atom.findall(f"{SPACE}author")) == 1
    for entry in found:
        links = [link for link in entry.findall(f"{SPACE}link") if link.get("rel") == "alternate"]
        assert len(links) == 1 or entry.find(f"{SPACE}content") is not None
    identities = [words(entry, "id") for entry in found]
    assert len(set(identities)) == len(identities) == len(rows) + 1


def test_the_command_gives_the_news_of_the_published_days(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(publish, "publish", lambda *_, **options: asked.update(options))
    assert cli.main(["publish", "--address", "https://example.org"]) == 0
    assert asked["address"] == "https://example.org"
    assert {row["day"] for row in asked["news"]([date(2025, 5, 12)])} > {date(2025, 5, 12)}
    assert catalogue.resolve_as_of("latest") > date(2025, 5, 12)


def test_a_group_that_was_renamed_keeps_its_identities_and_a_proposal_is_no_tariff_in_law() -> None:
    rows = {row["key"]: row for row in feed.between(date(2026, 9, 22), date(2026, 10, 9))}
    told = {(row["kind"], row["title"].split(":")[0]) for key, row in rows.items() if "/law/" in key}
    assert told == {("tariffs, in law and as stated", "Tariffs as stated")}
    proposed = [row for key, row in rows.items() if "/proposals/" in key]
    assert {(row["kind"], row["title"].split(":")[0]) for row in proposed} == {("proposals", "Proposals")}
    assert len(proposed) == 4
    assert not any("/tariffs/" in key for key in rows)
