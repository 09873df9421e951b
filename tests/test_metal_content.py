"""The metal in a good: which duties fall on it alone, how much of the value it is taken to be, and how an answer says so."""

import itertools
import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradelib import catalogue, cli, strings, tariffs
from tradelib.errors import ParameterError
from tradelib.tariffs import metal_content, metal_estimate

LATEST = catalogue.edition().evidence_through
FLAT = tariffs.Assumptions(0.5, metal_chapters_frac=1.0)


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
    assert rows.loc["us_232_deriv_st_metal_chapter", "why"] == "on the metal content: 40% of the value, as given"
    assert rows["metal_content_frac"].drop("us_232_deriv_st_metal_chapter").isna().all()


def test_programmes_do_not_promise_a_value_that_changes() -> None:
    titles = catalogue.load("tariff_measures").set_index("measure_id")["programme"]
    assert not titles[titles.index.str.startswith("us_232_deriv")].str.contains("value|content").any()


def test_the_table_of_shares_is_what_its_derivation_gives() -> None:
    """After a change of the law or of the reference data: python -m tradelib.tariffs.metal_estimate > data/reference/metal_shares.csv."""
    held, made = catalogue.load("metal_shares"), strings.alike(metal_estimate.estimate)()
    assert held["naics3"].tolist() == made["naics3"].tolist()
    numbers = ["metal_content_frac", "low_frac", "high_frac", "reach_frac", "rest_frac", "noise_frac"]
    # Rounded to hundredths, so a change in the fourth digit of a rate may move one by one.
    np.testing.assert_allclose(held[numbers], made[numbers], atol=0.0101)
    words = ["industry", "months", "note", "source"]
    pd.testing.assert_frame_equal(held[words], made[words], check_dtype=False)


def test_the_shares_are_what_the_duties_of_july_to_september_2025_say() -> None:
    """A review of the same duties by hand found a quarter to 36 hundredths in machinery, vehicles, furniture and metal products."""
    table = catalogue.load("metal_shares").set_index("naics3")
    assert table.loc["333", "metal_content_frac"] == pytest.approx(0.25, abs=0.03)
    assert table.loc["336", "metal_content_frac"] == pytest.approx(0.36, abs=0.03)
    assert table.loc["337", "metal_content_frac"] == pytest.approx(0.27, abs=0.04)
    assert table.loc["other", "metal_content_frac"] == pytest.approx(0.28, abs=0.03)
    assert (table["low_frac"] < table["metal_content_frac"]).all()
    assert (table["metal_content_frac"] < table["high_frac"]).all()
    assert (table["low_frac"].iloc[:-1] >= table.loc["other", "low_frac"]).all()


def test_electrical_goods_do_not_fit_and_take_the_share_of_all() -> None:
    moved = metal_estimate.changes()
    assert moved.loc["335", "rest_frac"] > moved.loc["335", "reach_frac"]
    assert "335" not in set(catalogue.load("metal_shares")["naics3"])


def test_the_shares_tell_the_change_of_collected_rates_better_than_one_half() -> None:
    moved = metal_estimate.changes()
    moved = moved[moved["is_touched"] & moved["rest_frac"].between(0, moved["reach_frac"])]
    assert set(moved.index) == {"332", "333", "336", "337"}
    table = catalogue.load("metal_shares").set_index("naics3")["metal_content_frac"]
    share = table.reindex(moved.index).fillna(table["other"])
    ours = ((moved["rest_frac"] - share * moved["reach_frac"]) ** 2).sum()
    half = ((moved["rest_frac"] - 0.5 * moved["reach_frac"]) ** 2).sum()
    assert ours < 0.1 * half


def test_every_line_has_an_industry_and_the_trade_of_2024_comes_out_as_census_counts_it() -> None:
    lines = tariffs.lines("US")
    names = metal_content.industries(lines)
    assert (names != "").all()
    ours = pd.Series(lines.weights["2024"]).groupby(names).sum()
    duties = catalogue.load("duties_china")
    census = duties[duties["period"].dt.year.eq(2024)].groupby("naics3")["customs_value_usd"].sum()
    census = census[census > 2.5e9]
    assert len(census) > 15
    assert (ours.reindex(census.index) / census).between(0.9, 1.11).all()


def test_a_tariff_line_has_one_share() -> None:
    lines = tariffs.lines("US")
    frame = pd.DataFrame({"line": lines.codes.astype("U8"), "share": metal_content.shares(lines, None)})
    assert frame.groupby("line")["share"].nunique().eq(1).all()


@pytest.mark.parametrize(
    ("code", "row", "base"),
    [
        ("9403.20.0050", "337", r"this industry \(furniture\)"),
        ("8429.52.5010", "333", r"this industry \(machinery\)"),
        ("8544.42.9090", "other", "all industries"),
    ],
)
def test_an_answer_says_which_share_was_taken_and_from_where(code: str, row: str, base: str) -> None:
    held = catalogue.load("metal_shares").set_index("naics3").loc[row]
    share, low, high = (f"{100 * held[name]:.0f}" for name in ("metal_content_frac", "low_frac", "high_frac"))
    rows = due(code, "2025-12-01").layers
    rows = rows[rows["metal_content_frac"].notna() & rows["outcome"].eq("applies")]
    words = (
        f"on the metal content: {share}% of the value, estimated from duties collected on {base}, July to September of 2025; "
        f"{low} to {high}%"
    )
    assert len(rows) == 1
    assert rows["why"].str.fullmatch(words).all()
    assert rows["metal_content_frac"].iloc[0] == held["metal_content_frac"]


def test_an_answer_says_that_a_good_of_the_metal_chapters_is_taken_as_all_metal() -> None:
    why = due("7326.90.8688", "2025-12-01").layers.set_index("measure_id")["why"]["us_232_deriv_st_metal_chapter"]
    assert why == "on the metal content: all of the value, as customs takes it where the content is not known"


def test_the_default_is_between_the_ends_of_its_interval() -> None:
    code, on = "9403.20.0050", "2025-12-01"
    share = catalogue.load("metal_shares").set_index("naics3").loc["337", "metal_content_frac"]
    total = {given: due(code, on, given).total_frac for given in ("low", None, "high", share, 0.5)}
    assert total["low"] < total[None] < total["high"]
    assert total[None] == pytest.approx(total[share])
    assert total[0.5] == pytest.approx(total[None] + (0.5 - share) * 0.4)
    why = due(code, on, "high").layers.query("outcome == 'applies' and metal_content_frac > 0")["why"].iloc[0]
    assert "the high end of what duties collected on this industry (furniture) allow" in why


DAYS = tariffs.change_days(importer="US", as_of=LATEST)


@settings(max_examples=25, deadline=None)
@given(day=st.sampled_from(DAYS), duties=st.booleans(), exempt=st.booleans(), share=st.floats(0, 1))
def test_more_metal_never_means_less_duty_on_any_line(day: date, duties: bool, exempt: bool, share: float) -> None:
    choices = [tariffs.Assumptions(given, duties, exempt) for given in (0.0, "low", None, "high")]
    rates = [tariffs.line_rates(on=day, importer="US", as_of=LATEST, assumptions=choice)["total_frac"].fillna(0) for choice in choices]
    for less, more in itertools.pairwise(rates[1:]):
        assert (more - less > -1e-9).all()
    assert (rates[1] - rates[0] > -1e-9).all()
    flat = tariffs.Assumptions(share, duties, exempt)
    some = tariffs.line_rates(on=day, importer="US", as_of=LATEST, assumptions=flat)["total_frac"].fillna(0)
    assert (some - rates[0] > -1e-9).all()


def test_the_average_spans_the_interval_of_the_share() -> None:
    days = [date(2025, 5, 20), date(2025, 9, 15), date(2025, 12, 1), date(2026, 8, 15)]
    table = tariffs.averages(importer="US", as_of=LATEST, on=days)
    ends = {
        end: tariffs.averages(importer="US", as_of=LATEST, on=days, assumptions=tariffs.Assumptions(end))["weighted_frac"]
        for end in ("low", "high")
    }
    assert (table["lowest_frac"] <= ends["low"] + 1e-12).all()
    assert (table["highest_frac"] >= ends["high"] - 1e-12).all()
    flat = tariffs.averages(importer="US", as_of=LATEST, on=days, assumptions=tariffs.Assumptions(0.26, metal_chapters_frac=1.0))
    assert (flat["lowest_frac"] > table["lowest_frac"]).iloc[:3].all()
    assert table["lowest_frac"].iloc[3] == pytest.approx(flat["lowest_frac"].iloc[3])


@pytest.mark.parametrize(("on", "fall"), [("2025-06-09", 0.004), ("2025-09-15", 0.0105), ("2025-12-01", 0.0105), ("2026-08-15", 0.0)])
def test_how_far_the_average_falls_from_the_flat_half(on: str, fall: float) -> None:
    """A review put it at about a point from August 2025 to April 2026, and 0.4 in June 2025."""
    day = [date.fromisoformat(on)]
    ours, half = (
        tariffs.averages(importer="US", as_of=LATEST, on=day, assumptions=choice)["weighted_frac"].iloc[0]
        for choice in (tariffs.Assumptions(), FLAT)
    )
    assert half - ours == pytest.approx(fall, abs=0.001)


@pytest.mark.parametrize("name", ["metal_content_frac", "metal_chapters_frac"])
@pytest.mark.parametrize("share", ["middle", "", -1, 2, float("nan"), [0.5]])
def test_a_share_that_is_none_is_refused(name: str, share: object) -> None:
    with pytest.raises(ParameterError, match=f"{name} must be a fraction from 0 to 1"):
        tariffs.Assumptions(**{name: share})


def test_the_basis_is_named_only_where_it_matters() -> None:
    for on in ("2025-03-12", "2025-05-20", "2025-12-01", "2026-04-05"):
        day = date.fromisoformat(on)
        assert "July to September of 2025" in tariffs.metal_basis(on=day, as_of=day)
    for on in ("2024-06-01", "2025-03-11", "2026-04-06", "2026-08-15"):
        day = date.fromisoformat(on)
        assert tariffs.metal_basis(on=day, as_of=day) == ""


def test_the_command_takes_a_share_or_an_end(capsys: pytest.CaptureFixture[str]) -> None:
    totals = {}
    for share in ("low", "high", "0.3"):
        assert cli.main(["rate", "9403.20.0050", "--on", "2025-12-01", "--metal-content", share, "--format", "json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        totals[share] = answer["total_frac"]
        assert answer["assumptions"]["metal_content_frac"] == (0.3 if share == "0.3" else share)
    assert totals["low"] < totals["0.3"] < totals["high"]
    assert cli.main(["rate", "9403.20.0050", "--on", "2025-12-01", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["assumptions"]["metal_content_frac"] is None
    used = {layer["metal_content_frac"] for layer in answer["layers"]}
    assert used == {None, catalogue.load("metal_shares").set_index("naics3").loc["337", "metal_content_frac"]}


def test_an_average_at_a_flat_share_leaves_the_metal_chapters_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["average", "--on", "2025-12-01", "--metal-content", "0.5", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    flat = tariffs.averages(importer="US", as_of=LATEST, on=[date(2025, 12, 1)], assumptions=FLAT)["weighted_frac"].iloc[0]
    assert answer["total_frac"] == pytest.approx(flat)
    assert answer["assumptions"]["metal_chapters_frac"] == 1.0
    assert cli.main(["average", "--on", "2025-12-01"]) == 0
    assert "estimated by industry from duties collected, July to September of 2025" in " ".join(capsys.readouterr().out.split())
