"""What the duties on all lines come to: measures of protection, side by side, and their parts.

For one importer, one day of entry and lines i with trade shares w(i) (they sum to 1 over the lines whose most-favoured-nation rate
is held) and total duties t(i):

- simple average: the mean of t over tariff lines, each counted once (US: eight digits; China: subheadings of six);
- weighted average: the sum of w t, with the trade of a fixed year;
- uniform equivalent: the square root of the sum of w t squared; a spread of rates hurts more than their mean says;
- share covered: the sum of w where any additional duty is due;
- contribution of a family: the sum of w times its layer; contributions and the most-favoured-nation part add up to the weighted average.
"""

import bisect
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, hs, ledger
from tradelib.days import parse_days
from tradelib.doors import LATEST, Day, Days, Standings, door, opened
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.tariffs import books, stacking
from tradelib.tariffs.books import Book
from tradelib.tariffs.country_wide import total_of
from tradelib.tariffs.granted import GRANTED
from tradelib.tariffs.law import PAIRS, chosen
from tradelib.tariffs.metal_content import ON_METAL
from tradelib.tariffs.prepared import KnownLaw, Prepared, check_entry
from tradelib.tariffs.rates import open_choices, panel_of
from tradelib.tariffs.stacking import DEFAULT, Assumptions
from tradelib.tariffs.tariff_lines import WEIGHTS, Lines
from tradelib.tariffs.weights import DEFAULT_WEIGHTS, OWN, Weighting, weighting

# Until then the trade of 2017 tells more of what a duty fell on than that of 2024 does.
EARLY = date(2020, 12, 31)


@door
def averages(
    *,
    importer: str,
    as_of: Day = LATEST,
    on: Days | None = None,
    weights: str | int | pd.DataFrame = DEFAULT_WEIGHTS,
    assumptions: Assumptions = DEFAULT,
    standing: Standings = ledger.LAW,
    rates: pd.DataFrame | Book | None = None,
) -> pd.DataFrame:
    """Measures of protection of one importer on some days of entry.

    Parameters
    ----------
    importer, as_of, assumptions, standing, rates
        as for `rates.line_rates`.
    on
        days of entry, such as `pandas.date_range("2018-01-01", "2026-03-31")`; by default every day on which a duty changes, those
        scheduled after `as_of` included. A stretch of days without a change is computed once.
    weights
        the trade that weights the lines: its year, `2024` or `2017`, or a table with the columns code and value_usd; see
        `weights.weighting`.

    Returns
    -------
    DataFrame
        One row a day: on, importer, state (`in force`, `scheduled`, `by law, not observed`); headline_frac, simple_frac, weighted_frac,
        additional_frac, uniform_frac, covered_frac as the module defines them; lowest_frac and highest_frac, the weighted average if every
        line that a text covers or exempts only in part counted in the way that makes it lowest or highest, and the metal in goods that pay
        on it alone, where its share is the estimate, at the end of its interval; for China also with exclusions granted and with the ends
        of the general rate; granted_frac, the weighted average with exclusions as the WTO counts them and with known waivers (see
        `granted`; NaN for the United States, which has none); claimed_frac, the weighted average if goods that an exclusion describes count
        as exempt to the share of imports that claims it, NaN where none holds, or the share of one that holds had not been published (see
        `exclusions`); mfn_frac and one column a family, the contributions; matched_frac, the share of trade whose most-favoured-nation rate
        is held and that the averages rest on; certain_frac, the share of trade that no described goods, uses or later codes make uncertain;
        known_on. Fractions. With weights of one's own also unmatched_codes, those that name no tariff line, separated by `|`.

    Raises
    ------
    ParameterError
        weights that are not held; an importer that is neither.
    DayError
        a day before the edition begins.
    """
    return averages_of(KnownLaw(importer, as_of, standing=standing, supposed=rates), on, weights, assumptions)


def averages_of(law: KnownLaw, on: Days | None, weights: str | int | pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """See `averages`."""
    weighing, over = _weighting(law, weights), law.over()
    asked = [] if on is None else parse_days(on)
    if asked:
        check_entry(*asked)
    edges = over.change_days(min(asked, default=None), max(asked, default=None))
    days = asked or edges
    # Waivers are granted on official statements too: an end of a duty may change on a day on which the duty does not.
    stated = books.book(law.pair, law.as_of, ledger.LAW_AND_STATEMENTS)
    edges = sorted({*edges, *(day for day in stated.days if min(days) < day <= max(days))})
    begins = [edges[bisect.bisect_right(edges, day) - 1] for day in days]
    measured = {day: _of_day(over, day, weighing, assumptions) for day in dict.fromkeys(begins)}
    facts = [{"on": pd.Timestamp(day), "importer": law.importer, "state": law.state(day)} for day in days]
    table = pd.DataFrame([{**fact, **measured[begin]} for fact, begin in zip(facts, begins, strict=True)])
    if weighing.name == OWN:
        table["unmatched_codes"] = "|".join(weighing.lost)
    return table.drop(columns=[family for family in over.book.families if not table[family].fillna(0).ne(0).any()])


@door
def contributions(
    *,
    importer: str,
    on: Day,
    as_of: Day = LATEST,
    by: str = "family",
    weights: str | int | pd.DataFrame = DEFAULT_WEIGHTS,
    assumptions: Assumptions = DEFAULT,
    standing: Standings = ledger.LAW,
) -> pd.DataFrame:
    """Parts of the weighted average on one day.

    Parameters
    ----------
    by
        `family` (what a legal authority adds) or `section` (what the goods of a section add).
    importer, on, as_of, weights, assumptions, standing
        as for `averages`.

    Returns
    -------
    DataFrame
        By family: family, rate_frac (its contribution). By section: section, trade_frac (its share of trade), average_frac (weighted
        average within it), rate_frac (contribution). The column rate_frac sums to the weighted average.

    Raises
    ------
    ParameterError
        another `by`.
    """
    return contributions_of(KnownLaw(importer, as_of, standing=standing), opened(on), by, weights, assumptions)


def contributions_of(law: KnownLaw, on: date, by: str, weights: str | int | pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """See `contributions`."""
    over = law.over()
    layers, mfn = over.layers(on, assumptions), over.lines.mfn_on(on)
    due = mfn + stacking.added(layers, len(mfn))
    share = _matched_weights(_weighting(law, weights).share, due)
    if by == "family":
        parts = {"mfn": mfn, **layers}
        rows = [{"family": name, "rate_frac": float(np.nansum(share * rate))} for name, rate in parts.items()]
        table = pd.DataFrame(rows)
        return table[table["rate_frac"].ne(0) | table["family"].eq("mfn")].reset_index(drop=True)
    if by == "section":
        frame = pd.DataFrame({"section": hs.sections(over.lines.codes), "trade_frac": share, "rate_frac": share * np.nan_to_num(due)})
        table = frame.groupby("section").sum().reindex(hs.section_order())
        table = table[table["trade_frac"] > 0]
        table.insert(1, "average_frac", table["rate_frac"] / table["trade_frac"])
        return table.reset_index()
    message = f"by must be family or section, not {by!r}."
    raise ParameterError(message)


@door
def weighted_path(
    *, importer: str, as_of: Day = LATEST, weights: str | int | pd.DataFrame = DEFAULT_WEIGHTS, duties: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The weighted average of one importer on every day on which a duty changes: on, weighted_frac; see `averages`.

    Parameters
    ----------
    importer, as_of, weights
        as for `averages`.
    duties
        of every line on some days, as `rates.panel` gives them; by default on all days of change.
    """
    return weighted_path_of(KnownLaw(importer, as_of), weights, duties)


def weighted_path_of(law: KnownLaw, weights: str | int | pd.DataFrame, duties: pd.DataFrame | None) -> pd.DataFrame:
    """See `weighted_path`."""
    table = panel_of(law, None, None, DEFAULT, "total") if duties is None else duties
    share = _weighting(law, weights).share
    means = [float(np.nansum(_matched_weights(share, due) * due)) for due in table.to_numpy().T]
    return pd.DataFrame({"on": table.columns, "weighted_frac": means})


@door
def early_averages(*, as_of: Day = LATEST, importer: str = "both") -> pd.DataFrame:
    """Weighted averages of 2018 to 2020 with the trade of 2017, before the duties moved it, beside those with the trade of 2024.

    Returns
    -------
    DataFrame
        One row a (side, last day of a quarter that a report of the day may show): importer, on, weights_2017_frac, weights_2024_frac,
        matched_2017_frac (share of the trade of 2017 that the first rests on).
    """
    ends = pd.date_range(catalogue.edition().evidence_from, min(EARLY, catalogue.observed_through(as_of)), freq="QE")
    rows = []
    for side in chosen(importer) if len(ends) else ():
        paths = {year: known_path(side, opened(as_of), [end.date() for end in ends], year) for year in WEIGHTS[side]}
        for number, day in enumerate(ends):
            row = {f"weights_{year}_frac": float(table["weighted_frac"][number]) for year, table in paths.items()}
            rows.append({"importer": side, "on": day, **row, "matched_2017_frac": float(paths["2017"]["matched_frac"][number])})
    return pd.DataFrame(rows, columns=["importer", "on", "weights_2017_frac", "weights_2024_frac", "matched_2017_frac"])


@door
def monthly(table: pd.DataFrame, column: str, *, until: Day) -> pd.Series:
    """Mean of a column of `averages` over the days of each month.

    Parameters
    ----------
    table
        as `averages` returns it for every change day.
    until
        last day that counts.

    Returns
    -------
    Series
        Indexed by the first day of the month; every value held from its day to the next row's.
    """
    steps = table.set_index(pd.DatetimeIndex(table["on"]))[column]
    daily = steps.reindex(pd.date_range(steps.index[0], pd.Timestamp(until), freq="D"), method="ffill")
    return daily.groupby(pd.DatetimeIndex(daily.index).to_period("M").to_timestamp()).mean()


@door
def common_averages(importer: str, dues: list[np.ndarray], weights: str | int | pd.DataFrame = DEFAULT_WEIGHTS) -> list[float]:
    """Weighted averages of several sets of total duties, over the lines whose duty is known in all of them.

    An average over other lines is not comparable: a line whose rate is set and not named would drop out, and the rest look like a change.

    Parameters
    ----------
    importer
        `US` or `CN`.
    dues
        total duties of all its lines, as `rates.line_rates` gives them.
    weights
        as for `averages`.
    """
    share = weighting(weights, importer=importer).share * ~np.isnan(dues).any(axis=0)
    return [float(np.nansum(share * due) / share.sum()) for due in dues]


def known_path(importer: str, as_of: date, days: Sequence[date] | None = None, weights: str = DEFAULT_WEIGHTS) -> pd.DataFrame:
    """Weighted averages alone, a fraction of the work of `averages`: on, weighted_frac, matched_frac; by default on all days of change."""
    asked = known_over(importer, as_of).change_days() if days is None else list(days)
    found = [weighted(importer, day, as_of, weights, DEFAULT) for day in asked]
    parts = {name: [each[name] for each in found] for name in ("weighted_frac", "matched_frac")}
    return pd.DataFrame({"on": pd.DatetimeIndex(asked), **parts})


@kept(maxsize=4096)
def weighted(importer: str, on: date, as_of: date, weights: str, assumptions: Assumptions) -> Mapping[str, float]:
    """The weighted figures of one day alone: weighted_frac, additional_frac, covered_frac, matched_frac, mfn_frac and the families."""
    over = known_over(importer, as_of)
    check_entry(on)
    share = weighting(weights, importer=importer).share
    key = (_weighted, over.depends_on(on), weights, assumptions)
    return over.scopes.remembered.answer(key, lambda: _weighted(over.lines.mfn_on(on), _in_force(over, on, assumptions), share))


def _weighting(law: KnownLaw, weights: str | int | pd.DataFrame) -> Weighting:
    """The trade that weights the lines; that of a third country is not held."""
    if law.pair in PAIRS:
        return weighting(weights, importer=law.importer)
    message = f"No {law.pair.imports} are held by line, and an average needs them; rates and headlines of {law.pair} can be asked."
    raise ParameterError(message)


def _weighted(mfn: np.ndarray, layers: dict[str, np.ndarray], trade: np.ndarray) -> dict[str, float]:
    additional = stacking.added(layers, len(mfn))
    due = mfn + additional
    share = _matched_weights(trade, due)
    return {
        "weighted_frac": float(np.nansum(share * due)),
        "additional_frac": float(np.nansum(share * additional)),
        "uniform_frac": float(np.sqrt(np.nansum(share * due**2))),
        "covered_frac": float(share[(share > 0) & (additional > 0)].sum()),
        "mfn_frac": float(np.nansum(share * mfn)),
        **{family: float(np.nansum(share * layer)) for family, layer in layers.items()},
        "matched_frac": float(trade[~np.isnan(due)].sum()),
    }


@kept(maxsize=64)
def known_over(importer: str, as_of: date) -> Prepared:
    """The legal texts of a day laid over the lines by which averages are made."""
    return KnownLaw(importer, as_of).over()


def _of_day(over: Prepared, on: date, weighing: Weighting, assumptions: Assumptions) -> dict[str, object]:
    """The measures of one day."""
    check_entry(on)
    if weighing.name == OWN:
        found: Mapping[str, float] = _measures(over, on, weighing.share, assumptions)
    else:
        key = (_measures, over.depends_on(on), weighing.name, assumptions)
        found = over.scopes.remembered.answer(key, lambda: _measures(over, on, weighing.share, assumptions))
    known_on = [over.book.known_on[step.row] for step in over.book.active(on)]
    families = {family: found.get(family, 0.0) for family in over.book.families}
    return {
        "headline_frac": _headline(over.book, on),
        **{name: found[name] for name in _BEFORE},
        **families,
        **{name: found[name] for name in _AFTER},
        "known_on": max(known_on, default=pd.Timestamp(catalogue.edition().evidence_from)),
    }


_BEFORE = ("simple_frac", "weighted_frac", "additional_frac", "uniform_frac", "covered_frac", "mfn_frac")
_AFTER = ("matched_frac", "lowest_frac", "highest_frac", "granted_frac", "claimed_frac", "certain_frac")


def _in_force(over: Prepared, on: date, assumptions: Assumptions) -> dict[str, np.ndarray]:
    """The layers of the families of which a duty holds on a day."""
    layers, held = over.layers(on, assumptions), {step.family for step in over.book.active(on)}
    return {family: layer for family, layer in layers.items() if family in held}


def _measures(over: Prepared, on: date, trade: np.ndarray, assumptions: Assumptions) -> dict[str, float]:
    lines = over.lines
    mfn, (low, high) = lines.mfn_on(on), lines.mfn_ends(on)
    corners = over.dues(on, open_choices(lines.importer, assumptions, exclusions=GRANTED))
    due = corners[assumptions]
    share = _matched_weights(trade, due)
    # Most choices change nothing on most days: each set of duties is summed once.
    apart = {id(corner): corner for corner in corners.values()}
    ends = (low,) if low is high else (low, high)
    bounds = [float(np.nansum(share * (corner + end - mfn))) for corner in apart.values() for end in ends]
    sums = {name: float(np.nansum(share * corner)) for name, corner in apart.items()}
    means = {choice: sums[id(corner)] for choice, corner in corners.items()}
    bounds += _metal_ends(over, on, means, share)
    given = means[replace(assumptions, exclusions=GRANTED)] if lines.importer == "CN" else math.nan
    # Exclusions leave all goods on China's lists open; what is meant is whether a list covers the line. A line whose duty is not known in
    # one corner is not certain: the comparison with NaN is false.
    covered = {id(corner): corner for choice, corner in corners.items() if choice.exclusions == assumptions.exclusions}
    certain = (np.ptp(np.stack(list(covered.values())), axis=0) < stacking.ROUNDING) & lines.placed()
    return {
        "simple_frac": _simple(lines, due),
        **_weighted(mfn, _in_force(over, on, assumptions), trade),
        "lowest_frac": min(bounds),
        "highest_frac": max(bounds),
        "granted_frac": given,
        "claimed_frac": _claimed(over, on, assumptions, share),
        "certain_frac": float(trade[~np.isnan(due) & certain].sum()),
    }


def _metal_ends(over: Prepared, on: date, means: dict[Assumptions, float], share: np.ndarray) -> list[float]:
    """The lowest and the highest averages of some choices with the metal at the ends of its interval; none where it is no estimate."""
    if next(iter(means)).metal_content_frac is not None or not any(step.basis in ON_METAL for step in over.book.active(on)):
        return []
    # More metal never means less duty: the choices that are lowest and highest stay so.
    choices = [replace(end(means, key=means.__getitem__), metal_content_frac=word) for word, end in (("low", min), ("high", max))]
    return [float(np.nansum(share * over.due(on, choice))) for choice in choices]


def _claimed(over: Prepared, on: date, assumptions: Assumptions, share: np.ndarray) -> float:
    """The weighted average with described exclusions as far as imports claim them; NaN where no published share applies."""
    book = over.book
    exempt = {scope for step in book.active(on) if step.exempt for scope in book.exemptions(step, on)} & book.excluding
    if not exempt or exempt - book.claims.keys():
        return math.nan
    return float(np.nansum(share * over.due(on, replace(assumptions, claimed_exclusions=True))))


def _headline(held: Book, on: date) -> float:
    steps = (step for step in held.active(on) if held.is_country_wide[step.row])
    return total_of((step.family, step.rate_frac, step.within_family) for step in steps)


def _matched_weights(trade: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Shares of trade over the lines whose duty is known; 0 for the others."""
    known = np.where(np.isnan(total), 0.0, trade)
    share: np.ndarray = known / known.sum()
    return share


def _simple(over: Lines, total: np.ndarray) -> float:
    """Mean over tariff lines; the statistical lines of one tariff line count as one."""
    known = ~np.isnan(total)
    groups = over.groups[known]
    counted = np.bincount(groups)
    means = np.bincount(groups, weights=total[known])[counted > 0] / counted[counted > 0]
    return float(means.mean())
