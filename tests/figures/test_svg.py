from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from dxcourse.facts import Facts
from dxcourse.figures import draw, names
from dxcourse.figures.canvas import Box, Canvas
from dxcourse.figures.style import ACCENT, BODY, STRONG, TOKENS, Pen
from dxcourse.figures.svg import dark_rule, filed, themed
from dxcourse.widgets import token_colours, tokens
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


def test_every_token_of_a_picture_has_a_light_and_a_dark_colour() -> None:
    light, dark = token_colours(dark=False), token_colours(dark=True)
    assert light.keys() == dark.keys() >= {*TOKENS.values()}
    assert (light["--dx-accent"], dark["--dx-accent"]) == ("#1f4788", "#a9c4f7")
    assert all(light[token] != dark[token] for token in TOKENS.values())


def test_in_a_file_a_picture_has_its_colours_with_it(facts: Facts) -> None:
    light, dark = token_colours(dark=False), token_colours(dark=True)
    for name in names():
        svg = themed(draw(name, facts, TODAY).svg)
        file = filed(svg, light, dark)
        root = ET.fromstring(file)  # noqa: S314  our own
        assert root.get("id") == "dark"
        assert root.get("aria-label")
        style, *_ = root
        assert style.text == dark_rule(dark)
        used = re.findall(r'"var\((--dx-[a-z-]+), (#[0-9a-f]+)\)"', file)
        assert len(used) == svg.count("var(--dx-")
        for token, colour in used:
            assert colour == light[token]
            assert f"{token}:{dark[token]}" in (style.text or "")
