"""Headings of chapter 99 for many lines at once: what `headings.of_layer` and `headings.filing` tell of one line.

A test holds the two together.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from tradelib.tariffs import headings, metal_content
from tradelib.tariffs.books import Book, Step
from tradelib.tariffs.law import SUPPOSED, families
from tradelib.tariffs.membership import Membership
from tradelib.tariffs.stacking import Assumptions, StepEffect


@dataclass(frozen=True, eq=False)
class Filed:
    """One heading on some of the lines asked about.

    Attributes
    ----------
    family, role
        family of the duty; `duty` or `exemption`, as for `headings.filing`.
    place
        where it stands in the order of filing.
    heading
        the heading; several with `or` between them: one of them, by the good.
    lines
        whether it is filed for each line.
    """

    family: str
    role: str
    place: float
    heading: str
    lines: np.ndarray


@dataclass(frozen=True, eq=False)
class _Lines:
    """What each step does to the lines asked about; one array a step, in the order of the steps."""

    reached: dict[Step, np.ndarray]
    offered: dict[Step, np.ndarray]
    applied: dict[Step, np.ndarray]


def filed(
    effects: list[StepEffect],
    lead: np.ndarray,
    held: Book,
    scopes: Membership,
    *,
    size: int,
    on: date,
    as_of: date,
    assumptions: Assumptions,
) -> list[Filed]:
    """Headings of some lines, in order of filing.

    Parameters
    ----------
    effects
        what each step does, as `stacking.stack` gives it.
    lead
        positions of the lines among all `size` of the importer.
    held, scopes
        the schedule, and the scopes laid over all lines.
    on, as_of, assumptions
        day of entry, day of knowledge, what the law leaves open.
    """
    about, standing = families(), held.rows["standing"].to_numpy()
    there = _Lines(
        reached={effect.step: at(effect.positions, True, lead, size) for effect in effects},
        offered={effect.step: at(effect.positions, effect.offered, lead, size) for effect in effects},
        applied={effect.step: at(effect.positions, effect.applied, lead, size) for effect in effects},
    )
    found = []
    for step in held.active(on):
        place = about.get(step.family, {}).get("filing_order", math.nan)
        if math.isnan(place) or step not in there.reached:
            continue
        supposed = standing[step.row] == SUPPOSED
        due, not_due = _outcomes(step, there, held, scopes, lead, on, assumptions)
        told = [] if supposed else list(_of_step(step, there, held, scopes, lead, due, not_due, on, as_of))
        for role, wanted in ((headings.DUTY, due), (headings.EXEMPTION, not_due)):
            known = np.zeros(len(lead), dtype=bool)
            for named, heading, lines in told:
                if named == role:
                    found.append(Filed(step.family, role, place, heading.replace("|", " or "), lines))
                    known |= lines
            if (wanted & ~known).any():
                found.append(Filed(step.family, role, place, headings.NOT_HELD, wanted & ~known))
    return sorted(found, key=lambda item: item.place)


def at(positions: np.ndarray, values: np.ndarray | bool, lead: np.ndarray, size: int) -> np.ndarray:
    """Values that stand at some positions of all `size`, on the lines asked about; 0 or False where none stands."""
    over = np.zeros(size, dtype=values.dtype if isinstance(values, np.ndarray) else bool)
    over[positions] = values
    return np.asarray(over[lead])


def _outcomes(
    step: Step, there: _Lines, held: Book, scopes: Membership, lead: np.ndarray, on: date, assumptions: Assumptions
) -> tuple[np.ndarray, np.ndarray]:
    """(lines on which a step is declared, lines on which it is displaced or exempt); see `explanation.explain`."""
    reached, offered, applied = there.reached[step], there.offered[step], there.applied[step]
    nothing = np.zeros(len(lead), dtype=bool)
    exempt = ~reached & _share(step.scopes, scopes, on, lead, partial=assumptions.partial_duties)
    if exempt.any():
        exempt &= _share(held.exemptions(step, on), scopes, on, lead, partial=True)
    if step.basis == "suspended":
        return nothing, exempt
    unknown = reached & np.isnan(offered)
    lower = reached & (applied == 0) & (offered > 0) & (step.within_family == "highest")
    counted = nothing
    if lower.any():
        lower, counted = _rivalled(step, lower, there, held)
    less = reached & ~unknown & ~lower & (applied < offered)
    applies = reached & ~unknown & ~lower & ~(less & (applied == 0))
    return applies | counted | (unknown & np.isnan(step.rate_frac)), (less & (applied == 0)) | exempt


def _rivalled(step: Step, lower: np.ndarray, there: _Lines, held: Book) -> tuple[np.ndarray, np.ndarray]:
    """(lines on which another duty of the family holds, those of them on which both are owed)."""
    open_, counted = lower.copy(), np.zeros(len(lower), dtype=bool)
    for other, applied in there.applied.items():
        if other is not step and other.family == step.family:
            first = open_ & (applied > 0)
            if first.any() and metal_content.both_owed(step, other, held):
                counted |= first
            open_ &= ~first
    return lower & ~open_, counted


def _of_step(
    step: Step,
    there: _Lines,
    held: Book,
    scopes: Membership,
    lead: np.ndarray,
    due: np.ndarray,
    not_due: np.ndarray,
    on: date,
    as_of: date,
) -> Iterator[tuple[str, str, np.ndarray]]:
    """(role, heading, lines) of one step."""
    reached, offered, applied = there.reached[step], there.offered[step], there.applied[step]
    exempt = not_due & ~reached
    if exempt.any():
        yield from ((headings.EXEMPTION, heading, lines) for heading, lines in _claimed(step, held, scopes, lead, exempt, on, as_of))
    gives, open_ = reached & (applied < offered), np.ones(len(lead), dtype=bool)
    if step.yields_to and gives.any():
        for other, value in there.applied.items():
            if other.family in step.yields_to:
                first = open_ & there.reached[other] & (value != 0)
                open_ &= ~first
                heading = headings.to_claim(step.measure_id, other.family, on=on, as_of=as_of)
                if heading and (first & gives).any():
                    yield headings.EXEMPTION, heading, first & gives
    left = due.copy()
    for row in headings.of_duty(step.measure_id, on=on, as_of=as_of, rate_frac=step.rate_frac):
        if not left.any():
            break
        lines = left & _share((row.goods,), scopes, on, lead, partial=True) if row.goods else left
        if row.part:
            lines = lines & (step.basis == "floor_total_incl_mfn") & (offered == 0)
        left = left & ~lines
        if lines.any():
            yield headings.DUTY, row.heading, lines


def _claimed(
    step: Step, held: Book, scopes: Membership, lead: np.ndarray, exempt: np.ndarray, on: date, as_of: date
) -> Iterator[tuple[str, np.ndarray]]:
    """(heading, lines) for goods that are exempt by a list; of several lists each good has the headings of all."""
    masks: list[tuple[str, np.ndarray]] = []
    for scope in held.exemptions(step, on):
        covered = exempt & _share((scope,), scopes, on, lead, partial=True)
        if not covered.any():
            continue
        whole = _share((scope,), scopes, on, lead, partial=False)
        for part, lines in (("full", covered & whole), ("partial", covered & ~whole)):
            heading = headings.to_claim(step.measure_id, scope, on=on, as_of=as_of, part=part)
            if heading and lines.any():
                masks.append((heading, lines))
    if not masks:
        return
    bits = sum((lines.astype(np.int64) << place for place, (_, lines) in enumerate(masks)), np.zeros(len(lead), dtype=np.int64))
    for value in np.unique(bits[bits > 0]):
        parts = [part for place, (heading, _) in enumerate(masks) if value >> place & 1 for part in heading.split("|")]
        yield "|".join(dict.fromkeys(parts)), bits == value


def _share(names: tuple[str, ...], scopes: Membership, on: date, lead: np.ndarray, *, partial: bool) -> np.ndarray:
    """Whether any of some scopes covers each line; where that is not known it counts, as for one line."""
    covered = np.zeros(len(lead), dtype=bool)
    for name in names:
        covered |= scopes.share(name, on=on, partial=partial)[lead] != 0
    return covered
