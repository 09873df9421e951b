"""One function per figure: takes result frames, returns a display.Figure.

Each figure is drawn twice, for a page and for a phone, with the page carrying title, subtitle and source as text. Colours: the US is
blue, China red, everywhere; what happened is solid, what was scheduled dashed, what was only stated dotted.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import catalogue, display, tariffs, wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

US, CN, INK, SECONDARY, GRID, TRUCE = "#1f5fa8", "#b3262e", "#1d2430", "#5b6470", "#e3e6ea", "#f1ead9"
COLOURS = {"US": US, "CN": CN}
WIDE, NARROW = (7.6, 4.0), (3.7, 3.6)
YEAR = 12


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
        _label_peaks(axes, paths, known, since, top)
        _label_ends(axes, paths, stated, last, top, narrow=narrow)
        if milestones is not None:
            _number(axes, milestones, narrow=narrow)
        _knowledge_line(axes, known, above=13 if milestones is not None else 3)
        _percent_axis(axes)
        _time_axis(axes, narrow=narrow)

    now = {importer: _rate_on(path, known) for importer, path in paths.items()}
    return _figure(
        draw,
        name="headline_duties",
        title=title,
        subtitle=(
            "Additional duties on all goods of the other side (country-wide layers), per cent of customs value, "
            f"as known on {wording.day(as_of)}"
        ),
        alt=(
            "Step chart of the country-wide additional duties of the United States and China from "
            f"{wording.day(since)}: on {wording.day(known)} the US rate is {wording.percent(now['US'])} and China's "
            f"{wording.percent(now['CN'])}."
        ),
        source=(
            "Source: executive orders, proclamations, notices and Tariff Commission announcements listed on this page. Solid: in force. "
            "Dashed: scheduled by a legal text. Dotted: stated by officials, no text seen. Not included: most-favoured-nation duty, "
            "duties on lists of goods, Section 232." + (" Numbers: the events listed below the figure." if milestones is not None else "")
        ),
        data=data,
        sources=catalogue.sources(announcements, *([] if milestones is None else [milestones])),
    )


def china_growth(rows: pd.DataFrame, *, as_of: date, title: str) -> display.Figure:
    """China's exports and imports, growth on a year earlier, as known on a day; see `trade.china_growth`."""

    def draw(figure: "Drawing", *, narrow: bool) -> None:
        panels = figure.subplots(2 if narrow else 1, 1 if narrow else 2, sharex=True, sharey=True)
        for axes, (figure_name, words) in zip(panels, (("exports", "Exports"), ("imports", "Imports")), strict=True):
            part = rows[rows["figure"].eq(figure_name)]
            axes.axhline(0, color=INK, linewidth=0.8)
            months = pd.date_range(part["period"].min(), part["period"].max(), freq="MS")
            line = part.set_index("period")["value"].reindex(months[months.month > 1])  # a month that is not held stays a gap
            axes.plot(line.index, line, color=CN, linewidth=1.6)
            later = part[part["is_later_revised"]]
            first = part[~part["is_later_revised"]]
            axes.plot(first["period"], first["value"], "o", color=CN, markersize=3.2)
            axes.plot(later["period"], later["value"], "o", color=CN, markersize=3.2, markerfacecolor="white")
            newest = part.iloc[-1]
            axes.annotate(
                wording.percent(newest["value"], signed=True), (newest["period"], newest["value"]), xytext=(5, 0),
                textcoords="offset points", ha="left", va="center", color=CN, fontweight="bold", annotation_clip=False,
            )  # fmt: skip
            axes.set_title(words, loc="left", fontsize=9, color=INK, fontweight="bold")
            _percent_axis(axes, signed=True)
            _time_axis(axes, narrow=True)
            axes.margins(y=0.15)

    newest = {name: rows[rows["figure"].eq(name)].iloc[-1] for name in ("exports", "imports")}
    hollow = " Hollow: value of a later revision, the first release is not held." if rows["is_later_revised"].any() else ""
    return _figure(
        draw,
        name="china_growth",
        title=title,
        subtitle=f"China's goods trade with all partners, change on a year earlier in US dollars, as known on {wording.day(as_of)}",
        alt=(
            f"Two line charts of the growth of China's exports and imports since {wording.month(rows['period'].min())}: in "
            f"{wording.month(newest['exports']['period'])} exports {wording.rose(newest['exports']['value'])} and imports "
            f"{wording.rose(newest['imports']['value'])}."
        ),
        source=(
            "Source: General Administration of Customs of China. Exports FOB, imports CIF; not seasonally adjusted. January and "
            f"February are one release and one point.{hollow}"
        ),
        data=rows[["figure", "period", "value", "published_on", "vintage_on", "is_first_release", "is_later_revised"]],
        sources=catalogue.sources(rows),
    )


def _figure(draw: Callable[..., None], *, name: str, **parts: object) -> display.Figure:
    svg, svg_narrow = (_svg(draw, name, size, narrow=size is NARROW) for size in (WIDE, NARROW))
    return display.Figure(name=name, svg=svg, svg_narrow=svg_narrow, **parts)


def _svg(draw: Callable[..., None], name: str, size: tuple[float, float], *, narrow: bool) -> str:
    import matplotlib as mpl
    from matplotlib.figure import Figure as Drawing

    with _theme(mpl, name):
        figure = Drawing(figsize=size, layout="constrained")
        draw(figure, narrow=narrow)
        target = io.StringIO()
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    return target.getvalue()


@contextmanager
def _theme(mpl: object, name: str) -> Iterator[None]:
    import seaborn as sns

    # The drawing is measured with a font that travels with matplotlib, and shown in one of the reader's own.
    fonts = ["DejaVu Sans", "Verdana", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif"]
    settings = sns.axes_style("whitegrid") | {
        "svg.hashsalt": name, "svg.fonttype": "none", "font.family": "sans-serif", "font.sans-serif": fonts, "font.size": 8.5,
        "axes.edgecolor": GRID, "grid.color": GRID, "grid.linewidth": 0.8, "text.color": INK, "axes.labelcolor": SECONDARY,
        "xtick.color": SECONDARY, "ytick.color": SECONDARY, "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
        "axes.spines.bottom": True, "axes.grid.axis": "y", "xtick.bottom": True, "xtick.major.size": 3, "figure.facecolor": "white",
    }  # fmt: skip
    with mpl.rc_context(settings):
        yield


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


def _label_peaks(axes: "Axes", paths: dict[str, pd.DataFrame], known: date, since: date, top: float) -> None:
    for importer, path in paths.items():
        held = path[(path["effective_from"] <= pd.Timestamp(known)) & (path["effective_from"] >= pd.Timestamp(since))]
        if held.empty:
            continue
        high = held.loc[held["rate_frac"].idxmax()]
        if high["rate_frac"] - _rate_on(path, known) > 0.1 * top:
            axes.annotate(
                wording.percent(high["rate_frac"]), (high["effective_from"], high["rate_frac"]), xytext=(-4, 0),
                textcoords="offset points", ha="right", va="center", color=COLOURS[importer], fontweight="bold", fontsize=9.5,
            )  # fmt: skip


def _label_ends(
    axes: "Axes", paths: dict[str, pd.DataFrame], stated: dict[str, pd.DataFrame], last: pd.Timestamp, top: float, *, narrow: bool
) -> None:
    names = {"US": "US on Chinese goods", "CN": "China on US goods"} if not narrow else {"US": "US", "CN": "China"}
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
    clusters: list[list] = []
    for row in milestones.itertuples():
        where = (date2num(row.starts_on) - left) / (right - left)
        if where < 0:
            continue
        if clusters and where - clusters[-1][1] < (0.11 if narrow else 0.03):
            clusters[-1][3] = row.number
        else:
            clusters.append([row.starts_on, where, row.number, row.number])
    for day, _, first, last in clusters:
        axes.axvline(day, ymin=0.985, ymax=1.0, color=SECONDARY, linewidth=0.8)
        axes.annotate(
            str(first) if first == last else f"{first}-{last}", (day, 1), xycoords=("data", "axes fraction"), xytext=(0, 2),
            textcoords="offset points", ha="center", va="bottom", fontsize=7, color=SECONDARY, annotation_clip=False,
        )  # fmt: skip


def _knowledge_line(axes: "Axes", known: date, *, above: int) -> None:
    """A thin line on the day of knowledge, its label above the plot where nothing else stands."""
    day = pd.Timestamp(known) + pd.Timedelta(days=1)
    axes.axvline(day, color=INK, linewidth=0.9)
    axes.annotate(
        f"known {wording.short_day(known)}", (day, 1), xycoords=("data", "axes fraction"), xytext=(0, above), textcoords="offset points",
        ha="center", va="bottom", fontsize=7.5, color=INK, annotation_clip=False,
    )  # fmt: skip


def _percent_axis(axes: "Axes", *, signed: bool = False) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 4, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.percent(value, signed=signed)))


def _time_axis(axes: "Axes", *, narrow: bool) -> None:
    """Few ticks on first days of months; the year stands under the first tick and under each January."""
    from matplotlib.dates import date2num, num2date

    left, right = (pd.Timestamp(num2date(edge)).tz_localize(None) for edge in axes.get_xlim())
    span = (right.year - left.year) * 12 + right.month - left.month + 1
    step = next(months for months in (1, 2, 3, 6, 12, 24, 60) if span / months <= (5 if narrow else 10))
    months = [month for month in pd.date_range(left.normalize(), right, freq="MS") if (month.year * 12 + month.month - 1) % step == 0]
    words = [
        f"{wording.short_day(month).split()[1]}\n{month.year}" if not number or month.month == 1 else wording.short_day(month).split()[1]
        for number, month in enumerate(months)
    ]
    axes.set_xticks([date2num(month) for month in months], [str(month.year) for month in months] if step >= YEAR else words)
