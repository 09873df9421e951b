"""What is planned before a notebook runs: values in their one form, notebooks by name, days each once, and what is refused."""

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tradelib.days import parse_day
from tradelib.errors import DayError, ParameterError
from tradelib.report import plan, shipped
from tradelib.report.notebooks import find_notebooks, imports
from tradelib.report.parameters import Parameter, declared, resolve
from tradelib.report.values import spelled, typed

# Values: what arrives, for which parameter and default, and how it is read.


@pytest.mark.parametrize(
    ("value", "name", "default", "read"),
    [
        (" 30 ", "window_days", 90, 30),
        ("-7", "window_days", 90, -7),
        (60.0, "window_days", 90, 60),
        (0, "window_days", 90, 0),
        (1, "share", 0.5, 1.0),
        (" 1e-3", "share", 0.5, 0.001),
        (0.25, "share", 0.5, 0.25),
        ("TRUE", "is_short", False, True),
        (" false ", "is_short", True, False),
        (True, "is_short", False, True),
        ("words", "basket", "toys", "words"),
        (" words ", "basket", "toys", " words "),
        (2024, "year", "latest", "2024"),
        (date(2025, 1, 2), "year", "latest", "2025-01-02"),
        (date(2025, 1, 2), "since", "2025-01-01", "2025-01-02"),
        ("2025-01-02", "since", "2025-01-01", "2025-01-02"),
        ("anything", "since", "auto", "anything"),
        ("Mexico, Viet Nam", "partners", ["x"], ["Mexico", "Viet Nam"]),
        ("", "partners", ["x"], []),
        (" ", "partners", ["x"], []),
        ("Mexico", "partners", [], ["Mexico"]),
        ((1, 2.0, "3"), "years", [9], [1, 2, 3]),
        (4, "years", [9], [4]),
        (0, "years", [9], [0]),
        ([], "years", [9], []),
        (["850760", 95.03], "codes", [], ["8507.60", "9503"]),
        ("850760,9503", "codes", [], ["8507.60", "9503"]),
        ("9503.00.00", "code", "8507.60", "9503.00.00"),
        (" both", "importer", "both", "both"),
        ("BOTH", "importer", "both", "both"),
        ("China", "importer", "both", "CN"),
        ("us", "importer", "CN", "US"),
    ],
)
def test_a_value_is_read_as_the_kind_of_its_default(value: object, name: str, default: Any, read: Any) -> None:
    found = typed(value, name, default, "x")
    assert (found, type(found)) == (read, type(read))
    if isinstance(found, list):
        assert [type(item) for item in found] == [type(item) for item in read]
    assert typed(spelled(found), name, default, "x") == found


@pytest.mark.parametrize(
    ("value", "name", "default", "words"),
    [
        ("30.5", "window_days", 90, "window_days of x must be a whole number such as 90, not '30.5'."),
        (30.5, "window_days", 90, "a whole number such as 90, not 30.5."),
        (True, "window_days", 90, "a whole number such as 90, not True."),
        (None, "window_days", 90, "a whole number such as 90, not None."),
        ([1], "window_days", 90, "a whole number such as 90, not [1]."),
        (float("inf"), "window_days", 90, "a whole number"),
        (float("nan"), "share", 0.5, "a number such as 0.5, not nan."),
        (float("-inf"), "share", 0.5, "a number such as 0.5"),
        ("inf", "share", 0.5, "a number such as 0.5"),
        ("", "share", 0.5, "a number such as 0.5"),
        (False, "share", 0.5, "a number such as 0.5, not False."),
        (1, "is_short", True, "true or false such as true, not 1."),
        ("yes", "is_short", False, "true or false such as false, not 'yes'."),
        ("", "is_short", False, "true or false such as false"),
        (None, "basket", "toys", "text such as toys, not None."),
        (5.5, "basket", "", "must be text, not 5.5; write it in quotes."),
        (True, "basket", "toys", "text such as toys, not True; write it in quotes."),
        (None, "partners", ["Mexico"], "a list separated by commas such as Mexico, not None."),
        ({"a": 1}, "partners", [], "must be a list separated by commas, not {'a': 1}."),
        (" ['a']", "partners", [], "must be a list separated by commas, not"),
        ("8507.6", "codes", [], "A product code has 2, 4, 6, 8 or 10 digits"),
        (True, "codes", [], "a list separated by commas such as 8507.60,9503, not True."),
        ("both", "importer", "US", "US or CN, not 'both'."),
        ("EU", "importer", "both", "US, CN or both, not 'EU'."),
        (1, "importer", "US", "US or CN, not 1."),
    ],
)
def test_a_value_without_a_reading_is_one_sentence(value: object, name: str, default: Any, words: str) -> None:
    with pytest.raises(ParameterError) as caught:
        typed(value, name, default, "x")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_day_is_a_day_where_the_default_is_one() -> None:
    for value in ("2025-02-30", "tomorrow", "2025-1-2", 20250102, datetime(2025, 1, 2, 3)):  # noqa: DTZ001
        with pytest.raises(DayError, match="since must be"):
            typed(value, "since", "2025-01-01", "x")


# Codes from numbers: what YAML or a spreadsheet makes of them.


@pytest.mark.parametrize(
    ("number", "read"),
    [
        (850760, "8507.60"),
        (8507600020, "8507.60.0020"),
        (8507600020.0, "8507.60.0020"),
        (8507.6, "8507.60"),
        (8507.65, "8507.65"),
        (101.21, "0101.21"),
        (101.2, "0101.20"),
        (10000, "0100.00"),
        (63, "63"),
        (8, "08"),
        (7, "07"),  # in base eight the same
    ],
)
def test_a_number_is_the_one_code_that_it_can_be(number: float, read: str) -> None:
    assert typed(number, "code", "9503", "x") == read


@pytest.mark.parametrize(
    ("number", "may"),
    [
        (65, "65 or 0101"),  # YAML reads 0101 as 65
        (8401, "8401 or 0203.21"),  # and 020321 as 8401
        (9999, "9999 or 0234.17"),
        (409.0, "0409.00 or 0409"),
        (850760.0, "8507.60.00 or 8507.60"),
        (8507.605, "several codes"),
        (12345.6, "several codes"),
        (1e22, "several codes"),
        (-9503, "several codes"),
    ],
)
def test_a_number_that_may_be_several_codes_asks_for_quotes(number: float, may: str) -> None:
    with pytest.raises(ParameterError) as caught:
        typed(number, "code", "9503", "x")
    assert str(caught.value).endswith(f", a number that may be {may}; write the code in quotes, with papermill as -r.")


# Parameters: the cell that declares them.


def notebook(folder: Path, name: str, *cells: str, tag: str = "parameters") -> Path:
    """A notebook whose first cell of code is tagged, below a text that looks like code and has the tag too."""
    made = [new_markdown_cell("import antigravity\nas_of = 1", metadata={"tags": [tag]})]
    made += [new_code_cell(source, metadata={} if number else {"tags": ["other", tag]}) for number, source in enumerate(cells)]
    path = folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=made), path)
    return path


def test_a_parameter_has_the_comment_behind_it(tmp_path: Path) -> None:
    path = notebook(
        tmp_path,
        "a",
        'as_of = "latest"  ## the day  \ncodes = [\n    "8541",  # one\n    "8542",\n]  # codes of goods\nn: int = 3',
        "n = 4",
    )
    assert declared(path) == {
        "as_of": Parameter("as_of", "latest", "the day"),
        "codes": Parameter("codes", ["8541", "8542"], "codes of goods"),
        "n": Parameter("n", 3, ""),
    }


@pytest.mark.parametrize(
    "cell", ["n: int", "a, b = 1, 2", "x.y = 1", "a[0] = 1", "a = (1, 2)", "a = [[1]]", "a = [1, None]", "f()", "a += 1"]
)
def test_a_cell_of_parameters_holds_plain_assignments_alone(tmp_path: Path, cell: str) -> None:
    with pytest.raises(ParameterError, match=r"only assignments such as|must be a plain literal"):
        declared(notebook(tmp_path, "a", cell))


def test_the_day_is_given_as_latest_or_an_iso_day_and_judged_as_it_is_given() -> None:
    seen: list[str] = []

    def check(value: str) -> date:
        seen.append(value)
        return date(2025, 6, 9)

    parameters = {"as_of": Parameter("as_of", "latest"), "n": Parameter("n", 1)}
    for given, read in (("latest", "latest"), ("2025-06-09", "2025-06-09"), (date(2025, 6, 9), "2025-06-09")):
        assert resolve(parameters, {"as_of": given}, notebook="x", check_as_of=check) == {"as_of": read, "n": 1}
    assert seen == ["latest", "2025-06-09", "2025-06-09"]
    assert resolve({"n": Parameter("n", 1)}, {"n": "2"}, notebook="x", check_as_of=check) == {"n": 2}
    with pytest.raises(ParameterError, match=r"x has no parameter 'm'\..* Allowed: none\."):
        resolve({}, {"m": 1}, notebook="x")


# Plans.


def resolved(value: str) -> date:
    return date(2025, 6, 9) if value == "latest" else parse_day(value)


GIVEN = 'as_of = "latest"\nwindow_days = 90\n'


def planned(folder: Path, *names: str, days: tuple[str, ...] = (), judge: plan.Judge | None = None, **given: Any) -> list[plan.Job]:
    return plan.plan_jobs(find_notebooks(names, folder), days, given, resolved, 60, folder / "failed", judge)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, cell in (("02_b", GIVEN), ("01_a", GIVEN + "draws = 10\n"), ("_c", GIVEN), (".d", GIVEN)):
        notebook(tmp_path, name, cell)
    return tmp_path


def test_notebooks_are_found_by_name_each_once_in_the_order_asked_for(folder: Path) -> None:
    def found(*names: str) -> list[str]:
        return [path.name for path in find_notebooks(names, folder)]

    assert found() == ["01_a.ipynb", "02_b.ipynb"]
    assert found("02_b", "01_a.ipynb", "02_b.ipynb") == ["02_b.ipynb", "01_a.ipynb"]
    for wrong in ("_c", ".d", "03_e"):
        with pytest.raises(ParameterError, match=rf"There is no notebook '{wrong}'\..*Known: 01_a, 02_b\."):
            found("01_a", wrong)
    for name in ("zz", "05", "aa", "b1", "04", "b0"):
        notebook(folder, name, GIVEN)
    assert found() == sorted(found())
    (folder / "empty").mkdir()
    with pytest.raises(ParameterError, match="The folder empty holds no notebooks"):
        find_notebooks([], folder / "empty")


def test_a_job_is_a_notebook_on_a_day_and_equal_days_count_once(folder: Path) -> None:
    jobs = planned(folder, "02_b", "01_a", days=("2025-06-10", "latest", "2025-06-09"), window_days="30")
    assert [(job.notebook, job.as_of) for job in jobs] == [
        ("02_b", "2025-06-10"), ("02_b", "2025-06-09"), ("01_a", "2025-06-10"), ("01_a", "2025-06-09"),
    ]  # fmt: skip
    assert [job.as_of for job in planned(folder, "01_a")] == ["2025-06-09"]
    job = jobs[-1]
    assert job.values == {"as_of": "2025-06-09", "window_days": 30, "draws": 10}
    assert job.changed == {"window_days": 30}
    assert job.words == "01_a as of 2025-06-09, window_days=30"
    assert job.slug == "2025-06-09--window_days-30"
    assert (job.keep_failed, job.timeout, job.folder) == (folder / "failed" / f"01_a-{job.slug}.ipynb", 60, Path.cwd())
    (default,) = planned(folder, "01_a", window_days="90")
    assert (default.changed, default.words, default.slug) == ({}, "01_a as of 2025-06-09", "2025-06-09")
    (both,) = planned(folder, "01_a", window_days="30", draws="20")
    assert both.words == "01_a as of 2025-06-09, draws=20, window_days=30"


def test_only_what_differs_from_the_default_is_judged(folder: Path) -> None:
    heard: list[tuple[dict[str, Any], list[str], date]] = []

    def judge(values: Mapping[str, Any], changed: Collection[str], as_of: date) -> None:
        heard.append((dict(values), list(changed), as_of))

    planned(folder, "01_a", judge=judge, window_days="90")
    assert heard == []
    planned(folder, "01_a", days=("2025-06-10",), judge=judge, window_days="30")
    assert heard == [({"as_of": "2025-06-10", "window_days": 30, "draws": 10}, ["window_days"], date(2025, 6, 10))]


def test_a_plan_refuses_what_no_notebook_can_be_given(folder: Path) -> None:
    with pytest.raises(ParameterError, match="as_of is the day of the report; give it as the day"):
        planned(folder, "01_a", as_of="2025-06-09")
    with pytest.raises(ParameterError, match="The parameter draws is declared by 01_a but not by 02_b"):
        planned(folder, draws="20")
    with pytest.raises(ParameterError, match=r"01_a has no parameter 'draw'\. Did you mean draws"):
        planned(folder, "01_a", draw="20")
    with pytest.raises(ParameterError, match="01_a has no parameter 'song'"):
        planned(folder, song="20")
    assert [job.values["draws"] for job in planned(folder, "01_a", draws="20")] == [20]
    assert [job.values["window_days"] for job in planned(folder, window_days="20")] == [20, 20]
    notebook(folder, "03_e", "window_days = 90")
    with pytest.raises(ParameterError, match=r"^03_e declares no parameter as_of, so it cannot be published for a day"):
        planned(folder)


def test_modules_are_read_from_cells_of_code_alone(tmp_path: Path) -> None:
    cells = ["import os.path as p, json\nfrom collections import abc, Counter", "def f():\n    import csv", "%time 1\nimport this"]
    cells.append("from . import own")
    path, other = notebook(tmp_path, "a", *cells), notebook(tmp_path, "b", "import re")
    assert imports([path, other]) == ["collections", "collections.Counter", "collections.abc", "csv", "json", "os.path", "re"]


@pytest.mark.parametrize(
    ("cell", "leaves"),
    [
        ("from tradelib import truce\nnow = truce.status()\nnow if now else None", True),
        ("rows = {side: side for side in ('US', 'CN')}", True),
        ("import os", False),
        ("from os import environ", False),
        ("from tradelib import truce\ntruce.status = None", False),
        ("from tradelib import truce\ntruce.LANES['talks'] = ()", False),
        ("from tradelib import truce\nsetattr(truce, 'x', 1)", False),
        ("x = 1\ndel x", False),
        ("def shown():\n    pass", False),
        ("%matplotlib inline", False),
    ],
)
def test_a_notebook_shares_a_process_where_it_only_calls_tradelib(tmp_path: Path, cell: str, leaves: bool) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": cell, "metadata": {}}]}), encoding="utf-8")
    assert plan.leaves_nothing(path) is leaves


def test_every_report_that_came_with_the_package_may_share_a_process() -> None:
    assert [path.stem for path in shipped.folder().glob("*.ipynb") if not plan.leaves_nothing(path)] == []
