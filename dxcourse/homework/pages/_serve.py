"""`dxcourse homework serve`: the pages of a course's homework, put together."""

from __future__ import annotations

from collections.abc import Callable

from dxcourse import course as courses
from dxcourse.homework._course import HomeworkCourse
from dxcourse.homework.pages._handlers import ADDRESSES
from dxcourse.homework.pages._places import homework_links
from dxcourse.homework.pages._site import HomeworkSite, LinkTokens
from dxcourse.serving import CourseServer, Settings, Writer, hosts_of, server_for, store_of


def homework_server(
    course: HomeworkCourse, chosen: Settings, announce: Callable[[str], None]
) -> CourseServer:
    """A server of homework's pages, ready to `start`.

    Raises
    ------
    StoreError, SecretError
        There is nowhere to store answers, or no secret to be had.
    """
    links, store = homework_links(course, chosen), store_of(course.root, chosen)
    site = HomeworkSite(
        root=courses.find_root(course.root),
        store=store,
        writer=Writer(store, most=chosen.max_waiting),
        learners=LinkTokens(links),
        hosts=hosts_of(chosen),
        manner=chosen.manner(),
        addresses=ADDRESSES,
        homework=course,
        links=links,
    )
    return server_for(site, chosen, announce)
