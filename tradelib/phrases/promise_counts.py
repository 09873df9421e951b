"""How many promises stand how."""

from collections.abc import Mapping
from datetime import date

from tradelib import sides, wording
from tradelib.show.display import Fact
from tradelib.truce import STATUSES, PromiseCount

_STATUS_WORDS = {"partly": "kept in part", "scheduled": "scheduled in law"}
_IN_A_ROW = {**_STATUS_WORDS, "scheduled": "in law for a later day", "no evidence": "without evidence"}
_ALL = {1: "", 2: "both "}


def status_words(status: str) -> str:
    """A status as pages name it."""
    return _STATUS_WORDS.get(status, status)


def listing(count: PromiseCount) -> str:
    """How many have which status, after their number; those with none are left out, and one that all have is said once."""
    parts = [(count.by_status[status], _IN_A_ROW.get(status, status)) for status in STATUSES if count.by_status.get(status)]
    if len(parts) == 1:
        number, words = parts[0]
        return f", {_ALL.get(number, 'all ')}{words}"
    return f": {wording.listing(f'{number} {words}' for number, words in parts)}"


def message(count: PromiseCount) -> str:
    """How the promises stand; empty before there are any."""
    return f"The two sides have made {wording.count(count.total, 'promise')}{listing(count)}" if count.total else ""


def fact(count: PromiseCount) -> list[Fact]:
    """Key number: how many are kept; none before there are any."""
    in_law = "all" if 1 < count.kept == count.kept_by_text else count.kept_by_text
    words = f"promises kept, {in_law} of them in law" if count.kept else "promises kept"
    words += f"; {count.scheduled} {'more ' if count.kept else ''}in law for a later day" if count.scheduled else ""
    return [Fact(f"{count.kept} of {count.total}", words)] if count.total else []


def chapter(count: PromiseCount) -> str:
    """The promises of one agreement, after what it says; empty where it has none."""
    return f" {wording.count(count.total, 'promise')}{listing(count)}." if count.total else ""


def sentences(count: PromiseCount, parties: Mapping[str, PromiseCount], *, as_of: date) -> list[str]:
    """How the promises stand, side by side, and what that rests on."""
    if not count.total:
        return [f"Our data have no promise of a truce made by {wording.day(as_of)}."]
    found = [f"As known on {wording.day(as_of)} {wording.inside(message(count))}."]
    for side, part in parties.items():
        joint = f"{part.total} {'was a joint promise' if part.total == 1 else 'were joint promises'}"
        who = joint if side == "both" else f"{wording.upper(sides.name(side))} made {part.total}"
        found.append(f"{who}{listing(part)}.")
    if count.kept:
        words = count.kept - count.kept_by_text
        by_word = f"; for {words} we have only one side's word" if words else ""
        all_kept = "The one kept is" if count.kept == 1 else f"All {count.kept} kept are"
        part = f"Of those kept, {count.kept_by_text} {'is' if count.kept_by_text == 1 else 'are'}"
        found.append(f"{part if words else all_kept} confirmed in law{by_word}.")
    if count.by_one:
        found.append(f"{count.by_one} {'is' if count.by_one == 1 else 'are'} reported by one side only.")
    return found
