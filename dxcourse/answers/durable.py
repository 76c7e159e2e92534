"""Writing that lasts: on disk before it counts, and undone where it fails."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from dxcourse.answers.store import StoreError
from dxcourse.files import POLL_SECONDS, fsync_folder, write_through
from dxcourse.text import say

_SPACE = "space"  # the names of the cures, in `text/ja/answers.yaml`
_RIGHTS = "rights"
_CURES = {
    errno.ENOSPC: _SPACE,
    errno.EFBIG: _SPACE,
    getattr(errno, "EDQUOT", errno.ENOSPC): _SPACE,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: _RIGHTS,
    errno.EISDIR: "file",
    errno.ENOTDIR: "in-folder",
    errno.ENOENT: "there",
}


def cannot_use(what: str, path: Path, error: OSError) -> StoreError:
    """Make the error that says which file, what could not be done, why, and what helps."""
    cause = error.strerror or str(error)
    cure = say(f"answers.errors.cures.{_CURES.get(error.errno or 0, 'disk')}")
    done = say(f"answers.errors.what.{what}")
    return StoreError(say("answers.errors.cannot", place=path, what=done, cause=cause, cure=cure))


def lock_of(path: Path, seconds: float) -> BaseFileLock:
    """Give the lock that whoever reads or writes the file takes first."""
    return FileLock(f"{path}.lock", timeout=seconds, poll_interval=POLL_SECONDS)


@contextmanager
def held(lock: BaseFileLock, path: Path) -> Iterator[None]:
    """Hold the lock of a file.

    Raises
    ------
    StoreError
        Another program has held it for the whole of the lock's time-out.
    OSError
        The place has no room or no right for a lock.
    """
    try:
        lock.acquire()
    except Timeout as error:
        raise busy(path, lock.timeout) from error
    try:
        yield
    finally:
        lock.release()


def busy(path: Path, seconds: float) -> StoreError:
    """Make the error that says the file is not to be had."""
    return StoreError(say("answers.errors.busy", file=path, seconds=f"{seconds:g}"))


def append(path: Path, data: bytes, *, mode: int = 0o666) -> int:
    """Write at the end of a file, down to the disk; where that fails, the file is as it was.

    Parameters
    ----------
    mode
        The rights of a file that is new, of which the system takes away as usual.

    Returns
    -------
    int
        The size of the file before.
    """

    # Unbuffered: a buffer would be written at the file's closing, after a failure was undone.
    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, mode)

    with open(path, "ab", buffering=0, opener=opener) as file:
        before = file.seek(0, os.SEEK_END)
        try:
            write_through(file, data)
            if before == 0:
                fsync_folder(path.parent)
        except BaseException:
            file.truncate(before)
            raise
    return before


def cut(path: Path, size: int) -> None:
    """Shorten a file, down to the disk."""
    with path.open("rb+", buffering=0) as file:
        file.truncate(size)
        os.fsync(file.fileno())
