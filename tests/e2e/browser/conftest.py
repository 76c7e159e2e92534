from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from suite import find_chromium
from support.chromium import FLAGS
from support.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from support.chromium import Visit


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


@pytest.fixture
def whole_browser(visit: Visit) -> Iterator[Browser]:
    """The browser as people have it: its own settings deny storage to frames of other sites."""
    program = find_chromium(os.environ, whole=True)
    kind = visit.chromium.browser.browser_type
    browser = kind.launch(executable_path=program, args=list(FLAGS))
    yield browser
    browser.close()
