"""What the course promises of its own content, counted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dxcourse.checking.content import load
from dxcourse.checking.rules.minutes import (
    PACE,
    characters,
    exercise_minutes,
    module_length,
    reply_characters,
)
from dxcourse.course import Course
from dxcourse.exercises import Note, within
from dxcourse.facts import Source

ROOT = Path(__file__).resolve().parents[2]
FORMS = ("before-course", "after-course", "month-later")


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.load(ROOT)


def said(course: Course, module: str, *, asked: bool) -> str:
    """Give what a chapter says, or what it asks."""
    if asked:
        shown = [course.exercises[name].public() for name in course.shown[module]]
        return json.dumps(shown, ensure_ascii=False)
    return course.notebook(course.module(module)).read_text(encoding="utf-8")


def test_at_most_forty_marked_items_stand_in_the_core(course: Course) -> None:
    marked = [
        item
        for module in course.modules
        for name in course.core(module.id)
        for item in course.exercises[name].items
        if course.exercises[name].worth(item) > 0
    ]
    assert 20 <= len(marked) <= 40


def test_the_core_takes_105_to_120_minutes_and_no_chapter_above_15() -> None:
    content = load(ROOT).content
    assert content is not None
    lengths = [sum(module_length(content, module, book)) for module, book in content.modules]
    assert max(lengths) <= 15
    assert 105 <= sum(lengths) <= 120


def test_the_short_route_takes_18_to_22_minutes() -> None:
    content = load(ROOT).content
    assert content is not None
    books = {module.id: book for module, book in content.modules}
    (route,) = content.course.outline.routes
    minutes = 0.0
    for stop in route.stops:
        on = False
        found: list[str] = []
        for cell in books[stop.module].cells:
            if cell.kind == "markdown" and cell.source.startswith("## "):
                on = cell.id in stop.cells
            if on and not cell.deeper:
                minutes += characters(cell.source) / PACE if cell.kind == "markdown" else 0
                if cell.call and cell.call.name == "exercise":
                    found += cell.call.arguments
        assert tuple(found) == stop.exercises
        exercises = [content.course.exercises[name] for name in found]
        minutes += sum(map(exercise_minutes, exercises))
        minutes += sum(map(reply_characters, exercises)) / PACE
    assert 18 <= minutes <= 22
    assert abs(minutes - route.minutes) <= 2


def test_the_three_checks_are_parallel_forms(course: Course) -> None:
    forms = [course.exercises[name] for name in FORMS]
    ids = [[item.id for item in form.items] for form in forms]
    assert ids[0] == ids[1] == ids[2]
    assert len(ids[0]) == 8
    for form in forms:
        assert form.attempts == 1
        for item in form.items:
            assert [option.id for option in item.options if option.last] == ["dunno"]
            assert sum(option.correct for option in item.options) == 1
            assert len(item.options) == 5
        places = {[o.correct for o in item.options].index(True) for item in form.items}
        assert len(places) >= 3  # keys are spread
    texts = {item.text for form in forms for item in form.items}
    assert len(texts) >= 22  # other cases, not the same ones


def test_what_is_asked_before_it_is_told_is_practice(course: Course) -> None:
    """Whoever has not been told yet can only use good sense, which nothing marks."""
    asked_first = ("it-digital", "national-ground", "plan-ended", "plan-date-source")
    for name in (*asked_first, "plan-tension-say"):
        exercise = course.exercises[name]
        assert exercise.max_points == 0, name
        assert exercise.model_answer()["items"], name


def test_a_check_needs_no_material(course: Course) -> None:
    for name in FORMS:
        for item in course.exercises[name].items:
            asked = item.text + "".join(option.text for option in item.options)
            assert not re.search(r"研修の資料|スライド|講師", asked), item.id


def test_every_fact_rests_on_a_source_with_a_name(course: Course) -> None:
    for source in course.facts.rows(Source):
        assert "控えなし" not in source.title + source.note
        assert source.title
    assert not {fact.source for fact in course.facts.values()} & {"research", "soumu"}


def test_the_race_of_the_two_towns_adds_nobody_and_doubles_the_money() -> None:
    text = (ROOT / "notebooks/06_with_the_region.ipynb").read_text(encoding="utf-8")
    rows = re.findall(r"\| (\S+) \| (\d),(\d{3}) \| (\d),(\d{3}) \|([^|]*)\|", text)
    sums = {way: int(a + b) + int(c + d) for way, a, b, c, d, _ in rows}
    price = {
        way: int(found[1].replace(",", ""))
        for way, *_, rest in rows
        if (found := re.search(r"補助.*?([\d,]+)万円", rest))
    }
    assert sums["上げる"] == sums["うちで"] == sums["買う"]
    assert sums["会う"] > sums["上げる"]
    assert price["上げる"] == 2 * price["うちで"]
    assert price["会う"] < price["上げる"]


@pytest.mark.parametrize(
    ("module", "taught", "asked"),
    [
        ("07", "KPI", "KPI"),
        ("07", "パラレルワーカー", "パラレルワーカー"),
        ("07", "PwC", "PwC"),
        ("07", "Waffle", "Waffle"),
        ("07", "売り手市場", "管理職|課長"),
        ("04", "外部人材ガイド", "外部人材ガイド"),
        ("04", "2026年3月まで", "2026年5月の起案"),
        ("03", "第14条", "第14条"),
        ("08", "走らせるための条件", "走れるようにする"),
        ("09", "庄司氏", "函館"),
    ],
)
def test_what_was_thin_is_taught_and_asked(
    course: Course, module: str, taught: str, asked: str
) -> None:
    assert taught in said(course, module, asked=False)
    assert re.search(asked, said(course, module, asked=True))


def test_towns_cities_wards_and_prefectures_all_appear(course: Course) -> None:
    text = "".join(
        said(course, module.id, asked=asked) for module in course.modules for asked in (False, True)
    )
    for who in ("市長", "副市長", "町", "区民課", "県の", "市民課"):
        assert who in text, who


def test_at_most_half_of_the_feedback_ends_in_a_question(course: Course) -> None:
    notes = [note.text for each in course.exercises.values() for note in within(each, Note)]
    asking = [text for text in notes if re.search(r"(か|でしょう|？)[。」]*$", text)]
    assert len(asking) <= len(notes) / 2
