"""What a site holds, read from the pages in it: the index, and the links from each page to other days."""

import json
import re
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from tradelib import wording
from tradelib.days import parse_day
from tradelib.errors import DayError, ReportError
from tradelib.report.render import SITE_NAME, TEMPLATE, day_html, style_sheet
from tradelib.report.values import spelled

DAYS = re.compile(r"(?<=<!--days-->).*?(?=<!--/days-->)", re.DOTALL)
_CODE = re.compile(r"`([^`]+)`")
VINTAGE = re.compile(r"(?<=<!--vintage-->).*?(?=<!--/vintage-->)", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """One page of the site, as its build.json describes it."""

    notebook: str
    slug: str
    label: str
    title: str
    description: str
    as_of: date
    evidence_to: date
    edition: str
    changed: str
    known: tuple[date, ...] = ()

    @property
    def folder(self) -> Path:
        """Folder of the page, from the folder of the site."""
        return Path("reports", self.notebook, self.slug)

    @property
    def href(self) -> str:
        """Link from the index to the page; it names the file, so that it works without a server."""
        return f"reports/{self.notebook}/{self.slug}/index.html"

    @property
    def day(self) -> str:
        """As-of day in words, with the parameters that were changed."""
        return day_html(self.as_of) + (f", {escape(self.changed)}" if self.changed else "")


def entries(folder: Path) -> list[Entry]:
    """Pages of a site: by report, the newest day first, a day's plain run before its variants.

    Raises
    ------
    ReportError : a page that does not say what it is.
    """
    found = [_entry(path) for path in sorted(folder.glob("reports/*/*/build.json"))]
    return sorted(found, key=lambda entry: (entry.notebook, -entry.as_of.toordinal(), entry.changed != "", entry.slug))


def with_days(html: str, entry: Entry, found: list[Entry]) -> str:
    """Page with links to the other days of its report and what changed since the one before, between the marks of the template.

    Parameters
    ----------
    html : the page.
    entry : what it is.
    found : all pages of the site, in their order.
    """
    own = [other for other in found if other.notebook == entry.notebook]
    if len(own) == 1:
        text = "<p>This site holds no other day of this report yet.</p>"
    else:
        items = (
            f'<li><span aria-current="page">{other.day}</span></li>'
            if other == entry
            else f'<li><a href="../{other.slug}/index.html">{other.day}</a></li>'
            for other in own
        )
        text = f'<ul class="days">{"".join(items)}</ul>'
    return VINTAGE.sub(lambda _: _since(entry, own), DAYS.sub(lambda _: text, html))


def _since(entry: Entry, own: list[Entry]) -> str:
    """What changed since the newest earlier day of the same report and parameters; empty where the site holds none."""
    earlier = [other for other in own if other.changed == entry.changed and other.as_of < entry.as_of]
    if not earlier:
        return ""
    last = max(earlier, key=lambda other: other.as_of)
    new = [day for day in entry.known if day > last.as_of]
    newest = f", the newest on {day_html(max(new))}" if new else ""
    return (
        f'<p class="vintage">As of <a href="../{last.slug}/index.html">{day_html(last.as_of)}</a> this report is headed '
        f"“{escape(last.title)}”. "
        f"Of the {wording.count(len(entry.known), 'source')} of this page {len(new)} became known later{newest}.</p>"
    )


def index_html(found: list[Entry], *, has_data: bool = False) -> str:
    """First page of the site: each report by its newest day, then every day.

    Parameters
    ----------
    found : all pages of the site, in their order.
    has_data : whether the site has a page of the tables.
    """
    reports = [newest(list(group)) for _, group in groupby(found, key=lambda entry: entry.notebook)]
    template = environment().get_template("site.html.j2")
    return template.render(site_name=SITE_NAME, style=style_sheet(), reports=reports, entries=found, has_data=has_data)


def environment() -> Any:
    """Templates of the pages that are no reports, with filters that write days, and names in backticks as code."""
    import jinja2
    from markupsafe import Markup

    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    found.filters["code"] = lambda text: Markup(_CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S704, escaped here
    found.filters["day"] = lambda value: Markup(day_html(value))  # noqa: S704, made of a day alone
    found.filters["short_day"] = lambda value: Markup(day_html(value, short=True))  # noqa: S704, made of a day alone
    return found


def newest(own: list[Entry]) -> Entry:
    """The page of a report that stands for it: the newest day with default parameters, or else the newest."""
    return next((entry for entry in own if not entry.changed), own[0])


def _entry(path: Path) -> Entry:
    try:
        build: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        as_of, through = parse_day(build["as_of"]), parse_day(build["evidence_through"])
        changed = ", ".join(f"{name} {spelled(value)}" for name, value in sorted(build["changed"].items()))
        words = [str(build[key]) for key in ("label", "title", "description")]
        edition = str(build["edition"])
        known = tuple(parse_day(day, name="sources_known_on") for day in build.get("sources_known_on", []))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, DayError) as error:
        where = "/".join(path.parts[-4:])
        message = f"{where} does not describe its page ({type(error).__name__}); remove that page's folder and publish it again."
        raise ReportError(message) from None
    return Entry(path.parts[-3], path.parts[-2], *words, as_of, min(as_of, through), edition, changed, known)
