"""Observations against the ledger: new, revised, as held, or held back for a person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tradelib.refresh.ledger import Ledger, Row, Table, day
from tradelib.refresh.observations import Observation, quantum_of, text

NEW, REVISED = "new", "revised"


@dataclass(frozen=True)
class Change:
    """A row that would be appended, why, and what was held before it."""

    kind: str
    observation: Observation
    row: Row
    before: Row | None = None
    reasons: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Short name, by which it is accepted or dismissed."""
        return self.observation.id


@dataclass
class Comparison:
    """What observations come to: rows to append in order, rows held back, and how many were as held."""

    changes: list[Change] = field(default_factory=list)
    held_back: list[Change] = field(default_factory=list)
    same: int = 0


def same_value(observation: Observation, row: Row) -> bool:
    """The row says the same: no value differs by more than half of the coarser of the two last digits."""
    for name, value in observation.values:
        held = row[name]
        if held == "":
            return False
        same_source = bool(observation.source) and row.get("source") == observation.source
        coarser = observation.quantum if same_source else max(observation.quantum, quantum_of(held))
        if abs(value - Decimal(held)) > coarser / 2:
            return False
    return True


def compare(observation: Observation, table: Table, published: tuple[date, str]) -> Change | None:
    """What one observation adds to a table; None if it is held.

    Parameters
    ----------
    observation : what the source says.
    table : the rows held, those that this run appends included.
    published : day of the first release, and what it rests on, for an observation of which nothing is held.

    Returns
    -------
    A change whose reasons are empty, or say why its row cannot simply be appended.
    """
    held = table.by_key.get(observation.key, [])
    if not held:
        day_of, basis = published
        vintage = observation.vintage_on or (day_of if observation.stays else observation.fetched_on)
        return Change(NEW, observation, _row(observation, table, day_of, basis, max(vintage, day_of)))
    latest = held[-1]
    if same_value(observation, latest):
        return None
    vintage = day(latest["published_on"]) if observation.first else observation.vintage_on or observation.fetched_on
    row = _row(observation, table, day(latest["published_on"]), latest.get("published_basis", ""), vintage)
    if vintage > day(latest["vintage_on"]):
        return Change(REVISED, observation, row, latest)
    then = [item for item in held if day(item["vintage_on"]) <= vintage]
    if then and same_value(observation, then[-1]):
        return None
    if then and day(then[-1]["vintage_on"]) == vintage:
        return Change(REVISED, observation, row, then[-1], ("another value of the same day is held; look again on a later day",))
    reason = f"older than the value held, which was current on {latest['vintage_on']}: a first release, or a wrong clock"
    return Change(REVISED, observation, row, latest, (reason,))


def _row(observation: Observation, table: Table, published_on: date, basis: str, vintage_on: date) -> Row:
    row = dict.fromkeys(table.columns, "")
    row.update(dict(zip(table.key_columns, observation.key, strict=True)))
    row.update({name: text(value) for name, value in observation.values})
    known = {
        "published_on": published_on.isoformat(),
        "published_basis": basis,
        "vintage_on": vintage_on.isoformat(),
        "source": observation.source,
        "url": observation.url,
        "via": observation.via,
        "confidence": "high",
        "later_note": observation.note,
    }
    row.update({name: value for name, value in (known | dict(observation.extra)).items() if name in row})
    return row


def siblings(ledger: Ledger, table: str, period: str, same: Iterable[str]) -> tuple[date, str] | None:
    """Day of the first release of a period, as rows of other series of the same release hold it; None if none does."""
    wanted = set(same)
    rows = ledger.table(table)
    name = rows.key_columns[0]
    for row in rows.rows:
        if row["period"] == period and row[name] in wanted and row["published_basis"] in {"observed", "calendar"}:
            return day(row["published_on"]), row["published_basis"]
    return None
