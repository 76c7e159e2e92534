from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.workshop_server import Hall

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def hall(course_copy: Path, tmp_path: Path) -> Iterator[Hall]:
    """A workshop that has just been started."""
    started = Hall(course_copy, tmp_path / "hall").start()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def open_hall(course_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A workshop that is at its first live exercise, open; for tests that leave it so."""
    started = Hall(course_copy, tmp_path_factory.mktemp("hall")).start()
    started.at("counter")
    assert started.do("open").status == 200
    yield started
    started.stop()
