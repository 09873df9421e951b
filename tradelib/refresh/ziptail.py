"""One file out of a large ZIP at a publisher: by parts where the server gives parts, else from the whole."""

import io
import re
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from tradelib.refresh.answers import Answer
from tradelib.refresh.errors import AgainError, LayoutError, NotOutError
from tradelib.refresh.http import Client, Limits
from tradelib.refresh.raw import Question

WHOLE_CAP = 400_000_000
MEMBER_CAP = 5_000_000
_TAIL = 65_536
_LONG = 1800.0
_TOTAL = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class Remote(io.RawIOBase):
    """A file at a publisher that is read by parts; the end of it is fetched first, for there a ZIP has its directory."""

    def __init__(self, client: Client, url: str, whole: BinaryIO) -> None:
        self._client, self._url, self._at = client, url, 0
        self.answer = answer = client.get(url, expect="zip", span=(-_TAIL, -1), limits=Limits(WHOLE_CAP, _LONG, whole))
        self.whole = None if answer.status == 206 else whole  # noqa: PLR2004
        if self.whole is None:
            first, _, self._size = (int(part) for part in self._span(answer))
            self._parts = {first: answer.content}

    def _span(self, answer: Answer) -> tuple[str, ...]:
        match = _TOTAL.fullmatch(answer.headers.get("Content-Range", ""))
        if match is None or int(match[2]) - int(match[1]) + 1 != len(answer.content):
            message = f"{self._url}: the server gives parts, and does not say which. Try again."
            raise AgainError(message)
        return match.groups()

    def seekable(self) -> bool:
        """It can be read anywhere."""
        return True

    def readable(self) -> bool:
        """It can be read."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Read on somewhere else."""
        self._at = max(0, {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence] + offset)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Bytes from here, fetched if need be."""
        last = self._size if size < 0 else min(self._at + size, self._size)
        if last <= self._at:
            return b""
        for first, part in self._parts.items():
            if first <= self._at and last <= first + len(part):
                block = part[self._at - first : last - first]
                break
        else:
            block = self._fetch(self._at, last)
        self._at = last
        return block

    def _fetch(self, first: int, last: int) -> bytes:
        far = min(max(last, first + _TAIL), self._size)
        answer = self._client.get(self._url, expect="zip", span=(first, far - 1), limits=Limits(WHOLE_CAP, _LONG))
        if answer.status != 206 or self._span(answer)[0] != str(first):  # noqa: PLR2004
            message = f"{self._url}: the server gave another part than asked for. Try again."
            raise AgainError(message)
        self._parts[first] = answer.content
        return answer.content[: last - first]


def member(client: Client, question: Question) -> Answer:
    """The answer to a question for one file inside a ZIP; its name is looked up without regard to case.

    Raises
    ------
    NotOutError : there is no such ZIP.
    LayoutError : the ZIP is damaged or cut, or has no such file.
    """
    for attempt in range(3):
        # Up to 200 MB where the server gives no parts: on the disk, and gone with this block.
        with tempfile.TemporaryFile() as whole:
            remote = Remote(client, question.url, whole)
            if remote.answer.status == 204:  # noqa: PLR2004
                message = f"{question.url} holds nothing yet."
                raise NotOutError(message)
            try:
                content = _read(remote.whole or remote, question.member)
            except (zipfile.BadZipFile, zlib.error, EOFError, AgainError):
                client.world.sleep(2.0 * (attempt + 1))
                continue
        if content is None:
            message = f"{question.url} holds no {question.member}. The layout has changed."
            raise LayoutError(message)
        last = remote.answer
        return Answer(question.url, (), 200, last.headers, last.fetched_at, content)
    message = f"{question.url} is no whole ZIP, three times in turn: it was cut or damaged on the way. Try again later."
    raise LayoutError(message)


def _read(file: BinaryIO | Remote, name: str) -> bytes | None:
    with zipfile.ZipFile(file) as archive:
        for item in archive.infolist():
            if Path(item.filename).name.lower() == name.lower():
                if item.file_size > MEMBER_CAP:
                    message = f"{item.filename} says that it has {item.file_size:,} bytes, more than a file of countries can have."
                    raise LayoutError(message)
                with archive.open(item) as member_file:
                    return member_file.read(MEMBER_CAP)
    return None
