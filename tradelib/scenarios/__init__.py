"""What if: further announcements laid over the ledger, the duties that follow, and what they would do to prices, trade and revenue.

A scenario is a supposition, and no forecast.
"""

from tradelib.scenarios.comparison import by_section, differences, paths, settled_on
from tradelib.scenarios.economy import BASE_ON, economy_effects, flows, other_closures, two_models, with_intervals
from tradelib.scenarios.effects import (
    BASE_DAY,
    OUTCOMES,
    TRADE_YEAR,
    Behaviour,
    assumptions,
    average_duties,
    behaviour,
    check_draws,
    effects,
    intervals,
    known_trade_frac,
    lines,
    most_affected,
    ranges,
    response,
    simulate,
    tornado,
    totals,
)
from tradelib.scenarios.files import Scenario, load, names, parse
from tradelib.scenarios.schedules import AUTO, SAME, WITHIN_DAYS, available, begins_on, ended_by_law, of_the_day, schedule, why_not

__all__ = [
    "AUTO",
    "BASE_DAY",
    "BASE_ON",
    "OUTCOMES",
    "SAME",
    "TRADE_YEAR",
    "WITHIN_DAYS",
    "Behaviour",
    "Scenario",
    "assumptions",
    "available",
    "average_duties",
    "begins_on",
    "behaviour",
    "by_section",
    "check_draws",
    "differences",
    "economy_effects",
    "effects",
    "ended_by_law",
    "flows",
    "intervals",
    "known_trade_frac",
    "lines",
    "load",
    "most_affected",
    "names",
    "of_the_day",
    "other_closures",
    "parse",
    "paths",
    "ranges",
    "response",
    "schedule",
    "settled_on",
    "simulate",
    "tornado",
    "totals",
    "two_models",
    "why_not",
    "with_intervals",
]
