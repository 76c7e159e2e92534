"""The report: what it tells, and what it never tells."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from math import ceil
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from dxcourse.workshop import Workshop
from dxcourse.workshop.report import (
    answers_csv,
    compare_rooms,
    excel_report,
    html_comparison,
    html_report,
)
from dxcourse.workshop.report.content import report_content
from dxcourse.workshop.results import GivenAnswer, Moderation, list_voices
from support.looks import cut_off, violations
from workshop.report.workshop_making import slide_texts, workshop

if TYPE_CHECKING:
    from pathlib import Path

    from dxcourse.course import Course
    from support.chromium import Chromium

OPINION = "what-is-dx"
FORMULA = '=HYPERLINK("http://evil.test","窓口")'
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def told(made: Workshop) -> str:
    """Everything that the four hold, as text."""
    book = load_workbook(io.BytesIO(excel_report(made)))
    cells = [str(cell.value) for sheet in book for row in sheet.rows for cell in row if cell.value]
    return "\n".join((html_report(made), answers_csv(made), *cells, *slide_texts(made)))


def said(course: Course, *texts: str, **fields: Any) -> Workshop:
    """A workshop in which just this was said, by people who agreed to be quoted."""
    made = workshop(course, 8, (OPINION,))
    ref = course.exercise(OPINION).items[0].ref
    given = tuple(
        GivenAnswer(f"who{at}", {ref: text}, consent=True) for at, text in enumerate(texts)
    )
    return replace(made, asked=(replace(made.asked[0], given=given, **fields),))


def test_all_three_tell_of_every_exercise(course: Course) -> None:
    made = workshop(course, 42)
    page, lines = html_report(made), answers_csv(made)
    book = load_workbook(io.BytesIO(excel_report(made)))
    assert len(book.sheetnames) == 1 + len(made.asked)
    for at, asked in enumerate(made.asked, start=1):
        assert f"<h2>{asked.exercise.title}</h2>" in page
        assert asked.exercise.title in lines
        assert book.worksheets[at]["A1"].value == asked.exercise.title
    assert "13:30〜15:30" in page


def test_the_agenda_stands_as_it_ran(course: Course) -> None:
    made = workshop(course, 8, (OPINION,))
    stop = replace(made.stops[0], ran=405.0, skipped=True, title="本音の時間")
    sheet = load_workbook(io.BytesIO(excel_report(replace(made, stops=(stop,))))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=5)]
    assert ["本音の時間", "13:30", 8, 6.8, "省略"] in rows


def test_before_stands_against_after(course: Course) -> None:
    page = html_report(workshop(course, 42))
    section = page.split(f"<h2>{course.exercise('honest-feeling-again').title}</h2>")[1]
    assert '<th scope="col">前</th>' in section
    assert "が答えを変えました" in section


def test_nobody_is_named(course: Course) -> None:
    made = workshop(course, 42)
    text = told(made)
    assert "山田太郎" not in text
    assert not [each.who for one in made.asked for each in one.given if f">{each.who}<" in text]
    assert not re.search(r"\bp\d+\b", answers_csv(made))


@pytest.mark.parametrize("size", [3, 42])
def test_words_stand_only_with_consent(course: Course, size: int) -> None:
    made = workshop(course, size, (OPINION, "fifteen-minutes"))
    asked = [
        replace(
            one,
            given=tuple(
                replace(
                    each,
                    items={
                        ref: f"秘密{at}番の声"
                        if isinstance(value, str) and "-" not in value
                        else value
                        for ref, value in each.items.items()
                    },
                    consent=at == 0,
                )
                for at, each in enumerate(one.given)
            ),
        )
        for one in made.asked
    ]
    text = told(replace(made, asked=tuple(asked), consents=frozenset({"p1"})))
    assert set(re.findall(r"秘密(\d+)番", text)) <= {"0", "1"}
    assert "秘密1番の声" in text


def test_few_self_checks_are_not_broken_down(course: Course) -> None:
    made = workshop(course, 4, ("manager-check",))
    page = html_report(made)
    assert "個人が分かる内訳は載せません" in page
    rows = list(csv.reader(io.StringIO(answers_csv(made).removeprefix("\ufeff"))))
    assert len(rows) == 2


def test_what_was_not_revealed_is_counted_only(course: Course) -> None:
    made = workshop(course, 12, ("plan-class",))
    page = html_report(replace(made, asked=(replace(made.asked[0], revealed=None),)))
    assert "答えの数だけ" in page
    assert 'class="heat"' not in page


@pytest.mark.parametrize(
    ("shown", "sentence"),
    [
        (True, "正解や会場の答えを知ったうえの答えが入っています"),
        (False, "そのあとは会場で見せていません"),
    ],
)
def test_what_was_asked_again_after_the_reveal_says_so(
    course: Course, sentence: str, *, shown: bool
) -> None:
    made = workshop(course, 12, ("plan-class",))
    (asked,) = made.asked
    assert sentence not in told(made)
    again = replace(asked, again=asked.revealed, revealed=asked.revealed if shown else None)
    made = replace(made, asked=(again,))
    book = load_workbook(io.BytesIO(excel_report(made)))
    assert sentence in html_report(made)
    assert sentence in str(book.worksheets[1]["A2"].value)
    assert "この問いは会場で見せていません" not in told(made)


def test_hidden_voices_stay_hidden(course: Course) -> None:
    made = said(course, "消したい声です", "残す声です")
    voices = list_voices(made.asked[0].exercise, made.asked[0].given, seed=made.seed)
    hidden = {v.id for each in voices.values() for v in each if v.text == "消したい声です"}
    asked = replace(made.asked[0], moderation=Moderation(hidden=frozenset(hidden)))
    text = told(replace(made, asked=(asked,)))
    assert "消したい" not in text
    assert "残す声です" in text


def test_what_was_typed_is_text(course: Course) -> None:
    made = said(course, SCRIPT, FORMULA, "\u202e逆さ\u202c", "あ" * 9000, "＝１＋１", "\x07鐘")
    page = html_report(made)
    assert "<script" not in page
    assert "<img" not in page
    assert not {"\u202e", "\u202c", "\x07"} & set(told(made))
    book = load_workbook(io.BytesIO(excel_report(made)))
    cells = [cell for sheet in book for row in sheet.rows for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell for cell in cells if cell.value == FORMULA and cell.quotePrefix]
    rows = list(csv.reader(io.StringIO(answers_csv(made).removeprefix("\ufeff"))))
    answers = {row[4] for row in rows[1:]}
    assert {f"'{FORMULA}", "'＝１＋１"} <= answers


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"{tag} {name}" for name, _ in attrs if name in {"src", "href", "style"}]
        self.found += [tag] if tag in {"script", "link", "img", "iframe", "object"} else []


def test_the_page_stands_alone(course: Course) -> None:
    page = html_report(workshop(course, 12))
    parser = _Addresses()
    parser.feed(page)
    assert parser.found == []
    assert "url(" not in page
    assert "http" not in page


def test_the_same_workshop_gives_the_same_report(course: Course) -> None:
    made = workshop(course, 12)
    mixed = replace(made, asked=tuple(replace(each, given=each.given[::-1]) for each in made.asked))
    assert html_report(made) == html_report(mixed)
    assert answers_csv(made) == answers_csv(mixed)


def test_an_empty_workshop_has_a_report(course: Course) -> None:
    made = replace(workshop(course, 0), began=None, ended=None)
    assert "<h1>" in html_report(made)
    assert excel_report(replace(made, asked=(), stops=()))


@pytest.mark.browser
@pytest.mark.xdist_group("wall")
@pytest.mark.parametrize("size", [3, 42])
def test_the_page_can_be_read_by_all(
    chromium: Chromium, course: Course, tmp_path: Path, size: int
) -> None:
    file = tmp_path / "report.html"
    file.write_text(html_report(workshop(course, size)), encoding="utf-8")
    chromium.take_up()
    context = chromium.browser.new_context()
    try:
        page = context.new_page()
        for width in (1000, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(file.as_uri())
            assert violations(page) == []
            assert cut_off(page) == []
    finally:
        context.close()
        chromium.lay_down()


def test_the_first_page_tells_who_moved_what_was_said_and_the_day_to_ask(course: Course) -> None:
    told = report_content(workshop(course, 42))
    assert told.summary.moved is not None
    assert told.summary.moved.view.exercise == "honest-feeling-again"
    assert 1 <= len(told.summary.voices) <= 3
    assert told.summary.month == "1月4日（月）"  # 2 January is a Saturday in a town hall's rest
    page = html_report(workshop(course, 42))
    assert page.index('class="front"') < page.index('class="questions"')


def test_of_few_nothing_is_broken_down_in_page_spreadsheet_or_csv(course: Course) -> None:
    few = workshop(course, 4, ("honest-feeling", "plan-class"))
    told = report_content(few)
    assert [result.view.withheld for result in told.results] == [True, True]
    assert not any(result.view.pictures for result in told.results)
    option = course.exercise("honest-feeling").items[0].options[0].text
    book = load_workbook(io.BytesIO(excel_report(few)))
    cells = [cell.value for sheet in book for row in sheet for cell in row]
    assert option not in html_report(few) + answers_csv(few) + str(cells)


def test_bars_are_charts_in_the_spreadsheet_and_its_head_stays_in_sight(course: Course) -> None:
    book = load_workbook(io.BytesIO(excel_report(workshop(course, 42, ("honest-feeling",)))))
    sheet = book.worksheets[1]
    assert len(getattr(sheet, "_charts")) == 1  # noqa: B009  -- untyped
    assert sheet.freeze_panes == "B2"


def test_the_spreadsheet_prints_on_pages_and_no_chart_lies_on_a_table(course: Course) -> None:
    long = "窓口に来た人が用紙を探さずにすむように、案内の紙を一枚だけ入口に置いてみたい。" * 2
    made = workshop(course, 42)
    spoken = said(course, long, "W" * 80, SCRIPT)
    book = load_workbook(io.BytesIO(excel_report(replace(made, asked=made.asked + spoken.asked))))
    assert not book.properties.creator
    for sheet in book:
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.page_setup.orientation == (
            "portrait" if sheet.max_column <= 5 else "landscape"
        )
        assert sheet.print_title_rows == "$1:$1"
        assert "A1" in sheet.merged_cells  # a title in one column would widen the print
        filled = {row[0].row for row in sheet.rows if any(cell.value for cell in row)}
        drawn = getattr(sheet, "_charts")  # noqa: B009  -- untyped
        for chart in drawn:
            place = chart.anchor
            assert place._from.col == 0  # beside the table it would make the print tiny
            rows = ceil(place.ext.height / 12700 / 15)  # of 15 points
            assert not filled & set(range(place._from.row + 1, place._from.row + 1 + rows))
            assert chart.y_axis.scaling.min == 0
            assert chart.x_axis.tickLblSkip == 1
        for (cell,) in sheet.iter_rows(max_col=1):
            if isinstance(cell.value, str) and len(cell.value) > 60:
                height = sheet.row_dimensions[cell.row].height
                assert height >= 2 * cell.font.size


def test_what_was_said_stands_once_in_page_and_spreadsheet(course: Course) -> None:
    said_once = [f"{n:02}番窓口で住民を待たせない" for n in range(12)]
    made = said(course, *said_once)
    page = html_report(made)
    book = load_workbook(io.BytesIO(excel_report(made)))
    cells = [cell.value for row in book.worksheets[1] for cell in row]
    questions = page.split('class="questions"')[1]
    for text in said_once:
        assert questions.count(text) == 1
        assert cells.count(text) == 1
    voices = [cell for cell in cells if cell == "声"]
    assert len(voices) == 1  # not a table for each page of the wall


@pytest.mark.browser
@pytest.mark.xdist_group("wall")
def test_nothing_is_lost_on_paper(chromium: Chromium, course: Course, tmp_path: Path) -> None:
    """Paper does not scroll: no table is wider than the page, be there many months or rooms."""
    made = workshop(course, 42)
    made = replace(made, tables={f"p{n}": n % 8 + 1 for n in range(42)})
    rooms = [
        replace(made, name=f"とても長い名前の会場で行われた研修会{n}", day=date(2026, 6, n))
        for n in range(1, 10)
    ]
    pages = {"report": html_report(made), "year": html_comparison(compare_rooms(rooms))}
    chromium.take_up()
    context = chromium.browser.new_context()
    try:
        page = context.new_page()
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 680, "height": 1000})  # 180 mm, less the margins
        for name, text in pages.items():
            file = tmp_path / f"{name}.html"
            file.write_text(text, encoding="utf-8")
            page.goto(file.as_uri())
            wide = page.evaluate(
                """() => [...document.querySelectorAll("table")]
                    .filter((table) => table.getBoundingClientRect().right > innerWidth
                        || table.scrollWidth > table.parentElement.clientWidth + 1)
                    .map((table) => table.caption.textContent)"""
            )
            assert wide == []
    finally:
        context.close()
        chromium.lay_down()
