"""Marked questions: keys that rest on something, options that answer, feedback to each mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dxcourse.checking.content import keyed, marked
from dxcourse.exercises.parts import OptionsItem
from dxcourse.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking.content import Content, Step, WrittenPart
    from dxcourse.errors import Finding
    from dxcourse.exercises import Item, Note


@dataclass(frozen=True)
class KeyedQuestion:
    """An item with options and a right one among them, and where it is written."""

    item: OptionsItem
    entry: WrittenPart
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


def questions(content: Content, *, practice: bool = False) -> Iterator[KeyedQuestion]:
    """Give the marked questions with options, in the bank's order; those for practice, too."""
    for name, exercise in content.course.exercises.items():
        for item, place in keyed(exercise) if practice else marked(exercise):
            if isinstance(item, OptionsItem):
                yield KeyedQuestion(item, content.entries[name], place)


UNSETTLED = ("inferred", "unreadable")
"""A question may ask what the trainer says (`view`), never what is only guessed or unreadable."""


def uncertain_keys(content: Content) -> Iterator[Finding]:
    """Hold that what is said when an item is right rests on no fact that is unsettled.

    A kind whose keys may be the doubt itself (fact or reading) is left out. That a class
    of the plan is settled where it is scored, and that every fact has a source and a certainty, is
    held when ``data/`` is loaded.
    """
    facts = content.course.facts
    for name, exercise in content.course.exercises.items():
        for item, place in () if exercise.doubtful else keyed(exercise):
            for note, step in said_when_right(item):
                if note.fact and facts[note.fact].certainty in UNSETTLED:
                    certainty = facts.name("certainty", facts[note.fact].certainty)
                    blanks = {"fact": note.fact, "certainty": certainty}
                    entry = content.entries[name]
                    yield entry.finding("questions.uncertain", *place, *step, **blanks)


def said_when_right(item: Item) -> Iterator[tuple[Note, tuple[Step, ...]]]:
    """Give what is said of an item's right options or answer, and where it is written in it."""
    for index, option in enumerate(getattr(item, "options", ())):
        if option.correct and option.feedback:
            yield option.feedback, ("options", index, "feedback")
    right = getattr(getattr(item, "feedback", None), "right", None)
    if right:
        yield right, ("feedback", "right")


def option_feedback(content: Content) -> Iterator[Finding]:
    """Hold that every option of a question with a right one has feedback, of its own."""
    for question in questions(content, practice=True):
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
        for item, place in keyed(exercise):
            unsaid = exercise.missing_feedback(item)
            if unsaid:
                blanks = {"id": item.id, "what": "".join(map(_wrong_answer, unsaid))}
                yield content.entries[name].finding("questions.unsaid", *place, **blanks)


def _wrong_answer(name: str) -> str:
    """Name a wrong answer; any, where it has no name."""
    if not name:
        return say("check.questions.unsaid_wrong")
    return say("check.questions.unsaid_choice", name=name)


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
            if getattr(item, "poll", None) is False and exercise.key(item) is None:
                place = () if exercise.single else ("items", index)
                yield content.entries[name].finding("exercises.not_a_poll", *place)


def catch_all_options(content: Content) -> Iterator[Finding]:
    """Hold that no option of a question with a key is 「上のすべて」, 「どれでもない」 or the like.

    Options are shuffled, so that there is no "above"; and who knows two of them knows the answer.
    """
    for question in questions(content, practice=True):
        for index, option in enumerate(question.item.options):
            if CATCH_ALL.search(option.text):
                yield question.at_option(index, "questions.catch_all", "text", id=option.id)
