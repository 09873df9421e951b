"""What became known between two days: a row a finding, with what its tables call it and no sentence; `phrases.changes` tells it."""

import re
from datetime import date
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue, ledger, wording
from tradelib.doors import Day, door, opened
from tradelib.errors import DayError
from tradelib.kept import kept
from tradelib.rows import each
from tradelib.truce.duty_changes import duty_changes
from tradelib.truce.measures import measures

_GROUNDS = {"instrument": "law", "statistics": "statistics", "report": "report"}
_ABOUT_DUTIES = re.compile(r"\b(?:dut(?:y|ies)|tariffs?|points)\b", re.IGNORECASE)
_COLUMNS = {
    "group": "str", "known_on": "datetime64[us]", "by": "str", "what": "str", "detail": "str", "rests_on": "str", "item": "str",
    "holds_on": "datetime64[us]", "until_on": "datetime64[us]", "unit": "str", "before_value": "float64", "after_value": "float64",
    "before_on": "datetime64[us]", "after_on": "datetime64[us]", "before_state": "str", "after_state": "str", "before_mark": "str",
    "after_mark": "str", "source": "str", "url": "str",
}  # fmt: skip
# Series of US trade with one partner, and those of them with China.
_WITH_PARTNERS, _WITH_CHINA = ("us_exports_to_", "us_imports_from_"), ("us_exports_to_china", "us_imports_from_china")
GROUPS = ("tariffs", "proposals", "deadlines", "commitments", "evidence", "measures beyond tariffs", "events", "statistics")


@door
@kept(maxsize=64)
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
        others, major events before minor ones): group (see `GROUPS`), known_on, by (whose it is, `US`, `CN` or `both`; empty of events and
        statistics), what and detail (as its table has it: authority and programmes, several separated by `|`; promise and what was seen of
        it, or how far the other side confirms it; measure and what it covers), rests_on (`law`, `statement`, `statistics`, `report`, or
        whose word it is), item (its id in its table, several separated by `|`), holds_on, until_on (days or month for which it holds),
        unit (`fraction`, `usd`, `tonnes` or `day`; else empty), before_value, after_value (in that unit), before_on, after_on (days),
        before_state, after_state (of what is neither number nor day, such as `suspended`; `undated` of a promise), before_mark, after_mark
        (`last_day`: by, not on, the day; `later_revised`; `statement`), source, url. Tariffs: each new step of a duty, of a text or stated,
        with what had been known for its day on the day before; steps of one text that do the same are one row, and a step that says what
        was known is none. Proposals: duties proposed or threatened, with their state before and after. Statistics: values first published
        (none before) or revised by as much as shows; marked `later_revised` where no value is held that was known by then; US trade with
        others than China is left out. Empty between equal days.

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
        "tariffs": duty_changes(since, until),
        "proposals": _proposals(since, until),
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
    texts = [name for name, kind in _COLUMNS.items() if kind == "str"]
    table[texts] = table[texts].astype(object).fillna("")
    table = table.astype(_COLUMNS)
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
    if rows.empty:
        return rows
    earlier = catalogue.load("deadlines", as_of=since)
    result = []
    for row in each(rows, _Clock):
        same = earlier[earlier["clock"].eq(row.clock) & earlier["basis"].eq(row.basis) & earlier["side"].isin([row.side, "both"])]
        last = None if same.empty else next(each(same.sort_values("announced_on").tail(1), _Clock))
        has_moved = last is not None and (_end_on(last), _mark(last)) != (_end_on(row), _mark(row))
        result.append(
            {
                "known_on": row.announced_on,
                "by": row.side,
                "what": row.what_expires,
                "rests_on": "law" if row.basis == "legal" else "statement",
                "item": row.clock,
                "unit": "day",
                "before_on": _end_on(last) if last is not None and has_moved else pd.NaT,
                "after_on": _end_on(row),
                "after_state": (row.term or "stopped") if pd.isna(row.expires_on) else "",
                "before_mark": "" if last is None else _mark(last),
                "after_mark": _mark(row),
                "source": row.source,
                "url": row.url,
            }
        )
    return pd.DataFrame(result)


def _proposals(since: date, until: date) -> pd.DataFrame:
    """Duties proposed or threatened, and what became of them; of one that is adopted the law stands among the tariffs."""
    rows = _new("proposals", "announced_on", since, until)
    if rows.empty:
        return rows
    versions = catalogue.load("proposals", as_of=until).sort_values("announced_on", kind="stable")
    before = versions.groupby("proposal_id")["state"].shift().reindex(rows.index).fillna("")
    return pd.DataFrame(
        {
            "known_on": rows["announced_on"],
            "by": rows["importer"],
            "what": rows["what"],
            "item": rows["proposal_id"],
            "before_state": before.where(before.ne(rows["state"]), ""),
            "after_state": rows["state"],
            "source": rows["source"],
            "url": rows["url"],
        }
    )


def _end_on(row: _Clock) -> pd.Timestamp:
    """Day of a clock as tables of clocks give it: of a suspension, the first day without."""
    return row.expires_on + pd.Timedelta(days=int(row.is_last_day and row.kind == "suspension"))


def _mark(row: _Clock) -> str:
    """Mark of a clock that names the day by which, and not on which, something ends."""
    return "last_day" if row.is_last_day and row.kind != "suspension" else ""


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
    if rows.empty:
        return rows
    versions = catalogue.load("commitments", as_of=until).sort_values("announced_on")
    earlier = versions.groupby("commitment_id")[["due_on", "confirmed_by_other_side"]].shift()
    earlier = versions[["commitment_id", "announced_on"]].join(earlier).set_index(["commitment_id", "announced_on"])
    result = []
    for row in each(rows, _Promise):
        due_on, confirmed_by = (earlier[name][row.commitment_id, row.announced_on] for name in ("due_on", "confirmed_by_other_side"))
        is_new = pd.isna(confirmed_by)
        confirmed = not is_new and confirmed_by != row.confirmed_by_other_side
        moved = is_new or not (due_on == row.due_on or pd.isna([due_on, row.due_on]).all())
        result.append(
            {
                "known_on": row.announced_on,
                "by": row.party,
                "what": row.what,
                "detail": row.confirmed_by_other_side if confirmed else "",
                "item": row.commitment_id,
                "unit": "day",
                "before_on": due_on if moved else pd.NaT,
                "after_on": row.due_on if moved else pd.NaT,
                "before_state": "undated" if moved and not is_new and pd.isna(due_on) else "",
                "after_state": "undated" if moved and pd.isna(row.due_on) else "",
                "before_mark": "last_day",
                "after_mark": "last_day",
                "source": row.source,
                "url": row.url,
                "weight": int(_ABOUT_DUTIES.search(row.what) is not None),
            }
        )
    return pd.DataFrame(result)


class _Word(NamedTuple):
    commitment_id: str
    observation: str
    direction: str
    standing: str
    claimed_by: str


def _evidence(since: date, until: date) -> pd.DataFrame:
    rows = _new("evidence", "observed_on", since, until)
    if rows.empty:
        return rows
    promises = ledger.newest_versions(catalogue.load("commitments", as_of=until), key=["commitment_id"], by="announced_on")
    promises = promises.set_index("commitment_id").reindex(rows["commitment_id"])
    return pd.DataFrame(
        {
            "known_on": rows["observed_on"],
            "by": promises["party"].to_numpy(),
            "what": promises["what"].to_numpy(),
            "detail": rows["observation"],
            "rests_on": [_GROUNDS.get(row.standing, row.claimed_by) for row in each(rows, _Word)],
            "item": rows["commitment_id"],
            "after_state": rows["direction"],
            "source": rows["source"],
            "url": rows["url"],
        }
    )


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
    if rows.empty:
        return rows
    days = rows["effective_on"].drop_duplicates()
    held = {day: measures(as_of=since, on=day.date()).set_index("item_id")["state"].to_dict() for day in days}
    state = ["in force again" if row.is_snap_back else row.state for row in each(rows, _Measure)]
    before = ["suspended" if row.is_snap_back else held[row.effective_on].get(row.item_id, "") for row in each(rows, _Measure)]
    return pd.DataFrame(
        {
            "known_on": rows["announced_on"],
            "by": rows["party"],
            "what": rows["measure"],
            "detail": rows["what"],
            "rests_on": rows["standing"].isin(ledger.LAW).map({True: "law", False: "statement"}),
            "item": rows["item_id"],
            "holds_on": rows["effective_on"],
            "before_state": [was if was != now else "" for was, now in zip(before, state, strict=True)],
            "after_state": state,
            "source": rows["instrument"],
            "url": rows["url"],
        }
    )


def _events(since: date, until: date) -> pd.DataFrame:
    rows = _new("events", "published_on", since, until)
    if rows.empty:
        return rows
    return pd.DataFrame(
        {
            "known_on": rows["published_on"],
            "what": rows["title"],
            "item": rows["event_id"],
            "holds_on": rows["starts_on"],
            "source": rows["source"],
            "url": rows["url"],
            "weight": rows["is_major"].astype(int),
        }
    )


def _statistics(since: date, until: date) -> pd.DataFrame:
    rows = _new("statistics", "known_on", since, until)
    # US trade with others stands beside that with China in the trade report; it is no news of the two sides.
    theirs = [not name.startswith(_WITH_PARTNERS) or name.startswith(_WITH_CHINA) for name in rows["series_id"]]
    rows = rows[pd.Series(theirs, index=rows.index, dtype=bool)]
    if rows.empty:
        return rows
    key, held = ["series_id", "period"], catalogue.load("statistics", as_of=since)
    then = held[held["series_id"].isin(rows["series_id"])].set_index(key)
    rows = rows.set_index(key)
    then = then.reindex(rows.index)
    series = catalogue.load("series").set_index("series_id")
    moved = [was != now for was, now in zip(_shown(then, series["unit"]), _shown(rows, series["unit"]), strict=True)]
    rows = rows.assign(before_value=then["value"], before_mark=_revised(then), after_mark=_revised(rows))
    rows = rows[pd.Series(moved, index=rows.index, dtype=bool)].reset_index()
    return pd.DataFrame(
        {
            "known_on": rows["known_on"],
            "what": rows["series_id"].map(series["title"]),
            "item": rows["series_id"],
            "holds_on": rows["period"],
            "unit": rows["series_id"].map(series["unit"]),
            "before_value": rows["before_value"],
            "after_value": rows["value"],
            "before_mark": rows["before_mark"],
            "after_mark": rows["after_mark"],
            "source": rows["source"],
            "url": rows["url"],
        }
    )


def _shown(rows: pd.DataFrame, units: pd.Series) -> list[str]:
    """Values as far as they are shown, by series and period; empty where none was known."""
    series = rows.index.get_level_values("series_id")
    return ["" if pd.isna(value) else wording.amount(value, units[name]) for name, value in zip(series, rows["value"], strict=True)]


def _revised(rows: pd.DataFrame) -> list[str]:
    """Mark of a value that was current only later."""
    return ["later_revised" if later is True else "" for later in rows["is_later_revised"]]
