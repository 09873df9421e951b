"""Scenarios: the average duties they bring, what they would do line by line, and which assumption matters."""

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tradelib import catalogue, sides, wording
from tradelib.show import display
from tradelib.show.drawing import COLOURS, INK, SECONDARY, SMALL, figure_of, knowledge_line, percent_axis, time_axis
from tradelib.stories.scenarios.responses import loss

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

    from tradelib.scenarios import Scenario

_BILLION = 1e9
_SHOWN = ("imports_change_usd", "revenue_change_usd", "buyers_cost_curve_usd", "own_loss_usd")
_BEFORE_DAYS = 420
_NO_FORECAST = "A what-if, not a forecast."


def scenario_duties(
    paths: pd.DataFrame,
    past: dict[str, pd.DataFrame],
    *,
    scenario: "Scenario",
    compare_with: "Scenario",
    texts: pd.DataFrame,
    as_of: date,
    title: str,
) -> display.Figure:
    """Average duties of both sides: as they were, and under two scenarios; see `scenarios.paths`.

    Parameters
    ----------
    past : weighted average of every change day by importer, as known on the day (see `tariffs.weighted_path`).
    texts : announcements behind the past, for the list of sources.
    """
    known = pd.Timestamp(catalogue.observed_through(as_of))
    now = known + pd.Timedelta(days=1)
    first = max(now - pd.Timedelta(days=_BEFORE_DAYS), pd.Timestamp(catalogue.edition().evidence_from))
    last = paths["on"].max() + pd.Timedelta(days=60)
    names = {"after": scenario.title, "before": compare_with.title}

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        panels = figure.subplots(2, 1, sharex=True, sharey=True)
        highest = paths[["before_frac", "after_frac"]].max().max()
        for axes, (importer, rows) in zip(panels, paths.groupby("importer", sort=False), strict=True):
            held = past[importer].set_index("on")["weighted_frac"].loc[:known]
            shown = pd.concat([pd.Series({first: held.loc[:first].iloc[-1] if len(held.loc[:first]) else held.iloc[0]}), held.loc[first:]])
            axes.step([*shown.index, now], [*shown, shown.iloc[-1]], where="post", color=INK, linewidth=1.5)
            for name, colour, style in (("before", SECONDARY, (0, (1, 1.5))), ("after", COLOURS[importer], "--")):
                days, rates = [*rows["on"], last], [*rows[f"{name}_frac"]]
                axes.step(days, [*rates, rates[-1]], where="post", color=colour, linewidth=1.7, linestyle=style)
            highest = max(highest, shown.max())
            axes.set_xlim(first, last + (last - first) * (0.3 if narrow else 0.16))
            axes.set_title(sides.pair(importer).duties, loc="left", fontsize=8.5, color=INK, pad=4)
            percent_axis(axes)
        panels[0].set_ylim(0, highest * 1.15 if highest else 1)
        for axes, (importer, rows) in zip(panels, paths.groupby("importer", sort=False), strict=True):
            _ends(axes, rows.iloc[-1], last, importer)
        knowledge_line(panels, known.date(), above=14)
        time_axis(panels[-1], narrow=narrow, until=last)

    ends = paths.groupby("importer", sort=False).last()
    finding = "; ".join(
        f"{sides.pair(importer).duties} {wording.percent(row['after_frac'])} against {wording.percent(row['before_frac'])}"
        for importer, row in ends.iterrows()
    )
    return figure_of(
        draw,
        name="scenario_duties",
        height=1.2,
        title=title,
        subtitle=f"Average tariff in per cent of customs value, normal tariff included, weighted with the trade of 2024. Dashed, colour: "
        f"{wording.inside(names['after'])}. Dotted, grey: {wording.inside(names['before'])}. As known on {wording.day(as_of)}",
        alt=f"Two step charts of average tariffs: {finding}.",
        source="Source: own calculation by tariff line from the texts listed on this page and the announcements of the scenario. "
        f"{_NO_FORECAST}",
        data=paths,
        sources=catalogue.sources(texts),
    )


def responses(rows: pd.DataFrame, *, scenario: "Scenario", title: str) -> display.Figure:
    """Outcomes of both sides in US dollars with their 90% ranges; see `scenarios.response`."""
    shown = rows[rows["outcome"].isin(_SHOWN)]
    names = list(dict.fromkeys(shown["title"]))

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        for shift, (importer, part) in zip((0.16, -0.16), shown.groupby("importer", sort=False), strict=True):
            heights = [len(names) - 1 - names.index(name) + shift for name in part["title"]]
            low, middle, high, median = (part[name] / _BILLION for name in ("low", "given", "high", "median"))
            axes.hlines(heights, low, high, color=COLOURS[importer], linewidth=2.2)
            axes.plot(median, heights, "o", color=COLOURS[importer], markersize=4.5)
            axes.plot(middle, heights, "|", color=INK, markersize=9, markeredgewidth=1.4)
            for height, value, end in zip(heights, middle, np.maximum(middle, high), strict=True):
                axes.annotate(
                    wording.number(value, signed=True, trim=False), (end, height), xytext=(5, 0), textcoords="offset points", va="center",
                    fontsize=SMALL, color=COLOURS[importer], annotation_clip=False,
                )  # fmt: skip
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_yticks(range(len(names)), [_wrapped(name, 22 if narrow else 34) for name in reversed(names)])
        axes.set_ylim(-0.6, len(names) - 0.4)
        axes.margins(x=0.14)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0, labelsize=SMALL)

    words = "; ".join(f"{row.title} {sides.short(row.importer)} {wording.usd(row.given, signed=True)}" for row in shown.itertuples())
    return figure_of(
        draw,
        name="responses",
        height=0.85,
        title=title,
        subtitle="Change a year in billion US dollars of 2024: central case (upright, with its number), and the median (dot) and 90% range "
        "(line) of the draws. Blue: US imports from China. "
        "Red: China's imports from the United States",
        alt=f"Dots with ranges: {words}.",
        source=f"Source: own calculation line by line; parameters from the papers in the table of assumptions. {scenario.title}. "
        f"{_NO_FORECAST}",
        data=rows,
        sources=display.no_sources(),
    )


def tornado(rows: pd.DataFrame, *, importer: str, title: str) -> display.Figure:
    """What each parameter alone does to an outcome; see `scenarios.tornado`."""
    centre = rows["centre"].iloc[0] / _BILLION

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        for height, row in enumerate(reversed(list(rows.itertuples()))):
            ends = [row.lowest / _BILLION, row.highest / _BILLION]
            axes.barh(height, ends[1] - ends[0], left=ends[0], color=COLOURS[importer], height=0.5, alpha=0.85)
            for value, words, right in _tornado_labels(row, narrow=narrow):
                axes.annotate(
                    words, (value / _BILLION, height), xytext=(4 if right else -4, 0), textcoords="offset points",
                    ha="left" if right else "right", va="center", fontsize=SMALL, color=INK, annotation_clip=False,
                )  # fmt: skip
        axes.axvline(centre, color=INK, linewidth=0.9)
        titles = [_wrapped(name, 22 if narrow else 38) for name in reversed(list(rows["title"]))]
        axes.set_yticks(range(len(rows)), titles)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        left, right = rows["lowest"].min() / _BILLION, rows["highest"].max() / _BILLION
        room = 0.16 * (right - left) or 1
        axes.set_xlim(left - room, right + room)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0, labelsize=SMALL)

    first = rows.iloc[0]
    idle = [wording.inside(name) for name in rows.loc[rows["lowest"].eq(rows["highest"]), "title"]]
    without = f"; without effect: {wording.listing(idle)}" if idle else ""
    return figure_of(
        draw,
        name="tornado",
        height=0.6,
        title=title,
        subtitle=f"Loss of the importing side, buyers' cost less revenue, on {sides.pair(importer).imports}, billion US dollars of 2024 a "
        "year. Each bar shows the result as one assumption moves across its range; the line is the central case. Numbers at the ends "
        "of a bar are the assumption's values",
        alt=f"Tornado chart: {wording.inside(first['title'])} moves the outcome from {loss(first['lowest'])} to {loss(first['highest'])}"
        f"{without}.",
        source="Source: own calculation line by line; ranges from the papers in the table of assumptions.",
        data=rows.rename(columns={name: f"{name}_usd" for name in ("lowest", "highest", "centre")}),
        sources=display.no_sources(),
    )


def _tornado_labels(row: tuple, *, narrow: bool) -> list[tuple[float, str, bool]]:
    """Where a label stands, its words, and whether it stands to the right: the parameter at both ends of a bar."""
    if row.lowest == row.highest:
        return [(row.highest, "no effect", True)]
    labels = []
    for value, parameter, words in ((row.lowest, row.lowest_at, "least"), (row.highest, row.highest_at, "largest")):
        number = wording.number(parameter, digits=2)
        # A lone number would look like the end of the range.
        is_inside = row.low < parameter < row.high
        space = "\n" if narrow else " "
        labels.append((value, f"{words}{space}at {number}" if is_inside else number, words == "largest"))
    return labels


def _ends(axes: "Axes", row: pd.Series, last: pd.Timestamp, importer: str) -> None:
    """Rates at the right ends of both paths, one below the other where they are close."""
    before, after = row["before_frac"], row["after_frac"]
    if wording.percent(before) == wording.percent(after):
        pairs = [(after, wording.percent(after), COLOURS[importer], 0.0)]
    else:
        room = 0.1 * axes.get_ylim()[1]
        apart = max(room - abs(after - before), 0) / 2 * (1 if after > before else -1)
        pairs = [(after, wording.percent(after), COLOURS[importer], apart), (before, wording.percent(before), SECONDARY, -apart)]
    for rate, words, colour, shift in pairs:
        axes.annotate(
            words, (last, rate + shift), xytext=(4, 0), textcoords="offset points", ha="left", va="center", fontsize=8.5, color=colour,
            fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def _wrapped(words: str, width: int) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(words, width))
