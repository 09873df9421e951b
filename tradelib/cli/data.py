"""The commands on the tables: data and refresh."""

import argparse
import sys
from pathlib import Path

from tradelib.cli.options import add_format
from tradelib.cli.tables import add_handed_out
from tradelib.errors import ParameterError

REFRESH = """\
Bring the statistics up to date from their publishers, and put new texts of law before a person. Without --write nothing is appended: the
rows are shown. No row is ever edited; a value that changed is a new row. Law is never appended by machine."""
REFRESH_EPILOG = """\
Ends with 0: nothing to do, or written; 1: rows wait, a release is overdue, or rows are held back; 2: an error, nothing was written;
3: some sources failed, the others were shown or written.
This product uses the Census Bureau Data API but is not endorsed or certified by the Census Bureau. Keys are read from the environment
only (CENSUS_API_KEY for census_api, COMTRADE_API_KEY for comtrade); no other source needs one."""


def add_data(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands on the tables."""
    data = commands.add_parser("data", help="list, describe, export, verify, cite or seal the tables", allow_abbrev=False)
    what = data.add_subparsers(metavar="ACTION", required=True)
    listed = what.add_parser("list", help="name the tables, with their rows and the last day they know")
    add_format(listed)
    listed.set_defaults(command=_data_list)
    add_handed_out(what)
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


def add_refresh(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
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
    add_format(refresh, ("table", "json"))
    refresh.add_argument("--due", action="store_true", help="print what should be out by now and is not held")
    refresh.add_argument("--on", metavar="DAY", help="with --due: another day than today")
    refresh.add_argument("--held-back", action="store_true", help="print rows that wait for a person")
    refresh.add_argument("--inbox", action="store_true", help="print texts of law that wait for a person")
    refresh.add_argument("--accept", metavar="ID", help="append a row that was held back, or note that a text was taken")
    refresh.add_argument("--dismiss", metavar="ID", help="leave a row or a text out for good")
    refresh.add_argument("--because", metavar="TEXT", help="why it is accepted or dismissed")
    refresh.set_defaults(command=_refresh)


def _data_list(options: argparse.Namespace) -> int:
    from tradelib import catalogue, wording
    from tradelib.catalogue import home
    from tradelib.terminal import forms

    refreshed = catalogue.refreshed()
    tables = [{**item, "rows_refreshed": refreshed.get(str(item["name"]), 0)} for item in catalogue.tables()]
    edition = catalogue.edition()
    record: dict[str, object] = {
        "edition": edition.version,
        "evidence_through": edition.evidence_through,
        "refreshed_on": edition.refreshed_on,
        "folder": str(catalogue.data_folder()),
        "tables": tables,
    }
    lines = [f"{item['name']:<27}{item['rows']:>7}  {item['last']:<10}  {item['title']}" for item in tables]
    for name, rows in refreshed.items():
        lines.append(f"{name}: {wording.count(rows, 'row')} refreshed, to {catalogue.evidence_through(name)}")
    if edition.refreshed_on:
        base = edition.version.partition("+")[0]
        lines.append(f"Refreshed on {edition.refreshed_on} upon edition {base}, in {catalogue.data_folder()}.")
    print(forms.answer(options.format, table="\n".join(lines), record=record, rows=tables, columns=list(tables[0])))
    if home.waits():
        said = (
            "The rows refreshed in your home belong to another edition, and do not count: tradelib refresh --write lays them upon this one."
        )
        print(said, file=sys.stdout if options.format == "table" else sys.stderr)
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

    given = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
    try:
        content = given.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{options.file} is no text in UTF-8 (byte {error.start}); save it as UTF-8."
        raise ParameterError(message) from None
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


def _refresh(options: argparse.Namespace) -> int:
    from tradelib import extras

    extras.need("refresh")
    from tradelib.refresh import command

    return command.run(options)
