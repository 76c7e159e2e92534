from __future__ import annotations

import csv
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin

from dxcourse.homework import HomeworkCourse, HomeworkError, export, grade_all, set_due
from dxcourse.homework.deadlines import extend
from dxcourse.homework.grade_export import as_csv, as_excel, as_moodle, rows
from dxcourse.homework.tables import plain
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


def lines_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"))))


def test_every_student_has_a_row(graded: HomeworkCourse) -> None:
    found = {row.student: row for row in table(graded)}
    assert (found["alice"].score, found["alice"].state) == (4.0, "done")
    assert (found["bob"].score, found["bob"].state) == (None, "pending")
    assert found["bob"].so_far == FULL
    assert (found["carol"].score, found["carol"].state) == (None, "none")
    assert {row.max_score for row in found.values()} == {FULL + REFLECTION}


def test_times_are_japans(graded: HomeworkCourse) -> None:
    alice = next(row for row in table(graded) if row.student == "alice")
    assert alice.days_late == 2
    line = next(line for line in lines_of(as_csv(table(graded))) if line["受講者"] == "alice")
    assert line["提出（日本時間）"] == "2026-11-24 10:00"
    assert line["締切（日本時間）"] == "2026-11-22 23:59"
    sheet = openpyxl.load_workbook(BytesIO(as_excel(table(graded)))).worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    when: Any = sheet[2][headings.index("提出（日本時間）")]
    assert (when.is_date, when.value) == (True, datetime(2026, 11, 24, 10))  # noqa: DTZ001


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
    assert lines[0] == ["ID number", "Email address", HW, f"{HW} 状態"]
    assert sorted(lines[1:]) == [
        ["17", "alice@example.jp", "4", "採点済み"],
        ["bob", "", "", "記述の採点待ち"],
        ["carol", "", "", "提出なし"],
    ]
    so_far = as_moodle(table(graded), pending=True).decode("utf-8")
    assert f"bob,,{FULL:g},記述の採点待ち" in so_far


def test_moodle_gets_no_formula(graded: HomeworkCourse) -> None:
    with graded.gradebook() as gradebook:
        gradebook.update_or_create_student("carol", email="=1+1")
    with pytest.raises(HomeworkError, match=r"carol：「=1\+1」は式に見えます"):
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
        with pytest.raises(HomeworkError, match="で終わる名前"):
            export(graded, tmp_path / name, moodle=moodle)
    with pytest.raises(HomeworkError, match="nope：成績簿にありません"):
        export(graded, tmp_path / "g.csv", ["nope"])
    with pytest.raises(HomeworkError, match="書き込めません"):
        export(graded, tmp_path / "no/g.csv")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-12-25 17:00", datetime(2026, 12, 25, 8)),  # noqa: DTZ001  -- as nbgrader keeps it
        ("2026-12-25T00:30", datetime(2026, 12, 24, 15, 30)),  # noqa: DTZ001
        ("2026-12-25", datetime(2026, 12, 25, 14, 59)),  # noqa: DTZ001
        ("2026/12/25", datetime(2026, 12, 25, 14, 59)),  # noqa: DTZ001
        ("2026年12月25日", datetime(2026, 12, 25, 14, 59)),  # noqa: DTZ001
        ("2026年12月25日 17時", datetime(2026, 12, 25, 8)),  # noqa: DTZ001
        ("2026-12-25T17", datetime(2026, 12, 25, 8)),  # noqa: DTZ001
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
    with pytest.raises(HomeworkError, match=r"日時ではありません|時差"):
        set_due(course, HW, text)


def test_four_things_are_told_apart(course: HomeworkCourse, homework: Homework) -> None:
    """F6, F7, J: 0, not handed in, not gradable, not read yet; in every form."""
    with course.gradebook() as gradebook:
        for student in ("zero", "none", "failed", "unread"):
            gradebook.add_student(student)
    homework.hand_in("zero", None)
    homework.hand_in("failed", right_answers(homework.source))
    homework.hand_in("unread", right_answers(homework.source), reflection="書いた")
    (homework.submitted("failed") / "answers.jsonl").write_bytes(b"damaged\nlines\n")
    assert list(grade_all(course, HW).failed) == ["failed"]
    words = {
        "zero": "採点済み",
        "none": "提出なし",
        "failed": "採点できず",
        "unread": "記述の採点待ち",
    }
    scores = {"zero": "0.0", "none": "", "failed": "", "unread": ""}
    lines = {line["受講者"]: line for line in lines_of(as_csv(table(course)))}
    assert {name: line["状態"] for name, line in lines.items()} == words
    assert {name: line["点数"] for name, line in lines.items()} == scores
    moodle = csv.reader(StringIO(as_moodle(table(course)).decode()))
    found = {line[0]: (line[2], line[3]) for line in list(moodle)[1:]}
    assert found == {name: ("0" if name == "zero" else "", words[name]) for name in words}
    sheet = openpyxl.load_workbook(BytesIO(as_excel(table(course)))).worksheets[0]
    cells = {row[1].value: row[5].value for row in sheet.iter_rows(min_row=2)}
    assert cells == {"zero": 0, "none": None, "failed": None, "unread": None}


def test_a_failed_regrade_keeps_no_old_score(course: HomeworkCourse, homework: Homework) -> None:
    """F6."""
    homework.hand_in("alice", right_answers(homework.source))
    grade_all(course, HW)
    assert table(course)[0].state == "done"
    answers = homework.submitted("alice") / "answers.jsonl"
    sound = answers.read_bytes()
    answers.write_bytes(b"damaged\nlines\n")
    assert list(grade_all(course, HW).failed) == ["alice"]
    assert (table(course)[0].score, table(course)[0].state) == (None, "failed")
    answers.write_bytes(sound)
    grade_all(course, HW)
    assert (table(course)[0].score, table(course)[0].state) == (FULL, "done")


def test_points_of_each_question_are_in_the_table(graded: HomeworkCourse) -> None:
    lines = {line["受講者"]: line for line in lines_of(as_csv(table(graded)))}
    assert (lines["alice"]["test-ages"], lines["alice"]["test-ticks"]) == ("3.0", "0.0")
    assert (lines["bob"]["reflection"], lines["carol"]["test-ages"]) == ("", "")


def test_a_moved_deadline_and_an_extension_change_what_is_graded(
    course: HomeworkCourse, homework: Homework
) -> None:
    """F5: lateness and penalty are as the deadline is now."""
    course.config.AssignLatePenalties.plugin_class = SubMarks
    homework.hand_in("alice", right_answers(homework.source))
    homework.hand_in("bob", right_answers(homework.source))
    set_due(course, HW, "2026-12-25")
    grade_all(course, HW)
    assert [row.penalty for row in table(course)] == [0.0, 0.0]
    set_due(course, HW, "2026-11-22")
    assert grade_all(course, HW).made == 0
    assert [row.penalty for row in table(course)] == [2.0, 2.0]
    assert "bob" in extend(course, HW, "bob", until="2026-12-25")
    grade_all(course, HW)
    found = {row.student: row for row in table(course)}
    assert (found["alice"].penalty, found["bob"].penalty) == (2.0, 0.0)
    assert (found["alice"].score, found["bob"].score) == (FULL - 2, FULL)
    assert found["bob"].days_late == 0
    with pytest.raises(HomeworkError, match="そういう受講者はいません"):
        extend(course, HW, "nobody", days=1)


class SubMarks(LateSubmissionPlugin):  # type: ignore[misc]
    """Two points for being late."""

    def late_submission_penalty(self, student_id: str, score: float, late: float) -> float:  # noqa: ARG002
        return 2.0
