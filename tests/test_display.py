"""Outputs: what they show, what they carry, and what they refuse."""

import html5lib
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tradelib.report.page_checks import faults
from tradelib.report.render import render
from tradelib.show import display
from tradelib.show.display import MIME, Column, Table, cell, no_sources


def bundle(piece: object) -> dict:
    return piece._repr_mimebundle_()


def figure(**changes: object) -> display.Figure:
    parts = {
        "name": "path", "title": "Title", "subtitle": "Subtitle", "alt": "Line chart of a path.", "source": "Source: us.", "svg": "<svg/>",
        "svg_narrow": "<svg/>", "data": pd.DataFrame({"a": [1]}), "sources": display.no_sources(),
    }  # fmt: skip
    return display.Figure(**(parts | changes))


@pytest.mark.parametrize("part", ["title", "subtitle", "alt", "source"])
def test_a_figure_without_its_words_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match=f"The figure path has no {part}"):
        figure(**{part: " "})


def test_words_of_the_data_cannot_break_the_page() -> None:
    shown = bundle(figure(title='<script>"&', alt='"><img src=x>'))["text/html"]
    assert "<script>" not in shown
    assert "<img src=x>" not in shown
    rows = pd.DataFrame({"what": ["<b>bold</b>"], "url": ['https://example.org/"onclick="x']})
    table = display.Table("t", "Caption <i>", [display.Column("What", display.cell("what"), "link")], rows, display.no_sources())
    html = bundle(table)["text/html"]
    assert "<b>" not in html
    assert "<i>" not in html
    assert '"onclick=' not in html
    assert display.markdown("*a* [b](c) <d> | `e`") == r"\*a\* \[b\](c) &lt;d&gt; \| \`e\`"


def test_link_survives_spaces_brackets_and_several_addresses() -> None:
    assert display.link("a", "https://x.org/b (c)|https://y.org") == "[a](https://x.org/b%20%28c%29)"
    assert display.link("a", "") == "a"


def test_table_shows_some_rows_and_its_data_hold_all() -> None:
    rows = pd.DataFrame({"n": [1, 2, 3]})
    shown = bundle(display.Table("t", "Caption", [display.Column("N", display.cell("n"), "num")], rows, display.no_sources(), most=2))
    assert shown["text/html"].count("<tr>") == 3
    assert "1 more row in the CSV file." in shown["text/html"]
    assert shown[display.MIME]["csv"] == "n\n1\n2\n3\n"


def test_an_empty_table_says_so_and_a_missing_value_stays_empty() -> None:
    columns = [display.Column("N", display.cell("n", "{:.1f}".format), "num")]
    empty = bundle(display.Table("t", "Caption", columns, pd.DataFrame({"n": []}), display.no_sources()))
    assert "None recorded by this date." in empty["text/html"]
    gap = bundle(display.Table("t", "Caption", columns, pd.DataFrame({"n": [float("nan")]}), display.no_sources()))
    assert '<td class="num"></td>' in gap["text/html"]


def test_csv_keeps_days_as_days_and_drops_the_noise_of_binary_numbers() -> None:
    frame = pd.DataFrame({"day": pd.to_datetime(["2025-06-09"]), "rate_frac": [0.1 + 0.2]})
    assert display.csv_text(frame) == "day,rate_frac\n2025-06-09,0.3\n"


def test_rows_that_share_a_group_stand_under_its_words() -> None:
    data = pd.DataFrame({"side": ["US", "US", "CN"], "what": ["a <b>", "b", "c"]})
    table = Table("t", "Caption", [Column("What", cell("what"))], data, no_sources(), most=1, group=cell("side"))
    bundle = table._repr_mimebundle_()
    page = bundle["text/html"]
    assert page.count('scope="rowgroup"') == 2
    assert page.index("US") < page.index("a &lt;b&gt;") < page.index("CN") < page.index(">c<")
    # One row of each group is shown; the data hold all of them.
    assert ">b<" not in page
    assert "1 more row in the CSV file" in page
    assert bundle[MIME]["csv"].count("\n") == 4


def test_a_citation_stands_behind_the_words_and_carries_the_link() -> None:
    data = pd.DataFrame({"what": ["kept"], "who": ["A & B"], "where": ["https://a.example/1|https://b.example/2"]})
    columns = [
        Column("What", cell("what"), "status", url="", cite=cell("who")),
        Column("Again", cell("what"), url="where", cite=cell("who")),
    ]
    page = Table("t", "Caption", columns, data, no_sources())._repr_mimebundle_()["text/html"]
    assert '<span class="tl-status tl-status-kept">kept</span> <small class="tl-cite">A &amp; B</small>' in page
    assert 'kept <small class="tl-cite"><a href="https://a.example/1">A &amp; B</a></small>' in page


HOSTILE = [
    "<script>alert(1)</script>",
    "</td></table><h1>&amp; more</h1>",
    "{{ braces }} {% raw %} {x}",
    "$x^2$ costs $5 and \\(a\\)",
    "[link](javascript:alert(1)) *a* `b` | # c",
    "long" * 2000,
]


@pytest.mark.parametrize("words", HOSTILE, ids=[words[:12] for words in HOSTILE])
def test_hostile_words_of_a_row_are_only_words_on_the_page(words: str) -> None:
    rows = pd.DataFrame({"what": [words], "url": ["https://example.org/"], "source": [words], "known_on": [pd.Timestamp("2025-06-01")]})
    pieces = [
        display.Header(
            {
                "notebook": "01_briefing", "title": words, "description": words, "as_of": "2025-06-09", "evidence_through": "2026-10-09",
                "edition": "2026.10", "notice": words, "parameters": {"as_of": "2025-06-09", "word": words[:300]}, "messages": [words],
                "facts": [{"value": "1", "words": words, "actor": "us"}], "cite": words, "licence": words,
            }
        ),
        figure(title=words, subtitle=words, alt=words, source=words),
        Table("t", words, [Column(words, cell("what"), "link")], rows, no_sources(), words),
        display.Text(f"{display.markdown(words)} {display.link(words, 'https://example.org/')}"),
        display.Sources(rows),
    ]  # fmt: skip
    cells = [new_markdown_cell("# Briefing"), *(new_code_cell("0", outputs=[_shown(piece)]) for piece in pieces)]
    html = render(new_notebook(cells=cells), slug="2025-06-09").html
    assert faults(html) == []
    html5lib.HTMLParser(strict=True).parse(html)
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    assert not list(tree.iter("script"))
    assert not [link for link in tree.iter("a") if link.get("href", "").startswith("javascript")]
    plain = " ".join(words.split())
    told = [
        " ".join("".join(element.itertext()).split()) for name in ("h1", "td", "caption", "th", "li", "p") for element in tree.iter(name)
    ]
    assert sum(plain in text for text in told) >= 10


def _shown(piece: object) -> object:
    data = bundle(piece)
    return new_output("display_data", data=data)


def test_a_table_of_many_rows_is_folded_under_its_caption() -> None:
    def page(rows: int) -> str:
        data = pd.DataFrame({"day": range(rows)})
        table = display.Table("days", "Days & rates", [display.Column("Day", display.cell("day"))], data, display.no_sources())
        return table._repr_mimebundle_()["text/html"]

    assert "<details>" not in page(display.FOLDED)
    folded = page(display.FOLDED + 1)
    assert f"<summary>Days &amp; rates ({display.FOLDED + 1} rows)</summary>" in folded
    assert folded.count("<!--data-->") == 1
    assert folded.index("</details>") < folded.index("<!--data-->")
