"""Rows of a frame as objects of a class that says which columns are read, and of which type each is."""

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

import pandas as pd

R = TypeVar("R", bound=NamedTuple)


def each(frame: pd.DataFrame, kind: type[R]) -> Iterator[R]:
    """Rows of a frame, in order.

    Parameters
    ----------
    frame
        has a column for every field of `kind`; one without rows may have none.
    kind
        a `NamedTuple`; its fields are the columns that are read. Days come as `Timestamp`, NaT where none is held.

    Returns
    -------
    Iterator
        One object a row.

    Examples
    --------
    >>> class Line(NamedTuple):
    ...     code: str
    ...     total_frac: float
    >>> list(each(pd.DataFrame({"total_frac": [0.3], "code": ["9503"]}), Line))
    [Line(code='9503', total_frac=0.3)]
    >>> list(each(pd.DataFrame(), Line))
    []
    """
    if frame.empty:
        return iter(())
    return map(kind._make, zip(*(frame[name] for name in kind._fields), strict=True))
