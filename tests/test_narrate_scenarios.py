"""What is said of a scenario: which way, by how much, and what is not said of a change too small to print."""

from types import SimpleNamespace

import pandas as pd
import pytest

from tradelib import narrate, scenarios, wording
from tradelib.stories.scenarios import text


def paths(us: tuple[float, float], china: tuple[float, float]) -> pd.DataFrame:
    """The end of the averages of both sides: (before, after)."""
    rows = [("US", *us), ("CN", *china)]
    return pd.DataFrame(rows, columns=["importer", "before_frac", "after_frac"])


@pytest.mark.parametrize(
    ("us", "china", "said"),
    [
        ((0.3, 0.4), (0.2, 0.2), "the average US tariff on Chinese goods would rise from 30% to 40%"),
        ((0.4, 0.3), (0.2, 0.2), "the average US tariff on Chinese goods would fall from 40% to 30%"),
        (
            (0.3, 0.3),
            (0.2, 0.25),
            "China's average tariff on US goods would rise from 20% to 25%; the average US tariff on Chinese goods would stay at 30%",
        ),
        ((0.3, 0.301), (0.2, 0.2), "would rise from 30.0% to 30.1%"),
        (
            (0.249, 0.25),
            (0.292, 0.532),
            "“One”: China's average tariff on US goods would rise from 29.2% to 53.2%; the average US tariff on",
        ),
        ((0.3, 0.3005), (0.2, 0.2), "neither average tariff would differ by more than 0.1 points"),
    ],
)
def test_a_scenario_says_which_way_an_average_goes(us: tuple[float, float], china: tuple[float, float], said: str) -> None:
    one, other = SimpleNamespace(title="One"), SimpleNamespace(title="Other")
    title = narrate.scenario_title(one, other, paths(us, china), on=pd.Timestamp("2026-01-01").date())
    assert title.startswith("Scenario “One”: ")
    assert said in title.replace(wording.THIN, " ")


@pytest.mark.parametrize(
    ("us", "china", "said"),
    [
        (-0.27, 0.1, "0.27% lower in the United States and 0.10% higher in China"),
        (0.004, -0.2, "unchanged in the United States and 0.20% lower in China"),
        (0.005, -0.004, "higher in the United States and unchanged in China"),
        (0.004, -0.004, "long-run welfare would be unchanged on both sides"),
    ],
)
def test_long_run_welfare_is_lower_higher_or_unchanged(us: float, china: float, said: str) -> None:
    rows = pd.DataFrame({"entity": ["USA", "CHN"], "welfare_percent": [us, china]})
    assert narrate.economies_message(rows).endswith(said)


def outcomes(side: str = "US", **given: float) -> pd.DataFrame:
    """Outcomes of one side as `scenarios.response` gives them, in dollars, without a width: what is not named is nothing."""
    names = ("imports_change_usd", "imports_change_frac", "revenue_change_usd", "buyers_cost_curve_usd", "own_loss_usd", "sellers_loss_usd")
    rows = pd.DataFrame({"importer": side, "outcome": names, "given": [float(given.get(name, 0)) for name in names]})
    return rows.assign(low=rows["given"], high=rows["given"])


@pytest.mark.parametrize(
    ("us", "china", "said"),
    [
        (-9.4e9, 0, "US imports from China would fall by USD 9.4 billion{}; China's imports from the United States would not change"),
        (0, 2e6, "China's imports from the United States would rise by USD 2.0 million{}; US imports from China would not change"),
        (
            -9.4e9,
            -2e9,
            "US imports from China would fall by USD 9.4 billion and China's imports from the United States by USD 2.0 billion{}",
        ),
        (3e9, 2e9, "US imports from China would rise by USD 3.0 billion and China's imports from the United States by USD 2.0 billion{}"),
        (
            -9e8,
            2e9,
            "US imports from China would fall by USD 900 million and China's imports from the United States would rise by USD 2.0 billion"
            "{}",
        ),
        (0, 0, "Neither US imports from China nor China's imports from the United States would change"),
        (1e-6, -1e-6, "Neither US imports from China nor China's imports from the United States would change"),
    ],
)
def test_imports_rise_fall_or_do_not_change_and_the_year_is_said_of_what_moves(us: float, china: float, said: str) -> None:
    rows = pd.concat([outcomes("US", imports_change_usd=us), outcomes("CN", imports_change_usd=china)])
    assert narrate.responses_message(rows).replace(wording.THIN, " ") == said.format("")
    header = said.format(" a year, in 2024 dollars") if "{}" in said else ""
    assert narrate.supposed_imports_message(rows).replace(wording.THIN, " ") == header


@pytest.mark.parametrize(
    ("importer", "lowest", "highest", "said"),
    [
        ("US", 1e8, 4.51e8, "across its range the US loss runs from USD 100 million to USD 451 million"),
        ("CN", 0, 4.51e8, "across its range China's loss runs from nothing to USD 451 million"),
        ("US", -4.51e8, -1e8, "across its range the US gain runs from USD 100 million to USD 451 million"),
        ("CN", -4.51e8, 0, "across its range China's gain runs from nothing to USD 451 million"),
        ("US", -1.3e8, 4.51e8, "the outcome for the United States runs from a gain of USD 130 million to a loss of USD 451 million"),
        ("CN", -1.3e8, 4.51e8, "across its range the outcome for China runs from a gain of USD 130 million to a loss of USD 451 million"),
        ("US", -1.3e8, -1.3e8, "None of the assumptions changes the result"),
    ],
)
def test_the_range_of_an_assumption_runs_over_losses_gains_or_both(importer: str, lowest: float, highest: float, said: str) -> None:
    rows = pd.DataFrame({"title": ["Share"], "lowest": [lowest], "highest": [highest], "centre": [lowest], "low": 0, "high": 1})
    message = narrate.tornado_message(rows, importer).replace(wording.THIN, " ")
    assert message.endswith(said)
    assert wording.MINUS not in message


@pytest.mark.parametrize("sellers", [-1e6, 0, 1e6])
@pytest.mark.parametrize("revenue", [-1e9, 0, 1e9])
@pytest.mark.parametrize("cost", [-2e9, 0, 1e9])
def test_who_would_pay_is_told_by_sign_and_never_as_a_negative_or_zero_amount(cost: float, revenue: float, sellers: float) -> None:
    own = cost - revenue
    rows = outcomes(
        imports_change_usd=-cost, imports_change_frac=-cost / 4e11, revenue_change_usd=revenue, buyers_cost_curve_usd=cost,
        own_loss_usd=own, sellers_loss_usd=sellers,
    )  # fmt: skip
    table = pd.DataFrame({"value_usd": [4e11], "base_frac": [0.1], "after_frac": [0.1], "before_frac": [0.1]})
    said = narrate.responses_text(rows, {"US": table}, as_of=pd.Timestamp("2026-10-09").date()).text.split("\n")[0]
    assert f"USD{wording.THIN}{wording.MINUS}" not in said
    assert "USD\N{NARROW NO-BREAK SPACE}0.00" not in said
    if not (cost or revenue or sellers):
        assert said.endswith("no tariff differs on goods that were traded in 2024, so there is no effect.")
        return
    for value, words in (
        (cost, ("more a year", "less a year", "would pay the same a year")),
        (revenue, ("budget would gain", "budget would lose", "budget would neither gain nor lose")),
        (own, ("a net US loss", "a net US gain", "no net US loss or gain")),
        (sellers, ("suppliers would lose USD", "suppliers would gain", "suppliers would lose nothing")),
        (-cost, ("higher", "lower", "would not change")),
    ):
        assert words[0 if value > 0 else 1 if value < 0 else 2] in said


def test_a_range_of_revenue_over_both_signs_is_told_as_loss_to_gain() -> None:
    rows = outcomes(imports_change_usd=-4e10, imports_change_frac=-0.4, revenue_change_usd=-4e8, buyers_cost_curve_usd=1e10)
    is_revenue = rows["outcome"].eq("revenue_change_usd")
    rows = rows.assign(low=rows["low"].mask(is_revenue, -5e9), high=rows["high"].mask(is_revenue, 9.1e9))
    table = pd.DataFrame({"value_usd": [4e11], "base_frac": [0.1], "after_frac": [0.1], "before_frac": [0.1]})
    said = narrate.responses_text(rows, {"US": table}, as_of=pd.Timestamp("2026-10-09").date()).text.replace(wording.THIN, " ")
    assert "would lose USD 400 million (90% range: a loss of USD 5.0 billion to a gain of USD 9.1 billion), no net US loss" in said


@pytest.mark.parametrize(
    ("importers", "said"),
    [
        (["US"], "On 10 October 2026, 1 US measure would change"),
        (["CN", "CN"], "On 10 October 2026, 2 Chinese measures would change"),
        (["US", "US", "CN"], "On 10 October 2026, 3 measures would change: 2 US and 1 Chinese"),
        ([], "No tariff would differ within a year"),
    ],
)
def test_measures_that_would_change_are_counted_by_side_where_there_are_two(importers: list[str], said: str) -> None:
    names = [f"measure {number}" for number in range(len(importers))]
    rows = pd.DataFrame({"on": pd.Timestamp("2026-10-10"), "importer": importers, "authority": "a", "programme": names, "what": "rate"})
    assert narrate.differences_message(rows) == said


@pytest.mark.parametrize(
    ("us", "china", "said"),
    [
        ((0.125, 0.125), (0.1, 0.1), "would stay at 12.5% in the US and 10% in China"),
        ((0.125, 0.125), (0.1, 0.34), "would be 34% instead of 10% in China and stay at 12.5% in the US"),
        ((0.3, 0.125), (0.1, 0.34), "would be 12.5% instead of 30.0% in the US and 34% instead of 10% in China"),
    ],
)
def test_the_tariff_on_all_goods_moves_or_stays(us: tuple[float, float], china: tuple[float, float], said: str) -> None:
    rows = pd.DataFrame([("US", *us), ("CN", *china)], columns=["importer", "before_headline_frac", "after_headline_frac"])
    assert text._country_wide(rows) == f"the tariff on goods on no list {said}"


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["close", "close"], "match 2 of 2 published figures to within half a point"),
        (["close", "explained"], "match 1 of 2 published figures to within half a point; we explain 1 of the differences"),
        (
            ["close", "explained", "open"],
            "1 of 3 published figures to within half a point; we explain 1 of the differences but not the other 1",
        ),
        (["open", "open"], "none of 2 published figures to within half a point; we explain none of the differences"),
    ],
)
def test_the_title_of_methods_counts_what_is_close_explained_and_open(verdicts: list[str], said: str) -> None:
    assert narrate.methods_message(pd.DataFrame({"verdict": verdicts})).endswith(said)


@pytest.mark.parametrize(
    ("as_of", "said"),
    [("2018-09-24", "25 September 2018, the day after this page"), ("2026-12-01", "10 October 2026, the day after the last day our data")],
)
def test_scenarios_start_after_the_page_or_after_the_data(monkeypatch: pytest.MonkeyPatch, as_of: str, said: str) -> None:
    none = pd.DataFrame(columns=["authority", "rate_frac", "ends_on", "instrument", "url", "known_on"])
    monkeypatch.setattr(scenarios, "ended_by_law", lambda *_, **__: none)
    one = SimpleNamespace(title="One", question="What if?", about="", source="", url="")
    text = narrate.supposed(one, one, before=none, after=none, as_of=pd.Timestamp(as_of).date()).text
    assert f"Both start on {said}" in text
    assert "our data end" not in text
