"""A long table whose rows can be linked to: rows with names of their own under headings, each whole by itself.

It is hundreds of rows long, so its HTML leaves out what HTML lets one leave out: end tags of cells and rows, quotes of names. What stands
below the head of a row, or below a number, follows a line break: the style sheet knows the first line from the others.
Cells are of numbers; those of words have the class `t`.
"""

import functools
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pandas as pd

from tradelib.show.display import DATA_LINK, MIME, Column, Row, Writer, csv_text, first_address

# A renderer leaves what stands between the two as it is: it has no style of its own, and is long.
AS_IS, END = "<!--as-is-->", "<!--/as-is-->"
_BARE = re.compile(r"[A-Za-z0-9.#_-]+")


@dataclass(frozen=True)
class LongTable:
    """A table of hundreds of rows.

    Attributes
    ----------
    name, caption, data, sources, note
        as for `display.Table`.
    columns
        the first heads its row. A column of the kind `parts` writes a list of (words, address or nothing) instead of words.
    words
        writes what stands below the head of a row.
    anchor
        writes the name of a row: a place to link to; none where it writes nothing.
    group
        rows for which it writes the same words stand under them; they must come together.
    group_anchor
        writes the name of a group from its first row.
    legend
        what names in the cells of a column of the kind `parts` stand for: its heading opens a list of them, in which each name links to
        the row of another table of the page.
    is_placed
        the style sheet knows its columns by their place, so that no cell says its kind.
    held
        columns that the data beside the page hold; by default all.
    """

    name: str
    caption: str
    columns: Sequence[Column]
    data: pd.DataFrame
    sources: pd.DataFrame
    note: str = ""
    words: Writer | None = None
    anchor: Writer | None = None
    group: Writer | None = None
    group_anchor: Writer | None = None
    legend: Mapping[str, str] = field(default_factory=dict)
    is_placed: bool = False
    held: Sequence[str] = ()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return self._bundle

    @functools.cached_property
    def _bundle(self) -> dict[str, object]:
        """What is shown, written once: a page asks for the words first, and then for all."""
        head = "".join(f'<th scope="col"{_class(column)}>{self._heading(column)}</th>' for column in self.columns)
        rows = list(self.data.itertuples(index=False))
        body = "".join(self._section(words, list(part)) for words, part in groupby(rows, key=self.group or (lambda _: "")))
        caption, look = html.escape(self.caption), " tl-rows" if self.is_placed else ""
        page = (
            f'<div class="tl-table tl-long{look}" id="table-{self.name}">'
            f'<div class="tl-scroll" role="region" tabindex="0" aria-label="{caption}">'
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>{AS_IS}{body}{END}</table></div>"
            f'<p class="tl-source">{html.escape(self.note)} {DATA_LINK}</p></div>'
        )
        payload = {"kind": "table", "name": self.name, "csv": csv_text(self.data[list(self.held or self.data)])}
        return {"text/html": page, "text/plain": f"{self.caption}\n{len(rows)} rows", MIME: payload}

    def _heading(self, column: Column) -> str:
        heading = html.escape(column.heading)
        if column.kind != "parts" or not self.legend:
            return heading
        items = "".join(f"<li>{_linked(html.escape(name), f'#{name}')} {html.escape(words)}</li>" for name, words in self.legend.items())
        first, *others = map(html.escape, self.legend)
        return f"<details><summary>{heading} {' to '.join([first, *others[-1:]])}</summary><ul>{items}</ul></details>"

    def _section(self, words: str, rows: list[Row]) -> str:
        """Rows of one group under its words."""
        anchor = self.group_anchor(rows[0]) if self.group_anchor else ""
        cell = f"<th scope=rowgroup colspan={len(self.columns)}><span>{html.escape(words)}</span>"
        head = f"<tr class=tl-group{_named('id', anchor)}>{cell}"
        return f"<tbody>{head if words else ''}{''.join(map(self._row, rows))}</tbody>"

    def _row(self, row: Row) -> str:
        name = _named("id", self.anchor(row)) if self.anchor else ""
        cells = "".join(f"<td{'' if self.is_placed else _class(column)}>{_content(column, row)}" for column in self.columns[1:])
        words = html.escape(self.words(row)) if self.words else ""
        return f"<tr{name}><th scope=row>{_content(self.columns[0], row)}{f'<br>{words}' if words else ''}{cells}"


def _content(column: Column, row: Row) -> str:
    """What a cell holds."""
    url = str(getattr(row, column.url, "") if column.url else "")
    written: Any = column.write(row)
    if column.kind == "parts":
        words = "".join(_linked(html.escape(part), address) for part, address in written)
    else:
        words = _linked(html.escape(written), first_address(url) if column.kind == "link" else "")
    cited = html.escape(column.cite(row)) if column.cite else ""
    if not cited:
        return words
    below = _linked(cited, first_address(url))
    return f"{words}<br>{below}" if column.kind == "num" else f"{words}<small>{below}</small>"


def _linked(words: str, url: str) -> str:
    """Escaped words, linked to the first of the addresses in `url` where there is one."""
    address = url.split("|", maxsplit=1)[0].strip()
    return f"<a{_named('href', address)}>{words}</a>" if address and words else words


def _named(attribute: str, value: str) -> str:
    """An attribute, without quotes where it needs none; nothing where it has no value."""
    if _BARE.fullmatch(value):
        return f" {attribute}={value}"
    return f' {attribute}="{html.escape(value)}"' if value else ""


def _class(column: Column) -> str:
    return "" if column.kind == "num" else " class=t"
