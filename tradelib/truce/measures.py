"""Measures beyond tariffs: export controls, entity lists, port fees, probes, each with its state on a day."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from tradelib import catalogue, ledger, sides
from tradelib.doors import LATEST, Day, door, opened
from tradelib.kept import kept
from tradelib.shown import Shown

# Entity lists are no controls of goods.
_CONTROLS = ("Export control", "Export ban", "Export ban to the US")


@door
@kept(maxsize=64, rests_on={"nontariff_steps": ("effective_on",)})
def measures(*, as_of: Day = LATEST, on: Day | None = None) -> pd.DataFrame:
    """Measures beyond tariffs as known on a day.

    Parameters
    ----------
    as_of
        only what was announced by this day.
    on
        the day at which the state is asked; the last observed day when not given.

    Returns
    -------
    DataFrame
        One row a measure, by party and item: item_id, party, measure, what, state, since, returns_on, stated_returns_on, standing,
        instrument, url, known_on. `state` is what the newest text says: `in force`, `suspended`, `ended`, `eased`, `opened`, `announced`,
        `reported`, `to be ended`; or `scheduled`, where its first day lies ahead. What only officials said never makes a measure in force,
        suspended or ended in place of a text: it counts where no text is held, and is marked by `standing`. `returns_on`: the day on which
        a text lets a suspended measure return; `stated_returns_on`: the day officials named instead, NaT where they named none.
    """
    as_of, on = opened(as_of), opened(on or catalogue.observed_through(as_of))
    law = _rows(ledger.LAW, as_of=as_of, on=on)
    said = _rows(ledger.LAW_AND_STATEMENTS, as_of=as_of, on=on)
    said = said.set_index("item_id")
    unwritten = said[~said.index.isin(law["item_id"])].reset_index()
    rows = pd.concat([law, unwritten], ignore_index=True)
    stated = _days(rows["item_id"], said["returns_on"])
    rows["stated_returns_on"] = stated.where(stated.ne(rows["returns_on"]) & stated.notna())
    columns = [
        "item_id", "party", "measure", "what", "state", "since", "returns_on", "stated_returns_on", "standing", "instrument",
        "url", "known_on",
    ]  # fmt: skip
    return rows[columns].sort_values(["party", "item_id"]).reset_index(drop=True)


@dataclass(frozen=True, repr=False)
class MeasureCount(Shown):
    """How many measures are in which state, those there are."""

    by_state: dict[str, int]

    @property
    def in_force(self) -> int:
        """How many are in force."""
        return self.by_state.get("in force", 0)


def count_measures(rows: pd.DataFrame) -> MeasureCount:
    """Measures counted; rows as `measures` gives them."""
    return MeasureCount({str(state): count for state, count in rows["state"].value_counts().items()})


def count_by_party(rows: pd.DataFrame) -> dict[str, MeasureCount]:
    """The same by the side whose measures they are, the United States first; a side without any is absent."""
    return {side: count_measures(part) for side in sides.PAIRS if len(part := rows[rows["party"].eq(side)])}


@door
def export_controls(*, as_of: Day = LATEST, on: Day | None = None) -> pd.DataFrame:
    """China's controls and bans on exports of goods and technology, as `measures`; in order of their first announcement."""
    rows = measures(as_of=as_of, on=on)
    rows = rows[rows["party"].eq("CN") & rows["measure"].isin(_CONTROLS)]
    order = {item: place for place, item in enumerate(export_control_steps(as_of=as_of)["item_id"].unique())}
    return rows.sort_values("item_id", key=lambda items: items.map(order).astype(float), kind="stable").reset_index(drop=True)


@door
def export_control_steps(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Texts that began, suspended or ended China's export controls, in order of their announcement.

    Returns
    -------
    DataFrame
        One row a step: item_id, what, announced_on, effective_on, state, instrument, url, known_on. Returns that a text itself schedules
        are left out, and so is what was only stated.
    """
    steps = catalogue.load("nontariff_steps", as_of=as_of)
    steps = steps[steps["party"].eq("CN") & steps["measure"].isin(_CONTROLS)]
    steps = steps[steps["standing"].isin(ledger.LAW) & ~steps["is_snap_back"]]
    columns = ["item_id", "what", "announced_on", "effective_on", "state", "instrument", "url", "known_on"]
    return steps[columns].sort_values(["announced_on", "item_id"]).reset_index(drop=True)


@kept(maxsize=64, rests_on={"nontariff_steps": ()})
def _held(standing: tuple[str, ...], *, as_of: date) -> pd.DataFrame:
    """Steps with the stretch of days for which each holds."""
    # The replay reads `ended` as the end of an interval; here the end is itself a state that holds.
    steps = catalogue.load("nontariff_steps", as_of=as_of).rename(columns={"item_id": "measure_id"})
    held = ledger.replay(steps.assign(basis="state", rate_frac=float("nan")), as_of=as_of, standing=standing)
    return held.rename(columns={"measure_id": "item_id"})


def _rows(standing: tuple[str, ...], *, as_of: date, on: date) -> pd.DataFrame:
    """One row a measure: the step that holds on a day, or the first one ahead, with the day of its return."""
    held = _held(standing, as_of=as_of)
    day = pd.Timestamp(on)
    now = held[(held["effective_from"] <= day) & (held["effective_to"].isna() | (day < held["effective_to"]))]
    ahead = held[held["effective_from"] > day]
    unstarted = ahead[~ahead["item_id"].isin(now["item_id"])].drop_duplicates("item_id").assign(state="scheduled")
    back = ahead[ahead["is_snap_back"]].drop_duplicates("item_id").set_index("item_id")["effective_from"]
    rows = pd.concat([now, unstarted], ignore_index=True).rename(columns={"effective_from": "since"})
    return rows.assign(returns_on=_days(rows["item_id"], back).where(rows["state"].eq("suspended")))


def _days(items: pd.Series, found: pd.Series) -> pd.Series:
    """The day found for each item, NaT where none was."""
    return pd.to_datetime(items.map(found.to_dict())).astype("datetime64[us]")
