"""What takes China's answer to Section 301 off goods though its lists name them: exclusions, and waivers of single buyers.

The lists of exclusions name goods whose codes are not held, and waivers are granted to single importers. So no line is certain to owe less.
Two other ends are held:

- `granted`: exclusions as the WTO counts them, by subheading (table `wto_exclusions`: the share of the answer to Section 301 that the
  WTO's rates of China leave out), for entries from the first day of that table on and known since it was published; and waivers for goods
  of which a source says that they are open to them (table `cn_waivers`), while the programme of waivers holds.
- `waived`: the same, and what a buyer owes who holds a waiver for any good: applications are taken for goods outside the published list
  too (USDA FAS, July 2025,
  https://www.freshplaza.com/north-america/article/9753673/china-to-halt-u-s-ag-tariff-exclusions-from-august-1).

Neither touches the answers to Section 232 and to the fentanyl and reciprocal duties. The programme of waivers ran from 2 March 2020 to 14
September 2025 and is resumed from 10 November 2025 as the White House stated; the ledger holds both, so that a day of knowledge limits
it.
"""

from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, ledger, wording
from tradelib.doors import LATEST, Day, door, opened
from tradelib.kept import kept
from tradelib.tariffs.law import schedule
from tradelib.tariffs.tariff_lines import Lines

FAMILY = "cn_s301_retaliation"
PROGRAMME = "cn_301_mkt"
LISTED, GRANTED, WAIVED = "listed", "granted", "waived"
EXCLUSIONS = (LISTED, GRANTED, WAIVED)


def shares(over: Lines, *, on: date, as_of: date, exclusions: str) -> np.ndarray:
    """Share of the answer to Section 301 that exclusions or waivers take off each line.

    Parameters
    ----------
    over
        lines of China, of six or eight digits.
    on, as_of
        day of entry, day of knowledge.
    exclusions
        one of `EXCLUSIONS`; see the module.

    Returns
    -------
    ndarray
        One fraction a line, from 0 to 1. A subheading that is excluded in part has its part at six digits. Its eight-digit lines have 1:
        which of them are excluded is not known, so each may be.
    """
    if exclusions == LISTED or over.importer != "CN":
        return np.zeros(len(over.codes))
    taken = excluded(over, on, as_of)
    if waivers_hold(on, as_of):
        taken = np.ones(len(taken)) if exclusions == WAIVED else np.maximum(taken, _open_to_waivers(over, as_of))
    return taken


def waivers_hold(on: date, as_of: date) -> bool:
    """Whether waivers can be used on a day of entry, by legal texts or official statements known on a day."""
    bases = [basis for first, past, basis in _programme(as_of) if first <= on < past]
    return bool(bases) and set(bases) == {"exclusion"}


@kept(maxsize=64)
def _programme(as_of: date) -> list[tuple[date, date, str]]:
    """(first day, first day without, basis) of every interval of the programme of waivers."""
    rows = schedule(as_of=as_of, standing=ledger.LAW_AND_STATEMENTS)
    rows = rows[rows["measure_id"].eq(PROGRAMME)]
    past = [date.max if pd.isna(day) else day.date() for day in rows["effective_to"]]
    return list(zip(rows["effective_from"].dt.date, past, rows["basis"], strict=True))


def excluded_share(code: str, *, on: date, as_of: date) -> float:
    """Share of the answer to Section 301 that the WTO's table leaves out of a subheading; 0 where it is not known or not left out."""
    begun = (share for first, share in _shares_of(as_of).get(code[:6], ()) if first <= on)
    return next(begun, 0.0)


@door
def counted(*, on: Day, as_of: Day = LATEST) -> str:
    """What of China's answer to Section 301 is known to be taken off on a day of entry, in words; empty where nothing is."""
    on, as_of, parts = opened(on), opened(as_of), []
    if any(day <= on for day in _days_of(as_of)):
        parts.append("exclusions as the WTO counts them")
    if waivers_hold(on, as_of) and len(rows := catalogue.load("cn_waivers", as_of=as_of)):
        parts.append(f"waivers for {wording.listing(sorted(set(rows['what'])))}")
    return wording.listing(parts)


def waiver_rows(code: str, *, as_of: date) -> pd.DataFrame:
    """Sources known on a day that say that waivers are granted for a good: rows of the table `cn_waivers`."""
    rows = catalogue.load("cn_waivers", as_of=as_of)
    return rows[[code.startswith(held) for held in rows["code"]]]


@kept(maxsize=64)
def _shares_of(as_of: date) -> dict[str, list[tuple[date, float]]]:
    """(first day of entry, share) of every subheading of the WTO's table, as known on a day."""
    rows = catalogue.load("wto_exclusions", as_of=as_of)
    found: dict[str, list[tuple[date, float]]] = {}
    for code, first, share in zip(rows["code"], rows["effective_on"], rows["share_frac"], strict=True):
        found.setdefault(code, []).append((first.date(), float(share)))
    return found


def excluded(over: Lines, on: date, as_of: date) -> np.ndarray:
    """Share of the answer to Section 301 that exclusions take off each line, as the WTO counts them; see `shares`."""
    return _excluded_since(over, max((day for day in _days_of(as_of) if day <= on), default=date.min), as_of)


@kept(maxsize=64)
def _days_of(as_of: date) -> frozenset[date]:
    """First days of entry of the WTO's table, as known on a day."""
    return frozenset(first for told in _shares_of(as_of).values() for first, _ in told)


@kept(maxsize=64)
def _excluded_since(over: Lines, day: date, as_of: date) -> np.ndarray:
    """The same for the stretch of days that begins on a day of the table."""
    rows = catalogue.load("wto_exclusions", as_of=as_of)
    rows = rows[rows["effective_on"].dt.date <= day]
    found: np.ndarray = rows.set_index("code")["share_frac"].reindex(over.index.str[:6]).fillna(0.0).to_numpy()
    whole = len(over.index[0]) > len("000000")
    return np.ceil(found) if whole else found


@kept(maxsize=64)
def _open_to_waivers(over: Lines, as_of: date) -> np.ndarray:
    held = tuple(catalogue.load("cn_waivers", as_of=as_of)["code"].unique())
    return over.index.str.startswith(held).astype(float) if held else np.zeros(len(over.codes))
