"""The duty on every row of a list: a million rows as well as one.

Each distinct code is read and matched once, each distinct day is laid on the stretch of days on which nothing changes, and each pair
of the two is computed once; the rows then gather their duties by number. No row is lost: what cannot be answered says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from tradelib import catalogue, cells, hs, ledger, lists
from tradelib.cells.columns import NONE, Column, Reader, Words, distinct, renumbered
from tradelib.doors import LATEST, Day, Standings, door, opened, standings
from tradelib.errors import ParameterError
from tradelib.shown import Shown
from tradelib.tariffs import list_claims
from tradelib.tariffs.books import Book, bind
from tradelib.tariffs.law import IMPORTERS, SUPPOSED, state
from tradelib.tariffs.list_sums import SUM, sum_rows
from tradelib.tariffs.matching import NOTHING, Good, edition, good
from tradelib.tariffs.stacking import DEFAULT, Assumptions
from tradelib.tariffs.stretches import Duties, Ground, Texts, duties, ground
from tradelib.tariffs.tariff_lines import lines

ANSWERED, RANGE, NOT_ANSWERED, BLANK = ANSWERS = ("answered", "range", "not answered", "blank")
# Names of the columns that are added, apart from those of the families.
COLUMNS = (
    "read_code", "read_on", "read_importer", "read_value_usd", "matched", "how", "answer", "state", "total_frac", "total_low_frac",
    "total_high_frac", "mfn_frac", "headings", "duty_usd", "duty_low_usd", "duty_high_usd", "repairs", "note",
)  # fmt: skip
_CODE, _SIDE, _DAY = Reader(cells.code), Reader(cells.side), Reader(cells.day)


@dataclass(frozen=True, eq=False, repr=False)
class Priced(Shown):
    """A list with its duties.

    Attributes
    ----------
    rows
        the list, and behind its own columns those of `price`.
    names
        what each column of `price` is called in `rows`: its name, or with a prefix where the list has a column of that name.
    families
        families of duties in the order of their columns.
    said
        what to know about the list as a whole, in sentences.
    as_of
        day of knowledge.
    """

    rows: pd.DataFrame
    names: dict[str, str]
    families: tuple[str, ...]
    said: tuple[str, ...]
    as_of: date

    def column(self, name: str) -> pd.Series:
        """A column of `price`, by its name there."""
        return self.rows.iloc[:, self.rows.shape[1] - len(self.names) + list(self.names).index(name)]


@door
def price(
    frame: pd.DataFrame,
    *,
    on: Day | None = None,
    as_of: Day = LATEST,
    importer: str = "US",
    rates: pd.DataFrame | Book | None = None,
    standing: Standings = ledger.LAW,
    assumptions: Assumptions = DEFAULT,
    prefix: str = "",
    scenario: str = "",
) -> pd.DataFrame:
    """The duty on every row of a list of goods.

    Parameters
    ----------
    frame
        a column `code`, and if there `on` (day of entry), `value_usd` (customs value) and `importer`; other columns pass through. Names
        such as `HTS code` or `Entry date` are taken for them where only one column bears one. Cells may be text, numbers or days, as
        `cells` reads them.
    on
        day of entry of rows that give none; without it, and without a column, the day of knowledge.
    as_of
        day of knowledge; nothing announced later counts.
    importer
        `US` (goods of China) or `CN` (goods of the US), for rows that name none.
    rates
        a schedule of another making, such as `scenarios.schedule` gives, in place of the one known on `as_of`.
    standing
        as for `schedule`.
    assumptions
        what the law leaves open.
    prefix
        put before the name of every column that is added.
    scenario
        name of the scenario that `rates` come from: it stands in a column `scenario`, and the state of
        a row that enters after what is observed is `supposed`.

    Returns
    -------
    DataFrame
        The frame, rows, order and index unchanged, with these columns behind its own:
        read_code, read_on, read_importer, read_value_usd : what was read of the four columns;
        matched, how : the lines that were found, and how;
        answer : `answered`; `range`, where the lines under the code owe different duties or an amount a unit; `not answered`; `blank`, for
            an empty row;
        state : `in force`, `scheduled`, `by law, not observed` or `supposed`, as for `explain`;
        scenario : the one named, where one is;
        total_frac : what is due in all, as a fraction of customs value; NaN where it is not known, or a range;
        total_low_frac, total_high_frac : the two ends, over the lines and over what the law leaves open; the total where it is certain;
            the second is NaN where the general rate holds an amount a unit: the first is then what is due at least;
        mfn_frac, and for each family its rate `*_frac` and the chapter 99 headings it is declared under, `*_heading`;
        headings : all headings of chapter 99 in order of filing, those claimed for what is not due marked;
        duty_usd, duty_low_usd, duty_high_usd : these fractions of the value;
        repairs : how cells were repaired, in phrases;
        note : why a row is not answered, and what else to know.

    Raises
    ------
    ParameterError
        no column of codes, several columns that may be one of the four, a column of the frame that has the name of one that is added (give
        a `prefix`), an importer or a standing that is none.
    DayError
        a day that is none.

    Examples
    --------
    >>> import pandas as pd
    >>> goods = pd.DataFrame({"code": ["8507.60.0020", 8507600020.0, "no code"], "value_usd": [1000, 1000, 1000]})
    >>> price(goods, on="2025-06-09", as_of="2025-06-09")[["read_code", "answer", "total_frac", "duty_usd"]]
          read_code        answer  total_frac  duty_usd
    0  8507.60.0020      answered       0.409     409.0
    1  8507.60.0020      answered       0.409     409.0
    2                not answered         NaN       NaN
    """
    return price_list(
        frame,
        on=on,
        as_of=as_of,
        importer=importer,
        rates=rates,
        standing=standing,
        assumptions=assumptions,
        prefix=prefix,
        scenario=scenario,
    ).rows


@door
def price_list(
    frame: pd.DataFrame,
    *,
    on: Day | None = None,
    as_of: Day = LATEST,
    importer: str = "US",
    rates: pd.DataFrame | Book | None = None,
    standing: Standings = ledger.LAW,
    assumptions: Assumptions = DEFAULT,
    prefix: str | None = None,
    refused: Mapping[int, str] | None = None,
    scenario: str = "",
) -> Priced:
    """The duty on every row of a list, with what is said about the list; see `price`.

    Parameters
    ----------
    prefix
        as for `price`; None: none, or where the list has a column of one of the names, one that makes them others, which is said.
    refused
        why some rows are not to be answered, by their number from 0.
    scenario
        as for `price`.
    """
    if scenario and rates is None:
        message = f"The rates of the scenario {scenario!r} are not given; give them as rates, such as scenarios.schedule makes them."
        raise ParameterError(message)
    asked = _Asked(opened(as_of), standings(standing), rates, assumptions, None if on is None else opened(on), scenario)
    columns = lists.find_columns(list(frame.columns))
    rows = _Rows(frame, columns.places, importer, asked, refused or {})
    table, families = rows.table()
    names, said = _names(list(table), [str(name) for name in frame.columns], prefix)
    added = pd.DataFrame({names[name]: values for name, values in table.items()}, index=frame.index, copy=False)
    return Priced(pd.concat([frame, added], axis="columns"), names, families, (*columns.said, *said), opened(as_of))


def _names(added: list[str], own: list[str], prefix: str | None) -> tuple[dict[str, str], tuple[str, ...]]:
    """(what each column is called that is added, what to say about it)."""
    clashes = [name for name in own if name in {(prefix or "") + item for item in added}]
    if not clashes:
        return {name: (prefix or "") + name for name in added}, ()
    listed = ", ".join(dict.fromkeys(clashes))
    if prefix is not None:
        message = f"The list already has a column {listed}; rename or drop it, or give another prefix for the columns that are added."
        raise ParameterError(message)
    other = _PREFIX
    while any(name.startswith(other) for name in own):
        other = f"_{other}"
    names = {name: other + name for name in added}
    return names, (f"The list has columns of its own with the names {listed}: those that are added begin with {other}.",)


_PREFIX = "tradelib_"


@dataclass(frozen=True, eq=False)
class _Asked:
    """The question that all rows share."""

    as_of: date
    standing: tuple[str, ...]
    rates: pd.DataFrame | Book | None
    assumptions: Assumptions
    on: date | None
    scenario: str = ""

    def state(self, day: date) -> str:
        """How sure the rate of a day is."""
        found = state(day, self.as_of, self.rates)
        return SUPPOSED if self.scenario and found != "in force" else found

    def bound(self, importer: str) -> Book | None:
        return bind(self.rates, importer) if isinstance(self.rates, pd.DataFrame) else self.rates


class _Rows:
    """The rows of a list on their way to their duties."""

    def __init__(self, frame: pd.DataFrame, places: dict[str, int], importer: str, asked: _Asked, refused: Mapping[int, str]) -> None:
        self.frame, self.places, self.asked, self.size = frame, places, asked, len(frame)
        self.codes = _CODE.column(frame.iloc[:, places["code"]])
        self.sides = self._sides(importer)
        refused = {**list_claims.foreign(frame, self.sides), **refused}
        if refused:
            self.codes.numbers[list(refused)] = len(self.codes.told) + np.arange(len(refused))
            self.codes = Column(self.codes.numbers, [*self.codes.told, *(cells.Code(reason=reason) for reason in refused.values())])
        self.days = self._days()
        self.values, self.value_words = self._values()
        money = list_claims.other_money(frame)
        self.values = np.where(money.numbers > 0, np.nan, self.values)
        self.value_words = (self.value_words[0], self.value_words[1].beside(money))
        self.sums = sum_rows(frame, places["code"], ~self._with_code(), self._without_code(), self.values)
        self.values = np.where(self.sums, np.nan, self.values)
        self.texts = Texts()

    def _with_code(self) -> np.ndarray:
        """Rows whose cell holds a code."""
        return _taken(np.array([bool(item.readings or item.span) for item in self.codes.told], dtype=bool), self.codes.numbers, False)

    def _without_code(self) -> np.ndarray:
        """Rows whose cell of the code is empty."""
        return _taken(np.array([item.is_blank for item in self.codes.told], dtype=bool), self.codes.numbers, True)

    def _sides(self, default: str) -> Column[cells.Cell[str]]:
        if "importer" not in self.places:
            return Column.constant(self.size, cells.Cell(default))
        column = _SIDE.column(self.frame.iloc[:, self.places["importer"]])
        told = [item if item.value or item.reason else cells.Cell(default, (f"no importer given: {default}",)) for item in column.told]
        return column.filled(told, cells.Cell(default, (f"no importer given: {default}",)))

    def _days(self) -> Column[cells.Cell[date]]:
        default, covered = self.asked.on, catalogue.edition()
        if "on" not in self.places:
            column = Column.constant(self.size, cells.Cell(default or self.asked.as_of))
        else:
            missing = (
                cells.Cell(reason="no day of entry is given")
                if default is None
                else cells.Cell(default, (f"no day of entry given: {default}",))
            )
            column = _DAY.column(self.frame.iloc[:, self.places["on"]])
            column = column.filled([item if item.value or item.reason else missing for item in column.told], missing)
        told = [
            item
            if item.value is None or covered.evidence_from <= item.value <= covered.horizon
            else cells.Cell(reason=_outside(item.value))
            for item in column.told
        ]
        return Column(column.numbers, told)

    def _values(self) -> tuple[np.ndarray, tuple[Words, Words]]:
        """Customs values (NaN: none), and their repairs and reasons."""
        nothing = Words(np.zeros(self.size, dtype=np.int64), [""])
        if "value_usd" not in self.places:
            return np.full(self.size, np.nan), (nothing, nothing)
        column = self.frame.iloc[:, self.places["value_usd"]]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            values = column.to_numpy(dtype=float, na_value=np.nan)
            outside = (values < 0) | (values > cells.MOST_USD)
            wrong = np.flatnonzero(outside)
            read = Column(np.full(self.size, NONE), [cells.amount(values[at]) for at in wrong])
            read.numbers[wrong] = np.arange(len(wrong))
            values = np.where(outside, np.nan, values)
            return values, (nothing, read.reasons())
        numbers, cells_of = distinct(column)
        comma = any(isinstance(cell, str) and cells.has_decimal_comma(cell) for cell in cells_of)
        doubt = cells.signs_in_doubt(cells_of, has_semicolons=lists.has_semicolons(self.frame))
        read = Column(numbers, [cells.amount(cell, decimal_comma=comma, in_doubt=doubt) for cell in cells_of])
        held = np.array([np.nan if item.value is None else item.value for item in read.told] + [np.nan], dtype=float)
        return held[numbers], (read.marks(), read.reasons())

    def table(self) -> tuple[dict[str, object], tuple[str, ...]]:
        """(the columns that are added, the families among them)."""
        which, goods = self._goods()
        pair, duty, families = self._duties(which, goods)
        blank = self._blank_rows()
        total, low, high = (_taken(values, pair) for values in (duty.total, duty.low, duty.high))
        mixed = _taken(duty.is_mixed, pair, False)
        answer = np.select([blank, ~np.isnan(total), mixed & ~np.isnan(low)], [3, 0, 1], default=2).astype(np.int8)
        low, high = (np.where(answer <= 1, values, np.nan) for values in (low, high))
        day = self.days
        table: dict[str, object] = {
            "read_code": Words.of(which, [_dotted(item) for item in goods]).column(),
            "read_on": _day_column(day),
            "read_importer": Words.of(self.sides.numbers, [item.value or "" for item in self.sides.told]).column(),
            "read_value_usd": self.values,
            "matched": Words.of(which, [item.matched for item in goods]).column(),
            "how": Words.of(which, [item.how for item in goods]).column(),
            "answer": pd.Categorical.from_codes(answer, categories=pd.Index(ANSWERS, dtype="str")),
            "state": Words.of(day.numbers, [self.asked.state(item.value) if item.value else "" for item in day.told]).column(),
            **({"scenario": Words.where(np.ones(self.size, dtype=bool), self.asked.scenario).column()} if self.asked.scenario else {}),
            "total_frac": total,
            "total_low_frac": low,
            "total_high_frac": high,
            "mfn_frac": _taken(duty.parts["mfn"], pair),
        }
        for family in families:
            table[f"{family}_frac"] = _taken(duty.parts[family], pair)
            table[f"{family}_heading"] = Words.of(_taken(duty.headings[family], pair, 0) - 1, duty.texts[1:]).column()
        table["headings"] = Words.of(_taken(duty.filing, pair, 0) - 1, duty.texts[1:]).column()
        for name, rates in (("duty_usd", total), ("duty_low_usd", low), ("duty_high_usd", high)):
            table[name] = np.round(rates * self.values, 2)
        marks = Words.of(which, ["; ".join(item.marks) for item in goods])
        repairs = marks.beside(self.days.marks()).beside(self.sides.marks()).beside(self.value_words[0])
        table["repairs"] = repairs.silent(blank).column()
        table["note"] = self._notes(which, goods, pair, duty, answer, blank).column()
        return table, families

    def _goods(self) -> tuple[np.ndarray, list[Good]]:
        """(number of the good of each row, what the goods are): each distinct code is matched once an importer and edition of codes."""
        folder, last = catalogue.data_folder(), edition(catalogue.edition().evidence_through)
        editions = np.array([edition(item.value) if item.value else last for item in self.days.told] + [last])
        sides, many = len(self.sides.told), int(editions.max()) + 1
        of_day = editions[self.days.numbers]
        chinese = np.array([item.value == IMPORTERS[1] for item in self.sides.told])
        if chinese.any():
            of_day = np.where(chinese[self.sides.numbers], 0, of_day)
        key = (self.codes.numbers * sides + self.sides.numbers) * many + of_day
        key[self.codes.numbers < 0] = NONE
        numbers, keys = renumbered(key)
        kept: dict[int, int] = {}
        goods: list[Good] = []
        places = np.empty(len(keys), dtype=np.int64)
        for at, found in enumerate(keys.tolist()):
            code, side, stretch = found // many // sides, found // many % sides, found % many
            importer = self.sides.told[side].value
            item = NOTHING if importer is None else good(self.codes.told[code], importer, stretch, folder)
            place = kept.setdefault(id(item), len(goods))
            if place == len(goods):
                goods.append(item)
            places[at] = place
        return _taken(places, numbers, NONE), goods

    def _duties(self, which: np.ndarray, goods: list[Good]) -> tuple[np.ndarray, Duties, tuple[str, ...]]:
        """(number of the pair of each row, duties of the pairs, families)."""
        depths, of_good = _depths(goods)
        grounds = [
            ground(importer, digits, as_of=self.asked.as_of, standing=self.asked.standing, rates=self.asked.bound(importer))
            for importer, digits in depths
        ]
        stretch, longest = self._stretches(grounds)
        at = _taken(of_good, which, NONE)
        answered = (at >= 0) & (self.days.numbers >= 0)
        key = np.full(self.size, NONE, dtype=np.int64)
        place = stretch[at[answered], self.days.numbers[answered]]
        key[answered] = np.where(place >= 0, which[answered].astype(np.int64) * longest + place, NONE)
        pair, keys = renumbered(key)
        of_pair, when = keys // longest, keys % longest
        families = tuple(dict.fromkeys(family for base in grounds for family in base.held.families)) or self._families()
        merged = _empty(len(keys), families, self.texts)
        for number, base in enumerate(grounds):
            chosen = np.flatnonzero(of_good[of_pair] == number) if len(keys) else np.array([], dtype=int)
            used, local = np.unique(of_pair[chosen], return_inverse=True)
            part = duties(
                base, [goods[item].positions for item in used], local, when[chosen], assumptions=self.asked.assumptions, texts=self.texts
            )
            _write(merged, part, chosen)
        return pair, merged, families

    def _families(self) -> tuple[str, ...]:
        side = next((item.value for item in self.sides.told if item.value), IMPORTERS[0])
        return ground(side, None, as_of=self.asked.as_of, standing=self.asked.standing, rates=self.asked.bound(side)).held.families

    def _stretches(self, grounds: list[Ground]) -> tuple[np.ndarray, int]:
        """(number of the stretch of each distinct day on each ground, -1 where there is no day; how many there are at most)."""
        ordinals = np.array([item.value.toordinal() if item.value else NONE for item in self.days.told] or [NONE])
        starts = [np.array([day.toordinal() for day in base.starts]) for base in grounds]
        table = [np.where(ordinals < 0, NONE, np.searchsorted(item, ordinals, side="right") - 1) for item in starts]
        return np.array(table).reshape(len(grounds), len(ordinals)), max((len(item) for item in starts), default=1)

    def _blank_rows(self) -> np.ndarray:
        """Rows of which every cell is empty."""
        empty = self._without_code()
        for at in np.flatnonzero(empty):
            empty[at] = all(cells.is_blank(cell) for cell in self.frame.iloc[at])
        return empty

    def _notes(self, which: np.ndarray, goods: list[Good], pair: np.ndarray, duty: Duties, answer: np.ndarray, blank: np.ndarray) -> Words:
        missing = Words.where(self._without_code(), "no code is given")
        looks = Words.where(self.sums, SUM)
        reasons = Words.of(which, [item.reason for item in goods])
        unknown = _taken(np.isnan(duty.parts["mfn"]) & np.isnan(duty.total) & ~duty.is_mixed, pair, False)
        rate = Words.where(unknown & (answer == ANSWERS.index(NOT_ANSWERED)), "the most-favoured-nation rate is not held")
        words = looks.beside(missing).beside(reasons).beside(self.days.reasons()).beside(self.sides.reasons()).beside(rate)
        matched = Words.of(which, [item.note for item in goods])
        law = Words.of(_taken(duty.notes, pair, 0) - 1, duty.texts[1:])
        words = words.beside(matched).beside(law).beside(self.value_words[1])
        return words.silent(blank)


def _depths(goods: list[Good]) -> tuple[list[tuple[str, int | None]], np.ndarray]:
    """(importer and digits of the lines that the goods are of, number of that of each good; -1 for a good without lines)."""
    depths: dict[tuple[str, int | None], int] = {}
    over = {id(lines(side, digits=size)): (side, size) for side in IMPORTERS for size in (*reversed(hs.LENGTHS), None)}
    numbers = np.full(len(goods), NONE, dtype=np.int64)
    for at, item in enumerate(goods):
        if item.lines is not None:
            numbers[at] = depths.setdefault(over[id(item.lines)], len(depths))
    return list(depths), numbers


def _empty(size: int, families: tuple[str, ...], texts: Texts) -> Duties:
    return Duties(
        parts={name: np.full(size, np.nan if name == "mfn" else 0.0) for name in ("mfn", *families)},
        total=np.full(size, np.nan),
        low=np.full(size, np.nan),
        high=np.full(size, np.nan),
        is_mixed=np.zeros(size, dtype=bool),
        headings={family: np.zeros(size, dtype=np.int32) for family in families},
        filing=np.zeros(size, dtype=np.int32),
        notes=np.zeros(size, dtype=np.int32),
        texts=texts.all,
    )


def _write(merged: Duties, part: Duties, chosen: np.ndarray) -> None:
    """Put the duties of one ground in their places."""
    for name in ("total", "low", "high", "is_mixed", "filing", "notes"):
        getattr(merged, name)[chosen] = getattr(part, name)
    for name, rates in part.parts.items():
        merged.parts[name][chosen] = rates
    for name, numbers in part.headings.items():
        merged.headings[name][chosen] = numbers


def _taken(values: np.ndarray, numbers: np.ndarray, missing: float = np.nan) -> np.ndarray:
    """A value for every row by its number; `missing` where that is -1."""
    return np.asarray(np.append(values, np.array([missing], dtype=values.dtype))[numbers])


def _dotted(item: Good) -> str:
    return hs.dotted(item.read)


def _day_column(column: Column[cells.Cell[date]]) -> np.ndarray:
    days = [np.datetime64(item.value or "NaT", "D") for item in column.told]
    return np.asarray(np.array([*days, np.datetime64("NaT", "D")]).astype("datetime64[us]")[column.numbers])


def _outside(day: date) -> str:
    """Why no duty is given for a day of entry."""
    covered = catalogue.edition()
    if day < covered.evidence_from:
        return f"the day of entry {day} lies before {covered.evidence_from}, where this edition begins"
    return f"the day of entry {day} lies after {covered.horizon}, ten years after the evidence of this edition ends"
