"""Growth of China's trade."""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, wording
from tradelib.show import display
from tradelib.show.drawing import CN, INK, YEAR, figure_of, key, mid_month, percent_axis, time_axis

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

_NOMINAL = "change on a year earlier in current US dollars, not adjusted for season"
_NO_DOT = "A month without a dot: its first release is not in our data."
_GAPS = "Gaps are months for which we have no figure."
_PRINTED_PP = 0.05
_MOST_HELD = 0.75
_HOLLOW_BAR = [(-1.0, -0.32), (1.0, -0.32), (1.0, 0.32), (-1.0, 0.32), (-1.0, -0.32)]


def china_growth(rows: pd.DataFrame, *, as_of: date, title: str) -> display.Figure:
    """China's exports and imports, growth on a year earlier, as known on a day; see `trade.china_growth`."""

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        panels = figure.subplots(2 if narrow else 1, 1 if narrow else 2, sharex=True, sharey=True)
        for axes, (figure_name, words) in zip(panels, (("exports", "Exports"), ("imports", "Imports")), strict=True):
            part = rows[rows["figure"].eq(figure_name)]
            axes.axhline(0, color=INK, linewidth=0.8)
            months = pd.date_range(part["period"].min(), part["period"].max(), freq="MS")
            line = part.set_index("period")["value"].reindex(months[months.month > 1])  # a month that is not held stays a gap
            axes.plot(mid_month(line.index), line, color=CN, linewidth=1.6)
            later = part[part["is_later_revised"]]
            first = part[~part["is_later_revised"]]
            axes.plot(mid_month(first["period"]), first["value"], "o", color=CN, markersize=3.2)
            axes.plot(mid_month(later["period"]), later["value"], "o", color=CN, markersize=3.2, markerfacecolor="white")
            newest = part.iloc[-1]
            axes.annotate(
                _change(newest["value"]), (mid_month(newest["period"]), newest["value"]), xytext=(5, 0),
                textcoords="offset points", ha="left", va="center", color=CN, fontweight="bold", annotation_clip=False,
            )  # fmt: skip
            axes.set_title(words, loc="left", fontsize=9, color=INK, fontweight="bold")
            percent_axis(axes, signed=True)
            time_axis(axes, narrow=True)
            axes.margins(y=0.15)

    newest = {name: rows[rows["figure"].eq(name)].iloc[-1] for name in ("exports", "imports")}
    hollow = key({"Hollow: a later revision, because the first release is not in our data.": bool(rows["is_later_revised"].any())})
    return figure_of(
        draw,
        name="china_growth",
        title=title,
        subtitle=f"China's goods trade with all partners, {_NOMINAL}, as known on {wording.day(as_of)}",
        alt=(
            f"Two line charts of the growth of China's exports and imports since {wording.month(rows['period'].min())}: in "
            f"{wording.month(newest['exports']['period'])} exports {wording.rose(newest['exports']['value'])} and imports "
            f"{wording.rose(newest['imports']['value'])}."
        ),
        source=(
            "Source: General Administration of Customs of China. Exports FOB, imports CIF; not seasonally adjusted. January and "
            f"February are published together and shown as one point.{hollow}"
        ),
        data=_fractions(rows)[["figure", "period", "value_frac", "published_on", "vintage_on", "is_first_release", "is_later_revised"]],
        sources=catalogue.sources(rows),
    )


def first_and_revised(tables: dict[str, pd.DataFrame], *, as_of: date, title: str) -> display.Figure:
    """China's growth as first published beside what is known now; see `trade.revised`."""
    words = {"exports": "Exports", "imports": "Imports"}

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        panels = figure.subplots(2 if narrow else 1, 1 if narrow else 2, sharex=True, sharey=True)
        for axes, (name, part) in zip(panels, tables.items(), strict=True):
            axes.axhline(0, color=INK, linewidth=0.8)
            axes.vlines(mid_month(part["period"]), part["first_value"], part["value"], color=CN, linewidth=2.6, alpha=0.45)
            axes.plot(mid_month(part["period"]), part["first_value"], "o", color=INK, markersize=3.4, zorder=3)
            held, later = part[~part["is_later_revised"]], part[part["is_later_revised"]]
            axes.plot(mid_month(held["period"]), held["value"], "_", color=CN, markersize=7, markeredgewidth=1.6, zorder=4)
            axes.plot(
                mid_month(later["period"]), later["value"], marker=_HOLLOW_BAR, linestyle="none", markersize=7, color=CN,
                markerfacecolor="white", markeredgewidth=0.8, zorder=4,
            )  # fmt: skip
            axes.set_title(words[name], loc="left", fontsize=9, color=INK, fontweight="bold")
            percent_axis(axes, signed=True)
            time_axis(axes, narrow=True)
            axes.margins(y=0.12)

    exports = tables["exports"]
    # A revision too small to be printed is none that words could tell.
    printed = exports[exports["revision_pp"].abs() >= _PRINTED_PP]
    moved = printed.loc[printed["revision_pp"].abs().idxmax()] if len(printed) else None
    finding = "our data have no revision of exports of a tenth of a point or more"
    if moved is not None:
        finding = (
            f"the largest revision of exports is that of {wording.month(moved['period'])}, from "
            f"{_change(moved['first_value'])} to {_change(moved['value'])}"
        )
    rows = pd.concat(tables.values(), ignore_index=True)
    later = sorted(set(rows.loc[rows["is_later_revised"], "period"]))
    hollow = "; hollow bar: a later revision, as our data lack the first release" if later else ""
    told = f"; hollow, as later revised: {wording.count(len(later), 'month')}, the last {wording.month(later[-1])}" if later else ""
    return figure_of(
        draw,
        name="first_and_revised",
        title=title,
        subtitle=f"China's goods trade, {_NOMINAL}: as first published (dot) and as known on {wording.day(as_of)} (bar){hollow}",
        alt=f"Two charts of points by month from {wording.month(rows['period'].min())}: {finding}{told}.",
        source=(
            f"Source: General Administration of Customs of China.{key({_NO_DOT: bool(rows['first_value'].isna().any())})} January and "
            "February are published together and shown as one point."
        ),
        data=_fractions(rows).drop(columns=["source", "url"]),
        sources=catalogue.sources(rows),
    )


def with_the_us(rows: pd.DataFrame, *, as_of: date, title: str) -> display.Figure:
    """China's exports to the United States, change on a year earlier: as the press of the day printed it, and as a later table has it.

    Parameters
    ----------
    rows : observations of one series (see `trade.observations`).
    """
    every, rows = rows, _dense(rows)
    is_later = rows["vintage_on"] > rows["published_on"]

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        axes.axhline(0, color=INK, linewidth=0.8)
        months = pd.date_range(rows["period"].min(), rows["period"].max(), freq="MS")
        line = rows.set_index("period")["value"].reindex(months)
        axes.plot(mid_month(line.index), line, color=CN, linewidth=1.4)
        axes.plot(mid_month(rows.loc[~is_later, "period"]), rows.loc[~is_later, "value"], "o", color=CN, markersize=3.4)
        axes.plot(
            mid_month(rows.loc[is_later, "period"]), rows.loc[is_later, "value"], "o", color=CN, markersize=3.4, markerfacecolor="white"
        )
        newest, low = rows.iloc[-1], rows.loc[rows["value"].idxmin()]
        for row, ha in ((newest, "left"),) if low["period"] == newest["period"] else ((newest, "left"), (low, "right")):
            axes.annotate(
                f"{_change(row['value'])}", (mid_month(row["period"]), row["value"]),
                xytext=(6 if ha == "left" else -6, 0), textcoords="offset points", ha=ha, va="center", fontsize=9,
                fontweight="bold", color=CN, annotation_clip=False,
            )  # fmt: skip
        percent_axis(axes, signed=True)
        time_axis(axes, narrow=narrow)
        axes.margins(y=0.14)

    has_gaps = len(pd.date_range(rows["period"].min(), rows["period"].max(), freq="MS")) > len(rows)
    filled = {"Filled: figures as the press printed them on the day of release, some rounded.": not is_later.all()}
    newest, left_out = rows.iloc[-1], len(every) - len(rows)
    earlier = f" The data also hold {wording.count(left_out, 'earlier month')}, far apart." if left_out else ""
    later = f"; hollow, from a later table: {wording.count(int(is_later.sum()), 'month')}" if is_later.any() else ""
    known = int((is_later & ~rows["is_later_revised"].astype(bool)).sum())
    unknown = f"{', which but for ' + wording.count(known, 'month') if known else ' that'} came only after this day"
    hollow = f" Hollow: as revised by a later table{unknown if rows['is_later_revised'].any() else ''}." if is_later.any() else ""
    return figure_of(
        draw,
        name="china_exports_to_us",
        height=0.85,
        title=title,
        subtitle=f"China's goods exports to the United States, {_NOMINAL}, as known on {wording.day(as_of)}{later}",
        alt=f"Line chart{' with gaps' if has_gaps else ''}: {_change(newest['value'])} in {wording.month(newest['period'])}{later}.",
        source=(f"Source: General Administration of Customs of China.{key(filled)}{hollow}{key({_GAPS: has_gaps})}{earlier}"),
        data=_fractions(every)[["period", "value_frac", "published_on", "vintage_on", "is_later_revised", "confidence"]],
        sources=catalogue.sources(every),
    )


def _dense(rows: pd.DataFrame) -> pd.DataFrame:
    """The months from the first after which most are held; single points before them would squeeze the rest."""
    last = rows["period"].max()
    for number, first in enumerate(rows["period"]):
        months = (last.year - first.year) * YEAR + last.month - first.month + 1
        if (len(rows) - number) / months >= _MOST_HELD:
            return rows.iloc[number:] if len(rows) - number > number else rows
    return rows


def _fractions(rows: pd.DataFrame) -> pd.DataFrame:
    """Observations, each of them a fraction, with columns that say so."""
    return rows.rename(columns={"first_value": "first_value_frac", "value": "value_frac"})


def _change(value: float) -> str:
    return wording.amount(value, "fraction", signed=True)
