"""No page knows what came later: told from data that hold nothing later, every output is the same.

Two days are drawn anew at each run, and one report for each; the message of a failure has the seed. `DELETION=60` tries sixty days, every
kind of turn and twenty by chance, with all reports; `DELETION=2025-06-09,2022-03-01` tries these. `SEED` draws the same days again.
"""

import os
import random
from datetime import date
from pathlib import Path

import deletion
import pandas as pd
import pytest

from tradelib import catalogue
from tradelib.catalogue import home
from tradelib.errors import LeakError
from tradelib.report.page import Page
from tradelib.show import display

ASKED = os.environ.get("DELETION", "")
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
# What every report rests on, in little time; the others are tried in turn.
QUICK = ["01_briefing", "02_truce", "05_rare_earths", "08_methods_and_validation"]


def _cases() -> list[tuple[date, list[str]]]:
    if "-" in ASKED:
        return [(date.fromisoformat(day), deletion.NOTEBOOKS) for day in ASKED.split(",")]
    days = deletion.draw(int(ASKED or 2), SEED)
    if ASKED:
        return [(day, deletion.NOTEBOOKS) for day in days]
    return list(zip(days, [[name] for name in random.Random(SEED).sample(QUICK, len(days))], strict=False))  # noqa: S311, draws reports


def test_a_report_told_without_later_rows_is_the_same(tmp_path: Path) -> None:
    found = []
    for day, notebooks in _cases():
        folder = deletion.package(tmp_path / day.isoformat(), day)
        found += [said for name in notebooks for said in deletion.differences(folder, day, name)]
    assert not found, "\n".join([f"SEED={SEED}, {len(found)} outputs know what came later:", *found[:20]])


def test_the_gate_of_a_page_holds_on_sixty_days() -> None:
    """One row that became known a day later is refused, whatever the day of the page; one of the day itself is shown."""
    for day in deletion.draw(60, SEED):
        page, rows = Page("01_briefing", as_of=day), pd.DataFrame({"source": ["A", "B"], "url": "", "known_on": pd.Timestamp(day)})
        page.show(display.Text("fine", rows))
        rows.loc[1, "known_on"] += pd.Timedelta(days=1)
        with pytest.raises(LeakError, match=f"as of {day}"):
            page.show(display.Text("late", rows))


def test_a_package_of_a_day_is_sealed_and_holds_nothing_later(tmp_path: Path) -> None:
    day = date(2022, 3, 1)
    folder = deletion.package(tmp_path, day)
    catalogue.verify(folder=folder)
    steps, whole = (catalogue.load("tariff_steps", folder=place) for place in (folder, None))
    assert 0 < len(steps) < len(whole)
    assert steps["announced_on"].max() <= pd.Timestamp(day)
    assert steps["later_note"].eq("").all()


def test_a_later_row_that_reaches_a_page_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The promises' evidence read without its day, with sources that look as if they had been known: what the gate of a page cannot see."""
    day = date(2025, 11, 2)
    folder, load = deletion.package(tmp_path / "alone", day), catalogue.load
    # The whole under a name of its own: answers are remembered by folder, and what other tests asked would hide the leak, or take it over.
    (tmp_path / "whole").symlink_to(catalogue.data_folder())
    monkeypatch.setattr(home, "data_folder", lambda: tmp_path / "whole")

    def careless(name: str, *, as_of: date | None = None, folder: Path | None = None) -> pd.DataFrame:
        table = load(name, as_of=date(2026, 6, 1) if name == "evidence" else as_of, folder=folder)
        seen = {column: table[column].clip(upper=pd.Timestamp(day)) for column in ("known_on", "observed_on") if column in table}
        return table.assign(**seen) if name == "evidence" else table

    monkeypatch.setattr(catalogue, "load", careless)
    monkeypatch.setattr(deletion, "shown", deletion.shown.__wrapped__)
    assert any("02_truce as of 2025-11-02" in said for said in deletion.differences(folder, day, "02_truce"))
