"""Where the data are read from: the edition that came with the package, or the copy that `tradelib refresh` keeps for its user."""

import functools
import json
import os
from pathlib import Path

from tradelib.catalogue import integrity
from tradelib.errors import CatalogueError

DESCRIPTOR = integrity.DESCRIPTOR
WHICH = "TRADELIB_DATA"
WHERE = "TRADELIB_DATA_HOME"
POINTER = "CURRENT"
GENERATIONS = "generations"
# What this process was asked to read when it began.
_ASKED = os.environ.get(WHICH, "")


def edition_folder() -> Path:
    """Folder of the edition: the copy inside an installed package, else the `data/` of the checkout.

    Raises
    ------
    CatalogueError : neither is there.
    """
    package = Path(__file__).parent.parent
    for folder in (package / "_data", package.parent / "data"):
        if (folder / DESCRIPTOR).is_file():
            return folder
    message = (
        f"No {DESCRIPTOR} was found in {package.parent / 'data'} or {package / '_data'}. "
        "Install tradelib again, or work in a full checkout."
    )
    raise CatalogueError(message)


def home_folder() -> Path:
    """Folder of the user's own data: `TRADELIB_DATA_HOME`, else where this system keeps data of programs; it need not exist."""
    named = os.environ.get(WHERE)
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("tradelib", appauthor=False)


def fingerprint(folder: Path) -> str:
    """Sha256 of a data package: of its description, and of the list of what its files hold."""
    files = [folder / name for name in (DESCRIPTOR, integrity.SUMS)]
    return integrity.digest(b"".join(file.read_bytes() for file in files if file.is_file()))


def current(home: Path, edition: Path) -> Path | None:
    """The newest generation of a home, if it was built upon this edition; None if there is none, or it belongs to another."""
    try:
        name = (home / POINTER).read_text(encoding="ascii").strip()
        folder = home / GENERATIONS / name
        base = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))["tradelib:base"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    fits = bool(name) and folder.parent.name == GENERATIONS and base == fingerprint(edition)
    return folder if fits else None


def waits() -> bool:
    """A home was refreshed upon another edition, so that its rows do not count until they are laid upon this one.

    False where `TRADELIB_DATA` says what to read: then the home is not looked at.
    """
    if _ASKED:
        return False
    home = home_folder()
    return (home / POINTER).is_file() and current(home, edition_folder()) is None


@functools.cache
def data_folder() -> Path:
    """Folder that all tables are read from; found once a process, and handed on to the processes that this one starts.

    `TRADELIB_DATA=edition` asks for the edition alone, and the home is not even looked at; any other value is the folder of a data
    package. Else it is the user's newest generation, if it was built upon this edition; else the edition.

    Raises
    ------
    CatalogueError : there is no edition, or `TRADELIB_DATA` names a folder that holds no data package.
    """
    asked = os.environ.get(WHICH, "")
    if asked == "edition":
        return edition_folder()
    if asked:
        folder = Path(asked)
        if (folder / DESCRIPTOR).is_file():
            return folder
        message = f"{WHICH} names {asked}, which holds no {DESCRIPTOR}. Unset it, or set it to edition or to the folder of a data package."
        raise CatalogueError(message)
    edition = edition_folder()
    kept = current(home_folder(), edition)
    # A refresh in the meantime must not reach the pages that a child makes of the same run.
    os.environ[WHICH] = "edition" if kept is None else str(kept)
    return kept or edition
