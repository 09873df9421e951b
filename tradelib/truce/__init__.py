"""The truce: its clocks, events, commitments with their evidence, measures beyond tariffs, and what changed between two days."""

from tradelib.truce.changes import changes
from tradelib.truce.chapters import BEFORE, chapters, first_day
from tradelib.truce.clocks import (
    EXPORT_CONTROL_CLOCKS,
    TARIFF_CLOCKS,
    TRUCE,
    Status,
    TruceClock,
    clocks,
    dates_ahead,
    law_and_statement,
    phases,
    status,
)
from tradelib.truce.commitments import STATUSES, PromiseCount, about, agreements, commitments, count_promises
from tradelib.truce.events import AWAITED, LANES, MEETINGS, accusations, delegates, events, meetings, milestones, participants, timeline
from tradelib.truce.measures import MeasureCount, count_by_party, count_measures, export_control_steps, export_controls, measures

__all__ = [
    "AWAITED",
    "BEFORE",
    "EXPORT_CONTROL_CLOCKS",
    "LANES",
    "MEETINGS",
    "STATUSES",
    "TARIFF_CLOCKS",
    "TRUCE",
    "MeasureCount",
    "PromiseCount",
    "Status",
    "TruceClock",
    "about",
    "accusations",
    "agreements",
    "changes",
    "chapters",
    "clocks",
    "commitments",
    "count_by_party",
    "count_measures",
    "count_promises",
    "dates_ahead",
    "delegates",
    "events",
    "export_control_steps",
    "export_controls",
    "first_day",
    "law_and_statement",
    "measures",
    "meetings",
    "milestones",
    "participants",
    "phases",
    "status",
    "timeline",
]
