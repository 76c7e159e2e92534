"""Views as they are kept: what the browser is sent changes only when somebody means it to.

``DXCOURSE_GOLDEN=write pytest tests/workshop/results/test_golden_views.py`` writes them anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dxcourse.exercises import kinds_by_name, parse
from dxcourse.facts import Facts
from dxcourse.workshop.results import GivenAnswer, room_view
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
    text = json.dumps(message, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    file = GOLDEN / f"{kind}.json"
    if os.environ.get("DXCOURSE_GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_themes_have_the_names_of_the_facts() -> None:
    names = {term.theme: term.theme_name for term in FACTS.terms()}
    asked = exercise("opinion")
    themes: Any = room_view(asked, [], revealed=True, seed="s").pictures[-1]
    assert {theme.id: theme.name for theme in themes.themes} == names


def test_a_cloud_holds_the_words_of_two_people_and_more_as_most_wrote_them() -> None:
    asked = exercise("opinion")
    (item,) = asked.items
    texts = ["やり方を変える", "やり方を変えたい", "遣り方を変える", "はんこをやめて"]
    texts += ["ハンコをやめる", "はんこ", "𠮷野家"]
    answers = [GivenAnswer(f"p{at}", {item.ref: text}) for at, text in enumerate(texts)]
    view: Any = room_view(asked, answers, revealed=True, seed="s")
    cloud = next(each for each in view.pictures if each.shape == "cloud")
    words = {word.text: word.count for word in cloud.words}
    assert words == {"やり方": 3, "変える": 3, "はんこ": 3, "やめる": 2}
    alone: Any = room_view(asked, answers[-1:], revealed=True, seed="s")
    assert "cloud" not in {each.shape for each in alone.pictures}
