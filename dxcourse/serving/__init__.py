"""Our Voila application: pages rendered once, answers over HTTP."""

import dxcourse.serving._light  # noqa: F401  # isort: split  -- before Voila is imported
from dxcourse.serving._app import CourseServer, server
from dxcourse.serving._learners import Learners, Visitors, kept_secret
from dxcourse.serving._logs import log_as_json
from dxcourse.serving._manner import Limits, Manner
from dxcourse.serving._pages import Page, Pages
from dxcourse.serving._renderer import PageFailed
from dxcourse.serving._serve import hosts_of, served
from dxcourse.serving._settings import Settings, SettingsError, read_settings
from dxcourse.serving._site import Site
from dxcourse.serving._writer import Writer

__all__ = [
    "CourseServer",
    "Learners",
    "Limits",
    "Manner",
    "Page",
    "PageFailed",
    "Pages",
    "Settings",
    "SettingsError",
    "Site",
    "Visitors",
    "Writer",
    "hosts_of",
    "kept_secret",
    "log_as_json",
    "read_settings",
    "served",
    "server",
]
