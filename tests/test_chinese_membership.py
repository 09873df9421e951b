"""Which Chinese goods a list covers, by cases of made-up lists: parts of a subheading, younger codes, lines split off."""

import math
from collections.abc import Callable
from datetime import date

import pytest

from tradelib import tariffs
from tradelib.tariffs.membership import Membership, known_membership

ON = date(2025, 6, 1)
# Horses in two lines, asses in one, and diodes in two, of whose subheading 8541.41 of the 2022 edition came.
TARIFF_OF_2019 = ("01012110", "01012190", "01013000", "12019010", "12019020", "12019030", "85414010", "85414020", "98010010")
SUBHEADINGS = ("010121", "010130", "120190", "854140", "854141", "854149", "980100", "980200")
BOTH, EITHER, NEITHER = (1, 1), (0, 1), (0, 0)
RATES = [f"mfn_{name}_frac" for name in ("2018_01", "2018_05", "2018_07", "2018_11", "2019_01", "2019_01_low", "2019_01_high")]


def succeeded(code: str, heir: str, kind: str = "hs_2022") -> dict[str, object]:
    return {"code": code, "successor": heir, "effective_on": "2022-01-27", "kind": kind, "evidence": "e"}


ORIGINS = [succeeded("8541400000", "8541410000"), succeeded("8541400000", "8541490000"), succeeded("8541300000", "8541490000")]


def enact(reading: Callable, codes: list[tuple], nomenclature: str = "HS 2017", **tables: list[dict]) -> None:
    """One list `cn_s` of these codes: each (code, coverage, first day, first day without); and `cn_new`, of the 2022 edition."""
    names = ("code", "coverage", "entry_from", "entry_to")
    listed = [dict(zip(names, code, strict=False)) | {"scope": "cn_s"} for code in codes]
    given = {
        "cn_lines": [{"code": code, "mfn_frac": 0.05, "mfn_evidence": "confirmed", "exports_2024_usd": 1} for code in SUBHEADINGS],
        "cn_tariff_2019": [{"code": code} | dict.fromkeys(RATES, 0.05) for code in TARIFF_OF_2019],
        "scopes": [
            {"scope": "cn_s", "what": "goods", "held": "codes", "nomenclature": nomenclature},
            {"scope": "cn_new", "what": "young goods", "held": "codes", "nomenclature": "HS 2022"},
            {"scope": "all", "what": "all goods", "held": "every good"},
        ],
        "product_scopes": listed + [{"scope": "cn_new", "code": code, "coverage": "full"} for code in YOUNG],
        "hts_successions": ORIGINS,
    }
    empty = ("cn_line_trade", "cn_interim_rates", "cn_tariff_quotas", "cn_waivers", "wto_exclusions")
    reading(**({name: [] for name in empty} | given | tables))


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


@pytest.mark.parametrize(
    ("codes", "covered"),
    [
        # One of two lines of horses: the younger subheadings are those of diodes, none of which is covered; of 8541.49 a part came from
        # goods that the tariff of 2019 does not have.
        ([("01012110", "full")], {"010121": (0.5, 0.5), "854149": UNKNOWN}),
        ([("01012110", "full"), ("01012190", "full")], {"010121": BOTH, "854149": UNKNOWN}),
        ([("010121", "full")], {"010121": BOTH, "854149": UNKNOWN}),
        # All diodes, and some of them.
        ([("85414010", "full"), ("85414020", "full")], {"854140": BOTH, "854141": BOTH, "854149": UNKNOWN}),
        ([("854140", "full")], {"854140": BOTH, "854141": BOTH, "854149": UNKNOWN}),
        ([("85414010", "full")], {"854140": (0.5, 0.5), "854141": UNKNOWN, "854149": UNKNOWN}),
        ([("854140", "partial")], {"854140": EITHER, "854141": UNKNOWN, "854149": UNKNOWN}),
    ],
)
def test_a_younger_subheading_is_covered_as_the_goods_it_came_from_where_all_or_none_of_them_are(
    read: Callable, codes: list[tuple], covered: dict[str, tuple[float, float]]
) -> None:
    """Chapters 98 and 99 have rules of their own: a list that does not name them says no, however young their codes."""
    enact(read, codes)
    assert laid(6) == covered


def test_a_younger_subheading_of_several_origins_needs_them_all(read: Callable) -> None:
    both = [succeeded("8541400000", "8541410000"), succeeded("0101300000", "8541410000")]
    for codes, share in (
        (["85414010", "85414020"], UNKNOWN),
        (["854140", "01013000"], BOTH),
        (["01013000"], UNKNOWN),
        (["01012110"], None),
    ):
        enact(read, [(code, "full") for code in codes], hts_successions=both)
        assert laid(6).get("854141") == share, codes
    # What became of a statistical number alone says nothing of subheadings.
    enact(read, [("854140", "full")], hts_successions=[succeeded("8541400000", "8541410000", "statistical")])
    assert laid(6)["854141"] == UNKNOWN
    # Goods of which we hold no line, or no place in the tariff of 2019.
    for origin in ("8542310000", "8541490000"):
        enact(read, [("854140", "full"), ("854149", "full")], hts_successions=[*both[:1], succeeded(origin, "8541410000")])
        assert laid(6)["854141"] == UNKNOWN, origin


def test_a_list_of_the_newer_edition_leaves_nothing_open_that_it_does_not_name(read: Callable) -> None:
    enact(read, [("01012110", "full"), ("854141", "full")], "HS 2022")
    # Lists of the newer edition name three lines of horses, more than the tariff of 2019 has; then five.
    assert laid(6) == {"010121": (pytest.approx(1 / 3),) * 2, "854141": BOTH}
    enact(read, [(f"0101219{number}", "full") for number in range(1, 5)], "HS 2022")
    assert laid(6) == {"010121": (pytest.approx(0.8), pytest.approx(0.8))}


def test_a_scope_of_every_good_covers_the_lines_of_chapters_1_to_97(read: Callable) -> None:
    enact(read, [("010121", "full")])
    assert laid(6, "all") == dict.fromkeys(SUBHEADINGS[:-2], BOTH)
    assert set(laid(8, "all")) == {*TARIFF_OF_2019[:-1], *YOUNG}
    assert laid(6, "codes:0101,854140") == {"010121": BOTH, "010130": BOTH, "854140": BOTH}


def carriers(*codes: str, nomenclature: str = "HS 2017") -> list[dict[str, object]]:
    return [{"code": code, "nomenclature": nomenclature, "why": "w", "url": "https://example.org"} for code in codes]


@pytest.mark.parametrize(
    ("codes", "carrying", "share"),
    [
        # Three lines of soybeans, and one or two of them carry the trade.
        ([("12019010", "full")], (), (pytest.approx(1 / 3),) * 2),
        ([("12019010", "full")], ("12019010",), BOTH),
        ([("12019020", "full")], ("12019010",), NEITHER),
        ([("12019020", "full"), ("12019030", "full")], ("12019010",), NEITHER),
        ([("12019010", "full")], ("12019010", "12019020"), (0.5, 0.5)),
        ([("12019020", "full")], ("12019010", "12019020"), (0.5, 0.5)),
        ([("12019010", "full"), ("12019020", "full")], ("12019010", "12019020"), BOTH),
        # A subheading that is named whole is covered whole, and one that is not named not at all.
        ([("120190", "full")], ("12019010",), BOTH),
        ([("01013000", "full")], ("12019010",), NEITHER),
        # What is named in part may be all of it.
        ([("12019020", "partial")], ("12019010",), EITHER),
        ([("12019010", "full"), ("12019020", "partial")], ("12019010",), BOTH),
        ([("12019010", "full"), ("12019020", "partial")], ("12019010", "12019020"), (0.5, 1)),
        ([("12019020", "full"), ("01013000", "partial")], ("12019010",), NEITHER),
    ],
)
def test_where_some_lines_carry_the_trade_of_a_subheading_they_alone_count(
    read: Callable, codes: list[tuple], carrying: tuple[str, ...], share: tuple[float, float]
) -> None:
    enact(read, codes, cn_line_trade=carriers(*carrying))
    assert laid(6).get("120190", NEITHER) == share


def test_lines_that_carry_the_trade_count_for_lists_of_their_own_edition(read: Callable) -> None:
    enact(read, [("12019010", "full")], "HS 2022", cn_line_trade=carriers("12019010"))
    assert laid(6)["120190"] == (pytest.approx(1 / 3),) * 2
    enact(read, [("12019010", "full")], "HS 2022", cn_line_trade=carriers("12019020") + carriers("12019010", nomenclature="HS 2022"))
    assert laid(6)["120190"] == BOTH


@pytest.mark.parametrize(
    ("codes", "covered"),
    [
        # A line of 2019 that a list of 2018 or 2019 does not name is not covered, and one split from it is as it was.
        ([("01012110", "full")], {"01012110": BOTH, "01012155": UNKNOWN}),
        ([("01012190", "full")], {"01012190": BOTH, "01012191": BOTH, "01012155": UNKNOWN}),
        ([("01013000", "full")], {"01013000": BOTH}),
        # Where all lines of a subheading are named, or itself, its younger lines are covered too.
        ([("01012110", "full"), ("01012190", "full")], dict.fromkeys(("01012110", "01012155", "01012190", "01012191"), BOTH)),
        ([("010121", "full")], dict.fromkeys(("01012110", "01012155", "01012190", "01012191"), BOTH)),
        ([("010121", "partial")], {"01012110": EITHER, "01012155": EITHER, "01012190": EITHER, "01012191": EITHER}),
        # A line of a younger subheading is covered as that is.
        ([("85414010", "full"), ("85414020", "full")], {"85414010": BOTH, "85414020": BOTH, "85414110": BOTH}),
        ([("85414010", "full")], {"85414010": BOTH, "85414110": UNKNOWN}),
    ],
)
def test_a_chinese_line_is_covered_by_name_or_as_the_line_it_was_split_from(
    read: Callable, codes: list[tuple], covered: dict[str, tuple[float, float]]
) -> None:
    enact(read, codes)
    assert laid(8).items() >= covered.items()


def test_no_line_of_2019_is_surely_left_out_of_a_list_of_the_newer_edition_that_names_another_of_its_subheading(read: Callable) -> None:
    enact(read, [("01012191", "full"), ("85414110", "full")], "HS 2022")
    assert laid(8) == {"01012110": EITHER, "01012155": EITHER, "01012190": EITHER, "01012191": BOTH, "85414110": BOTH}
    enact(read, [("010121", "full")], "HS 2022")
    assert laid(8) == dict.fromkeys(("01012110", "01012155", "01012190", "01012191"), BOTH)


def test_what_a_younger_line_inherits_ends_with_its_days(read: Callable) -> None:
    enact(read, [("01012190", "full", "2025-06-10", "2025-06-20"), ("854140", "full", "2025-06-10")])
    assert set(laid(8, on=date(2025, 6, 9))) == set()
    assert laid(8, on=date(2025, 6, 10))["01012191"] == BOTH
    assert laid(8, on=date(2025, 6, 19))["01012191"] == BOTH
    assert set(laid(8, on=date(2025, 6, 20))) == {"85414010", "85414020", "85414110"}
    assert set(laid(6, on=date(2025, 6, 9))) == {"854149"}


@pytest.mark.parametrize("digits", [6, 8])
def test_a_chinese_list_changes_ahead_only_on_days_that_a_text_names(read: Callable, digits: int) -> None:
    enact(read, [("01012110", "full", "2025-06-10"), ("01013000", "full", None, "2025-06-20")])
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
    enact(read, [("010121", "full")], wto_exclusions=rows, tariff_steps=[], tariff_measures=[])
    scopes = known_membership("CN", None, date.fromisoformat(as_of), frozenset())
    assert scopes.granted(ON, "granted").tolist() == [taken, *[0] * (len(SUBHEADINGS) - 1)]
    assert scopes.granted(ON, "listed").tolist() == [0] * len(SUBHEADINGS)
    # Without a day of knowledge all that the edition holds counts.
    assert Membership(tariffs.lines("CN")).granted(ON, "granted")[0] == 0.4
