"""From a scenario to a schedule: its announcements laid over the legal texts of a day. The tariff engine computes the duties."""

from collections.abc import Hashable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from tradelib import catalogue, ledger, sides, tariffs, wording
from tradelib.doors import LATEST, Day, door, opened
from tradelib.errors import ParameterError
from tradelib.scenarios.files import Scenario, Supposed, load, names

_STEP = [
    "measure_id", "effective_on", "rate_frac", "basis", "scope", "exempt", "is_snap_back", "instrument", "url", "confidence", "known_on",
]  # fmt: skip
_Row = Mapping[Hashable, Any]
WITHIN_DAYS = 365
AUTO = "auto"
# Where a text changes a country-wide rate within these days, what the law itself brings is the question of the day.
SOON_DAYS = 14
# Duties that differ by less are the same: binary addition leaves as much behind.
SAME = 1e-9


@door
def begins_on(as_of: Day = LATEST) -> date:
    """First day of every scenario: the day after the last one that is observed."""
    return catalogue.observed_through(as_of) + timedelta(days=1)


def check_begun(on: date, *, as_of: date) -> None:
    """Refuse a day of entry before a scenario begins: its duties are those of the law, and would pass for supposed ones.

    Raises
    ------
    ParameterError
        a day before `begins_on`.
    """
    first = begins_on(as_of)
    if on < first:
        message = f"A scenario begins on {first}, the day after what is observed; on is {on}, which the law decides: choose a later day."
        raise ParameterError(message)


def apart(supposed: Scenario, reference: Scenario) -> None:
    """Refuse two scenarios of one title: nobody could tell their duties from each other.

    Raises
    ------
    ParameterError
        another scenario with the same title.
    """
    if supposed.title == reference.title and supposed.name != reference.name:
        message = f"The scenarios {supposed.name} and {reference.name} have one title, {supposed.title!r}; give yours another."
        raise ParameterError(message)


@door
def why_not(scenario: Scenario, *, as_of: Day = LATEST) -> str:
    """Why a scenario cannot be asked on a day of knowledge, as a sentence; empty where it can."""
    first = max((day for day in (scenario.known_from, scenario.country_wide_of) if day), default=None)
    if first is None or opened(as_of) >= first:
        return ""
    return f"The scenario {scenario.name} rests on what became known on {wording.day(first)}; choose a later as_of, or another scenario."


@door
def available(*, as_of: Day = LATEST) -> list[Scenario]:
    """Scenarios of the package that can be asked on a day of knowledge."""
    held = [load(name) for name in names()]
    return [scenario for scenario in held if not why_not(scenario, as_of=as_of)]


@door
def of_the_day(name: str, against: str, *, as_of: Day = LATEST) -> tuple[Scenario, Scenario]:
    """A scenario and what it is compared with.

    Parameters
    ----------
    name, against
        as `files.load` takes them, or `auto` for what fits the day: the law as scheduled against the rates of the day, where a text changes
        a country-wide rate within two weeks; else the lapse of the truce against the rates of the day, where a suspended rate can return;
        else a full roll-back against the law as scheduled.
    as_of
        day of knowledge.
    """
    as_of = opened(as_of)
    moves = tariffs.duty_moves(tariffs.schedule_ahead(as_of=as_of))
    fits = ("full_rollback", "as_scheduled")
    if any(not move.is_snap_back and (move.on - as_of).days <= SOON_DAYS for move in moves):
        fits = ("as_scheduled", "status_quo")
    elif any(move.is_snap_back for move in moves):
        fits = ("truce_lapses", "status_quo")
    supposed, reference = (fit if given == AUTO else given for given, fit in zip((name, against), fits, strict=True))
    chosen = load(supposed), load(reference)
    apart(*chosen)
    return chosen


@door
def schedule(scenario: Scenario, *, as_of: Day = LATEST) -> pd.DataFrame:
    """Rate of every measure over time under a scenario.

    Parameters
    ----------
    scenario
        as `files.load` reads it.
    as_of
        day of knowledge; the scenario begins on the day after it, or after the end of the evidence where that is earlier.

    Returns
    -------
    DataFrame
        As `tariffs.schedule`, for both importers; rows that the scenario brought have the standing `supposed`.

    Raises
    ------
    ParameterError
        a scenario that rests on later knowledge, or names a measure not known on the day, or a day before it begins.
    """
    refusal = why_not(scenario, as_of=as_of)
    if refusal:
        raise ParameterError(refusal)
    law = tariffs.schedule(as_of=as_of)
    start = pd.Timestamp(begins_on(as_of))
    parts = [_freeze(law, start, keep_suspensions="suspensions" in scenario.keeps)] if scenario.over == "today" else []
    parts += [_end_all(law, start)] if scenario.ends_all else []
    parts += [_country_wide_again(law, start, scenario.country_wide_of)] if scenario.country_wide_of else []
    parts += [_stated(scenario, law, start)] if scenario.steps else []
    # Each part is an announcement of its own: where two speak of one measure, the later replaces the earlier.
    announced = [part.assign(announced_on=start + pd.Timedelta(days=number)) for number, part in enumerate(parts) if len(part)]
    steps = pd.concat(announced, ignore_index=True).assign(standing=tariffs.SUPPOSED) if announced else pd.DataFrame()
    return tariffs.laid_over(steps, _measures(scenario, start), as_of=as_of)


@door
def ended_by_law(rates: pd.DataFrame, *, as_of: Day = LATEST) -> pd.DataFrame:
    """Country-wide duties that a schedule keeps, although a legal text known on the day ends them within a year.

    Parameters
    ----------
    rates
        as `schedule` gives it.

    Returns
    -------
    DataFrame
        One row a measure: importer, authority, rate_frac, ends_on (by the text), instrument, url, known_on.
    """
    start = pd.Timestamp(begins_on(as_of))
    law = tariffs.schedule(as_of=as_of)
    last = law.sort_values("effective_from").drop_duplicates("measure_id", keep="last")
    last = last[last["effective_to"].notna() & (last["effective_to"] <= start + pd.Timedelta(days=WITHIN_DAYS))]
    kept = rates[rates["is_country_wide"] & rates["effective_to"].isna() & rates["measure_id"].isin(last["measure_id"])]
    kept = kept.merge(last[["measure_id", "effective_to"]].rename(columns={"effective_to": "ends_on"}), on="measure_id")
    kept = kept[kept["ends_on"] > start - pd.Timedelta(days=1)]
    return kept[["importer", "authority", "rate_frac", "ends_on", "instrument", "url", "known_on"]].reset_index(drop=True)


def _freeze(law: pd.DataFrame, start: pd.Timestamp, *, keep_suspensions: bool) -> pd.DataFrame:
    """Announcements that let the rates of the day stay: what holds is said again, what has not begun is called off."""
    last = start - pd.Timedelta(days=1)
    moving = law.loc[(law["effective_from"] > last) | (law["effective_to"] > last), "measure_id"]
    by_measure: dict[str, list[_Row]] = {}
    for row in law[law["measure_id"].isin(moving)].to_dict("records"):
        by_measure.setdefault(row["measure_id"], []).append(row)
    rows = []
    for steps in by_measure.values():
        if keep_suspensions and steps[0]["kind"] == "exclusion":
            continue
        holding = [row for row in steps if row["effective_from"] <= last and (pd.isna(row["effective_to"]) or last < row["effective_to"])]
        kept = [row for row in steps if row["effective_from"] > last and row["is_snap_back"]] if keep_suspensions else []
        if all(row["effective_from"] != start for row in kept):
            rows.append(_again(holding[0], start) if holding else _ending(steps[-1], start))
        rows += [_again(row, row["effective_from"]) for row in kept]
    return _frame(rows)


def _end_all(law: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    alive = law[law["kind"].eq("duty") & (law["effective_to"].isna() | (law["effective_to"] > start))]
    return _frame([_ending(row, start) for row in alive.drop_duplicates("measure_id").to_dict("records")])


def _country_wide_again(law: pd.DataFrame, start: pd.Timestamp, day: date) -> pd.DataFrame:
    """Announcements that put the country-wide duties of an earlier day in place of those that hold or are to come."""
    whole = law[law["is_country_wide"]]
    then = ledger.in_force(whole, on=day)
    now = whole[(whole["effective_to"].isna() | (whole["effective_to"] > start)) & ~whole["measure_id"].isin(then["measure_id"])]
    rows = [_again(row, start) for row in then.to_dict("records")]
    return _frame([*rows, *(_ending(row, start) for row in now.drop_duplicates("measure_id").to_dict("records"))])


def _stated(scenario: Scenario, law: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """The announcements that the file itself holds."""
    own = {measure.id for measure in scenario.measures}
    known = set(catalogue.load("tariff_measures", as_of=start.date() - timedelta(days=1))["measure_id"])
    rows = []
    for step in scenario.steps:
        if step.measure not in own | known:
            message = f"{step.where}: the measure {step.measure!r} was not known on this day; choose a later as_of."
            raise ParameterError(message)
        day = start if step.starts_on is None else pd.Timestamp(step.starts_on)
        if day < start:
            message = (
                f"{step.where}: the day {day.date()} lies before the scenario begins, on {start.date()}; choose a later one, or `start`."
            )
            raise ParameterError(message)
        rows.append(_supposed(step, scenario, law[law["measure_id"].eq(step.measure)], day))
    return _frame(rows)


def _supposed(step: Supposed, scenario: Scenario, held: pd.DataFrame, day: pd.Timestamp) -> dict[str, object]:
    """One announcement; what it does not say is as the measure last had it."""
    last = held.iloc[-1] if len(held) else None
    if step.rate_frac is None and (last is None or (pd.notna(last["effective_to"]) and last["effective_to"] <= day)):
        message = f"{step.where}: {step.measure!r} does not hold on {day.date()}, so nothing of it ends; leave the step out."
        raise ParameterError(message)
    if step.scopes is None and last is None:
        message = f"{step.where}: the measure {step.measure!r} has ended, and its scope with it; give `scope` or `codes`."
        raise ParameterError(message)
    scopes = last["scope"] if step.scopes is None and last is not None else "|".join(step.scopes or ())
    keeps_exemptions = step.exempt is None and step.scopes is None
    exempt = last["exempt"] if keeps_exemptions and last is not None else "|".join(step.exempt or ())
    basis = "full_value" if last is None or last["basis"] not in (*tariffs.ON_METAL, "floor_total_incl_mfn") else last["basis"]
    return {
        "measure_id": step.measure,
        "effective_on": day,
        "rate_frac": step.rate_frac,
        "basis": "ended" if step.rate_frac is None else basis,
        "scope": scopes,
        "exempt": exempt,
        "is_snap_back": False,
        "instrument": f"Supposed: {scenario.title}",
        "url": scenario.url,
        "confidence": "",
        "known_on": day,
    }


def _again(row: _Row, day: pd.Timestamp) -> dict[str, object]:
    """A step said again for another day; the text it comes from stays its text."""
    return {**{name: row[name] for name in _STEP if name != "effective_on"}, "effective_on": day}


def _ending(row: _Row, day: pd.Timestamp) -> dict[str, object]:
    return {**_again(row, day), "rate_frac": float("nan"), "basis": "ended", "scope": "", "exempt": "", "is_snap_back": False}


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=_STEP)
    return frame.astype({"rate_frac": "float64", "is_snap_back": "bool"})


def _measures(scenario: Scenario, start: pd.Timestamp) -> pd.DataFrame:
    """The scenario's own duties as measures: each a family of its own, which adds to the others."""
    rows = [
        {
            "measure_id": measure.id,
            "importer": measure.importer,
            "exporter": sides.pair(measure.importer).exporter.code,
            "authority": "Supposed",
            "programme": measure.title,
            "family": measure.id,
            "kind": "duty",
            "within_family": "add",
            "priority": float("nan"),
            "yields_to": "|".join(measure.yields_to),
            "announced_on": start,
            "instrument": f"Supposed: {scenario.title}",
            "url": scenario.url,
        }
        for measure in scenario.measures
    ]
    return pd.DataFrame(rows)
