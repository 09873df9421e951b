"""What a refresh would append: asked, read, compared and doubted; the same answers and the same ledger give the same plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from types import ModuleType

from tradelib.refresh import calendars, doubts, holdback, meaning
from tradelib.refresh.append import Addition
from tradelib.refresh.compare import NEW, Change, compare
from tradelib.refresh.errors import RefreshError
from tradelib.refresh.http import Client
from tradelib.refresh.ledger import Ledger, Row, day
from tradelib.refresh.logs import Log, pointed, read_logs, sound
from tradelib.refresh.observations import Candidate, Found, Observation
from tradelib.refresh.raw import Asker, Store
from tradelib.refresh.sources import (
    census_api,
    census_bulk,
    census_pages,
    comtrade,
    federal_register,
    gacc,
    hts,
    ministries,
    usgs,
    white_house,
)
from tradelib.refresh.state import State
from tradelib.refresh.world import World
from tradelib.refresh.ziptail import member

SOURCES: Mapping[str, ModuleType] = {
    module.NAME: module
    for module in (census_pages, census_bulk, gacc, usgs, census_api, comtrade, federal_register, white_house, ministries, hts)
}
INBOX = ("federal_register", "white_house", "ministries", "hts")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "census": ("census_pages", "census_bulk"),
    "statistics": ("census_pages", "census_bulk", "gacc", "usgs"),
    "with_keys": ("census_api", "comtrade"),
    "inbox": INBOX,
    "all": tuple(SOURCES),
}


def automatic(environment: Mapping[str, str]) -> frozenset[str]:
    """Series and tables that a source brings: those that need no key, and those whose key is set."""
    usable = [module for module in SOURCES.values() if not hasattr(module, "VARIABLE") or environment.get(module.VARIABLE)]
    return frozenset().union(*(getattr(module, "SERIES", frozenset()) for module in usable))


@dataclass
class Part:
    """What came of one source."""

    source: str
    fetched: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    new: int = 0
    revised: int = 0
    same: int = 0
    held_back: int = 0
    remarks: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """What would be appended.

    Attributes
    ----------
    changes : rows to append, in order.
    held_back : rows that wait for a person.
    candidates : texts of law for a person.
    parts : what came of each source, its failures included.
    dropped, contradicted : rows of the log that the edition holds itself by now, and such that it contradicts.
    rebase : the newest package was built upon another edition, or was damaged, and is built anew.
    evidence : day that each table covers once the rows are appended.
    """

    run: str
    into: str
    changes: list[Change] = field(default_factory=list)
    held_back: list[Change] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    dropped: int = 0
    contradicted: list[tuple[str, Row]] = field(default_factory=list)
    rebase: bool = False
    evidence: dict[str, date] = field(default_factory=dict)

    @property
    def additions(self) -> list[Addition]:
        """The rows, and the answers they were read from."""
        return [Addition(change.observation.table, change.row, change.observation.raw) for change in self.changes]

    @property
    def failures(self) -> list[str]:
        """Everything that failed, with its source."""
        return [f"{part.source}: {failure}" for part in self.parts for failure in part.failures]

    @property
    def succeeded(self) -> bool:
        """At least one source gave something."""
        return any(not part.failures or part.fetched for part in self.parts)


def chosen(what: str) -> list[str]:
    """Names of the sources that `--what` asks for.

    Raises
    ------
    RefreshError : one that does not exist.
    """
    names: list[str] = []
    for item in what.split(","):
        asked = item.strip()
        if asked not in GROUPS and asked not in SOURCES:
            message = f"--what knows no {asked!r}; it takes {', '.join([*SOURCES, *GROUPS])}, several separated by commas."
            raise RefreshError(message)
        names += [name for name in GROUPS.get(asked, (asked,)) if name not in names]
    return names


def read_ledger(world: World, into: str) -> tuple[Ledger, dict[str, Log]]:
    """What is held: the edition, and for the home the rows appended to it."""
    ledger = Ledger(world.base)
    return ledger, (read_logs(world.home, ledger) if into == "home" else {})


def make(
    world: World,
    names: Sequence[str],
    *,
    into: str = "home",
    since: date | None = None,
    offline: Path | None = None,
    again: bool = False,
) -> Plan:
    """A plan.

    Parameters
    ----------
    names : the sources to ask.
    into : home or checkout, whose rows are held.
    since : first period that is compared; by default what is due, and three years back for revisions.
    offline : folder of kept answers; nothing is fetched.
    again : ask again, although the same was asked on the same day.

    Raises
    ------
    RefreshError : the home cannot be read, or `offline` is no folder or holds no answer. What fails inside a source is noted in its part.
    """
    if offline is not None and not offline.is_dir():
        message = f"--from names {offline}, which is no folder. It holds answers as a refresh keeps them, such as {world.home / 'raw'}."
        raise RefreshError(message)
    ledger, logs = read_ledger(world, into)
    store = Store(offline or world.home / "raw")
    if offline is not None and store.last_day() is None:
        message = f"--from names {offline}, which holds no answer as a refresh keeps them. Name a folder such as {world.home / 'raw'}."
        raise RefreshError(message)
    client = None if offline else Client(world)
    asker = Asker(store, client, today=world.today, again=again, unzip=member)
    plan = Plan(run=world.now().strftime("%Y%m%dT%H%M%SZ"), into=into)
    plan.dropped = sum(log.dropped for log in logs.values())
    plan.contradicted = [(name, row) for name, log in logs.items() for row in log.contradicted]
    plan.rebase = into == "home" and pointed(world.home) is not None and not sound(world.home, world.base)
    calendar = calendars.Calendar(ledger.reference("release_days"))
    # An answer of another day is compared as of that day: a plan made from kept answers does not depend on the clock.
    today = store.last_day() if offline else world.today
    state = State(today or world.today, ledger, calendar, world.addresses, world.environment, since, int(world.now().timestamp() * 1000))
    if {"census_pages", "census_bulk", "census_api"} & set(names):
        plan.parts.append(_calendar_part(asker, state))
    decided = {name for name, item in holdback.read(world.home).items() if item.state != holdback.OPEN}
    judge = Judge(ledger, state, decided)
    for name in names:
        plan.parts.append(_source_part(SOURCES[name], asker, state, judge, plan))
    _hold_what_breaks_rules(plan, ledger)
    return plan


class Judge:
    """Compares observations with the ledger, in an order that does not depend on that of the answers."""

    def __init__(self, ledger: Ledger, state: State, decided: set[str]) -> None:
        self.ledger, self.state, self.decided = ledger, state, decided
        self.series = {row["series_id"]: row for row in ledger.reference("series")}
        self.released: dict[tuple[str, str, str], tuple[date, str]] = {}
        for row in ledger.table("statistics").rows if ledger.has("statistics") else []:
            about = self.series.get(row["series_id"])
            if about and row["published_basis"] in {"observed", "calendar"}:
                self.released.setdefault(
                    (about["publisher"], about["release"], row["period"]), (day(row["published_on"]), row["published_basis"])
                )

    def __call__(self, observations: Sequence[Observation], plan: Plan, part: Part) -> None:
        """Sort observations into rows to append and rows to hold back, and count them."""
        for item in sorted(observations, key=lambda each: (each.table, each.key, each.fetched_on, each.values)):
            table = self.ledger.table(item.table)
            change = compare(item, table, self._published(item))
            plan.evidence[item.table] = max(plan.evidence.get(item.table, item.fetched_on), item.fetched_on)
            if change is None or change.id in self.decided:
                part.same += 1
                continue
            reasons = doubts.reasons(change, table, self._nature(item))
            if reasons:
                plan.held_back.append(Change(change.kind, item, change.row, change.before, tuple(reasons)))
                part.held_back += 1
                continue
            table.append(change.row)
            plan.changes.append(change)
            part.new += change.kind == NEW
            part.revised += change.kind != NEW

    def _published(self, item: Observation) -> tuple[date, str]:
        """Day of the first release of an observation, and what it rests on."""
        if item.published_on is not None:
            return item.published_on, item.basis
        publisher, release = self._release(item)
        period = item.key[self.ledger.table(item.table).key_columns.index("period")]
        return self.released.get((publisher, release, period), (item.fetched_on, "bound"))

    def _release(self, item: Observation) -> tuple[str, str]:
        about = self.series.get(item.key[0])
        if about:
            return about["publisher"], about["release"]
        return (calendars.CENSUS, calendars.FT900) if item.table.startswith("duties") else ("", "")

    def _nature(self, item: Observation) -> doubts.Nature:
        about = self.series.get(item.key[0], {})
        unit = about.get("unit") or ("usd" if item.table.startswith("duties") else dict(item.extra).get("unit", ""))
        monthly = about.get("frequency", "month") == "month"
        return doubts.Nature(unit, monthly, about.get("flow") == "balance", about.get("publisher") == calendars.GACC)


def _hold_what_breaks_rules(plan: Plan, ledger: Ledger) -> None:
    """Take rows out of the plan that `data verify` would call wrong."""
    if not plan.changes:
        return
    evidence = {name: day.isoformat() for name, day in plan.evidence.items()}
    found = meaning.broken(plan.changes, ledger, evidence)
    plan.held_back += [replace(change, reasons=(found[number],)) for number, change in enumerate(plan.changes) if number in found]
    plan.changes = [change for number, change in enumerate(plan.changes) if number not in found]


def _source_part(module: ModuleType, asker: Asker, state: State, judge: Judge, plan: Plan) -> Part:
    part = Part(module.NAME)
    before = len(asker.asked)
    found = Found()
    try:
        module.gather(asker, state, found)
    except RefreshError as error:
        found.fail(error)
    part.remarks, part.waiting = [*part.remarks, *found.remarks], [*part.waiting, *found.waiting]
    part.failures += found.failures
    _note_times(part, asker, before)
    judge(found.observations, plan, part)
    plan.candidates += found.candidates
    return part


def _calendar_part(asker: Asker, state: State) -> Part:
    """BEA's release days: a help and no need; without them the table of release days and the years before count."""
    part = Part("calendars")
    before = len(asker.asked)
    try:
        raw = asker(calendars.bea_question(state.addresses["bea"]))
        moved = state.calendar.add_instants(calendars.read_bea(raw), raw.day.isoformat())
        part.remarks.append(f"FT-900 calendar seen {raw.day}" + (f", {moved} days new or moved" if moved else ""))
    except RefreshError as error:
        seen = state.calendar.seen_on.get((calendars.CENSUS, calendars.FT900), "never")
        part.remarks.append(f"the FT-900 calendar was not seen today ({error}) The one seen on {seen} counts.")
    _note_times(part, asker, before)
    return part


def _note_times(part: Part, asker: Asker, before: int) -> None:
    times = [raw.fetched_at for _, raw in asker.asked[before:]]
    part.fetched = len(times)
    part.first_at, part.last_at = min(times, default=None), max(times, default=None)
