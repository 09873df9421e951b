"""Steps of the two sides by lane: what a lane is called, how many have taken place, and the mark of one that has not."""

import pandas as pd

from tradelib import truce, wording

NAMES = {"talks": "Talks and deals", "escalation": "Escalation", "relief": "Relief", "rulings": "Courts"}
_COUNTED_AS = {
    "escalation": ("step of escalation", "steps of escalation"),
    "relief": ("step of relief", "steps of relief"),
    "talks": ("talk or deal", "talks or deals"),
    "rulings": ("court ruling or hearing", "court rulings or hearings"),
}
_MARKS = {"ahead": "announced", "open": "under way", "outcome not known": "announced, outcome not known"}
# In words they are a part of escalation, and no measure.
_WORDS = ("threat", "accusation")


def counts(rows: pd.DataFrame, *, lanes: tuple[str, ...] = tuple(_COUNTED_AS), with_part: bool = False) -> str:
    """How many steps of each lane have taken place; empty where none has.

    Parameters
    ----------
    rows : as `truce.timeline` gives them.
    with_part : tell how many of the steps of escalation are threats or accusations.
    """
    took = rows[truce.took_place(rows)]
    by_lane = took["lane"].value_counts()
    words = int(took["kind"].isin(_WORDS).sum()) if with_part else 0
    part = f" ({words} of them threats or accusations)" if words else ""
    return wording.listing(
        f"{by_lane[lane]:,} {_COUNTED_AS[lane][int(by_lane[lane] != 1)]}{part if lane == 'escalation' else ''}"
        for lane in lanes
        if lane in by_lane
    )


def mark(kind: str, phase: str) -> str:
    """What is said of an event that has not taken place, after a comma; empty for one that has, and for a step on its own day."""
    return "" if phase == "held" or (phase == "open" and kind not in truce.AWAITED) else f", {_MARKS[phase]}"
