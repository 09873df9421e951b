"""The box for codes in a real browser: it leads to the place of a line, says when there is none, and is not seen without scripts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import find, launched

from tradelib.show.code_box import CodeBox

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the box is not tried in a browser")

CHROMIUM = find()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium was not found: the box is not tried in a browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as running:
        yield running


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
def test_a_code_leads_to_its_line(browser: Any, front: Path, typed: str, side: str, place: str) -> None:
    page = browser.new_context().new_page()
    page.goto((front / "index.html").as_uri())
    page.fill("#code", typed)
    page.click(f"button[value={side}]")
    page.wait_for_url(f"**/2026-10-09/{place}")


@pytest.fixture
def chapter(front: Path) -> Path:
    """The chapter 85 of the United States, with its box and some lines, far below the title."""
    names = ("8506", "8506.10.0000", "8507", "8507.60.0010", "8507.60.0030", "8507.90.4000")
    rows = "".join(f"<tr id={name}><th scope=row>{name}" for name in names)
    box = CodeBox("us/85", "8506.10.0000")._repr_mimebundle_()["text/html"]
    table = f'<div id="table-lines" style="margin:3000px 0"><table>{rows}</table></div>'
    place = front / "2026-10-09/us/85/index.html"
    place.write_text(f"<!doctype html><meta charset=utf-8>{box}{table}", encoding="utf-8")
    links = (front / "index.html").read_text(encoding="utf-8").replace("2026-10-09/", "")
    (front / "2026-10-09/index.html").write_text(links, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    ("code", "place", "said"),
    [
        ("8507.60.0010", "8507.60.0010", ""),
        ("8507.60", "8507.60.0010", ""),
        ("8507.60.0020", "8507.60.0010", "8507.60.0020 is no line on this day; the lines under 8507.60 are here."),
        ("8507.90.0000", "8507.90.4000", "8507.90.0000 is no line on this day; the lines under 8507.90 are here."),
        ("8507.10.0000", "8507", "8507.10.0000 is no line on this day; the lines under 8507 are here."),
        ("8501.10.0000", "8501.10.0000", "8501.10.0000 is no line on this day, and no line of this chapter is under 8501."),
    ],
)
@pytest.mark.parametrize("way", ["arrives", "types"])
def test_a_code_without_a_line_leads_to_the_nearest_and_is_said_in_sight(
    browser: Any, chapter: Path, code: str, place: str, said: str, way: str
) -> None:
    page = browser.new_context().new_page()
    page.goto(chapter.as_uri() + (f"#{code}" if way == "arrives" else ""))
    if way == "types":
        page.fill("#code", code)
        page.press("#code", "Enter")
    if place != code or way == "arrives":
        page.wait_for_url(f"**/index.html#{place}")
    assert page.inner_text("[role=status]") == said
    row = page.locator(f'[id="{place}"]')
    if row.count():
        top, box = row.bounding_box()["y"], page.locator("#code-box").bounding_box()
        assert 0 <= top < page.viewport_size["height"]
        assert not said or (box["y"] >= 0 and box["y"] + box["height"] <= top + 1)


def test_a_code_of_another_chapter_leads_there_by_the_front(browser: Any, chapter: Path) -> None:
    page = browser.new_context().new_page()
    page.goto(chapter.as_uri())
    page.fill("#code", "8507.60.00")
    page.click("button[value=cn]")
    page.wait_for_url("**/2026-10-09/cn/85/index.html#8507.60.00")
    page.go_back()
    page.wait_for_url("**/us/85/index.html")
    page.fill("#code", "7701.10.0000")
    page.press("#code", "Enter")
    page.wait_for_url("**/2026-10-09/index.html#us-7701.10.0000")
    assert page.inner_text("[role=status]").startswith("No chapter of this page has that code.")


@pytest.mark.parametrize("typed", ["", "77", "8", "toys", "<b>85</b>", "123456789012"])
def test_what_is_no_code_of_the_page_is_said_in_place(browser: Any, front: Path, typed: str) -> None:
    page = browser.new_context().new_page()
    page.goto((front / "index.html").as_uri())
    page.fill("#code", typed)
    page.press("#code", "Enter")
    assert page.inner_text("[role=status]").startswith("No chapter of this page has that code.")
    assert page.url.endswith("/index.html")


def test_without_scripts_there_is_no_box(browser: Any, front: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((front / "index.html").as_uri())
    assert not page.is_visible("#code-box")
