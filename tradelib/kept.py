"""Answers that are remembered, for one folder of the data: another folder, as after a refresh, has answers of its own."""

import functools
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar, cast

import pandas as pd

from tradelib import catalogue

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)


class Kept(Protocol[P, R_co]):
    """A function whose answers are remembered."""

    def __call__(self, *args: P.args, **given: P.kwargs) -> R_co:
        """The answer, from memory where it is there."""
        ...

    def cache_clear(self) -> None:
        """Forget the answers."""


def kept(maxsize: int | None = None) -> Callable[[Callable[P, R_co]], Kept[P, R_co]]:
    """A decorator as `functools.lru_cache`, which also tells the folders of the data apart.

    Parameters
    ----------
    maxsize
        answers that are kept at most, of all folders together; None for all of them.

    Returns
    -------
    Callable
        The decorator. What it returns has `cache_clear`. A frame is given out as a shallow copy, of which pandas copies a column when
        somebody writes to it; anything else that is kept is shared, and not to be changed.
    """

    def keeping(function: Callable[P, R_co]) -> Kept[P, R_co]:
        call: Callable[..., R_co] = function

        @functools.lru_cache(maxsize)
        def answer(_folder: Path, /, *args: Hashable, **given: Hashable) -> R_co:
            return call(*args, **given)

        @functools.wraps(function)
        def through(*args: Hashable, **given: Hashable) -> R_co:
            held = answer(catalogue.data_folder(), *args, **given)
            return cast("R_co", held.copy(deep=False)) if isinstance(held, pd.DataFrame) else held

        through.__dict__["cache_clear"] = answer.cache_clear
        return cast("Kept[P, R_co]", through)

    return keeping
