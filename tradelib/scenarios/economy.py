"""What a change of the average duties of both sides does to whole economies: the model of `tradelib.equilibrium`, asked twice.

The model's base year is 2023: the average duties of that year stand in its base, and both schedules enter with theirs; the effects are the
differences between the two answers. All other duties of the world count as none, and stay.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, equilibrium
from tradelib.doors import door
from tradelib.equilibrium import Parameters
from tradelib.equilibrium.economy import DEFICITS, REVENUES
from tradelib.equilibrium.outcomes import members
from tradelib.kept import kept
from tradelib.scenarios.effects import span

BASE_ON = date(2023, 7, 1)
CHANGES = ("welfare_percent", "prices_percent", "employment_percent", "exports_gdp_percent", "imports_gdp_percent")
ENTITIES = {"USA": "United States", "CHN": "China", "EU25": "European Union (25 members)", "ROW": "Rest of the world"}
# Elasticities at which the model is solved for its intervals; welfare is nearly a straight line between them.
_NODES = 6
_MOMENTS = ("base_frac", "before_frac", "after_frac")
_BASE, _BEFORE, _AFTER = range(3)
_Duties = tuple[tuple[str, tuple[float, ...]], ...]
_FLOWS = {"US": ("CHN", "USA"), "CN": ("USA", "CHN")}


@door
def economy_effects(duties: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Effects on economies of going from one pair of average duties to another.

    Parameters
    ----------
    duties
        as `scenarios.average_duties` gives them, with the base day `BASE_ON`.
    parameters
        of the model.

    Returns
    -------
    DataFrame
        One row an entity (United States, China, the European Union of 25, all others): entity, name; in percent, of what it would be under
        the comparison: welfare_percent, prices_percent (against the world's), employment_percent, exports_gdp_percent and
        imports_gdp_percent (trade over income); welfare_usd, consumption less the cost of work, in dollars of 2023; revenue_change_usd, of
        all duties in the model. Exactly zero where the duties do not differ.

    Raises
    ------
    ParameterError
        a duty that cannot be.
    ConvergenceError
        no equilibrium was found.
    """
    return _effects(_told(duties), parameters)


@kept(maxsize=256)
def _effects(duties: _Duties, parameters: Parameters) -> pd.DataFrame:
    before, after = (_solved(duties, moment, parameters) for moment in (_BEFORE, _AFTER))
    old, new = (equilibrium.outcomes(solution).set_index("entity").loc[list(ENTITIES)] for solution in (before, after))
    table = pd.DataFrame({"name": pd.Series(ENTITIES)})
    for column in CHANGES:
        table[column] = 100 * ((1 + new[column] / 100) / (1 + old[column] / 100) - 1)
    # A part of welfare, and not of expenditure: the cost of work is no part of what a change in per cent is taken of.
    countries = [equilibrium.by_country(solution) for solution in (before, after)]
    old_usd, new_usd = (part["welfare_percent"] / 100 * part["base_welfare_usd"] for part in countries)
    gain: pd.Series = new_usd - old_usd
    table["welfare_usd"] = pd.Series({entity: float(gain.iloc[places].sum()) for entity, places in members(before.base).items()})
    table["revenue_change_usd"] = new["revenue_usd"] - old["revenue_usd"]
    return table.rename_axis("entity").reset_index()


@door
def with_intervals(table: pd.DataFrame, duties: pd.DataFrame, parameters: Parameters, *, draws: int, seed: int) -> pd.DataFrame:
    """`economy_effects` with what the elasticity of trade leaves open.

    Parameters
    ----------
    table, duties, parameters
        what `economy_effects` gave, and was given.
    draws, seed
        of the elasticity, from a triangular distribution over its range in the table of parameters, with its mode at the one given.

    Returns
    -------
    DataFrame
        As `economy_effects`, with welfare_low_percent and welfare_high_percent, the ends of the 90% range. The model is solved at a few
        elasticities of the range, and read between them.
    """
    held = catalogue.load("model_parameters").set_index(["model", "parameter"])
    low, high = (float(held[end]["equilibrium", "trade_elasticity"]) for end in ("low", "high"))
    low_end, mode, high_end = span(low, parameters.trade_elasticity, high)
    nodes = np.linspace(low_end, high_end, _NODES)
    solved = [economy_effects(duties, replace(parameters, trade_elasticity=float(node)))["welfare_percent"].to_numpy() for node in nodes]
    drawn = np.random.default_rng(seed).triangular(low_end, mode, high_end, size=draws)
    spread = [np.quantile(np.interp(drawn, nodes, values), [0.05, 0.95]) for values in np.column_stack(solved).tolist()]
    ends = np.array(spread).T
    return table.assign(welfare_low_percent=ends[0], welfare_high_percent=ends[1])


@door
def other_closures(duties: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Welfare of both sides where revenue and deficits are treated otherwise than `parameters` say.

    Returns
    -------
    DataFrame
        One row a pair of choices other than the one given: revenue, deficits, us_percent, china_percent.
    """
    rows = []
    for revenue in REVENUES:
        for deficits in DEFICITS:
            if (revenue, deficits) != (parameters.revenue, parameters.deficits):
                table = economy_effects(duties, replace(parameters, revenue=revenue, deficits=deficits)).set_index("entity")
                welfare = table["welfare_percent"]
                rows.append({"revenue": revenue, "deficits": deficits, "us_percent": welfare["USA"], "china_percent": welfare["CHN"]})
    return pd.DataFrame(rows)


@door
def flows(duties: pd.DataFrame, parameters: Parameters) -> dict[str, float]:
    """Change of what each importer buys from the other, net of duty: {importer: fraction}, against the comparison."""
    before, after = (_solved(_told(duties), moment, parameters) for moment in (_BEFORE, _AFTER))
    return {
        importer: (1 + equilibrium.bilateral(after, *pair) / 100) / (1 + equilibrium.bilateral(before, *pair) / 100) - 1
        for importer, pair in _FLOWS.items()
    }


@door
def two_models(responses: pd.DataFrame, economy: pd.DataFrame, flows: dict[str, float]) -> pd.DataFrame:
    """What both models say of the same quantities.

    Parameters
    ----------
    responses, economy, flows
        as `response`, `economy_effects` and `flows` give them.

    Returns
    -------
    DataFrame
        One row a quantity of an importer: importer, outcome (`imports_change_frac`, `revenue_change_usd` or `own_gain_usd`, whose ending is
        the unit), given, low, high (line by line, with the ends of its 90% range), economy (the model of whole economies).
    """
    held = responses.set_index(["importer", "outcome"])[["given", "low", "high"]].astype("float64").T
    whole = economy.set_index("entity")
    rows = []
    for importer, (_, entity) in _FLOWS.items():
        for outcome, by_line, figure in (
            ("imports_change_frac", held[importer, "imports_change_frac"], flows[importer]),
            ("revenue_change_usd", held[importer, "revenue_change_usd"], whole["revenue_change_usd"][entity]),
            ("own_gain_usd", -held[importer, "own_loss_usd"], whole["welfare_usd"][entity]),
        ):
            low, high = sorted(by_line[["low", "high"]])
            rows.append((importer, outcome, by_line["given"], low, high, figure))
    return pd.DataFrame(rows, columns=["importer", "outcome", "given", "low", "high", "economy"])


def _told(duties: pd.DataFrame) -> _Duties:
    """(importer, duties of `_MOMENTS`) of each side: all that the model is asked."""
    rates = zip(*(duties[name].astype(float).tolist() for name in _MOMENTS), strict=True)
    return tuple(zip(duties["importer"].tolist(), rates, strict=True))


@kept(maxsize=8)
def _solved(duties: _Duties, moment: int, parameters: Parameters) -> equilibrium.Solution:
    """The world under one pair of average duties, from the base with those of its year."""
    at = {place: equilibrium.tariff_matrix({_FLOWS[side]: rates[place] for side, rates in duties}) for place in (_BASE, moment)}
    base = equilibrium.with_tariffs(equilibrium.base_economy(parameters), at[_BASE])
    return equilibrium.solve(at[moment], parameters, base=base)
