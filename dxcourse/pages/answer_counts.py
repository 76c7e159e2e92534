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

LISTS = ("options", "things", "bins", "answers", "evidence")


def items_of(exercise: AnyExercise) -> list[tuple[str, str, dict[str, str]]]:
    """Each item: its ref, its text, and what can be chosen for it by ref."""
    public = exercise.public()
    shared = _choices(public)
    return [
        (str(item["ref"]), str(item["text"]) or exercise.title, shared | _choices(item))
        for item in public["items"]
    ]


def _choices(public: Mapping[str, Any]) -> dict[str, str]:
    return {
        str(choice["ref"]): str(choice["text"])
        for name in LISTS
        for choice in public.get(name) or ()
    }


KINDS = frozenset({"choice", "multichoice", "classify", "match", "order"})
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
    return exercise.kind in KINDS and exercise.reveal_after is None


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
    for ref, text, choices in items_of(exercise):
        given = values.get(ref, [])
        given = given[: len(given) // least * least]
        found.append(ItemCounts(ref, text, len(given), _rows(exercise.kind, choices, given)))
    return tuple(found)


def settled(reply: Reply | None) -> frozenset[str]:
    """The items of which a learner may see how others answered: done with, not to be copied."""
    if reply is None or reply.held:
        return frozenset()
    items = reply.items.items()
    return frozenset(
        ref for ref, item in items if not item.result.max_points or item.key is not None
    )


class AnswerCounts:
    """The counts of a store, each made once for all who ask.

    Parameters
    ----------
    least
        How many answers are shown at the least.
    clock
        Seconds, going forward.
    """

    def __init__(
        self, store: Store, least: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self.least, self._clock = store, least, clock
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
                lambda: counted(exercise, self._store.given(exercise.id, where="page"), self.least),
            )
            ended = self._clock()
            self._kept[exercise.id] = (ended + max(KEPT, SHARE * (ended - begun)), counts)
        return counts


def _rows(kind: str, choices: dict[str, str], given: list[Any]) -> tuple[ChoiceCount, ...]:
    if not given:
        return ()
    picked: Counter[str] = Counter()
    for value in given:
        picked.update(_picks(kind, value))
    wanted = dict.fromkeys([*choices, *picked]) if kind != "order" else picked
    rows = [
        ChoiceCount(_label(kind, choices, key), picked[key])
        for key in wanted
        if _known(choices, key)
    ]
    shown = [row for row in rows if row.count] if kind in {"classify", "order"} else rows
    return tuple(sorted(shown, key=lambda row: -row.count))


def _picks(kind: str, value: Any) -> list[str]:  # noqa: ANN401  -- an answer's value, by its kind
    if kind == "classify":
        return [str(value["bin"])] if value.get("bin") else []
    if kind == "order":
        return [">".join(map(str, value))]
    return [str(each) for each in (value if isinstance(value, list) else [value])]


def _known(choices: dict[str, str], key: str) -> bool:
    return all(part in choices for part in key.split(">"))


def _label(kind: str, choices: dict[str, str], key: str) -> str:
    return (
        " → ".join(choices.get(part, "") for part in key.split(">"))
        if kind == "order"
        else (choices.get(key, ""))
    )
