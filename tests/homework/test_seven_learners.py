"""The graders' guide walked with seven learners: each step runs, and each learner is right."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from dxcourse.cli import main
from support.homework import FULL, HW, REFLECTION, Homework, cell_of, editing, give, right_answers

ROSTER = "職員番号,姓,名,メール\n" + "".join(
    f"{name},{name},x,{name}@example.jp\n"
    for name in ("yamada", "suzuki", "tanaka", "sato", "ito", "kato", "mori")
)
TEXT = "窓口で三枚の用紙を待つ。四月に数えたら一日9人、ひとり12分。"


@pytest.fixture
def run(homework: Homework, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Type one of our commands in the course's folder."""
    monkeypatch.chdir(homework.root)

    def typed(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, ["homework", *arguments])
        assert done.exit_code == code, done.output
        return done.output

    return typed


def handed_in(homework: Homework, folder: Path, *names: str, text: str = TEXT) -> Path:
    """What a learner has on their machine: the release, answered."""
    shutil.copytree(homework.release, folder)
    give(folder / "answers.jsonl", right_answers(homework.source, *names), folder.name)
    with editing(folder / f"{HW}.ipynb") as notebook:
        cell_of(notebook, "reflection")["source"] = text
    return folder


def inbox_of_seven(homework: Homework, root: Path) -> Path:
    inbox, desk = root / "inbox", root / "desk"
    inbox.mkdir()
    handed_in(homework, inbox / "yamada")
    handed_in(homework, inbox / "suzuki", "why", "ages")
    only = handed_in(homework, inbox / "tanaka")  # the reflection alone
    (only / "answers.jsonl").unlink()
    (only / "exercises.yaml").unlink()
    handed_in(homework, desk / "sato")  # sends the folder as a zip
    shutil.make_archive(str(inbox / "sato"), "zip", desk, "sato")
    (inbox / "ito").mkdir()  # a photo of the screen
    (inbox / "ito/IMG_0001.jpg").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    moodle = inbox / "kato x_4711_assignsubmission_file_"
    handed_in(homework, desk / "kato").rename(moodle)
    return inbox  # mori sends nothing


def test_the_guide_from_release_to_giving_back(
    homework: Homework, run: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "名簿.csv").write_bytes(ROSTER.encode("cp932"))
    assert "7 人" in run("roster", str(tmp_path / "名簿.csv"))
    # Answers of `give` are of 23 November, 18 o'clock in Japan: suzuki alone will have had no more.
    run("release", HW, "--due", "2026-11-22 17:00")
    inbox = inbox_of_seven(homework, tmp_path)
    said = run("collect", HW, "--from", str(inbox), code=1)
    assert "受け取り 5 人、前と同じ 0 人、受け取れない 1 人、まだ 1 人" in said
    assert "IMG_0001.jpg" in said
    for student in ("yamada", "sato", "tanaka", "kato"):
        run("extend", HW, student, "--until", "2099-01-01")
    assert "まだ採点していない人 5 人" in run("todo", HW)
    run("grade", HW)
    todo = run("todo", HW)
    assert (
        "設問 reflection：読むのを待っている人 5 人（kato、sato、suzuki、tanaka、yamada）" in todo
    )
    assert "まだ出していない人 2 人（ito、mori）" in todo
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        for student in ("kato", "sato", "suzuki", "tanaka"):
            grade = gradebook.find_grade("reflection", HW, HW, student)
            grade.manual_score, grade.needs_manual_grade = REFLECTION - 1, False
        gradebook.db.commit()
    assert "読むのを待っている人 1 人（yamada）" in run("todo", HW)
    run("feedback", HW)
    for student in ("kato", "sato", "suzuki", "tanaka", "yamada"):
        path = homework.root / f"feedback/{student}/{HW}/{HW}.html"
        page = path.read_text(encoding="utf-8")
        assert f"<dd>{student}</dd>" in page
        assert TEXT in page
        assert "採点を見直してほしいとき" in page
        assert ("日おくれ" in page) is (student == "suzuki")
        assert ("採点がまだ済んでいません" in page) is (student == "yamada")
    run("export", str(tmp_path / "成績.csv"))
    text = (tmp_path / "成績.csv").read_text(encoding="utf-8-sig")
    found = {row["受講者"]: (row["点数"], row["状態"]) for row in csv.DictReader(StringIO(text))}
    assert found == {
        "yamada": ("", "記述の採点待ち"),
        "suzuki": (str(4.0 + REFLECTION - 1), "採点済み"),
        "tanaka": (str(float(REFLECTION - 1)), "採点済み"),
        "sato": (str(FULL + REFLECTION - 1), "採点済み"),
        "kato": (str(FULL + REFLECTION - 1), "採点済み"),
        "ito": ("", "提出なし"),
        "mori": ("", "提出なし"),
    }
    assert "grade  " not in run("scores", HW, "--student", "mori")
    assert "formgraderかnbgrader" in run("scores", HW, "--student", "kato")
    mails = run("mail-feedback", HW, str(tmp_path / "m.csv"), "--yes")
    assert "5 人分のメールを書きました" in mails
