"""Sweeps: one question of many days and values, the same bytes whatever does the work, gone on with after any stop."""

import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tradelib import catalogue, cli, hs, sweep, tariffs, truce
from tradelib.errors import DayError, ParameterError, SweepError
from tradelib.sweep import calculations, days, engines, grid, identity, progress, quantity, store, work
from tradelib.sweep.days import Span


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def rows(name: str, *items: str, as_of: str, **asked: Any) -> pd.DataFrame:
    """Rows of a sweep, without its folder."""
    parts = grid.plan(name, items, as_of=as_of, **asked).parts
    found = [work.rows(part) for part in parts]
    assert [failed for _, failed in found if failed] == []
    return pd.concat([table for table, _ in found], ignore_index=True)


def test_ranges_as_people_write_them() -> None:
    read = catalogue.resolve_as_of
    assert days.spans("2025-06-09, 2025-06-11..latest", "as_of", read) == (
        Span(date(2025, 6, 9), date(2025, 6, 9)),
        Span(date(2025, 6, 11), catalogue.evidence_through()),
    )
    with pytest.raises(DayError, match="to a later one, and 2025-06-08 lies before 2025-06-09"):
        days.spans("2025-06-09..2025-06-08", "as_of", read)
    with pytest.raises(ParameterError, match="as_of must be a day or a range"):
        days.spans([], "as_of", read)


@pytest.mark.parametrize(
    ("every", "found"),
    [
        ("month", ["2025-04-30", "2025-05-31", "2025-06-02"]),
        ("change", ["2025-04-29", "2025-05-12"]),  # the first day, and that of the deal in Geneva
    ],
)
def test_days_of_a_range(every: str, found: list[str]) -> None:
    span = Span(date(2025, 4, 29), date(2025, 6, 2))
    assert days.chosen([span], every, [date(2025, 5, 12), date(2025, 6, 3)]) == tuple(map(date.fromisoformat, found))
    assert len(days.chosen([span, span], "day", [])) == 35


def test_a_day_of_effect_is_a_change_and_no_new_knowledge() -> None:
    """The duties that were agreed on 12 May 2025 hold from the 14th."""
    of_law = quantity.find("headline").tables
    assert date(2025, 5, 12) in days.known_days(of_law)
    assert date(2025, 5, 14) not in days.known_days(of_law)
    assert date(2025, 5, 14) in days.moves(of_law)


def test_known_values_of_five_days() -> None:
    table = rows("headline", as_of="2025-05-11..2025-05-15", parameters={"importer": "us"})
    assert table["rate_frac"].round(9).tolist() == [1.45, 1.45, 1.45, 0.30, 0.30]
    assert [f"{day:%m-%d}" for day in table["computed_as_of"]] == ["04-25", "05-12", "05-13", "05-13", "05-13"]
    ahead = rows("headline", as_of="2025-05-11,2025-05-12,2025-08-11", on="2025-08-12", parameters={"importer": "US"})
    assert ahead["rate_frac"].round(9).tolist() == [1.45, 0.54, 0.30]
    assert ahead["state"].tolist() == ["scheduled"] * 3


@pytest.mark.parametrize(("importer", "as_of"), [("US", "2018-07-05..2018-07-07"), ("CN", "2025-11-09..2025-11-11")])
def test_a_row_is_what_the_library_says_of_its_day(importer: str, as_of: str) -> None:
    """Reused or not: the row of a day is the answer as of that day."""
    table = rows("averages", as_of=as_of, parameters={"importer": importer})
    for _, row in table.iterrows():
        asked = tariffs.averages(importer=importer, as_of=row["as_of"], on=row["on"]).iloc[0]
        for name in set(asked.index) & set(table):
            assert row[name] == asked[name] or (pd.isna(row[name]) and pd.isna(asked[name])), (row["as_of"], name)
    lines = rows("line", "8507.60" if importer == "CN" else "8507.60.0020", as_of=as_of, parameters={"importer": importer})
    for _, row in lines.iterrows():
        stack = tariffs.explain(row["code"], on=row["on"], as_of=row["as_of"], importer=importer)
        assert (row["total_frac"], row["low_frac"], row["state"]) == (stack.total_frac, stack.low_frac, stack.state)


def test_what_counts_days_is_computed_on_every_day() -> None:
    table = rows("clocks", as_of="2025-06-09..2025-06-10")
    own = table[table["clock"].eq(truce.TRUCE) & table["basis"].eq("political")]
    assert own["days_left"].diff().tolist()[1:] == [-1]
    assert table["computed_as_of"].equals(table["as_of"])
    promises = rows("commitments", as_of="2026-10-09")
    assert promises["status"].tolist() == truce.commitments(as_of="2026-10-09").sort_values("commitment_id")["status"].tolist()


def test_a_scenario_is_asked_of_the_day_on_which_it_has_settled() -> None:
    table = rows("scenario", "truce_lapses", as_of="2025-06-09", parameters={"importer": "US"})
    assert (table["scenario"].tolist(), table["headline_frac"].round(9).tolist()) == (["truce_lapses"], [0.54])


def test_a_file_is_told_by_its_name_and_content(tmp_path: Path) -> None:
    """Whoever gets the data set does not learn where a file lay."""
    mine = tmp_path / "mine.yaml"
    mine.write_text((catalogue.data_folder() / "scenarios" / "status_quo.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    asked = {"as_of": "2025-06-09", "on": "2025-09-01", "parameters": {"importer": "US", "compare_with": str(mine)}}
    swept = sweep.calculate("scenario", str(mine), out=tmp_path / "out", workers=1, **asked)
    assert swept.failed == ()
    table = sweep.read(tmp_path / "out")
    assert table["average_frac"].equals(table["average_compared_frac"].rename("average_frac"))
    assert table["compare_with"].str.fullmatch("mine.yaml-[0-9a-f]{8}").all()
    assert not [name for name, content in files(tmp_path / "out").items() if str(tmp_path).encode() in content]


def test_days_of_entry_on_which_a_duty_changes_are_those_known_on_the_day() -> None:
    table = rows("averages", as_of="2025-06-09", on="2025-05-01..2025-12-31", parameters={"importer": "US"})
    law = tariffs.Law("US", "2025-06-09")
    assert [day.date() for day in table["on"]] == law.change_days(since="2025-05-01", until="2025-12-31")


@pytest.mark.parametrize("name", ["averages", "headline", "line", "clocks", "commitments", "scenario"])
def test_a_quantity_names_the_tables_that_it_reads(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a day with a new row would be answered as the day before."""
    asked: set[str] = set()
    load = catalogue.load

    def noted(table: str, **given: Any) -> pd.DataFrame:
        if given.get("as_of") is not None:
            asked.add(table)
        return load(table, **given)

    monkeypatch.setattr(catalogue, "load", noted)
    forget()
    items = {"line": ("8507.60",), "scenario": ("truce_lapses",)}.get(name, ())
    rows(name, *items, as_of="2025-06-09")
    forget()
    with_days = {table for table in asked if catalogue.description(table).get("tradelib:known_on")}
    assert with_days - set(quantity.find(name).tables) == set()


def forget() -> None:
    """Forget every answer that is remembered."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("tradelib.tariffs", "tradelib.truce", "tradelib.scenarios")):
            for item in vars(module).values():
                if callable(getattr(item, "cache_clear", None)):
                    item.cache_clear()


MESSAGE = "three\nlines\nof it"
ASKED = {"as_of": "2025-03-31,2025-04-09,2025-05-09..2025-05-12", "parameters": {"importer": "US,CN"}}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep") / "whole"
    sweep.calculate("headline", out=folder, workers=1, **ASKED)
    return folder


def test_a_sweep_is_one_data_set_with_the_edition_in_each_file(undisturbed: Path) -> None:
    import pyarrow.parquet as pq

    table = sweep.read(undisturbed)
    with_pandas = pd.read_parquet(undisturbed)
    assert with_pandas["rate_frac"].equals(table["rate_frac"])
    assert with_pandas["as_of_year"].astype(int).eq(table["as_of"].dt.year).all()
    assert len(table) == 2 * 6
    assert not table.duplicated(["as_of", "on", "importer"]).any()
    (first, *_) = sorted(undisturbed.glob("*/*.parquet"))
    assert first.relative_to(undisturbed).as_posix() == "as_of_year=2025/2025-03-001.parquet"
    notes = pq.read_schema(first).metadata
    assert notes[b"tradelib:edition"].decode() == catalogue.edition().version
    assert json.loads(notes[b"tradelib:parameters"]) == {"importer": "US"}


def test_processes_give_the_same_bytes(undisturbed: Path, tmp_path: Path) -> None:
    sweep.calculate("headline", out=tmp_path / "pool", workers=2, **ASKED)
    assert files(tmp_path / "pool") == files(undisturbed)


class Stopped(Exception):  # noqa: N818, as an interrupt is none
    pass


class Stopping(engines.Here):
    """Ends after some parts, as a killed run does."""

    def __init__(self, after: int) -> None:
        self.after = after

    def run(self, function: Any, parts: Any) -> Iterator[Any]:
        for number, each in enumerate(super().run(function, parts)):
            if number == self.after:
                raise Stopped
            yield each


def test_what_was_stopped_goes_on_and_gives_the_same_bytes(undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, done = tmp_path / "stopped", []
    real, do = calculations.chosen, work.do
    monkeypatch.setattr(work, "do", lambda part, identity: done.append(part.name) or do(part, identity))
    for after in (1, 2):
        monkeypatch.setattr(calculations, "chosen", lambda *_, after=after: Stopping(after))
        with pytest.raises(Stopped):
            sweep.calculate("headline", out=out, **ASKED)
    # What a kill leaves: a file half written beside its place, and one whose end the disk has lost.
    (out / "as_of_year=2025" / ".2025-05-002.parquet.77.part").write_bytes(b"PAR1")
    damaged = out / "as_of_year=2025" / "2025-03-001.parquet"
    damaged.write_bytes(damaged.read_bytes()[:100])
    monkeypatch.setattr(calculations, "chosen", real)
    swept = sweep.calculate("headline", out=out, workers=1, **ASKED)
    assert (swept.parts, swept.held) == (6, 2)
    assert files(out) == files(undisturbed)
    # Of the six parts the damaged one was done twice, and those that a stop caught unfinished.
    assert sorted(done) == sorted([*{*done}, done[1], done[4], "as_of_year=2025/2025-03-001.parquet"])


def test_a_day_that_fails_is_named_and_takes_no_other_with_it(
    undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    headline, out = tariffs.Law.headline, tmp_path / "out"
    command = ["sweep", "headline", "--as-of", ASKED["as_of"], "--out", str(out), "--workers", "1"]

    def failing(law: tariffs.Law, on: Any) -> Any:
        if str(on)[:10] == "2025-05-10" and law.importer == "CN":
            raise ZeroDivisionError(MESSAGE)
        return headline(law, on)

    monkeypatch.setattr(tariffs.Law, "headline", failing)
    assert cli.main(command) == 1
    said = capsys.readouterr()
    assert said.out == f"6 days in {out} (6 parts)\n"
    assert said.err.splitlines() == [
        "tradelib: as of 2025-05-10 failed (headline as of May 2025, importer=CN): ZeroDivisionError: three lines of it",
        "tradelib: the same command tries these days again; the others are there.",
    ]
    assert len(sweep.read(out)) == 2 * 6 - 1
    monkeypatch.setattr(tariffs.Law, "headline", headline)
    assert cli.main(command) == 0
    assert "6 parts, 5 of them there already" in capsys.readouterr().out
    assert {name: content for name, content in files(out).items() if name != store.TOLD} == {
        name: content for name, content in files(undisturbed).items() if name != store.TOLD
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["averages", "--as-of", "2025-06-09..2025-06-01"], "as_of runs from an earlier day to a later one"),
        (["averages", "--as-of", "2017-12-31..2018-02-01"], "as_of must be 2018-01-01 or later"),
        (["averages", "--as-of", "2025-6-9"], "as_of must be an ISO day"),
        (["averages", "--as-of", "latest", "--on", "2017-01-01"], "must be 2018-01-01 or later"),
        (["averges", "--as-of", "latest"], "There is no quantity or report 'averges'. Did you mean averages?"),
        (["averages", "--as-of", "latest", "-p", "wieghts=2024"], "averages has no parameter 'wieghts'. Did you mean weights?"),
        (["averages", "--as-of", "latest", "-p", "weights=2024,2019"], "weights of averages must be one of 2024, 2017, not '2019'."),
        (["averages", "--as-of", "latest", "-p", "metal_content=2"], "metal_content must be estimate, low, high or a fraction"),
        (["averages", "8507.60", "--as-of", "latest"], "averages takes nothing more, and '8507.60' was given."),
        (["line", "--as-of", "latest"], "line needs one CODE at least."),
        (["line", "9999.99", "--as-of", "latest"], "No US tariff line stands under 9999.99"),
        (["scenario", "lapse", "--as-of", "latest"], "There is no scenario 'lapse'"),
        (["clocks", "--as-of", "latest", "--on", "latest"], "clocks is asked of days of knowledge alone"),
        (["averages", "--as-of", "latest", "--notebooks", "x"], "--notebooks goes with reports"),
        (["01_briefing", "--as-of", "latest", "--on", "latest"], "--on goes with calculations"),
        (["01_briefing", "--as-of", "latest", "-p", "window_dais=30"], "01_briefing has no parameter 'window_dais'"),
        (["01_briefing", "--as-of", "latest", "-p", "window_days=30,0"], "window_days must be from 1"),
        (["01_briefing", "02_trucf", "--as-of", "latest"], "There is no notebook '02_trucf'. Did you mean 02_truce?"),
        (["01_briefing", "--as-of", "2025-06-09..2025-06-01"], "as_of runs from an earlier day"),
    ],
)
def test_wrong_use_is_refused_before_any_work(capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], words: str) -> None:
    assert cli.main(["sweep", *arguments, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.startswith("tradelib: ")
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_was_killed_at_its_first_file_goes_on_with_the_same_command(tmp_path: Path) -> None:
    folder = tmp_path / "early"
    folder.mkdir()
    (folder / "._sweep.json.4711.part").write_text("{", encoding="utf-8")
    swept = sweep.calculate("headline", out=folder, workers=1, as_of="2025-05-12", parameters={"importer": "US"})
    assert (swept.parts, swept.held, sorted(path.name for path in folder.iterdir())) == (1, 0, ["_sweep.json", "as_of_year=2025"])
    for name in ("mine.txt", ".mine.part", "._sweep.json.4711.txt"):
        other = tmp_path / name.strip(".")
        other.mkdir()
        (other / "._sweep.json.4711.part").write_text("{", encoding="utf-8")
        (other / name).write_text("here first", encoding="utf-8")
        with pytest.raises(SweepError, match="holds something that is no sweep"):
            sweep.calculate("headline", out=other, workers=1, as_of="2025-05-12", parameters={"importer": "US"})


def test_a_folder_of_another_sweep_or_of_other_files_is_left_alone(undisturbed: Path, tmp_path: Path) -> None:
    before = files(undisturbed)
    with pytest.raises(SweepError, match=r'holds another sweep \(every is "day", not "month"\)'):
        sweep.calculate("headline", out=undisturbed, every="month", workers=1, **ASKED)
    assert files(undisturbed) == before
    (tmp_path / "mine.txt").write_text("here first")
    with pytest.raises(SweepError, match="holds something that is no sweep"):
        sweep.calculate("headline", out=tmp_path, workers=1, **ASKED)
    with pytest.raises(SweepError, match="holds no sweep"):
        sweep.read(tmp_path)


def test_parts_of_another_edition_or_code_are_made_again(undisturbed: Path) -> None:
    asked, held = grid.plan("headline", **ASKED), identity.of_calculations()
    assert all(store.Store(undisturbed, asked.told, held).has(part) for part in asked.parts)
    for name in held:
        assert not any(store.Store(undisturbed, asked.told, held | {name: "other"}).has(part) for part in asked.parts), name


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_far_it_is_and_a_file_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 10.0, 10.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now))
    terminal, plain = Terminal(), io.StringIO()
    shown = progress.Progress(1000, 200, terminal)
    shown.step(80)
    shown.close()
    assert [line.strip() for line in terminal.getvalue().split("\r")] == [
        "",
        "200 of 1,000 days",
        "280 of 1,000 days, about 2 min left",
        "",
        "",
    ]
    progress.Progress(1, 0, plain).close()
    assert plain.getvalue() == ""


def test_one_place_for_the_work(tmp_path: Path) -> None:
    with pytest.raises(SweepError, match="one of workers, scheduler and cluster"):
        sweep.calculate("headline", out=tmp_path / "out", workers=2, cluster=2, **ASKED)


def test_a_process_that_ends_loses_its_own_part_alone() -> None:
    found = list(engines.Pool(2).run(signal.raise_signal, [0, signal.SIGKILL, 0]))
    assert sorted(map(repr, found)) == [
        "(0, None)",
        "(0, None)",
        f"({signal.SIGKILL!r}, {SweepError('its process ended each time, perhaps for lack of memory.')!r})",
    ]


def test_every_quantity_gives_the_columns_it_names() -> None:
    for name, each in sweep.quantities().items():
        items = {"line": ("8507.60",), "scenario": ("as_scheduled",)}.get(name, ())
        table = rows(name, *items, as_of="2018-01-01")
        kinds = work.columns(each)
        assert list(table) == list(kinds)
        assert list(table)[:2] == ["as_of", "computed_as_of"]
    assert hs.dotted("85076000") == "8507.60.00"


def test_calculations_do_without_what_pages_need() -> None:
    wanted = "{'matplotlib', 'nbconvert', 'papermill', 'distributed'}"
    subprocess.run([sys.executable, "-c", f"import sys, tradelib.sweep\nassert not {wanted} & set(sys.modules)"], check=True)
