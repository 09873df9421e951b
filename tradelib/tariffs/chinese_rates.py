"""China's general rates: which rate is a line's own, which is a mean, and where a lower interim rate or a tariff quota stands beside it.

What is held: the rate of every eight-digit line of 2018 and 2019, as applied, with the lower interim rates of the year; and for
entries from 2022 on one rate a six-digit subheading, the mean of its lines, without interim rates. The rules:

- From 2022 on a line has its own rate of 2019 where the mean of the own rates in its subheading equals the rate held for the subheading,
  so that nothing changed since (to a hundredth of a percentage point, as the WTO prints rates). Else it has the mean of the subheading,
  and the answer says so; its own rate of 2019 is then the other end.
- A line of a later edition has the rate of the line it was split from (see `predecessors`), or that of the whole subheading where all its
  lines had one.
- An interim rate that a source shows (table `cn_interim_rates`) takes the place of the general rate in its days. Where the rate of 2019 is
  lower than the general rate of 2025, it was an interim rate then; whether a later plan has it is not known, and it is the lower end.
- Goods under a tariff quota have the rate outside it (table `cn_tariff_quotas`).
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from tradelib import catalogue
from tradelib.kept import kept
from tradelib.rows import each

# China moved to the 2022 edition of the Harmonized System on this day; the later rates are those of 2025.
HS_2022 = date(2022, 1, 1)
_DAYS = {
    "2018_01": date(2018, 1, 1),
    "2018_05": date(2018, 5, 1),
    "2018_07": date(2018, 7, 1),
    "2018_11": date(2018, 11, 1),
    "2019_01": date(2019, 1, 1),
}
_LAST = date(2019, 1, 1)
# The WTO prints rates to a hundredth of a percentage point.
_PRINTED = 1e-4
_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class GeneralRates:
    """General rates of some lines from a day on; arrays of one length.

    Attributes
    ----------
    first
        day of entry from which they hold.
    rates
        fractions; NaN where none is held.
    low, high
        the ends between which the rate lies; equal to it where it is certain.
    """

    first: date
    rates: np.ndarray
    low: np.ndarray
    high: np.ndarray


def predecessors(codes: pd.Index, old: pd.Index) -> pd.Series:
    """The line of 2019 that each younger line was split from.

    China numbers the parts of a line within its place: 12019010 became 12019011 and 12019019. So a line that the tariff of 2019 does not
    hold comes from the one line of 2019 with the same first seven digits and a 0 at the end.

    Parameters
    ----------
    codes, old
        eight-digit lines asked about, and those of 2019.

    Returns
    -------
    Series
        Indexed by `codes`: the older code; empty where the line is of 2019 itself or where no such line stands.

    Examples
    --------
    >>> predecessors(pd.Index(["12019011", "12019020", "20059970"]), pd.Index(["12019010", "12019020"])).tolist()
    ['12019010', '', '']
    """
    held = set(old)  # pandas looks a thousand texts up one by one
    parents = [code[:7] + "0" for code in codes]
    return pd.Series(
        [parent if code not in held and parent in held else "" for code, parent in zip(codes, parents, strict=True)], index=codes
    )


@kept()
def subheading_origins() -> dict[str, list[str]]:
    """Subheadings of the 2022 edition of the Harmonized System, and those of the 2017 edition that their goods came from.

    Read off what became of the numbers of the US tariff on 27 January 2022 (table `hts_successions`): six digits are the same everywhere.
    """
    rows = catalogue.load("hts_successions")
    rows = rows[rows["kind"].eq("hs_2022")]
    pairs = pd.DataFrame({"code": rows["successor"].str[:6], "origin": rows["code"].str[:6]}).drop_duplicates()
    return {str(code): sorted(origins) for code, origins in pairs.groupby("code")["origin"]}


@kept()
def tariff_lines(codes: tuple[str, ...]) -> list[GeneralRates]:
    """General rates of eight-digit lines over time, oldest first; see the rules of the module."""
    index = pd.Index(codes)
    old = catalogue.load("cn_tariff_2019").set_index("code")
    own = _own(index, old)
    result = [_certain(first, own[f"mfn_{name}_frac"].to_numpy()) for name, first in _DAYS.items()]
    low, high = (own[f"mfn_2019_01_{end}_frac"].to_numpy() for end in ("low", "high"))
    result[-1] = GeneralRates(_LAST, result[-1].rates, low, high)
    held = _held().reindex(index.str[:6]).to_numpy()
    before = own["mfn_2019_01_frac"].to_numpy()
    carried = _unchanged().reindex(index.str[:6], fill_value=False).to_numpy(dtype=bool) & ~np.isnan(before)
    rates = np.where(carried, before, held)
    lower, upper = np.where(carried, low, np.fmin(held, before)), np.where(carried, high, np.fmax(held, before))
    return [*result, *_with_interim(rates, lower, upper, index)]


@kept()
def subheadings() -> list[GeneralRates]:
    """General rates of the subheadings that are held, over time: means of their lines, or of those that carry the trade."""
    old, held = catalogue.load("cn_tariff_2019").set_index("code"), _held()
    names = [f"mfn_{name}_frac" for name in _DAYS]
    carriers = old.index.isin(line_trade()["code"])
    chosen = old[carriers | ~old.index.str[:6].isin(line_trade()["code"].str[:6])]
    means = chosen[names].groupby(chosen.index.str[:6]).mean().reindex(held.index)
    result = [_certain(first, means[column].to_numpy()) for column, first in zip(names, _DAYS.values(), strict=True)]
    rates = held.to_numpy()
    # Interim rates of 2019 are in the older mean and not in the newer.
    low = np.where(means[names[-1]].to_numpy() < rates - _PRINTED, means[names[-1]].to_numpy(), rates)
    return [*result, *_with_interim(rates, low, rates, held.index)]


def line_trade() -> pd.DataFrame:
    """Lines that carry the trade of their subheading, where a source says so: code, nomenclature, why, source, url."""
    return catalogue.load("cn_line_trade")


def interim(code: str, on: date) -> pd.Series | None:
    """The row of `cn_interim_rates` that holds for a line, or for the only line of a subheading, on a day; None where none does."""
    rows = catalogue.load("cn_interim_rates")
    rows, day = rows[[held.startswith(code) for held in rows["code"]]], pd.Timestamp(on)
    if rows.empty:
        return None
    rows = rows[(rows["effective_on"] <= day) & (rows["ends_on"].isna() | (day < rows["ends_on"]))]
    return rows.iloc[0] if len(rows) == 1 else None


def quota(code: str) -> pd.Series | None:
    """The row of `cn_tariff_quotas` that a line or subheading stands under; None for other goods."""
    rows = catalogue.load("cn_tariff_quotas")
    rows = rows[[code.startswith(held) for held in rows["code"]]]
    return rows.iloc[0] if len(rows) else None


class Interim(NamedTuple):
    """A lower interim rate that a source shows: the general rate whose place it takes, how sure that is, and the source."""

    general_frac: float
    confidence: str
    source: str


@dataclass(frozen=True)
class Origin:
    """Where the general rate of a line or subheading comes from; `phrases.chinese_rate` says it.

    Attributes
    ----------
    code, on
        6 or 8 digits; day of entry.
    evidence
        kind of evidence for the rate of the subheading in 2025, as `cn_lines` has it.
    low_frac, high_frac
        lowest and highest general rate of the line on the day.
    is_unchanged
        the rate of its subheading is the same as in 2019.
    carriers
        lines that carry the trade of a subheading, where a source says so.
    interim
        the interim rate that holds on the day; None where none does.
    within_quota_frac
        rate within its tariff quota; NaN where that is not held, None for other goods.
    """

    code: str
    on: date
    evidence: str
    low_frac: float
    high_frac: float
    is_unchanged: bool
    carriers: tuple[str, ...]
    interim: Interim | None
    within_quota_frac: float | None

    @property
    def is_line(self) -> bool:
        """Whether it is a line of eight digits, not a subheading."""
        return len(self.code) > len("000000")

    @property
    def is_open(self) -> bool:
        """Whether the rate lies between two ends."""
        return self.high_frac - self.low_frac > _SAME


def origin(code: str, on: date, evidence: str, ends: tuple[float, float]) -> Origin:
    """Where the general rate of a code of the Chinese lines comes from; `ends` as low_frac and high_frac of `Origin`."""
    row, limited, carriers = interim(code, on), quota(code), line_trade()["code"]
    return Origin(
        code=code,
        on=on,
        evidence=evidence,
        low_frac=ends[0],
        high_frac=ends[1],
        is_unchanged=bool(_unchanged().get(code[:6], False)),
        carriers=tuple(carriers[carriers.str[:6].eq(code)]),
        interim=None if row is None else Interim(row["general_frac"], row["confidence"], row["source"]),
        within_quota_frac=None if limited is None else float(limited["within_frac"]),
    )


def _own(index: pd.Index, old: pd.DataFrame) -> pd.DataFrame:
    """Rates of 2018 and 2019 of the lines; a younger line has its predecessor's, or the one rate of all lines of its subheading."""
    source = predecessors(index, old.index)
    own = old.reindex(pd.Index(source.where(source.ne(""), index.to_series())))
    own.index = index
    span = old.groupby(old.index.str[:6])["mfn_2019_01_frac"].agg(["min", "max"])
    whole = span["min"].where(span["max"] - span["min"] < _SAME).reindex(index.str[:6]).to_numpy()
    younger = ~index.isin(old.index) & own["mfn_2019_01_frac"].isna()
    # The older tariff did not have the line: only its rate of today is asked.
    own.loc[younger, [f"mfn_2019_01_{end}frac" for end in ("", "low_", "high_")]] = whole[younger, None]
    return own


@kept()
def _held() -> pd.Series:
    """Rate of each subheading for entries from 2022 on."""
    return catalogue.load("cn_lines").set_index("code")["mfn_frac"]


@kept()
def _unchanged() -> pd.Series:
    """Subheadings whose rate of 2025 equals the mean of the rates of 2019: their lines kept their own."""
    old = catalogue.load("cn_tariff_2019")
    means = old.groupby(old["code"].str[:6])["mfn_2019_01_frac"].mean()
    return (means - _held().reindex(means.index)).abs() <= _PRINTED


def _certain(first: date, rates: np.ndarray) -> GeneralRates:
    return GeneralRates(first, rates, rates, rates)


def _with_interim(rates: np.ndarray, low: np.ndarray, high: np.ndarray, index: pd.Index) -> list[GeneralRates]:
    """Rates from 2022 on with the interim rates that are held: one a stretch of days."""
    rows = catalogue.load("cn_interim_rates")
    starts = pd.concat([rows["effective_on"], rows["ends_on"]]).dropna().unique()
    return [_interim_of(day, rows, rates, low, high, index) for day in sorted({HS_2022, *(pd.Timestamp(item).date() for item in starts)})]


class _Interim(NamedTuple):
    code: str
    rate_frac: float
    general_frac: float
    confidence: str


def _interim_of(day: date, rows: pd.DataFrame, rates: np.ndarray, low: np.ndarray, high: np.ndarray, index: pd.Index) -> GeneralRates:
    stamp = pd.Timestamp(day)
    rows = rows[(rows["effective_on"] <= stamp) & (rows["ends_on"].isna() | (stamp < rows["ends_on"]))]
    result = [rates.copy(), low.copy(), high.copy()]
    lines = _line_counts()
    for row in each(rows, _Interim):
        share = 1.0 if row.code in index else 1.0 / lines.get(row.code[:6], np.nan)
        at = np.flatnonzero(index == (row.code if row.code in index else row.code[:6]))
        less = share * (row.general_frac - row.rate_frac)
        if share == 1.0:
            found = (row.rate_frac, row.rate_frac, row.general_frac if row.confidence == "low" else row.rate_frac)
            for held, value in zip(result, found, strict=True):
                held[at] = value
        else:
            result[0][at] -= less
            result[1][at] = np.fmin(result[1][at], result[0][at])
            result[2][at] -= 0.0 if row.confidence == "low" else less
    return GeneralRates(day, *result)


@kept()
def _line_counts() -> pd.Series:
    """How many lines of 2019 each subheading has."""
    codes = catalogue.load("cn_tariff_2019")["code"]
    return codes.groupby(codes.str[:6]).size().astype(float)
