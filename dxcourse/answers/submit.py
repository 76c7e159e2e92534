"""The one way in for an answer: checked, stored, judged, replied to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from dxcourse.answers.record import Entry, new_id, since_fresh
from dxcourse.answers.reply import Reply, histories, reply_at_once, reply_from, tries_guard
from dxcourse.answers.store import Guard, LearnerStore, Refused
from dxcourse.exercises import AnswerError, AnyExercise
from dxcourse.text import say


def submit(  # noqa: PLR0913  -- an answer has this many sides
    exercise: AnyExercise,
    answer: object,
    *,
    store: LearnerStore,
    learner: str,
    where: str,
    now: datetime | None = None,
    entry_id: str | None = None,
    over: int | None = None,
    partial: bool = False,
) -> Reply:
    """Check an answer, store it, judge it, and reply.

    Parameters
    ----------
    where
        The surface: ``notebook``, ``page`` …
    now
        When it was given; the clock's time.
    entry_id
        The answer's own id: the same one sent twice is stored once, and gets the present reply.
    over
        Of one that is sent again: the attempt that its giver knew as the last (see `Entry`).
    partial
        Items that the answer leaves out stay as they stand, whoever else writes: cards are given
        one by one, in several windows. Else they are answered no more.

    Raises
    ------
    AnswerError
        The answer does not fit the exercise; nothing was stored.
    AttemptsUsed
        An item that has no tries left was changed; nothing was stored.
    StoreError
        It could not be stored.
    ValueError
        The id or the learner's name cannot be in a record.
    LookupError
        The id was used before, for another exercise.
    """
    entry, guard = prepare(
        exercise,
        answer,
        learner=learner,
        where=where,
        now=now,
        entry_id=entry_id,
        over=over,
        partial=partial,
    )
    (appended,) = store.append([(entry, guard)])
    if isinstance(appended, Refused):
        raise appended
    reply = reply_at_once(exercise, appended) or reply_from(
        exercise, store, learner, appended.record
    )
    return reply.stamped(entry.id)


def prepare(  # noqa: PLR0913
    exercise: AnyExercise,
    answer: object,
    *,
    learner: str,
    where: str,
    now: datetime | None = None,
    entry_id: str | None = None,
    over: int | None = None,
    partial: bool = False,
) -> tuple[Entry, Guard]:
    """Give a checked answer as an entry to store, with the guard of its exercise.

    Raises
    ------
    AnswerError
        It does not fit the exercise, or is `partial` and nothing that can be seen.
    """
    checked = exercise.read(answer)
    if partial and not checked["items"]:
        raise AnswerError(f"{exercise.id}: {say('answers.nothing')}")
    entry = Entry(
        id=entry_id or new_id(),
        time=now or datetime.now(UTC),
        learner=learner,
        exercise=exercise.id,
        answer=checked,
        where=where,
        once=partial,
        over=over,
    )
    return entry, tries_guard(exercise, checked["items"], partial=partial)


def begin_afresh(
    exercises: Mapping[str, AnyExercise],
    *,
    store: LearnerStore,
    learner: str,
    where: str,
    now: datetime | None = None,
) -> int:
    """Let a learner answer everything anew; what was answered stays in the record.

    Returns
    -------
    int
        How many exercises were begun afresh.

    Raises
    ------
    StoreError
        It could not be stored; nothing was begun afresh.
    """
    time = now or datetime.now(UTC)
    own = histories(store, learner)
    entries = [
        (Entry(new_id(), time, learner, name, None, where), None)
        for name in exercises
        if since_fresh(own.get(name, []))
    ]
    store.append(entries)
    return len(entries)
