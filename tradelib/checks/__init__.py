"""Whether the facts can be true: the constraints of the description, and named rules over rows.

`catalogue` reads a table and refuses what is damaged. Here a whole data package is held against what its rows mean: every fault is found,
not the first alone, each with its file, its row and what to do. A sealed package has passed.
"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tradelib import catalogue, lawbook
from tradelib.catalogue import csv_files, integrity
from tradelib.checks import (
    answers,
    corrections,
    files,
    goods,
    in_place,
    knowledge,
    law,
    links,
    measures,
    reference,
    schema,
    sums,
    trade,
    truce,
    twins,
)
from tradelib.checks.rule import Fault, Tables, rules, run
from tradelib.errors import CatalogueError

__all__ = [
    "Fault",
    "answers",
    "corrections",
    "faults",
    "goods",
    "in_place",
    "knowledge",
    "law",
    "links",
    "measures",
    "reference",
    "rules",
    "seal",
    "sort",
    "sums",
    "trade",
    "truce",
    "twins",
    "verify",
]

_MOST_SHOWN = 25


def faults(*, folder: Path | None = None) -> list[Fault]:
    """Every fault of a data package.

    Parameters
    ----------
    folder : of the package; by default the one in use.

    Returns
    -------
    Faults in the order of the package: damage and wrong types first, then the constraints of the description, then the named rules.
    """
    folder = folder or catalogue.data_folder()
    found = files.of_description(folder, recorded=True)
    if found:
        return found
    package, frames = catalogue.package(folder=folder), {}
    for resource in package["resources"]:
        path = f"data/{resource['path']}"
        if resource["format"] == "csv":
            found += files.as_written(folder / resource["path"], path)
        try:
            frames[resource["name"]] = catalogue.load(resource["name"], folder=folder)
        except CatalogueError as error:
            found.append(files.readable(error, path))
    for file in (*(folder / "law" / "texts").glob("*.yaml"), *(folder / "law" / "scopes").glob("*.csv")):
        found += files.as_written(file, f"data/{file.relative_to(folder).as_posix()}")
    found += _not_built(folder)
    tables = Tables(frames, {resource["name"]: resource for resource in package["resources"]}, package)
    return [*found, *schema.faults(tables), *run(tables, whole=len(frames) == len(package["resources"]))]


def verify(*, folder: Path | None = None) -> pd.DataFrame:
    """Check of every table, damage and meaning.

    Returns
    -------
    As `catalogue.verify`.

    Raises
    ------
    CatalogueError : with all faults, a line each.
    """
    _refuse(faults(folder=folder))
    return catalogue.verify(folder=folder)


def seal(*, folder: Path | None = None) -> list[str]:
    """Build the tables of law from their texts, and record the hash of every file, and of every row of a ledger, once all have passed.

    Returns
    -------
    Names of the tables whose file had changed.

    Raises
    ------
    CatalogueError : with all faults, a line each; nothing is recorded.
    """
    folder = folder or catalogue.data_folder()
    _refuse(files.of_description(folder, recorded=False))
    _refuse(_edited(folder))
    known = {path for path, _ in integrity.each_recorded(folder)}
    with tempfile.TemporaryDirectory() as scratch:
        # Tried on a copy: a description that fits rows that cannot be true is never written.
        copy = Path(scratch) / "data"
        shutil.copytree(folder, copy)
        lawbook.build(copy)
        catalogue.seal(folder=copy)
        # Only rows without other faults can be held against those that were recorded.
        _refuse(faults(folder=copy) or in_place.faults(copy, known=known))
    lawbook.build(folder)
    in_place.record(folder)
    return catalogue.seal(folder=folder)


def sort(names: Sequence[str], *, folder: Path | None = None) -> list[str]:
    """Put the rows of tables that are text into the order of their key; cells are not touched.

    Parameters
    ----------
    names : tables; none for every one that has no order of its own (`tradelib:order`).

    Returns
    -------
    Names of the tables that were not in order, or not written as CSV is.
    """
    folder = folder or catalogue.data_folder()
    package = catalogue.as_written(folder)
    held = {resource["name"]: resource for resource in package["resources"]}
    unknown = [name for name in names if name not in held or held[name]["format"] != "csv"]
    if unknown:
        message = (
            f"There is no table of text named {unknown[0]!r}. They are: {', '.join(n for n, r in held.items() if r['format'] == 'csv')}."
        )
        raise CatalogueError(message)
    changed = []
    for name in names or [name for name, resource in held.items() if resource["format"] == "csv" and "tradelib:order" not in resource]:
        path = folder / held[name]["path"]
        try:
            head, *rows = csv_files.rows(path.read_bytes())
        except (OSError, ValueError) as error:
            raise catalogue.fault(held[name], getattr(error, "strerror", None) or str(error)) from None
        places = [head.index(column) for column in catalogue.key_of(held[name])]
        ordered = sorted(rows, key=lambda row: [row[place] for place in places])
        written = csv_files.written([head, *ordered])
        if written != path.read_bytes():
            integrity.replace_file(path, written)
            changed.append(name)
    return changed


def _edited(folder: Path) -> list[Fault]:
    """Tables that are built and were edited by hand: building them anew would lose the edit without a word."""
    recorded = integrity.each_recorded(folder)
    found = []
    for path, table in _built_or_nothing(folder).items():
        file = folder / path
        as_recorded = not file.is_file() or (path.as_posix(), integrity.digest(file.read_bytes())) in recorded
        if not as_recorded and not lawbook.same(file, table):
            restore = f"git checkout -- data/{path.as_posix()}"
            asked = f"Make the change in data/law/texts or data/law/scopes, and restore this file with `{restore}`."
            found.append(Fault("built", f"data/{path.as_posix()}", 0, "it was edited by hand, and is built from other files", asked))
    return found


def _built_or_nothing(folder: Path) -> dict[Path, pd.DataFrame]:
    try:
        return lawbook.built(folder)
    except CatalogueError:  # told, with its line, by what reads it next
        return {}


def _not_built(folder: Path) -> list[Fault]:
    """Tables of law that are not what their texts and lists give, and files of these that cannot be read."""
    try:
        given = lawbook.built(folder)
    except CatalogueError as error:
        return [files.readable(error, str(error).partition(": ")[0])]
    return [
        Fault("built", f"data/{path.as_posix()}", 0, "it is not what the files in data/law/texts and data/law/scopes give",
              "Change those files, and never this one: `tradelib data seal` builds it.")
        for path, table in given.items() if not lawbook.same(folder / path, table)
    ]  # fmt: skip


def _refuse(found: Sequence[Fault]) -> None:
    if not found:
        return
    shown = [f"- {fault}" for fault in found[:_MOST_SHOWN]]
    if len(found) > _MOST_SHOWN:
        shown.append(f"- and {len(found) - _MOST_SHOWN} more")
    count = "One fault" if len(found) == 1 else f"{len(found)} faults"
    raise CatalogueError("\n".join([f"{count} in the data; nothing was recorded:", *shown]))
