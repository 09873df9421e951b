"""Section 232 beside the reciprocal duty: what is outside it, from which day, and for how much of a good."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradelib import catalogue, tariffs

LATEST = catalogue.edition().evidence_through
DAYS = tariffs.change_days(importer="US", as_of=LATEST)


def total(code: str, on: str, metal: float = 0.5, as_of: date = LATEST, **choices: bool) -> float:
    """Total duty on one code at one share of metal."""
    assumptions = tariffs.Assumptions(metal_content_frac=metal, **choices)
    return tariffs.explain(code, on=date.fromisoformat(on), importer="US", as_of=as_of, assumptions=assumptions).total_frac


# EO 14257 sec. 3(b)(ii) and heading 9903.01.33: articles and derivatives are outside the reciprocal duty as a whole. A furniture
# maker's sums of April 2025 are 25% (list 3) + 20% (fentanyl) + 25% of the metal.
@pytest.mark.parametrize(("metal", "rate"), [(0.1, 0.475), (0.5, 0.575), (1.0, 0.70)])
@pytest.mark.parametrize("on", ["2025-04-05", "2025-04-09", "2025-04-20", "2025-05-13", "2025-05-14", "2025-06-03"])
def test_until_3_june_2025_no_part_of_a_derivative_bears_the_reciprocal_duty(on: str, metal: float, rate: float) -> None:
    assert total("9403.20.0086", on, metal) == pytest.approx(rate)


def test_from_4_june_2025_the_rest_of_a_derivative_bears_it() -> None:
    """Proclamation 10947: 50% on the metal, 10% on what is not metal."""
    assert total("9403.20.0086", "2025-06-04", 0.4) == pytest.approx(0.45 + 0.4 * 0.5 + 0.6 * 0.1)


def test_the_rest_of_a_derivative_was_to_stay_outside_as_known_before_the_proclamation() -> None:
    """On 20 May 2025 the step back of 12 August stood at 34%; no text yet put it on the other part of a derivative."""
    then, later = date(2025, 5, 20), date(2025, 6, 9)
    assert total("9403.20.0086", "2025-08-12", 0.5, as_of=then) == pytest.approx(0.45 + 0.5 * 0.25)
    assert total("9403.20.0086", "2025-08-12", 0.5, as_of=later) == pytest.approx(0.45 + 0.5 * 0.5 + 0.5 * 0.34)


# CBP's questions and answers on automobiles and parts; EO 14257 sec. 3(b)(iii).
@pytest.mark.parametrize(
    ("on", "rate"),
    [
        ("2025-04-04", 0.475),
        ("2025-04-05", 0.475),
        ("2025-04-16", 0.475),
        ("2025-05-02", 0.475),
        ("2025-05-03", 0.725),
        ("2025-05-14", 0.725),
    ],
)
def test_parts_of_vehicles_are_outside_the_reciprocal_duty_before_their_own_begins(on: str, rate: float) -> None:
    assert total("8708.70.45", on) == pytest.approx(rate)


def test_a_part_by_use_is_not_counted_as_outside_unless_asked() -> None:
    code, on = "8482.10.5044", "2025-04-16"
    assert total(code, on) == pytest.approx(total(code, on, partial_exemptions=True) + 1.25)


def test_from_its_own_day_a_part_by_use_leaves_the_reciprocal_duty_only_where_it_pays_its_own() -> None:
    code, on = "8482.10.5044", "2025-05-05"
    assert total(code, on, partial_exemptions=True) == pytest.approx(total(code, on))
    assert total(code, on, partial_duties=True) == pytest.approx(total(code, on) + 0.25 - 1.25)


@settings(max_examples=40, deadline=None)
@given(
    day=st.sampled_from(DAYS),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted),
    known=st.sampled_from([date(2025, 4, 12), date(2025, 5, 20), date(2025, 6, 9), date(2025, 9, 1), LATEST]),
    duties=st.booleans(),
    exempt=st.booleans(),
)
def test_more_metal_never_means_less_duty(day: date, shares: list[float], known: date, duties: bool, exempt: bool) -> None:
    less, more = (
        tariffs.line_rates(on=day, importer="US", as_of=known, assumptions=tariffs.Assumptions(share, duties, exempt))["total_frac"]
        for share in shares
    )
    assert (np.nan_to_num(more - less) > -1e-9).all()


# Worked out apart from the engine at a metal share of one half: 117.03, 114.87 and 41.36 per cent without these rules, 111.96, 112.50 and
# 41.17 with them; publications and works of art take 0.18, 0.18 and 0.07 points; vehicle parts by the text of their line 0.67, 0.54 and
# -0.07, nearly all of it batteries of electric cars.
@pytest.mark.parametrize(("on", "rate"), [("2025-04-14", 1.111), ("2025-05-05", 1.118), ("2025-05-20", 0.4115)])
def test_the_average_of_april_and_may_2025(on: str, rate: float) -> None:
    day = date.fromisoformat(on)
    measures = tariffs.averages(importer="US", as_of=LATEST, on=[day], assumptions=tariffs.Assumptions(metal_content_frac=0.5))
    assert measures["weighted_frac"].iloc[0] == pytest.approx(rate, abs=0.0015)
