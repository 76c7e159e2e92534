"""What the system lets a process have."""

from __future__ import annotations

import sys


def raise_file_limit(connections: int) -> None:
    """Let this process have as many connections open, where the system allows it."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  -- not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 256
    if soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
