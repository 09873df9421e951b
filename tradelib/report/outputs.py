"""Outputs: what the cells of an executed notebook offer to the page, read from their payloads."""

import base64
import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from tradelib.days import parse_day
from tradelib.errors import LeakError, ReportError
from tradelib.report import citations
from tradelib.report.execute import INJECTED

MIME = "application/vnd.tradelib.piece+json"
DATA_MARK = "<!--data-->"

_HEADER_KEYS = ("notebook", "title", "description", "as_of", "evidence_through", "edition", "parameters")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_BARE_HEADING = re.compile(r"\s*#{1,6}[ \t][^\n]*\s*")
_PICTURE = re.compile(r"<picture>.*?</picture>", re.DOTALL)
_DRAWING = re.compile(r'<img [^>]*src="data:image/svg\+xml;base64,([^"]+)"')
_FIGURE_KEYS = ("title", "subtitle", "alt", "source")
_FIRST_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


@dataclass(frozen=True)
class Figure:
    """A figure of a page: its words, its picture as HTML, its drawing as SVG, and the whole as PNG, where the output has one."""

    name: str
    title: str
    subtitle: str
    alt: str
    source: str
    picture: str
    svg: str
    png: bytes


@dataclass
class Outputs:
    """What an executed notebook offers: its own heading, head, box and sources of the page, data files, figures, and the body that is left.

    `shown` has the numbers of the sources of each output, `head_refs` links to those of the paragraph under the title, `sections`
    says where each source is named first. `terms` are the words that the page defines, with their patterns.
    """

    body: Any
    heading: str
    header: dict[str, Any] = field(default_factory=dict)
    sources: list[dict[str, Any]] = field(default_factory=list)
    lists_sources: bool = False  # in the first weeks of 2018 no source was known, and the list is empty
    shown: dict[str, list[int]] = field(default_factory=dict)
    sections: dict[int, str] = field(default_factory=dict)
    head_refs: str = ""
    box: str = ""
    terms: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)


def collect(notebook: Any) -> Outputs:
    """Outputs of an executed notebook.

    The header, the box for codes and the sources leave the body, because the page gives them places of their own; so does the
    first cell, of which only the heading is used. The data mark of each figure and table becomes the link to its file.

    Parameters
    ----------
    notebook : executed and normalised; not changed.

    Raises
    ------
    ReportError : no header or several, no list of sources, two outputs of one name, one without data, a cell that failed.
    LeakError : a source became known after the day of the page.
    """
    body = copy.deepcopy(notebook)
    found = Outputs(body, _heading(body))
    body.cells = body.cells[1:]
    for number, cell, output in _outputs(body):
        if output.output_type == "error":
            message = f"Cell {number} ended with {output.ename}: {output.evalue}. A page shows no cell that failed."
            raise ReportError(message)
        # A plain copy: a notebook's own kind of dict would make whoever unpickles a page import nbformat.
        payload = json.loads(json.dumps(output.get("data", {}).get(MIME)))
        if payload is not None and not _take(payload, output, found, number):
            cell.outputs = [other for other in cell.outputs if other is not output]
            _drop_bare_heading(body, cell)
    _check(found)
    head = found.shown.get(citations.key(found.header.get("standfirst") or ""), [])
    found.head_refs, found.sections = citations.refs_html(head), citations.placed(body, found.shown, head)
    return found


def _heading(notebook: Any) -> str:
    first = notebook.cells[0] if notebook.cells else {}
    match = _FIRST_HEADING.match(first.get("source", "")) if first.get("cell_type") == "markdown" else None
    if match is None:
        message = "The first cell of the notebook must be Markdown that begins with a heading such as `# Briefing`."
        raise ReportError(message)
    return match.group(1).strip()


def _outputs(notebook: Any) -> Iterator[tuple[int, Any, Any]]:
    number = 1
    for cell in notebook.cells:
        number += INJECTED not in cell.metadata.get("tags", [])
        for output in list(cell.get("outputs", [])):
            yield number, cell, output


def _drop_bare_heading(notebook: Any, cell: Any) -> None:
    """Drop the heading above a cell that has nothing left to show, such as the one above the list of sources."""
    place = next(number for number, other in enumerate(notebook.cells) if other is cell)
    above = notebook.cells[place - 1] if place else {}
    if not cell.outputs and above.get("cell_type") == "markdown" and _BARE_HEADING.fullmatch(above["source"]):
        notebook.cells = [other for other in notebook.cells if other is not above]


def _take(payload: dict[str, Any], output: Any, found: Outputs, number: int) -> bool:
    """Sort one output in; true when it stays in the body."""
    kind = payload.get("kind")
    if kind == "text":
        found.terms |= payload.get("terms", {})
        return True
    if kind in ("figure", "table"):
        _take_data(payload, output, found)
        return True
    if kind == "header" and not found.header:
        found.header = dict(payload)
        return False
    if kind == "box" and not found.box:
        found.box = str(payload.get("html", ""))
        return False
    if kind == "sources" and not found.lists_sources:
        found.lists_sources = True
        found.sources, found.shown = [dict(row) for row in payload.get("rows", [])], dict(payload.get("shown", {}))
        return False
    again = "a second time " if kind in ("header", "box", "sources") else ""
    message = f"Cell {number} shows an output of the kind {kind!r} {again}which a page cannot place."
    raise ReportError(message)


def _take_data(payload: dict[str, Any], output: Any, found: Outputs) -> None:
    kind, name, csv = payload["kind"], payload.get("name", ""), payload.get("csv", "")
    html = output.data.get("text/html", "")
    if not _NAME.fullmatch(name):
        message = f"The name of a {kind} must be lower-case letters, digits, - and _, such as headline_duties, not {name!r}."
        raise ReportError(message)
    if f"{name}.csv" in found.data:
        message = f"Two figures or tables of the page are named {name!r}; each needs its own name, because it names the data file."
        raise ReportError(message)
    if not csv.strip() or html.count(DATA_MARK) != 1:
        missing = "no data" if not csv.strip() else f"no single place {DATA_MARK} for the link to its data"
        message = f"The {kind} {name!r} has {missing}; every figure and table of a page offers its data."
        raise ReportError(message)
    found.data[f"{name}.csv"] = csv
    links = f'Data: <a href="data/{name}.csv" download>{escape(name)}.csv</a>'
    if kind == "figure":
        figure = _figure(payload, html, output.data.pop("image/png", ""))
        found.figures.append(figure)
        links = figure_links(name, has_png=bool(figure.png))
    output.data["text/html"] = html.replace(DATA_MARK, f'<span class="tl-data">{links}</span>')


def figure_links(name: str, *, has_png: bool, up: str = "", with_page: bool = True) -> str:
    """Links to the files of a figure.

    Parameters
    ----------
    up : the way to the folder of its report.
    with_page : whether the page of the figure itself is one of them.
    """
    files = [("CSV", f"data/{name}.csv"), ("SVG", f"figures/{name}.svg"), *[("PNG", f"figures/{name}.png")] * has_png]
    links = [f'<a href="{up}{path}" download aria-label="{words} of {escape(name)}">{words}</a>' for words, path in files]
    links += [f'<a href="{up}figures/{name}.html" aria-label="page of {escape(name)}">page</a>'] * with_page
    return " · ".join(links)


def _figure(payload: dict[str, Any], html: str, png: str) -> Figure:
    name, picture = payload["name"], _PICTURE.search(html)
    drawing = _DRAWING.search(picture[0]) if picture else None
    missing = [key for key in _FIGURE_KEYS if not payload.get(key)] + ["drawing"] * (drawing is None)
    if picture is None or drawing is None or missing:
        message = f"The figure {name!r} has no {' and no '.join(missing)}; a figure stands on a page of its own, and needs it."
        raise ReportError(message)
    svg = base64.b64decode(drawing[1]).decode()
    return Figure(name, *(str(payload[key]) for key in _FIGURE_KEYS), picture[0], svg, base64.b64decode(png))


def _check(found: Outputs) -> None:
    if not found.header:
        message = "The notebook shows no header, so the page has no title and no day; open the page in its third cell."
        raise ReportError(message)
    missing = [key for key in _HEADER_KEYS if not found.header.get(key) and key != "parameters"]
    if missing:
        message = f"The header of the page lacks {', '.join(missing)}."
        raise ReportError(message)
    if found.data and not found.lists_sources:
        message = f"The page shows {len(found.data)} figures and tables but no list of sources; show it in the last cell."
        raise ReportError(message)
    as_of = parse_day(found.header["as_of"])
    for row in found.sources:
        if not row.get("source"):
            message = f"A source of the page has no name: {row!r}."
            raise ReportError(message)
        if row.get("known_on") and parse_day(row["known_on"], name="known_on") > as_of:
            message = f"The page is as of {as_of}, but its source {row['source']!r} became known on {row['known_on']}, which is later."
            raise LeakError(message)
