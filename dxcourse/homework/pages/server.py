"""`dxcourse homework serve`: the pages of a course's homework, put together."""

from __future__ import annotations

from collections.abc import Callable

from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.pages.handlers import ADDRESSES
from dxcourse.homework.pages.links import homework_links, pages_folder
from dxcourse.homework.pages.site import HomeworkSite, LinkTokens
from dxcourse.web.server import run
from dxcourse.web.settings import ServerSettings
from dxcourse.web.storage import open_store


def serve_homework(
    course: HomeworkCourse, chosen: ServerSettings, announce: Callable[[str], None]
) -> None:
    """Serve homework's pages until a signal asks for the end.

    Raises
    ------
    StoreError, SecretError, PortError
        There is nowhere to store answers, no secret or no port to be had.
    """
    links = homework_links(course, chosen)
    site = HomeworkSite(
        store=open_store(chosen, pages_folder(course)),
        learners=LinkTokens(links),
        hosts=chosen.host_names,
        settings=chosen,
        homework=course,
        links=links,
    )
    run(site, ADDRESSES, announce)
