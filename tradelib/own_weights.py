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
    listed = lists.read(Path(path))
    columns = lists.find_columns(list(listed.frame.columns)).places
    if "value_usd" not in columns:
        message = f"{path} has no column named value_usd; its columns are {', '.join(map(repr, listed.frame.columns))}."
        raise ParameterError(message)
    priced = tariffs.price_list(listed.frame.iloc[:, [columns["code"], columns["value_usd"]]], importer=importer, refused=listed.refused)
    read, values = priced.column("read_code").astype("str"), priced.column("read_value_usd")
    notes, blank = priced.column("note").astype("str"), priced.column("answer").eq("blank")
    wrong = np.flatnonzero(~blank & (values.isna() | priced.column("how").eq("") | read.eq("")))
    if len(wrong):
        first = int(wrong[0])
        why = notes.iloc[first] or "it has no value"
        message = f"{path} cannot weight a product: row {first + 1} of {len(read)}: {why} ({len(wrong)} such rows in all)."
        raise ParameterError(message)
    if not float(values.sum()) > 0:
        message = f"The values of {path} add up to nothing; weights need a sum above 0."
        raise ParameterError(message)
    return _spread(read[~blank], values[~blank], importer)


def _spread(read: pd.Series, values: pd.Series, importer: str) -> OwnWeights:
    over = tariffs.lines(importer)
    trade, result = over.weights[_TRADE_YEAR], np.zeros(len(over.codes))
    sums = values.groupby(read.str.replace(".", "", regex=False).to_numpy(), sort=False).sum()
    for code, value in sums.items():
        held, positions = tariffs.find(code if importer == "US" else code[:6], importer)
        if held is not over:  # an eight-digit Chinese line counts for its subheading
            positions = np.arange(*hs.under(code[:6], over.codes).indices(len(over.codes))[:2])
        weights = trade[positions] if trade[positions].sum() > 0 else np.ones(len(positions))
        result[positions] += value * weights / weights.sum()
    return OwnWeights(tuple(sums.index), result)
