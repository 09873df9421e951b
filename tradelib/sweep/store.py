"""The folder of a sweep: what was asked, and a file a part, each there whole or not at all. What is there is not done again."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from tradelib import strings
from tradelib.catalogue import integrity
from tradelib.errors import SweepError
from tradelib.report import swap
from tradelib.sweep import work
from tradelib.sweep.grid import Part

TOLD = "_sweep.json"


class Store:
    """A folder of Parquet files, a part each: `as_of_year=2025/2025-06-001.parquet`, with the notes of `work.do` in each.

    Parameters
    ----------
    folder
        where they lie; made where it is not there.
    told
        what was asked, as `grid.plan` tells it.
    identity
        what the results rest on; parts of another are made again.

    Raises
    ------
    SweepError
        the folder holds another sweep or other files, or cannot be written.
    """

    def __init__(self, folder: Path, told: Mapping[str, Any], identity: Mapping[str, str]) -> None:
        self.folder, self._told, self._identity = folder, dict(told), dict(identity)
        held = read_told(folder)
        if held is None and folder.exists() and (not folder.is_dir() or any(map(_is_foreign, folder.iterdir()))):
            message = f"{folder} holds something that is no sweep; name an empty or a new folder."
            raise SweepError(message)
        if held is not None and held != self._told:
            message = f"{folder} holds another sweep ({_differs(held, self._told)}); name another folder."
            raise SweepError(message)

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Hold the folder for this process; what a killed run began to write is taken away."""
        with swap.locked(self.folder.resolve()):
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                for began in self.folder.rglob(".*.part"):
                    began.unlink()
                integrity.replace_text(self.folder / TOLD, json.dumps(self._told, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
            except OSError as error:
                message = f"{self.folder} cannot be written: {error.strerror}; name another folder."
                raise SweepError(message) from None
            yield

    def has(self, part: Part) -> bool:
        """Whether a part is there, rests on the same, and every day of it was answered."""
        notes = _notes(self.folder / part.name)
        return notes.get(work.KEY) == part.key(self._identity) and notes.get(work.FAILED) == "[]"

    def put(self, part: Part, outcome: work.Outcome) -> None:
        """Keep what came of a part."""
        path = self.folder / part.name
        try:
            path.parent.mkdir(exist_ok=True)
            integrity.replace_file(path, outcome.content)
        except OSError as error:
            message = f"{path} could not be written: {error.strerror}. What is there is whole; make room, and give the same command again."
            raise SweepError(message) from None


def _is_foreign(path: Path) -> bool:
    """Whether something in a folder is not the first file of a sweep, which a run was killed at."""
    return not (path.name.startswith(f".{TOLD}.") and path.suffix == ".part")


@strings.alike
def read(folder: str | Path) -> pd.DataFrame:
    """The rows of a sweep, of all parts that are there.

    Parameters
    ----------
    folder
        where it was written to.

    Returns
    -------
    DataFrame
        One row an answer, in order of the parts: as_of, computed_as_of (the day of knowledge whose answer it is: nothing that it rests on
        became known between the two), a column a parameter, then the columns of the quantity.

    Raises
    ------
    SweepError
        the folder holds no sweep, or no part of it yet.
    """
    import pyarrow.parquet as pq

    files = sorted(Path(folder).glob("*/*.parquet"))
    if read_told(Path(folder)) is None or not files:
        message = f"{folder} holds no sweep with finished parts."
        raise SweepError(message)
    frame: pd.DataFrame = pd.concat([pq.ParquetFile(path).read().to_pandas() for path in files], ignore_index=True)
    for name in frame:
        # A day is a date in the file, and datetime64 in a frame, as in the tables of the catalogue.
        if frame[name].dtype == object and isinstance(next(iter(frame[name].dropna()), None), date):
            frame[name] = frame[name].astype("datetime64[us]")
    return frame


def read_told(folder: Path) -> dict[str, Any] | None:
    """What was asked of the sweep in a folder; None where it holds none."""
    try:
        told = json.loads((folder / TOLD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _notes(path: Path) -> dict[str, str]:
    """Notes in the file of a part; none where it is not there, or is damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        held = pq.read_schema(path).metadata or {}
    except (OSError, pa.ArrowException):
        return {}
    return {name.decode(): value.decode() for name, value in held.items()}


def _differs(held: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    name = next(name for name in sorted({*held, *asked}) if held.get(name) != asked.get(name))
    return f"{name} is {json.dumps(held.get(name), ensure_ascii=False)}, not {json.dumps(asked.get(name), ensure_ascii=False)}"
