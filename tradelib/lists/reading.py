"""A list read from a file: CSV in many dialects, Excel, Parquet. Cells stay as they are; no row is lost."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tradelib import cells, extras, wording
from tradelib.errors import ListError
from tradelib.lists.columns import DIVIDED_BY, find_columns, has_codes

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

INPUTS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet")
_DELIMITERS = (",", ";", "\t", "|")
_HEADER_WITHIN = 20
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ELSE = {
    ".xls": "save it in a spreadsheet as .xlsx",
    ".xlsb": "save it in a spreadsheet as .xlsx",
    ".ods": "save it in a spreadsheet as .xlsx",
    ".numbers": "export it as .xlsx or .csv",
}


@dataclass(frozen=True, eq=False)
class Listed:
    """A list as it stands in its file.

    Attributes
    ----------
    frame : one row a row of the list; a CSV file gives text alone.
    refused : why a row cannot be read, by its number from 0.
    said : what to know about how the file was read, in sentences.
    has_mark : the file began with a byte order mark.
    """

    frame: pd.DataFrame
    refused: dict[int, str] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    has_mark: bool = False


def read(path: Path | None, *, data: bytes = b"", sheet: str | None = None) -> Listed:
    """A list of goods.

    Parameters
    ----------
    path : a file; its ending says what it holds. None: `data` holds it, as CSV.
    sheet : name of the sheet of a workbook; by default the one that has a column of codes.

    Raises
    ------
    ListError : a file that is missing, empty, of another kind, damaged, or without a column of codes.
    """
    ending = ".csv" if path is None else path.suffix.lower()
    name = "standard input" if path is None else " ".join(str(path).split())
    if ending not in INPUTS:
        remedy = _ELSE.get(ending, f"a list ends in {', '.join(INPUTS[:-1])} or {INPUTS[-1]}")
        message = f"{name} cannot be read by its ending {ending or '(none)'!r}: {remedy}."
        raise ListError(message)
    if path is not None:
        data = _bytes(path)
    if not data.strip():
        message = f"{name} is empty."
        raise ListError(message)
    if sheet is not None and not ending.startswith(".xls"):
        message = f"{name} has no sheets; --sheet is for workbooks."
        raise ListError(message)
    if ending == ".parquet":
        return _parquet(data, name)
    return _workbook(data, name, sheet) if ending.startswith(".xls") else _csv(data, name)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # a name that no system has is a ValueError
        message = f"{path} cannot be read: {getattr(error, 'strerror', None) or error}."
        raise ListError(message) from error


def _parquet(data: bytes, name: str) -> Listed:
    extras.need("files")
    try:
        frame = pd.read_parquet(io.BytesIO(data))
    except (ValueError, OSError) as error:  # what Arrow raises is a ValueError
        message = f"{name} is no Parquet file, or is damaged."
        raise ListError(message) from error
    if not isinstance(frame.index, pd.RangeIndex) or frame.index.name is not None:
        frame = frame.reset_index(names=[part or "index" for part in frame.index.names])
    find_columns(list(frame.columns))
    return Listed(frame.reset_index(drop=True))


def _csv(data: bytes, name: str) -> Listed:
    text, said, has_mark = _decoded(data, name)
    first, _, rest = text.partition("\n")
    delimiters: tuple[str, ...] = _DELIMITERS
    skipped = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=") + 1:
        delimiters, text, skipped = (first.strip()[-1],), rest, 1
    delimiter, header = _dialect(text, delimiters)
    rows = _csv_rows(text, delimiter, name)
    if header is None:
        find_columns(next((row for row in rows if _filled(row)), []))  # says which columns were seen
    lines = list(rows)
    found = _table(lines, header or 0)
    found.frame.attrs[DIVIDED_BY] = delimiter
    said += [f"Cells are divided by {_NAMES[delimiter]}."] if delimiter != "," and found.frame.shape[1] > 1 else []
    said += _above(header or 0, skipped)
    return Listed(found.frame, found.refused, tuple(said) + found.said, has_mark)


_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}


def _above(header: int, skipped: int) -> list[str]:
    if not header:
        return []
    return [
        f"The names of the columns stand in line {header + 1 + skipped}; {wording.count(header, 'line')} above it is no part of the list."
    ]


def _decoded(data: bytes, name: str) -> tuple[str, list[str], bool]:
    """(text, what to say, whether a byte order mark was there)."""
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0" or data[:4] == b"PAR1":
        message = f"{name} is a workbook or a Parquet file and no CSV; give it the ending that says so."
        raise ListError(message)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _text(data, encoding, name), [], True
    if b"\0" in data:
        message = f"{name} is no text; save the list as CSV in UTF-8."
        raise ListError(message)
    try:
        return data.decode("utf-8"), [], False
    except UnicodeDecodeError:
        text = _text(data, "cp1252", name)
        return text, ["The file is not in UTF-8; it is read as Windows-1252, and letters beyond ASCII may be others."], False


def _text(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"{name} is neither in UTF-8 nor in Windows-1252; save the list as CSV in UTF-8."
        raise ListError(message) from error


def _dialect(text: str, delimiters: Sequence[str]) -> tuple[str, int | None]:
    """(delimiter, number of the row of names; None where no row has a column of codes): the widest row of names decides."""
    best: tuple[int, str, int | None] = (0, delimiters[0], None)
    head = "\n".join(text.splitlines()[: _HEADER_WITHIN * 2])
    for delimiter in delimiters:
        for number, row in enumerate(_start(head, delimiter)):
            if has_codes(row):
                if len(row) > best[0]:
                    best = (len(row), delimiter, number)
                break
    if best[2] is None:  # the sentence that follows names the columns as they most likely are
        first = head.partition("\n")[0]
        best = (0, max(delimiters, key=first.count), None)
    return best[1], best[2]


def _start(head: str, delimiter: str) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == _HEADER_WITHIN:
                break
    except csv.Error:
        pass
    return rows


def _csv_rows(text: str, delimiter: str, name: str) -> Iterator[list[str]]:
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        message = f"{name} is no proper CSV by line {reader.line_num}: a quotation mark is not closed, or stands inside a cell ({error})."
        raise ListError(message) from error


def _filled(row: Sequence[object]) -> bool:
    return any(not cells.is_blank(cell) for cell in row)


def _table(rows: Sequence[Sequence[object]], header: int) -> Listed:
    """Rows below their names; cells without a name get one, and a row that has them is not trusted."""
    names = [str(name) if name is not None else "" for name in rows[header]]
    body = list(rows[header + 1 :])
    while body and not body[-1]:
        body.pop()
    width = len(names)
    longest = max((_length(row) for row in body), default=0)
    refused = {
        number: f"the row has {_length(row)} cells and the list {width} columns: a cell with the dividing sign in it needs quotation marks"
        for number, row in enumerate(body)
        if _length(row) > width
    }
    names += [f"unnamed_{place}" for place in range(width + 1, longest + 1)]
    size = len(names)
    columns = list(zip(*[(list(row) + [None] * size)[:size] for row in body], strict=True)) if body else [()] * size
    frame = pd.concat([pd.Series(list(column), dtype=object) for column in columns], axis="columns")
    frame.columns = pd.Index(names, dtype=object)
    find_columns(names)
    said = (f"{wording.count(len(refused), 'row')} with more cells than columns: not answered.",) if refused else ()
    return Listed(frame, refused, said)


def _length(row: Sequence[object]) -> int:
    """Cells of a row without the empty ones at its end."""
    return next((size for size in range(len(row), 0, -1) if not cells.is_blank(row[size - 1])), 0)


def _workbook(data: bytes, name: str, sheet: str | None) -> Listed:
    extras.need("files")
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        message = f"{name} is no Excel workbook, or is damaged or locked with a password."
        raise ListError(message) from error
    chosen = _sheet(book, name, sheet)
    rows = _sheet_rows(book[chosen])
    header = next((number for number, row in enumerate(rows[:_HEADER_WITHIN]) if has_codes(row)), None)
    if header is None:
        find_columns(next((row for row in rows if _filled(row)), []))
    top = header or 0
    rows, unstored = _with_formulas(rows, _sheet_rows(formulas[chosen]))
    while rows and not _filled(rows[-1]):
        rows.pop()
    if book.epoch.year == _OTHER_EPOCH:
        _from_1904(rows, top, book.epoch)
    said = [f"The list is the sheet {chosen!r}."] if len(book.sheetnames) > 1 else []
    said += _above(top, 0)
    said += (
        [f"{wording.count(unstored, 'formula')} without a stored value: the workbook was not saved by a spreadsheet."] if unstored else []
    )
    found = _table(rows, top)
    return Listed(found.frame, found.refused, tuple(said) + found.said)


_OTHER_EPOCH = 1904


def _sheet(book: "Workbook", name: str, sheet: str | None) -> str:
    """The sheet that holds the list."""
    sheets = {str(item.title): item for item in book.worksheets}
    if sheet is not None:
        if sheet not in sheets:
            message = f"{name} has no sheet {sheet!r}; its sheets are {', '.join(map(repr, sheets))}."
            raise ListError(message)
        return sheet
    seen = [title for title, item in sheets.items() if item.sheet_state == "visible"]
    with_codes = [title for title in seen if any(has_codes(row) for row in _sheet_rows(sheets[title], _HEADER_WITHIN))]
    if len(with_codes) > 1:
        message = f"Several sheets of {name} have a column of codes: {', '.join(map(repr, with_codes))}; choose one with --sheet."
        raise ListError(message)
    filled = [title for title in seen if any(_filled(row) for row in _sheet_rows(sheets[title], _HEADER_WITHIN))]
    if not filled:
        message = f"{name} is empty."
        raise ListError(message)
    return with_codes[0] if with_codes else filled[0]


def _sheet_rows(sheet: "Worksheet", most: int | None = None) -> list[list[object]]:
    sheet.reset_dimensions()  # some writers record them wrongly
    return [list(row) for row in sheet.iter_rows(max_row=most, values_only=True)]


def _with_formulas(values: list[list[object]], formulas: list[list[object]]) -> tuple[list[list[object]], int]:
    """(rows, how many): a formula without a stored value stands as its text, so that it does not look empty."""
    count = 0
    for row, texts in zip(values, formulas, strict=False):
        for place, text in enumerate(texts):
            if row[place] is None and isinstance(text, str) and text.startswith("="):
                row[place] = text
                count += 1
    return values, count


def _from_1904(rows: list[list[object]], header: int, epoch: datetime) -> None:
    from openpyxl.utils.datetime import from_excel

    place = find_columns(rows[header]).places.get("on")
    for row in rows[header + 1 :]:
        if place is not None and place < len(row) and isinstance(row[place], int | float) and not isinstance(row[place], bool):
            row[place] = from_excel(row[place], epoch)
