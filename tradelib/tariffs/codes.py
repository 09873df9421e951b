"""What a product code names: one resolver for every question that begins with a code.

A code as it stands on a paper may be a line of today, the beginning of several, a number that has ended, the number of a whole line, a
special provision, or a slip. `match` says which, and gives the lines to look at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, hs, wording
from tradelib.days import parse_days
from tradelib.doors import Day, Days, door, opened
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.shown import Shown
from tradelib.tariffs import successions, tariff_lines
from tradelib.tariffs.law import check_importer
from tradelib.tariffs.tariff_lines import Lines, lines

EXACT, BELOW, WHOLE, OLD, SPECIAL, NONE = "exact", "lines below", "eight-digit line", "old code", "special provision", "no line"
SUBHEADING = "subheading"
_SPECIAL_CHAPTERS = ("98", "99")
_STATISTICAL = "99999500"  # low-valued imports, estimated by the Census Bureau: in its statistics, and in no edition of the tariff
_SHOWN = 4
_WASTE = "8549"
_NO_LINES = np.empty(0, dtype=int)


@dataclass(frozen=True, eq=False, repr=False)
class Match(Shown):
    """What a code names.

    Attributes
    ----------
    asked
        the code, in digits.
    how
        `exact`; `lines below`: it is the beginning of longer codes; `eight-digit line`: the number of a whole line, or (where asked for
        leniently) a last pair of digits that no edition has; `old code`: it has ended, and these are its heirs; `subheading`: a Chinese
        number of eight digits that we do not have, answered by its subheading; `special provision`: chapter 98 or 99, which is not
        modelled; `no line`: see `match_many`.
    lines
        the lines of the importer, as `tariff_lines.lines` gives them; those of the United States with 10 digits.
    positions
        positions in `lines` of the lines that the code names; none for a special provision.
    note
        what a reader must know, as a sentence; empty if there is nothing.
    """

    asked: str
    how: str
    lines: Lines
    positions: np.ndarray
    note: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The lines that the code names, as digits."""
        return tuple(str(code) for code in self.lines.codes[self.positions])


@door
def match(code: str, importer: str, *, on: Day | None = None, lenient: bool = False) -> Match:
    """The lines that a code names on a day of entry.

    Parameters
    ----------
    code
        2 to 10 digits, with or without dots; see `hs.parse_code`.
    importer
        `US` or `CN`.
    on
        day of entry; by default the last day of the edition. A US code that has ended by then is answered by its heirs.
    lenient
        take a ten-digit US code whose last two digits no edition has for its 8-digit line, and say so in the note.

    Raises
    ------
    ParameterError
        a malformed code, or one that never stood in the tariff as far as we know it; the message names the nearest ones.
    """
    check_importer(importer)
    return _match(code, importer, None if on is None else opened(on), lenient)


@door
def match_many(codes: Sequence[str], importer: str, *, on: Days | None = None, lenient: bool = False) -> list[Match]:
    """The lines that each of many codes names; a code that names none becomes a match `no line` with the reason as its note.

    Parameters
    ----------
    codes
        as for `match`; a code asked twice costs nothing the second time.
    on
        one day for all, or one for each.
    """
    check_importer(importer)
    days: list[date | None] = [None] if on is None else [*parse_days(on)]
    days = days * len(codes) if len(days) == 1 else days
    if len(days) != len(codes):
        message = f"on must be one day, or one for each of the {len(codes)} codes, not {len(days)}."
        raise ParameterError(message)
    return [_match_or_reason(code, importer, day, lenient) for code, day in zip(codes, days, strict=True)]


@door
def find(code: str, importer: str) -> tuple[Lines, np.ndarray]:
    """The lines of the measuring set, by which averages are made, that stand for a code.

    Returns
    -------
    tuple[Lines, ndarray]
        (lines, positions) : as for `tariff_lines.find`. For a US code under which no trade of 2024 is held: the numbers that it became or
        came from, else those of its 8-digit line.

    Raises
    ------
    ParameterError
        as for `match`; a special provision.
    """
    digits = hs.parse_code(code)
    if importer != "US":
        return tariff_lines.find(code, importer)
    held = lines(importer)
    under = hs.under(digits, held.codes)
    if under.start < under.stop:
        return tariff_lines.find(code, importer)
    found = _match(code, importer, None, lenient=False)
    if found.how == SPECIAL:
        raise ParameterError(found.note)
    positions = [_measured(name, held) for name in (found.codes or (digits,))]
    return held, np.unique(np.concatenate(positions))


def is_special(digits: str) -> bool:
    """Whether a code is of chapter 98 or 99, under which goods are entered by rules of their own."""
    return digits[:2] in _SPECIAL_CHAPTERS


def text(code: str) -> str:
    """Description of a US code of 8 or 10 digits, from the heading down; empty where none is held."""
    table = _table()
    for name in (code, code[:8], code[:8] + "00"):
        if name in table.index and (said := str(table.loc[name, "description"])):
            return said
    return ""


def general_text(code: str) -> str:
    """Column 1 general rate of a US code as the schedule prints it; empty where no edition that we have holds it."""
    held = _table()["general_text"]
    return next((held[name] for name in (code, code[:8], code[:8] + "00") if held.get(name)), "")


def _match(code: str, importer: str, on: date | None, lenient: bool) -> Match:
    digits = hs.parse_code(code)
    if importer == "US":
        return _match_us(digits, _stretch(on), lenient)
    try:
        held, positions = tariff_lines.find(code, importer)
    except ParameterError:
        # The Chinese tariff of today is not held by its eight digits; its subheadings are.
        parents = lines(importer)
        under = hs.under(digits[:6], parents.codes)
        if len(digits) != hs.TARIFF_LINE or under.start == under.stop:
            raise
        number, subheading = hs.dotted(digits), hs.dotted(digits[:6])
        note = f"The number {number} is not among the Chinese lines that we have: answered by its subheading {subheading}."
        return Match(digits, SUBHEADING, parents, np.arange(under.start, under.stop), note)
    how = EXACT if len(positions) == 1 and held.codes[positions[0]] == digits else BELOW
    return Match(digits, how, held, positions)


def _match_or_reason(code: str, importer: str, on: date | None, lenient: bool) -> Match:
    try:
        return _match(code, importer, on, lenient)
    except ParameterError as error:
        return Match(str(code), NONE, _wide() if importer == "US" else lines(importer), _NO_LINES, str(error))


@kept(maxsize=65536)
def _match_us(digits: str, stretch: int, lenient: bool) -> Match:
    if is_special(digits):
        return _special(digits)
    book = _book()
    if len(digits) == hs.STATISTICAL_LINE:
        at = book.at.get(digits)
        return _unknown_number(digits, stretch, lenient) if at is None else _number(digits, at, stretch)
    found = np.arange(*book.under(digits))
    if not len(found):
        raise ParameterError(_no_line(digits))
    stands = found[book.stands(found, stretch)]
    if len(stands):
        how = EXACT if len(stands) == 1 and book.codes[stands[0]] == digits else BELOW
        return _matched(digits, how, stands)
    later = found[book.first[found] > stretch]
    if len(later):
        return _matched(digits, BELOW, later, _since(digits, int(later[0])))
    return _heirs(digits, found, stretch)


def _number(digits: str, at: int, stretch: int) -> Match:
    """A ten-digit number that an edition has."""
    book = _book()
    if book.past[at] <= stretch:
        return _heirs(digits, np.array([at]), stretch)
    if book.first[at] > stretch:
        return _matched(digits, EXACT, [at], _since(digits, at))
    if book.rateless[at]:
        return _by_heirs(digits)
    note = f"{hs.dotted(digits)} is not in the tariff of 2025; on which day it ended is not known." if book.vague[at] else ""
    return _matched(digits, EXACT, [at], note)


def _by_heirs(digits: str) -> Match:
    """A number in force whose own general rate is not held, and whose heirs have several."""
    book = _book()
    names = sorted(_goods(set(successions.heirs(digits) or successions.heirs(digits[:8]))))
    found = np.concatenate([np.arange(*book.under(name)) for name in names])
    named = _listed([hs.dotted(name) for name in names])
    note = f"The general rate of {hs.dotted(digits)} itself is not held: answered by the lines that its goods went to, {named}."
    return _matched(digits, OLD, found[book.past[found] == _OPEN], note)


def _goods(names: set[str]) -> set[str]:
    """Heirs without the heading of electrical waste, to which scrap of many headings went and no good did; all where there is no other."""
    return {name for name in names if not name.startswith(_WASTE)} or names


def _heirs(digits: str, old: np.ndarray, stretch: int) -> Match:
    """The lines that hold the goods of numbers that have ended."""
    book = _book()
    names = _goods({heir for at in old for heir in successions.heirs(book.codes[at]) or successions.heirs(book.codes[at][:8])})
    positions = [np.arange(*book.under(name)) for name in sorted(names)]
    found = np.concatenate(positions) if positions else _NO_LINES
    stands = found[book.stands(found, stretch)] if len(found) else found
    ended = _ended_words(digits, int(old[-1]))
    if len(stands):
        named = _listed([hs.dotted(name) for name in sorted(names)])
        proof = successions.evidence(book.codes[old[0]]) or successions.evidence(book.codes[old[0]][:8])
        return _matched(digits, OLD, stands, f"{ended} Its goods are now under {named} ({proof}).")
    span = np.arange(*book.under(digits[:8]))
    stands = span[book.stands(span, stretch)] if len(span) else span
    if len(stands):
        return _matched(digits, OLD, stands, f"{ended} What became of it is not held: these are the numbers of its 8-digit line.")
    if len(old):  # nothing newer is held: its own place in the lists is what can be said
        return _matched(digits, OLD, old, f"{ended} What became of it is not held.")
    raise ParameterError(_no_line(digits))


def _unknown_number(digits: str, stretch: int, lenient: bool) -> Match:
    """A ten-digit number that no edition has: the number of a whole line, or a slip in the last two digits."""
    book = _book()
    line = digits[:8]
    span = np.arange(*book.under(line))
    if not len(span):
        raise ParameterError(_no_line(digits))
    if digits.endswith("00") or lenient:
        whole = _match_us(line, stretch, lenient)
        about = (
            f"{hs.dotted(digits)} is the number of the whole line {hs.dotted(line)}, which has statistical numbers of its own."
            if digits.endswith("00")
            else f"No edition that we have has the number {hs.dotted(digits)}: answered by its 8-digit line {hs.dotted(line)}."
        )
        return _matched(digits, WHOLE, whole.positions, f"{about} {whole.note}".strip())
    stands = span[book.stands(span, stretch)]
    named = _listed([hs.dotted(code) for code in book.codes[stands if len(stands) else span]])
    message = (
        f"No edition of the US tariff that we have holds the number {hs.dotted(digits)}. Under {hs.dotted(line)} stand {named}; or ask for "
        f"the 8-digit line {hs.dotted(line)}, to which the duty belongs."
    )
    raise ParameterError(message)


def _special(digits: str) -> Match:
    if digits.startswith(_STATISTICAL):
        about = "9999.95.00 is a number of the statistics, for imports of low value that are estimated: no good is declared under it."
        return Match(digits, SPECIAL, _wide(), _NO_LINES, f"{about} What is due on it is not modelled.")
    if not _table().index.str.startswith(digits[:8]).any():
        raise ParameterError(_no_line(digits))
    known = text(digits)
    rate = general_text(digits)
    if digits[:2] == "98":
        about = "Chapter 98 holds special provisions: goods that return, were repaired or assembled abroad, or have a certain use."
    else:
        about = "Chapter 99 holds headings declared beside the code of a good, for additional duties and exemptions: no good is of it."
    says = f" {hs.dotted(digits)} reads: {known.rstrip('. :')}." if known else ""
    general = f" General rate: {rate.rstrip('.')}." if rate else ""
    return Match(digits, SPECIAL, _wide(), _NO_LINES, f"{about} What is due on an entry under them is not modelled.{says}{general}")


def _matched(digits: str, how: str, positions: Sequence[int] | np.ndarray, note: str = "") -> Match:
    return Match(digits, how, _wide(), np.array(positions, dtype=int), note)


def _no_line(digits: str) -> str:
    book = _book()
    special = _table().index[_table().index.str[:2].isin(_SPECIAL_CHAPTERS)].to_numpy(dtype="U10")
    close = _nearest(digits, special if is_special(digits) else book.codes[book.past == _OPEN])
    return f"No US tariff line stands under {hs.dotted(digits)}. " + (f"The nearest: {' or '.join(close)}." if close else "")


def _nearest(digits: str, codes: np.ndarray) -> list[str]:
    return [hs.dotted(code) for code in hs.nearest(digits, codes)]


def _since(digits: str, at: int) -> str:
    book = _book()
    before = successions.forebears(book.codes[at]) or successions.forebears(book.codes[at][:8])
    came = f"; before that day its goods were entered under {_listed([hs.dotted(code) for code in before])}" if before else ""
    return f"{hs.dotted(digits)} stands in the tariff from {wording.day(book.day(book.first[at]))}{came}."


def _ended_words(digits: str, at: int) -> str:
    book = _book()
    when = "by 1 January 2025" if book.vague[at] else f"on {wording.day(book.day(book.past[at]))}"
    return f"{hs.dotted(digits)} left the tariff {when}."


def _listed(names: list[str]) -> str:
    shown = list(dict.fromkeys(names))
    more = len(shown) - _SHOWN
    return ", ".join(shown[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _measured(code: str, held: Lines) -> np.ndarray:
    """Lines of the measuring set that stand for a code of ten digits."""
    related = (code, *successions.forebears(code), *successions.heirs(code), code[:8])
    for name in related:
        span = hs.under(name, held.codes)
        if span.start < span.stop:
            return np.arange(span.start, span.stop)
    close = hs.under(code[:6], held.codes)
    return np.arange(close.start, close.stop)


_OPEN = 1 << 30


class _Book:
    """The codes of the wide set, with the stretches of days in which they stand: numbered from 0, new at each day of change."""

    def __init__(self) -> None:
        table = _table().reindex(_wide().index)
        self.codes = _wide().codes
        self.at = {code: at for at, code in enumerate(self.codes.tolist())}
        self._keys = self.codes.astype("U11")
        begun, ended = (table[name].to_numpy() for name in ("first_on", "ended_on"))
        both = np.concatenate([begun, ended])
        days = np.unique(both[~np.isnat(both)])
        self._days: list[date] = days.astype("datetime64[D]").tolist()
        self.first = np.where(np.isnat(begun), 0, np.searchsorted(days, begun) + 1)
        self.past = np.where(np.isnat(ended), _OPEN, np.searchsorted(days, ended) + 1)
        # Of these only the latest day by which they had ended is known.
        bound = table["ended_on"].eq(pd.Timestamp(2025, 1, 1))
        self.vague = (bound & table["evidence"].isin(["older list", "named by a notice"])).to_numpy()
        unknown = np.isnan(_wide().mfn(catalogue.edition().evidence_through))
        # Lines that are gone and whose heirs have several general rates.
        self.rateless = np.zeros(len(self.codes), dtype=bool)
        for at in np.flatnonzero(unknown):
            self.rateless[at] = bool(successions.heirs(str(self.codes[at])[:8]))

    def day(self, stretch: int) -> date:
        return self._days[stretch - 1]

    def stretch(self, on: date) -> int:
        return int(np.searchsorted(np.array(self._days, dtype="datetime64[D]"), np.datetime64(on), side="right"))

    def under(self, prefix: str) -> tuple[int, int]:
        return int(np.searchsorted(self._keys, prefix)), int(np.searchsorted(self._keys, prefix + ":"))

    def stands(self, at: np.ndarray, stretch: int) -> np.ndarray:
        """Which lines stand; one of which only the latest day of its end is known does not count as standing beside others."""
        standing: np.ndarray = (self.first[at] <= stretch) & (stretch < self.past[at]) & ~self.vague[at]
        return standing


@kept()
def _table() -> pd.DataFrame:
    return catalogue.load("hts_codes").set_index("code")


@kept()
def _wide() -> Lines:
    return lines("US", digits=hs.STATISTICAL_LINE)


@kept()
def _book() -> _Book:
    return _Book()


@kept(maxsize=4096)
def _stretch(on: date | None) -> int:
    return _book().stretch(catalogue.edition().evidence_through if on is None else on)
