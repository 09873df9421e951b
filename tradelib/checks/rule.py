"""What a rule over rows is: a function with a name, whose docstring is the message, and the faults it finds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Fault:
    """One row that breaks one rule.

    Attributes
    ----------
    rule : name of the rule, or of the constraint of the description.
    path : file, as `data/law/tariff_steps.csv`.
    row : number of the row as an editor counts it (the header of a CSV file is row 1); 0 for the table as a whole.
    found : what stands there.
    asked : what the rule asks, and what to do.
    """

    rule: str
    path: str
    row: int
    found: str
    asked: str

    def __str__(self) -> str:
        where = f"{self.path}, row {self.row}" if self.row else self.path
        return f"{where}: {self.found}. {self.asked} [{self.rule}]"


# A later day that a text names: table, position, (table, key, known on, day), column; see `knowledge`.
Ahead = tuple[str, int, tuple[str, str, str, str], str]


@dataclass(frozen=True)
class Tables:
    """The tables of one data package by name, with what their description says of them; `kept` is what several rules work out once."""

    frames: dict[str, pd.DataFrame]
    resources: dict[str, dict[str, Any]]
    package: dict[str, Any]
    kept: dict[str, list[Ahead]] = field(default_factory=dict, repr=False, compare=False)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]

    def __contains__(self, name: str) -> bool:
        return name in self.frames

    def path(self, name: str) -> str:
        """File of a table, as people call it."""
        return f"data/{self.resources[name]['path']}"

    def row(self, name: str, position: int) -> int:
        """Number of a row as an editor counts it."""
        return position + (2 if self.resources[name]["format"] == "csv" else 1)


Rule = Callable[[Tables], Iterable[tuple[str, int, str]]]
_RULES: list[tuple[tuple[str, ...], Rule]] = []


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Register a rule over some tables; it yields (table, position of the row or -1, what stands there)."""

    def register(function: Rule) -> Rule:
        _RULES.append((names, function))
        return function

    return register


def rules() -> list[Rule]:
    """Every rule, in the order in which they stand."""
    return [function for _, function in _RULES]


def run(tables: Tables, *, about: str | None = None, whole: bool = True) -> Iterator[Fault]:
    """Faults of all rules whose tables could be read; with `about`, of those alone that look at one table, or at all.

    A rule over all tables says nothing where one of them could not be read (`whole` is false): what it holds would look missing.
    """
    for names, function in _RULES:
        if not names and not whole:
            continue
        if about is not None and names and about not in names:
            continue
        if not all(name in tables for name in names):
            continue
        asked = " ".join((function.__doc__ or "").split())
        for name, position, found in function(tables):
            yield Fault(function.__name__, tables.path(name), tables.row(name, position) if position >= 0 else 0, found, asked)


def where(name: str, table: pd.DataFrame, mask: pd.Series, *columns: str) -> Iterator[tuple[str, int, str]]:
    """The rows of a mask, with what stands in some columns of them."""
    for position in mask.to_numpy().nonzero()[0]:
        cells = table.iloc[position]
        yield name, int(position), ", ".join(f"{column} {plain(cells[column])}" for column in columns)


def plain(value: object) -> str:
    """A cell as a person wrote it."""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return f"{value:g}"
    return repr(value) if isinstance(value, str) else str(value)
