"""What one product is exposed to: its duties by layer, their history, its trade and suppliers, and what scenarios do to them.

A product is one or more codes of the Harmonized System; where its lines owe different duties, every answer gives the lowest and the
highest beside the mean, which is weighted with the trade of 2024 (or plain, where hardly any is held). Over time the mean is that of the
lines whose duty is known today: where a text sets a rate for one of them and does not name it, the mean is not known, and not that of the
others.
"""

from tradelib.exposure.layers import exclusions, notices, stacks, texts
from tradelib.exposure.partners import CHINA, OTHERS, SOURCE, URL, suppliers, trade
from tradelib.exposure.paths import SAME, history, under_scenarios
from tradelib.exposure.products import BASKET, LEAST_TRADE_USD, TRADE_YEAR, Product, baskets, chosen
from tradelib.exposure.rates import Duty, duties, duty

__all__ = [
    "BASKET",
    "CHINA",
    "LEAST_TRADE_USD",
    "OTHERS",
    "SAME",
    "SOURCE",
    "TRADE_YEAR",
    "URL",
    "Duty",
    "Product",
    "baskets",
    "chosen",
    "duties",
    "duty",
    "exclusions",
    "history",
    "notices",
    "stacks",
    "suppliers",
    "texts",
    "trade",
    "under_scenarios",
]
