"""Trade flows as tables: newest releases, years, goods, partners, and both sides' figures."""

from datetime import date

import pandas as pd

from tradelib import catalogue, wording
from tradelib.show import display
from tradelib.show.display import Column, Row, Table, cell

_BILLION = 1e9
FIGURES = {
    "exports": "Exports",
    "imports": "Imports",
    "balance": "Balance",
    "exports_to_us": "Exports to the US",
    "imports_from_us": "Imports from the US",
}


def releases(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Newest release of each series and when the next is usual; see `trade.releases`."""
    columns = [
        Column("Series", cell("title"), cite=cell("source")),
        *_RELEASED,
        Column("Next, usually", lambda row: _due(row, as_of)),
    ]
    caption = f"The newest releases, as known on {wording.day(as_of)}"
    note = (
        "“Next” is the day in the publisher's calendar where we have one; with “about” it is our estimate from the same month a year "
        "before "
        "or from recent delays. “Not yet in our data”: that day has passed, and the figure is not in this edition."
    )
    return Table("releases", caption, columns, rows, catalogue.sources(rows), note)


def china_headlines(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Newest customs figures of China, with the first release beside a revised value; see `trade.china_headlines`."""
    columns = [Column("Figure", cell("figure", FIGURES.__getitem__)), *_RELEASED, Column("Source", cell("source"), "link")]
    caption = f"China's latest customs figures, as known on {wording.day(as_of)}"
    note = (
        "Change on a year earlier in US dollars. Exports FOB, imports CIF. Some figures with the United States come from press reports "
        "that rounded them."
    )
    return Table("china_customs", caption, columns, rows, catalogue.sources(rows), note)


def years(rows: pd.DataFrame, goods: pd.DataFrame, *, as_of: date, most: int = 10) -> Table:
    """The balance by year, the newest first; see `trade.by_year`."""
    data = rows.sort_index(ascending=False).reset_index()
    columns = [
        Column("Year", cell("year")),
        Column("Exports", cell("exports_usd", _billions), "num"),
        Column("Imports", cell("imports_usd", _billions), "num"),
        Column("Balance", cell("balance_usd", _billions), "num"),
        Column("Months", cell("months"), "num"),
    ]
    caption = f"US goods trade with China by year, billion US dollars, as known on {wording.day(as_of)}"
    note = "A year with fewer than twelve months is the sum of those months, not the year's figure. Census basis, general imports"
    note += f"{display.after(wording.later_revised(goods))}."
    return Table("years", caption, columns, data, catalogue.sources(goods.tail(1)), note, most)


def revised(tables: dict[str, pd.DataFrame], *, as_of: date, most: int = 12) -> Table:
    """Months whose first figure has been revised, the newest first; see `trade.revised`."""
    names = {"exports": "China's exports", "imports": "China's imports"}
    data = pd.concat([table[table["revision_pp"].abs().round(6) > 0] for table in tables.values()])
    data = data.sort_values(["figure", "period"], ascending=[True, False])
    data = data.rename(columns={"first_value": "first_value_frac", "value": "value_frac"})
    columns = [
        Column("Month", cell("period", wording.month)),
        Column("First published", cell("first_value_frac", _growth), "num"),
        Column("Revised", cell("value_frac", _growth), "num"),
        Column("Change, points", cell("revision_pp", lambda value: wording.number(value, signed=True, trim=False)), "num"),
        Column("Seen", cell("vintage_on", display.days)),
    ]
    caption = f"First figures that have been revised, as known on {wording.day(as_of)}"
    note = (
        "Change on a year earlier in US dollars. “Seen” is the date of the file in which we found the value; the revision may have "
        "been earlier."
    )
    return Table("revisions", caption, columns, data, catalogue.sources(data), note, most, group=cell("figure", names.__getitem__))


def sections_of_goods(tables: dict[str, pd.DataFrame], *, as_of: date) -> Table:
    """What was bought and sold by section; see `trade.by_section`."""
    names = {"exports": "US exports to China, FAS", "imports": "US imports from China, CIF"}
    data = pd.concat([table.assign(flow=flow) for flow, table in tables.items()], ignore_index=True)
    row = data.iloc[0]
    columns = [
        Column("Section", cell("section", _section)),
        Column(str(row["year"]), cell("value_usd", _billions), "num"),
        Column(str(row["base"]), cell("base_usd", _billions), "num"),
        Column("Change", cell("change_usd", _change), "num"),
        Column("Share", cell("share_frac", _share), "num"),
    ]
    caption = f"What was bought and sold, billion US dollars, as known on {wording.day(as_of)}"
    note = "As later revised, from one file; the largest sections first. Special provisions are confidential trade, mostly civil aircraft."
    return Table("sections_of_goods", caption, columns, data, catalogue.sources(data), note, 8, group=cell("flow", names.__getitem__))


def diversion(rows: pd.DataFrame) -> Table:
    """Change of US imports by partner; see `trade.diversion`."""
    compared, span = _now_and_then(rows)
    columns = [
        Column("Partner", cell("partner")),
        *compared,
        Column("Share now", cell("share_now_frac", _share), "num"),
        Column("Change, points", cell("share_change_pp", lambda value: wording.number(value, signed=True, trim=False)), "num"),
    ]
    caption = f"US imports for consumption by partner, {span}"
    note = "All partners in our data, each counted once; members of the European Union are listed by themselves. Shares are of all imports."
    return Table("partners", caption, columns, rows, catalogue.sources(rows.head(1)), note)


def product_groups(rows: pd.DataFrame) -> Table:
    """Change of US imports from China by product group; see `trade.china_by_product_group`."""
    compared, span = _now_and_then(rows)
    data = rows.sort_values("change_usd", key=abs, ascending=False)
    columns = [
        Column("Product group", cell("group")),
        *compared,
        Column("Change, %", cell("change_frac", lambda value: "" if pd.isna(value) else _growth(value)), "num"),
    ]
    caption = f"US imports for consumption from China by product group, {span}"
    note = (
        "Groups of the North American Industry Classification System, named in our words; the largest changes first, up or down. Of "
        f"{len(rows)} groups {(rows['change_usd'] < 0).sum()} fell. Our data by group end in {wording.month(rows['last'].iloc[0])}; "
        "over the same months the changes add up to China's among the partners."
    )
    return Table("product_groups", caption, columns, data, catalogue.sources(rows.head(1)), note, 8)


def suppliers(rows: pd.DataFrame) -> Table:
    """Who else sold the same goods in 2024; see `trade.suppliers_2024`."""
    data = display.side_by_side(rows, "others", "usd")
    columns = [
        Column("Section", cell("section", _section)),
        Column("China", cell("china_usd", _billions), "num"),
        Column("Largest other suppliers", lambda row: ", ".join(f"{name} {_billions(value)}" for name, value in display.pairs(row, "usd"))),
    ]
    caption = "Who else sold these goods to the United States: imports for consumption of 2024, billion US dollars"
    note = (
        "The sections of which China sold most come first. From one later file for 2024, which covers 16 other partners and the European "
        "Union as one. We cannot say which partner gained in which product since then: our data have no later table by partner and product."
    )
    return Table("suppliers", caption, columns, data, catalogue.sources(rows.head(1)), note, 8)


def mirror(rows: pd.DataFrame, *, as_of: date, most: int = 12) -> Table:
    """Both sides' figures for the same flow, the newest first; see `trade.mirror`."""
    data = rows.sort_values("period", ascending=False)
    columns = [
        Column("Month", cell("period", wording.month)),
        Column("China: exports to the US, FOB", cell("china_exports_fob_usd", _billions), "num"),
        Column("US: imports from China, customs value", cell("us_imports_customs_usd", _billions), "num"),
        Column("Gap", cell("gap_usd", _change), "num"),
        Column("Of US imports", cell("gap_frac", _growth), "num"),
    ]
    caption = f"The same trade as reported by each side, billion US dollars, as known on {wording.day(as_of)}"
    note = (
        f"Only months for which our data have both figures{display.after(wording.later_revised(rows))}. Gap: US imports less Chinese "
        "exports."
    )
    return Table("mirror", caption, columns, data, catalogue.sources(rows), note, most)


def _section(name: str) -> str:
    """Name of a section; those special provisions have no numeral."""
    return name.removeprefix("special ")


def _share(value: float) -> str:
    return wording.percent(value, trim=False)


def _growth(value: float) -> str:
    return wording.percent(value, signed=True, trim=False)


def _billions(value: float) -> str:
    return wording.number(value / _BILLION, trim=False)


def _months(row: Row) -> str:
    return f"January to {wording.month(row.period)}" if row.frequency == "year_to_date" else wording.month(row.period)


def _amount(row: Row, value: float) -> str:
    return wording.amount(value, row.unit, signed="_yoy_" in row.series_id)


def _first(row: Row) -> str:
    """What was first published, where it is held and another."""
    if pd.isna(row.first_value):
        return "not in our data"
    return "unrevised" if row.first_value == row.value else _amount(row, row.first_value)


def _released(row: Row) -> str:
    return ("by " if row.published_basis == "bound" else "") + display.days(row.published_on)


def _now_and_then(rows: pd.DataFrame) -> tuple[list[Column], str]:
    """Columns of a comparison with the same months of a base year, and the words for the months."""
    row = rows.iloc[0]
    columns = [
        Column("Now", cell("now_usd", _billions), "num"),
        Column("Then", cell("base_usd", _billions), "num"),
        Column("Change", cell("change_usd", _change), "num"),
    ]
    later = ", as later revised" if row["is_later_revised"] else ""
    span = f"{wording.month(row['first'])} to {wording.month(row['last'])} and the same months of {row['base']}, billion US dollars{later}"
    return columns, span


def _change(value: float) -> str:
    return wording.number(value / _BILLION, signed=True, trim=False)


def _due(row: Row, as_of: date) -> str:
    if pd.isna(row.next_usual_on):
        return ""
    about = "" if row.next_basis == "calendar" else "about "
    late = "; not yet in our data" if row.next_usual_on < pd.Timestamp(as_of) else ""
    return f"{about}{display.days(row.next_usual_on)}{late}"


_RELEASED = (
    Column("Period", _months),
    Column("Value", lambda row: _amount(row, row.value), "num"),
    Column("First published", _first, "num"),
    Column("Released", _released),
)
