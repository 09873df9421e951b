"""Rendering: the checks a page must pass, and outputs that break the contract are refused."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest
from nbformat.v4 import new_output
from report_samples import body, executed, figure, header, report, sources, table, text

from tradelib.errors import LeakError, ReportError
from tradelib.report import render as render_module
from tradelib.report.execute import to_text
from tradelib.report.page_checks import MAX_CSS_BYTES, MAX_PAGE_BYTES, broken_links, faults
from tradelib.report.render import render, reproduce, style_sheet


class Outline(HTMLParser):
    """A second, independent reading of a page: elements with attributes, and the text in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.path: list[str] = []
        self.inside: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("meta", "img", "source", "br"):
            self.path.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.path.pop() == tag, f"{tag} is closed where it is not open"

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.inside.append((self.path[-1] if self.path else "", data.strip()))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [values for name, values in self.elements if name == tag]

    def text_of(self, tag: str) -> list[str]:
        return [words for name, words in self.inside if name == tag]


@pytest.fixture(scope="module")
def html() -> str:
    return render(report(), slug="2025-06-09").html


@pytest.fixture(scope="module")
def page(html: str) -> Outline:
    return Outline(html)


def test_the_title_of_the_header_is_the_only_first_heading(page: Outline) -> None:
    assert page.text_of("h1") == ["Talks open in London with 64 days of truce left"]
    assert page.text_of("title") == ["Talks open in London with 64 days of truce left – Briefing, as of 9 June 2025"]
    assert page.text_of("h2")[:2] == ["Where it stands", "Who promised"]
    assert page.text_of("h3") == ["In detail"]


def test_the_first_cell_gives_the_kicker_and_nothing_else(html: str) -> None:
    assert ">US-China trade truce</a> · Briefing</p>" in html
    assert "This line is dropped" not in html


@pytest.mark.parametrize("heading", ["# US-China trade truce · Briefing", "# US-China trade truce: Briefing", "#  Briefing  "])
def test_the_name_of_the_site_stands_once_in_the_kicker(heading: str) -> None:
    assert render(executed(header(), *body(), heading=heading), slug="x").label == "Briefing"


def test_code_is_hidden(html: str) -> None:
    assert "show()" not in html
    assert "as_of = " not in html


def test_language_description_and_one_main(page: Outline) -> None:
    assert page.all("html") == [{"lang": "en"}]
    assert {"name": "description", "content": "Where the truce stood on 9 June 2025."} in page.all("meta")
    assert len(page.all("main")) == 1
    assert page.all("a")[0] == {"class": "skip", "href": "#content"}


def test_headings_skip_no_level(page: Outline) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(lower <= upper + 1 for upper, lower in pairwise(levels))


def test_ids_are_unique_and_links_inside_the_page_lead_somewhere(page: Outline) -> None:
    ids = [values["id"] for _, values in page.elements if "id" in values]
    assert len(ids) == len(set(ids))
    assert {values["href"][1:] for values in page.all("a") if values["href"].startswith("#")} <= set(ids)


def test_contents_list_names_the_second_headings_of_the_notebook_and_the_sources(html: str) -> None:
    contents = html[html.index("<nav") : html.index("</nav>")]
    assert re.findall(r'<a href="#([^"]+)">(.*?)</a>', contents) == [
        ("where-it-stands", "Where it stands"),
        ("who-promised", "Who promised"),
        ("sources", "Sources"),
    ]


def test_a_page_loads_nothing_and_runs_nothing(html: str, page: Outline) -> None:
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in page.elements}
    loads = [values[name] for _, values in page.elements for name in ("src", "srcset", "href") if name in values]
    assert not [value for value in loads if value.startswith("//")]
    assert not [values for tag in ("img", "source") for values in page.all(tag) if "http" in values.get("src", values.get("srcset"))]
    assert "url(" not in html
    assert "@import" not in html


def test_images_and_tables_speak_to_those_who_do_not_see_them(page: Outline) -> None:
    assert [values["alt"] for values in page.all("img")] == ["Step chart of duties where the US rate falls to 30 per cent."]
    assert page.text_of("caption") == ["Geneva commitments"]
    assert [values["scope"] for values in page.all("th")] == ["col", "col"]


def test_data_of_each_piece_is_one_link_away() -> None:
    rendered = render(report(), slug="2025-06-09")
    assert rendered.data == {"headline_duties.csv": "day,rate_frac\n2025-06-09,0.3\n", "commitments.csv": "party,points\nUS,24\n"}
    assert 'Data: <a download="" href="data/commitments.csv">commitments.csv</a>' in rendered.html
    for path in ("data/headline_duties.csv", "figures/headline_duties.svg", "figures/headline_duties.png", "figures/headline_duties.html"):
        assert f'href="{path}"' in rendered.html
    assert "<!--data-->" not in rendered.html


def test_sources_are_numbered_linked_and_dated(html: str) -> None:
    start = html.index('<ol class="sources">')
    listed = html[start : html.index("</ol>", start)]
    assert 'id="source-1"><a href="https://example.org/a?b=1&amp;c=2">Executive Order 14298</a>' in listed
    assert (
        'id="source-2"><a href="https://example.org/1">Customs release &amp; &lt;note&gt;</a>, <a href="https://example.org/2">' in listed
    )
    assert re.findall(r'datetime="([^"]+)"', listed) == ["2025-05-12", "2025-06-09"]


def test_the_heading_above_the_sources_goes_with_them_to_the_foot() -> None:
    made = render(executed(header(), "## Duties", figure(), "## Sources\n", sources()), slug="x").html
    assert re.findall("<h2[^>]*>(.*?)</h2>", made)[:3] == ["Duties", "Sources", "Other days"]
    kept = render(executed(header(), "## Duties", figure(), "## Sources\n\nAll are public.", sources()), slug="x").html
    assert "All are public." in kept


def test_evidence_is_the_earlier_of_the_two_days() -> None:
    def days(as_of: str, through: str) -> list[str]:
        made = render(executed(header(as_of=as_of, evidence_through=through), *body()), slug="x").html
        return re.findall(r'<li>(?:As of|Information up to) <strong><time datetime="([^"]+)"', made)

    assert days("2025-06-09", "2026-10-09") == ["2025-06-09", "2025-06-09"]
    assert days("2026-12-01", "2026-10-09") == ["2026-12-01", "2026-10-09"]


def test_words_of_the_header_are_escaped() -> None:
    made = render(executed(header(title="5 < 6 & <b>", facts=[{"value": "<i>", "words": "&", "actor": "red"}]), *body()), slug="x").html
    assert "<h1>5 &lt; 6 &amp; &lt;b&gt;</h1>" in made
    assert '<li class="both"><strong>&lt;i&gt;</strong> <span>&amp;</span></li>' in made


def test_the_command_spells_out_every_parameter() -> None:
    payload = {"notebook": "01_briefing", "as_of": "2025-06-09", "parameters": {"b": [1, 2], "as_of": "2025-06-09", "a": "x y"}}
    assert reproduce(payload) == "tradelib publish 01_briefing --as-of 2025-06-09 -p 'a=x y' -p b=1,2"


def test_the_notice_stands_on_the_page_only_when_there_is_one(html: str) -> None:
    assert 'class="notice"' not in html
    noticed = render(executed(header(notice="Evidence ends early."), *body()), slug="x").html
    assert '<p class="notice" role="note">Evidence ends early.</p>' in noticed


def test_pieces_leave_their_look_to_the_page() -> None:
    own = table()
    own["text/html"] = own["text/html"].replace("<table>", '<style>td{color:red}</style><table style="color:red">')
    made = render(executed(header(), "## A", own, sources()), slug="x").html
    assert "color:red" not in made
    assert 'style="' not in made


@pytest.mark.parametrize("quoted", ['"a &quot;b&quot;"', "'It&#x27;s &quot;b&quot;'"])
def test_what_is_set_aside_comes_out_as_the_parser_would_give_it(quoted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = table()
    words = 'It&#x27;s &quot;so&quot; &amp; <span style="x">A &lt; B</span>'
    cells = f'<td style="text-align:left" class="a">{words}</td><td title={quoted}>1</td>'
    told["text/html"] = told["text/html"].replace('<td>US</td><td class="num">24</td>', cells).replace("<tr>", '<tr style="y">')
    drawn = figure(alt="China&#x27;s rate &quot;now&quot;")
    drawn["text/html"] = drawn["text/html"].replace("<img ", '<img style="max-width:100%" ')
    listed = sources({"source": 'It\'s "a" <note>', "url": "https://example.org/a?b='1'&c=2", "known_on": "2025-05-12"})
    notebook = executed(header(), "## A", drawn, told, listed)
    aside = render(notebook, slug="x").html
    assert 'style="' not in aside
    monkeypatch.setattr(render_module, "_BULK", re.compile(r"(?P<picture>(?!))(?P<head>)(?P<rows>)(?P<list>)"))
    parsed = render(notebook, slug="x").html
    assert [(name, sorted(values.items())) for name, values in Outline(aside).elements] == [
        (name, sorted(values.items())) for name, values in Outline(parsed).elements
    ]
    assert Outline(aside).inside == Outline(parsed).inside


def test_rendering_twice_gives_the_same_bytes_and_leaves_the_notebook_as_it_was() -> None:
    notebook = report()
    before = to_text(notebook)
    assert render(notebook, slug="x") == render(notebook, slug="x")
    assert to_text(notebook) == before


def test_the_style_sheet_is_small_and_keeps_contrast() -> None:
    css = style_sheet()
    assert len(css.encode()) < MAX_CSS_BYTES
    for scheme in re.findall(r":root\{[^}]*?(--ink[^}]*)\}", css)[:2]:
        colours = dict(re.findall(r"--(\w+):(#\w{3,6})", scheme))
        # Links have the colour of the words around them; a line that is linked to stands on the ground of a note.
        pairs = [(text, ground) for text in ("ink", "soft", "us", "cn") for ground in ("page", "wash")]
        pairs += [("ink", "note"), ("soft", "note")]
        for text_colour, ground in pairs:
            assert contrast(colours[text_colour], colours[ground]) >= 4.5, (text_colour, ground)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, W3C WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""

    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
        parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def failed_cell() -> Any:
    notebook = report()
    notebook.cells[-1].outputs = [new_output("error", ename="KeyError", evalue="'x'", traceback=["t"])]
    return notebook


def plain_frame() -> dict[str, Any]:
    return {"text/html": "<table><thead><tr><th>a</th></tr></thead></table>", "text/plain": "a"}


BROKEN = {
    "two outputs of one name": (executed(header(), figure("a"), table("a"), sources()), "are named 'a'"),
    "no alt": (executed(header(), figure(alt=""), sources()), "has no alt;"),
    "picture without words": (executed(header(), {"image/png": "iVBORw0KGgo=", "text/plain": "x"}), "an image has no alt text"),
    "failed cell": (failed_cell(), "ended with KeyError: 'x'"),
    "no header": (executed(*body()), "shows no header"),
    "two headers": (executed(header(), header()), "'header' a second time"),
    "header without title": (executed(header(title="")), "lacks title"),
    "no sources": (executed(header(), figure()), "shows 1 figures and tables but no list of sources"),
    "source without name": (executed(header(), sources({"source": "", "url": "", "known_on": None})), "has no name"),
    "unknown kind": (
        executed(header(), {"application/vnd.tradelib.piece+json": {"kind": "song"}, "text/plain": "x"}),
        "the kind 'song'",
    ),
    "name as a path": (executed(header(), figure("../a"), sources()), "must be lower-case letters"),
    "no place for the data": (executed(header(), {**figure(), "text/html": "<p>x</p>"}, sources()), "no single place"),
    "frame without caption": (executed(header(), plain_frame()), "a table header cell has no scope"),
    "first heading in the text": (executed(header(), "# Another"), "2 headings of the first level"),
    "skipped level": (executed(header(), "#### Deep"), "a heading of level 4 follows one of level 1"),
    "script": (executed(header(), text("<script>1</script>")), "holds a script element"),
    "picture from elsewhere": (executed(header(), "![map](https://example.org/map.png)"), "from elsewhere"),
    "dangling link": (executed(header(), "[there](#nowhere)"), "#nowhere leads nowhere"),
    "no heading": (executed(header(), heading="Briefing"), "begins with a heading"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_page_that_breaks_the_contract_is_refused(case: str) -> None:
    notebook, words = BROKEN[case]
    with pytest.raises(ReportError) as caught:
        render(notebook, slug="x")
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_source_that_is_younger_than_the_page_is_a_leak() -> None:
    late = {"source": "A later order", "url": "", "known_on": "2025-06-10"}
    with pytest.raises(LeakError, match="'A later order' became known on 2025-06-10"):
        render(executed(header(), figure(), sources(late)), slug="x")


def test_gates_pass_the_page_and_see_each_fault_in_it(html: str) -> None:
    assert faults(html) == []
    for before, after, words in [
        (' lang="en"', "", "no language"),
        ("<title>", "<title></title><b>", "no title"),
        ("<main ", "<div ", "exactly one main"),
        ('name="description"', 'name="else"', "no description"),
        ('id="figure-headline_duties"', 'id="content"', "'content' is used more than once"),
        ("<caption>Geneva commitments</caption>", "<caption> </caption>", "a table has no caption"),
        ("<h1>", '<h1 onclick="go()">', "the script attribute onclick"),
        ("<h1>", '<h1 style="background:url(//x.org/a)">', "the style of h1 loads"),
        ("<style>", "<style>@import 'x';", "the style sheet loads"),
        ("<article>", f"<article>{'x' * MAX_PAGE_BYTES}", "may have 1,000,000"),
        ("<article>", '<article><a href=" javascript:go()">x</a>', "a link runs a script"),
    ]:
        assert before in html
        assert any(words in fault for fault in faults(html.replace(before, after, 1))), words


def test_broken_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "index.html").write_text('<a href="b/index.html#here">x</a><a href="https://example.org/">y</a>')
    (tmp_path / "b" / "index.html").write_text(
        '<p id="here"><a href="../index.html">x</a><a href="c.csv">y</a><a href="../index.html#z">z</a>'
    )
    assert broken_links(tmp_path) == ["b/index.html: ../index.html#z", "b/index.html: c.csv"]


def test_the_page_is_valid_html_and_the_parser_sees_what_is_not(html: str) -> None:
    html5lib.HTMLParser(strict=True).parse(html)
    assert "/>" not in re.sub(r"<pre>.*?</pre>", "", html, flags=re.DOTALL)
    with pytest.raises(html5lib.html5parser.ParseError):
        html5lib.HTMLParser(strict=True).parse(html.replace("</h1>", "</h2>", 1))


def test_a_long_key_number_may_break_between_its_words() -> None:
    fact = {"value": "USD\u202f27.1\u202fbillion", "words": "US imports from China", "actor": "us"}
    assert "<strong>USD 27.1 billion</strong>" in render(executed(header(facts=[fact]), *body()), slug="x").html
