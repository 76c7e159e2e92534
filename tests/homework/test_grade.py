from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from dxcourse.assignment import AssignmentError
from dxcourse.exercises import AnyExercise
from dxcourse.homework import HomeworkError, SubmissionError, Unanswered, grade
from support.homework import CANARY, Homework, give, right_answers


@pytest.fixture
def graded(released: Homework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A notebook's folder as nbgrader makes it for autograding: the keyed file beside it."""
    folder = tmp_path / "autograded/alice/hw1"
    folder.mkdir(parents=True)
    shutil.copy(released.source / "exercises.yaml", folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    return folder


@pytest.fixture
def fetched(released: Homework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A notebook's folder as a learner has it."""
    folder = tmp_path / "hw1"
    shutil.copytree(released.release, folder)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return folder


def test_the_score_is_a_built_in_float(graded: Path, released: Homework) -> None:
    give(graded / "answers.jsonl", right_answers(released.source), "alice")
    assert type(grade("ticks")) is float
    assert grade("ticks") == 2.0


def test_partial_credit(graded: Path, released: Homework) -> None:
    answers = right_answers(released.source, "ages", "pairs")
    order = answers["ages"]["items"]
    order |= {ref: [*value[1:], value[0]] for ref, value in order.items()}
    answers["pairs"]["items"].popitem()
    give(graded / "answers.jsonl", answers, "alice")
    assert (grade("ages"), grade("pairs")) == (2.0, 1.0)


def test_no_answer_is_zero(graded: Path, released: Homework) -> None:
    assert grade("why") == 0.0
    give(graded / "answers.jsonl", right_answers(released.source, "why"), "alice")
    assert (grade("why"), grade("ages")) == (1.0, 0.0)


def test_nothing_is_said_beside_the_score(
    graded: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = AnyExercise.score

    def noisy(self: AnyExercise, answer: dict[str, object]) -> object:
        warnings.warn("careful", stacklevel=1)
        return original(self, answer)

    monkeypatch.setattr("dxcourse.exercises.base.Exercise.score", noisy)
    assert grade("why") == 0.0
    assert capfd.readouterr() == ("", "")
    assert [path.name for path in graded.iterdir()] == ["exercises.yaml"]


@pytest.mark.usefixtures("graded")
def test_an_unknown_exercise_raises_under_autograde() -> None:
    with pytest.raises(AssignmentError, match="nope"):
        grade("nope")


@pytest.mark.usefixtures("fetched")
def test_a_keyless_exercise_raises_under_autograde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(HomeworkError, match="「why」の正解がありません"):
        grade("why")


def test_no_exercises_at_all_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AssignmentError, match=r"exercises\.yaml：ありません"):
        grade("why")


def test_an_exercise_without_a_key_cannot_be_graded(graded: Path) -> None:
    poll = "- {kind: choice, id: poll, title: t, options: [{id: a, text: x}, {id: b, text: y}]}\n"
    (graded / "exercises.yaml").write_text(poll, encoding="utf-8")
    with pytest.raises(HomeworkError, match="採点しない課題"):
        grade("poll")


def test_another_students_file_raises_under_autograde(graded: Path, released: Homework) -> None:
    (graded.parent.parent.parent / "submitted/bob").mkdir(parents=True)
    give(graded / "answers.jsonl", right_answers(released.source), "bob")
    with pytest.raises(SubmissionError, match="ほかの受講者"):
        grade("why")


@pytest.fixture
def validating(fetched: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same under nbgrader's Validate."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    return fetched


@pytest.mark.usefixtures("validating")
def test_validate_is_told_in_japanese_what_is_unanswered() -> None:
    with pytest.raises(Unanswered, match="「手順書は何のため？」にまだ答えていません"):
        grade("why")


@pytest.mark.usefixtures("fetched")
def test_a_learner_who_runs_the_cell_is_told_and_the_cells_below_run_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An error would stop 「すべてのセルを実行」 before the next exercise is on the screen."""
    assert grade("why") is None
    assert "「手順書は何のため？」にまだ答えていません" in capsys.readouterr().out


def test_an_item_that_is_unanswered_is_named(validating: Path, released: Homework) -> None:
    answers = right_answers(released.source, "bins")
    answers["bins"]["items"].popitem()
    give(validating / "answers.jsonl", answers, "me")
    with pytest.raises(Unanswered, match=r"「分ける」に.*1 件あります：(標準化|風土づくり)$"):
        grade("bins")


@pytest.mark.parametrize("execution", ["validate", None])
def test_an_answer_gives_nothing_away(
    fetched: Path, released: Homework, monkeypatch: pytest.MonkeyPatch, execution: str | None
) -> None:
    right = right_answers(released.source)
    wrong = right_answers(released.source, "pairs")
    for values in wrong.values():
        values["items"] = dict(
            zip(values["items"], reversed(values["items"].values()), strict=True)
        )
    if execution:
        monkeypatch.setenv("NBGRADER_EXECUTION", execution)
    for answers in (right, wrong):
        give(fetched / "answers.jsonl", answers, "me")
        assert [grade(name) for name in answers] == [None] * len(answers)


def test_a_damaged_file_is_said_to_the_learner(validating: Path) -> None:
    (validating / "answers.jsonl").write_bytes(b"x\n")
    with pytest.raises(Unanswered, match="担当者に連絡してください"):
        grade("why")


@pytest.mark.usefixtures("validating")
def test_a_notebook_shows_the_message_and_no_program() -> None:
    shell = InteractiveShell()
    shown: list[str] = []
    shell._showtraceback = lambda _type, _value, lines: shown.extend(lines)  # type: ignore[method-assign,assignment]
    shell.run_cell('from dxcourse import grade\ngrade("why")')
    assert len(shown) == 1
    assert "まだ答えていません" in shown[0]
    assert CANARY not in shown[0]


def test_an_author_who_tries_a_source_gets_the_points(
    released: Homework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dxcourse.answers import submit
    from dxcourse.assignment import Assignment
    from dxcourse.settings import local_learner

    folder = tmp_path / "source"
    shutil.copytree(released.source, folder)
    monkeypatch.chdir(folder)
    before = sorted(path.name for path in folder.iterdir())
    assignment = Assignment.load(folder)
    why = assignment.exercise("why")
    answer = why.model_answer()
    with assignment.store() as store:
        submit(why, answer, store=store, learner=local_learner(), where="notebook")
    assert grade("why") == 1.0
    assert sorted(path.name for path in folder.iterdir()) == before
