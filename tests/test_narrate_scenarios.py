"""What is said of a scenario: which way, by how much, and what is not said of a change too small to print."""

from types import SimpleNamespace

import pandas as pd
import pytest

from tradelib import narrate, scenarios, wording


def paths(us: tuple[float, float], china: tuple[float, float]) -> pd.DataFrame:
    """The end of the averages of both sides: (before, after)."""
    rows = [("US", *us), ("CN", *china)]
    return pd.DataFrame(rows, columns=["importer", "before_frac", "after_frac"])


@pytest.mark.parametrize(
    ("us", "china", "said"),
    [
        ((0.3, 0.4), (0.2, 0.2), "the average US tariff on Chinese goods would rise from 30% to 40%"),
        ((0.4, 0.3), (0.2, 0.2), "the average US tariff on Chinese goods would fall from 40% to 30%"),
        ((0.3, 0.3), (0.2, 0.25), "China's average tariff on US goods would rise from 20% to 25%"),
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
    ],
)
def test_long_run_welfare_is_lower_higher_or_unchanged(us: float, china: float, said: str) -> None:
    rows = pd.DataFrame({"entity": ["USA", "CHN"], "welfare_percent": [us, china]})
    assert narrate.economies_message(rows).endswith(said)


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
