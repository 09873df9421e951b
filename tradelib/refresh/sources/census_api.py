"""US Census Bureau, API of trade: duties on imports from China by industry. It needs a key, and was never asked by us.

Without a key the server sends to a page; all cells are text; groups of countries stand beside countries; nothing (204) may mean that a
month is not out; and a question that is too large ends in 500, and is split.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from tradelib.refresh.calendars import CENSUS, FT900
from tradelib.refresh.errors import AgainError, LayoutError
from tradelib.refresh.ledger import Row
from tradelib.refresh.observations import Found, Observation, number
from tradelib.refresh.raw import Asker, Question, Raw
from tradelib.refresh.secrets import secret
from tradelib.refresh.state import State

NAME = "census_api"
VARIABLE = "CENSUS_API_KEY"
SERIES = frozenset({"duties_china"})
CHINA, ALL = "5700", "-"
_VALUES = {"customs_value_usd": "CON_VAL_MO", "calculated_duty_usd": "CAL_DUT_MO"}
_DEEPEST = 4
_SERVER_ERROR = 500


def gather(ask: Asker, state: State, found: Found) -> None:
    """Customs value and calculated duty of each industry, for the months that are out and not held."""
    key = secret(VARIABLE, state.environment)
    if key is None and ask.client is not None:
        found.waiting.append(f"set {VARIABLE} (api.census.gov/data/key_signup.html) for the duties on China by industry")
        return
    if not state.ledger.has("duties_china"):
        return
    last = max(row["period"] for row in state.ledger.table("duties_china").rows)
    for period in state.months_due(CENSUS, FT900, last):
        if state.since and period < state.since:
            continue
        asked = {"time": f"{period:%Y-%m}", "COMM_LVL": "NA3", "SUMMARY_LVL": "DET", "CTY_CODE": CHINA}

        def question(code: str, asked: Mapping[str, str] = asked) -> Question:
            params = {"get": ",".join(_VALUES.values()), **asked, "NAICS": f"{code}*"}
            address = f"{state.addresses['census_api']}/data/timeseries/intltrade/imports/naics"
            return Question(NAME, address, tuple(params.items()), expect="json", secret=("?key", key) if key else None)

        answers = split(ask, question)
        rows = [(row, raw) for raw in answers for row in read(raw, asked, ("NAICS", *_VALUES.values()), found.remarks)]
        if not rows:
            found.waiting.append(f"{period:%B %Y} is not out yet")
        found.add([_observation(row, raw, period, state) for row, raw in rows])


def split(ask: Callable[[Question], Raw], question: Callable[[str], Question], code: str = "") -> list[Raw]:
    """Answers to a question on all codes that begin so; one that is too large for the server is asked digit by digit, all parts or none."""
    try:
        return [ask(question(code))]
    except AgainError as error:
        if error.status != _SERVER_ERROR or len(code) >= _DEEPEST:
            raise
    return [raw for digit in "0123456789" for raw in split(ask, question, code + digit)]


def read(raw: Raw, asked: Mapping[str, str], wanted: tuple[str, ...], remarks: list[str]) -> list[Row]:
    """Rows of an answer by the names of its columns; none for 204.

    Raises
    ------
    LayoutError : the answer was cut, lacks a column, or is to another question.
    """
    if raw.empty:
        return []
    try:
        head, *lines = json.loads(raw.content)
        rows = [dict(zip(head, line, strict=True)) for line in lines]
    except (ValueError, TypeError):
        message = "api.census.gov: the answer is no list of rows; it was cut, or the layout has changed."
        raise LayoutError(message) from None
    missing = [name for name in wanted if name not in head]
    if missing:
        message = f"api.census.gov: the answer lacks the column {missing[0]!r} (it has: {', '.join(head)}). The layout has changed."
        raise LayoutError(message)
    for name, value in asked.items():
        strange = [row[name] for row in rows if name in row and row[name] != value]
        if strange:
            message = f"api.census.gov: {name}={value} was asked for, and {strange[0]!r} came. Nothing was taken from this answer."
            raise LayoutError(message)
    extra = [name for name in head if name not in wanted and name not in asked]
    remark = f"the answer has columns that were not known: {', '.join(extra)}; they were not read"
    if extra and remark not in remarks:
        remarks.append(remark)
    return rows


def by_country(rows: list[Row], column: str) -> dict[str, Decimal]:
    """Values of single countries; groups of countries are left out, and the sum is held against that of all.

    Raises
    ------
    LayoutError : the countries do not add up to the total that stands beside them.
    """
    detail = [row for row in rows if row["SUMMARY_LVL"] == "DET"]
    found = {row["CTY_CODE"]: number(row[column], where=column) for row in detail if row["CTY_CODE"] != ALL}
    total = next((number(row[column], where=column) for row in detail if row["CTY_CODE"] == ALL), None)
    if total is not None and sum(found.values()) != total:
        message = f"api.census.gov: the countries come to {sum(found.values()):f}, and the total is {total:f}. Nothing was taken."
        raise LayoutError(message)
    return found


def _observation(row: Row, raw: Raw, period: date, state: State) -> Observation:
    named = state.calendar.named(CENSUS, FT900, period.isoformat())
    values = tuple((ours, number(row[theirs], where=f"{theirs} of {row['NAICS']}")) for ours, theirs in _VALUES.items())
    return Observation(
        table="duties_china",
        key=(period.isoformat(), row["NAICS"]),
        values=values,
        quantum=Decimal(1),
        fetched_on=raw.day,
        raw=raw.sha256,
        source="US Census Bureau, imports for consumption",
        published_on=named,
        basis="calendar" if named else "",
    )
