from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dxcourse.cli import main
from dxcourse.homework import HomeworkCourse
from dxcourse.homework.score_log import audit_file
from support.homework import HW, Homework, give, right_answers


@pytest.fixture
def here(homework: Homework, monkeypatch: pytest.MonkeyPatch) -> Homework:
    monkeypatch.chdir(homework.root)
    return homework


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["homework", *arguments])


def test_from_release_to_export(here: Homework, tmp_path: Path) -> None:
    done = run("release", HW, "--due", "2026-12-25 17:00")
    assert (done.exit_code, "2026年12月25日 17:00（日本時間）" in done.output) == (0, True)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    give(inbox / "alice.jsonl", right_answers(here.source), "alice")
    (inbox / "bob.jsonl").write_bytes(b"{}\n")
    done = run("collect", HW, "--from", str(inbox))
    assert (done.exit_code, "受け取り 1 人、前と同じ 0 人、受け取れない 1 人" in done.output) == (
        1,
        True,
    )
    assert "bob    受け取れません\n    ? bob.jsonl: " in done.output
    done = run("grade", HW)
    assert (done.exit_code, "採点 1 件、前と同じ 0 件、できなかったもの 0 件" in done.output) == (
        0,
        True,
    )
    assert "採点 0 件、前と同じ 1 件" in run("grade", HW, "--workers", "2").output
    assert run("feedback", HW).exit_code == 0
    assert (here.root / "feedback/alice" / HW / f"{HW}.html").is_file()
    assert run("export", str(tmp_path / "g.xlsx")).output.endswith(
        "g.xlsx：1 件の成績を書き出しました\n"
    )
    told = [line.split("　", 2)[2] for line in run("log").output.splitlines()]
    graded = f"採点した {HW}　"
    assert told == [
        f"{graded}1件",
        f"{graded}0件",
        f"お返しを書いた {HW}　1件",
        "点を書き出した　1件",
    ]
    kept = audit_file(HomeworkCourse.open(here.root))
    assert (kept.stat().st_mode & 0o077, "alice" in kept.read_text(encoding="utf-8")) == (0, False)
    with kept.open("a", encoding="utf-8") as file:
        file.write("{}\n")
    assert f"{kept}:5：壊れた行" in run("log").output


@pytest.mark.usefixtures("here")
def test_an_assignment_that_is_not_there_is_told_from_those_that_are() -> None:
    assert (
        f"Error: hw2：そういう課題はありません。source/ にあるのは {HW} です\n"
        in run("release", "hw2").output
    )


def test_what_failed_is_said_and_counted(here: Homework) -> None:
    here.hand_in("alice", right_answers(here.source))
    (here.hand_in("bob") / "answers.jsonl").write_bytes(b"{}\n")
    done = run("grade", HW)
    assert done.exit_code == 1
    assert "bob: answers.jsonl:1: 壊れた行" in done.output
    assert "採点 1 件、前と同じ 0 件、できなかったもの 1 件" in done.output


def test_a_configuration_that_is_not_in_force_is_refused(here: Homework) -> None:
    path = here.root / "nbgrader_config.py"
    path.write_text("import no_such_module\n", encoding="utf-8")
    for command in (("release", HW), ("grade", HW), ("feedback", HW), ("collect", HW)):
        done = run(*command)
        assert done.exit_code == 1
        assert "no_such_module" in done.output
        assert "Traceback" not in done.output


@pytest.mark.usefixtures("here")
def test_a_name_that_is_no_assignment_is_a_readable_error() -> None:
    for command in ("release", "grade", "feedback"):
        done = run(command, "nope")
        assert (done.exit_code, "nope" in done.output) == (1, True)
        assert "Traceback" not in done.output
