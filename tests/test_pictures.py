"""A figure as one picture: its size, its words, and the same bytes each time."""

import io

import numpy as np
from PIL import Image

from tradelib.show import drawing as base
from tradelib.show import pictures

WORDS = pictures.Words("A title that is long enough to need a second line of the picture, and then some", "What is measured", "Source: us.")


def line() -> base.Drawing:
    def draw(figure: base.Drawing, *, narrow: bool) -> None:
        figure.add_subplot().plot([0, 1], [0, 1], color="#b3262e" if not narrow else "black")

    drawn = base._drawn(draw, "line", (7.6, 2.0), narrow=False)[1]
    assert drawn is not None
    return drawn


def test_a_picture_is_as_wide_as_asked_white_around_and_the_same_each_time() -> None:
    first = pictures.png(line(), WORDS)
    image = Image.open(io.BytesIO(first))
    assert image.width == pictures.NOTEBOOK_PX
    pixels = np.asarray(image.convert("RGB"))
    assert (pixels[:15] == 255).all()
    assert (pixels[:, :15] == 255).all()
    assert (pixels[60:90, 30:600].min(axis=2) < 120).any()  # the title
    assert pictures.png(line(), WORDS) == first
    with pictures.wide_as(pictures.SITE_PX):
        assert Image.open(io.BytesIO(pictures.png(line(), WORDS))).width == 1600
    assert pictures.png(line(), WORDS) == first


def test_words_break_where_they_may_and_none_is_lost() -> None:
    lines = pictures.wrapped(WORDS.title, 13.0, "bold", 400.0)
    assert len(lines) == 2
    assert " ".join(lines) == WORDS.title
    assert pictures.wrapped("USD\N{NO-BREAK SPACE}42", 9.0, "normal", 10.0) == ["USD\N{NO-BREAK SPACE}42"]
