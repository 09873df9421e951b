"""The monthly bulk file: one small file out of a large ZIP, by parts or whole, and what a line says."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytest_httpserver import HTTPServer
from refresh_samples import SAMPLES, Clock, base, clock, no_other_socket, serve_calendar, small_edition, statistic, where, world
from werkzeug import Request, Response

from tradelib import refresh
from tradelib.refresh.errors import LayoutError
from tradelib.refresh.plan import Plan
from tradelib.refresh.raw import Raw
from tradelib.refresh.sources import census_bulk
from tradelib.refresh.world import World

JUNE = date(2026, 6, 1)


def line(code: str, name: str, values: tuple[int, int, int], month: str = "202606") -> str:
    """A line of the country file: customs value, calculated duty, general imports; the other columns are nought."""
    customs, duty, general = values
    cells = {55: customs, 85: duty, 130: general}
    body = "".join(str(cells.get(place, 0)).rjust(15) for place in range(40, 580, 15))
    return (code + name.ljust(30) + month + body)[:580]


def country_file(month: str = "202606", **changes: tuple[int, int, int]) -> bytes:
    """A file of 230 lines: Greenland and Canada as Census has them, the partners with figures of their own, the rest invented."""
    known = (SAMPLES / "census_imdb_imp_cty_2606.txt").read_text(encoding="latin-1").splitlines()
    lines = {text[:4]: text[:34] + month + text[40:] for text in known}
    names = {codes[0]: name for name, codes in census_bulk.PARTNERS.items() if name not in {"USMCA", "European Union"}}
    members = set(census_bulk.PARTNERS["European Union"])
    for code in sorted(set(names) | members):
        spelt = {"South Korea": "Korea, South"}.get(names.get(code, ""), names.get(code, f"Member {code}"))
        lines.setdefault(code, line(code, spelt, (1_000_000 + int(code), 100_000, 1_100_000), month))
    for number in range(7000, 7000 + 230 - len(lines)):
        lines[str(number)] = line(str(number), "Côte d'Ivoire", (1000, 10, 1000), month)
    for code, values in changes.items():
        lines[code.removeprefix("c")] = line(code.removeprefix("c"), names[code.removeprefix("c")], values, month)
    return ("\r\n".join(lines[code] for code in sorted(lines)) + "\r\n").encode("latin-1")


def archive(content: bytes, name: str = "imp_CTY.txt") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("IMP_DETL.TXT", bytes(range(256)) * 4000)
        made.writestr(name, content)
        made.writestr("layout.txt", "x" * 100)
    return file.getvalue()


def serve(server: HTTPServer, content: bytes, *, parts: bool = True, cut: int = 0, month: str = "2606") -> list[str]:
    """The ZIP of one month, by parts or whole; the first `cut` answers are cut though their length is right. Gives the parts asked for."""
    asked: list[str] = []

    def answer(request: Request) -> Response:
        wanted = request.headers.get("Range", "")
        asked.append(wanted)
        body = content if len(asked) > cut else content[:-700] + b"\0" * 100
        if not parts or not wanted:
            return Response(body, 200, content_type="application/zip")
        first, _, last = wanted.removeprefix("bytes=").rpartition("-")
        start, end = (int(first), int(last) + 1) if first else (max(0, len(body) - int(last)), len(body))
        heads = {"Content-Range": f"bytes {start}-{end - 1}/{len(body)}"}
        return Response(body[start:end], 206, heads, content_type="application/zip")

    server.expect_request(f"/trade/downloads/20{month[:2]}/Merch/im_m/IMDB{month}.ZIP").respond_with_handler(answer)
    return asked


def raw(content: bytes) -> Raw:
    return Raw("0" * 64, 200, {}, datetime(2026, 8, 8, tzinfo=UTC), content)


@pytest.fixture
def world_with_duties(world: World, clock: Clock) -> World:
    """An edition that holds duties to May 2026."""
    clock.set("2026-08-10T12:00:00")
    rows = [
        {
            "partner": partner, "period": f"2026-0{month}-01", "customs_value_usd": "900000", "calculated_duty_usd": "90000",
            "published_on": published, "published_basis": "observed", "vintage_on": published,
        }
        for partner in ("World", "China")
        for month, published in ((4, "2026-06-09"), (5, "2026-07-07"))
    ]  # fmt: skip
    small_edition(world.base, {"duties_by_partner": rows})
    return world


def planned(world: World, server: HTTPServer) -> Plan:
    serve_calendar(server)
    return refresh.make(world, ["census_bulk"])


def values(plan: Plan, partner: str) -> tuple[str, str]:
    row = next(change.row for change in [*plan.changes, *plan.held_back] if change.observation.key == (partner, "2026-06-01"))
    return row["customs_value_usd"], row["calculated_duty_usd"]


def test_canada_in_june_2026_as_census_has_it() -> None:
    """1,060,310,570 of duty on 37,201,104,889 dollars: 2.85 per cent."""
    lines = census_bulk.read(raw(country_file()), JUNE)
    name, figures = lines["1220"]
    assert name == "Canada"
    assert figures == {
        "customs_value_usd": Decimal(37201104889), "calculated_duty_usd": Decimal(1060310570), "general_imports_usd": Decimal(37216785546),
    }  # fmt: skip


def test_parts_of_the_file_are_enough(world_with_duties: World, httpserver: HTTPServer) -> None:
    whole = archive(country_file())
    asked = serve(httpserver, whole)
    plan = planned(world_with_duties, httpserver)
    assert plan.failures == []
    assert values(plan, "Canada") == ("37201104889", "1060310570")
    assert asked[0] == "bytes=-65536"
    sums = {change.observation.key[0]: change for change in [*plan.changes, *plan.held_back]}
    assert set(census_bulk.PARTNERS) <= set(sums)
    world = census_bulk.read(raw(country_file()), JUNE)
    assert values(plan, "World")[0] == str(sum(figures["customs_value_usd"] for _, figures in world.values()))
    assert values(plan, "USMCA")[0] == str(37201104889 + 1_000_000 + 2010)
    rate = next(change.row for change in plan.changes if change.observation.key[0] == "us_collected_rate_on_china_frac")
    assert rate["value"] == str((Decimal(100_000) / Decimal(1_005_700)).quantize(Decimal("0.00000001")))
    assert (rate["published_on"], rate["published_basis"], rate["vintage_on"]) == ("2026-08-04", "calendar", "2026-08-10")


def test_a_server_without_parts_gives_the_whole(world_with_duties: World, httpserver: HTTPServer) -> None:
    serve(httpserver, archive(country_file(), "IMP_CTY.TXT"), parts=False)
    assert values(planned(world_with_duties, httpserver), "Canada") == ("37201104889", "1060310570")


@pytest.mark.parametrize("parts", [True, False])
def test_a_zip_that_was_cut_is_asked_for_again(world_with_duties: World, httpserver: HTTPServer, parts: bool) -> None:
    asked = serve(httpserver, archive(country_file()), parts=parts, cut=1)
    plan = planned(world_with_duties, httpserver)
    assert plan.failures == []
    assert values(plan, "Canada")[1] == "1060310570"
    assert len(asked) >= 2


def test_a_zip_that_stays_damaged_or_lacks_the_file_is_an_error(world_with_duties: World, httpserver: HTTPServer) -> None:
    serve(httpserver, archive(country_file()), cut=1000)
    assert "is no whole ZIP, three times in turn" in planned(world_with_duties, httpserver).failures[0]
    httpserver.clear()
    serve(httpserver, archive(country_file(), "IMP_OTHER.TXT"))
    assert "holds no IMP_CTY.TXT" in planned(world_with_duties, httpserver).failures[0]


def test_a_month_that_is_not_out_is_no_failure(world_with_duties: World, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/trade/downloads/2026/Merch/im_m/IMDB2606.ZIP").respond_with_data("", status=404)
    plan = planned(world_with_duties, httpserver)
    assert (plan.failures, plan.changes) == ([], [])
    assert plan.parts[-1].waiting == ["the bulk file of June 2026 is not out yet"]


def test_a_month_that_is_due_later_is_not_asked_for(world_with_duties: World, httpserver: HTTPServer, clock: Clock) -> None:
    clock.set("2026-08-03T12:00:00")
    plan = planned(world_with_duties, httpserver)
    assert (plan.failures, plan.parts[-1].waiting, plan.parts[-1].fetched) == ([], [], 0)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda content: content[:-300], "characters in place of 580"),
        (lambda content: content[: 582 * 150], "holds 150 countries"),
        (lambda content: content.replace(b"202606", b"202605"), "the file of another month"),
        (lambda content: content + content[:582], "stands there twice"),
        (lambda content: content.replace(b"Canada", b"Mexico", 1), "1220 is 'Mexico' and should be Canada"),
        (lambda content: content.replace(b"37201104889", b"37201104x89"), "is no whole number of dollars"),
    ],
)
def test_another_layout_is_an_error_and_no_guess(edit: Callable[[bytes], bytes], words: str) -> None:
    with pytest.raises(LayoutError, match=words):
        census_bulk.read(raw(edit(country_file())), JUNE)


def test_columns_that_shifted_show_beside_the_country_page(world_with_duties: World, httpserver: HTTPServer) -> None:
    world = world_with_duties
    rows = [statistic("us_imports_from_china_usd", "2026-06-01", "25100000000", "2026-08-04")]
    duties = [
        {
            "partner": "World", "period": "2026-05-01", "customs_value_usd": "900000", "calculated_duty_usd": "90000",
            "published_on": "2026-07-07", "published_basis": "observed", "vintage_on": "2026-07-07",
        }
    ]  # fmt: skip
    small_edition(world.base, {"statistics": rows, "duties_by_partner": duties})
    serve(httpserver, archive(country_file(c5700=(22_000_000_000, 5_000_000_000, 25_100_040_000))))
    good = planned(world, httpserver)
    assert not [change for change in good.held_back if "columns may have shifted" in "; ".join(change.reasons)]
    httpserver.clear()
    serve(httpserver, archive(country_file(c5700=(22_000_000_000, 5_000_000_000, 22_000_000_000))))
    serve_calendar(httpserver)
    bad = refresh.make(world, ["census_bulk"], again=True)
    assert bad.changes == []
    assert all("columns may have shifted" in "; ".join(change.reasons) for change in bad.held_back)
