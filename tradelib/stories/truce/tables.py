"""The truce as tables: clocks, promises, accusations, who met, measures beyond tariffs, what changed."""

from datetime import date

import pandas as pd

from tradelib import catalogue, sides, wording
from tradelib.show import display
from tradelib.show.display import Column, Table, cell

CHECKED = {
    "primary_text_read": "text read",
    "primary_link_via_tracker": "text linked",
    "primary_archive_listed": "text listed",
    "press_excerpt": "press",
    "digest_citing_primary": "second hand",
    "citation_not_reread": "citation not re-read",
}
_SAYS = {"us_says": "US", "cn_says": "China", "others_say": "others"}
_LANES = {"talks": "Talks", "escalation": "Escalation", "relief": "Relief", "rulings": "Ruling", "": "Statement"}


def dates_ahead(rows: pd.DataFrame, *, as_of: date, most: int = 12) -> Table:
    """Clocks that run out, measures to begin and events announced; see `truce.dates_ahead`."""
    columns = [
        Column("What ends or comes", cell("what")),
        Column("Side", cell("side", sides.short)),
        Column("By legal text", cell("legal"), "link", url="legal_url"),
        Column("As stated or announced", cell("stated"), "link", url="stated_url"),
        Column("Days left", cell("left"), "num"),
    ]
    caption = f"Dates ahead, as known on {wording.day(as_of)}: the truce first, then the nearest"
    return Table("dates_ahead", caption, columns, _with_days(rows, as_of), catalogue.sources(*_two_sources(rows)), _CLOCK_NOTE, most)


def clocks(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Running clocks with the day of the law, the day that was stated, and what each said before; see `truce.law_and_statement`."""
    columns = [
        Column("What ends, starts or falls due", cell("what")),
        Column("By legal text", cell("legal"), "link", url="legal_url"),
        Column("As stated", cell("stated"), "link", url="stated_url"),
        Column("Days left", cell("left"), "num"),
        Column("Day named before", cell("before")),
    ]
    data = _with_days(rows, as_of).assign(
        before=[_earlier(row) for row in rows.itertuples()], group=[sides.SIDES[side].title for side in rows["side"]]
    )
    order = data["side"].map({"both": 0, "US": 1, "CN": 2})
    data = data.assign(_order=order).sort_values("_order", kind="stable").drop(columns="_order")
    caption = f"The clocks, law and statement apart, as known on {wording.day(as_of)}"
    return Table("clocks", caption, columns, data, catalogue.sources(*_two_sources(rows)), _CLOCK_NOTE, group=cell("group"))


def commitments(rows: pd.DataFrame, *, as_of: date) -> Table:
    """The promises with their status and newest evidence; see `truce.commitments`."""
    data = rows.assign(
        due=["" if pd.isna(day) else display.days(day) for day in rows["due_on"]],
        ground=[_ground(row) for row in rows.itertuples()],
        promise=[_promise(row) for row in rows.itertuples()],
        cited=[_cited(row) for row in rows.itertuples()],
    )
    columns = [
        Column("By", cell("party", sides.short)),
        Column("Promise", cell("promise"), cite=cell("source")),
        Column("Due", cell("due")),
        Column("Status, and on what", cell("status"), "status", url="", cite=cell("ground")),
        Column("Evidence", cell("evidence"), url="evidence_url", cite=cell("cited")),
    ]
    caption = f"The promises and what became of each by {wording.day(as_of)}"
    note = (
        "Due: the day by which, or until which, it is promised. A status that rests on what a side says is its claim, and no finding of "
        "ours. Kept with a day ahead: kept so far. Disputed: the newest words differ, or only the other side calls it broken. Told by "
        "one side: the other has not confirmed the promise. A promise with an amount for each year has a row a year. No "
        "evidence: nothing seen decides it; what was only noted does not."
    )
    sources = catalogue.sources(*_promise_sources(rows))
    return Table("commitments", caption, columns, data, sources, note, group=cell("agreement"))


def accusations(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Accusations side by side, in each side's words (ours, paraphrased); see `truce.accusations`."""
    words = [f"{row.title}. {row.detail}".strip() for row in rows.itertuples()]
    data = rows.assign(
        us=[text if side == "US" else "" for side, text in zip(rows["actor"], words, strict=True)],
        cn=[text if side == "CN" else "" for side, text in zip(rows["actor"], words, strict=True)],
        us_source=rows["source"].where(rows["actor"].eq("US"), ""),
        cn_source=rows["source"].where(rows["actor"].eq("CN"), ""),
    )
    columns = [
        Column("Day", cell("published_on", display.days)),
        Column("The United States says", cell("us"), cite=cell("us_source")),
        Column("China says", cell("cn"), cite=cell("cn_source")),
    ]
    caption = f"Who accuses whom of what, in order of the day, as known on {wording.day(as_of)}"
    note = "Paraphrased; the links lead to the words themselves, or to where the press quotes them. What is said here is the speaker's."
    kept = ["published_on", "actor", "us", "cn", "us_source", "cn_source", "title", "detail", "source", "url", "known_on"]
    return Table("accusations", caption, columns, data[kept], catalogue.sources(rows), note)


def participants(rows: pd.DataFrame, *, as_of: date) -> Table:
    """Who sat at the table; see `truce.participants`."""
    columns = [
        Column("Name", cell("name")),
        Column("Office", cell("office")),
        Column("Talks", cell("talks"), "num"),
        Column("Summits", cell("summits"), "num"),
        Column("Calls", cell("calls"), "num"),
        Column("Newest meeting", cell("newest"), "link"),
    ]
    newest = [f"{row.last_meeting}, {display.days(row.last_on)}" for row in rows.itertuples()]
    data = rows.assign(newest=newest, group=[sides.SIDES[side].title for side in rows["side"]])
    caption = f"Who sat at the table, as named by {wording.day(as_of)}"
    note = "Those whom the announcements and readouts of meetings of both sides name; deputies are often not named."
    return Table("participants", caption, columns, data, catalogue.sources(rows), note, group=cell("group"))


def measures_beyond_tariffs(rows: pd.DataFrame, *, on: date) -> Table:
    """Measures beyond tariffs with their states; see `truce.measures`."""
    data = rows.assign(
        thing=[f"{row.measure}: {row.what}" for row in rows.itertuples()],
        back=[_days(row.returns_on) for row in rows.itertuples()],
        stated=[_days(row.stated_returns_on) for row in rows.itertuples()],
        seen=["" if word == "instrument" else "stated" for word in rows["standing"]],
        group=[sides.SIDES[side].title for side in rows["party"]],
    )
    order = data["state"].map({state: number for number, state in enumerate(_STATES)}).fillna(len(_STATES))
    data = data.assign(_order=order).sort_values(["party", "_order", "since"], ascending=[False, True, False]).drop(columns="_order")
    columns = [
        Column("Measure", cell("thing")),
        Column("State", cell("state"), "status"),
        Column("Since", cell("since", display.days)),
        Column("Returns by law", cell("back")),
        Column("As stated", cell("stated")),
        Column("Newest text", cell("instrument"), "link"),
    ]
    caption = f"Measures beyond tariffs and their states on {wording.day(on)}"
    note = (
        "The state is what the newest text seen makes of a measure; without a later text a measure stays in force here. Reported, "
        "eased, announced or to be ended: officials or the press said so, and no text was seen. Suspended: held back, and not in force."
    )
    return Table("measures_beyond_tariffs", caption, columns, data, catalogue.sources(rows), note, group=cell("group"))


def timeline(rows: pd.DataFrame, *, as_of: date, most: int = 40) -> Table:
    """Every event of the timeline, the newest first; see `truce.timeline`."""
    data = rows.assign(
        lane_words=rows["lane"].map(_LANES),
        checked=rows["verification"].map(CHECKED),
        when=[_span(row) for row in rows.itertuples()],
    )
    data = data.sort_values(["starts_on", "event_id"], ascending=False)
    columns = [
        Column("Day", cell("when")),
        Column("By", cell("actor", sides.short)),
        Column("Lane", cell("lane_words")),
        Column("What", cell("title"), cite=cell("source")),
        Column("Checked", cell("checked")),
    ]
    caption = f"Events behind the timeline, the newest first, as known on {wording.day(as_of)}"
    note = (
        "Checked: how far the event was held against its source. Text read: the official text or its copy was seen. Text linked, text "
        "listed: its address is recorded elsewhere. Press: an excerpt was seen. Second hand: a digest names the text."
    )
    kept = [
        "when", "starts_on", "ends_on", "published_on", "actor", "kind", "lane_words", "title", "detail", "checked", "source", "url",
        "known_on",
    ]  # fmt: skip
    return Table("timeline_events", caption, columns, data[kept], catalogue.sources(rows), note, most)


def changes(rows: pd.DataFrame, *, since: date, until: date, most: int = 5) -> Table:
    """What became known between two days, the newest first under each kind; see `truce.changes`."""
    kinds = [f"{group[0].upper()}{group[1:]}" for group in rows["group"]]
    data = rows.assign(kind=kinds, cited=[display.citation(source) for source in rows["source"]])
    order = {group: number for number, group in enumerate(rows["group"].drop_duplicates())}
    data = data.assign(_order=data["group"].map(order)).sort_values(["_order", "known_on"], ascending=[True, False], kind="stable")
    columns = [
        Column("Known", cell("known_on", display.days)),
        Column("What", cell("what"), cite=cell("cited")),
        Column("Before", cell("before")),
        Column("Now", cell("after")),
    ]
    caption = f"What became known after {wording.day(since)} and by {wording.day(until)}, the newest first"
    note = (
        f"Before: as known on {wording.day(since)}; of a duty, on the day before. Of each kind the newest {most} are shown; of one day "
        "country-wide duties first, then what moves a rate furthest, and major events. As later revised: the value is of a later release, "
        "the first is not held."
    )
    return Table("changes", caption, columns, data.drop(columns="_order"), catalogue.sources(rows), note, most, group=cell("kind"))


def claims(rows: pd.DataFrame) -> Table:
    """Claims of June 2025, checked; see `claims.check`."""
    columns = [
        Column("Claim", cell("claim")),
        Column("Made by", cell("in_news_item", lambda own: "the news item" if own else "other reports")),
        Column("Claimed", cell("claimed")),
        Column("Our tables", cell("ours", lambda words: words or "not held")),
        Column("Official sources", cell("official"), cite=cell("source")),
        Column("Verdict", cell("verdict"), "status"),
    ]
    caption = "Claims of June 2025, each held against official sources and against our tables"
    note = (
        "In part: some of it is true, as the sources say; of a rate, the country-wide one, which is not the whole duty. Announced: the "
        "day lay ahead. Our tables: computed from them as known on 9 June 2025."
    )
    return Table("claims", caption, columns, rows, catalogue.sources(rows), note)


_STATES = ("in force", "suspended", "scheduled", "opened", "to be ended", "eased", "announced", "reported", "ended")
_CLOCK_NOTE = (
    "A suspension is given by the day on which what it holds back returns; a text that names its last day gives the day after. Where a "
    "legal text and a statement differ, the legal text decides what customs do. The truce has no text of its own: its legal day is the "
    "earliest to which a side's tariff order carries it. Days left: by law, then as stated where that differs."
)


def _with_days(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    legal = [_until(row.legal_on, row.is_last_day) + _whose(row) for row in rows.itertuples()]
    stated = [
        _until(row.stated_on, row.is_last_day) or (row.stated_term and f"{row.stated_term}, no day named") for row in rows.itertuples()
    ]
    return rows.assign(legal=legal, stated=stated, left=[_left(row, pd.Timestamp(as_of)) for row in rows.itertuples()])


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


def _promise(row: tuple) -> str:
    """A promise with its amount, and whether only one side tells of it."""
    amount = f", {row.target} {row.metric}" if row.metric.startswith("million tonnes") else ""
    if row.metric == "USD bn per year":
        value, *rest = row.target.split(", ")
        amount = ", ".join(["", f"USD {value} bn a year", *(word for word in rest if word not in row.what)])
    return f"{row.what}{amount}" + ("; told by one side" if row.confirmed_by_other_side == "no" else "")


def _ground(row: tuple) -> str:
    """What a status rests on: a legal text, official statistics, or who says what."""
    if row.rests_on in ("", "legal text", "statistics"):
        return row.rests_on
    said = {who: word for column, who in _SAYS.items() if (word := getattr(row, column))}
    return ", ".join(f"{who}: {word}" for who, word in said.items())


def _cited(row: tuple) -> str:
    """Where the newest evidence stands, and since when; and whether it is only noted."""
    if not row.evidence:
        return ""
    return f"{row.evidence_source}, {display.days(row.evidence_on)}" + ("; decides nothing" if row.status == "no evidence" else "")


def _whose(row: tuple) -> str:
    """Whose text carries a clock that belongs to both sides, where only one has one."""
    alone = row.side == "both" and row.legal_side in ("US", "CN")
    return f" ({sides.short(row.legal_side)})" if alone else ""


def _left(row: tuple, day: pd.Timestamp) -> str:
    """Days to the day of the law and to the stated one; of one that has passed since the evidence ends nothing is known."""
    left = dict.fromkeys((end - day).days for end in (row.legal_on, row.stated_on) if pd.notna(end))
    return " / ".join(f"{days:,}" if days > 0 else "passed, not observed" for days in left)


def _earlier(row: tuple) -> str:
    """Days that were named before and hold no longer."""
    days = (pd.Timestamp(day) for day in row.earlier_ends.split("|") if day)
    return ", ".join(display.days(day) for day in days if day not in (row.legal_on, row.stated_on))


def _span(row: tuple) -> str:
    """Day of an event; of several days the first and the last."""
    if pd.isna(row.ends_on) or row.ends_on == row.starts_on:
        return display.days(row.starts_on)
    return wording.span(row.starts_on, row.ends_on)


def _days(day: pd.Timestamp) -> str:
    return "" if pd.isna(day) else display.days(day)


def _until(day: pd.Timestamp, is_last_day: bool) -> str:
    return "" if pd.isna(day) else f"{'by' + wording.FIXED if is_last_day else ''}{display.days(day)}"
