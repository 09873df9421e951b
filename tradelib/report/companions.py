"""What stands beside the pages of a site: newest copies, feed, list of addresses, data page, and the page for a wrong address.

Everything is made from the pages, the tables and the news alone, so that it is the same bytes whenever it is made.
"""

import posixpath
import re
import uuid
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import urljoin

from tradelib.report.listing import Entry, environment, newest, plain_days
from tradelib.report.render import SITE_NAME, style_sheet, without_control

_WEB = re.compile(r"https?://[^\s/]")
# It begins with its letters, for which a page is looked through ten times as fast as for what stands before them.
_HREF = re.compile(r'href="(?!#|[a-z]+:)([^"]+)"')


def newest_copies(found: list[Entry]) -> dict[str, Entry]:
    """For each report the page that its short address shows: the newest day with default parameters."""
    return {name: newest(list(own)) for name, own in groupby(found, key=lambda entry: entry.notebook)}


def as_newest(html: str, entry: Entry) -> str:
    """The page as it stands one folder up, under the address without a day, which names the dated page as the original."""
    return moved(html, entry.slug)


def as_first(html: str, entry: Entry) -> str:
    """The front page as it stands in the folder of the site: its first page, which also names the feed."""
    feed = f'<link rel="alternate" type="application/atom+xml" title="{SITE_NAME}" href="feed.xml">'
    return moved(html, entry.folder.as_posix()).replace("<style>", f"{feed}\n<style>", 1)


def moved(html: str, folder: str) -> str:
    """The page as it stands above the folder it was made in, its links with it."""

    def there(found: re.Match[str]) -> str:
        is_attribute = html[found.start() - 1].isspace()
        return f'href="{posixpath.normpath(posixpath.join(folder, found[1]))}"' if is_attribute else found[0]

    html = _HREF.sub(there, html)
    if 'rel="canonical"' in html:
        return html
    return html.replace("<style>", f'<link rel="canonical" href="{escape(folder)}/index.html">\n<style>', 1)


def feed_xml(found: list[Entry], *, address: str = "", news: Sequence[Mapping[str, Any]] = (), of: str = "") -> str:
    """Atom feed: one entry a published page and one a piece of news, the newest day first, pages before news.

    A page counts as updated on the last day it knows of, a piece of news on the day it became known.

    Parameters
    ----------
    address : where the site stands, such as https://example.org/truce/; without it links are relative to the feed.
    of : the report whose feed it is; that of the whole site without.
    news : for each key (words that stay the same and make the identity), day (date), kind, title, lines (what is new, in words), source
        and url (of the source; empty where there is none). They are shown in their order within a day.
    """
    pages = sorted(found, key=lambda entry: (entry.notebook, entry.slug))
    items = [(entry.as_of, entry.evidence_to, _page_entry(entry, address)) for entry in pages]
    items += [(row["day"], row["day"], _news_entry(row)) for row in news]
    label = f"{SITE_NAME}: {found[0].label}" if of and found else SITE_NAME
    place = f"reports/{of}/feed.xml" if of else "feed.xml"
    items.sort(key=lambda item: -item[0].toordinal())
    updated = max((day for _, day, _ in items), default=None)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{_identity(f'feed/{of}' if of else 'feed')}</id>\n<title>{_text(label)}</title>\n"
        f"<updated>{updated.isoformat() if updated else '1970-01-01'}T00:00:00Z</updated>\n"
        f'<author><name>The tradelib authors</name></author>\n<link rel="self" href="{_text(urljoin(address, place))}"/>\n'
        f"{''.join(text for _, _, text in items)}</feed>\n"
    )


def _page_entry(entry: Entry, address: str) -> str:
    return (
        f"<entry>\n<id>{_identity(entry.folder.as_posix())}</id>\n<title>{_text(_feed_title(entry))}</title>\n"
        f"<updated>{entry.evidence_to.isoformat()}T00:00:00Z</updated>\n"
        f'<link rel="alternate" type="text/html" href="{_text(urljoin(address, entry.href))}"/>\n'
        f"<summary>{_text(entry.description)} As of {entry.as_of.isoformat()}{_text(f', {entry.changed}' if entry.changed else '')}."
        "</summary>\n</entry>\n"
    )


def _news_entry(row: Mapping[str, Any]) -> str:
    """Entry of a piece of news; it holds its text, so that it is whole where its source has no address."""
    link = f'<link rel="alternate" href="{_text(row["url"])}"/>\n' if _WEB.match(row["url"]) else ""
    source = f"Source: {row['source']}." if row["source"] else ""
    lines = "\n".join(filter(None, [*row["lines"], source]))
    identity, day = _identity("news/" + row["key"]), row["day"].isoformat()
    return (
        f"<entry>\n<id>{identity}</id>\n<title>{_text(row['title'])}</title>\n<updated>{day}T00:00:00Z</updated>\n"
        f'<category term="{_text(row["kind"])}"/>\n{link}<content type="text">{_text(lines)}</content>\n</entry>\n'
    )


def _text(words: str) -> str:
    """Words as XML may hold them."""
    return escape(without_control(words))


def sitemap_xml(found: list[Entry], *, address: str = "", places: Sequence[str] = ()) -> str:
    """Addresses of all pages, each with the last day it knows of.

    Parameters
    ----------
    address : as for `feed_xml`.
    places : pages beside the reports; they bear no day, for what they know is not of one.
    """
    note = "" if address else "<!-- Addresses are relative; publish with an address to make them whole, as search engines ask. -->\n"
    rows = [("index.html", max((entry.evidence_to for entry in found), default=None))]
    rows += [(place, None) for place in places]
    rows += [(f"days/{day.isoformat()}/index.html", day) for day in plain_days(found)]
    rows += [(f"reports/{name}/index.html", entry.evidence_to) for name, entry in newest_copies(found).items()]
    rows += [(entry.href, entry.evidence_to) for entry in found]
    places = "".join(
        f"<url><loc>{escape(urljoin(address, place))}</loc>{f'<lastmod>{day.isoformat()}</lastmod>' if day else ''}</url>\n"
        for place, day in rows
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n{note}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n'
    )


def robots_txt(*, address: str = "") -> str:
    """All may read all."""
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {urljoin(address, 'sitemap.xml')}\n" if address else "")


def not_found_html(*, address: str = "") -> str:
    """Page for an address that does not exist.

    A server shows it under any wrong address, so that only a whole link leads to the index; without an address the page says in words
    where the index is.
    """
    return _page("missing.html.j2", home=urljoin(address, "index.html") if address else "")


def data_html(tables: Sequence[Mapping[str, Any]], edition: str) -> str:
    """Page of the tables: what each holds, its coverage, its file and its checksum.

    Parameters
    ----------
    tables : for each name, title, description, path, rows, first and last (days on which its rows became known, or empty),
        publishers, sha256.
    edition : of the data.
    """
    return _page("data.html.j2", tables=tables, edition=edition)


def _feed_title(entry: Entry) -> str:
    """Headline behind the name of its report, unless it begins with that name itself."""
    if re.match(rf"{re.escape(entry.label)}\b", entry.title, re.IGNORECASE):
        return entry.title
    return f"{entry.label}: {entry.title}"


def _page(template: str, **values: Any) -> str:
    return environment().get_template(template).render(site_name=SITE_NAME, style=style_sheet(), **values)


def _identity(name: str) -> str:
    """An identity that never changes and needs no domain."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'tradelib/{name}')}"
