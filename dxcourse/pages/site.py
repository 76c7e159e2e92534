"""Everything the handlers need, put together once."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import mistune
from jinja2 import Environment
from markupsafe import Markup

from dxcourse import course as courses
from dxcourse.answers import Reply
from dxcourse.chapters import chapter, heading_of, revealed_by
from dxcourse.course import Appendix, Course, Module, Route
from dxcourse.facts import JAPAN
from dxcourse.figures.signs import favicon, sign
from dxcourse.learner import progress
from dxcourse.notebook_calls import lesson_style, paper_style
from dxcourse.pages.admin_report import AdminReport
from dxcourse.pages.answer_counts import COUNTED, AnswerCounts
from dxcourse.pages.cache import PageCache
from dxcourse.text import say, words
from dxcourse.text.templates import templates
from dxcourse.web.identity import Identity
from dxcourse.web.proxy import under_base
from dxcourse.web.site import LearnerSite, Space
from dxcourse.web.static_files import (
    Representation,
    StaticFiles,
    page_scripts,
    page_style,
    read_scripts,
    static_files,
)
from dxcourse.widgets import page_script, style

HERE = Path(__file__).parent
LOOK_EVERY = 1.0  # seconds between two looks at the course's files

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CourseEdition:
    """A course as its files were at one time, and what is made of it once."""

    course: Course
    pages: dict[str, Representation] = field(default_factory=dict, repr=False)
    """Pages that no notebook is behind, by what they were made of."""

    @cached_property
    def notebooks(self) -> tuple[str, ...]:
        """Every notebook that is a page, by its path under `notebooks/`."""
        apps = (f"apps/{path.name}" for path in self.course.apps().values())
        return (*self.course.outline.notebooks, *apps)

    @cached_property
    def _addresses(self) -> Mapping[str | None, str]:
        return {self.course.address_of(name): name for name in self.notebooks}

    def notebook(self, address: str) -> str | None:
        """The notebook behind an address; None where none is."""
        return self._addresses.get(address)


class CourseFiles:
    """The course's folder, looked at again now and then.

    Parameters
    ----------
    clock
        Seconds, going forward.
    """

    def __init__(self, root: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._root, self._clock = root, clock
        self._edition = CourseEdition(courses.at(root))
        self._looked = clock()

    def edition(self) -> CourseEdition:
        """The course as it is now; as it last was sound, while it is being mended."""
        now = self._clock()
        if now - self._looked > LOOK_EVERY:
            self._looked = now
            try:
                course = courses.at(self._root)
            except (ValueError, OSError) as error:
                log.error("%s", say("server.course.as_before", cause=error))  # noqa: TRY400
            else:
                if course is not self._edition.course:
                    self._edition = CourseEdition(course)
        return self._edition

    def sound(self) -> bool:
        """Whether the course's files can be used as they are now."""
        try:
            courses.at(self._root)
        except (ValueError, OSError):
            return False
        return True


@dataclass(kw_only=True)
class CourseSite(LearnerSite):
    """A course, served: its pages, its store, its learners.

    Parameters
    ----------
    pages
        The pages of its notebooks, which `app` makes.
    """

    root: Path
    pages: PageCache = field(init=False)
    spaces: tuple[tuple[Space, Identity], ...] = ()
    """The municipalities that have a part of this server, and who knows their learners."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.files = CourseFiles(self.root)
        self.others = AnswerCounts(self.store, self.settings.results_from)
        self.admin_turn, self.file_turn = asyncio.Lock(), asyncio.Lock()
        self.admin_kept: tuple[float, AdminReport] | None = None
        """Until when the administrator's counts are good, and what they are."""

    @property
    def edition(self) -> CourseEdition:
        """The course as its files are now, and what is made of it."""
        return self.files.edition()

    @property
    def course(self) -> Course:
        """The course as its files are now."""
        return self.edition.course

    @cached_property
    def environment(self) -> Environment:
        """The templates of pages that no notebook is behind."""
        found = templates(HERE / "templates")
        found.globals["statement"] = statement
        found.globals["sign"] = sign
        found.filters["in_japan"] = lambda time: f"{time.astimezone(JAPAN):%Y-%m-%d %H:%M}"
        return found

    def shell(self) -> dict[str, Any]:
        """What every page's frame shows."""
        return {
            "outline": self.course.outline,
            "static": f"/static/{self.version}",
            "settings": self.settings,
            "counted": sorted(filter(COUNTED.get, COUNTED)) if self.settings.results_from else [],
            "frame_words": words("pages.script"),
        }

    def page(self, template: str, route: str = "") -> Representation:
        """A page that no notebook is behind; made once for each edition of the course.

        It is made again where a text of the operator's own has changed.
        """
        edition, settings = self.edition, self.settings
        own = [path for path in (settings.privacy_file, settings.accessibility_file) if path]
        made_of = f"{settings.base} {template} {route} {[path.stat().st_mtime_ns for path in own]}"
        if made_of not in edition.pages:
            html = self.environment.get_template(template).render(
                **self.shell(), **first_page(self.course), route=self.route(route)
            )
            whole = under_base(html, settings.base)
            edition.pages[made_of] = Representation.of(whole.encode())
        return edition.pages[made_of]

    def address_of(self, notebook: str) -> str | None:
        """Where a notebook's page is, as the course's files are now; None where it has none."""
        return self.course.address_of(notebook)

    def route(self, name: str) -> Route | None:
        """A short way through the course, by its id; None where there is none."""
        return next((each for each in self.course.outline.routes if each.id == name), None)

    def chapter_shell(self, part: Module | Appendix | None) -> dict[str, Any]:
        """What a notebook's page shows around it: its sections, and the chapters beside it."""
        modules = self.course.modules
        if not isinstance(part, Module):
            return {"chapter": None}
        at = modules.index(part)
        found = chapter(self.course, part)
        return {
            "chapter": found,
            "sections": [
                {
                    "id": each.id,
                    "title": each.title,
                    "minutes": round(each.minutes, 1),
                    "exercises": each.exercises,
                }
                for each in found.sections
            ],
            "former": modules[at - 1] if at else None,
            "later": modules[at + 1] if at + 1 < len(modules) else None,
            "noren": words("chapter.gate")["noren"],
            "routes": {
                way.id: {
                    "title": way.title,
                    "stops": [{"module": stop.module, "cells": stop.cells} for stop in way.stops],
                }
                for way in self.course.outline.routes
            },
        }

    def error_page(self, status: int) -> str:
        """What a person reads when something is not there or went wrong."""
        return self.environment.get_template("error.html.j2").render(**self.shell(), status=status)

    def progress(self, replies: Mapping[str, Reply]) -> dict[str, dict[str, int]]:
        """How many of each module's exercises are answered in full."""
        found = progress(self.course, replies)
        return {each.module.id: {"done": each.done, "of": each.of} for each in found}

    @cached_property
    def static(self) -> StaticFiles:
        """Scripts and sheets by name."""
        own = (HERE / "static/course.css").read_text("utf-8")
        sheet = style() + lesson_style() + page_style() + own + paper_style()
        made = {"exercise.js": page_script(), "course.css": sheet, "seal.svg": favicon()}
        made["admin.css"] = (HERE / "static/admin.css").read_text("utf-8")
        index = json.dumps(search_index(self.course), ensure_ascii=False, separators=(",", ":"))
        scripts = page_scripts() | read_scripts(HERE / "static")
        return static_files({**scripts, **made, "search.json": index})


def first_page(course: Course) -> dict[str, Any]:
    """What the pages without a notebook say of the course, beside what every frame shows."""
    minutes = [module.minutes.total for module in course.modules]
    halves = round(sum(minutes) / 30)
    if halves % 2:
        hours = say("pages.home.hours_half", hours=halves // 2)
    else:
        hours = say("pages.home.hours", hours=halves // 2)
    return {
        "home": words("pages.home"),
        "hours": hours,
        "least": min(minutes),
        "most": max(minutes),
        "modules": {module.id: module for module in course.modules},
        "search_found": words("pages.search_page")["found"],
    }


# -- What the operator states in a file of their own: on answers, and on accessibility -------------

MARKDOWN = mistune.create_markdown(escape=True, plugins=["table"])
MOST = 200_000  # characters; a statement has far fewer


def statement(path: Path) -> Markup:
    """A file of Markdown as HTML. HTML in it is shown as text, and no link runs a script.

    Raises
    ------
    OSError, UnicodeDecodeError
        It cannot be read.
    """
    text = path.read_text(encoding="utf-8-sig")[:MOST]
    return Markup(MARKDOWN(text))  # noqa: S704  -- `escape` lets no HTML through


# -- What the search looks through: every section and every term, without what a gate hides --------

_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
_SIGNS = re.compile(r"^\s*(?:#{1,6}|[-*+]|\d+\.)\s+|^[-| ]+$|[*`]", re.MULTILINE)


def search_index(course: Course) -> list[dict[str, str]]:
    """Give the places to find: where each is, what it is called, and its text."""
    found: list[dict[str, str]] = []
    for module in course.modules:
        book = json.loads(course.notebook(module).read_text(encoding="utf-8"))
        for cell in book["cells"]:
            if cell["cell_type"] != "markdown" or cell.get("id") == "key-points":
                continue
            source = "".join(cell["source"])
            title = heading_of(source)
            if title:
                address = f"/modules/{module.id}#s-{cell.get('id', '')}"
                name = f"{module.id}　{module.title}"
                found.append({"at": address, "in": name, "title": title, "text": ""})
            if found and not revealed_by(cell):
                found[-1]["text"] += " " + plain(source)
    found += [
        {
            "at": f"/appendix/glossary#{term.id}",
            "in": "",
            "title": term.term,
            "text": f"{term.reading} {term.definition}",
        }
        for term in course.facts.glossary()
    ]
    return found


def plain(source: str) -> str:
    """A Markdown text as it is read, on one line."""
    text = _SIGNS.sub("", _LINK.sub(r"\1", source)).replace("|", " ")
    return re.sub(r"\s+", " ", text).strip()
