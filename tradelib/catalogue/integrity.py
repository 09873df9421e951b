"""The files of a data package as bytes: written whole or not at all, and the sha256 that was recorded of each in `SHA256SUMS`.

The description of the tables is one of them, and so is each scenario that pages call by its name. The list is that of `sha256sum`, sorted
by path, so that `sha256sum --check SHA256SUMS` holds the files against it without this package. Two branches that were joined may leave two
lines for one file (`.gitattributes`); such a list is refused until `tradelib data seal` writes it anew.
"""

import functools
import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from tradelib.errors import CatalogueError

DESCRIPTOR = "datapackage.json"
SUMS = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def digest(content: bytes) -> str:
    """Sha256 of the content of a file."""
    return hashlib.sha256(content).hexdigest()


def recorded(folder: Path) -> dict[str, str]:
    """Sha256 that was recorded of each file of a package, by its path inside it.

    Raises
    ------
    CatalogueError : the list is missing, holds a line that is none, or names a file twice.
    """
    try:
        changed = (folder / SUMS).stat().st_mtime_ns
    except OSError:
        message = f"data/{SUMS} is missing. Restore it with: git checkout -- data/{SUMS}"
        raise CatalogueError(message) from None
    return _recorded_at(folder, changed)


def each_recorded(folder: Path) -> list[tuple[str, str]]:
    """Path and sha256 of every line that is one, of a list in whatever state; for those who write it anew."""
    path = folder / SUMS
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    return [(match[2], match[1]) for match in map(_LINE.fullmatch, lines) if match]


def record(folder: Path, digests: Mapping[str, str]) -> None:
    """Write the list of a package: sha256 of each file by its path inside it, and of the description as it stands there."""
    whole = {**digests, DESCRIPTOR: digest((folder / DESCRIPTOR).read_bytes())}
    replace_text(folder / SUMS, "".join(f"{whole[path]}  {path}\n" for path in sorted(whole)))
    _recorded_at.cache_clear()


def replace_text(path: Path, text: str) -> None:
    """Write a text whole or not at all."""
    replace_file(path, text.encode("utf-8"))


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside it first and onto the disk, then in its place."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


@functools.lru_cache(maxsize=8)
def _recorded_at(folder: Path, _changed: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate((folder / SUMS).read_text(encoding="utf-8").splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found:
            fault = "is no sha256 and path" if match is None else f"names {match[2]} a second time"
            message = f"data/{SUMS}: line {number} {fault}, as after two branches were joined. `tradelib data seal` writes it anew."
            raise CatalogueError(message)
        found[match[2]] = match[1]
    return found
