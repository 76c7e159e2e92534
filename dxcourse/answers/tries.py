"""Which of a learner's answers count, and how many tries they leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dxcourse.answers.record import Record, since_fresh
from dxcourse.answers.store import Guard, Refused
from dxcourse.exercises import AnyExercise
from dxcourse.text import say


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
