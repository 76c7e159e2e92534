"""What can be chosen in an exercise, as others' answers are counted by it. Pure; no key in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
