"""Rows appended, old or new and never a mixture: a log, a complete data package built beside the old one, and one pointer to it.

The pointer is the only thing that makes rows count: the package that it names says how much of each log belongs to it, and what a broken
run left behind that length is cut off by the next.
"""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tradelib import catalogue
from tradelib.catalogue import home, integrity
from tradelib.errors import TradelibError
from tradelib.refresh.errors import RefreshError
from tradelib.refresh.ledger import Ledger, Row, csv_bytes, read_rows, write_rows
from tradelib.refresh.lock import held
from tradelib.refresh.logs import Log, committed, pointed, read_logs
from tradelib.refresh.world import World

LOG_COLUMNS = ["run", "raw"]
_KEPT, _KEPT_DAYS = 2, 7


@dataclass(frozen=True)
class Addition:
    """A row to append, and the answer that it was read from."""

    table: str
    row: Row
    raw: str


def write(world: World, additions: Sequence[Addition], *, run: str, evidence: Mapping[str, date]) -> Path:
    """Append rows to the user's home and make the package that holds them the current one.

    Parameters
    ----------
    additions : the rows; none gives a package upon the edition of today with the rows that are held.
    run : name of the run.
    evidence : day that each table with new rows covers now.

    Returns
    -------
    Folder of the new package.

    Raises
    ------
    RefreshError : the disk is full, the home cannot be written, or the package that was built does not verify; the old one stands.
    """
    where = world.home
    try:
        (where / "rows").mkdir(parents=True, exist_ok=True)
        (where / home.GENERATIONS).mkdir(exist_ok=True)
        _clean(where)
        ledger = Ledger(world.base)
        logs = read_logs(where, ledger)
        old = pointed(where) or {}
        kept = _append_logs(world, additions, logs, run, old)
        folder = _build(world, ledger, logs, kept, run, evidence, old)
        world.fault("built")
        integrity.replace_file(where / home.POINTER, f"{folder.name}\n".encode("ascii"))
        _sync(where)
        world.fault("pointed")
        _prune(world, folder)
    except OSError as error:
        raise RefreshError(_disk(error, where)) from None
    return folder


def write_checkout(world: World, additions: Sequence[Addition], *, evidence: Mapping[str, date]) -> list[str]:
    """Append rows to the tables of the checkout itself: each file at once, the description and the list of hashes last.

    Returns
    -------
    Names of the tables that changed.

    Raises
    ------
    RefreshError : this is no checkout, or it cannot be written.
    """
    if world.base.name == "_data":
        message = "--into checkout appends to the data/ of a checkout, and this tradelib is an installed copy. Leave it out."
        raise RefreshError(message)
    ledger = Ledger(world.base)
    for addition in additions:
        ledger.table(addition.table).append(addition.row)
    names = sorted({addition.table for addition in additions})
    package, fresh = json.loads(json.dumps(ledger.package)), {}
    try:
        for name in names:
            resource = next(item for item in package["resources"] if item["name"] == name)
            content = _content(world.base, resource, ledger.table(name).rows)
            integrity.replace_file(world.base / resource["path"], content)
            world.fault(f"replaced {name}")
            _describe(resource, evidence.get(name))
            fresh[resource["path"]] = integrity.digest(content)
        integrity.replace_file(world.base / home.DESCRIPTOR, _json(package))
        integrity.record(world.base, integrity.recorded(world.base) | fresh)
    except OSError as error:
        raise RefreshError(_disk(error, world.base)) from None
    catalogue.verify(folder=world.base)
    return names


def locked(world: World) -> held:
    """The lock of the home, as a context; see `lock.held`."""
    return held(world.home, world.now)


def _append_logs(
    world: World, additions: Sequence[Addition], logs: dict[str, Log], run: str, old: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Append to the log of each table; what they hold now, by table."""
    kept: dict[str, dict[str, Any]] = json.loads(json.dumps(old.get("tradelib:refresh", {}).get("tables", {})))
    for name in sorted({addition.table for addition in additions}):
        table = Ledger(world.base).table(name)
        fresh = [addition for addition in additions if addition.table == name]
        names = [*table.columns, *LOG_COLUMNS]
        lines = csv_bytes(names, [addition.row | {"run": run, "raw": addition.raw} for addition in fresh])
        head, rest = lines.split(b"\n", 1)
        file_name = kept.get(name, {}).get("file", f"{name}.csv")
        before = committed(world.home, kept[name]) if name in kept else b""
        if before and not before.startswith(head + b"\n"):
            # The edition has other columns than the one this log was begun with: it goes on in a file of its own.
            file_name, before = f"{name}-{len(before)}.csv", csv_bytes(names, logs[name].all)
        lines = rest if before else lines
        path = world.home / "rows" / file_name
        if name not in kept and path.exists():
            # Left by a first run that was broken, or by a pointer that somebody took away: it does not count, and is not destroyed.
            path.rename(path.with_name(f"{name}.{run}.left"))
        with path.open("r+b" if path.exists() else "w+b") as file:
            if path.name != kept.get(name, {}).get("file", path.name):
                file.write(before)
            file.truncate(len(before))
            file.seek(len(before))
            file.write(lines[: len(lines) // 2])
            file.flush()
            world.fault("half a log")
            file.write(lines[len(lines) // 2 :])
            file.flush()
            os.fsync(file.fileno())
        world.fault("a log")
        content = before + lines
        log = logs.setdefault(name, Log())
        log.rows += [addition.row for addition in fresh]
        rows = len(log.all) + len(fresh)
        kept[name] = {"file": file_name, "rows": rows, "bytes": len(content), "sha256": integrity.digest(content)}
    return kept


def _build(
    world: World,
    ledger: Ledger,
    logs: dict[str, Log],
    kept: dict[str, dict[str, Any]],
    run: str,
    evidence: Mapping[str, date],
    old: dict[str, Any],
) -> Path:
    """A complete package beside the others: the edition with the rows appended, verified."""
    folder = world.home / home.GENERATIONS / f"{_next(world.home):06d}"
    part = folder.with_name(folder.name + ".part")
    _copy(world.base, part)
    world.fault("copied")
    package, fresh = json.loads(json.dumps(ledger.package)), {}
    before = {item["name"]: item.get("tradelib:evidence_through") for item in old.get("resources", [])}
    for resource in package["resources"]:
        name = resource["name"]
        resource["tradelib:refreshed"] = True
        if name not in logs or not logs[name].rows:
            continue
        own = read_rows(world.base, resource)
        content = _content(world.base, resource, own + logs[name].rows)
        (part / resource["path"]).write_bytes(content)
        fresh[resource["path"]] = integrity.digest(content)
        world.fault("a table")
        days = [day for day in (before.get(name), evidence[name].isoformat() if name in evidence else None) if day]
        newest = max((row["vintage_on"] for row in logs[name].rows), default="")
        _describe(resource, date.fromisoformat(max([*days, newest])))
    on = world.today
    package["version"] = f"{package['version']}+{on:%Y%m%d}"
    package["tradelib:base"] = {"edition": package["tradelib:edition"], "sha256": home.fingerprint(world.base)}
    tables = {name: item | {"counted": len(logs[name].rows) if name in logs else 0} for name, item in kept.items()}
    package["tradelib:refresh"] = {"on": on.isoformat(), "run": run, "tables": tables}
    (part / home.DESCRIPTOR).write_bytes(_json(package))
    integrity.record(part, integrity.recorded(part) | fresh)
    world.fault("described")
    for path in sorted(part.rglob("*")):
        _sync(path)
    try:
        catalogue.verify(folder=part)
    except TradelibError as error:
        message = f"The package with the new rows does not verify, and the old one stands: {error}"
        raise RefreshError(message) from None
    world.fault("verified")
    part.rename(folder)
    _sync(folder.parent)
    return folder


def _copy(base: Path, part: Path) -> None:
    """Copies of all files, which may be written to and deleted although those of an installed package may not."""
    for path in base.rglob("*"):
        if path.is_file():
            target = part / path.relative_to(base)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def _content(base: Path, resource: dict[str, Any], rows: list[Row]) -> bytes:
    key = catalogue.key_of(resource)
    return write_rows(base, resource, sorted(rows, key=lambda row: tuple(row[name] for name in key)))


def _describe(resource: dict[str, Any], through: date | None) -> None:
    if through is not None:
        resource["tradelib:evidence_through"] = max(resource.get("tradelib:evidence_through", ""), through.isoformat())


def _clean(where: Path) -> None:
    """Delete what a broken run left."""
    for part in (where / home.GENERATIONS).glob("*.part"):
        shutil.rmtree(part)
    for part in where.glob(".*.part"):
        part.unlink()


def _next(where: Path) -> int:
    return max((int(path.name) for path in (where / home.GENERATIONS).iterdir() if path.name.isdigit()), default=0) + 1


def _prune(world: World, newest: Path) -> None:
    """Delete packages that nobody can be reading any more: older than a week, and not among the newest two."""
    folders = sorted(path for path in newest.parent.iterdir() if path.name.isdigit())
    before = world.now() - timedelta(days=_KEPT_DAYS)
    for folder in folders[:-_KEPT]:
        made = datetime.fromtimestamp((folder / home.DESCRIPTOR).stat().st_mtime, tz=before.tzinfo)
        if made < before:
            shutil.rmtree(folder)


def _sync(path: Path) -> None:
    """Make sure that a file or the names in a folder are on disk; Windows writes files opened for it, and has no call for folders."""
    if os.name == "nt" and path.is_dir():
        return
    number = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _json(package: dict[str, Any]) -> bytes:
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def _disk(error: OSError, where: Path) -> str:
    words = os.strerror(error.errno).lower() if error.errno else str(error)
    return f"{where} could not be written ({words}), and what was there stands. Free it, or set {home.WHERE} to another folder."
