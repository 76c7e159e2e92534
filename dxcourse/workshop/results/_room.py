"""The one call: a room's answers to an exercise, as they may be seen now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dxcourse.exercises import AnyExercise
from dxcourse.workshop.results import bars, heat, opinions
from dxcourse.workshop.results._given import Given, Moderation, Tally
from dxcourse.workshop.results._inside import Room, hands_counted
from dxcourse.workshop.results._pictures import Picture
from dxcourse.workshop.results._view import Answered, RoomView

KINDS: Mapping[str, Callable[[Room], tuple[Picture, ...]]] = {
    "choice": bars.pictures,
    "multichoice": bars.pictures,
    "classify": heat.pictures,
    "match": heat.pictures,
    "order": heat.pictures,
    "opinion": opinions.pictures,
}
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
    return view.model_copy(update={"pictures": KINDS[exercise.kind](room)})
