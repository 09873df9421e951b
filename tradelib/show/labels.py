"""Labels inside a plot: each at the first of its places where no line runs through it and no other label stands."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from tradelib.show.pictures import measured

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINE = 1.18  # height of a line of letters, in its size
_CLEAR = 3.0  # points between a label and what stands beside it
# The part of a drawing that its plot takes, beside and below its labels: the least, so that labels have the room they seem to have.
_PARTS = {False: (0.80, 0.70), True: (0.68, 0.66)}


class Place(NamedTuple):
    """Where a label stands beside its point: alignments as matplotlib names them, and the way from the point, in points."""

    ha: str
    va: str
    right: float = 0.0
    up: float = 0.0


ABOVE_RIGHT, ABOVE_LEFT = Place("left", "bottom", 3, 2), Place("right", "bottom", -3, 2)
BELOW_RIGHT, BELOW_LEFT = Place("left", "top", 3, -2), Place("right", "top", -3, -2)
LEFT = Place("right", "center", -4)


class _Box(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float

    def touches(self, other: "_Box") -> bool:
        return self.left < other.right and self.right > other.left and self.bottom < other.top and self.top > other.bottom


class Room:
    """What stands in a plot so far, in points from its lower left corner.

    Parameters
    ----------
    axes : its limits are set.
    narrow : whether the drawing is that for a phone.
    panels : rows and columns of plots in the drawing.
    aside : points that labels beside the plot take.
    """

    def __init__(self, axes: "Axes", *, narrow: bool, panels: tuple[int, int] = (1, 1), aside: float = 0.0) -> None:
        self.axes = axes
        wide, high = (float(inches) * 72 for inches in axes.get_figure().get_size_inches())  # type: ignore[union-attr]
        self.width = wide * _PARTS[narrow][0] / panels[1] - aside
        self.height = high * _PARTS[narrow][1] / panels[0]
        self.taken: list[_Box] = []

    def point(self, x: Any, y: float) -> tuple[float, float]:
        """A point of the data, in points of the plot."""
        (left, right), (bottom, top) = self.axes.get_xlim(), self.axes.get_ylim()
        return (float(self.axes.convert_xunits(x)) - left) / (right - left) * self.width, (y - bottom) / (top - bottom) * self.height

    def steps(self, xs: Sequence[Any], ys: Sequence[float]) -> None:
        """Keep clear of a line of steps: level from each day to the next, then upright; a missing level is a gap."""
        corners = [self.point(x, y) for x, y in zip(xs, ys, strict=True)]
        for (x, y), (next_x, next_y) in pairwise(corners):
            self.taken += [_Box(x, y, next_x, y), _Box(next_x, min(y, next_y), next_x, max(y, next_y))]

    def area(self, xs: Sequence[Any], ys: Sequence[float]) -> None:
        """Keep clear of what is filled below a line of steps."""
        corners = [self.point(x, y) for x, y in zip(xs, ys, strict=True)]
        self.taken += [_Box(x, 0.0, next_x, y) for (x, y), (next_x, _) in pairwise(corners)]

    def line(self, x: Any) -> None:
        """Keep clear of an upright line."""
        across = self.point(x, 0.0)[0]
        self.taken.append(_Box(across, 0.0, across, self.height))

    def put(
        self,
        words: str,
        x: Any,
        y: float,
        *,
        places: Iterable[Place],
        colour: str,
        size: float = 8.5,
        weight: str = "normal",
        must: bool = False,
    ) -> bool:
        """Set a label at the first free of its places; False where none is and it is not one that must stand."""
        held = list(places)
        chosen = next((place for place in held if self.is_free(words, x, y, place, size=size, weight=weight)), None)
        if chosen is None and not must:
            return False
        place = chosen or held[0]
        self.taken.append(self._box(words, x, y, place, size, weight))
        self.axes.annotate(
            words, (x, y), xytext=(place.right, place.up), textcoords="offset points", ha=place.ha, va=place.va, fontsize=size,
            color=colour, fontweight=weight, annotation_clip=False,
        )  # fmt: skip
        return True

    def is_free(self, words: str, x: Any, y: float, place: Place, *, size: float = 8.5, weight: str = "normal") -> bool:
        """Whether a label at a place would stand inside the plot, with no line through it and no other label in its way."""
        box = self._box(words, x, y, place, size, weight)
        inside = box.left >= 0 and box.right <= self.width and box.bottom >= 0 and box.top <= self.height
        wide = _Box(box.left - _CLEAR, box.bottom, box.right + _CLEAR, box.top)
        return inside and not any(wide.touches(other) or _crosses(wide, other) for other in self.taken)

    def _box(self, words: str, x: Any, y: float, place: Place, size: float, weight: str) -> _Box:
        lines = words.split("\n")
        width, height = max(measured(line, size, weight) for line in lines), size * _LINE * len(lines)
        across, up = self.point(x, y)
        left = across + place.right - {"left": 0.0, "center": width / 2, "right": width}[place.ha]
        bottom = up + place.up - {"bottom": 0.0, "center": height / 2, "top": height}[place.va]
        return _Box(left, bottom, left + width, bottom + height)


def _crosses(box: _Box, line: _Box) -> bool:
    """Whether a line without thickness runs through a box."""
    level = line.bottom == line.top and box.bottom < line.bottom < box.top and line.left < box.right and line.right > box.left
    upright = line.left == line.right and box.left < line.left < box.right and line.bottom < box.top and line.top > box.bottom
    return level or upright
