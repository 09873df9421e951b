"""Events of the conflict and its truces: in the version of a day, on their lanes, with the people at the table."""

import pandas as pd

from tradelib import catalogue, ledger
from tradelib.doors import LATEST, Day, door
from tradelib.kept import kept

MEETINGS = ("talks", "summit", "call")
# Events with an outcome of their own; others are steps, which come on their day.
AWAITED = (*MEETINGS, "ruling", "hearing")
# What runs on which lane of a timeline; statements and releases of data run on none.
LANES = {
    "talks": ("talks", "summit", "call", "agreement"),
    "escalation": ("escalation", "threat", "accusation"),
    "relief": ("relief", "extension"),
    "rulings": ("ruling", "hearing"),
}
# How much an event matters where not all can be named, beside whether it is a turn of the story.
_WEIGHTS = {"summit": 3, "ruling": 3, "hearing": 2, "agreement": 2, "extension": 2, "accusation": 2, "threat": 1, "talks": 1}
_TURN, _JOINT = 4, 1


@door
@kept(maxsize=64)
def events(*, as_of: Day = LATEST, since: Day | None = None) -> pd.DataFrame:
    """Events in the newest version known on a day.

    Parameters
    ----------
    since
        only versions that became known on or after this day.

    Returns
    -------
    DataFrame
        As the table `events`, with `phase_of_event`: `held` (reported afterwards), `open` (announced for a span that holds `as_of`),
        `ahead` (announced for a later day), or `outcome not known` (announced for a day that has passed, with no report since); in order of
        starts_on.
    """
    rows = ledger.newest_versions(catalogue.load("events", as_of=as_of), key=["event_id"], by="published_on")
    day = pd.Timestamp(as_of)
    last_day = rows["ends_on"].fillna(rows["starts_on"])
    rows["phase_of_event"] = "held"
    announced = rows["published_on"] < rows["starts_on"]
    rows.loc[announced & (rows["starts_on"] > day), "phase_of_event"] = "ahead"
    rows.loc[announced & (rows["starts_on"] <= day) & (day <= last_day), "phase_of_event"] = "open"
    # Laws and rates announced ahead take effect by themselves; only meetings and hearings have an outcome to report.
    waits = rows["kind"].isin(AWAITED)
    rows.loc[announced & (last_day < day) & waits, "phase_of_event"] = "outcome not known"
    if since is not None:
        rows = rows[rows["published_on"] >= pd.Timestamp(since)]
    return rows.sort_values(["starts_on", "event_id"]).reset_index(drop=True)


def took_place(rows: pd.DataFrame) -> pd.Series:
    """Which events have taken place: those held, and steps on the day on which they take effect; a meeting under way is not held yet."""
    return rows["phase_of_event"].eq("held") | (rows["phase_of_event"].eq("open") & ~rows["kind"].isin(AWAITED))


@door
def timeline(*, as_of: Day = LATEST, since: Day) -> pd.DataFrame:
    """Events from a day on, each on its lane.

    Parameters
    ----------
    as_of
        day of knowledge.
    since
        first day of an event; later ones count, announced ones included.

    Returns
    -------
    DataFrame
        As `events`, in order of starts_on, with `lane`: `talks` (talks, summits, calls, agreements), `escalation` (escalations, threats,
        accusations), `relief` (relief, extensions), `rulings` (with hearings), or empty (statements and releases of data, which are no
        step), and `weight`, which ranks them where not all can be named.
    """
    rows = events(as_of=as_of)
    rows = rows[rows["starts_on"] >= pd.Timestamp(since)].reset_index(drop=True)
    lane = {kind: name for name, kinds in LANES.items() for kind in kinds}
    rows = rows.assign(lane=rows["kind"].map(lane).fillna(""))
    weight = rows["kind"].map(_WEIGHTS).fillna(0).astype(int) + _TURN * rows["is_major"] + _JOINT * rows["actor"].eq("both")
    return rows.assign(weight=weight)


@door
def milestones(*, as_of: Day = LATEST, since: Day) -> pd.DataFrame:
    """Agreements, extensions and summits of both sides, and court rulings, held from a day on: as `events`, in order of their day."""
    rows = events(as_of=as_of)
    joint = rows["kind"].isin(["agreement", "extension", "summit"]) & rows["actor"].eq("both")
    rows = rows[(joint | rows["kind"].eq("ruling")) & rows["phase_of_event"].eq("held") & (rows["starts_on"] >= pd.Timestamp(since))]
    return rows.reset_index(drop=True)


@door
def meetings(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Talks, summits and calls between the two sides, in order of their day; as `events`."""
    rows = events(as_of=as_of)
    return rows[rows["kind"].isin(MEETINGS) & rows["actor"].eq("both")].reset_index(drop=True)


@door
def accusations(*, as_of: Day = LATEST, since: Day | None = None, only_newest: bool = False) -> pd.DataFrame:
    """Accusations of each side against the other, as `events` and in order of the day they were made.

    Parameters
    ----------
    since
        only those made on or after this day.
    only_newest
        at most one row a side, the newest.
    """
    rows = events(as_of=as_of, since=since)
    rows = rows[rows["kind"].eq("accusation") & rows["actor"].isin(["US", "CN"])].sort_values(["published_on", "event_id"])
    if only_newest:
        rows = rows.drop_duplicates("actor", keep="last")
    return rows.reset_index(drop=True)


@door
def delegates(row: pd.Series) -> list[tuple[str, str, str]]:
    """Those named in one event, as (name, side, office); side is `US`, `CN`, or empty where none is given.

    Examples
    --------
    >>> delegates(pd.Series({"participants": "Jamieson Greer (USTR); He Lifeng (CN vice premier); MOFCOM"}))
    [('Jamieson Greer', 'US', 'USTR'), ('He Lifeng', 'CN', 'vice premier'), ('MOFCOM', '', '')]
    """
    named = []
    for part in filter(None, (piece.strip() for piece in row["participants"].split(";"))):
        name, _, role = part.partition(" (")
        role = role.removesuffix(")")
        side = next((side for side in ("CN", "US") if role.startswith(side)), "")
        # USTR is an office; in "US Treasury" the side stands before it.
        office = role if role == "USTR" else role.removeprefix(side).strip()
        named.append((name, side, office))
    return named


@door
def participants(*, as_of: Day = LATEST, since: Day | None = None) -> pd.DataFrame:
    """Who sat at the table: everybody named at a meeting of both sides that was held by a day; one under way does not count yet.

    Parameters
    ----------
    since
        only meetings from this day on.

    Returns
    -------
    DataFrame
        One row a person, by side (United States first) and number of meetings: side, name, office (the newest one named), meetings, talks,
        summits, calls (how many of each), first_on, last_on (days of the first and the newest), last_meeting (its title), source, url and
        known_on of that newest meeting.
    """
    rows = meetings(as_of=as_of)
    rows = rows[took_place(rows)]
    if since is not None:
        rows = rows[rows["starts_on"] >= pd.Timestamp(since)]
    seats = [
        {"name": name, "side": side, "office": office, "kind": row["kind"], "on": row["starts_on"], "last_meeting": row["title"]}
        | {field: row[field] for field in ("source", "url", "known_on")}
        for _, row in rows.iterrows()
        for name, side, office in delegates(row)
        if side
    ]
    columns = [
        "side", "name", "office", "meetings", "talks", "summits", "calls", "first_on", "last_on", "last_meeting", "source", "url",
        "known_on",
    ]  # fmt: skip
    people = []
    for (name, side), held in pd.DataFrame(seats, columns=["name", "side", "office", "kind", "on", *columns[9:]]).groupby(["name", "side"]):
        last = held.iloc[-1]
        counted = held["kind"].value_counts()
        people.append(
            {"side": side, "name": name, "office": last["office"], "meetings": len(held), "first_on": held["on"].min()}
            | {f"{kind}s".replace("talkss", "talks"): int(counted.get(kind, 0)) for kind in MEETINGS}
            | {"last_on": last["on"], **{field: last[field] for field in columns[9:]}}
        )
    table = pd.DataFrame(people, columns=columns)
    for name in ("first_on", "last_on", "known_on"):
        table[name] = table[name].astype("datetime64[us]")
    return table.sort_values(["side", "meetings", "name"], ascending=[False, False, True]).reset_index(drop=True)
