"""What someone typed is shown right and readable, whatever it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.text.typed import ACCENTS, ELLIPSIS, cut
from dxcourse.text.typed import visible as clean
from dxcourse.workshop.results.themes import words_of

FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  窓口 \n\n の\t声 ", "窓口 の 声"),
        ("\u202e逆さ\u202c", "逆さ"),
        ("\u2066x\u2069\u200f", "x"),
        ("a\x00b\x1bc", "abc"),
        ("見\u200bえ\ufeffない", "見えない"),
        ("\u200b\u200d\u2060", ""),
        (FAMILY, FAMILY),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("か\u3099", "か\u3099"),
    ],
)
def test_what_is_left(typed: str, read: str) -> None:
    assert clean(typed) == read


@given(st.text(max_size=300))
def test_nothing_unseen_stays(typed: str) -> None:
    read = clean(typed)
    assert clean(read) == read
    unseen = [sign for sign in read if unicodedata.category(sign)[0] == "C"]
    assert set(unseen) <= {"\u200c", "\u200d"}
    assert "\n" not in read


@given(st.text(max_size=300), st.integers(1, 50))
def test_a_cut_is_seen_and_keeps_the_length(typed: str, most: int) -> None:
    text, was_cut = cut(clean(typed), most)
    assert len(text) <= most + 1
    assert was_cut == (len(clean(typed)) > most) == text.endswith(ELLIPSIS) or typed.count(ELLIPSIS)


def test_piled_signs_stay_on_their_line() -> None:
    assert clean("e" + "\u0301" * 500) == "e" + "\u0301" * ACCENTS


def test_an_enormous_text_is_short_work() -> None:
    assert len(clean("あ" * 100_000)) <= 20_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("紙を減らし、紙を減らす", {"紙", "減らす"}),
        ("サーバとサーバー、ＤＸとDX", {"サーバー", "DX"}),
        ("<script>alert('x')</script>", set()),
        ("そういうことだと思います", set()),
        ("待ち時間と働き方改革", {"待ち時間", "働き方改革"}),
        ("１２３ 😀 …", set()),
        ("e" + "\u0301" * 3, set()),
    ],
)
def test_words(text: str, words: set[str]) -> None:
    assert set(words_of(text)) == words


@given(st.text(max_size=200))
def test_any_text_has_words_or_none(text: str) -> None:
    assert all(0 < len(word) <= 40 for word in words_of(clean(text)))
