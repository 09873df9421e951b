"""Country pages of the US Census Bureau: what is a month, what is a revision, and what is no answer."""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import broken
import pytest
from pytest_httpserver import HTTPServer
from refresh_samples import (
    SAMPLES,
    at,
    base,
    clock,
    country_page,
    no_other_socket,
    serve_pages,
    small_edition,
    statistic,
    values,
    where,
    world,
)

from tradelib import refresh
from tradelib.refresh import doubts
from tradelib.refresh.compare import compare
from tradelib.refresh.errors import LayoutError
from tradelib.refresh.ledger import Table
from tradelib.refresh.observations import Observation
from tradelib.refresh.plan import Plan
from tradelib.refresh.raw import Raw
from tradelib.refresh.sources import census_pages
from tradelib.refresh.world import ADDRESSES, World

IMPORTS = "us_imports_from_china_usd"


def raw(text: str) -> Raw:
    return Raw("0" * 64, 200, {}, datetime(2026, 11, 29, tzinfo=UTC), text.encode())


def three_copies() -> dict[str, dict[str, tuple[str, str]]]:
    """The page of China as kept on three days: the imports are those of the copies, the exports stand for them."""
    copies: dict[str, dict[str, tuple[str, str]]] = {}
    with (SAMPLES / "census_c5700_three_vintages.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            copies.setdefault(row["fetched_at"][:10], {})[row["period"]] = ("10,000.0", row["imports_usd_million"])
    return copies


def refreshed(world: World, *, write: bool = True, **options: object) -> Plan:
    plan = refresh.make(world, ["census_pages"], **options)
    if write:
        refresh.write(world, plan)
    return plan


def changed(plan: Plan, series: str = IMPORTS) -> list[tuple[str, str]]:
    return [(change.kind, change.observation.key[1][:7]) for change in plan.changes if change.observation.key[0] == series]


def test_three_copies_of_a_page_in_turn(at: Callable[[str], World], httpserver: HTTPServer) -> None:
    copies = three_copies()
    seen = {}
    for number, (day, months) in enumerate(copies.items()):
        serve_pages(httpserver, months)
        plan = refreshed(at(f"{day}T12:00:00"), since=datetime(2024, 10, 1, tzinfo=UTC).date())
        assert plan.failures == []
        seen[day] = changed(plan)
        if number == 0:
            assert seen[day] == [("new", period) for period in sorted(months)]
    assert seen["2026-03-22"] == [("new", "2025-12"), ("new", "2026-01")]
    june = seen["2026-06-17"]
    revised = [period for kind, period in june if kind == "revised"]
    # All months of the copy but the one that stayed, of those held; the copy of June leaves out December 2024.
    assert len(revised) == 14
    assert "2026-01" not in revised
    assert [period for kind, period in june if kind == "new"] == ["2026-02", "2026-03", "2026-04"]
    again = refreshed(at("2026-06-17T13:00:00"), since=datetime(2024, 10, 1, tzinfo=UTC).date())
    assert (again.changes, again.held_back) == ([], [])


def test_first_releases_have_the_day_of_the_calendar_and_revisions_that_of_the_copy(
    at: Callable[[str], World], httpserver: HTTPServer
) -> None:
    serve_pages(httpserver, {"2026-05": ("9,000.0", "23,500.0"), "2026-06": ("9,100.0", "25,100.0")})
    folder = refresh.write(at("2026-08-20T12:00:00"), refresh.make(at("2026-08-20T12:00:00"), ["census_pages"]))
    assert values(folder, IMPORTS) == {"2026-05": (23_500_000_000, "2026-07-07"), "2026-06": (25_100_000_000, "2026-08-04")}
    serve_pages(httpserver, {"2026-05": ("9,000.0", "23,600.0"), "2026-06": ("9,100.0", "25,100.0")})
    folder = refresh.write(at("2026-08-21T12:00:00"), refresh.make(at("2026-08-21T12:00:00"), ["census_pages"]))
    assert values(folder, IMPORTS)["2026-05"] == (23_600_000_000, "2026-08-21")


@pytest.mark.parametrize(
    ("edition", "words"),
    [
        (country_page("China", {"2026-05": ("1.0", "2.0")}, heads=("Month", "Exports", "Imports")), "no column 'balance'"),
        (country_page("China", {"2026-05": ("1.0", "2.0")}, heads=("Month", "Sold", "Imports", "Balance")), "no column 'exports'"),
        (country_page("China", {"2026-05": ("1.0", "2.0")}, ends=""), "was cut"),
        (country_page("China", {}), "holds no month"),
        (country_page("Chile", {"2026-05": ("1.0", "2.0")}), "does not name China"),
        ("<html><body>Request unsuccessful.</body></html>", "does not name China"),
        (country_page("China", {"2026-05": ("1.0", "2.0")}).replace(">2.0<", ">n.a.<"), "'n.a.' is no number"),
    ],
)
def test_another_layout_is_an_error_and_no_guess(edition: str, words: str) -> None:
    with pytest.raises(LayoutError, match=words):
        census_pages.read(raw(edition), "China", [])


def test_columns_are_found_by_their_names_and_a_new_one_is_reported() -> None:
    months = {"2026-05": ("9,000.5", "23,500.0")}
    plain = census_pages.read(raw(country_page("China", months)), "China", [])
    remarks: list[str] = []
    mixed = census_pages.read(
        raw(country_page("China", months, heads=("Month", "Balance", "Rank", "Imports", "Exports"))), "China", remarks
    )
    assert mixed == plain
    assert len(remarks) == 1
    assert "rank" in remarks[0]


def test_months_not_out_and_sums_are_no_months() -> None:
    sums = "<tr><td>TOTAL 2026</td><td>18,000.0</td><td>47,000.0</td><td>-29,000.0</td></tr>"
    months = {"2026-05": ("9,000.0", "23,500.0"), "2026-06": ("0.0", "0.0"), "2026-07": ("0", "0")}
    found = census_pages.read(raw(country_page("China", months, after=sums)), "China", [])
    assert [f"{period:%Y-%m}" for period, _, _ in found] == ["2026-05"]


def test_a_page_whose_columns_do_not_balance_is_held_back(world: World, httpserver: HTTPServer) -> None:
    serve_pages(httpserver, {"2026-05": ("9,000.0", "23,500.0")})
    good = country_page("Japan", {"2026-05": ("9,000.0", "23,500.0")})
    httpserver.clear()
    serve_pages(httpserver, {"2026-05": ("9,000.0", "23,500.0")})
    for handler in list(httpserver.handlers):
        if handler.matcher.uri.endswith("c5880.html"):
            handler.respond_with_data(good.replace(">9,000.0<", ">900.0<"), content_type="text/html")
    plan = refreshed(world)
    assert {change.observation.key[0] for change in plan.held_back} == {"us_exports_to_japan_usd", "us_imports_from_japan_usd"}
    assert all("is not the balance" in change.reasons[0] for change in plan.held_back)
    assert len(plan.changes) == 8


def test_a_page_that_fails_does_not_stop_the_others(world: World, httpserver: HTTPServer) -> None:
    serve_pages(httpserver, {"2026-05": ("9,000.0", "23,500.0")})
    for handler in list(httpserver.handlers):
        if handler.matcher.uri.endswith("c5830.html"):
            handler.respond_with_data(country_page("Taiwan", {}), content_type="text/html")
    plan = refreshed(world)
    assert plan.failures == [
        "census_pages: the page of Taiwan at census.gov holds no month. The layout has changed; nothing was taken from it."
    ]
    assert len(plan.changes) == 8


@pytest.mark.parametrize(
    ("imports", "words"),
    [
        ("2,350.0", "times the median|unit may have slipped"),
        ("235,000.0", "unit may have slipped"),
        ("61,000.0", "times the median"),
    ],
)
def test_an_unlikely_level_waits_for_a_person(world: World, httpserver: HTTPServer, imports: str, words: str) -> None:
    months: Mapping[str, tuple[str, str]] = {f"2025-{number:02d}": ("9,000.0", "23,500.0") for number in range(1, 13)}
    rows = [statistic(IMPORTS, f"{period}-01", "23500000000", f"{period}-28", published_basis="bound") for period in months]
    rows = [row | {"published_on": "2026-02-19", "vintage_on": "2026-02-19"} for row in rows]
    small_edition(world.base, {"statistics": rows})
    serve_pages(httpserver, {**months, "2026-01": ("9,000.0", imports)})
    plan = refreshed(world, write=False)
    held = [change for change in plan.held_back if change.observation.key == (IMPORTS, "2026-01-01")]
    assert len(held) == 1
    assert pytest.approx(float(held[0].row["value"])) == float(imports.replace(",", "")) * 1e6

    assert re.search(words, "; ".join(held[0].reasons))


def test_a_missing_month_and_a_zero_wait_for_a_person(world: World, httpserver: HTTPServer) -> None:
    rows = [statistic(IMPORTS, f"2025-{number:02d}-01", "23500000000", "2026-02-19", published_basis="bound") for number in range(1, 13)]
    small_edition(world.base, {"statistics": rows})
    serve_pages(httpserver, {"2026-02": ("9,000.0", "23,500.0"), "2026-03": ("9,000.0", "0.0")})
    plan = refreshed(world, write=False)
    reasons = {change.observation.key: "; ".join(change.reasons) for change in plan.held_back}
    assert "a month between is missing" in reasons[IMPORTS, "2026-02-01"]
    assert "zero, which this series never was" in reasons[IMPORTS, "2026-03-01"]


# What a person has to look at: bounds, each from both sides.


def doubted(period: str, value: str, held: Sequence[tuple[str, ...]], *, chinese: bool = False, balance: bool = False, **days: str) -> str:
    """The reasons to hold back one value of a series of which some months are held."""
    rows = [statistic(IMPORTS, *row) for row in held]
    resource = {"schema": {"fields": [{"name": name} for name in rows[0]]}, "tradelib:key": ["series_id", "period"]}
    table = Table("statistics", resource, rows)
    fetched, published = (date.fromisoformat(days.get(name, "2026-11-29")) for name in ("fetched", "published"))
    said = Observation("statistics", (IMPORTS, period), (("value", Decimal(value)),), Decimal(1), fetched, "raw", stays=True)
    change = compare(said, table, (published, "calendar"))
    return "; ".join(doubts.reasons(change, table, doubts.Nature("usd", monthly=True, balance=balance, chinese=chinese)))


@pytest.mark.parametrize(("value", "waits"), [("212", True), ("211", False), ("191", False), ("190", True)])
def test_a_revision_by_more_than_a_twentieth_waits_whichever_way_it_goes(value: str, waits: bool) -> None:
    assert ("revised by" in doubted("2026-05-01", value, [("2026-05-01", "201", "2026-07-07")])) == waits


@pytest.mark.parametrize(("value", "waits"), [("81", True), ("80", False), ("12", False), ("11", True)])
def test_a_level_is_held_against_the_newest_twelve_months(value: str, waits: bool) -> None:
    """The median of the year before is 40, and that of the year before it 10: 0.3 to 2 times 40 is usual."""
    months = [(f"{year}-{number:02d}-01", level, "2026-02-19") for year, level in ((2024, "10"), (2025, "40")) for number in range(1, 13)]
    assert ("times the median" in doubted("2026-01-01", value, months)) == waits


def test_the_value_before_is_the_one_that_stands() -> None:
    """First printed with a slip of the unit and then put right: the next month is held against what is right."""
    rows = [("2026-05-01", "4", "2026-07-07"), ("2026-05-01", "40", "2026-07-07", "2026-07-08")]
    assert doubted("2026-06-01", "40", rows) == ""
    assert "the unit may have slipped" in doubted("2026-06-01", "40", rows[:1])


@pytest.mark.parametrize(
    ("published", "fetched", "words"),
    [
        ("2026-06-01", "2026-06-01", ""),
        ("2026-05-31", "2026-06-01", "before its period ends"),
        ("2026-06-02", "2026-06-01", "before its day"),
    ],
)
def test_a_month_is_published_once_it_is_over_and_seen_from_its_day_on(published: str, fetched: str, words: str) -> None:
    said = doubted("2026-05-01", "100", [("2026-04-01", "100", "2026-05-05")], published=published, fetched=fetched)
    assert words in said
    assert bool(words) == bool(said)


@pytest.mark.parametrize(
    ("period", "chinese", "waits"),
    [
        ("2026-02-01", True, False),
        ("2026-03-01", True, False),
        ("2026-04-01", True, True),
        ("2026-02-01", False, True),
        ("2026-01-01", False, False),
    ],
)
def test_china_releases_january_and_february_as_one(period: str, chinese: bool, waits: bool) -> None:
    said = doubted(period, "100", [("2025-12-01", "100", "2026-01-14")], chinese=chinese)
    assert ("a month between is missing" in said) == waits


def test_only_a_balance_is_negative() -> None:
    held = [("2026-04-01", "100", "2026-05-05")]
    assert "value is negative" in doubted("2026-05-01", "-90", held)
    assert doubted("2026-05-01", "-90", held, balance=True) == ""
    assert doubted("2026-05-01", "90", held) == ""


def test_an_answer_cut_without_a_trace_is_known_by_its_end(world: World) -> None:
    with broken.serving(broken.no_length) as (address, _):
        here = replace(world, addresses=dict.fromkeys(ADDRESSES, address))
        plan = refreshed(here, write=False)
    assert len(plan.failures) == 5
    assert all("the answer was cut" in failure for failure in plan.failures)
