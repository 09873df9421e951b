"""Duties of both sides as tables."""

from datetime import date

import pandas as pd

from tradelib import catalogue, sides, tariffs, wording
from tradelib.show import display
from tradelib.show.display import Column, Row, Table, cell

_MOST_AHEAD = 16
STATE_NOTE = (
    "In force: applies to goods entered on the day. Scheduled: a legal text sets it for a later day. Suspended: a legal text has put "
    "it on hold. "
    "Replaced: was in force, then another text took its place. Never applied: withdrawn before its day. Restated: a later text says the "
    "same. Stated: officials said it, and no text has been published as far as we know. Enacted: stated first, then put into law."
)


def headline(us: tariffs.Headline, cn: tariffs.Headline) -> Table:
    """Country-wide layers of both sides that hold on a day."""
    layers = pd.concat([side.layers.assign(importer=side.importer) for side in (us, cn)], ignore_index=True)
    columns = [
        Column("Collected by", cell("importer", sides.short)),
        Column("Layer", cell("authority")),
        Column("Rate", cell("rate_frac", wording.percent), "num"),
        Column("Since", cell("effective_from", display.days)),
        Column("Text", cell("instrument", display.citation), "link"),
    ]
    rates = f"{wording.percent(us.rate_frac)} in the US, {wording.percent(cn.rate_frac)} in China"
    caption = f"Tariffs on all goods in force on {wording.day(us.on)}: {rates}"
    note = (
        "Per cent of customs value, on top of the normal tariff and of tariffs on lists of goods. Since: the first day of the text that "
        "sets the rate, which may have continued an older rate."
    )
    return Table("country_wide_layers", caption, columns, layers, catalogue.sources(layers), note)


def list_layers(rows: pd.DataFrame, *, on: date) -> Table:
    """Duties on lists of goods that hold beside the country-wide layers; see `tariffs.list_layers`."""
    columns = [
        Column("By", cell("importer", sides.short)),
        Column("Authority", cell("authority")),
        Column("Programme", cell("programme")),
        Column("State", cell("state"), "status"),
        Column("Rate", lambda row: "" if row.state == "suspended" else _range(row.lowest_rate_frac, row.highest_rate_frac), "num"),
        Column("Since", cell("effective_from", display.days)),
        Column("Text", cell("instrument", display.citation), "link"),
    ]
    caption = f"Tariffs on lists of goods on {wording.day(on)}"
    note = (
        "“By” is the side that collects. Products on several lists pay all of them unless the lists exclude each other; then only the "
        "highest applies. Since: the first day of the text that sets the rate. Exclusions for single products are not shown."
    )
    return Table("list_layers", caption, columns, rows, catalogue.sources(rows), note)


def announcements(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Announcements of country-wide duties with their states; see `tariffs.announcements`."""
    columns = [
        Column("Announced", cell("announced_on", display.days)),
        Column("By", cell("importer", sides.short)),
        Column("Duty", cell("authority")),
        Column("Rate", _rate, "num"),
        Column("From", cell("effective_on", display.days)),
        Column("State", cell("state"), "status"),
        Column("Text", cell("instrument", display.citation), "link"),
    ]
    caption = f"Tariff announcements, and what became of each by {wording.day(as_of)}"
    return Table("announcements", caption, columns, rows, catalogue.sources(rows), STATE_NOTE)


def schedule_ahead(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Changes that legal texts still hold; see `tariffs.schedule_ahead`."""
    columns = [
        Column("On", cell("changes_on", display.days)),
        Column("By", cell("importer", sides.short)),
        Column("Duty", cell("authority")),
        Column("Tariff on all goods before", cell("headline_before_frac", wording.percent), "num"),
        Column("After", cell("headline_after_frac", wording.percent), "num"),
        Column("Text", cell("instrument", display.citation), "link"),
    ]
    caption = f"Changes of the tariffs on all goods scheduled in law after {wording.day(catalogue.observed_through(as_of))}"
    note = (
        "A scheduled change need not happen: so far every scheduled return of a suspended rate has been put off or cancelled in time."
        if _all_put_off(as_of)
        else ""
    )
    return Table("schedule_ahead", caption, columns, rows, catalogue.sources(rows), note)


def lists_ahead(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Changes of duties on lists of goods that legal texts still hold; see `tariffs.lists_ahead`."""
    columns = [
        Column("On", cell("changes_on", display.days)),
        Column("By", cell("importer", sides.short)),
        Column("Duty", lambda row: wording.duty(row.authority, row.programme)),
        Column("What happens", cell("change"), "status"),
        Column("Before", cell("rate_before_frac", wording.percent), "num"),
        Column("After", cell("rate_after_frac", wording.percent), "num"),
        Column("Text", cell("instrument", display.citation), "link"),
    ]
    # An exclusion has no rate of its own: without it the duty it excluded from is due.
    exclusion = rows["kind"].eq("exclusion")
    rows = rows.assign(
        rate_before_frac=rows["rate_before_frac"].mask(exclusion),
        rate_after_frac=rows["rate_after_frac"].mask(exclusion | rows["change"].eq("is suspended")),
    )
    caption = f"Changes of tariffs on lists of goods scheduled in law after {wording.day(catalogue.observed_through(as_of))}"
    note = (
        "Rate: per cent of the value the tariff falls on. Returns: a suspended tariff whose text names the day. Exclusions: goods named in "
        "them pay the tariff again when they end."
    )
    return Table("lists_ahead", caption, columns, rows, catalogue.sources(rows), note, most=_MOST_AHEAD)


def proposals(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Duties threatened, proposed or reported, with their newest state; see `tariffs.proposals`."""
    columns = [
        Column("First said", cell("first_announced_on", display.days)),
        Column("By", cell("importer", sides.short)),
        Column("What", cell("what")),
        Column("Added tariff", cell("rate_frac", wording.percent), "num"),
        Column("For", cell("would_apply_on", display.days)),
        Column("State", cell("state"), "status"),
        Column("State since", cell("announced_on", display.days)),
        Column("Source", cell("source"), "link"),
    ]
    caption = f"Threatened, proposed or reported, and what became of it by {wording.day(as_of)}: the newest state first"
    note = "Adopted: a legal text followed, and only then does the tariff enter the totals of this page."
    return Table("proposals", caption, columns, rows, catalogue.sources(rows), note)


def _range(lowest: float, highest: float) -> str:
    return wording.percent(lowest) if lowest == highest else f"{wording.number(lowest * 100)} to {wording.percent(highest)}"


def _rate(row: Row) -> str:
    if row.basis == "ended":
        return "ends"
    return "" if pd.isna(row.rate_frac) else wording.percent(row.rate_frac)


def _all_put_off(as_of: date) -> bool:
    """No snap-back of a country-wide duty has ever come into force, as known on a day, and at least one has been put off."""
    rows = tariffs.announcements(as_of=as_of)
    snap_backs = rows[rows["is_snap_back"]]
    return bool(snap_backs["state"].eq("never applied").any() and not snap_backs["state"].isin(["in force", "replaced"]).any())
