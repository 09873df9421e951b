"""Tariffs of both sides: the texts, the lines, the stack on each of them, and what it comes to."""

from tradelib.tariffs.collection import collected, gap
from tradelib.tariffs.country_wide import (
    Headline,
    first_country_wide_day,
    headline,
    headline_path,
    headline_paths,
    headlines,
    peaks,
    schedule_ahead,
    total,
)
from tradelib.tariffs.law import (
    COUNTRY_WIDE,
    IMPORTERS,
    SUPPOSED,
    announcements,
    chosen,
    ended,
    family_titles,
    fresh_threats,
    laid_over,
    list_layers,
    proposals,
    schedule,
)
from tradelib.tariffs.protection import averages, contributions, monthly, weighted_average
from tradelib.tariffs.rates import Stack, change_days, explain, line_rates, panel
from tradelib.tariffs.stacking import Assumptions
from tradelib.tariffs.tariff_lines import WEIGHTS, Lines, find, lines, rate_evidence

__all__ = [
    "COUNTRY_WIDE",
    "IMPORTERS",
    "SUPPOSED",
    "WEIGHTS",
    "Assumptions",
    "Headline",
    "Lines",
    "Stack",
    "announcements",
    "averages",
    "change_days",
    "chosen",
    "collected",
    "contributions",
    "ended",
    "explain",
    "family_titles",
    "find",
    "first_country_wide_day",
    "fresh_threats",
    "gap",
    "headline",
    "headline_path",
    "headline_paths",
    "headlines",
    "laid_over",
    "line_rates",
    "lines",
    "list_layers",
    "monthly",
    "panel",
    "peaks",
    "proposals",
    "rate_evidence",
    "schedule",
    "schedule_ahead",
    "total",
    "weighted_average",
]
