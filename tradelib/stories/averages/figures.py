"""What the duties come to: averages stacked by authority, and the collected rate beside the statutory one."""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, sides, tariffs, wording
from tradelib.show import display
from tradelib.show.drawing import INK, SECONDARY, US, figure_of, knowledge_line, percent_axis, time_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

# The general rate is grey; what answers a programme has its colour. Checked for colour-blind readers (Okabe and Ito).
_FAMILY_COLOURS = {
    "mfn_frac": "#b9bfc7",
    "s301_lists": "#0072b2",
    "cn_s301_retaliation": "#0072b2",
    "s232": "#56b4e9",
    "cn_s232_retaliation": "#56b4e9",
    "ieepa_fentanyl": "#e69f00",
    "cn_fentanyl_retaliation": "#e69f00",
    "ieepa_reciprocal": "#d55e00",
    "cn_reciprocal_retaliation": "#d55e00",
    "s122": "#009e73",
    "s301_forced_labour": "#cc79a7",
}
_OTHER = "#5b6470"
_SMALL = 0.0005
_RELAYED = ", as read by "


def averages(tables: dict[str, pd.DataFrame], *, as_of: date, title: str, announcements: pd.DataFrame) -> display.Figure:
    """Weighted average duty of both sides over time, stacked by authority.

    Parameters
    ----------
    tables : for each importer the averages of every change day (see `tariffs.averages`).
    as_of : day of knowledge.
    title : the finding.
    announcements : the announcements behind them, for the list of sources.
    """
    known = catalogue.observed_through(as_of)
    families = {importer: _families(table) for importer, table in tables.items()}
    titles = tariffs.family_titles() | {"mfn_frac": "General rate"}

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        panels = figure.subplots(len(tables), 1, sharex=True, squeeze=False)[:, 0]
        for axes, (importer, table) in zip(panels, tables.items(), strict=True):
            _stack(axes, table, families[importer], titles, known, narrow=narrow)
            axes.set_title(sides.pair(importer).duties, loc="left", fontsize=8.5, color=INK, pad=4)
            percent_axis(axes)
        knowledge_line(panels[0], known, above=14)
        for axes in panels:
            time_axis(axes, narrow=narrow)

    rows = [table.set_index("on").loc[: pd.Timestamp(known)].iloc[-1] for table in tables.values()]
    finding = "; ".join(
        f"{sides.pair(row['importer']).duties} averaged {wording.percent(row['weighted_frac'])} on {wording.day(known)}" for row in rows
    )
    columns = ["on", "importer", "state", "weighted_frac"]
    data = pd.concat([table[[*columns, *families[importer]]] for importer, table in tables.items()], ignore_index=True)
    data = data.rename(columns=lambda name: name if name in columns or name.endswith("_frac") else f"{name}_frac")
    return figure_of(
        draw,
        name="average_duties",
        height=1.35,
        title=title,
        subtitle="Average tariff in per cent of customs value by legal authority, weighted with the trade of 2024, "
        f"as known on {wording.day(as_of)}. Paler: changes already in law for later days",
        alt=f"Two stacked step charts of average tariffs from {wording.day(catalogue.edition().evidence_from)}: {finding}.",
        source="Source: own calculation by tariff line from the texts listed on this page; trade of 2024: US Census Bureau, UN Comtrade; "
        "normal tariffs: HTS 2025 and the applied rates of China. The weights are fixed: they do not change with the day.",
        data=data,
        sources=catalogue.sources(announcements),
    )


def collected(gap: pd.DataFrame, *, as_of: date, title: str, announcements: pd.DataFrame) -> display.Figure:
    """Collected rate on imports from China beside the statutory average, by month.

    Parameters
    ----------
    gap : as `tariffs.gap` gives it.
    as_of, title, announcements : as for `averages`.
    """

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        rows = gap.set_index("period")
        months = rows.index
        axes.step(months, rows["statutory_mean_frac"], where="post", color=SECONDARY, linewidth=1.2)
        axes.plot(months, rows["collected_frac"], color=US, linewidth=1.8, marker="o", markersize=2.2)
        axes.set_ylim(0, rows[["statutory_mean_frac", "collected_frac"]].max().max() * 1.12)
        axes.set_xlim(months[0], months[-1] + pd.DateOffset(months=len(months) // (3 if narrow else 6)))
        last = rows.dropna(subset="collected_frac").iloc[-1]
        law, paid = last["statutory_mean_frac"], last["collected_frac"]
        top = axes.get_ylim()[1]
        apart = max(0.09 * top - abs(law - paid), 0) / 2 * (1 if law >= paid else -1)
        for value, shift, name, colour in ((law, apart, "by law", SECONDARY), (paid, -apart, "collected", US)):
            axes.text(
                last.name + pd.DateOffset(days=20), value + shift, f"{wording.percent(value)} {name}", color=colour, fontsize=8,
                va="center", ha="left",
            )  # fmt: skip
        percent_axis(axes)
        time_axis(axes, narrow=narrow, until=months[-1])

    last = gap.iloc[-1]
    known = gap["collected_frac"].notna()
    unheld = "" if known.all() else " Gaps in the line are months missing from our data."
    relayed = gap[gap["collected_frac"].notna() & gap["source"].str.contains(_RELAYED)]
    reader = f"; from {wording.month(relayed['period'].iloc[0])} on{relayed['source'].iloc[0].partition(',')[2]}" if len(relayed) else ""
    return figure_of(
        draw,
        name="collected_rate",
        title=title,
        subtitle="Calculated duty over customs value of imports from China (collected), and the mean of the statutory average over "
        f"the days of the month, by month, as known on {wording.day(as_of)}",
        alt=f"Line chart by month: in {wording.month(last['period'])} the collected rate was {wording.percent(last['collected_frac'])} and "
        f"the statutory average {wording.percent(last['statutory_mean_frac'])}.",
        source=f"Source: US Census Bureau (imports for consumption, calculated duty{reader}); statutory: own calculation over all trade "
        f"of 2024{display.after(wording.later_revised(gap[known]))}.{unheld}",
        data=gap.drop(columns=["url"]),
        sources=catalogue.sources(gap, announcements),
    )


def _families(table: pd.DataFrame) -> list[str]:
    held = [name for name in _FAMILY_COLOURS if name in table and table[name].max() > _SMALL]
    fixed = {"on", "importer", "state", "known_on"}
    others = [name for name in table.columns if not name.endswith("_frac") and name not in fixed | set(held) and table[name].max() > _SMALL]
    return held + others


def _stack(axes: "Axes", table: pd.DataFrame, families: list[str], titles: dict[str, str], known: date, *, narrow: bool) -> None:
    last = pd.Timestamp(max(known, table["on"].max().date())) + pd.DateOffset(months=2)
    days = [*table["on"], last]
    floor = pd.Series(0.0, index=range(len(days)))
    boundary = pd.Timestamp(known) + pd.Timedelta(days=1)
    for family in families:
        values = pd.concat([table[family], table[family].tail(1)], ignore_index=True).fillna(0.0)
        colour = _FAMILY_COLOURS.get(family, _OTHER)
        label = titles.get(family, family)
        axes.fill_between(days, floor, floor + values, step="post", color=colour, linewidth=0, label=label)
        floor = floor + values
    if last > boundary:
        # What lies ahead is paler: it is scheduled, not in force.
        axes.axvspan(boundary, last, color="white", alpha=0.55, linewidth=0)
    axes.set_xlim(table["on"].min(), last)
    axes.set_ylim(0, floor.max() * 1.12)
    axes.legend(
        loc="upper left", fontsize=6.5 if narrow else 7.5, frameon=False, ncols=1, labelcolor=INK, handlelength=0.9, handleheight=0.9,
        borderaxespad=0.2, labelspacing=0.25, reverse=True,
    )  # fmt: skip
