"""Lists of goods: read as people have them, priced row by row, written without a loss."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradelib import catalogue, cells, lists, scenarios, tariffs
from tradelib.cli import main
from tradelib.errors import ListError, ParameterError, TradelibError

LATEST = catalogue.edition().evidence_through
BATTERY = "8507.60.0020"
ON = "2025-06-09"


def priced(codes: list, **options: object) -> pd.DataFrame:
    options = {"on": ON, "as_of": LATEST} | options
    return tariffs.price(pd.DataFrame({"code": pd.Series(codes, dtype=object)}), **options)


class Done(NamedTuple):
    """What a command gave."""

    returncode: int
    stdout: bytes
    stderr: bytes


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Done]:
    """`tradelib price` in this process, given some bytes to read; in a process of its own it is tried below, and in test_streams.py."""

    def asked(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        return Done(main(["price", *arguments]), *capsysbinary.readouterr())

    return asked


# Prices are those of `explain`.


def sampled(importer: str, rng: np.random.Generator) -> list[str]:
    codes = tariffs.lines(importer).codes
    picked = [*rng.choice(codes, 60), *rng.choice(codes.astype("U6"), 20), *rng.choice(codes.astype("U8"), 20)]
    if importer == "CN":
        picked += [*rng.choice(tariffs.lines("CN", digits=8).codes, 40)]
    return [str(code) for code in picked]


def check_against_explain(frame: pd.DataFrame, **asked: object) -> int:
    """Hold every row that `explain` answers against it, in all layers; how many these were."""
    compared = 0
    families = [name.removesuffix("_frac") for name in frame if name.endswith("_frac") and not name.startswith(("total", "mfn"))]
    for row in frame.to_dict("records"):
        try:
            stack = tariffs.explain(row["code"], on=row["on"].date(), **asked)
        except TradelibError:
            continue
        if stack.how == "special provision":
            assert row["answer"] == "not answered"
            continue
        matched = set(tariffs.match(row["code"], asked["importer"], on=row["on"].date()).codes)
        if matched != set(stack.lines):
            continue  # `explain` looks at other lines for this code
        compared += 1
        if len(stack.groups) > 1:  # lines that owe different duties have no layers in common
            for name in (*families, "total"):
                one = stack.groups[f"{name}_frac" if name == "total" else name].round(9).unique()
                np.testing.assert_allclose(row[f"{name}_frac"], one[0] if len(one) == 1 else np.nan, atol=1e-9, err_msg=f"{name} {row}")
            continue
        by_family = stack.layers.groupby("family")["rate_frac"].sum()
        assert row["state"] == stack.state
        if len(stack.lines) == 1 and not np.isnan(stack.total_frac):  # of several, `explain` tells the ends of the first
            assert row["total_low_frac"] == pytest.approx(stack.low_frac, abs=1e-9)
            assert row["total_high_frac"] == pytest.approx(stack.high_frac, abs=1e-9)
        np.testing.assert_allclose(row["total_frac"], stack.total_frac, atol=1e-9, err_msg=str(row))
        np.testing.assert_allclose(row["mfn_frac"], stack.mfn_frac, atol=1e-9)
        filing = [
            (row_.heading.replace("|", " or ") or tariffs.NO_HEADING) + (" (claimed)" if row_.role == "exemption" else "")
            for row_ in stack.filing.itertuples()
        ]
        assert row["headings"] == "; ".join(dict.fromkeys(filing)), row
        unknown = set(stack.layers.loc[stack.layers["outcome"].str.contains("not known"), "family"])
        for family in families:
            expected = np.nan if family in unknown else float(by_family.get(family, 0.0))
            np.testing.assert_allclose(row[f"{family}_frac"], expected, atol=1e-9, err_msg=f"{family} {row}")
    return compared


@pytest.mark.parametrize("importer", ["US", "CN"])
@pytest.mark.parametrize("as_of", [LATEST, date(2025, 6, 9), date(2019, 9, 30)])
def test_prices_are_those_of_explain(importer: str, as_of: date) -> None:
    rng = np.random.default_rng(len(importer) + as_of.toordinal())
    codes = sampled(importer, rng)
    days = pd.date_range("2018-01-01", "2027-06-01")
    frame = pd.DataFrame({"code": codes, "on": days[rng.integers(0, len(days), len(codes))]})
    found = tariffs.price(frame, as_of=as_of, importer=importer)
    assert check_against_explain(found, importer=importer, as_of=as_of) > 60


@pytest.mark.parametrize("name", ["truce_lapses", "april_2025"])
def test_prices_under_a_scenario_are_those_of_explain(name: str) -> None:
    rates = scenarios.schedule(scenarios.load(name), as_of=LATEST)
    rng = np.random.default_rng(7)
    codes = sampled("US", rng)
    days = pd.date_range(LATEST, periods=300)
    frame = pd.DataFrame({"code": codes, "on": days[rng.integers(0, len(days), len(codes))]})
    found = tariffs.price(frame, as_of=LATEST, rates=rates)
    assert check_against_explain(found, importer="US", as_of=LATEST, rates=rates) > 40


def test_the_ends_of_a_chinese_duty_are_those_with_and_without_a_waiver() -> None:
    """Soybeans, 20 November 2025: 40.5% by list in the press, 13% with a waiver (Reuters, 4-5 November 2025)."""
    row = tariffs.price(pd.DataFrame({"code": ["1201.90"], "value_usd": [100]}), on="2025-11-20", importer="CN").iloc[0]
    assert row["total_low_frac"] == pytest.approx(0.13)
    assert row["total_high_frac"] > 0.39
    assert row["duty_low_usd"] == pytest.approx(13.0)


def test_options_of_the_engine_reach_the_prices() -> None:
    asked = tariffs.Assumptions(metal_content_frac=0.1, partial_duties=True, partial_exemptions=True)
    codes = sampled("US", np.random.default_rng(11))
    frame = pd.DataFrame({"code": codes, "on": pd.Timestamp("2025-08-20")})
    found = tariffs.price(frame, as_of=LATEST, assumptions=asked)
    assert check_against_explain(found, importer="US", as_of=LATEST, assumptions=asked) > 40
    stated = tariffs.price(frame, as_of=LATEST, standing="stated")
    assert check_against_explain(stated, importer="US", as_of=LATEST, standing=("instrument", "statement")) > 40


def test_a_row_says_its_state_and_days_before_the_edition_say_why() -> None:
    frame = pd.DataFrame({"code": BATTERY, "on": ["2017-12-31", "2025-06-09", "2026-03-01"]})
    found = tariffs.price(frame, as_of="2025-06-09")
    assert list(found["state"]) == ["", "in force", "scheduled"]
    assert list(found["answer"]) == ["not answered", "answered", "answered"]
    assert "2017-12-31 lies before 2018-01-01" in found["note"][0]
    assert tariffs.price(frame.iloc[[2]], on="2026-11-20", as_of="2026-11-29").assign()["answer"].iloc[0] == "answered"
    after = tariffs.price(pd.DataFrame({"code": [BATTERY]}), as_of="2026-11-29")
    assert after["state"].iloc[0] == "by law, not observed"


def test_nothing_later_than_the_day_of_knowledge_counts() -> None:
    """The Supreme Court ended the emergency duties in February 2026: on 9 June 2025 nobody knew."""
    frame = pd.DataFrame({"code": [BATTERY], "on": ["2026-06-01"]})
    assert tariffs.price(frame, as_of="2025-06-09")["ieepa_fentanyl_frac"].iloc[0] == pytest.approx(0.2)
    assert tariffs.price(frame, as_of=LATEST)["ieepa_fentanyl_frac"].iloc[0] == 0.0


# Codes as people have them.


@pytest.mark.parametrize(
    ("cell", "read", "mark"),
    [
        (BATTERY, BATTERY, ""),
        ("8507600020", BATTERY, ""),
        (8507600020, BATTERY, ""),
        ("8507.60.00.20", BATTERY, ""),
        (" 8507.60.0020\u00a0", BATTERY, ""),
        ("8507600020.0", BATTERY, ".0 dropped"),
        (8507600020.0, BATTERY, "read from a number with decimals"),
        ("8507600020.00", BATTERY, ".00 dropped"),
        ("8.50760002E+09", BATTERY, "the last digit was lost in scientific notation"),
        ("8.507600020E+09", BATTERY, "scientific notation written out"),
        ("8,507,600,020", BATTERY, "thousands separators dropped"),
        ("8507 60 0020", BATTERY, "spaces dropped"),
        ("8507-60-0020", BATTERY, "dashes dropped"),
        ("HTS 8507.60.0020", BATTERY, "label dropped"),
        ("HTSUS code: 8507.60.0020", BATTERY, "label dropped"),
        ("HTS10: 8507.60.0020", BATTERY, "label dropped"),
        ("8507.60.0020 - Lithium-ion batteries", BATTERY, "words after the code dropped"),
        ("'8507600020", BATTERY, "apostrophe dropped"),
        ('="8507600020"', BATTERY, "taken out of a formula of text"),
        ("\uff18507600020", BATTERY, "other forms of signs made plain"),
        (8507.6, "8507.60", "trailing zero restored"),
        ("8507.6", "8507.60", "trailing zero restored"),
        ("8507,60", "8507.60", "comma read as a dot"),
        (1012100, "0101.21.00", "leading zero restored"),
        ("101210010", "0101.21.0010", "leading zero restored"),
        ("101.21.00.10", "0101.21.0010", "leading zero restored"),
        (101.21, "0101.21", "leading zero restored"),
        ("8.4716E+09", "8471.60", "the last 5 digits were lost in scientific notation"),
        ("8471600000.0", "8471.60.0000", ".0 dropped"),
    ],
)
def test_a_code_is_read_as_people_write_it_and_each_repair_is_marked(cell: object, read: str, mark: str) -> None:
    row = priced([cell]).iloc[0]
    assert row["read_code"] == read
    assert mark in row["repairs"]
    assert bool(row["repairs"]) == bool(mark)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("85O7.60.0020", "more than one code, or signs that no code has"),
        ("8507.60; 8507.80", "more than one code"),
        ("TBD", "does not begin with digits"),
        ("12345678901", "11 digits"),
        ("8471.4", "No US tariff line"),
        ("8507.60.002", "a digit is missing"),
        ("85%", "signs that no code has"),
        ("-8507600020", "does not begin with digits"),
        ("1234.56.7890", "No US tariff line"),
        ("9903.88.03", "Chapter 99"),
        (True, "no code"),
        (pd.Timestamp("2025-08-05"), "no code"),
        ("=A1", "does not begin with digits"),
        ("7.7E+09", "rounds to this number"),
        ({"a": 1}, "does not begin with digits"),
    ],
)
def test_a_code_that_cannot_be_read_keeps_its_row_and_says_why(cell: object, why: str) -> None:
    row = priced([BATTERY, cell]).iloc[1]
    assert row["answer"] == "not answered"
    assert why in row["note"]
    assert np.isnan(row["total_frac"])


def test_a_number_that_lost_its_digits_owes_what_all_its_lines_owe_or_a_range() -> None:
    same, mixed = priced(["6.10910001E+09", "8.4716E+09"]).to_dict("records")
    assert same["answer"] == "answered"
    assert same["total_frac"] == pytest.approx(tariffs.explain("6109.10.00", on=date(2025, 6, 9), importer="US", as_of=LATEST).total_frac)
    assert mixed["answer"] == "range"
    assert np.isnan(mixed["total_frac"])
    assert mixed["total_low_frac"] < mixed["total_high_frac"]
    assert "lines owe from" in mixed["note"]


def test_an_old_code_goes_to_its_heir_and_a_suffix_that_never_was_to_its_line() -> None:
    old, slip = priced(["8517.12.0050", "8507.60.0099"]).to_dict("records")
    assert old["matched"] == "8517.13.0000"
    assert "old code" in old["repairs"]
    assert "left the tariff" in old["note"]
    assert slip["how"] == "eight-digit line"
    assert "8-digit line" in slip["repairs"]


@given(st.text(max_size=30) | st.floats() | st.integers() | st.booleans() | st.none() | st.dates() | st.datetimes())
@settings(max_examples=300, deadline=None)
def test_no_cell_makes_a_reader_fail(cell: object) -> None:
    code = cells.code(cell)
    assert code.is_blank or code.reason or code.readings or code.span
    for read in (cells.day, cells.amount, cells.side):
        found = read(cell)
        assert (found.value is None) or not found.reason


@given(st.sampled_from(list(tariffs.lines("US").codes[::97])), st.sampled_from(["", ".0", ".00"]))
@settings(max_examples=60, deadline=None)
def test_a_code_that_was_a_number_comes_back_whole(code: str, tail: str) -> None:
    """Whatever a spreadsheet makes of ten digits, the same line is found, or no line."""
    if len(code) < 10:
        return
    as_number = str(int(code)) + tail
    row = priced([as_number], on=LATEST.isoformat()).iloc[0]
    straight = priced([code], on=LATEST.isoformat()).iloc[0]
    assert row["read_code"] == straight["read_code"]
    assert row["matched"] == straight["matched"]


# Days, values, importers.


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025-04-20", date(2025, 4, 20)),
        (pd.Timestamp("2025-04-20 13:00"), date(2025, 4, 20)),
        (np.datetime64("2025-04-20"), date(2025, 4, 20)),
        (datetime(2025, 4, 20), date(2025, 4, 20)),  # noqa: DTZ001, a day of entry has no zone
        ("4/20/2025", date(2025, 4, 20)),
        ("20/4/2025", date(2025, 4, 20)),
        ("04-20-25", date(2025, 4, 20)),
        ("3/3/2025", date(2025, 3, 3)),
        ("20.04.2025", date(2025, 4, 20)),
        ("2025/04/20", date(2025, 4, 20)),
        ("20250420", date(2025, 4, 20)),
        (20250420, date(2025, 4, 20)),
        ("20 Apr 2025", date(2025, 4, 20)),
        ("April 20, 2025", date(2025, 4, 20)),
        ("20-Apr-25", date(2025, 4, 20)),
        ("Sunday, 20 April 2025", date(2025, 4, 20)),
        ("2025年4月20日", date(2025, 4, 20)),
        ("2025-04-20 00:00:00", date(2025, 4, 20)),
        (45767, date(2025, 4, 20)),
        ("45767", date(2025, 4, 20)),
        (45767.5, date(2025, 4, 20)),
    ],
)
def test_a_day_with_one_reading_is_read(cell: object, day: date) -> None:
    assert cells.day(cell).value == day


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("4/5/2025", "may be 5 April 2025 or 4 May 2025"),
        ("20/04/25", "may be 20 April 2025 or 25 April 2020"),
        ("2025-02-30", "no day of the calendar"),
        ("2025-04", "is no day"),
        ("April 2025", "is no day"),
        ("soon", "is no day"),
        (1234567, "is no day"),
        ("2025-04-20T02:00:00Z", "a time with a zone"),
        ("2025-13-45", "no day of the calendar"),
        (12, "is no day"),
    ],
)
def test_a_day_with_several_readings_or_none_is_refused(cell: object, why: str) -> None:
    found = cells.day(cell)
    assert found.value is None
    assert why in found.reason


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234.50", 1234.5), ("$1,234", 1234.0), ("USD 1,234.50", 1234.5), ("1234.5 USD", 1234.5), ("1 234.50", 1234.5),
        ("1'234.50", 1234.5), ("1234,50", 1234.5), ("1.5E+06", 1.5e6), ("1.234.567", 1234567.0), (12, 12.0), ("0", 0.0),
        ("1,234,567", 1234567.0),
    ],
)  # fmt: skip
def test_a_value_with_one_reading_is_read(cell: object, value: float) -> None:
    assert cells.amount(cell).value == value


@pytest.mark.parametrize("cell", ["1.234,50", "-5", "(1,234)", "EUR 5", "€5", "12k", "12,34,5", "abc", True, -1.0, float("inf"), "5%"])
def test_a_value_that_is_in_doubt_is_refused(cell: object) -> None:
    assert cells.amount(cell).value is None
    assert cells.amount(cell).reason


def test_a_decimal_comma_elsewhere_in_the_column_puts_thousands_in_doubt() -> None:
    frame = pd.DataFrame({"code": BATTERY, "value_usd": ["1234,50", "1,234", "1.234", "1.234,50"]})
    found = tariffs.price(frame, on=ON)
    assert list(found["read_value_usd"].notna()) == [True, False, False, True]
    assert "may be thousands" in found["note"][1]
    assert found["answer"].eq("answered").all()


def test_importers_by_row_and_rows_that_name_none() -> None:
    frame = pd.DataFrame({"code": ["850760", "1201.90", "1201.90", "1201.90"], "importer": ["us", "China", None, "DE"]})
    found = tariffs.price(frame, on="2025-11-20", importer="CN")
    assert list(found["read_importer"]) == ["US", "CN", "CN", ""]
    assert found["cn_s301_retaliation_frac"].notna().iloc[1]
    assert "no importer given" in found["repairs"][2]
    assert found["answer"][3] == "not answered"
    assert "must be US or CN, not 'DE'" in found["note"][3]


def test_a_row_without_a_day_is_answered_only_where_a_day_is_given_for_such_rows() -> None:
    frame = pd.DataFrame({"code": BATTERY, "on": ["2025-04-20", ""]})
    assert tariffs.price(frame)["note"][1].startswith("no day of entry is given")
    found = tariffs.price(frame, on=ON)
    assert list(found["answer"]) == ["answered", "answered"]
    assert "no day of entry given: 2025-06-09" in found["repairs"][1]


# The frame.


def test_rows_order_index_and_own_columns_stay_as_they_are() -> None:
    frame = pd.DataFrame(
        {"sku": ["b", "a", "c"], "code": [BATTERY, None, "x"], "value_usd": [1.5, 2.5, np.nan], "own": [[1], {}, None]}, index=[9, 3, 3]
    )
    before = frame.copy()
    found = tariffs.price(frame, on=ON)
    pd.testing.assert_frame_equal(found.iloc[:, :4], before)
    pd.testing.assert_frame_equal(frame, before)
    assert list(found["answer"]) == ["answered", "not answered", "not answered"]
    assert found["duty_usd"].iloc[0] == pytest.approx(round(1.5 * found["total_frac"].iloc[0], 2))


def test_layers_add_up_to_the_total() -> None:
    found = priced(list(tariffs.lines("US").codes[::200]), on="2026-08-20")
    layers = [name for name in found if name.endswith("_frac") and not name.startswith("total")]
    known = found["answer"].eq("answered")
    np.testing.assert_allclose(found.loc[known, layers].sum(axis="columns"), found.loc[known, "total_frac"], atol=1e-8)


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (pd.DataFrame({"a": [1], "b": [2]}), "no column named code.*'a', 'b'"),
        (pd.DataFrame({"HTS": [1], "HS code": [2]}), "'HTS' and 'HS code' may each be the column code"),
        (pd.DataFrame({"code": [1], "Entry date": [2], "date": [3]}), "may each be the column on"),
        (pd.DataFrame([[1, 2]], columns=["code", "code"]), "may each be the column code"),
        (pd.DataFrame({"code": [BATTERY], "total_frac": [1.0]}), "already has a column total_frac"),
        ([BATTERY], "must be a table"),
    ],
)
def test_a_frame_that_is_in_doubt_is_refused_with_a_sentence(frame: object, why: str) -> None:
    with pytest.raises(ParameterError, match=why):
        tariffs.price(frame)


@pytest.mark.parametrize("options", [{"importer": "DE"}, {"standing": "rumour"}, {"as_of": "soon"}, {"on": "2025-13-01"}])
def test_a_wrong_option_is_a_sentence(options: dict) -> None:
    with pytest.raises(TradelibError, match="must be"):
        tariffs.price(pd.DataFrame({"code": [BATTERY]}), **options)


def test_headers_as_people_write_them_are_found_and_said() -> None:
    found = lists.find_columns(["SKU", "HTS Code", "Entry Date", "Customs Value (USD)", "Importer"])
    assert found.places == {"code": 1, "on": 2, "value_usd": 3, "importer": 4}
    assert len(found.said) == 4
    assert lists.find_columns(["Code", "code"]).places == {"code": 1}


def test_an_empty_frame_has_the_columns_and_no_rows() -> None:
    found = tariffs.price(pd.DataFrame({"code": pd.Series([], dtype="str")}))
    assert len(found) == 0
    assert set(tariffs.PRICED_COLUMNS) <= set(found.columns)


@pytest.mark.parametrize("dtype", ["str", object, "category", "string[pyarrow]"])
def test_any_type_of_column_is_read(dtype: object) -> None:
    frame = pd.DataFrame(
        {"code": pd.Series([BATTERY, None, "8471.60.1010"], dtype=dtype), "value_usd": pd.Series([1, None, 3], dtype="Int64")}
    )
    found = tariffs.price(frame, on=ON)
    assert list(found["answer"]) == ["answered", "blank", "answered"]
    assert found["duty_usd"].notna().tolist() == [True, False, True]


# A list of 300 goods as an importer has it.


def synthetic() -> pd.DataFrame:
    """300 goods that were entered from 2018 to 2026, in eleven kinds of spelling, with what was done to each."""
    rng = np.random.default_rng(20)
    lines = tariffs.lines("US")
    known = ~np.isnan(lines.mfn(LATEST)) & (np.char.str_len(lines.codes) == 10) & (lines.codes.astype("U2") < "98")
    trade = np.where(known, lines.weights["2024"], 0.0)
    codes = rng.choice(lines.codes, 300, replace=False, p=trade / trade.sum())
    early = rng.choice(lines.codes[known & (lines.codes.astype("U1") == "0")], 9, replace=False)
    kinds = (
        ["plain"] * 181 + ["suffix"] * 13 + ["float"] * 20 + ["scientific"] * 20 + ["old"] * 10 + ["zero"] * 9 + ["blank"] * 9
        + ["label"] * 10 + ["spaces"] * 10 + ["eight"] * 15 + ["nonsense"] * 3
    )  # fmt: skip
    old = ["8517.12.0050", "8507.80.8100", "8517.62.0050", "8525.80.3010", "8528.72.6420", "8541.40.6020", "8504.40.9510", "8471.49.0000",
           "9503.00.0013", "8517.70.0000"]  # fmt: skip
    days = pd.date_range("2018-01-02", LATEST)
    rows = []
    for number, kind in enumerate(kinds):
        code = str(codes[number])
        day = days[rng.integers(0, len(days))]
        written = {
            "plain": f"{code[:4]}.{code[4:6]}.{code[6:]}",
            "suffix": code[:8] + "97",
            "float": f"{code}.0",
            "scientific": f"{float(code):.{rng.integers(5, 8)}E}".replace("E+0", "E+0"),
            "old": old.pop() if kind == "old" else "",
            "zero": str(int(early[-1])) if kind == "zero" else "",
            "blank": None,
            "label": f"HTS {code[:4]}.{code[4:6]}.{code[6:]}",
            "spaces": f"{code[:4]} {code[4:6]} {code[6:]}",
            "eight": code[:8],
            "nonsense": "to be classified",
        }[kind]
        if kind == "zero":
            early = early[:-1]
        text_day = [f"{day:%Y-%m-%d}", f"{day:%d %b %Y}", str((day - pd.Timestamp("1899-12-30")).days)][number % 3]
        value = float(np.round(rng.uniform(1e3, 1e5), 2))
        rows.append({"sku": number, "HTS code": written, "Entry date": text_day, "Value": f"${value:,.2f}", "kind": kind})
    frame = pd.DataFrame(rows)
    frame.loc[frame["kind"].eq("blank"), ["sku", "Entry date", "Value"]] = None
    return frame.sample(frac=1.0, random_state=3).reset_index(drop=True)


def test_a_list_of_300_goods_comes_back_whole_and_marked() -> None:
    goods = synthetic()
    kinds = goods["kind"]
    found = tariffs.price(goods.drop(columns="kind"), as_of=LATEST)
    assert len(found) == 300
    pd.testing.assert_frame_equal(found.iloc[:, :4], goods.drop(columns="kind"))
    assert found.loc[kinds.eq("blank"), "answer"].eq("blank").all()
    refused = found["answer"].eq("not answered")
    assert found.loc[refused, "note"].ne("").all()
    assert refused[kinds.eq("nonsense")].all()
    answerable = ~kinds.isin(["blank", "nonsense"])
    values = found["read_value_usd"]
    assert values[answerable].notna().all()
    answered = found["answer"].isin(["answered", "range"])
    assert values[answered & answerable].sum() >= 0.95 * values[answerable].sum()
    repaired = kinds.isin(["suffix", "float", "scientific", "zero", "label", "spaces"])
    assert found.loc[repaired & answered, "repairs"].ne("").all()


# Files.


def csv_of(text: str, encoding: str = "utf-8") -> lists.Listed:
    return lists.read(None, data=text.encode(encoding))


@pytest.mark.parametrize(
    ("text", "encoding", "rows"),
    [
        ("code,on\n8507.60.0020,2025-06-09\n", "utf-8", 1),
        ("code;on\n8507.60.0020;2025-06-09\n;\n8471.60;2025-06-09\n", "utf-8", 3),
        ("code\ton\r\n8507.60.0020\t2025-06-09\r\n", "utf-8-sig", 1),
        ("code|on\n8507.60.0020|2025-06-09\n", "utf-16", 1),
        ("sep=;\ncode;on\n8507.60.0020;2025-06-09\n", "utf-8", 1),
        ("Goods of the year\n\ncode,on\n8507.60.0020,2025-06-09\n", "utf-8", 1),
        ("code,name\n8507.60.0020,Müller\n", "cp1252", 1),
        ('code\n"8507.60.0020"\n\n\n8471.60\n\n', "utf-8", 4),
    ],
)
def test_csv_in_many_dialects(text: str, encoding: str, rows: int) -> None:
    found = csv_of(text, encoding)
    assert len(found.frame) == rows
    assert found.frame.iloc[0, 0] == BATTERY


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"a,b\n1,2\n", "no column named code"),
        (b"PK\x03\x04rest", "is a workbook"),
        (b"code\n\x00\x01", "is no text"),
        (b'code,x\n"8507,1\n2,3\n', "quotation mark"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(TradelibError, match=why):
        lists.read(None, data=data)


def test_a_row_with_a_cell_too_many_is_kept_and_not_trusted() -> None:
    found = csv_of("code,value_usd,note\n8507.60.0020,1,234.50,x\n8471.60.1010,5,y\n")
    assert list(found.frame.iloc[0]) == ["8507.60.0020", "1", "234.50", "x"]
    answered = tariffs.price_list(found.frame, refused=found.refused)
    assert list(answered.column("answer")) == ["not answered", "answered"]
    assert "4 cells and the list 3 columns" in answered.column("note").iloc[0]


def test_own_columns_may_share_a_name_and_may_bear_one_of_ours() -> None:
    found = csv_of("note,code,x,x,total_frac\nours?,8507.60.0020,1,2,theirs\n")
    answered = tariffs.price_list(found.frame)
    assert list(answered.rows.columns[:5]) == ["note", "code", "x", "x", "total_frac"]
    assert list(answered.rows.iloc[0, :5]) == ["ours?", BATTERY, "1", "2", "theirs"]
    assert "tradelib_total_frac" in answered.rows
    assert "note, total_frac" in answered.said[0]


def workbook(rows: list[list], **more: list[list]) -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, other in more.items():
        sheet = book.create_sheet(title)
        for row in other:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_workbook(tmp_path, data: bytes, **options: object) -> lists.Listed:
    path = tmp_path / "list.xlsx"
    path.write_bytes(data)
    return lists.read(path, **options)


def test_a_workbook_gives_numbers_days_text_and_formulas_without_a_value(tmp_path) -> None:
    rows = [["Codes of 2025"], ["HTS", "Entry date", "Value"], [8507600020, datetime(2025, 6, 9), 100], [None, None, None]]  # noqa: DTZ001
    rows += [["8471.60.1010", "4/20/2025", "=1+1"], ["=A3", datetime(2025, 6, 9), 5]]  # noqa: DTZ001
    found = read_workbook(tmp_path, workbook(rows))
    assert len(found.frame) == 4
    answered = tariffs.price_list(found.frame, refused=found.refused)
    assert list(answered.column("answer")) == ["answered", "blank", "answered", "not answered"]
    assert answered.column("duty_usd").notna().tolist() == [True, False, False, False]
    assert any("2 formulas without a stored value" in said for said in found.said)


def test_a_workbook_with_two_lists_asks_which(tmp_path) -> None:
    data = workbook([["code"], ["850760"]], Other=[["code"], ["847160"]], Notes=[["nothing"]])
    with pytest.raises(ListError, match="choose one with --sheet"):
        read_workbook(tmp_path, data)
    assert read_workbook(tmp_path, data, sheet="Other").frame.iloc[0, 0] == "847160"
    with pytest.raises(ListError, match="no sheet 'None such'"):
        read_workbook(tmp_path, data, sheet="None such")


def test_a_sheet_whose_names_stand_too_far_below_is_refused_in_a_sentence(tmp_path) -> None:
    """Names of columns are looked for in the first twenty rows."""
    rows = [*[[None]] * 25, ["code"], ["9503.00.00"]]
    with pytest.raises(ParameterError, match="no column named code"):
        read_workbook(tmp_path, workbook(rows), sheet="Sheet")
    assert read_workbook(tmp_path, workbook(rows[10:]), sheet="Sheet").frame["code"].tolist() == ["9503.00.00"]


@pytest.mark.parametrize("ending", [".xlsx", ".parquet"])
def test_a_damaged_file_is_refused(tmp_path, ending: str) -> None:
    pytest.importorskip("openpyxl")
    path = tmp_path / f"list{ending}"
    path.write_bytes(b"no such file")
    with pytest.raises(ListError, match="is damaged"):
        lists.read(path)


def test_an_unknown_ending_names_the_ones_that_are_read(tmp_path) -> None:
    for name, why in (("a.xls", "save it in a spreadsheet as .xlsx"), ("a.pdf", "a list ends in .csv")):
        with pytest.raises(ListError, match=why):
            lists.read(tmp_path / name)


def test_csv_for_a_spreadsheet_runs_nothing_and_numbers_stay() -> None:
    frame = pd.DataFrame({"=head": ["=1+1", "+cmd", "-5", "+1.5", "@x", "plain", "\t=2"]})
    text, changed = lists.csv_text(frame)
    assert text.splitlines() == ["'=head", "'=1+1", "'+cmd", "-5", "+1.5", "'@x", "plain", "'\t=2"]
    assert changed == 5


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet", ".json"])
def test_what_is_written_is_read_again(command: Callable[..., Done], tmp_path, ending: str) -> None:
    if ending == ".xlsx":
        pytest.importorskip("openpyxl")
    source = tmp_path / "list.csv"
    source.write_text(f"sku,code,value_usd\n=A,{BATTERY},100\n007,nonsense,5\n", encoding="utf-8")
    target = tmp_path / f"out{ending}"
    done = command(str(source), "--on", ON, "--output", str(target))
    assert done.returncode == 0, done.stderr
    assert b"1 answered" in done.stdout
    if ending == ".json":
        rows = json.loads(target.read_text(encoding="utf-8"))["rows"]
        back = pd.DataFrame(rows)
    elif ending == ".parquet":
        back = pd.read_parquet(target)
    elif ending == ".csv":
        back = pd.read_csv(target, dtype={"sku": "str"})
    else:
        back = pd.read_excel(target, dtype={"sku": "str"})
    assert list(back["sku"]) == [("'=A" if ending == ".csv" else "=A"), "007"]
    assert back["total_frac"].iloc[0] == pytest.approx(0.409)
    assert len(back) == 2


def test_the_command_reads_standard_input_and_tells_what_is_not_answered(command: Callable[..., Done]) -> None:
    text = f'HTS code,Entry date,Value\n{BATTERY},2025-06-09,"1,000"\nnonsense,2025-06-09,5\n,,\n'
    words = [sys.executable, "-m", "tradelib", "price", "-", "--format", "csv"]
    done = subprocess.run(words, input=text.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == command("-", "--format", "csv", stdin=text.encode())
    assert done.returncode == 0
    rows = pd.read_csv(io.BytesIO(done.stdout))
    assert list(rows["answer"]) == ["answered", "not answered", "blank"]
    assert b"1 not answered" in done.stderr
    told = json.loads(command("-", "--format", "json", stdin=text.encode()).stdout)
    assert told["summary"]["duty_usd"] == pytest.approx(409.0)
    assert told["summary"]["value_not_answered_usd"] == 5.0
    assert len(told["rows"]) == 3
    shares = [item["share_frac"] for item in told["summary"]["families"]]
    assert sum(shares) == pytest.approx(1.0)
    assert BATTERY.encode() in command("-", stdin=text.encode()).stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "status"),
    [
        (["-"], b"code\nnonsense\n", 1),
        (["-"], b"code\n", 1),
        (["-"], b"", 2),
        (["-"], b"a,b\n1,2\n", 2),
        (["missing.csv"], b"", 2),
        (["-", "--output", "list.pdf"], b"code\n850760\n", 2),
        (["-", "--scenario", "no_such"], b"code\n850760\n", 2),
        (["-", "--scenario", "truce_lapses", "--standing", "stated"], b"code\n850760\n", 2),
        (["-", "--scenario", "truce_lapses"], b"code\n850760\n", 0),
    ],
)
def test_status_of_the_command(command: Callable[..., Done], arguments: list[str], stdin: bytes, status: int) -> None:
    done = command(*arguments, stdin=stdin)
    assert done.returncode == status, done.stderr
    assert b"Traceback" not in done.stderr


def test_the_list_itself_is_never_written_over(command: Callable[..., Done], tmp_path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("code\n850760\n", encoding="utf-8")
    done = command(str(path), "--output", str(path))
    assert done.returncode == 2
    assert path.read_text(encoding="utf-8") == "code\n850760\n"
