"""Every surface has a way for every shape, and shows a plain value where it has none."""

from __future__ import annotations

import ast
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from dxcourse.exercises.shapes import Choice, Part, Shape
from dxcourse.pages.answer_counts import COUNTED, allowed
from support.package import modules

if TYPE_CHECKING:
    import pytest

    from dxcourse.course import Course

ALL = {shape.name for shape in Shape}


class Later(StrEnum):
    """A shape of a version that is to come."""

    SIGNATURE = "signature"


def names(node: ast.AST) -> set[str]:
    """The shapes that an expression names: ``Shape.CHOICE``."""
    return {
        each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and each.value.id == "Shape"
    }


def tables() -> dict[str, set[str]]:
    """Where a surface has a way by shape (a dict), and which shapes it has one for."""
    return {
        f"{place}:{node.lineno}": keys
        for place, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        if (keys := set().union(*(names(key) for key in node.keys if key is not None)))
    }


def test_no_surface_lacks_a_shape() -> None:
    found = tables()
    assert {place: ALL - keys for place, keys in found.items() if keys != ALL} == {}
    told = {place.split(":")[0] for place in found}
    assert {
        "exercises/shapes.py",  # a value in words: reports, exports, feedback, print, before/after
        "pages/answer_counts.py",  # how others answered
        "workshop/results/view.py",  # the wall, counts by hand, the report's pictures
    } <= told


# What a wall and a report draw then: tests/workshop/results/test_unknown_shape.py
def test_a_shape_of_a_later_version_is_shown_plainly(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    later: Any = Later.SIGNATURE
    part = Part("", later, (Choice("a", "ア"),))
    assert [part.words(value) for value in ("a", "b", 3, None)] == ["ア", "b", "3", ""]
    exercise = next(each for each in course.exercises.values() if allowed(each))
    monkeypatch.setattr(type(exercise), "shape", later)
    assert later not in COUNTED
    assert not allowed(exercise)
