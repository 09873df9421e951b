"""The commands that tell of tables and hand them out: data describe, data export."""

import argparse
from pathlib import Path

from tradelib.cli.options import EPILOG, add_format

FORMS = ("sqlite", "duckdb", "xlsx", "csv")
EXPORT = """\
Write the tables for another tool: a SQLite or DuckDB database, a workbook, or a folder of CSV files with their description (a data package
itself). Codes stay text and days are days. A database and a workbook hold two tables more, about and data_dictionary."""


def add_handed_out(what: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands, below `data`."""
    describe = what.add_parser("describe", help="say what a table holds, column by column", allow_abbrev=False)
    describe.add_argument("table")
    add_format(describe, more="; csv is one row a column")
    describe.set_defaults(command=_describe)

    export = what.add_parser(
        "export", help="write the tables as SQLite, DuckDB, Excel or CSV", description=EXPORT, epilog=EPILOG, allow_abbrev=False
    )
    export.add_argument("target", metavar="FILE_OR_FOLDER", type=Path, help="where to: a file, or for csv a folder that is new or empty")
    export.add_argument("--to", required=True, choices=FORMS, help="what to write")
    export.add_argument("--table", action="append", default=[], metavar="NAME", help="this table alone; may be given again (default: all)")
    export.add_argument("--as-of", metavar="DAY", help="tables as known on this day (default: every row, whenever it became known)")
    export.set_defaults(command=_export)


def _describe(options: argparse.Namespace) -> int:
    from tradelib.terminal import dictionary

    print(dictionary.answer(options.table, options.format))
    return 0


def _export(options: argparse.Namespace) -> int:
    from tradelib.catalogue import export

    tables, rows = export.export(options.to, options.target, names=options.table, as_of=options.as_of)
    print(f"{tables} {'table' if tables == 1 else 'tables'}, {rows:,} rows: {options.target}")
    return 0
