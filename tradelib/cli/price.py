"""The command that prices a list of goods."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tradelib.cli.options import EPILOG, add_assumptions, add_format, assumptions, days
from tradelib.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd

    from tradelib import scenarios


def add_price(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command that prices a list."""
    price = commands.add_parser("price", help="print or write the duty on every row of a list of goods", epilog=EPILOG, allow_abbrev=False)
    price.add_argument(
        "file",
        metavar="FILE",
        help="a list as .csv, .xlsx or .parquet with a column code, and if there on, value_usd, importer; - is CSV on standard input",
    )
    price.add_argument(
        "--on",
        metavar="DAY",
        help="day of entry of rows that give none (default, for a list without days: the day of knowledge; the first day of a scenario)",
    )
    price.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    price.add_argument(
        "--importer", type=str.upper, choices=("US", "CN"), default="US", help="who collects the duty on rows that do not say (default: US)"
    )
    price.add_argument("--scenario", metavar="NAME", help="a scenario, or the path of your own .yaml file, in place of the law")
    price.add_argument(
        "--standing", choices=("law", "stated"), default="law", help="legal texts alone, or what officials stated as well (default: law)"
    )
    add_assumptions(price)
    price.add_argument("--sheet", metavar="NAME", help="sheet of a workbook (default: the one with a column of codes)")
    price.add_argument(
        "--output", metavar="FILE", help="write the list here, as .csv, .xlsx, .parquet or .json, and print the summary alone"
    )
    add_format(price)
    price.set_defaults(command=_price)


def _price(options: argparse.Namespace) -> int:
    from tradelib import lists
    from tradelib.terminal import price_list

    path = None if options.file == "-" else Path(options.file)
    output = None if options.output is None else Path(options.output)
    if output is not None:
        lists.check_output(output)
        if path is not None and output.exists() and path.exists() and output.samefile(path):
            message = f"{output} is the list itself, and would be lost; name another file with --output."
            raise ParameterError(message)
    day, as_of = days(options)
    rates, scenario = _rates(options, as_of)
    listed = lists.read(path, data=sys.stdin.buffer.read() if path is None else b"", sheet=options.sheet)
    found = price_list.answer(
        listed,
        on=None if options.on is None else day,
        as_of=as_of,
        importer=options.importer,
        rates=rates,
        scenario=scenario,
        standing=options.standing,
        assumptions=assumptions(options),
    )
    said = () if output is None else price_list.write(found, output)
    text, aside = price_list.printed(found, options.format, summary_only=output is not None)
    print(text, end="")
    for line in (*aside, *said):
        print(line, file=sys.stderr)
    return found.status


def _rates(options: argparse.Namespace, as_of: date) -> tuple["pd.DataFrame | None", "scenarios.Scenario | None"]:
    """Schedule of the scenario that was asked for, and the scenario; none for the law."""
    if options.scenario is None:
        return None, None
    from tradelib import scenarios

    if options.standing != "law":
        message = "Give --scenario or --standing stated, not both: a scenario is laid over the legal texts."
        raise ParameterError(message)
    supposed = scenarios.load(options.scenario)
    return scenarios.schedule(supposed, as_of=as_of), supposed
