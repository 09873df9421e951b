"""The experiments of the paper, and our model held against every figure it printed.

Tables are numbered as in the working paper of July 2025. Its text differs from its results in places: the optimal tariff is 19 per cent
in the text and 21.8 in table 1; Mexico is charged 17 per cent, not 10; shares of revenue are of base expenditure, not GDP; and means are
weighted with base expenditure, not GDP. What the results use is used here.

Source: Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), Journal of International Economics 157, 104138,
https://doi.org/10.1016/j.jinteco.2025.104138.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tradelib import catalogue
from tradelib.doors import LATEST, Day, door
from tradelib.equilibrium.economy import (
    CHINA,
    DEFAULT,
    UNITED_STATES,
    Economy,
    Floats,
    Parameters,
    economy,
    pass_through,
    without_us_imbalances,
)  # fmt: skip
from tradelib.equilibrium.outcomes import by_country, mean, members, world
from tradelib.equilibrium.solving import Solution, solve
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.shown import Shown

PAPER = Parameters(welfare="published")
FIXED = replace(PAPER, deficits="fixed")
FEDERAL_BUDGET_FRAC = 0.23
# The same experiment under another name.
SAME = {
    ("T3", "ustr"): ("T1", "ustr_income_tax"),
    ("T3", "optimal"): ("T1", "optimal_income_tax"),
    ("T3", "ustr_optimal_retaliation"): ("T2", "ustr_optimal_retaliation"),
    ("T3", "ustr_reciprocal"): ("T2", "ustr_reciprocal"),
    ("T9", "baseline"): ("T1", "ustr_income_tax"),
    ("T10", "fixed_transfers"): ("T9", "ek_krugman"),
    ("T11", "ustr_income_tax"): ("T1", "ustr_income_tax"),
    ("T11", "ustr_reciprocal"): ("T2", "ustr_reciprocal"),
}

# What each case is, for readers.
_ANNOUNCED, _RELIEF = "US tariffs announced on 2 April 2025", "revenue lowers the income tax"
TITLES = {
    "ustr": f"{_ANNOUNCED}: what they raise",
    "ustr_income_tax": f"{_ANNOUNCED}; {_RELIEF}",
    "ustr_lump_sum": f"{_ANNOUNCED}; revenue is paid out as a lump sum",
    "optimal": "Optimal US tariff, unanswered: what it raises",
    "optimal_income_tax": f"Optimal US tariff, unanswered; {_RELIEF}",
    "ustr_reciprocal": f"{_ANNOUNCED}; each country charges US goods the same",
    "ustr_optimal_retaliation": f"{_ANNOUNCED}; all others answer with their optimal tariff",
    "optimal_optimal_retaliation": "Optimal tariffs of both sides",
    "war_eu_china": "54% on Chinese goods, 20% on the EU's, 10% on all others; each charges US goods the same",
    "war_china": "54% on Chinese goods, 10% on all others; each charges US goods the same",
    "war_china_108": "108% on Chinese goods, 10% on all others; each charges US goods the same",
    "baseline": _ANNOUNCED,
    "passthrough_025": f"{_ANNOUNCED}; a quarter of a tariff reaches the price a firm asks",
    "elasticity_8": f"{_ANNOUNCED}; elasticity of trade of 8",
    "ek_krugman": f"{_ANNOUNCED}; deficits are fixed transfers",
    "fixed_transfers": f"{_ANNOUNCED}; deficits are fixed transfers",
    "fixed_transfers_retaliation": f"{_ANNOUNCED}; all others answer with one tariff; deficits are fixed transfers",
    "balanced": f"{_ANNOUNCED}; a world without US trade imbalances",
    "balanced_retaliation": f"{_ANNOUNCED}; all others answer with one tariff; a world without US trade imbalances",
}


@dataclass(frozen=True, eq=False, repr=False)
class Experiment(Shown):
    """One column of the paper's tables.

    Attributes
    ----------
    tariffs
        N x N, [exporter, importer], ad-valorem fractions.
    parameters
        of the model, with welfare as published.
    is_balanced
        the transfers of the paper's world without US imbalances, which do not sum to 0: the country whose labour market is left out
        (Zimbabwe, the last one) makes up the difference. Only the paper's tables need it; `Parameters.deficits = "balanced"` is the sound
        form.
    """

    tariffs: Floats
    parameters: Parameters = PAPER
    is_balanced: bool = False


def announced_rates() -> Floats:
    """US rates on goods of every country, N fractions: those announced on 2 April 2025 as the paper coded them, at least 0.10."""
    return catalogue.load("economies")["model_rate_frac"].to_numpy()


def optimal_us_rate(market: str = "expenditure", parameters: Parameters = DEFAULT) -> float:
    """Uniform tariff that serves the US best by the paper's formula, a fraction, if nobody retaliates.

    Parameters
    ----------
    market
        size of the US home market in the formula: `expenditure` (the paper's proposition, table 1: 0.218) or `income` (its text and table
        2: 0.185).

    Raises
    ------
    ParameterError
        another market.
    """
    base = economy()
    us = base.position(UNITED_STATES)
    sizes = {"expenditure": base.expenditure_usd[us], "income": base.income_usd[us]}
    if market not in sizes:
        message = f"market must be expenditure or income, not {market!r}."
        raise ParameterError(message)
    kept = 1 - base.entry_cost_frac
    exports = np.delete(base.sales_usd[us] * kept * (1 - base.shares[us]), us).sum()
    reach = exports / (kept[us] * (sizes[market] - base.sales_usd[us, us]))
    return _optimal(reach, pass_through(base, parameters)[us], parameters)


def optimal_retaliation_rate(parameters: Parameters = DEFAULT) -> float:
    """Uniform tariff on US goods that serves the rest of the world best as one block, a fraction (0.227)."""
    base = economy()
    us = base.position(UNITED_STATES)
    rest = np.arange(len(base.iso3)) != us
    kept = 1 - base.entry_cost_frac
    to_us, at_home = base.sales_usd[rest, us].sum(), base.sales_usd[np.ix_(rest, rest)].sum()
    share = to_us / (to_us + base.sales_usd[us, us])
    other = int(np.flatnonzero(rest)[0])
    reach = to_us * kept[us] * (1 - share) / (kept[other] * (base.income_usd[rest].sum() - at_home))
    return _optimal(reach, pass_through(base, parameters)[other], parameters)


def _optimal(reach: float, passed: float, parameters: Parameters) -> float:
    return float(1 / ((1 + parameters.trade_elasticity * reach) * passed - 1))


@kept()
def experiments() -> dict[tuple[str, str], Experiment]:
    """Every experiment of the one-sector model in the paper, by (table, case); table 9's case of many sectors is outside this model."""
    base, announced = economy(), announced_rates()
    optimal, retaliation = optimal_us_rate(), optimal_retaliation_rate()
    elasticity, us = DEFAULT.trade_elasticity, base.position(UNITED_STATES)
    unanswered = _tariffs(base, announced)
    answered = 1 / ((1 + elasticity) * pass_through(base)[us] - 1)
    found = {
        ("T1", "ustr_income_tax"): Experiment(unanswered),
        ("T1", "ustr_lump_sum"): Experiment(unanswered, replace(PAPER, revenue="lump_sum")),
        ("T1", "optimal_income_tax"): Experiment(_tariffs(base, optimal)),
        ("T2", "ustr_reciprocal"): Experiment(_tariffs(base, announced, announced)),
        ("T2", "ustr_optimal_retaliation"): Experiment(_tariffs(base, announced, retaliation)),
        ("T2", "optimal_optimal_retaliation"): Experiment(_tariffs(base, optimal_us_rate("income"), retaliation)),
        ("T8", "war_eu_china"): Experiment(_war(base, china=0.54, union=0.20)),
        ("T8", "war_china"): Experiment(_war(base, china=0.54)),
        ("T8", "war_china_108"): Experiment(_war(base, china=1.08)),
        ("T9", "passthrough_025"): Experiment(unanswered, replace(PAPER, pass_through=0.25)),
        ("T9", "elasticity_8"): Experiment(unanswered, replace(PAPER, trade_elasticity=8.0)),
        ("T9", "ek_krugman"): Experiment(unanswered, FIXED),
        ("T10", "fixed_transfers_retaliation"): Experiment(_tariffs(base, announced, 1 / elasticity), FIXED),
        ("T10", "balanced"): Experiment(unanswered, is_balanced=True),
        ("T10", "balanced_retaliation"): Experiment(_tariffs(base, announced, answered), is_balanced=True),
    }
    return found | {name: found[other] for name, other in SAME.items()}


def _tariffs(base: Economy, on_entry: Floats | float, on_us_exports: Floats | float = 0.0) -> Floats:
    """Tariffs of the US on all others, and of all others on the US."""
    us, tariffs = base.position(UNITED_STATES), np.zeros_like(base.sales_usd)
    tariffs[:, us] = on_entry
    tariffs[us, :] = on_us_exports
    tariffs[us, us] = 0.0
    return tariffs


def _war(base: Economy, *, china: float, union: float = 0.10) -> Floats:
    """The US charges 10 per cent and more on Chinese goods and the EU, and is charged the same."""
    rates = np.full(len(base.iso3), 0.10)
    rates[members(base)["EU25"]] = union
    rates[base.position(CHINA)] = china
    return _tariffs(base, rates, rates)


@door
@kept(maxsize=32)
def run(experiment: Experiment) -> tuple[Solution, pd.DataFrame]:
    """An experiment solved, and its changes by country as the paper counts them.

    Returns
    -------
    tuple[Solution, DataFrame]
        (solution, changes as `outcomes.by_country` gives them). In a balanced experiment the changes are those from the unbalanced world to
        the balanced one with tariffs, less those to the balanced one without.
    """
    if not experiment.is_balanced:
        solution = solve(experiment.tariffs, experiment.parameters)
        return solution, by_country(solution)
    base = without_us_imbalances(economy(experiment.parameters.deficits))
    solution = solve(experiment.tariffs, experiment.parameters, base=base)
    without = by_country(solve(np.zeros_like(experiment.tariffs), experiment.parameters, base=base))
    changes = by_country(solution)
    moved = [str(name) for name in changes if str(name).endswith("_percent")]
    changes[moved] -= without[moved]
    return solution, changes


@door
def replicate(*, as_of: Day = LATEST) -> pd.DataFrame:
    """Every figure of the paper that is held and was public on a day, beside what the model gives for it.

    Parameters
    ----------
    as_of
        day of knowledge.

    Returns
    -------
    DataFrame
        One row a figure, sorted by key table, case, entity, outcome: title (what the case is); published and computed, in unit; decimals;
        weight; result (`agrees` to the decimals printed, `differs`, or `not compared`); note, which says why a figure is not compared;
        source, url, known_on.
    """
    targets = catalogue.load("equilibrium_targets", as_of=as_of)
    known, done, rows = experiments(), {}, []
    for target in targets.to_dict("records"):
        name = SAME.get((target["table"], target["case"]), (target["table"], target["case"]))
        if name not in done:
            done[name] = run(known[name])
        computed = _figure(*done[name], target)
        agrees = abs(computed - target["value"]) <= 0.5 * 10 ** -target["decimals"] + 1e-9
        result = ("agrees" if agrees else "differs") if target["is_reproducible"] else "not compared"
        rows.append((target["value"], computed, result))
    compared = pd.DataFrame(rows, columns=["published", "computed", "result"], index=targets.index)
    named = targets.assign(title=[TITLES[case] for case in targets["case"]])
    first, last = ["table", "case", "title", "entity", "outcome", "unit"], ["decimals", "weight", "note", "source", "url", "known_on"]
    return pd.concat([named[first], compared, named[last]], axis=1)


def _figure(solution: Solution, countries: pd.DataFrame, target: Mapping[Hashable, Any]) -> float:
    """What the model gives for one printed figure."""
    if target["entity"] == "WORLD":
        return world(solution)[{"world_trade_to_gdp": "trade_to_gdp_percent"}.get(target["outcome"], "employment_percent")]
    part = countries.iloc[members(solution.base)[target["entity"]]]
    if target["outcome"].startswith("revenue_to_"):
        share = mean(part, "revenue_to_expenditure_percent")
        return share / FEDERAL_BUDGET_FRAC if target["outcome"] == "revenue_to_federal_budget" else share
    column = f"{target['outcome']}_percent"
    return float(part[column].mean()) if target["weight"] == "simple" else mean(part, column)
