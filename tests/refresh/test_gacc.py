"""Pages of China's customs: units, January and February, days that are no days of release, and what the bulletin revises."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytest_httpserver import HTTPServer
from refresh_samples import SAMPLES, Clock, base, clock, no_other_socket, small_edition, statistic, where, world
from werkzeug import Request, Response

from tradelib import refresh
from tradelib.refresh.errors import LayoutError
from tradelib.refresh.plan import Plan
from tradelib.refresh.raw import Raw
from tradelib.refresh.sources import gacc, gacc_pages
from tradelib.refresh.world import PAUSES, World

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TITLES = {
    "totals": ("preliminary", "(1) China's Total Export & Import Values (in USD)"),
    "countries": ("preliminary", "(4) China's Total Export & Import Values by Country/Region (in USD)"),
    "exports": ("monthly", "(13) Major Export Commodities in Quantity and Value"),
    "imports": ("monthly", "(14) Major Import Commodities in Quantity and Value"),
}
# The release of December 2025, in 100 million dollars: month, to date, change on the month before, on the year before, to date.
TOTALS = {
    "Total Export & Import": ("6,014.2", "63,547.7", "9.6", "6.2", "3.2"),
    "Total Export": ("3,577.8", "37,718.7", "8.4", "6.6", "5.5"),
    "Total Import": ("2,436.4", "25,829.0", "11.5", "5.7", "0.0"),
    "Export-Import Balance": ("1,141.4", "11,889.8", "-", "-", "-"),
}


def page(title: str, unit: str, rows: list[tuple[str, ...]], day: str = "2026/01/08") -> str:
    lines = "".join("<tr>" + "".join(f"<td><span>{cell}</span></td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<html><body><div class="atcl-ttl">{title}</div><div class="atcl-date">{day}</div><div class="atcl-cnt"><table>'
        f"<tr><td colspan=10><span>Unit: {unit}</span></td></tr>{lines}</table></div></body></html>"
    )


def totals_page(month: str = "Dec 2025", rows: Mapping[str, tuple[str, ...]] | None = None, unit: str = "USD 100 Million") -> str:
    head = ("Item", "12", "1-to-12", "Month-on-Month ±%", "Year-on-Year ±%", "Year-on-Year ±%")
    body = [(name, *cells) for name, cells in (rows or TOTALS).items()]
    return page(f"(1) China's Total Export &amp; Import Values, {month} (in USD)", unit, [head, *body])


def countries_page(month: str, cells: tuple[str, ...], unit: str = "USD1 Million") -> str:
    rows = [("Total", *("1",) * len(cells)), ("United States (US)", *cells), ("of which: Hawaii", *cells)]
    return page(f"(4) China's Total Export &amp; Import Values by Country/Region, {month} (in USD)", unit, rows)


def bulletin(month: str, rows: list[tuple[str, ...]], heads: tuple[str, ...] = ("Commodity", "Quantity Unit", "12", "1to12")) -> str:
    return page(f"\uff0813\uff09Major Export Commodities in Quantity and Value,{month}", "US$1,000", [heads, *rows])


def serve(server: HTTPServer, pages: Mapping[str, Mapping[int, str]], year: int = 2025, this_year: int = 2026) -> None:
    """Index pages of a year with the months given as links, and their pages; that of this year has no year in its address."""
    suffix = "" if year == this_year else str(year)
    for kind in ("preliminary", "monthly"):
        lines = []
        for name, (of, title) in TITLES.items():
            if of != kind:
                continue
            out = pages.get(name, {})
            cells = "".join(
                f"<a href={server.url_for(f'/Statics/{name}-{year}-{number}.html')}> {MONTHS[number - 1]}.</a>"
                if number in out
                else f"<span>{MONTHS[number - 1]}.</span>"
                for number in range(1, 13)
            )
            lines.append(f"<tr><td>{title}</td><td>{cells}</br></td></tr>")
        content = f'<html><body><div class="nr-n-content-detail"><table>{"".join(lines)}</table></div></body></html>'
        server.expect_request(f"/statics/report/{kind}{suffix}.html").respond_with_data(content, content_type="text/html")
    for name, months in pages.items():
        for number, content in months.items():
            server.expect_request(f"/Statics/{name}-{year}-{number}.html").respond_with_data(content, content_type="text/html")


ALL = {
    "totals": {12: totals_page()},
    "countries": {12: countries_page("Dec 2025", ("40,000", "500,000", "30,000", "400,000", "10,000", "100,000", "-1", "-2", "3"))},
    "exports": {12: bulletin("1-12.2025", [("Rare earths", "T", "4,392", "98,000", "62,585", "511,000", "1.0", "2.0", "", "")])},
    "imports": {
        12: bulletin("1-12.2025", [("Soybean", "10000T", "804", "3,600,000", "11,183", "48,000,000", "1.0", "2.0", "", "")]).replace(
            "Export Commodities", "Import Commodities"
        )
    },
}


@pytest.fixture
def held(world: World, clock: Clock) -> World:
    """An edition that holds everything to November 2025, on a day of January."""
    clock.set("2026-01-19T12:00:00")
    levels = {
        "china_exports_usd": "330000000000", "china_imports_usd": "220000000000", "china_balance_usd": "110000000000",
        "china_exports_yoy_frac": "0.059", "china_imports_yoy_frac": "0.019", "china_exports_to_us_usd": "33800000000",
        "china_rare_earth_exports_tonnes": "5500", "china_soybean_imports_tonnes": "8100000",
    }  # fmt: skip
    rows = [statistic(name, "2025-11-01", value, "2025-12-08") for name, value in levels.items()]
    small_edition(world.base, {"statistics": rows})
    return world


def raw(content: str | bytes) -> Raw:
    content = content.encode() if isinstance(content, str) else content
    return Raw("0" * 64, 200, {}, datetime(2026, 1, 14, tzinfo=UTC), content)


def planned(world: World, server: HTTPServer, pages: Mapping[str, Mapping[int, str]] = ALL) -> Plan:
    server.expect_request("/statics/report/preliminary.html").respond_with_data("", status=404)
    server.expect_request("/statics/report/monthly.html").respond_with_data("", status=404)
    serve(server, pages)
    return refresh.make(world, ["gacc"])


def said(plan: Plan) -> dict[str, str]:
    return {change.observation.key[0]: change.row["value"] for change in plan.changes}


def test_december_2025_as_it_was_released(held: World, httpserver: HTTPServer) -> None:
    """Exports +6.6 per cent, imports +5.7, a surplus of 114.14 billion dollars, as the customs released it on 14 January 2026."""
    plan = planned(held, httpserver)
    assert plan.failures == []
    found = said(plan)
    assert found == {
        "china_exports_usd": "357780000000", "china_imports_usd": "243640000000", "china_balance_usd": "114140000000",
        "china_exports_ytd_usd": "3771870000000", "china_imports_ytd_usd": "2582900000000", "china_balance_ytd_usd": "1188980000000",
        "china_exports_yoy_frac": "0.066", "china_imports_yoy_frac": "0.057",
        "china_exports_ytd_yoy_frac": "0.055", "china_imports_ytd_yoy_frac": "0",
        "china_exports_to_us_usd": "30000000000", "china_imports_from_us_usd": "10000000000",
        "china_rare_earth_exports_tonnes": "4392", "china_rare_earth_exports_ytd_tonnes": "62585",
        "china_soybean_imports_tonnes": "8040000", "china_soybean_imports_ytd_tonnes": "111830000",
    }  # fmt: skip
    row = next(change.row for change in plan.changes if change.observation.key[0] == "china_exports_usd")
    # No calendar of 2026 is held, and the day on the page is not that of the release.
    assert (row["published_on"], row["published_basis"]) == ("2026-01-19", "bound")
    assert "2026-01-08" not in str(refresh.summary(plan))


def test_a_day_of_the_calendar_counts_and_the_day_of_the_page_does_not(held: World, httpserver: HTTPServer, clock: Clock) -> None:
    clock.set("2025-12-19T12:00:00")
    levels = {
        "china_exports_yoy_frac": "-0.011", "china_imports_yoy_frac": "0.01", "china_exports_to_us_usd": "34000000000",
        "china_rare_earth_exports_tonnes": "4343", "china_soybean_imports_tonnes": "9480000",
    }  # fmt: skip
    small_edition(held.base, {"statistics": [statistic(name, "2025-10-01", value, "2025-11-07") for name, value in levels.items()]})
    pages = {
        "totals": {11: totals_page("November 2025")},
        "countries": {11: countries_page("Nov 2025", ("48,000", "1", "33,800", "1", "14,200", "1", "1", "1", "1"))},
        "exports": {11: bulletin("1-11.2025", [("Rare earths", "T", "5,494", "1", "58,193", "1", "1", "1")])},
        "imports": {
            11: bulletin("1-11.2025", [("Soybeans", "10000T", "811", "1", "10,379", "1", "1", "1")]).replace("Export C", "Import C")
        },
    }
    serve(httpserver, pages, this_year=2025)
    plan = refresh.make(held, ["gacc"])
    assert plan.failures == []
    days = {
        change.observation.key[0]: (change.row["published_on"], change.row["published_basis"], change.row["vintage_on"])
        for change in plan.changes
    }
    assert days["china_exports_usd"] == ("2025-12-08", "calendar", "2025-12-08")
    assert days["china_rare_earth_exports_tonnes"] == ("2025-12-08", "calendar", "2025-12-18")


def test_january_and_february_give_sums_to_date_and_no_month() -> None:
    made = gacc_pages.read_page((SAMPLES / "gacc_by_country_2025-janfeb_cny.html").read_bytes(), date(2025, 2, 1))
    assert (made.both, made.currency, made.scale) == (True, "CNY", Decimal(100_000_000))
    assert list(gacc._with_us(made)) == []
    both = {
        "Total Export": ("5,399.4", "2.3"),
        "Total Import": ("3,694.4", "-8.4"),
        "Export-Import Balance": ("1,705.2",),
    }
    text = totals_page("January-February 2025", both)
    names = {name for name, _, _ in gacc._totals(gacc_pages.read_page(text.encode(), date(2025, 2, 1)))}
    assert names == {
        "china_exports_ytd_usd", "china_exports_ytd_yoy_frac", "china_imports_ytd_usd", "china_imports_ytd_yoy_frac",
        "china_balance_ytd_usd",
    }  # fmt: skip


def test_march_2026_with_the_united_states() -> None:
    """2,045.0 + 876.1 = 2,921.1 times 100 million yuan; the page says 8 April, and the release was on the 14th."""
    made = gacc_pages.read_page((SAMPLES / "gacc_by_country_2026-03_cny.html").read_bytes(), date(2026, 3, 1))
    assert [(name, value) for name, value, _ in gacc._with_us(made)] == [
        ("china_exports_to_us_usd", Decimal("204500000000.0")),
        ("china_imports_from_us_usd", Decimal("87610000000.0")),
    ]
    assert made.period == date(2026, 3, 1)
    moved = (SAMPLES / "gacc_by_country_2026-03_cny.html").read_bytes().replace(b"<span>2,045.0</span>", b"<span>2,450.0</span>")
    with pytest.raises(LayoutError, match="do not add up to the total"):
        list(gacc._with_us(gacc_pages.read_page(moved, date(2026, 3, 1))))


def test_the_index_of_2026_links_what_is_out() -> None:
    index = gacc_pages.read_index((SAMPLES / "gacc_index_2026.html").read_bytes(), 2026, "http://english.customs.gov.cn/x.html")
    usd = next(links for name, links in index.items() if gacc._is(name, gacc.TOTALS))
    assert list(usd) == [date(2026, 2, 1), date(2026, 3, 1)]
    assert usd[date(2026, 3, 1)] == "http://english.customs.gov.cn/Statics/d9c40839-ca1e-4726-b570-1e41e043103f.html"


def test_a_unit_that_contradicts_the_title_is_held_back(held: World, httpserver: HTTPServer) -> None:
    plan = planned(held, httpserver, ALL | {"totals": {12: totals_page(unit="CNY 100 Million")}})
    reasons = {change.observation.key[0]: "; ".join(change.reasons) for change in plan.held_back}
    assert "the title says USD, and the unit is 'CNY 100 Million'" in reasons["china_exports_usd"]
    assert "china_exports_usd" not in said(plan)
    assert "china_exports_to_us_usd" in said(plan)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('<html><body><div class="atcl-ttl">(4) x, Dec 2025</div><div class="atcl-cnt"><img src="a.png"></div></body></html>', "no table"),
        (totals_page("Nov 2025"), "leads to another page"),
        (totals_page(unit="USD 10 Million"), "which is not known"),
        (totals_page().replace("Unit: ", "In "), "names no unit"),
        (totals_page().replace("</html>", ""), "was cut"),
        (totals_page(rows={"Total Export": ("1", "2", "3", "4")}), "4 figures in place of 5"),
        (totals_page(rows={"Total Export": ("1", "x", "3", "4", "5")}), "'x' is no number"),
    ],
)
def test_a_page_that_is_another_gives_nothing(held: World, httpserver: HTTPServer, content: str, words: str) -> None:
    plan = planned(held, httpserver, ALL | {"totals": {12: content}})
    assert len(plan.failures) == 1
    assert words in plan.failures[0]
    assert "china_exports_usd" not in said(plan)
    assert "china_soybean_imports_tonnes" in said(plan)


def test_a_block_is_named(held: World, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/statics/report/preliminary2025.html").respond_with_data("<html><script>", status=412)
    plan = refresh.make(held, ["gacc"])
    assert "blocked (412)" in plan.failures[0]
    httpserver.clear()
    httpserver.expect_request("/statics/report/preliminary2025.html").respond_with_data(
        "<html><body>wait</body></html>", content_type="text/html"
    )
    assert "it is a block page" in refresh.make(held, ["gacc"]).failures[0]


@pytest.mark.parametrize(("value", "revised"), [("4,392", False), ("4,393", True)])
def test_the_bulletin_revises_the_release_of_the_day_by_more_than_rounding(
    held: World, httpserver: HTTPServer, value: str, revised: bool
) -> None:
    rows = [statistic(name, "2025-12-01", "0.066", "2026-01-14") for name in ("china_exports_yoy_frac", "china_imports_yoy_frac")]
    rows += [statistic("china_exports_to_us_usd", "2025-12-01", "30000000000", "2026-01-14")]
    rows += [statistic("china_soybean_imports_tonnes", "2025-12-01", "8040000", "2026-01-14")]
    rows += [statistic("china_rare_earth_exports_tonnes", "2025-11-01", "5494", "2025-12-08")]
    rows += [statistic("china_rare_earth_exports_tonnes", "2025-12-01", "4392", "2026-01-14")]
    small_edition(held.base, {"statistics": rows})
    text = bulletin("1-12.2025", [("Rare earths", "T", value, "98,000", "62,585", "511,000", "1.0", "2.0", "", "")])
    plan = planned(held, httpserver, ALL | {"exports": {12: text}})
    row = next((change for change in plan.changes if change.observation.key[0] == "china_rare_earth_exports_tonnes"), None)
    assert (row is not None) == revised
    if row is not None:
        assert (row.kind, row.row["published_on"], row.row["vintage_on"]) == ("revised", "2026-01-14", "2026-01-19")


def test_the_release_of_the_day_never_revises_what_is_held_of_later(held: World, httpserver: HTTPServer) -> None:
    rows = [statistic(name, "2025-11-01", "0.05", "2025-12-08") for name in ("china_exports_yoy_frac", "china_imports_yoy_frac")]
    rows += [statistic("china_exports_usd", "2025-12-01", "357500000000", "2026-01-14", "2026-01-18")]
    rows += [statistic("china_imports_usd", "2025-12-01", "243640000000", "2026-01-14")]
    rows += [statistic("china_exports_to_us_usd", "2025-11-01", "33800000000", "2025-12-08")]
    rows += [statistic("china_rare_earth_exports_tonnes", "2025-11-01", "5494", "2025-12-08")]
    rows += [statistic("china_soybean_imports_tonnes", "2025-11-01", "8110000", "2025-12-08")]
    small_edition(held.base, {"statistics": rows})
    plan = planned(held, httpserver)
    waits = next(change for change in plan.held_back if change.observation.key[0] == "china_exports_usd")
    assert "a first release, or a wrong clock" in "; ".join(waits.reasons)
    assert waits.row["vintage_on"] == "2026-01-14"
    assert "china_imports_usd" not in said(plan)


def test_a_sum_to_date_that_does_not_add_up_is_held_back(held: World, httpserver: HTTPServer) -> None:
    rows = [statistic("china_exports_ytd_usd", "2025-11-01", "3000000000000", "2025-12-08")]
    rows += [statistic(name, "2025-11-01", "0.05", "2025-12-08") for name in ("china_exports_yoy_frac", "china_imports_yoy_frac")]
    rows += [statistic("china_exports_to_us_usd", "2025-11-01", "33800000000", "2025-12-08")]
    rows += [statistic("china_rare_earth_exports_tonnes", "2025-11-01", "5494", "2025-12-08")]
    rows += [statistic("china_soybean_imports_tonnes", "2025-11-01", "8110000", "2025-12-08")]
    small_edition(held.base, {"statistics": rows})
    plan = planned(held, httpserver)
    reasons = {change.observation.key[0]: "; ".join(change.reasons) for change in plan.held_back}
    assert "is not the month" in reasons["china_exports_ytd_usd"]


def test_one_question_in_two_seconds(held: World, httpserver: HTTPServer, clock: Clock) -> None:
    assert PAUSES["gacc"] == 2.0
    only = replace(held, addresses={"gacc": httpserver.url_for("").rstrip("/")} | dict.fromkeys(("bea",), "http://localhost:1"))
    planned(only, httpserver)
    assert len([seconds for seconds in clock.slept if 1.5 < seconds <= 2]) >= 6
