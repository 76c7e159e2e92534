"""Code cells: each is one call, of a name there is, with ids there are."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import dxcourse
from dxcourse import figures
from dxcourse.checking._finding import Finding
from dxcourse.course import CourseError
from dxcourse.facts import FigureSeries
from dxcourse.learner import pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dxcourse.checking._content import Content
    from dxcourse.checking._notebooks import Notebook

BOTH = 2  # exercises, of which one was answered before the other


def one_a_cell(content: Content) -> Iterator[Finding]:
    """Hold that a code cell after the first is one call, which anyone can read."""
    known = dxcourse.__all__
    for book in _books(content):
        for cell in book.cells[1:]:
            call = cell.call
            if not cell.code or (call and call.name in known):
                continue
            if call:
                message = f'there is no call "{call.name}"{_near(call.name, known)}'
            else:
                message = 'a code cell is one call with its ids in quotes, as exercise("its-id")'
            yield Finding(book.name, cell.line_at(0), message)


def names(content: Content) -> Iterator[Finding]:
    """Hold that exercises, facts and pictures that a cell names are there."""
    bank = ("exercise", "exercises/bank/", content.course.exercises)
    series = {row.series for row in content.course.facts.rows(FigureSeries)}
    there = {
        "exercise": (*bank, "one id", 1),
        "before_after": (*bank, "two ids", 2),
        "evidence": ("fact", "data/facts.csv", content.course.facts, "ids", None),
        "numbers": ("series", "data/figure_series.csv", series, "ids", None),
        "picture": ("picture", "dxcourse/figures/", figures.names(), "one id", 1),
    }
    for book in _books(content):
        for name, (what, where, known, wanted, number) in there.items():
            for call in book.calls(name):
                if len(call.arguments) != (number or max(1, len(call.arguments))):
                    yield Finding(book.name, call.line, f"{name}() takes {wanted}; name {what}s")
                for id_ in call.arguments:
                    if id_ not in known:
                        message = f'{what} "{id_}" is not in {where}{_near(id_, known)}'
                        yield Finding(book.name, call.line, message)


def compared(content: Content) -> Iterator[Finding]:
    """Hold that two exercises whose answers stand side by side can be compared."""
    for book in _books(content):
        for call in book.calls("before_after"):
            if len(call.arguments) == BOTH and {*call.arguments} <= {*content.course.exercises}:
                before, after = call.arguments
                try:
                    pairs(content.course, before, after, {})
                except CourseError as error:
                    yield Finding(book.name, call.line, str(error))


def _books(content: Content) -> list[Notebook]:
    return [*(book for _, book in content.modules), *content.besides]


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f'; do you mean "{near[0]}"?' if near else "; mend the name, or add it there"
