"""Averages with the trade of 2017 and with one's own, and for every day of a range."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradelib import catalogue, tariffs
from tradelib.cli import main
from tradelib.errors import DayError, ParameterError

DAYS = ["2018-01-22", "2019-12-20", "2025-04-14"]


def own(**values: float) -> pd.DataFrame:
    return pd.DataFrame({"code": [code.removeprefix("c") for code in values], "value_usd": values.values()})


def test_imports_of_2017_find_a_line_but_for_those_that_are_no_goods():
    """Census books 7.1 of 525.8 billion dollars under 9999.99, low-valued and special shipments: no line holds them."""
    found = tariffs.weighting("2017", importer="US")
    assert found.share.sum() == pytest.approx(0.9864, abs=1e-4)
    assert found.placed.loc[found.placed["how"].eq("no line"), "code"].tolist() == ["999999"]
    assert found.words == "1.36% of this trade names no tariff line (9999.99) and is not counted."
    assert tariffs.weighting("2024", importer="US").share.sum() == pytest.approx(1)
    assert tariffs.weighting("2017", importer="CN").share.sum() == pytest.approx(1)


def test_a_subheading_of_2017_keeps_its_trade_and_follows_its_heirs():
    """8517.12, 45 billion dollars of telephones, ended with the edition of 2022; its heirs are 8517.13 and 8517.14."""
    found, trade = tariffs.weighting(2017, importer="US"), catalogue.load("us_imports_2017").set_index("code")["imports_2017_usd"]
    by = pd.Series(found.share, index=tariffs.lines("US").index) * trade.sum()
    assert by[by.index.str.startswith(("851713", "851714"))].sum() == pytest.approx(trade["851712"], rel=1e-9)
    toys = by[by.index.str.startswith("950300")]
    assert toys.sum() == pytest.approx(trade["950300"], rel=1e-9)
    base = pd.Series(tariffs.lines("US").weights["2024"], index=by.index)[toys.index]
    assert (toys / toys.sum()).to_numpy() == pytest.approx((base / base.sum()).to_numpy())


def test_weights_of_2017_raise_the_averages_before_2021():
    """What a duty keeps out weighs little in later trade."""
    early, late = (tariffs.averages(importer="US", on=DAYS, weights=year).set_index("on")["weighted_frac"] for year in ("2017", "2024"))
    assert early["2019-12-20"] - late["2019-12-20"] == pytest.approx(0.027, abs=0.004)
    assert early["2018-01-22"] == pytest.approx(late["2018-01-22"], abs=0.002)


@pytest.mark.parametrize("importer", ["US", "CN"])
@pytest.mark.parametrize("weights", ["2017", own(c8517=3.0, c87=2.0, c1201=1.0)], ids=["2017", "own"])
def test_every_average_takes_the_weights(importer, weights):
    """Averages, their parts, the path over time and averages over common lines agree with one another."""
    whole = tariffs.averages(importer=importer, on="2025-06-09", weights=weights).iloc[0]
    for by in ("family", "section"):
        parts = tariffs.contributions(importer=importer, on="2025-06-09", by=by, weights=weights)
        assert parts["rate_frac"].sum() == pytest.approx(whole["weighted_frac"])
    path = tariffs.weighted_path(importer=importer, weights=weights).set_index("on")["weighted_frac"]
    assert path.asof(pd.Timestamp("2025-06-09")) == pytest.approx(whole["weighted_frac"])
    due = tariffs.line_rates(on="2025-06-09", importer=importer)["total_frac"].to_numpy()
    assert tariffs.common_averages(importer, [due], weights)[0] == pytest.approx(whole["weighted_frac"])


def test_a_single_line_weighs_all():
    for code in ("8507600020", "8507.60.0020", "8507 60 00 20"):
        table = tariffs.averages(importer="US", on="2025-06-09", weights=pd.DataFrame({"code": [code], "value_usd": [7]}))
        assert table["weighted_frac"][0] == pytest.approx(tariffs.explain(code, on="2025-06-09", importer="US").total_frac)
        assert table["matched_frac"][0] == pytest.approx(1)
        assert table["unmatched_codes"][0] == ""


def test_what_names_no_line_stays_in_the_sum_and_is_named():
    weights = own(c950300=75.0, c010199=25.0)
    table = tariffs.averages(importer="US", on=DAYS, weights=weights)
    assert table["matched_frac"].tolist() == pytest.approx([0.75] * len(DAYS))
    assert table["unmatched_codes"].unique().tolist() == ["010199"]
    assert tariffs.weighting(weights, importer="US").words == "25% of this trade names no tariff line (0101.99) and is not counted."


def test_old_codes_and_changed_last_digits_find_their_lines():
    placed = tariffs.weighting(own(c8517120050=1, c851712=1, c8507600099=1, c9503=1), importer="US").placed.set_index("code")["how"]
    assert placed["8517120050"] == placed["851712"] == "heirs of an old code"
    assert placed["8507600099"] in ("lines of its first digits", "heirs of an old code")
    assert placed["9503"] == "lines under the code"
    assert tariffs.weighting(own(c12019010=1), importer="CN").placed["how"].tolist() == ["lines of its first digits"]


def test_lines_without_trade_of_2024_share_evenly():
    over = tariffs.lines("US")
    idle = pd.Series(over.weights["2024"], index=over.index).groupby(over.index.str[:6]).agg(["sum", "size"])
    code = idle[idle["sum"].eq(0) & idle["size"].gt(1)].index[0]
    share = tariffs.weighting(pd.DataFrame({"code": [code], "value_usd": [1.0]}), importer="US").share
    assert share[share > 0] == pytest.approx(1 / idle.loc[code, "size"])


@given(st.dictionaries(st.sampled_from(["8517", "950300", "8471300100", "87", "01019999", "3926"]), st.floats(0.01, 1e9), min_size=1))
@settings(max_examples=25, deadline=None)
def test_no_dollar_is_lost_or_made(trade):
    """Shares and what found no line sum to one; rows split in two change nothing."""
    table = pd.DataFrame({"code": list(trade), "value_usd": list(trade.values())})
    if set(trade) == {"01019999"}:
        with pytest.raises(ParameterError, match="None of the 1 codes of weights names a tariff line"):
            tariffs.weighting(table, importer="US")
        return
    found = tariffs.weighting(table, importer="US")
    lost = found.placed.loc[found.placed["how"].eq("no line"), "value_usd"].sum() / table["value_usd"].sum()
    assert found.share.sum() + lost == pytest.approx(1)
    halves = pd.concat([table.assign(value_usd=table["value_usd"] / 2)] * 2)
    assert np.allclose(tariffs.weighting(halves, importer="US").share, found.share)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (pd.DataFrame({"code": ["9503"]}), "value_usd is missing"),
        (pd.DataFrame(), "code and value_usd are missing"),
        (pd.DataFrame({"code": [950300], "value_usd": [1.0]}), "must be texts"),
        (pd.DataFrame({"code": ["9503", None], "value_usd": [1.0, 1.0]}), "must be texts"),
        (pd.DataFrame({"code": ["95O3"], "value_usd": [1.0]}), "A product code has"),
        (pd.DataFrame({"code": ["9503"], "value_usd": [-1.0]}), "that of 9503 is -1.0"),
        (pd.DataFrame({"code": ["9503"], "value_usd": ["much"]}), "that of 9503 is 'much'"),
        (pd.DataFrame({"code": ["9503"], "value_usd": [np.nan]}), "that of 9503 is"),
        (pd.DataFrame({"code": ["9503"], "value_usd": [0.0]}), "the sum of value_usd is 0"),
        (pd.DataFrame({"code": ["010199"], "value_usd": [1.0]}), "None of the 1 codes"),
    ],
)
def test_weights_that_cannot_be_are_refused_in_a_sentence(table, said):
    with pytest.raises(ParameterError, match=said):
        tariffs.averages(importer="US", on="2025-06-09", weights=table)


@pytest.mark.parametrize("importer", ["US", "CN"])
def test_a_day_of_a_range_is_what_the_day_alone_is(importer):
    """A stretch without a change is computed once: every day of it must be what it is when asked alone."""
    days = pd.date_range("2025-04-01", "2025-06-10")
    table = tariffs.averages(importer=importer, on=days, as_of="2025-05-20")
    assert table["on"].tolist() == list(days)
    assert table["state"].tolist() == ["in force" if day <= pd.Timestamp("2025-05-20") else "scheduled" for day in days]
    for at in (0, 8, 9, 10, 42, 43, 70):
        alone = tariffs.averages(importer=importer, on=[days[at]], as_of="2025-05-20").iloc[0]
        for name, value in alone.items():
            assert table[name][at] == value or pd.isna(value), name


def test_a_range_sees_days_on_which_only_a_statement_changes_an_end():
    """Chinese waivers hold on official statements: their days lie in no schedule of the law."""
    days = pd.date_range("2025-04-20", "2025-05-01").append(pd.date_range("2026-12-28", "2027-01-14"))
    table = tariffs.averages(importer="CN", on=days)
    alone = pd.concat([tariffs.averages(importer="CN", on=[day]) for day in days], ignore_index=True)
    for name in ("granted_frac", "lowest_frac", "highest_frac", "weighted_frac"):
        assert table[name].to_numpy() == pytest.approx(alone[name].to_numpy(), abs=1e-12), name


def test_days_keep_their_order_and_may_come_twice():
    table = tariffs.averages(importer="US", on=["2025-06-09", "2018-01-01", "2025-06-09"])
    assert table["on"].dt.strftime("%Y-%m-%d").tolist() == ["2025-06-09", "2018-01-01", "2025-06-09"]
    with pytest.raises(DayError, match="2018-01-01 or later"):
        tariffs.averages(importer="US", on=["2025-06-09", "2017-12-31"])


def test_three_thousand_days_cost_about_what_their_changes_cost():
    """2018-06-01 to 2026-08-17 holds some hundred change days of the United States; counted in stacks, not in seconds."""
    from tradelib.tariffs import protection
    from tradelib.tariffs.layers import Remembered
    from tradelib.tariffs.membership import known_membership, membership

    counted = []
    measures = protection._measures
    membership("US").remembered = Remembered(len(tariffs.lines("US").codes))
    known_membership.cache_clear()
    days = pd.date_range("2018-06-01", periods=3000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(protection, "_measures", lambda *given: counted.append(1) or measures(*given))
        table = tariffs.averages(importer="US", on=days)
    changes = tariffs.change_days(importer="US", since=days[0], until=days[-1])
    assert len(table) == 3000
    # A change that leaves all duties as they were is no stretch of its own.
    assert len(changes) / 2 < len(counted) <= len(changes) < 150


def panel(capsys: pytest.CaptureFixture[str], *asked: str) -> pd.DataFrame:
    assert main(["average", *asked, "--format", "csv"]) == 0
    return pd.read_csv(io.StringIO(capsys.readouterr().out), dtype={"weights": str})


def test_the_command_line_prints_every_day_of_a_range(capsys):
    """Families and the general rate add up to the total; a day is what the command gives for it alone."""
    table = panel(capsys, "--importer", "cn", "--from", "2025-05-10", "--to", "2025-05-16", "--weights", "2017")
    assert table["on"].tolist() == [f"2025-05-{day}" for day in range(10, 17)]
    assert set(table["weights"]) == {"2017"}
    families = [name for name in tariffs.family_titles() if name in table]
    assert (table["mfn_frac"] + table[families].sum(axis=1)).to_numpy() == pytest.approx(table["total_frac"].to_numpy())
    alone = panel(capsys, "--importer", "CN", "--on", "2025-05-14", "--by", "none", "--weights", "2017")
    assert table.loc[4, "total_frac"] == pytest.approx(alone["total_frac"][0])


def test_the_command_line_prints_the_changes_of_a_range(capsys):
    table = panel(capsys, "--importer", "CN", "--from", "2025-04-01", "--to", "2025-06-10", "--every", "change")
    assert table["on"].tolist() == ["2025-04-01", "2025-04-10", "2025-04-12", "2025-05-14"]
    assert main(["average", "--from", "2025-05-13", "--to", "2025-05-14", "--format", "json"]) == 0
    days = json.loads(capsys.readouterr().out)["days"]
    assert [day["on"] for day in days] == ["2025-05-13", "2025-05-14"]
    assert [day["headline_frac"] for day in days] == [1.45, 0.3]
    assert main(["average", "--from", "2025-05-13", "--to", "2025-05-14"]) == 0
    assert "2025-05-14" in capsys.readouterr().out


def test_the_command_line_takes_weights_from_a_file(capsys, tmp_path):
    """A code keeps its leading zero, and what names no line is said."""
    path = tmp_path / "mine.csv"
    path.write_text("code,value_usd\n0101.99,5\n9503,95\n0306.17,100\n", encoding="utf-8")
    assert main(["average", "--weights", str(path), "--on", "2025-06-09"]) == 0
    said = capsys.readouterr().out
    assert "weighted with trade of your own" in said
    assert "2.5% of this trade names no tariff line (0101.99) and is not counted." in said
    assert main(["average", "--weights", str(path), "--on", "2025-06-09", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["unmatched_codes"] == ["010199"]
    assert answer["matched_frac"] == pytest.approx(0.975)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--weights", "none.csv"], "none.csv cannot be read"),
        (["--to", "2025-01-01"], "A range of days takes --from and --to"),
        (["--from", "2025-01-01", "--on", "2025-01-01"], "give --on for one day alone"),
        (["--from", "2025-06-01", "--to", "2025-01-01"], "--to must not lie before --from"),
        (["--from", "June"], "from must be an ISO day"),
    ],
)
def test_what_cannot_be_asked_of_the_command_line_is_a_sentence(capsys, asked, said):
    assert main(["average", *asked]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("command", [["rate", "1201.90"], ["average", "--by", "none"]], ids=["rate", "average"])
def test_rate_and_average_know_what_was_only_stated(capsys, command):
    """By law China's 24 points return on 10 November 2026; its officials had stated that they stay suspended."""
    totals = {}
    for standing in ("law", "stated"):
        assert main([*command, "--on", "2026-11-20", "--importer", "CN", "--standing", standing, "--format", "json"]) == 0
        totals[standing] = json.loads(capsys.readouterr().out)["total_frac"]
    assert totals["law"] - totals["stated"] == pytest.approx(0.24, abs=1e-6)
