"""Product codes as lists hold them: as text with dots, spaces, dashes or a label, as numbers, and in scientific notation."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from numbers import Integral, Real
from typing import SupportsFloat

from tradelib import hs
from tradelib.cells.base import cleaned, is_blank, shown, whole

_WORDS = frozenset(
    [
        "us", "usa", "u", "s", "cn", "china", "chinese", "hts", "htsus", "htsusa", "htsa", "hs", "harmonized", "harmonised", "tariff",
        "customs", "commodity", "schedule", "system", "code", "codes", "number", "no", "nr", "num", "item", "heading", "subheading",
        "chapter", "ch", "line",
    ]
)  # fmt: skip
_EDITIONED = re.compile(r"(?:hts|hs)(?:us|usa)?[ -]?(?:(?:2|4|6|8|10)|20(?:02|07|12|17|22))(?=[\s:#]+\d)", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+")
_AFTER_LABEL = re.compile(r"[\s.:#,()-]*")
_BODY = re.compile(r"([0-9][0-9.\s_\-\u2010-\u2015\u2212]*)(.*)", re.DOTALL)
_SEPARATORS = re.compile(r"[.\s_\-\u2010-\u2015\u2212]+")
_SCIENTIFIC = re.compile(r"(\d+)(?:[.,](\d*))?[eE]\+?(\d{1,2})")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.0*)?")
_DECIMAL_COMMA = re.compile(r"(\d{3,4}),(\d{1,2})")
_NUMBER = re.compile(r"(\d+)\.(\d+)")
_FOOTNOTES = "*,;:()[]\"'|/#\u2020\u2021"
LEADING, TRAILING = "leading zero restored", "trailing zero restored"


@dataclass(frozen=True)
class Code:
    """What the code of one cell may be.

    Attributes
    ----------
    readings : (digits, marks) of every code that the cell may stand for; the first as it is written.
    span : (low, past, width) where a number has lost its last digits: codes of `width` digits from `low` to before `past`.
    marks : repairs that all readings share.
    reason : why no code can be read; empty where one can, or where the cell is blank.
    is_blank : nothing stands there.
    """

    readings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    span: tuple[int, int, int] | None = None
    marks: tuple[str, ...] = ()
    reason: str = ""
    is_blank: bool = False


def code(cell: object) -> Code:
    """Every code that a cell may stand for.

    Examples
    --------
    >>> code("HTS 8507.60").readings, code(8507600020.0).readings
    ((('850760', ()),), (('8507600020', ()),))
    >>> code(1012100).readings, code("8.4716E+09").span
    ((('01012100', ('leading zero restored',)),), (8471550000, 8471650000, 10))
    """
    if is_blank(cell):
        return Code(is_blank=True)
    if isinstance(cell, bool | date) or type(cell).__name__ in ("bool_", "datetime64", "time"):
        return Code(reason=f"the code is {shown(cell)}, which is no code; a spreadsheet may have turned it into another type")
    if isinstance(cell, Integral):
        return _from_text(str(int(cell)), cell)
    if isinstance(cell, Real | Decimal):
        return _from_real(cell)
    text, marks = cleaned(str(cell))
    return _marked(_from_text(text, cell), *marks)


def _from_real(cell: SupportsFloat) -> Code:
    """The code of a number that may have decimals."""
    if _is_short(cell):
        reason = f"the code is {shown(cell)}, a number of type {type(cell).__name__}, which does not hold all digits of a code"
        return Code(reason=f"{reason}; keep codes as text")
    number = whole(cell)
    if number is not None:
        return _marked(_from_text(str(number), cell), "read from a number with decimals")
    return _marked(_from_text(str(cell), cell), "read from a number")


def _is_short(cell: SupportsFloat) -> bool:
    """Whether a number is of a type with too few digits for it: several codes fall on the same one."""
    held = _HELD.get(type(cell).__name__)
    if held is None:
        return False
    number = whole(cell)
    return abs(number) > 2 ** held[0] if number is not None else len(re.sub(r"\D", "", str(cell))) > held[1]


# Bits of the whole numbers, and decimal digits, that short floating numbers hold without a gap.
_HELD = {"float16": (11, 3), "float32": (24, 6)}


def _marked(found: Code, *marks: str) -> Code:
    return replace(found, marks=(*marks, *found.marks))


def _from_text(text: str, cell: object) -> Code:
    body, labelled = _without_label(text)
    marks = ("label dropped",) if labelled else ()
    scientific = _SCIENTIFIC.fullmatch(body)
    if scientific:
        return _marked(_from_scientific(scientific, cell), *marks)
    if _GROUPED.fullmatch(body):
        return _marked(_from_digits(body.split(".")[0].replace(",", ""), cell), *marks, "thousands separators dropped")
    comma = _DECIMAL_COMMA.fullmatch(body)
    if comma:
        return _marked(_from_number(comma[1], comma[2], cell), *marks, "comma read as a dot")
    match = _BODY.fullmatch(body)
    return _from_body(match, cell, marks) if match else Code(reason=f"the code {shown(cell)} does not begin with digits")


def _from_body(match: re.Match[str], cell: object, marks: tuple[str, ...]) -> Code:
    """The code of digits and separators, with words behind them or without."""
    core, rest = match.group(1), match.group(2).strip()
    if rest:
        if re.search(r"\d", rest) or (rest[0].isalpha() and core[-1].isdigit()) or not (rest[0].isalpha() or rest[0] in _FOOTNOTES):
            return Code(reason=f"{shown(cell)} holds more than one code, or signs that no code has")
        marks = (*marks, "words after the code dropped")
    core = _SEPARATORS.sub(lambda found: _plain(found.group()), core).strip(" .-")
    marks = (*marks, *_separator_marks(core))
    number = _NUMBER.fullmatch(core)
    if number:
        return _marked(_from_number(number[1], number[2], cell), *marks)
    parts = re.split(r"[ .-]", core)
    return _marked(_from_parts(parts, cell) if len(parts) > 1 else _from_digits(core, cell), *marks)


def _plain(separator: str) -> str:
    """A run of separators as one sign: a dot, a dash or a blank."""
    return "." if "." in separator else " " if separator.isspace() else "-"


def _separator_marks(core: str) -> tuple[str, ...]:
    return tuple(f"{name} dropped" for sign, name in ((" ", "spaces"), ("-", "dashes")) if sign in core)


def _without_label(text: str) -> tuple[str, bool]:
    """(text, whether one was there) without words such as `HTS code:` before the digits."""
    labelled = False
    text = text.lstrip("([#\"' ")
    while text and not text[0].isdigit():
        match = _EDITIONED.match(text) or _WORD.match(text)
        if not match or (match.re is _WORD and match.group().lower() not in _WORDS):
            break
        text = _AFTER_LABEL.sub("", text[match.end() :], count=1)
        labelled = True
    return text, labelled


def _from_digits(digits: str, cell: object) -> Code:
    """Codes that digits without separators may be: as they stand, or with the zero that a number loses at its front."""
    if len(digits) in hs.LENGTHS:
        return Code(readings=((digits, ()),))
    if len(digits) + 1 in hs.LENGTHS:
        return Code(readings=((f"0{digits}", (LEADING,)),))
    return Code(reason=f"{shown(cell)} has {len(digits)} digits; a code has 2, 4, 6, 8 or 10")


def _from_parts(parts: list[str], cell: object) -> Code:
    """A code printed in two parts or more."""
    if any(len(part) % 2 for part in parts[1:]):
        return Code(reason=f"a digit is missing in {shown(cell)}, and it cannot be told where")
    return _from_digits("".join(parts), cell)


def _from_number(before: str, after: str, cell: object) -> Code:
    """Codes that a number with one dot may be: a code with one dot, a whole number with decimals, or either with lost zeros."""
    marks = (LEADING,) if len(before) % 2 else ()
    head = f"0{before}" if len(before) % 2 else before
    readings = []
    tail = f"{after}0" if len(after) % 2 else after
    if len(head) >= _CHAPTER and len(head) + len(tail) in hs.LENGTHS:
        readings.append((head + tail, (*marks, TRAILING) if len(after) % 2 else marks))
    if not after.strip("0") and len(head) in hs.LENGTHS:
        readings.append((head, (*marks, f".{after} dropped")))
    if not readings:
        return Code(reason=f"{shown(cell)} is no code of 2, 4, 6, 8 or 10 digits, with or without lost zeros")
    return Code(readings=tuple(readings))


_CHAPTER = 2


def _from_scientific(match: re.Match[str], cell: object) -> Code:
    """A number such as 8.4716E+09: exact, or all codes that round to it."""
    fraction = match.group(2) or ""
    mantissa, lost = int(match.group(1) + fraction), int(match.group(3)) - len(fraction)
    if not mantissa or (lost < 0 and mantissa % 10**-lost):
        return Code(reason=f"{shown(cell)} is no code")
    if lost <= 0:
        return _marked(_from_digits(str(mantissa // 10**-lost), cell), "scientific notation written out")
    number = mantissa * 10**lost
    width = len(str(number)) + len(str(number)) % 2
    if width not in hs.LENGTHS:
        return Code(reason=f"{shown(cell)} has {len(str(number))} digits; a code has 2, 4, 6, 8 or 10")
    half = 10**lost // 2
    words = "the last digit was" if lost == 1 else f"the last {lost} digits were"
    zero = (LEADING,) if len(str(number)) % 2 else ()
    return Code(span=(number - half, number + half, width), marks=(f"{words} lost in scientific notation", *zero))
