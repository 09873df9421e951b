"""Tables in Parquet: a day is a date in the file, which every reader takes for one, and datetime64 in a frame."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa


def read(source: Path | bytes) -> pd.DataFrame:
    """Frame of a file, or of its content; days are datetime64[us].

    Raises
    ------
    ValueError : a column holds moments in place of days.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(source) if isinstance(source, bytes) else source)
    moments = [field.name for field in table.schema if pa.types.is_timestamp(field.type)]
    if moments:
        message = f"column {moments[0]} holds moments, and days are stored as dates (date32)"
        raise ValueError(message)
    shown = pa.schema([pa.field(field.name, pa.timestamp("us") if field.type == pa.date32() else field.type) for field in table.schema])
    return table.cast(shown).to_pandas()


def arrow(frame: pd.DataFrame) -> "pa.Table":
    """Arrow table of a frame: columns of datetime64 as dates, without an index and without notes of the writer.

    Raises
    ------
    ValueError : a moment that is no day.
    """
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    stored = pa.schema([pa.field(field.name, pa.date32() if pa.types.is_timestamp(field.type) else field.type) for field in table.schema])
    days = table.cast(stored)
    if not days.cast(table.schema).equals(table):
        message = "a column of days holds a moment that is no day"
        raise ValueError(message)
    return days


def content(frame: pd.DataFrame) -> bytes:
    """Content of the file of a frame, as `arrow` gives it.

    Raises
    ------
    ValueError : a moment that is no day.
    """
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(arrow(frame), file, compression="zstd")
    return file.getvalue()


def same(one: bytes, other: bytes) -> bool:
    """Whether two files hold the same columns, types and rows; two writers may give other bytes for them."""
    import pyarrow.parquet as pq

    return one == other or pq.read_table(io.BytesIO(one)).equals(pq.read_table(io.BytesIO(other)))
