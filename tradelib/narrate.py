"""Sentences built from results: signs choose verbs, states choose tenses, and every number comes from a call.

Functions return plain strings (titles), `display.Fact`, or `display.Text` in Markdown with the sources of the rows it speaks of.
"""

from tradelib.phrases.country_wide import facts as duty_facts
from tradelib.phrases.country_wide import ground as ground_message
from tradelib.phrases.country_wide import message as headline_message
from tradelib.phrases.duty_moves import unseen_message as unseen_words
from tradelib.phrases.truce_clock import message as truce_message
from tradelib.stories.about.text import next_dates
from tradelib.stories.averages.text import averages_facts, averages_message, averages_text, collected_message, collected_text, sections_text
from tradelib.stories.believed.text import (
    believed_description,
    believed_facts,
    believed_title,
    dates_message,
    errors_message,
    errors_text,
    expected_message,
    never_came_text,
    trust_message,
    trust_text,
)
from tradelib.stories.duties.text import (
    ahead_message,
    duties,
    history_description,
    history_facts,
    history_peaks,
    lists_message,
    path_message,
    schedule_ahead,
)
from tradelib.stories.methods.text import (
    agreement_messages,
    collected_beside_law,
    coverage_messages,
    limits,
    methods_description,
    methods_facts,
    methods_message,
    open_differences,
    stacking_rules,
    statistics_beside_one_another,
)
from tradelib.stories.minerals.text import (
    concentration_message,
    controls_message,
    exports_message,
    exports_text,
    mineral_promises,
    minerals_description,
    minerals_facts,
    minerals_title,
    mining_message,
    mining_text,
    reliance_message,
    reliance_text,
)
from tradelib.stories.product.text import (
    change_message,
    exposure_description,
    exposure_facts,
    exposure_notices,
    exposure_text,
    exposure_title,
    layers_message,
    not_modelled,
    product_message,
    product_scenarios_text,
    product_trade_text,
    suppliers_message,
)
from tradelib.stories.scenarios.responses import (
    economies_message,
    economy_text,
    replication_text,
    responses_message,
    responses_text,
    supposed_imports_message,
    supposed_loss_message,
    tornado_message,
    why_they_differ,
)
from tradelib.stories.scenarios.text import (
    differences_message,
    duties_message,
    law_text,
    scenario_description,
    scenario_facts,
    scenario_title,
    supposed,
)
from tradelib.stories.today.text import averages_title, today_description, today_facts, what_applies
from tradelib.stories.trade.headlines import rare_earths, trade_figures, trade_message
from tradelib.stories.trade.mirror import mirror_standfirst, mirror_text
from tradelib.stories.trade.partners import (
    collected_by_partner_message,
    collected_by_partner_text,
    consumption_message,
    consumption_text,
    diversion_message,
    diversion_text,
    gains_message,
    revenue_text,
)
from tradelib.stories.trade.text import (
    balance_message,
    balance_text,
    flows_description,
    flows_facts,
    flows_title,
    front_loading_text,
    recent_message,
    revised_message,
    revised_text,
    sections_message,
    soybeans_message,
    soybeans_text,
    to_us_message,
    what_is_missing,
)
from tradelib.stories.truce.briefing import briefing_description, briefing_facts
from tradelib.stories.truce.claims import claims_text
from tradelib.stories.truce.news import news_standfirst, news_title, truce_title
from tradelib.stories.truce.standing import (
    beyond_message,
    clocks_text,
    legal_ground,
    measures_text,
    open_questions,
    promises_message,
    promises_text,
)
from tradelib.stories.truce.story import story, timeline_message, timeline_title, truce_description, truce_facts
from tradelib.stories.truce.text import accusations, milestones, talks, unknowns, where_it_stands

__all__ = [
    "accusations", "agreement_messages", "ahead_message", "averages_facts", "averages_message", "averages_text", "averages_title",
    "balance_message", "balance_text", "believed_description", "believed_facts", "believed_title", "beyond_message",
    "briefing_description", "briefing_facts", "change_message", "claims_text", "clocks_text", "collected_beside_law",
    "collected_by_partner_message", "collected_by_partner_text", "collected_message", "collected_text", "concentration_message",
    "consumption_message", "consumption_text", "controls_message", "coverage_messages", "dates_message", "differences_message",
    "diversion_message", "diversion_text", "duties", "duties_message", "duty_facts", "economies_message", "economy_text",
    "errors_message", "errors_text", "expected_message", "exports_message", "exports_text", "exposure_description", "exposure_facts",
    "exposure_notices", "exposure_text", "exposure_title", "flows_description", "flows_facts", "flows_title", "front_loading_text",
    "gains_message", "ground_message", "headline_message", "history_description", "history_facts", "history_peaks", "law_text",
    "layers_message", "legal_ground", "limits", "lists_message", "measures_text", "methods_description", "methods_facts",
    "methods_message", "milestones", "mineral_promises", "minerals_description", "minerals_facts", "minerals_title", "mining_message",
    "mining_text", "mirror_standfirst", "mirror_text", "never_came_text", "news_standfirst", "news_title", "next_dates",
    "not_modelled", "open_differences",
    "open_questions", "path_message", "product_message", "product_scenarios_text", "product_trade_text", "promises_message",
    "promises_text", "rare_earths", "recent_message", "reliance_message", "reliance_text", "replication_text", "responses_message",
    "responses_text", "revenue_text", "revised_message", "revised_text", "scenario_description", "scenario_facts", "scenario_title",
    "schedule_ahead", "sections_message", "sections_text", "soybeans_message", "soybeans_text", "stacking_rules",
    "statistics_beside_one_another", "story", "suppliers_message", "supposed", "supposed_imports_message", "supposed_loss_message",
    "talks", "timeline_message", "timeline_title", "to_us_message", "today_description", "today_facts", "tornado_message", "trade_figures",
    "trade_message", "truce_description", "truce_facts", "truce_message", "truce_title", "trust_message", "trust_text", "unknowns",
    "unseen_words", "what_applies", "what_is_missing", "where_it_stands", "why_they_differ",
]  # fmt: skip
