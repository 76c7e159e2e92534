"""The port that a server takes."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable

from tornado.netutil import bind_sockets

from dxcourse.errors import ReadableError
from dxcourse.text import say

TAKEN = {errno.EADDRINUSE, errno.EACCES, getattr(errno, "WSAEACCES", errno.EACCES)}
BACKLOG = 1024  # clients that knock at the same moment


class PortError(ReadableError, OSError):
    """No port can be had; the message names it and what helps."""


def listen(host: str, port: int, *, tries: int = 1) -> list[socket.socket]:
    """Take a port, or where more `tries` are allowed the next free one; 0 takes any.

    Raises
    ------
    PortError
        None can be had.
    """
    for number in range(port, min(port + (tries if port else 1), 65_536)):
        try:
            return bind_sockets(number, host, backlog=BACKLOG)
        except OSError as error:
            if error.errno not in TAKEN:
                cause = error.strerror or type(error).__name__
                raise PortError(say("server.port.no_such_host", host=host, cause=cause)) from error
    raise PortError(say("server.port.taken", port=port))


def port_of(sockets: Iterable[socket.socket]) -> int:
    """The port that was taken."""
    return int(next(iter(sockets)).getsockname()[1])


def address_of(host: str, sockets: Iterable[socket.socket], base: str = "") -> str:
    """The address of a server on this machine: ``http://127.0.0.1:8850/``."""
    name = f"[{host}]" if ":" in host else host or "localhost"
    return f"http://{name}:{port_of(sockets)}{base}/"
