"""Texts of law that a person should look at: titles, links and days; no rate is ever read from them."""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path

from tradelib.catalogue.integrity import replace_file
from tradelib.refresh.errors import RefreshError
from tradelib.refresh.ledger import csv_bytes
from tradelib.refresh.observations import Candidate
from tradelib.refresh.sources.law_words import matched

NEW, TAKEN, DISMISSED = "new", "taken", "dismissed"


@dataclass(frozen=True)
class Item:
    """One text, and what became of it."""

    id: str
    seen_on: str
    source: str
    day: str
    number: str
    title: str
    url: str
    words: str
    raw: str
    state: str = NEW
    decided_on: str = ""
    because: str = ""


def of(candidate: Candidate, seen_on: date) -> Item:
    """A candidate as an item; its short name follows from the source and the number or link, not from words that are corrected later."""
    name = hashlib.sha256(f"{candidate.source}|{candidate.number or candidate.url}".encode()).hexdigest()[:8]
    words = "; ".join(matched(candidate.title))
    return Item(
        name,
        seen_on.isoformat(),
        candidate.source,
        candidate.day.isoformat(),
        candidate.number,
        candidate.title,
        candidate.url,
        words,
        candidate.raw,
    )


def read(home: Path) -> dict[str, Item]:
    """All items, by their short name."""
    path = home / "inbox" / "law.csv"
    if not path.is_file():
        return {}
    with io.StringIO(path.read_text(encoding="utf-8"), newline="") as file:
        return {row["id"]: Item(**row) for row in csv.DictReader(file)}


def unseen(home: Path, candidates: Sequence[Candidate], seen_on: date) -> list[Item]:
    """Candidates that the inbox does not hold, the oldest first."""
    held = read(home)
    fresh = {item.id: item for item in (of(candidate, seen_on) for candidate in candidates) if item.id not in held}
    return sorted(fresh.values(), key=lambda item: (item.day, item.source, item.id))


def add(home: Path, items: Sequence[Item]) -> None:
    """Keep new items."""
    if items:
        write(home, read(home) | {item.id: item for item in items})


def write(home: Path, items: dict[str, Item]) -> None:
    """Keep the inbox, the oldest text first."""
    (home / "inbox").mkdir(parents=True, exist_ok=True)
    rows = sorted((asdict(item) for item in items.values()), key=lambda row: (row["day"], row["source"], row["id"]))
    replace_file(home / "inbox" / "law.csv", csv_bytes([field.name for field in fields(Item)], rows))


def decide(home: Path, name: str, state: str, because: str, on: date) -> Item:
    """Note what became of a text: taken into the ledger by hand, or dismissed.

    Raises
    ------
    RefreshError : no reason, or no such text.
    """
    items = read(home)
    if name not in items:
        message = f"The inbox holds no text {name!r}; `tradelib refresh --inbox` lists them."
        raise RefreshError(message)
    if not because.strip():
        message = "Say why, with --because TEXT: the reason is kept with the text."
        raise RefreshError(message)
    decided = replace(items[name], state=state, decided_on=on.isoformat(), because=because.strip())
    write(home, items | {name: decided})
    return decided
