"""Both averages over time, on one scale, with the events that moved them."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, sides, wording
from tradelib.show import display
from tradelib.show.drawing import COLOURS, INK, SECONDARY, figure_of, knowledge_line, percent_axis, time_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

# A peak above all other levels is cut at one of these.
_CUTS = (0.6, 0.8, 1.0)
_ROOM = 1.12
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
    top, is_cut = scale(paths)
    until = max(pd.Timestamp(known) + _AHEAD, *(path["on"].max() + pd.DateOffset(months=1) for path in paths.values()))
    until = min(until, pd.Timestamp(known) + pd.DateOffset(months=9))

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        shape = (len(paths), 1) if narrow else (1, len(paths))
        panels = figure.subplots(*shape, sharex=True, sharey=True, squeeze=False).ravel()
        for axes, (side, path) in zip(panels, paths.items(), strict=True):
            axes.set_title(sides.pair(side).duties, loc="left", fontsize=9, fontweight="bold", color=COLOURS[side], pad=26)
            axes.set_xlim(path["on"].min(), until)
            axes.set_ylim(0, top)
            _path(axes, path, COLOURS[side], known, until)
            if is_cut and path["weighted_frac"].max() > top:
                mark_cut(axes, path, COLOURS[side])
            _names(axes, path, named, top, narrow=narrow)
            _now(axes, path, COLOURS[side], known)
            percent_axis(axes)
            time_axis(axes, narrow=True)
        knowledge_line(panels[0], known, above=2)
        for axes in panels[1:]:
            axes.axvline(pd.Timestamp(known) + pd.Timedelta(days=1), color=INK, linewidth=0.9)

    return figure_of(
        draw,
        name="both_averages",
        height=0.85,
        narrow_height=1.5,
        title=title,
        subtitle="Average tariff in per cent of customs value, normal tariff included, weighted with the trade of 2024, as known on "
        f"{wording.day(as_of)}. Dashed: set by legal texts for later days",
        alt=f"Two step charts on one scale from {wording.day(next(iter(paths.values()))['on'].min())}: {title}.",
        source="Source: own calculation by tariff line from the legal texts; trade of 2024: US Census Bureau, UN Comtrade; normal tariffs: "
        "HTS 2025 and the applied rates of China.",
        data=pd.concat(paths.values(), ignore_index=True),
        sources=catalogue.sources(announcements),
    )


def scale(paths: Mapping[str, pd.DataFrame]) -> tuple[float, bool]:
    """Upper end of the scale, and whether it cuts a peak: one that stands above all that was and is and will be, and is over."""
    highest = max(path["weighted_frac"].max() for path in paths.values())
    lasting = max(
        max(path.loc[path["is_ahead"], "weighted_frac"].max(), path.loc[~path["is_ahead"], "weighted_frac"].iloc[-1])
        if path["is_ahead"].any()
        else path["weighted_frac"].iloc[-1]
        for path in paths.values()
    )
    cut = next((cut for cut in _CUTS if lasting * _ROOM <= cut), highest * _ROOM)
    return (cut, True) if highest > cut * _ROOM else (highest * 1.25, False)


def _path(axes: "Axes", path: pd.DataFrame, colour: str, known: date, until: pd.Timestamp) -> None:
    edge = pd.Timestamp(known) + pd.Timedelta(days=1)
    past, ahead = path[~path["is_ahead"]], path[path["is_ahead"]]
    level = past["weighted_frac"].iloc[-1]
    axes.step([*past["on"], edge], [*past["weighted_frac"], level], where="post", color=colour, linewidth=1.9)
    levels = [level, *ahead["weighted_frac"]]
    axes.step([edge, *ahead["on"], until], [*levels, levels[-1]], where="post", color=colour, linewidth=1.6, linestyle=(0, (3, 2)))


def mark_cut(axes: "Axes", path: pd.DataFrame, colour: str) -> None:
    """The peak beyond the scale, in words at its top."""
    peak = path.loc[path["weighted_frac"].idxmax()]
    side = "right" if axes.convert_xunits(peak["on"]) > sum(axes.get_xlim()) / 2 else "left"
    axes.annotate(
        f"peak {wording.percent(peak['weighted_frac'], digits=0)}, {wording.month(peak['on'])} (off the scale)", (peak["on"], 1),
        xycoords=("data", "axes fraction"), xytext=(0, 13), textcoords="offset points", ha=side, va="bottom", fontsize=7.5,
        color=colour, annotation_clip=False,
    )  # fmt: skip


def _now(axes: "Axes", path: pd.DataFrame, colour: str, known: date) -> None:
    """The level of the day beside its line, and the furthest that legal texts take it."""
    past, ahead = path[~path["is_ahead"]], path[path["is_ahead"]]
    level = past["weighted_frac"].iloc[-1]
    axes.annotate(
        wording.percent(level), (pd.Timestamp(known) + pd.Timedelta(days=1), level), xytext=(4, -4), textcoords="offset points", ha="left",
        va="top", fontsize=11, fontweight="bold", color=colour, annotation_clip=False,
    )  # fmt: skip
    last = ahead["weighted_frac"].iloc[-1] if len(ahead) else level
    if abs(last - level) >= _MOVE:
        place = {"xytext": (-1, 3), "va": "bottom"} if last > level else {"xytext": (-1, -3), "va": "top"}
        axes.annotate(
            f"{wording.percent(last)} in law", (axes.get_xlim()[1], last), textcoords="offset points", ha="right", fontsize=7.5, color=INK,
            annotation_clip=False, **place,
        )  # fmt: skip


def _names(axes: "Axes", path: pd.DataFrame, named: pd.DataFrame, top: float, *, narrow: bool) -> None:
    """Each move of the average with the day it is named after and the level it led to, where the line leaves room for it."""
    past = path[~path["is_ahead"]].reset_index(drop=True)
    begins, ends = axes.get_xlim()
    letter = (ends - begins) / (44 if narrow else 62)
    taken: list[tuple[float, float, float]] = []
    for number in range(1, len(past)):
        day, level = past["on"][number], past["weighted_frac"][number]
        near = named[(named["day"] <= day) & (named["day"] > day - _BEFORE)]
        if abs(level - past["weighted_frac"][number - 1]) < _MOVE or near.empty:
            continue
        words = f"{near['name'].iloc[-1]}: {wording.percent(level, digits=0)}"
        left = axes.convert_xunits(day)
        right = left + letter * len(words)
        beneath = past.loc[number:, "weighted_frac"][axes.convert_xunits(past.loc[number:, "on"]) < right].max()
        floor = beneath + 0.02 * top
        while any(left < other[1] and right > other[0] and abs(floor - other[2]) < 0.07 * top for other in taken):
            floor += 0.075 * top
        if beneath - level > 0.05 * top or floor > 0.95 * top or right > ends:
            continue
        taken.append((left, right, floor))
        axes.annotate(words, (day, floor), xytext=(2, 0), textcoords="offset points", fontsize=7.5, color=SECONDARY, annotation_clip=False)
