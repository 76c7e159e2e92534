"""Nothing uncertain is marked right or wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.checking._content import marked
from dxcourse.exercises.classify import Classify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Content, Step
    from dxcourse.checking._finding import Finding
    from dxcourse.exercises import Item, Note

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
                    message = (
                        f'the key rests on fact "{note.fact}", which is '
                        f"{facts[note.fact].certainty}: do not mark it, or cite what settles it"
                    )
                    yield content.entries[name].finding(message, *place, *step)


def _said_when_right(item: Item) -> Iterator[tuple[Note, tuple[Step, ...]]]:
    for index, option in enumerate(getattr(item, "options", ())):
        if option.correct and option.feedback:
            yield option.feedback, ("options", index, "feedback")
    right = getattr(getattr(item, "feedback", None), "right", None)
    if right:
        yield right, ("feedback", "right")
