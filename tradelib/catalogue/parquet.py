"""Tables in Parquet: a day is a date in the file, which every reader takes for one, and datetime64 in a frame.

They are read with arro3, a fifth of the size of pyarrow, so that a rate does not need that; writing them does.
"""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tradelib import extras

if TYPE_CHECKING:
    import pyarrow as pa


def read(source: Path | bytes, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Frame of a file, or of its content, or of some of its columns; days are datetime64[us].

    Raises
    ------
    ValueError : no Parquet, or damaged; a column holds moments in place of days, or what no table holds.
    """
    from arro3.io import read_parquet

    file = io.BytesIO(source if isinstance(source, bytes) else source.read_bytes())
    try:
        table = read_parquet(file).read_all()
    except BaseException as error:
        # A damaged file makes arro3 panic, and that is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        message = "it is no Parquet file, or is damaged"
        raise ValueError(message) from None
    doubled = next((name for name in table.column_names if table.column_names.count(name) > 1), None)
    if doubled is not None:
        message = f"two columns are called {doubled}"
        raise ValueError(message)
    return pd.DataFrame({name: _column(name, table.column(name)) for name in columns or table.column_names})


def _column(name: str, column: Any) -> pd.Series:
    from arro3.core import DataType

    if DataType.is_timestamp(column.type):
        message = f"column {name} holds moments, and days are stored as dates (date32)"
        raise ValueError(message)
    if column.type == DataType.date32():
        return pd.Series(_days(_numbers(column.cast(DataType.int32()))))
    if column.type == DataType.float64():
        return pd.Series(_numbers(column))
    if column.type == DataType.bool():
        return pd.Series(np.array(column.to_pylist(), dtype=object if column.null_count else bool))
    if any(is_text(column.type) for is_text in (DataType.is_string, DataType.is_large_string, DataType.is_string_view)):
        return pd.Series(column.to_pylist() if column.null_count or not len(column) else column.to_numpy(), dtype="str")
    message = f"column {name} holds {str(column.type).strip()}, and tables hold texts, days, numbers (float64), true and false"
    raise ValueError(message)


def _numbers(column: Any) -> np.ndarray:
    """Numbers, with NaN for none."""
    return column.to_numpy() if len(column) and not column.null_count else np.array(column.to_pylist(), dtype=float)


def _days(since_1970: np.ndarray) -> np.ndarray:
    """Days as datetime64[us], of their numbers."""
    days = np.full(len(since_1970), np.datetime64("NaT"), "datetime64[D]")
    known = ~np.isnan(since_1970)
    days[known] = since_1970[known].astype("int64").astype("datetime64[D]")
    return days.astype("datetime64[us]")


def arrow(frame: pd.DataFrame) -> "pa.Table":
    """Arrow table of a frame: columns of datetime64 as dates, without an index and without notes of the writer.

    Raises
    ------
    ValueError : a moment that is no day.
    """
    extras.need("files")
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    stored = pa.schema([pa.field(field.name, _stored(field.type)) for field in table.schema])
    days = table.cast(stored)
    if not days.cast(table.schema).equals(table):
        message = "a column of days holds a moment that is no day"
        raise ValueError(message)
    return days


def _stored(kind: "pa.DataType") -> "pa.DataType":
    """How a kind of value is stored: days as dates, and texts in one way, however pandas held them."""
    import pyarrow as pa

    if pa.types.is_timestamp(kind):
        return pa.date32()
    return pa.large_string() if pa.types.is_string(kind) else kind


def content(frame: pd.DataFrame, *, notes: Mapping[str, str] | None = None) -> bytes:
    """Content of the file of a frame, as `arrow` gives it, with notes as the metadata of the file.

    Raises
    ------
    ValueError : a moment that is no day.
    """
    table = arrow(frame).replace_schema_metadata(dict(notes) if notes else None)
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()
