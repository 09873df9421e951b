"""How long the truce runs, in law and as stated."""

from collections.abc import Sequence
from datetime import date

from tradelib import sides, wording
from tradelib.show.display import Fact, link, markdown
from tradelib.truce import TruceClock

DAY = wording.day
_DAYS_UNTIL = 60


def idle(clock: TruceClock) -> str:
    """Title and message of a day without a running truce: an older pause, none, or one over."""
    if clock.word == "run out":
        return f"The truce was last announced to {DAY(clock.ends_on)}, and no later extension is in our data"
    return f"{clock.pause}, to {DAY(clock.pause_ends_on)}" if clock.pause else "No truce with an end date is in force"


def age(clock: TruceClock) -> str:
    """How long it has run: in days at first, then in months."""
    days = (clock.as_of - clock.begun_on).days
    return wording.count(days, "day") if days < _DAYS_UNTIL else wording.count(round(days / 30.44), "month")


def title(clock: TruceClock) -> str:
    """Title where nothing else happened: that it is only said to run, or how long it has run and will."""
    if not clock.has_begun:
        return said_to_run(clock) or f"A truce {_to(clock.ends_on, clock)} is set"
    return said_to_run(clock) or f"{age(clock)} of truce, {wording.count(clock.days_left, 'day')} left"


def said_to_run(clock: TruceClock) -> str:
    """Title of a truce that no text carries to the day named, with the day of the law; empty where one does."""
    if clock.has_instrument:
        return ""
    end, law = clock.law_on, "no law says so yet"
    if end:
        whose = "law" if clock.law_side == "both" else f"{sides.SIDES[clock.law_side].adjective} law"
        law = f"in {whose} it {'ends' if end > clock.as_of else 'ended'} on {DAY(end)}"
    say = "say" if clock.said_by == "both" else "says"
    runs = "runs" if clock.has_begun else "is to run"
    return f"The truce {runs} {_to(clock.ends_on, clock)}, {sides.SIDES[clock.said_by].doer} {say}; {law}"


def message(clock: TruceClock) -> str:
    """How long the truce runs, by statement and by law."""
    if clock.word != "running":
        return idle(clock)
    days = _days_left(clock)
    if clock.term:
        return f"{_term(clock)}; by the last day named, {DAY(clock.ends_on)}, {days}"
    if clock.has_instrument and not clock.has_begun:
        return f"The truce is to run {_to(clock.ends_on, clock)}: {days}"
    if clock.has_instrument:
        return f"The truce runs until {DAY(clock.ends_on)}, {wording.count(clock.days_left, 'day')} from now"
    by_law = "no law says so yet"
    if clock.law_on:
        suspended = _suspended(clock.law_on, clock, now="is", once="was")
        by_law = f"under {_text(clock)} the higher tariff {suspended} {_to(clock.law_on, clock)}"
    return f"Officials say the truce will run {_to(clock.ends_on, clock)} ({days}); {by_law}"


def fact(clock: TruceClock, *, whose: bool = False) -> list[Fact]:
    """Key number: the days left, of the truce or of an older pause; none where neither runs.

    Parameters
    ----------
    whose : tell whose legal text ends before the day named, and when.
    """
    if clock.days_left is None:
        return []
    words = f"to {DAY(clock.ends_on)}, " + (
        f"the last day named; {clock.term} was agreed by {DAY(clock.term_on)}" if clock.term else "when the truce ends"
    )
    if not clock.has_instrument and not clock.term:
        words += " as announced" + ("" if whose else " (not yet in law)")
    if not clock.has_begun:
        words += f"; it begins on {DAY(clock.begun_on)}"
    if whose and clock.law_on and clock.law_on < clock.ends_on:
        verb = "returns" if clock.law_on > clock.as_of else "was to return"
        words += f"; under {_text(clock)} the higher tariff {verb} on {DAY(clock.law_on)}"
    return [Fact(wording.count(clock.days_left, "day"), words)]


def pause_fact(clock: TruceClock) -> list[Fact]:
    """Key number of an older pause; none where none runs."""
    if not clock.pause_ends_on:
        return []
    return [Fact(wording.count((clock.pause_ends_on - clock.as_of).days, "day"), f"to {DAY(clock.pause_ends_on)}, when the pause ends")]


def sentences(clock: TruceClock, *, source: str, url: str, said: Sequence[tuple[str, str]] = ()) -> list[str]:
    """The state of the truce in sentences, with links.

    Parameters
    ----------
    source, url : of the announcement it rests on.
    said : source and url of each statement that names its last day, the oldest first; without them the announcement stands for them.
    """
    if clock.word == "none":
        if not clock.pause:
            return ["No truce with an end date is in force on this day."]
        older = f"An older pause is running: {link(clock.pause, url)}, to {DAY(clock.pause_ends_on)}."
        return [f"No truce on tariffs on all goods has been announced by this day. {older}"]
    if clock.word == "run out":
        return [f"The truce was last announced to {DAY(clock.ends_on)} ({link(source, url)}); our data have no later extension."]
    phase = f", in its {markdown(clock.phase)} phase since {DAY(clock.phase_on)}," if clock.phase else ""
    who = f"{sides.name(clock.said_by)} {'have' if clock.said_by == 'both' else 'has'} said"
    who += ", which China has not confirmed by this day" if clock.said_by == "US" else ""
    by = wording.listing([link(*statement) for statement in said or [(source, url)]])
    told = [f"The truce{phase} is to run {_to(clock.ends_on, clock)}, {who} ({by}): {_days_left(clock)}."]
    if clock.term:
        told.append(f"{_term(clock)}.")
    elif not clock.has_instrument:
        told.append("No legal text to that effect has been published, as far as we know.")
    if clock.law_ends_on:
        suspended = _suspended(max(clock.law_ends_on.values()), clock, now="are", once="were")
        told.append(f"In law, the higher tariffs {suspended} {_law(clock)}.")
    return told


def unknown(clock: TruceClock) -> list[str]:
    """What cannot be told of its end, for a list of what is not known."""
    if clock.word != "running":
        return []
    if clock.has_instrument:
        return [f"Whether the suspension is extended: we know of no text that extends it beyond {DAY(clock.ends_on)}."]
    until = f"the extension beyond {DAY(max(clock.law_ends_on.values()))}" if clock.law_ends_on else "the truce"
    return [f"Whether and when either side will put {until} into law."]


def question(clock: TruceClock) -> list[str]:
    """What is open about its end, for a list of questions."""
    if clock.word == "running":
        return [f"Whether, and by which text, the truce is extended beyond {DAY(clock.ends_on)}."]
    return [f"Whether the two sides agree before {DAY(clock.pause_ends_on)}, when their pause ends."] if clock.pause else []


def line(clock: TruceClock) -> str:
    """The truce in a line of a terminal."""
    if clock.word == "none":
        return f"to {DAY(clock.pause_ends_on)}: {clock.pause}" if clock.pause else "none with an end date is in force"
    if clock.word == "run out":
        return f"last announced to {DAY(clock.ends_on)}, no later extension in our data"
    short = wording.short_day
    if clock.term:
        return f"{clock.term} agreed by {short(clock.term_on)}, no day; in law to {short(clock.ends_on)}"
    law = f"in law to {short(clock.law_on)}" if clock.law_on else "not yet in law"
    days = f"{wording.count(clock.days_left, 'day')} left" if clock.has_begun else _days_left(clock)
    return f"{_to(clock.ends_on, clock)}, {days}" + ("" if clock.has_instrument else f", as stated; {law}")


def _to(end: date, clock: TruceClock) -> str:
    """To which day something runs; from which as well, as long as the truce has not begun."""
    return f"to {DAY(end)}" if clock.has_begun else f"from {wording.span(clock.begun_on, end)}"


def _suspended(end: date, clock: TruceClock, *, now: str, once: str) -> str:
    """Whether higher duties are to be, are, or were suspended to a day; `now` and `once` are the verb."""
    if not clock.has_begun:
        return f"{now} to be suspended"
    return f"{now if end > clock.as_of else once} suspended"


def _days_left(clock: TruceClock) -> str:
    if not clock.has_begun:
        return f"it begins in {wording.count((clock.begun_on - clock.as_of).days, 'day')}"
    return f"{wording.count(clock.days_left, 'day')} {'is' if clock.days_left == 1 else 'are'} left"


def _term(clock: TruceClock) -> str:
    """How long both sides want it to go on, where no day was named."""
    says = f"as {sides.name(clock.term_by)} {'say' if clock.term_by == 'both' else 'says'}"
    return f"{wording.upper(clock.term)} of truce was agreed by {DAY(clock.term_on)}, {says}, with no end date named"


def _text(clock: TruceClock) -> str:
    return f"{sides.SIDES[clock.law_side].owner} law"


def _law(clock: TruceClock) -> str:
    ends = clock.law_ends_on
    if len(ends) > 1 and len(set(ends.values())) == 1:
        return f"{_to(next(iter(ends.values())), clock)} on both sides"
    return wording.listing(f"{_to(end, clock)} in {sides.name(side)}" for side, end in ends.items())
