"""The answer of the command `price`: a list of goods read, priced, printed or written, with its summary.

Names of columns and fields are stable: others build on them.
"""

import math
import textwrap
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

import pandas as pd

from tradelib import catalogue, lists, scenarios, tariffs, wording
from tradelib.rows import each
from tradelib.tariffs import totals
from tradelib.tariffs.pricing import ANSWERED, BLANK, NOT_ANSWERED, RANGE
from tradelib.terminal import price_summary

_WIDTH = 100


@dataclass(frozen=True, eq=False)
class Answer:
    """A priced list with what is told about it.

    Attributes
    ----------
    priced : the list with its duties.
    about : what was asked, the summary, and what is to be said, by name, as JSON gives it.
    """

    priced: tariffs.Priced
    about: price_summary.About
    has_mark: bool = False

    @property
    def status(self) -> int:
        """Status of the command: 1 where no row at all could be answered."""
        return 1 if totals.nothing_answered(self.priced) else 0


def answer(
    listed: lists.Listed,
    *,
    on: date | None,
    as_of: date,
    importer: str,
    rates: pd.DataFrame | None,
    scenario: scenarios.Scenario | None,
    standing: Literal["law", "stated"],
    assumptions: tariffs.Assumptions,
) -> Answer:
    """A list with its duties, as the command was asked for it; goods without a day enter on the first of a scenario."""
    first = scenarios.begins_on(as_of) if scenario else None
    priced = tariffs.price_list(
        listed.frame,
        on=on or (None if lists.has_days(listed.frame) else first),
        as_of=as_of,
        importer=importer,
        rates=rates,
        standing=standing,
        assumptions=assumptions,
        prefix=None,
        refused=listed.refused,
        scenario=scenario.name if scenario else "",
    )
    about: price_summary.About = {
        "as_of": as_of.isoformat(),
        "on": (on or first or as_of).isoformat(),
        "importer": importer,
        "scenario": scenario.name if scenario else None,
        "scenario_title": scenario.title if scenario else None,
        "standing": standing,
        "assumptions": vars(assumptions),
        "edition": catalogue.edition().version,
        "summary": totals.summary(priced),
        "said": [*listed.said, *priced.said, *_before(priced, first), *_open(priced)],
    }
    return Answer(priced, about, listed.has_mark)


def _before(priced: tariffs.Priced, first: date | None) -> list[str]:
    """How many rows enter before the first day of a scenario."""
    earlier = 0 if first is None else int((priced.column("read_on") < pd.Timestamp(first)).sum())
    if first is None or not earlier:
        return []
    enter = "enters" if earlier == 1 else "enter"
    return [f"The scenario begins on {wording.day(first)}: {wording.count(earlier, 'row')} {enter} before, at the duty of the law."]


def _open(priced: tariffs.Priced) -> list[str]:
    """What no duty of the list counts."""
    sides = set(priced.column("read_importer").astype("str")) & set(tariffs.IMPORTERS)
    said = {
        "US": "Goods are taken as Chinese and entered for consumption. Anti-dumping and countervailing duties, fees, and exclusions that "
        "are only described in words are not counted.",
        "CN": "Goods are taken as of the United States. Value-added and consumption tax, anti-dumping duties and waivers granted to single "
        "importers are not counted.",
    }
    return [said[side] for side in sorted(sides, reverse=True)]


def table(found: Answer) -> str:
    """The rows to read, and the summary."""
    return _framed(found, [*_rows(found.priced), "", *price_summary.lines(found.about)])


def summary_text(found: Answer) -> str:
    """The summary alone."""
    return _framed(found, price_summary.lines(found.about))


def _framed(found: Answer, lines: list[str]) -> str:
    """Lines as text; under a scenario it begins and ends with what is supposed."""
    title = found.about["scenario_title"]
    frame = [f"Supposed: {title}"] if title else []
    return "\n".join([*frame, *lines, *frame]).replace(wording.THIN, " ")


def _rows(priced: tariffs.Priced) -> list[str]:
    own, added = priced.rows.iloc[:, : -len(priced.names)], priced.rows.iloc[:, -len(priced.names) :]
    added = added.set_axis(list(priced.names), axis="columns")
    codes = own.iloc[:, lists.find_columns(list(own.columns)).places["code"]]
    titles = {name: tariffs.family_titles().get(name, name) for name in ("mfn", *priced.families)}
    rates = zip(*(added[f"{name}_frac"] for name in titles), strict=True)
    lines = [f"{'row':>6}  {'code':<14} {'entered':<10}  {'duty':>17}  {'dollars':>14}"]
    for number, (cell, row, parts) in enumerate(zip(codes, each(added, _Row), rates, strict=True), start=1):
        lines += _row_lines(number, cell, row, dict(zip(titles.values(), parts, strict=True)))
    return lines


class _Row(NamedTuple):
    read_on: pd.Timestamp
    read_code: str
    matched: str
    how: str
    answer: str
    state: str
    total_frac: float
    total_low_frac: float
    total_high_frac: float
    headings: str
    duty_usd: float
    duty_low_usd: float
    duty_high_usd: float
    repairs: str
    note: str


def _row_lines(number: int, cell: object, row: _Row, rates: dict[str, float]) -> list[str]:
    """The lines of one row; `rates` by the titles of the families."""
    if row.answer == BLANK:
        return [f"{number:>6}  (blank)"]
    day = "" if pd.isna(row.read_on) else f"{row.read_on:%Y-%m-%d}"
    read = row.read_code or f"{cell}"[:14]
    first = f"{number:>6}  {read:<14} {day:<10}  {_duty(row):>17}  {_dollars(row):>14}"
    more = [layers] if (layers := _layers(row, rates)) else []
    more += [f"matched {row.matched} ({row.how})"] if row.how not in ("", "exact") and row.matched else []
    more += [f"chapter 99: {row.headings}"] if row.headings else []
    more += [f"repaired: {row.repairs}"] if row.repairs else []
    more += [row.note] if row.note else []
    more += [row.state] if row.state not in ("", "in force") else []
    indent = " " * 8
    return [
        first.rstrip(),
        *(line for text in more for line in textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)),
    ]


def _duty(row: _Row) -> str:
    if row.answer == NOT_ANSWERED:
        return "not answered"
    return _ends(row) if row.answer == RANGE else _percent(row.total_frac)


def _ends(row: _Row) -> str:
    low, high = row.total_low_frac, row.total_high_frac
    return f"at least {_percent(low)}" if math.isnan(high) else f"{_percent(low)} to {_percent(high)}"


def _percent(rate: float) -> str:
    return "?" if math.isnan(rate) else wording.percent(rate, digits=2)


def _dollars(row: _Row) -> str:
    if row.answer == RANGE and not math.isnan(row.duty_low_usd):
        if math.isnan(row.duty_high_usd):
            return f"from {row.duty_low_usd:,.0f}"
        return f"{row.duty_low_usd:,.0f}-{row.duty_high_usd:,.0f}"
    return "" if math.isnan(row.duty_usd) else f"{row.duty_usd:,.2f}"


def _layers(row: _Row, rates: dict[str, float]) -> str:
    """The layers of a duty by the titles of their families."""
    if row.answer != ANSWERED:
        return ""
    parts = [f"{title} {_percent(rate)}" for at, (title, rate) in enumerate(rates.items()) if not at or (not math.isnan(rate) and rate)]
    return ", ".join(parts)


def printed(found: Answer, form: str, *, summary_only: bool) -> tuple[str, tuple[str, ...]]:
    """(what goes to standard output, lines that go beside it), as `table`, `csv` or `json`.

    Parameters
    ----------
    summary_only : the rows stand in a file already. CSV then holds the figures of the summary, one row an importer.
    """
    if form == "json":
        rows = found.priced.rows.iloc[:0] if summary_only else found.priced.rows
        return lists.json_text(rows, found.about), ()
    if form == "csv" and summary_only:
        return lists.csv_text(pd.DataFrame(price_summary.rows(found.about)))[0], ()
    if form == "csv":
        text, changed = lists.csv_text(found.priced.rows)
        return text, (summary_text(found), *lists.formula_words(changed))
    return (summary_text(found) if summary_only else table(found)) + "\n", ()


def write(found: Answer, path: Path) -> tuple[str, ...]:
    """Write the list to a file by its ending; what is to be known about the file, in sentences."""
    return lists.write(found.priced.rows, path, about=found.about, has_mark=found.has_mark)
