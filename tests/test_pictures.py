"""A figure as one picture: its size, its words, and the same bytes each time."""

import io
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from PIL import Image

from tradelib.show import drawing as base
from tradelib.show import pictures
from tradelib.stories.believed import figures as expected

WORDS = pictures.Words("A title that is long enough to need a second line of the picture, and then some", "What is measured", "Source: us.")

CALLS: list[bool] = []
# A font of an author's own, which travels with matplotlib too.
OTHER = Path(mpl.get_data_path(), "fonts/ttf/STIXGeneral.ttf")


def line() -> base.Drawing:
    def draw(figure: base.Drawing, *, narrow: bool) -> None:
        figure.add_subplot().plot([0, 1], [0, 1], color="#b3262e" if not narrow else "black")

    drawn = base._drawn(draw, "line", (7.6, 2.0), narrow=False)[1]
    assert drawn is not None
    return drawn


def test_a_picture_is_as_wide_as_asked_white_around_and_the_same_each_time() -> None:
    first = pictures.png(pictures.plot(line()), WORDS)
    image = Image.open(io.BytesIO(first))
    assert image.width == pictures.NOTEBOOK_PX
    pixels = np.asarray(image.convert("RGB"))
    assert (pixels[:15] == 255).all()
    assert (pixels[:, :15] == 255).all()
    assert (pixels[60:90, 30:600].min(axis=2) < 120).any()  # the title
    assert pictures.png(pictures.plot(line()), WORDS) == first
    with pictures.wide_as(pictures.SITE_PX):
        assert Image.open(io.BytesIO(pictures.png(pictures.plot(line()), WORDS))).width == 1600
    assert pictures.png(pictures.plot(line()), WORDS) == first


def test_words_break_where_they_may_and_none_is_lost() -> None:
    lines = pictures.wrapped(WORDS.title, 13.0, "bold", 400.0)
    assert len(lines) == 2
    assert " ".join(lines) == WORDS.title
    assert pictures.wrapped("USD\N{NO-BREAK SPACE}42", 9.0, "normal", 10.0) == ["USD\N{NO-BREAK SPACE}42"]


def test_equal_data_are_drawn_once_where_pages_follow_one_another_and_other_data_anew() -> None:
    """Every value that a drawing closes over, and its size, tells it apart; outside, each call draws."""

    def made(values: pd.DataFrame, day: date, *, height: float = 1.0) -> bytes:
        def draw(figure: base.Drawing, *, narrow: bool) -> None:
            CALLS.append(narrow)
            figure.add_subplot().plot(values["on"], values["rate_frac"], color="black")
            figure.axes[0].axvline(pd.Timestamp(day))

        said = {"title": f"As of {day}", "subtitle": "What", "alt": "A line.", "source": "Source: us."}
        return base.figure_of(draw, name="made_up", height=height, data=values, sources=values, **said).png

    rows = pd.DataFrame({"on": pd.to_datetime(["2025-02-01", "2025-03-01"]), "rate_frac": [0.1, 0.25]})
    first = made(rows, date(2025, 3, 1))
    with base.drawn_once():
        CALLS.clear()
        assert made(rows, date(2025, 3, 1)) == first
        assert made(rows.copy(), date(2025, 3, 1)) == first
        assert len(CALLS) == 2
        assert made(rows.astype({"rate_frac": object}), date(2025, 3, 1)) == first
        assert len(CALLS) == 4
        assert made(rows.assign(rate_frac=[0.1, 0.26]), date(2025, 3, 1)) != first
        assert made(rows, date(2025, 3, 2)) != first
        assert made(rows, date(2025, 3, 1), height=1.1) != first
        with pictures.wide_as(pictures.SITE_PX):
            assert made(rows, date(2025, 3, 1)) != first
        assert len(CALLS) == 12
    made(rows, date(2025, 3, 1))
    assert len(CALLS) == 14


def closing_over(value: object) -> Callable[[], object]:
    def draw() -> object:
        return value

    return draw


FRAME = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]})
APART = {
    "a column of another name": (FRAME, FRAME.rename(columns={"b": "c"})),
    "columns the other way": (FRAME, FRAME.rename(columns={"a": "b", "b": "a"})),
    "another index": (FRAME, FRAME.set_axis([1, 2])),
    "rows the other way": (FRAME, FRAME[::-1].reset_index(drop=True)),
    "whole numbers": (FRAME, FRAME.astype("int64")),
    "a number and its digits": (1, "1"),
    "lists of lists": ([[1], [2]], [[1, 2]]),
    "a later day": (date(2025, 6, 9), date(2025, 6, 10)),
    "two sides": ({"US": 1, "CN": 2}, {"US": 2, "CN": 1}),
    "an array of another shape": (np.zeros((2, 3)), np.zeros((3, 2))),
    "what a function inside closes over": (closing_over(1), closing_over(2)),
    "large whole numbers": (pd.Series([2**60, None], dtype="Int64"), pd.Series([2**60 + 1, None], dtype="Int64")),
    "nothing and no number": ([None], [float("nan")]),
    "a column of digits": (pd.DataFrame({"a": [1]}, dtype=object), pd.DataFrame({"a": ["1"]}, dtype=object)),
    "a column of nothing": (pd.DataFrame({"a": ["x", None]}), pd.DataFrame({"a": ["x", "nan"]})),
    "a column and a table": (pd.Series([1], name="a"), pd.DataFrame({"a": [1]})),
    "cells beside and below": (pd.DataFrame({"a": ["x", "y"]}), pd.DataFrame({"a": ["x"], "b": ["y"]})),
    "words of an index": (FRAME.set_axis(["x", "y"]), FRAME.set_axis(["x", "z"])),
    "the name of an index": (FRAME, FRAME.rename_axis("on")),
    "words with a line break": (["a", "b"], ["a\nb"]),
}


@pytest.mark.parametrize("case", APART)
def test_what_is_not_the_same_is_told_apart(case: str) -> None:
    one, other = (base._key(closing_over(value)) for value in APART[case])
    assert one
    assert other
    assert one != other
    assert one == base._key(closing_over(APART[case][0]))


def test_what_cannot_be_told_is_drawn_each_time() -> None:
    assert base._key(closing_over(object())) is None
    assert base._key(closing_over(pd.Series([np.arange(2000)], dtype=object))) is None  # its words leave most of it out


@pytest.mark.parametrize("given", [{}, {"fontweight": "bold"}, {"fontstyle": "italic"}, {"fontfamily": "serif"}, {"font": OTHER}])
@pytest.mark.parametrize("words", ["Average duty, %", "two\nlines of words", "Äß", "$x^2$ more", "汉字 tariff", "שלום"])
@pytest.mark.filterwarnings("ignore:Glyph")
def test_texts_are_as_large_as_matplotlib_lays_them_out(words: str, given: dict[str, str]) -> None:
    """Sizes are looked up once; a renderer of matplotlib itself is the judge."""
    with base._theme("sizes"):
        figure = base.Drawing(figsize=(4, 2), dpi=72)
        text = figure.text(0.1, 0.1, words, fontsize=8.5, **given)
        ours = text.get_window_extent(base._renderer(figure, io.StringIO())).bounds
        theirs = text.get_window_extent(RendererSVG(288, 144, io.StringIO(), image_dpi=72)).bounds
    assert ours == pytest.approx(theirs, abs=1e-6)


def ink(renderer: type[RendererAgg], words: str, scale: float, given: dict[str, object]) -> np.ndarray:
    """Pixels of a figure with some words in it."""
    with base._theme("ink"):
        figure = base.Drawing(figsize=(4, 2), dpi=scale * 72)
        figure.text(0.5, 0.5, words, fontsize=8.5, **given)
        drawn = renderer(round(288 * scale), round(144 * scale), scale * 72)
        with mpl.rc_context({"text.hinting": "no_hinting"}):
            figure.draw(drawn)
    return 255 - np.asarray(drawn.buffer_rgba())[..., :3].min(axis=2).astype(int)


@pytest.mark.parametrize("scale", [1.56, 2.78])
@pytest.mark.parametrize(
    "given",
    [
        {}, {"ha": "right"}, {"ha": "center", "va": "center"}, {"va": "top"}, {"fontweight": "bold"}, {"color": "#b3262e"}, {"alpha": 0.5},
        {"rotation": 90}, {"fontstyle": "italic"}, {"fontfamily": "serif"}, {"antialiased": False}, {"fontvariant": "small-caps"},
        {"font": OTHER}, {"fontstretch": "condensed"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("words", ["Average duty, %", "two\nlines gjp", "Äß", "$x^2$ more", "汉字 tariff", "שלום", "a\tb"])
@pytest.mark.filterwarnings("ignore:Glyph")
def test_words_stand_in_a_picture_where_matplotlib_puts_them(words: str, given: dict[str, object], scale: float) -> None:
    """A line is set as a whole and begins on a whole pixel: as much ink, and its middle as near as that allows.

    matplotlib 3.10 sets the letters of a line on whole pixels too, all but the first a part of one too far left.
    """
    ours, theirs = (ink(renderer, words, scale, given) for renderer in (pictures._pixel_renderer(), RendererAgg))
    assert theirs.max() > 100
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.05)
    middles = [[np.average(np.indices(image.shape)[axis], weights=image) for axis in (0, 1)] for image in (ours, theirs)]
    assert middles[0] == pytest.approx(middles[1], abs=0.5 if mpl.__version_info__ >= (3, 11) else 1.5)


def test_a_font_is_read_once_and_not_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file, matplotlib reads every letter each time it comes; and no process uses a font of the one it is forked from."""
    pictures._face.cache_clear()
    read: list[Path] = []
    whole = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or whole(path))
    for number in range(20):
        pictures._sized(f"words {number} never measured before", "normal")
    assert len(read) == 1
    monkeypatch.setattr(os, "getpid", lambda: -1)
    pictures._sized("words measured in another process", "normal")
    assert len(read) == 2


def test_a_line_of_one_pixel_keeps_its_colour() -> None:
    """Colours are chosen from a part of the picture, which crosses every row and column."""
    for row, column in ((101, 203), (100, 202)):
        pixels = np.full((400, 600, 3), 255, dtype=np.uint8)
        pixels[::3, :, 1] = np.arange(600) % 256
        pixels[row], pixels[:, column] = (179, 38, 46), (31, 95, 168)
        few = np.asarray(pictures._few_colours(Image.fromarray(pixels)).convert("RGB")).astype(int)
        assert abs(few[row, 400] - (179, 38, 46)).max() <= 3
        assert abs(few[300, column] - (31, 95, 168)).max() <= 3


@pytest.mark.parametrize("pixels", [pictures.NOTEBOOK_PX, pictures.SITE_PX])
def test_no_line_of_words_reaches_into_the_margin(pixels: int) -> None:
    """The words of a picture are fitted to pixels, and wider than those of a drawing."""
    said = " ".join(f"Average tariff in per cent of customs value {number}" for number in range(12))
    with pictures.wide_as(pixels):
        image = Image.open(io.BytesIO(pictures.png(pictures.plot(line()), pictures.Words(said, said, said)))).convert("RGB")
    margin = round(pictures._MARGIN * pixels / (7.6 * 72 + 2 * pictures._MARGIN))
    assert (np.asarray(image)[:, -margin + 2 :] == 255).all()


def test_the_width_that_words_are_broken_for_is_that_of_a_drawing() -> None:
    assert pytest.approx(base.WIDE[0] * 72) == pictures._PLOT


@pytest.mark.parametrize(("day", "is_first", "side"), [(10, True, "left"), (10, False, "right"), (90, True, "right"), (90, False, "right")])
def test_words_of_a_peak_reach_where_there_is_room(day: int, is_first: bool, side: str) -> None:
    """In a later plot, which may be narrow, over the one before; those of an early peak there ran out of the figure."""
    axes = base.Drawing().add_subplot()
    days = pd.date_range("2025-01-01", periods=101)
    axes.set_xlim(days[0], days[-1])
    expected._mark_cut(
        axes, pd.DataFrame({"on": days, "weighted_frac": [1.1 if place == day else 0.2 for place in range(101)]}), is_first=is_first
    )
    assert axes.texts[-1].get_ha() == side


def test_a_figure_is_laid_out_until_its_words_are_clear_of_the_edge() -> None:
    """Each pass makes a plot narrower, and words that begin inside it reach further: half of what shall be free is."""

    def draw(figure: base.Drawing, *, narrow: bool) -> None:
        axes = figure.add_subplot()
        axes.barh([0, 1], [1.0, 0.6] if narrow else [1.0, 0.5])
        axes.set_xlim(0, 1.5)
        axes.annotate("words that reach far beyond the end of a bar", (1.0, 0), annotation_clip=False, fontsize=8.5)

    figure = base._drawn(draw, "bars", (3.7, 3.6), narrow=True)[1]
    assert figure is not None
    right = figure.axes[0].texts[0].get_window_extent(base._renderer(figure, io.StringIO())).x1
    assert right <= 3.7 * 72 - 1.5
