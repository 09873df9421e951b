"""A data package that holds only what was known on a day: the rows of ledgers that had become known, the statistics that stood.

Fixed reference data stay (ARCHITECTURE.md, "Fixed reference data"). A report that is told from it as from the whole knows nothing later.
"""

import csv
import io
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
from conftest import DAYS
from reports_shown import shown

from tradelib import catalogue, ledger
from tradelib.catalogue import csv_files, home, integrity, parquet, typed
from tradelib.tariffs import metal_content

NOTEBOOKS = sorted(path.stem for path in (Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def package(folder: Path, day: date) -> Path:
    """A sealed package in a folder, of what the edition knew on a day."""
    source = home.edition_folder()
    sums = dict(integrity.recorded(source))
    for resource in catalogue.package(folder=source)["resources"]:
        path = folder / resource["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        content = (source / resource["path"]).read_bytes()
        fewer = _fewer(resource, content, pd.Timestamp(day))
        if fewer == content:
            path.symlink_to(source / resource["path"])
            continue
        path.write_bytes(fewer)
        sums[resource["path"]] = integrity.digest(fewer)
    (folder / catalogue.DESCRIPTOR).write_bytes((source / catalogue.DESCRIPTOR).read_bytes())
    (folder / "scenarios").symlink_to(source / "scenarios")
    integrity.record(folder, sums)
    return folder


def _fewer(resource: dict, content: bytes, day: pd.Timestamp) -> bytes:
    """The file of a table without the rows, and the cells, that became known after a day."""
    later = [field["name"] for field in resource["schema"]["fields"] if field.get("tradelib:later")]
    if resource["tradelib:kind"] == "reference":
        return content
    if resource["format"] == "parquet":
        table = typed.checked(resource, parquet.read(content))
        return parquet.content(table[_known(resource, table, day)].reset_index(drop=True))
    head, *rows = csv_files.rows(content)
    kept = _known(resource, typed.typed(resource, [head, *rows]), day)
    blank = [head.index(name) for name in later]
    cells = [["" if place in blank else cell for place, cell in enumerate(row)] for row, is_kept in zip(rows, kept, strict=True) if is_kept]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *cells])
    return text.getvalue().encode()


def _known(resource: dict, table: pd.DataFrame, day: pd.Timestamp) -> list[bool]:
    """Which rows were known: by their day; of a statistic held only as it was copied later, the earliest copy."""
    known = table[resource["tradelib:known_on"]] <= day
    if resource["tradelib:kind"] == "statistics":
        stood = ledger.latest_known(table.assign(place=table.index), as_of=day.date(), key=resource["tradelib:key"])["place"]
        known = known & (table["vintage_on"].le(day) | table.index.isin(stood))
    if resource["name"] == "duties_by_partner":
        # Of a fixed year, as the weights are: all imports of 2024, of which those held by partner are a share.
        known |= table["partner"].eq("World") & table["period"].dt.year.eq(2024)
    if resource["name"] == "duties_china":
        # The months that the shares of metal come from, which are fixed reference data and say that they may be younger than the page.
        known |= table["period"].between(metal_content.BEFORE, metal_content.AFTER)
    return known.tolist()


def draw(number: int, seed: int) -> list[date]:
    """Days of every kind of turn, and from the 40th on days of no kind; of few, as many of both."""
    edition = catalogue.edition()
    turns = sorted({*DAYS, *(day.date() for day in catalogue.load("named_days")["day"])})
    turns = [day for day in turns if day <= edition.evidence_through]
    chance = random.Random(seed)  # noqa: S311, draws days
    some = chance.sample(turns, min(len(turns), max(number - 20, number // 2)))
    span = (edition.evidence_through - edition.evidence_from).days
    return sorted({*some, *(edition.evidence_from + timedelta(days=chance.randrange(span)) for _ in range(number - len(some)))})


def differences(folder: Path, day: date, notebook: str) -> Iterator[str]:
    """Where a report told from the package in a folder is not the one that is told from the whole: cell, and the words around."""
    whole = shown(notebook, day.isoformat())
    whole_folder, home.data_folder = home.data_folder, lambda: folder
    try:
        alone = getattr(shown, "__wrapped__", shown)(notebook, day.isoformat())
    except Exception as error:
        yield f"{notebook} as of {day}: {type(error).__name__}: {error}"
        return
    finally:
        home.data_folder = whole_folder
    if len(whole) != len(alone):
        yield f"{notebook} as of {day}: {len(whole)} outputs, and {len(alone)} without later rows"
    for number, (one, other) in enumerate(zip(whole, alone, strict=False), start=1):
        for kind in one.keys() | other.keys():
            if one.get(kind) != other.get(kind):
                yield f"{notebook} as of {day}, output {number}, {kind}: {_apart(str(one.get(kind)), str(other.get(kind)))}"


def _apart(one: str, other: str) -> str:
    one, other = (re.sub(r"base64,[A-Za-z0-9+/=]+", "a drawing", text) for text in (one, other))
    place = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"...{one[max(0, place - 60) : place + 120]!r} and not {other[max(0, place - 60) : place + 120]!r}"
