"""Pages taken over from another site, such as one made by CI: made from the same, and with the files that were published."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from tradelib.errors import ReportError
from tradelib.report import ways
from tradelib.report.swap import MARKER


def content(files: Mapping[str, bytes]) -> str:
    """Digest of the files of a page, without what a page says of others, which come and go."""
    told = {name: ways.without(held.decode()).encode() if name.endswith(".html") else held for name, held in files.items()}
    listed = [[name, hashlib.sha256(held).hexdigest()] for name, held in sorted(told.items())]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


def checked_source(other: str | Path) -> Path:
    """Folder of a site that pages may be taken over from.

    Raises
    ------
    ReportError : it is no site.
    """
    if not (Path(other) / MARKER).is_file():
        message = f"{other} is no site of tradelib, so no page can be taken over from it."
        raise ReportError(message)
    return Path(other)


def take_over(folder: Path, other: Path | None, pages: Iterable[Path]) -> None:
    """Copy pages of another site, which `whole` has found whole, below the staging folder."""
    for page in pages if other is not None else ():
        shutil.rmtree(folder / page, ignore_errors=True)
        shutil.copytree(other / page, folder / page)


def is_whole(site: Path, page: Path) -> bool:
    """Whether the files of a page of a site are those that were written: a page that somebody edited is none of ours."""
    place = site / page
    files = {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    try:
        return bool(json.loads(files.pop("build.json"))["content"] == content(files))
    except (KeyError, ValueError):
        return False


def whole(other: Path, page: Path) -> None:
    """Refuse a page of another site whose files are not those that were written.

    Raises
    ------
    ReportError : names the page.
    """
    if not is_whole(other, page):
        message = (
            f"{page.as_posix()} of {other.name} is damaged: its files are not those that were published. Fetch the site again, or leave out"
            " --from."
        )
        raise ReportError(message)
