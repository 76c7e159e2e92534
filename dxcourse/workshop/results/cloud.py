"""The words of a room: content words of Japanese text, counted, spelled as most spelled them."""

from __future__ import annotations

import csv
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from sudachipy import Dictionary, Morpheme, MorphemeList, SplitMode, Tokenizer

from dxcourse.workshop.results.pictures import Cloud, PictureTable, Word
from dxcourse.workshop.results.words import say

MOST = 24  # words; more would be small print on a wall
ROWS = 100  # words in the table
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
        words=tuple(Word(text=text, count=count) for text, count in ranked[:MOST]),
        table=PictureTable(head=(say("word"), say("people")), rows=tuple(ranked[:ROWS])),
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
