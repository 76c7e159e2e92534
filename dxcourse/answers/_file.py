"""Answers in a file: JSON lines, appended under a lock, on disk before they are acknowledged."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout
from pydantic import ValidationError

from dxcourse.answers._log import Log
from dxcourse.answers._record import Entry, Record
from dxcourse.answers._store import Guard, Refused, StoreError

LOCK_SECONDS = 20.0


class FileStore:
    """The record as a JSON-lines file.

    A line without its end, left by a power cut, is set aside in ``<file>.torn`` before the next
    one is written; it was never acknowledged. A damaged line further up is an error that names it:
    `repair` sets it aside when someone decides so.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(f"{path}.lock", timeout=LOCK_SECONDS)
        self._threads = threading.Lock()
        self._log = Log()
        self._read_to = 0
        self._inode: int | None = None
        self._lines = 0

    def append(self, entries: Sequence[tuple[Entry, Guard | None]]) -> list[Record | Refused]:
        """See `Store.append`."""
        with self._locked(write=True):
            self._set_torn_line_aside()
            self._catch_up()
            outcomes, new = self._log.plan(entries)
            self._write(new)
        return outcomes

    def history(self, learner: str, exercise: str | None = None) -> list[Record]:
        """See `Store.history`."""
        with self._locked(write=False):
            self._catch_up()
            return self._log.history(learner, exercise)

    def records(self) -> Iterator[Record]:
        """See `Store.records`."""
        with self._locked(write=False):
            self._catch_up()
            everything = list(self._log.everything)
        return iter(everything)

    def restore(self, records: Iterable[Record]) -> int:
        """See `Store.restore`."""
        with self._locked(write=True):
            self._set_torn_line_aside()
            self._catch_up()
            new = self._log.unknown(records)
            self._write(new)
        return len(new)

    def close(self) -> None:
        """See `Store.close`; a file is open only while it is written."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _locked(self, *, write: bool) -> Iterator[None]:
        with self._threads:
            try:
                if write:
                    self.path.parent.mkdir(parents=True, exist_ok=True)
                elif not self.path.exists():
                    yield
                    return
                self._lock.acquire()
            except Timeout as error:
                msg = f"{self.path}: another program holds the answers; close it and try again"
                raise StoreError(msg) from error
            except OSError as error:
                if write:
                    raise StoreError(_cannot("write", self.path, error)) from error
                yield  # a read-only disk has no place for a lock, and nobody writes there
                return
            try:
                yield
            finally:
                self._lock.release()

    def _catch_up(self) -> None:
        """Read what has been written since, by this program or another."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            self._forget(None)
            return
        if stat.st_ino != self._inode or stat.st_size < self._read_to:
            self._forget(stat.st_ino)
        if stat.st_size == self._read_to:
            return
        try:
            with self.path.open("rb") as file:
                file.seek(self._read_to)
                fresh = file.read()
        except OSError as error:
            raise StoreError(_cannot("read", self.path, error)) from error
        whole = fresh[: fresh.rfind(b"\n") + 1]
        number = self._lines
        records = []
        for raw in whole.splitlines():
            number += 1
            records.append(parse_line(raw, f"{self.path}:{number}"))
        self._log.take(records)
        self._lines = number
        self._read_to += len(whole)

    def _forget(self, inode: int | None) -> None:
        self._log, self._read_to, self._lines, self._inode = Log(), 0, 0, inode

    def _write(self, new: Sequence[Record]) -> None:
        if not new:
            return
        data = b"".join(line(record) for record in new)
        created = not self.path.exists()
        try:
            with self.path.open("ab") as file:
                before = file.tell()
                try:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    os.truncate(self.path, before)  # half a line must not stay behind
                    raise
            if created:
                sync_folder(self.path.parent)
        except OSError as error:
            self._forget(None)
            raise StoreError(_cannot("write", self.path, error)) from error
        self._log.take(new)
        self._inode = self.path.stat().st_ino
        self._read_to += len(data)
        self._lines += len(new)

    def _set_torn_line_aside(self) -> None:
        try:
            with self.path.open("rb+") as file:
                size = file.seek(0, os.SEEK_END)
                if size == 0:
                    return
                file.seek(size - 1)
                if file.read(1) == b"\n":
                    return
                file.seek(0)
                cut = file.read().rfind(b"\n") + 1
                file.seek(cut)
                torn = file.read()
                aside = self.path.with_name(self.path.name + ".torn")
                with aside.open("ab") as keep:
                    keep.write(torn + b"\n")
                    keep.flush()
                    os.fsync(keep.fileno())
                file.truncate(cut)
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(_cannot("write", self.path, error)) from error
        warnings.warn(
            f"{self.path}: the last line was not whole; it is kept in {aside.name}", stacklevel=2
        )


def line(record: Record) -> bytes:
    """A record as a line of the file."""
    return record.model_dump_json().encode() + b"\n"


def parse_line(raw: bytes, place: str) -> Record:
    """A line of the file as a record.

    Raises
    ------
    StoreError
        The line is damaged; the message names the place and the cure.
    """
    try:
        return Record.model_validate_json(raw)
    except ValidationError as error:
        cause = error.errors(include_url=False)[0]["msg"]
        msg = f"{place}: damaged line ({cause}); `dxcourse answers repair` sets it aside"
        raise StoreError(msg) from error


def repair(path: Path) -> list[int]:
    """Set damaged lines aside in ``<file>.damaged``; the numbers of the lines that were moved.

    Raises
    ------
    StoreError
        The file could not be read or written; it is as it was.
    """
    with FileLock(f"{path}.lock", timeout=LOCK_SECONDS):
        try:
            lines = path.read_bytes().splitlines(keepends=True)
            bad = [n for n, raw in enumerate(lines, start=1) if not _sound(raw)]
            if not bad:
                return []
            aside = path.with_name(path.name + ".damaged")
            with aside.open("ab") as keep:
                keep.writelines(lines[n - 1].rstrip(b"\n") + b"\n" for n in bad)
                keep.flush()
                os.fsync(keep.fileno())
            mended = path.with_name(path.name + ".mended")
            with mended.open("wb") as file:
                file.writelines(raw for n, raw in enumerate(lines, start=1) if n not in bad)
                file.flush()
                os.fsync(file.fileno())
            mended.replace(path)
            sync_folder(path.parent)
        except OSError as error:
            raise StoreError(_cannot("repair", path, error)) from error
        return bad


def _sound(raw: bytes) -> bool:
    try:
        Record.model_validate_json(raw)
    except ValidationError:
        return False
    return raw.endswith(b"\n")


def sync_folder(folder: Path) -> None:
    """Make a new or renamed file's name durable; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot(what: str, path: Path, error: OSError) -> str:
    return f"{path}: cannot {what} ({error.strerror}); free the disk or mend its rights, then retry"
