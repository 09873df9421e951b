"""What a change of duties does to prices, imports, revenue and cost, line by line: partial equilibrium.

With a duty t, pass-through r and elasticity e, relative to a good without duty: buyers pay P = 1 + r t, sellers receive p = P / (1 + t),
and the quantity is proportional to P^-e. Trade of a base year fixes the quantity at the duty of that year; the effects are differences
between two duties, `before` and `after`:

- imports: p q, the customs value;
- revenue: t p q;
- cost to buyers: (P1 - P0) (q0 + q1) / 2, the trapezoid between both prices;
- loss of sellers: (p0 - p1) q1, what they receive less on what still comes;
- the same by the curve: the area under the curve of constant elasticity in place of the trapezoid; this is what the demand above gives, and
  the trapezoid is larger where prices move far;
- loss of the importing side: cost to buyers less the rise of revenue;
- deadweight loss: the triangle (P1 - P0) (q0 - q1) / 2, and the lost revenue t0 p0 (q0 - q1) on what no longer comes. Cost to buyers plus
  loss of sellers less the rise of revenue is exactly this;
- diverted: the part of the lost imports, at the prices before, that other suppliers sell. With a share s of the other side in all imports
  of the good, and k the elasticity between imports and home goods relative to that between suppliers, it is
  (1 - s) (1 - k) / ((1 - s) + k s) of the loss, for small changes.

Nothing else moves: no wages, no other prices, no other country's duties, no income.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tradelib import catalogue, tariffs
from tradelib.doors import LATEST, Day, door
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.rows import each
from tradelib.scenarios.schedules import begins_on

Floats = NDArray[np.float64]
TRADE_YEAR = 2024
BASE_DAY = date(TRADE_YEAR, 7, 1)
MOST_DRAWS = 100_000
HIGHEST_ELASTICITY = 20.0
# A duty above 1,000% is a mistake in units.
HIGHEST_DUTY = 10.0
_TORNADO_STEPS = 9
# An elasticity so near to one is one: the formula of the curve divides by the distance.
_ONE = 1e-9
# Draws worked on at once: few, so that what is worked on stays near the processor; about 25 MB for the lines of the United States.
_CHUNK = 16
_DUTIES = ("base_frac", "before_frac", "after_frac")
_NUMBERS = ("value_usd", *_DUTIES, "share_frac")
_DOLLARS = (
    "imports_before_usd", "imports_after_usd", "revenue_before_usd", "revenue_after_usd", "buyers_cost_usd", "sellers_loss_usd",
    "deadweight_usd", "buyers_cost_curve_usd", "lost_usd", "diverted_usd", "dearer_usd",
)  # fmt: skip


@dataclass(frozen=True)
class Behaviour:
    """How prices and buyers respond.

    Attributes
    ----------
    pass_through_frac
        share of a duty that buyers pay; the rest lowers the price before duty. 0 to 1.
    elasticity
        per cent by which quantity falls when the price with duty rises by one per cent; a positive number.
    home_foreign_ratio
        elasticity between imports and home goods relative to that between foreign suppliers; 0 to 1.
    """

    pass_through_frac: float
    elasticity: float
    home_foreign_ratio: float

    def __post_init__(self) -> None:
        for name, high in (("pass_through_frac", 1.0), ("home_foreign_ratio", 1.0)):
            value = getattr(self, name)
            if not (_is_number(value) and 0 <= value <= high):
                message = f"{name} must be a fraction from 0 to 1, not {value!r}; write 0.94 for 94%."
                raise ParameterError(message)
        if not (_is_number(self.elasticity) and 0 <= self.elasticity <= HIGHEST_ELASTICITY):
            message = (
                f"elasticity must be a number from 0 to {HIGHEST_ELASTICITY:g}, not {self.elasticity!r}; it is written without a minus: "
                "3.8 means that the quantity falls by 3.8% when the price rises by 1%."
            )
            raise ParameterError(message)


def ranges() -> pd.DataFrame:
    """Parameters of this model: default, range and where they come from.

    Returns
    -------
    DataFrame
        Indexed by `parameter`, the names of `Behaviour`: model, title, default, low, high, source, url, note; fixed reference data, the
        same on every day.
    """
    table = catalogue.load("model_parameters")
    return table[table["model"].eq("partial")].set_index("parameter").loc[[item.name for item in fields(Behaviour)]]


def behaviour(**given: float) -> Behaviour:
    """The default behaviour, with some parameters replaced; NaN keeps a default."""
    asked = {row.parameter: row.default for row in _ranges()}
    asked |= {name: value for name, value in given.items() if not (isinstance(value, float) and np.isnan(value))}
    return Behaviour(**asked)


class _Range(NamedTuple):
    parameter: str
    title: str
    default: float
    low: float
    high: float


def _ranges() -> Iterator[_Range]:
    return each(ranges().reset_index(), _Range)


@door
def lines(before: pd.DataFrame, after: pd.DataFrame, *, importer: str, on: Day, as_of: Day = LATEST) -> pd.DataFrame:
    """Every tariff line with trade, and its duties under two schedules on a day of entry.

    Parameters
    ----------
    before, after
        schedules, as `scenarios.schedule` gives them.
    importer
        `US` (goods of China, imports of 2024) or `CN` (goods of the United States, US exports of 2024).
    on
        day of entry at which they are compared.
    as_of
        day of knowledge.

    Returns
    -------
    DataFrame
        Indexed by `code`, lines with trade in 2024: value_usd (of that year), base_frac (duty on 1 July 2024, or on the last observed day
        where that is earlier), before_frac, after_frac, share_frac (the other side's share of the imports of the six-digit subheading in
        2024 from the partners held, which overstates it a little; NaN where not held). Duties are fractions; NaN where a duty is not known.
    """
    held = tariffs.lines(importer)
    base_on = min(BASE_DAY, catalogue.observed_through(as_of))
    dues = partial(tariffs.line_rates, importer=importer, as_of=as_of)
    table = pd.DataFrame(
        {
            "value_usd": held.weights[str(TRADE_YEAR)],
            "base_frac": dues(on=base_on)["total_frac"].to_numpy(),
            "before_frac": dues(on=on, rates=before)["total_frac"].to_numpy(),
            "after_frac": dues(on=on, rates=after)["total_frac"].to_numpy(),
            "share_frac": _shares(held.codes) if importer == "US" else np.nan,
        },
        index=held.index,
    )
    return table[table["value_usd"] > 0]


@door
def known_trade_frac(table: pd.DataFrame) -> float:
    """Share of the trade in `lines` whose duties are all known, and that every effect rests on."""
    return float(table.loc[_known(table), "value_usd"].sum() / table["value_usd"].sum())


@door
def effects(table: pd.DataFrame, how: Behaviour) -> pd.DataFrame:
    """Effects on every line whose duties are known.

    Parameters
    ----------
    table
        as `lines` gives it; value_usd, base_frac, before_frac, after_frac and share_frac are used.
    how
        the response.

    Returns
    -------
    DataFrame
        Indexed by `code` like `table`, without lines of unknown duty: price_change_frac (price with duty), quantity_change_frac, and in US
        dollars of the base year the columns that the module defines: imports_before_usd, imports_after_usd, revenue_before_usd,
        revenue_after_usd, buyers_cost_usd, sellers_loss_usd, deadweight_usd, buyers_cost_curve_usd (the area under the curve of constant
        elasticity in place of the trapezoid), lost_usd (imports lost, at prices before), diverted_usd (NaN where `share_frac` is),
        dearer_usd (what the imports before would cost more).

    Raises
    ------
    ParameterError
        a duty above 1,000% or below -100%, which is a mistake in units.
    """
    held = _sound(table)
    one = {name: np.array([[value]]) for name, value in asdict(how).items()}
    parts = _kernel(_numbers(held), **one)
    result = {name: values[0] for name, values in parts.items()}
    return pd.DataFrame(result, index=held.index)[["price_change_frac", "quantity_change_frac", *_DOLLARS]]


def _sound(table: pd.DataFrame) -> pd.DataFrame:
    """Lines whose duties are known; refuses duties that cannot be."""
    held = table[_known(table)]
    for name in _DUTIES:
        strange = held[(held[name] > HIGHEST_DUTY) | (held[name] <= -1)]
        if len(strange):
            message = f"{name} of {strange.index[0]} is {strange[name].iloc[0]:g}; duties are fractions of value: write 0.30 for 30%."
            raise ParameterError(message)
    return held


@door
def totals(parts: pd.DataFrame) -> pd.Series:
    """Sums of `effects`: the dollar columns, and the outcomes that reports show (see `simulate`)."""
    return _outcomes(parts[list(_DOLLARS)].sum(skipna=False).to_frame().T).iloc[0]


def span(low: float, given: float, high: float) -> tuple[float, float, float]:
    """Ends and mode of what is drawn: the range, with its mode at the value given, and wide enough to hold it."""
    return min(low, given), given, max(high, given)


def check_draws(draws: int, seed: int = 0) -> None:
    """Refuse a number of draws, or a seed, that is none or out of range."""
    if isinstance(draws, bool) or not isinstance(draws, int) or not 1 <= draws <= MOST_DRAWS:
        message = f"draws must be a whole number from 1 to {MOST_DRAWS:,}, not {draws!r}; 2,000 give intervals to about a twentieth."
        raise ParameterError(message)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        message = f"seed must be a whole number of 0 or more, not {seed!r}; the same seed gives the same draws."
        raise ParameterError(message)


@door
def simulate(table: pd.DataFrame, how: Behaviour, *, draws: int, rng: np.random.Generator) -> pd.DataFrame:
    """Outcomes under parameters drawn from their ranges.

    Parameters
    ----------
    table
        as `lines` gives it.
    how
        the parameters given.
    draws
        how many, 1 to 100,000. Each draws every parameter once, for all lines, from a triangular distribution over its range with its mode
        at the value given; a value outside the range widens it.
    rng
        the source of randomness; the same seed gives the same draws.

    Returns
    -------
    DataFrame
        One row a draw: the parameters pass_through_frac, elasticity and home_foreign_ratio; the dollar columns of `effects`, summed;
        imports_change_usd, imports_change_frac, price_change_frac (mean over the imports before), revenue_change_usd, own_loss_usd,
        deadweight_curve_usd (both by the curve), diversion_share_frac.

    Raises
    ------
    ParameterError
        fewer than one draw, or more than 100,000.
    """
    check_draws(draws)
    held = table[_known(table)]
    drawn = pd.DataFrame(
        {row.parameter: rng.triangular(*span(row.low, getattr(how, row.parameter), row.high), size=draws) for row in _ranges()}
    )
    # Lines with the same three duties respond alike: each group is worked out once, for the sum of its trade.
    # Only diversion differs inside it, and is alike where China's share is: in the lines of a subheading.
    held = held.sort_values([*_DUTIES, "share_frac"], kind="stable")
    finer = _beginnings(held, [*_DUTIES, "share_frac"])
    held = held.iloc[finer].assign(value_usd=np.add.reduceat(held["value_usd"].to_numpy(), finer))
    starts = _beginnings(held, list(_DUTIES))
    values, shares = held["value_usd"].to_numpy(), held["share_frac"].to_numpy()
    groups = _numbers(held.iloc[starts].assign(value_usd=np.add.reduceat(values, starts), share_frac=0.0))
    columns = {str(name): drawn[[name]].to_numpy() for name in drawn}
    sums = np.empty((draws, len(_DOLLARS)))
    for first in range(0, draws, _CHUNK):
        some = {name: values_of[first : first + _CHUNK] for name, values_of in columns.items()}
        parts = dict(_kernel(groups, **some))
        taken = np.add.reduceat(values * _diverted_frac(shares, some["home_foreign_ratio"]), starts, axis=1)
        parts["diverted_usd"] = parts["lost_usd"] * taken / groups["value_usd"]
        sums[first : first + _CHUNK] = np.column_stack([parts[name].sum(axis=1) for name in _DOLLARS])
    return drawn.join(_outcomes(pd.DataFrame(sums, columns=list(_DOLLARS))))


@door
def intervals(draws: pd.DataFrame) -> pd.DataFrame:
    """Median and 90% range of each outcome of `simulate`: columns median, low (5%), high (95%)."""
    table = draws.quantile([0.5, 0.05, 0.95]).T
    return table.set_axis(["median", "low", "high"], axis="columns").rename_axis("outcome")


OUTCOMES = {
    "price_change_frac": "Price with duty, mean over the imports before",
    "imports_change_frac": "Imports, customs value",
    "imports_change_usd": "Imports, customs value",
    "revenue_change_usd": "Revenue",
    "buyers_cost_curve_usd": "Cost to buyers",
    "own_loss_usd": "Loss of the importing side: buyers' cost less revenue",
    "sellers_loss_usd": "Loss of sellers on what they still sell",
    "deadweight_curve_usd": "Deadweight loss, of importing side and sellers",
    "buyers_cost_usd": "Cost to buyers, by the trapezoid",
    "deadweight_usd": "Deadweight loss, by the triangle",
    "diversion_share_frac": "Share of the change that others take over, or give up",
}


@door
def response(tables: Mapping[str, pd.DataFrame], how: Behaviour, *, draws: int, seed: int) -> pd.DataFrame:
    """Outcomes of both sides: at the given parameters, and over draws from their ranges.

    Parameters
    ----------
    tables
        for each importer its `lines`.
    how
        the response of the column `given`.
    draws, seed
        as for `simulate`; both sides get the same draws.

    Returns
    -------
    DataFrame
        One row per (importer, outcome), in the order of `OUTCOMES`: importer, outcome, title, given, median, low (5%), high (95%).
        Fractions or US dollars of 2024 a year, as the name of the outcome says. NaN where an outcome has no meaning or its data are not
        held.

    Raises
    ------
    ParameterError
        a seed that is no whole number of 0 or more; draws as for `simulate`.
    """
    check_draws(draws, seed)
    frames = [_response(_Lines(table), how, draws, seed).assign(importer=importer) for importer, table in tables.items()]
    result = pd.concat(frames, ignore_index=True)
    result["title"] = result["outcome"].map(OUTCOMES)
    return result[["importer", "outcome", "title", "given", "median", "low", "high"]]


@kept(maxsize=8)
def _response(lines_of: "_Lines", how: Behaviour, draws: int, seed: int) -> pd.DataFrame:
    at = totals(effects(lines_of.table, how))
    spread = intervals(simulate(lines_of.table, how, draws=draws, rng=np.random.default_rng(seed)))
    return spread.loc[list(OUTCOMES)].reset_index().assign(given=at[list(OUTCOMES)].to_numpy())


class _Lines:
    """A table of `lines`, equal to another with the same numbers: neighbouring days have the same, and what rests on them."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table
        numbers = (table[name].to_numpy(dtype=float).tobytes() for name in _NUMBERS)
        self._content = hashlib.sha256(b"".join(numbers)).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Lines) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)


@door
def most_affected(rows: pd.DataFrame) -> str:
    """The importer whose loss moves most, from `response`."""
    loss = rows[rows["outcome"].eq("own_loss_usd")].set_index("importer")["given"].abs()
    return str(loss.idxmax())


def assumptions() -> pd.DataFrame:
    """Parameters of both models with their papers: the table `model_parameters`."""
    return catalogue.load("model_parameters")


@door
def tornado(table: pd.DataFrame, how: Behaviour, *, outcome: str) -> pd.DataFrame:
    """What each parameter alone does to one outcome, over its range.

    Parameters
    ----------
    table
        as `lines` gives it.
    how
        the other parameters.
    outcome
        a column of `simulate`.

    Returns
    -------
    DataFrame
        One row a parameter, the widest span first: parameter, title, low, high (its range), lowest and highest (of the outcome, at steps
        over the range: it need not lie at the ends), lowest_at and highest_at (the parameter there), centre (the outcome as given).
    """
    return _tornado(_Lines(table), how, outcome)


@kept(maxsize=8)
def _tornado(lines_of: _Lines, how: Behaviour, outcome: str) -> pd.DataFrame:
    centre, held = totals(effects(lines_of.table, how))[outcome], _numbers(_sound(lines_of.table))
    spans = []
    for row in _ranges():
        low, _, high = span(row.low, getattr(how, row.parameter), row.high)
        steps = np.linspace(low, high, _TORNADO_STEPS)
        asked = {name: np.full((len(steps), 1), value) for name, value in asdict(how).items()} | {row.parameter: steps[:, np.newaxis]}
        parts = _kernel(held, **asked)
        results = _outcomes(pd.DataFrame({name: parts[name].sum(axis=1) for name in _DOLLARS}))[outcome].to_numpy()
        least, most = int(np.argmin(results)), int(np.argmax(results))
        spans.append(
            {
                "parameter": row.parameter,
                "title": row.title,
                "low": low,
                "high": high,
                "lowest": results[least],
                "highest": results[most],
                "lowest_at": steps[least],
                "highest_at": steps[most],
            }
        )
    frame = pd.DataFrame(spans).assign(centre=centre)
    return frame.iloc[(frame["lowest"] - frame["highest"]).argsort(kind="stable")].reset_index(drop=True)


@door
def average_duties(before: pd.DataFrame, after: pd.DataFrame, *, on: Day, as_of: Day = LATEST, base_on: Day) -> pd.DataFrame:
    """Average duties of both sides, weighted with the trade of 2024: what the model of general equilibrium takes as its shock.

    Parameters
    ----------
    before, after, on, as_of
        as for `lines`.
    base_on
        day of the duties in the model's base data; where it lies after the last observed day, that day is taken.

    Returns
    -------
    DataFrame
        One row an importer: importer, base_frac, before_frac, after_frac, over the lines whose duty is known in all three.
    """
    day = min(base_on, begins_on(as_of) - pd.Timedelta(days=1).to_pytimedelta())
    rows = []
    for importer in tariffs.IMPORTERS:
        dues = [
            tariffs.line_rates(on=moment, importer=importer, as_of=as_of, rates=rates)["total_frac"].to_numpy()
            for moment, rates in ((day, None), (on, before), (on, after))
        ]
        base, then, now = tariffs.common_averages(importer, dues)
        rows.append({"importer": importer, "base_frac": base, "before_frac": then, "after_frac": now})
    return pd.DataFrame(rows)


def _beginnings(sorted_rows: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Places where rows that are alike in some columns begin."""
    cells = sorted_rows[columns].to_numpy()
    return np.flatnonzero(np.concatenate([[True], (cells[1:] != cells[:-1]).any(axis=1)])[: len(cells)])


def _numbers(held: pd.DataFrame) -> dict[str, Floats]:
    return {name: held[name].to_numpy() for name in _NUMBERS}


def _kernel(
    held: Mapping[str, Floats], *, pass_through_frac: np.ndarray, elasticity: np.ndarray, home_foreign_ratio: np.ndarray
) -> Mapping[str, np.ndarray]:
    """Effects on lines (columns) under parameters (rows, each of shape (n, 1)); arrays of shape (n, lines)."""
    value, base, before, after, share = (held[name] for name in _NUMBERS)
    paid = {moment: 1 + pass_through_frac * duty for moment, duty in (("base", base), ("before", before), ("after", after))}
    received = {"before": paid["before"] / (1 + before), "after": paid["after"] / (1 + after)}
    at_base = value * (1 + base) / paid["base"]
    first = at_base * np.exp(-elasticity * np.log(paid["before"] / paid["base"]))
    dearer = np.log(paid["after"] / paid["before"])
    ratio = np.exp(-elasticity * dearer)
    second = first * ratio
    step, fewer = paid["after"] - paid["before"], first - second
    imports_before, imports_after = received["before"] * first, received["after"] * second
    lost = received["before"] * fewer
    spent_before, spent_after = paid["before"] * first, paid["after"] * second
    with np.errstate(divide="ignore", invalid="ignore"):
        curve = np.where(
            np.abs(elasticity - 1) < _ONE,
            spent_before * dearer,
            (spent_after - spent_before) / (1 - elasticity),
        )
    return {
        "price_change_frac": step / paid["before"],
        "quantity_change_frac": ratio - 1,
        "imports_before_usd": imports_before,
        "imports_after_usd": imports_after,
        "revenue_before_usd": before * imports_before,
        "revenue_after_usd": after * imports_after,
        "buyers_cost_usd": step * (first + second) / 2,
        "sellers_loss_usd": (received["before"] - received["after"]) * second,
        "deadweight_usd": step * fewer / 2 + before * lost,
        "buyers_cost_curve_usd": curve,
        "lost_usd": lost,
        "diverted_usd": _diverted_frac(share, home_foreign_ratio) * lost,
        "dearer_usd": step / paid["before"] * imports_before,
    }


def _diverted_frac(share: Floats, home_foreign_ratio: Floats | float) -> Floats:
    """Part of the lost imports that other suppliers sell; see the module. None where there are no others."""
    with np.errstate(divide="ignore"):
        return (1 - home_foreign_ratio) / (1 + home_foreign_ratio * (share / (1 - share)))


def _outcomes(sums: pd.DataFrame) -> pd.DataFrame:
    """The summed dollars with the outcomes that are worked out from them."""
    change = sums["imports_after_usd"] - sums["imports_before_usd"]
    return sums.assign(
        imports_change_usd=change,
        imports_change_frac=change / sums["imports_before_usd"],
        price_change_frac=sums["dearer_usd"] / sums["imports_before_usd"],
        revenue_change_usd=sums["revenue_after_usd"] - sums["revenue_before_usd"],
        own_loss_usd=sums["buyers_cost_curve_usd"] - (sums["revenue_after_usd"] - sums["revenue_before_usd"]),
        deadweight_curve_usd=sums["deadweight_usd"] + sums["buyers_cost_curve_usd"] - sums["buyers_cost_usd"],
        # Where nothing is lost there is nothing to divert.
        diversion_share_frac=(sums["diverted_usd"] / sums["lost_usd"]).where(sums["lost_usd"].ne(0)),
    )


def _known(table: pd.DataFrame) -> pd.Series:
    return table[list(_DUTIES)].notna().all(axis="columns")


def _shares(codes: np.ndarray) -> np.ndarray:
    """China's share of the US imports of 2024 in the subheading of each line, from the partners held."""
    rows = catalogue.load("us_imports_2024_by_partner")
    totals_usd = rows.groupby("hs6")["imports_2024_usd"].sum()
    china = rows[rows["partner"].eq("China")].set_index("hs6")["imports_2024_usd"].reindex(totals_usd.index, fill_value=0.0)
    return (china / totals_usd).reindex(codes.astype("U6")).to_numpy()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.floating) and not isinstance(value, bool) and bool(np.isfinite(value))
