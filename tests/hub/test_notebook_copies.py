"""A learner's own copies: kept up as long as they are the course's, theirs from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dxcourse.hub.server_settings import COPIES, update_copies

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def originals(tmp_path: Path) -> list[Path]:
    found = [tmp_path / "00.ipynb", tmp_path / "01.ipynb"]
    for path in found:
        path.write_text(f"{path.name}, first edition", encoding="utf-8")
    return found


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.ipynb"))}


def test_what_was_changed_stays_and_the_rest_is_kept_up(
    originals: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "home/course"
    assert update_copies(originals, folder)
    (folder / "01.ipynb").write_text("my own notes", encoding="utf-8")
    for path in originals:
        path.write_text(f"{path.name}, second edition", encoding="utf-8")
    assert not update_copies(originals, folder)
    assert texts(folder) == {"00.ipynb": "00.ipynb, second edition", "01.ipynb": "my own notes"}
    assert not update_copies(originals, folder)  # again: still the learner's own
    assert texts(folder)["01.ipynb"] == "my own notes"


def test_what_was_deleted_comes_back_and_a_spoilt_list_takes_nothing(
    originals: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "home/course"
    update_copies(originals, folder)
    (folder / "00.ipynb").unlink()
    (folder / "01.ipynb").write_text("my own notes", encoding="utf-8")
    (folder / COPIES).write_text("{spoilt", encoding="utf-8")
    update_copies(originals, folder)
    assert texts(folder) == {"00.ipynb": "00.ipynb, first edition", "01.ipynb": "my own notes"}
