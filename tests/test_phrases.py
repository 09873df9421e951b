"""Each finding in all its forms, from a table of findings and without any data; the truce and its end stand in `test_truce_clock`."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from tradelib import wording
from tradelib.minerals import MiningShare
from tradelib.phrases import chinese_rate, country_wide, duty_moves, growth, measure_counts, mining, promise_counts, scenario_terms
from tradelib.tariffs import DutyMove, Headline, Unseen
from tradelib.tariffs.chinese_rates import Interim, Origin
from tradelib.trade import Growth
from tradelib.truce import MeasureCount, PromiseCount


def plain(words: str) -> str:
    return words.replace(wording.THIN, " ")


NONE = float("nan")
JUNE, AUGUST, NOVEMBER, JANUARY = date(2025, 6, 9), date(2025, 8, 12), date(2026, 11, 10), date(2027, 1, 10)
UP = DutyMove("US", AUGUST, 0.3, 0.54, is_snap_back=True, texts=(("EO 14298", "https://a.example"), ("EO 14298", "https://a.example")))
CN_UP = DutyMove("CN", AUGUST, 0.1, 0.34, is_snap_back=True, texts=(("Announcement 4", "#b"),))
CN_DOWN = DutyMove("CN", AUGUST, 0.34, 0.1, is_snap_back=False, texts=(("Announcement 4", "#b"),))


@pytest.mark.parametrize(
    ("moves", "message", "fact", "line"),
    [
        (
            [UP],
            "Under the notices published so far, the added US tariff on Chinese goods rises from 30% to 54% on 12 August 2025",
            "54% US: added tariff from 12 August 2025, as scheduled in law",
            "in law US 54% on 12 Aug 2025",
        ),
        (
            [UP, CN_UP],
            "Under the notices published so far, the added US tariff on Chinese goods rises from 30% to 54% and China's added tariff on US "
            "goods rises "
            "from 10% to 34% on 12 August 2025",
            "54% / 34% US and China: added tariffs from 12 August 2025, as scheduled in law",
            "in law US 54% on 12 Aug 2025 and CN 34% on 12 Aug 2025",
        ),
        (
            [UP, CN_DOWN],
            "Under the notices published so far, the added US tariff on Chinese goods rises from 30% to 54% and China's added tariff on US "
            "goods falls "
            "from 34% to 10% on 12 August 2025",
            "54% / 10% US and China: added tariffs from 12 August 2025, as scheduled in law",
            "in law US 54% on 12 Aug 2025 and CN 10% on 12 Aug 2025",
        ),
        (
            [CN_DOWN],
            "Under the notices published so far, China's added tariff on US goods falls from 34% to 10% on 12 August 2025",
            "10% China: added tariff from 12 August 2025, as scheduled in law",
            "in law CN 10% on 12 Aug 2025",
        ),
    ],
)
def test_a_move_of_a_country_wide_duty_in_all_its_forms(moves: list[DutyMove], message: str, fact: str, line: str) -> None:
    (number,) = duty_moves.fact(moves)
    assert plain(duty_moves.message(moves)) == message
    assert (plain(f"{number.value} {number.words}"), plain(duty_moves.line(moves))) == (fact, line)
    assert number.actor == ("both" if len(moves) > 1 else moves[0].importer.lower())


def test_a_move_names_its_text_once_and_whether_a_rate_returns() -> None:
    (us, cn) = map(plain, duty_moves.sentences_by_kind([UP, CN_DOWN]))
    text = "[EO 14298](https://a.example)"
    assert us == (
        "Unless a new notice is published, the added US tariff on Chinese goods rises from 30% to 54% on 12 August 2025, when a "
        f"suspension ends ({text})."
    )
    assert "In law, China's added tariff on US goods falls" in cn
    assert plain(duty_moves.sentences([UP])[0]).endswith(f"rises from 30% to 54% on 12 August 2025 ({text}).")


def test_without_a_move_nothing_is_said_but_in_the_terminal() -> None:
    assert (duty_moves.message([]), duty_moves.fact([])) == ("", [])
    assert duty_moves.line([]) == "no change is scheduled in law"


@pytest.mark.parametrize(
    ("to", "said"), [(JANUARY, "; officials had said that 10% would go on until 10 January 2027; "), (None, "on 10 November 2026; ")]
)
def test_a_move_that_nobody_saw(to: date | None, said: str) -> None:
    seen = date(2026, 10, 9)
    move = Unseen("CN", NOVEMBER, 0.1, 0.34, is_snap_back=True, texts=(), stated_to=to, observed_on=seen, changes=pd.DataFrame())
    message = plain(duty_moves.unseen_message(move))
    assert message.startswith("By its own text China's added tariff on US goods went from 10% to 34% on 10 November 2026")
    assert f"{said}our data end on 9 October 2026" in message
    assert plain(duty_moves.unseen_title(move)) == (
        "By its text China's added tariff on US goods went from 10% to 34% on 10 November 2026; our data end on 9 October 2026"
    )


MANY = PromiseCount({"kept": 9, "partly": 1, "disputed": 2, "no evidence": 3}, by_text=6, kept_by_text=5, by_one=1)
ONE = PromiseCount({"not yet due": 1})
SCHEDULED = PromiseCount({"scheduled": 2, "not yet due": 4}, by_text=2)
NO_PROMISE = PromiseCount({})


@pytest.mark.parametrize(
    ("count", "message", "fact", "chapter"),
    [
        (
            MANY,
            "The two sides have made 15 promises: 9 kept, 1 kept in part, 2 disputed and 3 without evidence",
            ["9 of 15 promises kept, 5 of them in law"],
            " 15 promises: 9 kept, 1 kept in part, 2 disputed and 3 without evidence.",
        ),
        (
            ONE,
            "The two sides have made 1 promise, not yet due",
            ["0 of 1 promises kept"],
            " 1 promise, not yet due.",
        ),
        (
            SCHEDULED,
            "The two sides have made 6 promises: 2 in law for a later day and 4 not yet due",
            ["0 of 6 promises kept; 2 in law for a later day"],
            " 6 promises: 2 in law for a later day and 4 not yet due.",
        ),
        (NO_PROMISE, "", [], ""),
    ],
)
def test_promises_in_all_their_forms(count: PromiseCount, message: str, fact: list[str], chapter: str) -> None:
    assert promise_counts.message(count) == message
    assert ([f"{each.value} {each.words}" for each in promise_counts.fact(count)], promise_counts.chapter(count)) == (fact, chapter)


def test_promises_side_by_side_and_what_they_rest_on() -> None:
    assert promise_counts.sentences(MANY, {"both": ONE, "CN": ONE}, as_of=JUNE) == [
        "As known on 9 June 2025 the two sides have made 15 promises: 9 kept, 1 kept in part, 2 disputed and 3 without evidence.",
        "1 was a joint promise, not yet due.",
        "China made 1, not yet due.",
        "Of those kept, 5 are confirmed in law; for 4 we have only one side's word.",
        "1 is reported by one side only.",
    ]
    # Where none is kept, or all by a text, or none told by one side only, nothing is said of that.
    assert len(promise_counts.sentences(ONE, {}, as_of=JUNE)) == 1
    by_text = PromiseCount({"kept": 1}, by_text=1, kept_by_text=1, by_one=2)
    assert promise_counts.sentences(by_text, {}, as_of=JUNE)[1:] == [
        "The one kept is confirmed in law.",
        "2 are reported by one side only.",
    ]
    both = PromiseCount({"kept": 2}, by_text=2, kept_by_text=2)
    assert promise_counts.chapter(both) == " 2 promises, both kept."
    assert promise_counts.fact(both)[0].words == "promises kept, all of them in law"
    (none,) = promise_counts.sentences(NO_PROMISE, {}, as_of=JUNE)
    assert none == "Our data have no promise of a truce made by 9 June 2025."


HELD = MeasureCount({"suspended": 2, "in force": 3, "reported": 1})


def test_measures_beyond_tariffs_in_all_their_forms() -> None:
    both = {"US": MeasureCount({"ended": 1}), "CN": HELD}
    assert measure_counts.message(both) == "Measures beyond tariffs in our data: of China 3 in force and 2 suspended"
    assert measure_counts.message({}) == measure_counts.controls_message(MeasureCount({})) == ""
    assert measure_counts.sentences(both) == ["The United States: 1 ended.", "China: 3 in force, 2 suspended and 1 reported."]
    told = "China has 3 mineral export controls in force, 2 more suspended"
    assert measure_counts.controls_message(HELD) == told
    facts = [*measure_counts.fact(HELD, on=JUNE), *measure_counts.controls_fact(MeasureCount({"ended": 1}))]
    assert [f"{each.value} {each.words} {each.actor}" for each in facts] == [
        "3 measures beyond tariffs in force, 2 more suspended, on 9 June 2025 both",
        "0 Chinese export controls of minerals in force cn",
    ]
    assert measure_counts.fact(MeasureCount({})) == measure_counts.controls_fact(MeasureCount({})) == []


def test_a_share_of_mining_in_all_its_forms() -> None:
    share = MiningShare("China", "2024", 0.692, 270_000.4, 389_999.6, date(2025, 1, 31), "USGS", "https://u.example")
    said = "China mined 69% of the world's rare earths in 2024"
    assert plain(mining.title(share)) == said
    assert plain(mining.message(share)) == f"{said}: 270,000 of 390,000 tonnes"
    assert plain(mining.sentence(share)) == f"{said}: 270,000 of 390,000 tonnes ([USGS](https://u.example), 31 January 2025)."
    facts = [mining.fact(share), mining.fact_elsewhere(share)]
    assert [plain(f"{each.value} {each.words} {each.actor}") for each in facts] == [
        "69% of mine production was in China (2024) cn",
        "69% of world rare-earth mining in 2024 was in China both",
    ]
    assert plain(mining.line(share)) == "China mined 69% of the world's in 2024 (USGS)"
    assert mining.line(None) == "no world table published by this day in our data"


def rate(importer: str, frac: float, *authorities: str, on: date = JUNE, unseen: Unseen | None = None) -> Headline:
    layers = pd.DataFrame(
        {"authority": list(authorities), "rate_frac": [frac / len(authorities)] * len(authorities) if authorities else []}
    )
    return Headline(importer, on, date(2026, 11, 29) if unseen else JUNE, frac, None, "in force", layers, layers.head(0), unseen)


PEAKS = {"US": {"rate_frac": 1.45}, "CN": {"rate_frac": 1.25}}
NO_PEAKS = {"US": {"rate_frac": 0.0}, "CN": {"rate_frac": 0.0}}
US_RATE, CN_RATE, NOTHING = rate("US", 0.3, "IEEPA fentanyl", "IEEPA reciprocal"), rate("CN", 0.1, "Retaliation"), rate("US", 0.0)


def test_country_wide_rates_in_all_their_forms() -> None:
    assert plain(country_wide.message(US_RATE, CN_RATE, PEAKS)) == (
        "The added US tariff on Chinese goods is 30%, down from 145%; China's on US goods is 10%, down from 125%"
    )
    assert [plain(f"{each.value} {each.words} {each.actor}") for each in country_wide.facts(US_RATE, CN_RATE, PEAKS)] == [
        "30% US tariff added on all Chinese goods but those exempt, down from a peak of 145% us",
        "10% China's tariff added on all US goods but those exempt, down from a peak of 125% cn",
    ]
    assert plain(country_wide.sentence(US_RATE, CN_RATE)).startswith(
        "The United States adds 30% to the normal tariff on Chinese goods that are on no list and not exempt"
    )
    assert plain(country_wide.ground(US_RATE, CN_RATE)) == (
        "The added US tariff on Chinese goods (30%) rests on IEEPA fentanyl and IEEPA reciprocal; China's on US goods (10%) rests on "
        "retaliation"
    )
    assert plain(country_wide.line(US_RATE, PEAKS)) == "30% (peak 145%) on all goods: 15% IEEPA fentanyl + 15% IEEPA reciprocal"
    assert plain(country_wide.line(CN_RATE, NO_PEAKS)) == "10% on all goods: 10% Retaliation"


def test_a_rate_that_was_never_higher_has_no_peak() -> None:
    peaks = {"US": {"rate_frac": 0.3}, "CN": {"rate_frac": 0.1}}
    assert plain(country_wide.message(US_RATE, CN_RATE, peaks)) == "The added US tariff on Chinese goods is 30%; China's on US goods is 10%"
    assert [plain(each.words) for each in country_wide.facts(US_RATE, CN_RATE, peaks)] == [
        "US tariff added on all Chinese goods but those exempt",
        "China's tariff added on all US goods but those exempt",
    ]
    assert plain(country_wide.line(US_RATE, peaks)) == "30% on all goods: 15% IEEPA fentanyl + 15% IEEPA reciprocal"
    assert plain(country_wide.line(NOTHING, NO_PEAKS)) == "0% on all goods"


def test_where_one_side_alone_has_a_country_wide_duty_both_rates_are_told() -> None:
    none = rate("CN", 0.0)
    assert plain(country_wide.sentence(US_RATE, none)).startswith(
        "The United States adds 30% to the normal tariff on Chinese goods that are on no list and not exempt"
    )
    assert plain(country_wide.sentence(NOTHING, CN_RATE)).endswith(
        "China adds 10% on such US goods. Tariffs on lists of goods come on top."
    )
    assert plain(country_wide.message(US_RATE, none, PEAKS)).startswith(
        "The added US tariff on Chinese goods is 30%, down from 145%; China's on US goods is 0%"
    )
    ground = "The added US tariff on Chinese goods (30%) rests on IEEPA fentanyl and IEEPA reciprocal"
    assert plain(country_wide.ground(US_RATE, none)) == ground


def test_without_country_wide_duties() -> None:
    none = rate("CN", 0.0)
    assert country_wide.message(NOTHING, none, NO_PEAKS) == "Neither side has put a tariff on all goods of the other"
    assert country_wide.ground(NOTHING, none) == "Neither side has a tariff on all goods of the other"
    assert country_wide.sentence(NOTHING, none).startswith("Neither side has a tariff on all goods")
    assert plain(country_wide.message(NOTHING, none, PEAKS)).startswith("The added US tariff on Chinese goods is 0%, down from 145%")


def test_a_rate_that_a_text_changed_unseen_is_told_as_seen_and_by_its_text() -> None:
    seen = date(2026, 10, 9)
    move = Unseen("CN", NOVEMBER, 0.1, 0.34, is_snap_back=True, texts=(), stated_to=None, observed_on=seen, changes=pd.DataFrame())
    us, cn = rate("US", 0.3, "IEEPA", on=seen), rate("CN", 0.1, "Retaliation", on=seen, unseen=move)
    assert plain(country_wide.message(us, cn, PEAKS)).endswith(
        "; China's on US goods is 34% by its text since 10 November 2026, which our data do not cover; it was 10% on 9 October 2026"
    )
    assert plain(country_wide.facts(us, cn, PEAKS)[1].words) == (
        "China's added tariff on US goods by its text since 10 November 2026, not covered by our data; 10% on 9 October 2026"
    )
    assert plain(country_wide.line(cn, PEAKS)) == "34% by its text since 10 Nov 2026, not observed; 10% on 9 Oct 2026"
    assert "China's on US goods (10%) rested on retaliation" in plain(country_wide.ground(us, cn))
    assert plain(country_wide.sentence(us, cn)).startswith("On 9 October 2026, where our data end, the United States adds 30%")


MAY, APRIL = date(2025, 5, 1), date(2025, 4, 1)
IMPORTS, EXPORTS = Growth("us_imports", MAY, -0.4321), Growth("china_exports", MAY, 0.048)
TOGETHER = Growth("china_exports", date(2025, 2, 1), -0.0001, is_to_date=True, is_later_revised=True)


@pytest.mark.parametrize(
    ("us", "china", "title"),
    [
        (IMPORTS, EXPORTS, "In May 2025 US imports from China fell 43.2% on a year earlier; China's exports to the world rose 4.8%"),
        (
            Growth("us_imports", APRIL, -0.2),
            EXPORTS,
            "China's exports to the world rose 4.8% in May 2025 on a year earlier; US imports from China fell 20.0% in April 2025",
        ),
        (IMPORTS, None, "US imports from China fell 43.2% in May 2025 on a year earlier"),
        (None, EXPORTS, "China's exports to the world rose 4.8% in May 2025 on a year earlier"),
        (None, Growth("china_exports", MAY, 0.0483), "China's exports to the world rose 4.8% in May 2025 on a year earlier"),
        (None, None, "No trade figures in our data for this day"),
    ],
)
def test_growth_of_both_sides_as_a_title(us: Growth | None, china: Growth | None, title: str) -> None:
    assert plain(growth.title(us, china)) == title


def test_growth_in_its_other_forms() -> None:
    assert plain(growth.message(IMPORTS)) == "US imports from China fell 43.2% in May 2025 on a year earlier"
    assert plain(growth.three_months(IMPORTS)) == "In the three months to May 2025 US imports from China fell 43.2% on a year earlier"
    fallen = Growth("china_exports_to_us", MAY, 0.345, base_frac=-0.331)
    assert plain(growth.message(fallen)).endswith("rose 34.5% in May 2025 on a year earlier, after a fall of 33.1% the year before")
    assert "after" not in growth.message(Growth("china_exports_to_us", MAY, 0.345, base_frac=0.19))
    together = "China's exports to the world did not change (as later revised) in January to February 2025 on a year earlier"
    assert growth.message(TOGETHER) == together
    grown = {"china_exports": EXPORTS, "china_imports": Growth("china_imports", MAY, -0.034)}
    assert plain(growth.china_message(grown)) == "China's exports rose 4.8% in May 2025 on a year earlier; imports fell 3.4%"
    assert plain(growth.china_line(grown)) == "May 2025: exports +4.8%, imports \N{MINUS SIGN}3.4% on a year earlier"
    to_us = {"china_exports_to_us": Growth("china_exports_to_us", MAY, -0.345)}
    assert "on a year earlier; exports to the United States fell 34.5%; imports" in plain(growth.china_message(grown | to_us))
    assert growth.china_line(grown | {"china_exports": TOGETHER}).endswith("on a year earlier, as later revised")
    # A source may bring the exports before the imports.
    alone = {"china_exports": EXPORTS}
    assert plain(growth.china_message(alone)) == "China's exports rose 4.8% in May 2025 on a year earlier"
    assert plain(growth.china_line(alone)) == "May 2025: exports +4.8% on a year earlier"
    assert growth.china_line({}) == "no figures in our data by this day"


LINE = Origin("12019011", date(2025, 6, 9), "confirmed", 0.03, 0.03, is_unchanged=True, carriers=(), interim=None, within_quota_frac=None)
OWN = "the line's own rate of 2019; that of its subheading is the same since (evidence: confirmed)"
MEAN = "mean of the tariff lines; evidence for the rate of 2025: confirmed"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, OWN),
        ({"on": date(2021, 12, 31)}, "the line's own rate, as applied in 2018 and 2019"),
        (
            {"is_unchanged": False, "high_frac": 0.05},
            "rate of the subheading, the mean of its lines; the line's own is not in our data from 2022 on (evidence: confirmed); the rate "
            "applied in 2019 was another, so it may be 3% to 5%: plans of interim rates from 2022 on are not in our data",
        ),
        ({"high_frac": 0.05}, f"{OWN}; its ten-digit items had 3% to 5%"),
        ({"code": "120190"}, MEAN),
        (
            {"code": "120190", "carriers": ("12019011",)},
            MEAN.replace("mean of the tariff lines", "rate of 12019011, which carry the trade"),
        ),
        ({"interim": Interim(0.05, "high", "Argus")}, "interim rate in place of 5% (high confidence: Argus)"),
        ({"code": "100199", "within_quota_frac": 0.01}, f"{MEAN}; outside the tariff quota; 1% within it"),
        ({"code": "100199", "within_quota_frac": float("nan")}, f"{MEAN}; outside the tariff quota"),
    ],
)
def test_a_general_rate_of_china_says_where_it_comes_from(changed: dict[str, object], said: str) -> None:
    assert plain(chinese_rate.words(replace(LINE, **changed))) == said


@pytest.mark.parametrize(
    ("what", "before", "after", "words"),
    [
        ("rate", NONE, 1.0, ("none", "100%")),
        ("rate", 0.1, NONE, ("10%", "none")),
        ("unnamed rate", 0.5, NONE, ("50%", "not named")),
        ("unnamed rate", NONE, 0.5, ("not named", "50%")),
        ("new unnamed rate", NONE, NONE, ("none", "not named")),
        ("unnamed rate ends", NONE, NONE, ("not named", "none")),
        ("goods", 0.1, 0.1, ("10%", "other goods")),
        ("exclusion", NONE, NONE, ("goods excluded", "exclusion ends")),
        ("new exclusion", NONE, NONE, ("no exclusion", "goods excluded")),
        ("alike again", 0.1, 0.1, ("10%", "the same again")),
    ],
)
def test_no_duty_and_a_rate_that_is_not_named_are_two_things(what: str, before: float, after: float, words: tuple[str, str]) -> None:
    """A new duty of which no rate is named came out as one whose rate is named on neither side."""
    assert scenario_terms.terms(SimpleNamespace(what=what, before_frac=before, after_frac=after)) == words
