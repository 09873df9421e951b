"""Goods trade between the two countries: since 2001, and the last months beside the duties."""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, wording
from tradelib.show import display
from tradelib.show.drawing import CN, COLOURS, INK, SECONDARY, TRUCE, US, figure_of, percent_axis, time_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

_BILLION = 1e9
_SOURCE = (
    "Source: US Census Bureau, Trade in Goods with China. Census basis, not seasonally adjusted; exports FAS, general imports at "
    "customs value. Gaps are months missing from our data."
)


def balance(goods: pd.DataFrame, months: pd.DataFrame, *, phases: pd.DataFrame, as_of: date, title: str) -> display.Figure:
    """US exports to China and imports from China by month, as far back as is held.

    Parameters
    ----------
    goods : as `trade.us_china_goods` gives them, for the data and sources.
    months : the same on an unbroken index (see `trade.unbroken`).
    phases : phases of the truce, shaded.
    as_of, title : as for every figure.
    """

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        _flows(axes, months, phases)
        time_axis(axes, narrow=narrow)

    last = {name: goods.dropna(subset=[name]).iloc[-1] for name in ("exports_usd", "imports_usd")}
    return figure_of(
        draw,
        name="bilateral_trade",
        title=title,
        subtitle=f"US goods trade with China by month, billion current US dollars, not adjusted for season, as known on "
        f"{wording.day(as_of)}"
        f"{display.after(wording.later_revised(goods))}{_shorter(goods)}",
        alt=(
            f"Line chart of US goods exports to China and imports from China from {wording.month(goods['period'].iloc[0])} on: the last "
            f"imports {_newest(last['imports_usd'], 'imports_usd')}, the last exports {_newest(last['exports_usd'], 'exports_usd')}."
        ),
        source=_SOURCE,
        data=goods.drop(columns=["source", "url"]),
        sources=catalogue.sources(goods),
    )


def recent(
    goods: pd.DataFrame,
    months: pd.DataFrame,
    *,
    paths: dict[str, pd.DataFrame],
    phases: pd.DataFrame,
    announcements: pd.DataFrame,
    as_of: date,
    title: str,
) -> display.Figure:
    """The months of `months` in detail, above the country-wide duties of both sides.

    Parameters
    ----------
    goods, phases, as_of, title : as for `balance`.
    months : as for `balance`, cut to the months shown.
    paths : headline paths by importer (see `tariffs.headline_paths`).
    announcements : the announcements behind the paths, for the list of sources.
    """
    known = pd.Timestamp(catalogue.observed_through(as_of))

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        _flows(top, months, phases)
        for importer, path in paths.items():
            # What a text sets for later days belongs to the tariff history: here both lines end with the day of knowledge.
            held = path[path["effective_from"] <= known]
            days = [*held["effective_from"], known + pd.Timedelta(days=1)]
            rates = [*held["rate_frac"], held["rate_frac"].iloc[-1]]
            bottom.step(days, rates, where="post", color=COLOURS[importer], linewidth=1.6)
        _spans(bottom, phases)
        top.set_xlim(months.index[0], known + pd.Timedelta(days=15))
        bottom.set_ylim(0, None)
        percent_axis(bottom)
        words = ("Tariffs on all goods: US on Chinese goods (blue),", "China on US goods (red)")
        bottom.set_title(("\n" if narrow else " ").join(words), loc="left", fontsize=8, color=INK)
        time_axis(bottom, narrow=narrow)

    first, last = months.index[0], months.dropna(subset=["imports_usd"]).index[-1]
    shown = goods[goods["period"] >= first]
    return figure_of(
        draw,
        name="recent_trade",
        height=1.25,
        title=title,
        subtitle=(
            f"US goods trade with China by month, billion current US dollars, not adjusted for season, from {wording.month(first)}, "
            f"with the tariffs in force, as known on {wording.day(as_of)}{display.after(wording.later_revised(shown))}{_shorter(shown)}"
        ),
        alt=(
            f"Two charts from {wording.month(first)} to {wording.month(last)}: lines of US exports to China and imports from China, the "
            f"last imports {wording.usd_bn(months.loc[last, 'imports_usd'])}; below, steps of both sides' country-wide duties."
        ),
        source=_SOURCE + " Shaded: the truce. Duties: see the tariff history.",
        data=shown.drop(columns=["source", "url"]),
        sources=catalogue.sources(shown, announcements),
    )


def _flows(axes: "Axes", months: pd.DataFrame, phases: pd.DataFrame) -> None:
    axes.set_xlim(months.index[0], months.index[-1] + pd.Timedelta(days=15))
    _spans(axes, phases)
    for name, words, colour in (("imports_usd", "Imports\nfrom China", CN), ("exports_usd", "Exports\nto China", US)):
        axes.plot(months.index, months[name] / _BILLION, color=colour, linewidth=1.5)
        value = months[name].dropna().iloc[-1] / _BILLION
        # Beside the plot, where no edge of the shading can run through the words.
        axes.annotate(
            f"{words} {wording.number(value, trim=False)}", (1, value), xycoords=axes.get_yaxis_transform(), xytext=(5, 0),
            textcoords="offset points", ha="left", va="center", fontsize=8, color=colour, annotation_clip=False,
        )  # fmt: skip
    axes.set_ylim(0, None)
    axes.yaxis.set_major_formatter(lambda value, _: wording.number(value, digits=0))
    missing = months.index[months["imports_usd"].isna()]
    for month in missing:
        axes.axvspan(month - pd.Timedelta(days=15), month + pd.Timedelta(days=15), color=SECONDARY, alpha=0.18, linewidth=0)


def _newest(row: pd.Series, name: str) -> str:
    return f"{wording.usd_bn(row[name])} in {wording.month(row['period'])}"


def _shorter(goods: pd.DataFrame) -> str:
    """Which flow ends sooner than the other; nothing where both end with one month."""
    ends = {words: goods.dropna(subset=[f"{words}_usd"])["period"].max() for words in ("exports", "imports")}
    first = min(ends, key=ends.get)
    return f"; {first} to {wording.month(ends[first])}" if len(set(ends.values())) > 1 else ""


def _spans(axes: "Axes", phases: pd.DataFrame) -> None:
    for phase in phases.itertuples():
        axes.axvspan(phase.starts_on, phase.ends_on, color=TRUCE, alpha=1 if phase.has_instrument else 0.45, linewidth=0, zorder=0)
