"""Prices, imports, revenue and loss line by line: sums written out, identities, properties, and input that cannot be."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradelib import equilibrium, scenarios
from tradelib.errors import ParameterError

LATEST = date(2026, 10, 9)
FULL = scenarios.Behaviour(pass_through_frac=1.0, elasticity=2.0, home_foreign_ratio=0.5)
DEFAULT = scenarios.behaviour()
duty = st.floats(0, 2)
behaviours = st.builds(scenarios.Behaviour, st.floats(0, 1), st.floats(0, 8), st.floats(0.05, 1))


def table(*rows: tuple[float, float, float, float, float]) -> pd.DataFrame:
    """Lines of value, duty of the base year, before, after, and share."""
    columns = ["value_usd", "base_frac", "before_frac", "after_frac", "share_frac"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index([f"{number:06d}" for number in range(len(rows))], name="code"))


def test_effects_on_one_line_equal_the_sums_written_out() -> None:
    # 100 dollars without duty; then 25%; full pass-through; elasticity 2.
    one = scenarios.effects(table((100.0, 0.0, 0.0, 0.25, 0.5)), FULL).iloc[0]
    assert one["price_change_frac"] == pytest.approx(0.25)
    after = 100 * 1.25**-2  # 64
    assert one["imports_after_usd"] == pytest.approx(after)
    assert one["revenue_after_usd"] == pytest.approx(0.25 * after)  # 16
    assert one["buyers_cost_usd"] == pytest.approx(0.25 * (100 + after) / 2)  # 20.5
    assert one["deadweight_usd"] == pytest.approx(0.25 * (100 - after) / 2)  # 4.5
    assert one["sellers_loss_usd"] == pytest.approx(0)
    # The area under 100 / P^2 from 1 to 1.25: 100 (1 - 1 / 1.25) = 20.
    assert one["buyers_cost_curve_usd"] == pytest.approx(20)
    # Half of the market, half as elastic to home goods: 0.5 x 0.5 / (0.5 + 0.25) = a third of the loss.
    assert one["diverted_usd"] == pytest.approx((100 - after) / 3)


def test_lost_revenue_on_what_no_longer_comes_is_part_of_the_loss() -> None:
    # From 20% to 50%, base year without duty, elasticity 1, half of the duty passed on.
    one = scenarios.effects(table((100.0, 0.0, 0.2, 0.5, np.nan)), scenarios.Behaviour(0.5, 1.0, 0.5)).iloc[0]
    paid, received = (1.1, 1.25), (1.1 / 1.2, 1.25 / 1.5)
    sold = (100 / 1.1, 100 / 1.25)
    triangle = (paid[1] - paid[0]) * (sold[0] - sold[1]) / 2
    lost_revenue = 0.2 * received[0] * (sold[0] - sold[1])
    assert one["deadweight_usd"] == pytest.approx(triangle + lost_revenue)
    assert one["sellers_loss_usd"] == pytest.approx((received[0] - received[1]) * sold[1])
    assert one["buyers_cost_curve_usd"] == pytest.approx(100 * np.log(paid[1] / paid[0]))
    assert np.isnan(one["diverted_usd"])


@given(st.lists(st.tuples(st.floats(1, 1e9), duty, duty, duty, st.floats(0, 1)), min_size=1, max_size=8), behaviours)
def test_buyers_and_sellers_less_revenue_lose_exactly_the_deadweight(rows: list[tuple], how: scenarios.Behaviour) -> None:
    parts = scenarios.effects(table(*rows), how)
    revenue = parts["revenue_after_usd"] - parts["revenue_before_usd"]
    residual = parts["buyers_cost_usd"] + parts["sellers_loss_usd"] - revenue - parts["deadweight_usd"]
    scale = parts[["imports_before_usd", "imports_after_usd"]].max(axis="columns") + parts["buyers_cost_usd"].abs() + 1
    assert (residual.abs() < 1e-9 * scale).all()


@given(st.lists(st.tuples(st.floats(1, 1e9), duty, duty, st.floats(0, 1)), min_size=1, max_size=8), behaviours)
def test_where_no_duty_changes_every_effect_is_exactly_zero(rows: list[tuple], how: scenarios.Behaviour) -> None:
    same = table(*((value, base, rate, rate, share) for value, base, rate, share in rows))
    whole = scenarios.totals(scenarios.effects(same, how))
    for name in scenarios.OUTCOMES:
        assert whole[name] == 0 or (name == "diversion_share_frac" and np.isnan(whole[name])), name


@given(st.lists(st.tuples(st.floats(1, 1e6), duty, duty, duty), min_size=1, max_size=8))
def test_with_full_pass_through_and_no_response_the_cost_is_the_revenue(rows: list[tuple]) -> None:
    parts = scenarios.effects(table(*((*row, 0.5) for row in rows)), scenarios.Behaviour(1.0, 0.0, 0.5))
    whole = scenarios.totals(parts)
    assert whole["buyers_cost_usd"] == pytest.approx(whole["revenue_change_usd"], rel=1e-9, abs=1e-6)
    for name in ("deadweight_usd", "deadweight_curve_usd", "own_loss_usd"):
        assert whole[name] == pytest.approx(0, abs=1e-6), name


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(1, 1e6), duty, duty, duty, st.floats(0.01, 1)), min_size=1, max_size=5))
def test_doubling_values_doubles_dollars_and_no_share(rows: list[tuple]) -> None:
    once = table(*rows)
    twice = once.assign(value_usd=2 * once["value_usd"])
    one, two = (scenarios.totals(scenarios.effects(part, DEFAULT)) for part in (once, twice))
    for name in one.index:
        factor = 2 if name.endswith("_usd") else 1
        assert two[name] == pytest.approx(factor * one[name], rel=1e-12, nan_ok=True), name


@given(duty, duty, behaviours)
def test_a_higher_duty_never_makes_goods_cheaper_or_imports_larger(low: float, high: float, how: scenarios.Behaviour) -> None:
    low, high = sorted((low, high))
    one = scenarios.effects(table((100.0, 0.0, low, high, 0.5)), how).iloc[0]
    assert one["price_change_frac"] >= 0
    assert one["imports_after_usd"] <= one["imports_before_usd"] * (1 + 1e-12)
    assert one["deadweight_usd"] >= -1e-9
    assert -1e-9 <= one["diverted_usd"] <= one["lost_usd"] + 1e-9
    assert one["buyers_cost_curve_usd"] <= one["buyers_cost_usd"] * (1 + 1e-9) + 1e-9


def test_a_line_of_unknown_duty_is_left_out_and_its_trade_said() -> None:
    mixed = table((30.0, 0.1, 0.1, 0.2, 0.5), (70.0, 0.1, np.nan, 0.2, 0.5))
    assert scenarios.known_trade_frac(mixed) == pytest.approx(0.3)
    assert list(scenarios.effects(mixed, FULL).index) == ["000000"]


def test_seeds_reproduce_and_others_do_not() -> None:
    lines = table((100.0, 0.0, 0.1, 0.5, 0.5), (50.0, 0.1, 0.2, 0.2, 0.9))
    first, again, other = (scenarios.simulate(lines, DEFAULT, draws=50, rng=np.random.default_rng(seed)) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first["deadweight_usd"].equals(other["deadweight_usd"])


def test_each_draw_is_the_answer_for_its_parameters() -> None:
    lines = table((100.0, 0.0, 0.1, 0.5, 0.5), (50.0, 0.1, 0.2, 0.9, 0.9))
    drawn = scenarios.simulate(lines, DEFAULT, draws=130, rng=np.random.default_rng(7))  # more than are worked on at once
    held = scenarios.ranges()
    for row in drawn.iloc[[0, 63, 64, 129]].itertuples():
        how = scenarios.Behaviour(row.pass_through_frac, row.elasticity, row.home_foreign_ratio)
        whole = scenarios.totals(scenarios.effects(lines, how))
        assert row.deadweight_usd == pytest.approx(whole["deadweight_usd"])
        assert row.diversion_share_frac == pytest.approx(whole["diversion_share_frac"])
    for name in held.index:
        assert drawn[name].between(held.loc[name, "low"], held.loc[name, "high"]).all()
        assert drawn[name].nunique() > 100


def test_the_interval_holds_nine_tenths_of_the_draws() -> None:
    drawn = scenarios.simulate(table((100.0, 0.0, 0.1, 0.5, 0.5)), DEFAULT, draws=2000, rng=np.random.default_rng(7))
    row = scenarios.intervals(drawn).loc["deadweight_usd"]
    assert drawn["deadweight_usd"].between(row["low"], row["high"]).mean() == pytest.approx(0.9, abs=0.002)
    assert row["low"] < row["median"] < row["high"]


def test_the_tornado_varies_one_parameter_at_a_time() -> None:
    lines = table((100.0, 0.0, 0.1, 0.5, 0.5))
    rows = scenarios.tornado(lines, DEFAULT, outcome="deadweight_usd").set_index("parameter")
    for end in ("lowest", "highest"):
        how = replace(DEFAULT, elasticity=rows.loc["elasticity", f"{end}_at"])
        assert rows.loc["elasticity", end] == pytest.approx(scenarios.totals(scenarios.effects(lines, how))["deadweight_usd"])
    assert rows.loc["home_foreign_ratio", "lowest"] == rows.loc["home_foreign_ratio", "highest"]  # it moves diversion only
    assert (rows["highest"] - rows["lowest"]).is_monotonic_decreasing
    assert rows["centre"].between(rows["lowest"] - 1e-9, rows["highest"] + 1e-9).all()


def test_what_the_importing_side_loses_is_the_deadweight_less_what_sellers_lose() -> None:
    whole = scenarios.totals(scenarios.effects(table((100.0, 0.0, 0.2, 0.9, 0.5)), DEFAULT))
    assert whole["own_loss_usd"] == pytest.approx(whole["buyers_cost_curve_usd"] - whole["revenue_change_usd"])
    assert whole["own_loss_usd"] == pytest.approx(whole["deadweight_curve_usd"] - whole["sellers_loss_usd"])
    # With elasticity 3.8 the straight line overstates a rise of duty by 70 points.
    assert whole["deadweight_usd"] > 1.05 * whole["deadweight_curve_usd"]


@pytest.mark.parametrize(("elasticity", "ends"), [(2.0, (1.3, 6.0)), (0.5, (0.5, 6.0)), (9.0, (1.3, 9.0))])
def test_draws_lie_around_the_parameters_given_and_reach_them(elasticity: float, ends: tuple[float, float]) -> None:
    lines, how = table((100.0, 0.0, 0.1, 0.5, 0.5)), scenarios.behaviour(elasticity=elasticity)
    drawn = scenarios.simulate(lines, how, draws=4000, rng=np.random.default_rng(3))["elasticity"]
    assert ends[0] <= drawn.min() < ends[0] + 0.3
    assert ends[1] - 0.3 < drawn.max() <= ends[1]
    assert drawn.mean() == pytest.approx((ends[0] + elasticity + ends[1]) / 3, abs=0.06)  # of a triangular distribution


def test_the_tornado_holds_an_outcome_that_is_largest_inside_the_range() -> None:
    # From a base without duty, a very elastic buyer has left before the second duty comes: the loss is largest in between.
    rows = scenarios.tornado(table((100.0, 0.0, 0.6, 1.2, 0.5)), DEFAULT, outcome="deadweight_usd").set_index("parameter")
    assert rows.loc["elasticity", "low"] < rows.loc["elasticity", "highest_at"] < rows.loc["elasticity", "high"]


@pytest.mark.parametrize(
    ("given_values", "words"),
    [
        ({"elasticity": -3.8}, "elasticity must be a number from 0 to 20, not -3.8; it is written without a minus"),
        ({"pass_through_frac": 94.0}, "pass_through_frac must be a fraction from 0 to 1, not 94.0; write 0.94 for 94%"),
        ({"home_foreign_ratio": float("inf")}, "home_foreign_ratio must be a fraction"),
        ({"elasticity": True}, "elasticity must be a number"),
    ],
)
def test_parameters_that_cannot_be_are_refused(given_values: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        scenarios.behaviour(**given_values)


@pytest.mark.parametrize("draws", [0, -1, 2.5, True, 1_000_000])
def test_a_number_of_draws_that_cannot_be_is_refused(draws: object) -> None:
    with pytest.raises(ParameterError, match="draws must be a whole number from 1 to 100,000"):
        scenarios.simulate(table((1.0, 0.0, 0.0, 0.1, 0.5)), DEFAULT, draws=draws, rng=np.random.default_rng(1))


def test_a_duty_of_30_in_place_of_030_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"after_frac of 000000 is 30; duties are fractions of value: write 0.30 for 30%"):
        scenarios.effects(table((1.0, 0.0, 0.0, 30.0, 0.5)), FULL)


def test_the_lines_of_both_sides_hold_the_trade_of_2024_and_the_duties_of_the_engine() -> None:
    before, after = (scenarios.schedule(scenarios.load(name), as_of=LATEST) for name in ("status_quo", "truce_lapses"))
    day = scenarios.settled_on(before, after, as_of=LATEST)
    assert day == date(2026, 11, 10)
    us, cn = (scenarios.lines(before, after, importer=side, on=day, as_of=LATEST) for side in ("US", "CN"))
    # US imports from China in 2024, customs value, imports for consumption: USD 429.4 billion (Census); US exports: USD 143.5 billion.
    assert us["value_usd"].sum() == pytest.approx(429.4e9, rel=1e-3)
    assert cn["value_usd"].sum() == pytest.approx(143.5e9, rel=1e-3)
    soybeans = cn.loc["120190"]
    # General rate 3%, 25% of 2018, 2.5% of list 4A on the line that has the trade, 10%; then 34% in place of the last.
    assert soybeans["before_frac"] == pytest.approx(0.03 + 0.25 + 0.025 + 0.10)
    assert soybeans["after_frac"] == pytest.approx(0.03 + 0.25 + 0.025 + 0.34)
    assert us.loc["8517130000", "share_frac"] == pytest.approx(0.727, abs=1e-3)
    assert cn["share_frac"].isna().all()


def test_before_2024_the_base_duties_are_those_of_the_day() -> None:
    early = date(2019, 12, 20)
    law = scenarios.schedule(scenarios.load("status_quo"), as_of=early)
    held = scenarios.lines(law, law, importer="US", on=date(2019, 12, 21), as_of=early)
    pd.testing.assert_series_equal(held["base_frac"], held["before_frac"], check_names=False)


def test_the_defaults_of_the_notebook_and_the_model_are_those_of_the_table_with_its_papers() -> None:
    rows = scenarios.assumptions().set_index(["model", "parameter"])["default"]
    model = equilibrium.Parameters()
    for name in ("trade_elasticity", "labour_supply_elasticity", "scale_elasticity", "pass_through"):
        assert rows[("equilibrium", name)] == getattr(model, name)
    from conftest import REPOSITORY

    from tradelib.report.parameters import declared

    shown = declared(REPOSITORY / "notebooks" / "07_scenarios.ipynb")
    names = {"pass_through": "pass_through_frac", "elasticity": "elasticity", "home_foreign_ratio": "home_foreign_ratio"}
    for parameter, name in names.items():
        assert shown[parameter].default == getattr(DEFAULT, name) == rows[("partial", name)]
    assert shown["trade_elasticity"].default == model.trade_elasticity


def test_the_whole_economy_does_not_move_where_duties_do_not_differ() -> None:
    same = pd.DataFrame({"importer": ["US", "CN"], "base_frac": [0.12, 0.18], "before_frac": [0.25, 0.3], "after_frac": [0.25, 0.3]})
    table_of = scenarios.economy_effects(same, equilibrium.Parameters())
    assert table_of.drop(columns=["entity", "name"]).eq(0).all(axis=None)
    assert scenarios.flows(same, equilibrium.Parameters()) == {"US": 0.0, "CN": 0.0}


@pytest.mark.parametrize("column", ["base_frac", "before_frac", "after_frac"])
def test_other_duties_get_another_answer_of_the_whole_economy(column: str) -> None:
    """The answer is remembered by all six."""
    duties = pd.DataFrame({"importer": ["US", "CN"], "base_frac": [0.12, 0.18], "before_frac": [0.25, 0.3], "after_frac": [0.5, 0.6]})
    answers = {tuple(scenarios.economy_effects(duties, equilibrium.Parameters())["welfare_percent"])}
    for row in duties.index:
        other = duties.copy()
        other.loc[row, column] += 0.01
        answers.add(tuple(scenarios.economy_effects(other, equilibrium.Parameters())["welfare_percent"]))
    assert len(answers) == 3


@pytest.mark.parametrize("column", ["value_usd", "base_frac", "before_frac", "after_frac", "share_frac"])
def test_other_lines_get_another_response(column: str) -> None:
    """Response and tornado are remembered by the numbers of the lines."""
    lines = table((100.0, 0.0, 0.1, 0.3, 0.5), (50.0, 0.1, 0.2, 0.2, 0.2))
    other = lines.copy()
    other.loc["000000", column] += 0.05

    def answers(rows: pd.DataFrame) -> list[pd.DataFrame]:
        return [
            scenarios.response({"US": rows}, FULL, draws=5, seed=1),
            *(scenarios.tornado(rows, FULL, outcome=name) for name in ("imports_change_usd", "diversion_share_frac")),
        ]

    first, apart, again = answers(lines), answers(other), answers(lines.copy())
    assert all(one.equals(two) for one, two in zip(first, again, strict=True))
    assert not all(one.equals(two) for one, two in zip(first, apart, strict=True))
    assert not first[0].equals(apart[0])


def test_a_tornado_is_what_the_lines_give_at_each_of_its_ends() -> None:
    lines = table((100.0, 0.0, 0.1, 0.3, 0.5), (50.0, 0.1, 0.2, 0.25, 0.2))
    for row in scenarios.tornado(lines, FULL, outcome="own_loss_usd").itertuples():
        for value, at in ((row.lowest, row.lowest_at), (row.highest, row.highest_at)):
            assert value == scenarios.totals(scenarios.effects(lines, replace(FULL, **{row.parameter: float(at)})))["own_loss_usd"]


def test_a_war_of_duties_costs_both_economies_and_the_interval_holds_the_answer() -> None:
    war = pd.DataFrame({"importer": ["US", "CN"], "base_frac": [0.12, 0.18], "before_frac": [0.25, 0.3], "after_frac": [1.1, 1.4]})
    model = equilibrium.Parameters()
    rows = scenarios.with_intervals(scenarios.economy_effects(war, model), war, model, draws=500, seed=1).set_index("entity")
    for entity in ("USA", "CHN"):
        assert rows.loc[entity, "welfare_percent"] < 0
        assert rows.loc[entity, "welfare_low_percent"] < rows.loc[entity, "welfare_percent"] < rows.loc[entity, "welfare_high_percent"]
    assert all(change < -0.5 for change in scenarios.flows(war, model).values())
    assert set(rows.index) == {"USA", "CHN", "EU25", "ROW"}


@pytest.mark.parametrize("after", [{"US": 0.026, "CN": 0.048}, {"US": 0.25, "CN": 0.534}, {"US": 1.1, "CN": 1.44}])
def test_revenue_of_the_whole_economy_moves_with_duty_times_trade(after: dict[str, float]) -> None:
    """What an earlier way of entering duties got wrong, by the sign: a cut that cost more revenue than there had been."""
    duties = pd.DataFrame(
        {"importer": ["US", "CN"], "base_frac": [0.126, 0.183], "before_frac": [0.249, 0.294], "after_frac": list(after.values())}
    )
    model = equilibrium.Parameters()
    rows = scenarios.economy_effects(duties, model).set_index("entity")["revenue_change_usd"]
    base = equilibrium.with_tariffs(
        equilibrium.base_economy(model), equilibrium.tariff_matrix({("CHN", "USA"): 0.126, ("USA", "CHN"): 0.183})
    )
    trade = {"US": ("CHN", "USA"), "CN": ("USA", "CHN")}
    sold = {}
    for name in ("before_frac", "after_frac"):
        rates = dict(zip(duties["importer"], duties[name], strict=True))
        solution = equilibrium.solve(equilibrium.tariff_matrix({pair: rates[side] for side, pair in trade.items()}), model, base=base)
        sold[name] = {
            side: rates[side] * solution.sales_usd[base.position(pair[0]), base.position(pair[1])] for side, pair in trade.items()
        }
    for side, entity in (("US", "USA"), ("CN", "CHN")):
        assert rows[entity] == pytest.approx(sold["after_frac"][side] - sold["before_frac"][side])
        assert rows[entity] >= -sold["before_frac"][side]


def test_other_treatments_of_revenue_and_deficits_are_all_told() -> None:
    war = pd.DataFrame({"importer": ["US", "CN"], "base_frac": [0.12, 0.18], "before_frac": [0.25, 0.3], "after_frac": [1.1, 1.4]})
    rows = scenarios.other_closures(war, equilibrium.Parameters(revenue="lump_sum"))
    assert len(rows) == 5
    assert ("lump_sum", "endogenous") not in set(zip(rows["revenue"], rows["deficits"], strict=True))
    assert rows[["us_percent", "china_percent"]].lt(0).all(axis=None)


def test_duties_of_the_base_data_are_those_of_july_2023() -> None:
    law = scenarios.schedule(scenarios.load("as_scheduled"), as_of=LATEST)
    rows = scenarios.average_duties(law, law, on=scenarios.begins_on(LATEST), as_of=LATEST, base_on=scenarios.BASE_ON).set_index("importer")
    from tradelib import tariffs

    for importer in ("US", "CN"):
        held = tariffs.averages(importer=importer, as_of=LATEST, on=[scenarios.BASE_ON])["weighted_frac"].iloc[0]
        assert rows.loc[importer, "base_frac"] == pytest.approx(held)


def test_welfare_in_dollars_is_consumption_less_the_cost_of_work() -> None:
    """Per cent of welfare are no per cent of expenditure: written out from consumption and labour of both solutions."""
    duties = pd.DataFrame({"importer": ["US", "CN"], "base_frac": [0.126, 0.183], "before_frac": [0.249, 0.294], "after_frac": [1.1, 1.44]})
    model = equilibrium.Parameters()
    pairs = {"US": ("CHN", "USA"), "CN": ("USA", "CHN")}
    matrix = {
        name: equilibrium.tariff_matrix({pairs[row.importer]: getattr(row, name) for row in duties.itertuples()})
        for name in ("base_frac", "before_frac", "after_frac")
    }
    base = equilibrium.with_tariffs(equilibrium.base_economy(model), matrix["base_frac"])
    worth = {}
    for name in ("before_frac", "after_frac"):
        solution = equilibrium.solve(matrix[name], model, base=base)
        consumption = base.expenditure_usd * solution.expenditure / solution.prices
        power = 1 + 1 / model.labour_supply_elasticity
        worth[name] = consumption - base.income_usd * solution.labour**power / power
    printed = scenarios.economy_effects(duties, model).set_index("entity")["welfare_usd"]
    for entity in ("USA", "CHN"):
        place = base.position(entity)
        assert printed[entity] == pytest.approx(worth["after_frac"][place] - worth["before_frac"][place], rel=2e-3)


def test_the_two_models_stand_side_by_side_in_numbers() -> None:
    """A loss of a side is a negative gain, and its interval is turned round with it."""
    responses = pd.DataFrame(
        [
            (side, outcome, given, low, high)
            for side in ("US", "CN")
            for outcome, given, low, high in (
                ("imports_change_frac", -0.2, -0.3, -0.1),
                ("revenue_change_usd", 5, 1, 9),
                ("own_loss_usd", 4, 2, 6),
            )
        ],
        columns=["importer", "outcome", "given", "low", "high"],
    )
    economy = pd.DataFrame({"entity": ["USA", "CHN"], "revenue_change_usd": [7.0, 8.0], "welfare_usd": [-1.0, -2.0]})
    rows = scenarios.two_models(responses, economy, {"US": -0.4, "CN": -0.5}).set_index(["importer", "outcome"])
    assert rows.loc[("US", "own_gain_usd")].tolist() == [-4, -6, -2, -1]
    assert rows.loc[("CN", "imports_change_frac")].tolist() == [-0.2, -0.3, -0.1, -0.5]
    assert rows.loc[("CN", "revenue_change_usd")].tolist() == [5, 1, 9, 8]


def test_lines_of_equal_duties_and_other_shares_are_told_apart() -> None:
    """They respond alike, and what others sell in their place differs."""
    rows = [(100.0, 0.1, 0.1, 0.5, 0.1), (300.0, 0.1, 0.1, 0.5, 0.9), (50.0, 0.1, 0.1, 0.5, 0.9), (20.0, 0.0, 0.0, 0.3, 0.4)]
    together = scenarios.simulate(table(*rows), DEFAULT, draws=20, rng=np.random.default_rng(5))["diverted_usd"]
    alone = [scenarios.simulate(table(row), DEFAULT, draws=20, rng=np.random.default_rng(5))["diverted_usd"] for row in rows]
    assert together.to_numpy() == pytest.approx(sum(alone).to_numpy(), rel=1e-12)
