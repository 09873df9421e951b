"""What is the news of a day, found by rank and without words: a ruling before a deal, law before what is only said."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue, tariffs, truce
from tradelib.doors import LATEST, Day, door, opened
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.rows import each
from tradelib.shown import Shown

_MEASURES = ("escalation", "relief", "extension", "agreement")
_MEETINGS = ("talks", "summit")
_FROM = re.compile(r"\{from (\d{1,2} \w+ \d{4})\}")
# An answer of the next day belongs to the same news as what it answers.
_TOGETHER = 3
# A standfirst has room for so many of the others.
_SHOWN = 2


class Rank(NamedTuple):
    """One kind of news.

    Attributes
    ----------
    name : what the news is.
    kinds : of events; empty where it is no event.
    days : how old it may be, or how far ahead, in days.
    when : the day that counts: `known`, `effect` (it takes effect today), `open` (a meeting of today), or `ahead`.
    is_major, is_joint : only events that are a turn of the story, or not; only those of both sides.
    """

    name: str
    kinds: tuple[str, ...]
    days: int
    when: str = "known"
    is_major: bool | None = None
    is_joint: bool = False


# What comes first is the news; within a rank the newest, ahead the nearest.
RANKS = (
    Rank("unseen", (), 0),
    Rank("ruling", ("ruling",), 3, is_major=True),
    Rank("deal", ("agreement", "summit", "extension"), 3, is_major=True, is_joint=True),
    Rank("meeting", _MEETINGS, 0, when="open", is_joint=True),
    Rank("measure", _MEASURES, 3, is_major=True),
    Rank("talks", ("talks",), 3, is_major=True, is_joint=True),
    Rank("effect", _MEASURES, 0, when="effect"),
    Rank("event", (*_MEASURES, *_MEETINGS, "ruling", "call"), 1),
    Rank("soon", _MEASURES, 14, when="ahead"),
    Rank("meeting ahead", _MEETINGS, 7, when="ahead", is_joint=True),
    Rank("said", ("threat", "accusation"), 3),
    Rank("date", (), 45, when="ahead"),
    Rank("statement", ("statement", "hearing"), 1),
    Rank("holds", (), 0),
)
# What a page is about: the words its news names, the kinds of events it leaves out, and how old its news may be (None: as ranked).
SUBJECTS: dict[str, tuple[str, tuple[str, ...], int | None]] = {
    "all": ("", ("data_release",), None),
    "tariffs": (
        r"tariff|surcharge|taxes|exclusion|(?:puts?|adds|raises|charges|sets|halves) .*(?:%|rates)|increase",
        ("data_release",),
        None,
    ),
    # Without a truce its page tells all news.
    "truce": ("", ("data_release", "escalation"), None),
    "minerals": (r"rare earth|gallium|graphite|antimony|magnet|mineral", ("data_release", "threat"), 14),
}


class Item(NamedTuple):
    """An event that is news: `news` is its sentence as the table `events` has it."""

    event_id: str
    kind: str
    actor: str
    is_major: bool
    news: str
    location: str
    published_on: pd.Timestamp
    starts_on: pd.Timestamp
    phase_of_event: str
    source: str
    url: str
    known_on: pd.Timestamp


@dataclass(frozen=True, repr=False, kw_only=True)
class DayNews(Shown):
    """The news of a day, as known on it.

    Attributes
    ----------
    as_of
        day of knowledge.
    rank
        name of the rank that comes first, one of `RANKS`; empty where the subject has no news.
    event
        the event of that rank; None where it is no event.
    others
        further news of the same days, the weightiest first.
    last_turn
        the newest event that was a turn of the story; None before there is any.
    us, cn
        country-wide duty of each side.
    moves
        changes of these that legal texts hold ahead, in order of their days.
    lists
        lowest and highest rate of each side's lists of the other's goods that are in force; a side without any is absent.
    highest_frac
        highest rate of any US list of goods in force, those of all origins included; 0 without one.
    lists_ahead
        rows of `tariffs.lists_ahead` for the next day within two weeks; may be empty.
    clock
        how long the truce runs.
    threats
        rows of `tariffs.proposals` threatened within two weeks.
    rows
        all rows that this rests on, with their sources.
    """

    as_of: date
    us: tariffs.Headline
    cn: tariffs.Headline
    rank: str = ""
    event: Item | None = None
    others: tuple[Item, ...] = ()
    last_turn: Item | None = None
    moves: tuple[tariffs.DutyMove, ...] = ()
    lists: dict[str, tuple[float, float]] = field(default_factory=dict)
    highest_frac: float = 0.0
    clock: truce.TruceClock
    lists_ahead: pd.DataFrame = field(default_factory=pd.DataFrame)
    threats: pd.DataFrame = field(default_factory=pd.DataFrame)
    rows: tuple[pd.DataFrame, ...] = ()

    @property
    def shown(self) -> tuple[Item, ...]:
        """Those of `others` for which a standfirst has room."""
        return self.others[:_SHOWN]

    @property
    def told(self) -> tuple[Item, ...]:
        """Events that title and standfirst name; on a day without any, the last turn of the story."""
        named = tuple(item for item in (self.event, *self.shown) if item)
        return named or ((self.last_turn,) if self.last_turn else ())

    @property
    def is_lopsided(self) -> bool:
        """Whether China's country-wide duty alone can return to a suspended rate, by the texts known."""
        return self.clock.word == "running" and {move.importer for move in self.moves if move.is_snap_back} == {"CN"}


@door
@kept(maxsize=64)
def day_news(*, as_of: Day = LATEST, about: str = "all") -> DayNews:
    """The news of a day: what ranks first among the rows known on it.

    Parameters
    ----------
    as_of
        day of knowledge.
    about
        subject of the page, one of `SUBJECTS`.

    Raises
    ------
    ParameterError
        a subject that is not one of them.
    """
    if about not in SUBJECTS:
        message = f"about must be one of {', '.join(SUBJECTS)}, not {about!r}."
        raise ParameterError(message)
    as_of = opened(as_of)
    table, clock = truce.events(as_of=as_of), truce.status(as_of=as_of)
    about = "all" if about == "truce" and clock.word == "none" else about
    us, cn = tariffs.headlines(on=catalogue.observed_through(as_of), as_of=as_of)
    changes = tariffs.schedule_ahead(as_of=as_of)
    moves = tuple(sorted(tariffs.duty_moves(changes), key=lambda move: (move.on, tariffs.IMPORTERS.index(move.importer))))
    held = tariffs.list_layers(on=us.on, as_of=as_of)
    ahead = _next_lists(tariffs.lists_ahead(as_of=as_of), as_of)
    threats = tariffs.fresh_threats(tariffs.proposals(as_of=as_of), as_of=as_of)
    items = news_items(table, about)
    rank, event = first(
        items, as_of=as_of, patience=SUBJECTS[about][2], is_unseen=bool(us.unseen or cn.unseen),
        law_days=[move.on for move in moves], list_days=[day.date() for day in ahead["changes_on"]], about=about,
    )  # fmt: skip
    others = _others(items, event, as_of)
    last = max((item for item in items if item.is_major), key=lambda item: item.published_on, default=None)
    told = table[table["event_id"].isin([item.event_id for item in (event, last, *others) if item])]
    return DayNews(
        as_of=as_of, us=us, cn=cn, rank=rank, event=event, others=others, moves=moves, lists=_ranges(held), highest_frac=_highest(held),
        clock=clock, lists_ahead=ahead, threats=threats, last_turn=last,
        rows=(told, us.layers, cn.layers, changes, held, ahead, clock.rows, threats),
    )  # fmt: skip


def first(
    items: list[Item],
    *,
    as_of: date,
    about: str = "all",
    patience: int | None = None,
    is_unseen: bool = False,
    law_days: list[date] | None = None,
    list_days: list[date] | None = None,
) -> tuple[str, Item | None]:
    """What ranks first.

    Parameters
    ----------
    items
        events that are news.
    patience
        days for which an event stays news; None: as its rank says.
    is_unseen
        a text changed a duty on a past day that the evidence does not reach.
    law_days, list_days
        days ahead on which a text changes a country-wide duty, or one on a list.

    Returns
    -------
    tuple of str and Item
        Name of the rank, and its event (None where a legal date, or nothing, comes first).
    """
    is_law = about in ("all", "tariffs")
    for rank in RANKS:
        found = [item for item in items if _counts(item, rank, as_of, patience)]
        days = [*(law_days or []), *(list_days or [])] if rank.name == "soon" else law_days or []
        if rank.name in ("soon", "date") and is_law and (near := [day for day in days if 0 < (day - as_of).days <= rank.days]):
            found = [item for item in found if (_day_of(item) or as_of) <= min(near)]
            if not found:
                return ("date" if min(near) in (law_days or []) else "list"), None
        if found:
            return rank.name, _foremost(found, rank)
        if is_law and (rank.name == "holds" or (rank.name == "unseen" and is_unseen)):
            return rank.name, None
    return "", None


def _counts(item: Item, rank: Rank, as_of: date, patience: int | None) -> bool:
    """Whether an event is news of a rank."""
    if item.kind not in rank.kinds or (rank.is_joint and item.actor != "both") or rank.is_major not in (None, item.is_major):
        return False
    age = (as_of - item.published_on.date()).days
    if rank.when == "known":
        return age <= (rank.days if patience is None else patience) and item.phase_of_event not in ("open", "outcome not known")
    if rank.when == "open":
        return item.phase_of_event == "open"
    on = _day_of(item)
    return on is not None and (age > 0 and on == as_of if rank.when == "effect" else 0 < (on - as_of).days <= rank.days)


def _day_of(item: Item) -> date | None:
    """Day of a meeting, or the one on which a measure takes effect, where its sentence names it."""
    if item.kind in _MEETINGS:
        return item.starts_on.date()
    named = _FROM.search(item.news)
    return pd.Timestamp(named[1]).date() if named else None


def _foremost(found: list[Item], rank: Rank) -> Item:
    """The newest, a turn of the story before others of its day; ahead the nearest."""
    if rank.when == "ahead":
        return min(found, key=lambda item: (_day_of(item), not item.is_major))
    return max(found, key=lambda item: (item.published_on, item.is_major, item.actor == "both"))


def _others(items: list[Item], event: Item | None, as_of: date) -> tuple[Item, ...]:
    """What else became known in these days: turns of the story first, then the newest."""
    since = pd.Timestamp(as_of) - pd.Timedelta(days=_TOGETHER)
    since = max(since, event.published_on - pd.Timedelta(days=1)) if event and event.published_on <= pd.Timestamp(as_of) else since
    fresh = [item for item in items if item.published_on >= since and item.phase_of_event != "open"]
    fresh = [item for item in fresh if event is None or item.news != event.news]
    return tuple(sorted(fresh, key=lambda item: (item.is_major, item.published_on), reverse=True))


def news_items(table: pd.DataFrame, about: str) -> list[Item]:
    """Events of a subject that are news; rows as `truce.events` gives them."""
    words, without, _ = SUBJECTS[about]
    rows = table[table["news"].fillna("").ne("") & ~table["kind"].isin(without)]
    return list(each(rows[rows["news"].str.contains(words, flags=re.IGNORECASE)] if words else rows, Item))


def _next_lists(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Changes of the next day within two weeks, of duties on the other side's goods alone."""
    days = next(rank.days for rank in RANKS if rank.name == "soon")
    # What never began cannot be felt to stop.
    rows = rows[~(rows["change"].eq("is suspended") & rows["rate_before_frac"].isna())]
    rows = rows[rows["kind"].eq("duty") & _alone(rows) & (rows["changes_on"] <= pd.Timestamp(as_of) + pd.Timedelta(days=days))]
    return rows[rows["changes_on"].eq(rows["changes_on"].min())].reset_index(drop=True)


def _highest(layers: pd.DataFrame) -> float:
    rates = layers.loc[layers["state"].eq("in force") & layers["importer"].eq("US"), "highest_rate_frac"]
    return float(rates.max()) if len(rates) else 0.0


def _of_lists(layers: pd.DataFrame) -> pd.DataFrame:
    """Layers in force on the other side's goods alone."""
    return layers[layers["state"].eq("in force") & _alone(layers)]


def _alone(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Duties that fall on the other side's goods alone."""
    return rows["authority"].eq("Section 301") | rows["importer"].eq("CN")


def _ranges(layers: pd.DataFrame) -> dict[str, tuple[float, float]]:
    return {
        str(side): (float(part["lowest_rate_frac"].min()), float(part["highest_rate_frac"].max()))
        for side, part in _of_lists(layers).groupby("importer")
    }
