from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST, OUTLINE, SECOND, code, module, text

if TYPE_CHECKING:
    from support.tiny_course import Raw, TinyCourse

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
