"""The one way in for an answer, and what the learner is told: the same on every surface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from dxcourse.answers._record import Entry, Record, new_id, since_fresh
from dxcourse.answers._store import Guard, Refused, Store
from dxcourse.exercises import AnyExercise, ItemResult, Note, Remark


class ItemReply(BaseModel):
    """What is said of one item. `key` is there once the item is right or has no tries left."""

    model_config = ConfigDict(frozen=True)

    result: ItemResult
    tries: int
    tries_left: int | None
    key: Any = None


class Reply(BaseModel):
    """What a learner gets back: for each answered item its result, feedback, and perhaps its key.

    `held` says that feedback waits for another exercise (`reveal_after`).
    """

    model_config = ConfigDict(frozen=True)

    exercise: str
    attempt: int
    answer: dict[str, Any]
    points: float
    max_points: float
    held: bool
    complete: bool
    items: dict[str, ItemReply]
    closing: Remark | None = None

    def message(self) -> dict[str, Any]:
        """The reply as JSON for the front end."""
        return self.model_dump(mode="json")


class AttemptsUsed(Refused):
    """An item may not be answered anew: its tries are used up."""


def submit(  # noqa: PLR0913  -- an answer has this many sides
    exercise: AnyExercise,
    answer: object,
    *,
    store: Store,
    learner: str,
    where: str,
    now: datetime | None = None,
    entry_id: str | None = None,
) -> Reply:
    """Check an answer, store it, judge it, and reply.

    Raises
    ------
    AnswerError
        The answer does not fit the exercise; nothing was stored.
    AttemptsUsed
        An item that has no tries left was changed; nothing was stored.
    StoreError
        It could not be stored.
    """
    entry, guard = prepare(
        exercise, answer, learner=learner, where=where, now=now, entry_id=entry_id
    )
    (stored,) = store.append([(entry, guard)])
    if isinstance(stored, Refused):
        raise stored
    return reply_from(exercise, store, learner)


def prepare(  # noqa: PLR0913
    exercise: AnyExercise,
    answer: object,
    *,
    learner: str,
    where: str,
    now: datetime | None = None,
    entry_id: str | None = None,
) -> tuple[Entry, Guard]:
    """A checked answer as an entry to store, with the guard of its exercise."""
    entry = Entry(
        id=entry_id or new_id(),
        time=now or datetime.now(UTC),
        learner=learner,
        exercise=exercise.id,
        answer=exercise.read(answer),
        where=where,
    )
    return entry, tries_guard(exercise, entry.answer or {"items": {}})


def tries_guard(exercise: AnyExercise, answer: Mapping[str, Any]) -> Guard:
    """Refuses an answer that changes an item whose tries are used up."""

    def guard(history: Sequence[Record]) -> None:
        done = since_fresh(history)
        before = done[-1].answer if done else None
        used = tries(done)
        for item in exercise.items:
            value = answer["items"].get(item.ref)
            last = (before or {"items": {}})["items"].get(item.ref)
            if _spent(exercise, item.ref, used) and value != last:
                msg = f"{exercise.id}: item {item.ref} has no tries left"
                raise AttemptsUsed(msg)

    return guard


def tries(history: Sequence[Record]) -> dict[str, int]:
    """How often each item was answered: a value counts when it differs from the one before."""
    counts: dict[str, int] = {}
    before: Mapping[str, Any] = {}
    for record in history:
        items = (record.answer or {"items": {}})["items"]
        for ref, value in items.items():
            if before.get(ref) != value:
                counts[ref] = counts.get(ref, 0) + 1
        before = items
    return counts


def _spent(exercise: AnyExercise, ref: str, used: Mapping[str, int]) -> bool:
    item = next(item for item in exercise.items if item.ref == ref)
    limited = exercise.attempts is not None and exercise.worth(item) > 0
    return limited and used.get(ref, 0) >= (exercise.attempts or 0)


def reply_from(exercise: AnyExercise, store: Store, learner: str) -> Reply:
    """The reply to what a learner has stored; the same after a restart as it was at once.

    Raises
    ------
    LookupError
        The learner has not answered the exercise.
    """
    reply = reply_to(exercise, store.history(learner, exercise.id), held=_held(exercise, store, learner))
    if reply is None:
        msg = f"{learner} has not answered {exercise.id}"
        raise LookupError(msg)
    return reply


def replies(
    exercises: Mapping[str, AnyExercise], store: Store, learner: str
) -> dict[str, Reply]:
    """The replies to everything a learner has answered and not begun afresh."""
    by_exercise: dict[str, list[Record]] = {}
    for record in store.history(learner):
        by_exercise.setdefault(record.exercise, []).append(record)
    answered = {name for name, history in by_exercise.items() if since_fresh(history)}
    found = {}
    for name in answered & exercises.keys():
        exercise = exercises[name]
        held = exercise.reveal_after is not None and exercise.reveal_after not in answered
        reply = reply_to(exercise, by_exercise[name], held=held)
        if reply is not None:
            found[name] = reply
    return found


def _held(exercise: AnyExercise, store: Store, learner: str) -> bool:
    if exercise.reveal_after is None:
        return False
    return not since_fresh(store.history(learner, exercise.reveal_after))


def reply_to(exercise: AnyExercise, history: Sequence[Record], *, held: bool) -> Reply | None:
    """The reply to a history: pure. None where nothing is answered, or it no longer fits.

    An exercise may have been rewritten since it was answered; the old answer stays in the record,
    and the learner meets the exercise afresh.
    """
    done = since_fresh(history)
    if not done:
        return None
    try:
        answer = exercise.read(done[-1].answer)
    except ValueError:
        return None
    used = tries(done)
    items: dict[str, ItemReply] = {}
    results = exercise.score(answer)
    keys = exercise.model_answer()["items"]
    for ref, result in results.items.items():
        spent = _spent(exercise, ref, used)
        full = result.max_points > 0 and result.points == result.max_points
        limited = exercise.attempts is not None and result.max_points > 0
        items[ref] = ItemReply(
            result=exercise.untouched(ref) if held else result,
            tries=used.get(ref, 0),
            tries_left=max(0, (exercise.attempts or 0) - used.get(ref, 0)) if limited else None,
            key=keys.get(ref) if not held and (spent or full) else None,
        )
    complete = len(items) == len(exercise.items)
    return Reply(
        exercise=exercise.id,
        attempt=done[-1].attempt,
        answer=answer,
        points=0 if held else results.points,
        max_points=results.max_points,
        held=held,
        complete=complete,
        items=items,
        closing=_closing(exercise.closing) if complete and not held else None,
    )


def _closing(note: Note | None) -> Remark | None:
    return Remark(text=note.text, citation=note.citation) if note else None


def begin_afresh(
    exercises: Mapping[str, AnyExercise],
    *,
    store: Store,
    learner: str,
    where: str,
    now: datetime | None = None,
) -> int:
    """Let a learner answer everything anew; what was answered stays in the record.

    Returns how many exercises were begun afresh.
    """
    time = now or datetime.now(UTC)
    entries = [
        (Entry(new_id(), time, learner, name, None, where), None)
        for name in replies(exercises, store, learner)
    ]
    store.append(entries)
    return len(entries)
