"""What courts have said of the duties of an entry, as known on a day.

Rates are those collected. A ruling that came later changes no rate of the past: it is told beside it.
"""

import functools
import itertools
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from tradelib import catalogue, ledger, wording
from tradelib.rows import each
from tradelib.tariffs.law import family_titles

# What a court decided on the law itself; what comes after is a stay or a refund.
_DECIDED = frozenset({"held_unlawful", "set_aside", "remanded", "upheld"})
COLUMNS = [
    "status_id", "families", "measures", "status", "decided_on", "words", "is_told", "event_id", "instrument", "url", "known_on",
]  # fmt: skip


class _Ruling(NamedTuple):
    status_id: str
    families: str
    measures: str
    status: str
    decided_on: pd.Timestamp
    words: str
    event_id: str
    instrument: str
    url: str
    known_on: pd.Timestamp
    entry_from: pd.Timestamp
    entry_to: pd.Timestamp


class _Duty(NamedTuple):
    measure_id: str
    authority: str
    programme: str


def rulings(layers: pd.DataFrame, *, on: date, as_of: date) -> pd.DataFrame:
    """Rulings and orders about the duties that a good pays.

    Parameters
    ----------
    layers
        as `explanation.Stack.layers`.
    on
        day of entry.
    as_of
        day of knowledge.

    Returns
    -------
    DataFrame
        In order of the day of decision, as the table `legal_status`: families and measures (of these, those that the good pays), words, and
        is_told: the newest decision on the law and all that came after it, unless it upheld the duty.
    """
    paid = [rate > 0 for rate in layers["rate_frac"]]
    families, measures = (set(itertools.compress(layers[name], paid)) for name in ("family", "measure_id"))
    day = pd.Timestamp(on)
    rows = []
    for row in _known(as_of, catalogue.data_folder()):
        of_good = row._replace(families=_among(row.families, families), measures=_among(row.measures, measures))
        begun, over = pd.isna(row.entry_from) or row.entry_from <= day, pd.notna(row.entry_to) and row.entry_to <= day
        if begun and not over and (of_good.families or of_good.measures):
            rows.append(of_good._replace(words=row.words.replace("{day}", wording.day(row.decided_on))))
    newest: dict[tuple[str, str], int] = {}
    for place, row in enumerate(rows):
        if row.status in _DECIDED:
            newest[row.families, row.measures] = place
    found = []
    for place, row in enumerate(rows):
        decided = newest.get((row.families, row.measures))
        is_told = decided is not None and decided <= place and rows[decided].status != "upheld"
        found.append({**row._asdict(), "is_told": is_told})
    return ledger.frame([[row[name] for name in COLUMNS] for row in found], COLUMNS)


def told(rows: pd.DataFrame, layers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What is told of each group of duties: a sentence, and the rulings behind it; see `rulings`."""
    if rows.empty:
        return {}
    titles = family_titles()
    duties = {row.measure_id: f"{row.authority}, {row.programme}" for row in each(layers, _Duty)}
    said = {}
    for (families, measures), about in rows[rows["is_told"]].groupby(["families", "measures"], sort=False):
        names = [titles[family] for family in str(families).split("|") if family]
        names += [duties[item] for item in str(measures).split("|") if item]
        said[f"Legal status of {wording.listing(names)}: {'; '.join(about['words'])}. The rate is what was collected."] = about
    return said


def _among(cell: str, paid: set[str]) -> str:
    """Those names of a cell that the good pays."""
    return "|".join(name for name in cell.split("|") if name in paid)


@functools.lru_cache(maxsize=64)
def _known(as_of: date, _folder: Path) -> tuple[_Ruling, ...]:
    """Rows known on a day, in order of the day of decision."""
    rows = catalogue.load("legal_status", as_of=as_of)
    return tuple(each(rows.sort_values(["decided_on", "status_id"], kind="stable"), _Ruling))
