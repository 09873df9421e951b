"""Rules of links: each leads to a document, and to the one that its row names."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from tradelib.checks.rule import Tables, rule

_PAGE = re.compile(r"https?://(?:www\.)?federalregister\.gov/citation/(\d+)-FR-(\d+)")
_CITED = re.compile(r"\b(\d+) FR (\d+)\b")
_SEARCHES = frozenset({"search_id", "s", "q", "query", "search", "keyword", "keywords"})
_LISTING = re.compile(r"/(?:topic|tags?|category|author)/|/search/?$")
# The site was taken over: its old addresses show something else (seen in November 2026).
_TAKEN_OVER = frozenset({"qiqingliuyu.cn"})
# The documents of the WTO have no other address than a query for their symbol.
_BY_QUERY = frozenset({"docs.wto.org"})


@rule()
def a_federal_register_link_is_to_a_page_that_the_row_names(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A link to a page of the Federal Register, .../citation/90-FR-9817, leads to a page that the row names, 90 FR 9817.

    Else it opens another text. A row that names no page may link to any.
    """
    for name, table in tables.frames.items():
        named = next((column for column in ("instrument", "source") if column in table), None)
        if named is None or "url" not in table:
            continue
        for position, (text, url) in enumerate(zip(table[named], table["url"], strict=True)):
            cited = set(_CITED.findall(text))
            for page in _PAGE.findall(url):
                if cited and page not in cited:
                    yield name, position, f"url leads to {' FR '.join(page)}, and {named} is {text!r}"


@rule()
def a_link_leads_to_a_document(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A link leads to a page that goes on saying the same.

    Not to the front page of a site or of a repository, a search, a topic or a tag (what stands there changes), nor to a site that was taken
    over. Give the page itself, or the publisher's index of such pages.
    """
    for name, table in tables.frames.items():
        for column in ("url", "other_sources"):
            if column not in table:
                continue
            for position, cell in enumerate(table[column]):
                for address in filter(None, cell.split("|")):
                    why = _no_document(address, alone=column == "url")
                    if why:
                        yield name, position, f"{column} {address} is {why}"


def _no_document(address: str, *, alone: bool) -> str:
    """Why an address is no document, or nothing; a repository as a whole may be a further source, never the only one."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    if host in _TAKEN_OVER:
        return "on a site that was taken over"
    if parts.path in ("", "/") and not parts.query:
        return "the front page of a site"
    if alone and host == "github.com" and re.fullmatch(r"/[^/]+/[^/]+/?", parts.path):
        return "a repository as a whole"
    asked = set() if host in _BY_QUERY else {key.lower() for key, _ in parse_qsl(parts.query)}
    if _LISTING.search(parts.path) or _SEARCHES & asked:
        return "a search or a listing"
    return ""
