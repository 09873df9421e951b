"""The command `tradelib refresh`: what it prints, and how it ends."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from tradelib import refresh, wording
from tradelib.catalogue import home
from tradelib.days import parse_day
from tradelib.refresh import holdback, inbox
from tradelib.refresh.append import locked
from tradelib.refresh.calendars import CENSUS, FT900, Due
from tradelib.refresh.compare import Change
from tradelib.refresh.errors import RefreshError
from tradelib.refresh.plan import Part, Plan
from tradelib.refresh.secrets import hide
from tradelib.refresh.world import World

_SHOWN = 12
_DONE, _LOOK, _FAILED, _PARTLY = 0, 1, 2, 3


def run(options: argparse.Namespace, world: World | None = None) -> int:
    """Run the command; gives its status.

    Raises
    ------
    RefreshError : nothing was written.
    """
    world = world or refresh.real()
    _refuse_mixtures(options)
    if options.due:
        return _due(world, parse_day(options.on, name="--on") if options.on else world.today)
    if options.inbox:
        return _inbox(world, options)
    if options.held_back:
        return _held_back(world, options)
    return _refresh(world, options)


def _refuse_mixtures(options: argparse.Namespace) -> None:
    if options.on and not options.due:
        message = "--on belongs to --due."
        raise RefreshError(message)
    if (options.accept or options.dismiss) and not (options.held_back or options.inbox):
        message = "--accept and --dismiss belong to --held-back, or to --inbox."
        raise RefreshError(message)
    if options.due or options.inbox or options.held_back:
        for name, is_given in (("--write", options.write), ("--format json", options.format == "json")):
            if is_given:
                message = f"{name} belongs to a refresh, not to --due, --held-back or --inbox."
                raise RefreshError(message)


def _refresh(world: World, options: argparse.Namespace) -> int:
    names = refresh.chosen(options.what)
    since = _month(options.since) if options.since else None
    offline = Path(options.folder) if options.folder else None
    with locked(world):
        plan = refresh.make(world, names, into=options.into, since=since, offline=offline, again=options.again)
        fresh = inbox.unseen(world.home, plan.candidates, world.today)
        for failure in plan.failures:
            print(hide(f"tradelib: {failure}"), file=sys.stderr)
        if plan.failures and not any(_gave(part) for part in plan.parts):
            message = "no source answered; nothing was written."
            raise RefreshError(message)
        folder = refresh.write(world, plan) if options.write else None
    if options.format == "json":
        print(hide(json.dumps(refresh.summary(plan), indent=1, ensure_ascii=False)))
    else:
        print(hide("\n".join(_report(world, plan, fresh, folder, write=options.write))))
    if plan.failures:
        return _PARTLY
    waiting = bool(plan.changes or fresh) and not options.write
    return _LOOK if waiting or plan.held_back else _DONE


def _gave(part: Part) -> bool:
    return part.source != "calendars" and (not part.failures or bool(part.new or part.revised or part.same or part.held_back))


def _report(world: World, plan: Plan, fresh: list[inbox.Item], folder: Path | None, *, write: bool) -> list[str]:
    """The plan in lines."""
    lines = []
    for part in plan.parts:
        lines += _source(part)
    tables = sorted({change.observation.table for change in [*plan.changes, *plan.held_back]} | set(plan.evidence))
    for table in tables:
        changes = [change for change in plan.changes if change.observation.table == table]
        held = [change for change in plan.held_back if change.observation.table == table]
        new = sum(change.kind == "new" for change in changes)
        lines.append(f"{table:<17} {new} new, {len(changes) - new} revised, {len(held)} held back")
        lines += [_row(change) for change in changes[:_SHOWN]]
        if len(changes) > _SHOWN:
            lines.append(f"  … {len(changes) - _SHOWN} more: tradelib refresh --format json")
        lines += [f"? {change.id}  {_row(change)[2:]}: {'; '.join(change.reasons)}" for change in held]
    if fresh:
        lines.append(f"{wording.count(len(fresh), 'text')} of law or news for a person" + (": tradelib refresh --inbox" if write else ":"))
        lines += [] if write else [f"  {item.day}  {item.source}  {item.title}  {item.url}" for item in fresh[:_SHOWN]]
    if plan.rebase or plan.dropped or plan.contradicted:
        lines.append(_rebased(plan))
    lines += _ending(world, plan, fresh, folder, write=write)
    return lines


def _source(part: Part) -> list[str]:
    asked = wording.count(part.fetched, "answer")
    when = f", fetched {part.last_at:%Y-%m-%d %H:%M} UTC" if part.last_at else ""
    counts = f", {part.same} as held" if part.same else ""
    lines = [f"{part.source:<17} {asked}{when}{counts}"]
    lines += [f"  {remark}" for remark in part.remarks]
    lines += [f"  waits: {words}" for words in part.waiting]
    return lines


def _row(change: Change) -> str:
    row = change.row
    values = "  ".join(text for _, text in sorted((name, row[name]) for name, _ in change.observation.values))
    before = "" if change.before is None else "  was " + "  ".join(change.before[name] for name, _ in sorted(change.observation.values))
    basis = f" ({row['published_basis']})" if row.get("published_basis") else ""
    sign = "+" if change.kind == "new" else "~"
    return (
        f"{sign} {'  '.join(change.observation.key)}  {values}{before}  published {row['published_on']}{basis}  known {row['vintage_on']}"
    )


def _rebased(plan: Plan) -> str:
    words = f"{wording.count(plan.dropped, 'row')} of your home {'is' if plan.dropped == 1 else 'are'} in this edition by now"
    if plan.contradicted:
        words += f"; {len(plan.contradicted)} disagree with it and do not count"
    return words + "."


def _ending(world: World, plan: Plan, fresh: list[inbox.Item], folder: Path | None, *, write: bool) -> list[str]:
    count = len(plan.changes)
    rows = wording.count(count, "row")
    where = str(world.home) if plan.into == "home" else str(world.base)
    if not write:
        if not count and not plan.rebase:
            return [
                "Nothing was written; " + ("there is nothing to append." if not fresh else "add --write to keep the texts in the inbox.")
            ]
        return [f"Nothing was written. Add --write to append {rows} to {where}."]
    if folder is None:
        return ["There was nothing to append."]
    lines = [f"{rows} appended to {where}."]
    if plan.into == "checkout":
        lines.append(f"Commit: {refresh.commit_text(plan)}")
    elif world.environment.get(home.WHICH):
        lines.append(f"{home.WHICH} is set to {world.environment[home.WHICH]!r}: other commands here do not read them.")
    return lines


def _due(world: World, on: date) -> int:
    late, ahead, calendar = refresh.due(world, on)
    automatic = [item for item in late if item.automatic]
    by_hand = [item for item in late if not item.automatic]
    seen = calendar.seen_on.get((CENSUS, FT900), "")
    print(f"Due on {wording.day(on)} and not held" + (f"; FT-900 calendar seen {seen}" if seen else ""))
    for item in automatic:
        print(_due_line(item))
    if by_hand:
        print("Brought by no source that can be asked here; typed from the press or another copy, or with a key:")
        for item in by_hand:
            print(_due_line(item))
    if not late:
        print("  nothing")
    coming: dict[tuple[str, str, tuple[str, ...]], Due] = {}
    for item in sorted(ahead, key=lambda item: item.basis != "calendar"):
        coming.setdefault((item.publisher, item.release, item.periods), item)
    for item in sorted(coming.values(), key=lambda item: item.due_on):
        about = "" if item.basis == "calendar" else "about "
        print(f"Next: {item.publisher}, {item.release}, {item.periods[0][:7]}: {about}{item.due_on} ({item.basis})")
    return _LOOK if automatic else _DONE


def _due_line(item: Due) -> str:
    what = item.what[0] if len(item.what) == 1 else f"{item.what[0]} and {len(item.what) - 1} more"
    periods = item.periods[0][:7] + (f" to {item.periods[-1][:7]}" if len(item.periods) > 1 else "")
    about = "" if item.basis == "calendar" else "about "
    return f"  {item.publisher}, {item.release}: {what}: {periods}; out since {about}{item.due_on} ({item.basis}), held to {item.last[:7]}"


def _held_back(world: World, options: argparse.Namespace) -> int:
    if options.accept and options.dismiss:
        message = "Give --accept or --dismiss, not both."
        raise RefreshError(message)
    if options.accept:
        with locked(world):
            folder = refresh.accept(world, options.accept, options.because or "")
        print(f"{options.accept} appended; the newest package is {folder.name}.")
        return _DONE
    if options.dismiss:
        with locked(world):
            refresh.dismiss(world, options.dismiss, options.because or "")
        print(f"{options.dismiss} dismissed; the same value is not shown again.")
        return _DONE
    waiting = [item for item in holdback.read(world.home).values() if item.state == holdback.OPEN]
    for item in waiting:
        print(f"{item.id}  {item.table}  {item.key}  {_values(item)}  seen {item.seen_on}\n    {item.reasons}")
    print(f"{wording.count(len(waiting), 'row')} held back." + (" Accept or dismiss each, with --because." if waiting else ""))
    return _LOOK if waiting else _DONE


def _values(item: holdback.Held) -> str:
    cells = item.cells
    return "  ".join(cells[name] for name in ("value", "customs_value_usd", "calculated_duty_usd") if cells.get(name))


def _inbox(world: World, options: argparse.Namespace) -> int:
    for name, state in ((options.accept, inbox.TAKEN), (options.dismiss, inbox.DISMISSED)):
        if name:
            with locked(world):
                inbox.decide(world.home, name, state, options.because or "", world.today)
            print(f"{name} {state}.")
            return _DONE
    items = [item for item in inbox.read(world.home).values() if item.state == inbox.NEW]
    for item in items:
        print(f"{item.id}  {item.day}  {item.source}  {item.title}\n    {item.url}")
    print(f"{wording.count(len(items), 'text')} to look at; no rate was read from any.")
    return _LOOK if items else _DONE


def _month(text: str) -> date:
    return parse_day(f"{text}-01" if len(text) == len("2026-05") else text, name="--since").replace(day=1)
