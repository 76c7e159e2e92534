from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.text import typed


def test_lines_keep_lines_and_lose_what_no_database_holds() -> None:
    assert typed.lines(" a\r\nb\rc\x00\ud800\td \n") == "a\nb\nc\td"


@pytest.mark.parametrize("end", ["\v", "\f", "\x85", "\u2028", "\u2029"])
def test_what_ends_a_line_in_slides_and_word_processors_ends_one(end: str) -> None:
    assert typed.lines(f"待たせない{end}来させない{end}") == "待たせない\n来させない"


def test_one_line_is_one_line() -> None:
    assert typed.one_line("  函館市\n管理職\u2028研修\x07 ") == "函館市 管理職 研修"


def test_a_family_stays_one_on_one_line() -> None:
    assert typed.one_line("👨\u200d👩\u200d👧 は？") == "👨\u200d👩\u200d👧 は？"


def test_a_name_is_the_same_however_it_is_typed() -> None:
    assert typed.name("ﾔﾏﾀﾞ　花子", 40) == typed.name(" ヤマダ  花子\x00", 40) == "ヤマダ 花子"


@given(st.text())
def test_what_is_visible_is_one_line_and_stays_as_it_is(text: str) -> None:
    seen = typed.visible(text)
    assert typed.visible(seen) == seen
    assert not any(unicodedata.category(c)[0] == "C" for c in seen if c not in typed.JOINERS)


@pytest.mark.parametrize("turned", ["\u202e", "\u2066", "\u200b", "\u0007"])
def test_nothing_that_turns_or_hides_text_is_shown(turned: str) -> None:
    assert typed.visible(f"abc{turned}def") == "abcdef"


@given(st.text(min_size=1), st.integers(1, 30))
def test_a_cut_text_is_no_longer_than_said_and_says_so(text: str, most: int) -> None:
    short, was_longer = typed.cut(typed.visible(text), most)
    assert len(short) <= most + 1
    assert was_longer == (len(typed.visible(text)) > most)
