"""One submission's way through grading: a reader who follows it meets each room once or twice."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dxcourse.homework import autograde, pipeline
from dxcourse.homework.autograde import grade_all
from support.homework import HW, Homework, right_answers

if TYPE_CHECKING:
    import pytest

    from dxcourse.homework.course import HomeworkCourse

ROOMS = "dxcourse.homework."
DRIVER = pipeline.__name__  # which takes the steps, one after the other


def rooms_of(call: Any) -> list[str]:
    """The modules of homework that a call leads into, in order, each stay once."""
    entered: list[str] = []

    def watch(frame: Any, event: str, _: object) -> None:
        name = frame.f_globals.get("__name__", "")
        if event == "call" and name.startswith(ROOMS) and name != DRIVER:
            entered.append(name.removeprefix(ROOMS))

    sys.setprofile(watch)
    try:
        call()
    finally:
        sys.setprofile(None)
    return entered[:1] + [room for before, room in pairwise(entered) if room != before]


def test_a_submission_returns_to_at_most_three_rooms(
    homework: Homework, course: HomeworkCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    homework.hand_in(
        "p1", right_answers(homework.source), reflection="庁内で三つの言葉を分けて使う"
    )
    walks: list[list[str]] = []
    graded: list[pipeline.GradingResult] = []

    def run_pack(jobs: Any) -> Any:
        walks.append(rooms_of(lambda: graded.extend(pipeline.run_pack(jobs))))
        return graded

    monkeypatch.setattr(autograde, "run_pack", run_pack)
    grade_all(course, HW)
    assert [(each.student, each.error, each.unchanged) for each in graded] == [("p1", "", False)]
    (walk,) = walks
    assert {"submission_files", "repair", "scoring", "submitted_answers"} <= set(walk), walk
    assert len(walk) - len(set(walk)) <= 3, " ".join(walk)
