"""What the course promises of its homework: three assignments, and what each is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from dxcourse.assignment import Assignment
from dxcourse.checking.content import Content, load
from dxcourse.checking.rules.homework import assignment_length
from dxcourse.course import Course
from dxcourse.exercises import kinds_by_name
from support.assignments import ASSIGNMENTS, REFLECTED, ROOT, Handing, by_hand, cells_of, nbgrader

MODULES = {"dx-basics": "00 01 02 03", "dx-plan": "04 05 06", "dx-manager": "07 08 09"}
UNSCORED = {"opinion", "pledge", "scale"}
AUTOMATIC, REFLECTION = 22, 8


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.load(ROOT)


@pytest.fixture(scope="module")
def content() -> Content:
    loaded = load(ROOT).content
    assert loaded is not None
    return loaded


def objectives(course: Course, name: str) -> set[str]:
    modules = [course.module(number) for number in MODULES[name].split()]
    return {objective.id for module in modules for objective in module.objectives}


def test_there_are_three_and_they_are_for_all_ten_modules(course: Course) -> None:
    assert {path.name for path in Handing.SOURCE.iterdir()} == set(ASSIGNMENTS)
    assert sorted(" ".join(MODULES.values()).split()) == [m.id for m in course.modules]


def test_nothing_but_a_notebook_and_its_exercises_is_handed_out(name: str, source: Path) -> None:
    assert {path.name for path in source.iterdir()} == {f"{name}.ipynb", "exercises.yaml"}


def test_each_practises_every_objective_of_its_modules(
    course: Course, name: str, source: Path
) -> None:
    exercises = Assignment.load(source).exercises.values()
    practised = {objective for exercise in exercises for objective in exercise.objectives}
    assert practised == objectives(course, name)


def test_what_can_be_scored_of_an_objective_is_scored(course: Course) -> None:
    scored = {
        objective
        for name in ASSIGNMENTS
        for exercise in Assignment.load(Handing.SOURCE / name).exercises.values()
        if exercise.max_points
        for objective in exercise.objectives
    }
    every = set().union(*(objectives(course, name) for name in ASSIGNMENTS))
    # Own feelings and own words: nobody is marked for these.
    assert every - scored == {
        "welcome-honest",
        "welcome-before",
        "dx-own-words",
        "start-look-back",
    }


def test_at_least_six_exercises_are_scored_by_themselves(source: Path) -> None:
    exercises = Assignment.load(source).exercises.values()
    assert sum(exercise.max_points > 0 for exercise in exercises) >= 6


def test_together_they_are_of_every_kind_that_is_scored() -> None:
    exercises = [
        exercise
        for name in ASSIGNMENTS
        for exercise in Assignment.load(Handing.SOURCE / name).exercises.values()
    ]
    assert {each.kind for each in exercises if each.max_points} == kinds_by_name().keys() - UNSCORED


def test_each_takes_about_fifteen_minutes_and_says_so(content: Content, name: str) -> None:
    (assigned,) = (each for each in content.homework if each.folder.endswith(name))
    (book,) = assigned.books
    assert 12 <= assignment_length(assigned, book) <= 18
    assert "およそ15分" in book.cells[1].source


def test_each_says_its_points_and_what_counts(source: Path) -> None:
    cells = cells_of(source)
    points = [nbgrader(cell)["points"] for cell in cells if nbgrader(cell).get("grade")]
    assert sum(points) == AUTOMATIC + REFLECTION
    head = cells[1]["source"]
    assert f"{AUTOMATIC + REFLECTION}点" in head
    assert f"{AUTOMATIC}点" in head
    assert f"{REFLECTION}点" in head
    assert "**点になること**" in head
    assert "**点にならないこと**" in head


def test_one_reflection_is_graded_by_hand_and_by_four_things_that_can_be_seen(
    source: Path,
) -> None:
    cells = cells_of(source)
    (answer,) = by_hand(cells)
    assert nbgrader(answer)["points"] == REFLECTION
    rubric = cells[cells.index(answer) - 1]["source"].partition("BEGIN MARK SCHEME")[2]
    steps = re.findall(r"^\d\. .*2点：.*1点：.*0点：", rubric, re.MULTILINE)
    assert len(steps) * 2 == REFLECTION


def test_a_rubric_grades_no_attitude(source: Path) -> None:
    cells = cells_of(source)
    prompt, answer = cells[-2:]
    rubric = prompt["source"].partition("BEGIN MARK SCHEME")[2]
    criteria, _, aside = rubric.partition("**点にしないもの**")
    for attitude in ("賛成", "反対", "前向き", "意欲", "姿勢", "熱意", "理解"):
        assert attitude not in criteria
    assert "賛成か反対か、前向きか" in aside
    assert by_hand([answer])


def test_every_key_is_out_of_the_release(released: Handing, name: str) -> None:
    folder = released.course.folder("release", name)
    assert {path.name for path in folder.iterdir()} == {f"{name}.ipynb", "exercises.yaml"}
    given = "".join("".join(p.read_text(encoding="utf-8").split()) for p in folder.iterdir())
    source = Handing.SOURCE / name
    kept = [*sentences_of_feedback(yaml.safe_load((source / "exercises.yaml").read_text("utf-8")))]
    assert len(kept) > 50
    assert [note for note in kept if "".join(note.split()) in given] == []
    assert not re.search(r"correct|MARKSCHEME|BEGINSOLUTION|評価の観点", given)


def sentences_of_feedback(part: object, *, inside: bool = False) -> Iterator[str]:
    """Give every text that stands under a field of feedback, rules or mirror."""
    if isinstance(part, str) and inside and len(part) > 15:
        yield part
    elif isinstance(part, dict):
        for name, value in part.items():
            below = inside or name in {"feedback", "rules", "mirror"}
            if name not in {"fact", "month"}:
                yield from sentences_of_feedback(value, inside=below)
    elif isinstance(part, list):
        for value in part:
            yield from sentences_of_feedback(value, inside=inside)


def test_who_knows_everything_gets_full_marks(graded: Handing, name: str) -> None:
    grades = graded.grades(name, "shiru")
    scored = {cell: grade for cell, grade in grades.items() if cell.startswith("test-")}
    assert all(score == most for score, most in scored.values())
    assert sum(score for score, _ in scored.values()) == AUTOMATIC


def test_who_answers_nothing_gets_nothing(graded: Handing, name: str) -> None:
    grades = graded.grades(name, "kara")
    assert {score for cell, (score, _) in grades.items() if cell.startswith("test-")} == {0.0}


def test_a_written_reflection_waits_for_a_person_who_sees_the_rubric(
    graded: Handing, name: str
) -> None:
    with graded.course.gradebook() as gradebook:
        found = gradebook.find_submission_notebook(name, name, "shiru")
        waiting = [grade.name for grade in found.grades if grade.needs_manual_grade]
    assert waiting == ["reflection"]
    cells = {
        c["id"]: c["source"] for c in cells_of(graded.course.folder("autograded", name, "shiru"))
    }
    assert "**評価の観点**" in cells["reflection-prompt"]
    assert cells["reflection"] == REFLECTED
