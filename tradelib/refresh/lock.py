"""One refresh at a time: a lock in the home that says who holds it."""

import json
import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from tradelib.refresh.errors import RefreshError

# The lock of a process that cannot be seen from here, because it ran on another machine, counts for an hour.
_LASTS = timedelta(hours=1)


class held:  # noqa: N801, used as a context
    """The lock of a home while a run lasts.

    Raises
    ------
    RefreshError : another run holds it, or the home cannot be written.
    """

    def __init__(self, home: Path, now: Callable[[], datetime]) -> None:
        self.path = home / "lock"
        self._now = now
        self._text = ""

    def __enter__(self) -> "held":
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._take()
        except OSError as error:
            words = os.strerror(error.errno or 0).lower()
            message = f"{self.path.parent} cannot be written ({words}). Set TRADELIB_DATA_HOME to a folder that can."
            raise RefreshError(message) from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._read() == self._text:
            self.path.unlink(missing_ok=True)

    def _take(self) -> None:
        for _ in range(3):
            about = {"process": os.getpid(), "host": socket.gethostname(), "since": self._now().isoformat(timespec="seconds")}
            self._text = json.dumps(about)
            try:
                self._put()
            except FileExistsError:
                self._give_way()
            except FileNotFoundError:  # the run that holds the lock cleaned up between two steps of this one
                continue
            else:
                return
        message = f"Another refresh is at work in {self.path.parent}. Wait until it has ended."
        raise RefreshError(message)

    def _put(self) -> None:
        """Let the lock appear with its words in it: of one without them, left by a killed run, nobody knows whose it is."""
        aside = self._aside()
        try:
            aside.write_bytes(self._text.encode())
            try:
                os.link(aside, self.path)
            except (FileExistsError, FileNotFoundError):
                raise
            except OSError:  # a disk without hard links, such as FAT
                with self.path.open("xb") as file:
                    file.write(self._text.encode())
        finally:
            aside.unlink(missing_ok=True)

    def _aside(self) -> Path:
        return self.path.with_name(f".lock.{os.getpid()}.part")

    def _give_way(self) -> None:
        """Take an abandoned lock away, or say who holds it."""
        text = self._read()
        try:
            about = json.loads(text)
            since = datetime.fromisoformat(about["since"])
            # On Windows a process cannot be asked whether it is there: signal 0 would be Ctrl-C.
            here = about["host"] == socket.gethostname() and os.name != "nt"
            process = int(about["process"])
        except (ValueError, KeyError, TypeError):
            about, since, here, process = {}, None, False, 0
        if here:
            gone = process != os.getpid() and not _alive(process)
        else:
            # A lock without words is one that is being written, or that a full disk left.
            age = self._now() - (since or datetime.fromtimestamp(self.path.stat().st_mtime, tz=self._now().tzinfo))
            gone = age > (_LASTS if about else timedelta(minutes=1))
        if not gone:
            who = f"process {process} on {about['host']} since {about['since']}" if about else "another run"
            message = f"A refresh of {self.path.parent} is at work: {who}. Wait until it has ended, or delete {self.path} if it is none."
            raise RefreshError(message)
        aside = self._aside()
        try:
            self.path.rename(aside)
        except FileNotFoundError:
            return
        if aside.read_text(encoding="utf-8") != text:
            os.link(aside, self.path)  # another run had been quicker, and this lock is its own
        aside.unlink()

    def _read(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8")
        except OSError:
            return ""


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
