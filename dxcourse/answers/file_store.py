"""Answers in a file: JSON lines, appended under a lock, on disk before they are acknowledged."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from dxcourse.answers.durable import (
    append,
    busy,
    cannot_use,
    cut,
    held,
    lock_of,
)
from dxcourse.answers.forgotten import add_marks, mark, read_marks, remembered
from dxcourse.answers.log import Log, purged
from dxcourse.answers.operations import AuditEntry
from dxcourse.answers.record import Entry, Record
from dxcourse.answers.store import Appended, DailyCount, Guard, Refused, StoreError
from dxcourse.files import LOCK_SECONDS, make_folder, write_atomically
from dxcourse.text import say


def line(record: Record) -> bytes:
    """Give a record as a line."""
    return record.model_dump_json().encode() + b"\n"


def parse(lines: Sequence[bytes], path: Path, first: int = 1, *, cure: str = "") -> list[Record]:
    """Give lines as records; `first` is the number of the first of them in the file.

    `cure` is what to do about a damaged one, where setting it aside is no good advice.

    Raises
    ------
    StoreError
        A line is damaged; the message names file, line and cure.
    """
    records = []
    for number, raw in enumerate(lines, start=first):
        try:
            records.append(Record.model_validate_json(raw))
        except ValidationError as error:
            cause = error.errors(include_url=False, include_input=False)[0]["msg"]
            advice = cure or say("answers.errors.repair", file=path)
            blanks = {"file": path, "line": number, "cause": cause, "cure": advice}
            raise StoreError(say("answers.errors.damaged", **blanks)) from error
    return records


def repair(path: Path, *, lock_seconds: float = LOCK_SECONDS) -> list[int]:
    """Set damaged lines aside in ``<file>.damaged``, for someone to look at.

    Returns
    -------
    list of int
        The numbers of the lines that were moved; 1 is the first.

    Raises
    ------
    StoreError
        The file could not be read or written, or another program holds it; it is as it was.
    """
    aside = path.with_name(f"{path.name}.damaged")
    try:
        path.stat()  # before a lock is made beside a file that is not there
        with held(lock_of(path, lock_seconds), path):
            with path.open("rb") as file:
                lines = file.readlines()
            if lines and lines[0].startswith(b"\x1f\x8b"):
                raise StoreError(say("answers.backup.no-repair", file=path))
            damaged = {n for n, raw in enumerate(lines, start=1) if not _sound(raw)}
            if damaged:
                moved = [lines[n - 1].removesuffix(b"\n") + b"\n" for n in sorted(damaged)]
                append(aside, b"".join(moved), mode=0o600)
                kept = (raw for n, raw in enumerate(lines, start=1) if n not in damaged)
                write_atomically(path, b"".join(kept))
    except OSError as error:
        raise cannot_use("repair", path, error) from error
    return sorted(damaged)


def _sound(raw: bytes) -> bool:
    try:
        Record.model_validate_json(raw)
    except ValidationError:
        return False
    return raw.endswith(b"\n")


PROBE_SIZE = 4096  # bytes: a block of most disks


class FileStore:
    """The record as a JSON-lines file.

    A line without its end, left by a power cut, is set aside in ``<file>.torn`` before the next
    one is written; it was never acknowledged. A damaged line further up is an error that names it:
    `repair` sets it aside when someone decides so.

    Parameters
    ----------
    path
        The file. It, its folder and ``<file>.lock`` are made when something is first written.
    lock_seconds
        How long to wait where another program holds the file.
    """

    def __init__(self, path: Path, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self.path = path
        self._lock = lock_of(path, lock_seconds)
        # Reentrant: a guard may look into the store that asks it.
        self._threads = threading.RLock()
        self._start_over()

    def append(self, entries: Sequence[tuple[Entry, Guard | None]]) -> list[Appended | Refused]:
        """See `Store.append`."""
        if not entries:
            return []
        with self._writing():
            outcomes, new = self._log.plan(entries, self._log.newest)
            self._write(new)
        return outcomes

    def history(self, learner: str, exercise: str | None = None) -> list[Record]:
        """See `Store.history`."""
        with self._reading():
            return self._log.history(learner, exercise)

    def records(self, *, learners: str = "") -> Iterator[Record]:
        """See `Store.records`."""
        with self._reading():
            found = self._log.everything
            return iter([record for record in found if record.learner.startswith(learners)])

    def given(self, exercise: str, *, where: str = "") -> Iterator[Record]:
        """See `Store.given`."""
        with self._reading():
            return iter(list(self._log.given(exercise, where)))

    def restore(self, records: Iterable[Record]) -> int:
        """See `Store.restore`."""
        given = list(records)
        with self._writing():
            new = self._log.unknown(remembered(given, self.forgotten()))
            self._write(new)
        return len(new)

    def purge(self, before: datetime) -> int:
        """See `Store.purge`; the file is written anew."""
        with self._writing():
            left, count = purged(self._log.everything, before)
            self._write_anew(left, count)
        return count

    def forgotten(self) -> Mapping[str, datetime]:
        """See `Store.forgotten`; kept in ``<file>.forgotten``."""
        return read_marks(self._marks)

    def keep_forgotten(self, marks: Mapping[str, datetime]) -> None:
        """See `Store.keep_forgotten`."""
        with self._writing():
            add_marks(self._marks, marks)

    @property
    def _marks(self) -> Path:
        path = self.path.resolve()
        return path.with_name(f"{path.name}.forgotten")

    def forget(self, learner: str, *, at: datetime | None = None) -> int:
        """See `Store.forget`; the file is written anew."""
        with self._writing():
            add_marks(self._marks, {mark(learner): at or datetime.now(UTC)})
            left = [record for record in self._log.everything if record.learner != learner]
            count = len(self._log.everything) - len(left)
            self._write_anew(left, count)
        return count

    def note(self, operation: AuditEntry) -> None:
        """See `Store.note`; they stand beside the file, in ``<file>.operations``."""
        with self._writing():
            append(self._operations, operation.line(), mode=0o600)

    def operations(self) -> list[AuditEntry]:
        """See `Store.operations`."""
        with self._reading():
            if not self._operations.exists():
                return []
            lines = self._operations.read_bytes().splitlines()
            return [AuditEntry.model_validate_json(each) for each in lines]

    def last_operations(self) -> Mapping[str, AuditEntry]:
        """See `Store.last_operations`."""
        return {each.done: each for each in self.operations()}

    def daily_counts(self, *, where: str = "") -> Sequence[DailyCount]:
        """See `Store.daily_counts`."""
        with self._reading():
            return self._log.daily_counts(where)

    def counts_by_surface(self) -> Mapping[str, tuple[int, int]]:
        """See `Store.counts_by_surface`."""
        with self._reading():
            return self._log.counts_by_surface()

    def count_learners(self, *, where: str = "") -> int:
        """See `Store.count_learners`."""
        with self._reading():
            return self._log.count_learners(where)

    @property
    def _operations(self) -> Path:
        path = self.path.resolve()
        return path.with_name(f"{path.name}.operations")

    def check_writable(self) -> None:
        """See `Store.check_writable`."""
        with self._writing():
            probe = self.path.with_name(f"{self.path.name}.probe")
            try:
                with probe.open("wb") as file:
                    file.write(bytes(PROBE_SIZE))
                    file.flush()
                    os.fsync(file.fileno())
            finally:
                probe.unlink(missing_ok=True)

    def close(self) -> None:
        """See `Store.close`; a file is open only while it is read or written."""

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
    def _writing(self) -> Iterator[None]:
        """Hold the file, know all that is in it, and have it end with a whole line."""
        with self._one_thread():
            try:
                make_folder(self.path.parent)
                with held(self._lock, self.path):
                    torn = self._catch_up()
                    if torn:
                        self._set_aside(torn)
                    yield
            except OSError as error:
                raise cannot_use("write", self.path, error) from error

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Know all that is in the file."""
        with self._one_thread():
            try:
                if self.path.exists():
                    self._catch_up_held()
                else:
                    self._start_over()
            except OSError as error:
                raise cannot_use("read", self.path, error) from error
            yield

    @contextmanager
    def _one_thread(self) -> Iterator[None]:
        if not self._threads.acquire(timeout=self._lock.timeout):
            raise busy(self.path, self._lock.timeout)
        try:
            yield
        finally:
            self._threads.release()

    def _catch_up_held(self) -> None:
        try:
            with held(self._lock, self.path):
                self._catch_up()
        except OSError:
            # Where we may not write, we cannot lock. Only whole lines are read, and a line that
            # its writer withdraws is noticed the next time.
            self._catch_up()

    def _catch_up(self) -> bytes:
        """Read what was written since, by this program or another; give what follows the last line.

        A file that does not go on where we stopped (replaced, cut, written anew) is read afresh.
        """
        try:
            with self.path.open("rb") as file:
                status = os.fstat(file.fileno())
                this = (status.st_dev, status.st_ino)
                file.seek(self._read_to - len(self._last))
                fresh = file.read()
                if this != self._file or not fresh.startswith(self._last):
                    self._start_over(this)
                    file.seek(0)
                    fresh = file.read()
        except FileNotFoundError:
            self._start_over()
            return b""
        *lines, torn = fresh[len(self._last) :].split(b"\n")
        self._know(parse(lines, self.path, self._lines + 1), lines)
        return torn

    def _know(self, records: Sequence[Record], lines: Sequence[bytes]) -> None:
        if lines:
            self._log.take(records)
            self._lines += len(lines)
            self._read_to += sum(map(len, lines)) + len(lines)
            self._last = lines[-1] + b"\n"

    def _start_over(self, file: tuple[int, int] | None = None) -> None:
        self._log, self._lines, self._read_to, self._last = Log(), 0, 0, b""
        self._file = file  # which one it is: another may stand under its name

    def _write(self, new: Sequence[Record]) -> None:
        if not new:
            return
        lines = [line(record) for record in new]
        append(self.path, b"".join(lines))
        self._know(new, [raw.removesuffix(b"\n") for raw in lines])

    def _write_anew(self, records: Sequence[Record], count: int) -> None:
        if count:
            write_atomically(self.path.resolve(), b"".join(map(line, records)))  # a link stays one
            self._catch_up()

    def _set_aside(self, torn: bytes) -> None:
        aside = self.path.with_name(f"{self.path.name}.torn")
        append(aside, torn + b"\n", mode=0o600)
        cut(self.path, self._read_to)
        blanks = {"file": self.path, "line": self._lines + 1, "n": len(torn), "aside": aside.name}
        warnings.warn(say("answers.errors.torn", **blanks), stacklevel=5)
