"""What comes after the day of a report: the days ahead and the next releases, as known on it."""

from datetime import date
from itertools import groupby

import pandas as pd

from tradelib import catalogue, wording
from tradelib.show.display import Row, Text, markdown
from tradelib.stories.today.tables import comes

_MOST_DATES, _MOST_RELEASES = 3, 3


def next_dates(dates: pd.DataFrame, releases: pd.DataFrame | None = None, *, as_of: date) -> Text:
    """The nearest days in law or announced, and the days on which the next figures are due.

    Parameters
    ----------
    dates
        as `today.coming` gives them.
    releases
        as `trade.releases` gives them; none for a page that no release changes.
    as_of
        the day; a release whose usual day has passed is left out, for nobody knows when it comes.
    """
    ahead = dates[dates["on"].notna()].head(_MOST_DATES)
    due = _due(releases, as_of) if releases is not None else pd.DataFrame(columns=["series_id", "next_usual_on", "next_period"])
    lines = [(row.on, f"- **{wording.day(row.on)}**, {row.standing}: {markdown(comes(row))}.") for row in ahead.itertuples()]
    groups = [list(part) for _, part in groupby(due.itertuples(), key=lambda row: (row.next_usual_on, row.next_period))][:_MOST_RELEASES]
    lines += [(part[0].next_usual_on, _release(part)) for part in groups]
    used = due[due["series_id"].isin([row.series_id for part in groups for row in part])]
    frames = [frame for frame in (ahead, used) if len(frame)]
    told = [line for _, line in sorted(lines, key=lambda item: item[0])]
    return Text("\n".join(told) or "Our data have no date after this day.", catalogue.sources(*frames))


def _due(releases: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Releases whose usual day is still ahead, in order."""
    ahead = releases[releases["next_usual_on"] > pd.Timestamp(as_of)]
    return ahead.sort_values(["next_usual_on", "next_period"], kind="stable")


def _release(rows: list[Row]) -> str:
    """The figures that are due on one day for one month."""
    day = wording.day(rows[0].next_usual_on)
    titles = list(dict.fromkeys(row.title.partition(",")[0] for row in rows))
    about = "" if rows[0].next_basis == "calendar" else "About "
    return f"- **{about}{day}**, statistics of {wording.month(rows[0].next_period)}: {markdown('; '.join(titles))}."
