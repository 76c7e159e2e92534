"""What tests of a running course share: a copy of the course, a server, a browser, a database."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import sync_playwright

from dxcourse.course import Course
from suite import NO_BROWSER, find_chromium
from support.chromium import FLAGS, ROOT, Chromium, Visit, addresses
from support.learner import Learner, small_course
from support.postgres import Cluster
from support.served import Ready, tiny
from support.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterator

# How long an example takes says how busy a machine is, and nothing of the course.
hypothesis_settings.register_profile("dxcourse", deadline=None)
hypothesis_settings.load_profile("dxcourse")

COURSE = ("notebooks", "exercises/bank", "data")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def course_copy(shared: Path) -> Path:
    """The course as it was when the tests began; not to be changed."""
    copy = shared / "course"
    with FileLock(shared / "course.lock"):
        if not copy.exists():
            half = shared / "half"
            for part in COURSE:
                ignored = shutil.ignore_patterns(".ipynb_checkpoints")
                shutil.copytree(ROOT / part, half / part, ignore=ignored)
            half.rename(copy)
    return copy


@pytest.fixture(scope="session")
def ready(shared: Path) -> Ready:
    """A small course, not to be changed, whose pages the first server that is asked makes."""
    with FileLock(shared / "ready.lock"):
        if not (shared / "ready").exists():
            half = shared / "half-ready"
            tiny(half)
            half.rename(shared / "ready")
    return Ready(shared / "ready/course", shared / "ready-pages")


@pytest.fixture(scope="session")
def course(course_copy: Path) -> Course:
    return Course.load(course_copy)


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    """Someone who learns by a small course with a pledge, and has answered nothing yet."""
    return Learner(small_course(tmp_path), tmp_path)


@pytest.fixture(scope="session")
def study(
    course: Course, course_copy: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Study]:
    """A running server for tests that leave it running; each takes a learner of its own.

    It has made every page. Two workers that make them at once begin at either end, and find made
    what the other was at before.
    """
    server = Study(course_copy, tmp_path_factory.mktemp("study"), shared / "cache").start()
    backwards = os.environ.get("PYTEST_XDIST_WORKER", "gw0")[-1] in "13579"
    for path in sorted(addresses(course), reverse=backwards):
        assert server.ask(path).status == 200, server.log.read_text(encoding="utf-8")
    yield server
    server.stop()


@pytest.fixture
def own_study(study: Study, course_copy: Path, shared: Path, tmp_path: Path) -> Iterator[Study]:
    """A running server for one test, which may end it; the course's pages are there already."""
    assert study.alive
    server = Study(course_copy, tmp_path / "own", shared / "cache").start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    program = find_chromium(os.environ)
    assert program is not None, NO_BROWSER
    with sync_playwright() as playwright:
        started = Chromium(playwright.chromium.launch(executable_path=program, args=list(FLAGS)))
        started.lay_down()
        yield started
        started.take_up()
        started.browser.close()


@pytest.fixture
def visit(chromium: Chromium) -> Iterator[Visit]:
    chromium.take_up()
    visits = Visit(chromium)
    try:
        yield visits
        for context in visits.contexts:
            context.close()
    finally:
        chromium.lay_down()
    assert visits.faults == []


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A running PostgreSQL of this worker's own. A test may stop and start it, and leaves it so."""
    cluster = Cluster().start()
    yield cluster
    cluster.remove()


@pytest.fixture
def postgres_address(postgres: Cluster) -> Iterator[str]:
    """The address of a fresh PostgreSQL database, which is dropped after the test."""
    with postgres.database() as address:
        yield address
