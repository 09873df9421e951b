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
        ("8507.60", "us", "us/85/index.html#8507"),
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
