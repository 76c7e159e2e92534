"""Every word that a page's script says is there, and none is there that no script says."""

from __future__ import annotations

import re

import pytest

from dxcourse.text import words
from dxcourse.workshop.site import HERE

WORDS = words("workshop")
SCRIPTS = {
    "phone": ["phone.js", "phone.answer.js", "sheet.js"],
    "sheet": ["sheet.js"],
    "board": ["board.js", "tally.js", "voices.js"],
    "screen": ["screen.js", "stage.js"],
    "wall": ["wall.js"],
    "test": ["test.js"],
}
MADE = {"board": {"not_now", "reach", "shown"}}  # of a code, a screen
ELSEWHERE = {"phone": {"no_sheet"}}  # said by a script that two pages share
OWN = r"(?<![.\w])words\.(?!map|replace)"
SAID = re.compile(rf'say\("([a-z_]+)"|{OWN}(?!results\b)([a-z_]+)|{OWN}results\.([a-z_]+)')


@pytest.mark.parametrize("page", SCRIPTS)
def test_what_a_script_says_is_a_word_of_its_page(page: str) -> None:
    source = "".join((HERE / "static" / name).read_text("utf-8") for name in SCRIPTS[page])
    found = [m.groups() for m in SAID.finditer(source)]
    said = {own or word for own, word, _ in found} - {""}
    assert said
    assert said - {None} - ELSEWHERE.get(page, set()) <= set(WORDS[page])
    assert {result for *_, result in found if result} <= set(WORDS["wall"])
    if page == "wall":
        stage = (HERE / "static/stage.js").read_text("utf-8")
        said |= {word for *_, word in (m.groups() for m in SAID.finditer(stage)) if word}
    quoted = set(re.findall(r"""["'`]([a-z_]+)["'`]""", source)) | said
    assert set(WORDS[page]) - quoted <= MADE.get(page, set())
