"""Homework as pages, for learners without Jupyter: personal links, and ordinary submissions."""

from dxcourse.homework.pages._collect import collect_pages
from dxcourse.homework.pages._feedback import publish_feedback
from dxcourse.homework.pages._links import BadLink, Link, Links, LinksOver, end_after
from dxcourse.homework.pages._places import homework_links
from dxcourse.homework.pages._roster import write_links
from dxcourse.homework.pages._serve import serve_homework

__all__ = [
    "BadLink",
    "Link",
    "Links",
    "LinksOver",
    "collect_pages",
    "end_after",
    "homework_links",
    "publish_feedback",
    "serve_homework",
    "write_links",
]
