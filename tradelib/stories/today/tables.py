"""What happened, what comes next, and what goods owe, as tables."""

from datetime import date

import pandas as pd

from tradelib import catalogue, sides, tariffs, wording
from tradelib.phrases import day_news
from tradelib.phrases.day_ahead import brings
from tradelib.show import display
from tradelib.show.display import Column, Row, Table, Writer, cell
from tradelib.stories.averages.tables import fine

# An event that became known so many days after it was tells both days.
_LATE = pd.Timedelta(days=2)


def happened(rows: pd.DataFrame, *, as_of: date) -> Table:
    """The newest events that matter; see `today.happened`."""
    columns = [
        Column("Day", _span),
        Column("What", _happened, cite=cell("source", display.citation)),
    ]
    kept = ["event_id", "starts_on", "ends_on", "published_on", "phase_of_event", "kind", "actor", "title", "source", "url", "known_on"]
    rows = rows.assign(title=[day_news.told(row.news, as_of) or row.title for row in rows.itertuples()])
    caption = f"Turning points by {wording.day(as_of)}, the newest first"
    return Table("happened", caption, columns, rows[kept], catalogue.sources(rows))


def coming(rows: pd.DataFrame, everything: pd.DataFrame, *, as_of: date) -> Table:
    """Days ahead, each in law, announced or threatened; see `today.coming`, and `today.ahead` for `everything`."""
    caption = f"The next days that were known on {wording.day(as_of)}"
    later = everything["on"][everything["on"] > rows["on"].max()].nunique()
    below = [wording.count(later, "later day")] if later else []
    below += ["what else falls on these days"] if rows["others"].any() else []
    note = _standings(rows) + (f" Listed below: {wording.listing(below)}." if below else "")
    return Table("coming", caption, _days_ahead(comes), rows, catalogue.sources(rows), note)


def ahead(rows: pd.DataFrame, *, as_of: date) -> Table:
    """All that was known of days ahead, one row a thing, folded; see `today.ahead`."""
    caption = f"All dates ahead that were known on {wording.day(as_of)}"
    return Table("ahead", caption, _days_ahead(_thing), rows, catalogue.sources(rows), folded=True)


def _days_ahead(what: Writer) -> list[Column]:
    return [
        Column("Day", lambda row: "no day" if pd.isna(row.on) else display.days(row.on)),
        Column("What", what, cite=cell("source", display.citation)),
        Column("Status", cell("standing"), "status"),
    ]


_STANDINGS = {
    "in law": "a legal text sets it",
    "announced": "a government said it, or set the day of a meeting",
    "proposed": "put forward and not decided",
    "reported": "the press says so",
    "threatened": "said of a duty, and binding nobody",
}


def _standings(rows: pd.DataFrame) -> str:
    """What each status of a table means."""
    named = set(rows["standing"])
    return " ".join(f"{wording.upper(name)}: {words}." for name, words in _STANDINGS.items() if name in named)


def goods(rows: pd.DataFrame, announcements: pd.DataFrame, *, as_of: date) -> Table:
    """What named goods owe in all, from the lowest to the highest; see `today.goods`."""
    base = rows["base_on"].iloc[0]
    columns = [
        Column("Goods", cell("title"), "good", url="basket"),
        Column("Now", cell("now_frac", fine), "num"),
        Column(wording.short_day(base), cell("base_frac", fine), "num"),
        Column(f"Peak since {wording.short_day(base)}", cell("peak_frac", fine), "num"),
        Column("Next in law", cell("next_frac", fine), "num", cite=cell("next_on", wording.short_day)),
    ]
    lowest, highest = rows["now_frac"].min(), rows["now_frac"].max()
    caption = f"From {wording.percent(lowest)} to {wording.percent(highest)}: what goods pay in total on {wording.day(as_of)}"
    note = (
        "Tariff in per cent of customs value, normal tariff included: the mean over the lines of each good, weighted with the trade of "
        "2024. "
        f"Peak: the highest mean since {wording.day(base)}.{_exempt(rows, as_of)}"
    )
    return Table("goods", caption, columns, rows, catalogue.sources(announcements), note, group=lambda row: sides.pair(row.importer).duties)


def _exempt(rows: pd.DataFrame, as_of: date) -> str:
    """Why goods owe nothing while their country-wide tariff is not zero."""
    rates = {side.importer: side.rate_frac for side in tariffs.headlines(on=catalogue.observed_through(as_of), as_of=as_of)}
    free = [wording.inside(row.title) for row in rows.itertuples() if row.now_frac == 0 and rates[row.importer]]
    why = "exempt from what is added on other goods, and their normal tariff is zero"
    return f" {wording.upper(wording.listing(free))} {'are' if len(free) > 1 else 'is'} at 0.0%: {why}." if free else ""


def _span(row: Row) -> str:
    """Day of an event, or its first and last."""
    if row.phase_of_event == "ahead":
        return f"{display.days(row.published_on)}"
    end = row.starts_on if pd.isna(row.ends_on) else row.ends_on
    last, same = display.days(end), (row.starts_on.year, row.starts_on.month) == (end.year, end.month)
    return last if end == row.starts_on else f"{row.starts_on.day}-{last}" if same else f"{display.days(row.starts_on)} to {last}"


def _happened(row: Row) -> str:
    """What happened, and the day on which it became known, where that was later."""
    late = row.published_on - (row.starts_on if pd.isna(row.ends_on) else row.ends_on) >= _LATE
    return f"{row.title} (known on {wording.day(row.published_on)})" if late else str(row.title)


def comes(row: Row) -> str:
    """What comes on a day, in a few words, and whether more does; of what names no day, when it was said; see `today.coming`."""
    if pd.isna(row.on):
        return f"{_thing(row)} (known since {display.days(row.known_on)})"
    return f"{_thing(row)}; more on that day" if row.others else _thing(row)


def _thing(row: Row) -> str:
    return wording.upper(_WRITERS.get(row.kind, _by_name)(row))


def _duty(row: Row) -> str:
    return wording.listing(_moves(row, side) for side in sides.PAIRS if _is_set(row, side))


def _list(row: Row) -> str:
    before, after = _rates(row, row.side)
    owner = sides.SIDES[row.side].owner.removeprefix("the ")
    goods = f"{owner} duty on {wording.inside(row.what)}"
    if row.change in ("rises", "falls"):
        return f"{goods}: from {wording.percent(before)} to {wording.percent(after)}"
    at = f", {wording.percent(after)}" if row.change in ("begins", "returns") and pd.notna(after) else ""
    return f"{goods}: {row.change}{at}"


def _exclusion(row: Row) -> str:
    """Exclusions that begin or end; those whose programme does not say that they are some stand in brackets behind the word."""
    owner, name = sides.SIDES[row.side].owner.removeprefix("the "), wording.inside(row.what)
    named = name if row.what.startswith("Exclusions") else f"tariff exclusions ({name})"
    return f"{owner} {named} {'end' if row.change == 'ends' else 'begin'}"


def _by_name(row: Row) -> str:
    return brings(str(row.what), row.kind)


def _threat(row: Row) -> str:
    rate = wording.percent(_rates(row, row.side)[1]) if _is_set(row, row.side) else ""
    return row.what if rate in row.what else f"{row.what}, {rate}"


_WRITERS = {"duty": _duty, "list": _list, "exclusion": _exclusion, "threat": _threat}


def _moves(row: Row, side: str) -> str:
    before, after = _rates(row, side)
    verb = "rises" if after > before else "falls"
    return f"{sides.pair(side).added} {verb} from {wording.percent(before)} to {wording.percent(after)}"


def _rates(row: Row, side: str) -> tuple[float, float]:
    return getattr(row, f"{side.lower()}_before_frac"), getattr(row, f"{side.lower()}_after_frac")


def _is_set(row: Row, side: str) -> bool:
    return pd.notna(_rates(row, side)[1])
