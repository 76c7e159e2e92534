"""Voices: what people wrote, without a trace of who wrote it or when."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dxcourse.exercises import AnyExercise
from dxcourse.exercises.kinds.opinion import THEMES, Opinion
from dxcourse.workshop.results.answers import GivenAnswer, Moderation, ResultInput
from dxcourse.workshop.results.pictures import Voice, Voices, voices_table
from dxcourse.workshop.results.words import say

ACCENTS = 3  # signs on top of one letter that a language needs; more would climb over other lines
JOINERS = "\u200c\u200d"  # Persian and Indic scripts and emoji need them
ELLIPSIS = "…"
MOST_LOOKED_AT = 20_000  # characters that are looked at: what follows would be cut in any case


@lru_cache(maxsize=8192)  # a room's texts are looked at again with every new one
def clean(text: str) -> str:
    """Give a text in one line, without what cannot be seen or turns other text around.

    Control characters, direction overrides and marks, zero-width spaces, private and unassigned
    characters go; white space becomes one space; of the signs piled on one letter three stay.
    """
    kept: list[str] = []
    piled = 0
    for sign in text[:MOST_LOOKED_AT]:
        category = unicodedata.category(sign)
        if sign in "\n\r\t\v\f" or category in {"Zs", "Zl", "Zp"}:
            kept.append(" ")
        elif category in {"Mn", "Me"}:
            piled += 1
            if kept and piled <= ACCENTS:
                kept.append(sign)
            continue
        elif category[0] != "C" or sign in JOINERS:
            kept.append(sign)
        piled = 0
    return re.sub(r" {2,}", " ", "".join(kept)).strip(f" {JOINERS}")


def cut(text: str, most: int) -> tuple[str, bool]:
    """Give at most so many characters of a clean text, and whether it was longer."""
    if len(text) <= most:
        return text, False
    # Not within an emoji of several characters, nor between a letter and its signs.
    end = most
    while end and (unicodedata.category(text[end])[0] == "M" or text[end] in JOINERS):
        end -= 1
    return text[:end].rstrip(f" {JOINERS}") + ELLIPSIS, True


LENGTH = 120  # characters of a voice on the wall: what the last row reads before it moves on
WHOLE = 400  # on the facilitator's list


@dataclass(frozen=True)
class Utterance:
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


def voice_id_of(exercise: AnyExercise, item: str, text: str, *, seed: str) -> str:
    """Give the id of the voice that a typed text is."""
    return voice_id(seed, f"{exercise.id}/{item}", clean(text))


def gather(
    texts: Iterable[str], seed: str, exercise: AnyExercise, item: str
) -> tuple[Utterance, ...]:
    """Gather texts: alike ones together, in the order of their ids, which is that of no one."""
    counts = Counter(filter(None, map(clean, texts)))
    found = []
    for text, count in counts.items():
        touched = exercise.touched(text) if isinstance(exercise, Opinion) else {}
        themes = tuple(theme for theme in THEMES if theme in touched)
        found.append(Utterance(voice_id(seed, f"{exercise.id}/{item}", text), text, count, themes))
    return tuple(sorted(found, key=lambda each: each.id))


def choose_voices(
    voices: Iterable[Utterance], moderation: Moderation, most: int | None = None
) -> tuple[Voice, ...]:
    """Choose voices to show, the pinned ones first; hidden ones never."""
    left = [each for each in voices if each.id not in moderation.hidden]
    left.sort(key=lambda each: each.id not in moderation.pinned)
    return tuple(
        each.voice(pinned=each.id in moderation.pinned, most=LENGTH) for each in left[:most]
    )


def list_voices(
    exercise: AnyExercise, given: Sequence[GivenAnswer], *, seed: str
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
            each.voice(pinned=False, most=WHOLE) for each in gather(typed, seed, exercise, ref)
        )
        for ref, typed in texts.items()
    }


def _typed(value: Any) -> str:  # noqa: ANN401  -- a value of any of those kinds
    """Give what was typed: the value itself, or the reason for it."""
    return str(value.get("reason", "") if isinstance(value, Mapping) else value)


REASON_ITEMS = 2  # things whose reasons are shown: a wall has one idea
REASON_SAMPLE = 4  # reasons of a thing


def reasons(room: ResultInput, refs: Sequence[str]) -> tuple[Voices, ...]:
    """Give reasons for the first items, by ref, that have some."""
    texts = {item.ref: item.text for item in room.exercise.items}
    found = (_reasons(room, ref, texts[ref]) for ref in refs)
    return tuple([each for each in found if each.voices][:REASON_ITEMS])


def _reasons(room: ResultInput, ref: str, text: str) -> Voices:
    typed = [
        each.items[ref].get("reason", "")
        for each in room.given
        if ref in each.items and (each.consent or not room.consented)
    ]
    heard = gather(typed, room.seed, room.exercise, ref)
    voices = choose_voices(heard, room.moderation, REASON_SAMPLE)
    return Voices(
        item=ref,
        title=say("reasons_title", item=text),
        caption=say("voices", title=text),
        n=sum(each.count for each in heard if each.id not in room.moderation.hidden),
        voices=voices,
        table=voices_table(voices),
    )
