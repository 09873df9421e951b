"""US Census Bureau, Trade in Goods with one country: a page a partner, exports and imports by month, no key.

The values are first releases until the annual revision, which comes with the release of April in June.
"""

import re
from datetime import date
from decimal import Decimal

from bs4 import BeautifulSoup

from tradelib.refresh.calendars import CENSUS, FT900
from tradelib.refresh.errors import LayoutError
from tradelib.refresh.observations import Found, Observation, number
from tradelib.refresh.raw import Asker, Question, Raw
from tradelib.refresh.state import State

NAME = "census_pages"
PARTNERS = {"c5700": "china", "c5830": "taiwan", "c5880": "japan", "c5800": "korea", "c4280": "germany"}
NAMES = {"china": "China", "taiwan": "Taiwan", "japan": "Japan", "korea": "South Korea", "germany": "Germany"}
SERIES = frozenset(f"us_{flow}_{partner}_usd" for partner in PARTNERS.values() for flow in ("exports_to", "imports_from"))
PUBLIC = "https://www.census.gov"
MILLION = Decimal(1_000_000)
QUANTUM = Decimal(100_000)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH = re.compile(rf"({'|'.join(_MONTHS)})\s+(\d{{4}})")
_COLUMNS = ("exports", "imports", "balance")
_TOLERANCE = Decimal("0.15")


def gather(ask: Asker, state: State, found: Found) -> None:
    """Exports and imports of the five partners, from their pages."""
    for page, partner in PARTNERS.items():
        path = f"/foreign-trade/balance/{page}.html"
        raw = ask(Question(NAME, state.addresses["census"] + path))
        try:
            found.add(observations(raw, partner, PUBLIC + path, state, found.remarks))
        except LayoutError as error:
            found.fail(error)


def observations(raw: Raw, partner: str, url: str, state: State, remarks: list[str]) -> list[Observation]:
    """What one page says of the periods that are compared."""
    made = []
    for period, figures, doubts in read(raw, NAMES[partner], remarks):
        if period < state.first_period:
            continue
        named = state.calendar.named(CENSUS, FT900, period.isoformat())
        for flow, name in (("exports", f"us_exports_to_{partner}_usd"), ("imports", f"us_imports_from_{partner}_usd")):
            made.append(
                Observation(
                    table="statistics",
                    key=(name, period.isoformat()),
                    values=(("value", figures[flow] * MILLION),),
                    quantum=QUANTUM,
                    fetched_on=raw.day,
                    raw=raw.sha256,
                    source=f"US Census Bureau, Trade in Goods with {NAMES[partner]}",
                    url=url,
                    published_on=named,
                    basis="calendar" if named else "",
                    stays=named is not None and not _revised_between(named, raw.day),
                    doubts=tuple(doubts),
                )
            )
    return made


def read(raw: Raw, country: str, remarks: list[str]) -> list[tuple[date, dict[str, Decimal], list[str]]]:
    """Months of a page: period, exports, imports and balance in million dollars, and what is strange about them.

    A month that is not out is absent, or zero in all three columns; sums of years and months of other spellings are no months.

    Raises
    ------
    LayoutError : the page is cut, is another page, or lacks a column.
    """
    text = raw.content.decode("utf-8", "replace")
    where = f"the page of {country} at census.gov"
    if "</html>" not in text[-2000:].lower():
        message = f"{where} does not end as a page does: the answer was cut. Try again."
        raise LayoutError(message)
    soup = BeautifulSoup(text, "html.parser")
    words = " ".join(soup.get_text(" ").split())
    if not re.search(rf"trade in goods with {re.escape(country.removeprefix('South '))}|{re.escape(country)}", words, re.IGNORECASE):
        message = f"{where} does not name {country}. The layout has changed; nothing was taken from it."
        raise LayoutError(message)
    doubts = [] if "million" in words.lower() else ["the page does not say that its figures are millions of dollars"]
    months, columns = [], {}
    for row in soup.find_all("tr"):
        cells = [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["td", "th"])]
        heads = [cell.lower() for cell in cells]
        if "exports" in heads or "imports" in heads:
            columns = _columns(heads, where, remarks)
        match = _MONTH.fullmatch(cells[0]) if cells else None
        if match:
            period = date(int(match[2]), _MONTHS.index(match[1]) + 1, 1)
            figures = _figures(cells, columns, f"{where}, {cells[0]}")
            if any(figures.values()):
                months.append((period, figures, doubts + _imbalance(figures)))
    if not months:
        message = f"{where} holds no month. The layout has changed; nothing was taken from it."
        raise LayoutError(message)
    return months


def _columns(heads: list[str], where: str, remarks: list[str]) -> dict[str, int]:
    """Place of each column by its name."""
    missing = [name for name in _COLUMNS if name not in heads]
    if missing:
        message = f"{where} has no column {missing[0]!r} (it has: {', '.join(heads)}). The layout has changed; nothing was taken from it."
        raise LayoutError(message)
    extra = [head for head in heads[1:] if head and head not in _COLUMNS]
    remark = f"{where} has a column that was not known: {', '.join(extra)}; it was not read"
    if extra and remark not in remarks:
        remarks.append(remark)
    return {name: heads.index(name) for name in _COLUMNS}


def _figures(cells: list[str], columns: dict[str, int], where: str) -> dict[str, Decimal]:
    if not columns:
        message = f"{where}: figures stand under no heads. The layout has changed; nothing was taken from it."
        raise LayoutError(message)
    if len(cells) <= max(columns.values()):
        message = f"{where}: the row has {len(cells)} cells, too few. The layout has changed; nothing was taken from it."
        raise LayoutError(message)
    return {name: number(cells[place], where=where) for name, place in columns.items()}


def _imbalance(figures: dict[str, Decimal]) -> list[str]:
    gap = figures["exports"] - figures["imports"] - figures["balance"]
    return [f"exports less imports is not the balance: {gap:f} million too much"] if abs(gap) > _TOLERANCE else []


def _revised_between(published: date, fetched: date) -> bool:
    """An annual revision, early in a June, lies after the day of release and not after the day fetched."""
    return any(published < date(year, 6, 1) <= fetched for year in range(published.year, fetched.year + 1))
