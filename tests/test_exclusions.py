"""Exclusions from the lists of Section 301: whole lines in all rounds, each in its own window, known from its own notice on."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tradelib import catalogue, tariffs

LATEST = catalogue.edition().evidence_through
CASES = pd.read_csv(Path(__file__).parent / "cases" / "us_exclusions.csv", dtype={"code": str})


def list_frac(code: str, on: str, as_of: date | str = LATEST, **choices: object) -> float:
    """What the lists of Section 301 take from one line on one day."""
    day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    stack = tariffs.explain(code, on=date.fromisoformat(on), importer="US", as_of=day, **choices)
    return float(stack.layers.loc[stack.layers["family"].eq("s301_lists"), "rate_frac"].sum())


@pytest.mark.parametrize(("code", "on", "expected"), list(CASES[["code", "on", "list_frac"]].itertuples(index=False, name=None)))
def test_a_bare_number_of_a_notice_excludes_the_whole_line(code: str, on: str, expected: float) -> None:
    """Items of U.S. notes 20(h) to 20(vvv) that are a statistical number and nothing else; the source of each case stands in its row."""
    assert list_frac(code, on) == pytest.approx(expected)


# The first round of List 1 is one year, six of its items two; a round of List 3 reaches back to its list and ends on one day with all others of
# the list; the 352 reinstated follow from 12 October 2021 to 14 June 2024; then the 164, without this line.
@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("8480718045", "2018-07-05", 0.0),
        ("8480718045", "2018-07-06", 0.0),
        ("8480718045", "2019-12-27", 0.0),
        ("8480718045", "2019-12-28", 0.25),
        ("8418690120", "2020-12-27", 0.0),
        ("8418690120", "2020-12-28", 0.25),
        ("8430310040", "2020-03-24", 0.0),
        ("8430310040", "2020-03-25", 0.25),
        ("8607211000", "2021-03-24", 0.0),
        ("8607211000", "2021-03-25", 0.25),
        ("8708945000", "2019-10-01", 0.25),
        ("8507204000", "2020-08-06", 0.0),
        ("8507204000", "2020-08-07", 0.25),
        ("8708508500", "2018-09-24", 0.0),
        ("8708508500", "2020-12-31", 0.0),
        ("8708508500", "2021-01-01", 0.25),
        ("8708508500", "2021-10-11", 0.25),
        ("8708508500", "2021-10-12", 0.0),
        ("8708508500", "2024-06-14", 0.0),
        ("8708508500", "2024-06-15", 0.25),
        ("4819504060", "2021-12-01", 0.0),
        ("8443321050", "2019-09-01", 0.0),
        ("8443321050", "2020-09-01", 0.075),
    ],
)
def test_an_exclusion_holds_in_its_window_only(code: str, on: str, expected: float) -> None:
    assert list_frac(code, on) == pytest.approx(expected)


def test_fewer_medical_products_stay_excluded_from_december_2021() -> None:
    """4015.19.1010, now 4015.19.1110, is one of the 99 and none of the 81 (notes 20(qqq)(7) and 20(sss)(iii))."""
    assert list_frac("4015191110", "2021-11-30") == 0.0
    assert list_frac("4015191110", "2021-12-01") == pytest.approx(0.25)
    assert list_frac("5603120095", "2021-12-01") == 0.0


def test_a_retroactive_exclusion_is_known_from_its_notice_on() -> None:
    """The notice of 28 December 2018 reaches back to July: who asks on the day before has to pay."""
    assert list_frac("8480718045", "2018-12-01", "2018-12-27") == pytest.approx(0.25)
    assert list_frac("8480718045", "2018-12-01", "2018-12-28") == 0.0
    assert list_frac("8708508500", "2019-10-01", "2019-10-01") == pytest.approx(0.25)
    assert list_frac("8708508500", "2021-12-01", "2022-03-22") == pytest.approx(0.25)
    assert list_frac("8708508500", "2021-12-01", "2022-03-23") == 0.0


def test_an_extension_is_known_from_its_notice_on() -> None:
    """One of six items of the first round that the notice of 23 December 2019 carried on for a year."""
    assert list_frac("8418690120", "2020-01-15", "2019-12-22") == pytest.approx(0.25)
    assert list_frac("8418690120", "2020-01-15", "2019-12-23") == 0.0


@pytest.mark.parametrize(
    ("code", "on"),
    [
        ("5603120070", "2019-10-01"),
        ("5603920095", "2019-10-01"),
        ("3808945080", "2021-03-01"),
        ("4818900080", "2019-10-01"),
        ("4015121010", "2019-10-01"),
        ("9701210000", "2019-10-01"),
        ("9706900040", "2019-10-01"),
    ],
)
def test_heirs_of_an_excluded_number_are_excluded(code: str, on: str) -> None:
    """The lines are those of today: goods now under these numbers stood then under one that a notice excluded whole."""
    assert list_frac(code, on) == 0.0
    assert list_frac(code, on, "2019-10-01") > 0


def test_described_goods_do_not_make_a_line_exempt() -> None:
    """Salad spinners of 8421.19.0000 are excluded, other centrifuges of that number are not (note 20(h)(12))."""
    assert list_frac("8421190000", "2019-10-01") == pytest.approx(0.25)
    assert list_frac("8421190000", "2019-10-01", assumptions=tariffs.Assumptions(partial_exemptions=True)) == 0.0


def test_every_list_of_exclusions_is_left_out_by_a_list_of_duties() -> None:
    """An exclusion that no duty names does nothing, and nobody would see it."""
    kinds = catalogue.load("tariff_measures").set_index("measure_id")[["kind", "importer"]]
    steps = catalogue.load("tariff_steps").join(kinds, on="measure_id")
    steps = steps[steps["importer"].eq("US")]
    granted = {name for cell in steps.loc[steps["kind"].eq("exclusion"), "scope"] for name in cell.split("|") if name}
    left_out = {name for cell in steps.loc[steps["kind"].eq("duty"), "exempt"] for name in cell.split("|") if name}
    assert {name for name in granted if name.startswith("s301")} <= left_out


def test_no_exclusion_of_2018_to_2020_outlives_its_headings() -> None:
    """Headings 9903.88.50 to .61 read "through December 31, 2020"; two rounds of List 1 ran on to March and April 2021."""
    held = tariffs.schedule(as_of=LATEST)
    rounds = held[held["measure_id"].str.startswith("us_301_excl_88")]
    assert rounds["effective_to"].notna().all()
    late = rounds[rounds["effective_to"] > "2021-01-01"]
    assert dict(zip(late["measure_id"], late["effective_to"].dt.strftime("%Y-%m-%d"), strict=True)) == {
        "us_301_excl_8806": "2021-03-25",
        "us_301_excl_8807": "2021-04-18",
    }
