"""A page whose outputs name their sources by number, and whose defined words are linked where they are first used."""

import re
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from report_samples import executed, figure, header, sources, table, text

from tradelib.report import citations, first_uses
from tradelib.report.outputs import MIME
from tradelib.report.page import Page
from tradelib.report.render import render
from tradelib.show import display

ROWS = [{"source": name, "url": f"https://example.org/{name}", "known_on": "2025-05-12"} for name in ("A", "B", "C", "D")]


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def page(*, terms: dict[str, str] | None = None, words: str = "Prose on IEEPA.") -> str:
    shown = {citations.key(words): [1, 2, 3], citations.key("fig"): [3], citations.key("tab"): [1, 4]}
    parts: list[dict[str, Any] | str] = [
        "## Where it stands",
        text(words),
        {**figure(), "text/plain": "fig"},
        "## Who promised",
        {**table(), "text/plain": "tab"},
        "## Definitions",
        {**text("- **IEEPA**: a law.\n- **points**: of rates."), MIME: {"kind": "text", "terms": terms or {}}},
    ]
    last = sources(*ROWS)
    last[MIME]["shown"] = shown
    return render(executed(header(standfirst="News."), *parts, last), slug="2025-06-09").html


def test_an_output_names_its_sources_and_the_list_stands_by_section() -> None:
    html = page()
    told = [plain(found) for found in re.findall(r'Sources? <a href="#source-.*?(?=</p>)', html)]
    assert told == ["Sources 1–3.", "Source 3. CSV · SVG · PNG · page", "Sources 1, 4. Data: commitments.csv"]
    groups = re.findall(r'<h3>(.*?)</h3>\n<ol class="sources"(?: start="(\d)")?>(.*?)</ol>', html, re.DOTALL)
    assert [(title, start, plain(items).count("known") or items.count("<li")) for title, start, items in groups] == [
        ("Where it stands", "", 3),
        ("Who promised", "4", 1),
    ]


def test_the_page_gives_every_output_the_numbers_of_its_list() -> None:
    opened = Page("x", as_of="2025-06-09")
    frame = pd.DataFrame(ROWS).assign(known_on=pd.Timestamp("2025-05-12"))
    for words, rows in (("one", [1, 0]), ("two", [3]), ("three", [0, 3, 2]), ("one", [2])):
        opened.show(display.Text(words, frame.iloc[rows]))
    payload = opened.sources()._repr_mimebundle_()[MIME]
    assert [row["source"] for row in payload["rows"]] == ["B", "A", "D", "C"]
    assert payload["shown"] == {citations.key("one"): [1, 2, 4], citations.key("two"): [3], citations.key("three"): [2, 3, 4]}


def test_a_source_that_no_output_names_stands_with_the_one_before() -> None:
    groups = citations.by_section(["a", "b", "c"], {1: "One", 3: "Two"})
    assert [(group["title"], group["starts"], group["rows"]) for group in groups] == [("One", 1, ["a", "b"]), ("Two", 3, ["c"])]
    assert citations.by_section(["a"], {})[0]["title"] == ""
    assert [group["title"] for group in citations.by_section(["a", "b"], {2: "One"})] == [citations.HEAD, "One"]


def test_a_source_stands_in_the_last_section_above_the_output_that_names_it_first() -> None:
    body = executed("## One\n\nWords.\n\n## Two\n\n### Below", text("said"), "## Three", text("said"))
    assert citations.placed(body, {citations.key("said"): [2, 3]}, head=[1, 2]) == {1: citations.HEAD, 2: citations.HEAD, 3: "Two"}


def test_the_first_use_of_a_word_links_to_its_meaning_on_the_page() -> None:
    html = page(terms={"IEEPA": r"\bIEEPA\b", "points": r"\d points?\b"}, words="### IEEPA\n\nDuties of IEEPA rose by 24 points; IEEPA.")
    assert '<li id="term-ieepa"><strong>IEEPA</strong>' in html
    assert re.findall(r'<a class="term" href="#(.*?)">(.*?)</a>', html) == [("term-ieepa", "IEEPA"), ("term-points", "24 points")]
    assert 'class="term"' not in page()
    assert '<a class="term" href="#term-ieepa">News</a>' in page(terms={"IEEPA": "News"}), "the standfirst is prose"


@pytest.mark.parametrize(
    ("prose", "marked"),
    [
        ("<p>It averages 42.3%, or 4 points more</p>", ["averages 42.3%", "4 points"]),
        ("<p>Published in 90 FR 9,121,300.</p>", ["90 FR 9,121,300"]),
        ("<p>10.5 points</p>", ["10.5 points"]),
        ("<p><a href='#x'>90 FR 9</a> <code>4 points</code></p><table><tr><td>4 points</td></tr></table>", []),
        ("<h2>4 points</h2><h3>4 points</h3><p>5 points</p>", ["5 points"]),
        ("<p>in <em>points: points</em></p>", ["points"]),
        ("<p>Rates\N{NO-BREAK SPACE}rise by 10\N{NARROW NO-BREAK SPACE}points.</p>", ["10\N{NARROW NO-BREAK SPACE}points"]),
    ],
)
def test_words_are_marked_whole_and_only_in_prose(prose: str, marked: list[str]) -> None:
    patterns = {"average": r"\baverages? \d", "points": r"\d points?\b|: points\b", "FR": r"\b\d+\sFR\s\d", "law": r"\b\d+\sFR\b"}
    listed = "".join(f"<li><strong>{term}</strong>: 4 points</li>" for term in patterns)
    soup = BeautifulSoup(f'<article><div class="prose">{prose}</div><div class="prose"><ul>{listed}</ul></div></article>', "html.parser")
    first_uses.mark(soup, patterns)
    assert [link.get_text() for link in soup.select("a.term")] == marked
