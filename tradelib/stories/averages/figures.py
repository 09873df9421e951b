"""What the duties come to: averages stacked by authority, and the collected rate beside the statutory one."""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, sides, tariffs, wording
from tradelib.show import display, labels
from tradelib.show.drawing import (
    INK,
    SECONDARY,
    SMALL,
    US,
    end_labels,
    figure_of,
    key,
    knowledge_line,
    mid_month,
    peak_labels,
    percent_axis,
    scale_of,
    scale_top,
    time_axis,
)

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
_HIGH = 1.3  # times the newest: a peak with a label
# An average is labelled that lasted so long, and is so far from the one labelled last.
_LONG, _MOVE = pd.Timedelta(days=120), 0.015
# On a phone the keys begin below the number beside a peak that is cut.
_BELOW_PEAK = 0.92
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
    top, is_cut = scale_of(tables, known)
    titles = tariffs.family_titles() | {"mfn_frac": "Normal tariff"}

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        panels = figure.subplots(len(tables), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for axes, (importer, table) in zip(panels, tables.items(), strict=True):
            axes.set_ylim(0, top)
            _stack(axes, table, families[importer], titles, known, narrow=narrow)
            room = labels.Room(axes, narrow=narrow, panels=(len(tables), 1))
            _totals(room, table, known, is_cut=is_cut, narrow=narrow)
            axes.set_title(sides.pair(importer).duties, loc="left", fontsize=8.5, color=INK, pad=4)
            percent_axis(axes)
        knowledge_line(panels, known, above=14)
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
        f"as known on {wording.day(as_of)}. Paler: later days, by what is already in law",
        alt=f"Two stacked step charts of average tariffs from {wording.day(catalogue.edition().evidence_from)}: {finding}.",
        source="Source: own calculation by tariff line from the texts listed on this page; trade of 2024: US Census Bureau, UN Comtrade; "
        "normal tariffs: HTS 2025 and the applied rates of China. Weights are fixed at the trade of 2024."
        + key({"A peak beyond the scale is cut, with its rate beside it.": is_cut}),
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
        axes.plot(mid_month(months), rows["collected_frac"], color=US, linewidth=1.8, marker="o", markersize=2.2)
        top, is_cut = scale_top(rows["collected_frac"].max(), rows["statutory_mean_frac"].max())
        axes.set_ylim(0, top)
        axes.set_xlim(months[0], months[-1] + pd.DateOffset(months=len(months) // (3 if narrow else 6)))
        for month in months[rows["collected_frac"].isna()]:
            axes.axvspan(month, month + pd.DateOffset(months=1), color=SECONDARY, alpha=0.18, linewidth=0)
        room = labels.Room(axes, narrow=narrow)
        law, paid = rows["statutory_mean_frac"], rows["collected_frac"]
        words = f"{wording.percent(law.max())} by law"
        room.steps([*months, months[-1] + pd.DateOffset(months=1)], [*law, law.iloc[-1]])
        month, newest = law.idxmax(), paid.last_valid_index()
        if is_cut:
            peak_labels(room, [(words, month, month + pd.DateOffset(months=1), SECONDARY)], wording.month(month), narrow=narrow)
        elif law.max() > _HIGH * law[newest]:
            room.put(words, month, law.max(), places=[labels.LEFT], colour=SECONDARY)
        if paid.max() > _HIGH * paid[newest]:
            room.put(f"{wording.percent(paid.max())} collected", mid_month(paid.idxmax()), paid.max(), places=[labels.LEFT], colour=US)
        last = rows.dropna(subset="collected_frac").iloc[-1]
        law, paid = last["statutory_mean_frac"], last["collected_frac"]
        apart = max(0.09 * top - abs(law - paid), 0) / 2 * (1 if law >= paid else -1)
        for value, shift, name, colour in ((law, apart, "by law", SECONDARY), (paid, -apart, "collected", US)):
            if value > top:
                continue
            axes.text(
                last.name + pd.DateOffset(days=20), value + shift, f"{wording.percent(value)} {name}", color=colour, fontsize=SMALL,
                va="center", ha="left",
            )  # fmt: skip
        percent_axis(axes)
        time_axis(axes, narrow=narrow, until=months[-1])

    last = gap.iloc[-1]
    known = gap["collected_frac"].notna()
    unheld = key({"Grey: months missing from our data.": not known.all()})
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
    axes.legend(
        loc="upper left", fontsize=6.8 if narrow else SMALL, frameon=False, ncols=1, labelcolor=INK, handlelength=0.9, handleheight=0.9,
        borderaxespad=0.2, labelspacing=0.25, reverse=True, bbox_to_anchor=(0, _BELOW_PEAK if narrow else 1),
    )  # fmt: skip


def _totals(room: labels.Room, table: pd.DataFrame, known: date, *, is_cut: bool, narrow: bool) -> None:
    """The average on the day, the last that legal texts set, the peak, and the levels that lasted where there is room."""
    days, rates, edge = list(table["on"]), list(table["weighted_frac"]), pd.Timestamp(known) + pd.Timedelta(days=1)
    top = room.axes.get_ylim()[1]
    room.area([*days, max(edge, days[-1])], [min(rate, top) for rate in [*rates, rates[-1]]])
    room.line(edge)
    above = table[(table["weighted_frac"] > top) & (table["on"] < edge)]
    if is_cut and len(above):
        peak = above.loc[above["weighted_frac"].idxmax()]
        after = table.loc[table["on"] > above["on"].max(), "on"].min()
        peaks = [(wording.percent(peak["weighted_frac"]), above["on"].min(), edge if pd.isna(after) else after, INK)]
        # On a phone the keys of the colours stand where the rest would.
        peak_labels(room, peaks, "" if narrow else wording.month(peak["on"]), narrow=narrow)
    now = table[table["on"] < edge].iloc[-1]["weighted_frac"]
    ends = [(now, wording.percent(now), INK, "bold")]
    if abs(rates[-1] - now) >= _MOVE:
        ends.append((rates[-1], f"{wording.percent(rates[-1])}{chr(10) if narrow else ' '}in law", SECONDARY, "normal"))
    end_labels(room.axes, ends)
    told = now
    for first, end, rate in zip(days, [*days[1:], edge], rates, strict=True):
        is_long = end < edge and end - first >= _LONG and rate <= top and abs(rate - told) >= _MOVE
        if is_long and room.put(wording.percent(rate), first, rate, places=[labels.ABOVE_RIGHT], colour=SECONDARY):
            told = rate
