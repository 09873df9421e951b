"""Which lines a scope covers and how much of each, by cases of made-up lists."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from made_up import lines

from tradelib import catalogue, tariffs
from tradelib.tariffs.membership import Membership, known_membership
from tradelib.tariffs.successions import Kin

ON = date(2025, 6, 1)
HORSE, ASS, STEEL, MACHINE = "0101210000", "0101300000", "7208100000", "8471300100"
OVER = dict.fromkeys((HORSE, ASS, STEEL, MACHINE), 0.0)


def scoped(reading: Callable, *codes: tuple[str, ...], held: str = "codes", nomenclature: str = "", **tables: list[dict]) -> None:
    """One scope `s` of these codes: each (code, coverage, first day, first day without)."""
    rows = [dict(zip(("code", "coverage", "entry_from", "entry_to"), code, strict=False)) | {"scope": "s"} for code in codes]
    names = [{"scope": name, "what": f"goods of {name}", "held": held, "nomenclature": nomenclature} for name in ("s", "t")]
    reading(scopes=[*names, {"scope": "all", "what": "all", "held": "every good"}], product_scopes=[*rows, *T], **tables)


T = [{"scope": "t", "code": "0101", "coverage": "full"}]


def shares(over: tariffs.Lines, on: date = ON) -> list[tuple[float, float]]:
    """(surely covered, possibly covered) of every line."""
    scopes = Membership(over)
    sure, possible = (scopes.share("s", on=on, partial=partial) for partial in (False, True))
    return list(zip(sure.tolist(), possible.tolist(), strict=True))


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([("01", "full")], [(1, 1), (1, 1), (0, 0), (0, 0)]),
        ([("010121", "full"), ("84713001", "partial")], [(1, 1), (0, 0), (0, 0), (0, 1)]),
        ([(HORSE, "full"), (ASS, "partial")], [(1, 1), (0, 1), (0, 0), (0, 0)]),
        # The longest code decides, whichever way.
        ([("01", "full"), ("010121", "partial")], [(0, 1), (1, 1), (0, 0), (0, 0)]),
        ([("01", "partial"), (HORSE, "full")], [(1, 1), (0, 1), (0, 0), (0, 0)]),
        ([(HORSE, "full"), ("01", "partial")], [(1, 1), (0, 1), (0, 0), (0, 0)]),
    ],
)
def test_a_code_covers_the_lines_under_it(read: Callable, codes: list[tuple], expected: list[tuple]) -> None:
    scoped(read, *codes)
    assert shares(lines(OVER)) == expected


@pytest.mark.parametrize(("on", "covered"), [(9, 0.0), (10, 1.0), (19, 1.0), (20, 0.0)])
def test_a_code_is_in_its_list_from_its_first_day_to_the_one_before_its_end(read: Callable, on: int, covered: float) -> None:
    scoped(read, (HORSE, "full", "2025-06-10", "2025-06-20"), (ASS, "full"))
    assert shares(lines(OVER), date(2025, 6, on))[:2] == [(covered, covered), (1, 1)]
    scopes = Membership(lines(OVER))
    assert sorted(scopes.change_days({"s", "t"})) == [date(2025, 6, 10), date(2025, 6, 20)]
    # What was asked about one stretch of days is not the answer for the next.
    answers = [scopes.share("s", on=date(2025, 6, day), partial=False)[0] for day in (9, 10, 19, 20, 15, 1)]
    assert answers == [0, 1, 1, 0, 1, 0]


def test_a_scope_whose_codes_are_not_held_covers_nothing(read: Callable) -> None:
    scoped(read, ("01", "full"), held="none")
    assert shares(lines(OVER)) == [(0, 0)] * 4
    scopes = Membership(lines(OVER))
    assert [scopes.held(name) for name in ("s", "all", "codes:01")] == [False, True, True]
    assert scopes.title("s") == "goods of s"
    assert scopes.title("codes:847130,8517") == "goods of 8471.30, 8517"


@pytest.mark.parametrize(
    ("codes", "parts", "expected"),
    [
        # Two of five lines; more than the tariff of 2019 has are no more than all; lines that nobody has counted are covered perhaps.
        ([("01012110", "full"), ("01012190", "full")], 5, (0.4, 0.4)),
        ([(f"010121{number}0", "full") for number in range(1, 8)], 5, (1, 1)),
        ([("01012110", "full")], float("nan"), (0, 1)),
        ([("01012110", "full"), ("01012190", "partial")], 5, (0.2, 1)),
        ([("01012190", "partial")], 5, (0, 1)),
        # A line inside a subheading that is named whole adds nothing, and one in part takes the certainty.
        ([("010121", "full"), ("01012190", "full")], 5, (1, 1)),
        ([("010121", "full"), ("01012190", "partial")], 5, (0, 1)),
        ([("010121", "partial"), ("01012190", "full")], 5, (0.2, 1)),
    ],
)
def test_a_chinese_subheading_is_covered_by_the_lines_that_are_named(
    read: Callable, codes: list[tuple], parts: float, expected: tuple[float, float]
) -> None:
    scoped(read, *codes, nomenclature="HS 2022")
    over = lines(dict.fromkeys(("010121", "010130"), 0.0), importer="CN", parts=[parts, 1])
    found = shares(over)
    assert found[0] == pytest.approx(expected)
    assert found[1] == (0, 0)


def net(exempt: tuple[str, ...], *, scopes: tuple[str, ...] = ("s",), **choices: object) -> dict[str, float]:
    over = lines(OVER)
    chosen = {"partial": False, "partial_exempt": False} | choices
    positions, found = Membership(over).net(scopes, exempt, on=ON, **chosen)
    return dict(zip(over.codes[positions].tolist(), found.tolist(), strict=True))


def test_what_is_left_after_exemptions(read: Callable) -> None:
    scoped(read, (HORSE, "partial"), (STEEL, "full"))
    assert net(()) == {STEEL: 1}
    assert net((), partial=True) == {HORSE: 1, STEEL: 1}
    assert net((), scopes=("t", "s")) == {HORSE: 1, ASS: 1, STEEL: 1}
    assert net(("s",), scopes=("t",)) == {HORSE: 1, ASS: 1}
    assert net(("s",), scopes=("t",), partial_exempt=True) == {ASS: 1}
    assert net(("s",), scopes=("t",), partial=True) == {HORSE: 1, ASS: 1}
    # More exempt than covered leaves nothing, and never less.
    assert net(("all",), scopes=("s",), partial=True) == {}


@pytest.mark.parametrize(("share", "left"), [(0.4, {HORSE: 0.6, ASS: 1}), (1.0, {ASS: 1}), (0.0, {HORSE: 1, ASS: 1})])
def test_a_claim_exempts_its_share_of_a_line_of_described_goods(read: Callable, share: float, left: dict[str, float]) -> None:
    scoped(read, (HORSE, "partial"), (STEEL, "full"))
    claimed = (("s", share),)
    assert net(("s",), scopes=("t",), claimed=claimed) == pytest.approx(left)
    # Goods that the list names whole are exempt whole.
    assert STEEL not in net(("s",), scopes=("all",), claimed=claimed)
    assert net(("s",), scopes=("t",), claimed=claimed, partial_exempt=True) == {ASS: 1}


@pytest.mark.parametrize(
    ("as_of", "told", "covered"),
    [
        # Horses join on the 10th, asses leave on the 20th. Before, that is known only where a text names the day.
        ("2025-06-01", (), [False, True]),
        ("2025-06-01", ("2025-06-10",), [True, True]),
        ("2025-06-01", ("2025-06-20",), [False, False]),
        ("2025-06-09", (), [False, True]),
        ("2025-06-10", (), [True, True]),
        ("2025-06-19", (), [True, True]),
        ("2025-06-20", (), [True, False]),
        ("2025-06-01", ("2025-06-10", "2025-06-20"), [True, False]),
    ],
)
def test_a_list_changes_ahead_only_on_days_that_a_text_names(
    read: Callable, as_of: str, told: tuple[str, ...], covered: list[bool]
) -> None:
    held = [{"code": code, "mfn_kind": "free", "mfn_text": "Free"} for code in sorted(OVER)]
    scoped(read, (HORSE, "full", "2025-06-10"), (ASS, "full", None, "2025-06-20"), us_lines=held)
    over = tariffs.lines("US")
    scopes = known_membership("US", None, date.fromisoformat(as_of), frozenset(map(date.fromisoformat, told)))
    share = scopes.share("s", on=date(2025, 7, 1), partial=False)
    assert [bool(share[over.codes.tolist().index(code)]) for code in (HORSE, ASS)] == covered
    positions, _ = scopes.net(("s",), (), on=date(2025, 7, 1), partial=False, partial_exempt=False)
    assert set(over.codes[positions]) == set(over.codes[share > 0])


def test_the_made_up_edition_is_read_in_place_of_the_real_one(read: Callable) -> None:
    scoped(read, (HORSE, "full"))
    assert len(catalogue.load("product_scopes")) == 2
    assert catalogue.edition().evidence_through == date(2025, 12, 31)


NEW = ("0101210010", "0101210090")


@pytest.mark.parametrize(
    ("codes", "held", "expected"),
    [
        # A number was split in two: a list that names it covers both, and one that names both covers it.
        ([(HORSE, "full")], NEW, [(1, 1), (1, 1)]),
        ([(HORSE, "partial")], NEW, [(0, 1), (0, 1)]),
        ([(code, "full") for code in NEW], (HORSE,), [(1, 1)]),
        ([(NEW[0], "full")], (HORSE,), [(0, 1)]),
        ([(NEW[0], "full")], NEW, [(1, 1), (0, 0)]),
        ([(ASS, "full")], NEW, [(0, 0), (0, 0)]),
        # A line of eight digits is covered by the numbers under it, those that are gone left out.
        ([(NEW[0], "full")], ("01012100",), [(0, 1)]),
        ([(NEW[0], "full")], ("01012100", ASS), [(0, 1), (0, 0)]),
        ([(code, "full") for code in NEW], ("01012100",), [(1, 1)]),
        ([("010121", "full")], ("01012100",), [(1, 1)]),
    ],
)
def test_a_list_covers_the_goods_of_a_number_under_whatever_number_they_stand(
    read: Callable, codes: list[tuple], held: tuple[str, ...], expected: list[tuple]
) -> None:
    went = [{"code": HORSE, "successor": code, "effective_on": "2025-01-01", "kind": "statistical", "evidence": "e"} for code in NEW]
    numbers = [{"code": code, "is_line": True, "evidence": "schedule"} for code in NEW]
    numbers.append({"code": HORSE, "is_line": True, "evidence": "schedule", "ended_on": "2024-12-31"})
    scoped(read, *codes, hts_successions=went, hts_codes=numbers)
    # How many numbers stand under a line of eight digits nobody has counted.
    parts = [float("nan") if len(code) == 8 else 1.0 for code in held]
    assert shares(lines(dict.fromkeys(held, 0.0), parts=parts)) == expected


def test_goods_are_followed_through_every_number_they_had() -> None:
    """0 became 1, 1 became 2, 2 became 3: a list that names the first covers the last, and one that names the last covers the first."""
    family = Kin(lines=None, at=np.arange(4), node=np.arange(4), older=np.array([0, 1, 2]), newer=np.array([1, 2, 3]))
    for named in (0, 3):
        share = np.zeros(4)
        share[named] = 1.0
        assert [part.tolist() for part in family.shares(share, share)] == [[1.0] * 4] * 2
