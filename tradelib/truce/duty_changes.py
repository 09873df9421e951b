"""What became known of duties between two days: new steps, each beside what had been known for its day."""

import math
from collections.abc import Hashable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from tradelib import catalogue, ledger, sides
from tradelib.rows import each

# Beside the change of a rate, which is far smaller.
_WHOLE = 100
_Says = tuple[str, float | None]
_ALIKE = [
    "known_on", "by", "what", "rests_on", "holds_on", "until_on", "before_state", "before_value", "before_mark", "after_state",
    "after_value",
]  # fmt: skip


def duty_changes(since: date, until: date) -> pd.DataFrame:
    """New steps of duties after one day and by another.

    Steps of one text that do the same on the same days are one row; a step that says what was known with as much force is none.

    Returns
    -------
    DataFrame
        One row a change: the columns of `changes`, and weight (country-wide duties first, then by how far the rate moves).
    """
    steps = catalogue.load("tariff_steps", as_of=until)
    if not (steps["announced_on"] > pd.Timestamp(since)).any():
        return pd.DataFrame()
    measures = catalogue.load("tariff_measures", as_of=until)
    measures = measures[sides.between(measures)].set_index("measure_id")
    steps = steps[steps["measure_id"].isin(measures.index)]
    rows = steps[steps["announced_on"] > pd.Timestamp(since)]
    whole = set(measures["family"].reindex(steps.loc[steps["scope"].str.split("|").map(lambda scopes: "all" in scopes), "measure_id"]))
    following = rows.sort_values("effective_on").groupby(["measure_id", "announced_on"])["effective_on"].shift(-1)
    known = {
        day: _Known(steps[steps["measure_id"].isin(rows.loc[rows["announced_on"].eq(day), "measure_id"])], day.date() - timedelta(days=1))
        for day in rows["announced_on"].drop_duplicates()
    }
    by_measure = measures.loc[rows["measure_id"].unique(), ["importer", "authority", "programme", "family"]].to_dict("index")
    found = []
    for row in each(rows.assign(to=following), _Step):
        measure, held = by_measure[row.measure_id], known[row.announced_on].state(row.measure_id, row.effective_on)
        if held.says != _says(row) or (row.standing in ledger.LAW and held.standing not in ledger.LAW):
            is_whole = "all" in row.scope.split("|") or measure["family"] in whole
            found.append(_change(row, measure, held) | {"weight": _WHOLE * is_whole + abs(_rate(row) - held.rate_frac)})
    return _of_one_text(found)


class _Step(NamedTuple):
    measure_id: str
    announced_on: pd.Timestamp
    effective_on: pd.Timestamp
    to: pd.Timestamp
    basis: str
    rate_frac: float
    scope: str
    standing: str
    instrument: str
    url: str


def _change(row: _Step, measure: Mapping[Hashable, Any], held: "_State") -> dict[str, object]:
    """One new step beside what had been known for its day."""
    return {
        "known_on": row.announced_on,
        "text": row.instrument.split("; ")[0],
        "by": measure["importer"],
        "what": measure["authority"],
        "rests_on": "law" if row.standing in ledger.LAW else "statement",
        "item": row.measure_id,
        "holds_on": row.effective_on,
        "until_on": row.to,
        "before_state": held.says[0],
        "after_state": _says(row)[0],
        "before_value": math.nan if held.says[1] is None else held.says[1],
        "after_value": math.nan if _says(row)[1] is None else _says(row)[1],
        "before_mark": "" if held.standing in ("", *ledger.LAW) else "statement",
        "programme": measure["programme"],
        "source": row.instrument,
        "url": row.url,
    }


def _of_one_text(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Steps of one text with the same days, rate and authority as one row that names their programmes."""
    alike: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(None if pd.isna(row[name]) else row[name] for name in ("text", *_ALIKE)), []).append(row)
    merged = []
    for part in alike.values():
        sources = dict.fromkeys(word for row in part for word in row["source"].split("; "))
        links = dict.fromkeys(link for row in part for link in row["url"].split("|") if link)
        merged.append(
            {name: part[0][name] for name in _ALIKE}
            | {
                "detail": "|".join(dict.fromkeys(row["programme"] for row in part)),
                "item": "|".join(dict.fromkeys(row["item"] for row in part)),
                "unit": "fraction",
                "source": "; ".join(sources),
                "url": "|".join(links),
                "weight": max(row["weight"] for row in part),
            }
        )
    return pd.DataFrame(merged)


class _Held(NamedTuple):
    measure_id: str
    effective_from: pd.Timestamp
    effective_to: pd.Timestamp
    basis: str
    rate_frac: float
    standing: str


_Row = TypeVar("_Row", "_Held", "_Begun")


class _State(NamedTuple):
    says: _Says
    rate_frac: float
    standing: str


class _Known:
    """What was known of some duties on one day, law and statements."""

    def __init__(self, steps: pd.DataFrame, as_of: date) -> None:
        known = steps[steps["announced_on"] <= pd.Timestamp(as_of)].sort_values(["announced_on", "effective_on"])
        self._begun = _by_measure(each(known, _Begun))
        self._held, self._law = (
            _by_measure(each(ledger.replay(known, as_of=as_of, standing=standing), _Held))
            for standing in (ledger.LAW_AND_STATEMENTS, ledger.LAW)
        )

    def state(self, measure: str, on: pd.Timestamp) -> _State:
        """What was to hold on a day; nothing where the measure was not known to begin by then."""
        held, law = (_in_force(schedules.get(measure, []), on) for schedules in (self._held, self._law))
        if held is not None:
            # What officials only say again is law all the same.
            step = law if law is not None and _says(law) == _says(held) else held
            return _State(_says(step), _rate(step), step.standing)
        begun = [step for step in self._begun.get(measure, []) if step.effective_on <= on]
        return _State(("ended", None), 0.0, begun[-1].standing) if begun else _State(("", None), 0.0, "")


class _Begun(NamedTuple):
    measure_id: str
    effective_on: pd.Timestamp
    standing: str


def _by_measure(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.measure_id, []).append(row)
    return found


def _in_force(schedule: list[_Held], on: pd.Timestamp) -> _Held | None:
    return next((step for step in schedule if step.effective_from <= on and not step.effective_to <= on), None)


def _says(step: _Step | _Held) -> _Says:
    """What a step makes of a duty: a state without a rate, or a rate without a name."""
    if step.basis in ("ended", "suspended", "exclusion") or pd.isna(step.rate_frac):
        return ("in force" if step.basis == "exclusion" else step.basis.replace("_", " ")), None
    return "", step.rate_frac


def _rate(step: _Step | _Held) -> float:
    return 0.0 if pd.isna(step.rate_frac) else step.rate_frac
