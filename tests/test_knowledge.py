"""Words of the data may not know anything later than their own row.

A later day may stand in a text only where the text itself announces it: an effective day, a deadline, a meeting. Each such day was read
and is listed in `days_announced_ahead.csv`; a new one fails here until somebody has read it.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from tradelib import catalogue, wording

LISTED = Path(__file__).parent / "days_announced_ahead.csv"
TABLES = {
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
NAMES = [wording.month(pd.Timestamp(2000, number, 1)).split()[0] for number in range(1, 13)]
PATTERNS = [
    re.compile(rf"\b\d{{1,2}} (?:{'|'.join(name[:3] for name in NAMES)})[a-z]* \d{{4}}\b"),
    re.compile(rf"(?<!\d )\b(?:{'|'.join(NAMES)}) \d{{4}}\b"),
    re.compile(r"\b\d{4}-\d{2}-\d{2}\b"),
]
YEAR = re.compile(r"\b20[12]\d\b")


def later_days(text: str, known_on: pd.Timestamp) -> Iterator[str]:
    """Days, months and years written in a text that lie after a day."""
    for pattern in PATTERNS:
        for found in pattern.findall(text):
            if pd.Timestamp(found) > known_on:
                yield found
    rest = text
    for pattern in PATTERNS:
        rest = pattern.sub("", rest)
    yield from (found for found in YEAR.findall(rest) if int(found) > known_on.year)


def test_a_text_that_knows_too_much_is_found() -> None:
    day = pd.Timestamp("2025-04-04")
    assert list(later_days("not suspended by the November 2025 deal", day)) == ["November 2025"]
    assert list(later_days("withdrawn on 12 May 2025; see 2026-01-02, and again in 2027", day)) == ["12 May 2025", "2026-01-02", "2027"]
    assert list(later_days("from 2 April 2025, announced on 31 Mar 2025, in 2024", day)) == []


@pytest.mark.parametrize("table", TABLES)
def test_texts_name_later_days_only_where_they_announce_them(table: str) -> None:
    with LISTED.open(encoding="utf-8", newline="") as file:
        listed = {tuple(row) for row in csv.reader(file)}
    key, known_on = TABLES[table]
    rows = catalogue.load(table, as_of="latest")
    texts = [name for name in rows.select_dtypes("str") if name not in {"url", "other_sources", key}]
    for row in rows.to_dict("records"):
        for name in texts:
            for found in later_days(row[name], row[known_on]):
                entry = (table, row[key], f"{row[known_on]:%Y-%m-%d}", found)
                assert entry in listed, f"{name} of {entry[:3]} names {found}: {row[name]}"


def test_the_list_holds_no_entry_that_is_no_longer_needed() -> None:
    needed = set()
    for table, (key, known_on) in TABLES.items():
        rows = catalogue.load(table, as_of="latest")
        for row in rows.to_dict("records"):
            for name in rows.select_dtypes("str"):
                needed |= {(table, row[key], f"{row[known_on]:%Y-%m-%d}", found) for found in later_days(str(row[name]), row[known_on])}
    with LISTED.open(encoding="utf-8", newline="") as file:
        assert {tuple(row) for row in csv.reader(file)} <= needed | {("table", "key", "known_on", "day")}
