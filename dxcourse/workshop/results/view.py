"""The one call: a room's answers to an exercise, as they may be seen now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from dxcourse.exercises import AnyExercise
from dxcourse.exercises.shapes import TYPED, Privacy, Shape
from dxcourse.workshop.moderation import Moderation
from dxcourse.workshop.results import bars, fields, heat, histogram, radar, themes, timeline
from dxcourse.workshop.results.answers import (
    FEW,
    GivenAnswer,
    ResultInput,
    Tally,
    count_answers,
    count_hands,
)
from dxcourse.workshop.results.pictures import (
    Bars,
    Heat,
    Picture,
    PictureTable,
    Plain,
    Voices,
    say,
    voices_table,
)


class Answered(BaseModel):
    """How many have answered: single people, pairs (組), and hands or paper that were counted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: int
    pairs: int
    hands: int = 0


class Changed(BaseModel):
    """How many of those who answered twice (`of`) answered otherwise the second time (`n`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: int
    n: int


class RoomView(BaseModel):
    """What wall, phones and report draw. `pictures` is empty until the reveal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exercise: str
    title: str
    revealed: bool
    answered: Answered
    withheld: bool = False
    """Whether something is not shown because so few answered that it would point at someone."""
    changed: Changed | None = None
    pictures: tuple[Picture, ...] = ()

    def message(self) -> dict[str, Any]:
        """Give the view as JSON for the browser."""
        return self.model_dump(mode="json")


SMALL = 4  # bars of a picture that leaves room for another
MOST_ROWS = 8  # of a plain table
ROWS = 5  # of a heat map: more are small print


def paged(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    """Number the pictures' pages from 0, in order: one idea at a time, two where they are small."""
    found: list[Picture] = []
    alone = True
    for each in (part for picture in pictures for part in _parts(picture)):
        last = found[-1] if found else None
        joins = not alone and _small(last) and _small(each)
        page = 0 if last is None else last.page + (not joins)
        alone = joins  # a third begins a page of its own
        found.append(each.model_copy(update={"page": page}))
    return tuple(found)


def _parts(picture: Picture) -> list[Picture]:
    """Part a heat map of many rows, so that each part can be read from the last row."""
    if not isinstance(picture, Heat) or len(picture.rows) <= ROWS:
        return [picture]
    pages = -(-len(picture.rows) // ROWS)
    each = -(-len(picture.rows) // pages)
    return [
        picture.model_copy(
            update={
                "rows": picture.rows[at : at + each],
                "caption": say("part", caption=picture.caption, n=at // each + 1, of=pages),
                "table": picture.table.model_copy(
                    update={"rows": picture.table.rows[at : at + each]}
                ),
            }
        )
        for at in range(0, len(picture.rows), each)
    ]


def whole(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    """Join the voices that the wall's pages have parted: a report is read, not shown by pages."""
    found: list[Picture] = []
    for each in pictures:
        last = found[-1] if found else None
        if (
            isinstance(each, Voices)
            and isinstance(last, Voices)
            and (each.item, each.caption) == (last.item, last.caption)
        ):
            voices = (*last.voices, *each.voices)
            joined = {"voices": voices, "table": voices_table(voices)}
            found[-1] = last.model_copy(update=joined)
        else:
            found.append(each)
    return tuple(found)


def _small(picture: Picture | None) -> bool:
    return isinstance(picture, Bars) and len(picture.bars) <= SMALL and picture.before_n is None


SHAPES: Mapping[Shape, Callable[[ResultInput], tuple[Picture, ...]]] = {
    Shape.CHOICE: bars.pictures,
    Shape.MULTIPLE_CHOICE: bars.pictures,
    Shape.MATCHING: heat.matching_pictures,
    Shape.SEQUENCING: heat.sequencing_pictures,
    Shape.NUMERIC: histogram.pictures,
    Shape.LIKERT: radar.pictures,
    Shape.TEXT: themes.pictures,
    Shape.SPAN: timeline.pictures,
    Shape.FIELDS: fields.pictures,
}
"""How a shape is drawn; one that has no way of its own stands in rows (`plain_pictures`)."""
NOTHING = Moderation()


def room_view(  # noqa: PLR0913  -- a room is all of these
    exercise: AnyExercise,
    given: Sequence[GivenAnswer],
    *,
    tallies: Tally | None = None,
    moderation: Moderation = NOTHING,
    revealed: bool,
    before: Sequence[GivenAnswer] | None = None,
    consented: bool = False,
    nods: Mapping[str, int] | None = None,
    words: bool = True,
    pages: bool = True,
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
    nods
        How many agreed with a voice, by its id.
    words
        Whether the words of texts are counted, beside the texts.
    pages
        Whether the pictures are parted into pages of the wall; in a report each is whole.
    seed
        Of the workshop: what mixes the voices.
    """
    tallies = tallies or {}
    given = sorted((each for each in given if each.items), key=lambda each: each.who)
    answered = Answered(
        people=sum(not each.pair for each in given),
        pairs=sum(each.pair for each in given),
        hands=count_hands(tallies),
    )
    view = RoomView(
        exercise=exercise.id,
        title=exercise.title,
        revealed=revealed,
        answered=answered,
    )
    if not revealed:
        return view
    room = ResultInput(
        exercise, given, tallies, moderation, before, consented, seed, nods or {}, words
    )
    drawn = draw(room)
    return view.model_copy(
        update={
            "pictures": paged(drawn) if pages else whole(drawn),
            "withheld": is_withheld(exercise, given, tallies),
            "changed": _changed(room),
        }
    )


def before_reveal(message: Mapping[str, Any]) -> dict[str, Any]:
    """Leave of a view, as `RoomView.message` gives it, what may be known before the reveal."""
    hidden: dict[str, Any] = {"revealed": False, "withheld": False, "changed": None, "pictures": []}
    return {**message, **hidden}


def is_withheld(exercise: AnyExercise, given: Sequence[GivenAnswer], tallies: Tally) -> bool:
    """Say whether so few answered that what they say of themselves is not broken down."""
    return exercise.privacy is Privacy.SENSITIVE and count_answers(given, tallies) < FEW


def _changed(room: ResultInput) -> Changed | None:
    """Count who answered otherwise the second time; not where that would point at someone."""
    if room.before is None or room.exercise.written:
        return None
    first = {each.who: each.items for each in room.before if each.items}
    twice = [(first[each.who], each.items) for each in room.given if each.who in first]
    if len(twice) < FEW:
        return None
    # How sure someone was, and why, is beside the point: the answer is its main part.
    parts = {item.ref: room.exercise.main_part(item) for item in room.exercise.items}
    changed = sum(
        any(
            part.of(before[ref]) != part.of(now[ref])
            for ref, part in parts.items()
            if ref in before and ref in now
        )
        for before, now in twice
    )
    return Changed(of=len(twice), n=changed)


def draw(room: ResultInput) -> tuple[Picture, ...]:
    """Draw an exercise's answers by their shape."""
    pictures = SHAPES.get(room.exercise.shape, plain_pictures)(room)
    return pictures or plain_pictures(room)


def plain_pictures(room: ResultInput) -> tuple[Picture, ...]:
    """Count each item's values in words; of a shape that nothing else draws.

    What was typed, and what is said of oneself by few, stands in no row.
    """
    if room.few and room.exercise.privacy is Privacy.SENSITIVE:
        return ()
    found = []
    for item in room.exercise.items:
        part = room.exercise.main_part(item)
        values = [part.of(value) for value in room.values(item.ref)]
        typed = part.shape in TYPED
        counts = Counter("" if typed else part.words(value) for value in values)
        rows = tuple((text, n) for text, n in counts.most_common(MOST_ROWS) if text)
        table = PictureTable(head=(say("option"), say("answers")), rows=rows)
        name = room.name(item)
        caption = say("bars", title=name)
        found.append(
            Plain(
                item=item.ref,
                title=room.title(item),
                caption=caption,
                n=len(values),
                table=table,
            )
        )
    return tuple(found)
