"""No row may know more than its day: words that name a later day, and days that contradict one another."""

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from tradelib import wording
from tradelib.checks.rule import Ahead, Tables, rule, where
from tradelib.rows import each

# Ledgers of texts, with the column that names the thing and the one that says when the row became known.
TEXTS = {
    "events": ("event_id", "published_on"),
    "deadlines": ("clock", "announced_on"),
    "proposals": ("proposal_id", "announced_on"),
    "tariff_steps": ("measure_id", "announced_on"),
    "tariff_measures": ("measure_id", "announced_on"),
    "commitments": ("commitment_id", "announced_on"),
    "evidence": ("evidence_id", "observed_on"),
    "nontariff_steps": ("item_id", "announced_on"),
    "claims": ("claim_id", "published_on"),
}
# The sides are half a day apart: an act of the evening there is known here on the same date, or the next.
_ONE_DAY = pd.Timedelta(days=1)
_NAMES = [wording.month(pd.Timestamp(2000, number, 1)).split()[0] for number in range(1, 13)]
_PATTERNS = [
    re.compile(rf"\b\d{{1,2}} (?:{'|'.join(name[:3] for name in _NAMES)})[a-z]* \d{{4}}\b"),
    re.compile(rf"(?<!\d )\b(?:{'|'.join(_NAMES)}) \d{{4}}\b"),
    re.compile(r"\b\d{4}-\d{2}-\d{2}\b"),
]
_YEAR = re.compile(r"\b20[12]\d\b")


@functools.lru_cache(maxsize=65536)
def later_days(text: str, known_on: pd.Timestamp) -> tuple[str, ...]:
    """Days, months and years written in a text that lie after a day.

    Examples
    --------
    >>> later_days("not suspended by the November 2025 deal", pd.Timestamp("2025-04-04"))
    ('November 2025',)
    """
    if "20" not in text:
        return ()
    said = []
    for pattern in _PATTERNS:
        for found in pattern.findall(text):
            day = pd.to_datetime(found, errors="coerce")
            if pd.isna(day) or day > known_on:
                said.append(found)
    rest = text
    for pattern in _PATTERNS:
        rest = pattern.sub("", rest)
    return (*said, *(found for found in _YEAR.findall(rest) if int(found) > known_on.year))


def named_ahead(tables: Tables) -> list[Ahead]:
    """Every later day that a text names: table, position, (table, key, known on, day), column."""
    if "named_ahead" not in tables.kept:
        tables.kept["named_ahead"] = list(_named_ahead(tables))
    return tables.kept["named_ahead"]


def _named_ahead(tables: Tables) -> Iterator[Ahead]:
    for name, (key, known_on) in TEXTS.items():
        if name not in tables:
            continue
        table = tables[name]
        later = {field["name"] for field in tables.resources[name]["schema"]["fields"] if field.get("tradelib:later")}
        texts = [column for column in map(str, table.select_dtypes("str").columns) if column not in {"url", "other_sources", key, *later}]
        for position, row in enumerate(table.to_dict("records")):
            for column in texts:
                for found in later_days(row[column], row[known_on]):
                    yield name, position, (name, row[key], f"{row[known_on]:%Y-%m-%d}", found), column


@rule()
def texts_name_later_days_only_where_they_announce_them(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A text knows nothing later than its row.

    Where it announces a later day itself, read it and list the day in data/reference/days_ahead.csv; what happened later goes into a row of
    its own, or into later_note.
    """
    listed = _listed(tables)
    for name, position, entry, column in named_ahead(tables):
        if entry not in listed:
            row = ",".join(f'"{cell}"' if "," in cell else cell for cell in entry)
            yield name, position, f"{column} names {entry[3]}, and the row became known on {entry[2]} (the row to list would be {row})"


@rule()
def the_list_of_days_ahead_holds_what_is_needed(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A day that no text names any more is taken out of data/reference/days_ahead.csv."""
    needed = {entry for _, _, entry, _ in named_ahead(tables)}
    for position, entry in enumerate(_listed(tables)):
        if entry not in needed:
            yield "days_ahead", position, f"no text of {entry[0]}, {entry[1]}, known on {entry[2]}, names {entry[3]}"


def _listed(tables: Tables) -> list[tuple[str, str, str, str]]:
    rows = each(tables["days_ahead"], _Ahead) if "days_ahead" in tables else ()
    return [(row.table, row.key, f"{row.row_known_on:%Y-%m-%d}", row.day) for row in rows]


class _Ahead(NamedTuple):
    table: str
    key: str
    row_known_on: pd.Timestamp
    day: str


@rule()
def nothing_is_known_after_the_evidence_ends(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """No row became known after the day on which the evidence of its table ends.

    For a new edition move tradelib:evidence_through in data/datapackage.json to the last day that was looked through.
    """
    for name, table in tables.frames.items():
        resource = tables.resources[name]
        known_on = resource.get("tradelib:known_on")
        if known_on:
            through = pd.Timestamp(resource.get("tradelib:evidence_through", tables.package["tradelib:evidence_through"]))
            yield from where(name, table, table[known_on] > through, known_on)
            if "vintage_on" in table:
                yield from where(name, table, (table["vintage_on"] > through) & (table[known_on] <= through), "vintage_on")


@rule("events", "tariff_steps")
def the_edition_ends_where_its_evidence_does(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """The evidence of an edition ends at most 14 days after the last event or legal text that it holds.

    A later end would say that nothing happened since. If days without news were looked through, record that as an event's absence in
    CHANGELOG.md and end earlier.
    """
    last = max(tables["events"]["published_on"].max(), tables["tariff_steps"]["announced_on"].max())
    through = pd.Timestamp(tables.package["tradelib:evidence_through"])
    if through - last > pd.Timedelta(days=14):
        yield "events", -1, f"the edition ends on {through:%Y-%m-%d}, and the last event or text is of {last:%Y-%m-%d}"


@rule()
def a_value_is_published_after_its_period_began(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A statistic is published after its period began, and a vintage is not older than the publication."""
    for name, table in tables.frames.items():
        if tables.resources[name].get("tradelib:kind") != "statistics":
            continue
        yield from where(name, table, table["vintage_on"] < table["published_on"], "published_on", "vintage_on")
        if pd.api.types.is_datetime64_any_dtype(table["period"]):
            yield from where(name, table, table["published_on"] <= table["period"], "period", "published_on")
            yield from where(name, table, table["period"].dt.day.ne(1), "period")


_AHEAD = frozenset({"escalation", "relief", "statement", "talks", "threat", "hearing", "summit", "extension", "agreement"})


@rule("events")
def only_what_can_be_announced_is_known_ahead(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """A ruling, a call, an accusation or a release is known when it has happened; what is only announced is an event of another kind.

    No event is announced more than eight months ahead, or becomes known more than 60 days after it began.
    """
    table = tables["events"]
    ahead = table["starts_on"] - table["published_on"]
    early = ~table["kind"].isin(_AHEAD) & (ahead > _ONE_DAY)
    far = (ahead > pd.Timedelta(days=250)) | (ahead < pd.Timedelta(days=-60))
    yield from where("events", table, early | far, "kind", "published_on", "starts_on")


@rule("events")
def an_event_does_not_end_before_it_starts(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """An event ends on the day it starts, or at most two weeks later; its name gives that day, or an earlier one of publication."""
    table = tables["events"]
    lasts = table["ends_on"] - table["starts_on"]
    named = pd.to_datetime(table["event_id"].str.slice(2, 10), format="%Y%m%d", errors="coerce")
    ahead = named.eq(table["published_on"]) & (table["starts_on"] > named)
    other = ((named - table["starts_on"]).abs() > _ONE_DAY) & ~ahead
    wrong = (lasts < pd.Timedelta(0)) | (lasts > pd.Timedelta(days=14)) | other
    yield from where("events", table, wrong, "event_id", "starts_on", "ends_on")


# What two rows of a ledger cannot have in common without being one fact.
_ONE_FACT = {
    "events": ["published_on", "title"],
    "evidence": ["commitment_id", "observed_on", "observation"],
    "nontariff_steps": ["what", "announced_on", "effective_on"],
    "commitments": ["announced_on", "what", "party"],
    "proposals": ["announced_on", "what"],
    "claims": ["published_on", "claim"],
    "benchmarks": ["publisher", "importer", "measure", "family", "on", "published_on"],
}


@rule()
def a_fact_is_typed_once(tables: Tables) -> Iterator[tuple[str, int, str]]:
    """One fact is one row: a row that says the same of the same day under another name is taken out."""
    for name, columns in _ONE_FACT.items():
        if name in tables:
            yield from where(name, tables[name], tables[name].duplicated(columns), *columns)
