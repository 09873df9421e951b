"""UN Comtrade: trade of the United States with China by heading and year, as the US reports it. It needs a key, and was never asked by us.

Its data may not be passed on as such: they go into the home of whoever asks. A wrong parameter is answered with nothing, and an answer of
exactly 100,000 rows was cut; so everything is asked for by name, and counted.
"""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from tradelib.refresh.errors import LayoutError, RefreshError
from tradelib.refresh.ledger import day
from tradelib.refresh.observations import Found, Observation, number
from tradelib.refresh.raw import Asker, Question, Raw
from tradelib.refresh.secrets import secret
from tradelib.refresh.state import State

NAME = "comtrade"
VARIABLE = "COMTRADE_API_KEY"
TABLE = "us_china_goods_by_heading"
SERIES = frozenset({TABLE})
MOST = 100_000
FLOWS = {"X": "exports_fas", "M": "imports_cif"}
_US, _CHINA = "842", "156"


def gather(ask: Asker, state: State, found: Found) -> None:
    """Years that are released and not held, or released again since."""
    key = secret(VARIABLE, state.environment)
    if key is None and ask.client is not None:
        found.waiting.append(f"set {VARIABLE} (comtradeplus.un.org) for trade by heading")
        return
    if not state.ledger.has(TABLE):
        return
    base = state.addresses["comtrade"]
    for year in range(state.today.year - 2, state.today.year):
        about = (("reportercode", _US), ("period", str(year)))
        released = read_availability(ask(Question(NAME, f"{base}/public/v1/getDa/C/A/HS", about, expect="json")), year)
        if released is None:
            found.waiting.append(f"the year {year} of the United States is not out yet")
            continue
        held = [row["vintage_on"] for row in state.ledger.table(TABLE).rows if row["period"] == f"{year}-01-01"]
        if held and max(held) >= released[1].isoformat():
            continue  # nothing was released since what is held
        for flow, name in FLOWS.items():
            params = {
                "reporterCode": _US, "partnerCode": _CHINA, "partner2Code": "0", "motCode": "0", "customsCode": "C00", "flowCode": flow,
                "cmdCode": "AG4", "period": str(year),
            }  # fmt: skip
            asked = Question(
                NAME,
                f"{base}/data/v1/get/C/A/HS",
                tuple(params.items()),
                expect="json",
                secret=("Ocp-Apim-Subscription-Key", key) if key else None,
            )
            found.add(observations(ask(asked), params, name, released))


def read_availability(raw: Raw, year: int) -> tuple[date, date] | None:
    """First and last day of release of a year; None if it is not released.

    Raises
    ------
    LayoutError : the answer has another shape.
    """
    try:
        answer = json.loads(raw.content)
        items = answer["data"] if isinstance(answer, dict) else answer
        found = next((item for item in items if str(item["period"]) == str(year) and str(item["reporterCode"]) == _US), None)
        return found and (day(found["firstReleased"][:10]), day(found["lastReleased"][:10]))
    except (ValueError, KeyError, TypeError):
        message = "comtradeapi.un.org: the list of what is released has another shape. The layout has changed."
        raise LayoutError(message) from None


def observations(raw: Raw, asked: dict[str, str], flow: str, released: tuple[date, date]) -> list[Observation]:
    """Values by heading of one flow and year."""
    made = []
    for item in read(raw, asked):
        made.append(
            Observation(
                table=TABLE,
                key=(flow, f"{asked['period']}-01-01", str(item["cmdCode"])),
                values=(("value_usd", number(str(item["primaryValue"]), where=f"heading {item['cmdCode']}")),),
                quantum=Decimal(1),
                fetched_on=raw.day,
                raw=raw.sha256,
                source="UN Comtrade",
                published_on=released[0],
                basis="observed",
                vintage_on=max(released[1], raw.day),
            )
        )
    return made


def read(raw: Raw, asked: dict[str, str]) -> list[dict[str, Any]]:
    """Rows of an answer that is whole and to the question.

    Raises
    ------
    RefreshError : nothing came, the answer was cut, or holds what was not asked for.
    """
    try:
        answer = json.loads(raw.content)
        rows: list[dict[str, Any]] = answer["data"]
        count, words = answer["count"], answer.get("error") or ""
    except (ValueError, KeyError, TypeError):
        message = "comtradeapi.un.org: the answer was cut, or the layout has changed."
        raise LayoutError(message) from None
    if words:
        message = f"comtradeapi.un.org: {words}"
        raise RefreshError(message)
    if not count or not rows:
        message = "comtradeapi.un.org answered with nothing, as it does to a wrong question. The parameters may have changed."
        raise RefreshError(message)
    if len(rows) >= MOST or count != len(rows):
        message = f"comtradeapi.un.org: {len(rows):,} rows came of {count:,}; {MOST:,} is where answers are cut. Nothing was taken."
        raise RefreshError(message)
    for name in ("reporterCode", "partnerCode", "partner2Code", "motCode", "customsCode", "flowCode", "period"):
        strange = [row.get(name) for row in rows if str(row.get(name)) != asked[name]]
        if strange:
            message = f"comtradeapi.un.org: {name}={asked[name]} was asked for, and {strange[0]!r} came. Rows would be counted twice."
            raise LayoutError(message)
    return rows
