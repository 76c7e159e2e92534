"""What the facilitator allows of what people wrote: by text, and by person and item. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class VoiceChange(StrEnum):
    """What a facilitator does with a voice; each a difference, so that two boards lose nothing."""

    SHOW = "show"  # let it stand on the wall; takes a hiding back
    HIDE = "hide"
    PIN = "pin"
    UNPIN = "unpin"
    GROUP = "group"  # under a heading; out of the one it was under
    UNGROUP = "ungroup"


class VoiceStatus(StrEnum):
    """Where a voice stands, from what all may see to what nobody may."""

    SHOWN = "shown"
    WAITING = "waiting"
    REWRITTEN = "rewritten"  # all who wrote it had one of theirs hidden
    HIDDEN = "hidden"

    def is_beyond(self, other: VoiceStatus) -> bool:
        """Say whether it is further from being seen than another."""
        order = list(VoiceStatus)
        return order.index(self) > order.index(other)


@dataclass(frozen=True)
class Moderation:
    """What may be seen of an exercise's voices, by the ids that the view handed out.

    Parameters
    ----------
    hidden
        Voices that count nowhere and stand nowhere, whoever writes them.
    pinned
        Voices that stand first.
    groups
        The facilitator's own headings, each with its voices; a voice is in one at most.
    approved
        Voices that the facilitator has let through.
    held
        Marks of those who wrote something that was hidden: whatever they write to that item waits
        until it is approved, so that a letter more or less brings nothing back.
    approval
        Whether a voice stands on the wall only once it is approved.
    """

    hidden: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    approved: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    approval: bool = False

    def counts(self, voice: str, marks: Collection[str] = ()) -> bool:
        """Say whether a voice counts: it is not hidden, and not the rewriting of a hidden one."""
        if voice in self.hidden:
            return False
        free = not marks or any(mark not in self.held for mark in marks)
        return voice in self.approved or free

    def shows(self, voice: str, marks: Collection[str] = ()) -> bool:
        """Say whether a voice may stand word for word before the room."""
        if self.approval and voice not in self.approved:
            return False
        return self.counts(voice, marks)

    def is_rewritten(self, voice: str, marks: Collection[str]) -> bool:
        """Say whether a voice waits because all who wrote it had one of theirs hidden."""
        return voice not in self.hidden and not self.counts(voice, marks)

    def status(self, voice: str, marks: Collection[str]) -> VoiceStatus:
        """Give where a voice stands that those of these marks wrote."""
        if voice in self.hidden:
            return VoiceStatus.HIDDEN
        if self.is_rewritten(voice, marks):
            return VoiceStatus.REWRITTEN
        return VoiceStatus.SHOWN if self.shows(voice, marks) else VoiceStatus.WAITING

    def changed(
        self, change: VoiceChange, voices: Iterable[str], *, name: str = "", marks: Iterable[str]
    ) -> Moderation:
        """Give what it is after a change of some voices, written by those of these `marks`."""
        ids = frozenset(voices)
        match change:
            case VoiceChange.SHOW:
                return replace(self, hidden=self.hidden - ids, approved=self.approved | ids)
            case VoiceChange.HIDE:
                return replace(
                    self,
                    hidden=self.hidden | ids,
                    approved=self.approved - ids,
                    pinned=self.pinned - ids,
                    held=self.held | frozenset(marks),
                )
            case VoiceChange.PIN:
                return replace(self, pinned=self.pinned | ids)
            case VoiceChange.UNPIN:
                return replace(self, pinned=self.pinned - ids)
            case VoiceChange.GROUP | VoiceChange.UNGROUP:
                left = {
                    heading: tuple(each for each in members if each not in ids)
                    for heading, members in self.groups.items()
                }
                if change is VoiceChange.GROUP and name:
                    left[name] = (*left.get(name, ()), *sorted(ids))
                return replace(self, groups={key: value for key, value in left.items() if value})


def author_mark(seed: str, place: str, who: str) -> str:
    """Mark who wrote to a place (exercise and item): nobody is known by it, nor elsewhere by it."""
    return "m" + hashlib.sha256(f"{seed}\0author\0{place}\0{who}".encode()).hexdigest()[:15]


def voice_id(seed: str, place: str, text: str) -> str:
    """Name a text: the same for the same text and seed, and it says nothing of a person."""
    return "v" + hashlib.sha256(f"{seed}\0{place}\0{text}".encode()).hexdigest()[:15]


def place_of(exercise: str, item: str) -> str:
    """Name where a text was written."""
    return f"{exercise}/{item}"
