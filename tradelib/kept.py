"""Answers that are remembered, for one folder of the data: another folder, as after a refresh, has answers of its own."""

import functools
import inspect
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar, cast

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


def kept(
    maxsize: int | None = None, *, rests_on: Mapping[str, Sequence[str]] | None = None
) -> Callable[[Callable[P, R_co]], Kept[P, R_co]]:
    """A decorator as `functools.lru_cache`, which also tells the folders of the data apart.

    Parameters
    ----------
    maxsize
        answers that are kept at most, of all folders together; None for all of them.
    rests_on
        for a function that is asked of a day of knowledge (`as_of`) and that neither counts days from it nor names it: the tables with days
        of knowledge that its answer rests on, each with those of its columns whose days the function compares with `as_of`. Days between
        which none of that changes share an answer: that of the first of them; see `catalogue.known_since`.

    Returns
    -------
    Callable
        The decorator. What it returns has `cache_clear`. A frame is given out as a shallow copy, of which pandas copies a column when
        somebody writes to it; anything else that is kept is shared, and not to be changed.
    """

    def keeping(function: Callable[P, R_co]) -> Kept[P, R_co]:
        call: Callable[..., R_co] = function
        place = list(inspect.signature(function).parameters).index("as_of") if rests_on is not None else -1

        @functools.lru_cache(maxsize)
        def answer(_folder: Path, /, *args: Hashable, **given: Hashable) -> R_co:
            return call(*args, **given)

        @functools.wraps(function)
        def through(*args: Any, **given: Any) -> R_co:
            if rests_on is not None:
                if "as_of" in given:
                    given["as_of"] = catalogue.known_since(given["as_of"], rests_on)
                else:
                    args = (*args[:place], catalogue.known_since(args[place], rests_on), *args[place + 1 :])
            held = answer(catalogue.data_folder(), *args, **given)
            return cast("R_co", held.copy(deep=False)) if isinstance(held, pd.DataFrame) else held

        through.__dict__.update(cache_clear=answer.cache_clear, rests_on=rests_on)
        return cast("Kept[P, R_co]", through)

    return keeping
