"""The words of a Japanese text, for counting: content words in the form of a dictionary."""

from __future__ import annotations

import csv
import re
import threading
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from sudachipy import Dictionary, Morpheme, MorphemeList, SplitMode, Tokenizer

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
def words_of(text: str) -> frozenset[str]:
    """Give the content words of a text, each once and in its dictionary's form.

    「減らし」 and 「減らす」 are one word, 「サーバ」 and 「サーバー」 too, and 「ＤＸ」 is 「DX」.
    A text is taken apart once and remembered: a new answer costs only itself (about 50 µs).
    """
    return frozenset(_content(text))


def _content(text: str) -> Iterator[str]:
    for parts in _joined(_tokenizer().tokenize(text)):
        if len(parts) > 1:
            yield "".join(part.surface() for part in parts)
            continue
        kind, finer, *_ = parts[0].part_of_speech()
        word = _form(parts[0])
        counts = (1 < len(word) <= LONGEST or _is_han(word)) and not PILED.search(word)
        if finer in CONTENT.get(kind, ()) and counts and word.casefold() not in _listed("drop"):
            yield word


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
