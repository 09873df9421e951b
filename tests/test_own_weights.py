"""Products of several codes, and weights of one's own for them."""

from pathlib import Path

import numpy as np
import pytest

from tradelib import exposure, own_weights, tariffs
from tradelib.errors import ParameterError, TradelibError

EIGHT = ["8507.60", "8471.30", "9503", "8517.13", "8528.72", "6110.20", "9403.60", "3926.90"]


def listed(folder: Path, text: str) -> str:
    path = folder / "weights.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def chosen(codes: list[str], weights_file: str = "", importer: str = "US") -> exposure.Product:
    return exposure.chosen(basket="toys", codes=codes, importer=importer, weights_file=weights_file)


def test_a_title_names_three_codes_and_of_more_two_and_how_many() -> None:
    assert chosen(EIGHT[:1]).title == "Goods of 8507.60"
    assert chosen(EIGHT[:3]).title == "Goods of 8507.60, 8471.30 and 9503"
    product = chosen(EIGHT)
    assert product.title == "Goods of 8507.60, 8471.30 and 6 more codes"
    assert all(code in product.note for code in EIGHT)


def test_values_of_ones_own_weight_the_mean(tmp_path: Path) -> None:
    path = listed(tmp_path, 'HTS code,Value\n8507.60.0010,"$3,000"\n6110.20.2079,1000\n')
    product = chosen([], path)
    table = exposure.duties(product, on="2025-06-09", as_of="2025-06-09")
    rates = [
        tariffs.explain(code, on="2025-06-09", importer="US", as_of="2025-06-09").total_frac for code in ("8507.60.0010", "6110.20.2079")
    ]
    assert exposure.duty(table).mean_frac == pytest.approx(0.75 * rates[0] + 0.25 * rates[1])
    assert product.weights_words == "values of your own"
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
