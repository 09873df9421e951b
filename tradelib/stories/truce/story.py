"""The truce as a story: the title of its day, key numbers, and its chapters."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from tradelib import catalogue, sides, tariffs, truce, wording
from tradelib.show.display import Fact, Text, link, markdown

DAY = wording.day
_FRESH = pd.Timedelta(days=5)
_DAYS_UNTIL = 60
_MOST_STEPS = 6
_COUNTED = {
    "met": truce.MEETINGS,
    "up": ("escalation",),
    "against": ("threat", "accusation"),
    "down": truce.LANES["relief"],
    "ruled": ("ruling",),
}
_STATUS_WORDS = {"no evidence": "without evidence", "partly": "kept in part"}


def truce_title(status: truce.Status, promises: pd.DataFrame, timeline: pd.DataFrame, proposals: pd.DataFrame) -> str:
    """The finding of the day: a meeting, a ruling, a prolongation, new promises, a threat, or how the promises stand."""
    if status.word == "none":
        return f"{status.pause}, to {DAY(status.pause_ends_on)}" if status.pause else "No truce with a clock is running"
    kept = _kept_of(promises)
    if status.word == "run out":
        return f"The truce ran out on {DAY(status.ends_on)}, as far as is known; {kept}"
    fresh = timeline[timeline["phase_of_event"].eq("held") & (timeline["published_on"] > pd.Timestamp(status.as_of) - _FRESH)]
    news = (
        _meeting_news(status, timeline, kept),
        _ruling_news(fresh, kept),
        _extension_news(status, kept) if fresh["kind"].eq("extension").any() and status.law_ends_on else "",
        _new_promises(status, promises),
        _threat_news(status, proposals, kept),
        _duty_news(fresh, kept),
        _as_stated(status, kept),
        f"{_age(status)} of truce, {days_left(status, 'left')}; {kept}",
    )
    return next(filter(None, news))


def truce_description(as_of: date) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"The US-China trade truce as known on {DAY(as_of)}: who promised what and what came of it, the clocks in law and as stated, who "
        "met, who accuses whom, and the measures beyond tariffs."
    )


def truce_facts(status: truce.Status, promises: pd.DataFrame, measures: pd.DataFrame, talks: pd.DataFrame) -> list[Fact]:
    """The clock, the promises, the measures held back, and the meetings."""
    facts = []
    if status.days_left is not None:
        words = f"to {DAY(status.ends_on)}, {end_words(status)}" + ("" if status.has_instrument or status.term else " as stated")
        text, law = legal_end(status)
        words += f"; by {text} the higher duty returns on {DAY(law)}" if law and law < status.ends_on else ""
        facts.append(Fact(wording.count(status.days_left, "day"), words))
    elif status.pause_ends_on:
        facts.append(
            Fact(wording.count((status.pause_ends_on - status.as_of).days, "day"), f"to {DAY(status.pause_ends_on)}, when the pause ends")
        )
    if len(promises):
        kept = promises[promises["status"].eq("kept")]
        texts = int(kept["rests_on"].eq("legal text").sum())
        facts.append(Fact(f"{len(kept)} of {len(promises)}", f"promises kept, {texts} of them by a legal text"))
    if len(measures):
        held_back = int(measures["state"].eq("suspended").sum())
        in_force = int(measures["state"].eq("in force").sum())
        observed = catalogue.observed_through(status.as_of)
        words = "known measures beyond tariffs in force" + (f", {held_back} suspended" if held_back else "")
        facts.append(Fact(f"{in_force}", words + ("" if observed == status.as_of else f", on {DAY(observed)}")))
    if len(talks):
        rounds = int((talks["kind"].isin(["talks", "summit"]) & talks["phase_of_event"].eq("held")).sum())
        if rounds:
            what = "round of talks or summit" if rounds == 1 else "rounds of talks and summits"
            facts.append(Fact(f"{rounds}", f"{what} of both sides held since {wording.month(talks['starts_on'].min())}"))
    return facts


def timeline_message(rows: pd.DataFrame, *, since: date) -> str:
    """Title of the timeline: how many steps on which lane."""
    held = rows[rows["phase_of_event"].isin(["held", "open"])]
    if held["lane"].eq("").all():
        return f"No step of either side is held since {DAY(since)}"
    now = held["phase_of_event"].eq("open") & held["kind"].isin(truce.MEETINGS)
    kinds = held.loc[~now, "kind"].value_counts()
    counted = {words: sum(int(kinds.get(kind, 0)) for kind in of) for words, of in _COUNTED.items()}
    met, up, against, down = (wording.times(counted[name]) for name in ("met", "up", "against", "down"))
    ruled = f"courts ruled {wording.times(counted['ruled'])}" if counted["ruled"] else "no court ruled"
    return (
        f"In the events of this edition since {wording.month(since)} the two sides met or spoke {met}"
        f"{' and are meeting' if now.any() else ''}, escalated {up}, threatened or accused {against} and gave or announced relief {down}; "
        f"{ruled}"
    )


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


def end_words(status: truce.Status) -> str:
    """What the last day named is: the end of the truce, unless more of it was agreed since."""
    return f"the last day named; {status.term} was agreed by {DAY(status.term_on)}" if status.term else "when the truce ends"


def legal_end(status: truce.Status) -> tuple[str, date | None]:
    """(whose text, day): the first day to which a legal text suspends higher duties; None without such a text."""
    first = min(status.law_ends_on.values(), default=None)
    whose = [side for side, day in status.law_ends_on.items() if day == first]
    return f"{sides.SIDES['both' if len(whose) != 1 else whose[0]].owner} legal text", first


def term_words(status: truce.Status) -> str:
    """How long both sides want the truce to go on, where no day was named: `One more year of truce was agreed on 30 October 2025, ...`."""
    by = {"US": "as the United States says", "CN": "as China says", "both": "as both sides say"}[status.term_by]
    return f"{status.term[0].upper()}{status.term[1:]} of truce was agreed by {DAY(status.term_on)}, {by}, and no day was named"


def by_status(numbers: Mapping[str, int] | pd.Series) -> str:
    """How many promises have which status, in words; those with none are left out."""
    return wording.listing(f"{numbers[status]} {_STATUS_WORDS.get(status, status)}" for status in truce.STATUSES if numbers.get(status, 0))


def days_left(status: truce.Status, words: str = "of truce left") -> str:
    """Days to the end of the truce as last announced, with what they are; as stated, where no legal text carries it that far."""
    return f"{wording.count(status.days_left, 'day')} {words}{'' if status.has_instrument else ', as stated'}"


def _kept_of(promises: pd.DataFrame, *, noun: str = "promise") -> str:
    counted = promises["status"].value_counts()
    kept = f"{counted.get('kept', 0)} of {wording.count(len(promises), noun)} kept"
    return kept + (f", {counted['disputed']} disputed" if "disputed" in counted else "")


def _meeting_news(status: truce.Status, timeline: pd.DataFrame, kept: str) -> str:
    meetings = timeline[timeline["phase_of_event"].eq("open") & timeline["kind"].isin(["talks", "summit"])]
    if meetings.empty:
        return ""
    row = meetings.iloc[-1]
    what = {"talks": "Talks", "summit": "A summit"}[row["kind"]]
    return f"{what} in {row['location']} after {_age(status)} of truce; {kept}, {days_left(status, 'left')}"


def _ruling_news(fresh: pd.DataFrame, kept: str) -> str:
    rulings = fresh[fresh["lane"].eq("rulings")]
    return f"{rulings['title'].iloc[-1]}; {kept}" if len(rulings) else ""


def _new_promises(status: truce.Status, promises: pd.DataFrame) -> str:
    new = promises[promises["made_on"] > pd.Timestamp(status.as_of) - _FRESH]
    older = promises.drop(new.index)
    if new.empty or older.empty:
        return ""
    texts = int(new["rests_on"].eq("legal text").sum())
    carried = f"legal texts carry {texts} of them" if texts else "no legal text carries any of them yet"
    return f"{wording.count(len(new), 'new promise')}, and {carried}; {_kept_of(older, noun='older one')}"


def _threat_news(status: truce.Status, proposals: pd.DataFrame, kept: str) -> str:
    threats = tariffs.fresh_threats(proposals, as_of=status.as_of)
    if threats.empty:
        return ""
    by = sides.short(threats["importer"].iloc[0])
    return f"A threat of new {by} duties with {days_left(status)}; {kept}"


def _duty_news(fresh: pd.DataFrame, kept: str) -> str:
    """A step of the last days that names a rate."""
    steps = fresh[fresh["kind"].eq("escalation") & fresh["title"].str.contains("%", regex=False)]
    return f"{steps['title'].iloc[-1]}; {kept}" if len(steps) else ""


def _as_stated(status: truce.Status, kept: str) -> str:
    if status.has_instrument:
        return ""
    text, day = legal_end(status)
    law = f", by {text} to {DAY(day)}" if day else ""
    return f"The truce is said to run to {DAY(status.ends_on)}{law}; {kept}"


def _extension_news(status: truce.Status, kept: str) -> str:
    """Prolonged only where the text of one side at least reaches the day; else it was said."""
    return f"{_prolonged(status)}; {kept}" if status.ends_on in status.law_ends_on.values() else _as_stated(status, kept)


def _prolonged(status: truce.Status) -> str:
    ends = status.law_ends_on
    behind = [side for side, day in ends.items() if day < status.ends_on]
    if not behind:
        owner = "both sides" if len(ends) > 1 else sides.name(next(iter(ends)))
        return f"The truce is prolonged to {DAY(status.ends_on)}, in the text of {owner}"
    side = behind[0]
    owner = {"US": "the US text", "CN": "China's text"}[side]
    return f"The truce is prolonged to {DAY(status.ends_on)}, and {owner} seen so far ends on {DAY(ends[side])}"


def _age(status: truce.Status) -> str:
    days = (pd.Timestamp(status.as_of) - status.rows["starts_on"].iloc[0]).days
    return wording.count(days, "day") if days < _DAYS_UNTIL else wording.count(round(days / 30.44), "month")


def _chapter(row: pd.Series, steps: pd.DataFrame, peaks: dict[str, pd.Series], *, last: bool) -> tuple[str, list[pd.DataFrame]]:
    if row.chapter == truce.BEFORE:
        head = f"### {truce.BEFORE}\n\n"
        high = [
            f"{wording.percent(peaks[side]['rate_frac'])} on the {'US' if side == 'US' else 'Chinese'} side"
            for side in ("US", "CN")
            if peaks[side]["rate_frac"] and peaks[side]["effective_from"] < row.ends_on
        ]
        text = (
            f"Country-wide duties went as high as {wording.listing(high)}."
            if high
            else "No duty on all goods of the other side was in force."
        )
    else:
        head = f"### {markdown(row.chapter)}, {DAY(row.starts_on)}\n\n"
        detail = f" {markdown(row.detail)}" if row.detail else ""
        text = f"{link(row.title, row.url)}.{detail}" if row.title else ""
        if row.promises:
            text += f" {wording.count(row['promises'], 'promise')}: {by_status(row)}."
    lines = [line for lane in truce.LANES if (line := _lane(steps[steps["lane"].eq(lane)], lane))]
    until = ("In this time" if row.chapter == truce.BEFORE else "Since then") if last else f"Until {DAY(row.ends_on)}"
    body = f"{head}{text.strip()}" + (f"\n\n{until}:\n\n" + "\n".join(f"- {line}" for line in lines) if lines else "")
    lead = pd.DataFrame([{"source": row.source, "url": row.url, "known_on": row.known_on}]) if row.title else steps.head(0)
    return body, [lead, steps]


def _lane(steps: pd.DataFrame, lane: str) -> str:
    """Steps of one lane in a line: the weightiest few in order of their day, and how many more there were."""
    if steps.empty:
        return ""
    names = {"talks": "Talks", "escalation": "Escalation", "relief": "Relief", "rulings": "Courts"}
    chosen = steps.sort_values(["weight", "starts_on"], ascending=[False, True], kind="stable").head(_MOST_STEPS).sort_values("starts_on")
    unknown = {"ahead": ", announced", "outcome not known": ", announced, outcome not known"}
    parts = [
        f"{link(row.title, row.url)} ({wording.short_day(row.starts_on)}{unknown.get(row.phase_of_event, '')})"
        for row in chosen.itertuples()
    ]
    more = len(steps) - len(chosen)
    return f"**{names[lane]}:** {'; '.join(parts)}" + (f"; and {more} more." if more else ".")
