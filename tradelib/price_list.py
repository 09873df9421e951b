"""The answer of the command `price`: a list of goods read, priced, printed or written, with its summary.

Names of columns and fields are stable: others build on them.
"""

import math
import textwrap
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from tradelib import catalogue, lists, tariffs, wording
from tradelib.tariffs import totals

FORMATS = ("table", "csv", "json")
_WIDTH = 100
_SAME = 5e-5


@dataclass(frozen=True, eq=False)
class Answer:
    """A priced list with what is told about it.

    Attributes
    ----------
    priced : the list with its duties.
    about : what was asked, the summary, and what is to be said, by name, as JSON gives it.
    """

    priced: tariffs.Priced
    about: dict[str, object]
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
    scenario: str,
    standing: str,
    assumptions: tariffs.Assumptions,
) -> Answer:
    """A list with its duties, as the command was asked for it."""
    priced = tariffs.price_list(
        listed.frame,
        on=on,
        as_of=as_of,
        importer=importer,
        rates=rates,
        standing=standing,
        assumptions=assumptions,
        prefix=None,
        refused=listed.refused,
    )
    about = {
        "as_of": as_of.isoformat(),
        "on": (on or as_of).isoformat(),
        "importer": importer,
        "scenario": scenario or None,
        "standing": standing,
        "assumptions": vars(assumptions),
        "edition": catalogue.edition().version,
        "summary": totals.summary(priced),
        "said": [*listed.said, *priced.said, *_open(priced)],
    }
    return Answer(priced, about, listed.has_mark)


def _open(priced: tariffs.Priced) -> list[str]:
    """What no duty of the list counts."""
    sides = set(priced.column("read_importer").astype("str")) & set(tariffs.IMPORTERS)
    said = {
        "US": "Goods are taken as of China, and entered for consumption. Anti-dumping and countervailing duties, fees, and exclusions that "
        "are only described in words are not counted.",
        "CN": "Goods are taken as of the United States. Value-added and consumption tax, anti-dumping duties and waivers granted to single "
        "importers are not counted.",
    }
    return [said[side] for side in sorted(sides, reverse=True)]


def table(found: Answer) -> str:
    """The rows to read, and the summary."""
    return "\n".join([*_rows(found.priced), "", *summary_lines(found)]).replace(wording.THIN, " ")


def summary_text(found: Answer) -> str:
    """The summary alone."""
    return "\n".join(summary_lines(found)).replace(wording.THIN, " ")


def _rows(priced: tariffs.Priced) -> list[str]:
    columns = {name: priced.column(name).astype(object).tolist() for name in priced.names}
    code = priced.rows.iloc[:, lists.find_columns(list(priced.rows.columns[: -len(priced.names)])).places["code"]].tolist()
    lines = [f"{'row':>6}  {'code':<14} {'entered':<10}  {'duty':>17}  {'dollars':>14}  layers"]
    for at in range(len(code)):
        row = {name: values[at] for name, values in columns.items()}
        lines += _row_lines(at + 1, code[at], row, priced.families)
    return lines


def _row_lines(number: int, cell: object, row: dict[str, object], families: tuple[str, ...]) -> list[str]:
    if row["answer"] == "blank":
        return [f"{number:>6}  (blank)"]
    day = "" if pd.isna(row["read_on"]) else f"{row['read_on']:%Y-%m-%d}"
    read = row["read_code"] or f"{cell}"[:14]
    first = f"{number:>6}  {read:<14} {day:<10}  {_duty(row):>17}  {_dollars(row):>14}  {_layers(row, families)}"
    more = [f"matched {row['matched']} ({row['how']})"] if row["how"] not in ("", "exact") and row["matched"] else []
    more += [f"chapter 99: {row['headings']}"] if row["headings"] else []
    more += [f"repaired: {row['repairs']}"] if row["repairs"] else []
    more += [str(row["note"])] if row["note"] else []
    more += [f"{row['state']}"] if row["state"] not in ("", "in force") else []
    indent = " " * 8
    return [
        first.rstrip(),
        *(line for text in more for line in textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)),
    ]


def _duty(row: dict[str, object]) -> str:
    if row["answer"] == "not answered":
        return "not answered"
    low, high, total = row["total_low_frac"], row["total_high_frac"], row["total_frac"]
    if row["answer"] == "range":
        return f"{_percent(low)} to {_percent(high)}"
    return _percent(total)


def _percent(rate: float) -> str:
    return "?" if math.isnan(rate) else wording.percent(rate, digits=2)


def _dollars(row: dict[str, object]) -> str:
    if row["answer"] == "range" and not math.isnan(row["duty_low_usd"]):
        return f"{row['duty_low_usd']:,.0f}-{row['duty_high_usd']:,.0f}"
    return "" if math.isnan(row["duty_usd"]) else f"{row['duty_usd']:,.2f}"


def _layers(row: dict[str, object], families: tuple[str, ...]) -> str:
    if row["answer"] != "answered":
        return ""
    parts = [f"mfn {_percent(row['mfn_frac'])}"]
    for family in families:
        rate = row[f"{family}_frac"]
        if not math.isnan(rate) and rate:
            parts.append(f"{family} {_percent(rate)}")
    low, high = row["total_low_frac"], row["total_high_frac"]
    if high - low > _SAME:
        parts.append(f"(from {_percent(low)} to {_percent(high)})")
    return ", ".join(parts)


def summary_lines(found: Answer) -> list[str]:
    """The summary in lines."""
    told = found.about["summary"]
    count = wording.count
    lines = [
        f"{count(told['rows'], 'row')}: {told['answered']} answered, {told['range']} with a range, {told['not_answered']} not answered, "
        f"{told['blank']} blank; {told['repaired']} repaired."
    ]
    if told["value_usd"] is not None:
        lines += _money(told)
    elif told["mean_frac"] is not None:
        lines.append(f"No values are given; the plain mean of the answered rows is {wording.percent(told['mean_frac'])}.")
    if told["reasons"]:
        lines += ["", "Not answered:"]
        for item in told["reasons"]:
            lines += textwrap.wrap(
                f"{item['reason']}" + (f" ({item['rows']} rows)" if item["rows"] > 1 else ""),
                _WIDTH,
                initial_indent="  ",
                subsequent_indent="    ",
            )
    said = [line for text in found.about["said"] for line in textwrap.wrap(str(text), _WIDTH)]
    return [*lines, "", f"As known on {found.about['as_of']}.", *said]


def _money(told: dict) -> list[str]:
    titles = tariffs.family_titles()
    lines = [
        f"Customs value {_usd(told['value_usd'])}: answered {_usd(told['value_answered_usd'])}, "
        f"with a range {_usd(told['value_range_usd'])}, not answered {_usd(told['value_not_answered_usd'])}."
    ]
    if told["value_unread"]:
        lines.append(f"The value of {wording.count(told['value_unread'], 'row')} cannot be read, and is in no sum.")
    if told["rate_frac"] is not None:
        lines.append(f"Duty {_usd(told['duty_usd'])}, {wording.percent(told['rate_frac'])} of the value answered.")
    low, high = told["duty_low_usd"], told["duty_high_usd"]
    if high is not None and high - low >= 1:
        lines.append(f"With ranges, and with what the law leaves open: from {_usd(low)} to {_usd(high)}.")
    for item in told["families"]:
        if item["duty_usd"]:
            name = titles.get(item["family"], item["family"])
            lines.append(f"{_usd(item['duty_usd']):>18}  {wording.percent(item['share_frac']):>7} of the duty  {name}")
    return lines


def _usd(value: float) -> str:
    return f"${value:,.0f}"


def printed(found: Answer, form: str, *, summary_only: bool) -> tuple[str, tuple[str, ...]]:
    """(what goes to standard output, lines that go beside it), as `table`, `csv` or `json`.

    Parameters
    ----------
    summary_only : the rows stand in a file already. CSV then holds one row, the figures of the summary.
    """
    if form == "json":
        rows = found.priced.rows.iloc[:0] if summary_only else found.priced.rows
        return lists.json_text(rows, found.about), ()
    if form == "csv" and summary_only:
        told = {name: value for name, value in found.about["summary"].items() if not isinstance(value, list)}
        return lists.csv_text(pd.DataFrame([told]))[0], ()
    if form == "csv":
        text, changed = lists.csv_text(found.priced.rows)
        return text, (summary_text(found), *lists.formula_words(changed))
    return (summary_text(found) if summary_only else table(found)) + "\n", ()


def write(found: Answer, path: Path) -> tuple[str, ...]:
    """Write the list to a file by its ending; what is to be known about the file, in sentences."""
    return lists.write(found.priced.rows, path, about=found.about, has_mark=found.has_mark)
