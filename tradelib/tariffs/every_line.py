"""The duty of every line of one importer's schedule as a book: what is due and why, what was due, and what the law says is next.

Answers as `explanation.explain` gives them for one good, and as `rates.line_rates` gives them for all, worked out at once: a test holds
them together.
"""

from dataclasses import dataclass
from datetime import date
from itertools import takewhile

import numpy as np
import pandas as pd

from tradelib import catalogue, hs, ledger
from tradelib.doors import LATEST, Day, door, opened
from tradelib.shown import Shown
from tradelib.tariffs import codes, mixtures, stacking, stretches
from tradelib.tariffs.law import check_importer
from tradelib.tariffs.stacking import DECIMALS, DEFAULT, ROUNDING
from tradelib.tariffs.stretches import Ground

# The month before the duties of 2025 began.
BEFORE = date(2025, 1, 1)
_SUBHEADING = 6
_DEPTHS = {"US": (hs.STATISTICAL_LINE,), "CN": (hs.TARIFF_LINE, None)}
# Between the parts of a text, from the heading down.
STEP = " > "
LAYERS = [
    "stack", "measure_id", "family", "authority", "programme", "announced_frac", "basis", "heading", "effective_from",
    "effective_to", "instrument", "url", "known_on",
]  # fmt: skip
# Steps of the schedule that are due together, the headings of each, all headings in order of filing: with the number of the stack.
Stacks = dict[tuple[tuple[int, ...], tuple[str, ...], str], int]


@dataclass(frozen=True, eq=False, repr=False)
class EveryLine(Shown):
    """All lines of one importer on a day of entry, as known on a day.

    Attributes
    ----------
    importer, on, as_of
        the question.
    rows
        one row a line, by code: code; steps (its text from the heading down, parts set apart by `STEP`; empty where none is held);
        mfn_frac (NaN: not held, or an amount a unit); mfn_text (as the schedule prints it, where it is no percentage); total_frac (NaN
        where it is not known); low_frac and high_frac (between what the total lies as the law's open questions are answered; the second
        is NaN where the general rate holds an amount a unit); is_least (the rates are what is due at least: an amount a unit besides);
        parts (rates of the layers of its stack, in their order); stack (number of its layers in `layers`); filing (headings of chapter
        99 in order of filing, those claimed for what is not due marked); before_frac (on `BEFORE`; NaN also where that day is later than
        `on`); peak_frac and peak_on (highest until `on`, and its first day); next_on and next_frac (first day after `on` on which the
        total changes in law; NaT where none does; NaN: to a rate that is not known); note (what is open, in words).
    layers
        one row a layer of each distinct stack: stack, measure_id, family, authority, programme, announced_frac, basis, heading (of chapter
        99, for the duties of its family; empty for China), effective_from, effective_to, instrument, url, known_on. A stack of nothing has
        none.
    texts
        legal texts of duties that reach a line: as `law.schedule`, with chapters (two-digit numbers, a tuple).
    """

    importer: str
    on: date
    as_of: date
    rows: pd.DataFrame
    layers: pd.DataFrame
    texts: pd.DataFrame

    def chapters(self) -> list[str]:
        """Two-digit numbers of the chapters that have lines, in order."""
        return sorted(set(self.rows["code"].str[:2]))


@door
def every_line(*, on: Day, importer: str, as_of: Day = LATEST) -> EveryLine:
    """The duty of every line of one importer's schedule.

    Lines of the United States are the statistical numbers that stand on `on`; those of China the tariff lines that are held, and the
    subheadings of which none is. Special provisions (chapters 98 and 99) are no lines.

    Parameters
    ----------
    on, importer, as_of
        as for `rates.line_rates`.

    Raises
    ------
    DayError, ParameterError
        as for `rates.line_rates`.
    """
    check_importer(importer)
    on, as_of = opened(on), opened(as_of)
    grounds = [stretches.ground(importer, digits, as_of=as_of, standing=ledger.LAW) for digits in _DEPTHS[importer]]
    finer = {str(code)[:_SUBHEADING] for code in grounds[0].over.codes}
    chosen = [_standing(base, on) for base in grounds[:1]]
    chosen += [
        np.flatnonzero([str(code) not in finer and not codes.is_special(str(code)) for code in base.over.codes]) for base in grounds[1:]
    ]
    stacks: Stacks = {}
    parts = [_rows(base, lines, on, stacks) for base, lines in zip(grounds, chosen, strict=True)]
    rows = pd.concat(parts).sort_values("code", ignore_index=True)
    rows.insert(1, "steps", _steps(rows["code"], importer, on))
    return EveryLine(importer, on, as_of, rows, _layers(grounds[0], stacks), _reaching(grounds[0]))


def _standing(base: Ground, on: date) -> np.ndarray:
    """Positions of the lines whose number stands on a day of entry; Chinese lines have no days."""
    if base.over.importer != "US":
        return np.arange(len(base.over.codes))
    table, day = catalogue.load("hts_codes").set_index("code").reindex(base.over.codes), pd.Timestamp(on)
    begun, over = table["first_on"].isna() | (table["first_on"] <= day), table["ended_on"] <= day
    return np.flatnonzero((begun & ~over).to_numpy())


def _rows(base: Ground, lines: np.ndarray, on: date, stacks: Stacks) -> pd.DataFrame:
    """Rows of some lines; their stacks join those numbered so far."""
    goods = list(lines[:, np.newaxis])
    stretch = max(number for number, first in enumerate(base.starts) if first <= on)
    told = stretches.duties(base, goods, np.arange(len(lines)), np.full(len(lines), stretch), assumptions=DEFAULT, texts=stretches.Texts())
    floor, _ = base.amounts
    mfn = base.over.mfn(on)
    is_least = (np.isnan(mfn) & ~np.isnan(floor))[lines]
    history = _history(base, lines, on)
    rates, numbers = _stacked(base, lines, on, told, stacks)
    kinds, texts = base.over.kinds[lines], base.over.texts[lines]
    return pd.DataFrame(
        {
            "code": base.over.codes[lines].astype(str),
            "mfn_frac": np.round(mfn[lines], DECIMALS),
            "mfn_text": np.where(np.isin(kinds.astype(str), mixtures.SPECIFIC), texts, ""),
            "total_frac": told.total,
            "low_frac": told.low,
            "high_frac": told.high,
            "is_least": is_least,
            "parts": rates,
            "stack": numbers,
            "filing": [told.texts[at] for at in told.filing],
            **history,
            "note": [told.texts[at] for at in told.notes],
        }
    )


def _history(base: Ground, lines: np.ndarray, on: date) -> dict[str, object]:
    """What some lines owed before 2025, at most until a day, and what they owe next; with an amount a unit, what at least."""
    floor = base.amounts[0]
    totals = np.column_stack([_totals(base, day, floor)[lines] for day in base.starts])
    first = pd.DatetimeIndex(base.starts)
    past = first <= pd.Timestamp(on)
    now = totals[:, past][:, -1]
    so_far = np.nan_to_num(totals[:, past], nan=-1.0)
    peak = so_far.argmax(axis=1)
    known = so_far.max(axis=1) >= 0
    before = [totals[:, number] for number, day in enumerate(base.starts) if day <= BEFORE][-1]
    differs = np.abs(totals[:, ~past] - now[:, np.newaxis]) > ROUNDING
    differs |= np.isnan(totals[:, ~past]) != np.isnan(now)[:, np.newaxis]
    changes = differs.any(axis=1)
    ahead = np.where(changes, differs.argmax(axis=1), 0) if differs.size else np.zeros(len(lines), dtype=int)
    after, days = totals[:, ~past], first[~past]
    return {
        "before_frac": before if on >= BEFORE else np.full(len(lines), np.nan),
        "peak_frac": np.where(known, so_far.max(axis=1), np.nan),
        "peak_on": pd.DatetimeIndex(first[past][peak]).where(known),
        "next_on": pd.DatetimeIndex(days[ahead]).where(changes) if len(days) else pd.DatetimeIndex([pd.NaT] * len(lines)),
        "next_frac": np.where(changes, after[np.arange(len(lines)), ahead], np.nan) if len(days) else np.full(len(lines), np.nan),
    }


def _totals(base: Ground, day: date, floor: np.ndarray) -> np.ndarray:
    """Duty of every line on a day; of one whose general rate holds an amount a unit what it owes at least."""
    mfn = base.over.mfn(day)
    layers = stacking.stack(base.held, base.over, base.scopes, on=day)
    total: np.ndarray = np.round(np.where(np.isnan(mfn), floor, mfn) + stacking.added(layers, len(mfn)), DECIMALS)
    return total


def _stacked(
    base: Ground, lines: np.ndarray, on: date, told: stretches.Duties, stacks: Stacks
) -> tuple[list[tuple[float, ...]], list[int]]:
    """(rates of the layers due on each line, number of its stack); a rate that is not known is NaN."""
    effects: list[stacking.StepEffect] = []
    stacking.stack(base.held, base.over, base.scopes, on=on, effects=effects)
    due = np.zeros((len(base.over.codes), len(effects)))
    for place, effect in enumerate(effects):
        due[effect.positions, place] = np.round(effect.applied, DECIMALS)
    rates, numbers = [], []
    for at, row in enumerate(due[lines]):
        steps = [effects[place].step for place in np.flatnonzero(row)]
        headings = tuple(told.texts[told.headings[step.family][at]] for step in steps)
        key = (tuple(step.row for step in steps), headings, told.texts[told.filing[at]])
        rates.append(tuple(row[row != 0].tolist()))
        numbers.append(stacks.setdefault(key, len(stacks)))
    return rates, numbers


def _layers(base: Ground, stacks: Stacks) -> pd.DataFrame:
    """Rows of the layers of numbered stacks; the grounds of one importer share their schedule."""
    rows = []
    for (steps, headings, _), number in stacks.items():
        for row, heading in zip(steps, headings, strict=True):
            text = base.held.texts[row]
            told = {**text, "stack": number, "announced_frac": text["rate_frac"], "heading": heading}
            rows.append([told[name] for name in LAYERS])
    return ledger.frame(rows, LAYERS)


def _reaching(base: Ground) -> pd.DataFrame:
    """Legal texts of duties that reach any line, with the chapters of the lines."""
    rows, chapters = base.held.rows[base.held.rows["kind"].eq("duty")], base.over.codes.astype("U2")
    found = []
    for scope, first in zip(rows["scope"], rows["effective_from"], strict=True):
        names = tuple(scope.split("|")) if scope else ()
        covered, _ = base.scopes.net(names, (), on=first.date(), partial=True, partial_exempt=False)
        found.append(tuple(np.unique(chapters[covered]).tolist()))
    rows = rows.assign(chapters=pd.Series(found, index=rows.index, dtype=object))
    return rows[rows["chapters"].str.len() > 0].reset_index(drop=True)


def _steps(names: "pd.Series[str]", importer: str, on: date) -> list[str]:
    """Text of each line from the heading down; a Chinese line has what the texts of the US lines of its subheading share."""
    table = catalogue.load("hts_codes")
    table = table[table["description"].ne("")]
    if importer == "US":
        held = dict(zip(table["code"], table["description"], strict=True))
        return [str(held.get(code, held.get(code[: hs.TARIFF_LINE], ""))) for code in names]
    day = pd.Timestamp(on)
    standing = (table["first_on"].isna() | (table["first_on"] <= day)) & ~(table["ended_on"] <= day)
    shared = {**_shared(table), **_shared(table[standing])}
    return [shared.get(code[:_SUBHEADING], "") for code in names]


def _shared(table: pd.DataFrame) -> dict[str, str]:
    """The part of the texts of the lines of each subheading that they share, from the heading down."""
    shared: dict[str, list[str]] = {}
    for code, text in zip(table["code"].str[:_SUBHEADING], table["description"], strict=True):
        steps = text.split(STEP)
        if code in shared:
            steps = [step for step, _ in takewhile(lambda pair: pair[0] == pair[1], zip(shared[code], steps, strict=False))]
        shared[code] = steps
    return {code: STEP.join(steps) for code, steps in shared.items()}
