"""The guide's table of messages: each is one that the software says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dxcourse.text import catalogue

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/hosting/README.md").read_text(encoding="utf-8")
TABLE = GUIDE.partition("### 出ることのある知らせ")[2].partition("\n## ")[0]
MESSAGES = re.findall(r"^\| `([^`]+)` \|", TABLE, re.MULTILINE)


def texts(part: object) -> list[str]:
    if isinstance(part, dict):
        return [text for inner in part.values() for text in texts(inner)]
    return [str(part)]


def test_the_guide_has_a_table() -> None:
    assert len(MESSAGES) >= 10


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_of_the_table_is_said(message: str) -> None:
    said = [re.sub(r"\{[^}]*\}", "…", text) for text in texts(catalogue.area("server"))]
    wanted = [piece for piece in message.split("…") if piece]
    assert any(all(piece in text for piece in wanted) for text in said), message
