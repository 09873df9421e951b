"""Tariffs of both sides: the texts, the lines, the stack on each of them, and what it comes to."""

from tradelib.tariffs.books import Book, bind
from tradelib.tariffs.codes import Match, find, is_special, match, match_many
from tradelib.tariffs.collection import Excess, collected, excess, gap
from tradelib.tariffs.country_wide import (
    DutyMove,
    Headline,
    Unseen,
    duty_moves,
    first_country_wide_day,
    headline,
    headline_path,
    headline_paths,
    headline_rate,
    headlines,
    peaks,
    schedule_ahead,
    schedule_unseen,
    total,
)
from tradelib.tariffs.every_line import EveryLine, every_line
from tradelib.tariffs.exclusions import claims_named, exclusion_claims
from tradelib.tariffs.expectations import believed, check_horizon, schedule_errors, scheduled_dates, trust
from tradelib.tariffs.explanation import Stack, explain
from tradelib.tariffs.granted import counted as granted_counted
from tradelib.tariffs.headings import NOT_HELD as NO_HEADING
from tradelib.tariffs.in_transit import transit_rules
from tradelib.tariffs.law import (
    COUNTRY_WIDE,
    IMPORTERS,
    SUPPOSED,
    UNSEEN,
    announcements,
    chosen,
    ended,
    family_titles,
    fresh_threats,
    laid_over,
    list_layers,
    lists_ahead,
    proposals,
    schedule,
)
from tradelib.tariffs.metal_content import ON_METAL
from tradelib.tariffs.metal_content import basis as metal_basis
from tradelib.tariffs.metal_content import estimated_on as metal_estimated_on
from tradelib.tariffs.mixtures import beside as amount_beside
from tradelib.tariffs.mixtures import percentage
from tradelib.tariffs.pair_law import Law
from tradelib.tariffs.pricing import COLUMNS as PRICED_COLUMNS
from tradelib.tariffs.pricing import Priced, price, price_list
from tradelib.tariffs.protection import averages, common_averages, contributions, early_averages, monthly, weighted_path
from tradelib.tariffs.rates import change_days, line_rates, panel
from tradelib.tariffs.stacking import Assumptions
from tradelib.tariffs.surface import knowledge_surface, widened
from tradelib.tariffs.tariff_lines import NOT_HELD, WEIGHTS, Lines, lines, rate_evidence
from tradelib.tariffs.weights import Weighting, weighting
from tradelib.tariffs.word_search import search

__all__ = [
    "COUNTRY_WIDE",
    "IMPORTERS",
    "NOT_HELD",
    "NO_HEADING",
    "ON_METAL",
    "PRICED_COLUMNS",
    "SUPPOSED",
    "UNSEEN",
    "WEIGHTS",
    "Assumptions",
    "Book",
    "DutyMove",
    "EveryLine",
    "Excess",
    "Headline",
    "Law",
    "Lines",
    "Match",
    "Priced",
    "Stack",
    "Unseen",
    "Weighting",
    "amount_beside",
    "announcements",
    "averages",
    "believed",
    "bind",
    "change_days",
    "check_horizon",
    "chosen",
    "claims_named",
    "collected",
    "common_averages",
    "contributions",
    "duty_moves",
    "early_averages",
    "ended",
    "every_line",
    "excess",
    "exclusion_claims",
    "explain",
    "family_titles",
    "find",
    "first_country_wide_day",
    "fresh_threats",
    "gap",
    "granted_counted",
    "headline",
    "headline_path",
    "headline_paths",
    "headline_rate",
    "headlines",
    "is_special",
    "knowledge_surface",
    "laid_over",
    "line_rates",
    "lines",
    "list_layers",
    "lists_ahead",
    "match",
    "match_many",
    "metal_basis",
    "metal_estimated_on",
    "monthly",
    "panel",
    "peaks",
    "percentage",
    "price",
    "price_list",
    "proposals",
    "rate_evidence",
    "schedule",
    "schedule_ahead",
    "schedule_errors",
    "schedule_unseen",
    "scheduled_dates",
    "search",
    "total",
    "transit_rules",
    "trust",
    "weighted_path",
    "weighting",
    "widened",
]
