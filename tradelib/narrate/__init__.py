"""Sentences built from results: signs choose verbs, states choose tenses, and every number comes from a call.

Functions return plain strings (titles), `display.Fact`, or `display.Text` in Markdown with the sources of the rows it speaks of.
"""

from tradelib.narrate.duties import duties, history_peaks, schedule_ahead
from tradelib.narrate.protection import (
    averages_facts,
    averages_message,
    averages_text,
    collected_message,
    collected_text,
    limits,
    methods_description,
    methods_facts,
    methods_message,
    open_differences,
    sections_text,
    stacking_rules,
)
from tradelib.narrate.statistics import rare_earths, trade_figures, trade_message
from tradelib.narrate.titles import (
    briefing_description,
    briefing_facts,
    briefing_title,
    duty_facts,
    headline_message,
    history_description,
    history_facts,
    path_message,
)
from tradelib.narrate.truce import accusations, milestones, talks, unknowns, where_it_stands

__all__ = [
    "accusations",
    "averages_facts",
    "averages_message",
    "averages_text",
    "briefing_description",
    "briefing_facts",
    "briefing_title",
    "collected_message",
    "collected_text",
    "duties",
    "duty_facts",
    "headline_message",
    "history_description",
    "history_facts",
    "history_peaks",
    "limits",
    "methods_description",
    "methods_facts",
    "methods_message",
    "milestones",
    "open_differences",
    "path_message",
    "rare_earths",
    "schedule_ahead",
    "sections_text",
    "stacking_rules",
    "talks",
    "trade_figures",
    "trade_message",
    "unknowns",
    "where_it_stands",
]
