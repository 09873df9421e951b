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
from tradelib.narrate.standing import claims_text, clocks_text, legal_ground, measures_text, open_questions, promises_text
from tradelib.narrate.statistics import rare_earths, trade_figures, trade_message
from tradelib.narrate.story import story, timeline_message, truce_description, truce_facts, truce_title
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
    "claims_text",
    "clocks_text",
    "collected_message",
    "collected_text",
    "duties",
    "duty_facts",
    "headline_message",
    "history_description",
    "history_facts",
    "history_peaks",
    "legal_ground",
    "limits",
    "measures_text",
    "methods_description",
    "methods_facts",
    "methods_message",
    "milestones",
    "open_differences",
    "open_questions",
    "path_message",
    "promises_text",
    "rare_earths",
    "schedule_ahead",
    "sections_text",
    "stacking_rules",
    "story",
    "talks",
    "timeline_message",
    "trade_figures",
    "trade_message",
    "truce_description",
    "truce_facts",
    "truce_title",
    "unknowns",
    "where_it_stands",
]
