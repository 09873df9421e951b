"""Answers that are remembered, for one folder of the data: another folder, as after a refresh, has answers of its own."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from tradelib import catalogue

P = ParamSpec("P")
R = TypeVar("R")


def kept(maxsize: int | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A decorator as `functools.lru_cache`, which also tells the folders of the data apart.

    Parameters
    ----------
    maxsize : answers that are kept at most, of all folders together; None for all of them.

    Returns
    -------
    The decorator. What it returns has `cache_clear`; what it keeps is shared, and not to be changed.
    """

    def keeping(function: Callable[P, R]) -> Callable[P, R]:
        @functools.lru_cache(maxsize)
        def answer(_folder: Path, /, *args: P.args, **given: P.kwargs) -> R:
            return function(*args, **given)

        @functools.wraps(function)
        def opened(*args: P.args, **given: P.kwargs) -> R:
            return answer(catalogue.data_folder(), *args, **given)

        opened.cache_clear = answer.cache_clear
        return opened

    return keeping
