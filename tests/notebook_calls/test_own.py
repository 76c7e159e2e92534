"""What is one learner's alone, as HTML: everything typed is text, and no score is in it."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from dxcourse.course import CourseError
from dxcourse.notebook_calls import LearnerReport
from dxcourse.notebook_calls.report import pledge_of
from support.learner import NASTY, Learner

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Reader(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: dict[str, str] = {}
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        assert not [name for name in found if name.startswith("on")]
        if tag == "a" and "download" in found:
            self.links[found["download"] or ""] = found["href"] or ""

    def handle_data(self, data: str) -> None:
        self.words += data


def own(learner: Learner, *, pages: bool = True) -> LearnerReport:
    return LearnerReport.of(learner.course, learner.store, learner.name, pages=pages)


def unpacked(address: str) -> bytes:
    return b64decode(address.partition(";base64,")[2])


PIECES: dict[str, Callable[[LearnerReport], str]] = {
    "plan": lambda own: own.plan_html(NOW),
    "certificate": lambda own: own.certificate_html(NASTY),
    "before and after": lambda own: own.before_after_html("first", "last"),
    "said": lambda own: own.said_html("first"),
    "the first page": lambda own: own.home_html(NOW),
    "the page of one's own": lambda own: own.mine_html(NOW),
    "the end of a chapter": lambda own: own.end_html("00"),
}


@pytest.mark.parametrize("pages", [True, False])
@pytest.mark.parametrize("piece", PIECES)
def test_what_a_learner_typed_is_text(learner: Learner, piece: str, pages: bool) -> None:  # noqa: FBT001
    learner.finishes()
    learner.pledges(whom=NASTY, digital=NASTY)
    learner.gives("first", {"only": NASTY})
    learner.gives("last", {"only": f"{NASTY}\n二行目"})
    read = Reader(PIECES[piece](own(learner, pages=pages)))
    assert NASTY in read.words
    assert not {"img", "script"} & set(read.tags)
    files = [
        Reader(unpacked(address).decode())
        for name, address in read.links.items()
        if name.endswith(".html")
    ]
    assert not files or any(NASTY in inside.words for inside in files)
    for inside in files:
        assert not {"img", "script"} & set(inside.tags)


@pytest.mark.parametrize("pages", [True, False])
def test_before_anything_is_answered_each_piece_says_what_to_do(
    learner: Learner,
    pages: bool,  # noqa: FBT001
) -> None:
    nothing = own(learner, pages=pages)
    assert "預けると" in nothing.plan_html(NOW)
    assert "答えると" in nothing.before_after_html("before", "after")
    certificate = Reader(nothing.certificate_html())
    assert "修了証は、2の章" in certificate.words
    assert "第00" in certificate.words
    assert "あと3問" in certificate.words
    assert "第02" not in certificate.words  # still coming
    assert "article" not in certificate.tags


def test_the_plan_shows_every_line_and_every_day(learner: Learner) -> None:
    learner.pledges()
    words = Reader(own(learner).plan_html(NOW)).words
    for each in ("誰のため", "窓口の人", "2026年12月1日（火）", "話した？", "2027年1月4日（月）"):
        assert each in words
    assert words.count("まだ空いています") == 1


def test_pages_fetch_files_and_a_notebook_carries_them(learner: Learner) -> None:
    learner.pledges()
    page, notebook = own(learner), own(learner, pages=False)
    assert 'data-download="/my/plan.xlsx"' in page.plan_html(NOW)
    assert "data:" not in page.plan_html(NOW)
    links = Reader(notebook.plan_html(NOW)).links
    assert sorted(links) == ["dx-my-plan.html", "dx-my-plan.ics", "dx-my-plan.xlsx"]
    calendar = Calendar.from_ical(unpacked(links["dx-my-plan.ics"]))
    assert len(calendar.walk("VEVENT")) == 3
    assert unpacked(links["dx-my-plan.xlsx"]).startswith(b"PK")
    assert unpacked(links["dx-my-plan.html"]).decode().startswith("<!doctype html>")


def test_the_certificate_has_a_day_and_a_name_and_no_score(learner: Learner) -> None:
    learner.finishes()
    read = Reader(own(learner).certificate_html("山田"))
    for each in ("修了証", "山田", "小さな講座", "2026年11月21日（土）"):
        assert each in read.words
    assert "点" not in read.words
    assert not re.search(r"\d+ ?[/%％]", read.words)
    assert "山田" not in own(learner).certificate_html()


def test_before_and_after_tell_no_sum(learner: Learner) -> None:
    learner.gives("before", {"one": "a", "two": "c"})
    learner.gives("after", {"one": "c", "two": "b"})
    html = own(learner).before_after_html("before", "after")
    words = Reader(html).words
    assert words.count("言えた") == 2
    assert words.count("これから") == 2
    assert "点" not in words
    assert html.index("/modules/01") < html.index("/modules/00")


def test_a_course_without_a_pledge_says_so(learner: Learner) -> None:
    bank: Any = learner.course.bank.exercises
    del bank["pledge"]
    with pytest.raises(CourseError, match="種類 pledge の課題がありません"):
        pledge_of(learner.course)


def test_who_has_not_begun_gets_the_first_page_as_it_is(learner: Learner) -> None:
    assert own(learner).home_html(NOW) == ""


def test_who_has_begun_is_led_to_the_next_question(learner: Learner) -> None:
    learner.gives("before", {"one": "a", "two": "a"})
    html = own(learner).home_html(NOW)
    assert 'href="/modules/00#ex-first"' in html
    assert "2章のうち0章を終えました" in html
    learner.gives("first", {"only": "朝の一文"})
    html = own(learner).home_html(NOW)
    assert 'href="/modules/01#ex-after"' in html
    assert "朝の一文" in html


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-11-24", "あと7日"),
        ("2026-11-30", "あしたです"),
        ("2026-12-01", "きょうです"),
        ("2026-12-02", "あと33日"),  # to the question of the 30th day, on 4 January
    ],
)
def test_who_has_finished_sees_the_days_that_are_left(
    learner: Learner, day: str, told: str
) -> None:
    learner.finishes()
    learner.pledges(day="2026-12-01")
    now = datetime.fromisoformat(day).replace(hour=3, tzinfo=UTC)
    words = Reader(own(learner).home_html(now)).words
    assert "ごちそうさまでした" in words
    assert told in words


def test_a_chapter_ends_when_its_questions_are_answered(learner: Learner) -> None:
    learner.gives("first", {"only": "朝の一文"})
    html = own(learner).end_html("00")
    assert "あと1問で" in html
    assert 'href="#ex-before"' in html
    assert "朝の一文" in html
    learner.gives("before", {"one": "a", "two": "a"})
    assert "一皿、空きました" in own(learner).end_html("00")
    with pytest.raises(CourseError, match="まだ書かれていません"):
        own(learner).end_html("02")


def test_a_question_comes_again_with_its_answer_only_where_that_was_told(
    learner: Learner,
) -> None:
    learner.gives("after", {"one": "a", "two": "b"})
    words = Reader(own(learner).mine_html(NOW)).words
    assert "いち" in words
    assert "答えc" in words
