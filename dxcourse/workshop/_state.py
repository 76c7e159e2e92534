"""What a room is doing now, as plain data; `_fold` makes it of the room's events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from dxcourse.workshop._agenda import Agenda, AgendaStop


class Phase(StrEnum):
    """Where an exercise is."""

    UNASKED = "unasked"
    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"


class Screen(StrEnum):
    """What the wall shows."""

    JOIN = "join"
    ROOM = "room"  # the exercise, its steps, the answers
    REST = "rest"  # the workshop's name alone


@dataclass(frozen=True)
class Profile:
    """What a participant said about themselves."""

    pair: bool = False
    consent: bool = False
    name: str = ""


@dataclass(frozen=True)
class Times:
    """When an exercise was opened first, closed last, revealed, and asked again after a reveal."""

    opened: datetime | None = None
    closed: datetime | None = None
    revealed: datetime | None = None  # none once the reveal is taken back, until the next
    again: datetime | None = None


@dataclass(frozen=True)
class Visit:
    """When the room was at a stop: first beginning, last ending, and seconds in all."""

    began: datetime
    ended: datetime | None = None
    since: datetime | None = None  # of the visit that is going on
    seconds: float = 0.0

    def ran(self, now: datetime) -> float:
        """Seconds at it, until now."""
        going = (now - self.since).total_seconds() if self.since else 0.0
        return self.seconds + max(0.0, going)


@dataclass(frozen=True)
class Timer:
    """The time of a step: it ends at `ends`, or stands still with `left` seconds."""

    step: int
    ends: datetime | None
    left: float = 0.0

    def remaining(self, now: datetime) -> float:
        """Seconds that are left; negative when it is over."""
        return (self.ends - now).total_seconds() if self.ends else self.left


@dataclass(frozen=True)
class State:
    """A room, now.

    Parameters
    ----------
    stop
        The id of the stop the room is at; "" before the first.
    asked
        The exercise that phones and wall are at; "" for none.
    page
        Of the wall's picture, from 0.
    tallies
        Counts that the facilitator typed: exercise, item, value.
    moderation
        What the facilitator hid, pinned and grouped, by exercise, as the event said it.
    """

    name: str = ""
    day: str = ""
    seed: str = ""
    names: bool = False
    agenda: Agenda | None = None
    began: datetime | None = None
    ended: datetime | None = None
    stop: str = ""
    asked: str = ""
    screen: Screen = Screen.JOIN
    page: int = 0
    door: bool = True
    timer: Timer | None = None
    participants: Mapping[str, Profile] = field(default_factory=dict)
    phases: Mapping[str, Phase] = field(default_factory=dict)
    times: Mapping[str, Times] = field(default_factory=dict)
    visits: Mapping[str, Visit] = field(default_factory=dict)
    minutes: Mapping[str, float] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    tallies: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    moderation: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def stops(self) -> tuple[AgendaStop, ...]:
        """The agenda's stops."""
        return self.agenda.stops if self.agenda else ()

    def at(self) -> AgendaStop | None:
        """The stop the room is at."""
        return next((stop for stop in self.stops if stop.id == self.stop), None)

    def phase(self, exercise: str) -> Phase:
        """Where an exercise is."""
        return self.phases.get(exercise, Phase.UNASKED)

    def again(self, exercise: str) -> bool:
        """Whether it was asked again after a reveal: some may have answered knowing the key."""
        return self.times.get(exercise, Times()).again is not None

    def planned(self, stop: AgendaStop) -> float:
        """Minutes that a stop is to take, as planned last; 0 for one that is left out."""
        return 0.0 if stop.id in self.skipped else self.minutes.get(stop.id, stop.minutes)
