"""What a cell shows: Figure, Table, Text, Header, Sources; their HTML and their data.

An output looks right by itself in JupyterLab and on a code host, and carries under `MIME` what a renderer of pages needs. It also carries
`sources`: where its rows come from and the day each became known.
"""

import base64
import html
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby, repeat
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

import pandas as pd

from tradelib import lists, strings, wording
from tradelib.rows import each
from tradelib.show import seen

MIME = "application/vnd.tradelib.piece+json"
DATA_LINK = "<!--data-->"
# What an output gives by media type: words, and under `MIME` what JSON can hold.
Bundle = dict[str, Any]
# A table of more rows is folded on a screen, under its caption; print and the browser's search open it.
FOLDED = 20
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
# A place of the same page, or another page of the site: no scheme and no host.
_OWN = re.compile(r"(?:#|(?:\.\./)+)[\w.-]+(?:/[\w.-]+)*(?:#[\w.-]+)?")


def no_sources() -> pd.DataFrame:
    """An empty frame of sources, for outputs that show no rows of the data."""
    return _no_sources().copy(deep=False)


@cache
@strings.alike
def _no_sources() -> pd.DataFrame:
    return pd.DataFrame({"source": pd.Series(dtype="str"), "url": pd.Series(dtype="str"), "known_on": pd.Series(dtype="datetime64[us]")})


def csv_text(frame: pd.DataFrame) -> str:
    """A frame as CSV: ISO days, at most ten significant digits, LF; text that a spreadsheet would run has an apostrophe before it."""
    return lists.without_formulas(frame).to_csv(index=False, date_format="%Y-%m-%d", float_format="%.10g", lineterminator="\n")


def markdown(text: str) -> str:
    """Words of the data, safe inside Markdown: characters that Markdown or HTML would read are escaped."""
    escaped = html.escape(text, quote=False)
    return "".join(f"\\{letter}" if letter in "\\`*_[]|#~$" else letter for letter in escaped)


def link(words: str, url: str) -> str:
    """Markdown link to the first of the addresses in `url`, or the bare words where there is none."""
    address = first_address(url)
    return f"[{markdown(words)}]({address.replace('(', '%28').replace(')', '%29')})" if address else markdown(words)


def first_address(url: object) -> str:
    """The first of several addresses with bars between them; empty where it is none of the web or of the site, which no page links to.

    Examples
    --------
    >>> first_address("https://example.org/a b|https://example.org/c"), first_address("javascript:alert(1)")
    ('https://example.org/a%20b', '')
    >>> first_address("#n1"), first_address("../85/index.html"), first_address("//example.org/a")
    ('#n1', '../85/index.html', '')
    """
    address = str(url).split("|", maxsplit=1)[0].strip()
    if _OWN.fullmatch(address):
        return address
    return re.sub(r"[\s\"<>\\^`{}]", lambda met: quote(met.group()), address) if _WEB.match(address) else ""


def side_by_side(rows: pd.DataFrame, name: str, unit: str) -> pd.DataFrame:
    """A column of (name, number) pairs as columns, for a cell of CSV holds one value: `other_1`, `other_1_<unit>`, `other_2` and on.

    Examples
    --------
    >>> wide = side_by_side(pd.DataFrame({"others": [[("Japan", 0.2), ("Vietnam", 0.1)], []]}), "others", "frac")
    >>> list(wide), [pairs(row, "frac") for row in wide.itertuples()]
    (['other_1', 'other_1_frac', 'other_2', 'other_2_frac'], [[('Japan', 0.2), ('Vietnam', 0.1)], []])
    """
    most = max(map(len, rows[name]), default=0)
    filled = [[*held, *[("", float("nan"))] * (most - len(held))] for held in rows[name]]
    columns = {
        f"other_{place + 1}{end}": [held[place][part] for held in filled]
        for place in range(most)
        for part, end in enumerate(("", f"_{unit}"))
    }
    return rows.drop(columns=name).assign(**columns)


def pairs(row: "Row", unit: str) -> list[tuple[str, float]]:
    """The pairs that `side_by_side` set out in a row."""
    found: list[tuple[str, float]] = []
    while getattr(row, f"other_{len(found) + 1}", ""):
        number = len(found) + 1
        found.append((getattr(row, f"other_{number}"), getattr(row, f"other_{number}_{unit}")))
    return found


class Output(Protocol):
    """What a cell may show."""

    def _repr_mimebundle_(self) -> Bundle: ...


def words(output: Output) -> str:
    """What a reader reads of an output, without markup."""
    return read(output._repr_mimebundle_())


def read(bundle: Bundle) -> str:
    """What a reader reads of what an output gives, without markup."""
    return html.unescape(re.sub(r"<[^>]*>", " ", str(bundle.get("text/html", bundle["text/plain"]))))


@dataclass(frozen=True)
class Text:
    """Prose in Markdown; `terms` are the words that it defines, each with the pattern that finds it."""

    text: str
    sources: pd.DataFrame = field(default_factory=no_sources)
    terms: tuple[tuple[str, str], ...] = ()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        payload = {"kind": "text", **({"terms": dict(self.terms)} if self.terms else {})}
        return {"text/markdown": self.text, "text/plain": self.text, MIME: payload}


@dataclass(frozen=True)
class Figure:
    """A figure: message, what is measured, the drawing in two widths, words for those who do not see it, and its data.

    `alt` says chart type, data and finding; it may not be empty. `png` is a picture with all words inside (see `pictures`), for what
    shows no HTML, such as paper.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    source: str
    svg: str
    svg_narrow: str
    data: pd.DataFrame
    sources: pd.DataFrame
    png: bytes = b""

    def __post_init__(self) -> None:
        for part in ("title", "subtitle", "alt", "source"):
            if not getattr(self, part).strip():
                message = f"The figure {self.name} has no {part}; every figure needs one."
                raise ValueError(message)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        return dict(self._bundle)

    @cached_property
    def _bundle(self) -> Bundle:
        wide, narrow = (base64.b64encode(svg.encode()).decode() for svg in (self.svg, self.svg_narrow))
        page = (
            f'<figure class="tl-figure" id="figure-{self.name}" style="margin:0"><figcaption>'
            f'<strong class="tl-title" style="display:block">{html.escape(self.title)}</strong>'
            f'<span class="tl-subtitle">{html.escape(self.subtitle)}</span></figcaption>'
            f'<picture><source media="(max-width: 40rem)" srcset="data:image/svg+xml;base64,{narrow}">'
            f'<img alt="{html.escape(self.alt)}" src="data:image/svg+xml;base64,{wide}" style="max-width:100%"></picture>'
            f'<p class="tl-source">{html.escape(self.source)} {DATA_LINK}</p></figure>'
        )
        said = {"title": self.title, "subtitle": self.subtitle, "alt": self.alt, "source": self.source}
        payload = {"kind": "figure", "name": self.name, "csv": csv_text(self.data), **said}
        picture = {"image/png": base64.b64encode(self.png).decode()} if self.png else {}
        return {"text/html": page, **picture, "text/plain": f"{self.title}\n{self.alt}", MIME: payload}


# A row of a frame, its values by the names of the columns.
Row = Any
Writer = Callable[[Row], str]


def cell(name: str, write: Callable[[Any], str] = str) -> Writer:
    """Writer of what one column of a row holds; nothing where it holds nothing.

    Examples
    --------
    >>> row = next(pd.DataFrame({"rate_frac": [0.3], "to": [pd.NaT]}).itertuples())
    >>> cell("rate_frac", "{:.0%}".format)(row), cell("to", days)(row)
    ('30%', '')
    """

    def written(row: Row) -> str:
        value = getattr(row, name)
        return "" if pd.isna(value) else write(value)

    return written


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, and how a cell is written from the row.

    Words are made here, and never stand in the data: those hold numbers, days and codes, for whoever calculates with them.
    `kind` is `text`, `num` (right-aligned), `status` (an outlined word), `link` (the words link to what the field `url` names) or `good`
    (the field `url` names a basket, to whose page a site links the words where it has one).
    With `cite`, its words stand behind the others, smaller, and link to what `url` names; an empty `url` links nothing.
    """

    heading: str
    write: Writer
    kind: str = "text"
    url: str = "url"
    cite: Writer | None = None


@dataclass(frozen=True)
class Table:
    """A table: caption, columns, rows, and a note on where they come from.

    `most` rows are shown, of more than `FOLDED` (or of any with `folded`) only once a reader opens them; the data beside the page hold all
    of them. With `group`, rows for which it writes the same words stand under them as a heading, and `most` counts for each heading; they
    must come together.
    """

    name: str
    caption: str
    columns: Sequence[Column]
    data: pd.DataFrame
    sources: pd.DataFrame
    note: str = ""
    most: int | None = None
    group: Writer | None = None
    folded: bool = False

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        return dict(self._bundle)

    @cached_property
    def _bundle(self) -> Bundle:
        head = "".join(f'<th scope="col"{_class(column)}>{html.escape(column.heading)}</th>' for column in self.columns)
        sections = [(title, list(part)) for title, part in groupby(self.data.itertuples(index=False), key=self.group or (lambda _: ""))]
        shown = [(title, [(row, [column.write(row) for column in self.columns]) for row in part[: self.most]]) for title, part in sections]
        rows = [row for _, part in shown for row in part]
        left_out = len(self.data) - len(rows)
        note = f"{self.note} {wording.count(left_out, 'more row')} in the CSV file.".strip() if left_out else self.note
        body = "".join(self._section(part, title) for title, part in shown)
        body = body or f'<tbody><tr><td colspan="{len(self.columns)}">None recorded by this date.</td></tr></tbody>'
        caption = html.escape(self.caption)
        table = (
            f'<div class="tl-scroll" role="region" tabindex="0" aria-label="{caption}">'
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>{body}</table></div>"
        )
        if self.folded or len(rows) > FOLDED:
            table = f"<details><summary>{caption} ({wording.count(len(rows), 'row')})</summary>{table}</details>"
        page = f'<div class="tl-table" id="table-{self.name}">{table}<p class="tl-source">{html.escape(note)} {DATA_LINK}</p></div>'
        payload = {"kind": "table", "name": self.name, "csv": csv_text(self.data)}
        plain = "\n".join(" | ".join(words) for _, words in rows)
        return {"text/html": page, "text/plain": f"{self.caption}\n{plain}", MIME: payload}

    def _section(self, rows: list[tuple[Row, list[str]]], title: str) -> str:
        """Rows that stand together, each with the words of its cells, under the words they share."""
        body = "".join("<tr>" + "".join(map(_cell, self.columns, repeat(row), words)) + "</tr>" for row, words in rows)
        words = html.escape(title)
        head = f'<tr class="tl-group"><th scope="rowgroup" colspan="{len(self.columns)}" style="text-align:left">{words}</th></tr>'
        return f"<tbody>{head if title else ''}{body}</tbody>"


@dataclass(frozen=True)
class Fact:
    """A number that matters, large, with the words that make it true. `actor` is `us`, `cn` or `both`."""

    value: str
    words: str
    actor: str = "both"


@dataclass(frozen=True)
class Header:
    """The head of a page: the finding of the day, facts about the page, and its key numbers."""

    payload: dict[str, Any]
    sources: pd.DataFrame = field(default_factory=no_sources)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        about = self.payload
        facts = "".join(
            f'<li><strong style="font-size:1.4em">{html.escape(fact["value"])}</strong> {html.escape(fact["words"])}</li>'
            for fact in about["facts"]
        )
        told = "".join(f"<li>{html.escape(message)}.</li>" for message in about["messages"])
        notice = f"<p><strong>{html.escape(about['notice'])}</strong></p>" if about["notice"] else ""
        under = f"<p>{html.escape(about['standfirst'])}</p>" if about.get("standfirst") else ""
        page = (
            f'<div class="tl-head"><p style="font-size:1.6em;font-weight:bold;line-height:1.2">{html.escape(about["title"])}</p>'
            f"{under}{notice}<p>As of {about['as_of']} · information up to {min(about['as_of'], about['evidence_through'])} · "
            f"edition {html.escape(about['edition'])}</p><ul>{facts}</ul><ul>{told}</ul></div>"
        )
        lines = [
            about["title"],
            *filter(None, [about.get("standfirst")]),
            *(f"{fact['value']} {fact['words']}" for fact in about["facts"]),
            *about["messages"],
        ]
        return {"text/html": page, "text/plain": "\n".join(lines), MIME: {"kind": "header", **about}}


class _Source(NamedTuple):
    source: str
    url: str
    known_on: pd.Timestamp


@dataclass(frozen=True)
class Sources:
    """Everything a page rests on, in order of appearance; what all days are measured with became known on no day.

    `shown` are the outputs of the page by a name of their own, each with its numbers in this list.
    """

    rows: pd.DataFrame
    shown: dict[str, list[int]] = field(default_factory=dict)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        records = [
            {"source": row.source, "url": row.url, "known_on": cell("known_on", "{:%Y-%m-%d}".format)(row), "seen": seen.how(row.url)}
            for row in each(self.rows, _Source)
        ]
        items = "\n".join(
            f"1. {link(row['source'], row['url'])}{row['seen'] and ', ' + row['seen']}{row['known_on'] and ', known ' + row['known_on']}"
            for row in records
        )
        return {
            "text/markdown": items,
            "text/plain": json.dumps(records, ensure_ascii=False),
            MIME: {"kind": "sources", "rows": records, "shown": self.shown},
        }


def _class(column: Column) -> str:
    # JupyterLab aligns every cell right; the renderer of pages drops inline styles.
    return ' class="num"' if column.kind == "num" else ' style="text-align:left"'


def _cell(column: Column, row: Row, words: str) -> str:
    words = html.escape(words)
    url = getattr(row, column.url, "")
    if column.kind == "status":
        words = f'<span class="tl-status tl-status-{re.sub("[ _]", "-", words.lower())}">{words}</span>'
    elif column.kind == "link":
        words = _anchor(words, url)
    elif column.kind == "good":
        words = f"<!--good:{html.escape(str(url))}-->{words}<!--/good-->"
    cited = column.cite(row) if column.cite else ""
    if cited:
        words += f' <small class="tl-cite">{_anchor(html.escape(cited), url)}</small>'
    return f"<td{_class(column)}>{words}</td>"


def _anchor(words: str, url: str) -> str:
    """Escaped words, linked to the first of the addresses in `url` where there is one."""
    address = first_address(url)
    return f'<a href="{html.escape(address)}">{words}</a>' if address and words else words


def after(words: str) -> str:
    """Words that follow others after a semicolon; nothing where there are none."""
    return f"; {words}" if words else ""


def days(value: pd.Timestamp) -> str:
    """Writer of a column of days, which do not break."""
    return wording.short_day(value).replace(" ", wording.FIXED)


def citation(text: str) -> str:
    """The first name of a legal text: without docket numbers and further texts; a page reference does not break.

    Examples
    --------
    >>> citation("USTR notice of action, 83 FR 28710, FR Doc 2018-13248; HTSUS U.S. note 16").replace(wording.FIXED, "_")
    'USTR notice of action, 83_FR_28710'
    >>> citation("Bessent on Fox News (NBC News; CNBC)")
    'Bessent on Fox News'
    """
    name = text.split("; ", maxsplit=1)[0].split(", FR Doc", maxsplit=1)[0].split(", after ", maxsplit=1)[0]
    name = re.sub(r" \([^()]*$", "", name)  # a bracket that was cut open
    return re.sub(r"(\d+) FR (\d+)", rf"\1{wording.FIXED}FR{wording.FIXED}\2", name)
