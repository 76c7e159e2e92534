"""A workshop as it stands, for whoever makes a picture or a report of it: plain data, no address.

Nobody's device, address or name of an account is in it. A participant is a random number (`who`),
the same over all exercises of the workshop and meaning nothing outside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from dxcourse.exercises import AnyExercise
from dxcourse.workshop.moderation import Moderation
from dxcourse.workshop.results import GivenAnswer, Tally


@dataclass(frozen=True)
class StopRecord:
    """One stop of the agenda: as it was planned, and as it ran.

    Parameters
    ----------
    at, minutes
        When it was to begin, counted from the beginning of the workshop, and how long it was to
        take, both in minutes.
    began, ended
        When it did; None where it never began, or has not ended. One that was gone back to runs
        from its first beginning to its last ending.
    ran
        How long the room was at it, in seconds, over all visits.
    skipped
        Whether the facilitator left it out.
    """

    id: str
    title: str
    at: float
    minutes: float
    began: datetime | None = None
    ended: datetime | None = None
    ran: float = 0.0
    skipped: bool = False


@dataclass(frozen=True)
class AskedExercise:
    """One exercise that was opened to the room, and everything that came of it.

    Parameters
    ----------
    given
        The present answer of each participant who gave one, in no telling order.
    tallies
        Hands and paper, counted by the facilitator.
    revealed, again
        When the room was shown the answers, and when that was taken back to ask again; not revealed
        while it is taken back.
    before
        The id of the exercise that asked the same earlier (「壁は前と後」); None for none.
    """

    exercise: AnyExercise
    given: tuple[GivenAnswer, ...]
    tallies: Tally = field(default_factory=dict)
    moderation: Moderation = field(default_factory=Moderation)
    before: str | None = None
    revealed: datetime | None = None
    again: datetime | None = None


@dataclass(frozen=True)
class Workshop:
    """A workshop, from the first to the last minute.

    Parameters
    ----------
    name
        As it was given on the command line: 「函館市 管理職研修 2026-12」.
    day
        The day it was held, in Japan; the day it was made while it has not begun.
    began, ended
        When the first stop began and the workshop was closed.
    participants, pairs
        How many joined (a phone that answers for a pair counts once), and how many of them answer
        for a pair (組).
    consents
        Who agreed that what they wrote may be quoted word for word in the report.
    names
        What to call someone, where the workshop asked for it and they said so. It belongs in no
        report.
    tables
        At which table someone sits, where they came in by its card.
    nods
        How many agreed with a voice, by its id.
    seed
        Random, one a workshop: what orders voices, so that no order of arrival shows.
    """

    name: str
    day: date
    stops: tuple[StopRecord, ...]
    asked: tuple[AskedExercise, ...]
    participants: int
    pairs: int
    consents: frozenset[str]
    seed: str
    began: datetime | None = None
    ended: datetime | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, int] = field(default_factory=dict)
    nods: Mapping[str, int] = field(default_factory=dict)

    def of(self, exercise_id: str) -> AskedExercise | None:
        """What was asked under this id; None where it was not."""
        return next((each for each in self.asked if each.exercise.id == exercise_id), None)
