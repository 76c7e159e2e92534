"""Marked questions: keys that rest on something, options that answer, feedback to each mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dxcourse.checking.content import marked
from dxcourse.exercises.kinds.choice import ChoiceItem
from dxcourse.exercises.kinds.classify import Classify, ClassifyItem
from dxcourse.exercises.kinds.match import Match, MatchItem
from dxcourse.exercises.kinds.multichoice import MultichoiceItem
from dxcourse.exercises.kinds.number import NumberItem
from dxcourse.exercises.kinds.order import OrderItem
from dxcourse.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking.content import Content, Step, Written
    from dxcourse.errors import Finding
    from dxcourse.exercises import AnyExercise, Item, Note


OptionsItem = ChoiceItem | MultichoiceItem


@dataclass(frozen=True)
class Question:
    """A marked item with options, and where it is written."""

    item: OptionsItem
    entry: Written
    place: tuple[Step, ...]

    @property
    def lengths(self) -> list[int]:
        """The characters of the options that compete: 「わからない」, kept last, does not."""
        return [len(option.text) for option in self.item.options if not option.last]

    @property
    def right(self) -> list[int]:
        """Which of those are right, counted from 0."""
        competing = [option for option in self.item.options if not option.last]
        return [index for index, option in enumerate(competing) if option.correct]

    def at_option(self, index: int, code: str, *steps: Step, **blanks: object) -> Finding:
        """Tell something of an option, by its index among all."""
        return self.entry.finding(code, *self.place, "options", index, *steps, **blanks)

    def at_right(self, index: int, code: str, **blanks: object) -> Finding:
        """Tell something of a competing option, by its index among those."""
        among = [i for i, option in enumerate(self.item.options) if not option.last]
        return self.at_option(among[index], code, **blanks)


def questions(content: Content) -> Iterator[Question]:
    """Give the marked questions with options, in the bank's order."""
    for name, exercise in content.course.exercises.items():
        for item, place in marked(exercise):
            if isinstance(item, ChoiceItem | MultichoiceItem):
                yield Question(item, content.entries[name], place)


UNSETTLED = ("inferred", "unreadable")
"""A question may ask what the trainer says (`view`), never what is only guessed or unreadable."""


def uncertain_keys(content: Content) -> Iterator[Finding]:
    """Hold that what is said when a marked item is right rests on no fact that is unsettled.

    `classify` is left out: its bins may name the uncertainty itself (fact or reading). That a class
    of the plan is settled where it is scored, and that every fact has a source and a certainty, is
    held when ``data/`` is loaded.
    """
    facts = content.course.facts
    for name, exercise in content.course.exercises.items():
        for item, place in () if isinstance(exercise, Classify) else marked(exercise):
            for note, step in _said_when_right(item):
                if note.fact and facts[note.fact].certainty in UNSETTLED:
                    certainty = facts.name("certainty", facts[note.fact].certainty)
                    blanks = {"fact": note.fact, "certainty": certainty}
                    entry = content.entries[name]
                    yield entry.finding("questions.uncertain", *place, *step, **blanks)


def _said_when_right(item: Item) -> Iterator[tuple[Note, tuple[Step, ...]]]:
    for index, option in enumerate(getattr(item, "options", ())):
        if option.correct and option.feedback:
            yield option.feedback, ("options", index, "feedback")
    right = getattr(getattr(item, "feedback", None), "right", None)
    if right:
        yield right, ("feedback", "right")


def option_feedback(content: Content) -> Iterator[Finding]:
    """Hold that every option of a marked question has feedback, of its own."""
    for question in questions(content):
        said: dict[str, str] = {}
        for index, option in enumerate(question.item.options):
            if option.feedback is None:
                yield question.at_option(index, "questions.no_feedback", id=option.id)
            elif option.feedback.text in said:
                first = said[option.feedback.text]
                blanks = {"id": option.id, "first": first}
                yield question.at_option(index, "questions.same_feedback", "feedback", **blanks)
            else:
                said[option.feedback.text] = option.id


def other_feedback(content: Content) -> Iterator[Finding]:
    """Hold that items of other kinds have something to say of every wrong answer."""
    for name, exercise in content.course.exercises.items():
        for item, place in marked(exercise):
            unsaid = _unsaid(exercise, item)
            if unsaid:
                blanks = {"id": item.id, "what": unsaid}
                yield content.entries[name].finding("questions.unsaid", *place, **blanks)


def _unsaid(exercise: AnyExercise, item: Item) -> str:
    """Say for which wrong answers an item has no words, or nothing."""
    left: list[str] = []
    if isinstance(exercise, Match) and isinstance(item, MatchItem) and not item.feedback.wrong:
        said = {item.answer, *item.feedback.answers}
        left = [a.id for a in exercise.answers if a.id not in said]
    elif isinstance(exercise, Classify) and isinstance(item, ClassifyItem) and item.bin:
        said = {item.bin, *item.feedback.bins}
        left = [b.id for b in exercise.bins if b.id not in said]
    elif isinstance(item, NumberItem | OrderItem) and not item.feedback.wrong:
        return say("check.questions.unsaid_wrong")
    return "".join(say("check.questions.unsaid_choice", name=name) for name in left)


ALL = "(?:すべて|全て|全部|どれも|いずれも|どちらも|両方とも?|[二三四五]つとも|みな)"
OTHERS = "(?:上記|以上|上|これら|この(?:中|うち)|[二三四五]つ)"
RIGHT = "(?:正しい|正解|当てはまる|あてはまる|該当)"
CATCH_ALL = re.compile(
    rf"""
      {OTHERS} (?:の(?:選択肢|もの|うち|答え))* [はのが、]* {ALL}      # 上のすべて
    | {ALL} [がはの、]* {RIGHT}                                        # どれも正しい
    | ^ {ALL} (?:だ|です)? 。? $                                       # すべて
    | 上記
    | (?:どれ|いずれ|どちら) (?:で|に)? も (?:ない|なし|ありません|{RIGHT}|正しく|[当あ]て?はまら)
    | ^ (?:該当|正解) (?:なし|しない|は?ない)
    | (?:all|none|both) \s+ of \s+ the
    """,
    re.VERBOSE | re.IGNORECASE,
)


def keyless_questions(content: Content) -> Iterator[Finding]:
    """Hold that a question without a right option says so: its key may have been forgotten."""
    for name, exercise in content.course.exercises.items():
        for index, item in enumerate(exercise.items):
            if getattr(item, "poll", None) is False and exercise.worth(item) == 0:
                place = () if exercise.single else ("items", index)
                yield content.entries[name].finding("exercises.not_a_poll", *place)


def catch_all_options(content: Content) -> Iterator[Finding]:
    """Hold that no option of a marked question is 「上のすべて」, 「どれでもない」 or the like.

    Options are shuffled, so that there is no "above"; and who knows two of them knows the answer.
    """
    for question in questions(content):
        for index, option in enumerate(question.item.options):
            if CATCH_ALL.search(option.text):
                yield question.at_option(index, "questions.catch_all", "text", id=option.id)
