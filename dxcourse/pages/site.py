"""Everything the handlers need, put together once."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment

from dxcourse import course as courses
from dxcourse.answers import Reply
from dxcourse.course import Course
from dxcourse.facts import JAPAN
from dxcourse.learner import progress
from dxcourse.notebook_calls import lesson_style
from dxcourse.pages.answer_counts import KINDS, AnswerCounts
from dxcourse.pages.cache import PageCache
from dxcourse.pages.openapi import description
from dxcourse.text.templates import templates
from dxcourse.web.representation import Representation
from dxcourse.web.site import LearnerSite
from dxcourse.web.static_files import StaticFiles, page_scripts, page_style, static_files
from dxcourse.widgets import page_script, style

HERE = Path(__file__).parent
LOOK_EVERY = 1.0  # seconds between two looks at the course's files

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class CourseSite(LearnerSite):
    """A course, served: its pages, its store, its learners."""

    root: Path
    pages: PageCache = field(init=False)
    _course: Course | None = None
    _looked: float = 0.0
    _addressed: tuple[Course, dict[str | None, str]] | None = None
    _made: dict[str, tuple[Course, Representation]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.others = AnswerCounts(self.store, self.manner.results_from)

    @property
    def course(self) -> Course:
        """The course as its files are now; as they last were sound, while one is being mended."""
        now = time.monotonic()
        if self._course is None or now - self._looked > LOOK_EVERY:
            self._looked = now
            try:
                self._course = courses.at(self.root)
            except (ValueError, OSError) as error:
                if self._course is None:
                    raise
                log.error("the course stays as it was before this mistake:\n%s", error)  # noqa: TRY400
        return self._course

    def sound(self) -> bool:
        """Whether the course's files can be used as they are now."""
        try:
            courses.at(self.root)
        except (ValueError, OSError):
            return False
        return True

    @cached_property
    def environment(self) -> Environment:
        """The templates of pages that no notebook is behind."""
        found = templates(HERE / "templates")
        found.filters["in_japan"] = lambda time: f"{time.astimezone(JAPAN):%Y-%m-%d %H:%M}"
        return found

    def shell(self) -> dict[str, Any]:
        """What every page's frame shows."""
        return {
            "outline": self.course.outline,
            "static": f"/static/{self.version}",
            "manner": self.manner,
            "counted": sorted(KINDS) if self.manner.results_from else [],
        }

    def page(self, template: str) -> Representation:
        """A page that no notebook is behind; made once for each edition of the course."""
        course = self.course
        known = self._made.get(template)
        if known is None or known[0] is not course:
            html = self.environment.get_template(template).render(**self.shell())
            known = self._made[template] = (course, Representation.of(html.encode()))
        return known[1]

    def error_page(self, status: int) -> str:
        """What a person reads when something is not there or went wrong."""
        return self.environment.get_template("error.html.j2").render(**self.shell(), status=status)

    def notebooks(self) -> tuple[str, ...]:
        """Every notebook that is a page, by its path under `notebooks/`."""
        course = self.course
        return (*course.outline.notebooks, *(f"apps/{p.name}" for p in course.apps().values()))

    def notebook(self, address: str) -> str | None:
        """The notebook behind an address; None where none is."""
        course = self.course
        if self._addressed is None or self._addressed[0] is not course:
            # Once an edition of the course: stand-alone pages are looked for on the disk.
            found = {course.address_of(name): name for name in self.notebooks()}
            self._addressed = course, found
        return self._addressed[1].get(address)

    def progress(self, replies: Mapping[str, Reply]) -> dict[str, dict[str, int]]:
        """How many of each module's exercises are answered in full."""
        found = progress(self.course, replies)
        return {each.module.id: {"done": each.done, "of": each.of} for each in found}

    @cached_property
    def static(self) -> StaticFiles:
        """Scripts and sheets by name."""
        sheet = style() + lesson_style() + page_style()
        return static_files({**page_scripts(), "exercise.js": page_script(), "course.css": sheet})

    @cached_property
    def description(self) -> Representation:
        """The API as OpenAPI."""
        return Representation.of(json.dumps(description(), ensure_ascii=False, indent=1).encode())
