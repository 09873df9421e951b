"""Rules of the reference tables: parameters, terms, published figures, baskets."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from tradelib.checks.rule import Tables, rule, where
from tradelib.rows import each

# No economy is so small; a smaller figure is in another unit.
_LEAST_GDP_USD = 1e6
_LEAST_A_LINE_USD = 1e6
_ROUNDED, _HALF_POINT = 1e-9, 0.005


@rule("model_parameters")
def a_default_lies_between_its_bounds(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The low value of a parameter is below its high one, the default lies between them, and neither stands alone."""
    table = tables["model_parameters"]
    wrong = (table["low"] > table["high"]) | (table["default"] < table["low"]) | (table["default"] > table["high"])
    wrong |= table["low"].isna().ne(table["high"].isna())
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


@rule("economies")
def a_model_rate_is_the_announced_one_or_a_tenth(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The rate of the model is the announced one, at least 0.1, and 0 for the United States."""
    table = tables["economies"]
    meant = table["announced_rate_frac"].clip(lower=0.1).where(table["iso3"].ne("USA"), 0.0)
    wrong = (table["model_rate_frac"] - meant).abs() > _ROUNDED
    yield from where("economies", table, wrong, "iso3", "announced_rate_frac", "model_rate_frac")


class _Cause(NamedTuple):
    cause_id: str
    benchmark_id: str
    publisher: str
    importer: str
    family: str
    effect_frac: float
    computed_as: str
    applies_from: pd.Timestamp
    applies_to: pd.Timestamp


@rule("benchmarks", "benchmark_causes", "families")
def a_figure_and_its_causes_name_the_same(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A contribution, and it alone, names its family; a cause has the publisher and side of its figure, a known family, and an effect.

    It ends after it begins.
    """
    figures, causes = tables["benchmarks"], tables["benchmark_causes"]
    families = {*tables["families"]["family"], "mfn_frac", ""}
    wrong = figures["measure"].eq("contribution_frac").ne(figures["family"].ne("")) | ~figures["family"].isin(families)
    wrong |= ~figures["leaves_out"].isin(families)
    yield from where("benchmarks", figures, wrong, "benchmark_id", "measure", "family")
    of = figures.set_index("benchmark_id")[["publisher", "importer"]]
    for position, row in enumerate(each(causes, _Cause)):
        named = [name for name in row.benchmark_id.split("|") if name in of.index]
        other = [name for name in named if (row.publisher, row.importer) != tuple(of.loc[name])]
        known = row.family in families or row.family in set(figures["measure"])
        bare = pd.isna(row.effect_frac) and not row.computed_as
        if other or not known or bare or row.applies_to <= row.applies_from:
            yield (
                "benchmark_causes",
                position,
                f"{row.cause_id}: publisher {row.publisher!r}, family {row.family!r}, effect {row.effect_frac}",
            )


@rule("metal_shares")
def a_share_of_metal_is_the_rest_over_the_reach(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The share of metal is the change that is left over the change that full coverage would bring, within half a point."""
    table = tables["metal_shares"]
    wrong = (table["rest_frac"] / table["reach_frac"] - table["metal_content_frac"]).abs() > _HALF_POINT
    yield from where("metal_shares", table, wrong, "naics3", "metal_content_frac", "reach_frac", "rest_frac")


@rule("equilibrium_targets")
def a_printed_value_has_its_decimals(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A published value has no more decimals than the row says were printed, and an outcome is always in one unit."""
    table = tables["equilibrium_targets"]
    shown = table["value"] * 10 ** table["decimals"]
    usual = table.groupby("outcome")["unit"].transform(lambda units: units.mode().iloc[0])
    wrong = (shown - shown.round()).abs().gt(_ROUNDED * 1e3) | table["unit"].ne(usual)
    yield from where("equilibrium_targets", table, wrong, "table", "case", "outcome", "value", "decimals")


@rule("model_parameters")
def a_parameter_that_is_a_share_is_a_fraction(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A parameter whose name ends in _frac lies between 0 and 1."""
    table = tables["model_parameters"]
    share = table["parameter"].str.endswith("_frac")
    outside = (table[["low", "default", "high"]].gt(1) | table[["low", "default", "high"]].lt(0)).any(axis=1)
    yield from where("model_parameters", table, share & outside, "parameter", "low", "default", "high")


@rule("exclusion_claims", "product_scopes")
def a_measured_list_has_so_many_lines(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A share is measured over at most as many lines as the list has codes, which import over a million dollars each on average."""
    table = tables["exclusion_claims"]
    codes = table["scope"].map(tables["product_scopes"].groupby("scope")["code"].nunique())
    wrong = (table["lines"] > codes) | (table["imports_usd"] < _LEAST_A_LINE_USD * table["lines"])
    yield from where("exclusion_claims", table, wrong, "scope", "lines", "imports_usd")
