"""The two time axes, as pure functions on frames.

Knowledge time says when a fact became known (`announced_on`, `published_on`, `vintage_on`); valid time says when it holds
(`effective_on`, `period`). Nothing here reads a file, and no input is changed.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from tradelib.errors import LedgerError

LAW = ("instrument",)
LAW_AND_STATEMENTS = ("instrument", "statement")


def known(table: pd.DataFrame, *, as_of: date, by: str = "announced_on") -> pd.DataFrame:
    """Rows that had become known by a day.

    Parameters
    ----------
    table
        any ledger, with a column of days named by `by`.
    as_of
        rows whose day is on or before this one are kept.
    by
        the column of knowledge time.

    Returns
    -------
    DataFrame
        The kept rows, in the order they came, with a fresh index.
    """
    return table[table[by] <= pd.Timestamp(as_of)].reset_index(drop=True)


def newest_versions(table: pd.DataFrame, *, key: list[str], by: str) -> pd.DataFrame:
    """The newest row of each key: what was last said about it.

    Parameters
    ----------
    table
        a ledger already limited to what was known, unique in `key` and `by` together.
    key
        the columns that name the thing.
    by
        the column of knowledge time that orders its versions.

    Returns
    -------
    DataFrame
        One row a key, sorted by `by` and then `key`.
    """
    _refuse_duplicates(table, [*key, by])
    return table.sort_values([by, *key]).drop_duplicates(key, keep="last").reset_index(drop=True)


def replay(steps: pd.DataFrame, *, as_of: date, standing: tuple[str, ...] = LAW) -> pd.DataFrame:
    """Schedule of every measure, as announced up to a day.

    Announcements are replayed in their order: each removes the steps of its measure at or after its own earliest effective day,
    then adds its own. A step with basis `ended` ends the measure.

    Parameters
    ----------
    steps
        announcements, one row per (measure_id, announced_on, effective_on), with `basis`, `rate_frac` and `standing`; no day is missing.
    as_of
        only announcements made on or before this day count.
    standing
        what counts: legal texts only (the default), or what officials stated as well.

    Returns
    -------
    DataFrame
        One row per (measure_id, effective_from), with effective_to (exclusive; NaT = open) and the other columns of the step that holds;
        sorted by that key. Intervals of one measure never overlap.

    Raises
    ------
    LedgerError
        two steps of one announcement start on the same day, or a step that ends a measure carries a rate.
    """
    # Places of rows are found on arrays, and the rows taken once: dozens of schedules are replayed for a page.
    counts = steps["standing"].isin(standing).to_numpy() & (steps["announced_on"].to_numpy() <= np.datetime64(as_of))
    at = np.flatnonzero(counts)
    key = ["measure_id", "announced_on", "effective_on"]
    measures, announced, effective = (steps[name].to_numpy()[at] for name in key)
    order = np.lexsort((effective, announced, measures.astype("U")))
    at, measures, announced, effective = at[order], measures[order], announced[order], effective[order]
    alike = [measures, *(days.astype("int64") for days in (announced, effective))]  # as numbers, so that two days that are missing are one
    if np.logical_and.reduce([column[1:] == column[:-1] for column in alike]).any():
        _refuse_duplicates(steps.iloc[at], key)
    ended = steps["basis"].eq("ended").to_numpy()[at]
    contradictory = ended & steps["rate_frac"].notna().to_numpy()[at]
    if contradictory.any():
        row = steps.iloc[at[contradictory][0]]
        message = f"The step of {row['measure_id']} announced on {row['announced_on']:%Y-%m-%d} ends the measure and carries a rate."
        raise LedgerError(message)
    holds, past = survivors(measures, announced, effective)
    remains = ~ended[holds]
    rows: pd.DataFrame = steps.iloc[at[holds][remains]].reset_index(drop=True).rename(columns={"effective_on": "effective_from"})
    rows.insert(0, "effective_to", past[remains])
    front = ["measure_id", "effective_from", "effective_to"]
    return rows[front + [name for name in rows.columns if name not in front]]


def survivors(measures: np.ndarray, announced: np.ndarray, effective: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Steps that no later announcement removes, of announcements sorted by measure, day of announcement and effective day.

    Returns
    -------
    tuple[ndarray, ndarray]
        (which steps survive, the first day without each of these; NaT = open). Steps that end a measure are among them.
    """
    # What survives of a measure is in the order of both axes: a later announcement leaves only steps before its first.
    holds = _survives(measures, announced, effective)
    names, days = measures[holds], effective[holds]
    past = np.full(len(days), np.datetime64("NaT"), dtype=days.dtype)
    past[:-1][names[1:] == names[:-1]] = days[1:][names[1:] == names[:-1]]
    return holds, past


def _survives(measures: np.ndarray, announced: np.ndarray, effective: np.ndarray) -> np.ndarray:
    """Which steps no later announcement of their measure removes: those before the first day of each; sorted by all three."""
    result = np.ones(len(measures), dtype=bool)
    names, told, first = measures.tolist(), announced.tolist(), effective.tolist()
    first_later = start = None  # first day of all later announcements; first day of the one at hand
    for row in range(len(names) - 1, -1, -1):
        below = row + 1
        if below == len(names) or names[below] != names[row]:
            first_later = None
        elif told[below] != told[row]:
            first_later = start if first_later is None else min(first_later, start)
        result[row] = first_later is None or first[row] < first_later
        start = first[row]
    return result


def in_force(schedule: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """Intervals of a schedule that hold on a day.

    Parameters
    ----------
    schedule
        as `replay` returns it.
    on
        the day of entry.

    Returns
    -------
    DataFrame
        At most one row a measure: those with effective_from <= on < effective_to.
    """
    day = pd.Timestamp(on)
    holds = (schedule["effective_from"] <= day) & (schedule["effective_to"].isna() | (day < schedule["effective_to"]))
    return schedule[holds].reset_index(drop=True)


def change_days(schedule: pd.DataFrame) -> list[date]:
    """Days on which any interval of a schedule begins or ends, in order."""
    days = pd.concat([schedule["effective_from"], schedule["effective_to"]]).dropna().drop_duplicates().sort_values()
    return [day.date() for day in days]


def next_changes(schedule: pd.DataFrame, *, after: date) -> pd.DataFrame:
    """Beginnings and ends that a schedule still holds after a day.

    Parameters
    ----------
    schedule
        as `replay` returns it.
    after
        changes on later days are returned.

    Returns
    -------
    DataFrame
        One row per (changes_on, measure_id): `rate_before_frac` and `rate_after_frac` (missing where the measure does not hold, or has no
        rate), `is_snap_back`, and the `instrument`, `url`, `basis` and `announced_on` of the text that set the rate which begins, or else
        of the one whose rate ends (a schedule does not hold the text that ends it); sorted by that key.
    """
    columns = [
        "changes_on", "measure_id", "rate_before_frac", "rate_after_frac", "is_snap_back", "announced_on", "instrument", "url",
    ]  # fmt: skip
    starts = schedule.rename(columns={"effective_from": "changes_on", "rate_frac": "rate_after_frac"})
    ends = schedule.rename(columns={"effective_to": "changes_on", "rate_frac": "rate_before_frac"}).dropna(subset="changes_on")
    both = starts[["changes_on", "measure_id", "rate_after_frac", "is_snap_back", "announced_on", "instrument", "url"]].merge(
        ends[["changes_on", "measure_id", "rate_before_frac", "announced_on", "instrument", "url"]],
        on=["changes_on", "measure_id"], how="outer", suffixes=("", "_before"),
    )  # fmt: skip
    for name in ("announced_on", "instrument", "url"):
        both[name] = both[name].fillna(both[f"{name}_before"])
    both["is_snap_back"] = both["is_snap_back"].eq(True)
    later = both[both["changes_on"] > pd.Timestamp(after)]
    return later[columns].sort_values(["changes_on", "measure_id"]).reset_index(drop=True)


def states(steps: pd.DataFrame, *, as_of: date, on: date | None = None) -> pd.Series:
    """State of every announcement row, as known on a day.

    Parameters
    ----------
    steps
        announcements, as for `replay`; all must have been known on `as_of`.
    as_of
        the day of knowledge.
    on
        the day of entry at which the state is asked; `as_of` when not given.

    Returns
    -------
    Series
        One word a row, aligned with `steps`: `in force`; `scheduled`; `suspended` (a rate that a text holds back until its day); `replaced`
        (held, then gave way); `never applied` (withdrawn before its day); `restated` (a later text says the same); `ended` and `end
        scheduled` (rows that end a measure); `stated` (officials said it, no text seen); `enacted` (stated first, then a text said the
        same).
    """
    day = pd.Timestamp(on or as_of)
    key = ["measure_id", "announced_on", "effective_on"]
    schedule = replay(steps, as_of=as_of)
    live = schedule.rename(columns={"effective_from": "effective_on"})[[*key, "effective_to"]]
    rows = steps[[*key, "basis", "standing", "is_snap_back"]].merge(live, on=key, how="left", indicator=True)
    rows.index = steps.index
    survives = rows["_merge"].eq("both")
    ends = rows["basis"].eq("ended")
    began = rows["effective_on"] <= day
    over = rows["effective_to"].notna() & (rows["effective_to"] <= day)
    cancelled_on = _cancelled_on(steps)
    applied_before = began & (cancelled_on.isna() | (rows["effective_on"] < cancelled_on))
    words = pd.Series("never applied", index=steps.index)
    words[~survives & applied_before] = "replaced"
    words[ends & applied_before] = "ended"
    words[ends & ~began & cancelled_on.isna()] = "end scheduled"
    words[survives & began & over] = "replaced"
    words[survives & began & ~over] = "in force"
    words[survives & ~began] = "scheduled"
    words[survives & ~began & rows["is_snap_back"]] = "suspended"
    said_again = _said_again(steps)
    words[~survives & said_again] = "restated"
    stated = ~rows["standing"].isin(LAW)
    words[stated] = "stated"
    words[stated & said_again] = "enacted"
    return words


def latest_known(statistics: pd.DataFrame, *, as_of: date, key: list[str]) -> pd.DataFrame:
    """Value of each (series, period) as it stood on a day.

    The row with the latest `vintage_on` not after `as_of` is what was known. Where only a later copy is held, the period counts as
    known from `published_on` on, and its value is the earliest later one, marked as such.

    Parameters
    ----------
    statistics
        rows with `published_on`, `vintage_on` and the columns of `key`.
    as_of
        the day of knowledge.
    key
        the columns that name one observation, such as series and period.

    Returns
    -------
    DataFrame
        One row a key, sorted by it, with `is_first_release` (the value is the one published first), `is_later_revised` (the value was
        current only later) and `known_on` (the day that makes the row known on `as_of`).
    """
    _refuse_duplicates(statistics, [*key, "vintage_on"])
    day = pd.Timestamp(as_of)
    rows = statistics[statistics["published_on"] <= day].sort_values([*key, "vintage_on"])
    seen = rows[rows["vintage_on"] <= day].drop_duplicates(key, keep="last")
    later = rows[rows["vintage_on"] > day].drop_duplicates(key, keep="first")
    result = pd.concat([seen.assign(is_later_revised=False), later.assign(is_later_revised=True)])
    result = result.drop_duplicates(key, keep="first").sort_values(key).reset_index(drop=True)
    result["is_first_release"] = result["vintage_on"].eq(result["published_on"])
    result["known_on"] = result["vintage_on"].where(~result["is_later_revised"], result["published_on"])
    return result


def first_releases(statistics: pd.DataFrame, *, as_of: date, key: list[str]) -> pd.DataFrame:
    """Rows whose value is the one first published, for the periods released up to a day; sorted by `key`."""
    first = statistics["vintage_on"].eq(statistics["published_on"]) & (statistics["published_on"] <= pd.Timestamp(as_of))
    rows = statistics[first].sort_values(key).reset_index(drop=True)
    return rows.assign(is_first_release=True, is_later_revised=False, known_on=rows["published_on"])


def _cancelled_on(steps: pd.DataFrame) -> pd.Series:
    """Day of the announcement that removed each step, NaT where none did; aligned with `steps`."""
    law = steps[steps["standing"].isin(LAW)]
    starts = law.groupby(["measure_id", "announced_on"])["effective_on"].min().rename("starts_on").reset_index()
    pairs = steps.reset_index().merge(starts, on="measure_id", suffixes=("", "_later"))
    hits = pairs[(pairs["announced_on_later"] > pairs["announced_on"]) & (pairs["starts_on"] <= pairs["effective_on"])]
    return hits.groupby("index")["announced_on_later"].min().reindex(steps.index)


def _said_again(steps: pd.DataFrame) -> pd.Series:
    """True where a later legal text says the same of the same measure and day; aligned with `steps`."""
    same = ["measure_id", "effective_on", "rate_frac", "basis", "scope", "exempt"]
    law = steps.loc[steps["standing"].isin(LAW), [*same, "announced_on"]]
    pairs = steps.reset_index().merge(law, on=same, suffixes=("", "_later"))
    hits = pairs.loc[pairs["announced_on_later"] > pairs["announced_on"], "index"]
    return pd.Series(steps.index.isin(hits), index=steps.index)


def _refuse_duplicates(table: pd.DataFrame, key: list[str]) -> None:
    doubled = table[table.duplicated(key, keep=False)]
    if len(doubled):
        row = doubled.iloc[0]
        words = ", ".join(f"{name} {_plain(row[name])}" for name in key)
        message = f"{len(doubled)} rows share the key {words}; one announcement can say only one thing about one day."
        raise LedgerError(message)


def _plain(value: object) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)


def frame(rows: Sequence[Sequence[object]], columns: Sequence[str]) -> pd.DataFrame:
    """A frame of a few rows, made column by column: pandas takes several times as long to make it of rows."""
    return pd.DataFrame(dict(zip(columns, zip(*rows, strict=True), strict=True)) if rows else {}, columns=list(columns))
