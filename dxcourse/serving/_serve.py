"""`dxcourse serve`: a course for visitors, put together from its settings."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from dxcourse import settings as places
from dxcourse.answers import SqlStore
from dxcourse.serving._app import CourseServer, server
from dxcourse.serving._learners import Visitors, kept_secret
from dxcourse.serving._settings import Settings
from dxcourse.serving._site import Site
from dxcourse.serving._writer import Writer

log = logging.getLogger(__name__)

THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")


def served(root: Path, chosen: Settings, announce: Callable[[str], None]) -> CourseServer:
    """A server for a course's visitors, ready to `start`.

    Raises
    ------
    StoreError, SecretError
        There is nowhere to store answers, or no secret to be had.
    """
    store = SqlStore(chosen.store or _own_store(root))
    site = Site(
        root=root,
        store=store,
        writer=Writer(store, most=chosen.max_waiting),
        learners=Visitors(_secret(root, chosen)),
        hosts=hosts_of(chosen),
        manner=chosen.manner(),
    )
    return server(
        site,
        host=chosen.host,
        port=chosen.port,
        search_port=False,
        open_browser=False,
        announce=announce,
    )


def _own_store(root: Path) -> str:
    folder = places.served_folder(root)
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'answers.sqlite'}"


def _secret(root: Path, chosen: Settings) -> str:
    if chosen.secret is not None:
        return chosen.secret.get_secret_value()
    return kept_secret(chosen.secret_file or places.served_folder(root) / "secret")


def hosts_of(chosen: Settings) -> frozenset[str]:
    """The names that a request may ask for: the public one, those added, this machine's own."""
    public = urlsplit(chosen.public_url).netloc
    name = public if public.endswith("]") else public.rsplit(":", 1)[0]
    return frozenset(filter(None, (name, *chosen.hosts, *THIS_MACHINE)))
