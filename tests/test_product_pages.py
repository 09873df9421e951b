"""The pages of chapters: every line once, with the duty that it is told by itself, within the size of a page."""

import re
from functools import cache
from unittest.mock import patch
from xml.etree import ElementTree as ET

import html5lib
import pandas as pd
import pytest

from tradelib import catalogue, hs, tariffs, wording
from tradelib.report import products
from tradelib.report.page import Page
from tradelib.report.page_checks import faults
from tradelib.report.render import render
from tradelib.stories.lines import pages, tables
from tradelib.tariffs.every_line import EveryLine, every_line

DAYS = ["2018-07-06", "2025-06-09", "latest"]
SAMPLE = 4
MOST_BYTES = 400_000
LARGEST = {"US": ["84", "85", "29", "62"], "CN": ["84", "29"]}


# Codes of the lines that a chapter was made of, by side and day, in the order of the chapters.
MADE_OF: dict[tuple[str, str], list[str]] = {}


@cache
def sheets(importer: str, day: str) -> dict[str, pages.Sheet]:
    made_of, prepared = MADE_OF.setdefault((importer, day), []), tables.prepared

    def noted(told: EveryLine, chapter: str) -> pd.DataFrame:
        rows = prepared(told, chapter)
        made_of.extend(rows["code"])
        return rows

    with patch.object(tables, "prepared", noted):
        return {sheet.folder: sheet for sheet in pages.sheets(importer, catalogue.resolve_as_of(day))}


@cache
def page(importer: str, day: str, chapter: str) -> str:
    as_of = catalogue.resolve_as_of(day).isoformat()
    sheet = sheets(importer, day)[f"{importer.lower()}/{chapter}"]
    notebook = products.as_executed(sheet.label, sheet.cells(Page("products", as_of=as_of)))
    return render(notebook, slug=f"products/{as_of}/{sheet.folder}", site_root="../../../..", made_by="tradelib publish --products").html


@cache
def table(importer: str, day: str, chapter: str) -> dict[str, list[str]]:
    """Texts of the cells of every line by its name in the page."""
    html = page(importer, day, chapter)
    part = html[html.index('id="table-lines"') :]
    tree = html5lib.parse(part[part.index("<table>") : part.index("</table>")], namespaceHTMLElements=False)
    rows = [row for row in tree.iter("tr") if row.get("id") and "tl-group" not in row.get("class", "")]
    return {row.get("id"): [read(cell) for cell in row] for row in rows}


def read(cell: ET.Element) -> str:
    return " ".join(" ".join(cell.itertext()).replace(wording.FIXED, " ").split())


def percent(rate: float) -> str:
    return wording.percent(rate, digits=2)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_a_chapter_tells_of_a_line_what_explain_tells(importer: str, day: str) -> None:
    as_of = catalogue.resolve_as_of(day)
    told = every_line(on=as_of, importer=importer, as_of=as_of).rows
    for row in told[told["code"].str[:2].isin(["12", "87", "39"])].sample(SAMPLE, random_state=8).itertuples():
        cells = table(importer, day, row.code[:2])[hs.dotted(row.code)]
        stack = tariffs.explain(row.code, on=as_of, importer=importer, as_of=as_of)
        assert cells[0].startswith(hs.dotted(row.code))
        if pd.notna(stack.total_frac):
            assert cells[1].split()[0] == percent(stack.total_frac)
            rates = [percent(rate) for rate in stack.layers["rate_frac"] if rate > 0]
            assert sorted(re.findall(r"\+ (\S+%) [A-Z]+", cells[2])) == sorted(rates)
            if stack.high_frac - stack.low_frac > 1e-4:
                assert f"{percent(stack.low_frac)} to {percent(stack.high_frac)}" in cells[1]
        else:
            assert cells[1].startswith(("at least", "not known")) or " to " in cells[1]
        for heading in stack.filing.loc[stack.filing["role"].eq("duty") & stack.filing["heading"].ne(""), "heading"]:
            assert heading.split("|")[0] in page(importer, day, row.code[:2])


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_all_lines_stand_once_on_the_pages_of_their_chapters(importer: str, day: str) -> None:
    as_of = catalogue.resolve_as_of(day)
    told = every_line(on=as_of, importer=importer, as_of=as_of)
    assert list(sheets(importer, day)) == [f"{importer.lower()}/{chapter}" for chapter in told.chapters()]
    names = MADE_OF[importer, day]
    assert names == list(told.rows["code"])
    assert sum(sheet.about["lines"] for sheet in sheets(importer, day).values()) == len(names)
    for chapter in ("12", "87"):
        dotted = [hs.dotted(code) for code in told.rows["code"] if code[:2] == chapter]
        assert list(table(importer, day, chapter)) == dotted


@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_the_largest_chapters_are_sound_and_within_their_size(importer: str) -> None:
    for chapter in LARGEST[importer]:
        html = page(importer, "latest", chapter)
        assert len(html.encode()) < MOST_BYTES, chapter
        assert faults(html) == []


@pytest.mark.parametrize(("importer", "chapter"), [("US", "85"), ("CN", "12")])
def test_every_line_says_its_own_duty_and_the_box_comes_before_all(importer: str, chapter: str) -> None:
    html = page(importer, "latest", chapter)
    part = html[html.index('id="table-lines"') :]
    table_html = part[: part.index("</table>")]
    assert "rowspan" not in table_html
    assert len({len(cells) for cells in table(importer, "latest", chapter).values()}) == 1
    marks = ("</h1>", 'id="code-box"', 'class="facts"', 'id="table-lines"', 'id="table-layers"', "tradelib rate ")
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)
    example = re.findall(r"tradelib rate (\S+)", html)
    assert example == [next(iter(table(importer, "latest", chapter)))]
    assert f'data-example="{example[0]}" data-here="{importer.lower()}/{chapter}"' in html


def replaced(day: str, chapter: str) -> str:
    """The table of replaced numbers of a US chapter, as words."""
    html = page("US", day, chapter)
    part = html[html.index('id="table-replaced"') :]
    return read(html5lib.parse(part[part.index("<table>") : part.index("</table>")], namespaceHTMLElements=False))


def test_a_number_that_was_replaced_leads_to_those_that_replaced_it() -> None:
    assert "8507.60.0020 8507.60.0030 8507.60.0090 1 Feb 2026" in replaced("latest", "85")
    assert "<tr id=8507.60.0020><th scope=row>8507.60.0020<td class=t><a href=#8507.60.0030>" in page("US", "latest", "85")
    assert "8507.60.0020" not in replaced("2025-06-09", "85")
    assert "8541.40.60 8541.42.00 8541.43.00 8541.49.10 27 Jan 2022" in replaced("2025-06-09", "85")
    assert 'id="table-replaced"' not in page("US", "2018-07-06", "87") + page("CN", "latest", "84")


def test_the_head_of_the_lines_names_each_letter_and_the_usual_day_of_the_highest_duty() -> None:
    html = page("US", "latest", "85")
    part = html[html.index('id="table-lines"') :]
    head = part[: part.index("</thead>")]
    used = set(re.findall(r"[%?]\xa0([A-Z]+)", part[: part.index("</table>")]))
    told = dict(re.findall(r'<li><a href="#([A-Z]+)">\1</a> ([^<]+)</li>', head))
    assert set(told) == used
    assert told["J"] == "Section 301: Four-year review: natural graphite, permanent magnets, lithium-ion batteries, 9903.91.06"
    assert len(set(told.values())) == len(told)
    assert "<summary>General rate, layers A to M</summary>" in head
    assert '<a href="#lines">Back to the lines</a>' in html[html.index('id="layers"') : html.index('id="table-layers"')]
    assert "Highest: 10 Apr 2025</th>" in head
    cells = table("US", "latest", "85")
    assert cells["8501.10.4040"] == ["8501.10.4040 … DC: Brushless", "41.9%", "4.4% + 25% B + 12.5% A", "29.4%", "174.4%", ""]
    assert cells["8507.60.0010"][4] == "73.4% 3 May 2025"


def test_a_page_knows_nothing_of_a_later_day() -> None:
    html = page("US", "2025-06-09", "87")
    article = html[html.index("<article>") : html.index("</article>")]
    assert "Forced labour" not in article
    assert "2026" not in article
    early = page("US", "2018-07-06", "87")
    assert "January 2025" not in early[early.index('id="table-lines"') :]


def test_a_day_before_the_first_text_has_its_pages() -> None:
    html = page("CN", "2018-01-02", "97")
    assert faults(html) == []
    assert "No legal text sets another rate" in re.sub(r"<[^>]+>", "", html)
    assert "#A" not in html[html.index('id="table-lines"') :]


def test_a_line_that_cannot_be_computed_is_said() -> None:
    told = every_line(on="latest", importer="CN", as_of="latest")
    unknown = told.rows[told.rows["low_frac"].isna()].iloc[0]
    cells = table("CN", "latest", unknown["code"][:2])[hs.dotted(unknown["code"])]
    assert cells[1].split(",")[0].split(" note")[0] == "not known"


def test_a_text_that_would_be_markup_is_words() -> None:
    told = every_line(on="2018-07-06", importer="US", as_of="2018-07-06")
    hostile = "<script>alert(1)</script> > <b onclick=x>goods</b>"
    rows = tables.prepared(told, "12").assign(text=hostile, heading=hostile, note=hostile)
    html = tables.lines(rows, told, "12")._repr_mimebundle_()["text/html"] + tables.notes(rows)._repr_mimebundle_()["text/html"]
    assert "<script" not in html
    assert "onclick=x&gt;" in html


def test_the_letters_go_on_after_z() -> None:
    assert [tables._letter(place) for place in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_the_front_names_every_basket_with_its_range_and_every_chapter() -> None:
    day = catalogue.resolve_as_of("latest")
    abouts = [sheet.about for importer in pages.PARTS for sheet in sheets(importer, "latest").values()]
    links = {name: f"../{name}" for name in pages.named()}
    sheet = pages.front(day, abouts, links)
    notebook = products.as_executed(sheet.label, sheet.cells(Page("products", as_of=day)))
    html = render(notebook, slug="products/x", site_root="../..", made_by="x").html
    assert faults(html) == []
    assert all(f'href="../{name}"' in html for name in pages.named())
    assert html.count('index.html">') >= len(abouts)
    assert "127.5%" in html[html.index('href="../electric_cars"') :][:200]
