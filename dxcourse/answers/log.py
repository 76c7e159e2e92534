"""The rules of the record, for a store that has it in memory: numbers, repeats, refusals."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import attrgetter

from dxcourse.answers.record import Entry, Record
from dxcourse.answers.store import Appended, DailyCount, Guard, Refused, StoreError
from dxcourse.facts import JAPAN
from dxcourse.text import say

ATTEMPT = attrgetter("attempt")
OVERTAKEN = timedelta(seconds=30)  # a writer waits no longer for its turn


class Log:
    """Records in memory, indexed as a store needs them."""

    def __init__(self) -> None:
        self.everything: list[Record] = []
        self._by_exercise: dict[str, dict[str, list[Record]]] = {}  # then by learner
        self._by_learner: dict[str, list[Record]] = {}
        self._by_id: dict[tuple[str, str], Record] = {}

    def find(self, learner: str, entry_id: str) -> Record | None:
        """Give the record of an id that the learner has used."""
        return self._by_id.get((learner, entry_id))

    @property
    def newest(self) -> datetime | None:
        """The time of the record that was stored last."""
        return self.everything[-1].time if self.everything else None

    def history(self, learner: str, exercise: str | None) -> list[Record]:
        """Give a learner's records: of one exercise by attempt, of all as they were stored."""
        if exercise is None:
            return list(self._by_learner.get(learner, []))
        return list(self._by_exercise.get(exercise, {}).get(learner, []))

    def given(self, exercise: str, where: str) -> Iterator[Record]:
        """Give of each learner the last answer, if they have not begun afresh since."""
        for history in self._by_exercise.get(exercise, {}).values():
            there = [record for record in history if record.where.startswith(where)]
            if there and there[-1].answer is not None:
                yield there[-1]

    def daily_counts(self, where: str) -> list[DailyCount]:
        """Count answers and learners, for each exercise and day in Japan."""
        found: dict[tuple[date, str], list[str]] = {}
        for each in self.everything:
            if each.answer is not None and each.where.startswith(where):
                key = (each.time.astimezone(JAPAN).date(), each.exercise)
                found.setdefault(key, []).append(each.learner)
        return sorted(DailyCount(*key, len(by), len(set(by))) for key, by in found.items())

    def counts_by_surface(self) -> dict[str, tuple[int, int]]:
        """Count answers and learners, for each surface."""
        found: dict[str, list[str]] = {}
        for each in self.everything:
            if each.answer is not None:
                found.setdefault(each.where, []).append(each.learner)
        return {where: (len(by), len(set(by))) for where, by in found.items()}

    def count_learners(self, where: str) -> int:
        """Count who has answered."""
        kept = (each for each in self.everything if each.answer is not None)
        return len({each.learner for each in kept if each.where.startswith(where)})

    def take(self, records: Iterable[Record]) -> None:
        """Add records that are stored; a copy of one that is here adds nothing."""
        for record in records:
            if self.find(record.learner, record.id) == record:
                continue
            self.everything.append(record)
            learners = self._by_exercise.setdefault(record.exercise, {})
            insort(learners.setdefault(record.learner, []), record, key=ATTEMPT)
            self._by_learner.setdefault(record.learner, []).append(record)
            self._by_id[record.learner, record.id] = record

    def plan(
        self, entries: Sequence[tuple[Entry, Guard | None]], newest: datetime | None = None
    ) -> tuple[list[Appended | Refused], list[Record]]:
        """Decide what becomes of entries: an outcome each, and the records to write.

        `newest` is the time of the record that was stored last.
        """
        outcomes: list[Appended | Refused] = []
        pending = Log()
        for entry, guard in entries:
            known = self.find(entry.learner, entry.id) or pending.find(entry.learner, entry.id)
            if known is not None:
                outcomes.append(Appended(known))
                continue
            before = [
                *self.history(entry.learner, entry.exercise),
                *pending.history(entry.learner, entry.exercise),
            ]
            try:
                repeated = _repeated_late(entry, guard, before)
                told = entry if repeated else _laid_over(before, entry, guard)
            except Refused as refusal:
                outcomes.append(refusal)
                continue
            if repeated is not None:
                outcomes.append(Appended(repeated))
                continue
            if told.once and before and _same(told, before[-1]):
                outcomes.append(Appended(before[-1], tuple(before[:-1])))
                continue
            told = replace(told, time=in_order(told.time, newest))
            newest = told.time
            record = told.numbered(before[-1].attempt + 1 if before else 1)
            pending.take([record])
            outcomes.append(Appended(record, tuple(before)))
        return outcomes, pending.everything

    def unknown(self, records: Iterable[Record]) -> list[Record]:
        """Give the records that are not here yet.

        Raises
        ------
        StoreError
            One contradicts what is here, or another one: it has the same id or the same number, and
            is not the same.
        """
        new = Log()
        taken = {(r.learner, r.exercise, r.attempt) for r in self.everything}
        for record in records:
            known = self.find(record.learner, record.id) or new.find(record.learner, record.id)
            if known == record:
                continue
            number = (record.learner, record.exercise, record.attempt)
            if known is not None or number in taken:
                names = ("learner", "exercise", "attempt", "id")
                blanks = {name: getattr(record, name) for name in names}
                raise StoreError(say("answers.errors.here-already", **blanks))
            taken.add(number)
            new.take([record])
        return new.everything


def in_order(time: datetime, newest: datetime | None) -> datetime:
    """Give the time of a record that follows another: not before it.

    Writers read the clock before they have their turn. Where it is further back than they wait, the
    clock was put right in between, and the time stays as it is.
    """
    waited = newest is not None and timedelta(0) < newest - time <= OVERTAKEN
    return newest if waited and newest is not None else time


def _laid_over(history: Sequence[Record], entry: Entry, guard: Guard | None) -> Entry:
    """Give an entry as it is stored after a history.

    Raises
    ------
    Refused
        Its guard forbids it.
    """
    whole = guard(history) if guard is not None else None
    return entry if whole is None else replace(entry, answer=whole)


def _repeated_late(entry: Entry, guard: Guard | None, history: Sequence[Record]) -> Record | None:
    """Give the record that an entry, which is sent again, left as it was when it first came.

    What changed nothing has no record, and its id is not known; its giver may have changed their
    mind since, in another window, and been quicker than the network.
    """
    if not entry.once or entry.over is None:
        return None
    for place, record in enumerate(history[:-1], start=1):
        if record.attempt < entry.over or not _part(entry, record):
            continue
        if _same(_laid_over(history[:place], entry, guard), record):
            return record
    return None


def _part(entry: Entry, record: Record) -> bool:
    """Whether all items of an entry are as in a record: cheaper to know than `_same`."""
    given, stored = ((each.answer or {}).get("items") for each in (entry, record))
    if not isinstance(given, dict) or not isinstance(stored, dict):
        return False
    return all(ref in stored and stored[ref] == value for ref, value in given.items())


def _same(entry: Entry, last: Record) -> bool:
    return entry.answer is not None and (entry.answer, entry.where) == (last.answer, last.where)


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
