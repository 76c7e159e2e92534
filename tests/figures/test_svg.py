from __future__ import annotations

import re

from dxcourse.facts import Facts
from dxcourse.figures import draw, names
from dxcourse.figures.canvas import Box, Canvas
from dxcourse.figures.style import ACCENT, BODY, STRONG, Pen
from dxcourse.figures.svg import themed
from dxcourse.widgets import tokens
from support.figures import TODAY


def test_alt_is_escaped() -> None:
    assert 'aria-label="a &lt;b&gt; &amp; &quot;c&quot;"' in Canvas(20).svg("x", 'a <b> & "c"')


def test_bold_words_share_their_outlines_with_plain_ones() -> None:
    canvas = Canvas(60)
    canvas.words((0, 10), "計画", BODY)
    canvas.words((0, 40), "計画", STRONG)
    svg = canvas.svg("x", "")
    assert len(re.findall(r"<path id=", svg)) == 2
    assert len(re.findall(r"<use ", svg)) == 4
    assert svg.count(f'stroke="{STRONG.colour}"') == 1


def test_dollars_are_no_formula() -> None:
    canvas = Canvas(20)
    canvas.words((0, 10), "$a^2$", BODY)
    assert len(re.findall(r"<use ", canvas.svg("x", ""))) == 5


def test_shapes_are_neither_clipped_nor_styled() -> None:
    canvas = Canvas(100)
    canvas.box(Box(0, 0, 50, 50), Pen("none", ACCENT, 1.5, dash=(3, 2), hatch="//", radius=5))
    canvas.arrow((60, 10), (60, 90), Pen(edge=ACCENT, width=2))
    svg = canvas.svg("x", "")
    assert "clip" not in svg
    assert "style" not in svg
    assert 'fill="url(#x-0)"' in svg
    assert 'id="x-0"' in svg
    assert "stroke-dasharray" in svg


def test_in_a_page_every_colour_is_a_token_of_the_page(facts: Facts) -> None:
    for name in names():
        shown = themed(draw(name, facts, TODAY).svg)
        assert re.findall(r'(?:fill|stroke)="#', shown) == []
        assert 'fill="var(--dx-paper, #ffffff)"' in shown
        for token in set(re.findall(r"var\((--dx-[a-z-]+)", shown)):
            assert f"{token}:" in tokens()
