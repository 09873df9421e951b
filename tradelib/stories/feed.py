"""What became known lately, as plain rows for the feed of a site: one row a source and kind of fact."""

import textwrap
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd

from tradelib import catalogue, truce, wording
from tradelib.kept import kept
from tradelib.phrases import changes
from tradelib.rows import each

DAYS = 90
_TITLE = 160


def news(published: Sequence[date], *, days: int = DAYS) -> list[dict[str, Any]]:
    """News up to the newest of the published days, the newest first.

    Each fact stands beside what was known on the published day before it, or at the start of the span where none was published in it.
    Facts of one kind that one source made known on one day are one row, so that its key depends on no wording and stays; a corrected link
    makes a new one.

    Parameters
    ----------
    published : days of the pages of a site; nothing that became known after the newest of them is used.
    days : how far the span reaches back from the newest, in days; never past the first day of the edition.

    Returns
    -------
    For each row key, day, kind (a group of `truce.changes`), title, lines (a sentence a fact), is_stated (none of it is in law), source and
    url, as `report.companions.feed_xml` takes them. Empty where nothing was published.
    """
    if not published:
        return []
    newest = max(published)
    start = max(newest - timedelta(days), catalogue.edition().evidence_from)
    edges = sorted({start, newest, *(day for day in published if day > start)})
    rows = [row for since, until in pairwise(edges) for row in between(since, until)]
    return sorted(rows, key=lambda row: -row["day"].toordinal())


@kept(maxsize=512)
def between(since: date, until: date) -> list[dict[str, Any]]:
    """News of the days after one day and up to another, in the order of kinds; rows as of `news`."""
    rows = truce.changes(since=since, until=until)
    parts: dict[tuple[object, ...], list[tuple[_Fact, str]]] = {}
    for fact, line in zip(each(rows, _Fact), changes.sentences(rows), strict=True):
        parts.setdefault((fact.group, fact.known_on, fact.url or fact.source), []).append((fact, line))
    return [_row(part) for part in parts.values()]


# The part of a key that stands for a group which was called otherwise when feeds with it were published: else all its entries would be new.
_LASTING = {"tariffs": "law"}


class _Fact(NamedTuple):
    group: str
    known_on: pd.Timestamp
    rests_on: str
    source: str
    url: str

    @property
    def is_stated(self) -> bool:
        return self.rests_on == "statement"


def _row(part: list[tuple[_Fact, str]]) -> dict[str, Any]:
    """The facts of one kind that one source made known on one day; those in law before those only stated."""
    part = sorted(part, key=lambda one: one[0].is_stated)
    first = part[0][0]
    lines = [line.replace(wording.THIN, " ") for _, line in part]
    day = first.known_on.date()
    kind, is_stated = first.group, first.is_stated
    headed = ("tariffs as stated" if is_stated else "tariffs in law") if kind == "tariffs" else kind
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    return {
        "key": f"{day.isoformat()}/{_LASTING.get(kind, kind)}/{first.url or first.source}",
        "day": day,
        "kind": "tariffs, in law and as stated" if kind == "tariffs" else kind,
        "title": f"{wording.upper(headed)}: {textwrap.shorten(lines[0], _TITLE, placeholder=' …')}{more}",
        "lines": lines,
        "is_stated": is_stated,
        "source": "; ".join(dict.fromkeys(fact.source for fact, _ in part if fact.source)),
        "url": first.url.split("|")[0].strip(),
    }
