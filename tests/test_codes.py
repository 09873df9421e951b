"""What a code names: lines of today, old numbers and their heirs, whole lines, special provisions, slips."""

import json
import re
from datetime import date, timedelta

import numpy as np
import pytest

from tradelib import catalogue, exposure, tariffs, wording
from tradelib.cli import options
from tradelib.errors import ParameterError
from tradelib.phrases import product_words
from tradelib.tariffs import codes
from tradelib.tariffs.membership import membership
from tradelib.terminal import answers

BEFORE_HS_2022 = date(2022, 1, 26)
LATEST = catalogue.edition().evidence_through


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


@pytest.mark.parametrize(
    ("code", "last", "heirs"),
    [
        # Proclamation 10326: the 2022 edition of the Harmonized System holds for entries from 27 January 2022 on.
        ("8517.12.0050", BEFORE_HS_2022, ("8517130000",)),
        # The numbers of lithium-ion batteries were changed for entries from 1 February 2026 on.
        ("8507.60.0020", date(2026, 1, 31), ("8507600030", "8507600090")),
    ],
)
def test_a_number_stands_to_its_last_day_and_its_heirs_from_the_next(code: str, last: date, heirs: tuple[str, ...]) -> None:
    then, next_day = tariffs.match(code, "US", on=last), tariffs.match(code, "US", on=last + timedelta(days=1))
    assert (then.how, then.codes, then.note) == (codes.EXACT, (code.replace(".", ""),), "")
    assert (next_day.how, next_day.codes) == (codes.OLD, heirs)
    assert wording.day(last + timedelta(days=1)) in next_day.note


def test_a_number_is_new_to_the_day_before_its_first() -> None:
    before, first = (tariffs.match("8507.60.0030", "US", on=day) for day in (date(2026, 1, 31), date(2026, 2, 1)))
    assert "stands in the tariff from 1 February 2026; before that day its goods were entered under 8507.60.0020" in before.note
    assert (first.how, first.codes, first.note) == (codes.EXACT, ("8507600030",), "")


@pytest.mark.parametrize(
    ("on", "stand"), [(date(2026, 1, 31), "8507.60.0010, 8507.60.0020"), (None, "8507.60.0010, 8507.60.0030, 8507.60.0090")]
)
def test_a_slip_is_told_the_numbers_that_stand_on_its_day(on: date | None, stand: str) -> None:
    with pytest.raises(ParameterError, match=rf"Under 8507\.60\.00 stand {re.escape(stand)};"):
        tariffs.match("8507.60.0011", "US", on=on)


@pytest.mark.parametrize("code", ["9903.88.99", "9802.99.00", "9903.99"])
def test_a_special_provision_that_never_was_is_refused(code: str) -> None:
    with pytest.raises(ParameterError, match=f"No US tariff line stands under {re.escape(code)}"):
        tariffs.match(code, "US")


def test_a_code_that_never_was_is_refused_even_leniently() -> None:
    with pytest.raises(ParameterError, match=r"No US tariff line stands under 8599\.99\.9999"):
        tariffs.match("8599.99.9999", "US", lenient=True)
    with pytest.raises(ParameterError, match=r"No US tariff line stands under 9999\.99"):
        tariffs.match("9999.99", "US")


def test_the_number_of_estimated_imports_is_no_line_and_is_no_slip() -> None:
    found = tariffs.match("9999.95.0000", "US")
    assert found.how == "special provision"
    assert "estimated" in found.note


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


# Ranges and amounts


def test_lines_that_owe_different_duties_give_a_range() -> None:
    """Batteries of electric vehicles pay the duty on vehicle parts; others the forced-labour duty of 12.5 per cent."""
    stack = tariffs.explain("8507.60", on=LATEST, importer="US", as_of=LATEST)
    assert np.isnan(stack.total_frac)
    assert (stack.total_low_frac, stack.total_high_frac) == (pytest.approx(0.409), pytest.approx(0.534))
    assert list(stack.groups["lines"]) == [("8507600030", "8507600090"), ("8507600010",)]
    assert stack.layers.empty


def test_one_duty_is_no_range() -> None:
    stack = tariffs.explain("8507.60.0030", on=LATEST, importer="US", as_of=LATEST)
    assert stack.total_low_frac == stack.total_frac == stack.total_high_frac == pytest.approx(0.409)


def test_an_amount_a_unit_stands_beside_the_percentage() -> None:
    """Cattle: 1 cent a kilogram; no imports from China tell its share of value."""
    stack = tariffs.explain("0102.29.4024", on=LATEST, importer="US", as_of=LATEST)
    assert np.isnan(stack.total_frac)
    assert np.isnan(stack.total_high_frac)
    assert stack.total_low_frac > 0
    assert stack.groups["specific"].tolist() == ["1¢/kg"]
    assert "and 1¢/kg  in total" in answers.rate(stack, "table")


def test_a_special_provision_is_answered_without_a_total() -> None:
    stack = tariffs.explain("9801.00.10", on=LATEST, importer="US", as_of=LATEST)
    assert np.isnan(stack.total_frac)
    assert stack.mfn_text == "Free"
    for form in options.FORMATS:
        assert answers.rate(stack, form)
    assert "not modelled" in answers.rate(stack, "table")


def test_a_range_prints_its_lines_in_every_form() -> None:
    stack = tariffs.explain("8507.60", on=LATEST, importer="US", as_of=LATEST)
    table = answers.rate(stack, "table")
    assert "From 40.9% to 53.4%" in table.replace("\u202f", " ")
    assert "8507.60.0010" in table
    held = json.loads(answers.rate(stack, "json"))
    assert held["total_frac"] is None
    assert (held["total_low_frac"], held["total_high_frac"]) == (0.409, 0.534)
    assert "8507600010" in answers.rate(stack, "csv")


def test_an_old_number_is_answered_by_its_own_lists_while_it_stood() -> None:
    """8517.12.00 was on list 4B, which never came into force; solar modules (8541.40.60) on list 2."""
    phone = tariffs.explain("8517.12.0050", on=date(2019, 10, 1), importer="US", as_of=LATEST)
    assert phone.lines == ("8517120050",)
    assert phone.total_frac == 0
    cells = tariffs.explain("8541.40.6035", on=date(2019, 10, 1), importer="US", as_of=LATEST)
    assert cells.total_low_frac >= 0.25


@pytest.mark.parametrize("code", ["8507.60", "8517.12", "8541406035", "87"])
@pytest.mark.parametrize("day", [date(2019, 10, 1), date(2025, 4, 20), LATEST])
def test_a_range_holds_every_line_within_it(code: str, day: date) -> None:
    stack = tariffs.explain(code, on=day, importer="US", as_of=LATEST)
    for line in stack.lines[:12]:
        one = tariffs.explain(line, on=day, importer="US", as_of=LATEST)
        if not np.isnan(one.total_frac) and not np.isnan(stack.total_high_frac):
            assert stack.total_low_frac - 1e-9 <= one.total_frac <= stack.total_high_frac + 1e-9


# Lists and numbers that changed


@pytest.mark.parametrize(
    ("code", "on", "rates"),
    [
        ("8607301000", "2025-12-01", {"s232": "some", "ieepa_reciprocal": "less"}),
        ("8607301000", "2026-08-15", {"s232": 0.25, "s301_forced_labour": 0.0}),
        ("9401999081", "2025-12-01", {"s232": "some"}),
    ],
)
def test_a_list_that_names_the_successors_covers_the_trade_of_the_old_number(code: str, on: str, rates: dict) -> None:
    """90 FR 40326 section C and HTS note 16(c)(vii) name 8607.30.1010, .1050 and .1090."""
    row = tariffs.line_rates(on=date.fromisoformat(on), importer="US", as_of=LATEST).loc[code]
    for family, rate in rates.items():
        if rate == "some":
            assert row[family] > 0
        elif rate == "less":
            assert 0 < row[family] < 0.10
        else:
            assert row[family] == pytest.approx(rate)


def test_the_old_number_owes_what_its_successors_do() -> None:
    rate = tariffs.line_rates(on=date(2026, 8, 15), importer="US", as_of=LATEST).loc["8607301000", "total_frac"]
    assert rate == pytest.approx(0.536)


@pytest.mark.parametrize(
    ("code", "scope"),
    [("9403608081", "s232_wood_cabinets"), ("8483905090", "s232_deriv_alum_aug2025_other"), ("8309900090", "s232_metals_annex_1b")],
)
def test_a_number_of_which_some_successors_are_listed_is_covered_in_part(code: str, scope: str) -> None:
    """9403.60.8093, 8483.90.5020 and 8309.90.0080 are listed, their siblings are not."""
    at, over = tariffs.lines("US").index.get_loc(code), membership("US")
    assert over.share(scope, on=LATEST, partial=False)[at] == 0
    assert over.share(scope, on=LATEST, partial=True)[at] == 1


@pytest.mark.parametrize("code", ["3801105010", "8507600090", "9401999085"])
def test_numbers_of_today_are_answered(code: str) -> None:
    stack = tariffs.explain(code, on=date(2026, 8, 15), importer="US", as_of=LATEST)
    assert not np.isnan(stack.total_frac)


def test_a_line_lost_from_one_file_has_its_general_rate() -> None:
    """4420.19.00.00: 3.2 per cent (HTS 2025 Revision 5 on)."""
    held = tariffs.lines("US")
    assert held.mfn(LATEST)[held.index.get_loc("4420190000")] == pytest.approx(0.032)


def test_the_page_of_a_product_says_which_lines_stand_for_its_code() -> None:
    product = exposure.chosen(basket="", codes=["8507.60.0030"], importer="US")
    said = product_words.note(product)
    assert "Our data have no trade of 2024 under 8507.60.0030" in said
    assert "8507.60.0020" in said
    assert product_words.note(exposure.chosen(basket="", codes=["8507.60"], importer="US")) == ""
