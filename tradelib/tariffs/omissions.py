"""What the law knows about a good and no table holds, or leaves open: in sentences beside its duty."""

import numpy as np
import pandas as pd

from tradelib import wording
from tradelib.tariffs import exclusions, granted, headings
from tradelib.tariffs.books import Book, Step
from tradelib.tariffs.law import families
from tradelib.tariffs.outcomes import Ground
from tradelib.tariffs.stacking import DECIMALS

NOT_COUNTED = {
    "US": "Anti-dumping and countervailing duties, the merchandise processing fee and the harbor maintenance fee are not counted.",
    "CN": "Value-added and consumption tax, anti-dumping duties, rates within tariff quotas and waivers granted to single importers "
    "are not counted in the total.",
}


def open_exclusions(ground: Ground) -> dict[Step, np.ndarray]:
    """Exclusions that hold and may take a duty off goods of a line, with the positions of these lines: each pays a duty that is lowered.

    One whose codes are held reaches the lines of which it names some goods; a line that it names as a whole owes nothing of the duty, and
    is none of them. Of one whose codes are not held nobody can tell the lines: it may reach each that pays a duty of its authority.
    """
    held, day = ground.held, ground.on.toordinal()
    paying = [(effect.step, effect.positions[np.round(effect.applied, DECIMALS) > 0]) for effect in ground.effects]
    found = {}
    for exclusion in held.exclusions:
        if exclusion.first <= day < exclusion.past:
            reached = [_reached(exclusion, duty, positions, ground) for duty, positions in paying if len(positions)]
            found[exclusion] = np.unique(np.concatenate([np.zeros(0, dtype=int), *reached]))
    return {exclusion: positions for exclusion, positions in found.items() if len(positions)}


def _reached(exclusion: Step, duty: Step, paying: np.ndarray, ground: Ground) -> np.ndarray:
    """Those lines that pay a duty whose goods an exclusion may free from it."""
    if not any(map(ground.scopes.held, exclusion.scopes)):
        return paying if lowers(exclusion, duty, ground.held) else paying[:0]
    exempt = ground.held.exemptions(duty, ground.on)
    names = [ground.scopes.share(scope, on=ground.on, partial=True)[paying] > 0 for scope in exclusion.scopes if scope in exempt]
    return paying[np.logical_or.reduce(names)] if names else paying[:0]


def lowers(exclusion: Step, duty: Step, held: Book) -> bool:
    """Whether an exclusion that names no codes is one from a duty: its authority begins with that of the duty."""
    return bool(held.texts[exclusion.row]["authority"].startswith(held.texts[duty.row]["authority"]))


def by_exclusions(ground: Ground, at: int) -> list[str]:
    """Exclusions that hold and may leave out goods of a line: those that name it, and those of which no codes are held."""
    reaching = [exclusion for exclusion, positions in open_exclusions(ground).items() if at in positions]
    scopes = ground.scopes
    named = dict.fromkeys(scope for exclusion in reaching for scope in ground.named(exclusion.scopes, at) if scopes.held(scope))
    said = exclusions.told({scope: scopes.title(scope) for scope in named}, as_of=ground.as_of)
    unheld = [exclusion for exclusion in reaching if not any(map(scopes.held, exclusion.scopes))]
    if unheld:
        said.append(
            f"{wording.count(len(unheld), 'list')} of exclusions {'holds' if len(unheld) == 1 else 'hold'} on this day of which we have no "
            "codes; a good on one owes less."
        )
    return said


def always(ground: Ground, measures: pd.DataFrame, importer: str) -> list[str]:
    """What is told of every good: facts of its shipment, goods described in part, and dues of other kinds."""
    return [*_by_shipment(ground, measures), *_in_part(measures), NOT_COUNTED[importer]]


def by_buyer(ground: Ground, layers: pd.DataFrame, code: str, total: float) -> list[str]:
    """The other ends of a Chinese duty: exclusions as the WTO counts them, and what a buyer with a waiver owes."""
    layer = float(sum(rate for family, rate in zip(layers["family"], layers["rate_frac"], strict=True) if family == granted.FAMILY))
    if not layer or np.isnan(total):
        return []
    said, on, as_of = [], ground.on, ground.as_of
    share, less = granted.excluded_share(code, on=on, as_of=as_of), _percent(total - layer)
    if share == 1:
        said.append(f"The WTO counts the whole subheading as excluded from the answer to Section 301: it then owes {less}.")
    elif share:
        said.append(
            f"The WTO counts {_percent(share)} of the answer to Section 301 on this subheading as excluded; which goods is not known. An "
            f"excluded good owes {less}."
        )
    if granted.waivers_hold(on, as_of):
        sources = granted.waiver_rows(code, as_of=as_of)
        why = f" {sources['source'].iloc[-1]}." if len(sources) else ""
        said.append(f"A buyer with a waiver of the answer to Section 301 owes {less}.{why}")
    return said


def _by_shipment(ground: Ground, measures: pd.DataFrame) -> list[str]:
    """What a duty that holds leaves out by facts of the shipment, which no list of codes can tell."""
    active = {step.measure_id: step for step in ground.held.active(ground.on)}
    rows = zip(measures["measure_id"], measures["authority"], measures["family"], strict=True)
    # Two duties of one authority are told apart by their families; a supposed duty may have none that is held.
    names_of = {measure: families().get(family, {"title": authority})["title"] for measure, authority, family in rows}
    titles: dict[str, list[str]] = {}
    for measure in _due(measures):
        for scope in ground.held.exemptions(active[measure], ground.on):
            if not ground.scopes.held(scope):
                heading = headings.to_claim(measure, scope, on=ground.on, as_of=ground.as_of)
                named = f"{names_of[measure]} ({heading})" if heading else names_of[measure]
                titles.setdefault(ground.scopes.title(scope), []).append(named)
    return [f"Not due, and not counted here, on {title}: {', '.join(dict.fromkeys(names))}." for title, names in titles.items()]


def _in_part(measures: pd.DataFrame) -> list[str]:
    return [
        f"{authority}, {programme}: applies to part of the goods of this line only."
        for authority, programme, outcome in zip(measures["authority"], measures["programme"], measures["outcome"], strict=True)
        if outcome == "in part only"
    ]


def _due(layers: pd.DataFrame) -> list[str]:
    """Measures that a good pays."""
    return [measure for measure, rate in zip(layers["measure_id"], layers["rate_frac"], strict=True) if rate > 0]


def _percent(rate: float) -> str:
    return "a rate that is not held" if np.isnan(rate) else f"{100 * rate:.4g}%"
