from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def mortal(
    study: Study, course_copy: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Study]:
    assert study.alive  # it has made the pages
    server = Study(course_copy, tmp_path_factory.mktemp("mortal"), shared / "cache").start()
    yield server
    server.stop()


@pytest.fixture
def own_study(mortal: Study) -> Study:
    """A server that the test may end, and whose user has answered nothing."""
    return mortal.anew()
