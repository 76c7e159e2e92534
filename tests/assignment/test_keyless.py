from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dxcourse import course as courses
from dxcourse.answers import submit
from dxcourse.assignment import (
    Assignment,
    AssignmentError,
    hidden,
    keyless,
    leak,
    write_keyless,
)
from dxcourse.exercises import AnswerError, kinds_by_name
from support.homework import CANARY, EXERCISES

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def source(tmp_path: Path) -> Assignment:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "exercises.yaml").write_text(EXERCISES, encoding="utf-8")
    return Assignment.load(folder)


@pytest.fixture
def release(source: Assignment, tmp_path: Path) -> Assignment:
    folder = tmp_path / "release"
    folder.mkdir()
    text = write_keyless(source.exercises.values())
    (folder / "exercises.yaml").write_text(text, encoding="utf-8")
    return Assignment.load(folder)


def test_a_release_is_told_from_a_source(source: Assignment, release: Assignment) -> None:
    assert source.keyed
    assert not release.keyed
    assert list(source.exercises) == list(release.exercises)
    assert all(each.keyless for each in release.exercises.values())


def test_a_keyless_file_has_no_keys_and_no_feedback(release: Assignment) -> None:
    text = (release.folder / "exercises.yaml").read_text(encoding="utf-8")
    assert CANARY not in text
    fields = {name for each in yaml.safe_load(text)["exercises"] for name in each}
    secret = {"correct", "bin", "seen", "answer", "value", "feedback", "start", "rules"}
    assert not fields & secret


def test_every_sentence_of_feedback_is_hidden_and_nothing_else(source: Assignment) -> None:
    """A card, which is read before answering, is a note too."""
    secrets = hidden(source.exercises.values())
    assert len(secrets) == EXERCISES.count(CANARY)
    assert all(each.startswith(CANARY) for each in secrets)


def test_a_hidden_sentence_is_found_however_its_lines_are_broken(source: Assignment) -> None:
    secrets = hidden(source.exercises.values())
    broken = f"ところで、{CANARY[:3]}\n  {CANARY[3:]}、\n車輪。"
    assert leak(broken, secrets) == f"{CANARY}、車輪"
    assert leak(CANARY, secrets) == ""


def test_answers_to_a_keyless_exercise_are_those_of_the_keyed_one(
    source: Assignment, release: Assignment
) -> None:
    for name, keyed in source.exercises.items():
        answer = keyed.model_answer()
        assert release.exercises[name].read(answer) == keyed.read(answer)


def test_a_keyless_exercise_refuses_what_its_kind_refuses(release: Assignment) -> None:
    for exercise in release.exercises.values():
        for value in ("no such ref", {"x": 1}, [["x"]]):
            with pytest.raises(AnswerError):
                exercise.read({"items": {exercise.items[0].ref: value}})
        with pytest.raises(AnswerError):
            exercise.read({"items": {"r0000000": 1}})


def test_a_keyless_exercise_says_nothing_of_an_answer(
    source: Assignment, release: Assignment
) -> None:
    for name, exercise in release.exercises.items():
        answer = source.exercises[name].model_answer()
        with release.store() as store:
            reply = submit(exercise, answer, store=store, learner="me", where="notebook")
        assert reply.held
        assert (reply.points, reply.max_points, reply.closing) == (0, 0, None)
        assert all(item.key is None and not item.result.remarks for item in reply.items.values())
        assert {item.result.mark for item in reply.items.values()} == {"taken"}


def test_every_kind_of_the_course_has_a_keyless_form() -> None:
    exercises = courses.current(ROOT).exercises
    assert {each.kind for each in exercises.values()} == set(kinds_by_name())
    for name, exercise in exercises.items():
        text = write_keyless([exercise])
        made = keyless(yaml.safe_load(text)["exercises"][0])
        answer = exercise.model_answer()
        assert made.id == name
        assert made.read(answer) == exercise.read(answer)
        assert made.max_points == 0
        assert all(made.worth(item) == 0 for item in made.items)
        assert made.model_answer() == {"items": {}}
        assert made.score(answer).points == made.score(answer).max_points == 0
        assert type(made) is type(exercise)


def test_answers_are_stored_beside_a_release_and_never_beside_a_source(
    source: Assignment, release: Assignment
) -> None:
    for assignment in (source, release):
        with assignment.store() as store:
            exercise = assignment.exercise("why")
            answer = source.exercise("why").model_answer()
            reply = submit(exercise, answer, store=store, learner="me", where="notebook")
        assert reply.complete
    assert (release.folder / "answers.jsonl").is_file()
    assert [path.name for path in source.folder.iterdir()] == ["exercises.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        "keyless: 2\nexercises: []\n",
        "keyless: 1\nexercises: 3\n",
        "keyless: 1\nexercises: [{id: a, kind: choice}]\n",
        "keyless: 1\nexercises: [{id: a, kind: nothing, items: []}]\n",
        "keyless: 1\nexercises: [x]\n",
        "keyless: [\n",
    ],
)
def test_a_damaged_keyless_file_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "exercises.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(AssignmentError, match=r"exercises\.yaml"):
        Assignment.load(tmp_path)


def test_an_unknown_exercise_is_an_error_that_lists_the_known(source: Assignment) -> None:
    with pytest.raises(AssignmentError, match="課題「nope」はありません。あるのは why、ticks"):
        source.exercise("nope")


def test_a_file_that_changed_is_read_anew(source: Assignment) -> None:
    path = source.folder / "exercises.yaml"
    path.write_text(EXERCISES.replace("id: why", "id: wherefore"), encoding="utf-8")
    assert "wherefore" in Assignment.load(source.folder).exercises
