"""`dxcourse serve`: a course for visitors, put together from its settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dxcourse.serving._app import CourseServer, server
from dxcourse.serving._learners import Visitors
from dxcourse.serving._places import hosts_of, secret_of, store_of
from dxcourse.serving._settings import Settings
from dxcourse.serving._site import Site
from dxcourse.serving._writer import Writer


def served(root: Path, chosen: Settings, announce: Callable[[str], None]) -> CourseServer:
    """A server for a course's visitors, ready to `start`.

    Raises
    ------
    StoreError, SecretError
        There is nowhere to store answers, or no secret to be had.
    """
    store = store_of(root, chosen)
    site = Site(
        root=root,
        store=store,
        writer=Writer(store, most=chosen.max_waiting),
        learners=Visitors(secret_of(root, chosen)),
        hosts=hosts_of(chosen),
        manner=chosen.manner(),
    )
    return server_for(site, chosen, announce)


def server_for(site: Site, chosen: Settings, announce: Callable[[str], None]) -> CourseServer:
    """A server of a site, ready to `start`: at the port that was set and no other."""
    return server(
        site,
        host=chosen.host,
        port=chosen.port,
        search_port=False,
        open_browser=False,
        announce=announce,
    )
