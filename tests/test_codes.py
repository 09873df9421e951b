"""What a code names: lines of today, old numbers and their heirs, whole lines, special provisions, slips."""

from datetime import date

import numpy as np
import pytest

from tradelib import catalogue, tariffs
from tradelib.errors import ParameterError
from tradelib.tariffs import codes

BEFORE_HS_2022 = date(2022, 1, 26)


@pytest.mark.parametrize(
    ("code", "on", "how", "names"),
    [
        ("8507.60.0030", None, codes.EXACT, ("8507600030",)),  # HTS 2026 Revision 2
        ("8507.60.00", None, codes.BELOW, ("8507600010", "8507600030", "8507600090")),
        ("8507.60.00", date(2026, 1, 31), codes.BELOW, ("8507600010", "8507600020")),
        ("8517.12.0050", None, codes.OLD, ("8517130000",)),
        ("8517.12.0050", BEFORE_HS_2022, codes.EXACT, ("8517120050",)),
        ("8517.12", None, codes.OLD, ("8517130000", "8517140020", "8517140080")),
        ("8703.80.0000", None, codes.WHOLE, ("8703800020", "8703800045", "8703800060", "8703800080")),
        ("8607.30.1000", date(2026, 8, 15), codes.OLD, ("8607301010", "8607301050", "8607301090")),
        ("9404.90.8505", None, codes.OLD, ("9404401000", "9404409005", "9404409022", "9404409023", "9404409036")),
    ],
)
def test_a_code_names_its_lines_on_the_day(code: str, on: date | None, how: str, names: tuple[str, ...]) -> None:
    found = tariffs.match(code, "US", on=on)
    assert (found.how, found.codes) == (how, names)


def test_smartphones_do_not_go_to_wired_telephones() -> None:
    found = tariffs.match("8517.12.0050", "US")
    assert not any(code.startswith("851718") for code in found.codes)
    assert "left the tariff on 27 January 2022" in found.note
    assert "8517.13.0000" in found.note


def test_two_last_digits_in_no_edition_are_refused_with_those_that_are() -> None:
    with pytest.raises(ParameterError, match=r"8703\.80\.0011.*8703\.80\.0020.*8-digit line 8703\.80\.00"):
        tariffs.match("8703.80.0011", "US")
    found = tariffs.match("8703.80.0011", "US", lenient=True)
    assert found.how == codes.WHOLE
    assert "No edition that we have has the number 8703.80.0011" in found.note


def test_a_code_that_never_was_is_refused_even_leniently() -> None:
    with pytest.raises(ParameterError, match=r"No US tariff line stands under 8599\.99\.9999"):
        tariffs.match("8599.99.9999", "US", lenient=True)
    with pytest.raises(ParameterError, match=r"No US tariff line stands under 9999\.99"):
        tariffs.match("9999.99", "US")


@pytest.mark.parametrize("code", ["9802.00.80", "9903.88.03", "9801.00.10", "9801.00.1010", "98", "9903.88.0300"])
def test_chapters_98_and_99_are_special_provisions(code: str) -> None:
    found = tariffs.match(code, "US")
    assert found.how == codes.SPECIAL
    assert not len(found.positions)
    assert "not modelled" in found.note


def test_what_is_known_of_a_special_provision_is_said() -> None:
    assert "General rate: Free." in tariffs.match("9801.00.10", "US").note
    assert "+ 25%" in tariffs.match("9903.88.03", "US").note


def test_many_codes_are_matched_as_one_is_and_none_is_lost() -> None:
    asked = ["8507.60.0030", "x", "8703.80.0011", "8517.12.0050", "9802.00.80"]
    found = tariffs.match_many(asked, "US", on=date(2026, 10, 9))
    assert [item.how for item in found] == [codes.EXACT, codes.NONE, codes.NONE, codes.OLD, codes.SPECIAL]
    assert "8507600030" in found[0].codes
    assert "x" in found[1].note


def test_chinese_codes_are_matched_too() -> None:
    assert tariffs.match("1201.90", "CN").how == codes.EXACT
    assert tariffs.match("12", "CN").how == codes.BELOW


def test_every_code_of_the_newest_edition_is_found() -> None:
    """The 19,738 ten-digit codes of chapters 1 to 97 of HTS 2026 Revision 10."""
    table = catalogue.load("hts_codes")
    numbers = table["code"].str.len().eq(10) & (table["code"] < "98") & table["evidence"].eq("schedule")
    stood = numbers & (table["ended_on"].isna() | table["ended_on"].gt("2026-06-30"))
    asked = table.loc[stood, "code"].tolist()
    assert len(asked) == 19738
    for day in (date(2025, 4, 20), date(2026, 10, 9)):
        assert all(len(item.positions) for item in tariffs.match_many(asked, "US", on=day))


def test_heirs_stand_in_the_tariff_and_no_code_follows_itself() -> None:
    table, held = catalogue.load("hts_successions"), catalogue.load("hts_codes")
    stand = set(held["code"]) | set(held["code"].str[:8])
    assert set(table["successor"]) <= stand
    assert not (table["code"] == table["successor"]).any()
    for code in table["code"].unique():
        assert code not in tariffs.codes.successions.heirs(code)


def test_a_ten_digit_code_has_the_general_rate_of_its_line() -> None:
    wide, narrow = tariffs.lines("US", digits=10), tariffs.lines("US")
    day = date(2026, 10, 9)
    by_line = dict(zip(narrow.codes.astype("U8"), narrow.mfn(day), strict=True))
    shared = [at for at, code in enumerate(wide.codes) if code[:8] in by_line]
    expected = np.array([by_line[wide.codes[at][:8]] for at in shared])
    assert np.array_equal(wide.mfn(day)[shared], expected, equal_nan=True)
    assert wide.weights["2024"].sum() == pytest.approx(narrow.weights["2024"][narrow.codes.astype("U2") < "98"].sum())


def test_the_measuring_set_stands_for_codes_without_trade_of_2024() -> None:
    held, positions = tariffs.find("8507.60.0030", "US")
    assert list(held.codes[positions]) == ["8507600020"]  # the number it came from
    with pytest.raises(ParameterError, match="not modelled"):
        tariffs.find("9903.88.03", "US")
