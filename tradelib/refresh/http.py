"""Questions to publishers over HTTP: the only module that opens a connection.

Nothing is followed, guessed or cut short: each way in which an answer can be something else than it seems has its own sentence.
"""

import random
import re
import threading
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlencode, urljoin, urlsplit

import requests
import tenacity
import urllib3

from tradelib import __version__
from tradelib.refresh.errors import AgainError, NotOutError, RefreshError, RefusedError
from tradelib.refresh.secrets import Secret
from tradelib.refresh.world import PAUSE, PAUSES, World

AGENT = f"tradelib/{__version__} (statistics of the trade truce; one question at a time)"
TRIES = 4
WAITS = (2.0, 4.0, 8.0)
LONGEST_WAIT = 60.0
CAP = 20_000_000
_BLOCK = 65_536
_PASSING = {429, 500, 502, 503, 504}
_OK, _PARTIAL, _EMPTY = 200, 206, 204
_KEPT_HEADERS = ("Content-Type", "Content-Length", "Content-Range", "Last-Modified", "ETag", "Date", "Retry-After", "X-DataWebAPI-KeyError")
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


class Client:
    """Asks publishers, one question at a time, and gives answers that are whole and of the kind that was expected."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.requests = 0
        self._hosts = {urlsplit(address).netloc: name for name, address in world.addresses.items()}
        self._last: dict[str, float] = {}
        self._session = requests.Session()
        self._session.auth = _no_auth  # else requests looks for passwords in ~/.netrc
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.update({"User-Agent": AGENT, "Accept-Encoding": "identity"})

    def get(
        self,
        url: str,
        params: Iterable[tuple[str, str]] = (),
        *,
        expect: str,
        secret: tuple[str, Secret] | None = None,
        cap: int = CAP,
        span: tuple[int, int] | None = None,
        moves: bool = False,
        deadline: float | None = None,
    ) -> Answer:
        """Answer to one question.

        Parameters
        ----------
        url, params : the question; no key is in either.
        expect : html, json, xml, csv or zip.
        secret : where the key goes and the key: the name of a header, or `?name` for one in the address.
        cap : bytes at most.
        span : first and last byte of the part that is wanted.
        moves : the server may send us to another address of the allowed hosts; never with a key.
        deadline : seconds for the whole answer.

        Raises
        ------
        NotOutError : 404, the page or file does not exist.
        RefreshError : anything else than a whole answer of the kind asked for.
        """
        asked = tuple(params)
        retry = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(TRIES),
            wait=_wait,
            retry=tenacity.retry_if_exception_type(AgainError),
            sleep=self.world.sleep,
            reraise=True,
        )
        limits = (cap, deadline or self.world.deadline)
        answer = retry(self._once, url, asked, secret, span, limits)
        if moves and answer.status in {301, 302, 303, 307, 308} and secret is None:
            there = urljoin(url, answer.headers.get("Location", ""))
            answer = retry(self._once, there, (), None, span, limits)
        _check(answer, expect, secret, span)
        return answer

    def _once(
        self,
        url: str,
        params: tuple[tuple[str, str], ...],
        secret: tuple[str, Secret] | None,
        span: tuple[int, int] | None,
        limits: tuple[int, float],
    ) -> Answer:
        host = self._host(url)
        self._pause(host)
        headers, query = {}, list(params)
        if secret is not None:
            place, key = secret
            if place.startswith("?"):
                query.append((place.removeprefix("?"), key.reveal()))
            else:
                headers[place] = key.reveal()
        if span is not None:
            headers["Range"] = f"bytes={span[0]}-{span[1]}" if span[0] >= 0 else f"bytes={span[0]}"
        cap, deadline = limits
        ends = self.world.monotonic() + deadline
        response, trouble = self._send(url + ("?" + urlencode(query) if query else ""), headers, deadline)
        if response is None:
            raise AgainError(f"{_plain(url)}: {trouble}. Try again later.")  # noqa: EM102, TRY003, the message is all of it
        try:
            content = self._body(response, url, cap, ends)
        finally:
            response.close()
        kept = {name: response.headers[name] for name in (*_KEPT_HEADERS, "Location") if name in response.headers}
        answer = Answer(_plain(url), params, response.status_code, kept, self.world.now(), content)
        if answer.status in _PASSING:
            raise AgainError(_passing(answer), after=_named_wait(answer))
        return answer

    def _host(self, url: str) -> str:
        parts = urlsplit(url)
        name = self._hosts.get(parts.netloc)
        if name is None or parts.scheme != urlsplit(self.world.addresses[name]).scheme:
            message = f"{_plain(url)} is at none of the addresses that tradelib asks; nothing was sent there."
            raise RefreshError(message)
        return name

    def _pause(self, host: str) -> None:
        left = self._last.get(host, float("-inf")) + PAUSES.get(host, PAUSE) - self.world.monotonic()
        if left > 0:
            self.world.sleep(left)
        self._last[host] = self.world.monotonic()
        self.requests += 1

    def _send(self, url: str, headers: dict[str, str], deadline: float) -> tuple[requests.Response | None, str]:
        """The response before its body is read, or None and what went wrong; the deadline holds for a server that drips headers, too."""
        found: list[requests.Response] = []
        trouble: list[str] = []

        def work() -> None:
            try:
                found.append(
                    self._session.get(url, headers=headers, stream=True, allow_redirects=False, timeout=min(self.world.timeout, deadline))
                )
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                trouble.append(_trouble(error))

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(deadline)
        if found:
            return found[0], ""
        return None, trouble[0] if trouble else f"no answer within {deadline:g} seconds"

    def _body(self, response: requests.Response, url: str, cap: int, ends: float) -> bytes:
        """All bytes of the answer; a part of it, too much of it, or one that takes too long is none."""
        packed = response.headers.get("Content-Encoding", "identity").lower()
        if packed not in {"identity", "gzip", "x-gzip", "deflate"}:
            message = f"{_plain(url)}: the answer is packed as {packed!r}, which was not asked for."
            raise RefreshError(message)
        opener = None if packed == "identity" else zlib.decompressobj(47)
        parts, size, received, trouble = [], 0, 0, ""
        while True:
            if self.world.monotonic() > ends:
                raise AgainError(f"{_plain(url)}: the answer had not ended when its time was over. Try again later.")  # noqa: EM102, TRY003
            try:
                block = response.raw.read1(_BLOCK, decode_content=False)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                trouble = _trouble(error)
                break
            if not block:
                break
            received += len(block)
            try:
                part = block if opener is None else opener.decompress(block, cap - size + 1)
            except zlib.error:
                trouble = "the answer is packed and damaged"
                break
            size += len(part)
            if size > cap:
                message = f"{_plain(url)}: the answer is larger than {cap:,} bytes, and was not read to its end."
                raise RefreshError(message)
            parts.append(part)
        declared = response.headers.get("Content-Length", "")
        if not trouble and declared.isdigit() and int(declared) != received:
            trouble = f"{received:,} bytes came, and {declared} were announced"
        if not trouble and opener is not None and not opener.eof and received:
            trouble = "the answer is packed and cut"
        if trouble:
            raise AgainError(f"{_plain(url)}: {trouble}. Try again later.")  # noqa: EM102, TRY003
        return b"".join(parts)


def _check(answer: Answer, expect: str, secret: tuple[str, Secret] | None, span: tuple[int, int] | None) -> None:
    """Refuse what is not a whole answer of the kind expected: by status, then type, then first bytes."""
    where, moved = answer.url, answer.headers.get("Location", "")
    kind = answer.headers.get("Content-Type", "").lower()
    begins = answer.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    page = begins == b"<" and expect in {"json", "csv", "zip"}
    if "X-DataWebAPI-KeyError" in answer.headers or re.search(r"(missing|invalid)_key", moved) or (page and "api.census.gov" in where):
        _refuse_key(where, moved, secret)
    if 300 <= answer.status < 400:  # noqa: PLR2004
        message = f"{where} sends us to {_plain(moved) or 'another address'}, which was not followed. The publisher has moved it."
        raise RefreshError(message)
    if answer.status == 404:  # noqa: PLR2004
        message = f"{where} does not exist (404): it is not out yet, or has moved."
        raise NotOutError(message)
    if answer.status == _EMPTY:
        return
    if answer.status not in ({_OK, _PARTIAL} if span else {_OK}):
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


def _passing(answer: Answer) -> str:
    return f"{answer.url}: answered with status {answer.status} {TRIES} times. Try again later."


def _named_wait(answer: Answer) -> float | None:
    """Seconds that the server asks us to wait, in its header or in words; None where it names none."""
    named = answer.headers.get("Retry-After", "")
    found = named if named.isdigit() else ""
    if not found and answer.status == 429:  # noqa: PLR2004
        words = re.search(rb"(\d+)\s*second", answer.content)
        found = words[1].decode() if words else ""
    return float(found) if found else None


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception()
    if error.after is not None:
        if error.after > LONGEST_WAIT:
            message = f"{str(error).rstrip('.')}; the server asks for {error.after:g} seconds, and {LONGEST_WAIT:g} is the most."
            raise RefreshError(message)
        return error.after
    return WAITS[min(state.attempt_number, len(WAITS)) - 1] + random.uniform(0, 1)  # noqa: S311, no secret


def _trouble(error: BaseException) -> str:
    """What went wrong on the line, in words without an address, which could hold a key."""
    text = f"{type(error).__name__} {error}".lower()
    if "timed out" in text or "timeout" in text:
        return "no answer in time"
    if "name or service" in text or "resolve" in text or "getaddrinfo" in text:
        return "the host was not found; is there a network?"
    if "certificate" in text or "ssl" in text:
        return "the connection could not be made safe"
    if "incompleteread" in text or "chunk" in text or "protocol" in text:
        return "the answer was cut"
    return "the connection failed; is there a network?"


def _plain(url: str) -> str:
    """An address without its query and user."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}" if parts.netloc else parts.path


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
