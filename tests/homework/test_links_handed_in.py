"""A link that is handed in, symbolic or hard, is followed on no road."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dxcourse.homework import HomeworkCourse, collect_from, give_back, grade_all
from dxcourse.homework.hand_in import HandInState
from dxcourse.homework.nbgrader.exchange import CollectWithoutLinks
from support.homework import HW, Homework, right_answers

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need rights there")
HIDDEN = "この文は採点者だけのものです"
LINKS: dict[str, Callable[[Path, Path], None]] = {"symbolic": os.symlink, "hard": os.link}


@pytest.fixture(params=list(LINKS))
def laid(request: pytest.FixtureRequest, homework: Homework, tmp_path: Path) -> tuple[Path, Path]:
    """A hand-in whose notebook is a link to an author's file, and that file."""
    secret = tmp_path / "authors.ipynb"
    notebook = (homework.release / f"{HW}.ipynb").read_text(encoding="utf-8")
    secret.write_text(notebook.replace("ここに書いてください。", HIDDEN), encoding="utf-8")
    folder = homework.hand_in("mallory", right_answers(homework.source))
    (folder / f"{HW}.ipynb").unlink()
    LINKS[request.param](secret, folder / f"{HW}.ipynb")
    return folder, secret


def says_it(root: Path) -> list[str]:
    """Every file below a folder of what was graded or given back that has the secret."""
    return [
        str(path)
        for step in ("autograded", "feedback")
        for path in (root / step).rglob("*")
        if path.is_file() and HIDDEN in path.read_text(encoding="utf-8", errors="replace")
    ]


def test_our_own_command(
    course: HomeworkCourse, homework: Homework, laid: tuple[Path, Path]
) -> None:
    homework.hand_in("alice", right_answers(homework.source))
    done = grade_all(course, HW)
    assert (list(done.failed), done.made) == (["mallory"], 1)
    give_back(course, HW)
    assert says_it(homework.root) == []
    assert HIDDEN in laid[1].read_text(encoding="utf-8")


def test_nbgraders_own_steps(
    course: HomeworkCourse, homework: Homework, laid: tuple[Path, Path]
) -> None:
    """Beside the notebook, too: what nbgrader copies by following a link is taken away."""
    folder, secret = laid
    with pytest.raises(Exception, match=r"ふつうのファイル|mallory"):
        course.autograde(HW, "mallory")
    (folder / f"{HW}.ipynb").unlink()
    (folder / f"{HW}.ipynb").write_bytes((homework.release / f"{HW}.ipynb").read_bytes())
    for name, make in LINKS.items():
        make(secret, folder / f"{name}.txt")
    (folder / "deep").symlink_to(secret.parent)
    course.autograde(HW, "mallory")
    course.feedback(HW, "mallory")
    assert says_it(homework.root) == []


def test_a_folder_of_files(course: HomeworkCourse, laid: tuple[Path, Path], tmp_path: Path) -> None:
    inbox = tmp_path / "inbox/mallory"
    inbox.mkdir(parents=True)
    folder, _ = laid
    os.rename(folder / f"{HW}.ipynb", inbox / f"{HW}.ipynb")  # noqa: PTH104  -- of the link itself
    taken = collect_from(course, HW, tmp_path / "inbox", add=True)
    assert any("リンクなので" in each.why for each in taken.left_out)
    assert all(each.state is not HandInState.TAKEN for each in taken.hand_ins)


def test_nbgraders_exchange(
    course: HomeworkCourse, homework: Homework, laid: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, _ = laid
    course.config.Exchange.root = str(tmp_path / "exchange")
    course.config.CourseDirectory.course_id = "dx"
    inbound = tmp_path / "exchange/dx/inbound"
    inbound.mkdir(parents=True)
    assert course.config.ExchangeFactory.collect is CollectWithoutLinks
    sound = homework.hand_in("alice", right_answers(homework.source))
    stamp = "2026-11-24 01:00:00 UTC"
    for student, handed in (("mallory", folder), ("alice", sound)):
        os.rename(handed, inbound / f"{student}+{HW}+{stamp}+x")  # noqa: PTH104
        handed.parent.rmdir()
    (inbound / f"eve+{HW}+{stamp}+x").symlink_to(inbound / f"alice+{HW}+{stamp}+x")
    warned = "\n".join(course.exchange("Collect", HW))
    assert course.students(HW) == ["alice"]
    for student in ("mallory", "eve"):
        assert f"{student}：提出にリンクがあります" in warned


def test_answers_that_are_a_hard_link_are_nobodys(
    course: HomeworkCourse, homework: Homework
) -> None:
    alice = homework.hand_in("alice", right_answers(homework.source))
    folder = homework.hand_in("mallory")
    os.link(alice / "answers.jsonl", folder / "answers.jsonl")
    failed = grade_all(course, HW).failed
    assert "ふつうのファイルではありません" in failed["mallory"]


def test_feedback_is_taken_out_of_the_exchange(
    course: HomeworkCourse, homework: Homework, tmp_path: Path
) -> None:
    """Of a former submission, too: it lies there under another number."""
    course.config.Exchange.root = str(tmp_path / "exchange")
    course.config.CourseDirectory.course_id = "dx"
    (tmp_path / "exchange/dx/inbound").mkdir(parents=True)
    there = tmp_path / "exchange/dx/feedback"
    for student in ("p1", "p2"):
        folder = homework.hand_in(student, right_answers(homework.source))
        (folder / "submission_secret.txt").write_text(f"secret of {student}", encoding="utf-8")
    grade_all(course, HW)
    give_back(course, HW)
    course.exchange("ReleaseFeedback", HW)
    former = tmp_path / f"exchange/dx/inbound/p1+{HW}+2026-11-24 01:00:00 UTC+x"
    former.mkdir()
    (former / "submission_secret.txt").write_text("secret of p1", encoding="utf-8")
    (homework.submitted("p1") / "submission_secret.txt").write_text("a newer one", encoding="utf-8")
    grade_all(course, HW)
    give_back(course, HW)
    course.exchange("ReleaseFeedback", HW, "p1")
    assert len(list(there.glob("*.html"))) == 3
    assert course.withdraw_from_exchange(HW, "p1") == {"p1"}
    assert len(list(there.glob("*.html"))) == 1
    assert course.withdraw_from_exchange(HW) == {"p2"}
    assert course.withdraw_from_exchange(HW) == set()
