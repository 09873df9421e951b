"""The world economy after tariffs, as ratios of new to old.

Unknown are, country by country, the logarithms of the ratios of wage, expenditure and employment. They meet three conditions: sales, net
of tariff, pay all labour; income, transfer and revenue pay all expenditure; labour supply answers the after-tax real wage. One labour
market clears by itself when the others do. Its place takes the yardstick of prices: consumer prices of the world, weighted with base
expenditure, do not move. Newton's method with exact derivatives; the step is halved until the conditions are met better.

Source: the equilibrium in changes of Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), Journal of International Economics 157,
104138, https://doi.org/10.1016/j.jinteco.2025.104138; derivatives worked out here.
"""

import functools
from dataclasses import dataclass, replace

import numpy as np

from tradelib.equilibrium.economy import DEFAULT, HIGHEST_RATE, Economy, Floats, Parameters, economy, pass_through, without_us_imbalances
from tradelib.errors import ConvergenceError, ParameterError
from tradelib.kept import kept
from tradelib.shown import Shown

TOLERANCE = 1e-11
MAX_ITERATIONS = 50
SMALLEST_STEP = 2.0**-30


@dataclass(frozen=True, eq=False, repr=False)
class Solution(Shown):
    """A world after tariffs. Ratios are new to old; money is in dollars at the world's consumer prices of 2023.

    Attributes
    ----------
    base
        the economy before, base year 2023.
    parameters, tariffs
        what was asked.
    wage, expenditure, labour, prices
        ratios, N each; prices are those consumers pay, tariffs included.
    sales_usd
        N x N, [exporter, importer], new sales net of tariff.
    income_usd, revenue_usd
        N, new labour income, and tariff revenue.
    abolished_tax_frac
        N, the labour tax that the revenue beyond that of the base replaces; 0 if it is handed out.
    iterations
        Newton steps taken. residual : largest gap left, as a fraction of base income or expenditure.
    """

    base: Economy
    parameters: Parameters
    tariffs: Floats
    wage: Floats
    expenditure: Floats
    labour: Floats
    prices: Floats
    sales_usd: Floats
    income_usd: Floats
    revenue_usd: Floats
    abolished_tax_frac: Floats
    iterations: int
    residual: float


@dataclass(frozen=True, eq=False)
class Point:
    """Everything that follows from one guess of the unknowns: levels with a prime in the paper, and the ratios behind them."""

    shares: Floats
    sales: Floats
    received: Floats
    income: Floats
    revenue: Floats
    used: Floats
    tax: Floats
    log_prices: Floats
    growth: float


@dataclass(frozen=True, eq=False)
class System:
    """The scaled conditions of one economy under one set of tariffs; `dropped` is the country whose labour market is left out."""

    base: Economy
    parameters: Parameters
    tariffs: Floats
    dropped: int = -1

    @functools.cached_property
    def _after_tariff(self) -> Floats:
        """Base shares, each with what its tariff does to demand."""
        exponent = -self.parameters.trade_elasticity * pass_through(self.base, self.parameters)
        return self.base.shares * ((1 + self.tariffs) / (1 + self.base.tariffs)) ** exponent

    def point(self, unknowns: Floats) -> Point:
        """Levels at a guess: `unknowns` holds ln wage, ln expenditure, ln labour, 3N."""
        base, elasticity = self.base, self.parameters.trade_elasticity
        wage, spending, labour = np.split(unknowns, 3)
        wanted = self._after_tariff * np.exp(-elasticity * (wage - self.parameters.scale_elasticity * labour))[:, None]
        # Divided by the sum of the base shares, which is 1 up to rounding: without tariffs nothing moves, to the last bit.
        demand = wanted.sum(axis=0) / base.shares.sum(axis=0)
        shares = wanted / demand
        level = base.expenditure_usd * np.exp(spending)
        sales = shares * level / (1 + self.tariffs)
        income = base.income_usd * np.exp(wage + labour)
        revenue = (self.tariffs * sales).sum(axis=0)
        used = revenue / income if self.parameters.revenue == "tax_relief" else np.zeros_like(income)
        log_prices = (1 - pass_through(base, self.parameters)) * (spending - wage) - np.log(demand) / elasticity
        growth = income.sum() / base.income_usd.sum()
        return Point(shares, sales, level - revenue, income, revenue, used, used - self._used_before, log_prices, growth)

    @functools.cached_property
    def _used_before(self) -> Floats:
        """What the revenue of the base replaces already, as a rate on income."""
        base = self.base
        return base.revenue_usd / base.income_usd if self.parameters.revenue == "tax_relief" else np.zeros_like(base.income_usd)

    def residuals(self, unknowns: Floats, at: Point) -> Floats:
        """Gaps, 3N: labour markets and budgets as fractions of base income and expenditure, then labour supply in logarithms."""
        base = self.base
        wage, _, labour = np.split(unknowns, 3)
        entry = base.entry_cost_frac
        market = (at.sales @ (1 - entry) + entry * at.received - at.income) / base.income_usd
        weights = base.expenditure_usd / base.expenditure_usd.sum()
        market[self.dropped] = weights @ np.expm1(at.log_prices)
        budget = (at.income + base.transfer_usd * at.growth - at.received) / base.expenditure_usd
        supply = labour - self.parameters.labour_supply_elasticity * (wage - at.log_prices - np.log1p(-at.tax))
        return np.concatenate([market, budget, supply])

    def direction(self, at: Point, gaps: Floats) -> Floats:
        """The step that would close some gaps if they were linear in the unknowns; both 3N, in the order of `residuals` and `point`.

        Wage and employment move sales and prices through costs alone, ln wage less the scale elasticity times ln labour: costs take the
        place of wages. Expenditure stands in labour supply, and in the budget, of its own country alone, and is put in; then employment
        is, which stands in those of its own country, and, through the growth of the world's income, in all budgets alike. One system of N
        is left instead of one of 3N, which is many times faster.
        """
        base, scale, supply = self.base, self.parameters.scale_elasticity, self.parameters.labour_supply_elasticity
        market_gap, budget_gap, supply_gap = np.split(gaps, 3)
        by_market, by_budget, by_supply = self._by_cost(at)
        relief, less = at.used / (1 - at.tax), 1 - pass_through(base, self.parameters)
        # Expenditure, by cost and by employment: of its own country, and of all through the world's income.
        spent = at.received / base.expenditure_usd
        own, world = (part / base.expenditure_usd / spent for part in (at.income, base.transfer_usd / base.income_usd.sum()))
        spending, spending_by_cost = budget_gap / spent, by_budget / spent[:, None] + np.outer(world, at.income)
        _add_to_diagonal(spending_by_cost, own)
        own, world = (1 + scale) * own, (1 + scale) * world
        # Employment: its block is a diagonal and a product of two vectors, and is inverted as such.
        by_spending = supply * (less - relief)
        employment = np.column_stack([by_supply + by_spending[:, None] * spending_by_cost, supply_gap + by_spending * spending])
        _add_to_diagonal(employment, -supply * (1 + less - relief))
        diagonal = 1 + supply * relief - scale * supply * (1 + less - relief) + by_spending * own
        employment /= -diagonal[:, None]
        alike = by_spending * world / diagonal
        employment -= np.outer(alike, at.income @ employment) / (1 + at.income @ alike)
        labour_by_cost, labour = employment[:, :-1], employment[:, -1]
        spending_by_cost += own[:, None] * labour_by_cost + np.outer(world, at.income @ labour_by_cost)
        spending = spending + own * labour + world * (at.income @ labour)
        # The labour markets, and the yardstick in the place of one of them.
        paid = at.income / base.income_usd
        sold = (at.sales * (1 - base.entry_cost_frac) + np.diag(base.entry_cost_frac * at.received)) / base.income_usd[:, None]
        left = by_market + sold @ spending_by_cost - (1 + scale) * paid[:, None] * labour_by_cost
        _add_to_diagonal(left, -paid)
        right = -market_gap - sold @ spending + (1 + scale) * paid * labour
        weights = base.expenditure_usd / base.expenditure_usd.sum() * np.exp(at.log_prices)
        priced = weights * less
        left[self.dropped] = at.shares @ weights - priced + priced @ (spending_by_cost - scale * labour_by_cost)
        right[self.dropped] = -market_gap[self.dropped] - priced @ (spending - scale * labour)
        cost = np.linalg.solve(left, right)
        labour = labour + labour_by_cost @ cost
        return np.concatenate([cost + scale * labour, spending + spending_by_cost @ cost, labour])

    def _by_cost(self, at: Point) -> tuple[Floats, Floats, Floats]:
        """Derivatives of the three blocks of gaps by log costs, N x N each, [gap, country whose cost moves]."""
        base, elasticity = self.base, self.parameters.trade_elasticity
        local = at.sales * (1 - base.entry_cost_frac)
        earned = elasticity * (local @ at.shares.T - np.diag(local.sum(axis=1)))
        received = elasticity * (at.received[:, None] * at.shares.T - at.sales.T)
        market = (earned + base.entry_cost_frac[:, None] * received) / base.income_usd[:, None]
        supply = at.shares.T.copy()
        if self.parameters.revenue == "tax_relief":
            supply += received / (at.income * (1 - at.tax))[:, None]
        return market, -received / base.expenditure_usd[:, None], self.parameters.labour_supply_elasticity * supply


def _add_to_diagonal(matrix: Floats, values: Floats) -> None:
    """Add to the diagonal of a matrix, which may have further columns."""
    places = np.arange(len(values))
    matrix[places, places] += values


def solve(
    tariffs: Floats,
    parameters: Parameters = DEFAULT,
    *,
    base: Economy | None = None,
    dropped: str | None = None,
    max_iterations: int = MAX_ITERATIONS,
) -> Solution:
    """The world after tariffs, in the long run.

    Parameters
    ----------
    tariffs
        N x N, [exporter, importer], ad-valorem fractions, as `tariff_matrix` makes them: levels where the base has tariffs, else on top of
        those of 2023.
    parameters
        elasticities and assumptions.
    base
        economy to start from; by default the one that `parameters.deficits` asks for.
    dropped
        country whose labour market is left out, by default the last one; for any economy of this package it does not matter.
    max_iterations
        Newton steps to allow.

    Returns
    -------
    Solution
        Ratios are exactly 1 if the tariffs are those of the base.

    Raises
    ------
    ParameterError
        tariffs of another shape, on a country itself, or no fractions.
    ConvergenceError
        no equilibrium was found.
    """
    base = base or base_economy(parameters)
    tariffs = _checked(tariffs, base)
    system = System(base, parameters, tariffs, -1 if dropped is None else base.position(dropped))
    unknowns, iterations, residual = _newton(system, max_iterations)
    at = system.point(unknowns)
    wage, spending, labour = np.exp(np.split(unknowns, 3))
    return Solution(
        base, parameters, tariffs, wage, spending, labour, np.exp(at.log_prices), at.sales, at.income, at.revenue, at.tax,
        iterations, residual,
    )  # fmt: skip


def _checked(tariffs: Floats, base: Economy) -> Floats:
    size = len(base.iso3)
    matrix = np.array(tariffs, dtype=float)
    if matrix.shape != (size, size):
        message = f"tariffs must be a matrix of {size} by {size}, not of shape {matrix.shape}; tariff_matrix makes one from rates."
        raise ParameterError(message)
    wrong = ~((matrix > -1) & (matrix <= HIGHEST_RATE))
    wrong |= np.diag(np.diag(matrix) != 0)
    if wrong.any():
        exporter, importer = (base.iso3[int(place)] for place in np.argwhere(wrong)[0])
        message = (
            f"The tariff of {importer} on goods of {exporter} must be a fraction above -1 and up to {HIGHEST_RATE:g}, "
            f"and 0 at home, not {matrix[wrong][0]:g}; write 30 per cent as 0.30."
        )
        raise ParameterError(message)
    matrix.flags.writeable = False
    return matrix


def _newton(system: System, max_iterations: int) -> tuple[Floats, int, float]:
    """(unknowns, steps, largest gap)."""
    unknowns = np.zeros(3 * len(system.base.iso3))
    at, gaps = _evaluate(system, unknowns)
    for iteration in range(max_iterations + 1):
        worst = float(np.abs(gaps).max())
        if worst < TOLERANCE:
            return unknowns, iteration, worst
        if iteration == max_iterations:
            break
        moved = _step(system, unknowns, at, gaps)
        if moved is None:
            break
        unknowns, at, gaps = moved
    message = (
        f"No equilibrium was found: after {iteration} of at most {max_iterations} steps the largest gap is {worst:.2g}, "
        f"and it must be below {TOLERANCE:g}. Try lower tariffs, elasticities nearer to the default ones, or a larger max_iterations."
    )
    raise ConvergenceError(message)


def _step(system: System, unknowns: Floats, at: Point, gaps: Floats) -> tuple[Floats, Point, Floats] | None:
    """A Newton step that brings the gaps down, halved as often as that takes; None if none does."""
    try:
        direction = system.direction(at, gaps)
    except np.linalg.LinAlgError:
        return None
    length = 1.0
    while length >= SMALLEST_STEP:
        tried = unknowns + length * direction
        at, new = _evaluate(system, tried)
        if np.linalg.norm(new) < np.linalg.norm(gaps):
            return tried, at, new
        length /= 2
    return None


def _evaluate(system: System, unknowns: Floats) -> tuple[Point, Floats]:
    """Levels and gaps at a guess; infinite gaps where the revenue would exceed what the tax can give back, or a number overflows."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        at = system.point(unknowns)
        possible = (at.tax < 1).all() and np.isfinite(at.log_prices).all()
        return at, system.residuals(unknowns, at) if possible else np.full(len(unknowns), np.inf)


def base_economy(parameters: Parameters = DEFAULT) -> Economy:
    """The economy from which changes are counted, as `parameters.deficits` asks.

    For `balanced` this is the world of 2023 after the US has given up its bilateral imbalances with unchanged tariffs: no entry costs,
    and in a new equilibrium, which the elasticities shape.
    """
    if parameters.deficits != "balanced":
        return economy(parameters.deficits)
    return _balanced(replace(parameters, revenue="tax_relief", welfare="exact"))


@kept(maxsize=16)
def _balanced(parameters: Parameters) -> Economy:
    start = without_us_imbalances(economy("fixed"))
    after = solve(np.zeros_like(start.sales_usd), parameters, base=start)
    spending = after.sales_usd.sum(axis=0)
    income = after.sales_usd.sum(axis=1)
    return replace(start, sales_usd=after.sales_usd, expenditure_usd=spending, income_usd=income, transfer_usd=spending - income)
