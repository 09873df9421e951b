"""What a server answered, and whether it is what was asked for; each way in which it is not has its own sentence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from tradelib.refresh.errors import NotOutError, RefreshError, RefusedError
from tradelib.refresh.secrets import Secret

TRIES = 4
OK, PARTIAL, EMPTY = 200, 206, 204
_SHAPES = {
    "html": (("html",), b"<"),
    "json": (("json",), b"[{"),
    "xml": (("xml", "rss"), b"<"),
    "csv": (("csv", "plain", "octet-stream"), b""),
    "zip": (("zip", "octet-stream", "x-compressed"), b"P"),
}


@dataclass(frozen=True)
class Answer:
    """What a server answered: the address without a key, the status, the headers that matter, the bytes, and when."""

    url: str
    params: tuple[tuple[str, str], ...]
    status: int
    headers: Mapping[str, str]
    fetched_at: datetime
    content: bytes


def check(answer: Answer, expect: str, secret: tuple[str, Secret] | None, span: tuple[int, int] | None) -> None:
    """Refuse what is not a whole answer of the kind expected: by status, then type, then first bytes."""
    where, moved = answer.url, answer.headers.get("Location", "")
    kind = answer.headers.get("Content-Type", "").lower()
    begins = answer.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    page = begins == b"<" and expect in {"json", "csv", "zip"}
    if "X-DataWebAPI-KeyError" in answer.headers or re.search(r"(missing|invalid)_key", moved) or (page and "api.census.gov" in where):
        _refuse_key(where, moved, secret)
    if 300 <= answer.status < 400:  # noqa: PLR2004
        message = f"{where} sends us to {plain(moved) or 'another address'}, which was not followed. The publisher has moved it."
        raise RefreshError(message)
    if answer.status == 404:  # noqa: PLR2004
        message = f"{where} does not exist (404): it is not out yet, or has moved."
        raise NotOutError(message)
    if answer.status == EMPTY:
        return
    if answer.status not in ({OK, PARTIAL} if span else {OK}):
        raise (RefusedError if answer.status == 400 else RefreshError)(_refused(answer))  # noqa: PLR2004
    types, first = _SHAPES[expect]
    if page or (expect not in {"html", "zip", "csv"} and kind and not any(name in kind for name in types)):
        message = (
            f"{where} answered {kind.split(';')[0] or 'a web page'} instead of {expect}. It may be a block page; nothing was read from it."
        )
        raise RefreshError(message)
    if span is None and first and begins not in [bytes([byte]) for byte in first]:
        message = f"{where} answered something that does not begin as {expect} does. Nothing was read from it."
        raise RefreshError(message)


def _refuse_key(where: str, moved: str, secret: tuple[str, Secret] | None) -> None:
    variable = secret[1].variable if secret else "CENSUS_API_KEY"
    which = "a wrong key" if "invalid_key" in moved else "a missing key"
    host = urlsplit(where).netloc.removeprefix("api.").removeprefix("www.")
    message = (
        f"{host} answered the page for {which} instead of data. Set {variable} (api.census.gov/data/key_signup.html) "
        "or leave --what census_api out."
    )
    raise RefreshError(message)


def _refused(answer: Answer) -> str:
    words = answer.content[:300].decode("utf-8", "replace")
    if answer.status == 403 and "quota" in words.lower():  # noqa: PLR2004
        return f"{answer.url}: the quota of calls is used up ({answer.status}). Wait until it is filled again, or leave this source out."
    if answer.status in {401, 403, 412, 429, 451}:
        return f"{answer.url}: blocked ({answer.status}); this publisher does not answer programs here. Try another network, or later."
    return f"{answer.url}: answered with status {answer.status}. The question may be wrong; tradelib may need a newer version."


def passing(answer: Answer) -> str:
    """What to say of a failure that may pass, once it has not."""
    return f"{answer.url}: answered with status {answer.status} {TRIES} times. Try again later."


def named_wait(answer: Answer) -> float | None:
    """Seconds that the server asks us to wait, in its header or in words; None where it names none."""
    named = answer.headers.get("Retry-After", "")
    found = named if named.isdigit() else ""
    if not found and answer.status == 429:  # noqa: PLR2004
        words = re.search(rb"(\d+)\s*second", answer.content)
        found = words[1].decode() if words else ""
    return float(found) if found else None


def trouble_of(error: BaseException) -> str:
    """What went wrong on the line, in words without an address, which could hold a key."""
    text = f"{type(error).__name__} {error}".lower()
    if "decompress" in text:
        return "the answer is packed and damaged"
    if "timed out" in text or "timeout" in text:
        return "no answer in time"
    if "name or service" in text or "resolve" in text or "getaddrinfo" in text:
        return "the host was not found; is there a network?"
    if "certificate" in text or "ssl" in text:
        return "the connection could not be made safe"
    if "incompleteread" in text or "chunk" in text or "protocol" in text:
        return "the answer was cut"
    return "the connection failed; is there a network?"


def plain(url: str) -> str:
    """An address without its query and user."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}" if parts.netloc else parts.path
