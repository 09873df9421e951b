"""What questions about duties rest on, made ready once: a schedule, lines, and the scopes laid over them, as known on a day."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, ledger
from tradelib.doors import LATEST, Day, Standings, door
from tradelib.errors import DayError
from tradelib.shown import Shown
from tradelib.sides import Pair
from tradelib.tariffs import books, law, stacking
from tradelib.tariffs.books import Book
from tradelib.tariffs.membership import Membership, known_membership
from tradelib.tariffs.stacking import DEFAULT, Assumptions, StepEffect
from tradelib.tariffs.tariff_lines import Lines, lines


@dataclass(frozen=True, eq=False)
class Prepared:
    """A schedule over the lines of one depth.

    Attributes
    ----------
    pair, as_of
        who collects on whose goods; day of knowledge.
    book, lines, scopes
        the schedule, the lines and the scopes over them, as known on that day.
    """

    pair: Pair
    as_of: date
    book: Book
    lines: Lines
    scopes: Membership

    def layers(
        self, on: date, assumptions: Assumptions = DEFAULT, *, effects: list[StepEffect] | None = None, only: np.ndarray | None = None
    ) -> dict[str, np.ndarray]:
        """Duty of every family on every line; see `stacking.stack`."""
        check_entry(on)
        return stacking.stack(self.book, self.lines, self.scopes, on=on, assumptions=assumptions, effects=effects, only=only)

    def depends_on(self, on: date) -> tuple[object, ...]:
        """All that the duties of a day of entry depend on, the lines and what is chosen apart: where it is equal, they are."""
        told = tuple(self.scopes.told(scope, on) for scope in self.book.named(on))
        return self.book.terms(on), told, self.lines.rates_since(on), self.scopes.taken_off(on)

    def dues(self, on: date, choices: Iterable[Assumptions]) -> dict[Assumptions, np.ndarray]:
        """As `due`, under several choices; those under which the same is due share one array."""
        check_entry(on)
        made: dict[tuple[int, ...], np.ndarray] = {}
        found = {}
        for choice in choices:
            layers = stacking.layers_of(self.book, self.lines, self.scopes, on=on, assumptions=choice)
            key = tuple(layer.number for layer in layers.values())
            if key not in made:
                made[key] = self._total(on, {family: layer.rates for family, layer in layers.items()})
            found[choice] = made[key]
        return found

    def due(self, on: date, assumptions: Assumptions = DEFAULT) -> np.ndarray:
        """What is due on every line in all, the most-favoured-nation rate included; NaN where it is not known."""
        return self._total(on, self.layers(on, assumptions))

    def _total(self, on: date, layers: dict[str, np.ndarray]) -> np.ndarray:
        total: np.ndarray = self.lines.mfn_on(on) + stacking.added(layers, len(self.lines.codes))
        return total

    def change_days(self, since: date | None = None, until: date | None = None) -> list[date]:
        """The first day asked for, and every later one on which a duty, a scope or a most-favoured-nation rate changes."""
        first = catalogue.edition().evidence_from if since is None else since
        check_entry(first)
        days = {*self.book.change_days(), *self.lines.mfn_days(), *self.scopes.change_days(self.book.scopes())}
        return sorted({first} | {day for day in days if day > first and (until is None or day <= until)})


@dataclass(frozen=True, eq=False, repr=False, init=False)
class KnownLaw(Shown):
    """The duties that one side lays on the goods of another, as known on a day; `pair_law.Law` is this with the questions."""

    pair: Pair
    as_of: date
    standing: tuple[str, ...]
    families: tuple[str, ...]
    supposed: pd.DataFrame | Book | None

    @door
    def __init__(
        self,
        pair: Pair | str,
        as_of: Day = LATEST,
        *,
        standing: Standings = ledger.LAW,
        supposed: pd.DataFrame | Book | None = None,
    ) -> None:
        given = {"pair": pair, "as_of": as_of, "standing": standing, "supposed": supposed}
        for name, value in given.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "families", self.book.families)

    @functools.cached_property
    def book(self) -> Book:
        """The schedule made ready for stacking: the one known, or the one supposed."""
        if self.supposed is None:
            return self._known
        return self.supposed if isinstance(self.supposed, Book) else books.bind(self.supposed, self.importer, claims=self._known.claims)

    @property
    def importer(self) -> str:
        """Code of the side that collects."""
        return self.pair.importer.code

    def state(self, on: date) -> str:
        """How sure a rate of a day of entry is; see `law.state`."""
        return law.state(on, self.as_of, None if self.supposed is None else self.book)

    def over(self, digits: int | None = None) -> Prepared:
        """The schedule over the lines of some depth; `digits` as for `tariff_lines.lines`."""
        if digits not in self._depths:
            # A list changes on a later day where a known text sets a duty for that day, and the schedule asked about has it too.
            days = self._known.days & self.book.days
            known = lines(self.importer, digits=digits).known(self.as_of), known_membership(self.importer, digits, self.as_of, days)
            self._depths[digits] = Prepared(self.pair, self.as_of, self.book, *known)
        return self._depths[digits]

    @functools.cached_property
    def _known(self) -> Book:
        return books.book(self.pair, self.as_of, self.standing)

    @functools.cached_property
    def _depths(self) -> dict[int | None, Prepared]:
        return {}


def check_entry(*days: date) -> None:
    """Refuse days of entry before the edition begins, or so late that no text held says anything of them."""
    covered = catalogue.edition()
    first, last = min(days), max(days)
    if first < covered.evidence_from:
        message = f"The day of entry must be {covered.evidence_from} or later, where this edition begins; {first} lies before."
        raise DayError(message)
    if last > covered.horizon:
        message = f"The day of entry must be {covered.horizon} or earlier, not {last}: the evidence ends on {covered.evidence_through}."
        raise DayError(message)
