"""The command that asks one question of all days and values at once."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradelib import extras
from tradelib.cli import pages
from tradelib.cli.options import processes
from tradelib.errors import ParameterError

if TYPE_CHECKING:
    from tradelib.sweep import Swept

_EVERY = ("day", "change", "month")
_EPILOG = (
    "WHAT is a report, such as 01_briefing; or averages, headline, line CODE ..., clocks, commitments or scenario NAME ..., which give "
    "Parquet files. A sweep that was stopped, however it was, goes on with the same command. The status is 1 where a day failed."
)
# So many days that failed are named; the rest is counted.
_NAMED = 20


def add_sweep(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command `sweep`."""
    sweep = commands.add_parser("sweep", help="ask one question of many days and values", epilog=_EPILOG, allow_abbrev=False)
    sweep.add_argument("what", metavar="WHAT", help="a report, or a quantity")
    sweep.add_argument("items", nargs="*", metavar="MORE", help="further reports; codes for line, scenarios for scenario")
    days = "days of knowledge: days and ranges such as 2025-01-01..2026-10-09, separated by commas; latest is the last of the edition"
    sweep.add_argument("--as-of", "--days", required=True, metavar="DAYS", dest="as_of", help=days)
    sweep.add_argument(
        "--every", choices=_EVERY, default="day", help="which days of a range: all, those with a change, or the last of each month"
    )
    sweep.add_argument("--on", metavar="DAYS", help="days of entry, in the same form (default: the day of knowledge)")
    sweep.add_argument("--on-every", choices=_EVERY, default="change", help="which days of a range of --on (default: change)")
    values = "values of a parameter, separated by commas; one that holds commas in [brackets]; repeatable"
    sweep.add_argument("-p", action="append", default=[], metavar="NAME=VALUES", dest="parameters", help=values)
    sweep.add_argument("--out", metavar="FOLDER", help="folder of the results (default: sweep-WHAT)")
    pages.add_folder(sweep)
    where = sweep.add_mutually_exclusive_group()
    where.add_argument("--workers", type=processes, metavar="N", help="processes (default: one a core)")
    where.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler, such as tcp://127.0.0.1:8786")
    where.add_argument("--cluster", type=processes, default=0, metavar="N", help="so many Dask workers on this machine")
    sweep.set_defaults(command=_sweep)


def _sweep(options: argparse.Namespace) -> int:
    out = Path(options.out or f"sweep-{options.what}")
    if _is_report(options) and options.scheduler is None and not options.cluster:
        pages.begin([options.what, *options.items], options.folder, out / "site")
    from tradelib.sweep import quantities

    how = {
        "as_of": options.as_of,
        "every": options.every,
        "parameters": pages.pairs(options.parameters),
        "out": out,
        "workers": options.workers,
        "scheduler": options.scheduler,
        "cluster": options.cluster,
    }
    try:
        swept = _calculations(options, how) if options.what in quantities() else _reports(options, how)
    except KeyboardInterrupt:
        print(f"tradelib: stopped; what is finished is kept in {out}, and the same command goes on from there.", file=sys.stderr)
        return 130
    return _told(swept)


def _is_report(options: argparse.Namespace) -> bool:
    """Whether a notebook has the name of what is asked for."""
    from tradelib.report import shipped

    return ((options.folder or shipped.folder()) / f"{options.what.removesuffix('.ipynb')}.ipynb").is_file()


def _calculations(options: argparse.Namespace, how: Mapping[str, Any]) -> "Swept":
    from tradelib import sweep

    if options.folder is not None:
        message = f"--notebooks goes with reports, and {options.what} is calculated; leave it out."
        raise ParameterError(message)
    return sweep.calculate(options.what, *options.items, on=options.on, on_every=options.on_every, **how)


def _reports(options: argparse.Namespace, how: Mapping[str, Any]) -> "Swept":
    extras.need("report")  # before what needs it is imported
    from tradelib.sweep import pages as swept_pages
    from tradelib.sweep import quantities
    from tradelib.wording import nearest

    supply = pages.supply(options.folder)
    known = sorted(path.stem for path in Path(supply["notebooks_dir"]).glob("*.ipynb"))
    if options.what.removesuffix(".ipynb") not in known:
        every = [*quantities(), *known]
        message = f"There is no quantity or report {options.what!r}.{nearest(options.what, every)} Known: {', '.join(every)}."
        raise ParameterError(message)
    if options.on is not None:
        message = f"--on goes with calculations, and {options.what} is a report; leave it out."
        raise ParameterError(message)
    return swept_pages.reports([options.what, *options.items], supply=supply, **how)


def _told(swept: "Swept") -> int:
    """Say what came of it; 1 where a day failed."""
    from tradelib import wording

    held = f", {swept.held:,} of them there already" if swept.held else ""
    print(f"{wording.count(swept.days, 'day')} in {swept.folder} ({wording.count(swept.parts, swept.kind)}{held})")
    for each in swept.failed[:_NAMED]:
        print(f"tradelib: as of {each.as_of} failed ({each.part}): {each.why}", file=sys.stderr)
    if len(swept.failed) > _NAMED:
        print(f"tradelib: and {len(swept.failed) - _NAMED:,} more.", file=sys.stderr)
    if swept.failed:
        print("tradelib: the same command tries these days again; the others are there.", file=sys.stderr)
    return 1 if swept.failed else 0
