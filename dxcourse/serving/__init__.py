"""Our Voila application: pages rendered once, answers over HTTP."""

from typing import TYPE_CHECKING

import dxcourse._light  # noqa: F401  # isort: split  -- before Voila is imported
from dxcourse.lazy import lazy_names
from dxcourse.serving._learners import Learners, Visitors, kept_secret
from dxcourse.serving._logs import log_as_json
from dxcourse.serving._manner import Limits, Manner
from dxcourse.serving._page import Page, PageFailed
from dxcourse.serving._places import THIS_MACHINE, hosts_of, secret_of, store_of
from dxcourse.serving._settings import Settings, SettingsError, read_settings
from dxcourse.serving._writer import Writer

if TYPE_CHECKING:
    from dxcourse.serving._app import CourseServer, server
    from dxcourse.serving._pages import Pages
    from dxcourse.serving._serve import served, server_for
    from dxcourse.serving._site import Site

__all__ = [
    "THIS_MACHINE",
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
    "secret_of",
    "served",
    "server",
    "server_for",
    "store_of",
]

# What needs Voila or a course, a second to import: a workshop and a command's --help never do.
__getattr__ = lazy_names(
    __name__,
    {
        "CourseServer": "_app",
        "Pages": "_pages",
        "Site": "_site",
        "served": "_serve",
        "server": "_app",
        "server_for": "_serve",
    },
)
