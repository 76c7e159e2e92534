"""Texts: the words of a room as a cloud, and what it speaks of as themes with voices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from dxcourse.text.typed import cut, visible
from dxcourse.workshop.results.answers import AnyItem, GivenAnswer, ResultInput
from dxcourse.workshop.results.cloud import Spelled, cloud, words_of
from dxcourse.workshop.results.pictures import Picture, Theme, Themes, themes_table
from dxcourse.workshop.results.voices import (
    Utterance,
    choose_voices,
    gather,
    heard,
    touches_themes,
    typed,
    voice_pictures,
)
from dxcourse.workshop.results.words import say, theme_name, theme_names

NAME = 24  # characters of a heading
SAMPLE = 3  # voices of a theme: a wall is read, not scrolled


def pictures(room: ResultInput) -> tuple[Picture, ...]:
    """Draw each question's voices as cards, its words, and the themes that it touches."""
    drawn: list[Picture] = []
    for item in room.exercise.items:
        said = _heard(room, room.given, item)
        n = sum(each.count for each in said)
        title, name = room.title(item), room.name(item)
        voices = choose_voices(_readable(room, said, item), room.moderation, nods=room.nods)
        drawn += voice_pictures(voices, item=item.ref, title=title, name=name, n=n)
        if room.words:
            words = cloud(_words(room, said, item), item=item.ref, title=title, name=name, n=n)
            drawn += [words] if words.words else []
        if any(each.themes for each in said) or touches_themes(room.exercise):
            drawn.append(_themes(room, item, said, n))
    return tuple(drawn)


def _words(
    room: ResultInput, said: Sequence[Utterance], item: AnyItem
) -> list[tuple[Spelled, int]]:
    """Give the words of what was said.

    In a report a word that only one person used, without agreeing to be quoted, could be a name:
    it is left out. Of few people nothing else is left either.
    """
    shown = room.moderation.shows
    if not room.consented:  # on a wall, a word is a part of a voice: it waits for it
        return [(words_of(e.text), e.count) for e in said if shown(e.id, e.marks)]
    found = [(words_of(each.text), each.count) for each in said]
    quotable = {form for each in _readable(room, said, item) for form in words_of(each.text)}
    used: Counter[str] = Counter()
    for words, count in found:
        used.update(dict.fromkeys(words, count))
    kept = quotable if room.few else quotable | {form for form, n in used.items() if n > 1}
    return [
        ({form: words[form] for form in words if form in kept}, count) for words, count in found
    ]


def _heard(room: ResultInput, given: Sequence[GivenAnswer], item: AnyItem) -> list[Utterance]:
    """Gather what was said to a question, without what is hidden."""
    said = gather(typed(room.exercise, item.ref, given), room.seed, room.exercise, item.ref)
    return heard(said, room.moderation)


def _themes(room: ResultInput, item: AnyItem, said: Sequence[Utterance], n: int) -> Themes:
    before = None if room.before is None else _heard(room, room.before, item)
    hands = room.hands(item.ref)
    readable = _readable(room, said, item)
    grouped = {id_ for ids in room.moderation.groups.values() for id_ in ids}
    loose = [each for each in readable if each.id not in grouped]
    themes = []
    for theme in theme_names():
        touching = [each for each in loose if each.themes[:1] == (theme,)]
        themes.append(
            Theme(
                id=theme,
                name=theme_name(theme),
                count=_count(said, theme) + max(0, hands.get(theme, 0)),
                before=None if before is None else _count(before, theme),
                voices=choose_voices(touching, room.moderation, SAMPLE),
            )
        )
    groups = _groups(room, said, readable)
    others = [each for each in loose if not each.themes]
    pinned = [each for each in readable if each.id in room.moderation.pinned]
    rest = Theme(
        id="others",
        name=say("others"),
        count=sum(each.count for each in said if not each.themes),
        before=None if before is None else sum(each.count for each in before if not each.themes),
        voices=choose_voices(others, room.moderation, SAMPLE),
    )
    return Themes(
        item=item.ref,
        title=room.title(item),
        caption=say("themes", title=room.name(item)),
        n=n + sum(max(0, hands.get(theme, 0)) for theme in theme_names()),
        themes=tuple(sorted(themes, key=lambda theme: -theme.count)),
        groups=groups,
        pinned=choose_voices(pinned, room.moderation),
        others=rest,
        before_n=None if before is None else sum(each.count for each in before),
        table=themes_table([*themes, rest, *groups]),
    )


def _groups(
    room: ResultInput, said: Sequence[Utterance], readable: Sequence[Utterance]
) -> tuple[Theme, ...]:
    taken: set[str] = set()
    groups = []
    for number, (name, ids) in enumerate(room.moderation.groups.items()):
        members = {each.id for each in said if each.id in ids} - taken
        taken |= members
        if members:
            voices = [each for each in readable if each.id in members]
            groups.append(
                Theme(
                    id=f"group-{number}",
                    name=cut(visible(name), NAME)[0],
                    count=sum(each.count for each in said if each.id in members),
                    voices=choose_voices(voices, room.moderation, SAMPLE),
                )
            )
    return tuple(groups)


def _readable(room: ResultInput, said: Sequence[Utterance], item: AnyItem) -> list[Utterance]:
    """Leave what may be read word for word: all in the room, in a report only with consent."""
    if not room.consented:
        return list(said)
    willing = [each for each in room.given if each.consent]
    allowed = {each.id for each in _heard(room, willing, item)}
    return [each for each in said if each.id in allowed]


def _count(said: Iterable[Utterance], theme: str) -> int:
    return sum(each.count for each in said if theme in each.themes)
