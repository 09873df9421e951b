"""How pages of China's customs are built: the index of a year, the title and unit of a page, rows of a table."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from tradelib.refresh.errors import LayoutError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?"
    r"|Dec(?:ember)?)"
)
_TITLE = re.compile(rf"(?:(?P<both>Jan(?:uary)?\.?\s*[-–—]\s*Feb(?:ruary)?)|(?P<month>{_NAME}))\.?,?\s*(?P<year>20\d\d)", re.IGNORECASE)
_NUMBERED = re.compile(r",\s*(?:1\s*-\s*)?(?P<month>\d{1,2})\.(?P<year>20\d\d)")
_UNITS = {
    "usd 100 million": ("USD", Decimal(100_000_000)),
    "usd1 million": ("USD", Decimal(1_000_000)),
    "usd 1 million": ("USD", Decimal(1_000_000)),
    "us$1,000": ("USD", Decimal(1_000)),
    "us$ 1,000": ("USD", Decimal(1_000)),
    "cny 100 million": ("CNY", Decimal(100_000_000)),
    "rmb 100 million": ("CNY", Decimal(100_000_000)),
}


@dataclass(frozen=True)
class Page:
    """One table of China's customs: its title, currency and unit, period, whether it is that of January and February, and its rows."""

    title: str
    currency: str
    scale: Decimal
    period: date
    both: bool
    rows: tuple[tuple[str, ...], ...]
    doubts: tuple[str, ...]


def read_index(content: bytes, year: int, address: str) -> dict[str, dict[date, str]]:
    """Links of an index page: the row's title, and for each month that is out its address.

    The last month of a row is the one that is out; January has no page of its own in the tables of the day.

    Raises
    ------
    LayoutError : the page is cut or holds no such rows.
    """
    text = content.decode("utf-8", "replace")
    _whole(text, "the index of tables")
    box = BeautifulSoup(text, "html.parser").find(class_="nr-n-content-detail")
    found: dict[str, dict[date, str]] = {}
    for row in box.find_all("tr") if box else []:
        cells = row.find_all("td")
        if len(cells) < 2:  # noqa: PLR2004
            continue
        title = plain(cells[0])
        for link in cells[1].find_all("a", href=True):
            short = link.get_text().strip().lower()[:3]
            if short in MONTHS:
                found.setdefault(title, {})[date(year, MONTHS.index(short) + 1, 1)] = urljoin(address, str(link["href"]).strip())
    if not found:
        message = "english.customs.gov.cn: the index holds no table that is out. The layout has changed, or it is a block page."
        raise LayoutError(message)
    return found


def read_page(content: bytes, expected: date) -> Page:
    """One page of a table.

    Raises
    ------
    LayoutError : the page is cut, has no table (those of 2018 are pictures), or its title names another month.
    """
    text = content.decode("utf-8", "replace")
    where = f"the page of {expected:%B %Y}"
    _whole(text, where)
    soup = BeautifulSoup(text, "html.parser")
    title = plain(soup.find(class_="atcl-ttl")) or plain(soup.find("title"))
    table = (soup.find(class_="atcl-cnt") or soup).find("table")
    if table is None:
        message = f"english.customs.gov.cn: {where} has no table; pages of 2018 are pictures. Type its figures by hand."
        raise LayoutError(message)
    rows = tuple(tuple(plain(cell) for cell in row.find_all(["td", "th"])) for row in table.find_all("tr"))
    period, both = _period(title, where)
    if period != expected:
        message = f"english.customs.gov.cn: {where} is titled {title!r}. The index leads to another page; nothing was taken from it."
        raise LayoutError(message)
    currency, scale, unit = _unit(rows, plain(table.find("caption")), where)
    named = re.search(r"in (CNY|RMB|USD)", title)
    doubts: tuple[str, ...] = ()
    if named and named[1].replace("RMB", "CNY") != currency:
        doubts = (f"the title says {named[1]}, and the unit is {unit!r}",)
    return Page(title, currency, scale, period, both, rows, doubts)


def plain(tag: Tag | None) -> str:
    """Text of a cell, with every kind of blank as one."""
    return " ".join(tag.get_text(" ").replace("\uff08", "(").replace("\uff09", ")").split()) if tag is not None else ""


def _whole(text: str, where: str) -> None:
    if "</html>" not in text[-3000:].lower():
        message = f"english.customs.gov.cn: {where} does not end as a page does: the answer was cut. Try again."
        raise LayoutError(message)


def _period(title: str, where: str) -> tuple[date, bool]:
    match = _TITLE.search(title)
    if match:
        month = 2 if match["both"] else MONTHS.index(match["month"][:3].lower()) + 1
        return date(int(match["year"]), month, 1), bool(match["both"])
    match = _NUMBERED.search(title)
    if match:
        return date(int(match["year"]), int(match["month"]), 1), False
    message = f"english.customs.gov.cn: {where} is titled {title!r}, which names no month. The layout has changed."
    raise LayoutError(message)


def _unit(rows: tuple[tuple[str, ...], ...], caption: str, where: str) -> tuple[str, Decimal, str]:
    for cell in [caption, *(cell for row in rows[:6] for cell in row)]:
        if cell.lower().startswith("unit"):
            unit = cell.partition(":")[2].strip()
            if unit.lower() in _UNITS:
                return *_UNITS[unit.lower()], unit
            message = f"english.customs.gov.cn: {where} has the unit {unit!r}, which is not known. Nothing was taken from it."
            raise LayoutError(message)
    message = f"english.customs.gov.cn: {where} names no unit. Nothing was taken from it."
    raise LayoutError(message)
