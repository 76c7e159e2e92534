"""The record moved between stores: JSON lines, the same as in an answers file, or compressed.

A prefecture's record is larger than a machine's memory: it is read and written piece by piece.
"""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, cast

from dxcourse.answers.durable import cannot_use
from dxcourse.answers.file_store import line, parse
from dxcourse.answers.forgotten import LIST, as_lines, later, read_marks
from dxcourse.answers.record import Record
from dxcourse.answers.store import Store, StoreError
from dxcourse.files import make_folder, write_atomically, write_through, writing_atomically
from dxcourse.text import say

GZIP, GZIP_MAGIC = ".gz", b"\x1f\x8b"
PRIVATE = 0o600
PORTION = 1000  # records in memory at once


class UnsoundExportError(StoreError):
    """A file of records cannot be read, or is not whole; the message names file and line."""


def export_file(store: Store, path: Path, *, learner: str | None = None, begins: str = "") -> int:
    """Write the records of a store to a file, in the order they were stored.

    The file is its owner's alone; one that ends in ``.gz`` is compressed.

    Parameters
    ----------
    learner
        Only this one's records; everyone's where none is named.
    begins
        Only records of learners whose names begin so, as those of a space do.

    Returns
    -------
    int
        How many there were.

    Raises
    ------
    StoreError
        The file is not empty, or something could not be read or written; the file is as it was.
    """
    target = path.resolve()  # a link stays one
    try:
        if target.exists() and (not target.is_file() or target.stat().st_size):
            raise StoreError(say("answers.errors.not-empty", file=path))
        found = store.records(learners=begins) if learner is None else store.history(learner)
        make_folder(target.parent)
        lines, count = map(line, found), 0
        with writing_atomically(target, mode=PRIVATE) as file, _packed(file, path) as packed:
            while some := list(islice(lines, PORTION)):
                write_through(packed, b"".join(some), lasting=False)
                count += len(some)
    except OSError as error:
        raise cannot_use("write", path, error) from error
    return count


@contextmanager
def _packed(file: IO[bytes], path: Path) -> Iterator[IO[bytes]]:
    """Write to a file, compressed where its name says so."""
    if path.suffix != GZIP:
        yield file
        return
    with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        yield cast("IO[bytes]", packed)


def import_file(store: Store, path: Path) -> int:
    """Take over the records of a file, numbers and all; those that are here already are left.

    Who was forgotten stays so: by the marks in the store, and by those beside the file.

    Returns
    -------
    int
        How many were new.

    Raises
    ------
    StoreError
        A line is damaged (the message names it), a record contradicts one that is here, or
        something could not be read or written; no record was taken.
    """
    marks = read_marks(path.with_name(LIST))
    try:
        if marks:
            store.keep_forgotten(marks)
        return store.restore(read_export(path))
    except UnsoundExportError:
        raise
    except StoreError as error:
        raise StoreError(say("answers.errors.from-file", file=path, error=error)) from error


def read_export(path: Path) -> Iterator[Record]:
    """Read what `export_file` wrote, compressed or not, and hold it to be whole.

    Records come one by one: whoever takes them for good waits until the last one has come.

    Raises
    ------
    UnsoundExportError
        A line is damaged or contradicts another, or the file cannot be read.
    """
    try:
        with path.open("rb") as file, closing(_Seen(path)) as seen:
            packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            file.seek(0)
            lines = iter(gzip.GzipFile(fileobj=file) if packed else file)
            first = 1
            while some := [raw.removesuffix(b"\n") for raw in islice(lines, PORTION)]:
                if first == 1:
                    some[0] = some[0].removeprefix(BOM_UTF8)
                records = _parsed(some, path, first)
                seen.hold(records, first)
                yield from records
                first += len(some)
            seen.hold_all()
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise UnsoundExportError(str(cannot_use("read", path, error))) from error
        raise UnsoundExportError(say("answers.backup.torn", file=path)) from error


def _parsed(lines: Sequence[bytes], path: Path, first: int) -> list[Record]:
    try:
        return parse(lines, path, first, cure=say("answers.backup.cure"))
    except StoreError as error:
        raise UnsoundExportError(str(error)) from error


def export_marks(store: Store, path: Path) -> int:
    """Write who was forgotten beside backups, joined with what is there; how many there are.

    Raises
    ------
    StoreError
        The file cannot be read or written, or is damaged.
    """
    marks = later(read_marks(path), store.forgotten())
    try:
        make_folder(path.resolve().parent)
        write_atomically(path.resolve(), as_lines(marks), mode=PRIVATE)
    except OSError as error:
        raise cannot_use("write", path, error) from error
    return len(marks)


class _Seen:
    """What was read of a file: by it lines that contradict one another are found.

    A portion's are known at once. All of them lie in a table that only grows at its end, in a
    database of SQLite's own temporary kind, and are sorted once, as a disk likes it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute("CREATE TABLE seen (key BLOB, body BLOB, line INTEGER)")
        self._kept.execute("BEGIN")

    def close(self) -> None:
        """Forget it."""
        self._kept.close()

    def hold(self, records: Sequence[Record], first: int) -> None:
        """Refuse records that cannot be stored as they are, or contradict one beside them."""
        known: dict[bytes, tuple[bytes, int]] = {}
        for here, record in enumerate(records, start=first):
            if record.as_read_back() != record:
                raise UnsoundExportError(say("answers.errors.number", file=self._path, line=here))
            body = _digest(line(record))
            for key in (
                (record.learner, record.id),
                (record.learner, record.exercise, f"{record.attempt}"),
            ):
                name = _digest("\0".join(key).encode())
                same, there = known.setdefault(name, (body, here))
                if same != body:
                    raise self._contradiction(here, there)
        rows = ((name, body, here) for name, (body, here) in known.items())
        self._kept.executemany("INSERT INTO seen VALUES (?, ?, ?)", rows)

    def hold_all(self) -> None:
        """Refuse a file of which any two lines contradict each other."""
        asked = "SELECT min(line), max(line) FROM seen GROUP BY key HAVING min(body) < max(body)"
        found = self._kept.execute(f"{asked} LIMIT 1").fetchone()
        if found is not None:
            there, here = found
            raise self._contradiction(here, there)

    def _contradiction(self, here: int, there: int) -> UnsoundExportError:
        blanks = {"file": self._path, "line": here, "other": there}
        return UnsoundExportError(say("answers.errors.contradicts", **blanks))


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:16]
