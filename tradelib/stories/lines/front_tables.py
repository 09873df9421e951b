"""The front of the products of a day as tables: named goods, and the chapters of both schedules."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from tradelib import catalogue, hs, sides, wording
from tradelib.show import display
from tradelib.show.display import Column, Row, cell
from tradelib.show.long_table import LongTable
from tradelib.stories.lines.tables import percent, reference

# Ends nearer than this print alike.
_TOLD = 5e-5


def chapters(abouts: list[dict[str, Any]]) -> LongTable:
    """The chapters of both schedules, with the way to the page of each; rows as `pages.sheets` says of them."""
    told = pd.DataFrame(abouts)
    sides_of = [
        told[told["importer"].eq(importer)].drop(columns="importer").set_index("chapter").add_prefix(f"{importer.lower()}_")
        for importer in ("US", "CN")
    ]
    rows = pd.concat(sides_of, axis="columns").sort_index().reset_index()
    rows = rows.assign(section=hs.sections(rows["chapter"].to_numpy()))
    columns = [
        Column("Chapter", cell("chapter")),
        *(Column(sides.pair(importer).duties, _chapter(importer), "parts", url="") for importer in ("US", "CN")),
        *(
            Column(f"Lines, {sides.short(importer)}", cell(f"{importer.lower()}_lines", "{:,.0f}".format), "num")
            for importer in ("US", "CN")
        ),
    ]
    note = "From the lowest to the highest duty of its lines, in per cent of customs value; where a line owes a range, as counted."
    return LongTable(
        "chapters", "Chapters of both schedules, with every line on the page of each", columns, rows, display.no_sources(), note,
        anchor=lambda row: f"chapter-{row.chapter}", group=cell("section"),
    )  # fmt: skip


def _chapter(importer: str) -> Callable[[Row], list[tuple[str, str]]]:
    """Writer of what the lines of a chapter owe, linked to its page."""
    lead = importer.lower()

    def written(row: Row) -> list[tuple[str, str]]:
        low, high = getattr(row, f"{lead}_low_frac"), getattr(row, f"{lead}_high_frac")
        if pd.isna(getattr(row, f"{lead}_lines")):
            return [("", "")]
        words = "not known" if pd.isna(low) else percent(low) if low == high else f"{percent(low)} to {percent(high)}"
        return [(words, f"{lead}/{row.chapter}/index.html")]

    return written


def baskets(rows: pd.DataFrame, texts: pd.DataFrame, *, as_of: date) -> LongTable:
    """Named goods, what they owe now, owed then and at most, and owe next; see `today.goods`.

    Parameters
    ----------
    rows
        with `page_url`, the way to the page of each.
    texts
        the legal texts behind them.
    """
    base = rows["base_on"].iloc[0]
    columns = [
        Column("Goods", lambda row: [(row.title, row.page_url)], "parts", url=""),
        Column("Now", _mean("now"), "num", url="", cite=_between("")),
        Column(wording.month(base), _mean("base"), "num", url="", cite=_between("base_")),
        Column("Highest", _mean("peak"), "num", url="", cite=_then("peak")),
        Column("Next in law", _mean("next"), "num", url="", cite=_then("next")),
    ]
    note = (
        "Tariff in per cent of customs value, normal tariff included: the mean over the lines of each good, weighted with the trade of "
        "2024, "
        f"and below it the lowest and the highest of its lines where they differ. Highest: since {wording.day(base)}, with its first day."
    )
    caption = f"Named goods from the lowest to the highest duty, as known on {wording.day(as_of)}"
    sources = catalogue.sources(texts, reference("US"), reference("CN"))
    whose = cell("importer", lambda importer: f"{sides.SIDES[importer].adjective} duty")
    return LongTable("baskets", caption, columns, rows, sources, note, words=whose, is_placed=True)


def _mean(name: str) -> display.Writer:
    return cell(f"{name}_frac", wording.percent)


def _between(lead: str) -> display.Writer:
    """Writer of the lowest and the highest, where they differ."""

    def written(row: Row) -> str:
        low, high = getattr(row, f"{lead}lowest_frac"), getattr(row, f"{lead}highest_frac")
        return "" if pd.isna(low) or high - low <= _TOLD else f"{wording.percent(low)} to {wording.percent(high)}"

    return written


def _then(name: str) -> display.Writer:
    """Writer of the range and the day of a duty of another day."""

    def written(row: Row) -> str:
        on = getattr(row, f"{name}_on")
        return "" if pd.isna(on) else ", ".join(filter(None, [_between(f"{name}_")(row), wording.short_day(on)]))

    return written
