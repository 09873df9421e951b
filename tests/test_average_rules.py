"""What duties come to on four made-up lines: averages, their bounds and parts; the collected rate and its gap to the statutory one."""

import math
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest
from made_up import tidy

from tradelib import tariffs
from tradelib.errors import DayError, ParameterError
from tradelib.tariffs import collection, protection
from tradelib.tariffs.stacking import Assumptions

# Two statistical lines of one tariff line, furniture with a general rate of 5%, and what comes back, without a rate that is held.
TRADE = {"8471300110": 40.0, "8471300190": 20.0, "9403200010": 30.0, "9801001000": 10.0}
RATES = {"8471300110": 0.0, "8471300190": 0.0, "9403200010": 0.05, "9801001000": math.nan}
ON = date(2025, 6, 1)


def step(measure: str, effective: str, rate: float, **said: object) -> dict[str, object]:
    return {
        "measure_id": measure, "announced_on": "2025-01-15", "effective_on": effective, "rate_frac": rate, "basis": "full_value",
        "scope": "all", "standing": "instrument", "confidence": "high",
    } | said  # fmt: skip


def enact(reading: Callable, *steps: dict[str, object], kinds: dict[str, str] | None = None, **tables: list[dict]) -> None:
    """The four lines and a law: measure `a1` is of the family a."""
    said = {"importer": "US", "exporter": "CN", "within_family": "add", "announced_on": "2025-01-15"}
    names = {"what": "goods", "held": "codes"}
    listed = {"f": ("940320", "full"), "p": ("8471300110", "partial"), "q": ("940320", "partial"), "r": ("9403", "partial")}
    given = {
        "us_lines": [
            {"code": code, "imports_2024_usd": trade, "duty_2024_usd": trade / 5, "mfn_kind": "free", "mfn_frac": RATES[code]}
            for code, trade in TRADE.items()
        ],
        "tariff_steps": list(steps),
        "tariff_measures": [
            {"measure_id": name, "family": name[0], "kind": (kinds or {}).get(name, "duty")} | said
            for name in sorted({row["measure_id"] for row in steps})
        ],
        "scopes": [{"scope": name} | names for name in (*listed, "all")],
        "product_scopes": [{"scope": name, "code": code, "coverage": coverage} for name, (code, coverage) in listed.items()],
        "exclusion_claims": [],
    }
    reading(**(given | tables))


A, B = step("a1", "2025-03-01", 0.1), step("b1", "2025-02-01", 0.25, scope="f")


def measured(on: object = (ON,), **choices: object) -> pd.Series:
    return tariffs.averages(importer="US", as_of="2025-06-01", on=list(on), **choices).iloc[-1]


def test_averages_of_four_lines_written_out(read: Callable) -> None:
    """10% on all and 25% more on furniture: 10, 10 and 40% in all, on 4, 2 and 3 ninths of the trade whose rate is held."""
    enact(read, A, B)
    row = measured()
    assert row["weighted_frac"] == pytest.approx((0.1 * 6 + 0.4 * 3) / 9)
    assert row["additional_frac"] == pytest.approx((0.1 * 6 + 0.35 * 3) / 9)
    assert row["mfn_frac"] == pytest.approx(0.05 * 3 / 9)
    assert [row["a"], row["b"]] == pytest.approx([0.1, 0.25 * 3 / 9])
    assert row["uniform_frac"] == pytest.approx(math.sqrt((0.1**2 * 6 + 0.4**2 * 3) / 9))
    assert row["simple_frac"] == pytest.approx((0.1 + 0.4) / 2)
    assert [row["headline_frac"], row["covered_frac"], row["matched_frac"], row["certain_frac"]] == pytest.approx([0.1, 1, 0.9, 0.9])
    assert row["lowest_frac"] == row["highest_frac"] == pytest.approx(row["weighted_frac"])
    assert math.isnan(row["granted_frac"])
    assert math.isnan(row["claimed_frac"])
    assert f"{row['known_on']:%F}" == "2025-01-15"
    early = measured([date(2025, 2, 28)])
    assert [early["covered_frac"], early["headline_frac"], early["additional_frac"]] == pytest.approx([3 / 9, 0.0, 0.25 * 3 / 9])
    before = measured([date(2025, 1, 31)])
    assert [before["covered_frac"], before["weighted_frac"], before["simple_frac"]] == pytest.approx([0.0, 0.05 * 3 / 9, 0.025])
    assert f"{before['known_on']:%F}" == "2018-01-01"
    assert not {"a", "b"} & set(before.index)
    assert "unmatched_codes" not in row.index


def test_a_stretch_of_days_has_the_averages_of_its_first(read: Callable) -> None:
    enact(read, A, B, step("a1", "2025-07-01", 0.3))
    days = [date(2025, 2, 28), date(2025, 3, 1), date(2025, 3, 2), date(2025, 6, 30), date(2025, 7, 1), date(2025, 1, 31)]
    table = tidy(tariffs.averages(importer="US", as_of="2025-06-01", on=days))
    assert table["on"].dt.date.tolist() == days
    assert table["headline_frac"].tolist() == [0.0, 0.1, 0.1, 0.1, 0.3, 0.0]
    assert table["state"].tolist() == ["in force"] * 3 + ["scheduled"] * 2 + ["in force"]
    whole = tariffs.averages(importer="US", as_of="2025-06-01")
    assert whole["on"].dt.strftime("%F").tolist() == ["2018-01-01", "2025-02-01", "2025-03-01", "2025-07-01"]
    path = tariffs.weighted_path(importer="US", as_of="2025-06-01")
    assert path["weighted_frac"].tolist() == pytest.approx(whole["weighted_frac"].tolist())
    assert path["on"].tolist() == whole["on"].tolist()
    some = tariffs.panel(importer="US", as_of="2025-06-01", since="2025-02-15", until="2025-03-15")
    path = tariffs.weighted_path(importer="US", as_of="2025-06-01", duties=some)
    assert path["on"].dt.strftime("%F").tolist() == ["2025-02-15", "2025-03-01"]
    assert path["weighted_frac"].tolist() == pytest.approx(whole["weighted_frac"].tolist()[1:3])


def test_a_stretch_ends_where_a_list_gains_goods(read: Callable) -> None:
    """The machines of 4 ninths of the trade join the list on 1 July; no step of a duty is of that day."""
    goods = [{"scope": "f", "code": "9403", "coverage": "full"}]
    later = [{"scope": "f", "code": "8471300110", "coverage": "full", "entry_from": "2025-07-01"}]
    enact(read, B, product_scopes=goods + later)
    table = tariffs.averages(importer="US", as_of="2025-08-01", on=["2025-06-30", "2025-07-01", "2025-07-02"])
    assert table["b"].tolist() == pytest.approx([0.25 * 3 / 9, 0.25 * 7 / 9, 0.25 * 7 / 9])
    whole = tariffs.averages(importer="US", as_of="2025-08-01")
    assert whole["on"].dt.strftime("%F").tolist() == ["2018-01-01", "2025-02-01", "2025-07-01"]


def test_a_day_before_the_edition_has_no_average(read: Callable) -> None:
    enact(read, A, B)
    with pytest.raises(DayError, match="must be 2018-01-01 or later"):
        tariffs.averages(importer="US", as_of="2025-06-01", on=["2017-12-31", "2025-03-01"])


def test_averages_name_the_newest_text_that_they_rest_on(read: Callable) -> None:
    enact(read, A, B, step("c1", "2025-04-01", 0.02, announced_on="2025-03-20"), step("d1", "2025-07-01", 0.1, announced_on="2025-05-20"))
    days = ["2025-02-28", "2025-03-31", "2025-04-01", "2025-07-01"]
    table = tariffs.averages(importer="US", as_of="2025-06-01", on=days)
    assert table["known_on"].dt.strftime("%F").tolist() == ["2025-01-15", "2025-01-15", "2025-03-20", "2025-05-20"]


def test_a_schedule_of_another_making_is_averaged_in_its_place(read: Callable) -> None:
    enact(read, A, B)
    bare = tariffs.schedule(as_of="2025-06-01").query("measure_id == 'b1'")
    table = tariffs.averages(importer="US", as_of="2025-06-01", rates=bare)
    assert table["on"].dt.strftime("%F").tolist() == ["2018-01-01", "2025-02-01"]
    assert table["additional_frac"].tolist() == pytest.approx([0.0, 0.25 * 3 / 9])
    assert table["b"].tolist() == table["additional_frac"].tolist()
    assert "a" not in table


def test_goods_covered_or_exempt_in_part_make_the_bounds(read: Callable) -> None:
    """20% on described goods of 4 ninths, and furniture exempt in part from the 10%."""
    enact(read, step("a1", "2025-03-01", 0.1, exempt="q"), B, step("c1", "2025-02-01", 0.2, scope="p"))
    row = measured()
    base = (0.1 * 6 + 0.4 * 3) / 9
    assert [row["weighted_frac"], row["lowest_frac"], row["highest_frac"]] == pytest.approx([base, base - 0.1 * 3 / 9, base + 0.2 * 4 / 9])
    assert row["certain_frac"] == pytest.approx(0.2)
    counted = measured(assumptions=Assumptions(partial_duties=True))
    assert [counted["weighted_frac"], counted["highest_frac"]] == pytest.approx([row["highest_frac"]] * 2)


def test_metal_at_the_ends_of_its_estimate_makes_the_bounds(read: Callable) -> None:
    shares = {"naics3": "other", "metal_content_frac": 0.4, "low_frac": 0.3, "high_frac": 0.6}
    metal = step("m1", "2025-03-01", 0.5, scope="f", basis="metal_content_value")
    enact(read, metal, step("a1", "2025-03-01", 0.1), us_industries=[], metal_shares=[shares])
    row = measured()
    expected = [0.1 + (0.05 + 0.5 * share) * 3 / 9 for share in (0.4, 0.3, 0.6)]
    assert [row["weighted_frac"], row["lowest_frac"], row["highest_frac"]] == pytest.approx(expected)
    given = measured(assumptions=Assumptions(metal_content_frac=0.4))
    assert given["lowest_frac"] == given["highest_frac"] == pytest.approx(expected[0])
    before = measured([date(2025, 2, 28)])
    assert before["lowest_frac"] == before["highest_frac"]


def test_metal_and_goods_covered_in_part_make_the_bounds_together(read: Callable) -> None:
    """Of the metal in furniture 30 to 60%, and 20% on described goods of 4 ninths; with no other duty on that day."""
    shares = {"naics3": "other", "metal_content_frac": 0.4, "low_frac": 0.3, "high_frac": 0.6}
    metal = step("m1", "2025-03-01", 0.5, scope="f", basis="metal_content_value")
    enact(read, metal, step("c1", "2025-04-01", 0.2, scope="p"), us_industries=[], metal_shares=[shares])
    base = 0.05 * 3 / 9
    alone, both = measured([date(2025, 3, 31)]), measured()
    ends = [base + 0.5 * share * 3 / 9 for share in (0.3, 0.6)]
    assert [alone["lowest_frac"], alone["highest_frac"]] == pytest.approx(ends)
    assert [both["lowest_frac"], both["highest_frac"]] == pytest.approx([ends[0], ends[1] + 0.2 * 4 / 9])


def claim(scope: str, share: float, published: str, goods: str = "described goods") -> dict[str, object]:
    said = {"period_from": "2024-01-01", "period_to": "2025-01-01", "published_basis": "observed", "confidence": "high"}
    return {"scope": scope, "goods": goods, "claimed_frac": share, "published_on": published} | said


@pytest.mark.parametrize(
    ("claims", "claimed"),
    [
        ([], None),
        ([claim("q", 0.5, "2025-05-01")], 0.5),
        ([claim("q", 0.5, "2025-06-01")], 0.5),
        ([claim("q", 0.5, "2025-06-02")], None),
        ([claim("q", 0.5, "2025-05-01"), claim("q", 0.2, "2025-05-02")], 0.2),
        ([claim("q", 0.5, "2025-05-01"), claim("q", 0.9, "2025-05-02", "all lines")], 0.5),
        ([claim("p", 0.5, "2025-05-01")], None),
    ],
)
def test_claims_count_once_they_are_published(read: Callable, claims: list[dict], claimed: float | None) -> None:
    excluded = step("x1", "2025-02-01", 0.0, scope="q", basis="exclusion")
    enact(read, step("a1", "2025-03-01", 0.1, exempt="q"), excluded, kinds={"x1": "exclusion"}, exclusion_claims=claims)
    row = measured()
    base = (0.1 * 6 + 0.15 * 3) / 9
    assert row["weighted_frac"] == pytest.approx(base)
    assert row["claimed_frac"] == pytest.approx(math.nan if claimed is None else base - 0.1 * claimed * 3 / 9, nan_ok=True)
    assert math.isnan(measured([date(2025, 2, 28)])["claimed_frac"])


def test_contributions_by_family_and_by_section(read: Callable) -> None:
    enact(read, A, B, step("d1", "2025-08-01", 0.1))
    parts = tidy(tariffs.contributions(importer="US", on=ON, as_of=ON))
    assert parts["family"].tolist() == ["mfn", "a", "b"]
    assert parts["rate_frac"].tolist() == pytest.approx([0.05 * 3 / 9, 0.1, 0.25 * 3 / 9])
    sections = tidy(tariffs.contributions(importer="US", on=ON, as_of=ON, by="section"))
    assert list(sections) == ["section", "trade_frac", "average_frac", "rate_frac"]
    assert sections["section"].str.split(" ").str[0].tolist() == ["XVI", "XX"]
    assert sections["trade_frac"].tolist() == pytest.approx([6 / 9, 3 / 9])
    assert sections["average_frac"].tolist() == pytest.approx([0.1, 0.4])
    assert sections["rate_frac"].tolist() == pytest.approx([0.6 / 9, 1.2 / 9])
    assert tariffs.contributions(importer="US", on="2025-01-31", as_of=ON)["family"].tolist() == ["mfn"]
    with pytest.raises(ParameterError, match="by must be family or section, not 'chapter'"):
        tariffs.contributions(importer="US", on=ON, as_of=ON, by="chapter")


def test_weights_of_one_s_own_move_the_average_and_lost_codes_are_named(read: Callable) -> None:
    enact(read, A, B)
    own = pd.DataFrame({"code": ["847130", "94032000", "0101"], "value_usd": [1.0, 3.0, 4.0]})
    row = measured(weights=own)
    assert row["weighted_frac"] == pytest.approx(0.1 / 4 + 0.4 * 3 / 4)
    assert row["matched_frac"] == pytest.approx(0.5)
    assert row["unmatched_codes"] == "0101"


def test_several_sets_of_duties_are_averaged_over_the_lines_known_in_all(read: Callable) -> None:
    enact(read, A, B)
    one = np.array([0.1, 0.2, 0.3, math.nan])
    other = np.array([math.nan, 0.4, 0.6, 0.9])
    assert protection.common_averages("US", [one, other]) == pytest.approx([(0.2 * 2 + 0.3 * 3) / 5, (0.4 * 2 + 0.6 * 3) / 5])
    assert protection.common_averages("US", [one]) == pytest.approx([(0.1 * 4 + 0.2 * 2 + 0.3 * 3) / 9])
    figures = protection.weighted("US", ON, ON, "2024", tariffs.Assumptions())
    assert figures["weighted_frac"] == pytest.approx((0.1 * 6 + 0.4 * 3) / 9)


def test_a_month_counts_every_day_until_the_last_asked_for() -> None:
    table = pd.DataFrame({"on": pd.to_datetime(["2025-01-01", "2025-02-15"]), "rate": [0.1, 0.3]})
    months = protection.monthly(table, "rate", until=date(2025, 2, 15))
    assert months.tolist() == pytest.approx([0.1, (14 * 0.1 + 0.3) / 15])
    assert months.index.strftime("%F").tolist() == ["2025-01-01", "2025-02-01"]


def test_waivers_on_official_words_lower_china_s_average_from_their_day_on(read: Callable) -> None:
    """10% in answer to Section 301; from 1 May waivers, as stated on 20 April, for all goods of chapter 12."""
    said = {"importer": "CN", "exporter": "US", "within_family": "add", "announced_on": "2025-01-15"}
    read(
        tariff_measures=[
            {"measure_id": "cn_301", "family": "cn_s301_retaliation", "kind": "duty"} | said,
            {"measure_id": "cn_301_mkt", "family": "cn_301_mkt", "kind": "exclusion"} | said,
        ],
        tariff_steps=[
            step("cn_301", "2025-02-01", 0.1),
            step("cn_301_mkt", "2025-05-01", 0.0, basis="exclusion", standing="statement", announced_on="2025-04-20"),
        ],
        cn_waivers=[{"code": "12", "announced_on": "2025-01-15"}],
        wto_exclusions=[],
    )
    days = [date(2025, 4, 30), date(2025, 5, 1), date(2025, 5, 2)]
    table = tariffs.averages(importer="CN", as_of="2025-06-01", on=days)
    over = tariffs.lines("CN").known("2025-06-01")
    trade = pd.Series(over.weights["2024"], index=over.index).where(~np.isnan(over.mfn("2025-05-01")), 0.0)
    seeds = trade[trade.index.str.startswith("12")].sum() / trade.sum()
    assert seeds > 0.05
    lower = (table["weighted_frac"] - table["granted_frac"]).tolist()
    assert lower == pytest.approx([0.0, 0.1 * seeds, 0.1 * seeds])
    assert (table["lowest_frac"] <= table["granted_frac"] + 1e-12).all()
    assert table["cn_s301_retaliation"].tolist() == pytest.approx([0.1] * 3, abs=1e-3)
    until = tariffs.averages(importer="CN", as_of="2025-06-01", on=days[:2])
    assert until["granted_frac"].tolist() == pytest.approx(table["granted_frac"].tolist()[:2])
    # Whether a list covers a line is as certain with waivers as without.
    assert table["certain_frac"].tolist() == pytest.approx([table["certain_frac"].iloc[0]] * 3)
    assert table["certain_frac"].iloc[0] > 0.5
    # Before any duty the bounds are the ends of the general rates.
    general = tariffs.averages(importer="CN", as_of="2025-06-01", on=["2025-01-31"]).iloc[0]
    low, high = (float(np.nansum(ends * trade.to_numpy()) / trade.sum()) for ends in over.mfn_ends("2025-01-31"))
    assert low < general["weighted_frac"] < high
    assert [general["lowest_frac"], general["highest_frac"]] == pytest.approx([low, high])


def test_early_averages_stand_beside_those_of_the_trade_of_2024(read: Callable) -> None:
    """10% from 1 May 2018; in 2017 a tenth of the trade was machines, six tenths furniture, and the rest has no rate that is held."""
    told = {"announced_on": "2018-04-01"}
    law = {"measure_id": "a1", "family": "a", "importer": "US", "exporter": "CN", "within_family": "add", "kind": "duty"}
    trade = {"8471300110": 1.0, "9403200010": 6.0, "9801001000": 3.0}
    enact(
        read, step("a1", "2018-05-01", 0.1, **told), tariff_measures=[law | told],
        us_imports_2017=[{"code": code, "imports_2017_usd": value} for code, value in trade.items()],
    )  # fmt: skip
    rows = tidy(tariffs.early_averages(as_of="2018-07-15", importer="US"))
    assert rows["on"].dt.strftime("%F").tolist() == ["2018-03-31", "2018-06-30"]
    assert rows["importer"].tolist() == ["US", "US"]
    assert rows["weights_2017_frac"].tolist() == pytest.approx([0.05 * 6 / 7, 0.05 * 6 / 7 + 0.1])
    assert rows["weights_2024_frac"].tolist() == pytest.approx([0.05 * 3 / 9, 0.05 * 3 / 9 + 0.1])
    assert rows["matched_2017_frac"].tolist() == pytest.approx([0.7, 0.7])
    ends = [len(tariffs.early_averages(as_of=day, importer="US")) for day in ("2018-03-30", "2018-03-31", "2020-12-30", "2021-06-30")]
    assert ends == [0, 1, 11, 12]
    assert list(tariffs.early_averages(as_of="2018-03-30")) == list(rows)


# What was collected.


def collected(period: str, industry: str, value: float, duty: float, *, published: str, vintage: str = "") -> dict[str, object]:
    return {
        "period": period, "naics3": industry, "customs_value_usd": value, "calculated_duty_usd": duty, "published_on": published,
        "vintage_on": vintage or published, "published_basis": "observed",
    }  # fmt: skip


def year_of_2024(months: int = 12) -> list[dict[str, object]]:
    """3 of one industry at 10%, 1 of another at 50%, each month."""
    first = [collected(f"2024-{month:02d}-01", "332", 3, 0.3, published="2025-02-05") for month in range(1, months + 1)]
    return first + [collected(f"2024-{month:02d}-01", "334", 1, 0.5, published="2025-02-05") for month in range(1, months + 1)]


SPRING = [
    collected("2025-02-01", "332", 1, 0.1, published="2025-04-03"),
    collected("2025-02-01", "334", 1, 0.5, published="2025-04-03"),
    collected("2025-04-01", "332", 2, 0.4, published="2025-06-03", vintage="2025-06-03"),
    collected("2025-04-01", "332", 2, 0.5, published="2025-06-03", vintage="2025-07-03"),
    collected("2025-04-01", "334", 0, 0.0, published="2025-06-03"),
]
PUBLISHED = [
    {
        "series_id": "us_collected_rate_on_china_frac", "period": f"2025-{month:02d}-01", "value": 0.2, "published_on": "2025-05-01",
        "published_basis": "observed", "vintage_on": "2025-05-01", "confidence": "high",
    }
    for month in (1, 2)
]  # fmt: skip


def test_the_collected_rate_and_that_of_the_industries_of_2024(read: Callable) -> None:
    read(duties_china=year_of_2024() + SPRING, statistics=PUBLISHED)
    rows = tidy(tariffs.collected(as_of="2025-06-10")).set_index(tidy(tariffs.collected(as_of="2025-06-10"))["period"])
    assert len(rows) == 15
    assert rows.index.is_monotonic_increasing
    assert rows.loc["2024-05-01", ["collected_frac", "fixed_weights_frac"]].tolist() == pytest.approx([0.2, 0.2])
    # In February as much of either: 30%, and with the shares of 2024 still 20%.
    assert rows.loc["2025-02-01", ["collected_frac", "fixed_weights_frac"]].tolist() == pytest.approx([0.3, 0.2])
    # An industry without imports has no rate: the other stands for it.
    assert rows.loc["2025-04-01", ["collected_frac", "fixed_weights_frac"]].tolist() == pytest.approx([0.2, 0.2])
    # Where the table has no month the rate that was published stands in.
    assert rows.loc["2025-01-01", "collected_frac"] == 0.2
    assert math.isnan(rows.loc["2025-01-01", "fixed_weights_frac"])
    assert rows.loc["2025-02-01", "customs_value_usd"] == 2
    assert tariffs.collected(as_of="2025-07-03").set_index("period").loc["2025-04-01", "collected_frac"] == pytest.approx(0.25)
    assert tariffs.collected(as_of="2025-06-02")["period"].max() == pd.Timestamp("2025-02-01")
    # One that did not sell in 2024 has no share, whatever it sells now.
    read(duties_china=[*year_of_2024(), *SPRING, collected("2025-02-01", "336", 9, 9, published="2025-04-03")], statistics=[])
    assert tariffs.collected(as_of="2025-06-10").set_index("period").loc["2025-02-01", "fixed_weights_frac"] == pytest.approx(0.2)
    # Without a row for a month, or with a duty on no value, an industry has no rate either.
    for last in ([], [collected("2025-04-01", "334", 0, 0.1, published="2025-06-03")]):
        read(duties_china=year_of_2024() + SPRING[:-1] + last, statistics=[])
        april = tariffs.collected(as_of="2025-06-10").set_index("period").loc["2025-04-01"]
        assert april[["customs_value_usd", "fixed_weights_frac"]].tolist() == pytest.approx([2, 0.2])
    read(duties_china=year_of_2024(11) + SPRING, statistics=[])
    assert tariffs.collected(as_of="2025-06-10")["fixed_weights_frac"].isna().all()


def test_the_gap_is_timing_composition_and_what_is_left(read: Callable) -> None:
    """10% on all from 15 February: on 14 of its 28 days; on chapter 98 as much was due in 2024 as a fifth of its value."""
    enact(read, step("a1", "2025-02-15", 0.1), duties_china=year_of_2024() + SPRING, statistics=[])
    assert collection.unmatched_duty() == pytest.approx(2 / 100)
    before, after = (0.05 * 3 / 9 + rate for rate in (0.0, 0.1))
    rows = tidy(tariffs.gap(as_of="2025-06-10")).set_index("period", drop=False)
    assert rows["period"].dt.strftime("%Y-%m").tolist()[-4:] == ["2025-01", "2025-02", "2025-03", "2025-04"]
    february = rows.loc["2025-02-01"]
    assert february["statutory_frac"] == pytest.approx(after * 0.9 + 0.02)
    assert february["statutory_mean_frac"] == pytest.approx((before + after) / 2 * 0.9 + 0.02)
    assert february["timing_frac"] == pytest.approx(-0.1 / 2 * 0.9)
    assert february["composition_frac"] == pytest.approx(0.3 - 0.2)
    assert february["remainder_frac"] == pytest.approx(0.3 - (after * 0.9 + 0.02) + 0.05 * 0.9 - 0.1)
    # A month that is not held has the statutory rates alone, and the sources of the one before.
    march = rows.loc["2025-03-01"]
    assert march[["collected_frac", "composition_frac", "remainder_frac"]].isna().all()
    assert march["statutory_mean_frac"] == pytest.approx(after * 0.9 + 0.02)
    assert f"{march['known_on']:%F} {rows.loc['2025-04-01', 'known_on']:%F}" == "2025-04-03 2025-06-03"
    assert tariffs.gap(as_of="2025-02-04").empty


def test_the_gap_runs_from_the_first_month_of_the_edition_to_the_end_of_the_last(read: Callable) -> None:
    """10% from 16 April: on half of the days of the last month. No composition is told, so the rest holds it."""
    months = [collected(f"{month}-01", "332", 10, 1.5, published="2025-06-03") for month in ("2017-12", "2018-01", "2025-04")]
    enact(read, step("a1", "2025-04-16", 0.1), duties_china=months, statistics=[])
    rows = tidy(tariffs.gap(as_of="2025-06-10"))
    assert rows["period"].iloc[[0, -1]].dt.strftime("%F").tolist() == ["2018-01-01", "2025-04-01"]
    assert len(rows) == 88
    april, before = rows.iloc[-1], 0.05 * 3 / 9 * 0.9 + 0.02
    assert april["statutory_frac"] == pytest.approx(before + 0.09)
    assert april["statutory_mean_frac"] == pytest.approx(before + 0.045)
    assert math.isnan(april["composition_frac"])
    assert april["remainder_frac"] == pytest.approx(0.15 - (before + 0.09) + 0.045)
    assert rows["collected_frac"].notna().sum() == 2


def test_a_subheading_younger_than_the_lists_is_not_certain_though_what_it_came_of_is_covered(read: Callable) -> None:
    """Diodes of 8541.41 came of 8541.40, all of which the list covers: their duty is known, and rests on where the goods went."""
    rates = [f"mfn_{name}_frac" for name in ("2018_01", "2018_05", "2018_07", "2018_11", "2019_01", "2019_01_low", "2019_01_high")]
    said = {"importer": "CN", "exporter": "US", "within_family": "add", "announced_on": "2025-01-15", "kind": "duty"}
    read(
        cn_lines=[
            {"code": code, "mfn_frac": 0.05, "mfn_evidence": "confirmed", "exports_2024_usd": value}
            for code, value in (("854140", 30.0), ("854141", 10.0), ("940320", 60.0))
        ],
        cn_tariff_2019=[{"code": f"{code}00"} | dict.fromkeys(rates, 0.05) for code in ("854140", "940320")],
        hts_successions=[
            {"code": "8541400000", "successor": "8541410000", "effective_on": "2022-01-27", "kind": "hs_2022", "evidence": "e"}
        ],
        tariff_measures=[{"measure_id": "k1", "family": "k"} | said],
        tariff_steps=[step("k1", "2025-02-01", 0.1, scope="l")],
        scopes=[{"scope": "l", "what": "goods", "held": "codes", "nomenclature": "HS 2017"}],
        product_scopes=[{"scope": "l", "code": "854140", "coverage": "full"}],
        **{name: [] for name in ("cn_interim_rates", "cn_line_trade", "cn_tariff_quotas", "cn_waivers", "wto_exclusions")},
    )
    row = tariffs.averages(importer="CN", as_of="2025-06-01", on=[ON]).iloc[0]
    assert row["weighted_frac"] == pytest.approx(0.05 + 0.1 * 0.4)
    assert [row["matched_frac"], row["certain_frac"]] == pytest.approx([1.0, 0.9])


def test_months_in_which_more_was_collected_than_the_law_says() -> None:
    rates = {
        "2025-01-01": (0.30, 0.30, 0.31),  # as much as on the last day is not more
        "2025-02-01": (0.35, 0.30, 0.34),
        "2025-03-01": (0.40, 0.50, 0.20),
        "2025-04-01": (0.10, 0.08, 0.30),
        "2025-05-01": (0.10, 0.12, 0.10),  # nor on its days
        "2025-06-01": (math.nan, 0.1, 0.1),
    }
    rows = pd.DataFrame(list(rates.values()), columns=["collected_frac", "statutory_frac", "statutory_mean_frac"])
    rows.insert(0, "period", pd.to_datetime(list(rates)))
    found = tariffs.excess(rows)
    assert (found.months, found.last_day, found.mean) == (5, 2, 2)
    assert [found.last_day_frac, found.mean_frac] == pytest.approx([0.05, 0.2])
    assert f"{found.last_day_on:%F} {found.mean_on:%F}" == "2025-02-01 2025-03-01"
    below = tariffs.excess(rows.iloc[[0]].assign(statutory_frac=0.4))
    assert (below.last_day, below.mean) == (0, 0)
    assert [below.last_day_frac, below.mean_frac] == pytest.approx([-0.1, -0.01])
    assert tariffs.excess(rows.tail(1)) is tariffs.excess(rows.head(0)) is None
