"""White House: the feeds of presidential actions and of news; titles, links and days, for a person."""

from datetime import UTC
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from tradelib.refresh.errors import LayoutError
from tradelib.refresh.observations import Candidate, Found
from tradelib.refresh.raw import Asker, Question, Raw
from tradelib.refresh.sources.law_words import matched
from tradelib.refresh.state import State

NAME = "white_house"
FEEDS = ("/presidential-actions/feed/", "/news/feed/")


def gather(ask: Asker, state: State, found: Found) -> None:
    """Items of both feeds whose title is one for us."""
    seen: set[str] = set()
    for path in FEEDS:
        raw = ask(Question(NAME, state.addresses["white_house"] + path, expect="xml"))
        for item in read(raw):
            if item.url not in seen and matched(item.title):
                seen.add(item.url)
                found.candidates.append(item)


def read(raw: Raw) -> list[Candidate]:
    """Items of a feed; the day is that of Washington.

    Raises
    ------
    LayoutError : no feed, or one that was cut.
    """
    try:
        root = ElementTree.fromstring(raw.content)
        items = root.findall("./channel/item")
        found = []
        for item in items:
            when = parsedate_to_datetime(item.findtext("pubDate") or "")
            when = when if when.tzinfo else when.replace(tzinfo=UTC)
            title = " ".join((item.findtext("title") or "").split())
            url = (item.findtext("link") or item.findtext("guid") or "").strip()
            found.append(Candidate(NAME, when.astimezone(ZoneInfo("America/New_York")).date(), title, url, raw.sha256))
    except (ElementTree.ParseError, DefusedXmlException, ValueError, TypeError):
        items, found = [], []
    if not items:
        message = "whitehouse.gov: the feed holds no item, or was cut. The layout may have changed."
        raise LayoutError(message)
    return found
