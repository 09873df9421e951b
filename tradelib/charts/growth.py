"""Growth of China's trade."""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, display, wording
from tradelib.charts.base import CN, INK, figure_of, percent_axis, time_axis

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing


def china_growth(rows: pd.DataFrame, *, as_of: date, title: str) -> display.Figure:
    """China's exports and imports, growth on a year earlier, as known on a day; see `trade.china_growth`."""

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        panels = figure.subplots(2 if narrow else 1, 1 if narrow else 2, sharex=True, sharey=True)
        for axes, (figure_name, words) in zip(panels, (("exports", "Exports"), ("imports", "Imports")), strict=True):
            part = rows[rows["figure"].eq(figure_name)]
            axes.axhline(0, color=INK, linewidth=0.8)
            months = pd.date_range(part["period"].min(), part["period"].max(), freq="MS")
            line = part.set_index("period")["value"].reindex(months[months.month > 1])  # a month that is not held stays a gap
            axes.plot(line.index, line, color=CN, linewidth=1.6)
            later = part[part["is_later_revised"]]
            first = part[~part["is_later_revised"]]
            axes.plot(first["period"], first["value"], "o", color=CN, markersize=3.2)
            axes.plot(later["period"], later["value"], "o", color=CN, markersize=3.2, markerfacecolor="white")
            newest = part.iloc[-1]
            axes.annotate(
                wording.percent(newest["value"], signed=True), (newest["period"], newest["value"]), xytext=(5, 0),
                textcoords="offset points", ha="left", va="center", color=CN, fontweight="bold", annotation_clip=False,
            )  # fmt: skip
            axes.set_title(words, loc="left", fontsize=9, color=INK, fontweight="bold")
            percent_axis(axes, signed=True)
            time_axis(axes, narrow=True)
            axes.margins(y=0.15)

    newest = {name: rows[rows["figure"].eq(name)].iloc[-1] for name in ("exports", "imports")}
    hollow = " Hollow: value of a later revision, the first release is not held." if rows["is_later_revised"].any() else ""
    return figure_of(
        draw,
        name="china_growth",
        title=title,
        subtitle=f"China's goods trade with all partners, change on a year earlier in US dollars, as known on {wording.day(as_of)}",
        alt=(
            f"Two line charts of the growth of China's exports and imports since {wording.month(rows['period'].min())}: in "
            f"{wording.month(newest['exports']['period'])} exports {wording.rose(newest['exports']['value'])} and imports "
            f"{wording.rose(newest['imports']['value'])}."
        ),
        source=(
            "Source: General Administration of Customs of China. Exports FOB, imports CIF; not seasonally adjusted. January and "
            f"February are one release and one point.{hollow}"
        ),
        data=rows[["figure", "period", "value", "published_on", "vintage_on", "is_first_release", "is_later_revised"]],
        sources=catalogue.sources(rows),
    )
