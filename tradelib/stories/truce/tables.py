"""The truce as tables: clocks, promises, accusations, who met, measures beyond tariffs, what changed."""

from datetime import date

import pandas as pd

from tradelib import catalogue, sides, wording
from tradelib.claims import written
from tradelib.phrases import lanes
from tradelib.phrases.changes import known_of, told
from tradelib.phrases.promise_counts import status_words
from tradelib.show import display
from tradelib.show.display import Column, Row, Table, Writer, cell

CHECKED = {
    "primary_text_read": "text read",
    "primary_link_via_tracker": "text linked",
    "primary_archive_listed": "text listed",
    "press_excerpt": "press",
    "digest_citing_primary": "second hand",
    "citation_not_reread": "citation not re-read",
}
_SAYS = {"us_says": sides.US.short, "cn_says": sides.CN.short, "others_say": "others"}
# Evidence of so many months is told with its age: what was claimed then may hold no longer.
_OLD = 6
_LANES = lanes.NAMES | {"": "Statement"}


def dates_ahead(rows: pd.DataFrame, *, as_of: date, most: int = 12) -> Table:
    """Clocks that run out, measures to begin and events announced; see `truce.dates_ahead`."""
    columns = [
        Column("What happens", cell("what")),
        Column("Side", cell("side", sides.short)),
        Column("By legal text", _legal, "link", url="legal_url"),
        Column("As stated or announced", _stated, "link", url="stated_url"),
        Column("Days left", _left_on(as_of), "num"),
    ]
    caption = f"Deadlines and meetings ahead, as known on {wording.day(as_of)}: the truce first, then by date"
    return Table("dates_ahead", caption, columns, rows, catalogue.sources(*_two_sources(rows)), _CLOCK_NOTE, most)


def clocks(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Running clocks with the day of the law, the day that was stated, and what each said before; see `truce.law_and_statement`."""
    columns = [
        Column("What ends, starts or falls due", cell("what")),
        Column("By legal text", _legal, "link", url="legal_url"),
        Column("As stated", _stated, "link", url="stated_url"),
        Column("Days left", _left_on(as_of), "num"),
        Column("Earlier end dates", _earlier),
    ]
    data = rows.sort_values("side", key=lambda side: side.map({"both": 0, "US": 1, "CN": 2}), kind="stable")
    caption = f"Deadlines in law and as stated, as known on {wording.day(as_of)}"
    return Table("clocks", caption, columns, data, catalogue.sources(*_two_sources(rows)), _CLOCK_NOTE, group=cell("side", _title))


def commitments(rows: pd.DataFrame, *, as_of: date) -> Table:
    """The promises with their status and newest evidence; see `truce.commitments`."""
    columns = [
        Column("By", cell("party", sides.short)),
        Column("Promise", _promise, cite=cell("source")),
        Column("Due", cell("due_on", display.days)),
        Column("Status and basis", lambda row: status_words(row.status), "status", url="", cite=_ground),
        Column("Evidence", cell("evidence"), url="evidence_url", cite=_cited(as_of)),
    ]
    caption = f"The promises and what became of each by {wording.day(as_of)}"
    note = (
        "Due: the date by which, or until which, it is promised. A status based on one side's statement is that side's claim, not our "
        "finding. “Kept” with a date ahead means kept so far, and its evidence is what first showed it. Scheduled in law: a "
        "published text does it from a later day. Disputed: the two sides' latest statements conflict, or only one side says the promise "
        "was broken. Reported by one side: the other has not confirmed it. Annual targets have one row per year. No evidence: we found "
        "nothing that settles it. Lapsed: its date has passed, and we found nothing that settles whether it was kept. Overtaken: events "
        "took away what was promised."
    )
    sources = catalogue.sources(*_promise_sources(rows))
    return Table("commitments", caption, columns, rows, sources, note, group=cell("agreement"))


def accusations(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Accusations side by side, in each side's words (ours, paraphrased); see `truce.accusations`."""
    columns = [
        Column("Day", cell("published_on", display.days)),
        Column("The United States says", _said("US"), cite=_source("US")),
        Column("China says", _said("CN"), cite=_source("CN")),
    ]
    caption = f"Who accuses whom of what, in order of the day, as known on {wording.day(as_of)}"
    note = "Paraphrased. Links go to the original statement or to a press report that quotes it. These are the speakers' claims, not ours."
    kept = ["published_on", "actor", "title", "detail", "source", "url", "known_on"]
    return Table("accusations", caption, columns, rows[kept], catalogue.sources(rows), note)


def participants(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Who sat at the table; see `truce.participants`."""
    columns = [
        Column("Name", cell("name")),
        Column("Office", cell("office")),
        Column("Talks", cell("talks"), "num"),
        Column("Summits", cell("summits"), "num"),
        Column("Calls", cell("calls"), "num"),
        Column("Newest meeting", lambda row: f"{row.last_meeting}, {display.days(row.last_on)}", "link"),
    ]
    caption = f"Who sat at the table, as named by {wording.day(as_of)}"
    note = "Meetings held, not those under way. People named in either side's announcements and readouts; deputies are often left out."
    return Table("participants", caption, columns, rows, catalogue.sources(rows), note, group=cell("side", _title))


def measures_beyond_tariffs(rows: pd.DataFrame, *, on: date) -> Table:
    """Measures beyond tariffs with their states; see `truce.measures`."""
    order = rows["state"].map({state: number for number, state in enumerate(_STATES)}).fillna(len(_STATES))
    data = rows.assign(_order=order).sort_values(["party", "_order", "since"], ascending=[False, True, False]).drop(columns="_order")
    columns = [
        Column("Measure", lambda row: f"{row.measure}: {row.what}"),
        Column("State", cell("state"), "status"),
        Column("Since", cell("since", display.days)),
        Column("Returns, in law", cell("returns_on", display.days)),
        Column("As stated", cell("stated_returns_on", display.days)),
        Column("Newest text", cell("instrument"), "link"),
    ]
    caption = f"Measures beyond tariffs and their states on {wording.day(on)}"
    note = (
        "The state is the effect of the latest text in our data; without a later text a measure counts as in force. Reported, eased, "
        "announced or to be ended: officials or the press said so, without a published text as far as we know. Suspended: not in force."
    )
    return Table("measures_beyond_tariffs", caption, columns, data, catalogue.sources(rows), note, group=cell("party", _title))


def timeline(rows: pd.DataFrame, *, as_of: date, most: int = 40) -> Table:
    """Every event of the timeline, the newest first; see `truce.timeline`."""
    data = rows.sort_values(["starts_on", "event_id"], ascending=False)
    columns = [
        Column("Day", lambda row: f"{_span(row)}{lanes.mark(row.kind, row.phase_of_event)}"),
        Column("By", cell("actor", sides.short)),
        Column("Lane", cell("lane", _LANES.__getitem__)),
        Column("What", cell("title"), cite=cell("source")),
        Column("Checked", cell("verification", CHECKED.__getitem__)),
    ]
    caption = f"Events behind the timeline, the newest first, as known on {wording.day(as_of)}"
    note = (
        "“Checked” says how we know the event. Text read: we read the official text or a copy. Text linked: a tracker links to it. Text "
        "listed: an archive lists it. Press: we read an excerpt. Second hand: a digest cites the text."
    )
    kept = [
        "starts_on", "ends_on", "published_on", "actor", "kind", "lane", "phase_of_event", "title", "detail", "verification", "source",
        "url", "known_on",
    ]  # fmt: skip
    return Table("timeline_events", caption, columns, data[kept], catalogue.sources(rows), note, most)


def changes(rows: pd.DataFrame, *, since: date, until: date, most: int = 5) -> Table:
    """What became known between two days, the newest first under each kind; see `truce.changes`."""
    rows = told(rows)
    order = {group: number for number, group in enumerate(rows["group"].drop_duplicates())}
    data = rows.drop(columns=["before", "after"]).assign(_order=rows["group"].map(order))
    data = data.sort_values(["_order", "known_on"], ascending=[True, False], kind="stable").drop(columns="_order")
    columns = [
        Column("Known", cell("known_on", display.days)),
        Column("What", cell("what"), cite=cell("source", display.citation)),
        Column("Before", lambda row: known_of(row, "before")),
        Column("Now", lambda row: known_of(row, "after")),
    ]
    caption = f"New information after {wording.day(since)} and up to {wording.day(until)}, newest first"
    note = (
        f"“Before” is what was known on {wording.day(since)}; for a tariff, on the day before. The newest {most} of each kind are shown; "
        "within a day "
        "tariffs on all goods come first, then what moves a rate furthest, and major events. As later revised: the first release is not in "
        "our data."
    )
    group = cell("group", lambda words: f"{words[0].upper()}{words[1:]}")
    return Table("changes", caption, columns, data, catalogue.sources(rows), note, most, group=group)


def claims(rows: pd.DataFrame) -> Table:
    """Claims of June 2025, checked; see `claims.check`."""
    columns = [
        Column("Claim", cell("claim")),
        Column("Made by", cell("in_news_item", lambda own: "the news item" if own else "other reports")),
        Column("Claimed", lambda row: written(row, "claimed")),
        Column("Our data", lambda row: written(row, "ours") or "none"),
        Column("Official sources", cell("official"), cite=cell("source")),
        Column("Verdict", cell("verdict"), "status"),
    ]
    caption = "Claims of June 2025, each compared with official sources and with our data"
    note = (
        "In part: some of it is true, as the sources say; for a rate, it is the tariff on all goods, which is not the whole tariff. "
        "Announced: the day lay ahead. Our data: computed as known on 9 June 2025."
    )
    return Table("claims", caption, columns, rows.drop(columns=["claimed", "ours"]), catalogue.sources(rows), note)


_STATES = ("in force", "suspended", "scheduled", "opened", "to be ended", "eased", "announced", "reported", "ended")
_CLOCK_NOTE = (
    "The date of a suspension is the day on which the suspended measure returns; if a text names its last day, that is the day after. "
    "Where "
    "law and statement differ, customs follow the law. No single document contains the truce: its legal date is the earliest one in "
    "either side's tariff orders. Days left: to the legal date, then to the stated one where that differs."
)


def _title(side: str) -> str:
    return sides.SIDES[side].title


def _said(side: str) -> Writer:
    """Writer of what an accusation of one side says; nothing of the other's."""
    return lambda row: f"{row.title}. {row.detail}".strip() if row.actor == side else ""


def _source(side: str) -> Writer:
    return lambda row: row.source if row.actor == side else ""


def _legal(row: Row) -> str:
    return _until(row.legal_on, row.is_last_day) + _whose(row)


def _stated(row: Row) -> str:
    return _until(row.stated_on, row.is_last_day) or (row.stated_term and f"{row.stated_term}, no day named")


def _two_sources(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows of sources: those of the law, and those of statements."""
    frames = []
    for name in ("legal", "stated"):
        part = rows[rows[f"{name}_url"].ne("")]
        frames.append(pd.DataFrame({"source": part[f"{name}_source"], "url": part[f"{name}_url"], "known_on": part[f"{name}_known_on"]}))
    return frames


def _promise_sources(rows: pd.DataFrame) -> list[pd.DataFrame]:
    promises = rows[["source", "url"]].assign(known_on=rows["announced_on"])
    seen = rows[rows["evidence"].ne("")]
    return [promises, pd.DataFrame({"source": seen["evidence_source"], "url": seen["evidence_url"], "known_on": seen["evidence_on"]})]


def _promise(row: Row) -> str:
    """A promise with its amount, and whether only one side tells of it."""
    amount = f", {row.target} {row.metric}" if row.metric.startswith("million tonnes") else ""
    if row.metric == "USD billion per year":
        value, *rest = row.target.split(", ")
        amount = ", ".join(["", f"USD {value} billion a year", *(word for word in rest if word not in row.what)])
    return f"{row.what}{amount}" + ("; reported by one side" if row.confirmed_by_other_side == "no" else "")


def _ground(row: Row) -> str:
    """What a status rests on: a legal text, official statistics, or who says what."""
    if row.rests_on in ("", "legal text", "statistics"):
        return row.rests_on
    said = {who: word for column, who in _SAYS.items() if (word := getattr(row, column))}
    return ", ".join(f"{who}: {status_words(word)}" for who, word in said.items())


def _cited(as_of: date) -> Writer:
    """Writer of where the newest evidence stands, since when, how old it is where it is old; and whether it is only noted."""

    def written(row: Row) -> str:
        if not row.evidence:
            return ""
        months = round((pd.Timestamp(as_of) - row.evidence_on).days / 30.44)
        age = f", {wording.count(months, 'month')} old" if months >= _OLD and row.rests_on != "legal text" else ""
        open_still = "; does not settle it" if row.status in ("no evidence", "lapsed", "not yet due") else ""
        return f"{row.evidence_source}, {display.days(row.evidence_on)}{age}{open_still}"

    return written


def _whose(row: Row) -> str:
    """Whose text carries a clock that belongs to both sides, where only one has one."""
    alone = row.side == "both" and row.legal_side in ("US", "CN")
    return f" ({sides.short(row.legal_side)})" if alone else ""


def _left_on(as_of: date) -> Writer:
    """Writer of the days to the day of the law and to the stated one; of one that has passed since the evidence ends nothing is known."""

    def written(row: Row) -> str:
        left = dict.fromkeys((end - pd.Timestamp(as_of)).days for end in (row.legal_on, row.stated_on) if pd.notna(end))
        return " / ".join(f"{days:,}" if days > 0 else "passed, not observed" for days in left)

    return written


def _earlier(row: Row) -> str:
    """Days that were named before and hold no longer."""
    days = (pd.Timestamp(day) for day in row.earlier_ends.split("|") if day)
    return ", ".join(display.days(day) for day in days if day not in (row.legal_on, row.stated_on))


def _span(row: Row) -> str:
    """Day of an event; of several days the first and the last."""
    if pd.isna(row.ends_on) or row.ends_on == row.starts_on:
        return display.days(row.starts_on)
    return wording.span(row.starts_on, row.ends_on)


def _until(day: pd.Timestamp, is_last_day: bool) -> str:
    return "" if pd.isna(day) else f"{'by' + wording.FIXED if is_last_day else ''}{display.days(day)}"
