"""General Administration of Customs of China, English site: headlines, trade with the US; rare earths and soybeans of the bulletin.

The day on a page is not the day of its release, and is not read. Pages of the day never change: their values are first releases.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from tradelib.refresh.calendars import BULLETIN, FLASH, GACC
from tradelib.refresh.doubts import add_months
from tradelib.refresh.errors import LayoutError, NotOutError, RefreshError
from tradelib.refresh.observations import Found, Observation, exponent, number
from tradelib.refresh.raw import Asker, Question, Raw
from tradelib.refresh.sources.gacc_pages import Page, read_index, read_page
from tradelib.refresh.state import State

NAME = "gacc"
PUBLIC = "http://english.customs.gov.cn"
TOTALS, BY_COUNTRY = "Total Export & Import Values (in USD)", "Values by Country/Region (in USD)"
EXPORTED, IMPORTED = "Major Export Commodities in Quantity and Value", "Major Import Commodities in Quantity and Value"
SERIES = frozenset({
    "china_exports_usd", "china_imports_usd", "china_balance_usd", "china_exports_yoy_frac", "china_imports_yoy_frac",
    "china_exports_ytd_usd", "china_imports_ytd_usd", "china_balance_ytd_usd", "china_exports_ytd_yoy_frac", "china_imports_ytd_yoy_frac",
    "china_exports_to_us_usd", "china_imports_from_us_usd", "china_rare_earth_exports_tonnes", "china_rare_earth_exports_ytd_tonnes",
    "china_soybean_imports_tonnes", "china_soybean_imports_ytd_tonnes",
})  # fmt: skip
_ITEMS = {"total export": "exports", "total import": "imports", "export-import balance": "balance"}
_COMMODITIES = {
    EXPORTED: (re.compile(r"rare[- ]earths?\b.*", re.IGNORECASE), "china_rare_earth_exports"),
    IMPORTED: (re.compile(r"soya?[- ]?beans?", re.IGNORECASE), "china_soybean_imports"),
}
_TONNES = {"t": Decimal(1), "ton": Decimal(1), "tons": Decimal(1), "10000t": Decimal(10_000), "10,000tons": Decimal(10_000)}
_QUANTA = 2


def gather(ask: Asker, state: State, found: Found) -> None:
    """What the pages of the day and of the bulletin say of the months that are due."""
    for year in _years(state):
        for kind, wanted, reader in (
            ("preliminary", (TOTALS, BY_COUNTRY), headline_observations),
            ("monthly", (EXPORTED, IMPORTED), commodity_observations),
        ):
            for title, period, address in _pages(ask, state, year, kind, wanted, found):
                raw = ask(Question(NAME, address))
                try:
                    found.add(reader(raw, title, period, state))
                except RefreshError as error:
                    found.fail(error)


def headline_observations(raw: Raw, title: str, period: date, state: State) -> list[Observation]:
    """Rows of the two tables of the day: totals, and trade with the United States.

    The page of January and February gives sums to date of February, and no month.
    """
    page = read_page(raw.content, period)
    values = _totals(page) if title == TOTALS else _with_us(page)
    named = state.calendar.named(GACC, FLASH, period.isoformat())
    made = [
        _observation(raw, (name, period), value, quantum, (named, named), page.doubts, first=True)
        for name, value, quantum in values
        if name in SERIES
    ]
    return [_to_date_checked(item, made, state) for item in made]


def commodity_observations(raw: Raw, title: str, period: date, state: State) -> list[Observation]:
    """Rows of the bulletin on one commodity: quantity of the month and to date, in tonnes."""
    page = read_page(raw.content, period)
    pattern, stem = _COMMODITIES[title]
    flash, bulletin = (state.calendar.named(GACC, release, period.isoformat()) for release in (FLASH, BULLETIN))
    for row in page.rows:
        cells = [cell for cell in row if cell]
        if len(cells) < 4 or not pattern.fullmatch(cells[0].rstrip("*").strip()):  # noqa: PLR2004
            continue
        scale = _TONNES.get(cells[1].lower().replace(" ", ""))
        if scale is None:
            message = f"english.customs.gov.cn: {cells[0]} of {period:%B %Y} is counted in {cells[1]!r}, which is not known."
            raise LayoutError(message)
        where = f"{cells[0]}, {period:%B %Y}"
        month, to_date = (number(cell, where=where) * scale for cell in (cells[2], cells[4]))
        found = [(f"{stem}_tonnes", month), (f"{stem}_ytd_tonnes", to_date)]
        both = page.both or _counts_both(page)
        return [
            _observation(raw, (name, period), value, scale, (flash, bulletin), page.doubts, first=False)
            for name, value in (found[1:] if both else found)
        ]
    message = f"english.customs.gov.cn: the bulletin of {period:%B %Y} has no row that is {stem}. The layout has changed."
    raise LayoutError(message)


def _pages(ask: Asker, state: State, year: int, kind: str, wanted: tuple[str, ...], found: Found) -> Iterator[tuple[str, date, str]]:
    """Pages that are out, may hold something that is not held, and were not before the months that are compared."""
    suffix = "" if year == state.today.year else str(year)
    address = f"{state.addresses['gacc']}/statics/report/{kind}{suffix}.html"
    try:
        raw = ask(Question(NAME, address))
    except NotOutError:
        found.waiting.append(f"the {kind} tables of {year}")
        return
    index = read_index(raw.content, year, address)
    for title in wanted:
        links = next((links for name, links in index.items() if _is(name, title)), None)
        if links is None:
            message = f"english.customs.gov.cn: the index of {year} has no row {title!r}. The layout has changed."
            raise LayoutError(message)
        for period, link in sorted(links.items()):
            if period > _held(title, state) or (state.since and period >= state.since):
                # Links name the host of the publisher; we ask the one that was given to us.
                yield (
                    title,
                    period,
                    link.replace(PUBLIC, state.addresses["gacc"]).replace("https://english.customs.gov.cn", state.addresses["gacc"]),
                )


def _held(title: str, state: State) -> date:
    """The last period for which everything that a table gives is held, but for one month, which is read again."""
    of = {
        TOTALS: ("china_exports_yoy_frac", "china_imports_yoy_frac"),
        BY_COUNTRY: ("china_exports_to_us_usd",),
        EXPORTED: ("china_rare_earth_exports_tonnes",),
        IMPORTED: ("china_soybean_imports_tonnes",),
    }[title]
    last = min(state.ledger.newest_period("statistics", (name,)) or "2018-12-01" for name in of)
    return add_months(date.fromisoformat(last), -1)


def _years(state: State) -> range:
    first = min(_held(title, state) for title in (TOTALS, BY_COUNTRY, EXPORTED, IMPORTED))
    first = max(first, state.since or add_months(state.today.replace(day=1), -18))
    return range(min(first.year, state.today.year), state.today.year + 1)


def _is(name: str, title: str) -> bool:
    plain = " ".join(re.sub(r"^\(\d+\)\s*", "", name).replace("China's", "").split())
    return plain == title or plain.endswith(title)


def _totals(page: Page) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Month, sum to date and growth of exports, imports and balance: the columns stand in the order month, to date, and three growths."""
    printed = page.scale / 10
    for row in page.rows:
        name = _ITEMS.get(row[0].lower().strip(" *")) if row else None
        if name is None:
            continue
        where = f"{row[0]}, {page.period:%B %Y}"
        cells = [cell for cell in row[1:] if cell]
        both = page.both or len(cells) in {2, 1}
        usual = len(cells) == 5  # noqa: PLR2004
        if not (usual or both):
            message = f"english.customs.gov.cn: {where} has {len(cells)} figures in place of 5. The layout has changed."
            raise LayoutError(message)
        to_date = cells[0] if both else cells[1]
        yield f"china_{name}_ytd_usd", number(to_date, where=where) * page.scale, printed
        growth = [] if name == "balance" else [(f"china_{name}_ytd_yoy_frac", cells[-1])]
        if not both:
            yield f"china_{name}_usd", number(cells[0], where=where) * page.scale, printed
            growth += [] if name == "balance" else [(f"china_{name}_yoy_frac", cells[3])]
        for series, cell in growth:
            yield series, number(cell, where=where) / 100, Decimal("0.001")


def _with_us(page: Page) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Exports to and imports from the United States in the month; the page of January and February has none."""
    for row in page.rows:
        if not row or not re.fullmatch(r"(the )?United States( \(US\)| of America)?", row[0], re.IGNORECASE):
            continue
        where = f"{row[0]}, {page.period:%B %Y}"
        cells = [number(cell, where=where) for cell in row[1:] if cell]
        if page.both or len(cells) == 6:  # noqa: PLR2004
            return
        if len(cells) != 9:  # noqa: PLR2004
            message = f"english.customs.gov.cn: {where} has {len(cells)} figures in place of 9. The layout has changed."
            raise LayoutError(message)
        if abs(cells[2] + cells[4] - cells[0]) > Decimal("0.2"):
            message = f"english.customs.gov.cn: {where}: exports and imports do not add up to the total. Columns have moved."
            raise LayoutError(message)
        printed = Decimal(1).scaleb(max(exponent(cell) for cell in cells[:6])) * page.scale
        yield "china_exports_to_us_usd", cells[2] * page.scale, printed
        yield "china_imports_from_us_usd", cells[4] * page.scale, printed
        return
    message = f"english.customs.gov.cn: the table by country of {page.period:%B %Y} has no row for the United States."
    raise LayoutError(message)


def _observation(
    raw: Raw,
    what: tuple[str, date],
    value: Decimal,
    quantum: Decimal,
    days: tuple[date | None, date | None],
    doubts: tuple[str, ...],
    *,
    first: bool,
) -> Observation:
    """One figure: of the tables of the day, which are first releases and never change, or of the bulletin, which revises them."""
    kind = "preliminary" if first else "monthly"
    published_on, vintage_on = days
    return Observation(
        table="statistics",
        key=(what[0], what[1].isoformat()),
        values=(("value", value),),
        quantum=quantum,
        fetched_on=raw.day,
        raw=raw.sha256,
        source=f"General Administration of Customs of China, {'preliminary table' if first else 'monthly bulletin'}",
        url=f"{PUBLIC}/statics/report/{kind}.html",
        published_on=published_on,
        basis="calendar" if published_on else "",
        vintage_on=vintage_on,
        stays=first,
        first=first,
        doubts=doubts,
    )


def _counts_both(page: Page) -> bool:
    """The head of a bulletin counts January and February as one: 1to2 and no 2."""
    heads = [cell.replace(" ", "").lower() for row in page.rows[:6] for cell in row]
    return page.period.month == 2 and "2" not in heads  # noqa: PLR2004


def _to_date_checked(item: Observation, page: list[Observation], state: State) -> Observation:
    """The sum to date less that of the month before is the month, but for rounding and small revisions of earlier months."""
    name, period = item.key
    if "_ytd_usd" not in name or period[5:7] in {"01", "02"}:
        return item
    month = next((other.values[0][1] for other in page if other.key == (name.replace("_ytd", ""), period)), None)
    before = state.ledger.table("statistics").latest((name, add_months(date.fromisoformat(period), -1).isoformat()))
    if month is None or before is None:
        return item
    gap = item.values[0][1] - Decimal(before["value"]) - month
    if abs(gap) > max(_QUANTA * item.quantum, abs(month) * Decimal("0.02")):
        return item.doubted(f"the sum to date less that of the month before is not the month: {gap:f} too much")
    return item
