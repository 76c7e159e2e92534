"""Code cells: each is one call, of a name there is, with ids there are."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import dxcourse
from dxcourse import figures
from dxcourse.checking._finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dxcourse.checking._content import Content
    from dxcourse.checking._notebooks import Notebook


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
    there = {
        "exercise": ("exercise", "exercises/bank/", content.course.exercises),
        "evidence": ("fact", "data/facts.csv", content.course.facts),
        "picture": ("picture", "dxcourse/figures/", figures.names()),
    }
    for book in _books(content):
        for name, (what, where, known) in there.items():
            for call in book.calls(name):
                if not call.arguments or (name != "evidence" and len(call.arguments) > 1):
                    wanted = "ids" if name == "evidence" else "one id"
                    yield Finding(book.name, call.line, f"{name}() takes {wanted}; name {what}s")
                for id_ in call.arguments:
                    if id_ not in known:
                        message = f'{what} "{id_}" is not in {where}{_near(id_, known)}'
                        yield Finding(book.name, call.line, message)


def _books(content: Content) -> list[Notebook]:
    return [*(book for _, book in content.modules), *content.besides]


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f'; do you mean "{near[0]}"?' if near else "; mend the name, or add it there"
