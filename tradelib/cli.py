"""The command line: status, publish, run, data."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tradelib import __version__
from tradelib.errors import ParameterError, TradelibError

EPILOG = "Days are ISO days such as 2025-06-09, or latest: the day the evidence of this edition ends."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a deliberate error prints one sentence and gives status 2."""
    options = _parser().parse_args(arguments)
    try:
        return options.command(options)
    except TradelibError as error:
        print(f"tradelib: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("tradelib: stopped; nothing was changed.", file=sys.stderr)
        return 130


def notebooks_folder() -> Path:
    """Folder of the notebooks: the one of the checkout that this package is part of, else `notebooks` where the command runs."""
    checkout = Path(__file__).parent.parent / "notebooks"
    return checkout if checkout.is_dir() else Path("notebooks").resolve()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tradelib", description="The US-China trade truce, read as of a day.", epilog=EPILOG, allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"tradelib {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    status = commands.add_parser("status", help="print where the truce stands, in ten lines", epilog=EPILOG, allow_abbrev=False)
    status.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    status.set_defaults(command=_status)

    publish = commands.add_parser("publish", help="execute notebooks and publish them as HTML", epilog=EPILOG, allow_abbrev=False)
    publish.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="names such as 01_briefing (default: all)")
    publish.add_argument("--as-of", action="append", metavar="DAY", dest="days", help="day of knowledge; may be given several times")
    publish.add_argument(
        "-p",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        dest="parameters",
        help="a parameter of the notebooks; repeatable",
    )
    publish.add_argument("--out", default="site", metavar="FOLDER", help="folder of the site (default: site)")
    publish.add_argument("--workers", type=_positive, metavar="N", help="processes at most (default: one a core)")
    publish.set_defaults(command=_publish)

    run = commands.add_parser("run", help="execute notebooks in place with their default parameters", allow_abbrev=False)
    run.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="names such as 01_briefing (default: all)")
    run.add_argument("--workers", type=_positive, metavar="N", help="processes at most (default: one a core)")
    run.set_defaults(command=_run)

    data = commands.add_parser("data", help="list, verify, cite or seal the tables", allow_abbrev=False)
    what = data.add_subparsers(metavar="ACTION", required=True)
    what.add_parser("list", help="name the tables").set_defaults(command=_data_list)
    what.add_parser("verify", help="check every table against its description").set_defaults(command=_data_verify)
    cite = what.add_parser("cite", help="say how to cite a table")
    cite.add_argument("table")
    cite.set_defaults(command=_data_cite)
    what.add_parser("seal", help="record the hashes of changed tables").set_defaults(command=_data_seal)
    return parser


def _status(options: argparse.Namespace) -> int:
    from tradelib import catalogue, terminal

    print(terminal.status(as_of=catalogue.resolve_as_of(options.as_of)))
    return 0


def _publish(options: argparse.Namespace) -> int:
    from tradelib import catalogue
    from tradelib.report.publish import publish

    catalogue.verify()  # a damaged table is named at once, before any notebook starts
    publish(
        options.notebooks,
        days=options.days or ["latest"],
        out=Path(options.out),
        notebooks_dir=notebooks_folder(),
        resolve_as_of=catalogue.resolve_as_of,
        parameters=_pairs(options.parameters),
        data_hashes=_data_hashes,
        workers=options.workers,
    )
    return 0


def _run(options: argparse.Namespace) -> int:
    from tradelib import catalogue
    from tradelib.report.publish import run_in_place

    catalogue.verify()
    for item in run_in_place(options.notebooks, notebooks_dir=notebooks_folder(), workers=options.workers):
        print(f"{item.notebook}: {'rewritten' if item.changed else 'unchanged'} ({item.seconds:.1f} s)")
    return 0


def _data_list(_options: argparse.Namespace) -> int:
    from tradelib import catalogue

    for name in catalogue.names():
        print(name)
    return 0


def _data_verify(_options: argparse.Namespace) -> int:
    from tradelib import catalogue

    report = catalogue.verify()
    for row in report.itertuples():
        print(f"{row.name:<16} {row.rows:>6} rows  data/{row.path}")
    print(f"{len(report)} tables agree with data/{catalogue.DESCRIPTOR}, edition {catalogue.edition().version}.")
    return 0


def _data_cite(options: argparse.Namespace) -> int:
    from tradelib import catalogue

    print(catalogue.cite(options.table))
    return 0


def _data_seal(_options: argparse.Namespace) -> int:
    from tradelib import catalogue

    changed = catalogue.seal()
    print(f"Sealed: {', '.join(changed)}." if changed else "Nothing had changed.")
    return 0


def _data_hashes() -> dict[str, str]:
    from tradelib import catalogue

    return catalogue.hashes()


def _pairs(texts: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name:
            message = f"-p takes NAME=VALUE, such as -p window_days=30, not {text!r}."
            raise ParameterError(message)
        if name == "as_of":
            message = "Give the day with --as-of, not with -p as_of=...; both at once could disagree."
            raise ParameterError(message)
        if name in pairs:
            message = f"The parameter {name} was given twice."
            raise ParameterError(message)
        pairs[name] = value
    return pairs


def _positive(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        message = f"must be a whole number of 1 or more, not {text!r}"
        raise argparse.ArgumentTypeError(message)
    return value


if __name__ == "__main__":
    sys.exit(main())
