"""Texts of frames, held in one way whatever is installed.

Where pyarrow is installed, pandas 3 holds texts in Arrow's memory, else as Python's own strings, and the two do not always answer alike:
`"ß".upper()` is "SS" in Python and "ẞ" in Arrow (https://github.com/pandas-dev/pandas/issues/63105). What this package makes are frames
of some hundred rows, for which Arrow is the slower of the two; so they are made with Python's strings, on every machine, and what people
make outside is left as they set it.
"""

import functools
import os
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pandas as pd

P = ParamSpec("P")
R = TypeVar("R")

_OPTION = "mode.string_storage"


class _Inside:
    """How many calls are inside, in all threads: the option of pandas is one for the process, set by the first and put back by the last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls = 0
        self._before: object = None
        if hasattr(os, "register_at_fork"):  # a fork while another thread holds the lock would leave it held for ever
            os.register_at_fork(before=self._lock.acquire, after_in_parent=self._lock.release, after_in_child=self._lock.release)

    def begin(self) -> None:
        with self._lock:
            if not self._calls:
                self._before = pd.get_option(_OPTION)
                pd.set_option(_OPTION, "python")
            self._calls += 1

    def end(self) -> None:
        with self._lock:
            self._calls -= 1
            if not self._calls and pd.get_option(_OPTION) == "python":  # else somebody has set it meanwhile
                pd.set_option(_OPTION, self._before)


_INSIDE = _Inside()


def alike(function: Callable[P, R]) -> Callable[P, R]:
    """A function whose frames hold texts as Python's strings, whether or not pyarrow is installed."""

    @functools.wraps(function)
    def through(*args: P.args, **given: P.kwargs) -> R:
        _INSIDE.begin()
        try:
            return function(*args, **given)
        finally:
            _INSIDE.end()

    return through
