"""Rare earths as tables: mine production, reserves, and China's export controls."""

from datetime import date

import pandas as pd

from tradelib import catalogue, wording
from tradelib.show import display
from tradelib.show.display import Column, Table, cell


def rare_earths(rows: pd.DataFrame, *, top: int = 5) -> Table:
    """Largest miners of rare earths; see `minerals.mine_production`."""
    shown = rows.head(top)
    year, world = (rows["period"].iloc[0], rows["world_tonnes"].iloc[0]) if len(rows) else ("", 0)
    columns = [
        Column("Country", cell("country")),
        Column("Tonnes", cell("production_tonnes", _tonnes), "num"),
        Column("Share of world", cell("share_frac", _share), "num"),
        Column("Source", cell("source"), "link"),
    ]
    total = f"; the world total is {wording.number(world, digits=0)} tonnes, as published" if len(rows) else ""
    note = f"Rare-earth-oxide equivalent, estimated by USGS{total}."
    caption = f"Mine production of rare earths{f', {year}' if year else ''}: the largest producers"
    return Table("rare_earth_mining", caption, columns, shown, catalogue.sources(shown), note)


def reserves(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Reserves by country; see `minerals.reserves`."""
    year = rows["period"].iloc[0] if len(rows) else "no edition"
    columns = [
        Column("Country", cell("country")),
        Column("Tonnes", cell("reserves_tonnes", _tonnes), "num"),
        Column("Of the world total", cell("share_frac", _share), "num"),
        Column("Source", cell("source"), "link"),
    ]
    caption = f"Reserves of rare earths, {year}, as known on {wording.day(as_of)}"
    note = "Rare-earth-oxide equivalent."
    if len(rows):
        bound = rows["is_world_lower_bound"].iloc[0]
        total = f"{'more than ' if bound else ''}{_tonnes(rows['world_tonnes'].iloc[0])} tonnes"
        note += f" The world total is printed as {total}{', so that true shares are smaller' if bound else ''}."
    return Table("reserves", caption, columns, rows, catalogue.sources(rows), note)


def export_controls(rows: pd.DataFrame, *, on: date) -> Table:
    """China's export controls of minerals and technology with their states; see `truce.export_controls`."""
    columns = [
        Column("What", cell("what"), cite=cell("instrument")),
        Column("State", cell("state"), "status"),
        Column("Since", cell("since", display.days)),
        Column("Returns, in law", cell("returns_on", display.days)),
        Column("As stated", cell("stated_returns_on", display.days)),
    ]
    caption = f"China's export controls and their states on {wording.day(on)}"
    note = (
        "Elements and goods as named in the announcements. A control counts as in force until a later announcement ends it; licences may "
        "be "
        "granted."
    )
    return Table("export_controls", caption, columns, rows, catalogue.sources(rows), note)


def _share(value: float) -> str:
    return wording.percent(value, trim=False)


def _tonnes(value: float) -> str:
    return wording.number(value, digits=0)
