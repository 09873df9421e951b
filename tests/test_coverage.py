"""Which goods of a listed line a duty reaches: by the text of the line, and by what every country-wide action leaves out."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import DAYS

from tradelib import catalogue, tariffs
from tradelib.errors import TradelibError
from tradelib.tariffs import line_texts
from tradelib.tariffs.membership import membership

LATEST = catalogue.edition().evidence_through
HALF = tariffs.Assumptions(metal_content_frac=0.5)
FAMILIES = {"fent": "ieepa_fentanyl", "recip": "ieepa_reciprocal", "s122": "s122", "fl": "s301_forced_labour", "s232": "s232"}

# Worked out line by line from the legal texts, at a metal share of one half: kinds U1 (informational materials), U2 and U2b (the text
# names the vehicle), U3 (the text names another article). Sources stand in the file.
CASES = pd.read_csv(Path(__file__).parent / "cases" / "us_coverage.csv", dtype={"code": str})


@pytest.mark.parametrize("case", list(CASES.itertuples()), ids=lambda case: f"{case.kind}-{case.code}-{case.on}")
def test_given_cases(case: tuple) -> None:
    stack = tariffs.explain(case.code, on=date.fromisoformat(case.on), importer="US", as_of=LATEST, assumptions=HALF)
    rates = stack.layers.groupby("family")["rate_frac"].sum()
    for layer in case.right_layers.split():
        name, _, per_cent = layer.partition("=")
        assert rates.get(FAMILIES[name], 0.0) == pytest.approx(float(per_cent) / 100), name
    assert stack.total_frac == pytest.approx(case.total_frac)


@pytest.mark.parametrize("on", ["2025-02-05", "2025-04-09", "2025-12-01", "2026-03-02", "2026-08-15"])
def test_no_country_wide_action_falls_on_publications_and_works_of_art(on: str) -> None:
    rates = tariffs.line_rates(on=date.fromisoformat(on), importer="US", as_of=LATEST)
    sure = membership("US").share("informational_materials", on=LATEST, partial=False) > 0
    assert sure.sum() > 40
    for family in ("ieepa_fentanyl", "ieepa_reciprocal", "s122", "s301_forced_labour"):
        if family in rates:
            assert (rates.loc[sure, family] == 0).all()
    # The lists of Section 301 are no such action.
    assert (rates.loc[sure, "s301_lists"] > 0).any()


def test_the_answer_says_who_claims_the_exemption() -> None:
    rows = tariffs.explain("4903.00.00", on=date(2025, 4, 16), importer="US", as_of=LATEST).layers.set_index("family")
    for family in ("ieepa_fentanyl", "ieepa_reciprocal"):
        assert rows.loc[family, "outcome"] == "exempt"
        assert "informational materials" in rows.loc[family, "why"]
        assert "the importer claims it" in rows.loc[family, "why"]


def test_a_line_of_which_goods_may_qualify_is_told_so_and_pays() -> None:
    """Printed cards: CBP names the heading; no table says which cards."""
    day = date(2025, 9, 16)
    stack = tariffs.explain("4909.00.4000", on=day, importer="US", as_of=LATEST)
    why = stack.layers.set_index("family")["why"]
    assert stack.total_frac == pytest.approx(0.30)
    assert "may be exempt" in why["ieepa_fentanyl"]
    counted = tariffs.explain("4909.00.4000", on=day, importer="US", as_of=LATEST, assumptions=tariffs.Assumptions(partial_exemptions=True))
    assert counted.total_frac == 0


def test_donations_are_told_for_every_action_that_leaves_them_out() -> None:
    for code, day, named in (("9503.00.00", date(2025, 6, 10), "IEEPA fentanyl"), ("9503.00.00", date(2026, 3, 2), "Section 122")):
        said = " ".join(tariffs.explain(code, on=day, importer="US", as_of=LATEST).not_modelled)
        assert "donations" in said
        assert named in said


def test_coverage_by_use_is_what_the_texts_give() -> None:
    """Every line under a list of goods by their use has the coverage that the rule gives: no row typed against it."""
    if "hts_codes" not in catalogue.names():
        pytest.skip("no texts of lines are held")
    rows = catalogue.load("product_scopes")
    for scope in line_texts.RULES:
        words = line_texts.by_text(scope)
        held = rows[rows["scope"].eq(scope)].sort_values("code", key=lambda codes: codes.str.len())
        found = pd.Series("", index=words.index)
        for row in held.itertuples():
            found[words.index.str.startswith(row.code)] = row.coverage
        assert len(words) > 2
        pd.testing.assert_series_equal(found, words, check_names=False, check_dtype=False)


# Texts as the schedule of 2026 prints them, from the level below the heading.
@pytest.mark.parametrize(
    ("code", "path", "word"),
    [
        ("8536410005", "Electrical apparatus > Relays > Automotive signaling flashers", "full"),
        ("8501324500", "Motors > Of a kind used for electrically powered vehicles of subheadings 8703.40 or 8703.80", "full"),
        ("8482105044", "Bearings > Radial bearings > Over 9 mm", "use"),
        ("8511400000", "Ignition equipment > Starter motors", "full"),
        (
            "8708994850",
            "Parts of the motor vehicles of headings 8701 to 8705 > Parts of other tractors (except road tractors) > Other",
            "use",
        ),
        ("8716905060", "Trailers and semi-trailers; parts thereof > Parts > Other > Other", "use"),
        ("8426910000", "Cranes > Other machinery > Designed for mounting on road vehicles", "use"),
    ],
)
def test_the_rule_on_one_text(code: str, path: str, word: str) -> None:
    assert line_texts.coverage("s232_auto_parts", code, path) == word


@pytest.mark.parametrize("as_of", [day for day in DAYS if day.year >= 2025])
def test_a_vehicle_part_pays_one_duty_of_section_232(as_of: date) -> None:
    """U.S. note 33(f)(1): the duty on parts takes the place of that on metals, higher or not."""
    try:
        rates = tariffs.line_rates(on=as_of, importer="US", as_of=as_of, assumptions=HALF)
    except TradelibError:
        pytest.fail("the day cannot be asked")
    begun = as_of >= date(2025, 5, 3)
    whole = membership("US").share("s232_auto_parts", on=as_of, partial=False) > 0
    vehicles = np.isin(rates.index[whole].str[:4], ["8706"])
    assert not begun or (rates.loc[whole, "s232"][~vehicles].round(9) == 0.25).all()


def test_lines_that_owe_the_same_do_not_hide_what_is_open_on_one_of_them() -> None:
    """Of five lines of 3002.12 one may be a patented medicine (Section 232, 100%): the layers told are that line's."""
    stack = tariffs.explain("3002.12.00", on="2026-08-15", importer="US")
    assert (stack.total_frac, stack.high_frac) == (0.0, 1.0)
    assert stack.layers.loc[stack.layers["family"].eq("s232"), "outcome"].tolist() == ["in part only"]
    assert "What is open concerns 3002.12.0040" in stack.note


def test_a_part_of_motorcycles_is_no_truck_part() -> None:
    assert (
        line_texts.coverage("s232_mhdv_parts", "8483101010", "Shafts > Camshafts > For vehicles of chapter 87 > For motorcycles") == "use"
    )


def test_a_chinese_number_of_today_is_answered_by_its_subheading() -> None:
    stack = tariffs.explain("8517.13.00", on="2025-06-10", importer="CN")
    assert stack.lines == ("851713",)
    assert "answered by its subheading 8517.13" in stack.note
    with pytest.raises(TradelibError, match="No Chinese tariff line stands under"):
        tariffs.explain("1234.56.78", on="2025-06-10", importer="CN")
