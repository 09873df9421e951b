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

    def jacobian(self, at: Point) -> Floats:
        """Derivatives of the gaps, 3N x 3N, [gap, unknown], in the order of `residuals` and `point`."""
        base, supply = self.base, self.parameters.labour_supply_elasticity
        size, entry = len(base.iso3), base.entry_cost_frac
        slopes = np.zeros((3, size, 3, size))
        # What a wage moves through costs, employment moves the other way, times the scale elasticity.
        for gap, by_cost in enumerate(self._by_cost(at)):
            slopes[gap, :, 0], slopes[gap, :, 2] = by_cost, -self.parameters.scale_elasticity * by_cost
        growth = np.outer(base.transfer_usd / base.income_usd.sum(), at.income) + np.diag(at.income)
        for unknown in (0, 2):
            slopes[0, :, unknown] -= np.diag(at.income / base.income_usd)
            slopes[1, :, unknown] += growth / base.expenditure_usd[:, None]
        slopes[0, :, 1] = (at.sales * (1 - entry) + np.diag(entry * at.received)) / base.income_usd[:, None]
        slopes[1, :, 1] = -np.diag(at.received / base.expenditure_usd)
        relief, less = at.used / (1 - at.tax), 1 - pass_through(base, self.parameters)
        slopes[2, :, 0] -= supply * np.diag(1 + less - relief)
        slopes[2, :, 1] = supply * np.diag(less - relief)
        slopes[2, :, 2] += np.diag(1 + supply * relief)
        self._write_yardstick(slopes[0, self.dropped], at, less)
        return slopes.reshape(3 * size, 3 * size)

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

    def _write_yardstick(self, row: Floats, at: Point, less: Floats) -> None:
        """Write the derivatives of the world's prices over the row, 3 x N, of the labour market that is left out."""
        weights = self.base.expenditure_usd / self.base.expenditure_usd.sum() * np.exp(at.log_prices)
        by_cost = at.shares @ weights
        row[0] = by_cost - weights * less
        row[1] = weights * less
        row[2] = -self.parameters.scale_elasticity * by_cost


def newton_direction(jacobian: Floats, gaps: Floats) -> Floats:
    """The step that would close the gaps if they were linear: solves jacobian @ step = -gaps, country blocks at a time.

    Expenditure stands in the budgets, and in labour supply, of its own country alone, so it is put in; then employment is. Two systems of N
    are left instead of one of 3N, which is several times faster.
    """
    size = len(gaps) // 3
    slopes, gap = jacobian.reshape(3, size, 3, size), gaps.reshape(3, size)
    own = np.diagonal(slopes[1, :, 1])
    # Columns: by wage, by employment, and the gap itself.
    budget = np.hstack([slopes[1, :, 0], slopes[1, :, 2], gap[1][:, None]]) / own[:, None]
    market = np.hstack([slopes[0, :, 0], slopes[0, :, 2], gap[0][:, None]]) - slopes[0, :, 1] @ budget
    supply = np.hstack([slopes[2, :, 0], slopes[2, :, 2], gap[2][:, None]]) - np.diagonal(slopes[2, :, 1])[:, None] * budget
    employment = np.linalg.solve(supply[:, size : 2 * size], np.delete(supply, np.s_[size : 2 * size], axis=1))
    rest = np.delete(market, np.s_[size : 2 * size], axis=1) - market[:, size : 2 * size] @ employment
    wage = np.linalg.solve(rest[:, :size], -rest[:, size])
    labour = -employment[:, size] - employment[:, :size] @ wage
    spending = -budget[:, -1] - budget[:, :-1] @ np.concatenate([wage, labour])
    return np.concatenate([wage, spending, labour])


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
        direction = newton_direction(system.jacobian(at), gaps)
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
