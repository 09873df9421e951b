"""Federal Register, API of documents: titles and links of what five agencies published or filed; for a person, never rates.

Pages beyond the fiftieth and sizes beyond the limits are answered as page 1 without a word. So questions are small, cursors are followed as
given, and the documents counted must be as many as the server says.
"""

import json
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tradelib.refresh.errors import LayoutError, RefreshError, RefusedError
from tradelib.refresh.ledger import day
from tradelib.refresh.observations import Candidate, Found
from tradelib.refresh.raw import Asker, Question, Raw
from tradelib.refresh.sources.law_words import matched
from tradelib.refresh.state import State

NAME = "federal_register"
AGENCIES = (
    "trade-representative-office-of-united-states", "industry-and-security-bureau", "u-s-customs-and-border-protection",
    "executive-office-of-the-president", "homeland-security-department",
)  # fmt: skip
TERMS = ("China", "9903")
FIELDS = ("title", "document_number", "publication_date", "html_url", "type")
SPAN_DAYS, PER_PAGE, MOST_PAGES = 31, 100, 40


def gather(ask: Asker, state: State, found: Found) -> None:
    """Documents of the last month, and those filed for the next issues."""
    first = state.since or state.today - timedelta(days=SPAN_DAYS)
    seen: set[str] = set()
    for term in TERMS:
        start = first
        while start <= state.today:
            end = min(start + timedelta(days=SPAN_DAYS - 1), state.today)
            for document, raw in documents(ask, state, term, start, end):
                candidate = _candidate(document, raw, seen)
                found.candidates += [candidate] if candidate else []
            start = end + timedelta(days=1)
    found.candidates += filed(ask, state, seen)


def documents(ask: Asker, state: State, term: str, first: date, last: date) -> list[tuple[dict[str, Any], Raw]]:
    """All documents of some days with a term, page by page; day by day, if a cursor has expired or the pages do not add up.

    Raises
    ------
    RefreshError : the documents of one day are not as many as the server says.
    """
    base = f"{state.addresses['federal_register']}/api/v1/documents.json"
    params = [
        *(("conditions[agencies][]", agency) for agency in AGENCIES),
        ("conditions[term]", term),
        ("conditions[publication_date][gte]", first.isoformat()),
        ("conditions[publication_date][lte]", last.isoformat()),
        *(("fields[]", name) for name in FIELDS),
        ("order", "newest"),
        ("per_page", str(PER_PAGE)),
    ]
    try:
        count, found = _pages(ask, state, Question(NAME, base, tuple(params), expect="json", fresh=_fresh(state)))
    except RefusedError:
        # A cursor that has expired.
        if first == last:
            raise
        count, found = -1, []
    if count == len({item["document_number"] for item, _ in found}):
        return found
    if first == last:
        message = f"federalregister.gov: {count} documents of {first} are named and {len(found)} came. Nothing was taken; try again later."
        raise RefreshError(message)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [item for each in days for item in documents(ask, state, term, each, each)]


def filed(ask: Asker, state: State, seen: set[str]) -> list[Candidate]:
    """Documents filed for public inspection, which are published on one of the next days."""
    raw = ask(
        Question(
            NAME,
            f"{state.addresses['federal_register']}/api/v1/public-inspection-documents/current.json",
            expect="json",
            fresh=_fresh(state),
        )
    )
    answer = _object(raw)
    slugs = set(AGENCIES)
    found = []
    for item in answer.get("results", []):
        agencies = {agency.get("slug") for agency in item.get("agencies", [])}
        if agencies and not agencies & slugs:
            continue
        candidate = _candidate({**item, "publication_date": (item.get("filed_at") or item.get("publication_date") or "")[:10]}, raw, seen)
        found += [candidate] if candidate and matched(candidate.title) else []
    return found


def _pages(ask: Asker, state: State, question: Question) -> tuple[int, list[tuple[dict[str, Any], Raw]]]:
    """Number of documents that the server names, and those of all its pages."""
    found, count = [], 0
    for page in range(MOST_PAGES):
        raw = ask(question)
        answer = _object(raw)
        count = answer["count"] if page == 0 else count
        found += [(item, raw) for item in answer.get("results", [])]
        following = answer.get("next_page_url")
        if not following or len(found) >= count:
            break
        parts = urlsplit(following)
        address = state.addresses["federal_register"]
        if f"{parts.scheme}://{parts.netloc}" not in {address, "https://www.federalregister.gov"}:
            message = f"federalregister.gov sends us to {parts.netloc} for the next page, which was not followed."
            raise RefreshError(message)
        question = Question(NAME, address + parts.path, tuple(parse_qsl(parts.query)), expect="json")
    return count, found


def _object(raw: Raw) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(raw.content)
        answer["count"] += 0
    except (ValueError, KeyError, TypeError):
        message = "federalregister.gov: the answer holds no count of documents; it was cut, or the layout has changed."
        raise LayoutError(message) from None
    return answer


def _candidate(item: dict[str, Any], raw: Raw, seen: set[str]) -> Candidate | None:
    """One document that was not met before in this run; the text of its title without the blanks at its ends."""
    number, when = item.get("document_number") or "", item.get("publication_date") or ""
    if not number or number in seen or not when:
        return None
    seen.add(number)
    title = " ".join((item.get("title") or "").split())
    url = item.get("html_url") or f"https://www.federalregister.gov/d/{number}"
    return Candidate(NAME, day(when), title, url, raw.sha256, number)


def _fresh(state: State) -> tuple[tuple[str, str], ...]:
    """Copies up to 104 minutes old are served in spite of what their heads say; a number that changes keeps them away."""
    return (("_", str(state.stamp)),)
