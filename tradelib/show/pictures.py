"""A figure as one picture, its title, subtitle and source inside it: as SVG, and as PNG for what shows no SVG.

Words are set with the font that travels with matplotlib, so that equal figures are equal bytes.
"""

import functools
import io
import os
import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.figure import Figure as Drawing
    from matplotlib.font_manager import FontProperties
    from matplotlib.ft2font import FT2Font
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

# Points, as in the drawings: the margin around all, and what lies between words and plot.
_MARGIN, _GAP = 14.0, 9.0
_PLOT = 547.2  # how wide a drawing for a page is
_INK, _SOFT = "#1d2430", "#5b6470"
_FONT = "DejaVu Sans"
_FAMILIES = "'DejaVu Sans', Verdana, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
_POINTS = 72
_PARTS = 64  # of a pixel, in which fonts count
_TO_THE_LEFT = ("R", "AL", "AN", "RLE", "RLO", "RLI")  # classes of letters, as Unicode names them
_NORMAL_STRETCH = 500
_MEASURED = 100.0  # points: how high the letters are that matplotlib measures
# Few colours: flat areas and the edges of letters need no more, and a notebook in git stays small.
_COLOURS, _NEARLY_WHITE = 64, 251
_EACH = 12  # row and column of a picture that its colours are chosen from
_ROOT = re.compile(r'<svg\b[^>]*?\bwidth="([\d.]+)pt"[^>]*?\bheight="([\d.]+)pt"', re.DOTALL)
# How hard a picture is packed: a site is made often, and git holds what notebooks show for ever.
_QUICK, _SMALL = 3, 6
_FINE = 2.0  # pixels to a point
# Pixels: enough for print in the notebooks that git holds; the pictures of a site are wider.
NOTEBOOK_PX, SITE_PX = 900, 1600
_width_px: ContextVar[int] = ContextVar("width_px", default=NOTEBOOK_PX)


class Words(NamedTuple):
    """What stands above and below a plot."""

    title: str
    subtitle: str
    source: str


class Plot(NamedTuple):
    """The pixels of a drawing, and its size in points."""

    pixels: "Image"
    width: float
    height: float


class _Style(NamedTuple):
    size: float
    line: float
    weight: str
    colour: str


_TITLE, _SUBTITLE, _SOURCE = (
    _Style(13.0, 16.5, "bold", _INK),
    _Style(9.5, 12.8, "normal", _SOFT),
    _Style(8.5, 11.4, "normal", _SOFT),
)


class _Line(NamedTuple):
    """A line of words, its baseline in points from the top."""

    text: str
    baseline: float
    style: _Style


class _Frame(NamedTuple):
    """Where all stands in a picture, in points from its upper left corner."""

    lines: list[_Line]
    plot_top: float
    width: float
    height: float


@contextmanager
def wide_as(pixels: int) -> Iterator[None]:
    """Draw the pictures of figures this wide."""
    mark = _width_px.set(pixels)
    try:
        yield
    finally:
        _width_px.reset(mark)


def framed_svg(svg: str, words: Words, alt: str) -> str:
    """A drawing as a picture by itself.

    Parameters
    ----------
    svg : as matplotlib writes it, its size in points.
    alt : words for those who do not see it.

    Raises
    ------
    ValueError : the drawing does not say its size in points.

    Examples
    --------
    >>> framed_svg('<svg width="200pt" height="100pt" viewBox="0 0 200 100"></svg>', Words("T", "S", "From a < b"), "A line.")[:70]
    '<svg xmlns="http://www.w3.org/2000/svg" width="228pt" height="186.7pt"'
    """
    found = _ROOT.search(svg)
    if found is None:
        message = "The drawing does not say its width and height in points."
        raise ValueError(message)
    width, height = float(found[1]), float(found[2])
    frame = _frame(words, width, height)
    inner = svg[found.start() :].replace(f'width="{found[1]}pt"', f'width="{found[1]}"', 1)
    inner = inner.replace(f'height="{found[2]}pt"', f'x="{_MARGIN:g}" y="{frame.plot_top:.4g}" height="{found[2]}"', 1)
    lines = "".join(
        f'<text x="{_MARGIN:g}" y="{line.baseline:.5g}" font-size="{line.style.size:g}" font-weight="{line.style.weight}" '
        f'fill="{line.style.colour}">{escape(line.text)}</text>\n'
        for line in frame.lines
    )
    size = f'width="{frame.width:.5g}pt" height="{frame.height:.5g}pt" viewBox="0 0 {frame.width:.5g} {frame.height:.5g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n<title>{escape(words.title)}</title>\n<desc>{escape(alt)}</desc>\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n<g font-family="{_FAMILIES}">\n{lines}</g>\n{inner.strip()}\n</svg>\n'
    )


def width_px() -> int:
    """How wide the pictures of figures are drawn now."""
    return _width_px.get()


def plot(drawing: "Drawing") -> Plot:
    """The pixels of a drawing that is laid out, for a picture as wide as `wide_as` says."""
    width, height = (float(inches) * _POINTS for inches in drawing.get_size_inches())
    return Plot(_rendered(drawing, _width_px.get() / (width + 2 * _MARGIN)), width, height)


def png(plot: Plot, words: Words) -> bytes:
    """A plot as a picture by itself."""
    from PIL import Image, ImageDraw  # matplotlib brings them

    frame, pixels = _frame(words, plot.width, plot.height), _width_px.get()
    scale = pixels / frame.width
    whole = Image.new("RGB", (pixels, round(frame.height * scale)), "white")
    pen = ImageDraw.Draw(whole)
    for line in frame.lines:
        font = _letters(line.style.weight, line.style.size * scale)
        pen.text((_MARGIN * scale, line.baseline * scale), line.text, fill=line.style.colour, font=font, anchor="ls")
    whole.paste(plot.pixels, (round(_MARGIN * scale), round(frame.plot_top * scale)))
    image = _few_colours(whole)
    # The ground is white, and no mean of white and of what is nearly so.
    image.putpalette([255 if part > _NEARLY_WHITE else part for part in image.getpalette() or ()])
    target = io.BytesIO()
    image.save(target, "PNG", compress_level=_QUICK if pixels > NOTEBOOK_PX else _SMALL)
    return target.getvalue()


def _few_colours(whole: "Image") -> "Image":
    """The picture with few colours, each pixel with the nearest; they are chosen from a part that crosses every row and column."""
    import numpy as np
    from PIL import Image

    wide, high = whole.size
    parts = (whole.resize(size, Image.Resampling.NEAREST) for size in ((-(-wide // _EACH), high), (wide, -(-high // _EACH))))
    some = np.concatenate([np.asarray(part).reshape(-1, 3) for part in parts])
    palette = Image.fromarray(some[None]).quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    return whole.quantize(palette=palette, dither=Image.Dither.NONE)


def _rendered(drawing: "Drawing", scale: float) -> "Image":
    """Pixels of a drawing, `scale` to a point."""
    import matplotlib as mpl
    from PIL import Image

    drawing.dpi = scale * _POINTS
    size = tuple(int(inches * drawing.dpi) for inches in drawing.get_size_inches())
    renderer = _pixel_renderer()(*size, drawing.dpi)
    # Fitting each letter to the pixels takes a quarter of the time, and helps where a stroke is hardly wider than one of them.
    with mpl.rc_context({"text.hinting": "no_hinting" if scale > _FINE else "force_autohint"}):
        drawing.draw(renderer)
    # The memory of the renderer, and no copy of it: all of it is opaque, and so can be laid on what has no transparency.
    return Image.frombuffer("RGBA", size, renderer.buffer_rgba(), "raw", "RGBA", 0, 1)


@functools.cache
def _pixel_renderer() -> "type[RendererAgg]":
    """Draws pixels; texts are as large as where they were laid out."""
    from matplotlib.backends.backend_agg import RendererAgg, get_hinting_flag

    class Renderer(Lettered, RendererAgg):
        @property
        def per_point(self) -> float:
            return float(self.dpi) / _POINTS

        def draw_text(
            self, gc: Any, x: float, y: float, s: str, prop: "FontProperties", angle: float, ismath: Any = False, mtext: Any = None
        ) -> None:
            """A level line as a whole: matplotlib 3.11 sets it letter by letter, each time reading the font for it."""
            asked = [getattr(mtext, name, lambda: None)() for name in ("get_fontfeatures", "get_language")]
            is_plain = gc.get_antialiased() and not any(asked) and _is_plain(prop)
            if ismath or angle or not is_plain or not _has_all(s, prop.get_weight()):
                super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
                return
            line = _set_line(s, prop.get_weight(), prop.get_size_in_points(), self.dpi, get_hinting_flag())
            self._renderer.draw_text_image(line.shades, round(x + line.left), round(y) + line.below, 0, gc)

    return Renderer


class _Shades(NamedTuple):
    """A line of words as pixels, how far right of its place they begin, and how many rows of them lie below its baseline."""

    shades: "np.ndarray"
    left: float
    below: int


@functools.lru_cache(maxsize=1024)
def _set_line(text: str, weight: str | int, size: float, dpi: float, hinting: Any) -> _Shades:
    """A line set with a font: labels of axes come again and again."""
    import numpy as np

    space = _space(weight, size, dpi, hinting)
    font = _face(weight, os.getpid(), threading.get_ident())
    font.set_size(size, dpi)
    # Behind a space: else the pixels would begin within one of them, and all letters but the first would stand a part of it too far left.
    font.set_text(f" {text}", 0.0, flags=hinting)
    font.draw_glyphs_to_bitmap(antialiased=True)
    shades, above = np.array(font.get_image()), font.get_width_height()[1] - font.get_descent()
    return _Shades(shades, (font.get_bitmap_offset()[0] - space) / _PARTS, len(shades) - above // _PARTS - 1)


@functools.lru_cache(maxsize=64)
def _space(weight: str | int, size: float, dpi: float, hinting: Any) -> int:
    """How wide a space is, in parts of a pixel."""
    font, wide = _face(weight, os.getpid(), threading.get_ident()), []
    font.set_size(size, dpi)
    for text in ("n n", "nn"):
        font.set_text(text, 0.0, flags=hinting)
        wide.append(font.get_width_height()[0])
    return int(wide[0] - wide[1])


def _frame(words: Words, width: float, height: float) -> _Frame:
    lines: list[_Line] = []
    down = _MARGIN
    for text, style in ((words.title, _TITLE), (words.subtitle, _SUBTITLE)):
        down = _set(lines, text, style, down, width)
    plot_top = down + _GAP
    down = _set(lines, words.source, _SOURCE, plot_top + height + _GAP, width)
    return _Frame(lines, plot_top, width + 2 * _MARGIN, down + _MARGIN)


def _set(lines: list[_Line], text: str, style: _Style, top: float, width: float) -> float:
    """Set a text below `top`, line by line; where it ends."""
    for line in wrapped(text, style.size, style.weight, width):
        lines.append(_Line(line, top + style.size, style))
        top += style.line
    return top


def wrapped(text: str, size: float, weight: str, width: float) -> list[str]:
    """Lines of a text, none wider than `width` points but for a single long word; they break at spaces that may break.

    Examples
    --------
    >>> wrapped("one two three", 10.0, "normal", 50.0)
    ['one two', 'three']
    """
    lines: list[str] = []
    space = _set_width("n n", size, weight) - _set_width("nn", size, weight)
    used = 0.0
    for word in text.split(" "):
        wide = _set_width(word, size, weight)
        if lines and used + space + wide <= width:
            lines[-1] += f" {word}"
            used += space + wide
        else:
            lines.append(word)
            used = wide
    return lines


@functools.lru_cache(maxsize=4096)
def _set_width(text: str, size: float, weight: str) -> float:
    """Width of a line in points as it is set around a plot: its letters are fitted to pixels, and so are wider, most in small pictures."""
    scales = (pixels / (_PLOT + 2 * _MARGIN) for pixels in (NOTEBOOK_PX, SITE_PX))
    return max(float(_letters(weight, size * scale).getlength(text)) / scale for scale in scales)


def measured(text: str, size: float, weight: str) -> float:
    """Width of a line in points."""
    return _sized(text, weight)[0] * size


class Lettered:
    """For renderers of matplotlib: what texts are laid out by is looked up once in a process, and not anew for each text and drawing."""

    per_point = 1.0

    def get_text_width_height_descent(self, s: str, prop: "FontProperties", ismath: Any) -> tuple[float, float, float]:
        """Size of a line."""
        if ismath or not _is_plain(prop) or not _has_all(s, prop.get_weight()):
            found: tuple[float, float, float] = super().get_text_width_height_descent(s, prop, ismath)  # type: ignore[misc]
            return found
        width, height, depth = _sized(s, prop.get_weight())
        size = prop.get_size_in_points() * self.per_point
        return width * size, height * size, depth * size

    def _get_font_height_metrics(self, prop: "FontProperties") -> tuple[float | None, float | None, float | None]:
        """Ascent, descent and gap between lines: matplotlib asks renderers from 3.11 on, and else, or for None, reads the font."""
        if not _is_plain(prop):
            return None, None, None
        ascent, descent, gap = _heights(prop.get_weight())
        size = prop.get_size_in_points() * self.per_point
        return ascent * size, descent * size, gap * size


def _is_plain(prop: "FontProperties") -> bool:
    """Whether a text is in the upright font of all figures."""
    is_upright = prop.get_style() == prop.get_variant() == "normal" and prop.get_stretch() in ("normal", _NORMAL_STRETCH)
    return is_upright and prop.get_file() is None and prop.get_family()[0] in ("sans-serif", _FONT)


@functools.lru_cache(maxsize=8192)
def _has_all(text: str, weight: str | int) -> bool:
    """Whether the font has every letter of a text, and sets it from left to right; else matplotlib looks for one that has."""
    held = _letters_of(weight)
    return all(ord(letter) in held and unicodedata.bidirectional(letter) not in _TO_THE_LEFT for letter in text)


@functools.lru_cache(maxsize=8)
def _letters_of(weight: str | int) -> frozenset[int]:
    return frozenset(_face(weight, os.getpid(), threading.get_ident()).get_charmap())


@functools.lru_cache(maxsize=8)
def _heights(weight: str | int) -> tuple[float, float, float]:
    """Ascent, descent and gap between lines of letters one point high, as matplotlib reads them."""
    font = _face(weight, os.getpid(), threading.get_ident())
    whole, table = font.get_sfnt_table("head")["unitsPerEm"], font.get_sfnt_table("OS/2")
    return table["sTypoAscender"] / whole, -table["sTypoDescender"] / whole, table["sTypoLineGap"] / whole


@functools.lru_cache(maxsize=8192)
def _sized(text: str, weight: str | int) -> tuple[float, float, float]:
    """Width, height and depth of a line of letters one point high: each is measured once in a process."""
    from matplotlib.ft2font import LoadFlags

    font = _face(weight, os.getpid(), threading.get_ident())
    font.set_size(_MEASURED, _POINTS)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    whole = _MEASURED * _PARTS
    width, height = font.get_width_height()
    return width / whole, height / whole, font.get_descent() / whole


@functools.lru_cache(maxsize=8)
def _face(weight: str | int, _process: int, _thread: int) -> "FT2Font":
    """The font in a weight, for one thread of one process, out of memory: of a file every letter is read each time that it comes.

    matplotlib 3.12 mends that (https://github.com/matplotlib/matplotlib/pull/32064).
    """
    from matplotlib.ft2font import FT2Font

    return FT2Font(io.BytesIO(Path(_font_file(weight)).read_bytes()))


@functools.lru_cache(maxsize=16)
def _letters(weight: str, pixels: float) -> "FreeTypeFont":
    """The font in a weight and size, set letter by letter on every machine."""
    from PIL import ImageFont

    return ImageFont.truetype(_font_file(weight), pixels, layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(maxsize=8)
def _font_file(weight: str | int) -> str:
    """File of the font in a weight: looking for it takes longer than measuring with it."""
    from matplotlib.font_manager import FontProperties, findfont

    return str(findfont(FontProperties(family=_FONT, weight=weight)))
