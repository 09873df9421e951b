"""The commands on goods: the duty on one, codes by words, and what all goods owe on average."""

import argparse
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tradelib.cli.options import EPILOG, add_format, add_tariff_options, assumptions, days, positive
from tradelib.errors import ParameterError

if TYPE_CHECKING:
    import pandas as pd


def add_goods(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands that say what a good owes, which codes it may have, and what all goods owe on average."""
    rate = commands.add_parser("rate", help="print the duty on one good, layer by layer", epilog=EPILOG, allow_abbrev=False)
    rate.add_argument("code", metavar="CODE", help="product code of 2 to 10 digits, such as 7326.90.8688")
    add_tariff_options(rate)
    rate.set_defaults(command=_rate)

    find = commands.add_parser("find", help="find codes by words of their descriptions, with the duty", epilog=EPILOG, allow_abbrev=False)
    find.add_argument("words", nargs="+", metavar="WORDS", help="such as: lithium battery; or the beginning of a code, such as 8507")
    find.add_argument("--on", metavar="DAY", help="day of entry (default: the day of knowledge)")
    find.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    find.add_argument("--importer", type=str.upper, choices=("US", "CN"), default="US", help="who collects the duty (default: US)")
    find.add_argument("--limit", type=positive, default=10, metavar="N", help="codes at most (default: 10)")
    add_format(find)
    find.set_defaults(command=_find)

    average = commands.add_parser("average", help="print what the duties of one side come to", epilog=EPILOG, allow_abbrev=False)
    add_tariff_options(average)
    average.add_argument("--by", choices=("family", "section", "none"), help="parts of one day to show (default: family)")
    average.add_argument("--from", metavar="DAY", dest="since", help="first day of a range: one row a day, with the parts by family")
    average.add_argument("--to", metavar="DAY", dest="until", help="last day of the range (default: the day of knowledge)")
    average.add_argument(
        "--every", choices=("day", "change"), help="rows of a range: each day, or each change (default: day); takes --from"
    )
    average.add_argument(
        "--weights",
        default="2024",
        metavar="YEAR|FILE",
        help="trade that weights the lines: 2024, 2017, or your own list as .csv, .xlsx or .parquet with the columns code and value_usd "
        "(default: 2024)",
    )
    average.set_defaults(command=_average)


def _rate(options: argparse.Namespace) -> int:
    from tradelib import tariffs
    from tradelib.terminal import answers

    day, as_of = days(options)
    stack = tariffs.explain(
        options.code, on=day, importer=options.importer, as_of=as_of, assumptions=assumptions(options), standing=options.standing
    )
    print(answers.rate(stack, options.format))
    return 0


def _find(options: argparse.Namespace) -> int:
    from tradelib import tariffs
    from tradelib.terminal import found

    day, as_of = days(options)
    asked = {"importer": options.importer, "on": day, "as_of": as_of}
    words = " ".join(options.words)
    rows = tariffs.search(words, limit=options.limit, **asked)
    if rows.empty:
        raise ParameterError(rows.attrs["note"])
    print(found.answer(rows, options.format, words=words, **asked))
    return 0


def _average(options: argparse.Namespace) -> int:
    import pandas as pd

    from tradelib import tariffs
    from tradelib.terminal import answers

    _check_parts(options)
    day, as_of = days(options)
    assumed = assumptions(options)
    if isinstance(assumed.metal_content_frac, float):  # what a pipe is made of is no question of averages
        assumed = replace(assumed, metal_chapters_frac=1.0)
    asked = {
        "importer": options.importer,
        "as_of": as_of,
        "weights": _weights(options.weights, options.importer),
        "assumptions": assumed,
    }
    asked["standing"] = options.standing
    weighing = tariffs.weighting(asked["weights"], importer=options.importer)
    if options.since is not None or options.until is not None:
        table = tariffs.averages(on=_range(options, as_of), **asked)
        print(answers.averages(table, options.format, as_of=as_of, weighing=weighing, assumptions=assumed))
        return 0
    measures = tariffs.averages(on=[day], **asked).iloc[0]
    parts = pd.DataFrame() if options.by == "none" else tariffs.contributions(on=day, by=options.by or "family", **asked)
    print(answers.average(measures, parts, options.format, as_of=as_of, weighing=weighing, assumptions=assumed))
    return 0


def _check_parts(options: argparse.Namespace) -> None:
    """Refuse what would be left out of the answer: parts by section of a range, and the rows of a range where none is given."""
    if options.since is not None or options.until is not None:
        if options.by in ("section", "none"):
            message = f"A range of days has its parts by family; give --by {options.by} with --on, for one day alone."
            raise ParameterError(message)
    elif options.every is not None:
        message = f"--every {options.every} is for a range of days: give --from, and --to if you like."
        raise ParameterError(message)


def _range(options: argparse.Namespace, as_of: date) -> list[date]:
    """Days from one to another, or those of them on which a duty changes; the first one always."""
    from datetime import timedelta

    from tradelib import tariffs
    from tradelib.doors import day
    from tradelib.tariffs.prepared import check_entry

    if options.since is None or options.on is not None:
        message = "A range of days takes --from and --to; give --on for one day alone."
        raise ParameterError(message)
    first, last = day(options.since, "from", latest=as_of), as_of if options.until is None else day(options.until, "to", latest=as_of)
    if last < first:
        message = f"--to must not lie before --from, and {last} lies before {first}."
        raise ParameterError(message)
    check_entry(first, last)
    if options.every == "change":
        return tariffs.change_days(importer=options.importer, as_of=as_of, since=first, until=last, standing=options.standing)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _weights(written: str, importer: str) -> "str | pd.DataFrame":
    """A year, or the table in a file."""
    from tradelib import own_weights

    is_year = not Path(written).suffix and not Path(written).is_file()
    if is_year:
        return written
    found = own_weights.table(written, importer)
    for said in found.attrs["said"]:
        print(said, file=sys.stderr)
    return found
