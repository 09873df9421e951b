"""A list written to a file: CSV, Excel, Parquet or JSON, by its ending."""

import io
import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from tradelib import extras
from tradelib.catalogue import integrity
from tradelib.errors import ListError

OUTPUTS = (".csv", ".xlsx", ".parquet", ".json")
# What a spreadsheet takes for a formula at the beginning of a cell of CSV.
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?%?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST_ROWS = 1_048_576


def write(frame: pd.DataFrame, path: Path, *, about: Mapping[str, object] | None = None, has_mark: bool = False) -> tuple[str, ...]:
    """Write a list to a file, whole or not at all.

    Parameters
    ----------
    frame : the list.
    path : where to; its ending is one of `OUTPUTS`.
    about : what else a JSON file or a workbook holds, by name.
    has_mark : begin a CSV file with a byte order mark.

    Returns
    -------
    What to know about it, in sentences.

    Raises
    ------
    ListError : another ending, a folder that is not there, or a list that such a file cannot hold.
    """
    ending = path.suffix.lower()
    makers: dict[str, Callable[[], tuple[bytes, tuple[str, ...]]]] = {
        ".csv": lambda: _csv_bytes(frame, has_mark),
        ".xlsx": lambda: _workbook(frame, about or {}),
        ".parquet": lambda: _parquet(frame),
        ".json": lambda: (json_text(frame, about or {}).encode(), ()),
    }
    check_output(path)
    data, said = makers[ending]()
    try:
        integrity.replace_file(path, data)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}."
        raise ListError(message) from error
    return said


def check_output(path: Path) -> None:
    """Refuse a file that no list can be written to, before anything is computed."""
    if path.suffix.lower() not in OUTPUTS:
        message = f"{path} cannot be written by its ending {path.suffix or '(none)'!r}: it must be one of {', '.join(OUTPUTS)}."
        raise ListError(message)
    if not path.parent.is_dir():
        message = f"The folder of {path} does not exist."
        raise ListError(message)


def csv_text(frame: pd.DataFrame) -> tuple[str, int]:
    """(CSV, cells changed): text that a spreadsheet would run as a formula gets an apostrophe before it; numbers do not."""
    changed = 0

    def guarded(cell: object) -> object:
        nonlocal changed
        plain = _plain(cell)
        if is_formula(plain):
            changed += 1
            return f"'{plain}"
        return "" if plain is None else plain

    columns = [_mapped(frame.iloc[:, place], guarded) for place in range(frame.shape[1])]
    safe = pd.concat(columns, axis="columns") if columns else frame
    safe.columns = [guarded(str(name)) for name in frame.columns]
    return safe.to_csv(index=False, lineterminator="\n"), changed


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame in which an apostrophe stands before text that a spreadsheet would run as a formula; the frame itself where none does.

    Text begins a formula with one of = + - @, a tab or a carriage return, and is none where it is a number: -0.2, +25%, -1,234.
    """
    columns = [column for _, column in frame.items()]
    places = [place for place, column in enumerate(columns) if _is_text(column) and any(map(is_formula, column.tolist()))]
    if not places:
        return frame
    for place in places:
        columns[place] = columns[place].map(lambda cell: f"'{cell}" if is_formula(cell) else cell)
    return pd.concat(columns, axis="columns")


def is_formula(cell: object) -> bool:
    """Whether a spreadsheet that opens a CSV file would run a cell."""
    return isinstance(cell, str) and bool(_FORMULA.match(cell)) and not _NUMBER.fullmatch(cell.strip())


def _is_text(column: pd.Series) -> bool:
    return not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column))


def json_text(frame: pd.DataFrame, about: Mapping[str, object]) -> str:
    """JSON: what is said about the list, and `rows`, one object a row; what is not known is null."""
    _refuse_doubles(frame, "JSON")
    names = [str(name) for name in frame.columns]
    columns = [[_plain(cell) for cell in frame.iloc[:, place].astype(object)] for place in range(len(names))]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    return json.dumps({**about, "rows": rows}, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _mapped(column: pd.Series, change: Callable[[object], object]) -> pd.Series:
    """A column with each of its cells changed; numbers stay as they are."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return column
    return pd.Series([change(cell) for cell in column.astype(object)], index=column.index, dtype=object)


def _plain(cell: object) -> object:
    """A cell as text, number or None; days as ISO text."""
    if cell is None or cell is pd.NaT or cell is pd.NA or (isinstance(cell, float) and not math.isfinite(cell)):
        return None
    if isinstance(cell, datetime):
        is_midnight = (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0)
        return f"{cell:%Y-%m-%d}" if is_midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str | bool | int | float):
        return cell
    return cell.item() if hasattr(cell, "item") else str(cell)


def _csv_bytes(frame: pd.DataFrame, has_mark: bool) -> tuple[bytes, tuple[str, ...]]:
    text, changed = csv_text(frame)
    return text.encode("utf-8-sig" if has_mark else "utf-8"), formula_words(changed)


def formula_words(changed: int) -> tuple[str, ...]:
    """What was done to cells that a spreadsheet would run, as sentences."""
    if not changed:
        return ()
    return (
        f"An apostrophe stands before the text of {changed} cells, which a spreadsheet would run as formulas; "
        ".xlsx and .parquet keep them.",
    )


def _workbook(frame: pd.DataFrame, about: Mapping[str, object]) -> tuple[bytes, tuple[str, ...]]:
    extras.need("files")
    from openpyxl import Workbook

    if len(frame) >= _MOST_ROWS:
        message = f"A workbook holds {_MOST_ROWS - 1:,} rows, and the list has {len(frame):,}; write .csv or .parquet."
        raise ListError(message)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Goods")
    sheet.freeze_panes = "A2"
    sheet.append([_text_cell(sheet, str(name)) for name in frame.columns])
    for row in zip(*[frame.iloc[:, place].astype(object) for place in range(frame.shape[1])], strict=True):
        sheet.append([_excel_cell(sheet, cell) for cell in row])
    summary = book.create_sheet("Summary")
    for name, value in _flat(about):
        summary.append([_text_cell(summary, name), _excel_cell(summary, value)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue(), ()


def _excel_cell(sheet: object, cell: object) -> object:
    if isinstance(cell, datetime) and cell.tzinfo is None and not pd.isna(cell):
        return cell
    plain = _plain(cell)
    return _text_cell(sheet, plain) if isinstance(plain, str) else plain


def _text_cell(sheet: object, text: str) -> object:
    """A cell of text, whatever the text begins with; signs that a workbook cannot hold are left out."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=_CONTROL.sub("", text)[:32767])
    cell.data_type = "s"
    return cell


def _flat(about: Mapping[str, object], before: str = "") -> list[tuple[str, object]]:
    rows = []
    for name, value in about.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{before}{name}: ")
        elif isinstance(value, list):
            for place, item in enumerate(value):
                rows += _flat(item, f"{before}{name} {place + 1}: ") if isinstance(item, dict) else [(f"{before}{name}", item)]
        else:
            rows.append((before + name, value))
    return rows


def _parquet(frame: pd.DataFrame) -> tuple[bytes, tuple[str, ...]]:
    extras.need("files")
    _refuse_doubles(frame, "Parquet")
    buffer, said = io.BytesIO(), []
    columns = {}
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        kinds = {type(cell) for cell in column if not _is_missing(cell)} if column.dtype == object else set()
        if len(kinds) > 1:
            said.append(f"The column {str(name)!r} holds cells of several types, and is written as text.")
            column = column.map(lambda cell: None if _is_missing(cell) else str(_plain(cell)))
        columns[str(name)] = column
    pd.DataFrame(columns).to_parquet(buffer, index=False)
    return buffer.getvalue(), tuple(said)


def _is_missing(cell: object) -> bool:
    return _plain(cell) is None


def _refuse_doubles(frame: pd.DataFrame, kind: str) -> None:
    doubles = sorted({str(name) for name in frame.columns[frame.columns.duplicated()]})
    if doubles:
        message = f"Several columns are called {', '.join(doubles)}, which {kind} cannot hold; rename them, or write .csv or .xlsx."
        raise ListError(message)
