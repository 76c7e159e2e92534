"""Every notebook of the course, run and compared with what a reader is meant to see.

After a change that is meant, ``DXCOURSE_GOLDEN=write make test ARGS=tests/course/test_golden.py``
writes the files anew; their diff is what to review.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbconvert.filters import markdown2html

from dxcourse.course import Course
from support.notebook_text import Reader, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"
TODAY = "2026-11-23"


def notebooks() -> list[Path]:
    course = Course.load(ROOT)
    return [ROOT / "notebooks" / name for name in course.outline.notebooks] + [
        *course.apps().values()
    ]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    found = Reader(ROOT, TODAY)
    yield found
    found.close()


@pytest.mark.parametrize("notebook", notebooks(), ids=lambda path: path.stem)
def test_the_notebook_shows_what_it_should(reader: Reader, notebook: Path) -> None:
    seen = reader.read(notebook)
    golden = GOLDEN / f"{notebook.stem}.txt"
    if os.environ.get("DXCOURSE_GOLDEN") == "write":
        golden.write_text(seen, encoding="utf-8")
    assert seen == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("notebook", notebooks(), ids=lambda path: path.stem)
def test_no_sign_of_markdown_is_left_on_the_page(notebook: Path) -> None:
    """Stars around a link are no emphasis where Japanese stands close to them."""
    page = nbformat.read(notebook, as_version=4)
    shown = [
        " ".join(words_of(markdown2html(cell.source)))
        for cell in page.cells
        if cell.cell_type == "markdown"
    ]
    assert [text for text in shown if "**" in text or "](" in text] == []


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {path.stem for path in notebooks()}
