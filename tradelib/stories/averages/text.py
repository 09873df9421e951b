"""Averages, goods and collected rates in sentences; the findings that stand above their figures."""

from datetime import date

import pandas as pd

from tradelib import catalogue, sides, tariffs, wording
from tradelib.show.display import Fact, Text

DAY = wording.day


def averages_message(tables: dict[str, pd.DataFrame], *, on: date) -> str:
    """Title of the figure of averages: where both stand, and where they began."""
    parts = []
    for side, table in tables.items():
        now, first = _held(table, on).iloc[-1], table.iloc[0]
        rates = [wording.percent(row["weighted_frac"]) for row in (now, first)]
        way = "up" if now["weighted_frac"] > first["weighted_frac"] else "down"
        began = f", {way} from {rates[1]} on {DAY(first['on'])}" if rates[0] != rates[1] else ""
        parts.append(f"{sides.pair(side).duties} average {rates[0]}{began}")
    return "; ".join(parts)


# Averages that print alike need no second one.
SMALLEST = 0.0005
# The trade of 2017 is told beside that of 2024 for entries before this day.
EARLY_UNTIL = date(2021, 1, 1)


def averages_text(
    tables: dict[str, pd.DataFrame], announcements: pd.DataFrame, *, on: date, early: dict[str, pd.Series] | None = None
) -> Text:
    """How headline, averages and coverage differ, and what they rest on.

    Parameters
    ----------
    early : by importer, the measures of the day with the trade of 2017; told for a day before 2021.
    """
    lines = []
    metal = tariffs.metal_basis(on=on, as_of=on)
    for side, table in tables.items():
        aside = _open_beside(side, metal, on)
        held = _held(table, on)
        now, high = held.iloc[-1], held.loc[held["weighted_frac"].idxmax()]
        what = (
            f"**{sides.pair(side).duties}** averaged {wording.percent(now['weighted_frac'])} on {DAY(on)}, weighted with the trade of 2024"
        )
        if early and on < EARLY_UNTIL:
            what += f" ({wording.percent(early[side]['weighted_frac'])} with that of 2017, before the tariffs changed it)"
        what += f": a normal tariff of {wording.percent(now['mfn_frac'])} and {wording.percent(now['additional_frac'])} added since 2018."
        if high["weighted_frac"] > now["weighted_frac"]:
            what += f" The peak was {wording.percent(high['weighted_frac'])} from {DAY(high['on'])}."
        what += (
            f" {wording.percent(now['covered_frac'])} of the trade we can match paid an additional tariff; the simple average over tariff "
            f"lines was {wording.percent(now['simple_frac'])}."
        )
        what += (
            f" The average covers {wording.percent(now['matched_frac'])} of that trade; for {wording.percent(now['certain_frac'])} there "
            "is "
            f"no doubt about coverage. Counting the doubtful cases one way or the other{aside} {_counted(now)}."
        )
        if now["weighted_frac"] - now["granted_frac"] > SMALLEST:
            what += (
                " The average leaves out exclusions and waivers, because our data do not list their goods by code: with "
                f"{tariffs.granted_counted(on=on, as_of=on)} it is {wording.percent(now['granted_frac'])}."
            )
        lines.append(f"- {what}")
    if metal:
        lines.append(f"- {metal}")
    return Text("\n".join(lines), catalogue.sources(announcements))


def _open_beside(side: str, metal: str, on: date) -> str:
    """What the ends of an average count beside coverage; see `tariffs.averages`."""
    if side == "US":
        return ", with the share of metal at either end of its estimate," if metal else ""
    counted = tariffs.granted_counted(on=on, as_of=on)
    return f", with normal tariffs{', ' if ' and ' in counted else ' and ' if counted else ''}{counted} among them,"


def _counted(now: pd.Series) -> str:
    """What the ends of an average are; one that prints alike is not called a range."""
    low, high = wording.percent(now["lowest_frac"]), wording.percent(now["highest_frac"])
    return "changes it by less than 0.1 points" if low == high else f"gives {low} to {high}"


def averages_facts(tables: dict[str, pd.DataFrame], *, on: date) -> list[Fact]:
    """The two averages, each with its range."""
    return [average_fact(side, _held(table, on).iloc[-1]) for side, table in tables.items()]


def average_fact(side: str, row: pd.Series) -> Fact:
    """Key number: the average of one side with its range; `row` as `tariffs.averages` gives it."""
    low, high = row["lowest_frac"], row["highest_frac"]
    ends = f"{wording.percent(low)} to {wording.percent(high)}, depending on how unclear cases are counted"
    words = sides.pair(side).average.removeprefix("the ")
    if row["on"].date() < EARLY_UNTIL:
        words += ", weighted with the trade of 2024"
    return Fact(wording.percent(row["weighted_frac"]), f"{words}{f'; {ends}' if high - low >= SMALLEST else ''}", side.lower())


def collected_message(gap: pd.DataFrame) -> str:
    """Title of the figure of collected rates."""
    held = gap[gap["collected_frac"].notna()]
    if held.empty:
        return "No month of collected duties had been published"
    last = held.iloc[-1]
    month = f"{wording.month(last['period'])}{wording.revised(last['is_later_revised'], goes_on=True)}"
    return (
        f"In {month} importers were charged {wording.percent(last['collected_frac'])} of the value of goods from "
        f"China; in law the average was {wording.percent(last['statutory_mean_frac'])}"
    )


def collected_text(gap: pd.DataFrame, announcements: pd.DataFrame) -> Text:
    """Why the collected rate is not the statutory one, with the month of the widest gap."""
    held = gap[gap["collected_frac"].notna()]
    if held.empty:
        return Text("No month of collected duties had been published by this day.")
    widest = held.loc[(held["collected_frac"] - held["statutory_frac"]).abs().idxmax()]
    apart = widest["collected_frac"] - widest["statutory_frac"]
    text = (
        "The collected rate is what the Census Bureau calculates on the entries of a month; the statutory average is what the law would "
        "charge on the goods of 2024, here over all trade. The averages above leave out lines whose rate is not in our data, and are a "
        f"little higher. The two were furthest apart in {wording.month(widest['period'])}{wording.revised(widest['is_later_revised'])}: "
        f"{wording.percent(widest['collected_frac'])} against {wording.percent(widest['statutory_frac'])} on the month's last day, "
    )
    if abs(apart) < _WIDE:
        # The parts of a small gap, rounded, would not add up.
        return Text(f"{text}less than a point.", catalogue.sources(gap, announcements))
    text += f"{_signed(apart)} points: {_signed(widest['timing_frac'])} from the days of the month"
    if pd.notna(widest["composition_frac"]):
        text += f", {_signed(widest['composition_frac'])} from the mix of industries"
    text += f", and {_signed(widest['remainder_frac'])} that our data cannot explain further."
    return Text(text, catalogue.sources(gap, announcements))


def sections_text(frames: dict[str, pd.DataFrame]) -> Text:
    """Which goods carry the highest average on each side, among sections with a twentieth of the trade."""
    sentences = []
    for side, frame in frames.items():
        large = frame[frame["trade_frac"] >= _LARGE].sort_values("average_frac")
        low, high = large.iloc[0], large.iloc[-1]
        ends = [f"{wording.section(row['section'])} ({wording.percent(row['average_frac'])})" for row in (high, low)]
        sentences.append(f"{sides.pair(side).duties} are highest on {ends[0]} and lowest on {ends[1]}")
    return Text(f"Among sections with at least 5% of the trade, {'; '.join(sentences)}.")


_LARGE, _WIDE = 0.05, 0.01


def _held(table: pd.DataFrame, on: date) -> pd.DataFrame:
    return table[table["on"] <= pd.Timestamp(on)]


def _signed(frac: float) -> str:
    return wording.number(100 * frac, signed=True)
