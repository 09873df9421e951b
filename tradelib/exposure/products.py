"""The product that is asked about: a named basket of codes, or codes that somebody gives, and what weights its lines."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tradelib import catalogue, hs, scenarios, strings, tariffs, wording
from tradelib.doors import door
from tradelib.errors import ParameterError
from tradelib.own_weights import OwnWeights, from_file
from tradelib.wording import nearest

TRADE_YEAR = str(scenarios.TRADE_YEAR)
# What the notebook shows where nothing is asked for, so that it is no question beside codes.
BASKET = "lithium_ion_batteries"
# Below this, trade of one year is no weight.
LEAST_TRADE_USD = 1e6
# A title names as many codes; of more it names two.
NAMED = 3
_SUBHEADING = 6


@dataclass(frozen=True)
class Product:
    """Goods that a reader asks about.

    Attributes
    ----------
    name
        of its basket, or its first code.
    title
        what to call it.
    importer
        `US` (goods of China) or `CN` (goods of the United States).
    codes
        every line under them belongs to the product; digits.
    note
        what the codes of a basket do not tell apart; `phrases.product_words` says the rest.
    own
        values of one's own, by which its lines are weighted; none: the trade of 2024.
    """

    name: str
    title: str
    importer: str
    codes: tuple[str, ...]
    note: str = ""
    own: OwnWeights | None = None

    @property
    def lines(self) -> np.ndarray:
        """Positions of its lines among `tariffs.lines` of its importer, in order, each once."""
        return np.unique(np.concatenate([tariffs.find(code, self.importer)[1] for code in self.codes]))

    @property
    def values_usd(self) -> np.ndarray:
        """What each of its lines weighs: the trade of 2024, or values of one's own."""
        over = tariffs.lines(self.importer).weights[TRADE_YEAR] if self.own is None else self.own.values_usd
        return np.asarray(over[self.lines])

    @property
    def least_usd(self) -> float:
        """Sum from which the values are weights: hardly any trade of one year is none; values of one's own always are."""
        return LEAST_TRADE_USD if self.own is None else 0.0

    @property
    def is_basket(self) -> bool:
        """Whether it is named goods, and not codes that somebody gave."""
        return self.name not in self.codes

    @property
    def stand_ins(self) -> dict[str, tuple[str, ...]]:
        """Lines whose trade and duty stand for a code under which no trade of 2024 is held, by code; digits."""
        found = {}
        for code in self.codes:
            held, positions = tariffs.find(code, self.importer)
            lines = tuple(str(name) for name in held.codes[positions])
            if not all(name.startswith(code) for name in lines):
                found[code] = lines
        return found


@strings.alike
def baskets() -> pd.DataFrame:
    """Named products: one row a basket, with basket, importer, title, codes (dotted, in words) and note."""
    table = catalogue.load("baskets")
    rows = table.assign(codes=table["code"].map(hs.dotted)).groupby("basket", sort=False)
    return rows.agg(
        importer=("importer", "first"), title=("title", "first"), codes=("codes", ", ".join), note=("note", "first")
    ).reset_index()


@door
def chosen(*, basket: str, codes: list[str], importer: str, weights_file: str = "") -> Product:
    """The product that parameters name: the codes where any are given, else those of the file of weights, else the basket.

    Parameters
    ----------
    basket
        one of `baskets()`; empty, or `BASKET`, beside codes or a file of weights.
    codes
        product codes of 2 to 10 digits, with or without dots; for Chinese duties of at most 6.
    importer
        who collects the duty on `codes`; a basket has its own.
    weights_file
        path of a list with the columns code and value_usd, whose values weight the lines; see `own_weights`. Codes of the file that are not
        of the product do not count.

    Raises
    ------
    ParameterError
        an unknown basket, or one beside codes or weights; a code that is malformed or that no line stands under; an importer that is
        neither, or not that of the basket; weights that do not fall on the product.
    """
    if (codes or weights_file) and basket not in ("", BASKET):
        message = (
            f"The basket {basket} has no effect beside {'codes' if codes else 'weights_file'}, which say what the product is; give one."
        )
        raise ParameterError(message)
    own = from_file(weights_file, importer) if weights_file else None
    product = _chosen(basket, list(codes) or (_within_trade(own.codes, importer) if own else []), importer)
    if own is None:
        return product
    product = replace(product, own=own)
    if product.importer != importer or not product.values_usd.sum() > 0:
        message = f"The values of {weights_file} do not fall on the product {product.title}; give codes of the file, or none."
        raise ParameterError(message)
    return product


def _within_trade(codes: tuple[str, ...], importer: str) -> list[str]:
    """Codes of a file as codes of a product: trade with China is held to six digits."""
    return list(dict.fromkeys(code[:_SUBHEADING] if importer == "CN" else code for code in codes))


def _chosen(basket: str, codes: list[str], importer: str) -> Product:
    if not codes:
        held = catalogue.load("baskets")
        rows = held[held["basket"].eq(basket)]
        if rows.empty:
            names = list(dict.fromkeys(held["basket"]))
            message = f"There is no basket {basket!r}.{nearest(basket, names)} The baskets are {', '.join(names)}; or give codes."
            raise ParameterError(message)
        first = rows.iloc[0]
        if importer != first["importer"] and importer != "US":
            message = f"The basket {basket} is of goods entering {first['importer']}; importer {importer} has no effect on it: give codes."
            raise ParameterError(message)
        return Product(basket, first["title"], first["importer"], tuple(rows["code"]), first["note"])
    digits = tuple(hs.parse_code(code) for code in codes)
    for code in digits:
        if importer == "CN" and len(code) > _SUBHEADING:
            message = (
                f"Trade with China by product is held to six digits; ask for {hs.dotted(code[:_SUBHEADING])} in place of {hs.dotted(code)}."
            )
            raise ParameterError(message)
        tariffs.find(code, importer)
    named = [hs.dotted(code) for code in dict.fromkeys(digits)]
    if len(named) > NAMED:
        named = [*named[:2], f"{len(named) - 2} more codes"]
    return Product(digits[0], f"Goods of {wording.listing(named)}", importer, digits)
