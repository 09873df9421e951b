"""Ways through a site: what the marks of a page become once it is known which other pages there are.

Every link is relative and names a file, so that it works without a server; a page by itself has the marks and nothing between them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from itertools import groupby

from tradelib import wording
from tradelib.report.listing import Entry, of_day, plain_days, told
from tradelib.report.render import SITE_NAME, day_html
from tradelib.show.code_box import CodeBox

_MARKS = ("head", "cite", "embed", "bar", "upto", "steps", "vintage", "cards", "days", "foot", "box")
# Words that lead to the page of a good of the same day, where there is one.
_GOOD = re.compile(r"<!--good:(\w+)-->(?:<a [^>]*>)?(.*?)(?:</a>)?<!--/good-->", re.DOTALL)
# Where a page names lines by code, such as `us/8507.60 us/8507.80`: the way to each, where the site has the lines of the same day.
_LINES = re.compile(r"<!--lines:([\w./ ]+)-->.*?<!--/lines-->", re.DOTALL)
# Pages beside the reports that the bar names where the site has them.
PRODUCTS, DAYS, DATA, GUIDES = "products/index.html", "days/index.html", "data/index.html", "docs/index.html"


@dataclass(frozen=True)
class Site:
    """What a page may lead to.

    Attributes
    ----------
    found : pages of reports, in their order.
    places, foot : what the bar and the foot name, by its label.
    named : the days that have a name.
    dated : of a place that has a page a day, its days.
    text : of a page by its path below the site; empty where it has none.
    """

    found: list[Entry]
    places: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[date, str] = field(default_factory=dict)
    foot: Mapping[str, str] = field(default_factory=dict)
    dated: Mapping[str, Sequence[date]] = field(default_factory=dict)
    text: Callable[[str], str] = lambda _: ""


def filled(html: str, entry: Entry, site: Site, more: Mapping[str, str] | None = None) -> str:
    """A page of a report with its ways: the bar, the day it knows, its neighbours, other days; on the front page the other reports.

    Parameters
    ----------
    more : what stands between further marks, by their name.
    """
    own = [other for other in site.found if other.notebook == entry.notebook]
    root = "../../../"
    html = _LINES.sub(lambda found: _lines(found[1], entry.as_of, site, root), html)
    return put(
        _goods(html, {other.good: f"{root}{other.href}" for other in site.found if other.good and other.as_of == entry.as_of}),
        {
            **(more or {}),
            "bar": bar(site, root, day=entry.as_of, current="" if entry.changed else entry.notebook),
            "upto": _up_to(entry, own, site, root),
            "steps": _steps(entry, own),
            "vintage": _since(entry, own),
            "box": _by_code(entry.as_of, site, root) if entry.is_front else "",
            "cards": _cards(entry, site, root) + _story(entry, own, site) if entry.is_front else "",
            "days": _other_days(entry, own, site.named),
            "foot": _foot(site, root),
        },
    )


def with_bar(html: str, site: Site, root: str, current: str = "", day: date | None = None) -> str:
    """A page that is no report, with the bar of a day; of the newest without one."""
    return put(html, {"bar": bar(site, root, day=day, current=current), "foot": _foot(site, root)})


def of_place(html: str, site: Site, day: date, days: list[date], place: str, own: str) -> str:
    """A page of a day that is no report, with its ways: the bar of its day, whether it is the newest, and the same page of other days.

    Parameters
    ----------
    days : days of which the site holds this page, the newest first.
    place, own : folder of such pages below that of the site, and of this one below its day; `.` where it stands in the folder of the day.
    """
    depth = 0 if own == "." else own.count("/") + 1
    up, root = "../" * (depth + 1), "../" * (depth + 2)
    tail = "index.html" if own == "." else f"{own}/index.html"
    links = {other: f"{up}{other.isoformat()}/{tail}" for other in days if other != day}
    items = (
        f'<li><a href="{links[other]}">{day_html(other)}</a></li>'
        if other in links
        else f'<li><span aria-current="page">{day_html(day)}</span></li>'
        for other in days
    )
    newest = f' <a href="{links[days[0]]}">Newest: {day_html(days[0])}</a>' if days[0] in links else ""
    older = ' older" role="note' if newest else ""
    return put(
        html,
        {
            "bar": bar(site, root, day=day, current=f"{place}/index.html"),
            "upto": f'<p class="upto{older}">Information up to <strong>{day_html(day)}</strong>.{newest}</p>',
            "days": f'<ul class="days">{"".join(items)}</ul>',
            "foot": _foot(site, root),
        },
    )


def of_figure(html: str, entry: Entry, site: Site, others: list[Entry], name: str) -> str:
    """The page of a figure with its ways: the bar of its day, whether it is the newest, and the same figure of other days.

    Parameters
    ----------
    others : the other pages of the same report that show it, the newest first.
    """
    links = [f'<li><a href="../../{other.slug}/figures/{name}.html">{other.day}</a></li>' for other in others]
    newest = next((other for other in others if other.as_of > entry.as_of), None)
    way = f' <a href="../../{newest.slug}/figures/{name}.html">Newest: {day_html(newest.as_of)}</a>' if newest else ""
    older, upto = " older" if newest else "", f"Information up to <strong>{day_html(entry.as_of)}</strong>."
    return put(
        html,
        {
            "bar": bar(site, "../../../../", day=entry.as_of),
            "upto": f'<aside class="upto{older}" aria-label="Day of this page">{upto}{way}</aside>',
            "days": f'<ul class="days">{"".join(links)}</ul>' if links else "<p>This site shows it on no other day yet.</p>",
            "foot": _foot(site, "../../../../"),
        },
    )


def without(html: str) -> str:
    """A page without what it says of other pages, which come and go."""
    html = _LINES.sub(r"<!--lines:\1--><!--/lines-->", html)
    return _goods(put(html, dict.fromkeys(_MARKS, "")), {})


def bar(site: Site, root: str, *, day: date | None = None, current: str = "") -> str:
    """Links to all reports of one day, and to what stands beside the reports.

    Parameters
    ----------
    root : the way to the folder of the site, such as "../".
    day : whose reports; the newest without it.
    current : notebook, or place, that is shown.
    """
    days = plain_days(site.found)
    day = day or max(days, default=None)
    reports = of_day(site.found, day) if day else []
    links = [(entry.notebook, entry.label, entry.href) for entry in reports]
    links += [(place, *_of_day(place, label, day, site)) for place, label in site.places.items()]
    marked = {True: ' aria-current="page"', False: ""}
    items = "".join(f'<li><a href="{root}{href}"{marked[name == current]}>{escape(label)}</a></li>' for name, label, href in links)
    words = f"Reports of {wording.day(day)}" if day else "Site"
    newest = ", newest day" if days and day != max(days) else ""
    home = f'<a class="site" href="{root}index.html">{SITE_NAME}{newest}</a>'
    return f'<nav class="bar" aria-label="{words}">{home}<ul>{items}</ul></nav>'


def _of_day(place: str, label: str, day: date | None, site: Site) -> tuple[str, str]:
    """(what the bar of a day calls a place, where it leads): to its page of the day, or, said so, of the newest day."""
    held = site.dated.get(place, ())
    if not held or day == max(held):
        return label, place
    if day in held:
        return label, place.replace("/", f"/{day}/")
    return f"{label} (as of {wording.day(max(held))})", place


def _by_code(day: date, site: Site, root: str) -> str:
    """The way to the products of a day, with the box that takes a code there; nothing where the site has none of the day."""
    if day not in site.dated.get(PRODUCTS, ()):
        return ""
    way = f'<p><a id="by-code" href="{root}{PRODUCTS.replace("/", f"/{day}/")}">Look up your product by code</a></p>'
    return way + str(CodeBox()._repr_mimebundle_()["text/html"])


def _lines(names: str, day: date, site: Site, root: str) -> str:
    """A sentence that leads to lines by their codes, between its marks; nothing where the site has no such line of the day."""
    links = []
    for name in names.split():
        side, code = name.split("/")
        place = PRODUCTS.replace("/index", f"/{day}/{side}/{code[:2]}/index")
        if first := re.search(rf"<tr[^>]* id=({re.escape(code)}[\d.]*)>", site.text(place)):
            links.append(f'<a href="{root}{place}#{first[1]}">{code}</a>')
    said = f"Every line with its duty, by code: {wording.listing(links)}. " if links else ""
    return f"<!--lines:{names}-->{said}<!--/lines-->"


def _goods(html: str, links: Mapping[str, str]) -> str:
    """Names of goods, each linked to its page where there is one."""

    def named(found: re.Match[str]) -> str:
        words = f'<a href="{links[found[1]]}">{found[2]}</a>' if found[1] in links else found[2]
        return f"<!--good:{found[1]}-->{words}<!--/good-->"

    return _GOOD.sub(named, html)


def _foot(site: Site, root: str) -> str:
    """Links to the pages that explain the site."""
    links = " · ".join(f'<a href="{root}{place}">{escape(label)}</a>' for place, label in site.foot.items())
    return f"<p>{links}</p>" if links else ""


def put(html: str, texts: Mapping[str, str]) -> str:
    """A page with texts between its marks; a mark that it does not have takes none.

    Examples
    --------
    >>> put("<p><!--bar-->old<!--/bar--></p>", {"bar": "new", "days": "none"})
    '<p><!--bar-->new<!--/bar--></p>'
    """
    parts = html.split("<!--")  # once, where looking for each mark would go through the page two dozen times
    for name, text in texts.items():
        begins = _place_of(f"{name}-->", parts, 1)
        if begins:
            ends = _place_of(f"/{name}-->", parts, begins + 1)
            if not ends:
                message = f"The mark {name} of a page is not closed."
                raise ValueError(message)
            parts[begins:ends] = [f"{name}-->{text}"]
    return "<!--".join(parts)


def _place_of(mark: str, parts: list[str], first: int) -> int:
    """Place of the part that begins with a mark; 0 where none does."""
    return next((place for place in range(first, len(parts)) if parts[place].startswith(mark)), 0)


def _up_to(entry: Entry, own: list[Entry], site: Site, root: str) -> str:
    """The day up to which a page knows, and the way to the newest page of the report where it is another."""
    others = f' · <a href="{root}{DAYS}">other days</a>' if DAYS in site.places else ""
    last = max((other for other in own if not other.changed), key=lambda other: other.as_of, default=entry)
    if last.as_of <= entry.as_of:
        return (
            f'<aside class="upto" aria-label="Day of this page">Information up to <strong>{day_html(entry.as_of)}</strong>{others}</aside>'
        )
    newest = f'<a href="../{last.slug}/index.html">Newest: {day_html(last.as_of)}</a>'
    shown = f"This page shows what was known on <strong>{day_html(entry.as_of)}</strong>."
    return f'<aside class="upto older" aria-label="Day of this page">{shown} {newest}{others}</aside>'


def _steps(entry: Entry, own: list[Entry]) -> str:
    """Links to the published day before and after, of the same report and parameters."""
    line = sorted((other for other in own if other.changed == entry.changed), key=lambda other: other.as_of)
    place = line.index(entry)
    before, after = line[:place][-1:], line[place + 1 :][:1]
    links = [f'<a rel="prev" href="../{other.slug}/index.html">← {day_html(other.as_of)}</a>' for other in before]
    links += [f'<a rel="next" href="../{other.slug}/index.html">{day_html(other.as_of)} →</a>' for other in after]
    return f'<li class="links">This report on {" · ".join(links)}</li>' if links else ""


def _since(entry: Entry, own: list[Entry]) -> str:
    """What changed since the newest earlier day of the same report and parameters; empty where the site holds none."""
    earlier = [other for other in own if other.changed == entry.changed and other.as_of < entry.as_of]
    if not earlier:
        return ""
    last = max(earlier, key=lambda other: other.as_of)
    new = [day for day in entry.known if day > last.as_of]
    newest = f", the newest on {day_html(max(new))}" if new else ""
    # Marks of quotation within marks are single ones.
    title = last.title.translate(str.maketrans("“”", "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"))
    return (
        f'<p class="vintage">As of <a href="../{last.slug}/index.html">{day_html(last.as_of)}</a> this report is headed '
        f"“{escape(title)}”. "
        f"Of the {wording.count(len(entry.known), 'source')} of this page {len(new)} became known since that day{newest}.</p>"
    )


def _cards(entry: Entry, site: Site, root: str) -> str:
    """The other reports of the day, each with one number and the first of its findings that none before it said."""
    cards = "".join(
        f'<li><h3><a href="{root}{other.href}">{escape(other.label)}</a></h3><p><strong>{escape(other.fact[0])}</strong> '
        f"{escape(other.fact[1])}</p><p>{escape(finding.removesuffix('.'))}.</p></li>"
        for other, finding in told(of_day(site.found, entry.as_of))
        if other.notebook != entry.notebook
    )
    head = '<section aria-labelledby="reports"><h2 id="reports">Reports of this day</h2>'
    return f'{head}<ul class="cards">{cards}</ul></section>' if cards else ""


def _story(entry: Entry, own: list[Entry], site: Site) -> str:
    """The days of the front page by year, each under its name."""
    plain = sorted((other for other in own if not other.changed), key=lambda other: other.as_of)
    if len(plain) < 2:  # noqa: PLR2004, one day is no story
        return ""
    years = "".join(
        f"<li><strong>{year}</strong> {' '.join(_day_link(other, entry, site.named) for other in part)}</li>"
        for year, part in groupby(plain, key=lambda other: other.as_of.year)
    )
    return f'<section aria-labelledby="story"><h2 id="story">The story as it was known on…</h2><ul class="story">{years}</ul></section>'


def _day_link(other: Entry, entry: Entry, named: Mapping[date, str]) -> str:
    name = named.get(other.as_of, "")
    words = f"{day_html(other.as_of, short=True)}{f' <small>{escape(name)}</small>' if name else ''}"
    return f'<span aria-current="page">{words}</span>' if other == entry else f'<a href="../{other.slug}/index.html">{words}</a>'


def _other_days(entry: Entry, own: list[Entry], named: Mapping[date, str]) -> str:
    if len(own) == 1:
        return "<p>This site holds no other day of this report yet.</p>"
    items = (_day_item(other, entry, named) for other in own)
    return f'<ul class="days">{"".join(items)}</ul>'


def _day_item(other: Entry, entry: Entry, named: Mapping[date, str]) -> str:
    name = f" <small>{escape(named[other.as_of])}</small>" if other.as_of in named else ""
    if other == entry:
        return f'<li><span aria-current="page">{other.day}</span>{name}</li>'
    return f'<li><a href="../{other.slug}/index.html">{other.day}</a>{name}</li>'
