"""What all figures share: colours, two widths, axes of per cent and of time, the line of the day of knowledge."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Drawing

from tradelib import wording
from tradelib.show import display, pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes

US, CN, INK, SECONDARY, GRID, TRUCE = "#1f5fa8", "#b3262e", "#1d2430", "#5b6470", "#e3e6ea", "#f1ead9"
COLOURS = {"US": US, "CN": CN}
WIDE, NARROW = (7.6, 4.0), (3.7, 3.6)
YEAR = 12
_SVG_DPI = 72  # as savefig sets it for this format; the layout is made with the same


def figure_of(
    draw: Callable[..., None], *, name: str, height: float = 1.0, narrow_height: float | None = None, **parts: Any
) -> display.Figure:
    """A figure drawn for a page and for a phone.

    Parameters
    ----------
    draw : called with a drawing and `narrow`, whether it is the one for a phone.
    name : of the figure and its files.
    height : how many times as high as usual.
    narrow_height : the same for a phone, where it differs.
    parts : the other fields of `display.Figure`: title, subtitle, alt, source, data and sources.
    """
    heights = {WIDE: height, NARROW: height if narrow_height is None else narrow_height}
    drawn = [_drawn(draw, name, (size[0], size[1] * heights[size]), narrow=size is NARROW) for size in (WIDE, NARROW)]
    words = pictures.Words(parts["title"], parts["subtitle"], parts["source"])
    with _theme(name):
        picture = b"" if drawn[0][1] is None else pictures.png(drawn[0][1], words)
    return display.Figure(name=name, svg=drawn[0][0], svg_narrow=drawn[1][0], png=picture, **parts)


def _drawn(draw: Callable[..., None], name: str, size: tuple[float, float], *, narrow: bool) -> tuple[str, Drawing | None]:
    """A drawing as SVG, and itself, laid out, to make a picture of."""
    with _theme(name):
        figure = Drawing(figsize=size, layout="constrained", dpi=_SVG_DPI)
        FigureCanvasSVG(figure)
        draw(figure, narrow=narrow)
        # With a layout still to be made, savefig would draw everything twice.
        figure.get_layout_engine().execute(figure)
        figure.set_layout_engine(None)
        target = io.StringIO()
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    return target.getvalue(), figure


@contextmanager
def _theme(name: str) -> Iterator[None]:
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


def knowledge_line(axes: "Axes", known: date, *, above: int) -> None:
    """A thin line on the day of knowledge, its label above the plot where nothing else stands."""
    day = pd.Timestamp(known) + pd.Timedelta(days=1)
    axes.axvline(day, color=INK, linewidth=0.9)
    axes.annotate(
        f"known {wording.short_day(known)}", (day, 1), xycoords=("data", "axes fraction"), xytext=(0, above), textcoords="offset points",
        ha="center", va="bottom", fontsize=7.5, color=INK, annotation_clip=False,
    )  # fmt: skip


def bars(axes: "Axes", names: list[str], values: list[float], words: list[str], colours: list[str], *, narrow: bool) -> None:
    """Horizontal bars, the first on top, each with its words at its end."""
    axes.barh(names[::-1], values[::-1], color=colours[::-1], height=0.66)
    for position, (value, text) in enumerate(zip(values[::-1], words[::-1], strict=True)):
        axes.annotate(
            text, (value, position), xytext=(4, 0), textcoords="offset points", ha="left", va="center", fontsize=8, color=INK,
            annotation_clip=False,
        )  # fmt: skip
    axes.set_xlim(0, max(values) * (1.5 if narrow else 1.22))
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0, labelsize=8)
    axes.spines["bottom"].set_visible(False)


def percent_axis(axes: "Axes", *, signed: bool = False) -> None:
    """Fractions written as per cent."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 4, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.percent(value, signed=signed)))


def time_axis(axes: "Axes", *, narrow: bool, until: pd.Timestamp | None = None) -> None:
    """Few ticks on first days of months, none after `until`; the year stands under the first tick and under each January."""
    from matplotlib.dates import date2num, num2date

    left, right = (pd.Timestamp(num2date(edge)).tz_localize(None) for edge in axes.get_xlim())
    span = (right.year - left.year) * 12 + right.month - left.month + 1
    step = next(months for months in (1, 2, 3, 6, 12, 24, 60, 120) if span / months <= (5 if narrow else 10))
    end = right if until is None else min(right, until)
    months = [month for month in pd.date_range(left.normalize(), end, freq="MS") if (month.year * 12 + month.month - 1) % step == 0]
    words = [
        f"{wording.short_day(month).split()[1]}\n{month.year}" if not number or month.month == 1 else wording.short_day(month).split()[1]
        for number, month in enumerate(months)
    ]
    axes.set_xticks([date2num(month) for month in months], [str(month.year) for month in months] if step >= YEAR else words)
