"""The country-wide duty of a side on a day: what it is, what it stands on, and what it was at its highest.

`peaks` holds the highest rate of each side so far, as `tariffs.peaks` gives it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from tradelib import sides, wording
from tradelib.rows import each
from tradelib.show.display import Fact
from tradelib.tariffs import Headline

Peaks = Mapping[str, pd.Series]
DAY, PERCENT = wording.day, wording.percent


def message(us: Headline, cn: Headline, peaks: Peaks) -> str:
    """Both rates, each with its peak; and what a text made of one that nobody saw."""
    if not us.rate_frac and not cn.rate_frac and not peaks["US"]["rate_frac"]:
        return "Neither side has put a tariff on all goods of the other"
    parts = []
    for side, owner in ((us, "The added US tariff on Chinese goods is"), (cn, "China's on US goods is")):
        now, high = PERCENT(side.rate_frac), peaks[side.importer]["rate_frac"]
        down = f", down from {PERCENT(high)}" if high > side.rate_frac else ""
        if side.unseen:
            by_text = f"{PERCENT(side.unseen.after_frac)} by its text since {DAY(side.unseen.on)}, which our data do not cover; it was"
            now, down = f"{by_text} {now} on {DAY(side.unseen.observed_on)}", ""
        parts.append(f"{owner} {now}{down}")
    return "; ".join(parts)


def facts(us: Headline, cn: Headline, peaks: Peaks) -> list[Fact]:
    """Key numbers: both rates, each with its peak."""
    return [_fact(side, peaks[side.importer]["rate_frac"]) for side in (us, cn)]


def sentence(us: Headline, cn: Headline) -> str:
    """Both rates, and what they are."""
    if not us.rate_frac and not cn.rate_frac:
        return "Neither side has a tariff on all goods of the other; what they charge falls on lists of goods."
    subject = "The" if us.on == us.as_of else f"On {DAY(us.on)}, where our data end, the"
    return (
        f"{subject} United States adds {PERCENT(us.rate_frac)} to the normal tariff on Chinese goods that are on no list and not exempt; "
        f"China adds {PERCENT(cn.rate_frac)} on such US goods. Tariffs on lists of goods come on top."
    )


def ground(us: Headline, cn: Headline) -> str:
    """Message of what the rates stand on."""
    parts = []
    for side, owner in ((us, "The added US tariff on Chinese goods"), (cn, "China's on US goods")):
        names = wording.listing(dict.fromkeys(map(wording.inside, side.layers["authority"])))
        verb = "rests" if side.on == side.as_of else "rested"
        parts += [f"{owner} ({PERCENT(side.rate_frac)}) {verb} on {names}"] if names else []
    return "; ".join(parts) or "Neither side has a tariff on all goods of the other"


class _Layer(NamedTuple):
    rate_frac: float
    authority: str


def line(side: Headline, peaks: Peaks) -> str:
    """One rate in a line of a terminal, with its layers."""
    now, high = PERCENT(side.rate_frac), peaks[side.importer]["rate_frac"]
    if side.unseen:
        by_text = f"{PERCENT(side.unseen.after_frac)} by its text since {wording.short_day(side.unseen.on)}, not observed"
        return f"{by_text}; {now} on {wording.short_day(side.on)}"
    parts = " + ".join(f"{PERCENT(row.rate_frac)} {row.authority}" for row in each(side.layers, _Layer))
    peak = f" (peak {PERCENT(high)})" if high > side.rate_frac else ""
    return f"{now}{peak} on all goods" + (f": {parts}" if parts else "")


def _fact(side: Headline, high: float) -> Fact:
    ends, unseen = sides.pair(side.importer), side.unseen
    goods = f"{ends.exporter.adjective} goods"
    if unseen:
        seen = f"not covered by our data; {PERCENT(unseen.before_frac)} on {DAY(unseen.observed_on)}"
        return Fact(
            PERCENT(unseen.after_frac),
            f"{ends.importer.own} added tariff on {goods} by its text since {DAY(unseen.on)}, {seen}",
            side.importer.lower(),
        )
    down = f", down from a peak of {PERCENT(high)}" if high > side.rate_frac else ""
    return Fact(PERCENT(side.rate_frac), f"{ends.importer.own} tariff added on all {goods} but those exempt{down}", side.importer.lower())
