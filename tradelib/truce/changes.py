"""What became known between two days."""

import re
from datetime import date
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue, ledger, sides, wording
from tradelib.doors import Day, door, opened
from tradelib.errors import DayError
from tradelib.rows import each
from tradelib.truce.duty_changes import duty_changes
from tradelib.truce.measures import measures

_CONFIRMED = {
    "yes": "confirmed by the other side",
    "partly": "confirmed in part by the other side",
    "no": "not confirmed by the other side",
}
_BASES = {"legal": "by legal text", "political": "as stated"}
_GROUNDS = {"instrument": "by a legal text", "statistics": "by official statistics", "report": "by report"}
_ABOUT_DUTIES = re.compile(r"\b(?:dut(?:y|ies)|tariffs?|points)\b", re.IGNORECASE)
_COLUMNS = {
    "group": "str", "known_on": "datetime64[us]", "what": "str", "before": "str", "after": "str", "item": "str",
    "holds_on": "datetime64[us]", "unit": "str", "before_value": "float64", "after_value": "float64", "before_on": "datetime64[us]",
    "after_on": "datetime64[us]", "before_note": "str", "after_note": "str", "source": "str", "url": "str",
}  # fmt: skip
GROUPS = ("law", "deadlines", "commitments", "evidence", "measures beyond tariffs", "events", "statistics")


@door
def changes(*, since: Day, until: Day) -> pd.DataFrame:
    """Everything that became known after one day and by another.

    Parameters
    ----------
    since
        knowledge of this day is taken as given.
    until
        the last day of knowledge.

    Returns
    -------
    DataFrame
        One row a change, by group and day, what weighs most first within a day (country-wide duties and promises about duties before
        others, major events before minor ones): group (see `GROUPS`), known_on, what, before, after (words; empty where there is none),
        item (its id in its table, several separated by `|`), holds_on (day or month for which it holds), unit (`fraction`, `usd`, `tonnes`
        or `day`; else empty), before_value, after_value (in that unit; NaN where the words name no number), before_on, after_on (days),
        before_note, after_note (what the words say beside a number or a day: `as stated`, `as later revised`, `by`; else all of them, such
        as `suspended`), source, url. Law: each new step of a duty with what had been known for its day on the day before; steps of one text
        that do the same are one row, and a step that says what was known is none. Statistics: values first published (`before` empty) or
        revised by as much as shows; marked `as later revised` where no value is held that was known by then. Empty between equal days.

    Raises
    ------
    DayError
        `until` lies before `since`.
    """
    since, until = opened(since), opened(until)
    if until < since:
        message = f"The days are reversed: {until} lies before {since}."
        raise DayError(message)
    parts = {
        "law": duty_changes(since, until),
        "deadlines": _deadlines(since, until),
        "commitments": _commitments(since, until),
        "evidence": _evidence(since, until),
        "measures beyond tariffs": _measures(since, until),
        "events": _events(since, until),
        "statistics": _statistics(since, until),
    }
    frames = [frame.assign(group=group) for group, frame in parts.items() if len(frame)]
    if not frames:
        return pd.DataFrame(columns=list(_COLUMNS)).astype(_COLUMNS)
    table = pd.concat(frames, ignore_index=True).reindex(columns=[*_COLUMNS, "weight"])
    # A column that no group has is all NaN, and a number to pandas.
    texts = ["item", "unit", "before_note", "after_note"]
    table[texts] = table[texts].astype(object).fillna("")
    table = table.astype(_COLUMNS)
    for name in ("before", "after"):
        is_bare = table[[f"{name}_value", f"{name}_on"]].isna().all(axis="columns")
        table[f"{name}_note"] = table[f"{name}_note"].mask(is_bare, table[name])
    order = {group: number for number, group in enumerate(GROUPS)}
    table = table.assign(_order=table["group"].map(order), weight=table["weight"].fillna(0)).sort_values(
        ["_order", "known_on", "weight"], ascending=[True, True, False], kind="stable"
    )
    return table[list(_COLUMNS)].reset_index(drop=True)


def _new(name: str, by: str, since: date, until: date) -> pd.DataFrame:
    rows = catalogue.load(name, as_of=until)
    new: pd.DataFrame = rows[rows[by] > pd.Timestamp(since)]
    return new


class _Clock(NamedTuple):
    announced_on: pd.Timestamp
    clock: str
    basis: str
    side: str
    kind: str
    what_expires: str
    expires_on: pd.Timestamp
    is_last_day: bool
    term: str
    source: str
    url: str


def _deadlines(since: date, until: date) -> pd.DataFrame:
    rows = _new("deadlines", "announced_on", since, until)
    earlier = catalogue.load("deadlines", as_of=since)
    result = []
    for row in each(rows, _Clock):
        same = earlier[earlier["clock"].eq(row.clock) & earlier["basis"].eq(row.basis) & earlier["side"].isin([row.side, "both"])]
        last = None if same.empty else next(each(same.sort_values("announced_on").tail(1), _Clock))
        before = "" if last is None else _end(last)
        after = _end(row) or row.term or "stopped"
        result.append(
            {
                "known_on": row.announced_on,
                "what": f"{row.what_expires} ({_BASES[row.basis]})",
                "before": _moved(before, after),
                "after": after,
                "item": row.clock,
                "unit": "day",
                "before_on": _end_on(last) if last is not None and _moved(before, after) else pd.NaT,
                "after_on": _end_on(row),
                "before_note": "" if last is None else _by(last),
                "after_note": _by(row),
                "source": row.source,
                "url": row.url,
            }
        )
    return pd.DataFrame(result)


def _end_on(row: _Clock) -> pd.Timestamp:
    """Day of a clock as tables of clocks give it: of a suspension, the first day without."""
    return row.expires_on + pd.Timedelta(days=int(row.is_last_day and row.kind == "suspension"))


def _end(row: _Clock) -> str:
    if pd.isna(row.expires_on):
        return ""
    return f"{_by(row)} {wording.day(_end_on(row))}".lstrip()


def _by(row: _Clock) -> str:
    """What is said before the day of a clock by which, and not on which, something ends."""
    return "by" if row.is_last_day and row.kind != "suspension" else ""


def _moved(before: str, after: str) -> str:
    """What held before, where it is another thing than now."""
    return before if before != after else ""


class _Promise(NamedTuple):
    commitment_id: str
    announced_on: pd.Timestamp
    party: str
    what: str
    due_on: pd.Timestamp
    confirmed_by_other_side: str
    source: str
    url: str


def _commitments(since: date, until: date) -> pd.DataFrame:
    """Promises made, and what became known of earlier ones: their day, or that the other side confirms them."""
    rows = _new("commitments", "announced_on", since, until)
    versions = catalogue.load("commitments", as_of=until).sort_values("announced_on")
    earlier = versions.groupby("commitment_id")[["due_on", "confirmed_by_other_side"]].shift()
    earlier = versions[["commitment_id", "announced_on"]].join(earlier).set_index(["commitment_id", "announced_on"])
    result = []
    for row in each(rows, _Promise):
        due_on, confirmed_by = (earlier[name][row.commitment_id, row.announced_on] for name in ("due_on", "confirmed_by_other_side"))
        is_new = pd.isna(confirmed_by)
        confirmed = not is_new and confirmed_by != row.confirmed_by_other_side
        moved = is_new or _due(due_on) != _due(row.due_on)
        result.append(
            {
                "known_on": row.announced_on,
                "what": f"{_who(row.party)}: {row.what}" + (f", now {_CONFIRMED[row.confirmed_by_other_side]}" if confirmed else ""),
                "before": "" if is_new or not moved else _due(due_on),
                "after": _due(row.due_on) if moved else "",
                "item": row.commitment_id,
                "unit": "day",
                "before_on": due_on if moved else pd.NaT,
                "after_on": row.due_on if moved else pd.NaT,
                "before_note": "by",
                "after_note": "by",
                "source": row.source,
                "url": row.url,
                "weight": int(_ABOUT_DUTIES.search(row.what) is not None),
            }
        )
    return pd.DataFrame(result)


def _due(day: pd.Timestamp) -> str:
    return "no day named" if pd.isna(day) else f"by {wording.day(day)}"


class _Word(NamedTuple):
    commitment_id: str
    observation: str
    direction: str
    standing: str
    claimed_by: str


def _evidence(since: date, until: date) -> pd.DataFrame:
    rows = _new("evidence", "observed_on", since, until)
    promises = ledger.newest_versions(catalogue.load("commitments", as_of=until), key=["commitment_id"], by="announced_on")
    promises = promises.set_index("commitment_id")
    what = [
        f"{_who(promises['party'][row.commitment_id])} promised: {promises['what'][row.commitment_id]}. {row.observation}"
        for row in each(rows, _Word)
    ]
    after = [f"{row.direction}, {_GROUNDS.get(row.standing, 'says ' + _who(row.claimed_by))}" for row in each(rows, _Word)]
    return pd.DataFrame(
        {
            "known_on": rows["observed_on"],
            "what": what,
            "before": "",
            "after": after,
            "item": rows["commitment_id"],
            "source": rows["source"],
            "url": rows["url"],
        }
    )


def _who(side: str) -> str:
    return sides.BOTH.title if side == "both" else sides.short(side) if side in sides.SIDES else side


class _Measure(NamedTuple):
    item_id: str
    party: str
    measure: str
    what: str
    effective_on: pd.Timestamp
    state: str
    standing: str
    is_snap_back: bool


def _measures(since: date, until: date) -> pd.DataFrame:
    rows = _new("nontariff_steps", "announced_on", since, until)
    days = rows["effective_on"].drop_duplicates()
    held = {day: measures(as_of=since, on=day.date()).set_index("item_id")["state"].to_dict() for day in days}
    what = [
        f"{_who(row.party)}: {row.measure}, {row.what}, from {wording.day(row.effective_on)}"
        + ("" if row.standing in ledger.LAW else " (stated, no text seen)")
        for row in each(rows, _Measure)
    ]
    state = ["in force again" if row.is_snap_back else row.state for row in each(rows, _Measure)]
    before = ["suspended" if row.is_snap_back else held[row.effective_on].get(row.item_id, "") for row in each(rows, _Measure)]
    before = [_moved(*pair) for pair in zip(before, state, strict=True)]
    return pd.DataFrame(
        {
            "known_on": rows["announced_on"],
            "what": what,
            "before": before,
            "after": state,
            "item": rows["item_id"],
            "holds_on": rows["effective_on"],
            "source": rows["instrument"],
            "url": rows["url"],
        }
    )


def _events(since: date, until: date) -> pd.DataFrame:
    rows = _new("events", "published_on", since, until)
    return pd.DataFrame(
        {
            "known_on": rows["published_on"],
            "what": rows["title"],
            "before": "",
            "after": "",
            "item": rows["event_id"],
            "holds_on": rows["starts_on"],
            "source": rows["source"],
            "url": rows["url"],
            "weight": rows["is_major"].astype(int),
        }
    )


def _statistics(since: date, until: date) -> pd.DataFrame:
    key = ["series_id", "period"]
    now, then = (catalogue.load("statistics", as_of=day).set_index(key) for day in (until, since))
    rows = now[now["known_on"] > pd.Timestamp(since)]
    then = then.reindex(rows.index)
    after, before = _amounts(rows), _amounts(then)
    moved = pd.Series([was != now for was, now in zip(before, after, strict=True)], index=rows.index, dtype=bool)
    now_noted, then_noted = _revised(rows), _revised(then)
    rows = rows.assign(
        after=_marked(after, now_noted), before=_marked(before, then_noted), before_value=then["value"], after_note=now_noted,
        before_note=then_noted,
    )  # fmt: skip
    rows = rows[moved].reset_index()
    series = catalogue.load("series").set_index("series_id")
    titles = series["title"]
    return pd.DataFrame(
        {
            "known_on": rows["known_on"],
            "what": [f"{titles[name]}, {wording.month(month)}" for name, month in zip(rows["series_id"], rows["period"], strict=True)],
            "before": rows["before"],
            "after": rows["after"],
            "item": rows["series_id"],
            "holds_on": rows["period"],
            "unit": rows["series_id"].map(series["unit"]),
            "before_value": rows["before_value"],
            "after_value": rows["value"],
            "before_note": rows["before_note"],
            "after_note": rows["after_note"],
            "source": rows["source"],
            "url": rows["url"],
        }
    )


def _amounts(rows: pd.DataFrame) -> list[str]:
    """Values in words, by series and period; empty where none was known."""
    units = catalogue.load("series").set_index("series_id")["unit"]
    series = rows.index.get_level_values("series_id")
    return [
        "" if pd.isna(value) else wording.amount(value, units[name], signed="_yoy_" in name)
        for name, value in zip(series, rows["value"], strict=True)
    ]


def _revised(rows: pd.DataFrame) -> list[str]:
    """What is to be said of a value that was current only later."""
    return ["as later revised" if later is True else "" for later in rows["is_later_revised"]]


def _marked(words: list[str], notes: list[str]) -> list[str]:
    return [f"{word}, {note}" if note else word for word, note in zip(words, notes, strict=True)]
