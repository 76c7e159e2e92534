"""`dxcourse homework serve`: the pages of a course's homework, put together."""

from __future__ import annotations

from collections.abc import Callable

from dxcourse.answers.writer import AnswerWriter
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.pages.handlers import ADDRESSES
from dxcourse.homework.pages.links import homework_links
from dxcourse.homework.pages.site import HomeworkSite, LinkTokens
from dxcourse.web.server import run
from dxcourse.web.settings import Settings, hosts_of, store_of


def serve_homework(
    course: HomeworkCourse, chosen: Settings, announce: Callable[[str], None]
) -> None:
    """Serve homework's pages until a signal asks for the end.

    Raises
    ------
    StoreError, SecretError, PortError
        There is nowhere to store answers, no secret or no port to be had.
    """
    links, store = homework_links(course, chosen), store_of(course.root, chosen)
    site = HomeworkSite(
        store=store,
        writer=AnswerWriter(store, most=chosen.max_waiting),
        learners=LinkTokens(links),
        hosts=hosts_of(chosen),
        manner=chosen.manner(),
        homework=course,
        links=links,
    )
    run(site, ADDRESSES, host=chosen.host, port=chosen.port, announce=announce)
