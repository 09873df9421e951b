"""Two schedules side by side: which duties and exclusions differ from which day on, what they average over time, and on which goods."""

from collections.abc import Hashable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from tradelib import hs, tariffs
from tradelib.doors import LATEST, Day, door, opened
from tradelib.scenarios.schedules import WITHIN_DAYS, begins_on

# Smaller differences of an average would be written as none.
_Terms = tuple[object, ...] | None
_Row = Mapping[Hashable, Any]
_PRINTED = 5e-5
_TERMS = ["rate_frac", "basis", "scope", "exempt"]
_INTERVAL = ["effective_from", "effective_to", *_TERMS]
# By whether there is such a duty before, and after.
_UNNAMED = {(True, True): "unnamed rate", (False, True): "new unnamed rate", (True, False): "unnamed rate ends"}


@door
def differences(before: pd.DataFrame, after: pd.DataFrame, *, as_of: Day = LATEST) -> pd.DataFrame:
    """Duties and exclusions that two schedules set differently within a year, measure by measure.

    Parameters
    ----------
    before, after
        as `scenarios.schedule` gives them.

    Returns
    -------
    DataFrame
        One row per (measure, day) on which the terms of a duty begin to differ, differ anew, or differ no longer, in order of the day: on,
        importer, authority, programme, before_frac and after_frac (NaN: no such duty, or a rate not named), what (`rate`; `unnamed rate`
        where a text sets one and does not name it, `new unnamed rate` where `before` has no such duty, `unnamed rate ends` where `after`
        has none; `goods` where only what it covers differs; `exclusion` where an exclusion holds under `before` alone, `new exclusion`
        under `after` alone; `alike again`), instrument and url (of the text under `after`; of that under `before` where `after` has none),
        known_on.
    """
    first = begins_on(as_of)
    horizon = pd.Timestamp(first + timedelta(days=WITHIN_DAYS))
    rows = []
    apart = _apart(before, after)
    by_measure = [_by_measure(schedule[schedule["measure_id"].isin(apart)]) for schedule in (before, after)]
    for name in apart:
        one, other = (held.get(name, []) for held in by_measure)
        days = {row[end] for row in (*one, *other) for end in ("effective_from", "effective_to")}
        said: tuple[_Terms, _Terms] | None = None
        for day in sorted({pd.Timestamp(first), *(day for day in days if pd.Timestamp(first) < day <= horizon)}):
            terms = _terms(one, day), _terms(other, day)
            if terms[0] == terms[1]:
                if said is not None:
                    rows.append(_difference(one, other, day) | {"what": "alike again"})
                said = None
            elif terms != said:
                rows.append(_difference(one, other, day))
                said = terms
    columns = ["on", "importer", "authority", "programme", "before_frac", "after_frac", "what", "instrument", "url", "known_on", "kind"]
    table = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("on", "known_on"), "datetime64[us]"))
    table = table[table["kind"].isin(["duty", "exclusion"])].drop(columns="kind")
    return table.sort_values(["on", "importer", "authority", "programme"], ascending=[True, False, True, True]).reset_index(drop=True)


def _apart(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Measures of which the two schedules do not hold the same intervals."""
    key = ["measure_id", *_INTERVAL]
    return sorted(set(pd.concat([before[key], after[key]]).drop_duplicates(keep=False)["measure_id"]))


@door
def settled_on(before: pd.DataFrame, after: pd.DataFrame, *, as_of: Day = LATEST) -> date:
    """Day by which the differences of two schedules have come: the last within a year whose rates are named.

    The first day of the scenario where nothing differs. What both change alike makes no day.
    """
    rows = differences(before, after, as_of=as_of)
    unnamed = rows["what"].isin(_UNNAMED.values())
    days = rows.loc[~unnamed, "on"]
    return days.max().date() if len(days) else begins_on(as_of)


@door
def paths(before: pd.DataFrame, after: pd.DataFrame, *, as_of: Day = LATEST, until: Day) -> pd.DataFrame:
    """Average duties of both sides over time under two schedules, weighted with the trade of 2024.

    Parameters
    ----------
    until
        last day of entry.

    Returns
    -------
    DataFrame
        One row per (importer, day of a change under either): importer, on, before_frac, after_frac (of all duties, general rate included,
        over the lines whose duty is known on every one of these days under both), before_headline_frac, after_headline_frac (of the
        country-wide layers on a generic good).
    """
    first = begins_on(as_of)
    last = max(opened(until), first)
    frames = []
    for importer in tariffs.IMPORTERS:
        changing = partial(tariffs.change_days, importer=importer, as_of=as_of, since=first, until=last)
        dues = partial(tariffs.line_rates, importer=importer, as_of=as_of)
        bound = {"before": tariffs.bind(before, importer), "after": tariffs.bind(after, importer)}
        days = sorted({day for rates in bound.values() for day in changing(rates=rates)})
        frame = pd.DataFrame({"importer": importer, "on": pd.DatetimeIndex(days)})
        due = {name: [dues(on=day, rates=rates)["total_frac"].to_numpy() for day in days] for name, rates in bound.items()}
        means = tariffs.common_averages(importer, [*due["before"], *due["after"]])
        frame["before_frac"], frame["after_frac"] = means[: len(days)], means[len(days) :]
        for name, rates in (("before", before), ("after", after)):
            frame[f"{name}_headline_frac"] = [tariffs.headline_rate(rates, importer=importer, on=day) for day in days]
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


@door
def by_section(table: pd.DataFrame) -> pd.DataFrame:
    """Average duty by section of goods under two schedules.

    Parameters
    ----------
    table
        as `scenarios.lines` gives it.

    Returns
    -------
    DataFrame
        One row a section whose average duty differs, over lines with known duties, the largest change of duty in dollars first: section,
        value_usd (trade of 2024), before_frac, after_frac (weighted with that trade), change_frac.
    """
    known = table.dropna(subset=["before_frac", "after_frac"])
    frame = pd.DataFrame(
        {
            "section": hs.sections(known.index.to_numpy(dtype="U10")),
            "value_usd": known["value_usd"].to_numpy(),
            "before_usd": (known["value_usd"] * known["before_frac"]).to_numpy(),
            "after_usd": (known["value_usd"] * known["after_frac"]).to_numpy(),
        }
    )
    sums = frame.groupby("section").sum().reset_index()
    rates = {name: sums[f"{name}_usd"] / sums["value_usd"] for name in ("before", "after")}
    result = sums[["section", "value_usd"]].assign(before_frac=rates["before"], after_frac=rates["after"])
    result["change_frac"] = result["after_frac"] - result["before_frac"]
    result = result[result["change_frac"].abs() > _PRINTED]
    order = (-(result["change_frac"] * result["value_usd"]).abs()).to_numpy()
    return result.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def _by_measure(schedule: pd.DataFrame) -> dict[str, list[_Row]]:
    """Rows of each measure, in their order."""
    found: dict[str, list[_Row]] = {}
    for row in schedule.to_dict("records"):
        found.setdefault(row["measure_id"], []).append(row)
    return found


def _holding(rows: list[_Row], day: pd.Timestamp) -> list[_Row]:
    return [
        row
        for row in rows
        if row["effective_from"] <= day
        and (pd.isna(row["effective_to"]) or day < row["effective_to"])
        and row["basis"] != "suspended"  # what is suspended is collected no more than what is ended
    ]


def _terms(rows: list[_Row], day: pd.Timestamp) -> _Terms:
    """Terms of a measure on a day, so that they can be compared; None where it does not hold."""
    held = _holding(rows, day)
    return tuple("" if pd.isna(held[0][name]) else held[0][name] for name in _TERMS) if held else None


def _difference(one: list[_Row], other: list[_Row], day: pd.Timestamp) -> dict[str, object]:
    then, now = _holding(one, day), _holding(other, day)
    text = next(held for held in (now, then, other, one) if held)[-1]
    rates = [float(held[0]["rate_frac"]) if held else float("nan") for held in (then, now)]
    same = len(then) and len(now) and (rates[0] == rates[1] or np.isnan(rates).all())
    what = "goods" if same else "rate"
    if any(held and held[0]["basis"] == "to_be_announced" for held in (then, now)):
        what = _UNNAMED[len(then) > 0, len(now) > 0]
    if text["kind"] == "exclusion":
        what, rates = "exclusion" if len(then) else "new exclusion", [float("nan")] * 2
    return {
        "on": day,
        "importer": text["importer"],
        "authority": text["authority"],
        "programme": text["programme"],
        "before_frac": rates[0],
        "after_frac": rates[1],
        "what": what,
        "instrument": text["instrument"],
        "url": text["url"],
        "known_on": text["known_on"],
        "kind": text["kind"],
    }
