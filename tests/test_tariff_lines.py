"""The lines of both sides from a made-up tariff: codes, general rates by day, who inherits one, weights, what a code names."""

import dataclasses
import math
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from made_up import lines

from tradelib import tariffs
from tradelib.errors import ParameterError
from tradelib.tariffs.tariff_lines import find

TIMES = ("2018_01", "2018_05", "2018_07", "2018_11", "2019_01")


def us(code: str, rate: float | None, trade: float = 0.0, kind: str = "ad_valorem", text: str | None = None) -> dict[str, object]:
    printed = f"{rate:.0%}" if text is None and rate is not None else text
    return {"code": code, "mfn_kind": kind, "mfn_text": printed, "mfn_frac": rate, "imports_2024_usd": trade, "duty_2024_usd": 0.0}


def number(code: str, **said: object) -> dict[str, object]:
    return {"code": code, "is_line": True, "evidence": "schedule"} | said


def went(code: str, heir: str) -> dict[str, object]:
    return {"code": code, "successor": heir, "effective_on": "2022-01-27", "kind": "hs_2022", "evidence": "e"}


AMERICAN = [
    us("0101210010", 0.0, 40.0, "free", "Free"),
    us("0101210090", 0.0, 20.0, "free", "Free"),
    us("01013000", 0.068),
    us("7208100000", 0.05, 30.0),
    us("8471300100", 0.02, 10.0, "specific", "2 cents/kg"),
    us("9801001000", None, 25.0, "not matched", ""),
]


def american(reading: Callable, **tables: list[dict]) -> None:
    given = {
        "us_lines": AMERICAN,
        "hts_codes": [
            number("01012100", is_line=False),
            number("0101210010"),
            number("0101210090"),
            number("0101300000", first_on="2022-01-27"),
            number("7208100000"),
            number("7208110000", ended_on="2022-01-26"),
            number("7208120000", ended_on="2022-01-26"),
            number("7208130000", ended_on="2022-01-26"),
            number("8471300100"),
            number("9701210000"),
            number("9801001000"),
        ],
        "hts_successions": [
            went("7208110000", "7208100000"),
            went("7208120000", "7208100000"),
            went("7208120000", "8471300100"),
            went("7208130000", "0101210010"),
            went("7208130000", "0101210090"),
        ],
    }
    reading(**(given | tables))


def test_american_lines_are_those_of_the_trade_of_2024_with_their_rates(read: Callable) -> None:
    american(read)
    over = tariffs.lines("US")
    assert over.codes.tolist() == over.index.tolist() == [row["code"] for row in AMERICAN]
    assert over.index.name == "code"
    assert over.kinds.tolist() == ["free", "free", "ad_valorem", "ad_valorem", "specific", "not matched"]
    assert over.texts.tolist()[:5] == ["Free", "Free", "7%", "5%", "2 cents/kg"]
    assert over.weights["2024"].tolist() == [40, 20, 0, 30, 10, 25]
    # Under an eight-digit line without trade stand nobody has counted how many.
    assert over.tariff_lines.tolist() == pytest.approx([1, 1, math.nan, 1, 1, 1], nan_ok=True)
    assert over.groups.tolist() == [0, 0, 1, 2, 3, 4]
    assert over.is_metal.tolist() == [False, False, False, True, False, False]
    for day in ("2018-01-01", "2025-06-01"):
        assert over.mfn(day).tolist() == pytest.approx([0, 0, 0.068, 0.05, 0.02, math.nan], nan_ok=True)
        assert over.general(day).tolist() == pytest.approx(over.mfn(day).tolist(), nan_ok=True)
    assert over.mfn_days() == over.end_days() == []
    assert over.placed().all()
    assert over.held_in_2019.all()
    assert over.known("2018-01-01").codes is over.codes


def test_every_code_of_chapters_1_to_97_has_the_rate_of_its_line_or_of_the_heirs_of_its_line(read: Callable) -> None:
    american(read)
    over = tariffs.lines("US", digits=10)
    found = dict(zip(over.codes.tolist(), over.mfn("2025-06-01").tolist(), strict=True))
    assert {code: None if math.isnan(rate) else rate for code, rate in found.items()} == {
        "0101210010": 0.0, "0101210090": 0.0,
        # The rate of the eight digits.
        "0101300000": 0.068, "7208100000": 0.05,
        # One heir; two whose rates differ; two numbers of one line; and none that is known.
        "7208110000": 0.05, "7208120000": None, "7208130000": 0.0,
        "8471300100": 0.02, "9701210000": None,
    }  # fmt: skip
    kinds = dict(zip(over.codes.tolist(), over.kinds.tolist(), strict=True))
    assert [kinds[code] for code in ("7208110000", "7208130000")] == ["ad_valorem", "free"]
    assert [kinds[code] for code in ("7208120000", "9701210000")] == ["not matched"] * 2
    texts = dict(zip(over.codes.tolist(), over.texts.tolist(), strict=True))
    assert [texts[code] for code in ("0101300000", "7208110000", "7208120000", "9701210000")] == ["7%", "5%", "", ""]
    assert over.weights["2024"].tolist() == [40, 20, 0, 30, 0, 0, 0, 10, 0]
    assert over.tariff_lines.tolist() == [1] * 9
    assert over.index.tolist() == over.codes.tolist()


def test_heirs_whose_rates_read_alike_have_one_rate_and_others_none(read: Callable) -> None:
    """Of two heirs without a printed rate nothing is known; a code of eight digits counts as the line it is."""
    heirs = [went("7208110000", "9701210000"), went("7208110000", "9701220000"), went("72081200", "7208100000")]
    codes = [number(code) for code in ("7208100000", "7208110000", "72081200")]
    american(read, hts_successions=heirs, hts_codes=codes)
    over = tariffs.lines("US", digits=10)
    assert over.mfn("2025-06-01").tolist() == pytest.approx([0.05, math.nan, 0.05], nan_ok=True)
    assert over.kinds.tolist() == ["ad_valorem", "not matched", "ad_valorem"]
    assert over.tariff_lines.tolist() == pytest.approx([1, 1, math.nan], nan_ok=True)
    # An heir with a rate beside one without: which of them the goods went to decides, and is not known.
    american(read, hts_successions=[*heirs[:1], went("7208110000", "7208100000")], hts_codes=codes[:2])
    assert tariffs.lines("US", digits=10).mfn("2025-06-01").tolist() == pytest.approx([0.05, math.nan], nan_ok=True)


def test_how_american_rates_are_known_is_told_by_trade(read: Callable) -> None:
    american(read)
    table = tariffs.rate_evidence("US")
    assert table["kind"].tolist() == ["free", "percentage", "not held", "specific, as a share of value by the duties of 2024"]
    assert table["lines"].tolist() == [2, 2, 1, 1]
    assert table["trade_frac"].tolist() == pytest.approx([60 / 125, 30 / 125, 25 / 125, 10 / 125])
    with pytest.raises(ParameterError, match="importer must be US or CN, not 'EU'"):
        tariffs.lines("EU")


# China: horses whose two lines kept their mean of 15 %, soybeans whose rate has risen, diodes of a subheading of 2022, and a quota.

OLD = {"01012110": 0.1, "01012190": 0.2, "12019010": 0.03, "12019020": 0.03, "52010000": 0.4}
HELD = {"010121": 0.15, "120190": 0.05, "520100": 0.4, "854141": 0.08, "980100": None}


def chinese(reading: Callable, **tables: list[dict]) -> None:
    given = {
        "cn_lines": [
            {"code": code, "mfn_frac": rate, "mfn_evidence": evidence, "exports_2024_usd": trade, "exports_2017_usd": 1.0}
            for (code, rate), evidence, trade in zip(
                HELD.items(), ("confirmed", "carried", "carried", "derived", "not held"), (45, 30, 10, 15, 25), strict=True
            )
        ],
        "cn_tariff_2019": [
            {"code": code, "mfn_2019_01_low_frac": rate, "mfn_2019_01_high_frac": rate}
            | {f"mfn_{name}_frac": rate + 0.01 * (len(TIMES) - 1 - place) for place, name in enumerate(TIMES)}
            for code, rate in OLD.items()
        ],
        "scopes": [
            {"scope": "cn_old", "what": "goods", "held": "codes", "nomenclature": "HS 2017"},
            {"scope": "cn_new", "what": "goods", "held": "codes", "nomenclature": "HS 2022"},
            {"scope": "cn_too", "what": "goods", "held": "codes", "nomenclature": "HS 2022"},
            {"scope": "us_some", "what": "goods", "held": "codes", "nomenclature": "HS 2022"},
        ],
        "product_scopes": [
            {"scope": scope, "code": code, "coverage": "full"}
            for scope, codes in {
                "cn_old": ("52010010", "52010020", "52010030"),
                "cn_new": ("12019011", "12019012", "85414110", "0101"),
                "cn_too": ("12019012", "12019013"),
                "us_some": ("99010000",),
            }.items()
            for code in codes
        ],
        "hts_successions": [],
    }
    empty = ("cn_line_trade", "cn_interim_rates", "cn_tariff_quotas", "cn_waivers", "wto_exclusions")
    reading(**({name: [] for name in empty} | given | tables))


def rates(over: tariffs.Lines, on: str) -> dict[str, float | None]:
    return {
        code: None if math.isnan(rate) else round(rate, 6) for code, rate in zip(over.codes.tolist(), over.mfn(on).tolist(), strict=True)
    }


def test_chinese_subheadings_have_the_mean_of_their_lines_and_from_2022_on_the_rate_that_is_held(read: Callable) -> None:
    chinese(read)
    over = tariffs.lines("CN")
    assert over.codes.tolist() == over.index.tolist() == list(HELD)
    assert over.kinds.tolist() == ["confirmed", "carried", "carried", "derived", "not held"]
    assert over.texts.tolist() == [""] * 5
    assert [over.weights["2024"].tolist(), over.weights["2017"].tolist()] == [[45, 30, 10, 15, 25], [1] * 5]
    # Two lines each in 2019, but of soybeans three are named by lists of the newer edition.
    assert over.tariff_lines.tolist() == pytest.approx([2, 3, 1, 1, math.nan], nan_ok=True)
    for day, more in (("2018-01-01", 0.04), ("2018-04-30", 0.04), ("2018-05-01", 0.03), ("2018-07-01", 0.02), ("2018-11-01", 0.01),
                      ("2018-12-31", 0.01), ("2019-01-01", 0.0), ("2021-12-31", 0.0)):  # fmt: skip
        expected = {"010121": 0.15 + more, "120190": 0.03 + more, "520100": 0.4 + more, "854141": None, "980100": None}
        assert rates(over, day) == pytest.approx(expected), day
    assert rates(over, "2022-01-01") == HELD
    assert over.mfn_days() == [date(2018, 5, 1), date(2018, 7, 1), date(2018, 11, 1), date(2019, 1, 1), date(2022, 1, 1)]
    assert over.end_days() == [date(2018, 1, 1), *over.mfn_days()]
    low, high = over.mfn_ends("2022-01-01")
    assert low.tolist() == pytest.approx([0.15, 0.03, 0.4, 0.08, math.nan], nan_ok=True)
    assert high.tolist() == pytest.approx([0.15, 0.05, 0.4, 0.08, math.nan], nan_ok=True)
    assert over.placed().tolist() == over.held_in_2019.tolist() == [True, True, True, False, False]
    assert rates(over.known("2021-12-31"), "2025-06-01") == rates(over, "2021-12-31")


def test_a_place_in_the_lists_of_2018_needs_a_line_and_a_rate_of_2019(read: Callable) -> None:
    table = [
        {"code": "01012110"} | {f"mfn_{name}_frac": None for name in TIMES},
        {"code": "12019010"} | {f"mfn_{name}_frac": 0.03 for name in TIMES},
    ]
    chinese(read, cn_tariff_2019=table)
    over = tariffs.lines("CN")
    assert over.held_in_2019.tolist() == [True, True, False, False, False]
    assert over.placed().tolist() == [False, True, False, False, False]


def test_interim_rates_are_no_part_of_the_general_rate_from_2022_on(read: Callable) -> None:
    interim = {
        "code": "52010000",
        "effective_on": "2022-01-01",
        "ends_on": "2023-01-01",
        "rate_frac": 0.1,
        "general_frac": 0.4,
        "confidence": "high",
    }
    chinese(read, cn_interim_rates=[interim])
    over = tariffs.lines("CN")
    assert [over.mfn(day)[2] for day in ("2021-12-31", "2022-01-01", "2022-12-31", "2023-01-01")] == pytest.approx([0.4, 0.1, 0.1, 0.4])
    assert [over.general(day)[2] for day in ("2021-12-31", "2022-01-01", "2022-12-31", "2023-01-01")] == pytest.approx([0.4] * 4)
    assert over.general("2021-12-31")[1] == pytest.approx(0.03)
    assert over.general("2022-01-01")[1] == pytest.approx(0.05)
    assert date(2023, 1, 1) in over.mfn_days()


def test_chinese_tariff_lines_are_those_of_2019_and_those_that_chinese_lists_name(read: Callable) -> None:
    chinese(read)
    over = tariffs.lines("CN", digits=8)
    young = ["12019011", "12019012", "12019013", "52010010", "52010020", "52010030", "85414110"]
    assert over.codes.tolist() == over.index.tolist() == sorted([*OLD, *young])
    assert over.held_in_2019.tolist() == np.isin(over.codes, list(OLD)).tolist()
    assert over.placed().tolist() == over.held_in_2019.tolist()
    assert over.weights == {}
    assert set(over.tariff_lines.tolist()) == {1.0}
    assert set(over.texts.tolist()) == {""}
    kinds = dict(zip(over.codes.tolist(), over.kinds.tolist(), strict=True))
    assert [kinds[code] for code in ("01012110", "12019011", "85414110")] == ["confirmed", "carried", "derived"]
    # Horses kept their own rates, for their mean is that of 2025; soybeans have the rate of the subheading.
    assert rates(over, "2019-01-01")["01012190"] == rates(over, "2025-06-01")["01012190"] == 0.2
    assert [rates(over, "2025-06-01")[code] for code in ("12019010", "12019011", "85414110")] == [0.05, 0.05, 0.08]
    assert rates(over, "2018-01-01")["01012110"] == pytest.approx(0.14)
    ends = dict(zip(over.codes.tolist(), zip(*(end.tolist() for end in over.mfn_ends("2025-06-01")), strict=True), strict=True))
    assert ends["01012110"] == pytest.approx((0.1, 0.1))
    assert ends["12019010"] == pytest.approx((0.03, 0.05))


def test_how_chinese_rates_are_known_is_told_by_trade(read: Callable) -> None:
    chinese(read)
    table = tariffs.rate_evidence("CN")
    assert table["kind"].tolist() == [
        "rate of 2019, confirmed for 2025", "rate of 2019, not confirmed", "not held", "derived from the total rate on US goods of 2025",
    ]  # fmt: skip
    assert table["lines"].tolist() == [1, 2, 1, 1]
    assert table["trade_frac"].tolist() == pytest.approx([45 / 125, 40 / 125, 25 / 125, 15 / 125])


@pytest.mark.parametrize(
    ("code", "importer", "names"),
    [
        ("01", "US", ["0101210010", "0101210090", "01013000"]),
        ("0101.21", "US", ["0101210010", "0101210090"]),
        ("0101210090", "US", ["0101210090"]),
        ("01013000", "US", ["01013000"]),
        ("98", "US", ["9801001000"]),
        ("0101.21", "CN", ["010121"]),
        ("12", "CN", ["120190"]),
        ("0101.21.90", "CN", ["01012190"]),
        ("52010010", "CN", ["52010010"]),
    ],
)
def test_a_code_names_every_line_under_it(read: Callable, code: str, importer: str, names: list[str]) -> None:
    (american if importer == "US" else chinese)(read)
    over, positions = find(code, importer)
    assert over.codes[positions].tolist() == names
    assert over.importer == importer


@pytest.mark.parametrize(
    ("code", "importer", "said"),
    [
        ("0101219999", "US", r"^No US tariff line stands under 0101\.21\.9999\. The nearest: 0101\.21\.0090 or 0101\.21\.0010\.$"),
        ("0101219999", "CN", r"^0101\.21\.9999 has ten digits, as the US .* ask for 0101\.21, or for the US side with --importer US\.$"),
        ("01012199", "CN", r"^No Chinese tariff line stands under 0101\.21\.99\. The nearest: 0101\.21\.90"),
        ("0101.29", "CN", r"^No Chinese tariff line stands under 0101\.29\. The nearest: 0101\.21"),
        ("46", "US", r"^No US tariff line stands under 46\.$"),
        ("010", "US", "has 2, 4, 6, 8 or 10 digits"),
        ("0101", "EU", "importer must be US or CN, not 'EU'"),
    ],
)
def test_a_code_that_names_no_line_is_refused_with_the_nearest(read: Callable, code: str, importer: str, said: str) -> None:
    (american if importer == "US" else chinese)(read)
    with pytest.raises(ParameterError, match=said):
        find(code, importer)


@pytest.mark.parametrize(
    ("as_of", "held"),
    [("2024-12-31", [0.1]), ("2025-01-01", [0.1]), ("2025-02-28", [0.1]), ("2025-03-01", [0.1, 0.2]), ("2025-06-01", [0.1, 0.2, 0.3])],
)
def test_of_rates_that_begin_one_after_another_those_known_on_the_day_are_held(as_of: str, held: list[float]) -> None:
    """The first one is held even on a day before it."""
    days = [date(2025, 1, 1), date(2025, 3, 1), date(2025, 6, 1)]
    over = dataclasses.replace(
        lines({"0101210000": 0.0}, importer="CN"),
        _mfn=[(day, np.array([number / 10])) for number, day in enumerate(days, 1)],
        _ends=[(day, np.array([0.0]), np.array([number / 10])) for number, day in enumerate(days, 1)],
    )
    known = over.known(as_of)
    assert known.mfn("2025-12-31").tolist() == [held[-1]]
    assert known.mfn_ends("2025-12-31")[1].tolist() == [held[-1]]
    assert known.mfn_days() == days[1 : len(held)]
    assert known.end_days() == days[: len(held)]
