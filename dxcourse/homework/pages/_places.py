"""Where the pages keep what they need: the secret of the links, and the answers."""

from __future__ import annotations

from dxcourse import settings
from dxcourse.answers import SqlStore
from dxcourse.homework._course import HomeworkCourse
from dxcourse.homework.pages._links import Links
from dxcourse.serving import Settings, kept_secret


def homework_links(course: HomeworkCourse, chosen: Settings) -> Links:
    """The maker and reader of a course's links.

    Raises
    ------
    SecretError
        There is no secret to be had.
    """
    if chosen.secret is not None:
        return Links(chosen.secret.get_secret_value())
    place = chosen.secret_file or settings.served_folder(course.root) / "secret"
    return Links(kept_secret(place))


def homework_store(course: HomeworkCourse, chosen: Settings) -> SqlStore:
    """Where answers given on pages are: a database of the course's own, or the one named.

    Raises
    ------
    StoreError
        It cannot be opened.
    """
    if chosen.store:
        return SqlStore(chosen.store)
    folder = settings.served_folder(course.root)
    folder.mkdir(parents=True, exist_ok=True)
    return SqlStore(f"sqlite:///{folder / 'answers.sqlite'}")
