"""One product: its duty over time, and who sold it."""

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.dates import date2num

from tradelib import catalogue, wording
from tradelib.phrases import product_words
from tradelib.show import display
from tradelib.show.drawing import CN, COLOURS, SECONDARY, bars, figure_of, knowledge_line, percent_axis, time_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

    from tradelib.exposure import Product

_MONTH = pd.Timedelta(days=31)


def product_duty(history: pd.DataFrame, product: "Product", *, texts: pd.DataFrame, as_of: date, title: str) -> display.Figure:
    """Total duty on a product as steps; see `exposure.history`.

    Parameters
    ----------
    texts : the legal texts behind it, for the list of sources (see `exposure.texts`).
    title : the finding.
    """
    known = pd.Timestamp(catalogue.observed_through(as_of))
    colour = COLOURS[product.importer]
    now = known + pd.Timedelta(days=1)
    last = max(known + 2 * _MONTH, history["on"].max() + _MONTH)
    mixed = bool((history["highest_frac"] - history["lowest_frac"]).gt(1e-9).any())

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        past, ahead = history[~history["is_ahead"]], history[history["is_ahead"]]
        held = past.iloc[-1]
        days, rates = [*past["on"], now], [*past["mean_frac"], held["mean_frac"]]
        if mixed:
            low, high = [*past["lowest_frac"], held["lowest_frac"]], [*past["highest_frac"], held["highest_frac"]]
            axes.fill_between(days, low, high, step="post", color=colour, alpha=0.13, linewidth=0)
        axes.step(days, rates, where="post", color=colour, linewidth=1.9, solid_joinstyle="miter")
        days, rates = [now, *ahead["on"], last], [held["mean_frac"], *ahead["mean_frac"]]
        axes.step(days, [*rates, rates[-1]], where="post", color=colour, linewidth=1.4, linestyle="--")
        first = history["on"].iloc[0]
        axes.set_xlim(first, last + (last - first) * (0.16 if narrow else 0.08))
        axes.set_ylim(0, max(history["highest_frac" if mixed else "mean_frac"].max() * 1.14, 0.05))
        high = past.loc[past["mean_frac"].idxmax()]
        if high["mean_frac"] > held["mean_frac"]:
            _label(axes, high["on"], high["mean_frac"], colour, left=True)
        # Ahead, the last rate that is named; the line ends where one is not.
        named = [(day, rate) for day, rate in zip(days, rates, strict=False) if not np.isnan(rate)]
        end = last if not np.isnan(rates[-1]) else ahead.loc[ahead["mean_frac"].isna(), "on"].iloc[0]
        _label(axes, end, named[-1][1], colour, left=False)
        if len(named) > 1 and wording.percent(named[-1][1]) != wording.percent(held["mean_frac"]):
            steps = [*zip(past["on"], past["mean_frac"], strict=True), *zip(days, rates, strict=False)]
            _label_now(axes, now, held["mean_frac"], [*steps, (last, rates[-1]), (last + 2 * _MONTH, rates[-1])], colour, narrow=narrow)
        knowledge_line(axes, known.date(), above=3)
        percent_axis(axes)
        time_axis(axes, narrow=narrow, until=last)

    rows = history[~history["is_ahead"]]
    spread = " The band: the lowest and the highest duty of its lines." if mixed else ""
    if history["mean_frac"].isna().iloc[-1]:
        spread += f" From {wording.day(history['on'].iloc[-1])} a notice sets a rate without naming it."
    data = history.rename(columns={"on": "effective_from"})
    return figure_of(
        draw,
        name="product_duty",
        title=title,
        subtitle="Tariff in per cent of customs value, normal tariff included"
        f"{f', mean over its lines weighted with {product_words.weights(product)}' if mixed else ''}, as known on {wording.day(as_of)}",
        alt=f"Step chart of the duty on {wording.inside(product.title)}: {wording.percent(rows['mean_frac'].iloc[-1])} on "
        f"{wording.day(known)}, {wording.percent(rows['mean_frac'].max())} at its highest.",
        source=f"Source: own calculation by tariff line from the legal texts listed on this page. Solid: in force. Dashed: scheduled in "
        f"law.{spread}",
        data=data,
        sources=catalogue.sources(texts),
    )


def suppliers(rows: pd.DataFrame, product: "Product", *, title: str) -> display.Figure:
    """Who sold a product to the United States in 2024; see `exposure.suppliers`."""

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        words = [f"{wording.percent(row.share_frac)}, {wording.usd(row.value_usd)}" for row in rows.itertuples()]
        colours = [CN if name == "China" else SECONDARY for name in rows["partner"]]
        bars(axes, list(rows["partner"]), list(rows["value_usd"]), words, colours, narrow=narrow)

    first = rows.iloc[0]
    return figure_of(
        draw,
        name="suppliers",
        height=0.25 + 0.075 * len(rows),
        title=title,
        subtitle="US imports for consumption in 2024 by partner: customs value, and share of the 18 partners in our data",
        alt=f"Bar chart by partner: {first['partner']} {wording.percent(first['share_frac'])} of {wording.inside(product.title)}.",
        source="Source: US Census Bureau. These partners accounted for "
        f"{wording.percent(first['held_frac'], digits=0)} of all US imports in 2024; others are not included. Whole six-digit "
        "subheadings.",
        data=rows,
        sources=display.no_sources(),
    )


def _label_now(axes: "Axes", now: pd.Timestamp, rate: float, steps: list[tuple[pd.Timestamp, float]], colour: str, *, narrow: bool) -> None:
    """The rate of the day beside the line of knowledge, below or above the steps, where none of them runs through it."""
    left, right = axes.get_xlim()
    top = axes.get_ylim()[1]
    width, height, gap = (right - left) * (0.17 if narrow else 0.085), 0.045 * top, 0.012 * top
    day = date2num(now)

    def is_free(place: tuple[bool, bool]) -> bool:
        is_left, is_below = place
        days = (day - width, day) if is_left else (day, day + width)
        floor = rate - gap - height if is_below else rate + gap
        return floor >= 0 and not _crossed(steps, days, (floor, floor + height))

    places = ((False, True), (False, False), (True, False), (True, True))
    is_left, is_below = next(filter(is_free, places), (False, False))
    axes.annotate(
        wording.percent(rate), (now, rate), xytext=(-4 if is_left else 4, -3 if is_below else 3), textcoords="offset points",
        ha="right" if is_left else "left", va="top" if is_below else "bottom", fontsize=8.5, color=colour, fontweight="bold",
        annotation_clip=False,
    )  # fmt: skip


def _crossed(steps: list[tuple[pd.Timestamp, float]], days: tuple[float, float], rates: tuple[float, float]) -> bool:
    """Whether a line of steps runs through a box: level from each day to the next, then upright; an unnamed rate is a gap."""
    for (first, rate), (second, next_rate) in pairwise(steps):
        is_level = date2num(first) < days[1] and date2num(second) > days[0] and rates[0] < rate < rates[1]
        low, high = min(rate, next_rate), max(rate, next_rate)
        if is_level or (days[0] < date2num(second) < days[1] and low < rates[1] and high > rates[0]):
            return True
    return False


def _label(axes: "Axes", day: pd.Timestamp, rate: float, colour: str, *, left: bool) -> None:
    """The rate at a point, on the one side of it or the other, on a ground of its own."""
    axes.annotate(
        wording.percent(rate), (day, rate), xytext=(-4 if left else 4, 0), textcoords="offset points", ha="right" if left else "left",
        va="center", fontsize=8.5, color=colour, fontweight="bold", annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85},
    )  # fmt: skip
