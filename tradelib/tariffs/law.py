"""What the texts say about additional duties: rates over time, announcements and their states, proposals.

Rates here are statutory: what the law says an entry of a day owes on top of the most-favoured-nation duty.
"""

import functools
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from tradelib import catalogue, ledger, sides
from tradelib.doors import LATEST, Day, Standings, door, opened, standings
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.sides import Pair

IMPORTERS = tuple(sides.PAIRS)
PAIRS = tuple(sides.PAIRS.values())
COUNTRY_WIDE = "all"
SUPPOSED = "supposed"
# What an answer rests on that takes texts as they were known, and one that also asks which of their days have come.
TEXTS: dict[str, tuple[str, ...]] = {"tariff_steps": (), "tariff_measures": ()}
TEXTS_AND_DAYS = {**TEXTS, "tariff_steps": ("effective_on",)}
# A past day after the end of the evidence: the texts seen say what should have held.
UNSEEN = "by law, not observed"


@door
def schedule(*, as_of: Day = LATEST, standing: Standings = ledger.LAW) -> pd.DataFrame:
    """Rate of every measure over time, as announced up to a day.

    Parameters
    ----------
    as_of
        only announcements made on or before this day count.
    standing
        `law` (legal texts alone, as by default) or `stated` (what officials stated as well); or `ledger.LAW`, `ledger.LAW_AND_STATEMENTS`.

    Returns
    -------
    DataFrame
        One row per (measure_id, effective_from): effective_to (exclusive; NaT = open), announced_on, rate_frac, basis, scope, exempt,
        is_snap_back, standing, instrument, url, confidence and known_on of the step that holds, see `ledger.replay`; importer, authority,
        programme, family, kind, within_family, priority and yields_to of the measure; is_country_wide (the step covers every good of the
        other side).
    """
    return _replayed(standings(standing), as_of=opened(as_of))


def of_pair(pair: Pair, as_of: date, standing: tuple[str, ...] = ledger.LAW) -> pd.DataFrame:
    """Rows of `schedule` of one pair, in a frame of its own; a third country may be one of its ends."""
    rows = _replayed(standing, PAIRS if pair in PAIRS else (pair,), as_of=as_of)
    return rows[rows["importer"].eq(pair.importer.code)].reset_index(drop=True)


def announced(pair: Pair, as_of: date, standing: tuple[str, ...] = ledger.LAW) -> pd.DataFrame:
    """Every step of one pair that a text announced up to a day, also those that a later one removed.

    Returns
    -------
    DataFrame
        As `of_pair`, with effective_to NaT; known_on is the day from which step and measure are both known. In order of announcement.
    """
    steps, measures = _texts(PAIRS if pair in PAIRS else (pair,), as_of=as_of)
    rows = steps[steps["standing"].isin(standing)].rename(columns={"effective_on": "effective_from"})
    rows = _with_measures(rows.assign(effective_to=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")), measures)
    known = measures.set_index("measure_id")["announced_on"].reindex(rows["measure_id"]).to_numpy()
    rows = rows.assign(known_on=np.maximum(rows["announced_on"].to_numpy(), known))
    rows = rows[rows["importer"].eq(pair.importer.code)]
    return rows.sort_values(["announced_on", "measure_id", "effective_from"]).reset_index(drop=True)


@door
def laid_over(steps: pd.DataFrame, measures: pd.DataFrame, *, as_of: Day = LATEST) -> pd.DataFrame:
    """Schedule that follows when further announcements are laid over the legal texts known on a day.

    Parameters
    ----------
    steps
        announcements in the shape of the table `tariff_steps`, announced after `as_of`, with standing `SUPPOSED`.
    measures
        measures of their own, in the shape of the table `tariff_measures`; may be empty.
    as_of
        only legal texts known on this day count.

    Returns
    -------
    DataFrame
        As `schedule`. Rows that the announcements brought have the standing `SUPPOSED`.
    """
    texts, held = _texts(as_of=opened(as_of))
    if steps.empty:
        return schedule(as_of=as_of)
    rows = ledger.replay(pd.concat([texts, steps], ignore_index=True), as_of=steps["announced_on"].max(), standing=(*ledger.LAW, SUPPOSED))
    return _with_measures(rows, pd.concat([held, measures], ignore_index=True) if len(measures) else held)


@door
@kept(maxsize=64, rests_on=TEXTS)
def list_layers(*, on: Day, as_of: Day = LATEST, importer: str = "both") -> pd.DataFrame:
    """Additional duties on lists of goods that hold on a day, apart from the country-wide layers.

    Returns
    -------
    DataFrame
        One row a programme: importer, authority, programme, state (`in force` or `suspended`), lowest_rate_frac, highest_rate_frac,
        measures (how many), effective_from (the earliest), instrument, url, known_on; the US first, in order of the first effective day.
    """
    rows = ledger.in_force(schedule(as_of=as_of), on=opened(on))
    rows = rows[rows["importer"].isin(chosen(importer)) & rows["kind"].eq("duty") & ~rows["is_country_wide"] & rows["rate_frac"].notna()]
    rows = rows.assign(state=rows["basis"].eq("suspended").map({True: "suspended", False: "in force"}))
    grouped = rows.sort_values(["effective_from", "measure_id"]).groupby(["importer", "authority", "programme", "state"], sort=False)
    result = grouped.agg(
        lowest_rate_frac=("rate_frac", "min"),
        highest_rate_frac=("rate_frac", "max"),
        measures=("measure_id", "nunique"),
        effective_from=("effective_from", "min"),
        instrument=("instrument", "last"),
        url=("url", "last"),
        known_on=("known_on", "max"),
    ).reset_index()
    return result.sort_values(["importer", "effective_from", "programme"], ascending=[False, True, True]).reset_index(drop=True)


@door
@kept(maxsize=64, rests_on=TEXTS_AND_DAYS)
def lists_ahead(*, as_of: Day = LATEST, importer: str = "both", doubtful: bool = False) -> pd.DataFrame:
    """Changes of duties on lists of goods, and of exclusions from them, that legal texts hold for days after the day of knowledge.

    Parameters
    ----------
    doubtful
        with exclusions whose ends are not held one by one, and so are of low confidence.

    Returns
    -------
    DataFrame
        As `ledger.next_changes`, with importer, authority, programme, kind (`duty` or `exclusion`), known_on, and change: `begins`,
        `returns` (a suspended one), `rises`, `falls`, `ends`, `is suspended`, or `rate to be named` (a text announces another rate and
        names none). A step that keeps the rate and changes the goods is left out.
    """
    rows = schedule(as_of=as_of)
    rows = rows[rows["importer"].isin(chosen(importer)) & ~rows["is_country_wide"] & rows["kind"].isin(["duty", "exclusion"])]
    rows = rows[rows["kind"].eq("duty") | rows["confidence"].ne("low") | doubtful]
    changes = changes_ahead(rows, as_of=opened(as_of))
    facts = rows.drop_duplicates("measure_id")[["measure_id", "importer", "authority", "programme", "kind"]]
    changes = changes.merge(facts, on="measure_id", how="left", validate="many_to_one")
    before, after = changes["rate_before_frac"], changes["rate_after_frac"]
    words = np.select(
        [
            changes["basis"].eq("to_be_announced"), changes["basis"].eq("suspended"), changes["basis"].eq(""),
            before.fillna(0).eq(0) & changes["is_snap_back"], before.isna(), after > before, after < before,
        ],
        ["rate to be named", "is suspended", "ends", "returns", "begins", "rises", "falls"],
        default="",
    )  # fmt: skip
    changes = changes.assign(change=words, known_on=changes["announced_on"])
    return changes[changes["change"].ne("")].sort_values(["changes_on", "importer", "programme"]).reset_index(drop=True)


def changes_ahead(rows: pd.DataFrame, *, as_of: date, standing: tuple[str, ...] = ledger.LAW, unseen: bool = False) -> pd.DataFrame:
    """Beginnings and ends that rows of a schedule hold after the day of knowledge.

    Parameters
    ----------
    rows
        of `schedule` with the same day and standing.
    unseen
        in their place those of past days that the evidence does not reach: after the last observed day, up to the day of knowledge.

    Returns
    -------
    DataFrame
        As `ledger.next_changes`, an end with the text that ends (and not the one that had set the rate), and with `basis` of the step that
        begins (empty where none does).
    """
    changes = ledger.next_changes(rows, after=catalogue.observed_through(as_of) if unseen else as_of)
    changes = changes[changes["changes_on"] <= pd.Timestamp(as_of)].reset_index(drop=True) if unseen else changes
    begins = rows.set_index(["measure_id", "effective_from"])["basis"].to_dict()
    steps = catalogue.load("tariff_steps", as_of=as_of)
    steps = steps[steps["basis"].eq("ended") & steps["standing"].isin(standing)].sort_values("announced_on")
    ends = steps.drop_duplicates(["measure_id", "effective_on"], keep="last").set_index(["measure_id", "effective_on"])
    keys = list(zip(changes["measure_id"], changes["changes_on"], strict=True))
    for name in ("announced_on", "instrument", "url"):
        texts = ends[name].to_dict()
        values = [value if key in begins else texts.get(key, value) for key, value in zip(keys, changes[name], strict=True)]
        changes[name] = pd.Series(values, index=changes.index, dtype=changes[name].dtype)
    return changes.assign(basis=[begins.get(key, "") for key in keys])


@door
@kept(maxsize=64)
def announcements(*, as_of: Day = LATEST, since: Day | None = None, importer: str = "both", layers: str = "country_wide") -> pd.DataFrame:
    """Announcements of rates, each with its state as known on a day.

    Parameters
    ----------
    as_of
        day of knowledge.
    since
        only announcements made on or after this day.
    importer
        `US`, `CN` or `both`.
    layers
        `country_wide` (only the measures that cover every good of the other side) or `all` (every duty).

    Returns
    -------
    DataFrame
        One row a step in order of announcement: announced_on, importer, authority, programme, effective_on, rate_frac, basis, is_snap_back,
        state (see `ledger.states`), standing, instrument, url, known_on, measure_id.
    """
    if layers not in ("country_wide", "all"):
        message = f"layers must be country_wide or all, not {layers!r}."
        raise ParameterError(message)
    if since is not None and opened(since) > opened(as_of):
        message = f"since must not lie after as_of, and {since} lies after {as_of}."
        raise ParameterError(message)
    rows = _with_states(as_of=opened(as_of))
    rows = rows[rows["kind"].eq("duty") & rows["importer"].isin(chosen(importer))]
    if layers == "country_wide":
        whole = rows.loc[rows["is_country_wide"], "measure_id"].unique()
        rows = rows[rows["measure_id"].isin(whole)]
    if since is not None:
        rows = rows[rows["announced_on"] >= pd.Timestamp(since)]
    columns = [
        "announced_on", "importer", "authority", "programme", "effective_on", "rate_frac", "basis", "is_snap_back", "state", "standing",
        "instrument", "url", "known_on", "measure_id",
    ]  # fmt: skip
    return rows[columns].sort_values(["announced_on", "importer", "measure_id", "effective_on"]).reset_index(drop=True)


@door
def ended(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Country-wide duties that a legal text has ended, as known on a day.

    Returns
    -------
    DataFrame
        One row a measure in order of the day: importer, authority, programme, ended_on (first day without), last_rate_frac, instrument,
        url, known_on.
    """
    rows = announcements(as_of=as_of)
    last = rows[rows["rate_frac"].notna() & rows["standing"].isin(ledger.LAW) & rows["state"].eq("replaced")]
    last_rates = last.drop_duplicates("measure_id", keep="last").set_index("measure_id")["rate_frac"]
    rows = rows[rows["state"].eq("ended")].rename(columns={"effective_on": "ended_on"})
    rows = rows.assign(last_rate_frac=rows["measure_id"].map(last_rates))
    columns = ["importer", "authority", "programme", "ended_on", "last_rate_frac", "instrument", "url", "known_on"]
    return rows[columns].sort_values(["ended_on", "authority"]).reset_index(drop=True)


@door
@kept(maxsize=64, rests_on={"proposals": ()})
def proposals(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Duties threatened, proposed or reported, each in its newest state known on a day.

    Returns
    -------
    DataFrame
        One row a proposal, the newest state first: as the table `proposals`, with first_announced_on. None of them is in any schedule.
    """
    rows = catalogue.load("proposals", as_of=as_of)
    first = rows.groupby("proposal_id")["announced_on"].min().rename("first_announced_on").reset_index()
    newest = ledger.newest_versions(rows, key=["proposal_id"], by="announced_on").merge(first, on="proposal_id")
    return newest.sort_values(["announced_on", "proposal_id"], ascending=[False, True]).reset_index(drop=True)


@door
def fresh_threats(rows: pd.DataFrame, *, as_of: Day = LATEST, days: int = 14) -> pd.DataFrame:
    """Proposals that were threatened in the days up to `as_of` and that nobody has taken back; see `proposals`."""
    return rows[rows["state"].eq("threatened") & (rows["announced_on"] > pd.Timestamp(as_of) - pd.Timedelta(days=days))]


def family_titles() -> dict[str, str]:
    """What each family of measures is called, and the most-favoured-nation rate with them."""
    return {"mfn": "Normal (most-favoured-nation) tariff"} | {name: str(row["title"]) for name, row in families().items()}


def families() -> dict[str, dict[str, Any]]:
    """Rows of the table `families`, by family; not to be changed."""
    return _families(catalogue.data_folder())


@functools.lru_cache(maxsize=8)
def _families(_folder: Path) -> dict[str, dict[str, Any]]:
    table = catalogue.load("families")
    return {str(row["family"]): {str(name): value for name, value in row.items()} for row in table.to_dict("records")}


@kept(maxsize=64, rests_on=TEXTS)
def _replayed(standing: tuple[str, ...], pairs: tuple[Pair, ...] = PAIRS, *, as_of: date) -> pd.DataFrame:
    steps, measures = _texts(pairs, as_of=as_of)
    return _with_measures(ledger.replay(steps, as_of=as_of, standing=standing), measures)


@kept(maxsize=64, rests_on=TEXTS_AND_DAYS)
def _with_states(*, as_of: date) -> pd.DataFrame:
    """Every announcement known on a day with its state and its measure."""
    steps, measures = _texts(as_of=as_of)
    states = ledger.states(steps, as_of=as_of, on=catalogue.observed_through(as_of))
    return _with_measures(steps.assign(state=states), measures)


@kept(maxsize=64, rests_on=TEXTS)
def _texts(pairs: tuple[Pair, ...] = PAIRS, *, as_of: date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Steps and measures known on a day, of the two sides on each other's goods: what either does to a third is no matter here."""
    measures = catalogue.load("tariff_measures", as_of=as_of)
    measures = measures[sides.between(measures, pairs)].reset_index(drop=True)
    steps = catalogue.load("tariff_steps", as_of=as_of)
    steps = steps[steps["measure_id"].isin(measures["measure_id"])].reset_index(drop=True)
    return steps.assign(exempt=left_out(steps, measures)), measures


def left_out(steps: pd.DataFrame, measures: pd.DataFrame) -> list[str]:
    """What steps leave out: goods that their texts name, and those of every exclusion from the duty that was known, in order."""
    named = {measure: duties for measure, duties in zip(measures["measure_id"], measures["excludes_from"], strict=True) if duties}
    ids, scopes = steps["measure_id"].tolist(), steps["scope"].tolist()
    granted: dict[str, dict[str, None]] = {}
    for row in np.argsort(steps["announced_on"].to_numpy(), kind="stable").tolist():
        for duty in str(named.get(ids[row], "")).split("|"):
            granted.setdefault(duty, {}).update(dict.fromkeys(filter(None, str(scopes[row]).split("|"))))
    further = (() if basis == "ended" else granted.get(duty, ()) for duty, basis in zip(ids, steps["basis"], strict=True))
    own = zip(steps["exempt"], further, strict=True)
    return ["|".join(dict.fromkeys((*filter(None, str(cell).split("|")), *left))) for cell, left in own]


class Bound(Protocol):
    """A schedule made ready for stacking, as `books.bind` makes it."""

    @property
    def rows(self) -> pd.DataFrame:
        """The schedule."""
        ...


def state(on: date, as_of: date, rates: pd.DataFrame | Bound | None = None) -> str:
    """How sure a rate of a day of entry is, as known on a day.

    Parameters
    ----------
    rates
        a schedule of another making, or one made ready for stacking, in place of the one known.

    Returns
    -------
    str
        `supposed`, where announcements that a scenario supposes are among the rates and the day is theirs; else `in force`
        (the evidence covers the day); `by law, not observed` (the day is past, and lies after the end of the evidence: what the texts seen
        say of it); `scheduled` (it lies ahead).
    """
    rows = rates if rates is None or isinstance(rates, pd.DataFrame) else rates.rows
    observed = on <= catalogue.observed_through(as_of)
    if rows is not None and "standing" in rows:
        begun = rows.loc[rows["standing"].eq(SUPPOSED), "effective_from"]
        # What a scenario ends leaves no row of its own: from its first day on nothing is certain.
        if len(begun) and (not observed or begun.min() <= pd.Timestamp(on)):
            return SUPPOSED
    if observed:
        return "in force"
    return UNSEEN if on <= as_of else "scheduled"


def check_importer(importer: str) -> None:
    """Refuse an importer that is neither `US` nor `CN`."""
    sides.pair(importer)


@door
def chosen(importer: str = "both") -> tuple[str, ...]:
    """Importers that a parameter names: one, or both."""
    if importer == "both":
        return IMPORTERS
    if importer not in IMPORTERS:
        message = f"importer must be US, CN or both, not {importer!r}."
        raise ParameterError(message)
    return (importer,)


def _with_measures(rows: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    columns = ["importer", "authority", "programme", "family", "kind", "within_family", "priority", "yields_to"]
    held = measures.set_index("measure_id")[columns].reindex(rows["measure_id"])
    rows = pd.concat([rows, held.set_axis(rows.index)], axis=1)
    covers_all = rows["scope"].str.split("|").map(lambda scopes: COUNTRY_WIDE in scopes)
    return rows.assign(is_country_wide=covers_all & rows["kind"].eq("duty"))
