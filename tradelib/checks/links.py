"""Rules of links: each leads to a document, and to the one that its row names."""

import functools
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pandas as pd

from tradelib.checks.rule import Tables, rule

_PAGE = re.compile(r"https?://(?:www\.)?federalregister\.gov/citation/(\d+)-FR-(\d+)")
_CITED = re.compile(r"\b(\d+) FR (\d+)\b")
_SEARCHES = frozenset({"search_id", "s", "q", "query", "search", "keyword", "keywords"})
_LISTING = re.compile(r"/(?:topic|tags?|category|author)/|/search/?$")
# The site was taken over: its old addresses show something else (seen in November 2026).
_TAKEN_OVER = frozenset({"qiqingliuyu.cn"})
# Where an address says its day: /2025/11/, /202511/, -2025-11-05 or t20251105_.
_DAY = re.compile(r"(?:/|[-_=]|/t)(20[12]\d)[-/]?(0[1-9]|1[0-2])(?:[-/]?(?:0[1-9]|[12]\d|3[01]))?(?=[-/_.]|$)")
_MONTHS_OLDER, _MONTHS_YOUNGER = 6, 9
# Headings, rulings and benchmarks link to schedules and copies that are renewed.
_DATED_LINKS = {"headings": False, "benchmarks": False, "release_days": False, "exclusion_claims": False, "equilibrium_targets": False}
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
    over. Give the page itself, or the publisher's index of such pages, and each once.
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
    events = tables["events"] if "events" in tables else pd.DataFrame({"url": [], "other_sources": []})
    for position, cells in enumerate(zip(events["url"], events["other_sources"], strict=True)):
        given = [address for cell in cells for address in cell.split("|") if address]
        if len(set(given)) < len(given):
            yield "events", position, f"other_sources gives a link twice, or that of url again: {cells[1]}"


@rule()
def a_link_is_about_as_old_as_its_row(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A page whose address gives its day is at most half a year older than the row, and not ten months younger.

    Is a year wrong, or the link that of another text? What was found in a later page alone needs a source of its day.
    """
    for name, table in tables.frames.items():
        resource = tables.resources[name]
        known_on = resource.get("tradelib:known_on")
        if known_on is None or "url" not in table or resource.get("tradelib:kind") == "statistics" or not _DATED_LINKS.get(name, True):
            continue
        others = table["other_sources"] if "other_sources" in table else [""] * len(table)
        for position, (url, more, known) in enumerate(zip(table["url"], others, table[known_on], strict=True)):
            addresses = [address for address in url.split("|") + more.split("|") if address]
            days = [day for address in addresses if (day := _day_of(address)) is not None]
            if not days or len(days) < len(addresses):
                continue
            ahead = (known.year - max(days)[0]) * 12 + known.month - max(days)[1]
            behind = (min(days)[0] - known.year) * 12 + min(days)[1] - known.month
            if ahead > _MONTHS_OLDER or behind > _MONTHS_YOUNGER:
                yield name, position, f"{known_on} {known:%Y-%m-%d}, and url leads to {url}"


@functools.lru_cache(maxsize=8192)
def _day_of(address: str) -> tuple[int, int] | None:
    """Year and month that an address gives, or nothing."""
    found = _DAY.search(address)
    return (int(found[1]), int(found[2])) if found else None


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
