"""What only the key may say: its sentences, and whether a text has one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dxcourse.exercises import AnyExercise, Note, within

SHORTEST = 6  # characters; a shorter note may well stand in a text by chance


def hidden(exercises: Iterable[AnyExercise]) -> list[str]:
    """Give every sentence of keyed exercises that a learner must not read before grading."""
    known = list(exercises)
    public = "\n".join(within([each.public() for each in known], str))
    found = {note.text for each in known for note in within(each, Note)}
    return sorted(text for text in found if len(text) >= SHORTEST and text not in public)


def leak(text: str, secrets: Sequence[str]) -> str:
    """Give the first of the hidden sentences that a text has, however it is broken; "" for none."""
    flat = "".join(text.split())
    return next((each for each in secrets if "".join(each.split()) in flat), "")
