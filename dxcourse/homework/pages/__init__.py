"""Homework as pages, for learners without Jupyter: personal links, and ordinary submissions."""

from dxcourse.homework.pages.handout import (
    collect_pages,
    publish_feedback,
    withdraw_feedback,
    write_links,
)
from dxcourse.homework.pages.links import (
    BadLink,
    Link,
    Links,
    LinksOver,
    end_after,
    homework_links,
    pages_folder,
)
from dxcourse.homework.pages.server import serve_homework

__all__ = [
    "BadLink",
    "Link",
    "Links",
    "LinksOver",
    "collect_pages",
    "end_after",
    "homework_links",
    "pages_folder",
    "publish_feedback",
    "serve_homework",
    "withdraw_feedback",
    "write_links",
]
