"""What may be asked of a report: values of its parameters, held against tables and models before any work begins.

The rooms that answer refuse the same values with the same sentences; here they are asked first, each for the parameters it knows.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from tradelib import catalogue, equilibrium, exposure, minerals, scenarios, tariffs, trade, truce
from tradelib.days import parse_day
from tradelib.errors import DayError, ParameterError
from tradelib.scenarios import schedules
from tradelib.tariffs.prepared import check_entry


def judge(values: Mapping[str, Any], changed: Collection[str], as_of: date) -> None:
    """Nothing, where every value that differs from its default can be asked for.

    Parameters
    ----------
    values
        all parameters of a notebook.
    changed
        names of those that are not the default.
    as_of
        day of knowledge.

    Raises
    ------
    TradelibError
        a value that is not held, or lies outside what is allowed; says which are.
    """
    for names, check in _CHECKS:
        if set(names) <= values.keys() and not set(names).isdisjoint(changed):
            check(as_of, *(values[name] for name in names))


def check_window(days: int) -> None:
    """Refuse a window that is shorter than a day, or longer than the edition."""
    edition = catalogue.edition()
    most = (edition.evidence_through - edition.evidence_from).days
    if not 1 <= days <= most:
        message = f"window_days must be from 1 to {most:,}, the days that this edition covers, not {days:,}."
        raise ParameterError(message)


def _story(as_of: date, since: str, agreement: str) -> None:
    truce.first_day(since, as_of=as_of)
    truce.commitments(as_of=as_of, agreement=agreement)


def _announcements(as_of: date, since: str, layers: str) -> None:
    day, first = parse_day(since, name="since"), catalogue.edition().evidence_from
    if day < first:
        message = f"since must be {first} or later, the first day that this edition covers, not {day}."
        raise DayError(message)
    if day > as_of:
        message = f"since must not lie after as_of ({as_of}), and {day} does."
        raise DayError(message)
    tariffs.announcements(as_of=as_of, since=day, layers=layers)


def _start(as_of: date, start: str) -> None:
    day = parse_day(start, name="start")
    if day > as_of:
        message = f"start must not lie after as_of ({as_of}), and {day} does."
        raise DayError(message)


def _product(_as_of: date, basket: str, codes: list[str], importer: str, weights_file: str) -> None:
    exposure.chosen(basket=basket, codes=codes, importer=importer, weights_file=weights_file)


def _apart(_as_of: date, scenario: str, compare_with: str) -> None:
    if scenarios.AUTO not in (scenario, compare_with):
        schedules.apart(scenarios.load(scenario), scenarios.load(compare_with))


def _draws(_as_of: date, draws: int, seed: int) -> None:
    scenarios.check_draws(draws, seed)


def _behaviour(_as_of: date, pass_through: float, elasticity: float, home_foreign_ratio: float) -> None:
    scenarios.Behaviour(pass_through_frac=pass_through, elasticity=elasticity, home_foreign_ratio=home_foreign_ratio)


def _model(_as_of: date, trade_elasticity: float, revenue: str, deficits: str) -> None:
    equilibrium.Parameters(trade_elasticity=trade_elasticity, revenue=revenue, deficits=deficits)


_CHECKS: tuple[tuple[tuple[str, ...], Callable[..., object]], ...] = (
    (("horizon_days",), lambda _, days: tariffs.check_horizon(days)),
    (("window_days",), lambda _, days: check_window(days)),
    (("since", "agreement"), _story),
    (("since", "layers"), _announcements),
    (("start",), _start),
    (("partners",), lambda _, names: trade.chosen_partners(names)),
    (("basis",), lambda as_of, base: trade.diversion(as_of=as_of, base=base)),
    (("year",), lambda as_of, year: minerals.chosen_year(year, as_of=as_of)),
    (("country",), lambda _, country: minerals.chosen_country(country)),
    (("basket", "codes", "importer", "weights_file"), _product),
    (("code",), lambda _, code: tariffs.find(code, "US")),
    (("scenario",), lambda _, name: name == scenarios.AUTO or scenarios.load(name)),
    (("compare_with",), lambda _, name: name == scenarios.AUTO or scenarios.load(name)),
    (("scenario", "compare_with"), _apart),
    (("on",), lambda _, day: check_entry(parse_day(day, name="on")) if day else None),
    (("on", "scenario"), lambda as_of, day, _: schedules.check_begun(parse_day(day, name="on"), as_of=as_of) if day else None),
    (("pass_through", "elasticity", "home_foreign_ratio"), _behaviour),
    (("draws", "seed"), _draws),
    (("trade_elasticity", "revenue", "deficits"), _model),
)
