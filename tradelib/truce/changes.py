"""What became known between two days."""

import re
from datetime import date

import pandas as pd

from tradelib import catalogue, ledger, wording
from tradelib.doors import Day, door
from tradelib.errors import DayError
from tradelib.truce.measures import measures

_CONFIRMED = {
    "yes": "confirmed by the other side",
    "partly": "confirmed in part by the other side",
    "no": "not confirmed by the other side",
}
_BASES = {"legal": "by legal text", "political": "as stated"}
_GROUNDS = {"instrument": "by a legal text", "statistics": "by official statistics", "report": "by report"}
_ABOUT_DUTIES = re.compile(r"\b(?:dut(?:y|ies)|tariffs?|points)\b", re.IGNORECASE)
GROUPS = ("law", "deadlines", "commitments", "evidence", "measures beyond tariffs", "events", "statistics")


@door
def changes(*, since: Day, until: Day) -> pd.DataFrame:
    """Everything that became known after one day and by another.

    Parameters
    ----------
    since : knowledge of this day is taken as given.
    until : the last day of knowledge.

    Returns
    -------
    One row a change, by group and day, what weighs most first within a day (country-wide duties and promises about duties before others,
    major events before minor ones): group (see `GROUPS`), known_on, what, before, after (words; empty where there is none), source,
    url. Law: each new step of a tariff measure with what the schedule known on `since` held for its day. Statistics: values first
    published (`before` empty) or revised. Empty between equal days.

    Raises
    ------
    DayError : `until` lies before `since`.
    """
    if until < since:
        message = f"The days are reversed: {until} lies before {since}."
        raise DayError(message)
    parts = {
        "law": _law(since, until),
        "deadlines": _deadlines(since, until),
        "commitments": _commitments(since, until),
        "evidence": _evidence(since, until),
        "measures beyond tariffs": _measures(since, until),
        "events": _events(since, until),
        "statistics": _statistics(since, until),
    }
    frames = [frame.assign(group=group) for group, frame in parts.items() if len(frame)]
    columns = ["group", "known_on", "what", "before", "after", "source", "url"]
    if not frames:
        return pd.DataFrame(columns=columns).astype({"known_on": "datetime64[us]"})
    table = pd.concat(frames, ignore_index=True)
    order = {group: number for number, group in enumerate(GROUPS)}
    table["weight"] = table["weight"].fillna(0) if "weight" in table else 0
    table = table.assign(_order=table["group"].map(order)).sort_values(
        ["_order", "known_on", "weight"], ascending=[True, True, False], kind="stable"
    )
    return table[columns].reset_index(drop=True)


def _new(name: str, by: str, since: date, until: date) -> pd.DataFrame:
    rows = catalogue.load(name, as_of=until)
    return rows[rows[by] > pd.Timestamp(since)]


def _law(since: date, until: date) -> pd.DataFrame:
    rows = _new("tariff_steps", "announced_on", since, until)
    measures = catalogue.load("tariff_measures", as_of=until).set_index("measure_id")
    known = ledger.replay(catalogue.load("tariff_steps", as_of=since), as_of=since, standing=ledger.LAW_AND_STATEMENTS)
    steps = catalogue.load("tariff_steps", as_of=until)
    whole = set(measures["family"].reindex(steps.loc[steps["scope"].str.split("|").map(lambda scopes: "all" in scopes), "measure_id"]))
    result = []
    for row in rows.itertuples():
        measure = measures.loc[row.measure_id]
        held = ledger.in_force(known[known["measure_id"].eq(row.measure_id)], on=row.effective_on.date())
        said = "" if row.standing in ledger.LAW else " (stated, no text seen)"
        result.append(
            {
                "known_on": row.announced_on,
                "what": f"{wording.SHORT_SIDES[measure['importer']]}: {wording.duty(measure['authority'], measure['programme'])}, "
                f"from {wording.day(row.effective_on)}{said}",
                "before": _held(held.iloc[0]) if len(held) else "",
                "after": _held(row),
                "source": row.instrument,
                "url": row.url,
                "weight": int("all" in row.scope.split("|") or measure["family"] in whole),
            }
        )
    return pd.DataFrame(result)


def _held(step: object) -> str:
    if step.basis == "ended":
        return "ended"
    if step.basis == "suspended":
        return "suspended"
    return step.basis.replace("_", " ") if pd.isna(step.rate_frac) else wording.percent(step.rate_frac)


def _deadlines(since: date, until: date) -> pd.DataFrame:
    rows = _new("deadlines", "announced_on", since, until)
    earlier = catalogue.load("deadlines", as_of=since)
    result = []
    for row in rows.itertuples():
        same = earlier[earlier["clock"].eq(row.clock) & earlier["basis"].eq(row.basis) & earlier["side"].eq(row.side)]
        before = same.sort_values("announced_on")["expires_on"].iloc[-1] if len(same) else pd.NaT
        result.append(
            {
                "known_on": row.announced_on,
                "what": f"{row.what_expires} ({_BASES[row.basis]})",
                "before": "" if pd.isna(before) else wording.day(before),
                "after": (row.term or "stopped") if pd.isna(row.expires_on) else wording.day(row.expires_on),
                "source": row.source,
                "url": row.url,
            }
        )
    return pd.DataFrame(result)


def _commitments(since: date, until: date) -> pd.DataFrame:
    """Promises made, and what became known of earlier ones: their day, or that the other side confirms them."""
    rows = _new("commitments", "announced_on", since, until)
    versions = catalogue.load("commitments", as_of=until).sort_values("announced_on")
    earlier = versions.groupby("commitment_id")[["due_on", "confirmed_by_other_side"]].shift()
    earlier = versions[["commitment_id", "announced_on"]].join(earlier).set_index(["commitment_id", "announced_on"])
    result = []
    for row in rows.itertuples():
        before = earlier.loc[(row.commitment_id, row.announced_on)]
        is_new = pd.isna(before["confirmed_by_other_side"])
        confirmed = not is_new and before["confirmed_by_other_side"] != row.confirmed_by_other_side
        moved = is_new or _due(before["due_on"]) != _due(row.due_on)
        result.append(
            {
                "known_on": row.announced_on,
                "what": f"{_who(row.party)}: {row.what}" + (f", now {_CONFIRMED[row.confirmed_by_other_side]}" if confirmed else ""),
                "before": "" if is_new or not moved else _due(before["due_on"]),
                "after": _due(row.due_on) if moved else "",
                "source": row.source,
                "url": row.url,
                "weight": int(_ABOUT_DUTIES.search(row.what) is not None),
            }
        )
    return pd.DataFrame(result)


def _due(day: pd.Timestamp) -> str:
    return "no day named" if pd.isna(day) else f"by {wording.day(day)}"


def _evidence(since: date, until: date) -> pd.DataFrame:
    rows = _new("evidence", "observed_on", since, until)
    promises = ledger.newest_versions(catalogue.load("commitments", as_of=until), key=["commitment_id"], by="announced_on")
    promises = promises.set_index("commitment_id")
    what = [
        f"{_who(promises['party'][row.commitment_id])} promised: {promises['what'][row.commitment_id]}. {row.observation}"
        for row in rows.itertuples()
    ]
    after = [f"{row.direction}, {_GROUNDS.get(row.standing, 'says ' + _who(row.claimed_by))}" for row in rows.itertuples()]
    return pd.DataFrame(
        {"known_on": rows["observed_on"], "what": what, "before": "", "after": after, "source": rows["source"], "url": rows["url"]}
    )


def _who(side: str) -> str:
    return {**wording.SHORT_SIDES, "both": "Both sides"}.get(side, side)


def _measures(since: date, until: date) -> pd.DataFrame:
    rows = _new("nontariff_steps", "announced_on", since, until)
    days = rows["effective_on"].drop_duplicates()
    held = {day: measures(as_of=since, on=day.date()).set_index("item_id")["state"] for day in days}
    what = [
        f"{_who(row.party)}: {row.measure}, {row.what}, from {wording.day(row.effective_on)}"
        + ("" if row.standing in ledger.LAW else " (stated, no text seen)")
        for row in rows.itertuples()
    ]
    state = ["in force again" if row.is_snap_back else row.state for row in rows.itertuples()]
    before = ["suspended" if row.is_snap_back else held[row.effective_on].get(row.item_id, "") for row in rows.itertuples()]
    return pd.DataFrame(
        {"known_on": rows["announced_on"], "what": what, "before": before, "after": state, "source": rows["instrument"], "url": rows["url"]}
    )


def _events(since: date, until: date) -> pd.DataFrame:
    rows = _new("events", "published_on", since, until)
    return pd.DataFrame(
        {
            "known_on": rows["published_on"],
            "what": rows["title"],
            "before": "",
            "after": "",
            "source": rows["source"],
            "url": rows["url"],
            "weight": rows["is_major"].astype(int),
        }
    )


def _statistics(since: date, until: date) -> pd.DataFrame:
    key = ["series_id", "period"]
    now, then = (catalogue.load("statistics", as_of=day).set_index(key) for day in (until, since))
    rows = now[now["known_on"] > pd.Timestamp(since)]
    before = then["value"].reindex(rows.index)
    moved = before.isna() | before.ne(rows["value"])
    rows, before = rows[moved].reset_index(), before[moved].to_numpy()
    series = catalogue.load("series").set_index("series_id")
    units = rows["series_id"].map(series["unit"])
    return pd.DataFrame(
        {
            "known_on": rows["known_on"],
            "what": [f"{series['title'][row.series_id]}, {wording.month(row.period)}" for row in rows.itertuples()],
            "before": ["" if pd.isna(value) else _amount(value, unit) for value, unit in zip(before, units, strict=True)],
            "after": [_amount(value, unit) for value, unit in zip(rows["value"], units, strict=True)],
            "source": rows["source"],
            "url": rows["url"],
        }
    )


def _amount(value: float, unit: str) -> str:
    if unit == "tonnes":
        return f"{wording.number(value, digits=0)} t"
    return wording.percent(value, signed=True) if unit == "fraction" else wording.usd_bn(value)
