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


# The first round of List 1 is one year, six of its items two; a round of List 3 reaches back to its list and ends on one day with all
# others of the list; the 352 reinstated follow from 12 October 2021 to 14 June 2024; then the 164, without this line.
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
    left_out = {name for cell in tariffs.schedule(as_of=LATEST).query("kind == 'duty'")["exempt"] for name in cell.split("|") if name}
    assert {name for name in granted if name.startswith("s301")} <= left_out


@pytest.mark.parametrize(
    ("as_of", "known"),
    [("2018-12-27", []), ("2018-12-28", ["s301_excl_8805"]), ("2019-03-25", ["s301_excl_8805", "s301_excl_8806"])],
)
def test_a_list_leaves_out_the_exclusions_that_are_known(as_of: str, known: list[str]) -> None:
    """The first round from List 1 became known on 28 December 2018, the second on 25 March 2019."""
    held = tariffs.schedule(as_of=as_of).query("measure_id == 'us_301_list1'")["exempt"]
    assert held.tolist() == ["|".join(known)]


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


# --- what share of imports claims the exclusions of described goods

PUBLISHED = date(2026, 6, 29)
CLAIMED = tariffs.Assumptions(claimed_exclusions=True)


def test_the_published_share_counts_from_the_day_it_was_public() -> None:
    """0.3669 of imports on lines of described goods of 9903.88.69: Yale Budget Lab's tracker, from Census, September 2025 to March 2026."""
    before = date(2026, 6, 28)
    assert tariffs.exclusion_claims(as_of=before).empty
    assert list_frac("8473301180", "2025-12-01", before, assumptions=CLAIMED) == pytest.approx(0.25)
    assert list_frac("8473301180", "2025-12-01", PUBLISHED, assumptions=CLAIMED) == pytest.approx(0.25 * (1 - 0.3669))
    assert list_frac("8473301180", "2025-12-01", PUBLISHED) == pytest.approx(0.25)


def test_a_published_share_leaves_whole_lines_and_other_lists_alone() -> None:
    assert list_frac("3923210095", "2025-12-01", assumptions=CLAIMED) == 0.0  # a bare number: the whole line
    assert list_frac("8501102000", "2025-12-01", assumptions=CLAIMED) == list_frac("8501102000", "2025-12-01")
    assert list_frac("8421190000", "2019-10-01", assumptions=CLAIMED) == pytest.approx(0.25)  # no share was published of that round


@pytest.mark.parametrize("on", ["2024-06-15", "2024-10-01", "2025-04-14", "2025-12-01", "2026-08-15"])
def test_the_claimed_average_lies_between_none_and_all(on: str) -> None:
    day = date.fromisoformat(on)
    none = tariffs.averages(importer="US", as_of=LATEST, on=[day]).iloc[0]
    every = tariffs.averages(importer="US", as_of=LATEST, on=[day], assumptions=tariffs.Assumptions(partial_exemptions=True)).iloc[0]
    chosen = tariffs.averages(importer="US", as_of=LATEST, on=[day], assumptions=CLAIMED).iloc[0]
    assert every["weighted_frac"] < none["claimed_frac"] < none["weighted_frac"]
    assert none["lowest_frac"] <= none["claimed_frac"] <= none["highest_frac"]
    assert chosen["weighted_frac"] == pytest.approx(none["claimed_frac"])


def test_no_claimed_average_where_a_share_is_missing() -> None:
    """On 1 March 2024 the 352 exclusions hold, of which no share has been published; in June 2025 nobody had published any."""
    assert pd.isna(tariffs.averages(importer="US", as_of=LATEST, on=[date(2024, 3, 1)])["claimed_frac"].iloc[0])
    assert pd.isna(tariffs.averages(importer="US", as_of=date(2025, 6, 9), on=[date(2025, 6, 9)])["claimed_frac"].iloc[0])
    assert pd.isna(tariffs.averages(importer="CN", as_of=LATEST, on=[date(2025, 12, 1)])["claimed_frac"].iloc[0])


def sentences(code: str, on: str, as_of: date = LATEST, importer: str = "US") -> str:
    return " ".join(tariffs.explain(code, on=date.fromisoformat(on), importer=importer, as_of=as_of).not_modelled)


def test_an_answer_names_the_exclusions_of_its_line_and_their_share() -> None:
    said = sentences("8473301180", "2025-12-01")
    assert "owe none of its duty: 164 products excluded by 9903.88.69." in said
    assert "On 111 lines of which described goods are excluded, 36.7% of imports were free of the duty" in said.replace("\u202f", "")
    assert "September 2025 to March 2026" in said
    assert "36.7" not in sentences("8473301180", "2025-12-01", date(2025, 12, 1))


def test_a_share_is_told_with_its_source_whose_link_stands_in_a_row() -> None:
    """An address in a sentence is no link; a page lists the row."""
    said = tariffs.explain("8473301180", on=date(2025, 12, 1), importer="US", as_of=LATEST).not_modelled
    assert not any("://" in sentence for sentence in said)
    rows = tariffs.claims_named(said, as_of=LATEST)
    assert rows[["scope", "goods"]].to_numpy().tolist() == [["s301_excl_20vvv", "described goods"]]
    assert tariffs.claims_named(["Goods of (another source)."], as_of=LATEST).empty


def test_an_answer_is_silent_on_exclusions_that_do_not_name_its_line() -> None:
    assert "excluded" not in sentences("8501102000", "2025-12-01")
    assert "exclusions" not in sentences("3923210095", "2025-12-01")


def test_lists_without_codes_are_still_told() -> None:
    assert "lists of exclusions hold on this day of which we have no codes" in sentences("0201.30.00", "2020-06-01", importer="CN")


def test_shares_are_shares() -> None:
    rows = catalogue.load("exclusion_claims")
    assert rows["claimed_frac"].between(0, 1).all()
    assert (rows["period_from"] < rows["period_to"]).all()
    assert (rows["period_to"] <= rows["published_on"]).all()
    assert set(rows["scope"]) <= set(catalogue.load("scopes")["scope"])
