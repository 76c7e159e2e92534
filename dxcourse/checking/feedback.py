"""Feedback: whoever is wrong in a marked item is told something of that very mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.checking._content import marked
from dxcourse.checking._questions import questions
from dxcourse.exercises.classify import Classify, ClassifyItem
from dxcourse.exercises.match import Match, MatchItem
from dxcourse.exercises.number import NumberItem
from dxcourse.exercises.order import OrderItem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Content
    from dxcourse.checking._finding import Finding
    from dxcourse.exercises import AnyExercise, Item


def options(content: Content) -> Iterator[Finding]:
    """Hold that every option of a marked question has feedback, of its own."""
    for question in questions(content):
        said: dict[str, str] = {}
        for index, option in enumerate(question.item.options):
            if option.feedback is None:
                message = f'option "{option.id}" has no feedback; ask back what led there'
                yield question.at_option(index, message)
            elif option.feedback.text in said:
                first = said[option.feedback.text]
                message = f'option "{option.id}" has the feedback of "{first}"; give it its own'
                yield question.at_option(index, message, "feedback")
            else:
                said[option.feedback.text] = option.id


def others(content: Content) -> Iterator[Finding]:
    """Hold that items of other kinds have something to say of every wrong answer."""
    for name, exercise in content.course.exercises.items():
        for item, place in marked(exercise):
            unsaid = _unsaid(exercise, item)
            if unsaid:
                message = f'item "{item.id}" has no feedback for {unsaid}; ask back what led there'
                yield content.entries[name].finding(message, *place)


def _unsaid(exercise: AnyExercise, item: Item) -> str:
    """Say for which wrong answers an item has no words, or nothing."""
    left: list[str] = []
    if isinstance(exercise, Match) and isinstance(item, MatchItem) and not item.feedback.wrong:
        said = {item.answer, *item.feedback.answers}
        left = [f'answer "{a.id}"' for a in exercise.answers if a.id not in said]
    elif isinstance(exercise, Classify) and isinstance(item, ClassifyItem) and item.bin:
        said = {item.bin, *item.feedback.bins}
        left = [f'bin "{b.id}"' for b in exercise.bins if b.id not in said]
    elif isinstance(item, NumberItem | OrderItem) and not item.feedback.wrong:
        left = ["what is wrong"]
    return ", ".join(left)
