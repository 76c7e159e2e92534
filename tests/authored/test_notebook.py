from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from dxcourse.authored.notebook import json_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_lines() -> None:
    text = '{\n "a": [\n  1,\n  "}\\"]"\n ],\n "b": {}\n}\n'
    found = json_lines(text)
    assert found == {(): 1, ("a",): 2, ("a", 0): 3, ("a", 1): 4, ("b",): 6}


@given(VALUES, st.sampled_from([None, 1]))
def test_every_value_has_a_line(value: object, indent: int | None) -> None:
    found = json_lines(json.dumps(value, indent=indent))
    assert set(found) == set(places(value, ()))
    assert indent or set(found.values()) == {1}


def places(value: object, place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    yield place
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*place, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*place, index))
