from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.authored import NotebookError, calls, read_notebook
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


BOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.mark.parametrize(
    ("data", "line", "code"),
    [
        (BOOK.encode("utf-8-sig"), 1, "notebooks.bom"),
        ("{\n題".encode("cp932"), 2, "notebooks.not_utf8"),
        (b'{\n"cells": [,]}', 2, "notebooks.json"),
        (b"[]", 1, "notebooks.shape"),
        (b'{"cells": [1]}', 1, "notebooks.shape"),
    ],
)
def test_what_is_no_notebook_is_told_by_line_and_cause(
    tmp_path: Path, data: bytes, line: int, code: str
) -> None:
    file = tmp_path / "a.ipynb"
    file.write_bytes(data)
    for read in (calls, lambda path: read_notebook(path, "a.ipynb")):
        with pytest.raises(NotebookError) as caught:
            read(file)
        assert (caught.value.line, caught.value.code) == (line, code)
