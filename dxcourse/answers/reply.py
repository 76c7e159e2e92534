"""What a learner is told of what they have answered, and which of it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from dxcourse.answers.log import ATTEMPT
from dxcourse.answers.record import Record, since_fresh
from dxcourse.answers.store import Appended, Guard, LearnerStore, Refused
from dxcourse.exercises import AnyExercise, ItemResult, Note, Remark
from dxcourse.text import say


class ItemReply(BaseModel):
    """What is said of one item. `key` is there once the item is right or has no tries left.

    Where items are linked: once all of them are right.
    """

    model_config = ConfigDict(frozen=True)

    result: ItemResult
    tries: int
    tries_left: int | None
    key: Any = None


class Reply(BaseModel):
    """What a learner gets back: for each answered item its result, feedback, and perhaps its key.

    `id` is that of the answer which this replies to, so that a browser with several on their way
    takes it for no other's. `held` says that feedback waits for another one (`reveal_after`).
    """

    model_config = ConfigDict(frozen=True)

    exercise: str
    id: str
    attempt: int
    answer: dict[str, Any]
    points: float
    max_points: float
    held: bool
    complete: bool
    items: dict[str, ItemReply]
    closing: Remark | None = None

    def message(self) -> dict[str, Any]:
        """Give the reply as JSON for the front end."""
        return self.model_dump(mode="json")

    def stamped(self, entry_id: str) -> Reply:
        """Give this as the reply to the answer with this id.

        That is another one than the last in the record where the answer was the same as before and
        was not stored again, or where it came twice and another window has answered meanwhile.
        """
        return self if self.id == entry_id else self.model_copy(update={"id": entry_id})


def reply_from(
    exercise: AnyExercise, store: LearnerStore, learner: str, stored: Record | None = None
) -> Reply:
    """Give the reply to what a learner has stored; the same after a restart as it was at once.

    Parameters
    ----------
    stored
        What was just stored. It has a reply even where the learner has begun afresh since: in
        another window, or because an answer that had arrived before was sent again.

    Raises
    ------
    LookupError
        The learner has not answered the exercise, or `stored` is an answer to another one.
    """
    if stored is not None and stored.exercise != exercise.id:
        raise LookupError(f"id {stored.id} was used before, for {stored.exercise}")
    history = store.history(learner, exercise.id)
    held = exercise.reveal_after is not None and not _answered(
        exercise, store.history(learner, exercise.reveal_after)
    )
    reply = reply_to(exercise, history, held=held)
    if reply is None and stored is not None:
        then = [record for record in history if record.attempt <= stored.attempt]
        reply = reply_to(exercise, then, held=held)
    if reply is None:
        raise LookupError(f"{learner} has not answered {exercise.id}")
    return reply


def reply_at_once(exercise: AnyExercise, appended: Appended) -> Reply | None:
    """Give the reply to what was just stored, from the history that came back with it: pure.

    None where that does not tell: the answer was here before, or feedback waits for another
    exercise. Then `reply_from` reads the record.
    """
    if appended.before is None or exercise.reveal_after is not None:
        return None
    return reply_to(exercise, [*appended.before, appended.record], held=False)


def replies(
    exercises: Mapping[str, AnyExercise], store: LearnerStore, learner: str
) -> dict[str, Reply]:
    """Give the replies to everything a learner has answered and not begun afresh."""
    own = histories(store, learner)
    found = {}
    for name, exercise in exercises.items():
        held = exercise.reveal_after is not None and not _answered(
            exercise, own.get(exercise.reveal_after, [])
        )
        reply = reply_to(exercise, own.get(name, []), held=held)
        if reply is not None:
            found[name] = reply
    return found


def histories(store: LearnerStore, learner: str) -> dict[str, list[Record]]:
    """Give a learner's records by exercise, each in the order of attempts."""
    found: dict[str, list[Record]] = {}
    for record in store.history(learner):
        found.setdefault(record.exercise, []).append(record)
    for history in found.values():
        history.sort(key=ATTEMPT)
    return found


def _answered(waiting: AnyExercise, history: Sequence[Record]) -> bool:
    """Whether all that an exercise's feedback waits for was answered.

    The first of several items opens nothing yet: their questions may be the same.
    """
    answers = [(record.answer or {}).get("items") or {} for record in since_fresh(history)]
    return bool(answers) and any(answers) and waiting.awaited <= answers[-1].keys()


def reply_to(exercise: AnyExercise, history: Sequence[Record], *, held: bool) -> Reply | None:
    """Give the reply to a history: pure. None where nothing in it counts (see `counting`)."""
    given = counting(exercise, history)
    if not given:
        return None
    answer = {"items": given[-1]}
    used = tries(marked(exercise, given), linked=exercise.linked)
    items: dict[str, ItemReply] = {}
    results = exercise.score(answer)
    keys = exercise.model_answer()["items"]
    all_full = all(ref in results.items and results.items[ref].full for ref in keys)
    for ref, result in results.items.items():
        settled = all_full if exercise.linked else result.full
        limited = exercise.attempts is not None and result.judged
        items[ref] = ItemReply(
            result=exercise.untouched(ref) if held else result,
            tries=used.get(ref, 0),
            tries_left=max(0, (exercise.attempts or 0) - used.get(ref, 0)) if limited else None,
            key=keys.get(ref) if not held and (settled or spent(exercise, ref, used)) else None,
        )
    complete = len(items) == len(exercise.items)
    return Reply(
        exercise=exercise.id,
        id=history[-1].id,
        attempt=history[-1].attempt,
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


# -- Which of a learner's answers count, and how many tries they leave -----------------------------


class AttemptsUsed(Refused):
    """An item may not be answered anew: its tries are used up."""


def tries_guard(
    exercise: AnyExercise, values: Mapping[str, Any], *, partial: bool = False
) -> Guard:
    """Make a guard that refuses values which change an item whose tries are used up.

    Where they are `partial`, items without a value stay as they stand: the guard gives the whole.
    """

    def guard(history: Sequence[Record]) -> dict[str, Any] | None:
        given = counting(exercise, history)
        last = given[-1] if given else {}
        used = tries(marked(exercise, given), linked=exercise.linked)
        whole = {**last, **values} if partial else values
        before, after = marked(exercise, [last, whole])
        for item in exercise.items:
            changed = after.get(item.ref) != before.get(item.ref)
            if changed and spent(exercise, item.ref, used):
                blanks = {"exercise": exercise.id, "item": item.ref}
                raise AttemptsUsed(say("answers.errors.no-tries", **blanks))
        return {"items": dict(sorted(whole.items()))} if partial else None

    return guard


def counting(exercise: AnyExercise, history: Sequence[Record]) -> list[dict[str, Any]]:
    """Give the answers that count, each as its items' values in canonical form.

    They are those since the learner last began afresh, and since the exercise was last rewritten in
    a way that an old answer does not fit: that answer stays in the record, and the learner meets
    the exercise afresh, with all tries.
    """
    given: list[dict[str, Any]] = []
    for record in since_fresh(history):
        try:
            given.append(exercise.read(record.answer)["items"])
        except ValueError:
            given.clear()
    return given


def marked(exercise: AnyExercise, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give of answers what is judged of them: the rest may change without a try."""
    known = {item.ref: item for item in exercise.items}
    return [
        {ref: exercise.marked(known[ref], value) for ref, value in values.items()}
        for values in given
    ]


def tries(given: Sequence[Mapping[str, Any]], *, linked: bool = False) -> dict[str, int]:
    """Count how often each item was answered: a value counts when it differs from the one before.

    Where items are `linked`, a change in one (its removal, too) is a try of all.
    """
    counts: dict[str, int] = {}
    before: Mapping[str, Any] = {}
    for values in given:
        for ref, value in values.items():
            if values != before if linked else value != before.get(ref):
                counts[ref] = counts.get(ref, 0) + 1
        before = values
    return counts


def spent(exercise: AnyExercise, ref: str, used: Mapping[str, int]) -> bool:
    """Whether an item has no tries left; one that has no right answer always has."""
    item = next(item for item in exercise.items if item.ref == ref)
    limited = exercise.attempts is not None and exercise.judges(item)
    return limited and used.get(ref, 0) >= (exercise.attempts or 0)
