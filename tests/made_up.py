"""A made-up law of a few lines and measures, for rules that the shipped data do not put to the test."""

import functools
import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from tradelib import tariffs
from tradelib.catalogue import home, integrity, parquet
from tradelib.tariffs import books, stacking
from tradelib.tariffs.membership import Membership

BEGIN = "2025-01-01"


def lines(mfn: Mapping[str, float], *, importer: str = "US", parts: Iterable[float] | None = None) -> tariffs.Lines:
    """Tariff lines with a general rate each; `parts`: how many tariff lines each stands for."""
    codes = np.array(sorted(mfn))
    return tariffs.Lines(
        importer=importer,
        codes=codes,
        index=pd.Index(codes, name="code"),
        kinds=np.full(len(codes), "ad_valorem", dtype=object),
        texts=np.full(len(codes), "", dtype=object),
        weights={"2024": np.ones(len(codes))},
        tariff_lines=np.ones(len(codes)) if parts is None else np.array(list(parts), dtype=float),
        _mfn=[(date(2018, 1, 1), np.array([mfn[code] for code in codes]))],
    )


def duty(measure: str, rate: float, **said: object) -> dict[str, object]:
    """One interval of one measure, in the shape of `tariffs.schedule`; the family is the first letter of the measure's name."""
    row = {
        "measure_id": measure, "importer": "US", "kind": "duty", "announced_on": BEGIN, "family": measure[0], "within_family": "add",
        "priority": math.nan, "yields_to": "", "rate_frac": rate, "basis": "full_value", "scope": "all", "exempt": "",
        "effective_from": BEGIN, "effective_to": None,
    } | said  # fmt: skip
    return row | {name: pd.Timestamp(row[name]) for name in ("announced_on", "effective_from", "effective_to")}


def exclusion(measure: str, scope: str, **said: object) -> dict[str, object]:
    """One interval of an exclusion of some goods."""
    return duty(measure, math.nan, kind="exclusion", basis="exclusion", scope=scope, **said)


def book(*rows: dict[str, object], importer: str = "US", claims: Mapping[str, float] | None = None) -> books.Book:
    """A made-up schedule, made ready for stacking."""
    return books.bind(pd.DataFrame(list(rows)), importer, claims=claims)


def stacked(over: tariffs.Lines, *rows: dict[str, object], on: str = "2025-06-01", **choices: object) -> dict[str, list[float]]:
    """Duty of every family on every line."""
    layers = stacking.stack(book(*rows), over, Membership(over), on=date.fromisoformat(on), **choices)
    return {family: layer.tolist() for family, layer in layers.items()}


def edition(folder: Path, tables: Mapping[str, list[dict[str, object]]], *, through: str = "2025-12-31") -> Path:
    """A data package in a folder: that of the edition, but with these rows in some tables and its evidence ending on another day.

    A cell that a row does not name is empty or false, or, where one is required, 1 or the name of its column.
    """
    source = home.edition_folder()
    text = (source / "datapackage.json").read_text(encoding="utf-8")
    sums = integrity.recorded(source)
    for resource in _resources(text):
        path = folder / resource["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = tables.get(resource["name"])
        if rows is None:
            path.symlink_to(source / resource["path"])
            continue
        frame = pd.DataFrame({field["name"]: _column(field, rows) for field in resource["schema"]["fields"]})
        words = {name: frame[name].map({True: "true", False: "false"}) for name in frame.select_dtypes("bool")}
        printed = frame.assign(**words).to_csv(index=False, date_format="%Y-%m-%d").encode()
        content = parquet.content(frame) if resource["format"] == "parquet" else printed
        path.write_bytes(content)
        sums = sums | {resource["path"]: integrity.digest(content)}
    through_day = re.compile(r'("tradelib:evidence_through": )"[0-9-]*"')
    (folder / "datapackage.json").write_text(through_day.sub(rf'\1"{through}"', text, count=1), encoding="utf-8")
    integrity.record(folder, sums)
    return folder


@functools.cache
def _resources(text: str) -> list[dict]:
    return json.loads(text)["resources"]


def _column(field: dict[str, object], rows: list[dict[str, object]]) -> pd.Series:
    cells, rules = [row.get(field["name"]) for row in rows], field.get("constraints", {})
    if field["type"] == "boolean":
        return pd.Series([bool(cell) for cell in cells], dtype=bool)
    if field["type"] == "date":
        return pd.Series(pd.to_datetime(cells), dtype="datetime64[us]")
    if field["type"] == "number":
        return pd.Series([1.0 if cell is None and rules.get("required") else cell for cell in cells], dtype=float)
    empty = field["name"] if "enum" not in rules and (rules.get("required") or field["name"] in ("instrument", "source", "url")) else ""
    return pd.Series([empty if cell is None else cell for cell in cells], dtype="str")


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame, if its rows are numbered from 0 on and no earlier numbers stand in a column."""
    assert frame.index.tolist() == list(range(len(frame)))
    assert not {"index", "level_0"} & set(frame.columns)
    return frame
