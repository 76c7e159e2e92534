from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST_BANK, SECOND_BANK

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse

ASK = "ask back what led there"


@pytest.mark.parametrize(
    ("file", "old", "option"),
    [
        (FIRST_BANK, ", feedback: なぜ赤？", "a"),
        (FIRST_BANK, ", feedback: {text: 青でした, fact: dx-definition}", "b"),
        (FIRST_BANK, ", feedback: では、あとで", "dunno"),
        (FIRST_BANK, ", feedback: なぜ山？", "a"),
        (SECOND_BANK, ", feedback: なぜ二？", "b"),
    ],
)
def test_an_option_without_feedback(course: TinyCourse, file: str, old: str, option: str) -> None:
    line = course.line(file, old)
    course.edit(file, old, "")
    course.finds(file, line, f'option "{option}" has no feedback; {ASK}')


def test_an_option_with_the_feedback_of_another(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "なぜ白？", "なぜ赤？")
    message = 'option "c" has the feedback of "a"; give it its own'
    course.finds(FIRST_BANK, "白い旗", message)


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        (", west: なぜ西？", "", "id: snow", 'item "snow" has no feedback for answer "west"'),
        (", wrong: ほかは？", "", "id: palm", 'item "palm" has no feedback for answer "north", '),
        (", undecided: 何が足りない？", "", "id: law", 'item "law" has no feedback for bin "'),
        (", wrong: もう一度}\n\n- kind: n", "}\n\n- kind: n", "id: steps", 'item "only" has no '),
        (", wrong: もう一度}\n", "}\n", "id: steps", 'item "only" has no feedback for what is '),
    ],
)
def test_an_item_that_says_nothing_of_a_mistake(
    course: TinyCourse, old: str, new: str, at: str, said: str
) -> None:
    course.edit(SECOND_BANK, old, new)
    (found,) = course.report().findings
    line = course.line(SECOND_BANK, at)
    assert (found.file, found.line) == (SECOND_BANK, line - at.endswith("steps"))
    assert found.message.startswith(said)
    assert found.message.endswith(ASK)


def test_a_number_that_says_nothing_of_a_mistake(course: TinyCourse) -> None:
    course.edit(
        SECOND_BANK, "  value: 13\n  feedback: {right: そう, wrong: もう一度}", "  value: 13"
    )
    message = f'item "only" has no feedback for what is wrong; {ASK}'
    course.finds(SECOND_BANK, "kind: number", message)
