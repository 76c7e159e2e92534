from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from dxcourse.homework import HomeworkError
from dxcourse.homework.autograde import grade_all
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.parallel import workers, workers_for
from dxcourse.homework.pipeline import STAMP
from support.homework import (
    FULL,
    HW,
    Homework,
    cell_of,
    editing,
    give,
    gradebook_of,
    make_homework,
    meta,
    right_answers,
    source_notebook,
)
from support.submissions import REFUSED, SORTS, hand_in_many


def files_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.name != STAMP:
            name = path.relative_to(folder).as_posix()
            text = path.read_text(encoding="utf-8")
            found[name] = nbformat.reads(text, as_version=4) if name.endswith("ipynb") else text
    return found


@pytest.fixture
def many(homework: Homework) -> dict[str, str]:
    return hand_in_many(homework, len(SORTS))


def test_it_does_what_nbgraders_own_command_does(
    homework: Homework, many: dict[str, str], tmp_path: Path
) -> None:
    """In a gradebook that is empty, and in one where graders have been at work since."""
    late = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    with (homework.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(late)
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment(HW, duedate=datetime(2026, 11, 24, 12))  # noqa: DTZ001
    for student in ("s0000", "s0003"):
        hand_in_at(homework, student, "2026-11-25 00:00:00 UTC")
    refused = {student for student, sort in many.items() if sort in REFUSED}
    theirs = Homework(shutil.copytree(homework.root, tmp_path / "theirs"))
    for again in ([], ["--force"]):
        theirs.run("autograde", HW, *again, ok=False)
        done = grade_all(HomeworkCourse.open(homework.root), HW)
        assert set(done.failed) == refused
        found = gradebook_of(homework)
        assert found == gradebook_of(theirs)
        for student in many:
            ours = files_of(homework.autograded(student))
            assert ours == files_of(theirs.autograded(student))
        assert (found["s0000"]["penalty"], found["s0003"]["penalty"] > 0) == (
            (0.0, True) if again else (FULL, True)
        )
        for course in (homework, theirs):
            hand_in_at(course, "s0000", "2026-11-23 00:00:00 UTC")
            (course.submitted("s0007") / "answers.jsonl").unlink(missing_ok=True)
            (course.submitted("s0003") / "new.txt").write_text("graded anew", encoding="utf-8")
            mark_by_hand(course, "s0003")


def hand_in_at(homework: Homework, student: str, time: str) -> None:
    (homework.submitted(student) / "timestamp.txt").write_text(time, encoding="utf-8")


def mark_by_hand(homework: Homework, student: str) -> None:
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        for name in ("test-why", "reflection"):
            grade = gradebook.find_grade(name, HW, HW, student)
            grade.manual_score, grade.needs_manual_grade = 0.5, False
        gradebook.find_comment("reflection", HW, HW, student).manual_comment = "もうひとこと"
        gradebook.db.commit()


def test_a_notebook_that_was_left_out_counts_nothing(tmp_path: Path) -> None:
    """Of two notebooks of an assignment, as with nbgrader's own command."""
    homework = make_homework(tmp_path / "course", notebook=source_notebook({"why": 1, "ages": 3}))
    more = source_notebook({"items": 1})
    nbformat.write(more, homework.source / "more.ipynb")
    HomeworkCourse.open(homework.root).generate(HW)
    for student in ("alice", "bob"):
        homework.hand_in(student, right_answers(homework.source), reflection="書いた")
    (homework.submitted("bob") / "more.ipynb").unlink()
    theirs = Homework(shutil.copytree(homework.root, tmp_path / "theirs"))
    theirs.run("autograde", HW)
    assert grade_all(HomeworkCourse.open(homework.root), HW).made == 2
    found = gradebook_of(homework)
    assert found == gradebook_of(theirs)
    assert (found["alice"]["score"], found["bob"]["score"]) == (5.0, 4.0)


def test_workers_give_the_same_gradebook(
    course: HomeworkCourse, homework: Homework, many: dict[str, str], tmp_path: Path
) -> None:
    other = Homework(shutil.copytree(homework.root, tmp_path / "other"))
    grade_all(course, HW)
    with workers(2) as executor:
        done = grade_all(HomeworkCourse.open(other.root), HW, executor=executor)
    assert done.done == len(many)
    assert gradebook_of(homework) == gradebook_of(other)


@pytest.mark.parametrize(
    ("how", "jobs", "many"),
    [
        ("fork", 49, False),
        ("fork", 50, True),
        ("spawn", 50, False),
        ("spawn", 500, True),
        ("forkserver", 499, False),
    ],
)
def test_a_core_each_where_many_were_handed_in(
    monkeypatch: pytest.MonkeyPatch, how: str, jobs: int, *, many: bool
) -> None:
    monkeypatch.setattr("multiprocessing.get_start_method", lambda: how)
    for cores, most in ((1, 1), (2, 2), (4, 4), (64, 4)):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        assert workers_for(jobs) == (most if many else 1)


def test_any_executor_will_do(course: HomeworkCourse, many: dict[str, str]) -> None:
    with ThreadPoolExecutor(2) as executor:
        assert grade_all(course, HW, executor=executor).done == len(many)


@pytest.mark.usefixtures("many")
def test_only_what_changed_is_graded_again(course: HomeworkCourse, homework: Homework) -> None:
    first = grade_all(course, HW)
    again = grade_all(course, HW)
    assert (again.made, again.unchanged) == (0, first.made)
    with (homework.submitted("s0000") / "notes.txt").open("w") as file:
        file.write("new")
    assert grade_all(course, HW).made == 1
    shutil.rmtree(homework.autograded("s0000"))
    assert grade_all(course, HW).made == 1
    (homework.root / "gradebook.db").unlink()
    course.generate(HW)
    assert grade_all(course, HW).made == first.made
    text = (homework.source / "exercises.yaml").read_text(encoding="utf-8")
    (homework.source / "exercises.yaml").write_text(
        text.replace("value: 13", "value: 14"), encoding="utf-8"
    )
    assert grade_all(course, HW).made == first.made
    assert homework.scores("s0000")["test-items"] == 0.0


def test_what_a_grader_entered_stays(course: HomeworkCourse, homework: Homework) -> None:
    homework.hand_in("alice", right_answers(homework.source), reflection="書いた")
    grade_all(course, HW)
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("reflection", HW, HW, "alice").manual_score = 3
        gradebook.find_comment("reflection", HW, HW, "alice").manual_comment = "具体的です"
        gradebook.db.commit()
    (homework.submitted("alice") / "new.txt").write_text("x", encoding="utf-8")
    assert grade_all(course, HW).made == 1
    found = gradebook_of(homework)["alice"]
    assert found["grades"]["reflection"] == (None, 3.0, True)
    assert found["comments"]["reflection"] == "具体的です"
    assert found["score"] == FULL + 3


def test_a_missing_notebook_is_an_error_that_names_the_learner(
    course: HomeworkCourse, homework: Homework
) -> None:
    (homework.hand_in("alice", {}) / f"{HW}.ipynb").unlink()
    assert "alice: この課題のノートブックが" in grade_all(course, HW).failed["alice"]


@pytest.fixture
def with_code(homework: Homework) -> HomeworkCourse:
    """The course, its assignment released with a cell of code of its own."""
    notebook = source_notebook(points={"why": 1.0})
    check = meta("check", grade=True, points=2)
    notebook.cells.insert(1, new_code_cell("assert 1", id="check", metadata=check))
    nbformat.write(notebook, homework.source / f"{HW}.ipynb")
    course = HomeworkCourse.open(homework.root)
    course.generate(HW)
    return course


def test_an_assignment_with_other_code_goes_by_nbgraders_own_steps(
    with_code: HomeworkCourse, homework: Homework
) -> None:
    homework.hand_in("alice", right_answers(homework.source, "why"))
    with editing(homework.hand_in("bad") / f"{HW}.ipynb") as broken:
        broken.nbformat = 99
    done = grade_all(with_code, HW)
    assert (done.made, list(done.failed)) == (1, ["bad"])
    assert homework.scores("alice") == {"check": 2.0, "test-why": 1.0, "reflection": 0.0}
    assert grade_all(with_code, HW).unchanged == 1


def test_what_nbgraders_own_steps_note_is_told(
    with_code: HomeworkCourse, homework: Homework
) -> None:
    """They say it while they grade: the notes of a submission are looked at after that."""
    answers = right_answers(homework.source, "why")
    homework.hand_in("alice", answers)
    with editing(homework.hand_in("bob", answers) / f"{HW}.ipynb") as notebook:
        notebook["cells"].remove(cell_of(notebook, "test-why"))
    told = grade_all(with_code, HW).notes
    assert list(told) == ["bob"]
    (note,) = told["bob"]
    assert "test-why" in note


def test_a_source_that_is_wrong_stops_everything(
    course: HomeworkCourse, homework: Homework
) -> None:
    homework.hand_in("alice", right_answers(homework.source))
    with editing(homework.source / f"{HW}.ipynb") as notebook:
        notebook.cells.append(
            new_code_cell('grade("why")', metadata=meta("new", grade=True, points=1))
        )
    with pytest.raises(HomeworkError, match="二度あります"):
        grade_all(course, HW)


def test_an_authors_answers_stop_everything(course: HomeworkCourse, homework: Homework) -> None:
    """They would be laid over every learner's own."""
    homework.hand_in("alice", {})
    give(homework.source / "answers.jsonl", right_answers(homework.source), "author")
    with pytest.raises(HomeworkError, match="書く人のフォルダーに答えがあります"):
        grade_all(course, HW)
    assert not homework.autograded("alice").exists()


def test_an_assignment_that_is_not_released_is_refused(course: HomeworkCourse) -> None:
    with pytest.raises(HomeworkError, match="nope：まだ配っていません"):
        grade_all(course, "nope")


def test_into_postgresql_as_into_a_file(
    course: HomeworkCourse,
    homework: Homework,
    postgres_address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the address alone: the same grades from two workers, and nothing twice."""
    many = hand_in_many(homework, len(SORTS))
    other = Homework(shutil.copytree(homework.root, homework.root.with_name("other")))
    grade_all(course, HW)
    monkeypatch.setenv("DXCOURSE_GRADEBOOK", postgres_address)
    elsewhere = HomeworkCourse.open(other.root)
    elsewhere.generate(HW)
    with workers(2) as executor:
        done = grade_all(elsewhere, HW, executor=executor)
    assert done.done == len(many)
    assert grade_all(elsewhere, HW).made == 0
    (other.root / "gradebook.db").unlink()
    assert gradebook_of(other, elsewhere.directory.db_url) == gradebook_of(homework)


def test_a_gradebook_out_of_reach_is_a_readable_error(
    homework: Homework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DXCOURSE_GRADEBOOK", "postgresql://me:sesame@127.0.0.1:1/none")
    with pytest.raises(HomeworkError, match="成績簿につながりません") as caught:
        grade_all(HomeworkCourse.open(homework.root), HW)
    assert "sesame" not in str(caught.value)


def test_two_runs_at_once_are_one_too_many(course: HomeworkCourse, many: dict[str, str]) -> None:
    with course.alone(), pytest.raises(HomeworkError, match="別の命令が採点か受け取りの途中"):
        grade_all(course, HW)
    assert grade_all(course, HW).done == len(many)


def test_a_cell_that_nbgrader_cannot_read_stops_everything(
    course: HomeworkCourse, homework: Homework
) -> None:
    homework.hand_in("alice", right_answers(homework.source))
    with editing(homework.source / f"{HW}.ipynb") as notebook:
        del cell_of(notebook, "test-why")["metadata"]["nbgrader"]["schema_version"]
    with pytest.raises(HomeworkError, match="nbgraderが読めません"):
        grade_all(course, HW)
