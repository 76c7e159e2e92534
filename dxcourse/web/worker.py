"""A process that serves: the port it takes, the supervisor that started it, and whom it tells."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from dxcourse.errors import ReadableError
from dxcourse.text import say

VARIABLE = "DXCOURSE_WORKER"


@dataclass(frozen=True)
class Worker:
    """What the supervisor gave: sockets that listen, a pipe to say ready, one that ends with it."""

    sockets: tuple[int, ...]
    ready: int
    follows: int

    def listening(self) -> list[socket.socket]:
        """The sockets, as this process's own."""
        return [socket.socket(fileno=each) for each in self.sockets]

    def say_ready(self) -> None:
        """Tell the supervisor that connections are taken."""
        os.write(self.ready, b"1")
        os.close(self.ready)


def this_worker() -> Worker | None:
    """What this process was given; None where it was started by itself."""
    told = os.environ.get(VARIABLE)
    if not told:
        return None
    sockets, ready, follows = told.split(":")
    return Worker(tuple(map(int, sockets.split(","))), int(ready), int(follows))


# -- The port that a server takes ------------------------------------------------------------------

TAKEN = {errno.EADDRINUSE, errno.EACCES, getattr(errno, "WSAEACCES", errno.EACCES)}
BACKLOG = 1024  # clients that knock at the same moment


class PortError(ReadableError, OSError):
    """No port can be had; the message names it and what helps."""


def listen(host: str, port: int, *, tries: int = 1) -> list[socket.socket]:
    """Take a port, or where more `tries` are allowed the next free one; 0 takes any.

    A worker has its supervisor's.

    Raises
    ------
    PortError
        None can be had.
    """
    worker = this_worker()
    if worker is not None:
        return worker.listening()
    for number in range(port, min(port + (tries if port else 1), 65_536)):
        try:
            return [_bind(host, number)]
        except OSError as error:
            if error.errno not in TAKEN:
                cause = error.strerror or type(error).__name__
                raise PortError(say("server.port.no_such_host", host=host, cause=cause)) from error
    raise PortError(say("server.port.taken", port=port))


def _bind(host: str, port: int) -> socket.socket:
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, place = found[0]
    bound = socket.create_server(place[:2], family=family, backlog=BACKLOG)
    bound.setblocking(False)  # noqa: FBT003  -- the socket's own signature
    return bound


def port_of(sockets: Iterable[socket.socket]) -> int:
    """The port that was taken."""
    return int(next(iter(sockets)).getsockname()[1])


def address_of(host: str, sockets: Iterable[socket.socket], base: str = "") -> str:
    """The address of a server on this machine: ``http://127.0.0.1:8850/``."""
    name = f"[{host}]" if ":" in host else host or "localhost"
    return f"http://{name}:{port_of(sockets)}{base}/"
