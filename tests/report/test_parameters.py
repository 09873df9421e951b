"""Parameters of a notebook: read without running it, refused with a sentence."""

from datetime import date
from pathlib import Path

import pytest
from report_samples import write_parameters

from tradelib.errors import DayError, ParameterError
from tradelib.report.parameters import Parameter, declared, resolve
from tradelib.report.values import spelled

CELL = """\
# A line of its own belongs to no parameter.
as_of = "latest"  # day of knowledge
window_days = 90  # days shown
share_frac: float = 0.25
is_short = False  # leaves out the tables
codes = ["8541", "8542"]  # headings
offset = -3
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return write_parameters(tmp_path, CELL)


def test_declared_gives_names_defaults_and_descriptions_in_order(notebook: Path) -> None:
    assert list(declared(notebook).values()) == [
        Parameter("as_of", "latest", "day of knowledge"),
        Parameter("window_days", 90, "days shown"),
        Parameter("share_frac", 0.25, ""),
        Parameter("is_short", False, "leaves out the tables"),
        Parameter("codes", ["8541", "8542"], "headings"),
        Parameter("offset", -3, ""),
    ]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ((), "has no cell tagged `parameters`"),
        (("as_of = 'latest'", "window_days = 1"), "has 2 cells tagged `parameters`"),
        (("as_of = today()",), r"default of as_of in 01_briefing.ipynb is `today\(\)`"),
        (("window_days = 3 * 30",), "must be a plain literal"),
        (("window = None",), "must be a plain literal"),
        (("window = {'days': 3}",), "must be a plain literal"),
        (("import os",), "only assignments such as"),
        (("a = b = 1",), "only assignments such as"),
        (("a = 1\na = 2",), "gives a twice"),
        (("a = = 1",), "is not valid Python"),
    ],
)
def test_declared_refuses_what_cannot_be_read_without_running(tmp_path: Path, cells: tuple[str, ...], words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        declared(write_parameters(tmp_path, *cells))


def test_declared_refuses_a_notebook_whose_tag_was_stripped(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="exactly one code cell"):
        declared(write_parameters(tmp_path, CELL, tags=()))


@pytest.mark.parametrize("content", ["", "[]", '{"cells": [1]}', '{"cells": {"a": 1}}'])
def test_declared_refuses_a_file_that_is_no_notebook(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text(content)
    with pytest.raises(ParameterError, match=r"broken\.ipynb cannot be read as a notebook"):
        declared(path)


def test_values_from_a_command_line_become_the_type_of_the_default(notebook: Path) -> None:
    given = {"window_days": "30", "share_frac": "1", "is_short": "True", "codes": "8541, 8703", "as_of": "2025-06-09"}
    values = resolve(declared(notebook), given, notebook="01_briefing")
    expected = {
        "as_of": "2025-06-09",
        "window_days": 30,
        "share_frac": 1.0,
        "is_short": True,
        "codes": ["8541", "8703"],
        "offset": -3,
    }
    assert values == expected
    assert {name: type(value) for name, value in values.items()} == {name: type(value) for name, value in expected.items()}


def test_what_spelled_writes_resolve_reads_back(notebook: Path) -> None:
    values = {
        "window_days": -7,
        "share_frac": 1e-05,
        "is_short": True,
        "codes": ["8541", "8703.80"],
        "as_of": "2025-06-09",
        "offset": 0,
    }
    given = {name: spelled(value) for name, value in values.items()}
    assert resolve(declared(notebook), given, notebook="01_briefing") == values


def test_defaults_stay_when_nothing_is_given(notebook: Path) -> None:
    parameters = declared(notebook)
    assert resolve(parameters, {}, notebook="x") == {name: parameter.default for name, parameter in parameters.items()}


def test_an_unknown_name_is_refused_with_the_nearest_one(notebook: Path) -> None:
    with pytest.raises(ParameterError) as caught:
        resolve(declared(notebook), {"window_day": "30"}, notebook="01_briefing")
    assert str(caught.value) == (
        "01_briefing has no parameter 'window_day'. Did you mean window_days?"
        " Allowed: as_of, window_days, share_frac, is_short, codes, offset."
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("window_days", "ninety", "window_days of 01_briefing must be a whole number such as 90, not 'ninety'."),
        ("window_days", "1.5", "must be a whole number"),
        ("window_days", True, "must be a whole number"),
        ("share_frac", "nan", "must be a number such as 0.25"),
        ("share_frac", "inf", "must be a number"),
        ("is_short", "yes", "must be true or false such as false"),
        ("codes", 8541, "must be a list separated by commas such as 8507.60,9503"),
    ],
)
def test_a_value_of_another_type_is_refused(notebook: Path, name: str, value: object, words: str) -> None:
    with pytest.raises(ParameterError) as caught:
        resolve(declared(notebook), {name: value}, notebook="01_briefing")
    assert words in str(caught.value)


@pytest.mark.parametrize("value", ["2025-6-9", "newest", "2025-02-30", ""])
def test_as_of_must_be_latest_or_an_iso_day(notebook: Path, value: str) -> None:
    with pytest.raises(DayError, match="as_of must be"):
        resolve(declared(notebook), {"as_of": value}, notebook="01_briefing")


def test_the_injected_check_refuses_a_day_outside_the_edition(notebook: Path) -> None:
    def check(value: str) -> date:
        if value != "latest" and value < "2025-01-01":
            message = "as_of must not be before 2025-01-01."
            raise DayError(message)
        return date(2026, 10, 9)

    assert resolve(declared(notebook), {}, notebook="x", check_as_of=check)["as_of"] == "latest"
    with pytest.raises(DayError, match="before 2025-01-01"):
        resolve(declared(notebook), {"as_of": "2024-12-31"}, notebook="x", check_as_of=check)
