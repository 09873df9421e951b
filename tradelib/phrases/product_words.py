"""A product in words: what its lines are weighted with, and what its codes stand for."""

from tradelib import hs, wording
from tradelib.exposure import TRADE_YEAR, Product
from tradelib.exposure.products import NAMED


def weights(product: Product) -> str:
    """What its lines are weighted with."""
    return f"the trade of {TRADE_YEAR}" if product.own is None else "values of your own"


def note(product: Product) -> str:
    """What its codes do not tell apart, or which they are and whose trade stands for theirs; empty where there is nothing to say."""
    if product.is_basket:
        return product.note
    codes = [hs.dotted(code) for code in dict.fromkeys(product.codes)]
    said = [f"The codes: {wording.listing(codes)}."] if len(codes) > NAMED else []
    return " ".join([*said, *(_stands_for(code, lines) for code, lines in product.stand_ins.items())])


def _stands_for(code: str, lines: tuple[str, ...]) -> str:
    """That the trade of other lines stands for a code under which none is held."""
    shown = wording.listing([hs.dotted(name) for name in lines[:NAMED]])
    more = f" and {len(lines) - NAMED} more" if len(lines) > NAMED else ""
    return f"Our data have no trade of {TRADE_YEAR} under {hs.dotted(code)}: tariffs and trade here are those of {shown}{more}."
