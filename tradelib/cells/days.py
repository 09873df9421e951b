"""Days as lists hold them: dates, text in many orders, and the day numbers of spreadsheets."""

import math
import re
from datetime import date, datetime, timedelta
from numbers import Real
from typing import SupportsFloat

from tradelib import wording
from tradelib.cells.base import Cell, cleaned, is_blank, shown, whole

_YEARS = range(1990, 2100)
_EXCEL_DAYS = range(32874, 73051)  # 1990 to 2099
_EXCEL_START = date(1899, 12, 30)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(
    r"(?<=\d)[T\s,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_MIDNIGHT = re.compile(r"[T\s,]+0{1,2}:00(?::00(?:[.,]0+)?)?\s*(?:am)?", re.IGNORECASE)
_PARTS = re.compile(r"(\d{1,4})\s*[-./\s]\s*(\d{1,2})\s*[-./\s]\s*(\d{1,4})")
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
_WEEKDAY = re.compile(r"(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?[.,]?\s+", re.IGNORECASE)
_NAMED = (
    re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[-\s./]*(?P<m>[A-Za-z]{3,9})[-\s./,]*(?P<y>\d{4}|\d{2})", re.IGNORECASE),
    re.compile(r"(?P<m>[A-Za-z]{3,9})[-\s./]*(?P<d>\d{1,2})(?:st|nd|rd|th)?[-\s./,]+(?P<y>\d{4}|\d{2})", re.IGNORECASE),
    re.compile(r"(?P<y>\d{4})[-\s./]*(?P<m>[A-Za-z]{3,9})[-\s./]*(?P<d>\d{1,2})", re.IGNORECASE),
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ZONE = "{} is a time with a zone, and which day it is depends on the place; write the day alone"
_TIME_LEFT_OUT = "time of day left out"
_YEAR_DIGITS = 4


def day(cell: object) -> Cell[date]:
    """The day that a cell names.

    Examples
    --------
    >>> day("4/20/2025").value, day(45767).value, day("2025-04-20").marks
    (datetime.date(2025, 4, 20), datetime.date(2025, 4, 20), ())
    >>> day("4/5/2025").reason
    "the day '4/5/2025' may be 5 April 2025 or 4 May 2025"
    """
    if is_blank(cell):
        return Cell()
    if isinstance(cell, datetime):
        return _from_datetime(cell)
    if isinstance(cell, date):
        return _known(cell, cell, ())
    if isinstance(cell, Real) and not isinstance(cell, bool):
        return _from_number(cell)
    return day(str(cell)) if type(cell).__name__ == "datetime64" else _from_words(cell)


def _from_datetime(cell: datetime) -> Cell[date]:
    if cell.tzinfo is not None:
        return Cell(reason=_ZONE.format(shown(cell)))
    is_midnight = (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0)
    return _known(cell.date(), cell, () if is_midnight else (_TIME_LEFT_OUT,))


def _from_number(cell: SupportsFloat) -> Cell[date]:
    if not math.isfinite(cell):
        return Cell(reason=f"{shown(cell)} is no day; write 2025-06-09")
    number = whole(cell)
    return _from_digits(str(number), cell, ()) if number is not None else _from_serial(float(cell), cell)


def _from_words(cell: object) -> Cell[date]:
    text, marks = cleaned(str(cell))
    if _ISO.fullmatch(text):
        return _decide([_calendar(*text.split("-"))], cell, marks, is_usual=True)
    zoned = _TIME.search(text)
    if zoned and zoned.group("zone"):
        return Cell(reason=_ZONE.format(shown(cell)))
    text, told = _without_time(text)
    return _from_text(_WEEKDAY.sub("", text), cell, (*marks, *told))


def _without_time(text: str) -> tuple[str, tuple[str, ...]]:
    match = _TIME.search(text)
    if not match:
        return text, ()
    return text[: match.start()], () if _MIDNIGHT.fullmatch(match.group()) else (_TIME_LEFT_OUT,)


def _from_text(text: str, cell: object, marks: tuple[str, ...]) -> Cell[date]:
    if _ISO.fullmatch(text):
        return _decide([_calendar(*text.split("-"))], cell, marks, is_usual=True)
    if text.isdecimal():
        return _from_digits(text, cell, marks)
    if re.fullmatch(r"\d{5}\.\d+", text):
        return _from_serial(float(text), cell, marks)
    match = _PARTS.fullmatch(text)
    if match:
        return _decide(_orders(*match.groups()), cell, marks)
    match = _CHINESE.fullmatch(text)
    return _decide([_calendar(*match.groups())], cell, marks) if match else _from_month(text, cell, marks)


def _from_month(text: str, cell: object, marks: tuple[str, ...]) -> Cell[date]:
    """A day whose month is a word."""
    for pattern in _NAMED:
        match = pattern.fullmatch(text)
        month = _month(match["m"]) if match else None
        if match and month:
            return _decide([_calendar(match["y"], month, match["d"])], cell, marks)
    return Cell(reason=f"{shown(cell)} is no day; write 2025-06-09")


def _month(word: str) -> int | None:
    """Number of the month that a word begins."""
    return next((place for place, name in enumerate(_MONTHS, 1) if name.startswith(word.lower())), None)


def _from_digits(text: str, cell: object, marks: tuple[str, ...]) -> Cell[date]:
    """Digits alone: a spreadsheet's day number, or year, month and day in a row."""
    size = len(text)
    if size == len("45767"):
        return _from_serial(float(text), cell, marks)
    if size == len("20250420"):
        found = [_calendar(text[:4], text[4:6], text[6:]), *_day_and_month(text[:2], text[2:4], text[4:])]
    elif size == len("250420"):
        found = _orders(text[:2], text[2:4], text[4:])
    else:
        return Cell(reason=f"{shown(cell)} is no day; write 2025-06-09")
    return _decide(found, cell, marks)


def _from_serial(number: float, cell: object, marks: tuple[str, ...] = ()) -> Cell[date]:
    if int(number) not in _EXCEL_DAYS:
        return Cell(reason=f"{shown(cell)} is no day; write 2025-06-09")
    told = (*marks, "day number of a spreadsheet, counted from 1900", *((_TIME_LEFT_OUT,) if number != int(number) else ()))
    return Cell(_EXCEL_START + timedelta(days=int(number)), told)


def _orders(first: str, second: str, third: str) -> list[date | None]:
    """Every order in which three numbers may name a day."""
    if len(first) == _YEAR_DIGITS:
        return [_calendar(first, second, third)]
    if len(third) == _YEAR_DIGITS:
        return _day_and_month(first, second, third)
    if max(len(first), len(third)) > _MONTH_DIGITS:
        return []
    return [*_day_and_month(first, second, third), _calendar(first, second, third) if len(first) == _MONTH_DIGITS else None]


_MONTH_DIGITS = 2


def _day_and_month(first: str, second: str, year: str) -> list[date | None]:
    return [_calendar(year, first, second), _calendar(year, second, first)]


def _calendar(year: str | int, month: str | int, of_month: str | int) -> date | None:
    full = int(year) if len(str(year)) == _YEAR_DIGITS else 2000 + int(year)
    try:
        return date(full, int(month), int(of_month)) if full in _YEARS else None
    except ValueError:
        return None


def _decide(found: list[date | None], cell: object, marks: tuple[str, ...], *, is_usual: bool = False) -> Cell[date]:
    """The one day among readings, or why there is none."""
    days = list(dict.fromkeys(item for item in found if item))
    if not days:
        return Cell(reason=f"{shown(cell)} is no day of the calendar from 1990 to 2099")
    if len(days) > 1:
        return Cell(reason=f"the day {shown(cell)} may be {' or '.join(wording.day(item) for item in days)}")
    return Cell(days[0], marks if is_usual else (*marks, "day written otherwise than 2025-06-09"))


def _known(value: date, cell: object, marks: tuple[str, ...]) -> Cell[date]:
    return Cell(value, marks) if value.year in _YEARS else Cell(reason=f"{shown(cell)} is no day from 1990 to 2099")
