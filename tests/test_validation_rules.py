"""Published figures beside ours, by cases of a made-up law and made-up figures: what is compared, causes and verdicts, the WTO's lines."""

import math
from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest
from made_up import tidy

from tradelib.tariffs import validation

# Two lines of machines, furniture with a general rate of 5 %, and what comes back, without a rate that is held.
TRADE = {"8471300110": 40.0, "8471300190": 20.0, "9403200010": 30.0, "9801001000": 10.0}
RATES = {"8471300110": 0.0, "8471300190": 0.0, "9403200010": 0.05, "9801001000": math.nan}
# 5 % on all from 19 January 2025, 2 % from the day after; 25 % on furniture; 10 % on all; 20 % more on furniture, announced on 8 June.
STEPS = [
    ("c1", "2025-01-19", 0.05, {"announced_on": "2025-01-10"}),
    ("d1", "2025-01-20", 0.02, {}),
    ("b1", "2025-02-01", 0.25, {"scope": "f"}),
    ("a1", "2025-03-01", 0.1, {}),
    ("e1", "2025-06-20", 0.2, {"announced_on": "2025-06-08", "scope": "f"}),
]
EACH_YALE = {"publisher": "Yale Budget Lab", "importer": "US"}


def step(measure: str, effective: str, rate: float, **said: object) -> dict[str, object]:
    return {
        "measure_id": measure, "announced_on": "2025-01-15", "effective_on": effective, "rate_frac": rate, "basis": "full_value",
        "scope": "all", "standing": "instrument", "confidence": "high",
    } | said  # fmt: skip


def figure(name: str, measure: str, value: float, **said: object) -> dict[str, object]:
    """One published figure: by default Yale's for 1 June 2025, published on 5 June by the law of 1 June."""
    days = dict.fromkeys(("on", "applies_on", "law_known_on"), "2025-06-01")
    row = {"benchmark_id": name, "measure": measure, "value_frac": value, "published_on": "2025-06-05"} | EACH_YALE | days
    return row | {"grain": "day", "published_basis": "observed", "confidence": "high", "url": "https://example.org"} | said


def because(words: str, effect: float, **said: object) -> dict[str, object]:
    return {"cause": words, "effect_frac": effect, "nearer_law": "ours", "url": "https://example.org"} | EACH_YALE | said


def publish(reading: Callable, *figures: dict[str, object], causes: list[dict] | None = None, **tables: list[dict]) -> None:
    said = {"importer": "US", "exporter": "CN", "within_family": "add", "announced_on": "2025-01-10", "kind": "duty"}
    listed = {"f": ("940320", "full"), "p": ("8471300110", "partial"), "q": ("940320", "partial")}
    given = {
        "us_lines": [
            {"code": code, "imports_2024_usd": trade, "duty_2024_usd": 0.3 * trade, "mfn_kind": "free", "mfn_frac": RATES[code]}
            for code, trade in TRADE.items()
        ],
        "tariff_steps": [step(name, effective, rate, **more) for name, effective, rate, more in STEPS],
        "scopes": [{"scope": name, "what": "goods", "held": "codes"} for name in (*listed, "all")],
        "product_scopes": [{"scope": name, "code": code, "coverage": coverage} for name, (code, coverage) in listed.items()],
        "exclusion_claims": [],
        "benchmarks": list(figures),
        "benchmark_causes": [row | {"cause_id": f"BC{number:03}"} for number, row in enumerate(causes or [])],
    }
    given |= tables
    names = sorted({row["measure_id"] for row in given["tariff_steps"]})
    given["tariff_measures"] = [{"measure_id": name, "family": name[0]} | said for name in names]
    reading(**given)


@pytest.mark.parametrize(
    ("row", "ours"),
    [
        # Machines owe 17 %, furniture 47; a tenth of the trade, without a rate that is held, paid 30 % in 2024.
        (figure("F", "weighted_frac", 0.3), 0.27 * 0.9 + 0.03),
        (figure("F", "weighted_frac", 0.3, publisher="Peterson Institute (PIIE)"), 0.27),
        (figure("F", "covered_frac", 0.3, publisher="Peterson Institute (PIIE)"), 1.0),
        (figure("F", "weighted_frac", 0.3, leaves_out="b"), 0.27 * 0.9 + 0.03 - 0.075),
        (figure("F", "weighted_frac", 0.3, leaves_out="z"), 0.27 * 0.9 + 0.03),
        (figure("F", "contribution_frac", 0.3, family="b"), 0.075),
        (figure("F", "contribution_frac", 0.3, family="z"), 0.0),
        (figure("F", "contribution_frac", 0.3, family="mfn_frac"), 0.05 * 0.3),
        # The duties of 19 January stand in the base, those of the day after do not.
        (figure("F", "additional_since_2025_frac", 0.3), 0.12 * 0.9 + 0.075),
        (figure("F", "additional_since_2025_frac", 0.3, leaves_out="b"), 0.12 * 0.9),
        # The day of entry that it describes counts, and not the day that it bears.
        (figure("F", "weighted_frac", 0.3, on="2025-05-01", applies_on="2025-02-28"), 0.17 * 0.9 + 0.03),
        (figure("F", "weighted_frac", 0.3, on="2025-05-01", applies_on="2025-03-01"), 0.27 * 0.9 + 0.03),
    ],
)
def test_ours_is_what_the_published_figure_measures(read: Callable, row: dict, ours: float) -> None:
    publish(read, row)
    found = tidy(validation.comparisons(as_of="2025-06-10"))
    assert found["ours_frac"].tolist() == pytest.approx([ours])
    assert found["difference_frac"].tolist() == pytest.approx([ours - 0.3])
    assert found[["theirs_frac", "cause", "cause_low_frac", "cause_high_frac"]].to_numpy().tolist() == [[0.3, "", 0.0, 0.0]]
    assert found["remainder_frac"].tolist() == pytest.approx([0.3 - ours])


@pytest.mark.parametrize(
    ("law_known_on", "as_of", "counts"),
    [
        ("2025-06-07", "2025-06-10", False),
        ("2025-06-08", "2025-06-10", True),
        ("2025-06-10", "2025-06-07", False),
        ("2025-06-10", "2025-06-08", True),
    ],
)
def test_ours_rests_on_the_law_that_the_publisher_knew_and_never_on_later_law(
    read: Callable, law_known_on: str, as_of: str, counts: bool
) -> None:
    """In 2017 all trade was in furniture, which owes 47 %, and 67 by the later law: the cause is computed by the same law."""
    days = {"applies_on": "2025-06-20", "law_known_on": law_known_on}
    rows = figure("F", "contribution_frac", 0.3, family="e", **days), figure("G", "weighted_frac", 0.3, **days)
    weights = because("weights", math.nan, benchmark_id="G", computed_as="weights_2017")
    publish(read, *rows, causes=[weights], us_imports_2017=[{"code": "9403200010", "imports_2017_usd": 1.0}])
    found = validation.comparisons(as_of=as_of).set_index("benchmark_id")
    assert found.loc["F", "ours_frac"] == pytest.approx(0.2 * 0.3 * counts)
    expected = 0.67 - (0.27 + 0.2 / 3) if counts else 0.47 - 0.27
    assert found.loc["G", "cause_high_frac"] == pytest.approx(expected)
    assert validation.causes(as_of=as_of)["effect_frac"].tolist() == pytest.approx([expected])


@pytest.mark.parametrize(("as_of", "held"), [("2025-06-04", []), ("2025-06-05", ["F"]), ("2025-06-06", ["F", "G"])])
def test_a_figure_counts_from_the_day_on_which_it_was_published(read: Callable, as_of: str, held: list[str]) -> None:
    months = figure("H", "collected_frac", 0.3, grain="month")
    later = figure("G", "covered_frac", 0.3, published_on="2025-06-06", publisher="Peterson Institute (PIIE)")
    publish(read, later, figure("F", "weighted_frac", 0.3), months, causes=[because("why", 0.01)])
    found = validation.comparisons(as_of=as_of)
    assert sorted(found["benchmark_id"]) == held
    assert (found["known_on"] <= pd.Timestamp(as_of)).all()
    causes = validation.causes(as_of=as_of)
    assert causes["benchmark_id"].tolist() == held[:1]
    assert causes.columns.tolist() == [
        "benchmark_id", "publisher", "importer", "applies_on", "verdict", "known_on", "cause", "effect_frac", "nearer_law", "size_from",
        "source", "url",
    ]  # fmt: skip


# Of a family that no law has, ours is 0: what is published is the whole difference.
@pytest.mark.parametrize(
    ("theirs", "effects", "verdict", "low", "high"),
    [
        (0.005, [], "close", 0, 0),
        (0.0051, [], "open", 0, 0),
        (0.01, [0.005], "explained", 0, 0.005),
        (0.01, [0.0049], "open", 0, 0.0049),
        (0.01, [0.015], "explained", 0, 0.015),
        (0.01, [0.0151], "open", 0, 0.0151),
        (0.03, [0.04, -0.01], "explained", -0.01, 0.04),
        (0.03, [0.04, -0.02, 0.006], "explained", -0.02, 0.046),
        (0.03, [0.04, -0.04], "open", -0.04, 0.04),
        # A difference that is small needs no cause, and keeps the one it has.
        (0.004, [0.02], "close", 0, 0.02),
    ],
)
def test_a_difference_is_close_or_explained_by_its_causes_or_open(
    read: Callable, theirs: float, effects: list[float], verdict: str, low: float, high: float
) -> None:
    table = [because(f"cause {number}", effect) for number, effect in enumerate(effects)]
    publish(read, figure("F", "contribution_frac", theirs, family="z"), causes=table)
    row = validation.comparisons(as_of="2025-06-10").iloc[0]
    assert row["verdict"] == verdict
    assert [row["cause_low_frac"], row["cause_high_frac"]] == pytest.approx([low, high])
    assert row["remainder_frac"] == pytest.approx(theirs - sum(effects))
    largest_first = sorted(range(len(effects)), key=lambda number: -abs(effects[number]))
    assert row["cause"] == "; ".join(f"cause {number}" for number in largest_first)


def test_figures_stand_by_side_publisher_measure_family_and_day(read: Callable) -> None:
    order = [
        figure("A", "weighted_frac", 0.3, publisher="Peterson Institute (PIIE)"),
        figure("B", "contribution_frac", 0.3, family="a", on="2025-05-01"),
        figure("C", "contribution_frac", 0.3, family="a"),
        figure("D", "contribution_frac", 0.3, family="b", on="2025-05-01"),
        figure("E", "weighted_frac", 0.3, on="2025-04-01"),
        figure("F", "contribution_frac", 0.3, family="z", importer="CN", publisher="A Publisher"),
    ]
    causes = [because("small", 0.01, benchmark_id=name) for name in "EC"] + [because("large", -0.02, benchmark_id="C")]
    publish(read, *order[::-1], causes=causes)
    found = validation.comparisons(as_of="2025-06-10")
    assert found["benchmark_id"].tolist() == list("ABCDEF")
    assert found.columns.tolist() == [
        "benchmark_id", "publisher", "importer", "measure", "family", "on", "applies_on", "law_known_on", "theirs_frac", "ours_frac",
        "difference_frac", "cause", "cause_low_frac", "cause_high_frac", "remainder_frac", "verdict", "method", "source", "url", "known_on",
    ]  # fmt: skip
    told = validation.causes(as_of="2025-06-10")
    assert told[["benchmark_id", "cause", "effect_frac"]].to_numpy().tolist() == [
        ["C", "large", -0.02],
        ["C", "small", 0.01],
        ["E", "small", 0.01],
    ]
    assert told["verdict"].tolist() == ["open"] * 3


def test_the_collected_rate_of_another_stands_beside_ours_where_both_have_the_month(read: Callable) -> None:
    rows = [
        figure(f"B{number}", "collected_frac", rate, on=f"2025-0{number}-01", published_on=f"2025-06-0{number}", grain="month")
        for number, rate in enumerate((0.3, 0.2, 0.4), 1)
    ]
    months = [
        {"period": f"2025-0{number}-01", "naics3": "332", "customs_value_usd": 10, "calculated_duty_usd": duty, "published_on": known,
         "vintage_on": known, "published_basis": "observed"}
        for number, duty, known in ((1, 2.5, "2025-03-05"), (2, 2.0, "2025-04-05"), (3, 4.0, "2025-06-09"))
    ]  # fmt: skip
    publish(read, *rows, figure("F", "weighted_frac", 0.3), duties_china=months, statistics=[])
    table = tidy(validation.collected_check(as_of="2025-06-08"))
    assert table["period"].dt.strftime("%F").tolist() == ["2025-01-01", "2025-02-01", "2025-03-01"]
    assert table["theirs_frac"].tolist() == [0.3, 0.2, 0.4]
    assert table["ours_frac"].fillna(-1).tolist() == pytest.approx([0.25, 0.2, -1])
    assert table["difference_frac"].fillna(-1).tolist() == pytest.approx([-0.05, 0.0, -1])
    assert validation.collected_check(as_of="2025-06-02")["period"].dt.month.tolist() == [1, 2]
    assert validation.collected_check(as_of="2025-06-09")["ours_frac"].iloc[-1] == pytest.approx(0.4)


def test_each_choice_that_the_law_leaves_open_stands_beside_the_default(read: Callable) -> None:
    """10 % on all but furniture in part, 20 % on one machine in part, 50 % on the metal in furniture, of which 30 to 60 % is metal."""
    steps = [
        step("a1", "2025-03-01", 0.1, exempt="q"),
        step("b1", "2025-03-01", 0.2, scope="p"),
        step("m1", "2025-03-01", 0.5, scope="f", basis="metal_content_value"),
    ]
    shares = {"naics3": "other", "metal_content_frac": 0.4, "low_frac": 0.3, "high_frac": 0.6}
    publish(
        read, tariff_steps=steps, us_industries=[], metal_shares=[shares], us_imports_2017=[{"code": "9403200010", "imports_2017_usd": 1.0}]
    )
    table = tidy(validation.sensitivity(on="2025-06-01", as_of="2025-06-01"))
    ours = table[table["importer"].eq("US")].set_index("choice")
    base = 0.1 + (0.05 + 0.5 * 0.4) * 3 / 9
    expected = {
        "default": base,
        "metal at the low end of its estimate": base - 0.05 * 3 / 9,
        "metal at the high end of its estimate": base + 0.1 * 3 / 9,
        "half of the value is metal, outside the metal chapters": base + 0.05 * 3 / 9,
        "all of the value is metal": base + 0.3 * 3 / 9,
        "goods covered in part count as covered": base + 0.2 * 4 / 9,
        "goods exempt in part count as exempt": base - 0.1 * 3 / 9,
        "both": base + 0.2 * 4 / 9 - 0.1 * 3 / 9,
        "weights of 2017": 0.1 + 0.05 + 0.2,
        "all that is open counts lowest": base - 0.05 * 3 / 9 - 0.1 * 3 / 9,
        "all that is open counts highest": base + 0.1 * 3 / 9 + 0.2 * 4 / 9,
    }
    assert ours.index.tolist() == list(expected)
    assert ours["weighted_frac"].tolist() == pytest.approx(list(expected.values()))
    assert ours["change_frac"].tolist() == pytest.approx([value - base for value in expected.values()])
    assert table["importer"].tolist() == sorted(table["importer"], reverse=True)


# China's lines beside the WTO's: five per cent in general, and what the lists add.

SUBHEADINGS = ("010121", "010130", "120190", "270900", "720810", "870323", "940320", "970110", "970190", "980100")
GENERAL = {"970110": 0.0, "970190": 0.0, "980100": math.nan}
LISTS = {
    "l": ("01", "12", "72", "87", "94"), "steel": ("72", "94", "970190"), "fent": ("27", "94"),
    "cn301_auto1": ("87",), "cn301_auto2": ("870900",), "cn301_auto3": ("870900",), "cn301_l4a_10": ("010130",), "cn301_l4a_5": ("940320",),
    "cn_new": ("12019011",), "cn_too": ("01013010", "01013011"), "old": ("12019010",),
}  # fmt: skip
WTO = date(2025, 6, 1)


def china(reading: Callable, rates: dict[str, float], *, also: list[dict] | None = None, **tables: list[dict]) -> None:
    """25 % in answer to Section 301 on most goods, 15 % to Section 232 and 10 % to the duties on fentanyl on some; the WTO's rates."""
    said = {"importer": "CN", "exporter": "US", "within_family": "add", "announced_on": "2025-01-10", "kind": "duty"}
    families = {"l": ("cn_s301_retaliation", 0.25), "steel": ("cn_s232_retaliation", 0.15), "fent": ("cn_fentanyl_retaliation", 0.1)}
    printed = [{"on": f"{WTO:%F}", "code": code, "rate_frac": rate, "published_on": "2025-09-01"} for code, rate in rates.items()]
    young, four_a = ("cn_new", "cn_too", "fent"), ("cn301_l4a_10",)
    given = {
        "cn_lines": [
            {"code": code, "exports_2017_usd": 1.0, "exports_2024_usd": number, "mfn_frac": GENERAL.get(code, 0.05),
             "mfn_evidence": "confirmed"}
            for number, code in enumerate(SUBHEADINGS, 1)
        ],
        "cn_tariff_2019": [
            {"code": code + end} | dict.fromkeys(TARIFF_OF_2019, 0.05) for code in SUBHEADINGS for end in ("10", "20")
        ],
        "tariff_measures": [{"measure_id": name, "family": family} | said for name, (family, _) in families.items()],
        "tariff_steps": [step(name, "2025-02-01", rate, scope=name) for name, (_, rate) in families.items()],
        "scopes": [
            {"scope": name, "what": "goods", "held": "codes", "nomenclature": "HS 2022" if name in young else "HS 2017"} for name in LISTS
        ],
        "product_scopes": [
            {"scope": name, "code": code, "coverage": "partial" if name in four_a else "full"}
            for name, codes in LISTS.items()
            for code in codes
        ],
        "cn_interim_rates": [], "cn_line_trade": [], "cn_tariff_quotas": [], "hts_successions": [], "wto_exclusions": [], "cn_waivers": [],
        "wto_china_rates": [*printed, *(also or [])],
    }  # fmt: skip
    reading(**(given | tables))


TARIFF_OF_2019 = [f"mfn_{name}_frac" for name in ("2018_01", "2018_05", "2018_07", "2018_11", "2019_01", "2019_01_low", "2019_01_high")]
AGREE = "agree"
EXCLUDED, IN_PART = validation._EXCLUDED, validation._EXCLUDED_IN_PART
FENTANYL = "the WTO leaves the lists of February and March 2025 out"
FOUR_A = "list 4A: we could not identify all tariff lines of the subheading"
A_LITTLE_MORE = "the WTO has up to five points more: list 4A lines that our data lack, or a mean over other lines"
VEHICLES = "vehicles: the WTO counts the lists that China suspended in 2019"


CAUSES = [
    # Horses owe 5 and 25 %.
    ("010121", 0.30, AGREE),
    ("010121", 0.3001, AGREE),
    ("010121", 0.2999, AGREE),
    ("010121", 0.3002, A_LITTLE_MORE),
    ("010121", 0.35, A_LITTLE_MORE),
    ("010121", 0.3501, A_LITTLE_MORE),
    ("010121", 0.3503, "other"),
    ("010121", 0.05, EXCLUDED),
    ("010121", 0.0501, EXCLUDED),
    ("010121", 0.0499, EXCLUDED),
    ("010121", 0.20, IN_PART),
    ("010121", 0.2997, IN_PART),
    ("010121", 0.0503, IN_PART),
    ("010121", 0.0497, "other"),
    # Asses are in list 4A in part, and vehicles suspended, whichever way they differ.
    ("010130", 0.30, AGREE),
    ("010130", 0.40, FOUR_A),
    ("010130", 0.32, FOUR_A),
    ("010130", 0.20, IN_PART),
    ("870323", 0.30, AGREE),
    ("870323", 0.55, VEHICLES),
    ("870323", 0.05, VEHICLES),
    # A line of the subheading was split after the lists were made.
    ("120190", 0.30, AGREE),
    ("120190", 0.05, validation._OLD_CODES),
    ("120190", 0.40, "other"),
    # Oil owes 5 and 10 % on fentanyl, and no answer to Section 301.
    ("270900", 0.15, AGREE),
    ("270900", 0.05, FENTANYL),
    ("270900", 0.0501, FENTANYL),
    ("270900", 0.0503, "other"),
    ("270900", 0.0497, "other"),
    ("270900", 0.10, "other"),
    # Steel owes 5, 25 and 15 %.
    ("720810", 0.45, AGREE),
    ("720810", 0.30, validation._NO_232),
    ("720810", 0.3001, validation._NO_232),
    ("720810", 0.2999, validation._NO_232),
    ("720810", 0.05, EXCLUDED),
    ("720810", 0.20, IN_PART),
    ("720810", 0.35, IN_PART),
    ("720810", 0.48, A_LITTLE_MORE),
    # What stands on the bound agrees: paintings owe nothing, and sculptures only the 15 %.
    ("970110", 0.00011, AGREE),
    ("970110", 0.00012, A_LITTLE_MORE),
    ("970110", 0.05 + 0.00011, A_LITTLE_MORE),
    ("970110", 0.05012, "other"),
    ("970190", 0.00011, validation._NO_232),
    # Furniture is in list 4A whole. It has all three; where exactly the last is lacking, exclusions may account for it as well.
    ("940320", 0.55, AGREE),
    ("940320", 0.40, validation._NO_232),
    ("940320", 0.15, EXCLUDED),
    ("940320", 0.45, IN_PART),
    ("940320", 0.58, A_LITTLE_MORE),
]


DUE = {"270900": 0.15, "720810": 0.45, "940320": 0.55, "970110": 0.0, "970190": 0.15}


def test_why_a_rate_of_the_wto_differs_from_ours(read: Callable) -> None:
    """Each rate on a day of its own; nothing of ours changes between the days."""
    days = pd.date_range(WTO, periods=len(CAUSES))
    rows = [
        {"on": f"{day:%F}", "code": code, "rate_frac": rate, "published_on": "2025-09-01"}
        for day, (code, rate, _) in zip(days, CAUSES, strict=True)
    ]
    china(read, {}, also=rows)
    table = tidy(validation.wto_check(as_of="2025-12-01"))
    assert list(zip(rows, table["cause"], strict=True)) == list(zip(rows, (cause for *_, cause in CAUSES), strict=True))
    ours = [DUE.get(code, 0.30) for code, *_ in CAUSES]
    assert table["median_difference_frac"].tolist() == pytest.approx([rate - due for (_, rate, _), due in zip(CAUSES, ours, strict=True)])
    assert (table[["subheadings", "subheadings_frac", "trade_frac"]] == 1).all(axis=None)
    assert table["on"].tolist() == days.tolist()


def test_the_lines_of_the_wto_are_counted_by_cause_the_most_first(read: Callable) -> None:
    rates = {"010121": 0.20, "010130": 0.30, "120190": 0.30, "720810": 0.40, "940320": 0.50, "980100": 0.30, "010190": 0.05}
    later = {"on": "2025-07-01", "code": "010121", "rate_frac": 0.3, "published_on": "2025-10-01"}
    more = {"on": "2025-07-01", "code": "010130", "rate_frac": 0.3, "published_on": "2025-10-02"}
    china(read, rates, also=[later, more])
    assert validation.wto_check(as_of="2025-08-31").empty
    assert validation.wto_check(as_of="2025-08-31")["known_on"].dtype.kind == "M"
    table = tidy(validation.wto_check(as_of="2025-09-30"))
    # Of 980100 no general rate is held, and 010190 is no subheading of ours: neither counts.
    assert table["cause"].tolist() == [IN_PART, AGREE]
    assert table["subheadings"].tolist() == [3, 2]
    assert table["subheadings_frac"].tolist() == pytest.approx([0.6, 0.4])
    assert table["trade_frac"].tolist() == pytest.approx([(1 + 5 + 7) / 18, (2 + 3) / 18])
    assert table["median_difference_frac"].tolist() == pytest.approx([-0.05, 0.0])
    assert table["source"].str.contains("WTO").all()
    assert (table["known_on"] == pd.Timestamp("2025-09-01")).all()
    assert table.columns.tolist() == [
        "on", "cause", "subheadings", "subheadings_frac", "trade_frac", "median_difference_frac", "known_on", "source", "url",
    ]  # fmt: skip
    whole = validation.wto_check(as_of="2025-10-02")
    assert whole["known_on"].dt.strftime("%F").tolist() == ["2025-09-01", "2025-09-01", "2025-10-02"]
    both = tidy(validation.wto_check(as_of="2025-10-01"))
    assert both["on"].dt.strftime("%F").tolist() == ["2025-06-01", "2025-06-01", "2025-07-01"]
    assert both["known_on"].dt.strftime("%F").tolist() == ["2025-09-01", "2025-09-01", "2025-10-01"]


def test_interim_rates_are_no_part_of_the_comparison_with_the_wto(read: Callable) -> None:
    interim = {"code": "01012110", "effective_on": "2025-01-01", "rate_frac": 0.01, "general_frac": 0.05, "confidence": "high"}
    china(read, {"010121": 0.30, "010130": 0.30}, cn_interim_rates=[interim])
    assert validation.wto_check(as_of="2025-12-01")["cause"].tolist() == [AGREE]


def test_shares_of_exclusions_are_read_off_the_first_day_of_the_wto_s_table(read: Callable) -> None:
    rates = {"720810": 0.20, "010121": 0.20, "010130": 0.05, "120190": 0.05, "870323": 0.05, "940320": 0.30}
    later = {"on": "2025-07-01", "code": "010130", "rate_frac": 0.3, "published_on": "2025-10-01"}
    more = {"on": f"{WTO:%F}", "code": "270900", "rate_frac": 0.15, "published_on": "2025-09-02"}
    china(read, rates, also=[later, more])
    table = tidy(validation.wto_exclusions())
    # Steel lacks the 15 % of another answer, and 10 of 25 of this one; furniture 10 of 25 beside the 15.
    assert table["code"].tolist() == ["010121", "010130", "720810", "940320"]
    assert table["share_frac"].tolist() == pytest.approx([0.4, 1.0, 0.4, 0.4])
    assert (table["effective_on"] == pd.Timestamp(WTO)).all()
    assert (table["published_on"] == pd.Timestamp("2025-09-02")).all()
    china(read, {"010121": 0.21671, "010130": 0.04995})
    assert validation.wto_exclusions()["share_frac"].tolist() == [0.3332, 1.0]


def test_a_difference_of_another_answer_of_china_is_no_difference_of_its_lists_of_2025(read: Callable) -> None:
    """Before February 2025 there is no answer to the duties on fentanyl: oil owes 5 %, and 100 % in answer to something else."""
    said = {"importer": "CN", "exporter": "US", "within_family": "add", "announced_on": "2025-01-10", "kind": "duty"}
    families = {"l": "cn_s301_retaliation", "steel": "cn_s232_retaliation", "fent": "cn_reciprocal"}
    rates = {"l": 0.25, "steel": 0.15, "fent": 1.0}
    law = {
        "tariff_measures": [{"measure_id": name, "family": family} | said for name, family in families.items()],
        "tariff_steps": [step(name, "2025-02-01", rate, scope=name) for name, rate in rates.items()],
    }
    china(read, {"270900": 0.05, "010121": 0.30}, **law)
    assert sorted(validation.wto_check(as_of="2025-12-01")["cause"]) == ["agree", "other"]


def test_of_china_the_institute_weights_with_the_trade_of_2017_and_others_with_that_of_2024(read: Callable) -> None:
    """In 2017 all goods sold alike; in 2024 the more the later their code."""
    figures = [figure(name, "weighted_frac", 0.3, importer="CN", publisher=name) for name in ("Another", "Peterson Institute (PIIE)")]
    china(read, {}, benchmarks=figures, benchmark_causes=[], us_lines=US_LINES)
    ours = validation.comparisons(as_of="2025-06-10").set_index("publisher")["ours_frac"]
    rates = [0.30, 0.30, 0.30, 0.15, 0.45, 0.30, 0.55, 0.0, 0.15]
    assert ours["Peterson Institute (PIIE)"] == pytest.approx(sum(rates) / 9)
    assert ours["Another"] == pytest.approx(sum(rate * weight for weight, rate in enumerate(rates, 1)) / 45)


US_LINES = [
    {"code": code, "imports_2024_usd": 1.0, "duty_2024_usd": 0.1, "mfn_kind": "free", "mfn_frac": rate}
    for code, rate in (("8471300110", 0.0), ("9801001000", math.nan))
]


def test_exclusions_and_waivers_are_told_of_china_where_they_change_its_average(read: Callable) -> None:
    programme = step("cn_301_mkt", "2025-03-01", 0.0, basis="exclusion")
    measure = {
        "measure_id": "cn_301_mkt", "family": "cn_301_mkt", "importer": "CN", "exporter": "US", "within_family": "add",
        "announced_on": "2025-01-10", "kind": "exclusion",
    }  # fmt: skip
    other = {"measure_id": "l", "family": "cn_s301_retaliation", "kind": "duty"}
    law = {"tariff_measures": [measure, measure | other], "tariff_steps": [programme, step("l", "2025-02-01", 0.25, scope="l")]}
    china(read, {}, us_lines=US_LINES, us_imports_2017=[{"code": "84713001", "imports_2017_usd": 1.0}], **law)
    table = validation.sensitivity(on="2025-06-01", as_of="2025-06-10")
    china_s = table[table["importer"].eq("CN")].set_index("choice")["change_frac"]
    assert china_s.index.tolist() == [
        "default", "goods covered in part count as covered", "goods exempt in part count as exempt", "both",
        "every buyer in China has a waiver", "weights of 2017", "all that is open counts lowest", "all that is open counts highest",
    ]  # fmt: skip
    listed = (1 + 2 + 3 + 5 + 6 + 7) / 45
    assert china_s["every buyer in China has a waiver"] == pytest.approx(-0.25 * listed)
    waiver = {"code": "120190", "announced_on": "2025-06-05", "what": "soybeans"}
    china(read, {}, us_lines=US_LINES, us_imports_2017=[{"code": "84713001", "imports_2017_usd": 1.0}], cn_waivers=[waiver], **law)
    table = validation.sensitivity(on="2025-06-01", as_of="2025-06-10")
    china_s = table[table["importer"].eq("CN")].set_index("choice")["change_frac"]
    assert china_s["China's waivers for soybeans"] == pytest.approx(-0.25 * 3 / 45)
    assert "China's waivers for soybeans" not in set(table.loc[table["importer"].eq("US"), "choice"])
    early = validation.sensitivity(on="2025-06-01", as_of="2025-06-04")["choice"]
    assert not early.str.contains("soybeans").any()
