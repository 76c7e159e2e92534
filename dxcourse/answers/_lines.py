"""A record as a line of a file, in both directions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from dxcourse.answers._disk import LOCK_SECONDS, append, cannot, held, lock_of, replace
from dxcourse.answers._record import Record
from dxcourse.answers._store import StoreError


def line(record: Record) -> bytes:
    """Give a record as a line."""
    return record.model_dump_json().encode() + b"\n"


def parse(lines: Sequence[bytes], path: Path, first: int = 1) -> list[Record]:
    """Give lines as records; `first` is the number of the first of them in the file.

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
            raise StoreError(
                f"{path}:{number}: damaged line ({cause}); "
                f"`dxcourse answers repair {path}` sets it aside"
            ) from error
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
            damaged = {n for n, raw in enumerate(lines, start=1) if not _sound(raw)}
            if damaged:
                moved = [lines[n - 1].removesuffix(b"\n") + b"\n" for n in sorted(damaged)]
                append(aside, b"".join(moved))
                kept = (raw for n, raw in enumerate(lines, start=1) if n not in damaged)
                replace(path, b"".join(kept))
    except OSError as error:
        raise cannot("repair", path, error) from error
    return sorted(damaged)


def _sound(raw: bytes) -> bool:
    try:
        Record.model_validate_json(raw)
    except ValidationError:
        return False
    return raw.endswith(b"\n")
