"""Both averages over time, on one scale, with the events that moved them."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, sides, wording
from tradelib.show import display, labels
from tradelib.show.drawing import (
    COLOURS,
    INK,
    SECONDARY,
    figure_of,
    knowledge_line,
    peak_labels,
    percent_axis,
    scale_of,
    time_axis,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

# A move of the average that is named, and how long before it the event that it is named after may lie.
_MOVE, _BEFORE = 0.015, pd.Timedelta(days=20)
_AHEAD = pd.DateOffset(months=3)


def both_averages(
    paths: Mapping[str, pd.DataFrame], named: pd.DataFrame, announcements: pd.DataFrame, *, as_of: date, title: str
) -> display.Figure:
    """Average duties of both sides over time: solid in force, dashed by legal texts for later days, a lone peak cut and labelled.

    Parameters
    ----------
    paths : by importer, the average on every day of change; see `today.averages`.
    named : days with a name; see `today.named_days`.
    announcements : the texts behind the averages, for the list of sources.
    as_of : day of knowledge.
    title : the finding.
    """
    known = catalogue.observed_through(as_of)
    top, _ = scale_of(paths, known)
    until = max(pd.Timestamp(known) + _AHEAD, *(path["on"].max() + pd.DateOffset(months=1) for path in paths.values()))
    until = min(until, pd.Timestamp(known) + pd.DateOffset(months=9))

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        shape = (len(paths), 1) if narrow else (1, len(paths))
        panels = figure.subplots(*shape, sharex=True, sharey=True, squeeze=False).ravel()
        for axes, (side, path) in zip(panels, paths.items(), strict=True):
            axes.set_title(sides.pair(side).duties, loc="left", fontsize=9, fontweight="bold", color=COLOURS[side], pad=16)
            axes.set_xlim(path["on"].min(), until)
            axes.set_ylim(0, top)
            _path(axes, path, COLOURS[side], known, until)
            room = labels.Room(axes, narrow=narrow, panels=shape)
            _label(room, path, named, COLOURS[side], known)
            percent_axis(axes)
            time_axis(axes, narrow=True)
        knowledge_line(panels, known, above=2)

    return figure_of(
        draw,
        name="both_averages",
        height=0.85,
        narrow_height=1.5,
        title=title,
        subtitle="Average tariff in per cent of customs value, normal tariff included, weighted with the trade of 2024, as known on "
        f"{wording.day(as_of)}. Dashed: already in law for later days",
        alt=f"Two step charts on one scale from {wording.day(next(iter(paths.values()))['on'].min())}: {title}.",
        source="Source: own calculation by tariff line from the legal texts; trade of 2024: US Census Bureau, UN Comtrade; normal tariffs: "
        "HTS 2025 and the applied rates of China.",
        data=pd.concat(paths.values(), ignore_index=True),
        sources=catalogue.sources(announcements),
    )


def _path(axes: "Axes", path: pd.DataFrame, colour: str, known: date, until: pd.Timestamp) -> None:
    edge = pd.Timestamp(known) + pd.Timedelta(days=1)
    past, ahead = path[~path["is_ahead"]], path[path["is_ahead"]]
    level = past["weighted_frac"].iloc[-1]
    axes.step([*past["on"], edge], [*past["weighted_frac"], level], where="post", color=colour, linewidth=1.9)
    levels = [level, *ahead["weighted_frac"]]
    axes.step([edge, *ahead["on"], until], [*levels, levels[-1]], where="post", color=colour, linewidth=1.6, linestyle=(0, (3, 2)))


def _label(room: labels.Room, path: pd.DataFrame, named: pd.DataFrame, colour: str, known: date) -> None:
    """The level of the day, the furthest that legal texts take it, the peak, and each move with the day it is named after."""
    edge, top = pd.Timestamp(known) + pd.Timedelta(days=1), room.axes.get_ylim()[1]
    past, ahead = path[~path["is_ahead"]].reset_index(drop=True), path[path["is_ahead"]]
    level = past["weighted_frac"].iloc[-1]
    days, rates = [*past["on"], edge, *ahead["on"]], [*past["weighted_frac"], level, *ahead["weighted_frac"]]
    room.steps(days, [min(rate, top) for rate in rates])
    room.line(edge)
    room.put(wording.percent(level), edge, level, places=_AT_NOW, colour=colour, size=11, weight="bold", must=True)
    last = rates[-1]
    if abs(last - level) >= _MOVE:
        # The title names the first move; what is added to it later, and hardly shows, is not told as another number.
        first = next(rate for rate in ahead["weighted_frac"] if abs(rate - level) >= _MOVE)
        shown = first if abs(last - first) < _MOVE else last
        end = room.axes.get_xlim()[1]
        place = labels.Place("right", "bottom", -1, 3) if last > level else labels.Place("right", "top", -1, -3)
        room.put(f"{wording.percent(shown)} in law", end, last, places=[place], colour=INK, must=True)
    above = past[past["weighted_frac"] > top]
    if len(above):
        peak = above.loc[above["weighted_frac"].idxmax()]
        over = past.loc[past["on"] > above["on"].max(), "on"].min()
        peaks = [(wording.percent(peak["weighted_frac"], digits=0), above["on"].min(), over, colour)]
        peak_labels(room, peaks, wording.month(peak["on"]), narrow=True)
    for number in range(1, len(past)):
        day, rate = past["on"][number], past["weighted_frac"][number]
        near = named[(named["day"] <= day) & (named["day"] > day - _BEFORE) & ~named["name"].str.contains("%")]
        if abs(rate - past["weighted_frac"][number - 1]) >= _MOVE and rate <= top and len(near):
            # A number without its event would name nothing.
            words = f"{near['name'].iloc[-1]}: {wording.percent(rate, digits=0)}"
            any(room.put(text, day, rate, places=_BY_STEP, colour=SECONDARY) for text in (words, words.replace(": ", ":\n")))


_AT_NOW = [labels.BELOW_RIGHT, labels.ABOVE_RIGHT, labels.BELOW_LEFT, labels.ABOVE_LEFT]
# Close to its step, or not at all.
_BY_STEP = [labels.Place("left", "bottom", 3, 2.0), labels.BELOW_RIGHT, labels.Place("left", "bottom", 3, 7.0), labels.ABOVE_LEFT]
