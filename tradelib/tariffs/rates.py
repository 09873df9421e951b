"""The duty of every tariff line on any day, as known on any day."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from tradelib import ledger
from tradelib.doors import LATEST, Day, Standings, door, opened
from tradelib.errors import ParameterError
from tradelib.tariffs import granted, stacking
from tradelib.tariffs.books import Book
from tradelib.tariffs.prepared import KnownLaw
from tradelib.tariffs.stacking import DEFAULT, Assumptions

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
        `books.bind` where it is asked about more than once.
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
    return rates_on(KnownLaw(importer, as_of, standing=standing, supposed=rates), opened(on), assumptions, digits)


def rates_on(law: KnownLaw, on: date, assumptions: Assumptions, digits: int | None = None) -> pd.DataFrame:
    """See `line_rates`."""
    over = law.over(digits)
    layers, mfn = over.layers(on, assumptions), over.lines.mfn_on(on)
    additional = stacking.added(layers, len(mfn))
    columns = {"mfn_frac": mfn, **layers, "additional_frac": additional, "total_frac": mfn + additional}
    return pd.DataFrame(np.column_stack(list(columns.values())), index=over.lines.index, columns=list(columns), copy=False)


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
    law = KnownLaw(importer, as_of, standing=standing, supposed=rates)
    return panel_of(law, None if since is None else opened(since), None if until is None else opened(until), assumptions, layer)


def panel_of(law: KnownLaw, since: date | None, until: date | None, assumptions: Assumptions, layer: str) -> pd.DataFrame:
    """See `panel`."""
    over = law.over()
    if layer not in ("total", "additional", MFN, *over.book.families):
        message = f"layer must be total, additional, mfn or one of {', '.join(over.book.families)}, not {layer!r}."
        raise ParameterError(message)
    days = over.change_days(since, until)
    result = np.empty((len(days), len(over.lines.codes)))
    for row, day in enumerate(days):
        if layer == MFN:
            result[row] = over.lines.mfn_on(day)
            continue
        layers = over.layers(day, assumptions)
        result[row] = layers[layer] if layer in layers else stacking.added(layers, len(over.lines.codes))
        if layer == "total":
            result[row] += over.lines.mfn_on(day)
    return pd.DataFrame(result.T, index=over.lines.index, columns=pd.DatetimeIndex(days, name="on"), copy=False)


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
    over = KnownLaw(importer, as_of, standing=standing, supposed=rates).over()
    return over.change_days(None if since is None else opened(since), None if until is None else opened(until))


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
