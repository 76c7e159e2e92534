"""How tests start `programs.py`: beside them, or on a small disk of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# A warning is an error: no program may leave a torn line to the next one.
PROGRAMS = (sys.executable, "-W", "error::UserWarning", "-m", "support.programs")
TESTS = Path(__file__).parents[1]
# As root, and as anyone where the system lets them be root among their own mounts.
WAYS = (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"])
MOUNT = 'mount -t tmpfs -o size=$1 tmpfs "$2" && shift 2 && exec "$@"'


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start a program; what it prints is its `stdout`."""
    command = [*PROGRAMS, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TESTS)


def run(*arguments: str | Path, before: Sequence[str] = ()) -> None:
    """Run a program to its good end."""
    command = [*before, *PROGRAMS, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TESTS)
    assert done.returncode == 0, done.stderr


def run_on_disk(folder: Path, size: str, name: str) -> None:
    """Run a program on a disk of that size, which is mounted over the folder for it alone."""
    run(name, folder, before=[*way_to_mount(), "sh", "-c", MOUNT, "sh", size, str(folder)])


@cache
def way_to_mount() -> list[str]:
    """Give a command that starts another where it may mount; empty where there is none."""
    for way in WAYS:
        if shutil.which(way[0]):
            trial = [*way, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
            if subprocess.run(trial, capture_output=True, check=False).returncode == 0:
                return list(way)
    return []
