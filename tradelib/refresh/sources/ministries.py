"""China's ministry of commerce and its tariff commission: lists of texts; titles, links and days, for a person.

The state administration for market regulation and the US trade representative are not read: no address was seen that a program may ask.
"""

import re
from urllib.parse import urljoin

from bs4 import BeautifulSoup

from tradelib.refresh.errors import LayoutError, RefreshError
from tradelib.refresh.ledger import day
from tradelib.refresh.observations import Candidate, Found
from tradelib.refresh.raw import Asker, Question, Raw
from tradelib.refresh.sources.law_words import matched
from tradelib.refresh.state import State

NAME = "ministries"
LISTS = (
    ("mofcom", "https://www.mofcom.gov.cn", "/zcfb/index.html"),
    ("tariff_commission", "https://gss.mof.gov.cn", "/gzdt/zhengcefabu/"),
    ("tariff_commission", "https://gss.mof.gov.cn", "/gzdt/zhengcejiedu/"),
)
_DAY = re.compile(r"(20\d\d)[-/.](\d\d)[-/.](\d\d)")
_IN_LINK = re.compile(r"/t(20\d\d)(\d\d)(\d\d)_\d+\.s?html?$")


def gather(ask: Asker, state: State, found: Found) -> None:
    """Entries of all lists whose title is one for us; a list that fails does not stop the others."""
    for name, public, path in LISTS:
        try:
            raw = ask(Question(NAME, state.addresses[name] + path))
            found.candidates += [item for item in read(raw, public + path) if matched(item.title)]
        except RefreshError as error:
            found.fail(error)


def read(raw: Raw, url: str) -> list[Candidate]:
    """Entries of a list: link, title, and the day beside it or inside the link.

    Raises
    ------
    LayoutError : the page holds no such entry; a page that blocks programs looks like that.
    """
    soup = BeautifulSoup(raw.content.decode("utf-8", "replace"), "html.parser")
    found, seen = [], set()
    for link in soup.find_all("a", href=True):
        title = " ".join(str(link.get("title") or link.get_text(" ")).split())
        address = urljoin(url, str(link["href"]).strip())
        beside = link.find_parent("li") or link.parent
        match = _DAY.search(beside.get_text(" ") if beside else "") or _IN_LINK.search(address)
        if match and title and address not in seen:
            seen.add(address)
            found.append(Candidate(NAME, day("-".join(match.groups())), title, address, raw.sha256))
    if not found:
        message = f"{url} holds no entry with a day. It may be a block page, or the layout has changed."
        raise LayoutError(message)
    return found
