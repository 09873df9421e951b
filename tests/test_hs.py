"""Codes of the Harmonized System: exact prefixes, clear errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradelib import hs
from tradelib.errors import ParameterError

digits = st.text("0123456789", min_size=2, max_size=10)


@pytest.mark.parametrize(
    ("written", "read"), [("7326.90.86.88", "7326908688"), ("7326.90.8688", "7326908688"), ("8517 13", "851713"), ("87", "87")]
)
def test_a_code_may_be_written_with_dots(written: str, read: str) -> None:
    assert hs.parse_code(written) == read
    assert hs.parse_code(hs.dotted(read)) == read


@pytest.mark.parametrize(
    "wrong", ["", "8", "851", "85171", "abcdef", "85-17", "85171300001", "0000", "7712", "\uff18\uff15\uff11\uff17", None, 8517]
)
def test_anything_else_is_refused(wrong: object) -> None:
    with pytest.raises(ParameterError, match=r"digits|Chapter"):
        hs.parse_code(wrong)


@given(st.lists(digits, unique=True, min_size=1), st.lists(digits, min_size=1))
def test_ranges_hold_exactly_the_codes_that_begin_with_the_prefix(codes: list[str], prefixes: list[str]) -> None:
    ordered = np.array(sorted(codes))
    first, past = hs.ranges(np.array(prefixes), ordered)
    for prefix, start, end in zip(prefixes, first, past, strict=True):
        assert list(ordered[start:end]) == [code for code in ordered if code.startswith(prefix)]


def test_a_padded_tariff_line_is_no_statistical_line() -> None:
    codes = np.array(["3004902000", "3004909244"])
    assert hs.under("30049020", codes) == slice(0, 1)
    assert hs.under("3004902001", codes) == slice(1, 1)


def test_every_chapter_has_its_section() -> None:
    codes = np.array([f"{chapter:02d}0000" for chapter in range(1, 100) if chapter != 77])
    names = dict(zip(codes, hs.sections(codes), strict=True))
    assert names["010000"].startswith("I ")
    assert names["850000"].startswith("XVI ")
    assert names["970000"].startswith("XXI ")
    assert set(names.values()) == set(hs.section_order())


def test_the_nearest_codes_share_the_longest_beginning() -> None:
    codes = np.array(["8517130000", "8517140000", "9503000000"])
    assert hs.nearest("8517139999", codes)[0] == "8517130000"
