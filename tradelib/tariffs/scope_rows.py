"""The rows of each scope, as the table `product_scopes` lists them: codes, and from which day to which each of them counts."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from tradelib import catalogue
from tradelib.kept import kept

NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class ScopeRows:
    """Rows of one scope; arrays of one length.

    Attributes
    ----------
    codes
        digits.
    full
        whether a row covers all goods of its code.
    first, past
        first day of entry, and the first without, datetime64[us]; NaT where the row is as old as the list, or holds on.
    """

    codes: np.ndarray
    full: np.ndarray
    first: np.ndarray
    past: np.ndarray

    def on(self, day: date, forgotten: frozenset[int]) -> tuple[np.ndarray, np.ndarray]:
        """(codes, which of them whole) that hold on a day of entry, without some changes: what leaves then stays, what joins does not."""
        entry = np.datetime64(day)
        begun = np.isnat(self.first) | (self.first <= entry)
        left = self.past <= entry
        if forgotten:
            days = _days(forgotten)
            begun &= ~np.isin(self.first, days)
            left &= ~np.isin(self.past, days)
        held = begun & ~left
        return self.codes[held], self.full[held]

    def breaks(self, forgotten: frozenset[int] = NOTHING) -> list[int]:
        """Days on which codes join or leave, as ordinals in order, without some."""
        first, past = self.first, self.past
        if forgotten:
            days = _days(forgotten)
            stays = ~np.isin(first, days)
            first, past = first[stays], past[stays]
            past = past[~np.isin(past, days)]
        days = np.concatenate([first, past])
        return [day.toordinal() for day in np.unique(days[~np.isnat(days)]).astype("datetime64[D]").tolist()]


def _days(ordinals: frozenset[int]) -> np.ndarray:
    return np.array([date.fromordinal(day) for day in sorted(ordinals)], dtype="datetime64[us]")


@kept()
def rows_by_scope() -> dict[str, ScopeRows]:
    """Rows of every scope that the table holds."""
    table = catalogue.load("product_scopes")
    columns = table["code"].to_numpy(dtype="U10"), table["coverage"].eq("full").to_numpy()
    days = (table[name].to_numpy(dtype="datetime64[us]") for name in ("entry_from", "entry_to"))
    arrays = [*columns, *days]
    places: dict[str, np.ndarray] = {str(scope): np.asarray(at) for scope, at in table.groupby("scope", sort=False).indices.items()}
    return {scope: ScopeRows(*(array[at] for array in arrays)) for scope, at in places.items()}


@kept()
def breaks_by_scope() -> dict[str, list[int]]:
    """Days on which each scope gains or loses codes, as ordinals in order."""
    return {scope: rows.breaks() for scope, rows in rows_by_scope().items()}


@kept()
def known_breaks(scope: str, forgotten: frozenset[int]) -> list[int]:
    """The same for one scope without changes that do not count."""
    return rows_by_scope()[scope].breaks(forgotten) if forgotten else breaks_by_scope()[scope]


@kept()
def scope_facts() -> dict[str, dict[str, str]]:
    """What each scope covers in words, whether its codes are held, and of which edition of the nomenclature they are."""
    table = catalogue.load("scopes")
    return {row["scope"]: {name: row[name] for name in ("what", "held", "nomenclature")} for row in table.to_dict("records")}
