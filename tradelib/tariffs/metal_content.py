"""How much of a good is the metal that a duty falls on, and how the answer says so.

From 12 March 2025 to 5 April 2026 the duties on steel and aluminium, and from 1 August 2025 that on copper, fell on the metal alone in
many goods. Nobody publishes how much of a line is metal. The table `metal_shares` holds a share by industry, estimated from the duties
that were collected (see `metal_estimate`); goods of the metal chapters are taken as all metal, as customs takes them where the content is
not known. Both are fixed reference data: the same on every day.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from tradelib import catalogue, hs, ledger
from tradelib.doors import LATEST, Day, door, opened
from tradelib.kept import kept
from tradelib.rows import each
from tradelib.tariffs.law import schedule
from tradelib.tariffs.tariff_lines import Lines

if TYPE_CHECKING:
    from tradelib.tariffs.books import Book, Step
    from tradelib.tariffs.stacking import Assumptions

# With this basis the duties that give way do so for the whole good.
ALONE = "metal_content_value_alone"
# Bases that fall on the metal in a good.
ON_METAL = ("metal_content_value", ALONE)
# What asks for the estimate, and for the ends of its interval.
ENDS = (None, "low", "high")
# The row of the table that stands for industries without one of their own.
OTHER = "other"
YOUNGER = "data younger than this day"
# The months before and after the lists grew, which the estimate compares.
BEFORE, AFTER = pd.Timestamp(2025, 7, 1), pd.Timestamp(2025, 9, 1)
_METALS = ("us_232_steel", "us_232_alum", "us_232_deriv", "us_232_copper", "us_232_metals")


@kept(maxsize=16)
def industries(over: Lines) -> np.ndarray:
    """Industry of the goods of each line: three digits of the North American Industry Classification System; empty where none is held."""
    table = catalogue.load("us_industries")
    codes, names = table["code"].to_numpy(dtype="U10"), table["naics3"].to_numpy(dtype="U3")
    result = np.full(len(over.codes), "", dtype="U3")
    lengths = np.char.str_len(codes)
    for length in np.unique(lengths):  # the longest code decides
        chosen = lengths == length
        first, past = hs.ranges(codes[chosen].astype(f"U{length}"), over.wide)
        for start, end, name in zip(first, past, names[chosen], strict=True):
            result[start:end] = name
    return result


@kept(maxsize=32)
def shares(over: Lines, end: str | None) -> np.ndarray:
    """Share of metal in the value of each line outside the metal chapters.

    Parameters
    ----------
    over
        the lines.
    end
        None for the estimate, `low` or `high` for the ends of its interval.
    """
    of_row = {name: row.at(end) for name, row in _table().items()}
    names, where = np.unique(industries(over), return_inverse=True)
    return np.array([of_row.get(str(name), of_row[OTHER]) for name in names])[where]


def told(rows: pd.DataFrame, over: Lines, at: int, assumptions: "Assumptions") -> pd.DataFrame:
    """Layers of one line with the share of metal they were computed with, and where it comes from.

    Parameters
    ----------
    rows
        layers as `explanation.explain` makes them.
    over, at
        the lines, and the position of the one asked for.
    assumptions
        the choices made.

    Returns
    -------
    DataFrame
        The same rows with a column metal_content_frac (NaN where a layer does not fall on the metal alone), and the share named in `why`
        where such a layer applies.
    """
    on_metal = np.array([basis in ON_METAL for basis in rows["basis"]], dtype=bool)
    if not on_metal.any():
        return rows.assign(metal_content_frac=np.full(len(rows), np.nan))
    share = float(assumptions.metal(over, np.array([at]))[0])
    rows = rows.assign(metal_content_frac=np.where(on_metal, share, np.nan))
    says = on_metal & rows["outcome"].eq("applies")
    if says.any():
        words = f"on the metal content: {_words(over, at, assumptions, share)}"
        rows.loc[says, "why"] = [f"{words}; {why}" if why else words for why in rows.loc[says, "why"]]
    return rows


def idle(rows: pd.DataFrame, assumptions: "Assumptions") -> tuple[str, ...]:
    """What to say of a share of metal that was given and changes nothing: one sentence, or none."""
    given = assumptions.metal_content_frac
    if given is None or (rows["basis"].isin(ON_METAL) & rows["outcome"].eq("applies")).any():
        return ()
    metals = rows[rows["measure_id"].str.startswith(_METALS) & rows["outcome"].eq("applies")]
    full, none = "the duty on its metal falls on the full value on this day", "no duty on it falls on the metal alone on this day"
    why = full if len(metals) else none
    return (f"The share of metal given ({given if isinstance(given, str) else _percent(given)}) changes nothing for this good: {why}.",)


@door
def basis(*, on: Day, as_of: Day = LATEST) -> str:
    """What the default shares rest on, as a sentence; empty where no duty known on a day falls on the metal alone on the day of entry."""
    rows = ledger.in_force(schedule(as_of=as_of), on=opened(on))
    if not rows["basis"].isin(ON_METAL).any():
        return ""
    younger = f", {YOUNGER}" if catalogue.resolve_as_of(as_of) < estimated_on() else ""
    return (
        "Duties on the metal in a good: its share of the value is estimated by industry from duties collected, "
        f"{_table()[OTHER].months}{younger}; goods of the metal chapters are taken as all metal."
    )


@kept()
def estimated_on() -> date:
    """Day on which the duties that the shares are estimated from were all public, as revised later."""
    rows = catalogue.load("duties_china")
    rows = rows[rows["period"].between(BEFORE, AFTER)]
    newest: pd.Timestamp = rows[["published_on", "vintage_on"]].max().max()
    return newest.date()


class _Share(NamedTuple):
    naics3: str
    industry: str
    metal_content_frac: float
    low_frac: float
    high_frac: float
    months: str

    def at(self, end: str | None) -> float:
        """The estimate, or an end of its interval."""
        return {None: self.metal_content_frac, "low": self.low_frac, "high": self.high_frac}[end]


@kept()
def _table() -> Mapping[str, _Share]:
    return {row.naics3: row for row in each(catalogue.load("metal_shares"), _Share)}


def _words(over: Lines, at: int, assumptions: "Assumptions", share: float) -> str:
    within, given = assumptions.metal_chapters_frac, assumptions.metal_content_frac
    if over.is_metal[at] and within is None and not isinstance(given, int | float):
        return "all of the value, as customs takes it where the content is not known"
    if isinstance(given, int | float) or (over.is_metal[at] and within is not None):
        return f"{_percent(share)} of the value, as given"
    industry = str(industries(over)[at])
    held = _table()
    row = held.get(industry, held[OTHER])
    base = f"duties collected on this industry ({row.industry.lower()})" if industry in held else "duties collected on all industries"
    spread = f"{100 * row.low_frac:.0f} to {100 * row.high_frac:.0f}%"
    if given is not None:
        return f"{_percent(share)} of the value, the {given} end of what {base} allow, {row.months} ({spread})"
    return f"{_percent(share)} of the value, estimated from {base}, {row.months}; {spread}"


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def both_owed(step: "Step", rival: "Step", held: "Book") -> bool:
    """Whether two duties on metals meet on a good, of which neither displaces the other.

    Each falls on the content of its own metal (EO 14289 sec. 3(a)(iii)). Since 6 April 2026 the programmes of the single metals have
    ended (Proclamation 11021), and one rate holds for a good of several.
    """
    metals = [str(held.texts[item.row]["programme"]).split()[0] for item in (step, rival)]
    return step.priority == rival.priority and metals[0] != metals[1] and _SINGLE.issuperset(metals)


# Programmes of single metals begin with its name.
_SINGLE = frozenset({"Steel", "Aluminium", "Copper"})
