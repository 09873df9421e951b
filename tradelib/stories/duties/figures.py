"""Country-wide duties of both sides as steps."""

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, sides, tariffs, wording
from tradelib.show import display
from tradelib.show.drawing import COLOURS, INK, SECONDARY, TRUCE, figure_of, knowledge_line, percent_axis, time_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

# By whether a figure is narrow, as shares of the plot's width: a letter of a label above it, and the room that a peak's rate needs.
_LETTER = {False: 0.010, True: 0.0275}
_PEAK_ROOM = {False: 0.1, True: 0.25}
# Letters between two labels.
_APART = 0.6


def headline_steps(
    paths: dict[str, pd.DataFrame],
    *,
    stated: dict[str, pd.DataFrame],
    phases: pd.DataFrame,
    announcements: pd.DataFrame,
    as_of: date,
    title: str,
    since: date | None = None,
    milestones: pd.DataFrame | None = None,
) -> display.Figure:
    """Country-wide duties of both sides as steps.

    Parameters
    ----------
    paths : headline paths by importer (see `tariffs.headline_path`).
    stated : the same with what officials only stated; drawn dotted where it differs.
    phases : phases of the truce, shaded (see `truce.phases`).
    announcements : the announcements behind the paths, for the list of sources (see `tariffs.announcements`).
    as_of : day of knowledge.
    title : the finding.
    since : first day drawn; when not given, a month before the first country-wide duty, or the first day of the edition.
    milestones : events numbered above the plot (see `truce.milestones`); the page lists them under their numbers.
    """
    known = catalogue.observed_through(as_of)
    since = since or max(tariffs.first_country_wide_day(paths) - timedelta(days=31), catalogue.edition().evidence_from)
    last = _last_day(paths, stated, known)
    data = pd.concat(
        [path.assign(basis="law") for path in paths.values()] + [path.assign(basis="law and statements") for path in stated.values()]
    )
    data = data[["importer", "basis", "effective_from", "effective_to", "rate_frac", "state", "instrument"]]

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        axes = figure.add_subplot()
        top = max(0.2, max(path["rate_frac"].max() for path in paths.values()) * 1.12)
        axes.set_ylim(0, top)
        axes.set_xlim(pd.Timestamp(since), last)
        _shade(axes, phases, top, narrow=narrow)
        for importer, path in paths.items():
            _steps(axes, path, known, last, COLOURS[importer], dashed="--")
            if _differs(path, stated[importer]):
                _steps(axes, stated[importer], known, last, COLOURS[importer], dashed=":", only_ahead=True)
        _label_now(axes, paths, known, top)
        _label_peaks(axes, paths, known, since, top, narrow=narrow)
        _label_ends(axes, paths, stated, last, top, narrow=narrow)
        if milestones is not None:
            _number(axes, milestones, narrow=narrow)
        knowledge_line(axes, known, above=13 if milestones is not None else 3)
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
            "Dashed: scheduled in law. Dotted: stated by officials, not in law. Not included: the normal tariff, "
            "duties on lists of goods, Section 232." + (" Numbers: the events listed below the figure." if milestones is not None else "")
        ),
        data=data,
        sources=catalogue.sources(announcements, *([] if milestones is None else [milestones])),
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


def _shade(axes: "Axes", phases: pd.DataFrame, top: float, *, narrow: bool) -> None:
    left, right = axes.get_xlim()
    from matplotlib.dates import date2num

    for number, phase in enumerate(phases.itertuples()):
        axes.axvspan(phase.starts_on, phase.ends_on, color=TRUCE, alpha=1 if phase.has_instrument else 0.45, linewidth=0, zorder=0)
        first = max(date2num(phase.starts_on), left)
        width = (min(date2num(phase.ends_on), right) - first) / (right - left)
        if number:
            axes.axvline(phase.starts_on, color="white", linewidth=1.2, zorder=0.5)
        if width > len(phase.phase) * (0.026 if narrow else 0.0105):
            axes.text(first, top * 0.985, f" {phase.phase}", va="top", ha="left", fontsize=7.5, color="#7a6330", clip_on=True)


def _label_now(axes: "Axes", paths: dict[str, pd.DataFrame], known: date, top: float) -> None:
    now = {importer: _rate_on(path, known) for importer, path in paths.items()}
    if now["US"] == now["CN"]:
        now = {"both": now["US"]}
    higher = max(now, key=lambda importer: now[importer])
    for importer, rate in now.items():
        above = importer == higher or abs(now["US"] - now["CN"]) > 0.12 * top
        axes.annotate(
            wording.percent(rate), (pd.Timestamp(known), rate), xytext=(-4, 4 if above else -4), textcoords="offset points", ha="right",
            va="bottom" if above else "top", color=COLOURS.get(importer, INK), fontweight="bold", fontsize=9.5,
        )  # fmt: skip


def _label_peaks(axes: "Axes", paths: dict[str, pd.DataFrame], known: date, since: date, top: float, *, narrow: bool) -> None:
    """The highest rates, before the peak; after it where they would stand on the words of the axis."""
    from matplotlib.dates import date2num

    left, right = axes.get_xlim()
    for importer, path in paths.items():
        held = path[(path["effective_from"] <= pd.Timestamp(known)) & (path["effective_from"] >= pd.Timestamp(since))]
        if held.empty:
            continue
        high = held.loc[held["rate_frac"].idxmax()]
        if high["rate_frac"] - _rate_on(path, known) > 0.1 * top:
            before = (date2num(high["effective_from"]) - left) / (right - left) > _PEAK_ROOM[narrow]
            day, aside, side = (high["effective_from"], -4, "right") if before else (high["effective_to"], 4, "left")
            axes.annotate(
                wording.percent(high["rate_frac"]), (day, high["rate_frac"]), xytext=(aside, 0), textcoords="offset points", ha=side,
                va="center", color=COLOURS[importer], fontweight="bold", fontsize=9.5,
            )  # fmt: skip


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
            fontsize=8, annotation_clip=False,
        )  # fmt: skip


def _number(axes: "Axes", milestones: pd.DataFrame, *, narrow: bool) -> None:
    """Numbers of events above the plot; neighbours too close to tell apart share a label."""
    from matplotlib.dates import date2num

    left, right = axes.get_xlim()
    shown = milestones.loc[[date2num(day) >= left for day in milestones["starts_on"]]]
    wheres = [(date2num(day) - left) / (right - left) for day in shown["starts_on"]]
    for first, last in _clusters(wheres, list(shown["number"]), _LETTER[narrow]):
        day = shown.loc[shown["number"].eq(first), "starts_on"].iloc[0]
        axes.axvline(day, ymin=0.985, ymax=1.0, color=SECONDARY, linewidth=0.8)
        axes.annotate(
            _run(first, last), (day, 1), xycoords=("data", "axes fraction"), xytext=(0, 2),
            textcoords="offset points", ha="center", va="bottom", fontsize=7, color=SECONDARY, annotation_clip=False,
        )  # fmt: skip


def _clusters(wheres: list[float], numbers: list[int], room: float) -> list[tuple[int, int]]:
    """First and last number of each label, so that no two labels touch; each stands over its first number.

    Examples
    --------
    >>> _clusters([0.1, 0.14, 0.5, 0.57], [1, 2, 11, 12], 0.03)
    [(1, 2), (11, 12)]
    >>> _clusters([0.1, 0.14, 0.5, 0.57], [1, 2, 11, 12], 0.01)
    [(1, 1), (2, 2), (11, 11), (12, 12)]
    """
    found: list[tuple[float, int, int]] = []
    for where, number in zip(wheres, numbers, strict=True):
        found.append((where, number, number))
        while len(found) > 1 and found[-1][0] - found[-2][0] < room * (_APART + _half(found[-1]) + _half(found[-2])):
            *_, last = found.pop()
            found[-1] = (*found[-1][:2], last)
    return [(first, last) for _, first, last in found]


def _half(cluster: tuple[float, int, int]) -> float:
    """Half the width of a label, in letters."""
    return len(_run(*cluster[1:])) / 2


def _run(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
