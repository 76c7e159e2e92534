from __future__ import annotations

import os
from pathlib import Path

import pytest

from dxcourse.assignment import Assignment
from dxcourse.homework import SubmissionError
from dxcourse.homework.scoring import score_exercise
from dxcourse.homework.submitted_answers import MAX_BYTES, SubmittedAnswers, roster
from support.homework import Homework, give, right_answers


def nobody(_: str) -> bool:
    return False


@pytest.fixture
def file(tmp_path: Path, released: Homework) -> Path:
    give(tmp_path / "answers.jsonl", right_answers(released.source), "alice")
    return tmp_path / "answers.jsonl"


def test_no_file_is_no_answer(tmp_path: Path) -> None:
    assert SubmittedAnswers.read(tmp_path / "answers.jsonl", "alice", nobody).records == {}


def test_a_file_of_ones_own(file: Path) -> None:
    given = SubmittedAnswers.read(file, "alice", nobody)
    assert len(given.records) == 7
    assert given.notes == ()


def test_a_file_under_a_machines_user_name_is_taken_and_noted(file: Path) -> None:
    given = SubmittedAnswers.read(file, "2026-001", nobody)
    assert len(given.records) == 7
    assert "alice" in given.notes[0]
    assert "2026-001" in given.notes[0]


def test_a_file_of_another_student_is_refused(file: Path) -> None:
    with pytest.raises(SubmissionError, match=r"^bob: .*ほかの受講者（alice）"):
        SubmittedAnswers.read(file, "bob", lambda name: name == "alice")


def test_ones_own_answers_are_taken_from_a_file_of_several(file: Path, released: Homework) -> None:
    give(file, right_answers(released.source, "why"), "bob")
    given = SubmittedAnswers.read(file, "bob", nobody)
    assert list(given.records) == ["why"]
    assert "alice" in given.notes[0]


def test_a_file_of_several_others_is_refused(file: Path, released: Homework) -> None:
    give(file, right_answers(released.source, "why"), "bob")
    with pytest.raises(SubmissionError, match=r"何人もの答えが入っています（alice, bob）"):
        SubmittedAnswers.read(file, "carol", nobody)


def test_a_damaged_line_is_refused_by_learner_file_and_line(file: Path) -> None:
    lines = file.read_bytes().split(b"\n")
    lines[2] = lines[2][:40]
    file.write_bytes(b"\n".join(lines))
    with pytest.raises(SubmissionError, match=r"alice: answers\.jsonl:3: 壊れた行.*repair"):
        SubmittedAnswers.read(file, "alice", nobody)


def test_a_torn_tail_was_never_acknowledged(file: Path) -> None:
    with file.open("ab") as out:
        out.write(b'{"version":1,"id')
    given = SubmittedAnswers.read(file, "alice", nobody)
    assert len(given.records) == 7
    assert "16 バイト" in given.notes[0]


def test_a_file_too_large_is_refused(file: Path) -> None:
    with file.open("ab") as out:
        out.truncate(MAX_BYTES + 1)
    with pytest.raises(SubmissionError, match="8 MBを超えています"):
        SubmittedAnswers.read(file, "alice", nobody)


@pytest.mark.skipif(os.name == "nt", reason="no pipes and links there")
def test_neither_a_link_nor_a_pipe_is_followed(file: Path, tmp_path: Path) -> None:
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(file)
    os.mkfifo(pipe)
    for path in (link, pipe, tmp_path):
        with pytest.raises(SubmissionError):
            SubmittedAnswers.read(path, "alice", nobody)


def test_a_deep_line_is_damaged_and_no_crash(file: Path) -> None:
    file.write_bytes(b"[" * 200_000 + b"\n")
    with pytest.raises(SubmissionError, match="壊れた行"):
        SubmittedAnswers.read(file, "alice", nobody)


def test_what_a_student_wrote_is_not_repeated(file: Path) -> None:
    file.write_text('{"secret": "<b>text</b>"}\n', encoding="utf-8")
    with pytest.raises(SubmissionError) as caught:
        SubmittedAnswers.read(file, "alice", nobody)
    assert "text" not in str(caught.value).replace("Extra", "")


def test_a_roster_knows_folders_and_no_paths(tmp_path: Path) -> None:
    (tmp_path / "submitted/alice").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    known = roster(tmp_path / "submitted")
    assert known("alice")
    for name in ("bob", "", ".", "..", "../secret", "alice/../alice", "a\0b", "x" * 100):
        assert not known(name)


def test_an_answer_of_another_version_counts_as_far_as_it_fits(
    tmp_path: Path, released: Homework
) -> None:
    assignment = Assignment.load(released.source)
    answers = right_answers(released.source)
    answers["pairs"]["items"]["r0000000"] = "r1111111"
    answers["why"]["items"] = dict.fromkeys(answers["why"]["items"], "r2222222")
    answers["gone"] = {"items": {"r3": "r4"}}
    give(tmp_path / "answers.jsonl", answers, "alice")
    given = SubmittedAnswers.read(tmp_path / "answers.jsonl", "alice", nobody)
    pairs, why = (score_exercise(assignment, name, given.counting()) for name in ("pairs", "why"))
    assert (pairs.points, why.points) == (2.0, 0.0)
    assert "1 件" in pairs.notes[0]
    assert why.notes


def test_the_last_answer_counts(tmp_path: Path, released: Homework) -> None:
    assignment = Assignment.load(released.source)
    path = tmp_path / "answers.jsonl"
    give(path, right_answers(released.source, "items"), "alice")
    wrong = {"items": dict.fromkeys(right_answers(released.source)["items"]["items"], 7)}
    give(path, {"why": right_answers(released.source)["why"], "items": wrong}, "alice")
    given = SubmittedAnswers.read(path, "alice", nobody)
    assert score_exercise(assignment, "items", given.counting()).points == 0.0
