"""Rare earths in sentences: mining, concentration, reliance, exports, controls, and what the truce promised."""

from datetime import date

import pandas as pd

from tradelib import catalogue, minerals, sides, truce, wording
from tradelib.news import DayNews
from tradelib.phrases import day_news, measure_counts, mining, promise_counts
from tradelib.show.display import Fact, Text, link, markdown

DAY, MONTH = wording.day, wording.month
_USED = " of US consumption of rare-earth compounds and metals"


def minerals_title(news: DayNews, production: pd.DataFrame, exports: pd.DataFrame, country: str) -> str:
    """New controls of the last two weeks; else the share of the chosen country, and the newest month of exports."""
    if lead := day_news.title(news):
        return lead
    share = minerals.mining_share(production, country)
    parts = [mining.title(share)] if share else []
    newest = exports[exports["series_id"].eq("china_rare_earth_exports_tonnes")].sort_values("period").tail(1)
    if len(newest):
        who = "it" if share and country == "China" else "China"
        amount, month = wording.number(newest["value"].iloc[0], digits=0), MONTH(newest["period"].iloc[0])
        parts.append(f"{who} exported {amount} tonnes {'' if share else 'of rare earths '}in {month}, the latest month we have")
    return "; ".join(parts) or "Our data have no world table of rare earths and no month of exports for this day"


def minerals_description(as_of: date) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"Rare earths in the dispute as known on {DAY(as_of)}: who mines them and how concentrated that is, what the United "
        "States imports, China's exports and export controls, and what the truce promised."
    )


def minerals_facts(
    production: pd.DataFrame, concentration: minerals.Concentration | None, reliance: pd.DataFrame, controls: pd.DataFrame
) -> list[Fact]:
    """China's share, the index, US reliance, and the controls in force."""
    share = minerals.mining_share(production)
    facts = [mining.fact(share)] if share else []
    if concentration:
        facts.append(Fact(wording.number(concentration.high, digits=0), "Herfindahl-Hirschman index of mining (10,000: a single producer)"))
    if len(reliance):
        row = reliance.iloc[-1]
        words = f"net import reliance of the United States ({row['period']})"
        facts.append(Fact(("over " if row["is_lower_bound"] else "") + wording.percent(row["reliance_frac"], digits=0), words, "us"))
    return facts + measure_counts.controls_fact(truce.count_measures(controls))


def reliance_message(rows: pd.DataFrame) -> str:
    """How much of what it uses the United States imports; empty where no figure is held."""
    if rows.empty:
        return ""
    row = rows.iloc[-1]
    share = ("over " if row["is_lower_bound"] else "") + wording.percent(row["reliance_frac"], digits=0)
    return f"Net imports were {share} of what the United States used of rare-earth compounds and metals in {row['period']}"


def concentration_message(held: minerals.Concentration | None) -> str:
    """How concentrated mining is; empty where no table is held."""
    if held is None:
        return ""
    index = wording.number(held.high, digits=0)
    return f"Mining is highly concentrated: the Herfindahl-Hirschman index is {index} (10,000 would be a single producer)"


def controls_message(rows: pd.DataFrame) -> str:
    """China's controls of mineral exports; empty before there are any."""
    return measure_counts.controls_message(truce.count_measures(rows))


def mining_message(production: pd.DataFrame, country: str) -> str:
    """Title of the figure of mining; empty where no table is held."""
    if production.empty:
        return ""
    share = minerals.mining_share(production, country)
    if share is None:
        return f"{production['country'].iloc[0]} mines most rare earths; {country} is not named in the table"
    return mining.message(share)


_NEAR = 2


def mining_text(production: pd.DataFrame, concentration: minerals.Concentration | None) -> Text:
    """How concentrated mining is, with the definition, and which tables are missing."""
    if production.empty or concentration is None:
        return Text("Our data have no world table of rare-earth mining published by this day.")
    low, high = (wording.number(value, digits=0) for value in (concentration.low, concentration.high))
    # The remainder of the world is told as one: where it moves the index by a point, the bound above says enough.
    bounds = high if concentration.high - concentration.low < _NEAR else f"between {low} and {high}"
    text = (
        f"The Herfindahl-Hirschman index, the sum of the squared shares in per cent, was {bounds} in {concentration.year}. It is 10,000 "
        "when one country mines everything and near 0 when very many mine a little each. The figures are estimates without undocumented "
        "production, and the world total is rounded, so the shares need not add up to 100%."
    )
    return Text(text, catalogue.sources(production))


def reliance_text(reliance: pd.DataFrame, imports: pd.DataFrame) -> Text:
    """How far the United States depends on imports, and from whom."""
    if reliance.empty:
        return Text("Our data have no figure of import reliance published by this day.")
    parts = [
        f"{'over ' if row.is_lower_bound else ''}{wording.percent(row.reliance_frac, digits=0)}{'' if place else _USED} in {row.period}"
        for place, row in enumerate(reliance.itertuples())
    ]
    text = f"Net imports covered {wording.listing(parts)}."
    if len(imports):
        shares = [
            f"{wording.percent(row.share_frac, digits=0)} from {markdown(row.country)}"
            for row in imports.itertuples()
            if row.country != minerals.OTHER
        ]
        span = imports["period"].iloc[0].replace("-", " to ")
        text += f" From {span} these imports came {wording.listing(shares)}; the rest came from others."
    return Text(text, catalogue.sources(reliance, *([imports] if len(imports) else [])))


def exports_message(rows: pd.DataFrame, *, since: date) -> str:
    """Title of the figure of exports: the newest of the months shown, beside the one before it in our data and the lowest."""
    rows = rows[rows["period"] >= pd.Timestamp(since)]
    part = rows[rows["series_id"].eq("china_magnet_exports_to_us_tonnes")].sort_values("period")
    name = "magnets to the United States"
    if len(part) <= 1:
        part = rows[rows["series_id"].eq("china_rare_earth_exports_tonnes")].sort_values("period")
        name = "rare earths"
    low, last = part.loc[part["value"].idxmin()], part.iloc[-1]
    now = f"China exported {_tonnes(last)} of {name} in {MONTH(last['period'])}"
    if low["period"] == last["period"]:
        return f"{now}, the lowest month in our data since {MONTH(part['period'].iloc[0])}" if len(part) > 1 else now
    lowest = f"{_tonnes(low)} in {MONTH(low['period'])}"
    before = part.iloc[-2]
    if before["period"] == low["period"]:
        return f"{now}, up from a low of {lowest}"
    way = "as much as" if _tonnes(before) == _tonnes(last) else "up from" if last["value"] > before["value"] else "down from"
    return f"{now}, {way} {_tonnes(before)} in {MONTH(before['period'])}; the low was {lowest}"


def _tonnes(row: pd.Series) -> str:
    return f"{wording.number(row['value'], digits=0)} tonnes"


def exports_text(rows: pd.DataFrame, controls: pd.DataFrame, *, since: date) -> Text:
    """The numbered texts of the figure, and how many months are held."""
    marks = minerals.control_marks(controls, since=since)
    lines = [
        f"{number}. {DAY(day)}: " + ". ".join(_effect(part) for _, part in steps.groupby("instrument", sort=False))
        for (number, day), steps in marks.groupby(["number", "announced_on"])
    ]
    held = rows[rows["frequency"].eq("month")].groupby("title")["period"].agg(["size", "min", "max"])
    counts = [
        f"- {wording.upper(name.removeprefix('China: '))}: {wording.count(row['size'], 'month')}, {MONTH(row['min'])} to "
        f"{MONTH(row['max'])}."
        for name, row in held.iterrows()
    ]
    text = (
        "\n".join(["Our data, from press reports; months for which we found none are left blank:", "", *counts])
        if counts
        else "Our data have no month of exports for this day."
    )
    body = "\n".join(lines) + ("\n\n" if lines else "") + text
    frames = [frame for frame in (marks, rows) if len(frame)]
    return Text(body, catalogue.sources(*frames))


def mineral_promises(rows: pd.DataFrame, *, as_of: date) -> Text:
    """What was promised about minerals, and what came of it."""
    if rows.empty:
        return Text(f"Our data have no promise about minerals made by {DAY(as_of)}.")
    lines = []
    for row in rows.itertuples():
        newest = f" Evidence: {link(row.evidence, row.evidence_url)} ({DAY(row.evidence_on)})." if row.evidence else ""
        told = ", according to one side" if row.confirmed_by_other_side == "no" else ""
        lines.append(
            f"- {markdown(row.agreement)}, {sides.short(row.party)}: {link(row.what, row.url)}{told}. Status: "
            f"{promise_counts.status_words(row.status)}.{newest}"
        )
    return Text("\n".join(lines), catalogue.sources(rows.assign(known_on=rows["announced_on"])))


def _effect(steps: pd.DataFrame) -> str:
    """What a text does from its days on; whether it came to that, a later text may have decided."""
    row = steps.iloc[0]
    one, several = {"in force": ("applies", "apply"), "suspended": ("suspends", "suspend"), "ended": ("ends", "end")}[row["state"]]
    verb = several if "announcements" in row["instrument"] else one
    parts = [
        f"from {'the same day' if day == row['announced_on'] else DAY(day)}: {markdown('; '.join(part['what']))}"
        for day, part in steps.groupby("effective_on")
    ]
    return f"{link(row['instrument'], row['url'])} {verb} {'; '.join(parts)}"
