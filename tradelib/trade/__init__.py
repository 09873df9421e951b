"""Trade statistics as they stood on a day: both sides' figures, their first releases and revisions, and what they come to."""

from tradelib.trade.bilateral import (
    by_year,
    front_loading,
    growth,
    index_of,
    mirror,
    unbroken,
    us_china_goods,
)
from tradelib.trade.differences import differences
from tradelib.trade.goods import by_section, china_by_product_group, suppliers_2024, years_of
from tradelib.trade.headlines import Growth, china_growth, china_headlines, headline_growth, revised
from tradelib.trade.partners import (
    BASE_YEAR,
    REST,
    WORLD,
    chosen_partners,
    collected_by_year,
    diversion,
    imports_by_partner,
    partners,
    revenue,
)
from tradelib.trade.statistics import HEADLINE_SERIES, RARE_EARTH_SERIES, dictionary, monthly, observations, releases, vintages

__all__ = [
    "BASE_YEAR",
    "HEADLINE_SERIES",
    "RARE_EARTH_SERIES",
    "REST",
    "WORLD",
    "Growth",
    "by_section",
    "by_year",
    "china_by_product_group",
    "china_growth",
    "china_headlines",
    "chosen_partners",
    "collected_by_year",
    "dictionary",
    "differences",
    "diversion",
    "front_loading",
    "growth",
    "headline_growth",
    "imports_by_partner",
    "index_of",
    "mirror",
    "monthly",
    "observations",
    "partners",
    "releases",
    "revenue",
    "revised",
    "suppliers_2024",
    "unbroken",
    "us_china_goods",
    "vintages",
    "years_of",
]
