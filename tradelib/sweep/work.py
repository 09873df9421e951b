"""What a worker does: the rows of one part, as the bytes of its file. Equal parts give equal bytes, whoever does them."""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from tradelib.catalogue import parquet
from tradelib.errors import TradelibError
from tradelib.sweep import days
from tradelib.sweep import quantity as quantities
from tradelib.sweep.grid import Part, digest
from tradelib.sweep.quantity import COUNT, DAY, FLAG, NUMBER, TEXT, Quantity, Question
from tradelib.tariffs import law

# Notes in the file of a part.
EDITION, CODE, KEY, FAILED = "tradelib:edition", "tradelib:code", "tradelib:key", "tradelib:failed"
_TYPES = {TEXT: "str", DAY: "datetime64[us]", NUMBER: "float64", COUNT: "Int64", FLAG: "bool"}


@dataclass(frozen=True)
class Failure:
    """A day of knowledge that could not be answered, and why."""

    as_of: date
    part: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """What came of a part: its file, how many rows it has, and the days that could not be answered."""

    content: bytes
    rows: int
    failed: tuple[Failure, ...]


def do(part: Part, identity: Mapping[str, str]) -> Outcome:
    """The rows of a part, by day of knowledge and day of entry, as a Parquet file with notes on what it rests on."""
    table, failed = rows(part)
    notes = {
        EDITION: identity["edition"],
        CODE: identity["code"],
        "tradelib:quantity": part.quantity,
        "tradelib:parameters": json.dumps(part.shown, sort_keys=True),
        "tradelib:identity": digest(dict(identity)),
        KEY: part.key(identity),
        FAILED: json.dumps([[each.as_of.isoformat(), each.why] for each in failed]),
    }
    return Outcome(parquet.content(table, notes=notes), len(table), tuple(failed))


def rows(part: Part) -> tuple[pd.DataFrame, list[Failure]]:
    """Rows of a part, and the days that could not be answered; those of other days are whole."""
    quantity = quantities.find(part.quantity)
    frames: list[pd.DataFrame] = []
    failed: list[Failure] = []
    for state, of_state in itertools.groupby(part.as_of, key=lambda day: computed_on(quantity, day)):
        asked = list(of_state)
        try:
            frames.append(_answered(quantity, part, state, asked))
        except Exception:  # whatever it is, it is one day's, and told at the end
            for day in asked:
                try:
                    frames.append(_answered(quantity, part, state, [day]))
                except Exception as error:
                    failed.append(Failure(day, part.words, why(error)))
    return _table(quantity, part, frames), failed


def computed_on(quantity: Quantity, as_of: date) -> date:
    """The day of knowledge whose answer holds on another: the newest on which a row that the answer rests on became known."""
    return as_of if quantity.counts_days else days.newest(days.known_days(quantity.tables), as_of)


def _answered(quantity: Quantity, part: Part, state: date, asked: Sequence[date]) -> pd.DataFrame:
    """Rows of days of knowledge that share a state."""
    same = quantity.has_on and not part.entry.spans and not quantity.counts_days
    on = tuple(asked) if same else _entry_days(part, state)
    answer = quantity.answer(Question(state, part.given, part.items, on))
    days_of = np.array(asked, dtype="datetime64[us]")
    if same:
        table = answer.assign(as_of=answer["on"])
    else:
        table = answer.take(np.tile(np.arange(len(answer)), len(asked))).assign(as_of=np.repeat(days_of, len(answer)))
    table["computed_as_of"] = pd.Timestamp(state)
    if quantity.columns.get("state") == TEXT and not quantity.counts_days:
        table["state"] = [law.state(on.date(), as_of.date()) for on, as_of in zip(table["on"], table["as_of"], strict=True)]
    return table


def _entry_days(part: Part, state: date) -> tuple[date, ...]:
    entry = part.entry
    if entry.every != "change":
        return days.chosen(entry.spans, entry.every, ())
    question = Question(state, part.given)
    found = [quantities.entry_days(question, span.first, span.last) for span in entry.spans]
    return tuple(sorted({day for each in found for day in each}))


def columns(quantity: Quantity) -> dict[str, str]:
    """Kind of each column of a sweep over a quantity, by name and in order: the days, the parameters, the answer."""
    given = dict.fromkeys(quantity.parameters, TEXT)
    return {"as_of": DAY, "computed_as_of": DAY, **given, **{name: kind for name, kind in quantity.columns.items() if name not in given}}


def _table(quantity: Quantity, part: Part, frames: list[pd.DataFrame]) -> pd.DataFrame:
    kinds = columns(quantity)
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype=_TYPES[kind]) for name, kind in kinds.items()})
    held = pd.concat(frames, ignore_index=True).assign(**part.shown)
    table = pd.DataFrame({name: _typed(held, name, kind) for name, kind in kinds.items()})
    order = [name for name in ("as_of", "on", *quantity.order) if name in table]
    return table.sort_values(order, kind="stable", ignore_index=True)


def _typed(held: pd.DataFrame, name: str, kind: str) -> pd.Series:
    column = held[name] if name in held else pd.Series(np.nan, index=held.index)
    return column.astype(pd.api.types.pandas_dtype(_TYPES[kind]))


def why(error: Exception) -> str:
    """What went wrong, in one line."""
    return " ".join((str(error) if isinstance(error, TradelibError) else f"{type(error).__name__}: {error}").split())
