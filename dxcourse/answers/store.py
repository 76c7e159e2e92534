"""What a store of answers can do. A file and a SQL database do it alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType
from typing import Any, Protocol, Self

from dxcourse.answers.operations import AuditEntry
from dxcourse.answers.record import Entry, Record
from dxcourse.errors import ReadableError

Guard = Callable[[Sequence[Record]], "dict[str, Any] | None"]
"""Looks at a learner's history of an exercise and raises where an entry must not follow it.

It may give the answer that is stored in place of the entry's: some items laid over what stands."""


class StoreError(ReadableError, RuntimeError):
    """Answers could not be read or written; the message names the place and the cure."""


class Refused(StoreError):  # noqa: N818  -- a refusal, said by a guard, is not a failure
    """An entry was not stored because what is stored already forbids it."""


@dataclass(frozen=True)
class Appended:
    """An entry that is stored."""

    record: Record
    before: tuple[Record, ...] | None = None
    """The learner's history of the exercise up to it; None where it had been stored earlier."""


@dataclass(frozen=True, order=True)
class DailyCount:
    """How much an exercise was answered on a day: answers, and learners who gave them."""

    day: date
    exercise: str
    answers: int
    learners: int


class LearnerStore(Protocol):
    """What a learner's own surface does with a store: give answers, and read what was given."""

    def append(self, entries: Sequence[tuple[Entry, Guard | None]]) -> list[Appended | Refused]:
        """Store entries, durably, in their order; each gets its record or its refusal.

        When this returns, the records are on disk. An entry whose id the learner has used before
        is not stored again: its first record is returned. A guard sees the history at the very
        moment of storing, whoever else writes.

        Raises
        ------
        StoreError
            Nothing of this call was stored.
        """

    def history(self, learner: str, exercise: str | None = None) -> list[Record]:
        """Give a learner's records: of one exercise by attempt, of all in the order of storing.

        The two orders differ only where records were restored.
        """


class Store(LearnerStore, Protocol):
    """A log of attempts: appended to, and never changed but by `purge` and `forget`."""

    def records(self, *, learners: str = "") -> Iterator[Record]:
        """Give all records, in the order they were stored.

        Parameters
        ----------
        learners
            Only those of learners whose names begin so, as a space's do.
        """

    def given(self, exercise: str, *, where: str = "") -> Iterator[Record]:
        """Give of each learner the last answer to an exercise, in no order that is promised.

        Who has begun afresh since has none. This is what a room or a page of results shows; it is
        found by index, and streamed.

        Parameters
        ----------
        where
            Only what was given at a surface whose name begins so, as if nothing else were stored.
        """

    def forgotten(self) -> Mapping[str, datetime]:
        """Give the marks of all who were forgotten, with the moment of each."""

    def keep_forgotten(self, marks: Mapping[str, datetime]) -> None:
        """Take over marks from another store; what is here already stays."""

    def restore(self, records: Iterable[Record]) -> int:
        """Take over records from another store, numbers and all; how many were new.

        Who was forgotten stays so: what they gave before is left out.

        Raises
        ------
        StoreError
            A record contradicts one that is here (the same attempt or id, and not the same record);
            nothing was taken.
        """

    def purge(self, before: datetime) -> int:
        """Delete what was given before a moment; how many records were deleted or emptied.

        Of each learner and exercise the last attempt stays, without its answer, its time and its
        surface: a fresh beginning that keeps the number from being given again. While this runs,
        others may read and write; when it returns, what is gone is gone from the disk's files.

        Raises
        ------
        StoreError
            No record is half deleted, but in a database some may be gone already; purge again.
        """

    def forget(self, learner: str, *, at: datetime | None = None) -> int:
        """Delete all that is known of a learner, at their own wish; how many records there were.

        Nothing of the learner stays, so that an answer they give later is their first; but for a
        mark without a name, by which `restore` leaves out what was given before. `at` is the
        moment; now where none is given.

        Raises
        ------
        StoreError
            Nothing was deleted.
        """

    def note(self, operation: AuditEntry) -> None:
        """Write down what was done to the record; this is only ever added to."""

    def operations(self) -> list[AuditEntry]:
        """Give what was done to the record, in its order."""

    def last_operations(self) -> Mapping[str, AuditEntry]:
        """Give of each kind of operation, by name, what was done last."""

    def daily_counts(self, *, where: str = "") -> Sequence[DailyCount]:
        """Count what was answered, for each exercise and day in Japan, in the order of days.

        Parameters
        ----------
        where
            Only what was given at a surface whose name begins so.
        """

    def counts_by_surface(self) -> Mapping[str, tuple[int, int]]:
        """Count, for each surface, the answers and the learners who gave them."""

    def count_learners(self, *, where: str = "") -> int:
        """Count who has answered at a surface whose name begins so."""

    def check_writable(self) -> None:
        """Write something that is no answer, durably, to learn whether an answer could be.

        Raises
        ------
        StoreError
            It could not: the disk is full, say, or the place may only be read.
        """

    def close(self) -> None:
        """Let go of files and connections."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
