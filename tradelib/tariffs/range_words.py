"""What a range says of itself: what the lines owe one by one, and between what it lies as the law's open questions are answered."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from tradelib import hs
from tradelib.tariffs import granted, mixtures, stacking
from tradelib.tariffs.books import Book
from tradelib.tariffs.membership import Membership
from tradelib.tariffs.rates import open_choices
from tradelib.tariffs.stacking import Assumptions
from tradelib.tariffs.tariff_lines import Lines

# Why a duty has two ends, one bit each.
REASONS = ("waivers", "exclusions", "goods covered in part", "goods exempt in part", "the general rate")
_OF_CHOICE = {"partial_duties": 1 << 2, "partial_exemptions": 1 << 3}
_GENERAL = 1 << 4
_SAME = 10.0**-stacking.DECIMALS
_SCALE = 10**6


@dataclass(frozen=True, eq=False)
class Ends:
    """Between what the additional duties of each line lie; one entry a line.

    Attributes
    ----------
    low, high
        ends over every way to count what the law leaves open; NaN where one is not known.
    why
        which of `REASONS` make the ends of the whole duty differ, as bits.
    """

    low: np.ndarray
    high: np.ndarray
    why: np.ndarray


def ends(held: Book, over: Lines, scopes: Membership, *, on: date, as_of: date, assumptions: Assumptions, duty: np.ndarray) -> Ends:
    """The ends of the additional duties of every line, and why the whole duty has two.

    Parameters
    ----------
    duty
        additional duties of each line under `assumptions`.
    """
    due = {}
    for choice in open_choices(over.importer, assumptions):
        if choice == assumptions:
            due[choice] = duty
        else:
            due[choice] = stacking.added(stacking.stack(held, over, scopes, on=on, assumptions=choice), len(duty))
    due.setdefault(assumptions, duty)
    low, high = np.minimum.reduce(list(due.values())), np.maximum.reduce(list(due.values()))
    least, most = over.mfn_ends(on)
    why = np.where(most - least > _SAME, _GENERAL, 0)
    for one, rates in due.items():
        for other, others in due.items():
            moved = [name for name in (*_OF_CHOICE, "exclusions") if getattr(one, name) != getattr(other, name)]
            if len(moved) == 1 and (apart := np.abs(rates - others) > _SAME).any():
                why |= np.where(apart, _OF_CHOICE.get(moved[0]) or _taken_off(over, on, as_of), 0)
    return Ends(low, high, why)


def _taken_off(over: Lines, on: date, as_of: date) -> np.ndarray:
    """Bits of what may take China's answer to Section 301 off each line."""
    excluded = granted.excluded(over, on, as_of) > 0
    waived = granted.waivers_hold(on, as_of)
    return np.where(excluded, 1 << 1, 0) | (1 if waived else 0)


def open_words(low: np.ndarray, high: np.ndarray, why: np.ndarray, told: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """(number of the text of each duty, the texts): what its two ends are; the empty text, number 0, where that is not to be told.

    Parameters
    ----------
    low, high
        the ends; a `high` that is not known makes the first the least.
    why
        bits of `REASONS`.
    told
        where to tell it.
    """
    differ = told & ~np.isnan(low)
    scaled = [np.round(np.where(differ, np.nan_to_num(end), 0.0) * _SCALE).astype(np.int64) for end in (low, high)]
    width = int(scaled[1].max(initial=0)) + 2
    scaled[1] = np.where(np.isnan(high), width - 1, scaled[1])  # one more than any that is known
    keys = np.where(differ, ((scaled[0] * width + scaled[1]) << len(REASONS)) | why, -1)
    distinct, which = np.unique(np.append(keys, -1), return_inverse=True)
    texts = [""]
    for key in distinct[1:].tolist():
        first, last = divmod(key >> len(REASONS), width)
        end = np.nan if last == width - 1 else last / _SCALE
        texts.append(_open(first / _SCALE, end, key & ((1 << len(REASONS)) - 1)))
    return which[:-1], texts


def _open(low: float, high: float, why: int) -> str:
    reasons = ", ".join(reason for place, reason in enumerate(REASONS) if why >> place & 1)
    between = f"at least {_percent(low)}" if np.isnan(high) else f"{_percent(low)} to {_percent(high)}"
    return f"counting what the law leaves open{f' ({reasons})' if reasons else ''}: {between}"


def by_line(codes: np.ndarray, rates: np.ndarray, amounts: list[str]) -> str:
    """What lines owe, in words.

    Parameters
    ----------
    codes
        of the lines.
    rates
        what each owes, of one with an amount a unit what it owes at least; NaN where that is not known.
    amounts
        the amount a unit beside it, such as `1.4¢/kg`; empty for none.
    """
    known = np.flatnonzero(~np.isnan(rates))
    if len(rates) == 1 or (len(known) == len(rates) and any(amounts) and len(set(amounts)) == 1 and np.ptp(rates) < _SAME):
        lead = "at least " if len(known) else ""
        rate = _percent(rates[0]) if len(known) else "a rate that is not known"
        return f"{lead}{rate} and {amounts[0]}: the general rate holds an amount a unit, whose share of the value is not known"
    if not len(known):
        return f"the duty of its {len(rates)} lines is not known"
    lowest, highest = known[np.argmin(rates[known])], known[np.argmax(rates[known])]
    first, last = (f"{_percent(rates[at])} ({hs.dotted(str(codes[at]))})" for at in (lowest, highest))
    unknown, size = len(rates) - len(known), len(rates)
    lead = f"by line, its {size} lines owe"
    if unknown:
        lead = f"the duty of {unknown} of its {size} lines is not known; by line, the others owe"
    told = [amount for amount in amounts if amount]
    if told:
        owe = "owes" if len(told) == 1 else "owe"
        besides = f"{len(told)} of its {size} lines {owe} an amount a unit besides, such as {told[0]}"
        return f"{lead} at least {first}; {besides}, whose share of the value is not known"
    return f"{lead} from {first} to {last}"


def _percent(rate: float) -> str:
    return f"{100 * rate:.4g}%"


def amounts(over: Lines) -> tuple[np.ndarray, np.ndarray]:
    """(share of the value that stands beside an amount a unit in each general rate, NaN where there is none; the amount)."""
    floor, beside = np.full(len(over.codes), np.nan), np.full(len(over.codes), "", dtype=object)
    for at in np.flatnonzero(np.isin(over.kinds, mixtures.SPECIFIC)):
        text = str(over.texts[at])
        if text:
            floor[at], beside[at] = mixtures.percentage(text), mixtures.beside(text)
    return floor, beside
