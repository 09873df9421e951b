"""The world table of rare earths: heads, bytes, dashes and bounds, editions and versions."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pytest_httpserver import HTTPServer
from refresh_samples import SAMPLES, Clock, base, clock, no_other_socket, small_edition, where, world

from tradelib import catalogue, refresh
from tradelib.refresh.errors import LayoutError
from tradelib.refresh.plan import Plan
from tradelib.refresh.raw import Raw
from tradelib.refresh.sources import usgs
from tradelib.refresh.world import World

TABLE = (SAMPLES / "usgs_mcs2026_rare_earths.csv").read_text(encoding="utf-8")
TITLE = "Mineral Commodity Summaries 2026 Data Release"


def raw(text: str) -> Raw:
    return Raw("0" * 64, 200, {}, datetime(2026, 11, 29, tzinfo=UTC), text.encode("cp1252"))


def serve(server: HTTPServer, table: str = TABLE, title: str = TITLE, listing: str | None = None) -> None:
    server.clear()
    held = listing or (SAMPLES / "usgs_parent_listing.json").read_text(encoding="utf-8")
    server.expect_request("/catalog/items").respond_with_data(held, content_type="application/json")
    item = {
        "title": title,
        "dates": [{"type": "Publication", "dateString": "2026-02-06", "label": "Publication Date"}],
        "files": [
            {"name": "MCS2026_data.csv", "url": server.url_for("/catalog/file/get/1")},
            {"name": "metadata.xml", "url": server.url_for("/catalog/file/get/2")},
        ],
    }
    server.expect_request("/catalog/item/696a75d5d4be0228872d3bf8").respond_with_data(json.dumps(item), content_type="application/json")
    server.expect_request("/catalog/file/get/1").respond_with_data("", status=302, headers={"Location": server.url_for("/files/1.csv")})
    server.expect_request("/files/1.csv").respond_with_data(table.encode("cp1252"), content_type="text/csv")


def planned(world: World, server: HTTPServer, **more: str) -> Plan:
    serve(server, **more)
    return refresh.make(world, ["usgs"], again=True)


def row(country: str, year: str, value: str, edition: str, day: str, first: str = "") -> dict[str, str]:
    about = {"unit": "tonnes", "is_lower_bound": "false", "is_official": "true", "source": f"USGS, Mineral Commodity Summaries {edition}"}
    key = {"quantity": "mine_production", "country": country, "period": year}
    return key | about | {"value": value, "published_on": first or day, "vintage_on": day, "confidence": "high"}


def test_the_edition_of_2026_revises_2024_and_adds_2025(world: World, httpserver: HTTPServer) -> None:
    """World mining of 2024 fell from 390,000 to 380,000 tonnes, Thailand's from 13,000 to 2,100; China mined 270,000 in both years."""
    rows = [
        row("World", "2024", "390000", "2025", "2025-01-31"),
        row("Thailand", "2024", "13000", "2025", "2025-01-31"),
        row("China", "2024", "270000", "2025", "2025-01-31"),
    ]
    small_edition(world.base, {"rare_earths": rows})
    plan = planned(world, httpserver)
    assert (plan.failures, plan.held_back) == ([], [])
    found = {change.observation.key: change for change in plan.changes}
    world_2024 = found["mine_production", "World", "2024"]
    assert (world_2024.kind, world_2024.row["value"], world_2024.row["published_on"], world_2024.row["vintage_on"]) == (
        "revised", "380000", "2025-01-31", "2026-02-06",
    )  # fmt: skip
    assert found["mine_production", "Thailand", "2024"].row["value"] == "2100"
    assert ("mine_production", "China", "2024") not in found
    assert found["mine_production", "China", "2025"].row["value"] == "270000"
    assert found["mine_production", "Canada", "2025"].row["value"] == "0"  # a dash: nothing produced
    assert ("reserves", "Burma", "2025") not in found  # NA
    folder = refresh.write(world, plan)
    catalogue.verify(folder=folder)
    assert refresh.make(world, ["usgs"]).changes == []


def test_a_version_is_a_revision_of_the_day_it_was_seen(world: World, httpserver: HTTPServer, clock: Clock) -> None:
    clock.set("2026-02-10T12:00:00")
    refresh.write(world, planned(world, httpserver))
    clock.set("2026-04-20T12:00:00")
    second = TABLE.replace('2025,"4,800"', '2025,"5,800"').replace(
        'Mine production: rounded,metric tons,2025,"390,000"', 'Mine production: rounded,metric tons,2025,"391,000"'
    )
    plan = planned(world, httpserver, table=second, title=f"{TITLE} (ver. 2.0, April 2026)")
    found = {change.observation.key[1]: change.row for change in plan.changes}
    assert set(found) == {"Thailand", "World"}
    assert (found["Thailand"]["published_on"], found["Thailand"]["vintage_on"]) == ("2026-02-06", "2026-04-20")
    assert "ver. 2.0" in found["Thailand"]["later_note"]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda text: text.replace("Country,", "Nation,", 1), "which no reader knows"),
        (lambda text: text.replace("MCS chapter,Section", "Section,MCS chapter", 1), "which no reader knows"),
        (lambda text: text[:-40], "ends inside a row"),
        (lambda text: text.replace("metric tons", "kilograms"), "'kilograms' and not in metric tons"),
        (lambda text: text.replace('"51,000"', '"51,0o0"'), "'51,0o0' is no number"),
    ],
)
def test_another_layout_is_an_error_and_no_guess(edit: Callable[[str], str], words: str) -> None:
    with pytest.raises(LayoutError, match=words):
        usgs.read(raw(edit(TABLE)))


def test_countries_that_do_not_add_up_are_an_error(world: World, httpserver: HTTPServer) -> None:
    plan = planned(world, httpserver, table=TABLE.replace('2025,"270,000"', '2025,"27,000"'))
    assert "Columns have shifted" in plan.failures[0]
    assert plan.changes == []


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("—", (Decimal(0), False)),
        ("NA", None),
        ("W", None),
        (">50", (Decimal(50), True)),
        ("<25", None),
        ("1,234", (Decimal(1234), False)),
    ],
)
def test_what_is_printed_for_no_number(cell: str, value: tuple[Decimal, bool] | None) -> None:
    assert usgs._value(cell, "here") == value


def test_quotes_of_the_windows_code_page_are_read_as_such() -> None:
    text = TABLE.replace("Reported.", "“Reported” by Côte d’Ivoire.", 1)
    rows = usgs.read(raw(text))
    assert len(rows) == len(usgs.read(raw(TABLE)))
    assert b"\x93Reported\x94" in raw(text).content


@pytest.mark.parametrize("listing", ['{"items": []}', '{"total": 3}', '{"items": [{"id": "a", "title": "Minerals Yearbook"}]}', "[]"])
def test_a_listing_without_an_edition_is_an_error(world: World, httpserver: HTTPServer, listing: str) -> None:
    plan = planned(world, httpserver, listing=listing)
    assert "names no edition" in plan.failures[0]


def test_the_newest_edition_is_taken() -> None:
    listing = Raw("0", 200, {}, datetime(2026, 1, 1, tzinfo=UTC), (SAMPLES / "usgs_parent_listing.json").read_bytes())
    assert usgs.newest(listing) == ("696a75d5d4be0228872d3bf8", 2026)


def test_a_file_at_another_host_is_not_fetched(world: World, httpserver: HTTPServer) -> None:
    serve(httpserver)
    for handler in list(httpserver.handlers):
        if handler.matcher.uri == "/catalog/file/get/1":
            handler.respond_with_data("", status=302, headers={"Location": "https://elsewhere.example/1.csv"})
    plan = refresh.make(world, ["usgs"])
    assert "at none of the addresses" in plan.failures[0]
