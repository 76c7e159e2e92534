"""Where the pages keep what they need: the secret of the links."""

from __future__ import annotations

from dxcourse.homework._course import HomeworkCourse
from dxcourse.homework.pages._links import Links
from dxcourse.web.settings import Settings, secret_of


def homework_links(course: HomeworkCourse, chosen: Settings) -> Links:
    """The maker and reader of a course's links.

    Raises
    ------
    SecretError
        There is no secret to be had.
    """
    return Links(secret_of(course.root, chosen))
