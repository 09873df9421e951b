"""When a row is held back for a person; the bounds were calibrated on the rows held in November 2026.

No bound on tonnes but sign and unit: exports of magnets rose 7.7-fold and imports of soybeans 4,057-fold from one month to the next, and
a bound would have held back the truth.
"""

import statistics
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tradelib.refresh.compare import NEW, Change
from tradelib.refresh.ledger import Row, Table, day

# All months held of the headline series lie between 0.38 and 1.71 times the median of the twelve months before.
LOWEST, HIGHEST = Decimal("0.30"), Decimal("2.0")
# The largest revision held of a headline value is 4.2 per cent (Korea).
LARGEST_REVISION = Decimal("0.05")
SLIP = Decimal("0.02")
_FACTORS = tuple(Decimal(10) ** power for power in (-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6))
_ENOUGH = 6
# Values whose level and revisions are bounded; duties by partner are revised by up to 74 per cent, and are not.
_BOUNDED = {"statistics": "value", "duties_by_partner": "customs_value_usd"}


@dataclass(frozen=True)
class Nature:
    """What a value is.

    Attributes
    ----------
    unit : such as usd, tonnes, fraction.
    monthly : its period is a month, and no year or sum to date.
    balance : it may have either sign.
    chinese : January and February are released as one.
    """

    unit: str
    monthly: bool
    balance: bool
    chinese: bool


def reasons(change: Change, table: Table, nature: Nature) -> list[str]:
    """Why a row should not be appended before a person has looked at it; none if nothing is strange.

    Parameters
    ----------
    change : the row, and what was held before it.
    table : the rows held, those that this run appends included.
    nature : what its values are.
    """
    unit, balance = nature.unit, nature.balance
    found = list(change.observation.doubts) + list(change.reasons)
    before = _before(change, table)
    found += _order(change, table)
    found += _gap(change, before, chinese=nature.chinese)
    for name, value in change.observation.values:
        if unit == "fraction" or name.endswith("_frac"):
            continue
        if value < 0 and not balance:
            found.append(f"{name} is negative: {value}")
        found += _zero(value, name, before)
        reference = change.before if change.before is not None else (before[-1] if before else None)
        found += _factor(value, name, reference)
        if change.kind == NEW and unit == "usd" and nature.monthly and not balance and table.name == "statistics":
            found += _level(value, name, before)
        if change.kind != NEW and unit == "usd" and _BOUNDED.get(table.name) == name:
            found += _revision(value, name, change.before)
    return list(dict.fromkeys(found))


def _before(change: Change, table: Table) -> list[Row]:
    """The newest row of each earlier period of the same series, the newest last."""
    at = table.key_columns.index("period")
    key = change.observation.key
    others = [other for other in table.by_key if other[:at] + other[at + 1 :] == key[:at] + key[at + 1 :] and other[at] < key[at]]
    return [table.by_key[other][-1] for other in sorted(others, key=lambda other: other[at])]


def _level(value: Decimal, name: str, before: list[Row]) -> list[str]:
    last = [Decimal(row[name]) for row in before[-12:] if row[name]]
    if len(last) < _ENOUGH:
        return []
    middle = statistics.median(last)
    if middle > 0 and not LOWEST <= value / middle <= HIGHEST:
        return [f"{value / middle:.2f} times the median of the last {len(last)} months; {LOWEST} to {HIGHEST} is usual"]
    return []


def _revision(value: Decimal, name: str, before: Row | None) -> list[str]:
    cell = before[name] if before is not None else ""
    held = Decimal(cell) if cell else Decimal(0)
    if held and abs(value / held - 1) > LARGEST_REVISION:
        return [f"revised by {float(value / held - 1):+.1%} from {cell}; more than {LARGEST_REVISION:.0%} has not been seen"]
    return []


def _factor(value: Decimal, name: str, reference: Row | None) -> list[str]:
    held = Decimal(reference[name]) if reference is not None and reference[name] else Decimal(0)
    if not held or not value:
        return []
    ratio = value / held
    slips = [factor for factor in _FACTORS if abs(ratio / factor - 1) <= SLIP]
    return [f"about {slips[0].normalize():f} times the value before it: the unit may have slipped"] if slips else []


def _zero(value: Decimal, name: str, before: list[Row]) -> list[str]:
    if value == 0 and len(before) >= _ENOUGH and all(Decimal(row[name] or 0) != 0 for row in before):
        return ["zero, which this series never was: the period may not be out yet"]
    return []


def _gap(change: Change, before: list[Row], *, chinese: bool) -> list[str]:
    period = change.row["period"]
    if change.kind != NEW or not before or len(period) != len("2026-01-01"):
        return []
    missing = months_between(day(before[-1]["period"]), day(period))
    if chinese:
        missing = [month for month in missing if month.month not in {1, 2}]
    return [f"does not follow the last period held, {before[-1]['period'][:7]}: a month between is missing"] if missing else []


def _order(change: Change, table: Table) -> list[str]:
    row, found = change.row, []
    if len(row.get("period", "")) == len("2026-01-01"):
        period = day(row["period"])
        ends = date(period.year + period.month // 12, period.month % 12 + 1, 1)
        if day(row["published_on"]) < ends:
            found.append(f"published on {row['published_on']}, before its period ends: a wrong clock or a wrong calendar")
    fetched = change.observation.fetched_on.isoformat()
    if row["published_on"] > fetched:
        found.append(f"seen on {fetched}, before its day, {row['published_on']}: a wrong clock, or the calendar was changed")
    if row["vintage_on"] < row["published_on"]:
        found.append(f"current on {row['vintage_on']}, before it was published on {row['published_on']}")
    if any(item["vintage_on"] == row["vintage_on"] for item in table.by_key.get(change.observation.key, [])) and not change.reasons:
        found.append("another value of the same day is held")
    return found


def months_between(first: date, last: date) -> list[date]:
    """Months after one and before another, as their first days."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return [add_months(first, number) for number in range(1, count)]


def add_months(period: date, count: int) -> date:
    """First day of the month so many months later."""
    months = period.year * 12 + period.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)
