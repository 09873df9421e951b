"""Titles, descriptions and key numbers: what the head of a page and of a figure says."""

from datetime import date

import pandas as pd

from tradelib import minerals, sides, tariffs, truce, wording
from tradelib.phrases import duty_moves, mining, truce_clock
from tradelib.show.display import Fact

DAY = wording.day
SOON = pd.Timedelta(days=14)
JUST_NOW = pd.Timedelta(days=4)


def briefing_title(
    status: truce.Status,
    us: tariffs.Headline,
    cn: tariffs.Headline,
    meetings: pd.DataFrame,
    ahead: pd.DataFrame,
    proposals: pd.DataFrame,
) -> str:
    """The finding of the day, for the head of the briefing: a meeting, a change about to apply, a fresh threat, or the clock."""
    unseen = [side.unseen for side in (us, cn) if side.unseen]
    if unseen:
        return duty_moves.unseen_title(unseen[0])
    left = truce_clock.left(status) if status.word == "running" else ""
    opening = meetings[meetings["phase_of_event"].eq("open") & meetings["kind"].isin(["talks", "summit"])]
    if len(opening):
        row = opening.iloc[-1]
        begins = row["starts_on"] == pd.Timestamp(status.as_of)
        subject = {"talks": "Talks open" if begins else "Talks go on", "summit": "A summit opens" if begins else "A summit goes on"}
        return f"{subject[row['kind']]} in {row['location']}" + (f" with {left}" if left else "")
    soon = ahead[~ahead["is_snap_back"] & (ahead["changes_on"] <= pd.Timestamp(status.as_of) + SOON)]
    if len(soon):
        return duty_moves.title(tariffs.duty_moves(soon, first_day=True))
    rates = f"US country-wide duty at {wording.percent(us.rate_frac)}, China's at {wording.percent(cn.rate_frac)}"
    return _running_title(status, meetings, proposals, left, rates) if left else _idle_title(status, us, cn, rates)


def _idle_title(status: truce.Status, us: tariffs.Headline, cn: tariffs.Headline, rates: str) -> str:
    """The finding of a day on which no truce with a clock runs."""
    if status.word == "run out" or status.pause:
        return truce_clock.idle(status, days=True)
    return f"No truce: {rates}" if us.rate_frac or cn.rate_frac else "No truce with a clock, and no country-wide duty on either side"


def briefing_description(status: truce.Status) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"Where the US-China trade truce stood on {DAY(status.as_of)}: its clocks, the duties of both sides, talks, accusations, rare "
        "earths and the newest trade figures, as known on that day."
    )


def briefing_facts(
    status: truce.Status, us: tariffs.Headline, cn: tariffs.Headline, peaks: dict[str, pd.Series], miners: pd.DataFrame
) -> list[Fact]:
    """Three or four numbers that matter, with the words that make them true."""
    share = minerals.mining_share(miners)
    return [*duty_facts(us, cn, peaks), *truce_clock.fact(status), *([mining.fact_elsewhere(share)] if share else [])]


def duty_facts(us: tariffs.Headline, cn: tariffs.Headline, peaks: dict[str, pd.Series]) -> list[Fact]:
    """The two country-wide rates, each with its peak."""
    return [_duty_fact(side, peaks[side.importer]) for side in (us, cn)]


def headline_message(us: tariffs.Headline, cn: tariffs.Headline, peaks: dict[str, pd.Series]) -> str:
    """Title of the figure of headline duties."""
    if not us.rate_frac and not cn.rate_frac and not peaks["US"]["rate_frac"]:
        return "Neither side had added a duty on all goods of the other"
    parts = []
    for side, owner in ((us, "The country-wide US duty stands at"), (cn, "China's at")):
        high = peaks[side.importer]["rate_frac"]
        if side.unseen:
            parts.append(
                f"{owner} {wording.percent(side.unseen.after_frac)} by its text since {DAY(side.unseen.changed_on)}, not observed, and "
                f"stood at {wording.percent(side.rate_frac)} on {DAY(side.unseen.observed_on)}"
            )
            continue
        down = f", down from {wording.percent(high)}" if high > side.rate_frac else ""
        parts.append(f"{owner} {wording.percent(side.rate_frac)}{down}")
    return "; ".join(parts)


def path_message(paths: dict[str, pd.DataFrame], us: tariffs.Headline, cn: tariffs.Headline) -> str:
    """Title of the figure of the history: how often each rate has changed."""
    changes = {importer: int(path["state"].eq("in force").sum()) - 1 for importer, path in paths.items()}
    if not any(changes.values()):
        return f"Neither side had added a duty on all goods of the other by {DAY(us.on)}"
    began = min(path.loc[path["rate_frac"] > 0, "effective_from"].min() for path in paths.values() if path["rate_frac"].gt(0).any())
    return (
        f"Since {wording.month(began)} the country-wide US rate has changed {wording.count(changes[us.importer], 'time')}, China's "
        f"{wording.count(changes[cn.importer], 'time')}"
    )


def history_description(as_of: date) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"Additional duties of the United States and China since 2018 as known on {DAY(as_of)}: what was announced, scheduled, "
        "suspended, in force and only threatened, with the text behind each."
    )


def history_facts(us: tariffs.Headline, cn: tariffs.Headline, peaks: dict[str, pd.Series], ahead: pd.DataFrame) -> list[Fact]:
    """The two rates, and the next change that a legal text holds."""
    return [*duty_facts(us, cn, peaks), *duty_moves.fact(tariffs.duty_moves(ahead, first_day=True))]


def _running_title(status: truce.Status, meetings: pd.DataFrame, proposals: pd.DataFrame, left: str, rates: str) -> str:
    """The finding of a day of truce on which no meeting opens and no rate is about to change."""
    if status.term:
        return truce_clock.agreed(status)
    fresh = tariffs.fresh_threats(proposals, as_of=status.as_of)
    if len(fresh):
        return f"A threat of new {sides.short(fresh['importer'].iloc[0])} duties hangs over the truce: {left}"
    if not status.has_instrument:
        return truce_clock.without_text(status)
    held = meetings[meetings["phase_of_event"].eq("held") & meetings["kind"].eq("summit")]
    held = held[held["published_on"] > pd.Timestamp(status.as_of) - JUST_NOW]
    if len(held):
        return f"After the meeting in {held['location'].iloc[-1].split(' (')[0]}: {left} by the last day announced"
    return f"{left}: {rates}"


def _duty_fact(side: tariffs.Headline, high: pd.Series) -> Fact:
    owner, goods = ("US", "Chinese") if side.importer == "US" else ("China's", "US")
    if side.unseen:
        words = (
            f"{owner} country-wide duty on {goods} goods by its text since {DAY(side.unseen.changed_on)}, not observed; "
            f"{wording.percent(side.unseen.before_frac)} on {DAY(side.unseen.observed_on)}"
        )
        return Fact(wording.percent(side.unseen.after_frac), words, side.importer.lower())
    down = f", down from a peak of {wording.percent(high['rate_frac'])}" if high["rate_frac"] > side.rate_frac else ""
    return Fact(wording.percent(side.rate_frac), f"{owner} country-wide duty added on {goods} goods{down}", side.importer.lower())
