"""What the law had scheduled, held against what came: how wrong the schedule was, and which of its dates never came.

Everything is read off a surface (`surface.knowledge_surface`), and so obeys the day of knowledge: of a day of entry that lies ahead of it
nothing is realised, and a date that has not come is open. The law speaks of the future only where a text sets a day; for all other days
what it expects is that nothing changes.

What came is the law of a day as it was known on that day. A text that becomes known afterwards and changes days already past, such as an
exclusion granted back to the first day of a duty, is no failure of the schedule: it is told apart, as `revised`.
"""

import bisect
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from tradelib import catalogue, strings
from tradelib.doors import LATEST, Day, door, opened
from tradelib.errors import ParameterError

HORIZONS = (30, 90, 180)
DISTANCES = (1, 7, 30, 90)
# Averages closer than this print alike, or nearly so: the schedule was right.
RIGHT = 0.0005
# A scheduled step of the average that is told as a date.
STEP = 0.005
CAME, GONE, UNSEEN, AHEAD = "came", "gone", "not observed", "ahead"
_MOST_DAYS = 730


class _State(NamedTuple):
    """A path over days of entry as known from one day on, to the day before the next; days are ordinals."""

    first: int
    past: int
    days: np.ndarray
    levels: np.ndarray

    def at(self, days: np.ndarray) -> np.ndarray:
        """Value on some days of entry."""
        found: np.ndarray = self.levels[np.searchsorted(self.days, days, side="right") - 1]
        return found


@door
def believed(surface: pd.DataFrame, on: Day, *, column: str = "weighted_frac") -> pd.DataFrame:
    """The path of what was believed of one day of entry.

    Parameters
    ----------
    surface
        as `knowledge_surface` gives it for one importer.
    on
        the day of entry.
    column
        which of its values.

    Returns
    -------
    DataFrame
        One row a day of knowledge on which the belief changed, and the first: as_of, value_frac.
    """
    day = np.array([opened(on).toordinal()])
    rows = [(date.fromordinal(state.first), float(state.at(day)[0])) for state in _states(surface, column, None)]
    kept = [row for number, row in enumerate(rows) if number == 0 or row[1] != rows[number - 1][1]]
    return pd.DataFrame({"as_of": pd.to_datetime([row[0] for row in kept]), "value_frac": [row[1] for row in kept]})


@door
def schedule_errors(
    surface: pd.DataFrame, *, as_of: Day = LATEST, horizons: tuple[int, ...] = HORIZONS, column: str = "weighted_frac"
) -> pd.DataFrame:
    """How far the law, as known some days before, was from what came.

    Parameters
    ----------
    surface
        as `knowledge_surface` gives it for one importer, with all days of knowledge.
    as_of
        day of knowledge: later rows of the surface do not count.
    horizons
        how many days before a day of entry its average was asked for.
    column
        which of the values of the surface.

    Returns
    -------
    DataFrame
        One row a (horizon, year), all years last: importer, horizon_days, year_on (first day of the year of entry; NaT for all), days,
        mean_abs_frac (mean absolute error), bias_frac (mean of the average expected less that which came, the law of each day as it was
        known on that day: above 0 where the law had scheduled more), right_frac (share of days on which the two differ by less than 0.05
        points).

    Raises
    ------
    ParameterError
        a horizon that is shorter than a day or longer than 730.
    """
    until = catalogue.observed_through(opened(as_of))
    for days in horizons:
        check_horizon(days)
    states = list(_states(surface, column, opened(as_of)))
    rows: list[dict[str, object]] = []
    for horizon in sorted(set(horizons)):
        entered, errors = _errors(states, horizon, until)
        years = entered.astype("datetime64[Y]")
        for year in [*np.unique(years), None]:
            mine = errors if year is None else errors[years == year]
            if len(mine):
                rows.append({"horizon_days": horizon, "year_on": year, **_summary(mine)})
    table = pd.DataFrame(rows, columns=["horizon_days", "year_on", "days", "mean_abs_frac", "bias_frac", "right_frac"])
    table["year_on"] = table["year_on"].astype("datetime64[us]")
    table.insert(0, "importer", surface["importer"].iloc[0])
    return table


def check_horizon(days: int) -> None:
    """Refuse a horizon that is shorter than a day, or longer than two years."""
    if not 1 <= days <= _MOST_DAYS:
        message = f"horizon_days must be from 1 to {_MOST_DAYS}, not {days:,}."
        raise ParameterError(message)


@door
def scheduled_dates(surface: pd.DataFrame, *, as_of: Day = LATEST, column: str = "weighted_frac", least: float = STEP) -> pd.DataFrame:
    """Dates for which the law had scheduled a change of the average, and what became of each.

    Parameters
    ----------
    surface, as_of, column
        as for `schedule_errors`.
    least
        smallest change, as a fraction of customs value, that counts.

    Returns
    -------
    DataFrame
        One row a (scheduled_on, announced_on), in order: importer; announced_on (first day on which the law held a change for the date);
        scheduled_on (the date); before_frac and expected_frac (average on the eve and on the date, as last known before it came or was
        gone); realised_frac (average of the date, as known on the date itself; NaN where none was observed); outcome (`came`: the law
        still held it on the date, and realised_frac is expected_frac; `gone`: on the date or before it a text moved it, called it off, or
        set another change for the same day; `ahead`; `not observed`: past, and after the end of the evidence); moved_on (first day on
        which the law no longer held it; NaT else); days_before (how many days before the date that was); is_replaced (gone, and another
        change for the same day took its place); revised_frac (average of the date, as known on `as_of`; NaN where none was observed);
        revised_on (where that is `least` or more from realised_frac, for a later text changed the day back to then: the first day on which
        it was; NaT else).
    """
    known = opened(as_of)
    until = catalogue.observed_through(known)
    states = list(_states(surface, column, known))
    held: dict[int, _Date] = {}
    rows: list[_Date] = []
    for state in states:
        steps = {step.scheduled_on: step for step in _steps(state, least)}
        for day, told in list(held.items()):
            if day >= state.first and (day not in steps or told.differs(steps[day])):
                rows.append(held.pop(day)._replace(moved_on=state.first))
        for day, step in steps.items():
            if day in held:
                held[day] = step._replace(announced_on=held[day].announced_on)
            elif day > state.first:
                held[day] = step
    rows += held.values()
    table = _dates(sorted(rows), states, (until, known), surface["importer"].iloc[0])
    is_off = (table["revised_frac"] - table["realised_frac"]).abs() >= least
    days = [_revised_on(states, day.toordinal(), least) if off else 0 for day, off in zip(table["scheduled_on"], is_off, strict=True)]
    return table.assign(revised_on=_days(days))


def realised(surface: pd.DataFrame, *, as_of: date, column: str = "weighted_frac") -> pd.DataFrame:
    """The average of each day as it was known on that day, up to a day of knowledge: on, and the column; each holds until the next."""
    path = _as_it_came(list(_states(surface, column, as_of)))
    seen = path.days <= as_of.toordinal()
    return pd.DataFrame({"on": _days(path.days[seen].tolist()), column: path.levels[seen]})


@strings.alike
def trust(dates: pd.DataFrame, *, ahead: tuple[int, ...] = DISTANCES) -> pd.DataFrame:
    """Of the dates that the law held so many days before, how many came as it then stood; what was changed after the date came.

    Parameters
    ----------
    dates
        as `scheduled_dates` gives them.
    ahead
        how many days before.

    Returns
    -------
    DataFrame
        One row a distance: ahead_days, dates (held then, and due by now), came, came_frac (NaN where none was held).
    """
    due = dates[dates["outcome"].isin([CAME, GONE])]
    lead = (due["scheduled_on"] - due["announced_on"]).dt.days
    rows = []
    for days in ahead:
        held = due[(lead >= days) & (due["days_before"].isna() | (due["days_before"] < days))]
        came = int(held["outcome"].eq(CAME).sum())
        rows.append((days, len(held), came, came / len(held) if len(held) else np.nan))
    return pd.DataFrame(rows, columns=["ahead_days", "dates", "came", "came_frac"])


class _Date(NamedTuple):
    """A change that the law held for a day; days are ordinals, `moved_on` 0 where it was not moved."""

    scheduled_on: int
    announced_on: int
    before: float
    expected: float
    moved_on: int = 0

    def differs(self, other: "_Date") -> bool:
        """Whether another step for the same day is another: other duties that it meets change its size a little."""
        mine, theirs = self.expected - self.before, other.expected - other.before
        return abs(mine - theirs) > max(abs(mine), abs(theirs)) / 4


def _states(surface: pd.DataFrame, column: str, as_of: date | None) -> Iterator[_State]:
    rows = surface if as_of is None else surface[surface["as_of"] <= pd.Timestamp(as_of)]
    told, entered = ((rows[name].to_numpy().astype("datetime64[D]").astype(int) + _EPOCH) for name in ("as_of", "on"))
    values = rows[column].to_numpy()
    starts = np.flatnonzero(np.r_[True, told[1:] != told[:-1]])
    for first, past in zip(starts, [*starts[1:], len(told)], strict=True):
        ends = told[past] if past < len(told) else np.iinfo(int).max
        yield _State(int(told[first]), int(ends), entered[first:past], values[first:past])


_EPOCH = date(1970, 1, 1).toordinal()


def _as_it_came(states: list[_State]) -> _State:
    """The path of which each day is as it was known on that day."""
    days = [np.r_[state.first, state.days[(state.days > state.first) & (state.days < state.past)]] for state in states]
    levels = [state.at(entered) for state, entered in zip(states, days, strict=True)]
    return _State(states[0].first, states[-1].past, np.concatenate(days), np.concatenate(levels))


def _revised_on(states: list[_State], day: int, least: float) -> int:
    """First day after a day of entry on which later texts had changed its average by so much from what it was known to be on that day."""
    at = np.array([day])
    came = _as_it_came(states).at(at)
    return next(state.first for state in states if state.first > day and abs(state.at(at) - came)[0] >= least)


def _errors(states: list[_State], horizon: int, until: date) -> tuple[np.ndarray, np.ndarray]:
    """(days of entry, average expected so many days before less that which came)."""
    entered = np.arange(states[0].first + horizon, until.toordinal() + 1)
    firsts = [state.first for state in states]
    number = np.searchsorted(firsts, entered - horizon, side="right") - 1
    expected = np.empty(len(entered))
    for at in np.unique(number):
        expected[number == at] = states[at].at(entered[number == at])
    days: np.ndarray = (entered - _EPOCH).astype("datetime64[D]")
    return days, expected - _as_it_came(states).at(entered)


def _summary(errors: np.ndarray) -> dict[str, float]:
    return {
        "days": len(errors),
        "mean_abs_frac": float(np.abs(errors).mean()),
        "bias_frac": float(errors.mean()),
        "right_frac": float((np.abs(errors) < RIGHT).mean()),
    }


def _steps(state: _State, least: float) -> list[_Date]:
    """Changes that a state of knowledge holds for its first day and later ones."""
    result = []
    for number in range(max(1, bisect.bisect_left(state.days.tolist(), state.first)), len(state.days)):
        before, after = float(state.levels[number - 1]), float(state.levels[number])
        if abs(after - before) >= least:
            result.append(_Date(int(state.days[number]), state.first, before, after))
    return result


def _dates(rows: list[_Date], states: list[_State], ends: tuple[date, date], importer: str) -> pd.DataFrame:
    """See `scheduled_dates`, but for `revised_on`; `ends` are the last observed day and the day of knowledge."""
    scheduled = np.array([row.scheduled_on for row in rows], dtype=int)
    seen, past = (scheduled <= end.toordinal() for end in ends)
    gone = np.array([row.moved_on > 0 for row in rows], dtype=bool)
    table = pd.DataFrame(
        {
            "importer": importer,
            "announced_on": _days([row.announced_on for row in rows]),
            "scheduled_on": _days(scheduled.tolist()),
            "before_frac": [row.before for row in rows],
            "expected_frac": [row.expected for row in rows],
            "realised_frac": np.where(seen, _as_it_came(states).at(scheduled), np.nan),
            "outcome": np.select([gone, seen, past], [GONE, CAME, UNSEEN], default=AHEAD),
            "moved_on": _days([row.moved_on for row in rows]),
        }
    )
    table["days_before"] = (table["scheduled_on"] - table["moved_on"]).dt.days
    table["is_replaced"] = gone & table["scheduled_on"].duplicated(keep="last").to_numpy()
    return table.assign(revised_frac=np.where(seen, states[-1].at(scheduled), np.nan))


def _days(ordinals: list[int]) -> "pd.Series[pd.Timestamp]":
    return pd.Series([date.fromordinal(day) if day else None for day in ordinals], dtype="datetime64[us]")
