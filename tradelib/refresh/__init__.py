"""Statistics brought up to date from their publishers, and texts of law put before a person.

Outside the stack, and used by the command line only.

Statistics may be appended by machine, law never. A plan is made first and shown; writing it appends rows and edits none.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from tradelib.refresh import append, calendars, holdback, inbox
from tradelib.refresh.calendars import Calendar, Due
from tradelib.refresh.errors import RefreshError
from tradelib.refresh.plan import Plan, automatic, chosen, make, read_ledger
from tradelib.refresh.raw import Store
from tradelib.refresh.world import World, real

__all__ = ["Plan", "RefreshError", "World", "accept", "chosen", "dismiss", "due", "make", "real", "write"]


def write(world: World, plan: Plan) -> Path | None:
    """Append the rows of a plan, and keep what it holds back and its texts of law.

    Parameters
    ----------
    plan : made under the lock of the same home, so that nothing was written in between.

    Returns
    -------
    Folder that the rows are in now; None if there was nothing to append.
    """
    folder = None
    if plan.into == "checkout":
        if plan.additions:
            append.write_checkout(world, plan.additions, evidence=plan.evidence)
            folder = world.base
    elif plan.additions or plan.rebase:
        folder = append.write(world, plan.additions, run=plan.run, evidence=plan.evidence)
    held = holdback.read(world.home)
    fresh = [holdback.of(change, world.today) for change in plan.held_back if change.id not in held]
    if fresh:
        holdback.write(world.home, held | {item.id: item for item in fresh})
    inbox.add(world.home, inbox.unseen(world.home, plan.candidates, world.today))
    _note_run(world, plan)
    return folder


def accept(world: World, name: str, because: str) -> Path:
    """Append a row that was held back, with medium confidence and the reason beside it.

    Raises
    ------
    RefreshError : there is no such row, no reason is given, or a row of the same day is held by now.
    """
    item = holdback.decide(world.home, name, holdback.ACCEPTED, because, world.today)
    ledger, _ = read_ledger(world, "home")
    table = ledger.table(item.table)
    row = {column: item.cells.get(column, "") for column in table.columns}
    if any(all(row[part] == other[part] for part in table.key_in_full) for other in table.rows):
        message = f"A row of {item.key} of {row['vintage_on']} is held already. Dismiss {name}; a later refresh brings the newer value."
        raise RefreshError(message)
    if "confidence" in row:
        words = f"held back ({item.reasons}) and accepted on {world.today}: {item.because}"
        row |= {"confidence": "medium", "later_note": "; ".join(filter(None, [row["later_note"], words]))}
    evidence = {item.table: max(world.today, date.fromisoformat(row["vintage_on"]))}
    run = world.now().strftime("%Y%m%dT%H%M%SZ")
    folder = append.write(world, [append.Addition(item.table, row, item.raw)], run=run, evidence=evidence)
    holdback.write(world.home, holdback.read(world.home) | {name: item})
    return folder


def dismiss(world: World, name: str, because: str) -> None:
    """Note that a row held back is not to be appended; the same value is not shown again."""
    item = holdback.decide(world.home, name, holdback.DISMISSED, because, world.today)
    holdback.write(world.home, holdback.read(world.home) | {name: item})


def due(world: World, on: date) -> tuple[list[Due], list[Due], Calendar]:
    """What should be out by a day and is not held, what comes next, and the calendar that says so; nothing is fetched."""
    ledger, _ = read_ledger(world, "home")
    calendar = calendars.Calendar(ledger.reference("release_days"))
    raw = Store(world.home / "raw").newest(calendars.bea_question(world.addresses["bea"]))
    if raw is not None:
        calendar.add_instants(calendars.read_bea(raw), raw.day.isoformat())
    late, ahead = calendars.due(ledger, calendar, on, automatic(world.environment))
    return late, ahead, calendar


def summary(plan: Plan) -> Mapping[str, object]:
    """A plan as plain values, for `--format json`."""
    return {
        "run": plan.run,
        "into": plan.into,
        "sources": [
            {
                "source": part.source, "answers": part.fetched, "new": part.new, "revised": part.revised, "as_held": part.same,
                "held_back": part.held_back, "remarks": part.remarks, "waiting": part.waiting, "failures": part.failures,
            }
            for part in plan.parts
        ],
        "rows": [
            {"id": change.id, "change": change.kind, "table": change.observation.table, "raw": change.observation.raw, "row": change.row}
            for change in plan.changes
        ],
        "held_back": [
            {"id": change.id, "table": change.observation.table, "row": change.row, "reasons": list(change.reasons)}
            for change in plan.held_back
        ],
        "law": [
            {"source": item.source, "day": item.day.isoformat(), "title": item.title, "url": item.url} for item in plan.candidates
        ],
    }  # fmt: skip


def commit_text(plan: Plan) -> str:
    """Subject of a commit that holds the rows of a plan: publishers and the newest day."""
    sources: Sequence[str] = sorted({change.observation.source.partition(",")[0] or change.observation.table for change in plan.changes})
    newest = max((change.row["vintage_on"] for change in plan.changes), default="")
    return f"Add {len(plan.changes)} rows of {' and '.join(sources)}, to {newest}"


def _note_run(world: World, plan: Plan) -> None:
    about = {
        "run": plan.run,
        "into": plan.into,
        "appended": len(plan.changes),
        "held_back": len(plan.held_back),
        "failures": plan.failures,
        "commit": commit_text(plan) if plan.changes else "",
    }
    try:
        with (world.home / "runs.jsonl").open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(about, ensure_ascii=False) + "\n")
    except OSError:
        message = f"{world.home / 'runs.jsonl'} could not be written; the rows themselves were."
        raise RefreshError(message) from None
