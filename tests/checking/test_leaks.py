from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST_YAML, RELEASE, SECOND_YAML, SOURCE

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse

ANSWERS = "a record of answers, which would be given away from here; move or delete it"


@pytest.mark.parametrize(
    "file",
    [
        f"{SOURCE}/answers.jsonl",
        f"{SOURCE}/deep/answers.jsonl.torn",
        f"{RELEASE}/answers.jsonl",
        f"{RELEASE}/live.sqlite",
        f"{SOURCE}/live.sqlite-wal",
        "notebooks/answers.jsonl",
        "notebooks/apps/answers.jsonl",
        "data/gradebook.db",
    ],
)
def test_answers_where_they_would_be_given_away(course: TinyCourse, file: str) -> None:
    course.write(file, "{}")
    course.finds(file, 1, ANSWERS)


@pytest.mark.parametrize(
    "file",
    [
        "exercises/homework/gradebook.db",
        "exercises/homework/submitted/me/hw1/answers.jsonl",
        "exercises/homework/autograded/me/hw1/answers.jsonl",
        "answers.jsonl",
    ],
)
def test_answers_where_they_belong(course: TinyCourse, file: str) -> None:
    course.write(file, "{}")
    course.finds_nothing()


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (FIRST_YAML, "feedback"),
        ("- kind: choice\n  options:\n    - {id: a, correct: true}\n", "correct"),
        ("- kind: order\n  things: [{id: one, text: いち}]\n", "things"),
        ("- kind: number\n  value: 13\n", "value"),
        (SECOND_YAML.partition("- kind: match")[2], "answer"),
    ],
)
def test_a_key_in_a_release(course: TinyCourse, written: str, key: str) -> None:
    written = written if written.startswith("-") else f"- kind: match{written}"
    file = f"{RELEASE}/exercises.yaml"
    course.write(file, written)
    message = f'a learner would get the key in field "{key}"; release again'
    course.finds(file, f"{key}:", message)


@pytest.mark.parametrize("name", ["exercises.yaml.bak", "old.yml", "keys.yaml"])
def test_a_key_beside_the_source(course: TinyCourse, name: str) -> None:
    course.write(f"{SOURCE}/{name}", "- kind: choice\n  options:\n    - {id: a, correct: true}\n")
    message = (
        'a learner would get the key in field "correct"; only exercises.yaml may; move it away'
    )
    course.finds(f"{SOURCE}/{name}", 3, message)


def test_keys_and_their_absence_where_they_belong(course: TinyCourse) -> None:
    course.assign()
    keyless = "- kind: order\n  id: a\n  things: [{id: r1, ref: r1, text: いち}]\n"
    course.write(f"{RELEASE}/exercises.yaml", keyless)
    course.write(f"{RELEASE}/broken.yaml", "- [")
    course.finds_nothing()
