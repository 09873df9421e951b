"""The world economy of 2023 as the gravity model sees it: who sells what to whom, what countries earn, and what they are given.

One sector, goods trade of 2023, 194 economies. Trade shares follow gravity; labour is the only factor. Of every sale in a country, net of
tariff, a share pays labour there (the cost of entering that market), the rest labour of the seller's country. So part of a country's
trade deficit is earned, and the rest is a transfer. Baseline tariffs count as zero, unless `with_tariffs` puts some in.

Source: Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), Journal of International Economics 157, 104138,
https://doi.org/10.1016/j.jinteco.2025.104138. Data: CEPII BACI (HS22, V202501), World Bank WDI (release of 24 March 2025).
"""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from tradelib import catalogue
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.shown import Shown

Floats = NDArray[np.float64]
BASE_YEAR = 2023
UNITED_STATES, CHINA = "USA", "CHN"
REVENUES = ("tax_relief", "lump_sum")
DEFICITS = ("endogenous", "fixed", "balanced")
WELFARES = ("exact", "published")
HIGHEST_RATE = 10.0
# Share of their sales that sellers of the rest of the world, and of the US, pay to enter markets. The paper's appendix prints 0.13 and
# 0.24; its results need these.
ENTRY_COST_TARGETS = (0.12, 0.26)
ENTRY_COST_START = (0.10, 0.24)
ENTRY_COST_TOLERANCE = 1e-15


@dataclass(frozen=True)
class Parameters:
    """Elasticities of the model, and what it assumes of revenue, deficits and welfare.

    Attributes
    ----------
    trade_elasticity
        fall of trade with cost, in per cent a per cent (Simonovska and Waugh 2014).
    labour_supply_elasticity
        of labour to the after-tax real wage (Chetty and others 2011).
    scale_elasticity
        of productivity to employment, through the number of varieties (Lashkaripour and Lugovskyy 2023).
    pass_through
        of a tariff to the price a firm asks of the buyer; 1 is in full (Cavallo and others 2021).
    revenue
        `tax_relief` (tariff revenue replaces a labour tax, in every country that has some) or `lump_sum` (it is handed out). Where tariffs
        are cut, revenue is negative and the same rule raises the tax.
    deficits
        `endogenous` (the paper's main case: entry costs make a part of each deficit, the rest is a transfer), `fixed` (no entry costs; each
        deficit is a transfer) or `balanced` (no entry costs; the US has first given up its bilateral imbalances).
    welfare
        `exact`, or `published`, which leaves the abolished tax out of the cost of work and so flatters tax relief.

    Raises
    ------
    ParameterError
        a value that is not allowed; the message says which are.
    """

    trade_elasticity: float = 4.0
    labour_supply_elasticity: float = 0.5
    scale_elasticity: float = 0.67 / 4
    pass_through: float = 1.0
    revenue: str = "tax_relief"
    deficits: str = "endogenous"
    welfare: str = "exact"

    def __post_init__(self) -> None:
        for name in ("trade_elasticity", "pass_through"):
            _check_number(name, getattr(self, name), lowest_is_allowed=False)
        for name in ("labour_supply_elasticity", "scale_elasticity"):
            _check_number(name, getattr(self, name), lowest_is_allowed=True)
        for name, allowed in (("revenue", REVENUES), ("deficits", DEFICITS), ("welfare", WELFARES)):
            value = getattr(self, name)
            if value not in allowed:
                message = f"{name} must be {', '.join(allowed[:-1])} or {allowed[-1]}, not {value!r}."
                raise ParameterError(message)


def _check_number(name: str, value: float, *, lowest_is_allowed: bool) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or value < 0 or (value == 0 and not lowest_is_allowed):
        bound = "0 or more" if lowest_is_allowed else "above 0"
        message = f"{name} must be a number {bound}, not {value!r}; elasticities are given without their sign."
        raise ParameterError(message)


DEFAULT = Parameters()


@dataclass(frozen=True, eq=False, repr=False)
class Economy(Shown):
    """The economies of the model in the base year 2023. The letters are the paper's.

    Attributes
    ----------
    iso3, names
        codes and names, alphabetical by code; N = 194.
    sales_usd
        X, N x N, [exporter, importer], dollars of 2023, net of tariff; what a country sells at home stands on the diagonal.
    expenditure_usd
        E, the sums of the columns of X, with the tariffs of the base on top.
    income_usd
        Y, labour income; close to GDP, not GDP: the paper's accounts add a part of the cost of entering markets.
    transfer_usd
        T, what a country spends beyond its income; sums to 0.
    entry_cost_frac
        nu, the share of sales in a country that pays labour there.
    tariffs
        N x N, those of the base; 0 in the paper, which counts the tariffs of 2023 as none (see `with_tariffs`).
    shares
        lambda, the shares of expenditure by column.
    """

    iso3: tuple[str, ...]
    names: tuple[str, ...]
    sales_usd: Floats
    expenditure_usd: Floats
    income_usd: Floats
    transfer_usd: Floats
    entry_cost_frac: Floats
    tariffs: Floats

    def __post_init__(self) -> None:
        # One object serves every caller.
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @functools.cached_property
    def shares(self) -> Floats:
        """Share of every exporter in the expenditure of every importer, N x N; columns sum to 1."""
        return self.sales_usd * (1 + self.tariffs) / self.expenditure_usd

    @functools.cached_property
    def revenue_usd(self) -> Floats:
        """Tariff revenue of the base, N."""
        collected: Floats = (self.tariffs * self.sales_usd).sum(axis=0)
        return collected

    @functools.cached_property
    def _positions(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.iso3)}

    def position(self, iso3: str) -> int:
        """Place of a country in every vector and matrix.

        Raises
        ------
        ParameterError
            a country that the model does not hold.
        """
        if iso3 not in self._positions:
            message = (
                f"There is no country {iso3!r} in the model; it holds {len(self.iso3)}, by ISO code of three letters such as USA or CHN "
                "(Taiwan and the European Union as such are not among them). equilibrium.economy().iso3 lists them."
            )
            raise ParameterError(message)
        return self._positions[iso3]


def economy(deficits: str = "endogenous") -> Economy:
    """The world economy of 2023, calibrated.

    Parameters
    ----------
    deficits
        `endogenous` or `fixed`, as `Parameters` explains them. What `balanced` starts from depends on the elasticities: `base_economy`
        gives it.

    Returns
    -------
    Economy
        One object a closure, made once; its arrays cannot be written to.

    Raises
    ------
    ParameterError
        another closure.
    """
    if deficits not in ("endogenous", "fixed"):
        message = f"deficits must be endogenous or fixed, not {deficits!r}; base_economy(parameters) gives the base of a balanced one."
        raise ParameterError(message)
    return _fixed() if deficits == "fixed" else _endogenous()


@kept(maxsize=1)
def _endogenous() -> Economy:
    rows = catalogue.load("economies")
    iso3 = tuple(rows["iso3"])
    trade, gdp = _trade(iso3), rows["gdp_usd"].to_numpy()
    rest, us = entry_costs(trade, gdp, iso3.index(UNITED_STATES))
    entry = np.where(np.array(iso3) == UNITED_STATES, us, rest)
    return calibrated(iso3, tuple(rows["name"]), trade, gdp, entry)


@kept(maxsize=1)
def _fixed() -> Economy:
    whole = economy()
    income = whole.sales_usd.sum(axis=1)
    return replace(whole, income_usd=income, transfer_usd=whole.expenditure_usd - income, entry_cost_frac=np.zeros(len(income)))


def _trade(iso3: tuple[str, ...]) -> Floats:
    """International trade as a matrix, dollars; zero where no trade is held, and on the diagonal."""
    rows = catalogue.load("world_trade_2023")
    place = {code: number for number, code in enumerate(iso3)}
    trade = np.zeros((len(iso3), len(iso3)))
    trade[rows["exporter"].map(place), rows["importer"].map(place)] = rows["value_usd"]
    return trade


def calibrated(iso3: tuple[str, ...], names: tuple[str, ...], trade_usd: Floats, gdp_usd: Floats, entry: Floats) -> Economy:
    """An economy from trade, GDP and the shares of entry costs.

    Follows the accounts of the paper, which add up to GDP only without entry costs. Sales at home are what is left of GDP and the
    transfer after imports, at least 0: that bound holds for The Gambia and the Marshall Islands alone.
    """
    imports = trade_usd.sum(axis=0)
    transfer = (1 - entry) * (imports - trade_usd @ (1 - entry))
    sales = trade_usd + np.diag(np.maximum(0.0, gdp_usd + transfer - imports))
    expenditure = sales.sum(axis=0)
    income = sales @ (1 - entry) + entry * expenditure
    return Economy(iso3, names, sales, expenditure, income, expenditure - income, entry, np.zeros_like(sales))


def with_tariffs(base: Economy, tariffs: Floats) -> Economy:
    """The same economy with tariffs in its base: sales are net of them, and their revenue is spent.

    The paper counts the tariffs of its base year as none. A change of a duty that stood in that year needs it there: else what trade
    that goes away paid before is no loss of revenue, and a cut is a subsidy. Income and transfers do not change.

    Parameters
    ----------
    tariffs
        N x N, [exporter, importer], as `tariff_matrix` makes them.
    """
    return replace(base, tariffs=np.array(tariffs), expenditure_usd=(base.sales_usd * (1 + tariffs)).sum(axis=0))


def entry_costs(trade_usd: Floats, gdp_usd: Floats, us: int) -> tuple[float, float]:
    """Shares of entry costs in the rest of the world and in the US (nu_R, nu_U) that meet `ENTRY_COST_TARGETS`.

    A seller's share is the mean over the markets of a world of two blocks, weighted with what it sells in each; the size of the home
    market depends on the shares, so the two linear equations are solved over and over until nothing moves.
    """
    block = np.arange(len(gdp_usd)) == us
    member = np.stack([~block, block]).astype(float)
    flows, gdp = member @ trade_usd @ member.T, member @ gdp_usd
    entry = np.array(ENTRY_COST_START)
    for _ in range(200):
        spending = gdp + (1 - entry) * (flows.sum(axis=0) - flows @ (1 - entry))
        abroad = np.array([flows[0, 1], flows[1, 0]])
        home = spending - abroad[::-1]
        stays = home / (home + abroad)
        weights = np.array([[stays[0], 1 - stays[0]], [1 - stays[1], stays[1]]])
        before, entry = entry, np.linalg.solve(weights, np.array(ENTRY_COST_TARGETS))
        if np.abs(entry - before).max() < ENTRY_COST_TOLERANCE:
            break
    return float(entry[0]), float(entry[1])


def pass_through(base: Economy, parameters: Parameters = DEFAULT) -> Floats:
    """Pass-through of a tariff to the import price index of every country (phi): of the firms, and of the varieties that leave."""
    entry = base.entry_cost_frac
    return parameters.pass_through + (1 + parameters.scale_elasticity) * entry / (1 - entry)


def without_us_imbalances(base: Economy) -> Economy:
    """The same economy with every bilateral imbalance of the US taken out of the transfers.

    Without entry costs the transfers still sum to 0. With them they do not: their sum is 573 billion dollars, and only the paper's
    own tables need that (see `published`).
    """
    us = base.position(UNITED_STATES)
    transfer = base.transfer_usd - (base.sales_usd[us] - base.sales_usd[:, us])
    transfer[us] = 0.0
    return replace(base, transfer_usd=transfer)


def tariff_matrix(rates: Mapping[tuple[str, str], float]) -> Floats:
    """Tariffs as the model takes them.

    Parameters
    ----------
    rates
        {(exporter, importer): rate}, ISO codes of three letters, ad-valorem fractions (0.25 is 25%) on top of what was collected in 2023;
        see `shock`. A negative rate is a cut.

    Returns
    -------
    ndarray
        N x N, [exporter, importer], 0 where nothing was said.

    Raises
    ------
    ParameterError
        an unknown country, a country's tariff on itself, or a rate that is no fraction.
    """
    base = economy()
    matrix = np.zeros((len(base.iso3), len(base.iso3)))
    for (exporter, importer), rate in rates.items():
        if exporter == importer:
            message = f"{exporter} cannot charge a tariff on itself; leave the pair ({exporter}, {importer}) out."
            raise ParameterError(message)
        matrix[base.position(exporter), base.position(importer)] = check_rate(rate, f"of {importer} on goods of {exporter}")
    return matrix


def check_rate(rate: float, whose: str) -> float:
    """A rate that is a fraction above -1 and up to 10, or a ParameterError that says how to write it."""
    is_number = isinstance(rate, int | float | np.number) and not isinstance(rate, bool)
    if not is_number or not -1 < rate <= HIGHEST_RATE:
        message = f"The tariff {whose} must be a fraction above -1 and up to {HIGHEST_RATE:g}, not {rate!r}; write 30 per cent as 0.30."
        raise ParameterError(message)
    return float(rate)
