"""Rows of a frame as objects: the columns by name, in the order of the frame, and none of a frame without rows."""

from typing import NamedTuple

import pandas as pd
import pytest

from tradelib.rows import each


class Line(NamedTuple):
    code: str
    total_frac: float
    ends_on: pd.Timestamp


FRAME = pd.DataFrame(
    {"ends_on": pd.to_datetime(["2025-06-09", None]), "other": [1, 2], "total_frac": [0.3, 0.1], "code": ["9503", "0101"]}, index=[7, 3]
)


def test_rows_come_in_their_order_with_the_columns_that_are_asked_for() -> None:
    first, second = each(FRAME, Line)
    assert first == Line("9503", 0.3, pd.Timestamp("2025-06-09"))
    assert second[:2] == ("0101", 0.1)
    assert second.ends_on is pd.NaT


def test_a_frame_without_rows_may_lack_columns_and_another_may_not() -> None:
    assert list(each(pd.DataFrame(), Line)) == list(each(FRAME.head(0), Line)) == []
    with pytest.raises(KeyError, match="code"):
        list(each(FRAME.drop(columns="code"), Line))
