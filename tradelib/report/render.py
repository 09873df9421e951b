"""Rendering: an executed notebook as one page of HTML and the data files beside it."""

import functools
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from tradelib import wording
from tradelib.days import parse_day
from tradelib.errors import ReportError
from tradelib.report import citations, first_uses, page_checks
from tradelib.report.outputs import Figure, Outputs, collect
from tradelib.report.values import spelled

SITE_NAME = "US-China trade truce"
TEMPLATE = Path(__file__).parent / "template"

_CONTROL = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_URL = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:)\]']")
_TO_HYPHEN = re.compile(r"[^a-z0-9]+")
# What needs nothing of the renderer and is long, as `show.long_table` marks it, and the mark that stands for it meanwhile.
_AS_IS, _ASIDE = re.compile(r"<!--as-is-->(.*?)<!--/as-is-->", re.DOTALL), re.compile(r"<!--aside-(\d+)-->")
# What is most of a page and gets no ids, links or contents: pictures, rows of tables that a cell shows, and lists of sources.
_BULK = re.compile(
    r"(?P<picture><picture>.*?</picture>)|(?P<head><table><caption>.*?</thead>)(?P<rows><tbody>.*?</tbody>)(?=</table>)"
    r'|(?P<list><ol class="sources".*?</ol>)',
    re.DOTALL,
)
_SINGLE = re.compile(r"<\w[^>]*='")
_TEXT, _STYLED = re.compile(r">[^<]*&quot;[^<]*"), re.compile(r'(<\w[^>]*?) style="[^"]*"')
_FEWEST_CONTENTS = 2
_LONG_VALUE = 9
_ACTORS = ("us", "cn", "both")
# What the header says of a page that the style sheet lays out in its own way.
_LOOKS = ("front", "brief")


@dataclass(frozen=True)
class RenderedPage:
    """A page ready to be written: its HTML, its data files, its figures, and what the index of the site says about it."""

    html: str
    data: dict[str, str]
    title: str
    description: str
    label: str
    header: dict[str, Any]
    sources: list[dict[str, Any]]
    figures: list[Figure] = field(default_factory=list)


def render(notebook: Any, *, slug: str, site_root: str = "../../..", made_by: str = "") -> RenderedPage:
    """Page of an executed notebook.

    The title of the header is the only h1; code, the header's and the sources' own outputs and the first cell are left out. The
    links to other days stay open between two marks until the site is assembled.

    Parameters
    ----------
    notebook : as `tradelib.report.execute.execute` returns it.
    slug : folder of the page below ``reports/<notebook>/``, such as "2025-06-09"; with `made_by`, below the folder of the site.
    site_root : the way from this folder to the folder of the site.
    made_by : command that makes the page again, of one that has no notebook of its own.

    Raises
    ------
    ReportError : an output breaks the contract, or the page would not pass `tradelib.report.page_checks.faults`.
    LeakError : a source became known after the day of the page.
    """
    outputs = collect(notebook)
    label = _label(outputs.heading) or outputs.header["notebook"]
    page = _context(outputs, label=label, slug=slug, site_root=site_root)
    if made_by:
        page |= {"command": made_by, "notebook": "", "address": f"{slug}/"}
    aside = _set_aside(outputs.body)
    short = _BULK.sub(lambda match: _bulk(match, aside), _convert(outputs, page))
    html = _ASIDE.sub(lambda match: aside[int(match[1])], _finish(short, outputs.terms))
    found = page_checks.faults(html)
    if found:
        rest = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        message = f"The page of {outputs.header['notebook']} as of {outputs.header['as_of']} cannot be published: {found[0]}{rest}."
        raise ReportError(message)
    header = outputs.header
    return RenderedPage(html, outputs.data, header["title"], header["description"], label, header, outputs.sources, outputs.figures)


def without_control(words: str) -> str:
    """Words without what neither XML nor a calendar may hold."""
    return _CONTROL.sub(" ", words)


def day_html(day: str | date, *, short: bool = False) -> str:
    """Day in words, as a time element that does not break; for narrow cells with the month in three letters.

    Examples
    --------
    >>> day_html("2025-06-09", short=True).replace(chr(0xA0), "_")
    '<time datetime="2025-06-09">9_Jun_2025</time>'
    """
    day = parse_day(day, name="day")
    words = wording.short_day(day) if short else wording.day(day)
    return f'<time datetime="{day.isoformat()}">{words.replace(" ", chr(0xA0))}</time>'


def style_sheet() -> str:
    """The one style sheet, without comments and line breaks."""
    text = re.sub(r"/\*.*?\*/", "", (TEMPLATE / "page.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "", text)


def reproduce(header: dict[str, Any]) -> str:
    """Command that makes the page again, every parameter spelt out."""
    values = [f"{name}={spelled(value)}" for name, value in sorted(header["parameters"].items()) if name != "as_of"]
    words = ["tradelib", "publish", header["notebook"], "--as-of", header["as_of"]]
    return shlex.join(words + [word for value in values for word in ("-p", value)])


def _label(heading: str) -> str:
    plain = re.sub(r"[*_`]", "", heading)
    if plain.lower().startswith(SITE_NAME.lower()):
        plain = plain[len(SITE_NAME) :]
    return plain.strip(" ·:,-–—")


def _set_aside(body: Any) -> list[str]:
    """Take out of the outputs of a notebook what is to stay as it is; a mark with its number stands in each place."""
    aside: list[str] = []

    def taken(match: re.Match[str]) -> str:
        aside.append(match[1])
        return f"<!--aside-{len(aside) - 1}-->"

    for cell in body.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                data["text/html"] = _AS_IS.sub(taken, data["text/html"])
    return aside


def _bulk(match: re.Match[str], aside: list[str]) -> str:
    """Take a part of a page out as the parser would give it back, which would take most of its time for it; a mark stands in its place."""
    words = _STYLED.sub(r"\1", match["picture"] or match["list"] or match["rows"])
    if _SINGLE.search(words):  # a quote that ends the value of an attribute: left to the parser
        return match[0]
    words = words.replace("&#x27;", "'").replace("&#39;", "'")
    aside.append(_TEXT.sub(lambda text: text[0].replace("&quot;", '"'), words))
    return f"{match['head'] or ''}<!--aside-{len(aside) - 1}-->"


def _convert(outputs: Outputs, page: dict[str, Any]) -> str:
    html, _ = _exporter().from_notebook_node(outputs.body, resources={"page": page})
    return html


@functools.cache
def _exporter() -> Any:
    """Exporter of nbconvert with our template, which is compiled once; the page is parsed by us, and not by the exporter before."""
    from nbconvert import HTMLExporter
    from nbconvert.exporters.html import WidgetsDataTypeFilter

    class Unparsed(HTMLExporter):  # type: ignore[misc]
        def from_notebook_node(self, nb: Any, resources: Any = None, **more: Any) -> Any:
            self.register_filter("highlight_code", escape)  # no code is shown; the template must find a filter of this name
            self.register_filter("filter_data_type", WidgetsDataTypeFilter(notebook_metadata={}, parent=self, resources=resources))
            return super(HTMLExporter, self).from_notebook_node(nb, resources, **more)

    return Unparsed(
        template_name=TEMPLATE.name,
        extra_template_basedirs=[str(TEMPLATE.parent)],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        optimistic_validation=True,  # once, and not after each step
    )


def _context(outputs: Outputs, *, label: str, slug: str, site_root: str) -> dict[str, Any]:
    """Everything the template needs, in words; the template escapes what does not end in _html."""
    header = outputs.header
    as_of, through = parse_day(header["as_of"]), parse_day(header["evidence_through"], name="evidence_through")
    return {
        "site_name": SITE_NAME,
        "style": style_sheet(),
        "label": label,
        "address": f"reports/{header['notebook']}/{slug}/",
        "root": site_root.rstrip("/"),
        "header": header,
        "look": " ".join(name for name in _LOOKS if header.get(name)),
        "notebook": f"{header['notebook']}.ipynb",
        "notice": header.get("notice") or "",
        "status": "" if as_of <= through else "Provisional: our data end earlier",
        "messages": header.get("messages", []),
        "facts": [
            {**fact, "value": _breaking(fact["value"]), "actor": fact["actor"] if fact.get("actor") in _ACTORS else "both"}
            for fact in header.get("facts", [])
        ],
        "as_of_words": wording.day(parse_day(as_of)),
        "as_of_html": day_html(as_of),
        "through_html": day_html(min(as_of, through)),
        "data": sorted(outputs.data),
        "head_refs": outputs.head_refs,
        "box": outputs.box,
        "sources": citations.by_section([_source(row) for row in outputs.sources], outputs.sections),
        "cite_html": _linked(header.get("cite") or ""),
        "licence_html": _linked(header.get("licence") or ""),
        "command": reproduce(header),
    }


def _breaking(value: str) -> str:
    """A key number that may break between its words where it is longer than a narrow box."""
    return value.replace(wording.THIN, " ").replace(wording.FIXED, " ") if len(value) > _LONG_VALUE else value


def _source(row: dict[str, Any]) -> dict[str, str]:
    """One row of the list of sources; several addresses stand in one field, with bars between them."""
    name = escape(str(row["source"]))
    urls = [url for url in (part.strip() for part in str(row.get("url") or "").split("|")) if _URL.fullmatch(url)]
    links = [f'<a href="{escape(url)}">{name if number == 1 else f"also here ({number})"}</a>' for number, url in enumerate(urls, start=1)]
    known = day_html(row["known_on"]) if row.get("known_on") else ""
    return {"name_html": ", ".join(links) or name, "seen": str(row.get("seen") or ""), "known_html": known}


def _linked(text: str) -> str:
    return _URL.sub(lambda match: f'<a class="address" href="{match.group()}">{match.group()}</a>', escape(text, quote=False))


def _finish(html: str, terms: Mapping[str, str]) -> str:
    """Page with ids on its headings, a contents list, defined words linked, and outputs that leave their look to the style sheet."""
    from bs4 import BeautifulSoup, Comment
    from bs4.dammit import EntitySubstitution
    from bs4.formatter import HTMLFormatter

    soup = BeautifulSoup(html, features="html.parser")
    article = soup.select_one("article")
    for element in article.find_all("style"):
        element.decompose()
    for element in article.select("[class^=tl-], [class^=tl-] *"):
        del element["style"]
    for table in article.select(".prose table"):
        _frame(soup, table)
    taken = {element["id"] for element in soup.select("[id]")}
    for heading in article.select("h2, h3, h4, h5, h6"):
        if not heading.get("id"):
            heading["id"] = _free_id(heading.get_text(), taken)
    first_uses.mark(soup, terms)
    listed = [*article.select("h2"), *soup.select("h2#sources")]
    contents = [(heading["id"], heading.get_text(" ", strip=True)) for heading in listed]
    mark = soup.find(string=lambda text: isinstance(text, Comment) and text.strip() == "contents")
    mark.replace_with(BeautifulSoup(_contents(contents), features="html.parser"))
    # Elements without an end are written as HTML has them, without the slash of XML.
    plain = HTMLFormatter(entity_substitution=EntitySubstitution.substitute_xml, void_element_close_prefix="")
    return soup.decode(formatter=plain).rstrip("\n") + "\n"


def _frame(soup: Any, table: Any) -> None:
    """Give a table written in Markdown the frame that lets it scroll by itself."""
    caption = table.caption.get_text() if table.caption else "Table"
    table.wrap(soup.new_tag("div", attrs={"class": "tl-scroll", "role": "region", "tabindex": "0", "aria-label": caption}))


def _contents(headings: list[tuple[str, str]]) -> str:
    if len(headings) < _FEWEST_CONTENTS:
        return ""
    items = "".join(f'<li><a href="#{name}">{escape(text)}</a></li>' for name, text in headings)
    return f'<nav aria-label="On this page" class="contents"><ul>{items}</ul></nav>'


def _free_id(text: str, taken: set[str]) -> str:
    stem = _TO_HYPHEN.sub("-", text.lower()).strip("-") or "section"
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name
