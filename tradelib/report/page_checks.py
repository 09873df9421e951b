"""Page checks: what a page must hold before it is published, checked on its HTML alone."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tradelib.show.code_box import SCRIPT

MAX_PAGE_BYTES = 1_000_000
MAX_CSS_BYTES = 12_000

_NO_ALT = "No description has been provided for this image"
_FORBIDDEN = ("iframe", "object", "embed", "base", "form")
# Links of the head that name another page and load nothing.
_NAMING = ("canonical", "alternate")
_LOADING = ("src", "srcset", "poster", "data", "background", "action", "formaction")
_EXTERNAL_CSS = re.compile(r"@import|url\(\s*['\"]?(?!data:)", re.IGNORECASE)
_ELSEWHERE = ("//", "http://", "https://")
_HEADING = re.compile(r"h[1-6]")


class _Page(HTMLParser):
    """What the checks look at, collected in one pass."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.links: list[str] = []
        self.files: list[str] = []
        self.css = ""
        self.counts: dict[str, int] = {}
        self.language = ""
        self.described = False
        self.title = ""
        self.captions: list[str] = []
        self.scripts: list[str] = []
        self._open: list[str] = []
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.counts[tag] = self.counts.get(tag, 0) + 1
        if "id" in values:
            self.ids.append(values["id"])
        if _HEADING.fullmatch(tag):
            self.headings.append(int(tag[1]))
        self._check_element(tag, values)
        self._check_loads(tag, values)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self.captions and not self.captions.pop().strip():
            self.faults.append("a table has no caption")
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside == "style":
            self.css += data
        if inside == "script" and not self._is_data:
            self.scripts[-1] += data
        if inside == "title":
            self.title += data
        if "caption" in self._open and self.captions:
            self.captions[-1] += data

    def _check_element(self, tag: str, values: dict[str, str]) -> None:
        if tag == "html":
            self.language = values.get("lang", "")
        elif tag == "meta" and values.get("name") == "description":
            self.described = bool(values.get("content", "").strip())
        elif tag == "img" and values.get("alt", "").strip() in ("", _NO_ALT):
            self.faults.append("an image has no alt text")
        elif tag == "table":
            self.captions.append("")
        elif tag == "th" and values.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
            self.faults.append("a table header cell has no scope")
        elif _describes(tag, values):
            self._is_data = True
        elif tag == "script":
            self._is_data = False
            self.scripts.append("")
            if values:
                self.faults.append("a script has attributes")
        elif tag in _FORBIDDEN or (tag == "link" and values.get("rel") not in _NAMING):
            self.faults.append(f"the page holds a {tag} element")

    def _check_loads(self, tag: str, values: dict[str, str]) -> None:
        for name, value in values.items():
            if name.startswith("on"):
                self.faults.append(f"an element carries the script attribute {name}")
            if name in _LOADING and _leads_elsewhere(value):
                self.faults.append(f"{tag} loads {value[:60]} from elsewhere")
            if name == "style" and _EXTERNAL_CSS.search(value):
                self.faults.append(f"the style of {tag} loads a file from elsewhere")
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag in ("img", "source"):
            self.files.extend(value for name in ("src", "srcset") if (value := values.get(name, "")))


def _leads_elsewhere(value: str) -> bool:
    """Whether one of the addresses in an attribute is on another host; most hold a whole drawing, and are looked through word by word."""
    return any(address[:8].lower().startswith(_ELSEWHERE) for address in value.replace(",", " ").split())


def _describes(tag: str, values: dict[str, str]) -> bool:
    """Whether an element is data about the page, which no browser runs or loads: JSON-LD, or an icon that the page itself holds."""
    if tag == "script":
        return values == {"type": "application/ld+json"}
    return tag == "link" and values.get("rel") == "icon" and values.get("href", "").startswith("data:image/svg+xml,")


def faults(html: str) -> list[str]:
    """What keeps a page from being published, one phrase a fault; empty when nothing does.

    One h1, headings that skip no level, a language, a title, a description, one main, ids that are unique, alt text on every
    image, caption and scopes on every table, no script but the box for codes (once, to the letter), nothing loaded from
    elsewhere, links inside the page that lead somewhere, and bounds on the size.

    Parameters
    ----------
    html : the whole page.
    """
    page = _read(html)
    found = page.faults + _heading_faults(page.headings)
    found += [f"the id {name!r} is used more than once" for name, times in sorted(Counter(page.ids).items()) if times > 1]
    ids = set(page.ids)
    found += [f"the link {link} leads nowhere in the page" for link in page.links if _dangling(link, ids)]
    found += ["the page holds a script element that is not the box for codes"] * (page.scripts not in ([], [SCRIPT]))
    found += [f"a link runs a script: {link[:40]}" for link in page.links if link.strip().lower().startswith("javascript:")]
    stated = {"language": page.language, "title": page.title.strip(), "description": page.described}
    found += [f"the page states no {what}" for what, value in stated.items() if not value]
    if page.counts.get("main", 0) != 1:
        found.append("the page must have exactly one main element")
    if _EXTERNAL_CSS.search(page.css):
        found.append("the style sheet loads a file from elsewhere")
    for what, text, bound in (("page", html, MAX_PAGE_BYTES), ("style sheet", page.css, MAX_CSS_BYTES)):
        size = len(text.encode())
        if size > bound:
            found.append(f"the {what} has {size:,} bytes and may have {bound:,}")
    return found


def broken_links(root: str | Path) -> list[str]:
    """Links of all pages below a folder that lead to no file, or to no place in it; "page: link", sorted.

    Parameters
    ----------
    root : the folder of the site. Links to other hosts are not followed.
    """
    root = Path(root)
    pages = {path.resolve(): _read(path.read_text(encoding="utf-8")) for path in root.rglob("*.html")}
    broken = []
    for path, page in pages.items():
        for link in page.links + page.files:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            inside = target.is_file() and target.is_relative_to(root.resolve())
            if not inside or (parts.fragment and target in pages and parts.fragment not in pages[target].ids):
                broken.append(f"{path.relative_to(root.resolve()).as_posix()}: {link}")
    return sorted(broken)


def _read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page


def _heading_faults(levels: list[int]) -> list[str]:
    found = [] if levels.count(1) == 1 else [f"the page has {levels.count(1)} headings of the first level and must have one"]
    for upper, lower in pairwise(levels):
        if lower > upper + 1:
            found.append(f"a heading of level {lower} follows one of level {upper}")
    return found


def _dangling(link: str, ids: set[str]) -> bool:
    return link.startswith("#") and unquote(link[1:]) not in ids
