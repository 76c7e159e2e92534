"""The word cloud, laid out on the server; drawn by whoever shows it."""

from __future__ import annotations

import csv
import hashlib
import random
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from pathlib import Path

from sudachipy import Dictionary, Morpheme, MorphemeList, SplitMode, Tokenizer

from dxcourse.figures.style import font_file
from dxcourse.workshop.results.pictures import Cloud, PictureTable, Word
from dxcourse.workshop.results.words import say

MARGIN = 12
BODY = 0.88  # of a Japanese character stands above the baseline
SHRINK = (1.0, 0.9, 0.8, 0.7)  # what an overlapping word may become before it is left out
WIDTH, HEIGHT = 800, 640
MOST = 40  # words; more would be small print
ROWS = 100  # words in the table
LARGEST, SMALLEST = 96, 20  # font sizes; on half a projector about as many pixels


def cloud(  # noqa: PLR0913  -- what a picture has, by name
    texts: Iterable[tuple[AbstractSet[str], int]],
    *,
    seed: str,
    item: str,
    title: str,
    name: str,
    n: int,
) -> Cloud:
    """Lay out the words of some texts, each with how many said it.

    A word counts once a text. The same words and seed give the same picture.
    """
    found: Counter[str] = Counter()
    for words, count in texts:
        for word in words:
            found[word] += count
    ranked = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return Cloud(
        item=item,
        title=title,
        caption=say("cloud", title=name),
        n=n,
        width=WIDTH,
        height=HEIGHT,
        words=_layout(tuple(ranked[:MOST]), seed) if ranked else (),
        table=PictureTable(head=(say("word"), say("people")), rows=tuple(ranked[:ROWS])),
    )


@lru_cache(maxsize=64)
def _layout(ranked: Sequence[tuple[str, int]], seed: str) -> tuple[Word, ...]:
    """Place words; those that find no room are left to the table (up to 0.2 s for 40)."""
    # Here: it brings matplotlib, a quarter of a second that only a room which is drawn needs.
    from PIL import ImageFont  # noqa: PLC0415
    from wordcloud import WordCloud  # noqa: PLC0415

    digest = hashlib.sha256(f"{seed}".encode()).digest()
    laid = WordCloud(
        font_path=str(font_file()),
        width=WIDTH,
        height=HEIGHT,
        margin=MARGIN,
        prefer_horizontal=1.0,  # Japanese on its side is a riddle
        max_font_size=LARGEST,
        min_font_size=SMALLEST,
        relative_scaling=0.5,
        random_state=random.Random(int.from_bytes(digest[:8])),  # noqa: S311  -- a layout
        color_func=lambda *_, **__: "black",
    ).generate_from_frequencies(dict(ranked))
    counts = dict(ranked)
    words: list[Word] = []
    for (text, _), size, (top, left), _, _ in laid.layout_:
        font = ImageFont.truetype(str(font_file()), int(size))
        ascent, _ = font.getmetrics()
        word = Word(
            text=text,
            count=counts[text],
            x=float(left),
            y=float(top + ascent),  # it places by the line's top, not by the ink's
            size=float(size),
            width=float(font.getlength(text)),
        )
        room = (_shrunk(word, share) for share in SHRINK)
        found = next((each for each in room if not any(_touch(each, one) for one in words)), None)
        if found is not None:
            words.append(found)
    return tuple(words)


def _shrunk(word: Word, share: float) -> Word:
    """Make a word smaller about its middle."""
    less = 1 - share
    return word.model_copy(
        update={
            "x": round(word.x + less * word.width / 2, 1),
            "y": round(word.y - less * word.size * BODY / 2, 1),
            "size": round(word.size * share, 1),
            "width": round(word.width * share, 1),
        }
    )


def _touch(one: Word, other: Word) -> bool:
    """Say whether two words overlap.

    The library looks for room by a word's ink but draws it by its line's top, a little lower, so
    that some of what it places overlaps.
    """
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y - one.size * BODY < other.y and other.y - other.size * BODY < one.y


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
