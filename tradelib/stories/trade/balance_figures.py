"""Goods trade between the two countries: since 2001, and the last months beside the duties."""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.ticker import MaxNLocator

from tradelib import catalogue, sides, wording
from tradelib.show import display, labels
from tradelib.show.drawing import (
    CN,
    COLOURS,
    INK,
    SECONDARY,
    SMALL,
    TRUCE,
    US,
    end_labels,
    figure_of,
    key,
    lasting,
    mid_month,
    peak_labels,
    percent_axis,
    scale_top,
    time_axis,
    truce_key,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

_BILLION = 1e9
# Which flow each side's duty falls on.
_BOUGHT_BY = {"US": "imports_usd", "CN": "exports_usd"}
_SOURCE = (
    "Source: US Census Bureau, Trade in Goods with China. Census basis, not seasonally adjusted; exports FAS, general imports at "
    "customs value."
)
_MONTH = pd.Timedelta(days=31)


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
        source=_SOURCE + _marks(months, phases, months.index[-1] + _MONTH),
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
    """The months of `months` in detail, each flow above the country-wide duty that falls on it.

    Parameters
    ----------
    goods, phases, as_of, title : as for `balance`.
    months : as for `balance`, cut to the months shown.
    paths : headline paths by importer (see `tariffs.headline_paths`).
    announcements : the announcements behind the paths, for the list of sources.
    """
    known = pd.Timestamp(catalogue.observed_through(as_of))
    right = known + pd.Timedelta(days=15)

    held = {importer: path[path["effective_from"] <= known] for importer, path in paths.items()}
    stays = max(lasting(list(path["effective_from"]), list(path["rate_frac"]), known.date()) for path in held.values())
    top, is_cut = scale_top(stays, max(path["rate_frac"].max() for path in held.values()))

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        grid = figure.subplots(4 if narrow else 2, 1 if narrow else 2, sharex=True, height_ratios=(3, 2) * (2 if narrow else 1)).T.ravel()
        for number, (importer, name) in enumerate(_BOUGHT_BY.items()):
            flow, duty = grid[2 * number : 2 * number + 2]
            colour = COLOURS[importer]
            flow.set_xlim(months.index[0], right)
            duty.set_ylim(0, top)
            _spans(flow, phases)
            _spans(duty, phases)
            flow.plot(mid_month(months.index), months[name] / _BILLION, color=colour, linewidth=1.6)
            last = months[name].dropna()
            flow.set_ylim(0, months[name].max() / _BILLION * 1.15)
            at = last.iloc[-1] / _BILLION
            end_labels(flow, [(at, wording.number(at, trim=False), colour, "bold")])
            _missing(flow, months)
            flow.yaxis.set_major_locator(MaxNLocator(5, integer=True))
            flow.set_title(sides.pair(importer).imports if importer == "US" else "US exports to China", loc="left", fontsize=9, color=INK)
            _duty(duty, held[importer], known, colour, is_cut=is_cut, narrow=narrow)
            duty.set_title(f"{sides.pair(importer).importer.adjective} tariff on all of them", loc="left", fontsize=SMALL, color=INK)
            time_axis(duty, narrow=True)

    first, last = months.index[0], months.dropna(subset=["imports_usd"]).index[-1]
    shown = goods[goods["period"] >= first]
    return figure_of(
        draw,
        name="recent_trade",
        height=1.25,
        narrow_height=2.0,
        title=title,
        subtitle=(
            f"US goods trade with China by month, billion current US dollars, not adjusted for season, from {wording.month(first)}, "
            f"with the tariffs in force, as known on {wording.day(as_of)}{display.after(wording.later_revised(shown))}{_shorter(shown)}"
        ),
        alt=(
            f"Four charts from {wording.month(first)} to {wording.month(last)}: US imports from China, at the end "
            f"{wording.usd_bn(months.loc[last, 'imports_usd'])}, above the US tariff on them; US exports to China above China's tariff."
        ),
        source=f"{_SOURCE}{_marks(months, phases, right)} Duties: see the tariff history.",
        data=shown.drop(columns=["source", "url"]),
        sources=catalogue.sources(shown, announcements),
    )


def _duty(axes: "Axes", path: pd.DataFrame, known: pd.Timestamp, colour: str, *, is_cut: bool, narrow: bool) -> None:
    """A country-wide duty up to the day of knowledge, its last rate and its peak labelled; what texts set for later days is not shown."""
    days = [*path["effective_from"], known + pd.Timedelta(days=1)]
    rates = [*path["rate_frac"], path["rate_frac"].iloc[-1]]
    axes.step(days, rates, where="post", color=colour, linewidth=1.6)
    percent_axis(axes)
    top = axes.get_ylim()[1]
    room = labels.Room(axes, narrow=narrow, panels=(4, 1) if narrow else (2, 2))
    room.steps(days, [min(rate, top) for rate in rates])
    above = path[path["rate_frac"] > top]
    if is_cut and len(above):
        words = wording.percent(above["rate_frac"].max())
        first, last = above["effective_from"].min(), above["effective_to"].max()
        peak_labels(room, [(words, first, last, colour)], wording.month(first), narrow=narrow)
    end_labels(axes, [(rates[-1], wording.percent(rates[-1]), colour, "bold")])


def _marks(months: pd.DataFrame, phases: pd.DataFrame, right: pd.Timestamp) -> str:
    is_missing = bool(months["imports_usd"].isna().any())
    return key({"Grey: months missing from our data.": is_missing}) + truce_key(phases, months.index[0], right)


def _missing(axes: "Axes", months: pd.DataFrame) -> None:
    for month in months.index[months["imports_usd"].isna()]:
        axes.axvspan(month, month + pd.DateOffset(months=1), color=SECONDARY, alpha=0.18, linewidth=0)


def _flows(axes: "Axes", months: pd.DataFrame, phases: pd.DataFrame) -> None:
    axes.set_xlim(months.index[0], months.index[-1] + _MONTH)
    _spans(axes, phases)
    for name, words, colour in (("imports_usd", "Imports\nfrom China", US), ("exports_usd", "Exports\nto China", CN)):
        axes.plot(mid_month(months.index), months[name] / _BILLION, color=colour, linewidth=1.5)
        value = months[name].dropna().iloc[-1] / _BILLION
        # Beside the plot, where no edge of the shading can run through the words.
        axes.annotate(
            f"{words} {wording.number(value, trim=False)}", (1, value), xycoords=axes.get_yaxis_transform(), xytext=(5, 0),
            textcoords="offset points", ha="left", va="center", fontsize=SMALL, color=colour, annotation_clip=False,
        )  # fmt: skip
    axes.set_ylim(0, None)
    axes.yaxis.set_major_formatter(lambda value, _: wording.number(value, digits=0))
    _missing(axes, months)


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
