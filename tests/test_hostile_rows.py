"""Hostile text in rows of the data: in pages, feeds, calendars, CSV, citations and what machines read, it is text and no more."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from datetime import date
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest
from test_hostile import drawn, gathered

from tradelib import lists
from tradelib.report import companions, figures, reference, share, ways
from tradelib.report.listing import Entry, environment
from tradelib.report.outputs import Figure
from tradelib.show import display

DAY = date(2025, 6, 9)
WORDS = [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<!--<script>", "]]>", "\"><img src=x onerror=alert(1)>",
    "' onclick='alert(1)",
    "=HYPERLINK(1)", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "a\r\nATTENDEE:mailto:x@example.org", "a\nb", "\u202etxt.exe",
    "\x00\x1b[31m",
    "{{ 7*7 }}", "&amp; &#x3C;", "}, title = {other", "\\input{x}", "%00", "100% & $5 #1 _x",
]  # fmt: skip
ADDRESSES = [
    "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd", "vbscript:x", "//example.org/x", "https://", "ftp://example.org/", "https:alert(1)", "mailto:x@example.org",
    "https://example.org/\"><script>alert(1)</script>", "https://example.org/' onclick='x", "https://example.org/a\r\nATTENDEE:x",
    "https://example.org/a)b](javascript:x)",
]  # fmt: skip


class Found(HTMLParser):
    """Elements, attributes and addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def tame(page: str, plain: str) -> None:
    """A page holds no element and no attribute that the same page of plain words lacks, and links to the web or into the site alone."""
    found, before = Found(page), Found(plain)
    assert found.elements <= before.elements, found.elements - before.elements
    assert found.attributes <= before.attributes, found.attributes - before.attributes
    for link in set(found.links) - set(before.links):
        assert re.match(r"https?://[^\s/]", link) or ":" not in link, link


def table(words: str, url: str) -> str:
    frame = pd.DataFrame({"what": [words], "url": [url], "source": [words]})
    columns = [
        display.Column(words, display.cell("what"), "link"),
        display.Column("State", display.cell("what"), "status"),
        display.Column("Cited", display.cell("what"), cite=display.cell("source")),
    ]
    return display.Table("t", words, columns, frame, display.no_sources(), words)._repr_mimebundle_()["text/html"]


def corrections(words: str, url: str) -> str:
    row = {"corrected_on": DAY, "table": words, "row": words, "column": words, "was": words, "now": words, "why": words, "url": url}
    return reference.corrections_html([row, {**row, "column": ""}], words)


def glossary(words: str, _url: str) -> str:
    return reference.glossary_html([{"term": words, "definition": words, "source": words}])


def data(words: str, _url: str) -> str:
    item = {"name": words, "title": words, "description": f"`a` {words}", "path": "a.csv", "rows": 1, "first": None, "last": None}
    return companions.data_html([{**item, "publishers": words, "sha256": "0"}], words)


def entry(words: str) -> Entry:
    return Entry("00_today", "2025-06-09", "Today", words, words, DAY, DAY, "2026.11", words, licence=words)


def cited(words: str, _url: str) -> str:
    return share.citation(entry(words), address="https://example.org/") + share.head(
        entry(words), address="https://example.org/", data=["a.csv"], card="card.png"
    )


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="100pt" viewBox="0 0 200 100"></svg>'


def of_figure(words: str) -> dict[str, bytes]:
    made = Figure("duties", words, words, words, words, f'<picture><img alt="{escape(words)}" src="data:,"></picture>', SVG, b"")
    return figures.files([made], {"notebook": words, "as_of": "2025-06-09", "title": words, "cite": words, "licence": words}, words)


def figure(words: str, _url: str) -> str:
    html = of_figure(words)["figures/duties.html"].decode()
    return ways.put(html, figures._shared(entry(words), "duties", figures._alt(html), "https://example.org/", has_png=False))


PAGES = [table, corrections, glossary, data, cited, figure]


@pytest.mark.parametrize("page", PAGES)
def test_words_of_a_row_are_words_on_a_page(page: Any) -> None:
    plain = page("plain", "https://example.org/")
    for words in WORDS:
        tame(page(words, "https://example.org/"), plain)


@pytest.mark.parametrize("page", [table, corrections])
def test_a_page_links_to_addresses_of_the_web_alone(page: Any) -> None:
    plain = page("plain", "https://example.org/")
    for url in ADDRESSES:
        tame(page("plain", url), plain)


@pytest.mark.parametrize("url", ADDRESSES)
def test_prose_links_to_addresses_of_the_web_alone(url: str) -> None:
    written = display.link("words", url)
    assert re.fullmatch(r"words|\[words\]\(https?://[^\s()<>\"\\]+\)", written), written


@pytest.mark.parametrize("words", WORDS)
def test_what_machines_read_of_a_page_is_whole(words: str) -> None:
    head = share.head(entry(words), address="https://example.org/", data=["a.csv"], card="card.png")
    script = head.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert "<" not in script
    assert json.loads(script)["name"] == words


def shown_elsewhere(words: str) -> None:
    """The code that shows a figure elsewhere has its own elements and addresses alone, and its drawing is one."""
    codes = [unescape(code) for code in re.findall("<pre><code>(.*?)</code></pre>", figure(words, ""), re.DOTALL)]
    found = [Found(code) for code in codes]
    assert [(each.elements, each.attributes) for each in found] == [
        ({"a", "img"}, {"alt", "href", "src", "style"}),
        ({"iframe"}, {"height", "src", "style", "title", "width"}),
    ]
    places = [f"https://example.org/reports/00_today/2025-06-09/figures/duties.{end}" for end in ("html", "svg", "html")]
    assert [link for each in found for link in each.links] == places
    drawing = ET.fromstring(of_figure(words)["figures/duties.svg"])  # noqa: S314, made here
    assert {item.tag.rpartition("}")[2] for item in drawing.iter()} <= {"desc", "g", "rect", "svg", "text", "title"}


@pytest.mark.parametrize("words", WORDS)
def test_a_figure_is_shown_elsewhere_by_its_picture_and_its_words_alone(words: str) -> None:
    shown_elsewhere(words)


def test_words_of_a_figure_are_words_however_they_are_put_together() -> None:
    plain = figure("plain", "")

    def check(words: str) -> None:
        tame(figure(words, ""), plain)
        shown_elsewhere(words)
        held = csv.reader(io.StringIO(display.csv_text(pd.DataFrame({words: [words], "n": [1]})), newline=""))
        (head, cells) = list(held)
        assert (len(head), len(cells)) == (2, 2)
        assert not re.match(r"\s*[=+@\t\r-]", cells[0]), cells

    with gathered() as trying:
        for source in drawn("figures", 0.05):
            trying(check, "".join(source.sample([*WORDS, *ADDRESSES, "\u2212", '"', "'", "<", "]]>", "&", "\n"], k=source.randint(2, 4))))


@pytest.mark.parametrize("words", WORDS)
def test_a_citation_is_one_entry(words: str) -> None:
    body = share.citation(entry(words), address="https://example.org/")
    title = next(line for line in body.splitlines() if line.startswith("  title = "))
    bare = re.sub(r"\\[{}]", "", title)
    assert bare.count("{") == bare.count("}")
    assert body.count("\n  url = ") == 1


@pytest.mark.parametrize("words", WORDS)
def test_a_feed_is_well_formed_and_holds_one_entry(words: str) -> None:
    news = [{"key": words, "day": DAY, "kind": words, "title": words, "lines": [words], "source": words, "url": words}]
    feed = companions.feed_xml([entry(words)], address="https://example.org/", news=news)
    assert len(ET.fromstring(feed).findall("{http://www.w3.org/2005/Atom}entry")) == 2  # noqa: S314, made here
    ET.fromstring(companions.sitemap_xml([entry(words)], address="https://example.org/"))  # noqa: S314


@pytest.mark.parametrize("words", [*WORDS, *ADDRESSES])
def test_a_calendar_holds_the_lines_of_its_event_alone(words: str) -> None:
    text = share.dates_ics([{"key": words, "day": DAY, "title": words, "detail": words, "url": words}], "2025-06-09")
    whole = text.replace("\r\n ", "")
    names = [re.split("[:;]", line)[0] for line in whole.split("\r\n") if line]
    assert set(names) <= {"BEGIN", "VERSION", "PRODID", "NAME", "UID", "DTSTAMP", "DTSTART", "SUMMARY", "DESCRIPTION", "URL", "END"}
    assert "\n" not in whole.replace("\r\n", "")
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", whole)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"), ("+1 2", "'+1 2"), ("-2+3", "'-2+3"), ("@a", "'@a"), ("\tx", "'\tx"), (" =1", "' =1"), ("- none", "'- none"),
        ("-0.2", "-0.2"), ("+25%", "+25%"), ("-1,234.5", "-1,234.5"), ("-1e-3", "-1e-3"), ("a=1", "a=1"), ("", ""), (-0.2, "-0.2"),
        ("\u22120.2%", "\u22120.2%"),
    ],
)  # fmt: skip
def test_a_cell_of_csv_runs_in_no_spreadsheet_and_a_number_stays_one(cell: object, written: str) -> None:
    text = display.csv_text(pd.DataFrame({"what": ["plain", cell], "n": [1, 2]}))
    held = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    assert held["what"].tolist() == ["plain", written]
    assert lists.csv_text(pd.DataFrame({"what": [cell]}))[0].splitlines()[0] == "what"


def test_templates_write_nothing_unescaped() -> None:
    assert environment().autoescape is True
