from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dxcourse.figures import FigureError
from dxcourse.figures.line_breaking import measure, wrap


@pytest.mark.parametrize(
    ("words", "em", "lines"),
    [
        ("標準化共通化手順書 ◎", 7, ("標準化共通化", "手順書 ◎")),
        ("令和6年法律第65号 ◎", 7.5, ("令和6年", "法律第65号 ◎")),
        ("オンライン化手順書", 7, ("オンライン化", "手順書")),
        ("自治体の情報システムの標準化・共通化", 14, ("自治体の情報システムの", "標準化・共通化")),
        ("出典 ◎ 財務省、◎ 共同通信", 10, ("出典 ◎ 財務省、", "◎ 共同通信")),
        ("一行目\n二行目", 20, ("一行目", "二行目")),
        ("", 10, ()),
    ],
)
def test_breaks_where_it_reads_well(words: str, em: float, lines: tuple[str, ...]) -> None:
    assert wrap(words, 15, 15 * em) == lines


ALPHABET = "あいのをデタ法律標準化年第12aB、。（）「」ー・ ◎"


@example("11111◎◎、1、 ）11◎◎◎◎◎", 6)
@example("あああああ（ あああああ", 6)
@given(st.text(ALPHABET, max_size=40), st.integers(6, 30))
def test_loses_nothing_and_starts_no_line_with_a_closing_mark(words: str, em: int) -> None:
    lines = wrap(words, 10, 10 * em)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    # Only words that begin with one may; an opening mark ends a line only if nothing follows it.
    assert not [line for line in lines[1:] if line[:1] in {*"）」、。・ー"}]
    assert not [line for line in lines[:-1] if line[-1:] in {*"（「"}]


@given(st.text("あいのを法律標準", min_size=1, max_size=60), st.integers(2, 20))
def test_takes_no_more_lines_than_needed(words: str, em: int) -> None:
    lines = wrap(words, 10, 10 * em + 0.01)
    assert len(lines) == -(-len(words) // em)
    assert all(measure(line, 10) <= 10 * em + 0.01 for line in lines)


def test_measures_in_the_font() -> None:
    assert measure("漢字", 15) == pytest.approx(30)
    assert measure("ii", 15) < measure("漢", 15)
    with pytest.raises(FigureError, match=r"U\+1F363"):
        measure("\U0001f363", 15)
