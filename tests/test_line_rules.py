"""Duties line by line on four made-up lines: days, layers, what a list loses later; exclusions and waivers of China."""

import dataclasses
import math
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest
from made_up import lines, tidy

from tradelib import tariffs
from tradelib.errors import DayError, ParameterError
from tradelib.tariffs import books, granted
from tradelib.tariffs.exclusions import claim_shares, told
from tradelib.tariffs.rates import open_choices
from tradelib.tariffs.stacking import Assumptions
from tradelib.tariffs.tariff_lines import find

LINES = {"8471300110": 0.0, "8471300190": 0.02, "9403200010": 0.05, "9801001000": math.nan}


def step(measure: str, effective: str, rate: float, **said: object) -> dict[str, object]:
    return {
        "measure_id": measure, "announced_on": "2025-01-15", "effective_on": effective, "rate_frac": rate, "basis": "full_value",
        "scope": "all", "standing": "instrument", "confidence": "high",
    } | said  # fmt: skip


def enact(reading: Callable, *steps: dict[str, object], scopes: list[dict] | None = None, **tables: list[dict]) -> None:
    said = {"importer": "US", "exporter": "CN", "within_family": "add", "announced_on": "2025-01-15", "kind": "duty"}
    names = sorted({row["measure_id"] for row in steps})
    reading(
        us_lines=[{"code": code, "mfn_kind": "free", "mfn_frac": rate, "imports_2024_usd": 1.0} for code, rate in LINES.items()],
        tariff_steps=list(steps),
        tariff_measures=[{"measure_id": name, "family": name[0]} | said for name in names],
        scopes=[{"scope": name, "what": name, "held": "codes"} for name in ("all", "s")],
        product_scopes=scopes or [{"scope": "s", "code": "9403", "coverage": "full"}],
        **tables,
    )


def ordinary(reading: Callable) -> None:
    steps = [step("a1", "2025-03-01", 0.1), step("b1", "2025-02-01", 0.25, scope="s"), step("b1", "2025-07-01", 0.3, scope="s")]
    enact(reading, *steps, step("c1", "2025-04-01", 0.5, announced_on="2025-06-02"), step("d1", "2025-03-05", 0.4, standing="statement"))


def test_a_line_owes_its_general_rate_and_every_layer(read: Callable) -> None:
    ordinary(read)
    rates = tariffs.line_rates(on="2025-06-01", importer="US", as_of="2025-06-01")
    assert list(rates) == ["mfn_frac", "a", "b", "additional_frac", "total_frac"]
    assert rates.index.tolist() == list(LINES)
    assert rates["mfn_frac"].fillna(-1).tolist() == [0, 0.02, 0.05, -1]
    assert rates["a"].tolist() == [0.1, 0.1, 0.1, 0]
    assert rates["b"].tolist() == [0, 0, 0.25, 0]
    assert rates["additional_frac"].tolist() == [0.1, 0.1, 0.35, 0]
    assert rates["total_frac"].fillna(-1).tolist() == pytest.approx([0.1, 0.12, 0.4, -1])
    later = tariffs.line_rates(on="2025-06-01", importer="US", as_of="2025-06-02")
    assert later["additional_frac"].tolist() == [0.6, 0.6, 0.85, 0]
    said = tariffs.line_rates(on="2025-06-01", importer="US", as_of="2025-06-01", standing=("instrument", "statement"))
    assert said["d"].tolist() == [0.4, 0.4, 0.4, 0]
    with pytest.raises(DayError, match="must be 2018-01-01 or later"):
        tariffs.line_rates(on="2017-12-31", importer="US", as_of="2025-06-01")
    assert len(tariffs.line_rates(on="2018-01-01", importer="US", as_of="2025-06-01")) == 4
    with pytest.raises(ParameterError, match="importer must be US or CN, not 'EU'"):
        tariffs.line_rates(on="2025-06-01", importer="EU", as_of="2025-06-01")


def days(found: list[date]) -> list[str]:
    return [f"{day:%F}" for day in found]


def test_days_of_change_are_the_first_asked_for_and_each_later_one_to_the_last(read: Callable) -> None:
    ordinary(read)
    every = ["2018-01-01", "2025-02-01", "2025-03-01", "2025-07-01"]
    asked = {"importer": "US", "as_of": date(2025, 6, 1)}
    assert days(tariffs.change_days(**asked)) == every
    assert days(tariffs.change_days(**asked, since="2025-02-01")) == every[1:]
    assert days(tariffs.change_days(**asked, since="2025-02-02")) == ["2025-02-02", *every[2:]]
    assert days(tariffs.change_days(**asked, until="2025-07-01")) == every
    assert days(tariffs.change_days(**asked, until="2025-06-30")) == every[:-1]


def test_the_panel_has_a_column_for_every_day_of_change(read: Callable) -> None:
    ordinary(read)
    asked = {"importer": "US", "as_of": date(2025, 6, 1), "since": "2025-02-15", "until": "2025-07-31"}
    panel = tariffs.panel(**asked)
    assert panel.columns.strftime("%F").tolist() == ["2025-02-15", "2025-03-01", "2025-07-01"]
    assert panel.loc["9403200010"].tolist() == pytest.approx([0.3, 0.4, 0.45])
    assert panel.loc["9801001000"].isna().all()
    assert tariffs.panel(**asked, layer="additional").loc["9403200010"].tolist() == pytest.approx([0.25, 0.35, 0.4])
    assert tariffs.panel(**asked, layer="b").loc["9403200010"].tolist() == [0.25, 0.25, 0.3]
    assert tariffs.panel(**asked, layer="mfn").loc["9403200010"].tolist() == [0.05] * 3
    assert tariffs.panel(importer="US", as_of=date(2025, 6, 1)).columns[0] == pd.Timestamp("2018-01-01")
    with pytest.raises(ParameterError, match="layer must be total, additional, mfn or one of a, b, not 'c'"):
        tariffs.panel(**asked, layer="c")


@pytest.mark.parametrize(
    ("named", "rates"),
    [
        # A list gains machines on 1 July: known before, where a text sets a duty for that day.
        ("2025-07-01", [0.25, 0.25, 0.25]),
        ("2025-08-01", [0.0, 0.0, 0.25]),
    ],
)
def test_a_list_changes_ahead_where_a_known_text_names_the_day(read: Callable, named: str, rates: list[float]) -> None:
    goods = [
        {"scope": "s", "code": "9403", "coverage": "full"},
        {"scope": "s", "code": "8471", "coverage": "full", "entry_from": "2025-07-01"},
    ]
    enact(read, step("b1", "2025-02-01", 0.25, scope="s"), step("a1", named, 0.1, scope="s"), scopes=goods)
    ahead = tariffs.line_rates(on="2025-07-15", importer="US", as_of="2025-06-01")
    assert ahead["b"].tolist()[:3] == rates
    # A schedule of another making that has no change on the day says nothing of the list.
    bare = tariffs.schedule(as_of="2025-06-01").query("measure_id == 'b1'")
    supposed = tariffs.line_rates(on="2025-07-15", importer="US", as_of="2025-06-01", rates=bare)
    assert supposed["b"].tolist()[:3] == [0.0, 0.0, 0.25]
    known = tariffs.line_rates(on="2025-07-15", importer="US", as_of="2025-07-01")
    assert known["b"].tolist()[:3] == [0.25] * 3
    bound = books.bind(tariffs.schedule(as_of="2025-06-01"), "US")
    again = tariffs.line_rates(on="2025-07-15", importer="US", as_of="2025-06-01", rates=bound)
    pd.testing.assert_frame_equal(again, ahead)


def test_what_the_law_leaves_open_is_counted_each_way() -> None:
    us = open_choices("US", Assumptions(exclusions="granted"))
    assert [(item.partial_duties, item.partial_exemptions) for item in us] == [(False, False), (False, True), (True, False), (True, True)]
    assert {item.exclusions for item in us} == {"granted"}
    assert {item.exclusions for item in open_choices("CN", Assumptions())} == {"listed", "waived"}
    assert {item.exclusions for item in open_choices("CN", Assumptions(), exclusions="granted")} == {"listed", "granted"}
    assert len(open_choices("CN", Assumptions(exclusions="waived"))) == 4
    assert len(set(open_choices("CN", Assumptions()))) == 8


# What takes China's answer to Section 301 off.

OVER = lines(dict.fromkeys(("010121", "010130", "720810"), 0.0), importer="CN")
EIGHT = lines(dict.fromkeys(("01012110", "01012190", "01013000", "72081000"), 0.0), importer="CN")


def programme(reading: Callable, **tables: list[dict]) -> None:
    """Waivers from March 2024 to February 2025, and from May 2025 as stated; the WTO's table of June 2025 for two days of entry."""
    said = {
        "measure_id": "cn_301_mkt",
        "importer": "CN",
        "exporter": "US",
        "family": "cn_301_mkt",
        "kind": "exclusion",
        "within_family": "add",
    }

    def waivers(announced: str, effective: str, basis: str, **more: object) -> dict[str, object]:
        return step("cn_301_mkt", effective, 0.0 if basis == "exclusion" else math.nan, announced_on=announced, basis=basis) | more

    given = {
        "tariff_measures": [said | {"announced_on": "2024-02-01"}],
        "tariff_steps": [
            waivers("2024-02-01", "2024-03-01", "exclusion"),
            waivers("2024-02-01", "2025-02-01", "ended"),
            waivers("2025-04-20", "2025-05-01", "exclusion", standing="statement"),
        ],
        "wto_exclusions": [
            {"code": "010121", "share_frac": 0.4, "effective_on": "2025-01-01", "published_on": "2025-06-10"},
            {"code": "720810", "share_frac": 1.0, "effective_on": "2025-04-01", "published_on": "2025-06-10"},
        ],
        "cn_waivers": [{"code": "0101", "announced_on": "2025-06-05"}],
    }
    reading(**(given | tables))


@pytest.mark.parametrize(
    ("on", "as_of", "way", "shares"),
    [
        ("2025-05-15", "2025-06-20", "listed", [0, 0, 0]),
        # The table counts from its first day of entry on, and from the day it was public.
        ("2024-12-31", "2025-06-20", "granted", [1, 1, 0]),
        ("2024-12-31", "2025-06-04", "granted", [0, 0, 0]),
        ("2025-02-15", "2025-06-20", "granted", [0.4, 0, 0]),
        ("2025-03-31", "2025-06-20", "granted", [0.4, 0, 0]),
        ("2025-04-01", "2025-06-20", "granted", [0.4, 0, 1]),
        ("2025-04-01", "2025-06-09", "granted", [0, 0, 0]),
        # While the programme of waivers holds, goods that are known to be open to it owe nothing; with any waiver, no good does.
        ("2025-05-15", "2025-06-20", "granted", [1, 1, 1]),
        ("2025-05-15", "2025-06-09", "granted", [1, 1, 0]),
        ("2025-05-15", "2025-06-04", "granted", [0, 0, 0]),
        ("2025-05-15", "2025-06-04", "waived", [1, 1, 1]),
        ("2025-04-30", "2025-06-04", "waived", [0, 0, 0]),
        ("2025-05-01", "2025-06-04", "waived", [1, 1, 1]),
        ("2025-05-15", "2025-04-19", "waived", [0, 0, 0]),
        ("2024-02-29", "2025-04-19", "waived", [0, 0, 0]),
        ("2024-03-01", "2025-04-19", "waived", [1, 1, 1]),
        ("2025-01-31", "2025-04-19", "waived", [1, 1, 1]),
        ("2025-02-01", "2025-04-19", "waived", [0, 0, 0]),
    ],
)
def test_exclusions_and_waivers_on_a_day_of_entry(read: Callable, on: str, as_of: str, way: str, shares: list[float]) -> None:
    programme(read)
    found = granted.shares(OVER, on=date.fromisoformat(on), as_of=date.fromisoformat(as_of), exclusions=way)
    assert found.tolist() == shares


def test_each_line_of_a_subheading_that_is_excluded_in_part_may_be(read: Callable) -> None:
    programme(read)
    day = date(2025, 4, 1)
    assert granted.excluded(EIGHT, day, date(2025, 6, 20)).tolist() == [1, 1, 0, 1]
    assert granted.excluded_share("01012190", on=day, as_of=date(2025, 6, 20)) == 0.4
    assert granted.excluded_share("720810", on=date(2025, 3, 31), as_of=date(2025, 6, 20)) == 0
    assert granted.excluded_share("720810", on=day, as_of=date(2025, 6, 20)) == 1
    assert granted.excluded(lines({"01012110": 0.0}, importer="CN"), day, date(2025, 6, 20)).tolist() == [1]
    assert granted.excluded_share("010130", on=day, as_of=date(2025, 6, 20)) == 0
    american = lines({"0101210000": 0.0})
    assert granted.shares(american, on=day, as_of=date(2025, 6, 20), exclusions="waived").tolist() == [0]
    assert len(granted.waiver_rows("010121", as_of=date(2025, 6, 5))) == 1
    assert granted.waiver_rows("010121", as_of=date(2025, 6, 4)).empty
    assert granted.waiver_rows("02", as_of=date(2025, 6, 5)).empty


@pytest.mark.parametrize(
    ("on", "as_of", "said"),
    [
        ("2024-12-31", "2025-06-09", "waivers for seeds and wood"),
        ("2024-12-31", "2025-06-20", "waivers for fish, seeds and wood"),
        ("2025-01-01", "2025-06-20", "exclusions as the WTO counts them and waivers for fish, seeds and wood"),
        ("2025-02-01", "2025-06-20", "exclusions as the WTO counts them"),
        ("2025-02-01", "2025-06-09", ""),
        ("2024-02-29", "2025-06-20", ""),
        ("2024-12-31", "2025-06-04", ""),
        # The programme holds from 1 May, and no source of this day names goods.
        ("2025-05-01", "2025-06-04", ""),
    ],
)
def test_what_is_known_to_be_taken_off_is_named_once_and_in_order(read: Callable, on: str, as_of: str, said: str) -> None:
    told_on = {"seeds": "2025-06-05", "wood": "2025-06-06", "fish": "2025-06-11"}
    named = [{"code": f"12{number}", "announced_on": day, "what": what} for number, (what, day) in enumerate(told_on.items())]
    programme(read, cn_waivers=[*named, {"code": "0101", "announced_on": "2025-06-07", "what": "seeds"}])
    assert granted.counted(on=on, as_of=as_of) == said


def test_a_programme_that_is_suspended_waives_nothing(read: Callable) -> None:
    said = {"importer": "CN", "exporter": "US", "family": "cn_301_mkt", "within_family": "add", "announced_on": "2025-01-15"}
    steps = [
        step("cn_301_mkt", "2025-02-01", 0.0, basis="exclusion"),
        step("cn_301_mkt", "2025-03-01", 0.0, basis="suspended"),
        step("cn_301_mkt", "2025-04-01", 0.0, basis="exclusion"),
    ]
    read(tariff_steps=steps, tariff_measures=[said | {"measure_id": "cn_301_mkt", "kind": "exclusion"}])
    days = ("2025-01-31", "2025-02-01", "2025-02-28", "2025-03-01", "2025-03-31", "2025-04-01")
    held = [granted.waivers_hold(date.fromisoformat(day), date(2025, 6, 1)) for day in days]
    assert held == [False, True, True, False, False, True]


# What share of imports claims an exclusion.


def claim(scope: str, share: float, published: str, goods: str = "described goods", *, period_to: str = "2026-04-01") -> dict[str, object]:
    said = {"period_from": "2025-09-01", "period_to": period_to, "published_basis": "observed", "confidence": "high", "lines": 139}
    return {"scope": scope, "goods": goods, "claimed_frac": share, "published_on": published, "url": "https://example.org"} | said


def test_the_newest_published_share_of_described_goods_counts(read: Callable) -> None:
    rows = [
        claim("s", 0.3, "2025-05-01"),
        claim("s", 0.4, "2025-06-01"),
        claim("s", 0.9, "2025-06-01", "all lines"),
        claim("q", 0.1, "2025-05-02"),
        claim("b", 0.2, "2025-06-03", period_to="2026-05-02"),
    ]
    read(exclusion_claims=rows)
    assert claim_shares(date(2025, 5, 1)) == {"s": 0.3}
    assert claim_shares(date(2025, 5, 31)) == {"s": 0.3, "q": 0.1}
    assert claim_shares(date(2025, 6, 1)) == {"s": 0.4, "q": 0.1}
    table = tariffs.exclusion_claims(as_of="2025-06-01")
    assert table[["scope", "goods", "claimed_frac"]].to_numpy().tolist() == [
        ["q", "described goods", 0.1], ["s", "all lines", 0.9], ["s", "described goods", 0.4],
    ]  # fmt: skip
    assert tidy(tariffs.exclusion_claims(as_of="2025-06-03"))["scope"].tolist() == ["b", "q", "s", "s"]
    assert told({}, as_of=date(2025, 6, 1)) == []
    first, second = told({"s": "some goods", "r": "others"}, as_of=date(2025, 6, 1))
    assert first.endswith("owe none of its duty: some goods; others.")
    assert "On 139 lines" in second
    assert "40% of imports" in second.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "from September 2025 to March 2026" in second.replace("\N{NO-BREAK SPACE}", " ")
    assert len(told({"s": "some goods"}, as_of=date(2025, 4, 30))) == 1
    # The last day of the period is the one before its end.
    assert "to May 2026" in told({"b": "some goods"}, as_of=date(2025, 6, 3))[1].replace("\N{NO-BREAK SPACE}", " ")


def test_claims_that_sentences_name_are_those_of_their_source(read: Callable) -> None:
    read(exclusion_claims=[claim(scope, 0.3, "2025-05-01") | {"source": f"source {scope}"} for scope in "ars"])
    named = tidy(tariffs.claims_named(["One (source s).", "Two (source a) and source r."], as_of="2025-06-01"))
    assert named["scope"].tolist() == ["a", "s"]
    assert tariffs.claims_named([], as_of="2025-06-01").empty
    assert tariffs.claims_named(["(source a)"], as_of="2025-04-30").empty


# The lines of both sides.


def test_general_rates_are_those_known_on_the_day() -> None:
    first, second = np.array([0.1, 0.2]), np.array([0.3, 0.4])
    over = tariffs.Lines(
        importer="US", codes=np.array(["0101210000", "7208100000"]), index=pd.Index(["0101210000", "7208100000"]), kinds=first, texts=first,
        weights={}, tariff_lines=first, _mfn=[(date(2018, 1, 1), first), (date(2025, 3, 1), second)],
    )  # fmt: skip
    assert [over.mfn(day).tolist()[0] for day in ("2018-01-01", "2025-02-28", "2025-03-01")] == [0.1, 0.1, 0.3]
    assert over.mfn_days() == [date(2025, 3, 1)]
    assert over.known("2025-02-28").mfn("2025-03-01").tolist() == [0.1, 0.2]
    assert over.known("2025-03-01").mfn("2025-03-01").tolist() == [0.3, 0.4]
    late = dataclasses.replace(over, _mfn=over._mfn[1:])  # the first rate that is held always is
    assert late.known("2018-01-01").mfn("2025-03-01").tolist() == [0.3, 0.4]
    assert over.mfn_ends("2025-03-01")[0].tolist() == over.mfn_ends("2025-03-01")[1].tolist() == [0.3, 0.4]
    assert over.is_metal.tolist() == [False, True]
    assert over.general("2025-03-01").tolist() == [0.3, 0.4]
    assert over.placed().tolist() == over.held_in_2019.tolist() == [True, True]


def test_the_ends_of_a_general_rate_are_those_known_on_the_day() -> None:
    first, second = np.array([0.1, math.nan]), np.array([0.3, 0.4])
    days_of = (date(2018, 1, 1), date(2025, 3, 1))
    over = dataclasses.replace(
        lines(dict.fromkeys(("0101210000", "7208100000"), 0.0)),
        _mfn=list(zip(days_of, (first, second), strict=True)),
        _ends=[(day, rates - 0.1, rates + 0.1) for day, rates in zip(days_of, (first, second), strict=True)],
    )
    assert [over.mfn_ends(day)[0][0] for day in ("2025-02-28", "2025-03-01")] == pytest.approx([0.0, 0.2])
    assert [over.mfn_ends(day)[1][0] for day in ("2025-02-28", "2025-03-01")] == pytest.approx([0.2, 0.4])
    assert over.end_days() == list(days_of)
    assert over.known("2025-02-28").end_days() == list(days_of[:1])
    assert over.known("2025-03-01").end_days() == list(days_of)
    third = (date(2026, 1, 1), first, second)
    assert dataclasses.replace(over, _mfn=[*over._mfn, third[:2]], _ends=[*over._ends, third]).known("2025-03-01").end_days() == list(
        days_of
    )
    # A place in every list is known of a line of the United States, though its rate is not.
    assert over.placed().tolist() == [True, True]


def test_statistical_lines_of_one_tariff_line_share_its_number(read: Callable) -> None:
    ordinary(read)
    over = tariffs.lines("US")
    assert over.groups.tolist() == [0, 0, 1, 2]
    assert over.tariff_lines.tolist() == [1, 1, 1, 1]
    kinds = tariffs.rate_evidence("US")
    assert kinds[["kind", "lines", "trade_frac"]].to_numpy().tolist() == [["free", 3, 0.75], ["not held", 1, 0.25]]
    with pytest.raises(ParameterError, match="No US tariff line stands under 9403\\.20\\.0099\\. The nearest: 9403\\.20\\.0010"):
        find("9403200099", "US")
    found, positions = find("8471.30", "US")
    assert found.codes[positions].tolist() == ["8471300110", "8471300190"]
