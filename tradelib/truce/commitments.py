"""Who promised what by when, and what was observed or claimed since."""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from tradelib import catalogue, ledger
from tradelib.doors import LATEST, Day, door, opened
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.rows import each
from tradelib.shown import Shown

STATUSES = ("kept", "scheduled", "partly", "breached", "disputed", "overtaken", "lapsed", "not yet due", "no evidence")
SPEAKERS = {"US": "us_says", "CN": "cn_says", "third party": "others_say"}
_SPOKEN = {"US": "us_evidence", "CN": "cn_evidence", "third party": "others_evidence"}
# An observation that bears on a promise and decides nothing.
NOTED = "noted"
_EVIDENCE = {"evidence": "observation", "evidence_by": "claimed_by", "evidence_source": "source", "evidence_url": "url"}


@door
def agreements(*, as_of: Day = LATEST) -> list[str]:
    """Names of the agreements known on a day, in the order they were made."""
    rows = catalogue.load("commitments", as_of=as_of)
    return list(dict.fromkeys(rows.sort_values(["made_on", "commitment_id"])["agreement"]))


@door
@kept(maxsize=64)
def commitments(*, as_of: Day = LATEST, agreement: str = "all") -> pd.DataFrame:
    """Commitments made by a day, each with its evidence, the newest words of each side, and a status.

    Parameters
    ----------
    as_of
        day of knowledge.
    agreement
        one of `agreements(as_of=as_of)`, or `all`.

    Returns
    -------
    DataFrame
        One row a commitment, in order of the agreement and the day it was made: commitment_id, agreement, party, what, metric, target,
        due_on, made_on, announced_on (day of the version shown), confirmed_by_other_side, status, rests_on, evidence (of a promise that is
        kept, the first observation that showed it; else the newest that decides the status, a legal text first; where none does, the newest
        noted), evidence_by (who says so), evidence_on,
        evidence_source, evidence_url, us_says, cn_says, others_say (the newest direction of each), us_evidence, cn_evidence,
        others_evidence (the newest observation of each), source and url of the promise, known_on (the newest day of the row).

        The status is that of the newest word of every speaker: `kept`, `scheduled` (a text that is public does it from a later day),
        `partly` or `breached` where they agree (or only one spoke),
        `disputed` where they do not, or where the only one who calls it breached is the other party; `overtaken` where events have
        taken away what was promised, whatever was said before. Where nobody spoke it is `not yet due` before its day, `lapsed` once that
        day has passed within what our data cover, else `no evidence`. What was only noted decides nothing. A claim stays the claim of
        who made it: `rests_on` says whether a legal text does what was promised (`legal text`), official statistics show it
        (`statistics`), or who says so (`US`, `CN`, `both`, `third party`).

    Raises
    ------
    ParameterError
        an agreement that is not known on the day.
    """
    rows = ledger.newest_versions(catalogue.load("commitments", as_of=as_of), key=["commitment_id"], by="announced_on")
    order = {name: number for number, name in enumerate(agreements(as_of=as_of))}
    if agreement != "all":
        if agreement not in order:
            known = ", ".join(order) or "none"
            message = f"agreement must be all or one known on {as_of} ({known}), not {agreement!r}."
            raise ParameterError(message)
        rows = rows[rows["agreement"].eq(agreement)]
    evidence = catalogue.load("evidence", as_of=as_of)
    evidence = evidence[evidence["commitment_id"].isin(rows["commitment_id"])].sort_values(["observed_on", "evidence_id"])
    # What decides the status goes before what was only noted, and a legal text before words.
    ranked = evidence.assign(tells=evidence["direction"].ne(NOTED), is_law=evidence["standing"].eq("instrument"))
    ranked = ranked.sort_values(["tells", "is_law", "observed_on", "evidence_id"])
    telling = evidence[evidence["direction"].ne(NOTED)].drop_duplicates(["commitment_id", "claimed_by"], keep="last")
    ids = rows["commitment_id"]
    for speaker, column in SPEAKERS.items():
        rows[column] = _words(ids, telling[telling["claimed_by"].eq(speaker)].set_index("commitment_id")["direction"])
        spoken = evidence[evidence["claimed_by"].eq(speaker)].drop_duplicates("commitment_id", keep="last").set_index("commitment_id")
        rows[_SPOKEN[speaker]] = _words(ids, spoken["observation"])
    rows["status"] = [_status(row, opened(as_of)) for row in each(rows, _Promise)]
    settles = _that_settle(ranked, rows)
    for column, name in _EVIDENCE.items():
        rows[column] = _words(ids, settles[name])
    rows["evidence_on"] = pd.to_datetime(ids.map(settles["observed_on"].to_dict())).astype("datetime64[us]")
    grounds = {item: _ground(part) for item, part in telling.groupby("commitment_id")}
    rows["rests_on"] = [grounds.get(item, "") for item in ids]
    # The newest evidence counts, shown or not: a status may rest on another word than the text that is shown.
    heard = pd.to_datetime(ids.map(evidence.groupby("commitment_id")["observed_on"].max().to_dict())).astype("datetime64[us]")
    rows["known_on"] = heard.where(heard > rows["announced_on"], rows["announced_on"])
    columns = [
        "commitment_id", "agreement", "party", "what", "metric", "target", "due_on", "made_on", "announced_on",
        "confirmed_by_other_side", "status", "rests_on", *_EVIDENCE, "evidence_on", *SPEAKERS.values(), *_SPOKEN.values(), "source",
        "url", "known_on",
    ]  # fmt: skip
    rows = rows.assign(_order=rows["agreement"].map(order)).sort_values(["_order", "made_on", "commitment_id"])
    return rows[columns].reset_index(drop=True)


@dataclass(frozen=True, repr=False)
class PromiseCount(Shown):
    """How many promises stand how.

    Attributes
    ----------
    by_status
        number by status, those of `STATUSES` that there are.
    by_text, kept_by_text
        how many rest on a legal text; how many of these are kept.
    by_one
        how many only one side tells of.
    """

    by_status: dict[str, int]
    by_text: int = 0
    kept_by_text: int = 0
    by_one: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_status.values())

    @property
    def kept(self) -> int:
        """How many are kept."""
        return self.by_status.get("kept", 0)

    @property
    def scheduled(self) -> int:
        """How many a text that is public keeps from a later day."""
        return self.by_status.get("scheduled", 0)


def count_promises(rows: pd.DataFrame) -> PromiseCount:
    """Promises counted; rows as `commitments` gives them."""
    is_text = rows["rests_on"].eq("legal text")
    return PromiseCount(
        {str(status): count for status, count in rows["status"].value_counts().items()},
        by_text=int(is_text.sum()),
        kept_by_text=int((is_text & rows["status"].eq("kept")).sum()),
        by_one=int(rows["confirmed_by_other_side"].eq("no").sum()),
    )


@door
def about(words: list[str], *, as_of: Day = LATEST) -> pd.DataFrame:
    """Commitments whose text names one of some words, in any case; as `commitments`."""
    rows = commitments(as_of=as_of)
    return rows[rows["what"].str.contains("|".join(map(re.escape, words)), case=False)].reset_index(drop=True)


def _words(ids: pd.Series, found: pd.Series) -> list[str]:
    held = found.to_dict()
    return [held.get(item, "") for item in ids]


def _that_settle(ranked: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """One observation a commitment: the first that showed it kept since it was last in doubt, else the newest; `ranked` in their order."""
    newest = ranked.drop_duplicates("commitment_id", keep="last").set_index("commitment_id")
    kept_ids = rows.loc[rows["status"].eq("kept"), "commitment_id"]
    showed = ranked[ranked["direction"].eq("kept") & ranked["commitment_id"].isin(kept_ids)]
    doubt = ranked[ranked["direction"].isin(["partly", "breached", "disputed"])].groupby("commitment_id")["observed_on"].max().to_dict()
    since = [doubt.get(item, pd.Timestamp.min) for item in showed["commitment_id"]]
    showed = showed[showed["observed_on"].to_numpy() >= np.array(since, dtype="datetime64[us]")]
    showed = showed.sort_values(["is_law", "observed_on", "evidence_id"], ascending=[False, True, True])
    first = showed.drop_duplicates("commitment_id").set_index("commitment_id")
    return pd.concat([first, newest[~newest.index.isin(first.index)]])


class _Promise(NamedTuple):
    party: str
    due_on: pd.Timestamp
    us_says: str
    cn_says: str
    others_say: str


def _status(row: _Promise, as_of: date) -> str:
    spoken: dict[str, str] = {speaker: word for speaker, column in SPEAKERS.items() if (word := getattr(row, column))}
    if not spoken:
        return _undecided(row.due_on, as_of)
    directions = set(spoken.values())
    # Who kept a promise until events took its object away has neither kept nor broken it since.
    if "overtaken" in directions:
        return "overtaken"
    if len(directions) > 1:
        # What one side has put into law for a later day is not yet kept by both.
        mixed = {frozenset({"kept", "partly"}): "partly", frozenset({"kept", "scheduled"}): "scheduled"}
        return mixed.get(frozenset(directions), "disputed")
    (direction,) = directions
    accusers = set(spoken) - {row.party, "third party"}
    if direction == "breached" and row.party != "both" and set(spoken) == accusers:
        return "disputed"
    return direction


def _undecided(due_on: pd.Timestamp, as_of: date) -> str:
    """Status of a promise on which nobody spoke; of a day after the evidence ends nothing was looked for."""
    if pd.notna(due_on) and due_on > pd.Timestamp(as_of):
        return "not yet due"
    return "lapsed" if pd.notna(due_on) and due_on < pd.Timestamp(catalogue.observed_through(as_of)) else "no evidence"


def _ground(rows: pd.DataFrame) -> str:
    """What the newest words about one commitment rest on: a legal text before statistics, and both before what is said."""
    standings = set(rows["standing"])
    if "instrument" in standings:
        return "legal text"
    speakers = set(rows["claimed_by"])
    if {"US", "CN"} <= speakers:
        return "both"
    sides: set[str] = speakers & {"US", "CN"}
    if sides:
        return sides.pop()
    return "statistics" if "statistics" in standings else "third party"
