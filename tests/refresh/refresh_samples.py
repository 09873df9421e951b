"""What the tests of the refresh need: publishers on loopback, a small edition, a home, a clock; and no other socket."""

import csv
import json
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tradelib import catalogue
from tradelib.catalogue import home
from tradelib.refresh.ledger import write_rows
from tradelib.refresh.world import ADDRESSES, World

SAMPLES = Path(__file__).parent / "samples"
KEY = "f00dfeedf00dfeedf00dfeedf00dfeedf00dfeed"
PARTNERS = {"c5700": "China", "c5830": "Taiwan", "c5880": "Japan", "c5800": "South Korea", "c4280": "Germany"}
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def no_other_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection but those to this machine itself."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded(self: socket.socket, address: object) -> object:
        host = address[0] if isinstance(address, tuple) else LOOPBACK
        if isinstance(address, tuple) and host not in LOOPBACK:
            message = f"a test tried to reach {host}"
            raise AssertionError(message)
        return connect(self, address)

    def looked_up(host: str, *rest: object, **named: object) -> object:
        if host not in LOOPBACK:
            message = f"a test tried to find {host}"
            raise AssertionError(message)
        return look_up(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@dataclass
class Clock:
    """A clock that a test sets; sleeping is noted and takes no time."""

    at: datetime = datetime(2026, 11, 29, 14, 2, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def set(self, text: str) -> None:
        self.at = datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def where(tmp_path: Path) -> Path:
    """A home that is there no more than that of a new user."""
    return tmp_path / "home"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A small edition: the descriptions of ours, and few rows."""
    return small_edition(tmp_path / "edition")


@pytest.fixture
def world(base: Path, where: Path, clock: Clock, httpserver: HTTPServer) -> World:
    """The world of a test: all publishers are one server on loopback."""
    address = httpserver.url_for("").rstrip("/")
    return World(
        base=base,
        home=where,
        now=clock.now,
        sleep=clock.sleep,
        addresses=dict.fromkeys(ADDRESSES, address),
        environment={"CENSUS_API_KEY": KEY},
        deadline=5.0,
        timeout=5.0,
    )


def small_edition(folder: Path, rows: Mapping[str, Sequence[Mapping[str, str]]] | None = None, version: str = "2026.10") -> Path:
    """A data package with the tables that a refresh reads, with the rows given and the real words of series and release days."""
    package = json.loads((home.edition_folder() / home.DESCRIPTOR).read_text(encoding="utf-8"))
    wanted = {"series", "release_days", "statistics", "rare_earths"} | set(rows or {})
    package["resources"] = [item for item in package["resources"] if item["name"] in wanted]
    package["tradelib:edition"], package["version"] = version, f"{version}.0"
    for resource in package["resources"]:
        for word in ("foreignKeys", "tradelib:foreignKeys"):
            keys = resource["schema"].pop(word, [])
            resource["schema"] |= {word: kept} if (kept := [key for key in keys if key["reference"]["resource"] in wanted]) else {}
        path = folder / resource["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        if resource["name"] in ("series", "release_days"):
            shutil.copy(home.edition_folder() / resource["path"], path)
        elif resource["format"] == "parquet":
            path.write_bytes(write_rows(home.edition_folder(), resource, list(rows[resource["name"]])))
        else:
            write_table(path, [item["name"] for item in resource["schema"]["fields"]], (rows or {}).get(resource["name"], []))
    (folder / home.DESCRIPTOR).write_text(json.dumps(package), encoding="utf-8")
    catalogue.seal(folder=folder)
    return folder


def write_table(path: Path, names: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(rows)


def statistic(series: str, period: str, value: str, published: str, vintage: str = "", **more: str) -> dict[str, str]:
    """A row of `statistics`."""
    about = {"published_basis": "observed", "source": "a test", "confidence": "high"} | more
    return {"series_id": series, "period": period, "value": value, "published_on": published, "vintage_on": vintage or published} | about


def country_page(
    country: str,
    months: Mapping[str, tuple[str, str]],
    *,
    heads: Sequence[str] = ("Month", "Exports", "Imports", "Balance"),
    after: str = "",
    ends: str = "</table></body></html>",
) -> str:
    """A page of the Census Bureau: exports and imports of months such as `2026-05`, in million dollars."""
    names = (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    )  # fmt: skip
    lines = [
        f"<html><head><title>Foreign Trade - U.S. Trade with {country}</title></head><body><h1>Trade in Goods with {country}</h1>",
        "<p>NOTE: All figures are in millions of U.S. dollars on a nominal basis, not seasonally adjusted.</p><table>",
        "<tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>",
    ]
    for number, (period, (exports, imports)) in enumerate(sorted(months.items(), reverse=True)):
        year, month = period.split("-")
        balance = f"{float(exports.replace(',', '')) - float(imports.replace(',', '')):,.1f}"
        cells = {"Month": f"{names[int(month) - 1]} {year}", "Exports": exports, "Imports": imports, "Balance": balance}
        row = "".join(f'<td headers="row{number}" align="right">{cells.get(head, "7.0")}</td>' for head in heads)
        lines.append(f"<tr>{row}</tr>")
    return "\n".join([*lines, after, ends])


def serve_pages(server: HTTPServer, months: Mapping[str, tuple[str, str]], **more: object) -> None:
    """All five country pages, and BEA's calendar."""
    server.clear()
    for page, country in PARTNERS.items():
        server.expect_request(f"/foreign-trade/balance/{page}.html").respond_with_data(
            country_page(country, months, **more), content_type="text/html"
        )
    serve_calendar(server)


def serve_calendar(server: HTTPServer) -> None:
    content = (SAMPLES / "bea_release_dates_trade.json").read_text(encoding="utf-8")
    server.expect_request("/API/signup/release_dates.json").respond_with_data(content, content_type="application/json")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def values(folder: Path, series: str) -> dict[str, tuple[float, str]]:
    """Newest value of each period of a series, and the day it was current, as a package holds it."""
    rows = catalogue.load("statistics", folder=folder)
    rows = rows[rows["series_id"].eq(series)].sort_values(["period", "vintage_on"]).drop_duplicates("period", keep="last")
    return {f"{row.period:%Y-%m}": (row.value, f"{row.vintage_on:%Y-%m-%d}") for row in rows.itertuples()}


@pytest.fixture
def at(world: World, clock: Clock) -> Callable[[str], World]:
    """The world on another day."""

    def on(text: str) -> World:
        clock.set(text)
        return replace(world)

    return on


@pytest.fixture
def no_home_left() -> Iterator[None]:
    """Forget where tables were read from, before and after."""
    home.data_folder.cache_clear()
    yield
    home.data_folder.cache_clear()


def day(text: str) -> date:
    return date.fromisoformat(text)
