"""Where the truce stands, what changed and what a scenario brings: what was found, from which the terminal words its lines, and its record.

A record holds plain values by name; `forms` writes it. Its names are stable: others build on them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from tradelib import catalogue, minerals, scenarios, tariffs, trade, truce
from tradelib.scenarios.schedules import apart, check_begun
from tradelib.terminal import forms

CHANGES = [
    "group", "known_on", "item", "what", "holds_on", "unit", "before_value", "after_value", "before_on", "after_on", "before", "after",
    "source", "url",
]  # fmt: skip
DIFFERENCES = [
    "on", "importer", "authority", "programme", "what", "before_frac", "after_frac", "instrument", "url", "known_on",
]  # fmt: skip
_LAYERS = [
    "measure_id", "family", "authority", "programme", "rate_frac", "effective_from", "effective_to", "instrument", "url", "known_on",
]  # fmt: skip
_AHEAD = [
    "importer", "changes_on", "measure_id", "authority", "rate_before_frac", "rate_after_frac", "headline_before_frac",
    "headline_after_frac", "instrument", "url", "known_on",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Standing:
    """Where the truce stands, as known on a day: what `tradelib status` says.

    Attributes
    ----------
    as_of, observed : day of knowledge; last day of it that was observed.
    truce : as `truce.status` gives it.
    duties, peaks : country-wide duties of both sides on `observed`; the highest of each by importer.
    ahead : as `tariffs.schedule_ahead` gives it.
    meeting : the talks that are open, else those held last; None before any.
    accusations : the newest of each side.
    mined : China's share, as `minerals.mining_share` gives it; None where none is held.
    headlines : as `trade.china_headlines` gives them.
    upcoming : the next day ahead that was known, a row of `truce.dates_ahead`; None where there is none.
    """

    as_of: date
    observed: date
    truce: truce.Status
    duties: tuple[tariffs.Headline, tariffs.Headline]
    peaks: dict[str, pd.Series]
    ahead: pd.DataFrame
    meeting: pd.Series | None
    accusations: pd.DataFrame
    mined: minerals.MiningShare | None
    headlines: pd.DataFrame
    upcoming: pd.Series | None

    @property
    def upcoming_on(self) -> date | None:
        """The day of `upcoming`: by law or as stated, whichever comes first."""
        if self.upcoming is None:
            return None
        days: list[pd.Timestamp] = [self.upcoming["legal_on"], self.upcoming["stated_on"]]
        return min(day for day in days if pd.notna(day)).date()


def standing(*, as_of: date) -> Standing:
    """Where the truce stands, as known on a day."""
    observed = catalogue.observed_through(as_of)
    meetings = truce.meetings(as_of=as_of)
    is_open = meetings["phase_of_event"].eq("open")
    ahead = truce.dates_ahead(as_of=as_of)
    return Standing(
        as_of=as_of,
        observed=observed,
        truce=truce.status(as_of=as_of),
        duties=tariffs.headlines(on=observed, as_of=as_of),
        peaks=tariffs.peaks(tariffs.headline_paths(as_of=as_of)),
        ahead=tariffs.schedule_ahead(as_of=as_of),
        meeting=_last(meetings[is_open] if is_open.any() else meetings[meetings["phase_of_event"].eq("held")]),
        accusations=truce.accusations(as_of=as_of, only_newest=True),
        mined=minerals.mining_share(minerals.mine_production(as_of=as_of)),
        headlines=trade.china_headlines(as_of=as_of),
        upcoming=_last(ahead[ahead["days_left"] > 0].sort_values("days_left", kind="stable").head(1)),
    )


def _last(rows: pd.DataFrame) -> pd.Series | None:
    return rows.iloc[-1] if len(rows) else None


def status(now: Standing) -> dict[str, object]:
    """The record of a standing.

    Returns
    -------
    as_of, evidence_through, edition, truce, duties (by importer), ahead, talks, accused (by side), rare_earths, china_trade, next. Every
    field is there on every day; one that has no value is None.
    """
    values = now.headlines.set_index("figure")["value"] if len(now.headlines) else pd.Series(dtype="float64")
    mined = vars(now.mined) if now.mined else None
    accused = {row["actor"]: row for row in forms.records(now.accusations)}
    return {
        "as_of": now.as_of,
        "evidence_through": catalogue.edition().evidence_through,
        "edition": catalogue.edition().version,
        "truce": _truce(now.truce),
        "duties": {side.importer: _duty(side, now) for side in now.duties},
        "ahead": now.ahead[_AHEAD].to_dict("records"),
        "talks": _picked(now.meeting, {"title": "title", "on": "starts_on", "state": "phase_of_event", "source": "source", "url": "url"}),
        "accused": {
            side: _picked(accused.get(side), {"on": "published_on", "title": "title", "source": "source", "url": "url"})
            for side in tariffs.IMPORTERS
        },
        "rare_earths": _picked(mined, {"year": "period", "china_share_frac": "share_frac", "source": "source", "url": "url"}),
        "china_trade": {
            "month": f"{now.headlines['period'].max():%Y-%m}" if len(now.headlines) else None,
            "exports_yoy_frac": values.get("exports"),
            "imports_yoy_frac": values.get("imports"),
            "is_later_revised": bool(now.headlines.loc[now.headlines["figure"].isin(["exports", "imports"]), "is_later_revised"].any()),
        },
        "next": {"on": now.upcoming_on} | _picked(now.upcoming, {"what": "what", "side": "side", "source": "source", "url": "url"}),
    }


def _picked(row: pd.Series | Mapping[str, object] | None, names: dict[str, str]) -> dict[str, object]:
    return {name: None if row is None else row[column] for name, column in names.items()}


def _truce(now: truce.Status) -> dict[str, object]:
    return {
        "state": now.word,
        "phase": now.phase or None,
        "begun_on": now.begun_on,
        "ends_on": now.ends_on,
        "days_left": now.days_left,
        "said_by": now.said_by or None,
        "has_legal_text": now.has_instrument,
        "law_ends_on": {side: now.law_ends_on.get(side) for side in tariffs.IMPORTERS},
        "term": now.term or None,
        "term_on": now.term_on,
        "term_by": now.term_by or None,
        "pause": now.pause or None,
        "pause_ends_on": now.pause_ends_on,
    }


def _duty(side: tariffs.Headline, now: Standing) -> dict[str, object]:
    ahead = now.ahead[now.ahead["importer"].eq(side.importer)].head(1)
    unseen = side.unseen
    return {
        "on": side.on,
        "state": side.state,
        "rate_frac": side.rate_frac,
        "stated_rate_frac": side.stated_rate_frac,
        "peak_frac": now.peaks[side.importer]["rate_frac"],
        "unseen": {
            "changed_on": unseen.changed_on if unseen else None,
            "rate_frac": unseen.after_frac if unseen else None,
            "stated_to": unseen.stated_to if unseen else None,
        },
        "next": _picked(_last(ahead), {"on": "changes_on", "rate_frac": "headline_after_frac"}),
        "layers": side.layers[_LAYERS].to_dict("records"),
    }


def changes(rows: pd.DataFrame, *, since: date, until: date) -> dict[str, object]:
    """The record of what became known between two days.

    Parameters
    ----------
    rows : as `phrases.changes.told` gives them.
    since, until : the days.

    Returns
    -------
    since, until, evidence_through, note (what was not looked for), edition, changes (the columns `CHANGES`).
    """
    return {
        "since": since,
        "until": until,
        "evidence_through": catalogue.edition().evidence_through,
        "note": not_looked_for(since, until),
        "edition": catalogue.edition().version,
        "changes": rows[CHANGES].to_dict("records"),
    }


def not_looked_for(since: date, until: date) -> str:
    """What of a span the evidence does not reach, in a sentence; empty where it reaches to the end."""
    said = "".join(forms.beyond(until))
    if said and since >= catalogue.observed_through(until):
        return f"{said.partition(':')[0]}: nothing was looked for in these days, and what happened in them is not known here."
    return said


def suppositions(*, as_of: date) -> list[dict[str, object]]:
    """Scenarios of the package: name, title, question, refused (why one cannot be asked on the day; else None)."""
    items = [scenarios.load(name) for name in scenarios.names()]
    return [
        {"name": item.name, "title": item.title, "question": item.question, "refused": scenarios.why_not(item, as_of=as_of) or None}
        for item in items
    ]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Duties under a scenario, and in another.

    Attributes
    ----------
    supposed, reference : the scenarios.
    as_of, on : day of knowledge; day of entry.
    averages : by importer, a row of `tariffs.averages` under `supposed`, and one under `reference`.
    differences : as `scenarios.differences` gives them.
    """

    supposed: scenarios.Scenario
    reference: scenarios.Scenario
    as_of: date
    on: date
    averages: dict[str, tuple[pd.Series, pd.Series]]
    differences: pd.DataFrame


def compared(name: str, compare_with: str, *, as_of: date, on: date | None) -> Comparison:
    """Duties under a scenario and in another; `on` None is the last day within a year on which either changes a duty."""
    supposed, reference = scenarios.load(name), scenarios.load(compare_with)
    apart(supposed, reference)
    if on is not None:
        check_begun(on, as_of=as_of)
    before, after = (scenarios.schedule(item, as_of=as_of) for item in (reference, supposed))
    day = on or scenarios.settled_on(before, after, as_of=as_of)

    def averages(importer: str, rates: pd.DataFrame) -> pd.Series:
        return tariffs.averages(importer=importer, as_of=as_of, on=[day], rates=rates).iloc[0]

    both = {importer: (averages(importer, after), averages(importer, before)) for importer in tariffs.IMPORTERS}
    return Comparison(supposed, reference, as_of, day, both, scenarios.differences(before, after, as_of=as_of))


def comparison(found: Comparison) -> dict[str, object]:
    """The record of a comparison: scenario, compare_with, as_of, on, duties (by importer), differences, edition."""
    return {
        "scenario": _named(found.supposed),
        "compare_with": _named(found.reference),
        "as_of": found.as_of,
        "on": found.on,
        "duties": {
            importer: {
                "average_frac": now["weighted_frac"],
                "average_compared_frac": then["weighted_frac"],
                "headline_frac": now["headline_frac"],
                "headline_compared_frac": then["headline_frac"],
            }
            for importer, (now, then) in found.averages.items()
        },
        "differences": found.differences[DIFFERENCES].to_dict("records"),
        "edition": catalogue.edition().version,
    }


def _named(item: scenarios.Scenario) -> dict[str, object]:
    return {"name": item.name, "title": item.title, "question": item.question, "about": item.about or None}
