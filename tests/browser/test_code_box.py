"""The box for codes in a real browser: it leads to the place of a line, says when there is none, and is not seen without scripts."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from chromium import Windows, find, launched, tabs

from tradelib.report.render import style_sheet
from tradelib.show.code_box import CodeBox
from tradelib.show.display import Column, cell, no_sources
from tradelib.show.long_table import LongTable

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the box is not tried in a browser")

CHROMIUM = find()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium was not found: the box is not tried in a browser")


@pytest.fixture(scope="module")
def windows() -> Iterator[Windows]:
    with launched() as running:
        yield Windows(running)


@pytest.fixture
def tab(windows: Windows) -> Iterator[Callable[..., Any]]:
    with tabs(windows) as opened:
        yield opened


@pytest.fixture
def front(tmp_path: Path) -> Path:
    """A front with the chapters 85 of both sides, below a day, as the newest copy has them."""
    links = "".join(f'<a href="2026-10-09/{side}/85/index.html">85</a>' for side in ("us", "cn"))
    for side in ("us", "cn"):
        chapter = tmp_path / "2026-10-09" / side / "85" / "index.html"
        chapter.parent.mkdir(parents=True)
        chapter.write_text("<p>85", encoding="utf-8")
    box = CodeBox()._repr_mimebundle_()["text/html"]
    (tmp_path / "index.html").write_text(f"<!doctype html><meta charset=utf-8>{links}{box}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "side", "place"),
    [
        ("8507.60.0090", "us", "us/85/index.html#8507.60.0090"),
        ("8507 60 0090", "us", "us/85/index.html#8507.60.0090"),
        ("8507.60", "us", "us/85/index.html#8507.60"),
        ("85", "us", "us/85/index.html"),
        ("85076000", "cn", "cn/85/index.html#8507.60.00"),
        ("8507600090", "cn", "cn/85/index.html#8507.60.00"),
    ],
)
def test_a_code_leads_to_its_line(tab: Callable[..., Any], front: Path, typed: str, side: str, place: str) -> None:
    page = tab()
    page.goto((front / "index.html").as_uri())
    page.fill("#code", typed)
    page.click(f"button[value={side}]")
    page.wait_for_url(f"**/2026-10-09/{place}")


NAMES = ("8506.10.0000", "8507.60.0010", "8507.60.0030", "8507.60.0090", "8507.90.4000")


@pytest.fixture
def chapter(front: Path) -> Path:
    """The chapter 85 of the United States, with its box and some lines, far below the title."""
    rows = pd.DataFrame({"code": NAMES, "heading": [name[:4] for name in NAMES], "due": ("40%", "53.4%", "40.9%", "102.5%", "not known")})
    columns = [Column("Line", cell("code")), *(Column(name, cell("due"), "num") for name in ("Duty", "January 2025"))]
    columns.insert(2, Column("Made of", lambda row: [(f"{row.due} A", "")], "parts", url=""))
    lines = LongTable(
        "lines", "Lines", columns, rows, no_sources(), anchor=cell("code"), group=cell("heading"), group_anchor=cell("heading"),
        is_placed=True, legend={"A": "Section 301: List 1, 9903.88.01"},
    )  # fmt: skip
    heirs = pd.DataFrame({"code": ["8507.60.0020", "8507.50.00"], "heirs": [NAMES[2:4], NAMES[:1]]})
    links = Column("By", lambda row: [(name, f"#{name}") for name in row.heirs], "parts", url="")
    old = LongTable("replaced", "Old", [Column("Number", cell("code")), links], heirs, no_sources(), anchor=cell("code"), held=["code"])
    box = CodeBox("us/85", "8506.10.0000")._repr_mimebundle_()["text/html"]
    tables = "".join(str(table._repr_mimebundle_()["text/html"]) for table in (lines, old))
    place = front / "2026-10-09/us/85/index.html"
    body = f'<main>{box}<div style="margin:3000px 0">{tables}</div></main>'
    place.write_text(f"<!doctype html><meta charset=utf-8><style>{style_sheet()}</style>{body}", encoding="utf-8")
    chapters = (front / "index.html").read_text(encoding="utf-8").replace("2026-10-09/", "")
    (front / "2026-10-09/index.html").write_text(chapters, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    ("code", "place", "said", "marked"),
    [
        ("8507.60.0010", "8507.60.0010", "", NAMES[1:2]),
        ("8507.60", "8507.60.0010", "3 lines begin with 8507.60: 40.9% to 102.5%.", NAMES[1:4]),
        ("8507.60.00", "8507.60.0010", "3 lines begin with 8507.60.00: 40.9% to 102.5%.", NAMES[1:4]),
        ("8506.10", "8506.10.0000", "1 line begins with 8506.10: 40%.", NAMES[:1]),
        ("8507", "8507", "4 lines begin with 8507; see the duty of each.", NAMES[1:]),
        (
            "8507.60.0040",
            "8507.60.0010",
            "8507.60.0040 is no line of this page; 3 lines begin with 8507.60.00: 40.9% to 102.5%.",
            NAMES[1:4],
        ),
        ("8507.60.0020", "8507.60.0030", "8507.60.0020 was replaced by 8507.60.0030 and 8507.60.0090.", NAMES[2:4]),
        ("8507.50.0000", "8506.10.0000", "8507.50.00 was replaced by 8506.10.0000.", NAMES[:1]),
        (
            "8507.90.0000",
            "8507.90.4000",
            "8507.90.0000 is no line of this page; 1 line begins with 8507.90; see the duty of each.",
            NAMES[4:],
        ),
        ("8507.10.0000", "8507", "8507.10.0000 is no line of this page; 4 lines begin with 8507; see the duty of each.", NAMES[1:]),
        ("8501.10.0000", "8501.10.0000", "No line of this page begins with 8501.", NAMES[:0]),
    ],
)
@pytest.mark.parametrize("way", ["arrives", "types"])
def test_a_code_without_a_line_leads_to_the_nearest_and_is_said_in_sight(
    tab: Callable[..., Any], chapter: Path, code: str, place: str, said: str, marked: tuple[str, ...], way: str
) -> None:
    page = tab()
    page.goto(chapter.as_uri() + (f"#{code}" if way == "arrives" else ""))
    if way == "types":
        page.fill("#code", code)
        page.press("#code", "Enter")
    if place != code or way == "arrives":
        page.wait_for_url(f"**/index.html#{place}")
    assert page.inner_text("[role=status]") == said
    row = page.locator(f'[id="{place}"]')
    if row.count():
        top, box, head = (
            row.bounding_box()["y"],
            page.locator("#code-box").bounding_box(),
            page.locator("#table-lines thead").bounding_box(),
        )
        assert 0 <= box["y"] < box["y"] + box["height"] <= head["y"] + 1
        assert head["y"] + head["height"] <= top + 1
        assert top < page.viewport_size["height"]
    assert page.locator("tr.hit").evaluate_all("rows => rows.map(row => row.id)") == list(marked)


@pytest.mark.parametrize("width", [320, 390, 700, 1200])
def test_a_line_that_is_linked_to_stands_below_its_headings_without_scripts(tab: Callable[..., Any], chapter: Path, width: int) -> None:
    page = tab((width, 800), has_scripts=False)
    page.goto(f"{chapter.as_uri()}#8507.60.0030")
    head, row = (page.locator(place).bounding_box() for place in ("#table-lines thead", "[id='8507.60.0030']"))
    assert 0 <= head["y"] < head["y"] + head["height"] <= row["y"] + 1 < 300
    under = zip(page.locator("#table-lines thead th").all()[1:], page.locator("[id='8507.60.0030'] td").all(), strict=True)
    assert all(abs(name.bounding_box()["x"] - cell.bounding_box()["x"]) < 2 for name, cell in under)
    assert page.locator("body").evaluate("body => body.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1200])
def test_what_a_letter_stands_for_opens_in_sight_of_the_line_without_scripts(tab: Callable[..., Any], chapter: Path, width: int) -> None:
    page = tab((width, 800), has_scripts=False)
    page.goto(f"{chapter.as_uri()}#8507.60.0030")
    page.click("#table-lines summary")
    head, told = (page.locator(f"#table-lines thead {place}").bounding_box() for place in ("summary", "ul"))
    assert 0 <= head["y"] < head["y"] + head["height"] <= told["y"] < told["y"] + told["height"] <= 800
    assert page.inner_text("#table-lines thead li") == "A Section 301: List 1, 9903.88.01"
    assert page.evaluate(f"document.elementFromPoint({told['x'] + 9}, {told['y'] + 9}).closest('ul') !== null")
    assert page.locator("body").evaluate("body => body.scrollWidth") <= width
    page.emulate_media(media="print")
    assert not page.is_visible("#table-lines thead ul")


def test_a_code_of_another_chapter_leads_there_by_the_front(tab: Callable[..., Any], chapter: Path) -> None:
    page = tab()
    page.goto(chapter.as_uri())
    page.fill("#code", "8507.60.00")
    page.click("button[value=cn]")
    page.wait_for_url("**/2026-10-09/cn/85/index.html#8507.60.00")
    page.go_back()
    page.wait_for_url("**/us/85/index.html")
    page.fill("#code", "7701.10.0000")
    page.press("#code", "Enter")
    page.wait_for_url("**/2026-10-09/index.html#us-7701.10.0000")
    assert page.inner_text("[role=status]") == "No US line of these pages begins with 7701.10.0000."


TYPE = "Type 2 to 10 digits, such as 8507.60.0090; the page of products lists goods by name."


@pytest.mark.parametrize("typed", ["", "77", "8", "T-shirt", "<b>85</b>", "123456789012"])
def test_what_is_no_code_of_the_page_is_said_in_place(tab: Callable[..., Any], front: Path, typed: str) -> None:
    page = tab()
    page.goto((front / "index.html").as_uri())
    page.fill("#code", typed)
    page.press("#code", "Enter")
    said = "No US line of these pages begins with 77." if typed == "77" else TYPE
    assert page.inner_text("[role=status]") == said
    assert page.url.endswith("/index.html")


def test_the_box_of_the_front_page_leads_by_the_products_to_the_line(tab: Callable[..., Any], front: Path) -> None:
    box = CodeBox()._repr_mimebundle_()["text/html"]
    way = '<a id="by-code" href="products/index.html">Look up your product by code</a>'
    (front / "first.html").write_text(f"<!doctype html><meta charset=utf-8>{way}{box}", encoding="utf-8")
    (front / "products").mkdir()
    links = (front / "index.html").read_text(encoding="utf-8").replace("2026-10-09/", "../2026-10-09/")
    (front / "products/index.html").write_text(links, encoding="utf-8")
    page = tab()
    page.goto((front / "first.html").as_uri())
    page.fill("#code", "T-shirt")
    page.press("#code", "Enter")
    assert page.inner_text("[role=status]") == TYPE
    page.fill("#code", "8507.60.0090")
    page.click("button[value=us]")
    page.wait_for_url("**/2026-10-09/us/85/index.html#8507.60.0090")
    page.go_back()
    page.wait_for_url("**/first.html")


def test_without_scripts_there_is_no_box(tab: Callable[..., Any], front: Path) -> None:
    page = tab(has_scripts=False)
    page.goto((front / "index.html").as_uri())
    assert not page.is_visible("#code-box")
