"""What became known of duties between two days: new steps, each beside what had been known for its day."""

import math
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue, ledger, sides, wording
from tradelib.rows import each

# Beside the change of a rate, which is far smaller.
_WHOLE = 100
_ALIKE = ["known_on", "importer", "authority", "when", "said", "before", "after"]


def duty_changes(since: date, until: date) -> pd.DataFrame:
    """New steps of duties after one day and by another.

    Steps of one text that do the same on the same days are one row; a step that says what was known with as much force is none.

    Returns
    -------
    DataFrame
        One row a change: known_on, what, before, after, item (the measures), holds_on, unit, before_value, after_value, before_note,
        source, url, weight (country-wide duties first, then by how far the rate moves); see `changes`.
    """
    steps = catalogue.load("tariff_steps", as_of=until)
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
    by_measure = {str(name): measure for name, measure in measures.iterrows()}
    found = []
    for row in each(rows.assign(to=following), _Step):
        measure, held = by_measure[row.measure_id], known[row.announced_on].state(row.measure_id, row.effective_on)
        if held.words != _words(row) or (row.standing in ledger.LAW and held.standing not in ledger.LAW):
            is_whole = "all" in row.scope.split("|") or measure["family"] in whole
            found.append(_change(row, measure, held) | {"weight": _WHOLE * is_whole + abs(_rate(row) - held.rate_frac)})
    return _of_one_text(pd.DataFrame(found)) if found else pd.DataFrame()


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


def _change(row: _Step, measure: pd.Series, held: "_State") -> dict[str, object]:
    """One new step beside what had been known for its day."""
    return {
        "known_on": row.announced_on,
        "text": row.instrument.split("; ")[0],
        "importer": measure["importer"],
        "authority": measure["authority"],
        "when": f"from {wording.day(row.effective_on)}" + ("" if pd.isna(row.to) else f" to {wording.day(row.to)}"),
        "said": "" if row.standing in ledger.LAW else " (stated, no text seen)",
        "before": ", ".join(filter(None, [held.words, _as_stated(held)])),
        "after": _words(row),
        "item": row.measure_id,
        "holds_on": row.effective_on,
        "before_value": held.value_frac,
        "after_value": _value(row),
        "before_note": _as_stated(held),
        "programme": measure["programme"],
        "source": row.instrument,
        "url": row.url,
    }


def _of_one_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Steps of one text with the same days, rate and authority as one row that names their programmes."""
    merged = []
    for _, part in rows.groupby(["known_on", "text", "importer", "authority", "when", "said", "before", "after"], sort=False):
        known_on, importer, authority, when, said, before, after = part.iloc[0][_ALIKE]
        names = list(dict.fromkeys(part["programme"]))
        what = wording.duty(authority, names[0]) if len(names) == 1 else f"{authority}: {'; '.join(names)}"
        sources = dict.fromkeys(word for source in part["source"] for word in source.split("; "))
        links = dict.fromkeys(link for url in part["url"] for link in url.split("|") if link)
        merged.append(
            {
                "known_on": known_on,
                "what": f"{sides.short(importer)}: {what}, {when}{said}",
                "before": before,
                "after": after,
                "item": "|".join(dict.fromkeys(part["item"])),
                "holds_on": part["holds_on"].iloc[0],
                "unit": "fraction",
                "before_value": part["before_value"].iloc[0],
                "after_value": part["after_value"].iloc[0],
                "before_note": part["before_note"].iloc[0],
                "source": "; ".join(sources),
                "url": "|".join(links),
                "weight": part["weight"].max(),
            }
        )
    return pd.DataFrame(merged)


class _Held(NamedTuple):
    basis: str
    rate_frac: float
    standing: str


class _State(NamedTuple):
    words: str
    rate_frac: float
    standing: str
    value_frac: float = math.nan


class _Known:
    """What was known of some duties on one day, law and statements."""

    def __init__(self, steps: pd.DataFrame, as_of: date) -> None:
        self._steps = steps[steps["announced_on"] <= pd.Timestamp(as_of)].sort_values(["announced_on", "effective_on"])
        self._held, self._law = (
            {str(measure): part for measure, part in ledger.replay(self._steps, as_of=as_of, standing=standing).groupby("measure_id")}
            for standing in (ledger.LAW_AND_STATEMENTS, ledger.LAW)
        )

    def state(self, measure: str, on: pd.Timestamp) -> _State:
        """What was to hold on a day; without words where the measure was not known to begin by then."""
        held, law = (_in_force(schedules.get(measure), on) for schedules in (self._held, self._law))
        if held is not None:
            # What officials only say again is law all the same.
            step = law if law is not None and _words(law) == _words(held) else held
            return _State(_words(step), _rate(step), step.standing, _value(step))
        begun = self._steps[self._steps["measure_id"].eq(measure) & self._steps["effective_on"].le(on)]
        return _State("ended", 0.0, begun["standing"].iloc[-1]) if len(begun) else _State("", 0.0, "")


def _as_stated(held: _State) -> str:
    return "as stated" if held.words and held.standing not in ledger.LAW else ""


def _in_force(schedule: pd.DataFrame | None, on: pd.Timestamp) -> _Held | None:
    held = None if schedule is None else ledger.in_force(schedule, on=on.date())
    return None if held is None or held.empty else next(each(held, _Held))


def _words(step: _Step | _Held) -> str:
    if step.basis in ("ended", "suspended"):
        return step.basis
    if step.basis == "exclusion":
        return "in force"
    return step.basis.replace("_", " ") if pd.isna(step.rate_frac) else wording.percent(step.rate_frac)


def _value(step: _Step | _Held) -> float:
    """The rate that the words of a step name; NaN where they name none."""
    return math.nan if step.basis in ("ended", "suspended", "exclusion") else step.rate_frac


def _rate(step: _Step | _Held) -> float:
    return 0.0 if pd.isna(step.rate_frac) else step.rate_frac
