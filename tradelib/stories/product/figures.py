"""One product: its duty over time, and who sold it."""

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, wording
from tradelib.phrases import product_words
from tradelib.show import display, labels
from tradelib.show.drawing import (
    CN,
    COLOURS,
    SECONDARY,
    bars,
    figure_of,
    knowledge_line,
    lasting,
    peak_labels,
    percent_axis,
    scale_top,
    time_axis,
)

if TYPE_CHECKING:
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
    ends = ("mean_frac", "highest_frac")
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
        high = history["highest_frac" if mixed else "mean_frac"].max()
        top, is_cut = scale_top(max(lasting(list(history["on"]), list(history[name]), known.date()) for name in ends), high)
        axes.set_ylim(0, top)
        room = labels.Room(axes, narrow=narrow)
        steps = [*zip(past["on"], past["mean_frac"], strict=True), *zip(days, [*rates, rates[-1]], strict=True)]
        room.steps(*zip(*((day, min(rate, top)) for day, rate in steps), strict=True))
        room.line(now)
        _label(room, past, ahead, now, colour, is_cut=is_cut, narrow=narrow)
        knowledge_line([axes], known.date())
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
    held = f"These partners accounted for {wording.percent(first['held_frac'], digits=0)} of all US imports in 2024; others"
    return figure_of(
        draw,
        name="suppliers",
        height=0.25 + 0.075 * len(rows),
        title=title,
        subtitle="US imports for consumption in 2024 by partner: customs value, and share of the 18 partners in our data",
        alt=f"Bar chart by partner: {first['partner']} {wording.percent(first['share_frac'])} of {wording.inside(product.title)}.",
        source=f"Source: US Census Bureau. {'Others' if pd.isna(first['held_frac']) else held} are not included. Whole six-digit "
        "subheadings.",
        data=rows,
        sources=display.no_sources(),
    )


def _label(
    room: labels.Room, past: pd.DataFrame, ahead: pd.DataFrame, now: pd.Timestamp, colour: str, *, is_cut: bool, narrow: bool
) -> None:
    """The rate of the day, the last that is named, the peak, and the levels that lasted where there is room."""
    top, held = room.axes.get_ylim()[1], past["mean_frac"].iloc[-1]
    room.put(wording.percent(held), now, held, places=_AT_NOW, colour=colour, size=9.5, weight="bold", must=True)
    # Ahead, the last rate that is named.
    named = ahead.dropna(subset="mean_frac")
    if len(named) and wording.percent(named["mean_frac"].iloc[-1]) != wording.percent(held):
        last = named.iloc[-1]
        room.put(wording.percent(last["mean_frac"]), last["on"], last["mean_frac"], places=_AHEAD, colour=colour, weight="bold", must=True)
    above = past[past["mean_frac"] > top]
    if is_cut and len(above):
        after = past.loc[past["on"] > above["on"].max(), "on"].min()
        peaks = [(wording.percent(above["mean_frac"].max()), above["on"].min(), after, colour)]
        peak_labels(room, peaks, wording.month(above["on"].min()), narrow=narrow)
    for (first, rate), (end, _) in pairwise(zip(past["on"], past["mean_frac"], strict=True)):
        if rate <= top:
            if end - first >= 3 * _MONTH:
                room.put(wording.percent(rate), first, rate, places=[labels.ABOVE_RIGHT, labels.BELOW_RIGHT], colour=colour)
            elif rate == past["mean_frac"].max():
                room.put(wording.percent(rate), first, rate, places=[labels.LEFT, labels.ABOVE_LEFT], colour=colour)


_AT_NOW = [labels.BELOW_RIGHT, labels.ABOVE_RIGHT, labels.ABOVE_LEFT, labels.BELOW_LEFT]
_AHEAD = [labels.ABOVE_RIGHT, labels.BELOW_RIGHT, labels.ABOVE_LEFT]
