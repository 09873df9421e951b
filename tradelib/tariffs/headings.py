"""Headings of chapter 99 that an entry declares: with each duty, and in place of one that a good is exempt from.

The table `headings` says which; where it holds none, the answer says so, and none is guessed.

Order on an entry summary line: chapter 98; chapter 99 for additional duties, first Section 301, then those of the emergency act, then
Section 232 or 201; other headings of chapter 99; the tariff line (CBP, CSMS 18-000624 of 20 October 2018, with the emergency act put in by
its messages of 2025: https://htsus-cblexam.com/entry-summary-order-of-reporting-for-multiple-harmonized-tariff-system-hts-in-ace/). Within
Section 301 the lists come before the forced-labour action, and that before Section 232, as on an entry form that was published
(https://github.com/Auxx-Ai/auxx-ai/pull/2255). Not read, and so a choice of ours: the fentanyl duty before the reciprocal one, and Section
122 in the place of both. The order stands in `families.filing_order`.
"""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue, ledger
from tradelib.rows import each
from tradelib.tariffs.books import Book, Step
from tradelib.tariffs.law import SUPPOSED, families
from tradelib.tariffs.membership import Membership

DUTY, EXEMPTION = "duty", "exemption"
NOT_HELD = "heading not held"
# Outcomes of a layer that is declared; the others are not on the entry.
_DUE = frozenset({"applies", "counted with another", "rate not known"})
_NOT_DUE = frozenset({"displaced", "exempt"})


@dataclass(frozen=True)
class Heading:
    """One row of the table `headings`; days are ordinals."""

    goods: str
    part: str
    rate_frac: float
    heading: str
    first: int
    past: float

    def holds(self, on: date) -> bool:
        """Whether it is declared on a day of entry."""
        return self.first <= on.toordinal() < self.past

    def names(self, goods: str) -> bool:
        """Whether it is claimed for a scope or a family."""
        return goods == self.goods or goods.startswith(f"{self.goods}_")


def to_declare(measure_id: str, *, on: date, as_of: date, rate_frac: float, covers: Callable[[str], bool], floor_met: bool = False) -> str:
    """Heading under which a duty is declared, as known on a day; empty where none is held.

    Parameters
    ----------
    measure_id
        the duty.
    rate_frac
        rate of its text.
    covers
        whether a scope covers the good.
    floor_met
        the general rate is as high as the floor that the duty sets.
    """
    rows = of_duty(measure_id, on=on, as_of=as_of, rate_frac=rate_frac)
    return next((row.heading for row in rows if (not row.part or floor_met) and (not row.goods or covers(row.goods))), "")


def of_duty(measure_id: str, *, on: date, as_of: date, rate_frac: float) -> list[Heading]:
    """Rows under which a duty may be declared on a day, as known on a day: the first that fits the good is the one."""
    rows = [
        row
        for row in _rows(as_of, catalogue.data_folder()).get((measure_id, DUTY), ())
        if row.holds(on) and (pd.isna(row.rate_frac) or abs(row.rate_frac - rate_frac) < _SAME)
    ]
    return sorted(rows, key=lambda row: (not row.goods, not row.part))


def change_days(*, as_of: date) -> set[date]:
    """Days on which a heading begins or ends, as known on a day."""
    table = catalogue.load("headings", as_of=as_of)
    return {day.date() for name in ("entry_from", "entry_to") for day in table[name].dropna().unique()}


def to_claim(measure_id: str, goods: str, *, on: date, as_of: date, part: str = "") -> str:
    """Heading that is claimed in place of a duty, as known on a day; empty where none is held.

    Parameters
    ----------
    measure_id
        the duty that is not due.
    goods
        the scope that is exempt, or the family of duties that displaces it.
    part
        `full` or `partial`: how far the scope covers the good.

    Examples
    --------
    >>> from datetime import date
    >>> to_claim("us_ieepa_reciprocal", "s232", on=date(2025, 4, 20), as_of=date(2025, 6, 9))
    '9903.01.33'
    """
    rows = [
        row
        for row in _rows(as_of, catalogue.data_folder()).get((measure_id, EXEMPTION), ())
        if row.holds(on) and row.names(goods) and row.part in ("", part)
    ]
    return max(rows, key=lambda row: len(row.goods)).heading if rows else ""


def filing(layers: pd.DataFrame) -> pd.DataFrame:
    """Headings of an entry in order of filing.

    Parameters
    ----------
    layers
        as `explanation.Stack.layers`.

    Returns
    -------
    DataFrame
        One row a heading: heading (empty: not held; several separated by `|`: one of them, by the good), role (`duty` or `exemption`),
        family, authority, programme, rate_frac (of customs value).
    """
    about = families()
    rows: list[tuple[float, str, str, str, str, str, float]] = []
    read = ("family", "authority", "programme", "outcome", "hts_heading", "exemption_heading", "rate_frac")
    for family, authority, programme, outcome, declared, claimed, rate in zip(*(layers[name] for name in read), strict=True):
        place = about.get(family, {}).get("filing_order", math.nan)
        if math.isnan(place):
            continue
        if outcome in _DUE:
            rows.append((place, declared, DUTY, family, authority, programme, rate))
        if outcome in _NOT_DUE or claimed:
            rows.append((place, claimed, EXEMPTION, family, authority, programme, 0.0))
    columns = ["heading", "role", "family", "authority", "programme", "rate_frac"]
    return ledger.frame([row[1:] for row in sorted(rows, key=lambda row: row[0])], columns)


def of_layer(
    step: Step,
    outcome: str,
    offered: float | None,
    applied: dict[Step, float | None],
    held: Book,
    scopes: Membership,
    at: int,
    *,
    on: date,
    as_of: date,
) -> tuple[str, str, str]:
    """Headings of one step on one line: to declare; claimed for what is not due; and open to goods of the line that may be exempt.

    Empty where none is due or none is held; several separated by `|`: one of them, by the good.

    Parameters
    ----------
    step, outcome
        the step, and what it does to the line.
    offered, applied
        its rate alone (none: it does not reach the line), and what each step comes to on the line.
    held, scopes, at
        the schedule, the scopes laid over the lines, and the place of the line.
    """
    if held.texts[step.row]["standing"] == SUPPOSED:
        return "", "", ""

    def covers(scope: str, *, partial: bool = True) -> bool:
        return bool(scopes.share(scope, on=on, partial=partial)[at])

    exempt = [
        to_claim(step.measure_id, scope, on=on, as_of=as_of, part="full" if covers(scope, partial=False) else "partial")
        for scope in held.exemptions(step, on)
        if covers(scope)
    ]
    exempting = "|".join(dict.fromkeys(part for heading in exempt for part in heading.split("|") if part))
    if outcome == "exempt":
        return "", exempting, ""
    takers = [other.family for other, value in applied.items() if other.family in step.yields_to and value]
    gives_way = offered is not None and takers and (applied[step] or 0.0) < offered
    claimed = to_claim(step.measure_id, takers[0], on=on, as_of=as_of) if gives_way else ""
    if outcome not in _DUE:
        return "", claimed, ""
    met = step.basis == "floor_total_incl_mfn" and offered == 0
    declared = to_declare(step.measure_id, on=on, as_of=as_of, rate_frac=step.rate_frac, covers=covers, floor_met=met)
    return declared, claimed, exempting


_SAME = 1e-9


class _Row(NamedTuple):
    measure_id: str
    role: str
    goods: str
    part: str
    rate_frac: float
    heading: str
    entry_from: pd.Timestamp
    entry_to: pd.Timestamp


@functools.lru_cache(maxsize=64)
def _rows(as_of: date, _folder: Path) -> dict[tuple[str, str], tuple[Heading, ...]]:
    """Rows known on a day, by measure and role."""
    found: dict[tuple[str, str], list[Heading]] = {}
    for row in each(catalogue.load("headings", as_of=as_of), _Row):
        first = 0 if pd.isna(row.entry_from) else row.entry_from.toordinal()
        past = float("inf") if pd.isna(row.entry_to) else row.entry_to.toordinal()
        held = Heading(row.goods, row.part, row.rate_frac, row.heading, first, past)
        found.setdefault((row.measure_id, row.role), []).append(held)
    return {key: tuple(rows) for key, rows in found.items()}
