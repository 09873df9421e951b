"""When publishers release: their calendars, and what is due and not held."""

import json
import statistics as numbers
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tradelib.refresh.doubts import add_months
from tradelib.refresh.errors import LayoutError
from tradelib.refresh.ledger import Ledger, Row, day
from tradelib.refresh.raw import Question, Raw

CENSUS = "US Census Bureau"
GACC = "General Administration of Customs of China"
FT900 = "FT-900"
FLASH, BULLETIN, QUERY = "flash", "bulletin", "online query"
BEA_RELEASE = "U.S. International Trade in Goods and Services"
_ENOUGH = 3
# A series of which nothing came for so many months has ended; nothing of it is due.
_STOPPED = 24


@dataclass(frozen=True)
class Due:
    """A release that is due by a day and not held, or the next one that will be.

    Attributes
    ----------
    what : the series or table; several that wait for the same are one.
    release, periods, due_on, basis : the release, its periods, the day of the first of them, and what that day rests on.
    last : newest period held.
    automatic : a source of `tradelib refresh` brings it; else the press does, by hand.
    """

    publisher: str
    release: str
    what: tuple[str, ...]
    last: str
    periods: tuple[str, ...]
    due_on: date
    basis: str
    automatic: bool


class _Key(NamedTuple):
    publisher: str
    release: str
    last: str
    periods: tuple[str, ...]
    due_on: date
    basis: str
    automatic: bool


class Calendar:
    """Days of releases, from the table `release_days` and from calendars seen since."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.days: dict[tuple[str, str, str], tuple[date, str]] = {}
        self.seen_on: dict[tuple[str, str], str] = {}
        for row in sorted(rows, key=lambda row: row["seen_on"]):
            release = (row["publisher"], row["release"])
            self.days[*release, row["period"]] = (day(row["due_on"]), row["basis"])
            self.seen_on[release] = max(self.seen_on.get(release, ""), row["seen_on"])

    def named(self, publisher: str, release: str, period: str) -> date | None:
        """Day that a calendar of the publisher names for a period."""
        found = self.days.get((publisher, release, period))
        return found[0] if found and found[1] == "calendar" else None

    def add_instants(self, instants: Sequence[str], seen_on: str) -> int:
        """Take over instants of FT-900 as BEA's feed has them; the periods follow from the last one that is known already.

        Returns
        -------
        How many days are new or moved.

        Raises
        ------
        LayoutError : none of them is a day that is known, so that no period can be told.
        """
        zone = ZoneInfo("America/New_York")
        days = sorted({datetime.fromisoformat(item).astimezone(zone).date() for item in instants})
        known = {due: period for (publisher, release, period), (due, _) in self.days.items() if (publisher, release) == (CENSUS, FT900)}
        anchors = [number for number, due in enumerate(days) if due in known]
        if not anchors:
            message = (
                "apps.bea.gov: no release day of FT-900 is one that is known, so that no period can be told. Add rows to release_days."
            )
            raise LayoutError(message)
        changed, period = 0, day(known[days[anchors[0]]])
        for number, due in enumerate(days[anchors[0] :]):
            period = day(known[due]) if due in known else add_months(period, 1 if number else 0)
            key = (CENSUS, FT900, period.isoformat())
            changed += self.days.get(key, (None,))[0] != due
            self.days[key] = (due, "calendar")
        self.seen_on[CENSUS, FT900] = max(self.seen_on.get((CENSUS, FT900), ""), seen_on)
        return changed


def bea_question(address: str) -> Question:
    """The question for BEA's release days."""
    return Question("calendars", f"{address}/API/signup/release_dates.json", expect="json")


def read_bea(raw: Raw) -> list[str]:
    """Instants of the trade release in BEA's feed; entries of other shapes, such as those to be rescheduled, are left out.

    Raises
    ------
    LayoutError : the feed holds no trade release.
    """
    try:
        feed = json.loads(raw.content)
        dates = feed[BEA_RELEASE]["release_dates"]
        instants = [item for item in dates if isinstance(item, str)]
        for item in instants:
            datetime.fromisoformat(item)
    except (ValueError, KeyError, TypeError):
        message = "apps.bea.gov: the feed of release days does not hold the trade release as it used to. The layout has changed."
        raise LayoutError(message) from None
    return instants


def usual(rows: Sequence[Row], period: date, release: Mapping[date, date] | None = None) -> tuple[date | None, str]:
    """Day on which a period is usual: as in the year before, by the rows of the series or of its release; else by the median delay."""
    seen = [(day(row["period"]), day(row["published_on"])) for row in rows if row["published_basis"] in {"observed", "calendar"}]
    a_year_before = period.replace(year=period.year - 1)
    before = dict(seen).get(a_year_before) or (release or {}).get(a_year_before)
    if before is not None:
        return _a_year_later(before), "the same month a year before"
    last = sorted(seen)[-12:]
    if len(last) < _ENOUGH:
        return None, ""
    delay = numbers.median((published - add_months(month, 1)).days for month, published in last)
    return add_months(period, 1) + timedelta(days=round(delay)), "the median delay"


def due(ledger: Ledger, calendar: Calendar, on: date, automatic: frozenset[str]) -> tuple[list[Due], list[Due]]:
    """What should be out by a day and is not held, and what comes next.

    Parameters
    ----------
    ledger : what is held.
    calendar : days of releases.
    on : the day.
    automatic : series and tables that a source of `tradelib refresh` brings.

    Returns
    -------
    Overdue releases, the oldest first; and the next release of each.
    """
    late: dict[_Key, list[str]] = {}
    ahead: dict[_Key, list[str]] = {}
    watched = list(_watched(ledger))
    usually = _release_days(watched)
    for name, publisher, release, rows in watched:
        last = max(row["period"] for row in rows)
        if day(last) < add_months(on.replace(day=1), -_STOPPED):
            continue
        waiting = list(_waiting((publisher, release), rows, day(last), calendar, on, usually[publisher, release]))
        past = [item for item in waiting if item[1] <= on]
        if past:
            key = _Key(publisher, release, last, tuple(item[0].isoformat() for item in past), past[0][1], past[0][2], name in automatic)
            late.setdefault(key, []).append(name)
        for period, when, basis in waiting[len(past) :]:
            key = _Key(publisher, release, last, (period.isoformat(),), when, basis, name in automatic)
            ahead.setdefault(key, []).append(name)
    return _sorted(late), _sorted(ahead)


def _sorted(found: dict[_Key, list[str]]) -> list[Due]:
    items = [Due(key.publisher, key.release, tuple(names), *key[2:]) for key, names in found.items()]
    return sorted(items, key=lambda item: (item.due_on, item.publisher, item.release, item.what))


def _waiting(
    release: tuple[str, str], rows: Sequence[Row], last: date, calendar: Calendar, on: date, usually: Mapping[date, date]
) -> Iterator[tuple[date, date, str]]:
    """Periods after the last one held, with their days, up to the first that is ahead."""
    for number in range(1, _STOPPED + 12):
        period = add_months(last, number)
        named = calendar.named(*release, period.isoformat())
        if release[0] == GACC and period.month == 1 and not named:
            continue  # January is released with February
        when, basis = (named, "calendar") if named else usual(rows, period, usually)
        if when is None:
            return
        yield period, when, basis
        if when > on:
            return


def _release_days(watched: Sequence[tuple[str, str, str, list[Row]]]) -> dict[tuple[str, str], dict[date, date]]:
    """Day of each period of each release, as most of its series hold it."""
    counts: dict[tuple[str, str], dict[date, Counter[date]]] = {}
    for _, publisher, release, rows in watched:
        of_release = counts.setdefault((publisher, release), {})
        for row in rows:
            if row["published_basis"] in {"observed", "calendar"}:
                of_release.setdefault(day(row["period"]), Counter())[day(row["published_on"])] += 1
    return {release: {period: days.most_common(1)[0][0] for period, days in found.items()} for release, found in counts.items()}


def _watched(ledger: Ledger) -> Iterator[tuple[str, str, str, list[Row]]]:
    """Monthly series and tables that are still released, with the rows that say when they were."""
    by_series: dict[str, list[Row]] = {}
    for row in ledger.table("statistics").rows if ledger.has("statistics") else []:
        by_series.setdefault(row["series_id"], []).append(row)
    for series in ledger.reference("series"):
        if series["series_id"] in by_series:
            yield series["series_id"], series["publisher"], series["release"], by_series[series["series_id"]]
    if ledger.has("duties_by_partner"):
        rows = [row for row in ledger.table("duties_by_partner").rows if row["partner"] == "World"]
        if rows:
            yield "duties_by_partner", CENSUS, FT900, rows
    if ledger.has("duties_china"):
        yield "duties_china", CENSUS, FT900, ledger.table("duties_china").rows


def _a_year_later(when: date) -> date:
    try:
        return when.replace(year=when.year + 1)
    except ValueError:
        return date(when.year + 1, 2, 28)
