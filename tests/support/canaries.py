"""A course with an exercise of every kind, in which every key and every feedback is a canary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from dxcourse.course import Course
from dxcourse.exercises import kinds_by_name
from support.tiny_course import COURSE_YAML, METADATA, OUTLINE, TinyCourse, code, module

if TYPE_CHECKING:
    from pathlib import Path

    from dxcourse.exercises import AnyExercise

CANARY = "KANARIE"
NUMBER = 86_420_975.0
SONG = re.compile(f"{CANARY}|86[,_]?420[,_]?975")
BANK = "exercises/bank/00_first.yaml"
NOTEBOOK = "notebooks/00_first.ipynb"


def song(what: str) -> str:
    """A feedback that must not be heard before its time."""
    return f"{CANARY}：{what}"


def named(what: str, **fields: Any) -> dict[str, Any]:
    """Something with an id that only an author may read."""
    return {"id": f"{CANARY}-{what}", "text": f"選択肢の{what}", **fields}


def bank() -> list[dict[str, Any]]:
    """An exercise of each kind."""
    months = ["7月", "8月", "9月", "10月"]
    task = {
        "length": 1,
        "start": "8月",
        "rules": {"deadline": {"month": "9月", "note": song("deadline")}},
        "feedback": {"right": song("kept")},
    }
    by_kind: dict[str, dict[str, Any]] = {
        "choice": {
            "options": [
                named("right", correct=True, feedback=song("right")),
                named("wrong", feedback=song("wrong")),
            ]
        },
        "multichoice": {
            "options": [
                named("one", correct=True, feedback=song("one")),
                named("two", correct=True, feedback=song("two")),
                named("three", feedback=song("three")),
            ]
        },
        "classify": {
            "bins": [named("here"), named("there")],
            "evidence": [named("date"), named("nothing", none=True)],
            "items": [
                named(
                    "law",
                    bin=f"{CANARY}-here",
                    seen=[f"{CANARY}-date"],
                    feedback={
                        "right": song("bin"),
                        "bins": {f"{CANARY}-there": song("other bin")},
                        "evidence": song("evidence"),
                    },
                ),
                named("open", feedback={"open": song("open")}),
            ],
        },
        "order": {
            "things": [named("first"), named("second"), named("third")],
            "feedback": {"right": song("order"), "wrong": song("disorder")},
        },
        "match": {
            "answers": [named("north"), named("south")],
            "items": [
                named(
                    "snow",
                    answer=f"{CANARY}-north",
                    feedback={"right": song("match"), "wrong": song("mismatch")},
                )
            ],
        },
        "number": {
            "value": NUMBER,
            "feedback": {"right": song("number"), "wrong": song("no number")},
        },
        "scale": {"levels": ["0回", "1回"], "items": [named("habit", feedback={0: song("level")})]},
        "opinion": {"mirror": {"none": song("mirror")}},
        "pledge": {"items": [named("what"), named("when", field="date")]},
        "schedule": {"months": months, "items": [named("task", **task)]},
    }
    assert set(by_kind) == set(kinds_by_name()), "plant a canary in every kind"
    return [
        {
            "kind": kind,
            "id": f"ex-{kind}",
            "title": f"問い {kind}",
            "closing": song("closing"),
            **fields,
        }
        for kind, fields in by_kind.items()
    ]


def plant(root: Path) -> Course:
    """Write the course."""
    tiny = TinyCourse.make(root)
    head, *modules = COURSE_YAML.split('  - id: "')
    assert modules
    tiny.write(OUTLINE, f'{head}  - id: "{modules[0]}')
    exercises = bank()
    tiny.write(BANK, yaml.safe_dump(exercises, allow_unicode=True, sort_keys=False))
    for other in (root / "exercises/bank").glob("0[1-9]*.yaml"):
        other.unlink()
    (root / "notebooks/01_second.ipynb").unlink()
    shows = [code(e["id"], f'exercise("{e["id"]}")') for e in exercises]
    tiny.cells(NOTEBOOK, module("00", *shows), METADATA)
    tiny.cells(
        "notebooks/apps/one.ipynb", [code("setup", "from dxcourse import *"), shows[0]], METADATA
    )
    return Course.load(root)


def heard(text: str, exercises: list[AnyExercise]) -> list[str]:
    """What a text gives away."""
    found = [match.group() for match in SONG.finditer(text)]
    for exercise in exercises:
        if exercise.kind == "order":
            (key,) = exercise.model_answer()["items"].values()
            places = [text.find(f'"{ref}"') for ref in key]
            if -1 not in places and places == sorted(places):
                found.append(f"{exercise.id}: in the order of the key")
    return found
