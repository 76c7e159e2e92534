from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from itsdangerous import BadSignature
from nbformat.v4 import new_markdown_cell

from dxcourse.homework import HomeworkCourse, HomeworkError, give_back, grade_all, set_due
from dxcourse.homework.deadlines import extend
from dxcourse.homework.feedback_release import reasons_to_wait
from dxcourse.homework.pages import Links, publish_feedback, withdraw_feedback
from dxcourse.homework.pages.handout import feedback_file
from support.homework import HW, Homework, editing, give, right_answers

NOW = datetime(2026, 12, 1, tzinfo=UTC)
UNTIL = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def graded(course: HomeworkCourse, homework: Homework) -> HomeworkCourse:
    for student in ("p1", "p2"):
        homework.hand_in(student, right_answers(homework.source))
    grade_all(course, HW)
    return course


@pytest.fixture
def links(tmp_path: Path) -> Links:
    return Links("a secret of the tests", tmp_path / "revoked.json")


def shown(course: HomeworkCourse, links: Links) -> set[str]:
    """Whose feedback can be read under a link."""
    return {
        student
        for student in ("p1", "p2")
        if feedback_file(course.root, HW, links.who(HW, student)).is_file()
    }


def test_feedback_for_one_touches_nobody_else(graded: HomeworkCourse, links: Links) -> None:
    """F2: p2's lies written beside it."""
    give_back(graded, HW)
    assert publish_feedback(graded, HW, links, "p1") == 1
    assert shown(graded, links) == {"p1"}


def test_it_can_be_taken_back(graded: HomeworkCourse, links: Links) -> None:
    give_back(graded, HW)
    publish_feedback(graded, HW, links)
    assert withdraw_feedback(graded, HW, links, "p2") == ["p2"]
    assert shown(graded, links) == {"p1"}
    assert withdraw_feedback(graded, HW, links) == ["p1"]
    assert withdraw_feedback(graded, HW, links) == []
    assert shown(graded, links) == set()


def test_giving_early_or_unread_asks(
    graded: HomeworkCourse, homework: Homework, course: HomeworkCourse
) -> None:
    assert reasons_to_wait(graded, HW, ["p1", "p2"], NOW) == []
    set_due(graded, HW, "2026-12-25")
    assert "締切の前" in reasons_to_wait(graded, HW, ["p1"], NOW)[0]
    set_due(graded, HW, "2026-11-25")
    extend(graded, HW, "p1", until="2026-12-20")
    grade_all(graded, HW)
    assert reasons_to_wait(graded, HW, ["p2"], NOW) == []
    assert "p1" in reasons_to_wait(graded, HW, ["p1", "p2"], NOW)[0]
    shutil.rmtree(homework.submitted("p2"))
    homework.hand_in("p2", right_answers(homework.source), reflection="読んでください")
    grade_all(course, HW)
    assert "1 人" in reasons_to_wait(graded, HW, ["p2"], NOW)[0]


def test_one_link_is_revoked_and_the_next_one_goes_on(links: Links) -> None:
    first, other = links.token(HW, "p1", UNTIL), links.token(HW, "p2", UNTIL)
    who = links.read(first).who
    links.revoke(HW, "p1")
    with pytest.raises(BadSignature):
        links.read(first)
    assert links.read(other).assignment == HW
    assert links.read(links.token(HW, "p1", UNTIL)).who == who


def test_one_pass_writes_what_nbgraders_converter_writes(
    graded: HomeworkCourse, homework: Homework
) -> None:
    shutil.rmtree(homework.submitted("p2"))
    homework.hand_in("p2", right_answers(homework.source, "why"), reflection="書いた")
    grade_all(graded, HW)
    give_back(graded, HW)
    ours = {path: path.read_bytes() for path in (homework.root / "feedback").rglob("*.*")}
    shutil.rmtree(homework.root / "feedback")
    for student in ("p1", "p2"):
        graded.feedback(HW, student)
    theirs = {path: path.read_bytes() for path in (homework.root / "feedback").rglob("*.*")}
    assert {path: data for path, data in ours.items() if path.is_file()} == theirs


def test_without_a_grade_there_is_nothing_to_give(course: HomeworkCourse) -> None:
    with pytest.raises(HomeworkError, match="返せるものがありません"):
        give_back(course, HW)


@pytest.mark.parametrize("damaged", [False, True])
def test_what_was_graded_is_given_back_and_nothing_newer(
    course: HomeworkCourse, homework: Homework, *, damaged: bool
) -> None:
    """Its answers go with its points, as on nbgrader's road; the newer ones wait for `grade`."""
    homework.hand_in("p1", right_answers(homework.source))
    grade_all(course, HW)
    answers = homework.submitted("p1") / "answers.jsonl"
    if damaged:
        answers.write_bytes(b"damaged\nlines\n")
    else:
        give(answers, right_answers(homework.source, "why"), "p1")
    assert give_back(course, HW).failed == {}
    page = next((homework.root / f"feedback/p1/{HW}").glob("*.html")).read_text(encoding="utf-8")
    assert "あなたの答え13項目" in re.sub(r"<[^>]*>", "", page)


def test_a_text_beside_its_cell_is_given_back(course: HomeworkCourse, homework: Homework) -> None:
    """E: the learner reads what was read."""

    folder = homework.hand_in("p1", right_answers(homework.source))
    with editing(folder / f"{HW}.ipynb") as notebook:
        notebook.cells.append(new_markdown_cell("となりに書いた文", id="mine"))
    grade_all(course, HW)
    give_back(course, HW)
    page = next((homework.root / f"feedback/p1/{HW}").glob("*.html")).read_text(encoding="utf-8")
    assert "となりに書いた文" in page


def test_a_sentence_is_said_once_and_ticks_stand_apart(
    course: HomeworkCourse, homework: Homework
) -> None:
    """F10."""
    answers = right_answers(homework.source)
    (ref,) = answers["ticks"]["items"]
    answers["ticks"]["items"][ref] = answers["ticks"]["items"][ref][:1]
    homework.hand_in("p1", answers)
    grade_all(course, HW)
    give_back(course, HW)
    page = next((homework.root / f"feedback/p1/{HW}").glob("*.html")).read_text(encoding="utf-8")
    ticks = page[page.index("どれとどれ？") : page.index("分ける")]
    assert "「書かない窓口」" in ticks
    assert "「行かない窓口」" in ticks
    assert ticks.count("一つ目") == 1
