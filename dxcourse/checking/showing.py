"""Exercises and the notebooks that show them."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from dxcourse.checking._finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Content

BEFORE, AFTER = "before-course", "after-course"


def hidden(content: Content) -> Iterator[Finding]:
    """Hold that a module, a stand-alone page or an appendix shows each exercise.

    Those in the bank file of a module that is still coming are left to it.
    """
    modules = content.course.outline.modules
    coming = {PurePath(module.notebook).stem for module in modules if module.coming}
    books = [*(book for _, book in content.modules), *content.besides]
    shown = {name for book in books for call in book.calls("exercise") for name in call.arguments}
    for name, entry in content.entries.items():
        if name not in shown and PurePath(entry.name).stem not in coming:
            yield entry.finding(f'exercise "{name}" is in no notebook; show it, or take it out')


def twice(content: Content) -> Iterator[Finding]:
    """Hold that the modules show each exercise once: its answer is kept under its id."""
    seen: dict[str, str] = {}
    for _, book in content.modules:
        for call in book.calls("exercise"):
            for name in call.arguments:
                if name in seen:
                    cure = "show it once, or write one with an id of its own"
                    message = f'exercise "{name}" is shown already by {seen[name]}; {cure}'
                    yield Finding(book.name, call.line, message)
                seen.setdefault(name, book.name)


def objectives(content: Content) -> Iterator[Finding]:
    """Hold that exercises name objectives that `course.yaml` has."""
    known = {o.id for module in content.course.outline.modules for o in module.objectives}
    for name, exercise in content.course.exercises.items():
        for place, objective in enumerate(exercise.objectives):
            if objective not in known:
                message = (
                    f'objective "{objective}" is not in notebooks/course.yaml; '
                    "mend the id, or add it to its module"
                )
                yield content.entries[name].finding(message, "objectives", place)


def parallel(content: Content) -> Iterator[Finding]:
    """Hold that the checks before and after the course ask the same: items of the same ids."""
    exercises = content.course.exercises
    if BEFORE not in exercises or AFTER not in exercises:
        return
    before, after = ([item.id for item in exercises[name].items] for name in (BEFORE, AFTER))
    for lacking, own, other in ((AFTER, after, before), (BEFORE, before, after)):
        missing = [f'"{id_}"' for id_ in other if id_ not in own]
        if missing:
            there = BEFORE if lacking == AFTER else AFTER
            message = (
                f'"{lacking}" lacks item {", ".join(missing)} of "{there}"; '
                "a gain can only be told of the same items"
            )
            yield content.entries[lacking].finding(message, "items")
