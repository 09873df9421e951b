"""A day given by a person: parsed, or refused with a sentence."""

import re
from datetime import date, datetime

from tradelib.errors import DayError

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_day(value: str | date, *, name: str = "as_of") -> date:
    """Day written as YYYY-MM-DD.

    Parameters
    ----------
    value : an ISO day such as ``"2025-06-09"``, or a date (which is returned as it is).
    name : what to call the value in the error message.

    Raises
    ------
    DayError : anything else, a day that no calendar holds included.

    Examples
    --------
    >>> parse_day("2025-06-09")
    datetime.date(2025, 6, 9)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            message = f"{name} must be a day of the calendar, and {value!r} is none."
            raise DayError(message) from None
    message = f"{name} must be an ISO day such as 2025-06-09, not {value!r}."
    raise DayError(message)
