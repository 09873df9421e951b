"""When the next figures are due: by the calendar, else as a year before, else by the usual delay."""

from datetime import date

import pandas as pd
import pytest
from refresh_samples import base, clock, no_other_socket, small_edition, statistic, where, world

from tradelib import catalogue, trade
from tradelib.catalogue import home
from tradelib.refresh import calendars
from tradelib.refresh.errors import LayoutError
from tradelib.refresh.ledger import Ledger
from tradelib.trade import statistics

GACC, CENSUS = calendars.GACC, calendars.CENSUS


def held(days: dict[str, str], basis: str = "observed") -> pd.DataFrame:
    frame = pd.DataFrame({"period": list(days), "published_on": list(days.values()), "published_basis": basis})
    return frame.astype({"period": "datetime64[us]", "published_on": "datetime64[us]"})


def calendar(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["publisher", "release", "period", "due_on"])
    return frame.astype({"period": "datetime64[us]", "due_on": "datetime64[us]"})


def test_the_calendar_comes_first_then_the_year_before_then_the_delay() -> None:
    month = pd.Timestamp("2026-09-01")
    seen = held({"2025-09-01": "2025-10-13", "2026-06-01": "2026-07-14", "2026-07-01": "2026-08-07", "2026-08-01": "2026-09-08"})
    named = calendar((GACC, "flash", "2026-09-01", "2026-10-14"), (GACC, "bulletin", "2026-09-01", "2026-10-18"))
    assert statistics.next_release(seen, month, named, GACC, "flash") == (pd.Timestamp("2026-10-14"), "calendar")
    assert statistics.next_release(seen, month, calendar(), GACC, "flash") == (pd.Timestamp("2026-10-13"), "year before")
    late = statistics.next_release(seen.iloc[1:], month, calendar(), GACC, "flash")
    assert late == (pd.Timestamp("2026-10-08"), "median delay")
    assert statistics.next_release(seen.iloc[2:], month, calendar(), GACC, "flash")[1] == ""
    assert statistics.next_release(seen.assign(published_basis="bound"), month, calendar(), GACC, "flash")[1] == ""


def test_a_calendar_counts_from_the_day_it_was_known() -> None:
    assert statistics.release_days(as_of="2025-01-12").empty
    of_2025 = statistics.release_days(as_of="2025-06-09")
    assert set(of_2025["publisher"]) == {GACC}
    assert set(statistics.release_days(as_of="2026-10-09")["publisher"]) == {GACC, CENSUS}
    rows = trade.releases(as_of="2025-06-09", series=["china_exports_yoy_frac", "us_exports_to_china_usd"]).set_index("series_id")
    assert rows.loc["china_exports_yoy_frac", ["next_usual_on", "next_basis"]].tolist() == [pd.Timestamp("2025-07-14"), "calendar"]
    assert rows.loc["us_exports_to_china_usd", "next_basis"] == "year before"


def test_the_held_days_of_the_calendars_are_those_on_which_figures_came() -> None:
    """China's eleven releases of 2025, and those of FT-900 in 2026: no figure is held with another day than its calendar named."""
    days = catalogue.load("release_days").set_index(["publisher", "release", "period"])["due_on"]
    table = catalogue.load("statistics")
    seen = table[table["published_basis"].eq("observed") & table["series_id"].isin(["china_exports_yoy_frac", "us_imports_from_china_usd"])]
    compared = 0
    for row in seen.itertuples():
        key = (GACC, "flash", row.period) if row.series_id.startswith("china") else (CENSUS, "FT-900", row.period)
        if key in days.index:
            compared += 1
            assert row.published_on == days[key], key
    assert compared > 10


def test_the_year_before_is_nearer_than_the_delay() -> None:
    """China's releases of 2024 and 2025, guessed by both rules from what was held before: 1.1 days off against 4.4 when it was measured."""
    table = catalogue.load("statistics")
    rows = table[table["series_id"].eq("china_exports_yoy_frac") & table["published_basis"].eq("observed")]
    rows = rows.sort_values("vintage_on").drop_duplicates("period").sort_values("period")
    off: dict[str, list[int]] = {"year before": [], "median delay": []}
    for row in rows[rows["period"].between("2024-03-01", "2025-12-01")].itertuples():
        before = rows[rows["published_on"] < row.published_on]
        other = before[before["period"].ne(row.period - pd.DateOffset(years=1))]
        for basis, known in (("year before", before), ("median delay", other)):
            day, got = statistics.next_release(known, row.period, calendar(), GACC, "flash")
            if got == basis:
                off[basis].append(abs((day - row.published_on).days))
    means = {basis: sum(days) / len(days) for basis, days in off.items()}
    assert means["year before"] < 2
    assert means["median delay"] > means["year before"]


def test_the_feed_of_bea_gives_periods_from_days_that_are_known() -> None:
    known = calendars.Calendar(Ledger(home.edition_folder()).reference("release_days"))
    instants = ["2026-11-04T13:30:00+00:00", "2026-12-08T13:30:00+00:00", "2027-01-07T13:30:00+00:00", "2027-02-05T13:30:00+00:00"]
    assert known.add_instants(instants, "2026-11-29") == 2
    assert known.named(CENSUS, "FT-900", "2026-11-01") == date(2027, 1, 7)
    assert known.named(CENSUS, "FT-900", "2026-12-01") == date(2027, 2, 5)
    assert known.seen_on[CENSUS, "FT-900"] == "2026-11-29"
    with pytest.raises(LayoutError, match="no release day of FT-900 is one that is known"):
        known.add_instants(["2031-01-01T13:30:00+00:00"], "2026-11-29")


def test_a_series_that_ended_is_not_due_and_january_of_china_never_is(tmp_path: object) -> None:
    rows = [
        statistic("us_soybean_exports_to_china_usd", "2020-12-01", "1", "2021-02-05"),
        statistic("china_exports_usd", "2025-11-01", "1", "2025-12-08"),
        statistic("china_exports_usd", "2025-02-01", "1", "2025-03-07"),
        statistic("china_exports_usd", "2024-12-01", "1", "2025-01-13"),
        statistic("china_exports_usd", "2025-01-01", "1", "2025-03-07"),
    ]
    ledger = Ledger(small_edition(tmp_path / "edition", {"statistics": rows}))
    late, ahead = calendars.due(ledger, calendars.Calendar(ledger.reference("release_days")), date(2026, 3, 8), frozenset())
    assert [(item.what, item.periods) for item in late] == [(("china_exports_usd",), ("2025-12-01", "2026-02-01"))]
    assert all("soybean" not in item.what[0] for item in [*late, *ahead])
