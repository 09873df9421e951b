"""What became known between two days."""

from datetime import date

import pandas as pd

from tradelib import catalogue, ledger, wording
from tradelib.errors import DayError

GROUPS = ("law", "deadlines", "commitments", "evidence", "measures beyond tariffs", "events", "statistics")


def changes(*, since: date, until: date) -> pd.DataFrame:
    """Everything that became known after one day and by another.

    Parameters
    ----------
    since : knowledge of this day is taken as given.
    until : the last day of knowledge.

    Returns
    -------
    One row a change, by group and day: group (see `GROUPS`), known_on, what, before, after (words; empty where there is none), source,
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
        "commitments": _plain("commitments", "made_on", "what", since, until, after="due_on"),
        "evidence": _plain("evidence", "observed_on", "observation", since, until, after="direction"),
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
    return table.sort_values(["group", "known_on", "what"], key=lambda column: column.map(order) if column.name == "group" else column)[
        columns
    ].reset_index(drop=True)


def _new(name: str, by: str, since: date, until: date) -> pd.DataFrame:
    rows = catalogue.load(name, as_of=until)
    return rows[rows[by] > pd.Timestamp(since)]


def _law(since: date, until: date) -> pd.DataFrame:
    rows = _new("tariff_steps", "announced_on", since, until)
    measures = catalogue.load("tariff_measures", as_of=until).set_index("measure_id")
    known = ledger.replay(catalogue.load("tariff_steps", as_of=since), as_of=since, standing=ledger.LAW_AND_STATEMENTS)
    result = []
    for row in rows.itertuples():
        measure = measures.loc[row.measure_id]
        held = ledger.in_force(known[known["measure_id"].eq(row.measure_id)], on=row.effective_on.date())
        said = "" if row.standing in ledger.LAW else " (stated, no text seen)"
        result.append(
            {
                "known_on": row.announced_on,
                "what": f"{wording.SHORT_SIDES[measure['importer']]}: {measure['authority']}, {measure['programme']}, "
                f"from {wording.day(row.effective_on)}{said}",
                "before": _held(held.iloc[0]) if len(held) else "",
                "after": _held(row),
                "source": row.instrument,
                "url": row.url,
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
                "what": f"{row.what_expires} ({row.basis})",
                "before": "" if pd.isna(before) else wording.day(before),
                "after": "stopped" if pd.isna(row.expires_on) else wording.day(row.expires_on),
                "source": row.source,
                "url": row.url,
            }
        )
    return pd.DataFrame(result)


def _plain(name: str, by: str, words: str, since: date, until: date, *, after: str) -> pd.DataFrame:
    rows = _new(name, by, since, until)
    value = [wording.day(item) if isinstance(item, pd.Timestamp) else ("" if pd.isna(item) else item) for item in rows[after]]
    who = rows["party"] if "party" in rows else rows["claimed_by"]
    says = [f"{_who(speaker)}: {text}" for speaker, text in zip(who, rows[words], strict=True)]
    return pd.DataFrame({"known_on": rows[by], "what": says, "before": "", "after": value, "source": rows["source"], "url": rows["url"]})


def _who(side: str) -> str:
    return wording.SHORT_SIDES.get(side, side)


def _measures(since: date, until: date) -> pd.DataFrame:
    rows = _new("nontariff_steps", "announced_on", since, until)
    earlier = catalogue.load("nontariff_steps", as_of=since).sort_values("announced_on")
    last = earlier.drop_duplicates("item_id", keep="last").set_index("item_id")["state"]
    what = [
        f"{_who(row.party)}: {row.measure}, {row.what}, from {wording.day(row.effective_on)}"
        + ("" if row.standing in ledger.LAW else " (stated, no text seen)")
        for row in rows.itertuples()
    ]
    state = ["returns" if row.is_snap_back else row.state for row in rows.itertuples()]
    before = rows["item_id"].map(last).fillna("")
    return pd.DataFrame(
        {"known_on": rows["announced_on"], "what": what, "before": before, "after": state, "source": rows["instrument"], "url": rows["url"]}
    )


def _events(since: date, until: date) -> pd.DataFrame:
    rows = _new("events", "published_on", since, until)
    return pd.DataFrame(
        {"known_on": rows["published_on"], "what": rows["title"], "before": "", "after": "", "source": rows["source"], "url": rows["url"]}
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
    return wording.percent(value, signed=True) if unit == "fraction" else wording.usd_bn(value)
