"""Voices: what people wrote, without a trace of who wrote it or when."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dxcourse.exercises import AnyExercise
from dxcourse.exercises.opinion import THEMES, Opinion
from dxcourse.workshop.results._clean import clean, cut
from dxcourse.workshop.results._given import Given, Moderation
from dxcourse.workshop.results._pictures import Voice

LENGTH = 120  # characters of a voice on the wall: what the last row reads before it moves on
WHOLE = 400  # on the facilitator's list


@dataclass(frozen=True)
class Said:
    """A text that was said at least once, clean and whole."""

    id: str
    text: str
    count: int
    themes: tuple[str, ...]

    def voice(self, *, pinned: bool, most: int) -> Voice:
        """Give it as it is shown."""
        text, was_cut = cut(self.text, most)
        return Voice(
            id=self.id,
            text=text,
            count=self.count,
            pinned=pinned,
            cut=was_cut,
        )


def voice_id(seed: str, place: str, text: str) -> str:
    """Name a text: the same for the same text and seed, and it says nothing of a person."""
    return "v" + hashlib.sha256(f"{seed}\0{place}\0{text}".encode()).hexdigest()[:15]


def voice_of(exercise: AnyExercise, item: str, text: str, *, seed: str) -> str:
    """Give the id of the voice that a typed text is."""
    return voice_id(seed, f"{exercise.id}/{item}", clean(text))


def said(texts: Iterable[str], seed: str, exercise: AnyExercise, item: str) -> tuple[Said, ...]:
    """Gather texts: alike ones together, in the order of their ids, which is that of no one."""
    counts = Counter(filter(None, map(clean, texts)))
    found = []
    for text, count in counts.items():
        touched = exercise.touched(text) if isinstance(exercise, Opinion) else {}
        themes = tuple(theme for theme in THEMES if theme in touched)
        found.append(Said(voice_id(seed, f"{exercise.id}/{item}", text), text, count, themes))
    return tuple(sorted(found, key=lambda each: each.id))


def shown(
    voices: Iterable[Said], moderation: Moderation, most: int | None = None
) -> tuple[Voice, ...]:
    """Choose voices to show, the pinned ones first; hidden ones never."""
    left = [each for each in voices if each.id not in moderation.hidden]
    left.sort(key=lambda each: each.id not in moderation.pinned)
    return tuple(
        each.voice(pinned=each.id in moderation.pinned, most=LENGTH) for each in left[:most]
    )


def voices_of(
    exercise: AnyExercise, given: Sequence[Given], *, seed: str
) -> Mapping[str, tuple[Voice, ...]]:
    """List everything that was typed, by item ref, for the facilitator to hide, pin and group.

    Hidden ones are among them, so that they can be shown again; who and when are not known here.
    """
    if exercise.kind not in {"opinion", "pledge", "classify"}:
        return {}
    texts = {
        item.ref: [_typed(one.items[item.ref]) for one in given if item.ref in one.items]
        for item in exercise.items
    }
    return {
        ref: tuple(
            each.voice(pinned=False, most=WHOLE) for each in said(typed, seed, exercise, ref)
        )
        for ref, typed in texts.items()
    }


def _typed(value: Any) -> str:  # noqa: ANN401  -- a value of any of those kinds
    """Give what was typed: the value itself, or the reason for it."""
    return str(value.get("reason", "") if isinstance(value, Mapping) else value)
