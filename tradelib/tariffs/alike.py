"""Averages over lines that all duties treat alike: one line stands for its group, and the trade of the group weights it.

States of knowledge differ by few announcements. What is due is worked out once for each set of duties that hold together, family by
family; another state that has the same set has the same averages.
"""

import bisect
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from tradelib.tariffs import stacking
from tradelib.tariffs.books import Book, Step
from tradelib.tariffs.country_wide import total_of
from tradelib.tariffs.membership import Few, Membership
from tradelib.tariffs.stacking import DEFAULT
from tradelib.tariffs.tariff_lines import Lines

COLUMNS = ("headline_frac", "weighted_frac", "additional_frac", "mfn_frac", "matched_frac")


@dataclass(frozen=True, eq=False)
class State:
    """What is known on a day: the schedule, the lines, the scopes over them, and the changes of lists that count."""

    book: Book
    lines: Lines
    scopes: Membership
    breaks: tuple[int, ...]

    def told(self, on: date) -> tuple[int, ...]:
        """Days on which any list has changed by a day of entry."""
        return self.breaks[: bisect.bisect_right(self.breaks, on.toordinal())]

    def change_days(self, first: date) -> list[date]:
        """The first day, and every later one on which a duty, a scope or a general rate changes."""
        days = {*self.book.change_days(), *self.lines.mfn_days(), *self.scopes.change_days(self.book.scopes())}
        return sorted({first, *(day for day in days if day > first)})


class Averages:
    """Averages of a day of entry in a state of knowledge, each set of duties worked out once.

    Parameters
    ----------
    rows, steps
        announcements, and the same as steps.
    over
        all lines.
    groups
        number of the group of each.
    trade
        share of each in all the trade.
    """

    def __init__(self, rows: pd.DataFrame, steps: list[Step], over: Lines, groups: np.ndarray, trade: np.ndarray) -> None:
        self._groups, self._trade = groups, trade
        self._at = np.unique(groups, return_index=True)[1]
        self._country_wide = rows["is_country_wide"].tolist()
        # Steps of different texts that say the same are one.
        said: dict[Step, int] = {}
        self._content = [said.setdefault(replace(step, row=0, first=0, past=0), len(said)) for step in steps]
        self._few = _few(over, self._at)
        self._scopes: dict[int, Membership] = {}
        self._layers: dict[tuple[object, ...], tuple[int, np.ndarray, np.ndarray]] = {}
        self._weights: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self._answers: dict[tuple[object, ...], tuple[float, ...]] = {}

    def of(self, state: State, on: date) -> tuple[float, ...]:
        """Values of `COLUMNS`."""
        book, mfn = state.book, state.lines.mfn_on(on)
        rest = (state.told(on), id(mfn))
        key = (tuple(self._content[step.row] for step in book.active(on)), book.granted(on), *rest)
        if key not in self._answers:
            additional = stacking.added(self._stacked(state, on, rest), len(self._at))
            self._answers[key] = (self._headline(book, on), *self._means(mfn, additional))
        return self._answers[key]

    def _stacked(self, state: State, on: date, rest: tuple[object, ...]) -> dict[str, np.ndarray]:
        """Duty of every family on one line of each group."""
        book, scopes = state.book, self._scopes_of(state)
        layers: dict[str, np.ndarray] = {}
        fallen_on: dict[str, np.ndarray] = {}
        numbers: dict[str, int] = {}
        for family, steps in book.by_family(on).items():
            if not steps:
                continue
            before = tuple(numbers.get(name) for name in sorted({name for step in steps for name in step.yields_to}))
            key = (tuple((self._content[step.row], book.exemptions(step, on)) for step in steps), before, *rest)
            if key not in self._layers:
                layer, fell, _ = stacking.layer_of(steps, book, self._few, scopes, fallen_on, on=on, assumptions=DEFAULT)
                self._layers[key] = (len(self._layers), layer, fell)
            numbers[family], layers[family], fallen_on[family] = self._layers[key]
        return layers

    def _scopes_of(self, state: State) -> Membership:
        key = id(state.scopes)
        if key not in self._scopes:
            self._scopes[key] = Few(state.scopes, self._few, self._at, next(iter(self._scopes.values()), None))
        return self._scopes[key]

    def _headline(self, book: Book, on: date) -> float:
        steps = (step for step in book.active(on) if self._country_wide[step.row])
        return total_of((step.family, step.rate_frac, step.within_family) for step in steps)

    def _means(self, mfn: np.ndarray, additional: np.ndarray) -> tuple[float, ...]:
        """(weighted, additional, mfn, matched) over the lines whose duty is known."""
        trade, general = self._weights_of(mfn)
        known = ~np.isnan(additional)
        matched = float(trade[known].sum())
        extra, base = float((trade * additional)[known].sum()) / matched, float(general[known].sum()) / matched
        return base + extra, extra, base, matched

    def _weights_of(self, mfn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(trade of the lines of each group whose general rate is known, the same times the rate)."""
        if id(mfn) not in self._weights:
            known = ~np.isnan(mfn)
            trade, size = self._trade[known], len(self._at)
            of = self._groups[known]
            self._weights[id(mfn)] = np.bincount(of, trade, size), np.bincount(of, trade * mfn[known], size)
        return self._weights[id(mfn)]


def _few(over: Lines, at: np.ndarray) -> Lines:
    """Some of the lines, at some places."""
    return replace(
        over,
        codes=over.codes[at],
        index=over.index[at],
        kinds=over.kinds[at],
        texts=over.texts[at],
        weights={},
        tariff_lines=over.tariff_lines[at],
        _mfn=[(first, rates[at]) for first, rates in over._mfn],
        _ends=[],
        _general=None,
    )
