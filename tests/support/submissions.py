"""Generated submissions of every sort, the same for the same seed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from dxcourse.assignment import Assignment
from support.homework import Homework, editing, give, right_answers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SORTS = (
    "full",
    "empty",
    "nothing answered",
    "partial",
    "damaged",
    "torn",
    "another's",
    "own name among others",
    "machine's user",
    "other version",
    "cells deleted",
    "cells changed",
)
REFUSED = {"damaged", "another's"}
"""Ours gives no score to these, and says so; the stock road gives 0."""
SOUND = [sort for sort in SORTS if sort not in REFUSED and not sort.startswith("cells")]
"""What nbgrader without us gets through, too: it refuses a notebook that lacks a cell."""


def hand_in_many(
    homework: Homework, number: int, of: Sequence[str] = SORTS, seed: int = 1
) -> dict[str, str]:
    """Hand in as many submissions, all sorts in turn; give each student's sort."""
    chance = random.Random(seed)  # noqa: S311  -- not for secrets
    sorts = {f"s{n:04d}": of[n % len(of)] for n in range(number)}
    for student, sort in sorts.items():
        _hand_in(homework, student, sort, chance)
    return sorts


def _hand_in(homework: Homework, student: str, sort: str, chance: random.Random) -> None:
    answers: dict[str, Any] | None = some_answers(homework, chance)
    if sort == "full":
        answers = right_answers(homework.source)
    elif sort in {"empty", "nothing answered"}:
        answers = None
    learner = {"another's": "s0000", "machine's user": "ユーザー"}.get(sort, student)
    if sort == "other version" and answers:
        answers = {**_older(answers), "gone": {"items": {"r1": "r2"}}}
    reflection = "窓口が変わる" if chance.random() < 0.5 else None
    folder = homework.hand_in(student, answers, learner=learner, reflection=reflection)
    if sort in WRECKS:
        WRECKS[sort](folder, chance)


def some_answers(homework: Homework, chance: random.Random) -> dict[str, Any]:
    """Answers of which some are right, some wrong, some partly right, and some missing."""
    exercises = Assignment.load(homework.source).exercises
    given = {}
    for name, exercise in exercises.items():
        if chance.random() < 0.2:
            continue
        values = {}
        for ref, right in exercise.model_answer()["items"].items():
            value: Any = right
            if isinstance(right, list) and chance.random() < 0.6:
                value = chance.sample(right, len(right))
                if exercise.kind == "multichoice":
                    value = value[: chance.randint(1, len(value))]
            elif isinstance(right, dict) and chance.random() < 0.6:
                value = {**right, "evidence": []}
            elif isinstance(right, int | float) and chance.random() < 0.4:
                value = 0
            elif isinstance(right, str) and chance.random() < 0.4:
                value = _another(exercise.public(), ref, right, chance)
            if chance.random() < 0.9:
                values[ref] = value
        given[name] = {"items": values}
    return given


def _another(public: dict[str, Any], ref: str, right: str, chance: random.Random) -> str:
    item = next(item for item in public["items"] if item["ref"] == ref)
    choices = item.get("options") or public.get("answers") or public.get("bins") or []
    found: str = chance.choice([each["ref"] for each in choices] or [right])
    return found


def _older(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers of which each has an item that is gone, and one a choice that is."""
    older = {name: {"items": {**each["items"], "r0000000": "x"}} for name, each in answers.items()}
    if "why" in older:
        older["why"] = {"items": dict.fromkeys(older["why"]["items"], "r1111111")}
    return older


def _damage(folder: Path, chance: random.Random) -> None:
    path = folder / "answers.jsonl"
    lines = path.read_bytes().split(b"\n")
    lines.insert(chance.randrange(len(lines)), b'{"version": 1, "id": ')
    path.write_bytes(b"\n".join(lines))


def _tear(folder: Path, _: random.Random) -> None:
    with (folder / "answers.jsonl").open("ab") as file:
        file.write(b'{"version":1,"id":"aaaaaaaaaaaa"')


def _crowd(folder: Path, _: random.Random) -> None:
    give(folder / "answers.jsonl", {"gone": {"items": {}}}, "よその人")


def _delete(folder: Path, chance: random.Random) -> None:
    with editing(next(folder.glob("*.ipynb"))) as notebook:
        kept = [cell for cell in notebook.cells if chance.random() < 0.6 or cell.id == "setup"]
        notebook.cells = kept


def _change(folder: Path, _: random.Random) -> None:
    with editing(next(folder.glob("*.ipynb"))) as notebook:
        for cell in notebook.cells:
            if cell.id.startswith("test-"):
                cell.source = "100.0"
                cell.metadata["nbgrader"]["points"] = 100
        first = next(cell for cell in notebook.cells if cell.id == "test-why")
        copy = {**first, "id": "a-copy"}
        notebook.cells.append(type(first)(copy))


WRECKS: dict[str, Callable[[Path, random.Random], None]] = {
    "damaged": _damage,
    "torn": _tear,
    "own name among others": _crowd,
    "cells deleted": _delete,
    "cells changed": _change,
}
