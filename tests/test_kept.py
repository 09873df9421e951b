"""What is remembered belongs to one folder of the data: after a change of the folder the answers are those of the new one."""

import ast
import csv
import importlib
import inspect
import io
import json
import shutil
import sys
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tradelib import catalogue, ledger, sides, tariffs
from tradelib.catalogue import home
from tradelib.kept import kept
from tradelib.tariffs import books

DAY, KNOWN = date(2025, 6, 9), date(2026, 10, 9)
# What depends on its arguments alone.
OF_NO_TABLE = {"_kept"}


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A copy of the data in which the fentanyl duties of the United States are twice as high."""
    folder = Path(shutil.copytree(catalogue.data_folder(), tmp_path / "data"))
    package = json.loads((folder / catalogue.DESCRIPTOR).read_text("utf-8"))
    path = folder / next(item["path"] for item in package["resources"] if item["name"] == "tariff_steps")
    table = catalogue.load("tariff_steps")
    raised = table["measure_id"].str.contains("fentanyl") & table["rate_frac"].notna()
    assert raised.any()
    _double(path, raised)
    catalogue.seal(folder=folder)
    return folder


def _double(path: Path, raised: Iterable[bool]) -> None:
    """Double the rate of some rows of a table."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    place = rows[0].index("rate_frac")
    for row, is_raised in zip(rows[1:], raised, strict=True):
        if is_raised:
            row[place] = str(2 * float(row[place]))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def test_another_folder_has_answers_of_its_own(other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def figures() -> tuple[float, ...]:
        due = tariffs.explain("8517.13", on=DAY, importer="US", as_of=KNOWN).total_frac
        mean = tariffs.averages(on=[DAY], importer="US", as_of=KNOWN)["weighted_frac"].iloc[0]
        rates = [step.rate_frac for step in books.book(sides.pair("US"), KNOWN, ledger.LAW).duties if step.family == "ieepa_fentanyl"]
        return due, float(mean), max(rates)

    before = figures()
    with monkeypatch.context() as patch:
        patch.setattr(home, "data_folder", lambda: other)
        changed = figures()
    assert changed[2] == pytest.approx(2 * before[2])
    assert changed[0] == pytest.approx(before[0] + 0.20)
    assert changed[1] > before[1] + 0.1
    assert figures() == before


def test_an_answer_is_made_once_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = []

    @kept()
    def answer(number: int) -> int:
        made.append(number)
        return number + 1

    assert (answer(1), answer(1), answer(2)) == (2, 2, 3)
    assert made == [1, 2]
    monkeypatch.setattr(home, "data_folder", lambda: tmp_path)
    assert (answer(1), answer(1)) == (2, 2)
    assert made == [1, 2, 1]
    answer.cache_clear()
    answer(1)
    assert made == [1, 2, 1, 1]
    assert answer.__name__ == "answer"


def resting() -> dict[str, Any]:
    """Functions whose answers are shared by days between which nothing they rest on changed, by name."""
    found = {}
    for name in ("today", "trade", "truce"):
        importlib.import_module(f"tradelib.{name}")
    for name, module in list(sys.modules.items()):
        if name.startswith("tradelib."):
            for item in vars(module).values():
                if isinstance(getattr(item, "rests_on", None), dict):
                    found[f"{item.__module__}.{item.__name__}"] = item
    return found


def asked(function: Any, day: date) -> dict[str, Any]:
    given = {
        "as_of": day,
        "on": day,
        "standing": ledger.LAW_AND_STATEMENTS,
        "pair": sides.pair("US"),
        "series": ("us_imports_from_china_usd",),
    }
    return {name: given[name] for name in inspect.signature(function).parameters if name in given}


def test_what_answers_rest_on_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a day with a new row, or on which something begins, would have the answer of the day before."""
    load, since, seen = catalogue.load, catalogue.known_since, {}

    def loading(name: str, **given: Any) -> pd.DataFrame:
        if given.get("as_of") is not None and catalogue.description(name).get("tradelib:kind") in ("ledger", "statistics"):
            seen.setdefault(name, set())
        return load(name, **given)

    def asking(as_of: date, tables: Any) -> date:
        for name, columns in tables.items():
            seen.setdefault(name, set()).update(columns)
        return since(as_of, tables)

    monkeypatch.setattr(catalogue, "load", loading)
    monkeypatch.setattr(catalogue, "known_since", asking)
    functions = resting()
    assert len(functions) > 12
    for number, (name, function) in enumerate(functions.items()):
        day = date(2024, 3, 1) + timedelta(days=number)  # of a day of its own nothing is remembered
        seen.clear()
        inspect.unwrap(function)(**asked(function, day))
        assert seen, name
        for table, columns in seen.items():
            assert columns <= set(function.rests_on[table]), name


def as_strings(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its texts held as behind a door: here some of it may have been asked for outside."""
    python = pd.StringDtype("python", na_value=np.nan)
    frame = frame.astype({name: python for name, kind in frame.dtypes.items() if isinstance(kind, pd.StringDtype)})
    return frame.set_axis(frame.columns.astype(python), axis="columns")


@pytest.mark.parametrize("day", ["2025-05-15", "2025-11-10", "2026-12-31"])
def test_days_that_share_an_answer_have_the_same(day: str) -> None:
    """Duties changed on 14 May and 10 November 2025; the last day lies after the evidence, with days of effect between."""
    for name, function in resting().items():
        given = asked(function, date.fromisoformat(day))
        shared, own = function(**given), inspect.unwrap(function)(**given)
        for held, exact in zip(
            *(item if isinstance(item, tuple) else (getattr(item, "rows", item),) for item in (shared, own)), strict=True
        ):
            pd.testing.assert_frame_equal(as_strings(held), as_strings(exact), obj=name)


def test_a_day_of_knowledge_and_a_day_of_effect_begin_a_new_answer() -> None:
    steps = {"tariff_steps": ("effective_on",)}
    found = [catalogue.known_since(f"2025-05-{day}", steps).isoformat() for day in ("11", "12", "13", "14", "15")]
    assert found == ["2025-05-03", "2025-05-12", "2025-05-13", "2025-05-14", "2025-05-14"]
    assert catalogue.known_since("2025-05-11", {"tariff_steps": ()}) == date(2025, 4, 25)
    assert catalogue.known_since("2018-01-01", {"nontariff_steps": ()}) == date(2018, 1, 1)


def test_no_cache_of_duties_forgets_the_folder() -> None:
    """Every function of the rooms on duties that is remembered by `functools` takes the folder, or reads no table."""
    bare = []
    for path in (Path(tariffs.__file__).parent).glob("*.py"):
        for item in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(item, ast.FunctionDef) and item.name not in OF_NO_TABLE:
                marks = [ast.unparse(mark) for mark in item.decorator_list]
                takes = {argument.arg for argument in item.args.args}
                if any(mark.startswith(("functools.cache", "functools.lru_cache")) and "property" not in mark for mark in marks):
                    bare += [] if takes & {"folder", "_folder"} else [f"{path.name}: {item.name}"]
    assert bare == []
