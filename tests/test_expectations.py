"""What the law had scheduled, held against what came."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tradelib import narrate, tables, tariffs, wording
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


# As above, but the 20% come on 31 January, and on 21 February a text lowers them to 15% from 31 January on.
BACK_TO_THEN = made_up(
    ("2025-01-01", "2018-01-01", 0.10),
    ("2025-01-11", "2018-01-01", 0.10), ("2025-01-11", "2025-01-31", 0.20),
    ("2025-02-21", "2018-01-01", 0.10), ("2025-02-21", "2025-01-31", 0.15),
)  # fmt: skip


def test_a_change_that_is_altered_after_its_day_came_and_is_told_apart() -> None:
    def told(as_of: str) -> tuple[object, ...]:
        (row,) = tariffs.scheduled_dates(BACK_TO_THEN, as_of=as_of).itertuples()
        revised = None if pd.isna(row.revised_on) else f"{row.revised_on:%m-%d}"
        return row.outcome, row.expected_frac, row.realised_frac, row.revised_frac, revised

    assert told("2025-02-20") == ("came", 0.20, 0.20, 0.20, None)
    assert told("2025-02-21") == ("came", 0.20, 0.20, 0.15, "02-21")
    assert tariffs.trust(tariffs.scheduled_dates(BACK_TO_THEN, as_of="2025-02-21"), ahead=(1,))["came_frac"].tolist() == [1.0]
    came = expectations.realised(BACK_TO_THEN, as_of=date(2025, 2, 21)).set_index("on")["weighted_frac"]
    assert [came.asof(pd.Timestamp(day)) for day in ("2025-01-30", "2025-01-31", "2025-02-20", "2025-02-21")] == [0.10, 0.20, 0.20, 0.15]
    # The law of the day before was right on each of the 79 days from 2 January on, but for the day of the text.
    (_, all_years) = (row for _, row in tariffs.schedule_errors(BACK_TO_THEN, as_of="2025-03-21", horizons=(1,)).iterrows())
    assert (all_years["days"], all_years["right_frac"]) == (79, pytest.approx(78 / 79))


@pytest.mark.parametrize("as_of", ["2019-12-20", "2020-06-30", "2025-04-10", "2025-04-11", "2025-06-09", "latest"])
@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_what_came_is_what_was_set_and_an_alteration_back_to_then_is_told(
    surfaces: dict[str, pd.DataFrame], importer: str, as_of: str
) -> None:
    """The average of the day, as known on it, is the one last scheduled; where a later text moved it by half a point, its day is named."""
    table = tariffs.scheduled_dates(surfaces[importer], as_of=as_of)
    came = table[table["outcome"].eq(expectations.CAME)]
    assert len(came)
    np.testing.assert_allclose(came["realised_frac"], came["expected_frac"], rtol=0, atol=1e-12)
    is_off = (table["revised_frac"] - table["realised_frac"]).abs() >= expectations.STEP
    assert table["revised_on"].notna().tolist() == is_off.tolist()
    assert (table.loc[is_off, "revised_on"] > table.loc[is_off, "scheduled_on"]).all()
    told = narrate.trust_text({importer: table}, tariffs.announcements(layers="all")).text
    for row in came[came["revised_on"].notna()].itertuples():
        assert f"{moved_words(row)} for {row.scheduled_on.day} {row.scheduled_on:%B %Y}" in told
    assert ("altered afterwards" in told) == came["revised_on"].notna().any()


def moved_words(row: object) -> str:
    return " to ".join(wording.percents(row.realised_frac, row.revised_frac))


def test_the_exemptions_of_11_april_2025_lowered_what_had_come(surfaces: dict[str, pd.DataFrame]) -> None:
    """Presidential Memorandum of 11 April 2025: electronics are exempt from the reciprocal duty from 5 April 2025 on."""
    for as_of, now, revised in (("2025-04-10", [0.424, 1.043, 1.386], []), ("2025-04-11", [0.402, 0.856, 1.108], ["2025-04-11"] * 3)):
        table = tariffs.scheduled_dates(surfaces["US"], as_of=as_of)
        rows = table[table["outcome"].eq("came") & table["scheduled_on"].between("2025-04-05", "2025-04-10")]
        assert rows["scheduled_on"].dt.day.tolist() == [5, 9, 10]
        assert rows["realised_frac"].round(3).tolist() == rows["expected_frac"].round(3).tolist() == [0.424, 1.043, 1.386]
        assert rows["revised_frac"].round(3).tolist() == now
        assert rows["revised_on"].dropna().dt.strftime("%Y-%m-%d").tolist() == revised
        shown = tables.scheduled_dates({"US": table}, tariffs.announcements(layers="all"))._repr_mimebundle_()["text/plain"]
        assert shown.count("came and lowered later") == len(revised)


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
    wide = tariffs.widened(surfaces["CN"], days=[*(days - pd.Timedelta(days=90)), *days], on=list(days)).to_numpy()
    errors = np.diag(wide[: len(days)]) - np.diag(wide[len(days) :])
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


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2025-01-25", "No scheduled change of an average has come due"),
        ("2025-01-31", "On 31 January 2025 the average US tariff was to be 20%; it was 10%"),
    ],
)
def test_the_figure_says_what_became_of_scheduled_rises_by_the_day(as_of: str, said: str) -> None:
    assert narrate.expected_message({"US": tariffs.scheduled_dates(MADE_UP, as_of=as_of)}) == said


def test_the_figure_calls_every_change_kept_only_where_none_was_replaced() -> None:
    kept = tariffs.scheduled_dates(BACK_TO_THEN, as_of="2025-02-21")
    assert narrate.expected_message({"US": kept}) == "Every change of an average that has come due came on its date"
    replaced = pd.concat([kept.assign(outcome="gone", is_replaced=True), kept], ignore_index=True)
    assert (
        narrate.expected_message({"US": replaced}) == "Every scheduled rise of an average came on its date, though not always as first set"
    )


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


def test_an_alteration_counts_from_the_day_on_which_it_comes_to_half_a_point() -> None:
    """On 11 February a first text lowers the 20% of 31 January by a fifth of a point, which is none yet."""
    first = made_up(("2025-02-11", "2018-01-01", 0.10), ("2025-02-11", "2025-01-31", 0.198))
    surface = pd.concat([BACK_TO_THEN, first]).sort_values(["as_of", "on"], ignore_index=True)

    def told(as_of: str) -> tuple[object, ...]:
        (row,) = tariffs.scheduled_dates(surface, as_of=as_of).itertuples()
        return row.realised_frac, row.revised_frac, None if pd.isna(row.revised_on) else f"{row.revised_on:%m-%d}"

    assert told("2025-02-15") == (0.20, 0.198, None)
    assert told("2025-02-21") == (0.20, 0.15, "02-21")
