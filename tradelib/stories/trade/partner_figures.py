"""Where US imports come from, what changed by goods, and the rate collected on each partner."""

import math
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, trade, wording
from tradelib.show import display
from tradelib.show.drawing import CN, GRID, INK, SECONDARY, SMALL, US, figure_of, mid_month, percent_axis, readable, time_axis

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

_BILLION = 1e9
_CENSUS = "Source: US Census Bureau, imports for consumption at customs value, not seasonally adjusted."
# Colour-blind safe and muted (Okabe and Ito); at most five partners beside China and the world.
_OTHERS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9")


def diversion(rows: pd.DataFrame, *, as_of: date, title: str, most: int = 8) -> display.Figure:
    """Who gained and who lost: change of US imports by partner; see `trade.diversion`."""
    countries = rows[~rows["partner"].isin([trade.WORLD, trade.REST])]
    always = rows[rows["partner"].isin([trade.REST, "China"])]
    shown = pd.concat([countries.head(most), always, countries.tail(4)]).drop_duplicates("partner")
    shown = shown.sort_values("change_usd")
    row = rows.iloc[0]

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        colours = [CN if name == "China" else SECONDARY if name == trade.REST else US for name in shown["partner"]]
        axes.barh(shown["partner"], shown["change_usd"] / _BILLION, color=colours, height=0.66)
        axes.axvline(0, color=INK, linewidth=0.8)
        low, high = shown["change_usd"].min() / _BILLION, shown["change_usd"].max() / _BILLION
        room = (high - low) * (0.28 if narrow else 0.14)
        axes.set_xlim(low - room, high + room)
        for position, change in enumerate(shown["change_usd"] / _BILLION):
            axes.annotate(
                wording.number(change, signed=True, trim=False), (change, position), xytext=(4 if change >= 0 else -4, 0),
                textcoords="offset points", ha="left" if change >= 0 else "right", va="center", fontsize=SMALL, color=INK,
            )  # fmt: skip
        axes.set_xticks([])
        axes.grid(visible=False)
        axes.tick_params(axis="y", length=0, labelsize=SMALL)
        axes.spines["bottom"].set_visible(False)

    china = countries[countries["partner"].eq("China")].iloc[0]
    other = "" if row["partner"] == "China" else f", {row['partner']} {wording.usd_bn(row['change_usd'])}"
    span = f"{wording.month(row['first'])} to {wording.month(row['last'])}"
    return figure_of(
        draw,
        name="diversion",
        height=1.05,
        title=title,
        subtitle=f"Change of US imports for consumption, gold and medicines included, {span} against the same months of {row['base']}, "
        "billion current US dollars, not adjusted for season"
        f"{', as later revised' if row['is_later_revised'] else ''}; as known on {wording.day(as_of)}",
        alt=f"Bar chart of the change of US imports by partner: China {wording.usd_bn(china['change_usd'])}{other}.",
        source=_CENSUS + " China, the partners with the largest gains and losses, and all others together. A gain does not show that "
        "goods replaced Chinese ones.",
        data=rows.drop(columns=["source", "url"]),
        sources=catalogue.sources(rows.head(1)),
    )


def collected_rates(rows: pd.DataFrame, *, partners: list[str], start: date, as_of: date, title: str) -> display.Figure:
    """Rate collected on imports from China, from chosen partners and from all, by month; see `trade.imports_by_partner`.

    Raises
    ------
    ParameterError : more partners than can be told apart.
    """
    shown = rows[rows["partner"].isin([*partners, "China", trade.WORLD]) & (rows["period"] >= pd.Timestamp(start))]
    colours = {"China": CN, trade.WORLD: INK} | dict(zip([name for name in partners if name != "China"], _OTHERS, strict=False))

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        table = shown.pivot_table(index="period", columns="partner", values="collected_frac")
        table = table.reindex(pd.date_range(table.index.min(), table.index.max(), freq="MS"))
        ends = []
        for name in table:
            axes.plot(mid_month(table.index), table[name], color=colours[name], linewidth=1.9 if name == "China" else 1.3)
            ends.append([float(table[name].dropna().iloc[-1]), name])
        axes.set_ylim(0, table.max().max() * 1.08)
        axes.set_xlim(table.index[0], table.index[-1] + (table.index[-1] - table.index[0]) * (0.42 if narrow else 0.22))
        gap = axes.get_ylim()[1] * (0.065 if narrow else 0.058)
        height = -1.0
        for value, name in sorted(ends):
            height = max(value, height + gap)
            axes.annotate(
                f"{name} {wording.percent(value)}", (table.index[-1], height), xytext=(5, 0), textcoords="offset points", ha="left",
                va="center", fontsize=SMALL, color=readable(colours[name]), annotation_clip=False,
            )  # fmt: skip
        percent_axis(axes)
        time_axis(axes, narrow=narrow, until=table.index[-1])

    last = shown["period"].max()
    newest = shown[shown["period"].eq(last)].set_index("partner")["collected_frac"]
    later = "; months whose first release we lack are shown as later revised" if shown["is_later_revised"].any() else ""
    return figure_of(
        draw,
        name="collected_by_partner",
        title=title,
        subtitle="Calculated duty over customs value of US imports for consumption, by month and partner, as known on "
        f"{wording.day(as_of)}{later}",
        alt=f"Line chart of collected rates: in {wording.month(last)} {wording.percent(newest['China'])} on goods from China and "
        f"{wording.percent(newest[trade.WORLD])} on all imports.",
        source="Source: US Census Bureau, imports for consumption. Calculated duty is an estimate from the entries of the month, not cash.",
        data=shown.drop(columns=["source", "url"]),
        sources=catalogue.sources(shown.tail(1)),
    )


def sections(tables: dict[str, pd.DataFrame], *, as_of: date, title: str, most: int = 10) -> display.Figure:
    """What was bought and sold, by section of the Harmonized System: the newest year beside a base year; see `trade.by_section`."""
    names = {"exports": "US exports to China", "imports": "US imports from China"}
    inks = {"exports": CN, "imports": US}  # by who buys, as duties are

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        panels = figure.subplots(len(tables), 1) if narrow else figure.subplots(1, len(tables))
        drawn = pd.concat([table.head(most)[["base_usd", "value_usd"]] for table in tables.values()]) / _BILLION
        low, high = drawn[drawn > 0].min().min() / 1.4, drawn.max().max() * 1.4
        for axes, (flow, table) in zip(panels, tables.items(), strict=True):
            part = table.head(most).iloc[::-1]
            labels = [_short(name) for name in part["section"]]
            positions = range(len(part))
            axes.hlines(positions, part["base_usd"] / _BILLION, part["value_usd"] / _BILLION, color=GRID, linewidth=3, zorder=1)
            axes.plot(part["base_usd"] / _BILLION, positions, "o", color=inks[flow], markerfacecolor="white", markersize=5, zorder=2)
            axes.plot(part["value_usd"] / _BILLION, positions, "o", color=inks[flow], markersize=5, zorder=3)
            axes.set_yticks(list(positions), labels)
            axes.tick_params(axis="y", length=0, labelsize=SMALL)
            axes.set_xscale("log")
            axes.set_xlim(low, high)
            axes.set_xticks(*_decades(low, high))
            axes.minorticks_off()
            axes.grid(visible=True, axis="x")
            axes.grid(visible=False, axis="y")
            axes.set_title(names[flow], loc="left", fontsize=9, color=INK, fontweight="bold")

    row = next(iter(tables.values())).iloc[0]
    largest = [
        f"the largest of {names[flow]} is {_short(table['section'].iloc[0])} with {wording.usd_bn(table['value_usd'].iloc[0])}"
        for flow, table in tables.items()
    ]
    return figure_of(
        draw,
        name="goods_by_section",
        height=1.1,
        title=title,
        subtitle=f"Billion US dollars in {row['year']} (filled) and {row['base']} (hollow), on one logarithmic "
        "scale; exports FAS, imports CIF, as later "
        f"revised; as known on {wording.day(as_of)}",
        alt=f"Two dot charts by section of goods: {'; '.join(largest)}.",
        source="Source: UN Comtrade, US-reported data, from one later file that includes revisions. Special: chapters 98 and 99, and "
        "confidential trade, mostly aircraft. Imports at CIF value are not comparable with the customs values of the balance.",
        data=pd.concat([table.assign(flow=flow) for flow, table in tables.items()]).drop(columns=["source", "url"]),
        sources=catalogue.sources(*[table.head(1) for table in tables.values()]),
    )


def yearly(rows: pd.DataFrame, *, as_of: date, title: str, what: str, name: str) -> display.Figure:
    """Value of one kind of goods by year; see `trade.years_of`."""

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        from matplotlib.ticker import MaxNLocator

        axes = figure.add_subplot()
        axes.bar(rows["year"], rows["value_usd"] / _BILLION, color=US, width=0.7)
        for row in rows.itertuples():
            axes.annotate(
                wording.number(row.value_usd / _BILLION, trim=False), (row.year, row.value_usd / _BILLION), xytext=(0, 2),
                textcoords="offset points", ha="center", va="bottom", fontsize=7.5 if narrow else SMALL, color=INK,
            )  # fmt: skip
        axes.set_xticks(rows["year"], [str(year) if not narrow else f"'{year % 100}" for year in rows["year"]])
        axes.tick_params(axis="x", length=0)
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))

    last = rows.iloc[-1]
    return figure_of(
        draw,
        name=name,
        height=0.8,
        title=title,
        subtitle=f"{what}, billion US dollars by year, FAS value, as later revised; as known on {wording.day(as_of)}",
        alt=f"Bar chart by year from {rows['year'].iloc[0]}: {wording.usd_bn(last['value_usd'])} in {last['year']}.",
        source="Source: UN Comtrade, US-reported data, from one later file that includes revisions.",
        data=rows.drop(columns=["source", "url"]),
        sources=catalogue.sources(rows),
    )


def _decades(low: float, high: float) -> tuple[list[float], list[str]]:
    """Ticks at 1, 3, 10, 30 and so on between two ends, and their words."""
    ticks = [step * 10.0**power for power in range(-3, 4) for step in (1, 3) if low <= step * 10.0**power <= high]
    return ticks, [wording.number(tick, digits=max(0, -math.floor(math.log10(tick)))) for tick in ticks]


def _short(section: str) -> str:
    """A section without its numeral."""
    if section.startswith("special"):
        return "Special, confidential"
    return section.split(" ", maxsplit=1)[1]
