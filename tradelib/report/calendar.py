"""The calendar of a site: its page of all days and reports, and a page a day with what became known since the day before."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from tradelib import wording
from tradelib.report import ways
from tradelib.report.listing import environment, newest, of_day, plain_days, told
from tradelib.report.render import SITE_NAME, style_sheet

# What became known after one day and up to another, as rows of `companions.feed_xml`.
Between = Callable[[date, date], Sequence[Mapping[str, Any]]]
DATES = "days/dates.ics"
# Facts of one kind that a page of a day shows before it folds the others.
_MOST = 12


def index_html(site: ways.Site, *, root: str, has_dates: bool = False) -> str:
    """Page of all days and reports: the calendar, each report by its newest day, then every page.

    Parameters
    ----------
    site : the pages of the site, and the days with a name.
    root : the way from the page to the folder of the site, such as "../".
    has_dates : whether the site has the days ahead as a file for calendars.
    """
    found = site.found
    reports = [newest(list(group)) for _, group in groupby(found, key=lambda entry: entry.notebook)]
    days = [{"on": day, "name": site.named.get(day, ""), "href": f"days/{day.isoformat()}/index.html"} for day in plain_days(found)]
    calendar = [(year, list(part)) for year, part in groupby(days, key=lambda day: day["on"].year)]
    html = _page(
        "site.html.j2", reports=reports, entries=found, calendar=calendar, root=root, has_dates=has_dates, has_data=ways.DATA in site.places
    )
    return ways.with_bar(html, site, root, ways.DAYS if root else "")


def day_pages(site: ways.Site, between: Between | None = None) -> dict[str, str]:
    """A page for each day of a site, by its path.

    Parameters
    ----------
    between : gives what became known between two days; without it the pages have the reports alone.
    """
    days = plain_days(site.found)
    return {f"days/{day.isoformat()}/index.html": _day_html(site, days, place, between) for place, day in enumerate(days)}


def _day_html(site: ways.Site, days: list[date], place: int, between: Between | None) -> str:
    day = days[place]
    before, after = (days[place - 1] if place else None), (days[place + 1] if place + 1 < len(days) else None)
    rows = between(before, day) if between and before else ()
    html = _page(
        "day.html.j2",
        words=wording.day(day),
        name=site.named.get(day, ""),
        before=before,
        after=after,
        front=next((entry for entry in of_day(site.found, day) if entry.is_front), None),
        reports=told(of_day(site.found, day)),
        kinds=_by_kind(rows),
        most=_MOST,
    )
    return ways.with_bar(html, site, "../../", day=day)


def _by_kind(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Rows of one kind together, in the order in which the kinds come: what is in law first, then the newest first."""
    kinds = list(dict.fromkeys(row["kind"] for row in rows))
    parts = ((kind, [row for row in rows if row["kind"] == kind]) for kind in kinds)
    return [
        (wording.upper(kind), sorted(part, key=lambda row: (bool(row.get("is_stated")), -row["day"].toordinal()))) for kind, part in parts
    ]


def _page(template: str, **values: Any) -> str:
    return environment().get_template(template).render(site_name=SITE_NAME, style=style_sheet(), **values)
