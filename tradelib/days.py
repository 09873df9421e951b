"""A day given by a person: parsed, or refused with a sentence.

A day is what a calendar on the wall shows. A text is an ISO day and no more. The time of day of a datetime, Timestamp or datetime64 is
dropped: duties begin at midnight where the goods are entered, so any time on a day belongs to it. A time with a zone is refused, for
which day it is depends on the place: midnight in London is still the day before in Washington, and eight in the morning in Beijing.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime

import numpy as np

from tradelib.errors import DayError, ParameterError

# What a parameter that is one day takes, and one that is several. "latest" is the day of knowledge of the call; for that day itself see
# `catalogue.resolve_as_of`.
Day = str | date | np.datetime64
Days = Day | Iterable[Day]
LATEST = "latest"

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# The units of numpy that are no finer than a month name no day.
_COARSE = ("Y", "M", "generic")
_LONG = 60


def parse_day(value: Day, *, name: str = "as_of") -> date:
    """Day that somebody wrote.

    Parameters
    ----------
    value
        an ISO day such as ``"2025-06-09"``, a date, a datetime or pandas Timestamp without a zone, or a numpy datetime64 of a day or finer.
    name
        what to call the value in the error message.

    Raises
    ------
    DayError
        anything else: a day that no calendar holds, NaT, a month or a year, a time with a zone.

    Examples
    --------
    >>> parse_day("2025-06-09")
    datetime.date(2025, 6, 9)
    >>> parse_day(np.datetime64("2025-06-09T13:30"))
    datetime.date(2025, 6, 9)
    """
    if type(value) is date:
        return value
    if isinstance(value, str):
        return _written(value, name)
    if isinstance(value, np.datetime64):
        return _of_numpy(value, name)
    # NaT is a datetime, and the one that differs from itself.
    if isinstance(value, datetime) and value == value:  # noqa: PLR0124
        if value.tzinfo is not None:
            message = (
                f"{name} must be a day without a time zone such as 2025-06-09, not {str(value)!r}: which day that is depends on the place."
            )
            raise DayError(message)
        return value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return date(value.year, value.month, value.day)
    raise _no_day(value, name)


def parse_days(values: Days, *, name: str = "on") -> list[date]:
    """Days that somebody gave as a list, an index, a column or an array; a single day is a list of one.

    Raises
    ------
    ParameterError
        no day at all, or what is no list.
    DayError
        an item that is no day; see `parse_day`.

    Examples
    --------
    >>> parse_days(["2025-06-09", date(2025, 6, 10)])
    [datetime.date(2025, 6, 9), datetime.date(2025, 6, 10)]
    """
    if isinstance(values, str | date | np.datetime64):
        return [parse_day(values, name=name)]
    if isinstance(values, dict | bytes) or not isinstance(values, Iterable) or getattr(values, "ndim", 1) != 1:
        message = f"{name} must be days, such as ['2025-06-09', '2025-06-10'] or pandas.date_range(...), not {shown(values)}."
        raise ParameterError(message)
    days = [parse_day(value, name=f"each day of {name}") for value in values]
    if not days:
        message = f"{name} must hold one day at least, and it is empty."
        raise ParameterError(message)
    return days


def _written(text: str, name: str) -> date:
    if not _ISO_DAY.fullmatch(text):
        raise _no_day(text, name)
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{name} must be a day of the calendar, and {text!r} is none."
        raise DayError(message) from None


def _of_numpy(value: np.datetime64, name: str) -> date:
    unit = np.datetime_data(value.dtype)[0]
    day = None if np.isnat(value) or unit in _COARSE else value.astype("datetime64[D]").item()
    # Beyond the years of a calendar numpy gives a number.
    if not isinstance(day, date):
        raise _no_day(value, name)
    return day


def _no_day(value: object, name: str) -> DayError:
    # Whoever wrote `latest` stands where it is not taken.
    named = isinstance(value, str) and not re.search(r"\d", value) and value.strip().lower() != LATEST
    hint = "; the last day of the edition is called latest" if named else ""
    return DayError(f"{name} must be an ISO day such as 2025-06-09, not {shown(value)}{hint}.")


def shown(value: object) -> str:
    """A value in a sentence: as it is written, or what it is where that is long."""
    try:
        text = repr(value)
    except ValueError:  # Python writes no number of thousands of digits
        text = ""
    return text if 0 < len(text) <= _LONG and "\n" not in text else f"a {type(value).__name__}"
