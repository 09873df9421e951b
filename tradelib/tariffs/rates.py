"""The duty of every tariff line on any day, as known on any day."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, ledger
from tradelib.doors import LATEST, Day, Standings, door, opened, standings
from tradelib.errors import DayError, ParameterError
from tradelib.tariffs import granted, stacking
from tradelib.tariffs.law import check_importer
from tradelib.tariffs.membership import Membership, known_membership
from tradelib.tariffs.stacking import DEFAULT, Assumptions, Book
from tradelib.tariffs.tariff_lines import Lines, lines

MFN = "mfn"


@door
def line_rates(
    *,
    on: Day,
    importer: str,
    as_of: Day = LATEST,
    assumptions: Assumptions = DEFAULT,
    standing: Standings = ledger.LAW,
    rates: pd.DataFrame | Book | None = None,
    digits: int | None = None,
) -> pd.DataFrame:
    """Duty of every tariff line of one importer for one day of entry.

    Parameters
    ----------
    on
        day of entry, local time of the importer; from the first day of the edition on.
    importer
        `US` (goods of China) or `CN` (goods of the US).
    as_of
        day of knowledge; nothing announced later counts.
    assumptions
        what the law leaves open.
    standing
        as for `law.schedule`.
    rates
        a schedule of another making, in the shape of `law.schedule`, in place of the one known on `as_of`; bound to the importer by
        `stacking.bind` where it is asked about more than once.
    digits
        which lines; see `tariff_lines.lines`. By default those by which averages are made.

    Returns
    -------
    DataFrame
        One row a line, indexed by `code`, in order: `mfn_frac`; a column for each family of duties known on `as_of`; `additional_frac`,
        their sum; `total_frac`, with the most-favoured-nation rate. Fractions of customs value; NaN where a rate is not held.

    Raises
    ------
    DayError
        a day of entry before the edition begins.
    ParameterError
        an importer that is neither.
    """
    on = opened(on)
    held, over, scopes = prepare(on, importer, opened(as_of), standings(standing), rates, digits)
    layers = stacking.stack(held, over, scopes, on=on, assumptions=assumptions)
    mfn = over.mfn(on)
    additional = stacking.added(layers, len(over.codes))
    columns = {"mfn_frac": mfn, **layers, "additional_frac": additional, "total_frac": mfn + additional}
    return pd.DataFrame(np.column_stack(list(columns.values())), index=over.index, columns=list(columns), copy=False)


@door
def panel(
    *,
    importer: str,
    as_of: Day = LATEST,
    since: Day | None = None,
    until: Day | None = None,
    assumptions: Assumptions = DEFAULT,
    standing: Standings = ledger.LAW,
    rates: pd.DataFrame | Book | None = None,
    layer: str = "total",
) -> pd.DataFrame:
    """Duty of every line on every day on which any duty of the importer changes.

    Parameters
    ----------
    importer, as_of, assumptions, standing, rates
        as for `line_rates`.
    since, until
        first and last day of entry; by default the edition's first day and the last change that is scheduled.
    layer
        `total`, `additional`, `mfn`, or a family.

    Returns
    -------
    DataFrame
        Lines in rows (indexed by `code`), days in columns (the first day asked for and every change after it): fractions of customs value.

    Raises
    ------
    DayError, ParameterError
        as for `line_rates`; a layer that is not known.
    """
    since = since or catalogue.edition().evidence_from
    since = opened(since)
    held, over, scopes = prepare(since, importer, opened(as_of), standings(standing), rates)
    if layer not in ("total", "additional", MFN, *held.families):
        message = f"layer must be total, additional, mfn or one of {', '.join(held.families)}, not {layer!r}."
        raise ParameterError(message)
    days = change_days(importer=importer, as_of=as_of, since=since, until=until, standing=standing, rates=rates)
    result = np.empty((len(days), len(over.codes)))
    for row, day in enumerate(days):
        if layer == MFN:
            result[row] = over.mfn(day)
            continue
        layers = stacking.stack(held, over, scopes, on=day, assumptions=assumptions)
        result[row] = layers[layer] if layer in layers else stacking.added(layers, len(over.codes))
        if layer == "total":
            result[row] += over.mfn(day)
    return pd.DataFrame(result.T, index=over.index, columns=pd.DatetimeIndex(days, name="on"), copy=False)


@door
def change_days(
    *,
    importer: str,
    as_of: Day = LATEST,
    since: Day | None = None,
    until: Day | None = None,
    standing: Standings = ledger.LAW,
    rates: pd.DataFrame | Book | None = None,
) -> list[date]:
    """The first day asked for, and every later one on which a duty, a scope or a most-favoured-nation rate of the importer changes."""
    since = since or catalogue.edition().evidence_from
    since, last = opened(since), None if until is None else opened(until)
    held, over, scopes = prepare(since, importer, opened(as_of), standings(standing), rates)
    days = {*held.change_days(), *over.mfn_days(), *scopes.change_days(held.scopes())}
    return sorted({since} | {day for day in days if day > since and (last is None or day <= last)})


def prepare(
    on: date,
    importer: str,
    as_of: date,
    standing: tuple[str, ...],
    rates: pd.DataFrame | Book | None,
    digits: int | None = None,
) -> tuple[Book, Lines, Membership]:
    """The schedule, the lines and the scopes over them that a question is about, as known on its day; see `line_rates`."""
    check_importer(importer)
    first = catalogue.edition().evidence_from
    if on < first:
        message = f"The day of entry must be {first} or later, where this edition begins; {on} lies before."
        raise DayError(message)
    # A list changes on a later day where a known text sets a duty for that day, and the schedule asked about has it too.
    law = stacking.book(importer, as_of, standing)
    held = law if rates is None else rates if isinstance(rates, Book) else stacking.bind(rates, importer, claims=law.claims)
    days = law.days if held is law else law.days & held.days
    return held, lines(importer, digits=digits).known(as_of), known_membership(importer, digits, as_of, days)


def open_choices(importer: str, assumptions: Assumptions, *, exclusions: str = granted.WAIVED) -> list[Assumptions]:
    """The assumptions, and those with each way to count what the law leaves open: goods covered or exempt in part, exclusions of China.

    Parameters
    ----------
    exclusions
        the lower way to count China's exclusions; see `granted`.
    """
    ways = dict.fromkeys((assumptions.exclusions, exclusions)) if importer == "CN" else (assumptions.exclusions,)
    return [
        replace(assumptions, partial_duties=duties, partial_exemptions=exempt, exclusions=way)
        for duties in (False, True)
        for exempt in (False, True)
        for way in ways
    ]
