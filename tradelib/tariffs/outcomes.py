"""What each duty does to one line of goods, and why: the layers of a stack."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from tradelib import ledger
from tradelib.tariffs import headings, metal_content
from tradelib.tariffs.books import Book, Step
from tradelib.tariffs.membership import Membership
from tradelib.tariffs.prepared import Prepared
from tradelib.tariffs.stacking import DECIMALS, Assumptions, StepEffect

COLUMNS = [
    "family", "measure_id", "authority", "programme", "announced_frac", "rate_frac", "outcome", "why", "hts_heading",
    "exemption_heading", "claimable_heading", "basis", "effective_from", "effective_to", "instrument", "url", "known_on",
]  # fmt: skip
_UNKNOWN = {
    True: ("rate not known", "the text announces a rate and does not name it"),
    False: ("coverage not known", "this code is younger than the list, and whether the list covers it cannot be told"),
}


@dataclass(frozen=True, eq=False)
class Ground:
    """What one line is asked about.

    Attributes
    ----------
    law
        the schedule, and the scopes laid over all lines.
    on, assumptions
        day of entry, what the law leaves open.
    effects
        what each step does, as `stacking.stack` gives it; the line is among those asked about there.
    """

    law: Prepared
    on: date
    assumptions: Assumptions
    effects: list[StepEffect] = field(default_factory=list)

    @property
    def held(self) -> Book:
        """The schedule."""
        return self.law.book

    @property
    def scopes(self) -> Membership:
        """The scopes laid over all lines."""
        return self.law.scopes

    @property
    def as_of(self) -> date:
        """Day of knowledge."""
        return self.law.as_of

    def share(self, scope: str, at: int, *, partial: bool) -> float:
        """Share of a line that a scope covers."""
        return float(self.scopes.share(scope, on=self.on, partial=partial)[at])

    def named(self, scopes: tuple[str, ...], at: int) -> list[str]:
        """Those of some scopes that name a line, in whole or in part."""
        return [scope for scope in scopes if self.share(scope, at, partial=True)]


def layers(ground: Ground, at: int) -> pd.DataFrame:
    """Measures that name a line, as `explanation.Stack.layers`, without the share of metal; `at` is the position of the line."""
    offered = {effect.step: _at(effect, at, effect.offered) for effect in ground.effects}
    applied = {effect.step: _at(effect, at, effect.applied) for effect in ground.effects}
    rows = []
    for step in ground.held.active(ground.on):
        if not max(ground.share(scope, at, partial=True) for scope in step.scopes):
            continue
        outcome, why = _outcome(step, ground, at, offered[step], applied)
        declared, claimed, possible = headings.of_layer(
            step, outcome, offered[step], applied, ground.held, ground.scopes, at, on=ground.on, as_of=ground.as_of
        )
        text = ground.held.texts[step.row]
        rate = round(applied[step] or 0.0, DECIMALS)
        rows.append(
            (
                step.family,
                step.measure_id,
                text["authority"],
                text["programme"],
                step.rate_frac,
                rate,
                outcome,
                why,
                declared,
                claimed,
                possible,
                step.basis,
                *(text[name] for name in COLUMNS[-5:]),
            )
        )
    return ledger.frame(rows, COLUMNS)


def _at(effect: StepEffect, at: int, values: np.ndarray) -> float | None:
    """Value of an effect on one line; None where the step does not cover it."""
    place = np.searchsorted(effect.positions, at)
    if place == len(effect.positions) or effect.positions[place] != at:
        return None
    return float(values[place])


def _outcome(step: Step, ground: Ground, at: int, offered: float | None, applied: dict[Step, float | None]) -> tuple[str, str]:
    """(outcome, why) of one step on one line that its scope names; `applied` holds what each step comes to on the line."""
    if offered is None:
        return _left_out(step, ground, at)
    if step.basis == "suspended":
        return "suspended", "nothing is collected"
    if np.isnan(offered):
        return _UNKNOWN[bool(np.isnan(step.rate_frac))]
    if (applied[step] or 0.0) < offered:
        return _reduced(step, ground, offered, applied)
    claimed = _claimed(step, ground, at)
    said = (_basis_words(step, offered, claimed), "" if claimed else _perhaps_exempt(step, ground, at))
    return "applies", "; ".join(words for words in said if words)


def _reduced(step: Step, ground: Ground, offered: float, applied: dict[Step, float | None]) -> tuple[str, str]:
    """(outcome, why) of a step that comes to less than it offers."""
    rate = applied[step]
    rivals = [other for other, value in applied.items() if other is not step and other.family == step.family and (value or 0) > 0]
    if rate == 0 and offered > 0 and rivals and step.within_family == "highest":
        if metal_content.both_owed(step, rivals[0], ground.held):
            return "counted with another", "owed too, each metal on its own content: the share taken as metal is counted once, for both"
        return "lower than another", f"one duty of its kind holds: {ground.held.texts[rivals[0].row]['programme']}"
    takers = [other for other, value in applied.items() if other.family in step.yields_to and value is not None]
    if not takers:
        return ("exempt" if rate == 0 else "applies"), f"taken off by exclusions or waivers, counted as {ground.assumptions.exclusions}"
    taker = ground.held.texts[max(takers, key=lambda other: applied[other] or 0.0).row]
    name = f"{taker['authority']}, {taker['programme']}"
    return ("displaced", f"gives way to {name}") if rate == 0 else ("applies", f"on the part of the value that {name}, does not fall on")


def _perhaps_exempt(step: Step, ground: Ground, at: int) -> str:
    """Scopes that leave out some goods of the line, which are not counted."""
    if ground.assumptions.partial_exemptions:
        return ""
    named = ground.named(ground.held.exemptions(step, ground.on), at)
    return f"goods of this line may be exempt, which is not counted: {'; '.join(map(ground.scopes.title, named))}" if named else ""


def _left_out(step: Step, ground: Ground, at: int) -> tuple[str, str]:
    """(outcome, why) of a step that names a line and does not reach it."""
    reached = max(ground.share(scope, at, partial=ground.assumptions.partial_duties) for scope in step.scopes)
    exempt = ground.named(ground.held.exemptions(step, ground.on), at)
    if reached and exempt:
        return "exempt", f"on the list: {', '.join(map(ground.scopes.title, exempt))}"
    return "in part only", "covers only some products of this line, by description or use; not counted"


def _claimed(step: Step, ground: Ground, at: int) -> float:
    """Share of a line that counts as exempt because imports claim an exclusion of described goods."""
    if not ground.assumptions.claimed_exclusions or ground.assumptions.partial_exemptions:
        return 0.0
    named = ground.held.claimed(ground.held.exemptions(step, ground.on))
    return max((share for scope, share in named if ground.share(scope, at, partial=True)), default=0.0)


def _basis_words(step: Step, offered: float, claimed: float) -> str:
    if claimed:
        return f"{100 * claimed:.3g}% of the imports of such lines claim an exclusion of described goods, and count as exempt"
    if step.basis == "floor_total_incl_mfn":
        return f"tops up the most-favoured-nation rate to {100 * step.rate_frac:.4g}%"
    if step.basis == "full_value" and offered < step.rate_frac:
        return f"covers {100 * offered / step.rate_frac:.3g}% of the tariff lines of this subheading"
    return ""
