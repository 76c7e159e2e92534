"""The one call: a room's answers to an exercise, as they may be seen now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dxcourse.exercises import AnyExercise
from dxcourse.workshop.results import bars, heat, months, numbers, opinions, pledges, scales
from dxcourse.workshop.results._given import Given, Moderation, Tally
from dxcourse.workshop.results._inside import FEW, Room, answers, hands_counted
from dxcourse.workshop.results._pages import paged
from dxcourse.workshop.results._pictures import Picture
from dxcourse.workshop.results._view import Answered, Changed, RoomView

KINDS: Mapping[str, Callable[[Room], tuple[Picture, ...]]] = {
    "choice": bars.pictures,
    "multichoice": bars.pictures,
    "classify": heat.pictures,
    "match": heat.pictures,
    "order": heat.pictures,
    "number": numbers.pictures,
    "opinion": opinions.pictures,
    "pledge": pledges.pictures,
    "scale": scales.pictures,
    "schedule": months.pictures,
}
SENSITIVE = {"scale", "pledge"}  # what is said of oneself: withheld where few answered
WRITTEN = {"opinion", "pledge"}  # in one's own words, which are never twice the same
NOTHING = Moderation()


def room_view(  # noqa: PLR0913  -- a room is all of these
    exercise: AnyExercise,
    given: Sequence[Given],
    *,
    tallies: Tally | None = None,
    moderation: Moderation = NOTHING,
    revealed: bool,
    before: Sequence[Given] | None = None,
    consented: bool = False,
    seed: str,
) -> RoomView:
    """Give what wall, phones and report draw. Pure: the same room gives the same view.

    Parameters
    ----------
    exercise
        What was asked.
    given
        The present answers; their order does not matter.
    tallies
        Hands and paper that the facilitator counted: added in.
    moderation
        Voices that are hidden, pinned or grouped.
    revealed
        Whether the room may see. If not, the view holds only how many have answered.
    before
        The first answers, in this exercise's refs (see `asked_again`), where it is asked twice.
    consented
        Whether only texts with consent may stand word for word, as in a report.
    seed
        Of the workshop: what mixes the voices and lays out the words.
    """
    tallies = tallies or {}
    given = sorted((each for each in given if each.items), key=lambda each: each.who)
    answered = Answered(
        people=sum(not each.pair for each in given),
        pairs=sum(each.pair for each in given),
        hands=hands_counted(tallies),
    )
    view = RoomView(
        exercise=exercise.id,
        kind=exercise.kind,
        title=exercise.title,
        revealed=revealed,
        answered=answered,
    )
    if not revealed:
        return view
    room = Room(exercise, given, tallies, moderation, before, consented, seed)
    return view.model_copy(
        update={
            "pictures": paged(KINDS[exercise.kind](room)),
            "withheld": is_withheld(exercise, given, tallies),
            "changed": _changed(room),
        }
    )


def is_withheld(exercise: AnyExercise, given: Sequence[Given], tallies: Tally) -> bool:
    """Say whether so few answered that what they say of themselves is not broken down."""
    return exercise.kind in SENSITIVE and answers(given, tallies) < FEW


def _changed(room: Room) -> Changed | None:
    """Count who answered otherwise the second time; not where that would point at someone."""
    if room.before is None or room.exercise.kind in WRITTEN:
        return None
    first = {each.who: each.items for each in room.before if each.items}
    twice = [(first[each.who], each.items) for each in room.given if each.who in first]
    if len(twice) < FEW:
        return None
    return Changed(of=len(twice), n=sum(_differs(before, now) for before, now in twice))


def _differs(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Compare what was answered both times."""
    return any(_plain(before[ref]) != _plain(now[ref]) for ref in before.keys() & now.keys())


def _plain(value: Any) -> Any:  # noqa: ANN401  -- JSON
    """Leave out how sure someone was, and why: the answer is where it was put."""
    return value.get("bin") if isinstance(value, Mapping) else value
