"""Why a published figure differs from ours, cause by cause, with what each comes to.

No cause is a guess. Either the publisher's own calculator was laid beside our lines, and the table `benchmark_causes` holds what its
treatment adds or takes away; or a part that the publisher prints was laid beside ours; or our engine computes the other treatment for the
day of the figure: a heading laid over the schedule, other weights, another share of metal, lines left out. Effects are theirs less ours; a
cause of one family of duties is a cause of the average.

A gap of one figure that a later one carries on is no cause: why it is there is not known. It stays in the remainder.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from tradelib import catalogue
from tradelib.kept import kept
from tradelib.rows import each
from tradelib.tariffs import stacking
from tradelib.tariffs.law import schedule
from tradelib.tariffs.membership import literal_scope
from tradelib.tariffs.prepared import KnownLaw
from tradelib.tariffs.protection import known_over, weighted
from tradelib.tariffs.stacking import DEFAULT, Assumptions
from tradelib.tariffs.weights import DEFAULT_WEIGHTS

S232 = "s232"
_HALF = Assumptions(metal_content_frac=0.5, metal_chapters_frac=1.0)
_IN_PART = Assumptions(partial_duties=True)
# From here on statistical numbers were changed that the weights of 2024 still carry.
_RENUMBERED_FROM = pd.Timestamp("2026-01-01")


class Figure(NamedTuple):
    """A published figure: what of the table `benchmarks` says which it is."""

    benchmark_id: str
    publisher: str
    importer: str
    measure: str
    family: str
    applies_on: pd.Timestamp
    law_known_on: pd.Timestamp


class _Cause(NamedTuple):
    family: str
    effect_frac: float
    computed_as: str


class _Reach(NamedTuple):
    publisher: str
    importer: str
    benchmark_id: str
    measure: str
    family: str
    applies_from: pd.Timestamp
    applies_to: pd.Timestamp


@dataclass(frozen=True)
class Question:
    """A published figure, the day of entry it describes, and the law it rests on."""

    row: Figure
    on: date
    as_of: date

    def ours(self, choice: Assumptions = DEFAULT, weights: str = DEFAULT_WEIGHTS) -> Mapping[str, float]:
        """Our weighted figures of the day under a choice."""
        return weighted(self.row.importer, self.on, self.as_of, weights, choice)


@kept(maxsize=1024)
def effects(row: Figure, *, on: date, as_of: date) -> pd.DataFrame:
    """Causes of the difference between one published figure and ours.

    Parameters
    ----------
    row
        the figure.
    on, as_of
        day of entry that the figure describes; the law its publisher knew.

    Returns
    -------
    DataFrame
        One row a cause, the largest first: benchmark_id, cause, effect_frac (theirs less ours), nearer_law (`ours`, `theirs`, `neither`),
        size_from (in words: our lines, the publisher's calculator, or a part that it publishes), source, url.
    """
    asked = Question(row, on, as_of)
    held = _held(row, pd.Timestamp(on))
    comes_to = dict.fromkeys(held["cause"], 0.0)
    for name, cause in zip(held["cause"], each(held, _Cause), strict=True):
        comes_to[name] += _effect(cause, asked)
    found = held.drop_duplicates("cause").assign(effect_frac=list(comes_to.values()), benchmark_id=row.benchmark_id)
    found = found[found["effect_frac"].abs() > stacking.ROUNDING]
    found["size_from"] = [_FROM.get(name, _OURS) for name in found["computed_as"]]
    found = found.sort_values("effect_frac", key=abs, ascending=False).reset_index(drop=True)
    return found[["benchmark_id", "cause", "effect_frac", "nearer_law", "size_from", "source", "url"]]


def _held(row: Figure, on: pd.Timestamp) -> pd.DataFrame:
    """Rows of the table of causes that fit a figure."""
    table = catalogue.load("benchmark_causes")
    return table[np.array([_fits(row, on, held) for held in each(table, _Reach)], dtype=bool)]


def _fits(row: Figure, on: pd.Timestamp, held: _Reach) -> bool:
    return (
        held.publisher == row.publisher
        and held.importer == row.importer
        and held.benchmark_id in ("", row.benchmark_id)
        and held.measure in ("", row.measure)
        and (not row.family or held.family in ("", row.family))
        and (pd.isna(held.applies_from) or held.applies_from <= on)
        and (pd.isna(held.applies_to) or on < held.applies_to)
    )


def _effect(cause: _Cause, asked: Question) -> float:
    """What one cause of the table comes to for a figure."""
    if cause.computed_as:
        return _COMPUTED[cause.computed_as](asked, cause)
    return cause.effect_frac if asked.row.family or not cause.family else cause.effect_frac * _kept(asked)


def _kept(asked: Question) -> float:
    """How much of a duty under Section 232 adds to the average: the rest displaces others, as with the goods it covers in part."""
    change = _change(asked, _IN_PART)
    family = _change(asked, _IN_PART, S232)
    return change / family if family else 1.0


def _change(asked: Question, choice: Assumptions, family: str = "") -> float:
    return _part(asked.ours(choice), family) - _part(asked.ours(), family)


def _part(figures: Mapping[str, float], family: str) -> float:
    """A contribution, or the average, over all trade."""
    return float(figures.get(family or "weighted_frac", 0.0) * figures["matched_frac"])


def _metal_share(asked: Question, cause: _Cause) -> float:
    """Measured from a share of one half on; what lies between one half and our estimate is computed."""
    measured = cause.effect_frac * (1.0 if asked.row.family else _kept(asked))
    return measured + _change(asked, _HALF, asked.row.family)


def _heading_8471(asked: Question, _cause: _Cause) -> float:
    """The whole heading laid over the list of metal goods that pay 25%."""
    family = asked.row.family
    return _part(_with_computers(asked.on, asked.as_of), family) - _part(asked.ours(), family)


@kept(maxsize=64)
def _with_computers(on: date, as_of: date) -> dict[str, float]:
    rows = schedule(as_of=as_of)
    listed = rows["measure_id"].eq("us_232_metals_1b")
    rows["scope"] = rows["scope"].mask(listed, rows["scope"] + "|" + literal_scope(["8471"]))
    law = KnownLaw("US", as_of, supposed=rows).over()
    layers, due = law.layers(on), law.due(on)
    trade = law.lines.weights[DEFAULT_WEIGHTS] / law.lines.weights[DEFAULT_WEIGHTS].sum()
    parts = {"weighted_frac": due, **layers}
    known = ~np.isnan(due)
    return {name: float(np.nansum((trade * rate)[known])) for name, rate in parts.items()} | {"matched_frac": 1.0}


def _renumbered_lines(asked: Question, cause: _Cause) -> float:
    """The duty of a family on lines whose numbers ended in 2026: theirs loses their weights."""
    changes = catalogue.load("hts_successions")
    changed = changes["effective_on"].between(_RENUMBERED_FROM, pd.Timestamp(asked.on)) & changes["kind"].eq("statistical")
    law = known_over("US", asked.as_of)
    layer = law.layers(asked.on).get(cause.family)
    if layer is None:
        return 0.0
    trade = law.lines.weights[DEFAULT_WEIGHTS]
    lost = np.isin(law.lines.codes, changes.loc[changed, "code"].to_numpy(dtype="U10")) & ~np.isnan(layer)
    return -float((trade * layer)[lost].sum() / trade.sum())


def _more_goods(asked: Question, cause: _Cause) -> float:
    """A country-wide duty on the share of trade that theirs puts under such duties beyond ours, as on the day of the first of them."""
    layer = known_over("US", asked.as_of).layers(asked.on).get(cause.family)
    return 0.0 if layer is None else float(np.nanmax(layer)) * _further_share(asked.row.publisher)


@kept()
def _further_share(publisher: str) -> float:
    rows = catalogue.load("benchmarks")
    first = rows[rows["publisher"].eq(publisher) & rows["family"].eq("ieepa_fentanyl")].sort_values("applies_on").iloc[0]
    on, as_of = first["applies_on"].date(), first["law_known_on"].date()
    rate = float(np.nanmax(known_over("US", as_of).layers(on)["ieepa_fentanyl"]))
    return float(first["value_frac"] - _part(weighted("US", on, as_of, DEFAULT_WEIGHTS, DEFAULT), "ieepa_fentanyl")) / rate


def _published_general_rate(asked: Question, _cause: _Cause) -> float:
    """Their general part, as they published it last before the day, less ours."""
    rows = catalogue.load("benchmarks")
    rows = rows[rows["publisher"].eq(asked.row.publisher) & rows["family"].eq("mfn_frac") & (rows["applies_on"] <= pd.Timestamp(asked.on))]
    if asked.row.family or rows.empty:
        return 0.0
    return float(rows.sort_values("applies_on")["value_frac"].iloc[-1] - _part(asked.ours(), "mfn_frac"))


def _weights_2017(asked: Question, _cause: _Cause) -> float:
    """Ours with trade of 2017 less ours with that of 2024."""
    return asked.ours(weights="2017")[asked.row.measure] - asked.ours()[asked.row.measure]


def _goods_without_rate(asked: Question, _cause: _Cause) -> float:
    """The share covered, over all trade and not only that with a held rate."""
    figures = asked.ours(weights="2017")
    return figures["covered_frac"] * (figures["matched_frac"] - 1.0)


# Where the size of a cause comes from, where not from our lines alone.
_OURS = "our lines"
_FROM = {
    "": "their calculator",
    "metal_share": "their calculator, and our lines",
    "more_goods": "a part that they publish, beside ours",
    "published_general_rate": "a part that they publish, beside ours",
}
_COMPUTED: dict[str, Callable[[Question, _Cause], float]] = {
    "metal_share": _metal_share,
    "heading_8471": _heading_8471,
    "renumbered_lines": _renumbered_lines,
    "more_goods": _more_goods,
    "published_general_rate": _published_general_rate,
    "weights_2017": _weights_2017,
    "goods_without_rate": _goods_without_rate,
}
