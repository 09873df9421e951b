"""US Geological Survey, Mineral Commodity Summaries: the world table of rare earths, once a year.

The layout changes every year, so each has a reader of its own, chosen by the head; a head that is not known is an error and no guess.
"""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from tradelib.refresh.errors import LayoutError, RefreshError
from tradelib.refresh.ledger import Row, day
from tradelib.refresh.observations import Found, Observation, number
from tradelib.refresh.raw import Asker, Question, Raw
from tradelib.refresh.state import State

NAME = "usgs"
SERIES = frozenset({"rare_earths"})
PARENT = "5c8c03e4e4b0938824529f7d"
_EDITION = re.compile(r"Mineral Commodity Summaries (20\d\d) Data Release(?: \(ver\. ([\d.]+), (\w+) (20\d\d)\))?")
_COUNTRIES = {"World total": "World", "Other countries": "Other"}
_QUANTITIES = {("Production", "Mine production"): "mine_production", ("Reserves", "Reserves"): "reserves"}
_MCS_2026 = [
    "MCS chapter", "Section", "Commodity", "Country", "Statistics", "Statistics_detail", "Unit", "Year", "Value", "Notes",
    "Is critical mineral 2025", "Other notes",
]  # fmt: skip


def gather(ask: Asker, state: State, found: Found) -> None:
    """The newest edition, if it is newer than the one held or has a new version."""
    base = state.addresses["sciencebase"]
    listing = ask(
        Question(
            NAME,
            f"{base}/catalog/items",
            (("parentId", PARENT), ("q", "Mineral Commodity Summaries"), ("format", "json"), ("max", "100")),
            expect="json",
        )
    )
    item, year = newest(listing)
    details = ask(Question(NAME, f"{base}/catalog/item/{item}", (("format", "json"), ("fields", "title,files,dates")), expect="json"))
    title, released, files = read_item(details)
    for name, address in files:
        here = address.replace("https://www.sciencebase.gov", base)
        raw = ask(Question(NAME, here, expect="csv", moves=True))
        try:
            found.add(observations(raw, title, year, released, state))
        except LayoutError as error:
            found.fail(error)
        found.remarks.append(f"{title}: {name}")
    if not files:
        message = f"sciencebase.gov: {title} has no file that could hold the world table. The layout has changed."
        raise LayoutError(message)


def newest(raw: Raw) -> tuple[str, int]:
    """Identifier and year of the newest edition in a listing.

    Raises
    ------
    LayoutError : the listing names none.
    """
    try:
        items = json.loads(raw.content)["items"]
        editions = [(int(match[1]), match[2] or "", item["id"]) for item in items if (match := _EDITION.search(item["title"]))]
    except (ValueError, KeyError, TypeError):
        editions = []
    if not editions:
        message = "sciencebase.gov: the list of data releases names no edition of the Mineral Commodity Summaries. The layout has changed."
        raise LayoutError(message)
    year, _, item = max(editions)
    return item, year


def read_item(raw: Raw) -> tuple[str, date | None, list[tuple[str, str]]]:
    """Title, day of release and the files that could hold the world table.

    Raises
    ------
    LayoutError : the item has another shape.
    """
    try:
        item = json.loads(raw.content)
        files = [(file["name"], file["url"]) for file in item.get("files", []) if re.search(r"(?i)mcs.*\.csv$", file["name"])]
        days = {entry["type"].lower(): entry["dateString"] for entry in item.get("dates", [])}
        named = days.get("publication") or days.get("release") or ""
        released = day(named) if re.fullmatch(r"\d{4}-\d\d-\d\d", named) else None
        return item["title"], released, files
    except (ValueError, KeyError, TypeError, AttributeError):
        message = "sciencebase.gov: the description of the data release has another shape. The layout has changed."
        raise LayoutError(message) from None


def observations(raw: Raw, title: str, year: int, released: date | None, state: State) -> list[Observation]:
    """Rows of `rare_earths` that one edition gives.

    The day of an edition is that of its publication; of a new version, the day on which it was seen.
    """
    version = _EDITION.search(title)
    number = version[2] if version is not None else None
    first_version = number in {None, "", "1", "1.0"}
    edition_on = released if released and first_version else None
    made = []
    for quantity, country, period, value, bound, estimated in read(raw):
        note = f"MCS {year}" + (f" ver. {number}" if not first_version else "") + ("; estimated" if estimated else "")
        made.append(
            Observation(
                table="rare_earths",
                key=(quantity, country, period),
                values=(("value", value),),
                quantum=Decimal(1),
                fetched_on=raw.day,
                raw=raw.sha256,
                source=f"USGS, Mineral Commodity Summaries {year}",
                url=f"https://pubs.usgs.gov/periodicals/mcs{year}/mcs{year}-rare-earths.pdf",
                via="data release at www.sciencebase.gov",
                published_on=edition_on,
                basis="observed" if edition_on else "",
                vintage_on=edition_on,
                extra=(("unit", "tonnes"), ("is_lower_bound", "true" if bound else "false"), ("is_official", "true")),
                note=note,
            )
        )
    return _with_sum(made, state)


def read(raw: Raw) -> list[tuple[str, str, str, Decimal, bool, bool]]:
    """Rows of a world table: quantity, country, period, tonnes, whether it is a lower bound, whether it is estimated.

    Raises
    ------
    LayoutError : a head that no reader knows, a cut row, a value that is none.
    """
    text = raw.content.decode("cp1252")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    head = rows[0] if rows else []
    reader = _READERS.get(tuple(head))
    if reader is None:
        message = f"the table of the Mineral Commodity Summaries begins with the columns {head}, which no reader knows: the layout changed."
        raise LayoutError(message)
    if not text.endswith("\n") or any(len(row) != len(head) for row in rows[1:]):
        message = "the table of the Mineral Commodity Summaries ends inside a row: the answer was cut. Try again."
        raise LayoutError(message)
    return reader([dict(zip(head, row, strict=True)) for row in rows[1:]])


def _read_2026(rows: list[Row]) -> list[tuple[str, str, str, Decimal, bool, bool]]:
    """The long table of 2026: one row a country, quantity and year, for all commodities."""
    found = []
    for row in rows:
        kind = (row["Statistics"], row["Statistics_detail"].partition(":")[0])
        if row["MCS chapter"] != "RARE EARTHS" or row["Section"] != "World Mine Production and Reserves" or kind not in _QUANTITIES:
            continue
        if row["Unit"] != "metric tons":
            message = f"rare earths of {row['Country']} are counted in {row['Unit']!r} and not in metric tons: the layout changed."
            raise LayoutError(message)
        value = _value(row["Value"], f"{row['Country']} {row['Year']}")
        if value is not None:
            country = _COUNTRIES.get(row["Country"], row["Country"])
            found.append((_QUANTITIES[kind], country, row["Year"], *value, "estimated" in row["Notes"].lower()))
    return found


_READERS: dict[tuple[str, ...], Callable[[list[Row]], list[tuple[str, str, str, Decimal, bool, bool]]]] = {tuple(_MCS_2026): _read_2026}


def _value(cell: str, where: str) -> tuple[Decimal, bool] | None:
    """Tonnes and whether they are a lower bound; a dash is nothing produced, and what is withheld or below a bound is no value."""
    plain = cell.strip()
    if plain in {"—", "-", "–"}:
        return Decimal(0), False
    if plain in {"NA", "W", "", "XX"} or plain.startswith("<"):
        return None
    return number(plain.lstrip(">"), where=where), plain.startswith(">")


def _with_sum(made: list[Observation], _state: State) -> list[Observation]:
    """The countries add up to the world, which is rounded to two digits; else columns have shifted."""
    for quantity, period in {(item.key[0], item.key[2]) for item in made if item.key[0] == "mine_production"}:
        values = {item.key[1]: item.values[0][1] for item in made if (item.key[0], item.key[2]) == (quantity, period)}
        world = values.pop("World", None)
        if world and abs(sum(values.values()) / world - 1) > Decimal("0.06"):
            message = (
                f"mining of {period}: the countries come to {sum(values.values()):f} t and the world to {world:f} t. Columns have shifted."
            )
            raise RefreshError(message)
    return made
