"""A folder that is replaced whole or not at all, with a page for whoever reads it at any moment; nothing of anybody else is touched."""

import contextlib
import ctypes
import errno
import functools
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tradelib.errors import ReportError

MARKER = ".tradelib-site"

_MARKER_TEXT = "This folder was written by `tradelib publish`, which replaces it as a whole.\n"
_OWN_LOCK = re.compile(rb"(\d+\n)?")
_LONGEST_LOCK = 64


def beside(target: Path, what: str) -> Path:
    """Path of a helper file or folder beside the site, on the same file system."""
    return target.with_name(f".{target.name}.{what}")


@contextlib.contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold the site for this process; what an interrupted run left behind is tidied up.

    Raises
    ------
    ReportError
        another process publishes to the same folder now, or something that is not ours stands where a helper of the site belongs.
    """
    path = beside(target, "lock")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = _open_lock(path, target)
    except OSError as error:
        name = path.name if path.is_symlink() or path.exists() else target.name
        message = f"{name} cannot be written: {error.strerror}; name another folder."
        raise ReportError(message) from None
    try:
        _recover(target)
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(handle)


@contextlib.contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Folder beside the target that starts as a copy of the site and takes its place when the block ends well.

    If the block raises, the folder is removed and the site stays as it was, byte by byte.

    Raises
    ------
    ReportError : the system could not write it, as on a full disk.
    """
    folder, made = beside(target, "staging"), False
    try:
        folder.mkdir()
        made = True
        (folder / MARKER).write_bytes(_MARKER_TEXT.encode())
        if (target / MARKER).is_file():
            shutil.copytree(target, folder, symlinks=True, ignore=_no_link, dirs_exist_ok=True)
        yield folder
        (folder / MARKER).write_bytes(_MARKER_TEXT.encode())
        _swap(folder, target)
    except OSError as error:
        message = f"{target.name} could not be written: {_reason(error)}. The site is as it was; make room for it, or name another folder."
        raise ReportError(message) from None
    finally:
        if made:
            _remove(folder)


def _open_lock(path: Path, target: Path) -> int:
    while True:
        if path.is_symlink():
            raise OSError(errno.ELOOP, "it is a link")
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o644)
        if not _take(handle):
            holder = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            message = f"Another run (process {holder}) is publishing to {target.name}; wait for it or name another folder."
            raise ReportError(message)
        held = os.fstat(handle)
        try:
            current = path.lstat()
        except FileNotFoundError:
            current = None
        if current is not None and os.path.samestat(current, held):
            _check_own(handle, held)
            os.truncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
            return handle
        os.close(handle)  # the holder before us removed the file between our two calls


def _check_own(handle: int, held: os.stat_result) -> None:
    """Refuse a lock that somebody else wrote, or that is another's file under a second name: it would be emptied."""
    what = ""
    if not stat.S_ISREG(held.st_mode):
        what = "it is no plain file"
    elif held.st_nlink > 1:
        what = "it is a link"
    elif not _OWN_LOCK.fullmatch(os.read(handle, _LONGEST_LOCK)):
        what = "it holds something that no run wrote"
    if what:
        os.close(handle)
        raise OSError(errno.EEXIST, what)
    os.lseek(handle, 0, os.SEEK_SET)


_LOCK_AT = 1 << 10


def _take(handle: int) -> bool:
    """Lock an open file; the system frees it when the process ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        # What is locked there cannot be read by others: the lock lies behind the text that says who holds it.
        os.lseek(handle, _LOCK_AT, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _recover(target: Path) -> None:
    """Undo what a killed run left: its staging folder, and a swap that stopped between its two renames."""
    previous = beside(target, "previous")
    left = [path for path in (previous, beside(target, "staging")) if path.is_symlink() or path.exists()]
    for path in left:
        if path.is_symlink() or not path.is_dir() or (any(path.iterdir()) and not (path / MARKER).is_file()):
            message = f"{path.name} beside {target.name} is in the way, and no run left it; take it away, or name another folder."
            raise ReportError(message)
    if previous in left and not target.exists():
        previous.rename(target)
        left.remove(previous)
    for path in left:
        _remove(path)
        if path.exists():
            message = f"{path.name} beside {target.name} was left by a run and cannot be removed; take it away, or name another folder."
            raise ReportError(message)


def _remove(folder: Path) -> None:
    """Remove a folder of ours as far as the system lets us; what says that it is ours goes last."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.name == MARKER:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
        (folder / MARKER).unlink(missing_ok=True)
        folder.rmdir()


def _no_link(folder: str, names: list[str]) -> set[str]:
    """Refuse a link in a site: what is written to its place would be written to wherever it leads."""
    for name in names:
        if os.path.islink(os.path.join(folder, name)):  # noqa: PTH114, PTH118, of thousands of files
            raise OSError(errno.ELOOP, f"{name} in it is a link")
    return set()


def _reason(error: OSError) -> str:
    """Why the system could not write; a copy of a folder tells it file by file."""
    told = error.args[0] if error.args else ""
    if isinstance(told, list):
        return str(told[0][2]).split("] ")[-1].split(": ")[0]
    return error.strerror or str(error)


def _swap(folder: Path, target: Path) -> None:
    """Put a folder in the place of the target; the old one lies in the place of the folder, or is gone."""
    if not target.exists():
        folder.rename(target)
        return
    if _exchange(folder, target):
        return
    previous = beside(target, "previous")
    target.rename(previous)  # from here to the next line there is no page: only where two names cannot be exchanged
    try:
        folder.rename(target)
    except BaseException:
        previous.rename(target)
        raise
    _remove(previous)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step; False where the system, or the file system, cannot.

    Raises
    ------
    OSError : it can, and did not.
    """
    call = _exchanging()
    if call is None:
        return False
    if call(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP):
        return False
    raise OSError(number, os.strerror(number), str(other))


@functools.cache
def _exchanging() -> Callable[[bytes, bytes], int] | None:
    """The call of the system that exchanges two names: of Linux, or of macOS; None elsewhere."""
    try:
        library: Any = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            apple = library.renamex_np
            return lambda one, other: int(apple(one, other, ctypes.c_uint(2)))  # RENAME_SWAP
        here, linux = ctypes.c_int(-100), library.renameat2  # AT_FDCWD, which whole paths do not look at
        return lambda one, other: int(linux(here, one, here, other, ctypes.c_uint(2)))  # RENAME_EXCHANGE
    except (OSError, AttributeError, TypeError):
        return None
