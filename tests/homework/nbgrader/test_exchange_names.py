"""The name of a hand-in, the owner of its files and the name in its answers are one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from dxcourse.answers import Entry, FileStore
from dxcourse.assignment import ANSWERS, EXERCISES
from dxcourse.homework.nbgrader.exchange import names_told

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    (tmp_path / EXERCISES).touch()
    return tmp_path


def give(folder: Path, learner: str) -> None:
    entry = Entry(
        f"entry-{learner:>04}", datetime.now(UTC), learner, "x", {"items": {}}, "notebook"
    )
    with FileStore(folder / ANSWERS) as store:
        store.append([(entry, None)])


def test_nothing_is_told_where_all_is_one(handed_in: Path) -> None:
    give(handed_in, "taro")
    assert names_told(handed_in, "taro", "taro") == []
    assert names_told(handed_in, "taro") == []  # an account that all servers share says nothing


def test_each_name_that_does_not_fit_is_told(handed_in: Path) -> None:
    give(handed_in, "hanako")
    owner, inside = names_told(handed_in, "taro", "jiro")
    assert "持ち主は jiro" in owner
    assert "（hanako）" in inside


def test_a_hand_in_without_answers_is_told_unless_it_has_no_exercises(handed_in: Path) -> None:
    (told,) = names_told(handed_in, "taro")
    assert "答えがありません" in told
    (handed_in / EXERCISES).unlink()
    assert names_told(handed_in, "taro") == []


def test_a_damaged_file_is_told(handed_in: Path) -> None:
    (handed_in / ANSWERS).write_text("{spoilt\n{}\n", encoding="utf-8")
    (told,) = names_told(handed_in, "taro")
    assert "taro" in told
