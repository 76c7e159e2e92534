"""The report as slides: what they tell, and that all can be read, by a font's metrics."""

from __future__ import annotations

import io
import random
import re
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn

from dxcourse.exercises import parse
from dxcourse.workshop.commands import own_question
from dxcourse.workshop.report import compare_tables, powerpoint_report
from dxcourse.workshop.report.slide_text import in_portions, line_count
from dxcourse.workshop.results import GivenAnswer
from dxcourse.workshop.snapshot import AskedExercise
from workshop.report.test_report import FORMULA, SCRIPT, said
from workshop.report.workshop_making import BEGAN, SHOWN, slide_texts, workshop

if TYPE_CHECKING:
    from dxcourse.course import Course
    from dxcourse.workshop import Workshop

FEELING = "honest-feeling"
SMALLEST = 16  # points
PART = re.compile("（[0-9]+／[0-9]+）$")  # of a title that stands on several slides
SIDES, ENDS = 14.4, 7.2  # points between a box's edges and its text
TALE = (
    "窓口に来た人が用紙を探さずにすむように、案内の紙を一枚だけ入口に置いてみたいと思います。"
    "マイナンバーカードでデジタルトランスフォーメーションと言われても、係長には届きません。"
    "Excelの表をPDFにして、さらに紙で回覧するのをやめたら、会議は30分で終わるはずです。"
)


@pytest.fixture(scope="module")
def font() -> ImageFont.FreeTypeFont:
    """The Japanese font that the course ships, at a hundred points."""
    spec = find_spec("matplotlib_fontja")
    assert spec
    assert spec.origin
    return ImageFont.truetype(str(Path(spec.origin).parent / "fonts" / "ipaexg.ttf"), 100)


def shown(made: Workshop) -> Any:  # python-pptx has no types
    return Presentation(io.BytesIO(powerpoint_report(made)))


def lines_of(font: ImageFont.FreeTypeFont, text: str, size: float, room: float) -> int:
    """How many lines a text takes in this font, broken at any sign."""
    lines, used = 1, 0.0
    for sign in text:
        width = font.getlength(sign) * size / 100
        if used + width > room:
            lines, used = lines + 1, 0.0
        used += width
    return lines


def text_faults(font: ImageFont.FreeTypeFont, frame: Any, width: float, height: float) -> list[str]:
    """What of a box's text is too small, or has no room in it."""
    faults, needed = [], ENDS
    for paragraph in frame.paragraphs:
        sizes = [run.font.size.pt for run in paragraph.runs]
        if not sizes:
            continue
        text = "".join(run.text for run in paragraph.runs)
        faults += [f"{min(sizes)} points: {text}"] if min(sizes) < SMALLEST else []
        above = paragraph.space_before.pt if paragraph.space_before else 0
        lines = lines_of(font, text, max(sizes), width - SIDES)
        needed += above + lines * paragraph.line_spacing.pt  # which is exact, whatever the font
    faults += [f"{needed:.0f} points in {height:.0f}: {frame.text}"] if needed > height + 1 else []
    return faults


def slide_faults(font: ImageFont.FreeTypeFont, show: Any) -> list[str]:
    """Whatever hangs over an edge, lies over another thing, or cannot be read."""
    faults = []
    for number, slide in enumerate(show.slides, start=1):
        found = []
        for shape in slide.shapes:
            across = shape.left >= 0 and shape.left + shape.width <= show.slide_width
            down = shape.top >= 0 and shape.top + shape.height <= show.slide_height
            found += [] if across and down else [f"{shape.name} hangs over the edge"]
            if shape.has_text_frame:
                found += text_faults(font, shape.text_frame, shape.width.pt, shape.height.pt)
            elif shape.has_table:
                table = shape.table
                found += table_faults(font, table)
                rows, columns = (
                    sum(e.height for e in table.rows),
                    sum(e.width for e in table.columns),
                )
                found += [] if abs(rows - shape.height) < 20 else ["the rows are higher"]
                found += [] if columns <= shape.width + 20 else ["the columns are wider"]
            else:
                size = shape.chart.font.size.pt
                found += [f"a chart in {size} points"] if size < SMALLEST else []
                found += [] if shape.height.pt > 90 else [f"a chart of {shape.height.pt} points"]
        for one, other in combinations(slide.shapes, 2):
            apart = one.top + one.height <= other.top or other.top + other.height <= one.top
            beside = one.left + one.width <= other.left or other.left + other.width <= one.left
            found += [] if apart or beside else [f"{one.name} lies over {other.name}"]
        faults += [f"{number}: {each}" for each in found]
    return faults


def table_faults(font: ImageFont.FreeTypeFont, table: Any) -> list[str]:
    return [
        fault
        for row in table.rows
        for cell, column in zip(row.cells, table.columns, strict=True)
        for fault in text_faults(font, cell.text_frame, column.width.pt, row.height.pt)
    ]


def grid(shape: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in shape.table.rows]


def test_the_slides_open_with_who_moved_and_have_a_title_and_a_chart(course: Course) -> None:
    show = shown(workshop(course, 42))
    titles = [PART.sub("", slide.shapes.title.text) for slide in show.slides]
    assert titles[0] == "考えが動いた時間でした"
    for exercise in map(course.exercise, SHOWN):
        assert exercise.title in titles
    shapes = [shape for slide in show.slides for shape in slide.shapes]
    assert not [shape for shape in shapes if shape.has_text_frame and not shape.text_frame.text]
    assert not [rel for slide in show.slides for rel in slide.part.rels.values() if rel.is_external]
    charts = [shape.chart for shape in shapes if shape.has_chart]
    assert min(len(charts), sum(shape.has_table for shape in shapes)) >= 3
    assert list(charts[0].plots[0].categories)


def test_what_was_typed_is_text_on_the_slides_and_few_stand_on_none(course: Course) -> None:
    made = said(course, SCRIPT, FORMULA, "\u202e逆さ\u202c", "\x07鐘", "\x00零")
    told = "".join(slide_texts(made))
    assert SCRIPT in told
    assert not {"\u202e", "\u202c", "\x07", "\x00"} & set(told)
    few = workshop(course, 4, ("honest-feeling",))
    option = course.exercise("honest-feeling").items[0].options[0].text
    assert option not in "".join(slide_texts(few))


def test_tables_of_the_room_stand_side_by_side_on_a_slide(course: Course) -> None:
    made = workshop(course, 24, (FEELING, "manager-check"))
    seated = replace(made, tables={f"p{n}": n % 3 + 1 for n in range(24)})
    (question,) = compare_tables(seated)
    found = [
        shape
        for slide in shown(seated).slides
        for shape in slide.shapes
        if shape.has_table and "テーブル1" in grid(shape)[0]
    ]
    (shape,) = found
    head, *rows, sizes = grid(shape)
    assert head == ["答え", "テーブル1", "テーブル2", "テーブル3"]
    assert [row[0] for row in rows] == list(question.options)
    for at, row in enumerate(rows):
        assert row[1:] == [question.share(at, column) for column in range(3)]
    assert sizes == ["人", *map(str, question.sizes)]
    for column in range(3):
        counts = [row[column] or 0 for row in question.counts]
        cells = [shape.table.cell(at + 1, column + 1).text_frame for at in range(len(counts))]
        strong = [cell.paragraphs[0].runs[0].font.bold for cell in cells]
        assert strong == [count == max(counts) for count in counts]
    assert "テーブル" not in "".join(slide_texts(made))


@settings(max_examples=10, deadline=None)
@given(seats=st.lists(st.integers(0, 4), min_size=18, max_size=18))
def test_no_small_table_stands_on_a_slide(course: Course, seats: list[int]) -> None:
    made = workshop(course, 18, (FEELING,))
    made = replace(made, tables={f"p{n}": seat for n, seat in enumerate(seats) if seat})
    told = slide_texts(made)
    answered = {each.who for each in made.asked[0].given if each.items}
    for table in range(1, 5):
        size = sum(seat == table and f"p{n}" in answered for n, seat in enumerate(seats))
        assert size >= 5 or f"テーブル{table}" not in told


def crowd(course: Course, tables: int) -> Workshop:
    """Everything at its longest: questions made on the spot, voices, and many tables."""
    chance = random.Random(5)  # noqa: S311  -- a room, not a secret
    people = [f"p{n}" for n in range(12 * tables)]
    long = [(TALE * 2)[n : n + 60] for n in range(0, 80, 10)]
    chosen = parse(own_question("own-1", (TALE * 2)[:120], long))
    written = parse(own_question("own-2", (TALE * 2)[20:140], []))
    ref = chosen.items[0].ref
    options = [option.ref for option in chosen.items[0].options]
    made = workshop(course, 42)
    asked = [
        AskedExercise(
            exercise=chosen,
            given=tuple(GivenAnswer(who, {ref: chance.choice(options)}) for who in people),
            revealed=BEGAN,
        ),
        AskedExercise(
            exercise=written,
            given=tuple(
                GivenAnswer(who, {written.items[0].ref: (TALE * 2)[n : n + 120]}, consent=True)
                for n, who in enumerate(people[:60])
            ),
            revealed=BEGAN,
            again=BEGAN,
        ),
    ]
    return replace(
        made,
        name=(TALE * 2)[:80],
        asked=(*made.asked, *asked),
        tables={who: n % tables + 1 for n, who in enumerate(people)},
    )


@pytest.mark.parametrize("tables", [2, 9])
def test_every_slide_can_be_read_and_nothing_lies_over_another_thing(
    course: Course, font: ImageFont.FreeTypeFont, tables: int
) -> None:
    made = crowd(course, tables)
    told = "".join(slide_texts(made))
    for table in range(1, tables + 1):
        assert f"テーブル{table}" in told
    show = shown(made)
    assert slide_faults(font, show) == []


def fonts_of(element: Any) -> list[tuple[str | None, str | None]]:
    """The East Asian font and the language of every run below an element."""
    runs = element.iter(qn("a:rPr"))
    return [
        (
            run.find(qn("a:ea")).get("typeface") if run.find(qn("a:ea")) is not None else None,
            run.get("lang"),
        )
        for run in runs
        if run.getparent().tag == qn("a:r")
    ]


def test_slides_are_japanese_numbered_told_in_words_and_titled_once(course: Course) -> None:
    show = shown(crowd(course, 2))
    titles = [slide.shapes.title.text for slide in show.slides]
    assert len(set(titles)) == len(titles)
    for number, slide in enumerate(show.slides, start=1):
        told = set(fonts_of(slide._element))
        assert told <= {("Yu Gothic", "ja-JP"), ("Yu Mincho", "ja-JP")}
        ids = [shape.shape_id for shape in slide.shapes]
        assert len(set(ids)) == len(ids)
        numbers = [each for each in slide.placeholders if each.placeholder_format.idx == 12]
        assert [each.text_frame.text for each in numbers] == [str(number)]
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
    about = show.core_properties
    assert (about.author, about.last_modified_by, about.language) == ("", "", "ja-JP")
    assert about.created.date() == date(2026, 12, 3)
    theme = show.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob.decode()
    assert "Calibri" not in theme
    for layout in show.slide_layouts:  # of who adds a slide of their own
        right = max(shape.left + shape.width for shape in layout.placeholders)
        assert 0.9 * show.slide_width < right <= show.slide_width


def test_bars_begin_at_zero_are_all_named_and_told_in_the_notes(course: Course) -> None:
    show = shown(workshop(course, 42, (FEELING,)))
    ((chart, notes),) = [
        (shape.chart, slide.notes_slide.notes_text_frame.text)
        for slide in show.slides
        for shape in slide.shapes
        if shape.has_chart
    ]
    assert chart.value_axis.minimum_scale == 0
    axis = chart.category_axis._element
    assert axis.find(qn("c:tickLblSkip")).get("val") == "1"
    assert axis.getparent().find(qn("c:layout")) is not None
    assert chart.font._element.find(qn("a:ea")).get("typeface") == "Yu Gothic"
    for name, count in zip(chart.plots[0].categories, chart.plots[0].series[0].values, strict=True):
        assert f"{name}：答え {count:.0f}" in notes


def test_voices_fill_slides_and_a_heading_goes_on_with_them(course: Course) -> None:
    made = workshop(course, 42, ("fifteen-minutes",))
    (asked,) = made.asked
    typed = [item.ref for item in asked.exercise.items if item.field != "date"]
    spoken = [
        replace(each, items={ref: f"{n}番の人の「{ref}」です" for ref in typed}, consent=True)
        for n, each in enumerate(asked.given)
    ]
    show = shown(replace(made, asked=(replace(asked, given=tuple(spoken)),)))
    pages = [
        [paragraph.text for paragraph in shape.text_frame.paragraphs]
        for slide in show.slides
        for shape in slide.shapes
        if shape.has_text_frame and "番の人の" in shape.text_frame.text
        if "15分のはじめ" in slide.shapes.title.text
    ]
    assert all(not page[0].startswith("「") for page in pages)  # what it is an answer to
    assert sum(map(len, pages)) >= 7 * len(pages)


def test_of_few_people_one_slide_lists_what_was_only_counted(course: Course) -> None:
    show = shown(workshop(course, 4, (FEELING, "plan-class", "society-order")))
    assert len(show.slides) == 2
    for name in (FEELING, "plan-class", "society-order"):
        assert course.exercise(name).title in show.slides[1].shapes[1].text_frame.text


@given(
    text=st.text("あ、漢A1 w。%\n", max_size=60), room=st.floats(60, 900), size=st.integers(14, 32)
)
def test_text_is_never_given_fewer_lines_than_it_takes(
    font: ImageFont.FreeTypeFont, text: str, room: float, size: int
) -> None:
    taken = sum(lines_of(font, part, size, room) for part in text.split("\n"))
    assert line_count(text, size, room) >= taken


@given(heights=st.lists(st.integers(1, 50)))
def test_portions_hold_all_in_order_and_fit(heights: list[int]) -> None:
    parts = list(in_portions(heights, heights, 60))
    assert [each for part in parts for each in part] == heights
    assert all(sum(part) <= 60 for part in parts)
