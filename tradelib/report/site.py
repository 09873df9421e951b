"""The folder of the site: what may be replaced, and what is written into it; see `swap` for how it is replaced."""

import contextlib
import functools
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tradelib.days import parse_day, shown
from tradelib.errors import ReportError
from tradelib.report import calendar, companions, figures, listing, products, reference, share, taken, ways
from tradelib.report.swap import MARKER
from tradelib.report.values import Value, spelled

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NO_ADDRESS = re.compile(r"[\s<>\"'`\\{}|]")
_LONGEST_SLUG = 100
# Pages beside the reports, as the bar calls them.
_PLACES = {ways.PRODUCTS: "Products by code", ways.DAYS: "Days", ways.DATA: "Data", ways.GUIDES: "Guides"}
# Those that the foot of every page names.
_FOOT = {reference.GLOSSARY: "Glossary", reference.CORRECTIONS: "Corrections, and how to report an error"}

# Gives the news of the published days, in their order, as `companions.feed_xml` takes it.
News = Callable[[Sequence[date]], Sequence[Mapping[str, Any]]]
# Gives the days ahead as known on a day, as `share.dates_ics` takes them.
Dates = Callable[[date], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Answers:
    """What a site with certain days tells beside its pages: plain values, which travel from one process to another."""

    days: tuple[date, ...]
    news: Sequence[Mapping[str, Any]]
    named: Mapping[date, str]
    between: Mapping[tuple[date, date], Sequence[Mapping[str, Any]]]
    key_dates: Mapping[date, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Beside:
    """What a site tells beside its pages: news for the feed, names of days, what became known between two days, and the days ahead."""

    news: News | None = None
    named: Callable[[], Mapping[date, str]] | None = None
    between: calendar.Between | None = None
    key_dates: Dates | None = None

    def answers(self, days: Iterable[date]) -> Answers:
        """What it tells of a site that has these days."""
        held = tuple(sorted(set(days)))
        news = self.news(held) if self.news else ()
        between = {pair: self.between(*pair) for pair in pairwise(held)} if self.between else {}
        key_dates = {day: self.key_dates(day) for day in held[-1:]} if self.key_dates else {}
        return Answers(held, news, self.named() if self.named else {}, between, key_dates)

    def knowing(self, told: Answers) -> "Beside":
        """The same, with what was worked out at hand; of other days it is worked out."""
        ask, between, key_dates = self.news, self.between, self.key_dates
        return Beside(
            ask and (lambda days: told.news if tuple(days) == told.days else ask(days)),
            lambda: told.named,
            between and (lambda *pair: told.between[pair] if pair in told.between else between(*pair)),
            key_dates and (lambda day: told.key_dates[day] if day in told.key_dates else key_dates(day)),
        )


NOTHING = Beside()


@dataclass(frozen=True)
class SitePage:
    """A page ready for its folder: where it goes, and every file that lies there."""

    notebook: str
    slug: str
    html: str
    data: Mapping[str, str]
    executed: str
    build: Mapping[str, Any]
    card: bytes = b""
    figures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Folder of the page, from the folder of the site."""
        return Path("reports", self.notebook, self.slug)

    def files(self) -> dict[str, bytes]:
        """Every file of the folder by name, but for what it was made from."""
        texts = {
            "index.html": self.html,
            f"{self.notebook}.ipynb": self.executed,
            **{f"data/{name}": text for name, text in self.data.items()},
        }
        card = {share.CARD: self.card} if self.card else {}
        return {**{name: text.encode() for name, text in texts.items()}, **card, **self.figures}


def slug(as_of: str, changed: Mapping[str, Value]) -> str:
    """Folder name of a run: its day, and each parameter that is not at its default.

    Parameters
    ----------
    as_of : ISO day.
    changed : parameters other than ``as_of`` that differ from their default.

    Examples
    --------
    >>> slug("2025-06-09", {}), slug("2025-06-09", {"window_days": 30})
    ('2025-06-09', '2025-06-09--window_days-30')
    """
    exact = "--".join([as_of, *(f"{name}-{spelled(value)}" for name, value in sorted(changed.items()))])
    safe = _UNSAFE.sub("_", exact)[:_LONGEST_SLUG].rstrip(".")  # Windows drops a dot at the end of a name
    if safe == exact:
        return safe
    return f"{safe}--{hashlib.sha256(exact.encode()).hexdigest()[:8]}"


def named(out: str | Path) -> Path:
    """The folder that somebody named, whether it is there or not; `~` is the home of whoever asks.

    Raises
    ------
    ReportError : no system has a folder of this name.
    """
    try:
        folder = Path(out).expanduser()
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            folder.resolve().stat()
    except (OSError, RuntimeError, ValueError) as error:  # a name too long, a circle of links, a person who is not here
        message = f"{shown(str(out))} cannot be a folder: {getattr(error, 'strerror', None) or error}; name another folder."
        raise ReportError(message) from None
    return folder


def check_target(out: str | Path) -> Path:
    """Folder the site may be written to, as an absolute path.

    Raises
    ------
    ReportError : it is a file, holds something that is not one of our sites, or cannot be written.
    """
    try:
        Path.cwd()
    except OSError:
        message = "The folder in which this was started is gone; start it in another."
        raise ReportError(message) from None
    target = named(out).resolve()
    if target.exists() and not target.is_dir():
        message = f"The site needs a folder, and {out} is a file; name another folder."
        raise ReportError(message)
    if target.is_dir() and any(target.iterdir()) and not (target / MARKER).is_file():
        message = f"{out} holds files that are not a site of tradelib, and would be replaced; name an empty or a new folder."
        raise ReportError(message)
    if os.path.ismount(target):
        message = f"{out} is a file system of its own, which cannot be replaced as a whole; name a folder in it."
        raise ReportError(message)
    parent = next(folder for folder in target.parents if folder.exists())
    if not parent.is_dir():
        message = f"{out} cannot be made, because {parent.name} above it is a file; name another folder."
        raise ReportError(message)
    if not os.access(parent, os.W_OK | os.X_OK):
        message = f"{out} cannot be written, because the folder above it is read-only; name another folder."
        raise ReportError(message)
    listing.entries(target)
    return target


def write_page(folder: Path, page: SitePage) -> None:
    """Write a page below the staging folder, in place of an earlier one of the same day and parameters."""
    place = folder / page.folder
    if place.exists():
        shutil.rmtree(place)
    files = page.files()
    build = _json({**page.build, "content": taken.content(files)})
    for name, held in {**files, "build.json": build.encode()}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(held)


def checked_address(address: str) -> str:
    """Address of a site, ending with a stroke; empty where there is none.

    Raises
    ------
    ReportError : it is no whole address.

    Examples
    --------
    >>> checked_address("https://example.org/truce")
    'https://example.org/truce/'
    """
    address = address.strip()
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None and not _NO_ADDRESS.search(address)
    except ValueError:
        whole = False
    if not whole or parts.query or parts.fragment:
        message = f"The site's address has to be whole, such as https://example.org/truce/, not {address!r}."
        raise ReportError(message)
    return address if address.endswith("/") else f"{address}/"


def assembled_for(target: Path, address: str) -> bool:
    """Whether what stands beside the pages of a site is there, was made for this address, and leads to the guides if they were built."""
    robots, index = target / "robots.txt", target / "index.html"
    if not robots.is_file() or not (target / "feed.xml").is_file() or not index.is_file():
        return False
    if (target / ways.GUIDES).is_file() != (f'"{ways.GUIDES}"' in index.read_text(encoding="utf-8")):
        return False
    return robots.read_text(encoding="utf-8") == companions.robots_txt(address=address)


def assemble(folder: Path, *, address: str = "", beside: Beside = NOTHING) -> None:
    """Give every page below a folder its ways through the site, and write what stands beside the pages; see `companions`, `calendar`.

    Parameters
    ----------
    address : where the site will stand, as `checked_address` gives it.
    beside : what a site tells beside its pages.
    """
    found = listing.entries(folder)
    products.put_newest(folder)
    places = {place: label for place, label in _PLACES.items() if place == ways.DAYS or (folder / place).is_file()}
    foot = {place: label for place, label in _FOOT.items() if (folder / place).is_file()}
    dated = {ways.PRODUCTS: [parse_day(day) for day in products.days(folder)]}

    @functools.cache
    def text(place: str) -> str:
        return (folder / place).read_text(encoding="utf-8") if (folder / place).is_file() else ""

    linked = ways.Site(found, places, beside.named() if beside.named else {}, foot, dated, text)
    address = checked_address(address)
    cards = {entry.as_of: entry.folder.joinpath(share.CARD).as_posix() for entry in found if (folder / entry.folder / share.CARD).is_file()}
    for entry in found:
        data = sorted(path.name for path in (folder / entry.folder / "data").glob("*.csv"))
        head = share.head(entry, address=address, data=data, card=cards.get(entry.as_of, ""))
        more = {"head": head, "cite": share.citation(entry, address=address)}
        _rewrite(folder / entry.folder / "index.html", lambda html, entry=entry, more=more: ways.filled(html, entry, linked, more))
    for place in filter(lambda place: (folder / place).is_file(), (ways.DATA, *foot)):
        _rewrite(folder / place, lambda html, place=place: ways.with_bar(html, linked, "../", place))
    figures.link(folder, linked, address)
    products.link(folder, linked)
    products.put_newest(folder)
    days = sorted({entry.as_of for entry in found})
    rows = beside.news(days) if beside.news else ()
    has_dates = beside.key_dates is not None and bool(days)
    shutil.rmtree(folder / "days", ignore_errors=True)
    files = {
        "index.html": calendar.index_html(linked, root="", has_dates=has_dates),
        ways.DAYS: calendar.index_html(linked, root="../", has_dates=has_dates),
        **calendar.day_pages(linked, beside.between),
        "404.html": companions.not_found_html(address=address),
        "feed.xml": companions.feed_xml(found, address=address, news=rows),
        "sitemap.xml": companions.sitemap_xml(
            found, address=address, places=[*places, *foot, *figures.addresses(folder, found), *products.addresses(folder)]
        ),
        "robots.txt": companions.robots_txt(address=address),
    }
    for name, entry in companions.newest_copies(found).items():
        page = (folder / entry.folder / "index.html").read_bytes().decode()
        files[f"reports/{name}/index.html"] = companions.as_newest(page, entry)
        files[f"reports/{name}/feed.xml"] = companions.feed_xml(
            [other for other in found if other.notebook == name], address=address, of=name
        )
        if entry.is_front:
            files["index.html"] = companions.as_first(page, entry)
    if has_dates:
        files[calendar.DATES] = share.dates_ics(beside.key_dates(days[-1]), days[-1].isoformat())
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change a page, which is left alone where nothing changes."""
    before = path.read_bytes()
    after = change(before.decode()).encode()
    if after != before:
        path.write_bytes(after)


def data_pages(
    tables: Sequence[Mapping[str, Any]], terms: Sequence[Mapping[str, str]], corrections: Sequence[Mapping[str, Any]], edition: str
) -> dict[str, str]:
    """Pages of what the reports rest on, by their place in a site: the tables, the words, the corrections of tables.

    Parameters
    ----------
    tables : as for `companions.data_html`.
    terms, corrections : as for `reference`.
    """
    return {
        ways.DATA: companions.data_html(tables, edition),
        reference.GLOSSARY: reference.glossary_html(terms),
        reference.CORRECTIONS: reference.corrections_html(corrections, edition),
    }


def write_data(folder: Path, tables: Sequence[Mapping[str, Any]], source: Path, pages: Mapping[str, str]) -> None:
    """Write the files of the tables, and the pages on them, below the staging folder.

    Parameters
    ----------
    tables : path is that of the file inside `source`.
    source : folder of the data package.
    pages : as `data_pages` gives them.
    """
    place = folder / "data"
    if place.exists():
        shutil.rmtree(place)
    scenarios = (f"scenarios/{file.name}" for file in (source / "scenarios").glob("*.yaml"))  # the list of hashes names them as well
    for path in ["datapackage.json", "SHA256SUMS", *(table["path"] for table in tables), *scenarios]:
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, place / path)
    for name, html in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(html.encode())


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
