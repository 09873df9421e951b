"""What all figures share: colours, two widths, axes of per cent and of time, the line of the day of knowledge."""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure as Drawing

from tradelib import wording
from tradelib.show import display, labels, pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes

US, CN, INK, SECONDARY, GRID, TRUCE = "#1f5fa8", "#b3262e", "#1d2430", "#5b6470", "#e3e6ea", "#f1ead9"
TRUCE_INK = "#6b5628"  # for words on the shade of the truce, and beside it
COLOURS = {"US": US, "CN": CN}
WIDE, NARROW = (7.6, 4.0), (3.7, 3.6)
YEAR = 12
SMALL = 8.5  # points: 11 pixels where a figure is 704 wide
LEAST_CONTRAST, _LUMINANCE, _DARK = 4.5, (0.2126, 0.7152, 0.0722), 0.04045
_LASTING = pd.Timedelta(days=75)
_CUTS = (0.4, 0.6, 0.8, 1.0)  # where a scale of rates may be cut
_LEAST_TOP = 0.05
_NEAR_EDGE = 0.85  # of a plot's width: beyond it the label of a line ends there
_MOST_PASSES = 6
_SETTLED = 0.002  # of the drawing: a third of what stands free between words and the edge, and each pass moves less than the last
# In sizes of letters: between the labels of a plot and the edge, and between plots side by side and below each other.
_PAD = {"pad": 0.36, "w_pad": 1.2, "h_pad": 0.8}
# Whether what was drawn is remembered, and how many figures at most.
_is_repeated: ContextVar[bool] = ContextVar("is_repeated", default=False)
_MOST_HELD = 16
_held: "dict[str, _Drawn]" = {}
# Kinds of values of which the words tell all.
_SINGLE = (str, bytes, int, float, complex, np.generic, date, pd.Timedelta, pd.Period, type(None), type(pd.NaT), type(pd.NA))
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
    sizes = tuple((size[0], size[1] * heights[size]) for size in (WIDE, NARROW))
    drawn = _drawn_once(draw, name, sizes) if _is_repeated.get() else _both(draw, name, sizes)
    words = pictures.Words(parts["title"], parts["subtitle"], parts["source"])
    with _theme(name):
        picture = b"" if drawn.plot is None else pictures.png(drawn.plot, words)
    return display.Figure(name=name, svg=drawn.wide, svg_narrow=drawn.narrow, png=picture, **parts)


class _Drawn(NamedTuple):
    """A figure without its words: as SVG for a page and for a phone, and as pixels."""

    wide: str
    narrow: str
    plot: pictures.Plot | None


def key(marks: Mapping[str, bool]) -> str:
    """What the marks of a drawing mean, each only where it is drawn; a blank before each, to follow other words.

    Examples
    --------
    >>> key({"Grey: months missing from our data.": False, "Shaded: the truce.": True})
    ' Shaded: the truce.'
    """
    return "".join(f" {words}" for words, is_drawn in marks.items() if is_drawn)


def truce_key(phases: pd.DataFrame, first: date, last: date) -> str:
    """What the shade of the truce means, where a drawing of these days has it; see `truce.phases`."""
    inside = phases[(phases["ends_on"] > pd.Timestamp(first)) & (phases["starts_on"] < pd.Timestamp(last))]
    is_paler = bool((~inside["has_instrument"].astype(bool)).any())
    return key({f"Shaded: the truce{', paler where it is not in law' if is_paler else ''}.": len(inside) > 0})


@contextmanager
def drawn_once() -> Iterator[None]:
    """Draw equal data once: for a process that makes one page after another, where many figures are those of the day before.

    Elsewhere every call draws, so that whoever works at a figure sees what it has become.
    """
    mark = _is_repeated.set(True)
    try:
        yield
    finally:
        _is_repeated.reset(mark)


def _drawn_once(draw: Callable[..., None], name: str, sizes: tuple[tuple[float, float], ...]) -> _Drawn:
    """A figure as it was drawn before from the same, or drawn now."""
    key = _key(draw, name, sizes, pictures.width_px())
    if key is None:
        return _both(draw, name, sizes)
    _held[key] = _held.pop(key, None) or _both(draw, name, sizes)
    if len(_held) > _MOST_HELD:
        del _held[next(iter(_held))]
    return _held[key]


def _key(*parts: object) -> str | None:
    """Digest of all that a drawing depends on: the function with what it closes over, and more; None where that cannot be told."""
    try:
        return hashlib.sha256("\n".join(_told(parts)).encode()).hexdigest()
    except TypeError:
        return None


def _told(value: Any) -> Iterator[str]:
    """What tells a value apart from others, equal for equal values.

    Raises
    ------
    TypeError
        of its kind nothing is told.
    """
    if isinstance(value, pd.DataFrame | pd.Series):
        columns = [column for _, column in value.items()] if isinstance(value, pd.DataFrame) else [value]
        yield f"{type(value).__name__} of {len(columns)}"
        for column in (value.index, *columns):
            yield f"{column.name!r} {column.dtype} {_cells(column)}"
    elif isinstance(value, FunctionType):
        yield f"{value.__module__} {value.__qualname__} {value.__code__.co_firstlineno}"
        yield from _told([*(cell.cell_contents for cell in value.__closure__ or ()), value.__defaults__, value.__kwdefaults__])
    elif isinstance(value, np.ndarray) and value.dtype != object:
        yield f"{value.shape} {value.dtype} {value.tobytes().hex()}"
    elif isinstance(value, Mapping):
        yield from _told(list(value.items()))
    elif isinstance(value, list | tuple):
        yield f"{type(value).__name__} of {len(value)}"
        for part in value:
            yield from _told(part)
    elif value is None or isinstance(value, str | int | float | date):
        yield repr(value)
    else:
        raise TypeError(value)


def _cells(column: pd.Index | pd.Series) -> str:
    """All that stands in a column, with the kind of each value that is no number or day.

    Raises
    ------
    TypeError
        a value that is itself of several, which its words may shorten.
    """
    values = column.to_numpy() if isinstance(column.dtype, np.dtype) else column.to_numpy(dtype=object)
    if values.dtype != object:
        return values.tobytes().hex()
    cells = values.tolist()
    if not all(issubclass(kind, _SINGLE) for kind in set(map(type, cells))):
        raise TypeError(cells)
    return repr([(type(cell).__name__, cell) for cell in cells])


def _both(draw: Callable[..., None], name: str, sizes: tuple[tuple[float, float], ...]) -> _Drawn:
    (wide, drawing), (narrow, _) = (_drawn(draw, name, size, narrow=bool(place)) for place, size in enumerate(sizes))
    with _theme(name):
        return _Drawn(wide, narrow, None if drawing is None else pictures.plot(drawing))


def _drawn(draw: Callable[..., None], name: str, size: tuple[float, float], *, narrow: bool) -> tuple[str, Drawing | None]:
    """A drawing as SVG, and itself, laid out, to make a picture of."""
    with _theme(name):
        figure = Drawing(figsize=size, dpi=_SVG_DPI)
        FigureCanvasSVG(figure)  # else whoever asks how large a text is would be told of pixels
        draw(figure, narrow=narrow)
        for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) if not axis.get_label_text()):
            axis.set_label_coords(0, 0)  # else a place is sought, among all ticks each time, for a label without words
        _lay_out(figure)
        # The last digits differ from run to run, and clip paths are named after them.
        for axes in figure.axes:
            axes.set_position([round(part, 6) for part in axes.get_subplotspec().get_position(figure).bounds])
        target = io.StringIO()
        renderer = _renderer(figure, target)
        figure.draw(renderer)
        renderer.finalize()
    return target.getvalue(), figure


class _Renderer(pictures.Lettered, RendererSVG):
    """Writes SVG."""


def _renderer(figure: Drawing, target: io.StringIO) -> _Renderer:
    wide, high = (float(inches) * _SVG_DPI for inches in figure.get_size_inches())
    return _Renderer(wide, high, target, image_dpi=_SVG_DPI, metadata={"Date": None, "Creator": None})


def _lay_out(figure: Drawing) -> None:
    """Make room for all words until none asks for more: what begins inside a plot and ends beyond it reaches further as that shrinks."""
    grid, renderer, before = figure.axes[0].get_gridspec(), _renderer(figure, io.StringIO()), None
    for _ in range(_MOST_PASSES):
        grid.tight_layout(figure, renderer, **_PAD)
        figure.subplots_adjust()
        now = np.array([axes.get_position().bounds for axes in figure.axes])
        if before is not None and np.abs(now - before).max() < _SETTLED:
            break
        before = now


@contextmanager
def _theme(name: str) -> Iterator[None]:
    # The drawing is measured with a font that travels with matplotlib, and shown in one of the reader's own.
    fonts = ["DejaVu Sans", "Verdana", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif"]
    settings = sns.axes_style("whitegrid") | {
        "svg.hashsalt": name, "svg.fonttype": "none", "font.family": "sans-serif", "font.sans-serif": fonts, "font.size": 8.5,
        "axes.edgecolor": GRID, "grid.color": GRID, "grid.linewidth": 0.8, "text.color": INK, "axes.labelcolor": SECONDARY,
        "xtick.color": SECONDARY, "ytick.color": SECONDARY, "axes.spines.top": False, "axes.spines.right": False, "axes.spines.left": False,
        "axes.spines.bottom": True, "axes.grid.axis": "y", "xtick.bottom": True, "xtick.major.size": 3, "figure.facecolor": "white",
        "axes.titley": 1.0,  # no ticks stand above a plot: no place is sought among them
    }  # fmt: skip
    with mpl.rc_context(settings):
        yield


def knowledge_line(panels: "Sequence[Axes]", known: date, *, above: int = 3) -> None:
    """A thin line on the day of knowledge through all panels, its label above the first, where nothing else stands."""
    day = pd.Timestamp(known) + pd.Timedelta(days=1)
    for axes in panels:
        axes.axvline(day, color=INK, linewidth=0.9)
    left, right = panels[0].get_xlim()
    where = (panels[0].convert_xunits(day) - left) / (right - left)
    panels[0].annotate(
        f"information to {wording.short_day(known)}", (day, 1), xycoords=("data", "axes fraction"), xytext=(0, above),
        textcoords="offset points", ha="center" if where < _NEAR_EDGE else "right", va="bottom", fontsize=SMALL, color=INK,
        annotation_clip=False,
    )  # fmt: skip


def scale_top(lasting: float, highest: float, *, room: float = 1.25) -> tuple[float, bool]:
    """Upper end of a scale of rates, and whether it cuts a peak: one so far above all that lasts that it would flatten the rest.

    Parameters
    ----------
    lasting : the highest rate that was, is or will be for more than a peak's time.
    highest : the peak.
    room : how many times as high as what lasts the scale is.

    Examples
    --------
    >>> scale_top(0.34, 1.45), scale_top(0.3, 0.5)
    ((0.6, True), (0.56, False))
    """
    cut = next((cut for cut in _CUTS if lasting * room <= cut), highest)
    return (cut, True) if highest > cut * room else (max(highest * 1.12, _LEAST_TOP), False)


def lasting(days: "Sequence[pd.Timestamp]", rates: Sequence[float], known: date) -> float:
    """The highest rate of a path that held for some months, holds on the day of knowledge, or is set for a day after it.

    Parameters
    ----------
    days, rates : the first day of each rate, in order.
    """
    edge = pd.Timestamp(known) + pd.Timedelta(days=1)
    ends = [*days[1:], max(edge, days[-1])]
    held = [
        rate
        for first, end, rate in zip(days, ends, rates, strict=True)
        if rate == rate and (end - first >= _LASTING or first >= edge or first < edge <= end)  # noqa: PLR0124, no rate is named
    ]
    return max(held, default=0.0)


def scale_of(paths: Mapping[str, pd.DataFrame], known: date) -> tuple[float, bool]:
    """Upper end of a scale for averages of several sides (each a frame with on and weighted_frac), and whether it cuts a peak."""
    levels = [(list(path["on"]), list(path["weighted_frac"])) for path in paths.values()]
    return scale_top(max(lasting(*level, known) for level in levels), max(max(rates) for _, rates in levels))


def peak_labels(room: labels.Room, peaks: Sequence[tuple[str, pd.Timestamp, pd.Timestamp, str]], when: str, *, narrow: bool) -> None:
    """Words at the top of a cut scale, beside the peaks that go on above it: what each comes to, and when.

    Parameters
    ----------
    peaks : words, first and last day, and colour of each.
    when : the time of the peaks, in words; empty where there is no room for it.
    """
    top = room.axes.get_ylim()[1]
    first, last = min(peak[1] for peak in peaks), max(peak[2] for peak in peaks)
    ends = (["off the scale,", when] if narrow else [f"off the scale, {when}"]) if when else []
    rows = [*((words, colour, "bold") for words, _, _, colour in peaks), *((words, SECONDARY, "normal") for words in ends)]
    right = [labels.Place("left", "top", 4, -11.0 * number - 1) for number in range(len(rows))]
    left = [labels.Place("right", "top", -4, -11.0 * number - 1) for number in range(len(rows))]
    sides = [(last, right), (first, left)]
    if room.width - room.point(last, top)[0] <= room.point(first, top)[0]:
        sides.reverse()
    # The side with more room, but for the other where something stands in the way there alone.
    clear = [all(room.is_free(words, at, top, place, weight=weight) for (words, _, weight), place in zip(rows, places, strict=True))
             for at, places in sides]  # fmt: skip
    at, places = sides[clear.index(True) if any(clear) else 0]
    for (words, colour, weight), place in zip(rows, places, strict=True):
        room.put(words, at, top, places=[place], colour=colour, weight=weight, must=True)


def end_labels(axes: "Axes", ends: Sequence[tuple[float, str, str, str]]) -> None:
    """Labels beside the right edge of a plot, each at its height, and apart where two would touch.

    Parameters
    ----------
    ends : height in the data, words, colour and weight of each.
    """
    top = axes.get_ylim()[1]
    height = float(axes.get_figure().get_size_inches()[1]) * 72 * 0.7 / axes.get_subplotspec().get_gridspec().nrows  # type: ignore[union-attr]
    gap, floor = 11 / height * top, -top
    for at, words, colour, weight in sorted(ends):
        floor = max(at, floor + gap)
        axes.annotate(
            words, (1, floor), xycoords=axes.get_yaxis_transform(), xytext=(5, 0), textcoords="offset points", ha="left", va="center",
            fontsize=SMALL, color=colour, fontweight=weight, annotation_clip=False,
        )  # fmt: skip


def readable(colour: str, ground: str = "#ffffff") -> str:
    """The colour, darker where words in it would be hard to read on a ground (less than 4.5:1).

    Examples
    --------
    >>> readable("#b3262e"), readable("#e69f00")
    ('#b3262e', '#9d6c00')
    """
    channels = to_rgb(colour)
    while contrast(to_hex(channels), ground) < LEAST_CONTRAST:
        channels = tuple(channel * 0.98 for channel in channels)
    return to_hex(channels)


def contrast(first: str, second: str) -> float:
    """Contrast of two colours as WCAG counts it, 1 to 21."""
    low, high = sorted(
        sum(part * _linear(channel) for part, channel in zip(_LUMINANCE, to_rgb(colour), strict=True)) for colour in (first, second)
    )
    return (high + 0.05) / (low + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _DARK else ((channel + 0.055) / 1.055) ** 2.4


def mid_month(months: "pd.DatetimeIndex | pd.Series") -> "pd.DatetimeIndex | pd.Series":
    """Where the flow of a month is plotted: in its middle, so that what was decided on a day stands on its side of it."""
    return months + pd.Timedelta(days=14)


def bars(axes: "Axes", names: list[str], values: list[float], words: list[str], colours: list[str], *, narrow: bool) -> None:
    """Horizontal bars, the first on top, each with its words at its end."""
    axes.barh(names[::-1], values[::-1], color=colours[::-1], height=0.66)
    for position, (value, text) in enumerate(zip(values[::-1], words[::-1], strict=True)):
        axes.annotate(
            text, (value, position), xytext=(4, 0), textcoords="offset points", ha="left", va="center", fontsize=SMALL, color=INK,
            annotation_clip=False,
        )  # fmt: skip
    axes.set_xlim(0, max(values) * (1.5 if narrow else 1.22))
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0, labelsize=SMALL)
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
