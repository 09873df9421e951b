"""The news of a day: a title, and under it what else changed, what is law, and what is only said."""

import re
from datetime import date
from typing import Any

import pandas as pd

from tradelib import sides, wording
from tradelib.news import DayNews, Item
from tradelib.phrases import duty_moves
from tradelib.tariffs import DutyMove

PERCENT = wording.percent
_SLOT = re.compile(r"\{(from |on )?(\d{1,2} \w+ \d{4})\}")
_MOST_SENTENCES = 4
_LONG = 30
_DATED = re.compile(r" [A-Z][a-z]{2} \d{4}$")
_SOON = 14
_MANY = {
    "begins": "begin", "returns": "return", "rises": "rise", "falls": "fall", "ends": "end", "is suspended": "are suspended",
    "rate to be named": "are to be named",
}  # fmt: skip


def title(news: DayNews) -> str:
    """Title of the day: a sentence with its number; empty where the subject has no news."""
    if news.event and news.rank == "meeting":
        return _meeting(news, news.event)
    if news.event:
        return told(news.event.news, news.as_of)
    forms = {"unseen": _unseen, "date": _date, "list": _list_title, "holds": rates}
    return wording.upper(forms[news.rank](news)) if news.rank in forms else ""


def standfirst(news: DayNews) -> list[str]:
    """Sentences under the title, four at most: what else changed, what is law, what is only said."""
    shown = news.shown
    on_top, lists, threat = _on_top(news), _lists_ahead(news), _threats(news, shown)
    after = [*_begin(news), *_lopsided(news), *lists, *_said(news), *threat]
    found = [*_also(news, shown), *_last_turn(news), *_law(news), *on_top, *after]
    # What the page says elsewhere at once gives way first.
    for spare in (on_top, lists, threat):
        if len(found) > _MOST_SENTENCES:
            found = [sentence for sentence in found if sentence not in spare]
    return found


def told(cell: str, as_of: date) -> str:
    """The sentence of an event on a day: the day it takes effect is `today`, and the year of the page goes without saying.

    Examples
    --------
    >>> [told("US puts 25% on a list {from 6 July 2018}", day) for day in (date(2018, 6, 15), date(2018, 7, 6))]
    ['US puts 25% on a list from 6 July', 'US puts 25% on a list from today']
    >>> told("US puts an increase off to {2 March 2019}", date(2018, 12, 19)), told("They meet {on 9 June 2025}", date(2025, 6, 9))
    ('US puts an increase off to 2 March 2019', 'They meet today')
    """

    def day(found: re.Match[str]) -> str:
        on = pd.Timestamp(found[2]).date()
        before = "" if on == as_of and found[1] == "on " else found[1] or ""
        return before + ("today" if on == as_of else _day(on, as_of))

    return _SLOT.sub(day, cell)


def _day(on: date, as_of: date) -> str:
    return wording.day(on).removesuffix(f" {as_of.year}")


def _meeting(news: DayNews, event: Item) -> str:
    begins = event.starts_on.date() == news.as_of
    what = {"talks": "open talks" if begins else "go on with talks", "summit": "hold a summit"}[event.kind]
    left = f", {wording.count(news.clock.days_left, 'day')} before the truce ends" if news.clock.days_left else ""
    return f"US and China {what} in {event.location}{left}"


def _unseen(news: DayNews) -> str:
    return duty_moves.unseen_title(next(side.unseen for side in (news.us, news.cn) if side.unseen))


def _date(news: DayNews) -> str:
    """The next day on which a text changes a country-wide duty."""
    return f"By law {_together(list(news.moves), news.as_of)}"


def _together(moves: list[DutyMove], as_of: date) -> str:
    """What changes on the nearest day, in a clause; a verb that both share is said once."""
    on = min(move.on for move in moves)
    first, *rest = [move for move in moves if move.on == on]
    verbs = {_goes(move).split(" to ")[0] for move in (first, *rest)}
    if rest and len(verbs) == 1 and (verb := verbs.pop()) in _MANY:
        ends = wording.listing(f"{PERCENT(move.after_frac)} ({sides.short(move.importer)})" for move in (first, *rest))
        return f"added tariffs {_MANY[verb]} to {ends} on {_day(on, as_of)}"
    others = [f" and {sides.pair(move.importer).added_tariff} {_goes(move)}" for move in rest]
    return f"{sides.pair(first.importer).added_tariff} {_goes(first)}{''.join(others)} on {_day(on, as_of)}"


def _goes(move: DutyMove) -> str:
    if not move.after_frac:
        return f"of {PERCENT(move.before_frac)} ends"
    verb = "rises" if move.after_frac > move.before_frac else "falls"
    return f"{'returns' if move.is_snap_back and verb == 'rises' else verb} to {PERCENT(move.after_frac)}"


def _list_title(news: DayNews) -> str:
    """The next change of duties on lists of goods, short."""
    return _list(news).removeprefix("the ").replace("lists of goods", "lists").replace("a list of goods", "a list")


def _list(news: DayNews) -> str:
    """The next day on which a text changes duties on lists of goods, in a clause."""
    rows = news.lists_ahead
    names, changes, owners, on = (list(dict.fromkeys(rows[name])) for name in ("programme", "change", "importer", "changes_on"))
    day, rates = f"on {_day(on[0].date(), news.as_of)}", sorted({rate for rate in rows["rate_after_frac"] if rate > 0})
    verb = _MANY[changes[0]] if len(changes) == 1 else "change"
    if len(owners) > 1:
        return f"tariffs of both sides on lists of goods {verb} {day}"
    own = sides.SIDES[owners[0]].owner
    if len(names) > 1 or len(changes) > 1 or len(names[0]) > _LONG:
        what = f"{wording.count(len(names), 'list')} of goods" if len(names) > 1 else "a list of goods"
        at = f" at {_range(rates[0], rates[-1])}" if verb == "begin" and rates else ""
        return f"{own} tariffs on {what} {verb}{at} {day}"
    name = _DATED.sub("", names[0] if names[0].startswith("List") else wording.inside(names[0]))
    to = f" {'at' if changes[0] in ('begins', 'returns') else 'to'} {' or '.join(map(PERCENT, rates))}" if rates else ""
    return f"{own} tariff on {name} {changes[0]}{to} {day}"


def rates(news: DayNews) -> str:
    """Title of a quiet day: what goods pay."""
    us, cn = news.us.rate_frac, news.cn.rate_frac
    if us and cn:
        return f"US adds {PERCENT(us)} on Chinese goods, China {PERCENT(cn)} on US goods"
    if us:
        return f"US adds {PERCENT(us)} on Chinese goods" + (", China more on lists" if "CN" in news.lists else "")
    highest = {side: PERCENT(ends[1]) for side, ends in news.lists.items()}
    china = f", China's {highest['CN']} on US goods" if "CN" in highest else ""
    if "US" in highest:
        same = highest["US"] == highest.get("CN")
        rate = f"US and China charge up to {highest['US']} on lists of each other's goods"
        return rate if same else f"US tariffs reach {highest['US']} on lists of Chinese goods{china}"
    if news.highest_frac:
        return f"US tariffs reach {PERCENT(news.highest_frac)} on some imports{china or ', Chinese ones among them'}"
    return "US and China have not put new tariffs on each other"


def _range(low: float, high: float) -> str:
    return PERCENT(high) if low == high else f"{PERCENT(low)} to {PERCENT(high)}"


def _when(news: DayNews) -> str:
    """The day of the news, where it is not that of the page."""
    event = news.event
    if event is None or news.rank in ("meeting", "effect", "soon", "meeting ahead") or event.published_on.date() == news.as_of:
        return ""
    return f"The news is of {_day(event.published_on.date(), news.as_of)}"


def _also(news: DayNews, shown: tuple[Item, ...]) -> list[str]:
    """The day of the news, and further news, each with its day where that is not the day of the first (or of the page)."""
    first = news.event.published_on if news.event else None
    parts = []
    for item in shown:
        on = "" if item.published_on == (first or pd.Timestamp(news.as_of)) else f" ({_day(item.published_on.date(), news.as_of)})"
        parts.append(f"{told(item.news, news.as_of)}{on}")
    also, when = f"also: {'; '.join(parts)}" if parts else "", _when(news)
    return [f"{wording.upper('; '.join(filter(None, (when, also))))}."] if when or also else []


def _last_turn(news: DayNews) -> list[str]:
    """On a quiet day the last event that was a turn of the story."""
    last = news.last_turn
    if news.event or news.others or last is None:
        return []
    return [f"The latest turn was on {_day(last.published_on.date(), news.as_of)}: {told(last.news, news.as_of)}."]


def _law(news: DayNews) -> list[str]:
    """What each side adds to its other tariffs, and what texts change: at once, and by a return that another text may stop."""
    seen = news.us.on == news.as_of
    when = "In law" if seen else f"On {wording.day(news.us.on)}, where our data end,"
    wide = [_wide(side, news, number, "adds" if seen else "added") for number, side in enumerate(_with_rate(news))]
    told_of = wording.listing(wide) if wide else _on_lists(news, "charges" if seen else "charged")
    return [f"{when} {told_of}."] if told_of else ["Neither side has a new tariff on lists of the other's goods in force."]


def _on_top(news: DayNews) -> list[str]:
    """That what is added on all goods is not all of it."""
    verb = "come" if news.us.on == news.as_of else "came"
    return [f"Tariffs on lists of goods {verb} on top."] if _with_rate(news) and news.lists else []


def _begin(news: DayNews) -> list[str]:
    """Country-wide rates of the next days where there is none yet."""
    return [f"By law {words}." for side in ("US", "CN") if side not in _with_rate(news) and (words := _begins(side, news))]


def _lopsided(news: DayNews) -> list[str]:
    return ["The truce is lopsided in law: of the two added tariffs only China's can snap back."] if news.is_lopsided else []


def _with_rate(news: DayNews) -> list[str]:
    return [side.importer for side in (news.us, news.cn) if side.rate_frac]


def _wide(side: str, news: DayNews, number: int, verb: str) -> str:
    """The country-wide rate of one side, with what texts make of it, in a clause."""
    pair, rate = sides.pair(side), (news.us if side == "US" else news.cn).rate_frac
    moves = [move for move in news.moves if move.importer == side and (move.is_snap_back or (move.on - news.as_of).days <= _SOON)]
    ahead = [f"{PERCENT(move.after_frac)} from {_day(move.on, news.as_of)}" for move in moves]
    # Said once, after the last side whose rate returns.
    returning = [name for name in _with_rate(news) if any(move.importer == name and move.is_snap_back for move in news.moves)]
    unless = ", unless another text comes first" if returning[-1:] == [side] else ""
    later = f" ({', '.join(ahead)}{unless})" if ahead else ""
    rate_of = (
        f"{pair.importer.doer} {PERCENT(rate)} to its own" if number else f"{pair.importer.doer} {verb} {PERCENT(rate)} to its tariffs"
    )
    return f"{rate_of} on {pair.exporter.adjective} goods that are not exempt{later}"


def _begins(side: str, news: DayNews) -> str:
    """A country-wide rate of the next days where there is none yet, in a clause."""
    moves = [move for move in news.moves if move.importer == side and (move.on - news.as_of).days <= _SOON]
    pair, ahead = sides.pair(side), [(PERCENT(move.after_frac), _day(move.on, news.as_of)) for move in moves]
    more = "".join(f", {rate} from {day}" for rate, day in ahead[1:])
    return f"{pair.importer.doer} adds {ahead[0][0]} on {pair.exporter.adjective} goods from {ahead[0][1]}{more}" if ahead else ""


def _on_lists(news: DayNews, verb: str) -> str:
    """What each side charges on lists of goods, in a clause."""
    parts = []
    if "US" in news.lists:
        parts.append(f"the US {verb} {_range(*news.lists['US'])} on lists of Chinese goods")
    elif news.highest_frac:
        parts.append(f"the US {verb} up to {PERCENT(news.highest_frac)} on some goods of all countries, Chinese ones included,")
    if "CN" in news.lists:
        parts.append(f"China {'' if parts else verb + ' '}{_range(*news.lists['CN'])} on lists of US goods")
    return " and ".join(parts).removesuffix(",")


def _lists_ahead(news: DayNews) -> list[str]:
    """The next change of duties on lists, where the news does not name its day."""
    if news.lists_ahead.empty or news.rank == "list" or news.moves:
        return []
    on = news.lists_ahead["changes_on"].iloc[0]
    return [] if any(item.starts_on == on for item in (news.event, *news.others) if item) else [f"By law {_list(news)}."]


def _said(news: DayNews) -> list[str]:
    """The end of the truce as stated, where no legal text says so."""
    clock, found = news.clock, []
    if clock.word == "running" and clock.term:
        who = wording.upper(sides.SIDES[clock.term_by].doer)
        found.append(f"{who} {_say(clock.term_by)} that the truce goes on for {clock.term}; no legal text says so.")
    elif clock.word == "running" and not clock.has_instrument:
        who = wording.upper(sides.SIDES[clock.said_by].doer)
        found.append(f"{who} {_say(clock.said_by)} that the truce runs to {_day(clock.ends_on, news.as_of)}; no legal text says so.")
    elif clock.word == "running" and news.as_of < clock.begun_on and "CN" not in clock.law_ends_on:
        found.append("China has published no legal text yet.")
    return found


def _threats(news: DayNews, shown: tuple[Item, ...]) -> list[str]:
    """The newest threat, where the news names none."""
    named = any(item.kind == "threat" for item in (news.event, *shown) if item)
    return [] if named else [_threat(row, news.as_of) for row in news.threats.head(1).itertuples()]


def _say(who: str) -> str:
    return "say" if who == "both" else "says"


def _threat(row: Any, as_of: date) -> str:
    rate = "" if pd.isna(row.rate_frac) or PERCENT(row.rate_frac) in row.what else f", {PERCENT(row.rate_frac)}"
    when = "" if pd.isna(row.would_apply_on) else f", for {_day(row.would_apply_on.date(), as_of)}"
    return f"Only threatened: {wording.inside(row.what)}{rate}{when} ({_day(row.announced_on.date(), as_of)})."
