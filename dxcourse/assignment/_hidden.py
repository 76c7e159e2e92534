"""What only the key may say: its sentences, and whether a text has one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dxcourse.exercises import AnyExercise, notes

SHORTEST = 6  # characters; a shorter note may well stand in a text by chance


def hidden(exercises: Iterable[AnyExercise]) -> list[str]:
    """Give every sentence of keyed exercises that a learner must not read before grading."""
    known = list(exercises)
    public = "\n".join(_strings([each.public() for each in known]))
    found = {note.text for each in known for note in notes(each)}
    return sorted(text for text in found if len(text) >= SHORTEST and text not in public)


def leak(text: str, secrets: Sequence[str]) -> str:
    """Give the first of the hidden sentences that a text has, however it is broken; "" for none."""
    flat = "".join(text.split())
    return next((each for each in secrets if "".join(each.split()) in flat), "")


def _strings(part: Any) -> Iterator[str]:  # noqa: ANN401  -- plain data
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _strings(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from _strings(value)
