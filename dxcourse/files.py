"""Files that last: written whole or not at all, held by a lock, read again when they changed."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache, wraps
from pathlib import Path
from typing import IO, TypeVar

from filelock import FileLock, Timeout

from dxcourse.errors import ReadableError
from dxcourse.text import say

LOCK_SECONDS = 20.0
POLL_SECONDS = 0.01
# A network drive that cannot do it says so in one of these ways; SQLite goes on there, too.
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM}

T = TypeVar("T")


class BusyError(ReadableError, RuntimeError):
    """Another program holds a file; the message names it."""


def write_atomically(
    path: Path, data: bytes | str, *, mode: int | None = None, lasting: bool = True
) -> None:
    """Write a file so that at any moment, and after a crash, it is as it was or whole.

    Parameters
    ----------
    path
        The file. One that is there keeps its owner and rights.
    data
        What it is to hold; a text becomes UTF-8, with its line ends as they are.
    mode
        The file's rights, such as ``0o600``; those it has, or what the system gives new ones.
    lasting
        Whether it is on disk when this returns. What can be made again is not worth the wait.

    Raises
    ------
    OSError
        The disk refuses; nothing is left behind.
    """
    body = data.encode() if isinstance(data, str) else data
    with writing_atomically(path, mode=mode, lasting=lasting) as file:
        write_through(file, body, lasting=False)


@contextmanager
def writing_atomically(
    path: Path, *, mode: int | None = None, lasting: bool = True
) -> Iterator[IO[bytes]]:
    """Write a file piece by piece as `write_atomically` does: it is there when the block has ended.

    Raises
    ------
    OSError
        The disk refuses; nothing is left behind.
    """
    part = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.part")
    rights = 0o666 if mode is None else mode
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(part, flags, rights), "wb", buffering=0) as file:
            yield file
            if lasting:
                os.fsync(file.fileno())
        _take_after(path, part, mode)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    if lasting:
        fsync_folder(path.parent)


def write_through(file: IO[bytes], data: bytes, *, lasting: bool = True) -> None:
    """Write all of it to an unbuffered file, down to the disk where it is to last."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
    if lasting:
        os.fsync(file.fileno())


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, so that their names last."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    fsync_folder(folder.parent)


def fsync_folder(folder: Path) -> None:
    """Make the name of a new or renamed file last; Windows does so by itself."""
    if os.name == "nt":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise


@contextmanager
def lock(path: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold what stands for a file, ``FILE.lock``, against other processes and threads.

    Raises
    ------
    BusyError
        Another program has held it for all of that time.
    OSError
        The place has no room or no right for a lock.
    """
    held = FileLock(f"{path}.lock", timeout=seconds, poll_interval=POLL_SECONDS)
    try:
        held.acquire()
    except Timeout as error:
        raise BusyError(say("cli.files.busy", file=path, seconds=f"{seconds:g}")) from error
    try:
        yield
    finally:
        held.release()


def cached_by_mtime(maxsize: int) -> Callable[[Callable[[Path], T]], Callable[[Path], T]]:
    """Let a function of a file keep what it made of it until the file changes.

    The file's time, size and number on the disk say whether it did. A file that is not there is
    left to the function.
    """

    def decorate(read: Callable[[Path], T]) -> Callable[[Path], T]:
        @lru_cache(maxsize=maxsize)
        def known(path: Path, _: object) -> T:
            return read(path)

        @wraps(read)
        def cached(path: Path) -> T:
            try:
                state = state_of(path)
            except FileNotFoundError:
                return read(path)
            return known(path, state)

        return cached

    return decorate


def state_of(path: Path) -> tuple[int, int, int]:
    """Give what is another when a file has changed: its time, size and number on the disk.

    Raises
    ------
    OSError
        It is not there, or may not be looked at.
    """
    state = path.stat()
    return state.st_mtime_ns, state.st_size, state.st_ino


def _take_after(path: Path, part: Path, mode: int | None) -> None:
    """Give a file the owner and rights of the one that it replaces."""
    with suppress(FileNotFoundError):
        before = path.stat()
        if hasattr(os, "chown"):
            with suppress(PermissionError):  # only root may give a file away; others own theirs
                os.chown(part, before.st_uid, before.st_gid)
        part.chmod(before.st_mode & 0o7777 if mode is None else mode)
