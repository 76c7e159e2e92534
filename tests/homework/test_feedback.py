from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from dxcourse.assignment import Assignment
from dxcourse.homework import HomeworkCourse, grade_all
from support.homework import (
    CANARY,
    EXERCISES,
    FULL,
    HW,
    REFLECTION,
    RUBRIC,
    Homework,
    make_homework,
    meta,
    right_answers,
    source_notebook,
)

UNMARKED = """
- kind: scale
  id: mood
  title: 始める前の自分
  levels: [話せる, 聞いたことはある]
  items: [{id: dx, text: DXは何か, feedback: {"1": だれに聞きますか}}]
- kind: opinion
  id: unasked
  title: 聞かなかったこと
  placeholder: ひとこと
  max_length: 100
  mirror: {process: "「{term}」とは", culture: x, experience: x, value: x, tools: x, none: x}
"""
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def given_back(course: HomeworkCourse, homework: Homework, student: str = "alice") -> str:
    grade_all(course, HW)
    course.feedback(HW, student)
    page = homework.root / "feedback" / student / HW / f"{HW}.html"
    return page.read_text(encoding="utf-8")


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.split("<body>")[1]))


def mark_by_hand(homework: Homework, student: str = "alice", **changes: Any) -> None:
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        for name, score in changes.items():
            grade = gradebook.find_grade(name.replace("_", "-"), HW, HW, student)
            grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.find_comment(
            "reflection", HW, HW, student
        ).manual_comment = "だれの、が具体的です"
        gradebook.db.commit()


def test_each_item_says_what_was_answered_what_is_right_and_why(
    course: HomeworkCourse, homework: Homework
) -> None:
    answers = right_answers(homework.source, "why", "bins", "year")
    source = right_answers(homework.source)
    answers["items"] = {"items": dict.fromkeys(source["items"]["items"], 12)}
    answers["ages"] = {"items": {ref: r[::-1] for ref, r in source["ages"]["items"].items()}}
    homework.hand_in("alice", answers)
    text = text_of(given_back(course, homework))
    assert "あなたの答え 進め方を示すため ✓ そのとおり" in text
    assert "あなたの答え 12項目 ✗" in text
    assert f"解答 13項目 {CANARY}、数え直す 解答の理由 {CANARY}、十三" in text
    assert "情報社会 → 工業社会 → 農耕社会 → 狩猟社会" in text
    assert "解答 狩猟社会 → 農耕社会 → 工業社会 → 情報社会" in text
    assert "証拠：根拠法 期限DX" in text.replace("\u3000", " ")
    assert "あなたの答え 11月から12月まで" in text
    assert "答えがありませんでした 解答 「行かない窓口」「書かない窓口」" in text


@pytest.mark.parametrize("kept", [(), ("ages", "year")])
def test_nothing_wrong_or_missing_is_given_back_what_is_said_of_a_right_order_or_plan(
    course: HomeworkCourse, homework: Homework, kept: tuple[str, ...]
) -> None:
    right = right_answers(homework.source, "ages", "year")
    turned = {
        "ages": {"items": {ref: it[::-1] for ref, it in right["ages"]["items"].items()}},
        "year": {"items": dict.fromkeys(right["year"]["items"], 0)},
    }
    homework.hand_in("alice", {name: turned[name] for name in kept})
    text = text_of(given_back(course, homework))
    assert "解答 狩猟社会 → 農耕社会 → 工業社会 → 情報社会" in text
    assert (f"{CANARY}、もう一度" in text) is ("ages" in kept)
    assert f"{CANARY}、順序" not in text
    assert f"{CANARY}、間に合った" not in text
    assert f"解答の理由 {CANARY}、十三" in text


def test_what_is_said_of_a_right_order_is_given_back_for_a_right_one(
    course: HomeworkCourse, homework: Homework
) -> None:
    homework.hand_in("alice", right_answers(homework.source, "ages", "year"))
    text = text_of(given_back(course, homework))
    assert f"{CANARY}、順序" in text
    assert f"{CANARY}、間に合った" in text


def test_it_is_a_page_of_its_own_in_japanese(course: HomeworkCourse, homework: Homework) -> None:
    homework.hand_in("alice", right_answers(homework.source))
    page = given_back(course, homework)
    assert '<html lang="ja">' in page
    assert "@media print" in page
    for outside in ("http:", "https:", "//cdn", "<script", "<link", "url("):
        assert outside not in page
    for code in ("grade(", "exercise(", "HIDDEN TESTS", "MARK SCHEME", "import"):
        assert code not in page.split("<body>")[1]


def test_nothing_else_is_given_back(course: HomeworkCourse, homework: Homework) -> None:
    """By itself nbgrader copies the keyed file, and whatever was handed in."""
    folder = homework.hand_in("alice", right_answers(homework.source))
    (folder / "deep").mkdir()
    (folder / "deep/notes.txt").write_text("x", encoding="utf-8")
    (folder / "evil.html").write_text("<script>1</script>", encoding="utf-8")
    (folder / "submission_secret.txt").write_text("s", encoding="utf-8")
    given_back(course, homework)
    kept = {path.name for path in (homework.root / "feedback/alice" / HW).rglob("*")}
    assert kept == {f"{HW}.html", "timestamp.txt", "submission_secret.txt"}


def test_nbgraders_own_command_gives_the_same(course: HomeworkCourse, homework: Homework) -> None:
    homework.hand_in("alice", right_answers(homework.source, "why"))
    page = given_back(course, homework)
    homework.run("generate_feedback", HW, "--force")
    path = homework.root / "feedback/alice" / HW / f"{HW}.html"
    assert path.read_text(encoding="utf-8") == page
    assert not path.with_name("exercises.yaml").exists()


def test_what_a_learner_wrote_is_text(course: HomeworkCourse, homework: Homework) -> None:
    answers = right_answers(homework.source, "bins")
    for value in answers["bins"]["items"].values():
        value["reason"] = HOSTILE
    homework.hand_in("alice", answers, reflection=HOSTILE)
    page = given_back(course, homework)
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;") == 3


def test_hand_grading_is_awaited_and_then_told(course: HomeworkCourse, homework: Homework) -> None:
    homework.hand_in("alice", right_answers(homework.source), reflection="窓口が変わる")
    before = text_of(given_back(course, homework))
    assert "採点待ち" in before
    assert "記述の採点がまだ済んでいません" in before
    assert RUBRIC not in before
    mark_by_hand(homework, reflection=3.0, test_why=0.5)
    course.feedback(HW, "alice")
    after = text_of(given_back(course, homework))
    assert "記述 3 / 4 点" in after
    assert f"評価の観点 {RUBRIC}" in after
    assert "採点者から だれの、が具体的です" in after
    assert "手順書は何のため？ 0.5 / 1 点" in after
    assert "15.5 / 17 点" in after


def test_an_answer_left_blank_is_said_in_japanese(
    course: HomeworkCourse, homework: Homework
) -> None:
    homework.hand_in("alice", {})
    text = text_of(given_back(course, homework))
    assert "No response" not in text
    assert "採点者から 答えがありませんでした" in text


def test_times_are_japans_and_lateness_is_said(course: HomeworkCourse, homework: Homework) -> None:
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment(HW, duedate=datetime(2026, 11, 22, 8))  # noqa: DTZ001
    homework.hand_in("alice", {})
    text = text_of(given_back(course, homework))
    assert "提出 2026年11月24日 10:00（日本時間）" in text
    assert "締切（2026年11月22日 17:00（日本時間））から 2 日おくれ" in text


def test_objectives_are_added_up(course: HomeworkCourse, homework: Homework) -> None:
    path = homework.source / "exercises.yaml"
    text = path.read_text(encoding="utf-8")
    for name in ("why", "ticks"):
        text = text.replace(f"  id: {name}\n", f"  id: {name}\n  objectives: [read-plan]\n")
    path.write_text(text, encoding="utf-8")
    homework.hand_in("alice", right_answers(homework.source, "ticks"))
    assert "めあてごとの点数 めあて 点数 read-plan 2 / 3" in text_of(given_back(course, homework))


@pytest.mark.parametrize("student", ["*", "alice"])
def test_a_submission_that_was_not_graded_gets_none(
    course: HomeworkCourse, homework: Homework, student: str
) -> None:
    homework.hand_in("alice", right_answers(homework.source))
    (homework.hand_in("bob") / "answers.jsonl").write_bytes(b"{}\n")
    grade_all(course, HW)
    course.feedback(HW, student)
    assert not (homework.root / "feedback/bob").exists()


def test_what_is_not_marked_is_given_back_where_it_was_answered(tmp_path: Path) -> None:
    """Without points, and without a key; what was left out is not held against anyone."""
    notebook = source_notebook()
    for name in ("mood", "unasked"):
        shown = new_code_cell(f'exercise("{name}")', metadata=meta(f"ex-{name}"))
        notebook.cells.insert(1, shown)
    homework = make_homework(tmp_path / "course", EXERCISES + UNMARKED, notebook)
    course = HomeworkCourse.open(homework.root)
    course.generate(HW)
    (item,) = Assignment.load(homework.source).exercise("mood").items
    homework.hand_in("alice", {"mood": {"items": {item.ref: 1}}})
    text = text_of(given_back(course, homework))
    assert "始める前の自分 採点しません" in text
    assert "あなたの答え 聞いたことはある" in text
    assert "だれに聞きますか" in text
    assert "聞かなかったこと" not in text
    assert f"0 / {FULL + REFLECTION:g} 点" in text


def test_the_page_has_the_assignments_title_and_an_authors_markdown(
    course: HomeworkCourse, homework: Homework
) -> None:
    homework.hand_in("alice", {}, reflection="**7月**に\n## 始める")
    page = given_back(course, homework)
    assert "<h1>宿題</h1>" in page
    assert "<h2>ふりかえり</h2>" in page
    assert "<p>**7月**に</p><p>## 始める</p>" in page
