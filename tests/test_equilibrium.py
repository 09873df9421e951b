"""The equilibrium model gives the figures its paper printed, moves nothing without tariffs, and refuses what makes no sense."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tradelib import catalogue, equilibrium, tables
from tradelib.equilibrium import Economy, Parameters, Solution
from tradelib.equilibrium.economy import HIGHEST_RATE, calibrated, entry_costs, without_us_imbalances
from tradelib.equilibrium.outcomes import CHANGES, members
from tradelib.equilibrium.published import TITLES
from tradelib.equilibrium.solving import System
from tradelib.errors import ConvergenceError, ParameterError
from tradelib.scenarios.economy import ENTITIES
from tradelib.show import display

UNANSWERED, ANSWERED = ("T1", "ustr_income_tax"), ("T2", "ustr_reciprocal")


@pytest.fixture(scope="module")
def cases() -> dict[tuple[str, str], equilibrium.Experiment]:
    return equilibrium.experiments()


@pytest.fixture(scope="module")
def unanswered(cases: dict[tuple[str, str], equilibrium.Experiment]) -> Solution:
    """The tariffs of April 2025, with welfare as published."""
    return equilibrium.run(cases[UNANSWERED])[0]


def small(scale: float = 1.0) -> Economy:
    """Three countries, one of them the US, with money in a unit of one's own."""
    trade = np.array([[0.0, 30.0, 12.0], [9.0, 0.0, 20.0], [15.0, 42.0, 0.0]])
    gdp, entry = np.array([150.0, 400.0, 210.0]), np.array([0.11, 0.27, 0.11])
    return calibrated(("CHN", "USA", "ZWE"), ("China", "United States", "Zimbabwe"), scale * trade, scale * gdp, entry)


def test_every_printed_figure_that_can_be_reproduced_is() -> None:
    """Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), tables 1, 2, 3, 10 and 11: to half a unit of the last digit printed."""
    rows = equilibrium.replicate()
    assert rows["result"].value_counts().to_dict() == {"agrees": 121, "not compared": 1}
    left = rows[rows["result"].eq("not compared")].iloc[0]
    assert (left["table"], left["case"], left["entity"], left["outcome"]) == ("T10", "balanced_retaliation", "NON_US", "welfare")
    assert left["computed"] == pytest.approx(-0.154, abs=5e-4)
    assert "repeats" in left["note"]
    compared = rows[rows["result"].eq("agrees")]
    off = (compared["published"] - compared["computed"]).abs() * 10 ** compared["decimals"]
    assert off.max() <= 0.5


def test_every_case_of_the_paper_is_named_in_words() -> None:
    named = {case for _, case in equilibrium.experiments()}
    assert named == set(TITLES)
    piece = tables.replication(equilibrium.replicate())
    shown = display.words(piece)
    assert "Optimal tariffs of both sides" in shown
    assert not {code for code in named if "_" in code and code in shown}
    assert not [old for old in ("ustr ", "war china", "optimal optimal", "balanced retaliation") if old in shown]
    assert set(piece.data["title"]) == {TITLES[case] for case in piece.data["case"]}
    assert list(piece.data["table"].drop_duplicates()) == ["T1", "T2", "T3", "T8", "T10", "T11"]
    assert (piece.data["figures"].sum(), piece.data["agree"].sum(), piece.data["not_compared"].sum()) == (122, 121, 1)


def test_the_table_of_economies_says_what_its_columns_and_its_union_are() -> None:
    figures = ("welfare", "welfare_low", "welfare_high", "prices", "employment", "imports_gdp")
    row = {"name": ENTITIES["EU25"], "welfare_usd": 1e9, "revenue_change_usd": 0.0, **{f"{name}_percent": 0.1 for name in figures}}
    shown = display.words(tables.economy(pd.DataFrame([row])))
    for told in ("European Union (25 members)", "without Czechia and Slovakia", "Employment", "Imports as a share of income"):
        assert told in shown
    assert len(members(equilibrium.economy())["EU25"]) == 25
    assert "Work" not in shown
    assert "Imports to income" not in shown


def test_figures_are_shown_only_from_the_day_they_were_public() -> None:
    assert equilibrium.replicate(as_of="2025-07-30").empty
    assert len(catalogue.load("equilibrium_targets", as_of="2025-07-31")) == 122


def test_calibration_gives_the_constants_of_the_paper() -> None:
    base = equilibrium.economy()
    us, china = base.position("USA"), base.position("CHN")
    assert base.entry_cost_frac[[china, us]] == pytest.approx([0.11433521, 0.27047098], abs=5e-9)
    assert equilibrium.pass_through(base)[[china, us]] == pytest.approx([1.15071883, 1.43284758], abs=5e-9)
    assert equilibrium.optimal_us_rate() == pytest.approx(0.217988, abs=5e-7)
    assert equilibrium.optimal_us_rate("income") == pytest.approx(0.185432, abs=5e-7)
    assert equilibrium.optimal_retaliation_rate() == pytest.approx(0.227422, abs=5e-7)
    assert [code for code, own in zip(base.iso3, np.diag(base.sales_usd), strict=True) if own == 0] == ["GMB", "MHL"]
    gdp = catalogue.load("economies")["gdp_usd"].to_numpy()
    assert base.income_usd[us] / gdp[us] == pytest.approx(1.016, abs=5e-4)


def test_accounts_add_up() -> None:
    for base in (equilibrium.economy(), equilibrium.economy("fixed"), equilibrium.base_economy(Parameters(deficits="balanced"))):
        total = base.expenditure_usd.sum()
        assert len(base.iso3) == 194
        assert list(base.iso3) == sorted(base.iso3)
        assert base.shares.sum(axis=0) == pytest.approx(1)
        assert base.income_usd.sum() == pytest.approx(total)
        assert abs(base.transfer_usd.sum()) < 1e-12 * total
        paid = base.sales_usd @ (1 - base.entry_cost_frac) + base.entry_cost_frac * base.expenditure_usd
        assert paid == pytest.approx(base.income_usd)
    assert equilibrium.economy() is equilibrium.economy("endogenous")
    with pytest.raises(ValueError, match="read-only"):
        equilibrium.economy().sales_usd[0, 0] = 1.0


@pytest.mark.parametrize("deficits", ["endogenous", "fixed", "balanced"])
@pytest.mark.parametrize("revenue", ["tax_relief", "lump_sum"])
def test_without_tariffs_nothing_moves_to_the_last_bit(deficits: str, revenue: str) -> None:
    solution = equilibrium.solve(equilibrium.tariff_matrix({}), Parameters(deficits=deficits, revenue=revenue))
    moved = equilibrium.outcomes(solution)[[*CHANGES, "revenue_usd", "revenue_to_expenditure_percent"]]
    assert moved.fillna(0.0).to_numpy().tolist() == np.zeros(moved.shape).tolist()
    assert equilibrium.by_country(solution)[CHANGES].fillna(0.0).eq(0.0).all(axis=None)
    assert set(equilibrium.world(solution).values()) == {0.0}
    assert equilibrium.bilateral(solution, "CHN", "USA") == 0.0
    assert solution.iterations == 0


def test_ten_times_the_money_changes_nothing() -> None:
    tariffs = np.array([[0.0, 0.54, 0.0], [0.54, 0.0, 0.1], [0.0, 0.1, 0.0]])
    one, ten = (equilibrium.solve(tariffs, base=small(scale)) for scale in (1.0, 10.0))
    for name in ("wage", "expenditure", "labour", "prices"):
        assert getattr(ten, name) == pytest.approx(getattr(one, name), rel=1e-12)
    assert ten.revenue_usd == pytest.approx(10 * one.revenue_usd, rel=1e-12)
    trade, gdp = np.array([[0.0, 3.0, 1.0], [2.0, 0.0, 4.0], [1.0, 9.0, 0.0]]), np.array([30.0, 60.0, 40.0])
    assert entry_costs(10 * trade, 10 * gdp, 1) == pytest.approx(entry_costs(trade, gdp, 1), rel=1e-12)


def test_the_equation_left_out_holds(unanswered: Solution) -> None:
    """Walras: every labour market and every budget clears, worked out here from what the solution shows."""
    base, entry = unanswered.base, unanswered.base.entry_cost_frac
    received = unanswered.sales_usd.sum(axis=0)
    market = unanswered.sales_usd @ (1 - entry) + entry * received - base.income_usd * unanswered.wage * unanswered.labour
    assert np.abs(market / base.income_usd).max() < 1e-10
    growth = unanswered.income_usd.sum() / base.income_usd.sum()
    budget = unanswered.income_usd + base.transfer_usd * growth + unanswered.revenue_usd - base.expenditure_usd * unanswered.expenditure
    assert np.abs(budget / base.expenditure_usd).max() < 1e-10
    weights = base.expenditure_usd / base.expenditure_usd.sum()
    assert weights @ unanswered.prices == pytest.approx(1, abs=1e-10)


def test_it_does_not_matter_which_equation_is_left_out(unanswered: Solution) -> None:
    for country in ("USA", "ABW"):
        other = equilibrium.solve(unanswered.tariffs, dropped=country)
        for name in ("wage", "expenditure", "labour", "prices"):
            assert getattr(other, name) == pytest.approx(getattr(unanswered, name), abs=1e-8)


@pytest.mark.parametrize("revenue", ["tax_relief", "lump_sum"])
def test_derivatives_are_those_of_the_gaps(revenue: str) -> None:
    """Against central differences, on three countries at a point away from the base."""
    tariffs = np.array([[0.0, 0.54, 0.0], [0.3, 0.0, 0.1], [0.0, 0.1, 0.0]])
    system = System(small(), Parameters(revenue=revenue, pass_through=0.7), tariffs)
    at = np.linspace(-0.08, 0.07, 9)
    close = np.empty((9, 9))
    for place, move in enumerate(1e-5 * np.eye(9)):
        after, before = (system.residuals(point, system.point(point)) for point in (at + move, at - move))
        close[:, place] = (after - before) / 2e-5
    steps = np.column_stack([system.direction(system.point(at), gaps) for gaps in np.eye(9)])
    assert close @ steps == pytest.approx(-np.eye(9), abs=1e-7)


def test_fixed_transfers_move_every_balance_by_the_same_share(cases: dict[tuple[str, str], equilibrium.Experiment]) -> None:
    """A property of the paper: without entry costs a balance is a transfer, and all transfers grow with the world's income."""
    solution, countries = equilibrium.run(cases["T9", "ek_krugman"])
    size = countries["deficit_percent"].abs()
    assert size.to_numpy() == pytest.approx(np.full(194, size["USA"]), rel=1e-5)
    assert size["USA"] > 0.1
    assert equilibrium.outcomes(solution).set_index("entity")["deficit_percent"].notna().to_dict() == {
        "USA": True, "CHN": True, "EU25": False, "ROW": False, "NON_US": False,
    }  # fmt: skip


def test_published_welfare_flatters_tax_relief(unanswered: Solution) -> None:
    """US, the tariffs of April 2025: 1.13% as published, 0.63% with the abolished tax in the cost of work; the same without revenue."""
    exact = replace(unanswered, parameters=Parameters())
    published, own = (equilibrium.by_country(each)["welfare_percent"] for each in (unanswered, exact))
    assert (round(published["USA"], 2), round(own["USA"], 2)) == (1.13, 0.63)
    assert (published.drop("USA") == own.drop("USA")).all()
    utility = 1 + 1 / Parameters().labour_supply_elasticity
    us = unanswered.base.position("USA")
    work = exact.wage[us] * exact.labour[us] / exact.prices[us] / (1 - exact.abolished_tax_frac[us])
    assert work == pytest.approx(exact.labour[us] ** utility, rel=1e-9)


def test_balanced_trade_is_counted_from_a_balanced_world(cases: dict[tuple[str, str], equilibrium.Experiment]) -> None:
    """Our own closure sums to nothing; the paper's transfers leave 573 billion dollars over. Beside the paper's way of counting: 0.97."""
    assert without_us_imbalances(equilibrium.economy()).transfer_usd.sum() == pytest.approx(573e9, rel=1e-3)
    start, tariffs = without_us_imbalances(equilibrium.economy("fixed")), cases[UNANSWERED].tariffs
    assert abs(start.transfer_usd.sum()) < 1
    paper = Parameters(deficits="fixed", welfare="published")
    after, before = (equilibrium.by_country(equilibrium.solve(each, paper, base=start)) for each in (tariffs, 0 * tariffs))
    assert round(after["welfare_percent"]["USA"] - before["welfare_percent"]["USA"], 2) == 0.97
    solution = equilibrium.solve(tariffs, Parameters(deficits="balanced"))
    us = solution.base.position("USA")
    for sales in (solution.base.sales_usd, solution.sales_usd):
        assert sales[us].sum() == pytest.approx(sales[:, us].sum(), rel=1e-9)
    assert np.isnan(equilibrium.by_country(solution)["deficit_percent"]["USA"])


def test_outcomes_of_groups_are_means_over_their_countries(unanswered: Solution) -> None:
    rows, countries = equilibrium.outcomes(unanswered).set_index("entity"), equilibrium.by_country(unanswered)
    assert rows["countries"].to_dict() == {"USA": 1, "CHN": 1, "EU25": 25, "ROW": 167, "NON_US": 193}
    weights = countries["base_expenditure_usd"]
    union = [unanswered.base.iso3[place] for place in members(unanswered.base)["EU25"]]
    assert {"DEU", "FRA"} <= set(union)
    assert not {"CZE", "SVK", "GBR"} & set(union)
    by_hand = np.average(countries.loc[union, "welfare_percent"], weights=weights[union])
    assert rows.loc["EU25", "welfare_percent"] == pytest.approx(by_hand)
    assert rows.loc["USA", "revenue_usd"] == pytest.approx((unanswered.tariffs * unanswered.sales_usd).sum())
    assert rows.loc["USA", "revenue_to_expenditure_percent"] == pytest.approx(100 * rows.loc["USA", "revenue_usd"] / weights["USA"])
    assert rows.loc["NON_US", "revenue_usd"] == 0
    pd.testing.assert_frame_equal(equilibrium.outcomes(equilibrium.run(equilibrium.experiments()[UNANSWERED])[0]).set_index("entity"), rows)


DUTIES = {("CHN", "USA"): 0.126, ("USA", "CHN"): 0.183}
REVENUES = pytest.mark.parametrize("revenue", ["tax_relief", "lump_sum"])
CLOSURES = pytest.mark.parametrize("deficits", ["endogenous", "fixed", "balanced"])


def with_duties(parameters: Parameters = Parameters()) -> Economy:  # noqa: B008 - frozen
    return equilibrium.with_tariffs(equilibrium.base_economy(parameters), equilibrium.tariff_matrix(DUTIES))


@REVENUES
@CLOSURES
def test_the_duties_of_the_base_change_nothing_to_the_last_bit(revenue: str, deficits: str) -> None:
    parameters = Parameters(revenue=revenue, deficits=deficits)
    base = with_duties(parameters)
    same = equilibrium.solve(equilibrium.tariff_matrix(DUTIES), parameters, base=base)
    for ratio in (same.wage, same.expenditure, same.labour, same.prices):
        assert (ratio == 1).all()
    changes = equilibrium.by_country(same)
    assert changes[["welfare_percent", "exports_gdp_percent", "imports_gdp_percent"]].eq(0).all(axis=None)
    np.testing.assert_allclose(same.revenue_usd, base.revenue_usd, rtol=1e-12)
    np.testing.assert_allclose(base.income_usd + base.transfer_usd + base.revenue_usd, base.expenditure_usd, rtol=1e-12)


@REVENUES
def test_revenue_is_the_duty_on_what_the_model_trades_and_ends_with_the_duty(revenue: str) -> None:
    parameters = Parameters(revenue=revenue)
    base = with_duties(parameters)
    us, china = base.position("USA"), base.position("CHN")
    for rates in ({("CHN", "USA"): 0.5, ("USA", "CHN"): 0.3}, {("CHN", "USA"): 0.03, ("USA", "CHN"): 0.05}):
        after = equilibrium.solve(equilibrium.tariff_matrix(rates), parameters, base=base)
        assert after.revenue_usd[us] == pytest.approx(rates[("CHN", "USA")] * after.sales_usd[china, us])
        assert (after.revenue_usd >= 0).all()
        # What the world spends is what it earns and what its treasuries collect.
        spent = base.expenditure_usd * after.expenditure
        np.testing.assert_allclose(spent.sum(), after.income_usd.sum() + after.revenue_usd.sum(), rtol=1e-9)
    free = equilibrium.solve(equilibrium.tariff_matrix({}), parameters, base=base)
    assert (free.revenue_usd == 0).all()
    assert equilibrium.bilateral(free, "CHN", "USA") > 50


def test_without_duties_in_the_base_a_cut_is_a_subsidy_and_looks_like_a_loss() -> None:
    """Why the base holds them: the same change of prices without them gives revenue and welfare of the US the other sign."""
    change = {pair: 1 / (1 + rate) - 1 for pair, rate in DUTIES.items()}
    subsidy = equilibrium.outcomes(equilibrium.solve(equilibrium.tariff_matrix(change))).set_index("entity")
    cut = equilibrium.outcomes(equilibrium.solve(equilibrium.tariff_matrix({}), base=with_duties())).set_index("entity")
    assert subsidy.loc["USA", "revenue_usd"] < 0 == cut.loc["USA", "revenue_usd"]
    assert subsidy.loc["USA", "welfare_percent"] < 0 < cut.loc["USA", "welfare_percent"]
    assert cut.loc["CHN", "welfare_percent"] > 0


@REVENUES
def test_the_derivatives_hold_with_duties_in_the_base(revenue: str) -> None:
    parameters = Parameters(revenue=revenue)
    system = System(with_duties(parameters), parameters, equilibrium.tariff_matrix({("CHN", "USA"): 0.4, ("USA", "CHN"): 0.05}))
    chance = np.random.default_rng(3)
    unknowns = chance.normal(0, 0.02, 3 * 194)
    for _ in range(8):
        gaps = chance.normal(0, 1, 3 * 194)
        way = system.direction(system.point(unknowns), gaps)
        step = 1e-5 / np.abs(way).max()
        ahead, behind = (system.residuals(tried, system.point(tried)) for tried in (unknowns + step * way, unknowns - step * way))
        np.testing.assert_allclose((ahead - behind) / (2 * step), -gaps, atol=1e-6)


@pytest.mark.parametrize("rate", [30, 10.001, -1, -1.5, float("nan"), float("inf"), "0.3", True, None])
def test_a_rate_that_is_no_fraction_is_refused_with_the_remedy(rate: object) -> None:
    with pytest.raises(ParameterError, match=r"of USA on goods of CHN must be a fraction above -1 and up to 10, .* 30 per cent as 0\.30"):
        equilibrium.tariff_matrix({("CHN", "USA"): rate})


def test_impossible_countries_and_matrices_are_refused_in_a_sentence() -> None:
    with pytest.raises(ParameterError, match="There is no country 'TWN' in the model; it holds 194"):
        equilibrium.tariff_matrix({("TWN", "USA"): 0.2})
    with pytest.raises(ParameterError, match="USA cannot charge a tariff on itself"):
        equilibrium.tariff_matrix({("USA", "USA"): 0.2})
    with pytest.raises(ParameterError, match=r"a matrix of 194 by 194, not of shape \(3, 3\)"):
        equilibrium.solve(np.zeros((3, 3)))
    for place, rate in (((0, 0), 0.1), ((0, 1), 25.0), ((1, 0), np.nan)):
        tariffs = equilibrium.tariff_matrix({})
        tariffs[place] = rate
        with pytest.raises(ParameterError, match=rf"must be a fraction above -1 and up to {HIGHEST_RATE:g}, and 0 at home"):
            equilibrium.solve(tariffs)
    with pytest.raises(ParameterError, match="market must be expenditure or income, not 'gdp'"):
        equilibrium.optimal_us_rate("gdp")
    with pytest.raises(ParameterError, match="deficits must be endogenous or fixed, not 'balanced'; base_economy"):
        equilibrium.economy("balanced")
    nothing = equilibrium.solve(equilibrium.tariff_matrix({}))
    exporter, importer = (nothing.base.iso3[int(place)] for place in np.argwhere(nothing.base.sales_usd == 0)[0])
    with pytest.raises(ParameterError, match=f"{exporter} sold nothing to {importer}"):
        equilibrium.bilateral(nothing, exporter, importer)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"trade_elasticity": -4.0}, "trade_elasticity must be a number above 0, not -4.0; elasticities are given without their sign"),
        ({"trade_elasticity": 0}, "trade_elasticity must be a number above 0"),
        ({"labour_supply_elasticity": -0.5}, "labour_supply_elasticity must be a number 0 or more"),
        ({"scale_elasticity": float("nan")}, "scale_elasticity must be a number 0 or more, not nan"),
        ({"pass_through": "full"}, "pass_through must be a number above 0, not 'full'"),
        ({"revenue": "lump sum"}, "revenue must be tax_relief or lump_sum, not 'lump sum'"),
        ({"deficits": "zero"}, "deficits must be endogenous, fixed or balanced, not 'zero'"),
        ({"welfare": "real"}, "welfare must be exact or published, not 'real'"),
    ],
)
def test_impossible_parameters_are_refused_in_a_sentence(wrong: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        Parameters(**wrong)


def test_a_search_cut_short_says_how_far_it_came(cases: dict[tuple[str, str], equilibrium.Experiment]) -> None:
    with pytest.raises(ConvergenceError, match=r"after 1 of at most 1 steps the largest gap is \d.*Try lower tariffs.*max_iterations"):
        equilibrium.solve(cases[ANSWERED].tariffs, max_iterations=1)


def test_the_same_question_has_the_same_answer_to_the_last_bit(unanswered: Solution) -> None:
    again = equilibrium.solve(unanswered.tariffs, unanswered.parameters)
    for name in ("wage", "expenditure", "labour", "prices", "sales_usd", "revenue_usd"):
        assert getattr(again, name).tobytes() == getattr(unanswered, name).tobytes()
