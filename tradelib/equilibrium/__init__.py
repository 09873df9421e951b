"""The world economy after tariffs: a gravity model of 194 economies, in the long run, one sector, goods trade of 2023.

    base = equilibrium.economy()
    tariffs = equilibrium.tariff_matrix({("CHN", "USA"): 0.24, ("USA", "CHN"): 0.10})
    solution = equilibrium.solve(tariffs)
    equilibrium.outcomes(solution)

Tariffs are uniform over all goods of a country. The paper counts those of 2023 as none;
`with_tariffs` puts duties of that year into the base.
`replicate` holds the model against the figures of the paper it comes from: Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), Journal
of International Economics 157, 104138, https://doi.org/10.1016/j.jinteco.2025.104138.
"""

from tradelib.equilibrium.economy import CHINA, UNITED_STATES, Economy, Parameters, economy, pass_through, tariff_matrix, with_tariffs
from tradelib.equilibrium.outcomes import bilateral, by_country, outcomes, world
from tradelib.equilibrium.published import Experiment, experiments, optimal_retaliation_rate, optimal_us_rate, replicate, run
from tradelib.equilibrium.solving import Solution, base_economy, solve

__all__ = [
    "CHINA",
    "UNITED_STATES",
    "Economy",
    "Experiment",
    "Parameters",
    "Solution",
    "base_economy",
    "bilateral",
    "by_country",
    "economy",
    "experiments",
    "optimal_retaliation_rate",
    "optimal_us_rate",
    "outcomes",
    "pass_through",
    "replicate",
    "run",
    "solve",
    "tariff_matrix",
    "with_tariffs",
    "world",
]  # fmt: skip
