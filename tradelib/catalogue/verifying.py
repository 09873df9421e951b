"""Verify that every table is whole, and seal those that were changed on purpose."""

from pathlib import Path

import pandas as pd

from tradelib import strings
from tradelib.catalogue import integrity
from tradelib.catalogue.descriptor import Json, as_written, data_folder, fault, package
from tradelib.catalogue.loading import read
from tradelib.catalogue.typed import place


def tables(*, folder: Path | None = None) -> list[dict[str, object]]:
    """Every table as readers are told of it.

    Returns
    -------
    list[dict[str, object]]
        One item a table: name, title, description, path (inside the package), rows, first and last (ISO days on which its rows became
        known; empty for fixed reference data), publishers, sha256.
    """
    report, recorded = verify(folder=folder).set_index("name"), hashes(folder=folder)
    found = []
    for resource in package(folder=folder)["resources"]:
        row = report.loc[resource["name"]]
        shown = {word: resource[word] for word in ("name", "title", "description", "path")} | {"rows": int(row["rows"])}
        shown |= {end: "" if pd.isna(row[f"{end}_known_on"]) else f"{row[f'{end}_known_on']:%Y-%m-%d}" for end in ("first", "last")}
        shown["publishers"] = "; ".join(source["title"] for source in resource["sources"])
        found.append(shown | {"sha256": recorded[resource["path"]]})
    return found


def hashes(*, folder: Path | None = None) -> dict[str, str]:
    """Recorded sha256 of every file of the package, by its path inside it."""
    return dict(integrity.recorded(folder or data_folder()))


def whole(*, folder: Path | None = None) -> dict[str, str]:
    """Recorded sha256 of every file of the package, by its path inside it, once each file was held against its own; quicker than `verify`.

    Raises
    ------
    CatalogueError
        a file that is missing or is not what was recorded; with the row and the remedy, as `verify` tells it.
    """
    folder = folder or data_folder()
    recorded = hashes(folder=folder)
    for resource in package(folder=folder)["resources"]:
        path = folder / resource["path"]
        if not path.is_file() or integrity.digest(path.read_bytes()) != recorded.get(resource["path"]):
            verify(folder=folder)
    _check_scenarios(folder)
    return recorded


def scenario_files(*, folder: Path | None = None) -> dict[str, Path]:
    """The scenario files of a package, by their names."""
    return {file.stem: file for file in sorted(((folder or data_folder()) / "scenarios").glob("*.yaml"))}


def scenario_text(file: Path) -> bytes:
    """Content of a scenario file of a package: what everybody calls by one name is the same for all.

    Raises
    ------
    CatalogueError
        it is not what the package recorded.
    """
    content, path = file.read_bytes(), f"{file.parent.name}/{file.name}"
    if integrity.recorded(file.parent.parent).get(path) != integrity.digest(content):
        what = "its content is not what the package recorded. A scenario of your own is a file elsewhere, called by its path"
        raise fault({"path": path}, what)
    return content


@strings.alike
def verify(*, folder: Path | None = None) -> pd.DataFrame:
    """Check that every table is whole: hash, columns, types, key, and a source for every row. What the rows mean is checked in `checks`.

    Returns
    -------
    DataFrame
        One row a table: name, path, rows, first_known_on, last_known_on.

    Raises
    ------
    CatalogueError
        the first fault found, with the file, the row and the remedy.
    """
    report = []
    for resource in package(folder=folder)["resources"]:
        table = read(resource["name"], folder=folder)
        _check_sources(resource, table)
        by = resource.get("tradelib:known_on")
        days = table[by] if by else pd.Series(dtype="datetime64[us]")
        report.append((resource["name"], resource["path"], len(table), days.min(), days.max()))
    _check_scenarios(folder or data_folder())
    return pd.DataFrame(report, columns=["name", "path", "rows", "first_known_on", "last_known_on"])


def seal(*, folder: Path | None = None) -> list[str]:
    """Record the sha256 of every file in `SHA256SUMS`; for those who change the data on purpose.

    Returns
    -------
    list[str]
        Names of the tables whose file had changed.
    """
    folder = folder or data_folder()
    paths = {resource["name"]: resource["path"] for resource in as_written(folder)["resources"]}
    fresh = {path: integrity.digest((folder / path).read_bytes()) for path in paths.values()}
    held = set(integrity.each_recorded(folder))
    others = {f"{file.parent.name}/{file.name}": integrity.digest(file.read_bytes()) for file in scenario_files(folder=folder).values()}
    integrity.record(folder, fresh | others)
    return [name for name, path in paths.items() if (path, fresh[path]) not in held]


def _check_scenarios(folder: Path) -> None:
    """Refuse a scenario that is not as recorded, or is gone."""
    files = scenario_files(folder=folder)
    for file in files.values():
        scenario_text(file)
    recorded = {path for path in integrity.recorded(folder) if path.startswith("scenarios/")}
    gone = recorded - {f"{file.parent.name}/{file.name}" for file in files.values()}
    if gone and files:
        raise fault({"path": min(gone)}, "the file is missing")


def _check_sources(resource: Json, table: pd.DataFrame) -> None:
    name = next((name for name in ("instrument", "source") if name in table), None)
    if name is None:
        # A large table has one source for all its rows: the description names it.
        if not resource.get("sources"):
            raise fault(resource, "neither its rows nor its description name a source")
        return
    bare = table[name].eq("")
    if bare.any():
        raise fault(resource, f"row {place(bare) + 2} has no {name}")
