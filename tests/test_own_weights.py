"""Products of several codes, and weights of one's own for them."""

import json
import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tradelib import exposure, own_weights, tables, tariffs
from tradelib.cli import main
from tradelib.errors import ParameterError, TradelibError
from tradelib.phrases import product_words

EIGHT = ["8507.60", "8471.30", "9503", "8517.13", "8528.72", "6110.20", "9403.60", "3926.90"]


def listed(folder: Path, text: str) -> str:
    path = folder / "weights.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def chosen(codes: list[str], weights_file: str = "", importer: str = "US") -> exposure.Product:
    return exposure.chosen(basket="", codes=codes, importer=importer, weights_file=weights_file)


def test_a_title_names_three_codes_and_of_more_two_and_how_many() -> None:
    assert chosen(EIGHT[:1]).title == "Goods of 8507.60"
    assert chosen(EIGHT[:3]).title == "Goods of 8507.60, 8471.30 and 9503"
    product = chosen(EIGHT)
    assert product.title == "Goods of 8507.60, 8471.30 and 6 more codes"
    assert all(code in product_words.note(product) for code in EIGHT)


def test_values_of_ones_own_weight_the_mean(tmp_path: Path) -> None:
    path = listed(tmp_path, 'HTS code,Value\n8507.60.0010,"$3,000"\n6110.20.2079,1000\n')
    product = chosen([], path)
    table = exposure.duties(product, on="2025-06-09", as_of="2025-06-09")
    rates = [
        tariffs.explain(code, on="2025-06-09", importer="US", as_of="2025-06-09").total_frac for code in ("8507.60.0010", "6110.20.2079")
    ]
    assert exposure.duty(table).mean_frac == pytest.approx(0.75 * rates[0] + 0.25 * rates[1])
    assert product_words.weights(product) == "values of your own"
    assert product.values_usd.sum() == pytest.approx(4000)


def test_a_value_for_a_short_code_is_spread_over_its_lines_like_trade(tmp_path: Path) -> None:
    own = own_weights.from_file(listed(tmp_path, "code,value_usd\n9503,100\n"), "US")
    trade = chosen(["9503"])
    np.testing.assert_allclose(own.values_usd[trade.lines] / 100, trade.values_usd / trade.values_usd.sum())


def test_the_content_of_the_file_matters(tmp_path: Path) -> None:
    first = chosen(["9503", "8507.60"], listed(tmp_path, "code,value_usd\n9503,9\n8507.60,1\n")).values_usd
    second = chosen(["9503", "8507.60"], listed(tmp_path, "code,value_usd\n9503,1\n8507.60,9\n")).values_usd
    assert not np.allclose(first, second)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("code,price\n9503,1\n", "no column named value_usd; its columns are 'code', 'price'"),
        ("goods,value_usd\n9503,1\n", "no column named code"),
        ("code,value_usd\n9503,\n", "row 1 of 1: it has no value"),
        ("code,value_usd\n9503,5\nnonsense,1\n", "row 2 of 2: the code 'nonsense'"),
        ("code,value_usd\n9503,0\n", "add up to nothing"),
        ("code,value_usd\n8507.60,5\n", "do not fall on the product"),
        ("", "is empty"),
    ],
)
def test_a_file_that_cannot_weight_is_refused_with_a_sentence(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(TradelibError, match=why):
        chosen(["9503"], listed(tmp_path, text))


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TradelibError, match="cannot be read"):
        chosen(["9503"], str(tmp_path / "none.csv"))


def test_chinese_duties_take_own_values_by_subheading(tmp_path: Path) -> None:
    product = chosen([], listed(tmp_path, "code,value_usd\n1201.90.20,5\n"), "CN")
    assert product.codes == ("120190",)
    assert product.values_usd.sum() == pytest.approx(5)
    with pytest.raises(ParameterError, match="do not fall"):
        chosen(["8507.60"], listed(tmp_path, "code,value_usd\n120190,5\n"), "CN")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("HTS code;Customs value\n9503;5\nnonsense;1\n", "row 2 of 2: the code 'nonsense'"),
        ("code,value_usd\n9503,\n", "row 1 of 1: it has no value"),
        ("code,value_usd\n9503,much\n", "row 1 of 1: .*the value 'much'"),
        ("code,value_usd\n9503,5\n8507.60,5\nTOTAL,10\n", "row 3 of 3: the row looks like a total"),
        ("code,value_usd,importer\n9503,5,US\n120190,5,CN\n", "row 2 of 2: its importer is CN"),
        ("code,price\n9503,1\n", "no column named value_usd; its columns are 'code', 'price'"),
        ("code,value_usd\n9503,1,234\n", "row 1 of 1: the row has 3 cells"),
    ],
)
def test_weights_of_an_average_name_the_row_that_cannot_be_read(tmp_path: Path, capsys, text: str, why: str) -> None:
    assert main(["average", "--weights", listed(tmp_path, text)]) == 2
    assert re.search(why, capsys.readouterr().err)


def test_weights_of_an_average_are_read_as_a_list_of_goods(tmp_path: Path, capsys) -> None:
    plain = listed(tmp_path, "code,value_usd\n9503,3000\n0306.17,1000\n0101.99,1000\n")
    assert main(["average", "--weights", plain, "--on", "2025-06-09", "--format", "json"]) == 0
    expected = json.loads(capsys.readouterr().out)
    assert expected["unmatched_codes"] == ["010199"]
    written = listed(tmp_path, 'sku;HTS code;Value;Entry date\n1;HTS 9503;"$3,000.00";soon\n2;306.17;1000;\n;;;\n3;0101.99;1000;\n')
    assert main(["average", "--weights", written, "--on", "2025-06-09", "--format", "json"]) == 0
    answer = capsys.readouterr()
    assert json.loads(answer.out) == expected
    assert "The column 'HTS code' is read as code." in answer.err


def test_weights_may_stand_in_a_workbook(tmp_path: Path, capsys) -> None:
    pytest.importorskip("openpyxl")
    path = tmp_path / "weights.xlsx"
    pd.DataFrame({"code": ["9503"], "value_usd": [5]}).to_excel(path, index=False)
    assert main(["average", "--weights", str(path), "--on", "2025-06-09"]) == 0
    assert "weighted with trade of your own" in capsys.readouterr().out


def test_two_columns_that_are_not_there_are_missing() -> None:
    with pytest.raises(ParameterError, match="code and value_usd are missing"):
        tariffs.weighting(pd.DataFrame({"a": [1]}), importer="US")
    with pytest.raises(ParameterError, match="value_usd is missing"):
        tariffs.weighting(pd.DataFrame({"code": ["9503"]}), importer="US")


def test_exclusions_of_china_are_no_measure_of_the_united_states(capsys) -> None:
    for importer, there in (("US", False), ("CN", True)):
        assert main(["average", "--importer", importer]) == 0
        assert ("as the WTO counts them" in capsys.readouterr().out) is there
        assert np.isnan(tariffs.averages(importer=importer, on=["2026-10-09"])["granted_frac"][0]) is np.bool_(not there)
    rows = {side: tariffs.averages(importer=side, on=["2026-10-09"]).iloc[0] for side in ("US", "CN")}
    announcements = tariffs.announcements(as_of="2026-10-09")
    table = tables.measures(rows, announcements, on=date(2026, 10, 9))
    row = table.data[table.data["title"].str.contains("as the WTO counts")].iloc[0]
    assert np.isnan(row["US_frac"])
    assert row["CN_frac"] > 0
