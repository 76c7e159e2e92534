"""The record moved between stores: JSON lines, the same as in an answers file, or compressed."""

from __future__ import annotations

import gzip
import zlib
from codecs import BOM_UTF8
from pathlib import Path

from dxcourse.answers.durable import cannot_use
from dxcourse.answers.file_store import line, parse
from dxcourse.answers.forgotten import LIST, as_lines, later, read_marks
from dxcourse.answers.record import Record
from dxcourse.answers.store import Store, StoreError
from dxcourse.files import make_folder, write_atomically
from dxcourse.text import say

GZIP, GZIP_MAGIC = ".gz", b"\x1f\x8b"
PRIVATE = 0o600


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
        found = store.records() if learner is None else store.history(learner)
        lines = [line(record) for record in found if record.learner.startswith(begins)]
        data = b"".join(lines)
        make_folder(target.parent)
        packed = gzip.compress(data, mtime=0) if path.suffix == GZIP else data
        write_atomically(target, packed, mode=PRIVATE)
    except OSError as error:
        raise cannot_use("write", path, error) from error
    return len(lines)


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
        something could not be read or written; nothing was taken.
    """
    records = read_export(path)
    marks = read_marks(path.with_name(LIST))
    try:
        if marks:
            store.keep_forgotten(marks)
        return store.restore(records)
    except StoreError as error:
        raise StoreError(say("answers.errors.from-file", file=path, error=error)) from error


def read_export(path: Path) -> list[Record]:
    """Read what `export_file` wrote, compressed or not, and hold it to be whole.

    Raises
    ------
    StoreError
        A line is damaged or contradicts another, or the file cannot be read.
    """
    try:
        data = path.read_bytes()
        if data.startswith(GZIP_MAGIC):
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise cannot_use("read", path, error) from error
        raise StoreError(say("answers.backup.torn", file=path)) from error
    data = data.removeprefix(BOM_UTF8)
    lines = data.removesuffix(b"\n").split(b"\n") if data else []
    records = parse(lines, path, cure=say("answers.backup.cure"))
    _agree(records, path)
    return records


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


def _agree(records: list[Record], path: Path) -> None:
    """Refuse lines that cannot be stored as they are, or contradict one another."""
    ids: dict[tuple[str, str], int] = {}
    numbers: dict[tuple[str, str, int], int] = {}
    for here, record in enumerate(records, start=1):
        if record.as_read_back() != record:
            raise StoreError(say("answers.errors.number", file=path, line=here))
        same_id = ids.setdefault((record.learner, record.id), here)
        number = (record.learner, record.exercise, record.attempt)
        same_number = numbers.setdefault(number, here)
        for there in (same_id, same_number):
            if records[there - 1] != record:
                blanks = {"file": path, "line": here, "other": there}
                raise StoreError(say("answers.errors.contradicts", **blanks))
