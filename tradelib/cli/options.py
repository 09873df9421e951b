"""What commands ask alike: days, the importer, and what the law leaves open."""

import argparse
import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradelib import tariffs

FORMATS = ("table", "json", "csv")
_MOST_PROCESSES = 1_000
_WHOLE = re.compile(r"[0-9]{1,15}")
_DECIMAL = re.compile(r"[0-9]{0,9}\.?[0-9]{1,30}")
EPILOG = "Days are ISO days such as 2025-06-09, or latest: the day the evidence of this edition ends."


def add_tariff_options(parser: argparse.ArgumentParser) -> None:
    """What every question about a duty takes."""
    parser.add_argument("--on", metavar="DAY", help="day of entry (default: the day of knowledge)")
    parser.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    parser.add_argument("--importer", type=str.upper, choices=("US", "CN"), default="US", help="who collects the duty (default: US)")
    add_assumptions(parser)
    parser.add_argument(
        "--standing", choices=("law", "stated"), default="law", help="legal texts only, or what officials stated as well (default: law)"
    )
    add_format(parser)


def add_format(parser: argparse.ArgumentParser, forms: Sequence[str] = FORMATS, *, more: str = "") -> None:
    """How the answer is printed; `more` says what CSV holds where that is not plain."""
    parser.add_argument("--format", choices=forms, default="table", help=f"how to print the answer{more} (default: table)")


def add_assumptions(parser: argparse.ArgumentParser) -> None:
    """What the law leaves open: the share of metal, and lines that a text covers only in part."""
    parser.add_argument(
        "--metal-content",
        type=_metal,
        metavar="FRACTION",
        help="share of metal in the value of a good that pays on its metal (in averages: outside the metal chapters); or low, or high "
        "(default: an estimate by industry)",
    )
    parser.add_argument(
        "--partial",
        choices=("none", "duties", "exemptions", "both", "claimed"),
        default="none",
        help="count lines that a text covers only in part, as a duty or as an exemption; or described exclusions as far as imports are "
        "known to claim them (default: none)",
    )


def days(options: argparse.Namespace) -> tuple[date, date]:
    """(day of entry, day of knowledge)."""
    from tradelib import catalogue
    from tradelib.doors import day

    as_of = catalogue.resolve_as_of(options.as_of)
    return (as_of if options.on is None else day(options.on, "on", latest=as_of)), as_of


def assumptions(options: argparse.Namespace) -> "tariffs.Assumptions":
    """The assumptions that were asked for."""
    from tradelib import tariffs

    return tariffs.Assumptions(
        options.metal_content,
        partial_duties=options.partial in ("duties", "both"),
        partial_exemptions=options.partial in ("exemptions", "both"),
        claimed_exclusions=options.partial == "claimed",
    )


def processes(text: str) -> int:
    """How many processes are asked for; more than a thousand are a slip of the hand, and would stop the machine."""
    value = positive(text)
    if value > _MOST_PROCESSES:
        message = f"must be {_MOST_PROCESSES:,} or less, not {text!r}"
        raise argparse.ArgumentTypeError(message)
    return value


def positive(text: str) -> int:
    """A whole number of 1 or more."""
    value = int(text) if _WHOLE.fullmatch(text) else 0
    if value < 1:
        message = f"must be a whole number of 1 or more, not {text!r}"
        raise argparse.ArgumentTypeError(message)
    return value


def _fraction(text: str) -> float:
    value = float(text) if _DECIMAL.fullmatch(text) else -1.0
    if not 0 <= value <= 1:
        message = f"must be a fraction from 0 to 1, not {text!r}"
        raise argparse.ArgumentTypeError(message)
    return value


def _metal(text: str) -> float | str:
    return text if text in ("low", "high") else _fraction(text)
