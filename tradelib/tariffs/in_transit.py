"""Goods loaded before a day: what they owe where a text lets them pay an earlier rate, or none.

The table `in_transit` holds the rules. Days of loading between their bounds are told apart, and each stretch is computed with the rate of
every rule that holds for it; nothing is typed.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue, ledger, wording
from tradelib.doors import LATEST, Day, door
from tradelib.rows import each

COLUMNS = [
    "loaded_from", "loaded_before", "entered_before", "total_frac", "headings", "measures", "instrument", "url", "known_on",
]  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One rule known on a day; `loaded_from` is none where any earlier day counts."""

    measure_id: str
    loaded_from: date | None
    loaded_before: date
    entered_before: date
    rate_frac: float
    heading: str
    instrument: str
    url: str
    known_on: date

    def covers(self, first: date | None, past: date) -> bool:
        """Whether it holds for every day of loading of a stretch."""
        begins = self.loaded_from is None or (first is not None and self.loaded_from <= first)
        return begins and past <= self.loaded_before


def earlier_rates(*, on: date, as_of: date, total_frac: float, total_with: Callable[[dict[str, float]], float]) -> pd.DataFrame:
    """What goods loaded before a day owe in all, where that differs.

    Parameters
    ----------
    on
        day of entry.
    as_of
        day of knowledge.
    total_frac
        what other goods owe.
    total_with
        what is owed where measures have the rates given.

    Returns
    -------
    DataFrame
        One row a stretch of days of loading, the earliest first: loaded_from (NaT: any earlier day), loaded_before, entered_before (the
        first day of entry on which it no longer holds), total_frac, headings and measures (separated by `|`), instrument, url, known_on.
    """
    if pd.isna(total_frac):  # nothing can be told to differ
        return pd.DataFrame([], columns=COLUMNS)
    # A rule about a duty that does not fall on the good changes nothing.
    rules = [rule for rule in in_force(on=on, as_of=as_of) if abs(total_with({rule.measure_id: rule.rate_frac}) - total_frac) > _SAME]
    bounds = sorted({bound for rule in rules for bound in (rule.loaded_from, rule.loaded_before) if bound})
    rows = []
    for first, past in zip([None, *bounds], bounds, strict=False):
        telling = [rule for rule in rules if rule.covers(first, past)]
        if not telling:
            continue
        total = total_with({rule.measure_id: rule.rate_frac for rule in telling})
        rows.append(
            {
                "loaded_from": pd.Timestamp(first) if first else pd.NaT,
                "loaded_before": pd.Timestamp(past),
                "entered_before": pd.Timestamp(min(rule.entered_before for rule in telling)),
                "total_frac": total,
                "headings": "|".join(rule.heading for rule in telling if rule.heading),
                "measures": "|".join(rule.measure_id for rule in telling),
                "instrument": "; ".join(rule.instrument for rule in telling),
                "url": "|".join(rule.url for rule in telling),
                "known_on": pd.Timestamp(max(rule.known_on for rule in telling)),
            }
        )
    return ledger.frame([[row[name] for name in COLUMNS] for row in rows], COLUMNS)


@door
def transit_rules(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Rules for goods that were on their way when a duty began or rose, each in its newest version known on a day.

    Returns
    -------
    DataFrame
        One row a rule, by the day from which it holds: as the table `in_transit`, with known_on.
    """
    rows = ledger.newest_versions(catalogue.load("in_transit", as_of=as_of), key=["rule"], by="announced_on")
    return rows.sort_values(["entered_from", "rule"]).reset_index(drop=True)


class _Stretch(NamedTuple):
    loaded_from: pd.Timestamp
    loaded_before: pd.Timestamp
    entered_before: pd.Timestamp
    total_frac: float
    headings: str


def sentences(rows: pd.DataFrame, importer: str) -> list[str]:
    """Each stretch of days of loading in words; see `earlier_rates`."""
    did = "Loaded" if importer == "US" else "Sent off"
    said = []
    for row in each(rows, _Stretch):
        last = row.loaded_before - pd.Timedelta(days=1)
        when = f"before {wording.day(row.loaded_before)}"
        if pd.notna(row.loaded_from):
            same = row.loaded_from == last
            when = f"on {wording.day(last)}" if same else f"from {wording.day(row.loaded_from)} to {wording.day(last)}"
        heading = f", heading {' or '.join(row.headings.split('|'))}" if row.headings else ""
        owed = "not known" if pd.isna(row.total_frac) else wording.percent(row.total_frac, digits=2)
        said.append(f"{did} {when}, and entered before {wording.day(row.entered_before)}: {owed} in total{heading}.")
    return said


def in_force(*, on: date, as_of: date) -> list[Rule]:
    """Rules known on a day that hold for a day of entry."""
    return [rule for first, rule in _known(as_of, catalogue.data_folder()) if first <= on < rule.entered_before]


_SAME = 1e-9


class _Row(NamedTuple):
    measure_id: str
    entered_from: pd.Timestamp
    loaded_from: pd.Timestamp
    loaded_before: pd.Timestamp
    entered_before: pd.Timestamp
    rate_frac: float
    heading: str
    instrument: str
    url: str
    known_on: pd.Timestamp


@functools.lru_cache(maxsize=64)
def _known(as_of: date, _folder: Path) -> tuple[tuple[date, Rule], ...]:
    """(first day of entry, rule) of every rule in its newest version known on a day."""
    return tuple(
        (
            row.entered_from.date(),
            Rule(
                measure_id=row.measure_id,
                loaded_from=None if pd.isna(row.loaded_from) else row.loaded_from.date(),
                loaded_before=row.loaded_before.date(),
                entered_before=row.entered_before.date(),
                rate_frac=row.rate_frac,
                heading=row.heading,
                instrument=row.instrument,
                url=row.url,
                known_on=row.known_on.date(),
            ),
        )
        for row in each(transit_rules(as_of=as_of), _Row)
    )
