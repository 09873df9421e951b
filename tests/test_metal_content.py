"""The metal in a good: which duties fall on it alone, how much of the value it is taken to be, and how an answer says so."""

from datetime import date

import pytest

from tradelib import catalogue, tariffs

LATEST = catalogue.edition().evidence_through


def due(code: str, on: str, metal: float | None = None, as_of: date = LATEST) -> tariffs.Stack:
    """The stack of one code at one share of metal, or at the shares taken where none is given."""
    return tariffs.explain(
        code, on=date.fromisoformat(on), importer="US", as_of=as_of, assumptions=tariffs.Assumptions(metal_content_frac=metal)
    )


# Proclamation 10947 and CBP's messages 65236374 and 65236645: from 4 June 2025 whatever stands in chapters 73 and 76 and is under a metals
# duty pays on its steel or aluminium. The sums are 2.9 or 5.7 + 25 + 20 + 50 x metal + 10 x rest.
@pytest.mark.parametrize(
    ("code", "on", "metal", "total"),
    [
        ("7326.90.8688", "2025-07-01", 0.4, 0.739),
        ("7326.90.8688", "2025-07-01", None, 0.979),
        ("7326.90.8688", "2025-06-04", 0.4, 0.739),
        ("7326.90.8688", "2025-06-03", 0.4, 0.729),
        ("7326.90.8688", "2025-05-20", 0.4, 0.729),
        ("7326.90.8688", "2025-09-01", 0.4, 0.739),
        ("7326.90.8688", "2026-08-15", 0.4, 0.779),
        ("7304.39.0016", "2025-07-01", 0.9, 0.25 + 0.20 + 0.45 + 0.01),
        ("7304.39.0016", "2025-07-01", None, 0.95),
        ("7606.12.3091", "2025-07-01", 0.5, 0.03 + 0.25 + 0.20 + 0.25 + 0.05),
        ("7610.90.0080", "2025-07-01", 0.5, 0.057 + 0.25 + 0.20 + 0.25 + 0.05),
        ("7412.20.0035", "2025-09-01", 0.5, 0.03 + 0.25 + 0.20 + 0.25 + 0.05),
    ],
)
def test_goods_of_the_metal_chapters_pay_on_their_metal_from_4_june_2025(code: str, on: str, metal: float | None, total: float) -> None:
    assert due(code, on, metal).total_frac == pytest.approx(total)


@pytest.mark.parametrize("on", ["2025-05-20", "2025-07-01", "2025-12-01", "2026-04-05"])
def test_iron_and_steel_of_chapter_72_pays_on_its_full_value(on: str) -> None:
    assert due("7210.49.0091", on, 0.4).total_frac == pytest.approx(due("7210.49.0091", on).total_frac)


def test_the_change_of_basis_was_not_known_before_its_announcement() -> None:
    before, after = (due("7326.90.8688", "2025-07-01", 0.4, as_of=date(2025, 6, day)).total_frac for day in (2, 3))
    assert before == pytest.approx(0.729)
    assert after == pytest.approx(0.739)


@pytest.mark.parametrize(
    ("code", "on", "words"),
    [
        ("7326.90.8688", "2025-05-20", "the duty on its metal falls on the full value on this day"),
        ("7210.49.0091", "2025-07-01", "the duty on its metal falls on the full value on this day"),
        ("7326.90.8688", "2026-08-15", "the duty on its metal falls on the full value on this day"),
        ("8517.13.0000", "2025-07-01", "no duty on it falls on the metal alone on this day"),
    ],
)
def test_a_share_that_changes_nothing_is_said_to(code: str, on: str, words: str) -> None:
    said = [sentence for sentence in due(code, on, 0.4).not_modelled if "changes nothing" in sentence]
    assert len(said) == 1
    assert words in said[0]
    assert due(code, on, 0.4).total_frac == due(code, on).total_frac
    assert not any("changes nothing" in sentence for sentence in due(code, on).not_modelled)


def test_the_share_used_stands_in_the_layer() -> None:
    rows = due("7326.90.8688", "2025-07-01", 0.4).layers.set_index("measure_id")
    assert rows.loc["us_232_deriv_st_metal_chapter", "metal_content_frac"] == 0.4
    assert rows.loc["us_232_deriv_st_metal_chapter", "why"] == "on the metal content, given as 40 % of the value"
    assert rows["metal_content_frac"].drop("us_232_deriv_st_metal_chapter").isna().all()


def test_programmes_do_not_promise_a_value_that_changes() -> None:
    titles = catalogue.load("tariff_measures").set_index("measure_id")["programme"]
    assert not titles[titles.index.str.startswith("us_232_deriv")].str.contains("value|content").any()
