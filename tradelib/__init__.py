"""tradelib: the trade truce between the United States and China, read as of a day.

`__all__` is what others may build on; README, "As a library", says what each name is. A subject is imported when it is first asked for:

>>> import tradelib
>>> tradelib.tariffs.headline(on="2025-08-12", as_of="2025-06-09", importer="US").rate_frac
0.54
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradelib import catalogue, claims, equilibrium, exposure, minerals, scenarios, sweep, tariffs, trade, truce
    from tradelib.days import LATEST, Day, Days, parse_day
    from tradelib.errors import (
        CatalogueError,
        ConvergenceError,
        DayError,
        ExtraError,
        LeakError,
        LedgerError,
        ListError,
        ParameterError,
        ReportError,
        SweepError,
        TradelibError,
    )
    from tradelib.report.page import open_page

__version__ = "2026.11.0"
__all__ = [
    "LATEST",
    "CatalogueError",
    "ConvergenceError",
    "Day",
    "DayError",
    "Days",
    "ExtraError",
    "LeakError",
    "LedgerError",
    "ListError",
    "ParameterError",
    "ReportError",
    "SweepError",
    "TradelibError",
    "__version__",
    "catalogue",
    "claims",
    "equilibrium",
    "exposure",
    "minerals",
    "open_page",
    "parse_day",
    "scenarios",
    "sweep",
    "tariffs",
    "trade",
    "truce",
]

# Where a name that is no subject stands; `Error` is the end of every other.
_HOMES = {"LATEST": "days", "Day": "days", "Days": "days", "parse_day": "days", "open_page": "report.page"}


def __getattr__(name: str) -> object:
    """Subject, or name of one, that is asked for the first time."""
    if name not in __all__:
        message = f"module 'tradelib' has no attribute {name!r}"
        raise AttributeError(message)
    home = _HOMES.get(name) or ("errors" if name.endswith("Error") else "")
    found: object = getattr(import_module(f"tradelib.{home}"), name) if home else import_module(f"tradelib.{name}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Names that are offered, before they are imported too."""
    return sorted({*globals(), *__all__})
