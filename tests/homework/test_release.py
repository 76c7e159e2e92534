from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from dxcourse.assignment import Assignment
from dxcourse.homework import HomeworkError, collect_from, grade_all
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.deadlines import release
from dxcourse.homework.hand_in import HandInState, own_texts
from dxcourse.homework.pages.handout import Handout
from dxcourse.homework.rubric import FOR_GRADERS, SCHEME
from dxcourse.homework.times import is_due_notice
from support.homework import (
    CANARY,
    EXERCISES,
    HW,
    POINTS,
    ROOT,
    RUBRIC,
    Homework,
    editing,
    give,
    right_answers,
    source_notebook,
)


def everything(folder: Path) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()
    )


def test_a_release_has_neither_keys_nor_feedback_nor_the_rubric(released: Homework) -> None:
    text = everything(released.release)
    assert CANARY in everything(released.source)
    for secret in (CANARY, RUBRIC, "模範", "correct:", "tolerance"):
        assert secret not in text
    assert sorted(path.name for path in released.release.iterdir()) == [
        "exercises.yaml",
        "hw1.ipynb",
    ]
    assert not Assignment.load(released.release).keyed


def test_what_learners_fetch_has_neither(released: Homework, tmp_path: Path) -> None:
    """With nbgrader's own exchange, release to fetch."""
    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    root = shutil.copytree(released.root, tmp_path / "course")
    homework = Homework(root)
    options = (f"--Exchange.root={exchange}", "--course=dx")
    homework.run("release_assignment", HW, *options)
    desk = tmp_path / "desk"
    desk.mkdir()
    Homework(desk).run("fetch_assignment", HW, *options)
    text = everything(desk)
    assert "手順書は何のため" in text
    assert CANARY not in text


def test_nbgraders_own_program_releases_the_same(homework: Homework) -> None:
    ours = {path.name: path.read_bytes() for path in homework.release.iterdir()}
    homework.run("generate_assignment", HW, "--force")
    assert {path.name: path.read_bytes() for path in homework.release.iterdir()} == ours


def test_a_release_is_made_anew(course: HomeworkCourse, homework: Homework) -> None:
    (homework.release / "exercises.yaml").unlink()
    course.generate(HW)
    assert not Assignment.load(homework.release).keyed


def test_the_cells_learners_must_not_change_are_locked(released: Homework) -> None:
    notebook = nbformat.read(released.release / f"{HW}.ipynb", as_version=4)
    locked = [cell for cell in notebook.cells if cell.metadata.get("editable") is False]
    assert len(locked) == 1 + 2 * len(POINTS) + 1


@pytest.mark.parametrize("name", ["answers.jsonl", "answers.jsonl.torn"])
def test_answers_in_a_source_are_refused(
    course: HomeworkCourse, homework: Homework, name: str
) -> None:
    give(homework.source / name, right_answers(homework.source, "why"), "author")
    with pytest.raises(HomeworkError, match="書く人のフォルダーに答えがあります"):
        course.generate(HW)
    assert not homework.release.exists()


def test_nbgraders_own_command_refuses_them_too(homework: Homework) -> None:
    give(homework.source / "answers.jsonl", right_answers(homework.source, "why"), "author")
    said = homework.run("generate_assignment", HW, "--force", ok=False)
    assert "書く人のフォルダーに答えがあります" in said
    assert not homework.release.exists()


@pytest.mark.parametrize("name", ["exercises.yaml.bak", "old.txt", "deeper/notes.md"])
def test_a_copy_of_the_keys_is_refused(
    course: HomeworkCourse, homework: Homework, name: str
) -> None:
    copy = homework.source / name
    copy.parent.mkdir(exist_ok=True)
    shutil.copy(homework.source / "exercises.yaml", copy)
    with pytest.raises(HomeworkError, match=f"{copy.name}：正解の側の文"):
        course.generate(HW)
    assert not homework.release.exists()


def test_a_notebook_that_gives_feedback_away_is_refused(
    course: HomeworkCourse, homework: Homework
) -> None:
    with editing(homework.source / f"{HW}.ipynb") as notebook:
        notebook.cells[1].source = f"ヒント：{CANARY}、\n十三"
    with pytest.raises(HomeworkError, match="セル head に、正解の側の文"):
        course.generate(HW)
    assert not homework.release.exists()


def test_one_notebook_alone_leaves_no_keys_behind_either(homework: Homework) -> None:
    """nbgrader removes a failed release only where all notebooks are released."""
    give(homework.source / "answers.jsonl", right_answers(homework.source, "why"), "author")
    shutil.rmtree(homework.release)
    homework.run("generate_assignment", HW, f"--notebook={HW}", ok=False)
    assert not (homework.release / "exercises.yaml").exists()
    assert not (homework.release / "answers.jsonl").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda cell: cell.update(source='grade("why");'), "ひとつだけ"),
        (lambda cell: cell.update(source='print(1)\ngrade("why")'), "ひとつだけ"),
        (lambda cell: cell.update(source='grade("nope")'), "課題「nope」がありません"),
        (lambda cell: cell.update(source='grade("ticks")'), "二度あります"),
        (
            lambda cell: cell["metadata"]["nbgrader"].update(points=3),
            "3 点とありますが",
        ),
    ],
)
def test_a_test_cell_that_would_not_be_graded_aright_is_refused(
    course: HomeworkCourse, homework: Homework, change: object, message: str
) -> None:
    assert callable(change)
    with editing(homework.source / f"{HW}.ipynb") as notebook:
        change(next(cell for cell in notebook.cells if cell.id == "test-why"))
    with pytest.raises(HomeworkError, match=message):
        course.generate(HW)


def test_every_mistake_is_told_at_once(course: HomeworkCourse, homework: Homework) -> None:
    notebook = source_notebook(points={"why": 2, "gone": 1})
    nbformat.write(notebook, homework.source / f"{HW}.ipynb")
    with pytest.raises(HomeworkError) as caught:
        course.generate(HW)
    assert "セル test-why：2 点" in str(caught.value)
    assert "課題「gone」がありません" in str(caught.value)


def test_a_mistake_in_the_exercises_is_told_with_its_line(
    course: HomeworkCourse, homework: Homework
) -> None:
    text = EXERCISES.replace("bin: deadline", "bin: deadine")
    (homework.source / "exercises.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(HomeworkError, match=r"exercises\.yaml:\d+: .*「deadine」"):
        course.generate(HW)
    assert not (homework.release / "exercises.yaml").exists()


def test_a_keyless_file_in_a_source_is_refused(course: HomeworkCourse, homework: Homework) -> None:
    shutil.copy(homework.release / "exercises.yaml", homework.source)
    with pytest.raises(HomeworkError, match="正解がありません"):
        course.generate(HW)


def notices(notebook: Path) -> list[str]:
    cells = nbformat.read(notebook, as_version=4).cells
    return [cell.source for cell in cells if is_due_notice(cell.source)]


def test_a_release_says_when_it_is_due_and_a_moved_deadline_changes_no_hand_in(
    course: HomeworkCourse, homework: Homework, tmp_path: Path
) -> None:
    notebook = homework.release / f"{HW}.ipynb"
    assert notices(notebook) == []
    release(course, HW, "2026-12-25 17:00")
    (first,) = notices(notebook)
    assert "2026年12月25日 17:00（日本時間）" in first
    old = notebook.read_bytes()
    homework.hand_in("alice", right_answers(homework.source))
    release(course, HW, "2027-01-08")
    (moved,) = notices(notebook)
    assert "2027年1月8日 23:59" in moved
    assert moved not in Handout.at(homework.release).html, "pages state it by themselves"
    done = grade_all(course, HW)
    assert (done.notes, done.failed) == ({}, {})
    assert homework.grades("alice")["reflection"]["needs_manual_grade"] is False
    inbox = tmp_path / "inbox/alice"
    inbox.mkdir(parents=True)
    (inbox / f"{HW}.ipynb").write_bytes(old)
    taken = collect_from(course, HW, tmp_path / "inbox", add=True).of("alice")
    assert taken.state is not HandInState.REFUSED
    assert first not in own_texts(old, None)


def test_what_a_learner_writes_into_the_deadlines_cell_is_theirs(
    course: HomeworkCourse, homework: Homework
) -> None:
    release(course, HW, "2026-12-25")
    with editing(homework.hand_in("alice", {}) / f"{HW}.ipynb") as notebook:
        (cell,) = [each for each in notebook.cells if is_due_notice(each.source)]
        cell.source += "\n窓口で三枚の用紙を待つ。"
    assert grade_all(course, HW).notes.keys() == {"alice"}
    assert homework.grades("alice")["reflection"]["needs_manual_grade"] is True


def test_a_release_that_fails_leaves_the_deadline(
    course: HomeworkCourse, homework: Homework
) -> None:
    release(course, HW, "2026-12-25")
    give(homework.source / "answers.jsonl", right_answers(homework.source), "author")
    with pytest.raises(HomeworkError, match="書く人のフォルダーに答えがあります"):
        release(course, HW, "2027-01-08")
    with course.gradebook() as gradebook:
        assert f"{gradebook.find_assignment(HW).duedate:%Y-%m-%d}" == "2026-12-25"


@pytest.mark.parametrize("name", ["dx-basics", "dx-plan", "dx-manager"])
def test_what_a_rubric_says_to_graders_stands_below_its_line(name: str) -> None:
    path = ROOT / f"exercises/homework/source/{name}/{name}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    (rubric,) = [found[1] for cell in cells if (found := SCHEME.search(cell.source))]
    shown, *rest = FOR_GRADERS.split(rubric)
    assert len(rest) == 1
    for word in ("迷ったら", "コメント", "採点者"):
        assert word not in shown
    assert "迷ったら" in rest[0]
