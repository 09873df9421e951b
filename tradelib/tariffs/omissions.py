"""What the law knows about a good and no table holds, or leaves open: in sentences beside its duty."""

import numpy as np
import pandas as pd

from tradelib import wording
from tradelib.tariffs import exclusions, granted, headings
from tradelib.tariffs.law import families
from tradelib.tariffs.outcomes import Ground

NOT_COUNTED = {
    "US": "Anti-dumping and countervailing duties, the merchandise processing fee and the harbor maintenance fee are not counted.",
    "CN": "Value-added and consumption tax, anti-dumping duties, rates within tariff quotas and waivers granted to single importers "
    "are not counted in the total.",
}


def by_exclusions(ground: Ground, layers: pd.DataFrame, at: int) -> list[str]:
    """Exclusions that hold and may leave out goods of a line: those that name it, and those of which no codes are held."""
    held, scopes = ground.held, ground.scopes
    active = {step.measure_id: step for step in held.active(ground.on)}
    named = dict.fromkeys(
        scope for measure in _due(layers) for scope in held.exemptions(active[measure], ground.on) if scope in held.excluding
    )
    described = {scope: scopes.title(scope) for scope in named if scopes.held(scope) and ground.share(scope, at, partial=True) > 0}
    said = exclusions.told(described, as_of=ground.as_of)
    day = ground.on.toordinal()
    unheld = [step for step in held.exclusions if step.first <= day < step.past and not any(map(scopes.held, step.scopes))]
    if unheld and any("s301" in family for family in layers["family"]):
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
