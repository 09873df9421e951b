"""The published pages in a real browser: at the sizes people use, in the dark, on paper, and without the network.

They need Chromium, and what `requirements-browser.lock` holds; without, they are skipped and say so.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from chromium import find, launched

from tradelib import cli

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the pages are not tried in a browser")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed: the pages are not tried in a browser")

CHROMIUM = find()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium was not found: the pages are not tried in a browser")

# Width and height in pixels of the style sheet; the last is a desktop at 200%.
SIZES = {"phone": (390, 844), "desktop": (1280, 900), "zoomed": (640, 450)}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Whatever sticks out of the page and lies in no box that scrolls by itself.
STICKING_OUT = """() => [...document.querySelectorAll('body *')].filter(element => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.right > document.documentElement.clientWidth + 1 && !element.closest('.tl-scroll, pre, .skip');
}).map(element => element.tagName + '.' + element.className)"""
CUT = "() => [...document.querySelectorAll('.tl-scroll')].filter(box => box.scrollWidth > box.clientWidth).map(box => box.ariaLabel)"
BROKEN = "() => [...document.images].filter(image => !image.complete || !image.naturalWidth).map(image => image.alt)"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every report of the newest day, and the briefing of 9 June 2025."""
    out = tmp_path_factory.mktemp("browser") / "site"
    assert cli.main(["publish", "--out", str(out), "--workers", "1"]) == 0
    assert cli.main(["publish", "01_briefing", "--as-of", "2025-06-09", "--out", str(out), "--workers", "1"]) == 0
    return out


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as running:
        yield running


@pytest.fixture
def visit(browser: Any, site: Path) -> Iterator[Any]:
    """Open a page of the site at a size; every address that it asks for is noted."""
    contexts: list[Any] = []

    def opened(name: str, size: str = "desktop", **options: Any) -> tuple[Any, list[str]]:
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((site / name).as_uri())
        return page, asked

    yield opened
    for context in contexts:
        context.close()


def pages(site: Path) -> list[str]:
    """Every page, but of the newest copies of reports one, as they are dated pages, and of the pages of figures two, as they are alike."""
    held = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    copies = [name for name in held if name.startswith("reports/") and name.count("/") == 2]
    pictures = [name for name in held if "/figures/" in name]
    return [name for name in held if name not in copies[1:] + pictures[1:-1]]


def faults(page: Any, *rules: str) -> list[str]:
    """Serious and critical faults that axe-core finds, each with the first place; of some of its rules, or of all."""
    found = axe.Axe().run(page, options={"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}).response
    assert found["passes"], "axe tried nothing"
    return [f"{item['id']}: {item['nodes'][0]['target']}" for item in found["violations"] if item["impact"] in ("serious", "critical")]


def test_the_site_is_all_there(site: Path) -> None:
    held = pages(site)
    assert len([name for name in held if name.startswith("reports/") and name.count("/") == 3]) == 10
    assert {"index.html", "404.html", "data/index.html", "days/index.html", "days/2025-06-09/index.html"} <= set(held)


def test_pages_are_valid_html(site: Path) -> None:
    for name in pages(site):
        html5lib.HTMLParser(strict=True).parse((site / name).read_text(encoding="utf-8"))


def test_no_page_overflows_breaks_a_picture_or_asks_for_anything_at_any_size(visit: Any, site: Path) -> None:
    for name in pages(site):
        page, asked = visit(name)
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(OVERFLOW) == 0, (name, width)
            assert page.evaluate(STICKING_OUT) == [], (name, width)
            assert page.evaluate(BROKEN) == [], (name, width)
        assert [address for address in asked if not address.startswith("data:")] == [(site / name).as_uri()], name


def test_no_table_is_cut_off_on_a_desktop(visit: Any, site: Path) -> None:
    for name in pages(site):
        page, _ = visit(name)
        assert page.evaluate(CUT) == [], name


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_axe_finds_nothing_serious(visit: Any, site: Path, size: str) -> None:
    for name in pages(site):
        page, _ = visit(name, size)
        assert faults(page) == [], name


def test_the_dark_keeps_contrast(visit: Any, site: Path) -> None:
    for name in pages(site):
        page, _ = visit(name, color_scheme="dark")
        assert faults(page, "color-contrast") == [], name


def test_the_dark_page_is_dark_and_its_figures_stand_on_a_light_card(visit: Any) -> None:
    page, _ = visit("reports/01_briefing/index.html", color_scheme="dark")
    brightness = "element => getComputedStyle(element).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0) / 3"
    assert page.locator("body").evaluate(brightness) < 60
    assert page.locator(".tl-figure").first.evaluate(brightness) > 240


def test_printed_pages_show_addresses_and_leave_out_what_only_a_screen_needs(visit: Any, site: Path) -> None:
    for name in pages(site):
        page, _ = visit(name)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 660, "height": 940})  # what A4 leaves between its margins
        assert page.evaluate(OVERFLOW) == 0, name
        for screen in (".skip", ".contents"):
            assert page.locator(screen).count() == 0 or not page.locator(screen).first.is_visible(), name
    page, _ = visit("reports/02_truce/index.html")
    page.emulate_media(media="print")
    after = page.locator('.sources a[href^="http"]').first.evaluate("element => getComputedStyle(element, '::after').content")
    assert "http" in after or "attr" in after
    assert len(re.findall(rb"/Type /Page\b", page.pdf(format="A4"))) > 2


@pytest.mark.parametrize("day", ["2025-06-09", "2026-10-09"])
def test_the_briefing_prints_on_two_pages(visit: Any, day: str) -> None:
    page, _ = visit(f"reports/01_briefing/{day}/index.html")
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", printed)) == 2


def test_a_page_can_be_read_with_the_keyboard_alone(visit: Any) -> None:
    page, _ = visit("reports/03_tariff_history/index.html", "phone")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    wide = page.locator(".tl-scroll").evaluate_all(
        "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth).map(box => box.tabIndex)"
    )
    assert wide
    assert set(wide) == {0}


def test_links_between_pages_work_from_the_file_system(visit: Any) -> None:
    page, _ = visit("index.html")
    page.locator(".bar").get_by_role("link", name="Data").click()
    assert page.locator("h1").inner_text() == "The data behind the reports"
    page.go_back()
    page.locator(".cards h3 a").first.click()
    page.get_by_role("link", name="← 9 June 2025").click()
    assert "London" in page.locator("h1").inner_text()
    page.get_by_role("link", name="Newest: 9 October 2026").click()
    assert page.locator(".bar [aria-current]").inner_text() == "Briefing"
    page.get_by_role("link", name="All days and reports").click()
    assert page.locator("h1").inner_text() == "Days and reports"


def test_a_folded_table_is_open_on_paper(visit: Any) -> None:
    page, _ = visit("reports/02_truce/index.html")
    table = page.locator("#table-commitments table")
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()


def test_the_check_finds_faults_where_there_are_some(browser: Any) -> None:
    page = browser.new_page()
    page.set_content(
        "<html lang=en><title>t</title><body style='background:#fff'><img src='x.png'><p style='color:#ccc;width:200vw'>pale</p>"
    )
    assert {fault.split(":")[0] for fault in faults(page)} >= {"image-alt", "color-contrast"}
    assert page.evaluate(OVERFLOW) > 0
    assert page.evaluate(STICKING_OUT) == ["P."]
    assert page.evaluate(BROKEN) == [""]
    page.close()
