"""What a chapter may weigh on its way to a phone: its page and its scripts. Pictures are files."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dxcourse import pages
from dxcourse.web.static_files import page_scripts, read_scripts
from dxcourse.widgets import page_script

if TYPE_CHECKING:
    from dxcourse.course import Course
    from support.study import Study

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]

MOST = 60_000


def weight(text: str) -> int:
    return len(gzip.compress(text.encode(), compresslevel=9))


def test_a_chapter_and_its_scripts_are_light(study: Study, course: Course) -> None:
    own = read_scripts(Path(pages.__file__).parent / "static")
    scripts = [page_script(), *page_scripts().values(), *own.values()]
    loaded = sum(map(weight, scripts))
    for module in course.modules:
        page = study.ask(f"/modules/{module.id}").text
        assert weight(page) + loaded <= MOST, module.id
