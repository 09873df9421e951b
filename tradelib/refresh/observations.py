"""What a source says: one value of one key, as printed, with the days that it counts from."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from tradelib.refresh.errors import LayoutError, NotKeptError, RefreshError


@dataclass(frozen=True)
class Observation:
    """One value, or the values of one row, as a publisher printed them.

    Attributes
    ----------
    table, key : the table, and the texts that name the observation in it (its `tradelib:key`).
    values : name of the column and value; most tables have one.
    quantum : the last digit that the source prints, in the unit of the column.
    fetched_on : day on which the answer came.
    published_on, basis : day of the first release, and what it rests on: calendar, observed or bound; None if not known yet.
    vintage_on : day from which the value is known to have been current, where the source says so; else None, the day fetched.
    stays : the publisher had not revised this figure before the day fetched, so that its first release is its value.
    first : the answer never changes: its value is the first release, whatever is held of later days.
    extra : other columns of the row.
    doubts : why a person should look at it before it counts.
    """

    table: str
    key: tuple[str, ...]
    values: tuple[tuple[str, Decimal], ...]
    quantum: Decimal
    fetched_on: date
    raw: str
    source: str = ""
    url: str = ""
    via: str = ""
    published_on: date | None = None
    basis: str = ""
    vintage_on: date | None = None
    stays: bool = False
    first: bool = False
    extra: tuple[tuple[str, str], ...] = ()
    note: str = ""
    doubts: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        """Short name of what is said: the same on every day on which it is said."""
        said = "|".join([self.table, *self.key, *(f"{name}={text(value)}" for name, value in self.values)])
        return hashlib.sha256(said.encode()).hexdigest()[:8]

    def doubted(self, *reasons: str) -> "Observation":
        """The same with more reasons to look at it."""
        return replace(self, doubts=(*self.doubts, *reasons))


@dataclass(frozen=True)
class Candidate:
    """A text of law that a person should look at: a title, a link, a day; never a rate."""

    source: str
    day: date
    title: str
    url: str
    raw: str
    number: str = ""


@dataclass
class Found:
    """What one source gave: observations, candidates of law, remarks for the report, and what is not out yet."""

    observations: list[Observation] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def fail(self, error: RefreshError) -> None:
        """Note what one part of the source ran into; an answer that a folder does not hold is no failure."""
        (self.waiting if isinstance(error, NotKeptError) else self.failures).append(str(error))

    def add(self, observations: Sequence[Observation]) -> None:
        """Take over observations."""
        self.observations.extend(observations)


def number(cell: str, *, where: str) -> Decimal:
    """A figure as printed: thousands commas, blanks of any kind, a minus sign of any kind.

    Raises
    ------
    LayoutError : anything else.
    """
    plain = "".join(cell.split()).replace(",", "").replace("\u2212", "-").replace("\u2013", "-")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite():
        message = f"{where}: {cell!r} is no number. The layout has changed; nothing was taken from this answer."
        raise LayoutError(message)
    return value


def text(value: Decimal) -> str:
    """A value as the tables hold it: no exponent, no zeros behind the last digit that counts."""
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def exponent(value: Decimal) -> int:
    """Power of ten of the last digit of a finite value."""
    found = value.as_tuple().exponent
    if isinstance(found, str):
        message = f"{value} is no finite number."
        raise TypeError(message)
    return found


def quantum_of(cell: str) -> Decimal:
    """The last digit that counts of a value in a table: `0.048` counts thousandths, `80600000000` hundred millions."""
    value = Decimal(cell)
    if "." in cell:
        return Decimal(1).scaleb(exponent(value))
    digits = cell.lstrip("-")
    return Decimal(1).scaleb(len(digits) - len(digits.rstrip("0"))) if digits.strip("0") else Decimal(1)
