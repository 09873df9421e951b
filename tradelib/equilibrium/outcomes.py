"""What tariffs do, read off a solution: percentage changes by country and by group, revenue, and trade between two countries.

Every figure is a change against the base year 2023. Sales and revenue are in dollars at the world's consumer prices of 2023, the
yardstick of the model: an even rise of all prices in the world would not show.

Source: the measures of Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), Journal of International Economics 157, 104138,
https://doi.org/10.1016/j.jinteco.2025.104138; welfare worked out anew, see `by_country`.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradelib import catalogue, strings
from tradelib.equilibrium.economy import CHINA, UNITED_STATES, Economy, Floats, Parameters
from tradelib.equilibrium.solving import Solution
from tradelib.errors import ParameterError

Places = NDArray[np.intp]
CHANGES = [
    "welfare_percent", "prices_percent", "employment_percent", "exports_gdp_percent", "imports_gdp_percent", "deficit_percent",
]  # fmt: skip
# Below this share of expenditure an imbalance is what rounding left behind.
NO_DEFICIT = 1e-9


@strings.alike
def by_country(solution: Solution) -> pd.DataFrame:
    """Changes in every country.

    Returns
    -------
    DataFrame
        One row a country, indexed by iso3 in the order of the model: name; in percent change against 2023: welfare_percent, prices_percent
        (of consumers, tariffs included), employment_percent, exports_gdp_percent and imports_gdp_percent (trade net of tariff over labour
        income), deficit_percent (imports less exports, over the size of the old balance: a positive number for a surplus country is a
        smaller surplus; NaN where trade was balanced); revenue_usd, the new tariff revenue; revenue_to_expenditure_percent, the same in
        percent of base expenditure; base_expenditure_usd and base_income_usd, the weights of aggregates; base_welfare_usd, what
        welfare_percent is a part of: base expenditure less the cost of the work behind it.

    Notes
    -----
    Utility is consumption less the cost of work, labour ** (1 + 1 / k) / (1 + 1 / k) with k the elasticity of labour supply. The second
    part changes with labour times wage over prices and over what the tax leaves; the tables of the paper have it without the tax
    (`Parameters.welfare = "published"`). The two agree where there is no revenue, or none that replaces a tax.
    """
    base = solution.base
    before = _net_sales(base)
    size = len(base.iso3)
    table = pd.DataFrame({"name": base.names}, index=pd.Index(base.iso3, name="iso3"))
    table["welfare_percent"] = 100 * _welfare(base, solution, solution.parameters)
    table["prices_percent"] = 100 * (solution.prices - 1)
    table["employment_percent"] = 100 * (solution.labour - 1)
    abroad = ~np.eye(size, dtype=bool)
    for name, axis in (("exports_gdp_percent", 1), ("imports_gdp_percent", 0)):
        new = (solution.sales_usd * abroad).sum(axis=axis) / solution.income_usd
        table[name] = 100 * (new / ((before * abroad).sum(axis=axis) / base.income_usd) - 1)
    old, new = (sales.sum(axis=0) - sales.sum(axis=1) for sales in (before, solution.sales_usd))
    unbalanced = np.abs(old) > NO_DEFICIT * base.expenditure_usd
    table["deficit_percent"] = 100 * np.divide(new - old, np.abs(old), out=np.full(size, np.nan), where=unbalanced)
    table["revenue_usd"] = solution.revenue_usd
    table["revenue_to_expenditure_percent"] = 100 * solution.revenue_usd / base.expenditure_usd
    table["base_expenditure_usd"] = base.expenditure_usd
    table["base_income_usd"] = base.income_usd
    table["base_welfare_usd"] = base.expenditure_usd / _consumption_weight(base, solution, solution.parameters)
    return table


def _net_sales(base: Economy) -> Floats:
    """Base sales net of tariff, as the solution computes them, so that nothing moves where no tariff does."""
    return base.shares * base.expenditure_usd / (1 + base.tariffs)


def _welfare(base: Economy, solution: Solution, parameters: Parameters) -> Floats:
    """Change of welfare of every country, a fraction: of consumption, and of the cost of work with its weight below zero."""
    kept = 1 - solution.abolished_tax_frac
    weight = _consumption_weight(base, solution, parameters)
    consumption = solution.expenditure / solution.prices
    work = solution.wage * solution.labour / solution.prices
    if parameters.welfare == "exact":
        work = work / kept
    return weight * (consumption - 1) + (1 - weight) * (work - 1)


def _consumption_weight(base: Economy, solution: Solution, parameters: Parameters) -> Floats:
    """Base expenditure over base welfare: above one by the cost of work."""
    kept = 1 - solution.abolished_tax_frac
    elasticity = parameters.labour_supply_elasticity
    return base.expenditure_usd / (base.expenditure_usd - elasticity * kept * base.income_usd / (1 + elasticity))


def members(base: Economy) -> dict[str, Places]:
    """Places of the countries of each entity: USA, CHN, EU25 (the paper's, without Czechia and Slovakia), ROW (all others), NON_US."""
    us, china = base.position(UNITED_STATES), base.position(CHINA)
    everyone = np.arange(len(base.iso3))
    union = np.flatnonzero(catalogue.load("economies")["is_eu25"].to_numpy())
    named = [us, china, *union]
    return {
        UNITED_STATES: np.array([us]), CHINA: np.array([china]), "EU25": union,
        "ROW": np.setdiff1d(everyone, named), "NON_US": np.setdiff1d(everyone, [us]),
    }  # fmt: skip


@strings.alike
def outcomes(solution: Solution) -> pd.DataFrame:
    """Changes in the US, China, the EU and the rest, against the base year 2023.

    Returns
    -------
    DataFrame
        One row an entity, in the order USA, CHN, EU25, ROW, NON_US: entity, countries (how many), the changes in percent of `by_country`,
        revenue_to_expenditure_percent (of base expenditure, which is close to GDP but not GDP) and revenue_usd. Changes of a group are
        means over its countries weighted with base expenditure; revenue is summed. deficit_percent of a group is NaN: in a mean of
        countries' changes those with next to no balance would drown the others.
    """
    countries = by_country(solution)
    rows = []
    held = {name: countries[name].to_numpy() for name in (*CHANGES, "revenue_usd", "base_expenditure_usd")}
    for entity, places in members(solution.base).items():
        part = {name: values[places] for name, values in held.items()}
        weights = part["base_expenditure_usd"]
        row = {"entity": entity, "countries": len(places), **{name: _mean(part[name], weights) for name in CHANGES}}
        if len(places) > 1:
            row["deficit_percent"] = np.nan
        revenue = part["revenue_usd"].sum()
        row["revenue_to_expenditure_percent"] = 100 * revenue / weights.sum()
        rows.append({**row, "revenue_usd": revenue})
    return pd.DataFrame(rows)


def mean(countries: pd.DataFrame, name: str, weights: str = "base_expenditure_usd") -> float:
    """Mean of a column of `by_country`, weighted with another of its columns."""
    return _mean(countries[name].to_numpy(), countries[weights].to_numpy())


def _mean(values: Floats, weights: Floats) -> float:
    return float((values * weights).sum() / weights.sum())


def world(solution: Solution) -> dict[str, float]:
    """Changes in the world as a whole against 2023, in percent.

    Returns
    -------
    dict[str, float]
        trade_to_gdp_percent: trade across borders, tariffs included, over labour income. employment_percent: mean, weighted with base
        income.
    """
    base, countries = solution.base, by_country(solution)
    abroad = ~np.eye(len(base.iso3), dtype=bool)
    old = (base.shares * base.expenditure_usd)[abroad].sum()  # tariffs included, as the new
    new = ((1 + solution.tariffs) * solution.sales_usd)[abroad].sum()
    growth = solution.income_usd.sum() / base.income_usd.sum()
    return {
        "trade_to_gdp_percent": 100 * float(new / old / growth - 1),
        "employment_percent": mean(countries, "employment_percent", "base_income_usd"),
    }


def bilateral(solution: Solution, exporter: str, importer: str) -> float:
    """Change of one country's sales to another, net of tariff, in percent against 2023.

    Parameters
    ----------
    exporter, importer
        ISO codes of three letters. The value is at the world's consumer prices of 2023.

    Raises
    ------
    ParameterError
        an unknown country, or two that did not trade in 2023.
    """
    base = solution.base
    at = base.position(exporter), base.position(importer)
    before = _net_sales(base)[at]
    if not before > 0:
        message = (
            f"{exporter} sold nothing to {importer} in the base year, so that a change in percent has no meaning; choose another pair."
        )
        raise ParameterError(message)
    return 100 * float(solution.sales_usd[at] / before - 1)
