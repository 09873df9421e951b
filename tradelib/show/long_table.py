"""A long table whose rows can be linked to: rows with names of their own under headings, and neighbours that say the same say it once.

It is hundreds of rows long, so its HTML leaves out what HTML lets one leave out: end tags of cells and rows, quotes of names.
Cells are of numbers; those of words have the class `t`.
"""

import functools
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd

from tradelib.show.display import DATA_LINK, MIME, Column, Row, Writer, csv_text, first_address

# A renderer leaves what stands between the two as it is: it has no style of its own, and is long.
AS_IS, END = "<!--as-is-->", "<!--/as-is-->"
# A cell that stands for more rows than this would be out of sight of the last of them.
MOST_ROWS = 10
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
    alike
        rows that come together, and for which it writes the same, share the cells in which they agree; none: no cells are shared.
    repeated
        so many columns after the head are written in every row all the same, so that a row that is searched for says its own.
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
    alike: Writer | None = None
    repeated: int = 0
    held: Sequence[str] = ()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return self._bundle

    @functools.cached_property
    def _bundle(self) -> dict[str, object]:
        """What is shown, written once: a page asks for the words first, and then for all."""
        head = "".join(f'<th scope="col"{_class(column)}>{html.escape(column.heading)}</th>' for column in self.columns)
        rows = list(self.data.itertuples(index=False))
        body = "".join(self._section(words, list(part)) for words, part in groupby(rows, key=self.group or (lambda _: "")))
        caption = html.escape(self.caption)
        page = (
            f'<div class="tl-table tl-long" id="table-{self.name}">'
            f'<div class="tl-scroll" role="region" tabindex="0" aria-label="{caption}">'
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>{AS_IS}{body}{END}</table></div>"
            f'<p class="tl-source">{html.escape(self.note)} {DATA_LINK}</p></div>'
        )
        payload = {"kind": "table", "name": self.name, "csv": csv_text(self.data[list(self.held or self.data)])}
        return {"text/html": page, "text/plain": f"{self.caption}\n{len(rows)} rows", MIME: payload}

    def _section(self, words: str, rows: list[Row]) -> str:
        """Rows of one group under its words."""
        anchor = self.group_anchor(rows[0]) if self.group_anchor else ""
        cell = f"<th scope=rowgroup colspan={len(self.columns)}><span>{html.escape(words)}</span>"
        head = f"<tr class=tl-group{_named('id', anchor)}>{cell}"
        blocks = [list(part) for _, part in groupby(rows, key=self.alike)] if self.alike else [[row] for row in rows]
        parts = (block[at : at + MOST_ROWS] for block in blocks for at in range(0, len(block), MOST_ROWS))
        return f"<tbody>{head if words else ''}{''.join(map(self._block, parts))}</tbody>"

    def _block(self, rows: list[Row]) -> str:
        """Rows that share the cells in which neighbours agree."""
        written = [[self._head(row)] for row in rows]
        for place, column in enumerate(self.columns[1:]):
            contents, at = [_content(column, row) for row in rows], 0
            parts = [[cell] for cell in contents] if place < self.repeated else [list(part) for _, part in groupby(contents)]
            for part in parts:
                written[at].append(f"<td{_class(column)}{f' rowspan={len(part)}' if len(part) > 1 else ''}>{part[0]}")
                at += len(part)
        named = (_named("id", self.anchor(row)) if self.anchor else "" for row in rows)
        return "".join(f"<tr{name}>{''.join(cells)}" for name, cells in zip(named, written, strict=True))

    def _head(self, row: Row) -> str:
        name, words = _content(self.columns[0], row), html.escape(self.words(row)) if self.words else ""
        return f"<th scope=row><b>{name}</b>{words}" if self.words else f"<th scope=row>{name}"


def _content(column: Column, row: Row) -> str:
    """What a cell holds."""
    url = str(getattr(row, column.url, "") if column.url else "")
    written: Any = column.write(row)
    if column.kind == "parts":
        words = "".join(_linked(html.escape(part), address) for part, address in written)
    else:
        words = _linked(html.escape(written), first_address(url) if column.kind == "link" else "")
    cited = html.escape(column.cite(row)) if column.cite else ""
    return f"{words}<small>{_linked(cited, first_address(url))}</small>" if cited else words


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
