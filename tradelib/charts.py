"""One function per figure: takes result frames, returns a display.Figure.

Each figure is drawn twice, for a page and for a phone, with the page carrying title, subtitle and source as text. Colours: the US is
blue, China red, everywhere; what happened is solid, what was scheduled dashed, what was only stated dotted.
"""

from tradelib import extras

extras.need("report")

from tradelib.stories.averages.figures import averages, collected
from tradelib.stories.believed.figures import expected
from tradelib.stories.duties.figures import headline_steps
from tradelib.stories.minerals.figures import mine_shares, rare_earth_exports
from tradelib.stories.product.figures import product_duty, suppliers
from tradelib.stories.scenarios.figures import responses, scenario_duties, tornado
from tradelib.stories.today.figures import both_averages
from tradelib.stories.trade.balance_figures import balance, recent
from tradelib.stories.trade.growth_figures import china_growth, first_and_revised, with_the_us
from tradelib.stories.trade.partner_figures import collected_rates, diversion, sections, yearly
from tradelib.stories.truce.figures import timeline

__all__ = [
    "averages", "balance", "both_averages", "china_growth", "collected", "collected_rates", "diversion", "expected", "first_and_revised",
    "headline_steps", "mine_shares", "product_duty", "rare_earth_exports", "recent", "responses", "scenario_duties", "sections",
    "suppliers", "timeline", "tornado", "with_the_us", "yearly",
]  # fmt: skip
