"""How far ahead the law was right, which of its dates never came, and how long a date could be trusted, in sentences."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from tradelib import catalogue, sides, tariffs, wording
from tradelib.show.display import Fact, Row, Text
from tradelib.tariffs import expectations

DAY = wording.day
Frames = Mapping[str, pd.DataFrame]


def believed_description(as_of: date) -> str:
    """One sentence on the page, for the index and for search."""
    return (
        f"What US and Chinese law had scheduled for tariffs, beside what came by {DAY(as_of)}: how far ahead it was right, which dates "
        "never came, and how long a date could be trusted."
    )


def believed_title(errors: Frames, horizon: int) -> str:
    """The finding of the page: by how much the law of so many days before missed the average of the side it missed by more."""
    missed = {side: row["mean_abs_frac"] for side, table in errors.items() if (row := _whole(table, horizon)) is not None}
    if not missed:
        return "Too early to hold scheduled tariffs against those that came"
    side = max(missed, key=missed.__getitem__)
    if missed[side] < expectations.RIGHT:
        return "Tariffs came as the law had scheduled them"
    owner = sides.pair(side).importer.adjective
    return f"{wording.upper(_ago(horizon))}, the law missed the average {owner} tariff by {_points(missed[side])} points"


def believed_facts(errors: Frames, dates: Frames, horizon: int) -> list[Fact]:
    """Key numbers: the mean error of each side; how many scheduled changes came on the day as set."""
    found = []
    for side, table in errors.items():
        row = _whole(table, horizon)
        if row is not None:
            words = f"points: mean error of {sides.pair(side).average} as the law stood {_ago(horizon)}"
            found.append(Fact(_points(row["mean_abs_frac"]), words, side.lower()))
    due = _due(dates)
    if len(due):
        words = "scheduled changes of an average by half a point or more came on the day as set"
        words += "" if len(dates) > 1 else f" ({_who(dates)})"
        found.append(Fact(f"{(due['outcome'] == expectations.CAME).sum()} of {len(due)}", words))
    return found or [Fact("0", "scheduled changes have come due since 1 January 2018")]


def expected_message(dates: Frames) -> str:
    """Title of the figure: the scheduled rise that came least."""
    never = _never_came(dates)
    never = never[never["realised_frac"].notna()]
    if len(never):
        row = never.loc[(never["expected_frac"] - never["realised_frac"]).abs().idxmax()]
        of = sides.pair(row["importer"]).importer.adjective
        expected, came = wording.percents(row["expected_frac"], row["realised_frac"])
        return f"On {DAY(row['scheduled_on'])} the average {of} tariff was to be {expected}; it was {came}"
    passed = _together(dates).query("realised_frac.notna()")
    if passed.empty:
        return "No scheduled change of an average has come due"
    if passed["outcome"].eq(expectations.GONE).any():
        return "Every scheduled rise of an average came on its date, though not always as first set"
    return "Every change of an average that has come due came on its date"


def errors_message(errors: Frames, horizon: int) -> str:
    """How far the law was from what came, over all days; empty where there is nothing to compare."""
    rows = {side: row for side, table in errors.items() if (row := _whole(table, horizon)) is not None}
    if not rows:
        return ""
    parts = [f"{_points(row['mean_abs_frac'])} points for {sides.pair(side).duties}" for side, row in rows.items()]
    return f"On average over all days, the law as it stood {_ago(horizon)} was off by {wording.listing(parts)}"


def dates_message(dates: Frames) -> str:
    """How many of the dates whose outcome is known did not come as set; empty where none has one."""
    due = _due(dates)
    if due.empty:
        return ""
    gone = int(due["outcome"].eq(expectations.GONE).sum())
    return f"Of {wording.count(len(due), 'scheduled change')}, {gone or 'none'} {_was(gone)} changed, moved or called off by the date"


def trust_message(dates: Frames, horizon: int) -> str:
    """Of the dates set so many days ahead, how many came; empty where none was."""
    row = tariffs.trust(_together(dates), ahead=(horizon,)).iloc[0]
    if not row["dates"]:
        return ""
    return (
        f"Of {wording.count(int(row['dates']), 'change')} that the law held {_ago(horizon)}, {int(row['came']) or 'none'} came as then set"
    )


def errors_text(errors: Frames, announcements: pd.DataFrame, horizon: int) -> Text:
    """What the table of errors says: the mean error, the direction, and the share of days on which the law was right."""
    lines = []
    for side, table in errors.items():
        row = _whole(table, horizon)
        if row is None:
            lines.append(f"- **{sides.pair(side).duties}**: too early to say. No day lies {horizon} days after the first of our data.")
            continue
        right = f"It was right to within 0.05 points for {wording.percent(row['right_frac'], trim=False)} of {row['days']:,} days"
        told = (
            f"- **{sides.pair(side).duties}**, as the law stood {_ago(horizon)}: off by {_points(row['mean_abs_frac'])} points on average"
        )
        lines.append(f"{told}{_bias(row)}. {right}{_worst(table, horizon)}.")
    return Text("\n".join(lines), catalogue.sources(announcements))


def never_came_text(dates: Frames, announcements: pd.DataFrame, *, most: int = 12) -> Text:
    """The scheduled changes that never came on their date and that nothing took the place of, newest first."""
    never = _never_came(dates, falls=True).sort_values(["scheduled_on", "importer"], ascending=False)
    if never.empty:
        return Text(
            "No scheduled change of an average by half a point or more has been moved or called off.", catalogue.sources(announcements)
        )
    lines = [_never_line(row) for row in never.head(most).itertuples()]
    if len(never) > most:
        lines.append(f"- and {len(never) - most} earlier ones, in the table below")
    return Text("\n".join(lines), catalogue.sources(announcements))


def trust_text(dates: Frames, announcements: pd.DataFrame) -> Text:
    """How late dates were changed or called off."""
    due = _due(dates)
    gone = due[due["outcome"].eq(expectations.GONE)]
    if due.empty:
        text = "No scheduled change has come due, so there is nothing to say yet of how long a date could be trusted."
    elif gone.empty:
        text = f"{wording.count(len(due), 'scheduled change')} came due, and none was changed or called off by its date.{_revised(due)}"
    else:
        late, half = int((gone["days_before"] <= 1).sum()), int(gone["days_before"].median())
        text = (
            f"Of {wording.count(len(due), 'scheduled change')} whose outcome is known, {len(gone)} {_was(len(gone))} changed, moved or "
            f"called off: half of them with {wording.count(half, 'day')} of notice or less, and {late or 'none'} on the eve or the day "
            f"itself.{_by_distance(due)}{_revised(due)}"
        )
    return Text(text, catalogue.sources(announcements))


def _by_distance(due: pd.DataFrame) -> str:
    """How many of the dates that the law still held on the eve, and a month before, came."""
    eve, month = (row for _, row in tariffs.trust(due, ahead=(1, 30)).iterrows())
    if not eve["dates"] or not month["dates"]:
        return ""
    return (
        f" Of {wording.count(int(eve['dates']), 'change')} that the law still held on the day before, {int(eve['came'])} came; of "
        f"{int(month['dates'])} that it held 30 days before, {int(month['came']) or 'none'}."
    )


def _revised(due: pd.DataFrame) -> str:
    """Changes that came as set, and whose averages later texts altered for the day itself."""
    rows = due[due["outcome"].eq(expectations.CAME) & due["revised_on"].notna()].sort_values("scheduled_on")
    if rows.empty:
        return ""
    told = []
    for (side, day), mine in rows.groupby(["importer", "revised_on"], sort=False):
        shares = (wording.percents(row.realised_frac, row.revised_frac) for row in mine.itertuples())
        each = (f"from {' to '.join(pair)} for {DAY(at)}" for pair, at in zip(shares, mine["scheduled_on"], strict=True))
        told.append(f"{sides.pair(side).duties} on {DAY(day)}, {wording.listing(each)}")
    return (
        f" Of all that came, {len(rows)} {_was(len(rows))} altered afterwards for the day itself, by half a point or more: "
        f"{'; '.join(told)}."
    )


def _never_line(row: Row) -> str:
    is_seen = pd.notna(row.realised_frac)
    shares = wording.percents(row.expected_frac, row.before_frac, *([row.realised_frac] if is_seen else []))
    told = (
        f"- **{DAY(row.scheduled_on)}**, {sides.pair(row.importer).duties}: {shares[0]} instead of {shares[1]}, set on "
        f"{DAY(row.announced_on)}; moved or called off "
    )
    days = int(row.days_before)
    told += f"on {DAY(row.moved_on)}, {wording.count(days, 'day')} before" if days else "on the day itself"
    return told + (f". The average of that day was {shares[2]}." if is_seen else ".")


def _never_came(dates: Frames, *, falls: bool = False) -> pd.DataFrame:
    """Dates that are gone and not replaced; by default those that would have raised the average."""
    table = _together(dates)
    table = table[table["outcome"].eq(expectations.GONE) & ~table["is_replaced"]]
    return table if falls else table[table["expected_frac"] > table["before_frac"]]


def _together(dates: Frames) -> pd.DataFrame:
    return pd.concat(dates.values(), ignore_index=True)


def _due(dates: Frames) -> pd.DataFrame:
    """Dates of which it is known whether they came; one called off long before its day is."""
    table = _together(dates)
    return table[table["outcome"].isin([expectations.CAME, expectations.GONE])]


def _whole(table: pd.DataFrame, horizon: int) -> pd.Series | None:
    rows = table[table["horizon_days"].eq(horizon) & table["year_on"].isna()]
    return rows.iloc[0] if len(rows) else None


def _worst(table: pd.DataFrame, horizon: int) -> str:
    rows = table[table["horizon_days"].eq(horizon) & table["year_on"].notna()]
    row = rows.loc[rows["mean_abs_frac"].idxmax()]
    if len(rows) == 1 or row["mean_abs_frac"] < expectations.RIGHT:
        return ""
    return f"; the worst year was {row['year_on'].year}, with {_points(row['mean_abs_frac'])} points"


def _bias(row: pd.Series) -> str:
    """Which way the law was off on balance; nothing where it was not off."""
    if row["mean_abs_frac"] < expectations.RIGHT:
        return ""
    if abs(row["bias_frac"]) < expectations.RIGHT:
        return ", too high and too low in equal measure"
    return f", and on balance {_points(abs(row['bias_frac']))} points too {'high' if row['bias_frac'] > 0 else 'low'}"


def _who(dates: Frames) -> str:
    return wording.listing(sides.pair(side).duties for side in dates)


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _ago(horizon: int) -> str:
    return f"{wording.count(horizon, 'day')} ahead"


def _points(frac: float) -> str:
    return wording.number(100 * frac, trim=False)
