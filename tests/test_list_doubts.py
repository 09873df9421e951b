"""Lists whose cells may be read in two ways, or hold too little: they are refused with a reason, never read wrongly."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tradelib import cells, cli, lists, tariffs
from tradelib.cli import price
from tradelib.errors import ParameterError

BATTERY = "8507.60.0020"
ON = "2025-06-09"


def values_of(values: list, **frame: object) -> pd.DataFrame:
    return tariffs.price(pd.DataFrame({"code": BATTERY, "value_usd": pd.Series(values, **frame)}), on=ON)


def test_a_dot_before_three_digits_is_in_doubt_in_a_list_with_semicolons() -> None:
    text = b"code;on;value_usd\n8507.60.0020;09.06.2025;1.234\n8471.30.0100;20.04.2025;5.000\n"
    found = tariffs.price_list(lists.read(None, data=text).frame)
    assert found.column("read_value_usd").isna().all()
    assert found.column("duty_usd").isna().all()
    assert found.column("note").astype("str").str.contains("may be thousands or have decimals").all()
    assert list(found.column("answer")) == ["not answered", "answered"]  # 09.06.2025 may be in June or September


@pytest.mark.parametrize(
    ("values", "first"),
    [
        (["1.234"], None),
        (["$1.234", "500"], None),
        (["USD 1.234", "12.345"], None),
        (["1.234", "17.5"], 1.234),
        (["1.234", "1,234,567"], 1.234),
        (["1.234", "1234.567"], 1.234),
        (["1.234", "0.5"], 1.234),
        (["1.234", "1,234.50"], 1.234),
        (["1.234", "17,5"], None),
        (["1,234", "17.5"], 1234.0),
        (["1,234"], 1234.0),
        (["1,234", "17,5"], None),
        (["1.234.567"], 1234567.0),
    ],
)
def test_other_cells_of_the_column_settle_what_a_sign_marks(values: list[str], first: float | None) -> None:
    row = values_of(values).iloc[0]
    if first is None:
        assert np.isnan(row["read_value_usd"])
        assert "may be thousands" in row["note"]
    else:
        assert row["read_value_usd"] == first


@pytest.mark.parametrize(("rows", "first"), [("1,234\n", None), ("1,234\n8507.60.0020;2,5\n", None), ("1,234\n8507.60.0020;2.5\n", 1234.0)])
def test_a_comma_before_three_digits_is_in_doubt_where_semicolons_divide(rows: str, first: float | None) -> None:
    frame = lists.read(None, data=f"code;value_usd\n8507.60.0020;{rows}".encode()).frame
    value = tariffs.price(frame, on=ON)["read_value_usd"].iloc[0]
    assert np.isnan(value) if first is None else value == first


@pytest.mark.parametrize("short", [(), (None,), (8471300100,), (None, None)])
def test_a_workbook_that_counts_from_1904_may_have_short_rows(tmp_path, short: tuple) -> None:
    """Day 44355 from 1904 is 9 June 2025."""
    openpyxl = pytest.importorskip("openpyxl")
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (["code", "note", "on"], [8507600020, "x", 44355], list(short), [8507600020, "x", 44355]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    path = tmp_path / "list.xlsx"
    path.write_bytes(buffer.getvalue())
    found = tariffs.price_list(lists.read(path).frame)
    assert len(found.rows) == 3
    assert list(found.column("read_on").astype("str"))[::2] == [ON, ON]
    assert found.column("answer").iloc[1] in ("blank", "not answered")


@pytest.mark.parametrize("dtype", ["float32", "Float32", "float16", "category"])
def test_codes_in_short_numbers_are_not_taken_for_others(dtype: str) -> None:
    """8471300100 in 32 bits is 8471300096, and may be of another line."""
    with np.errstate(over="ignore"):
        codes = pd.Series(np.array([8471300100, 8517130000], dtype="float16" if dtype == "float16" else "float32"))
    frame = pd.DataFrame({"code": codes.astype(dtype)})
    found = tariffs.price(frame, on=ON)
    assert found["answer"].eq("not answered").all()
    assert found["note"].ne("").all()
    if dtype != "float16":  # these are infinite
        assert found["note"].astype("str").str.contains("does not hold all digits of a code").all()


def test_short_numbers_that_hold_their_code_are_read() -> None:
    frame = pd.DataFrame({"code": np.array([850760, 8507.6], dtype="float32")})
    assert list(tariffs.price(frame, on=ON)["read_code"]) == ["8507.60", "8507.60"]
    assert cells.code(np.float32(8507.6002)).reason or cells.code(np.float32(8507.6002)).readings[0][0] == "850760"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [1e308, float("inf"), 1.1e15, "1e99", 10**400, "9" * 500])
def test_a_value_beyond_all_goods_is_refused(value: object) -> None:
    for values in ([value, 5.0], pd.Series([value, 5.0], dtype=object)):
        found = values_of(list(values), dtype=None if isinstance(values, list) and isinstance(value, float) else object)
        assert list(found["read_value_usd"].notna()) == [False, True]
        assert "the value" in found["note"].iloc[0]
        assert np.isnan(found["duty_usd"].iloc[0])
    assert cells.amount(1e15).value == 1e15


@pytest.mark.parametrize("rates", [pd.DataFrame(), pd.DataFrame({"importer": ["US"]})])
def test_rates_that_are_no_schedule_are_refused_with_a_sentence(rates: pd.DataFrame) -> None:
    with pytest.raises(ParameterError, match="The rates are no schedule"):
        tariffs.price(pd.DataFrame({"code": [BATTERY]}), rates=rates)


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize(("form", "rows", "is_buffered"), [("table", 1, True), ("csv", 1, False), ("json", 1, True), ("json", 2000, True)])
def test_output_that_cannot_be_written_is_told_in_one_sentence(form: str, rows: int, is_buffered: bool) -> None:
    command = [sys.executable, *([] if is_buffered else ["-u"]), "-m", "tradelib", "price", "-", "--on", ON, "--format", form]
    with FULL.open("wb") as full:
        done = subprocess.run(command, input=b"code\n" + b"8507.60.0020\n" * rows, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[-1] == "tradelib: the answer cannot be written: No space left on device."
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_other_faults_of_files_are_not_told_as_faults_of_the_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_options: object) -> int:
        raise FileNotFoundError(2, "No such file", "own.csv")

    monkeypatch.setattr(price, "_price", fail)
    assert cli.main(["price", "own.csv"]) == 1
    assert "own.csv cannot be used" in capsys.readouterr().err
