"""How others answered: counts only, of enough answers, made off the loop and kept for a while."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from dxcourse.answers import Record, Reply, Store
from dxcourse.exercises import AnyExercise
from dxcourse.exercises.shapes import Part, Privacy, Shape
from dxcourse.text import say

Picks = Callable[[Part, Any], list[str]]


def _one(part: Part, value: Any) -> list[str]:  # noqa: ANN401  -- an answer's value
    picked = part.of(value)
    return [] if picked is None else [str(picked)]


def _some(part: Part, value: Any) -> list[str]:  # noqa: ANN401  -- an answer's value
    return [str(each) for each in part.of(value) or ()]


def _whole_order(part: Part, value: Any) -> list[str]:  # noqa: ANN401  -- an answer's value
    return [THEN.join(map(str, part.of(value) or ()))]


THEN = ">"
COUNTED: Mapping[Shape, Picks | None] = {
    Shape.CHOICE: _one,
    Shape.MULTIPLE_CHOICE: _some,
    Shape.MATCHING: _one,
    Shape.SEQUENCING: _whole_order,
    Shape.NUMERIC: None,
    Shape.LIKERT: None,
    Shape.TEXT: None,
    Shape.SPAN: None,
    Shape.FIELDS: None,
}
"""What can be counted without showing what someone wrote or how someone sees themselves."""
KEPT = 30.0  # seconds, at least
SHARE = 50  # a count that took a second is kept for so many: 2 % of the processor, whatever happens


@dataclass(frozen=True)
class ChoiceCount:
    """How many chose this."""

    text: str
    count: int


@dataclass(frozen=True)
class ItemCounts:
    """How an item was answered, by how many."""

    ref: str
    text: str
    answers: int
    rows: tuple[ChoiceCount, ...]


def allowed(exercise: AnyExercise) -> bool:
    """Whether an exercise shows how others answered.

    Not what people write (opinions, plans), not how they see themselves (scales), and nothing that
    is told later (`reveal_after`).
    """
    countable = COUNTED.get(exercise.shape) is not None and exercise.privacy is Privacy.PUBLIC
    return countable and exercise.reveal_after is None


def counted(exercise: AnyExercise, records: Iterable[Record], least: int) -> tuple[ItemCounts, ...]:
    """Count the answers of an exercise, an item each.

    Only whole groups of `least` are counted, in the order they were given: a new answer never
    shows alone, as the difference between two looks. An item with fewer answers has no rows.
    """
    values: dict[str, list[Any]] = {}
    for record in sorted(records, key=attrgetter("time", "id")):
        for ref, value in ((record.answer or {}).get("items") or {}).items():
            values.setdefault(ref, []).append(value)
    found = []
    for item in exercise.items:
        given = values.get(item.ref, [])
        given = given[: len(given) // least * least]
        text = "" if exercise.single else item.text
        rows = _rows(exercise.main_part(item), given)
        found.append(ItemCounts(item.ref, text or exercise.title, len(given), rows))
    return tuple(found)


def settled(reply: Reply | None) -> frozenset[str]:
    """The items of which a learner may see how others answered: done with, not to be copied."""
    if reply is None or reply.held:
        return frozenset()
    items = reply.items.items()
    return frozenset(ref for ref, item in items if not item.result.judged or item.key is not None)


class AnswerCounts:
    """The counts of a store, each made once for all who ask.

    Parameters
    ----------
    least
        How many answers are shown at the least.
    where
        The surface whose answers are counted.
    clock
        Seconds, going forward.
    """

    def __init__(
        self,
        store: Store,
        least: int,
        *,
        where: str = "page",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self.least, self._where, self._clock = store, least, where, clock
        self._kept: dict[str, tuple[float, tuple[ItemCounts, ...]]] = {}
        self._making: dict[str, asyncio.Task[tuple[ItemCounts, ...]]] = {}
        self._one = asyncio.Lock()

    async def of(self, exercise: AnyExercise) -> tuple[ItemCounts, ...]:
        """The counts of an exercise.

        Raises
        ------
        StoreError
            The answers cannot be read.
        """
        until, counts = self._kept.get(exercise.id, (0.0, ()))
        if self._clock() < until:
            return counts
        if exercise.id not in self._making:
            task = asyncio.create_task(self._make(exercise))
            self._making[exercise.id] = task
            task.add_done_callback(lambda _: self._making.pop(exercise.id, None))
        return await asyncio.shield(self._making[exercise.id])

    async def _make(self, exercise: AnyExercise) -> tuple[ItemCounts, ...]:
        loop = asyncio.get_running_loop()
        async with self._one:  # a count of many must not take all threads
            begun = self._clock()
            counts = await loop.run_in_executor(
                None,
                lambda: counted(
                    exercise, self._store.given(exercise.id, where=self._where), self.least
                ),
            )
            ended = self._clock()
            self._kept[exercise.id] = (ended + max(KEPT, SHARE * (ended - begun)), counts)
        return counts


def _rows(part: Part, given: list[Any]) -> tuple[ChoiceCount, ...]:
    picks = COUNTED.get(part.shape)
    if not given or picks is None:
        return ()
    picked: Counter[str] = Counter()
    for value in given:
        picked.update(picks(part, value))
    texts = {str(value): text for value, text in part.texts.items()}
    whole = part.shape in {Shape.CHOICE, Shape.MULTIPLE_CHOICE}  # what nobody chose is told too
    rows = [
        ChoiceCount(say("answers.value.then").join(texts[each] for each in key.split(THEN)), n)
        for key, n in ((key, picked[key]) for key in dict.fromkeys([*texts, *picked]))
        if (n or whole) and all(each in texts for each in key.split(THEN))
    ]
    return tuple(sorted(rows, key=lambda row: -row.count))
