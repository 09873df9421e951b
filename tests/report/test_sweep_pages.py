"""Sweeps over reports: a page where something changed, a table of what pages state, gone on with after a stop."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from report_samples import body, executed, header, sources, tree, two_reports

from tradelib import catalogue
from tradelib.errors import ReportError
from tradelib.report import execute as execution
from tradelib.report import pool
from tradelib.sweep import calculations, pages

DAYS = "2025-06-06..2025-06-09"
MADE = ["2025-06-06", "2025-06-07", "2025-06-09"]  # nothing became known on the 8th, and nothing began or ended


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """No processes and no kernels: a notebook gives its header. Returns what was run: day and window."""
    done: list[tuple[str, int]] = []

    def run(path: Path, values: dict[str, Any], **_: Any) -> Any:
        done.append((values["as_of"], values["window_days"]))
        told = {"standfirst": "Said of the day.", "messages": [f"The window is {values['window_days']} days."]}
        head = header(notebook=path.stem, as_of=values["as_of"], title=f"On {values['as_of']}", parameters=values, **told)
        return executed(head, *body()[:-1], sources({"source": "An order", "url": "https://example.org/a", "known_on": "2025-05-12"}))

    monkeypatch.setattr(execution, "execute", run)
    monkeypatch.setattr(pool, "finished", here)
    monkeypatch.setattr(pool, "preload", lambda *_: None)
    return done


def here(function: Any, jobs: Any, **_: Any) -> Iterator[tuple[int, Any]]:
    """What `pool.finished` does, in this process."""
    yield from ((place, function(job)) for place, job in enumerate(jobs))


@pytest.fixture
def supply(tmp_path: Path) -> dict[str, Any]:
    return {
        "notebooks_dir": two_reports(tmp_path / "notebooks"),
        "resolve_as_of": catalogue.resolve_as_of,
        "data_hashes": lambda: {"law/steps.csv": "ab12"},
    }


def reports(out: Path, supply: dict[str, Any], days: str = DAYS) -> calculations.Swept:
    return pages.reports(["01_briefing"], as_of=days, out=out, parameters={"window_days": "30,90"}, supply=supply, workers=1)


def test_a_day_without_change_takes_the_page_of_the_day_before_and_says_so(runs: Any, supply: Any, tmp_path: Path) -> None:
    swept = reports(tmp_path / "out", supply)
    assert runs == [(day, window) for window in (30, 90) for day in MADE]
    assert (swept.days, swept.parts, swept.held, swept.failed) == (4, 6, 0, ())
    table = pd.read_parquet(tmp_path / "out" / "statements.parquet")
    assert list(table)[:4] == ["notebook", "as_of", "page_as_of", "window_days"]
    assert dict(zip(table["as_of"].astype(str), table["page_as_of"].astype(str), strict=True)) == {day: day for day in MADE} | {
        "2025-06-08": "2025-06-07"
    }
    first = table[(table["window_days"] == "30") & (table["as_of"].astype(str) == "2025-06-08")]
    assert first[["kind", "words", "value", "actor"]].to_numpy().tolist() == [
        ["title", "On 2025-06-07", "", ""],
        ["standfirst", "Said of the day.", "", ""],
        ["message", "The window is 30 days.", "", ""],
        ["fact", "US duty added since February 2025, down from 145%", "30%", "us"],
    ]
    page = tmp_path / "out" / "site" / first["page"].iloc[0]
    assert "On 2025-06-07" in page.read_text(encoding="utf-8")
    assert json.loads((page.parent / "build.json").read_text(encoding="utf-8"))["messages"] == ["The window is 30 days."]
    assert (tmp_path / "out" / "site" / "index.html").is_file()


def test_what_was_stopped_goes_on_and_gives_the_same_bytes(runs: Any, supply: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopping(function: Any, jobs: Any, **_: Any) -> Iterator[tuple[int, Any]]:
        """End after a page, as a killed run does."""
        yield 0, function(jobs[0])
        raise KeyboardInterrupt

    reports(tmp_path / "whole", supply)
    for held in (0, 1):
        with monkeypatch.context() as stopped:
            stopped.setattr(pool, "finished", stopping)
            with pytest.raises(KeyboardInterrupt):
                reports(tmp_path / "stopped", supply)
        # A page is there as soon as it is made.
        assert len(list((tmp_path / "stopped" / "site" / "reports").rglob("index.html"))) == held + 1
    assert not (tmp_path / "stopped" / "site" / "index.html").exists()
    # A page that a kill caught half written stands beside the site.
    (tmp_path / "stopped" / ".site.page" / "reports").mkdir(parents=True)
    runs.clear()
    assert reports(tmp_path / "stopped", supply).held == 2
    assert runs == [("2025-06-09", 30), *((day, 90) for day in MADE)]
    assert tree(tmp_path / "stopped") == tree(tmp_path / "whole")


@pytest.mark.usefixtures("runs")
def test_a_page_whose_process_ended_is_tried_once_more_by_itself(supply: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[tuple[int, int]] = []

    def ending(function: Any, jobs: Any, *, workers: int, **_: Any) -> Iterator[tuple[int, Any]]:
        tries.append((len(jobs), workers))
        for place, job in enumerate(jobs):
            lost = job.changed.get("window_days") == 30 and job.as_of < ("2025-06-09" if len(tries) == 1 else "2025-06-07")
            yield place, ReportError("Its process ended.") if lost else function(job)

    monkeypatch.setattr(pool, "finished", ending)
    swept = pages.reports(["01_briefing"], as_of=DAYS, out=tmp_path, parameters={"window_days": "30,90"}, supply=supply, workers=2)
    assert tries[:2] == [(6, 2), (2, 1)]
    assert [(each.as_of, each.part, each.why) for each in swept.failed] == [
        (date(2025, 6, 6), "01_briefing as of 2025-06-06, window_days=30", "Its process ended.")
    ]
    assert len(list((tmp_path / "site" / "reports" / "01_briefing").glob("2025-*"))) == 5


@pytest.mark.usefixtures("runs")
def test_a_worker_of_a_cluster_makes_the_same_pages(supply: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Elsewhere:
        """An engine that is not of this machine: it is handed batches."""

        def run(self, function: Any, parts: Any) -> Iterator[Any]:
            yield from ((part, function(part)) for part in parts)

        def close(self) -> None:
            pass

    reports(tmp_path / "here", supply)
    monkeypatch.setattr(calculations, "chosen", lambda *_: Elsewhere())
    reports(tmp_path / "elsewhere", supply)
    assert tree(tmp_path / "elsewhere") == tree(tmp_path / "here")


def test_a_page_that_fails_is_named_and_takes_no_other_with_it(
    runs: Any, supply: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = execution.execute

    def failing(path: Path, values: dict[str, Any], **given: Any) -> Any:
        if (values["as_of"], values["window_days"]) == ("2025-06-07", 30):
            message = "01_briefing failed in cell 4: ValueError."
            raise ReportError(message)
        return real(path, values, **given)

    monkeypatch.setattr(execution, "execute", failing)
    swept = reports(tmp_path / "out", supply)
    assert [(each.as_of, each.why) for each in swept.failed] == [(date(2025, 6, 7), "01_briefing failed in cell 4: ValueError.")]
    table = pd.read_parquet(tmp_path / "out" / "statements.parquet")
    assert set(table.loc[table["page_as_of"].astype(str) == "2025-06-07", "window_days"]) == {"90"}
    monkeypatch.setattr(execution, "execute", real)
    runs.clear()
    assert reports(tmp_path / "out", supply).failed == ()
    assert runs == [("2025-06-07", 30)]
    reports(tmp_path / "whole", supply)
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
