"""A value given for a parameter: read as the type of its default where one reading is possible, else refused in a sentence.

Values come as text from a command line, and as numbers, lists, nothing or true and false from papermill and YAML. Three kinds are known by
the name or the default of their parameter: product codes (`code`, `codes`), the importer, and days.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from tradelib import cells, hs
from tradelib.days import parse_day, shown
from tradelib.errors import ParameterError

Value = str | int | float | bool | list[Any]

_TYPE_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list separated by commas"}
_CODES = ["8507.60", "9503"]
_BOTH = "both"
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Schedules print one dot before the fifth digit; what a number has behind its dot is then two digits, of which it drops a last zero.
_ONE_DOT = re.compile(r"\d{1,4}\.\d{1,2}")
# Below it, the number that YAML makes of an old code such as 020321 (8401, octal) can be the code of another good.
_OCTAL_IN_DOUBT = 10_000
# What Python reads besides, as 1_0 or the digits of other scripts, is no number on a page; none beyond the most means anything here.
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_MOST = 10**15


def typed(value: Any, name: str, default: Value, notebook: str) -> Value:
    """The value as the type of the default; codes, importers and days in the one form that they are printed in.

    Raises
    ------
    ParameterError : no reading makes sense, or more than one does. DayError : a day that is none.

    Examples
    --------
    >>> typed("30", "window_days", 90, "01_briefing"), typed(8507.6, "codes", [], "06_product_exposure")
    (30, ['8507.60'])
    """
    kind = type(default)
    try:
        if kind is list:
            return _list(value, name, default)
        return _scalar(value, name, default)
    except _UnreadError as unread:
        message = f"{name} of {notebook} must be {_allowed(name, default)}, not {shown(value)}{unread}."
        raise ParameterError(message) from None


def spelled(value: Value) -> str:
    """Value as it is written after ``-p name=`` on the command line; `typed` reads it back.

    Examples
    --------
    >>> spelled(True), spelled([10, 34]), spelled("steel")
    ('true', '10,34', 'steel')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(spelled(item) for item in value)
    return str(value)


class _UnreadError(Exception):
    """No reading, or several; its text ends the sentence."""


def _allowed(name: str, default: Value) -> str:
    if name == "importer":
        return "US, CN or both" if default == _BOTH else "US or CN"
    example = spelled(_CODES if name == "codes" else default)
    return f"{_TYPE_WORDS[type(default)]} such as {example}" if example else _TYPE_WORDS[type(default)]


def _list(value: Any, name: str, default: Any) -> list[Any]:
    if isinstance(value, str):
        if value.lstrip().startswith("["):
            raise _UnreadError
        value = [item.strip() for item in value.split(",")] if value.strip() else []
    elif value is not None and not isinstance(value, (list, tuple, dict)):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise _UnreadError
    return [_scalar(item, name, default[0] if default else "") for item in value]


def _scalar(value: Any, name: str, default: Any) -> Value:
    read = _NAMED.get(name)
    if read is not None and isinstance(default, str):
        return read(value, default)
    kind = type(default)
    if kind is str:
        return _text(value, name, default)
    if isinstance(value, str):
        return _parsed(value.strip(), kind)
    if kind is bool or isinstance(value, bool):
        return value if type(value) is kind else _refuse()
    if type(value) not in (int, float) or not abs(value) <= _MOST:
        raise _UnreadError
    return float(value) if kind is float else _whole(value)


def _text(value: Any, name: str, default: str) -> str:
    if isinstance(value, date):
        value = value.isoformat()
    elif type(value) is int and abs(value) <= _MOST:
        value = str(value)
    if not isinstance(value, str):
        raise _UnreadError("" if value is None else "; write it in quotes")
    if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):  # bytes of a command line that are no text
        raise _UnreadError
    return parse_day(value, name=name).isoformat() if _ISO_DAY.fullmatch(default) else value


def _whole(value: float) -> int:
    return int(value) if value == int(value) else _refuse()


def _parsed(text: str, kind: type) -> Value:
    if kind is bool:
        return {"true": True, "false": False}.get(text.lower()) if text.lower() in ("true", "false") else _refuse()
    if not NUMBER.fullmatch(text):
        raise _UnreadError
    try:
        number = kind(text)
    except ValueError:
        raise _UnreadError from None
    return number if abs(number) <= _MOST else _refuse()


def _refuse() -> Any:
    raise _UnreadError


def _code(value: Any, _default: str) -> str:
    """A product code as schedules print it; of a number, the one code that it can be."""
    if isinstance(value, str):
        return hs.dotted(hs.parse_code(value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _UnreadError
    readings = _readings(value)
    if len(readings) != 1:
        may = " or ".join(hs.dotted(digits) for digits in readings) or "several codes"
        message = f", a number that may be {may}; write the code in quotes, with papermill as -r"
        raise _UnreadError(message)
    return hs.dotted(hs.parse_code(readings[0]))


def _readings(value: float) -> list[str]:
    """Digits of every code that a number may be."""
    if abs(value) > _MOST:
        return []
    written = repr(value)
    if isinstance(value, float) and not (_ONE_DOT.fullmatch(written) or written.endswith(".0")):
        return []
    readings = [digits for digits, _ in cells.code(written).readings]
    octal = f"0{value:o}" if isinstance(value, int) and 0 < value < _OCTAL_IN_DOUBT else ""
    return [*readings, octal] if len(octal) in hs.LENGTHS and octal not in readings else readings


def _importer(value: Any, default: str) -> str:
    if default == _BOTH and isinstance(value, str) and value.strip().lower() == _BOTH:
        return _BOTH
    side = cells.side(value).value if isinstance(value, str) else None
    if side is None:
        raise _UnreadError
    return str(side)


_NAMED: dict[str, Callable[[Any, str], str]] = {"code": _code, "codes": _code, "importer": _importer}
