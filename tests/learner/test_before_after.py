from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dxcourse.course import CourseError
from dxcourse.learner import AnswerPair, PairedAnswer, pairs

if TYPE_CHECKING:
    from support.learner import Learner


def _pairs(learner: Learner, before: str = "before", after: str = "after") -> list[AnswerPair]:
    return pairs(learner.course, before, after, learner.replies)


def test_items_are_paired_by_their_ids_in_the_later_order(learner: Learner) -> None:
    learner.gives("before", {"one": "b", "two": "b"})
    learner.gives("after", {"one": "c", "two": "b"})
    two, one = _pairs(learner)
    assert two.before == PairedAnswer("答えb", right=True)
    assert two.after == PairedAnswer("答えb", right=False)
    assert one.before == PairedAnswer("答えb", right=False)
    assert one.after == PairedAnswer("答えc", right=True)
    assert [pair.module and pair.module.id for pair in (two, one)] == ["01", "00"]


def test_what_waits_for_the_later_one_is_not_told(learner: Learner) -> None:
    learner.gives("before", {"one": "b", "two": "b"})
    for pair in _pairs(learner):
        assert pair.before is not None
        assert pair.before.right is None
        assert pair.after is None


def test_what_was_not_answered_is_missing(learner: Learner) -> None:
    learner.gives("after", {"one": "c"})
    two, one = _pairs(learner)
    assert (two.before, two.after, one.before) == (None, None, None)
    assert one.after == PairedAnswer("答えc", right=True)


def test_texts_and_polls_are_neither_right_nor_wrong(learner: Learner) -> None:
    learner.gives("first", {"only": "朝の一文"})
    learner.gives("last", {"only": "夕の一文\n二行目"})
    (pair,) = _pairs(learner, "first", "last")
    said = (PairedAnswer("朝の一文", right=None), PairedAnswer("夕の一文\n二行目", right=None))
    assert (pair.module, pair.before, pair.after) == (None, *said)


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ("no-such", "after", "課題「no-such」が"),
        ("before", "last", "項目が違います。同じ id をそろえて"),
        ("first", "sum", "「sum」（種類 number）は、前後で比べられません"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    learner: Learner, before: str, after: str, cause: str
) -> None:
    with pytest.raises(CourseError, match=cause):
        _pairs(learner, before, after)
