"""Which lines the code of a cell means, among all readings that the cell allows."""

import bisect
import functools
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from tradelib import catalogue, cells, hs, wording
from tradelib.errors import ParameterError
from tradelib.tariffs.codes import EXACT, OLD, SPECIAL, WHOLE, Match, match
from tradelib.tariffs.tariff_lines import Lines, lines

_SHOWN = 3
_OF_NUMBER = "lines of the number"
_MARKS = {OLD: "old code: answered by its heirs", WHOLE: "answered by the whole 8-digit line"}


@dataclass(frozen=True, eq=False)
class Good:
    """What a cell means for one importer.

    Attributes
    ----------
    read
        digits of the code as it was read; empty where none could be.
    matched
        the lines that were found, in words.
    how
        as `codes.Match.how`; `lines of the number` where a number has lost its last digits.
    lines, positions
        the lines, and where they stand; None where there are none.
    marks
        repairs.
    reason
        why there is no line.
    note
        what to know about the match.
    """

    read: str = ""
    matched: str = ""
    how: str = ""
    lines: Lines | None = None
    positions: np.ndarray | None = None
    marks: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""


NOTHING = Good()


def edition(on: date) -> int:
    """Number of the stretch of days, within which no code begins or ends, that a day lies in."""
    return bisect.bisect_right(_edition_days(catalogue.data_folder()), on)


@functools.lru_cache(maxsize=1 << 19)
def good(code: cells.Code, importer: str, stretch: int, folder: Path) -> Good:
    """The lines of one importer that the code of a cell means: of several readings the one that exists.

    Readings whose lines are the same are one reading. Where several exist, or none, the reason is told and no line is taken.

    Parameters
    ----------
    stretch
        number of the stretch of days, as `edition` gives it.
    folder
        of the data, as `catalogue.data_folder` gives it: answers are kept for one.
    """
    if code.is_blank:
        return NOTHING
    if code.reason:
        return _kept(Good(reason=code.reason))
    days = _edition_days(folder)
    on = days[stretch - 1] if stretch else catalogue.edition().evidence_from
    return _kept(_within(code, code.span, importer, on) if code.span else _among(code, importer, on))


def _kept(item: Good) -> Good:
    """One object for all equal ones, so that a code that means the same on all days is one good."""
    over = b"" if item.positions is None else item.positions.tobytes()
    return _GOODS.setdefault((item.read, item.how, item.marks, item.reason, item.note, item.matched, id(item.lines), over), item)


_GOODS: dict[tuple[object, ...], Good] = {}


@functools.lru_cache(maxsize=8)
def _edition_days(_folder: Path) -> list[date]:
    table = catalogue.load("hts_codes")
    days = pd.concat([table["first_on"], table["ended_on"]]).dropna().unique()
    return sorted(pd.Timestamp(day).date() for day in days)


def _among(code: cells.Code, importer: str, on: date) -> Good:
    """The one reading of a cell that exists."""
    found: dict[bytes, tuple[str, tuple[str, ...], Match]] = {}
    refused = []
    for lenient in (False, True):
        for digits, marks in code.readings:
            answer = _match(digits, importer, on, lenient=lenient)
            if isinstance(answer, str):
                refused.append(answer)
            else:
                found.setdefault(answer.lines.codes[answer.positions].tobytes(), (digits, marks, answer))
        if found:
            break
    if len(found) > 1:
        return Good(marks=code.marks, reason=f"the code may be {' or '.join(hs.dotted(digits) for digits, _, _ in found.values())}")
    if not found:
        return Good(read=code.readings[0][0], marks=(*code.marks, *code.readings[0][1]), reason=refused[0])
    digits, marks, answer = next(iter(found.values()))
    marks = (*code.marks, *marks, *((_MARKS[answer.how],) if answer.how in _MARKS else ()))
    if answer.how == SPECIAL or not len(answer.positions):
        return Good(read=digits, how=answer.how, marks=marks, reason=_inside(answer.note.split(f" {hs.dotted(digits)} reads:")[0]))
    return Good(
        read=digits,
        matched=_words(digits, answer.lines.codes[answer.positions]),
        how=answer.how,
        lines=answer.lines,
        positions=answer.positions,
        marks=marks,
        note=_inside(answer.note),
    )


def _inside(sentence: str) -> str:
    """A sentence as a phrase of a note."""
    return sentence.strip().rstrip(".")


def _match(digits: str, importer: str, on: date, *, lenient: bool) -> Match | str:
    """The lines that a code names, or why there are none."""
    try:
        if importer == "CN" and len(digits) == hs.STATISTICAL_LINE and lenient:
            line = match(digits[: hs.TARIFF_LINE], importer, on=on)
            note = f"Chinese lines have eight digits: {hs.dotted(digits)} is answered by {hs.dotted(line.asked)}"
            return Match(digits, WHOLE, line.lines, line.positions, note)
        return match(digits, importer, on=on, lenient=lenient)
    except ParameterError as error:
        return _inside(str(error).replace(", or for the US side with --importer US", ""))


def _within(code: cells.Code, span: tuple[int, int, int], importer: str, on: date) -> Good:
    """Lines whose codes round to a number that has lost its last digits."""
    low, past, width = span
    if importer == "CN" and width == hs.STATISTICAL_LINE:
        return Good(marks=code.marks, reason="a Chinese code of ten digits that has lost some cannot be read")
    over = lines(importer, digits=width if (importer, width) in _DEPTHS else None)
    size = np.char.str_len(over.codes)
    first, scale = over.codes.astype(np.int64) * 10 ** (hs.STATISTICAL_LINE - size), 10 ** (hs.STATISTICAL_LINE - width)
    inside = (first + 10 ** (hs.STATISTICAL_LINE - size) > low * scale) & (first < past * scale)
    answers = [_match(str(name), importer, on, lenient=False) for name in over.codes[inside]]
    found = [item for item in answers if not isinstance(item, str) and len(item.positions)]
    found = [item for item in found if item.how == EXACT and not item.note] or found
    if not found:
        return Good(marks=code.marks, reason="no tariff line has a code that rounds to this number")
    held = found[0].lines
    positions = np.unique(np.concatenate([item.positions for item in found]))
    common = _common(held.codes[positions])
    return Good(
        read=str(held.codes[positions[0]]) if len(positions) == 1 else common,
        matched=_words(common, held.codes[positions]),
        how=_OF_NUMBER,
        lines=held,
        positions=positions,
        marks=code.marks,
    )


_DEPTHS = {("US", hs.STATISTICAL_LINE), ("CN", hs.TARIFF_LINE)}


def _common(codes: np.ndarray) -> str:
    """The longest code of 2, 4, 6, 8 or 10 digits that all begin with; empty where none is."""
    first, last = str(codes[0]), str(codes[-1])
    return next((first[:size] for size in reversed(hs.LENGTHS) if first[:size] == last[:size] and size <= len(first)), "")


def _words(digits: str, codes: np.ndarray) -> str:
    """Lines in words: their codes, or that they all begin with, and how many they are."""
    shown = [hs.dotted(str(code)) for code in codes[:_SHOWN]]
    if len(codes) <= _SHOWN:
        return wording.listing(shown)
    return (
        f"{len(codes)} lines of {hs.dotted(digits)}"
        if digits and str(codes[0]).startswith(digits)
        else f"{len(codes)} lines from {shown[0]}"
    )
