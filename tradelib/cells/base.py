"""What a cell says, and the cleaning that every reader begins with."""

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Generic, SupportsFloat, TypeVar

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad"))
_MISSING = frozenset({"", "nan", "none", "null", "nat", "<na>", "n/a", "#n/a"})
_TEXT_FORMULA = re.compile(r'="([^"]*)"')


T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Cell(Generic[T_co]):
    """What one cell says.

    Attributes
    ----------
    value : what was read; None where nothing stands there, or where it cannot be read.
    marks : how it was repaired, one phrase a repair.
    reason : why it cannot be read, a phrase; empty where it can, or where the cell is blank.
    """

    value: T_co | None = None
    marks: tuple[str, ...] = ()
    reason: str = ""


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing: no value, blanks, or a word for nothing such as `nan`."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return cell.translate(_INVISIBLE).strip().lower() in _MISSING
    try:
        return bool(cell != cell)  # noqa: PLR0124, what is missing differs from itself
    except (TypeError, ValueError):
        return str(cell) == "<NA>"


def cleaned(cell: str) -> tuple[str, tuple[str, ...]]:
    """(text, marks): full-width forms made plain, invisible signs and outer blanks dropped, and what a spreadsheet puts around text."""
    text = unicodedata.normalize("NFKC", cell.translate(_INVISIBLE)).strip()
    marks = ["other forms of signs made plain"] if text != unicodedata.normalize("NFC", cell.translate(_INVISIBLE)).strip() else []
    wrapped = _TEXT_FORMULA.fullmatch(text)
    if wrapped:
        text = wrapped.group(1).strip()
        marks.append("taken out of a formula of text")
    if text.startswith("'"):
        text = text.lstrip("'").strip()
        marks.append("apostrophe dropped")
    return text, tuple(marks)


def whole(cell: SupportsFloat) -> int | None:
    """A number as a whole number; None where it has a fraction or no end."""
    number = float(cell)
    return int(number) if math.isfinite(number) and number == int(number) else None


def shown(cell: object) -> str:
    """A cell as a reason quotes it, in at most 40 signs."""
    text = " ".join(str(cell).split())
    return repr(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


_LONGEST = 40
