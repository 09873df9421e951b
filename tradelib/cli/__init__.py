"""The command line: status, changes, rate, find, average, price, scenario, publish, run, notebooks, sweep, data, refresh."""

import argparse
import codecs
import errno
import io
import os
import sys
from collections.abc import Sequence

from tradelib import __version__
from tradelib.cli import data, goods, pages, price, sweep, truce
from tradelib.cli.options import EPILOG
from tradelib.errors import TradelibError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a deliberate error prints one sentence and gives status 2."""
    _open_streams()
    options = _parser().parse_args(arguments)
    try:
        status: int = options.command(options)
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon_output()  # the reader of a pipe has left: nobody is to be told
        return 0
    except OSError as error:
        if error.filename is not None or error.errno not in _CANNOT_WRITE:
            raise
        _abandon_output()
        print(f"tradelib: the answer cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    except TradelibError as error:
        print(f"tradelib: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("tradelib: stopped; nothing was changed.", file=sys.stderr)
        return 130
    return status


# What a stream that takes no more says; faults of files that are opened name their file as well.
_CANNOT_WRITE = frozenset([errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG, errno.EIO, errno.EBADF])


def _abandon_output() -> None:
    """Let standard output lead nowhere, so that what Python writes at its end does not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_streams() -> None:
    """Let a standard stream that was closed lead nowhere: else the next file that is opened is taken for it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123, open as long as the process
    codecs.register_error("tradelib-plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="tradelib-plain")


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
