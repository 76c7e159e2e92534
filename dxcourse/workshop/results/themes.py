"""`opinion`: the words of a room as a cloud, and what it speaks of as themes with voices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from dxcourse.exercises.kinds.opinion import THEMES, Opinion, OpinionItem
from dxcourse.workshop.results.answers import GivenAnswer, ResultInput
from dxcourse.workshop.results.cloud import cloud, words_of
from dxcourse.workshop.results.pictures import Cloud, Theme, Themes, themes_table
from dxcourse.workshop.results.voices import Utterance, choose_voices, clean, cut, gather
from dxcourse.workshop.results.words import say, theme_name

NAME = 24  # characters of a heading
SAMPLE = 3  # voices of a theme: a wall is read, not scrolled


def pictures(room: ResultInput) -> tuple[Cloud | Themes, ...]:
    """Draw each question's cloud and themes."""
    if not isinstance(room.exercise, Opinion):
        return ()
    drawn: list[Cloud | Themes] = []
    for item in room.exercise.items:
        heard = _heard(room, room.given, item)
        n = sum(each.count for each in heard)
        drawn.append(
            cloud(
                _words(room, heard, item),
                seed=f"{room.seed}/{item.ref}",
                item=item.ref,
                title=room.title(item),
                name=room.name(item),
                n=n,
            )
        )
        drawn.append(_themes(room, item, heard, n))
    return tuple(drawn)


def _words(
    room: ResultInput, heard: Sequence[Utterance], item: OpinionItem
) -> list[tuple[AbstractSet[str], int]]:
    """Give the words of what was said.

    In a report a word that only one person used, without agreeing to be quoted, could be a name:
    it is left out. Of few people nothing else is left either.
    """
    found: list[tuple[AbstractSet[str], int]] = [
        (words_of(each.text), each.count) for each in heard
    ]
    if not room.consented:
        return found
    quotable = frozenset[str]().union(*(words_of(e.text) for e in _readable(room, heard, item)))
    if room.few:
        return [(words & quotable, count) for words, count in found]
    used = Counter(word for words, count in found for word in sorted(words) * min(count, 2))
    kept = quotable | {word for word, times in used.items() if times > 1}
    return [(words & kept, count) for words, count in found]


def _heard(room: ResultInput, given: Sequence[GivenAnswer], item: OpinionItem) -> list[Utterance]:
    """Gather what was said to a question, without what is hidden."""
    texts = (each.items[item.ref] for each in given if item.ref in each.items)
    found = gather(texts, room.seed, room.exercise, item.ref)
    return [each for each in found if each.id not in room.moderation.hidden]


def _themes(room: ResultInput, item: OpinionItem, heard: Sequence[Utterance], n: int) -> Themes:
    before = None if room.before is None else _heard(room, room.before, item)
    hands = room.hands(item.ref)
    readable = _readable(room, heard, item)
    grouped = {id_ for ids in room.moderation.groups.values() for id_ in ids}
    loose = [each for each in readable if each.id not in grouped]
    themes = []
    for theme in THEMES:
        touching = [each for each in loose if each.themes[:1] == (theme,)]
        themes.append(
            Theme(
                id=theme,
                name=theme_name(theme),
                count=_count(heard, theme) + max(0, hands.get(theme, 0)),
                before=None if before is None else _count(before, theme),
                voices=choose_voices(touching, room.moderation, SAMPLE),
            )
        )
    groups = _groups(room, heard, readable)
    others = [each for each in loose if not each.themes]
    pinned = [each for each in readable if each.id in room.moderation.pinned]
    rest = Theme(
        id="others",
        name=say("others"),
        count=sum(each.count for each in heard if not each.themes),
        before=None if before is None else sum(each.count for each in before if not each.themes),
        voices=choose_voices(others, room.moderation, SAMPLE),
    )
    return Themes(
        item=item.ref,
        title=room.title(item),
        caption=say("themes", title=room.name(item)),
        n=n + sum(max(0, hands.get(theme, 0)) for theme in THEMES),
        themes=tuple(sorted(themes, key=lambda theme: -theme.count)),
        groups=groups,
        pinned=choose_voices(pinned, room.moderation),
        others=rest,
        before_n=None if before is None else sum(each.count for each in before),
        table=themes_table([*themes, rest, *groups]),
    )


def _groups(
    room: ResultInput, heard: Sequence[Utterance], readable: Sequence[Utterance]
) -> tuple[Theme, ...]:
    taken: set[str] = set()
    groups = []
    for number, (name, ids) in enumerate(room.moderation.groups.items()):
        members = {each.id for each in heard if each.id in ids} - taken
        taken |= members
        if members:
            voices = [each for each in readable if each.id in members]
            groups.append(
                Theme(
                    id=f"group-{number}",
                    name=cut(clean(name), NAME)[0],
                    count=sum(each.count for each in heard if each.id in members),
                    voices=choose_voices(voices, room.moderation, SAMPLE),
                )
            )
    return tuple(groups)


def _readable(room: ResultInput, heard: Sequence[Utterance], item: OpinionItem) -> list[Utterance]:
    """Leave what may be read word for word: all in the room, in a report only with consent."""
    if not room.consented:
        return list(heard)
    willing = [each for each in room.given if each.consent]
    allowed = {each.id for each in _heard(room, willing, item)}
    return [each for each in heard if each.id in allowed]


def _count(heard: Iterable[Utterance], theme: str) -> int:
    return sum(each.count for each in heard if theme in each.themes)
