"""Layers remembered by all that they depend on.

Days of entry, states of knowledge, suppositions and choices differ in few duties. A family that has the same terms on the same lines, and
is displaced as much, has the same layer; days on which all families do have the same averages.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

# Bytes kept at a time for one set of lines: the layers of a day of entry under all choices, several times over.
_ROOM = 32_000_000
_A_LINE = 16
_ANSWERS = 4096


class Layer(NamedTuple):
    """Duty of one family on every line.

    Attributes
    ----------
    number
        its own among all that were worked out over these lines: layers of one number are one.
    rates
        fractions of customs value, one a line; not to be changed.
    fell
        share of the value of each line that it falls on.
    """

    number: int
    rates: np.ndarray
    fell: np.ndarray


class Remembered:
    """The layers over some lines, as many as given, that were asked for last."""

    def __init__(self, lines: int) -> None:
        self._held: OrderedDict[object, Layer] = OrderedDict()
        self._room = max(_ROOM // (_A_LINE * max(lines, 1)), 1)
        self._made = 0
        self._answers: dict[tuple[object, ...], Mapping[str, float]] = {}

    def answer(self, key: tuple[object, ...], make: Callable[[], dict[str, float]]) -> Mapping[str, float]:
        """What is worked out of the layers of a day of entry, by all that it depends on: states of knowledge that say the same share it."""
        if key not in self._answers:
            if len(self._answers) >= _ANSWERS:
                self._answers.clear()
            self._answers[key] = MappingProxyType(make())
        return self._answers[key]

    def get(self, key: object, make: Callable[[], tuple[np.ndarray, np.ndarray, object]]) -> Layer:
        """The layer with a key: all that it depends on; made where it is not held."""
        found = self._held.pop(key, None)
        if found is None:
            rates, fell, _ = make()
            rates.flags.writeable = fell.flags.writeable = False
            found = Layer(self._made, rates, fell)
            self._made += 1
            if len(self._held) >= self._room:
                self._held.popitem(last=False)
        self._held[key] = found
        return found
