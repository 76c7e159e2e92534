from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST, SECOND, SECOND_BANK, gated, text

if TYPE_CHECKING:
    from support.tiny_course import Raw, TinyCourse


def _opened(cells: list[Raw], name: str) -> None:
    next(cell for cell in cells if cell["id"] == name)["metadata"] = {}


def _findings(course: TinyCourse) -> list[tuple[str, int, str]]:
    return [(each.file, each.line, each.cure) for each in course.report().findings]


def test_evidence_that_answers_a_question_stands_open_below_it(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: _opened(cells, "evidence"))
    line = course.line(FIRST, '"evidence"')
    assert _findings(course) == [(FIRST, line, "セルのタグに reveal:pick を付けてください")]


def test_a_picture_stands_open_below_a_question(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: _opened(cells, "picture"))
    ((file, line, cure),) = _findings(course)
    assert (file, line) == (SECOND, course.line(SECOND, '"picture"'))
    assert "reveal:ticks" in cure  # the first question of the section


def test_a_heading_ends_what_a_question_asks(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: _opened(cells, "picture"))
    course.change(SECOND, lambda cells: cells.insert(-3, text("next", "## つぎの話")))
    course.finds_nothing()


@pytest.mark.parametrize("awaited", ["no-such", "count"])
def test_a_gate_waits_for_an_exercise_above_it(course: TinyCourse, awaited: str) -> None:
    told = gated(text("told", "種明かし"), awaited)
    course.change(SECOND, lambda cells: cells.insert(2, told))
    (finding,) = course.report().findings
    assert (finding.file, finding.line) == (SECOND, course.line(SECOND, '"told"'))
    assert f"reveal:{awaited}" in finding.message


def test_a_text_that_has_the_answer_word_for_word_stands_open(course: TinyCourse) -> None:
    course.edit(SECOND_BANK, "text: 一の案", "text: 窓口の人に先に聞く案")
    course.edit(SECOND_BANK, "text: 二の案", "text: 机の上の紙を数える案")
    course.edit(SECOND_BANK, "text: 三の案, correct: true", "text: 隣の町に電話をする案")
    told = "三つのうち、窓口の人に先に聞く案が当たりでした。"
    course.change(SECOND, lambda cells: cells.insert(3, text("told", told)))
    assert _findings(course) == [
        (SECOND, course.line(SECOND, '"told"'), "セルのタグに reveal:ticks を付けてください")
    ]
    course.change(SECOND, lambda cells: cells.__setitem__(3, gated(text("told", told), "ticks")))
    course.finds_nothing()
