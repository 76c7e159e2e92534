"""Views as they are kept: what the browser is sent changes only when somebody means it to.

``DXCOURSE_GOLDEN=write pytest tests/workshop/results/test_golden_views.py`` writes them anew.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dxcourse.exercises import kinds_by_name, parse
from dxcourse.facts import Facts
from dxcourse.workshop.results import room_view, wall_words
from support.room_answers import room

if TYPE_CHECKING:
    from dxcourse.exercises import AnyExercise

GOLDEN = Path(__file__).parent / "golden"
FACTS = Facts.load(Path(__file__).parents[3] / "data")
AB = [{"id": "a", "text": "甲"}, {"id": "b", "text": "乙"}, {"id": "c", "text": "丙"}]
TWO = [{"id": "one", "text": "ひとつめ"}, {"id": "two", "text": "ふたつめ"}]
RAW: dict[str, dict[str, Any]] = {
    "choice": {"options": [{**AB[0], "correct": True}, *AB[1:]]},
    "multichoice": {"options": [{**AB[0], "correct": True}, *AB[1:]]},
    "classify": {
        "bins": AB[:2],
        "evidence": [{"id": "law", "text": "根拠法"}],
        "items": [{**TWO[0], "bin": "a", "seen": ["law"]}, TWO[1]],
        "reasons": True,
    },
    "match": {"answers": AB, "items": [{**each, "answer": "b"} for each in TWO]},
    "order": {"things": AB},
    "number": {"value": 1741, "unit": "団体"},
    "opinion": {},
    "scale": {
        "levels": ["0回", "1回", "2回"],
        "radar": True,
        "items": [{"id": f"s{at}", "text": f"行い{at}", "axis": f"軸{at}"} for at in range(3)],
    },
    "schedule": {
        "months": ["4月", "5月", "6月"],
        "events": [{"id": "e", "text": "議会", "sign": "議", "months": ["6月"]}],
        "items": [
            {
                "id": "t",
                "text": "移行",
                "length": 2,
                "start": "4月",
                "rules": {"avoid": {"e": "重なります"}},
            }
        ],
    },
    "pledge": {"items": [TWO[0], {"id": "d", "text": "いつ", "field": "date"}]},
}


def exercise(kind: str) -> AnyExercise:
    return parse({"kind": kind, "id": f"a-{kind}", "title": "題", **RAW[kind]}, FACTS)


@pytest.mark.parametrize("kind", sorted(kinds_by_name()))
def test_a_view_is_as_it_was(kind: str) -> None:
    asked = exercise(kind)
    answers = room(asked, 12)
    view = room_view(asked, answers, revealed=True, before=room(asked, 12, seed=2), seed="s")
    message = view.message()
    for picture in message["pictures"]:
        for word in picture.get("words", ()):  # where words lie is the font's and the library's
            assert word.keys() >= {"x", "y", "size", "width"}
            for part in ("x", "y", "size", "width"):
                del word[part]
        if "words" in picture:
            picture["words"].sort(key=lambda word: (-word["count"], word["text"]))
    text = json.dumps(message, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    file = GOLDEN / f"{kind}.json"
    if os.environ.get("DXCOURSE_GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_themes_have_the_names_of_the_facts() -> None:
    names = {term.theme: term.theme_name for term in FACTS.terms()}
    asked = exercise("opinion")
    themes: Any = room_view(asked, [], revealed=True, seed="s").pictures[1]
    assert {theme.id: theme.name for theme in themes.themes} == names


def test_a_cloud_lies_the_same_each_time_and_within_its_box() -> None:
    asked = exercise("opinion")
    answers = room(asked, 60)
    first, again = (room_view(asked, answers, revealed=True, seed="s").pictures[0] for _ in "ab")
    assert first == again
    other: Any = room_view(asked, answers, revealed=True, seed="t").pictures[0]
    cloud: Any = first
    assert other.words != cloud.words
    assert len(cloud.words) >= 20
    for word in cloud.words:
        assert 0 <= word.x <= word.x + word.width <= cloud.width
        assert 0 <= word.y - word.size <= word.y <= cloud.height
    assert not _overlapping(cloud.words)


def _overlapping(words: Any) -> list[tuple[str, str]]:
    return [
        (one.text, other.text)
        for at, one in enumerate(words)
        for other in words[:at]
        if one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y - 0.8 * one.size < other.y
        and other.y - 0.8 * other.size < one.y
    ]


def test_the_wall_has_all_its_words() -> None:
    script = Path(__file__).parents[3] / "dxcourse/workshop/static/wall.js"
    text = script.read_text(encoding="utf-8")
    used = set(re.findall(r"(?<!\w)words\.(\w+)", text)) | set(
        re.findall(r"\['(\w+)', answered", text)
    )
    assert used - {"length", "map"} == set(wall_words())  # of a cloud's words
