"""Rare earths: who mines them, and what China exported month by month beside its controls."""

import re
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.ticker import MaxNLocator

from tradelib import catalogue, minerals, wording
from tradelib.show import display
from tradelib.show.drawing import CN, INK, SECONDARY, SMALL, US, bars, figure_of, key, mid_month, time_axis
from tradelib.show.pictures import measured

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

_FLAG = 0.2  # height of a row of announcements, in that of a plot
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
    panels_of = [
        ("Rare earths, to all partners", "china_rare_earth_exports_tonnes", CN),
        ("Rare-earth magnets, to all partners", "china_magnet_exports_tonnes", CN),
        ("Rare-earth magnets, to the United States", "china_magnet_exports_to_us_tonnes", US),
    ]
    panels_of = [panel for panel in panels_of if shown["series_id"].eq(panel[1]).any()]
    last = max(shown["period"].max() + pd.DateOffset(months=1), *marks["announced_on"], pd.Timestamp(since)) + pd.Timedelta(days=20)

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        heights = (_FLAG * max(len(marks), 1), *[1.0] * len(panels_of))
        flags, *panels = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
        points_a_day = figure.get_size_inches()[0] * 72 * _PLOT_PARTS[narrow] / (last - pd.Timestamp(since)).days
        flags.set_xlim(pd.Timestamp(since), last)
        _flags(flags, marks, points_a_day)
        for axes, (name, series, colour) in zip(panels, panels_of, strict=True):
            part = shown[shown["series_id"].eq(series)].sort_values("period")
            top = part["value"].max() * 1.2
            for month in _missing(part, since):
                axes.axvspan(month, month + pd.DateOffset(months=1), color=SECONDARY, alpha=0.13, linewidth=0)
            _with_gaps(axes, part, colour)
            _label_low(axes, part, marks["announced_on"], colour, title=title, top=top, points_a_day=points_a_day)
            for row in marks.itertuples():
                axes.axvline(row.announced_on, color=INK, linewidth=0.8, linestyle=":" if row.state == "suspended" else "-", zorder=1.5)
            axes.set_ylim(0, top)
            axes.set_title(name, loc="left", fontsize=9, color=INK, fontweight="bold", pad=5)
            axes.yaxis.set_major_locator(MaxNLocator(3))
            axes.yaxis.set_major_formatter(lambda value, _: wording.number(value, digits=0))
        time_axis(panels[-1], narrow=narrow)

    is_suspended = bool(marks["state"].eq("suspended").any())
    dotted = "; dotted: suspensions" if is_suspended else ""
    lines = {f"Lines down: Chinese export-control announcements, named above{dotted}.": len(marks) > 0}
    is_missing = any(len(_missing(part, since)) for _, part in shown.groupby("series_id"))
    newest = shown.sort_values("period").drop_duplicates("series_id", keep="last")
    words = [
        f"{row.title.removeprefix('China: ')} {wording.number(row.value, digits=0)} tonnes in {wording.month(row.period)}"
        for row in newest.itertuples()
    ]
    return figure_of(
        draw,
        name="rare_earth_exports",
        height=0.5 + 0.3 * len(panels_of) + 0.04 * len(marks),
        narrow_height=0.55 + 0.33 * len(panels_of) + 0.045 * len(marks),
        title=title,
        subtitle=f"Tonnes by month from {wording.month(since)}, as known on {wording.day(as_of)}.{key(lines)} Each plot has a scale of its "
        "own",
        alt=f"Point charts{' with gaps' if is_missing else ''}: {'; '.join(words)}.",
        source="Source: General Administration of Customs of China, as the press reported it."
        + key({"Grey: months for which we found no report; points of neighbouring months are joined.": is_missing}),
        data=shown[["series_id", "period", "value", "published_on", "confidence"]].rename(columns={"value": "value_tonnes"}),
        sources=catalogue.sources(shown, controls),
    )


def _missing(part: pd.DataFrame, since: date) -> pd.DatetimeIndex:
    """Months up to the last of a series for which no report was found."""
    return pd.date_range(pd.Timestamp(since), part["period"].max(), freq="MS").difference(pd.DatetimeIndex(part["period"]))


def _flags(axes: "Axes", marks: pd.DataFrame, points_a_day: float) -> None:
    """A row for each announcement, in order: its day and what it is about, beside the line that goes down to the plots."""
    axes.set_ylim(max(len(marks), 1), 0)
    axes.axis("off")
    width = (axes.get_xlim()[1] - axes.get_xlim()[0]) * points_a_day
    for number, row in enumerate(marks.itertuples()):
        style = ":" if row.state == "suspended" else "-"
        axes.plot([row.announced_on] * 2, [number + 0.1, len(marks)], color=INK, linewidth=0.8, linestyle=style, clip_on=False)
        place = (axes.convert_xunits(row.announced_on) - axes.get_xlim()[0]) * points_a_day
        is_right = width - place > place or place < width / 3
        room = (width - place if is_right else place) - 6
        about = f"{wording.short_day(row.announced_on)}: {'suspended: ' if row.state == 'suspended' else ''}{row.what}"
        # The flag is in no layout: it never takes room from the plots below.
        axes.annotate(
            _shortened(about, room), (row.announced_on, number + 0.5), xytext=(4 if is_right else -4, 0), textcoords="offset points",
            ha="left" if is_right else "right", va="center", fontsize=SMALL, color=INK, annotation_clip=False,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        ).set_in_layout(False)  # fmt: skip


def _shortened(words: str, room: float) -> str:
    """As many things of a list as a line of some points holds, and a sign for the others; of a first that is too long, its words."""
    at_items, at_words = (
        [f"{words[: found.start()]} …" for found in re.finditer(end, words)][::-1] for end in ("(?<=.{12})[,;:] ", "[,;:]? ")
    )
    forms = [words, *at_items, *at_words]
    return next((form for form in forms if measured(form, SMALL, "normal") <= room), forms[-1])


def _with_gaps(axes: "Axes", rows: pd.DataFrame, colour: str) -> None:
    months = pd.date_range(rows["period"].min(), rows["period"].max(), freq="MS")
    line = rows.set_index("period")["value"].reindex(months)
    axes.plot(mid_month(line.index), line, color=colour, linewidth=1.4)
    axes.plot(mid_month(rows["period"]), rows["value"], "o", color=colour, markersize=3.6, clip_on=False)
    last = rows.iloc[-1]
    # The ground keeps the lines of controls out of the words.
    axes.annotate(
        wording.number(last["value"], digits=0), (mid_month(last["period"]), last["value"]), xytext=(6, 0),
        textcoords="offset points", ha="left", va="center", fontsize=SMALL, fontweight="bold", color=colour, annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip


def _beside(lines: list[float], width: float) -> float:
    """Way from a point to words of a width that stand free of lines: over their point (0), or that many points to its left or right.

    Examples
    --------
    >>> _beside([], 20.0), _beside([1.0], 20.0), _beside([-5.0, 1.0], 20.0)
    (0.0, -4.0, 4.0)
    """
    spans = (
        {0.0: (-width / 2, width / 2)}
        | {-way: (-width - way, -way) for way in (4.0, 9.0)}
        | {way: (way, width + way) for way in (4.0, 9.0)}
    )
    order = (0.0, -4.0, 4.0, -9.0, 9.0)
    return next((way for way in order if not any(spans[way][0] - 1 < line < spans[way][1] + 1 for line in lines)), 0.0)


def _label_low(axes: "Axes", rows: pd.DataFrame, controls: pd.Series, colour: str, *, title: str, top: float, points_a_day: float) -> None:
    """The lowest point of a line where the title names it: to the left of the point, or below or above it where something stands there."""
    low = rows.loc[rows["value"].idxmin()]
    words = wording.number(low["value"], digits=0)
    if low["period"] == rows["period"].iloc[-1] or f"{words} tonnes in {wording.month(low['period'])}" not in title:
        return
    width = 4.7 * len(words) + 7  # points, the way to the point included
    is_joined = (low["period"] - pd.DateOffset(months=1)) in set(rows["period"])
    at = mid_month(low["period"])
    is_crossed = any(0 <= (at - day).days * points_a_day < width for day in controls)
    place = {"xytext": (-6, 0), "ha": "right", "va": "center"}
    if is_joined or is_crossed:
        is_below = is_joined and low["value"] > _LOW_PART * top
        aside = _beside([(day - at).days * points_a_day for day in controls], 4.7 * len(words))
        place = {
            "xytext": (aside, -4 if is_below else 3),
            "ha": "center" if not aside else "left" if aside > 0 else "right",
            "va": "top" if is_below else "bottom",
        }
    axes.annotate(
        words,
        (mid_month(low["period"]), low["value"]),
        textcoords="offset points",
        fontsize=SMALL,
        color=colour,
        annotation_clip=False,
        **place,
    )
