"""Whether the facts can be true: the constraints of the description, and named rules over rows.

`catalogue` reads a table and refuses what is damaged. Here a whole data package is held against what its rows mean: every fault is found,
not the first alone, each with its file, its row and what to do. A sealed package has passed.
"""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tradelib import catalogue, lawbook
from tradelib.catalogue import integrity
from tradelib.checks import answers, corrections, goods, knowledge, law, links, measures, reference, schema, sums, trade, truce, twins
from tradelib.checks.rule import Fault, Tables, rules, run
from tradelib.errors import CatalogueError, TradelibError

__all__ = [
    "Fault",
    "answers",
    "corrections",
    "faults",
    "goods",
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
# UTF-8 that was read as Latin letters and saved again, letters that could not be read, blanks that are none.
_SPOILT = tuple(letters.encode("utf-8") for letters in ("\u00e2\u20ac", "\u00c3\u00a2", "\u00c2\u00a0", "\ufffd", "\u00a0", "\u200b"))


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
    package = json.loads((folder / catalogue.DESCRIPTOR).read_text(encoding="utf-8"))
    frames, found = {}, []
    for resource in package["resources"]:
        path = f"data/{resource['path']}"
        if resource["format"] == "csv":
            found += _as_written(folder / resource["path"], path)
        try:
            frames[resource["name"]] = catalogue.load(resource["name"], folder=folder)
        except TradelibError as error:
            words = str(error).partition(": ")[2].partition(". Restore it")[0]
            found.append(Fault("readable", path, 0, words, "Mend it, or restore it with `git checkout`."))
    for file in (*(folder / "law" / "texts").glob("*.yaml"), *(folder / "law" / "scopes").glob("*.csv")):
        found += _as_written(file, f"data/{file.relative_to(folder).as_posix()}")
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
    """Build the tables of law from their texts, and record the hash of every file once its rows have passed.

    Returns
    -------
    Names of the tables whose file had changed.

    Raises
    ------
    CatalogueError : with all faults, a line each; nothing is recorded.
    """
    folder = folder or catalogue.data_folder()
    _refuse(_edited(folder))
    with tempfile.TemporaryDirectory() as scratch:
        # Tried on a copy: a description that fits rows that cannot be true is never written.
        copy = Path(scratch) / "data"
        shutil.copytree(folder, copy)
        lawbook.build(copy)
        catalogue.seal(folder=copy)
        _refuse(faults(folder=copy))
    lawbook.build(folder)
    return catalogue.seal(folder=folder)


def sort(names: Sequence[str], *, folder: Path | None = None) -> list[str]:
    """Put the rows of tables that are text into the order of their key; cells are not touched.

    Parameters
    ----------
    names : tables; none for every ledger and all statistics (reference tables may stand in an order of their own).

    Returns
    -------
    Names of the tables that were not in order.
    """
    import csv
    import io

    folder = folder or catalogue.data_folder()
    package = json.loads((folder / catalogue.DESCRIPTOR).read_text(encoding="utf-8"))
    held = {resource["name"]: resource for resource in package["resources"]}
    unknown = [name for name in names if name not in held or held[name]["format"] != "csv"]
    if unknown:
        message = (
            f"There is no table of text named {unknown[0]!r}. They are: {', '.join(n for n, r in held.items() if r['format'] == 'csv')}."
        )
        raise CatalogueError(message)
    changed = []
    for name in names or [name for name, resource in held.items() if resource["format"] == "csv" and "tradelib:known_on" in resource]:
        path = folder / held[name]["path"]
        head, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
        places = [head.index(column) for column in catalogue.key_of(held[name])]
        ordered = sorted(rows, key=lambda row: [row[place] for place in places])
        if ordered != rows:
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows([head, *ordered])
            integrity.replace_text(path, text.getvalue())
            changed.append(name)
    return changed


def _as_written(file: Path, path: str) -> list[Fault]:
    """What an editor's program did to a file that people edit: ends of lines, marks of order, letters that were read in another code."""
    if not file.is_file():
        return []
    content = file.read_bytes()
    found = []
    if b"\r" in content:
        row = content[: content.index(b"\r")].count(b"\n") + 1
        found.append(
            Fault("line ends", path, row, "the line ends with a carriage return", "Lines end with a line feed alone: save the file so.")
        )
    if content and not content.endswith(b"\n"):
        row = content.count(b"\n") + 1
        found.append(Fault("line ends", path, row, "the last line is not ended", "It may have been cut: look at it, and end it."))
    if content.startswith(b"\xef\xbb\xbf"):
        found.append(Fault("line ends", path, 1, "the file begins with a byte order mark", "Save it as UTF-8 without one."))
    for spoilt in _SPOILT:
        if spoilt in content:
            row = content[: content.index(spoilt)].count(b"\n") + 1
            asked = "Type the letter or the blank again, and save the file as UTF-8."
            found.append(Fault("letters", path, row, f"it holds {spoilt.decode('utf-8')!r}, a letter that was lost on its way", asked))
    return found


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
        path, _, words = str(error).partition(": ")
        return [Fault("readable", path, 0, words.rstrip("."), "Mend it, or restore it with `git checkout`.")]
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
