from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.learner import own_words
from dxcourse.learner.own_words import changes

if TYPE_CHECKING:
    from support.learner import Learner


def test_what_was_said_first_and_last_stands_together(learner: Learner) -> None:
    learner.gives("first", {"only": "紙をなくすこと"})
    (first,) = own_words(learner.course, learner.replies)
    assert (first.module.id, first.text, first.before) == ("00", "紙をなくすこと", "")
    learner.gives("last", {"only": "窓口の人が紙をなくすこと"})
    (both,) = own_words(learner.course, learner.replies)
    assert (both.text, both.before) == ("窓口の人が紙をなくすこと", "紙をなくすこと")
    assert both.pieces == [("窓口の人が", True), ("紙をなくすこと", False)]


def test_what_is_marked_is_nobodys_own_words(learner: Learner) -> None:
    learner.gives("after", {"one": "a", "two": "b"})
    assert own_words(learner.course, learner.replies) == []


def test_only_what_is_new_is_told_as_new() -> None:
    assert changes("同じ文", "同じ文") == [("同じ文", False)]
    assert changes("まったく別", "abcdefghij") == [("abcdefghij", False)]
    assert changes("住民サービス", "住民のサービス") == [("住民のサービス", False)]  # one letter
