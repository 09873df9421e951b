"""The clocks of the truce and its phases: what ends when, by law and as stated."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from tradelib import catalogue, ledger
from tradelib.doors import LATEST, Day, door, opened
from tradelib.kept import kept
from tradelib.rows import each
from tradelib.shown import Shown
from tradelib.truce.events import events
from tradelib.truce.measures import measures

TRUCE = "TRUCE"
TARIFF_CLOCKS = ("US-RECIP", "CN-TARIFF")
EXPORT_CONTROL_CLOCKS = ("CN-RE-APRIL", "CN-EXPORT", "CN-GALLIUM")
# A day between the end of the evidence and the day of knowledge.
UNSEEN = "passed, not observed"
BASES = {"legal": "legal", "stated": "political"}
_COLUMNS = [
    "clock", "what", "side", "kind", "legal_on", "legal_side", "legal_source", "legal_url", "legal_known_on", "stated_on", "stated_source",
    "stated_url", "stated_known_on", "stated_term", "is_last_day", "days_left", "earlier_ends", "source", "url", "known_on",
]  # fmt: skip


@dataclass(frozen=True, repr=False, kw_only=True)
class TruceClock(Shown):
    """How long the tariff truce runs, in law and as stated, as known on a day.

    Attributes
    ----------
    as_of
        day of knowledge.
    word
        `none` (no truce with a clock has been announced), `running` (announced to a day ahead, see `has_begun`), or `run out`.
    begun_on
        first day of the truce, which may lie ahead; None without one.
    phase, phase_on
        the phase that holds on `as_of`, or on the last day of evidence if that is earlier, and its first day; empty and None outside.
    ends_on
        day on which the truce ends, as last announced; None without a truce.
    days_left
        days from `as_of` to the end; None without a truce.
    said_by
        `US`, `CN` or `both`: who has named that end.
    has_instrument
        a legal text of at least one side carries the tariffs to that end.
    law_ends_on
        by side, the day to which its legal text suspends the higher duties; a side without such a text is absent.
    term
        for how long the truce is to go on, where that was said last and no day was named, such as `one more year`; else empty.
    term_on, term_by
        day on which that became known, and who says it; None and empty without a term.
    pause
        what an older pause of both sides holds back, where word is `none` and one is running; empty otherwise.
    pause_ends_on
        first day without it; None without a pause.
    """

    as_of: date
    word: str = "none"
    begun_on: date | None = None
    phase: str = ""
    phase_on: date | None = None
    ends_on: date | None = None
    days_left: int | None = None
    said_by: str = ""
    has_instrument: bool = False
    law_ends_on: dict[str, date] = field(default_factory=dict)
    term: str = ""
    term_on: date | None = None
    term_by: str = ""
    pause: str = ""
    pause_ends_on: date | None = None

    @property
    def has_begun(self) -> bool:
        """Whether its first day has come; what a truce suspends is in force until then."""
        return self.begun_on is None or self.begun_on <= self.as_of

    @property
    def law_on(self) -> date | None:
        """First day to which a legal text suspends the higher duties; None without such a text."""
        return min(self.law_ends_on.values(), default=None)

    @property
    def law_side(self) -> str:
        """Whose text that is: `US`, `CN`, or `both` where both name that day, or none does."""
        whose = [side for side, day in self.law_ends_on.items() if day == self.law_on]
        return whose[0] if len(whose) == 1 else "both"


@dataclass(frozen=True, repr=False, kw_only=True)
class Status(TruceClock):
    """Where the tariff truce stands: its clock, and the announcements this rests on.

    Attributes
    ----------
    rows
        the announcements (source, url, known_on), the newest last.
    said
        who named the day on which the truce ends, the newest last: the same columns.
    """

    rows: pd.DataFrame
    said: pd.DataFrame = field(default_factory=pd.DataFrame)


@door
@kept(maxsize=64)
def clocks(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Every clock as last announced, legal and political apart.

    Returns
    -------
    DataFrame
        One row per (clock, basis): side, what_expires, measures (those it holds back), kind, phase, starts_on, announced_on, expires_on,
        is_last_day, state (`running`, `run out`, `open` where no day is named, or `passed, not observed` where the day lies between the end
        of the evidence and `as_of`), term (for how long, where that is all that was said), days_left (whole days; missing unless running),
        earlier_ends (days announced before, as ISO days in order, separated by `|`), source, url, confidence, known_on; running clocks
        first, the next to expire on top.
    """
    known = catalogue.load("deadlines", as_of=as_of)
    rows = ledger.newest_versions(known, key=["clock", "basis"], by="announced_on")
    left = (rows["expires_on"] - pd.Timestamp(as_of)).dt.days + rows["is_last_day"].astype(int)
    observed = pd.Timestamp(catalogue.observed_through(as_of))
    rows["state"] = "run out"
    rows.loc[rows["expires_on"] + pd.to_timedelta(rows["is_last_day"].astype(int), unit="D") > observed, "state"] = UNSEEN
    rows.loc[left > 0, "state"] = "running"
    rows.loc[rows["expires_on"].isna(), "state"] = "open"
    rows["days_left"] = left.where(rows["state"].eq("running")).astype("Int64")
    versions: dict[tuple[str, str], list[_Clock]] = {}
    for version in each(known, _Clock):
        versions.setdefault((version.clock, version.basis), []).append(version)
    rows["earlier_ends"] = [_earlier(versions[row.clock, row.basis], row) for row in each(rows, _Clock)]
    order = rows["state"].map({"running": 0, "open": 1, UNSEEN: 2, "run out": 3})
    return rows.assign(_order=order).sort_values(["_order", "expires_on", "clock", "basis"]).drop(columns="_order").reset_index(drop=True)


@door
@kept(maxsize=64)
def law_and_statement(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Running clocks with the day of the law beside the day that was stated.

    A suspension is given by the first day on which what it holds back returns: a text that names its last day gives the day after. The
    truce has no legal text of its own; its legal day is the earliest to which the tariff orders of a side carry it.

    Returns
    -------
    DataFrame
        One row a clock, the truce first, then the next to expire: clock, what, side, kind (`suspension`, `promise` or `measure`), legal_on,
        legal_side (whose text; empty without one), legal_source, legal_url, legal_known_on, stated_on, stated_source, stated_url,
        stated_known_on, stated_term (for how long, where no day was named), is_last_day (a promise: the day is the last to keep it),
        days_left (to the nearer day; 0 or less where that day lies between the end of the evidence and `as_of`, and nothing is known of
        it), earlier_ends, and source, url, known_on of the nearer day. Missing days are NaT, missing words empty.
    """
    running = clocks(as_of=as_of)
    running = running[running["state"].isin(["running", UNSEEN]) | (running["state"].eq("open") & running["term"].ne(""))]
    held_back = running["kind"].eq("suspension") & running["is_last_day"]
    running = running.assign(day=running["expires_on"] + pd.to_timedelta(held_back.astype(int), unit="D"))
    by_clock: dict[str, list[_Running]] = {}
    for clock in each(running, _Running):
        by_clock.setdefault(clock.clock, []).append(clock)
    orders = [clock for name in TARIFF_CLOCKS for clock in by_clock.get(name, []) if clock.basis == "legal"]
    rows = [_beside(group, orders, pd.Timestamp(as_of)) for _, group in sorted(by_clock.items())]
    return _ordered(pd.DataFrame(rows, columns=_COLUMNS))


class _Running(NamedTuple):
    clock: str
    basis: str
    side: str
    kind: str
    what_expires: str
    day: pd.Timestamp
    is_last_day: bool
    term: str
    earlier_ends: str
    source: str
    url: str
    known_on: pd.Timestamp


def _beside(group: list[_Running], orders: list[_Running], as_of: pd.Timestamp) -> dict[str, object]:
    """A row of `law_and_statement`: one clock by law and as stated; `orders`: the legal texts of both sides on their tariffs."""
    parts = {name: [clock for clock in group if clock.basis == basis] for name, basis in BASES.items()}
    if group[0].clock == TRUCE:
        first = _first(orders)
        parts["legal"] = sorted((order for order in orders if order.day == first), key=lambda order: order.side, reverse=True)
    nearer = min(group, key=lambda clock: (pd.isna(clock.day), clock.day.value, clock.basis))
    row: dict[str, object] = {"clock": nearer.clock, "what": nearer.what_expires}
    row |= {name: getattr(nearer, name) for name in ("side", "kind", "source", "url", "known_on")}
    row["is_last_day"] = bool(nearer.is_last_day) and nearer.kind != "suspension"
    row["earlier_ends"] = "|".join(sorted({day for clock in group for day in clock.earlier_ends.split("|") if day}))
    row["legal_side"] = "both" if len(parts["legal"]) > 1 else "".join(clock.side for clock in parts["legal"])
    for name, part in parts.items():
        row |= {f"{name}_on": _first(part), f"{name}_known_on": max((clock.known_on for clock in part), default=pd.NaT)}
        row |= {f"{name}_source": "; ".join(clock.source for clock in part), f"{name}_url": "|".join(clock.url for clock in part)}
    row["stated_term"] = "; ".join(clock.term for clock in parts["stated"] if clock.term)
    nearest = _first([*parts["legal"], *parts["stated"]])
    row["days_left"] = pd.NA if pd.isna(nearest) else (nearest - as_of).days
    return row


def _first(part: list[_Running]) -> pd.Timestamp | NaTType:
    return min((clock.day for clock in part if pd.notna(clock.day)), default=pd.NaT)


@door
@kept(maxsize=64, rests_on={"deadlines": ()})
def phases(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Phases of the truce as last announced: where a figure shades.

    Returns
    -------
    DataFrame
        One row a phase in order: phase, starts_on, ends_on (exclusive), has_instrument (a legal text of a side carries the tariffs to that
        end), side (who named it), announced_on, source, url, known_on.
    """
    known = catalogue.load("deadlines", as_of=as_of)
    rows = ledger.newest_versions(known[known["clock"].eq(TRUCE) & known["phase"].ne("")], key=["phase"], by="announced_on")
    legal = known[known["basis"].eq("legal") & known["clock"].isin(TARIFF_CLOCKS)]
    rows["has_instrument"] = rows["expires_on"].isin(legal["expires_on"].dropna())
    rows = rows.rename(columns={"expires_on": "ends_on"}).sort_values("starts_on").reset_index(drop=True)
    return rows[["phase", "starts_on", "ends_on", "has_instrument", "side", "announced_on", "source", "url", "known_on"]]


@door
@kept(maxsize=64)
def status(*, as_of: Day = LATEST) -> Status:
    """Where the tariff truce stands, as known on a day."""
    as_of = opened(as_of)
    known = phases(as_of=as_of)
    running = clocks(as_of=as_of)
    running = running[running["state"].isin(["running", UNSEEN])]
    if known.empty:
        return _without_truce(as_of, running)
    day = pd.Timestamp(as_of)
    observed = pd.Timestamp(catalogue.observed_through(as_of))
    last = known.iloc[-1]
    legal = running[running["basis"].eq("legal") & running["clock"].isin(TARIFF_CLOCKS)]
    holding = known[(known["starts_on"] <= observed) & (observed < known["ends_on"])]
    is_running = last["ends_on"] > day
    newest = clocks(as_of=as_of).query("clock == @TRUCE and basis == 'political'").iloc[0]
    termed = newest["term"] != ""
    return Status(
        as_of=as_of,
        term=newest["term"],
        term_on=newest["announced_on"].date() if termed else None,
        term_by=newest["side"] if termed else "",
        word="running" if is_running else "run out",
        begun_on=known["starts_on"].iloc[0].date(),
        phase=holding["phase"].iloc[-1] if len(holding) else "",
        phase_on=holding["starts_on"].iloc[-1].date() if len(holding) else None,
        ends_on=last["ends_on"].date(),
        days_left=int((last["ends_on"] - day).days) if is_running else None,
        said_by=last["side"],
        has_instrument=bool(last["has_instrument"]),
        law_ends_on={row.side: row.expires_on.date() for row in each(legal.sort_values("side", ascending=False), _Clock)},
        rows=known,
        said=_said(as_of, last["ends_on"]),
    )


def _said(as_of: date, ends_on: pd.Timestamp) -> pd.DataFrame:
    """Statements that name a day as the end of the truce, oldest first."""
    rows = catalogue.load("deadlines", as_of=as_of)
    rows = rows[rows["clock"].eq(TRUCE) & rows["basis"].eq("political") & rows["expires_on"].eq(ends_on)]
    return rows.sort_values("announced_on").reset_index(drop=True)


def _without_truce(as_of: date, running: pd.DataFrame) -> Status:
    pause = running[running["kind"].eq("suspension") & running["side"].eq("both")]
    if pause.empty:
        return Status(as_of=as_of, rows=pause)
    row = pause.iloc[0]
    ends_on = row["expires_on"] + pd.Timedelta(days=int(row["is_last_day"]))
    return Status(as_of=as_of, rows=pause, pause=row["what_expires"], pause_ends_on=ends_on.date())


@door
@kept(maxsize=64)
def dates_ahead(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Days ahead that were known on a day: clocks that run out, with law and statement side by side, measures to begin, events announced.

    Returns
    -------
    DataFrame
        As `law_and_statement`, with a row for each measure beyond tariffs that a text lets begin later (clock is empty, kind `measure`,
        stated_on NaT) and for each event announced for a later day (kind `event`, stated_on its day, legal_on NaT), but for one that rests
        on the text of such a measure and is of its day.
    """
    ahead = events(as_of=as_of)
    ahead = ahead[ahead["phase_of_event"].eq("ahead")]
    table = law_and_statement(as_of=as_of)
    # A day that has passed since the evidence ends is no longer ahead; a term without a day still is.
    ahead_of_now = [
        any(pd.notna(day) and day > pd.Timestamp(as_of) for day in days) for days in zip(table["legal_on"], table["stated_on"], strict=True)
    ]
    table = table[np.array(ahead_of_now, dtype=bool) | table["stated_term"].ne("")].reset_index(drop=True)
    begin = _to_begin(opened(as_of))
    texts = {(link, day) for url, day in zip(begin["url"], begin["legal_on"], strict=True) for link in url.split("|")}
    told = [(url.split("|")[0], day) in texts for url, day in zip(ahead["url"], ahead["starts_on"], strict=True)]
    ahead = ahead[~np.array(told, dtype=bool)]
    words = ["clock", "legal_side", "legal_source", "legal_url", "stated_term", "earlier_ends"]
    announced = ahead.rename(columns={"title": "what", "actor": "side", "starts_on": "stated_on"})[
        ["what", "side", "stated_on", "source", "url", "known_on"]
    ].assign(
        **dict.fromkeys(words, ""),
        kind="event",
        days_left=(ahead["starts_on"] - pd.Timestamp(as_of)).dt.days,
        is_last_day=False,
        stated_source=ahead["source"],
        stated_url=ahead["url"],
        stated_known_on=ahead["known_on"],
    )
    held = [frame for frame in (table, begin, announced) if len(frame)]
    return _ordered(pd.concat(held, ignore_index=True).reindex(columns=table.columns)) if held else table


def _to_begin(as_of: date) -> pd.DataFrame:
    """Measures beyond tariffs that a legal text lets begin after a day, as rows of days ahead."""
    rows = measures(as_of=as_of)
    rows = rows[rows["state"].eq("scheduled") & rows["standing"].isin(ledger.LAW) & (rows["since"] > pd.Timestamp(as_of))]
    text = rows.rename(columns={"party": "side", "since": "legal_on", "instrument": "source"})
    return text[["side", "legal_on", "source", "url", "known_on"]].assign(
        **dict.fromkeys(["clock", "stated_source", "stated_url", "stated_term", "earlier_ends"], ""),
        **{f"legal_{name}": text[name] for name in ("side", "source", "url", "known_on")},
        what=rows["measure"] + " to begin: " + rows["what"],
        kind="measure",
        days_left=(text["legal_on"] - pd.Timestamp(as_of)).dt.days,
        is_last_day=False,
    )


class _Clock(NamedTuple):
    clock: str
    basis: str
    side: str
    kind: str
    announced_on: pd.Timestamp
    expires_on: pd.Timestamp
    is_last_day: bool


def _earlier(versions: list[_Clock], row: _Clock) -> str:
    """Ends that a clock had before, other than the one it has; a suspension by the day on which it is over."""
    days = {_end_on(version) for version in versions if version.announced_on < row.announced_on and pd.notna(version.expires_on)}
    return "|".join(f"{day:%Y-%m-%d}" for day in sorted(days - {_end_on(row)}))


def _end_on(row: _Clock) -> pd.Timestamp:
    return row.expires_on + pd.Timedelta(days=int(row.is_last_day and row.kind == "suspension"))


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """The truce first, then what is nearest."""
    for name in ("legal_on", "legal_known_on", "stated_on", "stated_known_on", "known_on"):
        table[name] = table[name].astype("datetime64[us]")
    table["_first"] = table["clock"].ne(TRUCE)
    return table.sort_values(["_first", "days_left", "what"]).drop(columns="_first").reset_index(drop=True)
