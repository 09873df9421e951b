"""The door of a public function: what people give for days, importers and weights becomes what the function works with.

What no reading makes sense of is refused in a sentence. A function takes days as text, date, Timestamp, datetime64 or "latest"; its
body, and every cache below it, sees a `date`. What a parameter takes is read from its annotation (`days.Day`: one day; `days.Days`:
several), and from five names: `importer` in any case, `pair` also as its importer, `weights` and `year` also as a number, `standing` also
as `law` or `stated`. `as_of` may be left out, and is then "latest" as `catalogue.resolve_as_of` reads it; "latest" for any other day is the
`as_of` of the call, or of the object whose method is called.
"""

import functools
import inspect
import sys
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from numbers import Integral, Real
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar, cast

import numpy as np
import pandas as pd

from tradelib import catalogue, ledger, strings
from tradelib.days import LATEST, Day, Days, parse_day, parse_days, shown
from tradelib.errors import ParameterError
from tradelib.sides import PAIRS, Pair

__all__ = ["LATEST", "Day", "Days", "Standings", "day", "door", "opened", "standings"]

# Which announcements count: legal texts alone, what officials stated as well; or `ledger.LAW`, `ledger.LAW_AND_STATEMENTS`.
Standings = Literal["law", "stated"] | tuple[str, ...]

P = ParamSpec("P")
R = TypeVar("R")
_Check = Callable[[Any, str], object]
_Args = tuple[object, ...]
_Given = dict[str, object]
_STANDINGS = {"law": ledger.LAW, "stated": ledger.LAW_AND_STATEMENTS}
_SAID = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    pd.DataFrame: "a table (pandas DataFrame)",
    pd.Series: "a column (pandas Series)",
}
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
    call: Callable[..., R] = strings.alike(function)

    @functools.wraps(function)
    def through(*args: object, **given: object) -> R:
        latest = as_of(args, given)
        if args:
            told: list[object] = []
            for name, value in zip(places, args, strict=False):
                meant = _meant(value, latest) if name in of_days else value
                told.append(plan[name](meant, name) if name in plan else value)
            args = (*told, *args[len(places) :])
        for name, value in given.items():
            check = plan.get(name)
            if check is not None:
                given[name] = check(_meant(value, latest) if name in of_days else value, name)
        return call(*args, **given)

    return cast("Callable[P, R]", through)


def day(value: Day, name: str, *, latest: date | None = None) -> date:
    """One day, `latest` among them: the day given for it, else that of `catalogue.resolve_as_of`. See `days.parse_day`."""
    if type(value) is date:
        return value
    if isinstance(value, str) and value == LATEST:
        return catalogue.resolve_as_of(LATEST) if latest is None else latest
    return parse_day(value, name=name)


def opened(value: Day) -> date:
    """A day as the body of a public function sees it, for the checker of types: a date, since the door has read it.

    Raises
    ------
    TypeError
        anything else: the function has no door.
    """
    if isinstance(value, date):
        return value
    message = f"{value!r} has come in by no door."
    raise TypeError(message)


def standings(value: Standings) -> tuple[str, ...]:
    """The standings that count, as the body of a public function sees them, for the checker of types; see `opened`.

    Raises
    ------
    TypeError
        a word: the function has no door.
    """
    if isinstance(value, tuple):
        return value
    message = f"{value!r} has come in by no door."
    raise TypeError(message)


def _as_of_reader(function: Callable[P, R], plan: dict[str, _Check], places: list[str]) -> Callable[[_Args, _Given], date | None]:
    """What reads the day of knowledge of a call, and puts it in where it may be left out; None where a function takes none."""
    parameters = inspect.signature(function).parameters
    if next(iter(parameters), "") == "self" and "as_of" not in plan:
        return lambda args, _given: _date_or_none(getattr(args[0], "as_of", None))
    if "as_of" not in plan:
        return lambda _args, _given: None
    check, optional = plan["as_of"], parameters["as_of"].default == LATEST
    place = places.index("as_of") if "as_of" in places else sys.maxsize

    def read(args: _Args, given: _Given) -> date | None:
        if "as_of" in given:
            given["as_of"] = check(given["as_of"], "as_of")
            return _date_or_none(given["as_of"])
        if len(args) > place:
            return _date_or_none(check(args[place], "as_of"))
        if not optional:
            return None
        given["as_of"] = latest = catalogue.resolve_as_of(LATEST)
        return latest

    return read


def _date_or_none(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _meant(value: object, latest: date | None) -> object:
    """A day or days, with the day of knowledge of the call in place of `latest`."""
    if latest is None or not isinstance(value, str | list | tuple):
        return value
    if isinstance(value, str):
        return latest if value == LATEST else value
    return [latest if isinstance(item, str) and item == LATEST else item for item in value]


def _plan(function: Callable[P, R]) -> tuple[dict[str, _Check], list[str], frozenset[str]]:
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
    check: _Check | None
    if name in _NAMED:
        check = _either if name == "importer" and parameter.default == "both" else _NAMED[name]
    elif date in kinds:
        several = any(typing.get_origin(kind) is Iterable for kind in kinds)
        check = _days if several else _as_of if name == "as_of" else _or_word(_day, words) if words else _day
    elif kinds == (list[str],):
        check = _texts
    else:
        check = _instance(kinds)
    return _or_none(check) if optional and check is not None else check


def _or_none(check: _Check) -> _Check:
    return lambda value, name: None if value is None else check(value, name)


def _or_word(check: _Check, words: list[str]) -> _Check:
    return lambda value, name: value if isinstance(value, str) and value in words else check(value, name)


def _within(value: date, name: str) -> date:
    """A day that the edition may be asked about; a span may begin before it."""
    return _within_of(catalogue.data_folder(), value, name)


@functools.lru_cache(4096)
def _within_of(folder: Path, value: date, name: str) -> date:
    return catalogue.within(value, name, earlier=name in _BEGINS, folder=folder)


# What lies before the edition holds nothing, and that a span begins there is no fault.
_BEGINS = frozenset({"since", "start"})


def _as_of(value: Day, name: str) -> date:
    return _within(value, name) if type(value) is date else catalogue.resolve_as_of(value)


def _day(value: Day, name: str) -> date:
    return _within(day(value, name), name)


def _days(values: Days, name: str) -> list[date]:
    if isinstance(values, str) and values == LATEST:
        return [day(values, name)]
    if isinstance(values, list | tuple):
        values = [day(value, name) if isinstance(value, str) else value for value in values]
    return [_within(each, f"each day of {name}") for each in parse_days(values, name=name)]


def _importer(value: str, name: str) -> str:
    written = value.strip().upper() if isinstance(value, str) else ""
    if written in ("US", "CN"):
        return written
    message = f"{name} must be US or CN, not {_shown(value)}."
    raise ParameterError(message)


def _pair(value: object, name: str) -> Pair:
    if isinstance(value, Pair):
        return value
    written = value.strip().upper() if isinstance(value, str) else ""
    if written in PAIRS:
        return PAIRS[written]
    message = f"{name} must be US or CN, the side that collects, or a Pair of sides, not {_shown(value)}."
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
        return str(int(float(value)))
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
    items: list[object] = list(values) if isinstance(values, Iterable) and not isinstance(values, dict | bytes) else [values]
    texts = [item for item in items if isinstance(item, str)]
    if len(texts) == len(items):
        return texts
    message = f"{name} must be texts, such as ['8507.60', '9503'], not {_shown(values)}."
    raise ParameterError(message)


_WIDER: dict[type, type] = {int: Integral, float: Real}
_NAMED: dict[str, _Check] = {"importer": _importer, "pair": _pair, "weights": _weights, "standing": _standing, "year": _year}


def _instance(kinds: tuple[object, ...]) -> _Check | None:
    """Check that a value is of one of some classes; none where they are no classes."""
    origins = tuple(typing.get_origin(kind) or kind for kind in kinds)
    classes = tuple(kind for kind in origins if isinstance(kind, type))
    if len(classes) < len(origins) or classes in ((object,), (np.ndarray,), (list,), (Sequence,)):
        return None
    allowed = tuple(_WIDER.get(kind, kind) for kind in classes)
    said = " or ".join(_SAID.get(kind, f"a {kind.__name__}") for kind in classes)
    number = classes in ((int,), (float,))

    def check(value: object, name: str) -> object:
        if isinstance(value, allowed) and not (number and isinstance(value, bool)):
            return int(value) if isinstance(value, Integral) and classes == (int,) else value
        message = f"{name} must be {said}, not {_shown(value)}."
        raise ParameterError(message)

    return check


def _shown(value: object) -> str:
    return f"a {type(value).__name__}" if isinstance(value, Mapping) else shown(value)
