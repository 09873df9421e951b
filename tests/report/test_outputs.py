"""What leaves an executed notebook for the page, what stays in its body, and what is refused: by notebooks of a few cells."""

import copy
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from report_samples import executed, figure, header, sources, table, text

from tradelib.errors import LeakError, ReportError
from tradelib.report.execute import INJECTED
from tradelib.report.outputs import DATA_MARK, MIME, Outputs, collect


def shown(found: Outputs) -> list[str]:
    """The body cell by cell: its text, or how many outputs it has left."""
    return [cell["source"] if cell["cell_type"] == "markdown" else f"{len(cell['outputs'])} outputs" for cell in found.body.cells]


def known(day: str | None, name: str = "An order") -> dict[str, Any]:
    return sources({"source": name, "url": "", "known_on": day})


def test_head_and_sources_leave_the_body_and_the_rest_stays_in_order() -> None:
    notebook = executed(header(), "## A", text("words"), figure("a"), table("b"), "## Sources", sources())
    before = copy.deepcopy(notebook)
    found = collect(notebook)
    assert (found.heading, found.header["title"]) == ("Briefing", "Talks open in London with 64 days of truce left")
    assert [row["source"] for row in found.sources] == ["Executive Order 14298", "Customs release & <note>"]
    assert found.data == {"a.csv": "day,rate_frac\n2025-06-09,0.3\n", "b.csv": "party,points\nUS,24\n"}
    assert shown(found) == ["0 outputs", "0 outputs", "## A", "1 outputs", "1 outputs", "1 outputs", "0 outputs"]
    assert notebook == before
    assert len(notebook.cells) == 9


def test_the_mark_of_each_piece_becomes_the_link_to_its_data() -> None:
    found = collect(executed(header(), table("a"), sources()))
    (html,) = [output.data["text/html"] for cell in found.body.cells for output in cell.get("outputs", [])]
    assert DATA_MARK not in html
    assert html.endswith('As known. <span class="tl-data">Data: <a href="data/a.csv" download>a.csv</a></span></p></div>')


@pytest.mark.parametrize(
    ("above", "is_dropped"),
    [
        ("## Sources", True),
        ("\n\n# Sources\n", True),
        ("###### Sources", True),
        ("####### Sources", False),
        ("##Sources", False),
        ("## Sources\nA word.", False),
        ("A word.", False),
    ],
)
def test_a_heading_with_nothing_left_below_it_is_dropped(above: str, is_dropped: bool) -> None:
    assert (above in shown(collect(executed(header(), figure(), above, sources())))) != is_dropped


def test_a_heading_stays_above_a_cell_that_shows_something_else() -> None:
    notebook = executed(header(), figure(), "## Sources", sources())
    notebook.cells[-1].outputs.append(new_output("stream", text="words"))
    assert shown(collect(notebook))[-2:] == ["## Sources", "1 outputs"]
    # Of a cell that stands first nothing is above it.
    alone = new_notebook(cells=[new_markdown_cell("# T"), *executed(header(), text("x")).cells[2:]])
    assert shown(collect(alone)) == ["0 outputs", "1 outputs"]
    alone.cells.append(new_markdown_cell("## At the end"))
    assert shown(collect(alone)) == ["0 outputs", "1 outputs", "## At the end"]


@pytest.mark.parametrize(
    ("source", "heading"),
    [
        ("# Briefing", "Briefing"),
        ("\n # Briefing  ##\n\nMore", "Briefing"),
        ("#\tThe C# of it", "The C# of it"),
        ("# A\n# B", "A"),
        ("# A \r\nB", "A"),
    ],
)
def test_the_first_line_of_the_first_cell_is_the_heading(source: str, heading: str) -> None:
    assert collect(executed(header(), heading=source)).heading == heading


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [new_markdown_cell("## Briefing")],
        [new_markdown_cell("#Briefing")],
        [new_markdown_cell("A word\n# Briefing")],
        [new_code_cell("# Briefing")],
        [new_markdown_cell("A word"), new_markdown_cell("# Briefing")],
    ],
)
def test_a_notebook_begins_with_its_heading(cells: list[Any]) -> None:
    with pytest.raises(ReportError, match="must be Markdown that begins with a heading"):
        collect(new_notebook(cells=cells))


def failing(*, before: int) -> Any:
    notebook = executed(header(), "A word", *[text("x")] * before, {"text/plain": "x"})
    notebook.cells[-1].outputs = [new_output("error", ename="KeyError", evalue="'x'", traceback=["t"])]
    return notebook


def test_cells_are_counted_as_a_reader_of_the_notebook_counts_them() -> None:
    """From 1, text and all, but without the one that papermill put in."""
    with pytest.raises(ReportError, match=r"^Cell 5 ended with KeyError: 'x'\."):
        collect(failing(before=0))
    notebook = failing(before=1)
    notebook.cells[2].metadata["tags"] = [INJECTED]
    with pytest.raises(ReportError, match=r"^Cell 5 ended"):
        collect(notebook)
    with pytest.raises(ReportError, match=r"^Cell 4 shows an output of the kind 'header' a second time which a page cannot place"):
        collect(executed(header(), header()))
    with pytest.raises(ReportError, match=r"^Cell 5 shows an output of the kind 'sources' a second time"):
        collect(executed(header(), sources(), sources()))
    with pytest.raises(ReportError, match=r"^Cell 4 shows an output of the kind 'song' which a page cannot place"):
        collect(executed(header(), {MIME: {"kind": "song"}}))


@pytest.mark.parametrize("name", ["a", "9", "headline_duties", "a-b_c9"])
def test_the_name_of_a_piece_is_that_of_its_file(name: str) -> None:
    assert list(collect(executed(header(), figure(name), sources())).data) == [f"{name}.csv"]


@pytest.mark.parametrize("name", ["", "_a", "-a", "A", "a b", "a/b", "../a", "a.b", "a\n"])
def test_a_name_that_is_none_of_a_file_is_refused(name: str) -> None:
    with pytest.raises(ReportError, match="The name of a table must be lower-case letters"):
        collect(executed(header(), table(name), sources()))


def test_a_piece_offers_its_data_at_one_place() -> None:
    with pytest.raises(ReportError, match="Two figures or tables of the page are named 'a'"):
        collect(executed(header(), figure("a"), table("b"), table("a"), sources()))
    for html in ("<p>x</p>", f"<p>{DATA_MARK}{DATA_MARK}</p>"):
        with pytest.raises(ReportError, match=f"The figure 'a' has no single place {DATA_MARK}"):
            collect(executed(header(), figure("a") | {"text/html": html}, sources()))
    for csv in ("", " \n"):
        with pytest.raises(ReportError, match="The table 'a' has no data"):
            collect(executed(header(), table("a") | {MIME: {"kind": "table", "name": "a", "csv": csv}}, sources()))
    with pytest.raises(ReportError, match="The table 'a' has no data"):
        collect(executed(header(), table("a") | {MIME: {"kind": "table", "name": "a"}}, sources()))
    with pytest.raises(ReportError, match="The name of a table must be"):
        collect(executed(header(), {MIME: {"kind": "table", "csv": "a\n1\n"}}, sources()))
    with pytest.raises(ReportError, match="The table 'a' has no single place"):
        collect(executed(header(), {MIME: {"kind": "table", "name": "a", "csv": "a\n1\n"}}, sources()))


@pytest.mark.parametrize("lacking", ["notebook", "title", "description", "as_of", "evidence_through", "edition"])
def test_the_head_names_what_a_page_needs(lacking: str) -> None:
    with pytest.raises(ReportError, match=f"The header of the page lacks {lacking}\\."):
        collect(executed(header(**{lacking: ""}), figure(), sources()))
    assert collect(executed(header(parameters={}))).header["parameters"] == {}


def test_a_page_with_data_lists_its_sources_and_one_of_words_need_not() -> None:
    with pytest.raises(ReportError, match="shows 2 figures and tables but no list of sources"):
        collect(executed(header(), figure(), table()))
    assert collect(executed(header(), text("words"))).sources == []
    # In the first weeks of 2018 none was known: the list is there, and empty.
    none = {MIME: {"kind": "sources", "rows": [], "shown": {}}, "text/plain": "[]"}
    assert collect(executed(header(), figure(), none)).sources == []
    with pytest.raises(ReportError, match="shows an output of the kind 'sources' a second time"):
        collect(executed(header(), figure(), none, none))
    with pytest.raises(ReportError, match="The notebook shows no header"):
        collect(executed(figure(), sources()))


@pytest.mark.parametrize("day", ["2025-06-09", "2025-06-08", None, ""])
def test_a_source_may_have_become_known_on_the_day_of_the_page(day: str | None) -> None:
    assert collect(executed(header(), figure(), known(day))).sources[0]["known_on"] == day


def test_a_younger_source_is_a_leak_and_one_without_a_name_is_refused() -> None:
    with pytest.raises(LeakError, match="The page is as of 2025-06-09, but its source 'An order' became known on 2025-06-10"):
        collect(executed(header(), known("2025-06-10")))
    with pytest.raises(ReportError, match="A source of the page has no name"):
        collect(executed(header(), known("2025-06-09", "")))
    with pytest.raises(ReportError, match="A source of the page has no name"):
        collect(executed(header(), sources({"url": "https://example.org"})))
