"""Codes found by words, as a table to read, JSON or CSV; what `tradelib find` prints."""

import math
import textwrap
from datetime import date
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue, hs, sides, tariffs, wording
from tradelib.rows import each
from tradelib.terminal import forms

_WIDTH = 100
_TEXT = 150
_FIELDS = ["code", "description", "total_frac", "low_frac", "high_frac", "lines", "trade_2024_usd"]


def answer(rows: pd.DataFrame, form: str, *, words: str, importer: str, on: date, as_of: date) -> str:
    """Codes with their descriptions and duties.

    Parameters
    ----------
    rows : as `tariffs.search` gives them.
    form : `table`, `json` or `csv`.
    words, importer, on, as_of : what was asked.

    Returns
    -------
    JSON: words, on, as_of, importer, note, more (how many codes more were found), codes (the columns of `tariffs.search`), edition. CSV:
    one row a code. Rates are fractions of customs value; null or empty where one is not held.
    """
    lead: dict[str, object] = {"words": words, "on": on, "as_of": as_of, "importer": importer}
    if form == "csv":
        return forms.as_csv([lead | row for row in forms.records(rows)], [*lead, *_FIELDS])
    if form == "json":
        about = lead | {"note": rows.attrs["note"], "more": rows.attrs["more"]}
        return forms.as_json(about | {"codes": rows.to_dict("records"), "edition": catalogue.edition().version})
    ends = sides.pair(importer)
    side = f"{ends.importer.name} on goods of {ends.exporter.name}"
    title = f"{words}: duty of {side}, entered {wording.day(on)}, as known on {wording.day(as_of)}"
    return _table(rows, "\n".join([title, *forms.beyond(as_of)]))


class _Code(NamedTuple):
    code: str
    description: str
    total_frac: float
    low_frac: float


def _table(rows: pd.DataFrame, title: str) -> str:
    lines = [title, ""]
    for row in each(rows, _Code):
        head = f"{hs.dotted(row.code):<14}{_rate(row):>12}  "
        text = textwrap.shorten(_short(row.description), _TEXT, placeholder=" ...")
        lines += textwrap.wrap(text, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head))
    if len(rows):
        lines.append("")
    if rows.attrs["more"]:
        lines += [f"And {rows.attrs['more']} more: --limit shows them.", ""]
    if rows.attrs["note"]:
        lines += [*textwrap.wrap(rows.attrs["note"], _WIDTH), ""]
    return forms.plain(lines[:-1] if not lines[-1] else lines)


def _rate(row: _Code) -> str:
    if tariffs.is_special(row.code):
        return "not modelled"
    if not math.isnan(row.total_frac):
        return wording.percent(row.total_frac, digits=2)
    return "not known" if math.isnan(row.low_frac) else f"{wording.percent(row.low_frac, digits=2)} +"


def _short(text: str) -> str:
    """The good first, then what it stands under; a heading is often longer than the good."""
    steps = [step.strip(" :.") for step in text.split(" > ")]
    return " < ".join(reversed(steps))
