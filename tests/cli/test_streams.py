"""A name that a terminal's encoding lacks ends no command."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NAME = "𠮷田の講座 😀 か\u3099"  # none of it is in cp932


def test_a_name_outside_cp932_is_told_without_a_traceback(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "cp932", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "dxcourse", "init", str(tmp_path / NAME)]
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0, done.stderr
    assert "講座" in done.stdout.decode("cp932")
    assert (tmp_path / NAME / "notebooks/course.yaml").is_file()
