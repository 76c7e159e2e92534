from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST, METADATA, SOURCE, code, text

if TYPE_CHECKING:
    from support.tiny_course import Raw, TinyCourse


@pytest.mark.parametrize("name", ["0a1b2c3d", "deadbeef", "c0ffee00-1234-4abc-9def-0123456789ab"])
def test_an_id_that_a_machine_gave(course: TinyCourse, name: str) -> None:
    course.change(FIRST, lambda cells: cells[2].update(id=name))
    message = f'cell id "{name}" is a machine\'s; choose one that says what it is'
    course.finds(FIRST, name, message)


def test_an_id_that_stands_twice(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells[3].update(id="ask"))
    message = f'cell id "ask" stands already at line {course.line(FIRST, "ask")}; choose another'
    course.finds(FIRST, '"ask"', message, nth=2)


def test_an_id_that_is_missing(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells[2].pop("id"))
    line = course.line(FIRST, '"markdown"') - 1
    course.finds(FIRST, line, "a cell has no id; give it one that says what it is")


def test_an_id_that_is_no_words(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells[2].update(id="Ask me"))
    message = 'cell id "Ask me" is not lower-case words joined by hyphens; mend it'
    course.finds(FIRST, "Ask me", message)


@pytest.mark.parametrize(
    "kept",
    [
        {"execution_count": 3},
        {"outputs": [{"output_type": "stream", "name": "stdout", "text": ["1"]}]},
    ],
)
def test_what_a_run_has_left(course: TinyCourse, kept: Raw) -> None:
    course.change(FIRST, lambda cells: cells[3].update(kept))
    message = 'cell "ex-pick" keeps outputs of a run; clear all outputs and save'
    course.finds(FIRST, "ex-pick", message)


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        (
            {**METADATA, "kernelspec": {"name": "conda-env"}},
            'the kernelspec of the metadata is not "python3"; mend it',
        ),
        (
            {"kernelspec": {"name": "python3"}},
            'the language_info of the metadata is not "python"; mend it',
        ),
        (
            {**METADATA, "widgets": {}},
            "the metadata keep the state of widgets; clear all outputs and save",
        ),
    ],
)
def test_metadata(course: TinyCourse, metadata: Raw, message: str) -> None:
    cells = json.loads((course.root / FIRST).read_text(encoding="utf-8"))["cells"]
    course.cells(FIRST, cells, metadata)
    course.finds(FIRST, 1, message)


def test_a_notebook_of_homework_is_read_as_well(course: TinyCourse) -> None:
    book = f"{SOURCE}/plan.ipynb"
    course.cells(book, [code("solve", "import dxcourse"), text("0a1b2c3d", "問い")])
    message = 'cell id "0a1b2c3d" is a machine\'s; choose one that says what it is'
    course.finds(book, "0a1b2c3d", message)
