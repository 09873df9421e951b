"""Sources that need a key: what their servers answer instead of an error, and that a key goes nowhere."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytest_httpserver import HTTPServer
from refresh_samples import KEY, SAMPLES, Clock, base, clock, no_other_socket, serve_calendar, small_edition, tree, where, world
from werkzeug import Request, Response

from tradelib import refresh
from tradelib.refresh.errors import LayoutError, RefreshError
from tradelib.refresh.plan import Plan
from tradelib.refresh.raw import Raw
from tradelib.refresh.sources import census_api, comtrade
from tradelib.refresh.world import World

ASKED = {"time": "2026-08", "COMM_LVL": "NA3", "SUMMARY_LVL": "DET", "CTY_CODE": "5700"}
HEAD = ["CON_VAL_MO", "CAL_DUT_MO", "time", "COMM_LVL", "SUMMARY_LVL", "CTY_CODE", "NAICS"]


def raw(content: object, status: int = 200) -> Raw:
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Raw("0" * 64, status, {}, datetime(2026, 10, 7, tzinfo=UTC), content)


def industry(code: str, value: str = "1000", duty: str = "100") -> list[str]:
    return [value, duty, "2026-08", "NA3", "DET", "5700", code]


def duties(period: str) -> dict[str, str]:
    return {
        "period": period, "naics3": "334", "customs_value_usd": "1100", "calculated_duty_usd": "110", "published_on": "2026-09-03",
        "published_basis": "observed", "vintage_on": "2026-09-03",
    }  # fmt: skip


@pytest.fixture
def with_duties(world: World, clock: Clock) -> World:
    clock.set("2026-10-07T12:00:00")
    small_edition(world.base, {"duties_china": [duties("2026-07-01")]})
    return world


def planned(world: World, server: HTTPServer, answer: Callable[[Request], Response]) -> Plan:
    server.clear()
    serve_calendar(server)
    server.expect_request("/data/timeseries/intltrade/imports/naics").respond_with_handler(answer)
    return refresh.make(world, ["census_api"])


def as_json(body: object) -> Response:
    return Response(json.dumps(body), 200, content_type="application/json")


def test_a_month_of_duties_by_industry(with_duties: World, httpserver: HTTPServer) -> None:
    plan = planned(with_duties, httpserver, lambda _: as_json([HEAD, industry("334"), industry("111", "5", "0")]))
    assert (plan.failures, plan.held_back) == ([], [])
    found = {change.observation.key: change.row for change in plan.changes}
    assert found["2026-08-01", "334"]["calculated_duty_usd"] == "100"
    assert (found["2026-08-01", "334"]["published_on"], found["2026-08-01", "334"]["published_basis"]) == ("2026-10-06", "calendar")
    refresh.write(with_duties, plan)
    assert KEY in httpserver.log[1][0].url
    assert not [name for name, content in tree(with_duties.home).items() if KEY.encode() in content]


def test_without_a_key_it_says_which_variable(with_duties: World, httpserver: HTTPServer) -> None:
    plan = planned(replace(with_duties, environment={}), httpserver, lambda _: as_json([HEAD]))
    assert plan.failures == []
    assert plan.parts[-1].waiting[0].startswith("set CENSUS_API_KEY")
    assert plan.parts[-1].fetched == 0


@pytest.mark.parametrize(
    "answer",
    [
        Response("", 302, {"Location": "https://api.census.gov/data/missing_key.html", "X-DataWebAPI-KeyError": "1"}),
        Response("", 302, {"Location": "https://api.census.gov/data/invalid_key.html", "X-DataWebAPI-KeyError": "1"}),
    ],
)
def test_the_page_for_a_key_names_the_variable(with_duties: World, httpserver: HTTPServer, answer: Response) -> None:
    plan = planned(with_duties, httpserver, lambda _: answer)
    assert "Set CENSUS_API_KEY" in plan.failures[0]
    assert KEY not in plan.failures[0]


def test_nothing_for_a_month_is_not_out_yet(with_duties: World, httpserver: HTTPServer) -> None:
    plan = planned(with_duties, httpserver, lambda _: Response("", 204))
    assert (plan.failures, plan.changes) == ([], [])
    assert plan.parts[-1].waiting == ["August 2026 is not out yet"]


def test_a_question_too_large_is_split_and_all_parts_count(with_duties: World, httpserver: HTTPServer) -> None:
    asked: list[str] = []

    def answer(request: Request) -> Response:
        code = request.args["NAICS"].removesuffix("*")
        asked.append(code)
        if code in {"", "3"}:
            return Response("", 500)
        return as_json([HEAD, industry(f"{code}34"[:3])]) if code in {"33", "1"} else Response("", 204)

    plan = planned(with_duties, httpserver, answer)
    assert plan.failures == []
    assert {change.observation.key[1] for change in plan.changes} == {"333", "134"}
    assert asked.count("33") == 1

    def last_fails(request: Request) -> Response:
        code = request.args["NAICS"].removesuffix("*")
        return Response("", 500) if code in {"", "9", "90", "900", "9000"} else as_json([HEAD, industry(f"{code}34"[:3])])

    with_duties.home.joinpath("raw").rename(with_duties.home / "old")
    plan = planned(with_duties, httpserver, last_fails)
    assert plan.changes == []  # all parts or none
    assert "status 500" in plan.failures[0]


def test_groups_of_countries_are_no_countries() -> None:
    rows = census_api.read(raw((SAMPLES / "census_api_hs10_line.json").read_bytes()), {"time": "2026-03"}, ("CTY_CODE", "GEN_VAL_MO"), [])
    assert sum(Decimal(row["GEN_VAL_MO"]) for row in rows) == 57_204_804
    assert sum(census_api.by_country(rows, "GEN_VAL_MO").values()) == 14_301_201
    rows[-2]["GEN_VAL_MO"] = "9342"
    with pytest.raises(LayoutError, match="the countries come to 14301202, and the total is 14301201"):
        census_api.by_country(rows, "GEN_VAL_MO")


def test_columns_by_name_and_the_question_echoed() -> None:
    wanted = ("NAICS", "CON_VAL_MO", "CAL_DUT_MO")
    remarks: list[str] = []
    mixed = [["NEW", *reversed(HEAD)], ["x", *reversed(industry("334"))]]
    assert census_api.read(raw(mixed), ASKED, wanted, remarks)[0]["CAL_DUT_MO"] == "100"
    assert remarks == ["the answer has columns that were not known: NEW; they were not read"]
    with pytest.raises(LayoutError, match="lacks the column 'CAL_DUT_MO'"):
        census_api.read(raw([[name.replace("CAL_", "DUTY_") for name in HEAD], industry("334")]), ASKED, wanted, [])
    with pytest.raises(LayoutError, match="CTY_CODE=5700 was asked for, and '0003' came"):
        census_api.read(raw([HEAD, [*industry("334")[:5], "0003", "334"]]), ASKED, wanted, [])
    with pytest.raises(LayoutError, match="is no list of rows"):
        census_api.read(raw(b'[["A", "B"], ["1", '), ASKED, wanted, [])


# Trade by heading: all values are invented.
PARAMS = {
    "reporterCode": "842", "partnerCode": "156", "partner2Code": "0", "motCode": "0", "customsCode": "C00", "flowCode": "X",
    "cmdCode": "AG4", "period": "2025",
}  # fmt: skip


def heading(code: str, value: float, **more: object) -> dict[str, object]:
    about = {
        "reporterCode": 842,
        "partnerCode": 156,
        "partner2Code": 0,
        "motCode": 0,
        "customsCode": "C00",
        "flowCode": "X",
        "period": "2025",
    }
    return about | {"period": "2025", "cmdCode": code, "primaryValue": value, "netWgt": 0} | more


def answer(rows: list[dict[str, object]], **more: object) -> dict[str, object]:
    return {"elapsedTime": "0.1 secs", "count": len(rows), "data": rows, "error": ""} | more


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (answer([]), "answered with nothing"),
        (answer([heading("1201", 7.0)] * 100_000), "is where answers are cut"),
        (answer([heading("1201", 7.0)], count=2), "1 rows came of 2"),
        (answer([heading("1201", 7.0)], error="no"), "comtradeapi.un.org: no"),
        (answer([heading("1201", 7.0), heading("1201", 3.0, motCode=2100)]), "Rows would be counted twice"),
        ([1], "cut, or the layout has changed"),
    ],
)
def test_what_comtrade_answers_instead(body: object, words: str) -> None:
    with pytest.raises(RefreshError, match=words):
        comtrade.read(raw(body), PARAMS)


def serve_comtrade(server: HTTPServer, last: str) -> None:
    server.clear()
    released = [
        {
            "reporterCode": 842,
            "freqCode": "A",
            "period": "2025",
            "firstReleased": "2026-03-20T01:00:00",
            "lastReleased": f"{last}T01:00:00.1",
        }
    ]
    server.expect_request("/public/v1/getDa/C/A/HS", query_string={"reportercode": "842", "period": "2025"}).respond_with_json(released)
    server.expect_request("/public/v1/getDa/C/A/HS").respond_with_json([])
    server.expect_request("/data/v1/get/C/A/HS").respond_with_handler(
        lambda request: as_json(answer([heading("1201", 7.5e9, flowCode=request.args["flowCode"])]))
    )


def test_a_year_is_asked_for_once_until_it_is_released_again(world: World, httpserver: HTTPServer, clock: Clock) -> None:
    world = replace(world, environment={"COMTRADE_API_KEY": KEY})
    small_edition(world.base, {"us_china_goods_by_heading": []})
    serve_comtrade(httpserver, "2026-07-05")
    plan = refresh.make(world, ["comtrade"])
    assert plan.failures == []
    row = plan.changes[0].row
    assert (row["value_usd"], row["published_on"], row["vintage_on"]) == ("7500000000", "2026-03-20", "2026-11-29")
    refresh.write(world, plan)
    assert all(KEY not in request.url for request, _ in httpserver.log)
    assert [request.headers["Ocp-Apim-Subscription-Key"] for request, _ in httpserver.log if "/data/v1" in request.path] == [KEY, KEY]
    assert not [name for name, content in tree(world.home).items() if KEY.encode() in content]
    clock.set("2026-12-10T12:00:00")
    serve_comtrade(httpserver, "2026-07-05")
    assert refresh.make(world, ["comtrade"]).changes == []
    assert not [request for request, _ in httpserver.log if "/data/v1" in request.path]
    serve_comtrade(httpserver, "2026-12-09")
    refresh.make(world, ["comtrade"], again=True)
    assert len([request for request, _ in httpserver.log if "/data/v1" in request.path]) == 2


def test_too_fast_waits_as_told_and_a_quota_stops(world: World, httpserver: HTTPServer, clock: Clock) -> None:
    world = replace(world, environment={"COMTRADE_API_KEY": KEY})
    small_edition(world.base, {"us_china_goods_by_heading": []})
    serve_comtrade(httpserver, "2026-07-05")
    for handler in list(httpserver.handlers):
        if "/data/v1" in handler.matcher.uri:
            handler.respond_with_json({"statusCode": 429, "message": "Rate limit is exceeded. Try again in 23 seconds."}, status=429)
    assert "status 429" in refresh.make(world, ["comtrade"]).failures[0]
    assert clock.slept.count(23.0) == 3
    for handler in list(httpserver.handlers):
        if "/data/v1" in handler.matcher.uri:
            handler.respond_with_json({"message": "Out of call volume quota. Quota will be replenished in 03:14:17."}, status=403)
    plan = refresh.make(world, ["comtrade"])
    assert "the quota of calls is used up" in plan.failures[0]
    assert comtrade.read_availability(raw([]), 2026) is None
    with pytest.raises(LayoutError, match="has another shape"):
        comtrade.read_availability(raw({"data": 5}), 2026)
    assert date(2026, 11, 29) == world.today
