"""One function per table: takes result frames, returns a display.Table."""

from tradelib.tables.duties import announcements, china_headlines, headline, list_layers, proposals, rare_earths, schedule_ahead
from tradelib.tables.methods import assumptions, causes, coverage, published, stack, wto
from tradelib.tables.protection import gap, measures, parts, sections
from tradelib.tables.truce import (
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
    "accusations",
    "announcements",
    "assumptions",
    "causes",
    "changes",
    "china_headlines",
    "claims",
    "clocks",
    "commitments",
    "coverage",
    "dates_ahead",
    "gap",
    "headline",
    "list_layers",
    "measures",
    "measures_beyond_tariffs",
    "participants",
    "parts",
    "proposals",
    "published",
    "rare_earths",
    "schedule_ahead",
    "sections",
    "stack",
    "timeline",
    "wto",
]
