"""Starts a learner's server under a hub: their notebooks, the course's settings, then Jupyter.

It runs as the learner, in their home; a spawner for containers starts the same command.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dxcourse import course as courses
from dxcourse.course import COURSE_VARIABLE, read_outline
from dxcourse.hub.server_settings import HOMEWORK_VARIABLE, instructors_folder, update_copies

SETTINGS = Path(__file__).parent / "settings"
"""A folder of Jupyter's settings, as any on its path."""
COPIES = "course"


def prepare(home: Path) -> dict[str, str]:
    """Lay the course into a home; what the server's environment has to say besides."""
    root = courses.current().root
    outline = read_outline(root / "notebooks/course.yaml")
    first = update_copies((root / "notebooks" / name for name in outline.notebooks), home / COPIES)
    link = instructors_folder()
    if link is not None and not link.exists():
        link.symlink_to(os.environ[HOMEWORK_VARIABLE], target_is_directory=True)
    path = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    found = {COURSE_VARIABLE: str(root), "JUPYTER_CONFIG_PATH": os.pathsep.join(path)}
    if "JUPYTERHUB_DEFAULT_URL" not in os.environ:
        # Later JupyterLab opens what was open.
        found["JUPYTERHUB_DEFAULT_URL"] = (
            f"/lab/tree/{COPIES}/{outline.notebooks[0]}" if first else "/lab"
        )
    return found


def limit_memory(size: int) -> None:
    """Give this process, and each that it starts, no more memory than this.

    Spawners that put a server into a group of the system's limit it as a whole; this is for those
    that do not.

    Parameters
    ----------
    size
        Bytes.
    """
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415  -- not on Windows

    # What is reserved and never used does not count, other than for RLIMIT_AS.
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def main() -> None:
    """Be the server, until the hub ends it."""
    if os.environ.get("MEM_LIMIT"):  # the hub's word for `c.Spawner.mem_limit`
        limit_memory(int(os.environ["MEM_LIMIT"]))
    os.environ.update(prepare(Path.home()))
    from jupyterhub.singleuser import main as serve  # noqa: PLC0415  -- reads the environment

    serve()
