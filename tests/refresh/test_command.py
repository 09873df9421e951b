"""`tradelib refresh` as people call it: what it prints, how it ends, and that twice is once."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pytest_httpserver import HTTPServer
from refresh_samples import (
    KEY,
    SAMPLES,
    Clock,
    base,
    clock,
    country_page,
    no_home_left,
    no_other_socket,
    serve_calendar,
    serve_pages,
    small_edition,
    statistic,
    tree,
    values,
    where,
    world,
)

from tradelib import catalogue, cli, refresh
from tradelib.catalogue import home
from tradelib.refresh import append, command, holdback
from tradelib.refresh.errors import RefreshError
from tradelib.refresh.world import World
from tradelib.report.page import Page

ANSWERS = SAMPLES / "answers"
IMPORTS = "us_imports_from_china_usd"
MAY = {"2026-05": ("9,000.0", "23,500.0"), "2026-06": ("9,100.0", "25,100.0")}


def options(*words: str) -> argparse.Namespace:
    return cli._parser().parse_args(["refresh", *words])


def run(world: World, *words: str) -> int:
    return command.run(options(*words), world)


def test_what_it_would_do_is_shown_and_nothing_is_written(world: World, httpserver: HTTPServer, capsys: pytest.CaptureFixture) -> None:
    serve_pages(httpserver, MAY)
    assert run(world, "--what", "census_pages") == 1
    text = capsys.readouterr().out
    assert "statistics        20 new, 0 revised, 0 held back" in text
    assert "FT-900 calendar seen 2026-11-29" in text
    assert "+ us_exports_to_china_usd  2026-05-01  9000000000  published 2026-07-07 (calendar)  known 2026-07-07" in text
    assert f"Nothing was written. Add --write to append 20 rows to {world.home}." in text
    assert {path.name for path in world.home.iterdir()} == {"raw"}


def test_rows_are_appended_once(world: World, httpserver: HTTPServer, capsys: pytest.CaptureFixture) -> None:
    serve_pages(httpserver, MAY)
    assert run(world, "--what", "census_pages", "--write") == 0
    assert f"20 rows appended to {world.home}." in capsys.readouterr().out
    before = tree(world.home)
    assert run(world, "--what", "census_pages", "--write") == 0
    assert "There was nothing to append." in capsys.readouterr().out
    after = tree(world.home)
    assert {name for name in after if after[name] != before.get(name)} == {"runs.jsonl"}
    assert run(world, "--what", "census_pages") == 0
    assert len(httpserver.log) == 6  # the answers of the same day were read again, not asked for


def test_the_answers_of_a_run_make_its_plan_again(world: World, httpserver: HTTPServer, tmp_path: Path, clock: Clock) -> None:
    serve_pages(httpserver, MAY)
    plan = refresh.make(world, ["census_pages"])
    asked = len(httpserver.log)
    clock.set("2027-03-01T12:00:00")
    elsewhere = replace(world, home=tmp_path / "other")
    again = refresh.make(elsewhere, ["census_pages"], offline=world.home / "raw")
    assert len(httpserver.log) == asked
    told, retold = refresh.summary(plan), refresh.summary(again)
    assert json.dumps(told["rows"]) == json.dumps(retold["rows"])
    assert json.dumps(told["sources"]) == json.dumps(retold["sources"])
    assert json.dumps(told["held_back"]) == json.dumps(retold["held_back"])


def test_recorded_answers_upon_the_real_edition_twice(tmp_path: Path, clock: Clock) -> None:
    """The table of 2026 of the USGS, the calendar of BEA: what they add is appended, verified, and appended once."""
    edition = Path(shutil.copytree(home.edition_folder(), tmp_path / "edition"))
    world = World(base=edition, home=tmp_path / "home", now=clock.now)
    words = ("--what", "usgs", "--from", str(ANSWERS), "--write")
    assert run(world, *words) in {0, 1}
    first = home.current(world.home, edition)
    folder = first or edition
    catalogue.verify(folder=folder)
    rows = catalogue.load("rare_earths", folder=folder)
    now = rows[rows["quantity"].eq("mine_production")].sort_values("vintage_on").drop_duplicates(["country", "period"], keep="last")
    told = now.set_index(["country", "period"])["value"]
    assert (told["World", "2024"], told["World", "2025"], told["China", "2025"]) == (380_000, 390_000, 270_000)
    before = tree(world.home)
    assert run(world, *words) in {0, 1}
    assert home.current(world.home, edition) == first
    after = tree(world.home)
    assert {name for name in after if after[name] != before.get(name)} <= {"runs.jsonl"}
    assert run(world, "--what", "all", "--from", str(ANSWERS)) in {0, 1}


def test_a_recorded_answer_that_was_changed_is_refused(base: Path, clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    world = World(base=base, home=tmp_path / "home", now=clock.now)
    folder = Path(shutil.copytree(ANSWERS, tmp_path / "answers"))
    table = folder / "usgs_table"
    table.write_bytes(table.read_bytes().replace(b'"270,000"', b'"720,000"'))
    with pytest.raises(RefreshError, match="no source answered"):
        run(world, "--what", "usgs", "--from", str(folder))
    assert "is not what was fetched: its content has changed" in capsys.readouterr().err
    with pytest.raises(RefreshError, match="which is no folder"):
        run(world, "--from", str(tmp_path / "nowhere"))
    foreign = tmp_path / "letters"
    foreign.mkdir()
    (foreign / "letter.json").write_text("[]", encoding="utf-8")
    with pytest.raises(RefreshError, match="holds no answer as a refresh keeps them"):
        run(world, "--from", str(foreign))


def test_some_sources_that_fail_leave_the_others(world: World, httpserver: HTTPServer, capsys: pytest.CaptureFixture) -> None:
    serve_pages(httpserver, MAY)
    httpserver.expect_request("/catalog/items").respond_with_data("", status=503)
    assert run(world, "--what", "census_pages,usgs", "--write") == 3
    told = capsys.readouterr()
    assert "usgs: " in told.err
    assert "status 503 4 times" in told.err
    assert "20 rows appended" in told.out


def test_no_source_that_answers_is_an_error_and_writes_nothing(world: World, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/foreign-trade/balance/c5700.html").respond_with_data("", status=403)
    with pytest.raises(RefreshError, match="no source answered; nothing was written"):
        run(world, "--what", "census_pages", "--write")
    assert home.current(world.home, world.base) is None


def test_a_month_not_out_is_overdue_only_when_its_day_has_passed(
    world: World, httpserver: HTTPServer, clock: Clock, capsys: pytest.CaptureFixture
) -> None:
    rows = [statistic(IMPORTS, "2026-05-01", "23500000000", "2026-07-07"), statistic(IMPORTS, "2026-06-01", "25100000000", "2026-08-04")]
    small_edition(world.base, {"statistics": rows})
    clock.set("2026-09-02T12:00:00")
    assert run(world, "--due") == 0
    text = capsys.readouterr().out
    assert "  nothing" in text
    assert "Next: US Census Bureau, FT-900, 2026-07: 2026-09-03 (calendar)" in text
    serve_pages(httpserver, MAY)
    assert run(world, "--what", "census_pages", "--since", "2026-07") == 0
    capsys.readouterr()
    assert run(world, "--due", "--on", "2026-09-03") == 1
    assert f"US Census Bureau, FT-900: {IMPORTS}: 2026-07; out since 2026-09-03 (calendar), held to 2026-06" in capsys.readouterr().out
    assert run(world, "--due", "--on", "2026-11-29") == 1
    assert "2026-07 to 2026-09; out since 2026-09-03" in capsys.readouterr().out


def test_a_calendar_that_was_moved_is_followed(world: World, httpserver: HTTPServer, clock: Clock, capsys: pytest.CaptureFixture) -> None:
    rows = [statistic(IMPORTS, "2026-09-01", "23500000000", "2026-11-04")]
    small_edition(world.base, {"statistics": rows})
    serve_pages(httpserver, {"2026-09": ("9,000.0", "23,500.0")})
    feed = json.loads((SAMPLES / "bea_release_dates_trade.json").read_text(encoding="utf-8"))
    dates = next(iter(feed.values()))["release_dates"]
    dates[-1] = "2026-12-17T13:30:00+00:00"
    dates.append({"to_be_rescheduled": True})
    feed["Gross Domestic Product"] = None
    for handler in list(httpserver.handlers):
        if "release_dates" in handler.matcher.uri:
            handler.respond_with_data(json.dumps(feed), content_type="application/json")
    run(world, "--what", "census_pages")
    assert "1 days new or moved" in capsys.readouterr().out
    clock.set("2026-12-10T12:00:00")
    assert run(world, "--due") == 0
    assert "FT-900, 2026-10: 2026-12-17 (calendar)" in capsys.readouterr().out


def test_a_row_held_back_is_accepted_or_dismissed_with_a_reason(
    world: World, httpserver: HTTPServer, clock: Clock, capsys: pytest.CaptureFixture
) -> None:
    rows = [statistic(IMPORTS, f"2025-{number:02d}-01", "23500000000", "2026-02-19", published_basis="bound") for number in range(1, 13)]
    small_edition(world.base, {"statistics": rows})
    months = {f"2025-{number:02d}": ("9,000.0", "23,500.0") for number in range(1, 13)}
    httpserver.clear()
    serve_calendar(httpserver)
    for page, country in (("c5700", "China"), ("c5830", "Taiwan"), ("c5880", "Japan"), ("c5800", "South Korea"), ("c4280", "Germany")):
        more = {"2026-01": ("9,000.0", "2,350.0"), "2026-02": ("9,000.0", "235,000.0")} if page == "c5700" else {"2026-01": ("1.0", "1.0")}
        content = country_page(country, {**months, **more})
        httpserver.expect_request(f"/foreign-trade/balance/{page}.html").respond_with_data(content, content_type="text/html")
    assert run(world, "--what", "census_pages", "--write", "--since", "2026-01") == 1
    assert run(world, "--held-back") == 1
    text = capsys.readouterr().out
    january = re.search(rf"(\w+)  statistics  {IMPORTS} 2026-01-01", text)[1]
    february = re.search(rf"(\w+)  statistics  {IMPORTS} 2026-02-01", text)[1]
    for words in (["--accept", january], ["--dismiss", january, "--because", " "]):
        with pytest.raises(RefreshError, match="Say why"):
            run(world, "--held-back", *words)
    with pytest.raises(RefreshError, match="No row 'nothing' is held back"):
        run(world, "--held-back", "--accept", "nothing", "--because", "x")
    assert run(world, "--held-back", "--accept", january, "--because", "the page says so twice") == 0
    assert run(world, "--held-back", "--dismiss", february, "--because", "a slip of the page") == 0
    with pytest.raises(RefreshError, match="was dismissed on 2026-11-29 already"):
        run(world, "--held-back", "--dismiss", february, "--because", "again")
    folder = home.current(world.home, world.base)
    table = catalogue.load("statistics", folder=folder)
    row = table[table["series_id"].eq(IMPORTS) & table["period"].eq("2026-01-01")].iloc[0]
    assert (row["value"], row["confidence"]) == (2_350_000_000, "medium")
    assert "accepted on 2026-11-29: the page says so twice" in row["later_note"]
    clock.set("2026-11-30T12:00:00")
    plan = refresh.make(world, ["census_pages"], since=pd.Timestamp("2026-01-01").date())
    assert plan.changes == []
    assert not {change.id for change in plan.held_back} & {january, february}
    assert {item.state for item in holdback.read(world.home).values()} >= {"accepted", "dismissed"}


def test_into_the_checkout_rows_are_appended_with_the_words_for_a_commit(
    world: World, httpserver: HTTPServer, capsys: pytest.CaptureFixture
) -> None:
    serve_pages(httpserver, MAY)
    assert run(world, "--what", "census_pages", "--into", "checkout", "--write") == 0
    text = capsys.readouterr().out
    assert f"20 rows appended to {world.base}." in text
    assert "Commit: Add 20 rows of US Census Bureau, to 2026-08-04" in text
    catalogue.verify(folder=world.base)
    assert values(world.base, IMPORTS)["2026-05"] == (23_500_000_000, "2026-07-07")
    assert home.current(world.home, world.base) is None
    assert run(world, "--what", "census_pages", "--into", "checkout", "--write") == 0
    assert "There was nothing to append." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--on", "2026-01-01"), "--on belongs to --due"),
        (("--accept", "a"), "belong to --held-back"),
        (("--due", "--write"), "--write belongs to a refresh"),
        (("--due", "--format", "json"), "--format json belongs to a refresh"),
        (("--what", "censsus"), "--what knows no 'censsus'; it takes census_pages, census_bulk, gacc"),
        (("--since", "May"), "--since must be"),
    ],
)
def test_a_mistake_in_the_words_is_named(world: World, words: Sequence[str], told: str) -> None:
    with pytest.raises(Exception, match=re.escape(told)):
        run(world, *words)


def test_the_plan_as_json(world: World, httpserver: HTTPServer, capsys: pytest.CaptureFixture) -> None:
    serve_pages(httpserver, MAY)
    assert run(world, "--what", "census_pages", "--format", "json") == 1
    plan = json.loads(capsys.readouterr().out)
    assert len(plan["rows"]) == 20
    assert plan["rows"][0]["row"]["published_basis"] == "calendar"
    assert re.fullmatch(r"[0-9a-f]{64}", plan["rows"][0]["raw"])


def test_a_key_in_the_environment_is_in_no_byte(
    world: World, httpserver: HTTPServer, capsys: pytest.CaptureFixture, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    serve_pages(httpserver, MAY)
    httpserver.expect_request("/catalog/items").respond_with_data(f"<html>{'x' * 9}</html>", content_type="text/html")
    run(world, "--what", "census_pages,usgs", "--write")
    run(world, "--what", "census_pages", "--format", "json")
    run(world, "--due")
    told = capsys.readouterr()
    for text in (told.out, told.err, caplog.text, repr(world)):
        assert KEY not in text
    assert not [name for name, content in tree(world.home).items() if KEY.encode() in content or KEY in name]


def test_the_help_carries_the_notice_of_the_census(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit):
        cli.main(["refresh", "--help"])
    text = capsys.readouterr().out
    assert "uses the Census Bureau Data API but is not endorsed or certified by the Census Bureau" in text
    for word in ("--write", "--due", "--held-back", "--inbox", "--from", "--into"):
        assert word in text


def shell(where: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if name != "TRADELIB_DATA"}
    return subprocess.run(
        [sys.executable, "-m", "tradelib", *words], capture_output=True, text=True, check=False,
        env=clean | {"TRADELIB_DATA_HOME": str(where), "CENSUS_API_KEY": KEY} | environment,
    )  # fmt: skip


def test_from_a_shell_other_commands_read_what_was_refreshed(tmp_path: Path) -> None:
    """A home made of the real edition with one row more: `data list` names it, `TRADELIB_DATA=edition` does not see it."""
    edition = home.edition_folder()
    world = World(base=edition, home=tmp_path / "home")
    row = statistic("us_exports_to_taiwan_usd", "2026-09-01", "5400000000", "2026-11-04", published_basis="calendar")
    append.write(world, [append.Addition("statistics", row, "0" * 64)], run="a", evidence={"statistics": world.today})
    made = shell(tmp_path / "home", "data", "list")
    assert re.search(r"^statistics: 1 row refreshed, to \d{4}-\d\d-\d\d$", made.stdout, re.MULTILINE)
    assert f"upon edition {catalogue.edition(folder=edition).version}" in made.stdout
    plain = shell(tmp_path / "home", "data", "list", TRADELIB_DATA="edition")
    assert "refreshed" not in plain.stdout
    (tmp_path / "home" / "CURRENT").write_text("000009\n", encoding="ascii")
    assert "belong to another edition" in shell(tmp_path / "home", "data", "list").stdout


@pytest.mark.usefixtures("no_home_left")
def test_pages_of_an_earlier_day_say_the_same_with_a_refreshed_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that became known after 9 October 2026 change nothing as of that day, but for the line on the edition."""
    edition = home.edition_folder()
    world = World(base=edition, home=tmp_path / "home")
    rows = [
        statistic("us_exports_to_taiwan_usd", "2026-09-01", "5400000000", "2026-11-04", published_basis="calendar"),
        statistic("us_exports_to_taiwan_usd", "2026-10-01", "5500000000", "2026-11-28", published_basis="bound"),
    ]
    additions = [append.Addition("statistics", row, "0" * 64) for row in rows]
    folder = append.write(world, additions, run="a", evidence={"statistics": world.today})
    before, after = catalogue.hashes(folder=edition), catalogue.hashes(folder=folder)
    assert {path for path in before if before[path] != after[path]} == {"datapackage.json", "trade/statistics.csv"}
    plain, fresh = (catalogue.load("statistics", as_of="2026-10-09", folder=place) for place in (edition, folder))
    pd.testing.assert_frame_equal(plain, fresh)
    assert (
        len(catalogue.load("statistics", as_of="2026-11-30", folder=folder))
        == len(catalogue.load("statistics", as_of="2026-11-30", folder=edition)) + 2
    )
    heads = {}
    for place in (edition, folder):
        home.data_folder.cache_clear()
        monkeypatch.setenv("TRADELIB_DATA", str(place))
        heads[place] = Page("01_briefing", as_of="2026-10-09").header(title="a", description="b", messages=[], facts=[]).payload
    plain, fresh = heads[edition], heads[folder]
    assert {name for name in plain if plain[name] != fresh[name]} == {"edition", "notice"}
    version = re.escape(catalogue.edition(folder=edition).version)
    assert re.fullmatch(rf"Data edition {version} with 2 rows refreshed on .* on this machine\.", fresh["notice"])
    later = Page("01_briefing", as_of="2026-12-24").header(title="a", description="b", messages=[], facts=[]).payload["notice"]
    assert re.search(r"Law and statements end on 9 October 2026; trade statistics on \d+ \w+ \d{4}\.", later)


def test_a_run_that_is_interrupted_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    def stop(_options: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run", stop)
    assert cli.main(["refresh"]) == 130
    assert "stopped; nothing was changed" in capsys.readouterr().err


def test_values_and_time(world: World, httpserver: HTTPServer) -> None:
    begin = time.perf_counter()
    serve_pages(httpserver, MAY)
    run(world, "--what", "census_pages", "--write")
    assert values(home.current(world.home, world.base), IMPORTS)["2026-06"] == (25_100_000_000, "2026-08-04")
    assert time.perf_counter() - begin < 20


def test_a_row_that_data_verify_would_call_wrong_waits_for_a_person(world: World, httpserver: HTTPServer) -> None:
    """A revision by 4 per cent passes our own bounds, and takes the level under a quarter of what is around it."""
    months = {f"2025-{number:02d}": ("9,000.0", "30,000.0") for number in range(1, 13)}
    rows = [statistic(IMPORTS, f"{period}-01", "30000000000", "2026-02-19", published_basis="bound") for period in months]
    rows += [statistic(IMPORTS, "2026-01-01", "7600000000", "2026-03-12"), statistic(IMPORTS, "2026-02-01", "31000000000", "2026-04-02")]
    rows += [statistic(IMPORTS, "2026-03-01", "31000000000", "2026-05-05")]
    small_edition(world.base, {"statistics": rows})
    revised = {"2026-01": ("9,000.0", "7,300.0"), "2026-02": ("9,000.0", "31,000.0"), "2026-03": ("9,000.0", "31,000.0")}
    serve_pages(httpserver, revised)
    plan = refresh.make(world, ["census_pages"])
    held = {change.observation.key: "; ".join(change.reasons) for change in plan.held_back}
    assert (IMPORTS, "2026-01-01") in held
    assert not [change for change in plan.changes if change.observation.key == (IMPORTS, "2026-01-01")]
