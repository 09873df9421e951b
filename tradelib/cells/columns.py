"""Columns of a list of any length: each distinct cell is read once, and every row bears its number."""

import functools
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
import pandas as pd

from tradelib.cells.base import is_blank

NONE = -1  # number of what is missing
# Up to so many numbers a table of all of them is made; beyond, they are sorted.
_DENSE = 20_000_000
_KEPT = 1 << 17


class Said(Protocol):
    """What a cell says, whatever its kind: how it was repaired, and why it cannot be read."""

    @property
    def marks(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def reason(self) -> str: ...  # noqa: D102


S = TypeVar("S", bound=Said)


class Reader(Generic[S]):
    """A reader of cells that remembers texts.

    Parameters
    ----------
    read
        what one cell says, such as `cells.code`.
    """

    def __init__(self, read: Callable[[object], S]) -> None:
        self._read, self._kept = read, functools.lru_cache(maxsize=_KEPT)(read)

    def __call__(self, cell: Hashable) -> S:
        """What a cell says."""
        return self._kept(cell) if isinstance(cell, str) else self._read(cell)

    def column(self, column: pd.Series) -> "Column[S]":
        """What the cells of a column say."""
        numbers, cells = distinct(column)
        return Column(numbers, [self(cell) for cell in cells])


@dataclass(frozen=True, eq=False)
class Column(Generic[S]):
    """A column as numbers of distinct cells, and what each cell says.

    Attributes
    ----------
    numbers
        one a row, -1 where the cell is missing.
    told
        what each distinct cell says.
    """

    numbers: np.ndarray
    told: Sequence[S]

    @classmethod
    def constant(cls, size: int, cell: S) -> "Column[S]":
        """A column of one cell in all its rows."""
        return cls(np.zeros(size, dtype=np.int64), [cell])

    def filled(self, told: list[S], missing: S) -> "Column[S]":
        """The column with other words for its cells, whose missing cells say something as well."""
        return Column(np.where(self.numbers < 0, len(told), self.numbers), [*told, missing])

    def reasons(self) -> "Words":
        """Why cells cannot be read."""
        return Words.of(self.numbers, [item.reason for item in self.told])

    def marks(self) -> "Words":
        """How cells were repaired."""
        return Words.of(self.numbers, ["; ".join(item.marks) for item in self.told])


@dataclass(frozen=True, eq=False)
class Words:
    """A text for every row, by number.

    Attributes
    ----------
    numbers
        one a row.
    texts
        each once.
    """

    numbers: np.ndarray
    texts: list[str]

    @classmethod
    def of(cls, numbers: np.ndarray, texts: Sequence[str]) -> "Words":
        """Texts by number, -1 for none, each kept once."""
        which, kept = pd.factorize(np.array(["", *texts], dtype=object))
        return cls(which[numbers + 1].astype(np.int64), list(kept))

    @classmethod
    def where(cls, rows: np.ndarray, text: str) -> "Words":
        """One text in some rows."""
        return cls.of(np.where(rows, 0, NONE), [text])

    def beside(self, other: "Words") -> "Words":
        """The texts of two, one behind the other."""
        if len(other.texts) == 1:
            return self
        which, keys = pd.factorize(self.numbers * len(other.texts) + other.numbers)
        pairs = [divmod(int(key), len(other.texts)) for key in keys]
        return Words.of(which, ["; ".join(filter(None, (self.texts[left], other.texts[right]))) for left, right in pairs])

    def silent(self, rows: np.ndarray) -> "Words":
        """The texts without those of some rows."""
        return Words.of(np.where(rows, NONE, self.numbers), self.texts)

    def column(self) -> pd.Categorical:
        """The texts as a column of a frame."""
        return pd.Categorical.from_codes(self.numbers, categories=pd.Index(self.texts, dtype="str"))


def distinct(column: pd.Series) -> tuple[np.ndarray, list[Hashable]]:
    """(number of the cell of each row, -1 where it is missing; the distinct cells)."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy().astype(np.int64), _listed(column.cat.categories)
    if column.dtype == object and len({type(cell) for cell in column} & {int, float, bool}) > 1:
        # 1, 1.0 and True are equal, and are not written alike.
        _, first, numbers = np.unique([f"{type(cell).__name__}{cell}" for cell in column], return_index=True, return_inverse=True)
        return numbers.astype(np.int64), [column.iloc[at] for at in first]
    try:
        numbers, cells = pd.factorize(column)
    except TypeError:  # a cell that cannot be compared, such as a list, is read as its text
        numbers, cells = pd.factorize(column.map(lambda cell: cell if is_blank(cell) else str(cell)))
    return numbers.astype(np.int64), _listed(cells)


def _listed(cells: pd.Index) -> list[Hashable]:
    """Cells as a list; short floating numbers stay so, since Python's own hide how many digits are lost."""
    whole = np.dtype(float).itemsize
    size = getattr(cells.dtype, "itemsize", whole) if getattr(cells.dtype, "kind", "") == "f" else whole
    return list(cells.to_numpy(dtype=f"float{8 * size}")) if size < whole else list(cells)


def renumbered(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(keys as numbers from 0 in order of size, -1 staying; the distinct keys)."""
    top = int(keys.max(initial=NONE)) + 1
    if top > _DENSE:
        found, numbers = np.unique(keys[keys >= 0], return_inverse=True)
        result = np.full(len(keys), NONE, dtype=np.int64)
        result[keys >= 0] = numbers
        return result, found
    there = np.zeros(top + 1, dtype=bool)
    there[keys] = True  # -1 falls on the last place, which no key takes
    there[top] = False
    found = np.flatnonzero(there)
    places = np.full(top + 1, NONE, dtype=np.int64)
    places[found] = np.arange(len(found))
    return places[keys], found
