"""The truce: its clocks, events, commitments with their evidence, measures beyond tariffs, and what changed between two days."""

from tradelib.truce.changes import changes
from tradelib.truce.commitments import STATUSES, commitments
from tradelib.truce.measures import measures
from tradelib.truce.story import (
    EXPORT_CONTROL_CLOCKS,
    TARIFF_CLOCKS,
    TRUCE,
    Status,
    accusations,
    clocks,
    dates_ahead,
    events,
    meetings,
    milestones,
    news,
    participants,
    phases,
    status,
)

__all__ = [
    "EXPORT_CONTROL_CLOCKS",
    "STATUSES",
    "TARIFF_CLOCKS",
    "TRUCE",
    "Status",
    "accusations",
    "changes",
    "clocks",
    "commitments",
    "dates_ahead",
    "events",
    "measures",
    "meetings",
    "milestones",
    "news",
    "participants",
    "phases",
    "status",
]
