"""The head of the briefing: the finding of the day, and the numbers that matter."""

import pandas as pd

from tradelib import minerals, sides, tariffs, truce, wording
from tradelib.phrases import country_wide, duty_moves, mining, truce_clock
from tradelib.show.display import Fact

DAY = wording.day
_SOON = pd.Timedelta(days=14)
_JUST_NOW = pd.Timedelta(days=4)


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
    soon = ahead[~ahead["is_snap_back"] & (ahead["changes_on"] <= pd.Timestamp(status.as_of) + _SOON)]
    if len(soon):
        return duty_moves.title(tariffs.duty_moves(soon, first_day=True))
    rates = country_wide.title(us, cn)
    return _running_title(status, meetings, proposals, left, rates) if left else _idle_title(status, us, cn, rates)


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
    return [*country_wide.facts(us, cn, peaks), *truce_clock.fact(status), *([mining.fact_elsewhere(share)] if share else [])]


def _idle_title(status: truce.Status, us: tariffs.Headline, cn: tariffs.Headline, rates: str) -> str:
    """The finding of a day on which no truce with a clock runs."""
    if status.word == "run out" or status.pause:
        return truce_clock.idle(status, days=True)
    return f"No truce: {rates}" if us.rate_frac or cn.rate_frac else "No truce with a clock, and no country-wide duty on either side"


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
    held = held[held["published_on"] > pd.Timestamp(status.as_of) - _JUST_NOW]
    if len(held):
        return f"After the meeting in {held['location'].iloc[-1].split(' (')[0]}: {left} by the last day announced"
    return f"{left}: {rates}"
