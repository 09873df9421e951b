"""Pages that explain a site: the glossary and the corrections, linked from the foot of every page."""

import re
from datetime import date
from pathlib import Path

import html5lib
import pytest
from report_samples import body, executed, header

from tradelib import catalogue
from tradelib.report import reference, site, swap
from tradelib.report.page_checks import broken_links, faults
from tradelib.report.render import render

RENAMED = {"table": "events", "row": "event_id=EV1", "column": "kind", "was": "ruling", "now": "hearing", "why": "No ruling", "url": ""}
REMOVED = {"table": "claims", "row": "claim_id=<b>", "column": "", "was": "a claim", "now": "", "why": "No source", "url": ""}
ROWS = [
    {**RENAMED, "corrected_on": date(2026, 11, 24)},
    *({**REMOVED, "row": f"claim_id=<b>{number}", "corrected_on": date(2026, 11, 29)} for number in range(5)),
]


def test_corrections_stand_newest_first_and_many_for_one_reason_are_folded() -> None:
    html = reference.corrections_html(ROWS, "2026.11")
    assert faults(html) == []
    assert re.findall(r'<h2 id="on-(.*?)"', html) == ["2026-11-29", "2026-11-24"]
    assert "Table claims: 5 rows</summary>" in html
    assert "claim_id=&lt;b&gt;0</code>, taken out: <del>a claim</del>" in html
    assert "event_id=EV1</code>: <del>ruling</del> → <ins>hearing</ins>" in html
    assert "None so far." in reference.corrections_html([], "2026.11")


def test_every_correction_of_the_table_is_on_the_page() -> None:
    rows = [{**row, "corrected_on": row["corrected_on"].date()} for row in catalogue.load("corrections").to_dict("records")]
    html = reference.corrections_html(rows, "2026.11")
    assert faults(html) == []
    assert len(set(re.findall(r'id="correction-\d+"', html))) == len(rows)
    html5lib.HTMLParser(strict=True).parse(html)


def test_every_word_of_the_glossary_has_a_place_of_its_own() -> None:
    terms = catalogue.load("glossary").to_dict("records")
    html = reference.glossary_html(terms)
    assert faults(html) == []
    assert len(set(re.findall(r'<dt id="(term-[a-z0-9-]+)">', html))) == len(terms)
    html5lib.HTMLParser(strict=True).parse(html)


@pytest.mark.parametrize("told", [True, False])
def test_the_foot_of_every_page_leads_there_where_they_are(tmp_path: Path, told: bool) -> None:
    made = render(executed(header(), *body()), slug="2025-06-09")
    build = {"as_of": "2025-06-09", "evidence_through": "2026-10-09", "changed": {}, "label": "Briefing", "title": made.title}
    page = site.SitePage("01_briefing", "2025-06-09", made.html, made.data, "{}\n", build | {"description": "D", "edition": "2026.11"})
    target = tmp_path / "site"
    with swap.locked(target), swap.staged(target) as folder:
        site.write_page(folder, page)
        if told:
            tables, terms = catalogue.tables(), catalogue.load("glossary").to_dict("records")
            site.write_data(folder, tables, catalogue.data_folder(), site.data_pages(tables, terms, ROWS, "2026.11"))
        site.assemble(folder)
    assert [
        link for link in broken_links(target) if "figures/headline_duties" not in link
    ] == []  # the pictures of the page are not written here
    for name in ("index.html", "days/index.html", "reports/01_briefing/index.html", "reports/01_briefing/2025-06-09/index.html"):
        assert ("corrections/index.html" in (target / name).read_text()) is told, name
    assert ("glossary/index.html" in (target / "sitemap.xml").read_text()) is told
