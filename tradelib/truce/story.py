"""The truce: its clocks and phases, talks, accusations, and what became known lately."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from tradelib import catalogue, ledger
from tradelib.errors import ParameterError

TRUCE = "TRUCE"
TARIFF_CLOCKS = ("US-RECIP", "CN-TARIFF")
EXPORT_CONTROL_CLOCKS = ("CN-RE-APRIL", "CN-EXPORT", "CN-GALLIUM")
MEETINGS = ("talks", "summit", "call")


@dataclass(frozen=True)
class Status:
    """Where the tariff truce stands, as known on a day.

    Attributes
    ----------
    as_of : day of knowledge.
    word : `none` (no truce with a clock has been announced), `running`, or `run out`.
    phase : the phase that holds on `as_of`, or on the last day of evidence if that is earlier; empty outside.
    ends_on : day on which the truce ends, as last announced; None without a truce.
    days_left : days from `as_of` to the end; None without a truce.
    said_by : `US`, `CN` or `both`: who has named that end.
    has_instrument : a legal text of at least one side carries the tariffs to that end.
    law_ends_on : by side, the day to which its legal text suspends the higher duties; a side without such a text is absent.
    rows : the announcements this rests on (source, url, known_on), the newest last.
    """

    as_of: date
    word: str
    phase: str
    ends_on: date | None
    days_left: int | None
    said_by: str
    has_instrument: bool
    law_ends_on: dict[str, date]
    rows: pd.DataFrame


def clocks(*, as_of: date) -> pd.DataFrame:
    """Every clock as last announced, legal and political apart.

    Returns
    -------
    One row per (clock, basis): side, what_expires, phase, announced_on, expires_on, is_last_day, state (`running`, `run out`, or
    `open` where no day is named), days_left (whole days; missing unless running), source, url, confidence, known_on; running
    clocks first, the next to expire on top.
    """
    rows = ledger.newest_versions(catalogue.load("deadlines", as_of=as_of), key=["clock", "basis"], by="announced_on")
    left = (rows["expires_on"] - pd.Timestamp(as_of)).dt.days + rows["is_last_day"].astype(int)
    rows["state"] = "run out"
    rows.loc[left > 0, "state"] = "running"
    rows.loc[rows["expires_on"].isna(), "state"] = "open"
    rows["days_left"] = left.where(rows["state"].eq("running")).astype("Int64")
    order = rows["state"].map({"running": 0, "open": 1, "run out": 2})
    return rows.assign(_order=order).sort_values(["_order", "expires_on", "clock", "basis"]).drop(columns="_order").reset_index(drop=True)


def phases(*, as_of: date) -> pd.DataFrame:
    """Phases of the truce as last announced: where a figure shades.

    Returns
    -------
    One row a phase in order: phase, starts_on, ends_on (exclusive), has_instrument (a legal text of a side carries the tariffs to
    that end), source, url, known_on.
    """
    known = catalogue.load("deadlines", as_of=as_of)
    rows = ledger.newest_versions(known[known["clock"].eq(TRUCE) & known["phase"].ne("")], key=["phase"], by="announced_on")
    legal = known[known["basis"].eq("legal") & known["clock"].isin(TARIFF_CLOCKS)]
    rows["has_instrument"] = rows["expires_on"].isin(legal["expires_on"].dropna())
    rows = rows.rename(columns={"expires_on": "ends_on"}).sort_values("starts_on").reset_index(drop=True)
    return rows[["phase", "starts_on", "ends_on", "has_instrument", "side", "announced_on", "source", "url", "known_on"]]


def status(*, as_of: date) -> Status:
    """Where the tariff truce stands, as known on a day."""
    known = phases(as_of=as_of)
    if known.empty:
        return Status(as_of, "none", "", None, None, "", False, {}, known)
    day = pd.Timestamp(as_of)
    observed = pd.Timestamp(catalogue.observed_through(as_of))
    last = known.iloc[-1]
    running = clocks(as_of=as_of)
    running = running[running["state"].eq("running")]
    legal = running[running["basis"].eq("legal") & running["clock"].isin(TARIFF_CLOCKS)]
    holding = known[(known["starts_on"] <= observed) & (observed < known["ends_on"])]
    is_running = last["ends_on"] > day
    return Status(
        as_of=as_of,
        word="running" if is_running else "run out",
        phase=holding["phase"].iloc[-1] if len(holding) else "",
        ends_on=last["ends_on"].date(),
        days_left=int((last["ends_on"] - day).days) if is_running else None,
        said_by=last["side"],
        has_instrument=bool(last["has_instrument"]),
        law_ends_on={row.side: row.expires_on.date() for row in legal.sort_values("side", ascending=False).itertuples()},
        rows=known,
    )


def events(*, as_of: date, since: date | None = None) -> pd.DataFrame:
    """Events in the newest version known on a day.

    Parameters
    ----------
    since : only versions that became known on or after this day.

    Returns
    -------
    As the table `events`, with `phase_of_event`: `held` (reported afterwards), `open` (announced for a span that holds `as_of`),
    `ahead` (announced for a later day), or `outcome not known` (announced for a day that has passed, with no report since);
    in order of starts_on.
    """
    rows = ledger.newest_versions(catalogue.load("events", as_of=as_of), key=["event_id"], by="published_on")
    day = pd.Timestamp(as_of)
    last_day = rows["ends_on"].fillna(rows["starts_on"])
    rows["phase_of_event"] = "held"
    announced = rows["published_on"] < rows["starts_on"]
    rows.loc[announced & (rows["starts_on"] > day), "phase_of_event"] = "ahead"
    rows.loc[announced & (rows["starts_on"] <= day) & (day <= last_day), "phase_of_event"] = "open"
    # Laws and rates announced ahead take effect by themselves; only meetings and hearings have an outcome to report.
    waits = rows["kind"].isin([*MEETINGS, "ruling"])
    rows.loc[announced & (last_day < day) & waits, "phase_of_event"] = "outcome not known"
    if since is not None:
        rows = rows[rows["published_on"] >= pd.Timestamp(since)]
    return rows.sort_values(["starts_on", "event_id"]).reset_index(drop=True)


def milestones(*, as_of: date, since: date) -> pd.DataFrame:
    """Agreements, extensions and summits of both sides, and court rulings, held from a day on: as `events`, with `number` from 1."""
    rows = events(as_of=as_of)
    joint = rows["kind"].isin(["agreement", "extension", "summit"]) & rows["actor"].eq("both")
    rows = rows[(joint | rows["kind"].eq("ruling")) & rows["phase_of_event"].eq("held") & (rows["starts_on"] >= pd.Timestamp(since))]
    return rows.reset_index(drop=True).assign(number=range(1, len(rows) + 1))


def meetings(*, as_of: date) -> pd.DataFrame:
    """Talks, summits and calls between the two sides, in order of their day; as `events`."""
    rows = events(as_of=as_of)
    return rows[rows["kind"].isin(MEETINGS) & rows["actor"].eq("both")].reset_index(drop=True)


def accusations(*, as_of: date) -> pd.DataFrame:
    """Newest accusation of each side as known on a day: at most one row a side, as `events`."""
    rows = events(as_of=as_of)
    rows = rows[rows["kind"].eq("accusation") & rows["actor"].isin(["US", "CN"])]
    newest = rows.sort_values(["published_on", "event_id"]).drop_duplicates("actor", keep="last")
    return newest.sort_values("published_on").reset_index(drop=True)


def dates_ahead(*, as_of: date) -> pd.DataFrame:
    """Days ahead that were known on a day: clocks that run out, with law and statement side by side, and events announced.

    Returns
    -------
    One row a thing, the truce first, then the nearest: what, side, legal_on (the day a legal text names; NaT if none), legal_is_last_day,
    stated_on (the day a promise, statement or announcement names), stated_is_last_day, days_left (to the nearer day), clock (empty for
    events), source, url, known_on (of the nearer day).
    """
    running = clocks(as_of=as_of)
    running = running[running["state"].eq("running")]
    ahead = events(as_of=as_of)
    ahead = ahead[ahead["phase_of_event"].eq("ahead")]
    rows = []
    for clock, group in running.groupby("clock", sort=False):
        row = {"clock": clock, **_nearest(group)}
        for basis, name in (("legal", "legal"), ("political", "stated")):
            part = group[group["basis"].eq(basis)]
            row |= {f"{name}_on": part["expires_on"].max(), f"{name}_is_last_day": bool(part["is_last_day"].any())}
        rows.append(row)
    for row in ahead.itertuples():
        days_left = (row.starts_on - pd.Timestamp(as_of)).days
        rows.append(
            {
                "clock": "", "what": row.title, "side": row.actor, "source": row.source, "url": row.url, "known_on": row.known_on,
                "days_left": days_left, "legal_on": pd.NaT, "legal_is_last_day": False, "stated_on": row.starts_on,
                "stated_is_last_day": False,
            }
        )  # fmt: skip
    columns = [
        "what", "side", "legal_on", "legal_is_last_day", "stated_on", "stated_is_last_day", "days_left", "clock", "source", "url",
        "known_on",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    for name in ("legal_on", "stated_on", "known_on"):
        table[name] = table[name].astype("datetime64[us]")
    table["_first"] = table["clock"].ne(TRUCE)
    return table.sort_values(["_first", "days_left", "what"]).drop(columns="_first").reset_index(drop=True)


def news(*, as_of: date, window_days: int) -> pd.DataFrame:
    """What became known in the days up to and including `as_of`: as `events`, the newest first.

    Raises
    ------
    ParameterError : a window of less than one day.
    """
    if window_days < 1:
        message = f"window_days must be 1 or more, not {window_days}."
        raise ParameterError(message)
    rows = events(as_of=as_of, since=as_of - timedelta(days=window_days - 1))
    return rows.sort_values(["published_on", "event_id"], ascending=[False, True]).reset_index(drop=True)


def _nearest(group: pd.DataFrame) -> dict:
    row = group.sort_values(["days_left", "basis"]).iloc[0]
    return {
        "what": row["what_expires"], "side": row["side"], "source": row["source"], "url": row["url"], "known_on": row["known_on"],
        "days_left": int(row["days_left"]),
    }  # fmt: skip


def participants(row: pd.Series) -> list[tuple[str, str]]:
    """Names and roles of those named in one event, as (name, role) pairs."""
    pairs = []
    for part in filter(None, (piece.strip() for piece in row["participants"].split(";"))):
        name, _, role = part.partition(" (")
        pairs.append((name, role.removesuffix(")")))
    return pairs
