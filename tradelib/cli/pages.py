"""The commands on notebooks: publish, run and copy."""

import argparse
import shlex
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradelib import extras
from tradelib.cli.options import EPILOG, processes
from tradelib.errors import ParameterError

if TYPE_CHECKING:
    from tradelib.report.products import Products
    from tradelib.report.publish import DataPage


def add_publish(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command that executes notebooks and publishes them."""
    publish = commands.add_parser("publish", help="execute notebooks and publish them as HTML", epilog=EPILOG, allow_abbrev=False)
    publish.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="names such as 01_briefing (default: all)")
    add_folder(publish)
    publish.add_argument("--as-of", action="append", metavar="DAY", dest="days", help="day of knowledge; may be given several times")
    publish.add_argument("--named-days", action="store_true", help="every day that has a name in the calendar, beside those of --as-of")
    publish.add_argument(
        "-p",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        dest="parameters",
        help="a parameter of the notebooks; repeatable",
    )
    publish.add_argument("--out", default="site", metavar="FOLDER", help="folder of the site (default: site)")
    publish.add_argument("--products", action="store_true", help="pages of every tariff line and of all named goods as well")
    publish.add_argument("--address", default="", metavar="URL", help="where the site will stand, for the feed and the list of addresses")
    publish.add_argument("--again", action="store_true", help="make pages again that are up to date")
    publish.add_argument("--check", action="store_true", help="make pages again, compare them with the site, change nothing")
    publish.add_argument("--from", metavar="SITE", dest="take_from", help="take over pages of another site that were made from the same")
    publish.add_argument("--workers", type=processes, metavar="N", help="processes at most (default: one a core)")
    publish.set_defaults(command=_publish)


def add_notebooks(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The commands for notebooks as files: run in place, copied."""
    run = commands.add_parser("run", help="execute notebooks in place with their default parameters", allow_abbrev=False)
    run.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="names such as 01_briefing (default: all)")
    add_folder(run)
    run.add_argument("--workers", type=processes, metavar="N", help="processes at most (default: one a core)")
    run.set_defaults(command=_run)

    notebooks = commands.add_parser("notebooks", help="copy the notebooks to a folder, to work in them", allow_abbrev=False)
    what = notebooks.add_subparsers(metavar="ACTION", required=True)
    copy = what.add_parser("copy", help="copy the notebooks; nothing is written over", allow_abbrev=False)
    copy.add_argument("folder", nargs="?", default="notebooks", type=Path, metavar="FOLDER", help="where to (default: notebooks)")
    copy.set_defaults(command=_copy)


def add_folder(parser: argparse.ArgumentParser) -> None:
    """The option that names the folder of the notebooks."""
    words = "folder of the notebooks (default: those that came with tradelib)"
    parser.add_argument("--notebooks", metavar="FOLDER", dest="folder", type=Path, help=words)


def _publish(options: argparse.Namespace) -> int:
    extras.need("report")  # before what needs it is imported
    begin(options.notebooks, options.folder, Path(options.out), again=options.again or options.check)
    from tradelib.report.publish import publish

    publish(
        options.notebooks,
        days=[*(options.days or []), *(map(date.isoformat, _named_days()) if options.named_days else [])] or ["latest"],
        out=Path(options.out),
        parameters=pairs(options.parameters),
        products=_products() if options.products else None,
        address=options.address,
        again=options.again,
        check=options.check,
        take_from=options.take_from,
        workers=options.workers,
        **supply(options.folder),
    )
    return 0


def begin(names: Sequence[str], folder: Path | None, site: Path, *, again: bool = False) -> None:
    """Begin what notebooks need beside what this process goes on to import (see `notebooks.begin_early`); `folder` as for `supply`."""
    from tradelib.report import notebooks, shipped

    notebooks.begin_early(names, folder or shipped.folder(), site, _PREPARE, again=again)


# What every notebook needs is read once.
_PREPARE = ["tradelib.catalogue:read_all"]


def supply(folder: Path | None) -> dict[str, Any]:
    """What publishing is handed by the rooms that know of tariffs, and the folder of the notebooks (default: those of the package)."""
    from tradelib.report import shipped

    return {
        "notebooks_dir": folder or shipped.folder(),
        "resolve_as_of": _resolve_as_of,
        "data_hashes": _data_hashes,
        "verify_data": _verify_data,
        "data": _data_page,
        "news": _news,
        "named_days": _named_days,
        "between": _between,
        "key_dates": _key_dates,
        "prepare": _PREPARE,
        "judge": _judge,
    }


def _run(options: argparse.Namespace) -> int:
    extras.need("report")
    from tradelib import catalogue
    from tradelib.report import shipped
    from tradelib.report.publish import run_in_place

    folder = options.folder or shipped.own_folder()
    catalogue.verify()
    for item in run_in_place(options.notebooks, notebooks_dir=folder, workers=options.workers):
        print(f"{item.notebook}: {'rewritten' if item.changed else 'unchanged'} ({item.seconds:.1f} s)")
    return 0


def _copy(options: argparse.Namespace) -> int:
    from tradelib.report import shipped

    made = shipped.copy(options.folder)
    print(f"{len(made)} notebooks in {options.folder}: {', '.join(path.stem for path in made)}.")
    print(f"Open them in JupyterLab, or publish them with: tradelib publish --notebooks {shlex.quote(str(options.folder))}")
    return 0


def _data_page() -> "DataPage":
    from tradelib import catalogue
    from tradelib.report.publish import DataPage

    told = (catalogue.tables(), catalogue.data_folder(), catalogue.edition().version)
    return DataPage(*told, _records("glossary"), _records("corrections"))


def _records(name: str) -> list[dict[str, Any]]:
    """Rows of a table by the names of their columns; a day is a date."""
    from tradelib import catalogue

    rows = catalogue.load(name).to_dict("records")
    return [{str(column): value.date() if str(column).endswith("_on") else value for column, value in row.items()} for row in rows]


def _news(published: Sequence[date]) -> list[dict[str, object]]:
    from tradelib.stories import feed

    return feed.news(published)


def _named_days() -> dict[date, str]:
    from tradelib import today

    rows = today.named_days()
    return {day.date(): name for day, name in zip(rows["day"], rows["name"], strict=True)}


def _between(since: date, until: date) -> list[dict[str, object]]:
    from tradelib.stories import feed

    return feed.between(since, until)


def _products() -> "Products":
    from tradelib.report.products import Products
    from tradelib.stories.lines import pages

    return Products(pages.PARTS, pages.sheets, pages.front, pages.named())


def _key_dates(as_of: date) -> list[dict[str, object]]:
    from tradelib.stories.today import dates

    return dates.key_dates(as_of)


def _resolve_as_of(day: str) -> date:
    from tradelib import catalogue

    return catalogue.resolve_as_of(day)


def _judge(values: Mapping[str, Any], changed: Collection[str], as_of: date) -> None:
    from tradelib import asked

    asked.judge(values, changed, as_of)


def _data_hashes() -> dict[str, str]:
    from tradelib import catalogue

    return catalogue.whole()


def _verify_data() -> None:
    from tradelib import catalogue

    catalogue.verify()  # a damaged table is named before any notebook starts


def pairs(texts: Sequence[str]) -> dict[str, str]:
    """Values by name, as they were given with `-p`."""
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
