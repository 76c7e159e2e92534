from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from dxcourse.learner import FollowUp, PlanLine, day_in_words, plan_of, plan_text

if TYPE_CHECKING:
    from dxcourse.exercises.kinds.pledge import Pledge
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


def test_questions_fall_on_working_days(learner: Learner) -> None:
    learner.pledges(day="2026-12-01")  # 30 days later is 31 December, 60 a Saturday
    plan = plan_of(_pledge(learner), learner.replies["pledge"].answer)
    assert plan is not None
    assert [asked.day for asked in plan.asked] == [date(2027, 1, 4), date(2027, 2, 1)]


def test_a_plan_is_a_text_for_a_mail(learner: Learner) -> None:
    learner.pledges(day="2026-12-01")
    plan = plan_of(_pledge(learner), learner.replies["pledge"].answer)
    assert plan is not None
    assert plan_text(plan).splitlines() == [
        "【共有】はじめの15分（12月1日（火））",
        "",
        "■ 誰のため",
        "窓口の人",
        "",
        "■ いつ",
        "2026年12月1日（火）",
        "",
        "■ デジタルも",
        "（これから）",
        "",
        "その日から数えて、自分に聞くこと",
        "・30日（1月4日（月））　話した？",
        "・60日（2月1日（月））　やめた？",
        "",
        "まちづくりが目的。デジタルは「も」です。",
    ]


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
