"""An answer for machines: as JSON or as CSV, whatever the command.

Days are ISO text, rates fractions; what is not held is null, or empty. Spaces and minus signs of typesetting become plain ones.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, wording
from tradelib.show import display

_DECIMALS = 9
_PLAIN = str.maketrans({wording.THIN: " ", wording.FIXED: " ", wording.MINUS: "-"})


def answer(form: str, *, table: str, record: Mapping[str, object], rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> str:
    """An answer in the form that was asked for: `table` to read, `record` as JSON, or `rows` with `columns` as CSV."""
    if form == "table":
        return table
    return as_json(record) if form == "json" else as_csv(rows, columns)


def as_json(value: Mapping[str, object]) -> str:
    """Values by name, as JSON."""
    return json.dumps(clean(value), indent=2, ensure_ascii=False)


def as_csv(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> str:
    """Rows as CSV with a line of names, without the last line end; what holds a table or a list has no place in it."""
    return display.csv_text(pd.DataFrame([clean(row) for row in rows], columns=list(columns))).rstrip("\n")


def records(rows: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of a frame as values by name."""
    return [{str(name): item for name, item in row.items()} for row in rows.to_dict("records")]


def flat(value: Mapping[str, object], before: str = "") -> dict[str, object]:
    """Values by name in one row, those within others by both names; lists are left out.

    Examples
    --------
    >>> flat({"as_of": "2025-06-09", "US": {"rate_frac": 0.3, "layers": []}})
    {'as_of': '2025-06-09', 'us_rate_frac': 0.3}
    """
    row: dict[str, object] = {}
    for name, item in value.items():
        key = f"{before}{name}".lower()
        if isinstance(item, Mapping):
            row |= flat(item, f"{key}_")
        elif not isinstance(item, list | tuple):
            row[key] = item
    return row


def plain(lines: Iterable[str]) -> str:
    """Lines for a terminal, whose narrow spaces are plain ones."""
    return "\n".join(lines).replace(wording.THIN, " ")


def clean(value: object) -> object:
    """A value that JSON can hold.

    Examples
    --------
    >>> clean({"on": date(2025, 6, 9), "rate_frac": 0.1 + 0.2, "to": pd.NaT, "words": f"2.5{wording.THIN}billion"})
    {'on': '2025-06-09', 'rate_frac': 0.3, 'to': None, 'words': '2.5 billion'}
    """
    if isinstance(value, Mapping):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return _clean_word(value.item() if isinstance(value, np.generic) else value)


def _clean_word(value: object) -> object:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, date):  # a Timestamp is one
        return f"{value:%Y-%m-%d}"
    if isinstance(value, str):
        return value.translate(_PLAIN)
    return round(value, _DECIMALS) if isinstance(value, float) else value


def beyond(as_of: date) -> list[str]:
    """A sentence where a day of knowledge lies after the evidence; nothing where it does not."""
    observed = catalogue.observed_through(as_of)
    if as_of <= observed:
        return []
    ends = f"The evidence of edition {catalogue.edition().version} ends on {wording.day(observed)}"
    return [f"{ends}: what happened after it is not known here."]
