"""Why people put a thing where they put it: some of their reasons, of the most disputed things."""

from __future__ import annotations

from collections.abc import Sequence

from dxcourse.workshop.results._inside import Room
from dxcourse.workshop.results._pictures import Voices
from dxcourse.workshop.results._tables import voices_table
from dxcourse.workshop.results._voices import said, shown
from dxcourse.workshop.results._words import say

ITEMS = 2  # things whose reasons are shown: a wall has one idea
SAMPLE = 4  # reasons of a thing


def reasons(room: Room, refs: Sequence[str]) -> tuple[Voices, ...]:
    """Give reasons for the first items, by ref, that have some."""
    texts = {item.ref: item.text for item in room.exercise.items}
    found = (_reasons(room, ref, texts[ref]) for ref in refs)
    return tuple([each for each in found if each.voices][:ITEMS])


def _reasons(room: Room, ref: str, text: str) -> Voices:
    typed = [
        each.items[ref].get("reason", "")
        for each in room.given
        if ref in each.items and (each.consent or not room.consented)
    ]
    heard = said(typed, room.seed, room.exercise, ref)
    voices = shown(heard, room.moderation, SAMPLE)
    return Voices(
        item=ref,
        title=say("reasons_title", item=text),
        caption=say("voices", title=text),
        n=sum(each.count for each in heard if each.id not in room.moderation.hidden),
        voices=voices,
        table=voices_table(voices),
    )
