from __future__ import annotations

import csv
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from nbgrader.api import Gradebook

from dxcourse.homework import HomeworkCourse, HomeworkError, export, grade_all, set_due
from dxcourse.homework.grade_export import as_csv, as_excel, as_moodle, plain, rows
from support.homework import FULL, HW, REFLECTION, Homework, right_answers

NAME = "=HYPERLINK(1)"


@pytest.fixture
def graded(course: HomeworkCourse, homework: Homework) -> HomeworkCourse:
    with course.gradebook() as gradebook:
        gradebook.add_student("alice", last_name=NAME, email="alice@example.jp", lms_user_id="17")
        gradebook.add_student("carol", last_name="佐藤", first_name="花")
    set_due(course, HW, "2026-11-22")
    homework.hand_in("alice", right_answers(homework.source, "why", "ages"))
    homework.hand_in("bob", right_answers(homework.source), reflection="書いた")
    grade_all(course, HW)
    return course


def table(course: HomeworkCourse) -> Any:
    with course.gradebook() as gradebook:
        return rows(gradebook)


def test_every_student_has_a_row(graded: HomeworkCourse) -> None:
    found = {row.student: row for row in table(graded)}
    assert (found["alice"].score, found["alice"].state) == (4.0, "採点済み")
    assert (found["bob"].score, found["bob"].state) == (FULL, "記述の採点待ち")
    assert (found["carol"].score, found["carol"].state) == (None, "提出なし")
    assert {row.max_score for row in found.values()} == {FULL + REFLECTION}


def test_times_are_japans(graded: HomeworkCourse) -> None:
    alice = next(row for row in table(graded) if row.student == "alice")
    assert alice.submitted == "2026年11月24日 10:00（日本時間）"
    assert alice.due == "2026年11月22日 23:59（日本時間）"
    assert alice.days_late == 2


def test_a_csv_opens_in_a_japanese_excel_and_has_no_formula(graded: HomeworkCourse) -> None:
    data = as_csv(table(graded))
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    assert lines[0][:4] == ["課題", "受講者", "姓", "名"]
    assert f"'{NAME}" in [line[2] for line in lines]
    assert all(not cell.startswith("=") for line in lines for cell in line)


def test_an_excel_file_has_text_and_numbers(graded: HomeworkCourse) -> None:
    sheet = openpyxl.load_workbook(BytesIO(as_excel(table(graded)))).worksheets[0]
    alice = next(row for row in sheet.iter_rows(min_row=2) if row[1].value == "alice")
    assert (alice[2].value, alice[2].data_type) == (NAME, "s")
    assert (alice[5].value, alice[5].data_type) == (4, "n")


def test_moodle_gets_a_line_a_student(graded: HomeworkCourse) -> None:
    lines = list(csv.reader(StringIO(as_moodle(table(graded)).decode("utf-8"))))
    assert lines[0] == ["ID number", "Email address", HW]
    assert sorted(lines[1:]) == [
        ["17", "alice@example.jp", "4"],
        ["bob", "", "13"],
        ["carol", "", ""],
    ]


def test_moodle_gets_no_formula(graded: HomeworkCourse) -> None:
    with graded.gradebook() as gradebook:
        gradebook.update_or_create_student("carol", email="=1+1")
    with pytest.raises(HomeworkError, match="carol: '=1\\+1' begins like a formula"):
        as_moodle(table(graded))


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "＝1", "＋1", "－1", "＠x"])
def test_what_begins_like_a_formula_is_text(text: str) -> None:
    assert plain(text) == f"'{text}"
    assert plain(f"x{text}") == f"x{text}"
    assert plain("a\r\nb\x00") == "a b"


def test_the_ending_says_the_form(graded: HomeworkCourse, tmp_path: Path) -> None:
    for name, moodle in (("g.csv", False), ("g.xlsx", False), ("m.csv", True)):
        assert export(graded, tmp_path / name, moodle=moodle) == 3
    for name, moodle in (("g.txt", False), ("g.xlsx", True)):
        with pytest.raises(HomeworkError, match="ends with"):
            export(graded, tmp_path / name, moodle=moodle)
    with pytest.raises(HomeworkError, match="nope: not in the gradebook"):
        export(graded, tmp_path / "g.csv", ["nope"])
    with pytest.raises(HomeworkError, match="cannot be written"):
        export(graded, tmp_path / "no/g.csv")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-12-25 17:00", datetime(2026, 12, 25, 8)),  # noqa: DTZ001  -- as nbgrader keeps it
        ("2026-12-25T00:30", datetime(2026, 12, 24, 15, 30)),  # noqa: DTZ001
        ("2026-12-25", datetime(2026, 12, 25, 14, 59)),  # noqa: DTZ001
    ],
)
def test_a_deadline_is_entered_in_japan_time(
    course: HomeworkCourse, homework: Homework, text: str, utc: datetime
) -> None:
    assert "日本時間" in set_due(course, HW, text)
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        assert gradebook.find_assignment(HW).duedate == utc


@pytest.mark.parametrize("text", ["あした", "2026-13-01", "2026-12-25 17:00+09:00"])
def test_what_is_no_deadline_is_refused(course: HomeworkCourse, text: str) -> None:
    with pytest.raises(HomeworkError, match="write it"):
        set_due(course, HW, text)
