"""What people give: every public function takes a day in any form, an importer in any case, and refuses the rest in one sentence."""

import dataclasses
import functools
import importlib
import inspect
import re
import timeit
import typing
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tradelib
from tradelib import catalogue, doors, exposure, ledger, scenarios, tariffs, truce
from tradelib.cli import main
from tradelib.days import parse_day, parse_days
from tradelib.doors import LATEST, Day, Days, Standings, door
from tradelib.errors import DayError, ParameterError, TradelibError

DAY, LATER = date(2025, 6, 9), date(2026, 6, 9)
FORMS = {
    "iso": "2025-06-09",
    "datetime": datetime(2025, 6, 9, 23, 59),  # noqa: DTZ001
    "Timestamp": pd.Timestamp("2025-06-09 13:30"),
    "datetime64[D]": np.datetime64("2025-06-09"),
    "datetime64[ns]": np.datetime64("2025-06-09T12", "ns"),
}
NO_DAYS = [
    "2025-6-9", "09/06/2025", "today", "", "2025-02-30", "2025-06-09T00:00", "2025-06-09 00:00:00", 20250609, 2025.5, True,
    float("nan"), pd.NaT, np.datetime64("NaT"), np.datetime64("2025-06"), np.datetime64("2025"), np.datetime64("12000-01-01"),
    pd.Timestamp("2025-06-09", tz="UTC"), "2025-06-09T00:00Z", datetime(2025, 6, 9, tzinfo=UTC), b"2025-06-09", object(),
    {"day": 1}, DAY - DAY,
]  # fmt: skip
SUBJECTS = tuple(name for name in tradelib.__all__ if inspect.ismodule(getattr(tradelib, name)))
MODULES = (*SUBJECTS, "tariffs.validation")


def public() -> dict[str, typing.Callable]:
    """Every function that the modules export, by module and name."""
    found = {}
    for module_name in MODULES:
        module = importlib.import_module(f"tradelib.{module_name}")
        own = [name for name, item in vars(module).items() if getattr(item, "__module__", "") == module.__name__ and name[0] != "_"]
        for name in getattr(module, "__all__", own):
            if inspect.isfunction(getattr(module, name)):
                found[f"{module_name}.{name}"] = getattr(module, name)
    return found


def kinds(function: typing.Callable) -> dict[str, str]:
    """Parameters that are a day or days, by name."""
    hints = typing.get_type_hints(function)
    found = {}
    for name in inspect.signature(function).parameters:
        arguments = typing.get_args(hints.get(name)) or (hints.get(name),)
        if date in arguments:
            found[name] = "days" if any(typing.get_origin(item) is Iterable for item in arguments) else "day"
    return found


def has_a_door(function: typing.Callable) -> bool:
    return function.__code__.co_filename == doors.__file__


FUNCTIONS = public()
OF_DAYS = {name: function for name, function in FUNCTIONS.items() if kinds(function)}
PARAMETERS = [(name, key) for name, function in OF_DAYS.items() for key in kinds(function)]
# Importers of the model of whole economies are countries.
OF_IMPORTERS = {
    name: function
    for name, function in FUNCTIONS.items()
    if "importer" in inspect.signature(function).parameters and not name.startswith("equilibrium.")
}


@functools.cache
def examples() -> dict[str, object]:
    """A value for every parameter that is no day; by function and parameter, or by parameter alone."""
    rates = tariffs.schedule(as_of=DAY)
    steps = catalogue.load("tariff_steps", as_of=DAY).iloc[:0]
    line = tariffs.line_rates(on=DAY, importer="US", as_of=DAY)
    surface = tariffs.knowledge_surface("CN", as_of=DAY)
    return {
        "importer": "US", "code": "8517.13", "before": rates, "after": rates,
        "product": exposure.chosen(basket="", codes=["9503"], importer="US"),
        "rows": tariffs.proposals(as_of=DAY), "tariffs.bind.rows": rates, "rates": rates, "tariffs.headline_rate.rates": rates,
        "steps": steps, "measures": catalogue.load("tariff_measures", as_of=DAY).iloc[:0], "column": "weighted_frac",
        "table": tariffs.averages(importer="US", as_of=DAY), "truce.about.words": ["rare earth"], "tariffs.search.words": "battery",
        "agreement": "all", "layer": "total",
        "controls": truce.export_controls(as_of=DAY), "flow": "imports", "year": "2024", "basket": "", "codes": ["9503"],
        "scenario": scenarios.load("truce_lapses"), "dues": [line["total_frac"].to_numpy()], "series": "us_imports_from_china_usd",
        "trade.releases.series": ["us_imports_from_china_usd"], "trade.observations.series": ["us_imports_from_china_usd"],
        "tariffs.match_many.codes": ["8517.13"], "name": "events", "value": DAY, "sentences": ["Some imports were free of it (a source)."],
        "minerals.control_marks.controls": truce.export_control_steps(as_of=DAY),
        "surface": surface, "dates": tariffs.scheduled_dates(surface, as_of=DAY), "scenarios.of_the_day.name": "auto", "against": "auto",
        "trade.years_of.code": "8517", "frame": pd.DataFrame({"code": ["8517.13", "9503"], "value_usd": [1.0, 2.0]}),
    }  # fmt: skip


def call(name: str, **changed: object) -> object:
    """A function called with its examples, and some values of ours."""
    function = FUNCTIONS[name]
    needed = {}
    for key, item in inspect.signature(function).parameters.items():
        if key in changed:
            continue
        if item.default is item.empty:
            needed[key] = DAY if key in kinds(function) else examples().get(f"{name}.{key}", examples().get(key))
            assert needed[key] is not None, f"an example for {key} of {name} is missing in this test"
    first = [key for key, item in inspect.signature(function).parameters.items() if item.kind is item.POSITIONAL_OR_KEYWORD]
    whole = needed | changed
    placed = [whole.pop(key) for key in first if key in whole]
    return function(*placed, **whole)


def same(one: object, other: object) -> bool:
    """Whether two results hold the same."""
    if isinstance(one, pd.DataFrame | pd.Series | pd.Index):
        return type(one) is type(other) and one.equals(other)
    if dataclasses.is_dataclass(one):
        return type(one) is type(other) and all(
            same(getattr(one, field.name), getattr(other, field.name)) for field in dataclasses.fields(one) if field.compare
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(item, other[key]) for key, item in one.items())
    return one == other or (one != one and other != other)  # noqa: PLR0124


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_every_form_of_a_day_gives_what_the_date_gives(name, parameter):
    """Every function that takes a day, with ISO text and one more form in turn: both lead where the date leads."""
    base = {"as_of": LATER} if "as_of" in inspect.signature(FUNCTIONS[name]).parameters else {}
    expected = call(name, **base | {parameter: DAY})
    others = list(FORMS)[1:]
    for form in ("iso", others[PARAMETERS.index((name, parameter)) % len(others)]):
        assert same(call(name, **base | {parameter: FORMS[form]}), expected), form
    if kinds(FUNCTIONS[name])[parameter] == "days":
        index = pd.DatetimeIndex([DAY])
        for several in ([DAY], (DAY,), ["2025-06-09"], index, index.to_series(), index.to_numpy(), iter([DAY])):
            assert same(call(name, **base | {parameter: several}), expected)


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_what_is_no_day_is_refused_in_one_sentence(name, parameter):
    """NaT, None where a day is needed, numbers, a month, a time with a zone: DayError or ParameterError, and never a TypeError."""
    item = inspect.signature(FUNCTIONS[name]).parameters[parameter]
    for value in [*NO_DAYS, *([] if item.default is None else [None])]:
        if isinstance(value, str) and value in ("", "today") and parameter == "value":
            continue
        with pytest.raises((DayError, ParameterError)) as caught:
            call(name, **{parameter: value})
        said = str(caught.value)
        assert said.endswith(".")
        assert "\n" not in said
        assert parameter in said or parameter == "value"


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_a_day_that_the_edition_says_nothing_of_is_refused_in_whatever_form(name, parameter):
    """Beyond the horizon, and before the edition begins, where a span may begin: in the same words for a date as for a text."""
    base = {"as_of": LATER} if parameter != "as_of" and "as_of" in inspect.signature(FUNCTIONS[name]).parameters else {}
    early = [] if parameter in ("since", "start") else [date(1, 1, 1), date(2017, 12, 31)]
    for day in [date(9999, 1, 1), date(2037, 1, 1), *early]:
        said = []
        for form in (day, day.isoformat()):
            with pytest.raises(DayError) as caught:
                call(name, **base | {parameter: form})
            said.append(str(caught.value))
        assert said[0] == said[1]
        assert re.fullmatch(rf".* must be (2018-01-01 or later|2036-12-31 or earlier), .*{day}.*\.", said[0])


@pytest.mark.parametrize("name", [name for name, key in PARAMETERS if key == "as_of"])
def test_as_of_is_the_last_day_of_the_edition_where_it_is_left_out(name):
    """`as_of` left out, `latest`, and the last day itself are one."""
    last = catalogue.edition().evidence_through
    item = inspect.signature(FUNCTIONS[name]).parameters["as_of"]
    expected = call(name, as_of=last)
    assert same(call(name, as_of="latest"), expected)
    if name != "catalogue.load":
        assert item.default == LATEST
        assert same(call(name), expected)


@pytest.mark.parametrize("name", [name for name, key in PARAMETERS if key == "as_of" and name != "catalogue.observed_through"])
def test_a_day_of_knowledge_before_the_edition_is_refused_as_ever(name):
    """The edition begins on 1 January 2018."""
    for early in ("2017-12-31", pd.Timestamp("1999-01-01")):
        with pytest.raises(DayError, match="2018-01-01"):
            call(name, as_of=early)


@pytest.mark.parametrize("name", OF_IMPORTERS)
def test_importers_are_taken_in_any_case(name):
    """`us`, `Us` and ` US ` are the United States; what is no importer is refused in a sentence."""
    expected = call(name, importer="US")
    assert all(same(call(name, importer=written), expected) for written in ("us", "Us", " US "))
    for value in ("USA", "", None, 1, ["US"], float("nan"), pd.NaT):
        with pytest.raises(ParameterError, match="importer must be"):
            call(name, importer=value)


@pytest.mark.parametrize("name", [name for name, function in FUNCTIONS.items() if "weights" in inspect.signature(function).parameters])
def test_weights_may_be_a_number_of_a_year(name):
    """`weights=2024` is `weights="2024"`; another year, and what is none, is refused in a sentence."""
    expected = call(name, weights="2024")
    assert all(same(call(name, weights=year), expected) for year in (2024, np.int64(2024), 2024.0))
    for value in (1999, "imports", None, True, float("nan"), [2024], date(2024, 1, 1)):
        with pytest.raises(ParameterError, match="weights must be"):
            call(name, weights=value)


@pytest.mark.parametrize("name", [name for name, function in FUNCTIONS.items() if "standing" in inspect.signature(function).parameters])
def test_standing_may_be_law_or_stated(name):
    """The words of the command line stand for the tuples of the ledger, and every annotation says so."""
    assert typing.get_type_hints(FUNCTIONS[name])["standing"] == Standings
    for word, standing in (("law", ledger.LAW), ("stated", ledger.LAW_AND_STATEMENTS)):
        assert same(call(name, standing=word), call(name, standing=standing))
    for value in ("instrument", None, 3, [], [1]):
        with pytest.raises(ParameterError, match="standing must be"):
            call(name, standing=value)


@pytest.mark.parametrize("name", [name for name, function in FUNCTIONS.items() if has_a_door(function)])
def test_a_wrong_type_is_a_sentence_and_no_type_error(name):
    """Every parameter that is annotated with a plain type refuses an object of no meaning, before anything else is looked at."""
    for key, hint in typing.get_type_hints(FUNCTIONS[name]).items():
        if key in ("return", "draws") or hint in (np.ndarray, np.ndarray | None, list[np.ndarray], Sequence[str]):
            continue
        with pytest.raises(TradelibError, match=f"{key} must (be|hold) .* not <object"):
            FUNCTIONS[name](**{key: object()})


@pytest.mark.parametrize("value", FORMS.values(), ids=FORMS)
def test_one_function_takes_every_form(value):
    assert tariffs.headline_rate(examples()["rates"], importer="US", on=value) == tariffs.headline_rate(
        examples()["rates"], importer="US", on=DAY
    )


def test_a_day_in_london_is_refused_and_the_sentence_says_why():
    with pytest.raises(DayError, match=r"as_of must be a day without a time zone such as 2025-06-09, not .*depends on the place"):
        tariffs.headline(on=DAY, as_of=pd.Timestamp("2025-06-09", tz="Europe/London"), importer="US")


def test_days_of_a_list_are_named_one_by_one():
    with pytest.raises(DayError, match="each day of on must be an ISO day such as 2025-06-09, not NaT"):
        tariffs.averages(on=pd.DatetimeIndex(["2025-06-09", pd.NaT]), importer="US")
    with pytest.raises(ParameterError, match="on must hold one day at least"):
        tariffs.averages(on=[], importer="US")
    with pytest.raises(ParameterError, match="on must be days"):
        tariffs.averages(on=pd.DataFrame({"day": [DAY]}), importer="US")


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001
def test_the_time_of_day_never_moves_the_day(moment):
    forms = (moment, pd.Timestamp(moment), np.datetime64(moment), moment.date(), f"{moment:%Y-%m-%d}")
    assert {parse_day(form) for form in forms} == {moment.date()}


@given(st.lists(st.dates(), min_size=1, max_size=5))
def test_lists_of_days_keep_their_order(days):
    assert parse_days(days) == parse_days([day.isoformat() for day in days]) == parse_days(np.array(days, "datetime64[D]")) == days


def test_the_function_keeps_its_name_signature_and_docstring():
    assert tariffs.averages.__name__ == "averages"
    assert tariffs.averages.__doc__.startswith("Measures of protection")
    assert str(inspect.signature(tariffs.explain)).startswith("(code: str, *, on:")


def test_a_door_costs_less_than_binding_what_was_given_would():
    """Held against the plain way in the same run, so that a busy machine does not decide."""

    def plain(*, on: Day, importer: str, as_of: Day = LATEST, several: Days | None = None) -> tuple:
        return on, importer, as_of, several

    def seconds(call: Callable[[], object]) -> float:
        return min(timeit.repeat(call, number=500, repeat=20))

    opened, given = door(plain), {"on": "2025-06-09", "importer": "us", "as_of": DAY}
    assert opened(**given) == (date(2025, 6, 9), "US", DAY, None)
    assert seconds(lambda: opened(**given)) < 2 * seconds(lambda: inspect.signature(plain).bind(**given))


def test_the_command_line_takes_an_importer_in_any_case_and_latest_for_a_day(capsys):
    asked = ["rate", "8517.13", "--on", "2025-06-09", "--as-of", "2025-06-09", "--importer", "US", "--format", "csv"]
    assert main(asked) == 0
    expected = capsys.readouterr().out
    assert main([*asked[:-3], "us", *asked[-2:]]) == 0
    assert capsys.readouterr().out == expected
    assert main(["rate", "8517.13", "--on", "latest", "--format", "csv"]) == 0
    assert f"{catalogue.edition().evidence_through},{catalogue.edition().evidence_through},US" in capsys.readouterr().out
    assert main(["status", "--as-of", "2025-06-09T00:00"]) == 2
    assert capsys.readouterr().err == "tradelib: as_of must be an ISO day such as 2025-06-09, not '2025-06-09T00:00'.\n"
    assert main(["status", "--as-of", "today"]) == 2
    assert "called latest" in capsys.readouterr().err
    assert main(["refresh", "--due", "--on", "latest"]) == 2
    assert capsys.readouterr().err == "tradelib: --on must be an ISO day such as 2025-06-09, not 'latest'.\n"


def test_modules_that_take_days_have_no_function_without_a_door():
    """`catalogue` parses days itself: the door stands on it."""
    bare = [name for name, function in OF_DAYS.items() if not has_a_door(function) and not name.startswith("catalogue.")]
    assert bare == []
