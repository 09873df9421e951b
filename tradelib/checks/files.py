"""What an editor's program did to the files that people edit, and whether the description of the package is one."""

import re
from collections.abc import Iterator
from pathlib import Path

from tradelib import catalogue
from tradelib.catalogue import csv_files, description_rules, descriptor
from tradelib.checks.rule import Fault
from tradelib.errors import CatalogueError

DESCRIPTION = f"data/{catalogue.DESCRIPTOR}"
RESTORE = "Mend it, or restore it with `git checkout`."
# UTF-8 that was read as Latin letters and saved again, letters that could not be read, blanks that are none.
_SPOILT = tuple(letters.encode("utf-8") for letters in ("\u00e2\u20ac", "\u00c3\u00a2", "\u00c2\u00a0", "\ufffd", "\u00a0", "\u200b"))
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def as_written(file: Path, path: str) -> list[Fault]:
    """Ends of lines, marks of order, letters that were read in another code; `path` is what people call the file."""
    if not file.is_file():
        return []
    content, found = file.read_bytes(), []

    def fault(rule: str, before: int, what: str, asked: str) -> None:
        found.append(Fault(rule, path, content[:before].count(b"\n") + 1, what, asked))

    if b"\r" in content:
        fault("line ends", content.index(b"\r"), "the line holds a carriage return", "Lines end with a line feed alone: save the file so.")
    if content and not content.endswith(b"\n"):
        fault("line ends", len(content), "the last line is not ended", "It may have been cut: look at it, and end it.")
    if content.startswith(b"\xef\xbb\xbf"):
        fault("line ends", 0, "the file begins with a byte order mark", "Save it as UTF-8 without one.")
    for spoilt in _SPOILT:
        if spoilt in content:
            asked = "Type the letter or the blank again, and save the file as UTF-8."
            fault("letters", content.index(spoilt), f"it holds {spoilt.decode('utf-8')!r}, a letter that was lost on its way", asked)
    for control in _CONTROL.finditer(content):
        fault(
            "letters", control.start(), f"it holds {control[0].decode()!r}, which is no letter", "Take it out, and save the file as UTF-8."
        )
        break
    return found or [fault for fault in [_as_csv(content, path)] if fault is not None and path.endswith(".csv")]


def _as_csv(content: bytes, path: str) -> Fault | None:
    """The first row that is not written as `csv_files` writes it: a quotation mark that strayed into a cell reads as a letter of it."""
    try:
        rows = csv_files.rows(content)
    except ValueError:  # told by who reads it
        return None
    place = 0
    for number, row in enumerate(rows, start=1):
        written = csv_files.written([row])
        if not content.startswith(written, place):
            asked = "They stand around a cell that holds a comma or one of them: `tradelib data sort` with the table writes it so."
            return Fault("quotation marks", path, number, "its quotation marks are not those of CSV", asked)
        place += len(written)
    return None


def of_description(folder: Path, *, recorded: bool) -> list[Fault]:
    """Faults of the description of a package; where there are any, its tables cannot be read.

    Parameters
    ----------
    recorded : whether it also has to be the one that `SHA256SUMS` names, as for everybody but those who change it.
    """
    try:
        package = descriptor.parsed(folder)
    except CatalogueError as error:
        return [readable(error, DESCRIPTION)]
    found = [*as_written(folder / catalogue.DESCRIPTOR, DESCRIPTION), *_flaws(package)]
    if recorded and not found:
        try:
            catalogue.package(folder=folder)
        except CatalogueError as error:
            found.append(readable(error, DESCRIPTION))
    return found


def readable(error: CatalogueError, path: str) -> Fault:
    """A file that cannot be read, as one fault among others."""
    return Fault("readable", path, 0, str(error).partition(": ")[2].partition(". Restore it")[0].rstrip("."), RESTORE)


def _flaws(package: description_rules.Json) -> Iterator[Fault]:
    for flaw in description_rules.flaws(package):
        where = f"{DESCRIPTION}, {flaw.where}" if flaw.where else DESCRIPTION
        yield Fault("description", where, 0, flaw.found, flaw.asked)
