"""The pages of products: what stands on each, in order, as the cells of a notebook would show it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import pandas as pd

from tradelib import catalogue, exposure, hs, sides, tariffs, today
from tradelib.show import display
from tradelib.show.code_box import CodeBox
from tradelib.stories.lines import front_tables, replaced, tables, text
from tradelib.tariffs import EveryLine

# A heading or prose in Markdown, or an output.
Cell = Any


class Page(Protocol):
    """What a page offers to who tells it: see `tradelib.report.page.Page`."""

    def header(self, *, title: str, description: str, messages: Sequence[str], facts: Sequence[display.Fact]) -> display.Header:
        """Head of the page."""

    def show(self, piece: Any) -> Any:
        """The output, once its sources are noted."""

    def definitions(self) -> display.Text:
        """Meaning of the words in the outputs shown so far."""

    def sources(self) -> display.Sources:
        """Everything shown so far rests on these."""


@dataclass(frozen=True)
class Sheet:
    """One page below the folder of a day.

    Attributes
    ----------
    folder
        where it stands, such as `us/85`; empty: in the folder of the day.
    label
        what it is called.
    cells
        gives what stands on it.
    about
        what the front of the day says of it.
    """

    folder: str
    label: str
    cells: Callable[[Page], list[Cell]]
    about: dict[str, Any]


PARTS = tariffs.IMPORTERS


def named() -> dict[str, tuple[str, dict[str, str]]]:
    """For each named good the notebook of its page, and the values of its parameters."""
    return {basket: ("06_product_exposure", {"basket": basket}) for basket in exposure.baskets()["basket"]}


def sheets(importer: str, as_of: date) -> Iterator[Sheet]:
    """Pages of the chapters of one importer's schedule, as known on a day."""
    told = tariffs.every_line(on=catalogue.observed_through(as_of), importer=importer, as_of=as_of)
    chapters = told.chapters()
    for place, chapter in enumerate(chapters):
        rows = tables.prepared(told, chapter)
        lowest, highest = text.ends(rows)
        about = {"importer": importer, "chapter": chapter, "lines": len(rows), "low_frac": lowest, "high_frac": highest}
        ways = _ways(importer, chapters[max(place - 1, 0) : place], chapters[place + 1 : place + 2])

        def cells(page: Page, rows: pd.DataFrame = rows, chapter: str = chapter, ways: display.Text = ways) -> list[Cell]:
            return _chapter(page, told, rows, chapter, ways)

        yield Sheet(f"{importer.lower()}/{chapter}", text.label(chapter, importer), cells, about)


def front(as_of: date, abouts: list[dict[str, Any]], links: Mapping[str, str]) -> Sheet:
    """Front of the products of a day: named goods, and the chapters.

    Parameters
    ----------
    abouts
        what the sheets say of themselves.
    links
        the way to the page of each named good, from the folder of the day.
    """

    def cells(page: Page) -> list[Cell]:
        goods = today.goods(as_of=as_of).sort_values(["now_frac", "title"], kind="stable", ignore_index=True)
        goods = goods.assign(page_url=goods["basket"].map(links).fillna(""))
        head = page.header(
            title=text.front_title(goods, abouts),
            description=text.front_description(as_of),
            messages=text.front_messages(goods),
            facts=text.front_facts(goods),
        )
        texts = tariffs.schedule(as_of=as_of)
        baskets, chapters = page.show(front_tables.baskets(goods, texts, as_of=as_of)), page.show(front_tables.chapters(abouts))
        cells = [head, page.show(CodeBox()), "## Named goods", baskets, "## Chapters", chapters, "## Your code", text.by_code()]
        return [*cells, "## Definitions", page.definitions(), "## Sources", page.sources()]

    return Sheet("", "Products", cells, {})


def _chapter(page: Page, told: EveryLine, rows: pd.DataFrame, chapter: str, ways: display.Text) -> list[Cell]:
    """What stands on the page of a chapter."""
    head = page.header(
        title=text.title(rows, chapter, told.importer),
        description=text.description(chapter, told.importer, told.as_of),
        messages=text.messages(rows),
        facts=text.facts(rows, told.importer),
    )
    example = hs.dotted(rows["code"].iloc[0])
    box = page.show(CodeBox(f"{told.importer.lower()}/{chapter}", example))
    lead, lines = page.show(text.lead(told)), page.show(tables.lines(rows, told, chapter))
    layers, notes = page.show(tables.layers(rows, told)), page.show(tables.notes(rows))
    reading = page.show(text.reading(told, example))
    cells = [head, box, ways, "## Lines", lead, text.headings(rows), lines, "## Layers", text.back(), layers]
    cells += ["## Notes", notes] if len(notes.data) else []
    old = replaced.rows(told, chapter)
    cells += ["## Replaced numbers", page.show(replaced.table(old, chapter))] if len(old) else []
    return [*cells, "## How to read this page", reading, "## Definitions", page.definitions(), "## Sources", page.sources()]


def _ways(importer: str, before: list[str], after: list[str]) -> display.Text:
    """Links to the neighbours of a chapter."""
    links = [f"[Chapter {chapter}](../{chapter}/index.html)" for chapter in (*before, *after)]
    return display.Text(" · ".join([*links, f"[All chapters, {sides.pair(importer).duties}](../../index.html#chapters)"]))
