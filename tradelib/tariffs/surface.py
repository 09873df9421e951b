"""What the averages of every day were believed to be on every day.

A state of knowledge is a stretch of days on which nothing became known: no text, no change of a list, no general rate. Each has a path of
averages over the days of entry; `alike` works them out.
"""

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, ledger, sides
from tradelib.days import parse_days
from tradelib.doors import LATEST, Day, Days, Standings, door, opened, standings
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.sides import Pair
from tradelib.tariffs import books, law, stacking
from tradelib.tariffs.alike import COLUMNS, Averages, State
from tradelib.tariffs.books import NEVER, Book, Step
from tradelib.tariffs.membership import known_membership, membership
from tradelib.tariffs.prepared import check_entry
from tradelib.tariffs.stacking import DEFAULT
from tradelib.tariffs.tariff_lines import lines
from tradelib.tariffs.weights import DEFAULT_WEIGHTS, weighting


@door
def knowledge_surface(
    importer: str,
    *,
    as_of: Day = LATEST,
    days: Days | None = None,
    on: Days | None = None,
    weights: str | int | pd.DataFrame = DEFAULT_WEIGHTS,
    standing: Standings = ledger.LAW,
) -> pd.DataFrame:
    """Averages of one importer for many days of entry as known on many days, in one call.

    Parameters
    ----------
    importer
        `US` (goods of China) or `CN` (goods of the US).
    as_of
        last day of knowledge that counts.
    days
        days of knowledge, none after `as_of`; by default every day up to it on which something became known: a text, a change of a list, a
        general rate. Each holds until the next.
    on
        days of entry; by default, for every day of knowledge, the first day of the edition and each day on which something changes as it
        was known then. Each holds until the next.
    weights, standing
        as for `averages`.

    Returns
    -------
    DataFrame
        One row a (day of knowledge, day of entry), in order: importer, as_of (the day of knowledge), on, headline_frac, weighted_frac,
        additional_frac, mfn_frac, matched_frac: as `averages(importer=..., as_of=..., on=...)` gives them. Fractions. `widened` makes a
        table of it with a row a day of knowledge and a column a day of entry.

    Raises
    ------
    DayError
        a day before the edition begins.
    ParameterError
        a day of knowledge after `as_of`; an importer that is neither; weights that are not held.

    Examples
    --------
    >>> table = knowledge_surface("US", days=["2025-05-11", "2025-06-09", "2025-08-11"], on=["2025-08-12"])
    >>> table["headline_frac"].tolist()
    [1.45, 0.54, 0.3]
    """
    asked = None if on is None else tuple(_entries(on))
    told = None if days is None else tuple(_knowledge(days, opened(as_of)))
    if isinstance(weights, pd.DataFrame):
        return _surface(importer, opened(as_of), standings(standing), weighting(weights, importer=importer).share, told, asked)
    return _of_year(importer, _since(importer, opened(as_of)), standings(standing), str(weights), told, asked)


_Asked = tuple[date, ...] | None
_RESTS_ON: dict[str, tuple[str, ...]] = {"tariff_steps": (), "tariff_measures": (), "product_scopes": ("entry_from", "entry_to")}


def _since(importer: str, as_of: date) -> date:
    """First of the days up to one with all that is known of duties on it: a text, a change of a list, a general rate."""
    return max(catalogue.known_since(as_of, _RESTS_ON), *(day for day in lines(importer).mfn_days() if day <= as_of), date.min)


@kept(maxsize=8)
def _of_year(importer: str, as_of: date, standing: tuple[str, ...], year: str, days: _Asked, on: _Asked) -> pd.DataFrame:
    return _surface(importer, as_of, standing, weighting(year, importer=importer).share, days, on)


def _surface(importer: str, as_of: date, standing: tuple[str, ...], trade: np.ndarray, days: _Asked, on: _Asked) -> pd.DataFrame:
    known = _Known(sides.pair(importer), as_of, standing, trade)
    told = known.days if days is None else list(days)
    paths = known.paths({known.state(day) for day in told})
    parts = [paths[known.state(day)].at(on) for day in told]
    frame = pd.DataFrame(np.concatenate([values for _, values in parts]), columns=list(COLUMNS), copy=False)
    entered = np.array([day for entered, _ in parts for day in entered], dtype="datetime64[us]")
    frame.insert(0, "on", entered)
    frame.insert(0, "as_of", np.repeat(np.array(told, dtype="datetime64[us]"), [len(days) for days, _ in parts]))
    frame.insert(0, "importer", importer)
    return frame


@door
def widened(surface: pd.DataFrame, column: str = "weighted_frac", *, days: Days | None = None, on: Days | None = None) -> pd.DataFrame:
    """A surface as a table with a row a day of knowledge and a column a day of entry.

    Parameters
    ----------
    surface
        as `knowledge_surface` gives it for one importer.
    column
        which of its values.
    days, on
        days of knowledge and of entry, in order; by default every day from the first to the last that the surface has. Each has the values
        of the latest one in the surface that is not after it.

    Returns
    -------
    DataFrame
        Values of the column, indexed by `as_of`, with columns `on`: 3,000 days of each take 72 MB.

    Raises
    ------
    ParameterError
        a column that the surface does not have; a day before its first.
    """
    if column not in COLUMNS:
        message = f"column must be {', '.join(COLUMNS[:-1])} or {COLUMNS[-1]}, not {column!r}."
        raise ParameterError(message)
    wanted = {"as_of": days, "on": on}
    known, entered = (_every(surface[name], name, given) for name, given in wanted.items())
    values, entries, told = (surface[name].to_numpy() for name in (column, "on", "as_of"))
    starts = np.flatnonzero(np.r_[True, told[1:] != told[:-1]])
    rows = np.empty((len(starts), len(entered)))
    for number, (first, past) in enumerate(zip(starts, [*starts[1:], len(told)], strict=True)):
        rows[number] = values[first + np.searchsorted(entries[first:past], entered.to_numpy(), side="right") - 1]
    of_day = np.searchsorted(told[starts], known.to_numpy(), side="right") - 1
    return pd.DataFrame(rows[of_day], index=known, columns=entered, copy=False)


def _every(column: pd.Series, name: str, given: Days | None) -> pd.DatetimeIndex:
    first = column.min()
    if given is None:
        return pd.date_range(first, column.max(), name=name, unit="us")
    asked = pd.DatetimeIndex(parse_days(given), name=name).as_unit("us")
    if asked.min() < first:
        message = f"The surface begins with {name} {first:%Y-%m-%d}; {asked.min():%Y-%m-%d} lies before."
        raise ParameterError(message)
    return asked


@dataclass(frozen=True, eq=False)
class _Path:
    """Averages of one state of knowledge: the first day of each stretch of days of entry, and the values of `COLUMNS` of each."""

    days: list[date]
    values: np.ndarray

    def at(self, asked: _Asked) -> tuple[Sequence[date], np.ndarray]:
        """(days of entry, values of each)."""
        if asked is None:
            return self.days, self.values
        return asked, self.values[[bisect.bisect_right(self.days, day) - 1 for day in asked]]


class _Known:
    """All that one side announced up to a day, and what is known of it on each day up to that.

    Parameters
    ----------
    pair, as_of, standing
        as for `Law`.
    trade
        share of each line in all the trade.
    """

    def __init__(self, pair: Pair, as_of: date, standing: tuple[str, ...], trade: np.ndarray) -> None:
        self._trade = trade
        self._rows = law.announced(pair, as_of, standing)
        self._steps = books.steps_of(self._rows)
        self._limited: dict[tuple[int, int], Step] = {}
        self._all = lines(pair.importer.code)
        self._first = catalogue.edition().evidence_from
        self._breaks = tuple(sorted({day.toordinal() for day in membership(pair.importer.code).change_days(self._named())}))
        came = {*self._rows["known_on"].dt.date, *self._all.mfn_days(), *(date.fromordinal(day) for day in self._breaks)}
        self.days: list[date] = sorted({self._first, *(day for day in came if self._first < day <= as_of)})
        # What replay needs, sorted as it needs it.
        self._order = self._rows.sort_values(["measure_id", "announced_on", "effective_from"]).index.to_numpy()
        columns = self._rows.loc[self._order, ["known_on", "measure_id", "announced_on", "effective_from"]]
        self._known_on, *self._key = (columns[name].to_numpy() for name in columns)

    def state(self, day: date) -> date:
        """First day of the state of knowledge of a day."""
        return self.days[bisect.bisect_right(self.days, day) - 1]

    def paths(self, days: set[date]) -> dict[date, _Path]:
        """Averages over time as known on some days."""
        states = {day: self._state(day) for day in sorted(days)}
        averages = Averages(self._rows, self._steps, self._all, self._groups(states.values()), self._trade)
        result = {}
        for day, state in states.items():
            entered = state.change_days(self._first)
            result[day] = _Path(entered, np.array([averages.of(state, on) for on in entered]))
        return result

    def _state(self, day: date) -> State:
        book = self._book(day)
        told = tuple(end for end in self._breaks if end <= day.toordinal() or date.fromordinal(end) in book.days)
        return State(book, self._all.known(day), known_membership(self._all.importer, None, day, book.days), told)

    def _book(self, day: date) -> Book:
        """The schedule as known on a day; the same as that of `books.book`."""
        known = np.flatnonzero(self._known_on <= np.datetime64(day))
        holds, past = ledger.survivors(*(column[known] for column in self._key))
        ends = dict(zip(self._order[known[holds]].tolist(), past.astype("datetime64[D]").tolist(), strict=True))
        steps = [self._until(at, ends[at]) for at in sorted(ends)]
        return books.book_of(self._rows, [step for step in steps if step.basis != "ended"], {})

    def _until(self, at: int, end: date | None) -> Step:
        key = at, NEVER if end is None else end.toordinal()
        if key not in self._limited:
            self._limited[key] = replace(self._steps[at], past=key[1])
        return self._limited[key]

    def _named(self) -> set[str]:
        return {scope for step in self._steps for scope in (*step.scopes, *step.exempt)}

    def _groups(self, states: Iterable[State]) -> np.ndarray:
        """Number of the group of every line; the lines of a group are alike in all that any duty looks at."""
        labels = np.zeros(len(self._all.codes), dtype=np.int64)
        for column in self._looked_at(states):
            found, _ = pd.factorize(column, use_na_sentinel=False)
            labels, _ = pd.factorize(labels * (found.max() + 1) + found)
        return labels

    def _looked_at(self, states: Iterable[State]) -> Iterator[np.ndarray]:
        seen: set[tuple[str, tuple[int, ...]]] = set()
        named = sorted(self._named())
        for state in states:
            for on in (self._first, *map(date.fromordinal, state.breaks)):
                for scope in named:
                    key = (scope, state.scopes.told(scope, on))
                    if key not in seen:
                        seen.add(key)
                        yield state.scopes.share(scope, on=on, partial=False)
        yield self._all.is_metal.astype(float)
        yield DEFAULT.metal(self._all, np.arange(len(self._all.codes)))
        if any(step.basis == stacking.FLOOR for step in self._steps):
            yield self._all.mfn(self._first)


def _entries(on: Days) -> list[date]:
    asked = parse_days(on)
    check_entry(*asked)
    return asked


def _knowledge(days: Days, as_of: date) -> list[date]:
    told = [catalogue.resolve_as_of(day) for day in parse_days(days, name="days")]
    if max(told) > as_of:
        message = f"days must not lie after as_of, and {max(told)} lies after {as_of}."
        raise ParameterError(message)
    return told
