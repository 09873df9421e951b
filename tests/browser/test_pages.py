"""The published pages in a real browser: at the sizes people use, in the dark, on paper, and without the network.

They need Chromium, and what `requirements-browser.lock` holds; without, they are skipped and say so.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from chromium import Windows, find, launched, tabs

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
# Rows and items but for their words the same as one before them in the same table or list; an empty one is not the same as a full one.
THIN_OUT = """() => {
  const seen = new Set();
  for (const row of document.querySelectorAll('tbody tr, li')) {
    const copy = row.cloneNode(true), within = row.parentElement.closest('[id]');
    for (const part of [copy, ...copy.querySelectorAll('*')]) {
      for (const name of ['id', 'href', 'datetime', 'title', 'alt', 'aria-label', 'src', 'srcset'])
        if (part.getAttribute(name)) part.setAttribute(name, 'x');
      for (const child of part.childNodes) if (child.nodeType === 3 && child.data.trim()) child.data = 'x';
    }
    const kind = (within ? within.id : '') + row.parentElement.className + copy.outerHTML;
    if (seen.has(kind)) row.remove();
    seen.add(kind);
  }
}"""
BROKEN = "() => [...document.images].filter(image => !image.complete || !image.naturalWidth).map(image => image.alt)"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every report of the newest day, and the briefing of 9 June 2025."""
    out = tmp_path_factory.mktemp("browser") / "site"
    assert cli.main(["publish", "--out", str(out), "--workers", "1"]) == 0
    assert cli.main(["publish", "01_briefing", "--as-of", "2025-06-09", "--out", str(out), "--workers", "1"]) == 0
    return out


@pytest.fixture(scope="module")
def windows() -> Iterator[Windows]:
    with launched() as running:
        yield Windows(running)


@pytest.fixture
def visit(windows: Windows, site: Path) -> Iterator[Callable[..., Any]]:
    """Open a page of the site at a size."""
    with tabs(windows) as tab:

        def opened(name: str, size: str = "desktop", **media: str) -> Any:
            page = tab(SIZES[size])
            page.emulate_media(**media)
            page.goto((site / name).as_uri())
            return page

        yield opened


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
    assert len([name for name in held if name.startswith("reports/") and name.count("/") == 3]) == 11
    assert {"index.html", "404.html", "data/index.html", "days/index.html", "days/2025-06-09/index.html"} <= set(held)


def test_pages_are_valid_html(site: Path) -> None:
    for name in pages(site):
        html5lib.HTMLParser(strict=True).parse((site / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def looked(windows: Windows, site: Path) -> dict[str, list[tuple[str, object]]]:
    """Faults of all pages by what was looked at: each page is opened once, and read at all sizes, on paper, and in the dark."""
    found: dict[str, list[tuple[str, object]]] = {name: [] for name in LOOKS}
    for name in pages(site):
        page = windows.tab(SIZES["desktop"])
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto((site / name).as_uri())
        for kind, faults_of in LOOKS.items():
            found[kind] += [(name, fault) for fault in faults_of(page)]
        if [address for address in asked if not address.startswith("data:")] != [(site / name).as_uri()]:
            found["sizes"].append((name, asked))
        page.close()
    return found


def _sizes(page: Any) -> Iterator[object]:
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        yield from ((width, fault) for fault in (page.evaluate(OVERFLOW), page.evaluate(STICKING_OUT), page.evaluate(BROKEN)) if fault)


def _on_a_desktop(page: Any) -> list[object]:
    _resize(page, "desktop")
    return list(page.evaluate(CUT))


def _on_paper(page: Any) -> Iterator[object]:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 660, "height": 940})  # what A4 leaves between its margins
    yield from filter(None, [page.evaluate(OVERFLOW)])
    yield from (screen for screen in (".skip", ".contents") if page.locator(screen).count() and page.locator(screen).first.is_visible())
    page.emulate_media(media="screen")


def _axe(page: Any) -> list[str]:
    _resize(page, "desktop")
    return faults(page)


def _axe_on_a_phone(page: Any) -> list[str]:
    """Of the structure, which is that of the desktop, one row of each kind is enough: colours, sizes and what scrolls are a kind's own."""
    page.evaluate(THIN_OUT)
    _resize(page, "phone")
    return faults(page)


def _contrast_in_the_dark(page: Any) -> list[str]:
    _resize(page, "desktop")
    page.emulate_media(color_scheme="dark")
    return faults(page, "color-contrast")


def _resize(page: Any, size: str) -> None:
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))


# In this order: the phone and the dark see the page thinned out.
LOOKS: dict[str, Callable[[Any], Iterable[object]]] = {
    "sizes": _sizes, "cut": _on_a_desktop, "paper": _on_paper,
    "axe": _axe, "axe on a phone": _axe_on_a_phone, "dark": _contrast_in_the_dark,
}  # fmt: skip


@pytest.mark.parametrize("kind", LOOKS)
def test_no_page_has_a_fault(looked: dict[str, list[tuple[str, object]]], kind: str) -> None:
    """Overflow, pictures, requests at any size; tables cut on a desktop; what paper leaves out; what axe says, in the dark as well."""
    assert looked[kind] == []


def test_the_dark_page_is_dark_and_its_figures_stand_on_a_light_card(visit: Callable[..., Any]) -> None:
    page = visit("reports/01_briefing/index.html", color_scheme="dark")
    brightness = "element => getComputedStyle(element).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0) / 3"
    assert page.locator("body").evaluate(brightness) < 60
    assert page.locator(".tl-figure").first.evaluate(brightness) > 240


def test_printed_pages_show_addresses(visit: Callable[..., Any]) -> None:
    page = visit("reports/02_truce/index.html")
    page.emulate_media(media="print")
    after = page.locator('.sources a[href^="http"]').first.evaluate("element => getComputedStyle(element, '::after').content")
    assert "http" in after or "attr" in after
    assert len(re.findall(rb"/Type /Page\b", page.pdf(format="A4"))) > 2


@pytest.mark.parametrize("day", ["2025-06-09", "2026-10-09"])
def test_the_briefing_prints_on_two_pages(visit: Callable[..., Any], day: str) -> None:
    page = visit(f"reports/01_briefing/{day}/index.html")
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", printed)) == 2


def test_a_page_can_be_read_with_the_keyboard_alone(visit: Callable[..., Any]) -> None:
    page = visit("reports/03_tariff_history/index.html", "phone")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    wide = page.locator(".tl-scroll").evaluate_all(
        "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth).map(box => box.tabIndex)"
    )
    assert wide
    assert set(wide) == {0}


def test_links_between_pages_work_from_the_file_system(visit: Callable[..., Any]) -> None:
    page = visit("index.html")
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


def test_a_folded_table_is_open_on_paper(visit: Callable[..., Any]) -> None:
    page = visit("reports/02_truce/index.html")
    table = page.locator("#table-commitments table")
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()


def test_the_check_finds_faults_where_there_are_some(windows: Windows) -> None:
    page = windows.tab()
    page.set_content(
        "<html lang=en><title>t</title><body style='background:#fff'><img src='x.png'><p style='color:#ccc;width:200vw'>pale</p>"
    )
    assert {fault.split(":")[0] for fault in faults(page)} >= {"image-alt", "color-contrast"}
    assert page.evaluate(OVERFLOW) > 0
    assert page.evaluate(STICKING_OUT) == ["P."]
    assert page.evaluate(BROKEN) == [""]
    page.set_content(f"<html lang=en><title>t</title><table id=a><tbody>{_row('1')}{_row('2')}{_row('')}{_row('<b>3</b>')}</table>")
    page.evaluate(THIN_OUT)
    assert page.locator("a").all_inner_texts() == ["1", "", "3"]
    assert "link-name" in {fault.split(":")[0] for fault in faults(page)}
    page.close()


def _row(words: str) -> str:
    return f"<tr><td><a href=x.html>{words}</a></td></tr>"
