"""The trade that weights the lines of an average: that of a year, or one's own.

Trade comes by code, and codes are of any length: what stands under a code is divided among its lines by their trade of 2024, evenly where
none of them had any. A code of another edition goes to its heirs, where they are known; a ten-digit US code whose last two digits no
edition has, to the lines of its first eight; a Chinese code of eight digits or more, to its subheading. What finds no line stays in the
sum: `matched_frac` of an average counts it as missing.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tradelib import catalogue, hs
from tradelib.doors import door
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.shown import Shown
from tradelib.tariffs import successions
from tradelib.tariffs.law import check_importer
from tradelib.tariffs.tariff_lines import WEIGHTS, Lines, lines

DEFAULT_WEIGHTS = "2024"
OWN = "own"
UNDER, HEIRS, WIDER, LOST = "lines under the code", "heirs of an old code", "lines of its first digits", "no line"
_SUBHEADING = 6


@dataclass(frozen=True, eq=False, repr=False)
class Weighting(Shown):
    """Trade laid over the lines of one importer.

    Attributes
    ----------
    importer
        `US` or `CN`.
    name
        the year of the trade, or `own`.
    share
        share of each line in all the trade; they sum to the share that found a line.
    placed
        one row a code, most trade first: code, value_usd, lines (how many), how (`lines under the code`, `heirs of an old code`, `lines of
        its first digits`, `no line`); empty for trade that is held by line.
    """

    importer: str
    name: str
    share: np.ndarray
    placed: pd.DataFrame

    @property
    def lost(self) -> list[str]:
        """Codes of one's own that name no line; see `placed` for those of a year."""
        return sorted(self.placed.loc[self.placed["how"].eq(LOST), "code"]) if self.name == OWN else []

    @property
    def words(self) -> str:
        """What of the trade found no line, as a sentence; empty where all did."""
        missing = self.placed[self.placed["how"].eq(LOST)]
        whole = self.placed["value_usd"].sum()
        if missing["value_usd"].sum() <= 0:
            return ""
        named = ", ".join(hs.dotted(code) for code in missing["code"].head(5))
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""  # noqa: PLR2004
        return f"{100 * missing['value_usd'].sum() / whole:.3g}% of this trade names no tariff line ({named}{more}) and is not counted."


@door
def weighting(weights: str | int | pd.DataFrame = DEFAULT_WEIGHTS, *, importer: str) -> Weighting:
    """The trade that weights the lines of one importer.

    Parameters
    ----------
    weights
        a year, `2024` or `2017`; or a table of one's own with the columns code (text, 2 to 10 digits) and value_usd. Every row is trade for
        itself: rows of one code add, and so does a row of a heading to those of its subheadings.
    importer
        `US` or `CN`.

    Raises
    ------
    ParameterError
        a year that is not held; a table without the columns, with codes that are no text or no code, with values that are no amounts,
        without any trade, or of which no code names a line.
    """
    if not isinstance(weights, pd.DataFrame):
        return _of_year(importer, str(weights))
    share, placed = _laid(lines(importer), _own(weights))
    if not share.any():
        message = f"None of the {len(placed)} codes of weights names a tariff line of the importer {importer}."
        raise ParameterError(message)
    return Weighting(importer, OWN, share, placed)


@kept()
def _of_year(importer: str, year: str) -> Weighting:
    check_importer(importer)
    if year not in WEIGHTS[importer]:
        held = " or ".join(WEIGHTS[importer])
        message = f"weights must be {held} for the importer {importer}, not {year!r}, or a table with the columns code and value_usd."
        raise ParameterError(message)
    over = lines(importer)
    if year in over.weights:
        trade = over.weights[year]
        return Weighting(importer, year, trade / trade.sum(), pd.DataFrame(columns=["code", "value_usd", "lines", "how"]))
    share, placed = _laid(over, catalogue.load("us_imports_2017").rename(columns={"imports_2017_usd": "value_usd"}))
    return Weighting(importer, year, share, placed)


def _own(table: pd.DataFrame) -> pd.DataFrame:
    """A table of one's own with its codes as digits and one row a code, or a sentence."""
    missing = [name for name in ("code", "value_usd") if name not in table]
    if missing:
        message = (
            f"weights must have the columns code and value_usd; {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing."
        )
        raise ParameterError(message)
    written = table["code"]
    if not all(isinstance(code, str) for code in written):
        message = "The codes of weights must be texts: as numbers they lose their leading zeros and their last ones."
        raise ParameterError(message)
    codes = [hs.parse_code(code) for code in written]
    values = pd.to_numeric(table["value_usd"], errors="coerce").to_numpy(dtype=float)
    bad = ~np.isfinite(values) | (values < 0)
    if bad.any():
        at = int(np.argmax(bad))
        met = table["value_usd"].iloc[at]
        shown = repr(met) if isinstance(met, str) else met
        message = f"value_usd of weights must be an amount of 0 or more; that of {written.iloc[at]} is {shown}."
        raise ParameterError(message)
    if not values.sum() > 0:
        message = "weights must hold some trade, and the sum of value_usd is 0."
        raise ParameterError(message)
    return pd.DataFrame({"code": codes, "value_usd": values}).groupby("code", as_index=False).sum()


def _laid(over: Lines, table: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """(share of every line in the trade of a table, the table with how each code was placed)."""
    base = over.weights[DEFAULT_WEIGHTS]
    trade = np.zeros(len(over.codes))
    counted, how = [], []
    for code, value in zip(table["code"], table["value_usd"], strict=True):
        positions, kind = _positions(code, over)
        parts = base[positions]
        if len(positions):
            trade[positions] += value * (parts / parts.sum() if parts.sum() > 0 else 1.0 / len(positions))
        counted.append(len(positions))
        how.append(kind)
    placed = table[["code", "value_usd"]].assign(lines=counted, how=how)
    return trade / table["value_usd"].sum(), placed.sort_values(["value_usd", "code"], ascending=[False, True]).reset_index(drop=True)


def _positions(code: str, over: Lines) -> tuple[np.ndarray, str]:
    """Lines among which the trade of a code is divided, and how they were found."""
    found = _under(code, over)
    if len(found):
        return found, UNDER
    if over.importer == "CN":
        found = _under(code[:_SUBHEADING], over) if len(code) > _SUBHEADING else found
        return found, WIDER if len(found) else LOST
    line = code[: hs.TARIFF_LINE]
    heirs = successions.heirs(code) or tuple(heir for old in _old_codes(line) for heir in successions.heirs(old))
    parts = [positions for heir in heirs if len(positions := _under(heir, over)) or len(positions := _under(heir[: hs.TARIFF_LINE], over))]
    if parts:
        return np.unique(np.concatenate(parts)), HEIRS
    found = _under(line, over) if len(code) > len(line) else found
    return found, WIDER if len(found) else LOST


def _under(code: str, over: Lines) -> np.ndarray:
    first, past = np.searchsorted(_sorted_codes(over.importer), [code, code + ":"])
    return np.arange(first, past)


@kept()
def _sorted_codes(importer: str) -> np.ndarray:
    # ':' is the character after '9': nothing that begins with a code sorts behind the code with it.
    return lines(importer).codes.astype("U11")


def _old_codes(code: str) -> list[str]:
    """Codes with known heirs that stand under a code."""
    old = _with_heirs()
    first, past = np.searchsorted(old, [code, code + ":"])
    return [str(item) for item in old[first:past]]


@kept()
def _with_heirs() -> np.ndarray:
    return np.unique(catalogue.load("hts_successions")["code"].to_numpy(dtype="U11"))
