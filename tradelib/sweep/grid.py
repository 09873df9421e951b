"""From what is asked to parts of work: a part is one month of days of knowledge with one value of every parameter."""

import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tradelib import catalogue
from tradelib.days import Day
from tradelib.doors import day as read_day
from tradelib.errors import ParameterError
from tradelib.report import private
from tradelib.sweep import days
from tradelib.sweep import quantity as quantities
from tradelib.sweep.days import Span
from tradelib.wording import nearest

# Names of parts: the month, then the number of the combination of values.
_NUMBER = 3


@dataclass(frozen=True)
class Entry:
    """Which days of entry are asked: those of `spans` by `every`; without spans the day of knowledge, or that of the quantity."""

    spans: tuple[Span, ...] = ()
    every: str = "change"


@dataclass(frozen=True)
class Part:
    """A piece of work that is done whole or not at all.

    Attributes
    ----------
    name
        its file below the folder of the sweep.
    quantity
        name of what is asked.
    given, shown
        one value of each parameter; as it may be told, a file by its name and content.
    items
        codes or scenarios.
    as_of
        days of knowledge, in order.
    entry
        days of entry.
    """

    name: str
    quantity: str
    given: dict[str, str]
    shown: dict[str, str]
    items: tuple[Any, ...]
    as_of: tuple[date, ...]
    entry: Entry

    @property
    def words(self) -> str:
        """What is done, in a few words."""
        values = [f"{name}={value}" for name, value in self.shown.items()]
        return ", ".join([f"{self.quantity} as of {self.as_of[0]:%B %Y}", *values])

    def key(self, identity: Mapping[str, str]) -> str:
        """Digest of all that its rows rest on."""
        return digest({"part": asdict(self), "identity": dict(identity)})


@dataclass(frozen=True)
class Asked:
    """A sweep over a quantity, whole: what was asked, and its parts in order."""

    quantity: quantities.Quantity
    parts: tuple[Part, ...]
    told: dict[str, Any]


def plan(
    name: str,
    items: Sequence[str] = (),
    *,
    as_of: str | Iterable[Day],
    every: str = "day",
    on: str | Iterable[Day] | None = None,
    on_every: str = "change",
    parameters: Mapping[str, str | Sequence[str]] | None = None,
) -> Asked:
    """What was asked, in parts; everything that can be refused is refused here.

    Parameters
    ----------
    name, items
        a quantity, and codes or scenarios where it takes them.
    as_of, every
        days of knowledge, and which of a range; see `days.spans` and `days.chosen`.
    on, on_every
        days of entry; None for the day of knowledge itself.
    parameters
        values of each parameter to vary: several, or as text separated by commas.

    Raises
    ------
    ParameterError, DayError
        a name, a value or a day that is none, or may not be asked for.
    """
    quantity = quantities.find(name)
    ranges = days.spans(as_of, "as_of", catalogue.resolve_as_of)
    asked = days.chosen(ranges, _one_of(every, "every"), days.moves(quantity.tables) if every == "change" else ())
    entry = _entry(quantity, on, _one_of(on_every, "on_every"), asked[-1])
    values = {each: _values(quantity, each, (parameters or {}).get(each)) for each in quantity.parameters}
    _refuse_unknown(quantity, parameters or {})
    combined = [dict(zip(values, chosen, strict=True)) for chosen in itertools.product(*values.values())]
    for given in combined:
        quantities.check_given(given)
    taken = [_taken(quantity, items, given, asked) for given in combined]
    parts = [
        Part(f"as_of_year={month[:4]}/{month}-{number:0{_NUMBER}}.parquet", name, given, _shown(given), items_of, tuple(of_month), entry)
        for month, of_month in _by_month(asked)
        for number, (given, items_of) in enumerate(zip(combined, taken, strict=True), start=1)
    ]
    told = {
        "quantity": name,
        "items": list(_shown({item: item for item in items}).values()),
        "as_of": [[span.first, span.last] for span in ranges],
        "every": every,
        "on": [[span.first, span.last] for span in entry.spans],
        "on_every": on_every,
        "parameters": {each: list(_shown({value: value for value in chosen}).values()) for each, chosen in values.items()},
    }
    return Asked(quantity, tuple(parts), json.loads(written(told)))


def digest(value: object) -> str:
    """Sha256 of plain values, in whatever order their names stand."""
    return hashlib.sha256(written(value).encode()).hexdigest()


def written(value: object) -> str:
    """Plain values as JSON; days as ISO text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {name: item for name, item in vars(value).items() if not name.startswith("_")}
    return str(value)


def split(text: str) -> list[str]:
    """Values separated by commas; one that holds commas itself stands in square brackets.

    Examples
    --------
    >>> split("30,60"), split("[8507.60,9503],8703.80")
    (['30', '60'], ['8507.60,9503', '8703.80'])
    """
    found, depth = [""], 0
    for sign in text:
        depth += (sign == "[") - (sign == "]")
        if sign == "," and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return [item.strip().removeprefix("[").removesuffix("]") for item in found]


def _by_month(asked: Iterable[date]) -> list[tuple[str, list[date]]]:
    return [(month, list(of_month)) for month, of_month in itertools.groupby(asked, key=lambda day: f"{day:%Y-%m}")]


def _shown(values: Mapping[str, str]) -> dict[str, str]:
    return {name: str(value) for name, value in private.marked(dict(values), Path.cwd()).items()}


def _one_of(word: str, name: str) -> str:
    if word not in days.EVERY:
        message = f"{name} must be {', '.join(days.EVERY[:-1])} or {days.EVERY[-1]}, not {word!r}."
        raise ParameterError(message)
    return word


def _entry(quantity: quantities.Quantity, on: str | Iterable[Day] | None, every: str, last: date) -> Entry:
    if on is None:
        return Entry()
    if not quantity.has_on:
        message = f"{quantity.name} is asked of days of knowledge alone; leave out the days of entry."
        raise ParameterError(message)
    from tradelib.tariffs.prepared import check_entry

    def read(text: str) -> date:
        day = read_day(text, "on", latest=last)
        check_entry(day)
        return day

    return Entry(days.spans(on, "on", read), every)


def _values(quantity: quantities.Quantity, name: str, given: str | Sequence[str] | None) -> tuple[str, ...]:
    parameter = quantity.parameters[name]
    if given is None:
        return parameter.default
    texts = split(given) if isinstance(given, str) else [str(item) for item in given]
    found = tuple(dict.fromkeys(text.upper() if name == "importer" else text for text in texts))
    for value in found:
        if parameter.allowed and value not in parameter.allowed:
            message = f"{name} of {quantity.name} must be one of {', '.join(parameter.allowed)}, not {value!r}."
            raise ParameterError(message)
        if parameter.check is not None:
            parameter.check(value)
    return found


def _refuse_unknown(quantity: quantities.Quantity, given: Iterable[str]) -> None:
    for name in given:
        if name not in quantity.parameters:
            known = list(quantity.parameters)
            message = f"{quantity.name} has no parameter {name!r}.{nearest(name, known)} Allowed: {', '.join(known) or 'none'}."
            raise ParameterError(message)


def _taken(quantity: quantities.Quantity, items: Sequence[str], given: Mapping[str, str], asked: Sequence[date]) -> tuple[Any, ...]:
    if quantity.take is None:
        if items:
            message = f"{quantity.name} takes nothing more, and {items[0]!r} was given."
            raise ParameterError(message)
        return ()
    if not items:
        message = f"{quantity.name} needs one {quantity.items} at least."
        raise ParameterError(message)
    return tuple(quantity.take(item, given, asked[-1]) for item in dict.fromkeys(items))
