"""Every word that a page's script says is there, and none is there that no script says."""

from __future__ import annotations

import re

import pytest
import yaml

from dxcourse.workshop.site import HERE

WORDS = yaml.safe_load((HERE / "words.yaml").read_text("utf-8"))
SCRIPTS = {
    "phone": ["phone.js"],
    "board": ["board.js", "tally.js", "voices.js"],
    "wall": ["screen.js"],
    "test": ["test.js"],
}


MADE = {
    "wall": {"open", "closed"},  # of a phase
    "board": {"join_shown", "room_shown", "rest_shown", "not_now", "reach"},  # of a screen, a code
}


@pytest.mark.parametrize("page", SCRIPTS)
def test_what_a_script_says_is_a_word_of_its_page(page: str) -> None:
    source = "".join((HERE / "static" / name).read_text("utf-8") for name in SCRIPTS[page])
    said = set(re.findall(r'say\("([a-z_]+)"', source))
    assert said
    assert said <= set(WORDS[page])
    quoted = set(re.findall(r'"([a-z_]+)"', source))
    assert set(WORDS[page]) - quoted <= MADE.get(page, set())
