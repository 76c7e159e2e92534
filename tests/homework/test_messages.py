"""The guide knows what the commands say, word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dxcourse.text import words

GUIDE = Path(__file__).parents[2] / "docs/grading/messages.md"
PARTS = ("incoming", "whose", "collect", "answers", "submission", "source", "config", "exchange")
MORE = ("due", "roster", "feedback", "export", "mail", "mail.text")
DESK = ("boxes", "todo", "second", "items", "similar")


@pytest.mark.parametrize("part", [*PARTS, *MORE, *DESK])
def test_every_message_stands_in_the_guide_with_what_to_do(part: str) -> None:
    lines = GUIDE.read_text(encoding="utf-8").splitlines()
    told = {
        line.split(" | ")[0].removeprefix("| "): line.split(" | ")[1]
        for line in lines
        if " | " in line
    }
    for name, text in words(f"homework.{part}").items():
        if isinstance(text, str):
            plain = re.sub(r"\{+[a-z_:]+\}+", "…", text).replace("|", "｜")
            assert plain in told, f"{part}.{name} is missing in {GUIDE.name}: {plain}"
            assert len(told[plain].strip(" |")) > 4, f"{part}.{name} has no cure"
