"""What happened, what comes next, and what goods owe, as tables."""

import re
from datetime import date

import pandas as pd

from tradelib import catalogue, sides, wording
from tradelib.phrases import day_news
from tradelib.show import display
from tradelib.show.display import Column, Row, Table, cell
from tradelib.stories.averages.tables import fine

_GOODS = {"US": "all Chinese goods", "CN": "all US goods"}
_END = ("suspension", "truce")
# What a thing that ends is called, before what it is of or for.
_HEAD = re.compile(r"(.*?)(?: (?:of|for|between) .*)?")


def happened(rows: pd.DataFrame, *, as_of: date) -> Table:
    """The newest events that matter; see `today.happened`."""
    columns = [
        Column("Day", _span),
        Column("What", cell("title"), cite=cell("source", display.citation)),
    ]
    kept = ["starts_on", "ends_on", "published_on", "kind", "actor", "title", "source", "url", "known_on"]
    rows = rows.assign(title=[day_news.told(row.news, as_of) or row.title for row in rows.itertuples()])
    caption = f"Turning points by {wording.day(as_of)}, the newest first"
    return Table("happened", caption, columns, rows[kept], catalogue.sources(rows))


def coming(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Days ahead, each in law, announced or threatened; see `today.coming`."""
    columns = [
        Column("Day", lambda row: "no day" if pd.isna(row.on) else display.days(row.on)),
        Column("What", comes, cite=cell("source", display.citation)),
        Column("Status", cell("standing"), "status"),
    ]
    caption = f"The next days that were known on {wording.day(as_of)}"
    note = (
        "In law: a legal text sets it. Announced: a government said it, or set the day of a meeting. Threatened: said of a duty, and "
        "binding nobody."
    )
    if rows["others"].any():
        note += " The data name what else falls on a day; the briefing has its legal text."
    return Table("coming", caption, columns, rows, catalogue.sources(rows), note if len(rows) else "")


def goods(rows: pd.DataFrame, announcements: pd.DataFrame, *, as_of: date) -> Table:
    """What named goods owe in all, from the lowest to the highest; see `today.goods`."""
    base = rows["base_on"].iloc[0]
    columns = [
        Column("Goods", cell("title"), "good", url="basket"),
        Column("Now", cell("now_frac", fine), "num"),
        Column(wording.short_day(base), cell("base_frac", fine), "num"),
        Column("Peak since", cell("peak_frac", fine), "num"),
        Column("Next in law", cell("next_frac", fine), "num", cite=cell("next_on", wording.short_day)),
    ]
    lowest, highest = rows["now_frac"].min(), rows["now_frac"].max()
    caption = f"From {wording.percent(lowest)} to {wording.percent(highest)}: what goods pay in total on {wording.day(as_of)}"
    note = (
        "Tariff in per cent of customs value, normal tariff included: the mean over the lines of each good, weighted with the trade of "
        "2024. "
        f"Peak: the highest mean since {wording.day(base)}."
    )
    return Table("goods", caption, columns, rows, catalogue.sources(announcements), note, group=lambda row: sides.pair(row.importer).duties)


def _span(row: Row) -> str:
    """Day of an event, or its first and last."""
    last = display.days(row.starts_on if pd.isna(row.ends_on) else row.ends_on)
    if pd.isna(row.ends_on) or row.ends_on == row.starts_on:
        return last
    same = (row.starts_on.year, row.starts_on.month) == (row.ends_on.year, row.ends_on.month)
    return f"{row.starts_on.day}-{last}" if same else f"{display.days(row.starts_on)} to {last}"


def comes(row: Row) -> str:
    """What comes on a day, in a few words."""
    return wording.upper(_WRITERS.get(row.kind, _by_name)(row)) + _more(row)


def _duty(row: Row) -> str:
    parts = [f"{sides.SIDES[side].owner} duty on {goods} {_moves(row, side)}" for side, goods in _GOODS.items() if _is_set(row, side)]
    return wording.listing(parts)


def _list(row: Row) -> str:
    (side,) = (side for side in _GOODS if row.side == side)
    before, after = _rates(row, side)
    goods = wording.inside(row.what)
    if row.what.startswith("Exclusions"):
        return f"{sides.SIDES[side].owner} {wording.inside(row.what)}: they end"
    if pd.isna(after):
        return f"{sides.SIDES[side].owner} duty on {goods} ends"
    verb = f"from {wording.percent(before)} to {wording.percent(after)}" if before > 0 else f"begins, {wording.percent(after)}"
    return f"{sides.SIDES[side].owner} duty on {goods}: {verb}"


def _by_name(row: Row) -> str:
    if row.kind not in _END:
        return str(row.what)
    named = _HEAD.fullmatch(row.what)
    several = named is not None and named[1].endswith("s") and not named[1].endswith("ss")
    return f"{row.what} {'end' if several else 'ends'}"


def _threat(row: Row) -> str:
    rate = wording.percent(_rates(row, row.side)[1]) if _is_set(row, row.side) else ""
    return row.what if rate in row.what else f"{row.what}, {rate}"


_WRITERS = {"duty": _duty, "list": _list, "threat": _threat}


def _moves(row: Row, side: str) -> str:
    before, after = _rates(row, side)
    return f"{'rises' if after > before else 'falls'} from {wording.percent(before)} to {wording.percent(after)}"


def _rates(row: Row, side: str) -> tuple[float, float]:
    return getattr(row, f"{side.lower()}_before_frac"), getattr(row, f"{side.lower()}_after_frac")


def _is_set(row: Row, side: str) -> bool:
    return pd.notna(_rates(row, side)[1])


def _more(row: Row) -> str:
    if not row.others:
        return ""
    return f"; {wording.count(row.others, 'more duty')} on that day" if row.kind == "list" else f"; {row.others} more on that day"
