"""A country-wide duty that goes from one rate to another: by a text for a day ahead, or on a day that nobody saw."""

from collections.abc import Sequence

from tradelib import sides, wording
from tradelib.show.display import Fact, citation, link
from tradelib.tariffs import DutyMove, Unseen

DAY = wording.day


def message(moves: Sequence[DutyMove]) -> str:
    """What legal texts hold for one day ahead; empty where they hold nothing."""
    if not moves:
        return ""
    parts = [f"{_tariff(move)} {_goes(move)} {_from_to(move)}" for move in moves]
    return f"Under the notices published so far, {wording.listing(parts)} on {DAY(moves[0].on)}"


def sentences(moves: Sequence[DutyMove]) -> list[str]:
    """What legal texts hold for days ahead, each with its texts."""
    return [f"{message([move])} ({_texts(move)})." for move in moves]


def sentences_by_kind(moves: Sequence[DutyMove]) -> list[str]:
    """The same, with whether it is a return of what is suspended until then, though the suspension may lie ahead."""
    return [
        f"{'Unless a new notice is published' if move.is_snap_back else 'In law'}, {_tariff(move)} {_goes(move)} {_from_to(move)} "
        f"on {DAY(move.on)}{', when a suspension ends' if move.is_snap_back else ''} ({_texts(move)})."
        for move in moves
    ]


def fact(moves: Sequence[DutyMove]) -> list[Fact]:
    """Key number of a change of one day; none where texts hold none."""
    if not moves:
        return []
    rates = " / ".join(wording.percent(move.after_frac) for move in moves)
    whose = wording.listing(sides.short(move.importer) for move in moves)
    words = f"{whose}: added tariff{'s' if len(moves) > 1 else ''} from {DAY(moves[0].on)}, as scheduled in law"
    return [Fact(rates, words, moves[0].importer.lower() if len(moves) == 1 else "both")]


def line(moves: Sequence[DutyMove]) -> str:
    """All changes that texts hold, in a line of a terminal."""
    parts = [f"{move.importer} {wording.percent(move.after_frac)} on {wording.short_day(move.on)}" for move in moves]
    return f"in law {wording.listing(parts)}" if parts else "no change is scheduled in law"


def unseen_title(move: Unseen) -> str:
    """Title of a change by legal text that nobody saw."""
    return f"By its text {_tariff(move)} went {_from_to(move)} on {DAY(move.on)}; our data end on {DAY(move.observed_on)}"


def unseen_message(move: Unseen) -> str:
    """A change by legal text on a past day that the evidence does not reach: what the text says, what was said, what was seen."""
    rate = wording.percent(move.before_frac)
    said = f"; officials had said that {rate} would go on until {DAY(move.stated_to)}" if move.stated_to else ""
    return f"By its own text {_tariff(move)} went {_from_to(move)} on {DAY(move.on)}{said}; our data end on {DAY(move.observed_on)}"


def _tariff(move: DutyMove | Unseen) -> str:
    return sides.pair(move.importer).added


def _goes(move: DutyMove) -> str:
    return "rises" if move.after_frac > move.before_frac else "falls"


def _from_to(move: DutyMove) -> str:
    return f"from {wording.percent(move.before_frac)} to {wording.percent(move.after_frac)}"


def _texts(move: DutyMove) -> str:
    return wording.listing(dict.fromkeys(link(citation(instrument), url) for instrument, url in move.texts))
