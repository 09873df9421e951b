"""The rule on the table of corrections: what one names is there, and what was taken out is gone, as the newest of a row says."""

import pandas as pd
import pytest

from tradelib.checks.corrections import a_correction_names_its_row
from tradelib.checks.rule import Tables

HELD, GONE = "event_id=A; published_on=2025-05-12", "event_id=B; published_on=2025-05-12"
EVENTS = pd.DataFrame({"event_id": ["A"], "published_on": pd.to_datetime(["2025-05-12"]), "title": ["Geneva"]})
RESOURCE = {"schema": {"primaryKey": ["event_id", "published_on"]}}


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ([("events", HELD, "title")], []),
        ([("events", HELD, "titel")], [0]),
        ([("events", GONE, "title")], [0]),
        ([("evnts", HELD, "title")], [0]),
        ([("claims", HELD, "title")], []),  # a table that could not be read, which is told elsewhere
        ([("events", GONE, "")], []),
        ([("events", HELD, "")], [0]),
        ([("events", GONE, "title"), ("events", GONE, "")], []),
        ([("events", HELD, ""), ("events", HELD, "title")], []),
        ([("events", HELD, "title"), ("events", HELD, "")], [1]),
    ],
)
def test_the_newest_correction_of_a_row_fits_what_is_held(listed: list[tuple[str, str, str]], found: list[int]) -> None:
    """Each of a list is a day younger than the one before."""
    corrections = pd.DataFrame(listed, columns=["table", "row", "column"])
    corrections["corrected_on"] = pd.date_range("2026-11-01", periods=len(listed))
    tables = Tables({"events": EVENTS, "corrections": corrections}, {"events": RESOURCE, "claims": RESOURCE}, {})
    assert [position for _, position, _ in a_correction_names_its_row(tables)] == found
