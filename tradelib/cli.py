"""The command line: status, changes, rate, find, average, price, scenario, publish, run, data, refresh."""

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tradelib import __version__
from tradelib.errors import ParameterError, TradelibError

if TYPE_CHECKING:
    import pandas as pd

    from tradelib import scenarios, tariffs
    from tradelib.report.publish import DataPage

EPILOG = "Days are ISO days such as 2025-06-09, or latest: the day the evidence of this edition ends."

REFRESH = """\
Bring the statistics up to date from their publishers, and put new texts of law before a person. Without --write nothing is appended: the
rows are shown. No row is ever edited; a value that changed is a new row. Law is never appended by machine."""
REFRESH_EPILOG = """\
Ends with 0: nothing to do, or written; 1: rows wait, a release is overdue, or rows are held back; 2: an error, nothing was written;
3: some sources failed, the others were shown or written.
This product uses the Census Bureau Data API but is not endorsed or certified by the Census Bureau. Keys are read from the environment
only (CENSUS_API_KEY for census_api, COMTRADE_API_KEY for comtrade); no other source needs one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a deliberate error prints one sentence and gives status 2."""
    _open_streams()
    options = _parser().parse_args(arguments)
    try:
        status = options.command(options)
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon_output()  # the reader of a pipe has left: nobody is to be told
        return 0
    except OSError as error:
        if error.filename is not None or error.errno not in _CANNOT_WRITE:
            raise
        _abandon_output()
        print(f"tradelib: the answer cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    except TradelibError as error:
        print(f"tradelib: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("tradelib: stopped; nothing was changed.", file=sys.stderr)
        return 130
    return status


# What a stream that takes no more says; faults of files that are opened name their file as well.
_CANNOT_WRITE = frozenset([errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG, errno.EIO, errno.EBADF])


def _abandon_output() -> None:
    """Let standard output lead nowhere, so that what Python writes at its end does not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def notebooks_folder() -> Path:
    """Folder of the notebooks: the one of the checkout that this package is part of, else `notebooks` where the command runs."""
    checkout = Path(__file__).parent.parent / "notebooks"
    return checkout if checkout.is_dir() else Path("notebooks").resolve()


def _open_streams() -> None:
    """Let a standard stream that was closed lead nowhere: else the next file that is opened is taken for it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123, open as long as the process


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tradelib", description="The US-China trade truce, read as of a day.", epilog=EPILOG, allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"tradelib {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (_add_truce, _add_goods, _add_price, _add_scenario, _add_publish, _add_data, _add_refresh):
        add(commands)
    return parser


def _add_truce(commands: "argparse._SubParsersAction") -> None:
    """The commands that say where the truce stands."""
    status = commands.add_parser("status", help="print where the truce stands, in ten lines", epilog=EPILOG, allow_abbrev=False)
    status.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    status.set_defaults(command=_status)

    changes = commands.add_parser("changes", help="print what became known between two days", epilog=EPILOG, allow_abbrev=False)
    changes.add_argument("--from", required=True, metavar="DAY", dest="since", help="what was known on this day is taken as given")
    changes.add_argument("--to", default="latest", metavar="DAY", dest="until", help="last day of knowledge (default: latest)")
    changes.set_defaults(command=_changes)


def _add_goods(commands: "argparse._SubParsersAction") -> None:
    """The commands that say what a good owes, which codes it may have, and what all goods owe on average."""
    rate = commands.add_parser("rate", help="print the duty on one good, layer by layer", epilog=EPILOG, allow_abbrev=False)
    rate.add_argument("code", metavar="CODE", help="product code of 2 to 10 digits, such as 7326.90.8688")
    _add_tariff_options(rate)
    rate.set_defaults(command=_rate)

    find = commands.add_parser("find", help="find codes by words of their descriptions, with the duty", epilog=EPILOG, allow_abbrev=False)
    find.add_argument("words", nargs="+", metavar="WORDS", help="such as: lithium battery; or the beginning of a code, such as 8507")
    find.add_argument("--on", metavar="DAY", help="day of entry (default: the day of knowledge)")
    find.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    find.add_argument("--importer", type=str.upper, choices=("US", "CN"), default="US", help="who collects the duty (default: US)")
    find.add_argument("--limit", type=_positive, default=10, metavar="N", help="codes at most (default: 10)")
    find.add_argument("--format", choices=("table", "json", "csv"), default="table", help="how to print the answer (default: table)")
    find.set_defaults(command=_find)

    average = commands.add_parser("average", help="print what the duties of one side come to", epilog=EPILOG, allow_abbrev=False)
    _add_tariff_options(average)
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


def _add_price(commands: "argparse._SubParsersAction") -> None:
    """The command that prices a list."""
    price = commands.add_parser("price", help="print or write the duty on every row of a list of goods", epilog=EPILOG, allow_abbrev=False)
    price.add_argument(
        "file",
        metavar="FILE",
        help="a list as .csv, .xlsx or .parquet with a column code, and if there on, value_usd, importer; - is CSV on standard input",
    )
    price.add_argument(
        "--on", metavar="DAY", help="day of entry of rows that give none (default: the day of knowledge, for a list without days)"
    )
    price.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    price.add_argument(
        "--importer", type=str.upper, choices=("US", "CN"), default="US", help="who collects the duty on rows that do not say (default: US)"
    )
    price.add_argument("--scenario", metavar="NAME", help="a scenario, or the path of your own .yaml file, in place of the law")
    price.add_argument(
        "--standing", choices=("law", "stated"), default="law", help="legal texts alone, or what officials stated as well (default: law)"
    )
    _add_assumptions(price)
    price.add_argument("--sheet", metavar="NAME", help="sheet of a workbook (default: the one with a column of codes)")
    price.add_argument(
        "--output", metavar="FILE", help="write the list here, as .csv, .xlsx, .parquet or .json, and print the summary alone"
    )
    price.add_argument("--format", choices=("table", "csv", "json"), default="table", help="how to print the answer (default: table)")
    price.set_defaults(command=_price)


def _add_scenario(commands: "argparse._SubParsersAction") -> None:
    """The command that asks what if."""
    scenario = commands.add_parser("scenario", help="print the duties that a supposition would bring", epilog=EPILOG, allow_abbrev=False)
    scenario.add_argument("name", nargs="?", metavar="NAME", help="a scenario, or the path of your own .yaml file (default: list them)")
    scenario.add_argument("--compare-with", default="as_scheduled", metavar="NAME", help="another scenario (default: as_scheduled)")
    scenario.add_argument("--on", metavar="DAY", help="day of entry (default: the last within a year on which a duty changes)")
    scenario.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    scenario.set_defaults(command=_scenario)


def _add_publish(commands: "argparse._SubParsersAction") -> None:
    """The commands that execute notebooks."""
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
    publish.add_argument("--address", default="", metavar="URL", help="where the site will stand, for the feed and the list of addresses")
    publish.add_argument("--again", action="store_true", help="make pages again that are up to date")
    publish.add_argument("--check", action="store_true", help="make pages again, compare them with the site, change nothing")
    publish.add_argument("--workers", type=_positive, metavar="N", help="processes at most (default: one a core)")
    publish.set_defaults(command=_publish)

    run = commands.add_parser("run", help="execute notebooks in place with their default parameters", allow_abbrev=False)
    run.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="names such as 01_briefing (default: all)")
    run.add_argument("--workers", type=_positive, metavar="N", help="processes at most (default: one a core)")
    run.set_defaults(command=_run)


def _add_data(commands: "argparse._SubParsersAction") -> None:
    """The commands on the tables."""
    data = commands.add_parser("data", help="list, verify, cite or seal the tables", allow_abbrev=False)
    what = data.add_subparsers(metavar="ACTION", required=True)
    what.add_parser("list", help="name the tables").set_defaults(command=_data_list)
    what.add_parser("verify", help="check every table against its description").set_defaults(command=_data_verify)
    cite = what.add_parser("cite", help="say how to cite a table")
    cite.add_argument("table")
    cite.set_defaults(command=_data_cite)
    what.add_parser("seal", help="check the rows of changed tables and record their hashes").set_defaults(command=_data_seal)
    annex = what.add_parser("annex", help="add the product codes of an annex to a list")
    annex.add_argument("scope", help="the list: a name of data/law/scopes.csv, or a new one")
    annex.add_argument("file", help="a text that holds the codes, or - for standard input")
    annex.add_argument("--source", required=True, metavar="TEXT", help="the legal text that the list stands in")
    annex.add_argument("--coverage", choices=("full", "partial", "use"), default="full", help="how much of each line (default: full)")
    annex.add_argument("--from", dest="entry_from", default="", metavar="DAY", help="first day of entry (default: from the beginning)")
    annex.add_argument("--what", default="", metavar="TEXT", help="what a new list covers, in words")
    annex.set_defaults(command=_data_annex)
    order = what.add_parser("sort", help="put the rows of tables into the order of their key")
    order.add_argument("tables", nargs="*", metavar="TABLE", help="names of tables (default: every ledger)")
    order.set_defaults(command=_data_sort)


def _add_refresh(commands: "argparse._SubParsersAction") -> None:
    """The command that asks publishers."""
    refresh = commands.add_parser(
        "refresh",
        help="bring the statistics up to date from their publishers",
        description=REFRESH,
        epilog=REFRESH_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    refresh.add_argument(
        "--what", default="statistics", metavar="SOURCES", help="sources or groups, separated by commas (default: statistics)"
    )
    refresh.add_argument("--since", metavar="MONTH", help="first period that is compared, such as 2026-05")
    refresh.add_argument("--write", action="store_true", help="append the rows; without it they are only shown")
    refresh.add_argument("--into", choices=("home", "checkout"), default="home", help="your own data, or the data/ of the checkout")
    refresh.add_argument("--from", metavar="FOLDER", dest="folder", help="use kept answers; nothing is fetched")
    refresh.add_argument("--again", action="store_true", help="ask again what was asked on the same day")
    refresh.add_argument("--json", action="store_true", help="print the plan as JSON")
    refresh.add_argument("--due", action="store_true", help="print what should be out by now and is not held")
    refresh.add_argument("--on", metavar="DAY", help="with --due: another day than today")
    refresh.add_argument("--held-back", action="store_true", help="print rows that wait for a person")
    refresh.add_argument("--inbox", action="store_true", help="print texts of law that wait for a person")
    refresh.add_argument("--accept", metavar="ID", help="append a row that was held back, or note that a text was taken")
    refresh.add_argument("--dismiss", metavar="ID", help="leave a row or a text out for good")
    refresh.add_argument("--because", metavar="TEXT", help="why it is accepted or dismissed")
    refresh.set_defaults(command=_refresh)


def _add_tariff_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", metavar="DAY", help="day of entry (default: the day of knowledge)")
    parser.add_argument("--as-of", default="latest", metavar="DAY", help="day of knowledge (default: latest)")
    parser.add_argument("--importer", type=str.upper, choices=("US", "CN"), default="US", help="who collects the duty (default: US)")
    _add_assumptions(parser)
    parser.add_argument(
        "--standing", choices=("law", "stated"), default="law", help="legal texts only, or what officials stated as well (default: law)"
    )
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table", help="how to print the answer (default: table)")


def _add_assumptions(parser: argparse.ArgumentParser) -> None:
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


def _status(options: argparse.Namespace) -> int:
    from tradelib import catalogue, terminal

    print(terminal.status(as_of=catalogue.resolve_as_of(options.as_of)))
    return 0


def _changes(options: argparse.Namespace) -> int:
    from tradelib import catalogue, terminal

    since, until = (catalogue.resolve_as_of(day) for day in (options.since, options.until))
    print(terminal.changes(since=since, until=until))
    return 0


def _rate(options: argparse.Namespace) -> int:
    from tradelib import answers, tariffs

    day, as_of = _days(options)
    stack = tariffs.explain(
        options.code, on=day, importer=options.importer, as_of=as_of, assumptions=_assumptions(options), standing=options.standing
    )
    print(answers.rate(stack, options.format))
    return 0


def _find(options: argparse.Namespace) -> int:
    from tradelib import found, tariffs

    day, as_of = _days(options)
    asked = {"importer": options.importer, "on": day, "as_of": as_of}
    words = " ".join(options.words)
    rows = tariffs.search(words, limit=options.limit, **asked)
    if rows.empty:
        raise ParameterError(rows.attrs["note"])
    print(found.answer(rows, options.format, words=words, **asked))
    return 0


def _average(options: argparse.Namespace) -> int:
    import pandas as pd

    from tradelib import answers, tariffs

    _check_parts(options)
    day, as_of = _days(options)
    assumptions = _assumptions(options)
    if isinstance(assumptions.metal_content_frac, float):  # what a pipe is made of is no question of averages
        assumptions = replace(assumptions, metal_chapters_frac=1.0)
    asked = {
        "importer": options.importer,
        "as_of": as_of,
        "weights": _weights(options.weights, options.importer),
        "assumptions": assumptions,
    }
    asked["standing"] = options.standing
    weighing = tariffs.weighting(asked["weights"], importer=options.importer)
    if options.since is not None or options.until is not None:
        table = tariffs.averages(on=_range(options, as_of), **asked)
        print(answers.averages(table, options.format, as_of=as_of, weighing=weighing, assumptions=assumptions))
        return 0
    measures = tariffs.averages(on=[day], **asked).iloc[0]
    parts = pd.DataFrame() if options.by == "none" else tariffs.contributions(on=day, by=options.by or "family", **asked)
    print(answers.average(measures, parts, options.format, as_of=as_of, weighing=weighing, assumptions=assumptions))
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


def _price(options: argparse.Namespace) -> int:
    from tradelib import lists, price_list

    path = None if options.file == "-" else Path(options.file)
    output = None if options.output is None else Path(options.output)
    if output is not None:
        lists.check_output(output)
        if path is not None and output.exists() and path.exists() and output.samefile(path):
            message = f"{output} is the list itself, and would be lost; name another file with --output."
            raise ParameterError(message)
    day, as_of = _days(options)
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
        assumptions=_assumptions(options),
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


def _range(options: argparse.Namespace, as_of: date) -> list[date]:
    """Days from one to another, or those of them on which a duty changes; the first one always."""
    from datetime import timedelta

    from tradelib import tariffs
    from tradelib.doors import day

    if options.since is None or options.on is not None:
        message = "A range of days takes --from and --to; give --on for one day alone."
        raise ParameterError(message)
    first, last = day(options.since, "from", latest=as_of), as_of if options.until is None else day(options.until, "to", latest=as_of)
    if last < first:
        message = f"--to must not lie before --from, and {last} lies before {first}."
        raise ParameterError(message)
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


def _scenario(options: argparse.Namespace) -> int:
    from tradelib import catalogue, terminal
    from tradelib.doors import day

    as_of = catalogue.resolve_as_of(options.as_of)
    if options.name is None:
        print(terminal.scenario_list(as_of=as_of))
        return 0
    on = None if options.on is None else day(options.on, "on", latest=as_of)
    print(terminal.scenario(options.name, options.compare_with, as_of=as_of, on=on))
    return 0


def _days(options: argparse.Namespace) -> tuple[date, date]:
    from tradelib import catalogue
    from tradelib.doors import day

    as_of = catalogue.resolve_as_of(options.as_of)
    return (as_of if options.on is None else day(options.on, "on", latest=as_of)), as_of


def _assumptions(options: argparse.Namespace) -> "tariffs.Assumptions":
    from tradelib import tariffs

    return tariffs.Assumptions(
        options.metal_content,
        partial_duties=options.partial in ("duties", "both"),
        partial_exemptions=options.partial in ("exemptions", "both"),
        claimed_exclusions=options.partial == "claimed",
    )


def _publish(options: argparse.Namespace) -> int:
    from tradelib.report.publish import publish

    publish(
        options.notebooks,
        days=options.days or ["latest"],
        out=Path(options.out),
        notebooks_dir=notebooks_folder(),
        resolve_as_of=_resolve_as_of,
        parameters=_pairs(options.parameters),
        data_hashes=_data_hashes,
        data=_data_page,
        news=_news,
        prepare=["tradelib.catalogue:read_all"],
        address=options.address,
        again=options.again,
        check=options.check,
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


def _refresh(options: argparse.Namespace) -> int:
    from tradelib.refresh import command

    return command.run(options)


def _data_list(_options: argparse.Namespace) -> int:
    from tradelib import catalogue, home

    rows = catalogue.refreshed()
    for name in catalogue.names():
        count = f"  {rows[name]} rows refreshed, to {catalogue.evidence_through(name)}" if name in rows else ""
        print(f"{name}{count}")
    edition = catalogue.edition()
    if edition.refreshed_on:
        base = edition.version.partition("+")[0]
        print(f"Refreshed on {edition.refreshed_on} upon edition {base}, in {catalogue.data_folder()}.")
    if home.waits():
        print(
            "The rows refreshed in your home belong to another edition, and do not count: tradelib refresh --write lays them upon this one."
        )
    return 0


def _data_verify(_options: argparse.Namespace) -> int:
    from tradelib import catalogue, checks

    report = checks.verify()
    for row in report.itertuples():
        print(f"{row.name:<16} {row.rows:>6} rows  data/{row.path}")
    print(f"{len(report)} tables agree with data/{catalogue.DESCRIPTOR}, edition {catalogue.edition().version}.")
    return 0


def _data_cite(options: argparse.Namespace) -> int:
    from tradelib import catalogue

    print(catalogue.cite(options.table))
    return 0


def _data_seal(_options: argparse.Namespace) -> int:
    from tradelib import checks

    changed = checks.seal()
    print(f"Sealed: {', '.join(changed)}." if changed else "Nothing had changed.")
    return 0


def _data_annex(options: argparse.Namespace) -> int:
    from tradelib import catalogue
    from tradelib.lawbook import lists

    content = sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8")
    added = lists.add(
        options.scope,
        content,
        folder=catalogue.data_folder(),
        source=options.source,
        coverage=options.coverage,
        entry_from=options.entry_from,
        what=options.what,
    )
    print(f"{added} codes are new in data/law/scopes/{options.scope}.csv. Look at them, then run `tradelib data seal`.")
    return 0


def _data_sort(options: argparse.Namespace) -> int:
    from tradelib import checks

    changed = checks.sort(options.tables)
    print(f"Sorted: {', '.join(changed)}." if changed else "Every row stood in its place.")
    return 0


def _data_page() -> "DataPage":
    from tradelib import catalogue
    from tradelib.report.publish import DataPage

    return DataPage(catalogue.tables(), catalogue.data_folder(), catalogue.edition().version)


def _news(published: Sequence[date]) -> list[dict[str, object]]:
    from tradelib import news

    return news.news(published)


def _resolve_as_of(day: str) -> date:
    from tradelib import catalogue

    return catalogue.resolve_as_of(day)


def _data_hashes() -> dict[str, str]:
    from tradelib import catalogue

    catalogue.verify()  # a damaged table is named before any notebook starts
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


def _fraction(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        message = f"must be a fraction from 0 to 1, not {text!r}"
        raise argparse.ArgumentTypeError(message)
    return value


def _metal(text: str) -> float | str:
    return text if text in ("low", "high") else _fraction(text)


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
