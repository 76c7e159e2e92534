"""The word cloud, laid out on the server; drawn by whoever shows it."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from dxcourse.figures._style import font_file
from dxcourse.workshop.results._pictures import Cloud, Table, Word
from dxcourse.workshop.results._words import say

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
        table=Table(head=(say("word"), say("people")), rows=tuple(ranked[:ROWS])),
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
