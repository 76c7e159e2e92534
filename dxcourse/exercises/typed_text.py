"""Text that a learner typed: as it is kept, and the words that are recognised in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from wcwidth import iter_graphemes

from dxcourse.exercises.errors import AnswerError
from dxcourse.text.typed import lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs by their class, and empty
SIGNS = 16  # code points: the longest flags and families have 14


def kept(value: object, limit: int, place: str) -> str:
    """Give a text as it is kept: stripped, and without what no database or page can hold.

    What cannot be seen at all is no text.

    Raises
    ------
    AnswerError
        It is not a text, or has more than `limit` characters, counted as people do.
    """
    if not isinstance(value, str):
        raise AnswerError(f"{place}: a text is a string of at most {limit} characters")
    text = lines(value)
    if not any(map(_seen, text)):
        return ""
    long = len(text) > limit and _length(text, limit)
    if long:
        raise AnswerError(f"{place}: {long} characters; a text here has at most {limit}")
    return text


def _seen(sign: str) -> bool:
    """Whether a sign can be seen: not a space of any width, nor what only joins or turns others."""
    return unicodedata.category(sign)[0] not in "CZM" and sign not in BLANK


def _length(text: str, limit: int) -> int:
    """Count characters as people do (grapheme clusters); 0 where there are not too many.

    As many signs on one letter as no language has are characters of their own.
    """
    count = sum(max(1, len(cluster) // SIGNS) for cluster in iter_graphemes(text))
    return count if count > limit else 0


@dataclass(frozen=True)
class Words:
    """Words that stand for themes, and the search for them.

    Compared are the letters, not how they are typed: full or half width, capital or small
    (Unicode's NFKC and case folding). Where words overlap the longest counts: 「待ち時間」 is no
    「時間」. A word of Latin letters stands alone: "IT" is not in "with".
    """

    themes: Mapping[str, str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, words: Iterable[tuple[str, str]]) -> Words:
        """Take words with their themes; of two alike the first counts."""
        themes: dict[str, str] = {}
        for word, theme in words:
            folded = "".join(letters for letters, _, _ in _folded(word))
            themes.setdefault(folded, theme)
        longest_first = sorted(filter(None, themes), key=lambda word: (-len(word), word))
        either = "|".join(map(_alone, longest_first))
        return cls(themes, re.compile(either or r"(?!)"))

    def touched(self, text: str) -> dict[str, str]:
        """Find the themes a text touches: each with the first word for it, as it was typed."""
        parts = list(_folded(text))
        letters = "".join(part for part, _, _ in parts)
        spans = [(start, end) for part, start, end in parts for _ in part]
        found: dict[str, str] = {}
        for match in self.pattern.finditer(letters):
            typed = text[spans[match.start()][0] : spans[match.end() - 1][1]]
            found.setdefault(self.themes[match.group()], typed)
        return found


def _alone(word: str) -> str:
    before = r"(?<![a-z0-9])" if re.match(r"[a-z0-9]", word) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]$", word) else ""
    return before + re.escape(word) + after


def _folded(text: str) -> Iterator[tuple[str, int, int]]:
    """Give the letters of a text for comparing, each with where it begins and ends in it.

    A sign that joins the one before (the dots of ``ｶﾞ``) is folded together with it.
    """
    starts = [
        at
        for at, sign in enumerate(text)
        if at == 0 or not unicodedata.combining(unicodedata.normalize("NFKD", sign)[0])
    ]
    for start, end in pairwise([*starts, len(text)]):
        yield unicodedata.normalize("NFKC", text[start:end]).casefold(), start, end
