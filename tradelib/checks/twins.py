"""Rules of twins: one announcement that is a step of a measure and the end of a clock stands in both tables, with one day."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from tradelib.checks.rule import Tables, rule, where
from tradelib.rows import each

# A text and the row of its clock may be a few days apart: signed, then published.
_FORTNIGHT = pd.Timedelta(days=14)
_TRUCE_BEGAN = pd.Timestamp("2025-05-12")


def _clocks(tables: Tables) -> pd.DataFrame:
    """Clocks with a day, a row a measure: clock, basis, announced_on, day (the first on which it has run out), measure, position."""
    table = tables["deadlines"]
    last = (table["is_last_day"] & table["kind"].eq("suspension")).astype(int)
    rows = table.assign(
        day=table["expires_on"] + pd.to_timedelta(last, unit="D"), position=range(len(table)), measure=table["measures"].str.split("|")
    )
    return rows.explode("measure").query("measure != ''")


def _steps(tables: Tables) -> pd.DataFrame:
    """Steps of both tables: table, measure, announced_on, effective_on, standing, is_end (they return or end something), position."""
    parts = []
    for name, key, ends in (("tariff_steps", "measure_id", ("basis", "ended")), ("nontariff_steps", "item_id", ("state", "ended"))):
        table = tables[name]
        part = table[["announced_on", "effective_on", "standing", "is_snap_back"]].assign(
            table=name, measure=table[key], position=range(len(table))
        )
        parts.append(part.assign(is_end=table["is_snap_back"] | table[ends[0]].eq(ends[1])))
    return pd.concat(parts, ignore_index=True)


class _Named(NamedTuple):
    clock: str
    measures: str


@rule("deadlines", "tariff_measures", "nontariff_steps")
def a_clock_names_measures_that_are_held(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The measures of a clock are held by tariff_measures or nontariff_steps, and all rows of the clock name the same."""
    held = {*tables["tariff_measures"]["measure_id"], *tables["nontariff_steps"]["item_id"]}
    table = tables["deadlines"]
    usual = table.groupby("clock")["measures"].transform("first")
    for position, row in enumerate(each(table, _Named)):
        unknown = [name for name in row.measures.split("|") if name and name not in held]
        if unknown or row.measures != usual.iloc[position]:
            yield "deadlines", position, f"clock {row.clock!r} names {row.measures!r}"


class _Clock(NamedTuple):
    clock: str
    basis: str
    announced_on: pd.Timestamp
    expires_on: pd.Timestamp
    day: pd.Timestamp
    measure: str
    position: int


class _Step(NamedTuple):
    table: str
    measure: str
    announced_on: pd.Timestamp
    effective_on: pd.Timestamp
    standing: str
    position: int


@rule("deadlines", "tariff_steps", "nontariff_steps")
def the_end_of_a_clock_is_a_step_of_its_measures(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """An end that is typed as a clock is typed as a step of its measures too, on the same day and from the same announcement.

    It is what returns or ends on that day in tariff_steps or nontariff_steps. Add the twin, or mend the day.
    """
    held: dict[tuple[str, pd.Timestamp], pd.Timestamp] = {}
    for step in each(_steps(tables), _Step):
        key = (step.measure, step.effective_on)
        held[key] = min(held.get(key, step.announced_on), step.announced_on)
    for _, rows in _clocks(tables).dropna(subset=["day"]).groupby(["position", "clock", "day", "announced_on"]):
        end, measures = next(each(rows, _Clock)), list(rows["measure"])
        if not any(held.get((measure, end.day), pd.Timestamp.max) <= end.announced_on + _FORTNIGHT for measure in measures):
            yield "deadlines", end.position, f"clock {end.clock!r} ends on {end.day:%Y-%m-%d}, and no step of {'|'.join(measures)} does"


@rule("deadlines", "tariff_steps", "nontariff_steps")
def the_end_of_a_measure_is_that_of_its_clock(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A text that says until when a measure is held back, or runs, is typed in deadlines too, with the same day.

    It is typed as legal where a text sets it. A measure that a text of the truce lets return belongs to a clock. Add the twin, or mend
    the day.
    """
    clocks, steps = _clocks(tables), _steps(tables)
    alone = steps["is_snap_back"] & (steps["announced_on"] >= _TRUCE_BEGAN) & ~steps["measure"].isin(clocks["measure"])
    for row in each(steps[alone], _Step):
        yield row.table, row.position, f"{row.measure} returns on {row.effective_on:%Y-%m-%d}, and no clock names it"
    # The last step of an announcement is its end; the others begin or prolong what ends then.
    clocked = steps[steps["measure"].isin(clocks["measure"])]
    ends = clocked.loc[clocked.groupby(["measure", "announced_on", "standing"])["effective_on"].idxmax()]
    by_measure: dict[str, list[_Clock]] = {}
    for clock in each(clocks, _Clock):
        by_measure.setdefault(clock.measure, []).append(clock)
    for end in each(ends[ends["is_end"] & (ends["effective_on"] > ends["announced_on"])], _Step):
        own = by_measure[end.measure]
        if end.announced_on < min(clock.announced_on for clock in own):
            continue
        known = [clock for clock in own if clock.announced_on <= end.announced_on + _FORTNIGHT]
        stopped = any(clock.announced_on == end.announced_on and pd.isna(clock.expires_on) for clock in known)
        by_law = [clock for clock in known if clock.basis == "legal" or end.standing != "instrument"]
        if not stopped and not any(clock.day == end.effective_on for clock in by_law):
            said = f"{end.measure} ends or returns on {end.effective_on:%Y-%m-%d} by {end.standing}, and no clock does"
            yield end.table, end.position, said


@rule("deadlines", "tariff_steps", "nontariff_steps")
def what_a_clock_lets_return_is_marked(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A rate that comes back on the day on which the clock of its suspension runs out has `returns: true`."""
    steps, clocks = tables["tariff_steps"], _clocks(tables)
    held = clocks[clocks["kind"].eq("suspension")]
    days = pd.MultiIndex.from_frame(steps[["measure_id", "announced_on", "effective_on"]])
    ends = pd.Series(days.isin(pd.MultiIndex.from_frame(held[["measure", "announced_on", "day"]])), index=steps.index)
    wrong = ends & (steps["announced_on"] >= _TRUCE_BEGAN) & steps["rate_frac"].gt(0) & ~steps["is_snap_back"]
    yield from where("tariff_steps", steps, wrong, "measure_id", "announced_on", "effective_on", "rate_frac", "is_snap_back")


@rule("deadlines", "tariff_steps", "nontariff_steps")
def a_text_that_undoes_a_return_moves_its_clock(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A text that sets anew, before a clock has run out, what returns or ends with it keeps that return, or the clock has a row of its day.

    Type the clock as the text leaves it: with its new day, or stopped, without one.
    """
    clocks, steps = _clocks(tables), _steps(tables)
    law = steps[steps["standing"].eq("instrument") & steps["measure"].isin(clocks["measure"])]
    legal = {str(measure): list(each(rows, _Clock)) for measure, rows in clocks[clocks["basis"].eq("legal")].groupby("measure")}
    for _, rows in law.groupby(["measure", "announced_on"]):
        first = next(each(rows, _Step))
        measure, announced = first.measure, first.announced_on
        own = legal.get(measure, [])
        before = [clock for clock in own if clock.announced_on < announced - _FORTNIGHT]
        if not before or any(abs(clock.announced_on - announced) <= _FORTNIGHT for clock in own):
            continue
        running = max(before, key=lambda clock: clock.announced_on)
        kept = rows["is_end"] & rows["effective_on"].eq(running.day)
        if announced < running.day and rows["effective_on"].min() <= running.day and not kept.any():
            said = f"{measure} is set anew on {announced:%Y-%m-%d}, and clock {running.clock!r} still ends on {running.day:%Y-%m-%d}"
            yield first.table, first.position, said
