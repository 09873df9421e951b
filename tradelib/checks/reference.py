"""Rules of the reference tables: parameters, terms, published figures, baskets."""

import re
from collections.abc import Iterator

import pandas as pd

from tradelib.checks.rule import Tables, rule, where

# No economy is so small; a smaller figure is in another unit.
_LEAST_GDP_USD = 1e6


@rule("model_parameters")
def a_default_lies_between_its_bounds(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The low value of a parameter is below its high one, and the default lies between them."""
    table = tables["model_parameters"]
    wrong = (table["low"] > table["high"]) | (table["default"] < table["low"]) | (table["default"] > table["high"])
    yield from where("model_parameters", table, wrong, "parameter", "low", "default", "high")


@rule("glossary")
def a_pattern_of_the_glossary_is_a_regular_expression(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The pattern by which a term is found is a regular expression of Python, and finds something other than nothing."""
    table = tables["glossary"]
    for position, pattern in enumerate(table["pattern"]):
        try:
            empty = re.compile(pattern).fullmatch("") is not None
        except re.error as error:
            yield "glossary", position, f"pattern {pattern!r}: {error}"
            continue
        if empty:
            yield "glossary", position, f"pattern {pattern!r} fits nothing at all"


@rule("benchmarks")
def a_published_figure_is_dated_in_order(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A figure rests on law known by the day it is published, and describes a day near the one its publisher gives it."""
    table = tables["benchmarks"]
    wrong = (table["law_known_on"] > table["published_on"]) | ((table["applies_on"] - table["on"]).abs() > pd.Timedelta(days=31))
    yield from where("benchmarks", table, wrong, "benchmark_id", "on", "applies_on", "law_known_on", "published_on")


@rule("baskets")
def a_basket_is_of_one_side(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """All codes of a basket have its importer and title."""
    table = tables["baskets"]
    for column in ("importer", "title"):
        usual = table.groupby("basket")[column].transform("first")
        yield from where("baskets", table, table[column].ne(usual), "basket", column)


@rule("economies")
def a_gdp_is_of_a_recent_year(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """Gross domestic product is positive, in dollars and of the year of the trade, or a few years before."""
    table = tables["economies"]
    wrong = (table["gdp_usd"] <= _LEAST_GDP_USD) | ~table["gdp_year"].between(2011, 2023)
    yield from where("economies", table, wrong, "iso3", "gdp_usd", "gdp_year")
