"""Which Chinese goods a list covers, by cases of made-up lists: parts of a subheading, younger codes, lines split off."""

import math
from collections.abc import Callable
from datetime import date

import pytest

from tradelib import tariffs
from tradelib.tariffs.membership import Membership, known_membership

ON = date(2025, 6, 1)
# Horses in two lines, asses in one, and diodes in two, of whose subheading 8541.41 of the 2022 edition came.
TARIFF_OF_2019 = ("01012110", "01012190", "01013000", "12019010", "12019020", "12019030", "85414010", "85414020", "98010010", "98030010")
SUBHEADINGS = ("010121", "010130", "120190", "854140", "854141", "854149", "980100", "980200", "980300")
BOTH, EITHER, NEITHER = (1, 1), (0, 1), (0, 0)
RATES = [f"mfn_{name}_frac" for name in ("2018_01", "2018_05", "2018_07", "2018_11", "2019_01", "2019_01_low", "2019_01_high")]


def succeeded(code: str, heir: str, kind: str = "hs_2022") -> dict[str, object]:
    return {"code": code, "successor": heir, "effective_on": "2022-01-27", "kind": kind, "evidence": "e"}


# Of 8541.50 no line of ours is held.
ORIGINS = [
    succeeded("8541400000", "8541500000"),
    succeeded("8541400000", "8541410000"),
    succeeded("8541400000", "8541490000"),
    succeeded("8541300000", "8541490000"),
]


def enact(reading: Callable, lists: dict[str, list[tuple]], nomenclature: str = "HS 2017", **tables: list[dict]) -> None:
    """Lists of these codes: each (code, coverage, first day, first day without); and `cn_new`, of the 2022 edition."""
    names = ("code", "coverage", "entry_from", "entry_to")
    listed = [dict(zip(names, code, strict=False)) | {"scope": name} for name, codes in lists.items() for code in codes]
    given = {
        "cn_lines": [{"code": code, "mfn_frac": 0.05, "mfn_evidence": "confirmed", "exports_2024_usd": 1} for code in SUBHEADINGS],
        "cn_tariff_2019": [{"code": code} | dict.fromkeys(RATES, 0.05) for code in TARIFF_OF_2019],
        "scopes": [
            *({"scope": name, "what": "goods", "held": "codes", "nomenclature": nomenclature} for name in lists),
            {"scope": "cn_new", "what": "young goods", "held": "codes", "nomenclature": "HS 2022"},
            {"scope": "all", "what": "all goods", "held": "every good"},
        ],
        "product_scopes": listed + [{"scope": "cn_new", "code": code, "coverage": "full"} for code in YOUNG],
        "hts_successions": ORIGINS,
    }
    empty = ("cn_line_trade", "cn_interim_rates", "cn_tariff_quotas", "cn_waivers", "wto_exclusions")
    reading(**({name: [] for name in empty} | given | tables))


def full(*codes: str) -> list[tuple[str, str]]:
    return [(code, "full") for code in codes]


# Of 01012191 the tariff of 2019 has the line it was split from, of 01012155 none; 85414110 is of a subheading that it does not have.
YOUNG = ("01012155", "01012191", "85414110")


def laid(digits: int, scope: str = "cn_s", on: date = ON) -> dict[str, tuple[float, float]]:
    """(surely covered, possibly covered) of the lines that are not surely and wholly left out; -1 where it is not known."""
    over = tariffs.lines("CN", digits=digits)
    scopes = Membership(over)
    sure, possible = (scopes.share(scope, on=on, partial=partial).tolist() for partial in (False, True))
    found = {
        code: tuple(-1 if math.isnan(share) else round(share, 9) for share in pair)
        for code, *pair in zip(over.codes.tolist(), sure, possible, strict=True)
    }
    return {code: pair for code, pair in found.items() if pair != NEITHER}


UNKNOWN = (-1, -1)


def test_a_younger_subheading_is_covered_as_the_goods_it_came_from_where_all_or_none_of_them_are(read: Callable) -> None:
    """Chapters 98 and 99 have rules of their own: a list that does not name them says no, however young their codes.

    Of 8541.49 a part came from goods that the tariff of 2019 does not have: whether a list covers it is never known.
    """
    half = (0.5, 0.5)
    cases = {
        # One of two lines of horses; both; their subheading: no diodes.
        "cn_a": (full("01012110"), {"010121": half}),
        "cn_b": (full("01012110", "01012190"), {"010121": BOTH}),
        "cn_c": (full("010121"), {"010121": BOTH}),
        # All diodes, and some of them.
        "cn_d": (full("85414010", "85414020"), {"854140": BOTH, "854141": BOTH}),
        "cn_e": (full("854140"), {"854140": BOTH, "854141": BOTH}),
        "cn_f": (full("85414010"), {"854140": half, "854141": UNKNOWN}),
        "cn_g": ([("854140", "partial")], {"854140": EITHER, "854141": UNKNOWN}),
        # Lines of subheadings that are not ours.
        "cn_h": (full("01012910", "99010010"), {}),
    }
    enact(read, {name: codes for name, (codes, _) in cases.items()})
    assert {name: laid(6, name) for name in cases} == {name: covered | {"854149": UNKNOWN} for name, (_, covered) in cases.items()}


def test_a_younger_subheading_of_several_origins_needs_them_all(read: Callable) -> None:
    both = [succeeded("8541400000", "8541410000"), succeeded("0101300000", "8541410000")]
    cases = {
        "cn_a": (full("85414010", "85414020"), UNKNOWN),
        "cn_b": (full("854140", "01013000"), BOTH),
        "cn_c": (full("01013000"), UNKNOWN),
        "cn_d": (full("01012110"), NEITHER),
    }
    enact(read, {name: codes for name, (codes, _) in cases.items()}, hts_successions=both)
    assert {name: laid(6, name).get("854141", NEITHER) for name in cases} == {name: share for name, (_, share) in cases.items()}
    # What became of a statistical number alone says nothing of subheadings.
    enact(read, {"cn_s": full("854140")}, hts_successions=[succeeded("8541400000", "8541410000", "statistical")])
    assert laid(6)["854141"] == UNKNOWN
    # Goods of which we hold no line, or no place in the tariff of 2019.
    for origin in ("8542310000", "8541490000"):
        enact(read, {"cn_s": full("854140", "854149")}, hts_successions=[*both[:1], succeeded(origin, "8541410000")])
        assert laid(6)["854141"] == UNKNOWN, origin
        enact(read, {"cn_s": full("01012110")}, hts_successions=[*both[:1], succeeded(origin, "8541410000")])
        assert laid(6)["854141"] == UNKNOWN, origin
        assert laid(8)["85414110"] == UNKNOWN, origin
    # Goods that stand first among all.
    enact(read, {"cn_s": full("010121")}, hts_successions=[succeeded("0101210000", "8541410000")])
    assert laid(6)["854141"] == BOTH


def test_a_younger_subheading_is_found_wherever_it_stands(read: Callable) -> None:
    """Before all others, and in chapter 97, the last that a list can leave open."""
    held = [{"code": code, "mfn_frac": 0.05, "mfn_evidence": "confirmed"} for code in ("010110", *SUBHEADINGS[:4], "970191", "980200")]
    enact(read, {"cn_s": full("854140")}, cn_lines=held, hts_successions=[succeeded("8541400000", "0101100000")])
    assert laid(6) == {"010110": BOTH, "854140": BOTH, "970191": UNKNOWN}
    assert laid(6, "all") == dict.fromkeys(("010110", *SUBHEADINGS[:4], "970191"), BOTH)


def test_a_list_of_the_newer_edition_leaves_nothing_open_that_it_does_not_name(read: Callable) -> None:
    enact(read, {"cn_s": full("01012110", "854141")}, "HS 2022")
    # Lists of the newer edition name three lines of horses, more than the tariff of 2019 has; then five.
    assert laid(6) == {"010121": (pytest.approx(1 / 3),) * 2, "854141": BOTH}
    enact(read, {"cn_s": full(*(f"0101219{number}" for number in range(1, 5)))}, "HS 2022")
    assert laid(6) == {"010121": (pytest.approx(0.8), pytest.approx(0.8))}


def test_a_scope_of_every_good_covers_the_lines_of_chapters_1_to_97(read: Callable) -> None:
    enact(read, {"cn_s": full("010121")})
    assert laid(6, "all") == dict.fromkeys(SUBHEADINGS[:-3], BOTH)
    assert set(laid(8, "all")) == {*TARIFF_OF_2019[:-2], *YOUNG}
    assert laid(6, "codes:0101,854140") == {"010121": BOTH, "010130": BOTH, "854140": BOTH}
    scopes = Membership(tariffs.lines("CN"))
    assert [scopes.title(name) for name in ("cn_new", "all", "codes:854140")] == ["young goods", "all goods", "goods of 8541.40"]


def carriers(*codes: str, nomenclature: str = "HS 2017") -> list[dict[str, object]]:
    return [{"code": code, "nomenclature": nomenclature, "why": "w", "url": "https://example.org"} for code in codes]


BEANS, BLACK, GREEN = "12019010", "12019020", "12019030"


@pytest.mark.parametrize(
    ("carrying", "cases"),
    [
        # Three lines of soybeans, and none, one or two of them carry the trade.
        ((), [(full(BEANS), (pytest.approx(1 / 3),) * 2)]),
        (
            (BEANS,),
            [
                (full(BEANS), BOTH),
                (full(BLACK), NEITHER),
                (full(BLACK, GREEN), NEITHER),
                # A subheading that is named whole is covered whole, and one that is not named not at all.
                (full("120190"), BOTH),
                (full("01013000"), NEITHER),
                # What is named in part may be all of it.
                ([(BLACK, "partial")], EITHER),
                ([(BEANS, "full"), (BLACK, "partial")], BOTH),
                ([(BLACK, "full"), ("01013000", "partial")], NEITHER),
            ],
        ),
        (
            (BEANS, BLACK),
            [
                (full(BEANS), (0.5, 0.5)),
                (full(BLACK), (0.5, 0.5)),
                (full(BEANS, BLACK), BOTH),
                ([(BEANS, "full"), (BLACK, "partial")], (0.5, 1)),
            ],
        ),
    ],
)
def test_where_some_lines_carry_the_trade_of_a_subheading_they_alone_count(
    read: Callable, carrying: tuple[str, ...], cases: list[tuple]
) -> None:
    enact(read, {f"cn_{number}": codes for number, (codes, _) in enumerate(cases)}, cn_line_trade=carriers(*carrying))
    assert [laid(6, f"cn_{number}").get("120190", NEITHER) for number in range(len(cases))] == [share for _, share in cases]


def test_lines_that_carry_the_trade_count_for_lists_of_their_own_edition(read: Callable) -> None:
    enact(read, {"cn_s": full(BEANS)}, "HS 2022", cn_line_trade=carriers(BEANS))
    assert laid(6)["120190"] == (pytest.approx(1 / 3),) * 2
    enact(read, {"cn_s": full(BEANS)}, "HS 2022", cn_line_trade=carriers(BLACK) + carriers(BEANS, nomenclature="HS 2022"))
    assert laid(6)["120190"] == BOTH


def test_a_chinese_line_is_covered_by_name_or_as_the_line_it_was_split_from(read: Callable) -> None:
    horses = ("01012110", "01012155", "01012190", "01012191")
    cases = {
        # A line of 2019 that a list of 2018 or 2019 does not name is not covered, and one split from it is as it was.
        "cn_a": (full("01012110"), {"01012110": BOTH, "01012155": UNKNOWN}),
        "cn_b": (full("01012190"), {"01012190": BOTH, "01012191": BOTH, "01012155": UNKNOWN}),
        "cn_c": (full("01013000"), {"01013000": BOTH}),
        # Where all lines of a subheading are named, or itself, its younger lines are covered too.
        "cn_d": (full("01012110", "01012190"), dict.fromkeys(horses, BOTH)),
        "cn_e": (full("010121"), dict.fromkeys(horses, BOTH)),
        "cn_f": ([("010121", "partial")], dict.fromkeys(horses, EITHER)),
        # A line of a younger subheading is covered as that is.
        "cn_g": (full("85414010", "85414020"), {"85414010": BOTH, "85414020": BOTH, "85414110": BOTH}),
        "cn_h": (full("85414010"), {"85414010": BOTH, "85414110": UNKNOWN}),
    }
    enact(read, {name: codes for name, (codes, _) in cases.items()})
    found = {name: laid(8, name) for name in cases}
    found["cn_a"].pop("01012191", None)
    assert found == {name: covered for name, (_, covered) in cases.items()}


def test_no_line_of_2019_is_surely_left_out_of_a_list_of_the_newer_edition_that_names_another_of_its_subheading(read: Callable) -> None:
    enact(read, {"cn_s": full("01012191", "85414110")}, "HS 2022")
    assert laid(8) == {"01012110": EITHER, "01012155": EITHER, "01012190": EITHER, "01012191": BOTH, "85414110": BOTH}
    enact(read, {"cn_s": full("010121")}, "HS 2022")
    assert laid(8) == dict.fromkeys(("01012110", "01012155", "01012190", "01012191"), BOTH)


def test_what_a_younger_line_inherits_ends_with_its_days(read: Callable) -> None:
    enact(read, {"cn_s": [("01012190", "full", "2025-06-10", "2025-06-20"), ("854140", "full", "2025-06-10")]})
    assert set(laid(8, on=date(2025, 6, 9))) == set()
    assert laid(8, on=date(2025, 6, 10))["01012191"] == BOTH
    assert laid(8, on=date(2025, 6, 19))["01012191"] == BOTH
    assert set(laid(8, on=date(2025, 6, 20))) == {"85414010", "85414020", "85414110"}
    assert set(laid(6, on=date(2025, 6, 9))) == {"854149"}


@pytest.mark.parametrize("digits", [6, 8])
def test_a_chinese_list_changes_ahead_only_on_days_that_a_text_names(read: Callable, digits: int) -> None:
    enact(read, {"cn_s": [("01012110", "full", "2025-06-10"), ("01013000", "full", None, "2025-06-20")]})
    over = tariffs.lines("CN", digits=digits)
    horses, asses = (next(at for at, code in enumerate(over.codes.tolist()) if code.startswith(name)) for name in ("010121", "010130"))
    for as_of, told, covered in (
        ("2025-06-01", (), [False, True]),
        ("2025-06-01", ("2025-06-10",), [True, True]),
        ("2025-06-10", (), [True, True]),
        ("2025-06-19", ("2025-06-20",), [True, False]),
        ("2025-06-20", (), [True, False]),
    ):
        days = frozenset(map(date.fromisoformat, told))
        scopes = known_membership("CN", digits, date.fromisoformat(as_of), days)
        share = scopes.share("cn_s", on=date(2025, 7, 1), partial=False)
        assert [bool(share[at] > 0) for at in (horses, asses)] == covered, (as_of, told)
        # A list that never changes is that of today.
        assert scopes.share("cn_new", on=date(2025, 7, 1), partial=False)[[horses, asses]].tolist() == [1, 0]


@pytest.mark.parametrize(("as_of", "taken"), [("2025-06-09", 0.0), ("2025-06-10", 0.4), ("2025-12-31", 0.4)])
def test_exclusions_laid_over_the_lines_are_those_known_on_the_day(read: Callable, as_of: str, taken: float) -> None:
    rows = [{"code": "010121", "share_frac": 0.4, "effective_on": "2025-01-01", "published_on": "2025-06-10"}]
    enact(read, {"cn_s": full("010121")}, wto_exclusions=rows, tariff_steps=[], tariff_measures=[])
    scopes = known_membership("CN", None, date.fromisoformat(as_of), frozenset())
    assert scopes.granted(ON, "granted").tolist() == [taken, *[0] * (len(SUBHEADINGS) - 1)]
    assert scopes.granted(ON, "listed").tolist() == [0] * len(SUBHEADINGS)
    # Without a day of knowledge all that the edition holds counts.
    assert Membership(tariffs.lines("CN")).granted(ON, "granted")[0] == 0.4
