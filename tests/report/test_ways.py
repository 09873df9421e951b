"""Ways through a site: the bar, the day a page knows, its neighbours, the calendar; all of it without a server."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from report_samples import body, executed, header

from tradelib.report import companions, figures, listing, site, swap, ways
from tradelib.report.listing import Entry
from tradelib.report.page_checks import broken_links, faults
from tradelib.report.render import render

DAYS = ("2025-05-12", "2025-06-09", "2025-08-12")
NAMED = {date(2025, 5, 12): "Geneva"}


@cache
def page(as_of: str, notebook: str, label: str) -> site.SitePage:
    front = notebook.startswith("00")
    made = render(
        executed(header(as_of=as_of, notebook=notebook, title=f"{label} of {as_of}", front=front), *body(known=as_of)), slug=as_of
    )
    build = {
        "as_of": as_of, "evidence_through": "2026-10-09", "changed": {}, "label": label, "title": made.title, "edition": "2026.10",
        "description": "What was known.", "front": front, "facts": [{"value": "30%", "words": "added since February 2025"}],
        "standfirst": "It fell.", "messages": [f"{label} finds more"],
    }  # fmt: skip
    return site.SitePage(notebook, as_of, made.html, made.data, "{}\n", build, figures=figures.files(made.figures, made.header, made.label))


def between(since: date, until: date) -> Sequence[dict[str, Any]]:
    row = {
        "key": "a",
        "day": until,
        "kind": "law",
        "title": "Law",
        "lines": [f"after {since}"],
        "source": "An <order>",
        "url": "https://example.org/",
    }
    return [row] * 14


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Two reports of three days, one of them the front page, which one day lacks."""
    pages = [page(day, "01_briefing", "Briefing") for day in DAYS] + [page(day, "00_today", "Today") for day in DAYS[:2]]
    found = tmp_path / "site"
    site.check_target(found)
    with swap.locked(found), swap.staged(found) as folder:
        for one in pages:
            site.write_page(folder, one)
        site.assemble(folder, beside=site.Beside(named=lambda: NAMED, between=between))
    return found


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).replace("\xa0", " ")


def part(html: str, mark: str) -> str:
    return html[html.index(f"<!--{mark}-->") : html.index(f"<!--/{mark}-->")]


def test_the_first_page_is_the_newest_front_page_and_all_links_resolve(target: Path) -> None:
    first = (target / "index.html").read_text()
    assert "<h1>Today of 2025-06-09</h1>" in first
    assert '<link rel="canonical" href="reports/00_today/2025-06-09/index.html">' in first
    assert broken_links(target) == []


def test_every_page_passes_the_gates(target: Path) -> None:
    found = [path for path in target.rglob("*.html") if path.parent.parent.name != "reports"]
    assert {path: faults(path.read_text()) for path in found if faults(path.read_text())} == {}
    assert {path.parent.name for path in target.glob("days/*/index.html")} == set(DAYS)


def test_the_bar_names_the_reports_of_the_same_day_and_marks_the_page(target: Path) -> None:
    bar = part((target / "reports/01_briefing/2025-06-09/index.html").read_text(), "bar")
    assert re.findall(r'<a href="([^"]+)"( aria-current="page")?>(\w+)</a>', bar) == [
        ("../../../reports/00_today/2025-06-09/index.html", "", "Today"),
        ("../../../reports/01_briefing/2025-06-09/index.html", ' aria-current="page"', "Briefing"),
        ("../../../days/index.html", "", "Days"),
    ]
    assert "00_today" not in part((target / "reports/01_briefing/2025-08-12/index.html").read_text(), "bar")


def test_a_page_that_is_not_the_newest_says_so_and_leads_there(target: Path) -> None:
    older = part((target / "reports/01_briefing/2025-06-09/index.html").read_text(), "upto")
    assert words(older).endswith("This page shows what was known on 9 June 2025. Newest: 12 August 2025 · other days")
    assert '<a href="../2025-08-12/index.html">' in older
    newest = part((target / "reports/01_briefing/2025-08-12/index.html").read_text(), "upto")
    assert words(newest).endswith("Information up to 12 August 2025 · other days")


def test_a_page_leads_to_the_published_day_before_and_after(target: Path) -> None:
    steps = part((target / "reports/01_briefing/2025-06-09/index.html").read_text(), "steps")
    assert re.findall(r'rel="(\w+)" href="([^"]+)"', steps) == [("prev", "../2025-05-12/index.html"), ("next", "../2025-08-12/index.html")]
    assert 'rel="next"' not in part((target / "reports/01_briefing/2025-08-12/index.html").read_text(), "steps")


def test_the_front_page_has_a_card_a_report_and_the_days_by_their_names(target: Path) -> None:
    cards = part((target / "reports/00_today/2025-06-09/index.html").read_text(), "cards")
    assert words(cards).count("Briefing30% added since February 2025Briefing of 2025-06-09.") == 1
    assert "12 May 2025 Geneva" in words(cards)
    assert part((target / "reports/01_briefing/2025-06-09/index.html").read_text(), "cards") == "<!--cards-->"


def test_a_day_tells_what_became_known_since_its_neighbour(target: Path) -> None:
    html = (target / "days/2025-06-09/index.html").read_text()
    assert "What became known since 12 May 2025" in words(html)
    assert words(html).count("after 2025-05-12") == 14
    assert "<summary>2 more</summary>" in html
    assert "An &lt;order&gt;</a>" in html
    assert "became known" not in words((target / "days/2025-05-12/index.html").read_text()).split("Reports of this day")[1]


def test_a_day_begins_with_what_applied_and_says_each_finding_once(target: Path) -> None:
    html = (target / "days/2025-06-09/index.html").read_text()
    said = words(html)
    assert said.index("What applied on 9 June 2025") < said.index("Reports of this day") < said.index("What became known since")
    assert '<a href="../../reports/00_today/2025-06-09/index.html">30%</a> added since February 2025' in html
    assert "What applied" not in words((target / "days/2025-08-12/index.html").read_text())


def test_reports_that_are_headed_alike_are_told_apart_by_what_they_find() -> None:
    def entry(label: str, *findings: str, front: bool = False) -> Entry:
        day = date(2025, 5, 12)
        return Entry(label, "x", label, findings[0], "About", day, day, "2026.10", "", findings=findings, is_front=front)

    found = [
        entry("Today", "Tariffs fall", "Also: talks", "About it", front=True),
        entry("Briefing", "Tariffs fall", "Also: talks", "The truce runs until August", "About the briefing"),
        entry("The truce", "Tariffs fall", "The truce runs until August", "Six promises"),
        entry("Trade", "Exports fell", "Imports too"),
    ]
    assert [finding for _, finding in listing.told(found)] == [
        "Tariffs fall",
        "The truce runs until August",
        "Six promises",
        "Exports fell",
    ]


def test_a_link_to_another_day_says_so_and_the_products_of_the_day_come_first() -> None:
    def bar(day: str, products: tuple[str, ...]) -> str:
        on = date.fromisoformat
        found = [Entry("00_today", one, "Today", "T", "About", on(one), on(one), "2026.10", "", is_front=True) for one in DAYS]
        site_ = ways.Site(found, {ways.PRODUCTS: "Products by code"}, dated={ways.PRODUCTS: [on(one) for one in products]})
        return ways.bar(site_, "../", day=on(day))

    other = bar("2025-05-12", ("2025-08-12",))
    assert '<a href="../products/index.html">Products by code (as of 12 August 2025)</a>' in other
    assert ">US-China trade truce, newest day</a>" in other
    assert '<a href="../products/2025-05-12/index.html">Products by code</a>' in bar("2025-05-12", ("2025-08-12", "2025-05-12"))
    newest = bar("2025-08-12", ("2025-08-12", "2025-05-12"))
    assert '<a href="../products/index.html">Products by code</a>' in newest
    assert ">US-China trade truce</a>" in newest


def test_the_front_page_has_the_box_for_codes_where_the_site_has_products_of_its_day() -> None:
    html = page("2025-06-09", "00_today", "Today").html
    on = date(2025, 6, 9)
    entry = Entry("00_today", "2025-06-09", "Today", "T", "About", on, on, "2026.10", "", is_front=True)
    told = ways.filled(html, entry, ways.Site([entry], dated={ways.PRODUCTS: [on]}))
    assert '<a id="by-code" href="../../../products/2025-06-09/index.html">Look up your product by code</a>' in told
    assert told.index("</h1>") < told.index('id="code-box"') < told.index("<article>")
    assert faults(told) == []
    assert ways.without(told) == ways.without(html)
    assert "code-box" not in ways.filled(html, entry, ways.Site([entry], dated={ways.PRODUCTS: [date(2025, 8, 12)]}))


def test_codes_lead_to_their_lines_of_the_same_day_where_the_site_has_them() -> None:
    on = date(2025, 6, 9)
    entry = Entry("06_product", "2025-06-09", "Product", "T", "About", on, on, "2026.10", "")
    lines = {"products/2025-06-09/us/85/index.html": "<tr class=tl-group id=8507><tr id=8507.10.0000><tr id=8507.60.0010>"}
    html = "<p><!--lines:us/8507.60 us/8507 us/8508.11 us/77--><!--/lines-->More.</p>"
    told = ways.filled(html, entry, ways.Site([entry], text=lambda place: lines.get(place, "")))
    place = "../../../products/2025-06-09/us/85/index.html"
    assert f'by code: <a href="{place}#8507.60.0010">8507.60</a> and <a href="{place}#8507">8507</a>. <!--/lines-->More.' in told
    assert ways.without(told) == html
    assert ways.filled(told, entry, ways.Site([entry])) == html


def test_what_a_page_says_of_others_is_no_part_of_it(target: Path) -> None:
    html = (target / "reports/00_today/2025-06-09/index.html").read_text()
    assert ways.without(html) == ways.without(page("2025-06-09", "00_today", "Today").html)
    assert len(html) > len(ways.without(html))


def test_a_site_leads_to_its_guides_once_they_are_built(target: Path) -> None:
    assert site.assembled_for(target, "")
    (target / "docs").mkdir()
    (target / ways.GUIDES).write_text("<title>Guides</title>", encoding="utf-8")
    assert not site.assembled_for(target, "")
    with swap.locked(target), swap.staged(target) as folder:
        site.assemble(folder, beside=site.Beside(named=lambda: NAMED, between=between))
    assert site.assembled_for(target, "")
    for place, way in (("index.html", ""), (ways.DAYS, "../"), (f"reports/01_briefing/{DAYS[0]}/index.html", "../../../")):
        assert f'<a href="{way}docs/index.html">Guides</a>' in (target / place).read_text(encoding="utf-8"), place


def test_a_good_is_linked_where_its_page_of_the_day_is_published_and_nowhere_else() -> None:
    def entry(notebook: str, slug: str, day: str, good: str = "") -> Entry:
        on = date.fromisoformat(day)
        return Entry(notebook, slug, "Label", "Title", "About", on, on, "2026.10", "", good=good)

    front = entry("00_today", "2025-06-09", "2025-06-09")
    found = [front, entry("06_product", "a", "2025-06-09", "toys"), entry("06_product", "b", "2025-05-12", "laptops")]
    page = "<td><!--good:toys-->Toys<!--/good--></td><td><!--good:laptops-->Laptops<!--/good--></td>"
    html = ways.filled(page, front, ways.Site(found))
    assert '<a href="../../../reports/06_product/a/index.html">Toys</a>' in html
    assert html.count("<a ") == 1
    assert ways.filled(html, front, ways.Site(found)) == html
    assert ways.filled(html, front, ways.Site([front])) == ways.without(html) == page


def test_a_mark_that_is_not_closed_is_refused_and_words_like_one_are_none() -> None:
    with pytest.raises(ValueError, match="The mark bar of a page is not closed"):
        ways.put("<p><!--bar--></p>", {"bar": "new"})
    assert ways.put("bar--><!--/bar-->", {"bar": "new"}) == "bar--><!--/bar-->"
    twice = "<!--bar-->a<!--/bar--> <!--bar-->b<!--/bar--> <!--foot-->c<!--/foot-->"
    assert ways.put(twice, {"foot": "F", "bar": "B"}) == "<!--bar-->B<!--/bar--> <!--bar-->b<!--/bar--> <!--foot-->F<!--/foot-->"


def test_a_page_that_is_moved_takes_its_links_with_it_and_nothing_that_only_looks_like_one() -> None:
    own = '<a href="../x.html">x</a> <a\nhref="y/z.html">y</a> <a href="#n">n</a>'
    html = f'{own} <a href="https://example.org/">w</a> <p data-href="q">z</p>'
    moved = companions.moved(f"{html}<style>", "reports/01/2025-06-09")
    assert 'href="reports/01/x.html"' in moved
    assert 'href="reports/01/2025-06-09/y/z.html"' in moved
    assert 'href="#n"' in moved
    assert 'href="https://example.org/"' in moved
    assert 'data-href="q"' in moved
