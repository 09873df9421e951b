"""USITC, Harmonized Tariff Schedule: that a revision is out, and its file while it can be had; nothing is read from it.

The file is always that of the current revision, whatever is asked; once it is replaced it cannot be had any more.
"""

import json
from datetime import datetime

from tradelib.refresh.errors import LayoutError, RefreshError
from tradelib.refresh.observations import Candidate, Found
from tradelib.refresh.raw import Asker, Question, Raw
from tradelib.refresh.state import State

NAME = "hts"
FEWEST_ROWS = 30_000
FILE_CAP = 60_000_000


def gather(ask: Asker, state: State, found: Found) -> None:
    """The current revision as a candidate, and its file among the answers kept."""
    address = state.addresses["hts"]
    before = current(ask(Question(NAME, f"{address}/reststop/releaseList", expect="json")))
    found.candidates.append(before)
    export = (("from", "0101"), ("to", "9999"), ("format", "JSON"), ("styles", "false"))
    try:
        raw = ask(Question(NAME, f"{address}/reststop/exportList", export, expect="json", cap=FILE_CAP))
        rows = json.loads(raw.content)
        after = current(ask(Question(NAME, f"{address}/reststop/releaseList", (("after", "export"),), expect="json")))
    except RefreshError as error:
        found.fail(error)
        return
    except ValueError:
        found.failures.append(f"the file of {before.title} was cut; do not rely on it.")
        return
    if len(rows) < FEWEST_ROWS or after.number != before.number:
        found.failures.append(f"the file of {before.title} has {len(rows):,} rows, or the revision changed meanwhile; do not rely on it.")


def current(raw: Raw) -> Candidate:
    """The current revision in the list of releases: its name, and the day it was published, which is not that of any effect.

    Raises
    ------
    LayoutError : the list names no current one.
    """
    try:
        item = next(item for item in json.loads(raw.content) if item["status"] == "current")
        when = datetime.strptime(item["releaseStartDate"], "%m/%d/%Y").date()  # noqa: DTZ007, a day
        return Candidate(
            NAME, when, f"{item['title']} of the Harmonized Tariff Schedule is out", "https://hts.usitc.gov/", raw.sha256, item["name"]
        )
    except (ValueError, KeyError, TypeError, StopIteration):
        message = "hts.usitc.gov: the list of releases names no current one. The layout has changed."
        raise LayoutError(message) from None
