"""Rare earths: who mines them, and what China exported month by month beside its controls."""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, minerals, wording
from tradelib.show import display
from tradelib.show.drawing import CN, INK, SECONDARY, US, bars, figure_of, time_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

_NUMBER_POINTS = 8.0  # room of a number above the plot
_PLOT_PARTS = {False: 0.82, True: 0.66}  # of the width of a drawing, wide and narrow, the least that the plot has beside its labels
_LOW_PART = 0.15  # of the height of a plot: below it no number fits under a point


def mine_shares(rows: pd.DataFrame, *, as_of: date, title: str, country: str = "China", most: int = 8) -> display.Figure:
    """Mine production of rare earths by country; see `minerals.mine_production`.

    Parameters
    ----------
    country : the one in colour.
    most : countries shown; the rest stand in the data.
    """
    shown = rows.head(most)

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        colours = [(CN if country == "China" else US) if name == country else SECONDARY for name in shown["country"]]
        words = [f"{wording.number(row.production_tonnes, digits=0)} t, {wording.percent(row.share_frac)}" for row in shown.itertuples()]
        bars(axes, list(shown["country"]), list(shown["production_tonnes"]), words, colours, narrow=narrow)

    year, world = rows["period"].iloc[0], rows["world_tonnes"].iloc[0]
    first = rows.iloc[0]
    return figure_of(
        draw,
        name="mine_production",
        height=0.85,
        title=title,
        subtitle=f"Mine production of rare earths in {year}, tonnes of rare-earth-oxide equivalent and share of the world total as printed "
        f"({wording.number(world, digits=0)} t), as known on {wording.day(as_of)}",
        alt=f"Bar chart by country: {first['country']} {wording.number(first['production_tonnes'], digits=0)} tonnes, "
        f"{wording.percent(first['share_frac'])} of the world.",
        source="Source: US Geological Survey, Mineral Commodity Summaries; estimates.",
        data=rows[["country", "period", "production_tonnes", "share_frac", "world_tonnes", "published_on"]],
        sources=catalogue.sources(rows),
    )


def rare_earth_exports(rows: pd.DataFrame, controls: pd.DataFrame, *, as_of: date, title: str, since: date) -> display.Figure:
    """China's exports of rare earths and magnets by month, with its controls as lines over them.

    Parameters
    ----------
    rows : monthly observations of the series in tonnes (see `trade.observations`).
    controls : steps of China's export controls (see `truce.export_control_steps`).
    since : first month drawn.
    """
    shown = rows[rows["period"] >= pd.Timestamp(since)]
    marks = minerals.control_marks(controls, since=since).drop_duplicates("number")
    panels_of = {
        "Rare earths, all partners": [("china_rare_earth_exports_tonnes", "", CN)],
        "Rare-earth magnets": [("china_magnet_exports_tonnes", "all partners", CN), ("china_magnet_exports_to_us_tonnes", "to the US", US)],
    }
    panels_of = {name: lines for name, lines in panels_of.items() if shown["series_id"].isin([line[0] for line in lines]).any()}

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        panels = figure.subplots(len(panels_of), 1, sharex=True, squeeze=False)[:, 0]
        last = pd.Timestamp(catalogue.observed_through(as_of))
        points_a_day = figure.get_size_inches()[0] * 72 * _PLOT_PARTS[narrow] / (last - pd.Timestamp(since)).days
        for axes, (name, lines) in zip(panels, panels_of.items(), strict=True):
            drawn = shown[shown["series_id"].isin([line[0] for line in lines])]
            top = drawn["value"].max() * 1.14
            for series, words, colour in lines:
                part = drawn[drawn["series_id"].eq(series)].sort_values("period")
                if len(part):
                    _with_gaps(axes, part, words, colour)
                    _label_low(axes, part, marks["announced_on"], colour, title=title, top=top, points_a_day=points_a_day)
            for row in marks.itertuples():
                axes.axvline(row.announced_on, color=INK, linewidth=0.8, linestyle=":" if row.state == "suspended" else "-", zorder=1.5)
            if axes is panels[0]:
                _number(axes, marks["announced_on"], points_a_day)
            axes.set_ylim(0, top)
            axes.set_xlim(pd.Timestamp(since), last)
            axes.set_title(name, loc="left", fontsize=9, color=INK, fontweight="bold", pad=17 if axes is panels[0] else 8)
            axes.yaxis.set_major_formatter(lambda value, _: wording.number(value, digits=0))
        time_axis(panels[-1], narrow=narrow)

    newest = shown.sort_values("period").drop_duplicates("series_id", keep="last")
    words = [
        f"{row.title.removeprefix('China: ')} {wording.number(row.value, digits=0)} tonnes in {wording.month(row.period)}"
        for row in newest.itertuples()
    ]
    return figure_of(
        draw,
        name="rare_earth_exports",
        height=1.1,
        title=title,
        subtitle=f"Tonnes by month from {wording.month(since)}, as known on {wording.day(as_of)}. Vertical lines: Chinese "
        "export-control announcements, numbered below; dotted: suspensions",
        alt=f"Point charts with gaps: {'; '.join(words)}.",
        source="Source: General Administration of Customs of China, as the press reported it. Gaps are months for which we "
        "found no report; points of neighbouring months are joined.",
        data=shown[["series_id", "period", "value", "published_on", "confidence"]].rename(columns={"value": "value_tonnes"}),
        sources=catalogue.sources(shown, controls),
    )


def _number(axes: "Axes", days: pd.Series, points_a_day: float) -> None:
    """Numbers of the lines above the plot; where lines are close, the numbers stand side by side around them."""
    wished = [(day - days.iloc[0]).days * points_a_day for day in days]
    for number, (day, wish, place) in enumerate(zip(days, wished, _side_by_side(wished, _NUMBER_POINTS), strict=True), start=1):
        axes.annotate(
            str(number), (day, 1), xycoords=("data", "axes fraction"), xytext=(place - wish, 2), textcoords="offset points", ha="center",
            va="bottom", fontsize=7.5, color=INK, annotation_clip=False,
        )  # fmt: skip


def _side_by_side(wished: list[float], room: float) -> list[float]:
    """Places in the order of the wishes, `room` apart at least, each group around the middle of its wishes.

    Examples
    --------
    >>> _side_by_side([0.0, 50.0, 52.0], 8.0)
    [0.0, 47.0, 55.0]
    """
    groups: list[list[float]] = []
    for wish in wished:
        groups.append([wish])
        while len(groups) > 1 and _places(groups[-1], room)[0] - _places(groups[-2], room)[-1] < room:
            below = groups.pop()
            groups[-1] += below
    return [place for group in groups for place in _places(group, room)]


def _places(group: list[float], room: float) -> list[float]:
    middle, first = sum(group) / len(group), -room * (len(group) - 1) / 2
    return [middle + first + room * position for position in range(len(group))]


def _with_gaps(axes: "Axes", rows: pd.DataFrame, words: str, colour: str) -> None:
    months = pd.date_range(rows["period"].min(), rows["period"].max(), freq="MS")
    line = rows.set_index("period")["value"].reindex(months)
    axes.plot(line.index, line, color=colour, linewidth=1.4)
    axes.plot(rows["period"], rows["value"], "o", color=colour, markersize=3.6, clip_on=False)
    last = rows.iloc[-1]
    # The ground keeps the lines of controls out of the words.
    axes.annotate(
        f"{words} {wording.number(last['value'], digits=0)}".strip(), (last["period"], last["value"]), xytext=(6, 0),
        textcoords="offset points", ha="left", va="center", fontsize=8, color=colour, annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip


_ALIGNED = {0: "center", -1: "right", 1: "left"}


def _beside(lines: list[float], width: float) -> int:
    """Where words of a width stand free of lines: over their point (0), or to its left (-1) or right (1).

    Examples
    --------
    >>> _beside([], 20.0), _beside([1.0], 20.0), _beside([-5.0, 1.0], 20.0)
    (0, -1, 1)
    """
    spans = {0: (-width / 2, width / 2), -1: (-width - 4, -4), 1: (4, width + 4)}
    return next((side for side, (first, last) in spans.items() if not any(first - 1 < line < last + 1 for line in lines)), 0)


def _label_low(axes: "Axes", rows: pd.DataFrame, controls: pd.Series, colour: str, *, title: str, top: float, points_a_day: float) -> None:
    """The lowest point of a line where the title names it: to the left of the point, or below or above it where something stands there."""
    low = rows.loc[rows["value"].idxmin()]
    words = wording.number(low["value"], digits=0)
    if low["period"] == rows["period"].iloc[-1] or f"{words} tonnes in {wording.month(low['period'])}" not in title:
        return
    width = 4.7 * len(words) + 7  # points, the way to the point included
    is_joined = (low["period"] - pd.DateOffset(months=1)) in set(rows["period"])
    is_crossed = any(0 <= (low["period"] - day).days * points_a_day < width for day in controls)
    place = {"xytext": (-6, 0), "ha": "right", "va": "center"}
    if is_joined or is_crossed:
        is_below = is_joined and low["value"] > _LOW_PART * top
        aside = _beside([(day - low["period"]).days * points_a_day for day in controls], 4.7 * len(words))
        place = {"xytext": (4 * aside, -4 if is_below else 3), "ha": _ALIGNED[aside], "va": "top" if is_below else "bottom"}
    axes.annotate(
        words, (low["period"], low["value"]), textcoords="offset points", fontsize=8, color=colour, annotation_clip=False, **place
    )
