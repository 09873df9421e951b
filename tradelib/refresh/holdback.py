"""Rows that wait for a person: why, since when, and what was decided."""

import csv
import io
import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path

from tradelib.catalogue.integrity import replace_file
from tradelib.refresh.compare import Change
from tradelib.refresh.errors import RefreshError
from tradelib.refresh.ledger import csv_bytes

OPEN, ACCEPTED, DISMISSED = "open", "accepted", "dismissed"


@dataclass(frozen=True)
class Held:
    """One row that was held back."""

    id: str
    seen_on: str
    table: str
    key: str
    row: str
    before: str
    reasons: str
    raw: str
    state: str = OPEN
    decided_on: str = ""
    because: str = ""

    @property
    def cells(self) -> dict[str, str]:
        """The row itself."""
        cells: dict[str, str] = json.loads(self.row)
        return cells


def of(change: Change, seen_on: date) -> Held:
    """A change that is held back."""
    before = "" if change.before is None else json.dumps(change.before, ensure_ascii=False)
    return Held(
        id=change.id,
        seen_on=seen_on.isoformat(),
        table=change.observation.table,
        key=" ".join(change.observation.key),
        row=json.dumps(change.row, ensure_ascii=False),
        before=before,
        reasons="; ".join(change.reasons),
        raw=change.observation.raw,
    )


def read(home: Path) -> dict[str, Held]:
    """All rows held back, by their short name."""
    path = home / "held_back.csv"
    if not path.is_file():
        return {}
    with io.StringIO(path.read_text(encoding="utf-8"), newline="") as file:
        return {row["id"]: Held(**row) for row in csv.DictReader(file)}


def write(home: Path, items: dict[str, Held]) -> None:
    """Keep them, in the order in which they were seen."""
    names = [field.name for field in fields(Held)]
    rows = sorted((asdict(item) for item in items.values()), key=lambda row: (row["seen_on"], row["table"], row["key"], row["id"]))
    replace_file(home / "held_back.csv", csv_bytes(names, rows))


def decide(home: Path, name: str, state: str, because: str, on: date) -> Held:
    """Accept or dismiss one row, with the reason.

    Raises
    ------
    RefreshError : no reason, no such row, or one that was decided before.
    """
    if not because.strip():
        message = "Say why, with --because TEXT: the reason is kept with the row."
        raise RefreshError(message)
    items = read(home)
    if name not in items:
        message = f"No row {name!r} is held back; `tradelib refresh --held-back` lists them."
        raise RefreshError(message)
    if items[name].state != OPEN:
        message = f"The row {name} was {items[name].state} on {items[name].decided_on} already: {items[name].because}"
        raise RefreshError(message)
    return replace(items[name], state=state, decided_on=on.isoformat(), because=because.strip())
