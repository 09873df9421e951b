"""The events of the truce on their lanes, time running downwards so that every label has a line of its own."""

import math
import textwrap
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, wording
from tradelib.phrases import lanes
from tradelib.show import display
from tradelib.show.drawing import COLOURS, GRID, INK, SECONDARY, TRUCE, figure_of, key, truce_key
from tradelib.truce import took_place

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

LANES = {lane: (name, marker) for (lane, name), marker in zip(lanes.NAMES.items(), "o^vs", strict=True)}
_LINE_POINTS, _GAP_POINTS, _MOST_SHIFT_POINTS = 9.6, 3.0, 26.0
_FONT = 7.8
_MOST_TICKS = 26
# Times the usual height: as many as the months need.
_HEIGHT_MONTH, _HEIGHT_LEAST, _HEIGHT_MOST = 0.2, 1.5, 2.6


@dataclass
class _Label:
    """A label beside its mark: where the mark stands, and where the label ends up (points from the top)."""

    mark: float
    text: str
    weight: tuple
    most_shift: float = _MOST_SHIFT_POINTS
    top: float = 0.0

    @property
    def height(self) -> float:
        return _LINE_POINTS * (self.text.count("\n") + 1) + _GAP_POINTS


def timeline(rows: pd.DataFrame, *, phases: pd.DataFrame, as_of: date, since: date, title: str) -> display.Figure:
    """Events on four lanes, with the spans of the truce behind them.

    Parameters
    ----------
    rows : as `truce.timeline` gives them; statements and releases of data are left out.
    phases : phases of the truce, shaded (see `truce.phases`).
    as_of : day of knowledge; below its line stand only events announced and ends of the truce.
    since : first day drawn.
    title : the finding.
    """
    known = catalogue.observed_through(as_of)
    last = _last_day(phases, known)
    shown = rows[rows["lane"].ne("") & (rows["starts_on"] < last)]
    is_hollow = ~_is_past(shown, known)

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        axes.set_ylim(pd.Timestamp(last), pd.Timestamp(since))
        axes.set_xlim(0, len(LANES))
        _shade(axes, phases)
        _time(axes, pd.Timestamp(since), last)
        _know(axes, known)
        scale = figure.get_size_inches()[1] * 72 * 0.93 / (last - pd.Timestamp(since)).days
        for number, lane in enumerate(LANES):
            _marks(axes, shown[shown["lane"].eq(lane)], number, LANES[lane][1], known, narrow=narrow)
        if narrow:
            _heads_narrow(axes)
            _labels(axes, shown, since, known, scale, left=_NARROW_LABELS, width=40, marks=_NARROW_MARKS)
        else:
            for number, lane in enumerate(LANES):
                axes.annotate(
                    LANES[lane][0], (number + 0.02, 1), xycoords=("data", "axes fraction"), xytext=(0, 5), textcoords="offset points",
                    fontsize=8.5, fontweight="bold", color=INK, annotation_clip=False,
                )  # fmt: skip
                part = shown[shown["lane"].eq(lane)]
                _labels(axes, part, since, known, scale, left=number + 0.1, width=24, marks=dict.fromkeys(LANES, number + 0.035))

    counted = shown["lane"].value_counts()
    finding = wording.listing(f"{counted.get(lane, 0)} on the lane {words[0].lower()}" for lane, words in LANES.items())
    data = shown[["starts_on", "ends_on", "published_on", "lane", "kind", "actor", "title", "phase_of_event", "source", "url"]]
    return figure_of(
        draw,
        name="timeline",
        height=min(max(_HEIGHT_MONTH * (last - pd.Timestamp(since)).days / 30.4, _HEIGHT_LEAST), _HEIGHT_MOST),
        title=title,
        subtitle=(
            f"Events from {wording.day(since)}, as known on {wording.day(as_of)}; read from top to bottom. Blue: US. Red: China. "
            f"Black: both, or a court.{truce_key(phases, since, last.date())}"
        ),
        alt=f"Timeline with four lanes from {wording.day(since)} to {wording.day(known)}: {finding}; the newest is {_newest(shown)}.",
        source=(
            "Source: the texts and readouts listed on this page."
            f"{key({'Hollow: announced, and not known to have taken place.': bool(is_hollow.any())})} Marks without a label are in the "
            "table of events."
        ),
        data=data,
        sources=catalogue.sources(shown, phases),
    )


_NARROW_MARKS = dict(zip(LANES, (0.06, 0.2, 0.34, 0.48), strict=True))
_NARROW_LABELS = 0.66


def _newest(rows: pd.DataFrame) -> str:
    held = rows[rows["phase_of_event"].eq("held")]
    return f"{held['title'].iloc[-1]} ({wording.day(held['starts_on'].iloc[-1])})" if len(held) else "not yet held"


def _last_day(phases: pd.DataFrame, known: date) -> pd.Timestamp:
    """Lower edge: past the day of knowledge and the last end of the truce that was named; what lies beyond is in the table."""
    return max([pd.Timestamp(known) + pd.Timedelta(days=21), *(day + pd.Timedelta(days=10) for day in phases["ends_on"])])


def _shade(axes: "Axes", phases: pd.DataFrame) -> None:
    for number, phase in enumerate(phases.itertuples()):
        axes.axhspan(phase.starts_on, phase.ends_on, color=TRUCE, alpha=1 if phase.has_instrument else 0.45, linewidth=0, zorder=0)
        if number:
            axes.axhline(phase.starts_on, color="white", linewidth=1.5, zorder=0.5)
        first, last = (max(axes.get_ylim()[1], _number(phase.starts_on)), _number(phase.ends_on))
        if last - first > len(phase.phase) * (axes.get_ylim()[0] - axes.get_ylim()[1]) / 150:
            axes.annotate(
                phase.phase, (1, (first + last) / 2), xycoords=("axes fraction", "data"), xytext=(3, 0), textcoords="offset points",
                rotation=270, ha="left", va="center", fontsize=7.5, color="#7a6330", annotation_clip=False,
            )  # fmt: skip


def _number(day: pd.Timestamp) -> float:
    from matplotlib.dates import date2num

    return float(date2num(day))


def _time(axes: "Axes", first: pd.Timestamp, last: pd.Timestamp) -> None:
    span = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next(months for months in (1, 2, 3, 6, 12, 24) if span / months <= _MOST_TICKS)
    months = [month for month in pd.date_range(first.normalize(), last, freq="MS") if (month.year * 12 + month.month - 1) % step == 0]
    words = [
        f"{wording.short_day(month).split()[1]}{f' {month.year}' if not number or month.month <= step else ''}"
        for number, month in enumerate(months)
    ]
    axes.set_yticks([_number(month) for month in months], words)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.yaxis.grid(visible=True, color=GRID, linewidth=0.6)
    axes.tick_params(axis="y", length=0, labelsize=7.5)
    axes.spines["bottom"].set_visible(False)


def _know(axes: "Axes", known: date) -> None:
    day = pd.Timestamp(known) + pd.Timedelta(days=1)
    axes.axhline(day, color=INK, linewidth=0.9, zorder=1)
    axes.annotate(
        f"information to {wording.short_day(known)}", (1, day), xycoords=("axes fraction", "data"), xytext=(-2, -2),
        textcoords="offset points", ha="right", va="top", fontsize=7.5, color=INK,
    )  # fmt: skip


def _marks(axes: "Axes", rows: pd.DataFrame, lane: int, marker: str, known: date, *, narrow: bool) -> None:
    left = list(_NARROW_MARKS.values())[lane] if narrow else lane + 0.035
    colours = rows["actor"].map(COLOURS).fillna(INK)
    # Marks that look alike are one artist: hundreds take longer to lay out and draw than all else together.
    for (colour, is_past), alike in rows.groupby([colours, _is_past(rows, known)], sort=False):
        axes.plot(
            [left] * len(alike), alike["starts_on"], marker=marker, markersize=4.4, color=colour, markeredgewidth=0.9,
            markerfacecolor=colour if is_past else "white", linestyle="none", zorder=3,
        )  # fmt: skip


def _is_past(rows: pd.DataFrame, known: date) -> pd.Series:
    """Which events have taken place by the last observed day; the others are hollow."""
    return took_place(rows) & (rows["starts_on"] <= pd.Timestamp(known))


def _heads_narrow(axes: "Axes") -> None:
    for (name, marker), left in zip(LANES.values(), (0.0, 0.85, 1.85, 2.6), strict=True):
        axes.annotate(
            f"{_SIGNS[marker]} {name.split()[0]}", (left, 1), xycoords=("data", "axes fraction"), xytext=(0, 5), textcoords="offset points",
            fontsize=7, color=INK, annotation_clip=False,
        )  # fmt: skip


_SIGNS = {"o": "\N{BLACK CIRCLE}", "^": "\N{BLACK UP-POINTING TRIANGLE}", "v": "\N{BLACK DOWN-POINTING TRIANGLE}", "s": "\N{BLACK SQUARE}"}


def _labels(
    axes: "Axes", rows: pd.DataFrame, since: date, known: date, scale: float, *, left: float, width: int, marks: dict[str, float]
) -> None:
    """Labels of the events that matter most and fit, on their own side of the line of knowledge and each near its mark.

    An event that is under way on the day has its label below the line: how it ends is not known.
    """
    from matplotlib.collections import LineCollection

    leaders: list[list[tuple[float, float]]] = []
    line = ((pd.Timestamp(known) - pd.Timestamp(since)).days + 1) * scale
    is_ahead = (rows["starts_on"] > pd.Timestamp(known)) | rows["phase_of_event"].eq("open")
    for part, low, high in ((rows[~is_ahead], 0.0, line - 1.0), (rows[is_ahead], line + _LINE_POINTS, math.inf)):
        nearest = known if high < math.inf else part["starts_on"].min()
        for label, row in _chosen(part, since, scale, width=width, low=low, high=high, nearest=nearest):
            top = pd.Timestamp(since) + pd.Timedelta(days=label.top / scale)
            where = pd.Timestamp(since) + pd.Timedelta(days=(label.top + _LINE_POINTS / 2) / scale)
            leaders.append([(marks[row.lane] + 0.03, _number(row.starts_on)), (left - 0.01, _number(where))])
            axes.annotate(
                label.text, (left, top), ha="left", va="top", fontsize=_FONT, linespacing=1.06, color=INK, annotation_clip=False, zorder=4
            )
    axes.add_collection(LineCollection(leaders, colors=SECONDARY, linewidths=0.5, zorder=2), autolim=False)


def _chosen(
    rows: pd.DataFrame, since: date, scale: float, *, width: int, low: float, high: float, nearest: date
) -> list[tuple[_Label, tuple]]:
    """As many labels as fit between two heights, the weightiest of the day `nearest` first, then the weightiest, with their places."""
    candidates = []
    for row in rows.itertuples():
        text = "\n".join(textwrap.wrap(row.title, width, max_lines=3, placeholder=" …"))
        candidates.append((_Label((row.starts_on - pd.Timestamp(since)).days * scale, text, (row.weight, row.starts_on)), row))
    candidates.sort(key=lambda pair: pair[0].weight, reverse=True)
    foremost = next((pair for pair in candidates if pair[1].starts_on == pd.Timestamp(nearest)), None)
    if foremost is not None:
        candidates.remove(foremost)
        candidates.insert(0, foremost)
        # At the line of knowledge a label stands wholly on one side of its mark.
        foremost[0].most_shift = max(_MOST_SHIFT_POINTS, foremost[0].height)
    chosen: list[tuple[_Label, tuple]] = []
    for candidate in candidates:
        tried = sorted([*chosen, candidate], key=lambda pair: (pair[0].mark, pair[0].weight))
        if _fit([label for label, _ in tried], low, high):
            chosen = tried
    _fit([label for label, _ in chosen], low, high)
    return chosen


def _fit(labels: list[_Label], low: float, high: float) -> bool:
    """Set labels one below the other, each near its mark; False where one would have to move too far."""
    groups: list[list] = []  # [labels, sum of wished tops, height]
    for label in labels:
        groups.append([[label], label.mark - _LINE_POINTS / 2, label.height])
        # A group that reaches into the one above it joins it; both then stand at the middle of their wishes.
        while len(groups) > 1 and _top(groups[-2], low, high) + groups[-2][2] > _top(groups[-1], low, high):
            below = groups.pop()
            above = groups[-1]
            above[1] += below[1] - above[2] * len(below[0])
            above[0] += below[0]
            above[2] += below[2]
    for group in groups:
        top = _top(group, low, high)
        for label in group[0]:
            label.top = top
            top += label.height
    return all(abs(label.top + _LINE_POINTS / 2 - label.mark) <= label.most_shift for label in labels)


def _top(group: list, low: float, high: float) -> float:
    return min(max(group[1] / len(group[0]), low), high - group[2])
