"""One function per table: takes result frames, returns a display.Table."""

from tradelib.stories.averages.tables import early_averages, gap, measures, parts, sections
from tradelib.stories.believed.tables import schedule_errors, scheduled_dates, trust
from tradelib.stories.duties.tables import announcements, headline, list_layers, lists_ahead, proposals, schedule_ahead
from tradelib.stories.methods.tables import assumptions, causes, coverage, published, stack, wto
from tradelib.stories.minerals.tables import export_controls, rare_earths, reserves
from tradelib.stories.product.tables import baskets, layers, product_scenarios, product_trade
from tradelib.stories.scenarios.tables import differences, economy, parameters, replication, responses, scenario_sections, two_models
from tradelib.stories.today.tables import ahead, coming, goods, happened
from tradelib.stories.trade.tables import (
    china_headlines,
    diversion,
    mirror,
    product_groups,
    releases,
    revised,
    sections_of_goods,
    suppliers,
    years,
)
from tradelib.stories.truce.tables import (
    accusations,
    changes,
    claims,
    clocks,
    commitments,
    dates_ahead,
    measures_beyond_tariffs,
    participants,
    timeline,
)

__all__ = [
    "accusations", "ahead", "announcements", "assumptions", "baskets", "causes", "changes", "china_headlines", "claims", "clocks", "coming",
    "commitments", "coverage", "dates_ahead", "differences", "diversion", "early_averages", "economy", "export_controls", "gap", "goods",
    "happened", "headline", "layers", "list_layers", "lists_ahead", "measures", "measures_beyond_tariffs", "mirror", "parameters",
    "participants", "parts", "product_groups", "product_scenarios", "product_trade", "proposals", "published", "rare_earths", "releases",
    "replication", "reserves", "responses", "revised", "scenario_sections", "schedule_ahead", "schedule_errors", "scheduled_dates",
    "sections", "sections_of_goods", "stack", "suppliers", "timeline", "trust", "two_models", "wto", "years",
]  # fmt: skip
