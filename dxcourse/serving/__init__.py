"""Our Voila application: pages rendered once, answers over HTTP."""

import dxcourse.serving._light  # noqa: F401  # isort: split  -- before Voila is imported
from dxcourse.serving._app import CourseServer, server
from dxcourse.serving._learners import Learners, kept_secret
from dxcourse.serving._pages import Page, Pages
from dxcourse.serving._renderer import PageFailed
from dxcourse.serving._site import Site
from dxcourse.serving._writer import Writer

__all__ = [
    "CourseServer",
    "Learners",
    "Page",
    "PageFailed",
    "Pages",
    "Site",
    "Writer",
    "kept_secret",
    "server",
]
