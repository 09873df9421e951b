"""How results look in a shell or a notebook: one line a field, tables by their size, and nothing that is empty."""

import html
import textwrap
from collections.abc import Iterator, Mapping, Sized
from dataclasses import Field, fields, is_dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pandas as pd

_WIDTH = 80
_NAME = 20
_FEW = 6
_LARGE = 1e6


class Shown:
    """A dataclass that is shown field by field; it takes `repr=False`, so that its own wall of text does not stand in the way."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __repr__(self) -> str:
        """The fields that hold something, a line each."""
        lines = [f"  {name:<{_NAME}}{textwrap.shorten(said(value), _WIDTH, placeholder=' ...')}" for name, value in _held(self)]
        return "\n".join([type(self).__name__, *lines])

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><th>{html.escape(name)}</th><td>{_cell(value)}</td></tr>" for name, value in _held(self))
        return f"<table><caption>{type(self).__name__}</caption>{rows}</table>"


def said(value: object) -> str:
    """A value in a line.

    Examples
    --------
    >>> said(date(2025, 6, 9)), said(0.1 + 0.2), said(40.68e9), said(("a", "b")), said(np.zeros((2, 3)))
    ('2025-06-09', '0.3', '40,680,000,000', 'a, b', '2 x 3 numbers')
    >>> said(pd.DataFrame({"code": ["9503"], "total_frac": [0.3]}))
    '1 row: code, total_frac'
    """
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= _LARGE else f"{value:.10g}"
    if isinstance(value, pd.DataFrame | pd.Series | pd.Index | np.ndarray):
        return _sized(value)
    if isinstance(value, Mapping | tuple | list | frozenset | set):
        return _listed(value)
    return type(value).__name__ if isinstance(value, Shown) else str(value)


def _sized(value: "pd.DataFrame | pd.Series[Any] | pd.Index[Any] | np.ndarray") -> str:
    if isinstance(value, pd.DataFrame):
        return f"{len(value):,} {_plural('row', len(value))}: {', '.join(map(str, value.columns))}"
    what = _plural("number" if value.dtype.kind in "fiu" else "word", value.size)
    return f"{' x '.join(f'{size:,}' for size in value.shape)} {what}"


def _listed(value: "Mapping[Any, object] | tuple[object, ...] | list[object] | frozenset[object] | set[object]") -> str:
    if isinstance(value, Mapping):
        items = [f"{key}: {said(item)}" for key, item in list(value.items())[:_FEW]]
    else:
        first = list(value)[:_FEW]
        if any(is_dataclass(item) for item in first):
            return f"{len(value):,} x {type(first[0]).__name__}"
        items = [said(item) for item in first]
    return ", ".join(items) + (f", ... ({len(value):,} in all)" if len(value) > _FEW else "")


def _held(result: Shown) -> Iterator[tuple[str, object]]:
    """Fields that hold something, but those that a class keeps for itself."""
    for field in fields(result):
        value = getattr(result, field.name)
        is_empty = value is None or (isinstance(value, Sized) and not isinstance(value, np.ndarray) and len(value) == 0)
        if field.repr and not field.name.startswith("_") and not is_empty:
            yield field.name, value


def _plural(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"


def _cell(value: object) -> str:
    """A value in a cell: a table folds out."""
    words = html.escape(said(value))
    if not isinstance(value, pd.DataFrame):
        return words
    return f"<details><summary>{words}</summary>{value.to_html(max_rows=2 * _FEW, show_dimensions=False)}</details>"
