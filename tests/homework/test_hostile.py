"""What somebody hands in to do harm, or by a mishap that looks the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell

from dxcourse.homework import HomeworkCourse, give_back, grade_all, workers
from dxcourse.homework.pipeline import STAMP
from support.homework import HW, Homework, editing, gradebook_of, meta, right_answers

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no pipes, links and signals there")

CODE = {
    "writes": "import pathlib; pathlib.Path({out!r}, 'sprung').write_text('run')",
    "reads": "import shutil; shutil.copy('exercises.yaml', {out!r})",
    "kills": "import os, signal; os.kill(os.getppid(), signal.SIGKILL); os._exit(1)",
    "loops": "while True: pass",
    "prints": "print(100.0)",
    "scores": "100.0",
    "breaks": "raise SystemExit",
    "shells": "!touch {out}/sprung",
    "is no code": "'" * 3,
}


def everything(folder: Path) -> dict[str, int]:
    """Each file there is, and when it was changed."""
    return {str(p): p.lstat().st_mtime_ns for p in folder.rglob("*") if not p.is_dir()}


def hand_in_code(homework: Homework, student: str, code: str) -> None:
    """Hand in one right answer, and that code in every cell: nbgrader's, ours, and more."""
    folder = homework.hand_in(student, right_answers(homework.source, "why"))
    with editing(folder / f"{HW}.ipynb") as notebook:
        for cell in notebook.cells:
            cell.source = code
        notebook.cells.insert(0, new_code_cell(code))
        notebook.cells.append(
            new_code_cell(code, metadata=meta("more", grade=True, solution=True, points=100))
        )


@pytest.mark.parametrize("number", [1, 2])
def test_code_in_every_cell_is_never_run(
    course: HomeworkCourse, homework: Homework, tmp_path: Path, number: int
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for at, code in enumerate(CODE.values()):
        hand_in_code(homework, f"m{at}", code.format(out=str(outside)))
    before = everything(tmp_path)
    with workers(number) as executor:
        done = grade_all(course, HW, executor=executor)
    assert (done.made, done.failed) == (len(CODE), {})
    for at in range(len(CODE)):
        scores = homework.scores(f"m{at}")
        assert scores.pop("test-why") == 1.0
        assert scores.pop("reflection") is None  # text, to be read by a person
        assert set(scores.values()) == {0.0}
    after = everything(tmp_path)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert all(Path(name).is_relative_to(homework.root) for name in changed)
    assert list(outside.iterdir()) == []


def test_answers_with_html_are_text_to_learner_and_grader(
    course: HomeworkCourse, homework: Homework
) -> None:
    answers: dict[str, Any] = right_answers(homework.source, "why", "bins")
    for value in answers["bins"]["items"].values():
        value["reason"] = "<script>alert(1)</script>"
    answers["<img src=x onerror=alert(2)>"] = {"items": {}}
    homework.hand_in("mallory", answers, reflection="<script>alert(3)</script>")
    done = grade_all(course, HW)
    assert give_back(course, HW).failed == {}
    page = (homework.root / "feedback/mallory" / HW / f"{HW}.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "alert(3)" in page
    assert done.made == 1


def test_keys_do_not_leave_by_a_learners_files(course: HomeworkCourse, homework: Homework) -> None:
    """Links and names of a submission that point at the keys bring none into its feedback."""
    folder = homework.hand_in("mallory", {})
    (folder / "mine.txt").symlink_to(homework.source / "exercises.yaml")
    (folder / "deep").symlink_to(homework.source)
    grade_all(course, HW)
    give_back(course, HW)
    given = homework.root / "feedback/mallory" / HW
    assert {path.name for path in given.rglob("*")} == {f"{HW}.html", "timestamp.txt"}
    autograded = homework.autograded("mallory")
    assert {path.name for path in autograded.iterdir() if path.is_symlink()} == set()
    assert not (autograded / "mine.txt").exists()


def test_hostile_files_hold_nothing_up(
    course: HomeworkCourse, homework: Homework, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    folder = homework.hand_in("mallory", right_answers(homework.source))
    (folder / "link").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    with (folder / "large").open("wb") as file:
        file.truncate(200_000_000)
    for name, text in {"bad": "not json", "list": "[]", "deep": "[" * 100_000}.items():
        (homework.hand_in(name, {}) / f"{HW}.ipynb").write_text(text, encoding="utf-8")
    linked = homework.hand_in("linked")
    (linked / "answers.jsonl").symlink_to(folder / "answers.jsonl")
    (pipe := homework.hand_in("pipe") / f"{HW}.ipynb").unlink()
    os.mkfifo(pipe)
    with (homework.hand_in("huge") / f"{HW}.ipynb").open("r+b") as file:
        file.truncate(200_000_000)
    (homework.hand_in("when") / "timestamp.txt").write_text("きのう", encoding="utf-8")
    done = grade_all(course, HW)
    assert set(done.failed) == {"bad", "list", "deep", "linked", "pipe", "huge", "when"}
    assert all(message.count("\n") < 2 for message in done.failed.values())
    assert homework.scores("mallory")["test-why"] == 1.0
    kept = {path.name for path in homework.autograded("mallory").iterdir()}
    assert kept == {"answers.jsonl", "exercises.yaml", "hw1.ipynb", "timestamp.txt", STAMP}


def test_nbgraders_own_command_gives_no_score_to_what_cannot_be_read(homework: Homework) -> None:
    """Not 0, which a folder in place of the answers got, and nothing of a link or of 25 MB."""
    good = homework.hand_in("alice", right_answers(homework.source))
    (homework.hand_in("folder") / "answers.jsonl").mkdir()
    (homework.hand_in("link") / "answers.jsonl").symlink_to(good / "answers.jsonl")
    large = homework.hand_in("large", right_answers(homework.source)) / f"{HW}.ipynb"
    large.write_bytes(large.read_bytes() + b" " * 25_000_000)
    late = homework.hand_in("when", right_answers(homework.source))
    (late / "timestamp.txt").write_text("きのう", encoding="utf-8")
    homework.run("autograde", HW, ok=False)
    scored = {
        student
        for student, row in gradebook_of(homework).items()
        if any(automatic is not None for automatic, _, _ in row["grades"].values())
    }
    assert scored == {"alice"}
