"""Tables in CSV, as the package has them: ISO days, numbers without a needless point, `true` and `false`, empty where nothing is held."""

import csv
import io
from collections.abc import Iterable, Mapping

import pandas as pd

# What the reader of CSV says, for people.
_NO_CSV = {
    "unexpected end": "a quotation mark is not closed",
    "expected after": "something follows a closed quotation mark",
}


def content(frame: pd.DataFrame, kinds: Mapping[str, str]) -> bytes:
    """Content of the file of a frame.

    Parameters
    ----------
    frame : as `catalogue.load` gives it.
    kinds : its columns, in order, each with `string`, `date`, `number` or `boolean`.
    """
    return written([[*kinds], *zip(*[texts(frame[name], kind) for name, kind in kinds.items()], strict=True)])


def written(rows: Iterable[Iterable[object]]) -> bytes:
    """Rows as a file of the package has them: UTF-8, lines that end with a line feed, quotes only where they are needed.

    Examples
    --------
    >>> written([["a", "b"], ["1", "x, y"]]).splitlines()
    [b'a,b', b'1,"x, y"']
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def rows(content: bytes) -> list[list[str]]:
    """Cells of a file row by row, header first.

    Raises
    ------
    ValueError : it is empty, no UTF-8, or no CSV; the message names the byte or the row.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not UTF-8"
        raise ValueError(message) from None
    found: list[list[str]] = []
    try:
        found.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        why = next((words for sign, words in _NO_CSV.items() if sign in str(error)), str(error))
        message = f"row {len(found) + 1} is no row of CSV: {why}"
        raise ValueError(message) from None
    if not found:
        message = "the file is empty"
        raise ValueError(message)
    return found


def texts(column: pd.Series, kind: str) -> list[str]:
    """Cells of a column as a CSV file of the package holds them; kind is `string`, `date`, `number` or `boolean`."""
    if kind == "date":
        return ["" if pd.isna(value) else f"{value:%Y-%m-%d}" for value in column]
    if kind == "number":
        return ["" if pd.isna(value) else (str(int(value)) if float(value).is_integer() else repr(float(value))) for value in column]
    if kind == "boolean":
        return ["true" if value else "false" for value in column]
    return [str(value) for value in column]
