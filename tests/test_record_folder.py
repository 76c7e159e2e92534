"""Where a course's answers are: an upgrade in another folder finds them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from dxcourse import settings
from dxcourse.answers import FileStore, SqlStore
from dxcourse.settings import course_id, course_key, other_records, record_folder
from support.chromium import ROOT
from support.records import entry
from support.tiny_course import OUTLINE, TinyCourse

if TYPE_CHECKING:
    from pathlib import Path

MINE = "pick"  # an exercise of the small course


def course(root: Path, own: str = "small") -> Path:
    tiny = TinyCourse.make(root)
    if own:
        text = (root / OUTLINE).read_text(encoding="utf-8")
        tiny.write(OUTLINE, f"id: {own}\n{text}")
    return tiny.root


def answered(folder: Path, exercise: str = MINE) -> Path:
    with FileStore(folder / "answers.jsonl") as store:
        store.append([(entry(exercise=exercise), None)])
    return folder


def test_the_course_has_an_id() -> None:
    assert course_id(ROOT) == "dx-step0"


def test_a_course_is_one_in_whatever_folder_it_lies(tmp_path: Path) -> None:
    data, first = tmp_path / "data", course(tmp_path / "version-1")
    place = record_folder(first, data)
    answered(place)
    again = tmp_path / "ほかの場所/version 2"
    shutil.copytree(first, again)
    assert record_folder(again, data) == place
    assert record_folder(course(tmp_path / "other", "another"), data) != place


def test_a_course_without_an_id_is_known_by_its_path(tmp_path: Path) -> None:
    one, two = course(tmp_path / "one", ""), course(tmp_path / "two", "")
    data = tmp_path / "data"
    assert record_folder(one, data) == data / course_key(one)
    assert record_folder(one, data) != record_folder(two, data)


def test_the_former_place_of_the_same_folder_is_used(tmp_path: Path) -> None:
    data, root = tmp_path / "data", course(tmp_path / "version-1")
    former = answered(data / course_key(root))
    assert record_folder(root, data) == former
    again = tmp_path / "version-2"
    shutil.copytree(root, again)
    assert record_folder(again, data) == former  # which was written down


@pytest.mark.parametrize("kind", ["file", "database"])
def test_the_only_former_place_with_this_courses_answers_is_used(tmp_path: Path, kind: str) -> None:
    data, root = tmp_path / "data", course(tmp_path / "version-2")
    former = data / "version-1-0123abcd"
    if kind == "file":
        answered(former)
    else:
        (former / "served").mkdir(parents=True)
        with SqlStore(f"sqlite:///{former / 'served/answers.sqlite'}") as store:
            store.append([(entry(exercise=MINE), None)])
    answered(data / "another-course-0123abcd", "of-another-course")
    assert record_folder(root, data) == former
    assert other_records(root, data) == ()


def test_of_several_none_is_guessed_and_all_are_told(tmp_path: Path) -> None:
    data, root = tmp_path / "data", course(tmp_path / "version-3")
    several = [answered(data / f"version-{n}-0123abcd") for n in (1, 2)]
    assert record_folder(root, data) == data / "small"
    assert list(other_records(root, data)) == several
    answered(data / "small")
    assert other_records(root, data) == ()


def test_a_damaged_note_or_place_is_passed_over(tmp_path: Path) -> None:
    data, root = tmp_path / "data", course(tmp_path / "version-3")
    (data / "old-0123abcd").mkdir(parents=True)
    (data / "old-0123abcd/answers.jsonl").write_bytes(b"\xff{")
    (data / "small.folder").write_text("../../etc\n", encoding="utf-8")
    assert record_folder(root, data) == data / "small"


def test_answers_and_what_is_served_are_in_one_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "user_data_path", lambda *_, **__: tmp_path / "data")
    root = course(tmp_path / "here")
    assert settings.answers_file(root, {}) == tmp_path / "data/small/answers.jsonl"
    assert settings.served_folder(root) == tmp_path / "data/small/served"
