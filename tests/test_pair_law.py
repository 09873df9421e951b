"""`tariffs.Law`: one pair and one day of knowledge, prepared once; its questions are those of the functions."""

import dataclasses
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradelib import catalogue, scenarios, sides, tariffs
from tradelib.errors import DayError, ParameterError
from tradelib.tariffs import Assumptions, Law
from tradelib.tariffs.prepared import KnownLaw

DAY = date(2025, 6, 9)
FIRST, LAST = catalogue.edition().evidence_from, catalogue.edition().evidence_through
DAYS = st.dates(FIRST, LAST + timedelta(days=400))
PAIRS, STANDINGS = st.sampled_from(tariffs.IMPORTERS), st.sampled_from(["law", "stated"])


def same(one: object, other: object) -> bool:
    if dataclasses.is_dataclass(one):
        return all(same(getattr(one, field.name), getattr(other, field.name)) for field in dataclasses.fields(one))
    if isinstance(one, pd.DataFrame):
        return one.equals(other)
    return one == other or (one != one and other != other)  # noqa: PLR0124


def test_known_values_of_three_days() -> None:
    law = Law("US", "2025-06-09")
    assert law.headline("2025-06-09").rate_frac == 0.30
    assert law.headline("2025-08-12").rate_frac == 0.54  # the snap-back, as scheduled then
    assert Law("US", "2025-08-11").headline("2025-08-12").rate_frac == 0.30  # it never came
    assert Law("CN", "2025-06-09").headline("2025-06-09").rate_frac == 0.10
    assert law.rates("2025-04-20").filter(like="870380", axis=0)["total_frac"].round(9).unique().tolist() == [1.475]
    assert law.explain("8703.80", "2025-04-20").total_frac == 1.475
    assert law.averages(["2025-06-09"])["weighted_frac"].round(4).tolist() == [0.4232]
    assert law.contributions("2025-06-09")["rate_frac"].sum() == pytest.approx(law.averages(["2025-06-09"])["weighted_frac"].iloc[0])


@settings(max_examples=25, deadline=None)
@given(importer=PAIRS, as_of=DAYS, on=DAYS, standing=STANDINGS)
def test_a_question_is_the_function_that_asks_it(importer: str, as_of: date, on: date, standing: str) -> None:
    law, asked = Law(importer, as_of, standing=standing), {"importer": importer, "as_of": as_of, "standing": standing}
    assert law.rates(on).equals(tariffs.line_rates(on=on, **asked))
    assert law.change_days(since=on) == tariffs.change_days(since=on, **asked)
    assert same(law.explain("8507.60", on), tariffs.explain("8507.60", on=on, **asked))
    assert law.contributions(on, by="section").equals(tariffs.contributions(on=on, by="section", **asked))


@pytest.mark.parametrize("importer", tariffs.IMPORTERS)
def test_the_slower_questions_are_the_functions_too(importer: str) -> None:
    law, asked, choice = Law(importer, DAY), {"importer": importer, "as_of": DAY}, Assumptions(partial_duties=True)
    assert law.panel(since="2025-01-01", layer="additional").equals(tariffs.panel(since="2025-01-01", layer="additional", **asked))
    assert law.averages(weights=2017, assumptions=choice).equals(tariffs.averages(weights=2017, assumptions=choice, **asked))
    assert law.weighted_path().equals(tariffs.weighted_path(**asked))
    assert law.headline_path().equals(tariffs.headline_path(**asked))
    assert same(law.headline("2025-08-12"), tariffs.headline(on="2025-08-12", **asked))
    whole = tariffs.schedule(as_of=DAY)
    assert sorted(law.schedule["measure_id"]) == sorted(whole.loc[whole["importer"].eq(importer), "measure_id"])


@settings(max_examples=25, deadline=None)
@given(importer=PAIRS, as_of=DAYS, later=st.integers(1, 400))
def test_nothing_that_became_known_later_is_in_a_law(importer: str, as_of: date, later: int) -> None:
    """Neither its rows, nor its rates once the newer law was asked."""
    law = Law(importer, as_of)
    before = law.rates(as_of)
    Law(importer, as_of + timedelta(days=later)).rates(as_of)
    assert (law.schedule["announced_on"] <= pd.Timestamp(as_of)).all()
    assert (law.schedule["known_on"] <= pd.Timestamp(as_of)).all()
    assert law.rates(as_of).equals(before)
    assert law.rates(as_of).equals(Law(importer, as_of).rates(as_of))


def test_latest_is_the_day_of_knowledge() -> None:
    law = Law("US", DAY)
    assert law.rates("latest").equals(law.rates(DAY))
    assert law.headline("latest").on == law.explain("9503", "latest").on == DAY
    assert law.averages(["latest"])["on"].dt.date.tolist() == law.averages("latest")["on"].dt.date.tolist() == [DAY]
    assert Law("US").as_of == LAST


def test_a_law_cannot_be_changed_through_what_it_gives() -> None:
    law = Law("US", DAY)
    with pytest.raises(dataclasses.FrozenInstanceError):
        law.as_of = date(2026, 1, 1)
    before = law.rates(DAY)
    for frame, column in ((law.schedule, "is_country_wide"), (law.rates(DAY), "total_frac")):
        frame[column] = 0
    assert law.rates(DAY).equals(before)
    assert law.schedule["is_country_wide"].any()


def test_a_supposed_law_answers_from_what_is_supposed() -> None:
    on, supposed = "2026-12-01", scenarios.schedule(scenarios.load("april_2025"), as_of=LAST)
    law, known = Law("US", LAST, supposed=supposed), Law("US", LAST)
    expected = tariffs.headline_rate(supposed, importer="US", on=on)
    assert expected != known.headline(on).rate_frac
    assert (law.headline(on).rate_frac, law.headline(on).stated_rate_frac, law.headline(on).state) == (expected, None, "supposed")
    assert law.headline(on).stated.empty
    assert law.rates(on).equals(tariffs.line_rates(on=on, importer="US", as_of=LAST, rates=supposed))
    table = law.averages([on])
    assert (table["state"].tolist(), table["headline_frac"].tolist()) == (["supposed"], [pytest.approx(expected)])
    assert np.isnan(law.explain("9503", on).stated_total_frac)
    again = Law("US", LAST, supposed=tariffs.bind(supposed, "US"))
    assert again.rates(on).equals(law.rates(on))
    assert "supposed" not in repr(known)


def test_what_officials_only_stated_counts_where_asked_for() -> None:
    """On 2 November 2025 the White House had stated what it would do; its orders came on the 4th."""
    by_law, stated = (Law("US", "2025-11-02", standing=word).headline("2025-11-10") for word in ("law", "stated"))
    assert (by_law.rate_frac, by_law.stated_rate_frac, len(by_law.stated)) == (0.54, 0.20, 2)
    assert (stated.rate_frac, stated.stated_rate_frac, len(stated.stated)) == (0.20, None, 2)


@pytest.mark.parametrize("as_of", ["2018-09-01", "2025-06-09"])
@pytest.mark.parametrize("code", ["870380", "732690"])
def test_what_would_be_due_by_statements_is_told_of_the_line_asked_about(code: str, as_of: str) -> None:
    """Also on a day of knowledge on which fewer general rates are known, where lines of another depth would stand at its place."""
    told = Law("CN", as_of).explain(code, as_of)
    stated = float(Law("CN", as_of, standing="stated").rates(as_of).loc[code, "total_frac"])
    expected = stated if round(stated, 9) != told.total_frac else np.nan
    assert told.stated_total_frac == pytest.approx(expected, nan_ok=True)


def test_a_law_is_shown_in_a_few_lines() -> None:
    lines = repr(Law("CN", "2025-06-09")).splitlines()
    assert lines[:4] == [
        "Law", f"  pair                {sides.pair('CN').duties}", "  as_of               2025-06-09", "  standing            instrument",
    ]  # fmt: skip
    assert lines[4].startswith("  families            cn_")
    assert len(lines) == 5


@pytest.mark.parametrize("form", ["US", " us", sides.pair("US"), sides.Pair(sides.US, sides.CN)])
def test_a_pair_is_itself_or_the_side_that_collects(form: object) -> None:
    assert Law(form, DAY).pair is sides.PAIRS["US"] or Law(form, DAY).pair == sides.PAIRS["US"]
    assert Law(form, DAY).importer == "US"


@pytest.mark.parametrize(
    ("given_", "error", "words"),
    [
        ({"pair": "EU"}, ParameterError, "pair must be US or CN, the side that collects, or a Pair of sides, not 'EU'"),
        ({"pair": "both"}, ParameterError, "pair must be US or CN"),
        ({"pair": None}, ParameterError, "pair must be US or CN"),
        ({"pair": "US", "as_of": "9 June 2025"}, DayError, "as_of must be an ISO day"),
        ({"pair": "US", "as_of": "2017-12-31"}, DayError, "2017-12-31"),
        ({"pair": "US", "standing": "rumour"}, ParameterError, "standing must be law"),
        ({"pair": "US", "supposed": pd.DataFrame({"a": [1]})}, ParameterError, "The rates are no schedule"),
        ({"pair": "US", "supposed": "april_2025"}, ParameterError, "supposed must be a table"),
    ],
)
def test_what_is_no_law_is_refused_in_one_sentence(given_: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words) as refused:
        Law(**given_)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda law: law.rates("2017-12-31"), "on must be 2018-01-01 or later"),
        (lambda law: law.panel(since="2017-12-31"), "The day of entry must be 2018-01-01 or later"),
        (lambda law: law.change_days(since="2017-12-31"), "The day of entry must be 2018-01-01 or later"),
        (lambda law: law.averages(["2017-12-31"]), "each day of on must be 2018-01-01 or later"),
        (lambda law: law.contributions("2017-12-31"), "on must be 2018-01-01 or later"),
        (lambda law: law.explain("9503", "2017-12-31"), "on must be 2018-01-01 or later"),
        (lambda law: law.rates("June"), "on must be an ISO day"),
        (lambda law: law.panel(layer="tax"), "layer must be total"),
        (lambda law: law.contributions(DAY, by="port"), "by must be family or section"),
        (lambda law: law.averages(weights=1999), "weights must be 2024 or 2017"),
        (lambda law: law.explain("0000", DAY), "Chapter 00 does not exist"),
    ],
)
def test_a_question_without_sense_is_refused_in_one_sentence(ask: object, words: str) -> None:
    with pytest.raises((DayError, ParameterError), match=words) as refused:
        ask(Law("US", DAY))
    assert "\n" not in str(refused.value)


def test_lines_are_prepared_once_a_depth() -> None:
    law = Law("US", DAY)
    assert law.over() is law.over(None)
    assert law.over(10) is not law.over()
    assert len(law.rates(DAY, digits=10)) > len(law.rates(DAY))
    assert isinstance(law, KnownLaw)
