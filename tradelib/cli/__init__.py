"""The command line: status, changes, rate, find, average, price, scenario, publish, run, notebooks, sweep, data, refresh."""

import argparse
import atexit
import codecs
import contextlib
import errno
import gc
import io
import os
import select
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from tradelib import __version__
from tradelib.cli import data, goods, pages, price, sweep, truce
from tradelib.cli.options import EPILOG
from tradelib.errors import TradelibError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a deliberate error prints one sentence and gives status 2."""
    _open_streams()
    try:
        with _seldom_collected():
            return _run(arguments)
    except OSError as error:
        if _is_left(error):
            _abandon_output()  # nobody is to be told
            return 0
        if error.filename is None and error.errno not in _CANNOT_WRITE:
            raise
        if error.filename is None:
            _abandon_output()
        what = "the answer cannot be written" if error.filename is None else f"{error.filename} cannot be used"
        print(f"tradelib: {what}: {error.strerror}.", file=sys.stderr)
        return 1
    except TradelibError as error:
        print(f"tradelib: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("tradelib: stopped; nothing was changed.", file=sys.stderr)
        return 130


@contextlib.contextmanager
def _seldom_collected() -> Iterator[None]:
    """Let the garbage collector look seldom: what a command imports stays, and would be looked through a dozen times."""
    before = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)  # what is left when the process ends need not be looked through again
    try:
        yield
    finally:
        gc.set_threshold(*before)


# Objects that may be new before the collector looks.
_NEW_OBJECTS = 50_000


def _run(arguments: Sequence[str] | None) -> int:
    try:
        options = _parser().parse_args(arguments)
    except SystemExit:
        sys.stdout.flush()  # the help, or the version
        raise
    status: int = options.command(options)
    sys.stdout.flush()
    return status


def _is_left(error: OSError) -> bool:
    """Whether it is standard output whose reader has left, and no pipe between our own processes."""
    if _WINDOWS and error.errno == errno.EINVAL and error.filename is None:
        return _fails_again()
    if not isinstance(error, BrokenPipeError):
        return False
    try:
        asked = select.poll()
        asked.register(sys.stdout, select.POLLOUT)
    except (AttributeError, OSError, ValueError):  # Windows, or no stream of the system
        return True
    return any(event & (select.POLLERR | select.POLLHUP | select.POLLNVAL) for _, event in asked.poll(0))


# There a pipe whose reader has left says that the argument is wrong, as much else does.
_WINDOWS = sys.platform == "win32"


def _fails_again() -> bool:
    """Whether it is standard output that failed: what it could not write it still holds."""
    try:
        sys.stdout.flush()
    except OSError:
        return True
    return False


# What a stream that takes no more says; faults of files name their file as well.
_CANNOT_WRITE = frozenset([errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG, errno.EIO, errno.EBADF])


def _abandon_output() -> None:
    """Let standard output lead nowhere, so that what Python writes at its end does not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_streams() -> None:
    """Take the place of a standard stream that was closed: else the next file that is opened is taken for it.

    An answer that cannot be written is an error; that nobody can be told of the work is none, and does not end it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if number == _ERRORS else os.O_RDONLY)  # the lowest number that is free
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115, open as long as the process
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is sys.__stderr__:
        encoding = "utf-8" if sys.stderr is None else sys.stderr.encoding
        written = io.BufferedWriter(_Lenient(_ERRORS, "w", closefd=False))
        sys.stderr = io.TextIOWrapper(written, encoding=encoding, errors="backslashreplace", line_buffering=True)
    codecs.register_error("tradelib-plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "backslashreplace"):
            stream.reconfigure(errors="tradelib-plain")


_ERRORS = 2


class _Lenient(io.FileIO):
    """A stream whose reader may leave, or whose disk may be full, without an end to the work."""

    def write(self, content: Any, /) -> int:
        with contextlib.suppress(OSError):
            return super().write(content)
        return len(content)


# Signs of print that a terminal of an older code page lacks, such as a pipe on Windows.
_SIGNS = {"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2026": "...", "\u202f": " ", "\xa0": " ", "\u2019": "'", "\xd7": "x"}


def _plain(error: UnicodeError) -> tuple[str, int]:
    """The plain form of signs that the stream cannot write; of others their number, for nothing may go missing."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = (_SIGNS.get(sign) or sign.encode("ascii", "backslashreplace").decode() for sign in error.object[error.start : error.end])
    return "".join(written), error.end


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tradelib", description="The US-China trade truce, read as of a day.", epilog=EPILOG, allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"tradelib {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    truce.add_truce(commands)
    goods.add_goods(commands)
    price.add_price(commands)
    truce.add_scenario(commands)
    pages.add_publish(commands)
    pages.add_notebooks(commands)
    sweep.add_sweep(commands)
    data.add_data(commands)
    data.add_refresh(commands)
    return parser
