"""Pieces: what they show, what they carry, and what they refuse."""

import pandas as pd
import pytest

from tradelib import display


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
    table = display.Table("t", "Caption <i>", [display.Column("what", "What", kind="link")], rows, display.no_sources())
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
    shown = bundle(display.Table("t", "Caption", [display.Column("n", "N", kind="num")], rows, display.no_sources(), most=2))
    assert shown["text/html"].count("<tr>") == 3
    assert "1 more row in the data." in shown["text/html"]
    assert shown[display.MIME]["csv"] == "n\n1\n2\n3\n"


def test_an_empty_table_says_so_and_a_missing_value_stays_empty() -> None:
    columns = [display.Column("n", "N", "{:.1f}".format, "num")]
    empty = bundle(display.Table("t", "Caption", columns, pd.DataFrame({"n": []}), display.no_sources()))
    assert "None known as of this day." in empty["text/html"]
    gap = bundle(display.Table("t", "Caption", columns, pd.DataFrame({"n": [float("nan")]}), display.no_sources()))
    assert '<td class="num"></td>' in gap["text/html"]


def test_csv_keeps_days_as_days_and_drops_the_noise_of_binary_numbers() -> None:
    frame = pd.DataFrame({"day": pd.to_datetime(["2025-06-09"]), "rate_frac": [0.1 + 0.2]})
    assert display.csv_text(frame) == "day,rate_frac\n2025-06-09,0.3\n"
