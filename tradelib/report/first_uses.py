"""Words that a page defines: each has a place in the list of definitions, and its first use in the prose links there."""

import re
from collections.abc import Mapping
from typing import Any

from tradelib import wording

_TO_HYPHEN = re.compile(r"[^a-z0-9]+")
_PROSE = ".standfirst, .messages, article .prose"
# Where no word is marked: what is linked, looked up or copied, and names of things.
_NOT_IN = ("a", "h1", "h2", "h3", "h4", "h5", "h6", "table", "code", "pre", "summary")
_IN_TOKEN = re.compile(r"[\w.,]")
_REST = re.compile(r"\w*(?:[.,]\d+)*%?")


def anchor(term: str) -> str:
    """The place of a word on a page.

    Examples
    --------
    >>> anchor("D.D.C."), anchor("90% range"), anchor("is-informed letter")
    ('term-d-d-c', 'term-90-range', 'term-is-informed-letter')
    """
    return "term-" + _TO_HYPHEN.sub("-", term.lower()).strip("-")


def mark(soup: Any, patterns: Mapping[str, str]) -> None:
    """Link the first use of every defined word in the prose of a page to its definition.

    Parameters
    ----------
    soup : the page; changed. Its list of definitions has an item a word, which begins with the word in bold.
    patterns : regular expressions that find each word.
    """
    items = {strong.get_text(): strong.parent for strong in soup.select("article li > strong:first-child")}
    defined = {term: items[term] for term in patterns if term in items}
    if not defined:
        return
    for term, item in defined.items():
        item["id"] = anchor(term)
    lists = {id(item.parent) for item in defined.values()}
    left = {term: re.compile(patterns[term]) for term in defined}
    for text in [text for part in soup.select(_PROSE) for text in part.find_all(string=True)]:
        if left and not any(parent.name in _NOT_IN or id(parent) in lists for parent in text.parents):
            _mark(soup, text, left)


def _mark(soup: Any, text: Any, left: dict[str, re.Pattern[str]]) -> None:
    """Link what one piece of text uses first; the words that were found are taken out of those that are left."""
    while True:
        words = str(text).replace(wording.THIN, " ").replace(wording.FIXED, " ")
        found = [(match, term) for term, pattern in left.items() if (match := pattern.search(words)) and match.group().strip()]
        if not found:
            return
        match, term = min(found, key=lambda pair: (pair[0].start(), -pair[0].end()))
        start, end = _whole(words, match.start(), match.end())
        link = soup.new_tag("a", attrs={"class": "term", "href": f"#{anchor(term)}"})
        link.string = str(text)[start:end]
        before, after = soup.new_string(str(text)[:start]), soup.new_string(str(text)[end:])
        text.replace_with(before, link, after)
        del left[term]
        text = after


def _whole(words: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of a match without blanks and marks at its ends, and with the rest of a number or word that it cuts."""
    while not words[start].isalnum():
        start += 1
    while start and _IN_TOKEN.fullmatch(words[start - 1]):
        start -= 1
    rest = _REST.match(words, end) if words[end - 1].isalnum() else None
    return start, rest.end() if rest else end
