"""What can go wrong, one class a kind.

Every message is a full sentence: the value that was met, what is allowed, and what to do.
"""


class TradelibError(Exception):
    """Base of all errors that tradelib raises on purpose; the command line prints its message and ends with status 2."""


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
