"""What became known between two days, in words: what it is, and what was known before and after."""

from typing import NamedTuple

import pandas as pd

from tradelib import sides, wording
from tradelib.show.display import Row

_MARKS = {"": "", "last_day": "by", "later_revised": "as later revised", "statement": "as stated"}
_CONFIRMED = {
    "": "",
    "yes": ", now confirmed by the other side",
    "partly": ", now confirmed in part by the other side",
    "no": ", now not confirmed by the other side",
}
_CLOCKS = {"law": "by legal text", "statement": "as stated"}
_GROUNDS = {"law": "by a legal text", "statistics": "by official statistics", "report": "by report"}
# States of a measure that read otherwise behind "is".
_STATES = {
    "full duties due": "due in full", "specific service fee": "a specific service fee", "to be announced": "set at a rate to be announced",
    "postal ad valorem option": "an option to pay by value",
}  # fmt: skip
_COLUMNS = [
    "group", "known_on", "what", "before", "after", "item", "holds_on", "unit", "before_value", "after_value", "before_on", "after_on",
    "before_note", "after_note", "source", "url",
]  # fmt: skip


def told(rows: pd.DataFrame) -> pd.DataFrame:
    """Changes with their words.

    Parameters
    ----------
    rows : as `truce.changes` gives them.

    Returns
    -------
    One row a change, in the same order: group, known_on, what (a sentence or its part), before, after (words; empty where there is none),
    item, holds_on, unit, before_value, after_value, before_on, after_on, before_note, after_note (what the words say beside a number or a
    day: `as stated`, `as later revised`, `by`; else all of them, such as `suspended`), source, url.
    """
    words = [_words(row) for row in rows.itertuples()]
    texts = {name: pd.Series([said[place] for said in words], index=rows.index, dtype="str") for place, name in enumerate(_Words._fields)}
    return rows.assign(**texts)[_COLUMNS]


class _Words(NamedTuple):
    what: str
    before_note: str
    before: str
    after_note: str
    after: str


def _words(row: Row) -> _Words:
    before, after = _note(row, "before"), _note(row, "after")
    return _Words(_what(row), before, _known(row, "before", before), after, _known(row, "after", after))


def known_of(row: Row, when: str) -> str:
    """What was known `before` or `after` a change, from its number, day and note, as `told` gives them."""
    return _known(row, when, getattr(row, f"{when}_note"))


def _known(row: Row, when: str, note: str) -> str:
    value, day = getattr(row, f"{when}_value"), getattr(row, f"{when}_on")
    if pd.notna(day):
        return f"{note} {wording.day(day)}".lstrip()
    if pd.isna(value):
        return note
    words = wording.amount(value, row.unit, signed="_yoy_" in row.item) if row.group == "statistics" else wording.percent(value)
    return f"{words}, {note}" if note else words


def sentences(rows: pd.DataFrame) -> "pd.Series[str]":
    """Each change as a sentence, with what was known before.

    Parameters
    ----------
    rows : as `truce.changes` gives them.
    """
    words = ((row, _words(row)) for row in rows.itertuples())
    return pd.Series([f"{_sentence(row, said.what, said.before, said.after)}." for row, said in words], index=rows.index, dtype="str")


def _sentence(row: Row, what: str, before: str, after: str) -> str:
    stated = " (stated, not in law)" if row.rests_on == "statement" else ""
    if row.group in ("tariffs", "measures beyond tariffs"):
        return f"The {_adjective(row.by)} measure “{_name(row)}” {_change(row, before, after)}{stated}"
    if row.group == "proposals":
        return f"{_what(row)} ({after}{f', before: {before}' if before else ''})"
    if row.group == "deadlines":
        was = f", not to {before}" if before else ""
        return f"{row.what}{f' runs to {after}{was}' if pd.notna(row.after_on) else f': {after}'}, {_CLOCKS[row.rests_on]}"
    if row.group == "commitments":
        was = f" (before: {before})" if before else ""
        return f"{wording.upper(_doer(row.by))} to {wording.inside(row.what)}, {after}{was}{_CONFIRMED[row.detail]}"
    if row.group == "evidence":
        return f"On the {_adjective(row.by)} promise “{row.what}”: {row.detail.removesuffix('.')} ({after})"
    move = f"{after} (before: {before})" if before else after
    return f"{what}: {move}" if move else what


def _change(row: Row, before: str, after: str) -> str:
    """What a measure does from a day on."""
    days = "" if pd.isna(row.holds_on) else f" from {wording.day(row.holds_on)}"
    days += "" if pd.isna(row.until_on) else f" to {wording.day(row.until_on)}"
    # What had been known of the same days, which need not be what held until then: so nothing rises or falls.
    was = f" (as known before: {before})" if before else ""
    if row.after_state == "ended" and days:
        return f"ends on {wording.day(row.holds_on)}{was}"
    return f"is {_STATES.get(row.after_state, after)}{days}{was}"


def _name(row: Row) -> str:
    """What a measure is called."""
    if row.group != "tariffs":
        return f"{row.what}, {row.detail}"
    names = row.detail.split("|")
    return wording.duty(row.what, names[0]) if len(names) == 1 else f"{row.what}: {'; '.join(names)}"


def _adjective(side: str) -> str:
    return "joint" if side == "both" else sides.SIDES[side].adjective


def _doer(side: str) -> str:
    return "both sides promise" if side == "both" else f"{sides.SIDES[side].doer} promises"


def _what(row: Row) -> str:
    stated = " (stated, not in law)" if row.rests_on == "statement" else ""
    if row.group == "tariffs":
        until = "" if pd.isna(row.until_on) else f" to {wording.day(row.until_on)}"
        return f"{_who(row.by)}: {_name(row)}, from {wording.day(row.holds_on)}{until}{stated}"
    if row.group == "deadlines":
        return f"{row.what} ({_CLOCKS[row.rests_on]})"
    if row.group in ("commitments", "proposals"):
        return f"{_who(row.by)}: {row.what}{_CONFIRMED[row.detail]}"
    if row.group == "evidence":
        return f"{_who(row.by)} promised: {row.what}. {row.detail}"
    if row.group == "measures beyond tariffs":
        return f"{_who(row.by)}: {row.what}, {row.detail}, from {wording.day(row.holds_on)}{stated}"
    return f"{row.what}, {wording.month(row.holds_on)}" if row.group == "statistics" else row.what


def _note(row: Row, when: str) -> str:
    """What is said beside a number or a day; else all that is said."""
    state, mark = getattr(row, f"{when}_state"), _MARKS[getattr(row, f"{when}_mark")]
    if pd.notna(getattr(row, f"{when}_value")) or pd.notna(getattr(row, f"{when}_on")):
        return mark
    if state and row.group == "evidence":
        return f"{state}, {_GROUNDS.get(row.rests_on) or f'says {_who(row.rests_on)}'}"
    if state == "undated":
        return "no day named"
    return ", ".join(filter(None, [state, mark if row.group == "tariffs" else ""]))


def _who(side: str) -> str:
    return sides.BOTH.title if side == "both" else sides.short(side) if side in sides.SIDES else side
