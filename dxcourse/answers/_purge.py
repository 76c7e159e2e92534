"""What a purge leaves of the record: pure; a database does the same by SQL (`_sql_purge`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from dxcourse.answers._log import ATTEMPT
from dxcourse.answers._record import Record

PURGED = "purged"  # where a record that a purge has emptied was "given"


def purged(records: Sequence[Record], before: datetime) -> tuple[list[Record], int]:
    """Take what is older than a moment out of a record.

    Of each learner and exercise the last attempt stays, emptied: its number is not given again, and
    an answer that it had put aside does not come back. For the same reason an old fresh beginning
    stays as long as something before it is not old.

    Returns
    -------
    list of Record
        What stays, in its order.
    int
        How many records were deleted or emptied.
    """
    own: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        own.setdefault((record.learner, record.exercise), []).append(record)
    stays: dict[tuple[str, str], Record] = {}
    for history in own.values():
        for record in _history(sorted(history, key=ATTEMPT), before):
            stays[record.learner, record.id] = record
    left = [stays[key] for r in records if (key := (r.learner, r.id)) in stays]
    unchanged = sum(stays.get((record.learner, record.id)) == record for record in records)
    return left, len(records) - unchanged


def emptied(record: Record, before: datetime) -> Record:
    """Give a record of which only its number and its id are left."""
    return record.model_copy(update={"time": before, "answer": None, "where": PURGED})


def _history(history: Sequence[Record], before: datetime) -> Iterator[Record]:
    *others, last = history
    young = False
    for record in others:
        if record.time >= before or (record.answer is None and young):
            yield record
        young = young or record.time >= before
    yield emptied(last, before) if last.answer is not None and last.time < before else last
