from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dxcourse.learner import finished_on, place, progress

if TYPE_CHECKING:
    from support.learner import Learner


def _counts(learner: Learner) -> list[tuple[str, int, int]]:
    found = progress(learner.course, learner.replies)
    return [(each.module.id, each.done, each.left) for each in found]


def _finished(learner: Learner) -> date | None:
    return finished_on(learner.course, learner.store.history(learner.name))


def test_only_what_is_answered_in_full_counts(learner: Learner) -> None:
    assert _counts(learner) == [("00", 0, 2), ("01", 0, 3)]
    learner.gives("before", {"one": "a"})
    assert _counts(learner) == [("00", 0, 2), ("01", 0, 3)]
    learner.gives("before", {"one": "a", "two": "a"})
    learner.pledges()
    assert _counts(learner) == [("00", 1, 1), ("01", 1, 2)]


def test_the_day_is_that_of_the_last_exercise_in_japan(learner: Learner) -> None:
    assert _finished(learner) is None
    learner.finishes()  # the last at 15:00 UTC, which is midnight in Japan
    assert _finished(learner) == date(2026, 11, 21)
    learner.gives("last", {"only": "書き直した"}, "2026-12-24")
    assert _finished(learner) == date(2026, 11, 21)


def test_wrong_answers_finish_as_well_as_right_ones(learner: Learner) -> None:
    learner.finishes()
    assert learner.replies["after"].points < learner.replies["after"].max_points
    assert _finished(learner) is not None


def test_who_begins_afresh_is_at_the_beginning(learner: Learner) -> None:
    learner.finishes()
    learner.begins_afresh()
    assert _finished(learner) is None
    assert _counts(learner) == [("00", 0, 2), ("01", 0, 3)]


def test_an_answer_to_an_earlier_wording_does_not_count(learner: Learner) -> None:
    learner.finishes()
    history = learner.store.history(learner.name)
    outdated = [
        record.model_copy(update={"answer": {"items": {"gone": 1}}})
        if record.exercise == "first"
        else record
        for record in history
    ]
    assert finished_on(learner.course, outdated) is None


def test_one_goes_on_behind_what_was_answered_last(learner: Learner) -> None:
    def where() -> tuple[str, str, int] | None:
        history = learner.store.history(learner.name)
        found = place(learner.course, history, learner.replies)
        return (found.module.id, found.exercise.id, found.done) if found else None

    assert where() == ("00", "before", 0)
    learner.gives("after", {"one": "a"}, "2026-11-24")
    assert where() == ("01", "after", 1)  # one item of two
    learner.gives("after", {"one": "a", "two": "a"}, "2026-11-25")
    assert where() == ("01", "last", 0)
    learner.gives("last", {"only": "夕の一文"}, "2026-11-26")
    learner.pledges()
    learner.gives("first", {"only": "朝の一文"}, "2026-11-27")
    assert where() == ("00", "before", 0)  # what was left out comes last
    learner.gives("before", {"one": "a", "two": "a"}, "2026-11-28")
    assert where() is None


def test_minutes_grow_fewer_with_every_exercise(learner: Learner) -> None:
    def minutes() -> list[int]:
        return [each.minutes for each in progress(learner.course, learner.replies)]

    assert minutes() == [2, 2]
    learner.gives("first", {"only": "一文"})
    assert minutes() == [1, 2]
    learner.finishes()
    assert minutes() == [0, 0]
