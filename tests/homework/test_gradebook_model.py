"""The gradebook against a model: after any order of steps, all that is told of a grade agrees.

Release, hand-in, grade, a moved deadline, an extension, a failure, hand grading: state, score,
lateness and penalty in the gradebook, CSV, Excel, Moodle's file and the feedback are the model's,
and what is 0, not handed in, not graded, not gradable or not read yet is told apart.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from math import ceil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin

from dxcourse.homework import HomeworkCourse, give_back, grade_all, set_due
from dxcourse.homework.deadlines import extend
from dxcourse.homework.grade_export import GradeRow, as_csv, as_excel, as_moodle, rows
from support.homework import FULL, HW, REFLECTION, Homework, right_answers

STUDENTS = ("p1", "p2", "p3")
HANDED_IN = datetime(2026, 11, 24, 1)  # noqa: DTZ001  -- UTC without a zone, as nbgrader keeps it
NINE_HOURS = timedelta(hours=9)
OFF = 2.0
WORDS = {
    "none": "提出なし",
    "new": "採点前",
    "failed": "採点できず",
    "pending": "記述の採点待ち",
    "done": "採点済み",
}
WORK = {"right": FULL, "some": 4.0, "none": 0.0, "damaged": None}


class TwoOff(LateSubmissionPlugin):  # type: ignore[misc]
    """Two points for being late."""

    def late_submission_penalty(self, student_id: str, score: float, late: float) -> float:  # noqa: ARG002
        return OFF


@dataclass
class Work:
    """What a learner handed in: the points it deserves, None where it is damaged."""

    points: float | None
    written: bool


@dataclass
class Expected:
    """What the gradebook has to say of a learner."""

    work: Work | None = None
    graded: Work | None = None
    by_hand: float | None = None
    waits: bool = False
    extension: timedelta = field(default_factory=timedelta)
    penalty: float = 0.0

    @property
    def state(self) -> str:
        if self.graded is None:
            return "new" if self.work else "none"
        if self.graded.points is None:
            return "failed"
        return "pending" if self.waits else "done"

    @property
    def so_far(self) -> float | None:
        if self.graded is None or self.graded.points is None:
            return None
        return max(0.0, self.graded.points + (self.by_hand or 0.0) - self.penalty)


class Grading(RuleBasedStateMachine):
    """A course with three learners on the roster, one of them never heard of."""

    released: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="dxcourse-model-"))
        self.homework = Homework(Path(shutil.copytree(self.released, self.folder / "course")))
        self.course = HomeworkCourse.open(self.homework.root)
        self.course.config.AssignLatePenalties.plugin_class = TwoOff
        self.due: datetime | None = None
        self.until: dict[str, datetime] = {}
        self.known = {student: Expected() for student in STUDENTS}
        with self.course.gradebook() as gradebook:
            for student in STUDENTS:
                gradebook.add_student(student)

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @rule(
        student=st.sampled_from(STUDENTS[:2]), work=st.sampled_from([*WORK]), written=st.booleans()
    )
    def hand_in(self, student: str, work: str, written: bool) -> None:  # noqa: FBT001
        shutil.rmtree(self.homework.submitted(student), ignore_errors=True)
        names = {"some": ("why", "ages"), "none": ("",)}.get(work, ())
        answers = right_answers(self.homework.source, *names) if work != "none" else None
        text = "窓口で三枚の用紙を待つ。" if written else None
        folder = self.homework.hand_in(student, answers, reflection=text)
        if work == "damaged":
            (folder / "answers.jsonl").write_bytes(b"damaged\nlines\n")
        self.known[student].work = Work(WORK[work], written)

    @rule(day=st.sampled_from([20, 23, 25, 30]))
    def move_the_deadline(self, day: int) -> None:
        set_due(self.course, HW, f"2026-11-{day} 10:00")
        self.due = datetime(2026, 11, day, 10) - NINE_HOURS  # noqa: DTZ001

    @rule(student=st.sampled_from(STUDENTS), days=st.integers(0, 6))
    def give_time(self, student: str, days: int) -> None:
        if self.due is not None:
            extend(self.course, HW, student, days=days)
            self.until[student] = self.due + timedelta(days=days)

    @rule()
    def grade(self) -> None:
        failed = grade_all(self.course, HW).failed
        for student, each in self.known.items():
            if each.work is None:
                continue
            changed = each.graded is not each.work
            each.graded = each.work
            assert (student in failed) is (each.work.points is None)
            if each.work.points is None:
                each.waits, each.penalty = True, 0.0
                continue
            if changed:
                each.waits = each.work.written or each.by_hand is not None
            if self.due is not None and student in self.until:
                each.extension = max(self.until[student] - self.due, timedelta(0))
            each.penalty = OFF if self.late(each) else 0.0
            each.penalty = min(each.penalty, each.work.points + (each.by_hand or 0.0))

    @rule(student=st.sampled_from(STUDENTS[:2]), points=st.sampled_from([0.0, 1.0, 4.0]))
    def read(self, student: str, points: float) -> None:
        """What formgrader does."""
        each = self.known[student]
        if each.graded is None or each.graded.points is None:
            return
        with Gradebook(f"sqlite:///{self.homework.root / 'gradebook.db'}") as gradebook:
            grade = gradebook.find_grade("reflection", HW, HW, student)
            grade.manual_score, grade.needs_manual_grade = points, False
            gradebook.db.commit()
        each.by_hand, each.waits = points, False

    @rule()
    def release_again(self) -> None:
        self.course.generate(HW)

    def late(self, each: Expected) -> int:
        """How many days late a learner is as the deadline is now."""
        if self.due is None or each.graded is None:
            return 0
        seconds = (HANDED_IN - self.due - each.extension).total_seconds()
        return max(0, ceil(seconds / 86_400))

    @invariant()
    def all_that_is_told_agrees(self) -> None:
        with self.course.gradebook() as gradebook:
            table = rows(gradebook, [HW], self.course.students)
        for row in table:
            each = self.known[row.student]
            assert (row.state, row.so_far, row.penalty, row.days_late) == (
                each.state,
                each.so_far,
                each.penalty,
                self.late(each),
            ), row.student
            assert row.score == (each.so_far if each.state == "done" else None)
            assert row.max_score == FULL + REFLECTION
        told = {row.student: (row.score, WORDS[row.state]) for row in table}
        assert self.in_csv(table) == self.in_excel(table) == told
        assert self.in_moodle(table) == told
        self.in_nbgrader(table)

    @rule()
    def feedback_agrees(self) -> None:
        graded = {s for s, each in self.known.items() if each.so_far is not None}
        if not graded:
            return
        give_back(self.course, HW)
        assert set(self.course.students(HW, "feedback")) == graded
        for student in graded:
            each = self.known[student]
            path = self.homework.root / f"feedback/{student}/{HW}/{HW}.html"
            page = path.read_text(encoding="utf-8")
            assert f"<b>{each.so_far:g}</b> / {FULL + REFLECTION:g} 点" in page
            assert ("記述の採点がまだ済んでいません" in page) is (each.state == "pending")
            days = self.late(each)
            assert (f"から {days} 日おくれ" in page) is (days > 0)
            assert (f"−{each.penalty:g} 点" in page) is (each.penalty > 0)

    @staticmethod
    def in_csv(table: list[GradeRow]) -> dict[str, Any]:
        lines = csv.DictReader(StringIO(as_csv(table).decode("utf-8-sig")))
        return {
            line["受講者"]: (float(line["点数"]) if line["点数"] else None, line["状態"])
            for line in lines
        }

    @staticmethod
    def in_excel(table: list[GradeRow]) -> dict[str, Any]:
        sheet = openpyxl.load_workbook(BytesIO(as_excel(table))).worksheets[0]
        first, *lines = sheet.iter_rows(values_only=True)
        at = [first.index(name) for name in ("受講者", "点数", "状態")]
        return {str(line[at[0]]): (line[at[1]], line[at[2]]) for line in lines}

    @staticmethod
    def in_moodle(table: list[GradeRow]) -> dict[str, Any]:
        lines = list(csv.reader(StringIO(as_moodle(table).decode())))[1:]
        return {line[0]: (float(line[2]) if line[2] else None, line[3]) for line in lines}

    def in_nbgrader(self, table: list[GradeRow]) -> None:
        """As nbgrader's own API has it: what can be read has the same points there."""
        with self.course.gradebook() as gradebook:
            found = {each.student_id: each for each in gradebook.assignment_submissions(HW)}
            assert set(found) == {s for s, each in self.known.items() if each.graded}
            for row in table:
                if row.so_far is not None:
                    own = found[row.student]
                    total = own.score - (own.late_submission_penalty or 0.0)
                    assert max(0.0, total) == row.so_far
                    assert own.needs_manual_grade is (row.state == "pending")


def run(released: Homework, examples: int, steps: int) -> None:
    machine = type("Machine", (Grading,), {"released": released.root})
    told = settings(
        deadline=None,
        max_examples=examples,
        stateful_step_count=steps,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(machine, settings=told)


def test_any_order_of_steps(released: Homework) -> None:
    run(released, 6, 12)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_any_long_order_of_steps(released: Homework) -> None:
    run(released, 300, 40)
