"""What is remembered belongs to one folder of the data: after a change of the folder the answers are those of the new one."""

import ast
import csv
import io
import json
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

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
