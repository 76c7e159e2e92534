from __future__ import annotations

import os
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from dxcourse.homework import Collected, HomeworkCourse, HomeworkError, collect_from, grade_all
from dxcourse.homework.collect import collected_lines
from dxcourse.homework.hand_in import HandInState
from support.homework import HW, Homework, cell_of, editing, give, right_answers

TAKEN, UNCHANGED, REFUSED = HandInState.TAKEN, HandInState.UNCHANGED, HandInState.REFUSED


@pytest.fixture
def open_inbox(tmp_path: Path) -> Path:
    """Where files come by mail; nobody is on a roster."""
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


@pytest.fixture
def inbox(open_inbox: Path, homework: Homework) -> Path:
    """Answer files as they come by mail; the gradebook knows alice, bob and carol."""
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        for student in ("alice", "bob", "carol"):
            gradebook.add_student(student)
    return open_inbox


def refused(collected: Collected) -> dict[str, str]:
    return {
        each.student: each.refused
        for each in collected.hand_ins
        if each.state is not HandInState.MISSING
    }


def left(collected: Collected) -> dict[str, str]:
    return {each.place: each.why for each in collected.left_out}


def hand_in(homework: Homework, folder: Path, text: str = "", **answers: str) -> Path:
    """Lay a learner's files into a folder: the notebook with a reflection, and the answers."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(homework.release / f"{HW}.ipynb", folder)
    if text:
        with editing(folder / f"{HW}.ipynb") as notebook:
            cell_of(notebook, "reflection")["source"] = text
    if answers:
        names = answers.pop("exercises", "").split()
        give(folder / "answers.jsonl", right_answers(homework.source, *names), answers["learner"])
    return folder


def reflection(homework: Homework, student: str) -> str:
    return (homework.submitted(student) / f"{HW}.ipynb").read_text(encoding="utf-8")


def test_files_by_any_means_become_submissions(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    give(inbox / "alice.jsonl", right_answers(homework.source), "alice")
    (inbox / "bob").mkdir()
    give(inbox / "bob/answers.jsonl", right_answers(homework.source, "why"), "ユーザー")
    collected = collect_from(course, HW, inbox)
    assert refused(collected) == {"alice": "", "bob": ""}
    names = {path.name for path in homework.submitted("alice").iterdir()}
    assert names == {"answers.jsonl", "exercises.yaml", f"{HW}.ipynb", "timestamp.txt"}
    assert grade_all(course, HW).made == 2
    assert homework.scores("alice")["test-ages"] == 3.0
    assert homework.scores("bob")["test-why"] == 1.0


def test_the_time_is_that_of_the_last_answer(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    give(inbox / "alice.jsonl", right_answers(homework.source, "why", "ages"), "alice")
    collect_from(course, HW, inbox)
    stamp = (homework.submitted("alice") / "timestamp.txt").read_text(encoding="utf-8")
    assert stamp == "2026-11-23 09:01:00.000000 UTC"


def test_a_notebook_beside_the_answers_is_taken_with_them(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    hand_in(homework, inbox / "alice", "窓口が変わる", learner="alice", exercises="why")
    shutil.copy(homework.source / "exercises.yaml", inbox / "alice")
    collect_from(course, HW, inbox)
    grade_all(course, HW)
    assert homework.grades("alice")["reflection"]["needs_manual_grade"]
    # Sent again without the notebook, the one that is there stays.
    shutil.rmtree(inbox / "alice")
    give(inbox / "alice.jsonl", right_answers(homework.source), "alice")
    assert refused(collect_from(course, HW, inbox)) == {"alice": ""}
    assert "窓口が変わる" in reflection(homework, "alice")


def test_what_cannot_be_taken_says_why(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    right = right_answers(homework.source)
    give(inbox / "alice.jsonl", right, "alice")
    shutil.copy(inbox / "alice.jsonl", inbox / "bob.jsonl")
    give(inbox / "dave.jsonl", right, "dave")
    give(inbox / "answers.jsonl", right, "someone")
    (inbox / "carol.jsonl").write_bytes(b"{}\n")
    collected = collect_from(course, HW, inbox)
    found = refused(collected)
    assert found.pop("alice") == ""
    assert "ほかの受講者（alice）" in found.pop("bob")
    assert "壊れた行" in found.pop("carol")
    assert found == {}
    assert "だれのものか" in left(collected)["answers.jsonl"]
    assert "名簿にありません" in left(collected)["dave.jsonl"]
    assert course.students(HW) == ["alice"]


def test_a_copy_under_a_common_user_name_is_found_by_its_entries(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    give(inbox / "alice.jsonl", right_answers(homework.source), "user")
    collect_from(course, HW, inbox)
    (inbox / "alice.jsonl").rename(inbox / "bob.jsonl")
    assert "alice と同じ答え" in refused(collect_from(course, HW, inbox))["bob"]


def test_of_two_with_the_same_answers_a_person_says_whose_they_are(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    """F18: the alphabet does not say who wrote them."""
    give(inbox / "alice.jsonl", right_answers(homework.source), "user")
    shutil.copy(inbox / "alice.jsonl", inbox / "bob.jsonl")
    assert all("同じ答え" in why for why in refused(collect_from(course, HW, inbox)).values())
    assert course.students(HW) == []
    collected = collect_from(course, HW, inbox, take=["bob.jsonl"])
    assert collected.of("bob").state is TAKEN
    assert collected.of("alice").state is REFUSED


def test_a_newer_file_takes_the_place_of_an_older_one_only(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    path = inbox / "alice.jsonl"
    give(path, right_answers(homework.source, "why"), "alice")
    older = path.read_bytes()
    collect_from(course, HW, inbox)
    assert collect_from(course, HW, inbox).of("alice").state is UNCHANGED
    give(path, right_answers(homework.source), "alice")
    assert collect_from(course, HW, inbox).of("alice").state is TAKEN
    path.write_bytes(older)
    again = collect_from(course, HW, inbox)
    assert again.of("alice").state is UNCHANGED
    assert "前に受け取った答えのほうが新しい" in again.of("alice").notes[0]
    grade_all(course, HW)
    assert homework.scores("alice")["test-ages"] == 3.0


def test_answers_to_something_else_are_refused(course: HomeworkCourse, inbox: Path) -> None:
    give(inbox / "alice.jsonl", {"other": {"items": {}}}, "alice")
    assert "設問への答えがありません" in refused(collect_from(course, HW, inbox))["alice"]


@pytest.mark.parametrize("name", ["a+b", "=cmd", "-rf"])
def test_a_name_that_is_no_students_is_asked_about(
    course: HomeworkCourse, homework: Homework, inbox: Path, name: str
) -> None:
    give(inbox / f"{name}.jsonl", right_answers(homework.source), "alice")
    collected = collect_from(course, HW, inbox, add=True)
    assert refused(collected) == {}
    assert f"{name}.jsonl" in left(collected)
    assert not (homework.root / "submitted").exists()
    answered = collect_from(course, HW, inbox, named={f"{name}.jsonl": "alice"})
    assert answered.of("alice").state is TAKEN


@pytest.mark.parametrize("name", ["..", ".hidden"])
def test_a_hidden_file_is_nobodys(
    course: HomeworkCourse, homework: Homework, inbox: Path, name: str
) -> None:
    give(inbox / f"{name}.jsonl", right_answers(homework.source), "alice")
    collected = collect_from(course, HW, inbox, add=True)
    assert refused(collected) == {}
    assert f"{name}.jsonl" in left(collected)
    assert not (homework.root / "submitted").exists()


def test_new_students_are_taken_when_asked_for(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    give(inbox / "dave.jsonl", right_answers(homework.source), "dave")
    assert refused(collect_from(course, HW, inbox, add=True)) == {"dave": ""}


def test_the_first_who_hand_in_are_no_roster(
    course: HomeworkCourse, homework: Homework, open_inbox: Path
) -> None:
    """F11: grading enrols them, and everybody after them was refused."""
    give(open_inbox / "early.jsonl", right_answers(homework.source), "early")
    collect_from(course, HW, open_inbox)
    grade_all(course, HW)
    give(open_inbox / "late.jsonl", right_answers(homework.source), "late")
    assert refused(collect_from(course, HW, open_inbox)) == {"early": "", "late": ""}


def test_before_the_release_nothing_is_collected(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    shutil.rmtree(homework.release)
    with pytest.raises(HomeworkError, match="まだ配っていません"):
        collect_from(course, HW, inbox)
    shutil.copytree(homework.source, homework.release)
    with pytest.raises(HomeworkError, match="配るものに正解が入っています"):
        collect_from(course, HW, inbox)


def test_a_time_that_is_none_is_refused_and_ends_nothing(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    for student in ("alice", "bob"):
        give(inbox / f"{student}.jsonl", right_answers(homework.source, "why"), student)
    text = (inbox / "alice.jsonl").read_text(encoding="utf-8")
    forged = re.sub(r'"time":"[^"]*"', '"time":"9999-12-31T23:00:00-14:00"', text)
    (inbox / "alice.jsonl").write_text(forged, encoding="utf-8")
    found = refused(collect_from(course, HW, inbox))
    assert "ありえない時刻" in found["alice"]
    assert found["bob"] == ""
    assert course.students(HW) == ["bob"]


def test_a_reflection_sent_again_beside_the_same_answers_is_taken(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    """F1a, B: what changed may be any part."""
    hand_in(homework, inbox / "alice", learner="alice")
    collect_from(course, HW, inbox)
    first = (inbox / f"alice/{HW}.ipynb").read_bytes()
    hand_in(homework, inbox / "alice", "あとから書いた")
    assert collect_from(course, HW, inbox).of("alice").state is TAKEN
    assert "あとから書いた" in reflection(homework, "alice")
    (inbox / f"alice/{HW}.ipynb").write_bytes(first)
    assert collect_from(course, HW, inbox).of("alice").state is UNCHANGED
    assert "あとから書いた" in reflection(homework, "alice")


def test_a_notebook_alone_and_empty_answers_are_taken(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    """F1c, F: whoever wrote only the reflection is graded for it."""
    hand_in(homework, inbox / "alice", "ふりかえりだけ")
    hand_in(homework, inbox / "bob", "答えは空")
    (inbox / "bob/answers.jsonl").touch()
    collected = collect_from(course, HW, inbox)
    assert [collected.of(each).state for each in ("alice", "bob")] == [TAKEN, TAKEN]
    assert any("設問の答え" in note for note in collected.of("alice").notes)
    grade_all(course, HW)
    assert homework.grades("alice")["reflection"]["needs_manual_grade"]


def test_of_an_assignment_without_exercises_the_notebook_is_taken(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    """F15: its release is one, although there are no exercises beside it."""
    (homework.release / "exercises.yaml").unlink()
    hand_in(homework, inbox / "alice", "コードの課題の文章")
    found = collect_from(course, HW, inbox).of("alice")
    assert found.state is TAKEN
    assert "コードの課題の文章" in reflection(homework, "alice")


def test_a_renamed_notebook_is_taken_and_said(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    """F1b, D."""
    for student, name in (
        ("alice", f"{HW} (1).ipynb"),
        ("bob", f"コピー ～ {HW}.ipynb"),
        ("carol", "私の宿題.ipynb"),
    ):
        hand_in(homework, inbox / student, f"{student}の文", learner=student)
        (inbox / student / f"{HW}.ipynb").rename(inbox / student / name)
    collected = collect_from(course, HW, inbox)
    for student in ("alice", "bob", "carol"):
        assert collected.of(student).state is TAKEN, collected.of(student)
        assert "として受け取りました" in collected.of(student).notes[0]
        assert f"{student}の文" in reflection(homework, student)


@pytest.mark.parametrize("size", [9_000_000, 25_000_000])
def test_a_notebook_with_a_photo_is_taken_or_refused_whole(
    course: HomeworkCourse, homework: Homework, inbox: Path, size: int
) -> None:
    """F1b: never the blank release in its place."""
    hand_in(homework, inbox / "alice", "写真を貼った", learner="alice")
    with editing(inbox / f"alice/{HW}.ipynb") as notebook:
        cell_of(notebook, "reflection")["attachments"] = {"p.png": {"image/png": "A" * size}}
    found = collect_from(course, HW, inbox).of("alice")
    if size < 20_000_000:
        assert found.state is TAKEN
        assert "写真を貼った" in reflection(homework, "alice")
    else:
        assert "大きすぎます" in found.refused
        assert "小さく" in found.refused
        assert course.students(HW) == []
        kept = collect_from(course, HW, inbox, take=["alice/answers.jsonl"])
        assert kept.of("alice").state is TAKEN


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_linked_notebook_takes_the_place_of_none(
    course: HomeworkCourse,
    homework: Homework,
    inbox: Path,
    tmp_path: Path,
    link: Callable[[Path, Path], None],
) -> None:
    """F1b: the answers beside it are not taken alone, and what was taken before stays."""
    hand_in(homework, inbox / "bob", "前に出した文", learner="bob", exercises="why")
    collect_from(course, HW, inbox)
    shutil.rmtree(inbox / "bob")
    for student in ("alice", "bob"):
        hand_in(homework, inbox / student, "文", learner=student)
        moved = (inbox / student / f"{HW}.ipynb").rename(tmp_path / f"{student}.ipynb")
        link(moved, inbox / student / f"{HW}.ipynb")
    collected = collect_from(course, HW, inbox)
    for student in ("alice", "bob"):
        assert f"{student}/{HW}.ipynb: リンクなので" in collected.of(student).refused
        assert left(collected)[f"{student}/answers.jsonl"].startswith("上のことが決まるまで")
    assert course.students(HW) == ["bob"]
    assert "前に出した文" in reflection(homework, "bob")


def test_a_notebook_too_large_takes_no_former_one_away(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    """F1b, of one that is sent again."""
    hand_in(homework, inbox / "alice", "前に出した文", learner="alice", exercises="why")
    collect_from(course, HW, inbox)
    hand_in(homework, inbox / "alice", "写真を貼った", learner="alice")
    with (inbox / f"alice/{HW}.ipynb").open("ab") as file:
        file.write(b" " * 25_000_000)
    assert "大きすぎます" in collect_from(course, HW, inbox).of("alice").refused
    kept = collect_from(course, HW, inbox, take=["alice/answers.jsonl"])
    assert kept.of("alice").state is TAKEN
    assert "前に出した文" in reflection(homework, "alice")


def test_a_missing_notebook_is_said_to_bring_nothing(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    """D: the reflection is 0 then, and the table says so before it is."""
    give(inbox / "alice.jsonl", right_answers(homework.source), "alice")
    assert any(
        "ふりかえりは0点" in note for note in collect_from(course, HW, inbox).of("alice").notes
    )
    grade_all(course, HW)
    assert homework.scores("alice")["reflection"] == 0.0


def test_the_first_folder_names_the_learner(
    course: HomeworkCourse, homework: Homework, open_inbox: Path
) -> None:
    """F3, C: a folder named as the assignment is nobody."""
    for student in ("kato", "mori"):
        hand_in(homework, open_inbox / student / HW, f"{student}の文", learner="user")
    hand_in(homework, open_inbox / HW / "ito", "itoの文", learner="ito")
    assert refused(collect_from(course, HW, open_inbox)) == {"kato": "", "mori": "", "ito": ""}
    for student in ("kato", "mori", "ito"):
        assert f"{student}の文" in reflection(homework, student)


def test_two_peoples_work_under_one_folder_is_asked_about(
    course: HomeworkCourse, homework: Homework, open_inbox: Path
) -> None:
    hand_in(homework, open_inbox / "提出" / "x1", "ひとりの文", learner="user")
    hand_in(homework, open_inbox / "提出" / "x2", "もうひとりの文", learner="user")
    collected = collect_from(course, HW, open_inbox)
    assert collected.count(TAKEN) == 0
    assert collected.count(REFUSED) == 1
    named = {"提出/x1": "aoki", "提出/x2": "endo"}
    assert refused(collect_from(course, HW, open_inbox, named=named)) == {"aoki": "", "endo": ""}


def test_a_zip_from_mail_and_moodles_folders_are_read(
    course: HomeworkCourse, homework: Homework, inbox: Path, tmp_path: Path
) -> None:
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_student("u07", first_name="花子", last_name="山田")
    made = hand_in(homework, tmp_path / "made" / HW, "zipの文", learner="user")
    with zipfile.ZipFile(inbox / "alice (1).zip", "w") as archive:
        for path in made.iterdir():
            archive.write(path, f"{HW}/{path.name}")
    moodle = hand_in(homework, tmp_path / "moodle", "Moodleの文", learner="user")
    with zipfile.ZipFile(inbox / "課題-dx-12.zip", "w") as archive:
        for path in moodle.iterdir():
            archive.write(path, f"山田 花子_4711_assignsubmission_file_/{path.name}")
    collected = collect_from(course, HW, inbox)
    assert collected.of("alice").state is TAKEN
    assert collected.of("u07").state is TAKEN
    assert "zipの文" in reflection(homework, "alice")
    assert "Moodleの文" in reflection(homework, "u07")


def test_a_notebook_goes_by_the_answers_that_lie_with_it(
    course: HomeworkCourse, homework: Homework, open_inbox: Path, tmp_path: Path
) -> None:
    """Nobody is on a roster, and the folder within is named as the learner's own machine is."""
    made = hand_in(homework, tmp_path / "made", "katoの文", learner="kato")
    moodle = open_inbox / "加藤 花子_4711_assignsubmission_file_"
    moodle.mkdir()
    with zipfile.ZipFile(moodle / "提出.zip", "w") as archive:
        for path in made.iterdir():
            archive.write(path, f"kato/{HW}/{path.name}")
    collected = collect_from(course, HW, open_inbox)
    assert refused(collected) == {"kato": ""}
    assert "katoの文" in reflection(homework, "kato")
    assert len(collected.of("kato").parts) == 2


def test_names_by_other_systems_are_the_same_names(
    course: HomeworkCourse, homework: Homework, open_inbox: Path
) -> None:
    """F13, S, O: decomposed kana, spaces, full width, variation selectors."""
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        for student in ("がく", "u01", "葛城"):
            gradebook.add_student(student)
    for name in ("か\u3099く", "ｕ０１", "葛\U000e0100城"):
        hand_in(homework, open_inbox / name, "文", learner=f"{name[:1]}さん")
    found = refused(collect_from(course, HW, open_inbox))
    assert found == {"がく": "", "u01": "", "葛城": ""}


def test_a_name_with_a_space_is_taken_with_a_note(
    course: HomeworkCourse, homework: Homework, open_inbox: Path
) -> None:
    hand_in(homework, open_inbox / "山田 太郎", "文", learner="user")
    found = collect_from(course, HW, open_inbox).of("山田_太郎")
    assert found.state is TAKEN
    assert "山田 太郎" in found.notes[0]


def test_a_copy_beside_the_answers_is_named_and_no_student(
    course: HomeworkCourse, homework: Homework, open_inbox: Path
) -> None:
    """H: a conflict copy of OneDrive's; hidden folders."""
    folder = hand_in(
        homework, open_inbox / "hayashi", "文", learner="hayashi", exercises="why ages"
    )
    lines = (folder / "answers.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "answers-PC-01.jsonl").write_bytes(lines[0])
    hand_in(homework, folder / ".ipynb_checkpoints", "古い文")
    collected = collect_from(course, HW, open_inbox)
    assert refused(collected) == {"hayashi": ""}
    assert "answers.jsonl のほうが新しい" in left(collected)["hayashi/answers-PC-01.jsonl"]
    assert "隠しフォルダー" in left(collected)["hayashi/.ipynb_checkpoints"]
    # The copy that holds all lines and more is the newer one.
    (folder / "answers-PC-01.jsonl").write_bytes(b"".join(lines))
    (folder / "answers.jsonl").write_bytes(lines[0])
    assert collect_from(course, HW, open_inbox).of("hayashi").state is UNCHANGED


def test_a_file_that_holds_all_lines_is_newer_whatever_its_clock(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    """F16, I."""
    path = inbox / "alice.jsonl"
    give(path, right_answers(homework.source, "why", "ages"), "alice")
    first, *more = path.read_text(encoding="utf-8").splitlines(keepends=True)
    ahead = re.sub(r'"time":"[^"]*"', '"time":"2099-01-01T00:00:00Z"', first)
    path.write_text(ahead, encoding="utf-8")
    found = collect_from(course, HW, inbox).of("alice")
    assert found.state is TAKEN
    assert "いまより先" in found.notes[-1]
    path.write_text("".join([ahead, *more]), encoding="utf-8")
    assert collect_from(course, HW, inbox).of("alice").state is TAKEN
    path.write_text("".join(more), encoding="utf-8")
    give(path, right_answers(homework.source, "why"), "alice")
    asked = collect_from(course, HW, inbox).of("alice")
    assert "どちらが新しいか時刻では決められません" in asked.refused
    assert collect_from(course, HW, inbox, take=["alice.jsonl"]).of("alice").state is TAKEN


def test_everything_that_is_found_has_a_line(
    course: HomeworkCourse, homework: Homework, inbox: Path, tmp_path: Path
) -> None:
    """F17, F: nothing is passed over in silence."""
    hand_in(homework, inbox / "alice", "文", learner="alice")
    (inbox / "alice/photo.jpg").write_bytes(b"\xff\xd8\xff\0" * 40)
    (inbox / "bob").mkdir()
    (inbox / "bob/photo.jpg").write_bytes(b"\xff\xd8\xff\0" * 40)
    (inbox / "carol").mkdir()
    (inbox / "carol/answers.jsonl").symlink_to(inbox / "alice/answers.jsonl")
    os.mkfifo(inbox / "carol/pipe.jsonl")
    (inbox / "elsewhere").symlink_to(tmp_path)
    (inbox / "all.7z").write_bytes(b"7z\xbc\xaf'\x1c" + b"\0" * 50)
    (inbox / "broken.zip").write_bytes(b"PK\x03\x04nothing")
    (inbox / "ANSWERS.JSONL").write_bytes((inbox / "alice/answers.jsonl").read_bytes())
    collected = collect_from(course, HW, inbox)
    places = set(left(collected)) | {p for each in collected.hand_ins for p in each.parts}
    assert places == {
        f"alice/{HW}.ipynb",
        "alice/answers.jsonl",
        "alice/photo.jpg",
        "bob/photo.jpg",
        "carol/answers.jsonl",
        "carol/pipe.jsonl",
        "elsewhere",
        "all.7z",
        "broken.zip",
        "ANSWERS.JSONL",
    }
    assert "一つもありません" in collected.of("bob").refused
    assert "リンク" in collected.of("carol").refused
    assert {each.student for each in collected.hand_ins} == {"alice", "bob", "carol"}


def test_an_empty_folder_has_a_line_and_is_no_hand_in(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    """F17: whoever made folders for everybody sees who has not handed in, and so does Moodle."""
    give(inbox / "alice.jsonl", right_answers(homework.source), "alice")
    collect_from(course, HW, inbox)
    for name in ("alice", "bob/課題/写真", "だれでしょう"):
        (inbox / name).mkdir(parents=True)
    with zipfile.ZipFile(inbox / "carol.zip", "w") as archive:
        for name in ("hw1/", "hw1/空/", "__MACOSX/", "__MACOSX/hw1/"):
            archive.writestr(name, "")
    collected = collect_from(course, HW, inbox)
    told = {each.place: (each.student, each.why) for each in collected.left_out}
    empty = "空のフォルダーです"
    for place, student in (
        ("alice", "alice"),
        ("bob/課題/写真", "bob"),
        ("だれでしょう", ""),
        ("carol.zip/hw1/空", "carol"),
    ):
        assert told[place][0] == student
        assert told[place][1].startswith(empty), place
    assert "隠しフォルダー" in told["carol.zip/__MACOSX"][1]
    assert set(told) - {"alice.jsonl.lock"} == {
        "alice",
        "bob/課題/写真",
        "だれでしょう",
        "carol.zip/hw1/空",
        "carol.zip/__MACOSX",
    }
    assert collected.of("bob").state is collected.of("carol").state is HandInState.MISSING
    assert collected.of("alice").state is HandInState.UNCHANGED
    assert "bob/課題/写真：" + empty in "\n".join(collected_lines(collected))


def test_an_archive_of_nothing_is_asked_about(course: HomeworkCourse, inbox: Path) -> None:
    zipfile.ZipFile(inbox / "bob.zip", "w").close()
    assert "中身のないzip" in collect_from(course, HW, inbox).of("bob").refused


def test_who_has_not_handed_in_has_a_line(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    give(inbox / "alice.jsonl", right_answers(homework.source), "alice")
    collect_from(course, HW, inbox)
    (inbox / "alice.jsonl").unlink()
    found = {each.student: each.state for each in collect_from(course, HW, inbox).hand_ins}
    missing = HandInState.MISSING
    assert found == {"alice": HandInState.EARLIER, "bob": missing, "carol": missing}


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "cp932"])
def test_a_file_in_another_encoding_is_read(
    course: HomeworkCourse, homework: Homework, inbox: Path, code: str
) -> None:
    """K: a mark, or what an editor made of it."""
    folder = hand_in(homework, inbox / "alice", "窓口が変わる", learner="alice")
    for path in folder.iterdir():
        path.write_bytes(path.read_text(encoding="utf-8").encode(code))
    assert refused(collect_from(course, HW, inbox)) == {"alice": ""}
    assert "窓口が変わる" in reflection(homework, "alice")
    assert grade_all(course, HW).failed == {}


def test_a_last_line_without_its_end_counts_where_it_is_whole(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    """Q."""
    give(inbox / "alice.jsonl", right_answers(homework.source, "why"), "alice")
    data = (inbox / "alice.jsonl").read_bytes()
    (inbox / "alice.jsonl").write_bytes(data.rstrip(b"\n"))
    assert refused(collect_from(course, HW, inbox)) == {"alice": ""}
    grade_all(course, HW)
    assert homework.scores("alice")["test-why"] == 1.0


def test_an_archive_cannot_leave_its_place_or_burst(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    answers = homework.root.parent / "answers.tmp"
    give(answers, right_answers(homework.source), "alice")
    with zipfile.ZipFile(inbox / "alice.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(answers, "../../bob/answers.jsonl")
        archive.writestr("big.jsonl", b" " * 30_000_000)
        link = zipfile.ZipInfo("link.jsonl")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    answers.unlink()
    collected = collect_from(course, HW, inbox)
    assert collected.of("alice").state is REFUSED
    assert {each.place for each in collected.left_out} == {
        "alice.zip/../../bob/answers.jsonl",
        "alice.zip/big.jsonl",
        "alice.zip/link.jsonl",
    }
    assert course.students(HW) == []


def test_times_come_from_a_clock_that_is_given(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    give(inbox / "alice.jsonl", right_answers(homework.source, "why"), "alice")
    early = datetime(2026, 11, 23, 8, tzinfo=UTC)
    told = collect_from(course, HW, inbox, clock=lambda: early).of("alice").notes
    assert any("いまより先" in note for note in told)
    later = early + timedelta(days=9)
    told = collect_from(course, HW, inbox, clock=lambda: later).of("alice").notes
    assert not any("いまより先" in note for note in told)


def test_lines_for_people_name_everybody_and_everything(
    course: HomeworkCourse, homework: Homework, inbox: Path
) -> None:
    hand_in(homework, inbox / "alice", "文", learner="alice")
    (inbox / "bob").mkdir()
    (inbox / "bob/memo.txt").write_text("あとで出します", encoding="utf-8")
    lines = list(collected_lines(collect_from(course, HW, inbox)))
    assert lines[0].startswith("alice  受け取りました")
    assert any(line.startswith("bob    受け取れません") for line in lines)
    assert any(line.startswith("carol  まだ出ていません") for line in lines)
    assert any("bob/memo.txt" in line for line in lines)
    assert lines[-1] == "受け取り 1 人、前と同じ 0 人、受け取れない 1 人、まだ 1 人"
