from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dxcourse.exercises import Bank, parse
from dxcourse.learner import ReviewItem, review

if TYPE_CHECKING:
    from support.learner import Learner


def _review(learner: Learner, day: str = "2026-11-25") -> list[ReviewItem]:
    now = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return review(learner.course, learner.store.history(learner.name), learner.replies, now)


def test_what_went_wrong_comes_again_with_its_answer(learner: Learner) -> None:
    learner.gives("after", {"one": "a", "two": "a"})  # of one try each; two is right
    (again,) = _review(learner)
    assert (again.module.id, again.exercise.id, again.item.id) == ("01", "after", "one")
    assert sorted(again.choices) == ["答えa", "答えb", "答えc"]
    assert again.right == "答えc"


def test_practice_that_went_wrong_comes_again_too(learner: Learner) -> None:
    exercise = learner.course.exercises["after"]
    items = tuple(item.model_copy(update={"points": 0}) for item in exercise.items)
    practice = exercise.model_copy(update={"items": items})
    exercises = {**learner.course.exercises, "after": practice}
    learner.course = replace(learner.course, bank=Bank(exercises, {}))
    learner.gives("after", {"one": "a", "two": "a"})
    assert [(again.item.id, again.right) for again in _review(learner)] == [("one", "答えc")]


def test_what_is_said_of_a_right_order_is_not_told_to_whoever_had_another(
    learner: Learner,
) -> None:
    """Tries are used up: the key is told, and nothing that congratulates."""
    raw = {
        "kind": "order",
        "id": "after",
        "title": "並べる",
        "attempts": 1,
        "things": [{"id": "a", "text": "先"}, {"id": "b", "text": "後"}],
        "feedback": {"right": "ひと続きになりました", "wrong": "どちらが先でしょう"},
    }
    exercises = {**learner.course.exercises, "after": parse(raw)}
    learner.course = replace(learner.course, bank=Bank(exercises, {}))
    (item,) = exercises["after"].items
    key = exercises["after"].model_answer()["items"][item.ref]
    learner.gives("after", {item.id: key[::-1]})
    (again,) = _review(learner)
    assert (again.right, again.remark) == ("先 → 後", "")


def test_it_says_how_long_ago_that_was(learner: Learner) -> None:
    learner.gives("after", {"one": "a"}, "2026-11-24")
    days = ("2026-11-25", "2026-12-01", "2026-12-25")
    assert [_review(learner, day)[0].since for day in days] == ["lately", "week", "month"]


def test_what_waits_for_another_exercise_is_not_told(learner: Learner) -> None:
    learner.gives("before", {"one": "b", "two": "a"})
    assert _review(learner) == []


def test_at_most_three_are_asked_and_other_ones_each_week(learner: Learner) -> None:
    learner.gives("after", {"one": "a", "two": "b"})
    learner.gives("before", {"one": "b", "two": "a"})  # told by now: after is answered
    weeks = [_review(learner, day) for day in ("2026-11-25", "2026-11-26", "2026-12-02")]
    assert {len(found) for found in weeks} == {3}
    keys = [[each.key for each in found] for found in weeks]
    assert keys[0] == keys[1]
    assert keys[0] != keys[2]


def test_who_begins_afresh_has_nothing_to_look_at_again(learner: Learner) -> None:
    learner.gives("after", {"one": "a"})
    learner.begins_afresh()
    assert _review(learner) == []
