"""What happened in a room: one event a fact, never changed, never removed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an event says."""

    CREATED = "created"  # name, day, seed, agenda, names: whether names are asked for
    JOINED = "joined"  # who, pair, consent, name; once more when they change
    WENT = "went"  # stop: the room is at it
    STEP = "step"  # step, seconds: it begins, and its time runs
    PAUSED = "paused"
    CONTINUED = "continued"
    LONGER = "longer"  # seconds: more time for the step; less where negative
    OPENED = "opened"  # exercise
    CLOSED = "closed"  # exercise
    REVEALED = "revealed"  # exercise
    REASKED = "reasked"  # exercise: its reveal is taken back, and it is open again
    SHOWN = "shown"  # screen
    TURNED = "turned"  # page: of the wall's picture, from 0
    MINUTES = "minutes"  # stop, minutes: planned anew
    SKIPPED = "skipped"  # stop, skipped
    TALLIED = "tallied"  # exercise, item, counts
    MODERATED = "moderated"  # exercise, hidden, pinned, groups: all of it, as it is now
    DOOR = "door"  # open
    ENDED = "ended"


@dataclass(frozen=True)
class Event:
    """A fact about the room. `at` is when it happened, `data` what its kind says."""

    kind: Kind
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)
