"""The truce as a story: key numbers, and its chapters."""

from datetime import date

import pandas as pd

from tradelib import catalogue, truce, wording
from tradelib.phrases import lanes, measure_counts, promise_counts, truce_clock
from tradelib.show.display import Fact, Text, link, markdown

DAY = wording.day
_MOST_STEPS, _FEWEST = 6, 10
_ROUNDS = {"talks": ("round of talks", "rounds of talks"), "summit": ("summit", "summits")}


def truce_description(as_of: date) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"The US-China trade truce as known on {DAY(as_of)}: who promised what and what came of it, the deadlines in law and as stated, "
        "who "
        "met, who accuses whom, and the measures beyond tariffs."
    )


def truce_facts(status: truce.Status, promises: pd.DataFrame, measures: pd.DataFrame, talks: pd.DataFrame) -> list[Fact]:
    """The clock, the promises, the measures held back, and the meetings."""
    facts = truce_clock.fact(status, whose=True) or truce_clock.pause_fact(status)
    facts += promise_counts.fact(truce.count_promises(promises))
    observed = catalogue.observed_through(status.as_of)
    facts += measure_counts.fact(truce.count_measures(measures), on=None if observed == status.as_of else observed)
    if len(talks):
        kinds = talks.loc[talks["kind"].isin(_ROUNDS) & talks["phase_of_event"].eq("held"), "kind"]
        if len(kinds):
            what = wording.listing(one if len(kinds) == 1 else many for kind, (one, many) in _ROUNDS.items() if kinds.eq(kind).any())
            facts.append(Fact(f"{len(kinds)}", f"{what} since {wording.month(talks['starts_on'].min())}"))
    return facts


def timeline_message(rows: pd.DataFrame, *, since: date) -> str:
    """How many steps on which lane."""
    now = rows["phase_of_event"].eq("open") & rows["kind"].isin(truce.MEETINGS)
    told = "; ".join(filter(None, (lanes.counts(rows, with_part=True), "a meeting is under way" if now.any() else "")))
    return f"Since {wording.month(since)}: {told}" if told else f"Our data have no step of either side since {DAY(since)}"


def timeline_title(rows: pd.DataFrame, *, since: date) -> str:
    """Title of the timeline: the month with most steps of escalation, and what has come since."""
    took = rows[truce.took_place(rows)]
    steps = took.loc[took["lane"].eq("escalation"), "starts_on"]
    if len(steps) < _FEWEST:
        return timeline_message(rows, since=since)
    by_month = steps.dt.to_period("M").value_counts().sort_index()
    most = by_month.idxmax()
    later = lanes.counts(took[took["starts_on"] > most.end_time], lanes=("escalation", "relief", "talks"))
    told = f"; since {DAY((most + 1).start_time)}: {later}" if later else ""
    return f"Escalation peaked in {wording.month(most.start_time)}, with {by_month.max()} steps{told}"


def story(chapters: pd.DataFrame, timeline: pd.DataFrame, *, peaks: dict[str, pd.Series]) -> Text:
    """The chapters of the truce: what was agreed, what came of it, what each side did until the next one."""
    if chapters.empty:
        return Text("No chapter of the truce falls into the time of this story.")
    parts, frames = [], []
    for number, row in chapters.iterrows():
        last = number == len(chapters) - 1
        steps = timeline[(timeline["starts_on"] >= row["starts_on"]) & (timeline["starts_on"] < row["ends_on"])]
        steps = steps[steps["lane"].ne("") & steps["title"].ne(row["title"])]
        text, used = _chapter(row, steps, peaks, last=last)
        parts.append(text)
        frames += used
    return Text("\n\n".join(parts), catalogue.sources(*[frame for frame in frames if len(frame)]))


def _chapter(row: pd.Series, steps: pd.DataFrame, peaks: dict[str, pd.Series], *, last: bool) -> tuple[str, list[pd.DataFrame]]:
    if row.chapter == truce.BEFORE:
        head = f"### {truce.BEFORE}\n\n"
        high = [
            f"{wording.percent(peaks[side]['rate_frac'])} on the {'US' if side == 'US' else 'Chinese'} side"
            for side in ("US", "CN")
            if peaks[side]["rate_frac"] and peaks[side]["effective_from"] < row.ends_on
        ]
        text = (
            f"Tariffs on all goods peaked at {wording.listing(high)}." if high else "Neither side had a tariff on all goods of the other."
        )
    else:
        head = f"### {markdown(row.chapter)}, {DAY(row.starts_on)}\n\n"
        detail = f" {markdown(row.detail)}" if row.detail else ""
        text = f"{link(row.title, row.url)}.{detail}" if row.title else ""
        text += promise_counts.chapter(truce.PromiseCount(row[list(truce.STATUSES)].to_dict()))
    lines = [line for lane in truce.LANES if (line := _lane(steps[steps["lane"].eq(lane)], lane))]
    until = ("In this time" if row.chapter == truce.BEFORE else "Since then") if last else f"Until {DAY(row.ends_on)}"
    body = f"{head}{text.strip()}" + (f"\n\n{until}:\n\n" + "\n".join(f"- {line}" for line in lines) if lines else "")
    lead = pd.DataFrame([{"source": row.source, "url": row.url, "known_on": row.known_on}]) if row.title else steps.head(0)
    return body, [lead, steps]


def _lane(steps: pd.DataFrame, lane: str) -> str:
    """Steps of one lane in a line: the weightiest few in order of their day, and how many more there were."""
    if steps.empty:
        return ""
    chosen = steps.sort_values(["weight", "starts_on"], ascending=[False, True], kind="stable").head(_MOST_STEPS).sort_values("starts_on")
    parts = [
        f"{link(row.title, row.url)} ({wording.short_day(row.starts_on)}{lanes.mark(row.kind, row.phase_of_event)})"
        for row in chosen.itertuples()
    ]
    more = len(steps) - len(chosen)
    return f"**{lanes.NAMES[lane]}:** {'; '.join(parts)}" + (f"; and {more} more." if more else ".")
