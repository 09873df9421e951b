"""How far a sweep is, on a terminal: days done, and about how long the rest takes."""

import time
from typing import TextIO

_MINUTE, _HOUR = 60, 3600


class Progress:
    """A line that is written over; nothing where the stream is no terminal.

    Parameters
    ----------
    total, held
        days of knowledge in all; those that were done before.
    """

    def __init__(self, total: int, held: int, stream: TextIO) -> None:
        self._total, self._done, self._stream, self._now = total, held, stream, 0
        self._begun = time.monotonic()
        self._line()

    def step(self, days: int) -> None:
        """So many more days are done."""
        self._done += days
        self._now += days
        self._line()

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._write("")

    def _line(self) -> None:
        left, words = self._total - self._done, ""
        if self._now and left:
            words = f", about {lasting((time.monotonic() - self._begun) / self._now * left)} left"
        self._write(f"{self._done:,} of {self._total:,} days{words}")

    def _write(self, words: str) -> None:
        if self._stream.isatty():
            print(f"\r{words:<60}" if words else f"\r{'':<60}\r", end="", file=self._stream, flush=True)


def lasting(seconds: float) -> str:
    """A time to wait, in the unit that fits.

    Examples
    --------
    >>> lasting(12.4), lasting(100), lasting(9000)
    ('12 s', '2 min', '2.5 h')
    """
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < _HOUR else f"{seconds / _HOUR:.1f} h"
