from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from dxcourse.homework import HomeworkCourse, HomeworkError, Taken, collect_from, grade_all
from support.homework import HW, Homework, cell_of, editing, give, right_answers


@pytest.fixture
def inbox(tmp_path: Path, homework: Homework) -> Path:
    """Answer files as they come by mail; the gradebook knows alice, bob and carol."""
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        for student in ("alice", "bob", "carol"):
            gradebook.add_student(student)
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def refused(taken: list[Taken]) -> dict[str, str]:
    return {each.student: each.refused for each in taken}


def test_files_by_any_means_become_submissions(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    give(inbox / "alice.jsonl", right_answers(homework.source), "alice")
    (inbox / "bob").mkdir()
    give(inbox / "bob/answers.jsonl", right_answers(homework.source, "why"), "ユーザー")
    taken = collect_from(course, HW, inbox)
    assert refused(taken) == {"alice": "", "bob": ""}
    assert "ユーザー" in taken[1].notes[0]
    names = {path.name for path in homework.submitted("alice").iterdir()}
    assert names == {"answers.jsonl", "exercises.yaml", f"{HW}.ipynb", "timestamp.txt"}
    assert grade_all(course, HW).made == 2
    assert homework.scores("alice")["test-ages"] == 3.0
    assert homework.scores("bob")["test-why"] == 1.0


def test_the_time_is_that_of_the_last_answer(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    give(inbox / "alice.jsonl", right_answers(homework.source, "why", "ages"), "alice")
    collect_from(course, HW, inbox)
    stamp = (homework.submitted("alice") / "timestamp.txt").read_text(encoding="utf-8")
    assert stamp == "2026-11-23 09:01:00.000000 UTC"


def test_a_notebook_beside_the_answers_is_taken_with_them(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    shutil.copytree(homework.release, inbox / "alice")
    with editing(inbox / f"alice/{HW}.ipynb") as notebook:
        cell_of(notebook, "reflection")["source"] = "窓口が変わる"
    give(inbox / "alice/answers.jsonl", right_answers(homework.source, "why"), "alice")
    shutil.copy(homework.source / "exercises.yaml", inbox / "alice")
    collect_from(course, HW, inbox)
    grade_all(course, HW)
    assert homework.grades("alice")["reflection"]["needs_manual_grade"]
    # Sent again without the notebook, the one that is there stays.
    shutil.rmtree(inbox / "alice")
    give(inbox / "alice.jsonl", right_answers(homework.source), "alice")
    assert refused(collect_from(course, HW, inbox)) == {"alice": ""}
    text = (homework.submitted("alice") / f"{HW}.ipynb").read_text(encoding="utf-8")
    assert "窓口が変わる" in text


def test_what_cannot_be_taken_says_why(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    right = right_answers(homework.source)
    give(inbox / "alice.jsonl", right, "alice")
    shutil.copy(inbox / "alice.jsonl", inbox / "bob.jsonl")
    give(inbox / "dave.jsonl", right, "dave")
    give(inbox / "answers.jsonl", right, "someone")
    (inbox / "carol.jsonl").write_bytes(b"{}\n")
    found = refused(collect_from(course, HW, inbox))
    assert found.pop("alice") == ""
    assert "whose is it" in found.pop("")
    assert "another student (alice)" in found.pop("bob")
    assert "damaged line" in found.pop("carol")
    assert "no such student in the gradebook" in found.pop("dave")
    assert found == {}
    assert course.students(HW) == ["alice"]


def test_a_copy_under_a_common_user_name_is_found_by_its_entries(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    give(inbox / "alice.jsonl", right_answers(homework.source), "user")
    collect_from(course, HW, inbox)
    (inbox / "alice.jsonl").rename(inbox / "bob.jsonl")
    assert "that alice handed in" in refused(collect_from(course, HW, inbox))["bob"]


def test_a_newer_file_takes_the_place_of_an_older_one_only(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    path = inbox / "alice.jsonl"
    give(path, right_answers(homework.source, "why"), "alice")
    older = path.read_bytes()
    collect_from(course, HW, inbox)
    assert collect_from(course, HW, inbox)[0].unchanged
    give(path, right_answers(homework.source), "alice")
    assert refused(collect_from(course, HW, inbox)) == {"alice": ""}
    path.write_bytes(older)
    assert "newer; it was kept" in refused(collect_from(course, HW, inbox))["alice"]
    grade_all(course, HW)
    assert homework.scores("alice")["test-ages"] == 3.0


def test_answers_to_something_else_are_refused(course: HomeworkCourse, inbox: Path) -> None:
    give(inbox / "alice.jsonl", {"other": {"items": {}}}, "alice")
    assert "no answer to an exercise" in refused(collect_from(course, HW, inbox))["alice"]


@pytest.mark.parametrize("name", ["..", "a+b", ".hidden", "a b"])
def test_a_name_that_is_no_students_is_refused(
    course: HomeworkCourse, homework: Homework, inbox: Path, name: str
) -> None:
    give(inbox / f"{name}.jsonl", right_answers(homework.source), "alice")
    taken = collect_from(course, HW, inbox, add=True)
    assert all(each.refused for each in taken)
    assert not (homework.root / "submitted").exists()


def test_new_students_are_taken_when_asked_for(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    give(inbox / "dave.jsonl", right_answers(homework.source), "dave")
    assert refused(collect_from(course, HW, inbox, add=True)) == {"dave": ""}


def test_before_the_release_nothing_is_collected(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    shutil.rmtree(homework.release)
    with pytest.raises(HomeworkError, match="not released yet"):
        collect_from(course, HW, inbox)
    shutil.copytree(homework.source, homework.release)
    with pytest.raises(HomeworkError, match="has its keys"):
        collect_from(course, HW, inbox)


def test_a_time_that_is_none_is_refused_and_ends_nothing(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    for student in ("alice", "bob"):
        give(inbox / f"{student}.jsonl", right_answers(homework.source, "why"), student)
    text = (inbox / "alice.jsonl").read_text(encoding="utf-8")
    forged = re.sub(r'"time":"[^"]*"', '"time":"9999-12-31T23:00:00-14:00"', text)
    (inbox / "alice.jsonl").write_text(forged, encoding="utf-8")
    found = refused(collect_from(course, HW, inbox))
    assert "which is no time" in found["alice"]
    assert found["bob"] == ""
    assert course.students(HW) == ["bob"]
