from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from dxcourse.facts import Facts
from dxcourse.figures import Picture, draw
from dxcourse.figures.words import PictureTexts
from support.figures import DATA, TODAY, Edit, Redraw

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def facts() -> Facts:
    return Facts.load(DATA)


@pytest.fixture
def redraw(tmp_path: Path) -> Redraw:
    """Draws a picture from a copy of data/ in which something was changed."""

    def redraw(name: str, *edits: Edit) -> Picture:
        folder = tmp_path / "data"
        if not folder.exists():
            shutil.copytree(DATA, folder)
        for file, old, new in edits:
            path = folder / file
            text = path.read_text(encoding="utf-8")
            assert old in text, f"{file} no longer says {old}: mend this test"
            path.write_text(text.replace(old, new), encoding="utf-8")
        return draw(name, Facts.load(folder), TODAY, PictureTexts.load(folder))

    return redraw
