"""Which lines a scope covers on a day of entry, and how much of each.

A share of 1 is a whole line, 0 none of it. A Chinese subheading of which a list names two of five tariff lines has 0.4. Goods that a
text only describes, or that are covered only with a certain use, are no whole line: they count as 0, or as 1 where a caller asks
for the opposite. NaN: whether a list covers the line is not known, as for a code that is younger than the list.

Lists hold the day on which a code joins or leaves, and not the day on which that was announced. A change on a day after the day of
knowledge therefore counts only where a legal text known on it sets a duty or an exclusion for that very day.
"""

import bisect
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from tradelib import catalogue, hs
from tradelib.kept import kept
from tradelib.tariffs import chinese_rates
from tradelib.tariffs import granted as granted_exclusions
from tradelib.tariffs.law import COUNTRY_WIDE
from tradelib.tariffs.layers import Remembered
from tradelib.tariffs.scope_rows import NOTHING, breaks_by_scope, known_breaks, rows_by_scope, scope_facts
from tradelib.tariffs.successions import kin
from tradelib.tariffs.tariff_lines import Lines, lines

# Chapters 98 and 99 are entered under their own rules: a scope that covers every good ends with chapter 97.
_LAST_CHAPTER = "97"
_OLD_EDITION = "HS 2017"
_LITERAL = "codes:"
_Key = tuple[object, ...]
_DAYS_KEPT = 1024


def literal_scope(codes: list[str]) -> str:
    """Name of a scope that is no list of law but these product codes; for schedules of another making.

    Examples
    --------
    >>> literal_scope(["847130", "8517"])
    'codes:847130,8517'
    """
    return _LITERAL + ",".join(codes)


def reaches(code: str, importer: str) -> bool:
    """Whether a product code names a line of an importer, or one whose number its own became or came from."""
    held = lines(importer).codes
    at = int(np.searchsorted(held, code))
    if at < len(held) and str(held[at]).startswith(code):  # as most do, and a file may name thousands
        return True
    named, full = np.array([code], dtype="U10"), np.ones(1, dtype=bool)
    finest = hs.STATISTICAL_LINE if importer == "US" else hs.TARIFF_LINE
    return any(bool(_cover(named, full, lines(importer, digits=digits))[1].any()) for digits in (None, finest))


class Membership:
    """Scopes laid over the lines of one importer; answers are kept, so that asking again costs nothing.

    Parameters
    ----------
    over
        the lines of one importer.
    forgotten
        changes of a scope that do not count, as ordinals of their days, by scope.
    whole
        the scopes as they are held: what was answered of them, and of others with the same changes, is not worked out again.
    as_of
        day of knowledge, for exclusions that are granted; by default the last day of the edition.
    """

    def __init__(
        self,
        over: Lines,
        forgotten: Mapping[str, frozenset[int]] | None = None,
        whole: "Membership | None" = None,
        as_of: date | None = None,
    ) -> None:
        self._lines = over
        self._as_of = as_of
        self._forgotten = forgotten or {}
        self._scopes = scope_facts()
        self._rows = rows_by_scope()
        breaks = breaks_by_scope()
        self._told = breaks | {scope: [day for day in breaks[scope] if day not in days] for scope, days in self._forgotten.items()}
        self._days: dict[tuple[tuple[str, ...], tuple[str, ...], date], tuple[tuple[int, ...], ...]] = {}
        self._shares: dict[_Key, np.ndarray] = {} if whole is None else whole._shares
        self._nets: dict[_Key, tuple[np.ndarray, np.ndarray]] = {} if whole is None else whole._nets
        self._alike: dict[_Key, list[tuple[np.ndarray, np.ndarray]]] = {} if whole is None else whole._alike
        self.remembered: Remembered = Remembered(len(over.codes)) if whole is None else whole.remembered

    def title(self, scope: str) -> str:
        """What a scope covers, in words."""
        return f"goods of {_words(scope)}" if scope.startswith(_LITERAL) else self._scopes[scope]["what"]

    def held(self, scope: str) -> bool:
        """Whether the codes of a scope are held, or it needs none."""
        return scope.startswith(_LITERAL) or self._scopes[scope]["held"] != "none"

    def granted(self, on: date, exclusions: str) -> np.ndarray:
        """Share of China's answer to Section 301 that exclusions and waivers take off each line; see `granted.shares`."""
        as_of = self._as_of or catalogue.edition().evidence_through
        return granted_exclusions.shares(self._lines, on=on, as_of=as_of, exclusions=exclusions)

    def taken_off(self, on: date) -> tuple[bytes, ...]:
        """All that `granted` depends on but for the choice: the shares under each, none for the United States."""
        if self._lines.importer != "CN":
            return ()
        return tuple(hashlib.sha256(self.granted(on, way).tobytes()).digest() for way in granted_exclusions.EXCLUSIONS[1:])

    def change_days(self, scopes: set[str]) -> list[date]:
        """Days on which any of some scopes gains or loses codes."""
        named = [scope for scope in scopes if scope in self._told]
        return [date.fromordinal(day) for scope in named for day in known_breaks(scope, self._forgotten.get(scope, NOTHING))]

    def net(
        self,
        scopes: tuple[str, ...],
        exempt: tuple[str, ...],
        *,
        on: date,
        partial: bool,
        partial_exempt: bool,
        claimed: tuple[tuple[str, float], ...] = (),
    ) -> tuple[np.ndarray, np.ndarray]:
        """Lines that scopes cover less what is exempt.

        Parameters
        ----------
        scopes, exempt
            names of scopes; those without held codes cover nothing.
        on
            day of entry.
        partial, partial_exempt
            count described goods and uses as whole lines, in `scopes` and in `exempt`.
        claimed
            for some of `exempt`, the share of a line of described goods that counts as exempt.

        Returns
        -------
        tuple[ndarray, ndarray]
            (positions, shares) : the lines with a share above 0, as arrays of one length.
        """
        key = (scopes, exempt, self._told_of(scopes, exempt, on), partial, partial_exempt, claimed)
        if key not in self._nets:
            share = self._union(scopes, on, partial)
            # Where part of a subheading is covered and part exempt, the exempt part lies inside the covered one.
            net = np.maximum(share - self._left_out(exempt, on, partial_exempt, claimed), 0.0) if exempt else share
            positions = np.flatnonzero(net != 0)  # of truths it is found several times faster than of numbers; NaN is one
            self._nets[key] = self._same_as_before(key[:3], (positions, net[positions]))
        return self._nets[key]

    def _same_as_before(self, key: _Key, net: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """A net, or the one of the same scopes under another choice where that covers the same: what rests on it is then the same."""
        held = self._alike.setdefault(key, [])
        found = next((one for one in held if np.array_equal(one[0], net[0]) and np.array_equal(one[1], net[1])), None)
        if found is None:
            held.append(net)
        return found or net

    def share(self, scope: str, *, on: date, partial: bool) -> np.ndarray:
        """Share of every line that one scope covers."""
        key = (scope, self.told(scope, on), partial)
        if key not in self._shares:
            sure, possible = self._measure(scope, on)
            self._shares[(*key[:2], False)] = sure
            self._shares[(*key[:2], True)] = possible
        return self._shares[key]

    def _union(self, scopes: tuple[str, ...], on: date, partial: bool) -> np.ndarray:
        covered = np.zeros(len(self._lines.codes))
        for scope in scopes:
            np.maximum(covered, self.share(scope, on=on, partial=partial), out=covered)
        return covered

    def _left_out(self, exempt: tuple[str, ...], on: date, partial: bool, claimed: tuple[tuple[str, float], ...]) -> np.ndarray:
        left_out = self._union(exempt, on, partial)
        for scope, share in claimed:
            sure, possible = (self.share(scope, on=on, partial=way) for way in (False, True))
            np.maximum(left_out, sure + share * (possible - sure), out=left_out)
        return left_out

    def _told_of(self, scopes: tuple[str, ...], exempt: tuple[str, ...], on: date) -> tuple[tuple[int, ...], ...]:
        """What is `told` of several scopes; a day of entry is asked under many choices."""
        key = (scopes, exempt, on)
        if key not in self._days:
            if len(self._days) >= _DAYS_KEPT:
                self._days.clear()
            self._days[key] = tuple(self.told(scope, on) for scope in (*scopes, *exempt))
        return self._days[key]

    def told(self, scope: str, on: date) -> tuple[int, ...]:
        """Days on which the scope has changed by a day of entry, as far as they count: what it covers depends on nothing else."""
        days = self._told.get(scope, ())
        return tuple(days[: bisect.bisect_right(days, on.toordinal())])

    def _measure(self, scope: str, on: date) -> tuple[np.ndarray, np.ndarray]:
        """(share surely covered, share possibly covered) of every line."""
        codes = self._lines.codes
        if scope == COUNTRY_WIDE:
            share = (codes.astype("U2") <= _LAST_CHAPTER).astype(float)
            return share, share
        if not self.held(scope):
            nothing = np.zeros(len(codes))
            return nothing, nothing
        if scope.startswith(_LITERAL):
            codes_of_scope = np.array(scope.removeprefix(_LITERAL).split(","), dtype="U10")
            return _cover(codes_of_scope, np.ones(len(codes_of_scope), dtype=bool), self._lines)
        named, full = self._rows[scope].on(on, self._forgotten.get(scope, NOTHING))
        if self._lines.importer == "CN" and codes.dtype == np.dtype("U8"):
            return self._chinese_tariff_lines(scope, named, full)
        sure, possible = _cover(named, full, self._lines)
        if self._lines.importer == "CN":
            _by_trade(named, full, self._scopes[scope]["nomenclature"], self._lines, sure, possible)
        if self._scopes[scope]["nomenclature"] == _OLD_EDITION:
            # A code younger than the list: whether the list covers it is not known, and must not look like no.
            younger = ~self._lines.placed() & (codes.astype("U2") <= _LAST_CHAPTER)
            sure[younger] = possible[younger] = np.nan
            _inherit(sure, possible, self._lines)
        return sure, possible

    def _chinese_tariff_lines(self, scope: str, codes: np.ndarray, full: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Shares of eight-digit lines: by the line where list and line are of one edition, by their subheading where it is all or none."""
        parents, places = lines("CN"), _places(self._lines)
        sure_above, possible_above = _spread(codes, full, parents)
        inherited = _inherit(sure_above, possible_above, parents)
        of_edition, might = places.of_parents(np.nan_to_num(sure_above)), places.of_parents(possible_above)
        whole = codes[full].astype("U8")
        named = np.isin(self._lines.codes, whole)
        # The lists of 2018 and 2019 and the lines of that tariff are of one edition: a line not named is not covered.
        old = self._scopes[scope]["nomenclature"] == _OLD_EDITION
        decided = old & self._lines.placed()
        sure = np.where(named | (of_edition == 1.0), 1.0, 0.0)
        # A line split from an older one is covered as that was: 12019011 as 12019010.
        split_off = places.split_off & old
        inherits = split_off & np.isin(places.source, whole)
        listed_in_part = np.isin(places.subheadings, codes[~full].astype("U6"))
        possible = np.where(named | ((might > 0) & (~decided | listed_in_part)), 1.0, 0.0)
        sure, possible = np.where(inherits, 1.0, sure), np.where(inherits, 1.0, possible)
        possible = np.maximum(sure, possible)
        # A newer line of a subheading that an old list covers in part, or does not know: nobody can say.
        parent_placed = places.of_parents(parents.placed() | inherited, missing=True)
        split = (of_edition > 0) & (of_edition < 1)
        unknown = old & ~decided & ~named & ~split_off & (~parent_placed | split)
        sure[unknown] = possible[unknown] = np.nan
        return sure, possible


class Few(Membership):
    """Scopes laid over some of the lines.

    Parameters
    ----------
    of
        the scopes over all lines.
    over, at
        the lines that count, and their places among all.
    kin
        scopes over the same few lines with other changes, whose answers are shared.
    """

    def __init__(self, of: Membership, over: Lines, at: np.ndarray, kin: Membership | None = None) -> None:
        super().__init__(over, of._forgotten, kin, of._as_of)
        self._of, self._at = of, at

    def share(self, scope: str, *, on: date, partial: bool) -> np.ndarray:
        """Share of each of the lines that one scope covers."""
        key = (scope, self.told(scope, on), partial)
        if key not in self._shares:
            self._shares[key] = self._of.share(scope, on=on, partial=partial)[self._at]
        return self._shares[key]


def _cover(prefixes: np.ndarray, full: np.ndarray, over: Lines) -> tuple[np.ndarray, np.ndarray]:
    """Shares of lines that the codes of a scope cover: by name, or by a number that a line's number became or came from."""
    sure, possible = _spread(prefixes, full, over)
    if over.importer == "US":
        family = kin(over)
        for share, told in zip((sure, possible), family.shares(*_spread(prefixes, full, family.lines)), strict=True):
            share[family.at] = np.maximum(share[family.at], told[family.node])
    return sure, possible


def _inherit(sure: np.ndarray, possible: np.ndarray, over: Lines) -> np.ndarray:
    """Cover Chinese subheadings of the 2022 edition as those their goods came from, where these are all covered whole or all not.

    Writes into the shares; returns which subheadings were decided.
    """
    decided = np.zeros(len(over.codes), dtype=bool)
    for at, before in _origins(over):
        shares = {*sure[before], *possible[before]}
        if shares in ({0.0}, {1.0}):
            sure[at] = possible[at] = shares.pop()
            decided[at] = True
    return decided


@kept(maxsize=8)
def _origins(over: Lines) -> list[tuple[int, np.ndarray]]:
    """Places of the Chinese subheadings that no list of 2018 and 2019 can place, each with those that its goods came from, all placed."""
    placed, found = over.placed(), []
    places = {code: place for place, code in enumerate(over.codes.tolist())}
    for subheading, origins in chinese_rates.subheading_origins().items():
        at, *before = (places.get(code, -1) for code in (subheading, *origins))
        if at >= 0 and not placed[at] and min(before) >= 0 and placed[before].all():
            found.append((at, np.array(before)))
    return found


@dataclass(frozen=True, eq=False)
class _Places:
    """Where Chinese eight-digit lines come from.

    Attributes
    ----------
    subheadings
        of each line, six digits.
    source
        the line of 2019 that each was split from; empty where there is none.
    split_off
        whether there is one.
    """

    subheadings: np.ndarray
    source: np.ndarray
    split_off: np.ndarray
    _parents: np.ndarray

    def of_parents(self, values: np.ndarray, *, missing: float = np.nan) -> np.ndarray:
        """For each line what holds of its subheading among those with trade; `missing` where it is none of them."""
        taken: np.ndarray = np.where(self._parents < 0, missing, values[self._parents]).astype(values.dtype)
        return taken


@kept(maxsize=8)
def _places(over: Lines) -> _Places:
    source = chinese_rates.predecessors(over.index, over.index[over.held_in_2019]).to_numpy(dtype="U8")
    parents = lines("CN").index.get_indexer(over.index.str[:6])
    return _Places(over.codes.astype("U6"), source, source != "", parents)


def _by_trade(codes: np.ndarray, full: np.ndarray, nomenclature: str, over: Lines, sure: np.ndarray, possible: np.ndarray) -> None:
    """Where it is known which lines of a subheading carry its trade, they alone count, and not how many lines a list names."""
    carried = _carriers().get(nomenclature, {})
    if not carried:
        return
    subheadings, named = codes.astype("U6"), set(codes[full].tolist())
    for subheading, lines_of in carried.items():
        inside = subheadings == subheading
        if not inside.any() or subheading in named:
            continue
        at = np.searchsorted(over.codes, subheading)
        sure[at] = np.mean([code in named for code in lines_of])
        possible[at] = max(sure[at], possible[at] if (inside & ~full).any() else 0.0)


@kept()
def _carriers() -> dict[str, dict[str, list[str]]]:
    """Lines that carry the trade of each subheading of which that is known, by edition of the nomenclature."""
    found: dict[str, dict[str, list[str]]] = {}
    for code, nomenclature in chinese_rates.line_trade()[["code", "nomenclature"]].itertuples(index=False):
        found.setdefault(nomenclature, {}).setdefault(code[:6], []).append(code)
    return found


def _spread(prefixes: np.ndarray, full: np.ndarray, over: Lines) -> tuple[np.ndarray, np.ndarray]:
    """Shares of lines under the codes of a scope; the longest code decides."""
    codes = over.codes
    sure, possible = np.zeros(len(codes)), np.zeros(len(codes))
    lengths = np.char.str_len(prefixes)
    for length in np.unique(lengths):
        chosen = lengths == length
        first, past = hs.ranges(prefixes[chosen].astype(f"U{length}"), over.wide)
        count = past - first
        under = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
        sure[under] = np.repeat(full[chosen], count)
        possible[under] = 1.0
    longer = lengths > over.depths[0]
    if longer.any():
        _add_parts(prefixes[longer], full[longer], over, sure, possible)
    return sure, possible


def _add_parts(prefixes: np.ndarray, full: np.ndarray, over: Lines, sure: np.ndarray, possible: np.ndarray) -> None:
    """Codes of a scope that stand inside a line: the line is covered by as many parts as are named."""
    for length in over.depths:
        inside = np.char.str_len(prefixes) > length
        parents, which = np.unique(prefixes[inside].astype(f"U{length}"), return_inverse=True)
        position = np.searchsorted(over.codes, parents)
        found = (position < len(over.codes)) & (over.codes[np.minimum(position, len(over.codes) - 1)] == parents)
        named_full = np.bincount(which, weights=full[inside], minlength=len(parents))[found]
        named_part = np.bincount(which, weights=~full[inside], minlength=len(parents))[found]
        at = position[found]
        parts = over.tariff_lines[at]
        counted = np.minimum(np.nan_to_num(named_full / parts), 1.0)
        whole_before = sure[at] == 1.0
        sure[at] = np.where(whole_before & (named_part > 0), 0.0, np.maximum(sure[at], counted))
        possible[at] = np.where(np.isnan(parts) | (named_part > 0), 1.0, np.maximum(possible[at], counted))


def _words(scope: str) -> str:
    return ", ".join(hs.dotted(code) for code in scope.removeprefix(_LITERAL).split(","))


@kept()
def membership(importer: str, digits: int | None = None) -> Membership:
    """Scopes laid over all lines of one importer, as they are held today; see `tariff_lines.lines`."""
    return Membership(lines(importer, digits=digits))


@kept(maxsize=128)
def known_membership(importer: str, digits: int | None, as_of: date, days: frozenset[date]) -> Membership:
    """Scopes laid over all lines of one importer, as known on a day.

    Parameters
    ----------
    as_of
        day of knowledge.
    days
        later days for which a text known on it sets a duty or an exclusion.
    """
    whole, known = membership(importer, digits), as_of.toordinal()
    allowed = {day.toordinal() for day in days}
    later = {scope: [day for day in breaks if day > known and day not in allowed] for scope, breaks in breaks_by_scope().items()}
    forgotten = {scope: frozenset(found) for scope, found in later.items() if found}
    if not forgotten and importer == "US":
        return whole
    return Membership(lines(importer, digits=digits), forgotten, whole, as_of)
