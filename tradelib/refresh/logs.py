"""Rows appended so far: how much of each log counts, and what of it is still true of the edition of today."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tradelib import catalogue
from tradelib.catalogue import home, integrity
from tradelib.errors import TradelibError
from tradelib.refresh.errors import RefreshError
from tradelib.refresh.ledger import Ledger, Row, Table


@dataclass
class Log:
    """Rows of one table that were appended: those that count with this edition, those it holds itself, and those it contradicts."""

    rows: list[Row] = field(default_factory=list)
    all: list[Row] = field(default_factory=list)
    dropped: int = 0
    contradicted: list[Row] = field(default_factory=list)


def pointed(where: Path) -> dict[str, Any] | None:
    """Description of the newest package of a home, of whatever edition; None if there is none.

    Where the package that is pointed at is gone, what the logs hold counts.
    """
    try:
        name = (where / home.POINTER).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    try:
        package: dict[str, Any] = json.loads((where / home.GENERATIONS / name / home.DESCRIPTOR).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"tradelib:refresh": {"tables": {path.stem: _as_it_is(path) for path in sorted((where / "rows").glob("*.csv"))}}}
    return package


def sound(where: Path, edition: Path) -> bool:
    """The package that is pointed at belongs to this edition, and every file of it is what was recorded."""
    folder = home.current(where, edition)
    if folder is None:
        return False
    try:
        return all(integrity.digest((folder / path).read_bytes()) == held for path, held in catalogue.hashes(folder=folder).items())
    except (OSError, TradelibError):
        return False


def read_logs(where: Path, ledger: Ledger) -> dict[str, Log]:
    """Rows appended so far, laid upon an edition: its own rows stay as they are."""
    logs = {}
    package = pointed(where)
    for name, kept in (package or {}).get("tradelib:refresh", {}).get("tables", {}).items():
        content = committed(where, kept)
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
        logs[name] = lay(ledger.table(name), rows) if ledger.has(name) else Log(contradicted=rows, all=rows)
    return logs


def lay(table: Table, rows: Iterable[Row]) -> Log:
    """Rows of a log upon a table of an edition.

    A row whose key the table holds with the same values, or whose value the table holds as the newest, is dropped; one that the table
    contradicts is set aside; the others are appended to the table.
    """
    log = Log()
    held_rows = {tuple(row[name] for name in table.key_in_full): row for row in table.rows}
    newest = {key: rows[-1] for key, rows in table.by_key.items()}
    seen: set[tuple[str, ...]] = set()
    measured = [item["name"] for item in table.resource["schema"]["fields"] if item["type"] == "number"]
    for row in rows:
        log.all.append(row)
        own = {name: row.get(name, "") for name in table.columns}
        key_in_full = tuple(own[name] for name in table.key_in_full)
        if key_in_full in seen:
            continue  # left by a run that was broken
        seen.add(key_in_full)
        same = held_rows.get(key_in_full)
        last = newest.get(table.key(own))
        if same is not None or (last is not None and _equal(own, last, measured)):
            values_agree = same is None or _equal(own, same, measured)
            log.dropped += values_agree
            log.contradicted += [] if values_agree else [row]
        elif last is not None and last["published_on"] != own["published_on"]:
            log.contradicted.append(row)
        else:
            log.rows.append(own)
    for own in log.rows:
        table.append(own)
    return log


def committed(where: Path, kept: Mapping[str, Any]) -> bytes:
    """The part of a log that the current package was built from.

    Raises
    ------
    RefreshError : it is not what it was.
    """
    path = where / "rows" / str(kept["file"])
    try:
        content = path.read_bytes()[: kept["bytes"]]
    except OSError:
        content = b""
    if integrity.digest(content) != kept["sha256"]:
        message = (
            f"{path} is not what the refresh of this home wrote. Restore it; or move {where} away, and refresh again: what it held is "
            "fetched anew."
        )
        raise RefreshError(message)
    return content


def _as_it_is(path: Path) -> dict[str, object]:
    """A log of which no package says how far it counts: its whole lines do."""
    content = path.read_bytes()
    content = content[: content.rfind(b"\n") + 1]
    return {
        "file": path.name,
        "rows": max(content.count(b"\n") - 1, 0),
        "bytes": len(content),
        "sha256": integrity.digest(content),
    }


def _equal(row: Row, other: Row, names: Iterable[str]) -> bool:
    return all((float(row[name]) if row[name] else None) == (float(other[name]) if other[name] else None) for name in names)
