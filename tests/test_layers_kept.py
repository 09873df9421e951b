"""Layers and averages are remembered by all that they depend on: no duty, day, choice or state of knowledge gets the answer of another."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pandas as pd
import pytest
from made_up import book, duty, exclusion, lines

from tradelib import sides, tariffs
from tradelib.tariffs import protection, stacking
from tradelib.tariffs.books import Book
from tradelib.tariffs.granted import EXCLUSIONS, FAMILY
from tradelib.tariffs.layers import Layer, Remembered
from tradelib.tariffs.membership import Membership, membership
from tradelib.tariffs.prepared import Prepared
from tradelib.tariffs.scope_rows import breaks_by_scope
from tradelib.tariffs.stacking import Assumptions
from tradelib.tariffs.tariff_lines import Lines

STEEL, MACHINE, DEAR = "7208100000", "8471300100", "8543700000"
LINES = lines({STEEL: 0.0, MACHINE: 0.02, DEAR: 0.20})
# The general rates change with the year.
LINES = replace(LINES, _mfn=[*LINES._mfn, (date(2026, 1, 1), np.array([0.1, 0.1, 0.0]))])
ONLY = {code: f"codes:{code}" for code in LINES.codes}
METAL = {"basis": "metal_content_value"}
FLOOR = {"basis": "floor_total_incl_mfn"}
HIGHEST = {"within_family": "highest"}
LAWS = [
    book(*rows)
    for rows in (
        [duty("a", 0.1)],
        [duty("a", 0.2)],
        [duty("a", 0.1, scope=ONLY[STEEL])],
        [duty("a", 0.1, exempt=ONLY[STEEL])],
        [duty("a", 0.1, exempt=ONLY[MACHINE])],
        [duty("a", 0.1, exempt=ONLY[STEEL]), exclusion("x", ONLY[STEEL])],
        [duty("a", 0.1, exempt=ONLY[STEEL]), exclusion("x", ONLY[STEEL], effective_from="2025-07-01")],
        [duty("a", 0.1, **METAL)],
        [duty("a", 0.1, basis="metal_content_value_alone"), duty("b", 0.1, yields_to="a")],
        [duty("a", 0.1, **METAL), duty("b", 0.1, yields_to="a")],
        [duty("a", 0.1, **METAL), duty("b", 0.1)],
        [duty("a", 0.1, **METAL), duty("b", 0.1, yields_to="c")],
        [duty("a", 0.1, **FLOOR), duty("b", 0.1, yields_to="a")],
        [duty("a", math.nan, basis="suspended"), duty("b", 0.1, yields_to="a")],
        [duty("a", math.nan, basis="to_be_announced")],
        [duty("a1", 0.1), duty("a2", 0.25)],
        [duty("a1", 0.1, **HIGHEST), duty("a2", 0.25, **HIGHEST)],
        [duty("a1", 0.1, priority=1, **HIGHEST), duty("a2", 0.25, priority=2, **HIGHEST)],
        [duty("a1", 0.1, effective_from="2025-07-01"), duty("a2", 0.25, effective_to="2025-07-01")],
    )
]
DAYS = [date(2025, 6, 1), date(2025, 8, 1), date(2026, 6, 1)]
CHOICES = [Assumptions(), Assumptions(0.5), Assumptions(1.0), Assumptions(0.5, metal_chapters_frac=0.9), Assumptions(partial_duties=True)]


def test_a_layer_is_the_one_of_its_duties_its_day_and_its_choice() -> None:
    """All asked of the same lines, one after the other and in either order, as each of lines that were never asked before."""
    asked = list(product(LAWS, DAYS, CHOICES))
    own = [stacking.stack(law, LINES, Membership(LINES), on=on, assumptions=choice) for law, on, choice in asked]
    shared = Membership(LINES)
    for order in (range(len(asked)), reversed(range(len(asked)))):
        for number in order:
            law, on, choice = asked[number]
            layers = stacking.stack(law, LINES, shared, on=on, assumptions=choice)
            assert layers.keys() == own[number].keys()
            for family, layer in layers.items():
                assert np.array_equal(layer, own[number][family], equal_nan=True), (number, family)


def test_a_layer_of_equal_terms_is_made_once() -> None:
    shared = Membership(LINES)
    first, later = (stacking.layers_of(LAWS[0], LINES, shared, on=on)["a"] for on in DAYS[:2])
    again = stacking.layers_of(book(duty("a", 0.1, announced_on="2025-02-02")), LINES, shared, on=DAYS[0], assumptions=CHOICES[-1])["a"]
    assert first.number == later.number == again.number
    with pytest.raises(ValueError, match="read-only"):
        first.rates += 1.0


def test_only_the_last_layers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradelib.tariffs.layers._ROOM", 2 * 16)
    held = Remembered(1)

    def of(key: str) -> Layer:
        return held.get(key, lambda: (np.zeros(1), np.zeros(1), []))

    assert [of(key).number for key in ("a", "b", "a", "c", "a", "b")] == [0, 1, 0, 2, 0, 3]


def test_days_and_laws_of_which_all_is_equal_owe_the_same() -> None:
    """Averages are remembered by `depends_on`: what it leaves out gives one law the average of another."""
    dues: dict[tuple[object, ...], np.ndarray] = {}
    for law, on in product(LAWS, DAYS):
        over = prepared(law, LINES, Membership(LINES))
        due = np.stack(list(over.dues(on, CHOICES).values()))
        assert np.array_equal(dues.setdefault(over.depends_on(on), due), due, equal_nan=True)
    assert len(dues) > len(LAWS)


def test_days_differ_by_what_lists_and_claims_are_known() -> None:
    scope, day = next((scope, days[-1]) for scope, days in breaks_by_scope().items() if days)
    whole, on = Membership(tariffs.lines("US")), date.fromordinal(day)
    forgetful = Membership(tariffs.lines("US"), {scope: frozenset({day})}, whole)
    law = book(duty("a", 0.1, scope=scope, effective_from="2018-01-01"))
    assert prepared(law, tariffs.lines("US"), whole).depends_on(on) != prepared(law, tariffs.lines("US"), forgetful).depends_on(on)
    rows = [duty("a", 0.1, exempt="x"), exclusion("e", "x")]
    claimed = [prepared(book(*rows, claims=claims), LINES, Membership(LINES)) for claims in ({}, {"x": 0.1}, {"x": 0.2})]
    assert len({over.depends_on(DAYS[0]) for over in claimed}) == 3


def test_what_is_granted_is_that_of_its_state_of_knowledge_and_its_choice() -> None:
    """The exclusions of China became known in 2026, for entries of 2025 on."""
    over, shared = tariffs.lines("CN"), Membership(tariffs.lines("CN"))
    law = tariffs.bind(tariffs.schedule(as_of="2026-02-01"), "CN")
    found = set()
    for as_of, on, way in product(("2026-02-01", "2026-07-01"), ("2025-06-09", "2026-01-15"), EXCLUSIONS):
        known, day, choice = date.fromisoformat(as_of), date.fromisoformat(on), Assumptions(exclusions=way)
        layer = stacking.stack(law, over, Membership(over, None, shared, known), on=day, assumptions=choice)[FAMILY]
        own = stacking.stack(law, over, Membership(over, None, None, known), on=day, assumptions=choice)[FAMILY]
        assert np.array_equal(layer, own, equal_nan=True)
        found.add((prepared(law, over, Membership(over, None, shared, known)).depends_on(day), way, float(np.nansum(layer))))
    assert len({total for *_, total in found}) == 4
    assert len({depends_on for depends_on, *_ in found}) == 4


@pytest.mark.parametrize(("importer", "other"), [("US", Assumptions(partial_exemptions=True)), ("CN", Assumptions(exclusions="waived"))])
def test_averages_are_those_of_their_trade_and_their_choice(importer: str, other: Assumptions) -> None:
    scopes = membership(importer)
    asked = list(product(("2024", "2017"), (Assumptions(), other)))
    on, as_of = date(2025, 6, 9), date(2026, 10, 9)

    def of(year: str, choice: Assumptions) -> tuple[pd.DataFrame, Mapping[str, float]]:
        protection.weighted.cache_clear()
        figures = protection.weighted(importer, on, as_of, year, choice)
        return tariffs.averages(importer=importer, as_of=as_of, on=[on], weights=year, assumptions=choice), figures

    one_by_one = [of(*given) for given in asked]
    for given, (table, figures) in zip(asked, one_by_one, strict=True):
        scopes.remembered._answers.clear()
        again, told = of(*given)
        pd.testing.assert_frame_equal(again, table, check_exact=True)
        assert (told, told["weighted_frac"]) == (figures, table["weighted_frac"][0])
    assert len({figures["weighted_frac"] for _, figures in one_by_one}) == len(asked)


def prepared(law: Book, over: Lines, scopes: Membership) -> Prepared:
    return Prepared(sides.pair("US"), date(2026, 10, 9), law, over, scopes)
