"""Rows that would be appended, held against the rules that `data verify` knows: what breaks one waits for a person."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from tradelib import checks
from tradelib.checks.rule import Fault, Tables, run
from tradelib.refresh.compare import Change
from tradelib.refresh.ledger import Ledger, Row, Table, typed

_HEADER = 2


def broken(changes: Sequence[Change], ledger: Ledger, evidence: dict[str, str]) -> dict[int, str]:
    """Rules that rows break.

    Parameters
    ----------
    changes : rows that would be appended; the tables of the ledger hold them already.
    evidence : day that each table covers once they are.

    Returns
    -------
    Position of a change, and what is wrong with it. Where a rule names a row that was held before, all changes of the same series are.
    """
    found: dict[int, str] = {}
    for name in sorted({change.observation.table for change in changes}):
        table = ledger.table(name)
        places = {id(change.row): number for number, change in enumerate(changes) if change.observation.table == name}
        before = [row for row in table.rows if id(row) not in places]
        known = {(fault.rule, fault.found) for fault in _faults(table, before, ledger, evidence)}
        for fault in _faults(table, table.rows, ledger, evidence):
            if (fault.rule, fault.found) in known:
                continue
            row = table.rows[fault.row - _HEADER] if table.resource["format"] == "csv" and fault.row else None
            for number in _blamed(row, changes, places):
                found.setdefault(number, f"{fault.found}. {fault.asked} [{fault.rule}]")
    return found


def _blamed(row: Row | None, changes: Sequence[Change], places: dict[int, int]) -> list[int]:
    if row is not None and id(row) in places:
        return [places[id(row)]]
    mine = list(places.values())
    if row is None:
        return mine
    first = next(iter(row.values()))
    return [number for number in mine if changes[number].observation.key[0] == first] or mine


def _faults(table: Table, rows: Sequence[Row], ledger: Ledger, evidence: dict[str, str]) -> list[Fault]:
    names = [name for name in dict.fromkeys((table.name, "series", "statistics")) if ledger.has(name)]
    frames = {name: _frame(rows if name == table.name else _held(ledger, name), ledger.resource(name)) for name in names}
    resources = {
        name: ledger.resource(name) | ({"tradelib:evidence_through": evidence[name]} if name in evidence else {}) for name in names
    }
    return list(run(Tables(frames, resources, ledger.package), about=table.name)) if checks.rules() else []


def _held(ledger: Ledger, name: str) -> Sequence[Row]:
    return ledger.table(name).rows if name == "statistics" else ledger.reference(name)


def _frame(rows: Sequence[Row], resource: dict[str, Any]) -> pd.DataFrame:
    fields = resource["schema"]["fields"]
    return pd.DataFrame({item["name"]: typed([row[item["name"]] for row in rows], item["type"]) for item in fields})
