"""Where a server's things are by its settings: its answers, its secret, and its names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from dxcourse import settings as places
from dxcourse.answers import SqlStore
from dxcourse.serving._learners import kept_secret
from dxcourse.serving._settings import Settings

THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "[::1]"})


def store_of(root: Path, chosen: Settings) -> SqlStore:
    """Where answers are: the database that was named, or one of the course's own.

    Raises
    ------
    StoreError
        It cannot be opened.
    """
    if chosen.store:
        return SqlStore(chosen.store)
    folder = places.served_folder(root)
    folder.mkdir(parents=True, exist_ok=True)
    return SqlStore(f"sqlite:///{folder / 'answers.sqlite'}")


def secret_of(root: Path, chosen: Settings) -> str:
    """What signs tokens and links: the secret that was given, or one kept in a file.

    Raises
    ------
    SecretError
        There is none to be had.
    """
    if chosen.secret is not None:
        return chosen.secret.get_secret_value()
    return kept_secret(chosen.secret_file or places.served_folder(root) / "secret")


def hosts_of(chosen: Settings) -> frozenset[str]:
    """The names that a request may ask for: the public one, those added, this machine's own."""
    public = urlsplit(chosen.public_url).netloc
    name = public if public.endswith("]") else public.rsplit(":", 1)[0]
    return THIS_MACHINE.union(filter(None, (name, *chosen.hosts)))
