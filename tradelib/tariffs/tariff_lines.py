"""The tariff lines of both sides: their codes, most-favoured-nation rates, and the trade that weights them.

Fixed reference data, not knowledge: weights and most-favoured-nation rates are the same whatever the day of knowledge, so that days can
be compared.
"""

import functools
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self, cast

import numpy as np
import pandas as pd

from tradelib import catalogue, hs
from tradelib.doors import Day, door, opened
from tradelib.errors import ParameterError
from tradelib.kept import kept
from tradelib.shown import Shown
from tradelib.tariffs import chinese_rates
from tradelib.tariffs.law import check_importer

# The trade by which lines can be weighted: the importer's name for each set, newest first.
WEIGHTS = {"US": ("2024", "2017"), "CN": ("2024", "2017")}

_METAL_CHAPTERS = ("72", "73", "74", "76")


@dataclass(frozen=True, eq=False, repr=False)
class Lines(Shown):
    """Tariff lines of one importer, sorted by code; every array has one entry a line.

    Attributes
    ----------
    importer
        `US` or `CN`.
    codes
        digits. US: 10 digits, or 8 for a tariff line without imports from China in 2024. China: 6 digits, or 8.
    index
        the codes as a pandas index named `code`.
    kinds
        how the most-favoured-nation rate came about: for the US the kind of rate, for China the evidence for the rate of 2025.
    texts
        the rate as the schedule prints it; empty where only a figure is held.
    weights
        trade in US dollars by its year, where it is held by line (see `weights.weighting` for the rest): imports from China (US), exports
        of the United States (China).
    tariff_lines
        how many tariff lines each line stands for; NaN where that is not known.
    """

    importer: str
    codes: np.ndarray
    index: pd.Index
    kinds: np.ndarray
    texts: np.ndarray
    weights: dict[str, np.ndarray]
    tariff_lines: np.ndarray
    _mfn: list[tuple[date, np.ndarray]] = field(repr=False)
    _ends: list[tuple[date, np.ndarray, np.ndarray]] = field(repr=False, default_factory=list)
    _general: np.ndarray | None = field(repr=False, default=None)

    @functools.cached_property
    def groups(self) -> np.ndarray:
        """Number of the tariff line that each line belongs to; the statistical lines of one tariff line share it."""
        return np.unique(self.codes.astype("U8"), return_inverse=True)[1]

    @functools.cached_property
    def wide(self) -> np.ndarray:
        """The codes with room for a sign behind the longest, as `hs.ranges` looks among them: else it copies them each time."""
        return self.codes.astype(f"U{self.codes.dtype.itemsize // 4 + 1}")

    @functools.cached_property
    def depths(self) -> tuple[int, ...]:
        """How many digits the codes have, the fewest first."""
        return tuple(np.unique(np.char.str_len(self.codes)).tolist())

    @functools.cached_property
    def is_metal(self) -> np.ndarray:
        """Lines of the metal chapters: iron and steel, their articles, copper, aluminium."""
        return np.isin(self.codes.astype("U2"), _METAL_CHAPTERS)

    @door
    def mfn(self, on: Day) -> np.ndarray:
        """Most-favoured-nation rate on a day of entry as a fraction; NaN where none is held."""
        return self.mfn_on(opened(on))

    def mfn_on(self, on: date) -> np.ndarray:
        """The same for a day that has come in by a door: a surface asks thousands of times."""
        return next(rates for first, rates in reversed(self._mfn) if first <= on)

    @door
    def mfn_ends(self, on: Day) -> tuple[np.ndarray, np.ndarray]:
        """(lowest, highest) general rate on a day of entry: alike where it is certain; see `chinese_rates`."""
        known = next(((low, high) for first, low, high in reversed(self._ends) if first <= opened(on)), None)
        return known or (self.mfn_on(opened(on)),) * 2

    @door
    def general(self, on: Day) -> np.ndarray:
        """Most-favoured-nation rate without lower interim rates, from 2022 on for Chinese subheadings; else as `mfn`."""
        return self.mfn(on) if self._general is None or opened(on) < chinese_rates.HS_2022 else self._general

    @functools.cached_property
    def held_in_2019(self) -> np.ndarray:
        """Chinese lines that the tariff of 2019 has; all lines of the United States."""
        if self.importer == "US":
            return np.ones(len(self.codes), dtype=bool)
        old, digits = catalogue.load("cn_tariff_2019")["code"].to_numpy(dtype="U8"), self.depths[-1]
        held: np.ndarray = np.isin(self.codes, old.astype(f"U{digits}"))
        return held

    @door
    def known(self, as_of: Day) -> Self:
        """The lines with the general rates known on a day: a rate that begins later is not; the first one held always is."""
        return cast("Self", _known_lines(self, opened(as_of))) if self._mfn[-1][0] > opened(as_of) else self

    def rates_since(self, on: date) -> tuple[date, date | None]:
        """First days of the general rates, and of their ends, that hold on a day of entry; None where the ends are the rates."""
        first = next(first for first, _ in reversed(self._mfn) if first <= on)
        return first, next((first for first, _, _ in reversed(self._ends) if first <= on), None)

    def mfn_days(self) -> list[date]:
        """Days from which the rates that are held change, the first day of the edition not counted."""
        return [first for first, _ in self._mfn[1:]]

    def end_days(self) -> list[date]:
        """Days from which the ends of the rates change."""
        return [first for first, _, _ in self._ends]

    def placed(self) -> np.ndarray:
        """Lines whose place in every list is known; a Chinese subheading that is younger than the lists of 2018 and 2019 has none."""
        if self.importer == "US":
            return np.ones(len(self.codes), dtype=bool)
        known: np.ndarray = self.held_in_2019 & ~np.isnan(self.mfn(date(2019, 1, 1)))
        return known


@door
def lines(importer: str, *, digits: int | None = None) -> Lines:
    """All lines of one importer.

    Parameters
    ----------
    importer
        `US` or `CN`.
    digits
        for China 6 (the default: subheadings, for which trade is held) or 8 (tariff lines of 2018 and of the lists of 2025). For the United
        States 10: every code that the tariff has held since 2018, as far as we know them, and not only those of the trade of 2024, by which
        lines are averaged (the default).

    Raises
    ------
    ParameterError
        an importer that is neither.
    """
    check_importer(importer)
    if importer == "US":
        return _us_codes() if digits == hs.STATISTICAL_LINE else _us_lines()
    return _cn_tariff_lines() if digits == hs.TARIFF_LINE else _cn_lines()


@kept()
def _us_lines() -> Lines:
    table = catalogue.load("us_lines")
    codes = table["code"].to_numpy(dtype="U10")
    return Lines(
        importer="US",
        codes=codes,
        index=pd.Index(table["code"], name="code"),
        kinds=table["mfn_kind"].to_numpy(dtype=object),
        texts=table["mfn_text"].to_numpy(dtype=object),
        weights={"2024": table["imports_2024_usd"].to_numpy()},
        tariff_lines=np.where(np.char.str_len(codes) == hs.STATISTICAL_LINE, 1.0, np.nan),
        _mfn=[(catalogue.edition().evidence_from, table["mfn_frac"].to_numpy())],
    )


@kept()
def _us_codes() -> Lines:
    """Every code of chapters 1 to 97 under which goods are or were entered.

    A code has the general rate of its 8-digit line: a line that is gone, that of its heirs where they have one rate.
    """
    table, trade = catalogue.load("hts_codes"), catalogue.load("us_lines").set_index("code")
    table = table[table["is_line"] & (table["code"].str[:2] <= "97")]
    codes = table["code"].to_numpy(dtype="U10")
    by_line = trade.assign(line=trade.index.str[:8]).drop_duplicates("line").set_index("line")[["mfn_kind", "mfn_text", "mfn_frac"]]
    by_line = pd.concat([by_line, _inherited(by_line, {code[:8] for code in codes} - set(by_line.index))])
    rates = by_line.reindex(table["code"].str[:8])
    return Lines(
        importer="US",
        codes=codes,
        index=pd.Index(table["code"], name="code"),
        kinds=rates["mfn_kind"].to_numpy(dtype=object),
        texts=rates["mfn_text"].fillna("").to_numpy(dtype=object),
        weights={"2024": trade["imports_2024_usd"].reindex(table["code"]).fillna(0.0).to_numpy()},
        tariff_lines=np.where(np.char.str_len(codes) == hs.STATISTICAL_LINE, 1.0, np.nan),
        _mfn=[(catalogue.edition().evidence_from, rates["mfn_frac"].to_numpy())],
    )


def _inherited(by_line: pd.DataFrame, gone: set[str]) -> pd.DataFrame:
    """General rates of 8-digit lines that are gone: that of their heirs, where all have the same."""
    table = catalogue.load("hts_successions")
    table = table.assign(line=table["code"].str[:8], heir=table["successor"].str[:8])
    table = table[table["line"].isin(gone)].join(by_line, on="heir")
    grouped = table.groupby("line")
    one = grouped["mfn_text"].nunique(dropna=False).eq(1)
    rates = grouped[["mfn_kind", "mfn_text", "mfn_frac"]].first().where(one).reindex(sorted(gone))
    return rates.assign(
        mfn_kind=rates["mfn_kind"].fillna("not matched"),
        mfn_text=rates["mfn_text"].fillna(""),
        mfn_frac=pd.to_numeric(rates["mfn_frac"]).astype(float),
    )


@kept()
def _cn_lines() -> Lines:
    table, old = catalogue.load("cn_lines"), catalogue.load("cn_tariff_2019")
    counted = old.groupby(old["code"].str[:6]).size().reindex(table["code"]).to_numpy(dtype=float)
    # A list of 2025 may name more lines of a subheading than the tariff of 2019 held.
    listed = _listed_lines("HS 2022").reindex(table["code"]).to_numpy(dtype=float)
    return Lines(
        importer="CN",
        codes=table["code"].to_numpy(dtype="U6"),
        index=pd.Index(table["code"], name="code"),
        kinds=table["mfn_evidence"].to_numpy(dtype=object),
        texts=np.full(len(table), "", dtype=object),
        weights={"2024": table["exports_2024_usd"].to_numpy(), "2017": table["exports_2017_usd"].to_numpy()},
        tariff_lines=np.fmax(counted, listed),
        _mfn=[(item.first, item.rates) for item in chinese_rates.subheadings()],
        _ends=[(item.first, item.low, item.high) for item in chinese_rates.subheadings()],
        _general=table["mfn_frac"].to_numpy(),
    )


@kept()
def _cn_tariff_lines() -> Lines:
    parents = _cn_lines()
    newer = catalogue.load("product_scopes")
    newer = newer[newer["scope"].str.startswith("cn") & newer["code"].str.len().eq(hs.TARIFF_LINE)]
    index = pd.Index(sorted(set(catalogue.load("cn_tariff_2019")["code"]) | set(newer["code"])), name="code")
    rates = chinese_rates.tariff_lines(tuple(index))
    return Lines(
        importer="CN",
        codes=index.to_numpy(dtype="U8"),
        index=index,
        kinds=pd.Series(parents.kinds, index=parents.index).reindex(index.str[:6]).to_numpy(dtype=object),
        texts=np.full(len(index), "", dtype=object),
        weights={},
        tariff_lines=np.ones(len(index)),
        _mfn=[(item.first, item.rates) for item in rates],
        _ends=[(item.first, item.low, item.high) for item in rates],
    )


def _listed_lines(nomenclature: str) -> pd.Series:
    """How many eight-digit codes the Chinese lists of one edition name in each subheading."""
    scopes = catalogue.load("scopes").set_index("scope")["nomenclature"]
    rows = catalogue.load("product_scopes")
    rows = rows[rows["scope"].map(scopes).eq(nomenclature) & rows["code"].str.len().eq(8)].drop_duplicates("code")
    return rows.groupby(rows["code"].str[:6]).size()


@kept(maxsize=64)
def _known_lines(over: Lines, as_of: date) -> Lines:
    ends = [item for item in over._ends if item[0] <= as_of] or over._ends[:1]
    return replace(over, _mfn=[pair for pair in over._mfn if pair[0] <= as_of] or over._mfn[:1], _ends=ends)


@door
def find(code: str, importer: str) -> tuple[Lines, np.ndarray]:
    """The lines that a code names.

    Parameters
    ----------
    code
        2 to 10 digits, with or without dots; see `hs.parse_code`.
    importer
        `US` or `CN`.

    Returns
    -------
    tuple[Lines, ndarray]
        (lines, positions) : the lines of the importer, and the positions in them of every line under the code.

    Raises
    ------
    ParameterError
        a malformed code, or one that no line stands under; the message names the nearest ones.
    """
    digits = hs.parse_code(code)
    check_importer(importer)
    if importer == "CN" and len(digits) == hs.STATISTICAL_LINE:
        message = (
            f"{hs.dotted(digits)} has ten digits, as the US schedule counts; Chinese lines have eight digits or six: "
            f"ask for {hs.dotted(digits[:6])}, or for the US side with --importer US."
        )
        raise ParameterError(message)
    held = lines(importer, digits=hs.TARIFF_LINE if len(digits) == hs.TARIFF_LINE else None)
    span = hs.under(digits, held.codes)
    if span.start == span.stop:
        close = " or ".join(hs.dotted(near) for near in hs.nearest(digits, held.codes))
        kind = "US" if importer == "US" else "Chinese"
        message = f"No {kind} tariff line stands under {hs.dotted(digits)}. " + (f"The nearest: {close}." if close else "")
        raise ParameterError(message.strip())
    return held, np.arange(span.start, span.stop)


@door
def rate_evidence(importer: str) -> pd.DataFrame:
    """How the general rates of one importer are known today: one row a kind (kind, lines, trade_frac of 2024), most trade first."""
    held = lines(importer)
    known = ~np.isnan(held.mfn(catalogue.edition().evidence_through))
    words = pd.Series(held.kinds).map(_EVIDENCE[importer]).where(known, NOT_HELD)
    frame = pd.DataFrame({"kind": words, "lines": 1, "trade_frac": held.weights["2024"] / held.weights["2024"].sum()})
    return frame.groupby("kind").sum().sort_values("trade_frac", ascending=False).reset_index()


NOT_HELD = "not held"
_EVIDENCE = {
    "US": {
        "free": "free",
        "ad_valorem": "percentage",
        "specific": "specific, as a share of value by the duties of 2024",
        "compound": "compound, as a share of value by the duties of 2024",
        "other": "other, as a share of value by the duties of 2024",
        "not matched": NOT_HELD,
    },
    "CN": {
        "confirmed": "rate of 2019, confirmed for 2025",
        "derived": "derived from the total rate on US goods of 2025",
        "carried": "rate of 2019, not confirmed",
        "inferred": "inferred: all lines of the heading had it in 2019",
        "not held": NOT_HELD,
    },
}
