"""The folder of the site: what may be replaced, and how it is replaced whole or not at all."""

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tradelib.errors import ReportError
from tradelib.report import calendar, companions, figures, listing, products, reference, share, ways
from tradelib.report.values import Value, spelled

MARKER = ".tradelib-site"

_MARKER_TEXT = "This folder was written by `tradelib publish`, which replaces it as a whole.\n"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_SLUG = 100
# Pages beside the reports, as the bar calls them.
_PLACES = {ways.PRODUCTS: "Products", ways.DAYS: "Days", ways.DATA: "Data", ways.GUIDES: "Guides"}
# Those that the foot of every page names.
_FOOT = {reference.GLOSSARY: "Glossary", reference.CORRECTIONS: "Corrections, and how to report an error"}

# Gives the news of the published days, in their order, as `companions.feed_xml` takes it.
News = Callable[[Sequence[date]], Sequence[Mapping[str, Any]]]
# Gives the days ahead as known on a day, as `share.dates_ics` takes them.
Dates = Callable[[date], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Beside:
    """What a site tells beside its pages: news for the feed, names of days, what became known between two days, and the days ahead."""

    news: News | None = None
    named: Mapping[date, str] = field(default_factory=dict)
    between: calendar.Between | None = None
    key_dates: Dates | None = None


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
    safe = _UNSAFE.sub("_", exact)[:_LONGEST_SLUG]
    if safe == exact:
        return safe
    return f"{safe}--{hashlib.sha256(exact.encode()).hexdigest()[:8]}"


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
    target = Path(out).expanduser().resolve()
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


@contextlib.contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold the site for this process; what an interrupted run left behind is tidied up.

    Raises
    ------
    ReportError : another process publishes to the same folder now.
    """
    path = beside(target, "lock")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = _open_lock(path, target)
    except OSError as error:
        message = f"{target.name} cannot be written: {error.strerror}; name another folder."
        raise ReportError(message) from None
    try:
        _recover(target)
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(handle)


@contextlib.contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Folder beside the target that starts as a copy of the site and takes its place when the block ends well.

    If the block raises, the folder is removed and the site stays as it was, byte by byte.

    Raises
    ------
    ReportError : the system could not write it, as on a full disk.
    """
    folder = beside(target, "staging")
    try:
        if (target / MARKER).is_file():
            shutil.copytree(target, folder, symlinks=True)
        else:
            folder.mkdir()
        yield folder
        (folder / MARKER).write_bytes(_MARKER_TEXT.encode())
        _swap(folder, target)
    except OSError as error:
        message = f"{target.name} could not be written: {_reason(error)}. The site is as it was; make room for it, or name another folder."
        raise ReportError(message) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_page(folder: Path, page: SitePage) -> None:
    """Write a page below the staging folder, in place of an earlier one of the same day and parameters."""
    place = folder / page.folder
    if place.exists():
        shutil.rmtree(place)
    place.mkdir(parents=True)
    files = {"index.html": page.html, f"{page.notebook}.ipynb": page.executed, "build.json": _json(page.build)}
    if page.data:
        (place / "data").mkdir()
    for name, text in {**files, **{f"data/{name}": text for name, text in page.data.items()}}.items():
        (place / name).write_bytes(text.encode())
    if page.card:
        (place / share.CARD).write_bytes(page.card)
    for name, content in page.figures.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(content)


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
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", address)
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
    linked = ways.Site(found, places, beside.named, foot)
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


def write_data(folder: Path, tables: Sequence[Mapping[str, Any]], source: Path, edition: str) -> None:
    """Write the page of the tables and their files below the staging folder.

    Parameters
    ----------
    tables : as for `companions.data_html`; path is that of the file inside `source`.
    source : folder of the data package.
    """
    place = folder / "data"
    if place.exists():
        shutil.rmtree(place)
    for path in ["datapackage.json", "SHA256SUMS", *(table["path"] for table in tables)]:
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, place / path)
    (place / "index.html").write_bytes(companions.data_html(tables, edition).encode())


def write_reference(folder: Path, terms: Sequence[Mapping[str, str]], corrections: Sequence[Mapping[str, Any]], edition: str) -> None:
    """Write the pages of words and of corrections below the staging folder (see `reference`)."""
    corrected = reference.corrections_html(corrections, edition, has_data=(folder / ways.DATA).is_file())
    pages = {reference.GLOSSARY: reference.glossary_html(terms), reference.CORRECTIONS: corrected}
    for name, html in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(html.encode())


def beside(target: Path, what: str) -> Path:
    """Path of a helper file or folder beside the site, on the same file system."""
    return target.with_name(f".{target.name}.{what}")


def _open_lock(path: Path, target: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if not _take(handle):
            holder = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            message = f"Another run (process {holder}) is publishing to {target.name}; wait for it or name another folder."
            raise ReportError(message)
        try:
            current = path.stat()
        except FileNotFoundError:
            current = None
        if current is not None and os.path.samestat(current, os.fstat(handle)):
            os.truncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
            return handle
        os.close(handle)  # the holder before us removed the file between our two calls


_LOCK_AT = 1 << 10


def _take(handle: int) -> bool:
    """Lock an open file; the system frees it when the process ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        # What is locked there cannot be read by others: the lock lies behind the text that says who holds it.
        os.lseek(handle, _LOCK_AT, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _recover(target: Path) -> None:
    """Undo what a killed run left: its staging folder, and a swap that stopped between its two renames."""
    previous = beside(target, "previous")
    if previous.exists() and not target.exists():
        previous.rename(target)
    for leftover in (previous, beside(target, "staging")):
        if leftover.exists():
            shutil.rmtree(leftover)


def _reason(error: OSError) -> str:
    """Why the system could not write; a copy of a folder tells it file by file."""
    told = error.args[0] if error.args else ""
    if isinstance(told, list):
        return str(told[0][2]).split("] ")[-1].split(": ")[0]
    return error.strerror or str(error)


def _swap(folder: Path, target: Path) -> None:
    previous = beside(target, "previous")
    had = target.exists()
    if had:
        target.rename(previous)
    try:
        folder.rename(target)
    except BaseException:
        if had:
            previous.rename(target)
        raise
    if had:
        shutil.rmtree(previous, ignore_errors=True)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
