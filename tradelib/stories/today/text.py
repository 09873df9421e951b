"""What applies on a day, in words: both averages with their range, the duty on a product on no list, what was collected."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from tradelib import catalogue, sides, tariffs, wording
from tradelib.show.display import Fact, Text
from tradelib.stories.averages.text import EARLY_UNTIL, SMALLEST, average_fact

DAY, PERCENT = wording.day, wording.percent


def today_description(as_of: date) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"Tariffs between the United States and China on {DAY(as_of)}: what applies, what happened, what comes next, what goods pay, as "
        "known on that day."
    )


def today_facts(now: Mapping[str, pd.Series], us: tariffs.Headline, cn: tariffs.Headline, gap: pd.DataFrame) -> list[Fact]:
    """Key numbers: both averages with their range, the duty on a product on no list, and what was last collected.

    Parameters
    ----------
    now : by importer, the measures of the day (see `tariffs.averages`).
    us, cn : the country-wide duties of the day.
    gap : rates collected by month (see `tariffs.gap`).
    """
    found = [average_fact(side, row) for side, row in now.items()]
    # Of a country-wide duty that has changed by its text since, unseen, the page tells what was observed.
    rates = " / ".join(PERCENT(side.rate_frac) for side in (us, cn))
    words = "added to a product that is on no list and not exempt: in the United States / in China"
    found.append(Fact(rates, words if us.rate_frac or cn.rate_frac else "added to a product on no list, on either side"))
    held = gap[gap["collected_frac"].notna()]
    if len(held):
        last = held.iloc[-1]
        words = f"of the value of imports from China was charged as duty in {wording.month(last['period'])}"
        words += wording.revised(last["is_later_revised"])
        found.append(Fact(PERCENT(last["collected_frac"]), words, "us"))
    return found


def averages_title(now: Mapping[str, pd.Series], paths: Mapping[str, pd.DataFrame]) -> str:
    """Finding above the figure: both averages, and where legal texts take them next by half a point or more."""
    parts = [f"{sides.pair(side).average} is {PERCENT(row['weighted_frac'])}" for side, row in now.items()]
    steps = [words for side, path in paths.items() if (words := _next_step(side, path, now[side]["weighted_frac"]))]
    return wording.upper(wording.listing(parts)) + (f"; by law {wording.listing(steps)}" if steps else "")


def what_applies(now: Mapping[str, pd.Series], us: tariffs.Headline, cn: tariffs.Headline, gap: pd.DataFrame, *, on: date) -> Text:
    """Which number is which: averages with their range, headline duties, what was collected.

    Parameters
    ----------
    now, us, cn, gap : as for `today_facts`.
    on : day of entry.
    """
    lines = [f"- {_average_sentence(side, row, on)}" for side, row in now.items()]
    rates = [
        f"{sides.pair(side.importer).importer.name} {f'adds {PERCENT(side.rate_frac)}' if side.rate_frac else 'adds nothing'}"
        for side in (us, cn)
    ]
    lines.append(
        f"- **On a product that is on no list and not exempt**, {rates[0]} to its normal tariff, and {rates[1]}. Lists of goods add more, "
        "or take it off."
    )
    held = gap[gap["collected_frac"].notna()]
    if len(held):
        last = held.iloc[-1]
        month = f"{wording.month(last['period'])}{wording.revised(last['is_later_revised'], goes_on=True)}"
        lines.append(
            f"- **Collected**: in {month} the US customs charged {PERCENT(last['collected_frac'])} of the value of "
            f"imports from China; the law's average over that month was {PERCENT(last['statutory_mean_frac'])} on the goods of 2024. What "
            "is charged changes with what is bought."
        )
    frames = [frame for frame in (us.layers, cn.layers, held.tail(1)) if len(frame)]
    return Text("\n".join(lines), catalogue.sources(*frames))


def _average_sentence(side: str, row: pd.Series, on: date) -> str:
    ends = sides.pair(side)
    early = ""
    if on < EARLY_UNTIL:
        before = tariffs.averages(importer=side, as_of=on, on=on, weights=2017)["weighted_frac"].iloc[0]
        early = f" ({PERCENT(before)} with that of 2017, before the tariffs changed it)"
    told = (
        f"**{ends.duties}** average {PERCENT(row['weighted_frac'])}, weighted with the trade of 2024{early}: a normal "
        f"tariff of {PERCENT(row['mfn_frac'])} and {PERCENT(row['additional_frac'])} added. The simple average over tariff lines is "
        f"{PERCENT(row['simple_frac'])}."
    )
    if row["highest_frac"] - row["lowest_frac"] >= SMALLEST:
        told += f" Depending on how unclear cases are counted, it lies between {PERCENT(row['lowest_frac'])} and "
        told += f"{PERCENT(row['highest_frac'])}"
        counted = tariffs.granted_counted(on=on, as_of=on) if pd.notna(row["granted_frac"]) else ""
        apart = counted and row["weighted_frac"] - row["granted_frac"] >= SMALLEST
        told += f"; with {counted} it is {PERCENT(row['granted_frac'])}." if apart else "."
    return told


def _next_step(side: str, path: pd.DataFrame, now: float) -> str:
    """The first step of legal texts that moves an average by half a point; empty where none does."""
    ahead = path[path["is_ahead"] & ((path["weighted_frac"] - now).abs() >= _STEP)]
    if ahead.empty:
        return ""
    row = ahead.iloc[0]
    verb = "rise" if row["weighted_frac"] > now else "fall"
    return f"{sides.SIDES[side].owner} average is to {verb} to {PERCENT(row['weighted_frac'])} on {DAY(row['on'])}"


_STEP = 0.005
