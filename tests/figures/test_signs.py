from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from dxcourse.figures.signs import FOLDER, favicon, plates, sign, sign_names, signs_style


@pytest.mark.parametrize("name", sign_names())
def test_a_drawing_takes_its_colours_from_the_page(name: str) -> None:
    drawn = str(sign(name))
    root = ET.fromstring(drawn)  # noqa: S314  -- our own
    for element in root.iter():
        assert "style" not in element.attrib  # pages forbid it
        assert not {"fill", "stroke", "id"} & element.attrib.keys()
        for each in element.get("class", "").split():
            assert f".{each}" in signs_style() or each == "steam", each


def test_a_drawing_is_named_or_an_ornament() -> None:
    assert 'aria-hidden="true"' in sign("flag")
    assert 'role="img" aria-label="赤い&quot;旗"' in sign("flag", '赤い"旗')
    with pytest.raises(LookupError, match="drawings are"):
        sign("no-such")


@pytest.mark.parametrize(("done", "ticks", "sushi"), [(0, 0, 1), (4, 4, 1), (10, 10, 0)])
def test_a_plate_is_ticked_for_each_chapter_that_is_done(done: int, ticks: int, sushi: int) -> None:
    drawn = str(plates(done, 10))
    assert f'aria-label="10章のうち{done}章を終えました"' in drawn
    assert len(re.findall(r"<ellipse", drawn)) == 10
    assert len(re.findall(r'class="k"', drawn)) == ticks
    assert len(re.findall(r'class="rice"', drawn)) == sushi


def test_the_seal_stands_alone_as_an_icon() -> None:
    assert 'class="' not in favicon()
    assert "零" in favicon()
    assert FOLDER.joinpath("signs.css").is_file()
