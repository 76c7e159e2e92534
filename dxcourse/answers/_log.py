"""The rules of the record, for a store that has it in memory: numbers, repeats, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dxcourse.answers._record import Entry, Record
from dxcourse.answers._store import Guard, Refused, StoreError


class Log:
    """Records in memory, indexed as a store needs them."""

    def __init__(self) -> None:
        self.everything: list[Record] = []
        self._by_exercise: dict[tuple[str, str], list[Record]] = {}
        self._by_learner: dict[str, list[Record]] = {}
        self._by_id: dict[tuple[str, str], Record] = {}

    def history(self, learner: str, exercise: str | None) -> list[Record]:
        """A learner's records, of one exercise or all."""
        if exercise is None:
            return list(self._by_learner.get(learner, []))
        return list(self._by_exercise.get((learner, exercise), []))

    def take(self, records: Iterable[Record]) -> None:
        """Add records that are stored."""
        for record in records:
            self.everything.append(record)
            self._by_exercise.setdefault((record.learner, record.exercise), []).append(record)
            self._by_learner.setdefault(record.learner, []).append(record)
            self._by_id[record.learner, record.id] = record

    def plan(
        self, entries: Sequence[tuple[Entry, Guard | None]]
    ) -> tuple[list[Record | Refused], list[Record]]:
        """What becomes of entries: an outcome each, and the records to write."""
        outcomes: list[Record | Refused] = []
        new: list[Record] = []
        pending = Log()
        for entry, guard in entries:
            known = self._by_id.get((entry.learner, entry.id)) or pending._by_id.get(  # noqa: SLF001
                (entry.learner, entry.id)
            )
            if known is not None:
                outcomes.append(known)
                continue
            before = [
                *self.history(entry.learner, entry.exercise),
                *pending.history(entry.learner, entry.exercise),
            ]
            try:
                if guard is not None:
                    guard(before)
            except Refused as refusal:
                outcomes.append(refusal)
                continue
            record = entry.numbered(before[-1].attempt + 1 if before else 1)
            pending.take([record])
            new.append(record)
            outcomes.append(record)
        return outcomes, new

    def unknown(self, records: Iterable[Record]) -> list[Record]:
        """The records that are not here yet.

        Raises
        ------
        StoreError
            One has the number of another attempt.
        """
        new: list[Record] = []
        taken = {(r.learner, r.exercise, r.attempt) for r in self.everything}
        seen = set(self._by_id)
        for record in records:
            if (record.learner, record.id) in seen:
                continue
            number = (record.learner, record.exercise, record.attempt)
            if number in taken:
                msg = (
                    f"attempt {record.attempt} at {record.exercise} of {record.learner} is here "
                    "already, with another answer; import into an empty place"
                )
                raise StoreError(msg)
            taken.add(number)
            seen.add((record.learner, record.id))
            new.append(record)
        return new
