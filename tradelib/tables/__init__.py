"""One function per table: takes result frames, returns a display.Table."""

from tradelib.tables.events_and_duties import (
    announcements,
    china_headlines,
    dates_ahead,
    headline,
    list_layers,
    news,
    proposals,
    rare_earths,
    schedule_ahead,
)
from tradelib.tables.methods import assumptions, causes, coverage, published, stack, wto
from tradelib.tables.protection import gap, measures, parts, sections

__all__ = [
    "announcements",
    "assumptions",
    "causes",
    "china_headlines",
    "coverage",
    "dates_ahead",
    "gap",
    "headline",
    "list_layers",
    "measures",
    "news",
    "parts",
    "proposals",
    "published",
    "rare_earths",
    "schedule_ahead",
    "sections",
    "stack",
    "wto",
]
