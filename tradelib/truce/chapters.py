"""The truce told in chapters: one for each agreement, and the time before the first."""

from datetime import date, timedelta
from typing import Literal

import pandas as pd

from tradelib import catalogue
from tradelib.days import parse_day
from tradelib.doors import LATEST, Day, door, opened
from tradelib.errors import DayError
from tradelib.truce.clocks import phases
from tradelib.truce.commitments import STATUSES, commitments
from tradelib.truce.events import events

BEFORE = "Without a truce"
_LEADS = ("talks", "summit", "agreement", "extension")
_RUN_UP = timedelta(days=120)
_TWO_YEARS = timedelta(days=730)
_NEAR = pd.Timedelta(days=10)
_WORDS = ["title", "detail", "location", "source", "url"]
_LEAD = [*_WORDS, "known_on"]
_STATUSES = list(STATUSES)


@door
def first_day(since: Day | Literal["auto"], *, as_of: Day = LATEST) -> date:
    """First day of the story that a reader asked for.

    Parameters
    ----------
    since
        a day, or `auto`: four months before the truce began, or two years before `as_of` where none was known.
    as_of
        day of knowledge.

    Raises
    ------
    DayError
        no day, a day before the edition, or one after `as_of`.
    """
    as_of = opened(as_of)
    if since == "auto":
        known = phases(as_of=as_of)
        start: date = known["starts_on"].iloc[0].date() - _RUN_UP if len(known) else as_of - _TWO_YEARS
        return max(min(start, as_of), catalogue.edition().evidence_from)
    day = parse_day(since, name="since")
    if day < catalogue.edition().evidence_from:
        message = f"since must be {catalogue.edition().evidence_from} or later, the first day that this edition covers, not {day}."
        raise DayError(message)
    if day > as_of:
        message = f"since must not lie after as_of ({as_of}), and {day} does."
        raise DayError(message)
    return day


@door
def chapters(*, as_of: Day = LATEST, since: Day, agreement: str = "all") -> pd.DataFrame:
    """Chapters of the truce as known on a day.

    Parameters
    ----------
    since
        chapters that end before this day are left out.
    agreement
        one agreement, or `all`.

    Returns
    -------
    DataFrame
        One row a chapter in order: chapter (the name of its agreement, or `BEFORE`), starts_on, ends_on (exclusive; the day after `as_of`
        for the last), title, detail, location, source, url and known_on of the meeting or text it begins with (empty for the time before),
        and how many of its promises have which status: promises, and a column for each of `STATUSES`.

    Raises
    ------
    ParameterError
        an agreement that is not known on the day.
    """
    promises = commitments(as_of=as_of, agreement=agreement)
    starts = commitments(as_of=as_of).groupby("agreement", sort=False)["made_on"].min()
    joint = events(as_of=as_of)
    joint = joint[joint["kind"].isin(_LEADS) & joint["actor"].eq("both") & joint["phase_of_event"].ne("ahead")]
    end = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    edges = [pd.Timestamp(since), *starts, end]
    rows = []
    for number, name in enumerate([BEFORE, *starts.index]):
        row = {"chapter": name, "starts_on": edges[number], "ends_on": max(edges[number + 1], edges[number])}
        if name != BEFORE:
            lead = joint[(joint["starts_on"] <= row["starts_on"]) & (joint["starts_on"] > row["starts_on"] - _NEAR)]
            row |= lead.iloc[-1][_LEAD].to_dict() if len(lead) else {}
        counted = promises.loc[promises["agreement"].eq(name), "status"].value_counts()
        rows.append(row | {"promises": int(counted.sum()), **counted.to_dict()})
    table = pd.DataFrame(rows, columns=["chapter", "starts_on", "ends_on", *_LEAD, "promises", *_STATUSES])
    table[_STATUSES] = table[_STATUSES].fillna(0).astype(int)
    table[_WORDS] = table[_WORDS].astype(object).fillna("").astype("str")
    table["known_on"] = pd.to_datetime(table["known_on"]).astype("datetime64[us]")
    told = (table["ends_on"] > pd.Timestamp(since)) & (table["chapter"].eq(agreement) if agreement != "all" else True)
    return table[told].reset_index(drop=True)
