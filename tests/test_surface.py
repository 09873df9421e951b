"""The surface of knowledge is the averages of every day as known on every day, asked at once."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradelib import catalogue, tariffs
from tradelib.errors import DayError, ParameterError
from tradelib.tariffs import Law, surface
from tradelib.tariffs.alike import COLUMNS

FIRST, LAST = catalogue.edition().evidence_from, catalogue.edition().evidence_through
KNOWN, ENTRY = st.dates(FIRST, LAST), st.dates(FIRST, LAST + timedelta(days=500))
IMPORTERS = st.sampled_from(tariffs.IMPORTERS)
# Days about which the two sides of a change of a list, of a rate or of the law lie.
EDGES = st.sampled_from([date(2025, 5, 12), date(2025, 8, 11), date(2025, 11, 4), date(2026, 4, 2), date(2021, 12, 31), LAST])


@pytest.fixture(scope="module")
def surfaces() -> dict[str, pd.DataFrame]:
    return {importer: tariffs.knowledge_surface(importer) for importer in tariffs.IMPORTERS}


def agree(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    np.testing.assert_allclose(found[[*COLUMNS]].to_numpy(), expected[[*COLUMNS]].to_numpy(), rtol=0, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(importer=IMPORTERS, as_of=KNOWN | EDGES, on=st.lists(ENTRY | EDGES, min_size=1, max_size=3))
def test_a_point_is_the_average_asked_alone(surfaces: dict[str, pd.DataFrame], importer: str, as_of: date, on: list[date]) -> None:
    expected = tariffs.averages(importer=importer, as_of=as_of, on=on)
    for column in COLUMNS:
        wide = tariffs.widened(surfaces[importer], column, days=[as_of], on=on)
        np.testing.assert_allclose(wide.to_numpy()[0], expected[column], rtol=0, atol=1e-12)


@settings(max_examples=6, deadline=None)
@given(importer=IMPORTERS, as_of=KNOWN, on=ENTRY, standing=st.sampled_from(["law", "stated"]), year=st.sampled_from([2017, 2024]))
def test_other_weights_and_statements_are_those_of_the_law(importer: str, as_of: date, on: date, standing: str, year: int) -> None:
    found = tariffs.knowledge_surface(importer, days=[as_of], on=[on], standing=standing, weights=year)
    agree(found, Law(importer, as_of, standing=standing).averages([on], weights=year))


def test_known_values_of_the_day_on_which_a_pause_was_to_end(surfaces: dict[str, pd.DataFrame]) -> None:
    """12 August 2025: 145% by the law of 11 May, 54% from the Geneva orders to the day before, 30% as it came."""
    table = tariffs.knowledge_surface("US", days=["2025-05-11", "2025-06-09", "2025-08-11"], on="2025-08-12")
    assert table["headline_frac"].tolist() == [1.45, 0.54, 0.30]
    assert table["as_of"].dt.date.tolist() == [date(2025, 5, 11), date(2025, 6, 9), date(2025, 8, 11)]
    china = tariffs.knowledge_surface("CN", days=["2025-06-09", "2025-08-12"], on="2025-08-12")
    assert china["headline_frac"].tolist() == [0.34, 0.10]
    assert (surfaces["US"].groupby("as_of")["on"].min() == pd.Timestamp(FIRST)).all()


@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
@pytest.mark.parametrize("as_of", ["2018-01-01", "2019-05-10", "2025-06-09"])
def test_a_surface_holds_nothing_that_became_known_later(surfaces: dict[str, pd.DataFrame], importer: str, as_of: str) -> None:
    """The surface of a day is the beginning of a later one; and its last state has the days of change of that day's law."""
    whole, early = surfaces[importer], tariffs.knowledge_surface(importer, as_of=as_of)
    pd.testing.assert_frame_equal(early, whole[whole["as_of"] <= as_of].reset_index(drop=True))
    newest = early[early["as_of"] == early["as_of"].max()]
    assert newest["on"].dt.date.tolist() == Law(importer, as_of).change_days()


@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_a_surface_is_remembered_by_the_last_day_on_which_something_became_known(surfaces: dict[str, pd.DataFrame], importer: str) -> None:
    told = surfaces[importer]["as_of"].dt.date.unique().tolist()
    assert [surface._since(importer, day) for day in told] == told
    assert surface._since(importer, told[-2] + timedelta(days=1)) < told[-1]


def test_every_day_has_the_values_of_the_latest_day_before_it(surfaces: dict[str, pd.DataFrame]) -> None:
    whole = surfaces["CN"]
    wide = tariffs.widened(whole, "headline_frac", on=["2025-05-13", "2025-05-14"])
    assert wide.loc["2025-05-12"].tolist() == wide.loc["2025-05-11"].tolist() == [1.25, 1.25]
    assert wide.loc["2025-05-13"].tolist() == [1.25, 0.10]
    assert (wide.index[0], wide.index[-1], len(wide)) == (whole["as_of"].min(), whole["as_of"].max(), len(pd.unique(wide.index)))


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda: tariffs.knowledge_surface("EU"), ParameterError, "importer must be US or CN"),
        (lambda: tariffs.knowledge_surface("CN", as_of="2017-12-31"), DayError, "2017-12-31"),
        (lambda: tariffs.knowledge_surface("CN", days=["2017-12-31"]), DayError, "2017-12-31"),
        (lambda: tariffs.knowledge_surface("CN", on=["2017-12-31"]), DayError, "on must be 2018-01-01 or later"),
        (lambda: tariffs.knowledge_surface("CN", as_of="2020-01-01", days=["2020-01-02"]), ParameterError, "days must not lie after as_of"),
        (lambda: tariffs.knowledge_surface("CN", weights=1999), ParameterError, "weights must be 2024 or 2017"),
        (lambda: tariffs.widened(tariffs.knowledge_surface("CN", days=["2020-01-02"]), "rate"), ParameterError, "column must be headline"),
        (
            lambda: tariffs.widened(tariffs.knowledge_surface("CN", days=["2020-01-02"]), days=["2020-01-01"]),
            ParameterError,
            "The surface begins with as_of 2020-01-02",
        ),
    ],
)
def test_what_is_no_surface_is_refused_in_one_sentence(ask: object, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words) as refused:
        ask()
    assert "\n" not in str(refused.value)
