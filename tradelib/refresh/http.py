"""Questions to publishers over HTTP: the only module that opens a connection.

Nothing is followed, guessed or cut short: each way in which an answer can be something else than it seems has its own sentence.
"""

import random
import threading
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import BinaryIO
from urllib.parse import urlencode, urljoin, urlsplit

import requests
import tenacity
import urllib3

from tradelib import __version__
from tradelib.refresh.answers import OK, TRIES, Answer, check, named_wait, passing, plain, trouble_of
from tradelib.refresh.errors import AgainError, RefreshError
from tradelib.refresh.secrets import Secret
from tradelib.refresh.world import PAUSE, PAUSES, World

AGENT = f"tradelib/{__version__} (statistics of the trade truce; one question at a time)"
WAITS = (2.0, 4.0, 8.0)
LONGEST_WAIT = 60.0
CAP = 20_000_000
_BLOCK = 65_536
_PASSING = {429, 500, 502, 503, 504}
_KEPT_HEADERS = ("Content-Type", "Content-Length", "Content-Range", "Last-Modified", "ETag", "Date", "Retry-After", "X-DataWebAPI-KeyError")


@dataclass(frozen=True)
class Limits:
    """What an answer may cost.

    Attributes
    ----------
    cap : bytes at most, unpacked.
    deadline : seconds for the whole answer; None for that of the world.
    into : a file for an answer that was given whole (200); then the answer itself holds its first bytes only.
    """

    cap: int = CAP
    deadline: float | None = None
    into: BinaryIO | None = None


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
        span: tuple[int, int] | None = None,
        moves: bool = False,
        limits: Limits = Limits(),
    ) -> Answer:
        """Answer to one question.

        Parameters
        ----------
        url, params : the question; no key is in either.
        expect : html, json, xml, csv or zip.
        secret : where the key goes and the key: the name of a header, or `?name` for one in the address.
        span : first and last byte of the part that is wanted.
        moves : the server may send us to another address of the allowed hosts; never with a key.
        limits : bytes and seconds at most.

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
        answer = retry(self._once, url, asked, secret, span, limits)
        if moves and answer.status in {301, 302, 303, 307, 308} and secret is None:
            there = urljoin(url, answer.headers.get("Location", ""))
            answer = retry(self._once, there, (), None, span, limits)
        check(answer, expect, secret, span)
        return answer

    def _once(
        self,
        url: str,
        params: tuple[tuple[str, str], ...],
        secret: tuple[str, Secret] | None,
        span: tuple[int, int] | None,
        limits: Limits,
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
        deadline = limits.deadline or self.world.deadline
        ends = self.world.monotonic() + deadline
        response, trouble = self._send(url + ("?" + urlencode(query) if query else ""), headers, deadline)
        if response is None:
            raise AgainError(f"{plain(url)}: {trouble}. Try again later.")  # noqa: EM102, TRY003, the message is all of it
        try:
            content = self._body(response, url, ends, limits)
        finally:
            response.close()
        kept = {name: response.headers[name] for name in (*_KEPT_HEADERS, "Location") if name in response.headers}
        answer = Answer(plain(url), params, response.status_code, kept, self.world.now(), content)
        if answer.status in _PASSING:
            raise AgainError(passing(answer), after=named_wait(answer), status=answer.status)
        return answer

    def _host(self, url: str) -> str:
        parts = urlsplit(url)
        name = self._hosts.get(parts.netloc)
        if name is None or parts.scheme != urlsplit(self.world.addresses[name]).scheme:
            message = f"{plain(url)} is at none of the addresses that tradelib asks; nothing was sent there."
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
                trouble.append(trouble_of(error))

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(deadline)
        if found:
            return found[0], ""
        return None, trouble[0] if trouble else f"no answer within {deadline:g} seconds"

    def _body(self, response: requests.Response, url: str, ends: float, limits: Limits) -> bytes:
        """All bytes of the answer; a part of it, too much of it, or one that takes too long is none."""
        into = limits.into if response.status_code == OK else None
        unpacked = _Unpacked(response.headers.get("Content-Encoding", "identity"), plain(url), limits.cap, into)
        received, trouble = 0, ""
        while True:
            if self.world.monotonic() > ends:
                raise AgainError(f"{plain(url)}: the answer had not ended when its time was over. Try again later.")  # noqa: EM102, TRY003
            try:
                block = response.raw.read1(_BLOCK, decode_content=False)
                received += len(block)
                unpacked.take(block)
            except (urllib3.exceptions.HTTPError, OSError, zlib.error) as error:
                block, trouble = b"", trouble_of(error)
            if not block:
                break
        declared = response.headers.get("Content-Length", "")
        if not trouble and declared.isdigit() and int(declared) != received:
            trouble = f"{received:,} bytes came, and {declared} were announced"
        if not trouble and received and not unpacked.whole:
            trouble = "the answer is packed and cut"
        if trouble:
            raise AgainError(f"{plain(url)}: {trouble}. Try again later.")  # noqa: EM102, TRY003
        return b"".join(unpacked.parts)


class _Unpacked:
    """Bytes of an answer as they come, unpacked if they are packed, and no more than the cap."""

    def __init__(self, packed: str, where: str, cap: int, into: BinaryIO | None) -> None:
        if packed.lower() not in {"identity", "gzip", "x-gzip", "deflate"}:
            message = f"{where}: the answer is packed as {packed!r}, which was not asked for."
            raise RefreshError(message)
        self.parts: list[bytes] = []
        self._opener = None if packed.lower() == "identity" else zlib.decompressobj(47)
        self._where, self._cap, self._size, self._into = where, cap, 0, into
        if into is not None:
            into.seek(0)
            into.truncate()

    @property
    def whole(self) -> bool:
        """The end of what was packed has come."""
        return self._opener is None or self._opener.eof

    def take(self, block: bytes) -> None:
        """One more block."""
        part = block if self._opener is None else self._opener.decompress(block, self._cap - self._size + 1)
        self._size += len(part)
        if self._size > self._cap:
            message = f"{self._where}: the answer is larger than {self._cap:,} bytes, and was not read to its end."
            raise RefreshError(message)
        if self._into is not None:
            self._into.write(part)
        if self._into is None or not self.parts:
            self.parts.append(part)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome is not None else None
    if isinstance(error, AgainError) and error.after is not None:
        if error.after > LONGEST_WAIT:
            message = f"{str(error).rstrip('.')}; the server asks for {error.after:g} seconds, and {LONGEST_WAIT:g} is the most."
            raise RefreshError(message)
        return error.after
    return WAITS[min(state.attempt_number, len(WAITS)) - 1] + random.uniform(0, 1)  # noqa: S311, no secret


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
