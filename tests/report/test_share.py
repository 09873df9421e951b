"""What a page says to those who find, share and cite it."""

import json
import re
import struct
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from test_ways import page

from tradelib.report import share, site, swap
from tradelib.report.listing import Entry
from tradelib.report.page_checks import broken_links, faults

ADDRESS = "https://example.org/truce/"
ENTRY = Entry(
    "00_today", "2025-06-09", "Today", "Duties of 30% & more </script>", "What was known.", date(2025, 6, 9), date(2025, 6, 9), "2026.11",
    "",
    licence="https://creativecommons.org/licenses/by/4.0/",
)  # fmt: skip
DATE = {
    "key": "a",
    "day": date(2025, 8, 12),
    "title": "Duty, 54%; law " + "x" * 90,
    "detail": "In law. Order",
    "url": "https://example.org/",
}


def described(head: str) -> dict:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', head)
    return json.loads(found)


def test_a_head_names_the_page_its_picture_and_its_data_by_whole_addresses() -> None:
    head = share.head(ENTRY, address=ADDRESS, data=["goods.csv"], card="reports/00_today/2025-06-09/card.png")
    own = "https://example.org/truce/reports/00_today/2025-06-09/"
    assert f'<link rel="canonical" href="{own}">' in head
    assert f'<meta property="og:image" content="{own}card.png">' in head
    assert 'content="summary_large_image"' in head
    report = described(head)
    assert (report["@type"], report["url"], report["dateModified"]) == ("Report", own, "2025-06-09")
    assert report["hasPart"]["distribution"][0]["contentUrl"] == f"{own}data/goods.csv"
    assert report["name"] == ENTRY.title


def test_without_an_address_nothing_is_said_that_has_to_be_whole() -> None:
    head = share.head(ENTRY, address="", data=["goods.csv"], card="card.png")
    assert not {"og:image", "og:url", "canonical", "contentUrl"} & set(re.findall(r"[\w:]+", head))
    assert described(head)["hasPart"]["license"] == ENTRY.licence
    named = described(share.head(replace(ENTRY, licence="CC BY 4.0"), address="", data=[], card=""))
    assert named["license"] == {"@type": "CreativeWork", "name": "CC BY 4.0"}


def test_a_citation_is_bibtex_with_the_address_and_no_bare_sign() -> None:
    words = share.citation(ENTRY, address=ADDRESS)
    assert "@misc{tradelib-00_today-2025-06-09,\n  author = {{The tradelib authors}}" in words
    assert r"title = {{Duties of 30\% \&amp; more &lt;/script&gt;}}" in words
    assert "year = {2026}" in words
    assert "url = {https://example.org/truce/reports/00_today/2025-06-09/}" in words


def test_key_dates_are_whole_days_in_short_lines() -> None:
    text = share.dates_ics([DATE], "2025-06-09")
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert "DTSTAMP:20250609T000000Z\r\nDTSTART;VALUE=DATE:20250812\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert r"SUMMARY:Duty\, 54%\; law x" in text.replace("\r\n ", "")
    assert share.dates_ics([{**DATE, "title": "Other words"}], "2025-06-09").split("UID:")[1][:36] == text.split("UID:")[1][:36]


def test_the_card_has_the_size_that_is_asked_for_and_is_the_same_twice() -> None:
    head = {"title": "$1 and $2: a title " * 9, "facts": [{"value": "5%", "words": "w " * 60, "actor": "us"}]}
    made = [share.card_png(head, "9 June 2025") for _ in range(2)]
    assert made[0] == made[1]
    assert struct.unpack(">II", made[0][16:24]) == (1200, 630)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    found = tmp_path / "site"
    with swap.locked(found), swap.staged(found) as folder:
        for day in ("2025-05-12", "2025-06-09"):
            for notebook, label in (("00_today", "Today"), ("01_briefing", "Briefing")):
                site.write_page(folder, page(day, notebook, label))
        site.assemble(folder, address=ADDRESS, beside=site.Beside(key_dates=lambda as_of: [{**DATE, "key": as_of.isoformat()}]))
    return found


def test_a_whole_site_passes_the_checks_and_offers_feeds_and_dates(target: Path) -> None:
    pages = sorted(target.rglob("*.html"))
    assert {path.relative_to(target).as_posix(): faults(path.read_text()) for path in pages if faults(path.read_text())} == {}
    assert broken_links(target) == []
    assert "DTSTAMP:20250609T" in (target / "days/dates.ics").read_text()
    feed = (target / "reports/01_briefing/feed.xml").read_text()
    assert feed.count("<entry>") == 2
    assert "US-China trade truce: Briefing" in feed
    # The copy of a page under another address names the dated page.
    assert (target / "index.html").read_text().count('rel="canonical"') == 1
