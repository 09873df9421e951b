"""A chapter of a schedule in sentences: its head, how to read it, and the ways out of it."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from tradelib import hs, sides, wording
from tradelib.show.display import Fact, Text
from tradelib.tariffs import EveryLine
from tradelib.tariffs.every_line import BEFORE
from tradelib.tariffs.omissions import NOT_COUNTED
from tradelib.tariffs.stacking import DECIMALS

_CN_TEXTS = (
    "China's lines are those of eight digits that we have, and subheadings of six digits where we have none. We do not have China's own "
    "texts: the words are those that the US schedule uses for the same six digits."
)
_US_NUMBERS = (
    "The lines are the statistical numbers that stood on that day. For a number that is younger than {days}, the rate is that of the same "
    "goods under the numbers it came from."
)


def section(chapter: str) -> str:
    """Subject of the section that a chapter belongs to, inside a sentence.

    Examples
    --------
    >>> section("85")
    'machinery, electronics'
    """
    return wording.inside(hs.sections(np.array([chapter]))[0].split(" ", maxsplit=1)[1])


def label(chapter: str, importer: str) -> str:
    """What the page of a chapter is called."""
    return f"{sides.pair(importer).duties}, chapter {chapter}"


def title(rows: pd.DataFrame, chapter: str, importer: str) -> str:
    """What the lines of a chapter owe; rows of `tables.prepared`."""
    lead = f"Chapter {chapter}, {section(chapter)}: {sides.pair(importer).duties}"
    lowest, highest = ends(rows)
    if np.isnan(lowest):
        return f"{lead} are not known"
    return f"{lead} of {_percent(lowest)}" if highest == lowest else f"{lead} from {_percent(lowest)} to {_percent(highest)}"


def ends(rows: pd.DataFrame) -> tuple[float, float]:
    """(lowest, highest) duty of some lines, as counted: of a range its lower end; NaN where none is known."""
    due = counted(rows).dropna()
    return (float(due.min()), float(due.max())) if len(due) else (float("nan"), float("nan"))


def counted(rows: pd.DataFrame) -> "pd.Series[float]":
    """What each line owes as counted; where that is a range, at least."""
    return rows["total_frac"].fillna(rows["low_frac"])


def description(chapter: str, importer: str, as_of: date) -> str:
    """One sentence on the page."""
    return (
        f"{sides.pair(importer).duties} on every line of chapter {chapter}, as known on {wording.day(as_of)}: in all, by layer with "
        "headings and legal texts, in January 2025, at their highest since 2018, and what the law sets next."
    )


def messages(rows: pd.DataFrame) -> list[str]:
    """What the page says in a few sentences."""
    said = []
    before = rows["before_frac"].dropna()
    if len(before):
        said.append(f"In January 2025 its lines owed {_span(float(before.min()), float(before.max()))}")
    ahead = rows.dropna(subset="next_on")
    if len(ahead):
        day = ahead["next_on"].min()
        said.append(f"The law sets another rate for {_lines(ahead['next_on'].eq(day).sum(), len(rows))} from {wording.day(day)}")
    else:
        said.append("No legal text sets another rate for a line of this chapter for a later day")
    unclear = int((rows["total_frac"].isna() | (rows["high_frac"] - rows["low_frac"]).gt(0)).sum())
    if unclear:
        said.append(
            f"{_lines(unclear, len(rows))} owe{'s' * (unclear == 1)} a range, an amount a unit or a rate that we do not have; see the notes"
        )
    return [wording.upper(sentence) for sentence in said]


def facts(rows: pd.DataFrame, importer: str) -> list[Fact]:
    """Lowest, middle and highest duty of a chapter."""
    due, actor = counted(rows).dropna(), importer.lower()
    if due.empty:
        return [Fact(f"{len(rows):,}", "lines, of which no duty is known", actor)]
    lowest, highest = due.idxmin(), due.idxmax()
    return [
        Fact(_percent(due.min()), f"the lowest, such as {hs.dotted(rows['code'][lowest])}", actor),
        Fact(
            _percent(float(due.quantile(0.5, interpolation="lower"))),
            f"the middle: half of its {len(rows):,} lines owe as much or less",
            actor,
        ),
        Fact(_percent(due.max()), f"the highest, such as {hs.dotted(rows['code'][highest])}", actor),
    ]


def lead(told: EveryLine) -> Text:
    """What the table of lines shows, in two sentences above it."""
    pair = sides.pair(told.importer)
    return Text(
        f"What {pair.exporter.adjective} goods owe when they enter {pair.importer.name} on {wording.day(told.on)}: the duty in all, and "
        "what it is made of. The head of the table, which stays in sight, opens what each letter stands for, and leads to its heading and "
        "legal text; a number leads to its note."
    )


def back() -> Text:
    """The way from the layers to the lines."""
    return Text("The letters beside the rates of the table above. [Back to the lines](#lines)")


def reading(told: EveryLine, example: str) -> Text:
    """How to search the page, what it leaves out, and how to ask for more of a line of it."""
    days = f"{wording.month(BEFORE)}, or than the day of its highest duty" if told.on >= BEFORE else "the day of its highest duty"
    about = _US_NUMBERS.format(days=days) if told.importer == "US" else _CN_TEXTS
    side = "" if told.importer == "US" else " --importer CN"
    return Text(
        f"Search this page for a number with its dots, or for a word of the goods. {about}\n\n{NOT_COUNTED[told.importer]}\n\n"
        "What goods owe that were loaded before a day, and rulings on what is paid, are not on this page. With tradelib, the library "
        f"behind this site, `tradelib rate {example} --on {told.on}{side}` tells them."
    )


def headings(rows: pd.DataFrame) -> Text:
    """Links to the headings of a chapter."""
    return Text(" · ".join(f"[{code}](#{code})" for code in dict.fromkeys(rows["code"].str[:4])))


def front_title(goods: pd.DataFrame, abouts: list[dict[str, Any]]) -> str:
    """What named goods owe, from the lowest to the highest; rows of `today.goods`, and what the pages of chapters say of themselves."""
    known = goods.dropna(subset="now_frac")
    lines = sum(about["lines"] for about in abouts)
    if known.empty:
        return f"Duties of both sides on {lines:,} tariff lines"
    first, last = known.iloc[0], known.iloc[-1]
    span = f"From {wording.percent(first['now_frac'])} on {_inside(first)} to {wording.percent(last['now_frac'])} on {_inside(last)}"
    return f"{span}: duties on {len(goods)} named goods and {lines:,} tariff lines"


def front_description(as_of: date) -> str:
    """One sentence on the page."""
    return (
        f"What goods owe when they enter the United States from China, or China from the United States, as known on {wording.day(as_of)}."
    )


def front_messages(goods: pd.DataFrame) -> list[str]:
    """What the page says in a few sentences; rows of `today.goods`."""
    ahead = goods.dropna(subset="next_on")
    if ahead.empty:
        return ["No legal text sets another duty on a named good for a later day"]
    day = ahead["next_on"].min()
    parts = ahead[ahead["next_on"].eq(day)].groupby("importer", sort=False)
    return [
        f"From {wording.day(day)} the law sets another {sides.SIDES[str(importer)].adjective} duty on "
        f"{wording.listing(_inside(row) for _, row in part.iterrows())}"
        for importer, part in parts
    ]


def front_facts(goods: pd.DataFrame) -> list[Fact]:
    """Lowest and highest named good of each side."""
    found = []
    for importer, part in goods.dropna(subset="now_frac").groupby("importer", sort=False):
        pair = sides.pair(str(importer))
        for row, which in ((part.iloc[0], "lowest"), (part.iloc[-1], "highest")):
            words = f"{wording.inside(row['title'])}, the {which} of the named {pair.exporter.adjective} goods"
            found.append(Fact(wording.percent(row["now_frac"]), words, str(importer).lower()))
    return found


def by_code() -> Text:
    """How to come to a line by its code."""
    return Text(
        "The first two digits of a code are its chapter: 8507.60.0090 stands on the page of chapter 85, and its place there has the code "
        "for a name, so that it can be linked to. Lines of the United States have ten digits, those of China eight."
    )


def _inside(row: "pd.Series[Any]") -> str:
    return wording.inside(str(row["title"]))


def _span(lowest: float, highest: float) -> str:
    return _percent(lowest) if round(highest - lowest, DECIMALS) == 0 else f"from {_percent(lowest)} to {_percent(highest)}"


def _lines(some: int, whole: int) -> str:
    return f"all {whole:,} lines" if some == whole and some > 1 else f"{some:,} of the {wording.count(whole, 'line')}"


def _percent(rate: float) -> str:
    return wording.percent(rate, digits=2)
