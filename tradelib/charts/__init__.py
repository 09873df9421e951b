"""One function per figure: takes result frames, returns a display.Figure.

Each figure is drawn twice, for a page and for a phone, with the page carrying title, subtitle and source as text. Colours: the US is
blue, China red, everywhere; what happened is solid, what was scheduled dashed, what was only stated dotted.
"""

from tradelib.charts.growth import china_growth
from tradelib.charts.protection import averages, collected
from tradelib.charts.steps import headline_steps
from tradelib.charts.timeline import timeline

__all__ = ["averages", "china_growth", "collected", "headline_steps", "timeline"]
