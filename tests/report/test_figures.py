"""Figures as objects of a site: their files, their page, and the ways to and from it."""

import base64
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from report_samples import PNG, executed, figure, header, report, sources

from tradelib.errors import ReportError
from tradelib.report import figures, site
from tradelib.report.page_checks import broken_links, faults
from tradelib.report.render import render

NAME = "figures/headline_duties"


def files(**changed: object) -> dict[str, bytes]:
    made = render(report(**changed), slug="2025-06-09")
    return figures.files(made.figures, made.header, made.label)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The parts of a site: one report of two days, both with the same figure."""
    for day in ("2025-06-09", "2025-06-10"):
        made = render(report(as_of=day), slug=day)
        build = {
            "notebook": "01_briefing", "label": made.label, "title": made.title, "description": "d", "as_of": day,
            "evidence_through": "2026-10-09", "edition": "2026.10", "changed": {}, "sources_known_on": [],
        }  # fmt: skip
        pieces = figures.files(made.figures, made.header, made.label)
        site.write_page(tmp_path, site.SitePage("01_briefing", day, made.html, made.data, "{}\n", build, figures=pieces))
    return tmp_path


def test_a_figure_has_a_drawing_with_its_words_a_picture_and_a_page() -> None:
    made = files()
    assert sorted(made) == [f"{NAME}.html", f"{NAME}.png", f"{NAME}.svg"]
    assert made[f"{NAME}.png"] == base64.b64decode(PNG)
    said = " ".join(ET.fromstring(made[f"{NAME}.svg"]).itertext())  # noqa: S314 - drawn here
    assert [words in said for words in ("Duties fell", "Per cent of customs value", "Source: orders.")] == [True] * 3
    page = made[f"{NAME}.html"].decode()
    assert faults(page) == []
    assert [link in page for link in ("../data/headline_duties.csv", "../figures/headline_duties.png", "../index.html#figure-")] == [
        True
    ] * 3


def test_all_links_of_figures_lead_somewhere_and_the_page_names_its_other_day(folder: Path) -> None:
    site.assemble(folder)
    assert broken_links(folder) == []
    page = (folder / "reports/01_briefing/2025-06-09" / f"{NAME}.html").read_text()
    assert "Newest: " in page
    assert 'href="../../2025-06-10/figures/headline_duties.html"' in page
    assert "Newest: " not in (folder / "reports/01_briefing/2025-06-10" / f"{NAME}.html").read_text()


def test_code_to_embed_has_whole_addresses_where_the_site_has_one(folder: Path) -> None:
    own = f"reports/01_briefing/2025-06-09/{NAME}"
    site.assemble(folder)
    assert f'&lt;img src="{own}.png"' in (folder / f"{own}.html").read_text()
    site.assemble(folder, address="https://example.org/truce")
    page = (folder / f"{own}.html").read_text()
    assert f'&lt;img src="https://example.org/truce/{own}.png" alt="Step chart' in page
    assert f'&lt;iframe src="https://example.org/truce/{own}.html" title="Step chart' in page
    assert faults(page) == []


def test_a_figure_without_a_picture_offers_none() -> None:
    bare = {key: value for key, value in figure().items() if key != "image/png"}
    made = render(executed(header(), bare, sources()), slug="2025-06-09")
    assert "headline_duties.png" not in made.html
    assert f"{NAME}.png" not in figures.files(made.figures, made.header, made.label)


def test_a_drawing_that_has_no_size_is_refused() -> None:
    bare = figure()
    drawing = base64.b64encode(b"<svg/>").decode()
    start, end = bare["text/html"].split('src="')
    bare["text/html"] = f'{start}src="data:image/svg+xml;base64,{drawing}"{end.partition(chr(34))[2]}'
    made = render(executed(header(), bare, sources()), slug="2025-06-09")
    with pytest.raises(ReportError, match="does not say its width and height"):
        figures.files(made.figures, made.header, made.label)
