"""The door of a public function: what people give for days, importers and weights becomes what the function works with.

What no reading makes sense of is refused in a sentence. A function takes days as text, date, Timestamp, datetime64 or "latest"; its
body, and every cache below it, sees a `date`. What a parameter takes is read from its annotation (`days.Day`: one day; `days.Days`:
several), and from four names: `importer` in any case, `weights` and `year` also as a number, `standing` also as `law` or `stated`.
`as_of` may be left out, and is then "latest" as `catalogue.resolve_as_of` reads it; "latest" for any other day is the `as_of` of the call.
"""

import functools
import inspect
import sys
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from numbers import Integral, Real
from typing import ParamSpec, TypeVar

import numpy as np
import pandas as pd

from tradelib import catalogue, ledger
from tradelib.days import LATEST, Day, Days, parse_day, parse_days
from tradelib.errors import ParameterError

__all__ = ["LATEST", "Day", "Days", "day", "door"]

P = ParamSpec("P")
R = TypeVar("R")
_Check = Callable[[object, str], object]
_STANDINGS = {"law": ledger.LAW, "stated": ledger.LAW_AND_STATEMENTS}
_SAID = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    pd.DataFrame: "a table (pandas DataFrame)",
    pd.Series: "a column (pandas Series)",
}
_LONG = 60
# Parameters whose functions refuse what is wrong themselves, and name the range that is allowed.
_REFUSED_INSIDE = frozenset({"draws"})


def door(function: Callable[P, R]) -> Callable[P, R]:
    """A function that takes what people give; see the module. Name, signature and docstring stay its own.

    Raises
    ------
    DayError, ParameterError : by the function returned, for what no reading makes sense of; one sentence.
    """
    plan, places, of_days = _plan(function)
    as_of = _as_of_reader(function, plan, places)

    @functools.wraps(function)
    def opened(*args: P.args, **given: P.kwargs) -> R:
        latest = as_of(args, given)
        if args:
            told = []
            for name, value in zip(places, args, strict=False):
                meant = _meant(value, latest) if name in of_days else value
                told.append(plan[name](meant, name) if name in plan else value)
            args = (*told, *args[len(places) :])
        for name, value in given.items():
            check = plan.get(name)
            if check is not None:
                given[name] = check(_meant(value, latest) if name in of_days else value, name)
        return function(*args, **given)

    return opened


def day(value: Day, name: str, *, latest: date | None = None) -> date:
    """One day, `latest` among them: the day given for it, else that of `catalogue.resolve_as_of`. See `days.parse_day`."""
    if type(value) is date:
        return value
    if isinstance(value, str) and value == LATEST:
        return catalogue.resolve_as_of(LATEST) if latest is None else latest
    return parse_day(value, name=name)


def _as_of_reader(function: Callable, plan: dict[str, _Check], places: list[str]) -> Callable[[tuple, dict], date | None]:
    """What reads the day of knowledge of a call, and puts it in where it may be left out; None where a function takes none."""
    parameters = inspect.signature(function).parameters
    if "as_of" not in plan:
        return lambda _args, _given: None
    check, optional = plan["as_of"], parameters["as_of"].default == LATEST
    place = places.index("as_of") if "as_of" in places else sys.maxsize

    def read(args: tuple, given: dict[str, object]) -> date | None:
        if "as_of" in given:
            latest = given["as_of"] = check(given["as_of"], "as_of")
        elif len(args) > place:
            latest = check(args[place], "as_of")
        elif optional:
            latest = given["as_of"] = catalogue.resolve_as_of(LATEST)
        else:
            latest = None
        return latest

    return read


def _meant(value: object, latest: date | None) -> object:
    """A day or days, with the day of knowledge of the call in place of `latest`."""
    if latest is None or not isinstance(value, str | list | tuple):
        return value
    if isinstance(value, str):
        return latest if value == LATEST else value
    return [latest if isinstance(item, str) and item == LATEST else item for item in value]


def _plan(function: Callable) -> tuple[dict[str, _Check], list[str], frozenset[str]]:
    """(check by parameter, names of the parameters by place, those that are a day or days and not `as_of`)."""
    parameters = inspect.signature(function).parameters
    hints = typing.get_type_hints(function)
    checks = {name: _check_of(item, hints.get(name)) for name, item in parameters.items()}
    places = [name for name, item in parameters.items() if item.kind is item.POSITIONAL_OR_KEYWORD]
    of_days = frozenset(name for name in parameters if name != "as_of" and date in (typing.get_args(hints.get(name)) or ()))
    return {name: check for name, check in checks.items() if check is not None}, places, of_days


def _check_of(parameter: inspect.Parameter, hint: object) -> _Check | None:
    name = parameter.name
    kinds = typing.get_args(hint) if typing.get_origin(hint) in (types.UnionType, typing.Union) else (hint,)
    optional = types.NoneType in kinds
    words = [word for kind in kinds if typing.get_origin(kind) is typing.Literal for word in typing.get_args(kind)]
    kinds = tuple(kind for kind in kinds if kind is not types.NoneType)
    if name in _REFUSED_INSIDE:
        return None
    if name in _NAMED:
        check = _either if name == "importer" and parameter.default == "both" else _NAMED[name]
    elif date in kinds:
        several = any(typing.get_origin(kind) is Iterable for kind in kinds)
        check = _days if several else _as_of if name == "as_of" else _or_word(day, words) if words else day
    elif kinds == (list[str],):
        check = _texts
    else:
        check = _instance(kinds)
    return _or_none(check) if optional and check is not None else check


def _or_none(check: _Check) -> _Check:
    return lambda value, name: None if value is None else check(value, name)


def _or_word(check: _Check, words: list[str]) -> _Check:
    return lambda value, name: value if isinstance(value, str) and value in words else check(value, name)


def _as_of(value: Day, _name: str) -> date:
    if type(value) is date:
        return value
    return catalogue.resolve_as_of(value)


def _days(values: Days, name: str) -> list[date]:
    if isinstance(values, str) and values == LATEST:
        return [day(values, name)]
    if isinstance(values, list | tuple):
        values = [day(value, name) if isinstance(value, str) else value for value in values]
    return parse_days(values, name=name)


def _importer(value: str, name: str) -> str:
    written = value.strip().upper() if isinstance(value, str) else ""
    if written in ("US", "CN"):
        return written
    message = f"{name} must be US or CN, not {_shown(value)}."
    raise ParameterError(message)


def _either(value: str, name: str) -> str:
    written = value.strip().upper() if isinstance(value, str) else ""
    if written in ("US", "CN", "BOTH"):
        return written if written != "BOTH" else "both"
    message = f"{name} must be US, CN or both, not {_shown(value)}."
    raise ParameterError(message)


def _weights(value: object, name: str) -> object:
    if isinstance(value, str | pd.DataFrame):
        return value
    if isinstance(value, Real) and not isinstance(value, bool) and value == value and float(value).is_integer():  # noqa: PLR0124
        return str(int(value))
    message = f"{name} must be a year such as 2024, or a table with the columns code and value_usd, not {_shown(value)}."
    raise ParameterError(message)


def _standing(value: object, name: str) -> tuple[str, ...]:
    if isinstance(value, tuple) and value in (ledger.LAW, ledger.LAW_AND_STATEMENTS):
        return value
    if isinstance(value, str) and value in _STANDINGS:
        return _STANDINGS[value]
    message = f"{name} must be law (legal texts only) or stated (what officials stated as well), not {_shown(value)}."
    raise ParameterError(message)


def _year(value: object, name: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Integral) and not isinstance(value, bool):
        return str(int(value))
    message = f"{name} must be a year such as 2024, not {_shown(value)}."
    raise ParameterError(message)


def _texts(values: object, name: str) -> list[str]:
    """Several texts; one alone is a list of one."""
    if isinstance(values, str):
        return [str(values)]
    items = list(values) if isinstance(values, Iterable) and not isinstance(values, dict | bytes) else [values]
    if all(isinstance(item, str) for item in items):
        return items
    message = f"{name} must be texts, such as ['8507.60', '9503'], not {_shown(values)}."
    raise ParameterError(message)


_NAMED = {"importer": _importer, "weights": _weights, "standing": _standing, "year": _year}


def _instance(kinds: tuple[object, ...]) -> _Check | None:
    """Check that a value is of one of some classes; none where they are no classes."""
    classes = tuple(typing.get_origin(kind) or kind for kind in kinds)
    if not all(isinstance(kind, type) for kind in classes) or classes in ((object,), (np.ndarray,), (list,), (Sequence,)):
        return None
    allowed = tuple({int: Integral, float: Real}.get(kind, kind) for kind in classes)
    said = " or ".join(_SAID.get(kind, f"a {kind.__name__}") for kind in classes)
    number = classes in ((int,), (float,))

    def check(value: object, name: str) -> object:
        if isinstance(value, allowed) and not (number and isinstance(value, bool)):
            return int(value) if classes == (int,) else value
        message = f"{name} must be {said}, not {_shown(value)}."
        raise ParameterError(message)

    return check


def _shown(value: object) -> str:
    text = repr(value)
    kind = type(value).__name__
    return f"a {kind}" if isinstance(value, Mapping) or len(text) > _LONG or "\n" in text else text
