"""What was expected on each day, beside what came: thin lines ahead of each state of knowledge, and the line of what was."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tradelib import catalogue, sides, wording
from tradelib.show import display
from tradelib.show.drawing import COLOURS, INK, SMALL, figure_of, knowledge_line, percent_axis, scale_of, time_axis
from tradelib.tariffs import expectations

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

# Labels of changes that never came, by whether the figure is narrow, and how far apart they stand, as shares of the plot.
_LABELS = {False: 5, True: 3}
_LETTER = {False: 0.016, True: 0.024}
_LINE = 0.075
# Quiet years between two stretches that are drawn, and what is drawn around these.
_QUIET, _AROUND = pd.Timedelta(days=3 * 365), pd.Timedelta(days=120)


def expected(
    surfaces: Mapping[str, pd.DataFrame],
    dates: Mapping[str, pd.DataFrame],
    announcements: pd.DataFrame,
    *,
    as_of: date,
    title: str,
    horizon_days: int,
) -> display.Figure:
    """Average tariffs as expected on each day, and as they came, both sides on one scale.

    Parameters
    ----------
    surfaces : by importer, the averages as known on every day (see `tariffs.knowledge_surface`).
    dates : by importer, the scheduled changes (see `tariffs.scheduled_dates`).
    announcements : the announcements behind them, for the list of sources.
    as_of : day of knowledge.
    title : the finding.
    horizon_days : how far ahead each thin line goes.
    """
    known = catalogue.observed_through(as_of)
    paths = {side: _path(surface, known) for side, surface in surfaces.items()}
    beliefs = {side: _ahead(surface, horizon_days) for side, surface in surfaces.items()}
    top, is_cut = scale_of(paths, known)
    top = max(top, *(1.15 * min(_highest_gone(table), 1.5 * top) for table in dates.values()))
    until = max(pd.Timestamp(known) + pd.DateOffset(days=horizon_days), *(table["until"].max() for table in beliefs.values()))
    eras = _eras(paths, dates, known, until)
    steps = {side: _steps(table) for side, table in beliefs.items()}

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        spans = eras[-1 if narrow else 0 :]
        widths = [(last - first).days for first, last in spans]
        shape = {"width_ratios": [max(width, sum(widths) / 3) for width in widths]}
        panels = figure.subplots(len(paths), len(spans), sharex="col", sharey=True, squeeze=False, gridspec_kw=shape)
        for row, (side, path) in zip(panels, paths.items(), strict=True):
            row[0].set_title(
                sides.pair(side).duties, loc="left", fontsize=9, fontweight="bold", color=COLOURS[side], pad=26 if is_cut else 12
            )
            row[0].set_ylim(0, top)
            percent_axis(row[0])
            for axes, (first, last) in zip(row, spans, strict=True):
                axes.set_xlim(first, last)
                _thin(axes, steps[side], COLOURS[side])
                _came(axes, path[~path["is_ahead"]], known)
                part = path[(path["on"] >= first) & (path["on"] <= last)]
                if is_cut and part["weighted_frac"].max() > top:
                    _mark_cut(axes, part, is_first=axes is row[0])
                    # Its words may stand over the panel before: room is not made for them.
                    axes.texts[-1].set_in_layout(False)
                _gone(axes, dates[side], top, COLOURS[side], narrow=narrow)
                time_axis(axes, narrow=narrow or len(spans) > 1)
        knowledge_line(list(panels[:, -1]), known, above=2)

    has_rings = any(bool((_never(table)["expected_frac"] <= top).any()) for table in dates.values())
    rings = ". Rings: scheduled rises that never came" if has_rings else ""
    came = [path[~path["is_ahead"]].assign(importer=side, as_of=pd.Timestamp(as_of), is_expected=False) for side, path in paths.items()]
    thin = [table.assign(importer=side, is_expected=True) for side, table in beliefs.items()]
    columns = ["importer", "is_expected", "as_of", "on", "weighted_frac"]
    return figure_of(
        draw,
        name="expected_and_realised",
        height=1.35,
        narrow_height=1.7,
        title=title,
        subtitle="Average tariff in per cent of customs value, weighted with the trade of 2024. Thick: what came, as the law "
        f"was known on each day. Thin: what it had set for the {horizon_days} days after each day on which it changed{rings}"
        + ("; years of little change are left out" if len(eras) > 1 else ""),
        alt=f"Step charts from {wording.day(catalogue.edition().evidence_from)} of the average tariffs that came, with thin lines of what "
        f"had been scheduled: {title}.",
        source="Source: own calculation by tariff line from the legal texts; trade of 2024: US Census Bureau, UN Comtrade; normal tariffs: "
        "HTS 2025 and the applied rates of China.",
        data=pd.concat([part[columns] for part in (*came, *thin)], ignore_index=True),
        sources=catalogue.sources(announcements),
    )


def _eras(
    paths: Mapping[str, pd.DataFrame], dates: Mapping[str, pd.DataFrame], known: date, until: pd.Timestamp
) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Stretches of days that are drawn: years in which no average moved, and none was to move, are left out."""
    first, now = next(iter(paths.values()))["on"].min(), pd.Timestamp(known)
    moved = [path.loc[path["weighted_frac"].diff().abs() >= expectations.STEP, "on"] for path in paths.values()]
    days = pd.concat([*moved, *(table["scheduled_on"] for table in dates.values())])
    days = sorted({first, *days[days <= now], now})
    begins, ends = [first], []
    for before, after in pairwise(days):
        if after - before > _QUIET:
            ends.append(before + _AROUND)
            begins.append(after - _AROUND)
    return list(zip(begins, [*ends, until], strict=True))


def _path(surface: pd.DataFrame, known: date) -> pd.DataFrame:
    """What came, each day as known on it, and what is scheduled from here: on, weighted_frac, is_ahead."""
    newest = surface[(surface["as_of"] == surface["as_of"].max()) & (surface["on"] > pd.Timestamp(known))]
    parts = [expectations.realised(surface, as_of=known).assign(is_ahead=False), newest[["on", "weighted_frac"]].assign(is_ahead=True)]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _ahead(surface: pd.DataFrame, horizon: int) -> pd.DataFrame:
    """Beliefs about the days after each day of knowledge: as_of, on, weighted_frac and until, the last day of each line."""
    after = surface["on"] - surface["as_of"]
    begins = surface[after <= pd.Timedelta(0)].drop_duplicates("as_of", keep="last")
    later = surface[(after > pd.Timedelta(0)) & (after <= pd.Timedelta(days=horizon))]
    rows = pd.concat([begins.assign(on=begins["as_of"]), later]).sort_values(["as_of", "on"]).reset_index(drop=True)
    return rows[["as_of", "on", "weighted_frac"]].assign(until=rows["as_of"] + pd.Timedelta(days=horizon))


def _steps(beliefs: pd.DataFrame) -> list[np.ndarray]:
    """The corners of each line, days as matplotlib counts them."""
    from matplotlib.dates import date2num

    days, ends, levels = date2num(beliefs["on"].to_numpy()), date2num(beliefs["until"].to_numpy()), beliefs["weighted_frac"].to_numpy()
    begins = np.flatnonzero(beliefs["as_of"].diff().to_numpy() != np.timedelta64(0))
    lines = pairwise([*begins, len(beliefs)])
    return [np.column_stack([np.repeat([*days[first:end], ends[first]], 2)[1:-1], np.repeat(levels[first:end], 2)]) for first, end in lines]


def _thin(axes: "Axes", steps: list[np.ndarray], colour: str) -> None:
    """All lines as one collection: an artist for each would take as long to lay out as all else together."""
    from matplotlib.collections import LineCollection

    axes.add_collection(LineCollection(steps, colors=colour, linewidths=0.9, alpha=0.6, zorder=2), autolim=False)


def _came(axes: "Axes", path: pd.DataFrame, known: date) -> None:
    days, levels = [*path["on"], pd.Timestamp(known) + pd.Timedelta(days=1)], [*path["weighted_frac"], path["weighted_frac"].iloc[-1]]
    axes.step(days, levels, where="post", color=INK, linewidth=1.9)


def _highest_gone(dates: pd.DataFrame) -> float:
    never = _never(dates)
    return float(never["expected_frac"].max()) if len(never) else 0.0


def _never(dates: pd.DataFrame) -> pd.DataFrame:
    """Rises that were set, did not come, and that no other change of the same day replaced."""
    return dates[dates["outcome"].eq(expectations.GONE) & ~dates["is_replaced"] & (dates["expected_frac"] > dates["before_frac"])]


def _mark_cut(axes: "Axes", path: pd.DataFrame, *, is_first: bool) -> None:
    """The peak beyond the scale, in words at its top; they reach over the plot before, where there is one: none is sure to have room."""
    peak = path.loc[path["weighted_frac"].idxmax()]
    side = "left" if is_first and axes.convert_xunits(peak["on"]) <= sum(axes.get_xlim()) / 2 else "right"
    axes.annotate(
        f"peak {wording.percent(peak['weighted_frac'], digits=0)}, {wording.month(peak['on'])} (off the scale)", (peak["on"], 1),
        xycoords=("data", "axes fraction"), xytext=(0, 13), textcoords="offset points", ha=side, va="bottom", fontsize=SMALL,
        color=INK, annotation_clip=False,
    )  # fmt: skip


def _gone(axes: "Axes", dates: pd.DataFrame, top: float, colour: str, *, narrow: bool) -> None:
    """A ring at each rise that never came, the largest with their words where the plot leaves room."""
    begins, ends = axes.get_xlim()
    never = _never(dates)
    days = axes.convert_xunits(never["scheduled_on"].to_numpy())
    never = never[(never["expected_frac"] <= top) & (days >= begins) & (days <= ends)]
    axes.plot(never["scheduled_on"], never["expected_frac"], "o", markersize=4.5, markerfacecolor="white", markeredgecolor=colour)
    rise = (never["expected_frac"] - never["before_frac"]).sort_values(ascending=False)
    taken: list[tuple[float, float, float]] = []
    for at in rise.index[: _LABELS[narrow]]:
        row = never.loc[at]
        words = f"{wording.percent(row['expected_frac'], digits=0)} set for {wording.short_day(row['scheduled_on'])}"
        place = (axes.convert_xunits(row["scheduled_on"]) - begins) / (ends - begins)
        width, leftward = _LETTER[narrow] * len(words), place > 0.5  # noqa: PLR2004 - the middle of the plot
        left, height = (place - width if leftward else place), row["expected_frac"] / top
        if any(left < other[1] and left + width > other[0] and abs(height - other[2]) < _LINE for other in taken) or left < 0:
            continue
        taken.append((left, left + width, height))
        axes.annotate(
            words, (row["scheduled_on"], row["expected_frac"]), xytext=(-6 if leftward else 6, 4), textcoords="offset points",
            ha="right" if leftward else "left", va="bottom", fontsize=7.5, color=colour, annotation_clip=False, zorder=3,
            bbox={"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.6},
        )  # fmt: skip
