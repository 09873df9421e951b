"""How wrong the scheduled path was, the dates that the law had set, and how many of them came."""

from collections.abc import Mapping, Sequence

import pandas as pd

from tradelib import catalogue, sides, tariffs, wording
from tradelib.show.display import Column, Row, Table, cell
from tradelib.stories.averages.tables import WEIGHTS, fine
from tradelib.tariffs import expectations

_OUTCOMES = {
    expectations.CAME: "came",
    expectations.GONE: "moved or called off",
    expectations.AHEAD: "ahead",
    expectations.UNSEEN: "not observed",
}
Frames = Mapping[str, pd.DataFrame]


def schedule_errors(errors: Frames, announcements: pd.DataFrame, *, horizons: Sequence[int]) -> Table:
    """Mean error and share of days right, by year and by how many days before; frames of `tariffs.schedule_errors` by importer."""
    table, horizons = pd.concat(errors.values(), ignore_index=True), sorted(set(horizons))
    key = ["importer", "year_on"]
    wide = table[key].drop_duplicates()
    for days in horizons:
        part = table[table["horizon_days"].eq(days)].drop(columns="horizon_days")
        wide = wide.merge(part.rename(columns=lambda name, days=days: name if name in key else f"ahead_{days}_{name}"), on=key, how="left")
    wide = wide.sort_values(key, ascending=[False, True]).reset_index(drop=True)
    columns = [Column("Days of entry in", _year)]
    for days in horizons:
        columns += [
            Column(f"{wording.count(days, 'day')} ahead: off by, points", cell(f"ahead_{days}_mean_abs_frac", _points), "num"),
            Column("right on", cell(f"ahead_{days}_right_frac", fine), "num"),
        ]
    note = (
        "Off by: mean distance between the average of a day, as the law was known on it, and the one that the law, as it stood so many "
        "days before, had set for it. Right on: share of days on which the two differ by less than 0.05 points. What later texts changed "
        f"for days already past is left out. Where no text set a change, the law is taken to expect none. {WEIGHTS}"
    )
    caption = "How far the scheduled average tariff was from what came"
    return Table("schedule_errors", caption, columns, wide, catalogue.sources(announcements), note, group=_side)


def scheduled_dates(dates: Frames, announcements: pd.DataFrame) -> Table:
    """Each scheduled change of an average, and what became of it; frames of `tariffs.scheduled_dates` by importer."""
    table = pd.concat(dates.values(), ignore_index=True)
    columns = [
        Column("Set for", cell("scheduled_on", wording.short_day)),
        Column("Set on", cell("announced_on", wording.short_day)),
        Column("From", cell("before_frac", fine), "num"),
        Column("To", cell("expected_frac", fine), "num"),
        Column("On the day", cell("realised_frac", fine), "num"),
        Column("As known now", cell("revised_frac", fine), "num"),
        Column("What became of it", _outcome, "status"),
        Column("On", _since),
        Column("Days before", cell("days_before", lambda days: str(int(days))), "num"),
    ]
    note = (
        "Changes of the average by half a point or more that a legal text set for a later day. From, to: the averages of the day before "
        "and of the date, as last known before it came or was dropped. On the day: the average of that date, as the law was known on it; a "
        "change came if the law still held it then. As known now: the average of that date with what later texts changed for days already "
        "past, such as exclusions; lowered or raised later: such texts moved it by half a point or more, first on the "
        "day under “On”."
    )
    caption = "Scheduled changes of the average tariff, and what became of them"
    return Table("scheduled_dates", caption, columns, table, catalogue.sources(announcements), note, group=_side)


def trust(dates: Frames, announcements: pd.DataFrame, *, ahead: Sequence[int] = expectations.DISTANCES) -> Table:
    """Of the changes that the law held so many days before, how many came; frames of `tariffs.scheduled_dates` by importer."""
    parts = [tariffs.trust(table, ahead=tuple(sorted(set(ahead)))).assign(importer=side) for side, table in dates.items()]
    table = pd.concat(parts, ignore_index=True)[["importer", "ahead_days", "dates", "came", "came_frac"]]
    columns = [
        Column("Days before the date", cell("ahead_days", str), "num"),
        Column("Changes in law", cell("dates", str), "num"),
        Column("Came as then set", cell("came", str), "num"),
        Column("Share", cell("came_frac", lambda share: wording.percent(share, digits=0)), "num"),
    ]
    note = (
        "Changes of the average by half a point or more. A change did not come as then set if a text moved it, called it off or altered "
        "its size on the day or before it; one that a text altered afterwards, for a day already past, came."
    )
    return Table("trust_in_dates", "How many scheduled changes came", columns, table, catalogue.sources(announcements), note, group=_side)


def _side(row: Row) -> str:
    return sides.pair(row.importer).duties


def _year(row: Row) -> str:
    return "all years" if pd.isna(row.year_on) else str(row.year_on.year)


def _outcome(row: Row) -> str:
    if row.is_replaced:
        return "replaced"
    came = _OUTCOMES[row.outcome]
    if row.outcome != expectations.CAME or pd.isna(row.revised_on):
        return came
    return f"{came} and {'lowered' if row.revised_frac < row.realised_frac else 'raised'} later"


def _since(row: Row) -> str:
    """When a change that is gone was moved, or one that came was altered back to its day."""
    day = row.moved_on if row.outcome == expectations.GONE else row.revised_on
    return "" if pd.isna(day) else wording.short_day(day)


def _points(frac: float) -> str:
    return wording.number(100 * frac, trim=False)
