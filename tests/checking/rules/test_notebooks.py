from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST, METADATA, OUTLINE, SECOND, SOURCE, module, text
from support.tiny_course import code as code_cell

if TYPE_CHECKING:
    from support.tiny_course import Raw, TinyCourse

PICK = {
    "what": "課題",
    "id": "pik",
    "where": "exercises/bank/",
    "cure": "「pick」のことですか",
}


@pytest.mark.parametrize("name", ["0a1b2c3d", "deadbeef", "c0ffee00-1234-4abc-9def-0123456789ab"])
def test_an_id_that_a_machine_gave(course: TinyCourse, name: str) -> None:
    course.change(FIRST, lambda cells: cells[2].update(id=name))
    course.finds(FIRST, name, "notebooks.machine", id=name)


def test_an_id_that_stands_twice(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells[3].update(id="ask"))
    course.finds(FIRST, '"ask"', "notebooks.twice", id="ask", line=25, nth=2)


def test_an_id_that_is_missing(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells[2].pop("id"))
    line = course.line(FIRST, '"markdown"') - 1
    course.finds(FIRST, line, "notebooks.no_id")


def test_an_id_that_is_no_words(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells[2].update(id="Ask me"))
    course.finds(FIRST, "Ask me", "notebooks.words", id="Ask me")


@pytest.mark.parametrize(
    "kept",
    [
        {"execution_count": 3},
        {"outputs": [{"output_type": "stream", "name": "stdout", "text": ["1"]}]},
    ],
)
def test_what_a_run_has_left(course: TinyCourse, kept: Raw) -> None:
    course.change(FIRST, lambda cells: cells[3].update(kept))
    course.finds(FIRST, "ex-pick", "notebooks.outputs", id="ex-pick")


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({**METADATA, "kernelspec": {"name": "conda-env"}}, "notebooks.kernel"),
        ({"kernelspec": {"name": "python3"}}, "notebooks.language"),
        ({**METADATA, "widgets": {}}, "notebooks.widgets"),
    ],
)
def test_metadata(course: TinyCourse, metadata: Raw, code: str) -> None:
    cells = json.loads((course.root / FIRST).read_text(encoding="utf-8"))["cells"]
    course.cells(FIRST, cells, metadata)
    course.finds(FIRST, 1, code)


def test_a_notebook_of_homework_is_read_as_well(course: TinyCourse) -> None:
    book = f"{SOURCE}/plan.ipynb"
    course.cells(book, [code_cell("solve", "import dxcourse"), text("0a1b2c3d", "問い")])
    course.finds(book, "0a1b2c3d", "notebooks.machine", id="0a1b2c3d")


def test_the_first_cell_is_the_import(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells[0].update(source=["import dxcourse"]))
    course.finds(FIRST, "import dxcourse", "notebooks.setup", wanted="from dxcourse import *")


def test_the_second_cell_is_the_modules_own_heading(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells[1].update(source=['heading("00")']))
    course.finds(SECOND, "heading(", "notebooks.heading", id="01")


def test_a_second_heading(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.insert(4, code_cell("again", 'heading("01")')))
    course.finds(SECOND, "heading(", "notebooks.headings", nth=2)


def test_the_last_cell_is_the_modules_own_ending(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells[-1].update(source=['ending("02")']))
    course.finds(SECOND, "ending(", "notebooks.ending", id="01")


def test_a_second_ending(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.insert(4, code_cell("again", 'ending("01")')))
    course.finds(SECOND, "ending(", "notebooks.endings")


def test_no_key_points(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.pop(-2))
    course.finds(SECOND, '"ending"', "notebooks.no_key_points", id="key-points")


def test_too_few_key_points(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells[-2].update(source=["## まとめ\n", "\n", "- 一つ"]))
    course.finds(SECOND, "まとめ", "notebooks.key_points", id="key-points", points=1)


def test_key_points_in_the_middle(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.insert(2, cells.pop(-2)))
    course.finds(SECOND, "まとめ", "notebooks.key_points_place", id="key-points")


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
    course.change(FIRST, lambda cells: cells.insert(2, code_cell("odd", source)))
    below = 5 if source else 0
    course.finds(FIRST, course.line(FIRST, '"odd"') + below, "notebooks.one_call")


def test_a_call_that_there_is_not(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells.insert(2, code_cell("odd", "legends()")))
    course.finds(FIRST, "legends", "notebooks.call", name="legends", cure="「legend」のことですか")


@pytest.mark.parametrize(
    ("source", "code", "blanks"),
    [
        ('exercise("pikc")', "unknown", {**PICK, "id": "pikc"}),
        (
            'evidence("dx-sushi", "zzz")',
            "unknown",
            {"what": "事実", "id": "zzz", "where": "data/facts.csv"},
        ),
        (
            'picture("sush")',
            "unknown",
            {
                "what": "図",
                "id": "sush",
                "where": "dxcourse/figures/",
                "cure": "「sushi」のことですか",
            },
        ),
        ("evidence()", "arguments", {"name": "evidence", "wanted": "idは一つから"}),
        (
            'numbers("cip")',
            "unknown",
            {
                "what": "統計",
                "id": "cip",
                "where": "data/figure_series.csv",
                "cure": "「cio」のことですか",
            },
        ),
        ("exercise()", "arguments", {"name": "exercise", "wanted": "idは一つ"}),
        ('picture("sushi", "chain")', "arguments", {"name": "picture", "wanted": "idは一つ"}),
        ('before_after("pick")', "arguments", {"name": "before_after", "wanted": "idは二つ"}),
        ('before_after("pick", "pikc")', "unknown", {**PICK, "id": "pikc"}),
    ],
)
def test_a_name_that_is_not_there(
    course: TinyCourse, source: str, code: str, blanks: dict[str, str]
) -> None:
    course.change(FIRST, lambda cells: cells.insert(2, code_cell("odd", source)))
    course.finds(FIRST, course.line(FIRST, '"odd"') + 5, f"notebooks.{code}", **blanks)


def test_exercises_that_cannot_be_compared(course: TinyCourse) -> None:
    cell = code_cell("odd", 'before_after("before-course", "pick")')
    course.change(FIRST, lambda cells: cells.insert(2, cell))
    (found,) = course.report().findings
    assert (found.file, found.code) == (FIRST, "notebooks.compare")


def test_a_name_in_a_page_of_its_own(course: TinyCourse) -> None:
    app = "notebooks/apps/one.ipynb"
    course.cells(
        app, [code_cell("setup", "from dxcourse import *"), code_cell("ex", 'exercise("pik")')]
    )
    course.finds(
        app,
        "pik",
        "notebooks.unknown",
        **PICK,
    )


def test_a_line_is_the_one_of_the_cell_even_where_a_text_says_the_same(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells.insert(2, text("said", 'exercise("pik")')))
    course.change(
        FIRST, lambda cells: cells.insert(3, code_cell("odd", '# 見せる\nexercise("pik")'))
    )
    course.finds(
        FIRST,
        "pik",
        "notebooks.unknown",
        **PICK,
        nth=2,
    )


def test_an_appendix_is_read_as_well(course: TinyCourse) -> None:
    appendix = "appendices:\n  - {id: words, notebook: appendix_words.ipynb, title: 用語}\n"
    course.edit(OUTLINE, "modules:", f"{appendix}modules:")
    course.cells("notebooks/appendix_words.ipynb", module("01")[:1])
    course.finds_nothing()
    course.cells("notebooks/appendix_words.ipynb", [*module("01")[:1], code_cell("odd", "1")])
    course.finds("notebooks/appendix_words.ipynb", '"1"', "notebooks.one_call")


def test_a_source_may_be_one_text(course: TinyCourse) -> None:
    def as_one_text(cells: list[Raw]) -> None:
        for cell in cells:
            cell["source"] = "".join(cell["source"])

    course.change(SECOND, as_one_text)
    course.finds_nothing()


@pytest.mark.parametrize(
    ("source", "signs", "half"),
    [
        ("exercise（“pick”）", "（“”）", '("")'),
        ("exercise(“pick”)", "“”", '""'),
        ('exercise("pick"　)', None, None),
    ],
)
def test_full_width_signs_in_a_cell_are_called_by_name(
    course: TinyCourse, source: str, signs: str | None, half: str | None
) -> None:
    course.change(FIRST, lambda cells: cells.insert(2, code_cell("odd", source)))
    (found,) = course.report().findings
    assert (found.file, found.code) == (FIRST, "notebooks.wide_signs")
    if signs is not None:
        assert f"「{signs}」" in found.message
        assert f"半角の {half} に" in found.cure
