"""What became of the codes of the US tariff: their heirs, and how a list that names the one covers the other.

Only the statistical numbers of a line change from one edition to the next, but for 27 January 2022, when the 2022 edition of the
Harmonized System came in. The duty hangs on the goods, not on the number: a list that names every successor of a number covers the
number's trade, and one that names a number covers what came of it.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, hs
from tradelib.kept import kept
from tradelib.tariffs.tariff_lines import Lines

# A number is split at most this often in the editions that are held: into those of one notice, and they of the next.
_ROUNDS = 4


def heirs(code: str, *, by: date = date.max) -> tuple[str, ...]:
    """Codes that hold the goods of a code that ended, followed to the edition of a day; none where none is known.

    Parameters
    ----------
    code
        8 or 10 digits.
    by
        changes in force on this day count; by default all.

    Examples
    --------
    >>> heirs("8517120050")
    ('8517130000',)
    >>> heirs("8507600020", by=date(2026, 1, 31)), heirs("8507600020", by=date(2026, 2, 1))
    ((), ('8507600030', '8507600090'))
    """
    table, found, waiting = _successors(), [], [code]
    while waiting:
        item = waiting.pop(0)
        ended_on, successors = table.get(item, (date.max, ()))
        if successors and ended_on <= by:
            waiting += successors
        elif item not in found and item != code:
            found.append(item)
    return tuple(sorted(found))


def forebears(code: str) -> tuple[str, ...]:
    """Codes that a code took goods from, one step back."""
    return _predecessors().get(code, ())


def evidence(code: str) -> str:
    """How the heirs of a code were found; empty where none is known."""
    return _evidence().get(code, "")


@dataclass(frozen=True, eq=False)
class Kin:
    """Lines whose numbers changed, with the numbers they changed from and to.

    Attributes
    ----------
    lines
        those numbers, as lines over which a scope can be laid.
    at, node
        positions among the lines asked about, and among `lines`, of the numbers that are in both.
    older, newer
        positions among `lines`: one pair a succession.
    """

    lines: Lines
    at: np.ndarray
    node: np.ndarray
    older: np.ndarray
    newer: np.ndarray

    def shares(self, sure: np.ndarray, possible: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Shares of `lines` that a list covers, from those that it covers by name.

        All of a number if all that came of it, or that it came of, is named; part of it if some is.
        """
        # A list that names what came of a number is in the newer numbers: the older one then tells nothing of the others.
        replaced = _gather(possible[self.newer], self.older, len(sure), np.maximum, 0.0) > 0
        return self._inherit(sure, replaced, np.minimum), self._inherit(possible, replaced, np.maximum)

    def _inherit(self, share: np.ndarray, replaced: np.ndarray, take: np.ufunc) -> np.ndarray:
        if not share.any():
            return share
        up, down = share, share
        for _ in range(_ROUNDS):
            before = up, down
            up = np.maximum(share, _gather(up[self.newer], self.older, len(share), take, 0.0))
            given = np.where(replaced, 0.0, down)
            down = np.maximum(share, _gather(given[self.older], self.newer, len(share), take, 0.0))
            if np.array_equal(up, before[0]) and np.array_equal(down, before[1]):
                break
        nearest: np.ndarray = np.maximum(up, down)
        return nearest


@kept(maxsize=8)
def kin(over: Lines) -> Kin:
    """The lines of the United States whose statistical numbers changed; for an 8-digit line without trade, the numbers under it."""
    table = catalogue.load("hts_successions")
    table = table[table["kind"].eq("statistical")]
    pairs = table[["code", "successor"]].to_numpy(dtype="U10")
    pairs = np.concatenate([pairs, _parts(over)])
    nodes, inverse = np.unique(pairs, return_inverse=True)
    inverse = inverse.reshape(pairs.shape)
    at = np.searchsorted(over.codes, nodes)
    found = np.flatnonzero(over.codes[np.minimum(at, len(over.codes) - 1)] == nodes)
    counted = np.where(np.char.str_len(nodes) == hs.STATISTICAL_LINE, 1.0, np.nan)
    numbers = replace(over, codes=nodes, index=pd.Index(nodes, name="code"), tariff_lines=counted)
    return Kin(lines=numbers, at=at[found], node=found, older=inverse[:, 0], newer=inverse[:, 1])


def _parts(over: Lines) -> np.ndarray:
    """(8-digit line, statistical number under it), for the lines that are held without their numbers."""
    codes = catalogue.read_columns("hts_codes", ("code", "ended_on"))
    numbers = codes.loc[codes["code"].str.len().eq(hs.STATISTICAL_LINE) & codes["ended_on"].isna(), "code"].to_numpy(dtype="U10")
    whole = over.codes[np.char.str_len(over.codes) == hs.TARIFF_LINE]
    inside = numbers[np.isin(numbers.astype("U8"), whole)]
    return np.column_stack([inside.astype("U8").astype("U10"), inside]) if len(inside) else np.empty((0, 2), dtype="U10")


def _gather(values: np.ndarray, to: np.ndarray, size: int, take: np.ufunc, empty: float) -> np.ndarray:
    """The least or greatest of the values that go to each place; `empty` where none does."""
    start = 1.0 if take is np.minimum else 0.0
    result = np.full(size, start)
    take.at(result, to, values)
    reached = np.zeros(size, dtype=bool)
    reached[to] = True
    return np.where(reached, result, empty)


@kept()
def _successors() -> dict[str, tuple[date, tuple[str, ...]]]:
    """(day from which a code stands no longer, its successors), by code."""
    table = catalogue.load("hts_successions")
    first = dict(zip(table["code"][::-1], table["effective_on"].dt.date[::-1], strict=True))
    found = _gathered(table, "code", "successor")
    return {code: (first[code], successors) for code, successors in found.items()}


@kept()
def _predecessors() -> dict[str, tuple[str, ...]]:
    return _gathered(catalogue.load("hts_successions"), "successor", "code")


def _gathered(table: pd.DataFrame, by: str, what: str) -> dict[str, tuple[str, ...]]:
    """Cells of one column by those of another, in order; one pass, for there are thousands of groups of a row or two."""
    found: dict[str, list[str]] = {}
    for key, cell in zip(table[by], table[what], strict=True):
        found.setdefault(key, []).append(cell)
    return {key: tuple(found[key]) for key in sorted(found)}


@kept()
def _evidence() -> dict[str, str]:
    table = catalogue.load("hts_successions")
    return dict(zip(table["code"], table["evidence"], strict=True))
