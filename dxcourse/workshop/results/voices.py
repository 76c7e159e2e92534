"""Voices: what people wrote, without a trace of who wrote it or when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dxcourse.exercises import AnyExercise
from dxcourse.exercises.shapes import TYPED, Part
from dxcourse.text.typed import cut, visible
from dxcourse.workshop.moderation import Moderation, author_mark, place_of, voice_id
from dxcourse.workshop.results.answers import GivenAnswer, ResultInput
from dxcourse.workshop.results.pictures import Voice, Voices, say, theme_names, voices_table

LENGTH = 84  # characters of a voice on the wall: what the last row reads before it moves on
SPANS = (24, 52, 10**6)  # characters that fit one, two, three places of a row on the wall
ROWS, PLACES = 2, 3  # of a page of voices
WHOLE = 400  # on the facilitator's list


@dataclass(frozen=True)
class Utterance:
    """A text that was said at least once, clean and whole; `marks` are those of who said it."""

    id: str
    text: str
    marks: tuple[str, ...]
    themes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many said it."""
        return len(self.marks)

    def voice(self, *, pinned: bool = False, most: int = LENGTH, nods: int = 0) -> Voice:
        """Give it as it is shown."""
        text, was_cut = cut(self.text, most)
        return Voice(
            id=self.id,
            text=text,
            count=self.count,
            pinned=pinned,
            cut=was_cut,
            nods=nods,
            span=next(at for at, most in enumerate(SPANS, start=1) if len(text) <= most),
        )


@dataclass(frozen=True)
class Written:
    """One person's text at one item: their mark there, and the voice it is."""

    who: str
    item: str
    mark: str
    voice: str


def voice_id_of(exercise: AnyExercise, item: str, text: str, *, seed: str) -> str:
    """Give the id of the voice that a typed text is."""
    return voice_id(seed, place_of(exercise.id, item), visible(text))


def gather(
    texts: Iterable[tuple[str, str]], seed: str, exercise: AnyExercise, item: str
) -> tuple[Utterance, ...]:
    """Gather texts, each with who wrote it: alike ones together, in the order of their ids.

    That order is the one of no one.
    """
    place = place_of(exercise.id, item)
    said: dict[str, list[str]] = {}
    for who, text in texts:
        seen = visible(text)
        if seen:
            said.setdefault(seen, []).append(author_mark(seed, place, who))
    found = []
    for text, marks in said.items():
        find_themes = getattr(exercise, "touched", None)
        touched = find_themes(text) if find_themes else ()
        themes = tuple(theme for theme in theme_names() if theme in touched)
        found.append(Utterance(voice_id(seed, place, text), text, tuple(sorted(marks)), themes))
    return tuple(sorted(found, key=lambda each: each.id))


def heard(voices: Iterable[Utterance], moderation: Moderation) -> list[Utterance]:
    """Leave what counts: not what is hidden, nor what those write anew who had theirs hidden."""
    left = []
    for each in voices:
        if not moderation.counts(each.id, each.marks):
            continue
        free = tuple(mark for mark in each.marks if mark not in moderation.held)
        left.append(each if each.id in moderation.approved else replace(each, marks=free))
    return left


def choose_voices(
    voices: Iterable[Utterance],
    moderation: Moderation,
    most: int | None = None,
    nods: Mapping[str, int] | None = None,
) -> tuple[Voice, ...]:
    """Choose voices to show: the pinned ones first, then those that most nodded to.

    Never one that may not be seen.
    """
    agreed = nods or {}
    left = [each for each in voices if moderation.shows(each.id, each.marks)]
    left.sort(key=lambda each: (each.id not in moderation.pinned, -agreed.get(each.id, 0)))
    return tuple(
        each.voice(pinned=each.id in moderation.pinned, nods=agreed.get(each.id, 0))
        for each in left[:most]
    )


def voice_pages(voices: Sequence[Voice]) -> list[tuple[Voice, ...]]:
    """Part voices into pages of the wall, in their order, each in rows of three places."""
    pages: list[tuple[Voice, ...]] = []
    page: list[Voice] = []
    row, used = 1, 0
    for each in voices:
        if used + each.span > PLACES:
            row, used = row + 1, 0
        if row > ROWS:
            pages.append(tuple(page))
            page, row, used = [], 1, 0
        page.append(each)
        used += each.span
    return [*pages, tuple(page)] if page else pages


def voice_pictures(
    voices: Sequence[Voice], *, item: str, title: str, name: str, n: int
) -> tuple[Voices, ...]:
    """Draw voices as cards, a picture a page."""
    return tuple(
        Voices(
            item=item,
            title=title,
            caption=say("voices", title=name),
            n=n,
            voices=page,
            table=voices_table(page),
        )
        for page in voice_pages(voices)
    )


def list_voices(
    exercise: AnyExercise, given: Sequence[GivenAnswer], *, seed: str
) -> Mapping[str, tuple[Utterance, ...]]:
    """List everything that was typed, by item ref, for the facilitator to moderate.

    Hidden ones are among them, so that they can be shown again; who and when are not told.
    """
    return {
        item.ref: gather(typed(exercise, item.ref, given), seed, exercise, item.ref)
        for item in exercise.items
        if typed_parts(exercise, item.ref)
    }


def written(exercise: AnyExercise, given: Sequence[GivenAnswer], *, seed: str) -> list[Written]:
    """List who wrote which voice: for the room alone, never for a screen."""
    return [
        Written(
            who,
            item.ref,
            author_mark(seed, place_of(exercise.id, item.ref), who),
            voice_id_of(exercise, item.ref, text, seed=seed),
        )
        for item in exercise.items
        for who, text in typed(exercise, item.ref, given)
    ]


def typed(
    exercise: AnyExercise, item: str, given: Iterable[GivenAnswer]
) -> Iterator[tuple[str, str]]:
    """Give what was typed at an item, each with who typed it: the value, or the part that is."""
    for part in typed_parts(exercise, item):
        for each in given:
            text = part.of(each.items.get(item))
            if isinstance(text, str):
                yield each.who, text


def typed_parts(exercise: AnyExercise, ref: str) -> list[Part]:
    """Give the parts of an item that are typed in one's own words; a day is none."""
    return [
        part
        for item in exercise.items
        if item.ref == ref and getattr(item, "field", "text") == "text"
        for part in exercise.parts(item)
        if part.shape in TYPED
    ]


def takes_text(exercise: AnyExercise) -> bool:
    """Say whether something is typed in one's own words."""
    return any(typed_parts(exercise, item.ref) for item in exercise.items)


def touches_themes(exercise: AnyExercise) -> bool:
    """Say whether the course knows what themes its texts touch."""
    return hasattr(exercise, "touched")


REASON_ITEMS = 2  # things whose reasons are shown: a wall has one idea
REASON_SAMPLE = 6  # reasons of a thing


def reasons(room: ResultInput, refs: Sequence[str]) -> tuple[Voices, ...]:
    """Give reasons for the first items, by ref, that have some; a page each."""
    texts = {item.ref: item.text for item in room.exercise.items}
    found: list[Voices] = []
    shown = 0
    for ref in refs:
        pages = _reasons(room, ref, texts[ref])
        found += pages[:1]
        shown += bool(pages)
        if shown == REASON_ITEMS:
            break
    return tuple(found)


def _reasons(room: ResultInput, ref: str, text: str) -> tuple[Voices, ...]:
    quotable = [each for each in room.given if each.consent or not room.consented]
    said = gather(typed(room.exercise, ref, quotable), room.seed, room.exercise, ref)
    left = heard(said, room.moderation)
    voices = choose_voices(left, room.moderation, REASON_SAMPLE, room.nods)
    title = say("reasons_title", item=text)
    n = sum(each.count for each in left)
    return voice_pictures(voices, item=ref, title=title, name=text, n=n)
