"""What a site holds, read from the pages in it; the templates of the pages that are no reports."""

import functools
import json
import re
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from tradelib.days import parse_day
from tradelib.errors import DayError, ReportError
from tradelib.report.render import TEMPLATE, day_html
from tradelib.report.values import spelled
from tradelib.show.display import first_address

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Entry:
    """One page of the site, as its build.json describes it.

    Attributes
    ----------
    facts : its key numbers, each with its words.
    findings : what it says in single sentences, the first first, as it is headed: title, standfirst, messages, description.
    good : the named good that it is about, where no other parameter was changed.
    """

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
    facts: tuple[tuple[str, str], ...] = ()
    findings: tuple[str, ...] = ()
    is_front: bool = False
    licence: str = ""
    good: str = ""

    @property
    def folder(self) -> Path:
        """Folder of the page, from the folder of the site."""
        return Path("reports", self.notebook, self.slug)

    @property
    def href(self) -> str:
        """Link from the index to the page; it names the file, so that it works without a server."""
        return f"reports/{self.notebook}/{self.slug}/index.html"

    @property
    def fact(self) -> tuple[str, str]:
        """Its first key number and the words of it."""
        return next(iter(self.facts), ("", ""))

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
    found = [_entry(path) for path in sorted(folder.glob("reports/*/*/build.json"), key=lambda path: path.parts)]
    return sorted(found, key=lambda entry: (entry.notebook, -entry.as_of.toordinal(), entry.changed != "", entry.slug))


def plain_days(found: list[Entry]) -> list[date]:
    """Days of which a site holds a page with default parameters, in order."""
    return sorted({entry.as_of for entry in found if not entry.changed})


def of_day(found: list[Entry], day: date) -> list[Entry]:
    """The pages of a day with default parameters, one a report, in their order."""
    return [entry for entry in found if entry.as_of == day and not entry.changed]


def told(found: list[Entry]) -> list[tuple[Entry, str]]:
    """Reports of a day, each with the first of its findings that none before it said."""
    said: set[str] = set()
    findings = []
    for entry in found:
        finding = next((finding for finding in entry.findings if finding not in said), entry.title)
        # What the front page says below its title is of the day, and so said once.
        said |= {finding, *(entry.findings[:2] if entry.is_front else ())}
        findings.append((entry, finding))
    return findings


@functools.cache
def environment() -> Any:
    """Templates of the pages that are no reports, with filters that write days, and names in backticks as code; each is compiled once."""
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
    found.filters["web"] = first_address
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
        facts = [(str(fact.get("value", "")), str(fact.get("words", ""))) for fact in build.get("facts") or []]
        findings = [words[1], build.get("standfirst"), *build.get("messages", []), words[2]]
        more = {
            "facts": tuple(facts),
            "findings": tuple(str(finding) for finding in findings if finding),
            "is_front": bool(build.get("front")),
            "licence": str(build.get("licence", "")),
            "good": str(build.get("parameters", {}).get("basket", "")) if set(build["changed"]) <= {"basket"} else "",
        }
        known = tuple(parse_day(day, name="sources_known_on") for day in build.get("sources_known_on", []))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, DayError) as error:
        where = "/".join(path.parts[-4:])
        message = f"{where} does not describe its page ({type(error).__name__}); remove that page's folder and publish it again."
        raise ReportError(message) from None
    return Entry(path.parts[-3], path.parts[-2], *words, as_of, min(as_of, through), edition, changed, known, **more)
