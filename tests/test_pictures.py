"""A figure as one picture: its size, its words, and the same bytes each time."""

import io
from datetime import date

import numpy as np
import pandas as pd
from PIL import Image

from tradelib.show import drawing as base
from tradelib.show import pictures

WORDS = pictures.Words("A title that is long enough to need a second line of the picture, and then some", "What is measured", "Source: us.")

CALLS: list[bool] = []


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
