"""Country-wide duties of both sides as steps."""

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, sides, tariffs, wording
from tradelib.show import display, labels
from tradelib.show.drawing import (
    COLOURS,
    INK,
    SMALL,
    TRUCE,
    TRUCE_INK,
    figure_of,
    key,
    knowledge_line,
    lasting,
    peak_labels,
    percent_axis,
    scale_top,
    time_axis,
    truce_key,
)
from tradelib.show.pictures import measured

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

# How long before a change the day may lie that it is named after.
_PHASE_SIZE, _WIDTH = 7.5, 400.0  # of the name of a phase; of a wide plot, in points
_ASIDE = {False: 40.0, True: 50.0}
_BEFORE = pd.Timedelta(days=20)


def headline_steps(
    paths: dict[str, pd.DataFrame],
    *,
    stated: dict[str, pd.DataFrame],
    phases: pd.DataFrame,
    announcements: pd.DataFrame,
    as_of: date,
    title: str,
    named: pd.DataFrame,
    since: date | None = None,
) -> display.Figure:
    """Country-wide duties of both sides as steps, each with its rate; a peak that is over is cut and labelled.

    Parameters
    ----------
    paths : headline paths by importer (see `tariffs.headline_path`).
    stated : the same with what officials only stated; drawn dotted where it differs.
    phases : phases of the truce, shaded (see `truce.phases`).
    announcements : the announcements behind the paths, for the list of sources (see `tariffs.announcements`).
    as_of : day of knowledge.
    title : the finding.
    named : days with a name, after which steps are called (see `today.named_days`).
    since : first day drawn; when not given, a month before the first country-wide duty, or the first day of the edition.
    """
    known = catalogue.observed_through(as_of)
    since = since or max(tariffs.first_country_wide_day(paths) - timedelta(days=31), catalogue.edition().evidence_from)
    last = _last_day(paths, stated, known)
    apart = [importer for importer, path in paths.items() if _differs(path, stated[importer])]
    data = pd.concat(
        [path.assign(basis="law") for path in paths.values()] + [path.assign(basis="law and statements") for path in stated.values()]
    )
    data = data[["importer", "basis", "effective_from", "effective_to", "rate_frac", "state", "instrument"]]

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        both = [*paths.values(), *stated.values()]
        stays = max(lasting(list(path["effective_from"]), list(path["rate_frac"]), known) for path in both)
        top, is_cut = scale_top(stays, max(path["rate_frac"].max() for path in paths.values()))
        axes.set_ylim(0, top)
        axes.set_xlim(pd.Timestamp(since), last)
        _shade(axes, phases, narrow=narrow)
        room = labels.Room(axes, narrow=narrow, aside=_ASIDE[narrow])
        for importer, path in paths.items():
            _steps(axes, path, known, last, COLOURS[importer], dashed="--")
            room.steps([*path["effective_from"], last], [min(rate, top) for rate in [*path["rate_frac"], path["rate_frac"].iloc[-1]]])
            if importer in apart:
                _steps(axes, stated[importer], known, last, COLOURS[importer], dashed=":", only_ahead=True)
        room.line(pd.Timestamp(known) + pd.Timedelta(days=1))
        _label_now(room, paths, known)
        if is_cut:
            _label_peaks(room, paths, known, top, narrow=narrow)
        _label_levels(room, paths, named, known, since, narrow=narrow)
        _label_ends(axes, paths, stated, last, top, narrow=narrow)
        knowledge_line([axes], known, above=15 if len(phases) and not narrow else 3)
        percent_axis(axes)
        time_axis(axes, narrow=narrow)

    now = {importer: _rate_on(path, known) for importer, path in paths.items()}
    return figure_of(
        draw,
        name="headline_duties",
        title=title,
        subtitle=(
            "Additional duties on all goods of the other side (country-wide layers), per cent of customs value, as known on "
            f"{wording.day(as_of)}"
        ),
        alt=(
            f"Step chart of the country-wide additional duties of the United States and China from {wording.day(since)}: on "
            f"{wording.day(known)} the US rate is {wording.percent(now['US'])} and China's {wording.percent(now['CN'])}."
        ),
        source=(
            "Source: executive orders, proclamations, notices and Tariff Commission announcements listed on this page. Solid: in force. "
            f"Dashed: scheduled in law.{key({'Dotted: stated by officials, not in law.': bool(apart)})} Not included: the normal tariff, "
            f"duties on lists of goods, Section 232.{truce_key(phases, since, last.date())}"
        ),
        data=data,
        sources=catalogue.sources(announcements),
    )


def _rate_on(path: pd.DataFrame, day: date) -> float:
    return float(path[path["effective_from"] <= pd.Timestamp(day)]["rate_frac"].iloc[-1])


def _differs(path: pd.DataFrame, stated: pd.DataFrame) -> bool:
    columns = ["effective_from", "rate_frac"]
    return not path[columns].equals(stated[columns])


def _last_day(paths: dict[str, pd.DataFrame], stated: dict[str, pd.DataFrame], known: date) -> pd.Timestamp:
    """Right edge: past the last scheduled change, and far enough for the dashes to be seen."""
    ahead = [path["effective_from"].max() for path in [*paths.values(), *stated.values()]]
    return max(pd.Timestamp(known) + pd.Timedelta(days=45), *(day + pd.Timedelta(days=30) for day in ahead))


def _steps(
    axes: "Axes", path: pd.DataFrame, known: date, last: pd.Timestamp, colour: str, *, dashed: str, only_ahead: bool = False
) -> None:
    days = [*path["effective_from"], last]
    rates = [*path["rate_frac"], path["rate_frac"].iloc[-1]]
    now = pd.Timestamp(known) + pd.Timedelta(days=1)
    before = [(day, rate) for day, rate in zip(days, rates, strict=True) if day < now]
    after = [(now, before[-1][1])] + [(day, rate) for day, rate in zip(days, rates, strict=True) if day >= now]
    if not only_ahead:
        solid = [*before, (now, before[-1][1])]
        axes.step(*zip(*solid, strict=True), where="post", color=colour, linewidth=1.9, solid_joinstyle="miter")
    axes.step(*zip(*after, strict=True), where="post", color=colour, linewidth=1.4, linestyle=dashed)


def _shade(axes: "Axes", phases: pd.DataFrame, *, narrow: bool) -> None:
    left, right = axes.get_xlim()
    from matplotlib.dates import date2num

    for number, phase in enumerate(phases.itertuples()):
        axes.axvspan(phase.starts_on, phase.ends_on, color=TRUCE, alpha=1 if phase.has_instrument else 0.45, linewidth=0, zorder=0)
        first = max(date2num(phase.starts_on), left)
        width = (min(date2num(phase.ends_on), right) - first) / (right - left)
        if number:
            axes.axvline(phase.starts_on, color="white", linewidth=1.2, zorder=0.5)
        if not narrow and width * _WIDTH > measured(phase.phase, _PHASE_SIZE, "normal") + 2:
            axes.annotate(
                phase.phase, (first, 1), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points", va="bottom",
                fontsize=_PHASE_SIZE, color=TRUCE_INK, annotation_clip=False,
            )  # fmt: skip


def _label_now(room: labels.Room, paths: dict[str, pd.DataFrame], known: date) -> None:
    now = {importer: _rate_on(path, known) for importer, path in paths.items()}
    higher = max(now, key=lambda importer: now[importer])
    if now["US"] == now["CN"]:
        now, higher = {"both": now["US"]}, "both"
    for importer, rate in now.items():
        order = [labels.ABOVE_LEFT, labels.BELOW_LEFT] if importer == higher else [labels.BELOW_LEFT, labels.ABOVE_LEFT]
        colour = COLOURS.get(importer, INK)
        room.put(wording.percent(rate), pd.Timestamp(known), rate, places=order, colour=colour, size=9.5, weight="bold", must=True)


def _label_peaks(room: labels.Room, paths: dict[str, pd.DataFrame], known: date, top: float, *, narrow: bool) -> None:
    """The rates beyond the scale, in words at its top."""
    held = {importer: path[(path["effective_from"] <= pd.Timestamp(known)) & (path["rate_frac"] > top)] for importer, path in paths.items()}
    above = {importer: path for importer, path in held.items() if len(path)}
    peaks = [
        (
            f"{sides.short(importer)} {wording.percent(path['rate_frac'].max())}",
            path["effective_from"].min(), path["effective_to"].max(), COLOURS[importer],
        )
        for importer, path in above.items()
    ]  # fmt: skip
    first = min(peak[1] for peak in peaks)
    peak_labels(room, peaks, wording.month(first), narrow=narrow)


def _label_levels(
    room: labels.Room, paths: dict[str, pd.DataFrame], named: pd.DataFrame, known: date, since: date, *, narrow: bool
) -> None:
    """The rate on each step in force, with the name of the day that led to it where there is room."""
    told: set[str] = set()
    for importer, path in paths.items():
        held = path[path["effective_from"] <= pd.Timestamp(known)].reset_index(drop=True)
        for number in range(1, len(held)):
            rate, before = held["rate_frac"][number], held["rate_frac"][number - 1]
            first, end = held["effective_from"][number], min(held["effective_to"].fillna(pd.Timestamp(known))[number], pd.Timestamp(known))
            # The last rate stands beside the line of knowledge.
            if rate == before or number == len(held) - 1 or rate > room.axes.get_ylim()[1] or first < pd.Timestamp(since):
                continue
            near = named[(named["day"] <= first) & (named["day"] > first - _BEFORE) & ~named["name"].isin(told)]
            near = near[~near["name"].str.contains("%")]  # a rate of its own, which may be another
            name = "" if narrow or near.empty else near["name"].iloc[-1]
            spots = [(first, labels.ABOVE_RIGHT), (end, labels.ABOVE_LEFT), (first, labels.BELOW_RIGHT)]
            if rate > before:
                spots = [spots[1], spots[0], spots[2]]
            for words in dict.fromkeys(filter(None, [name and f"{name}: {wording.percent(rate)}", wording.percent(rate)])):
                if any(room.put(words, day, rate, places=[place], colour=COLOURS[importer]) for day, place in spots):
                    told.add(name)
                    break


def _label_ends(
    axes: "Axes", paths: dict[str, pd.DataFrame], stated: dict[str, pd.DataFrame], last: pd.Timestamp, top: float, *, narrow: bool
) -> None:
    names = {code: each.importer.short + ("" if narrow else f" on {each.exporter.adjective} goods") for code, each in sides.PAIRS.items()}
    labels = []
    for importer, path in paths.items():
        end = path.iloc[-1]
        moves = len(path) > 1 and end["state"] != "in force" and end["rate_frac"] != path.iloc[-2]["rate_frac"]
        words = f"{names[importer]}\n{wording.percent(end['rate_frac'])} as scheduled" if moves else names[importer]
        labels.append([end["rate_frac"], words, importer])
        other = stated[importer].iloc[-1]
        if _differs(path, stated[importer]) and other["rate_frac"] != end["rate_frac"]:
            labels.append([other["rate_frac"], f"{wording.percent(other['rate_frac'])} as stated", importer])
    labels.sort(key=lambda label: label[0])
    gap = 0.13 * top
    for lower, upper in pairwise(labels):
        upper[0] = max(upper[0], lower[0] + gap)
    for height, words, importer in labels:
        axes.annotate(
            words, (last, height), xytext=(5, 0), textcoords="offset points", ha="left", va="center", color=COLOURS[importer],
            fontsize=SMALL, annotation_clip=False,
        )  # fmt: skip
