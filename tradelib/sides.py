"""The two sides, and who collects a duty on whose goods: in words, in their grammatical forms, and as a condition on rows."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from tradelib.errors import ParameterError


@dataclass(frozen=True)
class Side:
    """One side.

    Attributes
    ----------
    code : as in the tables, `US` or `CN`; `both` and `court`, which collect nothing.
    name : in a sentence ("the United States").
    title : at the head of a row ("United States").
    short : in a narrow place ("US", "China").
    doer : before a verb, where its name would be long ("the US", "China").
    adjective : before its goods ("Chinese goods").
    own : before what it does or has, without an article ("China's imports").
    owner : the same with one ("the US average").
    """

    code: str
    name: str
    title: str
    short: str
    doer: str
    adjective: str
    own: str
    owner: str


US = Side("US", "the United States", "United States", "US", "the US", "US", "US", "the US")
CN = Side("CN", "China", "China", "China", "China", "Chinese", "China's", "China's")
BOTH = Side("both", "both sides", "Both sides", "both", "both sides", "joint", "joint", "the")
COURT = Side("court", "the courts", "Courts", "court", "the courts", "court", "court", "the courts'")
SIDES = {side.code: side for side in (US, CN, BOTH, COURT)}


def name(code: str) -> str:
    """A side in a sentence, by its code."""
    return SIDES[code].name


def short(code: str) -> str:
    """A side in a narrow place, by its code."""
    return SIDES[code].short


@dataclass(frozen=True)
class Pair:
    """A duty's two ends: the side that collects it, and the side whose goods owe it."""

    importer: Side
    exporter: Side

    def __str__(self) -> str:
        """Its duties in words."""
        return self.duties

    @property
    def duties(self) -> str:
        """Its duties, as the head of a figure.

        Examples
        --------
        >>> pair("US").duties, pair("CN").duties
        ('US tariffs on Chinese goods', 'Chinese tariffs on US goods')
        """
        return f"{self.importer.adjective} tariffs on {self.exporter.adjective} goods"

    @property
    def added(self) -> str:
        """The tariff that it adds on all goods of the other side but exempt ones, inside a sentence.

        Examples
        --------
        >>> pair("US").added, pair("CN").added
        ('the added US tariff on Chinese goods', "China's added tariff on US goods")
        """
        return f"{self.added_tariff} on {self.exporter.adjective} goods"

    @property
    def added_tariff(self) -> str:
        """The same without the goods.

        Examples
        --------
        >>> pair("US").added_tariff, pair("CN").added_tariff
        ('the added US tariff', "China's added tariff")
        """
        return f"the added {self.importer.adjective} tariff" if self.importer.code == "US" else f"{self.importer.owner} added tariff"

    @property
    def average(self) -> str:
        """The average of its duties, inside a sentence.

        Examples
        --------
        >>> pair("US").average, pair("CN").average
        ('the average US tariff on Chinese goods', "China's average tariff on US goods")
        """
        owner, goods = self.importer.owner, f"on {self.exporter.adjective} goods"
        return f"the average {owner.removeprefix('the ')} tariff {goods}" if owner.startswith("the ") else f"{owner} average tariff {goods}"

    @property
    def imports(self) -> str:
        """The trade that owes them, as the importing side sees it.

        Examples
        --------
        >>> pair("US").imports, pair("CN").imports
        ('US imports from China', "China's imports from the United States")
        """
        return f"{self.importer.own} imports from {self.exporter.name}"

    @property
    def us_trade(self) -> str:
        """The same trade as US statistics count it.

        Examples
        --------
        >>> pair("US").us_trade, pair("CN").us_trade
        ('US imports from China', 'US exports to China')
        """
        return f"{US.own} {'imports from' if self.importer is US else 'exports to'} {CN.name}"

    def holds(self, rows: pd.DataFrame) -> pd.Series:
        """Which rows, with the columns importer and exporter, are of this pair."""
        return rows["importer"].eq(self.importer.code) & rows["exporter"].eq(self.exporter.code)


PAIRS = {"US": Pair(US, CN), "CN": Pair(CN, US)}


def between(rows: pd.DataFrame, pairs: Iterable[Pair] = tuple(PAIRS.values())) -> pd.Series:
    """Which rows, with the columns importer and exporter, are of some pairs; by default of one side on goods of the other."""
    return pd.concat([each.holds(rows) for each in pairs], axis=1).any(axis=1)


def pair(importer: str) -> Pair:
    """The pair of this package whose duties a side collects.

    Parameters
    ----------
    importer : `US` or `CN`.

    Raises
    ------
    ParameterError : a side that is neither.
    """
    if importer not in PAIRS:
        message = f"importer must be {' or '.join(PAIRS)}, not {importer!r}."
        raise ParameterError(message)
    return PAIRS[importer]


def is_list_of(scope: str, importer: str) -> bool:
    """Whether a list is one of an importer's own: a number means other goods in the other schedule. Every good (`all`) is of both."""
    return scope == "all" or scope.startswith("cn") == (importer == "CN")
