"""What can go wrong, one class a kind.

Every message is a full sentence: the value that was met, what is allowed, and what to do.
"""

import re

# What a terminal would obey, or would show elsewhere than it stands: control characters, and marks that turn the direction of text.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class TradelibError(Exception):
    """Base of all errors that tradelib raises on purpose; the command line prints its message and ends with status 2."""

    def __str__(self) -> str:
        return _UNSHOWN.sub(lambda met: ascii(met.group())[1:-1], super().__str__())


class DayError(TradelibError, ValueError):
    """A day that is not an ISO day, or lies outside what the edition covers."""


class CatalogueError(TradelibError):
    """A table that is unknown, damaged, incomplete, or disagrees with its description."""


class LedgerError(TradelibError):
    """Rows that contradict the ledger rules, such as two steps of one announcement on one day."""


class LeakError(TradelibError):
    """Something newer than `as_of` was about to be shown."""


class ParameterError(TradelibError, ValueError):
    """A notebook parameter that is not declared, or whose value has the wrong type or is not allowed."""


class ReportError(TradelibError):
    """A report that could not be executed, rendered or published."""


class SweepError(TradelibError):
    """A sweep that cannot go on: its folder, its scheduler or a worker cannot be used."""


class ConvergenceError(TradelibError):
    """A model whose equation system was not solved; the message gives the gap that was left."""


class ListError(TradelibError):
    """A list of goods that cannot be read or written."""


class ExtraError(TradelibError, ImportError):
    """A package that only some commands need is not installed; the message says which extra brings it."""
