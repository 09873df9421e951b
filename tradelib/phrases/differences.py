"""How far two figures of the same months stand apart, in sentences; a row of `trade.differences` says each."""

import pandas as pd

from tradelib import wording
from tradelib.show.display import Row
from tradelib.tariffs import Excess

MONTH, PERCENT = wording.month, wording.percent


def growth(rows: list[Row]) -> str:
    """China's growth as first published, beside its levels as known now: of a month, or of the year to date."""
    parts = [
        f"in {row.alike} of {row.months} for {row.flow} (from {_side(row.lowest_frac)} in {MONTH(row.lowest_on)} to "
        f"{_side(row.highest_frac)} in {MONTH(row.highest_on)})"
        for row in rows
    ]
    if rows[0].what == "year_to_date":
        return f"Growth of the year to date, as first published, agrees with the sums of the months {wording.listing(parts)}."
    return (
        "China's customs publish growth beside the levels, and revise the levels later. Growth as first published agrees to 0.1 points "
        f"with the levels we have now {wording.listing(parts)}."
    )


def revision(row: Row) -> str:
    """How far months of US imports were revised."""
    head = f"Of {wording.count(row.months, 'month')} of US imports from China that we have in more than one release, "
    if row.alike == row.months:
        return f"{head}none was revised by more than 0.1%."
    ends = {row.lowest_on: row.lowest_frac, row.highest_on: row.highest_frac}
    largest = wording.listing(f"{PERCENT(change, signed=True)} ({MONTH(month)})" for month, change in ends.items())
    return (
        f"{head}{row.above} were revised up by more than 0.1% and {row.below} down; the largest "
        f"{'changes are' if len(ends) > 1 else 'change is'} {largest}."
    )


def count(row: Row) -> str:
    """General imports beside imports for consumption."""
    return (
        "General imports count goods when they arrive, imports for consumption when they clear customs, which is when tariffs are due. "
        f"General imports were more than 0.1% larger in {row.above} of {row.months} months, most in {MONTH(row.highest_on)} "
        f"({PERCENT(row.highest_frac)}), and smaller in {row.below}, most in {MONTH(row.lowest_on)} ({PERCENT(-row.lowest_frac)})."
    )


def mirror(row: Row, larger: pd.Series) -> str:
    """US imports beside China's exports; `larger` are the months in which the first were the larger."""
    names = f": {wording.listing(map(MONTH, larger))}" if len(larger) else ""
    least = f" They fell short of them most in {MONTH(row.lowest_on)}, by {PERCENT(-row.lowest_frac)}." if row.lowest_frac < 0 else ""
    return f"US imports from China exceed China's exports to the United States in {len(larger)} of {row.months} months{names}.{least}"


def excess(found: Excess) -> str:
    """When more was collected than the law said, by the last day of the month and by the mean of its days."""
    if not found.last_day:
        return f"In none of {wording.count(found.months, 'month')} was more collected than the law's average of the month's last day."
    mean = f", by at most {_points(found.mean_frac)} ({MONTH(found.mean_on)})" if found.mean else ""
    return (
        f"More was collected than the law's average of the month's last day in {found.last_day} of {found.months} months, most in "
        f"{MONTH(found.last_day_on)}, by {_points(found.last_day_frac)}: a rate that changes within a month is not that of the month. "
        f"Against the mean of the days it was more in {found.mean}{mean}."
    )


def _points(fraction: float) -> str:
    return f"{wording.number(100 * abs(fraction), trim=False)} points"


def _side(fraction: float) -> str:
    return f"{_points(fraction)} {'above' if fraction > 0 else 'below'}"
