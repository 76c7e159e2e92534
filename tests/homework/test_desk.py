"""What a grader does besides grading: what is left, who changed what, points a criterion, items."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from dxcourse.cli import main
from dxcourse.homework import HomeworkCourse, HomeworkError, give_back, grade_all
from dxcourse.homework.item_export import export_items
from dxcourse.homework.rubric import (
    criteria_of,
    misread_line,
    read_points,
    rubric_of,
    split_comment,
    with_points,
)
from dxcourse.homework.score_log import LOG, read_score_log, watching_scores
from dxcourse.homework.second_looks import (
    SECOND,
    ask_second_look,
    end_second_look,
    give_second_points,
    settle_readings,
    two_readings,
)
from dxcourse.homework.similar import AlikePair, alike_pairs
from dxcourse.homework.todo import todo_lines
from support.homework import FULL, HW, ROOT, Homework, cell_of, editing, give, right_answers

NOW = datetime(2026, 12, 1, tzinfo=UTC)
CRITERIA = """\
1. **だれが**　2点：人と場所。1点：どちらか。
2. **どのくらい**　2点：数と単位。

---

コメントにひとつだけ書いてください。
"""


@pytest.fixture
def rubric(homework: Homework) -> Homework:
    """A course whose reflection is read for two criteria."""
    with editing(homework.source / f"{HW}.ipynb") as notebook:
        prompt = cell_of(notebook, "reflection-prompt")
        scheme = f"### BEGIN MARK SCHEME\n{CRITERIA}\n### END MARK SCHEME"
        prompt["source"] = f"## ふりかえり\n\n{scheme}"
    HomeworkCourse.open(homework.root).generate(HW)
    return homework


def by_hand(homework: Homework, student: str, score: float | None, comment: str = "") -> None:
    """What formgrader does when somebody types a score, and a comment."""
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("reflection", HW, HW, student)
        grade.manual_score, grade.needs_manual_grade = score, score is None
        gradebook.find_comment("reflection", HW, HW, student).manual_comment = comment
        gradebook.db.commit()


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["homework", *arguments])
    return done.exit_code, done.output


# Points a criterion


@pytest.mark.parametrize("name", ["dx-basics", "dx-plan", "dx-manager"])
def test_our_rubrics_have_four_criteria(name: str) -> None:
    path = ROOT / f"exercises/homework/source/{name}/{name}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    (prompt,) = [cell.source for cell in cells if "MARK SCHEME" in cell.source]
    assert [each.points for each in criteria_of(prompt, 8)] == [2.0] * 4
    assert criteria_of(prompt, 9) == (), "they do not add up to that"


@pytest.mark.parametrize(
    ("comment", "points", "rest"),
    [
        ("観点 2 1\n何件でしたか", [2, 1], "何件でしたか"),
        ("２・１", [2, 1], ""),
        ("観点：1.5、0", [1.5, 0], ""),
        ("2+1\n", [2, 1], ""),
        ("2 1 0", [], "2 1 0"),
        ("3 0", [], "3 0"),
        ("2件 1件", [], "2件 1件"),
        ("よい", [], "よい"),
        ("", [], ""),
    ],
)
def test_a_comment_begins_with_the_points(comment: str, points: list[float], rest: str) -> None:
    prompt = f"問い\n### BEGIN MARK SCHEME\n{CRITERIA}\n### END MARK SCHEME"
    assert "コメント" not in rubric_of(prompt)
    scores, said = split_comment(comment, criteria_of(prompt, 4))
    assert ([each.points for each in scores], said) == (points, rest)


@pytest.mark.parametrize(
    ("comment", "misread", "written"),
    [
        ("", "", "観点 2 0.5"),
        ("何件でしたか", "", "観点 2 0.5\n何件でしたか"),
        ("観点 1 1\n何件でしたか", "", "観点 2 0.5\n何件でしたか"),
        ("観点 3 0\n何件でしたか", "観点 3 0", "観点 2 0.5\n何件でしたか"),
        ("2 1 0", "2 1 0", "観点 2 0.5"),
        ("観点 2 1 よい", "観点 2 1 よい", "観点 2 0.5"),
        ("9", "", "観点 2 0.5\n9"),
        ("観点がよい", "", "観点 2 0.5\n観点がよい"),
    ],
)
def test_points_take_the_place_of_those_that_a_comment_had(
    comment: str, misread: str, written: str
) -> None:
    prompt = f"問い\n### BEGIN MARK SCHEME\n{CRITERIA}\n### END MARK SCHEME"
    criteria = criteria_of(prompt, 4)
    assert [each.levels for each in criteria] == [
        "2点：人と場所。1点：どちらか。",
        "2点：数と単位。",
    ]
    assert misread_line(comment, criteria) == misread
    assert with_points(comment, read_points("2 0.5", criteria), criteria) == written


def test_points_a_criterion_are_given_back_and_add_up(rubric: Homework) -> None:
    course = HomeworkCourse.open(rubric.root)
    for student in ("p1", "p2"):
        rubric.hand_in(student, right_answers(rubric.source), reflection=f"{student}の文")
    grade_all(course, HW)
    assert any(
        "設問 reflection：読むのを待っている人 2 人（p1、p2）" in each
        for each in todo_lines(course, HW)
    )
    by_hand(rubric, "p1", 3, "観点 2 1\n何件でしたか")
    by_hand(rubric, "p2", 4, "観点 2 1\n何件でしたか")
    (wrong,) = todo_lines(course, HW)
    assert wrong.startswith("p2：reflection の観点の合計 3 点と、点数 4 点がちがいます")
    give_back(course, HW)
    pages = {
        student: (rubric.root / f"feedback/{student}/{HW}/{HW}.html").read_text(encoding="utf-8")
        for student in ("p1", "p2")
    }
    assert '<th scope="row">どのくらい</th><td>1 / 2</td>' in pages["p1"]
    assert 'back-criteria"' not in pages["p2"]
    for page in pages.values():
        assert "何件でしたか" in page
        assert "観点 2 1" not in page
        assert "コメントにひとつだけ" not in page


# Who changed which score


def test_every_change_of_a_score_is_noted(course: HomeworkCourse, homework: Homework) -> None:
    clock = iter(NOW + timedelta(minutes=n) for n in range(100))

    def watched(command: str) -> None:
        with watching_scores(course, command, who="ito", clock=lambda: next(clock)):
            if command == "grade":
                grade_all(course, HW)

    homework.hand_in("p1", right_answers(homework.source, "why"), reflection="文")
    watched("grade")
    entries, _ = read_score_log(course)
    assert {(each.who, each.done) for each in entries} == {("ito", "grade")}
    found = {each.cell: each.after for each in entries}
    assert found["test-why"] is not None
    assert (found["test-why"].points, "reflection" in found) == (1.0, False)
    by_hand(homework, "p1", 3)
    watched("export")
    (entry,) = read_score_log(course)[0][len(entries) :]
    assert (entry.who, entry.done, entry.cell) == ("", "", "reflection")
    assert entry.after is not None
    assert (entry.after.points, entry.after.by_hand) == (3.0, True)
    assert entry.since is not None
    assert entry.since < entry.time
    assert entry.cells[2:4] == ["わかりません", "formgraderかnbgrader"]
    assert entry.cells[-3:] == [None, "3（手で）", ""]
    give(homework.submitted("p1") / "answers.jsonl", right_answers(homework.source, "items"), "p1")
    watched("grade")
    watched("grade")
    (last,) = read_score_log(course, HW, "p1")[0][len(entries) + 1 :]
    assert (last.cell, last.done) == ("test-items", "grade")
    assert read_score_log(course, "other") == ([], 0)
    (homework.submitted("p1") / "answers.jsonl").write_bytes(b"damaged\nlines\n")
    watched("grade")
    gone = {each.cell: each for each in read_score_log(course)[0][len(entries) + 2 :]}
    assert gone["test-why"].after is not None
    assert (gone["test-why"].after.points, "reflection" in gone) == (None, False)


def test_a_torn_line_of_the_log_loses_no_other(course: HomeworkCourse, homework: Homework) -> None:
    homework.hand_in("p1", right_answers(homework.source))
    with watching_scores(course, "grade"):
        grade_all(course, HW)
    entries, _ = read_score_log(course)
    with (course.root / LOG).open("ab") as file:
        file.write(b'{"time": "2026-')
    by_hand(homework, "p1", 2)
    with watching_scores(course, "export"):
        pass
    again, damaged = read_score_log(course)
    assert (len(again), damaged) == (len(entries) + 1, 1)


def test_the_commands(
    course: HomeworkCourse, homework: Homework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.root)
    monkeypatch.setenv("DXCOURSE_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("DXCOURSE_SECRET_FILE", str(tmp_path / "secret"))
    homework.hand_in("p1", right_answers(homework.source))
    assert run("todo", HW) == (0, "受け取って、まだ採点していない人 1 人（p1）\n")
    assert run("grade", HW)[0] == 0
    assert run("todo", HW) == (0, "残っていることはありません\n")
    assert run("second-look", HW, "p9")[0] == 1
    assert run("second-look", HW, "p1", "--note", "3問め", "--reader", "sato")[0] == 0
    assert "p1：もう一度読むように頼まれています（読む人：sato）。3問め\n" in run("todo", HW)[1]
    assert run("second-look", HW, "p1", "--done")[0] == 0
    assert run("second-look", HW, "p1", "--done")[0] == 1
    assert run("feedback", HW, "--pages")[0] == 0
    assert run("withdraw", HW)[1] == "1 人分を取り下げました。答えは、また変えられます\n"
    said = run("scores", HW)[1]
    for done in ("採点", "もう一度読むよう頼んだ", "もう一度読んだ", "返した", "取り下げ"):
        assert f"  {done}  {HW}  p1" in said
    assert run("scores", HW, "--to", str(tmp_path / "log.csv"))[0] == 0
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["受講者"] for row in rows} == {"p1"}
    assert run("scores", "--to", str(tmp_path / "log.txt"))[0] == 1
    assert run("export", str(tmp_path / "i.csv"), "--items")[0] == 2
    assert run("export", str(tmp_path / "i.xlsx"), "--items", "--assignment", HW)[0] == 0
    moodle = str(tmp_path / "m.csv")
    assert run("export", moodle, "--moodle", "--questions")[0] == 0
    (row,) = csv.DictReader(StringIO(Path(moodle).read_text(encoding="utf-8")))
    assert (row[f"{HW}/test-ages"], row[f"{HW}/reflection"], row[HW]) == ("3", "0", f"{FULL:g}")
    assert run("similar", HW)[1] == "目立って似ているものはありません\n"


def test_a_second_look_is_of_what_is_graded(course: HomeworkCourse, homework: Homework) -> None:
    with pytest.raises(HomeworkError, match="採点したものがありません"):
        ask_second_look(course, HW, "../p1", now=NOW)
    with pytest.raises(HomeworkError, match="入っていません"):
        end_second_look(course, HW, "p1")
    (homework.root / ".dxcourse-second-looks.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(HomeworkError, match="壊れています"):
        end_second_look(course, HW, "p1")


# Two graders


def test_a_second_graders_points_stand_beside_the_firsts_until_they_are_settled(
    rubric: Homework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rubric.root)
    for student in ("p1", "p2", "p3"):
        rubric.hand_in(student, right_answers(rubric.source), reflection=f"{student}の文")
    assert run("grade", HW)[0] == 0
    by_hand(rubric, "p1", 3, "観点 2 1\n何件でしたか")
    by_hand(rubric, "p2", 4, "観点 2 2")
    assert run("second-look", HW, "p1", "--reader", "佐藤", "--note", "二人で")[0] == 0
    code, said = run("second-look", HW, "p1", "--points", "2 0")
    assert code == 0
    assert said.startswith("p1：reflection の点が二人でちがいます。一人め 2 1（3点）、二人め（"), (
        said
    )
    said = run("second-look", HW, "p1", "--points", "2 0", "--reader", "佐藤")[1]
    assert "二人め（佐藤）2 0（2点）、差 -1 点（どのくらい -1）" in said
    assert said in run("todo", HW)[1]
    assert rubric.grades("p1")["reflection"]["score"] == 3
    assert "もう一度読むように" not in run("todo", HW)[1]
    said = run("second-look", HW, "p2", "--points", "観点 2 2", "--reader", "佐藤")[1]
    assert said.startswith("p2：reflection の点は二人とも同じです")
    assert run("second-look", HW, "p2", "--done")[0] == 0
    assert run("second-look", HW, "p1", "--done")[0] == 1
    assert "一人めがまだ" in run("second-look", HW, "p3", "--points", "1 1", "--reader", "佐藤")[1]
    assert run("second-look", HW, "p3", "--settle", "first")[0] == 1
    listed = run("second-look", HW)[1].splitlines()
    assert [line[:2] for line in listed] == ["p1", "p3"]

    code, said = run("second-look", HW, "p1", "--settle", "1 1", "--by", "田中")
    assert (code, "1 1（2点） に決めました（田中）" in said) == (0, True)
    assert run("second-look", HW, "p3", "--settle", "second", "--by", "田中")[0] == 0
    assert rubric.grades("p1")["reflection"]["score"] == 2
    with Gradebook(f"sqlite:///{rubric.root / 'gradebook.db'}") as gradebook:
        found = gradebook.find_comment("reflection", HW, HW, "p1")
        assert found.comment == "観点 1 1\n何件でしたか"
    assert run("todo", HW)[1] == "残っていることはありません\n"
    entries, _ = read_score_log(HomeworkCourse.open(rubric.root), HW, "p1")
    (changed,) = [each for each in entries if each.done == "second_settled" and each.before]
    assert changed.after is not None
    assert (changed.who, changed.cell, changed.after.points) == ("田中", "reflection", 2)
    assert (
        "一人め 2 1（3点）、二人め（佐藤）2 0（2点）、決めた点 1 1（2点）" in run("scores", HW)[1]
    )


def test_points_of_a_second_grader_are_points_of_that_text(
    rubric: Homework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rubric.root)
    rubric.hand_in("p1", right_answers(rubric.source), reflection="文")
    assert run("grade", HW)[0] == 0
    for line in ("3 0", "2", "2 1 0", "よい"):
        code, said = run("second-look", HW, "p1", "--points", line)
        assert (code, f"「{line}」を点として読めません" in said) == (1, True)
    assert "満点（2 2）" in said
    assert run("second-look", HW, "p1", "--points", "2 1", "--cell", "nope")[0] == 1
    assert run("second-look", HW, "p9", "--points", "2 1")[0] == 1
    assert run("second-look", HW, "--points", "2 1")[0] == 2
    assert run("second-look", HW, "p1", "--points", "2 1", "--done")[0] == 2
    assert run("second-look", HW, "p1", "--settle", "2 1")[0] == 1
    assert run("second-look", HW)[1] == "二人めが点を付けたものはありません\n"


def test_a_text_without_criteria_has_one_number_from_each(
    course: HomeworkCourse, homework: Homework
) -> None:
    folder = homework.hand_in("p1", right_answers(homework.source), reflection="文")
    grade_all(course, HW)
    by_hand(homework, "p1", 3, "よい")
    found = give_second_points(course, HW, "p1", "2.5", reader="佐藤", now=NOW)
    assert (found.first, found.second, found.difference, found.agree) == ((3,), (2.5,), -0.5, False)
    (folder / "timestamp.txt").write_text("2026-11-25 01:00:00 UTC\n", encoding="utf-8")
    grade_all(course, HW)
    (found,) = two_readings(course, HW)
    assert (found.first, found.outdated) == ((), True), "it is to be read anew"
    settle_readings(course, HW, "p1", SECOND)
    assert homework.grades("p1")["reflection"]["score"] == 2.5
    assert two_readings(course, HW) == []


# Items


def test_items_have_the_first_and_the_last_attempt(
    course: HomeworkCourse, homework: Homework, tmp_path: Path
) -> None:
    wrong: dict[str, Any] = right_answers(homework.source, "items", "ages")
    (ref,) = wrong["items"]["items"]
    wrong["items"]["items"][ref] = 12
    folder = homework.hand_in("p1", wrong)
    give(folder / "answers.jsonl", right_answers(homework.source, "items"), "p1")
    homework.hand_in("p2")
    (homework.hand_in("p3") / "answers.jsonl").write_bytes(b"damaged\nlines\n")
    left = export_items(course, tmp_path / "items.csv", HW)
    assert [line.split(":")[0] for line in left] == ["p3"]
    with (tmp_path / "items.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["受講者"], row["設問"]): row for row in csv.DictReader(file)}
    row = rows["p1", "items"]
    assert (row["はじめの答え"], row["はじめの点"]) == ("12項目", "0.0")
    assert (row["おわりの答え"], row["おわりの点"], row["答えた回数"]) == ("13項目", "1.0", "2")
    assert rows["p2", "items"]["答えた回数"] == "0"
    assert rows["p2", "items"]["おわりの点"] == ""
    assert "p3" not in {student for student, _ in rows}
    with pytest.raises(HomeworkError, match="そういう課題はありません"):
        export_items(course, tmp_path / "items.csv", "nope")


# What is alike


def test_alike_texts_and_equal_wrong_answers_are_pointed_at(
    course: HomeworkCourse, homework: Homework
) -> None:
    text = "平日の昼休みに転入の届出に来た人が、一階の窓口で、三枚の用紙の書き直しを待っています。"
    own = "後援の名義は、決裁が四段あり、頼みに来た団体の返事待ちが平均で十八日になっていました。"
    right = right_answers(homework.source)
    wrong = right_answers(homework.source)
    for name in ("items", "ages", "year"):
        for ref, value in wrong[name]["items"].items():
            wrong[name]["items"][ref] = 12 if name == "items" else value
    wrong["ages"]["items"] = {ref: each[::-1] for ref, each in wrong["ages"]["items"].items()}
    wrong["pairs"]["items"] = dict(
        zip(wrong["pairs"]["items"], [*wrong["pairs"]["items"].values()][::-1], strict=True)
    )
    homework.hand_in("p1", right, reflection=text)
    homework.hand_in("p2", right, reflection=text.replace("一階", "二階").replace("、", " "))
    homework.hand_in("p3", wrong, reflection=own)
    homework.hand_in("p4", wrong, reflection="短い")
    homework.hand_in("p5", wrong).joinpath(f"{HW}.ipynb").unlink()
    (homework.hand_in("p6") / "answers.jsonl").write_bytes(b"damaged\nlines\n")
    found = alike_pairs(course, HW)
    assert [each.students for each in found] == [
        ("p1", "p2"),
        ("p3", "p4"),
        ("p3", "p5"),
        ("p4", "p5"),
    ]
    assert 0.9 < found[0].text < 1
    assert found[0].answers == 0, "right answers are alike by nature"
    assert found[1] == AlikePair(("p3", "p4"), 0.0, 4, 4)
