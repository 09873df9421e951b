"""What tables there are, and what the package says of each, from its description."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tradelib.catalogue import description_rules, home, integrity
from tradelib.errors import CatalogueError

DESCRIPTOR = home.DESCRIPTOR

# What a reader of JSON gives: the standard of data packages says which types its values have.
Json = dict[str, Any]


def data_folder() -> Path:
    """Folder that holds the data package: the edition, or what `tradelib refresh` made of it; see `home.data_folder`."""
    return home.data_folder()


def package(*, folder: Path | None = None) -> Json:
    """The whole description of a data package; to be read, and not to be changed.

    Raises
    ------
    CatalogueError
        it is missing, damaged, says what no description says, or is not what the package recorded.
    """
    folder = folder or data_folder()
    try:
        status = (folder / DESCRIPTOR).stat()
    except OSError:
        raise _damaged(folder, "the file is missing") from None
    return _package_at(folder, (status.st_mtime_ns, status.st_size))


def as_written(folder: Path) -> Json:
    """Description of a package whether it was recorded or not, for those who change it.

    Raises
    ------
    CatalogueError
        it is missing, damaged, or says what no description says.
    """
    package = parsed(folder)
    for flaw in description_rules.flaws(package):
        raise _damaged(folder, f"{flaw.where}: {flaw.found}. {flaw.asked.rstrip('.')}".removeprefix(": "))
    return package


def parsed(folder: Path) -> Json:
    """Description of a package as its file has it, for those who tell all its faults.

    Raises
    ------
    CatalogueError
        it cannot be read; what it says is not looked at (see `description_rules.flaws`).
    """
    try:
        return description_rules.parsed((folder / DESCRIPTOR).read_bytes())
    except OSError:
        raise _damaged(folder, "the file is missing, or cannot be read") from None
    except ValueError as error:
        raise _damaged(folder, f"it is no valid JSON ({error})") from None


def names(*, folder: Path | None = None) -> list[str]:
    """Names of the tables, in the order of the package."""
    return [resource["name"] for resource in package(folder=folder)["resources"]]


def description(name: str, *, folder: Path | None = None) -> Json:
    """What the package says of a table, in the words of the Data Package standard; to be read, and not to be changed.

    Raises
    ------
    CatalogueError
        an unknown table.
    """
    resources: dict[str, Json] = {resource["name"]: resource for resource in package(folder=folder)["resources"]}
    if not isinstance(name, str) or name not in resources:
        message = f"There is no table {name!r}. The tables are: {', '.join(resources)}."
        raise CatalogueError(message)
    return resources[name]


def key_of(resource: Mapping[str, Any]) -> list[str]:
    """Columns that name a row of a table: its `primaryKey`, or its `uniqueKeys` where one may be empty, as in no primary key."""
    schema = resource["schema"]
    key: list[str] = schema.get("primaryKey") or schema["uniqueKeys"][0]
    return key


def fault(resource: Json, what: str) -> CatalogueError:
    """What is wrong with the file of a table, and the remedy."""
    path = f"data/{resource['path']}"
    if resource.get("tradelib:refreshed"):
        return CatalogueError(
            f"{path} of your refreshed data: {what}. `tradelib refresh --write` builds them anew; "
            "TRADELIB_DATA=edition reads the edition alone."
        )
    return CatalogueError(
        f"{path}: {what}. Restore it with `git checkout -- {path}`; or, if the change is meant, mend it and run `tradelib data seal`."
    )


def _damaged(folder: Path, what: str) -> CatalogueError:
    """What is wrong with the description itself, and the remedy."""
    return fault({"path": DESCRIPTOR, "tradelib:refreshed": folder.parent.name == home.GENERATIONS}, what)


@functools.lru_cache(maxsize=8)
def _package_at(folder: Path, _stamp: tuple[int, int]) -> Json:
    package = as_written(folder)
    if integrity.recorded(folder).get(DESCRIPTOR) != integrity.digest((folder / DESCRIPTOR).read_bytes()):
        raise _damaged(folder, "its content is not what the package recorded")
    return package
