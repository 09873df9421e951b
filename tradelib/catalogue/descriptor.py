"""What tables there are, and what the package says of each, from its description."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tradelib.catalogue import home
from tradelib.errors import CatalogueError

DESCRIPTOR = home.DESCRIPTOR

# What a reader of JSON gives: the standard of data packages says which types its values have.
Json = dict[str, Any]


def data_folder() -> Path:
    """Folder that holds the data package: the edition, or what `tradelib refresh` made of it; see `home.data_folder`."""
    return home.data_folder()


def package(*, folder: Path | None = None) -> Json:
    """The whole description of a data package; to be read, and not to be changed."""
    folder = folder or data_folder()
    return _package_at(folder, (folder / DESCRIPTOR).stat().st_mtime_ns)


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


@functools.lru_cache(maxsize=8)
def _package_at(folder: Path, _changed: int) -> Json:
    try:
        package: Json = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except ValueError as error:
        message = f"data/{DESCRIPTOR} is not valid JSON ({error}). Restore it with: git checkout -- data/{DESCRIPTOR}"
        raise CatalogueError(message) from None
    return package
