"""Docstrings of the public surface: where numpydoc expects things, and the columns that frames really have."""

import functools
import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from test_doors import DAY, FUNCTIONS, call

import tradelib
from tradelib import catalogue, equilibrium, scenarios, tariffs, trade

ROOMS = ["tariffs", "truce", "trade", "scenarios", "equilibrium"]
CATALOGUE = [f"catalogue.{name}" for name in ("citing", "descriptor", "editions", "loading", "verifying")]
MODULES = [f"tradelib.{name}" for name in (*CATALOGUE, "claims", "days", "errors", "exposure", "ledger", "minerals")] + [
    f"tradelib.{room}.{module.name}"
    for room in ROOMS
    for module in pkgutil.iter_modules(importlib.import_module(f"tradelib.{room}").__path__)
]
FRAMES = {name: function for name, function in FUNCTIONS.items() if typing.get_type_hints(function).get("return") is pd.DataFrame}
ENTRY = re.compile(r"\*{0,2}\w+(?:, \*{0,2}\w+)*(?: : \S+)?")


def section(item: object, title: str) -> list[str]:
    """Lines of one section of a docstring."""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=\n\n[A-Z][A-Za-z ]+\n-+\n|\Z)", inspect.getdoc(item) or "", re.DOTALL | re.MULTILINE)
    return found[1].splitlines() if found else []


def documented(module_name: str) -> list[tuple[str, object]]:
    module = importlib.import_module(module_name)
    items = [item for item in vars(module).values() if getattr(item, "__module__", "") == module_name and callable(item)]
    inner = [member for item in items if inspect.isclass(item) for member in vars(item).values() if inspect.isfunction(member)]
    return [(f"{module_name}.{item.__qualname__}", item) for item in [*items, *inner] if hasattr(item, "__qualname__")]


@pytest.mark.parametrize("module", MODULES)
def test_descriptions_stand_where_numpydoc_expects_them(module: str) -> None:
    """Names on a line of their own, what they are below; a result begins with its type."""
    wrong = []
    for name, item in documented(module):
        for title in ("Parameters", "Attributes", "Raises"):
            heads = [line for line in section(item, title) if line and not line.startswith(" ")]
            wrong += [(name, title, line) for line in heads if not ENTRY.fullmatch(line)]
        head = section(item, "Returns")[:1]
        wrong += [(name, "Returns", line) for line in head if line.endswith((".", ":", ",", ";")) or len(line) > 60]
    assert wrong == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_parameter_that_is_described_is_one(name: str) -> None:
    lines = [line for line in section(FUNCTIONS[name], "Parameters") if line and not line.startswith(" ")]
    told = [word.strip("*") for line in lines for word in line.split(" : ")[0].split(", ")]
    assert set(told) <= set(inspect.signature(FUNCTIONS[name]).parameters)


@functools.cache
def schedules() -> tuple[pd.DataFrame, pd.DataFrame]:
    before, after = (scenarios.schedule(scenarios.load(name), as_of="2026-10-09") for name in ("status_quo", "april_2025"))
    return before, after


@functools.cache
def lines() -> pd.DataFrame:
    before, after = schedules()
    return scenarios.lines(before, after, importer="US", on="2026-12-01", as_of="2026-10-09")


def of_both_sides() -> pd.DataFrame:
    tables = {side: scenarios.lines(*schedules(), importer=side, on="2026-12-01", as_of="2026-10-09") for side in tariffs.IMPORTERS}
    return scenarios.response(tables, HOW, draws=5, seed=1)


@functools.cache
def duties() -> pd.DataFrame:
    before, after = schedules()
    return scenarios.average_duties(before, after, on="2026-12-01", as_of="2026-10-09", base_on=scenarios.BASE_ON)


@functools.cache
def solution() -> equilibrium.Solution:
    return equilibrium.solve(equilibrium.tariff_matrix({("CHN", "USA"): 0.1}))


HOW, MODEL = scenarios.Behaviour(0.94, 3.8, 0.57), equilibrium.Parameters()
# Calls of functions whose arguments come from others, or whose columns depend on what is asked.
CALLS: dict[str, list[Callable[[], pd.DataFrame]]] = {
    "catalogue.sources": [lambda: catalogue.sources(catalogue.load("events", as_of=DAY))],
    "equilibrium.by_country": [lambda: equilibrium.by_country(solution())],
    "equilibrium.outcomes": [lambda: equilibrium.outcomes(solution())],
    "scenarios.by_section": [lambda: scenarios.by_section(lines())],
    "scenarios.differences": [lambda: scenarios.differences(*schedules(), as_of="2026-10-09")],
    "scenarios.economy_effects": [lambda: scenarios.economy_effects(duties(), MODEL)],
    "scenarios.with_intervals": [
        lambda: scenarios.with_intervals(scenarios.economy_effects(duties(), MODEL), duties(), MODEL, draws=10, seed=1)
    ],
    "scenarios.other_closures": [lambda: scenarios.other_closures(duties(), MODEL)],
    "scenarios.two_models": [
        lambda: scenarios.two_models(of_both_sides(), scenarios.economy_effects(duties(), MODEL), {"US": 0.0, "CN": 0.0})
    ],
    "scenarios.effects": [lambda: scenarios.effects(lines(), HOW)],
    "scenarios.simulate": [lambda: scenarios.simulate(lines(), HOW, draws=5, rng=np.random.default_rng(1))],
    "scenarios.intervals": [lambda: scenarios.intervals(scenarios.simulate(lines(), HOW, draws=5, rng=np.random.default_rng(1)))],
    "scenarios.response": [lambda: scenarios.response({"US": lines()}, HOW, draws=5, seed=1)],
    "scenarios.tornado": [lambda: scenarios.tornado(lines(), HOW, outcome="own_loss_usd")],
    "trade.by_year": [lambda: trade.by_year(trade.us_china_goods())],
    "trade.unbroken": [lambda: trade.unbroken(trade.us_china_goods())],
    "trade.growth": [lambda: trade.growth(trade.unbroken(trade.us_china_goods())["imports_usd"])],
    "tariffs.contributions": [
        lambda: tariffs.contributions(on=DAY, importer="US", as_of=DAY, by="family"),
        lambda: tariffs.contributions(on=DAY, importer="US", as_of=DAY, by="section"),
    ],
    "tariffs.averages": [
        lambda: tariffs.averages(on=[DAY], importer="US", as_of=DAY),
        lambda: tariffs.averages(on=[DAY], importer="US", weights=pd.DataFrame({"code": ["9503"], "value_usd": [1.0]})),
    ],
    "tariffs.price": [lambda: tariffs.price(pd.DataFrame({"code": ["9503"]}), scenario="mine", rates=tariffs.schedule(), as_of=DAY)],
    "exposure.duties": [
        lambda: call("exposure.duties"),
        lambda: call("exposure.duties", product=tradelib.exposure.chosen(basket="", codes=["1201.90"], importer="CN")),
    ],
}
# Days are the columns of some, the columns of any table or quantity those of the others.
WITHOUT_NAMES = {"tariffs.panel", "tariffs.widened", "catalogue.load", "sweep.read"}


@functools.cache
def families() -> frozenset[str]:
    return frozenset(catalogue.load("families")["family"])


def words_of(name: str, function: Callable[..., object], seen: frozenset[str] = frozenset()) -> set[str]:
    """Words of what a docstring says of the result, with those of what it refers to: another function, or a table."""
    told = "\n".join(section(function, "Returns")) or inspect.getdoc(function) or ""
    found = set(re.findall(r"\w+", told))
    home = name.rpartition(".")[0]
    for word in re.findall(r"`([\w.]+)`", told):
        other = FUNCTIONS.get(word) or FUNCTIONS.get(f"{home}.{word}")
        full = word if word in FUNCTIONS else f"{home}.{word}"
        if word.startswith("ledger."):
            other, full = getattr(importlib.import_module("tradelib.ledger"), word.partition(".")[2]), word
        if other is not None and full not in seen:
            found |= words_of(full, other, seen | {name})
        if f"table `{word}`" in told:
            found |= {"known_on", *catalogue.load(word).columns}
        constant = getattr(importlib.import_module(f"tradelib.{home}"), word, None) if word.isupper() else None
        found |= set(constant) if isinstance(constant, tuple | list | dict) else set()
    return found


@functools.cache
def frames_of(name: str) -> list[pd.DataFrame]:
    return [make() for make in CALLS.get(name, [lambda: call(name)])]


def storages(frame: pd.DataFrame) -> set[str]:
    """How a frame holds its texts: in columns, in names of columns, in what names rows."""
    kinds = [*frame.dtypes, frame.columns.dtype, *(frame.index.get_level_values(level).dtype for level in range(frame.index.nlevels))]
    kinds = [kind.categories.dtype if isinstance(kind, pd.CategoricalDtype) else kind for kind in kinds]
    return {kind.storage for kind in kinds if isinstance(kind, pd.StringDtype)}


# A list keeps the cells that somebody gave.
@pytest.mark.parametrize("name", sorted(set(FRAMES) - {"tariffs.price", "tariffs.price_list", "sweep.read"}))
def test_texts_are_held_alike_whether_or_not_pyarrow_is_installed(name: str) -> None:
    """A public function without a door needs `strings.alike`, or its texts answer otherwise where pyarrow is."""
    assert all(storages(frame) <= {"python"} for frame in frames_of(name))


@pytest.mark.parametrize("name", sorted(set(FRAMES) - WITHOUT_NAMES))
def test_the_docstring_names_the_columns_that_the_frame_has(name: str) -> None:
    """Each column is named, itself or by what is referred to; and no name of a column that the result does not have."""
    results = frames_of(name)
    columns = {str(column) for result in results for column in [*result.columns, *(result.index.names or [])] if column is not None}
    told = words_of(name, FRAMES[name])
    of_family = {f"{family}{ending}" for family in families() for ending in ("", "_frac", "_heading")} if "family" in told else set()
    assert columns - told - of_family == set()
    plain = re.sub(r"`[^`]*`", "", "\n".join(section(FRAMES[name], "Returns")))
    parameters = set(inspect.signature(FRAMES[name]).parameters)
    assert {word for word in re.findall(r"\b[a-z]\w*_\w+\b", plain) if word not in columns | parameters} == set()
