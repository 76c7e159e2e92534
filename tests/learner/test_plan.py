from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from dxcourse.learner import FollowUp, PlanLine, day_in_words, plan_of

if TYPE_CHECKING:
    from dxcourse.exercises.pledge import Pledge
    from support.learner import Learner


def _pledge(learner: Learner) -> Pledge:
    return cast("Pledge", learner.course.exercise("pledge"))


def test_a_pledge_becomes_a_plan_whose_questions_count_from_its_day(learner: Learner) -> None:
    learner.pledges(day="2028-01-31")
    plan = plan_of(_pledge(learner), learner.replies["pledge"].answer)
    assert plan is not None
    assert (plan.exercise, plan.title, plan.day) == ("pledge", "はじめの15分", date(2028, 1, 31))
    assert plan.lines == (
        PlanLine("誰のため", "窓口の人"),
        PlanLine("いつ", date(2028, 1, 31)),
        PlanLine("デジタルも", ""),
    )
    assert plan.asked == (
        FollowUp(30, date(2028, 3, 1), "話した？"),  # over the 29th of February
        FollowUp(60, date(2028, 3, 31), "やめた？"),
    )


def test_without_an_answer_or_without_its_day_there_is_no_plan(learner: Learner) -> None:
    assert plan_of(_pledge(learner), None) is None
    learner.gives("pledge", {"whom": "窓口の人"})
    assert plan_of(_pledge(learner), learner.replies["pledge"].answer) is None


def test_a_line_that_was_not_sent_is_room_to_write(learner: Learner) -> None:
    learner.gives("pledge", {"by": "2026-12-01"})
    plan = plan_of(_pledge(learner), learner.replies["pledge"].answer)
    assert plan is not None
    assert plan.lines[0] == PlanLine("誰のため", "")


def test_a_day_is_written_with_its_weekday() -> None:
    assert day_in_words(date(2026, 12, 1)) == "2026年12月1日（火）"
    assert day_in_words(date(2026, 11, 29)) == "2026年11月29日（日）"
