"""A small course with a pledge, and learners of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dxcourse.answers import FileStore, begin_afresh, replies, submit
from dxcourse.course import Course, Outline
from dxcourse.exercises import Bank, parse
from dxcourse.facts import Facts

ROOT = Path(__file__).parents[2]
NASTY = '<img src=x onerror="alert(1)"> & <script>alert(1)</script>'


def _module(number: str, coming: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002
    return {
        "id": number,
        "notebook": f"{number}_x.ipynb",
        "title": f"第{number}",
        "question": "何を？",
        "minutes": {"read": 1, "do": 1},
        "slides": [1],
        "objectives": [{"id": f"goal-{number}", "text": "できる"}],
        "coming": coming,
        "look_back": ["first", "last"] if number == "00" else [],
    }


def _options(*right: str) -> list[dict[str, Any]]:
    return [{"id": i, "text": f"答え{i}", "correct": i in right} for i in ("a", "b", "c")]


RAW: list[dict[str, Any]] = [
    {
        "kind": "choice",
        "id": "before",
        "title": "まえ",
        "reveal_after": "after",
        "attempts": 1,
        "items": [
            {"id": "one", "text": "一", "options": _options("a")},
            {"id": "two", "text": "二", "options": _options("b")},
        ],
    },
    {
        "kind": "choice",
        "id": "after",
        "title": "あと",
        "attempts": 1,
        "objectives": ["goal-01", "goal-00"],
        "items": [
            {"id": "two", "text": "に", "options": _options("a")},
            {"id": "one", "text": "いち", "options": _options("c")},
        ],
    },
    {"kind": "opinion", "id": "first", "title": "はじめの一文"},
    {"kind": "opinion", "id": "last", "title": "おわりの一文"},
    {"kind": "number", "id": "sum", "title": "足す", "value": 2},
    {
        "kind": "pledge",
        "id": "pledge",
        "title": "はじめの15分",
        "questions": [{"days": 30, "text": "話した？"}, {"days": 60, "text": "やめた？"}],
        "items": [
            {"id": "whom", "text": "まちの誰のため", "label": "誰のため"},
            {"id": "by", "text": "いつ", "field": "date"},
            {"id": "digital", "text": "デジタルも", "optional": True},
        ],
    },
]
SHOWN = {"00": ("before", "first"), "01": ("after", "last", "pledge")}


def small_course(folder: Path) -> Course:
    """Give a course of two modules, with a third that is still coming."""
    exercises = {raw["id"]: parse(raw) for raw in RAW}
    outline = Outline.model_validate(
        {
            "title": "小さな講座",
            "subtitle": "試すためのもの",
            "slides_total": 1,
            "modules": [_module("00"), _module("01"), _module("02", coming=True)],
        }
    )
    facts = Facts.load(ROOT / "data")
    (folder / "notebooks").mkdir(exist_ok=True)
    for number, names in SHOWN.items():
        cells = [{"cell_type": "markdown", "id": "ask", "metadata": {}, "source": ["## 問い"]}]
        for name in names:
            code = {"cell_type": "code", "id": f"ex-{name}", "source": [f'exercise("{name}")']}
            cells.append({**code, "metadata": {}})
        book = json.dumps({"cells": cells}, ensure_ascii=False)
        (folder / f"notebooks/{number}_x.ipynb").write_text(book, encoding="utf-8")
    return Course(folder, outline, facts, Bank(exercises, {}), SHOWN)


@dataclass
class Learner:
    """Someone who answers, by the ids that the exercises have in YAML."""

    course: Course
    folder: Path
    name: str = "課長"
    store: FileStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = FileStore(self.folder / "answers.jsonl")

    def gives(self, exercise_id: str, values: dict[str, Any], time: str = "2026-11-24") -> None:
        exercise = self.course.exercise(exercise_id)
        items = {item.id: item for item in exercise.items}
        given = {}
        for name, value in values.items():
            options = {o.id: o.ref for o in getattr(items[name], "options", ())}
            given[items[name].ref] = options.get(value, value) if options else value
        submit(
            exercise,
            {"items": given},
            store=self.store,
            learner=self.name,
            where="test",
            now=datetime.fromisoformat(time).replace(tzinfo=UTC),
        )

    def pledges(self, whom: str = "窓口の人", day: str = "2026-12-01", digital: str = "") -> None:
        self.gives("pledge", {"whom": whom, "by": day, "digital": digital})

    def finishes(self) -> None:
        self.gives("before", {"one": "a", "two": "c"}, "2026-11-01")
        self.gives("first", {"only": "手続を減らす"}, "2026-11-02")
        self.gives("after", {"one": "c", "two": "c"}, "2026-11-20T14:59:59")
        self.gives("last", {"only": "待つ人を減らす"}, "2026-11-20T15:00:00")
        self.gives("pledge", {"whom": "人", "by": "2026-12-01", "digital": ""}, "2026-11-05")

    def begins_afresh(self) -> None:
        begin_afresh(self.course.exercises, store=self.store, learner=self.name, where="test")

    @property
    def replies(self) -> Any:
        return replies(self.course.exercises, self.store, self.name)
