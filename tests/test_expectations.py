"""What the law had scheduled, held against what came."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tradelib import narrate, tariffs
from tradelib.errors import ParameterError
from tradelib.tariffs import expectations

LAST = date(2026, 10, 9)


@pytest.fixture(scope="module")
def surfaces() -> dict[str, pd.DataFrame]:
    return {importer: tariffs.knowledge_surface(importer) for importer in tariffs.IMPORTERS}


def made_up(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """A surface of a few rows: day of knowledge, day of entry, average."""
    days = [pd.Series(pd.to_datetime([row[at] for row in rows]), dtype="datetime64[us]") for at in (0, 1)]
    return pd.DataFrame({"importer": "US", "as_of": days[0], "on": days[1], "weighted_frac": [row[2] for row in rows]})


# On 1 January nothing is scheduled; on 11 January 20% for 31 January; on 21 January it is called off, and 15% set for 1 March.
MADE_UP = made_up(
    ("2025-01-01", "2018-01-01", 0.10),
    ("2025-01-11", "2018-01-01", 0.10), ("2025-01-11", "2025-01-31", 0.20),
    ("2025-01-21", "2018-01-01", 0.10), ("2025-01-21", "2025-03-01", 0.15),
)  # fmt: skip


def test_errors_of_a_made_up_law_written_out() -> None:
    """Ten days ahead of 11 January to 10 March, 59 days, and twenty days ahead of the 49 from 21 January on."""
    table = tariffs.schedule_errors(MADE_UP, as_of="2025-03-10", horizons=(10, 20))
    _, ten, _, twenty = (row for _, row in table.iterrows())
    assert table["year_on"].dt.year.fillna(0).tolist() == [2025, 0, 2025, 0]
    # Ten days before 31 January, on the 21st, the 20% had been called off.
    assert (ten["days"], twenty["days"]) == (59, 49)
    assert ten["mean_abs_frac"] == pytest.approx(0.0)
    # Twenty days before 31 January to 9 February the 20% still stood: ten days, ten points each.
    assert twenty["mean_abs_frac"] == pytest.approx(10 * 0.10 / 49)
    assert twenty["bias_frac"] == pytest.approx(10 * 0.10 / 49)
    assert twenty["right_frac"] == pytest.approx(39 / 49)


def test_dates_of_a_made_up_law_written_out() -> None:
    def told(as_of: str) -> list[tuple[object, ...]]:
        table = tariffs.scheduled_dates(MADE_UP, as_of=as_of)
        return [
            (f"{row.announced_on:%m-%d}", f"{row.scheduled_on:%m-%d}", row.expected_frac, row.outcome, row.days_before)
            for row in table.fillna({"days_before": -1}).itertuples()
        ]

    assert told("2025-01-10") == []
    assert told("2025-01-15") == [("01-11", "01-31", 0.20, "ahead", -1)]
    assert told("2025-01-25") == [("01-11", "01-31", 0.20, "gone", 10), ("01-21", "03-01", 0.15, "ahead", -1)]
    assert told("2025-03-01") == [("01-11", "01-31", 0.20, "gone", 10), ("01-21", "03-01", 0.15, "came", -1)]
    ahead = tariffs.trust(tariffs.scheduled_dates(MADE_UP, as_of="2025-03-01"), ahead=(10, 11, 30))
    assert ahead[["dates", "came"]].to_numpy().tolist() == [[1, 1], [2, 1], [1, 1]]


def test_the_snap_back_of_12_august_2025_never_came(surfaces: dict[str, pd.DataFrame]) -> None:
    """54% and 34% as scheduled on 9 June 2025; 30% and 10% came, for the pause was extended, on the US side a day before."""
    for importer, expected, came, moved in (("US", 0.54, 0.30, "2025-08-11"), ("CN", 0.34, 0.10, "2025-08-12")):
        found = tariffs.believed(surfaces[importer], "2025-08-12", column="headline_frac").set_index("as_of")["value_frac"]
        assert found[:"2025-06-09"].iloc[-1] == expected
        assert found.iloc[-1] == came
        table = tariffs.scheduled_dates(surfaces[importer], column="headline_frac")
        row = table[table["scheduled_on"].eq("2025-08-12")].iloc[0]
        assert (row["expected_frac"], row["realised_frac"], row["outcome"]) == (expected, came, "gone")
        assert row["moved_on"] == pd.Timestamp(moved)
        assert not row["is_replaced"]


def test_a_date_is_open_as_long_as_nothing_came_of_it() -> None:
    early = tariffs.scheduled_dates(tariffs.knowledge_surface("US", as_of="2025-06-09"), as_of="2025-06-09", column="headline_frac")
    row = early[early["scheduled_on"].eq("2025-08-12")].iloc[0]
    assert (row["outcome"], row["expected_frac"]) == (expectations.AHEAD, 0.54)
    assert np.isnan(row["realised_frac"])


def test_a_change_set_anew_for_the_same_day_is_another(surfaces: dict[str, pd.DataFrame]) -> None:
    """Of 10 November 2025: 54% until 4 November 2025, then 20%."""
    table = tariffs.scheduled_dates(surfaces["US"], column="headline_frac")
    rows = table[table["scheduled_on"].eq("2025-11-10")]
    assert rows["expected_frac"].tolist() == [0.54, 0.20]
    assert rows["outcome"].tolist() == ["gone", "came"]
    assert rows["is_replaced"].tolist() == [True, False]


@pytest.mark.parametrize("as_of", ["2019-12-20", "2025-06-09"])
def test_a_later_surface_says_the_same_of_an_earlier_day(surfaces: dict[str, pd.DataFrame], as_of: str) -> None:
    early = tariffs.knowledge_surface("CN", as_of=as_of)
    for of in (tariffs.schedule_errors, tariffs.scheduled_dates):
        pd.testing.assert_frame_equal(of(surfaces["CN"], as_of=as_of), of(early, as_of=as_of))


def test_errors_are_those_of_the_averages_asked_one_by_one(surfaces: dict[str, pd.DataFrame]) -> None:
    table = tariffs.schedule_errors(surfaces["CN"], horizons=(90,)).set_index("year_on")
    days = pd.date_range("2020-01-01", "2020-12-31", freq="D")
    wide = tariffs.widened(surfaces["CN"], days=[*(days - pd.Timedelta(days=90)), LAST], on=list(days)).to_numpy()
    errors = np.diag(wide[:-1]) - wide[-1]
    assert table.loc[pd.Timestamp("2020-01-01"), "days"] == len(days)
    assert table.loc[pd.Timestamp("2020-01-01"), "mean_abs_frac"] == pytest.approx(np.abs(errors).mean())
    assert table.loc[pd.Timestamp("2020-01-01"), "bias_frac"] == pytest.approx(errors.mean())


@pytest.mark.parametrize("days", [0, -1, 731])
def test_a_horizon_without_sense_is_refused_in_one_sentence(days: int) -> None:
    with pytest.raises(ParameterError, match="horizon_days must be from 1 to 730"):
        tariffs.schedule_errors(MADE_UP, as_of="2025-03-10", horizons=(days,))


def test_before_anything_came_due_the_page_says_so() -> None:
    dates = {"US": tariffs.scheduled_dates(MADE_UP, as_of="2025-01-10")}
    errors = {"US": tariffs.schedule_errors(MADE_UP, as_of="2025-01-10")}
    assert narrate.believed_title(errors, 90) == "Too early to hold scheduled tariffs against those that came"
    assert narrate.expected_message(dates) == "No scheduled change of an average has come due"
    assert narrate.errors_message(errors, 90) == narrate.dates_message(dates) == narrate.trust_message(dates, 90) == ""
    assert [fact.value for fact in narrate.believed_facts(errors, dates, 90)] == ["0"]


def test_the_page_tells_the_largest_rise_that_never_came_and_how_late_dates_were_moved(surfaces: dict[str, pd.DataFrame]) -> None:
    dates = {importer: tariffs.scheduled_dates(surface) for importer, surface in surfaces.items()}
    errors = {importer: tariffs.schedule_errors(surface, horizons=(1, 90)) for importer, surface in surfaces.items()}
    duties = tariffs.announcements(layers="all")
    assert narrate.expected_message(dates) == "On 12 August 2025 the average Chinese tariff was to be 55.1%; it was 31.1%"
    told = narrate.never_came_text(dates, duties).text
    assert (
        "**12 August 2025**, US tariffs on Chinese goods: 57.8% instead of 42.5%, set on 12 May 2025; moved or called off on 11 August"
        in told
    )
    assert "**10 November 2026**, US tariffs on Chinese goods: 48.8% instead of 33.9%, set on 4 November 2025; moved" in told
    assert "**10 November 2025**" not in told  # another change took its place on that day
    assert "1 day ahead: off by" in narrate.errors_text(errors, duties, 1).text
