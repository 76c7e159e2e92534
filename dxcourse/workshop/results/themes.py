"""Texts: the words of a room as a cloud, and what it speaks of as themes with voices."""

from __future__ import annotations

import csv
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from sudachipy import Dictionary, Morpheme, MorphemeList, SplitMode, Tokenizer

from dxcourse.text.typed import cut, visible
from dxcourse.workshop.results.answers import AnyItem, GivenAnswer, ResultInput
from dxcourse.workshop.results.pictures import (
    Cloud,
    Picture,
    PictureTable,
    Theme,
    Themes,
    Word,
    say,
    theme_name,
    theme_names,
    themes_table,
)
from dxcourse.workshop.results.voices import (
    Utterance,
    choose_voices,
    gather,
    heard,
    touches_themes,
    typed,
    voice_pictures,
)

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


# -- The words of a room: content words of Japanese text, counted, spelled as most spelled them ----

MOST_WORDS = 24  # words; more would be small print on a wall
TABLE_ROWS = 100  # words in the table
SEVERAL = 2  # people who used a word before it is one of the room's

Spelled = Mapping[str, str]
"""Words of a text: the form that is counted, and how it was written there."""


def cloud(
    texts: Iterable[tuple[Spelled, int]], *, item: str, title: str, name: str, n: int
) -> Cloud:
    """Count the words of some texts, each with how many said it; those of one person are left out.

    A word counts once a text. It is shown as most people wrote it.
    """
    found: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for words, count in texts:
        for form, spelling in words.items():
            found[form] += count
            spellings.setdefault(form, Counter())[spelling] += count

    def spelled(form: str) -> str:
        return min(spellings[form].items(), key=lambda each: (-each[1], each[0]))[0]

    known = [(spelled(form), count) for form, count in found.items() if count >= SEVERAL]
    ranked = sorted(known, key=lambda each: (-each[1], each[0]))
    return Cloud(
        item=item,
        title=title,
        caption=say("cloud", title=name),
        n=n,
        words=tuple(Word(text=text, count=count) for text, count in ranked[:MOST_WORDS]),
        table=PictureTable(head=(say("word"), say("people")), rows=tuple(ranked[:TABLE_ROWS])),
    )


LONGEST = 12  # characters: what is longer is no word, and would fill the cloud
MOST_PARTS = 4  # of a word of `vocabulary.csv`
PILED = re.compile(r"[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe2f]")  # signs on top of letters
LATIN = re.compile(r"[A-Za-z]")
CONTENT = {
    "名詞": {"普通名詞", "固有名詞"},
    "動詞": {"一般"},
    "形容詞": {"一般"},
    "形状詞": {"一般", "タリ"},
}
_local = threading.local()


@lru_cache(maxsize=8192)
def words_of(text: str) -> Spelled:
    """Give the content words of a text, each once: its form to count under, and its spelling.

    「減らし」 and 「減らす」 are one word, 「サーバ」 and 「サーバー」 too, and 「ＤＸ」 is 「DX」.
    A text is taken apart once and remembered: a new answer costs only itself (about 50 µs).
    """
    return dict(_content(text))


def _content(text: str) -> Iterator[tuple[str, str]]:
    for parts in _joined(_tokenizer().tokenize(text)):
        if len(parts) > 1:
            whole = "".join(part.surface() for part in parts)
            yield whole, whole
            continue
        kind, finer, *_ = parts[0].part_of_speech()
        word = _form(parts[0])
        counts = (1 < len(word) <= LONGEST or _is_han(word)) and not PILED.search(word)
        if finer in CONTENT.get(kind, ()) and counts and word.casefold() not in _listed("drop"):
            yield word, _spelling(parts[0])


def _spelling(morpheme: Morpheme) -> str:
    """Give a word as it was written, in its dictionary's ending: 「やめる」 for 「やめて」."""
    surface, written = str(morpheme.surface()), str(morpheme.dictionary_form())
    if LATIN.search(surface) or written.casefold() == surface.casefold():
        return surface
    return written


def _joined(morphemes: MorphemeList) -> Iterator[list[Morpheme]]:
    """Put together what the dictionary parts and a reader would not: 「待ち時間」."""
    signs = [str(morpheme.surface()) for morpheme in morphemes]
    at = 0
    while at < len(signs):
        sizes = range(min(MOST_PARTS, len(signs) - at), 1, -1)
        size = next((n for n in sizes if "".join(signs[at : at + n]) in _listed("join")), 1)
        yield [morphemes[place] for place in range(at, at + size)]
        at += size


def _form(morpheme: Morpheme) -> str:
    """Give the form to count under; Latin letters stay Latin, which Sudachi may respell."""
    surface, form = str(morpheme.surface()), str(morpheme.normalized_form())
    return surface if LATIN.search(surface) and not LATIN.search(form) else form


def _is_han(word: str) -> bool:
    return len(word) == 1 and "\u4e00" <= word <= "\u9fff"


@cache
def _dictionary() -> Dictionary:
    return Dictionary(dict="core")  # half a second, once a process


def _tokenizer() -> Tokenizer:
    """Give this thread's tokenizer: one is not shared between threads."""
    if not hasattr(_local, "tokenizer"):
        _local.tokenizer = _dictionary().tokenizer(mode=SplitMode.C)
    tokenizer: Tokenizer = _local.tokenizer
    return tokenizer


@cache
def _listed(use: str) -> frozenset[str]:
    """Give the words of `vocabulary.csv` to drop (they say nothing alone) or to join."""
    file = Path(__file__).with_name("vocabulary.csv")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return frozenset(row["word"] for row in csv.DictReader(lines) if row["use"] == use)
