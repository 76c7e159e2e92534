"""An answer's refs as the words that the learner chose. Pure; nothing in it is a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dxcourse.exercises import AnyExercise

Public = Mapping[str, Any]
LISTS = ("options", "things", "bins", "answers", "evidence")
SCALES = ("levels", "months")


def items_of(exercise: AnyExercise) -> list[tuple[str, str, dict[str, str]]]:
    """Each item: its ref, its text, and what can be chosen for it by ref (or by place)."""
    public = exercise.public()
    shared = _choices(public)
    found = []
    for item in public["items"]:
        own = shared | _choices(item)
        found.append((str(item["ref"]), str(item["text"]) or exercise.title, own))
    return found


def said(choices: Mapping[str, str], value: object) -> list[str]:
    """A value in words, a part each; what the learner typed stays as it is."""
    if value is None or value == "":
        return []
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in said(choices, part)]
    if isinstance(value, (list, tuple)):
        return [text for part in value for text in said(choices, part)]
    return [choices.get(str(value), str(value))]


def _choices(public: Public) -> dict[str, str]:
    found = {
        str(choice["ref"]): str(choice["text"])
        for name in LISTS
        for choice in public.get(name) or ()
    }
    for name in SCALES:
        steps: Sequence[Any] = public.get(name) or ()
        for place, step in enumerate(steps):
            found[str(place)] = str(step["text"] if isinstance(step, Mapping) else step)
    return found
