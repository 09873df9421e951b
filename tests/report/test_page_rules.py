"""What a page refuses and what it says of itself, by cases with days on both sides of each bound; its checks, one small page a fault."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from report_samples import write_parameters

from tradelib import catalogue
from tradelib.errors import DayError, LeakError, ParameterError
from tradelib.report import session, shipped
from tradelib.report.page import Page, open_page
from tradelib.report.page_checks import MAX_CSS_BYTES, MAX_PAGE_BYTES, broken_links, faults
from tradelib.show import display
from tradelib.show.code_box import SCRIPT


def told(words: str, *known: str) -> display.Text:
    """An output of text that rests on sources of some days."""
    rows = [{"source": f"text of {day}", "url": f"https://example.org/{day}", "known_on": pd.Timestamp(day)} for day in known]
    frame = pd.DataFrame(rows, columns=["source", "url", "known_on"])
    return display.Text(words, frame.astype({"known_on": "datetime64[us]"}))


def test_a_piece_may_hold_what_became_known_on_the_day_and_nothing_later() -> None:
    page = Page("01_briefing", as_of="2025-06-09")
    piece = told("fine", "2025-06-08", "2025-06-09")
    assert page.show(piece) is piece
    with pytest.raises(LeakError, match="01_briefing as of 2025-06-09 holds something that became known on 2025-06-10: text of 2025-06-10"):
        page.show(told("late", "2025-06-09", "2025-06-10"))
    # What was refused is in no list of sources.
    listed = page.sources()
    assert "text of 2025-06-09" in listed._repr_mimebundle_()["text/plain"]
    assert "2025-06-10" not in str(listed._repr_mimebundle_())


@pytest.mark.parametrize(
    ("days", "first"), [(1, "2025-06-08"), (159, "2025-01-01"), (2715, "2018-01-02"), (2716, "2018-01-01"), (2717, "2018-01-01")]
)
def test_a_window_reaches_back_to_the_first_day_of_the_edition_at_most(days: int, first: str) -> None:
    assert f"{Page('x', as_of='2025-06-09').days_before(days)}" == first


def test_a_window_is_of_one_day_at_least_and_of_all_that_the_edition_covers_at_most() -> None:
    page, edition = Page("x", as_of="2025-06-09"), catalogue.edition()
    most = (edition.evidence_through - edition.evidence_from).days
    assert page.days_before(most) == edition.evidence_from
    for days in (0, -1, most + 1):
        with pytest.raises(ParameterError, match=f"window_days must be from 1 to {most:,}"):
            page.days_before(days)


def head(as_of: str, messages: list[str] | None = None) -> dict[str, object]:
    facts = [display.Fact("30%", "the rate", "US")]
    return Page("x", as_of=as_of, basket="toys").header(title="T", description="D", messages=messages or [], facts=facts).payload


def test_the_head_says_five_things_once_and_none_that_the_title_says() -> None:
    payload = head("2025-06-09", ["", "one", "T", "one", "two", "three", "four", "five", "six"])
    assert payload["messages"] == ["one", "two", "three", "four", "five"]
    assert payload["parameters"] == {"as_of": "2025-06-09", "basket": "toys"}
    assert payload["facts"] == [{"value": "30%", "words": "the rate", "actor": "US"}]
    assert payload["cite"].startswith("T. As of 9 June 2025. In: ")


def test_a_page_of_a_day_after_the_evidence_says_where_it_ends(read: Callable) -> None:
    read(through="2025-06-30")
    assert head("2025-06-30")["notice"] is None
    assert head("2025-07-01")["notice"].startswith("The evidence of this edition ends on 30 June 2025.")
    page = Page("x", as_of="2025-07-01")
    assert page.observed_through == date(2025, 6, 30)
    assert Page("x", as_of="2025-06-29").observed_through == date(2025, 6, 29)
    assert Page("x", as_of="latest").as_of == date(2025, 6, 30)
    with pytest.raises(DayError, match="as_of must be 2018-01-01 or later"):
        Page("x", as_of=date(2018, 1, 1) - timedelta(days=1))


def test_a_page_of_refreshed_data_says_so_and_where_law_and_statistics_end(read: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    read(through="2025-06-30")
    refreshed = replace(catalogue.edition(), version="2026.11+r1", refreshed_on=date(2025, 8, 1), refreshed_rows=2)
    monkeypatch.setattr(catalogue, "edition", lambda **_: refreshed)
    monkeypatch.setattr(catalogue, "evidence_through", lambda *_, **__: date(2025, 7, 20))
    said = "Data edition 2026.11 with 2 rows refreshed on 1 August 2025 on this machine."
    assert head("2025-06-30")["notice"] == said
    assert head("2025-07-01")["notice"].startswith(f"{said} Law and statements end on 30 June 2025; trade statistics on 20 July 2025.")


def test_words_are_explained_that_a_piece_or_the_head_uses(read: Callable) -> None:
    words = ("MFN", "FAS", "CIF", "IEEPA")
    read(glossary=[{"term": word, "pattern": rf"\b{word}\b", "definition": f"what {word} is"} for word in words])
    page = Page("x", as_of="2025-06-09")
    page.show(told("A rate of IEEPA"))
    page.header(title="MFN", description="", messages=["of CIF value", "of CIF value"], facts=[])
    assert page.definitions().text.splitlines() == ["- **CIF**: what CIF is", "- **IEEPA**: what IEEPA is", "- **MFN**: what MFN is"]


def test_a_page_reads_what_its_notebook_declares_and_judges_what_differs_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "folder", lambda: tmp_path)
    write_parameters(tmp_path, 'as_of = "latest"\nwindow_days = 0\n')
    day = "2025-06-09"
    page = open_page("01_briefing", as_of=day, window_days="0", basket="toys")
    assert (page.as_of, page.window_days, page.basket) == (date(2025, 6, 9), 0, "toys")
    assert page.parameters == {"as_of": day, "window_days": 0, "basket": "toys"}
    assert open_page("01_briefing", as_of=day, window_days="30").window_days == 30
    with pytest.raises(ParameterError, match="window_days must be from 1"):
        open_page("01_briefing", as_of=day, window_days="-1")
    with pytest.raises(ParameterError, match="window_days of 01_briefing must be a whole number"):
        open_page("01_briefing", as_of=day, window_days="ninety")
    # Of a notebook that did not come with the package nothing is declared.
    assert open_page("own", as_of=day, window_days="-1").window_days == "-1"


def test_a_name_that_was_put_in_and_is_not_handed_on_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "injected", lambda *, until: ["basket", until])
    assert open_page("own", as_of="2025-06-09", basket="toys").basket == "toys"
    with pytest.raises(ParameterError, match="own has no parameter 'basket'"):
        open_page("own", as_of="2025-06-09", baskets="toys")


# The page checks.

PAGE = (
    '<!doctype html><html lang="en"><head><title>T</title><meta name="description" content="d">'
    "<style>p{{color:red}}{css}</style>{head}</head>"
    '<body><main id="m"><h1>One</h1>{body}</main></body></html>'
)


def found(body: str = "", *, head: str = "", css: str = "") -> list[str]:
    return faults(PAGE.format(body=body, head=head, css=css))


@pytest.mark.parametrize(
    "body",
    [
        "",
        '<h2>Two</h2><h3>Three</h3><h2>Two</h2><h3>x</h3><h4>y</h4>',
        '<img alt="a map" src="data:image/png;base64,x">',
        '<img alt="a map" src="map.png"><p>after an image</p>',
        '<table><caption>Rates</caption><tr><th scope="col">a</th><th scope="row">b</th></tr></table>',
        "<table><caption><b></b>Rates</caption><tr><td>1<br>2</td></tr></table>",
        '<table><caption>Rates <b>of</b></caption><tr><td><table><caption>inner</caption></table></td></tr></table>',
        '<a href="#m">up</a><a href="#m%20n" id="m n">x</a><a href="https://example.org/">out</a>',
        "<p>@import and url(x.png) are words here</p>",
        '<a id="here">x</a><a href="#here">y</a>',
        f"<script>{SCRIPT}</script>",
        '<p style="background:url(data:image/png;base64,x)">x</p>',
    ],
)  # fmt: skip
def test_a_sound_page_passes(body: str) -> None:
    assert found(body) == faults(f"\n{PAGE.format(body=body, head='', css='')}") == []
    assert found(body, head='<link rel="canonical" href="https://example.org/"><link rel="alternate" href="feed.xml">') == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<h3>Three</h3>", "a heading of level 3 follows one of level 1"),
        ("<h2>x</h2><h4>y</h4>", "a heading of level 4 follows one of level 2"),
        ("<h1>Two</h1>", "the page has 2 headings of the first level and must have one"),
        ('<img src="map.png">', "an image has no alt text"),
        ('<img alt=" " src="map.png">', "an image has no alt text"),
        ('<img alt="No description has been provided for this image" src="map.png">', "an image has no alt text"),
        ("<table><tr><td>1</td></tr></table>", "a table has no caption"),
        ("<table><caption> </caption></table>", "a table has no caption"),
        ("<table><caption>x<br><br>y</caption></table><table><tr><td>1</td></tr></table>", "a table has no caption"),
        ("<table><tr><td><table><caption>x</caption></table></td></tr></table>", "a table has no caption"),
        ("<table><caption>x</caption><tr><th>a</th></tr></table>", "a table header cell has no scope"),
        ("<script>1</script>", "the page holds a script element that is not the box for codes"),
        (f"<script>{SCRIPT}\nmore()</script>", "the page holds a script element that is not the box for codes"),
        (f"<script>{SCRIPT}</script><script></script>", "the page holds a script element that is not the box for codes"),
        (f"<script>{SCRIPT}</script><script>{SCRIPT}</script>", "the page holds a script element that is not the box for codes"),
        (f'<script src="box.js">{SCRIPT}</script>', "a script has attributes"),
        (f'<script type="module">{SCRIPT}</script>', "a script has attributes"),
        ('<iframe src="x.html"></iframe>', "the page holds a iframe element"),
        ('<link rel="stylesheet" href="x.css">', "the page holds a link element"),
        ('<p onclick="x()">x</p>', "an element carries the script attribute onclick"),
        ('<img alt="x" src="//example.org/x.png">', "img loads //example.org/x.png from elsewhere"),
        ('<img alt="x" src="x.png" srcset="x.png 1x, https://example.org/x.png 2x">', "from elsewhere"),
        ('<img alt="x" src="HTTPS://example.org/x.png">', "from elsewhere"),
        ('<img alt="x" src="x.png" srcset="x.png 1x,//example.org/x.png\t2x">', "from elsewhere"),
        ('<p style="background:url(x.png)">x</p>', "the style of p loads a file from elsewhere"),
        ('<p id="m">x</p>', "the id 'm' is used more than once"),
        ('<a href="#nowhere">x</a>', "the link #nowhere leads nowhere in the page"),
        ('<a href="javascript:x()">x</a>', "a link runs a script: javascript:x()"),
        ('<a href="  JavaScript:x()">x</a>', "a link runs a script"),
        ("<main>x</main>", "the page must have exactly one main element"),
    ],
)
def test_each_fault_of_a_page_is_told_once(body: str, words: str) -> None:
    (fault,) = found(body)
    assert words in fault


def test_ids_that_are_used_again_are_told_in_order() -> None:
    names = "zyxwvutsrq"
    twice = "".join(f'<p id="{name}">x</p>' for name in [*names, *names])
    assert found(twice) == [f"the id {name!r} is used more than once" for name in sorted(names)]


def test_data_about_the_page_is_no_script_unless_it_loads_something() -> None:
    assert found('<script type="application/ld+json">{}</script>') == []
    assert "a script has attributes" in found('<script type="application/ld+json" src="x">{}</script>')


def test_a_page_says_its_language_title_and_description() -> None:
    sound = PAGE.format(body="", head="", css="")
    for before, after, words in (
        (' lang="en"', "", "the page states no language"),
        ("<title>T</title>", "<title> </title>", "the page states no title"),
        ('content="d"', 'content=" "', "the page states no description"),
        ('name="description"', 'name="author"', "the page states no description"),
        ("<h1>One</h1>", "", "the page has 0 headings of the first level and must have one"),
        ("main", "div", "the page must have exactly one main element"),
    ):
        assert before in sound
        assert faults(sound.replace(before, after)) == [words]


@pytest.mark.parametrize("over", [0, 1])
def test_the_size_of_a_page_and_of_its_style_is_bounded(over: int) -> None:
    bare = len(PAGE.format(body="", head="", css=""))
    letters, rest = divmod(MAX_PAGE_BYTES + over - bare, 2)
    whole = PAGE.format(body="é" * letters + "x" * rest, head="", css="")  # two bytes a letter
    assert faults(whole) == [f"the page has {MAX_PAGE_BYTES + 1:,} bytes and may have {MAX_PAGE_BYTES:,}"] * over
    style = "p{color:red}"
    said = found(css=" " * (MAX_CSS_BYTES - len(style) + over))
    assert said == [f"the style sheet has {MAX_CSS_BYTES + 1:,} bytes and may have {MAX_CSS_BYTES:,}"] * over
    assert found(css="@import 'x.css';") == ["the style sheet loads a file from elsewhere"]


def test_links_of_a_site_lead_to_files_within_it(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "b").mkdir(parents=True)
    (tmp_path / "secret.html").write_text("outside", encoding="utf-8")
    (site / "a.html").write_text(
        '<a id="top" href="#top">x</a><a href="#none">x</a><a href="b/c%20d.html#here">x</a><a href="b/c%20d.html#gone">x</a>'
        '<a href="../secret.html">x</a><a href="b">x</a><a href="mailto:x@example.org">x</a><audio src="z.mp3"></audio>'
        '<img alt="x" src="b/x.png"><img alt="y" src="y.png">',
        encoding="utf-8",
    )
    (site / "b" / "c d.html").write_text('<p id="here">x</p><a href="../a.html">x</a>', encoding="utf-8")
    (site / "b" / "x.png").write_bytes(b"")
    assert broken_links(site) == ["a.html: #none", "a.html: ../secret.html", "a.html: b", "a.html: b/c%20d.html#gone", "a.html: y.png"]
