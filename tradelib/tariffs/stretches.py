"""The duty of many goods on many days at once: one stack for each stretch of days on which nothing changes.

A good is a set of lines; on a stretch it owes one duty, or a range of them. What is computed here for a good and a stretch is what
`explanation.explain` tells of one good and one day; a test holds the two together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, ledger, sides
from tradelib.tariffs import books, filings, headings, range_words, stacking
from tradelib.tariffs.books import Book, Step
from tradelib.tariffs.membership import Membership
from tradelib.tariffs.metal_content import ON_METAL
from tradelib.tariffs.prepared import KnownLaw
from tradelib.tariffs.stacking import Assumptions, StepEffect
from tradelib.tariffs.tariff_lines import Lines

_WORD = 62  # flags that fit into one integer
_TOLD = 5e-5  # ends nearer than this print alike


@dataclass(frozen=True, eq=False)
class Ground:
    """What the goods of one importer, at one depth of its codes, are asked about.

    Attributes
    ----------
    held, over, scopes
        the schedule, the lines and the scopes over them, as known on a day.
    starts
        first day of each stretch, in order.
    names
        what each row of the schedule is called.
    as_of
        day of knowledge.
    amounts
        as `range_words.amounts` gives them.
    """

    held: Book
    over: Lines
    scopes: Membership
    starts: tuple[date, ...]
    names: tuple[str, ...]
    as_of: date
    amounts: tuple[np.ndarray, np.ndarray]


def ground(
    importer: str, digits: int | None, *, as_of: date, standing: tuple[str, ...], rates: pd.DataFrame | Book | None = None
) -> Ground:
    """The ground of one importer; `digits` as for `tariff_lines.lines`."""
    first = catalogue.edition().evidence_from
    law = KnownLaw(importer, as_of, standing=standing, supposed=rates).over(digits)
    held, over, scopes = law.book, law.lines, law.scopes
    days = {*law.change_days(first), *_other_days(importer, over, as_of)}
    names = tuple(f"{authority}, {programme}" for authority, programme in zip(held.rows["authority"], held.rows["programme"], strict=True))
    return Ground(held, over, scopes, tuple(sorted(day for day in days if day >= first)), names, as_of, range_words.amounts(over))


def _other_days(importer: str, over: Lines, as_of: date) -> set[date]:
    """Days on which nothing but a heading changes, or an end of a Chinese duty: exclusions, waivers, and rates that are open."""
    if importer == "US":
        return headings.change_days(as_of=as_of)
    excluded = catalogue.load("wto_exclusions", as_of=as_of)["effective_on"]
    waivers = books.book(sides.pair(importer), as_of, ledger.LAW_AND_STATEMENTS).days
    return {*(day.date() for day in excluded.unique()), *waivers, *over.end_days()}


@dataclass(frozen=True, eq=False)
class Duties:
    """Duties of pairs of a good and a stretch; every array has one entry a pair, and fractions of customs value.

    Attributes
    ----------
    parts
        the most-favoured-nation rate as `mfn`, and each family; NaN where it is not known, or differs among the lines of a good.
    total
        NaN where it is not known or differs.
    low, high
        over the lines of the good and over what the law leaves open; NaN where an end is not known.
    is_mixed
        what is due is a range: the lines owe different duties, or an amount a unit besides; `high` is NaN for the latter.
    headings
        for each family the number of a text in `texts`: chapter 99 headings of its duties on the first line.
    filing
        number of a text: all headings in order of filing, claimed ones among them.
    notes
        number of a text.
    texts
        headings and notes; the first is empty.
    """

    parts: dict[str, np.ndarray]
    total: np.ndarray
    low: np.ndarray
    high: np.ndarray
    is_mixed: np.ndarray
    headings: dict[str, np.ndarray]
    filing: np.ndarray
    notes: np.ndarray
    texts: list[str]


def duties(
    base: Ground, goods: Sequence[np.ndarray], good: np.ndarray, stretch: np.ndarray, *, assumptions: Assumptions, texts: "Texts"
) -> Duties:
    """Duties of pairs of a good and a stretch.

    Parameters
    ----------
    base
        the ground.
    goods
        positions of the lines of each good, at least one.
    good, stretch
        numbers of the good and the stretch of each pair.
    assumptions
        what the law leaves open.
    texts
        where texts are kept, each once.
    """
    size = len(good)
    found = Duties(
        parts={name: np.full(size, np.nan) for name in ("mfn", *base.held.families)},
        total=np.full(size, np.nan),
        low=np.full(size, np.nan),
        high=np.full(size, np.nan),
        is_mixed=np.zeros(size, dtype=bool),
        headings={family: np.zeros(size, dtype=np.int32) for family in base.held.families},
        filing=np.zeros(size, dtype=np.int32),
        notes=np.zeros(size, dtype=np.int32),
        texts=texts.all,
    )
    together = _Goods.of(goods)
    order = np.argsort(stretch, kind="stable")
    bounds = np.flatnonzero(np.diff(stretch[order])) + 1
    for pairs in np.split(order, bounds):
        if len(pairs):
            _fill(found, pairs, together.chosen(good[pairs]), base.starts[stretch[pairs[0]]], base, assumptions, texts)
    return found


@dataclass(frozen=True, eq=False)
class _Goods:
    """Lines of several goods, one behind the other: where those of each begin, and how many they are."""

    flat: np.ndarray
    first: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, goods: Sequence[np.ndarray]) -> "_Goods":
        sizes = np.array([len(item) for item in goods], dtype=np.int64)
        flat = np.concatenate(goods) if len(goods) else np.array([], dtype=np.int64)
        return cls(flat, np.cumsum(sizes) - sizes, sizes)

    def chosen(self, numbers: np.ndarray) -> "_Goods":
        """Some of the goods, in the order given."""
        sizes = self.sizes[numbers]
        first = np.cumsum(sizes) - sizes
        places = np.repeat(self.first[numbers] - first, sizes) + np.arange(sizes.sum())
        return _Goods(self.flat[places], first, sizes)


class Texts:
    """Texts kept once each, by number; number 0 is the empty one."""

    def __init__(self) -> None:
        self.all = [""]
        self._numbers = {"": 0}

    def number(self, text: str) -> int:
        """Number of a text."""
        number = self._numbers.setdefault(text, len(self.all))
        if number == len(self.all):
            self.all.append(text)
        return number


def _fill(found: Duties, pairs: np.ndarray, goods: "_Goods", on: date, base: Ground, assumptions: Assumptions, texts: Texts) -> None:
    """Write the duties of the pairs of one stretch."""
    sizes, flat, first = goods.sizes, goods.flat, goods.first
    effects: list[StepEffect] = []
    layers = stacking.stack(base.held, base.over, base.scopes, on=on, assumptions=assumptions, effects=effects)
    mfn = base.over.mfn(on)
    total = mfn + stacking.added(layers, len(mfn))
    for name, rates in {"mfn": mfn, **layers}.items():
        found.parts[name][pairs] = _same(rates[flat], first)[0]
    additional = stacking.added(layers, len(mfn))
    ends = range_words.ends(base.held, base.over, base.scopes, on=on, as_of=base.as_of, assumptions=assumptions, duty=additional)
    floor, beside = base.amounts
    is_amount = np.isnan(mfn) & ~np.isnan(floor)
    least = np.where(is_amount, floor, mfn) + additional  # of each line, under the assumptions
    found.total[pairs], is_same, is_known = _same(total[flat], first)
    has_amount = np.logical_or.reduceat(is_amount[flat], first)
    if has_amount.any():
        alike, floors_known = _same(least[flat], first)[1:]
        alike &= _same(np.where(is_amount, pd.factorize(beside)[0], -1)[flat].astype(float), first)[1]
        is_same, is_known = np.where(has_amount, alike, is_same), np.where(has_amount, floors_known, is_known)
    found.is_mixed[pairs] = (~is_same | has_amount) & is_known
    lowest, highest = base.over.mfn_ends(on)
    low, high = ends.low + np.where(is_amount, floor, lowest), ends.high + np.where(is_amount, np.nan, highest)
    widest = _widest(np.round(high - low, stacking.DECIMALS)[flat], first, sizes)
    low, high = np.minimum.reduceat(low[flat], first), np.maximum.reduceat(high[flat], first)
    found.low[pairs], found.high[pairs] = np.round(low, stacking.DECIMALS), np.round(high, stacking.DECIMALS)
    lead = flat[np.where(is_same, widest, first)]  # as `explain`: of lines that owe the same the one of which most is open
    is_one = (sizes == 1) | is_same
    on_lead = filings.filed(effects, lead, base.held, base.scopes, size=len(mfn), on=on, as_of=base.as_of, assumptions=assumptions)
    for family in base.held.families:
        numbers = _headings([item for item in on_lead if item.family == family and item.role == headings.DUTY], texts, len(lead))
        found.headings[family][pairs] = np.where(is_one, numbers, 0)
    found.filing[pairs] = np.where(is_one, _headings(on_lead, texts, len(lead)), 0)
    notes = _notes(effects, lead, on, base, assumptions, texts)
    for at in np.flatnonzero(~is_same | has_amount):
        of = flat[first[at] : first[at] + sizes[at]]
        by_line = range_words.by_line(base.over.codes[of], least[of], [str(beside[line]) if is_amount[line] else "" for line in of])
        notes[at] = texts.number("; ".join(filter(None, (by_line, texts.all[notes[at]] if is_same[at] else ""))))
    is_wider = (low < np.minimum.reduceat(least[flat], first) - _TOLD) | (high > np.maximum.reduceat(least[flat], first) + _TOLD)
    open_, words = range_words.open_words(low, high, np.bitwise_or.reduceat(ends.why[flat], first), is_wider)
    found.notes[pairs] = _joined(notes, open_, words, texts)


def _widest(spread: np.ndarray, first: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Place of the first line of each good whose ends lie farthest apart; of its first line where none are known."""
    known = np.nan_to_num(spread, nan=-1.0)
    is_most = known == np.repeat(np.maximum.reduceat(known, first), sizes)
    return np.asarray(np.minimum.reduceat(np.where(is_most, np.arange(len(known)), len(known)), first))


def _joined(notes: np.ndarray, more: np.ndarray, words: list[str], texts: Texts) -> np.ndarray:
    """Numbers of notes with words behind them; each pair of the two is made once."""
    distinct, which = np.unique(notes.astype(np.int64) * len(words) + more, return_inverse=True)
    pairs = [divmod(key, len(words)) for key in distinct.tolist()]
    numbers = [texts.number("; ".join(filter(None, (texts.all[note], words[word])))) for note, word in pairs]
    return np.array(numbers, dtype=np.int32)[which]


def _same(rates: np.ndarray, first: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(rate of each good where its lines owe the same, else NaN; whether they do; whether all are known)."""
    lowest, highest = np.minimum.reduceat(rates, first), np.maximum.reduceat(rates, first)
    unknown = np.add.reduceat(np.isnan(rates).astype(np.int64), first)
    sizes = np.diff(np.append(first, len(rates)))
    is_same = np.where(unknown > 0, unknown == sizes, highest - lowest < 10.0**-stacking.DECIMALS)
    return np.where(is_same, np.round(rates[first], stacking.DECIMALS), np.nan), is_same, unknown == 0


def _headings(found: list[filings.Filed], texts: Texts, size: int) -> np.ndarray:
    """Numbers of the texts that name the headings on each line: those claimed for what is not due are marked."""
    words = [item.heading if item.role == headings.DUTY else f"{item.heading} (claimed)" for item in found]
    return _numbered(
        [item.lines for item in found], size, lambda chosen: texts.number("; ".join(dict.fromkeys(words[at] for at in chosen)))
    )


def _notes(effects: list[StepEffect], lead: np.ndarray, on: date, base: Ground, assumptions: Assumptions, texts: Texts) -> np.ndarray:
    """Numbers of the texts that say what the law leaves open on each line."""
    flags, words, size = [], [], len(base.over.codes)

    def say(flag: np.ndarray, text: str) -> None:
        if flag.any():
            flags.append(flag)
            words.append(text)

    for effect in effects:
        step, name = effect.step, base.names[effect.step.row]
        unknown = np.isnan(effect.offered)
        if unknown.any():
            unnamed = step.basis == "to_be_announced" or np.isnan(step.rate_frac)
            why = "a rate is announced and not named" if unnamed else "whether this list covers the code cannot be told"
            say(filings.at(effect.positions, unknown, lead, size), f"{name}: {why}")
        reached = filings.at(effect.positions, True, lead, size)
        might = _reached(step, on, base, lead, partial=True)
        say(might & ~reached, f"{name}: may fall on part of the goods of this line, not counted")
        applies = effect.applied > 0
        if not applies.any():
            continue
        applied = filings.at(effect.positions, applies, lead, size)
        if step.exempt and not assumptions.partial_exemptions:
            stays = _reached(step, on, base, lead, partial=assumptions.partial_duties)
            say(applied & ~stays, f"{name}: part of the goods of this line may be exempt, not counted")
        if step.basis in ON_METAL:
            metal = "of which a share by industry is estimated" if assumptions.metal_content_frac is None else "at the share given"
            say(applied & ~base.over.is_metal[lead], f"{name}: on the metal alone, {metal}")
    return _numbered(flags, len(lead), lambda chosen: texts.number("; ".join(dict.fromkeys(words[at] for at in chosen))))


def _reached(step: Step, on: date, base: Ground, lead: np.ndarray, *, partial: bool) -> np.ndarray:
    """Whether a step falls on each line when goods that are exempt in part are counted as exempt."""
    exempt = base.held.exemptions(step, on) if step.exempt else ()
    positions, _ = base.scopes.net(step.scopes, exempt, on=on, partial=partial, partial_exempt=True)
    return filings.at(positions, True, lead, len(base.over.codes))


def _numbered(flags: list[np.ndarray], size: int, number: Callable[[list[int]], int]) -> np.ndarray:
    """A number for every line by the set of its flags; lines with the same set are asked about once."""
    result = np.zeros(size, dtype=np.int64)
    for start in range(0, len(flags), _WORD):
        bits = sum((flag.astype(np.int64) << place for place, flag in enumerate(flags[start : start + _WORD])), np.zeros(size, np.int64))
        _, result = np.unique(np.column_stack([result, bits]), axis=0, return_inverse=True) if start else (None, bits)
    _, lead, which = np.unique(result, return_index=True, return_inverse=True)
    if len(flags) == 0:
        return np.zeros(size, dtype=np.int32)
    numbers = [number([place for place, flag in enumerate(flags) if flag[at]]) for at in lead]
    return np.array(numbers, dtype=np.int32)[which]
