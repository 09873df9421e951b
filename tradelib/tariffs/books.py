"""A schedule made ready for stacking: its rows as steps, and what holds on a day of entry."""

import bisect
import functools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tradelib import catalogue
from tradelib.doors import door
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.rows import each
from tradelib.shown import Shown
from tradelib.sides import Pair
from tradelib.tariffs.exclusions import claim_shares
from tradelib.tariffs.law import TEXTS, of_pair

NEVER = date.max.toordinal()


@dataclass(frozen=True)
class Step:
    """One interval of one measure, as a schedule known on a day holds it; days are ordinals, `past` is the first day without."""

    row: int
    measure_id: str
    family: str
    within_family: str
    priority: float
    yields_to: tuple[str, ...]
    rate_frac: float
    basis: str
    scopes: tuple[str, ...]
    exempt: tuple[str, ...]
    first: int
    past: int

    @functools.cached_property
    def terms(self) -> tuple[object, ...]:
        """What the step does to the lines that it covers: equal for steps of different texts and days that say the same."""
        numbers = (None if math.isnan(number) else number for number in (self.priority, self.rate_frac))
        return self.measure_id, self.family, self.within_family, self.yields_to, self.basis, *numbers


@dataclass(frozen=True, eq=False, repr=False)
class Book(Shown):
    """A schedule made ready for stacking: the duties and exclusions of one importer.

    Attributes
    ----------
    rows
        the schedule the steps come from, as `law.schedule` gives it.
    families
        families of duties, those that displace others first.
    claims
        share of imports that claims an exclusion of described goods, by scope, as published up to the day of knowledge.
    """

    rows: pd.DataFrame
    duties: tuple[Step, ...]
    exclusions: tuple[Step, ...]
    families: tuple[str, ...]
    _excluded: frozenset[str]
    claims: Mapping[str, float] = field(default_factory=dict)

    def active(self, on: date) -> tuple[Step, ...]:
        """Duties whose interval holds a day of entry, suspended ones included."""
        return self._stretch(on).duties

    def by_family(self, on: date) -> dict[str, list[Step]]:
        """The duties that hold on a day of entry, by family, in the order of `families`; not to be changed."""
        held = self._stretch(on)
        if not held.families:
            held.families.update((family, []) for family in self.families)
            for step in held.duties:
                held.families[step.family].append(step)
        return held.families

    def terms(self, on: date) -> tuple[object, ...]:
        """All that the schedule says of a day of entry: equal for schedules, and for days, of which it says the same."""
        held = self._stretch(on)
        if not held.terms:
            steps = [(step, self.exemptions(step, on)) for family in self.by_family(on).values() for step in family]
            exempt = sorted({scope for _, scopes in steps for scope in scopes})
            open_to = tuple((scope, self.claims.get(scope)) for scope in exempt if scope in self.excluding or scope in self.claims)
            held.terms = (tuple((step.terms, step.scopes, scopes) for step, scopes in steps), open_to)
        return held.terms

    def named(self, on: date) -> tuple[str, ...]:
        """Every scope that a duty of a day of entry covers or leaves out."""
        held = self._stretch(on)
        if not held.named:
            held.named = tuple(sorted({scope for step in held.duties for scope in (*step.scopes, *self.exemptions(step, on))}))
        return held.named

    def granted(self, on: date) -> frozenset[str]:
        """Scopes that exclusions leave out on a day of entry."""
        return self._stretch(on).granted

    def exemptions(self, step: Step, on: date) -> tuple[str, ...]:
        """Scopes that a step leaves out on a day of entry."""
        if not step.exempt:
            return ()
        held, key = self._stretch(on), (step.exempt, step.yields_to)
        if key not in held.exempt:
            displacing = {scope for duty in held.duties if duty.family in step.yields_to for scope in duty.scopes}
            held.exempt[key] = tuple(
                scope for scope in step.exempt if scope not in displacing and (scope not in self._excluded or scope in held.granted)
            )
        return held.exempt[key]

    def _stretch(self, on: date) -> "_Stretch":
        """What holds on a day of entry, worked out once for each stretch of days on which nothing begins or ends."""
        day = on.toordinal()
        number = bisect.bisect_right(self._bounds, day)
        if number not in self._stretches:
            granted = frozenset(scope for item in self.exclusions if item.first <= day < item.past for scope in item.scopes)
            self._stretches[number] = _Stretch(tuple(step for step in self.duties if step.first <= day < step.past), granted)
        return self._stretches[number]

    @functools.cached_property
    def _bounds(self) -> list[int]:
        return sorted({day for step in (*self.duties, *self.exclusions) for day in (step.first, step.past)})

    @functools.cached_property
    def _stretches(self) -> dict[int, "_Stretch"]:
        return {}

    @functools.cached_property
    def texts(self) -> list[dict[str, Any]]:
        """The rows of the schedule, by the number that a step has for its row."""
        return [{str(name): value for name, value in row.items()} for row in self.rows.to_dict("records")]

    @functools.cached_property
    def known_on(self) -> list[pd.Timestamp]:
        """The day from which each row of the schedule is known, by the number that a step has for its row."""
        return self.rows["known_on"].tolist()

    @functools.cached_property
    def is_country_wide(self) -> list[bool]:
        """Whether each row of the schedule covers every good."""
        return self.rows["is_country_wide"].tolist()

    @functools.cached_property
    def excluding(self) -> frozenset[str]:
        """Scopes that an exclusion names, whether it holds or not."""
        return frozenset(scope for step in self.exclusions for scope in step.scopes)

    def claimed(self, exempt: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
        """Those of some exemptions of which it is published how much of the imports claims them, with that share."""
        return tuple((scope, self.claims[scope]) for scope in exempt if scope in self.claims)

    def scopes(self) -> set[str]:
        """Every scope that a duty or one of its exemptions names."""
        return {scope for step in self.duties for scope in (*step.scopes, *step.exempt)}

    @functools.cached_property
    def days(self) -> frozenset[date]:
        """Days on which a duty or an exclusion begins or ends."""
        return frozenset(self.change_days())

    def change_days(self) -> list[date]:
        """Days on which a duty or an exclusion begins or ends, in order."""
        return [date.fromordinal(day) for day in self._bounds if day != NEVER]


@dataclass(eq=False)
class _Stretch:
    """Duties that hold and scopes that exclusions grant on a stretch of days; what is asked of them, once worked out."""

    duties: tuple[Step, ...]
    granted: frozenset[str]
    exempt: dict[tuple[object, ...], tuple[str, ...]] = field(default_factory=dict)
    families: dict[str, list[Step]] = field(default_factory=dict)
    terms: tuple[object, ...] = ()
    named: tuple[str, ...] = ()


@kept(maxsize=64, rests_on={**TEXTS, "exclusion_claims": ()})
def book(pair: Pair, as_of: date, standing: tuple[str, ...]) -> Book:
    """Schedule of one pair known on a day, made ready for stacking; see `law.schedule`."""
    return _bound(of_pair(pair, as_of, standing), claim_shares(as_of))


@door
def bind(rows: pd.DataFrame, importer: str, *, claims: Mapping[str, float] | None = None) -> Book:
    """A schedule, in the shape of `law.schedule`, made ready for stacking; the order of its rows does not matter. `claims` as in `Book`."""
    lacking = [name for name in _NEEDED if name not in rows]
    if lacking:
        message = f"The rates are no schedule such as scenarios.schedule makes: they have no column {', '.join(lacking)}."
        raise ParameterError(message)
    return _bound(rows[rows["importer"].eq(importer)], claims or {})


def _bound(rows: pd.DataFrame, claims: Mapping[str, float]) -> Book:
    measures = rows["measure_id"].to_numpy().astype("U")
    order = np.lexsort((rows["effective_from"].to_numpy(), measures, rows["announced_on"].to_numpy()))
    rows = rows.iloc[order].reset_index(drop=True)
    return book_of(rows, steps_of(rows), claims)


def steps_of(rows: pd.DataFrame) -> list[Step]:
    """The rows of a schedule as steps, in their order."""
    return [_step(row) for row in each(rows.assign(row=np.arange(len(rows))), _Row)]


def book_of(rows: pd.DataFrame, steps: Iterable[Step], claims: Mapping[str, float]) -> Book:
    """A schedule of some steps, in order of announcement; `row` of each is its place in `rows`."""
    kinds = rows["kind"].tolist()
    by_kind = [(step, kinds[step.row]) for step in steps]
    duties = tuple(step for step, kind in by_kind if kind == "duty" and step.basis != "ended")
    exclusions = tuple(step for step, kind in by_kind if kind == "exclusion" and step.basis == "exclusion")
    named = frozenset(scope for step in exclusions for scope in step.scopes)
    excluded = named | _exclusion_scopes(catalogue.data_folder())
    return Book(rows=rows, duties=duties, exclusions=exclusions, families=_in_order(duties), _excluded=excluded, claims=claims)


_NEEDED = (
    "importer", "kind", "announced_on", "measure_id", "family", "within_family", "priority", "yields_to", "rate_frac", "basis", "scope",
    "exempt", "effective_from", "effective_to",
)  # fmt: skip


@functools.lru_cache(maxsize=8)
def _exclusion_scopes(_folder: Path) -> frozenset[str]:
    """Scopes that any exclusion of the ledger ever names: whether one holds is a matter of the day, never of the duty's own text."""
    measures = catalogue.load("tariff_measures").set_index("measure_id")["kind"]
    steps = catalogue.load("tariff_steps")
    named = steps.loc[steps["measure_id"].map(measures).eq("exclusion"), "scope"]
    return frozenset(scope for cell in named for scope in cell.split("|") if scope)


class _Row(NamedTuple):
    row: int
    measure_id: str
    family: str
    within_family: str
    priority: float
    yields_to: str
    rate_frac: float
    basis: str
    scope: str
    exempt: str
    effective_from: pd.Timestamp
    effective_to: pd.Timestamp


def _step(row: _Row) -> Step:
    return Step(
        row=row.row,
        measure_id=row.measure_id,
        family=row.family,
        within_family=row.within_family,
        priority=row.priority,
        yields_to=_names(row.yields_to),
        rate_frac=row.rate_frac,
        basis=row.basis,
        scopes=_names(row.scope),
        exempt=_names(row.exempt),
        first=row.effective_from.toordinal(),
        past=NEVER if pd.isna(row.effective_to) else row.effective_to.toordinal(),
    )


def _names(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _in_order(duties: tuple[Step, ...]) -> tuple[str, ...]:
    """Families in order of their first announcement, but every family after those it yields to."""
    waiting: dict[str, set[str]] = {step.family: set() for step in duties}
    for step in duties:
        waiting[step.family] |= set(step.yields_to) & waiting.keys() - {step.family}
    ordered: list[str] = []
    while waiting:
        ready = [family for family, before in waiting.items() if before <= set(ordered)]
        if not ready:
            message = f"These families of duties displace one another in a circle: {', '.join(waiting)}."
            raise ParameterError(message)
        ordered.append(ready[0])
        del waiting[ready[0]]
    return tuple(ordered)
