"""Lists that say what no duty follows: another origin, another currency, a second column of codes."""

import pandas as pd
import pytest

from tradelib import lists, tariffs

DAY = {"on": "2025-06-09", "as_of": "2025-06-09"}
TOY = "9503.00.0073"


def priced(importer: str = "US", **columns: list[object]) -> pd.DataFrame:
    names = {name.replace("_", " ") if name[0].isupper() else name: cells for name, cells in columns.items()}
    return tariffs.price(pd.DataFrame(names), importer=importer, **DAY)


def test_goods_of_another_origin_are_not_answered() -> None:
    rows = priced(code=[TOY] * 5, Country_of_origin=["VN", "Hong Kong", "China", "cn", None])
    assert rows["answer"].astype(str).tolist() == ["not answered", "not answered", "answered", "answered", "answered"]
    assert rows["note"].iloc[0] == "the origin is 'VN', and these are duties on goods of China"
    assert priced("CN", code=["847130"] * 2, origin=["US", "CN"])["answer"].astype(str).tolist() == ["answered", "not answered"]


@pytest.mark.parametrize("numbers", [[1000.0, 1000.0, 1000.0, 1000.0], ["1,000", "1000", "1000.00", "$1000"]])
def test_values_in_another_currency_are_in_no_sum(numbers: list[object]) -> None:
    rows = priced(code=[TOY] * 4, value_usd=numbers, Currency=["EUR", "usd", "", "CNY"])
    assert rows["duty_usd"].fillna(-1).tolist() == [-1, 300, 300, -1]
    assert rows["note"].iloc[0] == "its value is in 'EUR': give dollars"
    assert rows["total_frac"].tolist() == [0.3] * 4


def test_a_second_column_that_could_be_meant_is_named() -> None:
    assert lists.find_columns(["code", "HTS", "value_usd", "Customs value"]).said == (
        "The column 'code' is read, and not 'HTS', which could be meant as well.",
        "The column 'value_usd' is read, and not 'Customs value', which could be meant as well.",
    )
