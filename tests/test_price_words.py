"""What a priced list says: suppositions, sums by government, amounts a unit, ends of ranges, totals that people add."""

import json

import numpy as np
import pandas as pd
import pytest

from tradelib import catalogue, scenarios, tariffs, wording
from tradelib.cli import main
from tradelib.errors import ParameterError
from tradelib.terminal import price_summary

LATEST = catalogue.edition().evidence_through
BATTERY = "8507.60.0030"


def priced(capsys: pytest.CaptureFixture[str], tmp_path, text: str, *asked: str) -> str:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    assert main(["price", str(path), *asked]) == 0
    return capsys.readouterr().out


# Suppositions.


def test_prices_of_a_scenario_say_that_they_are_supposed(capsys, tmp_path) -> None:
    title = scenarios.load("truce_lapses").title
    text = f"code,value_usd\n{BATTERY},1000\n1201.90,\n"
    shown = priced(capsys, tmp_path, text, "--scenario", "truce_lapses", "--on", "2026-12-01").splitlines()
    assert shown[0] == shown[-1] == f"Supposed: {title}"
    assert "scheduled" not in "\n".join(shown)
    assert "truce_lapses" in " ".join(shown)
    answer = json.loads(priced(capsys, tmp_path, text, "--scenario", "truce_lapses", "--on", "2026-12-01", "--format", "json"))
    assert {row["scenario"] for row in answer["rows"]} == {"truce_lapses"}
    assert {row["state"] for row in answer["rows"]} == {"supposed"}
    assert (answer["scenario"], answer["scenario_title"]) == ("truce_lapses", title)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet", ".json"])
def test_a_file_of_a_scenario_names_it_in_every_row(capsys, tmp_path, ending: str) -> None:
    if ending == ".xlsx":
        pytest.importorskip("openpyxl")
    target = tmp_path / f"out{ending}"
    said = priced(capsys, tmp_path, f"code\n{BATTERY}\n", "--scenario", "status_quo", "--output", str(target))
    assert said.startswith("Supposed: ")
    readers = {".csv": pd.read_csv, ".xlsx": pd.read_excel, ".parquet": pd.read_parquet}
    back = readers[ending](target) if ending in readers else pd.DataFrame(json.loads(target.read_text(encoding="utf-8"))["rows"])
    assert list(back["scenario"]) == ["status_quo"]
    assert list(back["state"]) == ["supposed"]


def test_the_library_names_the_scenario_that_it_is_told() -> None:
    rates = scenarios.schedule(scenarios.load("truce_lapses"), as_of=LATEST)
    frame = pd.DataFrame({"code": [BATTERY], "on": ["2026-12-01"]})
    assert tariffs.price(frame, rates=rates, scenario="mine")[["scenario", "state"]].iloc[0].tolist() == ["mine", "supposed"]
    unnamed = tariffs.price(frame, rates=rates)
    assert "scenario" not in unnamed
    assert unnamed["state"].iloc[0] == "supposed"
    assert tariffs.explain(BATTERY, on="2026-12-01", importer="US", rates=rates).state == "supposed"
    assert tariffs.price(frame)["state"].iloc[0] == "scheduled"
    with pytest.raises(ParameterError, match="rates of the scenario 'mine' are not given"):
        tariffs.price(frame, scenario="mine")


def test_a_column_scenario_of_ones_own_stays(capsys, tmp_path) -> None:
    text = f"code,scenario\n{BATTERY},own\n"
    row = json.loads(priced(capsys, tmp_path, text, "--scenario", "truce_lapses", "--format", "json"))["rows"][0]
    assert (row["scenario"], row["tradelib_scenario"]) == ("own", "truce_lapses")


# Two governments.

BOTH = f"code,value_usd,importer\n{BATTERY},1000,US\n6109.10.0012,500,US\n1201.90,700,CN\n8507.60,5,DE\n"


def test_what_two_governments_collect_is_never_summed(capsys, tmp_path) -> None:
    answer = json.loads(priced(capsys, tmp_path, BOTH, "--on", "2026-10-09", "--format", "json"))
    told, rows = answer["summary"], answer["rows"]
    assert all(told[name] is None for name in ("value_usd", "duty_usd", "duty_low_usd", "duty_high_usd", "rate_frac", "mean_frac"))
    assert told["families"] == []
    assert [item["importer"] for item in told["importers"]] == ["US", "CN", ""]
    for item in told["importers"][:2]:
        own = [row for row in rows if row["read_importer"] == item["importer"]]
        assert item["duty_usd"] == pytest.approx(sum(row["duty_usd"] for row in own))
        assert item["rate_frac"] == pytest.approx(item["duty_usd"] / sum(row["value_usd"] and float(row["value_usd"]) for row in own))
        assert sum(part["share_frac"] for part in item["families"]) == pytest.approx(1.0)
    assert told["importers"][2]["value_not_answered_usd"] == 5.0
    shown = priced(capsys, tmp_path, BOTH, "--on", "2026-10-09")
    assert "Duty of the United States, 2 rows:" in shown
    assert "Duty of China, 1 row:" in shown


def test_the_summary_of_two_governments_as_csv_has_a_row_for_each(capsys, tmp_path) -> None:
    target = tmp_path / "out.csv"
    shown = priced(capsys, tmp_path, BOTH, "--on", "2026-10-09", "--format", "csv", "--output", str(target))
    assert [line.split(",")[0] for line in shown.splitlines()] == ["importer", "US", "CN", ""]


def test_one_government_has_one_total(capsys, tmp_path) -> None:
    told = json.loads(priced(capsys, tmp_path, f"code,value_usd\n{BATTERY},1000\n", "--format", "json"))["summary"]
    assert told["importers"][0]["duty_usd"] == told["duty_usd"] > 0


# Rows that look like totals.


@pytest.mark.parametrize(
    "row", ["TOTAL,300,", "Grand Total:,300,", ",300,Total", ",300,Sub-total", ",300,", "Total customs value,300,", "合计,300,", "Totals,,"]
)
def test_a_row_that_looks_like_a_total_is_said_and_not_summed(capsys, tmp_path, row: str) -> None:
    text = f"code,value_usd,what\n{BATTERY},100,a\n{BATTERY},200,b\n{row}\n"
    answer = json.loads(priced(capsys, tmp_path, text, "--format", "json"))
    assert answer["summary"]["value_usd"] == 300.0
    assert answer["summary"]["looks_like_total"] == 1
    assert answer["rows"][2]["answer"] == "not answered"
    assert "looks like a total" in answer["rows"][2]["note"]
    assert "1 row looks like a total, and is in no sum." in priced(capsys, tmp_path, text)


@pytest.mark.parametrize("row", [",299,", ",300,summer dresses", "nonsense,300,", f"{BATTERY},300,Total", ",,remark"])
def test_a_row_that_is_no_total_keeps_its_value(capsys, tmp_path, row: str) -> None:
    text = f"code,value_usd,what\n{BATTERY},100,a\n{BATTERY},150,b\n{row}\n"
    told = json.loads(priced(capsys, tmp_path, text, "--format", "json"))["summary"]
    assert told["looks_like_total"] == 0


def test_subtotals_and_their_total_are_all_left_out() -> None:
    frame = pd.DataFrame({"code": [BATTERY, BATTERY, None, BATTERY, BATTERY, "", None], "value_usd": [1.0, 2.0, 3.0, 4.0, 5.0, 9.0, 12.0]})
    assert np.nansum(tariffs.price(frame)["read_value_usd"]) == 12.0


# Words.


def test_the_table_has_titles_of_families_and_a_day_in_words(capsys, tmp_path) -> None:
    shown = priced(capsys, tmp_path, f"code,value_usd\n{BATTERY},1000\n", "--on", "2026-10-09")
    assert f"As known on {wording.day(LATEST)}." in shown
    assert "mfn" not in shown
    assert "s301_lists" not in shown
    assert tariffs.family_titles()["s301_lists"] in shown.split("Customs value")[0]


@pytest.mark.parametrize(("fraction", "said"), [(0.0001, "< 0.1%"), (0.0, "0%"), (0.0006, "0.1%"), (0.25, "25%")])
def test_a_share_that_is_there_is_never_nothing(fraction: float, said: str) -> None:
    assert price_summary.share(fraction).replace(wording.THIN, " ") == said


# Amounts a unit, and the ends of ranges.


@pytest.mark.parametrize(("code", "least", "amount"), [("0201.10.0510", 0.375, "4.4¢/kg"), ("0402.29.5000", 0.524, "$1.104/kg")])
def test_a_general_rate_with_an_amount_a_unit_gives_the_least_duty(code: str, least: float, amount: str) -> None:
    """HTS 2025: beef carcasses 4.4¢/kg, milk powder $1.104/kg + 14.9%; 7.5 + 20 + 10 points on goods of China on 9 June 2025."""
    row = tariffs.price(pd.DataFrame({"code": [code], "value_usd": [1000]}), on="2025-06-09").iloc[0]
    assert (row["answer"], row["total_low_frac"], row["duty_low_usd"]) == ("range", pytest.approx(least), pytest.approx(1000 * least))
    assert np.isnan([row["total_frac"], row["total_high_frac"], row["duty_usd"], row["duty_high_usd"], row["mfn_frac"]]).all()
    assert f"at least {100 * least:g}% and {amount}:" in row["note"]


def test_the_least_of_amounts_a_unit_is_that_of_explain() -> None:
    over = tariffs.lines("US")
    unknown = np.isnan(over.mfn("2025-06-09")) & np.isin(over.kinds, ("specific", "compound", "other"))
    codes = [str(code) for code in over.codes[unknown][::40]] + [str(code)[:4] for code in over.codes[unknown][::90]]
    found = tariffs.price(pd.DataFrame({"code": codes}), on="2019-10-01")
    assert found["answer"].eq("range").sum() > 20
    for row in found.to_dict("records"):
        stack = tariffs.explain(row["code"], on="2019-10-01", importer="US")
        if np.isnan(stack.total_low_frac):
            assert row["answer"] == "not answered"
            continue
        if "law leaves open" not in row["note"]:
            assert row["total_low_frac"] == pytest.approx(stack.total_low_frac), row
        assert row["total_low_frac"] <= stack.total_low_frac + 1e-9
        assert np.isnan(row["total_high_frac"]) == np.isnan(stack.total_high_frac)


def test_a_sum_with_amounts_a_unit_has_no_upper_end(capsys, tmp_path) -> None:
    text = f"code,value_usd\n0201.10.0510,1000\n{BATTERY},1000\n"
    told = json.loads(priced(capsys, tmp_path, text, "--on", "2025-06-09", "--format", "json"))["summary"]
    assert told["duty_high_usd"] is None
    assert told["range_open"] == 1
    assert told["duty_low_usd"] >= 375 + 0.2 * 1000
    shown = priced(capsys, tmp_path, text, "--on", "2025-06-09")
    assert "at least 37.5%" in shown
    assert f"at least ${told['duty_low_usd']:,.0f}" in shown


@pytest.mark.parametrize("code", ["0203", "0201", "2711"])
def test_two_ranges_of_one_row_say_what_each_is(code: str) -> None:
    row = tariffs.price(pd.DataFrame({"code": [code]}), on="2025-11-20", importer="CN").iloc[0]
    totals = tariffs.explain(code, on="2025-11-20", importer="CN")
    assert f"by line, its {len(totals.lines)} lines owe from {100 * totals.total_low_frac:.4g}%" in row["note"]
    low, high = (f"{100 * row[f'total_{end}_frac']:.4g}%" for end in ("low", "high"))
    assert row["total_low_frac"] < totals.total_low_frac
    assert "counting what the law leaves open (waivers" in row["note"]
    assert f": {low} to {high}" in row["note"]


def test_reasons_are_those_that_move_the_ends() -> None:
    china = tariffs.price(pd.DataFrame({"code": ["1201.90"], "on": ["2018-06-01"]}), importer="CN").iloc[0]
    assert "waiver" not in china["note"]
    us = tariffs.price(pd.DataFrame({"code": [BATTERY]}), on="2026-10-09").iloc[0]
    assert "counting what the law leaves open (goods covered in part, goods exempt in part): 28.4% to 53.4%" in us["note"]
    certain = tariffs.price(pd.DataFrame({"code": ["6109.10.0012"]}), on="2025-06-09").iloc[0]
    assert certain["total_low_frac"] == certain["total_high_frac"]
    assert "leaves open" not in certain["note"]


def test_a_list_without_days_enters_on_the_first_day_of_a_scenario(capsys, tmp_path) -> None:
    found = json.loads(priced(capsys, tmp_path, "code\n9503.00.0073\n", "--scenario", "april_2025", "--format", "json"))
    # 20 per cent for fentanyl and 125 reciprocal come back; the forced-labour duty of the day before is no country-wide duty of that April.
    assert (found["on"], found["rows"][0]["total_frac"], found["rows"][0]["state"]) == ("2026-10-10", 1.45, "supposed")


def test_a_row_before_a_scenario_is_the_laws_and_said(capsys, tmp_path) -> None:
    text = "code,on\n9503.00.0073,2025-06-09\n9503.00.0073,2026-12-01\n"
    found = json.loads(priced(capsys, tmp_path, text, "--scenario", "april_2025", "--format", "json"))
    assert [(row["total_frac"], row["state"]) for row in found["rows"]] == [(0.3, "in force"), (1.45, "supposed")]
    assert "The scenario begins on 10 October 2026: 1 row enters before, at the duty of the law." in found["said"]
