"""Rare earths: who mines them, and what China exported month by month beside its controls."""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, display, minerals, wording
from tradelib.charts.base import CN, INK, SECONDARY, US, bars, figure_of, time_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

_CLOSE_DAYS = 15


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
    marks = minerals.control_marks(controls, since=since)
    panels_of = {
        "Rare earths, all partners": [("china_rare_earth_exports_tonnes", "", CN)],
        "Rare-earth magnets": [("china_magnet_exports_tonnes", "all partners", CN), ("china_magnet_exports_to_us_tonnes", "to the US", US)],
    }
    panels_of = {name: lines for name, lines in panels_of.items() if shown["series_id"].isin([line[0] for line in lines]).any()}

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        panels = figure.subplots(len(panels_of), 1, sharex=True, squeeze=False)[:, 0]
        last = pd.Timestamp(catalogue.observed_through(as_of))
        for axes, (name, lines) in zip(panels, panels_of.items(), strict=True):
            for series, words, colour in lines:
                _with_gaps(axes, shown[shown["series_id"].eq(series)], words, colour)
            before = None
            for number, row in enumerate(marks.itertuples(), start=1):
                # Texts of one fortnight would print their numbers over each other: the second stands to the right of its line.
                near = before is not None and (row.announced_on - before).days < _CLOSE_DAYS
                before = row.announced_on
                axes.axvline(row.announced_on, color=INK, linewidth=0.8, linestyle=":" if row.state == "suspended" else "-")
                if axes is panels[0]:
                    axes.annotate(
                        str(number), (row.announced_on, 1), xycoords=("data", "axes fraction"), xytext=(1 if near else 0, 2),
                        textcoords="offset points", ha="left" if near else "center", va="bottom", fontsize=7.5, color=INK,
                        annotation_clip=False,
                    )  # fmt: skip
            axes.set_ylim(0, None)
            axes.set_xlim(pd.Timestamp(since), last)
            axes.set_title(name, loc="left", fontsize=9, color=INK, fontweight="bold", pad=12)
            axes.yaxis.set_major_formatter(lambda value, _: wording.number(value, digits=0))
        time_axis(panels[-1], narrow=narrow)

    newest = shown.sort_values("period").drop_duplicates("series_id", keep="last")
    words = [
        f"{row.title.removeprefix('China: ')} {wording.number(row.value, digits=0)} t in {wording.month(row.period)}"
        for row in newest.itertuples()
    ]
    return figure_of(
        draw,
        name="rare_earth_exports",
        height=1.1,
        title=title,
        subtitle=f"Tonnes by month from {wording.month(since)}, as known on {wording.day(as_of)}. Lines: texts of China's export "
        "controls, numbered below; dotted where a text suspends",
        alt=f"Point charts with gaps: {'; '.join(words)}.",
        source="Source: General Administration of Customs of China, as reported by the press of the day. A gap is a month that "
        "nobody quoted; points of neighbouring months are joined, others are not.",
        data=shown[["series_id", "period", "value", "published_on", "confidence"]],
        sources=catalogue.sources(shown, controls),
    )


def _with_gaps(axes: "Axes", rows: pd.DataFrame, words: str, colour: str) -> None:
    if rows.empty:
        return
    months = pd.date_range(rows["period"].min(), rows["period"].max(), freq="MS")
    line = rows.set_index("period")["value"].reindex(months)
    axes.plot(line.index, line, color=colour, linewidth=1.4)
    axes.plot(rows["period"], rows["value"], "o", color=colour, markersize=3.6)
    last = rows.sort_values("period").iloc[-1]
    axes.annotate(
        f"{words} {wording.number(last['value'], digits=0)}".strip(), (last["period"], last["value"]), xytext=(6, 0),
        textcoords="offset points", ha="left", va="center", fontsize=8, color=colour, annotation_clip=False,
    )  # fmt: skip
