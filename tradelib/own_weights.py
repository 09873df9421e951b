"""Customs values of one's own for the lines of an importer, from a list with codes and values."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tradelib import hs, lists, tariffs
from tradelib.errors import ParameterError

_TRADE_YEAR = "2024"


@dataclass(frozen=True, eq=False)
class OwnWeights:
    """Values by line.

    Attributes
    ----------
    codes : the codes of the list as they were read, each once, in order.
    values_usd : one value a line of `tariffs.lines`; a code of several lines is spread over them like the trade of 2024.
    """

    codes: tuple[str, ...]
    values_usd: np.ndarray


def from_file(path: str, importer: str) -> OwnWeights:
    """Values by line from a file with the columns code and value_usd; see `lists.read` for its forms.

    Raises
    ------
    ParameterError : a column that is not there, a row without a value, or one whose code or value cannot be read: a weight that is left out
        would change the mean and not show.
    """
    read, values, _ = _rows(path, importer, named=True)
    return _spread(read, values, importer)


def table(path: str, importer: str) -> pd.DataFrame:
    """The weights of an average from a file with the columns code and value_usd, read as a list of goods is; see `lists.read`.

    Returns
    -------
    One row a row of the list: code (its digits), value_usd. A code that names no line stays: `tariffs.weighting` says what it comes to.
    `attrs["said"]` holds what to know about how the file was read, in sentences.

    Raises
    ------
    ListError, ParameterError : as for `from_file`; a code that can be read and names no line is no fault here.
    """
    read, values, said = _rows(path, importer, named=False)
    found = pd.DataFrame({"code": read.str.replace(".", "", regex=False).to_numpy(dtype=object), "value_usd": values.to_numpy()})
    found.attrs["said"] = said
    return found


def _rows(path: str, importer: str, *, named: bool) -> tuple[pd.Series, pd.Series, tuple[str, ...]]:
    """(codes as they were read, values in US dollars, what to say) of the rows that are not blank.

    Parameters
    ----------
    named : every code has to name a line.
    """
    listed = lists.read(Path(path))
    places = lists.find_columns(list(listed.frame.columns)).places
    if "value_usd" not in places:
        message = f"{path} has no column named value_usd; its columns are {', '.join(map(repr, listed.frame.columns))}."
        raise ParameterError(message)
    # Days of entry are no matter of weights; the other columns may say that a row is a total.
    frame = listed.frame.drop(columns=listed.frame.columns[places["on"]]) if "on" in places else listed.frame
    priced = tariffs.price_list(frame, importer=importer, refused=listed.refused)
    read, values = priced.column("read_code").astype("str"), priced.column("read_value_usd")
    blank, side = priced.column("answer").eq("blank"), priced.column("read_importer").astype("str")
    unnamed = priced.column("how").eq("") if named else ~read.str.replace(".", "", regex=False).str.len().isin(hs.LENGTHS)
    wrong = np.flatnonzero(~blank & (values.isna() | unnamed | side.ne(importer) | read.eq("")))
    if len(wrong):
        first = int(wrong[0])
        why = priced.column("note").astype("str").iloc[first]
        if side.iloc[first] not in ("", importer):
            why = f"its importer is {side.iloc[first]}, and the weights are those of {importer}"
        elif values.isna().iloc[first] and "value" not in why:
            why = "it has no value"
        message = (
            f"{path} cannot weight: row {first + 1} of {len(read)}: {why or 'its code cannot be read'} ({len(wrong)} such rows in all)."
        )
        raise ParameterError(message)
    if not float(values.sum()) > 0:
        message = f"The values of {path} add up to nothing; weights need a sum above 0."
        raise ParameterError(message)
    return read[~blank], values[~blank], (*listed.said, *priced.said)


def _spread(read: pd.Series, values: pd.Series, importer: str) -> OwnWeights:
    over = tariffs.lines(importer)
    trade, result = over.weights[_TRADE_YEAR], np.zeros(len(over.codes))
    sums = values.groupby(read.str.replace(".", "", regex=False).to_numpy(), sort=False).sum()
    for code, value in zip(map(str, sums.index), sums, strict=True):
        held, positions = tariffs.find(code if importer == "US" else code[:6], importer)
        if held is not over:  # an eight-digit Chinese line counts for its subheading
            positions = np.arange(*hs.under(code[:6], over.codes).indices(len(over.codes))[:2])
        weights = trade[positions] if trade[positions].sum() > 0 else np.ones(len(positions))
        result[positions] += value * weights / weights.sum()
    return OwnWeights(tuple(map(str, sums.index)), result)
