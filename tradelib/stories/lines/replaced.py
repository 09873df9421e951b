"""Numbers of a chapter that were replaced, so that one of an older list leads to the lines that have its goods now."""

import pandas as pd

from tradelib import catalogue, hs
from tradelib.show.display import Column, Row, cell, days
from tradelib.show.long_table import LongTable
from tradelib.tariffs import EveryLine, successions

_NOTE = (
    "From the notices that changed the numbers; for numbers of before 2022 from the correlation of the two editions of the Harmonized "
    "System, so that only part of the goods of a number may stand under each of the others."
)


def rows(told: EveryLine, chapter: str) -> pd.DataFrame:
    """Numbers of a chapter that stand no longer on the day of entry, with what replaced them.

    Returns
    -------
    DataFrame
        code, heirs (codes set apart by `|`, followed to the day of entry), places (of each heir the code of its first line on a page of the
        day; empty where there is none), effective_on (day from which the number stands no longer). Empty for China, of whose lines we
        have no earlier numbers.
    """
    table = catalogue.load("hts_successions")
    is_own = table["code"].str.startswith(chapter) & table["effective_on"].le(pd.Timestamp(told.on)) & (told.importer == "US")
    standing = told.rows["code"].tolist()
    first = {code[: hs.TARIFF_LINE]: code for code in reversed(standing)} | {code: code for code in standing}
    found = table[is_own & ~table["code"].isin(standing)].drop_duplicates("code").sort_values("code", ignore_index=True)
    heirs = [successions.heirs(code, by=told.on) for code in found["code"]]
    places = ["|".join(first.get(heir, "") for heir in each) for each in heirs]
    return found[["code"]].assign(heirs=list(map("|".join, heirs)), places=places, effective_on=found["effective_on"])


def table(found: pd.DataFrame, chapter: str) -> LongTable:
    """What replaced each number; rows of `rows`."""

    def links(row: Row) -> list[tuple[str, str]]:
        said = []
        for heir, place in zip(row.heirs.split("|"), row.places.split("|"), strict=True):
            page = "" if place[:2] == chapter else f"../{place[:2]}/index.html"
            said += [(" ", ""), (hs.dotted(heir), f"{page}#{hs.dotted(place)}" if place else "")]
        return said[1:]

    described = [(source["title"], source["path"]) for source in catalogue.description("hts_successions")["sources"]]
    sources = pd.DataFrame(described, columns=["source", "url"]).assign(known_on=pd.NaT)
    columns = [
        Column("Number", cell("code", hs.dotted)),
        Column("Replaced by", links, "parts", url=""),
        Column("From", cell("effective_on", days)),
    ]
    caption = f"Chapter {chapter}: numbers that were replaced, and by which"
    held = ["code", "heirs", "effective_on"]
    return LongTable("replaced", caption, columns, found, sources, _NOTE, anchor=cell("code", hs.dotted), held=held)
