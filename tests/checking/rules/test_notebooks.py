"""TODO."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST, METADATA, SOURCE, code, text

if TYPE_CHECKING:
    from support.tiny_course import Raw, TinyCourse
from support.tiny_course import SECOND

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse
from support.tiny_course import OUTLINE, module


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


def test_the_first_cell_is_the_import(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells[0].update(source=["import dxcourse"]))
    message = "the first cell is `from dxcourse import *` and nothing else; mend it"
    course.finds(FIRST, "import dxcourse", message)


def test_the_second_cell_is_the_modules_own_heading(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells[1].update(source=['heading("00")']))
    course.finds(SECOND, "heading(", 'the second cell is heading("01"); mend it')


def test_a_second_heading(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.insert(4, code("again", 'heading("01")')))
    message = "a module has one heading; take this one out"
    course.finds(SECOND, "heading(", message, nth=2)


def test_the_last_cell_is_the_modules_own_ending(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells[-1].update(source=['ending("02")']))
    course.finds(SECOND, "ending(", 'the last cell is ending("01"); mend it')


def test_a_second_ending(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.insert(4, code("again", 'ending("01")')))
    course.finds(SECOND, "ending(", "a module has one ending; take this one out")


def test_no_key_points(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.pop(-2))
    message = 'no cell "key-points" stands before the ending; write three to five points'
    course.finds(SECOND, '"ending"', message)


def test_too_few_key_points(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells[-2].update(source=["## まとめ\n", "\n", "- 一つ"]))
    message = '"key-points" is text with three to five points; it has 1'
    course.finds(SECOND, "まとめ", message)


def test_key_points_in_the_middle(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.insert(2, cells.pop(-2)))
    message = '"key-points" stands right before the ending; move it there'
    course.finds(SECOND, "まとめ", message)


ONE_CALL = 'a code cell is one call with its ids in quotes, as exercise("its-id")'


@pytest.mark.parametrize(
    "source",
    [
        "1 + 1",
        "import os",
        "legend()\nlegend()",
        "name = legend()",
        "legend(name)",
        'legend(id="a")',
        "legend(",
        "course.legend()",
        "",
        "\0",
    ],
)
def test_a_code_cell_that_is_not_one_call(course: TinyCourse, source: str) -> None:
    course.change(FIRST, lambda cells: cells.insert(2, code("odd", source)))
    below = 5 if source else 0
    course.finds(FIRST, course.line(FIRST, '"odd"') + below, ONE_CALL)


def test_a_call_that_there_is_not(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells.insert(2, code("odd", "legends()")))
    course.finds(FIRST, "legends", 'there is no call "legends"; do you mean "legend"?')


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('exercise("pikc")', 'exercise "pikc" is not in exercises/bank/; do you mean "pick"?'),
        (
            'evidence("dx-sushi", "zzz")',
            'fact "zzz" is not in data/facts.csv; mend the name, or add it there',
        ),
        ('picture("sush")', 'picture "sush" is not in dxcourse/figures/; do you mean "sushi"?'),
        ("evidence()", "evidence() takes ids; name facts"),
        (
            'numbers("cip")',
            'series "cip" is not in data/figure_series.csv; do you mean "cio"?',
        ),
        ("exercise()", "exercise() takes one id; name exercises"),
        ('picture("sushi", "chain")', "picture() takes one id; name pictures"),
        ('before_after("pick")', "before_after() takes two ids; name exercises"),
        (
            'before_after("pick", "pikc")',
            'exercise "pikc" is not in exercises/bank/; do you mean "pick"?',
        ),
        (
            'before_after("before-course", "pick")',
            '"before-course" and "pick" have different items; give both the same ids',
        ),
    ],
)
def test_a_name_that_is_not_there(course: TinyCourse, source: str, message: str) -> None:
    course.change(FIRST, lambda cells: cells.insert(2, code("odd", source)))
    course.finds(FIRST, course.line(FIRST, '"odd"') + 5, message)


def test_a_name_in_a_page_of_its_own(course: TinyCourse) -> None:
    app = "notebooks/apps/one.ipynb"
    course.cells(app, [code("setup", "from dxcourse import *"), code("ex", 'exercise("pik")')])
    course.finds(app, "pik", 'exercise "pik" is not in exercises/bank/; do you mean "pick"?')


def test_a_line_is_the_one_of_the_cell_even_where_a_text_says_the_same(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells.insert(2, text("said", 'exercise("pik")')))
    course.change(FIRST, lambda cells: cells.insert(3, code("odd", '# 見せる\nexercise("pik")')))
    message = 'exercise "pik" is not in exercises/bank/; do you mean "pick"?'
    course.finds(FIRST, "pik", message, nth=2)


def test_an_appendix_is_read_as_well(course: TinyCourse) -> None:
    appendix = "appendices:\n  - {id: words, notebook: appendix_words.ipynb, title: 用語}\n"
    course.edit(OUTLINE, "modules:", f"{appendix}modules:")
    course.cells("notebooks/appendix_words.ipynb", module("01")[:1])
    course.finds_nothing()
    course.cells("notebooks/appendix_words.ipynb", [*module("01")[:1], code("odd", "1")])
    course.finds("notebooks/appendix_words.ipynb", '"1"', ONE_CALL)


def test_a_source_may_be_one_text(course: TinyCourse) -> None:
    def as_one_text(cells: list[Raw]) -> None:
        for cell in cells:
            cell["source"] = "".join(cell["source"])

    course.change(SECOND, as_one_text)
    course.finds_nothing()
