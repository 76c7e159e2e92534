"""The record moved between stores: JSON lines, the same as in an answers file."""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path

from dxcourse.answers.durable import cannot_use, make_folder, replace
from dxcourse.answers.file_store import line, parse
from dxcourse.answers.record import Record
from dxcourse.answers.store import Store, StoreError


def export_file(store: Store, path: Path, *, learner: str | None = None) -> int:
    """Write the records of a store to a file, in the order they were stored.

    Parameters
    ----------
    learner
        Only this one's records; everyone's where none is named.

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
            raise StoreError(f"{path}: is not empty; name another file, or remove this one first")
        found = store.records() if learner is None else store.history(learner)
        lines = [line(record) for record in found]
        make_folder(target.parent)
        replace(target, b"".join(lines))
    except OSError as error:
        raise cannot_use("write", path, error) from error
    return len(lines)


def import_file(store: Store, path: Path) -> int:
    """Take over the records of a file, numbers and all; those that are here already are left.

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
    try:
        data = path.read_bytes().removeprefix(BOM_UTF8)
    except OSError as error:
        raise cannot_use("read", path, error) from error
    lines = data.removesuffix(b"\n").split(b"\n") if data else []
    records = parse(lines, path)
    _agree(records, path)
    try:
        return store.restore(records)
    except StoreError as error:
        raise StoreError(f"{path}: {error}") from error


def _agree(records: list[Record], path: Path) -> None:
    """Refuse lines that cannot be stored as they are, or contradict one another."""
    ids: dict[tuple[str, str], int] = {}
    numbers: dict[tuple[str, str, int], int] = {}
    for here, record in enumerate(records, start=1):
        if record.as_read_back() != record:
            raise StoreError(f"{path}:{here}: has a number that JSON cannot hold; mend the line")
        same_id = ids.setdefault((record.learner, record.id), here)
        number = (record.learner, record.exercise, record.attempt)
        same_number = numbers.setdefault(number, here)
        for there in (same_id, same_number):
            if records[there - 1] != record:
                raise StoreError(
                    f"{path}:{here}: has the id or the attempt of line {there}, and differs; "
                    "remove one of the two"
                )
