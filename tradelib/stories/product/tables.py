"""One product as tables: its duty by layer, its trade by subheading, what scenarios do to it; and the named baskets."""

from datetime import date

import pandas as pd

from tradelib import catalogue, exposure, hs, sides, wording
from tradelib.phrases import product_words
from tradelib.show import display
from tradelib.show.display import Column, Row, Table, cell
from tradelib.stories.averages.tables import fine, points
from tradelib.tariffs import successions

# Shares below half a per cent would be written as none.
_SHOWN = 0.005


def layers(rows: pd.DataFrame, product: exposure.Product, *, on: date) -> Table:
    """Duty on a product, layer by layer; see `exposure.stacks`."""
    columns = [
        Column("Layer", cell("layer")),
        Column("Rate in the text", cell("announced_frac", fine), "num"),
        Column("Due", cell("rate_frac", fine), "num"),
        Column("What it does", cell("outcome")),
        Column("Why", cell("why")),
        *([Column("Heading", cell("heading", _either))] if product.importer == "US" else []),
        Column("Text", cell("instrument", display.citation), "link"),
    ]
    origin = sides.pair(product.importer).exporter.name
    caption = f"{product.title} from {origin}, entered {wording.day(on)}: duty by layer, in per cent of customs value"
    more = rows["groups"].iloc[0] - rows["group"].nunique()
    left_out = f"{wording.count(more, 'further group')} of lines with less trade not shown. " if more else ""
    note = (
        f"“Due” is the rate after stacking, for the line named or for each line of its group. {left_out}What we leave out is listed below."
    )
    if product.importer == "US":
        note += " “Heading” is the number in chapter 99 to declare, or to claim for what is not due; empty where our data have none."
    return Table(
        "layers",
        caption,
        columns,
        rows.drop(columns="not_modelled"),
        catalogue.sources(rows[rows["instrument"].ne("")]),
        note,
        group=lambda row: _group(row, product_words.weights(product), _since(row.example, product, on)),
    )


def product_trade(rows: pd.DataFrame, product: exposure.Product, *, most: int = 12) -> Table:
    """Trade of 2024 in a product by subheading; see `exposure.trade`."""
    columns = [Column("Subheading", cell("code", hs.dotted)), Column("Trade of 2024", cell("value_usd", wording.usd), "num")]
    if product.importer == "US":
        rows = display.side_by_side(rows, "others", "frac")
        columns += [Column("China's share", cell("china_frac", fine), "num"), Column("Who else", _others)]
        caption = f"{product.title}: US imports from China in 2024 by subheading, and who else supplied"
        note = (
            "Imports for consumption, customs value. Shares are of the imports from 18 partners (the European Union as one); others are "
            "not "
            "included."
        )
    else:
        caption = f"{product.title}: US exports to China in 2024 by subheading"
        note = "As the United States reports them. Our data do not say who else supplies China by product."
    return Table("product_trade", caption, columns, rows, display.no_sources(), f"{note} US Census Bureau, UN Comtrade.", most)


def product_scenarios(rows: pd.DataFrame, product: exposure.Product, *, as_of: date) -> Table:
    """Duty on a product under each scenario; see `exposure.under_scenarios`."""
    rows = rows.assign(
        per_hundred_usd=100 * rows["mean_frac"],
        changes_on=["|".join(day.isoformat() for day in days) for days in rows["days"]],
    ).drop(columns="days")
    columns = [
        Column("Scenario", cell("title")),
        Column("Question", cell("question")),
        Column("Changes on", _days),
        Column("Duty on USD 100", cell("per_hundred_usd", lambda value: wording.number(value, digits=2, trim=False)), "num"),
        Column("Change", cell("change_frac", points), "num"),
        Column("Lowest to highest", lambda row: _range(row.lowest_frac, row.highest_frac), "num"),
    ]
    caption = f"{product.title}: duty on 100 US dollars of imports after all changes due within a year of {wording.day(as_of)}"
    note = (
        f"A scenario is a what-if, not a forecast. The duty includes the normal tariff and is the mean over its lines, weighted with "
        f"{product_words.weights(product)}. Change: in percentage points, from the last observed day. Lowest to highest: over its lines."
    )
    return Table("product_scenarios", caption, columns, rows, display.no_sources(), note)


def baskets(rows: pd.DataFrame) -> Table:
    """The named products; see `exposure.baskets`."""
    columns = [
        Column("Goods", cell("title"), "good", url="basket"),
        Column("Name", cell("basket")),
        Column("Tariff of", cell("importer", sides.short)),
        Column("Codes", cell("codes")),
        Column("Note", cell("note")),
    ]
    note = (
        "Run this report with one of these names, or with any code of the tariff. A good that is linked has a page of its own for this day."
    )
    return Table("baskets", "Named goods of this report", columns, rows, display.no_sources(), note)


def _either(heading: str) -> str:
    return " or ".join(heading.split("|"))


def _since(code: str, product: exposure.Product, on: date) -> str:
    """What took the place of a US number of the trade of 2024 by a day; empty where it still stands."""
    new = successions.heirs(code, by=on) if product.importer == "US" and len(code) == hs.STATISTICAL_LINE else ()
    return f" (a number of 2024, since replaced by {wording.listing(map(hs.dotted, new))})" if new else ""


def _group(row: Row, weights: str, since: str) -> str:
    due = _range(row.lowest_frac, row.highest_frac)
    if pd.isna(row.lowest_frac):
        due = "not known"
    elif row.lines_known < row.lines:
        due = f"{due} on the {row.lines_known} whose tariff is known"
    example = f"{hs.dotted(row.example)}{since}"
    if row.groups == 1:
        return f"All {wording.count(row.lines, 'line')}: in all {due}" if row.lines > 1 else f"{example}: in all {due}"
    lines = f"{wording.count(row.lines, 'line')} such as {example}" if row.lines > 1 else example
    share = "" if pd.isna(row.trade_frac) else f", {wording.percent(row.trade_frac)} of {weights}"
    return f"{lines}{share}: in all {due}"


def _range(lowest: float, highest: float) -> str:
    if pd.isna(lowest):
        return ""
    same = highest - lowest < exposure.SAME
    return fine(lowest) if same else f"{wording.number(100 * lowest, trim=False)} to {fine(highest)}"


def _days(row: Row) -> str:
    """Days of change, and the one from which a rate is not named."""
    said = [wording.short_day(date.fromisoformat(day)) for day in row.changes_on.split("|") if day]
    if pd.notna(row.unnamed_on):
        said.append(f"{wording.short_day(row.unnamed_on)}: a rate that is not named")
    return "; ".join(said) or "no change within a year"


def _others(row: Row) -> str:
    return ", ".join(f"{name} {wording.percent(share, digits=0)}" for name, share in display.pairs(row, "frac") if share >= _SHOWN)
