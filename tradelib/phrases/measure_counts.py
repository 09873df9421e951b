"""How many measures beyond tariffs are in which state, China's export controls of minerals among them."""

from collections.abc import Iterable, Mapping
from datetime import date

from tradelib import sides, wording
from tradelib.show.display import Fact
from tradelib.truce import MeasureCount

_FIRST = ("in force", "suspended", "scheduled", "ended")


def message(counts: Mapping[str, MeasureCount]) -> str:
    """Side by side, what is in force and suspended; empty where no measure is held."""
    told = {side: _states(count, ("in force", "suspended")) for side, count in counts.items()}
    parts = [f"of {sides.name(side)} {states}" for side, states in told.items() if states]
    return f"Measures beyond tariffs in our data: {'; '.join(parts)}" if parts else ""


def fact(count: MeasureCount, *, on: date | None = None) -> list[Fact]:
    """Key number of both sides; `on` where the day is not that of the page; none where no measure is held."""
    words = f"measures beyond tariffs in force{_held_back(count)}{f', on {wording.day(on)}' if on else ''}"
    return [Fact(f"{count.in_force}", words)] if count.by_state else []


def sentences(counts: Mapping[str, MeasureCount]) -> list[str]:
    """Side by side, every state."""
    return [
        f"{wording.upper(sides.name(side))}: {_states(count, (*_FIRST, *sorted(set(count.by_state) - set(_FIRST))))}."
        for side, count in counts.items()
    ]


def controls_message(count: MeasureCount) -> str:
    """China's controls of mineral exports; empty before there are any."""
    known = f"China has {wording.count(count.in_force, 'mineral export control')} in force{_held_back(count)}"
    return known if count.by_state else ""


def controls_fact(count: MeasureCount) -> list[Fact]:
    """Key number of these; none before there are any."""
    words = f"Chinese export controls of minerals in force{_held_back(count)}"
    return [Fact(f"{count.in_force}", words, "cn")] if count.by_state else []


def _held_back(count: MeasureCount) -> str:
    more = "more " if count.in_force else ""
    return f", {count.by_state['suspended']} {more}suspended" if "suspended" in count.by_state else ""


def _states(count: MeasureCount, states: Iterable[str]) -> str:
    return wording.listing(f"{count.by_state[state]} {state}" for state in states if state in count.by_state)
